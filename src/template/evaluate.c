/* template/evaluate: values of paths, ranges, filters and conditions. What has no value is a null that remembers its
 * name; it runs through filters untouched until `default` replaces it, or until it would be shown. */
#include "template/filters_inside.h"

/* ---- paths --------------------------------------------------------------------------------- */

static uint32_t letters_in(const struct hr_value *value)
{
    return (uint32_t)hr_template_letters(hr_value_as_text(value));
}

/* The first or last letter of a text. */
static struct hr_value letter_of(const struct hr_value *value, bool last)
{
    struct hr_text text = hr_value_as_text(value);
    size_t letters = hr_template_letters(text);
    if (letters == 0) {
        return hr_value_null();
    }
    size_t from = last ? hr_template_letter_at(text, letters - 1) : 0;
    size_t to = last ? text.size : hr_template_letter_at(text, 1);
    return hr_value_text(hr_text_slice(text, from, to));
}

/* size, first, last: of what has no member of that name. */
static int32_t special_step(struct hr_template_run *run, const struct hr_value *value,
                            struct hr_text name, struct hr_value *ret_value)
{
    bool first = hr_text_equal(name, HR_TEXT("first"));
    bool last = hr_text_equal(name, HR_TEXT("last"));
    bool text = value->kind == HR_KIND_text;
    bool list = value->kind == HR_KIND_list;
    *ret_value = hr_value_null();
    if (hr_text_equal(name, HR_TEXT("size"))) {
        if (text || list || value->kind == HR_KIND_map) {
            *ret_value = hr_value_int(text ? letters_in(value) : value->count);
        }
        return hr_template_spend(run, text ? value->count / 64 : 0) ? 0 : HR_TEMPLATE_LIMIT;
    }
    if ((first || last) && text) {
        *ret_value = letter_of(value, last);
        return hr_template_spend(run, value->count / 64) ? 0 : HR_TEMPLATE_LIMIT;
    }
    if ((first || last) && list && value->count > 0) {
        *ret_value = value->items[first ? 0 : value->count - 1];
    } else if (first && value->kind == HR_KIND_map && value->count > 0) {
        *ret_value = hr_template_list(&value->members[0].key, 2);
    }
    return 0;
}

static int32_t named_step(struct hr_template_run *run, const struct hr_value *value,
                          struct hr_text name, struct hr_value *ret_value)
{
    if (value->kind == HR_KIND_map) {
        if (!hr_template_spend(run, value->count / 8)) {
            return HR_TEMPLATE_LIMIT;
        }
        const struct hr_value *member = hr_value_member(value, name);
        if (member != NULL) {
            *ret_value = *member;
            return 0;
        }
    }
    return special_step(run, value, name, ret_value);
}

/* [index]: a number of a list, or a name. */
static int32_t indexed_step(struct hr_template_run *run, const struct hr_value *value,
                            const struct hr_template_expr *index, struct hr_value *ret_value)
{
    struct hr_template_result at;
    int32_t outcome = hr_template_eval(run, index, &at);
    *ret_value = hr_value_null();
    if (outcome != 0) {
        return outcome;
    }
    if (at.value.kind == HR_KIND_text) {
        return named_step(run, value, hr_value_as_text(&at.value), ret_value);
    }
    if (value->kind == HR_KIND_list && at.value.kind == HR_KIND_int) {
        int64_t number = at.value.integer;
        number += number < 0 ? value->count : 0;
        if (number >= 0 && number < value->count) {
            *ret_value = value->items[number];
        }
    }
    return 0;
}

/* The value of a path's root; false when nobody knows the name. */
static bool find_root(struct hr_template_run *run, struct hr_text name, bool *ret_own,
                      struct hr_template_result *ret_result)
{
    const struct hr_template_view *view = run->view;
    *ret_own = hr_template_find(run, name, ret_result);
    if (*ret_own) {
        return true;
    }
    ret_result->mark = HR_MARK_plain;
    return view->value_of != NULL && view->value_of(view->context, name, &ret_result->value);
}

