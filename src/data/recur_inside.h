/* data/recur_inside: what schedules share: sets of small numbers as bits, and dates. */
#ifndef HR_DATA_RECUR_INSIDE_H
#define HR_DATA_RECUR_INSIDE_H

#include "data/inside.h"
#include "data/recur.h"

enum { DAY_S = 86400 };

/* The lowest bit from `from` on, or the highest up to `to`; -1 if there is none. */
static inline int32_t bit_from(uint64_t bits, int32_t from)
{
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

#endif
