/* fuzz/expr: any bytes as an expression: compiling, evaluating, saying and taking apart never crash, never leak,
 * never exceed the budget, and give the same answer twice; a value is of the type that the checker found, and comes
 * back from its JSON form as it was. A first byte "!" leaves the checker out, "{" is read as a value instead. */
#include "expr/wire.h"

#include <stdlib.h>

static const struct hr_text offers[] = {{"audit", 5}, {"group_program", 13}};

static const struct hr_expr_field fields[] = {
    {{"offer", 5}, HR_TYPE_text, offers, 2}, {{"score", 5}, HR_TYPE_int, NULL, 0},
    {{"since", 5}, HR_TYPE_time, NULL, 0},   {{"tags", 4}, HR_TYPE_list, NULL, 0},
    {{"vip", 3}, HR_TYPE_bool, NULL, 0},
};

static const struct hr_expr_name names[] = {
    {{"contact", 7}, HR_TYPE_object, fields, 5, true, false},
    {{"payload", 7}, HR_TYPE_dyn, NULL, 0, false, false},
    {{"texts", 5}, HR_SHAPE_LIST(HR_TYPE_text), NULL, 0, false, false},
};

static const struct hr_value texts[] = {
    {.kind = HR_KIND_text, .count = 3, .text = "abc"},
    {.kind = HR_KIND_text, .count = 9, .text = "127.0.0.1"},
};

static const struct hr_value tags[] = {
    {.kind = HR_KIND_text, .count = 3, .text = "vip"},
    {.kind = HR_KIND_int, .integer = 7},
    {.kind = HR_KIND_null},
};

static const struct hr_member members[] = {
    {{.kind = HR_KIND_text, .count = 1, .text = "a"}, {.kind = HR_KIND_double, .real = 1.5}},
    {{.kind = HR_KIND_text, .count = 1, .text = "b"}, {.kind = HR_KIND_null}},
    {{.kind = HR_KIND_text, .count = 1, .text = "l"},
     {.kind = HR_KIND_list, .count = 3, .items = tags}},
};

static bool value_of(void *context, size_t name, struct hr_value *ret_value)
{
    (void)context;
    *ret_value = name == 2 ? (struct hr_value){.kind = HR_KIND_list, .count = 2, .items = texts}
                           : (struct hr_value){.kind = HR_KIND_map, .count = 3, .members = members};
    return true;
}

static bool field_of(void *context, size_t name, int32_t field, struct hr_text text,
                     struct hr_value *ret_value)
{
    (void)context;
    (void)name;
    (void)text;
    switch (field) {
    case 0:
        *ret_value = hr_value_text(offers[0]);
        return true;
    case 1:
        *ret_value = hr_value_int(INT64_MAX);
        return true;
    case 3:
        *ret_value = (struct hr_value){.kind = HR_KIND_list, .count = 3, .items = tags};
        return true;
    default:
        return false;
    }
}

static bool changed(void *context, size_t name, int32_t field, struct hr_text text)
{
    (void)context;
    (void)name;
    (void)text;
    return field % 2 == 0;
}

static const struct hr_zone *zone_of(void *context, struct hr_text name)
{
    (void)context;
    return name.size % 2 == 0 ? hr_zone_utc() : NULL;
}

/* Whether a value is what the checker said it would be, as deep as shapes go. */
static bool is_of(hr_shape shape, const struct hr_value *value)
{
    enum hr_type type = hr_shape_type(shape);
    hr_shape inner = shape >> HR_SHAPE_WORD_BITS;
    if (type == HR_TYPE_dyn) {
        return true;
    }
    if (type != hr_shape_type(hr_shape_of_value(value))) {
        /* a null counts as an optional that holds nothing */
        return type == HR_TYPE_optional && value->kind == HR_KIND_null;
    }
    for (uint32_t i = 0; i < value->count; i++) {
        if (type == HR_TYPE_map &&
            (!is_of(hr_shape_type(inner), &value->members[i].key) ||
             !is_of(inner >> HR_SHAPE_WORD_BITS, &value->members[i].value))) {
            return false;
        }
        if ((type == HR_TYPE_list || type == HR_TYPE_optional) && !is_of(inner, &value->items[i])) {
            return false;
        }
    }
    return true;
}

