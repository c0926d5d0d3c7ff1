/* Work of people: what somebody has to do, soonest first; and what belongs to a contact: company, sales, questions,
 * tasks. */
#include "insight/run.h"

enum { LISTED_MAX = 500 };

/* ---- one record ------------------------------------------------------------------------------------- */

/* What is to be done about it: a task's title, else the next action, or what a record of its kind is called by. */
static struct hr_text say_what(const struct hr_ask *ask, const struct hr_record *record)
{
    const struct hr_work *work = record->contact->work;
    if (work != NULL && work->next.size > 0) {
        return hr_text_visible(ask->into, work->next);
    }
    const struct hr_record_plan *plan = &ask->plan->records[hr_type_of(record->kind)];
    for (size_t i = 0; i < plan->match_count; i++) {
        const struct hr_said *said =
            hr_contact_field(record->contact, plan->fields[plan->match_on[i]].name_number);
        if (said != NULL) {
            return hr_text_visible(ask->into, hr_value_show(ask->into, &said->value));
        }
    }
    return HR_TEXT("nothing is known of it");
}

static struct hr_text say_when(const struct hr_ask *ask, const struct hr_work *work)
{
    if (work->state != HR_WORK_open) {
        return hr_text_format(ask->into, "%.*s %.*s",
                              HR_SHOW(hr_work_state_word((enum hr_work_state)work->state)),
                              HR_SHOW(hr_word_time(ask, work->closed_at)));
    }
    if (work->due == HR_INSTANT_NONE) {
        return HR_TEXT("no date");
    }
    return hr_text_format(ask->into, work->due <= ask->lens->now ? "overdue since %.*s" : "by %.*s",
                          HR_SHOW(hr_word_time(ask, work->due)));
}

static void write_one(const struct hr_ask *ask, struct hr_buffer *page,
                      const struct hr_record *record)
{
    const struct hr_work *work = record->contact->work;
    struct hr_text name = hr_record_name(ask->into, record->kind, record->id);
    hr_buffer_add_format(page, "  %.*s  ", HR_SHOW(name));
    if (work != NULL) {
        hr_buffer_add_format(page, "%.*s, %.*s: ", HR_SHOW(say_when(ask, work)),
                             HR_SHOW(hr_word_person(ask, work->owner)));
    }
    hr_buffer_add_format(page, "%.*s\n", HR_SHOW(say_what(ask, record)));
}

static struct hr_value tree_of(const struct hr_ask *ask, const struct hr_record *record)
{
    const struct hr_work *work = record->contact->work;
    struct hr_object object = hr_object_in(ask->into);
    struct hr_items contacts = hr_items_in(ask->into);
    hr_put_words(&object, "name", hr_record_name(ask->into, record->kind, record->id));
    hr_put_words(&object, "kind", hr_record_kind_word(record->kind));
    hr_put_words(&object, "what", say_what(ask, record));
    if (work != NULL) {
        hr_put_words(&object, "state", hr_work_state_word((enum hr_work_state)work->state));
        hr_put_words(&object, "owner", work->owner == 0 ? HR_TEXT_NONE : hr_word(ask, work->owner));
        hr_put_time(&object, "due", work->due);
        hr_put_words(&object, "automation",
                     work->automation == 0 ? HR_TEXT_NONE : hr_word(ask, work->automation));
        hr_put_words(&object, "issue", hr_word_issue(ask, work->issue));
    }
    for (size_t i = 0; i < record->contact->related_count && i < PEOPLE_SHOWN_MAX; i++) {
        const struct hr_related *related = &record->contact->related[i];
        if (related->kind == HR_RECORD_contact) {
            hr_add(&contacts, hr_value_text(hr_contact_name(ask->into, related->record)));
        }
    }
    hr_put(&object, "contacts", hr_items_value(&contacts));
    return hr_object_value(&object);
}

/* ---- what belongs to a contact ------------------------------------------------------------------------ */

static hr_status related_of(const struct hr_ask *ask, const struct hr_contact *contact,
                            const struct hr_record **ret_records, size_t *ret_count)
{
    *ret_count = 0;
    for (size_t i = contact->related_count; i > 0; i--) { /* the newest first */
        const struct hr_record *record = NULL;
        HR_TRY(hr_ask_record(ask, contact->related[i - 1].record,
                             (enum hr_record_kind)contact->related[i - 1].kind, &record));
        ret_records[*ret_count] = record;
        *ret_count += record != NULL;
    }
    return hr_done();
}

