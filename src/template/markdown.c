/* template/markdown: rendered Markdown to HTML, block by block: headings, lists, quotes, rules, paragraphs. Only what
 * stands in the template has a form; a line ends where the template ends it. */
#include "template/filters_inside.h"
#include "template/markdown_inside.h"

enum block {
    BLOCK_blank,
    BLOCK_text,
    BLOCK_heading,
    BLOCK_rule,
    BLOCK_bullet,
    BLOCK_number,
    BLOCK_quote
};

enum { LIST_DEPTH_MAX = 5, ITEM_INDENT = 2 };

/* One line of the template, and what it begins. */
struct line {
    uint8_t block;
    uint32_t level; /* of a heading; the number of a list's item */
    size_t indent;  /* spaces before it */
    size_t from;    /* where its words begin */
    size_t to;
};

struct blocks {
    struct hr_arena *arena;
    struct hr_buffer *out;
    struct hr_marked text;
    size_t at;   /* of the next line */
    char *bytes; /* of the paragraph that is gathered */
    bool *values;
    size_t size;
};

/* ---- lines ------------------------------------------------------------------------------------ */

static bool is(const struct blocks *blocks, size_t at, char byte)
{
    return hr_marked_is(&blocks->text, at, byte);
}

static size_t line_end(const struct blocks *blocks, size_t at)
{
    while (at < blocks->text.size && !is(blocks, at, '\n')) {
        at++;
    }
    return at;
}

static size_t pass(const struct blocks *blocks, size_t at, char byte)
{
    while (is(blocks, at, byte)) {
        at++;
    }
    return at;
}

/* Nothing but one mark, three times or more, and spaces. */
static bool is_rule(const struct blocks *blocks, size_t from, size_t to)
{
    size_t marks = 0;
    char mark = from < to ? blocks->text.bytes[from] : '\0';
    if (mark != '-' && mark != '*' && mark != '_') {
        return false;
    }
    for (size_t at = from; at < to; at++) {
        if (is(blocks, at, mark)) {
            marks++;
        } else if (!is(blocks, at, ' ')) {
            return false;
        }
    }
    return marks >= 3;
}

static bool read_number(const struct blocks *blocks, size_t from, struct line *line)
{
    uint32_t number = 0;
    size_t at = from;
    while (at < line->to && at - from < 4 && !blocks->text.values[at] &&
           blocks->text.bytes[at] >= '0' && blocks->text.bytes[at] <= '9') {
        number = number * 10 + (uint32_t)(blocks->text.bytes[at++] - '0');
    }
    if (at == from || (!is(blocks, at, '.') && !is(blocks, at, ')')) || !is(blocks, at + 1, ' ')) {
        return false;
    }
    line->block = BLOCK_number;
    line->level = number;
    line->from = pass(blocks, at + 1, ' ');
    return true;
}

static bool read_heading(const struct blocks *blocks, size_t from, struct line *line)
{
    size_t at = pass(blocks, from, '#');
    if (at == from || at - from > 6 || !is(blocks, at, ' ')) {
        return false;
    }
    line->block = BLOCK_heading;
    line->level = (uint32_t)(at - from);
    line->from = pass(blocks, at, ' ');
    return true;
}

static bool is_blank(const struct blocks *blocks, size_t from, size_t to)
{
    while (from < to && hr_template_is_space(blocks->text.bytes[from])) {
        from++;
    }
    return from == to;
}

