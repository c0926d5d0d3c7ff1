/* expr/eval_loop: the macros over the items of a list or the entries of a map: all, exists,
 * exists_one, map, filter, sortBy, and those that make lists and maps of both index and item. Each
 * item costs at least one step of the budget. */
#include "expr/program.h"

/* What a loop has found so far. */
struct loop {
    const struct hr_expr_node *node;
    const struct hr_value *range;
    struct hr_value *made;     /* of what makes a list; of sortBy: the keys */
    struct hr_member *members; /* of what makes a map */
    uint32_t made_count;
    uint32_t true_count;
    int32_t pending; /* why some item had no answer */
};

/* The condition on the present item: 0 with its truth, or why there is none. */
static int32_t ask(struct hr_expr_run *run, const struct hr_expr_node *condition, bool *ret_truth)
{
    struct hr_value value;
    int32_t outcome = hr_expr_eval(run, condition, &value);
    if (outcome != 0) {
        return outcome;
    }
    if (value.kind != HR_KIND_bool) {
        return hr_expr_fail(run, condition, "this is not a yes or no");
    }
    *ret_truth = value.truth;
    return 0;
}

/* all and exists: an item that decides absorbs what others did. *ret_stop: decided. */
static int32_t quantify(struct hr_expr_run *run, struct loop *loop, bool *ret_stop)
{
    bool deciding = loop->node->op == HR_LOOP_exists;
    bool truth = false;
    int32_t outcome = ask(run, loop->node->children[1], &truth);
    if (outcome == HR_EXPR_BUDGET || outcome < 0) {
        return outcome;
    }
    if (outcome == 0 && truth == deciding) {
        *ret_stop = true;
    } else {
        loop->pending = hr_expr_worse(loop->pending, outcome);
    }
    return 0;
}

static bool makes_map(uint8_t op)
{
    return op == HR_LOOP_transform_map || op == HR_LOOP_transform_entry;
}

/* {key: value} of transformMapEntry becomes one entry of the map made. */
static int32_t take_entry(struct hr_expr_run *run, struct loop *loop,
                          const struct hr_expr_node *body, const struct hr_value *entry)
{
    if (entry->kind != HR_KIND_map || entry->count > 1) {
        return hr_expr_fail(run, body, "an entry is a map with one key");
    }
    if (entry->count == 0) {
        return 0;
    }
    hr_assert(loop->members != NULL);
    int32_t outcome =
        hr_expr_check_key(run, body, loop->members, loop->made_count, &entry->members[0].key);
    if (outcome == 0) {
        loop->members[loop->made_count++] = entry->members[0];
    }
    return outcome;
}

/* What makes something: adds what the present item gives. */
static int32_t gather(struct hr_expr_run *run, struct loop *loop)
{
    const struct hr_expr_node *node = loop->node;
    const struct hr_expr_node *body = node->children[node->count - 1];
    bool truth = true;
    if (node->op == HR_LOOP_filter || node->count == 3) {
        int32_t outcome = ask(run, node->children[1], &truth);
        if (outcome != 0 || !truth) {
            return outcome;
        }
    }
    hr_assert(makes_map(node->op) ? loop->members != NULL : loop->made != NULL);
    if (node->op == HR_LOOP_filter) {
        loop->made[loop->made_count++] = run->locals[node->slot];
        return 0;
    }
    if (!makes_map(node->op)) {
        return hr_expr_eval(run, body, &loop->made[loop->made_count++]);
    }
    if (node->op == HR_LOOP_transform_map) {
        struct hr_member *member = &loop->members[loop->made_count++];
        member->key = run->locals[node->slot];
        return hr_expr_eval(run, body, &member->value);
    }
    struct hr_value entry;
    int32_t outcome = hr_expr_eval(run, body, &entry);
    return outcome != 0 ? outcome : take_entry(run, loop, body, &entry);
}

static int32_t one_item(struct hr_expr_run *run, struct loop *loop, bool *ret_stop)
{
    bool truth = false;
    int32_t outcome = 0;
    switch (loop->node->op) {
    case HR_LOOP_all:
    case HR_LOOP_exists:
        return quantify(run, loop, ret_stop);
    case HR_LOOP_exists_one:
        outcome = ask(run, loop->node->children[1], &truth);
        loop->true_count += truth ? 1 : 0;
        return outcome;
    default:
        return gather(run, loop);
    }
}

static int32_t answer(struct hr_expr_run *run, const struct loop *loop, bool stopped,
                      struct hr_value *ret_value)
{
    switch (loop->node->op) {
    case HR_LOOP_all:
    case HR_LOOP_exists:
        *ret_value = hr_value_bool((loop->node->op == HR_LOOP_exists) == stopped);
        return stopped ? 0 : loop->pending;
    case HR_LOOP_exists_one:
        *ret_value = hr_value_bool(loop->true_count == 1);
        return 0;
    case HR_LOOP_sort_by:
        return hr_expr_sort(run, loop->node, loop->range, loop->made, ret_value);
    case HR_LOOP_transform_map:
    case HR_LOOP_transform_entry:
        *ret_value = hr_expr_map_of(loop->members, loop->made_count);
        return 0;
    default:
        *ret_value = hr_expr_list_of(loop->made, loop->made_count);
        return 0;
    }
}

/* Gives the variables their values for the i-th item. */
static void step(struct hr_expr_run *run, const struct loop *loop, uint32_t i)
{
    const struct hr_value *range = loop->range;
    const struct hr_expr_node *node = loop->node;
    bool list = range->kind == HR_KIND_list;
    uint8_t slot = node->slot;
    run->local_outcomes[slot] = 0;
    if (!node->two) {
        run->locals[slot] = list ? range->items[i] : range->members[i].key;
        return;
    }
    run->local_outcomes[slot + 1] = 0;
    run->locals[slot] = list ? hr_value_int((int64_t)i) : range->members[i].key;
    run->locals[slot + 1] = list ? range->items[i] : range->members[i].value;
}

/* Room for what the loop makes. */
static int32_t make_room(struct hr_expr_run *run, struct loop *loop)
{
    int32_t outcome = 0;
    uint8_t op = loop->node->op;
    if (makes_map(op)) {
        loop->members = hr_expr_make(run, loop->range->count, sizeof(struct hr_member), &outcome);
    } else if (op >= HR_LOOP_map) {
        loop->made = hr_expr_make(run, loop->range->count, sizeof(struct hr_value), &outcome);
    }
    return outcome;
}

int32_t hr_expr_eval_loop(struct hr_expr_run *run, const struct hr_expr_node *node,
                          struct hr_value *ret_value)
{
    struct hr_value range;
    int32_t outcome = hr_expr_eval(run, node->children[0], &range);
    if (outcome != 0) {
        return outcome;
    }
    bool map = range.kind == HR_KIND_map && node->op != HR_LOOP_sort_by;
    if (range.kind != HR_KIND_list && !map) {
        return hr_expr_fail(run, node->children[0],
                            node->op == HR_LOOP_sort_by ? "this is not a list"
                                                        : "this is not a list or a map");
    }
    struct loop loop = {.node = node, .range = &range};
    outcome = make_room(run, &loop);
    bool stop = false;
    for (uint32_t i = 0; outcome == 0 && !stop && i < range.count; i++) {
        step(run, &loop, i);
        outcome = one_item(run, &loop, &stop);
    }
    return outcome != 0 ? outcome : answer(run, &loop, stop, ret_value);
}
