/* The systems and data that an automation states are those that it touches, no fewer and no more. */
#include "workspace/check_inside.h"

enum { LISTED_MAX = 12, LISTED_BYTES_MAX = 1024, BEHIND_BYTES = 8 };

/* Names of fields or tools, as they are found. */
struct names {
    struct hr_buffer out;
    size_t count;
    const char *left; /* around each of them */
    const char *right;
};

static struct names new_names(const struct hr_facts *facts, const char *left, const char *right)
{
    struct names names = {.left = left, .right = right};
    hr_buffer_init(&names.out, facts->draft->reterr->arena, LISTED_BYTES_MAX);
    return names;
}

static void add_name(struct names *names, struct hr_text name)
{
    if (names->count++ < LISTED_MAX) {
        hr_buffer_add_format(&names->out, "%s%s%.*s%s", names->count == 1 ? "" : ", ", names->left,
                             HR_SHOW(name), names->right);
    }
}

static struct hr_text end_names(struct names *names)
{
    if (names->count > LISTED_MAX) {
        hr_buffer_add_format(&names->out, " and %zu more", names->count - LISTED_MAX);
    }
    return hr_buffer_text(&names->out);
}

/* A list in brackets on one line gets the names at its end; they are used, so nothing else can be meant. */
static void mend_list(const struct hr_facts *facts, struct hr_diagnostic *item, int32_t index,
                      const char *key, const struct names *names)
{
    struct hr_draft *draft = facts->draft;
    const struct hr_node *list = hr_draft_get(draft->automations.pairs[index].value, key);
    const struct hr_source *source = list == NULL ? NULL : hr_draft_source(draft, list->place);
    if (source == NULL || names->count > LISTED_MAX || list->kind != HR_NODE_list ||
        list->count == 0) {
        return;
    }
    size_t end = list->items[list->count - 1]->end;
    struct hr_text behind = hr_text_trim(hr_text_slice(source->bytes, end, end + BEHIND_BYTES));
    if (behind.size == 0 || behind.data[0] != ']') {
        return;
    }
    hr_diagnostic_fix(item, end, 0,
                      hr_draft_say(draft, ", %.*s", HR_SHOW(hr_buffer_text(&names->out))));
}

/* What is left out with a reason is touched all the same: who reads the reason is misled. */
static void complain_left_out(const struct hr_facts *facts, struct hr_diagnostic *item,
                              enum hr_element element, const struct names *names)
{
    struct hr_text word = hr_element_word(element);
    item->label = HR_TEXT("left out here");
    item->help = hr_draft_say(facts->draft, "write `%.*s: [%.*s]`, and remove it from `left_out`",
                              HR_SHOW(word), HR_SHOW(hr_buffer_text(&names->out)));
}

/* Where the automation says it, or says that there is none; line 0: neither, which was complained about. */
static struct hr_place said_at(const struct hr_automation *automation, enum hr_element element,
                               struct hr_place there)
{
    return there.line > 0 ? there : automation->left_out[element].place;
}

/* ---- data -------------------------------------------------------------------------------------------- */

static bool states_field(const struct hr_automation *automation, enum hr_record_type record,
                         int32_t field)
{
    for (size_t i = 0; i < automation->data.count; i++) {
        const struct hr_field_ref *ref = &automation->data.items[i];
        if (ref->record == record && ref->field == field) {
            return true;
        }
    }
    return false;
}

static bool is_touched(const struct hr_touch *touch, enum hr_record_type record, int32_t field)
{
    return (touch->fields[record][field] & (HR_TOUCH_read | HR_TOUCH_written)) != 0;
}

/* The first field that is touched and not stated; all of them go into `missing`, if it is given. */
static struct hr_field_ref find_unstated(const struct hr_facts *facts, const struct hr_touch *touch,
                                         int32_t index, struct names *missing)
{
    const struct hr_plan *plan = facts->draft->plan;
    struct hr_field_ref first = {HR_RECORD_TYPE_contact, HR_NONE_INDEX, {.line = 0}};
    for (size_t record = 0; record < HR_RECORD_TYPE_COUNT; record++) {
        for (size_t i = 0; i < plan->records[record].field_count && i < HR_RECORD_FIELDS_MAX; i++) {
            struct hr_field_ref ref = {(enum hr_record_type)record, (int32_t)i, {.line = 0}};
            if (!is_touched(touch, ref.record, ref.field) ||
                states_field(&plan->automations[index], ref.record, ref.field)) {
                continue;
            }
            first = first.field < 0 ? ref : first;
            if (missing != NULL) {
                add_name(missing, hr_field_said(facts, index, ref));
            }
        }
    }
    return first;
}

