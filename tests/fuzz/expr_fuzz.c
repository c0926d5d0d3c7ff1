/* fuzz/expr: any bytes as an expression: compiling, evaluating, saying and taking apart never crash, never leak,
 * never exceed the budget, and give the same answer twice. */
#include "expr/expr.h"

#include <stdlib.h>

static const struct hr_text offers[] = {{"audit", 5}, {"group_program", 13}};

static const struct hr_expr_field fields[] = {
    {{"offer", 5}, HR_TYPE_text, offers, 2}, {{"score", 5}, HR_TYPE_int, NULL, 0},
    {{"since", 5}, HR_TYPE_time, NULL, 0},   {{"tags", 4}, HR_TYPE_list, NULL, 0},
    {{"vip", 3}, HR_TYPE_bool, NULL, 0},
};

static const struct hr_expr_name names[] = {
    {{"contact", 7}, HR_TYPE_object, fields, 5, true},
    {{"payload", 7}, HR_TYPE_dyn, NULL, 0, false},
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
    (void)name;
    *ret_value = (struct hr_value){.kind = HR_KIND_map, .count = 3, .members = members};
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

static void use(const struct hr_expr *expr, struct hr_arena *arena)
{
    struct hr_expr_view view = {.value_of = value_of, .field_of = field_of, .now = 0};
    struct hr_value first;
    struct hr_value second;
    struct hr_expr_error error;
    struct hr_expr_mismatch mismatch;
    size_t count = 0;
    hr_status status = hr_expr_evaluate(expr, &view, arena, &first, &error);
    if (hr_expr_evaluate(expr, &view, arena, &second, NULL).code != status.code) {
        abort();
    }
    if (hr_expr_say(expr, arena).size == 0) {
        abort();
    }
    hr_value_show(arena, &first);
    hr_expr_reads(expr, &count);
    bool missed = hr_expr_mismatch_of(expr, &view, arena, &mismatch);
    if (hr_ok(status) && first.kind == HR_KIND_bool && first.truth && missed) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hr_arena arena;
    struct hr_diagnostics complaints;
    const struct hr_expr *expr = NULL;
    const struct hr_expr_scope scope = {.names = names, .name_count = 2};
    hr_arena_init(&arena, 16 * 1024 * 1024);
    hr_diagnostics_init(&complaints, &arena);
    hr_status status = hr_expr_compile(&arena, (struct hr_text){(const char *)data, size}, &scope,
                                       HR_TYPE_dyn, NULL, NULL, &complaints, &expr);
    if (hr_ok(status)) {
        use(expr, &arena);
        hr_expr_release(expr);
    } else if (complaints.error_count == 0) {
        abort(); /* refused without a word */
    }
    hr_arena_close(&arena);
    return 0;
}
