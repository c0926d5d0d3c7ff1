/* expr/say_clause: one comparison as a clause of fixed form: subject, verb, object. Negation is
 * said inside the clause where English has a word for it, so that "not (...)" stays rare. */
#include "expr/say.h"

static bool is_literal(const struct hr_expr_node *node, uint8_t kind)
{
    return node->kind == HR_EXPR_NODE_literal && node->value.kind == kind;
}

static bool is_now(const struct hr_expr_node *node)
{
    return hr_expr_calls(node, "now");
}

/* The side that a sentence is about, and the other one; true when they were swapped. */
static bool order_sides(const struct hr_expr_node *node, const struct hr_expr_node **ret_subject,
                        const struct hr_expr_node **ret_object)
{
    const struct hr_expr_node *left = node->children[0];
    const struct hr_expr_node *right = node->children[1];
    bool swap = (left->kind == HR_EXPR_NODE_literal && right->kind != HR_EXPR_NODE_literal) ||
                (is_now(left) && !is_now(right));
    *ret_subject = swap ? right : left;
    *ret_object = swap ? left : right;
    return swap;
}

static bool equality_clause(const struct hr_expr_speaker *speaker, const struct hr_expr_node *node,
                            bool negated, struct hr_expr_clause *clause)
{
    const struct hr_expr_node *subject;
    const struct hr_expr_node *object;
    bool same = hr_expr_calls(node, "==") != negated;
    order_sides(node, &subject, &object);
    clause->subject = hr_expr_subject_of(speaker, subject);
    clause->verb = HR_TEXT("is");
    if (is_literal(object, HR_KIND_null)) {
        clause->object = same ? HR_TEXT("empty") : HR_TEXT("known");
    } else if (is_literal(object, HR_KIND_bool)) {
        clause->object = object->value.truth == same ? HR_TEXT("yes") : HR_TEXT("no");
    } else {
        clause->verb = same ? HR_TEXT("is") : HR_TEXT("is not");
        clause->object = hr_expr_operand_of(speaker, object);
    }
    return true;
}

/* How the four orders are said of one kind of value; %.*s is the other side. */
struct order_words {
    const char *less;
    const char *less_equal;
    const char *more;
    const char *more_equal;
};

static const struct order_words number_words = {"below ", " or less", "above ", " or more"};
static const struct order_words other_words = {"below ", "at most ", "above ", "at least "};
static const struct order_words time_words = {"before ", "at or before ", "after ", "at or after "};
static const struct order_words duration_words = {"shorter than ", " or shorter", "longer than ",
                                                  " or longer"};

/* -2 <, -1 <=, 1 >=, 2 >; after negation and a swap of the sides. */
static int order_of(const struct hr_expr_node *node, bool negated, bool swapped)
{
    bool less = node->text.data[0] == '<';
    bool or_equal = node->text.size == 2;
    if (negated) {
        less = !less;
        or_equal = !or_equal;
    }
    if (swapped) {
        less = !less;
    }
    int size = or_equal ? 1 : 2;
    return less ? -size : size;
}

static struct hr_text say_order(const struct hr_expr_speaker *speaker,
                                const struct order_words *words, int order, struct hr_text object)
{
    const char *word = order == -2   ? words->less
                       : order == -1 ? words->less_equal
                       : order == 1  ? words->more_equal
                                     : words->more;
    return word[0] == ' ' ? hr_text_format(speaker->arena, "%.*s%s", HR_SHOW(object), word)
                          : hr_text_format(speaker->arena, "%s%.*s", word, HR_SHOW(object));
}

/* now() - X < D and X > now() - D: how long ago something was. */
static bool age_clause(const struct hr_expr_speaker *speaker, const struct hr_expr_node *subject,
                       const struct hr_expr_node *object, int order, struct hr_expr_clause *clause)
{
    const struct hr_expr_node *time = NULL;
    const struct hr_expr_node *span = NULL;
    bool recent = false;
    if (hr_expr_calls(subject, "-") && subject->count == 2 && is_now(subject->children[0]) &&
        subject->type == HR_TYPE_duration) {
        time = subject->children[1];
        span = object;
        recent = order < 0;
    } else if (hr_expr_calls(object, "-") && object->count == 2 && is_now(object->children[0]) &&
               object->children[1]->type == HR_TYPE_duration) {
        time = subject;
        span = object->children[1];
        recent = order > 0;
    }
    if (time == NULL) {
        return false;
    }
    struct hr_text length = hr_expr_operand_of(speaker, span);
    clause->subject = hr_expr_subject_of(speaker, time);
    clause->verb = HR_TEXT("was");
    clause->object = recent ? hr_text_format(speaker->arena, "within %.*s", HR_SHOW(length))
                            : hr_text_format(speaker->arena, "more than %.*s ago", HR_SHOW(length));
    return true;
}

