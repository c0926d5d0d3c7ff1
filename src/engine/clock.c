/* What time brings: deadlines of contacts, ladders of issues, silence of tools, effects whose turn it is. */
#include "engine/effects.h"
#include "engine/related.h"

static hr_status move(struct hr_step *step, uint64_t issue, enum hr_issue_state from,
                      enum hr_issue_state to)
{
    const struct hr_fact fact = {
        .kind = HR_FACT_issue_moved,
        .record = issue,
        .at = step->event->now,
        .until = HR_INSTANT_NONE,
        .state = (uint8_t)to,
        .from = (uint8_t)from,
    };
    return hr_step_emit(step, &fact);
}

/* A mark whose time has passed without proof is taken off, so that the failure shows again. */
static hr_status end_marks(struct hr_step *step, uint64_t contact)
{
    const struct hr_record *record = hr_step_record(step, contact);
    HR_STEP_HAVE(record != NULL);
    for (size_t i = 0; i < record->contact->instance_count; i++) {
        const struct hr_instance *instance = &record->contact->instances[i];
        bool over =
            instance->mark == HR_MARK_recovering && instance->stand == HR_STAND_recovering &&
            instance->marked_until != HR_INSTANT_NONE && instance->marked_until <= step->event->now;
        if (over) {
            HR_TRY(hr_step_mark(step, contact, i, HR_MARK_unmarked, 0));
            record = hr_step_record(step, contact);
        }
    }
    return hr_done();
}

/* ---- issues --------------------------------------------------------------------------------------- */

static hr_status climb(struct hr_step *step, const struct hr_record *record)
{
    const struct hr_issue issue = *record->issue;
    const struct hr_handoff *handoff = hr_issue_handoff(step->plan, &issue);
    if (handoff == NULL || issue.rung == 0 || issue.rung > handoff->escalate_count) {
        const struct hr_fact fact = {.kind = HR_FACT_issue_alerted,
                                     .record = record->id,
                                     .number = issue.rung,
                                     .at = step->event->now,
                                     .until = HR_INSTANT_NONE};
        return hr_step_emit(step, &fact); /* the ladder was shortened meanwhile */
    }
    hr_instant next = HR_INSTANT_NONE;
    if (issue.rung < handoff->escalate_count) {
        next = hr_hours_after(&step->plan->hours, issue.opened_at,
                              handoff->escalate[issue.rung].after);
        next = next != HR_INSTANT_NONE && next <= step->event->now ? step->event->now + HR_MINUTE_US
                                                                   : next;
    }
    return hr_step_alert(step, record->id, handoff->escalate[issue.rung - 1].to,
                         HR_REASON_escalation, issue.rung + 1, next);
}

/* The issue was closed with a reason: its questions about this contact are none any more. */
static hr_status waive_questions(struct hr_step *step, uint64_t issue, uint64_t id,
                                 bool *ret_marked)
{
    const struct hr_contact *contact = hr_step_contact(step, id);
    HR_STEP_HAVE(contact != NULL);
    for (size_t i = 0; i < contact->observed_count;) {
        if (contact->observed[i].issue != issue) {
            i++;
            continue;
        }
        HR_TRY(hr_step_end_question(step, id, &contact->observed[i], HR_MEMBER_waived));
        *ret_marked = true;
        contact = hr_step_contact(step, id);
        HR_STEP_HAVE(contact != NULL);
        i = 0;
    }
    return hr_done();
}

/* Carries a person's verb to the next members of the issue. */
static hr_status sweep_contact(struct hr_step *step, const struct hr_issue *issue,
                               uint64_t issue_id, uint64_t contact)
{
    static const struct hr_key no_key;
    bool recover = issue->sweep == HR_SWEEP_recover;
    const struct hr_record *record = NULL;
    if ((contact & 255) != 255) {
        record = hr_step_record(step, contact);
        HR_STEP_HAVE(record != NULL);
    }
    bool marked = false;
    for (size_t i = 0; record != NULL && record->exists && i < record->contact->instance_count;
         i++) {
        const struct hr_instance *instance = &record->contact->instances[i];
        if (instance->issues[HR_SLOT_proof] == issue_id) {
            HR_TRY(hr_step_mark(step, contact, i, recover ? HR_MARK_recovering : HR_MARK_waived,
                                issue->sweep_by));
            marked = true;
        } else if (instance->issues[HR_SLOT_missing] == issue_id && !recover) {
            const struct hr_instance copy = *instance;
            const struct hr_fact fact = {.kind = HR_FACT_handoff_issue,
                                         .record = contact,
                                         .name = copy.handoff,
                                         .key = copy.key,
                                         .number = 0,
                                         .state = HR_SLOT_missing};
            HR_TRY(hr_step_emit(step, &fact));
            HR_TRY(
                hr_step_leave(step, issue_id, contact, copy.handoff, &copy.key, HR_MEMBER_waived));
            marked = true;
        }
        record = hr_step_record(step, contact);
    }
    if (!recover && record != NULL && record->exists) {
        HR_TRY(waive_questions(step, issue_id, contact, &marked));
        HR_TRY(hr_run_waive_troubles(step, contact, issue_id, &marked));
    }
    return marked || recover ? hr_done()
                             : hr_step_leave(step, issue_id, contact, 0, &no_key, HR_MEMBER_waived);
}

