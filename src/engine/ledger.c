/* The effect ledger: planned, intended durably before the first byte leaves, and at the end confirmed, refused,
 * unknown or withdrawn. Nothing is ever repeated on a guess. */
#include "engine/effects.h"

enum { ATTEMPTS_MAX = 10 };

/* How long to wait before attempt n + 1 (Standard Webhooks' schedule): seconds. */
static const int64_t retry_after_s[ATTEMPTS_MAX] = {5,     300,   1800,  7200,  18000,
                                                    36000, 50400, 72000, 86400, 86400};

/* An intended effect whose dispatch never came back is looked at again after this long. */
static const hr_instant lost_after_us = 5 * HR_MINUTE_US;

static hr_status move(struct hr_step *step, const struct hr_record *record, enum hr_effect_state to,
                      uint32_t attempts, hr_instant next_at, struct hr_text answer)
{
    const struct hr_fact fact = {
        .kind = HR_FACT_effect_moved,
        .record = record->id,
        .number = attempts,
        .at = next_at,
        .state = (uint8_t)to,
        .from = record->effect->state,
        .text = answer,
    };
    return hr_step_emit(step, &fact);
}

/* An alert that did not arrive, or may not have, is itself a failure that somebody owns. */
static hr_status tell_failure(struct hr_step *step, const struct hr_effect *effect,
                              enum hr_cause cause)
{
    const struct hr_issue issue = {.cause = (uint8_t)cause, .about = effect->person};
    int32_t told = hr_issue_told(step->plan, &issue);
    const struct hr_record *about = effect->issue == 0 ? NULL : hr_step_record(step, effect->issue);
    HR_STEP_HAVE(effect->issue == 0 || about != NULL);
    bool about_alerts = about != NULL && about->exists &&
                        (about->issue->cause == HR_CAUSE_alert_failed ||
                         about->issue->cause == HR_CAUSE_alert_unknown);
    struct hr_issue_of of = {.cause = cause, .about = effect->person, .owner = told, .told = told};
    if (about_alerts || told < 0 || step->plan->people[told].name_number == effect->person) {
        of.told = -1; /* no alert about an alert about an alert: it stands on the Exceptions page */
    }
    uint64_t id = 0;
    return hr_step_issue(step, &of, &id);
}

/* A confirmed alert to a person proves that alerts reach them again. */
static hr_status end_failures(struct hr_step *step, const struct hr_effect *effect)
{
    const struct hr_issue_of of = {.cause = HR_CAUSE_alert_failed, .about = effect->person};
    return hr_step_end_issue(step, &of);
}

/* It surely did not happen: try again later, or give up and say so. */
static hr_status try_again(struct hr_step *step, const struct hr_record *record,
                           hr_instant not_before)
{
    const struct hr_effect effect = *record->effect;
    if (effect.attempts >= ATTEMPTS_MAX) {
        HR_TRY(move(step, record, HR_EFFECT_refused, effect.attempts, HR_INSTANT_NONE,
                    step->event->answer));
        return tell_failure(step, &effect, HR_CAUSE_alert_failed);
    }
    uint32_t done = effect.attempts == 0 ? 1 : effect.attempts;
    hr_instant next = step->event->now + retry_after_s[done - 1] * HR_SECOND_US;
    next = not_before != HR_INSTANT_NONE && not_before > next ? not_before : next;
    return move(step, record, HR_EFFECT_planned, effect.attempts, next, step->event->answer);
}

/* Nobody knows whether it happened. A webhook carries a key by which its receiver knows a repeat; a mail does
 * not, so it is left to a person. */
static hr_status unknown(struct hr_step *step, const struct hr_record *record)
{
    const struct hr_effect effect = *record->effect;
    if (effect.kind == HR_EFFECT_webhook) {
        return try_again(step, record, HR_INSTANT_NONE);
    }
    HR_TRY(move(step, record, HR_EFFECT_unknown, effect.attempts, HR_INSTANT_NONE,
                step->event->answer));
    return tell_failure(step, &effect, HR_CAUSE_alert_unknown);
}

