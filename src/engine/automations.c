/* An event about a contact meets the automations: those under way stop, or go on if they waited for it; those that it
 * triggers begin. What steps emit comes after, in the same entry, and not without end. */
#include "engine/effects.h"

/* The enrollments as they stood: each is looked up again, since one may end while another is looked at. */
struct ids {
    uint64_t ids[HR_RUNS_MAX];
    size_t count;
};

static hr_status ids_of(struct hr_passing *passing, struct ids *ret_ids)
{
    const struct hr_contact *contact = hr_step_contact(passing->step, passing->contact);
    HR_STEP_HAVE(contact != NULL);
    ret_ids->count = contact->run_count;
    for (size_t i = 0; i < contact->run_count; i++) {
        ret_ids->ids[i] = contact->runs[i].id;
    }
    return hr_done();
}

/* ---- what is under way -------------------------------------------------------------------------------- */

bool hr_walk_of(struct hr_passing *passing, uint64_t id, struct hr_walk *ret_walk)
{
    *ret_walk = (struct hr_walk){.passing = passing, .id = id};
    const struct hr_run *run = hr_walk_run(ret_walk);
    if (run == NULL || run->state == HR_RUN_held) {
        return false;
    }
    int32_t automation = hr_plan_automation_numbered(passing->step->plan, run->automation);
    if (automation < 0) {
        return true;
    }
    ret_walk->automation = &passing->step->plan->automations[automation];
    ret_walk->at = hr_step_numbered(ret_walk->automation, run->step);
    return true;
}

/* The files say something else now than when it came to its step: a person says how it goes on. */
hr_status hr_walk_hold(struct hr_walk *walk, enum hr_urgency urgency)
{
    struct hr_step *step = walk->passing->step;
    const struct hr_run *run = hr_walk_run(walk);
    HR_STEP_HAVE(run != NULL);
    const struct hr_fact fact = {
        .kind = HR_FACT_run_moved,
        .record = walk->passing->contact,
        .other = run->step,
        .number = walk->id,
        .at = step->event->now,
        .until = HR_INSTANT_NONE,
        .state = HR_RUN_held,
        .key = hr_key_pair(run->state == HR_RUN_rests ? 0 : run->awaits, run->meaning),
    };
    HR_TRY(hr_step_emit(step, &fact));
    walk->at =
        hr_walk_is_another(walk) ? NULL : walk->at; /* those are one issue, wherever they stand */
    return hr_run_trouble(walk, urgency);
}

bool hr_walk_is_another(const struct hr_walk *walk)
{
    const struct hr_run *run = hr_walk_run(walk);
    return walk->automation == NULL || walk->at == NULL ||
           (run != NULL && run->meaning != walk->automation->meaning);
}

static hr_status stop_if(struct hr_walk *walk)
{
    struct hr_step *step = walk->passing->step;
    struct hr_sight sight = hr_walk_sight(walk);
    const struct hr_run *run = hr_walk_run(walk);
    HR_STEP_HAVE(run != NULL);
    /* neither what began it nor what it wrote itself is a change that stops it */
    if (run->trigger.position == step->event->position) {
        hr_sight_settle(&sight);
    }
    sight.own = hr_writer(HR_BY_automation, run->automation);
    const struct hr_clause *clause = hr_sight_any(&sight, &walk->automation->stop, step->arena);
    if (clause == NULL) {
        return hr_done();
    }
    HR_TRY(hr_run_end_troubles(walk->passing->step, walk->passing->contact, run->automation,
                               walk->id, HR_MEMBER_proven));
    return hr_run_finish(walk, HR_RUN_stopped, hr_clause_words(step->arena, clause), NULL);
}

static hr_status stop_all(struct hr_passing *passing)
{
    struct ids ids;
    HR_TRY(ids_of(passing, &ids));
    for (size_t i = 0; i < ids.count; i++) {
        struct hr_walk walk;
        if (hr_walk_of(passing, ids.ids[i], &walk)) {
            HR_TRY(hr_walk_is_another(&walk) ? hr_walk_hold(&walk, HR_URGENCY_normal)
                                             : stop_if(&walk));
        }
    }
    return hr_done();
}

