/* One automation: all that it must say, or leave out with a reason. */
#include "workspace/inside.h"

enum { LISTED_BYTES_MAX = 400 };

/* ---- what it says ---------------------------------------------------------------------------------------- */

static void read_systems(struct hr_draft *draft, struct hr_automation *automation,
                         const struct hr_node *map)
{
    const struct hr_node *node = hr_draft_get(map, "systems");
    struct hr_nodes nodes = hr_draft_some(draft, node, "systems", HR_LIMIT_names);
    struct hr_tool_ref *systems = hr_draft_keep(draft, struct hr_tool_ref, nodes.count);
    automation->systems = systems;
    for (size_t i = 0; systems != NULL && i < nodes.count; i++) {
        int32_t tool =
            hr_draft_ref(draft, nodes.items[i], &draft->tool_names, HR_CODE_tool_unknown);
        if (tool >= 0) {
            systems[automation->system_count++] =
                (struct hr_tool_ref){tool, hr_draft_place(draft, nodes.items[i]->place)};
        }
    }
}

static const struct hr_place nowhere;

static struct hr_place place_at(struct hr_draft *draft, const struct hr_node *map, const char *key)
{
    const struct hr_node *node = hr_draft_get(map, key);
    return node == NULL ? nowhere : hr_draft_place(draft, node->place);
}

static void read_parts(struct hr_draft *draft, struct hr_automation *automation,
                       const struct hr_node *map)
{
    automation->title = hr_draft_title(draft, map, automation->id);
    automation->goal = hr_draft_text(draft, map, "goal");
    automation->avoids = hr_draft_text(draft, map, "avoids");
    automation->record = (enum hr_record_type)hr_draft_word_at(
        draft, map, "record", &hr_words_record_type, HR_RECORD_TYPE_contact);
    automation->owner = hr_draft_person(draft, map, "owner");
    automation->failure_owner = hr_draft_person(draft, map, "failure_owner");
    automation->task_owner = hr_draft_party_at(draft, map, "task_owner", true);
    automation->path =
        hr_draft_ref_at(draft, map, "path", &draft->path_names, HR_CODE_path_unknown);
    hr_draft_read_trigger(draft, automation, map);
    automation->when = hr_draft_clauses(draft, hr_draft_get(map, "when"), "when", HR_USE_rule);
    automation->stop = hr_draft_clauses(draft, hr_draft_get(map, "stop"), "stop", HR_USE_rule);
    hr_draft_read_reenter(draft, automation, map);
    hr_draft_read_steps(draft, automation, map);
    hr_draft_read_approval(draft, automation, map);
    hr_draft_read_metric(draft, automation, map);
    hr_draft_read_rollout(draft, automation, map);
    read_systems(draft, automation, map);
    automation->data = hr_draft_fields_at(draft, map, "data", automation->record);
    automation->when_place = place_at(draft, map, "when");
    automation->stop_place = place_at(draft, map, "stop");
    automation->systems_place = place_at(draft, map, "systems");
    automation->data_place = place_at(draft, map, "data");
}

/* ---- what it does not say ----------------------------------------------------------------------------------- */

/* The first step of a kind, whatever its depth, which is that of read_steps. */
static const struct hr_plan_step *find_step(const struct hr_plan_steps *steps,
                                            enum hr_step_kind kind, enum hr_step_kind other)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct hr_plan_step *step = &steps->items[i];
        if (step->kind == kind || step->kind == other) {
            return step;
        }
        if (step->kind == HR_STEP_branch) {
            const struct hr_plan_step *found = find_step(&step->branch->then, kind, other);
            found = found != NULL ? found : find_step(&step->branch->otherwise, kind, other);
            if (found != NULL) {
                return found;
            }
        }
    }
    return NULL;
}

/* Where the element stands: under its key, or as a step. False when it is not there. */
static bool find_element(const struct hr_automation *automation, const struct hr_node *map,
                         enum hr_element element, struct hr_place *ret_place)
{
    const struct hr_plan_step *step = NULL;
    if (element == HR_ELEMENT_wait) {
        step = find_step(&automation->steps, HR_STEP_wait, HR_STEP_wait_for);
    } else if (element == HR_ELEMENT_branch) {
        step = find_step(&automation->steps, HR_STEP_branch, HR_STEP_branch);
    } else {
        const struct hr_node *node = hr_node_get(map, hr_element_word(element));
        *ret_place = node == NULL ? nowhere : node->place;
        return node != NULL;
    }
    *ret_place = step == NULL ? nowhere : step->place;
    return step != NULL;
}