/* The line at blocks->at; false at the end of the text. */
static bool read_line(const struct blocks *blocks, struct line *ret_line)
{
    if (blocks->at >= blocks->text.size) {
        return false;
    }
    size_t from = blocks->at;
    struct line line = {.block = BLOCK_text, .from = from, .to = line_end(blocks, from)};
    if (line.to > from && is(blocks, line.to - 1, '\r')) {
        line.to--;
    }
    from = pass(blocks, from, ' ');
    line.indent = from - line.from;
    if (is_blank(blocks, line.from, line.to)) {
        line.block = BLOCK_blank;
    } else if (is_rule(blocks, from, line.to)) {
        line.block = BLOCK_rule;
    } else if ((is(blocks, from, '-') || is(blocks, from, '*') || is(blocks, from, '+')) &&
               is(blocks, from + 1, ' ')) {
        line.block = BLOCK_bullet;
        line.from = pass(blocks, from + 1, ' ');
    } else if (is(blocks, from, '>')) {
        line.block = BLOCK_quote;
        line.from = pass(blocks, from + 1, ' ');
    } else if (!read_heading(blocks, from, &line) && !read_number(blocks, from, &line)) {
        line.from = from;
    }
    *ret_line = line;
    return true;
}

static void next_line(struct blocks *blocks)
{
    blocks->at = line_end(blocks, blocks->at) + 1;
}

/* ---- paragraphs --------------------------------------------------------------------------------- */

/* Adds a line's words to the paragraph that is gathered; its end stands before them. */
static void gather(struct blocks *blocks, const struct line *line)
{
    if (blocks->size > 0) {
        blocks->values[blocks->size] = false;
        blocks->bytes[blocks->size++] = '\n';
    }
    for (size_t at = line->from; at < line->to; at++) {
        blocks->values[blocks->size] = blocks->text.values[at];
        blocks->bytes[blocks->size++] = blocks->text.bytes[at];
    }
}

static int32_t write_gathered(struct blocks *blocks)
{
    struct hr_marked words = {blocks->bytes, blocks->values, blocks->size};
    while (words.size > 0 && hr_marked_is(&words, words.size - 1, ' ')) {
        words.size--;
    }
    blocks->size = 0;
    return hr_markdown_inline(blocks->arena, blocks->out, &words);
}

/* The lines that go on with what was begun: plain text. */
static void gather_rest(struct blocks *blocks)
{
    struct line line;
    while (read_line(blocks, &line) && line.block == BLOCK_text) {
        gather(blocks, &line);
        next_line(blocks);
    }
}

static int32_t write_paragraph(struct blocks *blocks)
{
    gather_rest(blocks);
    hr_buffer_add_text(blocks->out, HR_TEXT("<p>"));
    int32_t outcome = write_gathered(blocks);
    hr_buffer_add_text(blocks->out, HR_TEXT("</p>\n"));
    return outcome;
}

static int32_t write_heading(struct blocks *blocks, const struct line *line)
{
    gather(blocks, line);
    next_line(blocks);
    hr_buffer_add_format(blocks->out, "<h%u>", line->level);
    int32_t outcome = write_gathered(blocks);
    hr_buffer_add_format(blocks->out, "</h%u>\n", line->level);
    return outcome;
}

static bool is_item(const struct line *line)
{
    return line->block == BLOCK_bullet || line->block == BLOCK_number;
}

/* The next line that says something; false, and nothing passed over, when there is none. */
static bool peek_line(struct blocks *blocks, struct line *ret_line)
{
    size_t behind = blocks->at;
    while (read_line(blocks, ret_line)) {
        if (ret_line->block != BLOCK_blank) {
            return true;
        }
        next_line(blocks);
    }
    blocks->at = behind;
    return false;
}

static int32_t write_list(struct blocks *blocks, const struct line *first, uint32_t depth);

/* Lists that stand further in belong to the item before them. */
static int32_t write_inner_lists(struct blocks *blocks, size_t indent, uint32_t depth)
{
    struct line line;
    int32_t outcome = 0;
    size_t behind = blocks->at;
    while (outcome == 0 && depth < LIST_DEPTH_MAX && peek_line(blocks, &line) && is_item(&line) &&
           line.indent >= indent + ITEM_INDENT) {
        hr_buffer_add_text(blocks->out, HR_TEXT("\n"));
        outcome = write_list(blocks, &line, depth + 1);
        behind = blocks->at;
    }
    blocks->at = behind;
    return outcome;
}

