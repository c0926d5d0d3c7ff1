/* One handoff: what opens it, what it must carry, how long it may take, and who is told when it
 * fails. Its proof is read in proof.c. */
#include "workspace/inside.h"

/* ---- from, to, kind -------------------------------------------------------------------------- */

static bool has_word(struct hr_text text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (hr_text_search(text, hr_text_from(words[i])) < text.size) {
            return true;
        }
    }
    return false;
}

/* The kinds that the trade knows, by the usual words for their two ends. */
static enum hr_handoff_kind infer_kind(const struct hr_handoff *handoff)
{
    static const struct {
        enum hr_handoff_kind kind;
        const char *from[6];
        size_t from_count;
        const char *to[6];
        size_t to_count;
    } known[] = {
        {HR_HANDOFF_form_to_crm,
         {"form", "website", "landing"},
         3,
         {"crm", "hubspot", "contacts"},
         3},
        {HR_HANDOFF_crm_to_follow_up,
         {"crm", "hubspot"},
         2,
         {"email", "follow_up", "sales", "sms", "help_desk"},
         5},
        {HR_HANDOFF_payment_to_access,
         {"checkout", "payment", "stripe", "shop", "billing"},
         5,
         {"course", "access", "member", "platform", "portal"},
         5},
        {HR_HANDOFF_booking_to_pipeline,
         {"calendar", "booking", "calendly"},
         3,
         {"pipeline", "crm", "hubspot", "sales"},
         4},
        {HR_HANDOFF_reporting_to_decision,
         {"report", "dashboard", "analytics"},
         3,
         {"decision", "meeting", "review"},
         3},
    };
    for (size_t i = 0; i < HR_HANDOFF_other; i++) {
        if (hr_text_equal(handoff->id, hr_words_handoff_kind.items[i])) {
            return (enum hr_handoff_kind)i;
        }
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (has_word(handoff->from, known[i].from, known[i].from_count) &&
            has_word(handoff->to, known[i].to, known[i].to_count)) {
            return known[i].kind;
        }
    }
    return HR_HANDOFF_other;
}

/* A tool's id or any other word; a near miss of a tool is worth a question. */
static struct hr_text read_end(struct hr_draft *draft, const struct hr_node *map, const char *key)
{
    const struct hr_node *node = hr_draft_get(map, key);
    if (node == NULL || !hr_draft_id(draft, node, key, false)) {
        return HR_TEXT_NONE;
    }
    struct hr_text meant =
        hr_did_you_mean(node->scalar, draft->tool_names.items, draft->tool_names.count);
    if (meant.size > 4 && !hr_text_equal(meant, node->scalar) &&
        hr_plan_tool(draft->plan, node->scalar) < 0) {
        hr_draft_warning(draft, place_unknown, node->place, "no tool is called `%.*s`",
                         HR_SHOW(node->scalar))
            ->help = hr_draft_say(draft, "did you mean `%.*s`?", HR_SHOW(meant));
    }
    return hr_draft_copy(draft, node->scalar);
}

static void read_ends(struct hr_draft *draft, struct hr_handoff *handoff, const struct hr_node *map)
{
    handoff->from = read_end(draft, map, "from");
    handoff->to = read_end(draft, map, "to");
    const struct hr_node *kind = hr_draft_get(map, "kind");
    int word = kind == NULL ? -1 : hr_draft_word(draft, kind, &hr_words_handoff_kind);
    handoff->kind = word < 0 ? infer_kind(handoff) : (enum hr_handoff_kind)word;
}

/* ---- opening --------------------------------------------------------------------------------- */

/* On the same path, as path.handoff, or on exactly one other path. */
static int32_t find_handoff(const struct hr_draft *draft, const struct hr_handoff *from,
                            struct hr_text id)
{
    const struct hr_path *path = &draft->plan->paths[from->path];
    for (int32_t i = path->first; i < path->first + path->count; i++) {
        if (hr_text_equal(draft->plan->handoffs[i].id, id)) {
            return i;
        }
    }
    return hr_plan_handoff(draft->plan, id);
}

static void complain_handoff(struct hr_draft *draft, const struct hr_node *node, struct hr_text id)
{
    const struct hr_plan *plan = draft->plan;
    struct hr_text *ids = hr_draft_scratch(draft, struct hr_text, plan->handoff_count);
    for (size_t i = 0; ids != NULL && i < plan->handoff_count; i++) {
        ids[i] = plan->handoffs[i].id;
    }
    struct hr_known_ids names = {
        .noun = "handoff", .items = ids, .count = ids == NULL ? 0 : plan->handoff_count};
    struct hr_diagnostic *item = hr_draft_error(
        draft, handoff_unknown, node->place, "there is no handoff `%.*s`", HR_SHOW(hr_clipped(id)));
    item->help = hr_draft_suggest(draft, id, &names);
}

