/* template/parse_calls: the tags that show a partial (render, include), and cycle. */
#include "template/parse_inside.h"

/* ---- partials ------------------------------------------------------------------------------ */

static void unknown_partial(struct hr_template_parser *parser, uint32_t at, uint32_t size,
                            struct hr_text name)
{
    const struct hr_template_options *options = parser->options;
    struct hr_diagnostic *diagnostic =
        hr_template_complain(parser, HR_CODE_template_unknown_partial, at, size,
                             hr_text_format(parser->arena, "there is no partial \"%.*s\" here",
                                            HR_SHOW(hr_text_clip(name, 60))));
    struct hr_text *names =
        hr_arena_new_many(parser->arena, struct hr_text, options->partial_count);
    for (size_t i = 0; names != NULL && i < options->partial_count; i++) {
        names[i] = options->partials[i].name;
    }
    if (names != NULL) {
        hr_template_suggest(parser, diagnostic, name, names, options->partial_count);
    }
}

static const struct hr_template *find_partial(struct hr_template_parser *parser,
                                              struct hr_text name)
{
    for (size_t i = 0; i < parser->options->partial_count; i++) {
        if (hr_text_equal(parser->options->partials[i].name, name)) {
            return parser->options->partials[i].template;
        }
    }
    return NULL;
}

/* The partial's name, in quotes; false where it complained. */
static bool parse_name(struct hr_template_parser *parser, struct hr_template_call *call)
{
    uint32_t at = parser->token.at;
    uint32_t size = parser->token.size;
    struct hr_text written = hr_template_token_text(parser);
    if (parser->token.kind != HR_LIQUID_text) {
        hr_template_expected(parser, "the partial's name in quotes");
        return false;
    }
    call->name = hr_text_slice(written, 1, written.size - 1);
    call->alias = call->name;
    call->partial = find_partial(parser, call->name);
    hr_template_advance(parser);
    if (call->partial == NULL) {
        unknown_partial(parser, at + 1, size - 2, call->name);
        return false;
    }
    struct hr_template *template = parser->template;
    if (call->partial->partial_depth + 1 > template->partial_depth) {
        template->partial_depth = call->partial->partial_depth + 1;
    }
    if (template->partial_depth > HR_TEMPLATE_PARTIALS_MAX) {
        hr_template_complain(parser, HR_CODE_template_limit, at, size,
                             HR_TEXT("partials show partials more than 8 deep"));
    }
    return true;
}

/* for list as item, with value as name; false where it complained. */
static bool parse_bound(struct hr_template_parser *parser, struct hr_template_call *call)
{
    call->each = hr_template_accept_word(parser, "for");
    if (!call->each && !hr_template_accept_word(parser, "with")) {
        return true;
    }
    call->bound = hr_template_parse_expr(parser);
    if (call->bound == NULL) {
        return false;
    }
    if (hr_template_accept_word(parser, "as")) {
        call->alias = hr_template_token_text(parser);
        if (!hr_template_accept(parser, HR_LIQUID_name)) {
            hr_template_expected(parser, "a name behind as");
            return false;
        }
    }
    return true;
}

/* name: value, name: value */
static void parse_values(struct hr_template_parser *parser, struct hr_template_call *call)
{
    struct hr_template_named *args = NULL;
    size_t count = 0;
    size_t capacity = 0;
    (void)hr_template_accept(parser, HR_LIQUID_comma);
    while (parser->token.kind != HR_LIQUID_end) {
        struct hr_template_named arg = {.name = hr_template_token_text(parser)};
        if (!hr_template_accept(parser, HR_LIQUID_name) ||
            !hr_template_accept(parser, HR_LIQUID_colon)) {
            hr_template_expected(parser, "name: value");
            return;
        }
        arg.value = hr_template_parse_expr(parser);
        if (arg.value == NULL ||
            !hr_template_append(parser, &args, &count, &capacity, &arg, sizeof(arg))) {
            return;
        }
        (void)hr_template_accept(parser, HR_LIQUID_comma);
    }
    call->args = args;
    call->arg_count = (uint32_t)count;
}

static void parse_call(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                       struct hr_template_body *body, bool shares)
{
    struct hr_template_call *call = hr_template_alloc(parser, 1, sizeof(*call));
    if (call == NULL) {
        return;
    }
    call->shares = shares;
    if (!parse_name(parser, call) || !parse_bound(parser, call)) {
        return;
    }
    parse_values(parser, call);
    struct hr_template_node *node = hr_template_node_add(parser, body, HR_NODE_render, piece, true);
    if (node != NULL) {
        node->call = call;
    }
}

void hr_template_parse_render(struct hr_template_parser *parser,
                              const struct hr_template_piece *piece, struct hr_template_body *body)
{
    parse_call(parser, piece, body, false);
}

void hr_template_parse_include(struct hr_template_parser *parser,
                               const struct hr_template_piece *piece, struct hr_template_body *body)
{
    parse_call(parser, piece, body, true);
}

/* ---- cycle --------------------------------------------------------------------------------- */

/* True when what stands there is a name of the cycle and not its first item. */
static bool parse_group(struct hr_template_parser *parser, struct hr_template_cycle *cycle,
                        const struct hr_template_expr *first)
{
    if (first == NULL || !hr_template_accept(parser, HR_LIQUID_colon)) {
        return false;
    }
    cycle->group = first;
    return true;
}

void hr_template_parse_cycle(struct hr_template_parser *parser,
                             const struct hr_template_piece *piece, struct hr_template_body *body)
{
    struct hr_template_cycle *cycle = hr_template_alloc(parser, 1, sizeof(*cycle));
    uint32_t from = parser->token.at;
    size_t count = 0;
    size_t capacity = 0;
    if (cycle == NULL) {
        return;
    }
    const struct hr_template_expr *item = hr_template_parse_expr(parser);
    if (parse_group(parser, cycle, item)) {
        item = hr_template_parse_expr(parser);
    }
    while (item != NULL) {
        if (!hr_template_append(parser, &cycle->items, &count, &capacity, &item, sizeof(item))) {
            return;
        }
        if (!hr_template_accept(parser, HR_LIQUID_comma)) {
            break;
        }
        item = hr_template_parse_expr(parser);
    }
    if (item == NULL) {
        return;
    }
    cycle->count = (uint32_t)count;
    cycle->key = hr_text_slice(parser->source, from, parser->token_end);
    hr_template_finish(parser, "a comma or the end");
    struct hr_template_node *node = hr_template_node_add(parser, body, HR_NODE_cycle, piece, true);
    if (node != NULL) {
        node->cycle = cycle;
    }
}