static void check_unstated_data(const struct hr_facts *facts, const struct hr_touch *touch,
                                int32_t index)
{
    const struct hr_automation *automation = &facts->draft->plan->automations[index];
    struct hr_field_ref first = find_unstated(facts, touch, index, NULL);
    if (first.field < 0) {
        return;
    }
    struct names missing = new_names(facts, "`", "`");
    struct names help = new_names(facts, "", "");
    (void)find_unstated(facts, touch, index, &missing);
    (void)find_unstated(facts, touch, index, &help);
    struct hr_text names = end_names(&missing);
    bool written = (touch->fields[first.record][first.field] & HR_TOUCH_written) != 0;
    struct hr_text name = hr_field_said(facts, index, first);
    struct hr_diagnostic *item = hr_draft_error(
        facts->draft, data_unstated,
        hr_told_place(facts, said_at(automation, HR_ELEMENT_data, automation->data_place)),
        "automation `%.*s` touches %.*s, and does not state %s", HR_SHOW(automation->id),
        HR_SHOW(names), missing.count == 1 ? "it" : "them");
    item->label =
        missing.count == 1 ? HR_TEXT("it is missing here") : HR_TEXT("they are missing here");
    item->second = hr_told_place(facts, touch->field_places[first.record][first.field]);
    item->second_label =
        hr_draft_say(facts->draft, "%s `%.*s` here", written ? "writes" : "reads", HR_SHOW(name));
    item->example =
        hr_draft_say(facts->draft, "who asks which automations use `%.*s` is not told of this one",
                     HR_SHOW(name));
    item->help = hr_draft_say(facts->draft, "add %.*s to `data`", HR_SHOW(names));
    if (automation->data_place.line == 0) {
        complain_left_out(facts, item, HR_ELEMENT_data, &help);
        return;
    }
    mend_list(facts, item, index, "data", &help);
}

static void check_stated_data(const struct hr_facts *facts, const struct hr_touch *touch,
                              int32_t index)
{
    const struct hr_automation *automation = &facts->draft->plan->automations[index];
    for (size_t i = 0; i < automation->data.count; i++) {
        const struct hr_field_ref *ref = &automation->data.items[i];
        if (ref->field < 0 || ref->field >= HR_RECORD_FIELDS_MAX ||
            touch->fields[ref->record][ref->field] != 0) {
            continue;
        }
        struct hr_text name = hr_field_said(facts, index, *ref);
        struct hr_diagnostic *item =
            hr_draft_warning(facts->draft, data_untouched, hr_told_place(facts, ref->place),
                             "automation `%.*s` states `%.*s`, and no step touches it",
                             HR_SHOW(automation->id), HR_SHOW(name));
        item->second = hr_told_place(facts, automation->steps_place);
        item->second_label = HR_TEXT("none of these reads or writes it");
        item->help = hr_draft_say(facts->draft, "remove `%.*s` from `data`, or use it in a step",
                                  HR_SHOW(name));
        item->example = hr_draft_say(facts->draft,
                                     "before a change of `%.*s`, somebody tests this "
                                     "automation for nothing",
                                     HR_SHOW(name));
    }
}

/* ---- systems ------------------------------------------------------------------------------------------- */

static bool states_tool(const struct hr_automation *automation, int32_t tool)
{
    for (size_t i = 0; i < automation->system_count; i++) {
        if (automation->systems[i].tool == tool) {
            return true;
        }
    }
    return false;
}

/* The first tool that is used and not stated, or -1; all of them go into the lists. */
static int32_t find_unstated_tools(const struct hr_facts *facts, const struct hr_touch *touch,
                                   int32_t index, struct names *missing, struct names *help)
{
    const struct hr_plan *plan = facts->draft->plan;
    int32_t first = HR_NONE_INDEX;
    for (size_t i = 0; i < plan->tool_count; i++) {
        if (touch->tools[i] != 0 && !states_tool(&plan->automations[index], (int32_t)i)) {
            first = first < 0 ? (int32_t)i : first;
            add_name(missing, plan->tools[i].id);
            add_name(help, plan->tools[i].id);
        }
    }
    return first;
}

