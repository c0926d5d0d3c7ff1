/* data/rule_period: one period of a recurrence rule, from a second up to a year, as FREQ says. What it holds is a set
 * of days and a set of times of day, so the instance at any place of it is calculated, never listed: a period of a
 * million instances costs no more than one of two. */
#include "data/recur_inside.h"

#include <string.h>

/* ---- days of a period --------------------------------------------------------------------- */

/* True if the n-th of `size` things, from 1, is named from the beginning or from the end. */
static bool names(const struct hr_rule_days *days, int32_t n, int32_t size)
{
    int32_t back = size - n + 1;
    return (days->bits[0][n / 64] >> n % 64 & 1) != 0 ||
           (days->bits[1][back / 64] >> back % 64 & 1) != 0;
}

static bool names_bit(const uint64_t bits[2], int32_t n, int32_t back)
{
    return (bits[0] >> n & 1) != 0 || (bits[1] >> back & 1) != 0;
}

/* The first day of week 1: the first week with at least four days in the year. */
static int64_t first_week(const struct hr_rule *rule, int32_t year)
{
    int64_t fourth = days_of(year, 1, 4);
    return fourth - (date_of(fourth).weekday - rule->week_start + WEEK_DAYS) % WEEK_DAYS;
}

/* A weekday with or without a number; the numbers count within the month, or within the year. */
static bool weekday_matches(const struct hr_rule *rule, const struct date *date, int64_t day)
{
    if ((rule->weekdays >> date->weekday & 1) != 0) {
        return true;
    }
    const uint64_t *nth = rule->nth[date->weekday];
    if ((nth[0] | nth[1]) == 0) {
        return false;
    }
    int32_t place = date->day;
    int32_t size = month_size(date->year, date->month);
    if (rule->every == HR_RULE_year && rule->months == 0) {
        place = (int32_t)(day - days_of(date->year, 1, 1)) + 1;
        size = year_size(date->year);
    }
    return names_bit(nth, (place - 1) / WEEK_DAYS + 1, (size - place) / WEEK_DAYS + 1);
}

/* What the parts about days say of one day, but for the number of its week. */
static bool day_matches(const struct hr_rule *rule, int64_t day)
{
    struct date date = date_of(day);
    if (rule->months != 0 && (rule->months >> date.month & 1) == 0) {
        return false;
    }
    if (hr_days_any(&rule->month_days) &&
        !names(&rule->month_days, date.day, month_size(date.year, date.month))) {
        return false;
    }
    if (hr_days_any(&rule->year_days) &&
        !names(&rule->year_days, (int32_t)(day - days_of(date.year, 1, 1)) + 1,
               year_size(date.year))) {
        return false;
    }
    return !hr_rule_any_weekday(rule) || weekday_matches(rule, &date, day);
}

/* Fills walk->days with the matching days among `size` from walk->first_day on. */
static void choose_days(struct hr_rule_walk *walk, int32_t size)
{
    const struct hr_rule *rule = &walk->rule;
    memset(walk->days, 0, sizeof walk->days);
    for (int32_t index = 0; index < size; index++) {
        bool week = !walk->by_weeks || names_bit(rule->weeks, index / WEEK_DAYS + 1,
                                                 (size - index - 1) / WEEK_DAYS + 1);
        if (week && day_matches(rule, walk->first_day + index)) {
            walk->days[index / 64] |= UINT64_C(1) << index % 64;
        }
    }
    walk->work += (uint32_t)size;
}

/* ---- periods ------------------------------------------------------------------------------ */

/* Sets first_day of the period at hand and chooses its days; false beyond the last year. */
bool hr_rule_open_long(struct hr_rule_walk *walk, int64_t number)
{
    if (walk->rule.every == HR_RULE_week) {
        walk->first_day = number * WEEK_DAYS;
        walk->first_day += walk->rule.week_start - 3; /* 1970-01-01 was a Thursday */
        if (date_of(walk->first_day).year > RULE_YEAR_LAST) {
            return false;
        }
        choose_days(walk, WEEK_DAYS);
        return true;
    }
    bool is_year = walk->rule.every == HR_RULE_year;
    int64_t year = is_year ? number : divide_down(number, MONTHS);
    if (year > RULE_YEAR_LAST || year < 1) {
        return false;
    }
    int32_t month = is_year ? 1 : (int32_t)(number - year * MONTHS) + 1;
    if (walk->by_weeks) {
        walk->first_day = first_week(&walk->rule, (int32_t)year);
        choose_days(walk, (int32_t)(first_week(&walk->rule, (int32_t)year + 1) - walk->first_day));
    } else {
        walk->first_day = days_of((int32_t)year, month, 1);
        choose_days(walk, is_year ? year_size((int32_t)year) : month_size((int32_t)year, month));
    }
    return true;
}

