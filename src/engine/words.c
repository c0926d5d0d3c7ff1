/* The texts that steps write for people: templates, filled with what an enrollment knows. */
#include "engine/related.h"
#include "template/template.h"

struct telling {
    struct hr_sight sight;
    struct hr_arena *arena;
};

static bool as_map(const struct hr_member *members, uint32_t count, struct hr_value *ret_value)
{
    *ret_value = (struct hr_value){.kind = HR_KIND_map, .count = count, .members = members};
    return members != NULL;
}

static bool record_map(const struct telling *telling, enum hr_record_type type,
                       struct hr_value *ret_value)
{
    const struct hr_record_plan *kind = &telling->sight.plan->records[type];
    const struct hr_contact *record = hr_sight_record(&telling->sight, type);
    struct hr_member *members =
        record == NULL ? NULL
                       : hr_arena_new_many(telling->arena, struct hr_member, kind->field_count);
    uint32_t count = 0;
    for (size_t i = 0; members != NULL && i < kind->field_count; i++) {
        const struct hr_said *said = hr_contact_field(record, kind->fields[i].name_number);
        if (said != NULL) {
            members[count++] = (struct hr_member){hr_value_text(kind->fields[i].id), said->value};
        }
    }
    return as_map(members, count, ret_value);
}

/* What the event brought, and its type, time and tool. */
static bool event_map(const struct telling *telling, const struct hr_kept_event *event,
                      struct hr_value *ret_value)
{
    const struct hr_plan *plan = telling->sight.plan;
    uint32_t brought = event == NULL || event->data.kind != HR_KIND_map ? 0 : event->data.count;
    struct hr_member *members =
        event == NULL ? NULL : hr_arena_new_many(telling->arena, struct hr_member, brought + 3);
    if (members == NULL) {
        return false;
    }
    uint32_t count = 0;
    int32_t type = hr_plan_event_numbered(plan, event->type);
    int32_t tool = hr_plan_tool_numbered(plan, event->tool);
    for (; count < brought; count++) {
        members[count] = event->data.members[count];
    }
    members[count++] = (struct hr_member){hr_value_text(HR_TEXT("at")), hr_value_time(event->at)};
    if (type >= 0) {
        members[count++] = (struct hr_member){hr_value_text(HR_TEXT("type")),
                                              hr_value_text(plan->event_names[type].name)};
    }
    if (tool >= 0) {
        members[count++] =
            (struct hr_member){hr_value_text(HR_TEXT("tool")), hr_value_text(plan->tools[tool].id)};
    }
    return as_map(members, count, ret_value);
}

static bool value_of(void *context, struct hr_text name, struct hr_value *ret_value)
{
    const struct telling *telling = context;
    for (size_t i = 0; i < HR_RECORD_TYPE_COUNT; i++) {
        if (hr_text_equal(name, hr_record_type_word((enum hr_record_type)i))) {
            return record_map(telling, (enum hr_record_type)i, ret_value);
        }
    }
    if (hr_text_equal(name, HR_TEXT("event"))) {
        return event_map(telling, telling->sight.event, ret_value);
    }
    return hr_text_equal(name, HR_TEXT("trigger")) &&
           event_map(telling, telling->sight.trigger, ret_value);
}

hr_status hr_walk_words(struct hr_walk *walk, const struct hr_words_template *words,
                        struct hr_text *ret_text, struct hr_text *ret_lacks)
{
    struct hr_step *step = walk->passing->step;
    struct telling telling = {.sight = hr_walk_sight(walk), .arena = step->arena};
    struct hr_template_view view = {.context = &telling,
                                    .value_of = value_of,
                                    .now = step->event->now,
                                    .zone = step->plan->zone};
    struct hr_template_error error = {0};
    *ret_lacks = HR_TEXT_NONE;
    *ret_text = words->text;
    if (words->template == NULL) {
        return hr_done();
    }
    hr_status status = hr_template_render(words->template, &view, step->arena, ret_text, &error);
    HR_STEP_HAVE(!step->missing);
    if (hr_ok(status) || status.code == HR_E_MEMORY) {
        return status;
    }
    *ret_lacks = error.name.size > 0 ? error.name : error.message;
    view.lenient = true;
    status = hr_template_render(words->template, &view, step->arena, ret_text, &error);
    if (!hr_ok(status)) {
        *ret_text = words->text; /* it cannot be filled in at all: as it was written */
    }
    return status.code == HR_E_MEMORY ? status : hr_done();
}
