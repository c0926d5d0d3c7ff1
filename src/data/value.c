/* data/value: making, finding, comparing and copying typed values. Walks recurse, but never deeper
 * than HR_WALK_DEPTH_MAX levels: beyond it a copy is refused and a comparison answers "different".
 */
#include "data/value.h"

#include "data/inside.h"

enum { SORT_FROM = 16 };

/* ---- makers ------------------------------------------------------------------------------- */

struct hr_value hr_value_null(void)
{
    return (struct hr_value){.kind = HR_KIND_null};
}

struct hr_value hr_value_bool(bool truth)
{
    return (struct hr_value){.kind = HR_KIND_bool, .truth = truth};
}

struct hr_value hr_value_int(int64_t integer)
{
    return (struct hr_value){.kind = HR_KIND_int, .integer = integer};
}

struct hr_value hr_value_double(double real)
{
    return (struct hr_value){.kind = HR_KIND_double, .real = real};
}

struct hr_value hr_value_text(struct hr_text text)
{
    hr_assert(text.size <= UINT32_MAX);
    return (struct hr_value){.kind = HR_KIND_text, .count = (uint32_t)text.size, .text = text.data};
}

struct hr_value hr_value_time(hr_instant time)
{
    return (struct hr_value){.kind = HR_KIND_time, .time = time};
}

struct hr_value hr_value_duration(int64_t duration_us)
{
    return (struct hr_value){.kind = HR_KIND_duration, .duration_us = duration_us};
}

/* ---- finding ------------------------------------------------------------------------------ */

static bool holds_text(const struct hr_value *value)
{
    return value->kind == HR_KIND_text || value->kind == HR_KIND_bytes ||
           value->kind == HR_KIND_type;
}

static bool holds_items(const struct hr_value *value)
{
    return value->kind == HR_KIND_list || value->kind == HR_KIND_optional;
}

struct hr_text hr_value_as_text(const struct hr_value *value)
{
    if (value == NULL || !holds_text(value)) {
        return HR_TEXT_NONE;
    }
    return (struct hr_text){value->text, value->count};
}

const struct hr_value *hr_value_member(const struct hr_value *value, struct hr_text key)
{
    if (value == NULL || value->kind != HR_KIND_map) {
        return NULL;
    }
    for (uint32_t index = 0; index < value->count; index++) {
        const struct hr_member *member = &value->members[index];
        if (member->key.kind == HR_KIND_text &&
            hr_text_equal(hr_value_as_text(&member->key), key)) {
            return &member->value;
        }
    }
    return NULL;
}

const struct hr_value *hr_value_path(const struct hr_value *value, struct hr_text path)
{
    while (value != NULL && path.size > 0) {
        struct hr_text step = hr_text_cut(&path, '.');
        if (value->kind == HR_KIND_map) {
            value = hr_value_member(value, step);
            continue;
        }
        int64_t index = 0;
        bool found = value->kind == HR_KIND_list && hr_text_to_integer(step, &index) &&
                     index >= 0 && index < (int64_t)value->count;
        value = found ? &value->items[index] : NULL;
    }
    return value;
}

/* ---- comparing ---------------------------------------------------------------------------- */

static bool equal_within(const struct hr_value *a, const struct hr_value *b, uint32_t depth);

static bool equal_items(const struct hr_value *a, const struct hr_value *b, uint32_t depth)
{
    for (uint32_t index = 0; index < a->count; index++) {
        if (!equal_within(&a->items[index], &b->items[index], depth)) {
            return false;
        }
    }
    return true;
}

static int compare_keys(const void *context, uint32_t a, uint32_t b)
{
    const struct hr_member *members = context;
    const struct hr_value *left = &members[a].key;
    const struct hr_value *right = &members[b].key;
    if (left->kind != right->kind) {
        return left->kind < right->kind ? -1 : 1;
    }
    if (holds_text(left)) {
        return hr_text_compare(hr_value_as_text(left), hr_value_as_text(right));
    }
    return left->integer < right->integer ? -1 : left->integer > right->integer;
}

static const struct hr_member *find_like(const struct hr_value *map, const struct hr_value *key,
                                         uint32_t depth)
{
    for (uint32_t index = 0; index < map->count; index++) {
        if (equal_within(&map->members[index].key, key, depth)) {
            return &map->members[index];
        }
    }
    return NULL;
}

/* Member by member; one that does not stand in the same place is looked for. */
static bool equal_each(const struct hr_value *a, const struct hr_value *b, uint32_t depth)
{
    for (uint32_t index = 0; index < a->count; index++) {
        const struct hr_member *member = &a->members[index];
        const struct hr_member *other = &b->members[index];
        if (!equal_within(&member->key, &other->key, depth)) {
            other = find_like(b, &member->key, depth);
        }
        if (other == NULL || !equal_within(&member->value, &other->value, depth)) {
            return false;
        }
    }
    return true;
}

