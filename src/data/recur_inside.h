/* data/recur_inside: what schedules share: sets of small numbers as bits, and dates. */
#ifndef HR_DATA_RECUR_INSIDE_H
#define HR_DATA_RECUR_INSIDE_H

#include "data/inside.h"
#include "data/recur.h"

enum { DAY_S = 86400, WEEK_DAYS = 7, MONTHS = 12, RULE_YEAR_LAST = 9999 };

/* The lowest bit from `from` on, or the highest up to `to`; -1 if there is none. */
static inline int32_t bit_from(uint64_t bits, int32_t from)
{
    hr_assert(from >= 0);
    bits = from > 63 ? 0 : bits >> from;
    return bits == 0 ? -1 : from + (int32_t)__builtin_ctzll(bits);
}

static inline int32_t bit_to(uint64_t bits, int32_t to)
{
    bits = to < 0 ? 0 : to > 62 ? bits : bits & ((UINT64_C(2) << to) - 1);
    return bits == 0 ? -1 : 63 - (int32_t)__builtin_clzll(bits);
}

/* Rounds down, also below zero. */
static inline int64_t divide_down(int64_t value, int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

/* A day of the proleptic Gregorian calendar with its neighbourhood. */
struct date {
    int32_t year, month, day;
    int32_t weekday; /* 0 monday */
};

static inline struct date date_of(int64_t days)
{
    struct hr_civil civil = hr_civil_at_offset(days * HR_DAY_US, 0);
    return (struct date){civil.year, civil.month, civil.day, civil.weekday};
}

static inline int64_t days_of(int32_t year, int32_t month, int32_t day)
{
    return hr_days_from_date(year, (uint32_t)month, (uint32_t)day);
}

/* Days of a month, and of a year. */
static inline int32_t month_size(int32_t year, int32_t month)
{
    int64_t next = month == 12 ? days_of(year + 1, 1, 1) : days_of(year, month + 1, 1);
    return (int32_t)(next - days_of(year, month, 1));
}

static inline int32_t year_size(int32_t year)
{
    return (int32_t)(days_of(year + 1, 1, 1) - days_of(year, 1, 1));
}

/* ---- rules -------------------------------------------------------------------------------- */

/* True if any number, or any weekday, is named at all. */
static inline bool hr_days_any(const struct hr_rule_days *days)
{
    uint64_t any = 0;
    for (size_t index = 0; index < 6; index++) {
        any |= days->bits[0][index] | days->bits[1][index];
    }
    return any != 0;
}

static inline bool hr_rule_any_weekday(const struct hr_rule *rule)
{
    uint64_t any = rule->weekdays;
    for (size_t weekday = 0; weekday < WEEK_DAYS; weekday++) {
        any |= rule->nth[weekday][0] | rule->nth[weekday][1];
    }
    return any != 0;
}

/* Seconds of the periods that are shorter than a week. */
static inline int64_t hr_rule_unit_s(const struct hr_rule *rule)
{
    static const int32_t units[] = {1, 60, 3600, DAY_S};
    hr_assert(rule->every <= HR_RULE_day);
    return units[rule->every];
}

/* Whether an instance is behind the rule's end; its time on the wall, and UTC. */
static inline bool hr_rule_is_behind(const struct hr_rule *rule, int64_t local, int64_t second)
{
    if (rule->until_kind == HR_RULE_UNTIL_none) {
        return false;
    }
    return (rule->until_kind == HR_RULE_UNTIL_utc ? second : local) > rule->until;
}

/* Opens the period at walk->period, or a later one that may hold something: fills in its days, its times and their
 * number. False beyond the last year, behind the rule's end, or when the work is done. */
bool hr_rule_open(struct hr_rule_walk *walk);

/* Opens the week, month or year of that number, but for its times; false beyond the last year. */
bool hr_rule_open_long(struct hr_rule_walk *walk, int64_t number);

/* True if nothing from a local second on can be before the rule's end. */
bool hr_rule_has_ended(const struct hr_rule_walk *walk, int64_t local);

/* The local second of the instance at a place of the open period, and the other way round: the place of the first
 * instance at or behind a local second. */
int64_t hr_rule_instance(const struct hr_rule_walk *walk, uint64_t place);
uint64_t hr_rule_place(const struct hr_rule_walk *walk, int64_t local);

/* The first place from walk->at on that BYSETPOS names; walk->total if it names none. */
uint64_t hr_rule_next_place(const struct hr_rule_walk *walk);

#endif
