/* What names something else: people and teams, fields, events, stages, actions, handoffs. */
#include "workspace/inside.h"

int32_t hr_draft_ref_at(struct hr_draft *draft, const struct hr_node *map, const char *key,
                        const struct hr_known_ids *names, enum hr_code code)
{
    return hr_draft_ref(draft, hr_draft_get(map, key), names, code);
}

/* ---- people and teams --------------------------------------------------------------------------- */

static bool team_is_empty(const struct hr_plan *plan, const struct hr_team *team)
{
    for (size_t i = 0; i < team->person_count; i++) {
        if (!plan->people[team->people[i]].inactive) {
            return false;
        }
    }
    return team->person_count > 0;
}

void hr_draft_check_active(struct hr_draft *draft, const struct hr_node *node, int32_t person,
                           int32_t team)
{
    const struct hr_plan *plan = draft->plan;
    if (person >= 0 && plan->people[person].inactive) {
        struct hr_diagnostic *item =
            hr_draft_error(draft, person_inactive, node->place,
                           "`%.*s` does not work here any more", HR_SHOW(plan->people[person].id));
        item->second = draft->people.pairs[person].key->place;
        item->second_label = HR_TEXT("`active: no`");
        item->example = HR_TEXT("what goes to them is seen by nobody");
    } else if (team >= 0 && team_is_empty(plan, &plan->teams[team])) {
        struct hr_diagnostic *item = hr_draft_error(draft, person_inactive, node->place,
                                                    "nobody of team `%.*s` works here any more",
                                                    HR_SHOW(plan->teams[team].id));
        item->second = plan->teams[team].place;
        item->second_label = HR_TEXT("all of them have `active: no`");
        item->example = HR_TEXT("what goes to them is seen by nobody");
    }
}

struct hr_party hr_draft_party(struct hr_draft *draft, const struct hr_node *node, bool owner)
{
    struct hr_party party = {.kind = HR_PARTY_none, .index = HR_NONE_INDEX};
    if (node == NULL || !hr_draft_scalar(draft, node, "person or team")) {
        return party;
    }
    party.place = hr_draft_place(draft, node->place);
    if (owner && hr_text_equal(node->scalar, HR_TEXT("owner"))) {
        party.kind = HR_PARTY_owner;
        return party;
    }
    int32_t index = hr_draft_ref(draft, node, &draft->party_names, HR_CODE_party_unknown);
    int32_t people = (int32_t)draft->plan->person_count;
    if (index >= 0) {
        party.kind = index < people ? HR_PARTY_person : HR_PARTY_team;
        party.index = index < people ? index : index - people;
        hr_draft_check_active(draft, node, index < people ? index : HR_NONE_INDEX,
                              index < people ? HR_NONE_INDEX : party.index);
    }
    return party;
}

struct hr_party hr_draft_party_at(struct hr_draft *draft, const struct hr_node *map,
                                  const char *key, bool owner)
{
    return hr_draft_party(draft, hr_draft_get(map, key), owner);
}

struct hr_parties hr_draft_parties_at(struct hr_draft *draft, const struct hr_node *map,
                                      const char *key, bool owner)
{
    struct hr_nodes nodes = hr_draft_some(draft, hr_draft_get(map, key), key, HR_LIMIT_parties);
    struct hr_party *items = hr_draft_keep(draft, struct hr_party, nodes.count);
    struct hr_parties parties = {items, 0};
    for (size_t i = 0; items != NULL && i < nodes.count; i++) {
        struct hr_party party = hr_draft_party(draft, nodes.items[i], owner);
        if (party.kind != HR_PARTY_none) {
            items[parties.count++] = party;
        }
    }
    return parties;
}

/* ---- fields ------------------------------------------------------------------------------------- */

struct hr_field_ref hr_draft_field(struct hr_draft *draft, const struct hr_node *node,
                                   enum hr_record_type record)
{
    struct hr_field_ref ref = {.record = record, .field = HR_NONE_INDEX};
    if (node == NULL || !hr_draft_scalar(draft, node, "field")) {
        return ref;
    }
    ref.place = hr_draft_place(draft, node->place);
    struct hr_node bare = *node;
    for (size_t i = 0; i < HR_RECORD_TYPE_COUNT; i++) {
        struct hr_text word = hr_words_record_type.items[i];
        if (hr_text_starts(node->scalar, word) && node->scalar.size > word.size + 1 &&
            node->scalar.data[word.size] == '.') {
            ref.record = (enum hr_record_type)i;
            bare.scalar = hr_text_slice(node->scalar, word.size + 1, node->scalar.size);
        }
    }
    ref.field =
        hr_draft_ref(draft, &bare, &draft->records[ref.record].field_names, HR_CODE_field_unknown);
    return ref;
}

