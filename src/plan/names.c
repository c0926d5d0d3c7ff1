/* Looking things up in a plan: by id, and by the numbers that the journal gave its names. */
#include "plan/plan.h"

/* From a bound number to a table's index: open addressing, at most half full. */
struct number_index {
    uint32_t *numbers; /* 0: free */
    int32_t *items;
    uint32_t mask; /* slots - 1 */
};

struct hr_plan_indexes {
    struct number_index person, field, tool, handoff, automation, event;
    struct hr_map automation_ids, message_ids, event_ids; /* there may be thousands */
};

/* ---- by id ------------------------------------------------------------------------------------ */

int32_t hr_plan_person(const struct hr_plan *plan, struct hr_text id)
{
    for (size_t i = 0; i < plan->person_count; i++) {
        if (hr_text_equal(plan->people[i].id, id)) {
            return (int32_t)i;
        }
    }
    return HR_NONE_INDEX;
}

int32_t hr_plan_tool(const struct hr_plan *plan, struct hr_text id)
{
    for (size_t i = 0; i < plan->tool_count; i++) {
        if (hr_text_equal(plan->tools[i].id, id)) {
            return (int32_t)i;
        }
    }
    return HR_NONE_INDEX;
}

int32_t hr_plan_field(const struct hr_plan *plan, struct hr_text id)
{
    for (size_t i = 0; i < plan->field_count; i++) {
        if (hr_text_equal(plan->fields[i].id, id)) {
            return (int32_t)i;
        }
    }
    return HR_NONE_INDEX;
}

int32_t hr_plan_path(const struct hr_plan *plan, struct hr_text id)
{
    for (size_t i = 0; i < plan->path_count; i++) {
        if (hr_text_equal(plan->paths[i].id, id)) {
            return (int32_t)i;
        }
    }
    return HR_NONE_INDEX;
}

int32_t hr_plan_handoff(const struct hr_plan *plan, struct hr_text id)
{
    int32_t found = HR_NONE_INDEX;
    for (size_t i = 0; i < plan->handoff_count; i++) {
        if (hr_text_equal(plan->handoffs[i].full_id, id)) {
            return (int32_t)i;
        }
        if (hr_text_equal(plan->handoffs[i].id, id)) {
            if (found >= 0) {
                return HR_NONE_INDEX; /* two paths have one: it must be path.handoff */
            }
            found = (int32_t)i;
        }
    }
    return found;
}

int32_t hr_plan_team(const struct hr_plan *plan, struct hr_text id)
{
    for (size_t i = 0; i < plan->team_count; i++) {
        if (hr_text_equal(plan->teams[i].id, id)) {
            return (int32_t)i;
        }
    }
    return HR_NONE_INDEX;
}

int32_t hr_plan_pipeline(const struct hr_plan *plan, struct hr_text id)
{
    for (size_t i = 0; i < plan->pipeline_count; i++) {
        if (hr_text_equal(plan->pipelines[i].id, id)) {
            return (int32_t)i;
        }
    }
    return HR_NONE_INDEX;
}

int32_t hr_plan_table(const struct hr_plan *plan, struct hr_text id)
{
    for (size_t i = 0; i < plan->table_count; i++) {
        if (hr_text_equal(plan->tables[i].id, id)) {
            return (int32_t)i;
        }
    }
    return HR_NONE_INDEX;
}

static int32_t find_name(const struct hr_map *map, struct hr_text id)
{
    const uint64_t *index = hr_map_find(map, id);
    return index == NULL ? HR_NONE_INDEX : (int32_t)*index;
}

int32_t hr_plan_automation(const struct hr_plan *plan, struct hr_text id)
{
    return find_name(&plan->indexes->automation_ids, id);
}

int32_t hr_plan_message(const struct hr_plan *plan, struct hr_text id)
{
    return find_name(&plan->indexes->message_ids, id);
}

int32_t hr_plan_event(const struct hr_plan *plan, struct hr_text name)
{
    return find_name(&plan->indexes->event_ids, name);
}

/* ---- by number -------------------------------------------------------------------------------- */

static uint32_t slot_of(const struct number_index *index, uint32_t number)
{
    return (number * UINT32_C(2654435761) >> 7) & index->mask;
}

/* False without memory. */
static bool make_index(struct hr_arena *into, struct number_index *index, size_t count)
{
    uint32_t slots = 2;
    while (slots < 2 * count) {
        slots *= 2;
    }
    index->numbers = hr_arena_new_many(into, uint32_t, slots);
    index->items = hr_arena_new_many(into, int32_t, slots);
    index->mask = slots - 1;
    return index->numbers != NULL && index->items != NULL;
}

static bool make_number_indexes(struct hr_plan *plan, struct hr_arena *into)
{
    struct hr_plan_indexes *indexes = plan->indexes;
    return make_index(into, &indexes->person, plan->person_count) &&
           make_index(into, &indexes->field, plan->field_count) &&
           make_index(into, &indexes->tool, plan->tool_count) &&
           make_index(into, &indexes->handoff, plan->handoff_count) &&
           make_index(into, &indexes->automation, plan->automation_count) &&
           make_index(into, &indexes->event, plan->event_name_count);
}

