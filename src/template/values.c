/* template/values: what Liquid makes of values: truth, emptiness, equality, order, and the text that is shown. */
#include "template/filters_inside.h"

/* ---- kinds --------------------------------------------------------------------------------- */

struct hr_value hr_template_nothing(struct hr_text name)
{
    struct hr_value value = hr_value_null();
    value.count = (uint32_t)name.size;
    value.text = name.data;
    return value;
}

bool hr_template_is_missing(const struct hr_value *value)
{
    return value->kind == HR_KIND_null && value->count > 0;
}

struct hr_text hr_template_missing_name(const struct hr_value *value)
{
    hr_assert(hr_template_is_missing(value));
    return (struct hr_text){value->text, value->count};
}

struct hr_value hr_template_special(const char *name)
{
    struct hr_value value = hr_value_text(hr_text_from(name));
    value.kind = HR_KIND_type; /* no reader of files makes one */
    return value;
}

bool hr_template_is_special(const struct hr_value *value, const char *name)
{
    return value->kind == HR_KIND_type &&
           hr_text_equal(hr_value_as_text(value), hr_text_from(name));
}

struct hr_value hr_template_list(const struct hr_value *items, uint32_t count)
{
    return (struct hr_value){.kind = HR_KIND_list, .count = count, .items = items};
}

bool hr_template_is_true(const struct hr_value *value)
{
    return value->kind != HR_KIND_null && !(value->kind == HR_KIND_bool && !value->truth);
}

bool hr_template_is_empty(const struct hr_value *value)
{
    bool sized =
        value->kind == HR_KIND_text || value->kind == HR_KIND_list || value->kind == HR_KIND_map;
    return value->kind == HR_KIND_null || (sized && value->count == 0);
}

bool hr_template_is_blank(const struct hr_value *value)
{
    if (value->kind == HR_KIND_text) {
        return hr_text_trim(hr_value_as_text(value)).size == 0;
    }
    return hr_template_is_empty(value) || !hr_template_is_true(value);
}

bool hr_template_is_number(const struct hr_value *value)
{
    return value->kind == HR_KIND_int || value->kind == HR_KIND_uint ||
           value->kind == HR_KIND_double;
}

/* ---- comparing ----------------------------------------------------------------------------- */

static bool equal_within(struct hr_template_run *run, const struct hr_value *a,
                         const struct hr_value *b, uint32_t depth);

static bool equal_lists(struct hr_template_run *run, const struct hr_value *a,
                        const struct hr_value *b, uint32_t depth)
{
    bool equal = depth > 0 && a->count == b->count && hr_template_spend(run, a->count);
    for (uint32_t i = 0; equal && i < a->count; i++) {
        equal = equal_within(run, &a->items[i], &b->items[i], depth - 1);
    }
    return equal;
}

static bool equal_maps(struct hr_template_run *run, const struct hr_value *a,
                       const struct hr_value *b, uint32_t depth)
{
    bool equal = depth > 0 && a->count == b->count;
    for (uint32_t i = 0; equal && i < a->count; i++) {
        const struct hr_member *member = &a->members[i];
        const struct hr_value *other = hr_value_member(b, hr_value_as_text(&member->key));
        equal = hr_template_spend(run, 1 + b->count / 8) && other != NULL &&
                equal_within(run, &member->value, other, depth - 1);
    }
    return equal;
}

/* One side is the word blank or empty. */
static bool equal_special(const struct hr_value *special, const struct hr_value *other)
{
    if (other->kind == HR_KIND_type) {
        return hr_value_equal(special, other);
    }
    if (hr_template_is_special(special, "blank")) {
        return hr_template_is_blank(other);
    }
    return other->kind != HR_KIND_null && hr_template_is_empty(other);
}

static bool equal_numbers(const struct hr_value *a, const struct hr_value *b)
{
    struct hr_decimal left;
    struct hr_decimal right;
    if (a->kind == HR_KIND_int && b->kind == HR_KIND_int) {
        return a->integer == b->integer;
    }
    return hr_decimal_of(a, &left) && hr_decimal_of(b, &right) &&
           hr_decimal_compare(&left, &right) == 0;
}

static bool equal_within(struct hr_template_run *run, const struct hr_value *a,
                         const struct hr_value *b, uint32_t depth)
{
    if (a->kind == HR_KIND_type || b->kind == HR_KIND_type) {
        return a->kind == HR_KIND_type ? equal_special(a, b) : equal_special(b, a);
    }
    if (hr_template_is_number(a) && hr_template_is_number(b)) {
        return equal_numbers(a, b);
    }
    if (a->kind != b->kind) {
        return false;
    }
    switch (a->kind) {
    case HR_KIND_null:
        return true;
    case HR_KIND_list:
        return equal_lists(run, a, b, depth);
    case HR_KIND_map:
        return equal_maps(run, a, b, depth);
    case HR_KIND_text:
        return a->count == b->count && hr_template_spend(run, a->count / 64) &&
               hr_value_equal(a, b);
    default:
        return hr_value_equal(a, b);
    }
}

bool hr_template_equal(struct hr_template_run *run, const struct hr_value *a,
                       const struct hr_value *b)
{
    return equal_within(run, a, b, HR_VALUE_DEPTH_MAX);
}

