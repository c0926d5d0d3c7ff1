/* What may be asked of a tool: where, signed in how, how often, and what each action leaves behind. */
#include "workspace/inside.h"

#include <string.h>

enum { PATH_INPUTS_MAX = 20 };

/* ---- addresses and signing in -------------------------------------------------------------------- */

static bool is_address(struct hr_text url)
{
    for (size_t i = 0; i < url.size; i++) {
        if ((unsigned char)url.data[i] <= ' ') {
            return false;
        }
    }
    return (hr_text_starts(url, HR_TEXT("https://")) && url.size > 8) ||
           hr_text_starts(url, HR_TEXT("http://localhost:")) ||
           hr_text_starts(url, HR_TEXT("http://127.0.0.1:"));
}

static void read_allow(struct hr_draft *draft, struct hr_tool *tool, const struct hr_node *map)
{
    const struct hr_node *node = hr_draft_get(map, "allow");
    struct hr_nodes nodes = hr_draft_some(draft, node, "allow", HR_LIMIT_names);
    struct hr_text *urls = hr_draft_keep(draft, struct hr_text, nodes.count);
    tool->allow = urls;
    for (size_t i = 0; urls != NULL && i < nodes.count; i++) {
        if (!hr_draft_scalar(draft, nodes.items[i], "allow")) {
            continue;
        }
        if (!is_address(nodes.items[i]->scalar)) {
            hr_draft_error(draft, allow_form, nodes.items[i]->place,
                           "a tool cannot be called at this address");
            continue;
        }
        urls[tool->allow_count++] = hr_draft_copy(draft, nodes.items[i]->scalar);
    }
}

static struct hr_text secret_at(struct hr_draft *draft, const struct hr_tool *tool,
                                const struct hr_node *map, const char *key)
{
    const struct hr_node *node = hr_draft_get(map, key);
    bool pasted =
        node != NULL && node->kind == HR_NODE_scalar && hr_looks_secret(node->scalar, true);
    if (pasted && !hr_looks_secret(node->scalar, strcmp(key, "secret") == 0)) {
        hr_draft_complain_secret(draft, node, tool->id, hr_text_from(key), true);
    } /* all else was seen when the file was read */
    return node == NULL || pasted || !hr_draft_id(draft, node, "secret", false)
               ? HR_TEXT_NONE
               : hr_draft_copy(draft, node->scalar);
}

static void read_auth(struct hr_draft *draft, struct hr_tool *tool, const struct hr_node *map)
{
    static const struct {
        const char *key;
        enum hr_auth_kind kind;
        bool own_secret; /* the key itself names the secret */
    } ways[] = {{"bearer", HR_AUTH_bearer, true},
                {"oauth", HR_AUTH_oauth, true},
                {"header", HR_AUTH_header, false},
                {"basic", HR_AUTH_basic, false}};
    const struct hr_node *auth = hr_draft_get(map, "auth");
    if (auth == NULL || !hr_draft_map(draft, HR_GRAM_auth, auth, auth)) {
        return;
    }
    size_t said = 0;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (hr_draft_get(auth, ways[i].key) == NULL) {
            continue;
        }
        said++;
        tool->auth.kind = ways[i].kind;
        tool->auth.secret =
            secret_at(draft, tool, auth, ways[i].own_secret ? ways[i].key : "secret");
        if (!ways[i].own_secret && hr_draft_get(auth, "secret") == NULL) {
            hr_draft_error(draft, auth_incomplete, auth->place, "`%s` does not name its secret",
                           ways[i].key);
        }
    }
    tool->auth.header = hr_draft_line(draft, auth, "header");
    tool->auth.user = hr_draft_line(draft, auth, "basic");
    if (said != 1) {
        hr_draft_error(draft, auth_incomplete, auth->place,
                       said == 0 ? "nothing says how to sign in"
                                 : "there is more than one way to sign in");
    }
}

/* ---- one action ------------------------------------------------------------------------------------ */

static bool has_input(const struct hr_action *action, struct hr_text name)
{
    for (size_t i = 0; i < action->input_count; i++) {
        if (hr_text_equal(action->inputs[i], name)) {
            return true;
        }
    }
    return false;
}

/* The names in braces, then those of `body`. */
static void read_inputs(struct hr_draft *draft, struct hr_action *action, const struct hr_node *map)
{
    size_t body_count = 0;
    const struct hr_text *body = hr_draft_texts(draft, map, "body", HR_LIMIT_names, &body_count);
    struct hr_text *inputs = hr_draft_keep(draft, struct hr_text, PATH_INPUTS_MAX + body_count);
    struct hr_text rest = action->path;
    action->inputs = inputs;
    while (inputs != NULL && rest.size > 0 && action->input_count < PATH_INPUTS_MAX) {
        (void)hr_text_cut(&rest, '{');
        struct hr_text name = rest.size > 0 ? hr_text_cut(&rest, '}') : HR_TEXT_NONE;
        if (name.size > 0 && !has_input(action, name)) {
            inputs[action->input_count++] = name;
        }
    }
    for (size_t i = 0; inputs != NULL && i < body_count; i++) {
        if (!has_input(action, body[i])) {
            inputs[action->input_count++] = body[i];
        }
    }
}

