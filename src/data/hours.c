/* data/hours: business hours: adding business time and business days across nights, weekends,
 * holidays and changes of the clock. It walks day by day, so its work is bounded by the furthest
 * day. */
#include "data/time.h"

enum { DAYS_AHEAD_MAX = 3660 };

static bool is_closed(const struct hr_hours *hours, int64_t day)
{
    size_t low = 0;
    size_t high = hours->closed_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (hours->closed[middle] == day) {
            return true;
        }
        if (hours->closed[middle] < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

static bool is_open_day(const struct hr_hours *hours, int64_t day)
{
    int64_t weekday = ((day + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
    return (hours->weekdays >> weekday & 1) != 0 && !is_closed(hours, day);
}

static int64_t local_day(const struct hr_civil *civil)
{
    return hr_days_from_date(civil->year, civil->month, civil->day);
}

static void check_hours(const struct hr_hours *hours)
{
    hr_assert(hours->zone != NULL);
    hr_assert(hours->from_minute < hours->to_minute && hours->to_minute <= 1440);
}

/* Spends `left` on the open time of each day. A clock that is put back or forward inside the
 * opening hours makes that day longer or shorter, as for the people who work it. */
static hr_instant after_business_time(const struct hr_hours *hours, hr_instant from, int64_t left)
{
    struct hr_civil civil = hr_zone_civil(hours->zone, from);
    int64_t first = local_day(&civil);
    for (int64_t day = first; day <= first + DAYS_AHEAD_MAX; day++) {
        if (!is_open_day(hours, day)) {
            continue;
        }
        hr_instant opens = hr_zone_instant(hours->zone, day, hours->from_minute);
        hr_instant closes = hr_zone_instant(hours->zone, day, hours->to_minute);
        hr_instant begin = from > opens ? from : opens;
        if (begin >= closes) {
            continue;
        }
        if (left <= closes - begin) {
            return begin + left;
        }
        left -= closes - begin;
    }
    return HR_INSTANT_NONE;
}

/* The same time of day on the n-th open day after, moved into the opening hours. */
static hr_instant after_business_days(const struct hr_hours *hours, hr_instant from, int64_t left)
{
    struct hr_civil civil = hr_zone_civil(hours->zone, from);
    int64_t first = local_day(&civil);
    int64_t day = first;
    while (left > 0) {
        day++;
        if (day > first + DAYS_AHEAD_MAX) {
            return HR_INSTANT_NONE;
        }
        left -= is_open_day(hours, day) ? 1 : 0;
    }
    int32_t minute = civil.hour * 60 + civil.minute;
    if (minute < hours->from_minute) {
        return hr_zone_instant(hours->zone, day, hours->from_minute);
    }
    if (minute >= hours->to_minute) {
        return hr_zone_instant(hours->zone, day, hours->to_minute);
    }
    return hr_zone_instant(hours->zone, day, minute) + civil.second * HR_SECOND_US +
           civil.microsecond;
}

hr_instant hr_hours_after(const struct hr_hours *hours, hr_instant from, struct hr_span span)
{
    if (from == HR_INSTANT_NONE || span.amount < 0) {
        return HR_INSTANT_NONE;
    }
    bool days = span.unit == HR_SPAN_business_days;
    if (span.amount > (days ? DAYS_AHEAD_MAX : DAYS_AHEAD_MAX * HR_DAY_US)) {
        return HR_INSTANT_NONE;
    }
    if (span.unit == HR_SPAN_elapsed || hours == NULL) {
        int64_t ahead_us = days ? span.amount * HR_DAY_US : span.amount;
        return from > INT64_MAX - ahead_us ? HR_INSTANT_NONE : from + ahead_us;
    }
    check_hours(hours);
    return days ? after_business_days(hours, from, span.amount)
                : after_business_time(hours, from, span.amount);
}

bool hr_hours_open(const struct hr_hours *hours, hr_instant at)
{
    check_hours(hours);
    struct hr_civil civil = hr_zone_civil(hours->zone, at);
    int64_t day = local_day(&civil);
    return is_open_day(hours, day) && at >= hr_zone_instant(hours->zone, day, hours->from_minute) &&
           at < hr_zone_instant(hours->zone, day, hours->to_minute);
}

bool hr_hours_between(const struct hr_hours *hours, hr_instant from, hr_instant to,
                      int64_t *ret_open_us)
{
    check_hours(hours);
    *ret_open_us = 0;
    if (from >= to) {
        return true;
    }
    struct hr_civil civil = hr_zone_civil(hours->zone, from);
    int64_t first = local_day(&civil);
    for (int64_t day = first; day <= first + DAYS_AHEAD_MAX; day++) {
        hr_instant opens = hr_zone_instant(hours->zone, day, hours->from_minute);
        hr_instant closes = hr_zone_instant(hours->zone, day, hours->to_minute);
        if (opens >= to) {
            return true;
        }
        opens = opens > from ? opens : from;
        closes = closes < to ? closes : to;
        *ret_open_us += is_open_day(hours, day) && closes > opens ? closes - opens : 0;
    }
    return false;
}
