/* template/time_write: an instant in a form of strftime, as Ruby knows it: %-d and %e, %^a, %:z. Names of months and
 * days are English. */
#include "template/filters_inside.h"

static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};
static const char *const days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                   "Friday", "Saturday", "Sunday"};

enum { WIDTH_MAX = 20 };

/* One directive: %-5d */
struct directive {
    char pad;   /* '\0': its own; '-': none */
    bool upper; /* ^ */
    bool swap;  /* # */
    int colons; /* of %z */
    int width;  /* 0: its own */
    char letter;
};

struct clock {
    struct hr_civil civil;
    hr_instant instant;
    const struct hr_zone *zone;
};

/* ---- pieces -------------------------------------------------------------------------------- */

static void add_pad(struct hr_buffer *out, char pad, int size, int width)
{
    for (int i = size; i < width; i++) {
        hr_buffer_add_byte(out, pad);
    }
}

static void add_number(struct hr_buffer *out, const struct directive *how, int64_t number,
                       int width, char pad)
{
    char digits[24];
    int size = 0;
    uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[size++] = (char)('0' + (char)(left % 10));
        left /= 10;
    } while (left > 0);
    pad = how->pad != '\0' ? how->pad : pad;
    width = how->width > 0 ? how->width : width;
    if (number < 0) {
        hr_buffer_add_byte(out, '-');
        width--;
    }
    if (pad != '-') {
        add_pad(out, pad, size, width);
    }
    while (size > 0) {
        hr_buffer_add_byte(out, digits[--size]);
    }
}

static void add_name(struct hr_buffer *out, const struct directive *how, struct hr_text name)
{
    char pad = how->pad == '0' ? '0' : ' ';
    add_pad(out, pad, (int)name.size, how->pad == '-' ? 0 : how->width);
    for (size_t i = 0; i < name.size; i++) {
        char byte = name.data[i];
        bool small = byte >= 'a' && byte <= 'z';
        hr_buffer_add_byte(out, (how->upper || how->swap) && small ? (char)(byte - 32) : byte);
    }
}

/* +0100, +01:00, +01:00:00 */
static void add_offset(struct hr_buffer *out, const struct directive *how, int32_t offset_s)
{
    static const struct directive two = {.letter = 'd'};
    int32_t sized = offset_s < 0 ? -offset_s : offset_s;
    hr_buffer_add_byte(out, offset_s < 0 ? '-' : '+');
    add_number(out, &two, sized / 3600, 2, '0');
    if (how->colons > 0) {
        hr_buffer_add_byte(out, ':');
    }
    add_number(out, &two, sized / 60 % 60, 2, '0');
    if (how->colons > 1) {
        hr_buffer_add_byte(out, ':');
        add_number(out, &two, sized % 60, 2, '0');
    }
}

static int32_t twelve(int32_t hour)
{
    return hour % 12 == 0 ? 12 : hour % 12;
}

/* Days of the week that have passed, from Sunday. */
static int32_t since_sunday(const struct hr_civil *civil)
{
    return (civil->weekday + 1) % 7;
}

/* The year and week of ISO 8601: week 1 holds the first Thursday. */
static void iso_week(const struct hr_civil *civil, int32_t *ret_year, int32_t *ret_week)
{
    int64_t today = hr_days_from_date(civil->year, civil->month, civil->day);
    int64_t thursday = today - civil->weekday + 3;
    int32_t year = civil->year;
    if (thursday < hr_days_from_date(year, 1, 1)) {
        year--;
    } else if (thursday >= hr_days_from_date(year + 1, 1, 1)) {
        year++;
    }
    *ret_year = year;
    *ret_week = (int32_t)((thursday - hr_days_from_date(year, 1, 1)) / 7) + 1;
}

/* ---- directives ---------------------------------------------------------------------------- */

static bool add_date(struct hr_buffer *out, const struct directive *how, const struct clock *clock)
{
    const struct hr_civil *civil = &clock->civil;
    int32_t year = 0;
    int32_t week = 0;
    iso_week(civil, &year, &week);
    switch (how->letter) {
    case 'Y':
        add_number(out, how, civil->year, civil->year < 0 ? 5 : 4, '0');
        return true;
    case 'C':
        add_number(out, how, civil->year / 100, 2, '0');
        return true;
    case 'y':
        add_number(out, how, civil->year % 100, 2, '0');
        return true;
    case 'm':
        add_number(out, how, civil->month, 2, '0');
        return true;
    case 'd':
    case 'e':
        add_number(out, how, civil->day, 2, how->letter == 'd' ? '0' : ' ');
        return true;
    case 'j':
        add_number(out, how, civil->year_day + 1, 3, '0');
        return true;
    case 'G':
        add_number(out, how, year, 4, '0');
        return true;
    case 'g':
        add_number(out, how, year % 100, 2, '0');
        return true;
    case 'V':
        add_number(out, how, week, 2, '0');
        return true;
    case 'U':
        add_number(out, how, (civil->year_day + 7 - since_sunday(civil)) / 7, 2, '0');
        return true;
    case 'W':
        add_number(out, how, (civil->year_day + 7 - civil->weekday) / 7, 2, '0');
        return true;
    case 'u':
        add_number(out, how, civil->weekday + 1, 1, '0');
        return true;
    case 'w':
        add_number(out, how, since_sunday(civil), 1, '0');
        return true;
    default:
        return false;
    }
}

