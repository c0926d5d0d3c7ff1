/* expr/mismatch: a condition that is not met, taken apart: which comparison decided, what it saw,
 * what it wanted. It evaluates the parts again and follows those that are not true. */
#include "expr/program.h"

/* 0 true, else why it is not: 1 false, 2 no answer. */
static int ask(struct hr_expr_run *run, const struct hr_expr_node *node, int32_t *ret_outcome)
{
    struct hr_value value;
    *ret_outcome = hr_expr_eval(run, node, &value);
    if (*ret_outcome != 0) {
        return 2;
    }
    return value.kind == HR_KIND_bool && value.truth ? 0 : 1;
}

static bool is_comparison(const struct hr_expr_node *node)
{
    static const char *const names[] = {"==", "!=", "<", "<=", ">", ">=", "in"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (node->op == HR_STYLE_operator && hr_expr_calls(node, names[i])) {
            return true;
        }
    }
    return false;
}

/* Every look at parts begins with a full budget, as the whole did: what was spent on the way down must not make a part
 * fail that was evaluated well. */
static void begin(struct hr_expr_run *run)
{
    hr_expr_run_init(run, run->source, run->view, run->arena);
}

/* Of the parts that are not true, the one that says most: of && the first, of || the first
 * comparison. All parts together took no more than the whole, or it is here that the whole ran out. */
static const struct hr_expr_node *deciding_part(struct hr_expr_run *run,
                                                const struct hr_expr_node *node)
{
    const struct hr_expr_node *best = NULL;
    begin(run);
    for (uint32_t i = 0; i < node->count; i++) {
        int32_t outcome = 0;
        const struct hr_expr_node *part = node->children[i];
        int answer = ask(run, part, &outcome);
        if (answer == 0) {
            continue;
        }
        if (node->kind == HR_EXPR_NODE_and && answer == 1) {
            return part;
        }
        bool better = best == NULL || (node->kind == HR_EXPR_NODE_or && !is_comparison(best) &&
                                       is_comparison(part));
        best = better ? part : best;
    }
    return best != NULL ? best : node;
}

/* Alternatives about one field read best as one sentence: "lifecycle is empty or lead". */
static bool one_subject(struct hr_expr_run *run, const struct hr_expr_node *node)
{
    const struct hr_expr_node *field = NULL;
    for (uint32_t i = 0; i < node->count; i++) {
        const struct hr_expr_node *part = node->children[i];
        while (hr_expr_calls(part, "!") || part->kind == HR_EXPR_NODE_known ||
               part->kind == HR_EXPR_NODE_has) {
            part = part->children[0];
        }
        part = is_comparison(part) ? part->children[0] : part;
        if (part->kind != HR_EXPR_NODE_field) {
            return false;
        }
        if (field != NULL && !hr_text_equal(hr_expr_say_subject(run->source, field, run->arena),
                                            hr_expr_say_subject(run->source, part, run->arena))) {
            return false;
        }
        field = part;
    }
    return true;
}

/* Follows the parts that decided, down to one that is no && or ||; *ret_sentence: the part to be
 * said. */
static const struct hr_expr_node *innermost(struct hr_expr_run *run,
                                            const struct hr_expr_node *node,
                                            const struct hr_expr_node **ret_sentence)
{
    *ret_sentence = NULL;
    for (;;) {
        int32_t outcome = 0;
        const struct hr_expr_node *next = NULL;
        if (node->kind == HR_EXPR_NODE_and || node->kind == HR_EXPR_NODE_or) {
            next = deciding_part(run, node);
        } else if (node->kind == HR_EXPR_NODE_choose) {
            begin(run);
            int answer = ask(run, node->children[0], &outcome);
            next = node->children[outcome != 0 ? 0 : answer == 0 ? 1 : 2];
        }
        if (next == NULL || next == node) {
            break;
        }
        if (node->kind == HR_EXPR_NODE_or && *ret_sentence == NULL && one_subject(run, node)) {
            *ret_sentence = node;
        }
        node = next;
    }
    *ret_sentence = *ret_sentence != NULL ? *ret_sentence : node;
    return node;
}

