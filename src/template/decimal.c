/* template/decimal: numbers as people count money: digits and a scale, no binary fractions, so that 10.1 minus 2.2 is
 * 7.9. A quotient has 16 significant digits. */
#include "template/run_inside.h"

enum {
    DIGITS_MAX = 36,
    SCALE_MAX = 30,
    QUOTIENT_DIGITS = 16,
    FACTOR_DIGITS = 18,
    REAL_SIZE_MAX = 64 /* of a double's shortest form, more than any has */
};

static __int128 power_of_ten(uint32_t exponent)
{
    __int128 power = 1;
    hr_assert(exponent <= DIGITS_MAX);
    for (uint32_t i = 0; i < exponent; i++) {
        power *= 10;
    }
    return power;
}

static __int128 magnitude(__int128 number)
{
    return number < 0 ? -number : number;
}

/* How many decimal digits a number has; 0 for zero. */
static uint32_t count_digits(__int128 number)
{
    uint32_t digits = 0;
    for (number = magnitude(number); number > 0; number /= 10) {
        digits++;
    }
    return digits;
}

/* number / 10^places, halves away from zero. */
static __int128 shift_down(__int128 number, uint32_t places)
{
    if (places > DIGITS_MAX) {
        return 0;
    }
    __int128 power = power_of_ten(places);
    __int128 half = power / 2;
    __int128 sized = magnitude(number);
    __int128 quotient = sized / power;
    quotient += places > 0 && sized % power >= half ? 1 : 0;
    return number < 0 ? -quotient : quotient;
}

/* number * 10^places; false beyond the range. */
static bool shift_up(__int128 *number, uint32_t places)
{
    if (*number == 0) {
        return true;
    }
    if (count_digits(*number) + places > DIGITS_MAX) {
        return false;
    }
    *number *= power_of_ten(places);
    return true;
}

/* Drops zeros behind the point, and digits that there is no room for. */
static bool settle(struct hr_decimal *decimal)
{
    uint32_t digits = count_digits(decimal->digits);
    uint32_t surplus = digits > DIGITS_MAX ? digits - DIGITS_MAX : 0;
    if (decimal->scale > SCALE_MAX && decimal->scale - SCALE_MAX > surplus) {
        surplus = decimal->scale - SCALE_MAX;
    }
    if (surplus > decimal->scale) {
        return false;
    }
    decimal->digits = shift_down(decimal->digits, surplus);
    decimal->scale -= surplus;
    while (decimal->scale > 0 && decimal->digits % 10 == 0) {
        decimal->digits /= 10;
        decimal->scale--;
    }
    return true;
}

/* ---- reading and writing ------------------------------------------------------------------- */

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Digits with at most one point. Behind SCALE_MAX places they no longer count. */
static bool read_digits(struct hr_text text, struct hr_decimal *ret)
{
    bool point = false;
    bool any = false;
    uint32_t count = 0; /* of digits behind the zeros it begins with */
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '.' && !point && any) {
            point = true;
            continue;
        }
        if (!is_digit(text.data[i])) {
            return false;
        }
        any = true;
        if (point && ret->scale >= SCALE_MAX) {
            continue;
        }
        if (count >= DIGITS_MAX) {
            if (!point) {
                return false;
            }
            continue;
        }
        ret->digits = ret->digits * 10 + (text.data[i] - '0');
        ret->scale += point;
        count += ret->digits > 0;
    }
    ret->real = point;
    return any && text.data[text.size - 1] != '.';
}

bool hr_decimal_read(struct hr_text text, struct hr_decimal *ret_decimal)
{
    struct hr_decimal decimal = {0};
    int64_t exponent = 0;
    bool negative = text.size > 0 && text.data[0] == '-';
    struct hr_text rest = hr_text_slice(text, negative, text.size);
    size_t mark =
        hr_text_find(rest, 'e') < rest.size ? hr_text_find(rest, 'e') : hr_text_find(rest, 'E');
    struct hr_text digits = hr_text_slice(rest, 0, mark);
    if (digits.size > 1024 || !read_digits(digits, &decimal)) {
        return false;
    }
    if (mark < rest.size) {
        size_t from = mark + 1;
        from += from < rest.size && rest.data[from] == '+';
        if (!hr_text_to_integer(hr_text_slice(rest, from, rest.size), &exponent) ||
            exponent < -400 || exponent > 400) {
            return false;
        }
        decimal.real = true;
    }
    if (exponent > 0) {
        uint32_t up = (uint32_t)exponent;
        uint32_t places = up < decimal.scale ? up : decimal.scale;
        decimal.scale -= places;
        if (!shift_up(&decimal.digits, up - places)) {
            return false;
        }
    } else {
        decimal.scale += (uint32_t)-exponent;
    }
    decimal.digits = negative ? -decimal.digits : decimal.digits;
    *ret_decimal = decimal;
    return settle(ret_decimal);
}

struct hr_decimal hr_decimal_whole(int64_t whole)
{
    return (struct hr_decimal){.digits = whole};
}

