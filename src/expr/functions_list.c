/* expr/functions_list: CEL's list extension: slice, flatten, sort, distinct, range, reverse, first,
 * last. What takes time with the number of items spends steps for them. */
#include "expr/program.h"

#define APPLY(name)                                                                                \
    static int32_t name(struct hr_expr_run *run, const struct hr_expr_node *node,                  \
                        const struct hr_value *args, struct hr_value *ret_value)

enum { FLATTEN_DEPTH_MAX = 32 };

int32_t hr_expr_apply_reverse_list(struct hr_expr_run *run, const struct hr_expr_node *node,
                                   const struct hr_value *args, struct hr_value *ret_value)
{
    (void)node;
    int32_t outcome = 0;
    uint32_t count = args[0].count;
    struct hr_value *made = hr_expr_make(run, count, sizeof(struct hr_value), &outcome);
    for (uint32_t i = 0; made != NULL && i < count; i++) {
        made[i] = args[0].items[count - 1 - i];
    }
    *ret_value = hr_expr_list_of(made, count);
    return outcome;
}

APPLY(apply_slice)
{
    int64_t from = args[1].integer;
    int64_t to = args[2].integer;
    if (from < 0 || to < from || to > (int64_t)args[0].count) {
        return hr_expr_fail(run, node, "the list has no such part");
    }
    *ret_value = hr_expr_list_of(from == to ? NULL : args[0].items + from, (size_t)(to - from));
    return 0;
}

APPLY(apply_range)
{
    int32_t outcome = 0;
    int64_t count = args[0].integer;
    if (count < 0) {
        return hr_expr_fail(run, node, "a range has no fewer than 0 items");
    }
    if (count > UINT32_MAX || !hr_expr_spend(run, (size_t)count)) {
        return HR_EXPR_BUDGET;
    }
    struct hr_value *made = hr_expr_make(run, (size_t)count, sizeof(struct hr_value), &outcome);
    for (int64_t i = 0; made != NULL && i < count; i++) {
        made[i] = hr_value_int(i);
    }
    *ret_value = hr_expr_list_of(made, (size_t)count);
    return outcome;
}

static int32_t end_of(struct hr_expr_run *run, const struct hr_value *list, bool last,
                      struct hr_value *ret_value)
{
    if (list->count == 0) {
        *ret_value = hr_expr_optional_of(NULL, 0);
        return 0;
    }
    (void)run;
    *ret_value = hr_expr_optional_of(&list->items[last ? list->count - 1 : 0], 1);
    return 0;
}

APPLY(apply_first)
{
    (void)node;
    return end_of(run, &args[0], false, ret_value);
}

APPLY(apply_last)
{
    (void)node;
    return end_of(run, &args[0], true, ret_value);
}

/* ---- flatten -------------------------------------------------------------------------------- */

/* Items of a list with those of lists inside in their place, so many levels deep; into made when it is
 * given. Answers how many, or SIZE_MAX when the steps ran out. */
static size_t spread(struct hr_expr_run *run, const struct hr_value *list, int64_t depth,
                     struct hr_value *made)
{
    size_t count = 0;
    if (!hr_expr_spend(run, list->count)) {
        return SIZE_MAX;
    }
    for (uint32_t i = 0; i < list->count; i++) {
        const struct hr_value *item = &list->items[i];
        if (item->kind == HR_KIND_list && depth > 0) {
            size_t inner = spread(run, item, depth - 1, made == NULL ? NULL : made + count);
            if (inner == SIZE_MAX) {
                return SIZE_MAX;
            }
            count += inner;
            continue;
        }
        if (made != NULL) {
            made[count] = *item;
        }
        count++;
    }
    return count;
}

APPLY(apply_flatten)
{
    int64_t depth = node->count == 2 ? args[1].integer : 1;
    int32_t outcome = 0;
    if (depth < 0) {
        return hr_expr_fail(run, node, "flatten() takes a depth of 0 or more");
    }
    depth = depth > FLATTEN_DEPTH_MAX ? FLATTEN_DEPTH_MAX : depth;
    size_t count = spread(run, &args[0], depth, NULL);
    if (count == SIZE_MAX) {
        return HR_EXPR_BUDGET;
    }
    struct hr_value *made = hr_expr_make(run, count, sizeof(struct hr_value), &outcome);
    if (made != NULL && spread(run, &args[0], depth, made) == SIZE_MAX) {
        return HR_EXPR_BUDGET;
    }
    *ret_value = hr_expr_list_of(made, count);
    return outcome;
}

/* ---- distinct and sort ---------------------------------------------------------------------- */

static int found_in(struct hr_expr_run *run, const struct hr_value *items, uint32_t count,
                    const struct hr_value *item)
{
    for (uint32_t i = 0; i < count; i++) {
        int same = hr_expr_equal(run, &items[i], item);
        if (same != 0) {
            return same;
        }
    }
    return 0;
}

