/* The story of one record: its entries' facts in words, oldest first. */
#include "insight/inside.h"

enum { MOMENTS_MAX = 4000 };

struct telling {
    const struct hr_ask *ask;
    const struct hr_record *record;
    const struct hr_wanted *wanted;
    struct hr_timeline *timeline;
    struct hr_speaker speaker;
};

static hr_status add(struct telling *telling, struct hr_moment moment)
{
    struct hr_timeline *timeline = telling->timeline;
    if (timeline->count == MOMENTS_MAX) {
        timeline->stopped = true;
        return hr_done();
    }
    struct hr_moment *grown = hr_list_grow(telling->ask->into, timeline->moments, timeline->count,
                                           &timeline->capacity, sizeof *grown);
    if (grown == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    timeline->moments = grown;
    grown[timeline->count++] = moment;
    return hr_done();
}

static bool is_about_handoff(const struct hr_fact *fact)
{
    return fact->kind >= HR_FACT_handoff_opened && fact->kind <= HR_FACT_handoff_issue;
}

static bool names_field(const struct hr_fact *fact, uint32_t field)
{
    for (uint32_t i = 0; fact->kind == HR_FACT_handoff_missing && i < fact->value.count; i++) {
        if (fact->value.items[i].integer == (int64_t)field) {
            return true;
        }
    }
    bool of_field = fact->kind == HR_FACT_field_set || fact->kind == HR_FACT_field_observed ||
                    fact->kind == HR_FACT_field_pinned || fact->kind == HR_FACT_assigned;
    return of_field && fact->name == field;
}

static bool is_about_run(const struct hr_fact *fact, uint64_t run)
{
    bool names_run = fact->kind == HR_FACT_run_began || fact->kind == HR_FACT_run_moved ||
                     fact->kind == HR_FACT_run_ended || fact->kind == HR_FACT_step_taken ||
                     fact->kind == HR_FACT_assigned || fact->kind == HR_FACT_run_trouble;
    return names_run && fact->number == run;
}

/* Facts of the contact itself that the question is about. */
static bool is_wanted(const struct telling *telling, const struct hr_fact *fact)
{
    const struct hr_wanted *wanted = telling->wanted;
    if (fact->record != telling->record->id) {
        return false;
    }
    if (wanted->run != 0) {
        return is_about_run(fact, wanted->run);
    }
    if (wanted->field == 0 && wanted->handoffs == NULL) {
        return true;
    }
    int32_t place =
        is_about_handoff(fact) ? hr_plan_handoff_numbered(telling->ask->plan, fact->name) : -1;
    return (wanted->field != 0 && names_field(fact, wanted->field)) ||
           (wanted->handoffs != NULL && place >= 0 && wanted->handoffs[place]);
}

/* What an automation lets leave for a contact is part of their story. */
static bool is_their_effect(const struct telling *telling, const struct hr_fact *fact)
{
    const struct hr_record *record = NULL;
    bool of_effect = (fact->kind >= HR_FACT_effect_planned && fact->kind <= HR_FACT_effect_moved) ||
                     fact->kind == HR_FACT_effect_answered;
    return of_effect &&
           hr_ok(hr_ask_record(telling->speaker.ask, fact->record, HR_RECORD_effect, &record)) &&
           record != NULL && record->effect->contact == telling->record->id;
}

/* Facts of other records that the entry brings along: an issue in a contact's story, an effect in an issue's. */
static bool comes_along(const struct telling *telling, const struct hr_fact *fact)
{
    bool of_issue = fact->kind >= HR_FACT_issue_opened && fact->kind <= HR_FACT_issue_about;
    bool of_work = fact->kind >= HR_FACT_record_created && fact->kind <= HR_FACT_work_issue;
    if (telling->wanted->hearer != HR_HEARS_issue) {
        return of_issue || of_work || is_their_effect(telling, fact);
    }
    return fact->kind == HR_FACT_effect_planned && fact->number == telling->record->id;
}

static void count_values(struct telling *telling, const struct hr_fact *fact)
{
    if (telling->wanted->field != 0 && names_field(fact, telling->wanted->field) &&
        fact->kind == HR_FACT_field_set) {
        bool won = (fact->state & HR_FIELD_WINS) != 0;
        telling->timeline->older_values += won;
        telling->timeline->refused_older += !won && (fact->state & HR_FIELD_BESIDE) == 0;
    }
}

static hr_status tell(struct telling *telling, const struct hr_entry *entry,
                      const struct hr_fact *fact, size_t *told)
{
    struct hr_text sentence = HR_TEXT_NONE;
    HR_TRY(hr_say_fact(&telling->speaker, fact, telling->wanted->hearer, &sentence));
    if (sentence.size == 0) {
        return hr_done();
    }
    *told += 1;
    struct hr_moment moment = {.at = entry->recorded_at,
                               .position = entry->position,
                               .fact = fact->kind,
                               .text = sentence};
    if (fact->kind == HR_FACT_field_set) {
        moment.field = fact->name;
        HR_TRY(hr_value_copy(telling->ask->into, &fact->value, &moment.value)); /* entries go */
    }
    return add(telling, moment);
}

static void reverse(struct hr_moment *moments, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct hr_moment moment = moments[i];
        moments[i] = moments[count - 1 - i];
        moments[count - 1 - i] = moment;
    }
}

