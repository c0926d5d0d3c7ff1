/* expr/functions_compare: equality, order, membership and indexing. Numbers compare by value
 * whatever their kind; nothing is rounded on the way. */
#include "expr/program.h"

#include <string.h>

static int compare_doubles(double a, double b)
{
    if (a < b) {
        return -1;
    }
    if (a > b) {
        return 1;
    }
    return a <= b ? 0 : 2;
}

static int sign(bool less, bool more)
{
    return less ? -1 : more ? 1 : 0;
}

static int compare_int_double(int64_t a, double b)
{
    if (!(b <= 0.0) && !(b >= 0.0)) {
        return 2;
    }
    if (b >= 9223372036854775808.0) { /* CEL rounds at the very end of the line */
        return compare_doubles((double)a, b);
    }
    if (b < -9223372036854775808.0) {
        return 1;
    }
    int64_t whole = (int64_t)b;
    double rest = b - (double)whole;
    return a != whole ? sign(a<whole, a> whole) : sign(rest > 0.0, rest < 0.0);
}

static int compare_uint_double(uint64_t a, double b)
{
    if (!(b <= 0.0) && !(b >= 0.0)) {
        return 2;
    }
    if (b >= 18446744073709551616.0) {
        return -1;
    }
    if (b < 0.0) {
        return 1;
    }
    uint64_t whole = (uint64_t)b;
    double rest = b - (double)whole;
    return a != whole ? sign(a<whole, a> whole) : sign(rest > 0.0, false);
}

static int compare_int_uint(int64_t a, uint64_t b)
{
    return a < 0 ? -1 : sign((uint64_t)a<b, (uint64_t)a> b);
}

static int turned(int order)
{
    return order == 2 ? 2 : -order;
}

/* Compares two numbers of any kinds: -1, 0, 1; 2 when one is not a number (NaN). */
static int compare_numbers(const struct hr_value *a, const struct hr_value *b)
{
    if (a->kind == b->kind) {
        return a->kind == HR_KIND_int    ? sign(a->integer<b->integer, a->integer> b->integer)
               : a->kind == HR_KIND_uint ? sign(a->natural<b->natural, a->natural> b->natural)
                                         : compare_doubles(a->real, b->real);
    }
    if (a->kind == HR_KIND_int) {
        return b->kind == HR_KIND_uint ? compare_int_uint(a->integer, b->natural)
                                       : compare_int_double(a->integer, b->real);
    }
    if (a->kind == HR_KIND_uint && b->kind == HR_KIND_double) {
        return compare_uint_double(a->natural, b->real);
    }
    return turned(compare_numbers(b, a));
}

static bool is_number(uint8_t kind)
{
    return kind == HR_KIND_int || kind == HR_KIND_uint || kind == HR_KIND_double;
}

static bool same_text(const struct hr_value *a, const struct hr_value *b)
{
    return a->count == b->count && memcmp(a->text, b->text, a->count) == 0;
}

static int equal_at(struct hr_expr_run *run, const struct hr_value *a, const struct hr_value *b,
                    uint32_t depth);

static int equal_lists(struct hr_expr_run *run, const struct hr_value *a, const struct hr_value *b,
                       uint32_t depth)
{
    for (uint32_t i = 0; i < a->count; i++) {
        int same = equal_at(run, &a->items[i], &b->items[i], depth);
        if (same != 1) {
            return same;
        }
    }
    return 1;
}

static int equal_maps(struct hr_expr_run *run, const struct hr_value *a, const struct hr_value *b,
                      uint32_t depth)
{
    for (uint32_t i = 0; i < a->count; i++) {
        const struct hr_value *other = hr_expr_lookup(run, b, &a->members[i].key);
        int same = other != NULL          ? equal_at(run, &a->members[i].value, other, depth)
                   : run->steps_left == 0 ? -1
                                          : 0;
        if (same != 1) {
            return same;
        }
    }
    return 1;
}

static int equal_at(struct hr_expr_run *run, const struct hr_value *a, const struct hr_value *b,
                    uint32_t depth)
{
    if (depth == 0 || !hr_expr_spend(run, 1)) {
        return -1;
    }
    if (is_number(a->kind) && is_number(b->kind)) {
        return compare_numbers(a, b) == 0;
    }
    if (a->kind != b->kind || a->form != b->form) {
        return 0;
    }
    switch (a->kind) {
    case HR_KIND_null:
        return 1;
    case HR_KIND_bool:
        return a->truth == b->truth;
    case HR_KIND_text:
    case HR_KIND_bytes:
    case HR_KIND_type:
        if (!hr_expr_scan(run, a->count)) {
            return -1;
        }
        return a->count == 0 ? b->count == 0 : same_text(a, b);
    case HR_KIND_time:
    case HR_KIND_duration:
        return a->time == b->time && a->nanoseconds == b->nanoseconds;
    case HR_KIND_optional:
    case HR_KIND_list:
        return a->count == b->count ? equal_lists(run, a, b, depth - 1) : 0;
    case HR_KIND_map:
        return a->count == b->count ? equal_maps(run, a, b, depth - 1) : 0;
    default:
        return 0;
    }
}

