/* data/cron: the next and the previous time of a cron expression. First the date is found, month by month and day by
 * day, then the time of day in its sets; only then the clock on the wall becomes an instant. */
#include "data/recur_inside.h"

enum { YEAR_FIRST = 1970, YEAR_LAST = 2099, ALL_HOURS = (1 << 24) - 1 };

/* ---- days --------------------------------------------------------------------------------- */

/* The working day nearest to a day, in the same month. */
static int32_t near_working_day(int32_t day, int32_t weekday, int32_t size)
{
    if (weekday == 5) { /* saturday */
        return day > 1 ? day - 1 : day + 2;
    }
    if (weekday == 6) {
        return day < size ? day + 1 : day - 2;
    }
    return day;
}

static bool day_matches(const struct hr_cron *cron, const struct date *date, int32_t size)
{
    int32_t last_weekday = (date->weekday + size - date->day) % 7;
    switch ((enum hr_cron_day)cron->day_kind) {
    case HR_CRON_DAY_last:
        return date->day == size;
    case HR_CRON_DAY_last_working:
        return date->day == near_working_day(size, last_weekday, size);
    case HR_CRON_DAY_near: {
        int32_t weekday = (date->weekday + cron->near_day - date->day + 35) % 7;
        return cron->near_day <= size &&
               date->day == near_working_day(cron->near_day, weekday, size);
    }
    case HR_CRON_DAY_list:
    case HR_CRON_DAY_nth:
        break;
    }
    return (cron->days >> date->day & 1) != 0;
}

static bool weekday_matches(const struct hr_cron *cron, const struct date *date, int32_t size)
{
    if ((cron->weekdays >> (date->weekday + 1) % 7 & 1) == 0) {
        return false;
    }
    if (cron->weekday_kind != HR_CRON_DAY_nth) {
        return true;
    }
    return cron->nth == 0 ? date->day + 7 > size : (date->day - 1) / 7 + 1 == cron->nth;
}

static bool date_matches(const struct hr_cron *cron, const struct date *date, int32_t size)
{
    bool day = day_matches(cron, date, size);
    bool weekday = weekday_matches(cron, date, size);
    return cron->either ? day || weekday : day && weekday;
}

static bool month_matches(const struct hr_cron *cron, int32_t year, int32_t month)
{
    uint32_t bit = (uint32_t)(year - YEAR_FIRST);
    return (cron->years[bit / 64] >> bit % 64 & 1) != 0 && (cron->months >> month & 1) != 0;
}

/* The first (step 1) or last (step -1) matching day of a month from a given day on, 0 if there is none. */
static int32_t find_day(const struct hr_cron *cron, struct date date, int32_t step)
{
    int32_t size = month_size(date.year, date.month);
    for (; date.day >= 1 && date.day <= size; date.day += step) {
        if (date_matches(cron, &date, size)) {
            return date.day;
        }
        date.weekday = (date.weekday + step + 7) % 7;
    }
    return 0;
}

/* ---- times of day ------------------------------------------------------------------------- */

/* The first time of day from a second on; -1 if there is none. */
static int32_t clock_from(const struct hr_cron *cron, int32_t second)
{
    int32_t hour = second / 3600;
    int32_t minute = second / 60 % 60;
    int32_t first_minute = bit_from(cron->minutes, 0);
    int32_t first_second = bit_from(cron->seconds, 0);
    if (bit_from(cron->hours, hour) == hour) {
        int32_t found = bit_from(cron->seconds, second % 60);
        if (bit_from(cron->minutes, minute) == minute && found >= 0) {
            return hour * 3600 + minute * 60 + found;
        }
        minute = bit_from(cron->minutes, minute + 1);
        if (minute >= 0) {
            return hour * 3600 + minute * 60 + first_second;
        }
    }
    hour = bit_from(cron->hours, hour + 1);
    return hour < 0 ? -1 : hour * 3600 + first_minute * 60 + first_second;
}

/* The last time of day up to a second; -1 if there is none. */
static int32_t clock_to(const struct hr_cron *cron, int32_t second)
{
    int32_t hour = second / 3600;
    int32_t minute = second / 60 % 60;
    int32_t last_minute = bit_to(cron->minutes, 59);
    int32_t last_second = bit_to(cron->seconds, 59);
    if (bit_to(cron->hours, hour) == hour) {
        int32_t found = bit_to(cron->seconds, second % 60);
        if (bit_to(cron->minutes, minute) == minute && found >= 0) {
            return hour * 3600 + minute * 60 + found;
        }
        minute = bit_to(cron->minutes, minute - 1);
        if (minute >= 0) {
            return hour * 3600 + minute * 60 + last_second;
        }
    }
    hour = bit_to(cron->hours, hour - 1);
    return hour < 0 ? -1 : hour * 3600 + last_minute * 60 + last_second;
}

/* ---- on the wall -------------------------------------------------------------------------- */

