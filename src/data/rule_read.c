/* data/rule_read: reads recurrence rules (RFC 5545 3.3.10). What the RFC forbids is refused with the part that is
 * wrong; nothing that is not understood is left out silently. */
#include "data/recur_inside.h"

enum {
    TEXT_SIZE_MAX = 4096,
    INTERVAL_MAX = 1000000,
    COUNT_MAX = 100000,
    YEAR_DAYS = 366,
    WEEKS = 53
};

struct reading {
    const char *text;     /* flaws count from here */
    struct hr_text whole; /* the part at hand */
    struct hr_rule *rule;
    struct hr_flaw *reterr;
    uint32_t seen; /* bit: index into parts */
};

static hr_status refuse(const struct reading *reading, struct hr_text part, const char *message)
{
    if (reading->reterr != NULL) {
        part = part.size > 0 ? part : reading->whole;
        *reading->reterr =
            (struct hr_flaw){(size_t)(part.data - reading->text), part.size, message};
    }
    return hr_answer(HR_E_INPUT);
}

/* ---- small words -------------------------------------------------------------------------- */

/* Digits only, at most seven: a number beyond the largest limit is still read as one. */
static bool read_number(struct hr_text text, int32_t least, int32_t most, int32_t *ret_number)
{
    int64_t number = 0;
    bool digits =
        text.size > 0 && text.size <= 7 && text.data[0] != '-' && hr_text_to_integer(text, &number);
    *ret_number = (int32_t)number;
    return digits && number >= least && number <= most;
}

/* With an optional sign; never 0. The sign is answered apart. */
static bool read_signed(struct hr_text text, int32_t most, bool *ret_from_end, int32_t *ret_number)
{
    *ret_from_end = hr_text_starts(text, HR_TEXT("-"));
    if (*ret_from_end || hr_text_starts(text, HR_TEXT("+"))) {
        text = hr_text_slice(text, 1, text.size);
    }
    return read_number(text, 1, most, ret_number);
}

static bool read_weekday(struct hr_text text, uint8_t *ret_weekday)
{
    static const char names[] = "MOTUWETHFRSASU";
    for (uint8_t index = 0; index < 7; index++) {
        if (hr_text_equal_caseless(text, (struct hr_text){names + 2 * index, 2})) {
            *ret_weekday = index;
            return true;
        }
    }
    return false;
}

/* ---- the values of parts ------------------------------------------------------------------ */

static hr_status read_every(struct reading *reading, struct hr_text value)
{
    static const struct hr_text names[] = {{"SECONDLY", 8}, {"MINUTELY", 8}, {"HOURLY", 6},
                                           {"DAILY", 5},    {"WEEKLY", 6},   {"MONTHLY", 7},
                                           {"YEARLY", 6}};
    for (uint8_t index = 0; index < 7; index++) {
        if (hr_text_equal_caseless(value, names[index])) {
            reading->rule->every = index;
            return hr_done();
        }
    }
    return refuse(reading, value,
                  "FREQ is SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY");
}

/* "20261224" or "20261224T090000", with Z for UTC. */
static hr_status read_until(struct reading *reading, struct hr_text value)
{
    static const char message[] =
        "UNTIL is a date or a time: 20261224, 20261224T090000, 20261224T090000Z";
    struct hr_text date = hr_text_slice(value, 0, 8);
    struct hr_text clock = hr_text_slice(value, 9, 15);
    bool utc = value.size == 16 && (value.data[15] | 0x20) == 'z';
    bool has_clock = (value.size == 15 || utc) && (value.data[8] | 0x20) == 't';
    int32_t year, month, day;
    if ((value.size != 8 && !has_clock) ||
        !read_number(hr_text_slice(date, 0, 4), 1, 9999, &year) ||
        !read_number(hr_text_slice(date, 4, 6), 1, 12, &month) ||
        !read_number(hr_text_slice(date, 6, 8), 1, 31, &day) || day > month_size(year, month)) {
        return refuse(reading, value, message);
    }
    int32_t hour = 23, minute = 59, second = 59;
    if (has_clock && (!read_number(hr_text_slice(clock, 0, 2), 0, 23, &hour) ||
                      !read_number(hr_text_slice(clock, 2, 4), 0, 59, &minute) ||
                      !read_number(hr_text_slice(clock, 4, 6), 0, 59, &second))) {
        return refuse(reading, value, message);
    }
    reading->rule->until_kind = utc         ? HR_RULE_UNTIL_utc
                                : has_clock ? HR_RULE_UNTIL_local
                                            : HR_RULE_UNTIL_day;
    reading->rule->until = days_of(year, month, day) * DAY_S + hour * 3600 + minute * 60 + second;
    return hr_done();
}

static hr_status read_amount(struct reading *reading, struct hr_text value, int32_t most,
                             const char *message, uint32_t *ret_amount)
{
    int32_t number;
    if (!read_number(value, 1, most, &number)) {
        return refuse(reading, value, message);
    }
    *ret_amount = (uint32_t)number;
    return hr_done();
}

