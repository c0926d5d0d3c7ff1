/* Every place that writes one field, found in a plan. */
#include "workspace/writers.h"

#include "workspace/check_inside.h"

struct listing {
    const struct hr_plan *plan;
    struct hr_arena *into;
    enum hr_record_type record;
    int32_t field;
    struct hr_writing *items;
    size_t count, capacity;
};

static void note(struct listing *listing, const struct hr_writing *writing)
{
    if (listing->count == listing->capacity) {
        void *grown = hr_list_grow(listing->into, listing->items, listing->count,
                                   &listing->capacity, sizeof *listing->items);
        if (grown == NULL) {
            return;
        }
        listing->items = grown;
    }
    listing->items[listing->count++] = *writing;
}

/* ---- tools ----------------------------------------------------------------------------------------- */

static void note_events(struct listing *listing, int32_t index)
{
    const struct hr_tool *tool = &listing->plan->tools[index];
    for (size_t event = 0; event < tool->event_count; event++) {
        const struct hr_event_type *type = &tool->events[event];
        bool writes = false;
        for (size_t i = 0; i < type->field_count; i++) {
            writes = writes || type->fields[i].field == listing->field;
        }
        for (size_t i = 0; i < type->contact_count; i++) {
            writes = writes || type->contact[i].field == listing->field;
        }
        if (writes && listing->record == HR_RECORD_TYPE_contact) {
            note(listing, &(struct hr_writing){.writer = {HR_WRITER_tool, index, tool->place},
                                               .by = type->name,
                                               .kind = HR_WRITING_event,
                                               .place = tool->place});
        }
    }
}

static void note_actions(struct listing *listing, int32_t index)
{
    const struct hr_tool *tool = &listing->plan->tools[index];
    for (size_t action = 0; action < tool->action_count; action++) {
        for (size_t i = 0; i < tool->actions[action].set_count; i++) {
            const struct hr_action_set *set = &tool->actions[action].sets[i];
            if (set->field.record == listing->record && set->field.field == listing->field) {
                note(listing, &(struct hr_writing){.writer = {HR_WRITER_tool, index, tool->place},
                                                   .by = tool->actions[action].id,
                                                   .kind = HR_WRITING_action,
                                                   .constant = set->value,
                                                   .place = set->field.place});
            }
        }
    }
}

/* ---- automations ------------------------------------------------------------------------------------- */

static const struct hr_set_line *find_line(const struct hr_set_line *lines, size_t count,
                                           int32_t field)
{
    for (size_t i = 0; i < count; i++) {
        if (lines[i].field == field) {
            return &lines[i];
        }
    }
    return NULL;
}

/* The line of a `set` or `copy_to` that writes the field; NULL when there is none. */
static const struct hr_set_line *line_of(const struct listing *listing, const struct hr_step_at *at)
{
    const struct hr_plan_step *step = at->step;
    if (step->kind == HR_STEP_set && at->automation->record == listing->record) {
        return find_line(step->set->lines, step->set->line_count, listing->field);
    }
    if (step->kind == HR_STEP_copy && step->copy->to == listing->record) {
        return find_line(step->copy->lines, step->copy->line_count, listing->field);
    }
    return NULL;
}

static bool is_moved(const struct listing *listing, const struct hr_plan_step *step)
{
    if (step->kind != HR_STEP_move_stage || step->move->stage < 0 || step->move->pipeline < 0) {
        return false;
    }
    const struct hr_pipeline *pipeline = &listing->plan->pipelines[step->move->pipeline];
    return pipeline->record == listing->record && pipeline->field == listing->field;
}

static bool is_given(const struct listing *listing, const struct hr_step_at *at)
{
    const struct hr_plan_step *step = at->step;
    bool ai = step->kind == HR_STEP_ai_draft || step->kind == HR_STEP_ai_suggest;
    int32_t field = step->kind == HR_STEP_assign ? step->assign->field
                    : ai                         ? step->ai->field
                                                 : HR_NONE_INDEX;
    return at->automation->record == listing->record && field == listing->field;
}

static void note_step(void *context, const struct hr_step_at *at)
{
    struct listing *listing = context;
    const struct hr_set_line *line = line_of(listing, at);
    bool moved = is_moved(listing, at->step);
    if (line == NULL && !moved && !is_given(listing, at)) {
        return;
    }
    struct hr_writing writing = {
        .writer = {HR_WRITER_automation, at->index, at->automation->place},
        .by = at->step->path,
        .kind = HR_WRITING_step,
        .step = at->step->kind,
        .constant = moved ? listing->plan->stages[at->step->move->stage].id : HR_TEXT_NONE,
        .place = line != NULL ? line->place : at->step->place,
    };
    writing.when[writing.when_count++] = &at->automation->when;
    for (size_t i = 0; i < at->under_count; i++) {
        if (!at->under[i].negated) { /* lines are told that must hold; an `else` has none */
            writing.when[writing.when_count++] = at->under[i].rules;
        }
    }
    note(listing, &writing);
}

/* ---- all of it ------------------------------------------------------------------------------------------ */

size_t hr_plan_writings(const struct hr_plan *plan, enum hr_record_type record, int32_t field,
                        struct hr_arena *into, const struct hr_writing **ret_items)
{
    hr_assert(field >= 0 && (size_t)field < plan->records[record].field_count);
    struct listing listing = {.plan = plan, .into = into, .record = record, .field = field};
    for (size_t i = 0; i < plan->tool_count; i++) {
        note_events(&listing, (int32_t)i);
        note_actions(&listing, (int32_t)i);
    }
    for (size_t i = 0; i < plan->automation_count; i++) {
        hr_each_step(plan, (int32_t)i, note_step, &listing);
    }
    *ret_items = listing.items;
    return listing.count;
}
