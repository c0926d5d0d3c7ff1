/* expr/shape: whole types as numbers: how two become one, whether one fits where another is asked for,
 * and what T of a function's row is. Every walk ends after twelve words. */
#include "expr/program.h"

enum { WORD_MASK = 31, VALUE_DEPTH_MAX = 12, VALUE_ITEMS_MAX = 256 };

static unsigned outer(hr_shape shape)
{
    return (unsigned)(shape & WORD_MASK);
}

static hr_shape inner(hr_shape shape)
{
    return shape >> HR_SHAPE_WORD_BITS;
}

static bool has_parts(unsigned word)
{
    return word == HR_TYPE_list || word == HR_TYPE_optional || word == HR_TYPE_type;
}

hr_shape hr_shape_item(hr_shape shape)
{
    return has_parts(outer(shape)) ? inner(shape) : HR_TYPE_dyn;
}

hr_shape hr_shape_key(hr_shape map)
{
    return outer(map) == HR_TYPE_map ? (hr_shape)outer(inner(map)) : HR_TYPE_dyn;
}

hr_shape hr_shape_value(hr_shape map)
{
    return outer(map) == HR_TYPE_map ? inner(inner(map)) : HR_TYPE_dyn;
}

static bool is_number(unsigned word)
{
    return word == HR_TYPE_int || word == HR_TYPE_uint || word == HR_TYPE_double;
}

bool hr_shape_join(hr_shape a, hr_shape b, hr_shape *ret_shape)
{
    unsigned left = outer(a);
    unsigned right = outer(b);
    hr_shape part = 0;
    if (a == b || right == HR_SHAPE_FREE) {
        *ret_shape = a;
        return true;
    }
    if (left == HR_SHAPE_FREE) {
        *ret_shape = b;
        return true;
    }
    if (left == HR_TYPE_dyn || right == HR_TYPE_dyn) {
        *ret_shape = HR_TYPE_dyn;
        return true;
    }
    if ((left == HR_TYPE_null && right == HR_TYPE_optional) ||
        (right == HR_TYPE_null && left == HR_TYPE_optional)) { /* null counts as nothing there */
        *ret_shape = left == HR_TYPE_optional ? a : b;
        return true;
    }
    if (left != right) {
        return false;
    }
    if (has_parts(left)) {
        bool one = hr_shape_join(inner(a), inner(b), &part);
        *ret_shape = HR_SHAPE_OF(left, part);
        return one;
    }
    hr_shape key = 0;
    if (left != HR_TYPE_map || !hr_shape_join(hr_shape_key(a), hr_shape_key(b), &key) ||
        !hr_shape_join(hr_shape_value(a), hr_shape_value(b), &part)) {
        return false;
    }
    *ret_shape = HR_SHAPE_MAP(key, part);
    return true;
}

/* Notes what T or U is; what it was before must agree. */
static bool bind(struct hr_shape_bound *bound, size_t which, hr_shape given)
{
    if (!bound->known[which]) {
        bound->known[which] = true;
        bound->shape[which] = given;
        return true;
    }
    return hr_shape_join(bound->shape[which], given, &bound->shape[which]);
}

bool hr_shape_fits(hr_shape want, hr_shape given, struct hr_shape_bound *bound, bool *certain)
{
    for (;;) {
        unsigned word = outer(want);
        if (word == HR_SHAPE_T || word == HR_SHAPE_U) {
            return bind(bound, word - HR_SHAPE_T, given);
        }
        if (word == HR_TYPE_dyn) {
            return true;
        }
        if (outer(given) == HR_TYPE_dyn || outer(given) == HR_SHAPE_FREE) {
            *certain = false;
            return true;
        }
        if (word != outer(given)) {
            return false;
        }
        if (word == HR_TYPE_map) {
            hr_shape key = hr_shape_key(want);
            bool key_fits = hr_shape_fits(key, hr_shape_key(given), bound, certain);
            if (!key_fits) {
                return false;
            }
            want = hr_shape_value(want);
            given = hr_shape_value(given);
        } else if (has_parts(word)) {
            want = inner(want);
            given = inner(given);
        } else {
            return true;
        }
    }
}

