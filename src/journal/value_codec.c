/* Values as bytes: a kind, then its content. Lists and maps by an explicit stack of what is left, so that depth
 * is a number and not the machine's stack. */
#include "journal/journal.h"

#include <string.h>

static void put_scalar(struct hr_buffer *buffer, const struct hr_value *value)
{
    uint64_t bits = 0;
    switch ((enum hr_kind)value->kind) {
    case HR_KIND_null:
        break;
    case HR_KIND_bool:
        hr_put_uint(buffer, value->truth ? 1 : 0);
        break;
    case HR_KIND_int:
        hr_put_int(buffer, value->integer);
        break;
    case HR_KIND_uint:
        hr_put_uint(buffer, value->natural);
        break;
    case HR_KIND_double:
        memcpy(&bits, &value->real, sizeof bits);
        hr_put_bytes(buffer, &bits, sizeof bits);
        hr_put_text(buffer, (struct hr_text){value->number_text, value->number_size});
        break;
    case HR_KIND_text:
    case HR_KIND_bytes:
    case HR_KIND_type:
        hr_put_text(buffer, (struct hr_text){value->text, value->count});
        break;
    case HR_KIND_time:
    case HR_KIND_duration:
        hr_put_int(buffer, value->time);
        break;
    case HR_KIND_list:
    case HR_KIND_map:
    case HR_KIND_optional:
        hr_put_uint(buffer, value->count);
        break;
    }
}

struct writing {
    const struct hr_value *items;    /* of a list */
    const struct hr_member *members; /* of a map */
    size_t left;                     /* items, or twice the members: key, value, key, value */
};

static bool has_children(const struct hr_value *value)
{
    return (value->kind == HR_KIND_list || value->kind == HR_KIND_map ||
            value->kind == HR_KIND_optional) &&
           value->count > 0;
}

static struct writing children_of(const struct hr_value *value)
{
    if (value->kind == HR_KIND_map) {
        return (struct writing){.members = value->members, .left = 2 * (size_t)value->count};
    }
    return (struct writing){.items = value->items, .left = value->count};
}

static const struct hr_value *next_child(struct writing *level)
{
    level->left--;
    if (level->items != NULL) {
        return level->items++;
    }
    if (level->left % 2 == 1) {
        return &level->members->key;
    }
    return &(level->members++)->value;
}

void hr_put_value(struct hr_buffer *buffer, const struct hr_value *value)
{
    struct writing stack[HR_VALUE_DEPTH_MAX];
    size_t depth = 0;
    const struct hr_value *now = value;
    for (;;) {
        hr_put_uint(buffer, now->kind);
        put_scalar(buffer, now);
        if (has_children(now)) {
            if (depth == HR_VALUE_DEPTH_MAX) {
                buffer->failed = true;
                return;
            }
            stack[depth++] = children_of(now);
        }
        while (depth > 0 && stack[depth - 1].left == 0) {
            depth--;
        }
        if (depth == 0) {
            return;
        }
        now = next_child(&stack[depth - 1]);
    }
}

/* Reads what follows the kind; for lists and maps only the count, leaving room for the children. */
static bool get_scalar(struct hr_reader *reader, struct hr_arena *into, struct hr_value *value)
{
    struct hr_text text;
    switch ((enum hr_kind)value->kind) {
    case HR_KIND_null:
        return true;
    case HR_KIND_bool:
        value->truth = hr_get_uint_max(reader, 1) == 1;
        return true;
    case HR_KIND_int:
        value->integer = hr_get_int(reader);
        return true;
    case HR_KIND_uint:
        value->natural = hr_get_uint(reader);
        return true;
    case HR_KIND_double:
        hr_get_bytes(reader, &value->real, sizeof value->real);
        text = hr_get_text(reader);
        value->number_text = text.data;
        value->number_size = (uint16_t)text.size;
        return text.size <= UINT16_MAX;
    case HR_KIND_text:
    case HR_KIND_bytes:
    case HR_KIND_type:
        text = hr_get_text(reader);
        value->text = text.data;
        value->count = (uint32_t)text.size;
        return true;
    case HR_KIND_time:
    case HR_KIND_duration:
        value->time = hr_get_int(reader);
        return true;
    case HR_KIND_list:
    case HR_KIND_optional:
        /* every item takes at least a byte, so a count beyond what is left is broken */
        value->count = (uint32_t)hr_get_uint_max(reader, reader->size - reader->at);
        value->items = hr_arena_new_many(into, struct hr_value, value->count);
        return value->items != NULL;
    case HR_KIND_map:
        value->count = (uint32_t)hr_get_uint_max(reader, (reader->size - reader->at) / 2);
        value->members = hr_arena_new_many(into, struct hr_member, value->count);
        return value->members != NULL;
    }
    return false;
}

bool hr_get_value(struct hr_reader *reader, struct hr_arena *into, struct hr_value *ret_value)
{
    struct writing stack[HR_VALUE_DEPTH_MAX];
    size_t depth = 0;
    struct hr_value *now = ret_value;
    for (;;) {
        *now = (struct hr_value){.kind = (uint8_t)hr_get_uint_max(reader, HR_KIND_optional)};
        if (!get_scalar(reader, into, now) || reader->failed) {
            reader->failed = true;
            *ret_value = (struct hr_value){.kind = HR_KIND_null};
            return false;
        }
        if (has_children(now)) {
            if (depth == HR_VALUE_DEPTH_MAX) {
                reader->failed = true;
                return false;
            }
            stack[depth++] = children_of(now);
        }
        while (depth > 0 && stack[depth - 1].left == 0) {
            depth--;
        }
        if (depth == 0) {
            return true;
        }
        /* the children were allocated above and are still only ours: const is dropped knowingly */
        now = (struct hr_value *)(uintptr_t)next_child(&stack[depth - 1]);
    }
}