/* An event that is nearly the same, or else one of the tool that the handoff comes from. */
static struct hr_text suggest_event(struct hr_draft *draft, const struct hr_handoff *handoff,
                                    struct hr_text written)
{
    const struct hr_known_ids *all = &draft->type_names;
    int32_t from = hr_plan_tool(draft->plan, handoff->from);
    const struct hr_tool *tool = from < 0 ? NULL : &draft->plan->tools[from];
    if (tool == NULL || tool->event_count == 0 ||
        hr_did_you_mean(written, all->items, all->count).size > 0) {
        return hr_draft_suggest(draft, written, all);
    }
    if (tool->event_count == 1) {
        return hr_draft_say(draft, "did you mean `%.*s`, which `%.*s` sends?",
                            HR_SHOW(tool->events[0].name), HR_SHOW(tool->id));
    }
    struct hr_text *sent = hr_draft_scratch(draft, struct hr_text, tool->event_count);
    for (size_t i = 0; sent != NULL && i < tool->event_count; i++) {
        sent[i] = tool->events[i].name;
    }
    struct hr_known_ids names = {.items = sent, .count = sent == NULL ? 0 : tool->event_count};
    return hr_draft_say(draft, "write one that `%.*s` sends: %.*s", HR_SHOW(tool->id),
                        HR_SHOW(hr_draft_list_names(draft, &names)));
}

static void complain_event(struct hr_draft *draft, const struct hr_handoff *handoff,
                           const struct hr_node *node)
{
    struct hr_diagnostic *item =
        hr_draft_error(draft, event_unknown, node->place, "no tool sends `%.*s`",
                       HR_SHOW(hr_clipped(node->scalar)));
    if (find_handoff(draft, handoff, node->scalar) >= 0) {
        item->help = hr_draft_say(draft, "write `proven %.*s` to open when that handoff is proven",
                                  HR_SHOW(node->scalar));
        return;
    }
    item->help = suggest_event(draft, handoff, node->scalar);
}

static void read_opening(struct hr_draft *draft, struct hr_handoff *handoff,
                         const struct hr_node *map)
{
    const struct hr_node *node = hr_draft_get(map, "opens_on");
    const struct hr_path *path = &draft->plan->paths[handoff->path];
    handoff->opens_after = HR_NONE_INDEX;
    if (node == NULL && handoff->place > 0) {
        handoff->opens_after = path->first + handoff->place - 1;
        return;
    }
    if (node == NULL) {
        hr_draft_error(draft, opening_missing, draft->handoff_nodes[path->first].key->place,
                       "nothing opens `%.*s`, the first handoff of its path", HR_SHOW(handoff->id));
        return;
    }
    if (!hr_draft_scalar(draft, node, "opens_on")) {
        return;
    }
    if (hr_text_starts(node->scalar, HR_TEXT("proven "))) {
        struct hr_text id = hr_text_trim(hr_text_slice(node->scalar, 7, node->scalar.size));
        handoff->opens_after = find_handoff(draft, handoff, id);
        if (handoff->opens_after < 0) {
            complain_handoff(draft, node, id);
        }
        return;
    }
    if (hr_map_find(&draft->type_by_name, node->scalar) == NULL) {
        complain_event(draft, handoff, node);
        return;
    }
    handoff->opens_on = hr_draft_copy(draft, node->scalar);
}

/* True when the event that opens the handoff can bring the attribute. */
static bool opening_brings(const struct hr_draft *draft, const struct hr_handoff *handoff,
                           int32_t attribute)
{
    const uint64_t *type = hr_map_find(&draft->type_by_name, handoff->opens_on);
    return type == NULL || hr_draft_sends(draft, *type, attribute);
}

static void complain_attribute(struct hr_draft *draft, const struct hr_handoff *handoff,
                               const struct hr_node *node, struct hr_text name)
{
    struct hr_diagnostic *item =
        hr_draft_error(draft, attribute_not_sent, node->place, "`%.*s` does not bring `%.*s`",
                       HR_SHOW(handoff->opens_on), HR_SHOW(name));
    item->help = hr_draft_say(draft, "add `%.*s: payload...` to the `data` map of `%.*s`",
                              HR_SHOW(name), HR_SHOW(handoff->opens_on));
}

