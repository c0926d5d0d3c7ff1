/* engine/effects: what leaves because of a step: planned, let out one by one, judged by its answer.
 *
 * Why      nothing may leave twice, after a stop, without consent or past a pause; and no doubt may be guessed away.
 * Shape    send.c: the steps plan.  queue.c: a tool's queue lets out as many as may fly.  gate.c: in that moment, in
 *          the same entry, everything is asked again: is its enrollment still there, is it paused, may this customer be
 *          written to, did a person say yes.  returned.c: what an answer, or none, means, and how the enrollment goes
 *          on.  answers.c: what people say: yes, no, it arrived, send again; hold, resume.
 * Limits   HR_FLYING_MAX of a tool at once; HR_SWEEP_MEMBERS let out by one entry.
 * Tests    tests/scenario/stories, tests/sim */
#ifndef HR_ENGINE_EFFECTS_H
#define HR_ENGINE_EFFECTS_H

#include "engine/runs.h"
#include "letter/letter.h"
#include "letter/unsubscribe.h"

enum { HR_FLYING_MAX = 4, HR_TRIES_MAX = 10, HR_FAILURES_MAX = 5 };

/* ---- effects.c ------------------------------------------------------------------------------------ */

struct hr_effect_order {
    enum hr_effect_kind kind;
    uint32_t tool;    /* name numbers */
    uint32_t what;    /* message or action, or the person */
    uint64_t meaning; /* of a message's text */
    struct hr_value content;
};
/* Writes it into the ledger: planned, and nowhere yet. */
hr_status hr_effect_plan(struct hr_walk *walk, const struct hr_effect_order *order,
                         uint64_t *ret_id);
/* The effect as this step sees it; NULL: the view lacks it. */
const struct hr_effect *hr_step_effect(struct hr_step *step, uint64_t id);
hr_status hr_effect_move(struct hr_step *step, uint64_t id, enum hr_effect_state to,
                         uint32_t attempts, hr_instant next_at, struct hr_text answer);
/* Into its tool's queue, among what its paused automation holds, or out of both. The counts go with it. */
hr_status hr_effect_place(struct hr_step *step, uint64_t id, enum hr_effect_place place);
/* It is over before it left: why stays in its row. Its enrollment is told by hr_effect_returned. */
hr_status hr_effect_withdraw(struct hr_step *step, uint64_t id, struct hr_text why);

/* ---- texts.c ---------------------------------------------------------------------------------------- */

/* What a text of the automation shows: contact, event, trigger. The view is valid while the sight stays as it is. */
struct hr_words_sight {
    struct hr_sight *sight;
    struct hr_arena *arena;
};
struct hr_template_view hr_words_view(struct hr_words_sight *words);
/* A text of a step; false: a value is missing or it cannot be written, *ret_why says which. */
hr_status hr_walk_text(struct hr_walk *walk, const struct hr_words_template *text,
                       struct hr_text *ret_text, struct hr_text *ret_why);

/* ---- gate.c ------------------------------------------------------------------------------------------- */

enum hr_gate_verdict {
    HR_MAY_LEAVE,
    HR_MUST_WAIT, /* until `until` */
    HR_IS_HELD,   /* its automation is paused */
    HR_MUST_ASK,  /* a person has to say yes first */
    HR_IS_OVER    /* `why` */
};
struct hr_gate {
    enum hr_gate_verdict verdict;
    hr_instant until;
    struct hr_text why;
};
/* Asks whether the effect may leave in this very entry. */
hr_status hr_effect_gate(struct hr_step *step, uint64_t id, struct hr_gate *ret_gate);
/* Whether a person has to say yes before what this step brings may leave; meaning: of its text as it was planned. */
hr_status hr_step_needs_yes(struct hr_step *step, const struct hr_automation *automation,
                            const struct hr_plan_step *at, uint64_t meaning, bool *ret_needs);
/* What a message says, as a number: a text changed is another. */
uint64_t hr_message_meaning(const struct hr_message *message);

/* ---- standing.c ---------------------------------------------------------------------------------------- */

