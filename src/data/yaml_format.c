/* data/yaml_format: lays a workspace file out. The tree says what the tokens are; a walk over it
 * passes through the source once and writes every token as it stands, and anew what lies between
 * them: spaces, line ends, indentation. Comments go with the list or map they stood under. What
 * comes out is read again and compared, so that no file ever changes its meaning here. */
#include "data/yaml_layout.h"

#include <string.h>

enum { STEP = 2 };

/* ---- texts --------------------------------------------------------------------------------- */

/* Plain and quoted texts: each further line begins at the column of what the text stands in, one
 * step deeper; inside brackets, and where nothing is around it, it moves along. */
static void put_flow_text(struct layout *layout, const struct hr_node *node, bool flow)
{
    bool aligned = !flow && layout->depth > 0;
    size_t end = node->end;
    for (size_t line = hr_layout_line_end(layout, layout->at, end); line < end;
         line = hr_layout_line_end(layout, layout->at, end)) {
        struct hr_text part = hr_text_slice(layout->text, layout->at, line);
        struct hr_text trimmed = hr_layout_trim_end(part);
        bool escaped = hr_text_ends(trimmed, HR_TEXT("\\")); /* an escaped space may follow */
        hr_buffer_add_text(&layout->out, escaped ? part : trimmed);
        hr_buffer_add_byte(&layout->out, '\n');
        layout->at = line + 1;
        size_t old = 0;
        while (hr_layout_byte(layout, layout->at) == ' ') {
            layout->at++;
            old++;
        }
        if (hr_layout_byte(layout, layout->at) != '\n') {
            hr_layout_spaces(layout, aligned ? layout->levels[layout->depth - 1].now + STEP
                                             : hr_layout_moved(layout, old));
        }
    }
    hr_layout_put(layout, end);
}

/* A block text's header: "|", ">", with a digit for the indentation and a sign for the end. */
struct header {
    struct hr_text line;
    size_t signs; /* bytes before the first space */
    size_t digit; /* 0: none */
    char end;     /* '+', '-' or '\0' */
};

static struct header read_header(const struct layout *layout)
{
    struct header header = {
        .line = hr_layout_trim_end(hr_text_slice(
            layout->text, layout->at, hr_layout_line_end(layout, layout->at, layout->text.size)))};
    header.signs = hr_text_find(header.line, ' ');
    for (size_t i = 1; i < header.signs; i++) {
        char sign = header.line.data[i];
        if (sign >= '1' && sign <= '9') {
            header.digit = (size_t)(sign - '0');
        } else {
            header.end = sign;
        }
    }
    return header;
}

/* cut: the text has no line end, whatever the header says now. */
static void put_header(struct layout *layout, const struct header *header, bool cut)
{
    for (size_t i = 0; i < header->signs; i++) {
        if (!cut || header->line.data[i] != '+') {
            hr_buffer_add_byte(&layout->out, header->line.data[i]);
        }
    }
    hr_buffer_add_text(&layout->out, cut ? HR_TEXT("-") : HR_TEXT_NONE);
    hr_buffer_add_text(&layout->out, hr_text_slice(header->line, header->signs, header->line.size));
}

/* True for a text of line ends alone: its lines have no indentation to keep. */
static bool is_blank(struct hr_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] != '\n') {
            return false;
        }
    }
    return true;
}

/* An empty line holds nothing but indentation. */
static bool is_empty(struct hr_text line, size_t indent)
{
    return line.size <= indent && hr_layout_trim_end(line).size == 0;
}

/* Where the last line that belongs to the text ends; empty lines behind it count only when the text
 * keeps them. */
static size_t text_end(const struct layout *layout, const struct hr_node *node, char end_sign,
                       size_t indent)
{
    size_t end = node->end;
    if (end > 0 && hr_layout_byte(layout, end - 1) == '\n') {
        end--;
    }
    while (end_sign != '+') {
        size_t begin = end - hr_layout_column(layout, end);
        if (begin <= layout->at || !is_empty(hr_text_slice(layout->text, begin, end), indent)) {
            break;
        }
        end = begin - 1;
    }
    return end;
}

static void put_block_line(struct layout *layout, size_t end, size_t old, size_t now)
{
    struct hr_text line = hr_text_slice(layout->text, layout->at, end);
    if (!is_empty(line, old)) {
        size_t shared = 0;
        while (shared < old && shared < line.size && line.data[shared] == ' ') {
            shared++;
        }
        layout->lost = layout->lost || shared < old;
        hr_layout_spaces(layout, now);
        hr_buffer_add_text(&layout->out, hr_text_slice(line, shared, line.size));
    }
    layout->at = end;
}

/* | and >: all lines move together. A text that ends with the file, without a line end, gets the
 * sign that says so, because the file gets one. */
