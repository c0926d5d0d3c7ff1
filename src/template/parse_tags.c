/* template/parse_tags: the table of tags, and those of them that need no file of their own. */
#include "template/parse_inside.h"

static void parse_assign(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                         struct hr_template_body *body)
{
    struct hr_text name;
    struct hr_template_pipe pipe;
    if (!hr_template_parse_target(parser, &name)) {
        return;
    }
    if (!hr_template_accept(parser, HR_LIQUID_assign)) {
        hr_template_expected(parser, "\"=\" and a value");
        return;
    }
    if (parser->token.kind == HR_LIQUID_end) {
        hr_template_expected(parser, "a value");
        return;
    }
    if (!hr_template_parse_pipe(parser, &pipe)) {
        return;
    }
    struct hr_template_node *node =
        hr_template_node_add(parser, body, HR_NODE_assign, piece, false);
    if (node != NULL) {
        node->text = name;
        node->pipe = pipe;
    }
}

/* One body between a tag and its end: capture, ifchanged. */
static void parse_block(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                        const char *const *words, struct hr_template_node *node)
{
    struct hr_template_branch *branch = hr_template_alloc(parser, 1, sizeof(*branch));
    struct hr_template_piece stop;
    if (branch == NULL || node == NULL) {
        return;
    }
    node->branches = branch;
    if (hr_template_parse_body(parser, piece, words, &branch->body, &stop) >= 0) {
        hr_template_finish(parser, "nothing more");
    }
}

static void parse_capture(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                          struct hr_template_body *body)
{
    static const char *const words[] = {"endcapture", NULL};
    struct hr_text name = HR_TEXT_NONE;
    if (parser->token.kind == HR_LIQUID_text) {
        name = hr_template_token_text(parser);
        name = hr_text_slice(name, 1, name.size - 1);
        hr_template_advance(parser);
        hr_template_finish(parser, "nothing more");
    } else if (hr_template_parse_target(parser, &name)) {
        hr_template_finish(parser, "nothing more");
    }
    struct hr_template_node *node =
        hr_template_node_add(parser, body, HR_NODE_capture, piece, false);
    if (node != NULL) {
        node->text = name;
    }
    parse_block(parser, piece, words, node);
}

static void parse_ifchanged(struct hr_template_parser *parser,
                            const struct hr_template_piece *piece, struct hr_template_body *body)
{
    static const char *const words[] = {"endifchanged", NULL};
    hr_template_finish(parser, "nothing more");
    parse_block(parser, piece, words,
                hr_template_node_add(parser, body, HR_NODE_ifchanged, piece, true));
}

static void add_count(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                      struct hr_template_body *body, int8_t step)
{
    struct hr_text name;
    if (!hr_template_parse_target(parser, &name)) {
        return;
    }
    hr_template_finish(parser, "nothing more");
    struct hr_template_node *node = hr_template_node_add(parser, body, HR_NODE_count, piece, true);
    if (node != NULL) {
        node->text = name;
        node->step = step;
    }
}

static void parse_increment(struct hr_template_parser *parser,
                            const struct hr_template_piece *piece, struct hr_template_body *body)
{
    add_count(parser, piece, body, 1);
}

static void parse_decrement(struct hr_template_parser *parser,
                            const struct hr_template_piece *piece, struct hr_template_body *body)
{
    add_count(parser, piece, body, -1);
}

static void add_jump(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                     struct hr_template_body *body, uint8_t kind)
{
    hr_template_finish(parser, "nothing more");
    (void)hr_template_node_add(parser, body, kind, piece, true);
}

static void parse_break(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                        struct hr_template_body *body)
{
    add_jump(parser, piece, body, HR_NODE_break);
}

static void parse_continue(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                           struct hr_template_body *body)
{
    add_jump(parser, piece, body, HR_NODE_continue);
}

static void not_closed(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                       const char *word, const char *end)
{
    hr_template_complain(parser, HR_CODE_template_not_closed, piece->mark_at, piece->mark_size,
                         hr_text_format(parser->arena, "this %s has no %s", word, end));
}

static void parse_comment(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                          struct hr_template_body *body)
{
    (void)body;
    if (!hr_template_scan_comment(&parser->scanner)) {
        not_closed(parser, piece, "comment", "endcomment");
        parser->scanner.at = parser->scanner.end;
    }
}

/* True for a tag that a line of a liquid tag cannot open; it complained. */
static bool is_in_lines(struct hr_template_parser *parser, const struct hr_template_piece *piece)
{
    if (!parser->scanner.lines) {
        return false;
    }
    hr_template_complain(parser, HR_CODE_template_syntax, piece->mark_at, piece->mark_size,
                         HR_TEXT("raw and doc cannot stand inside of a liquid tag"));
    return true;
}

static void parse_raw(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                      struct hr_template_body *body)
{
    struct hr_template_piece inside;
    if (is_in_lines(parser, piece)) {
        return;
    }
    hr_template_finish(parser, "nothing more");
    if (hr_template_scan_until(&parser->scanner, HR_TEXT("endraw"), &inside)) {
        hr_template_text_add(parser, body, &inside);
        body->loud = body->loud || inside.size > 0;
    } else {
        not_closed(parser, piece, "raw", "endraw");
    }
}

static void parse_doc(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                      struct hr_template_body *body)
{
    struct hr_template_piece inside;
    (void)body;
    if (is_in_lines(parser, piece)) {
        return;
    }
    hr_template_finish(parser, "nothing more");
    if (!hr_template_scan_until(&parser->scanner, HR_TEXT("enddoc"), &inside)) {
        not_closed(parser, piece, "doc", "enddoc");
    }
}

/* Each line of an inline comment begins with its own #. */
static void parse_hash(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                       struct hr_template_body *body)
{
    (void)body;
    struct hr_text rest = hr_text_slice(parser->source, piece->at, piece->at + piece->size);
    uint32_t at = piece->at;
    while (rest.size > 0) {
        struct hr_text line = hr_text_cut(&rest, '\n');
        struct hr_text trimmed = hr_text_trim(line);
        if (trimmed.size > 0 && trimmed.data[0] != '#') {
            struct hr_diagnostic *diagnostic =
                hr_template_complain(parser, HR_CODE_template_syntax, at, (uint32_t)line.size,
                                     HR_TEXT("a line of this comment does not begin with \"#\""));
            diagnostic->help = HR_TEXT("begin each line with #, or write {% comment %} around all");
            return;
        }
        at += (uint32_t)line.size + 1;
    }
}

const struct hr_template_tag hr_template_tags[] = {
    {"assign", parse_assign},
    {"break", parse_break},
    {"capture", parse_capture},
    {"case", hr_template_parse_case},
    {"comment", parse_comment},
    {"continue", parse_continue},
    {"cycle", hr_template_parse_cycle},
    {"decrement", parse_decrement},
    {"doc", parse_doc},
    {"echo", hr_template_parse_output},
    {"for", hr_template_parse_for},
    {"if", hr_template_parse_if},
    {"ifchanged", parse_ifchanged},
    {"include", hr_template_parse_include},
    {"increment", parse_increment},
    {"liquid", hr_template_parse_liquid},
    {"raw", parse_raw},
    {"render", hr_template_parse_render},
    {"tablerow", hr_template_parse_tablerow},
    {"unless", hr_template_parse_unless},
    {"#", parse_hash},
    {NULL, NULL},
};

const char *hr_template_tag_name(size_t index)
{
    size_t count = sizeof(hr_template_tags) / sizeof(hr_template_tags[0]);
    return index < count ? hr_template_tags[index].name : NULL;
}
