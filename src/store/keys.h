/* store, inside: what the writer keeps in memory of keys: which contacts match keys lead to, and which deliveries were
 * seen. */
#ifndef HR_STORE_KEYS_H
#define HR_STORE_KEYS_H

#include "store/store.h"

#include <stdatomic.h>

struct lite;

/* ---- match keys in memory (known.c) ------------------------------------------------------------ */

struct known {
    struct known_slot *slots; /* row after row */
    uint32_t row_count;
    uint32_t row_slots;
};
/* slots 0: the usual number. */
hr_status known_open(struct known *known, uint32_t slots);
void known_close(struct known *known);
/* Puts those entries into the view that are remembered; *ret_left: of so many the index must be asked. */
hr_status known_fetch(const struct known *known, const struct hr_entry_name *names, size_t count,
                      struct hr_view *view, size_t *ret_left);
/* All match keys of a view that stand in the index as they do there: after a commit. */
void known_take(struct known *known, const struct hr_view *view);
/* After the index was made anew. */
void known_forget_all(struct known *known);

/* ---- delivery keys (seen.c, filter.c) --------------------------------------------------------- */

struct seen_run {
    struct hr_key *firsts; /* the first key of each chunk */
    uint32_t chunk_count;
};
struct filter_shape {
    uint32_t segment_bits;
    uint32_t segments; /* that a key may begin in */
    uint32_t slot_count;
};
enum {
    FILTER_LANE_BITS = 12,
    FILTER_LANE_MASK = 0xFFF,
    FILTER_WORD_LANES = 5, /* runs in a 64-bit word */
    FILTER_WORDS = 4,      /* words side by side at a place */
    FILTER_LANES = FILTER_WORD_LANES * FILTER_WORDS
};

struct seen {
    uint32_t run_keys;
    struct hr_key *recent; /* open addressing; the zero key is an empty slot */
    size_t slot_count;
    size_t recent_count;
    struct filter_shape shape;
    uint64_t **groups; /* filters of FILTER_LANES runs side by side: one look serves them all */
    size_t group_count;
    struct seen_run *runs;
    size_t run_count;
    uint64_t flushed; /* position up to which runs (and their rests) hold every key */
};
/* A run made ready inside a commit, taken over once it is durable. */
struct seen_flush {
    bool wanted;
    struct seen_run run;
    uint16_t *lane;
    struct hr_key *rest; /* keys that the filter could not hold: they stay recent */
    size_t rest_count;
    uint64_t position;
};
hr_status seen_open(struct seen *seen, struct lite *lite, uint32_t run_keys);
void seen_close(struct seen *seen);
hr_status seen_look(struct seen *seen, struct lite *lite, const struct hr_key *key, bool *ret_seen);
/* Adds a key; HR_E_MEMORY when the table cannot grow. Zero keys are no keys. */
hr_status seen_add(struct seen *seen, const struct hr_key *key);
/* Makes sure that `count` keys can be added without a failure. */
hr_status seen_reserve(struct seen *seen, size_t count);
/* Writes the recent keys as a run when `coming` more would be too many. Inside a transaction. */
hr_status seen_flush_begin(struct seen *seen, struct lite *lite, size_t coming, uint64_t position,
                           struct seen_flush *ret_flush);
/* The commit is durable, or it was not kept. */
void seen_flush_done(struct seen *seen, struct seen_flush *flush, bool kept);

struct filter_shape filter_shape_of(uint32_t keys);
/* Fills lane[slot_count] for sorted keys; those that do not fit are told by index. HR_E_MEMORY. */
hr_status filter_build(const struct filter_shape *shape, const struct hr_key *keys, size_t count,
                       uint16_t *lane, uint32_t *ret_left, size_t *ret_left_count);
/* Where a key lies in every filter of a shape, and what stands for it there. */
struct filter_place {
    uint32_t slots[3];
    uint16_t print;
};
struct filter_place filter_place_of(const struct filter_shape *shape, const struct hr_key *key);
/* Asks the machine for the words that filter_look will read. */
void filter_fetch(const uint64_t *group, const struct filter_place *place);
/* Bits of the lanes of a group that may hold the key. */
uint32_t filter_look(const uint64_t *group, const struct filter_place *place);
/* Puts a run's prints into its lane of a group. */
void filter_put(const struct filter_shape *shape, uint64_t *group, unsigned lane,
                const uint16_t *prints);

#endif
