/* tests/support/machine: the engine over a state that is only in memory: no store, no batch.
 *
 * Why      to run the rules again on stored events, or on the same events in another order, thousands of times.
 * Owner    everything lives in the arena given.
 * Errors   those of hr_engine_step; HR_E_LIMIT when a step never has enough. */
#ifndef HR_TESTS_SUPPORT_MACHINE_H
#define HR_TESTS_SUPPORT_MACHINE_H

#include "engine/consent.h"

struct machine {
    struct hr_arena *arena;
    struct hr_view view;
    struct hr_engine engine;
    uint64_t position; /* of the newest entry */
};
void machine_init(struct machine *machine, struct hr_arena *arena,
                  const uint8_t secret[HR_KEY_SIZE]);
/* Steps one event; its position is the next one. ret_entry->position 0: nothing happened. */
hr_status machine_step(struct machine *machine, struct hr_event event,
                       struct hr_entry *ret_entry) HR_MUST_USE;
/* Puts a checked plan in force. */
hr_status machine_publish(struct machine *machine, struct hr_plan *plan, struct hr_text files,
                          hr_instant now, struct hr_entry *ret_entry) HR_MUST_USE;
/* What a tool says, raw as it sends it; false when the engine cannot read or step it. */
bool machine_hear(struct machine *machine, const char *tool, const char *raw, hr_instant now);
/* Whether a message of a purpose (index in the plan in force) may reach a contact now. */
struct hr_consent_answer machine_consent(struct machine *machine, uint64_t contact,
                                         int32_t purpose);
/* The only contact; NULL when there is none, or more than one. */
const struct hr_contact *machine_contact(const struct machine *machine);

#endif
