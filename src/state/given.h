/* state/given: whom records are given to: what a contact remembers of it, whose turn it was, how much somebody has.
 *
 * Why      "next in turn", "at most 25 open ones" and "at most twice" must be known without looking at every record.
 * Shape    in a contact's row: for each field whose value is a person one hr_holding, for each assign that counts one
 *          hr_giving. A row of its own for each person who has anything, and for each team in which turns are taken.
 * Units    names by number; 0 is none.
 * Owner    the arena of the record.
 * Limits   HR_HOLDINGS_MAX fields and HR_GIVINGS_MAX assigns of a contact (the oldest makes room), HR_LOADS_MAX fields
 *          of a person.
 * Pure     yes.
 * Tests    tests/unit/state_row_test.c, tests/scenario/stories */
#ifndef HR_STATE_GIVEN_H
#define HR_STATE_GIVEN_H

#include "journal/journal.h"

enum { HR_HOLDINGS_MAX = 32, HR_GIVINGS_MAX = 64, HR_LOADS_MAX = 256 };

/* What came of an assign: of assigned's state. */
enum hr_given_to { HR_GIVEN_nobody, HR_GIVEN_person, HR_GIVEN_queue, HR_GIVEN_kept };

/* Of a field of a contact whose value is a person. */
struct hr_holding {
    uint32_t field;
    uint32_t person; /* whose open records it counts among */
    uint32_t team;   /* in which they were chosen, or whose queue it waits in */
    bool
        queued; /* it waits in the queue of the team; the value only holds it until somebody takes it */
};
/* That an assign gave this record to somebody: only where its file says how often it may. */
struct hr_giving {
    uint32_t automation;
    uint32_t place; /* the n-th assign of the automation */
    uint32_t times;
};

/* How many open records somebody has. */
struct hr_load {
    uint32_t field;
    uint8_t record_type; /* enum hr_record_type */
    uint64_t open;
};
struct hr_person_record {
    uint32_t person;
    struct hr_load *loads;
    size_t load_count;
};
/* Whose turn it was last. */
struct hr_team_record {
    uint32_t team;
    uint32_t person;
    hr_instant at;
};

struct hr_contact;
/* What is remembered of a field; NULL: nothing. */
const struct hr_holding *hr_contact_holding(const struct hr_contact *contact, uint32_t field);
/* How often an assign gave the contact to somebody. */
uint32_t hr_contact_given(const struct hr_contact *contact, uint32_t automation, uint32_t place);
/* How many open records of a kind somebody has, by the field that names them. */
uint64_t hr_person_load(const struct hr_person_record *person, uint8_t record_type, uint32_t field);

#endif
