/* What people do with automations: pause one, let it go on; end an enrollment, or let it go on where a person says. */
#include "engine/runs.h"

/* ---- automations ---------------------------------------------------------------------------------------- */

/* Why it was switched is a person's own words: they stand in a part that can be erased, beside the fact that counts. */
static hr_status explain(struct hr_step *step)
{
    const struct hr_command *command = step->event->command;
    const struct hr_fact fact = {.kind = HR_FACT_switch_explained,
                                 .record = HR_ID_WORKSPACE,
                                 .name = command->other,
                                 .other = command->person,
                                 .at = step->event->now,
                                 .text = command->text};
    if (command->text.size == 0) {
        return hr_done();
    }
    HR_TRY(hr_step_link(step, HR_ID_WORKSPACE));
    return hr_step_emit(step, &fact);
}

/* Switches one that is known to the view; what is so already stays. */
static hr_status switch_one(struct hr_step *step, uint32_t automation, enum hr_switch to,
                            bool *ret_switched)
{
    const struct hr_record *record = hr_step_record(step, HR_ID_AUTOMATION + automation);
    HR_STEP_HAVE(record != NULL);
    enum hr_switch now = record->exists ? (enum hr_switch)record->automation->state : HR_SWITCH_on;
    const struct hr_fact fact = {.kind = HR_FACT_automation_switched,
                                 .name = automation,
                                 .other = step->event->command->person,
                                 .at = step->event->now,
                                 .state = (uint8_t)to};
    if (now == to) {
        return hr_done();
    }
    *ret_switched = true;
    HR_TRY(hr_step_emit(step, &fact));
    int32_t index = hr_plan_automation_numbered(step->plan, automation);
    if (to == HR_SWITCH_on && index >= 0) {
        HR_TRY(hr_step_resume_schedule(step, &step->plan->automations[index]));
    }
    return step->link_count < HR_RUN_LINKS_MAX ? hr_step_link(step, HR_ID_AUTOMATION + automation)
                                               : hr_done();
}

/* In one entry: all that are so already stay, with who switched them and why. */
static hr_status switch_all(struct hr_step *step, enum hr_switch to, bool *ret_switched)
{
    const struct hr_plan *plan = step->plan;
    for (size_t i = 0; i < plan->automation_count; i++) { /* asks for all before any is changed */
        (void)hr_step_record(step, HR_ID_AUTOMATION + plan->automations[i].name_number);
    }
    HR_STEP_HAVE(!step->missing);
    for (size_t i = 0; i < plan->automation_count; i++) {
        HR_TRY(switch_one(step, plan->automations[i].name_number, to, ret_switched));
    }
    return hr_done();
}

/* What the pause held back goes on in its own entries, a few at a time. */
static hr_status let_go(struct hr_step *step, uint32_t automation)
{
    const struct hr_command *command = step->event->command;
    const struct hr_record *record = hr_step_record(step, HR_ID_AUTOMATION + automation);
    HR_STEP_HAVE(record != NULL);
    enum hr_let_go how =
        command->role == HR_LET_GO_none ? HR_LET_GO_send : (enum hr_let_go)command->role;
    if (!record->exists || record->automation->held == 0) {
        return hr_done();
    }
    const struct hr_fact fact = {.kind = HR_FACT_automation_let_go,
                                 .name = automation,
                                 .at = step->event->now,
                                 .state = (uint8_t)how};
    return hr_step_emit(step, &fact);
}

static hr_status let_all_go(struct hr_step *step)
{
    const struct hr_command *command = step->event->command;
    if (command->role > HR_LET_GO_drop) {
        return hr_answer(HR_E_REFUSED);
    }
    if (command->other != 0) {
        return let_go(step, command->other);
    }
    for (size_t i = 0; i < step->plan->automation_count; i++) {
        HR_TRY(let_go(step, step->plan->automations[i].name_number));
    }
    return hr_done();
}

