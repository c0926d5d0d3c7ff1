/* Which contact a match key leads to, as the index answered last: a table in memory before the index, for the writer.
 * Three cold pages of an index of a million contacts cost more than all the rest of finding somebody. Each key has
 * one place, the newest takes it; what a commit writes goes into both. */
#include "store/inside.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1 << 20 }; /* 24 MB, of which only what is used is ever touched */

struct known_slot {
    struct hr_key key;
    uint64_t value; /* 0: empty */
};

static struct known_slot *place_of(const struct known *known, const struct hr_key *key)
{
    uint64_t word = 0;
    memcpy(&word, key->bytes, sizeof word); /* match keys are keyed hashes: any bits will do */
    return &known->slots[word % known->slot_count];
}

hr_status known_open(struct known *known, uint32_t slots)
{
    known->slot_count = slots == 0 ? SLOTS : slots;
    known->slots = calloc(known->slot_count, sizeof *known->slots);
    return known->slots == NULL ? hr_answer(HR_E_MEMORY) : hr_done();
}

void known_close(struct known *known)
{
    free(known->slots);
    known->slots = NULL;
}

void known_forget_all(struct known *known)
{
    memset(known->slots, 0, known->slot_count * sizeof *known->slots);
}

hr_status known_fetch(const struct known *known, const struct hr_entry_name *names, size_t count,
                      struct hr_view *view)
{
    for (size_t i = 0; i < count; i++) {
        const struct known_slot *slot = place_of(known, &names[i].key);
        bool knows = names[i].space == HR_SPACE_match && slot->value != 0 &&
                     hr_key_equal(&slot->key, &names[i].key);
        if (knows && hr_view_entry(view, HR_SPACE_match, &names[i].key) == NULL) {
            HR_TRY(hr_view_put_entry(view, HR_SPACE_match, &names[i].key, slot->value, false));
        }
    }
    return hr_done();
}

static void put(struct known *known, const struct hr_key *key, uint64_t value)
{
    struct known_slot *slot = place_of(known, key);
    if (value != 0) {
        *slot = (struct known_slot){.key = *key, .value = value};
    } else if (hr_key_equal(&slot->key, key)) {
        *slot = (struct known_slot){.value = 0};
    }
}

void known_take(struct known *known, const struct hr_view *view)
{
    for (size_t i = 0; i < view->entry_count; i++) {
        const struct hr_index_entry *entry = &view->entries[i];
        if (entry->space == HR_SPACE_match) {
            put(known, &entry->key, entry->value);
        }
    }
}
