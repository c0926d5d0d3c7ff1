/* What may be done about an effect of which nobody knows whether it was done: what its tool's file says, now. */
#include "engine/effects.h"

const struct hr_action *hr_effect_action(const struct hr_step *step, const struct hr_effect *effect)
{
    int32_t tool = hr_plan_tool_numbered(step->plan, effect->tool);
    return effect->kind != HR_EFFECT_call || tool < 0
               ? NULL
               : hr_tool_action_numbered(&step->plan->tools[tool], effect->what);
}

/* The tool knows the key again for so long; a tenth of that is left to clocks that differ. */
static bool key_is_known(const struct hr_step *step, const struct hr_effect *effect)
{
    int32_t index = hr_plan_tool_numbered(step->plan, effect->tool);
    const struct hr_tool *tool = index < 0 ? NULL : &step->plan->tools[index];
    if (tool == NULL || !tool->has_repeat_key || effect->sent_at == HR_INSTANT_NONE) {
        return false;
    }
    int64_t window = tool->repeat_key_for.amount / 10 * 9;
#ifdef HR_PLANT_key_window
    window *= 4;
#endif
    return tool->repeat_key_for.unit == HR_SPAN_elapsed &&
           step->event->now < effect->sent_at + window;
}

enum hr_doubt_way hr_effect_doubt_way(const struct hr_step *step, const struct hr_effect *effect)
{
    const struct hr_action *action = hr_effect_action(step, effect);
    if (action == NULL) {
        return HR_DOUBT_person;
    }
#ifdef HR_PLANT_doubt_repeated
    return HR_DOUBT_repeat;
#endif
    if (action->safe_to_repeat || action->kind == HR_ACTION_read || key_is_known(step, effect)) {
        return HR_DOUBT_repeat;
    }
    return action->check >= 0 ? HR_DOUBT_check : HR_DOUBT_person;
}

hr_status hr_effect_give_up(struct hr_step *step, uint64_t id, struct hr_text answer)
{
    const struct hr_effect *effect = hr_step_effect(step, id);
    HR_STEP_HAVE(effect != NULL);
    uint32_t attempts = effect->attempts;
    HR_TRY(hr_effect_place(step, id, HR_PLACE_none));
    HR_TRY(hr_effect_move(step, id, HR_EFFECT_unknown, attempts, HR_INSTANT_NONE, answer));
    return hr_effect_returned(step, id);
}
