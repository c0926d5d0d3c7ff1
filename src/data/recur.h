/* data/recur: schedules: cron expressions, and the recurrence rules of iCalendar.
 *
 * Why      "every weekday at nine" must mean the same in summer and winter, and a schedule from outside must never
 *          be able to keep the engine busy.
 * Shape    a text becomes a value of fixed size (no arena); questions to it are answered without a clock.
 * Units    instants in microseconds UTC. A schedule speaks of the clock on the wall of a zone, in whole seconds.
 * Rules    A local time that a change of the clock skips happens at the end of the gap (once, however many of them
 *          fall into it). One that happens twice happens at its first. A cron expression whose hours are all hours
 *          (as in every 15 minutes) goes by the running clock instead: what is skipped does not happen, what comes
 *          twice happens twice.
 * Limits   cron: years 1970..2099. Rules: interval 1,000,000, count 100,000, HR_RULE_WORK days or times looked at
 *          between two instances, HR_RULE_WORK_AFTER on the way to one after an instant; years up to 9999.
 * Errors   HR_E_INPUT with a flaw: what is wrong, and which bytes of the text. HR_INSTANT_NONE: never (again).
 * Pure     yes.                                  Threads   values are immutable once read.
 * Source   POSIX.1-2017 crontab (five fields: where day and weekday are both given, either is enough); croncpp, Quartz
 *          and Spring (seconds first: both must hold; ? L W #); RFC 5545 3.3.10, as libical's tests settle what it
 *          leaves open.
 * Tests    tests/unit/data_recur_test.c, tests/conformance/schedules_test.c (corpora 40, 41); fuzz: cron, rule */
#ifndef HR_DATA_RECUR_H
#define HR_DATA_RECUR_H

#include "data/time.h"

/* What is wrong with a schedule, and which bytes of its text. */
struct hr_flaw {
    size_t at, size;
    const char *message;
};

/* ---- cron --------------------------------------------------------------------------------- */

enum hr_cron_form {
    HR_CRON_any,     /* by the number of fields: five are crontab, six or seven seconds */
    HR_CRON_crontab, /* minute hour day month weekday; sunday is 0 or 7 */
    HR_CRON_seconds, /* second minute hour day month weekday [year]; sunday is 0 */
    HR_CRON_oracle   /* the same, but months 0..11 and weekdays 1 (sunday)..7 */
};

/* How the day of the month, or the weekday, is given. */
enum hr_cron_day {
    HR_CRON_DAY_list,
    HR_CRON_DAY_last,         /* L: the last day; as a weekday: saturday, the last of the week */
    HR_CRON_DAY_last_working, /* LW */
    HR_CRON_DAY_near,         /* 15W: the working day nearest to the 15th, in the same month */
    HR_CRON_DAY_nth           /* 5#2: the second friday; 5L: the last (nth is 0) */
};

/* A cron expression. Bit n stands for n; months from 1, weekdays from 0 (sunday). */
struct hr_cron {
    uint64_t seconds, minutes;
    uint64_t years[3]; /* bit 0: 1970 */
    uint32_t hours, days;
    uint16_t months;
    uint8_t weekdays;
    uint8_t day_kind, weekday_kind; /* enum hr_cron_day */
    uint8_t near_day, nth;
    bool either; /* crontab: the day or the weekday is enough */
};

/* Reads an expression; HR_E_INPUT with the flaw (may be NULL), also where its date never comes (30 February).
 * One that names years may still name none that has its day (29 February 2027): then there is no next time. */
hr_status hr_cron_read(struct hr_text text, enum hr_cron_form form, struct hr_cron *ret_cron,
                       struct hr_flaw *reterr) HR_MUST_USE;
/* True if they name the same times. */
bool hr_cron_equal(const struct hr_cron *a, const struct hr_cron *b);
/* The first time after an instant, or the last one before it; HR_INSTANT_NONE when there is none. */
hr_instant hr_cron_next(const struct hr_cron *cron, const struct hr_zone *zone, hr_instant after);
hr_instant hr_cron_previous(const struct hr_cron *cron, const struct hr_zone *zone,
                            hr_instant before);

