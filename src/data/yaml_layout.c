/* data/yaml_layout: what lies between two tokens of a workspace file, laid out: one space, or line
 * ends with indentation, at most one empty line in a row, comments under what they stood under. */
#include "data/yaml_layout.h"

char hr_layout_byte(const struct layout *layout, size_t at)
{
    return at < layout->text.size ? layout->text.data[at] : '\0';
}

size_t hr_layout_line_end(const struct layout *layout, size_t from, size_t to)
{
    return from + hr_text_find(hr_text_slice(layout->text, from, to), '\n');
}

size_t hr_layout_column(const struct layout *layout, size_t at)
{
    size_t begin = at;
    while (begin > 0 && layout->text.data[begin - 1] != '\n') {
        begin--;
    }
    return at - begin;
}

size_t hr_layout_moved(const struct layout *layout, size_t old)
{
    size_t column = old + layout->moved_right;
    return column > layout->moved_left ? column - layout->moved_left : 0;
}

size_t hr_layout_next(const struct layout *layout)
{
    size_t at = layout->at;
    for (;;) {
        char byte = hr_layout_byte(layout, at);
        if (byte == '#') {
            at = hr_layout_line_end(layout, at, layout->text.size);
        } else if (byte == ' ' || byte == '\n') {
            at++;
        } else {
            return at;
        }
    }
}

struct hr_text hr_layout_trim_end(struct hr_text text)
{
    while (hr_text_ends(text, HR_TEXT(" "))) {
        text.size--;
    }
    return text;
}

/* ---- writing ------------------------------------------------------------------------------- */

void hr_layout_spaces(struct layout *layout, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        hr_buffer_add_byte(&layout->out, ' ');
    }
}

void hr_layout_put(struct layout *layout, size_t to)
{
    hr_buffer_add_text(&layout->out, hr_text_slice(layout->text, layout->at, to));
    layout->at = to;
    layout->depth_last = layout->depth;
}

void hr_layout_sign(struct layout *layout, char sign)
{
    layout->lost = layout->lost || hr_layout_byte(layout, layout->at) != sign;
    if (!layout->lost) {
        hr_layout_put(layout, layout->at + 1);
    }
}

/* ---- between tokens ------------------------------------------------------------------------ */

/* A comment belongs to the innermost list or map that it stands in by its column, or to the token
 * behind it. */
static size_t comment_column(const struct layout *layout, size_t old, const struct level *next)
{
    struct level best = {0, 0};
    for (size_t i = 0; i < layout->depth_last; i++) {
        best = layout->levels[i].old <= old ? layout->levels[i] : best;
    }
    return next != NULL && next->old <= old && next->old >= best.old ? next->now : best.now;
}

/* What is left of the line behind a token: nothing, or a comment. */
static void finish_line(struct layout *layout)
{
    size_t end = hr_layout_line_end(layout, layout->at, layout->text.size);
    struct hr_text rest = hr_layout_trim_end(hr_text_slice(layout->text, layout->at, end));
    if (rest.size > 0) {
        hr_layout_spaces(layout, rest.data[0] == ' ' ? 0 : 1);
        hr_buffer_add_text(&layout->out, rest);
    }
    hr_buffer_add_byte(&layout->out, '\n');
    layout->at = end < layout->text.size ? end + 1 : end;
}

/* Whole lines from here to the one that holds byte `to`: comments in their columns, one empty line
 * in a row, none at the beginning and the end of the file. next: NULL for the end of the file.
 * flow: inside brackets, where comments only move along. */
static void pass_lines(struct layout *layout, size_t to, const struct level *next, bool flow)
{
    bool empty = false;
    while (hr_layout_line_end(layout, layout->at, to) < to ||
           (to == layout->text.size && layout->at < to)) {
        size_t end = hr_layout_line_end(layout, layout->at, layout->text.size);
        struct hr_text line = hr_layout_trim_end(hr_text_slice(layout->text, layout->at, end));
        struct hr_text comment = hr_text_trim(line);
        if (comment.size > 0) {
            size_t old = line.size - comment.size;
            hr_buffer_add_text(&layout->out, empty ? HR_TEXT("\n") : HR_TEXT_NONE);
            hr_layout_spaces(layout, flow ? hr_layout_moved(layout, old)
                                          : comment_column(layout, old, next));
            hr_buffer_add_text(&layout->out, comment);
            hr_buffer_add_byte(&layout->out, '\n');
        }
        empty = comment.size == 0 && layout->out.size > 0;
        layout->at = end < layout->text.size ? end + 1 : end;
    }
    bool more = empty && to < layout->text.size;
    hr_buffer_add_text(&layout->out, more ? HR_TEXT("\n") : HR_TEXT_NONE);
}

static bool same_line(const struct layout *layout, size_t to)
{
    return hr_layout_line_end(layout, layout->at, to) == to && to < layout->text.size;
}

void hr_layout_go_on(struct layout *layout, struct hr_text between, size_t column)
{
    size_t to = hr_layout_next(layout);
    bool top = layout->at == 0;
    if (!top && same_line(layout, to)) {
        hr_buffer_add_text(&layout->out, between);
        layout->at = to;
        return;
    }
    struct level next = {hr_layout_column(layout, to), column};
    bool more = to < layout->text.size;
    if (!top) {
        finish_line(layout);
    }
    pass_lines(layout, to, more ? &next : NULL, false);
    if (more) {
        hr_layout_spaces(layout, column);
        layout->moved_right = column > next.old ? column - next.old : 0;
        layout->moved_left = column < next.old ? next.old - column : 0;
    }
    layout->at = to;
}

void hr_layout_go_on_flow(struct layout *layout, struct hr_text between)
{
    size_t to = hr_layout_next(layout);
    if (same_line(layout, to)) {
        /* a value that is not there leaves a colon, which needs a space behind it */
        bool colon = hr_text_ends(hr_buffer_text(&layout->out), HR_TEXT(":"));
        hr_buffer_add_text(&layout->out, colon ? HR_TEXT(" ") : between);
    } else {
        finish_line(layout);
        pass_lines(layout, to, NULL, true);
        hr_layout_spaces(layout, hr_layout_moved(layout, hr_layout_column(layout, to)));
    }
    layout->at = to;
}
