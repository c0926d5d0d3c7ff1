/* Handoff instances of one contact are judged by all evidence, and what follows from that. */
#include "engine/step_internal.h"

const struct hr_contact *hr_step_contact(struct hr_step *step, uint64_t contact)
{
    const struct hr_record *record = hr_step_record(step, contact);
    return record != NULL && record->exists ? record->contact : NULL;
}

hr_status hr_step_move_count(struct hr_step *step, uint32_t handoff, enum hr_stand from,
                             enum hr_stand to)
{
    const struct hr_fact fact = {.kind = HR_FACT_count_moved,
                                 .name = handoff,
                                 .from = (uint8_t)from,
                                 .state = (uint8_t)to,
                                 .number = 1};
    return hr_step_emit(step, &fact);
}

static bool same_judgement(const struct hr_instance *instance, const struct hr_judgement *judgement)
{
    return instance->judged_at == judgement->at && instance->judged_by == judgement->by &&
           instance->incorrect == judgement->incorrect &&
           hr_text_equal(instance->mismatch, judgement->mismatch);
}

/* Which issue a stand belongs to: none, one for no proof in time, or one for a wrong proof. */
static enum hr_cause cause_of(const struct hr_handoff *handoff, enum hr_stand stand, bool incorrect)
{
    bool failing =
        stand == HR_STAND_late || stand == HR_STAND_failed || stand == HR_STAND_recovering;
    if (!failing || handoff->late_is == HR_LATE_count) {
        return 0;
    }
    return incorrect ? HR_CAUSE_incorrect : HR_CAUSE_no_proof;
}

static hr_status issue_for_proof(struct hr_step *step, uint64_t contact,
                                 const struct hr_handoff *handoff,
                                 const struct hr_instance *instance, enum hr_stand stand,
                                 bool incorrect)
{
    enum hr_cause cause = cause_of(handoff, stand, incorrect);
    uint64_t old = instance->issues[HR_SLOT_proof];
    uint64_t wanted = 0;
    struct hr_key key = instance->key;
    if (cause != 0 && stand == HR_STAND_recovering && old != 0) {
        return hr_done(); /* it stays where it was until proof comes */
    }
    if (cause != 0) {
        const struct hr_issue_of of = {
            .cause = cause,
            .about = handoff->name_number,
            .path = step->plan->paths[handoff->path].name_number,
            .severity = handoff->late_is == HR_LATE_urgent ? HR_URGENCY_urgent : HR_URGENCY_normal,
            .owner = handoff->owner,
            .told = handoff->failure_owner,
        };
        HR_TRY(hr_step_issue(step, &of, &wanted));
    }
    if (old == wanted) {
        return hr_done();
    }
    const struct hr_fact fact = {.kind = HR_FACT_handoff_issue,
                                 .record = contact,
                                 .name = handoff->name_number,
                                 .key = key,
                                 .number = wanted,
                                 .state = HR_SLOT_proof};
    HR_TRY(hr_step_emit(step, &fact));
    if (old != 0) {
        enum hr_membership how = wanted != 0                ? HR_MEMBER_moved
                                 : stand == HR_STAND_waived ? HR_MEMBER_waived
                                                            : HR_MEMBER_proven;
        HR_TRY(hr_step_leave(step, old, contact, handoff->name_number, &key, how));
    }
    return wanted == 0 ? hr_done()
                       : hr_step_join(step, wanted, contact, handoff->name_number, &key);
}

hr_status hr_step_emit_judged(struct hr_step *step, uint64_t contact,
                              const struct hr_instance *instance,
                              const struct hr_judgement *judgement, enum hr_stand stand)
{
    const struct hr_fact fact = {
        .kind = HR_FACT_handoff_judged,
        .record = contact,
        .name = instance->handoff,
        .key = instance->key,
        .state = (uint8_t)stand,
        .at = judgement->at,
        .number = judgement->by,
        .text = judgement->mismatch,
        .value = judgement->mismatch_values,
    };
    HR_TRY(hr_step_emit(step, &fact));
    return (enum hr_stand)instance->stand == stand
               ? hr_done()
               : hr_step_move_count(step, instance->handoff, (enum hr_stand)instance->stand, stand);
}

