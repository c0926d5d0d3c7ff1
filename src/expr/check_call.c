/* expr/check_call: does a function or an operator exist, does it take these types, can this
 * comparison ever be true, does the pattern compile, does the constant convert. */
#include "expr/program.h"
#include "expr/regex.h"

#include <string.h>

static bool is_number(uint8_t type)
{
    return type == HR_TYPE_int || type == HR_TYPE_uint || type == HR_TYPE_double;
}

/* Could two values of these types ever be equal? Numbers of different kinds can. */
static bool comparable(uint8_t a, uint8_t b)
{
    return a == b || a == HR_TYPE_dyn || b == HR_TYPE_dyn || a == HR_TYPE_null ||
           b == HR_TYPE_null || (is_number(a) && is_number(b));
}

static bool orderable(uint8_t type)
{
    return is_number(type) || type == HR_TYPE_dyn || type == HR_TYPE_bool || type == HR_TYPE_text ||
           type == HR_TYPE_bytes || type == HR_TYPE_time || type == HR_TYPE_duration;
}

static bool is_order(const struct hr_expr_node *node)
{
    return hr_expr_calls(node, "<") || hr_expr_calls(node, "<=") || hr_expr_calls(node, ">") ||
           hr_expr_calls(node, ">=");
}

static bool is_broken(const struct hr_expr_node *node)
{
    for (uint32_t i = 0; i < node->count; i++) {
        if (node->children[i]->kind == HR_EXPR_NODE_broken) {
            return true;
        }
    }
    return false;
}

static void suggest_conversion(struct hr_expr_compiler *c, struct hr_diagnostic *diagnostic,
                               const struct hr_expr_node *left, const struct hr_expr_node *right)
{
    const struct hr_expr_node *text = left->type == HR_TYPE_text ? left : right;
    const struct hr_expr_node *other = text == left ? right : left;
    struct hr_text written = hr_expr_node_source(c->source, text);
    if (text->type != HR_TYPE_text) {
        return;
    }
    const char *convert = NULL;
    convert = other->type == HR_TYPE_time ? "timestamp" : convert;
    convert = other->type == HR_TYPE_duration ? "duration" : convert;
    convert = other->type == HR_TYPE_int && text->kind != HR_EXPR_NODE_literal ? "int" : convert;
    convert =
        other->type == HR_TYPE_double && text->kind != HR_EXPR_NODE_literal ? "double" : convert;
    if (convert != NULL) {
        diagnostic->help =
            hr_text_format(c->arena, "convert it: %s(%.*s)", convert, HR_SHOW(written));
    }
}

static void complain_incomparable(struct hr_expr_compiler *c, const struct hr_expr_node *left,
                                  const struct hr_expr_node *right,
                                  const struct hr_expr_node *place)
{
    struct hr_text left_text = hr_expr_node_source(c->source, left);
    struct hr_text right_text = hr_expr_node_source(c->source, right);
    struct hr_diagnostic *diagnostic =
        hr_expr_complain(c, HR_CODE_expression_types, place->at, place->size,
                         hr_text_format(c->arena, "`%.*s` is %s and `%.*s` is %s",
                                        HR_SHOW(left_text), hr_expr_type_words(left->type),
                                        HR_SHOW(right_text), hr_expr_type_words(right->type)));
    suggest_conversion(c, diagnostic, left, right);
}

/* Complains when a text literal cannot be a value of a choice. */
static void check_choice(struct hr_expr_compiler *c, const struct hr_expr_node *field,
                         const struct hr_expr_node *literal)
{
    if (field->kind != HR_EXPR_NODE_field || field->declared == NULL ||
        field->declared->value_count == 0 || literal->kind != HR_EXPR_NODE_literal ||
        literal->value.kind != HR_KIND_text) {
        return;
    }
    struct hr_text text = hr_value_as_text(&literal->value);
    struct hr_buffer all;
    hr_buffer_init(&all, c->arena, 400);
    for (size_t i = 0; i < field->declared->value_count; i++) {
        struct hr_text value = field->declared->values[i];
        if (hr_text_equal(value, text)) {
            return;
        }
        hr_buffer_add_format(&all, "%s%.*s", i > 0 ? ", " : "", HR_SHOW(value));
    }
    struct hr_text meant =
        hr_did_you_mean(text, field->declared->values, field->declared->value_count);
    struct hr_diagnostic *diagnostic = hr_expr_complain(
        c, HR_CODE_expression_unknown_value, literal->at, literal->size,
        hr_text_format(c->arena, "`%.*s` is never \"%.*s\"", HR_SHOW(field->text), HR_SHOW(text)));
    diagnostic->help =
        meant.size > 0
            ? hr_text_format(c->arena, "did you mean '%.*s'?", HR_SHOW(meant))
            : hr_text_format(c->arena, "its values are: %.*s", HR_SHOW(hr_buffer_text(&all)));
    struct hr_text sure =
        hr_surely_meant(text, field->declared->values, field->declared->value_count);
    struct hr_text written = hr_text_slice(c->source, literal->at, literal->at + literal->size);
    if (sure.size > 0 && written.size == text.size + 2) { /* quotes, and no escapes */
        hr_diagnostic_fix_place(
            diagnostic, written,
            hr_text_format(c->arena, "%c%.*s%c", written.data[0], HR_SHOW(sure), written.data[0]));
    }
}

