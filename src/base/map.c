/* A hash map from text to number. Entries stand in insertion order, so walking it is the same on every run;
 * the slots only find them. */
#include "base/base.h"

#include <string.h>

void hr_map_init(struct hr_map *map, struct hr_arena *arena)
{
    *map = (struct hr_map){.arena = arena};
}

static size_t slot_of(const struct hr_map *map, struct hr_text key)
{
    size_t mask = map->slot_count - 1;
    size_t slot = (size_t)hr_text_hash(key) & mask;
    while (map->slots[slot] != 0 && !hr_text_equal(map->entries[map->slots[slot] - 1].key, key)) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

uint64_t *hr_map_find(const struct hr_map *map, struct hr_text key)
{
    if (map->slot_count == 0) {
        return NULL;
    }
    uint32_t index = map->slots[slot_of(map, key)];
    return index == 0 ? NULL : &map->entries[index - 1].value;
}

static hr_status grow_slots(struct hr_map *map)
{
    if (map->slot_count >= 2 * (map->count + 1)) {
        return hr_done();
    }
    size_t wanted = map->slot_count == 0 ? 16 : map->slot_count * 2;
    uint32_t *slots = hr_arena_new_many(map->arena, uint32_t, wanted);
    if (slots == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    map->slots = slots;
    map->slot_count = wanted;
    hr_assert(map->count == 0 || map->entries != NULL);
    for (size_t i = 0; i < map->count; i++) {
        map->slots[slot_of(map, map->entries[i].key)] = (uint32_t)(i + 1);
    }
    return hr_done();
}

hr_status hr_map_put(struct hr_map *map, struct hr_text key, uint64_t value)
{
    uint64_t *found = hr_map_find(map, key);
    if (found != NULL) {
        *found = value;
        return hr_done();
    }
    HR_TRY(grow_slots(map));
    struct hr_map_entry *entries =
        hr_list_grow(map->arena, map->entries, map->count, &map->capacity, sizeof *entries);
    if (entries == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    map->entries = entries;
    map->entries[map->count] = (struct hr_map_entry){key, value};
    map->slots[slot_of(map, key)] = (uint32_t)(map->count + 1);
    map->count++;
    return hr_done();
}