/* -?digits.digits is a number with places; else the whole number that a text begins with. */
static bool text_decimal(struct hr_text text, struct hr_decimal *ret)
{
    text = hr_text_trim(text);
    size_t at = text.size > 0 && (text.data[0] == '-' || text.data[0] == '+');
    size_t from = at;
    while (at < text.size && is_digit(text.data[at])) {
        at++;
    }
    size_t whole = at;
    if (at > from && at + 1 < text.size && text.data[at] == '.' && text.data[0] != '+') {
        at++;
        while (at < text.size && is_digit(text.data[at])) {
            at++;
        }
    }
    size_t end = at == text.size && at > whole + 1 ? at : whole;
    *ret = hr_decimal_whole(0);
    size_t begin = text.size > 0 && text.data[0] == '+' ? 1 : 0;
    return whole == from || hr_decimal_read(hr_text_slice(text, begin, end), ret);
}

/* The digits of a double that was calculated. The buffer never grows: no double is as long as that. */
static struct hr_text write_real(const struct hr_value *value, char *bytes)
{
    struct hr_buffer out = {.data = bytes, .capacity = REAL_SIZE_MAX, .limit = REAL_SIZE_MAX};
    hr_json_write(&out, value);
    hr_assert(!out.failed);
    return hr_buffer_text(&out);
}

bool hr_decimal_of(const struct hr_value *value, struct hr_decimal *ret_decimal)
{
    *ret_decimal = hr_decimal_whole(0);
    switch (value->kind) {
    case HR_KIND_int:
        *ret_decimal = hr_decimal_whole(value->integer);
        return true;
    case HR_KIND_uint:
        ret_decimal->digits = (__int128)value->natural;
        return true;
    case HR_KIND_text:
        return text_decimal(hr_value_as_text(value), ret_decimal);
    case HR_KIND_double: {
        char bytes[REAL_SIZE_MAX];
        struct hr_text written = {value->number_text, value->number_size};
        if (value->number_size == 0) {
            written = write_real(value, bytes);
        }
        bool good = hr_decimal_read(written, ret_decimal);
        /* A long id is a whole number, whatever kind had room for it. */
        ret_decimal->real = ret_decimal->real || value->number_size == 0;
        return good;
    }
    default:
        return true;
    }
}

/* The nearest double, near enough for whoever looks at the value as a double. */
static double real_of(const struct hr_decimal *decimal)
{
    const __int128 split = (__int128)1000000000 * 1000000000;
    double real = (double)(int64_t)(decimal->digits / split) * 1e18 +
                  (double)(int64_t)(decimal->digits % split);
    for (uint32_t i = 0; i < decimal->scale; i++) {
        real /= 10;
    }
    return real;
}

/* The digits with their point. */
static void write_decimal(struct hr_buffer *out, const struct hr_decimal *decimal)
{
    char digits[DIGITS_MAX + SCALE_MAX + 4];
    size_t at = sizeof(digits);
    __int128 left = magnitude(decimal->digits);
    uint32_t places = 0;
    if (decimal->real && decimal->scale == 0) {
        digits[--at] = '0';
        digits[--at] = '.';
    }
    while (left > 0 || places <= decimal->scale) {
        if (places == decimal->scale && places > 0) {
            digits[--at] = '.';
        }
        digits[--at] = (char)('0' + (int)(left % 10));
        left /= 10;
        places++;
    }
    if (decimal->digits < 0) {
        hr_buffer_add_byte(out, '-');
    }
    hr_buffer_add(out, digits + at, sizeof(digits) - at);
}

int32_t hr_decimal_value(struct hr_template_run *run, const struct hr_decimal *decimal,
                         struct hr_value *ret_value)
{
    struct hr_buffer out;
    struct hr_value text;
    bool fits = decimal->digits >= INT64_MIN && decimal->digits <= INT64_MAX;
    if (!decimal->real && decimal->scale == 0 && fits) {
        *ret_value = hr_value_int((int64_t)decimal->digits);
        return 0;
    }
    hr_template_text_begin(run, &out);
    write_decimal(&out, decimal);
    int32_t outcome = hr_template_text_end(run, &out, &text);
    if (outcome == 0) {
        *ret_value = (struct hr_value){.kind = HR_KIND_double,
                                       .number_size = (uint16_t)text.count,
                                       .number_text = text.text,
                                       .real = real_of(decimal)};
    }
    return outcome;
}

/* ---- arithmetic ---------------------------------------------------------------------------- */

/* Both at the greater of their scales. */
static bool align(struct hr_decimal *a, struct hr_decimal *b)
{
    uint32_t scale = a->scale > b->scale ? a->scale : b->scale;
    bool good = shift_up(&a->digits, scale - a->scale) && shift_up(&b->digits, scale - b->scale);
    a->scale = scale;
    b->scale = scale;
    return good;
}

