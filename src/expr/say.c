/* expr/say: an expression as a sentence: clauses joined by "and" and "or", brackets where both meet,
 * alternatives about one subject drawn together ("lifecycle is empty or lead"). */
#include "expr/say.h"

static bool same_subject(const struct hr_expr_clause *a, const struct hr_expr_clause *b)
{
    return hr_text_equal(a->subject, b->subject) && hr_text_equal(a->verb, b->verb);
}

static void say_clause(struct hr_buffer *out, const struct hr_expr_clause *clause)
{
    hr_buffer_add_text(out, clause->subject);
    hr_buffer_add_byte(out, ' ');
    hr_buffer_add_text(out, clause->verb);
    if (clause->object.size > 0) {
        hr_buffer_add_byte(out, ' ');
        hr_buffer_add_text(out, clause->object);
    }
}

/* Whether a clause may leave out the subject and verb of the one before it. */
static bool draws_together(const struct hr_expr_clause *before, const struct hr_expr_clause *clause,
                           bool either)
{
    bool orders = before->order || clause->order;
    return same_subject(before, clause) &&
           (either ? before->shared && clause->shared && !orders : before->order && clause->order);
}

/* Parts joined by "and" or "or", each of them negated when the whole is. */
static void say_joined(const struct hr_expr_speaker *speaker, struct hr_buffer *out,
                       const struct hr_expr_node *node, bool negated, bool inside)
{
    bool either = (node->kind == HR_EXPR_NODE_or) != negated;
    struct hr_expr_clause before = {0};
    bool had_clause = false;
    hr_buffer_add_text(out, inside ? HR_TEXT("(") : HR_TEXT(""));
    for (uint32_t i = 0; i < node->count; i++) {
        struct hr_expr_clause clause = {0};
        bool is_clause = hr_expr_clause_of(speaker, node->children[i], negated, &clause);
        hr_buffer_add_text(out, i == 0 ? HR_TEXT("") : either ? HR_TEXT(" or ") : HR_TEXT(" and "));
        if (is_clause && had_clause && draws_together(&before, &clause, either)) {
            hr_buffer_add_text(out, clause.object);
        } else if (is_clause) {
            say_clause(out, &clause);
        } else {
            hr_expr_say_into(speaker, out, node->children[i], negated, true);
        }
        before = clause;
        had_clause = is_clause;
    }
    hr_buffer_add_text(out, inside ? HR_TEXT(")") : HR_TEXT(""));
}

static void say_choose(const struct hr_expr_speaker *speaker, struct hr_buffer *out,
                       const struct hr_expr_node *node, bool inside)
{
    hr_buffer_add_text(out, inside ? HR_TEXT("(") : HR_TEXT(""));
    hr_expr_say_into(speaker, out, node->children[1], false, true);
    hr_buffer_add_text(out, HR_TEXT(" if "));
    hr_expr_say_into(speaker, out, node->children[0], false, true);
    hr_buffer_add_text(out, HR_TEXT(", otherwise "));
    hr_expr_say_into(speaker, out, node->children[2], false, true);
    hr_buffer_add_text(out, inside ? HR_TEXT(")") : HR_TEXT(""));
}

/* "for at least one line of payload lines, line price is above 100" */
static bool say_loop(const struct hr_expr_speaker *speaker, struct hr_buffer *out,
                     const struct hr_expr_node *node, bool inside)
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
    hr_buffer_add_format(out, "%sfor %s %.*s", inside ? "(" : "", words[node->op],
                         HR_SHOW(node->text));
    if (node->two) {
        hr_buffer_add_format(out, " and %.*s", HR_SHOW(node->second));
    }
    hr_buffer_add_format(out, " of %.*s, ", HR_SHOW(range));
    hr_expr_say_into(speaker, out, node->children[1], false, false);
    hr_buffer_add_text(out, inside ? HR_TEXT(")") : HR_TEXT(""));
    return true;
}

