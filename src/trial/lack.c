/* What is not available yet, and would have mattered: a test that met it is neither passed nor failed. */
#include "engine/automation.h"
#include "engine/schedule.h"
#include "trial/inside.h"

/* ---- automations that cannot begin ------------------------------------------------------------------ */

/* "call, send_email (payment_to_access)" */
static hr_status add_lack(struct hr_world *world, const struct hr_automation *automation)
{
    struct hr_text lacks[HR_LACKS_MAX];
    size_t count = hr_automation_lacks(automation, lacks, HR_LACKS_MAX);
    struct hr_buffer words;
    hr_buffer_init(&words, &world->arena, HR_WORDS_BYTES_MAX);
    for (size_t i = 0; i < count && i < HR_LACKS_MAX; i++) {
        hr_buffer_add_format(&words, "%s%.*s", i > 0 ? ", " : "", HR_SHOW(lacks[i]));
    }
    hr_buffer_add_format(&words, " (%.*s)", HR_SHOW(automation->id));
    HR_TRY(hr_buffer_status(&words));
    return hr_words_add(world, &world->lacking, hr_buffer_text(&words));
}

/* It is not available, and would have begun: its conditions hold, and no rule stops it. */
static bool would_begin(struct hr_world *world, const struct hr_automation *automation,
                        const struct hr_contact *contact, const struct hr_kept_event *event)
{
    struct hr_sight sight = hr_world_sight(world, contact, event);
    return !hr_automation_runs(automation) &&
           hr_sight_unmet(&sight, &automation->when, &world->arena) == NULL &&
           hr_sight_any(&sight, &automation->stop, &world->arena) == NULL;
}

static hr_status met(struct hr_world *world, uint64_t contact, const struct hr_kept_event *event)
{
    const struct hr_record *record = hr_world_record(world, contact);
    int32_t name = hr_plan_event_numbered(&world->plan, event->type);
    if (record == NULL || record->kind != HR_RECORD_contact || name < 0) {
        return hr_done();
    }
    const struct hr_event_name *happened = &world->plan.event_names[name];
    for (size_t i = 0; i < happened->start_count; i++) {
        const struct hr_automation *automation = &world->plan.automations[happened->starts[i]];
        if (would_begin(world, automation, record->contact, event)) {
            HR_TRY(add_lack(world, automation));
        }
    }
    return hr_done();
}

static hr_status heard(struct hr_world *world, const struct hr_event *event,
                       const struct hr_entry *entry)
{
    const struct hr_kept_event kept = {.type = entry->type,
                                       .tool = entry->tool,
                                       .at = entry->occurred_at,
                                       .position = entry->position,
                                       .data = event->heard->data};
    for (size_t i = 0; i < entry->link_count; i++) {
        HR_TRY(met(world, entry->links[i].record, &kept));
    }
    return hr_done();
}

/* A schedule is no event: whether its time came is known at the end. */
hr_status hr_lack_note_schedules(struct hr_world *world)
{
    const struct hr_record *record = hr_world_record(world, world->contact);
    for (size_t i = 0; record != NULL && i < world->plan.automation_count; i++) {
        const struct hr_automation *automation = &world->plan.automations[i];
        const struct hr_timetable table = {.schedule = &automation->trigger.schedule,
                                           .zone = world->plan.zone,
                                           .hours = &world->plan.hours,
                                           .since = world->began_at};
        if (!automation->trigger.scheduled ||
            !would_begin(world, automation, record->contact, NULL)) {
            continue;
        }
        hr_instant next = hr_timetable_next(&table, world->began_at);
        if (next != HR_INSTANT_NONE && next <= world->now) {
            HR_TRY(add_lack(world, automation));
        }
    }
    return hr_done();
}

/* ---- steps that were passed over ------------------------------------------------------------------------ */

static hr_status enrolled(struct hr_world *world, const struct hr_fact *fact)
{
    struct hr_enrolled *items = hr_list_grow(&world->arena, world->enrolled, world->enrolled_count,
                                             &world->enrolled_capacity, sizeof *items);
    if (items == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    world->enrolled = items;
    items[world->enrolled_count++] =
        (struct hr_enrolled){.run = fact->number, .automation = fact->name};
    return hr_done();
}

static const struct hr_automation *automation_of(const struct hr_world *world, uint64_t run)
{
    for (size_t i = world->enrolled_count; i > 0; i--) {
        if (world->enrolled[i - 1].run == run) {
            int32_t index =
                hr_plan_automation_numbered(&world->plan, world->enrolled[i - 1].automation);
            return index < 0 ? NULL : &world->plan.automations[index];
        }
    }
    return NULL;
}

/* What a machine would write is not there: such steps are passed over, in a test as elsewhere. */
static hr_status passed_over(struct hr_world *world, const struct hr_fact *fact)
{
    const struct hr_automation *automation = automation_of(world, fact->number);
    const struct hr_plan_step *step =
        automation == NULL ? NULL : hr_step_numbered(automation, fact->other);
    bool by_machine =
        step != NULL && (step->kind == HR_STEP_ai_draft || step->kind == HR_STEP_ai_suggest);
    if (!by_machine || fact->state != HR_RESULT_nothing) {
        return hr_done();
    }
    struct hr_text kind = hr_step_kind_word(step->kind);
    struct hr_text words = hr_text_format(&world->arena, "%.*s (%.*s, step %.*s)", HR_SHOW(kind),
                                          HR_SHOW(automation->id), HR_SHOW(step->path));
    return hr_words_add(world, &world->skipped, words);
}

/* ---- one entry --------------------------------------------------------------------------------------------- */

static hr_status note_fact(struct hr_world *world, const struct hr_entry *entry,
                           const struct hr_fact *fact)
{
    if (fact->kind == HR_FACT_event_emitted) {
        const struct hr_kept_event kept = {
            .type = fact->name, .at = fact->at, .position = entry->position, .data = fact->value};
        return met(world, fact->record, &kept);
    }
    if (fact->kind == HR_FACT_run_began) {
        return enrolled(world, fact);
    }
    return fact->kind == HR_FACT_step_taken ? passed_over(world, fact) : hr_done();
}

hr_status hr_lack_note(struct hr_world *world, const struct hr_event *event,
                       const struct hr_entry *entry)
{
    if (event->kind == HR_EVENT_heard && event->heard->type != NULL) {
        HR_TRY(heard(world, event, entry));
    }
    for (size_t i = 0; i < entry->part_count; i++) {
        for (size_t k = 0; k < entry->parts[i].fact_count; k++) {
            HR_TRY(note_fact(world, entry, &entry->parts[i].facts[k]));
        }
    }
    return hr_done();
}