/* The first matching local second from one on; false if there is none up to the last year. */
static bool find_from(const struct hr_cron *cron, int64_t local, int64_t *ret_local)
{
    int64_t first = days_of(YEAR_FIRST, 1, 1) * DAY_S;
    local = local < first ? first : local;
    int64_t today = divide_down(local, DAY_S);
    struct date date = date_of(today);
    int32_t clock = clock_from(cron, (int32_t)(local - today * DAY_S));
    while (date.year <= YEAR_LAST) {
        int32_t day = month_matches(cron, date.year, date.month) ? find_day(cron, date, 1) : 0;
        int64_t found = day == 0 ? 0 : days_of(date.year, date.month, day);
        if (day > 0 && (found != today || clock >= 0)) {
            *ret_local = found * DAY_S + (found == today ? clock : clock_from(cron, 0));
            return true;
        }
        /* to the day behind the one found, or to the next month */
        int64_t next = day > 0
                           ? found + 1
                           : days_of(date.year, date.month, 1) + month_size(date.year, date.month);
        date = date_of(next);
    }
    return false;
}

/* The last matching local second up to one. */
static bool find_to(const struct hr_cron *cron, int64_t local, int64_t *ret_local)
{
    int64_t last = days_of(YEAR_LAST + 1, 1, 1) * DAY_S - 1;
    local = local > last ? last : local;
    int64_t today = divide_down(local, DAY_S);
    struct date date = date_of(today);
    int32_t clock = clock_to(cron, (int32_t)(local - today * DAY_S));
    while (date.year >= YEAR_FIRST) {
        int32_t day = month_matches(cron, date.year, date.month) ? find_day(cron, date, -1) : 0;
        int64_t found = day == 0 ? 0 : days_of(date.year, date.month, day);
        if (day > 0 && (found != today || clock >= 0)) {
            *ret_local = found * DAY_S + (found == today ? clock : clock_to(cron, DAY_S - 1));
            return true;
        }
        date = date_of(day > 0 ? found - 1 : days_of(date.year, date.month, 1) - 1);
    }
    return false;
}

/* ---- instants ----------------------------------------------------------------------------- */

/* By the running clock: stretch by stretch of one offset, so that nothing is looked for in a gap, and an hour that
 * comes twice is walked twice. */
static hr_instant next_running(const struct hr_cron *cron, const struct hr_zone *zone,
                               int64_t second)
{
    int64_t local;
    for (;;) {
        struct hr_stretch stretch = hr_zone_stretch(zone, second);
        if (!find_from(cron, second + stretch.offset_s, &local)) {
            return HR_INSTANT_NONE;
        }
        if (local - stretch.offset_s < stretch.to) {
            return (local - stretch.offset_s) * HR_SECOND_US;
        }
        second = stretch.to;
    }
}

static hr_instant previous_running(const struct hr_cron *cron, const struct hr_zone *zone,
                                   int64_t second)
{
    int64_t local;
    for (;;) {
        struct hr_stretch stretch = hr_zone_stretch(zone, second);
        if (!find_to(cron, second + stretch.offset_s, &local)) {
            return HR_INSTANT_NONE;
        }
        if (local - stretch.offset_s >= stretch.from) {
            return (local - stretch.offset_s) * HR_SECOND_US;
        }
        second = stretch.from - 1;
    }
}

/* Questions from outside the years that are known answer at once, before anything could overflow. */
static bool too_early(hr_instant instant)
{
    return instant < days_of(YEAR_FIRST - 1, 1, 1) * HR_DAY_US;
}

static bool too_late(hr_instant instant)
{
    return instant > days_of(YEAR_LAST + 2, 1, 1) * HR_DAY_US;
}

hr_instant hr_cron_next(const struct hr_cron *cron, const struct hr_zone *zone, hr_instant after)
{
    if (after == HR_INSTANT_NONE || too_late(after)) {
        return HR_INSTANT_NONE;
    }
    int64_t second =
        too_early(after) ? days_of(YEAR_FIRST - 1, 1, 1) * DAY_S : divide_down(after, HR_SECOND_US);
    if (cron->hours == ALL_HOURS) {
        return next_running(cron, zone, second + 1);
    }
    int64_t local = second + hr_zone_stretch(zone, second).offset_s;
    while (find_from(cron, local + 1, &local)) {
        int64_t found = hr_zone_second(zone, local);
        if (found > second) {
            return found * HR_SECOND_US;
        }
    }
    return HR_INSTANT_NONE;
}

hr_instant hr_cron_previous(const struct hr_cron *cron, const struct hr_zone *zone,
                            hr_instant before)
{
    if (before == HR_INSTANT_NONE || too_early(before)) {
        return HR_INSTANT_NONE;
    }
    int64_t second = too_late(before) ? days_of(YEAR_LAST + 2, 1, 1) * DAY_S
                                      : divide_down(before - 1, HR_SECOND_US);
    if (cron->hours == ALL_HOURS) {
        return previous_running(cron, zone, second);
    }
    /* what comes twice happens at its first, so a later local time may lie before, too */
    int32_t offset = hr_zone_stretch(zone, second).offset_s;
    int32_t earlier = hr_zone_stretch(zone, second - DAY_S).offset_s;
    int64_t local = second + (earlier > offset ? earlier : offset) + 1;
    while (find_to(cron, local - 1, &local)) {
        int64_t found = hr_zone_second(zone, local);
        if (found <= second) {
            return found * HR_SECOND_US;
        }
    }
    return HR_INSTANT_NONE;
}
