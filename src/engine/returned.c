/* What came back: an answer, a doubt, or nothing. What may happen next is said by the tool's file; where it says
 * nothing, a person is asked. Nothing is repeated on a guess. */
#include "engine/effects.h"

/* How long to wait before attempt n + 1: seconds. */
static const int64_t retry_after_s[HR_TRIES_MAX] = {5,    30,   120,  600,  1800,
                                                    3600, 7200, 7200, 7200, 7200};

static hr_instant next_try(const struct hr_step *step, uint32_t attempts)
{
    uint32_t done = attempts == 0 ? 1 : attempts;
    int64_t pause = retry_after_s[(done < HR_TRIES_MAX ? done : HR_TRIES_MAX) - 1] * HR_SECOND_US;
    hr_instant asked =
        step->event->kind == HR_EVENT_outcome ? step->event->retry_at : HR_INSTANT_NONE;
    hr_instant next = step->event->now + pause;
    return asked != HR_INSTANT_NONE && asked > next ? asked : next;
}

/* ---- it surely did not happen -------------------------------------------------------------------------- */

static hr_status is_open(struct hr_step *step, uint32_t tool, bool *ret_open)
{
    const struct hr_record *queue = hr_step_record(step, HR_ID_QUEUE + tool);
    HR_STEP_HAVE(queue != NULL);
    *ret_open = !queue->exists || queue->queue->reach == HR_REACH_open;
    return hr_done();
}

/* Again, later; while its tool is down it waits in line, however often it was tried. */
static hr_status try_again(struct hr_step *step, uint64_t id, const struct hr_effect *effect,
                           struct hr_text answer)
{
    bool open = true;
    HR_TRY(is_open(step, effect->tool, &open));
    if (!open) {
        HR_TRY(
            hr_effect_move(step, id, HR_EFFECT_planned, effect->attempts, HR_INSTANT_NONE, answer));
        return hr_effect_place(step, id, HR_PLACE_queue);
    }
    if (effect->attempts >= HR_TRIES_MAX) {
        HR_TRY(
            hr_effect_move(step, id, HR_EFFECT_refused, effect->attempts, HR_INSTANT_NONE, answer));
        return hr_effect_returned(step, id);
    }
    return hr_effect_move(step, id, HR_EFFECT_planned, effect->attempts,
                          next_try(step, effect->attempts), answer);
}

/* ---- nobody knows -------------------------------------------------------------------------------------- */

/* A doubt is ended by a repeat that cannot do harm, or by asking the tool; else by a person. Which of these it is, is
 * said when its turn comes: a repeat is safe for a while only. */
static hr_status doubt(struct hr_step *step, uint64_t id, const struct hr_effect *effect,
                       struct hr_text answer)
{
    bool open = true;
    bool first = effect->state == HR_EFFECT_intended && !effect->doubt;
    enum hr_doubt_way way = hr_effect_doubt_way(step, effect);
    HR_TRY(is_open(step, effect->tool, &open));
    if (way == HR_DOUBT_person || (open && effect->attempts >= HR_TRIES_MAX)) {
        return hr_effect_give_up(step, id, answer);
    }
    bool at_once = !open || (first && way == HR_DOUBT_check);
    HR_TRY(hr_effect_move(step, id, HR_EFFECT_doubted, effect->attempts,
                          at_once ? HR_INSTANT_NONE : next_try(step, effect->attempts), answer));
    return at_once ? hr_effect_place(step, id, HR_PLACE_queue) : hr_done();
}

/* ---- answers -------------------------------------------------------------------------------------------- */

static hr_status end(struct hr_step *step, uint64_t id, const struct hr_effect *effect,
                     enum hr_effect_state state)
{
    HR_TRY(hr_effect_move(step, id, state, effect->attempts, HR_INSTANT_NONE, step->event->answer));
    return hr_effect_returned(step, id);
}

/* A refusal of us, and not of what was asked, is mended once for all: what waits, waits. */
static hr_status refused(struct hr_step *step, uint64_t id, const struct hr_effect *effect)
{
    if (effect->state == HR_EFFECT_checking || effect->doubt) {
        return doubt(step, id, effect, step->event->answer);
    }
    return step->event->fault == HR_BLAME_permission
               ? try_again(step, id, effect, step->event->answer)
               : end(step, id, effect, HR_EFFECT_refused);
}