static void read_key(struct hr_draft *draft, struct hr_handoff *handoff, const struct hr_node *map)
{
    const struct hr_node *node = hr_draft_get(map, "key");
    size_t count = 0;
    if (node == NULL) {
        return;
    }
    handoff->key = hr_draft_expr(draft, node, HR_USE_key, HR_TYPE_dyn);
    const struct hr_expr_read *reads =
        handoff->key == NULL ? NULL : hr_expr_reads(handoff->key, &count);
    for (size_t i = 0; i < count; i++) {
        int32_t attribute = reads[i].field - HR_EVENT_FIELD_attributes;
        if (attribute >= 0 && !opening_brings(draft, handoff, attribute)) {
            complain_attribute(draft, handoff, node, draft->attributes[attribute]);
        }
    }
}

/* ---- what it carries ------------------------------------------------------------------------- */

static bool read_carried_attribute(struct hr_draft *draft, const struct hr_handoff *handoff,
                                   const struct hr_node *node, struct hr_carried *carried)
{
    struct hr_text name = hr_text_slice(node->scalar, 6, node->scalar.size);
    uint64_t *known = hr_map_find(&draft->attribute_by_name, name);
    if (known == NULL) {
        struct hr_diagnostic *item =
            hr_draft_error(draft, carried_unmapped, node->place, "no tool maps `event.%.*s`",
                           HR_SHOW(hr_clipped(name)));
        item->help = hr_draft_suggest(draft, name, &draft->attribute_names);
        return false;
    }
    *carried = (struct hr_carried){HR_NONE_INDEX, (int32_t)*known, draft->plan->attributes[*known]};
    if (!opening_brings(draft, handoff, carried->attribute)) {
        complain_attribute(draft, handoff, node, carried->name);
        return false;
    }
    return true;
}

static const struct hr_node *key_of(const struct hr_node *map, const char *key)
{
    for (size_t i = 0; map != NULL && map->kind == HR_NODE_map && i < map->count; i++) {
        if (hr_text_equal(map->pairs[i].key->scalar, hr_text_from(key))) {
            return map->pairs[i].key;
        }
    }
    return NULL;
}

/* How the tool that the handoff comes from would bring the field. */
static struct hr_text say_mapping(struct hr_draft *draft, const struct hr_handoff *handoff,
                                  struct hr_text field)
{
    int32_t from = hr_plan_tool(draft->plan, handoff->from);
    const struct hr_node *tool_map = from < 0 ? NULL : draft->tools.pairs[from].value;
    const struct hr_node *map = key_of(tool_map, "map");
    const struct hr_node *fields = key_of(hr_draft_get(tool_map, "map"), "fields");
    if (from < 0) {
        return hr_draft_say(draft, "map it in a tool, as in `map: {fields: {%.*s: payload.%.*s}}`",
                            HR_SHOW(field), HR_SHOW(field));
    }
    struct hr_text tool = draft->plan->tools[from].id;
    if (map == NULL) {
        return hr_draft_say(draft, "map it in tool `%.*s`: `map: {fields: {%.*s: payload.%.*s}}`",
                            HR_SHOW(tool), HR_SHOW(field), HR_SHOW(field));
    }
    return fields == NULL
               ? hr_draft_say(
                     draft,
                     "map it in tool `%.*s`: add `fields: {%.*s: payload.%.*s}` to its `map` (line "
                     "%u)",
                     HR_SHOW(tool), HR_SHOW(field), HR_SHOW(field), map->place.line)
               : hr_draft_say(draft,
                              "map it in tool `%.*s`: add `%.*s: payload.%.*s` to the `fields` of "
                              "its `map` (line %u)",
                              HR_SHOW(tool), HR_SHOW(field), HR_SHOW(field), fields->place.line);
}

/* True for a name that is no slip of a field there is. */
static bool is_new_field(const struct hr_draft *draft, const struct hr_node *node)
{
    const struct hr_known_ids *names = &draft->field_names;
    return node->kind == HR_NODE_scalar && node->scalar.size > 0 && !names->broken &&
           draft->reterr->error_count <= HR_DIAGNOSTICS_MAX &&
           hr_known_find(names, node->scalar) < 0 &&
           hr_did_you_mean(node->scalar, names->items, names->count).size == 0;
}

