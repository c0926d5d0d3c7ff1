/* Filters over runs of delivery keys: which run may hold a key. Binary fuse filters of 12-bit fingerprints:
 * about 15 bits a key, and 1 in 4,096 false answers a run. A key's place is the same in every run, so the
 * filters of twenty runs lie side by side, five in a 64-bit word, and three half cache lines answer for all of
 * them. Keys that cannot be placed (a handful in a million runs) are told; the caller keeps them. */
#include "store/inside.h"

#include <stdlib.h>
#include <string.h>

struct filter_shape filter_shape_of(uint32_t keys)
{
    hr_assert(keys >= 16);
    uint32_t log = 31 - (uint32_t)__builtin_clz(keys);
    uint64_t wanted = keys >= 65536 ? (uint64_t)keys * 119 / 100 : (uint64_t)keys * 3 / 2 + 32;
    struct filter_shape shape = {.segment_bits =
                                     (log * 100 + 390) / 173}; /* log(n) / log(3.33) + 2.25 */
    uint32_t segments = (uint32_t)((wanted + (1U << shape.segment_bits) - 1) >> shape.segment_bits);
    shape.segments = segments > 3 ? segments - 2 : 1;
    shape.slot_count = (shape.segments + 2) << shape.segment_bits;
    return shape;
}

static uint64_t mixed(uint64_t word)
{
    word ^= word >> 33;
    word *= UINT64_C(0xFF51AFD7ED558CCD);
    word ^= word >> 33;
    word *= UINT64_C(0xC4CEB9FE1A85EC53);
    return word ^ word >> 33;
}

struct filter_place filter_place_of(const struct filter_shape *shape, const struct hr_key *key)
{
    uint64_t words[2];
    memcpy(words, key->bytes, sizeof words);
    uint64_t hash = mixed(words[0] ^ mixed(words[1]));
    uint32_t mask = (1U << shape->segment_bits) - 1;
    uint32_t range = shape->segments << shape->segment_bits;
    uint32_t base = (uint32_t)((hash >> 32) * range >> 32);
    struct filter_place place = {.print = (uint16_t)(mixed(hash ^ words[0]) & FILTER_LANE_MASK)};
    place.slots[0] = base;
    place.slots[1] = (base + (1U << shape->segment_bits)) ^ ((uint32_t)(hash >> 16) & mask);
    place.slots[2] = (base + (2U << shape->segment_bits)) ^ ((uint32_t)hash & mask);
    return place;
}

void filter_fetch(const uint64_t *group, const struct filter_place *place)
{
    for (int i = 0; i < 3; i++) {
        __builtin_prefetch(group + (size_t)place->slots[i] * FILTER_WORDS);
    }
}

uint32_t filter_look(const uint64_t *group, const struct filter_place *place)
{
    const uint64_t ones = UINT64_C(0x001001001001001);
    const uint64_t *first = group + (size_t)place->slots[0] * FILTER_WORDS;
    const uint64_t *second = group + (size_t)place->slots[1] * FILTER_WORDS;
    const uint64_t *third = group + (size_t)place->slots[2] * FILTER_WORDS;
    uint32_t lanes = 0;
    for (unsigned i = 0; i < FILTER_WORDS; i++) {
        uint64_t word = first[i] ^ second[i] ^ third[i] ^ place->print * ones;
        if (((word - ones) & ~word & ones << (FILTER_LANE_BITS - 1)) == 0) {
            continue; /* no lane is zero */
        }
        for (unsigned lane = 0; lane < FILTER_WORD_LANES; lane++) {
            bool matches = (word >> lane * FILTER_LANE_BITS & FILTER_LANE_MASK) == 0;
            lanes |= (uint32_t)matches << (i * FILTER_WORD_LANES + lane);
        }
    }
    return lanes;
}

void filter_put(const struct filter_shape *shape, uint64_t *group, unsigned lane,
                const uint16_t *prints)
{
    uint64_t *words = group + lane / FILTER_WORD_LANES;
    unsigned shift = lane % FILTER_WORD_LANES * FILTER_LANE_BITS;
    for (size_t i = 0; i < shape->slot_count; i++) {
        words[i * FILTER_WORDS] |= (uint64_t)(prints[i] & FILTER_LANE_MASK) << shift;
    }
}