static void read_reason(struct hr_draft *draft, struct hr_automation *automation,
                        const struct hr_pair *pair, enum hr_element element, bool there,
                        struct hr_place where)
{
    struct hr_left_out *left = &automation->left_out[element];
    if (there) {
        struct hr_diagnostic *item =
            hr_draft_error(draft, left_out_and_there, pair->key->place,
                           "`%.*s` is left out, and is there", HR_SHOW(pair->key->scalar));
        item->label = HR_TEXT("left out here");
        item->second = where;
        item->second_label = HR_TEXT("there here");
    } else if (hr_draft_scalar(draft, pair->value, "left_out")) {
        left->reason = hr_draft_copy(draft, hr_text_trim(pair->value->scalar));
        left->place = hr_draft_place(draft, pair->key->place);
    }
}

static const struct hr_pair *find_pair(const struct hr_node *map, struct hr_text key)
{
    for (size_t i = 0; map != NULL && map->kind == HR_NODE_map && i < map->count; i++) {
        if (hr_text_equal(map->pairs[i].key->scalar, key)) {
            return &map->pairs[i];
        }
    }
    return NULL;
}

static void complain_unsaid(struct hr_draft *draft, const struct hr_pair *pair,
                            const enum hr_element *unsaid, size_t count)
{
    struct hr_buffer list;
    hr_buffer_init(&list, draft->reterr->arena, LISTED_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        const char *between = i == 0 ? "" : i + 1 == count ? " and " : ", ";
        struct hr_text word = hr_element_word(unsaid[i]);
        hr_buffer_add_format(&list, "%s`%.*s`", between, HR_SHOW(word));
    }
    struct hr_text first = hr_element_word(unsaid[0]);
    bool step = unsaid[0] == HR_ELEMENT_wait || unsaid[0] == HR_ELEMENT_branch;
    struct hr_diagnostic *item = hr_draft_error(
        draft, element_unsaid, pair->key->place, "automation `%.*s` says nothing about %.*s",
        HR_SHOW(hr_clipped(pair->key->scalar)), HR_SHOW(hr_buffer_text(&list)));
    item->help = hr_draft_say(
        draft, "%s%.*s%s, or say why there is none: `left_out: {%.*s: the reason}`",
        step ? "let a step " : "add `",
        HR_SHOW(step && unsaid[0] == HR_ELEMENT_branch ? HR_TEXT("branch with `if`") : first),
        step ? "" : ":`", HR_SHOW(first));
}

static void check_elements(struct hr_draft *draft, struct hr_automation *automation,
                           const struct hr_pair *pair)
{
    const struct hr_node *left_out = hr_draft_get(pair->value, "left_out");
    enum hr_element unsaid[HR_ELEMENT_COUNT];
    size_t count = 0;
    if (left_out != NULL && !hr_draft_map(draft, HR_GRAM_left_out, left_out, left_out)) {
        return;
    }
    for (size_t i = 0; i < HR_ELEMENT_COUNT; i++) {
        enum hr_element element = (enum hr_element)i;
        struct hr_text word = hr_element_word(element);
        struct hr_place where = {.line = 0};
        bool there = find_element(automation, pair->value, element, &where);
        const struct hr_pair *reason = find_pair(left_out, word);
        if (reason != NULL) {
            read_reason(draft, automation, reason, element, there, where);
        } else if (!there && !hr_draft_misspelt(HR_GRAM_automation, pair->value, word.data)) {
            unsaid[count++] = element;
        }
    }
    if (count > 0) {
        complain_unsaid(draft, pair, unsaid, count);
    }
}

/* ---- all of them ----------------------------------------------------------------------------------------------- */

static void read_automation(struct hr_draft *draft, struct hr_automation *automation,
                            const struct hr_pair *pair)
{
    automation->place = hr_draft_place(draft, pair->key->place);
    automation->owner = automation->failure_owner = automation->path = HR_NONE_INDEX;
    if (hr_draft_id(draft, pair->key, "automation", false) &&
        hr_draft_map(draft, HR_GRAM_automation, pair->key, pair->value)) {
        read_parts(draft, automation, pair->value);
        check_elements(draft, automation, pair);
    }
}

void hr_draft_read_automations(struct hr_draft *draft)
{
    size_t count = draft->automation_names.count;
    struct hr_automation *automations = hr_draft_keep(draft, struct hr_automation, count);
    draft->plan->automations = automations;
    for (size_t i = 0; automations != NULL && i < count; i++) {
        automations[i].id = draft->automation_names.items[i];
        read_automation(draft, &automations[i], &draft->automations.pairs[i]);
        draft->plan->automation_count++;
    }
}
