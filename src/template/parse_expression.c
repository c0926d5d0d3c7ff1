/* template/parse_expression: values, paths, ranges, filters and conditions, as they stand inside of marks. */
#include "template/decimal_inside.h"
#include "template/parse_inside.h"

/* ---- values -------------------------------------------------------------------------------- */

static struct hr_template_expr *expr_new(struct hr_template_parser *parser, uint8_t kind)
{
    struct hr_template_expr *expr = hr_template_alloc(parser, 1, sizeof(*expr));
    if (expr != NULL) {
        expr->kind = kind;
        expr->at = parser->token.at;
        expr->size = parser->token.size;
    }
    return expr;
}

static const struct hr_template_expr *parse_text(struct hr_template_parser *parser)
{
    struct hr_template_expr *expr = expr_new(parser, HR_OPERAND_literal);
    struct hr_text written = hr_template_token_text(parser);
    if (expr != NULL) {
        expr->value = hr_value_text(hr_text_slice(written, 1, written.size - 1));
    }
    hr_template_advance(parser);
    return expr;
}

static const struct hr_template_expr *parse_number(struct hr_template_parser *parser)
{
    struct hr_template_expr *expr = expr_new(parser, HR_OPERAND_literal);
    struct hr_text written = hr_template_token_text(parser);
    struct hr_decimal decimal;
    int64_t whole = 0;
    if (expr == NULL) {
        return NULL;
    }
    if (hr_text_to_integer(written, &whole)) {
        expr->value = hr_value_int(whole);
    } else if (hr_decimal_read(written, &decimal)) {
        expr->value = (struct hr_value){.kind = HR_KIND_double,
                                        .number_size = (uint16_t)written.size,
                                        .number_text = written.data};
    } else {
        hr_template_complain(parser, HR_CODE_template_syntax, expr->at, expr->size,
                             HR_TEXT("this number has too many digits"));
        return NULL;
    }
    hr_template_advance(parser);
    return expr;
}

/* true, false, nil, blank and empty, where they stand alone. */
static bool word_value(struct hr_text name, struct hr_value *ret_value)
{
    if (hr_text_equal(name, HR_TEXT("true")) || hr_text_equal(name, HR_TEXT("false"))) {
        *ret_value = hr_value_bool(name.size == 4);
    } else if (hr_text_equal(name, HR_TEXT("nil")) || hr_text_equal(name, HR_TEXT("null"))) {
        *ret_value = hr_value_null();
    } else if (hr_text_equal(name, HR_TEXT("blank"))) {
        *ret_value = hr_template_special("blank");
    } else if (hr_text_equal(name, HR_TEXT("empty"))) {
        *ret_value = hr_template_special("empty");
    } else {
        return false;
    }
    return true;
}

static const struct hr_template_expr *parse_brackets(struct hr_template_parser *parser)
{
    const struct hr_template_expr *inside = NULL;
    if (!hr_template_enter(parser, parser->token.at, parser->token.size)) {
        return NULL;
    }
    hr_template_advance(parser);
    inside = hr_template_parse_expr(parser);
    parser->depth--;
    if (inside != NULL && !hr_template_accept(parser, HR_LIQUID_close_square)) {
        hr_template_expected(parser, "\"]\"");
        return NULL;
    }
    return inside;
}

/* .name; false where it complained. */
static bool parse_dot(struct hr_template_parser *parser, struct hr_template_step *ret_step)
{
    hr_template_advance(parser);
    if (parser->token.kind == HR_LIQUID_name) {
        ret_step->name = hr_template_token_text(parser);
        hr_template_advance(parser);
        return true;
    }
    if (parser->token.kind == HR_LIQUID_number) {
        struct hr_diagnostic *diagnostic =
            hr_template_complain(parser, HR_CODE_template_syntax, parser->token.at,
                                 parser->token.size, HR_TEXT("a number stands behind a point"));
        diagnostic->help = HR_TEXT("write list[0] for the first item of a list");
        return false;
    }
    hr_template_expected(parser, "a name behind the point");
    return false;
}

