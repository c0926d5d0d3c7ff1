/* data/yaml_mend: quotes for values that YAML takes for something else, spaces for tabs. */
#include "data/yaml_mend.h"

#include <string.h>

enum { QUOTED_BYTES_MAX = 300, TAB_WIDTH = 2, LIKE_BYTES_MAX = 60 };

/* ---- quotes --------------------------------------------------------------------------------- */

bool hr_yaml_is_key(struct hr_text text)
{
    for (size_t at = 0; at < text.size; at++) {
        unsigned char byte = (unsigned char)text.data[at];
        if (byte != '_' && byte != '-' && byte != '.' && byte < 0x80 &&
            !(byte >= '0' && byte <= '9') && !((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z')) {
            return false;
        }
    }
    return text.size > 0;
}

/* Without a comment behind it. In quotes of the value's own a sign of a comment is none. */
static struct hr_text without_comment(struct hr_text value)
{
    char quote = '\0';
    for (size_t at = 0; at < value.size; at++) {
        char byte = value.data[at];
        if (quote != '\0') {
            quote = byte == quote ? '\0' : quote;
        } else if (byte == '\'' || byte == '"') {
            quote = byte;
        } else if (byte == '#' && at > 0 && value.data[at - 1] == ' ') {
            return hr_text_trim(hr_text_slice(value, 0, at));
        }
    }
    return value;
}

struct hr_text hr_yaml_value_on(struct hr_text line)
{
    struct hr_text value = hr_text_trim(line);
    while (hr_text_starts(value, HR_TEXT("- "))) {
        value = hr_text_trim(hr_text_slice(value, 2, value.size));
    }
    size_t colon = hr_text_search(value, HR_TEXT(": "));
    if (colon < value.size && hr_yaml_is_key(hr_text_slice(value, 0, colon))) {
        value = hr_text_trim(hr_text_slice(value, colon + 2, value.size));
    }
    return without_comment(value);
}

struct hr_text hr_yaml_item_at(struct hr_text line, size_t at)
{
    struct hr_text rest = hr_text_slice(line, at, line.size);
    int depth = 0;
    char quote = '\0';
    size_t end = 0;
    for (; end < rest.size; end++) {
        char byte = rest.data[end];
        if (quote != '\0') {
            quote = byte == quote ? '\0' : quote;
            continue;
        }
        quote = byte == '\'' || byte == '"' ? byte : '\0';
        depth += strchr("([{", byte) != NULL;
        depth -= strchr(")]}", byte) != NULL;
        if (depth < 0 || (depth == 0 && byte == ',')) {
            break;
        }
    }
    return hr_text_trim(hr_text_slice(rest, 0, end));
}

struct hr_text hr_yaml_quote(struct hr_arena *into, struct hr_text value)
{
    if (value.size == 0 || value.size > QUOTED_BYTES_MAX || value.data[0] == '"' ||
        value.data[0] == '\'') {
        return HR_TEXT_NONE;
    }
    if (hr_text_find(value, '"') == value.size && hr_text_find(value, '\\') == value.size) {
        return hr_text_format(into, "\"%.*s\"", HR_SHOW(value));
    }
    struct hr_buffer quoted;
    hr_buffer_init(&quoted, into, 2 * QUOTED_BYTES_MAX + 2);
    hr_buffer_add_byte(&quoted, '\'');
    for (size_t at = 0; at < value.size; at++) {
        hr_buffer_add_byte(&quoted, value.data[at]);
        hr_buffer_add_text(&quoted, value.data[at] == '\'' ? HR_TEXT("'") : HR_TEXT_NONE);
    }
    hr_buffer_add_byte(&quoted, '\'');
    return hr_buffer_text(&quoted);
}

/* ---- tabs ----------------------------------------------------------------------------------- */

/* Bytes of spaces and tabs at the beginning. */
static size_t blank_size(struct hr_text line)
{
    size_t size = 0;
    while (size < line.size && (line.data[size] == ' ' || line.data[size] == '\t')) {
        size++;
    }
    return size;
}

/* Writes a line with spaces; false when one of its tabs may belong to a text. */
static bool untab_line(struct hr_buffer *out, struct hr_text line)
{
    size_t indent = blank_size(line);
    for (size_t at = 0; at < indent; at++) {
        hr_buffer_add_text(out, line.data[at] == '\t' ? HR_TEXT("  ") : HR_TEXT(" "));
    }
    for (size_t at = indent; at < line.size;) {
        size_t blanks = blank_size(hr_text_slice(line, at, line.size));
        if (memchr(line.data + at, '\t', blanks) == NULL) {
            hr_buffer_add_byte(out, line.data[at++]);
            continue;
        }
        /* behind a sign of YAML's own, before a comment or at the end it separates; elsewhere it may be text */
        bool separates = strchr(":-,", line.data[at - 1]) != NULL || at + blanks == line.size ||
                         line.data[at + blanks] == '#';
        if (!separates) {
            return false;
        }
        hr_buffer_add_text(out, at + blanks < line.size ? HR_TEXT(" ") : HR_TEXT_NONE);
        at += blanks;
    }
    return true;
}

/* True when a line's indentation mixes with tabs, or its text goes on below, where a tab may be part of it. */
static bool is_doubtful(struct hr_text line, bool tabs_indent)
{
    size_t indent = blank_size(line);
    bool spaces = indent > 0 && memchr(line.data, ' ', indent) != NULL;
    struct hr_text rest = hr_text_trim(without_comment(line));
    static const char *const block[] = {"|", ">", "|-", ">-", "|+", ">+"};
    for (size_t i = 0; i < sizeof block / sizeof block[0]; i++) {
        if (hr_text_ends(rest, hr_text_from(block[i]))) {
            return true;
        }
    }
    return tabs_indent && spaces && rest.size > 0;
}

bool hr_yaml_untab(struct hr_arena *into, struct hr_text text, size_t *ret_from, size_t *ret_size,
                   struct hr_text *ret_replacement)
{
    struct hr_buffer out;
    struct hr_text rest = text;
    bool tabs_indent =
        hr_text_search(text, HR_TEXT("\n\t")) < text.size || hr_text_starts(text, HR_TEXT("\t"));
    hr_buffer_init(&out, into, HR_YAML_SIZE_MAX);
    while (rest.size > 0) {
        struct hr_text line = hr_text_cut(&rest, '\n');
        bool more = line.data + line.size < text.data + text.size;
        if (is_doubtful(line, tabs_indent) || !untab_line(&out, line)) {
            return false;
        }
        hr_buffer_add_text(&out, more ? HR_TEXT("\n") : HR_TEXT_NONE);
    }
    struct hr_text now = hr_buffer_text(&out);
    size_t from = hr_text_find(text, '\t');
    size_t end = 0; /* bytes that are the same at the end */
    while (end < text.size - from && end < now.size - from &&
           text.data[text.size - end - 1] == now.data[now.size - end - 1]) {
        end++;
    }
    *ret_from = from;
    *ret_size = text.size - end - from;
    *ret_replacement = hr_text_slice(now, from, now.size - end);
    return !out.failed;
}

/* The next line from `at` on, upwards or downwards, that says something; data NULL when there is none near. */
static struct hr_text line_near(struct hr_text text, size_t at, bool up)
{
    for (unsigned i = 0; i < 8 && (up ? at > 0 : at < text.size); i++) {
        size_t end = up ? at - 1 : at + hr_text_find(hr_text_slice(text, at, text.size), '\n');
        size_t begin = up ? end : at;
        while (up && begin > 0 && text.data[begin - 1] != '\n') {
            begin--;
        }
        struct hr_text rest = hr_text_trim(hr_text_slice(text, begin, end));
        if (rest.size > 0 && rest.data[0] != '#') {
            return hr_text_slice(text, begin, end);
        }
        at = up ? begin : end + 1;
    }
    return HR_TEXT_NONE;
}

/* What a line is to the lines around it. */
struct shape {
    bool item;           /* begins with a dash */
    bool keyed;          /* has a key, behind the dash or without one */
    bool opens;          /* the key has nothing behind it: what belongs to it stands below */
    struct hr_text name; /* "within:", or the whole line */
};

static struct shape shape_of(struct hr_text line)
{
    struct hr_text rest = without_comment(hr_text_trim(line));
    struct shape shape = {.item = hr_text_starts(rest, HR_TEXT("- ")), .name = rest};
    struct hr_text inner = shape.item ? hr_text_trim(hr_text_slice(rest, 2, rest.size)) : rest;
    size_t colon = hr_text_find(inner, ':');
    bool ends = colon + 1 == inner.size;
    bool spaced = colon + 1 < inner.size && inner.data[colon + 1] == ' ';
    shape.keyed = (ends || spaced) && hr_yaml_is_key(hr_text_slice(inner, 0, colon));
    shape.opens = shape.keyed && ends;
    if (shape.keyed) {
        size_t end = (size_t)(inner.data - rest.data) + colon + 1;
        shape.name = hr_text_slice(rest, 0, end);
    }
    return shape;
}

/* How many spaces a line of that shape begins with when it stands in the list or map of its neighbour; SIZE_MAX when it
 * cannot stand there. */
static size_t column_beside(const struct shape *shape, struct hr_text neighbour, bool above)
{
    struct shape beside = shape_of(neighbour);
    size_t spaces = blank_size(neighbour);
    if (shape->item || beside.item) {
        bool inside = above && beside.item && beside.keyed && shape->keyed && !shape->item;
        return shape->item == beside.item ? spaces : inside ? spaces + 2 : SIZE_MAX;
    }
    return shape->keyed && beside.keyed ? spaces : SIZE_MAX;
}

/* The empty text unless only one column makes sense. */
static struct hr_text sure_advice(struct hr_arena *into, struct hr_text line, struct hr_text above,
                                  struct hr_text below)
{
    struct shape shape = shape_of(line);
    struct shape before = shape_of(above);
    size_t over = blank_size(above);
    size_t down = column_beside(&shape, below, false);
    size_t up = column_beside(&shape, above, true);
    if (before.opens) { /* what comes next belongs to it */
        bool inner = down < SIZE_MAX && (down > over || (down == over && shape.item));
        up = down = inner ? down : SIZE_MAX;
    }
    bool by_below = down < SIZE_MAX;
    size_t column = by_below ? down : up;
    if ((up != down && up < SIZE_MAX && down < SIZE_MAX) || column == SIZE_MAX) {
        return HR_TEXT_NONE;
    }
    struct hr_text like =
        hr_text_clip(by_below ? shape_of(below).name : before.name, LIKE_BYTES_MAX);
    return hr_text_format(into, "begin it with %zu space%s, %s `%.*s` %s", column,
                          column == 1 ? "" : "s",
                          by_below || column == over ? "like" : "to stand behind the dash of",
                          HR_SHOW(like), by_below ? "below" : "above");
}

struct hr_text hr_yaml_tab_advice(struct hr_arena *into, struct hr_text text, size_t tab_at)
{
    size_t begin = tab_at;
    while (begin > 0 && text.data[begin - 1] == ' ') {
        begin--;
    }
    if (begin > 0 && text.data[begin - 1] != '\n') {
        return HR_TEXT_NONE;
    }
    size_t next = begin + hr_text_find(hr_text_slice(text, begin, text.size), '\n') + 1;
    struct hr_text above = line_near(text, begin, true);
    struct hr_text below = line_near(text, next, false);
    size_t over = blank_size(above);
    size_t under = blank_size(below);
    bool tabs = hr_text_find(hr_text_slice(above, 0, over), '\t') < over ||
                hr_text_find(hr_text_slice(below, 0, under), '\t') < under;
    if (tabs || above.size == 0 || below.size == 0) {
        return HR_TEXT_NONE;
    }
    struct hr_text sure = sure_advice(into, hr_text_slice(text, begin, next - 1), above, below);
    if (sure.size > 0) {
        return sure;
    }
    return over == under
               ? hr_text_format(into, "use spaces: the lines above and below begin with %zu", over)
               : hr_text_format(
                     into, "use spaces: the line above begins with %zu, the one below with %zu",
                     over, under);
}
