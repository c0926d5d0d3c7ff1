/* engine/consent: who may be written to for a purpose, and what they said about it.
 *
 * Why      nobody gets a message that they did not agree to, or no longer want; and whoever asks can be told why.
 * Shape    a ledger: every word about messages of a purpose is a fact with its writer, its time and what proves it
 *          (consent_said). The newest stands in the contact's row. A field of type consent shows the same to people
 *          and to conditions, by its contract (fields.c); it counts too, and the stricter of both holds.
 *
 *            yes   by the person themself: a tool's own message that brings what the contract names as proof. No
 *                  person, import, automation, page or AI can say it for them.
 *            no    by the person (the link in a letter, a complaint), by who works here, by a tool, by an automation.
 *                  Of two words for one moment no holds.
 *
 *          With a no by link, by complaint, or noted by a person, the contact's addresses are suppressed for the
 *          purpose: keyed hashes in an index of their own (HR_SPACE_suppressed), which stay when the contact is
 *          forgotten. A yes that is newer than the suppression counts again; nothing else does.
 * Order    which word stands, and since when an address is suppressed, does not depend on the order of arrival.
 * Limits   HR_CONSENTS_MAX purposes of a contact in its row: beyond, the addresses alone are suppressed.
 * Pure     yes.
 * Source   requirements A3.16, A3.17; promises P53, P54; docs/decisions/0031.
 * Tests    tests/scenario/consent_test.c, tests/scenario/stories, tests/sim */
#ifndef HR_ENGINE_CONSENT_H
#define HR_ENGINE_CONSENT_H

#include "engine/engine.h"

/* Why a message may leave, or not. */
enum hr_consent_why {
    HR_CONSENT_WHY_given,
    HR_CONSENT_WHY_not_needed,
    HR_CONSENT_WHY_nobody,     /* there is no such contact (any more) */
    HR_CONSENT_WHY_no_purpose, /* the plan in force knows no such purpose */
    HR_CONSENT_WHY_never,      /* they never said yes */
    HR_CONSENT_WHY_unproven,   /* somebody says that they said yes, and nothing proves it */
    HR_CONSENT_WHY_withdrawn,
    HR_CONSENT_WHY_suppressed, /* an address of theirs left, perhaps as another contact */
    HR_CONSENT_WHY_COUNT
};
struct hr_consent_answer {
    bool may; /* it may leave now */
    enum hr_consent_why why;
    hr_instant at; /* when they agreed, withdrew or left; HR_INSTANT_NONE: no time belongs to it */
    uint32_t writer;   /* who said so (enum hr_by and a name); 0 where at is none */
    uint64_t position; /* of the entry that says so; 0: it is not known (any more) */
    struct hr_text
        words; /* "withdrew from marketing on 2026-11-23T10:00:00Z by the link in a letter": no personal data */
};
/* "withdrawn", as the API writes it. */
struct hr_text hr_consent_why_word(enum hr_consent_why why);
/* May a message of this purpose (an index in plan->policies.purposes) reach the contact by e-mail now? Asks the
 * contact's row and, for each of their addresses, one index entry. HR_E_NEEDS, HR_E_MEMORY. */
struct hr_step;
hr_status hr_step_consent(struct hr_step *step, uint64_t contact, int32_t purpose,
                          struct hr_consent_answer *ret_answer);
/* The same for who only reads: over a view. HR_E_NEEDS: bring what needs says and ask again. */
hr_status hr_engine_consent(const struct hr_engine *engine, struct hr_view *view, uint64_t contact,
                            int32_t purpose, struct hr_needs *needs,
                            struct hr_consent_answer *ret_answer) HR_MUST_USE;

#endif
