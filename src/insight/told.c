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

/* How good an end is for whoever should have heard of it; one that is under way may still be good. */
static int worth_of(uint8_t state)
{
    static const int worth[] = {
        [HR_EFFECT_withdrawn] = 1, [HR_EFFECT_refused] = 2,  [HR_EFFECT_unknown] = 3,
        [HR_EFFECT_planned] = 4,   [HR_EFFECT_intended] = 4, [HR_EFFECT_confirmed] = 5,
    };
    return state < sizeof worth / sizeof worth[0] ? worth[state] : 0;
}

/* The best of what became of an alert by mail and by webhook; false when it cannot be found any more. */
static bool best_end(const struct hr_ask *ask, const struct hr_entry *entry,
                     const struct hr_fact *alerted, uint8_t *ret_state)
{
    const struct hr_fact *fact = NULL;
    bool found = false;
    for (size_t i = 0; entry != NULL && (fact = hr_entry_fact(entry, i)) != NULL; i++) {
        const struct hr_record *record = NULL;
        bool of_it = fact->kind == HR_FACT_effect_planned && fact->number == alerted->record &&
                     fact->other == alerted->other;
        if (!of_it || !hr_ok(hr_ask_record(ask, fact->record, HR_RECORD_effect, &record)) ||
            record == NULL) {
            continue;
        }
        uint8_t state = record->effect->state;
        *ret_state = !found || worth_of(state) > worth_of(*ret_state) ? state : *ret_state;
        found = true;
    }
    return found;
}

struct hr_text hr_say_alerted(const struct hr_ask *ask, const struct hr_entry *entry,
                              const struct hr_fact *alerted)
{
    /* what stands before the person, between them and the issue, and behind the issue */
    static const char *const words[][3] = {
        [HR_EFFECT_planned] = {"", " is to be told about ", ": no alert has arrived yet"},
        [HR_EFFECT_intended] = {"", " is to be told about ", ": an alert is under way"},
        [HR_EFFECT_confirmed] = {"", " is told about ", ""},
        [HR_EFFECT_refused] = {"", " was not told about ", ": the alert was refused"},
        [HR_EFFECT_unknown] = {"nobody knows whether ", " was told about ", ""},
        [HR_EFFECT_withdrawn] = {"", " was not told about ", ": the alert was withdrawn"},
    };
    static const char *const lost[] = {"an alert to ", " was planned about ", ""};
    uint8_t state = 0;
    bool found = best_end(ask, entry, alerted, &state) && state < sizeof words / sizeof words[0];
    const char *const *said = found ? words[state] : lost;
    return hr_text_format(ask->into, "%s%.*s%s%.*s%s", said[0],
                          HR_SHOW(hr_word_person(ask, alerted->other)), said[1],
                          HR_SHOW(hr_word_issue(ask, alerted->record)), said[2]);
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
                          HR_SHOW(hr_effect_reason_word((enum hr_effect_reason)told->reason)),
                          HR_SHOW(way_word(told->kind)),
                          HR_SHOW(hr_effect_state_word((enum hr_effect_state)told->state)),
                          HR_SHOW(ended), HR_SHOW(answer));
}

struct hr_value hr_told_tree(const struct hr_ask *ask, const struct hr_told *told)
{
    struct hr_object object = hr_object_in(ask->into);
    hr_put_words(&object, "person", hr_word(ask, told->person));
    hr_put_words(&object, "by", way_word(told->kind));
    hr_put_words(&object, "reason", hr_effect_reason_word((enum hr_effect_reason)told->reason));
    hr_put_words(&object, "state", hr_effect_state_word((enum hr_effect_state)told->state));
    hr_put_time(&object, "planned_at", told->planned_at);
    hr_put_time(&object, "ended_at", told->ended_at);
    hr_put_number(&object, "attempts", told->attempts);
    hr_put_words(&object, "answer", told->answer);
    return hr_object_value(&object);
}
