/* What people do with issues, and with each other's rights. */
#include "engine/agreed.h"
#include "engine/effects.h"
#include "engine/related.h"

static hr_status open_issue(struct hr_step *step, const struct hr_record **ret_record)
{
    const struct hr_record *record = hr_step_record(step, step->event->command->issue);
    HR_STEP_HAVE(record != NULL);
    if (!record->exists || record->kind != HR_RECORD_issue) {
        return hr_answer(HR_E_REFUSED);
    }
    *ret_record = record;
    return hr_done();
}

static hr_status note(struct hr_step *step, uint64_t issue)
{
    const struct hr_command *command = step->event->command;
    if (command->text.size == 0) {
        return hr_done();
    }
    const struct hr_fact fact = {.kind = HR_FACT_note_added,
                                 .record = issue,
                                 .other = command->person,
                                 .at = step->event->now,
                                 .text = command->text};
    return hr_step_emit(step, &fact);
}

static hr_status assign(struct hr_step *step, const struct hr_record *record)
{
    const struct hr_command *command = step->event->command;
    if (hr_plan_person_numbered(step->plan, command->other) < 0) {
        return hr_answer(HR_E_REFUSED);
    }
    const struct hr_fact fact = {.kind = HR_FACT_issue_assigned,
                                 .record = record->id,
                                 .other = command->other,
                                 .number = command->person,
                                 .at = step->event->now};
    return hr_step_emit(step, &fact);
}

static hr_status acknowledge(struct hr_step *step, const struct hr_record *record)
{
    if (record->issue->acknowledged_by != 0) {
        return hr_step_link(step, record->id);
    }
    const struct hr_fact fact = {.kind = HR_FACT_issue_acknowledged,
                                 .record = record->id,
                                 .other = step->event->command->person,
                                 .at = step->event->now};
    return hr_step_emit(step, &fact);
}

static hr_status snooze(struct hr_step *step, const struct hr_record *record)
{
    const struct hr_command *command = step->event->command;
    bool timed = command->until != HR_INSTANT_NONE;
    if (record->issue->state == HR_ISSUE_resolved || (!timed && command->people == 0) ||
        (timed && command->until <= step->event->now)) {
        return hr_answer(HR_E_REFUSED);
    }
    const struct hr_fact fact = {
        .kind = HR_FACT_issue_moved,
        .record = record->id,
        .other = command->person,
        .number = command->people,
        .at = step->event->now,
        .until = command->until,
        .state = HR_ISSUE_snoozed,
        .from = record->issue->state,
    };
    return hr_step_emit(step, &fact);
}

static hr_status begin_sweep(struct hr_step *step, uint64_t issue, enum hr_sweep sweep)
{
    const struct hr_fact fact = {.kind = HR_FACT_issue_sweep,
                                 .record = issue,
                                 .state = (uint8_t)sweep,
                                 .other = step->event->command->person};
    return hr_step_emit(step, &fact);
}

/* Closed without proof: with a reason and a name, and every member that is still unproven is waived. */
static hr_status resolve(struct hr_step *step, const struct hr_record *record)
{
    uint64_t issue = record->id;
    bool has_members = record->issue->members > 0;
    if (record->issue->state == HR_ISSUE_resolved || step->event->command->text.size == 0) {
        return hr_answer(HR_E_REFUSED);
    }
    HR_TRY(note(step, issue));
    HR_TRY(hr_step_resolve(step, issue, step->event->command->person));
    return has_members ? begin_sweep(step, issue, HR_SWEEP_waive) : hr_done();
}

static hr_status recover_one(struct hr_step *step, uint64_t issue, uint64_t contact)
{
    const struct hr_record *record = hr_step_record(step, contact);
    HR_STEP_HAVE(record != NULL);
    if (!record->exists || record->kind != HR_RECORD_contact) {
        return hr_answer(HR_E_REFUSED);
    }
    bool found = false;
    for (size_t i = 0; i < record->contact->instance_count; i++) {
        if (record->contact->instances[i].issues[HR_SLOT_proof] == issue) {
            HR_TRY(
                hr_step_mark(step, contact, i, HR_MARK_recovering, step->event->command->person));
            found = true;
            record = hr_step_record(step, contact);
        }
    }
    return found ? hr_done() : hr_answer(HR_E_REFUSED);
}

