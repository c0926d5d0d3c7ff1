/* expr/check_call: does a function or an operator exist, does it take these types, can this
 * comparison ever be true, does the pattern compile, does the constant convert. */
#include "expr/program.h"
#include "expr/regex.h"

#include <string.h>

static bool is_number(uint8_t type)
{
    return type == HR_TYPE_int || type == HR_TYPE_uint || type == HR_TYPE_double;
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
    struct hr_text left_words = hr_text_from(hr_expr_type_words(left->type));
    struct hr_text right_words = hr_text_from(hr_expr_type_words(right->type));
    if (left->type == right->type) {
        left_words = hr_shape_write(c->arena, hr_shape_settled(left->shape));
        right_words = hr_shape_write(c->arena, hr_shape_settled(right->shape));
    }
    struct hr_diagnostic *diagnostic = hr_expr_object(
        c, HR_CODE_expression_types, place->at, place->size,
        hr_text_format(c->arena, "`%.*s` is %.*s and `%.*s` is %.*s", HR_SHOW(left_text),
                       HR_SHOW(left_words), HR_SHOW(right_text), HR_SHOW(right_words)));
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
    struct hr_diagnostic *diagnostic = hr_expr_object(
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
    if (!hr_shape_comparable(left->shape, right->shape)) {
        const struct hr_expr_node *place = right->kind == HR_EXPR_NODE_literal ? right : left;
        complain_incomparable(c, left, right, place);
    } else if (order && (nothing || !orderable(left->type) || !orderable(right->type))) {
        const struct hr_expr_node *place = orderable(left->type) ? right : left;
        hr_expr_object(
            c, HR_CODE_expression_types, place->at, place->size,
            hr_text_format(c->arena, "%s has no order", hr_expr_type_words(place->type)));
    }
    check_choice(c, left, right);
    check_choice(c, right, left);
}

static void complain_no_list(struct hr_expr_compiler *c, const struct hr_expr_node *right)
{
    struct hr_diagnostic *diagnostic =
        hr_expr_object(c, HR_CODE_expression_types, right->at, right->size,
                       hr_text_format(c->arena, "`in` looks into a list, but this is %s",
                                      hr_expr_type_words(right->type)));
    diagnostic->help = HR_TEXT("write it like contact.offer in ['audit', 'group_program']");
}

/* `1 in names`, where the list holds texts. */
static void complain_not_held(struct hr_expr_compiler *c, const struct hr_expr_node *left,
                              const struct hr_expr_node *right, hr_shape held)
{
    struct hr_text left_text = hr_expr_node_source(c->source, left);
    struct hr_text right_text = hr_expr_node_source(c->source, right);
    struct hr_diagnostic *diagnostic = hr_expr_object(
        c, HR_CODE_expression_types, left->at, left->size,
        hr_text_format(c->arena, "`%.*s` is %s, but `%.*s` holds each as %s", HR_SHOW(left_text),
                       hr_expr_type_words(left->type), HR_SHOW(right_text),
                       hr_expr_type_words((uint8_t)hr_shape_type(held))));
    diagnostic->help = HR_TEXT("convert one side");
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
    hr_shape held =
        right->type == HR_TYPE_map ? hr_shape_key(right->shape) : hr_shape_item(right->shape);
    if (!listed && !hr_shape_comparable(left->shape, held)) {
        complain_not_held(c, left, right, held);
    }
    if (!listed || left->kind == HR_EXPR_NODE_literal) {
        return;
    }
    if (constant && right->count == 0) {
        check_made(c, left, right);
    }
    for (uint32_t i = 0; i < right->count; i++) {
        if (!right->children[i]->maybe &&
            !hr_shape_comparable(left->shape, right->children[i]->shape)) {
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
        hr_expr_object(c, HR_CODE_expression_types, operator_mark ? node->at : node->name_at,
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
    struct hr_diagnostic *diagnostic = hr_expr_object(
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
    struct hr_regex *regex = NULL;
    struct hr_text text = hr_value_as_text(&pattern->value);
    int opened = hr_regex_open(text.data, text.size, error, &regex);
    if (opened < 0) {
        c->no_memory = true;
    } else if (opened == 0) {
        hr_expr_object(c, HR_CODE_expression_pattern, pattern->at, pattern->size,
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
        hr_expr_object(c, HR_CODE_expression_constant, place->at, place->size, run.message);
    }
}

/* What one row makes of the arguments; false when it does not take them. */
static bool row_takes(const struct hr_expr_overload *row, const struct hr_expr_node *node,
                      hr_shape *ret_result, bool *ret_certain)
{
    struct hr_shape_bound bound = {{0, 0}, {false, false}};
    *ret_certain = true;
    if (row->arg_count != node->count) {
        return false;
    }
    for (uint32_t k = 0; k < node->count; k++) {
        if (!hr_shape_fits(row->args[k], node->children[k]->shape, &bound, ret_certain)) {
            return false;
        }
    }
    *ret_result = hr_shape_result(row->result, &bound);
    return true;
}

/* Narrows the rows of a name to those that may fit; false when none does. A row that takes them for
 * certain is looked at alone, whatever the run brings. */
static bool choose_overload(struct hr_expr_node *node, const struct hr_expr_overload *rows,
                            size_t count)
{
    size_t fitting = 0;
    bool certain = true;
    for (size_t i = 0; i < count; i++) {
        hr_shape result = HR_TYPE_dyn;
        bool sure = true;
        if (!row_takes(&rows[i], node, &result, &sure)) {
            continue;
        }
        if (fitting == 0) {
            node->overload = &rows[i];
            hr_expr_typed(node, result);
        } else if (node->shape != result) {
            hr_expr_typed(node, HR_TYPE_dyn);
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

/* An index of an optional, or one written [?...], gives an optional. */
static void type_index(struct hr_expr_node *node)
{
    bool chained = node->children[0]->type == HR_TYPE_optional;
    if (node->maybe || chained) {
        hr_expr_typed(node, HR_SHAPE_OPTIONAL(node->shape));
    }
}

/* What the program needs beside names and fields. */
static void note_use(struct hr_expr_compiler *c, const struct hr_expr_node *node)
{
    bool until_now = hr_expr_calls(node, "within") && node->count == 2;
    if (hr_expr_calls(node, "now") || until_now) {
        c->expr->uses |= HR_EXPR_USES_now;
    }
    bool span =
        hr_expr_calls(node, "within") && node->children[node->count - 1]->type != HR_TYPE_duration;
    if (span && node->children[node->count - 1]->kind == HR_EXPR_NODE_literal) {
        struct hr_span read;
        span = hr_span_read(hr_value_as_text(&node->children[node->count - 1]->value), &read) &&
               read.unit != HR_SPAN_elapsed;
    }
    if (span || hr_expr_calls(node, "business_time")) {
        c->expr->uses |= HR_EXPR_USES_hours;
    }
    if (node->count == 2 && node->children[0]->type == HR_TYPE_time &&
        hr_text_starts(node->text, HR_TEXT("get"))) {
        c->expr->uses |= HR_EXPR_USES_zone;
    }
}

/* A constant span that no person would read as one. */
static void check_span(struct hr_expr_compiler *c, const struct hr_expr_node *node)
{
    struct hr_span read;
    const struct hr_expr_node *span = node->children[node->count - 1];
    if (span->kind != HR_EXPR_NODE_literal || span->value.kind != HR_KIND_text ||
        hr_span_read(hr_value_as_text(&span->value), &read)) {
        return;
    }
    struct hr_diagnostic *diagnostic =
        hr_expr_object(c, HR_CODE_expression_constant, span->at, span->size,
                       hr_text_format(c->arena, "\"%.*s\" is no span of time",
                                      HR_SHOW(hr_value_as_text(&span->value))));
    diagnostic->help = HR_TEXT("write it like '30 days', '2 hours' or '3 business days'");
}

/* What is known of some calls beyond their rows. */
static void check_meaning(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    if (node->op == HR_STYLE_operator) {
        if (hr_expr_calls(node, "==") || hr_expr_calls(node, "!=")) {
            check_comparison(c, node, false);
        } else if (is_order(node)) {
            check_comparison(c, node, true);
        } else if (hr_expr_calls(node, "in")) {
            check_in(c, node);
        } else if (node->text.data[0] == '[') {
            type_index(node);
        }
        return;
    }
    note_use(c, node);
    if (hr_expr_calls(node, "matches")) {
        check_pattern(c, node);
    } else if (hr_expr_calls(node, "within")) {
        check_span(c, node);
    }
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
        node->kind = HR_EXPR_NODE_broken;
        return;
    }
    check_meaning(c, node);
    if (c->error_count > before) {
        node->kind = HR_EXPR_NODE_broken;
        return;
    }
    fold_call(c, node);
}
