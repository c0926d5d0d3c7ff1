/* data/yaml_place: where in the file a byte of a decoded scalar was written. The source is walked
 * again beside the decoded text by the rules of the scalar's style: escapes and doubled quotes,
 * folded lines, indentation of block texts. The rules follow libyaml's scanner step by step, since
 * it made the decoded text. */
#include "data/yaml.h"

#include <string.h>

struct walk {
    struct hr_text source;
    size_t at; /* in the source */
    struct hr_text decoded;
    size_t done;   /* decoded bytes walked */
    size_t indent; /* of a block text */
    size_t solid;  /* in the source: spaces before it are known to end no line */
    enum hr_scalar_style style;
};

static char source_byte(const struct walk *walk, size_t ahead)
{
    size_t at = walk->at + ahead;
    return at < walk->source.size ? walk->source.data[at] : '\0';
}

/* Bytes of the line end `ahead` bytes on: 0, 1 or 2. */
static size_t line_end(const struct walk *walk, size_t ahead)
{
    if (source_byte(walk, ahead) == '\n') {
        return 1;
    }
    return source_byte(walk, ahead) == '\r' && source_byte(walk, ahead + 1) == '\n' ? 2 : 0;
}

/* Whether nothing but spaces stands between here and the line's end. A run of spaces is looked through once, not
 * again from each of them. */
static bool blank_to_end(struct walk *walk)
{
    size_t spaces = 0;
    if (walk->at < walk->solid) {
        return false;
    }
    while (source_byte(walk, spaces) == ' ') {
        spaces++;
    }
    walk->solid = walk->at + spaces;
    return line_end(walk, spaces) > 0;
}

/* ---- block texts -------------------------------------------------------------------------- */

/* At a line's end: skips it, the empty lines behind it and the next line's indentation; in the
 * decoded text that is a run of line feeds, or one space. */
static void walk_block_break(struct walk *walk)
{
    size_t size = line_end(walk, 0);
    while (size > 0) {
        walk->at += size;
        for (size_t spaces = 0; spaces < walk->indent && source_byte(walk, 0) == ' '; spaces++) {
            walk->at++;
        }
        size = line_end(walk, 0);
    }
    if (walk->decoded.data[walk->done] != '\n') {
        walk->done++;
        return;
    }
    while (walk->done < walk->decoded.size && walk->decoded.data[walk->done] == '\n') {
        walk->done++;
    }
}

/* ---- plain and quoted texts --------------------------------------------------------------- */

/* Spaces, line ends and empty lines from here to the next letter. The first line end folds to a
 * space, or to nothing when it was escaped; each further one is a line feed. */
static void walk_fold(struct walk *walk, bool escaped)
{
    size_t breaks = 0;
    for (;;) {
        size_t size = line_end(walk, 0);
        if (size == 0 && source_byte(walk, 0) != ' ') {
            break;
        }
        breaks += size > 0 ? 1 : 0;
        walk->at += size > 0 ? size : 1;
    }
    if (escaped) {
        walk->done += breaks;
    } else {
        walk->done += breaks > 1 ? breaks - 1 : 1;
    }
}

/* Bytes that a double-quoted escape takes in the source; \x, \u and \U carry 2, 4 and 8 digits. */
static size_t escape_size(char kind)
{
    return kind == 'x' ? 4 : kind == 'u' ? 6 : kind == 'U' ? 10 : 2;
}

