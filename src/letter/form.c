/* letter/unsubscribe, the form: what a mail program posts to leave (RFC 8058), in either of its two forms. The content
 * type alone chooses the reader. */
#include "letter/unsubscribe.h"

enum { BOUNDARY_MAX = 70 };

static const struct hr_text wanted_name = HR_TEXT("List-Unsubscribe");
static const struct hr_text wanted_value = HR_TEXT("One-Click");

/* What was seen of the one name that counts. */
struct seen {
    size_t yes;
    size_t other;
};

static enum hr_unsubscribe_form judge(const struct seen *seen)
{
    return seen->yes == 1 && seen->other == 0 ? HR_UNSUBSCRIBE_FORM_yes : HR_UNSUBSCRIBE_FORM_no;
}

/* ---- application/x-www-form-urlencoded ---------------------------------------------------------------- */

/* The byte at *at (moved behind it): %41 and + are decoded; -1 for a broken escape. */
static int decoded_at(struct hr_text text, size_t *at)
{
    char byte = text.data[*at];
    if (byte != '%') {
        *at += 1;
        return byte == '+' ? ' ' : (unsigned char)byte;
    }
    int high = *at + 2 < text.size ? hr_hex_digit(text.data[*at + 1]) : -1;
    int low = high >= 0 ? hr_hex_digit(text.data[*at + 2]) : -1;
    *at += 3;
    return low < 0 ? -1 : high * 16 + low;
}

static bool decodes_to(struct hr_text text, struct hr_text plain)
{
    size_t at = 0;
    for (size_t i = 0; i < plain.size; i++) {
        if (at >= text.size || decoded_at(text, &at) != (unsigned char)plain.data[i]) {
            return false;
        }
    }
    return at == text.size;
}

static enum hr_unsubscribe_form read_encoded(struct hr_text body)
{
    struct seen seen = {0};
    body = hr_text_trim(body);
    while (body.size > 0) {
        struct hr_text value = hr_text_cut(&body, '&');
        struct hr_text name = hr_text_cut(&value, '=');
        bool counts = decodes_to(name, wanted_name);
        bool yes = counts && decodes_to(value, wanted_value);
        seen.yes += yes;
        seen.other += counts && !yes;
    }
    return judge(&seen);
}

/* ---- multipart/form-data -------------------------------------------------------------------------------- */

/* The value of a parameter behind a header's first word: ; boundary=abc or ; name="a b". False when there is none. */
static bool find_parameter(struct hr_text header, struct hr_text wanted, struct hr_text *ret_value)
{
    (void)hr_text_cut(&header, ';');
    while (header.size > 0) {
        struct hr_text value = hr_text_cut(&header, ';');
        struct hr_text name = hr_text_trim(hr_text_cut(&value, '='));
        value = hr_text_trim(value);
        if (!hr_text_equal_caseless(name, wanted)) {
            continue;
        }
        bool quoted = value.size >= 2 && value.data[0] == '"' && value.data[value.size - 1] == '"';
        *ret_value = quoted ? hr_text_slice(value, 1, value.size - 1) : value;
        return ret_value->size > 0;
    }
    return false;
}

/* The next line without its end, of either kind. */
static struct hr_text next_line(struct hr_text *rest)
{
    struct hr_text line = hr_text_cut(rest, '\n');
    bool cr = line.size > 0 && line.data[line.size - 1] == '\r';
    return hr_text_slice(line, 0, line.size - cr);
}

/* "--boundary" begins a part, "--boundary--" ends them all. */
enum line { LINE_other, LINE_part, LINE_end };
static enum line line_is(struct hr_text line, struct hr_text boundary)
{
    if (!hr_text_starts(line, HR_TEXT("--")) ||
        !hr_text_starts(hr_text_slice(line, 2, line.size), boundary)) {
        return LINE_other;
    }
    struct hr_text behind = hr_text_trim(hr_text_slice(line, 2 + boundary.size, line.size));
    return behind.size == 0                       ? LINE_part
           : hr_text_equal(behind, HR_TEXT("--")) ? LINE_end
                                                  : LINE_other;
}

/* The head of a part, up to its empty line: true when it is the one that counts. */
static bool read_head(struct hr_text *body)
{
    bool counts = false;
    while (body->size > 0) {
        struct hr_text line = next_line(body);
        if (line.size == 0) {
            break;
        }
        struct hr_text value = line;
        struct hr_text header = hr_text_cut(&value, ':');
        struct hr_text name = HR_TEXT_NONE;
        if (hr_text_equal_caseless(header, HR_TEXT("Content-Disposition"))) {
            counts =
                find_parameter(value, HR_TEXT("name"), &name) && hr_text_equal(name, wanted_name);
        }
    }
    return counts;
}

static enum hr_unsubscribe_form read_parts(struct hr_text body, struct hr_text boundary)
{
    struct seen seen = {0};
    enum line line = LINE_other;
    while (body.size > 0 && line == LINE_other) { /* what stands before the first part */
        line = line_is(next_line(&body), boundary);
    }
    while (body.size > 0 && line == LINE_part) {
        bool counts = read_head(&body);
        size_t lines = 0;
        bool yes = false;
        line = LINE_other;
        while (body.size > 0 && line == LINE_other) {
            struct hr_text content = next_line(&body);
            line = line_is(content, boundary);
            lines += line == LINE_other;
            yes = line == LINE_other ? hr_text_equal(content, wanted_value) : yes;
        }
        yes = yes && lines == 1;
        seen.yes += counts && yes;
        seen.other += counts && !yes;
    }
    return line == LINE_end ? judge(&seen) : HR_UNSUBSCRIBE_FORM_no; /* cut short */
}

enum hr_unsubscribe_form hr_unsubscribe_form_read(struct hr_text content_type, struct hr_text body)
{
    struct hr_text rest = content_type;
    struct hr_text type = hr_text_trim(hr_text_cut(&rest, ';'));
    struct hr_text boundary = HR_TEXT_NONE;
    if (body.size > HR_UNSUBSCRIBE_FORM_MAX) {
        return HR_UNSUBSCRIBE_FORM_too_big;
    }
    if (content_type.size == 0 ||
        hr_text_equal_caseless(type, HR_TEXT("application/x-www-form-urlencoded"))) {
        return read_encoded(body);
    }
    if (hr_text_equal_caseless(type, HR_TEXT("multipart/form-data")) &&
        find_parameter(content_type, HR_TEXT("boundary"), &boundary) &&
        boundary.size <= BOUNDARY_MAX) {
        return read_parts(body, boundary);
    }
    return HR_UNSUBSCRIBE_FORM_unknown;
}