/* Declared alone it would still be carried by nobody, so both lines are told at once. */
static void complain_new_field(struct hr_draft *draft, const struct hr_handoff *handoff,
                               const struct hr_node *node)
{
    struct hr_text name = hr_clipped(node->scalar);
    struct hr_text type = HR_TEXT("text");
    for (size_t i = 0; i < hr_words_field_type.count; i++) {
        if (hr_text_equal(hr_words_field_type.items[i], name)) {
            type = name;
        }
    }
    struct hr_diagnostic *item = hr_draft_error(draft, field_unknown, node->place,
                                                "there is no contact field `%.*s`", HR_SHOW(name));
    item->help = hr_draft_say(
        draft,
        "take it out of `carries`, or write one of: %.*s; for a new field declare `%.*s: {type: "
        "%.*s}` under `contacts.fields`, AND %.*s",
        HR_SHOW(hr_draft_list_names(draft, &draft->field_names)), HR_SHOW(name), HR_SHOW(type),
        HR_SHOW(say_mapping(draft, handoff, name)));
}

static bool read_carried(struct hr_draft *draft, const struct hr_handoff *handoff,
                         const struct hr_node *node, struct hr_carried *carried)
{
    if (node->kind == HR_NODE_scalar && hr_text_starts(node->scalar, HR_TEXT("event."))) {
        return read_carried_attribute(draft, handoff, node, carried);
    }
    if (is_new_field(draft, node)) {
        complain_new_field(draft, handoff, node);
        return false;
    }
    int32_t field = hr_draft_ref(draft, node, &draft->field_names, HR_CODE_field_unknown);
    if (field < 0) {
        return false;
    }
    *carried = (struct hr_carried){field, HR_NONE_INDEX, draft->plan->fields[field].id};
    if (draft->field_uses[field].mapped) {
        return true;
    }
    struct hr_diagnostic *item =
        hr_draft_error(draft, carried_unmapped, node->place,
                       "no tool maps `%.*s`, so nothing can carry it", HR_SHOW(carried->name));
    item->example =
        HR_TEXT("every customer on this path would open an exception for a missing field");
    item->help = hr_draft_say(draft, "%.*s; or take it out of `carries`",
                              HR_SHOW(say_mapping(draft, handoff, carried->name)));
    return false;
}

static void read_carries(struct hr_draft *draft, struct hr_handoff *handoff,
                         const struct hr_node *map)
{
    const struct hr_node *list = hr_draft_get(map, "carries");
    size_t count = hr_draft_list(draft, list, "carries", HR_LIMIT_carried);
    struct hr_carried *carries = hr_draft_keep(draft, struct hr_carried, count);
    for (size_t i = 0; carries != NULL && i < count; i++) {
        handoff->carried_count +=
            read_carried(draft, handoff, list->items[i], &carries[handoff->carried_count]);
    }
    handoff->carries = carries;
}

/* ---- time ------------------------------------------------------------------------------------ */

/* At least this long, whatever the hours: for comparing spans of different kinds. */
static int64_t shortest(struct hr_span span)
{
    return span.unit == HR_SPAN_business_days ? span.amount * HR_DAY_US - HR_HOUR_US : span.amount;
}

static void read_times(struct hr_draft *draft, struct hr_handoff *handoff,
                       const struct hr_node *map)
{
    const struct hr_node *within = hr_draft_get(map, "within");
    const struct hr_node *fail_after = hr_draft_get(map, "fail_after");
    const struct hr_node *late_is = hr_draft_get(map, "late_is");
    bool timed = within != NULL && hr_draft_span(draft, within, &handoff->within);
    handoff->has_fail_after =
        fail_after != NULL && hr_draft_span(draft, fail_after, &handoff->fail_after);
    const struct hr_node *business = NULL; /* the line with it; the other one may be missing */
    if (timed && handoff->within.unit != HR_SPAN_elapsed) {
        business = within;
    } else if (handoff->has_fail_after && handoff->fail_after.unit != HR_SPAN_elapsed) {
        business = fail_after;
    }
    if (business != NULL && draft->single[HR_SINGLE_business_hours].value == NULL) {
        hr_draft_warning(draft, business_hours_missing, business->place,
                         "business time is used, and the workspace has no `business_hours`");
    }
    bool comparable = handoff->within.unit == handoff->fail_after.unit ||
                      handoff->fail_after.unit == HR_SPAN_elapsed;
    if (timed && handoff->has_fail_after && comparable &&
        shortest(handoff->fail_after) <= shortest(handoff->within)) {
        struct hr_diagnostic *item =
            hr_draft_error(draft, fail_after_too_soon, fail_after->place,
                           "`%.*s` fails before it is late", HR_SHOW(handoff->id));
        item->label = HR_TEXT("fails after this");
        item->second = within->place;
        item->second_label = HR_TEXT("late after this");
    }
    int word = late_is == NULL ? HR_LATE_normal : hr_draft_word(draft, late_is, &hr_words_late_is);
    handoff->late_is = word < 0 ? HR_LATE_normal : (enum hr_late_is)word;
}

