/* What all automations and tools write and emit, gathered once for the checks. */
#include "workspace/check_inside.h"

enum { SENDERS_MAX = 8 };

/* ---- who is broken ------------------------------------------------------------------------------- */

/* The line at which the innermost thing begins that the place is in; 0: in none. */
static uint32_t begin_of(struct hr_draft *draft, const struct hr_section *section,
                         const struct hr_place *place)
{
    int32_t index = hr_section_at(draft, section, place);
    return index < 0 ? 0 : section->pairs[index].key->place.line;
}

static uint32_t later(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* True when nothing is broken that the checks stand on; an automation's own errors only mark it. */
static bool mark_broken(struct hr_facts *facts, const struct hr_place *place)
{
    struct hr_draft *draft = facts->draft;
    const struct hr_section *children[] = {&draft->paths, &draft->tables, &draft->messages};
    const struct hr_section *parents[] = {&draft->people,    &draft->teams,    &draft->tools,
                                          &draft->pipelines, &draft->purposes, &draft->classes};
    uint32_t parent = 0;
    uint32_t child = 0;
    int32_t automation = hr_section_at(draft, &draft->automations, place);
    if (automation >= 0 && (size_t)automation < draft->plan->automation_count) {
        facts->broken[automation] = true;
        return true;
    }
    for (size_t i = 0; i < sizeof parents / sizeof parents[0]; i++) {
        parent = later(parent, begin_of(draft, parents[i], place));
    }
    for (size_t i = 0; i < HR_RECORD_TYPE_COUNT; i++) {
        parent = later(parent, begin_of(draft, &draft->records[i].fields, place));
        parent = later(parent, begin_of(draft, &draft->records[i].links, place));
    }
    for (size_t i = 0; i < sizeof children / sizeof children[0]; i++) {
        child = later(child, begin_of(draft, children[i], place));
    }
    return child > parent || hr_draft_in_tests(draft, place);
}

static bool mark_all_broken(struct hr_facts *facts)
{
    const struct hr_diagnostics *list = facts->draft->reterr;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        kept += list->items[i].severity == HR_SEVERITY_error;
        if (list->items[i].severity == HR_SEVERITY_error &&
            !mark_broken(facts, &list->items[i].place)) {
            return false;
        }
    }
    return kept == list->error_count; /* one that is not kept may be about anything */
}

/* ---- what is written ------------------------------------------------------------------------------- */

static void note_write(struct hr_facts *facts, const struct hr_write *write)
{
    if (write->field.field < 0) {
        return;
    }
    if (facts->write_count == facts->write_capacity) {
        void *grown = hr_list_grow(&facts->draft->scratch, facts->writes, facts->write_count,
                                   &facts->write_capacity, sizeof *facts->writes);
        if (grown == NULL) {
            return;
        }
        facts->writes = grown;
    }
    facts->writes[facts->write_count++] = *write;
}

static struct hr_write new_write(const struct hr_step_at *at, enum hr_write_how how, int32_t field)
{
    struct hr_write write = {
        .field = {at->automation->record, field, at->step->place},
        .how = how,
        .writer = {HR_WRITER_automation, at->index, at->step->place},
        .automation = at->index,
        .stage = HR_NONE_INDEX,
        .waited = at->may_have_waited,
    };
    write.under[write.under_count++] = (struct hr_under){&at->automation->when, false};
    for (size_t i = 0; i < at->under_count; i++) {
        write.under[write.under_count++] = at->under[i];
    }
    return write;
}

/* True when the value is nothing but what the event brought. */
static bool only_passes_on(const struct hr_expr *value)
{
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(value, &count);
    for (size_t i = 0; i < count; i++) {
        if (reads[i].name != HR_SCOPE_event && reads[i].name != HR_SCOPE_trigger) {
            return false;
        }
    }
    return count > 0;
}

