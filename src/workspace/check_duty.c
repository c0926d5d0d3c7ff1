/* Work and questions that reach nobody: approvals that only their author could give, tasks without a person or a
 * day. */
#include "workspace/sense_inside.h"

/* ---- approvals ---------------------------------------------------------------------------------- */

/* How many people who work here can say yes, without that one. */
static size_t count_people(const struct hr_plan *plan, const struct hr_parties *by, int32_t but)
{
    size_t count = 0;
    for (size_t i = 0; i < by->count; i++) {
        const struct hr_party *party = &by->items[i];
        const struct hr_team *team =
            party->kind == HR_PARTY_team ? &plan->teams[party->index] : NULL;
        size_t most = team != NULL ? team->person_count : party->kind == HR_PARTY_person;
        for (size_t member = 0; member < most; member++) {
            int32_t person = team != NULL ? team->people[member] : party->index;
            count += person != but && !plan->people[person].inactive;
        }
        count += party->kind == HR_PARTY_owner;
    }
    return count;
}

static void judge_approval(const struct hr_sense *sense, const struct hr_automation *automation,
                           const struct hr_approval *approval)
{
    struct hr_draft *draft = sense->draft;
    int32_t author = automation->owner;
    if (approval->not_by_author && count_people(sense->plan, &approval->by, author) == 0) {
        struct hr_diagnostic *item = hr_draft_error(
            draft, approval_by_author, approval->by.items[0].place,
            "only `%.*s` may say yes, who answers for the automation and is ruled out by "
            "`not_by_author`",
            HR_SHOW(sense->plan->people[author].id));
        hr_sense_also(item, automation->place, "whose automation it is");
        item->example = HR_TEXT("every question expires, and the automation never does anything");
    }
    if (approval->has_expires && approval->if_expired == HR_IF_EXPIRED_continue) {
        struct hr_diagnostic *item =
            hr_draft_warning(draft, silence_is_yes, approval->place,
                             "when nobody answers, it goes on as if somebody had said yes");
        item->example =
            HR_TEXT("the week when everybody is away, 400 messages leave that nobody read");
        item->help = HR_TEXT("write `if_expired: do_nothing`");
    }
}

/* ---- tasks -------------------------------------------------------------------------------------- */

struct duty {
    const struct hr_sense *sense;
    const struct hr_automation *automation;
};

static void judge_task(void *context, const struct hr_plan_step *step)
{
    const struct duty *duty = context;
    struct hr_draft *draft = duty->sense->draft;
    if (step->kind != HR_STEP_create_task) {
        return;
    }
    if (step->task->assign.kind == HR_PARTY_none &&
        duty->automation->task_owner.kind == HR_PARTY_none) {
        struct hr_diagnostic *item =
            hr_draft_error(draft, task_without_assignee, step->place, "nobody gets this task");
        item->example = HR_TEXT("the task is there, and on no one's list");
        item->help = HR_TEXT("add `assign:` with a person or a team, or `task_owner:` to the "
                             "automation");
    }
    if (!step->task->has_due) {
        struct hr_diagnostic *item =
            hr_draft_warning(draft, task_without_due, step->place, "this task is never late");
        item->example = HR_TEXT("it waits behind newer ones, and the lead has bought elsewhere");
        item->help = HR_TEXT("add `due: 1 business day`, or how long it may take");
    }
}

void hr_sense_duty(const struct hr_sense *sense, const struct hr_automation *automation)
{
    struct duty duty = {sense, automation};
    if (automation->approval != NULL) {
        judge_approval(sense, automation, automation->approval);
    }
    hr_sense_steps(&automation->steps, judge_task, &duty);
}
