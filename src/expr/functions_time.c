/* expr/functions_time: timestamp(), duration(), now(), and the parts of a time or a duration. Both
 * carry nanoseconds, 0 to 999 beside the microseconds; a zone is UTC, an offset like "+02:00", the
 * business's own, or one that the view's zone_of knows by name. */
#include "expr/program.h"

#include <string.h>

#define APPLY(name)                                                                                \
    static int32_t name(struct hr_expr_run *run, const struct hr_expr_node *node,                  \
                        const struct hr_value *args, struct hr_value *ret_value)

APPLY(apply_same)
{
    (void)run;
    (void)node;
    *ret_value = args[0];
    return 0;
}

APPLY(apply_now)
{
    (void)args;
    if (run->open) {
        return HR_EXPR_OPEN;
    }
    if (run->view == NULL || run->view->now == HR_INSTANT_NONE) {
        return hr_expr_fail(run, node, "the present time is not known here");
    }
    *ret_value = hr_value_time(run->view->now);
    return 0;
}

struct hr_value hr_expr_time_of(hr_instant time, uint32_t ns)
{
    struct hr_value value = hr_value_time(time);
    value.nanoseconds = ns;
    return value;
}

struct hr_value hr_expr_duration_of(int64_t us, uint32_t ns)
{
    struct hr_value value = hr_value_duration(us);
    value.nanoseconds = ns;
    return value;
}

/* The seventh to ninth decimal of a time's seconds, which instants do not have. */
static uint32_t nanoseconds_in(struct hr_text text)
{
    size_t point = hr_text_find(text, '.');
    size_t end = point + 1;
    uint32_t ns = 0;
    while (end < text.size && text.data[end] >= '0' && text.data[end] <= '9') {
        end++;
    }
    for (size_t at = point + 7; at <= point + 9; at++) {
        ns = ns * 10 + (at < end ? (uint32_t)(text.data[at] - '0') : 0);
    }
    return ns;
}

bool hr_expr_read_time(struct hr_text text, struct hr_value *ret_time)
{
    hr_instant time = 0;
    if (!hr_instant_read(text, &time)) {
        return false;
    }
    *ret_time = hr_expr_time_of(time, nanoseconds_in(text));
    return true;
}

APPLY(apply_time_of_text)
{
    return hr_expr_read_time(hr_value_as_text(&args[0]), ret_value)
               ? 0
               : hr_expr_fail(run, node, "this text is no time like 2026-11-22T10:02:09Z");
}

/* Seconds since 1970, as payment tools send them. */
APPLY(apply_time_of_int)
{
    int64_t seconds = args[0].integer;
    if (seconds < INT64_C(-62135596800) || seconds >= INT64_C(253402300800)) {
        return hr_expr_fail(run, node, "the time is out of range");
    }
    *ret_value = hr_value_time(seconds * HR_SECOND_US);
    return 0;
}

struct unit {
    const char *name;
    int64_t ns;
};

/* Longer names first. */
static const struct unit units[] = {
    {"ns", 1},
    {"us", 1000},
    {"\xc2\xb5s", 1000},
    {"ms", 1000000},
    {"s", 1000000000},
    {"m", 60 * 1000000000LL},
    {"h", 3600 * 1000000000LL},
};

__extension__ typedef __int128 wide;

/* One number with its unit, in nanoseconds; false when there is none or it does not fit. */
static bool read_part(struct hr_text *rest, int64_t *ret_ns)
{
    int64_t whole = 0;
    int64_t fraction = 0;
    int64_t scale = 1;
    size_t at = 0;
    size_t digits = 0;
    bool dot = false;
    for (; at < rest->size; at++) {
        char byte = rest->data[at];
        if (byte == '.' && !dot) {
            dot = true;
            continue;
        }
        if (byte < '0' || byte > '9') {
            break;
        }
        digits++;
        if (dot && scale < 1000000000) {
            fraction = fraction * 10 + (byte - '0');
            scale *= 10;
        } else if (!dot && (__builtin_mul_overflow(whole, INT64_C(10), &whole) ||
                            __builtin_add_overflow(whole, (int64_t)(byte - '0'), &whole))) {
            return false;
        }
    }
    *rest = hr_text_slice(*rest, at, rest->size);
    for (size_t i = 0; digits > 0 && i < sizeof(units) / sizeof(units[0]); i++) {
        struct hr_text name = hr_text_from(units[i].name);
        if (hr_text_starts(*rest, name)) {
            *rest = hr_text_slice(*rest, name.size, rest->size);
            fraction = (int64_t)((wide)fraction * units[i].ns / scale);
            return !__builtin_mul_overflow(whole, units[i].ns, ret_ns) &&
                   !__builtin_add_overflow(*ret_ns, fraction, ret_ns);
        }
    }
    return false;
}