/* The path in its plain form, for reports: steps that are not written out read [..]. */
static struct hr_text label_of(struct hr_template_parser *parser,
                               const struct hr_template_expr *expr)
{
    struct hr_buffer out;
    hr_buffer_init(&out, parser->arena, HR_TEMPLATE_SOURCE_MAX);
    hr_buffer_add_text(&out, expr->root != NULL ? HR_TEXT("[..]") : expr->name);
    for (uint32_t i = 0; i < expr->step_count; i++) {
        const struct hr_template_step *step = &expr->steps[i];
        if (step->index == NULL) {
            hr_buffer_add_byte(&out, '.');
            hr_buffer_add_text(&out, step->name);
        } else if (step->index->kind == HR_OPERAND_literal &&
                   step->index->value.kind == HR_KIND_int) {
            hr_buffer_add_format(&out, "[%lld]", (long long)step->index->value.integer);
        } else {
            hr_buffer_add_text(&out, HR_TEXT("[..]"));
        }
    }
    parser->no_memory = parser->no_memory || out.failed;
    return hr_buffer_text(&out);
}

/* ['name'] is .name */
static void plain_step(struct hr_template_step *step)
{
    if (step->index != NULL && step->index->kind == HR_OPERAND_literal &&
        step->index->value.kind == HR_KIND_text && step->index->value.count > 0) {
        step->name = hr_value_as_text(&step->index->value);
        step->index = NULL;
    }
}

static bool parse_steps(struct hr_template_parser *parser, struct hr_template_expr *expr)
{
    struct hr_template_step *steps = NULL;
    size_t count = 0;
    size_t capacity = 0;
    expr->constant = expr->root == NULL;
    while (parser->token.kind == HR_LIQUID_dot || parser->token.kind == HR_LIQUID_open_square) {
        struct hr_template_step step = {0};
        if (parser->token.kind == HR_LIQUID_dot) {
            if (!parse_dot(parser, &step)) {
                return false;
            }
        } else {
            step.index = parse_brackets(parser);
            if (step.index == NULL) {
                return false;
            }
            plain_step(&step);
            expr->constant =
                expr->constant && (step.index == NULL || step.index->kind == HR_OPERAND_literal);
        }
        if (!hr_template_append(parser, &steps, &count, &capacity, &step, sizeof(step))) {
            return false;
        }
    }
    expr->steps = steps;
    expr->step_count = (uint32_t)count;
    expr->size = parser->token_end - expr->at;
    expr->label = label_of(parser, expr);
    return true;
}

static const struct hr_template_expr *parse_path(struct hr_template_parser *parser)
{
    struct hr_template_expr *expr = expr_new(parser, HR_OPERAND_path);
    if (expr == NULL) {
        return NULL;
    }
    if (parser->token.kind == HR_LIQUID_open_square) {
        struct hr_template_step root = {.index = parse_brackets(parser)};
        if (root.index == NULL) {
            return NULL;
        }
        plain_step(&root);
        expr->name = root.name;
        expr->root = root.index;
        return parse_steps(parser, expr) ? expr : NULL;
    }
    expr->name = hr_template_token_text(parser);
    hr_template_advance(parser);
    bool alone = parser->token.kind != HR_LIQUID_dot && parser->token.kind != HR_LIQUID_open_square;
    if (alone && word_value(expr->name, &expr->value)) {
        expr->kind = HR_OPERAND_literal;
        return expr;
    }
    return parse_steps(parser, expr) ? expr : NULL;
}

static const struct hr_template_expr *parse_range(struct hr_template_parser *parser)
{
    struct hr_template_expr *expr = expr_new(parser, HR_OPERAND_range);
    if (expr == NULL || !hr_template_enter(parser, parser->token.at, parser->token.size)) {
        return NULL;
    }
    hr_template_advance(parser);
    expr->from = hr_template_parse_expr(parser);
    if (expr->from != NULL && !hr_template_accept(parser, HR_LIQUID_dots)) {
        hr_template_expected(parser, "\"..\", as in (1..5)");
        expr->from = NULL;
    }
    expr->to = expr->from != NULL ? hr_template_parse_expr(parser) : NULL;
    parser->depth--;
    if (expr->to == NULL) {
        return NULL;
    }
    if (!hr_template_accept(parser, HR_LIQUID_close_round)) {
        hr_template_expected(parser, "\")\"");
        return NULL;
    }
    expr->size = parser->token_end - expr->at;
    return expr;
}

const struct hr_template_expr *hr_template_parse_expr(struct hr_template_parser *parser)
{
    switch (parser->token.kind) {
    case HR_LIQUID_text:
        return parse_text(parser);
    case HR_LIQUID_number:
        return parse_number(parser);
    case HR_LIQUID_name:
    case HR_LIQUID_open_square:
        return parse_path(parser);
    case HR_LIQUID_open_round:
        return parse_range(parser);
    default:
        hr_template_expected(parser, "a value");
        return NULL;
    }
}

