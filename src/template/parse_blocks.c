/* template/parse_blocks: the tags with branches and loops: if, unless, case, for, tablerow. */
#include "template/parse_inside.h"

/* ---- branches ------------------------------------------------------------------------------ */

static struct hr_template_branch *branch_add(struct hr_template_parser *parser,
                                             struct hr_template_branch ***tail,
                                             const struct hr_template_piece *piece)
{
    struct hr_template_branch *branch = hr_template_alloc(parser, 1, sizeof(*branch));
    if (branch != NULL) {
        branch->at = piece->mark_at;
        branch->size = piece->mark_size;
        **tail = branch;
        *tail = &branch->next;
    }
    return branch;
}

/* All branches are done: where nothing in them shows more than white space, that goes too. */
static void close_branches(struct hr_template_body *around, struct hr_template_branch *branches)
{
    bool loud = false;
    for (struct hr_template_branch *branch = branches; branch != NULL; branch = branch->next) {
        loud = loud || branch->body.loud;
    }
    for (struct hr_template_branch *branch = branches; !loud && branch != NULL;
         branch = branch->next) {
        hr_template_body_hush(&branch->body);
    }
    around->loud = around->loud || loud;
}

/* What Liquid passes over without a word is worth a warning. */
static void check_else(struct hr_template_parser *parser, const struct hr_template_piece *stop,
                       bool after_else)
{
    if (after_else) {
        hr_template_warn(parser, stop->mark_at, stop->mark_size,
                         HR_TEXT("this comes after an else and is never read"));
        return;
    }
    if (parser->token.kind == HR_LIQUID_end) {
        return;
    }
    bool other_if = hr_text_equal(hr_template_token_text(parser), HR_TEXT("if"));
    struct hr_diagnostic *diagnostic =
        hr_template_warn(parser, parser->token.at, parser->stop - parser->token.at,
                         HR_TEXT("what stands behind else is not read"));
    if (other_if) {
        diagnostic->help = HR_TEXT("write elsif in one word");
    }
}

enum { WORD_elsif, WORD_else, WORD_end };

/* Reads branches up to the end tag. What comes after an else is parsed and thrown away. */
static void parse_branches(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                           struct hr_template_body *body, const char *const *words, bool negated)
{
    struct hr_template_node *node = hr_template_node_add(parser, body, HR_NODE_if, piece, false);
    struct hr_template_branch *branches = NULL;
    struct hr_template_branch *dropped = NULL;
    struct hr_template_branch **tail = &branches;
    struct hr_template_branch *branch = branch_add(parser, &tail, piece);
    if (node == NULL || branch == NULL) {
        return;
    }
    (void)hr_template_parse_condition(parser, &branch->condition);
    branch->negated = negated;
    for (;;) {
        struct hr_template_piece stop;
        bool after_else = branch->otherwise;
        int word = hr_template_parse_body(parser, piece, words, &branch->body, &stop);
        if (word < 0 || word == WORD_end) {
            break;
        }
        if (after_else || word == WORD_else) {
            check_else(parser, &stop, after_else);
        }
        tail = after_else ? &dropped : tail;
        branch = branch_add(parser, &tail, &stop);
        if (branch == NULL) {
            return;
        }
        branch->otherwise = after_else || word == WORD_else;
        if (!branch->otherwise) {
            (void)hr_template_parse_condition(parser, &branch->condition);
        }
    }
    node->branches = branches;
    close_branches(body, branches);
}

void hr_template_parse_if(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                          struct hr_template_body *body)
{
    static const char *const words[] = {"elsif", "else", "endif", NULL};
    parse_branches(parser, piece, body, words, false);
}

void hr_template_parse_unless(struct hr_template_parser *parser,
                              const struct hr_template_piece *piece, struct hr_template_body *body)
{
    static const char *const words[] = {"elsif", "else", "endunless", NULL};
    parse_branches(parser, piece, body, words, true);
}

/* when 'a', 'b' or 'c' */
static void parse_when(struct hr_template_parser *parser, struct hr_template_branch *branch)
{
    size_t count = 0;
    size_t capacity = 0;
    do {
        const struct hr_template_expr *value = hr_template_parse_expr(parser);
        if (value == NULL || !hr_template_append(parser, &branch->values, &count, &capacity, &value,
                                                 sizeof(value))) {
            return;
        }
    } while (hr_template_accept(parser, HR_LIQUID_comma) || hr_template_accept_word(parser, "or"));
    branch->value_count = (uint32_t)count;
    hr_template_finish(parser, "a comma, or, or the end");
}

