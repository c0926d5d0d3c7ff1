/* expr/literal: numbers and texts as they are written become values: escapes, prefixes,
 * hexadecimal. */
#include "expr/program.h"

#include <string.h>

enum { NUMBER_MAX = 128 }; /* bytes of a number with a fraction */

bool hr_expr_read_natural(struct hr_text digits, unsigned base, uint64_t *ret_natural)
{
    uint64_t natural = 0;
    for (size_t i = 0; i < digits.size; i++) {
        int digit = hr_hex_digit(digits.data[i]);
        if (digit < 0 || digit >= (int)base ||
            __builtin_mul_overflow(natural, (uint64_t)base, &natural) ||
            __builtin_add_overflow(natural, (uint64_t)digit, &natural)) {
            return false;
        }
    }
    *ret_natural = natural;
    return digits.size > 0;
}

static bool read_whole(struct hr_text written, bool is_uint, bool negative,
                       struct hr_value *ret_value, const char **ret_problem)
{
    unsigned base = 10;
    if (is_uint) {
        written.size--;
    }
    if (hr_text_starts(written, HR_TEXT("0x")) || hr_text_starts(written, HR_TEXT("0X"))) {
        base = 16;
        written = hr_text_slice(written, 2, written.size);
    }
    uint64_t natural = 0;
    bool fits = hr_expr_read_natural(written, base, &natural);
    uint64_t most = is_uint ? UINT64_MAX : (uint64_t)INT64_MAX + (negative ? 1U : 0U);
    if (!fits || natural > most) {
        *ret_problem = "this number does not fit 64 bits";
        return false;
    }
    *ret_value = is_uint ? hr_expr_uint_of(natural)
                         : hr_value_int(negative ? (int64_t)(0 - natural) : (int64_t)natural);
    return true;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* A number without its sign as JSON has it: no zeros before the first digit but one before the point. */
static hr_status as_json(struct hr_text written, struct hr_buffer *out)
{
    /* JSON's reader would pass over white space and a mark of byte order */
    bool sound = written.size > 0 && is_digit(written.data[written.size - 1]) &&
                 (is_digit(written.data[0]) || written.data[0] == '.');
    while (written.size > 1 && written.data[0] == '0' && is_digit(written.data[1])) {
        written = hr_text_slice(written, 1, written.size);
    }
    if (!sound || written.size > NUMBER_MAX) {
        return hr_answer(HR_EXPR_FAILED);
    }
    hr_buffer_add_text(out, written.data[0] == '.' ? HR_TEXT("0") : HR_TEXT_NONE);
    hr_buffer_add_text(out, written);
    return hr_buffer_status(out);
}

static double real_of(const struct hr_value *number)
{
    switch (number->kind) {
    case HR_KIND_int:
        return (double)number->integer;
    case HR_KIND_uint:
        return (double)number->natural;
    default:
        return number->real;
    }
}

hr_status hr_expr_read_double(struct hr_arena *into, struct hr_text written, double *ret_real)
{
    struct hr_buffer out;
    struct hr_value number;
    bool negative = hr_text_starts(written, HR_TEXT("-"));
    bool has_sign = negative || hr_text_starts(written, HR_TEXT("+"));
    hr_buffer_init(&out, into, NUMBER_MAX + 1);
    HR_TRY(as_json(hr_text_slice(written, has_sign ? 1 : 0, written.size), &out));
    hr_status status = hr_json_read(into, hr_buffer_text(&out), NULL, NULL, &number);
    if (!hr_ok(status)) {
        return hr_answer(status.code == HR_E_MEMORY ? HR_E_MEMORY : HR_EXPR_FAILED);
    }
    *ret_real = negative ? -real_of(&number) : real_of(&number);
    return hr_done();
}

static bool read_double(struct hr_arena *into, struct hr_text written, bool negative,
                        struct hr_value *ret_value, const char **ret_problem)
{
    double real = 0.0;
    hr_status status = hr_expr_read_double(into, written, &real);
    *ret_problem = status.code == HR_E_MEMORY ? NULL : "this number cannot be read";
    *ret_value = hr_value_double(negative ? -real : real);
    return hr_ok(status);
}

/* One code point as UTF-8; answers its size. */
static size_t put_point(char *out, uint32_t point)
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xc0 | (point >> 6));
        out[1] = (char)(0x80 | (point & 0x3f));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (char)(0xe0 | (point >> 12));
        out[1] = (char)(0x80 | ((point >> 6) & 0x3f));
        out[2] = (char)(0x80 | (point & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | (point >> 18));
    out[1] = (char)(0x80 | ((point >> 12) & 0x3f));
    out[2] = (char)(0x80 | ((point >> 6) & 0x3f));
    out[3] = (char)(0x80 | (point & 0x3f));
    return 4;
}