int hr_expr_equal(struct hr_expr_run *run, const struct hr_value *a, const struct hr_value *b)
{
    return equal_at(run, a, b, HR_VALUE_DEPTH_MAX);
}

const struct hr_value *hr_expr_lookup(struct hr_expr_run *run, const struct hr_value *map,
                                      const struct hr_value *key)
{
    for (uint32_t i = 0; i < map->count; i++) {
        int same = hr_expr_equal(run, &map->members[i].key, key);
        if (same != 0) {
            return same == 1 ? &map->members[i].value : NULL;
        }
    }
    return NULL;
}

static int32_t apply_equal(struct hr_expr_run *run, const struct hr_expr_node *node,
                           const struct hr_value *args, struct hr_value *ret_value)
{
    (void)node;
    int same = hr_expr_equal(run, &args[0], &args[1]);
    *ret_value = hr_value_bool(same == 1);
    return same < 0 ? HR_EXPR_BUDGET : 0;
}

static int32_t apply_unequal(struct hr_expr_run *run, const struct hr_expr_node *node,
                             const struct hr_value *args, struct hr_value *ret_value)
{
    int32_t outcome = apply_equal(run, node, args, ret_value);
    ret_value->truth = !ret_value->truth;
    return outcome;
}

int hr_expr_order(const struct hr_value *a, const struct hr_value *b)
{
    if (is_number(a->kind) && is_number(b->kind)) {
        return compare_numbers(a, b);
    }
    if (a->kind != b->kind || a->form != HR_BYTES_plain || b->form != HR_BYTES_plain) {
        return 3;
    }
    switch (a->kind) {
    case HR_KIND_bool:
        return sign(!a->truth && b->truth, a->truth && !b->truth);
    case HR_KIND_text:
    case HR_KIND_bytes: {
        int order = hr_text_compare((struct hr_text){a->text, a->count},
                                    (struct hr_text){b->text, b->count});
        return sign(order<0, order> 0);
    }
    case HR_KIND_time:
    case HR_KIND_duration: {
        int order = sign(a->time<b->time, a->time> b->time);
        return order != 0 ? order
                          : sign(a->nanoseconds<b->nanoseconds, a->nanoseconds> b->nanoseconds);
    }
    default:
        return 3;
    }
}

static int32_t apply_order(struct hr_expr_run *run, const struct hr_expr_node *node,
                           const struct hr_value *args, struct hr_value *ret_value)
{
    bool text = args[0].kind == HR_KIND_text || args[0].kind == HR_KIND_bytes;
    if (text && !hr_expr_scan(run, args[0].count)) {
        return HR_EXPR_BUDGET;
    }
    int order = hr_expr_order(&args[0], &args[1]);
    if (order == 3) {
        return hr_expr_fail(run, node, "these two have no order");
    }
    bool or_equal = node->text.size == 2;
    bool truth = node->text.data[0] == '<' ? order == -1 : order == 1;
    *ret_value = hr_value_bool(truth || (or_equal && order == 0));
    return 0;
}

static int32_t apply_in_list(struct hr_expr_run *run, const struct hr_expr_node *node,
                             const struct hr_value *args, struct hr_value *ret_value)
{
    (void)node;
    *ret_value = hr_value_bool(false);
    for (uint32_t i = 0; i < args[1].count; i++) {
        int same = hr_expr_equal(run, &args[0], &args[1].items[i]);
        if (same != 0) {
            ret_value->truth = true;
            return same < 0 ? HR_EXPR_BUDGET : 0;
        }
    }
    return 0;
}

static int32_t apply_in_map(struct hr_expr_run *run, const struct hr_expr_node *node,
                            const struct hr_value *args, struct hr_value *ret_value)
{
    (void)node;
    *ret_value = hr_value_bool(hr_expr_lookup(run, &args[1], &args[0]) != NULL);
    return run->steps_left == 0 ? HR_EXPR_BUDGET : 0;
}

/* The position that a number of any kind names; false when it names none of `count`. */
static bool position_of(const struct hr_value *index, uint32_t count, uint32_t *ret_position)
{
    struct hr_value none = hr_value_int(0);
    struct hr_value end = hr_value_int((int64_t)count);
    if (!is_number(index->kind) || compare_numbers(index, &none) == -1 ||
        compare_numbers(index, &end) != -1) {
        return false;
    }
    *ret_position =
        index->kind == HR_KIND_double ? (uint32_t)index->real : (uint32_t)index->integer;
    struct hr_value exact = hr_value_int((int64_t)*ret_position);
    return compare_numbers(index, &exact) == 0;
}

