/* Finding a person's data in bytes that are not theirs: notes and messages that nobody could be named for. A value is
 * looked for as it is, as JSON writes it (in UTF-8, or in ASCII only), percent-encoded, and in base64 at each of its
 * three alignments. */
#include "data/identity.h"
#include "server/api_inside.h"

#include <ctype.h>
#include <string.h>

enum {
    NEEDLE_BYTES_MIN = 2, /* shorter ones would be found everywhere */
    WORD_BYTES_MAX = 5,   /* up to here a needle has to stand as a word of its own */
    BASE64_BYTES_MIN = 6,
    LEAVES_MAX = 20000,
    HEADS = 1 << 16 /* one for each pair of bytes */
};

struct needle {
    struct hr_text bytes;
    uint32_t next; /* of those that begin with the same pair: index + 1, 0 the last */
    bool exact;    /* compared with case: base64 */
    bool word;
};

struct hr_needles {
    struct hr_arena *arena;
    const struct hr_plan *plan;
    struct hr_map values; /* each once */
    struct hr_map names;  /* what they are as names, in normal form */
    struct needle *items;
    size_t count;
    size_t capacity;
    uint32_t
        *heads; /* needles by their first pair of bytes, so that many cost little more than few */
};

struct hr_needles *hr_needles_make(struct hr_arena *arena, const struct hr_plan *plan)
{
    struct hr_needles *needles = hr_arena_new(arena, struct hr_needles);
    uint32_t *heads = hr_arena_new_many(arena, uint32_t, HEADS);
    if (needles == NULL || heads == NULL) {
        return NULL;
    }
    *needles = (struct hr_needles){.arena = arena, .plan = plan, .heads = heads};
    hr_map_init(&needles->values, arena);
    hr_map_init(&needles->names, arena);
    return needles;
}

static size_t head_of(const char *pair)
{
    return (size_t)(uint8_t)hr_lower(pair[0]) << 8 | (uint8_t)hr_lower(pair[1]);
}