/* ---- filters ------------------------------------------------------------------------------- */

/* name: value, of which only default's allow_false exists. True when it was one; *ret_good false when it complained. */
static bool parse_named_arg(struct hr_template_parser *parser, struct hr_template_use *use,
                            bool *ret_good)
{
    struct hr_template_token name = parser->token;
    struct hr_template_token next;
    hr_template_lex(parser->source, name.at + name.size, parser->stop, &next);
    if (name.kind != HR_LIQUID_name || next.kind != HR_LIQUID_colon) {
        return false;
    }
    bool known = hr_template_filter_is_default(use->filter) &&
                 hr_text_equal(hr_template_token_text(parser), HR_TEXT("allow_false"));
    if (!known) {
        hr_template_complain(
            parser, HR_CODE_template_arguments, name.at, name.size,
            hr_text_format(parser->arena, "%s takes no \"%.*s:\"", use->filter->name,
                           HR_SHOW(hr_text_clip(hr_template_token_text(parser), 40))));
    }
    hr_template_advance(parser);
    hr_template_advance(parser);
    use->allow_false = hr_template_parse_expr(parser);
    *ret_good = known && use->allow_false != NULL;
    return true;
}

static bool parse_args(struct hr_template_parser *parser, struct hr_template_use *use,
                       uint32_t *ret_given)
{
    do {
        bool good = true;
        if (parse_named_arg(parser, use, &good)) {
            if (!good) {
                return false;
            }
            continue;
        }
        const struct hr_template_expr *arg = hr_template_parse_expr(parser);
        if (arg == NULL) {
            return false;
        }
        if (*ret_given < HR_TEMPLATE_ARGS_MAX) {
            use->args[(*ret_given)] = arg;
        }
        (*ret_given)++;
    } while (hr_template_accept(parser, HR_LIQUID_comma));
    return true;
}

static void wrong_count(struct hr_template_parser *parser, const struct hr_template_use *use,
                        uint32_t given)
{
    const struct hr_template_filter *filter = use->filter;
    struct hr_text wanted;
    if (filter->most == 0) {
        wanted = HR_TEXT("nothing behind it");
    } else if (filter->least == filter->most) {
        wanted = hr_count_say(parser->arena, filter->most, "value", "values");
    } else {
        wanted = hr_text_format(parser->arena, "%u %s %u values", filter->least,
                                filter->most - filter->least == 1 ? "or" : "to", filter->most);
    }
    hr_template_complain(parser, HR_CODE_template_arguments, use->at, use->size,
                         hr_text_format(parser->arena, "%s takes %.*s, not %u", filter->name,
                                        HR_SHOW(wanted), given));
}

static bool unknown_filter(struct hr_template_parser *parser)
{
    struct hr_text names[HR_TEMPLATE_FILTERS_MOST];
    struct hr_text name = hr_template_token_text(parser);
    struct hr_text meant = hr_template_filter_meant(name);
    struct hr_diagnostic *diagnostic = hr_template_complain(
        parser, HR_CODE_template_unknown_filter, parser->token.at, parser->token.size,
        hr_text_format(parser->arena, "there is no filter \"%.*s\"",
                       HR_SHOW(hr_text_clip(name, 40))));
    hr_template_suggest(parser, diagnostic, name, names, hr_template_filter_names(names));
    if (meant.size > 0) {
        diagnostic->help = hr_text_format(parser->arena, "it is called `%.*s`", HR_SHOW(meant));
        hr_diagnostic_fix_place(diagnostic, name, meant);
    }
    return false;
}

static bool parse_filter(struct hr_template_parser *parser, struct hr_template_use *ret_use)
{
    *ret_use = (struct hr_template_use){.at = parser->token.at, .size = parser->token.size};
    if (parser->token.kind != HR_LIQUID_name) {
        hr_template_expected(parser, "the name of a filter");
        return false;
    }
    ret_use->filter = hr_template_filter_find(hr_template_token_text(parser));
    if (ret_use->filter == NULL) {
        return unknown_filter(parser);
    }
    hr_template_advance(parser);
    uint32_t given = 0;
    if (hr_template_accept(parser, HR_LIQUID_colon) && !parse_args(parser, ret_use, &given)) {
        return false;
    }
    ret_use->size = parser->token_end - ret_use->at;
    if (given < ret_use->filter->least || given > ret_use->filter->most) {
        wrong_count(parser, ret_use, given);
        return false;
    }
    ret_use->arg_count = (uint8_t)given;
    return true;
}

