/* expr/functions_math: CEL's math extension: the greatest and the least, rounding, signs, bits, roots.
 * Only what every machine computes alike. */
#include "expr/program.h"

#include <math.h>

#define APPLY(name)                                                                                \
    static int32_t name(struct hr_expr_run *run, const struct hr_expr_node *node,                  \
                        const struct hr_value *args, struct hr_value *ret_value)

static const char overflow[] = "the result does not fit";

/* ---- greatest and least ---------------------------------------------------------------------- */

static bool is_number(const struct hr_value *value)
{
    return value->kind == HR_KIND_int || value->kind == HR_KIND_uint ||
           value->kind == HR_KIND_double;
}

/* The item that all others are not beyond; wanted: 1 the greatest, -1 the least. */
static int32_t extreme(struct hr_expr_run *run, const struct hr_expr_node *node,
                       const struct hr_value *list, int wanted, struct hr_value *ret_value)
{
    if (list->count == 0) {
        return hr_expr_fail(run, node, "of no numbers none is the greatest or the least");
    }
    if (!hr_expr_spend(run, list->count)) {
        return HR_EXPR_BUDGET;
    }
    const struct hr_value *best = &list->items[0];
    for (uint32_t i = 0; i < list->count; i++) {
        if (!is_number(&list->items[i])) {
            return hr_expr_fail(run, node, "these are not all numbers");
        }
        best = hr_expr_order(&list->items[i], best) == wanted ? &list->items[i] : best;
    }
    *ret_value = *best;
    return 0;
}

APPLY(apply_greatest)
{
    return extreme(run, node, &args[0], 1, ret_value);
}

APPLY(apply_least)
{
    return extreme(run, node, &args[0], -1, ret_value);
}

APPLY(apply_same)
{
    (void)run;
    (void)node;
    *ret_value = args[0];
    return 0;
}

/* ---- rounding and signs ---------------------------------------------------------------------- */

APPLY(apply_round)
{
    (void)run;
    double real = args[0].real;
    switch (node->text.data[5]) { /* behind "math." */
    case 'c':
        real = ceil(real);
        break;
    case 'f':
        real = floor(real);
        break;
    case 'r':
        real = round(real);
        break;
    default:
        real = trunc(real);
        break;
    }
    *ret_value = hr_value_double(real);
    return 0;
}

APPLY(apply_abs_int)
{
    if (args[0].integer == INT64_MIN) {
        return hr_expr_fail(run, node, overflow);
    }
    *ret_value = hr_value_int(args[0].integer < 0 ? -args[0].integer : args[0].integer);
    return 0;
}

APPLY(apply_abs_double)
{
    (void)run;
    (void)node;
    *ret_value = hr_value_double(fabs(args[0].real));
    return 0;
}

APPLY(apply_sign_int)
{
    (void)run;
    (void)node;
    *ret_value = hr_value_int((args[0].integer > 0) - (args[0].integer < 0));
    return 0;
}

APPLY(apply_sign_uint)
{
    (void)run;
    (void)node;
    *ret_value = hr_expr_uint_of(args[0].natural > 0 ? 1 : 0);
    return 0;
}

APPLY(apply_sign_double)
{
    (void)run;
    (void)node;
    double real = args[0].real;
    *ret_value = hr_value_double(real > 0.0 ? 1.0 : real < 0.0 ? -1.0 : real);
    return 0;
}

static bool is_nan(double real)
{
    return !(real <= 0.0) && !(real >= 0.0);
}

static bool is_infinite(double real)
{
    return real > 1.7976931348623157e308 || real < -1.7976931348623157e308;
}

APPLY(apply_is_nan)
{
    (void)run;
    (void)node;
    *ret_value = hr_value_bool(is_nan(args[0].real));
    return 0;
}

APPLY(apply_is_infinite)
{
    (void)run;
    (void)node;
    *ret_value = hr_value_bool(is_infinite(args[0].real));
    return 0;
}

APPLY(apply_is_finite)
{
    (void)run;
    (void)node;
    *ret_value = hr_value_bool(!is_nan(args[0].real) && !is_infinite(args[0].real));
    return 0;
}

APPLY(apply_sqrt)
{
    (void)run;
    (void)node;
    double real = args[0].kind == HR_KIND_int    ? (double)args[0].integer
                  : args[0].kind == HR_KIND_uint ? (double)args[0].natural
                                                 : args[0].real;
    *ret_value = hr_value_double(sqrt(real));
    return 0;
}

/* ---- bits ------------------------------------------------------------------------------------ */

