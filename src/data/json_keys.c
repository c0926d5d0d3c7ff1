/* data/json_keys: keys that come twice in one JSON object. Few keys are told apart by their hashes,
 * many by their order, so that no object costs more than n log n. */
#include "data/json_reader.h"

#include <string.h>

/* Up to here a small hash table is fastest, and comparing each with each, which a hostile object may
 * bring about, is still cheap. */
enum { VERY_FEW_KEYS = 16, FEW_KEYS = 64, SLOTS_MIN = 32, SLOTS_MAX = 2 * FEW_KEYS };

static int compare_keys(const void *context, uint32_t a, uint32_t b)
{
    const struct hr_member *members = context;
    return hr_text_compare(hr_value_as_text(&members[a].key), hr_value_as_text(&members[b].key));
}

static inline bool keys_equal(const struct hr_member *a, const struct hr_member *b)
{
    return a->key.count == b->key.count &&
           (a->key.count == 0 || (a->key.text[0] == b->key.text[0] &&
                                  memcmp(a->key.text, b->key.text, a->key.count) == 0));
}

static hr_status refuse_duplicate(struct hr_json_reader *reader, const struct hr_member *first,
                                  const struct hr_member *second)
{
    if (reader->reterr != NULL) {
        const char *begin = reader->text.data;
        struct hr_place place =
            hr_place_at(HR_TEXT_NONE, reader->text, (size_t)(second->key.number_text - begin));
        struct hr_text name = hr_text_slice(hr_value_as_text(&second->key), 0, 80);
        struct hr_diagnostic *diagnostic =
            hr_diagnostics_add(reader->reterr, HR_CODE_json_duplicate_key, HR_SEVERITY_error, place,
                               "the key \"%.*s\" comes twice in one object", HR_SHOW(name));
        diagnostic->second =
            hr_place_at(HR_TEXT_NONE, reader->text, (size_t)(first->key.number_text - begin));
        diagnostic->second_label = HR_TEXT("here first");
    }
    return hr_answer(HR_E_INPUT);
}

/* Of two members with one key: refused, or the earlier is marked (its key's kind becomes null). */
static hr_status settle(struct hr_json_reader *reader, struct hr_member *first,
                        const struct hr_member *second, size_t *removed)
{
    if (!reader->keep_last) {
        return refuse_duplicate(reader, first, second);
    }
    if (first->key.kind != HR_KIND_null) {
        first->key.kind = HR_KIND_null;
        (*removed)++;
    }
    return hr_done();
}

static hr_status settle_large(struct hr_json_reader *reader, struct hr_member *members,
                              size_t count, size_t *removed)
{
    struct hr_arena_mark mark = hr_arena_mark(reader->into);
    const uint32_t *order = hr_order_make(reader->into, count, compare_keys, members);
    if (order == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    hr_status status = hr_done();
    for (size_t index = 1; index < count && hr_ok(status); index++) {
        struct hr_member *first = &members[order[index - 1]];
        const struct hr_member *second = &members[order[index]];
        if (keys_equal(first, second)) {
            status = settle(reader, first, second, removed);
        }
    }
    if (hr_ok(status)) {
        hr_arena_rewind(reader->into,
                        mark); /* not after a complaint: it may live in this arena too */
    }
    return status;
}

/* Of length, first byte and the two last: names in one object seldom agree in all of them. */
static inline uint32_t hash_of(const struct hr_value *key)
{
    uint32_t size = key->count;
    if (size < 2) {
        return size == 0 ? 0 : (uint32_t)(unsigned char)key->text[0];
    }
    uint16_t last;
    memcpy(&last, key->text + size - 2, sizeof last);
    uint32_t mixed = (uint32_t)last ^ (size << 16) ^ ((uint32_t)(unsigned char)key->text[0] << 24);
    return mixed * UINT32_C(0x9E3779B1) >> 20;
}

/* True if two sets of 64 bits already tell all keys apart. They stay in registers, and nothing here
 * depends on what the keys are. */
static inline bool surely_different(const struct hr_member *members, size_t count)
{
    uint64_t first = 0, second = 0, clash = 0;
    for (size_t index = 0; index < count; index++) {
        uint32_t hash = hash_of(&members[index].key);
        uint32_t low = hash & 63, high = hash >> 6 & 63;
        clash |= first >> low & second >> high & 1;
        first |= UINT64_C(1) << low;
        second |= UINT64_C(1) << high;
    }
    return clash == 0;
}

/* A table of the members so far, by the hash of their keys; a slot holds a member's number and one. */
static hr_status settle_few(struct hr_json_reader *reader, struct hr_member *members, size_t count,
                            size_t *removed)
{
    uint8_t slots[SLOTS_MAX];
    uint32_t size = SLOTS_MIN;
    while (size < 2 * count) {
        size *= 2;
    }
    memset(slots, 0, size);
    for (size_t index = 0; index < count; index++) {
        uint32_t at = hash_of(&members[index].key) & (size - 1);
        while (slots[at] != 0) {
            struct hr_member *first = &members[slots[at] - 1];
            if (keys_equal(first, &members[index])) {
                HR_TRY(settle(reader, first, &members[index], removed));
                break;
            }
            at = (at + 1) & (size - 1);
        }
        slots[at] = (uint8_t)(index + 1);
    }
    return hr_done();
}

hr_status hr_json_keys_settle(struct hr_json_reader *reader, struct hr_member *members,
                              size_t *count)
{
    if (*count <= VERY_FEW_KEYS && surely_different(members, *count)) {
        return hr_done();
    }
    size_t removed = 0;
    HR_TRY(*count > FEW_KEYS ? settle_large(reader, members, *count, &removed)
                             : settle_few(reader, members, *count, &removed));
    if (removed == 0) {
        return hr_done();
    }
    size_t kept = 0;
    for (size_t index = 0; index < *count; index++) {
        if (members[index].key.kind != HR_KIND_null) {
            members[kept++] = members[index];
        }
    }
    *count = kept;
    return hr_done();
}
