/* template/scan: cuts a source at its marks, and does the white space control on the way. A mark ends at the first
 * closing mark behind it, whatever stands between, as Liquid has it. */
#include "template/parse_inside.h"

bool hr_template_is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static char byte_at(const struct hr_template_scanner *scanner, uint32_t at)
{
    return at < scanner->end ? scanner->source.data[at] : '\0';
}

/* The first place from `at` on where a mark begins, or the end. */
static uint32_t find_mark(const struct hr_template_scanner *scanner, uint32_t at)
{
    while (at < scanner->end) {
        struct hr_text rest = hr_text_slice(scanner->source, at, scanner->end);
        size_t found = hr_text_find(rest, '{');
        if (found == rest.size) {
            return scanner->end;
        }
        at += (uint32_t)found;
        char next = byte_at(scanner, at + 1);
        if (next == '{' || next == '%') {
            return at;
        }
        at++;
    }
    return scanner->end;
}

/* Where `part` begins from `at` on, or the end. */
static uint32_t find_part(const struct hr_template_scanner *scanner, uint32_t at,
                          struct hr_text part)
{
    struct hr_text rest = hr_text_slice(scanner->source, at, scanner->end);
    return at + (uint32_t)hr_text_search(rest, part);
}

static void scan_text(struct hr_template_scanner *scanner, uint32_t to,
                      struct hr_template_piece *ret_piece)
{
    uint32_t from = scanner->at;
    uint32_t until = to;
    while (scanner->trim && from < until && hr_template_is_space(byte_at(scanner, from))) {
        from++;
    }
    bool trim = to < scanner->end && byte_at(scanner, to + 2) == '-';
    while (trim && until > from && hr_template_is_space(byte_at(scanner, until - 1))) {
        until--;
    }
    *ret_piece = (struct hr_template_piece){.kind = HR_PIECE_text,
                                            .at = from,
                                            .size = until - from,
                                            .mark_at = from,
                                            .mark_size = until - from};
    scanner->trim = false;
    scanner->at = to;
}

static void scan_mark(struct hr_template_scanner *scanner, struct hr_template_piece *ret_piece)
{
    uint32_t at = scanner->at;
    bool output = byte_at(scanner, at + 1) == '{';
    uint32_t close = find_part(scanner, at + 2, output ? HR_TEXT("}}") : HR_TEXT("%}"));
    scanner->trim = false;
    if (close >= scanner->end) {
        *ret_piece = (struct hr_template_piece){
            .kind = HR_PIECE_open, .at = at, .size = 2, .mark_at = at, .mark_size = 2};
        scanner->at = scanner->end;
        return;
    }
    uint32_t from = at + 2 + (byte_at(scanner, at + 2) == '-');
    uint32_t until = close;
    if (until > from && byte_at(scanner, until - 1) == '-') {
        scanner->trim = true;
        until--;
    }
    *ret_piece = (struct hr_template_piece){.kind = output ? HR_PIECE_output : HR_PIECE_tag,
                                            .at = from,
                                            .size = until - from,
                                            .mark_at = at,
                                            .mark_size = close + 2 - at};
    scanner->at = close + 2;
}

/* The next line that is not empty is a tag. */
static void scan_line(struct hr_template_scanner *scanner, struct hr_template_piece *ret_piece)
{
    while (scanner->at < scanner->end) {
        uint32_t line_end = find_part(scanner, scanner->at, HR_TEXT("\n"));
        uint32_t from = scanner->at;
        uint32_t until = line_end;
        while (from < until && hr_template_is_space(byte_at(scanner, from))) {
            from++;
        }
        while (until > from && hr_template_is_space(byte_at(scanner, until - 1))) {
            until--;
        }
        scanner->at = line_end < scanner->end ? line_end + 1 : scanner->end;
        if (until > from) {
            *ret_piece = (struct hr_template_piece){.kind = HR_PIECE_tag,
                                                    .at = from,
                                                    .size = until - from,
                                                    .mark_at = from,
                                                    .mark_size = until - from};
            return;
        }
    }
    *ret_piece = (struct hr_template_piece){.at = scanner->end, .mark_at = scanner->end};
}

void hr_template_scan(struct hr_template_scanner *scanner, struct hr_template_piece *ret_piece)
{
    if (scanner->lines) {
        scan_line(scanner, ret_piece);
        return;
    }
    uint32_t mark = find_mark(scanner, scanner->at);
    if (mark > scanner->at) {
        scan_text(scanner, mark, ret_piece);
    } else if (mark < scanner->end) {
        scan_mark(scanner, ret_piece);
    } else {
        *ret_piece = (struct hr_template_piece){.at = scanner->end, .mark_at = scanner->end};
    }
}

