/* engine/suppressed: addresses that left, whoever they belong to now.
 *
 * Why      who left must not be written to again because they were forgotten and came back, or under a second contact.
 * Shape    purpose, channel, address in normal form -> a keyed hash -> since when and by whom (HR_SPACE_suppressed). Of
 *          an address that a contact no longer shows the hash of its match key stands there too.
 * Limits   HR_ADDRESSES_MAX of a contact: what they have now first, then what they were found by, then what was said.
 * Pure     yes.
 * Tests    tests/scenario/consent_test.c */
#ifndef HR_ENGINE_SUPPRESSED_H
#define HR_ENGINE_SUPPRESSED_H

#include "engine/step_internal.h"

enum { HR_ADDRESSES_MAX = 96 };

/* What is left, and how. */
struct hr_suppressing {
    uint32_t purpose; /* name number */
    enum hr_channel channel;
};
struct hr_addresses {
    struct hr_key keys[HR_ADDRESSES_MAX]; /* each once */
    size_t count;
};

/* The key of an address in normal form. */
hr_status hr_suppressed_key(const struct hr_engine *engine, const struct hr_suppressing *what,
                            struct hr_text address, struct hr_arena *into, struct hr_key *ret_key);
/* The keys of all addresses of a contact that are known. */
hr_status hr_addresses_of(struct hr_step *step, const struct hr_contact *contact,
                          const struct hr_suppressing *what, struct hr_addresses *ret_addresses);
/* The newest and the oldest of their suppressions (hr_suppression); 0: one, or all, are not suppressed. */
hr_status hr_suppressed_since(struct hr_step *step, const struct hr_addresses *addresses,
                              uint64_t *ret_newest, uint64_t *ret_oldest);
/* Suppresses all of them, unless they are since later. */
hr_status hr_suppress(struct hr_step *step, const struct hr_suppressing *what,
                      const struct hr_addresses *addresses, uint32_t writer, hr_instant at);

#endif