/* Items of one kind; an empty line between two of them is no end. Depth is limited, so the recursion is. */
static int32_t write_list(struct blocks *blocks, const struct line *first, uint32_t depth)
{
    bool numbers = first->block == BLOCK_number;
    struct line line = *first;
    size_t behind;
    int32_t outcome = 0;
    if (numbers && first->level != 1) {
        hr_buffer_add_format(blocks->out, "<ol start=\"%u\">\n", first->level);
    } else {
        hr_buffer_add_text(blocks->out, numbers ? HR_TEXT("<ol>\n") : HR_TEXT("<ul>\n"));
    }
    do {
        gather(blocks, &line);
        next_line(blocks);
        gather_rest(blocks);
        hr_buffer_add_text(blocks->out, HR_TEXT("<li>"));
        outcome = write_gathered(blocks);
        if (outcome == 0) {
            outcome = write_inner_lists(blocks, line.indent, depth);
        }
        hr_buffer_add_text(blocks->out, HR_TEXT("</li>\n"));
        behind = blocks->at;
    } while (outcome == 0 && peek_line(blocks, &line) && line.block == first->block &&
             (depth == 0 || line.indent >= first->indent));
    blocks->at = behind;
    hr_buffer_add_text(blocks->out, numbers ? HR_TEXT("</ol>\n") : HR_TEXT("</ul>\n"));
    return outcome;
}

static int32_t write_quote(struct blocks *blocks)
{
    struct line line;
    int32_t outcome = 0;
    hr_buffer_add_text(blocks->out, HR_TEXT("<blockquote>\n"));
    while (outcome == 0 && read_line(blocks, &line) && line.block == BLOCK_quote) {
        while (read_line(blocks, &line) && line.block == BLOCK_quote && line.from < line.to) {
            gather(blocks, &line);
            next_line(blocks);
        }
        if (blocks->size > 0) {
            outcome = write_paragraph(blocks);
        } else {
            next_line(blocks); /* a quoted empty line parts two paragraphs */
        }
    }
    hr_buffer_add_text(blocks->out, HR_TEXT("</blockquote>\n"));
    return outcome;
}

static int32_t write_block(struct blocks *blocks, const struct line *line)
{
    switch (line->block) {
    case BLOCK_blank:
        next_line(blocks);
        return 0;
    case BLOCK_heading:
        return write_heading(blocks, line);
    case BLOCK_rule:
        hr_buffer_add_text(blocks->out, HR_TEXT("<hr>\n"));
        next_line(blocks);
        return 0;
    case BLOCK_bullet:
    case BLOCK_number:
        return write_list(blocks, line, 0);
    case BLOCK_quote:
        return write_quote(blocks);
    default:
        return write_paragraph(blocks);
    }
}

hr_status hr_markdown_html(struct hr_arena *into, struct hr_text text,
                           const struct hr_template_span *spans, size_t span_count,
                           struct hr_text *ret_html)
{
    struct hr_buffer out;
    struct line line;
    bool *values = hr_arena_new_many(into, bool, text.size + 1);
    hr_buffer_init(&out, into, HR_MAIL_HTML_MAX);
    struct blocks blocks = {.arena = into,
                            .out = &out,
                            .text = {text.data, values, text.size},
                            .bytes = hr_arena_new_many(into, char, text.size + 1),
                            .values = hr_arena_new_many(into, bool, text.size + 1)};
    if (values == NULL || blocks.bytes == NULL || blocks.values == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < span_count; i++) {
        hr_assert((size_t)spans[i].at + spans[i].size <= text.size);
        for (uint32_t k = 0; k < spans[i].size; k++) {
            values[spans[i].at + k] = true;
        }
    }
    int32_t outcome = 0;
    while (outcome == 0 && !out.failed && read_line(&blocks, &line)) {
        outcome = write_block(&blocks, &line);
    }
    *ret_html = hr_buffer_text(&out);
    return outcome != 0 ? hr_answer(outcome) : hr_buffer_status(&out);
}
