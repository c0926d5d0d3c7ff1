/* engine: one event in, the facts it leads to out: a pure function of plan, view and event.
 *
 * Why      the same journal always gives the same facts, so everything can be explained, replayed and simulated.
 *          No clock (time comes in the event), no random number (ids derive from the position), no I/O.
 * Shape    two beats. hr_engine_keys says what the step will surely read; the host brings it into the view;
 *          hr_engine_step answers the entry to be journalled, or which further keys it needs.
 *            read.c     a tool's message -> who, what, when (mapping); typed.c: values in their fields' types
 *            heard.c    the message's consequences: contact, fields, handoffs
 *            evidence.c when was a handoff proven, or proven wrong; sight.c: what its lines see;
 *            judge.c: what was judged before and still stands
 *            opening.c  instances begin   ·   handoffs.c they are judged   ·   endings.c they end without proof
 *            issues.c   failures with one cause are one issue, with an owner
 *            alerts.c, ledger.c   telling people: effects, and what becomes of them
 *            clock.c    what time brings   ·   commands.c what people do   ·   house.c publish, erase
 *            consent.c  may a message leave   ·   agreed.c the ledger   ·   leaving.c   ·   suppressed.c
 * Owner    the entry, its facts and all changed records live in the view's arena.
 * Limits   those of journal and state; a step that would pass them answers HR_E_LIMIT and changes nothing.
 * Errors   HR_E_NEEDS (fetch needs and step again), HR_E_LIMIT, HR_E_MEMORY, HR_E_REFUSED (a command that the
 *          state does not allow), HR_E_CORRUPT (state contradicts itself).
 * Pure     yes, and no malloc.                   Threads   one owner a view; hr_engine_read is safe.
 * Tests    tests/scenario, tests/sim */
#ifndef HR_ENGINE_ENGINE_H
#define HR_ENGINE_ENGINE_H

#include "engine/clause.h"
#include "engine/event.h"
#include "journal/journal.h"
#include "plan/plan.h"
#include "state/state.h"

/* What judges: a bound plan and the secret under which names are hashed. */
struct hr_engine {
    const struct hr_plan *plan;
    const uint8_t *secret; /* HR_KEY_SIZE bytes */
    bool automates; /* automations are carried out: not by the daemon yet (docs/decisions/0029) */
    struct hr_text url; /* as people reach this server, for the link below letters; may be empty */
};

/* ---- what a tool said -------------------------------------------------------------------------- */

struct hr_heard_key {
    int32_t field;        /* index in plan->fields */
    struct hr_text value; /* in normal form */
    struct hr_key key;
};
struct hr_heard_field {
    int32_t field;
    struct hr_value value;
};
/* What a message says of a record of another kind. Without a key nobody knows which one is meant: it is left out. */
struct hr_heard_record {
    enum hr_record_type record;
    struct hr_heard_key *keys; /* which one, in match order; fields are those of its kind */
    size_t key_count;
    struct hr_heard_field *fields;
    size_t field_count;
};
/* What was sent and not taken, in words, without the value. field: index, or -1 for anything else. */
struct hr_heard_complaint {
    int32_t field;
    struct hr_text text;
};
/* A message, read through its tool's mapping. */
struct hr_heard {
    int32_t tool;
    const struct hr_event_type *type; /* NULL: a type this plan does not know */
    struct hr_text type_word;         /* as the tool says it; may be empty */
    struct hr_text id;                /* the tool's own id, may be empty */
    hr_instant occurred_at;           /* as the tool says it, or the time of receipt */
    bool occurred_is_receipt;
    struct hr_key delivery;    /* the same message again has the same */
    struct hr_heard_key *keys; /* who, in match order */
    size_t key_count;
    struct hr_heard_field *fields; /* what is known of them now */
    size_t field_count;
    struct hr_heard_record *records; /* other kinds, each at most once */
    size_t record_count;
    struct hr_value data;                  /* map of attributes: event.<name> */
    struct hr_heard_complaint *complaints; /* what could not be read, the first eight */
    size_t complaint_count;
};
/* What came with a message beside its payload; all of it may be absent. */
struct hr_given {
    struct hr_text type; /* where the sender names it: a file of rows */
    struct hr_text id;   /* where the signature scheme names it: webhook-id */
    /* of a test: which event of the tool it is, whatever it says; NULL: what it says */
    const struct hr_event_type *as;
    /* of a test: fields and attributes it brings, before what the payload says of them; others than the event maps
     * count for nothing */
    const struct hr_test_value *values;
    size_t value_count;
};
/* Reads a payload. Never refuses one: what cannot be read is left out and said in `complaints`. The payload must
 * live as long as the result. */