static void read_where(struct hr_draft *draft, const struct hr_tool *tool, struct hr_action *action,
                       const struct hr_pair *pair)
{
    const struct hr_node *path = hr_draft_get(pair->value, "path");
    const struct hr_node *method = hr_draft_get(pair->value, "method");
    action->path = hr_draft_line(draft, pair->value, "path");
    /* the words begin behind `unsaid` */
    action->method =
        (enum hr_method)(hr_draft_word_at(draft, pair->value, "method", &hr_words_method, -1) + 1);
    if (path != NULL && action->path.size > 0 && action->path.data[0] != '/') {
        hr_draft_error(draft, path_form, path->place, "the path of an action begins with `/`")
            ->help = hr_draft_say(draft, "write `path: \"/%.*s\"`; the host stands under `allow`",
                                  HR_SHOW(hr_clipped(action->path)));
    }
    if (tool->kind == HR_TOOL_http && (path == NULL || method == NULL) &&
        !hr_draft_misspelt(HR_GRAM_action, pair->value, path == NULL ? "path" : "method")) {
        hr_draft_error(draft, action_incomplete, pair->key->place, "action `%.*s` has no `%s`",
                       HR_SHOW(action->id), path == NULL ? "path" : "method")
            ->help = path == NULL ? HR_TEXT("add `path: \"/members/{email}\"`")
                                  : HR_TEXT("add `method: GET`");
    }
    read_inputs(draft, action, pair->value);
}

static bool is_value(const struct hr_field *field, struct hr_text text)
{
    for (size_t i = 0; i < field->value_count; i++) {
        if (hr_text_equal(field->values[i], text)) {
            return true;
        }
    }
    return field->value_count == 0;
}

static void read_sets(struct hr_draft *draft, struct hr_action *action, const struct hr_node *map)
{
    struct hr_pairs pairs =
        hr_draft_pairs(draft, hr_draft_get(map, "sets"), "sets", HR_LIMIT_mappings);
    struct hr_action_set *sets = hr_draft_keep(draft, struct hr_action_set, pairs.count);
    action->sets = sets;
    for (size_t i = 0; sets != NULL && i < pairs.count; i++) {
        const struct hr_pair *pair = &pairs.items[i];
        struct hr_field_ref ref = hr_draft_field(draft, pair->key, HR_RECORD_TYPE_contact);
        if (ref.field < 0 || !hr_draft_scalar(draft, pair->value, "value")) {
            continue;
        }
        const struct hr_field *field = &draft->plan->records[ref.record].fields[ref.field];
        if (!is_value(field, pair->value->scalar)) {
            struct hr_known_ids names = {
                .noun = "value", .items = field->values, .count = field->value_count};
            hr_draft_error(draft, value_unknown, pair->value->place, "`%.*s` has no value `%.*s`",
                           HR_SHOW(field->id), HR_SHOW(hr_clipped(pair->value->scalar)))
                ->help = hr_draft_suggest(draft, pair->value->scalar, &names);
            continue;
        }
        sets[action->set_count++] =
            (struct hr_action_set){ref, hr_draft_copy(draft, pair->value->scalar)};
    }
}

static void read_action(struct hr_draft *draft, const struct hr_tool *tool,
                        struct hr_action *action, const struct hr_pair *pair)
{
    const struct hr_node *map = pair->value;
    if (!hr_draft_map(draft, HR_GRAM_action, pair->key, map)) {
        return;
    }
    action->kind = (enum hr_action_kind)hr_draft_word_at(draft, map, "kind", &hr_words_action_kind,
                                                         HR_ACTION_call);
    read_where(draft, tool, action, pair);
    action->by = hr_draft_field(draft, hr_draft_get(map, "by"), HR_RECORD_TYPE_contact);
    bool reads = action->kind == HR_ACTION_read || action->method == HR_METHOD_GET;
    action->safe_to_repeat = hr_draft_flag(draft, map, "safe_to_repeat", reads);
    read_sets(draft, action, map);
    action->emits = hr_draft_event(draft, hr_draft_get(map, "emits"));
}

/* `check` names another action of the tool, perhaps one further down. */
static void read_check(struct hr_draft *draft, struct hr_tool *tool, struct hr_action *action,
                       const struct hr_pair *pair)
{
    const struct hr_node *node = hr_draft_get(pair->value, "check");
    struct hr_text *ids = hr_draft_scratch(draft, struct hr_text, tool->action_count);
    if (node == NULL || ids == NULL) {
        return;
    }
    for (size_t i = 0; i < tool->action_count; i++) {
        ids[i] = tool->actions[i].id;
    }
    struct hr_known_ids names = {.noun = "action", .items = ids, .count = tool->action_count};
    action->check = hr_draft_ref(draft, node, &names, HR_CODE_action_unknown);
}

