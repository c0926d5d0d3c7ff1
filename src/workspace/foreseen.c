/* What steps, actions and people will bring, before any condition is read: events that are emitted, with their
 * attributes, and fields that something beside a tool's mapping can set. */
#include "workspace/inside.h"

/* ---- events --------------------------------------------------------------------------------------- */

static void note_emitted(struct hr_draft *draft, const struct hr_node *name,
                         const struct hr_node *with)
{
    struct hr_event_type *event = hr_draft_scratch(draft, struct hr_event_type, 1);
    size_t count = with != NULL && with->kind == HR_NODE_map ? with->count : 0;
    struct hr_mapping *data = hr_draft_scratch(draft, struct hr_mapping, count);
    if (event == NULL || data == NULL || name->kind != HR_NODE_scalar || name->scalar.size == 0 ||
        !hr_draft_id(draft, name, "event", true)) {
        return;
    }
    event->name = hr_draft_copy(draft, name->scalar);
    event->data = data;
    for (size_t i = 0; i < count; i++) {
        if (!hr_draft_attribute_free(draft, with->pairs[i].key)) {
            continue;
        }
        int32_t attribute = hr_draft_note_attribute(draft, with->pairs[i].key->scalar, HR_TYPE_dyn);
        data[event->data_count++] =
            (struct hr_mapping){.field = HR_NONE_INDEX, .attribute = attribute};
    }
    hr_draft_note_type(draft, event, true);
}

/* ---- fields --------------------------------------------------------------------------------------- */

static void note_field(struct hr_draft *draft, struct hr_text id)
{
    int32_t field = hr_known_find(&draft->field_names, id);
    if (field >= 0 && field < (int32_t)draft->plan->field_count) {
        draft->field_uses[field].mapped = draft->field_uses[field].open = true;
    }
}

static void note_keys(struct hr_draft *draft, const struct hr_node *map)
{
    for (size_t i = 0; map != NULL && map->kind == HR_NODE_map && i < map->count; i++) {
        note_field(draft, map->pairs[i].key->scalar);
    }
}

static void note_stages(struct hr_draft *draft)
{
    for (size_t i = 0; i < draft->plan->field_count; i++) {
        if (draft->plan->fields[i].type == HR_FIELD_stage) {
            draft->field_uses[i].mapped = draft->field_uses[i].open = true;
        }
    }
}

/* People, automations and tools that are asked may write without any mapping. */
static void note_writers(struct hr_draft *draft, size_t field)
{
    const struct hr_contract *contract = draft->plan->fields[field].contract;
    for (size_t i = 0; i < contract->writer_count; i++) {
        const struct hr_writer *writer = &contract->writers[i];
        bool asked = writer->kind == HR_WRITER_tool &&
                     hr_draft_get(draft->tools.pairs[writer->index].value, "actions") != NULL;
        if (asked || writer->kind != HR_WRITER_tool) {
            draft->field_uses[field].mapped = draft->field_uses[field].open = true;
        }
    }
}

/* ---- steps and actions ------------------------------------------------------------------------------ */

/* Depth is limited by that of YAML, so the recursion is. */
static void note_steps(struct hr_draft *draft, const struct hr_node *list)
{
    for (size_t i = 0; list != NULL && list->kind == HR_NODE_list && i < list->count; i++) {
        const struct hr_node *step = list->items[i];
        const struct hr_node *emit = hr_draft_get(step, "emit");
        if (emit != NULL) {
            note_emitted(draft, emit, hr_draft_get(step, "with"));
        }
        if (hr_draft_get(step, "copy_to") == NULL) {
            note_keys(draft, hr_draft_get(step, "set"));
        }
        if (hr_draft_get(step, "assign") != NULL) {
            const struct hr_node *field = hr_draft_get(step, "field");
            bool named = field != NULL && field->kind == HR_NODE_scalar;
            note_field(draft, named ? field->scalar : HR_TEXT("owner"));
        }
        if (hr_draft_get(step, "move_stage") != NULL) {
            note_stages(draft);
        }
        note_steps(draft, hr_draft_get(step, "then"));
        note_steps(draft, hr_draft_get(step, "else"));
    }
}

static void note_actions(struct hr_draft *draft, const struct hr_node *actions)
{
    for (size_t i = 0; actions != NULL && actions->kind == HR_NODE_map && i < actions->count; i++) {
        const struct hr_node *action = actions->pairs[i].value;
        const struct hr_node *emits = hr_draft_get(action, "emits");
        note_keys(draft, hr_draft_get(action, "sets"));
        if (emits != NULL && emits->kind == HR_NODE_scalar &&
            hr_map_find(&draft->type_by_name, emits->scalar) == NULL) {
            note_emitted(draft, emits, NULL);
        }
    }
}

void hr_draft_foresee(struct hr_draft *draft)
{
    for (size_t i = 0; i < draft->automation_names.count; i++) {
        note_steps(draft, hr_draft_get(draft->automations.pairs[i].value, "steps"));
    }
    for (size_t i = 0; i < draft->tool_names.count; i++) {
        note_actions(draft, hr_draft_get(draft->tools.pairs[i].value, "actions"));
    }
    for (size_t i = 0; i < draft->plan->field_count; i++) {
        note_writers(draft, i);
    }
    struct hr_place place = {.file = draft->first_path, .line = 1, .column = 1, .size = 1};
    (void)hr_draft_within(draft, HR_LIMIT_event_types, draft->type_count, place);
    (void)hr_draft_within(draft, HR_LIMIT_attributes, draft->attribute_count, place);
}