/* The tool answers, and says that it was not done. However often nobody answered before, it is done once more. */
static hr_status not_done(struct hr_step *step, uint64_t id, const struct hr_effect *effect)
{
    if (effect->attempts < HR_TRIES_MAX) {
        return try_again(step, id, effect, step->event->answer);
    }
    HR_TRY(hr_effect_move(step, id, HR_EFFECT_planned, HR_TRIES_MAX - 1, HR_INSTANT_NONE,
                          step->event->answer));
    return hr_effect_place(step, id, HR_PLACE_queue);
}

hr_status hr_effect_outcome(struct hr_step *step, const struct hr_record *record)
{
    const struct hr_effect effect = *record->effect;
    uint64_t id = record->id;
    bool flies = effect.place == HR_PLACE_flying;
    enum hr_outcome outcome = step->event->outcome;
    bool late = effect.state == HR_EFFECT_unknown &&
                (outcome == HR_OUTCOME_confirmed || outcome == HR_OUTCOME_refused);
    if (!flies && !late) {
        return hr_done(); /* already settled */
    }
    HR_TRY(hr_effect_place(step, id, HR_PLACE_none));
    if (flies && effect.tool != 0) {
        HR_TRY(hr_queue_judge(step, effect.tool, (enum hr_blame)step->event->fault));
    }
    switch (outcome) {
    case HR_OUTCOME_confirmed:
        return end(step, id, &effect, HR_EFFECT_confirmed);
    case HR_OUTCOME_refused:
        return refused(step, id, &effect);
    case HR_OUTCOME_again:
        return effect.state == HR_EFFECT_checking || effect.doubt
                   ? doubt(step, id, &effect, step->event->answer)
                   : try_again(step, id, &effect, step->event->answer);
    case HR_OUTCOME_not_done:
        return not_done(step, id, &effect);
    case HR_OUTCOME_unknown:
        return doubt(step, id, &effect, step->event->answer);
    }
    return hr_answer(HR_E_INPUT);
}

/* ---- time ------------------------------------------------------------------------------------------------- */

static hr_status lapse(struct hr_step *step, uint64_t id)
{
    HR_TRY(hr_effect_withdraw(step, id, HR_TEXT("nobody answered in time")));
    return hr_effect_returned(step, id);
}

hr_status hr_effect_time(struct hr_step *step, const struct hr_record *record)
{
    const struct hr_effect effect = *record->effect;
    uint64_t id = record->id;
    if (effect.state == HR_EFFECT_asks) {
        return lapse(step, id);
    }
    if (effect.place == HR_PLACE_flying) { /* its dispatch never came back */
        HR_TRY(hr_effect_place(step, id, HR_PLACE_none));
        return doubt(step, id, &effect, HR_TEXT("no answer came back"));
    }
    HR_TRY(hr_effect_move(step, id, (enum hr_effect_state)effect.state, effect.attempts,
                          HR_INSTANT_NONE, effect.answer));
    return hr_effect_place(step, id, HR_PLACE_queue);
}

/* ---- the enrollment goes on --------------------------------------------------------------------------------- */

/* What the action leaves behind once it is done: constants in fields, and an event. */
static hr_status leave_traces(struct hr_walk *walk, const struct hr_effect *effect)
{
    struct hr_step *step = walk->passing->step;
    const struct hr_action *action = hr_effect_action(step, effect);
    enum hr_result result = HR_RESULT_did;
    for (size_t i = 0; action != NULL && i < action->set_count; i++) {
        const struct hr_field_ref *field = &action->sets[i].field;
        struct hr_value value = hr_value_text(action->sets[i].value);
        bool fits = field->record == HR_RECORD_TYPE_contact &&
                    hr_typed(step->arena, step->plan, &step->plan->fields[field->field], &value);
        if (fits) {
            HR_TRY(hr_run_write_as(walk, hr_writer(HR_BY_tool, effect->tool), field->field, value,
                                   step->event->now, &result));
        }
    }
    return action == NULL || action->emits < 0 ? hr_done()
                                               : hr_walk_emit(walk, action->emits, hr_value_null());
}

static hr_status did(struct hr_walk *walk, const struct hr_effect *effect)
{
    HR_TRY(hr_walk_tell(walk, walk->at, HR_RESULT_did, HR_TEXT_NONE));
    HR_TRY(leave_traces(walk, effect));
    return hr_walk_go_on_or_rest(walk);
}

static hr_status was_refused(struct hr_walk *walk, const struct hr_effect *effect)
{
    bool call = walk->at->kind == HR_STEP_call;
    HR_TRY(hr_walk_tell(walk, walk->at, HR_RESULT_refused, effect->answer));
    switch (call ? walk->at->call->if_fails : HR_IF_FAILS_unsaid) {
    case HR_IF_FAILS_continue:
        return hr_walk_go_on_or_rest(walk);
    case HR_IF_FAILS_stop:
        return hr_run_finish(walk, HR_RUN_failed, effect->answer, NULL);
    case HR_IF_FAILS_unsaid:
    case HR_IF_FAILS_open_issue:
        break;
    }
    return hr_walk_hold(walk, HR_URGENCY_normal); /* until a person says how it goes on */
}

