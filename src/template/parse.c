/* template/parse: pieces become nodes, tags are handed to their rows, and what is opened must be closed. It goes on
 * after a complaint where the next piece begins, so that one check shows several mistakes. */
#include "template/parse_inside.h"

/* ---- nodes --------------------------------------------------------------------------------- */

struct hr_template_node *hr_template_node_add(struct hr_template_parser *parser,
                                              struct hr_template_body *body, uint8_t kind,
                                              const struct hr_template_piece *piece, bool loud)
{
    struct hr_template_node *node = hr_template_alloc(parser, 1, sizeof(*node));
    if (node == NULL) {
        return NULL;
    }
    node->kind = kind;
    node->at = piece->mark_at;
    node->size = piece->mark_size;
    if (body->last != NULL) {
        body->last->next = node;
    } else {
        body->first = node;
    }
    body->last = node;
    body->loud = body->loud || loud;
    return node;
}

void hr_template_text_add(struct hr_template_parser *parser, struct hr_template_body *body,
                          const struct hr_template_piece *piece)
{
    if (piece->size == 0) {
        return;
    }
    struct hr_text text = hr_text_slice(parser->source, piece->at, piece->at + piece->size);
    bool loud = hr_text_trim(text).size > 0;
    struct hr_template_node *node = hr_template_node_add(parser, body, HR_NODE_text, piece, loud);
    if (node != NULL) {
        node->text = text;
    }
}

void hr_template_body_hush(struct hr_template_body *body)
{
    if (body->loud) {
        return;
    }
    for (struct hr_template_node *node = body->first; node != NULL; node = node->next) {
        if (node->kind == HR_NODE_text) {
            node->text = HR_TEXT_NONE;
        }
    }
}

bool hr_template_enter(struct hr_template_parser *parser, uint32_t at, uint32_t size)
{
    if (parser->depth >= HR_TEMPLATE_DEPTH_MAX) {
        hr_template_complain(parser, HR_CODE_template_limit, at, size,
                             HR_TEXT("this is nested deeper than 32 levels"));
        return false;
    }
    parser->depth++;
    return true;
}

void hr_template_parse_output(struct hr_template_parser *parser,
                              const struct hr_template_piece *piece, struct hr_template_body *body)
{
    struct hr_template_pipe pipe;
    if (!hr_template_parse_pipe(parser, &pipe)) {
        return;
    }
    struct hr_template_node *node = hr_template_node_add(parser, body, HR_NODE_output, piece, true);
    if (node != NULL) {
        node->pipe = pipe;
    }
}

/* ---- bodies -------------------------------------------------------------------------------- */

/* Words that close or divide, and so are no tags of their own. */
static const char *const closing[] = {
    "else",        "elsif",      "when",       "endif",        "endunless", "endcase", "endfor",
    "endtablerow", "endcapture", "endcomment", "endifchanged", "endraw",    "enddoc"};
enum { CLOSING_COUNT = sizeof(closing) / sizeof(closing[0]) };

static bool is_closing(struct hr_text word)
{
    for (size_t i = 0; i < CLOSING_COUNT; i++) {
        if (hr_text_equal(word, hr_text_from(closing[i]))) {
            return true;
        }
    }
    return false;
}

/* The last of a tag's words is what ends it. */
static const char *end_word(const char *const *words)
{
    size_t last = 0;
    while (words[last + 1] != NULL) {
        last++;
    }
    return words[last];
}

static void stray(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                  struct hr_text word, const struct hr_template_piece *open,
                  const char *const *words)
{
    parser->unbalanced = true; /* what is still open at the end is no news then */
    if (parser->error_count > 0) {
        return; /* most likely its beginning could not be read */
    }
    if (open == NULL) {
        hr_template_complain(parser, HR_CODE_template_not_closed, piece->mark_at, piece->mark_size,
                             hr_text_format(parser->arena,
                                            "\"%.*s\" ends or divides nothing that is open here",
                                            HR_SHOW(word)));
        return;
    }
    uint32_t rest = 0;
    struct hr_text opened = hr_template_tag_word(parser->source, open, &rest);
    struct hr_diagnostic *diagnostic = hr_template_complain(
        parser, HR_CODE_template_not_closed, piece->mark_at, piece->mark_size,
        hr_text_format(parser->arena, "\"%.*s\" stands here while an \"%.*s\" is still open",
                       HR_SHOW(word), HR_SHOW(opened)));
    diagnostic->help = hr_text_format(parser->arena, "write {%% %s %%} first", end_word(words));
    diagnostic->second = hr_template_place(parser, open->mark_at, open->mark_size);
    diagnostic->second_label = HR_TEXT("this is open");
}

