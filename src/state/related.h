/* state/related: what belongs to a record: other records, and what is to be done about it.
 *
 * Why      a contact is not alone: there is a company, a sale under way, a question, work for people. Whoever looks at
 *          one of them finds the others; and nothing that is open lies with nobody.
 * Shape    a link stands in the rows of both its ends. Work (a task, a ticket, an opportunity) has an owner, what is to
 *          be done next, and a date.
 * Limits   HR_RELATED_MAX links in a row; older ones of the most frequent sort stand in the index (HR_SPACE_related).
 * Owner    the arena of the record.          Pure     yes.
 * Tests    tests/unit/state_row_test.c, tests/scenario/stories, tests/sim */
#ifndef HR_STATE_RELATED_H
#define HR_STATE_RELATED_H

#include "journal/journal.h"

enum { HR_RELATED_MAX = 64 };

struct hr_related {
    uint64_t record;
    hr_instant at; /* that it was last said of: arrival decides nothing */
    uint8_t kind;  /* enum hr_record_kind */
};

enum hr_work_state {
    HR_WORK_open,
    HR_WORK_done,
    HR_WORK_dropped, /* there is nothing to do any more */
    HR_WORK_STATE_COUNT
};
struct hr_work {
    uint8_t state;       /* enum hr_work_state */
    uint32_t owner;      /* person by name number; 0: nobody */
    uint32_t automation; /* that asks for it; 0: none */
    uint64_t run;        /* its enrollment */
    hr_instant opened_at;
    hr_instant due;       /* HR_INSTANT_NONE: no date */
    struct hr_text next;  /* what is to be done: of a task its title; may be empty */
    hr_instant closed_at; /* HR_INSTANT_NONE: it is open */
    uint32_t closed_by;   /* person; 0: by rule */
    uint64_t issue;       /* that says what is wrong with it; 0: none */
};

struct hr_contact;
/* The record of a kind that was said last to belong to it; 0: none. */
uint64_t hr_contact_newest_related(const struct hr_contact *contact, unsigned kind);
/* What the row says of a record; NULL: nothing. */
const struct hr_related *hr_contact_related(const struct hr_contact *contact, uint64_t record);
/* How many of a kind the row knows. */
size_t hr_contact_count_related(const struct hr_contact *contact, unsigned kind);

/* "open", "done", "dropped". */
struct hr_text hr_work_state_word(enum hr_work_state state);

#endif
