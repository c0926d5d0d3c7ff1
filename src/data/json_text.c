/* data/json_text: the strings of JSON in which stage 1 saw something odd: each byte is looked at,
 * escapes become what they stand for. And the complaints of the reader, which need the same care
 * about where in the text they point. */
#include "data/json_reader.h"

#include <endian.h>
#include <string.h>

/* ---- complaints --------------------------------------------------------------------------- */

hr_status hr_json_refuse(struct hr_json_reader *reader, enum hr_code code, const char *at,
                         const char *message)
{
    if (reader->reterr != NULL) {
        struct hr_place place =
            hr_place_at(HR_TEXT_NONE, reader->text, (size_t)(at - reader->text.data));
        (void)hr_diagnostics_add(reader->reterr, code, HR_SEVERITY_error, place, "%s", message);
    }
    return hr_answer(HR_E_INPUT);
}

hr_status hr_json_refuse_syntax(struct hr_json_reader *reader, const char *message)
{
    bool ends = reader->at >= reader->end;
    return hr_json_refuse(reader, HR_CODE_json_syntax, ends ? reader->end : reader->at,
                          ends ? "the JSON ends too early" : message);
}

/* ---- checking ----------------------------------------------------------------------------- */

/* Moves behind bytes that need no look: printable ASCII but the quote and the backslash. */
static inline const char *skip_plain(const char *at, const char *end)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t highs = UINT64_C(0x8080808080808080);
    while (end - at >= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        word = le64toh(word);
        uint64_t quote = word ^ (ones * '"');
        uint64_t slash = word ^ (ones * '\\');
        uint64_t special = ((word - ones * 0x20) & ~word) | ((quote - ones) & ~quote) |
                           ((slash - ones) & ~slash) | word;
        special &= highs;
        if (special != 0) {
            return at + (__builtin_ctzll(special) >> 3);
        }
        at += 8;
    }
    while (at < end && (unsigned char)*at >= 0x20 && (unsigned char)*at < 0x80 && *at != '"' &&
           *at != '\\') {
        at++;
    }
    return at;
}

/* Four hexadecimal digits; -1 if they are not there. */
static int32_t read_hex4(const char *at, const char *end)
{
    if (end - at < 4) {
        return -1;
    }
    int32_t unit = 0;
    for (int index = 0; index < 4; index++) {
        int digit = hr_hex_digit(at[index]);
        if (digit < 0) {
            return -1;
        }
        unit = unit << 4 | digit;
    }
    return unit;
}

/* Checks \uXXXX (with the second half of a pair) at `at`, which stands on the backslash; answers
 * the bytes that it takes, or 0, and the code point. */
static size_t read_unicode_escape(const char *at, const char *end, uint32_t *ret_code_point)
{
    int32_t first = read_hex4(at + 2, end);
    if (first < 0 || (first >= 0xDC00 && first <= 0xDFFF)) {
        return 0;
    }
    *ret_code_point = (uint32_t)first;
    if (first < 0xD800 || first > 0xDBFF) {
        return 6;
    }
    if (end - at < 12 || at[6] != '\\' || at[7] != 'u') {
        return 0;
    }
    int32_t second = read_hex4(at + 8, end);
    if (second < 0xDC00 || second > 0xDFFF) {
        return 0;
    }
    *ret_code_point = 0x10000 + (((uint32_t)first - 0xD800) << 10 | ((uint32_t)second - 0xDC00));
    return 12;
}

/* Moves reader->at behind the escape at it. */
static hr_status check_escape(struct hr_json_reader *reader)
{
    if (reader->end - reader->at < 2) {
        reader->at = reader->end;
        return hr_json_refuse_syntax(reader, "");
    }
    char kind = reader->at[1];
    if (kind == 'u') {
        uint32_t code_point;
        size_t size = read_unicode_escape(reader->at, reader->end, &code_point);
        if (size == 0) {
            return hr_json_refuse_syntax(
                reader, "\\u needs four hexadecimal digits, and a surrogate needs its pair");
        }
        reader->at += size;
        return hr_done();
    }
    if (kind == '\0' || strchr("\"\\/bfnrt", kind) == NULL) {
        return hr_json_refuse_syntax(reader, "unknown escape in a string");
    }
    reader->at += 2;
    return hr_done();
}

/* Moves reader->at, behind the opening quote, to the closing one. */
static hr_status check_string(struct hr_json_reader *reader, bool *ret_escaped)
{
    *ret_escaped = false;
    for (;;) {
        reader->at = skip_plain(reader->at, reader->end);
        if (reader->at >= reader->end) {
            return hr_json_refuse_syntax(reader, "");
        }
        unsigned char byte = (unsigned char)*reader->at;
        if (byte == '"') {
            return hr_done();
        }
        if (byte == '\\') {
            *ret_escaped = true;
            HR_TRY(check_escape(reader));
        } else if (byte < 0x20) {
            return hr_json_refuse_syntax(
                reader, "a control character in a string must be written as an escape");
        } else {
            size_t size = hr_utf8_size(reader->text, (size_t)(reader->at - reader->text.data));
            if (size == 0) {
                return hr_json_refuse(reader, HR_CODE_not_utf8, reader->at,
                                      "the bytes here are not UTF-8");
            }
            reader->at += size;
        }
    }
}

/* ---- decoding ----------------------------------------------------------------------------- */

/* Writes the decoded form of a checked string that has escapes. */
static hr_status decode(struct hr_json_reader *reader, struct hr_text raw, struct hr_text *ret_text)
{
    static const char from[] = "\"\\/bfnrt";
    static const char to[] = "\"\\/\b\f\n\r\t";
    char *into = hr_arena_alloc(reader->into, raw.size);
    if (into == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    size_t size = 0;
    const char *at = raw.data;
    const char *end = raw.data + raw.size;
    while (at < end) {
        const char *escape = memchr(at, '\\', (size_t)(end - at));
        size_t plain = (size_t)((escape == NULL ? end : escape) - at);
        memcpy(into + size, at, plain);
        size += plain;
        at += plain;
        if (escape == NULL) {
            break;
        }
        if (at[1] == 'u') {
            uint32_t code_point = 0;
            at += read_unicode_escape(at, end, &code_point);
            size += hr_utf8_put(into + size, code_point);
        } else {
            into[size++] = to[strchr(from, at[1]) - from];
            at += 2;
        }
    }
    hr_assert(size <= raw.size);
    *ret_text = (struct hr_text){into, size};
    return hr_done();
}

hr_status hr_json_text_read(struct hr_json_reader *reader, struct hr_text *ret_text)
{
    const char *first = ++reader->at;
    bool escaped = false;
    HR_TRY(check_string(reader, &escaped));
    *ret_text = (struct hr_text){first, (size_t)(reader->at - first)};
    return escaped ? decode(reader, *ret_text, ret_text) : hr_done();
}
