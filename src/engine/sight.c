/* What an expression sees of a contact at an instant. Judging and explaining both look through here, so that what a
 * person reads as the reason is what decided. */
#include "engine/related.h"

static hr_instant now_of(const struct hr_sight *sight)
{
    return sight->now != 0 ? sight->now : sight->at;
}

static struct hr_text type_word(const struct hr_plan *plan, uint32_t number)
{
    int32_t event = hr_plan_event_numbered(plan, number);
    return event < 0 ? HR_TEXT_NONE : plan->event_names[event].name;
}

static bool member_of(const struct hr_value *map, struct hr_text name, struct hr_value *ret_value)
{
    const struct hr_value *member = hr_value_member(map, name);
    if (member != NULL) {
        *ret_value = *member;
    }
    return member != NULL;
}

static bool event_field(const struct hr_sight *sight, const struct hr_kept_event *event,
                        int32_t field, struct hr_value *ret_value)
{
    const struct hr_plan *plan = sight->plan;
    int32_t tool = 0;
    if (event == NULL) {
        return false;
    }
    switch (field) {
    case HR_EVENT_FIELD_type:
        *ret_value = hr_value_text(type_word(plan, event->type));
        return true;
    case HR_EVENT_FIELD_at:
        *ret_value = hr_value_time(event->at);
        return true;
    case HR_EVENT_FIELD_tool:
        tool = hr_plan_tool_numbered(plan, event->tool);
        *ret_value = hr_value_text(tool < 0 ? HR_TEXT_NONE : plan->tools[tool].id);
        return tool >= 0;
    case HR_EVENT_FIELD_id:
        return false; /* ids are not kept: a proof is found by what it says */
    default:
        return member_of(&event->data, plan->attributes[field - HR_EVENT_FIELD_attributes],
                         ret_value);
    }
}

static uint64_t linked_record(const struct hr_sight *sight, enum hr_record_type type)
{
    return sight->contact == NULL || sight->linked == NULL
               ? 0
               : hr_contact_newest_related(sight->contact, hr_kind_of(type));
}

const struct hr_contact *hr_sight_record(const struct hr_sight *sight, enum hr_record_type type)
{
    if (type == HR_RECORD_TYPE_contact) {
        return sight->contact;
    }
    uint64_t record = linked_record(sight, type);
    return record == 0 ? NULL : sight->linked(sight->linked_by, record);
}

/* The same record as it was when the entry began; NULL: it was not there. */
static const struct hr_contact *record_before(const struct hr_sight *sight,
                                              enum hr_record_type type)
{
    if (type == HR_RECORD_TYPE_contact) {
        return sight->before;
    }
    uint64_t record = sight->linked_before == NULL ? 0 : linked_record(sight, type);
    return record == 0 ? NULL : sight->linked_before(sight->linked_by, record);
}

void hr_sight_settle(struct hr_sight *sight)
{
    sight->before = sight->contact;
    sight->linked_before = sight->linked;
}

static bool record_field(const struct hr_sight *sight, enum hr_record_type type, int32_t field,
                         struct hr_value *ret_value)
{
    const struct hr_contact *record = field < 0 ? NULL : hr_sight_record(sight, type);
    const struct hr_said *said =
        record == NULL
            ? NULL
            : hr_field_at(record, sight->plan->records[type].fields[field].name_number, sight->at);
    if (said != NULL) {
        *ret_value = said->value;
    }
    return said != NULL;
}

/* Who set the field last, as the files name them: people, or the id of a tool or an automation. */
static bool set_by(const struct hr_sight *sight, int32_t field, struct hr_value *ret_value)
{
    const struct hr_plan *plan = sight->plan;
    const struct hr_said *said =
        field < 0 ? NULL : hr_contact_field(sight->contact, plan->fields[field].name_number);
    if (said == NULL) {
        return false;
    }
    uint32_t name = hr_writer_name(said->writer);
    int32_t index = HR_NONE_INDEX;
    struct hr_text word = HR_TEXT_NONE;
    switch (hr_writer_by(said->writer)) {
    case HR_BY_tool:
        index = hr_plan_tool_numbered(plan, name);
        word = index < 0 ? HR_TEXT_NONE : plan->tools[index].id;
        break;
    case HR_BY_automation:
        index = hr_plan_automation_numbered(plan, name);
        word = index < 0 ? HR_TEXT_NONE : plan->automations[index].id;
        break;
    case HR_BY_person:
        word = HR_TEXT("people");
        break;
    case HR_BY_page:
    case HR_BY_ai:
    case HR_BY_complaint:
    case HR_BY_COUNT:
        break;
    }
    *ret_value = hr_value_text(word);
    return word.size > 0;
}

/* Whose ids stand in one of the lists of `people`. */
static bool is_in(const struct hr_sight *sight, int32_t field, size_t person)
{
    const struct hr_plan *plan = sight->plan;
    hr_instant back_at = HR_INSTANT_NONE;
    if (field == HR_PEOPLE_FIELD_former) {
        return plan->people[person].inactive;
    }
    if (field == HR_PEOPLE_FIELD_away) {
        return hr_person_away(&plan->people[person], now_of(sight), &back_at);
    }
    const struct hr_team *team = &plan->teams[field - HR_PEOPLE_FIELD_teams];
    for (size_t i = 0; i < team->person_count; i++) {
        if (team->people[i] == (int32_t)person) {
            return true;
        }
    }
    return false;
}