static void check_unstated_systems(const struct hr_facts *facts, const struct hr_touch *touch,
                                   int32_t index)
{
    const struct hr_plan *plan = facts->draft->plan;
    const struct hr_automation *automation = &plan->automations[index];
    struct names missing = new_names(facts, "`", "`");
    struct names help = new_names(facts, "", "");
    int32_t first = find_unstated_tools(facts, touch, index, &missing, &help);
    if (first < 0) {
        return;
    }
    struct hr_text tool = plan->tools[first].id;
    struct hr_text names = end_names(&missing);
    struct hr_diagnostic *item = hr_draft_error(
        facts->draft, system_unstated,
        hr_told_place(facts, said_at(automation, HR_ELEMENT_systems, automation->systems_place)),
        "automation `%.*s` uses %.*s, and does not state %s", HR_SHOW(automation->id),
        HR_SHOW(names), missing.count == 1 ? "it" : "them");
    item->label =
        missing.count == 1 ? HR_TEXT("it is missing here") : HR_TEXT("they are missing here");
    item->second = hr_told_place(facts, touch->tool_places[first]);
    item->second_label = hr_draft_say(facts->draft, "uses `%.*s` here", HR_SHOW(tool));
    item->example = hr_draft_say(facts->draft,
                                 "when `%.*s` is down, nobody sees that `%.*s` "
                                 "is down with it",
                                 HR_SHOW(tool), HR_SHOW(automation->id));
    item->help = hr_draft_say(facts->draft, "add %.*s to `systems`", HR_SHOW(names));
    if (automation->systems_place.line == 0) {
        complain_left_out(facts, item, HR_ELEMENT_systems, &help);
        return;
    }
    mend_list(facts, item, index, "systems", &help);
}

/* A tool that sends what the automation starts on, waits for or ends on may be stated. */
static bool is_heard(const struct hr_facts *facts, const struct hr_touch *touch, int32_t tool)
{
    const struct hr_tool *sender = &facts->draft->plan->tools[tool];
    for (size_t i = 0; i < sender->event_count; i++) {
        const uint64_t *event = hr_map_find(&facts->draft->type_by_name, sender->events[i].name);
        if (event != NULL && touch->events[*event]) {
            return true;
        }
    }
    return false;
}

static void check_stated_systems(const struct hr_facts *facts, const struct hr_touch *touch,
                                 int32_t index)
{
    const struct hr_plan *plan = facts->draft->plan;
    const struct hr_automation *automation = &plan->automations[index];
    for (size_t i = 0; i < automation->system_count; i++) {
        int32_t tool = automation->systems[i].tool;
        if (touch->tools[tool] != 0 || is_heard(facts, touch, tool)) {
            continue;
        }
        struct hr_diagnostic *item = hr_draft_warning(
            facts->draft, system_untouched, hr_told_place(facts, automation->systems[i].place),
            "automation `%.*s` states tool `%.*s`, and no step uses it", HR_SHOW(automation->id),
            HR_SHOW(plan->tools[tool].id));
        item->second = hr_told_place(facts, automation->steps_place);
        item->second_label = HR_TEXT("none of these asks anything of it");
        item->help =
            hr_draft_say(facts->draft, "remove `%.*s` from `systems`, or add the step that uses it",
                         HR_SHOW(plan->tools[tool].id));
        item->example = hr_draft_say(facts->draft,
                                     "when `%.*s` is down, people wait with this automation for "
                                     "nothing",
                                     HR_SHOW(plan->tools[tool].id));
    }
}

/* What is neither there nor left out was complained about. */
void hr_check_stated(const struct hr_facts *facts, const struct hr_touch *touch, int32_t automation)
{
    const struct hr_automation *stated = &facts->draft->plan->automations[automation];
    if (said_at(stated, HR_ELEMENT_systems, stated->systems_place).line > 0) {
        check_unstated_systems(facts, touch, automation);
        check_stated_systems(facts, touch, automation);
    }
    if (said_at(stated, HR_ELEMENT_data, stated->data_place).line > 0) {
        check_unstated_data(facts, touch, automation);
        check_stated_data(facts, touch, automation);
    }
}