struct hr_field_refs hr_draft_fields_at(struct hr_draft *draft, const struct hr_node *map,
                                        const char *key, enum hr_record_type record)
{
    struct hr_nodes nodes = hr_draft_some(draft, hr_draft_get(map, key), key, HR_LIMIT_names);
    struct hr_field_ref *items = hr_draft_keep(draft, struct hr_field_ref, nodes.count);
    struct hr_field_refs refs = {items, 0};
    for (size_t i = 0; items != NULL && i < nodes.count; i++) {
        struct hr_field_ref ref = hr_draft_field(draft, nodes.items[i], record);
        if (ref.field >= 0) {
            items[refs.count++] = ref;
        }
    }
    return refs;
}

/* ---- events, stages, actions, proofs -------------------------------------------------------------- */

int32_t hr_draft_event(struct hr_draft *draft, const struct hr_node *node)
{
    if (node == NULL || !hr_draft_scalar(draft, node, "event")) {
        return HR_NONE_INDEX;
    }
    const uint64_t *index = hr_map_find(&draft->type_by_name, node->scalar);
    if (index != NULL) {
        return (int32_t)*index;
    }
    hr_draft_error(draft, event_unknown, node->place, "no tool sends `%.*s`",
                   HR_SHOW(hr_clipped(node->scalar)))
        ->help = hr_draft_suggest(draft, node->scalar, &draft->type_names);
    return HR_NONE_INDEX;
}

int32_t hr_draft_stage(struct hr_draft *draft, const struct hr_node *node, struct hr_text id)
{
    const uint64_t *index = hr_map_find(&draft->stage_by_id, id);
    if (index != NULL && *index < draft->plan->stage_count) {
        return (int32_t)*index;
    }
    if (draft->stage_names.broken) {
        return HR_NONE_INDEX;
    }
    struct hr_diagnostic *item = hr_draft_error(
        draft, stage_unknown, node->place,
        index == NULL ? "there is no stage `%.*s`" : "more than one pipeline has a stage `%.*s`",
        HR_SHOW(hr_clipped(id)));
    item->help = index == NULL
                     ? hr_draft_suggest(draft, id, &draft->stage_names)
                     : hr_draft_say(draft, "write PIPELINE.%.*s", HR_SHOW(hr_clipped(id)));
    return HR_NONE_INDEX;
}

static int32_t find_action(const struct hr_tool *tool, struct hr_text id)
{
    for (size_t i = 0; i < tool->action_count; i++) {
        if (hr_text_equal(tool->actions[i].id, id)) {
            return (int32_t)i;
        }
    }
    return HR_NONE_INDEX;
}

static void complain_action(struct hr_draft *draft, const struct hr_node *node,
                            const struct hr_tool *tool, struct hr_text id)
{
    struct hr_text *ids = hr_draft_scratch(draft, struct hr_text, tool->action_count);
    for (size_t i = 0; ids != NULL && i < tool->action_count; i++) {
        ids[i] = tool->actions[i].id;
    }
    struct hr_known_ids names = {
        .noun = "action", .items = ids, .count = ids == NULL ? 0 : tool->action_count};
    hr_draft_error(draft, action_unknown, node->place, "tool `%.*s` has no action `%.*s`",
                   HR_SHOW(tool->id), HR_SHOW(hr_clipped(id)))
        ->help = hr_draft_suggest(draft, id, &names);
}

bool hr_draft_action(struct hr_draft *draft, const struct hr_node *node, int32_t *ret_tool,
                     int32_t *ret_action)
{
    *ret_tool = *ret_action = HR_NONE_INDEX;
    if (node == NULL || !hr_draft_scalar(draft, node, "action")) {
        return false;
    }
    struct hr_node name = *node;
    struct hr_text id = node->scalar;
    name.scalar = hr_text_cut(&id, '.');
    *ret_tool = hr_draft_ref(draft, &name, &draft->tool_names, HR_CODE_tool_unknown);
    if (*ret_tool < 0) {
        return false;
    }
    const struct hr_tool *tool = &draft->plan->tools[*ret_tool];
    *ret_action = find_action(tool, id);
    if (*ret_action < 0) {
        complain_action(draft, node, tool, id);
    }
    return *ret_action >= 0;
}

int32_t hr_draft_proven(struct hr_draft *draft, const struct hr_node *node)
{
    const struct hr_plan *plan = draft->plan;
    struct hr_text id = hr_text_trim(hr_text_slice(node->scalar, 7, node->scalar.size));
    int32_t index = hr_plan_handoff(plan, id);
    if (index >= 0) {
        return index;
    }
    struct hr_text *ids = hr_draft_scratch(draft, struct hr_text, plan->handoff_count);
    for (size_t i = 0; ids != NULL && i < plan->handoff_count; i++) {
        ids[i] = plan->handoffs[i].full_id;
    }
    struct hr_known_ids names = {
        .noun = "handoff", .items = ids, .count = ids == NULL ? 0 : plan->handoff_count};
    hr_draft_error(draft, handoff_unknown, node->place, "there is no handoff `%.*s`",
                   HR_SHOW(hr_clipped(id)))
        ->help = hr_draft_suggest(draft, id, &names);
    return HR_NONE_INDEX;
}
