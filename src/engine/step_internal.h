/* engine, inside: one step's working set, and the concerns it is split into. */
#ifndef HR_ENGINE_STEP_INTERNAL_H
#define HR_ENGINE_STEP_INTERNAL_H

#include "engine/engine.h"

/* A step works on copies; only when it is done do they go into the view. */
struct hr_step {
    const struct hr_engine *engine;
    const struct hr_plan *plan;
    struct hr_view *view;
    const struct hr_event *event;
    const struct hr_members *members;
    struct hr_needs *needs;
    struct hr_arena *arena;
    struct hr_view changed; /* copies of records, and entries, that this step changes */
    struct hr_folding folding;
    struct hr_fact *header_facts;
    size_t header_count;
    size_t header_capacity;
    struct hr_fact *body_facts;
    size_t body_count;
    size_t body_capacity;
    struct hr_link *links;
    size_t link_count;
    size_t link_capacity;
    uint64_t payload_record; /* whose part keeps the payload, 0: nobody's */
    uint64_t payload_shared; /* a second record that shares that part, 0: none */
    uint32_t made;           /* records made so far */
    bool missing;            /* something was asked for that the view lacks */
};

/* ---- step.c: looking up, emitting --------------------------------------------------------------- */

/* The record as this step sees it; NULL when the view lacks it (then the step answers HR_E_NEEDS). Never changed
 * through this pointer. */
const struct hr_record *hr_step_record(struct hr_step *step, uint64_t id);
/* The value of an index entry; false when the view lacks it. */
bool hr_step_entry(struct hr_step *step, enum hr_space space, const struct hr_key *key,
                   uint64_t *ret_value);
/* Folds a fact into the step's copies and keeps it for the journal. */
hr_status hr_step_emit(struct hr_step *step, const struct hr_fact *fact) HR_MUST_USE;
/* Says that the entry is about this record, even if no fact changes it. */
hr_status hr_step_link(struct hr_step *step, uint64_t record) HR_MUST_USE;
/* The next records in an index whose keys are two numbers (HR_SPACE_member, _queue); one scan a step. */
hr_status hr_step_scan(struct hr_step *step, enum hr_space in, uint64_t of, uint64_t after,
                       const struct hr_members **ret_members) HR_MUST_USE;
/* A new record's id. */
hr_status hr_step_new_id(struct hr_step *step, uint64_t *ret_id) HR_MUST_USE;

/* Readies the working set of a step whose members are set. */
void hr_step_begin(struct hr_step *step);
/* The step's own copy of a record that it has looked up. NULL without memory. */
struct hr_record *hr_step_own(struct hr_step *step, const struct hr_record *record);

/* Forward "the view lacks it" from a look-up that answered NULL or false. */
#define HR_STEP_HAVE(truth)                                                                        \
    do {                                                                                           \
        if (!(truth)) {                                                                            \
            return hr_answer(HR_E_NEEDS);                                                          \
        }                                                                                          \
    } while (0)

/* ---- the concerns ---------------------------------------------------------------------------------- */

hr_status hr_step_heard(struct hr_step *step);                      /* heard.c */
hr_status hr_step_heard_by(struct hr_step *step, uint64_t contact); /* heard.c: it is theirs */
hr_status hr_step_due(struct hr_step *step);                        /* clock.c */
hr_status hr_step_command(struct hr_step *step);                    /* commands.c */
hr_status hr_step_outcome(struct hr_step *step);                    /* ledger.c */
hr_status hr_step_published(struct hr_step *step);                  /* house.c */
hr_status hr_step_erased(struct hr_step *step);                     /* house.c */

/* typed.c: brings a mapped value into its field's type; false when it does not fit. */
bool hr_typed(struct hr_arena *into, const struct hr_plan *plan, const struct hr_field *field,
              struct hr_value *value);

/* fields.c: a word about a contact meets the field's contract. */
struct hr_word_said;
hr_status hr_step_write(struct hr_step *step, uint64_t contact, const struct hr_word_said *word);
/* All words of the message. */
hr_status hr_step_set_fields(struct hr_step *step, uint64_t contact);
/* A word that was a question is none any more, whatever it says: `how` its issue is left. */
hr_status hr_step_end_question(struct hr_step *step, uint64_t contact,
                               const struct hr_observed *observed, enum hr_membership how);
/* Who is asked about a writer's word: the tool's owner mends what a tool may not say; who is right is for the owner of
 * contacts. A person's index. */
int32_t hr_field_asked(const struct hr_plan *plan, enum hr_cause cause, uint32_t writer);

/* edits.c: what a person writes into a contact, and the choice that holds until it is taken back. */
hr_status hr_step_edit(struct hr_step *step);
hr_status hr_step_release(struct hr_step *step);

/* loads.c: who has how many open records. Fields whose values change that: persons and stages. */
bool hr_field_moves_load(const struct hr_field *field);
hr_status hr_step_recount(struct hr_step *step, uint64_t contact);
/* The contact counts among nobody's any more: it is forgotten. */
hr_status hr_step_uncount(struct hr_step *step, uint64_t contact);

/* control.c: what people do with automations. */
hr_status hr_step_switch(struct hr_step *step);
hr_status hr_step_withdraw(struct hr_step *step);
hr_status hr_step_let_go_on(struct hr_step *step);

