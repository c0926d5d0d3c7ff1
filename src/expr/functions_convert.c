/* expr/functions_convert: int(), uint(), double(), string(), bytes(), bool(), dyn(), type(), size()
 * of what is no text. What does not convert is a failure with its reason, never a guess. */
#include "expr/program.h"

#include <math.h>

static const char no_fit[] = "the number does not fit";

#define APPLY(name)                                                                                \
    static int32_t name(struct hr_expr_run *run, const struct hr_expr_node *node,                  \
                        const struct hr_value *args, struct hr_value *ret_value)

APPLY(apply_same)
{
    (void)run;
    (void)node;
    *ret_value = args[0];
    return 0;
}

APPLY(apply_int_of_uint)
{
    if (args[0].natural > INT64_MAX) {
        return hr_expr_fail(run, node, no_fit);
    }
    *ret_value = hr_value_int((int64_t)args[0].natural);
    return 0;
}

APPLY(apply_int_of_double)
{
    double real = args[0].real;
    if (!(real > -9223372036854775808.0 && real < 9223372036854775808.0)) {
        return hr_expr_fail(run, node, no_fit);
    }
    *ret_value = hr_value_int((int64_t)real);
    return 0;
}

APPLY(apply_int_of_text)
{
    int64_t integer = 0;
    struct hr_text text = hr_value_as_text(&args[0]);
    if (hr_text_starts(text, HR_TEXT("+")) && !hr_text_starts(text, HR_TEXT("+-"))) {
        text = hr_text_slice(text, 1, text.size);
    }
    if (!hr_text_to_integer(text, &integer)) {
        return hr_expr_fail(run, node, "this text is no whole number");
    }
    *ret_value = hr_value_int(integer);
    return 0;
}

APPLY(apply_int_of_time)
{
    (void)run;
    (void)node;
    int64_t seconds = args[0].time / HR_SECOND_US;
    seconds -= args[0].time % HR_SECOND_US < 0;
    *ret_value = hr_value_int(seconds);
    return 0;
}

APPLY(apply_int_of_duration)
{
    (void)run;
    (void)node;
    *ret_value = hr_value_int(args[0].duration_us / HR_SECOND_US);
    return 0;
}

APPLY(apply_uint_of_int)
{
    if (args[0].integer < 0) {
        return hr_expr_fail(run, node, no_fit);
    }
    *ret_value = hr_expr_uint_of((uint64_t)args[0].integer);
    return 0;
}

APPLY(apply_uint_of_double)
{
    double real = args[0].real;
    if (!(real > -1.0 && real < 18446744073709551616.0)) {
        return hr_expr_fail(run, node, no_fit);
    }
    *ret_value = hr_expr_uint_of((uint64_t)real);
    return 0;
}

APPLY(apply_uint_of_text)
{
    uint64_t natural = 0;
    if (!hr_expr_read_natural(hr_value_as_text(&args[0]), 10, &natural)) {
        return hr_expr_fail(run, node, "this text is no whole number from 0 up");
    }
    *ret_value = hr_expr_uint_of(natural);
    return 0;
}

APPLY(apply_double_of_int)
{
    (void)run;
    (void)node;
    *ret_value = hr_value_double((double)args[0].integer);
    return 0;
}

APPLY(apply_double_of_uint)
{
    (void)run;
    (void)node;
    *ret_value = hr_value_double((double)args[0].natural);
    return 0;
}

APPLY(apply_double_of_text)
{
    double real = 0.0;
    struct hr_text text = hr_value_as_text(&args[0]);
    static const struct {
        const char *word;
        double real;
    } words[] = {{"nan", (double)NAN},
                 {"inf", (double)INFINITY},
                 {"+inf", (double)INFINITY},
                 {"-inf", (double)-INFINITY},
                 {"infinity", (double)INFINITY},
                 {"+infinity", (double)INFINITY},
                 {"-infinity", (double)-INFINITY}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (hr_text_equal_caseless(text, hr_text_from(words[i].word))) {
            *ret_value = hr_value_double(words[i].real);
            return 0;
        }
    }
    int32_t outcome = hr_expr_read_double(run->arena, text, &real).code;
    *ret_value = hr_value_double(real);
    return outcome == HR_EXPR_FAILED ? hr_expr_fail(run, node, "this text is no number") : outcome;
}

