/* state/record: what is kept of each thing: the rows that the journal folds into.
 *
 * Why      one small row a record; the hot path rewrites a contact's row, so it holds numbers and no words.
 * Shape    struct hr_record with one of its kinds behind it; reserved ids below HR_RECORD_FIRST.
 * Units    instants in us UTC, HR_INSTANT_NONE for "none"; positions from 1, 0 for "none".
 * Owner    a record read from bytes points into them; arrays live in the arena.
 * Limits   those listed first: the fold never passes them, so whatever was written can be read.
 * Errors   HR_E_CORRUPT, HR_E_VERSION.
 * Pure     yes, and no malloc.                   Threads   one owner.
 * Tests    tests/unit/state_row_test.c, tests/scenario, tests/sim, tests/fuzz/entry_fuzz.c */
#ifndef HR_STATE_RECORD_H
#define HR_STATE_RECORD_H

#include "state/effect_record.h"
#include "state/given.h"
#include "state/issue_record.h"
#include "state/related.h"
#include "state/run_record.h"
#include "state/said.h"
#include "state/scheduled.h"

/* Where the newest is worth more than the oldest, the oldest makes room: past, kept, types, instances that wait for
 * nothing. Where not, the fold answers HR_E_LIMIT: fields, keys, missing, tokens, instances with deadlines. */
enum {
    HR_FIELDS_MAX = 250,    /* of a contact */
    HR_PAST_MAX = 8,        /* older values of a field */
    HR_KEPT_MAX = 32,       /* events of a contact */
    HR_KEYS_MAX = 64,       /* of a contact */
    HR_INSTANCES_MAX = 512, /* of a contact */
    HR_MISSING_MAX = 64,    /* of an instance */
    HR_CONSENTS_MAX = 64,   /* purposes and channels about which a contact said something */
    HR_OBSERVED_MAX = 256,  /* words of a contact's writers beside the values that hold */
    HR_TYPES_MAX = 512,     /* of a tool */
    HR_TOKENS_MAX = 1000
};

/* ---- records --------------------------------------------------------------------------------- */

enum hr_record_kind {
    HR_RECORD_names = 1, /* words and their numbers */
    HR_RECORD_workspace, /* counters, plan, tokens */
    HR_RECORD_tool,      /* what was heard from it */
    HR_RECORD_handoff,   /* how many instances stand where */
    HR_RECORD_contact,
    HR_RECORD_issue,
    HR_RECORD_effect,
    HR_RECORD_automation,  /* how many went through it, and whether it may go on */
    HR_RECORD_person = 13, /* how many open records they have */
    HR_RECORD_team,        /* whose turn it was */
    HR_RECORD_queue,       /* what waits to leave for a tool */
    /* with fields and links, as a contact is, in a row of the same shape (struct hr_contact) */
    HR_RECORD_account = 9,
    HR_RECORD_opportunity,
    HR_RECORD_ticket,
    HR_RECORD_task
};
struct hr_record;
/* One of the five kinds that people know: with fields, links and (but for contact and account) work. */
bool hr_record_has_fields(unsigned kind);
bool hr_record_has_work(unsigned kind);
/* It speaks of this contact and nobody else: a task, ticket or opportunity without another contact, the last without an
 * account, too. Who forgets the contact forgets it. */
bool hr_record_hangs_on(const struct hr_record *record, uint64_t contact);
struct hr_text hr_record_kind_word(unsigned kind); /* of one of these five: "ticket" */

/* Reserved ids. */
enum {
    HR_ID_NAMES = 1,
    HR_ID_WORKSPACE = 2,
    HR_ID_TOOL = 0x10000,       /* + name number */
    HR_ID_HANDOFF = 0x20000,    /* + name number */
    HR_ID_PERSON = 0x40000,     /* + name number */
    HR_ID_TEAM = 0x50000,       /* + name number */
    HR_ID_AUTOMATION = 0x30000, /* + name number */
    HR_ID_QUEUE = 0x60000,      /* + name number of the tool; of none: the switches of both lanes */
    HR_NAME_MAX = 0xFFFF
};

