/* expr/wire: writing and reading values with their types. */
#include "expr/wire.h"

#include "base/bytes.h"
#include "expr/program.h"

#include <string.h>

/* ---- names ------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    enum hr_type type;
} names[] = {
    {"null", HR_TYPE_null},
    {"bool", HR_TYPE_bool},
    {"int", HR_TYPE_int},
    {"uint", HR_TYPE_uint},
    {"double", HR_TYPE_double},
    {"string", HR_TYPE_text},
    {"bytes", HR_TYPE_bytes},
    {"timestamp", HR_TYPE_time},
    {"duration", HR_TYPE_duration},
    {"list", HR_TYPE_list},
    {"map", HR_TYPE_map},
    {"type", HR_TYPE_type},
    {"optional", HR_TYPE_optional},
    {"net.IP", HR_TYPE_ip},
    {"net.CIDR", HR_TYPE_cidr},
    {"null_type", HR_TYPE_null}, /* also read: CEL's own names */
    {"google.protobuf.Timestamp", HR_TYPE_time},
    {"google.protobuf.Duration", HR_TYPE_duration},
    {"optional_type", HR_TYPE_optional},
};
enum { NAME_COUNT = sizeof(names) / sizeof(names[0]) };

const char *hr_wire_type(const struct hr_value *value)
{
    enum hr_type type = hr_expr_value_type(value);
    for (size_t i = 0; i < NAME_COUNT; i++) {
        if (names[i].type == type) {
            return names[i].name;
        }
    }
    return "dyn";
}

static bool type_named(struct hr_text name, enum hr_type *ret_type)
{
    for (size_t i = 0; i < NAME_COUNT; i++) {
        if (hr_text_equal(name, hr_text_from(names[i].name))) {
            *ret_type = names[i].type;
            return true;
        }
    }
    return false;
}

/* The type that a JSON object tells, if it is {"type": T, "value": V} with a T that is known. */
static bool tells_type(const struct hr_value *json, enum hr_type *ret_type)
{
    const struct hr_value *type = hr_value_member(json, HR_TEXT("type"));
    return json->kind == HR_KIND_map && json->count == 2 && type != NULL &&
           type->kind == HR_KIND_text && hr_value_member(json, HR_TEXT("value")) != NULL &&
           type_named(hr_value_as_text(type), ret_type);
}

/* ---- writing ---------------------------------------------------------------------------------- */

static void write_within(struct hr_buffer *out, const struct hr_value *value, bool bare,
                         uint32_t depth);

static bool is_finite(double real)
{
    return real >= -1.7976931348623157e308 && real <= 1.7976931348623157e308;
}

/* A double with a mark that tells it from a whole number. */
static void write_real(struct hr_buffer *out, double real)
{
    size_t before = out->size;
    if (!is_finite(real)) {
        hr_buffer_add_byte(out, '"');
        hr_expr_write_double(out, real);
        hr_buffer_add_byte(out, '"');
        return;
    }
    bool negative_zero = real >= 0.0 && real <= 0.0 && __builtin_signbit(real) != 0;
    hr_buffer_add_text(out, negative_zero ? HR_TEXT("-") : HR_TEXT(""));
    hr_expr_write_double(out, real);
    struct hr_text written = hr_text_slice(hr_buffer_text(out), before, out->size);
    if (hr_text_find(written, '.') == written.size && hr_text_find(written, 'e') == written.size) {
        hr_buffer_add_text(out, HR_TEXT(".0"));
    }
}

static void write_list(struct hr_buffer *out, const struct hr_value *list, uint32_t depth)
{
    hr_buffer_add_byte(out, '[');
    for (uint32_t i = 0; i < list->count && !out->failed; i++) {
        hr_buffer_add_text(out, i > 0 ? HR_TEXT(",") : HR_TEXT(""));
        write_within(out, &list->items[i], false, depth);
    }
    hr_buffer_add_byte(out, ']');
}

/* True if a map can be a JSON object and would not be taken for a type's form. */
static bool is_object(const struct hr_value *map)
{
    enum hr_type type = HR_TYPE_dyn;
    for (uint32_t i = 0; i < map->count; i++) {
        if (map->members[i].key.kind != HR_KIND_text) {
            return false;
        }
    }
    return !tells_type(map, &type);
}

static void write_entries(struct hr_buffer *out, const struct hr_value *map, uint32_t depth)
{
    hr_buffer_add_byte(out, '[');
    for (uint32_t i = 0; i < map->count && !out->failed; i++) {
        hr_buffer_add_text(out, i > 0 ? HR_TEXT(",[") : HR_TEXT("["));
        write_within(out, &map->members[i].key, false, depth);
        hr_buffer_add_byte(out, ',');
        write_within(out, &map->members[i].value, false, depth);
        hr_buffer_add_byte(out, ']');
    }
    hr_buffer_add_byte(out, ']');
}

