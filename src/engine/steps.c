/* What each kind of step does. One that is not in the table is not available yet; nobody is enrolled where one is. */
#include "engine/effects.h"
#include "engine/related.h"

/* ---- set ------------------------------------------------------------------------------------------------- */

static hr_status evaluate(struct hr_walk *walk, const struct hr_expr *expr,
                          struct hr_value *ret_value)
{
    struct hr_arena *arena = walk->passing->step->arena;
    struct hr_sight sight = hr_walk_sight(walk);
    sight.arena = arena;
    const struct hr_expr_view view = hr_sight_view(&sight);
    *ret_value = hr_value_null();
    hr_status status = hr_expr_evaluate(expr, &view, arena, ret_value, NULL);
    if (!hr_ok(status)) {
        *ret_value = hr_value_null();
    }
    return status.code == HR_E_MEMORY ? status : hr_done();
}

/* The first value whose rules hold; NULL: none. */
static const struct hr_set_value *chosen(struct hr_walk *walk, const struct hr_set_line *line)
{
    struct hr_sight sight = hr_walk_sight(walk);
    for (size_t i = 0; i < line->value_count; i++) {
        if (hr_sight_unmet(&sight, &line->values[i].when, walk->passing->step->arena) == NULL) {
            return &line->values[i];
        }
    }
    return NULL;
}

hr_status hr_run_write_word(struct hr_walk *walk, uint64_t record, const struct hr_word_said *word,
                            enum hr_result *ret_result)
{
    struct hr_step *step = walk->passing->step;
    const struct hr_contact *now = hr_step_contact(step, record);
    HR_STEP_HAVE(now != NULL);
    uint32_t number = hr_word_field(step->plan, word)->name_number;
    const struct hr_said *holder = hr_contact_field(now, number);
    if (holder != NULL && hr_value_equal(&holder->value, &word->value)) {
        *ret_result = HR_RESULT_nothing;
        return hr_done();
    }
    HR_TRY(hr_step_write(step, record, word));
    now = hr_step_contact(step, record);
    HR_STEP_HAVE(now != NULL);
    holder = hr_contact_field(now, number);
    bool holds = holder != NULL && hr_value_equal(&holder->value, &word->value);
    *ret_result = holds ? HR_RESULT_did : HR_RESULT_refused;
    return hr_done();
}

hr_status hr_run_write(struct hr_walk *walk, int32_t field, struct hr_value value, hr_instant at,
                       enum hr_result *ret_result)
{
    return hr_run_write_as(walk, hr_writer(HR_BY_automation, walk->automation->name_number), field,
                           value, at, ret_result);
}

hr_status hr_run_write_as(struct hr_walk *walk, uint32_t writer, int32_t field,
                          struct hr_value value, hr_instant at, enum hr_result *ret_result)
{
    const struct hr_word_said word = {
        .record = walk->automation->record,
        .field = field,
        .writer = writer,
        .at = at,
        .value = value,
    };
    return hr_run_write_word(walk, walk->passing->contact, &word, ret_result);
}

hr_status hr_run_value_of(struct hr_walk *walk, enum hr_record_type record,
                          const struct hr_set_line *line, struct hr_copied *ret_copied,
                          bool *ret_there)
{
    struct hr_step *step = walk->passing->step;
    const struct hr_set_value *set = chosen(walk, line);
    *ret_copied = (struct hr_copied){.field = line->field, .value = hr_value_null()};
    if (set != NULL) {
        HR_TRY(evaluate(walk, set->value, &ret_copied->value));
    }
    *ret_there = ret_copied->value.kind != HR_KIND_null &&
                 hr_typed(step->arena, step->plan, &step->plan->records[record].fields[line->field],
                          &ret_copied->value);
    return hr_done();
}

static hr_status set_line(struct hr_walk *walk, const struct hr_set_line *line, hr_instant at,
                          enum hr_result *ret_result)
{
    struct hr_step *step = walk->passing->step;
    const struct hr_set_value *set = chosen(walk, line);
    struct hr_value value = hr_value_null();
    *ret_result = HR_RESULT_nothing;
    if (set != NULL) {
        HR_TRY(evaluate(walk, set->value, &value));
    }
    if (value.kind == HR_KIND_null) {
        return hr_done();
    }
    const struct hr_field *field =
        &step->plan->records[walk->automation->record].fields[line->field];
    if (!hr_typed(step->arena, step->plan, field, &value)) {
        *ret_result = HR_RESULT_refused;
        return hr_done();
    }
    return hr_run_write(walk, line->field, value, at, ret_result);
}

