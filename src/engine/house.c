/* What concerns the house as a whole: a plan is published, a contact (or a record that hangs on
 * one alone) is forgotten. */
#include "engine/related.h"

/* ---- publishing ---------------------------------------------------------------------------------- */

/* Every tool from which something is expected gets a window; one that nothing is expected from loses it, and one whose
 * rule changed is counted anew from now on. */
static hr_status set_windows(struct hr_step *step)
{
    for (size_t i = 0; i < step->plan->tool_count; i++) {
        const struct hr_tool *tool = &step->plan->tools[i];
        const struct hr_record *record = hr_step_record(step, HR_ID_TOOL + tool->name_number);
        HR_STEP_HAVE(record != NULL);
        bool counted = record->exists && record->tool->window_until != HR_INSTANT_NONE &&
                       record->tool->tool != 0;
        bool expected = tool->expect_at_least > 0;
        const struct hr_hours *hours = &step->plan->hours;
        bool same = counted == expected;
        if (same && counted) {
            same = hr_hours_after(hours, record->tool->window_from, tool->expect_every) ==
                   record->tool->window_until;
        }
        if (same && record->exists) {
            continue;
        }
        hr_instant until = HR_INSTANT_NONE;
        if (expected) {
            until = hr_hours_after(hours, step->event->now, tool->expect_every);
        }
        const struct hr_fact fact = {.kind = HR_FACT_tool_window,
                                     .name = tool->name_number,
                                     .at = step->event->now,
                                     .until = until};
        HR_TRY(hr_step_emit(step, &fact));
    }
    return hr_done();
}

struct naming {
    struct hr_step *step;
    struct hr_map numbers;
    uint64_t next;
    hr_status status;
};

static uint32_t number_of(void *context, struct hr_text word)
{
    struct naming *naming = context;
    const uint64_t *known = hr_map_find(&naming->numbers, word);
    if (known != NULL) {
        return (uint32_t)*known;
    }
    if (naming->next > HR_NAME_MAX) {
        naming->status = hr_answer(HR_E_LIMIT);
        return 0;
    }
    const struct hr_fact fact = {
        .kind = HR_FACT_name_added, .number = naming->next, .name = 0, .text = word};
    hr_status status = hr_step_emit(naming->step, &fact);
    if (!hr_ok(status) || !hr_ok(hr_map_put(&naming->numbers, word, naming->next))) {
        naming->status = hr_ok(status) ? hr_answer(HR_E_MEMORY) : status;
        return 0;
    }
    return (uint32_t)naming->next++;
}

hr_status hr_step_published(struct hr_step *step)
{
    struct hr_plan *plan = step->event->published;
    const struct hr_record *names = hr_step_record(step, HR_ID_NAMES);
    const struct hr_record *workspace = hr_step_record(step, HR_ID_WORKSPACE);
    HR_STEP_HAVE(names != NULL && workspace != NULL);
    struct naming naming = {.step = step, .next = 1, .status = hr_done()};
    hr_map_init(&naming.numbers, step->arena);
    for (size_t i = 0; names->exists && i < names->names->count; i++) {
        HR_TRY(hr_map_put(&naming.numbers, names->names->words[i], naming.next++));
    }
    uint64_t number = (workspace->exists ? workspace->workspace->plan_number : 0) + 1;
    hr_plan_bind(plan, (uint32_t)number, number_of, &naming);
    HR_TRY(naming.status);
    step->plan = plan;
    const struct hr_fact fact = {
        .kind = HR_FACT_plan_published,
        .number = number,
        .text = {(const char *)plan->digest.bytes, sizeof plan->digest.bytes},
        .at = step->event->now,
    };
    HR_TRY(hr_step_emit(step, &fact));
    HR_TRY(hr_step_link(step, HR_ID_WORKSPACE));
    step->payload_record = HR_ID_WORKSPACE;
    HR_TRY(set_windows(step));
    return hr_step_set_schedules(step);
}

/* ---- forgetting ---------------------------------------------------------------------------------- */

static hr_status leave_questions(struct hr_step *step, uint64_t contact)
{
    const struct hr_record *record = hr_step_record(step, contact);
    HR_STEP_HAVE(record != NULL);
    for (size_t i = 0; i < record->contact->observed_count; i++) {
        const struct hr_observed observed = record->contact->observed[i];
        struct hr_key key = hr_key_pair(observed.said.field, observed.said.writer);
        if (observed.issue != 0) {
            HR_TRY(hr_step_leave(step, observed.issue, contact, 0, &key, HR_MEMBER_erased));
        }
    }
    return hr_done();
}

/* What they went through ends with them; the counters stay right. */
static hr_status end_runs(struct hr_step *step, uint64_t contact)
{
    const struct hr_record *record = hr_step_record(step, contact);
    HR_STEP_HAVE(record != NULL);
    for (size_t i = 0; i < record->contact->run_count; i++) {
        const struct hr_run *run = &record->contact->runs[i];
        const struct hr_fact fact = {.kind = HR_FACT_automation_counted,
                                     .name = run->automation,
                                     .at = step->event->now,
                                     .from = HR_COUNT_running,
                                     .state = HR_COUNT_ended + HR_RUN_withdrawn};
        HR_TRY(hr_step_emit(step, &fact));
    }
    for (size_t i = 0; i < record->contact->trouble_count; i++) {
        const struct hr_trouble trouble = record->contact->troubles[i];
        struct hr_key key = hr_key_pair(trouble.run, 0);
        HR_TRY(hr_step_leave(step, trouble.issue, contact, 0, &key, HR_MEMBER_erased));
    }
    return hr_done();
}

static hr_status leave_issues(struct hr_step *step, uint64_t contact,
                              const struct hr_instance *instance)
{
    for (size_t i = 0; i < HR_SLOT_count; i++) {
        if (instance->issues[i] != 0) {
            HR_TRY(hr_step_leave(step, instance->issues[i], contact, instance->handoff,
                                 &instance->key, HR_MEMBER_erased));
        }
    }
    return hr_done();
}

hr_status hr_step_erased(struct hr_step *step)
{
    const struct hr_record *record = hr_step_record(step, step->event->record);
    HR_STEP_HAVE(record != NULL);
    if (!record->exists || !hr_record_has_fields(record->kind)) {
        return hr_answer(HR_E_REFUSED);
    }
    if (step->event->cause != 0 && step->event->cause != record->last_position) {
        return hr_answer(
            HR_E_REFUSED); /* more was heard of them since the host looked what to erase */
    }
    HR_TRY(hr_step_link(step, record->id));
    for (size_t i = 0; i < step->event->also_count; i++) {
        HR_TRY(hr_step_link(step, step->event->also[i]));
    }
    for (size_t i = 0; i < record->contact->instance_count; i++) {
        const struct hr_instance *instance = &record->contact->instances[i];
        const struct hr_fact moved = {.kind = HR_FACT_count_moved,
                                      .name = instance->handoff,
                                      .from = instance->stand,
                                      .state = HR_STAND_none,
                                      .number = 1};
        HR_TRY(hr_step_emit(step, &moved));
        HR_TRY(leave_issues(step, step->event->record, instance));
    }
    HR_TRY(leave_questions(step, step->event->record));
    HR_TRY(hr_step_uncount(step, step->event->record));
    HR_TRY(end_runs(step, step->event->record));
    HR_TRY(hr_step_let_go(step, step->event->record));
    const struct hr_fact fact = {.kind = HR_FACT_contact_erased, .record = step->event->record};
    return hr_step_emit(step, &fact);
}
