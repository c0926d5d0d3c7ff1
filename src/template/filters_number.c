/* template/filters_number: arithmetic, in decimal numbers. What is no number counts as 0, as Liquid has it. */
#include "template/filters_inside.h"

enum { ARGUMENT_NONE = -1 };

/* The input, or an argument by its number, as a number. */
static int32_t number_of(struct hr_template_filtering *call, int32_t arg,
                         struct hr_decimal *ret_number)
{
    const struct hr_value *value =
        arg == ARGUMENT_NONE ? &call->input.value : &call->args[arg].value;
    return hr_decimal_of(value, ret_number)
               ? 0
               : hr_template_filter_fail(call, "this number has too many digits");
}

static int32_t answer(struct hr_template_filtering *call, const struct hr_decimal *number,
                      struct hr_template_result *ret_result)
{
    return hr_decimal_value(call->run, number, &ret_result->value);
}

typedef bool (*combine)(const struct hr_decimal *a, const struct hr_decimal *b,
                        struct hr_decimal *ret);

/* Input and argument to one number. */
static int32_t combined(struct hr_template_filtering *call, combine with, const char *why,
                        struct hr_template_result *ret_result)
{
    struct hr_decimal input;
    struct hr_decimal arg;
    struct hr_decimal number;
    int32_t outcome = number_of(call, ARGUMENT_NONE, &input);
    if (outcome == 0) {
        outcome = number_of(call, 0, &arg);
    }
    if (outcome != 0) {
        return outcome;
    }
    if (!with(&input, &arg, &number)) {
        return hr_template_filter_fail(call, why);
    }
    return answer(call, &number, ret_result);
}

#define TOO_LARGE "the number becomes too large"

static bool subtract(const struct hr_decimal *a, const struct hr_decimal *b, struct hr_decimal *ret)
{
    struct hr_decimal negative = *b;
    negative.digits = -negative.digits;
    return hr_decimal_add(a, &negative, ret);
}

static bool greater(const struct hr_decimal *a, const struct hr_decimal *b, struct hr_decimal *ret)
{
    *ret = hr_decimal_compare(a, b) < 0 ? *b : *a;
    return true;
}

static bool lesser(const struct hr_decimal *a, const struct hr_decimal *b, struct hr_decimal *ret)
{
    *ret = hr_decimal_compare(a, b) > 0 ? *b : *a;
    return true;
}

static int32_t apply_plus(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return combined(call, hr_decimal_add, TOO_LARGE, ret);
}

static int32_t apply_minus(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return combined(call, subtract, TOO_LARGE, ret);
}

static int32_t apply_times(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return combined(call, hr_decimal_multiply, TOO_LARGE, ret);
}

static int32_t apply_divided_by(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return combined(call, hr_decimal_divide, "a number cannot be divided by zero", ret);
}

static int32_t apply_modulo(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return combined(call, hr_decimal_modulo, "a number cannot be divided by zero", ret);
}

static int32_t apply_at_least(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return combined(call, greater, TOO_LARGE, ret);
}

static int32_t apply_at_most(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return combined(call, lesser, TOO_LARGE, ret);
}

static int32_t apply_abs(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    struct hr_decimal number;
    int32_t outcome = number_of(call, ARGUMENT_NONE, &number);
    number.digits = number.digits < 0 ? -number.digits : number.digits;
    return outcome != 0 ? outcome : answer(call, &number, ret);
}

static int32_t apply_ceil(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    struct hr_decimal number;
    int32_t outcome = number_of(call, ARGUMENT_NONE, &number);
    if (outcome != 0) {
        return outcome;
    }
    number = hr_decimal_ceil(&number);
    return answer(call, &number, ret);
}

static int32_t apply_floor(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    struct hr_decimal number;
    int32_t outcome = number_of(call, ARGUMENT_NONE, &number);
    if (outcome != 0) {
        return outcome;
    }
    number = hr_decimal_floor(&number);
    return answer(call, &number, ret);
}

static int32_t apply_round(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    struct hr_decimal number;
    struct hr_decimal places = hr_decimal_whole(0);
    int32_t outcome = number_of(call, ARGUMENT_NONE, &number);
    if (outcome == 0 && call->count > 0) {
        outcome = number_of(call, 0, &places);
        places = hr_decimal_floor(&places);
    }
    if (outcome != 0) {
        return outcome;
    }
    bool far = places.digits > 100 || places.digits < -100;
    if (far || !hr_decimal_round(&number, (int64_t)places.digits, &number)) {
        return hr_template_filter_fail(call, "a number cannot be rounded to so many places");
    }
    return answer(call, &number, ret);
}

const struct hr_template_filter hr_template_filters_number[] = {
    {"abs", 0, 0, apply_abs},
    {"at_least", 1, 1, apply_at_least},
    {"at_most", 1, 1, apply_at_most},
    {"ceil", 0, 0, apply_ceil},
    {"divided_by", 1, 1, apply_divided_by},
    {"floor", 0, 0, apply_floor},
    {"minus", 1, 1, apply_minus},
    {"modulo", 1, 1, apply_modulo},
    {"plus", 1, 1, apply_plus},
    {"round", 0, 1, apply_round},
    {"times", 1, 1, apply_times},
    {NULL, 0, 0, NULL},
};
