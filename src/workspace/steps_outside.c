/* Steps that reach outside or a person: messages, calls to tools, tasks, alerts, events, issues. */
#include "workspace/steps_inside.h"

/* ---- people -------------------------------------------------------------------------------------------- */

void hr_step_read_task(struct hr_step_reading *reading, struct hr_plan_step *step,
                       const struct hr_node *map)
{
    struct hr_draft *draft = reading->draft;
    struct hr_step_task *task = hr_draft_keep(draft, struct hr_step_task, 1);
    step->task = task;
    if (task != NULL) {
        task->title = hr_draft_template(draft, hr_draft_get(map, "create_task"), "create_task",
                                        HR_LANDING_header);
        task->assign = hr_draft_party_at(draft, map, "assign", true);
        task->has_due = hr_draft_span_at(draft, map, "due", &task->due);
    }
}

void hr_step_read_notify(struct hr_step_reading *reading, struct hr_plan_step *step,
                         const struct hr_node *map)
{
    struct hr_draft *draft = reading->draft;
    struct hr_step_notify *notify = hr_draft_keep(draft, struct hr_step_notify, 1);
    step->notify = notify;
    if (notify != NULL) {
        notify->whom = hr_draft_parties_at(draft, map, "notify", true);
        notify->text = hr_draft_template(draft, hr_draft_get(map, "text"), "text", HR_LANDING_text);
    }
}

void hr_step_read_issue(struct hr_step_reading *reading, struct hr_plan_step *step,
                        const struct hr_node *map)
{
    struct hr_draft *draft = reading->draft;
    struct hr_step_issue *issue = hr_draft_keep(draft, struct hr_step_issue, 1);
    step->issue = issue;
    if (issue != NULL) {
        issue->title = hr_draft_template(draft, hr_draft_get(map, "open_issue"), "open_issue",
                                         HR_LANDING_header);
        issue->severity = (enum hr_severity_word)hr_draft_word_at(
            draft, map, "severity", &hr_words_severity, HR_SEVERITY_WORD_normal);
        issue->assign = hr_draft_party_at(draft, map, "assign", true);
    }
}

/* ---- messages ------------------------------------------------------------------------------------------- */

void hr_step_read_email(struct hr_step_reading *reading, struct hr_plan_step *step,
                        const struct hr_node *map)
{
    struct hr_draft *draft = reading->draft;
    struct hr_step_email *email = hr_draft_keep(draft, struct hr_step_email, 1);
    step->email = email;
    if (email == NULL) {
        return;
    }
    email->message =
        hr_draft_ref_at(draft, map, "send_email", &draft->message_names, HR_CODE_message_unknown);
    email->purpose =
        hr_draft_ref_at(draft, map, "purpose", &draft->purpose_names, HR_CODE_purpose_unknown);
    const struct hr_message *message = email->message < 0 || draft->plan->messages == NULL
                                           ? NULL
                                           : &draft->plan->messages[email->message];
    const struct hr_node *purpose = hr_draft_get(map, "purpose");
    if (message != NULL && email->purpose >= 0 && message->purpose >= 0 &&
        email->purpose != message->purpose) {
        const struct hr_node *said =
            hr_draft_get(draft->messages.pairs[email->message].value, "purpose");
        struct hr_diagnostic *item =
            hr_draft_error(draft, purpose_disagrees, purpose->place,
                           "message `%.*s` is for something else", HR_SHOW(message->id));
        item->label = HR_TEXT("sent for this");
        item->second = said->place;
        item->second_label = HR_TEXT("written for this");
    }
    email->purpose = message != NULL && purpose == NULL ? message->purpose : email->purpose;
}

/* ---- tools ------------------------------------------------------------------------------------------------ */

static const struct hr_argument *find_argument(const struct hr_arguments *with, struct hr_text name)
{
    for (size_t i = 0; i < with->count; i++) {
        if (hr_text_equal(with->items[i].name, name)) {
            return &with->items[i];
        }
    }
    return NULL;
}

static bool has_input(const struct hr_action *action, struct hr_text name)
{
    for (size_t i = 0; i < action->input_count; i++) {
        if (hr_text_equal(action->inputs[i], name)) {
            return true;
        }
    }
    return false;
}