static void check_comparison(struct hr_expr_compiler *c, struct hr_expr_node *node, bool order)
{
    const struct hr_expr_node *left = node->children[0];
    const struct hr_expr_node *right = node->children[1];
    bool nothing = left->type == HR_TYPE_null || right->type == HR_TYPE_null;
    if (!comparable(left->type, right->type)) {
        const struct hr_expr_node *place = right->kind == HR_EXPR_NODE_literal ? right : left;
        complain_incomparable(c, left, right, place);
    } else if (order && (nothing || !orderable(left->type) || !orderable(right->type))) {
        const struct hr_expr_node *place = orderable(left->type) ? right : left;
        hr_expr_complain(
            c, HR_CODE_expression_types, place->at, place->size,
            hr_text_format(c->arena, "%s has no order", hr_expr_type_words(place->type)));
    }
    check_choice(c, left, right);
    check_choice(c, right, left);
}

static void complain_no_list(struct hr_expr_compiler *c, const struct hr_expr_node *right)
{
    struct hr_diagnostic *diagnostic =
        hr_expr_complain(c, HR_CODE_expression_types, right->at, right->size,
                         hr_text_format(c->arena, "`in` looks into a list, but this is %s",
                                        hr_expr_type_words(right->type)));
    diagnostic->help = HR_TEXT("write it like contact.offer in ['audit', 'group_program']");
}

/* The items of a list that a call has made of constants. */
static void check_made(struct hr_expr_compiler *c, const struct hr_expr_node *left,
                       const struct hr_expr_node *list)
{
    for (uint32_t i = 0; i < list->value.count; i++) {
        struct hr_expr_node item = *list;
        item.value = list->value.items[i];
        check_choice(c, left, &item);
    }
}

/* value in list: the list's own parts are looked at where it is written out. */
static void check_in(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    const struct hr_expr_node *left = node->children[0];
    const struct hr_expr_node *right = node->children[1];
    bool constant = right->kind == HR_EXPR_NODE_literal;
    bool listed = right->type == HR_TYPE_list && (constant || right->kind == HR_EXPR_NODE_list);
    if (!listed || left->kind == HR_EXPR_NODE_literal) {
        return;
    }
    if (constant && right->count == 0) {
        check_made(c, left, right);
    }
    for (uint32_t i = 0; i < right->count; i++) {
        if (!comparable(left->type, right->children[i]->type)) {
            complain_incomparable(c, left, right->children[i], right->children[i]);
        }
        check_choice(c, left, right->children[i]);
    }
}

static void complain_no_overload(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    struct hr_buffer given;
    hr_buffer_init(&given, c->arena, 300);
    bool floats = false;
    bool wholes = false;
    for (uint32_t i = 0; i < node->count; i++) {
        const char *before = i == 0 ? "" : i + 1 == node->count ? " and " : ", ";
        hr_buffer_add_format(&given, "%s%s", before, hr_expr_type_words(node->children[i]->type));
        floats = floats || node->children[i]->type == HR_TYPE_double;
        wholes = wholes || node->children[i]->type == HR_TYPE_int;
    }
    bool operator_mark = node->op == HR_STYLE_operator;
    struct hr_text name = hr_text_equal(node->text, HR_TEXT("-_")) ? HR_TEXT("-") : node->text;
    struct hr_diagnostic *diagnostic =
        hr_expr_complain(c, HR_CODE_expression_types, operator_mark ? node->at : node->name_at,
                         operator_mark ? node->size : (uint32_t)node->text.size,
                         hr_text_format(c->arena, "`%.*s` does not take %.*s", HR_SHOW(name),
                                        HR_SHOW(hr_buffer_text(&given))));
    if (operator_mark && floats && wholes) {
        diagnostic->help =
            HR_TEXT("write the whole number with a fraction, like 2.0, or convert with "
                    "double()");
    }
}

static void complain_unknown_function(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    size_t count = 0;
    uint8_t other = node->op == HR_STYLE_member ? HR_STYLE_global : HR_STYLE_member;
    struct hr_text meant = hr_expr_nearest_function(node->text, node->op);
    struct hr_diagnostic *diagnostic = hr_expr_complain(
        c, HR_CODE_expression_unknown_function, node->name_at, (uint32_t)node->text.size,
        hr_text_format(c->arena, "there is no function %.*s()", HR_SHOW(node->text)));
    if (hr_expr_find(node->text, other, &count) != NULL) {
        diagnostic->help =
            other == HR_STYLE_member
                ? hr_text_format(c->arena, "write it behind the value: value.%.*s(...)",
                                 HR_SHOW(node->text))
                : hr_text_format(c->arena, "write the value inside: %.*s(value)",
                                 HR_SHOW(node->text));
    } else if (meant.size > 0) {
        diagnostic->help = hr_text_format(c->arena, "did you mean %.*s()?", HR_SHOW(meant));
    }
}