/* Large maps are compared in the order of their keys, so that a hostile order costs no more. A machine without memory
 * for that is slow, and not wrong: nobody could ask whether "different" was meant. */
static bool equal_sorted(const struct hr_value *a, const struct hr_value *b, uint32_t depth)
{
    struct hr_arena arena;
    hr_arena_init(&arena, (size_t)a->count * 16 + 65536);
    const uint32_t *order_a = hr_order_make(&arena, a->count, compare_keys, a->members);
    const uint32_t *order_b = hr_order_make(&arena, b->count, compare_keys, b->members);
    if (order_a == NULL || order_b == NULL) {
        hr_arena_close(&arena);
        return equal_each(a, b, depth);
    }
    bool equal = true;
    for (uint32_t index = 0; equal && index < a->count; index++) {
        const struct hr_member *left = &a->members[order_a[index]];
        const struct hr_member *right = &b->members[order_b[index]];
        equal = equal_within(&left->key, &right->key, depth) &&
                equal_within(&left->value, &right->value, depth);
    }
    hr_arena_close(&arena);
    return equal;
}

static bool equal_maps(const struct hr_value *a, const struct hr_value *b, uint32_t depth)
{
    return a->count > SORT_FROM ? equal_sorted(a, b, depth) : equal_each(a, b, depth);
}

static bool equal_within(const struct hr_value *a, const struct hr_value *b, uint32_t depth)
{
    if (depth == 0 || a->kind != b->kind) {
        return false;
    }
    switch ((enum hr_kind)a->kind) {
    case HR_KIND_null:
        return true;
    case HR_KIND_bool:
        return a->truth == b->truth;
    case HR_KIND_int:
        return a->integer == b->integer;
    case HR_KIND_time:
    case HR_KIND_duration:
        return a->time == b->time && a->nanoseconds == b->nanoseconds;
    case HR_KIND_uint:
        return a->natural == b->natural;
    case HR_KIND_double:
        return a->real >= b->real && a->real <= b->real;
    case HR_KIND_text:
    case HR_KIND_bytes:
    case HR_KIND_type:
        return a->form == b->form && hr_text_equal(hr_value_as_text(a), hr_value_as_text(b));
    case HR_KIND_list:
    case HR_KIND_optional:
        return a->count == b->count && equal_items(a, b, depth - 1);
    case HR_KIND_map:
        return a->count == b->count && equal_maps(a, b, depth - 1);
    }
    return false;
}

bool hr_value_equal(const struct hr_value *a, const struct hr_value *b)
{
    hr_assert(a != NULL && b != NULL);
    return equal_within(a, b, HR_WALK_DEPTH_MAX + 1);
}

/* ---- copying ------------------------------------------------------------------------------ */

static hr_status copy_within(struct hr_arena *into, const struct hr_value *value, uint32_t depth,
                             struct hr_value *ret_copy);

static hr_status copy_children(struct hr_arena *into, const struct hr_value *value, uint32_t depth,
                               struct hr_value *ret_copy)
{
    bool is_map = value->kind == HR_KIND_map;
    const struct hr_value *from = is_map ? &value->members[0].key : value->items;
    size_t count = is_map ? (size_t)value->count * 2 : value->count;
    struct hr_value *children = hr_arena_new_many(into, struct hr_value, count);
    if (children == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t index = 0; index < count; index++) {
        HR_TRY(copy_within(into, &from[index], depth, &children[index]));
    }
    ret_copy->items = children;
    return hr_done();
}

static hr_status copy_text(struct hr_arena *into, struct hr_text text, const char **ret_data)
{
    struct hr_text copy = hr_text_copy(into, text);
    *ret_data = copy.data;
    return copy.data == NULL && text.size > 0 ? hr_answer(HR_E_MEMORY) : hr_done();
}

static hr_status copy_within(struct hr_arena *into, const struct hr_value *value, uint32_t depth,
                             struct hr_value *ret_copy)
{
    if (depth == 0) {
        return hr_answer(HR_E_LIMIT);
    }
    *ret_copy = *value;
    if (value->number_size > 0) {
        return copy_text(into, (struct hr_text){value->number_text, value->number_size},
                         &ret_copy->number_text);
    }
    ret_copy->number_text = NULL;
    if (holds_text(value)) {
        return copy_text(into, hr_value_as_text(value), &ret_copy->text);
    }
    bool has_children = holds_items(value) || value->kind == HR_KIND_map;
    return has_children && value->count > 0 ? copy_children(into, value, depth - 1, ret_copy)
                                            : hr_done();
}

hr_status hr_value_copy(struct hr_arena *into, const struct hr_value *value,
                        struct hr_value *ret_copy)
{
    hr_assert(value != NULL);
    return copy_within(into, value, HR_WALK_DEPTH_MAX + 1, ret_copy);
}
