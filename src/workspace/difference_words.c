/* What is shown of two texts that differ: always the place where they do. */
#include "workspace/difference_inside.h"

enum {
    SHOWN_BYTES_MAX = 160,
    BEFORE_BYTES = 60,
    ADDED_BYTES_MAX = 1000,
    ALIGNED_CELLS_MAX = 1 << 20
};

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

/* The lines of both texts. Those before `from` and behind the ends are the same on both sides. */
struct telling {
    struct hr_comparing *comparing;
    struct hr_text where;
    struct hr_place place;
    bool seen;
    struct hr_text *lines[2];
    size_t from;
    size_t ends[2];
    uint16_t *lengths; /* of the longest common rest, row by row; NULL: too many lines for that */
};

static bool is_same_line(const struct telling *telling, size_t old, size_t new)
{
    return hr_text_equal(telling->lines[0][old], telling->lines[1][new]);
}

/* Room for the rest of one line each, from..ends on both sides. */
static uint16_t *length_at(const struct telling *telling, size_t old, size_t new)
{
    size_t row = telling->ends[1] - telling->from + 1;
    return &telling->lengths[(old - telling->from) * row + (new - telling->from)];
}

static void measure(struct telling *telling)
{
    struct hr_arena *scratch = &telling->comparing->scratch;
    size_t rows = telling->ends[0] - telling->from + 1;
    size_t columns = telling->ends[1] - telling->from + 1;
    bool fits = columns <= ALIGNED_CELLS_MAX && rows <= ALIGNED_CELLS_MAX / columns;
    telling->lengths = !fits ? NULL : hr_arena_new_many(scratch, uint16_t, rows * columns);
    if (telling->lengths == NULL) {
        return;
    }
    for (size_t old = telling->ends[0]; old-- > telling->from;) {
        for (size_t new = telling->ends[1]; new -- > telling->from;) {
            uint16_t without_old = *length_at(telling, old + 1, new);
            uint16_t without_new = *length_at(telling, old, new + 1);
            uint16_t best = without_old > without_new ? without_old : without_new;
            *length_at(telling, old, new) =
                is_same_line(telling, old, new)
                    ? (uint16_t)(*length_at(telling, old + 1, new + 1) + 1)
                    : best;
        }
    }
}

/* The next two lines that are the same and stand for one another. Without lengths: at the same distance. */
static void next_same(const struct telling *telling, size_t *old, size_t *new)
{
    while (*old < telling->ends[0] && *new < telling->ends[1] &&
           !is_same_line(telling, *old, *new)) {
        bool both = telling->lengths == NULL;
        bool gone =
            both || *length_at(telling, *old + 1, *new) >= *length_at(telling, *old, *new + 1);
        *old += gone;
        *new += both || !gone;
    }
    if (*old == telling->ends[0] || *new == telling->ends[1]) {
        *old = telling->ends[0];
        *new = telling->ends[1];
    }
}

static void tell_line(const struct telling *telling, const struct hr_text *old,
                      const struct hr_text *new, size_t number)
{
    struct hr_arena *into = telling->comparing->into;
    bool alike = old != NULL && new != NULL &&hr_text_equal(hr_text_trim(*old), hr_text_trim(*new));
    struct hr_text said[2] = {old != NULL ? shown_line(into, *old, alike) : HR_TEXT_NONE,
                              new != NULL ? shown_line(into, *new, alike) : HR_TEXT_NONE};
    if (old != NULL && new != NULL) {
        hr_compare_show_two(into, said);
    } else {
        said[new != NULL] = hr_compare_show_one(into, said[new != NULL]);
    }
    struct hr_difference difference = {
        .sign = old == NULL   ? HR_DIFFERENCE_added
                : new == NULL ? HR_DIFFERENCE_removed
                              : HR_DIFFERENCE_changed,
        .where = hr_text_format(into, "%.*s line %zu", HR_SHOW(telling->where), number),
        .before = said[0],
        .after = said[1],
        .customer_sees = telling->seen,
        .place = telling->place};
    hr_compare_put(telling->comparing, &difference);
}

static void tell_gaps(const struct telling *telling)
{
    size_t old = telling->from;
    size_t new = old;
    while (old < telling->ends[0] || new < telling->ends[1]) {
        size_t old_end = old;
        size_t new_end = new;
        next_same(telling, &old_end, &new_end);
        while (old < old_end || new < new_end) {
            const struct hr_text *was = old < old_end ? &telling->lines[0][old] : NULL;
            const struct hr_text *is = new < new_end ? &telling->lines[1][new] : NULL;
            old += was != NULL;
            new += is != NULL;
            tell_line(telling, was, is, is != NULL ? new : old);
        }
        old += old < telling->ends[0]; /* over the two that are the same */
        new += new < telling->ends[1];
    }
}

void hr_compare_lines_of(struct hr_comparing *comparing, struct hr_text where, bool seen,
                         const struct hr_node *before, const struct hr_node *after)
{
    const struct hr_node *const nodes[2] = {before, after};
    struct telling telling = {.comparing = comparing, .where = where, .seen = seen};
    struct hr_arena_mark mark = hr_arena_mark(&comparing->scratch);
    size_t *ends = telling.ends;
    telling.place = after != NULL ? after->place : before->place;
    for (int side = 0; side < 2; side++) {
        struct hr_text text = nodes[side] == NULL ? HR_TEXT_NONE : nodes[side]->scalar;
        ends[side] = cut_lines(&comparing->scratch, hr_text_trim(text), &telling.lines[side]);
    }
    while (telling.from < ends[0] && telling.from < ends[1] &&
           is_same_line(&telling, telling.from, telling.from)) {
        telling.from++;
    }
    while (telling.from < ends[0] && telling.from < ends[1] &&
           is_same_line(&telling, ends[0] - 1, ends[1] - 1)) {
        ends[0]--;
        ends[1]--;
    }
    measure(&telling);
    tell_gaps(&telling);
    hr_arena_rewind(&comparing->scratch, mark);
}