/* ---- building by peeling -------------------------------------------------------------------------- */

struct slot {
    uint32_t keys; /* how many keys still lie here */
    uint32_t sum;  /* xor of their indexes: the index itself when there is one */
};
struct peeling {
    struct slot *slots;
    uint32_t *queue;      /* slots that hold one key; each slot enters at most once a key */
    uint32_t *order;      /* keys as they were taken off */
    uint32_t *order_slot; /* and the slot that was theirs alone */
};

static bool peeling_make(struct peeling *peeling, size_t slot_count, size_t count)
{
    peeling->slots = calloc(slot_count, sizeof *peeling->slots);
    peeling->queue = malloc((slot_count + 3 * count) * sizeof *peeling->queue);
    peeling->order = malloc((count + 1) * sizeof *peeling->order);
    peeling->order_slot = malloc((count + 1) * sizeof *peeling->order_slot);
    return peeling->slots != NULL && peeling->queue != NULL && peeling->order != NULL &&
           peeling->order_slot != NULL;
}

static void peeling_free(struct peeling *peeling)
{
    free(peeling->slots);
    free(peeling->queue);
    free(peeling->order);
    free(peeling->order_slot);
}

static void put_keys(const struct filter_shape *shape, const struct hr_key *keys, size_t count,
                     struct slot *slots)
{
    for (uint32_t i = 0; i < count; i++) {
        struct filter_place place = filter_place_of(shape, &keys[i]);
        for (int j = 0; j < 3; j++) {
            slots[place.slots[j]].keys++;
            slots[place.slots[j]].sum ^= i;
        }
    }
}

static size_t peel(const struct filter_shape *shape, const struct hr_key *keys,
                   struct peeling *peeling)
{
    size_t queued = 0;
    size_t peeled = 0;
    for (uint32_t i = 0; i < shape->slot_count; i++) {
        if (peeling->slots[i].keys == 1) {
            peeling->queue[queued++] = i;
        }
    }
    for (size_t at = 0; at < queued; at++) {
        uint32_t slot = peeling->queue[at];
        if (peeling->slots[slot].keys != 1) {
            continue; /* its key was taken off through another slot */
        }
        uint32_t key = peeling->slots[slot].sum;
        struct filter_place place = filter_place_of(shape, &keys[key]);
        peeling->order[peeled] = key;
        peeling->order_slot[peeled++] = slot;
        for (int j = 0; j < 3; j++) {
            struct slot *other = &peeling->slots[place.slots[j]];
            other->sum ^= key;
            if (--other->keys == 1) {
                peeling->queue[queued++] = place.slots[j];
            }
        }
    }
    return peeled;
}

static void find_left(const struct peeling *peeling, size_t peeled, size_t count,
                      uint32_t *ret_left, size_t *ret_left_count)
{
    *ret_left_count = 0;
    if (peeled == count) {
        return;
    }
    uint32_t *taken = peeling->queue; /* free again, and large enough */
    memset(taken, 0, count * sizeof *taken);
    for (size_t i = 0; i < peeled; i++) {
        taken[peeling->order[i]] = 1;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (taken[i] == 0) {
            ret_left[(*ret_left_count)++] = i;
        }
    }
}

hr_status filter_build(const struct filter_shape *shape, const struct hr_key *keys, size_t count,
                       uint16_t *lane, uint32_t *ret_left, size_t *ret_left_count)
{
    struct peeling peeling = {0};
    if (!peeling_make(&peeling, shape->slot_count, count)) {
        peeling_free(&peeling);
        return hr_answer(HR_E_MEMORY);
    }
    put_keys(shape, keys, count, peeling.slots);
    size_t peeled = peel(shape, keys, &peeling);
    memset(lane, 0, shape->slot_count * sizeof *lane);
    for (size_t i = peeled; i-- > 0;) {
        struct filter_place place = filter_place_of(shape, &keys[peeling.order[i]]);
        uint32_t own = peeling.order_slot[i];
        uint16_t print = place.print;
        for (int j = 0; j < 3; j++) {
            print ^= place.slots[j] == own ? 0 : lane[place.slots[j]];
        }
        lane[own] = print;
    }
    find_left(&peeling, peeled, count, ret_left, ret_left_count);
    peeling_free(&peeling);
    return hr_done();
}
