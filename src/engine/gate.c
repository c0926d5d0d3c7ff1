/* May it leave, now? Asked in the same entry that lets it: what was true when it was planned counts for nothing. */
#include "engine/consent.h"
#include "engine/effects.h"

/* One effect and what it is about, found anew. */
struct asked {
    struct hr_step *step;
    struct hr_effect effect;
    const struct hr_contact *contact;
    const struct hr_run *run;
    const struct hr_automation *automation;
    const struct hr_plan_step *at;
};

static void answer(struct hr_gate *gate, enum hr_gate_verdict verdict, struct hr_text why)
{
    *gate = (struct hr_gate){verdict, HR_INSTANT_NONE, why};
}

/* ---- is it still meant ---------------------------------------------------------------------------------- */

static hr_status find(struct asked *asked, uint64_t id, struct hr_gate *gate)
{
    struct hr_step *step = asked->step;
    const struct hr_record *record = hr_step_record(step, asked->effect.contact);
    HR_STEP_HAVE(record != NULL);
    if (!record->exists || record->kind != HR_RECORD_contact) {
        answer(gate, HR_IS_OVER, HR_TEXT("the customer was forgotten"));
        return hr_done();
    }
    asked->contact = record->contact;
    asked->run = hr_contact_run(record->contact, asked->effect.run);
    if (asked->run == NULL || asked->run->awaits != id) {
        answer(gate, HR_IS_OVER, HR_TEXT("its enrollment is over"));
        return hr_done();
    }
    int32_t automation = hr_plan_automation_numbered(step->plan, asked->effect.automation);
    asked->automation = automation < 0 ? NULL : &step->plan->automations[automation];
    asked->at = automation < 0 ? NULL : hr_step_numbered(asked->automation, asked->run->step);
    if (asked->at == NULL || asked->automation->meaning != asked->run->meaning) {
        answer(gate, HR_IS_OVER, HR_TEXT("its automation does something else now"));
    }
    return hr_done();
}

static hr_status ask_stop(struct asked *asked, struct hr_gate *gate)
{
    struct hr_passing passing = {.step = asked->step, .contact = asked->effect.contact};
    struct hr_walk walk = {
        .passing = &passing, .automation = asked->automation, .id = asked->run->id};
    struct hr_sight sight = hr_walk_sight(&walk);
    if (hr_sight_any(&sight, &asked->automation->stop, asked->step->arena) != NULL) {
        answer(gate, HR_IS_OVER, HR_TEXT("a stop rule of its automation holds"));
    }
    return hr_done();
}

/* ---- switches -------------------------------------------------------------------------------------------- */

static hr_status ask_switches(struct asked *asked, struct hr_gate *gate)
{
    bool paused = false;
    HR_TRY(hr_run_is_paused(asked->step, asked->effect.automation, &paused));
#ifdef HR_PLANT_pause_forgotten
    paused = false;
#endif
    if (paused) {
        answer(gate, HR_IS_HELD, HR_TEXT_NONE);
    }
    return hr_done();
}

static bool is_before(hr_instant at, hr_instant mark)
{
    return mark != HR_INSTANT_NONE && at <= mark;
}

/* What was decided when a hold ended: what waited then is dropped, or looked at first. */
static hr_status ask_marks(struct asked *asked, struct hr_gate *gate)
{
    const struct hr_record *record = hr_step_record(asked->step, HR_ID_QUEUE);
    HR_STEP_HAVE(record != NULL);
    enum hr_lane lane = hr_effect_lane((enum hr_effect_kind)asked->effect.kind);
    if (!record->exists) {
        return hr_done();
    }
    if (is_before(asked->effect.planned_at, record->queue->drop_before[lane])) {
        answer(gate, HR_IS_OVER, HR_TEXT("what waited when the hold ended was dropped"));
    } else if (is_before(asked->effect.planned_at, record->queue->ask_before[lane]) &&
               !asked->effect.approved) {
        answer(gate, HR_MUST_ASK, HR_TEXT_NONE);
    }
    return hr_done();
}

/* ---- letters ------------------------------------------------------------------------------------------------ */

static const struct hr_purpose *purpose_of(const struct asked *asked)
{
    const struct hr_step_email *email = asked->at->email;
    const struct hr_plan *plan = asked->step->plan;
    return hr_letter_purpose(plan, &plan->messages[email->message], email->purpose);
}

static bool needs_no_quiet(const struct hr_quiet_hours *quiet, int32_t purpose)
{
    for (size_t i = 0; i < quiet->except_count; i++) {
        if (quiet->except[i] == purpose) {
            return true;
        }
    }
    return !quiet->said;
}

