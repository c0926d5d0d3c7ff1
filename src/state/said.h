/* state/said: what is said of a contact: of each field the value that holds, words beside it, who chose it; and to
 * which messages they said yes or no.
 *
 * Why      nothing that anybody said is lost, and everybody can see whose word holds.
 * Shape    for each field one hr_said that holds, at most one hr_observed of each writer beside it, one pin, one claim.
 * Owner    the arena of the contact's record.
 * Limits   HR_FIELDS_MAX fields, pins and claims, HR_OBSERVED_MAX words beside them.
 * Pure     yes.
 * Tests    tests/unit/state_row_test.c, tests/scenario/contracts_test.c, tests/sim */
#ifndef HR_STATE_SAID_H
#define HR_STATE_SAID_H

#include "journal/journal.h"

/* Who wrote a value: a name number, and whose name it is. */
enum hr_by {
    HR_BY_tool,
    HR_BY_person,
    HR_BY_automation,
    HR_BY_page, /* the unsubscribe page, which has no name */
    HR_BY_ai,
    HR_BY_complaint, /* the reader called a letter junk, and the service that carries it says so; without a name */
    HR_BY_COUNT
};
enum { HR_WRITER_BY_SHIFT = 16 };
static inline uint32_t hr_writer(enum hr_by by, uint32_t name)
{
    return (uint32_t)by << HR_WRITER_BY_SHIFT | name;
}
static inline enum hr_by hr_writer_by(uint32_t writer)
{
    return (enum hr_by)(writer >> HR_WRITER_BY_SHIFT);
}
static inline uint32_t hr_writer_name(uint32_t writer)
{
    return writer & ((1U << HR_WRITER_BY_SHIFT) - 1);
}

/* Bits of field_set's state. */
enum hr_field_set {
    HR_FIELD_WINS = 1,      /* it is the current value; else it only joins the older ones */
    HR_FIELD_KEEP_PAST = 2, /* older values of this field are kept: a proof reads it */
    HR_FIELD_KEEP_WORD =
        4, /* what held before stays its writer's newest word, even if it says the same */
    HR_FIELD_BESIDE = 8 /* it is not older: another value holds, or it holds already */
};
struct hr_said {
    uint32_t field;
    uint32_t writer;
    hr_instant at; /* occurred */
    uint64_t position;
    struct hr_value value;
};
/* Why a word does not hold. */
enum hr_beside {
    HR_BESIDE_settled,   /* it is kept beside no more */
    HR_BESIDE_by_rule,   /* the contract's rule says which of two holds */
    HR_BESIDE_conflict,  /* the contract asks a person */
    HR_BESIDE_forbidden, /* the writer may not write the field */
    HR_BESIDE_pinned,    /* a person chose another value */
    HR_BESIDE_unproven,  /* a consent without its proof */
    HR_BESIDE_answered,  /* a person said who is right, or closed the question */
    HR_BESIDE_COUNT
};
/* Beside enum hr_beside in field_observed's state: nobody learns anything from it, so no timeline tells it. */
enum { HR_BESIDE_NO_NEWS = 64 };
/* The newest word of a writer beside the value that holds; one a field and writer. */
struct hr_observed {
    struct hr_said said;
    uint8_t beside; /* enum hr_beside */
    uint64_t issue; /* that asks about it, 0: none */
};
/* A person chose the value: no machine replaces it. */
struct hr_pin {
    uint32_t field;
    uint32_t person;
    hr_instant until; /* HR_INSTANT_NONE: until a person takes it off */
};
/* Whose the field is where its contract asks: the writer whose value holds, since their first word. */
struct hr_claim {
    uint32_t field;
    hr_instant at;
};

/* How people are reached. Stored in tokens and facts for ever: new ones get new numbers. */
enum hr_channel { HR_CHANNEL_email = 1 };
/* What a contact said about messages of a purpose; of consent_said's state, where the highest bit says whether it
 * stands: a newer word may be known already. */
enum hr_consent_said { HR_CONSENT_yes = 1, HR_CONSENT_no = 2, HR_CONSENT_STANDS = 128 };
/* The newest word of the ledger. One a purpose and channel. */
struct hr_consent {
    uint32_t purpose; /* name number */
    uint8_t channel;
    uint8_t said; /* HR_CONSENT_yes, which is never kept without its proof, or HR_CONSENT_no */
    uint32_t writer;
    hr_instant at;
    uint64_t position; /* where its proof stands */
};

struct hr_contact;
/* The pin on a field at an instant; NULL: none. */
const struct hr_pin *hr_contact_pin(const struct hr_contact *contact, uint32_t field,
                                    hr_instant now);
/* The word of a writer that stands beside a field's value; NULL: none. */
const struct hr_observed *hr_contact_observed(const struct hr_contact *contact, uint32_t field,
                                              uint32_t writer);
/* The current value of a field; NULL: none. */
const struct hr_said *hr_contact_field(const struct hr_contact *contact, uint32_t field);
/* Whose the field is since when, where its contract asks; HR_INSTANT_NONE: nobody's yet. */
hr_instant hr_contact_claim(const struct hr_contact *contact, uint32_t field);

/* What the contact last said about messages of a purpose; NULL: nothing. */
const struct hr_consent *hr_contact_consent(const struct hr_contact *contact, uint32_t purpose,
                                            enum hr_channel channel);

/* The words of enums, as API and console write them: "by rule", "unsubscribe page". */
struct hr_text hr_beside_word(enum hr_beside beside);
struct hr_text hr_by_word(enum hr_by by);
struct hr_text hr_consent_said_word(enum hr_consent_said said);
struct hr_text hr_channel_word(enum hr_channel channel);

#endif