static bool order_clause(const struct hr_expr_speaker *speaker, const struct hr_expr_node *node,
                         bool negated, struct hr_expr_clause *clause)
{
    const struct hr_expr_node *subject;
    const struct hr_expr_node *object;
    bool swapped = order_sides(node, &subject, &object);
    int order = order_of(node, negated, swapped);
    clause->verb = HR_TEXT("is");
    if (age_clause(speaker, subject, object, order, clause)) {
        return true;
    }
    clause->subject = hr_expr_subject_of(speaker, subject);
    if (is_now(object)) {
        clause->object = order < 0 ? HR_TEXT("in the past") : HR_TEXT("in the future");
        return true;
    }
    const struct order_words *words = &other_words;
    if (subject->type == HR_TYPE_time || object->type == HR_TYPE_time) {
        words = &time_words;
    } else if (subject->type == HR_TYPE_duration || object->type == HR_TYPE_duration) {
        words = &duration_words;
    } else if (object->kind == HR_EXPR_NODE_literal) {
        words = &number_words;
    }
    clause->object = say_order(speaker, words, order, hr_expr_operand_of(speaker, object));
    return true;
}

static bool in_clause(const struct hr_expr_speaker *speaker, const struct hr_expr_node *node,
                      bool negated, struct hr_expr_clause *clause)
{
    const struct hr_expr_node *left = node->children[0];
    const struct hr_expr_node *right = node->children[1];
    if (is_literal(right, HR_KIND_list)) {
        clause->subject = hr_expr_subject_of(speaker, left);
        clause->verb = negated ? HR_TEXT("is not") : HR_TEXT("is");
        clause->object = hr_expr_items_of(speaker, &right->value);
        return true;
    }
    clause->subject = hr_expr_subject_of(speaker, right);
    clause->verb = negated ? HR_TEXT("does not include") : HR_TEXT("includes");
    clause->object = hr_expr_operand_of(speaker, left);
    return true;
}

struct verb {
    const char *name;
    const char *yes;
    const char *no;
};

static const struct verb verbs[] = {
    {"startsWith", "begins with", "does not begin with"},
    {"endsWith", "ends with", "does not end with"},
    {"contains", "contains", "does not contain"},
    {"matches", "matches", "does not match"},
};

static bool call_clause(const struct hr_expr_speaker *speaker, const struct hr_expr_node *node,
                        bool negated, struct hr_expr_clause *clause)
{
    if (hr_expr_calls(node, "==") || hr_expr_calls(node, "!=")) {
        return equality_clause(speaker, node, negated, clause);
    }
    if (hr_expr_calls(node, "<") || hr_expr_calls(node, "<=") || hr_expr_calls(node, ">") ||
        hr_expr_calls(node, ">=")) {
        return order_clause(speaker, node, negated, clause);
    }
    if (hr_expr_calls(node, "in")) {
        return in_clause(speaker, node, negated, clause);
    }
    if (hr_expr_calls(node, "!")) {
        return hr_expr_clause_of(speaker, node->children[0], !negated, clause);
    }
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (hr_expr_calls(node, verbs[i].name)) {
            clause->subject = hr_expr_subject_of(speaker, node->children[0]);
            clause->verb = hr_text_from(negated ? verbs[i].no : verbs[i].yes);
            clause->object = hr_expr_operand_of(speaker, node->children[1]);
            return true;
        }
    }
    return false;
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
    return true;
}

bool hr_expr_clause_of(const struct hr_expr_speaker *speaker, const struct hr_expr_node *node,
                       bool negated, struct hr_expr_clause *ret_clause)
{
    switch (node->kind) {
    case HR_EXPR_NODE_call:
        return call_clause(speaker, node, negated, ret_clause);
    case HR_EXPR_NODE_has:
    case HR_EXPR_NODE_known:
        ret_clause->subject = hr_expr_subject_of(speaker, node->children[0]);
        ret_clause->verb = HR_TEXT("is");
        ret_clause->object = negated ? HR_TEXT("empty") : HR_TEXT("known");
        return true;
    case HR_EXPR_NODE_loop:
        return includes_clause(speaker, node, negated, ret_clause);
    case HR_EXPR_NODE_field:
    case HR_EXPR_NODE_name:
    case HR_EXPR_NODE_local:
    case HR_EXPR_NODE_select:
        if (node->type != HR_TYPE_bool && !negated) {
            return false;
        }
        ret_clause->subject = hr_expr_subject_of(speaker, node);
        ret_clause->verb = HR_TEXT("is");
        ret_clause->object = negated ? HR_TEXT("no") : HR_TEXT("yes");
        return true;
    default:
        return false;
    }
}