static bool keep_pattern(struct hr_expr_compiler *c, struct hr_regex *regex)
{
    struct hr_expr *expr = c->expr;
    if (expr->pattern_count == expr->pattern_capacity) {
        void *grown = hr_list_grow(c->arena, expr->patterns, expr->pattern_count,
                                   &expr->pattern_capacity, sizeof(struct hr_regex *));
        if (grown == NULL) {
            c->no_memory = true;
            return false;
        }
        expr->patterns = grown;
    }
    expr->patterns[expr->pattern_count++] = regex;
    return true;
}

/* matches() with a constant pattern is compiled now. */
static void check_pattern(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    const struct hr_expr_node *pattern = node->children[1];
    if (pattern->kind != HR_EXPR_NODE_literal || pattern->value.kind != HR_KIND_text) {
        return;
    }
    char error[HR_REGEX_ERROR_MAX];
    struct hr_text text = hr_value_as_text(&pattern->value);
    struct hr_regex *regex = hr_regex_open(text.data, text.size, error);
    if (regex == NULL) {
        hr_expr_complain(c, HR_CODE_expression_pattern, pattern->at, pattern->size,
                         hr_text_format(c->arena, "this pattern cannot be read: %s", error));
    } else if (keep_pattern(c, regex)) {
        node->regex = regex;
    } else {
        hr_regex_close(regex);
    }
}

/* A call of constants becomes its result. What must work for constants is complained about when it
 * does not. */
static void fold_call(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    if (!node->exact || (node->overload->flags & HR_OVERLOAD_varies) != 0) {
        return;
    }
    struct hr_expr_run run;
    int32_t outcome = hr_expr_fold(c, node, &run);
    if (outcome == HR_EXPR_FAILED && (node->overload->flags & HR_OVERLOAD_must_work) != 0) {
        const struct hr_expr_node *place = node->count > 0 ? node->children[0] : node;
        hr_expr_complain(c, HR_CODE_expression_constant, place->at, place->size, run.message);
    }
}

/* Narrows the rows of a name to those that may fit; false when none does. */
static bool choose_overload(struct hr_expr_node *node, const struct hr_expr_overload *rows,
                            size_t count)
{
    size_t fitting = 0;
    bool certain = true;
    for (size_t i = 0; i < count; i++) {
        bool fits = rows[i].arg_count == node->count;
        bool sure = true;
        for (uint32_t k = 0; fits && k < node->count; k++) {
            uint8_t given = node->children[k]->type;
            fits =
                rows[i].args[k] == HR_TYPE_dyn || given == HR_TYPE_dyn || rows[i].args[k] == given;
            sure = sure && (rows[i].args[k] == HR_TYPE_dyn || given != HR_TYPE_dyn);
        }
        if (!fits) {
            continue;
        }
        if (fitting == 0) {
            node->overload = &rows[i];
            node->type = rows[i].result;
        } else if (node->type != rows[i].result) {
            node->type = HR_TYPE_dyn;
        }
        certain = certain && sure;
        fitting++;
    }
    node->exact = fitting == 1 && certain;
    if (fitting > 0) {
        node->overload_count = (uint32_t)(rows + count - node->overload);
    }
    return fitting > 0;
}

void hr_expr_check_call(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    size_t count = 0;
    const struct hr_expr_overload *rows = hr_expr_find(node->text, node->op, &count);
    if (rows == NULL) {
        complain_unknown_function(c, node);
        node->kind = HR_EXPR_NODE_broken;
        return;
    }
    if (is_broken(node)) {
        node->kind = HR_EXPR_NODE_broken;
        return;
    }
    uint32_t before = c->error_count;
    if (!choose_overload(node, rows, count)) {
        if (hr_expr_calls(node, "in")) {
            complain_no_list(c, node->children[1]);
        } else {
            complain_no_overload(c, node);
        }
    } else if (hr_expr_calls(node, "==") || hr_expr_calls(node, "!=")) {
        check_comparison(c, node, false);
    } else if (is_order(node)) {
        check_comparison(c, node, true);
    } else if (hr_expr_calls(node, "in")) {
        check_in(c, node);
    } else if (hr_expr_calls(node, "matches")) {
        check_pattern(c, node);
    }
    if (c->error_count > before) {
        node->kind = HR_EXPR_NODE_broken;
        return;
    }
    fold_call(c, node);
}