/* How long nothing can match from the start of a short period on: to the end of the month, day, hour or minute that
 * does not match. 0: it matches. */
static int64_t dead_time(struct hr_rule_walk *walk, int64_t local)
{
    const struct hr_rule *rule = &walk->rule;
    int64_t day = divide_down(local, DAY_S);
    int32_t second = (int32_t)(local - day * DAY_S);
    struct date date = date_of(day);
    if (rule->months != 0 && (rule->months >> date.month & 1) == 0) {
        return (month_size(date.year, date.month) - date.day + 1) * (int64_t)DAY_S - second;
    }
    walk->first_day = day;
    choose_days(walk, 1);
    if (walk->days[0] == 0) {
        return DAY_S - second;
    }
    if (rule->every <= HR_RULE_hour && rule->hours != 0 &&
        (rule->hours >> second / 3600 & 1) == 0) {
        return 3600 - second % 3600;
    }
    if (rule->every <= HR_RULE_minute && rule->minutes != 0 &&
        (rule->minutes >> second / 60 % 60 & 1) == 0) {
        return 60 - second % 60;
    }
    bool seconds = rule->every == HR_RULE_second && rule->seconds != 0;
    return seconds && (rule->seconds >> second % 60 & 1) == 0 ? 1 : 0;
}

/* True if nothing from a local second on can be before the rule's end (offsets lie within two days of UTC). */
bool hr_rule_has_ended(const struct hr_rule_walk *walk, int64_t local)
{
    return hr_rule_is_behind(&walk->rule, local, local - 2 * DAY_S);
}

/* Opens the short period at walk->period or the next one that is not dead; false beyond the last year, behind the
 * rule's end, or when the work is done. */
static bool open_short_period(struct hr_rule_walk *walk)
{
    int64_t unit = hr_rule_unit_s(&walk->rule);
    int64_t step = unit * walk->rule.interval;
    for (;;) {
        int64_t local = walk->base * unit + walk->period * step;
        if (local >= days_of(RULE_YEAR_LAST + 1, 1, 1) * DAY_S || hr_rule_has_ended(walk, local) ||
            walk->work > HR_RULE_WORK) {
            return false;
        }
        int64_t dead = dead_time(walk, local);
        walk->work++;
        if (dead == 0) {
            int32_t second = (int32_t)(local - walk->first_day * DAY_S);
            enum hr_rule_every every = (enum hr_rule_every)walk->rule.every;
            walk->hours = every <= HR_RULE_hour ? 1u << second / 3600 : walk->rule.hours;
            walk->minutes =
                every <= HR_RULE_minute ? UINT64_C(1) << second / 60 % 60 : walk->rule.minutes;
            walk->seconds =
                every == HR_RULE_second ? UINT64_C(1) << second % 60 : walk->rule.seconds;
            return true;
        }
        walk->period += (dead + step - 1) / step;
    }
}

static uint32_t count_bits(uint64_t bits)
{
    return (uint32_t)__builtin_popcountll(bits);
}

static uint64_t times_a_day(const struct hr_rule_walk *walk)
{
    return (uint64_t)count_bits(walk->hours) * count_bits(walk->minutes) *
           count_bits(walk->seconds);
}

/* Opens the period at walk->period, or a later one that may hold something. */
bool hr_rule_open(struct hr_rule_walk *walk)
{
    if (walk->rule.every <= HR_RULE_day) {
        if (!open_short_period(walk)) {
            return false;
        }
    } else if (!hr_rule_open_long(walk, walk->base + walk->period * walk->rule.interval)) {
        return false;
    } else {
        walk->hours = walk->rule.hours;
        walk->minutes = walk->rule.minutes;
        walk->seconds = walk->rule.seconds;
    }
    uint32_t days = 0;
    for (size_t index = 0; index < 6; index++) {
        days += count_bits(walk->days[index]);
    }
    walk->total = days * times_a_day(walk);
    walk->at = 0;
    return true;
}

