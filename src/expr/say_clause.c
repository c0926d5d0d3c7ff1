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
    bool around_now = left->kind == HR_EXPR_NODE_call && left->count == 2 &&
                      is_now(left->children[0]) && left->type == HR_TYPE_time;
    bool swap = (left->kind == HR_EXPR_NODE_literal && right->kind != HR_EXPR_NODE_literal) ||
                ((is_now(left) || around_now) && !is_now(right));
    *ret_subject = swap ? right : left;
    *ret_object = swap ? left : right;
    return swap;
}

/* known(x) == false, tags.exists(...) == true: the clause itself, or turned around. */
static bool truth_clause(const struct hr_expr_speaker *speaker, const struct hr_expr_node *subject,
                         bool wanted, struct hr_expr_clause *clause)
{
    if (hr_expr_clause_of(speaker, subject, !wanted, clause)) {
        return true;
    }
    clause->subject = hr_expr_subject_of(speaker, subject);
    clause->verb = HR_TEXT("is");
    clause->object = wanted ? HR_TEXT("yes") : HR_TEXT("no");
    return true;
}

static bool equality_clause(const struct hr_expr_speaker *speaker, const struct hr_expr_node *node,
                            bool negated, struct hr_expr_clause *clause)
{
    const struct hr_expr_node *subject;
    const struct hr_expr_node *object;
    bool same = hr_expr_calls(node, "==") != negated;
    order_sides(node, &subject, &object);
    if (is_literal(object, HR_KIND_bool) && (same || subject->type == HR_TYPE_bool)) {
        return truth_clause(speaker, subject, object->value.truth == same, clause);
    }
    clause->subject = hr_expr_subject_of(speaker, subject);
    clause->verb = HR_TEXT("is");
    clause->shared = true;
    if (is_literal(object, HR_KIND_null)) {
        clause->object = same ? HR_TEXT("empty") : HR_TEXT("known");
        return true;
    }
    clause->shared = same;
    clause->verb = same ? HR_TEXT("is") : HR_TEXT("is not");
    if (is_literal(object, HR_KIND_int)) {
        clause->object = hr_expr_calendar_word(subject, &object->value);
    }
    if (clause->object.size == 0) {
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
static const struct order_words text_words = {"before ", "at or before ", "after ", "at or after "};

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
    bool exact = order == 1 || order == -1; /* the border belongs to it */
    clause->subject = hr_expr_subject_of(speaker, time);
    clause->verb = HR_TEXT("was");
    clause->order = true;
    const char *before = recent ? exact ? "within " : "less than " : exact ? "" : "more than ";
    const char *behind = recent ? exact ? "" : " ago" : exact ? " ago or more" : " ago";
    clause->object = hr_text_format(speaker->arena, "%s%.*s%s", before, HR_SHOW(length), behind);
    return true;
}

/* X - now() < D, X < now() + D: how far ahead something is. */
static bool ahead_clause(const struct hr_expr_speaker *speaker, const struct hr_expr_node *subject,
                         const struct hr_expr_node *object, int order,
                         struct hr_expr_clause *clause)
{
    const struct hr_expr_node *time = NULL;
    const struct hr_expr_node *span = NULL;
    if (hr_expr_calls(subject, "-") && subject->count == 2 && is_now(subject->children[1]) &&
        subject->type == HR_TYPE_duration) {
        time = subject->children[0];
        span = object;
    } else if (hr_expr_calls(object, "+") && object->count == 2 && is_now(object->children[0]) &&
               object->children[1]->type == HR_TYPE_duration) {
        time = subject;
        span = object->children[1];
    }
    if (time == NULL) {
        return false;
    }
    bool exact = order == 1 || order == -1;
    struct hr_text length = hr_expr_operand_of(speaker, span);
    clause->subject = hr_expr_subject_of(speaker, time);
    clause->verb = HR_TEXT("is");
    clause->order = true;
    clause->object = hr_text_format(speaker->arena, "%s%.*s ahead%s",
                                    exact       ? ""
                                    : order < 0 ? "less than "
                                                : "more than ",
                                    HR_SHOW(length),
                                    !exact      ? ""
                                    : order < 0 ? " or less"
                                                : " or more");
    return true;
}

/* Texts have the order of their characters, not of a dictionary. */
static bool text_order(const struct hr_expr_node *subject, const struct hr_expr_node *object)
{
    return subject->type == HR_TYPE_text || object->type == HR_TYPE_text;
}

static bool order_clause(const struct hr_expr_speaker *speaker, const struct hr_expr_node *node,
                         bool negated, struct hr_expr_clause *clause)
{
    const struct hr_expr_node *subject;
    const struct hr_expr_node *object;
    bool swapped = order_sides(node, &subject, &object);
    int order = order_of(node, negated, swapped);
    clause->verb = HR_TEXT("is");
    if (age_clause(speaker, subject, object, order, clause) ||
        ahead_clause(speaker, subject, object, order, clause)) {
        return true;
    }
    /* a weekday is a number here, and numbers of weekdays have no words */
    bool numbered = hr_expr_calls(subject, "getDayOfWeek") || hr_expr_calls(subject, "getMonth");
    clause->subject =
        numbered ? hr_expr_quoted_of(speaker, subject) : hr_expr_subject_of(speaker, subject);
    if (is_now(object)) {
        clause->object = order == -2   ? HR_TEXT("in the past")
                         : order == -1 ? HR_TEXT("now or in the past")
                         : order == 1  ? HR_TEXT("now or in the future")
                                       : HR_TEXT("in the future");
        return true;
    }
    clause->order = true;
    const struct order_words *words = &other_words;
    if (text_order(subject, object)) {
        words = &text_words;
    } else if (subject->type == HR_TYPE_time || object->type == HR_TYPE_time) {
        words = &time_words;
    } else if (subject->type == HR_TYPE_duration || object->type == HR_TYPE_duration) {
        words = &duration_words;
    } else if (object->kind == HR_EXPR_NODE_literal) {
        words = &number_words;
    }
    clause->object = say_order(speaker, words, order, hr_expr_operand_of(speaker, object));
    return true;
}

/* "lead, booked or client", with weekdays and months by their names. */
static struct hr_text listed(const struct hr_expr_speaker *speaker, const struct hr_expr_node *left,
                             const struct hr_value *list, const char *last)
{
    struct hr_buffer out;
    hr_buffer_init(&out, speaker->arena, HR_EXPR_SOURCE_MAX);
    for (uint32_t i = 0; i < list->count; i++) {
        struct hr_text word = hr_expr_calendar_word(left, &list->items[i]);
        if (word.size == 0) {
            return hr_expr_items_of(speaker, list, last);
        }
        hr_buffer_add_text(&out, hr_text_from(i == 0 ? "" : i + 1 == list->count ? last : ", "));
        hr_buffer_add_text(&out, word);
    }
    return hr_buffer_text(&out);
}

/* value in [..]: "is a or b", "is neither a nor b", "is none of a, b and c". */
static bool in_list_clause(const struct hr_expr_speaker *speaker, const struct hr_expr_node *left,
                           const struct hr_value *list, bool negated, struct hr_expr_clause *clause)
{
    if (list->count == 0) {
        return false;
    }
    clause->subject = hr_expr_subject_of(speaker, left);
    clause->verb = HR_TEXT("is");
    clause->shared = !negated;
    if (!negated) {
        clause->object = listed(speaker, left, list, " or ");
        return true;
    }
    const char *before = list->count == 1 ? "not " : list->count == 2 ? "neither " : "none of ";
    struct hr_text items = listed(speaker, left, list, list->count == 2 ? " nor " : " and ");
    clause->object = hr_text_format(speaker->arena, "%s%.*s", before, HR_SHOW(items));
    return true;
}

static bool in_clause(const struct hr_expr_speaker *speaker, const struct hr_expr_node *node,
                      bool negated, struct hr_expr_clause *clause)
{
    const struct hr_expr_node *left = node->children[0];
    const struct hr_expr_node *right = node->children[1];
    if (is_literal(right, HR_KIND_list)) {
        return in_list_clause(speaker, left, &right->value, negated, clause);
    }
    bool keys = right->type == HR_TYPE_map;
    clause->subject = hr_expr_subject_of(speaker, right);
    clause->verb = keys      ? negated ? HR_TEXT("does not have the key") : HR_TEXT("has the key")
                        : negated ? HR_TEXT("does not include")
                             : HR_TEXT("includes");
    clause->object = hr_expr_operand_of(speaker, left);
    clause->shared = !negated;
    return true;
}

struct verb {
    const char *name;
    const char *yes;
    const char *no;
};

/* first VERB second */
static const struct verb verbs[] = {
    {"startsWith", "begins with", "does not begin with"},
    {"endsWith", "ends with", "does not end with"},
    {"contains", "contains", "does not contain"},
    {"matches", "matches", "does not match"},
    {"containsIP", "holds", "does not hold"},
    {"containsCIDR", "holds", "does not hold"},
};

/* first is WORDS */
static const struct verb states[] = {
    {"isIP", "an IP address", "no IP address"},
    {"isCIDR", "a network", "no network"},
    {"isLoopback", "a loopback address", "no loopback address"},
    {"math.isNaN", "not a number", "a number"},
    {"math.isInf", "infinite", "not infinite"},
    {"math.isFinite", "finite", "not finite"},
    {"hasValue", "known", "empty"},
};

static bool verb_clause(const struct hr_expr_speaker *speaker, const struct hr_expr_node *node,
                        bool negated, struct hr_expr_clause *clause)
{
    for (size_t i = 0; node->count == 2 && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (hr_expr_calls(node, verbs[i].name)) {
            clause->subject = hr_expr_subject_of(speaker, node->children[0]);
            clause->verb = hr_text_from(negated ? verbs[i].no : verbs[i].yes);
            clause->object = hr_expr_operand_of(speaker, node->children[1]);
            clause->shared = !negated;
            return true;
        }
    }
    for (size_t i = 0; node->count == 1 && i < sizeof(states) / sizeof(states[0]); i++) {
        if (hr_expr_calls(node, states[i].name)) {
            clause->subject = hr_expr_subject_of(speaker, node->children[0]);
            clause->verb = HR_TEXT("is");
            clause->object = hr_text_from(negated ? states[i].no : states[i].yes);
            return true;
        }
    }
    return false;
}

/* A span as it was written, "30 days", or a duration. */
static struct hr_text span_of(const struct hr_expr_speaker *speaker,
                              const struct hr_expr_node *span)
{
    struct hr_span read;
    if (is_literal(span, HR_KIND_text) && hr_span_read(hr_value_as_text(&span->value), &read)) {
        return hr_span_write(speaker->arena, read);
    }
    return hr_expr_operand_of(speaker, span);
}

/* within() and business_time(). */
static bool own_clause(const struct hr_expr_speaker *speaker, const struct hr_expr_node *node,
                       bool negated, struct hr_expr_clause *clause)
{
    if (hr_expr_calls(node, "business_time") && node->count == 1) {
        clause->subject = hr_expr_subject_of(speaker, node->children[0]);
        clause->verb = HR_TEXT("is");
        clause->object = negated ? HR_TEXT("outside business hours") : HR_TEXT("in business hours");
        return true;
    }
    if (!hr_expr_calls(node, "within")) {
        return false;
    }
    struct hr_text span = span_of(speaker, node->children[node->count - 1]);
    clause->subject = hr_expr_subject_of(speaker, node->children[0]);
    clause->verb = negated ? HR_TEXT("was not") : HR_TEXT("was");
    clause->object = hr_text_format(speaker->arena, "within %.*s", HR_SHOW(span));
    if (node->count == 3) {
        struct hr_text since = hr_expr_operand_of(speaker, node->children[1]);
        clause->object =
            hr_text_format(speaker->arena, "within %.*s after %.*s", HR_SHOW(span), HR_SHOW(since));
    }
    return true;
}

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
    return verb_clause(speaker, node, negated, clause) ||
           own_clause(speaker, node, negated, clause);
}

