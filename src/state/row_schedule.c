/* The part of an automation's row that says how far its schedule has come. Most have none: one byte says so. */
#include "state/state_internal.h"

enum { HAS_NONE, HAS_SCHEDULE };

static bool is_empty(const struct hr_scheduled *scheduled)
{
    return scheduled->timetable == 0 && scheduled->tick_count == 0 && scheduled->since == 0;
}

void hr_put_scheduled(struct hr_buffer *out, const struct hr_scheduled *scheduled)
{
    hr_put_uint(out, is_empty(scheduled) ? HAS_NONE : HAS_SCHEDULE);
    if (is_empty(scheduled)) {
        return;
    }
    hr_put_uint(out, scheduled->timetable);
    hr_put_int(out, scheduled->since);
    hr_put_instant(out, scheduled->since, scheduled->handled);
    hr_put_instant(out, scheduled->since, scheduled->next);
    hr_put_uint(out, scheduled->tick_count);
    for (size_t i = 0; i < scheduled->tick_count; i++) {
        hr_put_instant(out, scheduled->since, scheduled->ticks[i].at);
        hr_put_uint(out, scheduled->ticks[i].position);
    }
    hr_put_uint(out, scheduled->swept_to);
    hr_put_uint(out, scheduled->let_in);
    hr_put_instant(out, scheduled->since, scheduled->last_at);
    hr_put_uint(out, scheduled->last_let_in);
    hr_put_uint(out, scheduled->missed);
    hr_put_instant(out, scheduled->since, scheduled->missed_last);
}

hr_status hr_get_scheduled(struct hr_reader *in, struct hr_arena *into,
                           struct hr_scheduled *scheduled)
{
    if (hr_get_uint_max(in, HAS_SCHEDULE) == HAS_NONE) {
        return hr_done();
    }
    scheduled->timetable = hr_get_uint(in);
    scheduled->since = hr_get_int(in);
    scheduled->handled = hr_get_instant(in, scheduled->since);
    scheduled->next = hr_get_instant(in, scheduled->since);
    scheduled->tick_count = (size_t)hr_get_uint_max(in, HR_TICKS_WAITING_MAX);
    scheduled->ticks = hr_arena_new_many(into, struct hr_tick, scheduled->tick_count);
    if (scheduled->ticks == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < scheduled->tick_count && !in->failed; i++) {
        scheduled->ticks[i].at = hr_get_instant(in, scheduled->since);
        scheduled->ticks[i].position = hr_get_uint(in);
    }
    scheduled->swept_to = hr_get_uint(in);
    scheduled->let_in = hr_get_uint(in);
    scheduled->last_at = hr_get_instant(in, scheduled->since);
    scheduled->last_let_in = hr_get_uint(in);
    scheduled->missed = hr_get_uint(in);
    scheduled->missed_last = hr_get_instant(in, scheduled->since);
    return hr_done();
}
