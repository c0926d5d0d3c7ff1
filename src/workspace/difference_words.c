/* What is shown of two texts that differ: always the place where they do. */
#include "workspace/difference_inside.h"

enum { SHOWN_BYTES_MAX = 160, BEFORE_BYTES = 60, ADDED_BYTES_MAX = 1000 };

static bool continues(struct hr_text text, size_t at)
{
    return at < text.size && ((unsigned char)text.data[at] & 0xC0) == 0x80;
}

/* Where they begin to differ, at the beginning of a letter. */
static size_t first_difference(struct hr_text a, struct hr_text b)
{
    size_t at = 0;
    while (at < a.size && at < b.size && a.data[at] == b.data[at]) {
        at++;
    }
    while (at > 0 && (continues(a, at) || continues(b, at))) {
        at--;
    }
    return at;
}

/* A part of a text from a byte on, with dots where something is left out. */
static struct hr_text window(struct hr_arena *into, struct hr_text text, size_t from, size_t most)
{
    struct hr_text part = hr_text_clip(hr_text_slice(text, from, text.size), most);
    bool more = from + part.size < text.size;
    return from == 0 && !more ? part
                              : hr_text_format(into, "%s%.*s%s", from > 0 ? "... " : "",
                                               HR_SHOW(part), more ? " ..." : "");
}

static struct hr_text without_line_feeds(struct hr_arena *into, struct hr_text text)
{
    struct hr_text line = hr_text_copy(into, hr_text_trim(text));
    char *bytes = (char *)(uintptr_t)line.data; /* our own copy */
    for (size_t i = 0; i < line.size; i++) {
        bytes[i] = bytes[i] == '\n' ? ' ' : bytes[i];
    }
    return line;
}

struct hr_text hr_compare_show_one(struct hr_arena *into, struct hr_text text)
{
    return window(into, without_line_feeds(into, text), 0, ADDED_BYTES_MAX);
}

void hr_compare_show_two(struct hr_arena *into, struct hr_text texts[2])
{
    struct hr_text before = without_line_feeds(into, texts[0]);
    struct hr_text after = without_line_feeds(into, texts[1]);
    size_t from = first_difference(before, after);
    bool whole = before.size <= SHOWN_BYTES_MAX && after.size <= SHOWN_BYTES_MAX;
    from = whole || from <= BEFORE_BYTES ? 0 : from - BEFORE_BYTES;
    while (continues(before, from)) {
        from--;
    }
    texts[0] = window(into, before, from, SHOWN_BYTES_MAX);
    texts[1] = window(into, after, from, SHOWN_BYTES_MAX);
}

/* ---- texts of several lines ---------------------------------------------------------------------------- */

bool hr_compare_has_lines(struct hr_text text)
{
    text = hr_text_trim(text);
    return hr_text_find(text, '\n') < text.size;
}

static size_t cut_lines(struct hr_arena *into, struct hr_text text, struct hr_text **ret_lines)
{
    size_t count = text.size > 0;
    for (size_t i = 0; i < text.size; i++) {
        count += text.data[i] == '\n';
    }
    *ret_lines = hr_arena_new_many(into, struct hr_text, count);
    for (size_t i = 0; *ret_lines != NULL && i < count; i++) {
        (*ret_lines)[i] = hr_text_cut(&text, '\n');
    }
    return *ret_lines == NULL ? 0 : count;
}

/* A line that would look like its other side, or like none, is shown in quotes. */
static struct hr_text shown_line(struct hr_arena *into, struct hr_text line, bool quoted)
{
    return quoted || hr_text_trim(line).size == 0
               ? hr_text_format(into, "\"%.*s\"", HR_SHOW(hr_text_visible(into, line)))
               : line;
}

void hr_compare_lines_of(struct hr_comparing *comparing, struct hr_text where, bool seen,
                         const struct hr_node *before, const struct hr_node *after)
{
    struct hr_arena *into = comparing->into;
    const struct hr_node *const nodes[2] = {before, after};
    struct hr_text *lines[2] = {NULL, NULL};
    size_t counts[2] = {0, 0};
    for (int side = 0; side < 2; side++) {
        struct hr_text text = nodes[side] == NULL ? HR_TEXT_NONE : nodes[side]->scalar;
        counts[side] = cut_lines(&comparing->scratch, hr_text_trim(text), &lines[side]);
    }
    size_t same = 0;
    while (same < counts[0] && same < counts[1] && hr_text_equal(lines[0][same], lines[1][same])) {
        same++;
    }
    size_t tail = 0;
    while (same + tail < counts[0] && same + tail < counts[1] &&
           hr_text_equal(lines[0][counts[0] - 1 - tail], lines[1][counts[1] - 1 - tail])) {
        tail++;
    }
    for (size_t i = same; i + tail < counts[0] || i + tail < counts[1]; i++) {
        bool was = i + tail < counts[0];
        bool is = i + tail < counts[1];
        bool alike =
            was && is && hr_text_equal(hr_text_trim(lines[0][i]), hr_text_trim(lines[1][i]));
        struct hr_text said[2] = {was ? shown_line(into, lines[0][i], alike) : HR_TEXT_NONE,
                                  is ? shown_line(into, lines[1][i], alike) : HR_TEXT_NONE};
        struct hr_text line = hr_text_format(into, "%.*s line %zu", HR_SHOW(where), i + 1);
        if (was && is) {
            hr_compare_show_two(into, said);
        } else {
            said[is] = hr_compare_show_one(into, said[is]);
        }
        hr_compare_put(comparing, &(const struct hr_difference){
                                      .sign = !was  ? HR_DIFFERENCE_added
                                              : !is ? HR_DIFFERENCE_removed
                                                    : HR_DIFFERENCE_changed,
                                      .where = line,
                                      .before = said[0],
                                      .after = said[1],
                                      .customer_sees = seen,
                                      .place = after != NULL ? after->place : before->place});
    }
}