hr_status hr_step_switch(struct hr_step *step)
{
    const struct hr_command *command = step->event->command;
    enum hr_switch to = command->verb == HR_VERB_pause ? HR_SWITCH_paused : HR_SWITCH_on;
    bool switched = false;
    if (command->other == 0) {
        HR_TRY(switch_all(step, to, &switched));
    } else {
        const struct hr_record *record = hr_step_record(step, HR_ID_AUTOMATION + command->other);
        HR_STEP_HAVE(record != NULL);
        bool known = record->exists || hr_plan_automation_numbered(step->plan, command->other) >= 0;
        if (known) {
            HR_TRY(switch_one(step, command->other, to, &switched));
        }
    }
    if (!switched) {
        return hr_answer(HR_E_REFUSED);
    }
    HR_TRY(explain(step));
    return to == HR_SWITCH_on ? let_all_go(step) : hr_done();
}

/* ---- enrollments ------------------------------------------------------------------------------------------ */

/* The enrollment that the command names; HR_E_REFUSED: it is over, or never was. */
static hr_status find_run(struct hr_step *step, const struct hr_run **ret_run)
{
    const struct hr_command *command = step->event->command;
    const struct hr_record *record = hr_step_record(step, command->contact);
    HR_STEP_HAVE(record != NULL);
    bool is_contact = record->exists && record->kind == HR_RECORD_contact;
    *ret_run = is_contact ? hr_contact_run(record->contact, command->enrollment) : NULL;
    return *ret_run == NULL ? hr_answer(HR_E_REFUSED) : hr_done();
}

hr_status hr_step_withdraw(struct hr_step *step)
{
    const struct hr_run *run = NULL;
    HR_TRY(find_run(step, &run));
    return hr_run_withdraw(step, step->event->command->contact, run);
}

/* Who let it go on, and from where. */
static hr_status tell(struct hr_step *step, uint32_t at, enum hr_result result)
{
    const struct hr_command *command = step->event->command;
    const struct hr_fact fact = {.kind = HR_FACT_step_taken,
                                 .record = command->contact,
                                 .other = at,
                                 .number = command->enrollment,
                                 .state = (uint8_t)result};
    return hr_step_emit(step, &fact);
}

enum hr_go_on_answer hr_run_may_go_on(const struct hr_engine *engine, const struct hr_run *run,
                                      bool paused, enum hr_verb verb)
{
    const struct hr_plan *plan = engine->plan;
    int32_t index = hr_plan_automation_numbered(plan, run->automation);
    if (index < 0) {
        return HR_GO_ON_gone;
    }
    const struct hr_automation *automation = &plan->automations[index];
    if (!engine->automates || !hr_automation_runs(automation)) {
        return HR_GO_ON_not_carried_out;
    }
    if (paused) {
        return HR_GO_ON_paused;
    }
    if (verb == HR_VERB_retry) {
        return run->state == HR_RUN_held ? HR_GO_ON_may : HR_GO_ON_not_held;
    }
    if (run->state == HR_RUN_waits_effect || run->state == HR_RUN_waits_answer) {
        return HR_GO_ON_under_way; /* what is under way cannot be called back by going on */
    }
    /* which step it stands at is not known under other files */
    return run->meaning == automation->meaning ? HR_GO_ON_may : HR_GO_ON_changed;
}

hr_status hr_step_let_go_on(struct hr_step *step)
{
    const struct hr_command *command = step->event->command;
    const struct hr_run *run = NULL;
    bool paused = false;
    HR_TRY(find_run(step, &run));
    HR_TRY(hr_run_is_paused(step, run->automation, &paused));
    if (hr_run_may_go_on(step->engine, run, paused, command->verb) != HR_GO_ON_may) {
        return hr_answer(HR_E_REFUSED);
    }
    const struct hr_automation *automation =
        &step->plan->automations[hr_plan_automation_numbered(step->plan, run->automation)];
    bool skips = command->verb == HR_VERB_skip;
    const struct hr_plan_step *at =
        hr_step_numbered(automation, skips ? run->step : command->other);
    if (at == NULL) {
        return hr_answer(HR_E_REFUSED);
    }
    HR_TRY(tell(step, at->number, skips ? HR_RESULT_skipped : HR_RESULT_again));
    return hr_step_automate_at(step, command->contact, command->enrollment, automation,
                               skips ? hr_step_after(automation, at) : at);
}