hr_status hr_step_outcome(struct hr_step *step)
{
    const struct hr_record *record = hr_step_record(step, step->event->record);
    HR_STEP_HAVE(record != NULL);
    if (!record->exists) {
        return hr_done();
    }
    if (record->effect->kind >= HR_EFFECT_letter && record->effect->kind != HR_EFFECT_note) {
        return hr_effect_outcome(step, record);
    }
    const struct hr_effect effect = *record->effect;
    /* an answer that comes after it was given up still tells what nobody knew */
    bool late = effect.state == HR_EFFECT_unknown && step->event->outcome != HR_OUTCOME_unknown;
    if (effect.state != HR_EFFECT_intended && !late) {
        return hr_done(); /* already settled */
    }
    switch (step->event->outcome) {
    case HR_OUTCOME_confirmed:
        HR_TRY(move(step, record, HR_EFFECT_confirmed, effect.attempts, HR_INSTANT_NONE,
                    step->event->answer));
        return end_failures(step, &effect);
    case HR_OUTCOME_refused:
        HR_TRY(move(step, record, HR_EFFECT_refused, effect.attempts, HR_INSTANT_NONE,
                    step->event->answer));
        return tell_failure(step, &effect, HR_CAUSE_alert_failed);
    case HR_OUTCOME_again:
        return try_again(step, record, step->event->retry_at);
    case HR_OUTCOME_not_done:
        break; /* nobody is asked about alerts */
    case HR_OUTCOME_unknown:
        return unknown(step, record);
    }
    return hr_answer(HR_E_INPUT);
}

/* A note of an automation leaves unless its person, or its automation, is gone or paused. */
static hr_status note_due(struct hr_step *step, const struct hr_record *record)
{
    const struct hr_effect effect = *record->effect;
    bool paused = false;
    HR_TRY(hr_run_is_paused(step, effect.automation, &paused));
    if (paused) {
        return move(step, record, HR_EFFECT_withdrawn, effect.attempts, HR_INSTANT_NONE,
                    HR_TEXT("its automation is paused"));
    }
    if (hr_plan_person_numbered(step->plan, effect.person) < 0) {
        return move(step, record, HR_EFFECT_withdrawn, effect.attempts, HR_INSTANT_NONE,
                    HR_TEXT("the person is no longer in the workspace"));
    }
    return move(step, record, HR_EFFECT_intended, effect.attempts + 1,
                step->event->now + lost_after_us, HR_TEXT_NONE);
}

/* planned: look again whether it still holds, and intend it. intended: its dispatch never came back. */
hr_status hr_step_effect_due(struct hr_step *step, const struct hr_record *record)
{
    const struct hr_effect effect = *record->effect;
    if (effect.kind >= HR_EFFECT_letter && effect.kind != HR_EFFECT_note) {
        return hr_effect_time(step, record);
    }
    if (effect.state == HR_EFFECT_intended) {
        return unknown(step, record);
    }
    hr_assert(effect.state == HR_EFFECT_planned);
    if (effect.kind == HR_EFFECT_note) {
        return note_due(step, record);
    }
    const struct hr_record *issue = hr_step_record(step, effect.issue);
    HR_STEP_HAVE(issue != NULL);
    if (!issue->exists || issue->issue->state == HR_ISSUE_resolved) {
        return move(step, record, HR_EFFECT_withdrawn, effect.attempts, HR_INSTANT_NONE,
                    HR_TEXT("the issue was resolved before"));
    }
    if (hr_plan_person_numbered(step->plan, effect.person) < 0) {
        return move(step, record, HR_EFFECT_withdrawn, effect.attempts, HR_INSTANT_NONE,
                    HR_TEXT("the person is no longer in the workspace"));
    }
    return move(step, record, HR_EFFECT_intended, effect.attempts + 1,
                step->event->now + lost_after_us, HR_TEXT_NONE);
}