/* evidence.c: what all of the contact's evidence says about one instance. */
struct hr_judgement {
    hr_instant at; /* HR_INSTANT_NONE: neither proof nor wrong proof */
    uint64_t by;   /* position */
    bool incorrect;
    struct hr_text mismatch;
    struct hr_value mismatch_values;
};
void hr_weigh_evidence(struct hr_step *step, const struct hr_contact *contact,
                       const struct hr_handoff *handoff, const struct hr_instance *instance,
                       struct hr_judgement *ret_judgement);

/* judge.c: the same, but what was judged before stands where nothing can have changed it. */
hr_status hr_judge(struct hr_step *step, const struct hr_contact *contact,
                   const struct hr_handoff *handoff, const struct hr_instance *instance,
                   struct hr_judgement *ret_judgement);

/* endings.c: an instance whose handoff left the plan ends. */
hr_status hr_step_retire(struct hr_step *step, uint64_t contact,
                         const struct hr_instance *instance);
/* Before an instance opens: a contact that is full lets one that ended leave. */
hr_status hr_step_make_room(struct hr_step *step, uint64_t contact);
/* When a handoff that opens on a proof opened. */
enum hr_opened { HR_NOTHING_BEFORE, HR_NOT_OPENED, HR_OPENED };
enum hr_opened hr_opened_by_proof(const struct hr_plan *plan, const struct hr_contact *contact,
                                  const struct hr_handoff *handoff, const struct hr_key *key,
                                  hr_instant *ret_at);
/* Takes an instance back whose opening proof was none. */
hr_status hr_step_take_back(struct hr_step *step, uint64_t contact,
                            const struct hr_handoff *handoff, const struct hr_instance *instance,
                            bool *ret_gone);

/* opening.c: the deadline a span after the opening, in the business's own time; none where the file names none. */
hr_instant hr_deadline(const struct hr_plan *plan, hr_instant from, struct hr_span span);
/* Opens what waits for the proof of a handoff. */
hr_status hr_step_open_next(struct hr_step *step, uint64_t contact, int32_t proven,
                            const struct hr_instance *instance);
/* Looks again at what an instance should carry. */
hr_status hr_step_look_at_cargo(struct hr_step *step, uint64_t contact,
                                const struct hr_handoff *handoff, const struct hr_key *key);
hr_status hr_step_open_handoffs(struct hr_step *step, uint64_t contact);

/* handoffs.c */
/* The contact as this step sees it; NULL when the view lacks it, or it was forgotten. */
const struct hr_contact *hr_step_contact(struct hr_step *step, uint64_t contact);
hr_status hr_step_move_count(struct hr_step *step, uint32_t handoff, enum hr_stand from,
                             enum hr_stand to);
hr_status hr_step_emit_judged(struct hr_step *step, uint64_t contact,
                              const struct hr_instance *instance,
                              const struct hr_judgement *judgement, enum hr_stand stand);
/* Judges every instance of the contact again and follows up: issues, counts, the next handoff. */
hr_status hr_step_judge_all(struct hr_step *step, uint64_t contact);
/* A person's mark on an instance. */
hr_status hr_step_mark(struct hr_step *step, uint64_t contact, size_t instance, enum hr_mark mark,
                       uint32_t person);

/* issues.c */
struct hr_issue_of {
    enum hr_cause cause;
    uint32_t about;   /* name number */
    uint32_t path;    /* name number or 0 */
    uint32_t detail;  /* name number or 0 */
    uint64_t pair[2]; /* two contacts that match, or zeros */
    enum hr_urgency severity;
    int32_t owner; /* person index who repairs it; -1: the one who is told */
    int32_t told;  /* person index who is told */
};
/* Failures with the same fingerprint are one issue. */
struct hr_key hr_issue_fingerprint(const struct hr_issue_of *of);
/* The open issue of a cause, opened or reopened where needed. */
hr_status hr_step_issue(struct hr_step *step, const struct hr_issue_of *of, uint64_t *ret_issue);
hr_status hr_step_join(struct hr_step *step, uint64_t issue, uint64_t contact, uint32_t handoff,
                       const struct hr_key *key);
/* A member leaves; the last one's proof resolves the issue. */
hr_status hr_step_leave(struct hr_step *step, uint64_t issue, uint64_t contact, uint32_t handoff,
                        const struct hr_key *key, enum hr_membership how);
hr_status hr_step_resolve(struct hr_step *step, uint64_t issue, uint32_t person);
/* The same by what an issue is of, if one is open: its cause is over. */
hr_status hr_step_end_issue(struct hr_step *step, const struct hr_issue_of *of);

/* alerts.c: tells a person (or the deputy) about an issue, by mail and signed webhook. */
hr_status hr_step_alert(struct hr_step *step, uint64_t issue, int32_t person,
                        enum hr_effect_reason reason, uint32_t rung, hr_instant next_at);
/* Whether a person is away, and the first instant at which they are here again (absences that follow each other in the
 * file are one); not away: HR_INSTANT_NONE. */
bool hr_person_away(const struct hr_person *person, hr_instant now, hr_instant *ret_back_at);
/* The person who stands in at an instant: the person, or the first deputy in line who is not away. */
int32_t hr_person_present(const struct hr_plan *plan, int32_t person, hr_instant now);

/* ledger.c: an effect's turn has come, or its dispatch never came back. */
hr_status hr_step_effect_due(struct hr_step *step, const struct hr_record *record);

#endif