/* Recovery is marked and then waits for proof. Only failed handoffs can be recovered. */
static hr_status recover(struct hr_step *step, const struct hr_record *record)
{
    const struct hr_issue issue = *record->issue;
    uint64_t id = record->id;
    bool of_handoffs = issue.cause == HR_CAUSE_no_proof || issue.cause == HR_CAUSE_incorrect;
    if (!of_handoffs || issue.state == HR_ISSUE_resolved) {
        return hr_answer(HR_E_REFUSED);
    }
    HR_TRY(note(step, id));
    HR_TRY(acknowledge(step, record));
    if (step->event->command->contact != 0) {
        return recover_one(step, id, step->event->command->contact);
    }
    return begin_sweep(step, id, HR_SWEEP_recover);
}

/* A person said whose the ambiguous message is. */
static hr_status answer(struct hr_step *step, const struct hr_record *record)
{
    const struct hr_command *command = step->event->command;
    struct hr_key member = hr_key_pair(record->id, command->contact);
    uint64_t present = 0;
    const struct hr_record *contact = hr_step_record(step, command->contact);
    HR_STEP_HAVE(hr_step_entry(step, HR_SPACE_member, &member, &present) && contact != NULL);
    bool asked = record->issue->cause == HR_CAUSE_ambiguous && present > 0;
    if (!asked || !contact->exists || step->event->heard == NULL) {
        return hr_answer(HR_E_REFUSED);
    }
    uint64_t issue = record->id;
    HR_TRY(hr_step_link(step, issue));
    return hr_step_heard_by(step, command->contact);
}

static hr_status add_token(struct hr_step *step)
{
    const struct hr_command *command = step->event->command;
    const struct hr_fact fact = {.kind = HR_FACT_token_added,
                                 .other = command->other,
                                 .state = command->role,
                                 .text = command->text,
                                 .at = step->event->now};
    return hr_step_emit(step, &fact);
}

static hr_status remove_token(struct hr_step *step)
{
    const struct hr_command *command = step->event->command;
    const struct hr_fact fact = {
        .kind = HR_FACT_token_removed, .other = command->person, .text = command->text};
    return hr_step_emit(step, &fact);
}

hr_status hr_step_command(struct hr_step *step)
{
    const struct hr_record *record = NULL;
    switch (step->event->command->verb) {
    case HR_VERB_token_add:
        return add_token(step);
    case HR_VERB_token_remove:
        return remove_token(step);
    case HR_VERB_edit:
        return hr_step_edit(step);
    case HR_VERB_release:
        return hr_step_release(step);
    case HR_VERB_pause:
    case HR_VERB_go_on:
        return hr_step_switch(step);
    case HR_VERB_withdraw:
        return hr_step_withdraw(step);
    case HR_VERB_retry:
    case HR_VERB_skip:
        return hr_step_let_go_on(step);
    case HR_VERB_unsubscribe:
        return hr_step_unsubscribe(step);
    case HR_VERB_work_done:
    case HR_VERB_work_drop:
    case HR_VERB_work_assign:
    case HR_VERB_work_plan:
        return hr_step_work_command(step);
    case HR_VERB_approve:
    case HR_VERB_reject:
        return hr_step_answer_effect(step);
    case HR_VERB_settle:
        return hr_step_settle(step);
    case HR_VERB_standing:
        return hr_step_standing(step);
    case HR_VERB_lane:
        return hr_step_turn_lane(step);
    case HR_VERB_assign:
        HR_TRY(open_issue(step, &record));
        return assign(step, record);
    case HR_VERB_snooze:
        HR_TRY(open_issue(step, &record));
        return snooze(step, record);
    case HR_VERB_resolve:
        HR_TRY(open_issue(step, &record));
        return resolve(step, record);
    case HR_VERB_note:
        HR_TRY(open_issue(step, &record));
        return note(step, record->id);
    case HR_VERB_acknowledge:
        HR_TRY(open_issue(step, &record));
        return acknowledge(step, record);
    case HR_VERB_recover:
        HR_TRY(open_issue(step, &record));
        return recover(step, record);
    case HR_VERB_answer:
        HR_TRY(open_issue(step, &record));
        return answer(step, record);
    }
    return hr_answer(HR_E_REFUSED);
}
