/* engine/agreed: the ledger of what people said about messages, from the inside.
 *
 * Why      every word counts once, with its proof, and the newest stands whatever the order of arrival.
 * Shape    a word of a field, or of somebody who leaves -> consent_said; see consent.h.
 * Pure     yes.
 * Tests    tests/scenario/consent_test.c */
#ifndef HR_ENGINE_AGREED_H
#define HR_ENGINE_AGREED_H

#include "engine/contract.h"
#include "engine/step_internal.h"

/* One word on its way into the ledger. */
struct hr_consent_word {
    uint32_t purpose; /* name number */
    enum hr_channel channel;
    enum hr_consent_said said;
    uint32_t writer;
    hr_instant at;
    struct hr_text why;    /* a person's reason */
    struct hr_value proof; /* a map, or null */
};
hr_status hr_step_say_consent(struct hr_step *step, uint64_t contact,
                              const struct hr_consent_word *word);
/* The purpose of a field of type consent, by its name number; 0: it has none, or none that the journal knows. */
uint32_t hr_consent_purpose(const struct hr_plan *plan, const struct hr_field *field);
/* A word about a contact's field of type consent joins the ledger, where its writer may speak at all. */
hr_status hr_step_keep_consent(struct hr_step *step, uint64_t contact,
                               const struct hr_word_said *word);
/* What the contract names as proof, as the message brings it: a map, or null where it names nothing but the time.
 * False: something is missing. */
bool hr_consent_proof(struct hr_arena *into, const struct hr_field *field,
                      const struct hr_heard *heard, struct hr_value *ret_proof);
/* HR_VERB_unsubscribe. Whoever left already leaves nothing to journal. */
hr_status hr_step_unsubscribe(struct hr_step *step);

#endif