static bool is_closed(const struct hr_hours *hours, int64_t day)
{
    unsigned weekday = (unsigned)((day + 3) % 7); /* 1970-01-01 was a thursday */
    for (size_t i = 0; i < hours->closed_count; i++) {
        if (hours->closed[i] == day) {
            return true;
        }
    }
    return (hours->weekdays >> weekday & 1) == 0;
}

/* The end of quiet hours that cover an instant; HR_INSTANT_NONE: none do. */
static hr_instant quiet_until(const struct hr_plan *plan, hr_instant now)
{
    enum { DAYS_MAX = 60 };
    const struct hr_quiet_hours *quiet = &plan->policies.quiet_hours;
    struct hr_civil civil = hr_zone_civil(plan->zone, now);
    int64_t day = hr_days_from_date(civil.year, civil.month, civil.day);
    unsigned minute = civil.hour * 60U + civil.minute;
    bool over_midnight = quiet->from_minute > quiet->to_minute;
    bool evening = over_midnight && minute >= quiet->from_minute;
    bool within = over_midnight ? evening || minute < quiet->to_minute
                                : minute >= quiet->from_minute && minute < quiet->to_minute;
    bool closed = quiet->business_days_only && is_closed(&plan->hours, day);
    if (!within && !closed) {
        return HR_INSTANT_NONE;
    }
    day += evening || (!within && closed);
    for (int i = 0; i < DAYS_MAX && quiet->business_days_only && is_closed(&plan->hours, day);
         i++) {
        day++;
    }
    return hr_zone_instant(plan->zone, day, quiet->to_minute);
}

static hr_status ask_letter(struct asked *asked, struct hr_gate *gate)
{
    const struct hr_plan *plan = asked->step->plan;
    const struct hr_purpose *purpose = purpose_of(asked);
    if (purpose == NULL) {
        answer(gate, HR_IS_OVER, HR_TEXT("nobody says what this message is for"));
        return hr_done();
    }
    int32_t index = (int32_t)(purpose - plan->policies.purposes);
    struct hr_consent_answer consent;
    HR_TRY(hr_step_consent(asked->step, asked->effect.contact, index, &consent));
#ifdef HR_PLANT_consent_forgotten
    consent.may = true;
#endif
    if (!consent.may) {
        answer(gate, HR_IS_OVER, consent.words);
        return hr_done();
    }
    hr_instant capped = hr_caps_until(plan, asked->contact, index, asked->step->event->now);
    if (capped != HR_INSTANT_NONE) {
        *gate = (struct hr_gate){HR_MUST_WAIT, capped, HR_TEXT("as many letters as may come")};
        return hr_done();
    }
    if (needs_no_quiet(&plan->policies.quiet_hours, index)) {
        return hr_done();
    }
    hr_instant until = quiet_until(plan, asked->step->event->now);
    if (until != HR_INSTANT_NONE) {
        *gate = (struct hr_gate){HR_MUST_WAIT, until, HR_TEXT("quiet hours")};
    }
    return hr_done();
}

/* ---- a person's yes ----------------------------------------------------------------------------------------- */

static hr_status ask_yes(struct asked *asked, struct hr_gate *gate)
{
    bool needs = false;
    HR_TRY(hr_step_needs_yes(asked->step, asked->automation, asked->at, asked->effect.meaning,
                             &needs));
#ifdef HR_PLANT_yes_to_anything
    needs = false;
#endif
    if (needs && !asked->effect.approved) {
        answer(gate, HR_MUST_ASK, HR_TEXT_NONE);
    }
    return hr_done();
}

/* ---- all of it -------------------------------------------------------------------------------------------------- */

hr_status hr_effect_gate(struct hr_step *step, uint64_t id, struct hr_gate *ret_gate)
{
    typedef hr_status (*question)(struct asked *, struct hr_gate *);
    static const question questions[] = {ask_stop, ask_switches, ask_marks, ask_letter, ask_yes};
    const struct hr_effect *effect = hr_step_effect(step, id);
    HR_STEP_HAVE(effect != NULL);
    struct asked asked = {.step = step, .effect = *effect};
    answer(ret_gate, HR_MAY_LEAVE, HR_TEXT_NONE);
    HR_TRY(find(&asked, id, ret_gate));
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        bool of_letters = questions[i] == ask_letter;
        if (ret_gate->verdict != HR_MAY_LEAVE) {
            return hr_done();
        }
        if (!of_letters || asked.at->kind == HR_STEP_send_email) {
            HR_TRY(questions[i](&asked, ret_gate));
        }
    }
    return hr_done();
}