/* Adds a tool that is not there yet; false when there is no room. */
static bool add_sender(int32_t *senders, size_t *count, int32_t tool)
{
    for (size_t i = 0; i < *count; i++) {
        if (senders[i] == tool) {
            return true;
        }
    }
    if (*count == SENDERS_MAX) {
        return false;
    }
    senders[(*count)++] = tool;
    return true;
}

/* The tools that send what the automation starts on; 0 when a step emits one of them, or there are too many. */
static size_t find_senders(const struct hr_facts *facts, const struct hr_automation *automation,
                           int32_t senders[SENDERS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < automation->trigger.event_count; i++) {
        size_t sender_count = 0;
        const struct hr_sender *sender =
            hr_senders_of(facts, automation->trigger.events[i], &sender_count);
        for (size_t tool = 0; tool < sender_count; tool++) {
            if (!add_sender(senders, &count, sender[tool].tool)) {
                return 0;
            }
        }
        if (sender_count == 0) {
            return 0;
        }
    }
    return count;
}

static void note_set_line(struct hr_facts *facts, const struct hr_step_at *at,
                          const struct hr_set_line *line, struct hr_write write)
{
    struct hr_value constant = hr_value_null();
    bool passes = line->value_count == 1 && only_passes_on(line->values[0].value);
    write.field.field = line->field;
    write.field.place = line->place;
    if (line->value_count == 1) {
        write.under[write.under_count++] = (struct hr_under){&line->values[0].when, false};
        if (hr_draft_constant(facts->draft, line->values[0].value, &constant) &&
            constant.kind == HR_KIND_text) {
            write.constant = hr_value_as_text(&constant);
        }
    }
    int32_t senders[SENDERS_MAX];
    size_t count = passes ? find_senders(facts, at->automation, senders) : 0;
    for (size_t i = 0; i < count; i++) {
        write.writer = (struct hr_writer){HR_WRITER_tool, senders[i], line->place};
        note_write(facts, &write);
    }
    if (count == 0) {
        note_write(facts, &write);
    }
}

static void note_set(struct hr_facts *facts, const struct hr_step_at *at)
{
    struct hr_write write = new_write(at, HR_WRITE_set, HR_NONE_INDEX);
    const struct hr_step_set *set = at->step->set;
    write.ordered = set->order_by != NULL;
    for (size_t i = 0; i < set->line_count; i++) {
        note_set_line(facts, at, &set->lines[i], write);
    }
}

static void note_copy(struct hr_facts *facts, const struct hr_step_at *at)
{
    struct hr_write write = new_write(at, HR_WRITE_copied, HR_NONE_INDEX);
    const struct hr_step_copy *copy = at->step->copy;
    write.field.record = copy->to;
    for (size_t i = 0; i < copy->line_count; i++) {
        note_set_line(facts, at, &copy->lines[i], write);
    }
}

static void note_move(struct hr_facts *facts, const struct hr_step_at *at)
{
    const struct hr_step_move *move = at->step->move;
    const struct hr_plan *plan = facts->draft->plan;
    if (move->stage < 0 || move->pipeline < 0) {
        return;
    }
    struct hr_write write = new_write(at, HR_WRITE_moved, plan->pipelines[move->pipeline].field);
    write.field.record = plan->pipelines[move->pipeline].record;
    write.stage = move->stage;
    write.constant = plan->stages[move->stage].id;
    note_write(facts, &write);
}

static void note_assign(struct hr_facts *facts, const struct hr_step_at *at)
{
    const struct hr_step_assign *assign = at->step->assign;
    struct hr_write write = new_write(at, HR_WRITE_assigned, assign->field);
    if (assign->kind == HR_ASSIGN_person && assign->index >= 0) {
        write.constant = facts->draft->plan->people[assign->index].id;
    }
    note_write(facts, &write);
}

/* ---- what is emitted ---------------------------------------------------------------------------------- */