/* `count` digits of a base at the start of the text; false when there are fewer. */
static bool read_code(struct hr_text text, size_t count, unsigned base, uint32_t *ret_code)
{
    *ret_code = 0;
    for (size_t i = 0; i < count; i++) {
        int digit = i < text.size ? hr_hex_digit(text.data[i]) : -1;
        if (digit < 0 || digit >= (int)base) {
            return false;
        }
        *ret_code = *ret_code * base + (uint32_t)digit;
    }
    return true;
}

static const char escape_letters[] = "abfnrtv\\?\"'`";
static const char escape_bytes[] = "\a\b\f\n\r\t\v\\?\"'`";

struct decoded {
    char *out;
    size_t size;
    bool bytes;
};

/* Decodes the escape that stands behind a backslash; answers how many bytes it took, 0 when it is
 * none. */
static size_t decode_escape(struct hr_text rest, struct decoded *decoded)
{
    char letter = rest.size > 0 ? rest.data[0] : '\0';
    const char *simple = letter != '\0' ? strchr(escape_letters, letter) : NULL;
    if (simple != NULL) {
        decoded->out[decoded->size++] = escape_bytes[simple - escape_letters];
        return 1;
    }
    uint32_t code = 0;
    size_t used = 0;
    if (letter >= '0' && letter <= '3' && read_code(rest, 3, 8, &code)) {
        used = 3;
    } else {
        size_t digits = 0;
        digits = (letter | 32) == 'x' ? 2 : digits;
        digits = letter == 'u' && !decoded->bytes ? 4 : digits;
        digits = letter == 'U' && !decoded->bytes ? 8 : digits;
        if (digits == 0 || !read_code(hr_text_slice(rest, 1, rest.size), digits, 16, &code)) {
            return 0;
        }
        used = digits + 1;
    }
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        return 0;
    }
    if (decoded->bytes) {
        decoded->out[decoded->size++] = (char)code;
    } else {
        decoded->size += put_point(decoded->out + decoded->size, code);
    }
    return used;
}

static bool read_text(struct hr_arena *into, struct hr_text written, bool bytes,
                      struct hr_value *ret_value, const char **ret_problem)
{
    bool raw = false;
    while (written.data[0] != '\'' && written.data[0] != '"') {
        raw = raw || (written.data[0] | 32) == 'r';
        written = hr_text_slice(written, 1, written.size);
    }
    bool triple = written.size >= 6 && written.data[1] == written.data[0] &&
                  written.data[2] == written.data[0];
    size_t quote = triple ? 3 : 1;
    written = hr_text_slice(written, quote, written.size - quote);
    struct hr_text result = written;
    if (!raw && hr_text_find(written, '\\') < written.size) {
        struct decoded decoded = {.out = hr_arena_alloc(into, written.size), .bytes = bytes};
        if (decoded.out == NULL) {
            *ret_problem = NULL;
            return false;
        }
        for (size_t at = 0; at < written.size;) {
            char byte = written.data[at++];
            if (byte != '\\') {
                decoded.out[decoded.size++] = byte;
                continue;
            }
            size_t used = decode_escape(hr_text_slice(written, at, written.size), &decoded);
            if (used == 0) {
                *ret_problem = "a backslash in this text begins no escape";
                return false;
            }
            at += used;
        }
        result = (struct hr_text){decoded.out, decoded.size};
    }
    *ret_value = bytes ? hr_expr_bytes_of(result) : hr_value_text(result);
    return true;
}

bool hr_expr_literal(struct hr_arena *into, const struct hr_expr_token *token,
                     struct hr_text written, bool negative, struct hr_value *ret_value,
                     const char **ret_problem)
{
    switch (token->kind) {
    case HR_TOKEN_int:
        return read_whole(written, false, negative, ret_value, ret_problem);
    case HR_TOKEN_uint:
        return read_whole(written, true, false, ret_value, ret_problem);
    case HR_TOKEN_double:
        return read_double(into, written, negative, ret_value, ret_problem);
    default:
        return read_text(into, written, token->kind == HR_TOKEN_bytes, ret_value, ret_problem);
    }
}
