/* engine/schedule: when an automation starts by the clock: its next time, and what is to run after the clock was not
 * looked at for a while.
 *
 * Why      "every day at 07:30" means what people think on every day of the year, and downtime neither eats a time
 *          nor runs it twice.
 * Shape    struct hr_timetable (a schedule of the plan, where it is kept, since when) -> the next tick, or struct
 *          hr_ticks: what to run now, what was missed, and what was done about it.
 * Units    instants in microseconds UTC. Ticks are whole minutes of the clock on the wall; whole seconds where a
 *          recurrence rule names seconds.
 * Rules    Days (every day at 02:30): one tick a local day. A time that a change of the clock skips is the next valid
 *          minute; one that comes twice is its first. Cron and recurrence rules as data/recur.h says. A recurrence
 *          rule begins in the minute after `since`; what it leaves out of the time of day is 0 (DAILY: 00:00), what it
 *          leaves out of the day is taken from the day of `since`.
 *          A tick that is looked at more than HR_TICK_TOLERANCE_US after its time was missed. The others of a look are
 *          run whatever `if_missed` says. Of those missed, run_once runs the newest if none is on time (else the newest
 *          on time stands for them), skip runs none, run_all runs each, but of all that are due only the newest
 *          HR_TICKS_MAX.
 *          A clock that stands before the tick handled last runs nothing.
 * Owner    nothing is allocated.
 * Limits   HR_TICKS_MAX a look; missed ones are counted up to HR_TICKS_COUNTED_MAX. Business days are looked for 3,660
 *          days ahead.
 * Errors   none: HR_INSTANT_NONE is never again (or not within the limits of data/recur.h).
 * Pure     yes, and no malloc.                   Threads  safe.
 * Tests    tests/unit/engine_schedule_test.c, tests/conformance/engine_zones_test.c (every change of every zone) */
#ifndef HR_ENGINE_SCHEDULE_H
#define HR_ENGINE_SCHEDULE_H

#include "plan/plan.h"

#define HR_TICK_TOLERANCE_US HR_MINUTE_US

enum { HR_TICKS_MAX = 366, HR_TICKS_COUNTED_MAX = 1000 };

struct hr_timetable {
    const struct hr_schedule *schedule;
    const struct hr_zone *zone;
    const struct hr_hours *hours; /* for business days; NULL: every day is one */
    hr_instant since;             /* it came into force; its ticks are all later. Never none */
};

/* The first tick after an instant. */
hr_instant hr_timetable_next(const struct hr_timetable *table, hr_instant after);

/* Not before then does somebody go through it again who did so last at `last_at`, where its file says after how long.
 * "After 1 day" by a schedule is its time of the next day, also where a change of the clock makes a day shorter. */
hr_instant hr_automation_again(const struct hr_plan *plan, const struct hr_automation *automation,
                               hr_instant last_at);

struct hr_ticks {
    hr_instant run[HR_TICKS_MAX]; /* to run now, oldest first */
    size_t run_count;
    uint32_t missed;         /* the ticks that were missed */
    bool missed_more;        /* and more of them, which were not counted */
    uint32_t missed_run;     /* how many of those missed are run now */
    hr_instant missed_first; /* none missed: HR_INSTANT_NONE */
    hr_instant missed_last;
    enum hr_if_missed if_missed; /* what was asked for */
    hr_instant handled; /* the newest tick that is behind us; what to give to the next look */
    hr_instant next;    /* the next look */
};
/* What to run at `now`, when `handled` is the tick handled last; HR_INSTANT_NONE: none yet. */
void hr_timetable_look(const struct hr_timetable *table, enum hr_if_missed if_missed,
                       hr_instant handled, hr_instant now, struct hr_ticks *ret_ticks);

#endif
