/* Enrollments of a contact: those under way, and what is remembered of those before. */
#include "state/state_internal.h"

#include <string.h>

struct hr_run *hr_contact_run(const struct hr_contact *contact, uint64_t id)
{
    for (size_t i = 0; i < contact->run_count; i++) {
        if (contact->runs[i].id == id) {
            return &contact->runs[i];
        }
    }
    return NULL;
}

/* The first half is enough: it is one of few of one contact. */
static uint64_t half_of(const struct hr_key *key)
{
    uint64_t first = 0;
    uint64_t second = 0;
    hr_key_unpair(key, &first, &second);
    return first;
}

const struct hr_entered *hr_contact_entered(const struct hr_contact *contact, uint32_t automation,
                                            const struct hr_key *key)
{
    for (size_t i = 0; i < contact->entered_count; i++) {
        const struct hr_entered *entered = &contact->entered[i];
        if (entered->automation == automation && entered->key == half_of(key)) {
            return entered;
        }
    }
    return NULL;
}

struct hr_key hr_entered_key(uint64_t contact, uint32_t automation, uint64_t key)
{
    struct hr_key pair = hr_key_pair(contact, key);
    pair.bytes[0] = (uint8_t)(automation >> 8); /* a contact's id never fills its highest bytes */
    pair.bytes[1] = (uint8_t)automation;
    return pair;
}

/* ---- remembering -------------------------------------------------------------------------------- */

/* The one that was enrolled longest ago leaves the row for the index, where it stays for ever. */
static hr_status make_room(const struct hr_folding *folding, struct hr_record *record)
{
    struct hr_contact *contact = record->contact;
    const struct hr_entered oldest = contact->entered[0];
    struct hr_key key = hr_entered_key(record->id, oldest.automation, oldest.key);
    contact->entered++;
    contact->entered_count--;
    return folding->put_entry(folding->context, HR_SPACE_entered, &key, oldest.times);
}