/* An erased part still says that something stood there. */
static bool has_erased(const struct telling *telling, const struct hr_entry *entry)
{
    for (size_t i = 0; i < entry->link_count; i++) {
        const struct hr_link *link = &entry->links[i];
        if (link->record == telling->record->id && link->part < entry->part_count) {
            return entry->parts[link->part].erased;
        }
    }
    return false;
}

static hr_status visit(void *context, const struct hr_entry *entry)
{
    struct telling *telling = context;
    size_t first = telling->timeline->count;
    size_t told = 0;
    const struct hr_fact *fact = NULL;
    telling->speaker.entry = entry;
    struct hr_text event = hr_say_event(telling->ask, entry);
    if (event.size > 0 && telling->wanted->hearer != HR_HEARS_issue) {
        HR_TRY(add(telling, (struct hr_moment){.at = entry->recorded_at,
                                               .position = entry->position,
                                               .text = event}));
    }
    if (has_erased(telling, entry)) {
        HR_TRY(add(telling, (struct hr_moment){.at = entry->recorded_at,
                                               .position = entry->position,
                                               .text = HR_TEXT("what stood here was erased")}));
    }
    for (size_t i = 0; (fact = hr_entry_fact(entry, i)) != NULL; i++) {
        if (is_wanted(telling, fact)) {
            count_values(telling, fact);
            HR_TRY(tell(telling, entry, fact, &told));
        }
    }
    bool whole = telling->wanted->field == 0 && telling->wanted->handoffs == NULL &&
                 telling->wanted->run == 0;
    for (size_t i = 0; (told > 0 || whole) && (fact = hr_entry_fact(entry, i)) != NULL; i++) {
        if (fact->record != telling->record->id && comes_along(telling, fact)) {
            HR_TRY(tell(telling, entry, fact, &told));
        }
    }
    if (told == 0 && !whole) {
        telling->timeline->count = first; /* the entry is not about what was asked */
        return hr_done();
    }
    /* all stand newest first until the end */
    reverse(telling->timeline->moments + first, telling->timeline->count - first);
    return hr_done();
}

/* True if the story's last word on the field, before this moment, was the same. */
static bool said_before(const struct hr_timeline *timeline, size_t kept,
                        const struct hr_moment *moment)
{
    for (size_t i = kept; i > 0 && moment->field != 0; i--) {
        const struct hr_moment *before = &timeline->moments[i - 1];
        if (before->field == moment->field) {
            return hr_value_equal(&before->value, &moment->value);
        }
    }
    return false;
}

/* Every tool repeats what all know, such as the e-mail address: told once, until it changes. */
static void leave_out_repeats(struct hr_timeline *timeline)
{
    size_t kept = 0;
    for (size_t i = 0; i < timeline->count; i++) {
        if (!said_before(timeline, kept, &timeline->moments[i])) {
            timeline->moments[kept++] = timeline->moments[i];
        }
    }
    timeline->count = kept;
}

hr_status hr_timeline_of(const struct hr_ask *ask, const struct hr_record *record,
                         const struct hr_wanted *wanted, struct hr_timeline *ret_timeline)
{
    *ret_timeline = (struct hr_timeline){0};
    struct telling telling = {
        .ask = ask,
        .record = record,
        .wanted = wanted,
        .timeline = ret_timeline,
        .speaker = {.ask = ask, .shows_values = wanted->hearer != HR_HEARS_issue},
    };
    bool stopped = false;
    HR_TRY(hr_walk(ask, record, HR_WALK_MAX, visit, &telling, &stopped));
    ret_timeline->stopped = ret_timeline->stopped || stopped;
    ret_timeline->older_values -= ret_timeline->older_values > 0;
    reverse(ret_timeline->moments, ret_timeline->count);
    leave_out_repeats(ret_timeline);
    return hr_done();
}

/* ---- writing --------------------------------------------------------------------------------- */

void hr_timeline_write(const struct hr_ask *ask, struct hr_buffer *page,
                       const struct hr_timeline *timeline)
{
    int widest = 0;
    for (size_t i = 0; i < timeline->count; i++) {
        int size = (int)hr_word_time(ask, timeline->moments[i].at).size;
        widest = size > widest ? size : widest;
    }
    if (timeline->stopped) {
        hr_buffer_add_text(page, HR_TEXT("  (older entries are left out)\n"));
    }
    for (size_t i = 0; i < timeline->count; i++) {
        const struct hr_moment *moment = &timeline->moments[i];
        hr_buffer_add_format(page, "  %*.*s  %.*s  (entry %llu)\n", widest,
                             HR_SHOW(hr_word_time(ask, moment->at)), HR_SHOW(moment->text),
                             (unsigned long long)moment->position);
    }
}

struct hr_value hr_timeline_tree(const struct hr_ask *ask, const struct hr_timeline *timeline)
{
    struct hr_items items = hr_items_in(ask->into);
    for (size_t i = 0; i < timeline->count; i++) {
        const struct hr_moment *moment = &timeline->moments[i];
        struct hr_object object = hr_object_in(ask->into);
        hr_put_time(&object, "at", moment->at);
        hr_put_number(&object, "entry", moment->position);
        hr_put_words(&object, "fact",
                     moment->fact == HR_FACT_none
                         ? HR_TEXT("event")
                         : hr_fact_symbol((enum hr_fact_kind)moment->fact));
        hr_put_words(&object, "text", moment->text);
        hr_add(&items, hr_object_value(&object));
    }
    return hr_items_value(&items);
}
