/* data/json_write: values as JSON, compact in member order, numbers in ECMAScript form (RFC 8785). */
#include "base/bytes.h"
#include "data/inside.h"
#include "data/time.h"

#include <math.h>

/* ---- texts -------------------------------------------------------------------------------- */

static void add_escape(struct hr_buffer *out, unsigned char byte)
{
    static const char from[] = "\"\\\b\f\n\r\t";
    static const char to[] = "\"\\bfnrt";
    for (size_t index = 0; from[index] != '\0'; index++) {
        if (from[index] == (char)byte) {
            hr_buffer_add_byte(out, '\\');
            hr_buffer_add_byte(out, to[index]);
            return;
        }
    }
    hr_buffer_add_format(out, "\\u%04x", byte);
}

void hr_json_write_text(struct hr_buffer *out, struct hr_text text)
{
    hr_buffer_add_byte(out, '"');
    size_t first = 0;
    for (size_t at = 0; at < text.size; at++) {
        unsigned char byte = (unsigned char)text.data[at];
        if (byte >= 0x20 && byte != '"' && byte != '\\') {
            continue;
        }
        hr_buffer_add(out, text.data + first, at - first);
        add_escape(out, byte);
        first = at + 1;
    }
    if (text.size > first) {
        hr_buffer_add(out, text.data + first, text.size - first);
    }
    hr_buffer_add_byte(out, '"');
}

/* ---- scalars ------------------------------------------------------------------------------ */

static void write_double(struct hr_buffer *out, double real)
{
    if (isfinite(real)) {
        hr_double_write(out, real);
    } else {
        hr_buffer_add_text(out, HR_TEXT("null")); /* JSON has no word for it */
    }
}

static void write_duration(struct hr_buffer *out, int64_t duration_us)
{
    hr_buffer_add_byte(out, '"');
    hr_duration_write(out, duration_us);
    hr_buffer_add_byte(out, '"');
}

/* Writes anything but a list, a map or an optional. */
static void write_scalar(struct hr_buffer *out, const struct hr_value *value)
{
    switch ((enum hr_kind)value->kind) {
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
        write_double(out, value->real);
        return;
    case HR_KIND_text:
    case HR_KIND_type:
        hr_json_write_text(out, hr_value_as_text(value));
        return;
    case HR_KIND_bytes:
        hr_json_write_text(out, hr_base64(out->arena, hr_value_as_text(value)));
        return;
    case HR_KIND_time:
        hr_json_write_text(out, hr_instant_write(out->arena, value->time));
        return;
    case HR_KIND_duration:
        write_duration(out, value->duration_us);
        return;
    case HR_KIND_null:
    case HR_KIND_list:
    case HR_KIND_map:
    case HR_KIND_optional:
        hr_buffer_add_text(out, HR_TEXT("null"));
        return;
    }
}

/* A key that is no text is written as the text of its scalar, since JSON knows no other. */
static void write_key(struct hr_buffer *out, const struct hr_value *key)
{
    if (key->kind == HR_KIND_bool || key->kind == HR_KIND_int || key->kind == HR_KIND_uint ||
        key->kind == HR_KIND_double || key->kind == HR_KIND_null) {
        hr_buffer_add_byte(out, '"');
        write_scalar(out, key);
        hr_buffer_add_byte(out, '"');
    } else {
        write_scalar(out, key);
    }
}

/* ---- compact ------------------------------------------------------------------------------ */

static void write_within(struct hr_buffer *out, const struct hr_value *value, uint32_t depth)
{
    if (depth == 0) {
        out->failed = true;
        return;
    }
    if (value->number_size > 0) {
        hr_buffer_add(out, value->number_text, value->number_size);
    } else if (value->kind == HR_KIND_map) {
        hr_buffer_add_byte(out, '{');
        for (uint32_t index = 0; index < value->count; index++) {
            if (index > 0) {
                hr_buffer_add_byte(out, ',');
            }
            write_key(out, &value->members[index].key);
            hr_buffer_add_byte(out, ':');
            write_within(out, &value->members[index].value, depth - 1);
        }
        hr_buffer_add_byte(out, '}');
    } else if (value->kind == HR_KIND_list) {
        hr_buffer_add_byte(out, '[');
        for (uint32_t index = 0; index < value->count; index++) {
            if (index > 0) {
                hr_buffer_add_byte(out, ',');
            }
            write_within(out, &value->items[index], depth - 1);
        }
        hr_buffer_add_byte(out, ']');
    } else if (value->kind == HR_KIND_optional && value->count > 0) {
        write_within(out, &value->items[0], depth - 1);
    } else {
        write_scalar(out, value);
    }
}

void hr_json_write(struct hr_buffer *out, const struct hr_value *value)
{
    write_within(out, value, HR_WALK_DEPTH_MAX + 1);
}
