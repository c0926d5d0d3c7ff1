/* data/instant: instants, civil dates and durations: reading, writing and saying them. Days are
 * counted in the proleptic Gregorian calendar by eras of 400 years, so no table and no loop is
 * needed. */
#include "data/time.h"

#include <string.h>

enum { YEAR_MIN = 1, YEAR_MAX = 9999, SPAN_DAYS_MAX = 3660 };

/* ---- the calendar ------------------------------------------------------------------------- */

int64_t hr_days_from_date(int32_t year, uint32_t month, uint32_t day)
{
    hr_assert(month >= 1 && month <= 12);
    /* the year begins in March, so that the leap day is its last */
    int64_t shifted = (int64_t)year - (month <= 2 ? 1 : 0);
    int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
    int64_t year_of_era = shifted - era * 400;
    int64_t month_from_march = ((int64_t)month + 9) % 12;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + (int64_t)day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static void date_from_days(int64_t days, struct hr_civil *civil)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    civil->day = (uint8_t)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    civil->month = (uint8_t)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    civil->year = (int32_t)(year_of_era + era * 400 + (civil->month <= 2 ? 1 : 0));
}

static int64_t divide_down(int64_t value, int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

struct hr_civil hr_civil_at_offset(hr_instant instant, int32_t offset_s)
{
    struct hr_civil civil = {.offset_s = offset_s};
    int64_t seconds = divide_down(instant, HR_SECOND_US);
    civil.microsecond = (int32_t)(instant - seconds * HR_SECOND_US);
    seconds += offset_s;
    int64_t days = divide_down(seconds, 86400);
    int64_t second_of_day = seconds - days * 86400;
    date_from_days(days, &civil);
    civil.hour = (uint8_t)(second_of_day / 3600);
    civil.minute = (uint8_t)(second_of_day / 60 % 60);
    civil.second = (uint8_t)(second_of_day % 60);
    civil.weekday = (uint8_t)(((days + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
    civil.year_day = (uint16_t)(days - hr_days_from_date(civil.year, 1, 1));
    return civil;
}

hr_instant hr_civil_instant(const struct hr_civil *civil)
{
    hr_assert(civil->year >= -9999 && civil->year <= 99999);
    int64_t seconds = hr_days_from_date(civil->year, civil->month, civil->day) * 86400;
    seconds += (int64_t)civil->hour * 3600 + (int64_t)civil->minute * 60 + civil->second;
    return (seconds - civil->offset_s) * HR_SECOND_US + civil->microsecond;
}

/* ---- RFC 3339 ----------------------------------------------------------------------------- */

/* Exactly `count` digits at *at. */
static bool read_digits(struct hr_text text, size_t *at, size_t count, uint32_t *ret_value)
{
    if (text.size - *at < count) {
        return false;
    }
    uint32_t value = 0;
    for (size_t end = *at + count; *at < end; (*at)++) {
        char byte = text.data[*at];
        if (byte < '0' || byte > '9') {
            return false;
        }
        value = value * 10 + (uint32_t)(byte - '0');
    }
    *ret_value = value;
    return true;
}

static bool read_byte(struct hr_text text, size_t *at, char byte)
{
    if (*at >= text.size || text.data[*at] != byte) {
        return false;
    }
    (*at)++;
    return true;
}

static uint32_t days_of_month(uint32_t year, uint32_t month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool read_date(struct hr_text text, size_t *at, struct hr_civil *civil)
{
    uint32_t year, month, day;
    if (!read_digits(text, at, 4, &year) || !read_byte(text, at, '-') ||
        !read_digits(text, at, 2, &month) || !read_byte(text, at, '-') ||
        !read_digits(text, at, 2, &day)) {
        return false;
    }
    if (year < YEAR_MIN || month < 1 || month > 12 || day < 1 || day > days_of_month(year, month)) {
        return false;
    }
    civil->year = (int32_t)year;
    civil->month = (uint8_t)month;
    civil->day = (uint8_t)day;
    return true;
}

/* Any number of decimals; those beyond the sixth are dropped. */
static bool read_fraction(struct hr_text text, size_t *at, struct hr_civil *civil)
{
    int32_t unit = 100000;
    size_t first = *at;
    for (; *at < text.size && text.data[*at] >= '0' && text.data[*at] <= '9'; (*at)++) {
        civil->microsecond += (text.data[*at] - '0') * unit;
        unit /= 10;
    }
    return *at > first;
}

static bool read_clock(struct hr_text text, size_t *at, struct hr_civil *civil)
{
    uint32_t hour, minute, second;
    if (!read_digits(text, at, 2, &hour) || !read_byte(text, at, ':') ||
        !read_digits(text, at, 2, &minute) || !read_byte(text, at, ':') ||
        !read_digits(text, at, 2, &second) || hour > 23 || minute > 59 || second > 60) {
        return false;
    }
    if (read_byte(text, at, '.') && !read_fraction(text, at, civil)) {
        return false;
    }
    if (second == 60) {
        second = 59;
        civil->microsecond = 999999;
    }
    civil->hour = (uint8_t)hour;
    civil->minute = (uint8_t)minute;
    civil->second = (uint8_t)second;
    return true;
}

static bool read_offset(struct hr_text text, size_t *at, struct hr_civil *civil)
{
    if (read_byte(text, at, 'Z') || read_byte(text, at, 'z')) {
        return true;
    }
    bool west = read_byte(text, at, '-');
    uint32_t hours, minutes;
    if ((!west && !read_byte(text, at, '+')) || !read_digits(text, at, 2, &hours) ||
        !read_byte(text, at, ':') || !read_digits(text, at, 2, &minutes) || hours > 23 ||
        minutes > 59) {
        return false;
    }
    int32_t offset_s = (int32_t)(hours * 3600 + minutes * 60);
    civil->offset_s = west ? -offset_s : offset_s;
    return true;
}

bool hr_instant_read(struct hr_text text, hr_instant *ret_instant)
{
    struct hr_civil civil = {0};
    size_t at = 0;
    if (!read_date(text, &at, &civil)) {
        return false;
    }
    if (!read_byte(text, &at, 'T') && !read_byte(text, &at, 't') && !read_byte(text, &at, ' ')) {
        return false;
    }
    if (!read_clock(text, &at, &civil) || !read_offset(text, &at, &civil) || at != text.size) {
        return false;
    }
    hr_instant instant = hr_civil_instant(&civil);
    struct hr_civil utc = hr_civil_at_offset(instant, 0);
    if (utc.year < YEAR_MIN || utc.year > YEAR_MAX) {
        return false;
    }
    *ret_instant = instant;
    return true;
}

struct hr_text hr_instant_write(struct hr_arena *into, hr_instant instant)
{
    if (instant == HR_INSTANT_NONE) {
        return HR_TEXT("never");
    }
    struct hr_civil civil = hr_civil_at_offset(instant, 0);
    char fraction[8] = "";
    if (civil.microsecond > 0) {
        int32_t rest = civil.microsecond;
        fraction[0] = '.';
        for (size_t index = 6; index > 0; index--) {
            fraction[index] = (char)('0' + rest % 10);
            rest /= 10;
        }
        for (size_t index = 6; fraction[index] == '0'; index--) {
            fraction[index] = '\0';
        }
    }
    return hr_text_format(into, "%04d-%02u-%02uT%02u:%02u:%02u%sZ", civil.year, civil.month,
                          civil.day, civil.hour, civil.minute, civil.second, fraction);
}

/* ---- spans -------------------------------------------------------------------------------- */

struct unit {
    struct hr_text name;
    char letter;
    int64_t us;
};

static const struct unit units[] = {
    {{"second", 6}, 's', HR_SECOND_US}, {{"minute", 6}, 'm', HR_MINUTE_US},
    {{"hour", 4}, 'h', HR_HOUR_US},     {{"day", 3}, 'd', HR_DAY_US},
    {{"week", 4}, 'w', 7 * HR_DAY_US},
};
enum { UNIT_COUNT = sizeof units / sizeof units[0], UNIT_DAY = 3, UNIT_WEEK = 4 };

/* Finds "minute", "minutes" or "m"; UNIT_COUNT if it is none. */
static size_t find_unit(struct hr_text word)
{
    for (size_t index = 0; index < UNIT_COUNT; index++) {
        struct hr_text name = units[index].name;
        bool plural = word.size == name.size + 1 && hr_text_starts(word, name) &&
                      hr_text_ends(word, HR_TEXT("s"));
        bool letter = word.size == 1 && word.data[0] == units[index].letter;
        if (plural || letter || hr_text_equal(word, name)) {
            return index;
        }
    }
    return UNIT_COUNT;
}

bool hr_span_read(struct hr_text text, struct hr_span *ret_span)
{
    struct hr_text rest = hr_text_trim(text);
    size_t digits = 0;
    while (digits < rest.size && rest.data[digits] >= '0' && rest.data[digits] <= '9') {
        digits++;
    }
    int64_t number = 0;
    if (!hr_text_to_integer(hr_text_slice(rest, 0, digits), &number) || number <= 0) {
        return false;
    }
    rest = hr_text_trim(hr_text_slice(rest, digits, rest.size));
    bool business = hr_text_starts(rest, HR_TEXT("business "));
    if (business) {
        rest = hr_text_trim(hr_text_slice(rest, 9, rest.size));
    }
    size_t unit = find_unit(rest);
    if (unit == UNIT_COUNT || number > SPAN_DAYS_MAX * HR_DAY_US / units[unit].us) {
        return false;
    }
    if (business && unit == UNIT_WEEK) {
        return false; /* how many days such a week has, only the opening hours know */
    }
    bool business_days = business && unit == UNIT_DAY;
    *ret_span = (struct hr_span){
        .unit = business_days ? HR_SPAN_business_days
                              : (business ? HR_SPAN_business_time : HR_SPAN_elapsed),
        .amount = business_days ? number : number * units[unit].us,
    };
    return true;
}

struct hr_text hr_span_write(struct hr_arena *into, struct hr_span span)
{
    int64_t number = span.amount;
    size_t unit = UNIT_DAY;
    if (span.unit != HR_SPAN_business_days) {
        /* a business day is not 24 hours, so business time stops at hours */
        unit = span.unit == HR_SPAN_business_time ? UNIT_DAY - 1 : UNIT_DAY;
        while (unit > 0 && span.amount % units[unit].us != 0) {
            unit--;
        }
        number = span.amount / units[unit].us;
    }
    return hr_text_format(into, "%lld %s%.*s%s", (long long)number,
                          span.unit == HR_SPAN_elapsed ? "" : "business ",
                          HR_SHOW(units[unit].name), number == 1 ? "" : "s");
}

static struct hr_text say_two(struct hr_arena *into, int64_t large, const char *large_name,
                              int64_t small, const char *small_name)
{
    const char *large_s = large == 1 ? "" : "s";
    if (small == 0) {
        return hr_text_format(into, "%lld %s%s", (long long)large, large_name, large_s);
    }
    return hr_text_format(into, "%lld %s%s %lld %s%s", (long long)large, large_name, large_s,
                          (long long)small, small_name, small == 1 ? "" : "s");
}

struct hr_text hr_duration_say(struct hr_arena *into, int64_t duration_us)
{
    int64_t seconds = duration_us > 0 ? duration_us / HR_SECOND_US : 0;
    if (seconds < 60) {
        return hr_text_format(into, "%lld s", (long long)seconds);
    }
    if (seconds < 3600) {
        return say_two(into, seconds / 60, "minute", 0, "");
    }
    if (seconds < 86400) {
        return say_two(into, seconds / 3600, "hour", seconds / 60 % 60, "minute");
    }
    return say_two(into, seconds / 86400, "day", seconds / 3600 % 24, "hour");
}
