/* data/value_show: values as texts: the words of what JSON does not have, the short form for people, and the whole
 * text by which a value is known. */
#include "base/bytes.h"
#include "data/inside.h"
#include "data/time.h"

#include <math.h>

enum { SHOW_SIZE_MAX = 200 };

/* ---- addresses ---------------------------------------------------------------------------- */

enum { FAMILY = 0, PREFIX = 1, BYTES = 2, NO_PREFIX = 255, GROUPS = 8 };

/* The longest run of zero groups, two at least: what "::" stands for. */
static void find_gap(const uint8_t *bytes, size_t *ret_from, size_t *ret_count)
{
    *ret_from = GROUPS;
    *ret_count = 1;
    for (size_t i = 0; i < GROUPS;) {
        size_t end = i;
        while (end < GROUPS && bytes[2 * end] == 0 && bytes[2 * end + 1] == 0) {
            end++;
        }
        if (end - i > *ret_count) {
            *ret_from = i;
            *ret_count = end - i;
        }
        i = end + 1;
    }
}

static void write_v6(struct hr_buffer *out, const uint8_t *bytes)
{
    size_t from = 0;
    size_t count = 0;
    find_gap(bytes, &from, &count);
    for (size_t i = 0; i < GROUPS; i++) {
        if (i == from) {
            hr_buffer_add_text(out, HR_TEXT("::"));
            i += count - 1;
            continue;
        }
        bool colon = i > 0 && i != from + count;
        hr_buffer_add_format(out, "%s%x", colon ? ":" : "",
                             (unsigned)(bytes[2 * i] << 8 | bytes[2 * i + 1]));
    }
}

/* RFC 5952, with the length of the prefix behind it. */
static void write_address(struct hr_buffer *out, const struct hr_value *value)
{
    hr_assert(value->count == HR_ADDRESS_SIZE);
    const uint8_t *data = (const uint8_t *)value->text;
    const uint8_t *bytes = data + BYTES;
    if (data[FAMILY] == 4) {
        hr_buffer_add_format(out, "%u.%u.%u.%u", bytes[0], bytes[1], bytes[2], bytes[3]);
    } else {
        write_v6(out, bytes);
    }
    if (data[PREFIX] != NO_PREFIX) {
        hr_buffer_add_format(out, "/%u", data[PREFIX]);
    }
}

/* ---- times and durations ------------------------------------------------------------------ */

/* The decimals of a second, without zeros at the end. */
static void write_fraction(struct hr_buffer *out, uint32_t microseconds, uint32_t nanoseconds)
{
    uint32_t fraction = microseconds * 1000 + nanoseconds;
    int digits = 9;
    if (fraction == 0) {
        return;
    }
    while (fraction % 10 == 0) {
        fraction /= 10;
        digits--;
    }
    hr_buffer_add_format(out, ".%0*u", digits, fraction);
}

static void write_time(struct hr_buffer *out, const struct hr_value *value)
{
    if (value->time == HR_INSTANT_NONE) {
        hr_buffer_add_text(out, HR_TEXT("never"));
        return;
    }
    struct hr_civil civil = hr_civil_at_offset(value->time, 0);
    hr_buffer_add_format(out, "%04d-%02u-%02uT%02u:%02u:%02u", civil.year, civil.month, civil.day,
                         civil.hour, civil.minute, civil.second);
    write_fraction(out, (uint32_t)civil.microsecond, value->nanoseconds);
    hr_buffer_add_byte(out, 'Z');
}

static void write_duration(struct hr_buffer *out, const struct hr_value *value)
{
    bool negative = value->duration_us < 0;
    uint64_t all = negative ? 0 - (uint64_t)value->duration_us : (uint64_t)value->duration_us;
    uint32_t nanoseconds = value->nanoseconds;
    if (negative && nanoseconds > 0) { /* they count forward, also below zero */
        all--;
        nanoseconds = 1000 - nanoseconds;
    }
    hr_buffer_add_format(out, "%s%llu", negative ? "-" : "",
                         (unsigned long long)(all / HR_SECOND_US));
    write_fraction(out, (uint32_t)(all % HR_SECOND_US), nanoseconds);
    hr_buffer_add_byte(out, 's');
}

void hr_value_write_word(struct hr_buffer *out, const struct hr_value *value)
{
    if (value->kind == HR_KIND_time) {
        write_time(out, value);
    } else if (value->kind == HR_KIND_duration) {
        write_duration(out, value);
    } else if (value->kind == HR_KIND_bytes && value->form != HR_BYTES_plain) {
        write_address(out, value);
    } else {
        hr_base64_write(out, hr_value_as_text(value));
    }
}

/* ---- showing ------------------------------------------------------------------------------ */

static void show_within(struct hr_buffer *out, const struct hr_value *value, uint32_t depth);

