/* What one batch has fetched and changed: records by id, index entries by space and key. */
#include "state/state_internal.h"

#include <string.h>

static uint64_t mix(uint64_t hash)
{
    hash ^= hash >> 31;
    hash *= UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ (hash >> 29);
}

static uint64_t entry_hash(unsigned space, const struct hr_key *key)
{
    uint64_t halves[2];
    memcpy(halves, key->bytes, sizeof halves);
    return mix(halves[0] ^ mix(halves[1] + space));
}

void hr_view_init(struct hr_view *view, struct hr_arena *arena)
{
    *view = (struct hr_view){.arena = arena};
}

/* ---- records ---------------------------------------------------------------------------------- */

static size_t record_slot(const struct hr_view *view, uint64_t id)
{
    size_t mask = view->record_slot_count - 1;
    size_t slot = (size_t)mix(id) & mask;
    while (view->record_slots[slot] != 0 && view->records[view->record_slots[slot] - 1]->id != id) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

struct hr_record *hr_view_record(const struct hr_view *view, uint64_t id)
{
    if (view->record_slot_count == 0) {
        return NULL;
    }
    uint32_t index = view->record_slots[record_slot(view, id)];
    return index == 0 ? NULL : view->records[index - 1];
}

static hr_status grow_record_slots(struct hr_view *view)
{
    if (view->record_slot_count >= 2 * (view->record_count + 1)) {
        return hr_done();
    }
    size_t wanted = view->record_slot_count == 0 ? 256 : view->record_slot_count * 2;
    view->record_slots = hr_arena_new_many(view->arena, uint32_t, wanted);
    if (view->record_slots == NULL) {
        view->record_slot_count = 0;
        return hr_answer(HR_E_MEMORY);
    }
    view->record_slot_count = wanted;
    for (size_t i = 0; i < view->record_count; i++) {
        view->record_slots[record_slot(view, view->records[i]->id)] = (uint32_t)(i + 1);
    }
    return hr_done();
}

hr_status hr_view_put_record(struct hr_view *view, struct hr_record *record)
{
    HR_TRY(grow_record_slots(view));
    size_t slot = record_slot(view, record->id);
    if (view->record_slots[slot] != 0) {
        view->records[view->record_slots[slot] - 1] = record;
        return hr_done();
    }
    struct hr_record **records = hr_list_grow(view->arena, view->records, view->record_count,
                                              &view->record_capacity, sizeof(struct hr_record *));
    if (records == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    view->records = records;
    view->records[view->record_count++] = record;
    view->record_slots[slot] = (uint32_t)view->record_count;
    return hr_done();
}

/* ---- index entries ---------------------------------------------------------------------------- */

static size_t entry_slot(const struct hr_view *view, unsigned space, const struct hr_key *key)
{
    size_t mask = view->entry_slot_count - 1;
    size_t slot = (size_t)entry_hash(space, key) & mask;
    for (; view->entry_slots[slot] != 0; slot = (slot + 1) & mask) {
        const struct hr_index_entry *entry = &view->entries[view->entry_slots[slot] - 1];
        if (entry->space == space && hr_key_equal(&entry->key, key)) {
            break;
        }
    }
    return slot;
}

struct hr_index_entry *hr_view_entry(const struct hr_view *view, enum hr_space space,
                                     const struct hr_key *key)
{
    if (view->entry_slot_count == 0) {
        return NULL;
    }
    uint32_t index = view->entry_slots[entry_slot(view, (unsigned)space, key)];
    return index == 0 ? NULL : &view->entries[index - 1];
}

static hr_status grow_entry_slots(struct hr_view *view)
{
    if (view->entry_slot_count >= 2 * (view->entry_count + 1)) {
        return hr_done();
    }
    size_t wanted = view->entry_slot_count == 0 ? 256 : view->entry_slot_count * 2;
    view->entry_slots = hr_arena_new_many(view->arena, uint32_t, wanted);
    if (view->entry_slots == NULL) {
        view->entry_slot_count = 0;
        return hr_answer(HR_E_MEMORY);
    }
    view->entry_slot_count = wanted;
    for (size_t i = 0; i < view->entry_count; i++) {
        const struct hr_index_entry *entry = &view->entries[i];
        view->entry_slots[entry_slot(view, entry->space, &entry->key)] = (uint32_t)(i + 1);
    }
    return hr_done();
}

hr_status hr_view_put_entry(struct hr_view *view, enum hr_space space, const struct hr_key *key,
                            uint64_t value, bool dirty)
{
    HR_TRY(grow_entry_slots(view));
    size_t slot = entry_slot(view, (unsigned)space, key);
    if (view->entry_slots[slot] != 0) {
        struct hr_index_entry *entry = &view->entries[view->entry_slots[slot] - 1];
        entry->value = value;
        entry->dirty = entry->dirty || dirty;
        return hr_done();
    }
    struct hr_index_entry *entries = hr_list_grow(view->arena, view->entries, view->entry_count,
                                                  &view->entry_capacity, sizeof *entries);
    if (entries == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    view->entries = entries;
    view->entries[view->entry_count++] = (struct hr_index_entry){
        .space = (uint8_t)space, .dirty = dirty, .key = *key, .value = value};
    view->entry_slots[slot] = (uint32_t)view->entry_count;
    return hr_done();
}

/* ---- keys of two numbers ---------------------------------------------------------------------- */

struct hr_key hr_key_pair(uint64_t first, uint64_t second)
{
    struct hr_key key;
    for (int i = 0; i < 8; i++) {
        key.bytes[i] = (uint8_t)(first >> (56 - 8 * i));
        key.bytes[8 + i] = (uint8_t)(second >> (56 - 8 * i));
    }
    return key;
}

void hr_key_unpair(const struct hr_key *key, uint64_t *ret_first, uint64_t *ret_second)
{
    *ret_first = 0;
    *ret_second = 0;
    for (int i = 0; i < 8; i++) {
        *ret_first = *ret_first << 8 | key->bytes[i];
        *ret_second = *ret_second << 8 | key->bytes[8 + i];
    }
}