APPLY(apply_bool_of_text)
{
    static const char *const yes[] = {"true", "TRUE", "True", "t", "1"};
    static const char *const no[] = {"false", "FALSE", "False", "f", "0"};
    struct hr_text text = hr_value_as_text(&args[0]);
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        bool truth = hr_text_equal(text, hr_text_from(yes[i]));
        if (truth || hr_text_equal(text, hr_text_from(no[i]))) {
            *ret_value = hr_value_bool(truth);
            return 0;
        }
    }
    return hr_expr_fail(run, node, "this text is neither true nor false");
}

int32_t hr_expr_made_text(struct hr_expr_run *run, struct hr_text text, struct hr_value *ret_value)
{
    if (text.data == NULL) {
        return HR_E_MEMORY;
    }
    if (text.size > run->bytes_left) {
        return HR_EXPR_BUDGET;
    }
    run->bytes_left -= (uint32_t)text.size;
    *ret_value = hr_value_text(text);
    return 0;
}

APPLY(apply_text_of_int)
{
    (void)node;
    return hr_expr_made_text(run, hr_text_format(run->arena, "%lld", (long long)args[0].integer),
                             ret_value);
}

APPLY(apply_text_of_uint)
{
    (void)node;
    return hr_expr_made_text(
        run, hr_text_format(run->arena, "%llu", (unsigned long long)args[0].natural), ret_value);
}

void hr_expr_buffer_init(struct hr_expr_run *run, struct hr_buffer *buffer)
{
    hr_buffer_init(buffer, run->arena, (size_t)run->bytes_left + 1);
}

int32_t hr_expr_buffer_outcome(const struct hr_buffer *buffer)
{
    int32_t why = buffer->starved ? HR_E_MEMORY : HR_EXPR_BUDGET;
    return buffer->failed ? why : 0;
}

int32_t hr_expr_made_buffer(struct hr_expr_run *run, const struct hr_buffer *buffer,
                            struct hr_value *ret_value)
{
    int32_t outcome = hr_expr_buffer_outcome(buffer);
    if (outcome != 0 || buffer->size > run->bytes_left) {
        return outcome != 0 ? outcome : HR_EXPR_BUDGET;
    }
    run->bytes_left -= (uint32_t)buffer->size;
    *ret_value = hr_value_text(buffer->size > 0 ? hr_buffer_text(buffer) : HR_TEXT(""));
    return 0;
}

void hr_expr_write_double(struct hr_buffer *out, double real)
{
    if (!(real >= -1.7976931348623157e308 && real <= 1.7976931348623157e308)) {
        hr_buffer_add_text(out, real > 0.0   ? HR_TEXT("Infinity")
                                : real < 0.0 ? HR_TEXT("-Infinity")
                                             : HR_TEXT("NaN"));
        return;
    }
    struct hr_value plain = hr_value_double(real);
    hr_json_write(out, &plain);
}

APPLY(apply_text_of_double)
{
    (void)node;
    struct hr_buffer out;
    hr_expr_buffer_init(run, &out);
    hr_expr_write_double(&out, args[0].real);
    return hr_expr_made_buffer(run, &out, ret_value);
}

APPLY(apply_text_of_bool)
{
    (void)run;
    (void)node;
    *ret_value = hr_value_text(args[0].truth ? HR_TEXT("true") : HR_TEXT("false"));
    return 0;
}

APPLY(apply_text_of_bytes)
{
    if (!hr_expr_scan(run, args[0].count)) {
        return HR_EXPR_BUDGET;
    }
    struct hr_text text = {args[0].text, args[0].count};
    if (!hr_text_is_utf8(text)) {
        return hr_expr_fail(run, node, "these bytes are not UTF-8");
    }
    *ret_value = hr_value_text(text);
    return 0;
}