static bool add_names(struct hr_buffer *out, const struct directive *how, const struct clock *clock)
{
    struct hr_text month = hr_text_from(months[clock->civil.month - 1]);
    struct hr_text day = hr_text_from(days[clock->civil.weekday]);
    bool afternoon = clock->civil.hour >= 12;
    struct directive plain = *how;
    switch (how->letter) {
    case 'B':
        add_name(out, how, month);
        return true;
    case 'b':
    case 'h':
        add_name(out, how, hr_text_slice(month, 0, 3));
        return true;
    case 'A':
        add_name(out, how, day);
        return true;
    case 'a':
        add_name(out, how, hr_text_slice(day, 0, 3));
        return true;
    case 'p':
        plain.swap = false; /* # makes small letters of these */
        add_name(out, &plain,
                 hr_text_from(how->swap ? (afternoon ? "pm" : "am") : (afternoon ? "PM" : "AM")));
        return true;
    case 'P':
        add_name(out, how, afternoon ? HR_TEXT("pm") : HR_TEXT("am"));
        return true;
    case 'Z':
        add_name(out, how, hr_zone_name(clock->zone));
        return true;
    case 'n':
        hr_buffer_add_byte(out, '\n');
        return true;
    case 't':
        hr_buffer_add_byte(out, '\t');
        return true;
    case '%':
        hr_buffer_add_byte(out, '%');
        return true;
    default:
        return false;
    }
}

/* Tenths, hundredths and so on of a second. */
static void add_fraction(struct hr_buffer *out, const struct directive *how, int32_t microsecond)
{
    int width = how->width > 0 ? how->width : how->letter == 'L' ? 3 : 9;
    int32_t unit = 100000;
    for (int i = 0; i < width; i++) {
        hr_buffer_add_byte(out, unit > 0 ? "0123456789"[microsecond / unit % 10] : '0');
        unit /= 10;
    }
}

static bool add_time(struct hr_buffer *out, const struct directive *how, const struct clock *clock)
{
    const struct hr_civil *civil = &clock->civil;
    switch (how->letter) {
    case 'H':
    case 'k':
        add_number(out, how, civil->hour, 2, how->letter == 'H' ? '0' : ' ');
        return true;
    case 'I':
    case 'l':
        add_number(out, how, twelve(civil->hour), 2, how->letter == 'I' ? '0' : ' ');
        return true;
    case 'M':
        add_number(out, how, civil->minute, 2, '0');
        return true;
    case 'S':
        add_number(out, how, civil->second, 2, '0');
        return true;
    case 'L':
    case 'N':
        add_fraction(out, how, civil->microsecond);
        return true;
    case 's':
        add_number(out, how, (clock->instant - civil->microsecond) / HR_SECOND_US, 1, '0');
        return true;
    case 'z':
        add_offset(out, how, civil->offset_s);
        return true;
    default:
        return false;
    }
}

/* The directives that stand for several others. */
static const char *whole_form(char letter)
{
    switch (letter) {
    case 'c':
        return "%a %b %e %H:%M:%S %Y";
    case 'D':
    case 'x':
        return "%m/%d/%y";
    case 'F':
        return "%Y-%m-%d";
    case 'T':
    case 'X':
        return "%H:%M:%S";
    case 'R':
        return "%H:%M";
    case 'r':
        return "%I:%M:%S %p";
    case 'v':
        return "%e-%^b-%Y";
    case '+':
        return "%a %b %e %H:%M:%S %Z %Y";
    default:
        return NULL;
    }
}

/* Reads the directive behind a percent sign; answers where it ends. */
static size_t read_directive(struct hr_text form, size_t at, struct directive *ret)
{
    *ret = (struct directive){0};
    for (; at < form.size; at++) {
        char byte = form.data[at];
        if (byte == '-' || byte == '0' || byte == '_') {
            ret->pad = byte == '_' ? ' ' : byte;
        } else if (byte == '^') {
            ret->upper = true;
        } else if (byte == '#') {
            ret->swap = true;
        } else if (byte == ':' && ret->colons < 2) {
            ret->colons++;
        } else {
            break;
        }
    }
    for (; at < form.size && form.data[at] >= '0' && form.data[at] <= '9'; at++) {
        ret->width = ret->width * 10 + (form.data[at] - '0');
        ret->width = ret->width > WIDTH_MAX ? WIDTH_MAX : ret->width;
    }
    ret->letter = at < form.size ? form.data[at] : '\0';
    return at < form.size ? at + 1 : at;
}

/* Directives that stand for others are written with depth 1, and those stand for themselves. */
static void write_form(struct hr_buffer *out, struct hr_text form, const struct clock *clock,
                       int depth)
{
    for (size_t at = 0; at < form.size && !out->failed;) {
        size_t percent = at + hr_text_find(hr_text_slice(form, at, form.size), '%');
        hr_buffer_add_text(out, hr_text_slice(form, at, percent));
        if (percent >= form.size) {
            return;
        }
        struct directive how;
        at = read_directive(form, percent + 1, &how);
        const char *whole = depth == 0 ? whole_form(how.letter) : NULL;
        if (whole != NULL) {
            write_form(out, hr_text_from(whole), clock, depth + 1);
        } else if (!add_date(out, &how, clock) && !add_names(out, &how, clock) &&
                   !add_time(out, &how, clock)) {
            hr_buffer_add_text(out, hr_text_slice(form, percent, at)); /* unknown: as it stands */
        }
    }
}

void hr_template_time_write(struct hr_buffer *out, struct hr_text form, hr_instant instant,
                            const struct hr_zone *zone)
{
    struct clock clock = {.zone = zone != NULL ? zone : hr_zone_utc(), .instant = instant};
    clock.civil = hr_zone_civil(clock.zone, instant);
    write_form(out, form, &clock, 0);
}