hr_status hr_engine_read(const struct hr_engine *engine, int32_t tool,
                         const struct hr_value *payload, struct hr_text raw, struct hr_given given,
                         hr_instant received_at, struct hr_arena *into,
                         struct hr_heard *ret_heard) HR_MUST_USE;
/* All its complaints in one line; empty without any. */
struct hr_text hr_heard_complained(const struct hr_heard *heard, struct hr_arena *into);
/* The key under which a contact is found by a field's value, in normal form; false when it has none. */
bool hr_engine_match_key(const struct hr_engine *engine, int32_t field, struct hr_text written,
                         struct hr_arena *into, struct hr_heard_key *ret_key);
/* The same of a record of another kind, by a value of its field in normal form. HR_E_MEMORY. */
hr_status hr_engine_record_key(const struct hr_engine *engine, enum hr_record_type record,
                               int32_t field, struct hr_text normal, struct hr_arena *into,
                               struct hr_heard_key *ret_key) HR_MUST_USE;

/* ---- the two beats --------------------------------------------------------------------------------- */

enum { HR_NEEDS_MAX = 256 };
/* What is to be brought into the view. */
struct hr_needs {
    uint64_t records[HR_NEEDS_MAX];
    size_t record_count;
    struct {
        uint8_t space;
        struct hr_key key;
    } entries[HR_NEEDS_MAX];
    size_t entry_count;
    uint8_t members_in;     /* enum hr_space whose keys are two numbers, to be scanned; 0: none */
    uint64_t members_of;    /* those with this first number: an issue, a queue */
    uint64_t members_after; /* and a second one, a record's id, after this */
    uint64_t walk_until;    /* all contacts before this record are to be walked along, 0: none */
    uint64_t walk_after;    /* from the record after this one */
};
enum { HR_SWEEP_MEMBERS = 16, HR_WALK_RECORDS = 512 };
/* Contacts in the order of their ids: those among the next HR_WALK_RECORDS records, of whatever kind. */
struct hr_walked {
    uint64_t until; /* as in the needs; 0: nothing was asked for */
    uint64_t after;
    uint64_t end; /* the last record that was looked at */
    bool over;    /* there are no more */
    const uint64_t *contacts;
    size_t count;
};
/* What a scan brought: contacts of an issue, effects in a queue; or contacts that were walked along. */
struct hr_members {
    uint8_t in;
    uint64_t of;
    uint64_t after;
    uint64_t ids[HR_SWEEP_MEMBERS]; /* ascending */
    size_t count;                   /* fewer than HR_SWEEP_MEMBERS: those were the last */
    struct hr_walked walked;
};

/* What needs->walk_until asks for, of a view that holds the whole state. */
hr_status hr_walk_view(const struct hr_view *view, const struct hr_needs *needs,
                       struct hr_arena *into, struct hr_walked *ret_walked) HR_MUST_USE;
/* First beat: adds what the step of this event will surely read. needs starts empty. */
void hr_engine_keys(const struct hr_engine *engine, const struct hr_event *event,
                    struct hr_needs *needs);
/* Second beat. On done: *ret_entry is what to journal (without salts and chain), and the view holds the changed
 * records and entries, dirty. On HR_E_NEEDS: needs says what more; nothing changed. A due event whose record has
 * nothing due any more answers done with ret_entry->position 0: nothing to journal. */
hr_status hr_engine_step(const struct hr_engine *engine, struct hr_view *view,
                         const struct hr_event *event, const struct hr_members *members,
                         struct hr_needs *needs, struct hr_entry *ret_entry) HR_MUST_USE;

/* ---- what a person writes ------------------------------------------------------------------------- */

