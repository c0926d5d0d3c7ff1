/* The fold of schedules: how far an automation that starts by the clock has come. */
#include "state/state_internal.h"

#include <string.h>

/* The times to carry out, behind what was missed. */
static hr_status add_ticks(const struct hr_folding *folding, struct hr_scheduled *scheduled,
                           uint64_t position, uint64_t missed, const struct hr_value *seen)
{
    bool whole = seen->kind == HR_KIND_list && seen->count >= HR_SEEN_COUNT;
    size_t count = whole ? seen->count - HR_SEEN_COUNT : 0;
    if (!whole) {
        return hr_answer(HR_E_CORRUPT);
    }
    if (scheduled->tick_count + count > HR_TICKS_WAITING_MAX) {
        return hr_answer(HR_E_LIMIT);
    }
    struct hr_tick *ticks =
        hr_arena_new_many(folding->arena, struct hr_tick, scheduled->tick_count + count);
    if (ticks == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    if (scheduled->tick_count > 0) {
        memcpy(ticks, scheduled->ticks, scheduled->tick_count * sizeof *ticks);
    }
    for (size_t i = 0; i < count; i++) {
        const struct hr_value *at = &seen->items[HR_SEEN_COUNT + i];
        if (at->kind != HR_KIND_time) {
            return hr_answer(HR_E_CORRUPT);
        }
        ticks[scheduled->tick_count + i] = (struct hr_tick){.at = at->time, .position = position};
    }
    scheduled->ticks = ticks;
    scheduled->tick_count += count;
    if (missed > 0) {
        const struct hr_value *last = &seen->items[HR_SEEN_missed_last];
        scheduled->missed = missed;
        scheduled->missed_last = last->kind == HR_KIND_time ? last->time : HR_INSTANT_NONE;
    }
    return hr_done();
}

static hr_status move(const struct hr_folding *folding, struct hr_scheduled *scheduled,
                      uint64_t position, const struct hr_fact *fact)
{
    uint64_t timetable = 0;
    uint64_t rest = 0;
    hr_key_unpair(&fact->key, &timetable, &rest);
    scheduled->next = fact->until;
    switch (fact->state) {
    case HR_SCHEDULE_off: /* nobody knows any more what was to be done at the times that wait */
        scheduled->timetable = 0;
        scheduled->tick_count = 0;
        scheduled->swept_to = 0;
        scheduled->let_in = 0;
        return hr_done();
    case HR_SCHEDULE_began:
    case HR_SCHEDULE_changed:
        scheduled->last_at = scheduled->since == 0 ? HR_INSTANT_NONE : scheduled->last_at;
        scheduled->timetable = timetable;
        scheduled->since = fact->at;
        scheduled->handled = HR_INSTANT_NONE;
        return hr_done();
    case HR_SCHEDULE_moved:
        return hr_done();
    case HR_SCHEDULE_resumed:
        scheduled->handled = fact->at;
        return hr_done();
    case HR_SCHEDULE_looked:
        scheduled->handled = fact->at;
        return add_ticks(folding, scheduled, position, fact->number, &fact->value);
    default:
        return hr_answer(HR_E_CORRUPT);
    }
}

static hr_status sweep(struct hr_scheduled *scheduled, const struct hr_fact *fact)
{
    if (scheduled->tick_count == 0 || scheduled->ticks[0].at != fact->at) {
        return hr_answer(HR_E_CORRUPT);
    }
    scheduled->swept_to = fact->number;
    scheduled->let_in += fact->other;
    if (fact->state == 0) {
        return hr_done();
    }
    scheduled->last_at = fact->at;
    scheduled->last_let_in = scheduled->let_in;
    scheduled->swept_to = 0;
    scheduled->let_in = 0;
    scheduled->ticks++;
    scheduled->tick_count--;
    return hr_done();
}

hr_status hr_fold_schedule(const struct hr_folding *folding,
                           struct hr_automation_record *automation, uint64_t position,
                           const struct hr_fact *fact)
{
    automation->automation = fact->name;
    return fact->kind == HR_FACT_schedule_moved
               ? move(folding, &automation->scheduled, position, fact)
               : sweep(&automation->scheduled, fact);
}
