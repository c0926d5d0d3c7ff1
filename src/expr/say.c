/* expr/say: an expression as a sentence: clauses joined by "and" and "or", brackets where both
 * meet, alternatives about one subject drawn together ("lifecycle is empty or lead"). */
#include "expr/say.h"

static void say(const struct hr_expr_speaker *speaker, struct hr_buffer *out,
                const struct hr_expr_node *node, bool negated, bool inside);

static bool same_subject(const struct hr_expr_clause *a, const struct hr_expr_clause *b)
{
    return hr_text_equal(a->subject, b->subject) && hr_text_equal(a->verb, b->verb);
}

static void say_clause(struct hr_buffer *out, const struct hr_expr_clause *clause)
{
    hr_buffer_add_text(out, clause->subject);
    hr_buffer_add_byte(out, ' ');
    hr_buffer_add_text(out, clause->verb);
    hr_buffer_add_byte(out, ' ');
    hr_buffer_add_text(out, clause->object);
}

/* Parts joined by "and" or "or"; of alternatives about one subject, the subject is said once. */
static void say_joined(const struct hr_expr_speaker *speaker, struct hr_buffer *out,
                       const struct hr_expr_node *node, bool inside)
{
    bool either = node->kind == HR_EXPR_NODE_or;
    struct hr_expr_clause before = {0};
    bool had_clause = false;
    hr_buffer_add_text(out, inside ? HR_TEXT("(") : HR_TEXT(""));
    for (uint32_t i = 0; i < node->count; i++) {
        struct hr_expr_clause clause = {0};
        bool is_clause = hr_expr_clause_of(speaker, node->children[i], false, &clause);
        hr_buffer_add_text(out, i == 0 ? HR_TEXT("") : either ? HR_TEXT(" or ") : HR_TEXT(" and "));
        if (is_clause && either && had_clause && same_subject(&before, &clause)) {
            hr_buffer_add_text(out, clause.object);
        } else if (is_clause) {
            say_clause(out, &clause);
        } else {
            say(speaker, out, node->children[i], false, true);
        }
        before = clause;
        had_clause = is_clause;
    }
    hr_buffer_add_text(out, inside ? HR_TEXT(")") : HR_TEXT(""));
}

static void say_choose(const struct hr_expr_speaker *speaker, struct hr_buffer *out,
                       const struct hr_expr_node *node)
{
    say(speaker, out, node->children[1], false, true);
    hr_buffer_add_text(out, HR_TEXT(" if "));
    say(speaker, out, node->children[0], false, true);
    hr_buffer_add_text(out, HR_TEXT(", otherwise "));
    say(speaker, out, node->children[2], false, true);
}

static bool say_loop(const struct hr_expr_speaker *speaker, struct hr_buffer *out,
                     const struct hr_expr_node *node)
{
    static const char *const words[] = {
        [HR_LOOP_all] = "every",
        [HR_LOOP_exists] = "at least one",
        [HR_LOOP_exists_one] = "exactly one",
    };
    if (node->op > HR_LOOP_exists_one) {
        return false;
    }
    struct hr_text range = hr_expr_subject_of(speaker, node->children[0]);
    hr_buffer_add_format(out, "for %s %.*s of %.*s, ", words[node->op], HR_SHOW(node->text),
                         HR_SHOW(range));
    say(speaker, out, node->children[1], false, true);
    return true;
}

static void say_other(const struct hr_expr_speaker *speaker, struct hr_buffer *out,
                      const struct hr_expr_node *node)
{
    if (node->kind == HR_EXPR_NODE_literal && node->value.kind == HR_KIND_bool) {
        hr_buffer_add_text(out, node->value.truth ? HR_TEXT("always") : HR_TEXT("never"));
    } else if (node->kind == HR_EXPR_NODE_choose) {
        say_choose(speaker, out, node);
    } else if (node->kind != HR_EXPR_NODE_loop || !say_loop(speaker, out, node)) {
        hr_buffer_add_text(out, hr_expr_subject_of(speaker, node));
    }
}

static void say(const struct hr_expr_speaker *speaker, struct hr_buffer *out,
                const struct hr_expr_node *node, bool negated, bool inside)
{
    struct hr_expr_clause clause = {0};
    if (hr_expr_clause_of(speaker, node, negated, &clause)) {
        say_clause(out, &clause);
    } else if (hr_expr_calls(node, "!")) {
        say(speaker, out, node->children[0], !negated, inside);
    } else if (negated) {
        hr_buffer_add_text(out, HR_TEXT("not ("));
        say(speaker, out, node, false, false);
        hr_buffer_add_text(out, HR_TEXT(")"));
    } else if (node->kind == HR_EXPR_NODE_and || node->kind == HR_EXPR_NODE_or) {
        say_joined(speaker, out, node, inside);
    } else {
        say_other(speaker, out, node);
    }
}

struct hr_text hr_expr_say_node(struct hr_text source, const struct hr_expr_node *node,
                                struct hr_arena *into)
{
    struct hr_expr_speaker speaker = {source, into};
    struct hr_buffer out;
    hr_buffer_init(&out, into, 4 * HR_EXPR_SOURCE_MAX);
    say(&speaker, &out, node, false, false);
    return out.failed || out.size == 0 ? hr_expr_node_source(source, node) : hr_buffer_text(&out);
}

struct hr_text hr_expr_say(const struct hr_expr *expr, struct hr_arena *into)
{
    return hr_expr_say_node(expr->source, expr->root, into);
}
