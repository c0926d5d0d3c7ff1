/* How much is too much: at most so many letters of a purpose to one person, whoever sends them. */
#include "engine/effects.h"

/* When the oldest that counts leaves the span, and the next may go; HR_INSTANT_NONE: there is room now. */
static hr_instant free_again(const struct hr_plan *plan, const struct hr_contact *contact,
                             const struct hr_cap *cap, hr_instant now)
{
    uint32_t purpose = cap->purpose < 0 ? 0 : plan->policies.purposes[cap->purpose].name_number;
    uint32_t counted = 0;
    for (size_t i = contact->letter_count; i > 0; i--) {
        const struct hr_letter_left *letter = &contact->letters[i - 1];
        bool counts = cap->purpose < 0 || letter->purpose == purpose;
        hr_instant until =
            counts ? hr_hours_after(&plan->hours, letter->at, cap->most.every) : HR_INSTANT_NONE;
        counted += counts && until != HR_INSTANT_NONE && until > now;
        if (counts && counted == cap->most.count) {
            return until;
        }
    }
    return HR_INSTANT_NONE;
}

hr_instant hr_caps_until(const struct hr_plan *plan, const struct hr_contact *contact,
                         int32_t purpose, hr_instant now)
{
    hr_instant latest = HR_INSTANT_NONE;
    for (size_t i = 0; i < plan->policies.cap_count; i++) {
        const struct hr_cap *cap = &plan->policies.caps[i];
        bool meant = cap->purpose < 0 || cap->purpose == purpose;
        hr_instant until =
            meant && cap->most.count > 0 ? free_again(plan, contact, cap, now) : HR_INSTANT_NONE;
        bool later = until != HR_INSTANT_NONE && (latest == HR_INSTANT_NONE || until > latest);
        latest = later ? until : latest;
    }
    return latest;
}

hr_status hr_letter_count(struct hr_step *step, uint64_t id)
{
    const struct hr_effect *effect = hr_step_effect(step, id);
    HR_STEP_HAVE(effect != NULL);
    int32_t index = hr_plan_automation_numbered(step->plan, effect->automation);
    const struct hr_plan_step *at =
        index < 0 ? NULL : hr_step_numbered(&step->plan->automations[index], effect->step);
    if (effect->kind != HR_EFFECT_letter || at == NULL || at->kind != HR_STEP_send_email) {
        return hr_done();
    }
    const struct hr_purpose *purpose = hr_letter_purpose(
        step->plan, &step->plan->messages[at->email->message], at->email->purpose);
    const struct hr_fact fact = {.kind = HR_FACT_letter_left,
                                 .record = effect->contact,
                                 .name = purpose == NULL ? 0 : purpose->name_number,
                                 .number = id,
                                 .at = step->event->now};
    return hr_step_emit(step, &fact);
}
