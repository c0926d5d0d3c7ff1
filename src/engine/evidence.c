/* When was a handoff proven, or proven wrong? Asked of all evidence, so that the answer does not depend on the order in
 * which the evidence arrived. */
#include "engine/step_internal.h"

enum { MOMENTS_MAX = 128 };

struct look {
    struct hr_step *step;
    const struct hr_handoff *handoff;
    struct hr_sight sight;
};

static enum hr_met met(struct look *look, const struct hr_condition *condition)
{
    return hr_sight_met(&look->sight, condition, look->step->arena);
}

/* ---- moments ------------------------------------------------------------------------------------- */

/* Keeps them in order. Of too many the first ones stay: a proof is the earliest. */
static void add_moment(hr_instant *moments, size_t *count, hr_instant at)
{
    for (size_t i = 0; i < *count; i++) {
        if (moments[i] == at) {
            return;
        }
    }
    if (*count == MOMENTS_MAX) {
        if (at > moments[MOMENTS_MAX - 1]) {
            return;
        }
        (*count)--;
    }
    size_t place = *count;
    while (place > 0 && moments[place - 1] > at) {
        moments[place] = moments[place - 1];
        place--;
    }
    moments[place] = at;
    (*count)++;
}

static void add_said(const struct look *look, const struct hr_said *said, hr_instant from,
                     hr_instant *moments, size_t *count)
{
    int32_t field = hr_plan_field_numbered(look->step->plan, said->field);
    if (said->at > from && field >= 0 && hr_proof_reads(look->handoff, field)) {
        add_moment(moments, count, said->at);
    }
}

/* From `from` on, every instant at which something that this handoff's lines read was said to change. */
static size_t moments_from(const struct look *look, hr_instant from, hr_instant *ret_moments)
{
    const struct hr_contact *contact = look->sight.contact;
    size_t count = 0;
    add_moment(ret_moments, &count, from);
    for (size_t i = 0; i < contact->field_count; i++) {
        add_said(look, &contact->fields[i], from, ret_moments, &count);
    }
    for (size_t i = 0; i < contact->past_count; i++) {
        add_said(look, &contact->past[i], from, ret_moments, &count);
    }
    return count;
}

/* The entry that said what changed at an instant. */
static uint64_t said_by(const struct hr_contact *contact, hr_instant at, uint64_t otherwise)
{
    for (size_t i = 0; i < contact->field_count; i++) {
        if (contact->fields[i].at == at) {
            return contact->fields[i].position;
        }
    }
    for (size_t i = 0; i < contact->past_count; i++) {
        if (contact->past[i].at == at) {
            return contact->past[i].position;
        }
    }
    return otherwise;
}

/* ---- judging ------------------------------------------------------------------------------------- */

static void take_mismatch(struct look *look, const struct hr_condition *condition, uint64_t by,
                          struct hr_judgement *judgement)
{
    const struct hr_expr_view view = hr_sight_view(&look->sight);
    struct hr_expr_mismatch mismatch;
    judgement->at = look->sight.at;
    judgement->by = by;
    judgement->incorrect = true;
    judgement->mismatch = hr_expr_say(condition->expr, look->step->arena);
    judgement->mismatch_values = hr_value_null();
    if (!hr_expr_mismatch_of(condition->expr, &view, look->step->arena, &mismatch)) {
        return;
    }
    struct hr_value *both = hr_arena_new_many(look->step->arena, struct hr_value, 2);
    if (both != NULL) {
        both[0] = mismatch.observed;
        both[1] = mismatch.expected;
        judgement->mismatch_values =
            (struct hr_value){.kind = HR_KIND_list, .count = 2, .items = both};
    }
}

static void take_proof(const struct look *look, uint64_t by, struct hr_judgement *judgement)
{
    *judgement =
        (struct hr_judgement){.at = look->sight.at, .by = by, .mismatch_values = hr_value_null()};
}

/* The first line that does not hold, or NULL; *ret_met tells how it fails. */
static const struct hr_condition *first_unmet(struct look *look, bool identifying,
                                              enum hr_met *ret_met)
{
    const struct hr_handoff *handoff = look->handoff;
    for (size_t i = 0; i < handoff->done_count; i++) {
        if (handoff->done_when[i].identifies != identifying) {
            continue;
        }
        *ret_met = met(look, &handoff->done_when[i]);
        if (*ret_met != HR_MET_yes) {
            return &handoff->done_when[i];
        }
    }
    return NULL;
}