static void write_object(struct hr_buffer *out, const struct hr_value *map, uint32_t depth)
{
    hr_buffer_add_byte(out, '{');
    for (uint32_t i = 0; i < map->count && !out->failed; i++) {
        hr_buffer_add_text(out, i > 0 ? HR_TEXT(",") : HR_TEXT(""));
        hr_json_write_text(out, hr_value_as_text(&map->members[i].key));
        hr_buffer_add_byte(out, ':');
        write_within(out, &map->members[i].value, false, depth);
    }
    hr_buffer_add_byte(out, '}');
}

/* What stands as it is even where no type stands beside it. */
static bool is_plain(const struct hr_value *value)
{
    switch ((uint8_t)hr_expr_value_type(value)) {
    case HR_TYPE_null:
    case HR_TYPE_bool:
    case HR_TYPE_int:
    case HR_TYPE_text:
    case HR_TYPE_list:
        return true;
    case HR_TYPE_double:
        return is_finite(value->real);
    case HR_TYPE_map:
        return is_object(value);
    default:
        return false;
    }
}

/* The text form of what JSON does not have, in quotes. */
static void write_quoted(struct hr_buffer *out, const struct hr_value *value)
{
    hr_buffer_add_byte(out, '"');
    switch ((uint8_t)hr_expr_value_type(value)) {
    case HR_TYPE_uint:
        hr_buffer_add_format(out, "%llu", (unsigned long long)value->natural);
        break;
    case HR_TYPE_type:
        hr_buffer_add_text(out, hr_value_as_text(value));
        break;
    default: /* bytes, times, durations, addresses */
        hr_value_write_word(out, value);
        break;
    }
    hr_buffer_add_byte(out, '"');
}

static void write_value(struct hr_buffer *out, const struct hr_value *value, uint32_t depth)
{
    switch ((uint8_t)hr_expr_value_type(value)) {
    case HR_TYPE_null:
        hr_buffer_add_text(out, HR_TEXT("null"));
        break;
    case HR_TYPE_bool:
        hr_buffer_add_text(out, value->truth ? HR_TEXT("true") : HR_TEXT("false"));
        break;
    case HR_TYPE_int:
        hr_buffer_add_format(out, "%lld", (long long)value->integer);
        break;
    case HR_TYPE_double:
        write_real(out, value->real);
        break;
    case HR_TYPE_text:
        hr_json_write_text(out, hr_value_as_text(value));
        break;
    case HR_TYPE_list:
    case HR_TYPE_optional:
        write_list(out, value, depth);
        break;
    case HR_TYPE_map:
        if (is_object(value)) {
            write_object(out, value, depth);
        } else {
            write_entries(out, value, depth);
        }
        break;
    default:
        write_quoted(out, value);
        break;
    }
}

static void write_within(struct hr_buffer *out, const struct hr_value *value, bool bare,
                         uint32_t depth)
{
    if (depth == 0) {
        out->failed = true;
        return;
    }
    if (bare || is_plain(value)) {
        write_value(out, value, depth - 1);
        return;
    }
    hr_buffer_add_format(out, "{\"type\":\"%s\",\"value\":", hr_wire_type(value));
    write_value(out, value, depth - 1);
    hr_buffer_add_byte(out, '}');
}

void hr_wire_write_bare(struct hr_buffer *out, const struct hr_value *value)
{
    write_within(out, value, true, HR_VALUE_DEPTH_MAX + 1);
}

void hr_wire_write(struct hr_buffer *out, const struct hr_value *value)
{
    write_within(out, value, false, HR_VALUE_DEPTH_MAX + 1);
}

/* ---- reading ---------------------------------------------------------------------------------- */

struct wire {
    struct hr_arena *arena;
    const char *problem;
};

static hr_status read_within(struct wire *wire, const struct hr_value *json, uint32_t depth,
                             struct hr_value *ret_value);

static hr_status refuse(struct wire *wire, const char *problem)
{
    wire->problem = problem;
    return hr_answer(HR_E_INPUT);
}

