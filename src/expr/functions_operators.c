/* expr/functions_operators: arithmetic and negation. Whole numbers that do not fit are a failure,
 * never a wrap. */
#include "expr/program.h"

#include <string.h>

static const char overflow[] = "the result does not fit";
static const char zero[] = "division by zero";

/* CEL's durations are those of a 64-bit count of nanoseconds. */
static const int64_t duration_most_us = INT64_MAX / 1000;

static char mark_of(const struct hr_expr_node *node)
{
    return node->text.data[0];
}

static int32_t apply_int(struct hr_expr_run *run, const struct hr_expr_node *node,
                         const struct hr_value *args, struct hr_value *ret_value)
{
    int64_t a = args[0].integer;
    int64_t b = args[1].integer;
    int64_t result = 0;
    bool lost = false;
    switch (mark_of(node)) {
    case '+':
        lost = __builtin_add_overflow(a, b, &result);
        break;
    case '-':
        lost = __builtin_sub_overflow(a, b, &result);
        break;
    case '*':
        lost = __builtin_mul_overflow(a, b, &result);
        break;
    default:
        if (b == 0) {
            return hr_expr_fail(run, node, zero);
        }
        lost = a == INT64_MIN && b == -1;
        if (!lost) {
            result = mark_of(node) == '/' ? a / b : a % b;
        }
        break;
    }
    *ret_value = hr_value_int(result);
    return lost ? hr_expr_fail(run, node, overflow) : 0;
}

static int32_t apply_uint(struct hr_expr_run *run, const struct hr_expr_node *node,
                          const struct hr_value *args, struct hr_value *ret_value)
{
    uint64_t a = args[0].natural;
    uint64_t b = args[1].natural;
    uint64_t result = 0;
    bool lost = false;
    switch (mark_of(node)) {
    case '+':
        lost = __builtin_add_overflow(a, b, &result);
        break;
    case '-':
        lost = __builtin_sub_overflow(a, b, &result);
        break;
    case '*':
        lost = __builtin_mul_overflow(a, b, &result);
        break;
    default:
        if (b == 0) {
            return hr_expr_fail(run, node, zero);
        }
        result = mark_of(node) == '/' ? a / b : a % b;
        break;
    }
    *ret_value = hr_expr_uint_of(result);
    return lost ? hr_expr_fail(run, node, overflow) : 0;
}

static int32_t apply_double(struct hr_expr_run *run, const struct hr_expr_node *node,
                            const struct hr_value *args, struct hr_value *ret_value)
{
    (void)run;
    double a = args[0].real;
    double b = args[1].real;
    double result = 0.0;
    switch (mark_of(node)) {
    case '+':
        result = a + b;
        break;
    case '-':
        result = a - b;
        break;
    case '*':
        result = a * b;
        break;
    default:
        result = a / b;
        break;
    }
    *ret_value = hr_value_double(result);
    return 0;
}

static int32_t apply_negate_int(struct hr_expr_run *run, const struct hr_expr_node *node,
                                const struct hr_value *args, struct hr_value *ret_value)
{
    if (args[0].integer == INT64_MIN) {
        return hr_expr_fail(run, node, overflow);
    }
    *ret_value = hr_value_int(-args[0].integer);
    return 0;
}

static int32_t apply_negate_double(struct hr_expr_run *run, const struct hr_expr_node *node,
                                   const struct hr_value *args, struct hr_value *ret_value)
{
    (void)run;
    (void)node;
    *ret_value = hr_value_double(-args[0].real);
    return 0;
}

static int32_t apply_not(struct hr_expr_run *run, const struct hr_expr_node *node,
                         const struct hr_value *args, struct hr_value *ret_value)
{
    (void)run;
    (void)node;
    *ret_value = hr_value_bool(!args[0].truth);
    return 0;
}

static int32_t apply_join_texts(struct hr_expr_run *run, const struct hr_expr_node *node,
                                const struct hr_value *args, struct hr_value *ret_value)
{
    (void)node;
    int32_t outcome = 0;
    size_t size = (size_t)args[0].count + args[1].count;
    char *joined = hr_expr_make(run, size, 1, &outcome);
    if (joined == NULL) {
        return outcome;
    }
    if (args[0].count > 0) {
        memcpy(joined, args[0].text, args[0].count);
    }
    if (args[1].count > 0) {
        memcpy(joined + args[0].count, args[1].text, args[1].count);
    }
    *ret_value = hr_value_text((struct hr_text){joined, size});
    ret_value->kind = args[0].kind;
    return 0;
}

