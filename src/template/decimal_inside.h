/* template/decimal_inside: decimal numbers. */
#ifndef HR_TEMPLATE_DECIMAL_INSIDE_H
#define HR_TEMPLATE_DECIMAL_INSIDE_H

#include "data/value.h"

/* digits / 10^scale; |digits| < 10^36. real: shown with a point even when whole. */
struct hr_decimal {
    __int128 digits;
    uint32_t scale;
    bool real;
};
/* Reads "-12.50" or "1e3"; false for anything else or beyond the range. */
bool hr_decimal_read(struct hr_text text, struct hr_decimal *ret_decimal);
/* What Liquid takes a value for: "12 eggs" is 12, what is no number 0. False beyond the range. */
bool hr_decimal_of(const struct hr_value *value, struct hr_decimal *ret_decimal);
struct hr_decimal hr_decimal_whole(int64_t whole);
/* False beyond the range; the last three also for a divisor of zero. */
bool hr_decimal_add(const struct hr_decimal *a, const struct hr_decimal *b, struct hr_decimal *ret);
bool hr_decimal_multiply(const struct hr_decimal *a, const struct hr_decimal *b,
                         struct hr_decimal *ret);
bool hr_decimal_divide(const struct hr_decimal *a, const struct hr_decimal *b,
                       struct hr_decimal *ret);
bool hr_decimal_modulo(const struct hr_decimal *a, const struct hr_decimal *b,
                       struct hr_decimal *ret);
int hr_decimal_compare(const struct hr_decimal *a, const struct hr_decimal *b);
/* To so many places (negative: tens, hundreds), halves away from zero; floor and ceiling. */
bool hr_decimal_round(const struct hr_decimal *a, int64_t places, struct hr_decimal *ret);
struct hr_decimal hr_decimal_floor(const struct hr_decimal *a);
struct hr_decimal hr_decimal_ceil(const struct hr_decimal *a);

#endif
