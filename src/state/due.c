/* When a record wants to be looked at, and where an instance stands: both follow from the record alone. */
#include "data/time.h"
#include "state/state_internal.h"

enum { ONGOING_AFTER_DAYS = 7 };

static hr_instant earlier(hr_instant a, hr_instant b)
{
    if (a == HR_INSTANT_NONE) {
        return b;
    }
    return b == HR_INSTANT_NONE || a < b ? a : b;
}

hr_instant hr_instance_due(const struct hr_instance *instance)
{
    switch ((enum hr_stand)instance->stand) {
    case HR_STAND_open:
        return earlier(instance->late_at, instance->fail_at);
    case HR_STAND_late:
        return instance->fail_at;
    case HR_STAND_recovering:
        return instance->marked_until;
    case HR_STAND_failed:
    case HR_STAND_confirmed:
    case HR_STAND_late_confirmed:
    case HR_STAND_recovered:
    case HR_STAND_waived:
    case HR_STAND_count:
    case HR_STAND_none:
        return HR_INSTANT_NONE;
    }
    return HR_INSTANT_NONE;
}

static hr_instant contact_due(const struct hr_contact *contact)
{
    hr_instant due = HR_INSTANT_NONE;
    for (size_t i = 0; i < contact->instance_count; i++) {
        due = earlier(due, hr_instance_due(&contact->instances[i]));
    }
    for (size_t i = 0; i < contact->run_count; i++) {
        due = earlier(due, contact->runs[i].until);
    }
    const struct hr_work *work = contact->work;
    /* a date of nothing to be done is none: an open task of a sale has one of its own */
    bool watched =
        work != NULL && work->state == HR_WORK_open && work->issue == 0 && work->next.size > 0;
    return watched ? earlier(due, work->due) : due;
}

static hr_instant issue_due(const struct hr_issue *issue)
{
    if (issue->sweep != HR_SWEEP_none) {
        return issue->changed_at; /* at once */
    }
    if (issue->state == HR_ISSUE_resolved) {
        return HR_INSTANT_NONE;
    }
    hr_instant due = issue->next_alert_at;
    if (issue->state == HR_ISSUE_snoozed) {
        return issue->snoozed_until;
    }
    if (issue->state == HR_ISSUE_new) {
        due = earlier(due, issue->opened_at + ONGOING_AFTER_DAYS * INT64_C(86400000000));
    }
    return due;
}

/* What a pause held, those that rested, and what was found due: at once. */
static hr_instant automation_due(const struct hr_automation_record *automation)
{
    const struct hr_scheduled *scheduled = &automation->scheduled;
    if (automation->let_go != HR_LET_GO_none) {
        return automation->let_at;
    }
    if (automation->wakes) {
        return automation->switched_at;
    }
    if (automation->state != HR_SWITCH_on) {
        return HR_INSTANT_NONE;
    }
    hr_instant next = scheduled->timetable == 0 ? HR_INSTANT_NONE : scheduled->next;
    return scheduled->tick_count > 0 ? earlier(scheduled->ticks[0].at, next) : next;
}

hr_instant hr_record_due(const struct hr_record *record)
{
    if (!record->exists) {
        return HR_INSTANT_NONE;
    }
    switch ((enum hr_record_kind)record->kind) {
    case HR_RECORD_contact:
    case HR_RECORD_account:
    case HR_RECORD_opportunity:
    case HR_RECORD_ticket:
    case HR_RECORD_task:
        return contact_due(record->contact);
    case HR_RECORD_issue:
        return issue_due(record->issue);
    case HR_RECORD_effect:
        return record->effect->next_at;
    case HR_RECORD_tool:
        return record->tool->window_until;
    case HR_RECORD_automation:
        return automation_due(record->automation);
    case HR_RECORD_queue:
        return record->queue->next_at;
    case HR_RECORD_names:
    case HR_RECORD_workspace:
    case HR_RECORD_handoff:
    case HR_RECORD_person:
    case HR_RECORD_team:
        return HR_INSTANT_NONE;
    }
    return HR_INSTANT_NONE;
}

bool hr_stand_is_proven(enum hr_stand stand)
{
    return stand == HR_STAND_confirmed || stand == HR_STAND_late_confirmed ||
           stand == HR_STAND_recovered;
}

static bool passed(hr_instant deadline, hr_instant now)
{
#ifdef HR_PLANT_timer_early
    now += 60 * 1000000;
#endif
    return deadline != HR_INSTANT_NONE && now >= deadline;
}

/* Many tools say the time in whole seconds: their "now" may look a moment older than a mark of ours. */
static bool same_second_or_later(hr_instant time, hr_instant mark)
{
    return time / HR_SECOND_US >= mark / HR_SECOND_US;
}

enum hr_stand hr_instance_stand(const struct hr_instance *instance, hr_instant now)
{
    bool judged = instance->judged_at != HR_INSTANT_NONE;
    if (judged && !instance->incorrect) {
        if (instance->mark == HR_MARK_recovering &&
            same_second_or_later(instance->judged_at, instance->marked_at)) {
            return HR_STAND_recovered;
        }
        /* by when it happened, not by when it was heard: arrival order must not change the result */
        bool late = instance->late_at != HR_INSTANT_NONE && instance->judged_at > instance->late_at;
        return late ? HR_STAND_late_confirmed : HR_STAND_confirmed;
    }
    if (instance->mark == HR_MARK_waived) {
        return HR_STAND_waived;
    }
    if (instance->mark == HR_MARK_recovering && !passed(instance->marked_until, now)) {
        return HR_STAND_recovering;
    }
    if (instance->incorrect || passed(instance->fail_at, now)) {
        return HR_STAND_failed;
    }
    return passed(instance->late_at, now) ? HR_STAND_late : HR_STAND_open;
}
