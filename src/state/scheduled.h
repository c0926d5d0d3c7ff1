/* state/scheduled: how far an automation that starts by the clock has come: part of its row.
 *
 * Why      every time of a schedule is carried out once, whatever happens in between; what was found due is kept until
 *          everybody was looked at.
 * Shape    since when the schedule holds, the newest time that is behind us, the next one; times that were found due
 *          and are not yet carried out, oldest first, and how far the first of them has come.
 * Units    instants in us UTC; positions of entries.
 * Owner    the arena of the record.
 * Limits   HR_TICKS_WAITING_MAX times that wait.
 * Pure     yes.
 * Tests    tests/unit/state_row_test.c, tests/scenario/stories, tests/sim */
#ifndef HR_STATE_SCHEDULED_H
#define HR_STATE_SCHEDULED_H

#include "journal/journal.h"

enum { HR_TICKS_WAITING_MAX = 366 };

/* A time that was found due. */
struct hr_tick {
    hr_instant at;
    uint64_t position; /* of the entry that found it: who was known before it is looked at */
};
struct hr_scheduled {
    uint64_t
        timetable; /* of the schedule that holds: another one is another number; 0: it has none */
    hr_instant since;
    hr_instant handled; /* the newest time that is behind us; HR_INSTANT_NONE: none yet */
    hr_instant next;    /* HR_INSTANT_NONE: never again */
    struct hr_tick *ticks;
    size_t tick_count;
    uint64_t swept_to; /* of the first: the last record that was looked at */
    uint64_t let_in;   /* of the first */
    hr_instant
        last_at; /* the newest time for which everybody was looked at; HR_INSTANT_NONE: none */
    uint64_t last_let_in;
    uint64_t missed;        /* of the newest look that found missed ones: how many */
    hr_instant missed_last; /* the newest of those; means something where missed is not 0 */
};
/* What schedule_moved says: of its state. */
enum hr_schedule_news {
    HR_SCHEDULE_off,     /* it starts by no schedule any more */
    HR_SCHEDULE_began,   /* it had none */
    HR_SCHEDULE_changed, /* it had another one, and begins anew */
    HR_SCHEDULE_moved,   /* what the clock says of it has changed */
    HR_SCHEDULE_resumed, /* a person let it go on: what passed meanwhile is not made up */
    HR_SCHEDULE_looked,  /* a time was reached */
    HR_SCHEDULE_NEWS_COUNT
};
/* The value of schedule_moved where times were reached: a list of these, and behind them the times to carry out. */
enum hr_schedule_seen {
    HR_SEEN_missed_first, /* null: none was missed */
    HR_SEEN_missed_last,
    HR_SEEN_missed_more, /* and more of them, which were not counted */
    HR_SEEN_missed_run,  /* how many of those missed are carried out */
    HR_SEEN_COUNT
};

#endif