hr_status hr_related_write(const struct hr_ask *ask, struct hr_buffer *page,
                           const struct hr_contact *contact, struct hr_value *ret_tree)
{
    const struct hr_record *records[HR_RELATED_MAX + 1];
    struct hr_items items = hr_items_in(ask->into);
    size_t count = 0;
    HR_TRY(related_of(ask, contact, records, &count));
    if (count > 0) {
        hr_buffer_add_text(page, HR_TEXT("\nWhat belongs to them\n"));
    }
    for (size_t i = 0; i < count; i++) {
        write_one(ask, page, records[i]);
        hr_add(&items, tree_of(ask, records[i]));
    }
    *ret_tree = hr_items_value(&items);
    return hr_done();
}

/* ---- what people have to do ----------------------------------------------------------------------------- */

struct listed {
    const struct hr_record *record;
};

/* Soonest first, what has no date last; by id where dates are one. */
static bool is_sooner(const struct hr_record *one, const struct hr_record *two)
{
    hr_instant due[2] = {one->contact->work->due, two->contact->work->due};
    for (size_t i = 0; i < 2; i++) {
        due[i] = due[i] == HR_INSTANT_NONE ? INT64_MAX : due[i];
    }
    return due[0] != due[1] ? due[0] < due[1] : one->id < two->id;
}

/* Into its place among those listed before: at most LISTED_MAX, and what was planned later mostly comes later. */
static void list(struct listed *listed, size_t *count, const struct hr_record *record)
{
    size_t at = (*count)++;
    for (; at > 0 && is_sooner(record, listed[at - 1].record); at--) {
        listed[at] = listed[at - 1];
    }
    listed[at].record = record;
}

static hr_status owned_by(const struct hr_ask *ask, uint32_t person, struct listed *ret_listed,
                          size_t *ret_count, bool *ret_stopped)
{
    struct hr_key from = hr_key_pair(person, 0);
    struct hr_key *keys = NULL;
    uint64_t *values = NULL;
    size_t count = 0;
    *ret_count = 0;
    HR_TRY(ask->lens->scan(ask->lens->context, HR_SPACE_owned, &from, LISTED_MAX, ask->into, &keys,
                           &values, &count));
    *ret_stopped = count == LISTED_MAX;
    for (size_t i = 0; i < count; i++) {
        uint64_t owner = 0;
        uint64_t id = 0;
        struct hr_record *record = NULL;
        hr_key_unpair(&keys[i], &owner, &id);
        if (person != 0 && owner != person) {
            *ret_stopped = false;
            break;
        }
        HR_TRY(ask->lens->record(ask->lens->context, id, ask->into, &record));
        if (record != NULL && record->exists && hr_record_has_work(record->kind)) {
            list(ret_listed, ret_count, record);
        }
    }
    return hr_done();
}

hr_status hr_work_list(const struct hr_lens *lens, uint32_t person, struct hr_arena *into,
                       struct hr_diagnostics *reterr, struct hr_report *ret_report)
{
    const struct hr_ask ask = {
        .lens = lens, .plan = lens->engine.plan, .into = into, .reterr = reterr};
    struct listed *listed = hr_arena_new_many(into, struct listed, LISTED_MAX);
    struct hr_items items = hr_items_in(into);
    struct hr_buffer page = hr_page_in(into);
    struct hr_object tree = hr_object_in(into);
    size_t count = 0;
    bool stopped = false;
    if (listed == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    HR_TRY(owned_by(&ask, person, listed, &count, &stopped));
    for (size_t i = 0; i < count; i++) {
        write_one(&ask, &page, listed[i].record);
        hr_add(&items, tree_of(&ask, listed[i].record));
    }
    if (count == 0) {
        hr_buffer_add_text(&page, HR_TEXT("nothing is to be done\n"));
    }
    if (stopped) {
        hr_buffer_add_format(&page, "and more: only %d are looked at\n", LISTED_MAX);
    }
    hr_put(&tree, "tasks", hr_items_value(&items));
    hr_put_truth(&tree, "cut", stopped);
    return hr_report_end(&ask, &tree, &page, ret_report);
}

hr_status hr_find_work(const struct hr_lens *lens, struct hr_text named, struct hr_arena *into,
                       const struct hr_record **ret_record)
{
    const struct hr_ask ask = {.lens = lens, .plan = lens->engine.plan, .into = into};
    static const enum hr_record_kind kinds[] = {HR_RECORD_task, HR_RECORD_ticket,
                                                HR_RECORD_opportunity};
    *ret_record = NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && *ret_record == NULL; i++) {
        uint64_t id = 0;
        if (hr_record_named(hr_text_trim(named), kinds[i], &id)) {
            HR_TRY(hr_ask_record(&ask, id, kinds[i], ret_record));
        }
    }
    return hr_done();
}
