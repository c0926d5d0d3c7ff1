/* data/inside: order, numbers as text, places and UTF-8, shared by the readers of this room. */
#include "data/inside.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- order -------------------------------------------------------------------------------- */

static bool stands_before(hr_order_compare compare, const void *context, uint32_t a, uint32_t b)
{
    int answer = compare(context, a, b);
    return answer < 0 || (answer == 0 && a < b);
}

static void sift_down(uint32_t *order, size_t root, size_t count, hr_order_compare compare,
                      const void *context)
{
    for (;;) {
        size_t child = 2 * root + 1;
        if (child >= count) {
            return;
        }
        if (child + 1 < count && stands_before(compare, context, order[child], order[child + 1])) {
            child++;
        }
        if (!stands_before(compare, context, order[root], order[child])) {
            return;
        }
        uint32_t moved = order[root];
        order[root] = order[child];
        order[child] = moved;
        root = child;
    }
}

void hr_order_sort(uint32_t *order, size_t count, hr_order_compare compare, const void *context)
{
    for (size_t root = count / 2; root-- > 0;) {
        sift_down(order, root, count, compare, context);
    }
    for (size_t last = count; last-- > 1;) {
        uint32_t moved = order[0];
        order[0] = order[last];
        order[last] = moved;
        sift_down(order, 0, last, compare, context);
    }
}

uint32_t *hr_order_make(struct hr_arena *arena, size_t count, hr_order_compare compare,
                        const void *context)
{
    hr_assert(count <= UINT32_MAX);
    uint32_t *order = hr_arena_new_many(arena, uint32_t, count);
    if (order == NULL) {
        return NULL;
    }
    for (size_t index = 0; index < count; index++) {
        order[index] = (uint32_t)index;
    }
    hr_order_sort(order, count, compare, context);
    return order;
}

/* ---- numbers ------------------------------------------------------------------------------ */

/* The fewest decimal digits that read back the same, and the power of ten: value = 0.DIGITS *
 * 10^point. */
static size_t shortest_digits(double positive, char digits[18], int *ret_point)
{
    char text[40];
    int written = 0;
    /* 15 digits of a normal number always survive, so a shorter form shows as zeros at the end;
     * numbers near zero carry fewer digits and must be searched from one digit up */
    for (int precision = positive < DBL_MIN ? 0 : 14; precision < 17; precision++) {
        written = snprintf(text, sizeof text, "%.*e", precision, positive);
        double back = strtod(text, NULL);
        if (back >= positive && back <= positive) {
            break;
        }
    }
    hr_assert(written > 0 && (size_t)written < sizeof text);
    size_t count = 0;
    const char *at = text;
    for (; *at != 'e'; at++) {
        if (*at != '.') {
            digits[count++] = *at;
        }
    }
    hr_assert(count > 0);
    int64_t power = 0;
    const char *sign = at + 1;
    hr_assert(hr_text_to_integer(hr_text_from(sign + (*sign == '+' ? 1 : 0)), &power));
    *ret_point = (int)power + 1;
    while (count > 1 && digits[count - 1] == '0') {
        count--;
    }
    return count;
}

static void add_zeros(struct hr_buffer *out, int count)
{
    for (; count > 0; count--) {
        hr_buffer_add_byte(out, '0');
    }
}

void hr_double_write(struct hr_buffer *out, double real)
{
    hr_assert(isfinite(real));
    if (fpclassify(real) == FP_ZERO) {
        hr_buffer_add_byte(out, '0');
        return;
    }
    if (real < 0) {
        hr_buffer_add_byte(out, '-');
        real = -real;
    }
    char digits[18];
    int point = 0;
    size_t count = shortest_digits(real, digits, &point);
    int size = (int)count;
    if (point > 21 || point <= -6) {
        hr_buffer_add_byte(out, digits[0]);
        if (size > 1) {
            hr_buffer_add_byte(out, '.');
            hr_buffer_add(out, digits + 1, count - 1);
        }
        hr_buffer_add_format(out, "e%+d", point - 1);
    } else if (point <= 0) {
        hr_buffer_add_text(out, HR_TEXT("0."));
        add_zeros(out, -point);
        hr_buffer_add(out, digits, count);
    } else if (size <= point) {
        hr_buffer_add(out, digits, count);
        add_zeros(out, point - size);
    } else {
        hr_buffer_add(out, digits, (size_t)point);
        hr_buffer_add_byte(out, '.');
        hr_buffer_add(out, digits + point, count - (size_t)point);
    }
}

/* Both factors are exact doubles, so one operation rounds once and the answer is the nearest
 * double. */
