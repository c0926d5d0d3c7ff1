/* template/filters_number: arithmetic, in decimal numbers. What is no number counts as 0, as Liquid has it. */
#include "template/filters_inside.h"

enum {
    ARGUMENT_NONE = -1,
    MONEY_PLACES_MAX = 4, /* ISO 4217 knows none with more */
    AMOUNT_SIZE_MAX = 48  /* 36 digits, a point */
};

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

/* Adds a whole amount of the smallest unit with so many places behind the point: 49900, 2 is 499.00. */
static void write_amount(struct hr_buffer *out, __int128 amount, uint32_t places)
{
    char reversed[AMOUNT_SIZE_MAX];
    size_t size = 0;
    unsigned __int128 rest = (unsigned __int128)(amount < 0 ? -amount : amount);
    while (rest > 0 || size <= places + (places > 0)) {
        if (places > 0 && size == places) {
            reversed[size++] = '.';
        }
        reversed[size++] = (char)('0' + (int)(rest % 10));
        rest /= 10;
        hr_assert(size < AMOUNT_SIZE_MAX);
    }
    hr_buffer_add_text(out, amount < 0 ? HR_TEXT("-") : HR_TEXT_NONE);
    while (size > 0) {
        hr_buffer_add_byte(out, reversed[--size]);
    }
}

/* Not "12 eggs": an amount that is none would be told to a customer as 0.00. */
static bool is_amount(const struct hr_value *value, struct hr_decimal *ret_amount)
{
    bool read = value->kind == HR_KIND_text
                    ? hr_decimal_read(hr_value_as_text(value), ret_amount)
                    : hr_template_is_number(value) && hr_decimal_of(value, ret_amount);
    struct hr_decimal whole = read ? hr_decimal_floor(ret_amount) : hr_decimal_whole(0);
    if (!read || hr_decimal_compare(&whole, ret_amount) != 0) {
        return false;
    }
    *ret_amount = whole;
    return true;
}

static int32_t apply_money(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    struct hr_buffer out;
    struct hr_decimal amount;
    int64_t places = 2;
    int32_t outcome = hr_template_filter_whole(call, 0, places, &places);
    if (outcome != 0) {
        return outcome;
    }
    if (places < 0 || places > MONEY_PLACES_MAX) {
        return hr_template_filter_fail(call, "money has 0 to 4 places");
    }
    if (!is_amount(&call->input.value, &amount)) {
        return hr_template_filter_fail(
            call, "money takes a whole number of the smallest unit, 49900 for 499.00");
    }
    hr_template_text_begin(call->run, &out);
    write_amount(&out, amount.digits, (uint32_t)places);
    return hr_template_text_end(call->run, &out, &ret->value);
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
    {"money", 0, 1, apply_money},
    {"plus", 1, 1, apply_plus},
    {"round", 0, 1, apply_round},
    {"times", 1, 1, apply_times},
    {NULL, 0, 0, NULL},
};
