/* Telling people: who is present, and the effects by which they are told. What becomes of those is ledger.c's. */
#include "engine/step_internal.h"

bool hr_person_away(const struct hr_person *person, hr_instant now, hr_instant *ret_back_at)
{
    hr_instant at = now;
    for (size_t i = 0; i < person->away_count; i++) {
        if (at >= person->away[i].from && at < person->away[i].to) {
            at = person->away[i].to;
        }
    }
    *ret_back_at = at == now ? HR_INSTANT_NONE : at;
    return at != now;
}

int32_t hr_person_present(const struct hr_plan *plan, int32_t person, hr_instant now)
{
    int32_t standing = person;
    hr_instant back_at = HR_INSTANT_NONE;
    for (size_t i = 0; standing >= 0 && i < plan->person_count; i++) {
        if (!hr_person_away(&plan->people[standing], now, &back_at)) {
            return standing;
        }
        standing = plan->people[standing].deputy;
    }
    return person; /* everybody is away: better told than not */
}

static hr_status plan_effect(struct hr_step *step, uint64_t issue, uint32_t person,
                             enum hr_effect_kind kind, enum hr_effect_reason reason)
{
    uint64_t id = 0;
    HR_TRY(hr_step_new_id(step, &id));
    uint8_t named[8];
    for (int i = 0; i < 8; i++) {
        named[i] = (uint8_t)(id >> (8 * i));
    }
    const struct hr_fact fact = {
        .kind = HR_FACT_effect_planned,
        .record = id,
        .other = person,
        .number = issue,
        .at = step->event->now,
        .state = (uint8_t)kind,
        .from = (uint8_t)reason,
        .key = hr_key_of(step->engine->secret, (struct hr_text){(const char *)named, sizeof named}),
    };
    return hr_step_emit(step, &fact);
}

hr_status hr_step_alert(struct hr_step *step, uint64_t issue, int32_t person,
                        enum hr_effect_reason reason, uint32_t rung, hr_instant next_at)
{
    int32_t present = hr_person_present(step->plan, person, step->event->now);
    if (present < 0) {
        return hr_done();
    }
    const struct hr_person *told = &step->plan->people[present];
    const struct hr_fact fact = {
        .kind = HR_FACT_issue_alerted,
        .record = issue,
        .other = told->name_number,
        .number = rung,
        .at = step->event->now,
        .until = next_at,
    };
    HR_TRY(hr_step_emit(step, &fact));
    if (told->email.size > 0) {
        HR_TRY(plan_effect(step, issue, told->name_number, HR_EFFECT_mail, reason));
    }
    if (told->webhook.size > 0) {
        HR_TRY(plan_effect(step, issue, told->name_number, HR_EFFECT_webhook, reason));
    }
    return hr_done();
}