hr_shape hr_shape_result(hr_shape result, const struct hr_shape_bound *bound)
{
    unsigned word = outer(result);
    if (word == HR_SHAPE_T || word == HR_SHAPE_U) {
        return bound->known[word - HR_SHAPE_T] ? bound->shape[word - HR_SHAPE_T]
                                               : (hr_shape)HR_SHAPE_FREE;
    }
    if (word == HR_TYPE_map) {
        hr_shape key = hr_shape_result(hr_shape_key(result), bound);
        return HR_SHAPE_MAP(outer(key), hr_shape_result(hr_shape_value(result), bound));
    }
    return has_parts(word) ? HR_SHAPE_OF(word, hr_shape_result(inner(result), bound)) : result;
}

bool hr_shape_comparable(hr_shape a, hr_shape b)
{
    for (;;) {
        unsigned left = outer(a);
        unsigned right = outer(b);
        bool loose = left == HR_TYPE_dyn || right == HR_TYPE_dyn || left == HR_SHAPE_FREE ||
                     right == HR_SHAPE_FREE || left == HR_TYPE_null || right == HR_TYPE_null;
        if (loose || (is_number(left) && is_number(right))) {
            return true;
        }
        if (left != right) {
            return false;
        }
        if (left == HR_TYPE_map) {
            if (!hr_shape_comparable(hr_shape_key(a), hr_shape_key(b))) {
                return false;
            }
            a = hr_shape_value(a);
            b = hr_shape_value(b);
        } else if (left == HR_TYPE_list || left == HR_TYPE_optional) {
            a = inner(a);
            b = inner(b);
        } else {
            return true;
        }
    }
}

hr_shape hr_shape_settled(hr_shape shape)
{
    hr_shape settled = 0;
    for (unsigned bits = 0; bits < 60; bits += HR_SHAPE_WORD_BITS) {
        hr_shape word = shape >> bits & WORD_MASK;
        settled |= (word >= HR_SHAPE_FREE ? HR_TYPE_dyn : word) << bits;
    }
    return settled;
}

void hr_expr_typed(struct hr_expr_node *node, hr_shape shape)
{
    node->shape = shape;
    node->type = (uint8_t)(outer(shape) >= HR_SHAPE_FREE ? HR_TYPE_dyn : outer(shape));
}

/* ---- values --------------------------------------------------------------------------------- */

static hr_shape shape_within(const struct hr_value *value, unsigned depth);

/* What the items (or keys, or values of members) have in common; only so many are looked at. */
static hr_shape common_shape(const struct hr_value *first, size_t step, uint32_t count,
                             unsigned depth)
{
    hr_shape common = HR_SHAPE_FREE;
    for (uint32_t i = 0; i < count; i++) {
        if (i == VALUE_ITEMS_MAX) {
            return HR_TYPE_dyn;
        }
        if (!hr_shape_join(common, shape_within(&first[i * step], depth), &common)) {
            return HR_TYPE_dyn;
        }
    }
    return common;
}

static hr_shape shape_within(const struct hr_value *value, unsigned depth)
{
    enum hr_type type = hr_expr_value_type(value);
    if (depth == 0) {
        return HR_TYPE_dyn;
    }
    if (type == HR_TYPE_list || type == HR_TYPE_optional) {
        return HR_SHAPE_OF(type, common_shape(value->items, 1, value->count, depth - 1));
    }
    if (type == HR_TYPE_map) {
        const struct hr_member *members = value->members;
        const struct hr_value *first = value->count > 0 ? &members[0].key : NULL;
        hr_shape key = common_shape(first, 2, value->count, depth - 1);
        hr_shape held = common_shape(first == NULL ? NULL : first + 1, 2, value->count, depth - 1);
        return HR_SHAPE_MAP(outer(key), held);
    }
    return type;
}