/* ---- people ---------------------------------------------------------------------------------- */

static void check_reachable(struct hr_draft *draft, int32_t person, struct hr_place place)
{
    if (person < 0 || draft->plan->people[person].email.size > 0) {
        return;
    }
    struct hr_text id = draft->plan->people[person].id;
    const struct hr_node *node = hr_draft_get(draft->people.pairs[person].value, "email");
    if (node != NULL) {
        return; /* the address itself was complained about */
    }
    struct hr_diagnostic *item =
        hr_draft_error(draft, person_without_email, place,
                       "`%.*s` has no e-mail address, so no alert reaches them", HR_SHOW(id));
    item->second = draft->people.pairs[person].key->place;
    item->second_label = HR_TEXT("add `email:` here");
}

static void read_failure_owner(struct hr_draft *draft, struct hr_handoff *handoff,
                               const struct hr_pair *pair)
{
    const struct hr_node *node = hr_draft_get(pair->value, "failure_owner");
    handoff->failure_owner = hr_draft_person(draft, pair->value, "failure_owner");
    if (node == NULL) {
        const struct hr_path *path = &draft->plan->paths[handoff->path];
        handoff->failure_owner = path->owner;
        if (path->owner >= 0 && !hr_draft_misspelt(HR_GRAM_handoff, pair->value, "failure_owner") &&
            (handoff->late_is != HR_LATE_count || handoff->has_fail_after)) {
            struct hr_text id = draft->plan->people[path->owner].id;
            struct hr_diagnostic *item =
                hr_draft_warning(draft, failure_owner_inherited, pair->key->place,
                                 "nobody is named for when `%.*s` fails", HR_SHOW(handoff->id));
            item->help = hr_draft_say(
                draft, "add `failure_owner: %.*s` (the path's owner is told until then)",
                HR_SHOW(id));
        }
    }
    check_reachable(draft, handoff->failure_owner, node == NULL ? pair->key->place : node->place);
}

static void read_escalation(struct hr_draft *draft, struct hr_handoff *handoff,
                            const struct hr_node *map)
{
    const struct hr_node *list = hr_draft_get(map, "escalate");
    size_t count = hr_draft_list(draft, list, "escalate", HR_LIMIT_rungs);
    struct hr_rung *rungs = hr_draft_keep(draft, struct hr_rung, count);
    size_t kept = 0;
    for (size_t i = 0; rungs != NULL && i < count; i++) {
        const struct hr_node *node = list->items[i];
        if (!hr_draft_map(draft, HR_GRAM_rung, node, node)) {
            continue;
        }
        const struct hr_node *after = hr_draft_get(node, "after");
        struct hr_rung rung = {.to = hr_draft_person(draft, node, "to")};
        if (!hr_draft_span(draft, after, &rung.after) || rung.to < 0) {
            continue;
        }
        check_reachable(draft, rung.to, hr_draft_get(node, "to")->place);
        if (kept > 0 && rung.after.unit == rungs[kept - 1].after.unit &&
            rung.after.amount <= rungs[kept - 1].after.amount) {
            hr_draft_error(draft, escalation_order, after->place,
                           "this step comes before the one above it");
        }
        rungs[kept++] = rung;
    }
    handoff->escalate = rungs;
    handoff->escalate_count = kept;
}

void hr_draft_read_handoff(struct hr_draft *draft, struct hr_handoff *handoff)
{
    const struct hr_pair *pair = &draft->handoff_nodes[handoff - draft->plan->handoffs];
    const struct hr_node *map = pair->value;
    (void)hr_draft_map(draft, HR_GRAM_handoff, pair->key, map);
    handoff->title = hr_draft_title(draft, map, handoff->id);
    read_ends(draft, handoff, map);
    read_opening(draft, handoff, map);
    read_key(draft, handoff, map);
    read_carries(draft, handoff, map);
    hr_draft_read_proof(draft, handoff, map);
    read_times(draft, handoff, map);
    handoff->owner = hr_draft_person(draft, map, "owner");
    read_failure_owner(draft, handoff, pair);
    read_escalation(draft, handoff, map);
    handoff->recovery = hr_draft_text(draft, map, "recovery");
    handoff->customer_sees = hr_draft_text(draft, map, "customer_sees");
    if (hr_draft_get(map, "recovery") == NULL &&
        !hr_draft_misspelt(HR_GRAM_handoff, map, "recovery")) {
        hr_draft_warning(draft, recovery_missing, pair->key->place,
                         "nothing says how to recover from `%.*s`", HR_SHOW(handoff->id));
    }
}
