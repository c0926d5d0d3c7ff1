/* Who was told about an issue and what was noted on it, found along the issue's own entries. */
#include "insight/inside.h"

enum { TOLD_MAX = 200 };

struct gathering {
    const struct hr_ask *ask;
    uint64_t issue;
    struct hr_record_of_issue *told;
};

static hr_status add_told(struct gathering *gathering, const struct hr_fact *fact)
{
    struct hr_record_of_issue *told = gathering->told;
    if (told->told_count == TOLD_MAX) {
        return hr_done();
    }
    struct hr_told *grown = hr_list_grow(gathering->ask->into, told->told, told->told_count,
                                         &told->told_capacity, sizeof *grown);
    if (grown == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    told->told = grown;
    grown[told->told_count++] = (struct hr_told){.effect = fact->record,
                                                 .person = fact->other,
                                                 .kind = fact->state,
                                                 .reason = fact->from,
                                                 .planned_at = fact->at,
                                                 .ended_at = HR_INSTANT_NONE};
    return hr_done();
}

static hr_status add_note(struct gathering *gathering, struct hr_note note)
{
    struct hr_record_of_issue *told = gathering->told;
    struct hr_note *grown = hr_list_grow(gathering->ask->into, told->notes, told->note_count,
                                         &told->note_capacity, sizeof *grown);
    note.text = hr_text_copy(gathering->ask->into, note.text);
    if (grown == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    told->notes = grown;
    grown[told->note_count++] = note;
    return hr_done();
}

static hr_status visit(void *context, const struct hr_entry *entry)
{
    struct gathering *gathering = context;
    const struct hr_fact *fact = NULL;
    for (size_t i = 0; (fact = hr_entry_fact(entry, i)) != NULL; i++) {
        if (fact->kind == HR_FACT_effect_planned && fact->number == gathering->issue) {
            HR_TRY(add_told(gathering, fact));
        } else if (fact->kind == HR_FACT_note_added && fact->record == gathering->issue) {
            HR_TRY(add_note(
                gathering,
                (struct hr_note){.at = fact->at, .person = fact->other, .text = fact->text}));
        } else if (fact->kind == HR_FACT_effect_moved && gathering->told->last_answer.size == 0) {
            gathering->told->last_answer = hr_text_copy(gathering->ask->into, fact->text);
        }
    }
    for (size_t i = 0; i < entry->link_count; i++) {
        const struct hr_link *link = &entry->links[i];
        if (link->record == gathering->issue && link->part < entry->part_count &&
            entry->parts[link->part].erased) {
            HR_TRY(add_note(gathering, (struct hr_note){.at = entry->recorded_at, .erased = true}));
        }
    }
    return hr_done();
}

/* The effect as it stands now, and when it ended. */
static hr_status complete(const struct hr_ask *ask, struct hr_told *told)
{
    const struct hr_record *record = NULL;
    struct hr_entry entry = {0};
    HR_TRY(hr_ask_record(ask, told->effect, HR_RECORD_effect, &record));
    if (record == NULL) {
        return hr_done();
    }
    told->state = record->effect->state;
    told->attempts = record->effect->attempts;
    told->answer = record->effect->answer;
    if (record->effect->next_at == HR_INSTANT_NONE) {
        HR_TRY(ask->lens->at(ask->lens->context, record->last_position, ask->into, &entry));
        told->ended_at = entry.position == 0 ? HR_INSTANT_NONE : entry.recorded_at;
    }
    return hr_done();
}

/* The first alert stands where the issue opened, however long ago that was. */
static hr_status visit_origin(struct gathering *gathering)
{
    struct hr_entry entry = {0};
    const struct hr_ask *ask = gathering->ask;
    HR_TRY(
        ask->lens->at(ask->lens->context, hr_record_origin(gathering->issue), ask->into, &entry));
    return entry.position == 0 ? hr_done() : visit(gathering, &entry);
}

hr_status hr_told_of(const struct hr_ask *ask, const struct hr_record *issue, size_t most,
                     struct hr_record_of_issue *ret_told)
{
    *ret_told = (struct hr_record_of_issue){0};
    struct gathering gathering = {.ask = ask, .issue = issue->id, .told = ret_told};
    bool stopped = false;
    HR_TRY(hr_walk(ask, issue, most, visit, &gathering, &stopped));
    if (stopped) {
        HR_TRY(visit_origin(&gathering));
    }
    for (size_t i = 0; i < ret_told->told_count / 2; i++) {
        struct hr_told told = ret_told->told[i];
        ret_told->told[i] = ret_told->told[ret_told->told_count - 1 - i];
        ret_told->told[ret_told->told_count - 1 - i] = told;
    }
    for (size_t i = 0; i < ret_told->note_count / 2; i++) {
        struct hr_note note = ret_told->notes[i];
        ret_told->notes[i] = ret_told->notes[ret_told->note_count - 1 - i];
        ret_told->notes[ret_told->note_count - 1 - i] = note;
    }
    for (size_t i = 0; i < ret_told->told_count; i++) {
        HR_TRY(complete(ask, &ret_told->told[i]));
    }
    return hr_done();
}

static struct hr_text reason_word(uint8_t reason)
{
    static const char *const words[] = {"alert", "escalation", "worse", "resolved"};
    return hr_text_from(reason < sizeof words / sizeof words[0] ? words[reason] : "alert");
}

static struct hr_text way_word(uint8_t kind)
{
    return kind == HR_EFFECT_mail ? HR_TEXT("mail") : HR_TEXT("webhook");
}

struct hr_text hr_say_told(const struct hr_ask *ask, const struct hr_told *told)
{
    struct hr_text ended =
        told->ended_at == HR_INSTANT_NONE
            ? HR_TEXT_NONE
            : hr_text_format(ask->into, " %.*s", HR_SHOW(hr_word_time(ask, told->ended_at)));
    struct hr_text answer = told->answer.size == 0
                                ? HR_TEXT_NONE
                                : hr_text_format(ask->into, " (%.*s)",
                                                 HR_SHOW(hr_text_visible(ask->into, told->answer)));
    return hr_text_format(ask->into, "%.*s, %.*s by %.*s: %.*s%.*s%.*s",
                          HR_SHOW(hr_word_person(ask, told->person)),
                          HR_SHOW(reason_word(told->reason)), HR_SHOW(way_word(told->kind)),
                          HR_SHOW(hr_effect_state_word((enum hr_effect_state)told->state)),
                          HR_SHOW(ended), HR_SHOW(answer));
}

struct hr_value hr_told_tree(const struct hr_ask *ask, const struct hr_told *told)
{
    struct hr_object object = hr_object_in(ask->into);
    hr_put_words(&object, "person", hr_word(ask, told->person));
    hr_put_words(&object, "by", way_word(told->kind));
    hr_put_words(&object, "reason", reason_word(told->reason));
    hr_put_words(&object, "state", hr_effect_state_word((enum hr_effect_state)told->state));
    hr_put_time(&object, "planned_at", told->planned_at);
    hr_put_time(&object, "ended_at", told->ended_at);
    hr_put_number(&object, "attempts", told->attempts);
    hr_put_words(&object, "answer", told->answer);
    return hr_object_value(&object);
}