static void show_children(struct hr_buffer *out, const struct hr_value *value, uint32_t depth)
{
    bool is_map = value->kind == HR_KIND_map;
    hr_buffer_add_byte(out, is_map ? '{' : '[');
    for (uint32_t index = 0; index < value->count && !out->failed; index++) {
        if (index > 0) {
            hr_buffer_add_text(out, HR_TEXT(", "));
        }
        if (is_map) {
            show_within(out, &value->members[index].key, depth);
            hr_buffer_add_text(out, HR_TEXT(": "));
            show_within(out, &value->members[index].value, depth);
        } else {
            show_within(out, &value->items[index], depth);
        }
    }
    hr_buffer_add_byte(out, is_map ? '}' : ']');
}

static void show_double(struct hr_buffer *out, double real)
{
    if (isfinite(real)) {
        hr_double_write(out, real);
    } else {
        hr_buffer_add_text(out, isnan(real) ? HR_TEXT("no number") : HR_TEXT("infinity"));
    }
}

/* A text is cut before it is added, so that the form never grows beyond what is shown. */
static void show_text(struct hr_buffer *out, struct hr_text text)
{
    hr_buffer_add_text(out, hr_text_slice(text, 0, SHOW_SIZE_MAX + 1));
}

/* Nobody reads bytes; an address everybody does. */
static void show_bytes(struct hr_buffer *out, const struct hr_value *value)
{
    if (value->form == HR_BYTES_plain) {
        hr_buffer_add_format(out, "%u bytes", value->count);
    } else {
        hr_value_write_word(out, value);
    }
}

static void show_within(struct hr_buffer *out, const struct hr_value *value, uint32_t depth)
{
    if (depth == 0 || out->size > SHOW_SIZE_MAX) {
        return;
    }
    if (value->number_size > 0) {
        hr_buffer_add(out, value->number_text, value->number_size);
        return;
    }
    switch ((enum hr_kind)value->kind) {
    case HR_KIND_null:
        hr_buffer_add_text(out, HR_TEXT("nothing"));
        return;
    case HR_KIND_bool:
        hr_buffer_add_text(out, value->truth ? HR_TEXT("true") : HR_TEXT("false"));
        return;
    case HR_KIND_int:
        hr_buffer_add_format(out, "%lld", (long long)value->integer);
        return;
    case HR_KIND_uint:
        hr_buffer_add_format(out, "%llu", (unsigned long long)value->natural);
        return;
    case HR_KIND_double:
        show_double(out, value->real);
        return;
    case HR_KIND_text:
    case HR_KIND_type:
        show_text(out, hr_value_as_text(value));
        return;
    case HR_KIND_bytes:
        show_bytes(out, value);
        return;
    case HR_KIND_time:
    case HR_KIND_duration:
        hr_value_write_word(out, value);
        return;
    case HR_KIND_list:
    case HR_KIND_optional:
    case HR_KIND_map:
        show_children(out, value, depth - 1);
        return;
    }
}

struct hr_text hr_value_show(struct hr_arena *into, const struct hr_value *value)
{
    struct hr_buffer out;
    hr_buffer_init(&out, into, SHOW_SIZE_MAX * 8);
    show_within(&out, value, HR_VALUE_DEPTH_MAX);
    struct hr_text all = hr_buffer_text(&out);
    if (out.starved) {
        return HR_TEXT_NONE;
    }
    if (all.size <= SHOW_SIZE_MAX && !out.failed) {
        return all.size > 0 ? all : HR_TEXT("");
    }
    return hr_text_format(into, "%.*s\xE2\x80\xA6", HR_SHOW(hr_text_clip(all, SHOW_SIZE_MAX)));
}

/* ---- the whole of it ---------------------------------------------------------------------- */

/* Bytes, lists and maps; JSON writes bytes with quotes, which say nothing here. */
static hr_status name_of_many(struct hr_arena *into, const struct hr_value *value,
                              struct hr_text *ret_name)
{
    struct hr_buffer out;
    hr_buffer_init(&out, into, UINT32_MAX);
    if (value->kind == HR_KIND_bytes) {
        hr_value_write_word(&out, value);
    } else {
        hr_json_write_canonical(&out, value);
    }
    *ret_name = hr_buffer_text(&out);
    return hr_buffer_status(&out);
}

hr_status hr_value_name(struct hr_arena *into, const struct hr_value *value,
                        struct hr_text *ret_name)
{
    *ret_name = HR_TEXT("");
    while (value->kind == HR_KIND_optional && value->count > 0) {
        value = value->items;
    }
    if (value->number_size > 0) {
        *ret_name = (struct hr_text){value->number_text, value->number_size};
        return hr_done();
    }
    switch ((enum hr_kind)value->kind) {
    case HR_KIND_null:
    case HR_KIND_optional:
        return hr_done();
    case HR_KIND_text:
    case HR_KIND_type:
        *ret_name = hr_value_as_text(value);
        return hr_done();
    case HR_KIND_bytes:
    case HR_KIND_list:
    case HR_KIND_map:
        return value->count == 0 ? hr_done() : name_of_many(into, value, ret_name);
    case HR_KIND_bool:
    case HR_KIND_int:
    case HR_KIND_uint:
    case HR_KIND_double:
    case HR_KIND_time:
    case HR_KIND_duration:
        break;
    }
    *ret_name = hr_value_show(into, value); /* none of these is as long as what is cut there */
    return ret_name->data == NULL ? hr_answer(HR_E_MEMORY) : hr_done();
}
