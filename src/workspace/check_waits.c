/* Waits that may never end, or last longer than anybody remembers; and events that wait for each other. */
#include "workspace/sense_inside.h"

enum { WAIT_DAYS_MAX = 366, ROUNDS_MAX = 64 };

/* ---- how long ----------------------------------------------------------------------------------- */

static bool too_long(struct hr_span span)
{
    return span.unit == HR_SPAN_business_days ? span.amount > WAIT_DAYS_MAX
                                              : span.amount > WAIT_DAYS_MAX * HR_DAY_US;
}

static void judge_span(struct hr_draft *draft, struct hr_place place, struct hr_span span)
{
    if (too_long(span)) {
        struct hr_diagnostic *item = hr_draft_warning(
            draft, wait_too_long, place, "this waits for more than %d days", WAIT_DAYS_MAX);
        item->example = HR_TEXT("somebody who bought last spring is asked how the first week went");
    }
}

/* Nobody answers, and there it stays. */
static void complain_unanswered(struct hr_draft *draft, struct hr_place place)
{
    struct hr_diagnostic *item = hr_draft_error(draft, wait_without_end, place,
                                                "nothing says how long this waits for an answer");
    item->example = HR_TEXT("the question is on the desk of somebody on holiday, and a customer "
                            "waits behind it");
    item->help = HR_TEXT("add `expires: 2 days` and `if_expired: do_nothing`");
}

static void judge_wait(void *context, const struct hr_plan_step *step)
{
    const struct hr_sense *sense = *(const struct hr_sense *const *)context;
    struct hr_draft *draft = sense->draft;
    if (step->kind == HR_STEP_wait) {
        judge_span(draft, step->place, step->wait->span);
        if (step->wait->only_in_business_hours &&
            draft->single[HR_SINGLE_business_hours].value == NULL) {
            hr_draft_warning(draft, business_hours_missing, step->place,
                             "this waits in business hours, and the workspace has no "
                             "`business_hours`");
        }
    } else if (step->kind == HR_STEP_wait_for && !step->wait_for->has_up_to) {
        const struct hr_step_wait_for *wait = step->wait_for;
        struct hr_diagnostic *item = hr_draft_error(draft, wait_without_end, step->place,
                                                    "nothing says how long this may wait");
        item->example = HR_TEXT("the event is lost on its way, and nobody hears of it ever again");
        item->help =
            wait->handoff >= 0
                ? hr_draft_say(draft,
                               "add `up_to: %.*s`, the handoff's own limit, and "
                               "`if_late: open_issue`",
                               HR_SHOW(hr_span_write(draft->reterr->arena,
                                                     sense->plan->handoffs[wait->handoff].within)))
                : HR_TEXT("add `up_to:` with a time, and `if_late: open_issue`");
    } else if (step->kind == HR_STEP_wait_for) {
        judge_span(draft, step->place, step->wait_for->up_to);
    } else if (step->kind == HR_STEP_ask && step->ask->has_expires) {
        judge_span(draft, step->place, step->ask->expires);
    } else if (step->kind == HR_STEP_ask) {
        complain_unanswered(draft, step->place);
    }
}

void hr_sense_waits(const struct hr_sense *sense, const struct hr_automation *automation)
{
    const struct hr_approval *approval = automation->approval;
    hr_sense_steps(&automation->steps, judge_wait, &sense);
    if (approval != NULL && approval->has_expires) {
        judge_span(sense->draft, approval->place, approval->expires);
    } else if (approval != NULL) {
        complain_unanswered(sense->draft, approval->place);
    }
}

/* ---- what comes at all -------------------------------------------------------------------------- */

/* An event comes if a tool sends it, or if a step emits it before which no wait stands that can only end by it. Begun
 * with what tools send, events are added until no more are found; one wait whose event was never added is a circle. */
struct coming {
    const struct hr_sense *sense;
    bool *comes; /* for each event name */
    bool more;   /* one was added in this round */
    bool stuck;  /* in this automation: a wait for what has not come yet */
    bool tell;   /* complain about such waits */
};

static void emit(struct coming *coming, int32_t event)
{
    if (event >= 0 && !coming->stuck && !coming->comes[event]) {
        coming->comes[event] = coming->more = true;
    }
}

static void complain_circle(struct coming *coming, const struct hr_plan_step *step)
{
    const struct hr_plan *plan = coming->sense->plan;
    struct hr_text name = plan->event_names[step->wait_for->event].name;
    struct hr_diagnostic *item =
        hr_draft_error(coming->sense->draft, never_said, step->place,
                       "`%.*s` can only come after this wait for it", HR_SHOW(name));
    item->example = HR_TEXT("every run waits to the end of its time, and then counts as late");
    item->help =
        hr_draft_say(coming->sense->draft,
                     "emit `%.*s` before the wait, or wait for what a tool sends", HR_SHOW(name));
}

static void follow_step(void *context, const struct hr_plan_step *step)
{
    struct coming *coming = context;
    const struct hr_plan *plan = coming->sense->plan;
    if (step->kind == HR_STEP_wait_for && step->wait_for->event >= 0 &&
        !coming->comes[step->wait_for->event] && !coming->stuck) {
        coming->stuck = true;
        if (coming->tell) {
            complain_circle(coming, step);
        }
    } else if (step->kind == HR_STEP_emit) {
        emit(coming, step->emit->event);
    } else if (step->kind == HR_STEP_call && step->call->action >= 0) {
        emit(coming, plan->tools[step->call->tool].actions[step->call->action].emits);
    }
}

/* A branch is followed as if both its ways were gone one after the other: a wait in `then` is only taken for one that
 * holds up what follows, if it is no branch's. */
static void follow_list(struct coming *coming, const struct hr_plan_steps *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct hr_plan_step *step = &steps->items[i];
        bool before = coming->stuck;
        if (step->kind == HR_STEP_branch) {
            follow_list(coming, &step->branch->then);
            coming->stuck = before;
            follow_list(coming, &step->branch->otherwise);
            coming->stuck = before;
        } else {
            follow_step(coming, step);
        }
    }
}

static void follow_all(struct coming *coming)
{
    const struct hr_plan *plan = coming->sense->plan;
    for (size_t i = 0; i < plan->automation_count; i++) {
        coming->stuck = false;
        follow_list(coming, &plan->automations[i].steps);
    }
}

void hr_sense_circles_of_waits(const struct hr_sense *sense)
{
    const struct hr_plan *plan = sense->plan;
    struct coming coming = {.sense = sense};
    coming.comes = hr_draft_scratch(sense->draft, bool, plan->event_name_count);
    if (coming.comes == NULL) {
        return;
    }
    for (size_t i = 0; i < plan->event_name_count; i++) {
        coming.comes[i] = plan->event_names[i].sent;
    }
    size_t rounds = 0;
    do {
        coming.more = false;
        follow_all(&coming);
    } while (coming.more && ++rounds < ROUNDS_MAX);
    coming.tell = !coming.more; /* else there was no end to it: nothing is certain */
    follow_all(&coming);
}