/* Long texts pay for as many bytes as they share. */
static int order_texts(struct hr_template_run *run, struct hr_text a, struct hr_text b)
{
    enum { PAID_SIZE = 64 };
    size_t shared = a.size < b.size ? a.size : b.size;
    for (size_t at = 0; at + PAID_SIZE < shared; at += PAID_SIZE) {
        int order = hr_text_compare(hr_text_slice(a, at, at + PAID_SIZE),
                                    hr_text_slice(b, at, at + PAID_SIZE));
        if (order != 0 || !hr_template_spend(run, 1)) {
            return order;
        }
    }
    size_t rest = shared > PAID_SIZE ? (shared - 1) / PAID_SIZE * PAID_SIZE : 0;
    return hr_text_compare(hr_text_slice(a, rest, a.size), hr_text_slice(b, rest, b.size));
}

static bool order_numbers(struct hr_template_run *run, const struct hr_value *a,
                          const struct hr_value *b, int *ret_order)
{
    struct hr_decimal left;
    struct hr_decimal right;
    *ret_order = 0;
    if (a->kind == HR_KIND_int && b->kind == HR_KIND_int) {
        *ret_order = a->integer < b->integer ? -1 : a->integer > b->integer;
        return true;
    }
    if (!hr_template_spend(run, 1 + (a->number_size + b->number_size) / 64U)) {
        return true;
    }
    if (!hr_decimal_of(a, &left) || !hr_decimal_of(b, &right)) {
        return false;
    }
    *ret_order = hr_decimal_compare(&left, &right);
    return true;
}

bool hr_template_order(struct hr_template_run *run, const struct hr_value *a,
                       const struct hr_value *b, int *ret_order)
{
    if (hr_template_is_number(a) && hr_template_is_number(b)) {
        return order_numbers(run, a, b, ret_order);
    }
    if (a->kind != b->kind) {
        return false;
    }
    if (a->kind == HR_KIND_text) {
        *ret_order = order_texts(run, hr_value_as_text(a), hr_value_as_text(b));
        return true;
    }
    *ret_order = a->integer < b->integer ? -1 : a->integer > b->integer;
    return a->kind == HR_KIND_time || a->kind == HR_KIND_duration;
}

/* ---- showing ------------------------------------------------------------------------------- */

static void write_within(struct hr_template_run *run, struct hr_buffer *out,
                         const struct hr_value *value, uint32_t depth);

static void write_list(struct hr_template_run *run, struct hr_buffer *out,
                       const struct hr_value *value, uint32_t depth)
{
    for (uint32_t i = 0; depth > 0 && i < value->count && !out->failed; i++) {
        write_within(run, out, &value->items[i], depth - 1);
    }
}

/* As it was written, but for an exponent, which nobody wants to read. */
static void write_real(struct hr_template_run *run, struct hr_buffer *out,
                       const struct hr_value *value)
{
    struct hr_text written = value->number_size > 0
                                 ? (struct hr_text){value->number_text, value->number_size}
                                 : hr_value_show(run->arena, value);
    bool exponent =
        hr_text_find(written, 'e') < written.size || hr_text_find(written, 'E') < written.size;
    struct hr_decimal decimal;
    struct hr_value plain;
    if (exponent && hr_decimal_read(written, &decimal) &&
        hr_decimal_value(run, &decimal, &plain) == 0) {
        if (plain.kind == HR_KIND_int) {
            hr_buffer_add_format(out, "%lld", (long long)plain.integer);
            return;
        }
        written = (struct hr_text){plain.number_text, plain.number_size};
    }
    hr_buffer_add_text(out, written);
}

static void write_scalar(struct hr_template_run *run, struct hr_buffer *out,
                         const struct hr_value *value)
{
    switch (value->kind) {
    case HR_KIND_bool:
        hr_buffer_add_text(out, value->truth ? HR_TEXT("true") : HR_TEXT("false"));
        break;
    case HR_KIND_int:
        hr_buffer_add_format(out, "%lld", (long long)value->integer);
        break;
    case HR_KIND_uint:
        hr_buffer_add_format(out, "%llu", (unsigned long long)value->natural);
        break;
    case HR_KIND_double:
        write_real(run, out, value);
        break;
    case HR_KIND_text:
        hr_buffer_add_text(out, hr_value_as_text(value));
        break;
    case HR_KIND_time:
        hr_template_time_write(out, HR_TEXT("%Y-%m-%d %H:%M:%S %z"), value->time, run->view->zone);
        break;
    case HR_KIND_duration:
        hr_buffer_add_text(out, hr_duration_say(run->arena, value->duration_us));
        break;
    case HR_KIND_map:
        hr_json_write(out, value);
        break;
    default: /* null, bytes, blank and empty show nothing */
        break;
    }
}

static void write_within(struct hr_template_run *run, struct hr_buffer *out,
                         const struct hr_value *value, uint32_t depth)
{
    if (value->kind == HR_KIND_list || value->kind == HR_KIND_optional) {
        write_list(run, out, value, depth);
    } else {
        write_scalar(run, out, value);
    }
}

void hr_template_write(struct hr_template_run *run, struct hr_buffer *out,
                       const struct hr_value *value)
{
    write_within(run, out, value, HR_VALUE_DEPTH_MAX);
}

int32_t hr_template_text(struct hr_template_run *run, const struct hr_value *value,
                         struct hr_text *ret_text)
{
    struct hr_buffer out;
    struct hr_value made;
    if (value->kind == HR_KIND_text) {
        *ret_text = hr_value_as_text(value);
        return hr_template_spend(run, ret_text->size / 64) ? 0 : HR_TEMPLATE_LIMIT;
    }
    hr_template_text_begin(run, &out);
    hr_template_write(run, &out, value);
    int32_t outcome = hr_template_text_end(run, &out, &made);
    *ret_text = outcome == 0 ? hr_value_as_text(&made) : HR_TEXT_NONE;
    return outcome;
}