void hr_template_parse_case(struct hr_template_parser *parser,
                            const struct hr_template_piece *piece, struct hr_template_body *body)
{
    static const char *const words[] = {"when", "else", "endcase", NULL};
    struct hr_template_node *node = hr_template_node_add(parser, body, HR_NODE_case, piece, false);
    struct hr_template_body before = {0}; /* what stands before the first when is never shown */
    struct hr_template_body *into = &before;
    struct hr_template_branch **tail = node != NULL ? &node->branches : NULL;
    const struct hr_template_expr *value = hr_template_parse_expr(parser);
    if (value != NULL) {
        hr_template_finish(parser, "the end");
    }
    if (node == NULL) {
        return;
    }
    node->pipe.base = value;
    for (;;) {
        struct hr_template_piece stop;
        int word = hr_template_parse_body(parser, piece, words, into, &stop);
        if (word < 0 || word == WORD_end) {
            break;
        }
        struct hr_template_branch *branch = branch_add(parser, &tail, &stop);
        if (branch == NULL) {
            return;
        }
        branch->otherwise = word == WORD_else;
        if (branch->otherwise) {
            check_else(parser, &stop, false);
        } else {
            parse_when(parser, branch);
        }
        into = &branch->body;
    }
    close_branches(body, node->branches);
}

/* ---- loops --------------------------------------------------------------------------------- */

/* limit: 3, offset: 2 or continue, cols: 2; false where it complained. */
static bool parse_setting(struct hr_template_parser *parser, struct hr_template_loop *loop,
                          bool table)
{
    const struct hr_template_expr **setting = NULL;
    bool offset = false;
    if (hr_template_accept_word(parser, "limit")) {
        setting = &loop->limit;
    } else if (hr_template_accept_word(parser, "offset")) {
        setting = &loop->offset;
        offset = true;
    } else if (table && hr_template_accept_word(parser, "cols")) {
        setting = &loop->columns;
    } else {
        hr_template_expected(parser, table ? "limit:, offset:, cols: or the end"
                                           : "limit:, offset:, reversed or the end");
        return false;
    }
    if (!hr_template_accept(parser, HR_LIQUID_colon)) {
        hr_template_expected(parser, "\":\" and a number");
        return false;
    }
    if (offset && hr_template_accept_word(parser, "continue")) {
        loop->continues = true;
        return true;
    }
    *setting = hr_template_parse_expr(parser);
    return *setting != NULL;
}

/* item in list reversed limit: 3, offset: 2 */
static void parse_head(struct hr_template_parser *parser, struct hr_template_loop *loop, bool table)
{
    loop->variable = hr_template_token_text(parser);
    if (!hr_template_accept(parser, HR_LIQUID_name)) {
        hr_template_expected(parser, "the name of an item (item in list)");
        return;
    }
    if (!hr_template_accept_word(parser, "in")) {
        hr_template_expected(parser, "in and a list");
        return;
    }
    loop->over = hr_template_parse_expr(parser);
    if (loop->over == NULL) {
        return;
    }
    struct hr_text over =
        hr_text_slice(parser->source, loop->over->at, (size_t)loop->over->at + loop->over->size);
    loop->label =
        hr_text_format(parser->arena, "%.*s-%.*s", HR_SHOW(loop->variable), HR_SHOW(over));
    parser->no_memory = parser->no_memory || loop->label.data == NULL;
    (void)hr_template_accept(parser, HR_LIQUID_comma);
    while (parser->token.kind != HR_LIQUID_end) {
        if (!table && hr_template_accept_word(parser, "reversed")) {
            loop->reversed = true;
        } else if (!parse_setting(parser, loop, table)) {
            return;
        }
        (void)hr_template_accept(parser, HR_LIQUID_comma);
    }
}

static struct hr_template_loop *loop_add(struct hr_template_parser *parser,
                                         const struct hr_template_piece *piece,
                                         struct hr_template_body *body, uint8_t kind)
{
    struct hr_template_node *node =
        hr_template_node_add(parser, body, kind, piece, kind == HR_NODE_tablerow);
    struct hr_template_loop *loop = hr_template_alloc(parser, 1, sizeof(*loop));
    if (node != NULL && loop != NULL) {
        node->loop = loop;
        parse_head(parser, loop, kind == HR_NODE_tablerow);
    }
    return node != NULL ? loop : NULL;
}

void hr_template_parse_for(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                           struct hr_template_body *body)
{
    static const char *const words[] = {"else", "endfor", NULL};
    struct hr_template_loop *loop = loop_add(parser, piece, body, HR_NODE_for);
    struct hr_template_piece stop;
    if (loop == NULL) {
        return;
    }
    struct hr_template_body *into = &loop->body;
    while (hr_template_parse_body(parser, piece, words, into, &stop) == 0) {
        check_else(parser, &stop, loop->has_otherwise);
        loop->has_otherwise = true;
        into = &loop->otherwise;
    }
    if (!loop->body.loud && !loop->otherwise.loud) {
        hr_template_body_hush(&loop->body);
        hr_template_body_hush(&loop->otherwise);
    } else {
        body->loud = true;
    }
}

void hr_template_parse_tablerow(struct hr_template_parser *parser,
                                const struct hr_template_piece *piece,
                                struct hr_template_body *body)
{
    static const char *const words[] = {"endtablerow", NULL};
    struct hr_template_loop *loop = loop_add(parser, piece, body, HR_NODE_tablerow);
    struct hr_template_piece stop;
    if (loop != NULL) {
        (void)hr_template_parse_body(parser, piece, words, &loop->body, &stop);
    }
}