static void put_block_text(struct layout *layout, const struct hr_node *node)
{
    struct header header = read_header(layout);
    struct level around =
        layout->depth == 0 ? (struct level){0, 0} : layout->levels[layout->depth - 1];
    size_t old = is_blank(node->scalar) ? layout->text.size
                 : header.digit > 0     ? around.old + header.digit
                                        : hr_layout_column(layout, node->offset);
    size_t now = header.digit > 0 ? around.now + header.digit : around.now + STEP;
    now = layout->depth == 0 ? old : now;
    size_t end = text_end(layout, node, header.end, old);
    bool cut = header.end != '-' && end == layout->text.size && node->scalar.size > 0;
    put_header(layout, &header, cut);
    layout->at = hr_layout_line_end(layout, layout->at, layout->text.size);
    while (layout->at < end) {
        hr_buffer_add_byte(&layout->out, '\n');
        layout->at++;
        put_block_line(layout, hr_layout_line_end(layout, layout->at, layout->text.size), old, now);
    }
    layout->depth_last = layout->depth;
}

/* True for a value that is left out: nothing of it stands in the file. */
static bool is_absent(const struct hr_node *node)
{
    return node->kind == HR_NODE_scalar && node->style == HR_SCALAR_plain && node->scalar.size == 0;
}

static void put_scalar(struct layout *layout, const struct hr_node *node, bool flow)
{
    if (is_absent(node) || layout->lost) {
        return;
    }
    if (node->style == HR_SCALAR_literal || node->style == HR_SCALAR_folded) {
        put_block_text(layout, node);
        return;
    }
    bool quoted = node->style != HR_SCALAR_plain;
    if (node->end < layout->at || layout->at + (quoted ? 1 : 0) != node->offset) {
        layout->lost = true;
        return;
    }
    put_flow_text(layout, node, flow);
}

/* ---- brackets ------------------------------------------------------------------------------- */

static void put_flow(struct layout *layout, const struct hr_node *node);

static void put_flow_pair(struct layout *layout, const struct hr_pair *pair)
{
    if (hr_layout_byte(layout, layout->at) == '?' &&
        hr_layout_byte(layout, layout->at + 1) == ' ') {
        hr_layout_sign(layout, '?');
        hr_layout_go_on_flow(layout, HR_TEXT(" "));
    }
    put_scalar(layout, pair->key, true);
    if (hr_layout_byte(layout, hr_layout_next(layout)) != ':') {
        layout->lost = layout->lost || !is_absent(pair->value);
        return;
    }
    hr_layout_go_on_flow(layout, HR_TEXT_NONE);
    hr_layout_sign(layout, ':');
    if (!is_absent(pair->value)) {
        hr_layout_go_on_flow(layout, HR_TEXT(" "));
        put_flow(layout, pair->value);
    }
}

/* A value inside brackets. Depth is that of the tree, which the reader limits. */
static void put_flow(struct layout *layout, const struct hr_node *node)
{
    if (node->kind == HR_NODE_scalar || layout->lost) {
        put_scalar(layout, node, true);
        return;
    }
    bool map = node->kind == HR_NODE_map;
    if (map && hr_layout_byte(layout, layout->at) != '{' && node->count == 1) {
        put_flow_pair(layout, &node->pairs[0]); /* [key: value] */
        return;
    }
    hr_layout_sign(layout, map ? '{' : '[');
    for (size_t i = 0; i < node->count && !layout->lost; i++) {
        hr_layout_go_on_flow(layout, i == 0 ? HR_TEXT_NONE : HR_TEXT(" "));
        if (map) {
            put_flow_pair(layout, &node->pairs[i]);
        } else {
            put_flow(layout, node->items[i]);
        }
        if (i + 1 < node->count || hr_layout_byte(layout, hr_layout_next(layout)) == ',') {
            hr_layout_go_on_flow(layout, HR_TEXT_NONE);
            hr_layout_sign(layout, ',');
        }
    }
    hr_layout_go_on_flow(layout, HR_TEXT_NONE);
    hr_layout_sign(layout, map ? '}' : ']');
}

/* ---- blocks --------------------------------------------------------------------------------- */

static void put_block(struct layout *layout, const struct hr_node *node, size_t now);

/* What stands behind "-" or "key:". */
static void put_value(struct layout *layout, const struct hr_node *node)
{
    size_t column = layout->levels[layout->depth - 1].now + STEP;
    if (!is_absent(node) && !layout->lost) {
        hr_layout_go_on(layout, HR_TEXT(" "), column);
        put_block(layout, node, column);
    }
}

/* A value that stands where the walk is. Depth is that of the tree, which the reader limits. */
static void put_block(struct layout *layout, const struct hr_node *node, size_t now)
{
    char first = hr_layout_byte(layout, layout->at);
    if (node->kind == HR_NODE_scalar) {
        put_scalar(layout, node, false);
        return;
    }
    if (first == '[' || first == '{') {
        put_flow(layout, node);
        return;
    }
    hr_assert(layout->depth <= HR_YAML_DEPTH_MAX);
    layout->levels[layout->depth++] = (struct level){hr_layout_column(layout, layout->at), now};
    for (size_t i = 0; i < node->count && !layout->lost; i++) {
        if (i > 0) {
            hr_layout_go_on(layout, HR_TEXT(" "), now);
        }
        if (node->kind == HR_NODE_list) {
            hr_layout_sign(layout, '-');
            put_value(layout, node->items[i]);
            continue;
        }
        put_scalar(layout, node->pairs[i].key, false);
        hr_layout_go_on(layout, HR_TEXT_NONE, now);
        hr_layout_sign(layout, ':');
        put_value(layout, node->pairs[i].value);
    }
    layout->depth--;
}