/* Whether a person may give a field a value; the step refuses what this refuses, so who asks first can say why. */
enum hr_edit_answer {
    HR_EDIT_fits,
    HR_EDIT_stage,        /* it moves by its transitions */
    HR_EDIT_not_people,   /* people are not among its writers */
    HR_EDIT_not_typed,    /* the value does not fit the type, or is none of the choices */
    HR_EDIT_consent,      /* given, which takes a proof */
    HR_EDIT_over,         /* it would be pinned until a moment that has passed */
    HR_EDIT_of_another,   /* the address leads to somebody else: that would be a merge */
    HR_EDIT_too_many_keys /* as many addresses lead to them as may */
};
/* A value as its field keeps it, and the key under which it leads to the contact. */
struct hr_edit {
    int32_t field;
    struct hr_value value;
    bool leads; /* then key counts */
    struct hr_heard_key key;
};
/* until: how long it is to be pinned, HR_INSTANT_NONE: not by time. */
enum hr_edit_answer hr_engine_read_edit(const struct hr_engine *engine, int32_t field,
                                        struct hr_text written, hr_instant until, hr_instant now,
                                        struct hr_arena *into, struct hr_edit *ret_edit);
/* Of an edit that leads: owner is the contact that its key leads to now, 0: nobody. */
enum hr_edit_answer hr_edit_may_lead(const struct hr_contact *contact, uint64_t id, uint64_t owner);

/* ---- what readers ask of the rules --------------------------------------------------------------- */

/* The value of a field (by name number) that held at an instant, or NULL. INT64_MAX: the newest. */
const struct hr_said *hr_field_at(const struct hr_contact *contact, uint32_t field, hr_instant at);
/* What the lines of a handoff see: the contact as it was known at an instant, one event, one instance. */
struct hr_sight {
    const struct hr_plan *plan;
    const struct hr_contact *contact;
    const struct hr_instance *instance;  /* NULL: not opened yet, so handoff.key is unset */
    const struct hr_kept_event *event;   /* NULL: none is meant, so all of event is unset */
    const struct hr_kept_event *trigger; /* that began the enrollment; NULL: there is none */
    hr_instant at;
    hr_instant now;                  /* what now() answers; 0: at */
    bool compares;                   /* changed() is answered; else it is never met */
    const struct hr_contact *before; /* what was known when the entry began; NULL: nobody yet */
    uint32_t own;           /* writer whose words are no change to who asks; 0: there is none */
    struct hr_arena *arena; /* while something is evaluated: for lists that are made */
    /* Brings a record that belongs to the contact; NULL: it is not there. Without it nothing is linked. */
    const struct hr_contact *(*linked)(void *context, uint64_t record);
    /* The same as it was when the entry began; where changed() is answered. */
    const struct hr_contact *(*linked_before)(void *context, uint64_t record);
    void *linked_by;
};
/* The record of a kind that conditions see: the contact, or the one that was linked to it last; NULL: none. */
const struct hr_contact *hr_sight_record(const struct hr_sight *sight, enum hr_record_type type);
/* From here on nothing has changed: what begins an enrollment is no change that stops it. */
void hr_sight_settle(struct hr_sight *sight);
/* For hr_expr_evaluate and hr_expr_mismatch_of; valid while the sight stays as it is. */
struct hr_expr_view hr_sight_view(struct hr_sight *sight);
/* Whether a line holds. Nothing stays in the scratch arena; when memory ran out scratch->failed is set, and the answer
 * means nothing. */
enum hr_met hr_sight_met(struct hr_sight *sight, const struct hr_condition *condition,
                         struct hr_arena *scratch);

/* The same of any condition, and of groups of them. */
enum hr_met hr_sight_holds(struct hr_sight *sight, const struct hr_expr *expr,
                           struct hr_arena *scratch);
bool hr_sight_clause(struct hr_sight *sight, const struct hr_clause *clause,
                     struct hr_arena *scratch);
/* The first that does not hold, and the first that does; NULL: none. */
const struct hr_clause *hr_sight_unmet(struct hr_sight *sight, const struct hr_clauses *clauses,
                                       struct hr_arena *scratch);
const struct hr_clause *hr_sight_any(struct hr_sight *sight, const struct hr_clauses *clauses,
                                     struct hr_arena *scratch);

/* The rows of a kind of record (enum hr_record_kind), and back: HR_RECORD_TYPE_COUNT for rows of no such kind. */
enum hr_record_kind hr_kind_of(enum hr_record_type type);
enum hr_record_type hr_type_of(unsigned kind);

/* Who is told about an issue, by its cause and subject in the present plan: a person's index; -1: nobody any more. */
int32_t hr_issue_told(const struct hr_plan *plan, const struct hr_issue *issue);
/* The handoff an issue is about, with its ladder; NULL when it is about none, or the plan has it no more. */
const struct hr_handoff *hr_issue_handoff(const struct hr_plan *plan, const struct hr_issue *issue);

#endif