static bool people_field(const struct hr_sight *sight, int32_t field, struct hr_value *ret_value)
{
    const struct hr_plan *plan = sight->plan;
    struct hr_value *ids =
        sight->arena == NULL || field < 0
            ? NULL
            : hr_arena_new_many(sight->arena, struct hr_value, plan->person_count);
    if (ids == NULL) {
        return false;
    }
    uint32_t count = 0;
    for (size_t i = 0; i < plan->person_count; i++) {
        if (is_in(sight, field, i)) {
            ids[count++] = hr_value_text(plan->people[i].id);
        }
    }
    *ret_value = (struct hr_value){.kind = HR_KIND_list, .count = count, .items = ids};
    return true;
}

/* The kind of record behind a name; HR_RECORD_TYPE_COUNT: none. */
static enum hr_record_type type_behind(size_t name)
{
    switch (name) {
    case HR_SCOPE_contact:
        return HR_RECORD_TYPE_contact;
    case HR_SCOPE_account:
        return HR_RECORD_TYPE_account;
    case HR_SCOPE_opportunity:
        return HR_RECORD_TYPE_opportunity;
    case HR_SCOPE_ticket:
        return HR_RECORD_TYPE_ticket;
    case HR_SCOPE_task:
        return HR_RECORD_TYPE_task;
    default:
        return HR_RECORD_TYPE_COUNT;
    }
}

static bool look_up(void *context, size_t name, int32_t field, struct hr_text text,
                    struct hr_value *ret_value)
{
    const struct hr_sight *sight = context;
    enum hr_record_type type = type_behind(name);
    (void)text; /* every name is declared */
    if (type != HR_RECORD_TYPE_COUNT) {
        return record_field(sight, type, field, ret_value);
    }
    switch (name) {
    case HR_SCOPE_event:
        return event_field(sight, sight->event, field, ret_value);
    case HR_SCOPE_trigger:
        return event_field(sight, sight->trigger, field, ret_value);
    case HR_SCOPE_set_by:
        return set_by(sight, field, ret_value);
    case HR_SCOPE_people:
        return people_field(sight, field, ret_value);
    case HR_SCOPE_handoff:
        if (sight->instance != NULL) {
            *ret_value = hr_value_text(sight->instance->key_shown);
        }
        return sight->instance != NULL && sight->instance->key_shown.size > 0;
    default:
        return false;
    }
}

/* Whether the entry that is looked at gave a field another value: a message, an edit, a step before this one. */
static bool changed(void *context, size_t name, int32_t field, struct hr_text text)
{
    const struct hr_sight *sight = context;
    (void)text;
    enum hr_record_type type = type_behind(name);
    const struct hr_contact *now =
        type == HR_RECORD_TYPE_COUNT || field < 0 ? NULL : hr_sight_record(sight, type);
    if (now == NULL) {
        return false;
    }
    const struct hr_contact *before = record_before(sight, type);
    uint32_t number = sight->plan->records[type].fields[field].name_number;
    const struct hr_said *was = before == NULL ? NULL : hr_contact_field(before, number);
    const struct hr_said *is = hr_contact_field(now, number);
    if (is != NULL && sight->own != 0 && is->writer == sight->own) {
        return false;
    }
    return was == NULL || is == NULL ? was != is : !hr_value_equal(&was->value, &is->value);
}

struct hr_expr_view hr_sight_view(struct hr_sight *sight)
{
    return (struct hr_expr_view){.context = sight,
                                 .field_of = look_up,
                                 .now = now_of(sight),
                                 .hours = &sight->plan->hours,
                                 .changed = sight->compares ? changed : NULL};
}

enum hr_met hr_sight_met(struct hr_sight *sight, const struct hr_condition *condition,
                         struct hr_arena *scratch)
{
    return hr_sight_holds(sight, condition->expr, scratch);
}

/* No verdict was reached: whoever asked looks at the arena before the answer counts. */
static void note_failure(struct hr_arena *scratch, hr_status status)
{
    scratch->failed = scratch->failed || !hr_ok(status);
}

enum hr_met hr_sight_holds(struct hr_sight *sight, const struct hr_expr *expr,
                           struct hr_arena *scratch)
{
    enum hr_met met = HR_MET_no;
    sight->arena = scratch;
    const struct hr_expr_view view = hr_sight_view(sight);
    note_failure(scratch, hr_line_met(expr, &view, scratch, &met));
    sight->arena = NULL;
    return met;
}

/* ---- groups of conditions --------------------------------------------------------------------------- */

bool hr_sight_clause(struct hr_sight *sight, const struct hr_clause *clause,
                     struct hr_arena *scratch)
{
    bool holds = false;
    sight->arena = scratch;
    const struct hr_expr_view view = hr_sight_view(sight);
    note_failure(scratch, hr_clause_holds(clause, &view, scratch, &holds));
    sight->arena = NULL;
    return holds;
}

const struct hr_clause *hr_sight_unmet(struct hr_sight *sight, const struct hr_clauses *clauses,
                                       struct hr_arena *scratch)
{
    for (size_t i = 0; i < clauses->count; i++) {
        if (!hr_sight_clause(sight, &clauses->items[i], scratch)) {
            return &clauses->items[i];
        }
    }
    return NULL;
}

const struct hr_clause *hr_sight_any(struct hr_sight *sight, const struct hr_clauses *clauses,
                                     struct hr_arena *scratch)
{
    for (size_t i = 0; i < clauses->count; i++) {
        if (hr_sight_clause(sight, &clauses->items[i], scratch)) {
            return &clauses->items[i];
        }
    }
    return NULL;
}