/* A name from outside, or a field of anything, that has no value or an empty text is missing. */
static void note_missing(const struct hr_template_expr *expr, bool own, bool asked,
                         struct hr_value *value)
{
    bool plain_own = own && expr->step_count == 0;
    bool nothing =
        value->kind == HR_KIND_null || (!asked && value->kind == HR_KIND_text && value->count == 0);
    if (nothing && !plain_own) {
        *value = hr_template_nothing(expr->label);
    }
}

static int32_t eval_path(struct hr_template_run *run, const struct hr_template_expr *expr,
                         bool asked, struct hr_template_result *ret_result)
{
    struct hr_text name = expr->name;
    bool own = false;
    if (expr->root != NULL) {
        struct hr_template_result root;
        int32_t outcome = hr_template_eval(run, expr->root, &root);
        if (outcome != 0) {
            return outcome;
        }
        name = hr_value_as_text(&root.value);
    }
    if (!find_root(run, name, &own, ret_result)) {
        ret_result->value = hr_value_null();
    }
    for (uint32_t i = 0; i < expr->step_count; i++) {
        const struct hr_template_step *step = &expr->steps[i];
        struct hr_value value = ret_result->value;
        int32_t outcome = step->index != NULL
                              ? indexed_step(run, &value, step->index, &ret_result->value)
                              : named_step(run, &value, step->name, &ret_result->value);
        if (outcome != 0) {
            return outcome;
        }
        ret_result->mark = HR_MARK_plain;
    }
    note_missing(expr, own, asked, &ret_result->value);
    return 0;
}

/* ---- ranges -------------------------------------------------------------------------------- */

/* Where a range begins or ends: what is no number counts as 0. */
static int32_t range_end(struct hr_template_run *run, const struct hr_template_expr *expr,
                         int64_t *ret_end)
{
    struct hr_template_result result;
    struct hr_decimal decimal;
    int32_t outcome = hr_template_eval_needed(run, expr, &result);
    if (outcome != 0) {
        return outcome;
    }
    *ret_end = 0;
    if (hr_decimal_of(&result.value, &decimal)) {
        struct hr_decimal whole = hr_decimal_floor(&decimal);
        if (whole.digits > INT32_MAX || whole.digits < INT32_MIN) {
            return hr_template_beyond(run, "a range has more than 10,000 items");
        }
        *ret_end = (int64_t)whole.digits;
    }
    return 0;
}

static int32_t eval_range(struct hr_template_run *run, const struct hr_template_expr *expr,
                          struct hr_template_result *ret_result)
{
    int64_t from = 0;
    int64_t to = 0;
    int32_t outcome = range_end(run, expr->from, &from);
    if (outcome == 0) {
        outcome = range_end(run, expr->to, &to);
    }
    if (outcome != 0) {
        return outcome;
    }
    int64_t count = to < from ? 0 : to - from + 1;
    if (count > HR_TEMPLATE_LOOPS_MAX) {
        return hr_template_beyond(run, "a range has more than 10,000 items");
    }
    struct hr_value *items =
        hr_template_make(run, (size_t)count, sizeof(struct hr_value), &outcome);
    for (int64_t i = 0; items != NULL && i < count; i++) {
        items[i] = hr_value_int(from + i);
    }
    ret_result->value = hr_template_list(items, items != NULL ? (uint32_t)count : 0);
    return outcome;
}

/* ---- values -------------------------------------------------------------------------------- */

/* asked: a condition asks, so an empty text is itself. */
static int32_t eval(struct hr_template_run *run, const struct hr_template_expr *expr, bool asked,
                    struct hr_template_result *ret_result)
{
    *ret_result = (struct hr_template_result){.value = hr_value_null()};
    if (!hr_template_spend(run, 1)) {
        return HR_TEMPLATE_LIMIT;
    }
    switch (expr->kind) {
    case HR_OPERAND_literal:
        ret_result->value = expr->value;
        return 0;
    case HR_OPERAND_range:
        return eval_range(run, expr, ret_result);
    default:
        return eval_path(run, expr, asked || run->view->lenient, ret_result);
    }
}

int32_t hr_template_eval(struct hr_template_run *run, const struct hr_template_expr *expr,
                         struct hr_template_result *ret_result)
{
    return eval(run, expr, true, ret_result);
}

