/* Who has to say yes, how success is known, and how far an automation may go. */
#include "workspace/inside.h"

enum { MANY_MAX = 1000000, SHARE_WHOLE = 10000 };

/* ---- approval ----------------------------------------------------------------------------------------- */

/* "first 20 sends": the number between two texts. */
static bool between(struct hr_text text, const char *before, const char *after, int64_t *ret_number)
{
    struct hr_text first = hr_text_from(before);
    struct hr_text last = hr_text_from(after);
    return hr_text_starts(text, first) && hr_text_ends(text, last) &&
           text.size > first.size + last.size &&
           hr_text_to_integer(hr_text_slice(text, first.size, text.size - last.size), ret_number) &&
           *ret_number > 0 && *ret_number <= MANY_MAX;
}

static bool read_many(struct hr_text text, struct hr_approval_case *found)
{
    int64_t number = 0;
    for (size_t i = 0; i < HR_RECORD_TYPE_COUNT; i++) {
        char after[64];
        struct hr_text word = hr_words_records.items[i];
        struct hr_text end = HR_TEXT(" at once");
        size_t size = 0;
        after[size++] = ' ';
        for (size_t letter = 0; letter < word.size; letter++) {
            after[size++] = word.data[letter];
        }
        for (size_t letter = 0; letter <= end.size; letter++) {
            after[size++] = letter == end.size ? '\0' : end.data[letter];
        }
        if (between(text, "more than ", after, &number)) {
            found->kind = HR_APPROVAL_many_at_once;
            found->count = (uint32_t)number;
            found->record = (enum hr_record_type)i;
            return true;
        }
    }
    return false;
}

static bool read_case(struct hr_draft *draft, const struct hr_node *node,
                      struct hr_approval_case *found)
{
    struct hr_text text = hr_text_trim(node->scalar);
    struct hr_text table = HR_TEXT("changes to table ");
    int64_t number = 0;
    found->table = HR_NONE_INDEX;
    found->place = hr_draft_place(draft, node->place);
    if (between(text, "first ", " sends", &number)) {
        found->kind = HR_APPROVAL_first_sends;
        found->count = (uint32_t)number;
    } else if (hr_text_equal(text, HR_TEXT("every send"))) {
        found->kind = HR_APPROVAL_every_send;
    } else if (hr_text_equal(text, HR_TEXT("any change to the text"))) {
        found->kind = HR_APPROVAL_text_changes;
    } else if (hr_text_equal(text, HR_TEXT("any change"))) {
        found->kind = HR_APPROVAL_any_change;
    } else if (hr_text_starts(text, table)) {
        struct hr_node id = *node;
        id.scalar = hr_text_trim(hr_text_slice(text, table.size, text.size));
        found->kind = HR_APPROVAL_table_changes;
        found->table = hr_draft_ref(draft, &id, &draft->table_names, HR_CODE_table_unknown);
        return found->table >= 0;
    } else if (!read_many(text, found)) {
        hr_draft_error(draft, approval_form, node->place, "`%.*s` is no case for an approval",
                       HR_SHOW(hr_clipped(text)));
        return false;
    }
    return true;
}

void hr_draft_read_approval(struct hr_draft *draft, struct hr_automation *automation,
                            const struct hr_node *map)
{
    const struct hr_node *node = hr_draft_get(map, "approval");
    if (node == NULL || !hr_draft_map(draft, HR_GRAM_approval, node, node)) {
        return;
    }
    struct hr_nodes nodes = hr_draft_some(draft, hr_draft_get(node, "for"), "for", HR_LIMIT_cases);
    struct hr_approval *approval = hr_draft_keep(draft, struct hr_approval, 1);
    struct hr_approval_case *cases = hr_draft_keep(draft, struct hr_approval_case, nodes.count);
    if (approval == NULL || cases == NULL) {
        return;
    }
    for (size_t i = 0; i < nodes.count; i++) {
        if (hr_draft_scalar(draft, nodes.items[i], "for")) {
            approval->case_count += read_case(draft, nodes.items[i], &cases[approval->case_count]);
        }
    }
    approval->cases = cases;
    approval->by = hr_draft_parties_at(draft, node, "by", false);
    approval->not_by_author = hr_draft_flag(draft, node, "not_by_author", false);
    approval->has_expires = hr_draft_span_at(draft, node, "expires", &approval->expires);
    approval->if_expired = (enum hr_if_expired)hr_draft_word_at(
        draft, node, "if_expired", &hr_words_if_expired, HR_IF_EXPIRED_do_nothing);
    approval->place = hr_draft_place(draft, node->place);
    automation->approval = approval;
}

/* ---- metric ---------------------------------------------------------------------------------------------- */

static bool read_watch(struct hr_draft *draft, const struct hr_node *node, struct hr_watch *watch)
{
    watch->place = hr_draft_place(draft, node->place);
    if (node->kind != HR_NODE_map) {
        int word = hr_draft_word(draft, node, &hr_words_counter);
        watch->counted = true;
        watch->id = word < 0 ? HR_TEXT_NONE : hr_words_counter.items[word];
        return word >= 0;
    }
    const struct hr_node *id = hr_draft_get(node, "id");
    if (!hr_draft_map(draft, HR_GRAM_watch, node, node) || id == NULL ||
        !hr_draft_id(draft, id, "number", false)) {
        return false;
    }
    watch->id = hr_draft_copy(draft, id->scalar);
    watch->when = hr_draft_clauses(draft, hr_draft_get(node, "when"), "when", HR_USE_rule);
    watch->has_within = hr_draft_span_at(draft, node, "within", &watch->within);
    return true;
}

