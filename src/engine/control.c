/* What people do with automations: pause one, let it go on, end an enrollment. */
#include "engine/runs.h"

hr_status hr_step_switch(struct hr_step *step)
{
    const struct hr_command *command = step->event->command;
    enum hr_switch to = command->verb == HR_VERB_pause ? HR_SWITCH_paused : HR_SWITCH_on;
    if (hr_plan_automation_numbered(step->plan, command->other) < 0) {
        return hr_answer(HR_E_REFUSED);
    }
    const struct hr_record *record = hr_step_record(step, HR_ID_AUTOMATION + command->other);
    HR_STEP_HAVE(record != NULL);
    enum hr_switch now = record->exists ? (enum hr_switch)record->automation->state : HR_SWITCH_on;
    if (now == to) {
        return hr_answer(HR_E_REFUSED);
    }
    const struct hr_fact fact = {.kind = HR_FACT_automation_switched,
                                 .name = command->other,
                                 .other = command->person,
                                 .at = step->event->now,
                                 .state = (uint8_t)to};
    return hr_step_emit(step, &fact);
}

hr_status hr_step_withdraw(struct hr_step *step)
{
    const struct hr_command *command = step->event->command;
    const struct hr_record *record = hr_step_record(step, command->contact);
    HR_STEP_HAVE(record != NULL);
    bool is_contact = record->exists && record->kind == HR_RECORD_contact;
    const struct hr_run *run =
        is_contact ? hr_contact_run(record->contact, command->enrollment) : NULL;
    if (run == NULL) {
        return hr_answer(HR_E_REFUSED);
    }
    return hr_run_withdraw(step, command->contact, run);
}