/* Written and read again, a value is written the same. */
static void round_trip(const struct hr_value *value, struct hr_arena *arena)
{
    struct hr_buffer first;
    struct hr_buffer second;
    struct hr_value json;
    struct hr_value again;
    const char *problem = NULL;
    const struct hr_json_options options = {.depth_max = 200, .size_max = 4 << 20};
    hr_buffer_init(&first, arena, 2 << 20);
    hr_buffer_init(&second, arena, 2 << 20);
    hr_wire_write(&first, value);
    if (first.failed) {
        return; /* too deep, or too large */
    }
    hr_status status = hr_json_read(arena, hr_buffer_text(&first), &options, NULL, &json);
    if (hr_ok(status)) {
        status = hr_wire_read(arena, &json, &again, &problem);
    }
    if (status.code == HR_E_MEMORY || status.code == HR_E_LIMIT) {
        return;
    }
    if (!hr_ok(status)) {
        abort();
    }
    hr_wire_write(&second, &again);
    if (!hr_text_equal(hr_buffer_text(&first), hr_buffer_text(&second))) {
        abort();
    }
}

static void use(const struct hr_expr *expr, struct hr_arena *arena)
{
    const struct hr_hours hours = {
        .zone = hr_zone_utc(), .weekdays = 0x1f, .from_minute = 540, .to_minute = 1020};
    struct hr_expr_view view = {.value_of = value_of,
                                .field_of = field_of,
                                .now = 0,
                                .hours = &hours,
                                .zone_of = zone_of,
                                .changed = changed};
    const struct hr_expr_read read = {.name = 0, .field = 0};
    struct hr_value first;
    struct hr_value second;
    struct hr_text found[2];
    struct hr_expr_error error;
    struct hr_expr_mismatch mismatch;
    size_t count = 0;
    hr_status status = hr_expr_evaluate(expr, &view, arena, &first, &error);
    if (hr_expr_evaluate(expr, &view, arena, &second, NULL).code != status.code) {
        abort();
    }
    if (hr_ok(status)) {
        if (!is_of(hr_expr_result_shape(expr), &first)) {
            abort();
        }
        round_trip(&first, arena);
        hr_value_show(arena, &first);
    }
    if (hr_expr_say(expr, arena).size == 0) {
        abort();
    }
    hr_expr_reads(expr, &count);
    hr_expr_compared_with(expr, &read, found, 2);
    (void)hr_expr_can_hold(expr, &view, arena);
    bool missed = hr_expr_mismatch_of(expr, &view, arena, &mismatch);
    if (hr_ok(status) && first.kind == HR_KIND_bool && first.truth && missed) {
        abort();
    }
}

/* Bytes as a value's JSON form: whatever can be read is written, and read again, the same. */
static void use_value(struct hr_text text, struct hr_arena *arena)
{
    struct hr_value json;
    struct hr_value value;
    const char *problem = NULL;
    if (hr_ok(hr_json_read(arena, text, NULL, NULL, &json)) &&
        hr_ok(hr_wire_read(arena, &json, &value, &problem))) {
        round_trip(&value, arena);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hr_arena arena;
    struct hr_diagnostics complaints;
    const struct hr_expr *expr = NULL;
    struct hr_text text = {(const char *)data, size};
    bool unchecked = size > 0 && data[0] == '!';
    const struct hr_expr_scope scope = {.names = names, .name_count = 3, .unchecked = unchecked};
    hr_arena_init(&arena, 16 * 1024 * 1024);
    hr_diagnostics_init(&complaints, &arena);
    if (size > 0 && data[0] == '{') {
        use_value(text, &arena);
    }
    hr_status status = hr_expr_compile(&arena, unchecked ? hr_text_slice(text, 1, size) : text,
                                       &scope, HR_TYPE_dyn, NULL, NULL, &complaints, &expr);
    if (hr_ok(status)) {
        use(expr, &arena);
        hr_expr_release(expr);
    } else if (complaints.error_count == 0 && status.code != HR_E_MEMORY) {
        abort(); /* refused without a word */
    }
    hr_arena_close(&arena);
    return 0;
}