static void read_actions(struct hr_draft *draft, struct hr_tool *tool, const struct hr_node *map)
{
    struct hr_pairs pairs =
        hr_draft_pairs(draft, hr_draft_get(map, "actions"), "actions", HR_LIMIT_actions);
    struct hr_action *actions = hr_draft_keep(draft, struct hr_action, pairs.count);
    const struct hr_pair **kept = hr_draft_scratch(draft, const struct hr_pair *, pairs.count);
    tool->actions = actions;
    for (size_t i = 0; actions != NULL && kept != NULL && i < pairs.count; i++) {
        struct hr_action *action = &actions[tool->action_count];
        const struct hr_pair *pair = &pairs.items[i];
        if (!hr_draft_id(draft, pair->key, "action", false)) {
            continue;
        }
        action->id = hr_draft_copy(draft, pair->key->scalar);
        action->full_id =
            hr_text_format(draft->into, "%.*s.%.*s", HR_SHOW(tool->id), HR_SHOW(action->id));
        action->tool = (int32_t)(tool - draft->plan->tools);
        action->check = action->emits = action->by.field = HR_NONE_INDEX;
        action->place = hr_draft_place(draft, pair->key->place);
        read_action(draft, tool, action, pair);
        kept[tool->action_count++] = pair;
    }
    for (size_t i = 0; i < tool->action_count; i++) {
        read_check(draft, tool, &actions[i], kept[i]);
    }
}

/* ---- all of it ------------------------------------------------------------------------------------- */

/* "key for 24 hours" */
static void read_repeat(struct hr_draft *draft, struct hr_tool *tool, const struct hr_node *map)
{
    const struct hr_node *node = hr_draft_get(map, "repeat_protection");
    struct hr_text key = HR_TEXT("key for ");
    if (node == NULL || !hr_draft_scalar(draft, node, "repeat_protection")) {
        return;
    }
    struct hr_text span = hr_text_slice(node->scalar, key.size, node->scalar.size);
    tool->has_repeat_key =
        hr_text_starts(node->scalar, key) && hr_span_read(span, &tool->repeat_key_for);
    if (!tool->has_repeat_key) {
        hr_draft_error(draft, repeat_form, node->place,
                       "`%.*s` does not say how a second sending is recognised",
                       HR_SHOW(hr_clipped(node->scalar)));
    }
}

/* Keys that only a tool of some other kind has: here they would do nothing. */
static void check_kind_keys(struct hr_draft *draft, const struct hr_tool *tool,
                            const struct hr_node *map)
{
    static const struct {
        const char *key;
        enum hr_tool_kind kind;
    } keys[] = {{"from", HR_TOOL_email},
                {"postal_address", HR_TOOL_email},
                {"unsubscribe", HR_TOOL_email},
                {"repeat_protection", HR_TOOL_email},
                {"approval", HR_TOOL_import}};
    struct hr_text kind = hr_words_tool_kind.items[tool->kind];
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const struct hr_node *node = hr_draft_get(map, keys[i].key);
        int32_t index = (int32_t)(tool - draft->plan->tools);
        if (node == NULL || !hr_draft_tool_is_not(draft, index, keys[i].kind)) {
            continue;
        }
        struct hr_text other = hr_words_tool_kind.items[keys[i].kind];
        hr_draft_error(draft, tool_key_superfluous, node->place,
                       "`%s` has no meaning for a tool of kind %.*s", keys[i].key, HR_SHOW(kind))
            ->help = hr_draft_say(draft, "remove the line, or write `kind: %.*s`", HR_SHOW(other));
    }
}

static void read_one_outside(struct hr_draft *draft, struct hr_tool *tool,
                             const struct hr_node *map)
{
    read_allow(draft, tool, map);
    read_auth(draft, tool, map);
    tool->limit = hr_draft_rate(draft, hr_draft_get(map, "limit"));
    tool->has_timeout = hr_draft_span_at(draft, map, "timeout", &tool->timeout);
    tool->has_reconcile = hr_draft_every(draft, hr_draft_get(map, "reconcile"), &tool->reconcile);
    tool->sends = hr_draft_fields_at(draft, map, "sends", HR_RECORD_TYPE_contact);
    tool->sends_said = hr_draft_get(map, "sends") != NULL;
    tool->from = hr_draft_line(draft, map, "from");
    tool->postal_address = hr_draft_line(draft, map, "postal_address");
    /* the words begin behind `unsaid` */
    tool->unsubscribe = (enum hr_unsubscribe)(
        hr_draft_word_at(draft, map, "unsubscribe", &hr_words_unsubscribe, -1) + 1);
    tool->import_approval = (enum hr_import_approval)(
        hr_draft_word_at(draft, map, "approval", &hr_words_import_approval, -1) + 1);
    check_kind_keys(draft, tool, map);
    read_repeat(draft, tool, map);
    read_actions(draft, tool, map);
}

void hr_draft_read_outside(struct hr_draft *draft)
{
    for (size_t i = 0; i < draft->plan->tool_count; i++) {
        if (draft->tools.pairs[i].value->kind == HR_NODE_map) {
            read_one_outside(draft, &draft->plan->tools[i], draft->tools.pairs[i].value);
        }
    }
}
