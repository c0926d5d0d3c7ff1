/* What an expression sees of a contact at an instant. Judging and explaining both look through here, so that what a
 * person reads as the reason is what decided. */
#include "engine/step_internal.h"

static struct hr_text type_word(const struct hr_plan *plan, uint32_t number)
{
    for (size_t i = 0; i < plan->tool_count; i++) {
        for (size_t k = 0; k < plan->tools[i].event_count; k++) {
            if (plan->tools[i].events[k].name_number == number) {
                return plan->tools[i].events[k].name;
            }
        }
    }
    return HR_TEXT_NONE;
}

static bool member_of(const struct hr_value *map, struct hr_text name, struct hr_value *ret_value)
{
    const struct hr_value *member = hr_value_member(map, name);
    if (member != NULL) {
        *ret_value = *member;
    }
    return member != NULL;
}

static bool event_field(const struct hr_sight *sight, int32_t field, struct hr_value *ret_value)
{
    const struct hr_plan *plan = sight->plan;
    const struct hr_kept_event *event = sight->event;
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

static bool contact_field(const struct hr_sight *sight, int32_t field, struct hr_value *ret_value)
{
    const struct hr_said *said =
        field < 0 ? NULL
                  : hr_field_at(sight->contact, sight->plan->fields[field].name_number, sight->at);
    if (said != NULL) {
        *ret_value = said->value;
    }
    return said != NULL;
}

static bool look_up(void *context, size_t name, int32_t field, struct hr_text text,
                    struct hr_value *ret_value)
{
    const struct hr_sight *sight = context;
    (void)text; /* every name is declared */
    switch (name) {
    case HR_SCOPE_contact:
        return contact_field(sight, field, ret_value);
    case HR_SCOPE_event:
        return event_field(sight, field, ret_value);
    case HR_SCOPE_handoff:
        if (sight->instance != NULL) {
            *ret_value = hr_value_text(sight->instance->key_shown);
        }
        return sight->instance != NULL && sight->instance->key_shown.size > 0;
    default:
        return false;
    }
}

struct hr_expr_view hr_sight_view(struct hr_sight *sight)
{
    return (struct hr_expr_view){
        .context = sight, .field_of = look_up, .now = sight->at, .hours = &sight->plan->hours};
}

enum hr_met hr_sight_met(struct hr_sight *sight, const struct hr_condition *condition,
                         struct hr_arena *scratch)
{
    const struct hr_expr_view view = hr_sight_view(sight);
    struct hr_value value;
    struct hr_arena_mark mark = hr_arena_mark(scratch);
    hr_status status = hr_expr_evaluate(condition->expr, &view, scratch, &value, NULL);
    hr_arena_rewind(scratch, mark);
    /* no verdict was reached: whoever asked looks at the arena before the answer counts */
    scratch->failed = scratch->failed || status.code == HR_E_MEMORY;
    if (hr_ok(status) && value.kind == HR_KIND_bool) {
        return value.truth ? HR_MET_yes : HR_MET_no;
    }
    return status.code == HR_EXPR_UNSET ? HR_MET_unset : HR_MET_no;
}
