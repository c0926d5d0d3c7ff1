/* Instances that end otherwise than by proof or by a person: their handoff left the plan, or they never opened. */
#include "engine/step_internal.h"

static hr_status leave_slot(struct hr_step *step, uint64_t contact,
                            const struct hr_instance *instance, enum hr_issue_slot slot,
                            enum hr_membership how)
{
    if (instance->issues[slot] == 0) {
        return hr_done();
    }
    const struct hr_fact fact = {.kind = HR_FACT_handoff_issue,
                                 .record = contact,
                                 .name = instance->handoff,
                                 .key = instance->key,
                                 .number = 0,
                                 .state = (uint8_t)slot};
    HR_TRY(hr_step_emit(step, &fact));
    return hr_step_leave(step, instance->issues[slot], contact, instance->handoff, &instance->key,
                         how);
}

/* Its handoff is gone from the plan: nobody waits for it any more, so neither may its timer. What was proven stays
 * so. */
hr_status hr_step_retire(struct hr_step *step, uint64_t contact, const struct hr_instance *instance)
{
    enum hr_stand stand = (enum hr_stand)instance->stand;
    if (hr_stand_is_proven(stand) || stand == HR_STAND_waived) {
        return hr_done();
    }
    const struct hr_fact fact = {
        .kind = HR_FACT_handoff_marked,
        .record = contact,
        .name = instance->handoff,
        .key = instance->key,
        .state = HR_MARK_waived,
        .at = step->event->now,
        .until = HR_INSTANT_NONE,
    };
    const struct hr_judgement as_it_was = {
        .at = instance->judged_at,
        .by = instance->judged_by,
        .incorrect = instance->incorrect,
        .mismatch = instance->mismatch,
        .mismatch_values = instance->mismatch_values,
    };
    HR_TRY(hr_step_emit(step, &fact));
    HR_TRY(hr_step_emit_judged(step, contact, instance, &as_it_was, HR_STAND_waived));
    HR_TRY(leave_slot(step, contact, instance, HR_SLOT_proof, HR_MEMBER_waived));
    return leave_slot(step, contact, instance, HR_SLOT_missing, HR_MEMBER_waived);
}

/* In a full contact what ended stays while somebody looks into what it did not carry. When nothing else can leave, the
 * oldest of these leaves its issue, so that what is new is heard. */
hr_status hr_step_make_room(struct hr_step *step, uint64_t contact)
{
    const struct hr_contact *now = hr_step_contact(step, contact);
    HR_STEP_HAVE(now != NULL);
    for (size_t i = 0; !hr_contact_has_room(now) && i < now->instance_count; i++) {
        const struct hr_instance instance = now->instances[i];
        enum hr_stand stand = (enum hr_stand)instance.stand;
        if (hr_stand_is_proven(stand) || stand == HR_STAND_waived) {
            return leave_slot(step, contact, &instance, HR_SLOT_missing, HR_MEMBER_waived);
        }
    }
    return hr_done();
}

/* ---- openings that were none ---------------------------------------------------------------------- */

enum hr_opened hr_opened_by_proof(const struct hr_plan *plan, const struct hr_contact *contact,
                                  const struct hr_handoff *handoff, const struct hr_key *key,
                                  hr_instant *ret_at)
{
    uint32_t before = plan->handoffs[handoff->opens_after].name_number;
    enum hr_opened opened = HR_NOTHING_BEFORE;
    for (size_t i = 0; i < contact->instance_count; i++) {
        const struct hr_instance *instance = &contact->instances[i];
        if (instance->handoff != before ||
            (handoff->key != NULL && !hr_key_equal(&instance->key, key))) {
            continue;
        }
        bool proven = hr_stand_is_proven((enum hr_stand)instance->stand);
        if (proven && (opened != HR_OPENED || instance->judged_at < *ret_at)) {
            *ret_at = instance->judged_at;
        }
        opened = proven || opened == HR_OPENED ? HR_OPENED : HR_NOT_OPENED;
    }
    return opened;
}

/* What came late may show that a proof was none; then what it opened never opened. Under other rules than those that
 * opened it nothing is taken back. */
hr_status hr_step_take_back(struct hr_step *step, uint64_t contact,
                            const struct hr_handoff *handoff, const struct hr_instance *instance,
                            bool *ret_gone)
{
    const struct hr_contact *now = hr_step_contact(step, contact);
    hr_instant at = 0;
    *ret_gone = false;
    HR_STEP_HAVE(now != NULL);
    if (handoff->opens_after < 0 ||
        hr_opened_by_proof(step->plan, now, handoff, &instance->key, &at) != HR_NOT_OPENED) {
        return hr_done();
    }
    const struct hr_record *workspace = hr_step_record(step, HR_ID_WORKSPACE);
    HR_STEP_HAVE(workspace != NULL);
    if (instance->opened_by <= workspace->workspace->plan_position) {
        return hr_done();
    }
    const struct hr_fact fact = {.kind = HR_FACT_handoff_taken_back,
                                 .record = contact,
                                 .name = instance->handoff,
                                 .key = instance->key};
    HR_TRY(leave_slot(step, contact, instance, HR_SLOT_proof, HR_MEMBER_moved));
    HR_TRY(leave_slot(step, contact, instance, HR_SLOT_missing, HR_MEMBER_moved));
    HR_TRY(
        hr_step_move_count(step, instance->handoff, (enum hr_stand)instance->stand, HR_STAND_none));
    *ret_gone = true;
    return hr_step_emit(step, &fact);
}
