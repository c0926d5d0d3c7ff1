/* expr/decimal: doubles with a given number of decimals, exactly: the binary number is expanded to all
 * its decimal digits and rounded once, half to even. No library function that knows a locale. */
#include "expr/program.h"

#include <string.h>

enum {
    LIMBS = 34,                  /* of 32 bits, on each side of the binary point */
    POINT_BIT = LIMBS * 32,      /* where the point is */
    DIGITS_MAX = 312 + 1088 + 2, /* before and behind it */
    CHUNK = 1000000000           /* nine digits at a time */
};

/* 0.d0 d1 d2 ... times ten to the power of `point`; no zero first, none for zero itself. */
struct decimal {
    uint8_t digits[DIGITS_MAX];
    size_t count;
    int32_t point;
};

struct binary {
    uint32_t limbs[2 * LIMBS]; /* lowest first */
    bool negative;
};

static void take_apart(double real, struct binary *binary)
{
    uint64_t bits = 0;
    memcpy(&bits, &real, sizeof(bits));
    memset(binary, 0, sizeof(*binary));
    binary->negative = bits >> 63 != 0;
    uint32_t exponent = (uint32_t)(bits >> 52) & 0x7ff;
    uint64_t mantissa = bits & ((UINT64_C(1) << 52) - 1);
    if (exponent > 0) {
        mantissa |= UINT64_C(1) << 52;
        exponent--;
    }
    uint32_t bit = (uint32_t)POINT_BIT - 1074 + exponent;
    uint32_t shift = bit % 32;
    size_t limb = bit / 32;
    binary->limbs[limb] = (uint32_t)(mantissa << shift);
    binary->limbs[limb + 1] = (uint32_t)(shift == 0 ? mantissa >> 32 : mantissa >> (32 - shift));
    binary->limbs[limb + 2] = shift == 0 ? 0 : (uint32_t)(mantissa >> 32 >> (32 - shift));
}

static bool all_zero(const uint32_t *limbs)
{
    for (size_t i = 0; i < LIMBS; i++) {
        if (limbs[i] != 0) {
            return false;
        }
    }
    return true;
}

/* Divides in place; answers the remainder. */
static uint32_t divide(uint32_t *limbs, uint32_t by)
{
    uint64_t rest = 0;
    for (size_t i = LIMBS; i > 0; i--) {
        rest = rest << 32 | limbs[i - 1];
        limbs[i - 1] = (uint32_t)(rest / by);
        rest %= by;
    }
    return (uint32_t)rest;
}

/* Multiplies in place; answers what ran over. */
static uint32_t multiply(uint32_t *limbs, uint32_t by)
{
    uint64_t carry = 0;
    for (size_t i = 0; i < LIMBS; i++) {
        carry += (uint64_t)limbs[i] * by;
        limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return (uint32_t)carry;
}

static void expand_whole(uint32_t *limbs, struct decimal *decimal)
{
    uint8_t turned[320] = {0};
    size_t count = 0;
    while (!all_zero(limbs)) {
        uint32_t chunk = divide(limbs, CHUNK);
        for (int i = 0; i < 9; i++) {
            turned[count++] = (uint8_t)(chunk % 10);
            chunk /= 10;
        }
    }
    while (count > 0 && turned[count - 1] == 0) {
        count--;
    }
    decimal->point = (int32_t)count;
    while (count > 0) {
        decimal->digits[decimal->count++] = turned[--count];
    }
}

static void expand(double real, struct decimal *decimal, bool *ret_negative)
{
    struct binary binary;
    take_apart(real, &binary);
    *ret_negative = binary.negative;
    decimal->count = 0;
    decimal->point = 0;
    expand_whole(binary.limbs + LIMBS, decimal);
    while (!all_zero(binary.limbs)) {
        uint32_t digit = multiply(binary.limbs, 10);
        if (digit == 0 && decimal->count == 0) {
            decimal->point--;
        } else {
            decimal->digits[decimal->count++] = (uint8_t)digit;
        }
    }
}

/* True if what stands behind the first `keep` digits rounds up. */
static bool rounds_up(const struct decimal *decimal, size_t keep)
{
    if (keep >= decimal->count || decimal->digits[keep] != 5) {
        return keep < decimal->count && decimal->digits[keep] > 5;
    }
    for (size_t i = keep + 1; i < decimal->count; i++) {
        if (decimal->digits[i] != 0) {
            return true;
        }
    }
    return keep > 0 && decimal->digits[keep - 1] % 2 == 1;
}

/* Keeps so many digits; a negative number keeps none and rounds to zero. */
static void round_to(struct decimal *decimal, int32_t keep)
{
    if (keep < 0) {
        decimal->count = 0;
        return;
    }
    size_t kept = (size_t)keep;
    bool up = rounds_up(decimal, kept);
    decimal->count = kept < decimal->count ? kept : decimal->count;
    if (!up) {
        return;
    }
    while (kept > 0 && decimal->digits[kept - 1] == 9) {
        kept--;
    }
    decimal->count = kept;
    if (kept > 0) {
        decimal->digits[kept - 1]++;
        return;
    }
    decimal->digits[0] = 1;
    decimal->count = 1;
    decimal->point++;
}

/* The digit at a place counted from the point: -1 is the first decimal, 0 the last before it. */
static char digit_at(const struct decimal *decimal, int32_t index)
{
    bool there = index >= 0 && (size_t)index < decimal->count;
    return (char)('0' + (there ? decimal->digits[index] : 0));
}

void hr_expr_write_fixed(struct hr_buffer *out, double real, uint32_t decimals)
{
    struct decimal decimal;
    bool negative = false;
    expand(real, &decimal, &negative);
    round_to(&decimal, decimal.point + (int32_t)decimals);
    hr_buffer_add_text(out, negative ? HR_TEXT("-") : HR_TEXT(""));
    if (decimal.point <= 0 || decimal.count == 0) {
        hr_buffer_add_byte(out, '0');
    }
    for (int32_t i = 0; decimal.count > 0 && i < decimal.point; i++) {
        hr_buffer_add_byte(out, digit_at(&decimal, i));
    }
    hr_buffer_add_text(out, decimals > 0 ? HR_TEXT(".") : HR_TEXT(""));
    for (uint32_t i = 0; i < decimals; i++) {
        hr_buffer_add_byte(out, digit_at(&decimal, decimal.point + (int32_t)i));
    }
}

void hr_expr_write_scientific(struct hr_buffer *out, double real, uint32_t decimals)
{
    struct decimal decimal;
    bool negative = false;
    expand(real, &decimal, &negative);
    bool zero = decimal.count == 0;
    round_to(&decimal, (int32_t)decimals + 1);
    int32_t exponent = zero ? 0 : decimal.point - 1;
    hr_buffer_add_text(out, negative ? HR_TEXT("-") : HR_TEXT(""));
    hr_buffer_add_byte(out, digit_at(&decimal, 0));
    hr_buffer_add_text(out, decimals > 0 ? HR_TEXT(".") : HR_TEXT(""));
    for (uint32_t i = 1; i <= decimals; i++) {
        hr_buffer_add_byte(out, digit_at(&decimal, (int32_t)i));
    }
    hr_buffer_add_format(out, "e%c%02d", exponent < 0 ? '-' : '+',
                         exponent < 0 ? -exponent : exponent);
}
