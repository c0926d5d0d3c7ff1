/* The next contacts, for whoever has the whole state in a view: a replay, a test, a trial. The store answers the same
 * of its rows. */
#include "engine/engine.h"

#include <string.h>

/* The smallest ids, in order. */
struct smallest {
    uint64_t *ids; /* HR_WALK_RECORDS of them */
    size_t count;
};

static void add(struct smallest *smallest, uint64_t id)
{
    size_t from = 0;
    size_t until = smallest->count;
    while (from < until) {
        size_t middle = from + (until - from) / 2;
        if (smallest->ids[middle] < id) {
            from = middle + 1;
        } else {
            until = middle;
        }
    }
    if (from == HR_WALK_RECORDS) {
        return;
    }
    smallest->count += smallest->count < HR_WALK_RECORDS;
    memmove(smallest->ids + from + 1, smallest->ids + from,
            (smallest->count - from - 1) * sizeof *smallest->ids);
    smallest->ids[from] = id;
}

hr_status hr_walk_view(const struct hr_view *view, const struct hr_needs *needs,
                       struct hr_arena *into, struct hr_walked *ret_walked)
{
    struct smallest next = {.ids = hr_arena_new_many(into, uint64_t, HR_WALK_RECORDS)};
    size_t count = 0;
    if (next.ids == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < view->record_count; i++) {
        const struct hr_record *record = view->records[i];
        bool within = record->id >= HR_RECORD_FIRST && record->id > needs->walk_after &&
                      record->id < needs->walk_until;
        if (record->exists && within) {
            add(&next, record->id);
        }
    }
    *ret_walked = (struct hr_walked){.until = needs->walk_until,
                                     .after = needs->walk_after,
                                     .end = needs->walk_after,
                                     .over = next.count < HR_WALK_RECORDS,
                                     .contacts = next.ids};
    for (size_t i = 0; i < next.count; i++) {
        uint64_t id = next.ids[i];
        ret_walked->end = id;
        if (hr_view_record(view, id)->kind == HR_RECORD_contact) {
            next.ids[count++] = id;
        }
    }
    ret_walked->count = count;
    return hr_done();
}