/* ---- what waits ---------------------------------------------------------------------------------------- */

bool hr_run_sees_proof(const struct hr_plan *plan, const struct hr_contact *contact,
                       const struct hr_run *run, int32_t handoff)
{
    bool its_own = false;
    bool proven = false;
    for (size_t i = 0; i < contact->instance_count; i++) {
        const struct hr_instance *instance = &contact->instances[i];
        if (instance->handoff != plan->handoffs[handoff].name_number) {
            continue;
        }
        bool own = instance->opened_by == run->trigger.position;
        bool done = hr_stand_is_proven((enum hr_stand)instance->stand);
        proven = own ? done : proven || (!its_own && done);
        its_own = its_own || own;
    }
    return proven;
}

bool hr_run_sees_event(struct hr_walk *walk, const struct hr_step_wait_for *wait,
                       const struct hr_kept_event *event)
{
    struct hr_sight sight = hr_walk_sight(walk);
    const struct hr_plan *plan = walk->passing->step->plan;
    sight.event = event;
    return event->type == plan->event_names[wait->event].name_number &&
           hr_sight_unmet(&sight, &wait->when, walk->passing->step->arena) == NULL;
}

static bool came(struct hr_walk *walk)
{
    const struct hr_step_wait_for *wait = walk->at->wait_for;
    const struct hr_contact *contact = hr_step_contact(walk->passing->step, walk->passing->contact);
    const struct hr_run *run = hr_walk_run(walk);
    if (run != NULL && walk->at->kind == HR_STEP_assign) {
        return hr_assign_is_answered(walk);
    }
    bool waits = run != NULL && (run->state == HR_RUN_waits_event ||
                                 (run->state == HR_RUN_rests && run->awaits == 0));
    if (!waits || walk->at->kind != HR_STEP_wait_for) {
        return false;
    }
    if (wait->handoff >= 0) {
        return hr_run_sees_proof(walk->passing->step->plan, contact, run, wait->handoff);
    }
    return walk->passing->now != NULL && hr_run_sees_event(walk, wait, &walk->passing->now->event);
}

hr_status hr_walk_go_on(struct hr_walk *walk)
{
    const struct hr_run *run = hr_walk_run(walk);
    HR_STEP_HAVE(run != NULL);
    HR_TRY(hr_run_end_troubles(walk->passing->step, walk->passing->contact, run->automation,
                               walk->id, HR_MEMBER_proven));
    walk->at = hr_step_after(walk->automation, walk->at);
    return hr_walk_on(walk);
}

hr_status hr_walk_go_on_or_rest(struct hr_walk *walk)
{
    bool paused = false;
    HR_TRY(hr_run_is_paused(walk->passing->step, walk->automation->name_number, &paused));
    return paused ? hr_run_rest(walk, true) : hr_walk_go_on(walk);
}

static hr_status wake_waiting(struct hr_passing *passing)
{
    struct ids ids;
    HR_TRY(ids_of(passing, &ids));
    for (size_t i = 0; i < ids.count; i++) {
        struct hr_walk walk;
        if (hr_walk_of(passing, ids.ids[i], &walk) && walk.at != NULL && came(&walk)) {
            HR_TRY(hr_walk_go_on_or_rest(&walk));
        }
    }
    return hr_done();
}

/* ---- time ------------------------------------------------------------------------------------------------ */

static hr_status be_late(struct hr_walk *walk)
{
    const struct hr_step_wait_for *wait = walk->at->wait_for;
    bool paused = false;
    HR_TRY(hr_run_is_paused(walk->passing->step, walk->automation->name_number, &paused));
    if (paused) {
        return hr_run_rest(walk, false);
    }
    switch (wait->if_late) {
    case HR_IF_LATE_continue:
        return hr_walk_go_on(walk);
    case HR_IF_LATE_stop:
        return hr_run_finish(walk, HR_RUN_late, HR_TEXT_NONE, NULL);
    case HR_IF_LATE_unsaid:
    case HR_IF_LATE_open_issue:
        break;
    }
    /* it goes on waiting: what comes late still counts, and ends the issue */
    HR_TRY(hr_run_trouble(walk, hr_urgency_of(wait->severity)));
    return hr_run_wait(walk, HR_RUN_waits_event, HR_INSTANT_NONE, 0);
}

