/* expr/functions_own: what a business asks and CEL has no word for: was this within 30 days, is this in
 * business time, how much business time lies between. known() and changed() are no functions, since
 * they ask about a field and not about its value (parse_macro.c). */
#include "expr/program.h"

#define APPLY(name)                                                                                \
    static int32_t name(struct hr_expr_run *run, const struct hr_expr_node *node,                  \
                        const struct hr_value *args, struct hr_value *ret_value)

static const struct hr_hours *hours_of(const struct hr_expr_run *run)
{
    const struct hr_hours *hours = run->view != NULL ? run->view->hours : NULL;
    return hours != NULL && hours->zone != NULL ? hours : NULL;
}

/* The last instant that is within a span (a text) or a duration from an instant on. */
static int32_t end_of_span(struct hr_expr_run *run, const struct hr_expr_node *node,
                           hr_instant from, const struct hr_value *span, hr_instant *ret_end)
{
    struct hr_span read;
    if (span->kind == HR_KIND_duration) {
        if (__builtin_add_overflow(from, span->duration_us, ret_end)) {
            *ret_end = INT64_MAX;
        }
        return 0;
    }
    if (!hr_span_read(hr_value_as_text(span), &read)) {
        return hr_expr_fail(run, node, "this text is no span like '30 days' or '2 business days'");
    }
    const struct hr_hours *hours = hours_of(run);
    if (read.unit != HR_SPAN_elapsed && hours == NULL) {
        return hr_expr_fail(run, node, "the business's hours are not known here");
    }
    if (read.unit != HR_SPAN_elapsed && !hr_expr_spend(run, 100)) {
        return HR_EXPR_BUDGET;
    }
    *ret_end = hr_hours_after(hours, from, read);
    return *ret_end != HR_INSTANT_NONE ? 0 : hr_expr_fail(run, node, "the span is out of range");
}

/* within(time, span): it was no longer ago than that, and is not still to come. */
APPLY(apply_within_now)
{
    hr_instant end = 0;
    if (run->open) {
        return HR_EXPR_OPEN;
    }
    if (run->view == NULL || run->view->now == HR_INSTANT_NONE) {
        return hr_expr_fail(run, node, "the present time is not known here");
    }
    int32_t outcome = end_of_span(run, node, args[0].time, &args[1], &end);
    *ret_value = hr_value_bool(args[0].time <= run->view->now && run->view->now <= end);
    return outcome;
}

/* within(time, since, span): it was after `since`, by no more than that. */
APPLY(apply_within_since)
{
    hr_instant end = 0;
    int32_t outcome = end_of_span(run, node, args[1].time, &args[2], &end);
    *ret_value = hr_value_bool(args[1].time <= args[0].time && args[0].time <= end);
    return outcome;
}

/* business_time(time): the business is open then. */
APPLY(apply_is_open)
{
    const struct hr_hours *hours = hours_of(run);
    if (hours == NULL) {
        return hr_expr_fail(run, node, "the business's hours are not known here");
    }
    *ret_value = hr_value_bool(hr_hours_open(hours, args[0].time));
    return 0;
}

/* business_time(from, to): how much of the time between is open; less than nothing is nothing. */
APPLY(apply_open_time)
{
    int64_t open_us = 0;
    const struct hr_hours *hours = hours_of(run);
    if (hours == NULL) {
        return hr_expr_fail(run, node, "the business's hours are not known here");
    }
    int64_t days = args[1].time > args[0].time
                       ? (int64_t)((uint64_t)args[1].time - (uint64_t)args[0].time) / HR_DAY_US
                       : 0;
    if (days < 0 || !hr_expr_spend(run, (size_t)days)) {
        return HR_EXPR_BUDGET;
    }
    if (!hr_hours_between(hours, args[0].time, args[1].time, &open_us)) {
        return hr_expr_fail(run, node, "the times lie more than ten years apart");
    }
    *ret_value = hr_value_duration(open_us);
    return 0;
}

#define VARIES HR_OVERLOAD_varies
#define TIME   HR_TYPE_time
#define TEXT   HR_TYPE_text
#define LENGTH HR_TYPE_duration
#define BOOL   HR_TYPE_bool

static const struct hr_expr_overload rows[] = {
    {"within", HR_STYLE_global, 2, {TIME, TEXT}, BOOL, VARIES, apply_within_now},
    {"within", HR_STYLE_global, 2, {TIME, LENGTH}, BOOL, VARIES, apply_within_now},
    {"within", HR_STYLE_global, 3, {TIME, TIME, TEXT}, BOOL, VARIES, apply_within_since},
    {"within", HR_STYLE_global, 3, {TIME, TIME, LENGTH}, BOOL, VARIES, apply_within_since},
    {"business_time", HR_STYLE_global, 1, {TIME}, BOOL, VARIES, apply_is_open},
    {"business_time", HR_STYLE_global, 2, {TIME, TIME}, LENGTH, VARIES, apply_open_time},
};

const struct hr_expr_table hr_expr_own = {rows, sizeof(rows) / sizeof(rows[0])};