APPLY(apply_distinct)
{
    (void)node;
    int32_t outcome = 0;
    uint32_t count = 0;
    struct hr_value *made = hr_expr_make(run, args[0].count, sizeof(struct hr_value), &outcome);
    for (uint32_t i = 0; made != NULL && i < args[0].count; i++) {
        int found = found_in(run, made, count, &args[0].items[i]);
        if (found < 0) {
            return HR_EXPR_BUDGET;
        }
        if (found == 0) {
            made[count++] = args[0].items[i];
        }
    }
    *ret_value = hr_expr_list_of(made, count);
    return outcome;
}

/* Positions of keys, being merged. */
struct order {
    struct hr_expr_run *run;
    const struct hr_value *keys;
    uint32_t *from;
    uint32_t *to;
    int32_t outcome; /* of the comparisons so far */
};

static bool comes_first(struct order *order, uint32_t a, uint32_t b)
{
    int relation = hr_expr_order(&order->keys[a], &order->keys[b]);
    bool text = order->keys[a].kind == HR_KIND_text || order->keys[a].kind == HR_KIND_bytes;
    if (!hr_expr_spend(order->run, 1) ||
        (text && !hr_expr_scan(order->run, order->keys[a].count))) {
        order->outcome = HR_EXPR_BUDGET;
    } else if (relation == 3) {
        order->outcome = HR_EXPR_FAILED;
    }
    return relation != 1;
}

/* Merges two neighbouring sorted runs. */
static void merge(struct order *order, uint32_t left, uint32_t middle, uint32_t end)
{
    uint32_t a = left;
    uint32_t b = middle;
    for (uint32_t i = left; i < end; i++) {
        bool first = b >= end || (a < middle && comes_first(order, order->from[a], order->from[b]));
        order->to[i] = first ? order->from[a++] : order->from[b++];
    }
}

static void sort(struct order *order, uint32_t count)
{
    for (uint32_t width = 1; width < count && order->outcome == 0; width *= 2) {
        for (uint32_t left = 0; left < count; left += 2 * width) {
            uint32_t middle = left + width < count ? left + width : count;
            uint32_t end = middle + width < count ? middle + width : count;
            merge(order, left, middle, end);
        }
        uint32_t *kept = order->from;
        order->from = order->to;
        order->to = kept;
    }
}

int32_t hr_expr_sort(struct hr_expr_run *run, const struct hr_expr_node *node,
                     const struct hr_value *list, const struct hr_value *keys,
                     struct hr_value *ret_value)
{
    int32_t outcome = 0;
    uint32_t count = list->count;
    uint32_t *places = hr_expr_make(run, (size_t)count * 2, sizeof(uint32_t), &outcome);
    struct hr_value *made =
        places == NULL ? NULL : hr_expr_make(run, count, sizeof(struct hr_value), &outcome);
    if (made == NULL) {
        return outcome;
    }
    struct order order = {.run = run, .keys = keys, .from = places, .to = places + count};
    for (uint32_t i = 0; i < count; i++) {
        places[i] = i;
        bool ordered = hr_expr_order(&keys[i], &keys[i]) != 3;
        if (!ordered || hr_expr_value_type(&keys[i]) != hr_expr_value_type(&keys[0])) {
            return hr_expr_fail(run, node, "these items have no order among each other");
        }
    }
    sort(&order, count);
    if (order.outcome != 0) {
        return order.outcome == HR_EXPR_FAILED
                   ? hr_expr_fail(run, node, "these items have no order among each other")
                   : order.outcome;
    }
    for (uint32_t i = 0; i < count; i++) {
        made[i] = list->items[order.from[i]];
    }
    *ret_value = hr_expr_list_of(made, count);
    return 0;
}

APPLY(apply_sort)
{
    return hr_expr_sort(run, node, &args[0], args[0].items, ret_value);
}

#define INT  HR_TYPE_int
#define LIST HR_SHAPE_LIST(HR_SHAPE_T)
#define MEMBER(name, count, a, b, c, result, apply)                                                \
    {                                                                                              \
        name, HR_STYLE_member, count, {a, b, c}, result, 0, apply                                  \
    }

static const struct hr_expr_overload rows[] = {
    MEMBER("slice", 3, LIST, INT, INT, LIST, apply_slice),
    MEMBER("flatten", 1, HR_TYPE_list, 0, 0, HR_TYPE_list, apply_flatten),
    MEMBER("flatten", 2, HR_TYPE_list, INT, 0, HR_TYPE_list, apply_flatten),
    MEMBER("sort", 1, LIST, 0, 0, LIST, apply_sort),
    MEMBER("distinct", 1, LIST, 0, 0, LIST, apply_distinct),
    MEMBER("first", 1, LIST, 0, 0, HR_SHAPE_OPTIONAL(HR_SHAPE_T), apply_first),
    MEMBER("last", 1, LIST, 0, 0, HR_SHAPE_OPTIONAL(HR_SHAPE_T), apply_last),
    {"lists.range", HR_STYLE_global, 1, {INT}, HR_SHAPE_LIST(INT), 0, apply_range},
};

const struct hr_expr_table hr_expr_lists = {rows, sizeof(rows) / sizeof(rows[0])};
