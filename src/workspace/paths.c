/* Customer paths: every path and handoff gets its id first, so that any may be named from any; then
 * each is read in full. */
#include "workspace/inside.h"

/* ---- names first ------------------------------------------------------------------------------- */

static bool name_handoff(struct hr_draft *draft, const struct hr_path *path,
                         const struct hr_node *node)
{
    struct hr_plan *plan = draft->plan;
    const struct hr_node *id = hr_draft_get(node, "id");
    if (node->kind != HR_NODE_map || id == NULL) {
        struct hr_diagnostic *item =
            hr_draft_error(draft, key_missing, node->place, "a handoff of path `%.*s` has no `id`",
                           HR_SHOW(path->id));
        item->help = HR_TEXT("begin it with `- id: payment_to_access`");
        return false;
    }
    if (!hr_draft_id(draft, id, "handoff", false)) {
        return false;
    }
    for (int32_t i = path->first; i < path->first + path->count; i++) {
        if (!hr_text_equal(plan->handoffs[i].id, id->scalar)) {
            continue;
        }
        struct hr_diagnostic *item =
            hr_draft_error(draft, id_twice, id->place, "path `%.*s` has two handoffs `%.*s`",
                           HR_SHOW(path->id), HR_SHOW(id->scalar));
        item->label = HR_TEXT("again here");
        item->second = draft->handoff_nodes[i].key->place;
        item->second_label = HR_TEXT("first here");
        return false;
    }
    struct hr_handoff *handoff = &plan->handoffs[plan->handoff_count];
    handoff->id = hr_draft_copy(draft, id->scalar);
    handoff->full_id =
        hr_text_format(draft->into, "%.*s.%.*s", HR_SHOW(path->id), HR_SHOW(id->scalar));
    handoff->path = (int32_t)(path - plan->paths);
    handoff->place = path->count;
    handoff->file_place = hr_draft_place(draft, id->place);
    draft->handoff_nodes[plan->handoff_count] = (struct hr_pair){node->pairs[0].key, NULL};
    draft->handoff_nodes[plan->handoff_count].key = hr_node_get(node, HR_TEXT("id"));
    return true;
}

static void name_path(struct hr_draft *draft, struct hr_path *path, const struct hr_pair *pair)
{
    path->owner = path->starts_with = path->ends_with = HR_NONE_INDEX;
    path->first = (int32_t)draft->plan->handoff_count;
    if (!hr_draft_id(draft, pair->key, "path", false) ||
        !hr_draft_map(draft, HR_GRAM_path, pair->key, pair->value)) {
        return;
    }
    path->title = hr_draft_title(draft, pair->value, path->id);
    path->goal = hr_draft_text(draft, pair->value, "goal");
    path->owner = hr_draft_person(draft, pair->value, "owner");
    path->starts_with = hr_draft_event(draft, hr_draft_get(pair->value, "starts_with"));
    path->ends_with = hr_draft_event(draft, hr_draft_get(pair->value, "ends_with"));
    path->has_review = hr_draft_every(draft, hr_draft_get(pair->value, "review"), &path->review);
    path->place = hr_draft_place(draft, pair->key->place);
    const struct hr_node *list = hr_draft_get(pair->value, "handoffs");
    size_t count = hr_draft_list(draft, list, "handoffs", HR_LIMIT_handoffs);
    for (size_t i = 0; i < count; i++) {
        if (name_handoff(draft, path, list->items[i])) {
            draft->handoff_nodes[draft->plan->handoff_count].value = list->items[i];
            draft->plan->handoff_count++;
            path->count++;
        }
    }
    if (list != NULL && list->kind == HR_NODE_list && list->count == 0) {
        hr_draft_error(draft, text_empty, list->place, "path `%.*s` has no handoffs",
                       HR_SHOW(path->id));
    }
}

static size_t count_handoffs(const struct hr_section *section)
{
    size_t count = 0;
    for (size_t i = 0; i < section->count; i++) {
        const struct hr_node *list = hr_draft_get(section->pairs[i].value, "handoffs");
        count += list != NULL && list->kind == HR_NODE_list ? list->count : 0;
    }
    return count;
}

void hr_draft_read_paths(struct hr_draft *draft)
{
    struct hr_section *section = &draft->paths;
    struct hr_plan *plan = draft->plan;
    if (section->count == 0 ||
        !hr_draft_within(draft, HR_LIMIT_paths, section->count, section->pairs[0].key->place)) {
        return;
    }
    size_t most = count_handoffs(section);
    plan->paths = hr_draft_keep(draft, struct hr_path, section->count);
    plan->handoffs = hr_draft_keep(draft, struct hr_handoff, most);
    draft->handoff_nodes = hr_draft_scratch(draft, struct hr_pair, most);
    if (plan->paths == NULL || plan->handoffs == NULL || draft->handoff_nodes == NULL) {
        return;
    }
    for (size_t i = 0; i < section->count; i++) {
        plan->paths[i].id = hr_draft_copy(draft, section->pairs[i].key->scalar);
        name_path(draft, &plan->paths[i], &section->pairs[i]);
        plan->path_count++;
    }
    if (draft->into->failed || draft->scratch.failed) {
        return;
    }
    for (size_t i = 0; i < plan->handoff_count; i++) {
        hr_draft_read_handoff(draft, &plan->handoffs[i]);
    }
}

/* ---- circles ---------------------------------------------------------------------------------- */

void hr_draft_check_circles(struct hr_draft *draft)
{
    const struct hr_plan *plan = draft->plan;
    for (size_t i = 0; i < plan->handoff_count; i++) {
        bool first = true; /* a circle is told once, at its first handoff */
        int32_t at = plan->handoffs[i].opens_after;
        for (size_t steps = 0; at >= 0 && at != (int32_t)i && steps < plan->handoff_count;
             steps++) {
            first = first && at > (int32_t)i;
            at = plan->handoffs[at].opens_after;
        }
        if (at != (int32_t)i || !first) {
            continue;
        }
        const struct hr_node *node = hr_draft_get(draft->handoff_nodes[i].value, "opens_on");
        hr_draft_error(
            draft, proven_circle, node == NULL ? draft->handoff_nodes[i].key->place : node->place,
            "`%.*s` waits, in the end, for its own proof", HR_SHOW(plan->handoffs[i].id));
    }
}