struct hr_text hr_template_tag_word(struct hr_text source, const struct hr_template_piece *piece,
                                    uint32_t *ret_rest)
{
    uint32_t end = piece->at + piece->size;
    uint32_t at = piece->at;
    while (at < end && hr_template_is_space(source.data[at])) {
        at++;
    }
    uint32_t from = at;
    if (at < end && source.data[at] == '#') {
        at++;
    } else {
        while (at < end && ((source.data[at] | 32) >= 'a' && (source.data[at] | 32) <= 'z')) {
            at++;
        }
        while (at > from && at < end &&
               (source.data[at] == '_' || (source.data[at] >= '0' && source.data[at] <= '9') ||
                ((source.data[at] | 32) >= 'a' && (source.data[at] | 32) <= 'z'))) {
            at++;
        }
    }
    *ret_rest = at;
    return hr_text_slice(source, from, at);
}

/* True when an end tag of this word, and nothing else, begins at the mark; tells where it ends. */
static bool is_end_tag(struct hr_template_scanner *scanner, uint32_t at, struct hr_text word,
                       uint32_t *ret_end)
{
    at += 2;
    at += byte_at(scanner, at) == '-';
    while (at < scanner->end && hr_template_is_space(byte_at(scanner, at))) {
        at++;
    }
    struct hr_text rest = hr_text_slice(scanner->source, at, scanner->end);
    if (!hr_text_starts(rest, word)) {
        return false;
    }
    at += (uint32_t)word.size;
    while (at < scanner->end && hr_template_is_space(byte_at(scanner, at))) {
        at++;
    }
    bool trim = byte_at(scanner, at) == '-';
    at += trim;
    if (byte_at(scanner, at) != '%' || byte_at(scanner, at + 1) != '}') {
        return false;
    }
    scanner->trim = trim;
    *ret_end = at + 2;
    return true;
}

bool hr_template_scan_until(struct hr_template_scanner *scanner, struct hr_text end_tag,
                            struct hr_template_piece *ret_piece)
{
    uint32_t at = scanner->at;
    bool trim = scanner->trim;
    uint32_t end = 0;
    for (at = find_mark(scanner, at); at < scanner->end; at = find_mark(scanner, at + 1)) {
        if (byte_at(scanner, at + 1) == '%' && is_end_tag(scanner, at, end_tag, &end)) {
            bool trim_after = scanner->trim;
            scanner->trim = trim;
            scan_text(scanner, at, ret_piece);
            scanner->trim = trim_after;
            scanner->at = end;
            return true;
        }
    }
    scanner->at = scanner->end;
    return false;
}

/* Passes over a raw tag's inside, within a comment. */
static bool pass_raw(struct hr_template_scanner *scanner)
{
    struct hr_template_piece piece;
    return hr_template_scan_until(scanner, HR_TEXT("endraw"), &piece);
}

/* The next tag within a comment; what looks like an output there is none. */
static void scan_tag(struct hr_template_scanner *scanner, struct hr_template_piece *ret_piece)
{
    if (scanner->lines) {
        scan_line(scanner, ret_piece);
        return;
    }
    scanner->at = find_mark(scanner, scanner->at);
    while (byte_at(scanner, scanner->at + 1) == '{') {
        scanner->at = find_mark(scanner, scanner->at + 2);
    }
    *ret_piece = (struct hr_template_piece){.at = scanner->end, .mark_at = scanner->end};
    if (scanner->at < scanner->end) {
        scan_mark(scanner, ret_piece);
    }
}

bool hr_template_scan_comment(struct hr_template_scanner *scanner)
{
    uint32_t open = 1;
    while (open > 0) {
        struct hr_template_piece piece;
        uint32_t rest = 0;
        scan_tag(scanner, &piece);
        if (piece.kind != HR_PIECE_tag) {
            return false;
        }
        struct hr_text word = hr_template_tag_word(scanner->source, &piece, &rest);
        if (hr_text_equal(word, HR_TEXT("comment"))) {
            open++;
        } else if (hr_text_equal(word, HR_TEXT("endcomment"))) {
            open--;
        } else if (hr_text_equal(word, HR_TEXT("raw")) && !scanner->lines && !pass_raw(scanner)) {
            return false;
        }
    }
    return true;
}