static int32_t apply_index_list(struct hr_expr_run *run, const struct hr_expr_node *node,
                                const struct hr_value *args, struct hr_value *ret_value)
{
    uint32_t position = 0;
    if (!position_of(&args[1], args[0].count, &position)) {
        return hr_expr_fail(run, node, "the list has no item at this index");
    }
    *ret_value = args[0].items[position];
    return 0;
}

static int32_t apply_index_map(struct hr_expr_run *run, const struct hr_expr_node *node,
                               const struct hr_value *args, struct hr_value *ret_value)
{
    const struct hr_value *found = hr_expr_lookup(run, &args[0], &args[1]);
    if (found == NULL) {
        return run->steps_left == 0 ? HR_EXPR_BUDGET
                                    : hr_expr_fail(run, node, "there is no such key");
    }
    *ret_value = *found;
    return 0;
}

/* The optional over one value, or over none where it was not found. */
static int32_t wrap(struct hr_expr_run *run, int32_t outcome, const struct hr_value *found,
                    struct hr_value *ret_value)
{
    if (outcome != 0 && outcome != HR_EXPR_FAILED) {
        return outcome;
    }
    if (outcome == HR_EXPR_FAILED) {
        *ret_value = hr_expr_optional_of(NULL, 0);
        return 0;
    }
    struct hr_value held = *found;
    return hr_expr_some(run, &held, ret_value);
}

/* x[?i]: nothing where there is no such item or key. Of an optional: of what it holds. */
static int32_t apply_index_maybe(struct hr_expr_run *run, const struct hr_expr_node *node,
                                 const struct hr_value *args, struct hr_value *ret_value)
{
    struct hr_value inside[2] = {args[0], args[1]};
    struct hr_value found = hr_value_null();
    if (args[0].kind == HR_KIND_optional) {
        if (args[0].count == 0) {
            *ret_value = args[0];
            return 0;
        }
        inside[0] = args[0].items[0];
    }
    if (inside[0].kind == HR_KIND_list) {
        return is_number(inside[1].kind)
                   ? wrap(run, apply_index_list(run, node, inside, &found), &found, ret_value)
                   : hr_expr_fail(run, node, "a list's items are numbered");
    }
    if (inside[0].kind != HR_KIND_map) {
        return hr_expr_fail(run, node, "this has no items");
    }
    return wrap(run, apply_index_map(run, node, inside, &found), &found, ret_value);
}

#define T             HR_SHAPE_T
#define U             HR_SHAPE_U
#define LIST          HR_SHAPE_LIST(T)
#define MAP           HR_SHAPE_MAP(U, T)
#define MAYBE(inside) HR_SHAPE_OPTIONAL(inside)
#define OPERATOR(name, left, right, result, apply)                                                 \
    {                                                                                              \
        name, HR_STYLE_operator, 2, {left, right}, result, 0, apply                                \
    }

static const struct hr_expr_overload rows[] = {
    OPERATOR("==", HR_TYPE_dyn, HR_TYPE_dyn, HR_TYPE_bool, apply_equal),
    OPERATOR("!=", HR_TYPE_dyn, HR_TYPE_dyn, HR_TYPE_bool, apply_unequal),
    OPERATOR("<", HR_TYPE_dyn, HR_TYPE_dyn, HR_TYPE_bool, apply_order),
    OPERATOR("<=", HR_TYPE_dyn, HR_TYPE_dyn, HR_TYPE_bool, apply_order),
    OPERATOR(">", HR_TYPE_dyn, HR_TYPE_dyn, HR_TYPE_bool, apply_order),
    OPERATOR(">=", HR_TYPE_dyn, HR_TYPE_dyn, HR_TYPE_bool, apply_order),
    OPERATOR("in", HR_TYPE_dyn, HR_TYPE_list, HR_TYPE_bool, apply_in_list),
    OPERATOR("in", HR_TYPE_dyn, HR_TYPE_map, HR_TYPE_bool, apply_in_map),
    OPERATOR("[]", LIST, HR_TYPE_int, T, apply_index_list),
    OPERATOR("[]", LIST, HR_TYPE_uint, T, apply_index_list),
    OPERATOR("[]", LIST, HR_TYPE_double, T, apply_index_list),
    OPERATOR("[]", MAP, HR_TYPE_dyn, T, apply_index_map),
    OPERATOR("[]", MAYBE(LIST), HR_TYPE_dyn, T, apply_index_maybe),
    OPERATOR("[]", MAYBE(MAP), HR_TYPE_dyn, T, apply_index_maybe),
    OPERATOR("[?]", LIST, HR_TYPE_dyn, T, apply_index_maybe),
    OPERATOR("[?]", MAP, HR_TYPE_dyn, T, apply_index_maybe),
    OPERATOR("[?]", MAYBE(LIST), HR_TYPE_dyn, T, apply_index_maybe),
    OPERATOR("[?]", MAYBE(MAP), HR_TYPE_dyn, T, apply_index_maybe),
};

const struct hr_expr_table hr_expr_comparisons = {rows, sizeof(rows) / sizeof(rows[0])};
