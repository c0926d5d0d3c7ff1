/* Texts with a length: compare, cut, copy, format. */
#include "base/base.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct hr_text hr_text_from(const char *terminated)
{
    return terminated == NULL ? HR_TEXT_NONE : (struct hr_text){terminated, strlen(terminated)};
}

bool hr_text_equal(struct hr_text a, struct hr_text b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

char hr_lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte + ('a' - 'A')) : byte;
}

bool hr_text_equal_caseless(struct hr_text a, struct hr_text b)
{
    bool equal = a.size == b.size;
    for (size_t i = 0; equal && i < a.size; i++) {
        equal = hr_lower(a.data[i]) == hr_lower(b.data[i]);
    }
    return equal;
}

int hr_text_compare(struct hr_text a, struct hr_text b)
{
    size_t shared = a.size < b.size ? a.size : b.size;
    int order = shared == 0 ? 0 : memcmp(a.data, b.data, shared);
    if (order != 0) {
        return order;
    }
    return (a.size > b.size) - (a.size < b.size);
}

bool hr_text_starts(struct hr_text text, struct hr_text part)
{
    return part.size <= text.size && hr_text_equal((struct hr_text){text.data, part.size}, part);
}

bool hr_text_ends(struct hr_text text, struct hr_text part)
{
    return part.size <= text.size &&
           (part.size == 0 || memcmp(text.data + text.size - part.size, part.data, part.size) == 0);
}

size_t hr_text_find(struct hr_text text, char byte)
{
    const char *found = text.size == 0 ? NULL : memchr(text.data, byte, text.size);
    return found == NULL ? text.size : (size_t)(found - text.data);
}

size_t hr_text_search(struct hr_text text, struct hr_text part)
{
    if (part.size == 0) {
        return 0;
    }
    const char *found = text.size == 0 ? NULL : memmem(text.data, text.size, part.data, part.size);
    return found == NULL ? text.size : (size_t)(found - text.data);
}

struct hr_text hr_text_slice(struct hr_text text, size_t from, size_t to)
{
    to = to > text.size ? text.size : to;
    from = from > to ? to : from;
    return to == from ? HR_TEXT_NONE : (struct hr_text){text.data + from, to - from};
}

static bool is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

struct hr_text hr_text_clip(struct hr_text text, size_t most)
{
    if (text.size <= most) {
        return text;
    }
    while (most > 0 && ((unsigned char)text.data[most] & 0xC0) == 0x80) {
        most--;
    }
    return (struct hr_text){text.data, most};
}

struct hr_text hr_text_trim(struct hr_text text)
{
    while (text.size > 0 && is_space(text.data[0])) {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && is_space(text.data[text.size - 1])) {
        text.size--;
    }
    return text;
}

struct hr_text hr_text_cut(struct hr_text *rest, char separator)
{
    size_t at = hr_text_find(*rest, separator);
    struct hr_text before = {rest->data, at};
    *rest = hr_text_slice(*rest, at + 1, rest->size);
    return before;
}

bool hr_text_to_integer(struct hr_text text, int64_t *ret_value)
{
    bool negative = text.size > 0 && text.data[0] == '-';
    size_t at = negative ? 1 : 0;
    if (at == text.size) {
        return false;
    }
    int64_t value = 0; /* kept negative: its range is one wider */
    for (; at < text.size; at++) {
        char digit = text.data[at];
        if (digit < '0' || digit > '9' || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, digit - '0', &value)) {
            return false;
        }
    }
    if (!negative && value == INT64_MIN) {
        return false;
    }
    *ret_value = negative ? value : -value;
    return true;
}

int hr_hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    char lower = (char)(byte | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

size_t hr_text_distance(struct hr_text a, struct hr_text b, size_t most)
{
    enum { SIZE_MOST = 64 };
    size_t rows[3][SIZE_MOST + 1];
    size_t gap = a.size > b.size ? a.size - b.size : b.size - a.size;
    if (a.size > SIZE_MOST || b.size > SIZE_MOST || gap > most) {
        return most + 1;
    }
    for (size_t j = 0; j <= b.size; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a.size; i++) {
        size_t *now = rows[i % 3];
        const size_t *before = rows[(i + 2) % 3];
        const size_t *earlier = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            size_t cost = a.data[i - 1] == b.data[j - 1] ? 0 : 1;
            now[j] = least(before[j] + 1, now[j - 1] + 1, before[j - 1] + cost);
            if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] &&
                a.data[i - 2] == b.data[j - 1] && earlier[j - 2] + 1 < now[j]) {
                now[j] = earlier[j - 2] + 1;
            }
        }
    }
    size_t distance = rows[a.size % 3][b.size];
    return distance > most ? most + 1 : distance;
}