/* The value of one side; unset and failed ones are null. */
static struct hr_value value_of(struct hr_expr_run *run, const struct hr_expr_node *node,
                                bool *ret_unset)
{
    struct hr_value value;
    begin(run);
    int32_t outcome = hr_expr_eval(run, node, &value);
    *ret_unset = outcome == HR_EXPR_UNSET;
    return outcome == 0 ? value : hr_value_null();
}

static void describe_comparison(struct hr_expr_run *run, const struct hr_expr_node *node,
                                struct hr_expr_mismatch *mismatch)
{
    const struct hr_expr_node *left = node->children[0];
    const struct hr_expr_node *right = node->children[1];
    bool other_unset = false;
    if (left->kind == HR_EXPR_NODE_literal && right->kind != HR_EXPR_NODE_literal &&
        !hr_expr_calls(node, "in")) {
        left = node->children[1];
        right = node->children[0];
    }
    mismatch->left = hr_expr_say_subject(run->source, left, run->arena);
    mismatch->observed = value_of(run, left, &mismatch->unset);
    mismatch->expected = value_of(run, right, &other_unset);
    mismatch->unset = mismatch->unset || other_unset;
    if (hr_expr_calls(node, "in")) {
        bool one = mismatch->expected.kind == HR_KIND_list && mismatch->expected.count == 1;
        mismatch->expected = one ? mismatch->expected.items[0] : hr_value_null();
    }
}

/* A part that is no comparison: known(x), a yes-or-no field, startsWith(...). */
static void describe_other(struct hr_expr_run *run, const struct hr_expr_node *node,
                           struct hr_expr_mismatch *mismatch)
{
    bool negated = false;
    while (hr_expr_calls(node, "!")) {
        negated = !negated;
        node = node->children[0];
    }
    if (is_comparison(node)) {
        describe_comparison(run, node, mismatch);
        mismatch->expected = negated ? hr_value_null() : mismatch->expected;
        return;
    }
    bool asks = node->kind == HR_EXPR_NODE_known || node->kind == HR_EXPR_NODE_has;
    bool calls = node->kind == HR_EXPR_NODE_call && node->count > 0;
    const struct hr_expr_node *subject = asks || calls ? node->children[0] : node;
    mismatch->left = hr_expr_say_subject(run->source, subject, run->arena);
    mismatch->observed = value_of(run, subject, &mismatch->unset);
    mismatch->expected = asks || calls ? hr_value_null() : hr_value_bool(!negated);
}

bool hr_expr_mismatch_of(const struct hr_expr *expr, const struct hr_expr_view *view,
                         struct hr_arena *into, struct hr_expr_mismatch *ret_mismatch)
{
    struct hr_expr_run run;
    int32_t outcome = 0;
    hr_expr_run_init(&run, expr->source, view, into);
    if (ask(&run, expr->root, &outcome) == 0) {
        return false;
    }
    const struct hr_expr_node *sentence = NULL;
    /* out of budget or memory, no part need be wrong: nothing was observed */
    bool saw = outcome != HR_EXPR_BUDGET && outcome >= 0;
    const struct hr_expr_node *node = innermost(&run, expr->root, &sentence);
    *ret_mismatch = (struct hr_expr_mismatch){
        .sentence = hr_expr_say_node(expr->source, sentence, into),
        .observed = hr_value_null(),
        .expected = hr_value_null(),
    };
    if (!saw) {
        ret_mismatch->left = hr_expr_say_subject(expr->source, node, into);
    } else if (is_comparison(node)) {
        describe_comparison(&run, node, ret_mismatch);
    } else {
        describe_other(&run, node, ret_mismatch);
    }
    return true;
}