static bool all_wrong(struct look *look)
{
    const struct hr_handoff *handoff = look->handoff;
    for (size_t i = 0; i < handoff->wrong_count; i++) {
        if (met(look, &handoff->wrong_when[i]) != HR_MET_yes) {
            return false;
        }
    }
    return handoff->wrong_count > 0;
}

/* One kept event: proof, wrong proof, or not about this instance. True when it is a proof, earlier than the one that
 * was found already. */
static bool judge_event(struct look *look, struct hr_judgement *judgement)
{
    enum hr_met how = HR_MET_yes;
    bool proven = judgement->at != HR_INSTANT_NONE && !judgement->incorrect;
    look->sight.at = look->sight.event->at;
    bool after = !proven && look->sight.event->at >= look->sight.instance->opened_at;
    if (after && !judgement->incorrect && all_wrong(look)) {
        take_mismatch(look, &look->handoff->wrong_when[0], look->sight.event->position, judgement);
    }
    if (first_unmet(look, true, &how) != NULL) {
        return false;
    }
    hr_instant moments[MOMENTS_MAX];
    size_t count = moments_from(look, look->sight.event->at, moments);
    const struct hr_condition *wrong = NULL;
    for (size_t i = 0; i < count && !(proven && moments[i] >= judgement->at); i++) {
        look->sight.at = moments[i];
        const struct hr_condition *unmet = first_unmet(look, false, &how);
        if (unmet == NULL) {
            take_proof(look, look->sight.event->position, judgement);
            return true;
        }
        wrong = i == 0 && how == HR_MET_no ? unmet : wrong;
    }
    if (wrong != NULL && after && !judgement->incorrect) {
        look->sight.at = look->sight.event->at;
        take_mismatch(look, wrong, look->sight.event->position, judgement);
    }
    return false;
}

/* False when an event cannot be what a handoff's lines are about: no need to ask them. */
static bool may_speak_of(const struct hr_handoff *handoff, const struct hr_kept_event *event)
{
    for (size_t i = 0; i < handoff->proof_type_count; i++) {
        if (handoff->proof_type_numbers[i] == event->type) {
            return true;
        }
    }
    return handoff->proof_type_count == 0 || handoff->wrong_count > 0;
}

/* The earliest proof of all: an older event that proves only by what became known later does not stand before it. */
static bool judge_events(struct look *look, struct hr_judgement *judgement)
{
    bool proven = false;
    for (size_t i = 0; i < look->sight.contact->kept_count; i++) {
        look->sight.event = &look->sight.contact->kept[i]; /* they stand by time */
        if (proven && look->sight.event->at >= judgement->at) {
            break;
        }
        if (may_speak_of(look->handoff, look->sight.event) && judge_event(look, judgement)) {
            proven = true;
        }
    }
    look->sight.event = NULL;
    return proven;
}

/* Proof by what is known of the contact, from the opening on. */
static void judge_fields(struct look *look, struct hr_judgement *judgement)
{
    hr_instant moments[MOMENTS_MAX];
    size_t count = moments_from(look, look->sight.instance->opened_at, moments);
    for (size_t i = 0; i < count; i++) {
        enum hr_met how = HR_MET_yes;
        look->sight.at = moments[i];
        uint64_t by = said_by(look->sight.contact, look->sight.at, look->sight.instance->opened_by);
        const struct hr_condition *unmet = first_unmet(look, false, &how);
        if (unmet == NULL && !look->handoff->proof_by_event) {
            take_proof(look, by, judgement);
            return;
        }
        if (!judgement->incorrect && all_wrong(look)) {
            take_mismatch(look, unmet != NULL ? unmet : &look->handoff->wrong_when[0], by,
                          judgement);
        }
    }
}

void hr_weigh_evidence(struct hr_step *step, const struct hr_contact *contact,
                       const struct hr_handoff *handoff, const struct hr_instance *instance,
                       struct hr_judgement *ret_judgement)
{
    struct look look = {
        .step = step,
        .handoff = handoff,
        .sight = {.plan = step->plan, .contact = contact, .instance = instance},
    };
    *ret_judgement =
        (struct hr_judgement){.at = HR_INSTANT_NONE, .mismatch_values = hr_value_null()};
    bool proven = handoff->proof_by_event && judge_events(&look, ret_judgement);
    if (!proven && (!handoff->proof_by_event || handoff->wrong_count > 0)) {
        look.sight.event = NULL;
        judge_fields(&look, ret_judgement);
    }
}
