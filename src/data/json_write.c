/* data/json_write: values as JSON, compact; in member order, or in the canonical form of RFC 8785. Doubles
 * are written in ECMAScript form either way. */
#include "data/inside.h"

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

static void write_word(struct hr_buffer *out, const struct hr_value *value)
{
    hr_buffer_add_byte(out, '"');
    hr_value_write_word(out, value);
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
    case HR_KIND_time:
    case HR_KIND_duration:
        write_word(out, value);
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

/* ---- the canonical order ------------------------------------------------------------------ */

/* RFC 8785 orders names by their UTF-16 code units. That is the order of the bytes of UTF-8, but that
 * letters beyond U+FFFF, there written with surrogates, come before those from U+E000 on. */
static int utf16_rank(char byte)
{
    int rank = (unsigned char)byte;
    return rank == 0xEE || rank == 0xEF ? rank + 0x100 : rank;
}

static int compare_names(const void *context, uint32_t a, uint32_t b)
{
    const struct hr_text *names = context;
    struct hr_text left = names[a];
    struct hr_text right = names[b];
    size_t at = 0;
    while (at < left.size && at < right.size && left.data[at] == right.data[at]) {
        at++;
    }
    if (at == left.size || at == right.size) {
        return left.size < right.size ? -1 : left.size > right.size;
    }
    return utf16_rank(left.data[at]) - utf16_rank(right.data[at]);
}

/* A key as it is written, without the quotes; false without memory. */
static bool name_of(struct hr_arena *arena, const struct hr_value *key, struct hr_text *ret_name)
{
    if (key->kind == HR_KIND_text) {
        *ret_name = hr_value_as_text(key);
        return true;
    }
    struct hr_buffer name;
    hr_buffer_init(&name, arena, UINT32_MAX);
    write_key(&name, key);
    struct hr_text quoted = hr_buffer_text(&name);
    *ret_name = hr_text_slice(quoted, 1, quoted.size > 0 ? quoted.size - 1 : 0);
    return !name.failed;
}

/* The numbers of a map's members in canonical order; NULL without memory. */
static const uint32_t *canonical_order(struct hr_arena *arena, const struct hr_value *map)
{
    struct hr_text *names = hr_arena_new_many(arena, struct hr_text, map->count);
    if (names == NULL) {
        return NULL;
    }
    for (uint32_t index = 0; index < map->count; index++) {
        if (!name_of(arena, &map->members[index].key, &names[index])) {
            return NULL;
        }
    }
    return hr_order_make(arena, map->count, compare_names, names);
}

/* RFC 8785 knows only doubles, and asks for texts where a number is no double. We keep every digit of
 * a whole number instead, so that two long ids never become one; up to 2^53 that is the same. */
static void write_number_canonical(struct hr_buffer *out, const struct hr_value *value)
{
    struct hr_text text = {value->number_text, value->number_size};
    bool whole = true;
    for (size_t at = 0; at < text.size; at++) {
        char byte = text.data[at];
        whole = whole && ((byte >= '0' && byte <= '9') || byte == '-');
    }
    if (!whole || hr_text_equal(text, HR_TEXT("-0"))) {
        write_scalar(out, value);
    } else {
        hr_buffer_add_text(out, text);
    }
}

/* ---- all of a value ----------------------------------------------------------------------- */

/* Where a value goes, and in which of the two forms. */
struct writer {
    struct hr_buffer *out;
    bool canonical;
};

static void write_within(struct writer writer, const struct hr_value *value, uint32_t depth);

static void write_members(struct writer writer, const struct hr_value *map, uint32_t depth)
{
    struct hr_buffer *out = writer.out;
    const uint32_t *order = NULL;
    if (writer.canonical) {
        order = canonical_order(out->arena, map);
        if (order == NULL) {
            out->failed = out->starved = true;
            return;
        }
    }
    hr_buffer_add_byte(out, '{');
    for (uint32_t index = 0; index < map->count; index++) {
        const struct hr_member *member = &map->members[order != NULL ? order[index] : index];
        if (index > 0) {
            hr_buffer_add_byte(out, ',');
        }
        write_key(out, &member->key);
        hr_buffer_add_byte(out, ':');
        write_within(writer, &member->value, depth);
    }
    hr_buffer_add_byte(out, '}');
}

static void write_within(struct writer writer, const struct hr_value *value, uint32_t depth)
{
    struct hr_buffer *out = writer.out;
    if (depth == 0) {
        out->failed = true;
        return;
    }
    if (value->number_size > 0) {
        if (writer.canonical) {
            write_number_canonical(out, value);
        } else {
            hr_buffer_add(out, value->number_text, value->number_size);
        }
    } else if (value->kind == HR_KIND_map) {
        write_members(writer, value, depth - 1);
    } else if (value->kind == HR_KIND_list) {
        hr_buffer_add_byte(out, '[');
        for (uint32_t index = 0; index < value->count; index++) {
            if (index > 0) {
                hr_buffer_add_byte(out, ',');
            }
            write_within(writer, &value->items[index], depth - 1);
        }
        hr_buffer_add_byte(out, ']');
    } else if (value->kind == HR_KIND_optional && value->count > 0) {
        write_within(writer, &value->items[0], depth - 1);
    } else {
        write_scalar(out, value);
    }
}

void hr_json_write(struct hr_buffer *out, const struct hr_value *value)
{
    write_within((struct writer){out, false}, value, HR_WALK_DEPTH_MAX + 1);
}

void hr_json_write_canonical(struct hr_buffer *out, const struct hr_value *value)
{
    write_within((struct writer){out, true}, value, HR_WALK_DEPTH_MAX + 1);
}