bool hr_expr_read_duration(struct hr_text text, struct hr_value *ret_duration)
{
    bool negative = hr_text_starts(text, HR_TEXT("-"));
    if (negative || hr_text_starts(text, HR_TEXT("+"))) {
        text = hr_text_slice(text, 1, text.size);
    }
    int64_t total = 0;
    if (text.size == 0) {
        return false;
    }
    if (hr_text_equal(text, HR_TEXT("0"))) {
        *ret_duration = hr_value_duration(0);
        return true;
    }
    while (text.size > 0) {
        int64_t part = 0;
        if (!read_part(&text, &part) || __builtin_add_overflow(total, part, &total)) {
            return false;
        }
    }
    total = negative ? -total : total;
    int64_t ns = total % 1000;
    int64_t us = total / 1000 - (ns < 0 ? 1 : 0);
    *ret_duration = hr_expr_duration_of(us, (uint32_t)(ns < 0 ? ns + 1000 : ns));
    return true;
}

APPLY(apply_duration_of_text)
{
    struct hr_span span;
    struct hr_text text = hr_value_as_text(&args[0]);
    if (hr_expr_read_duration(text, ret_value)) {
        return 0;
    }
    if (!hr_span_read(text, &span) || span.unit != HR_SPAN_elapsed) {
        return hr_expr_fail(run, node, "this text is no duration like 90m or 7 days");
    }
    *ret_value = hr_value_duration(span.amount);
    return 0;
}

/* "+02:00", "-09:30", "02:00" to seconds. */
static bool read_offset(struct hr_text text, int32_t *ret_offset_s)
{
    bool negative = hr_text_starts(text, HR_TEXT("-"));
    if (negative || hr_text_starts(text, HR_TEXT("+"))) {
        text = hr_text_slice(text, 1, text.size);
    }
    if (text.size != 5 || text.data[2] != ':') {
        return false;
    }
    for (size_t i = 0; i < 5; i++) {
        if (i != 2 && (text.data[i] < '0' || text.data[i] > '9')) {
            return false;
        }
    }
    int32_t hours = (text.data[0] - '0') * 10 + (text.data[1] - '0');
    int32_t minutes = (text.data[3] - '0') * 10 + (text.data[4] - '0');
    *ret_offset_s = (hours * 60 + minutes) * 60 * (negative ? -1 : 1);
    return hours <= 23 && minutes <= 59;
}

static int32_t offset_of(struct hr_expr_run *run, const struct hr_expr_node *node,
                         const struct hr_value *args, int32_t *ret_offset_s)
{
    *ret_offset_s = 0;
    struct hr_text zone = node->count > 1 ? hr_value_as_text(&args[1]) : HR_TEXT("UTC");
    const struct hr_hours *hours = run->view != NULL ? run->view->hours : NULL;
    if (hr_text_equal(zone, HR_TEXT("UTC")) || hr_text_equal(zone, HR_TEXT("Z")) ||
        read_offset(zone, ret_offset_s)) {
        return 0;
    }
    if (hours != NULL && hours->zone != NULL && hr_text_equal(hr_zone_name(hours->zone), zone)) {
        *ret_offset_s = hr_zone_offset(hours->zone, args[0].time);
        return 0;
    }
    const struct hr_zone *named = run->view != NULL && run->view->zone_of != NULL
                                      ? run->view->zone_of(run->view->context, zone)
                                      : NULL;
    if (named != NULL) {
        *ret_offset_s = hr_zone_offset(named, args[0].time);
        return 0;
    }
    hr_expr_fail(run, node, "");
    run->message =
        hr_text_format(run->arena,
                       "the time zone \"%.*s\" is not known here; write an offset like '+02:00' or "
                       "the business's own zone",
                       HR_SHOW(zone));
    return HR_EXPR_FAILED;
}