static hr_status take_set(struct hr_walk *walk, enum hr_result *ret_result,
                          struct hr_text *ret_words)
{
    struct hr_step *step = walk->passing->step;
    const struct hr_step_set *set = walk->at->set;
    hr_instant at = step->event->now;
    struct hr_value order = hr_value_null();
    size_t counts[HR_RESULT_COUNT] = {0};
    if (set->order_by != NULL) {
        HR_TRY(evaluate(walk, set->order_by, &order));
        at = order.kind == HR_KIND_time ? order.time : at;
    }
    for (size_t i = 0; i < set->line_count; i++) {
        enum hr_result result;
        HR_TRY(set_line(walk, &set->lines[i], at, &result));
        counts[result]++;
    }
    *ret_result = counts[HR_RESULT_refused] > 0 ? HR_RESULT_refused
                  : counts[HR_RESULT_did] > 0   ? HR_RESULT_did
                                                : HR_RESULT_nothing;
    *ret_words = HR_TEXT_NONE;
    return hr_done();
}

/* ---- if -------------------------------------------------------------------------------------------------- */

static hr_status take_branch(struct hr_walk *walk, enum hr_result *ret_result,
                             struct hr_text *ret_words)
{
    const struct hr_step_branch *branch = walk->at->branch;
    struct hr_sight sight = hr_walk_sight(walk);
    bool holds = hr_sight_unmet(&sight, &branch->when, walk->passing->step->arena) == NULL;
    const struct hr_plan_steps *way = holds ? &branch->then : &branch->otherwise;
    walk->at = way->count > 0 ? way->items : hr_step_after(walk->automation, walk->at);
    *ret_result = HR_RESULT_did;
    *ret_words = holds ? HR_TEXT("yes") : HR_TEXT("no");
    return hr_done();
}

/* ---- wait ------------------------------------------------------------------------------------------------ */

/* "2 days, only in business hours" are two days on which the business is open; "45 minutes", as many open ones. */
static struct hr_span of_business(struct hr_span span)
{
    bool whole_days = span.unit == HR_SPAN_elapsed && span.amount % HR_DAY_US == 0;
    if (span.unit != HR_SPAN_elapsed) {
        return span;
    }
    return whole_days ? (struct hr_span){HR_SPAN_business_days, span.amount / HR_DAY_US}
                      : (struct hr_span){HR_SPAN_business_time, span.amount};
}

static hr_status take_wait(struct hr_walk *walk, enum hr_result *ret_result,
                           struct hr_text *ret_words)
{
    struct hr_step *step = walk->passing->step;
    struct hr_span span = walk->at->wait->span;
    if (walk->at->wait->only_in_business_hours) {
        span = of_business(span);
    }
    hr_instant until = hr_hours_after(&step->plan->hours, step->event->now, span);
    *ret_words = HR_TEXT_NONE;
    if (until == HR_INSTANT_NONE) {
        *ret_result = HR_RESULT_ended;
        return hr_run_finish(walk, HR_RUN_failed, HR_TEXT("the wait has no end in the calendar"),
                             NULL);
    }
    *ret_result = HR_RESULT_waits;
    return hr_run_wait(walk, HR_RUN_waits_time, until, 0);
}

/* What is waited for may have come already: since the enrollment's own event it counts. */
static bool came_before(struct hr_walk *walk)
{
    const struct hr_step_wait_for *wait = walk->at->wait_for;
    const struct hr_contact *contact = hr_step_contact(walk->passing->step, walk->passing->contact);
    const struct hr_run *run = hr_walk_run(walk);
    if (contact == NULL || run == NULL) {
        return false;
    }
    if (wait->handoff >= 0) {
        return hr_run_sees_proof(walk->passing->step->plan, contact, run, wait->handoff);
    }
    for (size_t i = 0; i < contact->kept_count; i++) {
        if (contact->kept[i].at >= run->trigger.at &&
            hr_run_sees_event(walk, wait, &contact->kept[i])) {
            return true;
        }
    }
    return false;
}

static hr_status take_wait_for(struct hr_walk *walk, enum hr_result *ret_result,
                               struct hr_text *ret_words)
{
    struct hr_step *step = walk->passing->step;
    const struct hr_step_wait_for *wait = walk->at->wait_for;
    *ret_words = HR_TEXT_NONE;
    if (came_before(walk)) {
        *ret_result = HR_RESULT_nothing;
        return hr_done();
    }
    hr_instant until = wait->has_up_to
                           ? hr_hours_after(&step->plan->hours, step->event->now, wait->up_to)
                           : HR_INSTANT_NONE;
    *ret_result = HR_RESULT_waits;
    return hr_run_wait(walk, HR_RUN_waits_event, until, 0);
}

