/* What must hold of records that belong to each other, and of work: both ends know of a link, and whatever is open has
 * an owner, a next action and a date, or somebody is told. */
#include "sim/sim.h"

#define NUMBER(value) ((unsigned long long)(value))

static const struct hr_record *find(const struct state *state, uint64_t id)
{
    for (size_t i = 0; i < state->record_count; i++) {
        if (state->records[i]->id == id) {
            return state->records[i]->exists ? state->records[i] : NULL;
        }
    }
    return NULL;
}

/* Where a row had no room for it, the index knows the link. */
static bool is_indexed(struct world *world, uint64_t record, uint64_t other)
{
    struct hr_scanned *items = NULL;
    size_t count = 0;
    struct hr_key key = hr_key_pair(record, other);
    must(world,
         hr_store_scan(world->store, HR_SPACE_related, &key, 1, &world->round, &items, &count),
         "scanning links");
    return count > 0 && hr_key_equal(&items[0].key, &key);
}

static void check_links(struct world *world, const struct state *state,
                        const struct hr_record *record)
{
    for (size_t i = 0; i < record->contact->related_count; i++) {
        const struct hr_related *related = &record->contact->related[i];
        const struct hr_record *other = find(state, related->record);
        bool back = other != NULL && hr_record_has_fields(other->kind) &&
                    (hr_contact_related(other->contact, record->id) != NULL ||
                     is_indexed(world, other->id, record->id));
        if (!back || other->kind != related->kind) {
            fail(world, "record %llx is linked to %llx, which does not know it", NUMBER(record->id),
                 NUMBER(related->record));
        }
        bool sorted = i == 0 || record->contact->related[i - 1].at <= related->at;
        if (!sorted) {
            fail(world, "record %llx: its links do not stand by time", NUMBER(record->id));
        }
    }
}

/* An open task is the next action of a sale. */
static bool has_open_task(const struct state *state, const struct hr_record *record)
{
    for (size_t i = 0; record->kind != HR_RECORD_task && i < record->contact->related_count; i++) {
        const struct hr_record *other = find(state, record->contact->related[i].record);
        if (other != NULL && other->kind == HR_RECORD_task &&
            other->contact->work->state == HR_WORK_open) {
            return true;
        }
    }
    return false;
}

/* The index of what people own knows it exactly while it is open. */
static void check_owned(struct world *world, const struct hr_record *record)
{
    const struct hr_work *work = record->contact->work;
    struct hr_scanned *items = NULL;
    size_t count = 0;
    struct hr_key key = hr_key_pair(work->owner, record->id);
    must(world, hr_store_scan(world->store, HR_SPACE_owned, &key, 1, &world->round, &items, &count),
         "scanning what people own");
    bool listed = count > 0 && hr_key_equal(&items[0].key, &key);
    if (listed != (work->owner != 0 && work->state == HR_WORK_open)) {
        fail(world, "record %llx is %s", NUMBER(record->id),
             listed ? "over, and listed as open work" : "not listed among the work of its owner");
    }
}

/* I9, of work. */
static void check_work(struct world *world, const struct state *state,
                       const struct hr_record *record)
{
    const struct hr_work *work = record->contact->work;
    const struct hr_record *issue = work->issue == 0 ? NULL : find(state, work->issue);
    bool planned = work->next.size > 0 && work->due != HR_INSTANT_NONE;
    bool whole =
        work->owner != 0 && (planned ? work->due > clock_now(world) : has_open_task(state, record));
    if (work->state != HR_WORK_open) {
        if (work->issue != 0) {
            fail(world, "record %llx is over, and still in an issue", NUMBER(record->id));
        }
        return;
    }
    if (!whole && work->issue == 0) {
        fail(world, "record %llx is open, lacks something or is overdue, and nobody is told",
             NUMBER(record->id));
    }
    bool of_work =
        issue != NULL && issue->kind == HR_RECORD_issue &&
        (issue->issue->cause == HR_CAUSE_loose || issue->issue->cause == HR_CAUSE_overdue);
    if (work->issue != 0 && (!of_work || whole)) {
        fail(world, "record %llx is in an issue that is not its own", NUMBER(record->id));
    }
}

void check_works(struct world *world, const struct state *state)
{
    for (size_t i = 0; i < state->record_count; i++) {
        const struct hr_record *record = state->records[i];
        if (!record->exists || !hr_record_has_fields(record->kind)) {
            continue;
        }
        check_links(world, state, record);
        if (hr_record_has_work(record->kind) != (record->contact->work != NULL)) {
            fail(world, "record %llx of kind %d: its work is not there", NUMBER(record->id),
                 record->kind);
        }
        if (record->contact->work != NULL) {
            check_work(world, state, record);
            check_owned(world, record);
        }
    }
}