int32_t hr_template_eval_needed(struct hr_template_run *run, const struct hr_template_expr *expr,
                                struct hr_template_result *ret_result)
{
    int32_t outcome = eval(run, expr, false, ret_result);
    if (outcome == 0 && hr_template_is_missing(&ret_result->value) && !run->view->lenient) {
        return hr_template_missing(run, hr_template_missing_name(&ret_result->value), expr->at,
                                   expr->size);
    }
    return outcome;
}

/* ---- filters ------------------------------------------------------------------------------- */

static int32_t eval_args(struct hr_template_run *run, const struct hr_template_use *use,
                         struct hr_template_filtering *call)
{
    for (uint32_t i = 0; i < use->arg_count; i++) {
        int32_t outcome = eval(run, use->args[i], false, &call->args[i]);
        if (outcome != 0) {
            return outcome;
        }
    }
    call->count = use->arg_count;
    if (use->allow_false != NULL) {
        struct hr_template_result allow;
        int32_t outcome = eval(run, use->allow_false, true, &allow);
        call->allow_false = hr_template_is_true(&allow.value);
        return outcome;
    }
    return 0;
}

/* A missing value, before the bar or behind the colon, is the result; only default knows better. */
static const struct hr_value *missing_in(const struct hr_template_filtering *call)
{
    if (hr_template_filter_is_default(call->use->filter) || call->run->view->lenient) {
        return NULL;
    }
    if (hr_template_is_missing(&call->input.value)) {
        return &call->input.value;
    }
    for (uint32_t i = 0; i < call->count; i++) {
        if (hr_template_is_missing(&call->args[i].value)) {
            return &call->args[i].value;
        }
    }
    return NULL;
}

static int32_t apply(struct hr_template_run *run, const struct hr_template_use *use,
                     struct hr_template_result *result)
{
    struct hr_template_filtering call = {.run = run, .use = use, .input = *result};
    uint32_t kind = result->value.kind;
    bool sized = kind == HR_KIND_text || kind == HR_KIND_list || kind == HR_KIND_map;
    if (!hr_template_spend(run, 1 + (sized ? result->value.count / 32 : 0))) {
        return HR_TEMPLATE_LIMIT;
    }
    int32_t outcome = eval_args(run, use, &call);
    if (outcome != 0) {
        return outcome;
    }
    const struct hr_value *missing = missing_in(&call);
    *result = (struct hr_template_result){.value = hr_value_null()};
    if (missing != NULL) {
        result->value = *missing;
        return 0;
    }
    return use->filter->apply(&call, result);
}

int32_t hr_template_eval_pipe(struct hr_template_run *run, const struct hr_template_pipe *pipe,
                              struct hr_template_result *ret_result)
{
    *ret_result = (struct hr_template_result){.value = hr_value_null()};
    int32_t outcome = pipe->base != NULL ? eval(run, pipe->base, false, ret_result) : 0;
    for (uint32_t i = 0; outcome == 0 && i < pipe->use_count; i++) {
        outcome = apply(run, &pipe->uses[i], ret_result);
    }
    return outcome;
}

/* ---- conditions ---------------------------------------------------------------------------- */

static int32_t contains(struct hr_template_run *run, const struct hr_value *left,
                        const struct hr_value *right, bool *ret_holds)
{
    *ret_holds = false;
    if (!hr_template_is_true(left) || !hr_template_is_true(right)) {
        return 0;
    }
    if (!hr_template_spend(run, left->kind == HR_KIND_text ? left->count / 64 : left->count)) {
        return HR_TEMPLATE_LIMIT;
    }
    if (left->kind == HR_KIND_list) {
        for (uint32_t i = 0; i < left->count && !*ret_holds; i++) {
            *ret_holds = hr_template_equal(run, &left->items[i], right);
        }
        return 0;
    }
    struct hr_text part;
    int32_t outcome = hr_template_text(run, right, &part);
    if (outcome != 0) {
        return outcome;
    }
    if (left->kind == HR_KIND_text) {
        struct hr_text text = hr_value_as_text(left);
        *ret_holds = part.size == 0 || hr_text_search(text, part) < text.size;
    } else if (left->kind == HR_KIND_map) {
        *ret_holds = right->kind == HR_KIND_text && hr_value_member(left, part) != NULL;
    }
    return 0;
}

