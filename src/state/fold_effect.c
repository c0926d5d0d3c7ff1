/* The fold of effects, of the queues in which they wait, and of the index that finds those that wait for somebody. */
#include "state/state_internal.h"

#include <string.h>

enum hr_lane hr_effect_lane(enum hr_effect_kind kind)
{
    return kind == HR_EFFECT_letter ? HR_LANE_customer : HR_LANE_internal;
}

uint64_t hr_queue_of(uint32_t tool, enum hr_lane lane)
{
    return (uint64_t)tool * HR_LANE_COUNT + (uint64_t)lane;
}

uint64_t hr_queue_held(uint32_t automation)
{
    return UINT64_C(1) << 40 | automation;
}

/* ---- one effect ------------------------------------------------------------------------------------- */

static void plan(struct hr_effect *effect, const struct hr_fact *fact)
{
    bool of_step = fact->state >= HR_EFFECT_letter;
    bool of_person = fact->state == HR_EFFECT_note || fact->state == HR_EFFECT_question;
    *effect = (struct hr_effect){
        .kind = fact->state,
        .reason = fact->from,
        .state = HR_EFFECT_planned,
        .person = of_step && !of_person ? 0 : fact->other,
        .issue = of_step ? 0 : fact->number,
        .key = fact->key,
        .planned_at = fact->at,
        .next_at = of_step ? HR_INSTANT_NONE : fact->at,
        .contact = of_step ? fact->number : 0,
        .tool = of_step ? fact->name : 0,
        .what = of_step && !of_person ? fact->other : 0,
        .sent_at = HR_INSTANT_NONE,
    };
}

/* What waits for a person in this state; 0: nothing. */
static uint64_t inbox_of(unsigned state)
{
    return state == HR_EFFECT_asks      ? (uint64_t)HR_INBOX_asks
           : state == HR_EFFECT_unknown ? (uint64_t)HR_INBOX_unknown
                                        : 0;
}

static hr_status file_in_inbox(const struct hr_folding *folding, const struct hr_record *record,
                               unsigned state, bool there)
{
    uint64_t inbox = inbox_of(state);
    if (inbox == 0 || record->effect->kind < HR_EFFECT_letter) {
        return hr_done();
    }
    struct hr_key key = hr_key_pair(inbox, record->id);
    return folding->put_entry(folding->context, HR_SPACE_inbox, &key,
                              there ? record->effect->contact : 0);
}

static hr_status move(const struct hr_folding *folding, struct hr_record *record,
                      const struct hr_fact *fact)
{
    HR_TRY(file_in_inbox(folding, record, record->effect->state, false));
    bool found_out =
        fact->state == HR_EFFECT_planned &&
        (record->effect->state == HR_EFFECT_checking || record->effect->state == HR_EFFECT_unknown);
    record->effect->doubt =
        fact->state == HR_EFFECT_doubted || (record->effect->doubt && !found_out);
    record->effect->state = fact->state;
    record->effect->attempts = (uint32_t)fact->number;
    record->effect->next_at = fact->at;
    record->effect->answer = fact->text;
    return file_in_inbox(folding, record, record->effect->state, true);
}

static hr_status file_in_queue(const struct hr_folding *folding, const struct hr_record *record,
                               unsigned place, bool there)
{
    const struct hr_effect *effect = record->effect;
    if (place != HR_PLACE_queue && place != HR_PLACE_held) {
        return hr_done();
    }
    uint64_t queue =
        place == HR_PLACE_held
            ? hr_queue_held(effect->automation)
            : hr_queue_of(effect->tool, hr_effect_lane((enum hr_effect_kind)effect->kind));
    struct hr_key key = hr_key_pair(queue, record->id);
    return folding->put_entry(folding->context, HR_SPACE_queue, &key, there);
}

static hr_status place(const struct hr_folding *folding, struct hr_record *record,
                       const struct hr_fact *fact)
{
    if (fact->from != record->effect->place || fact->state >= HR_PLACE_COUNT) {
        return hr_answer(HR_E_CORRUPT);
    }
    HR_TRY(file_in_queue(folding, record, fact->from, false));
    record->effect->place = fact->state;
    return file_in_queue(folding, record, fact->state, true);
}

