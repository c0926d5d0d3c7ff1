/* While its automation is paused an enrollment waits as before; when its time comes, or what it waits for, it rests
 * until the pause is over. Then all that rest are given their time, a few in each entry, and each goes on in an entry
 * of its own. Stop rules hold all the while. */
#include "engine/runs.h"

hr_status hr_run_is_paused(struct hr_step *step, uint32_t automation, bool *ret_paused)
{
    const struct hr_record *record = hr_step_record(step, HR_ID_AUTOMATION + automation);
    HR_STEP_HAVE(record != NULL);
    *ret_paused = record->exists && record->automation->state == HR_SWITCH_paused;
#ifdef HR_PLANT_rest_forgotten
    *ret_paused = false;
#endif
    return hr_done();
}

static hr_status move(struct hr_step *step, uint64_t contact, const struct hr_run *run,
                      enum hr_run_state state, hr_instant until, uint64_t awaits)
{
    const struct hr_fact fact = {
        .kind = HR_FACT_run_moved,
        .record = contact,
        .other = run->step,
        .number = run->id,
        .at = step->event->now,
        .until = until,
        .state = (uint8_t)state,
        .key = hr_key_pair(awaits, run->meaning),
    };
    return hr_step_emit(step, &fact);
}

hr_status hr_run_rest(struct hr_walk *walk, bool came)
{
    const struct hr_run *run = hr_walk_run(walk);
    HR_STEP_HAVE(run != NULL);
    if (run->state == HR_RUN_rests && (run->awaits != 0 || !came)) {
        return hr_done(); /* it does so already */
    }
    return move(walk->passing->step, walk->passing->contact, run, HR_RUN_rests, HR_INSTANT_NONE,
                came);
}

/* ---- the pause is over ------------------------------------------------------------------------------ */

/* One whose wait for something was over, without it, is late; all others go on behind their step. */
static enum hr_run_state state_before(const struct hr_step *step, const struct hr_run *run)
{
    int32_t index = hr_plan_automation_numbered(step->plan, run->automation);
    const struct hr_plan_step *at =
        index < 0 ? NULL : hr_step_numbered(&step->plan->automations[index], run->step);
    bool waited_for = at != NULL && at->kind == HR_STEP_wait_for && run->awaits == 0;
    return waited_for ? HR_RUN_waits_event : HR_RUN_waits_time;
}

static const struct hr_run *resting(const struct hr_contact *contact, uint32_t automation)
{
    for (size_t i = 0; i < contact->run_count; i++) {
        const struct hr_run *run = &contact->runs[i];
        if (run->automation == automation && run->state == HR_RUN_rests) {
            return run;
        }
    }
    return NULL;
}

static hr_status wake_contact(struct hr_step *step, uint64_t id, uint32_t automation)
{
    const struct hr_contact *contact = hr_step_contact(step, id);
    HR_STEP_HAVE(contact != NULL || !step->missing);
    const struct hr_run *run = contact == NULL ? NULL : resting(contact, automation);
    while (run != NULL) {
        HR_TRY(move(step, id, run, state_before(step, run), step->event->now, 0));
        contact = hr_step_contact(step, id);
        HR_STEP_HAVE(contact != NULL);
        run = resting(contact, automation);
    }
    return hr_done();
}

hr_status hr_step_wake(struct hr_step *step, const struct hr_record *record)
{
    const struct hr_automation_record automation = *record->automation;
    const struct hr_members *members = NULL;
    HR_TRY(hr_step_scan(step, HR_SPACE_member, record->id, automation.woken_to, &members));
    for (size_t i = 0; i < members->count; i++) {
        HR_TRY(wake_contact(step, members->ids[i], automation.automation));
    }
    bool over = members->count < HR_SWEEP_MEMBERS;
    const struct hr_fact fact = {
        .kind = HR_FACT_automation_woken,
        .name = automation.automation,
        .number = over ? 0 : members->ids[members->count - 1],
        .state = !over,
    };
    return hr_step_emit(step, &fact);
}