static void mark_awaited(struct hr_plan *plan, const struct hr_plan_steps *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct hr_plan_step *step = &steps->items[i];
        if (step->kind == HR_STEP_wait_for && step->wait_for->event >= 0) {
            plan->event_names[step->wait_for->event].awaited = true;
        }
        if (step->kind == HR_STEP_branch) { /* at most HR_STEP_DEPTH_MAX deep */
            mark_awaited(plan, &step->branch->then);
            mark_awaited(plan, &step->branch->otherwise);
        }
    }
}

/* For each event the automations that it triggers, in the order of the files. */
static hr_status index_starts(struct hr_plan *plan, struct hr_arena *into)
{
    size_t *counts = hr_arena_new_many(into, size_t, plan->event_name_count);
    if (counts == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < plan->automation_count; i++) {
        const struct hr_trigger *trigger = &plan->automations[i].trigger;
        mark_awaited(plan, &plan->automations[i].steps);
        for (size_t k = 0; k < trigger->event_count; k++) {
            counts[trigger->events[k]]++;
        }
    }
    int32_t **starts = hr_arena_new_many(into, int32_t *, plan->event_name_count);
    for (size_t i = 0; starts != NULL && i < plan->event_name_count; i++) {
        starts[i] = hr_arena_new_many(into, int32_t, counts[i]);
        if (starts[i] == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        plan->event_names[i].starts = starts[i];
        plan->event_names[i].start_count = 0;
    }
    for (size_t i = 0; starts != NULL && i < plan->automation_count; i++) {
        const struct hr_trigger *trigger = &plan->automations[i].trigger;
        for (size_t k = 0; k < trigger->event_count; k++) {
            struct hr_event_name *name = &plan->event_names[trigger->events[k]];
            starts[trigger->events[k]][name->start_count++] = (int32_t)i;
        }
    }
    return starts == NULL ? hr_answer(HR_E_MEMORY) : hr_done();
}

hr_status hr_plan_index(struct hr_plan *plan, struct hr_arena *into)
{
    plan->indexes = hr_arena_new(into, struct hr_plan_indexes);
    if (plan->indexes == NULL || !make_number_indexes(plan, into)) {
        return hr_answer(HR_E_MEMORY);
    }
    hr_map_init(&plan->indexes->automation_ids, into);
    for (size_t i = 0; i < plan->automation_count; i++) {
        HR_TRY(hr_map_put(&plan->indexes->automation_ids, plan->automations[i].id, i));
    }
    hr_map_init(&plan->indexes->message_ids, into);
    for (size_t i = 0; i < plan->message_count; i++) {
        HR_TRY(hr_map_put(&plan->indexes->message_ids, plan->messages[i].id, i));
    }
    hr_map_init(&plan->indexes->event_ids, into);
    for (size_t i = 0; i < plan->event_name_count; i++) {
        HR_TRY(hr_map_put(&plan->indexes->event_ids, plan->event_names[i].name, i));
    }
    return index_starts(plan, into);
}

static void clear_index(struct number_index *index)
{
    for (uint32_t i = 0; i <= index->mask; i++) {
        index->numbers[i] = 0;
    }
}

static void put_number(struct number_index *index, uint32_t number, size_t item)
{
    if (number == 0) {
        return;
    }
    uint32_t slot = slot_of(index, number);
    while (index->numbers[slot] != 0) {
        slot = (slot + 1) & index->mask;
    }
    index->numbers[slot] = number;
    index->items[slot] = (int32_t)item;
}

static int32_t find_number(const struct number_index *index, uint32_t number)
{
    if (number == 0) {
        return HR_NONE_INDEX;
    }
    for (uint32_t slot = slot_of(index, number); index->numbers[slot] != 0;
         slot = (slot + 1) & index->mask) {
        if (index->numbers[slot] == number) {
            return index->items[slot];
        }
    }
    return HR_NONE_INDEX;
}

int32_t hr_plan_person_numbered(const struct hr_plan *plan, uint32_t name_number)
{
    return find_number(&plan->indexes->person, name_number);
}

int32_t hr_plan_field_numbered(const struct hr_plan *plan, uint32_t name_number)
{
    return find_number(&plan->indexes->field, name_number);
}

int32_t hr_plan_tool_numbered(const struct hr_plan *plan, uint32_t name_number)
{
    return find_number(&plan->indexes->tool, name_number);
}

int32_t hr_plan_handoff_numbered(const struct hr_plan *plan, uint32_t name_number)
{
    return find_number(&plan->indexes->handoff, name_number);
}

int32_t hr_plan_automation_numbered(const struct hr_plan *plan, uint32_t name_number)
{
    return find_number(&plan->indexes->automation, name_number);
}

const struct hr_action *hr_tool_action_numbered(const struct hr_tool *tool, uint32_t name_number)
{
    for (size_t i = 0; i < tool->action_count; i++) {
        if (tool->actions[i].name_number == name_number) {
            return &tool->actions[i];
        }
    }
    return NULL;
}

int32_t hr_plan_event_numbered(const struct hr_plan *plan, uint32_t name_number)
{
    return find_number(&plan->indexes->event, name_number);
}

int32_t hr_plan_purpose_numbered(const struct hr_plan *plan, uint32_t name_number)
{
    for (size_t i = 0; name_number != 0 && i < plan->policies.purpose_count; i++) {
        if (plan->policies.purposes[i].name_number == name_number) {
            return (int32_t)i;
        }
    }
    return HR_NONE_INDEX;
}

int32_t hr_plan_purpose(const struct hr_plan *plan, struct hr_text id)
{
    for (size_t i = 0; i < plan->policies.purpose_count; i++) {
        if (hr_text_equal(plan->policies.purposes[i].id, id)) {
            return (int32_t)i;
        }
    }
    return HR_NONE_INDEX;
}

/* ---- binding ---------------------------------------------------------------------------------- */

/* The fields of the other kinds of record; those of contacts are bound already. */
static void bind_records(struct hr_plan *plan, hr_name_number_of number_of, void *context)
{
    for (size_t type = HR_RECORD_TYPE_contact + 1; type < HR_RECORD_TYPE_COUNT; type++) {
        for (size_t i = 0; i < plan->records[type].field_count; i++) {
            struct hr_field *field = &plan->records[type].fields[i];
            field->name_number = number_of(context, field->id);
        }
    }
}

void hr_plan_bind(struct hr_plan *plan, uint32_t number, hr_name_number_of number_of, void *context)
{
    hr_assert(plan->indexes != NULL); /* a plan that check refused cannot be bound */
    plan->number = number;
    clear_index(&plan->indexes->person);
    clear_index(&plan->indexes->field);
    clear_index(&plan->indexes->tool);
    clear_index(&plan->indexes->handoff);
    clear_index(&plan->indexes->automation);
    clear_index(&plan->indexes->event);
    for (size_t i = 0; i < plan->person_count; i++) {
        plan->people[i].name_number = number_of(context, plan->people[i].id);
        put_number(&plan->indexes->person, plan->people[i].name_number, i);
    }
    for (size_t i = 0; i < plan->field_count; i++) {
        plan->fields[i].name_number = number_of(context, plan->fields[i].id);
        put_number(&plan->indexes->field, plan->fields[i].name_number, i);
    }
    for (size_t i = 0; i < plan->attribute_count; i++) {
        plan->attribute_numbers[i] = number_of(context, plan->attributes[i]);
    }
    for (size_t i = 0; i < plan->tool_count; i++) {
        struct hr_tool *tool = &plan->tools[i];
        tool->name_number = number_of(context, tool->id);
        put_number(&plan->indexes->tool, tool->name_number, i);
        for (size_t event = 0; event < tool->event_count; event++) {
            tool->events[event].name_number = number_of(context, tool->events[event].name);
        }
    }
    for (size_t i = 0; i < plan->path_count; i++) {
        plan->paths[i].name_number = number_of(context, plan->paths[i].id);
    }
    for (size_t i = 0; i < plan->handoff_count; i++) {
        struct hr_handoff *handoff = &plan->handoffs[i];
        handoff->name_number = number_of(context, handoff->full_id);
        put_number(&plan->indexes->handoff, handoff->name_number, i);
        for (size_t type = 0; type < handoff->proof_type_count; type++) {
            handoff->proof_type_numbers[type] = number_of(context, handoff->proof_types[type]);
        }
    }
    for (size_t i = 0; i < plan->event_name_count; i++) {
        plan->event_names[i].name_number = number_of(context, plan->event_names[i].name);
        put_number(&plan->indexes->event, plan->event_names[i].name_number, i);
    }
    for (size_t i = 0; i < plan->automation_count; i++) {
        plan->automations[i].name_number = number_of(context, plan->automations[i].id);
        put_number(&plan->indexes->automation, plan->automations[i].name_number, i);
    }
    for (size_t i = 0; i < plan->team_count; i++) {
        plan->teams[i].name_number = number_of(context, plan->teams[i].id);
    }
    for (size_t i = 0; i < plan->message_count; i++) {
        plan->messages[i].name_number = number_of(context, plan->messages[i].id);
    }
    for (size_t i = 0; i < plan->policies.purpose_count; i++) {
        struct hr_purpose *purpose = &plan->policies.purposes[i];
        purpose->name_number = number_of(context, purpose->id);
    }
    for (size_t i = 0; i < plan->tool_count; i++) {
        for (size_t k = 0; k < plan->tools[i].action_count; k++) {
            struct hr_action *action = &plan->tools[i].actions[k];
            action->name_number = number_of(context, action->full_id);
        }
    }
    bind_records(plan, number_of, context);
}
