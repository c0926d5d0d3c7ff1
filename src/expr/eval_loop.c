/* expr/eval_loop: the macros all, exists, exists_one, map and filter, over the items of a list or
 * the keys of a map. Each item costs at least one step of the budget. */
#include "expr/program.h"

/* What a loop has found so far. */
struct loop {
    const struct hr_expr_node *node;
    struct hr_value *made; /* of map and filter */
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

/* map and filter: adds what the present item gives. */
static int32_t gather(struct hr_expr_run *run, struct loop *loop)
{
    const struct hr_expr_node *node = loop->node;
    bool truth = true;
    if (node->op == HR_LOOP_filter || node->count == 3) {
        int32_t outcome = ask(run, node->children[1], &truth);
        if (outcome != 0 || !truth) {
            return outcome;
        }
    }
    struct hr_value *made = &loop->made[loop->made_count++];
    if (node->op == HR_LOOP_filter) {
        *made = run->locals[node->slot];
        return 0;
    }
    return hr_expr_eval(run, node->children[node->count - 1], made);
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

static int32_t answer(const struct loop *loop, bool stopped, struct hr_value *ret_value)
{
    switch (loop->node->op) {
    case HR_LOOP_all:
    case HR_LOOP_exists:
        *ret_value = hr_value_bool((loop->node->op == HR_LOOP_exists) == stopped);
        return stopped ? 0 : loop->pending;
    case HR_LOOP_exists_one:
        *ret_value = hr_value_bool(loop->true_count == 1);
        return 0;
    default:
        *ret_value = hr_expr_list_of(loop->made, loop->made_count);
        return 0;
    }
}

int32_t hr_expr_eval_loop(struct hr_expr_run *run, const struct hr_expr_node *node,
                          struct hr_value *ret_value)
{
    struct hr_value range;
    int32_t outcome = hr_expr_eval(run, node->children[0], &range);
    if (outcome != 0) {
        return outcome;
    }
    if (range.kind != HR_KIND_list && range.kind != HR_KIND_map) {
        return hr_expr_fail(run, node->children[0], "this is not a list or a map");
    }
    struct loop loop = {.node = node};
    if (node->op == HR_LOOP_map || node->op == HR_LOOP_filter) {
        loop.made = hr_expr_make(run, range.count, sizeof(struct hr_value), &outcome);
    }
    bool stop = false;
    for (uint32_t i = 0; outcome == 0 && !stop && i < range.count; i++) {
        run->locals[node->slot] =
            range.kind == HR_KIND_list ? range.items[i] : range.members[i].key;
        outcome = one_item(run, &loop, &stop);
    }
    return outcome != 0 ? outcome : answer(&loop, stop, ret_value);
}
