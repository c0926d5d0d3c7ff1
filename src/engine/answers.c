/* What people say of effects: yes or no to what they saw, what became of one that nobody knows of; and the two lanes'
 * switches. */
#include "engine/effects.h"

static hr_status effect_of(struct hr_step *step, const struct hr_record **ret_record)
{
    const struct hr_record *record = hr_step_record(step, step->event->command->effect);
    HR_STEP_HAVE(record != NULL);
    *ret_record = record;
    return record->exists && record->kind == HR_RECORD_effect &&
                   record->effect->kind >= HR_EFFECT_letter
               ? hr_done()
               : hr_answer(HR_E_REFUSED);
}

/* ---- yes or no ---------------------------------------------------------------------------------------- */

/* Whose yes its step asks for; NULL: the automation is gone, and anybody's whose role allows it counts. */
static const struct hr_parties *parties_of(const struct hr_step *step,
                                           const struct hr_effect *effect)
{
    int32_t index = hr_plan_automation_numbered(step->plan, effect->automation);
    const struct hr_automation *automation = index < 0 ? NULL : &step->plan->automations[index];
    const struct hr_plan_step *at =
        automation == NULL ? NULL : hr_step_numbered(automation, effect->step);
    if (at != NULL && at->kind == HR_STEP_ask) {
        return &at->ask->by;
    }
    return automation == NULL || automation->approval == NULL ? NULL : &automation->approval->by;
}

static hr_status say(struct hr_step *step, uint64_t id, bool yes)
{
    const struct hr_command *command = step->event->command;
    const struct hr_fact fact = {.kind = HR_FACT_effect_answered,
                                 .record = id,
                                 .other = command->person,
                                 .at = step->event->now,
                                 .state = yes,
                                 .text = command->text};
    return hr_step_emit(step, &fact);
}

static hr_status approve(struct hr_step *step, uint64_t id, const struct hr_effect *effect)
{
    HR_TRY(say(step, id, true));
    HR_TRY(hr_standing_count(step, effect));
    if (effect->kind == HR_EFFECT_question) {
        HR_TRY(hr_effect_move(step, id, HR_EFFECT_confirmed, 0, HR_INSTANT_NONE, HR_TEXT("yes")));
        return hr_effect_returned(step, id);
    }
    HR_TRY(hr_effect_move(step, id, HR_EFFECT_planned, 0, HR_INSTANT_NONE, HR_TEXT_NONE));
    return hr_effect_place(step, id, HR_PLACE_queue);
}

hr_status hr_step_answer_effect(struct hr_step *step)
{
    const struct hr_command *command = step->event->command;
    const struct hr_record *record = NULL;
    HR_TRY(effect_of(step, &record));
    const struct hr_effect effect = *record->effect;
    const struct hr_parties *parties = parties_of(step, &effect);
    int32_t person = hr_plan_person_numbered(step->plan, command->person);
    bool named = parties == NULL || hr_person_may_answer(step, parties, person);
    /* what they saw is what stands there: one sign changed since, and it is no yes to it */
    bool same = hr_text_equal(effect.seen, command->text);
#ifdef HR_PLANT_yes_to_anything
    same = true;
#endif
    if (effect.state != HR_EFFECT_asks || !same || !named) {
        return hr_answer(HR_E_REFUSED);
    }
    uint64_t id = record->id;
    if (command->verb == HR_VERB_approve) {
        return approve(step, id, &effect);
    }
    HR_TRY(say(step, id, false));
    HR_TRY(hr_effect_withdraw(step, id, HR_TEXT("a person said no")));
    return hr_effect_returned(step, id);
}

/* ---- what nobody knew ------------------------------------------------------------------------------------- */

hr_status hr_step_settle(struct hr_step *step)
{
    const struct hr_command *command = step->event->command;
    const struct hr_record *record = NULL;
    HR_TRY(effect_of(step, &record));
    const struct hr_effect effect = *record->effect;
    uint64_t id = record->id;
    if (effect.state != HR_EFFECT_unknown) {
        return hr_answer(HR_E_REFUSED);
    }
    HR_TRY(say(step, id, effect.approved));
    switch ((enum hr_settled)command->role) {
    case HR_SETTLED_arrived:
        HR_TRY(hr_effect_move(step, id, HR_EFFECT_confirmed, effect.attempts, HR_INSTANT_NONE,
                              HR_TEXT("a person says it arrived")));
        return hr_effect_returned(step, id);
    case HR_SETTLED_did_not:
        HR_TRY(hr_effect_move(step, id, HR_EFFECT_refused, effect.attempts, HR_INSTANT_NONE,
                              HR_TEXT("a person says it did not arrive")));
        return hr_effect_returned(step, id);
    case HR_SETTLED_again:
        if (effect.kind == HR_EFFECT_note) {
            return hr_effect_move(step, id, HR_EFFECT_planned, effect.attempts, step->event->now,
                                  HR_TEXT_NONE);
        }
        HR_TRY(hr_effect_move(step, id, HR_EFFECT_planned, effect.attempts, HR_INSTANT_NONE,
                              HR_TEXT_NONE));
        return hr_effect_place(step, id, HR_PLACE_queue);
    }
    return hr_answer(HR_E_REFUSED);
}

/* ---- lanes ---------------------------------------------------------------------------------------------------- */

static hr_status wake_all(struct hr_step *step)
{
    for (size_t i = 0; i < step->plan->tool_count; i++) {
        HR_TRY(hr_queue_wake(step, step->plan->tools[i].name_number));
    }
    return hr_done();
}

hr_status hr_step_turn_lane(struct hr_step *step)
{
    const struct hr_command *command = step->event->command;
    const struct hr_record *record = hr_step_record(step, HR_ID_QUEUE);
    HR_STEP_HAVE(record != NULL);
    if (command->other >= HR_LANE_COUNT || command->role > HR_LANE_drop) {
        return hr_answer(HR_E_REFUSED);
    }
    bool held = record->exists && record->queue->held[command->other];
    bool holds = command->role == HR_LANE_hold;
    if (held == holds) {
        return hr_answer(HR_E_REFUSED);
    }
    const struct hr_fact fact = {.kind = HR_FACT_lane_switched,
                                 .other = command->person,
                                 .at = step->event->now,
                                 .state = command->role,
                                 .from = (uint8_t)command->other};
    HR_TRY(hr_step_emit(step, &fact));
    return holds ? hr_done() : wake_all(step);
}
