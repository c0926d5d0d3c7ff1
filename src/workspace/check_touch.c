/* Which fields, tools and events one automation touches, from its conditions, its steps and the texts they send. */
#include "workspace/check_inside.h"

#include <string.h>

struct touching {
    const struct hr_facts *facts;
    struct hr_touch *touch;
    const struct hr_automation *automation;
    struct hr_place place; /* of what is looked at */
    uint8_t bits;          /* what a read counts as */
};

/* ---- fields ------------------------------------------------------------------------------------------ */

static void touch_field(struct touching *touching, enum hr_record_type record, int32_t field,
                        uint8_t bits)
{
    if (field < 0 || field >= HR_RECORD_FIELDS_MAX) {
        return;
    }
    uint8_t *seen = &touching->touch->fields[record][field];
    bool counts = (bits & (HR_TOUCH_read | HR_TOUCH_written)) != 0;
    if (counts && (*seen & (HR_TOUCH_read | HR_TOUCH_written)) == 0) {
        touching->touch->field_places[record][field] = touching->place;
    }
    *seen |= bits;
}

/* event.type == 'x' */
static void touch_event_type(struct touching *touching, const struct hr_expr *expr)
{
    struct hr_expr_read read = {0};
    const struct hr_value *literals = NULL;
    size_t count = 0;
    if (!hr_expr_equals_literal(expr, &read, &literals, &count) || read.name != HR_SCOPE_event ||
        read.field != HR_EVENT_FIELD_type) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const uint64_t *event =
            literals[i].kind == HR_KIND_text
                ? hr_map_find(&touching->facts->draft->type_by_name, hr_value_as_text(&literals[i]))
                : NULL;
        if (event != NULL) {
            touching->touch->events[*event] = true;
        }
    }
}

static void touch_expr(struct touching *touching, const struct hr_expr *expr)
{
    size_t count = 0;
    const struct hr_expr_read *reads = expr == NULL ? NULL : hr_expr_reads(expr, &count);
    for (size_t i = 0; i < count; i++) {
        /* who set it is known of contacts */
        enum hr_record_type record = reads[i].name == HR_SCOPE_set_by
                                         ? HR_RECORD_TYPE_contact
                                         : hr_scope_record(reads[i].name);
        if (reads[i].field >= 0 && record != HR_RECORD_TYPE_COUNT) {
            touch_field(touching, record, reads[i].field, touching->bits);
        }
    }
    if (count > 0) {
        touch_event_type(touching, expr);
    }
}

static void touch_line(void *context, const struct hr_clause *line)
{
    struct touching *touching = context;
    touching->place = line->place;
    touch_expr(touching, line->expr);
}

static void touch_rules(struct touching *touching, const struct hr_clauses *rules)
{
    struct hr_place before = touching->place;
    hr_clauses_each(rules, touch_line, touching);
    touching->place = before;
}

static void touch_exprs(struct touching *touching, const struct hr_expr *const *exprs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        touch_expr(touching, exprs[i]);
    }
}

static void touch_arguments(struct touching *touching, const struct hr_arguments *arguments)
{
    for (size_t i = 0; i < arguments->count; i++) {
        touch_expr(touching, arguments->items[i].value);
    }
}

/* ---- texts ---------------------------------------------------------------------------------------------- */

/* Fields that a text reads: contact.first_name. */
static void touch_template(struct touching *touching, const struct hr_words_template *words)
{
    size_t count = 0;
    const struct hr_template_read *reads =
        words->template == NULL ? NULL : hr_template_reads(words->template, &count);
    for (size_t i = 0; i < count; i++) {
        for (size_t record = 0; record < HR_RECORD_TYPE_COUNT; record++) {
            const struct hr_known_ids *names = &touching->facts->draft->records[record].field_names;
            if (hr_text_equal(reads[i].root, hr_record_type_word((enum hr_record_type)record))) {
                touch_field(touching, (enum hr_record_type)record,
                            hr_known_find(names, reads[i].field), HR_TOUCH_read);
            }
        }
    }
}

/* ---- steps ------------------------------------------------------------------------------------------------ */

static void touch_tool(struct touching *touching, int32_t tool)
{
    if (tool >= 0 && touching->touch->tools[tool] == 0) {
        touching->touch->tools[tool] = HR_TOUCH_asked;
        touching->touch->tool_places[tool] = touching->place;
    }
}

