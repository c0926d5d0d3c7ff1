/* Enrollments that somebody has to look at: each belongs to one issue of its automation, until it ends well, or the
 * automation does so for the same contact later, or a person closes the issue. */
#include "engine/runs.h"

enum hr_urgency hr_urgency_of(enum hr_severity_word severity)
{
    return severity == HR_SEVERITY_WORD_normal ? HR_URGENCY_normal : HR_URGENCY_urgent;
}

static const struct hr_trouble *find(const struct hr_contact *contact, uint64_t run, uint64_t issue)
{
    for (size_t i = 0; i < contact->trouble_count; i++) {
        if (contact->troubles[i].run == run && contact->troubles[i].issue == issue) {
            return &contact->troubles[i];
        }
    }
    return NULL;
}

static hr_status emit(struct hr_step *step, uint64_t contact, const struct hr_trouble *trouble,
                      bool joins)
{
    const struct hr_fact fact = {
        .kind = HR_FACT_run_trouble,
        .record = contact,
        .name = trouble->automation,
        .number = trouble->run,
        .state = joins,
        .key = hr_key_pair(trouble->issue, 0),
    };
    return hr_step_emit(step, &fact);
}

/* Whose automation left the files is looked after by whoever looks after contacts. */
static struct hr_issue_of issue_of(const struct hr_walk *walk, uint32_t automation,
                                   enum hr_urgency severity)
{
    const struct hr_plan *plan = walk->passing->step->plan;
    return (struct hr_issue_of){
        .cause = HR_CAUSE_automation,
        .about = automation,
        .detail = walk->at == NULL ? 0 : walk->at->number,
        .severity = severity,
        .owner = walk->automation == NULL ? plan->contact_owner : walk->automation->owner,
        .told = walk->automation == NULL ? plan->contact_owner : walk->automation->failure_owner,
    };
}

hr_status hr_run_trouble(struct hr_walk *walk, enum hr_urgency severity)
{
    struct hr_step *step = walk->passing->step;
    uint64_t contact = walk->passing->contact;
    const struct hr_run *run = hr_walk_run(walk);
    HR_STEP_HAVE(run != NULL);
    struct hr_trouble trouble = {.automation = run->automation, .run = walk->id};
    const struct hr_issue_of of = issue_of(walk, run->automation, severity);
    HR_TRY(hr_step_issue(step, &of, &trouble.issue));
    const struct hr_contact *now = hr_step_contact(step, contact);
    HR_STEP_HAVE(now != NULL);
    bool known = find(now, trouble.run, trouble.issue) != NULL;
    if (known || now->trouble_count >= HR_TROUBLES_MAX) {
        return hr_done(); /* so much is wrong with this contact that the issue has been told already */
    }
    struct hr_key key = hr_key_pair(trouble.run, 0);
    HR_TRY(emit(step, contact, &trouble, true));
    return hr_step_join(step, trouble.issue, contact, 0, &key);
}

static hr_status end_one(struct hr_step *step, uint64_t contact, struct hr_trouble trouble,
                         enum hr_membership how)
{
    struct hr_key key = hr_key_pair(trouble.run, 0);
    HR_TRY(emit(step, contact, &trouble, false));
    return hr_step_leave(step, trouble.issue, contact, 0, &key, how);
}

hr_status hr_run_end_troubles(struct hr_step *step, uint64_t contact, uint32_t automation,
                              uint64_t run, enum hr_membership how)
{
    const struct hr_contact *now = hr_step_contact(step, contact);
    HR_STEP_HAVE(now != NULL);
    for (size_t i = 0; i < now->trouble_count;) {
        const struct hr_trouble *trouble = &now->troubles[i];
        if (trouble->automation != automation || (run != 0 && trouble->run != run)) {
            i++;
            continue;
        }
        HR_TRY(end_one(step, contact, *trouble, how));
        now = hr_step_contact(step, contact);
        HR_STEP_HAVE(now != NULL);
        i = 0; /* the array is another one now, with one less in it */
    }
    return hr_done();
}

hr_status hr_run_withdraw(struct hr_step *step, uint64_t contact, const struct hr_run *run)
{
    const struct hr_run copy = *run;
    const struct hr_fact fact = {
        .kind = HR_FACT_run_ended,
        .record = contact,
        .name = copy.automation,
        .other = copy.step,
        .number = copy.id,
        .at = step->event->now,
        .state = HR_RUN_withdrawn,
    };
    HR_TRY(hr_run_end_troubles(step, contact, copy.automation, copy.id, HR_MEMBER_waived));
    HR_TRY(hr_step_emit(step, &fact));
    return hr_run_count(step, copy.automation, HR_COUNT_running, HR_COUNT_ended + HR_RUN_withdrawn);
}

static hr_status waive(struct hr_step *step, uint64_t contact, struct hr_trouble trouble)
{
    HR_TRY(end_one(step, contact, trouble, HR_MEMBER_waived));
    const struct hr_contact *now = hr_step_contact(step, contact);
    HR_STEP_HAVE(now != NULL);
    const struct hr_run *run = hr_contact_run(now, trouble.run);
    return run != NULL && run->state == HR_RUN_held ? hr_run_withdraw(step, contact, run)
                                                    : hr_done();
}

hr_status hr_run_waive_troubles(struct hr_step *step, uint64_t contact, uint64_t issue,
                                bool *ret_some)
{
    const struct hr_contact *now = hr_step_contact(step, contact);
    HR_STEP_HAVE(now != NULL);
    for (size_t i = 0; i < now->trouble_count;) {
        if (now->troubles[i].issue != issue) {
            i++;
            continue;
        }
        HR_TRY(waive(step, contact, now->troubles[i]));
        *ret_some = true;
        now = hr_step_contact(step, contact);
        HR_STEP_HAVE(now != NULL);
        i = 0;
    }
    return hr_done();
}