/* What a part's name asks for; names are told apart by their rows' order in `parts`. */
static int64_t part_of(struct hr_text name, const struct hr_civil *civil)
{
    const struct {
        const char *name;
        int64_t value;
    } parts[] = {
        {"getFullYear", civil->year},
        {"getMonth", civil->month - 1},
        {"getDate", civil->day},
        {"getDayOfMonth", civil->day - 1},
        {"getDayOfWeek", (civil->weekday + 1) % 7},
        {"getDayOfYear", civil->year_day},
        {"getHours", civil->hour},
        {"getMinutes", civil->minute},
        {"getSeconds", civil->second},
        {"getMilliseconds", civil->microsecond / 1000},
    };
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (hr_text_equal(name, hr_text_from(parts[i].name))) {
            return parts[i].value;
        }
    }
    hr_assert_failed("every row of a time's part has a name here", __FILE__, __LINE__);
}

APPLY(apply_part)
{
    int32_t offset_s = 0;
    int32_t outcome = offset_of(run, node, args, &offset_s);
    if (outcome != 0) {
        return outcome;
    }
    struct hr_civil civil = hr_civil_at_offset(args[0].time, offset_s);
    *ret_value = hr_value_int(part_of(node->text, &civil));
    return 0;
}

APPLY(apply_duration_part)
{
    (void)run;
    int64_t us = args[0].duration_us;
    int64_t part = us / HR_SECOND_US;
    if (hr_text_equal(node->text, HR_TEXT("getHours"))) {
        part = us / HR_HOUR_US;
    } else if (hr_text_equal(node->text, HR_TEXT("getMinutes"))) {
        part = us / HR_MINUTE_US;
    } else if (hr_text_equal(node->text, HR_TEXT("getMilliseconds"))) {
        part = us % HR_SECOND_US / 1000;
    }
    *ret_value = hr_value_int(part);
    return 0;
}

#define MAKE(name, from, to, flags, apply)                                                         \
    {                                                                                              \
        name, HR_STYLE_global, 1, {HR_TYPE_##from}, HR_TYPE_##to, flags, apply                     \
    }
#define PART(name)                                                                                 \
    {name, HR_STYLE_member, 1, {HR_TYPE_time}, HR_TYPE_int, 0, apply_part},                        \
    {                                                                                              \
        name, HR_STYLE_member, 2, {HR_TYPE_time, HR_TYPE_text}, HR_TYPE_int, 0, apply_part         \
    }
#define DURATION_PART(name)                                                                        \
    {                                                                                              \
        name, HR_STYLE_member, 1, {HR_TYPE_duration}, HR_TYPE_int, 0, apply_duration_part          \
    }

static const struct hr_expr_overload rows[] = {
    {"now", HR_STYLE_global, 0, {0}, HR_TYPE_time, HR_OVERLOAD_varies, apply_now},
    MAKE("timestamp", time, time, 0, apply_same),
    MAKE("timestamp", text, time, HR_OVERLOAD_must_work, apply_time_of_text),
    MAKE("timestamp", int, time, HR_OVERLOAD_must_work, apply_time_of_int),
    MAKE("duration", duration, duration, 0, apply_same),
    MAKE("duration", text, duration, HR_OVERLOAD_must_work, apply_duration_of_text),
    PART("getFullYear"),
    PART("getMonth"),
    PART("getDate"),
    PART("getDayOfMonth"),
    PART("getDayOfWeek"),
    PART("getDayOfYear"),
    PART("getHours"),
    DURATION_PART("getHours"),
    PART("getMinutes"),
    DURATION_PART("getMinutes"),
    PART("getSeconds"),
    DURATION_PART("getSeconds"),
    PART("getMilliseconds"),
    DURATION_PART("getMilliseconds"),
};

const struct hr_expr_table hr_expr_times = {rows, sizeof(rows) / sizeof(rows[0])};