static void unknown_tag(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                        struct hr_text word)
{
    struct hr_text names[CLOSING_COUNT + 32];
    size_t count = 0;
    for (const struct hr_template_tag *tag = hr_template_tags; tag->name != NULL; tag++) {
        names[count++] = hr_text_from(tag->name);
    }
    for (size_t i = 0; i < CLOSING_COUNT; i++) {
        names[count++] = hr_text_from(closing[i]);
    }
    if (word.size == 0) {
        hr_template_complain(parser, HR_CODE_template_syntax, piece->mark_at, piece->mark_size,
                             HR_TEXT("this tag has no name"));
        return;
    }
    uint32_t at = (uint32_t)(word.data - parser->source.data);
    struct hr_diagnostic *diagnostic = hr_template_complain(
        parser, HR_CODE_template_unknown_tag, at, (uint32_t)word.size,
        hr_text_format(parser->arena, "there is no tag \"%.*s\"", HR_SHOW(hr_text_clip(word, 40))));
    hr_template_suggest(parser, diagnostic, word, names, count);
}

static void parse_tag(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                      struct hr_text word, const struct hr_template_piece *open,
                      const char *const *words, struct hr_template_body *body)
{
    for (const struct hr_template_tag *tag = hr_template_tags; tag->name != NULL; tag++) {
        if (!hr_text_equal(word, hr_text_from(tag->name))) {
            continue;
        }
        if (hr_template_enter(parser, piece->mark_at, piece->mark_size)) {
            tag->parse(parser, piece, body);
            parser->depth--;
        } else {
            parser->scanner.at = parser->scanner.end; /* nothing below could be read rightly */
            parser->unbalanced = true;
        }
        return;
    }
    if (is_closing(word)) {
        stray(parser, piece, word, open, words);
    } else {
        unknown_tag(parser, piece, word);
    }
}

static int find_word(struct hr_text word, const char *const *words)
{
    for (int i = 0; words != NULL && words[i] != NULL; i++) {
        if (hr_text_equal(word, hr_text_from(words[i]))) {
            return i;
        }
    }
    return -1;
}

static void body_open(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                      const char *const *words)
{
    uint32_t rest = 0;
    struct hr_text word = hr_template_tag_word(parser->source, piece, &rest);
    if (!parser->unbalanced) {
        hr_template_complain(
            parser, HR_CODE_template_not_closed, piece->mark_at, piece->mark_size,
            hr_text_format(parser->arena, "this %.*s has no %s", HR_SHOW(word), end_word(words)));
    }
}

static void complain_open(struct hr_template_parser *parser, const struct hr_template_piece *piece)
{
    bool output = parser->source.data[piece->at + 1] == '{';
    hr_template_complain(parser, HR_CODE_template_not_closed, piece->mark_at, piece->mark_size,
                         output ? HR_TEXT("this {{ has no }}") : HR_TEXT("this {% has no %}"));
}

int hr_template_parse_body(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                           const char *const *words, struct hr_template_body *body,
                           struct hr_template_piece *ret_stop)
{
    while (!parser->no_memory) {
        uint32_t rest = 0;
        hr_template_scan(&parser->scanner, ret_stop);
        if (ret_stop->kind == HR_PIECE_end || ret_stop->kind == HR_PIECE_open) {
            if (ret_stop->kind == HR_PIECE_open) {
                complain_open(parser, ret_stop);
                parser->unbalanced = true;
            } else if (words != NULL) {
                body_open(parser, piece, words);
            }
            return -1;
        }
        if (ret_stop->kind == HR_PIECE_text) {
            hr_template_text_add(parser, body, ret_stop);
            continue;
        }
        uint32_t end = ret_stop->at + ret_stop->size;
        if (ret_stop->kind == HR_PIECE_output) {
            hr_template_tokens(parser, ret_stop->at, end);
            hr_template_parse_output(parser, ret_stop, body);
            continue;
        }
        struct hr_text word = hr_template_tag_word(parser->source, ret_stop, &rest);
        hr_template_tokens(parser, rest, end);
        int found = find_word(word, words);
        if (found >= 0) {
            return found;
        }
        parse_tag(parser, ret_stop, word, piece, words, body);
    }
    return -1;
}

/* Its lines are tags of the body around it; what they open they must close. */
void hr_template_parse_liquid(struct hr_template_parser *parser,
                              const struct hr_template_piece *piece, struct hr_template_body *body)
{
    struct hr_template_scanner outer = parser->scanner;
    struct hr_template_piece stop;
    uint32_t rest = 0;
    (void)hr_template_tag_word(parser->source, piece, &rest);
    parser->scanner = (struct hr_template_scanner){
        .source = parser->source, .at = rest, .end = piece->at + piece->size, .lines = true};
    (void)hr_template_parse_body(parser, NULL, NULL, body, &stop);
    parser->scanner = outer;
}

void hr_template_parse(struct hr_template_parser *parser)
{
    struct hr_template_piece stop;
    parser->scanner = (struct hr_template_scanner){.source = parser->source,
                                                   .end = (uint32_t)parser->source.size};
    (void)hr_template_parse_body(parser, NULL, NULL, &parser->template->body, &stop);
}