APPLY(apply_text_of_time)
{
    (void)node;
    struct hr_buffer out;
    hr_expr_buffer_init(run, &out);
    hr_value_write_word(&out, &args[0]);
    return hr_expr_made_buffer(run, &out, ret_value);
}

APPLY(apply_text_of_duration)
{
    (void)node;
    struct hr_buffer out;
    hr_expr_buffer_init(run, &out);
    hr_value_write_word(&out, &args[0]);
    return hr_expr_made_buffer(run, &out, ret_value);
}

APPLY(apply_text_of_network)
{
    (void)node;
    struct hr_buffer out;
    hr_expr_buffer_init(run, &out);
    hr_value_write_word(&out, &args[0]);
    return hr_expr_made_buffer(run, &out, ret_value);
}

APPLY(apply_bytes_of_text)
{
    (void)run;
    (void)node;
    *ret_value = hr_expr_bytes_of(hr_value_as_text(&args[0]));
    return 0;
}

APPLY(apply_type)
{
    (void)run;
    (void)node;
    *ret_value = hr_expr_type_of(hr_expr_type_name(hr_expr_value_type(&args[0])));
    return 0;
}

#define CONVERT(name, from, to, flags, apply)                                                      \
    {                                                                                              \
        name, HR_STYLE_global, 1, {HR_TYPE_##from}, HR_TYPE_##to, flags, apply                     \
    }

static const struct hr_expr_overload rows[] = {
    CONVERT("int", int, int, 0, apply_same),
    CONVERT("int", text, int, HR_OVERLOAD_must_work, apply_int_of_text),
    CONVERT("int", double, int, 0, apply_int_of_double),
    CONVERT("int", uint, int, 0, apply_int_of_uint),
    CONVERT("int", time, int, 0, apply_int_of_time),
    CONVERT("int", duration, int, 0, apply_int_of_duration),
    CONVERT("uint", uint, uint, 0, apply_same),
    CONVERT("uint", int, uint, 0, apply_uint_of_int),
    CONVERT("uint", double, uint, 0, apply_uint_of_double),
    CONVERT("uint", text, uint, HR_OVERLOAD_must_work, apply_uint_of_text),
    CONVERT("double", double, double, 0, apply_same),
    CONVERT("double", int, double, 0, apply_double_of_int),
    CONVERT("double", uint, double, 0, apply_double_of_uint),
    CONVERT("double", text, double, HR_OVERLOAD_must_work, apply_double_of_text),
    CONVERT("string", text, text, 0, apply_same),
    CONVERT("string", int, text, 0, apply_text_of_int),
    CONVERT("string", uint, text, 0, apply_text_of_uint),
    CONVERT("string", double, text, 0, apply_text_of_double),
    CONVERT("string", bool, text, 0, apply_text_of_bool),
    CONVERT("string", bytes, text, 0, apply_text_of_bytes),
    CONVERT("string", time, text, 0, apply_text_of_time),
    CONVERT("string", duration, text, 0, apply_text_of_duration),
    CONVERT("string", ip, text, 0, apply_text_of_network),
    CONVERT("string", cidr, text, 0, apply_text_of_network),
    CONVERT("bytes", bytes, bytes, 0, apply_same),
    CONVERT("bytes", text, bytes, 0, apply_bytes_of_text),
    CONVERT("bool", bool, bool, 0, apply_same),
    CONVERT("bool", text, bool, HR_OVERLOAD_must_work, apply_bool_of_text),
    CONVERT("dyn", dyn, dyn, HR_OVERLOAD_varies, apply_same),
    {"type",
     HR_STYLE_global,
     1,
     {HR_SHAPE_T},
     HR_SHAPE_OF(HR_TYPE_type, HR_SHAPE_T),
     0,
     apply_type},
};

const struct hr_expr_table hr_expr_conversions = {rows, sizeof(rows) / sizeof(rows[0])};