static struct hr_value like(const struct hr_value *number, uint64_t bits)
{
    return number->kind == HR_KIND_uint ? hr_expr_uint_of(bits) : hr_value_int((int64_t)bits);
}

APPLY(apply_bits)
{
    (void)run;
    uint64_t a = args[0].natural;
    uint64_t b = args[1].natural;
    uint64_t result = 0;
    switch (node->text.data[8]) { /* behind "math.bit" */
    case 'A':
        result = a & b;
        break;
    case 'O':
        result = a | b;
        break;
    default:
        result = a ^ b;
        break;
    }
    *ret_value = like(&args[0], result);
    return 0;
}

APPLY(apply_bit_not)
{
    (void)run;
    (void)node;
    *ret_value = like(&args[0], ~args[0].natural);
    return 0;
}

APPLY(apply_shift)
{
    int64_t by = args[1].integer;
    uint64_t bits = args[0].natural;
    if (by < 0) {
        return hr_expr_fail(run, node, "bits are not shifted by less than 0");
    }
    bool left = node->text.data[13] == 'L'; /* behind "math.bitShift" */
    uint64_t shifted = by >= 64 ? 0 : left ? bits << by : bits >> by;
    *ret_value = like(&args[0], shifted);
    return 0;
}

#define INT    HR_TYPE_int
#define UINT   HR_TYPE_uint
#define DOUBLE HR_TYPE_double
#define ONE(name, arg, result, apply)                                                              \
    {                                                                                              \
        name, HR_STYLE_global, 1, {arg}, result, 0, apply                                          \
    }
#define TWO(name, a, b, result, apply)                                                             \
    {                                                                                              \
        name, HR_STYLE_global, 2, {a, b}, result, 0, apply                                         \
    }
#define EXTREME(name, apply)                                                                       \
    ONE(name, INT, INT, apply_same), ONE(name, UINT, UINT, apply_same),                            \
        ONE(name, DOUBLE, DOUBLE, apply_same), ONE(name, HR_SHAPE_LIST(INT), INT, apply),          \
        ONE(name, HR_SHAPE_LIST(UINT), UINT, apply),                                               \
        ONE(name, HR_SHAPE_LIST(DOUBLE), DOUBLE, apply)
#define BITS(name, apply) TWO(name, INT, INT, INT, apply), TWO(name, UINT, UINT, UINT, apply)

static const struct hr_expr_overload rows[] = {
    EXTREME("math.greatest", apply_greatest),
    EXTREME("math.least", apply_least),
    ONE("math.ceil", DOUBLE, DOUBLE, apply_round),
    ONE("math.floor", DOUBLE, DOUBLE, apply_round),
    ONE("math.round", DOUBLE, DOUBLE, apply_round),
    ONE("math.trunc", DOUBLE, DOUBLE, apply_round),
    ONE("math.abs", INT, INT, apply_abs_int),
    ONE("math.abs", UINT, UINT, apply_same),
    ONE("math.abs", DOUBLE, DOUBLE, apply_abs_double),
    ONE("math.sign", INT, INT, apply_sign_int),
    ONE("math.sign", UINT, UINT, apply_sign_uint),
    ONE("math.sign", DOUBLE, DOUBLE, apply_sign_double),
    ONE("math.isNaN", DOUBLE, HR_TYPE_bool, apply_is_nan),
    ONE("math.isInf", DOUBLE, HR_TYPE_bool, apply_is_infinite),
    ONE("math.isFinite", DOUBLE, HR_TYPE_bool, apply_is_finite),
    ONE("math.sqrt", INT, DOUBLE, apply_sqrt),
    ONE("math.sqrt", UINT, DOUBLE, apply_sqrt),
    ONE("math.sqrt", DOUBLE, DOUBLE, apply_sqrt),
    BITS("math.bitAnd", apply_bits),
    BITS("math.bitOr", apply_bits),
    BITS("math.bitXor", apply_bits),
    ONE("math.bitNot", INT, INT, apply_bit_not),
    ONE("math.bitNot", UINT, UINT, apply_bit_not),
    TWO("math.bitShiftLeft", INT, INT, INT, apply_shift),
    TWO("math.bitShiftLeft", UINT, INT, UINT, apply_shift),
    TWO("math.bitShiftRight", INT, INT, INT, apply_shift),
    TWO("math.bitShiftRight", UINT, INT, UINT, apply_shift),
};

const struct hr_expr_table hr_expr_maths = {rows, sizeof(rows) / sizeof(rows[0])};