/* A list of numbers from least to most as bits. */
static hr_status read_set(struct reading *reading, struct hr_text value, int32_t least,
                          int32_t most, uint64_t *ret_bits)
{
    bool more = true;
    while (more) {
        more = hr_text_find(value, ',') < value.size;
        struct hr_text item = hr_text_cut(&value, ',');
        int32_t number;
        if (!read_number(item, least, most, &number)) {
            return refuse(reading, item, "this number is not allowed here");
        }
        *ret_bits |= UINT64_C(1) << number;
    }
    return hr_done();
}

/* A list of numbers that may count from the end. */
static hr_status read_days(struct reading *reading, struct hr_text value, int32_t most,
                           struct hr_rule_days *ret_days)
{
    bool more = true;
    while (more) {
        more = hr_text_find(value, ',') < value.size;
        struct hr_text item = hr_text_cut(&value, ',');
        int32_t number;
        bool from_end;
        if (!read_signed(item, most, &from_end, &number)) {
            return refuse(reading, item, "this number is not allowed here");
        }
        ret_days->bits[from_end ? 1 : 0][number / 64] |= UINT64_C(1) << number % 64;
    }
    return hr_done();
}

/* "MO,2TU,-1FR" */
static hr_status read_weekdays(struct reading *reading, struct hr_text value)
{
    bool more = true;
    while (more) {
        more = hr_text_find(value, ',') < value.size;
        struct hr_text item = hr_text_cut(&value, ',');
        uint8_t weekday = 0;
        int32_t number = 0;
        bool from_end = false;
        size_t digits = item.size < 2 ? 0 : item.size - 2;
        if (item.size < 2 || !read_weekday(hr_text_slice(item, digits, item.size), &weekday) ||
            (digits > 0 &&
             !read_signed(hr_text_slice(item, 0, digits), WEEKS, &from_end, &number))) {
            return refuse(reading, item,
                          "a weekday is MO, TU, WE, TH, FR, SA or SU, as in 2MO or -1FR");
        }
        if (number == 0) {
            reading->rule->weekdays |= (uint8_t)(1 << weekday);
        } else {
            reading->rule->nth[weekday][from_end ? 1 : 0] |= UINT64_C(1) << number;
        }
    }
    return hr_done();
}

/* ---- parts -------------------------------------------------------------------------------- */

enum part {
    PART_FREQ,
    PART_UNTIL,
    PART_COUNT,
    PART_INTERVAL,
    PART_BYSECOND,
    PART_BYMINUTE,
    PART_BYHOUR,
    PART_BYDAY,
    PART_BYMONTHDAY,
    PART_BYYEARDAY,
    PART_BYWEEKNO,
    PART_BYMONTH,
    PART_BYSETPOS,
    PART_WKST,
    PARTS
};

static const struct hr_text names[PARTS] = {
    {"FREQ", 4},     {"UNTIL", 5},   {"COUNT", 5},    {"INTERVAL", 8},    {"BYSECOND", 8},
    {"BYMINUTE", 8}, {"BYHOUR", 6},  {"BYDAY", 5},    {"BYMONTHDAY", 10}, {"BYYEARDAY", 9},
    {"BYWEEKNO", 8}, {"BYMONTH", 7}, {"BYSETPOS", 8}, {"WKST", 4}};

static hr_status read_weeks(struct reading *reading, struct hr_text value)
{
    struct hr_rule_days weeks = {0};
    HR_TRY(read_days(reading, value, WEEKS, &weeks));
    reading->rule->weeks[0] = weeks.bits[0][0];
    reading->rule->weeks[1] = weeks.bits[1][0];
    return hr_done();
}

static hr_status read_part_value(struct reading *reading, enum part part, struct hr_text value)
{
    struct hr_rule *rule = reading->rule;
    uint64_t bits = 0;
    switch (part) {
    case PART_FREQ:
        return read_every(reading, value);
    case PART_UNTIL:
        return read_until(reading, value);
    case PART_COUNT:
        return read_amount(reading, value, COUNT_MAX, "COUNT is a number from 1 to 100,000",
                           &rule->count);
    case PART_INTERVAL:
        return read_amount(reading, value, INTERVAL_MAX, "INTERVAL is a number from 1 to 1,000,000",
                           &rule->interval);
    case PART_BYSECOND:
        return read_set(reading, value, 0, 59, &rule->seconds);
    case PART_BYMINUTE:
        return read_set(reading, value, 0, 59, &rule->minutes);
    case PART_BYHOUR:
        HR_TRY(read_set(reading, value, 0, 23, &bits));
        rule->hours = (uint32_t)bits;
        return hr_done();
    case PART_BYDAY:
        return read_weekdays(reading, value);
    case PART_BYMONTHDAY:
        return read_days(reading, value, 31, &rule->month_days);
    case PART_BYYEARDAY:
        return read_days(reading, value, YEAR_DAYS, &rule->year_days);
    case PART_BYWEEKNO:
        return read_weeks(reading, value);
    case PART_BYMONTH:
        HR_TRY(read_set(reading, value, 1, 12, &bits));
        rule->months = (uint16_t)bits;
        return hr_done();
    case PART_BYSETPOS:
        return read_days(reading, value, YEAR_DAYS, &rule->positions);
    case PART_WKST:
        return read_weekday(value, &rule->week_start)
                   ? hr_done()
                   : refuse(reading, value, "WKST is MO, TU, WE, TH, FR, SA or SU");
    case PARTS:
        break;
    }
    return refuse(reading, value, "this part is not known");
}

