/* expr/functions_optional: CEL's optional values: a value that may be there. `payload.?amount` gives
 * one, orValue() ends it. Also the two functions of base64. */
#include "base/bytes.h"
#include "expr/program.h"

#define APPLY(name)                                                                                \
    static int32_t name(struct hr_expr_run *run, const struct hr_expr_node *node,                  \
                        const struct hr_value *args, struct hr_value *ret_value)

APPLY(apply_of)
{
    (void)node;
    return hr_expr_some(run, &args[0], ret_value);
}

APPLY(apply_none)
{
    (void)run;
    (void)node;
    (void)args;
    *ret_value = hr_expr_optional_of(NULL, 0);
    return 0;
}

/* The value that a type begins with: null, false, 0, "", nothing inside. */
static bool is_zero(const struct hr_value *value)
{
    switch ((uint8_t)hr_expr_value_type(value)) {
    case HR_TYPE_null:
        return true;
    case HR_TYPE_bool:
        return !value->truth;
    case HR_TYPE_int:
    case HR_TYPE_uint:
        return value->natural == 0;
    case HR_TYPE_time:
    case HR_TYPE_duration:
        return value->time == 0 && value->count == 0;
    case HR_TYPE_double:
        return value->real <= 0.0 && value->real >= 0.0;
    case HR_TYPE_text:
    case HR_TYPE_bytes:
    case HR_TYPE_list:
    case HR_TYPE_map:
    case HR_TYPE_optional:
        return value->count == 0;
    default:
        return false;
    }
}

APPLY(apply_of_non_zero)
{
    return is_zero(&args[0]) ? apply_none(run, node, args, ret_value)
                             : apply_of(run, node, args, ret_value);
}

APPLY(apply_has_value)
{
    (void)run;
    (void)node;
    *ret_value = hr_value_bool(args[0].count > 0);
    return 0;
}

APPLY(apply_value)
{
    if (args[0].count == 0) {
        return hr_expr_fail(run, node, "there is no value");
    }
    *ret_value = args[0].items[0];
    return 0;
}

APPLY(apply_or)
{
    (void)run;
    (void)node;
    *ret_value = args[0].count > 0 ? args[0] : args[1];
    return 0;
}

APPLY(apply_or_value)
{
    (void)run;
    (void)node;
    *ret_value = args[0].count > 0 ? args[0].items[0] : args[1];
    return 0;
}

/* The values of those that have one. */
APPLY(apply_unwrap)
{
    int32_t outcome = 0;
    uint32_t count = 0;
    struct hr_value *made = hr_expr_make(run, args[0].count, sizeof(struct hr_value), &outcome);
    for (uint32_t i = 0; made != NULL && i < args[0].count; i++) {
        if (args[0].items[i].kind != HR_KIND_optional) {
            return hr_expr_fail(run, node, "these are not all optionals");
        }
        if (args[0].items[i].count > 0) {
            made[count++] = args[0].items[i].items[0];
        }
    }
    *ret_value = hr_expr_list_of(made, count);
    return outcome;
}

/* ---- base64 ---------------------------------------------------------------------------------- */

APPLY(apply_encode)
{
    (void)node;
    if ((size_t)args[0].count * 4 / 3 + 4 > run->bytes_left) {
        return HR_EXPR_BUDGET;
    }
    return hr_expr_made_text(run, hr_base64(run->arena, hr_value_as_text(&args[0])), ret_value);
}

APPLY(apply_decode)
{
    struct hr_text bytes = HR_TEXT_NONE;
    if (args[0].count > run->bytes_left) {
        return HR_EXPR_BUDGET;
    }
    if (!hr_base64_decode(run->arena, hr_value_as_text(&args[0]), &bytes)) {
        return run->arena->failed ? HR_E_MEMORY : hr_expr_fail(run, node, "this text is no base64");
    }
    run->bytes_left -= (uint32_t)bytes.size;
    *ret_value = hr_expr_bytes_of(bytes);
    return 0;
}

#define T     HR_SHAPE_T
#define MAYBE HR_SHAPE_OPTIONAL(T)
#define LIST  HR_SHAPE_LIST(MAYBE)

static const struct hr_expr_overload rows[] = {
    {"optional.of", HR_STYLE_global, 1, {T}, MAYBE, 0, apply_of},
    {"optional.none", HR_STYLE_global, 0, {0}, MAYBE, 0, apply_none},
    {"optional.ofNonZeroValue", HR_STYLE_global, 1, {T}, MAYBE, 0, apply_of_non_zero},
    {"optional.unwrap", HR_STYLE_global, 1, {LIST}, HR_SHAPE_LIST(T), 0, apply_unwrap},
    {"unwrapOpt", HR_STYLE_member, 1, {LIST}, HR_SHAPE_LIST(T), 0, apply_unwrap},
    {"hasValue", HR_STYLE_member, 1, {MAYBE}, HR_TYPE_bool, 0, apply_has_value},
    {"value", HR_STYLE_member, 1, {MAYBE}, T, 0, apply_value},
    {"or", HR_STYLE_member, 2, {MAYBE, MAYBE}, MAYBE, HR_OVERLOAD_lazy, apply_or},
    {"orValue", HR_STYLE_member, 2, {MAYBE, T}, T, HR_OVERLOAD_lazy, apply_or_value},
    {"base64.encode", HR_STYLE_global, 1, {HR_TYPE_bytes}, HR_TYPE_text, 0, apply_encode},
    {"base64.decode", HR_STYLE_global, 1, {HR_TYPE_text}, HR_TYPE_bytes, 0, apply_decode},
};

const struct hr_expr_table hr_expr_optionals = {rows, sizeof(rows) / sizeof(rows[0])};
