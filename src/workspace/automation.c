/* One automation: all that it must say, or leave out with a reason. */
#include "workspace/inside.h"

enum { LISTED_BYTES_MAX = 600, HELP_BYTES_MAX = 1024, HELPED_MAX = 3 };

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

/* False when a step could not be read. */
static bool read_parts(struct hr_draft *draft, struct hr_automation *automation,
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
    bool steps_read = hr_draft_read_steps(draft, automation, map);
    hr_draft_read_approval(draft, automation, map);
    hr_draft_read_metric(draft, automation, map);
    hr_draft_read_rollout(draft, automation, map);
    read_systems(draft, automation, map);
    automation->data = hr_draft_fields_at(draft, map, "data", automation->record);
    automation->when_place = place_at(draft, map, "when");
    automation->stop_place = place_at(draft, map, "stop");
    automation->systems_place = place_at(draft, map, "systems");
    automation->data_place = place_at(draft, map, "data");
    return steps_read;
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

/* True for what is no key of an automation but a step. */
static bool is_step(enum hr_element element)
{
    return element == HR_ELEMENT_wait || element == HR_ELEMENT_branch;
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

/* What to write for an element, and what comes of leaving it to accident. */
static const struct {
    const char *write;
    const char *harm;
} elements[HR_ELEMENT_COUNT] = {
    [HR_ELEMENT_when] =
        {"add `when:` with who goes through it, as in `when: [known(contact.email)]`",
         "a test entry would be treated like a customer"},
    [HR_ELEMENT_wait] = {"let a step wait, as in `- wait: 1 day`",
                         "the reminder would come in the same minute as the offer"},
    [HR_ELEMENT_branch] = {"let a step branch, as in `- if: known(contact.email)` with `then:`",
                           "a customer of ten years would get the same words as a stranger"},
    [HR_ELEMENT_stop] = {"add `stop:` with what ends it, as in "
                         "`stop: [\"event.type == 'EVENT'\"]`",
                         "a second mail would go to somebody who has booked long ago, because "
                         "nothing said when to stop"},
    [HR_ELEMENT_reenter] = {"add `reenter: never`, `every event`, `after 30 days` or `once per "
                            "event.payment_id`",
                            "a customer would get the same welcome again with every form they "
                            "send"},
    [HR_ELEMENT_task_owner] = {"add `task_owner:` with a person or a team, as in `task_owner: "
                               "PERSON`",
                               "a task would be made that nobody ever sees"},
    [HR_ELEMENT_approval] = {"add `approval:` with what takes whose yes, as in "
                             "`approval: {for: [any change], by: [PERSON], expires: 2 days}`",
                             "400 customers would be told a wrong price before anybody had read "
                             "the first message"},
    [HR_ELEMENT_goal] = {"add `goal:` with one sentence on what it is for, as in `goal: Every new "
                         "lead is called within a day`",
                         "in a year nobody would know whether it is still needed"},
    [HR_ELEMENT_metric] = {"add `metric:` with what counts as success, as in `metric: {success: "
                           "\"event.type == 'EVENT'\", within: 14 days}`",
                           "it would run for a year, and nobody could say whether it helps"},
    [HR_ELEMENT_systems] = {"add `systems:` with the tools that its steps use, as in `systems: "
                            "[checkout]`",
                            "when a tool is down, nobody would see that this is down with it"},
    [HR_ELEMENT_data] = {"add `data:` with the fields that its steps read and write, as in "
                         "`data: [email]`",
                         "somebody would change a field, and not know that this reads it"},
    [HR_ELEMENT_avoids] = {"add `avoids:` with the failure that it must not become, as in "
                           "`avoids: A lead that nobody calls`",
                           "the failure that costs most would be noticed by the customer first"},
};

/* Where the reasons go: a second `left_out` would be a key that stands twice. */
static struct hr_text say_reasons(struct hr_draft *draft, const struct hr_pair *found,
                                  const enum hr_element *unsaid, size_t count)
{
    struct hr_buffer reasons;
    const struct hr_node *left_out = found == NULL ? NULL : found->value;
    bool lines = left_out != NULL && left_out->count > 0 &&
                 left_out->pairs[0].key->offset == left_out->offset;
    hr_buffer_init(&reasons, draft->reterr->arena, LISTED_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        hr_buffer_add_format(&reasons, "%s%.*s: the reason",
                             i == 0  ? ""
                             : lines ? "`, `"
                                     : ", ",
                             HR_SHOW(hr_element_word(unsaid[i])));
    }
    struct hr_text text = hr_buffer_text(&reasons);
    if (left_out == NULL) {
        return hr_draft_say(draft, "`left_out: {%.*s}`", HR_SHOW(text));
    }
    return lines ? hr_draft_say(draft, "%s `%.*s` under `left_out:` at line %u",
                                count == 1 ? "a line" : "lines", HR_SHOW(text),
                                found->key->place.line)
                 : hr_draft_say(draft, "`%.*s` inside the braces of `left_out` at line %u",
                                HR_SHOW(text), found->key->place.line);
}

/* With names that are there: somebody for PERSON; for EVENT the last one, as the first ones mostly begin a path. */
static void add_example(struct hr_draft *draft, struct hr_buffer *help, const char *example)
{
    const struct hr_known_ids *people = &draft->person_names;
    const struct hr_known_ids *events = &draft->type_names;
    const struct {
        struct hr_text word;
        struct hr_text name;
    } stand_ins[] = {
        {HR_TEXT("PERSON"), people->count > 0 ? people->items[0] : HR_TEXT("maya")},
        {HR_TEXT("EVENT"),
         events->count > 0 ? events->items[events->count - 1] : HR_TEXT("booking.confirmed")},
    };
    struct hr_text text = hr_text_from(example);
    for (size_t i = 0; i < sizeof stand_ins / sizeof stand_ins[0]; i++) {
        size_t at = hr_text_search(text, stand_ins[i].word);
        if (at < text.size) {
            hr_buffer_add_text(help, hr_text_slice(text, 0, at));
            hr_buffer_add_text(help, stand_ins[i].name);
            text = hr_text_slice(text, at + stand_ins[i].word.size, text.size);
        }
    }
    hr_buffer_add_text(help, text);
}

static void complain_unsaid(struct hr_draft *draft, const struct hr_pair *pair,
                            const enum hr_element *unsaid, size_t count)
{
    struct hr_buffer list;
    struct hr_buffer help;
    hr_buffer_init(&list, draft->reterr->arena, LISTED_BYTES_MAX);
    hr_buffer_init(&help, draft->reterr->arena, HELP_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        const char *between = i == 0 ? "" : i + 1 == count ? " and " : ", ";
        struct hr_text word = hr_element_word(unsaid[i]);
        hr_buffer_add_format(&list, "%s`%.*s`", between, HR_SHOW(word));
        if (i < HELPED_MAX) {
            hr_buffer_add_text(&help, i == 0 ? HR_TEXT_NONE : HR_TEXT("; "));
            add_example(draft, &help, elements[unsaid[i]].write);
        }
    }
    struct hr_diagnostic *item = hr_draft_error(
        draft, element_unsaid, pair->key->place, "automation `%.*s` says nothing about %.*s",
        HR_SHOW(hr_clipped(pair->key->scalar)), HR_SHOW(hr_buffer_text(&list)));
    item->example = hr_text_from(elements[unsaid[0]].harm);
    item->help = hr_draft_say(
        draft, "%.*s%s; or say why there is none: %.*s", HR_SHOW(hr_buffer_text(&help)),
        count > HELPED_MAX ? "; and so on" : "",
        HR_SHOW(say_reasons(draft, find_pair(pair->value, HR_TEXT("left_out")), unsaid, count)));
}

/* steps_read: all of them; one that was complained about may be the wait that is missed. */
static void check_elements(struct hr_draft *draft, struct hr_automation *automation,
                           const struct hr_pair *pair, bool steps_read)
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
        } else if (!there && (steps_read || !is_step(element)) &&
                   !hr_draft_misspelt(HR_GRAM_automation, pair->value, word.data)) {
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
        bool steps_read = read_parts(draft, automation, pair->value);
        check_elements(draft, automation, pair, steps_read);
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