static hr_status read_part(struct reading *reading, struct hr_text text)
{
    reading->whole = text.size > 0 ? text : reading->whole;
    struct hr_text value = text;
    struct hr_text name = hr_text_cut(&value, '=');
    for (uint32_t part = 0; part < PARTS; part++) {
        if (!hr_text_equal_caseless(name, names[part])) {
            continue;
        }
        if ((reading->seen >> part & 1) != 0) {
            return refuse(reading, text, "this part stands twice");
        }
        reading->seen |= 1u << part;
        if (value.size == 0) {
            return refuse(reading, text, "this part says nothing");
        }
        return read_part_value(reading, (enum part)part, value);
    }
    return refuse(reading, text, "this part is not known");
}

/* ---- what goes together ------------------------------------------------------------------- */

static bool has(const struct reading *reading, enum part part)
{
    return (reading->seen >> part & 1) != 0;
}

static bool has_numbered_weekday(const struct hr_rule *rule)
{
    uint64_t any = 0;
    for (size_t weekday = 0; weekday < 7; weekday++) {
        any |= rule->nth[weekday][0] | rule->nth[weekday][1];
    }
    return any != 0;
}

static hr_status check(const struct reading *reading, struct hr_text text)
{
    const struct hr_rule *rule = reading->rule;
    uint32_t by = reading->seen & ~(1u << PART_FREQ | 1u << PART_UNTIL | 1u << PART_COUNT |
                                    1u << PART_INTERVAL | 1u << PART_WKST | 1u << PART_BYSETPOS);
    if (!has(reading, PART_FREQ)) {
        return refuse(reading, text, "a rule needs FREQ, as in FREQ=WEEKLY");
    }
    if (has(reading, PART_UNTIL) && has(reading, PART_COUNT)) {
        return refuse(reading, text, "a rule ends by UNTIL or by COUNT, not by both");
    }
    if (has(reading, PART_BYSETPOS) && by == 0) {
        return refuse(reading, text, "BYSETPOS chooses among what another BY part names");
    }
    if (has(reading, PART_BYWEEKNO) && rule->every != HR_RULE_year) {
        return refuse(reading, text, "BYWEEKNO goes with FREQ=YEARLY only");
    }
    if (has(reading, PART_BYMONTHDAY) && rule->every == HR_RULE_week) {
        return refuse(reading, text, "BYMONTHDAY does not go with FREQ=WEEKLY");
    }
    if (has(reading, PART_BYYEARDAY) &&
        (rule->every >= HR_RULE_day && rule->every <= HR_RULE_month)) {
        return refuse(reading, text, "BYYEARDAY does not go with FREQ=DAILY, WEEKLY or MONTHLY");
    }
    bool numbers = rule->every == HR_RULE_month ||
                   (rule->every == HR_RULE_year && !has(reading, PART_BYWEEKNO));
    if (has_numbered_weekday(rule) && !numbers) {
        return refuse(reading, text,
                      "a weekday with a number goes with FREQ=MONTHLY or YEARLY without BYWEEKNO");
    }
    return hr_done();
}

hr_status hr_rule_read(struct hr_text text, struct hr_rule *ret_rule, struct hr_flaw *reterr)
{
    struct hr_rule rule = {.interval = 1};
    struct reading reading = {.text = text.data, .whole = text, .rule = &rule, .reterr = reterr};
    if (text.size == 0 || text.size > TEXT_SIZE_MAX) {
        return refuse(&reading, text, "a rule has 1 to 4,096 characters");
    }
    struct hr_text rest = text;
    if (hr_text_equal_caseless(hr_text_slice(text, 0, 6), HR_TEXT("RRULE:"))) {
        rest = hr_text_slice(text, 6, text.size);
    }
    if (hr_text_ends(rest, HR_TEXT(";"))) { /* as calendars in use write it */
        rest = hr_text_slice(rest, 0, rest.size - 1);
    }
    struct hr_text all = rest;
    do {
        HR_TRY(read_part(&reading, hr_text_cut(&rest, ';')));
    } while (rest.size > 0);
    HR_TRY(check(&reading, all));
    *ret_rule = rule;
    return hr_done();
}