static hr_status remember(const struct hr_folding *folding, struct hr_record *record,
                          const struct hr_fact *fact)
{
    struct hr_contact *contact = record->contact;
    struct hr_entered now = {
        .automation = fact->name, .key = half_of(&fact->key), .last_at = fact->at, .times = 1};
    const struct hr_entered *before = hr_contact_entered(contact, fact->name, &fact->key);
    if (before != NULL) {
        size_t at = (size_t)(before - contact->entered);
        now.times = before->times + 1;
        memmove(contact->entered + at, contact->entered + at + 1,
                (contact->entered_count - at - 1) * sizeof now);
        contact->entered[contact->entered_count - 1] = now;
        return hr_done();
    }
    if (contact->entered_count >= HR_ENTERED_MAX) {
        HR_TRY(make_room(folding, record));
    }
    void *entered = NULL;
    struct hr_entered *place =
        hr_array_insert(folding->arena, contact->entered, contact->entered_count,
                        contact->entered_count, sizeof *place, &entered);
    if (place == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *place = now;
    contact->entered = entered;
    contact->entered_count++;
    return hr_done();
}

/* ---- under way ------------------------------------------------------------------------------------ */

/* What the event was, as far as it is asked for later: its tool, when it happened, what it brought. */
static bool trigger_of(uint64_t position, const struct hr_fact *fact,
                       struct hr_kept_event *ret_trigger)
{
    const struct hr_value *value = &fact->value;
    bool whole = value->kind == HR_KIND_list && value->count == 3 &&
                 value->items[0].kind == HR_KIND_int && value->items[1].kind == HR_KIND_int;
    *ret_trigger = (struct hr_kept_event){.type = fact->other, .position = position};
    if (whole) {
        ret_trigger->tool = (uint32_t)value->items[0].integer;
        ret_trigger->at = value->items[1].integer;
        ret_trigger->data = value->items[2];
    }
    return whole;
}

static hr_status begin(const struct hr_folding *folding, struct hr_record *record,
                       uint64_t position, const struct hr_fact *fact)
{
    struct hr_contact *contact = record->contact;
    struct hr_kept_event trigger;
    if (!trigger_of(position, fact, &trigger) || hr_contact_run(contact, fact->number) != NULL) {
        return hr_answer(HR_E_CORRUPT);
    }
    if (contact->run_count >= HR_RUNS_MAX) {
        return hr_answer(HR_E_LIMIT);
    }
    void *runs = NULL;
    struct hr_run *run = hr_array_insert(folding->arena, contact->runs, contact->run_count,
                                         contact->run_count, sizeof *run, &runs);
    if (run == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *run = (struct hr_run){
        .id = fact->number,
        .automation = fact->name,
        .key = fact->key,
        .key_shown = fact->text,
        .trigger = trigger,
        .began_at = fact->at,
        .until = HR_INSTANT_NONE,
        .meaning = (uint64_t)fact->third,
    };
    contact->runs = runs;
    contact->run_count++;
    return remember(folding, record, fact);
}

static void move(struct hr_run *run, const struct hr_fact *fact)
{
    run->step = fact->other;
    run->state = fact->state;
    run->until = fact->until;
    hr_key_unpair(&fact->key, &run->awaits, &run->meaning);
}

static void end(struct hr_contact *contact, const struct hr_run *run)
{
    size_t at = (size_t)(run - contact->runs);
    memmove(contact->runs + at, contact->runs + at + 1,
            (contact->run_count - at - 1) * sizeof *run);
    contact->run_count--;
}

static hr_status change_trouble(const struct hr_folding *folding, struct hr_contact *contact,
                                const struct hr_fact *fact)
{
    uint64_t issue = 0;
    uint64_t rest = 0;
    hr_key_unpair(&fact->key, &issue, &rest);
    for (size_t i = 0; i < contact->trouble_count; i++) {
        if (contact->troubles[i].run == fact->number && contact->troubles[i].issue == issue) {
            memmove(contact->troubles + i, contact->troubles + i + 1,
                    (contact->trouble_count - i - 1) * sizeof *contact->troubles);
            contact->trouble_count--;
            break;
        }
    }
    if (fact->state == 0) {
        return hr_done();
    }
    if (contact->trouble_count >= HR_TROUBLES_MAX) {
        return hr_answer(HR_E_LIMIT);
    }
    void *troubles = NULL;
    struct hr_trouble *place =
        hr_array_insert(folding->arena, contact->troubles, contact->trouble_count,
                        contact->trouble_count, sizeof *place, &troubles);
    if (place == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *place = (struct hr_trouble){.automation = fact->name, .run = fact->number, .issue = issue};
    contact->troubles = troubles;
    contact->trouble_count++;
    return hr_done();
}

/* ---- at rest -------------------------------------------------------------------------------------- */

/* How many of the contact's enrollments rest: so that those of an automation are found when its pause is over. */
static hr_status note_resting(const struct hr_folding *folding, const struct hr_record *record,
                              uint32_t automation)
{
    const struct hr_contact *contact = record->contact;
    struct hr_key key = hr_key_pair(HR_ID_AUTOMATION + automation, record->id);
    uint64_t count = 0;
    for (size_t i = 0; i < contact->run_count; i++) {
        count +=
            contact->runs[i].automation == automation && contact->runs[i].state == HR_RUN_rests;
    }
    return folding->put_entry(folding->context, HR_SPACE_member, &key, count);
}

hr_status hr_fold_runs_gone(const struct hr_folding *folding, struct hr_record *record)
{
    struct hr_contact *contact = record->contact;
    while (contact->run_count > 0) {
        const struct hr_run run = contact->runs[--contact->run_count];
        if (run.state == HR_RUN_rests) {
            HR_TRY(note_resting(folding, record, run.automation));
        }
    }
    return hr_done();
}

hr_status hr_fold_run(const struct hr_folding *folding, struct hr_record *record, uint64_t position,
                      const struct hr_fact *fact)
{
    if (fact->kind == HR_FACT_run_began) {
        return begin(folding, record, position, fact);
    }
    if (fact->kind == HR_FACT_run_trouble) {
        return change_trouble(folding, record->contact, fact);
    }
    struct hr_run *run = hr_contact_run(record->contact, fact->number);
    if (run == NULL || (fact->kind == HR_FACT_run_moved && fact->state >= HR_RUN_STATE_COUNT)) {
        return hr_answer(HR_E_CORRUPT);
    }
    uint32_t automation = run->automation;
    bool rested = run->state == HR_RUN_rests;
    bool rests = fact->kind == HR_FACT_run_moved && fact->state == HR_RUN_rests;
    if (fact->kind == HR_FACT_run_moved) {
        move(run, fact);
    } else {
        end(record->contact, run);
    }
    return rests != rested ? note_resting(folding, record, automation) : hr_done();
}