struct hr_names {
    struct hr_text *words; /* number i + 1 -> word */
    size_t count;
    size_t capacity;
};

struct hr_token {
    struct hr_text digest; /* 32 bytes */
    uint32_t person;       /* name number */
    uint8_t role;
    hr_instant at;
};

struct hr_workspace_record {
    uint64_t plan_number;
    uint64_t plan_position;
    struct hr_text plan_digest;
    uint64_t issue_count; /* the newest issue's number */
    struct hr_token *tokens;
    size_t token_count;
};

struct hr_type_count {
    uint32_t type;       /* name number, 0: a word we do not know */
    struct hr_text word; /* of an unknown one, at most 64 bytes; at most 32 of them, then "other" */
    uint64_t count;
    hr_instant last_at;
};
struct hr_tool_record {
    uint32_t tool;
    hr_instant last_at;
    uint64_t count;
    hr_instant window_from; /* HR_INSTANT_NONE: nothing expected */
    hr_instant window_until;
    uint64_t window_start_count;
    struct hr_type_count *types;
    size_t type_count;
};

/* Where an instance of a handoff stands. */
enum hr_stand {
    HR_STAND_open,
    HR_STAND_late,
    HR_STAND_failed,
    HR_STAND_recovering,
    HR_STAND_confirmed,
    HR_STAND_late_confirmed,
    HR_STAND_recovered,
    HR_STAND_waived,
    HR_STAND_count,
    HR_STAND_none = 255 /* before it opens, after it is erased */
};
struct hr_handoff_record {
    uint32_t handoff;
    uint64_t counts[HR_STAND_count];
};

enum hr_mark { HR_MARK_recovering = 1, HR_MARK_waived = 2, HR_MARK_unmarked = 3 };
/* An instance may belong to one issue of each of these. */
enum hr_issue_slot { HR_SLOT_proof, HR_SLOT_missing, HR_SLOT_count };
struct hr_instance {
    uint32_t handoff; /* name number */
    struct hr_key key;
    struct hr_text key_shown; /* "pay_81"; empty for the contact itself */
    uint8_t stand;            /* enum hr_stand */
    bool incorrect;           /* a proof came with another value, and none with the right one */
    uint8_t mark;             /* enum hr_mark or 0 */
    uint32_t marked_by;
    hr_instant opened_at;
    uint64_t opened_by; /* position */
    hr_instant late_at;
    hr_instant fail_at;   /* HR_INSTANT_NONE: never */
    hr_instant judged_at; /* of the proof, or of the wrong proof; HR_INSTANT_NONE */
    uint64_t judged_by;   /* position */
    hr_instant marked_at;
    hr_instant marked_until; /* a recovery without proof by then counts as not done */
    const uint32_t *missing; /* name numbers of what it should carry */
    size_t missing_count;
    uint64_t issues[HR_SLOT_count];
    struct hr_text mismatch;         /* which condition did not hold, in words */
    struct hr_value mismatch_values; /* list: observed, expected; or null */
};
struct hr_linked_key {
    uint32_t field;
    struct hr_key key;
};
struct hr_contact {
    hr_instant created_at;
    struct hr_linked_key *keys;
    size_t key_count;
    struct hr_said *fields; /* current values, one a field */
    size_t field_count;
    struct hr_said *past; /* older values of watched fields, oldest first */
    size_t past_count;
    struct hr_observed *observed; /* oldest first by when they were heard */
    size_t observed_count;
    struct hr_pin *pins;
    size_t pin_count;
    struct hr_claim *claims;
    size_t claim_count;
    struct hr_run *runs; /* under way, oldest first */
    size_t run_count;
    struct hr_entered *entered; /* the one that was last enrolled stands last */
    size_t entered_count;
    struct hr_trouble *troubles; /* oldest first */
    size_t trouble_count;
    struct hr_holding *holdings; /* fields whose value is a person */
    size_t holding_count;
    struct hr_giving *givings; /* oldest first */
    size_t giving_count;
    struct hr_consent *consents;
    size_t consent_count;
    struct hr_letter_left *letters; /* oldest first */
    size_t letter_count;
    struct hr_kept_event *kept; /* oldest first by `at` */
    size_t kept_count;
    struct hr_instance *instances; /* in order of their opening entry */
    size_t instance_count;
    struct hr_related *related; /* oldest first by `at` */
    size_t related_count;
    struct hr_work *work; /* of an opportunity, a ticket, a task; NULL: none */
};

