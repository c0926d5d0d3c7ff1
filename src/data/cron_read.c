/* data/cron_read: reads cron expressions: five fields of crontab, or six and seven with seconds first. */
#include "data/recur_inside.h"

#include <string.h>

enum {
    FIELD_SECOND,
    FIELD_MINUTE,
    FIELD_HOUR,
    FIELD_DAY,
    FIELD_MONTH,
    FIELD_WEEKDAY,
    FIELD_YEAR,
    FIELDS
};

enum { YEAR_FIRST = 1970, YEAR_LAST = 2099, TEXT_SIZE_MAX = 1024 };

/* What one field may say. */
struct field {
    int32_t least, most;
    int32_t open;                /* what "*" and "5/2" go up to */
    const struct hr_text *words; /* JAN.., SUN..; the first one means `least` */
    int32_t word_count;
};

static const struct hr_text months[] = {{"jan", 3}, {"feb", 3}, {"mar", 3}, {"apr", 3},
                                        {"may", 3}, {"jun", 3}, {"jul", 3}, {"aug", 3},
                                        {"sep", 3}, {"oct", 3}, {"nov", 3}, {"dec", 3}};
static const struct hr_text weekdays[] = {{"sun", 3}, {"mon", 3}, {"tue", 3}, {"wed", 3},
                                          {"thu", 3}, {"fri", 3}, {"sat", 3}};

/* One row a form: crontab, seconds, oracle. In crontab the weekday 7 is sunday again. */
static const struct field fields[3][FIELDS] = {
    {{0, 59, 59, NULL, 0},
     {0, 59, 59, NULL, 0},
     {0, 23, 23, NULL, 0},
     {1, 31, 31, NULL, 0},
     {1, 12, 12, months, 12},
     {0, 7, 6, weekdays, 7},
     {YEAR_FIRST, YEAR_LAST, YEAR_LAST, NULL, 0}},
    {{0, 59, 59, NULL, 0},
     {0, 59, 59, NULL, 0},
     {0, 23, 23, NULL, 0},
     {1, 31, 31, NULL, 0},
     {1, 12, 12, months, 12},
     {0, 6, 6, weekdays, 7},
     {YEAR_FIRST, YEAR_LAST, YEAR_LAST, NULL, 0}},
    {{0, 59, 59, NULL, 0},
     {0, 59, 59, NULL, 0},
     {0, 23, 23, NULL, 0},
     {1, 31, 31, NULL, 0},
     {0, 11, 11, months, 12},
     {1, 7, 7, weekdays, 7},
     {YEAR_FIRST, YEAR_LAST, YEAR_LAST, NULL, 0}},
};

