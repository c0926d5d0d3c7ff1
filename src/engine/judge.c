/* When what was judged before stands, and when evidence is weighed anew. */
#include "engine/step_internal.h"

/* False when something that this handoff's proof reads may have had to make room. */
static bool evidence_is_whole(const struct hr_plan *plan, const struct hr_contact *contact,
                              const struct hr_handoff *handoff)
{
    if (handoff->proof_by_event && hr_contact_made_room(contact, 0)) {
        return false;
    }
    for (size_t i = 0; i < contact->field_count; i++) {
        int32_t field = hr_plan_field_numbered(plan, contact->fields[i].field);
        if (field >= 0 && hr_contact_made_room(contact, contact->fields[i].field) &&
            hr_proof_reads(handoff, field)) {
            return false;
        }
    }
    return true;
}

static bool is_proven(const struct hr_instance *instance)
{
    return instance->judged_at != HR_INSTANT_NONE && !instance->incorrect;
}

static struct hr_judgement judgement_of(const struct hr_instance *instance)
{
    return (struct hr_judgement){
        .at = instance->judged_at, .by = instance->judged_by, .mismatch_values = hr_value_null()};
}

static hr_status judged_by_these_rules(struct hr_step *step, const struct hr_instance *instance,
                                       bool *ret_same)
{
    const struct hr_record *workspace = hr_step_record(step, HR_ID_WORKSPACE);
    HR_STEP_HAVE(workspace != NULL);
    *ret_same = workspace->exists && instance->judged_by > workspace->workspace->plan_position;
    return hr_done();
}

/* A message that tells of later than the proof cannot change what the earliest proof is. Most instances of a contact
 * with a long history stand so, and need not be judged again by each message. */
static hr_status still_stands(struct hr_step *step, const struct hr_instance *instance,
                              bool *ret_stands)
{
    *ret_stands = step->event->kind == HR_EVENT_heard && is_proven(instance) &&
                  step->event->heard->occurred_at > instance->judged_at;
    return *ret_stands ? judged_by_these_rules(step, instance, ret_stands) : hr_done();
}

hr_status hr_judge(struct hr_step *step, const struct hr_contact *contact,
                   const struct hr_handoff *handoff, const struct hr_instance *instance,
                   struct hr_judgement *ret_judgement)
{
    bool stands = false;
    HR_TRY(still_stands(step, instance, &stands));
    if (stands) {
        *ret_judgement = judgement_of(instance);
        return hr_done();
    }
    hr_weigh_evidence(step, contact, handoff, instance, ret_judgement);
    bool was_proven = is_proven(instance);
    bool found = ret_judgement->at != HR_INSTANT_NONE && !ret_judgement->incorrect;
    if (was_proven && (!found || ret_judgement->at > instance->judged_at)) {
        bool same_rules = false;
        HR_TRY(judged_by_these_rules(step, instance, &same_rules));
        if (same_rules && evidence_is_whole(step->plan, contact, handoff)) {
            return hr_done(); /* what was heard since shows that it was none: order of arrival decides nothing */
        }
        /* a proof stays one when its evidence has had to make room, or the rules have changed */
        *ret_judgement = judgement_of(instance);
    }
    return hr_done();
}