struct hr_record {
    uint64_t id;
    uint8_t kind;           /* enum hr_record_kind */
    bool exists;            /* false: looked for and not there, or erased */
    bool dirty;             /* changed since it was fetched */
    uint64_t last_position; /* the newest entry that links to it */
    hr_instant
        hinted_due; /* the due entry it has in the index, HR_INSTANT_NONE: none. No part of the fold. */
    union {
        struct hr_names *names;
        struct hr_workspace_record *workspace;
        struct hr_tool_record *tool;
        struct hr_handoff_record *handoff;
        struct hr_contact *contact;
        struct hr_issue *issue;
        struct hr_effect *effect;
        struct hr_automation_record *automation;
        struct hr_person_record *person;
        struct hr_team_record *team;
        struct hr_queue *queue;
    };
};

/* Bytes of a record (without id), and back. hinted_due is written last (as the instance whose deadline it is, where
 * there is one), so that two rows can be compared without it: the fold's part is the first *ret_folded_size bytes. */
void hr_record_write(struct hr_buffer *out, const struct hr_record *record,
                     size_t *ret_folded_size);
hr_status hr_record_read(uint64_t id, struct hr_text bytes, struct hr_arena *into,
                         struct hr_record **ret_record) HR_MUST_USE;
/* The kind of a row without reading the rest; 0: it is none. */
unsigned hr_record_kind_of(struct hr_text bytes);
/* A new, empty record of a kind; NULL without memory. */
struct hr_record *hr_record_make(struct hr_arena *into, uint64_t id, enum hr_record_kind kind);
/* A copy whose own struct and arrays may be changed; texts and values are shared and never written into. */
struct hr_record *hr_record_clone(struct hr_arena *into, const struct hr_record *record);
/* The next instant at which the record wants to be looked at; HR_INSTANT_NONE: never. */
hr_instant hr_record_due(const struct hr_record *record);
/* The stand an instance has, by its evidence and marks, at an instant. */
enum hr_stand hr_instance_stand(const struct hr_instance *instance, hr_instant now);
/* True when a proof was found (confirmed, late-confirmed, recovered). */
bool hr_stand_is_proven(enum hr_stand stand);
/* True when older values of a field, or (field 0) kept events, may have had to make room: that evidence may be no
 * longer whole. */
bool hr_contact_made_room(const struct hr_contact *contact, uint32_t field);
/* Which of two words for the same moment stands after the other: by their bytes, so that arrival decides nothing.
 * Negative, zero, positive. */
int hr_value_order(struct hr_arena *scratch, const struct hr_value *a, const struct hr_value *b);

/* What was said of a message's text in an automation; NULL: nothing yet. */
const struct hr_standing *hr_automation_standing(const struct hr_automation_record *automation,
                                                 uint32_t message);
/* An enrollment under way, by its id; NULL: none. */
struct hr_run *hr_contact_run(const struct hr_contact *contact, uint64_t id);
/* That the contact was enrolled before; NULL: never. */
const struct hr_entered *hr_contact_entered(const struct hr_contact *contact, uint32_t automation,
                                            const struct hr_key *key);

/* The words of enums, as files, console and API write them: "late-confirmed". */
struct hr_text hr_stand_word(enum hr_stand stand);

#endif