/* "with total as amount times 2, total is above 100" */
static bool say_bind(const struct hr_expr_speaker *speaker, struct hr_buffer *out,
                     const struct hr_expr_node *node, bool inside)
{
    if (node->count != 2 || node->text.size == 0) {
        return false;
    }
    struct hr_text name = hr_expr_spaced(speaker, node->text);
    struct hr_text value = hr_expr_subject_of(speaker, node->children[0]);
    hr_buffer_add_format(out, "%swith %.*s as %.*s, ", inside ? "(" : "", HR_SHOW(name),
                         HR_SHOW(value));
    hr_expr_say_into(speaker, out, node->children[1], false, false);
    hr_buffer_add_text(out, inside ? HR_TEXT(")") : HR_TEXT(""));
    return true;
}

static void say_other(const struct hr_expr_speaker *speaker, struct hr_buffer *out,
                      const struct hr_expr_node *node, bool inside)
{
    if (node->kind == HR_EXPR_NODE_literal && node->value.kind == HR_KIND_bool) {
        hr_buffer_add_text(out, node->value.truth ? HR_TEXT("always") : HR_TEXT("never"));
    } else if (node->kind == HR_EXPR_NODE_choose) {
        say_choose(speaker, out, node, inside);
    } else if (!(node->kind == HR_EXPR_NODE_loop && say_loop(speaker, out, node, inside)) &&
               !(node->kind == HR_EXPR_NODE_bind && say_bind(speaker, out, node, inside))) {
        hr_buffer_add_text(out, hr_expr_subject_of(speaker, node));
    }
}

/* Every part can be said the other way round in so many words. */
static bool turns_around(const struct hr_expr_speaker *speaker, const struct hr_expr_node *node)
{
    struct hr_expr_clause clause;
    for (uint32_t i = 0; i < node->count; i++) {
        if (!hr_expr_clause_of(speaker, node->children[i], true, &clause)) {
            return false;
        }
    }
    return true;
}

void hr_expr_say_into(const struct hr_expr_speaker *speaker, struct hr_buffer *out,
                      const struct hr_expr_node *node, bool negated, bool inside)
{
    struct hr_expr_clause clause = {0};
    bool joined = node->kind == HR_EXPR_NODE_and || node->kind == HR_EXPR_NODE_or;
    if (hr_expr_clause_of(speaker, node, negated, &clause)) {
        say_clause(out, &clause);
    } else if (hr_expr_calls(node, "!")) {
        hr_expr_say_into(speaker, out, node->children[0], !negated, inside);
    } else if (joined && (!negated || turns_around(speaker, node))) {
        say_joined(speaker, out, node, negated, inside);
    } else if (negated && node->kind == HR_EXPR_NODE_literal && node->value.kind == HR_KIND_bool) {
        hr_buffer_add_text(out, node->value.truth ? HR_TEXT("never") : HR_TEXT("always"));
    } else if (negated) {
        hr_buffer_add_text(out, HR_TEXT("not ("));
        hr_expr_say_into(speaker, out, node, false, false);
        hr_buffer_add_text(out, HR_TEXT(")"));
    } else {
        say_other(speaker, out, node, inside);
    }
}

struct hr_text hr_expr_say_node(struct hr_text source, const struct hr_expr_node *node,
                                struct hr_arena *into)
{
    uint32_t phrases_left = HR_SAY_PHRASES_MAX;
    struct hr_expr_speaker speaker = {source, into, node, &phrases_left};
    struct hr_buffer out;
    hr_buffer_init(&out, into, 4 * HR_EXPR_SOURCE_MAX);
    hr_expr_say_into(&speaker, &out, node, false, false);
    return out.failed || out.size == 0 ? hr_expr_node_source(source, node) : hr_buffer_text(&out);
}

struct hr_text hr_expr_say(const struct hr_expr *expr, struct hr_arena *into)
{
    return hr_expr_say_node(expr->source, expr->root, into);
}