bool hr_template_parse_pipe(struct hr_template_parser *parser, struct hr_template_pipe *ret_pipe)
{
    struct hr_template_use *uses = NULL;
    size_t count = 0;
    size_t capacity = 0;
    *ret_pipe = (struct hr_template_pipe){0};
    if (parser->token.kind == HR_LIQUID_end) {
        return true;
    }
    ret_pipe->base = hr_template_parse_expr(parser);
    if (ret_pipe->base == NULL) {
        return false;
    }
    while (hr_template_accept(parser, HR_LIQUID_pipe)) {
        struct hr_template_use use;
        if (!parse_filter(parser, &use) ||
            !hr_template_append(parser, &uses, &count, &capacity, &use, sizeof(use))) {
            return false;
        }
    }
    ret_pipe->uses = uses;
    ret_pipe->use_count = (uint32_t)count;
    if (parser->token.kind != HR_LIQUID_end) {
        hr_template_expected(parser, "\"|\" and a filter, or the end");
        return false;
    }
    return true;
}

/* ---- conditions ---------------------------------------------------------------------------- */

static uint8_t compare_op(struct hr_text written)
{
    static const struct {
        const char *text;
        uint8_t op;
    } ops[] = {
        {"==", HR_OP_equal}, {"!=", HR_OP_not_equal},  {"<>", HR_OP_not_equal},
        {"<", HR_OP_less},   {"<=", HR_OP_less_equal}, {">", HR_OP_more},
    };
    for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
        if (hr_text_equal(written, hr_text_from(ops[i].text))) {
            return ops[i].op;
        }
    }
    return HR_OP_more_equal;
}

static bool parse_test(struct hr_template_parser *parser, struct hr_template_test *ret_test)
{
    *ret_test = (struct hr_template_test){.op = HR_OP_truth, .at = parser->token.at};
    ret_test->left = hr_template_parse_expr(parser);
    if (ret_test->left == NULL) {
        return false;
    }
    if (parser->token.kind == HR_LIQUID_compare) {
        ret_test->op = compare_op(hr_template_token_text(parser));
        hr_template_advance(parser);
    } else if (hr_template_accept_word(parser, "contains")) {
        ret_test->op = HR_OP_contains;
    }
    if (ret_test->op != HR_OP_truth) {
        ret_test->right = hr_template_parse_expr(parser);
        if (ret_test->right == NULL) {
            return false;
        }
    }
    ret_test->size = parser->token_end - ret_test->at;
    return true;
}

bool hr_template_parse_condition(struct hr_template_parser *parser,
                                 struct hr_template_condition *ret_condition)
{
    struct hr_template_test *tests = NULL;
    size_t count = 0;
    size_t capacity = 0;
    bool more = true;
    while (more) {
        struct hr_template_test test;
        if (!parse_test(parser, &test)) {
            return false;
        }
        test.and = hr_template_accept_word(parser, "and");
        more = test.and || hr_template_accept_word(parser, "or");
        if (!hr_template_append(parser, &tests, &count, &capacity, &test, sizeof(test))) {
            return false;
        }
    }
    ret_condition->tests = tests;
    ret_condition->count = (uint32_t)count;
    if (parser->token.kind != HR_LIQUID_end) {
        const struct hr_template_test *last = &tests[count - 1];
        if (last->op == HR_OP_truth && hr_text_equal(last->left->label, HR_TEXT("not"))) {
            struct hr_diagnostic *diagnostic =
                hr_template_complain(parser, HR_CODE_template_syntax, last->at, last->size,
                                     HR_TEXT("Liquid has no \"not\""));
            diagnostic->help = HR_TEXT("write unless instead of if, or compare with != or blank");
            return false;
        }
        hr_template_expected(parser, "a comparison, and, or, or the end");
        return false;
    }
    return true;
}

bool hr_template_parse_target(struct hr_template_parser *parser, struct hr_text *ret_name)
{
    struct hr_text name = hr_template_token_text(parser);
    bool digits = parser->token.kind == HR_LIQUID_number;
    for (size_t i = 0; digits && i < name.size; i++) {
        digits = name.data[i] >= '0' && name.data[i] <= '9';
    }
    bool question = name.size > 0 && name.data[name.size - 1] == '?';
    if (!digits && (parser->token.kind != HR_LIQUID_name || question)) {
        hr_template_expected(parser, "the name of a variable");
        return false;
    }
    *ret_name = name;
    hr_template_advance(parser);
    return true;
}
