/* template/time_read: dates as people and tools write them: "March 14, 2016", "14 Mar 2016 10:00", "2016-03-14",
 * "Mon, 14 Mar 2016 10:00:00 +0100". What can be read in two ways (03/04/2016) is not read at all. */
#include "template/filters_inside.h"

enum { DATE_SIZE_MAX = 64, UNSET = -1 };

struct reading {
    struct hr_text text;
    size_t at;
    int64_t year;
    int64_t month;
    int64_t day;
    int64_t second; /* of the day */
    int64_t offset_s;
    bool has_time;
    bool has_offset;
    bool twelve; /* am or pm was said */
};

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
    return (byte | 32) >= 'a' && (byte | 32) <= 'z';
}

static char peek(const struct reading *reading, size_t ahead)
{
    size_t at = reading->at + ahead;
    return at < reading->text.size ? reading->text.data[at] : '\0';
}

/* Up to `most` digits; answers how many there were. */
static size_t take_digits(struct reading *reading, size_t most, int64_t *ret_number)
{
    size_t size = 0;
    *ret_number = 0;
    while (size < most && is_digit(peek(reading, 0))) {
        *ret_number = *ret_number * 10 + (peek(reading, 0) - '0');
        reading->at++;
        size++;
    }
    return size;
}

/* ---- words --------------------------------------------------------------------------------- */

static const char *const months[] = {"january",   "february", "march",    "april",
                                     "may",       "june",     "july",     "august",
                                     "september", "october",  "november", "december"};
static const char *const passed_over[] = {"monday", "tuesday",  "wednesday", "thursday",
                                          "friday", "saturday", "sunday"};

/* The index of the name that a word of three letters or more begins; -1 for none. */
static int find_name(struct hr_text word, const char *const *names, int count)
{
    for (int i = 0; word.size >= 3 && i < count; i++) {
        struct hr_text name = hr_text_from(names[i]);
        if (hr_text_equal_caseless(hr_text_slice(name, 0, word.size), word) &&
            word.size <= name.size) {
            return i;
        }
    }
    return -1;
}

static bool is_word(struct hr_text word, const char *wanted)
{
    return hr_text_equal_caseless(word, hr_text_from(wanted));
}

/* 12 am is midnight, 12 pm noon. */
static bool take_half(struct reading *reading, bool afternoon)
{
    int64_t hour = reading->second / 3600;
    if (!reading->has_time || reading->twelve || hour < 1 || hour > 12) {
        return false;
    }
    reading->twelve = true;
    reading->second += (hour == 12 ? -12 : 0) * 3600 + (afternoon ? 12 : 0) * 3600;
    return true;
}

static bool take_word(struct reading *reading)
{
    size_t from = reading->at;
    while (is_letter(peek(reading, 0))) {
        reading->at++;
    }
    struct hr_text word = hr_text_slice(reading->text, from, reading->at);
    int month = find_name(word, months, 12);
    if (month >= 0) {
        bool first = reading->month == UNSET;
        reading->month = month + 1;
        return first;
    }
    if (is_word(word, "am") || is_word(word, "pm")) {
        return take_half(reading, is_word(word, "pm"));
    }
    if (is_word(word, "utc") || is_word(word, "gmt") || is_word(word, "z")) {
        bool first = !reading->has_offset;
        reading->has_offset = true;
        return first && reading->has_time;
    }
    bool suffix =
        is_word(word, "st") || is_word(word, "nd") || is_word(word, "rd") || is_word(word, "th");
    return suffix || is_word(word, "at") || is_word(word, "t") ||
           find_name(word, passed_over, 7) >= 0;
}

/* ---- numbers ------------------------------------------------------------------------------- */

/* 10:00, 10:00:30, 10:00:30.25; the hour was read. */
static bool take_clock(struct reading *reading, int64_t hour)
{
    int64_t minute = 0;
    int64_t second = 0;
    int64_t part = 0;
    reading->at++;
    bool good = !reading->has_time && take_digits(reading, 2, &minute) == 2;
    if (good && peek(reading, 0) == ':') {
        reading->at++;
        good = take_digits(reading, 2, &second) == 2;
        if (good && peek(reading, 0) == '.') {
            reading->at++;
            good = take_digits(reading, 9, &part) > 0;
        }
    }
    reading->has_time = true;
    reading->second = hour * 3600 + minute * 60 + second;
    return good && hour < 24 && minute < 60 && second < 60;
}

