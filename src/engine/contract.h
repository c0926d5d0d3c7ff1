/* engine/contract: what a field's contract says about a word for it: the one place where it is decided who is right.
 *
 * Why      the value that holds must be the same for every order in which the same words arrive, and nobody may
 *          win by being last.
 * Shape    a word meets what is known -> a verdict. Pure: it emits nothing (fields.c does).
 *
 *            rule              whose value holds                              a differing word of another
 *            newest, unsaid    the newest word's                              gives way
 *            keep_first        the first word's                               is noted
 *            never_overwrite   the first word's                               is a question
 *            source_wins       the newest word's of the source, else newest   is noted
 *            people_win        the newest word's of people, else newest       is noted
 *            ask               the newest word's of whoever spoke first       is a question (the same: noted)
 *
 *          Newest and first go by when it was said to hold, at one moment by the bytes of the value, then by writer. A
 *          consent that was withdrawn comes back only by a newer one with its proof. What a person pinned no machine
 *          replaces.
 * Pure     yes.
 * Tests    tests/scenario/contracts_test.c (every order of arrival), tests/sim */
#ifndef HR_ENGINE_CONTRACT_H
#define HR_ENGINE_CONTRACT_H

#include "plan/plan.h"
#include "state/state.h"

/* What somebody says about a field of a contact, or of another record. */
struct hr_word_said {
    enum hr_record_type record; /* 0: the contact */
    int32_t field;              /* index in plan->records[record].fields */
    uint32_t writer;            /* enum hr_by and a name */
    hr_instant at;
    struct hr_value value; /* in the field's type */
    bool
        proven; /* of a consent: what the contract wants as its proof came along, from their tool itself */
    struct hr_value proof; /* of a consent: that; a map or null */
    bool leaves;           /* the customer's own no, however it came: nothing stands against it */
};

/* The field that it is about. */
static inline const struct hr_field *hr_word_field(const struct hr_plan *plan,
                                                   const struct hr_word_said *word)
{
    return &plan->records[word->record].fields[word->field];
}

enum hr_verdict {
    HR_VERDICT_holds,   /* it is the value now */
    HR_VERDICT_repeats, /* nothing new */
    HR_VERDICT_older,   /* it held once */
    HR_VERDICT_beside   /* another value holds: see `beside` */
};
struct hr_ruling {
    enum hr_verdict verdict;
    enum hr_beside beside; /* of a word that does not hold, or of the one that held before */
    bool displaces;        /* it holds, and the one before it is a question now */
    bool
        keeps_word; /* the value that held before may hold again: its writer spoke first after all */
    hr_instant at;  /* of the value that holds now: a newer one of the same writer, */
    struct hr_value value; /* where this word gives it the right to hold */
    /* the field belongs to this word's writer since; HR_INSTANT_NONE: as before */
    hr_instant claimed_since;
};
/* What the field's contract makes of the word, beside what is known of the contact at an instant. */
struct hr_ruling hr_contract_judge(const struct hr_plan *plan, const struct hr_contact *contact,
                                   const struct hr_word_said *word, hr_instant now,
                                   struct hr_arena *scratch);
/* True when the contract lets this writer write at all. */
bool hr_contract_allows(const struct hr_plan *plan, const struct hr_contract *contract,
                        uint32_t writer);

#endif
