/* engine/runs: enrollments: who goes through which automation, and where each stands.
 *
 * Why      an automation must not run twice, must stop when its rule says so, and must be able to say why it did
 *          nothing.
 * Shape    an event about a contact: first the stop rules of what is under way, then what waits for it, then what it
 *          triggers (automations.c). Who is let in: enroll.c. Steps are taken one after another until one has to
 *          wait: walk.c asks the table of steps.c. What people do about it: control.c, rest.c.
 * Limits   HR_RUN_DEPTH_MAX events that steps emit because of one event; HR_RUN_STEPS_MAX steps taken because of it.
 * Tests    tests/scenario/stories, tests/sim */
#ifndef HR_ENGINE_RUNS_H
#define HR_ENGINE_RUNS_H

#include "engine/automation.h"
#include "engine/contract.h"
#include "engine/step_internal.h"

enum {
    HR_RUN_DEPTH_MAX = 16,
    HR_RUN_STEPS_MAX = 400,
    HR_RUN_IDS_MAX = 160,
    HR_RUN_LINKS_MAX = 32 /* an entry that has more is found along fewer automations */
};

/* One event on its way through the automations of a contact. */
struct hr_happening {
    struct hr_kept_event event;
    uint32_t depth; /* how many emitted events led to it */
};
struct hr_passing {
    struct hr_step *step;
    uint64_t contact;
    const struct hr_happening
        *now; /* the event that is looked at; NULL: time or a person moved something */
    struct hr_happening emitted[HR_RUN_DEPTH_MAX];
    size_t emitted_count;
    size_t looked_at; /* of those */
    uint32_t steps_taken;
    bool by_clock; /* a time of a schedule was reached: `now` stands for it, and has no type */
};

/* One enrollment while it moves. The run is found anew after each fact: facts move the array that it stands in. */
struct hr_walk {
    struct hr_passing *passing;
    const struct hr_automation *automation;
    uint64_t id;
    const struct hr_plan_step *at; /* the step to take */
};

/* What a condition of the automation sees now: the contact, the event at hand, the one that began it. */
struct hr_sight hr_walk_sight(const struct hr_walk *walk);
struct hr_sight hr_passing_sight(const struct hr_passing *passing,
                                 const struct hr_kept_event *trigger);
/* The enrollment as it stands; NULL: it is over, or the view lacks it. */
const struct hr_run *hr_walk_run(const struct hr_walk *walk);

/* ---- automations.c ---------------------------------------------------------------------------------- */

/* A tool said something about the contact. */
hr_status hr_step_automate(struct hr_step *step, uint64_t contact,
                           const struct hr_kept_event *event);
/* Something else changed: the clock, a person, an effect that came back. */
hr_status hr_step_automate_on(struct hr_step *step, uint64_t contact);
/* A person lets an enrollment go on at a step; NULL: behind the last one. */
hr_status hr_step_automate_at(struct hr_step *step, uint64_t contact, uint64_t run,
                              const struct hr_automation *automation,
                              const struct hr_plan_step *at);
/* A time of a schedule was reached; *ret_let_in: the contact is one of those who are meant, and was let in. */
hr_status hr_step_automate_tick(struct hr_step *step, uint64_t contact,
                                const struct hr_automation *automation,
                                const struct hr_kept_event *tick, bool *ret_let_in);
/* Finds an enrollment and where it stands, by its id; false: it is over or held. automation and at are NULL where the
 * files have them no more. */
bool hr_walk_of(struct hr_passing *passing, uint64_t id, struct hr_walk *ret_walk);
/* It means something else now than when it came to where it stands. */
bool hr_walk_is_another(const struct hr_walk *walk);
/* It stays where it stands until a person says how it goes on. */
hr_status hr_walk_hold(struct hr_walk *walk, enum hr_urgency urgency);
/* It goes on behind the step where it stands; what it was in trouble for is over. */
hr_status hr_walk_go_on(struct hr_walk *walk);
/* The same, but while its automation is paused it rests first. */
hr_status hr_walk_go_on_or_rest(struct hr_walk *walk);
/* Looks at everything of the contact again, after something moved an enrollment. */
hr_status hr_passing_settle(struct hr_passing *passing);
/* Whether the handoff that the enrollment's event opened is proven (or any, where that opened none). */
bool hr_run_sees_proof(const struct hr_plan *plan, const struct hr_contact *contact,
                       const struct hr_run *run, int32_t handoff);
/* Whether an event is the one that is waited for. */
bool hr_run_sees_event(struct hr_walk *walk, const struct hr_step_wait_for *wait,
                       const struct hr_kept_event *event);

/* ---- trouble.c ---------------------------------------------------------------------------------------- */

enum hr_urgency hr_urgency_of(enum hr_severity_word severity);
/* Somebody has to look at an enrollment: an issue of its automation, which the enrollment joins. */
hr_status hr_run_trouble(struct hr_walk *walk, enum hr_urgency severity);
/* Those of an automation, of one enrollment or (0) of all, are over. */
hr_status hr_run_end_troubles(struct hr_step *step, uint64_t contact, uint32_t automation,
                              uint64_t run, enum hr_membership how);