static void touch_lines(struct touching *touching, enum hr_record_type record,
                        const struct hr_set_line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        touching->place = lines[i].place;
        touch_field(touching, record, lines[i].field, HR_TOUCH_written);
        for (size_t value = 0; value < lines[i].value_count; value++) {
            touch_rules(touching, &lines[i].values[value].when);
            touch_expr(touching, lines[i].values[value].value);
        }
    }
}

static void touch_move(struct touching *touching, const struct hr_step_move *move)
{
    const struct hr_plan *plan = touching->facts->draft->plan;
    if (move->stage < 0 || move->pipeline < 0) {
        return;
    }
    const struct hr_pipeline *pipeline = &plan->pipelines[move->pipeline];
    touch_field(touching, pipeline->record, pipeline->field, HR_TOUCH_written);
    touching->bits = HR_TOUCH_about;
    touch_rules(touching, &plan->stages[move->stage].evidence);
    touching->bits = HR_TOUCH_read;
}

static void touch_assign(struct touching *touching, const struct hr_step_assign *assign)
{
    const struct hr_plan *plan = touching->facts->draft->plan;
    touch_field(touching, touching->automation->record, assign->field, HR_TOUCH_written);
    touch_rules(touching, &assign->skip);
    if (assign->kind == HR_ASSIGN_table && assign->index >= 0) {
        const struct hr_table *table = &plan->tables[assign->index];
        for (size_t i = 0; i < table->column_count; i++) {
            touch_field(touching, HR_RECORD_TYPE_contact, table->columns[i].field, HR_TOUCH_read);
        }
    }
}

static void touch_email(struct touching *touching, const struct hr_step_email *email)
{
    const struct hr_plan *plan = touching->facts->draft->plan;
    touch_tool(touching, hr_mailing_tool(plan, email));
    if (email->message >= 0) {
        const struct hr_message *message = &plan->messages[email->message];
        touch_template(touching, &message->subject);
        touch_template(touching, &message->text);
        touch_template(touching, &message->html);
    }
    if (email->purpose >= 0) {
        touch_field(touching, HR_RECORD_TYPE_contact,
                    plan->policies.purposes[email->purpose].consent_field, HR_TOUCH_about);
    }
    for (size_t i = 0; i < plan->field_count; i++) {
        if (plan->fields[i].type == HR_FIELD_email) { /* where it is sent to */
            touch_field(touching, HR_RECORD_TYPE_contact, (int32_t)i, HR_TOUCH_about);
        }
    }
}

static void touch_call(struct touching *touching, const struct hr_step_call *call)
{
    if (call->tool < 0) {
        return;
    }
    const struct hr_action *action =
        &touching->facts->draft->plan->tools[call->tool].actions[call->action];
    touch_tool(touching, call->tool);
    touch_arguments(touching, &call->with);
    touch_field(touching, action->by.record, action->by.field, HR_TOUCH_about);
    for (size_t i = 0; i < action->set_count; i++) {
        touch_field(touching, action->sets[i].field.record, action->sets[i].field.field,
                    HR_TOUCH_written);
    }
}

static void touch_writing(struct touching *touching, const struct hr_plan_step *step)
{
    switch (step->kind) {
    case HR_STEP_set:
        touch_lines(touching, touching->automation->record, step->set->lines,
                    step->set->line_count);
        touch_expr(touching, step->set->order_by);
        break;
    case HR_STEP_copy:
        touch_lines(touching, step->copy->to, step->copy->lines, step->copy->line_count);
        break;
    case HR_STEP_move_stage:
        touch_move(touching, step->move);
        break;
    case HR_STEP_assign:
        touch_assign(touching, step->assign);
        break;
    case HR_STEP_ai_draft:
    case HR_STEP_ai_suggest:
        touch_field(touching, touching->automation->record, step->ai->field, HR_TOUCH_written);
        touch_exprs(touching, step->ai->from, step->ai->from_count);
        break;
    case HR_STEP_create_task:
    case HR_STEP_send_email:
    case HR_STEP_call:
    case HR_STEP_wait:
    case HR_STEP_wait_for:
    case HR_STEP_branch:
    case HR_STEP_ask:
    case HR_STEP_notify:
    case HR_STEP_emit:
    case HR_STEP_open_issue:
    case HR_STEP_KIND_COUNT:
        break;
    }
}