/* How many bytes the UTF-8 sequence at `at` has, 0 if it is broken. */
static size_t utf8_sequence(const unsigned char *at, size_t left)
{
    unsigned char first = at[0];
    size_t size = first < 0x80   ? 1
                  : first < 0xC2 ? 0
                  : first < 0xE0 ? 2
                  : first < 0xF0 ? 3
                  : first < 0xF5 ? 4
                                 : 0;
    if (size == 0 || size > left) {
        return 0;
    }
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    bool overlong = (first == 0xE0 && at[1] < 0xA0) || (first == 0xF0 && at[1] < 0x90);
    bool beyond = (first == 0xED && at[1] > 0x9F) || (first == 0xF4 && at[1] > 0x8F);
    return overlong || beyond ? 0 : size;
}

bool hr_text_is_utf8(struct hr_text text)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    for (size_t at = 0; at < text.size;) {
        size_t size = utf8_sequence(bytes + at, text.size - at);
        if (size == 0) {
            return false;
        }
        at += size;
    }
    return true;
}

/* The code point of a whole sequence. */
static uint32_t code_point(const unsigned char *at, size_t size)
{
    static const unsigned char firsts[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t point = at[0] & firsts[size];
    for (size_t i = 1; i < size; i++) {
        point = point << 6 | (at[i] & 0x3FU);
    }
    return point;
}

/* Controls, line and paragraph separators, and the marks that turn the direction of writing. */
static bool acts_unseen(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x61C || point == 0x200E ||
           point == 0x200F || (point >= 0x2028 && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069);
}

struct hr_text hr_text_visible(struct hr_arena *into, struct hr_text text)
{
    enum { ESCAPED_SIZE = 6 };
    const unsigned char *bytes = (const unsigned char *)text.data;
    struct hr_buffer out;
    size_t plain = 0; /* up to here it is in the buffer */
    hr_buffer_init(&out, into, text.size * ESCAPED_SIZE + 1);
    for (size_t at = 0; at < text.size;) {
        size_t size = utf8_sequence(bytes + at, text.size - at);
        uint32_t point = size == 0 ? bytes[at] : code_point(bytes + at, size);
        if (size == 0 || acts_unseen(point)) {
            hr_buffer_add_text(&out, hr_text_slice(text, plain, at));
            hr_buffer_add_format(&out, "\\u%04x", (unsigned)point);
            plain = at + (size == 0 ? 1 : size);
        }
        at += size == 0 ? 1 : size;
    }
    if (plain == 0) {
        return text;
    }
    hr_buffer_add_text(&out, hr_text_slice(text, plain, text.size));
    return hr_buffer_text(&out);
}

uint64_t hr_text_hash(struct hr_text text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t at = 0; at < text.size; at++) {
        hash = (hash ^ (unsigned char)text.data[at]) * UINT64_C(1099511628211);
    }
    hash ^= hash >> 32;
    hash *= UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ (hash >> 29);
}

struct hr_text hr_text_copy(struct hr_arena *into, struct hr_text text)
{
    char *copy = hr_arena_alloc(into, text.size + 1);
    if (copy == NULL) {
        return HR_TEXT_NONE;
    }
    if (text.size > 0) {
        memcpy(copy, text.data, text.size);
    }
    copy[text.size] = '\0';
    return (struct hr_text){copy, text.size};
}

struct hr_text hr_text_format(struct hr_arena *into, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int size = vsnprintf(NULL, 0, format, list);
    va_end(list);
    char *text = size < 0 ? NULL : hr_arena_alloc(into, (size_t)size + 1);
    if (text == NULL) {
        return HR_TEXT_NONE;
    }
    va_start(list, format);
    (void)vsnprintf(text, (size_t)size + 1, format, list);
    va_end(list);
    return (struct hr_text){text, (size_t)size};
}

struct hr_text hr_count_say(struct hr_arena *into, uint64_t count, const char *one,
                            const char *many)
{
    return hr_text_format(into, "%llu %s", (unsigned long long)count, count == 1 ? one : many);
}