/* Ends an enrollment because a person says so, whatever the files say now. */
hr_status hr_run_withdraw(struct hr_step *step, uint64_t contact, const struct hr_run *run);
/* A person closed the issue: those that were held for it are withdrawn. */
hr_status hr_run_waive_troubles(struct hr_step *step, uint64_t contact, uint64_t issue,
                                bool *ret_some);

/* ---- ticks.c ------------------------------------------------------------------------------------------ */

/* A plan came into force: schedules that are new begin, those that are others begin anew. */
hr_status hr_step_set_schedules(struct hr_step *step);
/* A time was reached, or some contacts more are looked at. */
hr_status hr_step_automation_due(struct hr_step *step, const struct hr_record *record);
/* A person lets the automation go on. */
hr_status hr_step_resume_schedule(struct hr_step *step, const struct hr_automation *automation);

/* ---- enroll.c --------------------------------------------------------------------------------------- */

/* Lets the contact in, or says why not. *ret_id 0: not let in. */
hr_status hr_run_enroll(struct hr_passing *passing, const struct hr_automation *automation,
                        uint64_t *ret_id);
/* A condition as written; a group of them as it is read aloud. */
struct hr_text hr_clause_words(struct hr_arena *into, const struct hr_clause *clause);

/* ---- rest.c: while its automation is paused ------------------------------------------------------------ */

/* Whether the automation is paused now. */
hr_status hr_run_is_paused(struct hr_step *step, uint32_t automation, bool *ret_paused);
/* It goes on when the pause is over. came: what it waited for has come. */
hr_status hr_run_rest(struct hr_walk *walk, bool came);
/* The pause is over: the next of those that rested have their time now. */
hr_status hr_step_wake(struct hr_step *step, const struct hr_record *record);

/* ---- walk.c ------------------------------------------------------------------------------------------ */

/* Takes steps until one waits or the last is taken. */
hr_status hr_walk_on(struct hr_walk *walk);
hr_status hr_run_wait(struct hr_walk *walk, enum hr_run_state state, hr_instant until,
                      uint64_t awaits);
/* Ends it; because: the rule that ended it, or NULL. */
hr_status hr_run_finish(struct hr_walk *walk, enum hr_run_end end, struct hr_text why,
                        const struct hr_value *seen);
/* What came of a step, as a fact. */
hr_status hr_walk_tell(struct hr_walk *walk, const struct hr_plan_step *taken,
                       enum hr_result result, struct hr_text words);
hr_status hr_run_count(struct hr_step *step, uint32_t automation, unsigned from, unsigned to);

/* ---- steps.c ------------------------------------------------------------------------------------------- */

/* Takes one step. On `did` and its like the walk goes on behind it (or into the branch that walk->at was set to). */
typedef hr_status (*hr_step_taker)(struct hr_walk *walk, enum hr_result *ret_result,
                                   struct hr_text *ret_words);
/* NULL: this kind of step is not available yet. */
hr_step_taker hr_step_taker_of(enum hr_step_kind kind);

/* What a step hands on: a map of its arguments' values, without those that are not known. */
hr_status hr_walk_values(struct hr_walk *walk, const struct hr_arguments *arguments,
                         struct hr_value *ret_data);
/* Says that an event happened, which is looked at in the same entry; without end, the enrollment ends. */
hr_status hr_walk_emit(struct hr_walk *walk, int32_t event, struct hr_value data);
/* The automation writes a field under its contract. */
hr_status hr_run_write(struct hr_walk *walk, int32_t field, struct hr_value value, hr_instant at,
                       enum hr_result *ret_result);
/* The same in the name of the tool that did it. */
hr_status hr_run_write_as(struct hr_walk *walk, uint32_t writer, int32_t field,
                          struct hr_value value, hr_instant at, enum hr_result *ret_result);

/* assigning.c */
hr_status hr_take_assign(struct hr_walk *walk, enum hr_result *ret_result,
                         struct hr_text *ret_words);
/* Of one that waits for somebody: a person has said who it is. */
bool hr_assign_is_answered(struct hr_walk *walk);

/* steps.c: as hr_run_write, of any field of any record. */
struct hr_word_said;
hr_status hr_run_write_word(struct hr_walk *walk, uint64_t record, const struct hr_word_said *word,
                            enum hr_result *ret_result);
/* What a line of `set` gives its field now, in the field's type; *ret_there false: nothing. A value that does not fit
 * is left out, too. */
struct hr_copied {
    int32_t field;
    struct hr_value value;
};
hr_status hr_run_value_of(struct hr_walk *walk, enum hr_record_type record,
                          const struct hr_set_line *line, struct hr_copied *ret_copied,
                          bool *ret_there);

/* stages.c */
hr_status hr_take_move_stage(struct hr_walk *walk, enum hr_result *ret_result,
                             struct hr_text *ret_words);

#endif