/* ---- recurrence rules --------------------------------------------------------------------- */

enum { HR_RULE_WORK = 100000, HR_RULE_WORK_AFTER = 10 * HR_RULE_WORK };

enum hr_rule_every {
    HR_RULE_second,
    HR_RULE_minute,
    HR_RULE_hour,
    HR_RULE_day,
    HR_RULE_week,
    HR_RULE_month,
    HR_RULE_year
};

enum hr_rule_until {
    HR_RULE_UNTIL_none,
    HR_RULE_UNTIL_day,
    HR_RULE_UNTIL_local,
    HR_RULE_UNTIL_utc
};

/* Numbers that count from the beginning [0] and from the end [1]; bit n stands for n. */
struct hr_rule_days {
    uint64_t bits[2][6];
};

/* A rule like "FREQ=MONTHLY;BYDAY=-1FR;COUNT=12". A part that is not given has no bits. */
struct hr_rule {
    uint8_t every;      /* enum hr_rule_every */
    uint8_t until_kind; /* enum hr_rule_until */
    uint8_t week_start; /* 0 monday */
    uint8_t weekdays;   /* those without a number; bit 0 monday */
    uint16_t months;
    uint32_t hours;
    uint32_t interval;
    uint32_t count; /* 0: no end by count */
    int64_t until;  /* seconds since 1970, on the wall or UTC */
    uint64_t seconds, minutes;
    uint64_t weeks[2];
    uint64_t nth[7][2];             /* by weekday: "2MO", "-1FR" */
    struct hr_rule_days month_days; /* 1..31 */
    struct hr_rule_days year_days;  /* 1..366 */
    struct hr_rule_days positions;  /* of BYSETPOS, 1..366 */
};

/* Reads a rule, with or without "RRULE:" before it. HR_E_INPUT with the flaw (may be NULL). */
hr_status hr_rule_read(struct hr_text text, struct hr_rule *ret_rule,
                       struct hr_flaw *reterr) HR_MUST_USE;

/* Where a rule begins: its first possible instance. */
struct hr_rule_start {
    const struct hr_zone *zone;
    hr_instant at;   /* whole seconds */
    bool whole_days; /* the date of `at` alone: what the rule says of times is left aside */
};

/* A walk over a rule's instances. All members are private. */
struct hr_rule_walk {
    struct hr_rule rule; /* with what the start fills in */
    const struct hr_zone *zone;
    int64_t start;  /* on the wall */
    int64_t from;   /* on the wall: what lies before is not looked for */
    int64_t first;  /* the start in seconds UTC */
    int64_t last;   /* the instance given last, seconds UTC; at first just before the start */
    int64_t period; /* counts from the start's own, in steps of the interval */
    int64_t base;   /* the start's own second, minute, hour, day, week, month or year */
    uint32_t given, work;
    bool by_weeks; /* a year is a year of whole weeks */
    int64_t first_day;
    uint64_t days[6]; /* of the period, from first_day */
    uint64_t minutes, seconds;
    uint32_t hours;
    uint64_t total, at; /* instances of the period, and the next one to look at */
};

enum hr_rule_outcome {
    HR_RULE_END = 1,  /* no more instances */
    HR_RULE_LIMIT = 2 /* the work was done without finding it: it may never come */
};

/* Begins a walk. HR_E_INPUT: a rule by hours, minutes or seconds needs a start with a time of day. */
hr_status hr_rule_begin(const struct hr_rule *rule, const struct hr_rule_start *start,
                        struct hr_rule_walk *ret_walk) HR_MUST_USE;
/* The next instance. Outcomes HR_RULE_END and HR_RULE_LIMIT. The start counts only if the rule names it. */
hr_status hr_rule_next(struct hr_rule_walk *walk, hr_instant *ret_instant) HR_MUST_USE;
/* The first instance after an instant; outcomes as above. With a count it walks there from the start, as far
 * as HR_RULE_WORK_AFTER goes: 100,000 weeks, 2,700 years. */
hr_status hr_rule_after(const struct hr_rule *rule, const struct hr_rule_start *start,
                        hr_instant after, hr_instant *ret_instant) HR_MUST_USE;

#endif