/* < > <= >=: never true of nothing; a failure between things that have no order. */
static int32_t ordered(struct hr_template_run *run, const struct hr_template_test *test,
                       const struct hr_value *left, const struct hr_value *right, bool *ret_holds)
{
    int order = 0;
    bool has_order = left->kind == HR_KIND_text || left->kind == HR_KIND_time ||
                     left->kind == HR_KIND_duration || hr_template_is_number(left);
    bool other_has = right->kind == HR_KIND_text || right->kind == HR_KIND_time ||
                     right->kind == HR_KIND_duration || hr_template_is_number(right);
    *ret_holds = false;
    if (!has_order || !other_has) {
        return 0;
    }
    if (!hr_template_order(run, left, right, &order)) {
        return hr_template_fail(run, HR_CODE_template_failed, test->at, test->size,
                                "a text and a number, or a time, cannot be put in order");
    }
    *ret_holds = test->op == HR_OP_less         ? order < 0
                 : test->op == HR_OP_less_equal ? order <= 0
                 : test->op == HR_OP_more       ? order > 0
                                                : order >= 0;
    return 0;
}

static int32_t eval_test(struct hr_template_run *run, const struct hr_template_test *test,
                         bool *ret_holds)
{
    struct hr_template_result left;
    struct hr_template_result right;
    int32_t outcome = eval(run, test->left, true, &left);
    if (outcome != 0 || test->op == HR_OP_truth) {
        *ret_holds = hr_template_is_true(&left.value);
        return outcome;
    }
    outcome = eval(run, test->right, true, &right);
    if (outcome != 0) {
        return outcome;
    }
    if (test->op == HR_OP_contains) {
        return contains(run, &left.value, &right.value, ret_holds);
    }
    if (test->op != HR_OP_equal && test->op != HR_OP_not_equal) {
        return ordered(run, test, &left.value, &right.value, ret_holds);
    }
    *ret_holds = hr_template_equal(run, &left.value, &right.value) == (test->op == HR_OP_equal);
    return 0;
}

int32_t hr_template_eval_condition(struct hr_template_run *run,
                                   const struct hr_template_condition *condition, bool *ret_holds)
{
    *ret_holds = false;
    for (uint32_t i = 0; i < condition->count; i++) {
        const struct hr_template_test *test = &condition->tests[i];
        int32_t outcome = eval_test(run, test, ret_holds);
        if (outcome != 0) {
            return outcome;
        }
        if (*ret_holds != test->and) { /* `false and` and `true or` decide, whatever follows */
            return 0;
        }
    }
    return 0;
}

int32_t hr_template_whole(struct hr_template_run *run, const struct hr_value *value, uint32_t at,
                          uint32_t size, int64_t *ret_whole)
{
    bool good = false;
    if (value->kind == HR_KIND_int) {
        *ret_whole = value->integer;
        good = true;
    } else if (value->kind == HR_KIND_text) {
        good = hr_text_to_integer(hr_text_trim(hr_value_as_text(value)), ret_whole);
    }
    if (!good || *ret_whole > INT32_MAX || *ret_whole < INT32_MIN) {
        return hr_template_fail(run, HR_CODE_template_failed, at, size,
                                "a whole number is needed here");
    }
    return 0;
}

int32_t hr_template_items(struct hr_template_run *run, const struct hr_value *value,
                          const struct hr_value **ret_items, uint32_t *ret_count)
{
    int32_t outcome = 0;
    *ret_items = NULL;
    *ret_count = 0;
    if (value->kind == HR_KIND_list) {
        *ret_items = value->items;
        *ret_count = value->count;
    } else if (value->kind == HR_KIND_map) {
        struct hr_value *pairs =
            hr_template_make(run, value->count, sizeof(struct hr_value), &outcome);
        for (uint32_t i = 0; pairs != NULL && i < value->count; i++) {
            pairs[i] = hr_template_list(&value->members[i].key, 2);
        }
        *ret_items = pairs;
        *ret_count = pairs != NULL ? value->count : 0;
    } else if (value->kind == HR_KIND_text && value->count > 0) {
        struct hr_value *item = hr_template_make(run, 1, sizeof(struct hr_value), &outcome);
        if (item != NULL) {
            *item = *value;
            *ret_items = item;
            *ret_count = 1;
        }
    }
    return outcome;
}
