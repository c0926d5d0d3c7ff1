/* sim/random: numbers that follow from a seed. */
#ifndef HR_TESTS_SIM_RANDOM_H
#define HR_TESTS_SIM_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/* splitmix64: small, even enough for choices, and its whole state is one number. */
struct rng {
    uint64_t state;
};

/* A stream of its own for each (seed, purpose). */
static inline struct rng rng_of(uint64_t seed, uint64_t purpose)
{
    return (struct rng){seed * UINT64_C(0xD1342543DE82EF95) +
                        purpose * UINT64_C(0x9E3779B97F4A7C15)};
}

static inline uint64_t rng_next(struct rng *rng)
{
    rng->state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t mixed = rng->state;
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ mixed >> 31;
}

/* 0 .. below - 1. */
static inline uint32_t rng_below(struct rng *rng, uint32_t below)
{
    return (uint32_t)((rng_next(rng) >> 32) * below >> 32);
}

/* True this often in a thousand. */
static inline bool rng_chance(struct rng *rng, uint32_t per_thousand)
{
    return rng_below(rng, 1000) < per_thousand;
}

#endif