/* It looks for somebody again. */
static hr_status look_again_or_rest(struct hr_walk *walk)
{
    bool paused = false;
    HR_TRY(hr_run_is_paused(walk->passing->step, walk->automation->name_number, &paused));
    return paused ? hr_run_rest(walk, false) : hr_walk_on(walk);
}

static hr_status wake_due(struct hr_passing *passing)
{
    struct ids ids;
    HR_TRY(ids_of(passing, &ids));
    for (size_t i = 0; i < ids.count; i++) {
        struct hr_walk walk;
        bool there = hr_walk_of(passing, ids.ids[i], &walk) && walk.at != NULL;
        const struct hr_run *run = there ? hr_walk_run(&walk) : NULL;
        bool due =
            run != NULL && run->until != HR_INSTANT_NONE && run->until <= passing->step->event->now;
        if (due && walk.at->kind == HR_STEP_assign) {
            HR_TRY(look_again_or_rest(&walk));
        } else if (due && run->state == HR_RUN_waits_time) {
            HR_TRY(hr_walk_go_on_or_rest(&walk));
        } else if (due && run->state == HR_RUN_waits_event) {
            HR_TRY(be_late(&walk));
        } else if (due && run->state == HR_RUN_waits_effect) {
            HR_TRY(hr_effect_too_long(&walk));
        }
    }
    return hr_done();
}

/* ---- what begins ------------------------------------------------------------------------------------------- */

/* What beside its steps is not available yet; empty: nothing. */
static struct hr_text lack_beside_steps(const struct hr_automation *automation)
{
    if (automation->record != HR_RECORD_TYPE_contact) {
        return HR_TEXT("other records than contacts");
    }
    return automation->rollout.mode == HR_MODE_suggest ? HR_TEXT("mode: suggest") : HR_TEXT_NONE;
}

bool hr_step_is_available(enum hr_step_kind kind)
{
    return hr_step_taker_of(kind) != NULL;
}

bool hr_automation_runs(const struct hr_automation *automation)
{
    return hr_automation_lacks(automation, NULL, 0) == 0;
}

size_t hr_automation_lacks(const struct hr_automation *automation, struct hr_text *ret_words,
                           size_t room)
{
    bool told[HR_STEP_KIND_COUNT] = {false};
    struct hr_text beside = lack_beside_steps(automation);
    size_t count = beside.size > 0;
    if (beside.size > 0 && room > 0) {
        ret_words[0] = beside;
    }
    for (uint32_t number = 1; number <= automation->step_count; number++) {
        const struct hr_plan_step *step = hr_step_numbered(automation, number);
        if (step == NULL || hr_step_is_available(step->kind) || told[step->kind]) {
            continue;
        }
        told[step->kind] = true;
        if (count < room) {
            ret_words[count] = hr_step_kind_word(step->kind);
        }
        count++;
    }
    return count;
}

static hr_status begin(struct hr_passing *passing, const struct hr_automation *automation,
                       bool *ret_let_in)
{
    struct hr_walk walk = {.passing = passing, .automation = automation};
    HR_TRY(hr_run_enroll(passing, automation, &walk.id));
    if (walk.id == 0) {
        return hr_done();
    }
    *ret_let_in = true;
    walk.at = automation->steps.count > 0 ? automation->steps.items : NULL;
    return hr_walk_on(&walk);
}

static hr_status start_new(struct hr_passing *passing)
{
    const struct hr_plan *plan = passing->step->plan;
    int32_t event = hr_plan_event_numbered(plan, passing->now->event.type);
    for (size_t i = 0; event >= 0 && i < plan->event_names[event].start_count; i++) {
        const struct hr_automation *automation =
            &plan->automations[plan->event_names[event].starts[i]];
        bool let_in = false;
        if (hr_automation_runs(automation)) {
            HR_TRY(begin(passing, automation, &let_in));
        }
    }
    return hr_done();
}