static void touch_reaching(struct touching *touching, const struct hr_plan_step *step)
{
    switch (step->kind) {
    case HR_STEP_create_task:
        touch_template(touching, &step->task->title);
        break;
    case HR_STEP_send_email:
        touch_email(touching, step->email);
        break;
    case HR_STEP_call:
        touch_call(touching, step->call);
        break;
    case HR_STEP_wait_for:
        touch_rules(touching, &step->wait_for->when);
        if (step->wait_for->event >= 0) {
            touching->touch->events[step->wait_for->event] = true;
        }
        break;
    case HR_STEP_branch:
        touch_rules(touching, &step->branch->when);
        break;
    case HR_STEP_ask:
        touch_template(touching, &step->ask->text);
        touch_exprs(touching, step->ask->show, step->ask->show_count);
        break;
    case HR_STEP_notify:
        touch_template(touching, &step->notify->text);
        break;
    case HR_STEP_emit:
        touch_arguments(touching, &step->emit->data);
        break;
    case HR_STEP_open_issue:
        touch_template(touching, &step->issue->title);
        break;
    case HR_STEP_set:
    case HR_STEP_move_stage:
    case HR_STEP_assign:
    case HR_STEP_wait:
    case HR_STEP_copy:
    case HR_STEP_ai_draft:
    case HR_STEP_ai_suggest:
    case HR_STEP_KIND_COUNT:
        break;
    }
}

static void touch_step(void *context, const struct hr_step_at *at)
{
    struct touching *touching = context;
    enum hr_step_kind kind = at->step->kind;
    touching->place = at->step->place;
    touching->touch->effects += kind != HR_STEP_wait && kind != HR_STEP_wait_for &&
                                kind != HR_STEP_branch && kind != HR_STEP_ask;
    touch_writing(touching, at->step);
    touching->place = at->step->place;
    touch_reaching(touching, at->step);
}

/* ---- one automation -------------------------------------------------------------------------------------------- */

bool hr_touch_make(const struct hr_facts *facts, struct hr_touch *ret_touch)
{
    struct hr_draft *draft = facts->draft;
    struct hr_place *places =
        hr_draft_scratch(draft, struct hr_place, HR_RECORD_TYPE_COUNT * HR_RECORD_FIELDS_MAX);
    ret_touch->field_places = (struct hr_place(*)[HR_RECORD_FIELDS_MAX])(void *)places;
    ret_touch->tools = hr_draft_scratch(draft, uint8_t, draft->plan->tool_count);
    ret_touch->tool_places = hr_draft_scratch(draft, struct hr_place, draft->plan->tool_count);
    ret_touch->events = hr_draft_scratch(draft, bool, draft->plan->event_name_count);
    return places != NULL && ret_touch->tools != NULL && ret_touch->tool_places != NULL &&
           ret_touch->events != NULL;
}

void hr_touch_gather(const struct hr_facts *facts, struct hr_touch *touch, int32_t index)
{
    const struct hr_plan *plan = facts->draft->plan;
    const struct hr_automation *automation = &plan->automations[index];
    struct touching touching = {.facts = facts,
                                .touch = touch,
                                .automation = automation,
                                .place = automation->place,
                                .bits = HR_TOUCH_read};
    memset(touch->fields, 0, sizeof touch->fields);
    memset(touch->tools, 0, plan->tool_count * sizeof *touch->tools);
    memset(touch->events, 0, plan->event_name_count * sizeof *touch->events);
    touch->effects = 0;
    for (size_t i = 0; i < automation->trigger.event_count; i++) {
        touch->events[automation->trigger.events[i]] = true;
    }
    touch_rules(&touching, &automation->when);
    touch_rules(&touching, &automation->stop);
    hr_each_step(plan, index, touch_step, &touching);
    touching.bits = HR_TOUCH_about;
    int32_t owner = plan->records[automation->record].owner_field;
    touch_field(&touching, automation->record, owner, HR_TOUCH_about); /* `notify: owner` */
    if (automation->metric != NULL) {
        touch_rules(&touching, &automation->metric->success);
        for (size_t i = 0; i < automation->metric->watch_count; i++) {
            touch_rules(&touching, &automation->metric->watch[i].when);
        }
    }
}

struct hr_text hr_field_said(const struct hr_facts *facts, int32_t automation,
                             struct hr_field_ref ref)
{
    const struct hr_field *field = hr_fact_field(facts, ref);
    if (facts->draft->plan->automations[automation].record == ref.record) {
        return field->id;
    }
    return hr_draft_say(facts->draft, "%.*s.%.*s", HR_SHOW(hr_record_type_word(ref.record)),
                        HR_SHOW(field->id));
}