/* A person's no. After a yes it may still not leave, for want of consent and the like: that is no answer of theirs. */
static bool said_no(const struct hr_effect *effect)
{
    return effect->answered_by != 0 && !effect->approved;
}

/* A question that nobody answered, or a person's no. */
static hr_status no_answer(struct hr_walk *walk, const struct hr_effect *effect)
{
    bool asks = walk->at->kind == HR_STEP_ask;
    const struct hr_approval *approval = walk->automation->approval;
    enum hr_if_expired how = asks               ? walk->at->ask->if_expired
                             : approval != NULL ? approval->if_expired
                                                : HR_IF_EXPIRED_do_nothing;
    if (said_no(effect)) {
        return hr_run_finish(walk, HR_RUN_stopped, effect->answer, NULL);
    }
    if (how == HR_IF_EXPIRED_continue) {
        return hr_walk_go_on_or_rest(walk);
    }
    if (how == HR_IF_EXPIRED_do_nothing) {
        HR_TRY(
            hr_run_trouble(walk, HR_URGENCY_normal)); /* so that it is seen that nothing was done */
    }
    return hr_run_finish(walk, HR_RUN_late, effect->answer, NULL);
}

static hr_status was_withdrawn(struct hr_walk *walk, const struct hr_effect *effect, bool asked)
{
    HR_TRY(hr_walk_tell(walk, walk->at, HR_RESULT_refused, effect->answer));
    return asked ? no_answer(walk, effect) : hr_walk_go_on_or_rest(walk);
}

static hr_status go_on(struct hr_walk *walk, const struct hr_effect *effect)
{
    struct hr_text lapsed = HR_TEXT("nobody answered in time");
    switch ((enum hr_effect_state)effect->state) {
    case HR_EFFECT_confirmed:
        return did(walk, effect);
    case HR_EFFECT_refused:
        return was_refused(walk, effect);
    case HR_EFFECT_unknown:
        return hr_run_trouble(walk, HR_URGENCY_normal);
    case HR_EFFECT_withdrawn:
        return was_withdrawn(walk, effect,
                             said_no(effect) || hr_text_equal(effect->answer, lapsed));
    case HR_EFFECT_planned:
    case HR_EFFECT_intended:
    case HR_EFFECT_asks:
    case HR_EFFECT_checking:
    case HR_EFFECT_doubted:
    case HR_EFFECT_STATE_COUNT:
        break;
    }
    return hr_answer(HR_E_INPUT);
}

hr_status hr_effect_returned(struct hr_step *step, uint64_t id)
{
    const struct hr_effect *now = hr_step_effect(step, id);
    HR_STEP_HAVE(now != NULL);
    const struct hr_effect effect = *now;
    struct hr_passing passing = {.step = step, .contact = effect.contact};
    const struct hr_record *record = hr_step_record(step, effect.contact);
    HR_STEP_HAVE(record != NULL);
    struct hr_walk walk;
    if (!record->exists || record->kind != HR_RECORD_contact ||
        !hr_walk_of(&passing, effect.run, &walk)) {
        return hr_done();
    }
    const struct hr_run *run = hr_walk_run(&walk);
    if (run == NULL || run->awaits != id) {
        return hr_done();
    }
    HR_TRY(hr_walk_is_another(&walk) ? hr_walk_hold(&walk, HR_URGENCY_normal)
                                     : go_on(&walk, &effect));
    return hr_passing_settle(&passing);
}

hr_status hr_effect_too_long(struct hr_walk *walk)
{
    struct hr_step *step = walk->passing->step;
    const struct hr_run *run = hr_walk_run(walk);
    HR_STEP_HAVE(run != NULL);
    const struct hr_effect *now = hr_step_effect(step, run->awaits);
    HR_STEP_HAVE(now != NULL);
    struct hr_effect effect = *now;
    if (effect.state == HR_EFFECT_asks || effect.place == HR_PLACE_held) {
        /* it waits for people, which is no fault of the tool, and has its own end */
        return hr_run_wait(walk, HR_RUN_waits_effect, HR_INSTANT_NONE, run->awaits);
    }
    effect.answer = HR_TEXT("no answer in the time that the step waits for one");
    HR_TRY(hr_queue_tell_down(step, effect.tool));
    return was_refused(walk, &effect);
}