/* ---- emit ------------------------------------------------------------------------------------------------ */

hr_status hr_walk_values(struct hr_walk *walk, const struct hr_arguments *arguments,
                         struct hr_value *ret_data)
{
    struct hr_member *members =
        hr_arena_new_many(walk->passing->step->arena, struct hr_member, arguments->count);
    uint32_t count = 0;
    if (members == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < arguments->count; i++) {
        struct hr_value value = hr_value_null();
        HR_TRY(evaluate(walk, arguments->items[i].value, &value));
        if (value.kind != HR_KIND_null) {
            members[count++] = (struct hr_member){hr_value_text(arguments->items[i].name), value};
        }
    }
    *ret_data = (struct hr_value){.kind = HR_KIND_map, .count = count, .members = members};
    return hr_done();
}

hr_status hr_walk_emit(struct hr_walk *walk, int32_t event, struct hr_value data)
{
    struct hr_passing *passing = walk->passing;
    struct hr_step *step = passing->step;
    const struct hr_happening made = {.event = {.type = step->plan->event_names[event].name_number,
                                                .at = step->event->now,
                                                .position = step->event->position,
                                                .data = data},
                                      .depth = passing->now == NULL ? 1 : passing->now->depth + 1};
    if (made.depth > HR_RUN_DEPTH_MAX || passing->emitted_count == HR_RUN_DEPTH_MAX) {
        HR_TRY(hr_run_trouble(walk, HR_URGENCY_urgent));
        return hr_run_finish(
            walk, HR_RUN_failed,
            HR_TEXT("events lead to events without end: automations run in a circle"), NULL);
    }
    passing->emitted[passing->emitted_count++] = made;
    const struct hr_fact fact = {
        .kind = HR_FACT_event_emitted,
        .record = passing->contact,
        .name = made.event.type,
        .other = walk->at->number,
        .number = walk->id,
        .at = made.event.at,
        .value = data,
    };
    return hr_step_emit(step, &fact);
}

static hr_status take_emit(struct hr_walk *walk, enum hr_result *ret_result,
                           struct hr_text *ret_words)
{
    struct hr_value data;
    HR_TRY(hr_walk_values(walk, &walk->at->emit->data, &data));
    HR_TRY(hr_walk_emit(walk, walk->at->emit->event, data));
    *ret_result = hr_walk_run(walk) == NULL ? HR_RESULT_ended : HR_RESULT_did;
    *ret_words = HR_TEXT_NONE;
    return hr_done();
}

/* ---- open_issue ------------------------------------------------------------------------------------------ */

static hr_status take_issue(struct hr_walk *walk, enum hr_result *ret_result,
                            struct hr_text *ret_words)
{
    *ret_result = HR_RESULT_did;
    *ret_words = HR_TEXT_NONE;
    return hr_run_trouble(walk, hr_urgency_of(walk->at->issue->severity));
}

/* ---- what a machine would write -------------------------------------------------------------------------- */

static hr_status take_ai(struct hr_walk *walk, enum hr_result *ret_result,
                         struct hr_text *ret_words)
{
    (void)walk;
    *ret_result = HR_RESULT_nothing;
    *ret_words = HR_TEXT("not available yet");
    return hr_done();
}

hr_step_taker hr_step_taker_of(enum hr_step_kind kind)
{
    static const hr_step_taker takers[HR_STEP_KIND_COUNT] = {
        [HR_STEP_set] = take_set,
        [HR_STEP_move_stage] = hr_take_move_stage,
        [HR_STEP_branch] = take_branch,
        [HR_STEP_wait] = take_wait,
        [HR_STEP_wait_for] = take_wait_for,
        [HR_STEP_emit] = take_emit,
        [HR_STEP_open_issue] = take_issue,
        [HR_STEP_assign] = hr_take_assign,
        [HR_STEP_send_email] = hr_take_send,
        [HR_STEP_call] = hr_take_call,
        [HR_STEP_notify] = hr_take_notify,
        [HR_STEP_ask] = hr_take_ask,
        [HR_STEP_copy] = hr_take_copy,
        [HR_STEP_create_task] = hr_take_create_task,
        [HR_STEP_ai_draft] = take_ai,
        [HR_STEP_ai_suggest] = take_ai,
    };
    return takers[kind];
}