/* 2016-03-14 or 2016/03/14; the year was read. */
static bool take_iso(struct reading *reading, int64_t year)
{
    char mark = peek(reading, 0);
    reading->at++;
    bool good = reading->month == UNSET && take_digits(reading, 2, &reading->month) == 2 &&
                peek(reading, 0) == mark;
    reading->at++;
    good = good && reading->day == UNSET && take_digits(reading, 2, &reading->day) == 2;
    reading->year = year;
    return good;
}

/* +01:00, -0700, +01; only behind a time. */
static bool take_offset(struct reading *reading)
{
    int64_t hours = 0;
    int64_t minutes = 0;
    bool west = peek(reading, 0) == '-';
    reading->at++;
    bool good = reading->has_time && !reading->has_offset && take_digits(reading, 2, &hours) == 2;
    if (good && peek(reading, 0) == ':') {
        reading->at++;
        good = take_digits(reading, 2, &minutes) == 2;
    } else if (good && is_digit(peek(reading, 0))) {
        good = take_digits(reading, 2, &minutes) == 2;
    }
    reading->has_offset = true;
    reading->offset_s = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
    return good && hours < 24 && minutes < 60;
}

static bool take_number(struct reading *reading)
{
    int64_t number = 0;
    size_t size = take_digits(reading, 5, &number);
    char next = peek(reading, 0);
    if (size <= 2 && next == ':') {
        return take_clock(reading, number);
    }
    if (size == 4 && reading->year == UNSET) {
        if ((next == '-' || next == '/') && is_digit(peek(reading, 1))) {
            return take_iso(reading, number);
        }
        reading->year = number;
        return true;
    }
    if (size <= 2 && reading->day == UNSET && next != '/') {
        reading->day = number;
        return true;
    }
    return false;
}

static bool take_part(struct reading *reading)
{
    char byte = peek(reading, 0);
    if (is_digit(byte)) {
        return take_number(reading);
    }
    if (is_letter(byte)) {
        return take_word(reading);
    }
    if (byte == '+' || (byte == '-' && reading->has_time)) {
        return take_offset(reading);
    }
    reading->at++;
    return byte == ' ' || byte == ',' || byte == '.';
}

/* ---- together ------------------------------------------------------------------------------ */

/* The instant of what was read; false for a date that there is not. */
static bool instant_of(const struct reading *reading, const struct hr_zone *zone,
                       hr_instant *ret_instant)
{
    if (reading->year < 1 || reading->year > 9998 || reading->month < 1 || reading->month > 12 ||
        reading->day < 1) {
        return false;
    }
    int32_t year = (int32_t)reading->year;
    uint32_t month = (uint32_t)reading->month;
    int64_t days = hr_days_from_date(year, month, (uint32_t)reading->day);
    int64_t next =
        month == 12 ? hr_days_from_date(year + 1, 1, 1) : hr_days_from_date(year, month + 1, 1);
    if (days >= next) {
        return false;
    }
    if (reading->has_offset) {
        *ret_instant = (days * 86400 + reading->second - reading->offset_s) * HR_SECOND_US;
    } else {
        *ret_instant = hr_zone_instant(zone != NULL ? zone : hr_zone_utc(), days,
                                       (int32_t)(reading->second / 60)) +
                       reading->second % 60 * HR_SECOND_US;
    }
    return true;
}

bool hr_template_time_read(struct hr_text text, const struct hr_zone *zone, hr_instant *ret_instant)
{
    struct reading reading = {
        .text = hr_text_trim(text), .year = UNSET, .month = UNSET, .day = UNSET};
    if (hr_instant_read(reading.text, ret_instant)) {
        return true;
    }
    if (reading.text.size == 0 || reading.text.size > DATE_SIZE_MAX) {
        return false;
    }
    while (reading.at < reading.text.size) {
        if (!take_part(&reading)) {
            return false;
        }
    }
    return instant_of(&reading, zone, ret_instant);
}