/* HR_VERB_standing: a yes to a text for all whom an automation means, until a day; or no more. */
hr_status hr_step_standing(struct hr_step *step);
/* A person said yes to one letter: it counts for its text. */
hr_status hr_standing_count(struct hr_step *step, const struct hr_effect *effect);
/* Whether a standing yes covers a text now. */
hr_status hr_standing_covers(struct hr_step *step, const struct hr_automation *automation,
                             uint32_t message, uint64_t meaning, bool *ret_covers);
/* Whether a person may answer for what an automation lets leave. */
bool hr_person_may_answer(const struct hr_step *step, const struct hr_parties *parties,
                          int32_t person);

/* ---- caps.c ------------------------------------------------------------------------------------------- */

/* When the caps let a letter of this purpose (index) reach the contact again; HR_INSTANT_NONE: now. */
hr_instant hr_caps_until(const struct hr_plan *plan, const struct hr_contact *contact,
                         int32_t purpose, hr_instant now);
/* A letter leaves: it counts. */
hr_status hr_letter_count(struct hr_step *step, uint64_t id);

/* ---- doubt.c ------------------------------------------------------------------------------------------ */

enum hr_doubt_way { HR_DOUBT_repeat, HR_DOUBT_check, HR_DOUBT_person };
/* How a doubt about it may be ended now. */
enum hr_doubt_way hr_effect_doubt_way(const struct hr_step *step, const struct hr_effect *effect);
/* Nobody knows, and a person has to find out. */
hr_status hr_effect_give_up(struct hr_step *step, uint64_t id, struct hr_text answer);
/* The action that it asks for; NULL: it is no call, or the plan has that no more. */
const struct hr_action *hr_effect_action(const struct hr_step *step,
                                         const struct hr_effect *effect);

/* ---- queue.c ------------------------------------------------------------------------------------------- */

/* Lets out what may fly now. */
hr_status hr_queue_due(struct hr_step *step, const struct hr_record *record);
/* Something came to wait for the tool, or came back from it. */
hr_status hr_queue_wake(struct hr_step *step, uint32_t tool);
hr_status hr_queue_count(struct hr_step *step, uint32_t tool, unsigned from, unsigned to);
/* What the tool's last answer says about the tool. */
hr_status hr_queue_judge(struct hr_step *step, uint32_t tool, enum hr_blame fault);
/* A step had no answer of the tool in the time that it waits: its owner is told, until it answers again. */
hr_status hr_queue_tell_down(struct hr_step *step, uint32_t tool);
/* What was held while an automation was paused goes on, or not. */
hr_status hr_held_due(struct hr_step *step, const struct hr_record *record);

/* ---- returned.c ------------------------------------------------------------------------------------------ */

/* Its dispatch, or the question about it, came back. */
hr_status hr_effect_outcome(struct hr_step *step, const struct hr_record *record);
/* Its time has come: nobody answered in time, or its dispatch never came back. */
hr_status hr_effect_time(struct hr_step *step, const struct hr_record *record);
/* The effect has ended: its enrollment goes on, stops, or says that somebody has to look. */
hr_status hr_effect_returned(struct hr_step *step, uint64_t id);
/* The call takes longer than its step waits (`up_to`): it counts as failed. What has not left does not leave any more;
 * what has is looked after all the same. */
hr_status hr_effect_too_long(struct hr_walk *walk);

/* ---- send.c ------------------------------------------------------------------------------------------------ */

/* The takers of `send_email`, `call`, `notify` and `ask`; see hr_step_taker. */
hr_status hr_take_send(struct hr_walk *walk, enum hr_result *ret_result, struct hr_text *ret_words);
/* call */
hr_status hr_take_call(struct hr_walk *walk, enum hr_result *ret_result, struct hr_text *ret_words);
/* notify */
hr_status hr_take_notify(struct hr_walk *walk, enum hr_result *ret_result,
                         struct hr_text *ret_words);
/* ask */
hr_status hr_take_ask(struct hr_walk *walk, enum hr_result *ret_result, struct hr_text *ret_words);

/* ---- answers.c ----------------------------------------------------------------------------------------------- */

/* HR_VERB_approve, _reject */
hr_status hr_step_answer_effect(struct hr_step *step);
/* HR_VERB_settle */
hr_status hr_step_settle(struct hr_step *step);
/* HR_VERB_lane */
hr_status hr_step_turn_lane(struct hr_step *step);

#endif