static hr_status sweep(struct hr_step *step, const struct hr_record *record)
{
    const struct hr_issue issue = *record->issue;
    const struct hr_members *members = NULL;
    HR_TRY(hr_step_scan(step, HR_SPACE_member, record->id, issue.sweep_at, &members));
    for (size_t i = 0; i < members->count; i++) {
        HR_TRY(sweep_contact(step, &issue, record->id, members->ids[i]));
    }
    bool over = members->count < HR_SWEEP_MEMBERS;
    const struct hr_fact fact = {
        .kind = HR_FACT_issue_sweep,
        .record = record->id,
        .state = over ? HR_SWEEP_none : issue.sweep,
        .other = issue.sweep_by,
        .number = over ? 0 : members->ids[members->count - 1],
    };
    return hr_step_emit(step, &fact);
}

static hr_status issue_due(struct hr_step *step, const struct hr_record *record)
{
    const struct hr_issue *issue = record->issue;
    hr_instant now = step->event->now;
    if (issue->sweep != HR_SWEEP_none) {
        return sweep(step, record);
    }
    if (issue->state == HR_ISSUE_snoozed) {
        return move(step, record->id, HR_ISSUE_snoozed, HR_ISSUE_ongoing);
    }
    if (issue->next_alert_at != HR_INSTANT_NONE && issue->next_alert_at <= now) {
        return climb(step, record);
    }
    if (issue->state == HR_ISSUE_new) {
        return move(step, record->id, HR_ISSUE_new, HR_ISSUE_ongoing);
    }
    return hr_done();
}

/* ---- tools ---------------------------------------------------------------------------------------- */

static hr_status tool_due(struct hr_step *step, const struct hr_record *record)
{
    const struct hr_tool_record *heard = record->tool;
    int32_t index = hr_plan_tool_numbered(step->plan, heard->tool);
    const struct hr_tool *tool = index < 0 ? NULL : &step->plan->tools[index];
    bool expected = tool != NULL && tool->expect_at_least > 0;
    uint64_t count = heard->count - heard->window_start_count;
    uint32_t name = heard->tool;
    const struct hr_fact fact = {
        .kind = HR_FACT_tool_window,
        .name = name,
        .at = step->event->now,
        .until = expected ? hr_hours_after(&step->plan->hours, step->event->now, tool->expect_every)
                          : HR_INSTANT_NONE,
        .number = count,
    };
    HR_TRY(hr_step_emit(step, &fact));
    if (!expected || count >= tool->expect_at_least) {
        return hr_done();
    }
    const struct hr_issue_of of = {
        .cause = HR_CAUSE_silence, .about = name, .owner = tool->owner, .told = tool->owner};
    uint64_t issue = 0;
    return hr_step_issue(step, &of, &issue);
}

hr_status hr_step_due(struct hr_step *step)
{
    const struct hr_record *record = hr_step_record(step, step->event->record);
    HR_STEP_HAVE(record != NULL);
    hr_instant due = hr_record_due(record);
    if (due == HR_INSTANT_NONE || due > step->event->now) {
        return hr_done(); /* a stale hint: nothing happened, nothing is journalled */
    }
    switch ((enum hr_record_kind)record->kind) {
    case HR_RECORD_contact:
        HR_TRY(end_marks(step, record->id));
        HR_TRY(hr_step_judge_all(step, step->event->record));
        return hr_step_automate_on(step, step->event->record);
    case HR_RECORD_account:
    case HR_RECORD_opportunity:
    case HR_RECORD_ticket:
    case HR_RECORD_task:
        return hr_step_look_at_work(step, record->id);
    case HR_RECORD_issue:
        return issue_due(step, record);
    case HR_RECORD_effect:
        return hr_step_effect_due(step, record);
    case HR_RECORD_tool:
        return tool_due(step, record);
    case HR_RECORD_queue:
        return hr_queue_due(step, record);
    case HR_RECORD_automation:
        if (record->automation->let_go != HR_LET_GO_none) {
            return hr_held_due(step, record);
        }
        return record->automation->wakes ? hr_step_wake(step, record)
                                         : hr_step_automation_due(step, record);
    case HR_RECORD_names:
    case HR_RECORD_workspace:
    case HR_RECORD_handoff:
    case HR_RECORD_person:
    case HR_RECORD_team:
        break;
    }
    return hr_done();
}