bool hr_decimal_add(const struct hr_decimal *a, const struct hr_decimal *b, struct hr_decimal *ret)
{
    struct hr_decimal left = *a;
    struct hr_decimal right = *b;
    if (!align(&left, &right)) {
        return false;
    }
    *ret = (struct hr_decimal){left.digits + right.digits, left.scale, a->real || b->real};
    return settle(ret);
}

/* At most so many significant digits, so that products and quotients stay in range. */
static void shorten(struct hr_decimal *decimal, uint32_t most)
{
    uint32_t digits = count_digits(decimal->digits);
    uint32_t surplus = digits > most ? digits - most : 0;
    surplus = surplus > decimal->scale ? decimal->scale : surplus;
    decimal->digits = shift_down(decimal->digits, surplus);
    decimal->scale -= surplus;
}

bool hr_decimal_multiply(const struct hr_decimal *a, const struct hr_decimal *b,
                         struct hr_decimal *ret)
{
    struct hr_decimal left = *a;
    struct hr_decimal right = *b;
    if (count_digits(left.digits) + count_digits(right.digits) > DIGITS_MAX) {
        shorten(&left, FACTOR_DIGITS);
        shorten(&right, FACTOR_DIGITS);
    }
    if (count_digits(left.digits) + count_digits(right.digits) > DIGITS_MAX) {
        return false;
    }
    *ret = (struct hr_decimal){left.digits * right.digits, left.scale + right.scale,
                               a->real || b->real};
    return settle(ret);
}

/* Rounds down, as whole numbers are divided. */
static __int128 divide_down(__int128 a, __int128 b)
{
    __int128 quotient = a / b;
    bool inexact = a % b != 0;
    return inexact && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

bool hr_decimal_divide(const struct hr_decimal *a, const struct hr_decimal *b,
                       struct hr_decimal *ret)
{
    struct hr_decimal left = *a;
    struct hr_decimal right = *b;
    if (right.digits == 0) {
        return false;
    }
    if (!a->real && !b->real) {
        *ret = (struct hr_decimal){.digits = divide_down(left.digits, right.digits)};
        return true;
    }
    shorten(&left, FACTOR_DIGITS);
    shorten(&right, FACTOR_DIGITS);
    uint32_t room =
        count_digits(left.digits) < DIGITS_MAX ? DIGITS_MAX - count_digits(left.digits) : 0;
    if (!shift_up(&left.digits, room)) {
        return false;
    }
    left.scale += room;
    hr_assert(right.digits != 0); /* its first digits are left */
    __int128 quotient = left.digits / right.digits;
    if (left.scale < right.scale) {
        if (!shift_up(&quotient, right.scale - left.scale)) {
            return false;
        }
        left.scale = right.scale;
    }
    *ret = (struct hr_decimal){quotient, left.scale - right.scale, true};
    shorten(ret, QUOTIENT_DIGITS);
    return settle(ret);
}

bool hr_decimal_modulo(const struct hr_decimal *a, const struct hr_decimal *b,
                       struct hr_decimal *ret)
{
    struct hr_decimal left = *a;
    struct hr_decimal right = *b;
    if (right.digits == 0 || !align(&left, &right)) {
        return false;
    }
    __int128 rest = left.digits % right.digits;
    if (rest != 0 && (rest < 0) != (right.digits < 0)) {
        rest += right.digits;
    }
    *ret = (struct hr_decimal){rest, left.scale, a->real || b->real};
    return settle(ret);
}

int hr_decimal_compare(const struct hr_decimal *a, const struct hr_decimal *b)
{
    __int128 left_power = power_of_ten(a->scale);
    __int128 right_power = power_of_ten(b->scale);
    __int128 left = divide_down(a->digits, left_power);
    __int128 right = divide_down(b->digits, right_power);
    if (left == right) { /* the same whole part: what is behind the point decides */
        left = (a->digits - left * left_power) * power_of_ten(SCALE_MAX - a->scale);
        right = (b->digits - right * right_power) * power_of_ten(SCALE_MAX - b->scale);
    }
    return left < right ? -1 : left > right;
}

bool hr_decimal_round(const struct hr_decimal *a, int64_t places, struct hr_decimal *ret)
{
    *ret = *a;
    if (places >= (int64_t)a->scale) {
        ret->real = a->real && places > 0;
        return true;
    }
    int64_t drop = (int64_t)a->scale - places;
    ret->digits = drop > DIGITS_MAX ? 0 : shift_down(a->digits, (uint32_t)drop);
    ret->scale = places > 0 ? (uint32_t)places : 0;
    ret->real = a->real && places > 0;
    if (places < 0 && !shift_up(&ret->digits, places < -DIGITS_MAX ? 0 : (uint32_t)-places)) {
        return false;
    }
    return settle(ret);
}

struct hr_decimal hr_decimal_floor(const struct hr_decimal *a)
{
    return (struct hr_decimal){.digits = divide_down(a->digits, power_of_ten(a->scale))};
}

struct hr_decimal hr_decimal_ceil(const struct hr_decimal *a)
{
    return (struct hr_decimal){.digits = -divide_down(-a->digits, power_of_ten(a->scale))};
}