static hr_status judge_one(struct hr_step *step, uint64_t contact, size_t index, bool *ret_gone)
{
    *ret_gone = false;
    const struct hr_contact *now = hr_step_contact(step, contact);
    HR_STEP_HAVE(now != NULL);
    const struct hr_instance instance = now->instances[index]; /* the array may move below */
    int32_t place = hr_plan_handoff_numbered(step->plan, instance.handoff);
    if (place < 0) {
        return hr_step_retire(step, contact, &instance);
    }
    const struct hr_handoff *handoff = &step->plan->handoffs[place];
    struct hr_judgement judgement;
    HR_TRY(hr_step_take_back(step, contact, handoff, &instance, ret_gone));
    if (*ret_gone) {
        return hr_done();
    }
    HR_TRY(hr_judge(step, now, handoff, &instance, &judgement));
    struct hr_instance after = instance;
    after.judged_at = judgement.at;
    after.judged_by = judgement.by;
    after.incorrect = judgement.incorrect;
    enum hr_stand stand = hr_instance_stand(&after, step->event->now);
    bool changed = (enum hr_stand)instance.stand != stand || !same_judgement(&instance, &judgement);
    if (changed) {
        HR_TRY(hr_step_emit_judged(step, contact, &instance, &judgement, stand));
    }
    HR_TRY(issue_for_proof(step, contact, handoff, &instance, stand, judgement.incorrect));
    HR_TRY(hr_step_look_at_cargo(step, contact, handoff, &instance.key));
    if (changed && hr_stand_is_proven(stand)) {
        return hr_step_open_next(step, contact, place, &instance);
    }
    return hr_done();
}

/* The place behind the instance that was just judged at `at`. What it opened may have made others leave a full
 * contact, so it may stand elsewhere; if it left itself, all are looked at again: judging twice changes nothing. */
static size_t place_behind(const struct hr_contact *contact, const struct hr_instance *judged,
                           size_t at)
{
    for (size_t i = at + 1; i > 0; i--) {
        bool same = i <= contact->instance_count &&
                    contact->instances[i - 1].handoff == judged->handoff &&
                    hr_key_equal(&contact->instances[i - 1].key, &judged->key);
        if (same) {
            return i;
        }
    }
    return 0;
}

hr_status hr_step_judge_all(struct hr_step *step, uint64_t contact)
{
    bool gone = false;
    const struct hr_contact *now = hr_step_contact(step, contact);
    HR_STEP_HAVE(now != NULL);
    /* a proof may open further instances, which stand behind those judged so far */
    for (size_t i = 0; i < now->instance_count;) {
        const struct hr_instance judged = now->instances[i];
        HR_TRY(judge_one(step, contact, i, &gone));
        now = hr_step_contact(step, contact);
        HR_STEP_HAVE(now != NULL);
        i = gone ? i : place_behind(now, &judged, i);
    }
    return hr_done();
}

hr_status hr_step_mark(struct hr_step *step, uint64_t contact, size_t index, enum hr_mark mark,
                       uint32_t person)
{
    const struct hr_contact *now = hr_step_contact(step, contact);
    HR_STEP_HAVE(now != NULL);
    const struct hr_instance *instance = &now->instances[index];
    int32_t place = hr_plan_handoff_numbered(step->plan, instance->handoff);
    hr_instant until = HR_INSTANT_NONE;
    if (mark == HR_MARK_recovering && place >= 0) {
        until = hr_deadline(step->plan, step->event->now, step->plan->handoffs[place].within);
    }
    const struct hr_fact fact = {
        .kind = HR_FACT_handoff_marked,
        .record = contact,
        .name = instance->handoff,
        .key = instance->key,
        .state = (uint8_t)mark,
        .other = person,
        .at = step->event->now,
        .until = until,
    };
    HR_TRY(hr_step_emit(step, &fact));
    bool gone = false;
    return judge_one(step, contact, index, &gone);
}
