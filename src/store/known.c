/* Which contact a match key leads to, as the index answered last: a table in memory before the index, for the writer.
 * Three cold pages of an index of a million contacts cost more than all the rest of finding somebody. A key may lie
 * in any slot of its row, the newest first; the oldest falls out. What a commit writes goes into both. */
#include "store/inside.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1 << 21, ROW_SLOTS = 4 }; /* 48 MB, of which only what is used is ever touched */

struct known_slot {
    struct hr_key key;
    uint64_t value; /* 0: empty; such slots are the last of their row */
};

static struct known_slot *row_of(const struct known *known, const struct hr_key *key)
{
    uint64_t word = 0;
    memcpy(&word, key->bytes, sizeof word); /* match keys are keyed hashes: any bits will do */
    return &known->slots[word % known->row_count * known->row_slots];
}

hr_status known_open(struct known *known, uint32_t slots)
{
    uint32_t wanted = slots == 0 ? SLOTS : slots;
    known->row_slots = wanted < ROW_SLOTS ? wanted : ROW_SLOTS;
    known->row_count = wanted / known->row_slots;
    known->slots = calloc((size_t)known->row_count * known->row_slots, sizeof *known->slots);
    return known->slots == NULL ? hr_answer(HR_E_MEMORY) : hr_done();
}

void known_close(struct known *known)
{
    free(known->slots);
    known->slots = NULL;
}

void known_forget_all(struct known *known)
{
    memset(known->slots, 0, (size_t)known->row_count * known->row_slots * sizeof *known->slots);
}

/* Where the key lies in its row, or row_slots. */
static uint32_t find(const struct known *known, const struct known_slot *row,
                     const struct hr_key *key)
{
    uint32_t at = 0;
    while (at < known->row_slots && (row[at].value == 0 || !hr_key_equal(&row[at].key, key))) {
        at++;
    }
    return at;
}

hr_status known_fetch(const struct known *known, const struct hr_entry_name *names, size_t count,
                      struct hr_view *view, size_t *ret_left)
{
    *ret_left = 0;
    for (size_t i = 0; i < count; i++) {
        const struct hr_key *key = &names[i].key;
        enum hr_space space = (enum hr_space)names[i].space;
        if (hr_view_entry(view, space, key) != NULL) {
            continue;
        }
        const struct known_slot *row = row_of(known, key);
        uint32_t at = space == HR_SPACE_match ? find(known, row, key) : known->row_slots;
        if (at == known->row_slots) {
            (*ret_left)++;
            continue;
        }
        HR_TRY(hr_view_put_entry(view, space, key, row[at].value, false));
    }
    return hr_done();
}

static void put(struct known *known, const struct hr_key *key, uint64_t value)
{
    struct known_slot *row = row_of(known, key);
    uint32_t at = find(known, row, key);
    if (value == 0 && at < known->row_slots) {
        uint32_t behind = known->row_slots - at - 1;
        memmove(&row[at], &row[at + 1], behind * sizeof *row);
        row[known->row_slots - 1] = (struct known_slot){.value = 0};
    } else if (value != 0) {
        uint32_t before = at < known->row_slots ? at : known->row_slots - 1;
        memmove(&row[1], &row[0], before * sizeof *row);
        row[0] = (struct known_slot){.key = *key, .value = value};
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