bool hr_shape_holds(struct hr_expr_run *run, hr_shape shape, const struct hr_value *value)
{
    enum hr_type want = hr_shape_type(shape);
    if (want == HR_TYPE_dyn) {
        return true;
    }
    if (want != hr_expr_value_type(value)) {
        return false;
    }
    bool map = want == HR_TYPE_map;
    hr_shape held = map ? hr_shape_value(shape) : hr_shape_item(shape);
    if (inner(shape) == 0 || want == HR_TYPE_type) {
        return true;
    }
    if (!hr_expr_spend(run, value->count)) {
        return false;
    }
    for (uint32_t i = 0; i < value->count; i++) {
        const struct hr_value *item = map ? &value->members[i].value : &value->items[i];
        if ((map && !hr_shape_holds(run, hr_shape_key(shape), &value->members[i].key)) ||
            !hr_shape_holds(run, held, item)) {
            return false;
        }
    }
    return true;
}

hr_shape hr_shape_of_value(const struct hr_value *value)
{
    return hr_shape_settled(shape_within(value, VALUE_DEPTH_MAX));
}

/* ---- names ---------------------------------------------------------------------------------- */

const char *hr_expr_type_name(enum hr_type type)
{
    static const char *const names[] = {
        [HR_TYPE_dyn] = "dyn",
        [HR_TYPE_null] = "null_type",
        [HR_TYPE_bool] = "bool",
        [HR_TYPE_int] = "int",
        [HR_TYPE_uint] = "uint",
        [HR_TYPE_double] = "double",
        [HR_TYPE_text] = "string",
        [HR_TYPE_bytes] = "bytes",
        [HR_TYPE_time] = "google.protobuf.Timestamp",
        [HR_TYPE_duration] = "google.protobuf.Duration",
        [HR_TYPE_list] = "list",
        [HR_TYPE_map] = "map",
        [HR_TYPE_type] = "type",
        [HR_TYPE_object] = "record",
        [HR_TYPE_optional] = "optional_type",
        [HR_TYPE_ip] = "net.IP",
        [HR_TYPE_cidr] = "net.CIDR",
    };
    return (size_t)type < sizeof(names) / sizeof(names[0]) ? names[type] : "dyn";
}

static void write_within(struct hr_buffer *out, hr_shape shape, unsigned depth)
{
    unsigned word = outer(shape);
    if (word == HR_SHAPE_T || word == HR_SHAPE_U) {
        hr_buffer_add_byte(out, word == HR_SHAPE_T ? 'T' : 'U');
        return;
    }
    hr_buffer_add_text(out, word == HR_TYPE_time       ? HR_TEXT("timestamp")
                            : word == HR_TYPE_duration ? HR_TEXT("duration")
                            : word == HR_TYPE_null
                                ? HR_TEXT("null")
                                : hr_text_from(hr_expr_type_name((enum hr_type)word)));
    if (depth == 0 || (word != HR_TYPE_map && !has_parts(word)) ||
        (word == HR_TYPE_type && inner(shape) == HR_TYPE_dyn && depth < VALUE_DEPTH_MAX)) {
        return; /* of a type's type no more is known */
    }
    hr_buffer_add_byte(out, '(');
    if (word == HR_TYPE_map) {
        write_within(out, hr_shape_key(shape), depth - 1);
        hr_buffer_add_text(out, HR_TEXT(", "));
        write_within(out, hr_shape_value(shape), depth - 1);
    } else {
        write_within(out, inner(shape), depth - 1);
    }
    hr_buffer_add_byte(out, ')');
}

struct hr_text hr_shape_write(struct hr_arena *into, hr_shape shape)
{
    struct hr_buffer out;
    hr_buffer_init(&out, into, 512);
    write_within(&out, shape, VALUE_DEPTH_MAX);
    return hr_buffer_text(&out);
}
