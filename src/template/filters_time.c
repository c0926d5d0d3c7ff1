/* template/filters_time: the date filter. It takes a time, seconds since 1970, a date as people write it, "now" or
 * "today", and writes it in the time zone of the view; what is no date stays as it is, as Liquid has it. */
#include "template/filters_inside.h"

/* The years that a civil date may have. */
#define SECONDS_FIRST INT64_C(-62135596800)
#define SECONDS_LAST  INT64_C(253370764800)

static bool of_seconds(int64_t seconds, hr_instant *ret_instant)
{
    *ret_instant = HR_INSTANT_NONE;
    if (seconds < SECONDS_FIRST || seconds > SECONDS_LAST) {
        return false;
    }
    *ret_instant = seconds * HR_SECOND_US;
    return true;
}

static bool of_text(const struct hr_template_view *view, struct hr_text text,
                    hr_instant *ret_instant)
{
    int64_t seconds = 0;
    bool now = hr_text_equal(text, HR_TEXT("now")) || hr_text_equal(text, HR_TEXT("today"));
    *ret_instant = view->now;
    if (now) {
        return view->now != HR_INSTANT_NONE;
    }
    if (text.size > 4 && text.data[0] != '-' && hr_text_to_integer(text, &seconds)) {
        return of_seconds(seconds, ret_instant);
    }
    return hr_template_time_read(text, view->zone, ret_instant);
}

static bool instant_of(struct hr_template_filtering *call, hr_instant *ret_instant)
{
    const struct hr_value *input = &call->input.value;
    struct hr_decimal number;
    switch (input->kind) {
    case HR_KIND_time:
        *ret_instant = input->time;
        return *ret_instant != HR_INSTANT_NONE;
    case HR_KIND_int:
        return of_seconds(input->integer, ret_instant);
    case HR_KIND_double:
        if (!hr_decimal_of(input, &number)) {
            return false;
        }
        number = hr_decimal_floor(&number);
        return number.digits > SECONDS_FIRST && number.digits < SECONDS_LAST &&
               of_seconds((int64_t)number.digits, ret_instant);
    case HR_KIND_text:
        return of_text(call->run->view, hr_value_as_text(input), ret_instant);
    default:
        return false;
    }
}

static int32_t apply_date(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    struct hr_text form;
    struct hr_buffer out;
    hr_instant instant = HR_INSTANT_NONE;
    int32_t outcome = hr_template_filter_text(call, 0, &form);
    if (outcome != 0) {
        return outcome;
    }
    if (form.size == 0 || !instant_of(call, &instant)) {
        *ret = call->input;
        return 0;
    }
    hr_template_text_begin(call->run, &out);
    hr_template_time_write(&out, form, instant, call->run->view->zone);
    return hr_template_text_end(call->run, &out, &ret->value);
}

const struct hr_template_filter hr_template_filters_time[] = {
    {"date", 1, 1, apply_date},
    {NULL, 0, 0, NULL},
};