static hr_status add(struct hr_needles *needles, struct hr_text bytes, bool exact, bool word)
{
    struct needle *items = hr_list_grow(needles->arena, needles->items, needles->count,
                                        &needles->capacity, sizeof *items);
    if (items == NULL || bytes.data == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    hr_assert(bytes.size >= NEEDLE_BYTES_MIN);
    uint32_t *head = &needles->heads[head_of(bytes.data)];
    needles->items = items;
    items[needles->count++] = (struct needle){bytes, *head, exact, word};
    *head = (uint32_t)needles->count;
    return hr_done();
}

/* The next letter of well-formed UTF-8. */
static uint32_t next_letter(struct hr_text text, size_t *at)
{
    uint8_t lead = (uint8_t)text.data[(*at)++];
    unsigned more = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    uint32_t letter = more == 0 ? lead : lead & (0x3FU >> more);
    for (; more > 0; more--) {
        letter = letter << 6 | ((uint8_t)text.data[(*at)++] & 0x3F);
    }
    return letter;
}

/* Many tools write JSON in ASCII only: every other letter as \uXXXX, in pairs beyond U+FFFF. */
static hr_status add_ascii_json(struct hr_needles *needles, struct hr_text written, bool word)
{
    struct hr_buffer out;
    hr_buffer_init(&out, needles->arena, written.size * 6 + 1);
    for (size_t at = 0; at < written.size;) {
        uint32_t letter = next_letter(written, &at);
        if (letter < 0x80) {
            hr_buffer_add_byte(&out, (char)letter);
        } else if (letter <= 0xFFFF) {
            hr_buffer_add_format(&out, "\\u%04x", (unsigned)letter);
        } else {
            uint32_t pair = letter - 0x10000;
            hr_buffer_add_format(&out, "\\u%04x\\u%04x", (unsigned)(0xD800 | pair >> 10),
                                 (unsigned)(0xDC00 | (pair & 0x3FF)));
        }
    }
    HR_TRY(hr_buffer_status(&out));
    return out.size == written.size ? hr_done() : add(needles, hr_buffer_text(&out), false, word);
}

static hr_status add_json(struct hr_needles *needles, struct hr_text value, bool word)
{
    struct hr_buffer out;
    hr_buffer_init(&out, needles->arena, value.size * 6 + 2);
    hr_json_write_text(&out, value);
    HR_TRY(hr_buffer_status(&out));
    struct hr_text inner = hr_text_slice(hr_buffer_text(&out), 1, out.size - 1);
    if (!hr_text_equal(inner, value)) {
        HR_TRY(add(needles, inner, false, word));
    }
    return hr_text_is_utf8(inner) ? add_ascii_json(needles, inner, word) : hr_done();
}

static hr_status add_percent(struct hr_needles *needles, struct hr_text value, bool word)
{
    struct hr_buffer out;
    /* one more: hr_buffer_add_format wants room for its NUL as well */
    hr_buffer_init(&out, needles->arena, value.size * 3 + 1);
    for (size_t i = 0; i < value.size; i++) {
        unsigned char byte = (unsigned char)value.data[i];
        if (isalnum(byte) || strchr("-._~", byte) != NULL) {
            hr_buffer_add_byte(&out, (char)byte);
        } else {
            hr_buffer_add_format(&out, "%%%02X", byte);
        }
    }
    HR_TRY(hr_buffer_status(&out));
    return hr_text_equal(hr_buffer_text(&out), value)
               ? hr_done()
               : add(needles, hr_buffer_text(&out), false, word);
}

/* The letters of base64 that depend on the value alone, when it begins 0, 1 or 2 bytes into a group. */
static hr_status add_base64(struct hr_needles *needles, struct hr_text value)
{
    static const size_t first_whole[] = {0, 2, 3};
    for (size_t shift = 0; value.size >= BASE64_BYTES_MIN && shift < 3; shift++) {
        char *bytes = hr_arena_alloc(needles->arena, value.size + 2);
        if (bytes == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        memcpy(bytes + shift, value.data, value.size);
        struct hr_text encoded =
            hr_base64(needles->arena, (struct hr_text){bytes, value.size + shift});
        size_t end = (value.size + shift) * 8 / 6;
        HR_TRY(add(needles, hr_text_slice(encoded, first_whole[shift], end), true, false));
    }
    return hr_done();
}

static hr_status add_name(struct hr_needles *needles, struct hr_text value)
{
    struct hr_text name = hr_name_normal(needles->arena, value);
    if (name.data == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    return name.size == 0 ? hr_done() : hr_map_put(&needles->names, name, 0);
}

hr_status hr_needles_add(struct hr_needles *needles, struct hr_text value)
{
    value = hr_text_trim(value);
    if (value.size < NEEDLE_BYTES_MIN) {
        return hr_done();
    }
    if (hr_map_find(&needles->values, value) != NULL) {
        return hr_done();
    }
    if (needles->values.count == HR_NEEDLE_VALUES_MAX) {
        return hr_answer(HR_E_LIMIT);
    }
    struct hr_text kept = hr_text_copy(needles->arena, value);
    bool word = value.size <= WORD_BYTES_MAX;
    HR_TRY(add(needles, kept, false, word));
    HR_TRY(hr_map_put(&needles->values, kept, 0));
    HR_TRY(add_name(needles, kept));
    HR_TRY(add_json(needles, kept, word));
    HR_TRY(add_percent(needles, kept, word));
    return add_base64(needles, kept);
}

/* ---- as it was written -------------------------------------------------------------------------- */

static bool is_value(const struct hr_needles *needles, struct hr_text text)
{
    return hr_map_find(&needles->values, text) != NULL;
}

static bool writes_a_value(const struct hr_needles *needles, struct hr_text written,
                           struct hr_arena *scratch)
{
    struct hr_text normal = HR_TEXT_NONE;
    if (hr_email_normal(scratch, written, &normal) && is_value(needles, normal)) {
        return true;
    }
    if (hr_phone_normal(scratch, written, needles->plan->country, &normal) &&
        is_value(needles, normal)) {
        return true;
    }
    struct hr_text name = hr_name_normal(scratch, written);
    return name.size > 0 && hr_map_find(&needles->names, name) != NULL;
}

/* The children of a list or a map, or none. */
static const struct hr_value *child(const struct hr_value *value, uint32_t index)
{
    return value->kind == HR_KIND_list ? &value->items[index] : &value->members[index].value;
}

static hr_status add_leaf(struct hr_needles *needles, struct hr_text leaf, struct hr_arena *scratch)
{
    struct hr_arena_mark mark = hr_arena_mark(scratch);
    bool writes = leaf.size <= 512 && writes_a_value(needles, leaf, scratch);
    if (scratch->failed) {
        return hr_answer(HR_E_MEMORY); /* what was not looked at may write one */
    }
    hr_arena_rewind(scratch, mark);
    return writes ? hr_needles_add(needles, leaf) : hr_done();
}

static hr_status add_leaves(struct hr_needles *needles, const struct hr_value *root,
                            struct hr_arena *scratch)
{
    const struct hr_value *stack[HR_VALUE_DEPTH_MAX] = {root};
    uint32_t next[HR_VALUE_DEPTH_MAX] = {0};
    size_t depth = 1;
    size_t leaves = 0;
    while (depth > 0 && leaves < LEAVES_MAX) {
        const struct hr_value *value = stack[depth - 1];
        bool inner = value->kind == HR_KIND_list || value->kind == HR_KIND_map;
        if (!inner && value->kind == HR_KIND_text) {
            leaves++;
            HR_TRY(add_leaf(needles, hr_value_as_text(value), scratch));
        }
        if (!inner || next[depth - 1] == value->count || depth == HR_VALUE_DEPTH_MAX) {
            depth--;
            continue;
        }
        stack[depth] = child(value, next[depth - 1]++);
        next[depth++] = 0;
    }
    return hr_done();
}

hr_status hr_needles_add_written(struct hr_needles *needles, struct hr_text payload,
                                 struct hr_arena *scratch)
{
    struct hr_value root;
    hr_assert(scratch != needles->arena); /* it is rewound, and needles must stay */
    struct hr_arena_mark mark = hr_arena_mark(scratch);
    const struct hr_json_options options = {.size_max = 2 << 20};
    hr_status status = hr_json_read(scratch, payload, &options, NULL, &root);
    if (hr_ok(status)) {
        status = add_leaves(needles, &root, scratch);
    } else if (status.code != HR_E_MEMORY) {
        status = hr_done(); /* no JSON: nothing was read from it */
    }
    hr_arena_rewind(scratch, mark);
    return status;
}

/* ---- finding ------------------------------------------------------------------------------------ */

static bool same(const struct needle *needle, const char *at)
{
    return needle->exact ? memcmp(at, needle->bytes.data, needle->bytes.size) == 0
                         : strncasecmp(at, needle->bytes.data, needle->bytes.size) == 0;
}

static bool stands_alone(struct hr_text bytes, size_t at, size_t size)
{
    bool before = at > 0 && isalnum((unsigned char)bytes.data[at - 1]);
    bool after = at + size < bytes.size && isalnum((unsigned char)bytes.data[at + size]);
    return !before && !after;
}

static bool found_at(const struct hr_needles *needles, struct hr_text bytes, size_t at)
{
    const struct needle *needle = NULL;
    for (uint32_t i = needles->heads[head_of(bytes.data + at)]; i != 0; i = needle->next) {
        needle = &needles->items[i - 1];
        if (needle->bytes.size <= bytes.size - at && same(needle, bytes.data + at) &&
            (!needle->word || stands_alone(bytes, at, needle->bytes.size))) {
            return true;
        }
    }
    return false;
}

bool hr_needles_in(const struct hr_needles *needles, struct hr_text bytes)
{
    for (size_t at = 0; at + NEEDLE_BYTES_MIN <= bytes.size; at++) {
        if (found_at(needles, bytes, at)) {
            return true;
        }
    }
    return false;
}