/* "---" and "..." at the beginning of a line. */
static void put_marker(struct layout *layout, const char *marker)
{
    if (hr_text_starts(hr_text_slice(layout->text, layout->at, layout->text.size),
                       hr_text_from(marker)) &&
        hr_layout_column(layout, layout->at) == 0 &&
        strchr(" \n", hr_layout_byte(layout, layout->at + 3)) != NULL) { /* or the end */
        hr_layout_put(layout, layout->at + 3);
        hr_layout_go_on(layout, HR_TEXT(" "), 0);
    }
}

static void put_document(struct layout *layout, const struct hr_node *root)
{
    bool nothing = root->kind == HR_NODE_map && root->count == 0 && root->offset == 0;
    hr_layout_go_on(layout, HR_TEXT_NONE, 0);
    put_marker(layout, "---");
    if (!nothing || hr_layout_byte(layout, layout->at) == '{') {
        put_block(layout, root, 0);
        hr_layout_go_on(layout, HR_TEXT_NONE, 0);
    }
    put_marker(layout, "...");
    layout->lost = layout->lost || layout->at < layout->text.size;
}

/* ---- before and after ------------------------------------------------------------------------ */

/* The text without a byte order mark and with LF at every line's end. */
static hr_status with_line_feeds(struct hr_arena *into, struct hr_text text,
                                 struct hr_text *ret_text)
{
    struct hr_buffer out;
    hr_buffer_init(&out, into, HR_YAML_SIZE_MAX);
    if (hr_text_starts(text, HR_TEXT("\xEF\xBB\xBF"))) {
        text = hr_text_slice(text, 3, text.size);
    }
    while (text.size > 0) {
        size_t end = hr_text_find(text, '\r');
        hr_buffer_add_text(&out, hr_text_slice(text, 0, end));
        text = hr_text_slice(text, end + 1, text.size);
    }
    *ret_text = hr_buffer_text(&out);
    return hr_buffer_status(&out);
}

/* Both say the same. Depth is that of the trees, which the reader limits. */
static bool same(const struct hr_node *a, const struct hr_node *b)
{
    if (a->kind != b->kind || a->count != b->count || a->style != b->style ||
        !hr_text_equal(a->scalar, b->scalar)) {
        return false;
    }
    for (size_t i = 0; i < a->count; i++) {
        bool equal = a->kind == HR_NODE_list ? same(a->items[i], b->items[i])
                                             : same(a->pairs[i].key, b->pairs[i].key) &&
                                                   same(a->pairs[i].value, b->pairs[i].value);
        if (!equal) {
            return false;
        }
    }
    return true;
}

/* One walk. Answers the new text with its tree, which says the same as the tree before. */
static hr_status lay_out(struct hr_arena *into, struct hr_text file, struct hr_text *text,
                         struct hr_node **tree)
{
    struct layout layout = {.text = *text};
    struct hr_node *after = NULL;
    hr_buffer_init(&layout.out, into, HR_YAML_SIZE_MAX);
    put_document(&layout, *tree);
    if (layout.out.starved) {
        return hr_answer(HR_E_MEMORY);
    }
    if (layout.lost || layout.out.failed) {
        return hr_answer(HR_YAML_KEPT);
    }
    struct hr_text formatted = hr_buffer_text(&layout.out);
    hr_status status = hr_yaml_read(into, file, formatted, NULL, &after);
    if (status.code == HR_E_MEMORY) {
        return status;
    }
    if (!hr_ok(status) || !same(*tree, after)) {
        return hr_answer(HR_YAML_KEPT);
    }
    *text = formatted;
    *tree = after;
    return hr_done();
}

/* A comment in an odd column may stand under something else once its neighbours have moved, and a second walk then
 * moves it too. So a text counts as laid out only when one more walk changes nothing. */
enum { WALKS_MAX = 4 };

hr_status hr_yaml_format(struct hr_arena *into, struct hr_text file, struct hr_text text,
                         struct hr_diagnostics *reterr, struct hr_text *ret_text)
{
    struct hr_node *tree = NULL;
    HR_TRY(hr_yaml_read(into, file, text, reterr, &tree)); /* complaints name places in the file */
    *ret_text = text;
    struct hr_text now = HR_TEXT_NONE;
    HR_TRY(with_line_feeds(into, text, &now));
    if (now.size != text.size) {
        HR_TRY(hr_yaml_read(into, file, now, reterr, &tree)); /* for its offsets */
    }
    for (size_t walk = 0; walk < WALKS_MAX; walk++) {
        struct hr_text before = now;
        HR_TRY(lay_out(into, file, &now, &tree));
        if (hr_text_equal(before, now)) {
            *ret_text = now;
            return hr_done();
        }
    }
    return hr_answer(HR_YAML_KEPT);
}