hr_status hr_fold_effect(const struct hr_folding *folding, uint64_t position,
                         const struct hr_fact *fact)
{
    struct hr_record *record = folding->record(folding->context, fact->record, HR_RECORD_effect);
    if (record == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    struct hr_effect *effect = record->effect;
    uint64_t rest = 0;
    switch ((int)fact->kind) {
    case HR_FACT_effect_planned:
        plan(effect, fact);
        return hr_done();
    case HR_FACT_effect_of:
        hr_key_unpair(&fact->key, &effect->meaning, &rest);
        effect->run = fact->number;
        effect->automation = fact->name;
        effect->step = fact->other;
        return hr_done();
    case HR_FACT_effect_seen:
        effect->content = position;
        effect->seen = fact->text;
        effect->approved = false;
        return hr_done();
    case HR_FACT_effect_sent:
        effect->sent_at = effect->sent_at == HR_INSTANT_NONE ? fact->at : effect->sent_at;
        return hr_done();
    case HR_FACT_effect_placed:
        return place(folding, record, fact);
    case HR_FACT_effect_answered:
        effect->approved = fact->state == 1;
        effect->answered_by = fact->other;
        return hr_done();
    case HR_FACT_effect_moved:
        return move(folding, record, fact);
    default:
        return hr_answer(HR_E_VERSION);
    }
}

/* ---- the queue of a tool -------------------------------------------------------------------------------- */

static uint64_t *part_of(struct hr_queue *queue, unsigned part)
{
    return part < HR_LANE_COUNT     ? &queue->waiting[part]
           : part == HR_PART_flying ? &queue->flying
                                    : NULL;
}

static hr_status count(struct hr_queue *queue, const struct hr_fact *fact)
{
    uint64_t *from = part_of(queue, fact->from);
    uint64_t *to = part_of(queue, fact->state);
    if (from != NULL && *from < fact->number) {
        return hr_answer(HR_E_CORRUPT);
    }
    if (from != NULL) {
        *from -= fact->number;
    }
    if (to != NULL) {
        *to += fact->number;
    }
    return hr_done();
}

static hr_status turn_lane(struct hr_queue *queue, const struct hr_fact *fact)
{
    if (fact->from >= HR_LANE_COUNT || fact->state > HR_LANE_drop) {
        return hr_answer(HR_E_CORRUPT);
    }
    queue->held[fact->from] = fact->state == HR_LANE_hold;
    queue->switched_by = fact->other;
    if (fact->state == HR_LANE_review) {
        queue->ask_before[fact->from] = fact->at;
    }
    if (fact->state == HR_LANE_drop) {
        queue->drop_before[fact->from] = fact->at;
    }
    return hr_done();
}

hr_status hr_fold_queue(struct hr_queue *queue, const struct hr_fact *fact)
{
    queue->tool = fact->name;
    switch ((int)fact->kind) {
    case HR_FACT_queue_moved:
        return count(queue, fact);
    case HR_FACT_queue_timed:
        queue->next_at = fact->at;
        queue->free_at = fact->until;
        queue->failures = (uint32_t)fact->number;
        queue->reach = fact->state;
        return fact->state > HR_REACH_forbidden ? hr_answer(HR_E_CORRUPT) : hr_done();
    case HR_FACT_lane_switched:
        return turn_lane(queue, fact);
    default:
        return hr_answer(HR_E_VERSION);
    }
}

/* ---- letters of a contact -------------------------------------------------------------------------------- */

hr_status hr_fold_letter(const struct hr_folding *folding, struct hr_contact *contact,
                         const struct hr_fact *fact)
{
    void *letters = NULL;
    if (contact->letter_count >= HR_LETTERS_MAX) {
        contact->letter_count--;
        memmove(contact->letters, contact->letters + 1,
                contact->letter_count * sizeof *contact->letters);
    }
    struct hr_letter_left *letter =
        hr_array_insert(folding->arena, contact->letters, contact->letter_count,
                        contact->letter_count, sizeof *letter, &letters);
    if (letter == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *letter = (struct hr_letter_left){.purpose = fact->name, .at = fact->at};
    contact->letters = letters;
    contact->letter_count++;
    return hr_done();
}