static size_t decoded_letter_size(const struct walk *walk)
{
    unsigned char lead = (unsigned char)walk->decoded.data[walk->done];
    return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

static void walk_escape(struct walk *walk)
{
    size_t size = line_end(walk, 1);
    if (size > 0) {
        walk->at += 1 + size;
        walk_fold(walk, true);
        return;
    }
    walk->at += escape_size(source_byte(walk, 1));
    walk->done += decoded_letter_size(walk);
}

/* ---- one step ----------------------------------------------------------------------------- */

static void step(struct walk *walk)
{
    bool block = walk->style == HR_SCALAR_literal || walk->style == HR_SCALAR_folded;
    if (block && line_end(walk, 0) > 0) {
        walk_block_break(walk);
    } else if (!block && blank_to_end(walk)) {
        walk_fold(walk, false);
    } else if (walk->style == HR_SCALAR_double && source_byte(walk, 0) == '\\') {
        walk_escape(walk);
    } else {
        bool doubled = walk->style == HR_SCALAR_single && source_byte(walk, 0) == '\'';
        walk->at += doubled ? 2 : 1;
        walk->done++;
    }
}

/* Walks until `at` decoded bytes are done; answers where the letter that holds byte `at` is
 * written. */
static size_t walk_to(struct walk *walk, size_t at)
{
    size_t before = walk->at;
    while (walk->done < at && walk->at < walk->source.size) {
        before = walk->at;
        step(walk);
    }
    return walk->done > at ? before : walk->at;
}

/* An escaped line end before the letter is written but says nothing. */
static size_t skip_escaped_breaks(struct walk *walk)
{
    size_t done = walk->done;
    size_t from = walk->at;
    while (walk->style == HR_SCALAR_double && source_byte(walk, 0) == '\\' &&
           line_end(walk, 1) > 0 && walk->done == done) {
        walk_escape(walk);
        from = walk->done == done ? walk->at : from;
    }
    return from;
}

static size_t line_begin(struct hr_text source, size_t offset)
{
    while (offset > 0 && source.data[offset - 1] != '\n') {
        offset--;
    }
    return offset;
}

/* Code points from one byte to another on the first one's line, at least 1. */
static uint32_t width(struct hr_text source, size_t from, size_t to)
{
    uint32_t count = 0;
    for (size_t at = from;
         at < to && at < source.size && source.data[at] != '\n' && source.data[at] != '\r'; at++) {
        count += ((unsigned char)source.data[at] & 0xC0) != 0x80 ? 1 : 0;
    }
    return count == 0 ? 1 : count;
}

/* Counted from where the scalar's own text begins: a file holds thousands of them. */
static struct hr_place place_from(const struct hr_node *scalar, struct hr_text source, size_t at)
{
    struct hr_place place = {.file = scalar->place.file, .line = scalar->line, .column = 1};
    for (size_t i = scalar->offset; i < at && i < source.size; i++) {
        place.line += source.data[i] == '\n' ? 1 : 0;
    }
    size_t begin = line_begin(source, at);
    begin = begin == 0 && hr_text_starts(source, HR_TEXT("\xEF\xBB\xBF")) ? 3 : begin;
    for (size_t i = begin; i < at; i++) {
        place.column += ((unsigned char)source.data[i] & 0xC0) != 0x80 ? 1 : 0;
    }
    return place;
}

struct hr_place hr_node_place_within(const struct hr_node *scalar, struct hr_text source, size_t at,
                                     size_t size)
{
    if (scalar->kind != HR_NODE_scalar || scalar->scalar.size == 0 ||
        scalar->offset >= source.size) {
        return scalar->place;
    }
    struct walk walk = {
        .source = source, .at = scalar->offset, .decoded = scalar->scalar, .style = scalar->style};
    if (scalar->style == HR_SCALAR_literal || scalar->style == HR_SCALAR_folded) {
        walk.indent = scalar->offset - line_begin(source, scalar->offset);
        while (walk.done < walk.decoded.size && walk.decoded.data[walk.done] == '\n') {
            walk.done++; /* empty lines above the first letter */
        }
    }
    at = at < walk.decoded.size ? at : walk.decoded.size;
    size = size < walk.decoded.size - at ? size : walk.decoded.size - at;
    size_t from = walk_to(&walk, at);
    if (walk.done == at) {
        from = skip_escaped_breaks(&walk);
    }
    size_t to = walk_to(&walk, at + size);
    struct hr_place place = place_from(scalar, source, from);
    place.size = width(source, from, to);
    return place;
}