/* ---- instances of a period ---------------------------------------------------------------- */

/* The n-th set bit, from 0. */
static int32_t nth_bit(uint64_t bits, uint64_t n)
{
    for (; n > 0; n--) {
        bits &= bits - 1;
    }
    return (int32_t)__builtin_ctzll(bits);
}

/* The local second of the instance at a place of the period. */
int64_t hr_rule_instance(const struct hr_rule_walk *walk, uint64_t place)
{
    uint64_t each_hour = (uint64_t)count_bits(walk->minutes) * count_bits(walk->seconds);
    uint64_t each_day = times_a_day(walk);
    uint64_t day = place / each_day;
    size_t word = 0;
    while (day >= count_bits(walk->days[word])) {
        day -= count_bits(walk->days[word++]);
    }
    int64_t date = walk->first_day + (int64_t)word * 64 + nth_bit(walk->days[word], day);
    place %= each_day;
    int32_t hour = nth_bit(walk->hours, place / each_hour);
    place %= each_hour;
    int32_t minute = nth_bit(walk->minutes, place / count_bits(walk->seconds));
    int32_t second = nth_bit(walk->seconds, place % count_bits(walk->seconds));
    return date * DAY_S + hour * 3600 + minute * 60 + second;
}

/* Bits below `to`. */
static uint64_t below(uint64_t bits, int32_t to)
{
    return to > 63 ? bits : bits & ((UINT64_C(1) << to) - 1);
}

/* The place of the first instance at or behind a local second: how many lie before it. */
uint64_t hr_rule_place(const struct hr_rule_walk *walk, int64_t local)
{
    int64_t day = divide_down(local, DAY_S);
    int32_t second = (int32_t)(local - day * DAY_S);
    if (day < walk->first_day) {
        return 0;
    }
    if (day - walk->first_day >= 6 * 64) {
        return walk->total;
    }
    int32_t index = (int32_t)(day - walk->first_day);
    uint64_t days = 0;
    for (int32_t word = 0; word < index / 64; word++) {
        days += count_bits(walk->days[word]);
    }
    days += count_bits(below(walk->days[index / 64], index % 64));
    uint64_t place = days * times_a_day(walk);
    if ((walk->days[index / 64] >> index % 64 & 1) == 0) {
        return place;
    }
    uint64_t each_minute = count_bits(walk->seconds);
    uint64_t each_hour = count_bits(walk->minutes) * each_minute;
    int32_t hour = second / 3600;
    int32_t minute = second / 60 % 60;
    place += count_bits(below(walk->hours, hour)) * each_hour;
    if ((walk->hours >> hour & 1) == 0) {
        return place;
    }
    place += count_bits(below(walk->minutes, minute)) * each_minute;
    if ((walk->minutes >> minute & 1) == 0) {
        return place;
    }
    return place + count_bits(below(walk->seconds, second % 60));
}

/* The first place from walk->at on that BYSETPOS names; walk->total if it names none. */
uint64_t hr_rule_next_place(const struct hr_rule_walk *walk)
{
    const struct hr_rule_days *positions = &walk->rule.positions;
    if (!hr_days_any(positions) || walk->at >= walk->total) {
        return walk->at;
    }
    uint64_t found = walk->total;
    for (int32_t n = 1; n <= 366; n++) {
        uint64_t from_start = (uint64_t)n - 1;
        uint64_t from_end = walk->total - (uint64_t)n; /* wraps where there are fewer */
        if ((positions->bits[0][n / 64] >> n % 64 & 1) != 0 && from_start >= walk->at &&
            from_start < found) {
            found = from_start;
        }
        if ((positions->bits[1][n / 64] >> n % 64 & 1) != 0 && (uint64_t)n <= walk->total &&
            from_end >= walk->at && from_end < found) {
            found = from_end;
        }
    }
    return found;
}