void hr_draft_read_metric(struct hr_draft *draft, struct hr_automation *automation,
                          const struct hr_node *map)
{
    const struct hr_node *node = hr_draft_get(map, "metric");
    if (node == NULL || !hr_draft_map(draft, HR_GRAM_metric, node, node)) {
        return;
    }
    struct hr_nodes nodes =
        hr_draft_some(draft, hr_draft_get(node, "watch"), "watch", HR_LIMIT_names);
    struct hr_metric *metric = hr_draft_keep(draft, struct hr_metric, 1);
    struct hr_watch *watch = hr_draft_keep(draft, struct hr_watch, nodes.count);
    if (metric == NULL || watch == NULL) {
        return;
    }
    metric->success =
        hr_draft_clauses(draft, hr_draft_get(node, "success"), "success", HR_USE_rule);
    metric->has_within = hr_draft_span_at(draft, node, "within", &metric->within);
    if (!hr_draft_share(draft, hr_draft_get(node, "target"), &metric->target)) {
        metric->target = -1;
    }
    for (size_t i = 0; i < nodes.count; i++) {
        metric->watch_count += read_watch(draft, nodes.items[i], &watch[metric->watch_count]);
    }
    metric->watch = watch;
    metric->compare_with_control =
        hr_draft_word_at(draft, node, "compare_with", &hr_words_control, -1) == 0;
    metric->place = hr_draft_place(draft, node->place);
    automation->metric = metric;
}

/* ---- rollout ---------------------------------------------------------------------------------------------- */

static int32_t find_watch(struct hr_draft *draft, const struct hr_automation *automation,
                          const struct hr_node *node, struct hr_text id)
{
    const struct hr_metric *metric = automation->metric;
    size_t count = metric == NULL ? 0 : metric->watch_count;
    struct hr_text *ids = hr_draft_scratch(draft, struct hr_text, count);
    for (size_t i = 0; ids != NULL && i < count; i++) {
        ids[i] = metric->watch[i].id;
    }
    struct hr_known_ids names = {
        .noun = "number that is watched", .items = ids, .count = ids == NULL ? 0 : count};
    int32_t found = hr_known_find(&names, id);
    if (found < 0) {
        struct hr_diagnostic *item =
            hr_draft_error(draft, watch_unknown, node->place,
                           "`%.*s` does not stand under `metric.watch`", HR_SHOW(hr_clipped(id)));
        item->help = count > 0 ? hr_draft_suggest(draft, id, &names)
                               : hr_draft_say(draft, "add `watch: [%.*s]` to the metric",
                                              HR_SHOW(hr_clipped(id)));
    }
    return found;
}

/* "unsubscribes above 2% of 50 sends" */
static void read_roll_back(struct hr_draft *draft, struct hr_automation *automation,
                           const struct hr_node *node)
{
    struct hr_rollout *rollout = &automation->rollout;
    if (!hr_draft_scalar(draft, node, "roll_back_when")) {
        return;
    }
    struct hr_text text = hr_text_trim(node->scalar);
    size_t above = hr_text_search(text, HR_TEXT(" above "));
    struct hr_text rest = hr_text_slice(text, above + 7, text.size);
    size_t of = hr_text_search(rest, HR_TEXT(" of "));
    struct hr_text many = hr_text_slice(rest, of + 4, rest.size);
    int64_t count = 0;
    bool good = hr_share_read(hr_text_slice(rest, 0, of), &rollout->roll_back_above) &&
                hr_text_to_integer(hr_text_cut(&many, ' '), &count) && count > 0 &&
                count <= MANY_MAX;
    if (!good) {
        hr_draft_error(draft, roll_back_form, node->place, "`%.*s` does not say when to go back",
                       HR_SHOW(hr_clipped(text)));
        return;
    }
    rollout->roll_back_of = (uint32_t)count;
    rollout->roll_back_unit = hr_draft_copy(draft, hr_text_trim(many));
    rollout->roll_back_watch = find_watch(draft, automation, node, hr_text_slice(text, 0, above));
}

void hr_draft_read_rollout(struct hr_draft *draft, struct hr_automation *automation,
                           const struct hr_node *map)
{
    struct hr_rollout *rollout = &automation->rollout;
    const struct hr_node *node = hr_draft_get(map, "rollout");
    *rollout = (struct hr_rollout){
        .mode = HR_MODE_suggest, .share = SHARE_WHOLE, .roll_back_watch = HR_NONE_INDEX};
    if (node == NULL || !hr_draft_map(draft, HR_GRAM_rollout, node, node)) {
        return;
    }
    const struct hr_node *back = hr_draft_get(node, "roll_back_when");
    const struct hr_node *control = hr_draft_get(node, "control");
    rollout->place = hr_draft_place(draft, node->place);
    rollout->mode =
        (enum hr_mode)hr_draft_word_at(draft, node, "mode", &hr_words_mode, HR_MODE_suggest);
    (void)hr_draft_share(draft, hr_draft_get(node, "share"), &rollout->share);
    (void)hr_draft_share(draft, control, &rollout->control);
    rollout->most_per_hour = hr_draft_count(draft, node, "most_per_hour", MANY_MAX, 0);
    if (control != NULL && rollout->control >= SHARE_WHOLE) {
        hr_draft_error(draft, share_form, control->place, "a control of all leaves nobody");
    }
    if (back != NULL) {
        read_roll_back(draft, automation, back);
    }
}