static int32_t apply_join_lists(struct hr_expr_run *run, const struct hr_expr_node *node,
                                const struct hr_value *args, struct hr_value *ret_value)
{
    (void)node;
    int32_t outcome = 0;
    size_t count = (size_t)args[0].count + args[1].count;
    struct hr_value *joined = hr_expr_make(run, count, sizeof(struct hr_value), &outcome);
    if (joined == NULL) {
        return outcome;
    }
    for (uint32_t i = 0; i < args[0].count; i++) {
        joined[i] = args[0].items[i];
    }
    for (uint32_t i = 0; i < args[1].count; i++) {
        joined[args[0].count + i] = args[1].items[i];
    }
    *ret_value = hr_expr_list_of(joined, count);
    return 0;
}

/* 0001-01-01T00:00:00Z to the end of 9999. */
static bool time_fits(hr_instant time)
{
    return time >= INT64_C(-62135596800) * HR_SECOND_US &&
           time < INT64_C(253402300800) * HR_SECOND_US;
}

/* Adds or takes away two counts of microseconds, each with its nanoseconds; false when it does not
 * fit. */
static bool combine(char mark, const struct hr_value *a, const struct hr_value *b, int64_t *ret_us,
                    uint32_t *ret_ns)
{
    int64_t ns = mark == '+' ? (int64_t)a->count + b->count : (int64_t)a->count - b->count;
    int64_t carry = ns < 0 ? -1 : ns >= 1000 ? 1 : 0;
    bool lost = mark == '+' ? __builtin_add_overflow(a->time, b->time, ret_us)
                            : __builtin_sub_overflow(a->time, b->time, ret_us);
    *ret_ns = (uint32_t)(ns - carry * 1000);
    return !lost && !__builtin_add_overflow(*ret_us, carry, ret_us);
}

static int32_t apply_time_duration(struct hr_expr_run *run, const struct hr_expr_node *node,
                                   const struct hr_value *args, struct hr_value *ret_value)
{
    bool swapped = args[0].kind == HR_KIND_duration;
    int64_t us = 0;
    uint32_t ns = 0;
    if (!combine(mark_of(node), &args[swapped ? 1 : 0], &args[swapped ? 0 : 1], &us, &ns) ||
        !time_fits(us)) {
        return hr_expr_fail(run, node, "the time is out of range");
    }
    *ret_value = hr_expr_time_of(us, ns);
    return 0;
}

/* The difference of two times, the sum or difference of two durations. */
static int32_t apply_durations(struct hr_expr_run *run, const struct hr_expr_node *node,
                               const struct hr_value *args, struct hr_value *ret_value)
{
    int64_t us = 0;
    uint32_t ns = 0;
    if (!combine(mark_of(node), &args[0], &args[1], &us, &ns) || us > duration_most_us ||
        us < -duration_most_us) {
        return hr_expr_fail(run, node, "the duration is out of range");
    }
    *ret_value = hr_expr_duration_of(us, ns);
    return 0;
}

#define BINARY(name, left, right, result, apply)                                                   \
    {                                                                                              \
        name, HR_STYLE_operator, 2, {HR_TYPE_##left, HR_TYPE_##right}, HR_TYPE_##result, 0, apply  \
    }
#define LISTS HR_SHAPE_LIST(HR_SHAPE_T)
#define UNARY(name, arg, apply)                                                                    \
    {                                                                                              \
        name, HR_STYLE_operator, 1, {HR_TYPE_##arg}, HR_TYPE_##arg, 0, apply                       \
    }

static const struct hr_expr_overload rows[] = {
    UNARY("!", bool, apply_not),
    BINARY("+", int, int, int, apply_int),
    BINARY("+", double, double, double, apply_double),
    BINARY("+", text, text, text, apply_join_texts),
    BINARY("+", uint, uint, uint, apply_uint),
    BINARY("+", bytes, bytes, bytes, apply_join_texts),
    {"+", HR_STYLE_operator, 2, {LISTS, LISTS}, LISTS, 0, apply_join_lists},
    BINARY("+", time, duration, time, apply_time_duration),
    BINARY("+", duration, time, time, apply_time_duration),
    BINARY("+", duration, duration, duration, apply_durations),
    BINARY("-", int, int, int, apply_int),
    BINARY("-", double, double, double, apply_double),
    BINARY("-", uint, uint, uint, apply_uint),
    BINARY("-", time, time, duration, apply_durations),
    BINARY("-", time, duration, time, apply_time_duration),
    BINARY("-", duration, duration, duration, apply_durations),
    BINARY("*", int, int, int, apply_int),
    BINARY("*", double, double, double, apply_double),
    BINARY("*", uint, uint, uint, apply_uint),
    BINARY("/", int, int, int, apply_int),
    BINARY("/", double, double, double, apply_double),
    BINARY("/", uint, uint, uint, apply_uint),
    BINARY("%", int, int, int, apply_int),
    BINARY("%", uint, uint, uint, apply_uint),
    UNARY("-_", int, apply_negate_int),
    UNARY("-_", double, apply_negate_double),
};

const struct hr_expr_table hr_expr_operators = {rows, sizeof(rows) / sizeof(rows[0])};