/* Of an action with a path, all inputs are known: each must come, and no other. */
static void check_inputs(struct hr_draft *draft, const struct hr_action *action,
                         const struct hr_step_call *call, const struct hr_node *map)
{
    struct hr_known_ids names = {
        .noun = "input", .items = action->inputs, .count = action->input_count};
    const struct hr_node *with = hr_draft_get(map, "with");
    for (size_t i = 0; with != NULL && with->kind == HR_NODE_map && i < with->count; i++) {
        const struct hr_node *key = with->pairs[i].key;
        if (!has_input(action, key->scalar)) {
            hr_draft_error(draft, input_unknown, key->place, "`%.*s` takes no input `%.*s`",
                           HR_SHOW(action->full_id), HR_SHOW(hr_clipped(key->scalar)))
                ->help = hr_draft_suggest(draft, key->scalar, &names);
        }
    }
    for (size_t i = 0; i < action->input_count; i++) {
        struct hr_text input = action->inputs[i];
        bool there =
            find_argument(&call->with, input) != NULL ||
            (with != NULL && with->kind == HR_NODE_map && hr_node_get(with, input) != NULL);
        if (!there) {
            hr_draft_error(draft, input_missing, hr_draft_get(map, "call")->place,
                           "`%.*s` needs `%.*s`", HR_SHOW(action->full_id), HR_SHOW(input))
                ->help = hr_draft_say(draft, "add `%.*s: contact.%.*s` to `with`", HR_SHOW(input),
                                      HR_SHOW(input));
        }
    }
}

static bool may_leave(const struct hr_tool *tool, enum hr_record_type record, int32_t field)
{
    for (size_t i = 0; i < tool->sends.count; i++) {
        if (tool->sends.items[i].record == record && tool->sends.items[i].field == field) {
            return true;
        }
    }
    return !tool->sends_said;
}

/* Only the fields that a tool's `sends` names may leave to it, in whatever expression. */
static void check_leaving(struct hr_draft *draft, const struct hr_tool *tool,
                          const struct hr_argument *argument)
{
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(argument->value, &count);
    for (size_t i = 0; i < count; i++) {
        enum hr_record_type record = hr_scope_record(reads[i].name);
        if (record == HR_RECORD_TYPE_COUNT || reads[i].field < 0 ||
            may_leave(tool, record, reads[i].field)) {
            continue;
        }
        struct hr_text field = draft->plan->records[record].fields[reads[i].field].id;
        struct hr_text of =
            record == HR_RECORD_TYPE_contact
                ? HR_TEXT_NONE
                : hr_draft_say(draft, "%.*s.", HR_SHOW(hr_record_type_word(record)));
        hr_draft_error(draft, field_stays, argument->place, "`%.*s%.*s` may not leave to `%.*s`",
                       HR_SHOW(of), HR_SHOW(field), HR_SHOW(tool->id))
            ->help = hr_draft_say(draft,
                                  "add `%.*s%.*s` to `sends` of `%.*s` if it may know it, or leave "
                                  "this input out",
                                  HR_SHOW(of), HR_SHOW(field), HR_SHOW(tool->id));
    }
}

void hr_step_read_call(struct hr_step_reading *reading, struct hr_plan_step *step,
                       const struct hr_node *map)
{
    struct hr_draft *draft = reading->draft;
    struct hr_step_call *call = hr_draft_keep(draft, struct hr_step_call, 1);
    step->call = call;
    if (call == NULL) {
        return;
    }
    bool known = hr_draft_action(draft, hr_draft_get(map, "call"), &call->tool, &call->action);
    call->with = hr_draft_arguments(draft, map, "with");
    /* the words begin behind `unsaid` */
    call->if_unknown = (enum hr_if_unknown)(
        hr_draft_word_at(draft, map, "if_unknown", &hr_words_if_unknown, -1) + 1);
    call->has_up_to = hr_draft_span_at(draft, map, "up_to", &call->up_to);
    call->if_fails =
        (enum hr_if_fails)(hr_draft_word_at(draft, map, "if_fails", &hr_words_if_fails, -1) + 1);
    if (!known) {
        return;
    }
    const struct hr_tool *tool = &draft->plan->tools[call->tool];
    if (tool->actions[call->action].path.size > 0) {
        check_inputs(draft, &tool->actions[call->action], call, map);
    }
    for (size_t i = 0; i < call->with.count; i++) {
        check_leaving(draft, tool, &call->with.items[i]);
    }
}

/* ---- events ------------------------------------------------------------------------------------------------ */

void hr_step_read_emit(struct hr_step_reading *reading, struct hr_plan_step *step,
                       const struct hr_node *map)
{
    struct hr_draft *draft = reading->draft;
    struct hr_step_emit *emit = hr_draft_keep(draft, struct hr_step_emit, 1);
    const struct hr_node *node = hr_draft_get(map, "emit");
    step->emit = emit;
    if (emit != NULL) {
        /* a name that cannot be one was complained about when it was foreseen */
        const uint64_t *event =
            node->kind == HR_NODE_scalar ? hr_map_find(&draft->type_by_name, node->scalar) : NULL;
        emit->event = event == NULL ? HR_NONE_INDEX : (int32_t)*event;
        emit->data = hr_draft_arguments(draft, map, "with");
    }
}