static void note_emission(struct hr_facts *facts, const struct hr_step_at *at, int32_t event,
                          bool echo)
{
    if (event < 0) {
        return;
    }
    if (facts->emission_count == facts->emission_capacity) {
        void *grown = hr_list_grow(&facts->draft->scratch, facts->emissions, facts->emission_count,
                                   &facts->emission_capacity, sizeof *facts->emissions);
        if (grown == NULL) {
            return;
        }
        facts->emissions = grown;
    }
    facts->emissions[facts->emission_count++] = (struct hr_emission){
        at->index, event, at->may_have_waited, at->has_waited, echo, at->step->place};
}

/* A CRM tells of what we have changed as of any other change. */
static void note_echo(struct hr_facts *facts, const struct hr_step_at *at,
                      const struct hr_tool *tool, const struct hr_action *action)
{
    if (tool->kind != HR_TOOL_crm || action->kind != HR_ACTION_upsert) {
        return;
    }
    for (size_t i = 0; i < tool->event_count; i++) {
        struct hr_text name = tool->events[i].name;
        const uint64_t *event = hr_map_find(&facts->draft->type_by_name, name);
        if (event != NULL &&
            (hr_text_ends(name, HR_TEXT(".changed")) || hr_text_ends(name, HR_TEXT(".updated")))) {
            note_emission(facts, at, (int32_t)*event, true);
        }
    }
}

static void note_step(void *context, const struct hr_step_at *at)
{
    struct hr_facts *facts = context;
    if (at->step->kind == HR_STEP_set) {
        note_set(facts, at);
    } else if (at->step->kind == HR_STEP_copy) {
        note_copy(facts, at);
    } else if (at->step->kind == HR_STEP_move_stage) {
        note_move(facts, at);
    } else if (at->step->kind == HR_STEP_assign) {
        note_assign(facts, at);
    } else if (at->step->kind == HR_STEP_emit) {
        note_emission(facts, at, at->step->emit->event, false);
    } else if (at->step->kind == HR_STEP_call && at->step->call->tool >= 0) {
        const struct hr_step_call *call = at->step->call;
        const struct hr_tool *tool = &facts->draft->plan->tools[call->tool];
        note_emission(facts, at, tool->actions[call->action].emits, false);
        note_echo(facts, at, tool, &tool->actions[call->action]);
    }
}

/* ---- tools ------------------------------------------------------------------------------------------- */

static void note_map(struct hr_facts *facts, int32_t index, size_t event, enum hr_write_how how,
                     bool *seen)
{
    const struct hr_tool *tool = &facts->draft->plan->tools[index];
    const struct hr_event_type *type = &tool->events[event];
    bool mapped = how == HR_WRITE_mapped;
    /* a contact that is found by its only key has that value already */
    size_t keys = type->contact_count > 1 ? type->contact_count : 0;
    size_t count = mapped ? type->field_count : keys;
    for (size_t i = 0; i < count; i++) {
        int32_t field = mapped ? type->fields[i].field : type->contact[i].field;
        if (field < 0 || field >= HR_RECORD_FIELDS_MAX || seen[field]) {
            continue;
        }
        seen[field] = true;
        struct hr_write write = {.field = {HR_RECORD_TYPE_contact, field, {.line = 0}},
                                 .how = how,
                                 .writer = {HR_WRITER_tool, index, tool->place},
                                 .automation = HR_NONE_INDEX,
                                 .event = (int32_t)event,
                                 .stage = HR_NONE_INDEX,
                                 .ordered = true};
        note_write(facts, &write);
    }
}

/* Several events of a tool often share a line of its `map`; one write tells of them all. */
static void note_mappings(struct hr_facts *facts, int32_t index)
{
    bool mapped[HR_RECORD_FIELDS_MAX] = {false};
    bool matched[HR_RECORD_FIELDS_MAX] = {false};
    for (size_t event = 0; event < facts->draft->plan->tools[index].event_count; event++) {
        note_map(facts, index, event, HR_WRITE_mapped, mapped);
        note_map(facts, index, event, HR_WRITE_matched, matched);
    }
}