/* ---- one event after another --------------------------------------------------------------------------------- */

static hr_status look(struct hr_passing *passing)
{
    HR_TRY(stop_all(passing));
    HR_TRY(wake_waiting(passing));
    return passing->now == NULL ? wake_due(passing) : start_new(passing);
}

/* What steps emitted, in its order; what those emit joins the end. */
static hr_status look_at_emitted(struct hr_passing *passing)
{
    for (; passing->looked_at < passing->emitted_count; passing->looked_at++) {
        const struct hr_happening now = passing->emitted[passing->looked_at];
        passing->now = &now;
        hr_status status = look(passing);
        passing->now = NULL;
        HR_TRY(status);
    }
    passing->now = NULL;
    return hr_done();
}

/* What steps wrote may prove a handoff, and what is proven may be what others wait for. */
static hr_status settle(struct hr_passing *passing)
{
    enum { ROUNDS_MAX = 8 };
    uint32_t before = 0;
    for (int round = 0; round < ROUNDS_MAX && passing->steps_taken != before; round++) {
        before = passing->steps_taken;
        HR_TRY(hr_step_judge_all(passing->step, passing->contact));
        HR_TRY(look(passing));
        HR_TRY(look_at_emitted(passing));
    }
    return hr_done();
}

hr_status hr_passing_settle(struct hr_passing *passing)
{
    HR_TRY(look_at_emitted(passing));
    return settle(passing);
}

static hr_status pass(struct hr_passing *passing)
{
    const struct hr_contact *contact = hr_step_contact(passing->step, passing->contact);
    if (!passing->step->engine->automates) {
        return hr_done();
    }
    if (contact == NULL) { /* the view lacks it, or nobody is there any more */
        return passing->step->missing ? hr_answer(HR_E_NEEDS) : hr_done();
    }
    HR_TRY(look(passing));
    return hr_passing_settle(passing);
}

hr_status hr_step_automate(struct hr_step *step, uint64_t contact,
                           const struct hr_kept_event *event)
{
    const struct hr_happening first = {.event = *event};
    struct hr_passing passing = {.step = step, .contact = contact, .now = &first};
    return pass(&passing);
}

hr_status hr_step_automate_on(struct hr_step *step, uint64_t contact)
{
    struct hr_passing passing = {.step = step, .contact = contact};
    return pass(&passing);
}

hr_status hr_step_automate_at(struct hr_step *step, uint64_t contact, uint64_t run,
                              const struct hr_automation *automation, const struct hr_plan_step *at)
{
    struct hr_passing passing = {.step = step, .contact = contact};
    struct hr_walk walk = {.passing = &passing, .automation = automation, .id = run, .at = at};
    /* that a person lets it go on is no proof of anything */
    HR_TRY(hr_run_end_troubles(step, contact, automation->name_number, run, HR_MEMBER_waived));
    HR_TRY(stop_if(&walk));
    if (hr_walk_run(&walk) != NULL) {
        HR_TRY(hr_walk_on(&walk));
    }
    HR_TRY(look_at_emitted(&passing));
    return settle(&passing);
}

hr_status hr_step_automate_tick(struct hr_step *step, uint64_t contact,
                                const struct hr_automation *automation,
                                const struct hr_kept_event *tick, bool *ret_let_in)
{
    const struct hr_happening reached = {.event = *tick};
    struct hr_passing passing = {
        .step = step, .contact = contact, .now = &reached, .by_clock = true};
    *ret_let_in = false;
    if (hr_step_contact(step, contact) == NULL) { /* forgotten since, or the view lacks it */
        return step->missing ? hr_answer(HR_E_NEEDS) : hr_done();
    }
    struct hr_sight sight = hr_passing_sight(&passing, &reached.event);
    if (hr_sight_unmet(&sight, &automation->when, step->arena) != NULL) {
        return hr_done(); /* one of the many who are not meant */
    }
    HR_TRY(begin(&passing, automation, ret_let_in));
    if (!*ret_let_in) {
        return hr_done();
    }
    HR_TRY(look_at_emitted(&passing));
    return settle(&passing);
}