/* A field being read: bit n of the set stands for least + n. */
struct reading {
    const char *text;     /* where the expression begins: flaws count from there */
    struct hr_text whole; /* the field as it stands */
    const struct field *field;
    struct hr_flaw *reterr;
    uint64_t set[3];
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

/* ---- one field ---------------------------------------------------------------------------- */

/* A number or a word of the field; false for anything else. */
static bool read_value(const struct field *field, struct hr_text part, int32_t *ret_value)
{
    for (int32_t index = 0; index < field->word_count; index++) {
        if (hr_text_equal_caseless(part, field->words[index])) {
            *ret_value = field->least + index;
            return true;
        }
    }
    int64_t number = 0;
    bool digits =
        part.size > 0 && part.size <= 4 && part.data[0] != '-' && hr_text_to_integer(part, &number);
    *ret_value = (int32_t)number;
    return digits && number >= field->least && number <= field->most;
}

static void add_range(struct reading *reading, int32_t from, int32_t to, int32_t step)
{
    for (int32_t value = from; value <= to; value += step) {
        uint32_t bit = (uint32_t)(value - reading->field->least);
        reading->set[bit / 64] |= UINT64_C(1) << bit % 64;
    }
}

/* One part between commas: "*", "5", "5-10", any of them with "/2". A single value with a step goes on to
 * the end of the field. */
static hr_status read_part(struct reading *reading, struct hr_text part)
{
    const struct field *field = reading->field;
    struct hr_text all = part;
    size_t slash = hr_text_find(part, '/');
    struct hr_text step_text = hr_text_slice(part, slash + 1, part.size);
    part = hr_text_slice(part, 0, slash);
    int64_t step = 1;
    if (slash < all.size) {
        bool is_number = step_text.size > 0 && step_text.size <= 4 && step_text.data[0] != '-' &&
                         hr_text_to_integer(step_text, &step);
        if (!is_number || step < 1) {
            return refuse(reading, all, "a step is a whole number from 1, as in */5");
        }
        if (step > field->most - field->least) {
            return refuse(reading, all,
                          "this step is longer than the field: it would name one value only");
        }
    }
    int32_t from = field->least;
    int32_t to = field->open;
    if (!hr_text_equal(part, HR_TEXT("*"))) {
        size_t dash = hr_text_find(part, '-');
        if (!read_value(field, hr_text_slice(part, 0, dash), &from)) {
            return refuse(reading, all, "this field does not know such a value");
        }
        if (dash < part.size) {
            if (!read_value(field, hr_text_slice(part, dash + 1, part.size), &to)) {
                return refuse(reading, all, "this range does not end in a value of the field");
            }
        } else if (slash == all.size) {
            to = from;
        }
    }
    if (to < from) {
        return refuse(reading, all, "this range runs backwards");
    }
    add_range(reading, from, to, (int32_t)step);
    return hr_done();
}

static hr_status read_list(struct reading *reading, struct hr_text text)
{
    memset(reading->set, 0, sizeof reading->set);
    bool more = true;
    while (more) {
        more = hr_text_find(text, ',') < text.size;
        struct hr_text part = hr_text_cut(&text, ',');
        HR_TRY(read_part(reading, part));
    }
    return hr_done();
}

/* ---- days --------------------------------------------------------------------------------- */

static bool is_any(struct hr_text text)
{
    return hr_text_equal(text, HR_TEXT("*")) || hr_text_equal(text, HR_TEXT("?"));
}

/* The day of the month: a list, or alone: ?, L, LW, 15W. */
static hr_status read_day(struct reading *reading, struct hr_text text, struct hr_cron *cron)
{
    cron->day_kind = HR_CRON_DAY_list;
    if (is_any(text)) {
        text = HR_TEXT("*");
    } else if (hr_text_equal_caseless(text, HR_TEXT("L"))) {
        cron->day_kind = HR_CRON_DAY_last;
        return hr_done();
    } else if (hr_text_equal_caseless(text, HR_TEXT("LW"))) {
        cron->day_kind = HR_CRON_DAY_last_working;
        return hr_done();
    } else if (text.size > 1 && hr_lower(text.data[text.size - 1]) == 'w') {
        int32_t day = 0;
        if (!read_value(reading->field, hr_text_slice(text, 0, text.size - 1), &day)) {
            return refuse(reading, text, "before W stands one day of the month, as in 15W");
        }
        cron->day_kind = HR_CRON_DAY_near;
        cron->near_day = (uint8_t)day;
        return hr_done();
    }
    HR_TRY(read_list(reading, text));
    cron->days = (uint32_t)(reading->set[0] << reading->field->least);
    return hr_done();
}

/* One weekday with "#2" or "L" behind it. */
static hr_status read_nth_weekday(struct reading *reading, struct hr_text text, size_t sign,
                                  struct hr_cron *cron)
{
    int32_t weekday = 0;
    int64_t nth = 0;
    struct hr_text behind = hr_text_slice(text, sign + 1, text.size);
    bool is_last = text.data[sign] != '#';
    bool is_one =
        read_value(reading->field, hr_text_slice(text, 0, sign), &weekday) &&
        (is_last || (behind.size == 1 && hr_text_to_integer(behind, &nth) && nth >= 1 && nth <= 5));
    if (!is_one) {
        return refuse(reading, text,
                      "one weekday stands here, as in 5#2 for its second, 5L for its last");
    }
    cron->weekday_kind = HR_CRON_DAY_nth;
    cron->nth = (uint8_t)nth;
    cron->weekdays = (uint8_t)(1 << (weekday - reading->field->least) % 7);
    return hr_done();
}

/* The weekday: a list, or alone: ?, L, 5L, 5#2. */
static hr_status read_weekday(struct reading *reading, struct hr_text text, struct hr_cron *cron)
{
    cron->weekday_kind = HR_CRON_DAY_list;
    if (hr_text_equal_caseless(text, HR_TEXT("L"))) {
        cron->weekdays = 1 << 6;
        return hr_done();
    }
    size_t hash = hr_text_find(text, '#');
    if (hash < text.size) {
        return read_nth_weekday(reading, text, hash, cron);
    }
    if (text.size > 1 && hr_lower(text.data[text.size - 1]) == 'l') {
        return read_nth_weekday(reading, text, text.size - 1, cron);
    }
    HR_TRY(read_list(reading, is_any(text) ? HR_TEXT("*") : text));
    uint64_t set = reading->set[0];
    cron->weekdays = (uint8_t)((set | set >> 7) & 0x7F);
    return hr_done();
}

/* ---- the whole ---------------------------------------------------------------------------- */

static hr_status read_field(struct reading *reading, size_t index, struct hr_text text,
                            struct hr_cron *cron)
{
    if (index == FIELD_DAY) {
        return read_day(reading, text, cron);
    }
    if (index == FIELD_WEEKDAY) {
        return read_weekday(reading, text, cron);
    }
    HR_TRY(read_list(reading, text));
    switch (index) {
    case FIELD_SECOND:
        cron->seconds = reading->set[0];
        break;
    case FIELD_MINUTE:
        cron->minutes = reading->set[0];
        break;
    case FIELD_HOUR:
        cron->hours = (uint32_t)reading->set[0];
        break;
    case FIELD_MONTH:
        cron->months = (uint16_t)(reading->set[0] << 1);
        break;
    default:
        memcpy(cron->years, reading->set, sizeof cron->years);
    }
    return hr_done();
}

/* The first day of the month on which it could ever happen; 0 if none is asked for. */
static uint32_t first_day(const struct hr_cron *cron)
{
    if (cron->day_kind == HR_CRON_DAY_near) {
        return cron->near_day;
    }
    return cron->day_kind == HR_CRON_DAY_list ? (uint32_t)__builtin_ctz(cron->days) : 1;
}

/* 30 February: no month that is asked for has the day. */
static bool never_comes(const struct hr_cron *cron)
{
    static const uint8_t days[] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (cron->either && cron->weekdays != 0) {
        return false;
    }
    for (uint32_t month = 1; month <= 12; month++) {
        if ((cron->months >> month & 1) != 0 && first_day(cron) <= days[month]) {
            return false;
        }
    }
    return true;
}

/* Cuts at spaces and tabs; answers how many fields there are, at most FIELDS + 1. */
static size_t cut_fields(struct hr_text text, struct hr_text parts[FIELDS + 1])
{
    size_t count = 0;
    size_t at = 0;
    while (at < text.size && count <= FIELDS) {
        size_t first = at;
        while (at < text.size && text.data[at] != ' ' && text.data[at] != '\t') {
            at++;
        }
        if (at > first) {
            parts[count++] = hr_text_slice(text, first, at);
        }
        at++;
    }
    return count;
}

hr_status hr_cron_read(struct hr_text text, enum hr_cron_form form, struct hr_cron *ret_cron,
                       struct hr_flaw *reterr)
{
    struct reading reading = {.text = text.data, .whole = text, .reterr = reterr};
    struct hr_text parts[FIELDS + 1];
    size_t count = text.size <= TEXT_SIZE_MAX ? cut_fields(text, parts) : 0;
    if (form == HR_CRON_any) {
        form = count == 5 ? HR_CRON_crontab : HR_CRON_seconds;
    }
    bool crontab = form == HR_CRON_crontab;
    if (crontab ? count != 5 : count != 6 && count != 7) {
        return refuse(&reading, text,
                      crontab ? "five fields: minute hour day month weekday"
                              : "six or seven fields: second minute hour day month weekday [year]");
    }
    struct hr_cron cron = {.seconds = 1, .years = {UINT64_MAX, UINT64_MAX, 3}};
    size_t first = crontab ? FIELD_MINUTE : FIELD_SECOND;
    for (size_t index = 0; index < count; index++) {
        reading.whole = parts[index];
        reading.field = &fields[form - HR_CRON_crontab][first + index];
        HR_TRY(read_field(&reading, first + index, parts[index], &cron));
    }
    struct hr_text day = parts[FIELD_DAY - first];
    struct hr_text weekday = parts[FIELD_WEEKDAY - first];
    cron.either = crontab && day.data[0] != '*' && day.data[0] != '?' && weekday.data[0] != '*' &&
                  weekday.data[0] != '?';
    if (never_comes(&cron)) {
        return refuse(&reading, day, "no month of this expression has such a day");
    }
    *ret_cron = cron;
    return hr_done();
}

bool hr_cron_equal(const struct hr_cron *a, const struct hr_cron *b)
{
    return a->seconds == b->seconds && a->minutes == b->minutes && a->hours == b->hours &&
           a->days == b->days && a->months == b->months && a->weekdays == b->weekdays &&
           a->day_kind == b->day_kind && a->weekday_kind == b->weekday_kind &&
           a->near_day == b->near_day && a->nth == b->nth && a->either == b->either &&
           memcmp(a->years, b->years, sizeof a->years) == 0;
}
