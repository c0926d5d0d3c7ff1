/* The two beats: what a step will read, and the step itself: dispatch to a concern, then put the entry together. */
#include "engine/step_internal.h"

/* ---- the entry ---------------------------------------------------------------------------------- */

static bool has_body_facts(const struct hr_step *step, uint64_t record)
{
    for (size_t i = 0; i < step->body_count; i++) {
        if (step->body_facts[i].record == record) {
            return true;
        }
    }
    return false;
}

/* One part per linked record that has something to keep. */
static hr_status make_parts(struct hr_step *step, struct hr_entry *entry)
{
    entry->parts = hr_arena_new_many(step->arena, struct hr_part, step->link_count);
    struct hr_fact *sorted = hr_arena_new_many(step->arena, struct hr_fact, step->body_count);
    if (entry->parts == NULL || sorted == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    size_t at = 0;
    uint8_t payload_part = HR_NO_PART;
    for (size_t i = 0; i < step->link_count; i++) {
        struct hr_link *link = &step->links[i];
        bool keeps_payload = link->record == step->payload_record && step->event->payload.size > 0;
        if (!keeps_payload && !has_body_facts(step, link->record)) {
            continue;
        }
        struct hr_part *part = &entry->parts[entry->part_count];
        part->payload = keeps_payload ? step->event->payload : HR_TEXT_NONE;
        part->facts = sorted + at;
        for (size_t k = 0; k < step->body_count; k++) {
            if (step->body_facts[k].record == link->record) {
                sorted[at++] = step->body_facts[k];
                part->fact_count++;
            }
        }
        link->part = (uint8_t)entry->part_count++;
        payload_part = keeps_payload ? link->part : payload_part;
    }
    hr_assert(at == step->body_count);
    for (size_t i = 0; i < step->link_count; i++) {
        if (step->links[i].record == step->payload_shared && step->links[i].part == HR_NO_PART) {
            step->links[i].part = payload_part;
        }
    }
    return hr_done();
}

/* Every linked record remembers this entry as its newest. */
static hr_status chain_links(struct hr_step *step)
{
    for (size_t i = 0; i < step->link_count; i++) {
        struct hr_link *link = &step->links[i];
        const struct hr_record *record = hr_step_record(step, link->record);
        hr_assert(record != NULL);
        link->previous = record->last_position;
        if (!record->exists) {
            continue; /* erased by this very step */
        }
        struct hr_record *own = hr_step_own(step, record);
        if (own == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        own->last_position = step->event->position;
    }
    return hr_done();
}

static hr_status finish(struct hr_step *step, struct hr_entry *ret_entry)
{
    const struct hr_event *event = step->event;
    const struct hr_heard *heard = event->heard;
    hr_assert(heard == NULL || step->plan != NULL);
    *ret_entry = (struct hr_entry){
        .position = event->position,
        .kind = event->kind,
        .plan = step->plan == NULL ? 0 : step->plan->number,
        .recorded_at = event->now,
        .occurred_at = heard != NULL ? heard->occurred_at : event->now,
        .tool = heard != NULL ? step->plan->tools[heard->tool].name_number : 0,
        .type = heard != NULL && heard->type != NULL ? heard->type->name_number : 0,
        .person = event->command != NULL ? event->command->person : event->person,
        .cause = event->cause,
    };
    if (heard != NULL && event->kind == HR_EVENT_heard) {
        ret_entry->key = heard->delivery;
    }
    HR_TRY(chain_links(step));
    HR_TRY(make_parts(step, ret_entry));
    ret_entry->links = step->links;
    ret_entry->link_count = step->link_count;
    ret_entry->facts = step->header_facts;
    ret_entry->fact_count = step->header_count;
    for (size_t i = 0; i < step->changed.record_count; i++) {
        HR_TRY(hr_view_put_record(step->view, step->changed.records[i]));
    }
    for (size_t i = 0; i < step->changed.entry_count; i++) {
        const struct hr_index_entry *entry = &step->changed.entries[i];
        HR_TRY(hr_view_put_entry(step->view, (enum hr_space)entry->space, &entry->key, entry->value,
                                 true));
    }
    return hr_done();
}

/* ---- the two beats ------------------------------------------------------------------------------ */

static hr_status dispatch(struct hr_step *step)
{
    switch (step->event->kind) {
    case HR_EVENT_heard:
        return hr_step_heard(step);
    case HR_EVENT_due:
        return hr_step_due(step);
    case HR_EVENT_command:
        return hr_step_command(step);
    case HR_EVENT_outcome:
        return hr_step_outcome(step);
    case HR_EVENT_published:
        return hr_step_published(step);
    case HR_EVENT_erased:
        return hr_step_erased(step);
    }
    return hr_answer(HR_E_INPUT);
}

hr_status hr_engine_step(const struct hr_engine *engine, struct hr_view *view,
                         const struct hr_event *event, const struct hr_members *members,
                         struct hr_needs *needs, struct hr_entry *ret_entry)
{
    struct hr_step step = {
        .engine = engine,
        .plan = engine->plan,
        .view = view,
        .event = event,
        .members = members,
        .needs = needs,
        .arena = view->arena,
    };
    hr_step_begin(&step);
    *ret_entry = (struct hr_entry){0};
    hr_status status = dispatch(&step);
    if (step.missing) {
        return hr_answer(HR_E_NEEDS);
    }
    HR_TRY(status);
    if (view->arena->failed) {
        return hr_answer(
            HR_E_MEMORY); /* a condition that could not be looked at is not one that does not hold */
    }
    if (step.link_count == 0 && step.header_count == 0) {
        return hr_done();
    }
    return finish(&step, ret_entry);
}

static void add_record(struct hr_needs *needs, uint64_t id)
{
    if (needs->record_count < HR_NEEDS_MAX) {
        needs->records[needs->record_count++] = id;
    }
}

void hr_engine_keys(const struct hr_engine *engine, const struct hr_event *event,
                    struct hr_needs *needs)
{
    if (event->heard != NULL) {
        /* tells whether what was proven was judged by the rules in force */
        add_record(needs, HR_ID_WORKSPACE);
        add_record(needs, HR_ID_TOOL + engine->plan->tools[event->heard->tool].name_number);
        for (size_t i = 0; i < event->heard->key_count && needs->entry_count < HR_NEEDS_MAX; i++) {
            needs->entries[needs->entry_count].space = HR_SPACE_match;
            needs->entries[needs->entry_count++].key = event->heard->keys[i].key;
        }
    }
    for (size_t i = 0; event->heard != NULL && i < event->heard->record_count; i++) {
        const struct hr_heard_record *record = &event->heard->records[i];
        for (size_t k = 0; k < record->key_count && needs->entry_count < HR_NEEDS_MAX; k++) {
            needs->entries[needs->entry_count].space = HR_SPACE_match;
            needs->entries[needs->entry_count++].key = record->keys[k].key;
        }
    }
    if (event->record != 0) {
        add_record(needs, event->record);
    }
    if (event->command != NULL && event->command->issue != 0) {
        add_record(needs, event->command->issue);
    }
    if (event->command != NULL && event->command->contact != 0) {
        add_record(needs, event->command->contact);
    }
}