/* has(), known() and changed(). Of a map by its type, has() asks for the key. */
static void asking_clause(const struct hr_expr_speaker *speaker, const struct hr_expr_node *node,
                          bool negated, struct hr_expr_clause *clause)
{
    const struct hr_expr_node *child = node->children[0];
    bool key = node->kind == HR_EXPR_NODE_has && child->kind == HR_EXPR_NODE_select &&
               child->children[0]->type == HR_TYPE_map;
    clause->subject = hr_expr_subject_of(speaker, child);
    if (node->kind == HR_EXPR_NODE_changed) {
        clause->verb = negated ? HR_TEXT("did not change") : HR_TEXT("changed");
        return;
    }
    clause->verb = HR_TEXT("is");
    clause->shared = !key;
    clause->object = key       ? negated ? HR_TEXT("not there") : HR_TEXT("there")
                           : negated ? HR_TEXT("empty")
                               : HR_TEXT("known");
}

bool hr_expr_clause_of(const struct hr_expr_speaker *speaker, const struct hr_expr_node *node,
                       bool negated, struct hr_expr_clause *ret_clause)
{
    *ret_clause = (struct hr_expr_clause){.subject = HR_TEXT_NONE};
    switch (node->kind) {
    case HR_EXPR_NODE_call:
        return call_clause(speaker, node, negated, ret_clause);
    case HR_EXPR_NODE_has:
    case HR_EXPR_NODE_known:
    case HR_EXPR_NODE_changed:
        asking_clause(speaker, node, negated, ret_clause);
        return true;
    case HR_EXPR_NODE_loop:
        return hr_expr_loop_clause_of(speaker, node, negated, ret_clause);
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
