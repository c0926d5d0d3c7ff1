/* One enrollment goes from step to step until one has to wait. */
#include "engine/runs.h"

/* ---- where a step stands --------------------------------------------------------------------------- */

/* A list of steps, and the one after the `if` that holds it. */
struct place {
    const struct hr_plan_step *step;
    const struct hr_plan_step *behind;
};

static bool find(const struct hr_plan_steps *steps, uint32_t number,
                 const struct hr_plan_step *behind, struct place *ret_place)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct hr_plan_step *step = &steps->items[i];
        const struct hr_plan_step *next = i + 1 < steps->count ? step + 1 : behind;
        if (step->number == number) {
            *ret_place = (struct place){step, next};
            return true;
        }
        /* the reader of files lets an `if` stand in at most HR_STEP_DEPTH_MAX others */
        if (step->kind == HR_STEP_branch &&
            (find(&step->branch->then, number, next, ret_place) ||
             find(&step->branch->otherwise, number, next, ret_place))) {
            return true;
        }
    }
    return false;
}

const struct hr_plan_step *hr_step_numbered(const struct hr_automation *automation, uint32_t number)
{
    struct place place = {NULL, NULL};
    return find(&automation->steps, number, NULL, &place) ? place.step : NULL;
}

const struct hr_plan_step *hr_step_after(const struct hr_automation *automation,
                                         const struct hr_plan_step *step)
{
    struct place place = {NULL, NULL};
    return find(&automation->steps, step->number, NULL, &place) ? place.behind : NULL;
}

/* ---- facts ------------------------------------------------------------------------------------------- */

hr_status hr_run_count(struct hr_step *step, uint32_t automation, unsigned from, unsigned to)
{
    const struct hr_fact fact = {.kind = HR_FACT_automation_counted,
                                 .name = automation,
                                 .at = step->event->now,
                                 .from = (uint8_t)from,
                                 .state = (uint8_t)to};
    HR_TRY(hr_step_emit(step, &fact));
    /* who began and who ended is found along the automation's own entries */
    bool moves = from == HR_COUNT_running || to == HR_COUNT_running;
    return moves && step->link_count < HR_RUN_LINKS_MAX
               ? hr_step_link(step, HR_ID_AUTOMATION + automation)
               : hr_done();
}

hr_status hr_run_wait(struct hr_walk *walk, enum hr_run_state state, hr_instant until,
                      uint64_t awaits)
{
    struct hr_step *step = walk->passing->step;
    const struct hr_fact fact = {
        .kind = HR_FACT_run_moved,
        .record = walk->passing->contact,
        .other = walk->at->number,
        .number = walk->id,
        .at = step->event->now,
        .until = until,
        .state = (uint8_t)state,
        .key = hr_key_pair(awaits, walk->automation->meaning),
    };
    return hr_step_emit(step, &fact);
}

hr_status hr_run_finish(struct hr_walk *walk, enum hr_run_end end, struct hr_text why,
                        const struct hr_value *seen)
{
    struct hr_step *step = walk->passing->step;
    uint32_t automation = walk->automation->name_number;
    const struct hr_fact fact = {
        .kind = HR_FACT_run_ended,
        .record = walk->passing->contact,
        .name = automation,
        .other = walk->at == NULL ? 0 : walk->at->number,
        .number = walk->id,
        .at = step->event->now,
        .state = (uint8_t)end,
        .text = why,
        .value = seen == NULL ? hr_value_null() : *seen,
    };
    if (end == HR_RUN_failed) {
        HR_TRY(hr_run_trouble(walk, HR_URGENCY_normal));
    }
    HR_TRY(hr_step_emit(step, &fact));
    return hr_run_count(step, automation, HR_COUNT_running, HR_COUNT_ended + (unsigned)end);
}

hr_status hr_walk_tell(struct hr_walk *walk, const struct hr_plan_step *taken,
                       enum hr_result result, struct hr_text words)
{
    const struct hr_fact fact = {
        .kind = HR_FACT_step_taken,
        .record = walk->passing->contact,
        .other = taken->number,
        .number = walk->id,
        .state = (uint8_t)result,
        .text = words,
    };
    return hr_step_emit(walk->passing->step, &fact);
}

/* ---- going on ------------------------------------------------------------------------------------------ */

const struct hr_run *hr_walk_run(const struct hr_walk *walk)
{
    const struct hr_contact *contact = hr_step_contact(walk->passing->step, walk->passing->contact);
    return contact == NULL ? NULL : hr_contact_run(contact, walk->id);
}

static const struct hr_contact *linked(void *context, uint64_t record)
{
    return hr_step_contact(context, record);
}

/* The step works on copies, so the view still has what was there when the entry began. */
static const struct hr_contact *was_before(void *context, uint64_t record)
{
    const struct hr_step *step = context;
    const struct hr_record *before = hr_view_record(step->view, record);
    return before != NULL && before->exists ? before->contact : NULL;
}

struct hr_sight hr_passing_sight(const struct hr_passing *passing,
                                 const struct hr_kept_event *trigger)
{
    return (struct hr_sight){
        .compares = true,
        .before = was_before(passing->step, passing->contact),
        .plan = passing->step->plan,
        .contact = hr_step_contact(passing->step, passing->contact),
        .event = passing->now == NULL ? NULL : &passing->now->event,
        .trigger = trigger,
        .at = INT64_MAX - 1, /* what holds now, whenever it was said to begin */
        .now = passing->step->event->now,
        .linked = linked,
        .linked_before = was_before,
        .linked_by = passing->step,
    };
}

struct hr_sight hr_walk_sight(const struct hr_walk *walk)
{
    const struct hr_run *run = hr_walk_run(walk);
    return hr_passing_sight(walk->passing, run == NULL ? NULL : &run->trigger);
}

static hr_status take(struct hr_walk *walk, bool *ret_goes_on)
{
    const struct hr_plan_step *taken = walk->at;
    enum hr_result result = HR_RESULT_did;
    struct hr_text words = HR_TEXT_NONE;
    hr_step_taker taker = hr_step_taker_of(taken->kind);
    hr_assert(taker != NULL); /* nobody is enrolled where a step is not available */
    HR_TRY(taker(walk, &result, &words));
    *ret_goes_on = result != HR_RESULT_waits && result != HR_RESULT_ended;
    if (result == HR_RESULT_ended) {
        return hr_done();
    }
    HR_TRY(hr_walk_tell(walk, taken, result, words));
    if (*ret_goes_on && walk->at == taken) {
        walk->at = hr_step_after(walk->automation, taken);
    }
    return hr_done();
}

hr_status hr_walk_on(struct hr_walk *walk)
{
    bool goes_on = true;
    while (goes_on && walk->at != NULL) {
        if (++walk->passing->steps_taken > HR_RUN_STEPS_MAX) {
            return hr_run_finish(walk, HR_RUN_failed,
                                 HR_TEXT("more steps at once than one event may lead to"), NULL);
        }
        HR_TRY(take(walk, &goes_on));
    }
    return walk->at == NULL && goes_on ? hr_run_finish(walk, HR_RUN_done, HR_TEXT_NONE, NULL)
                                       : hr_done();
}