static hr_status read_items(struct wire *wire, const struct hr_value *json, uint32_t depth,
                            struct hr_value *ret_value)
{
    struct hr_value *items = hr_arena_new_many(wire->arena, struct hr_value, json->count);
    if (items == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (uint32_t i = 0; i < json->count; i++) {
        HR_TRY(read_within(wire, &json->items[i], depth, &items[i]));
    }
    *ret_value = hr_expr_list_of(items, json->count);
    return hr_done();
}

static hr_status read_members(struct wire *wire, const struct hr_value *json, uint32_t depth,
                              struct hr_value *ret_value)
{
    struct hr_member *members = hr_arena_new_many(wire->arena, struct hr_member, json->count);
    if (members == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (uint32_t i = 0; i < json->count; i++) {
        members[i].key = json->members[i].key;
        HR_TRY(read_within(wire, &json->members[i].value, depth, &members[i].value));
    }
    *ret_value = hr_expr_map_of(members, json->count);
    return hr_done();
}

static bool is_key(const struct hr_value *key)
{
    return key->kind == HR_KIND_text || key->kind == HR_KIND_int || key->kind == HR_KIND_uint ||
           key->kind == HR_KIND_bool;
}

/* [[key, value], ..]; keys may not come twice. */
static hr_status read_entries(struct wire *wire, const struct hr_value *json, uint32_t depth,
                              struct hr_value *ret_value)
{
    struct hr_expr_run run;
    struct hr_member *members = hr_arena_new_many(wire->arena, struct hr_member, json->count);
    if (members == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    hr_expr_run_init(&run, HR_TEXT_NONE, NULL, wire->arena);
    for (uint32_t i = 0; i < json->count; i++) {
        const struct hr_value *pair = &json->items[i];
        if (pair->kind != HR_KIND_list || pair->count != 2) {
            return refuse(wire, "a map is written [[key, value], ..] or {\"key\": value}");
        }
        HR_TRY(read_within(wire, &pair->items[0], depth, &members[i].key));
        HR_TRY(read_within(wire, &pair->items[1], depth, &members[i].value));
        struct hr_value before = hr_expr_map_of(members, i);
        if (!is_key(&members[i].key)) {
            return refuse(wire, "a key is a text, a whole number or a yes or no");
        }
        if (hr_expr_lookup(&run, &before, &members[i].key) != NULL || run.steps_left == 0) {
            return refuse(wire, run.steps_left == 0 ? "this map has too many entries"
                                                    : "a key stands here twice");
        }
    }
    *ret_value = hr_expr_map_of(members, json->count);
    return hr_done();
}

static hr_status read_whole(struct wire *wire, const struct hr_value *json, bool natural,
                            struct hr_value *ret_value)
{
    struct hr_text text = hr_value_as_text(json);
    struct hr_value number = *json;
    if (json->kind == HR_KIND_text && !natural) {
        int64_t integer = 0;
        bool fits = hr_text_to_integer(text, &integer);
        number = fits ? hr_value_int(integer) : hr_value_null();
    } else if (json->kind == HR_KIND_text) {
        uint64_t value = 0;
        bool fits = hr_expr_read_natural(text, 10, &value);
        number = fits ? hr_expr_uint_of(value) : hr_value_null();
    }
    if (natural && number.kind == HR_KIND_int && number.integer >= 0) {
        number = hr_expr_uint_of((uint64_t)number.integer);
    }
    if (number.kind != (natural ? HR_KIND_uint : HR_KIND_int)) {
        return refuse(wire, natural ? "a uint is written \"42\"" : "an int is written 42");
    }
    *ret_value = natural ? hr_expr_uint_of(number.natural) : hr_value_int(number.integer);
    return hr_done();
}

static hr_status read_double(struct wire *wire, const struct hr_value *json,
                             struct hr_value *ret_value)
{
    static const struct {
        const char *word;
        double real;
    } words[] = {{"NaN", (double)__builtin_nanf("")},
                 {"Infinity", (double)__builtin_inff()},
                 {"-Infinity", (double)-__builtin_inff()}};
    double real = 0.0;
    hr_status status = hr_done();
    struct hr_text text = hr_value_as_text(json);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (json->kind == HR_KIND_text && hr_text_equal(text, hr_text_from(words[i].word))) {
            *ret_value = hr_value_double(words[i].real);
            return hr_done();
        }
    }
    switch (json->kind) {
    case HR_KIND_int:
        real = (double)json->integer;
        break;
    case HR_KIND_uint:
        real = (double)json->natural;
        break;
    case HR_KIND_double:
        real = json->real;
        break;
    default:
        status = json->kind == HR_KIND_text ? hr_expr_read_double(wire->arena, text, &real)
                                            : hr_answer(HR_EXPR_FAILED);
        break;
    }
    *ret_value = hr_value_double(real);
    return status.code == HR_EXPR_FAILED
               ? refuse(wire, "a double is written 1.5, \"NaN\", \"Infinity\" or \"-Infinity\"")
               : status;
}

/* What is written as a text: bytes, times, durations, types, addresses. */
static hr_status read_quoted(struct wire *wire, enum hr_type type, const struct hr_value *json,
                             struct hr_value *ret_value)
{
    struct hr_text text = hr_value_as_text(json);
    const char *problem = NULL;
    if (json->kind != HR_KIND_text) {
        return refuse(wire, "this type's value is written as a text");
    }
    switch ((uint8_t)type) {
    case HR_TYPE_bytes: {
        struct hr_text bytes = HR_TEXT_NONE;
        if (!hr_base64_decode(wire->arena, text, &bytes)) {
            return wire->arena->failed ? hr_answer(HR_E_MEMORY)
                                       : refuse(wire, "bytes are written in base64");
        }
        *ret_value = hr_expr_bytes_of(bytes);
        return hr_done();
    }
    case HR_TYPE_time:
        return hr_expr_read_time(text, ret_value)
                   ? hr_done()
                   : refuse(wire, "a timestamp is written \"2026-01-01T00:00:00Z\"");
    case HR_TYPE_duration:
        return hr_expr_read_duration(text, ret_value)
                   ? hr_done()
                   : refuse(wire, "a duration is written \"1.5s\" or \"1h30m\"");
    case HR_TYPE_type:
        *ret_value = hr_value_text(text);
        ret_value->kind = HR_KIND_type;
        return hr_done();
    case HR_TYPE_ip:
        return hr_expr_read_ip(text, wire->arena, ret_value, &problem) ? hr_done()
               : problem == NULL                                       ? hr_answer(HR_E_MEMORY)
                                                                       : refuse(wire, problem);
    default:
        return hr_expr_read_cidr(text, wire->arena, ret_value, &problem) ? hr_done()
               : problem == NULL                                         ? hr_answer(HR_E_MEMORY)
                                                                         : refuse(wire, problem);
    }
}

static hr_status read_typed(struct wire *wire, enum hr_type type, const struct hr_value *json,
                            uint32_t depth, struct hr_value *ret_value)
{
    switch ((uint8_t)type) {
    case HR_TYPE_null:
    case HR_TYPE_bool:
    case HR_TYPE_text:
    case HR_TYPE_list:
        HR_TRY(read_within(wire, json, depth, ret_value));
        return hr_expr_value_type(ret_value) == type
                   ? hr_done()
                   : refuse(wire, "the value is not of the type that stands beside it");
    case HR_TYPE_int:
    case HR_TYPE_uint:
        return read_whole(wire, json, type == HR_TYPE_uint, ret_value);
    case HR_TYPE_double:
        return read_double(wire, json, ret_value);
    case HR_TYPE_map:
        return json->kind == HR_KIND_map    ? read_members(wire, json, depth, ret_value)
               : json->kind == HR_KIND_list ? read_entries(wire, json, depth, ret_value)
                                            : refuse(wire, "a map is written [[key, value], ..]");
    case HR_TYPE_optional:
        if (json->kind != HR_KIND_list || json->count > 1) {
            return refuse(wire, "an optional is written [] or [value]");
        }
        HR_TRY(read_items(wire, json, depth, ret_value));
        ret_value->kind = HR_KIND_optional;
        return hr_done();
    default:
        return read_quoted(wire, type, json, ret_value);
    }
}

static hr_status read_within(struct wire *wire, const struct hr_value *json, uint32_t depth,
                             struct hr_value *ret_value)
{
    enum hr_type type = HR_TYPE_dyn;
    if (depth == 0) {
        return hr_answer(HR_E_LIMIT);
    }
    if (tells_type(json, &type)) {
        const struct hr_value *value = hr_value_member(json, HR_TEXT("value"));
        return read_typed(wire, type, value, depth - 1, ret_value);
    }
    switch (json->kind) {
    case HR_KIND_list:
        return read_items(wire, json, depth - 1, ret_value);
    case HR_KIND_map:
        return read_members(wire, json, depth - 1, ret_value);
    case HR_KIND_int:
        *ret_value = hr_value_int(json->integer);
        return hr_done();
    case HR_KIND_uint: /* a whole number beyond int: JSON's reader kept it, CEL would not have it */
        return refuse(
            wire, "this number does not fit an int; write {\"type\":\"uint\",\"value\":\"..\"}");
    case HR_KIND_double:
        *ret_value = hr_value_double(json->real);
        return hr_done();
    default:
        *ret_value = *json;
        return hr_done();
    }
}

hr_status hr_wire_read(struct hr_arena *into, const struct hr_value *json,
                       struct hr_value *ret_value, const char **ret_problem)
{
    struct wire wire = {.arena = into};
    hr_status status = read_within(&wire, json, HR_VALUE_DEPTH_MAX + 1, ret_value);
    *ret_problem = wire.problem;
    return status;
}