static bool read_exactly(struct hr_text text, double *ret_real)
{
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    uint64_t digits = 0;
    int power = 0;
    bool behind_point = false;
    size_t at = text.size > 0 && text.data[0] == '-' ? 1 : 0;
    bool negative = at == 1;
    for (; at < text.size; at++) {
        char byte = text.data[at];
        if (byte == '.') {
            behind_point = true;
            continue;
        }
        if (byte < '0' || byte > '9') {
            break;
        }
        if (digits > (UINT64_C(1) << 53) / 10 - 1) {
            return false;
        }
        digits = digits * 10 + (uint64_t)(byte - '0');
        power -= behind_point ? 1 : 0;
    }
    if (at < text.size) {
        int64_t exponent = 0;
        at += at + 1 < text.size && text.data[at + 1] == '+' ? 2 : 1;
        if (!hr_text_to_integer(hr_text_slice(text, at, text.size), &exponent) || exponent > 100 ||
            exponent < -100) {
            return false;
        }
        power += (int)exponent;
    }
    if (power > 22 || power < -22) {
        return false;
    }
    double real = (double)digits;
    real = power < 0 ? real / tens[-power] : real * tens[power];
    *ret_real = negative ? -real : real;
    return true;
}

double hr_double_read(struct hr_text text)
{
    double real = 0;
    if (read_exactly(text, &real)) {
        return real;
    }
    char copy[1025];
    hr_assert(text.size < sizeof copy);
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    /* the process never leaves the C locale, so the decimal point is a point */
    return strtod(copy, NULL);
}

/* ---- places and UTF-8 --------------------------------------------------------------------- */

struct hr_place hr_place_at(struct hr_text file, struct hr_text text, size_t offset)
{
    struct hr_place place = {.file = file, .line = 1, .column = 1, .size = 1};
    size_t at = hr_text_starts(text, HR_TEXT("\xEF\xBB\xBF")) ? 3 : 0;
    for (; at < offset && at < text.size; at++) {
        unsigned char byte = (unsigned char)text.data[at];
        if (byte == '\n') {
            place.line++;
            place.column = 1;
        } else if ((byte & 0xC0) != 0x80) {
            place.column++;
        }
    }
    return place;
}

static bool continues(const unsigned char *bytes, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        if ((bytes[index] & 0xC0) != 0x80) {
            return false;
        }
    }
    return true;
}

size_t hr_utf8_size(struct hr_text text, size_t at)
{
    hr_assert(at < text.size);
    const unsigned char *bytes = (const unsigned char *)text.data + at;
    size_t left = text.size - at;
    unsigned char lead = bytes[0];
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xC2 || lead > 0xF4) {
        return 0;
    }
    size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (left < size || !continues(bytes + 1, size - 1)) {
        return 0;
    }
    bool overlong = (lead == 0xE0 && bytes[1] < 0xA0) || (lead == 0xF0 && bytes[1] < 0x90);
    bool surrogate = lead == 0xED && bytes[1] > 0x9F;
    bool too_large = lead == 0xF4 && bytes[1] > 0x8F;
    return overlong || surrogate || too_large ? 0 : size;
}

uint32_t hr_utf8_next(struct hr_text text, size_t *at)
{
    hr_assert(*at < text.size);
    const unsigned char *bytes = (const unsigned char *)text.data + *at;
    size_t size = bytes[0] < 0x80 ? 1 : bytes[0] < 0xE0 ? 2 : bytes[0] < 0xF0 ? 3 : 4;
    hr_assert(*at + size <= text.size);
    uint32_t code_point = size == 1 ? bytes[0] : bytes[0] & (0xFFu >> (size + 1));
    for (size_t index = 1; index < size; index++) {
        code_point = code_point << 6 | (bytes[index] & 0x3Fu);
    }
    *at += size;
    return code_point;
}

size_t hr_utf8_put(char *bytes, uint32_t code_point)
{
    if (code_point < 0x80) {
        bytes[0] = (char)code_point;
        return 1;
    }
    size_t size = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (size_t index = size - 1; index > 0; index--) {
        bytes[index] = (char)(0x80 | (code_point & 0x3F));
        code_point >>= 6;
    }
    static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    bytes[0] = (char)(leads[size] | code_point);
    return size;
}

size_t hr_utf8_break(struct hr_text text)
{
    size_t at = 0;
    while (at < text.size) {
        if (text.size - at >= 8) {
            uint64_t word;
            memcpy(&word, text.data + at, 8);
            if ((word & UINT64_C(0x8080808080808080)) == 0) {
                at += 8;
                continue;
            }
        }
        size_t size = hr_utf8_size(text, at);
        if (size == 0) {
            return at;
        }
        at += size;
    }
    return at;
}
