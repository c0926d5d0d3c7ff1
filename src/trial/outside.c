/* What is outside of a test: tools do what they are asked, but for the one that the test breaks; people say yes. All
 * answer at once, in the order in which they were asked. */
#include "engine/automation.h"
#include "trial/inside.h"

/* It leaves, the tool is asked whether it did, or a person whether it may. */
static bool is_asked(const struct hr_fact *fact)
{
    return fact->kind == HR_FACT_effect_moved &&
           (fact->state == HR_EFFECT_intended || fact->state == HR_EFFECT_checking ||
            fact->state == HR_EFFECT_asks);
}

hr_status hr_outside_note(struct hr_world *world, const struct hr_entry *entry)
{
    for (size_t i = 0; i < entry->fact_count; i++) {
        if (!is_asked(&entry->facts[i])) {
            continue;
        }
        uint64_t *answers = hr_list_grow(&world->arena, world->answers, world->answer_count,
                                         &world->answer_capacity, sizeof *answers);
        if (answers == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        world->answers = answers;
        answers[world->answer_count++] = entry->facts[i].record;
    }
    return hr_done();
}

/* ---- tools ------------------------------------------------------------------------------------------------ */

static bool is_broken(const struct hr_world *world, const struct hr_effect *effect)
{
    const struct hr_test *test = world->test;
    if (test->break_tool < 0 || effect->tool != world->plan.tools[test->break_tool].name_number) {
        return false;
    }
    hr_instant until = hr_hours_after(&world->plan.hours, world->began_at, test->break_for);
    return until == HR_INSTANT_NONE || world->now < until;
}

/* A broken tool does nothing and says nothing; so whoever is asked later whether it was done says no. */
static struct hr_event outcome_of(const struct hr_world *world, uint64_t id,
                                  const struct hr_effect *effect)
{
    struct hr_event event = {.kind = HR_EVENT_outcome,
                             .record = id,
                             .outcome = HR_OUTCOME_confirmed,
                             .retry_at = HR_INSTANT_NONE,
                             .answer = HR_TEXT("in a test, it is done")};
    if (is_broken(world, effect)) {
        event.outcome = HR_OUTCOME_unknown;
        event.fault = HR_BLAME_transient;
        event.answer = HR_TEXT("the test broke the tool: no answer");
    } else if (effect->state == HR_EFFECT_checking) {
        event.outcome = HR_OUTCOME_not_done;
        event.answer = HR_TEXT("in a test, it was not done");
    }
    return event;
}

/* ---- people ------------------------------------------------------------------------------------------------- */

/* Who is asked: by the step itself, or by its automation's approval; NULL: whoever may. */
static const struct hr_parties *asked_of(const struct hr_plan *plan, const struct hr_effect *effect)
{
    int32_t index = hr_plan_automation_numbered(plan, effect->automation);
    const struct hr_automation *automation = index < 0 ? NULL : &plan->automations[index];
    const struct hr_plan_step *step =
        automation == NULL ? NULL : hr_step_numbered(automation, effect->step);
    if (step != NULL && step->kind == HR_STEP_ask) {
        return &step->ask->by;
    }
    return automation == NULL || automation->approval == NULL ? NULL : &automation->approval->by;
}

static int32_t first_person(const struct hr_plan *plan, const struct hr_parties *parties)
{
    for (size_t i = 0; parties != NULL && i < parties->count; i++) {
        const struct hr_party *party = &parties->items[i];
        if (party->kind == HR_PARTY_person) {
            return party->index;
        }
        if (party->kind == HR_PARTY_team && plan->teams[party->index].person_count > 0) {
            return plan->teams[party->index].people[0];
        }
    }
    return plan->contact_owner;
}

/* The first who is asked says yes to what stands there. */
static struct hr_event yes_of(struct hr_world *world, uint64_t id, const struct hr_effect *effect)
{
    const struct hr_plan *plan = &world->plan;
    int32_t person = first_person(plan, asked_of(plan, effect));
    world->command = (struct hr_command){.verb = HR_VERB_approve,
                                         .person = plan->people[person].name_number,
                                         .effect = id,
                                         .until = HR_INSTANT_NONE,
                                         .text = effect->seen};
    return (struct hr_event){.kind = HR_EVENT_command, .command = &world->command};
}

/* ---- the next answer ------------------------------------------------------------------------------------------ */

bool hr_outside_answer(struct hr_world *world, struct hr_event *ret_event)
{
    while (world->answered < world->answer_count) {
        uint64_t id = world->answers[world->answered++];
        const struct hr_record *record = hr_world_record(world, id);
        if (record == NULL || record->kind != HR_RECORD_effect) {
            continue;
        }
        enum hr_effect_state state = (enum hr_effect_state)record->effect->state;
        if (state == HR_EFFECT_asks) {
            *ret_event = yes_of(world, id, record->effect);
            return true;
        }
        if (state == HR_EFFECT_intended || state == HR_EFFECT_checking) {
            *ret_event = outcome_of(world, id, record->effect);
            return true;
        }
    }
    return false;
}
