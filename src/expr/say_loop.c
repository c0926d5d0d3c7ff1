/* expr/say_loop: macros over lists as clauses: "tags includes vip", "any of tags begins with vip", "none
 * of tags is spam". */
#include "expr/say.h"

/* How often a variable stands in a part. */
static uint32_t mentions(const struct hr_expr_node *node, uint8_t slot)
{
    uint32_t count = node->kind == HR_EXPR_NODE_local && node->slot == slot ? 1 : 0;
    for (uint32_t i = 0; node->kind != HR_EXPR_NODE_literal && i < node->count; i++) {
        count += mentions(node->children[i], slot);
    }
    return count;
}

/* tags.exists(t, t == 'vip') */
static bool includes_clause(const struct hr_expr_speaker *speaker, const struct hr_expr_node *node,
                            bool negated, struct hr_expr_clause *clause)
{
    const struct hr_expr_node *body = node->children[1];
    if (node->op != HR_LOOP_exists || !hr_expr_calls(body, "==") ||
        body->children[0]->kind != HR_EXPR_NODE_local || body->children[0]->slot != node->slot ||
        body->children[1]->kind != HR_EXPR_NODE_literal) {
        return false;
    }
    clause->subject = hr_expr_subject_of(speaker, node->children[0]);
    clause->verb = negated ? HR_TEXT("does not include") : HR_TEXT("includes");
    clause->object = hr_expr_operand_of(speaker, body->children[1]);
    clause->shared = !negated;
    return true;
}

static const char *quantity(uint8_t op, bool negated)
{
    switch (op) {
    case HR_LOOP_exists:
        return negated ? "none" : "any";
    case HR_LOOP_all:
        return negated ? "not each" : "each";
    default:
        return negated ? NULL : "exactly one";
    }
}

bool hr_expr_loop_clause_of(const struct hr_expr_speaker *speaker, const struct hr_expr_node *node,
                            bool negated, struct hr_expr_clause *clause)
{
    if (node->op > HR_LOOP_exists_one || node->two) {
        return false;
    }
    if (includes_clause(speaker, node, negated, clause)) {
        return true;
    }
    struct hr_expr_clause inner = {0};
    const char *word = quantity(node->op, negated);
    const struct hr_expr_node *body = node->children[1];
    if (word == NULL || mentions(body, node->slot) != 1 ||
        !hr_expr_clause_of(speaker, body, false, &inner) ||
        !hr_text_equal(inner.subject, hr_expr_spaced(speaker, node->text))) {
        return false;
    }
    struct hr_text range = hr_expr_subject_of(speaker, node->children[0]);
    bool keys = node->children[0]->type == HR_TYPE_map;
    *clause = inner;
    clause->subject = hr_text_format(speaker->arena, "%s of %s%.*s", word,
                                     keys ? "the keys of " : "", HR_SHOW(range));
    clause->shared = false;
    clause->order = false;
    return true;
}