static void note_actions(struct hr_facts *facts, int32_t index)
{
    const struct hr_tool *tool = &facts->draft->plan->tools[index];
    for (size_t action = 0; action < tool->action_count; action++) {
        for (size_t i = 0; i < tool->actions[action].set_count; i++) {
            const struct hr_action_set *set = &tool->actions[action].sets[i];
            struct hr_write write = {.field = set->field,
                                     .how = HR_WRITE_action,
                                     .writer = {HR_WRITER_tool, index, set->field.place},
                                     .automation = HR_NONE_INDEX,
                                     .stage = HR_NONE_INDEX,
                                     .constant = set->value};
            note_write(facts, &write);
        }
    }
}

/* ---- all of it ----------------------------------------------------------------------------------------- */

bool hr_facts_gather(struct hr_draft *draft, struct hr_facts *ret_facts)
{
    const struct hr_plan *plan = draft->plan;
    *ret_facts = (struct hr_facts){.draft = draft};
    ret_facts->broken = hr_draft_scratch(draft, bool, plan->automation_count);
    if (ret_facts->broken == NULL || !mark_all_broken(ret_facts) || !hr_senders_index(ret_facts)) {
        return false;
    }
    for (size_t i = 0; i < plan->tool_count; i++) {
        note_mappings(ret_facts, (int32_t)i);
        note_actions(ret_facts, (int32_t)i);
    }
    for (size_t i = 0; i < plan->automation_count; i++) {
        if (!ret_facts->broken[i]) {
            hr_each_step(plan, (int32_t)i, note_step, ret_facts);
        }
    }
    return !draft->scratch.failed;
}

/* ---- saying it -------------------------------------------------------------------------------------------- */

static const struct hr_node *key_in(const struct hr_node *map, enum hr_write_how how,
                                    struct hr_text id)
{
    const struct hr_node *fields = hr_draft_get(map, how == HR_WRITE_mapped ? "fields" : "contact");
    for (size_t i = 0; fields != NULL && fields->kind == HR_NODE_map && i < fields->count; i++) {
        if (hr_text_equal(fields->pairs[i].key->scalar, id)) {
            return fields->pairs[i].key;
        }
    }
    return NULL;
}

struct hr_place hr_told_place(const struct hr_facts *facts, struct hr_place place)
{
    const struct hr_source *source = hr_draft_source(facts->draft, place);
    place.file = source == NULL ? facts->draft->first_path : source->path;
    return place;
}

struct hr_place hr_write_place(const struct hr_facts *facts, const struct hr_write *write)
{
    const struct hr_draft *draft = facts->draft;
    if (write->how != HR_WRITE_mapped && write->how != HR_WRITE_matched) {
        return hr_told_place(facts, write->field.place);
    }
    const struct hr_tool *tool = &draft->plan->tools[write->writer.index];
    const struct hr_node *node = draft->tools.pairs[write->writer.index].value;
    const struct hr_node *events = hr_draft_get(node, "events");
    const struct hr_node *event = events != NULL && events->kind == HR_NODE_map
                                      ? hr_node_get(events, tool->events[write->event].name)
                                      : NULL;
    struct hr_text id = hr_fact_field(facts, write->field)->id;
    const struct hr_node *key = key_in(hr_draft_get(event, "map"), write->how, id);
    key = key != NULL ? key : key_in(hr_draft_get(node, "map"), write->how, id);
    return key != NULL ? key->place : hr_told_place(facts, tool->place);
}

struct hr_text hr_writer_said(const struct hr_facts *facts, const struct hr_writer *writer)
{
    const struct hr_plan *plan = facts->draft->plan;
    if (writer->kind == HR_WRITER_automation) {
        return hr_draft_say(facts->draft, "automation `%.*s`",
                            HR_SHOW(plan->automations[writer->index].id));
    }
    return hr_draft_say(facts->draft, "tool `%.*s`", HR_SHOW(plan->tools[writer->index].id));
}

const struct hr_field *hr_fact_field(const struct hr_facts *facts, struct hr_field_ref ref)
{
    return &facts->draft->plan->records[ref.record].fields[ref.field];
}
