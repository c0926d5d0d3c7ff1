/* Walks the steps of an automation in reading order, and tells of each how one gets there. */
#include "workspace/check_inside.h"

struct walk {
    hr_step_visit visit;
    void *context;
    struct hr_step_at at;
};

/* Depth is limited by HR_STEP_DEPTH_MAX, so the recursion is. */
static void walk_list(struct walk *walk, const struct hr_plan_steps *steps);

static void walk_branch(struct walk *walk, const struct hr_step_branch *branch)
{
    bool may = walk->at.may_have_waited;
    bool has = walk->at.has_waited;
    bool room = walk->at.under_count < HR_UNDER_MAX;
    if (room) {
        walk->at.under[walk->at.under_count++] = (struct hr_under){&branch->when, false};
    }
    walk_list(walk, &branch->then);
    bool then_may = walk->at.may_have_waited;
    bool then_has = walk->at.has_waited;
    walk->at.may_have_waited = may;
    walk->at.has_waited = has;
    if (room) {
        walk->at.under[walk->at.under_count - 1].negated = true;
    }
    walk_list(walk, &branch->otherwise);
    walk->at.under_count -= room;
    walk->at.may_have_waited |= then_may;
    walk->at.has_waited &= then_has;
}

static void walk_list(struct walk *walk, const struct hr_plan_steps *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct hr_plan_step *step = &steps->items[i];
        walk->at.step = step;
        walk->visit(walk->context, &walk->at);
        if (step->kind == HR_STEP_branch) {
            walk_branch(walk, step->branch);
        }
        /* an awaited event may be there at once; a span and a person take their time */
        walk->at.may_have_waited |= step->kind == HR_STEP_wait || step->kind == HR_STEP_ask ||
                                    step->kind == HR_STEP_wait_for;
        walk->at.has_waited |= step->kind == HR_STEP_wait || step->kind == HR_STEP_ask;
    }
}

void hr_each_step(const struct hr_plan *plan, int32_t automation, hr_step_visit visit,
                  void *context)
{
    struct walk walk = {.visit = visit, .context = context};
    walk.at.automation = &plan->automations[automation];
    walk.at.index = automation;
    walk_list(&walk, &walk.at.automation->steps);
}

int32_t hr_mailing_tool(const struct hr_plan *plan, const struct hr_step_email *email)
{
    int32_t tool = email->message < 0 ? HR_NONE_INDEX : plan->messages[email->message].tool;
    for (size_t i = 0; tool < 0 && i < plan->tool_count; i++) {
        tool = plan->tools[i].kind == HR_TOOL_email ? (int32_t)i : tool;
    }
    return tool;
}

static bool only_reads(const struct hr_action *action)
{
    return action->kind == HR_ACTION_read || action->method == HR_METHOD_GET;
}

bool hr_step_reaches_out(const struct hr_plan *plan, const struct hr_plan_step *step)
{
    if (step->kind == HR_STEP_call && step->call->tool >= 0) {
        return !only_reads(&plan->tools[step->call->tool].actions[step->call->action]);
    }
    return step->kind == HR_STEP_send_email;
}
