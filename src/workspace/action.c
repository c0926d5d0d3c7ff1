/* The actions of a tool: where each is called, what travels, what the answer means, how to find out whether it was done
 * and how to take it back. */
#include "workspace/inside.h"

/* An action while it is read. */
struct reading {
    struct hr_draft *draft;
    struct hr_tool *tool;
    struct hr_action *action;
    const struct hr_pair *pair; /* its id and its map */
    struct hr_text *inputs;     /* the action's, with room for HR_ACTION_INPUTS_MAX */
    bool too_many;
};

/* ---- inputs ------------------------------------------------------------------------------------------ */

static bool has_input(const struct hr_action *action, struct hr_text name)
{
    for (size_t i = 0; i < action->input_count; i++) {
        if (hr_text_equal(action->inputs[i], name)) {
            return true;
        }
    }
    return false;
}

static void note_input(struct reading *reading, struct hr_text name)
{
    struct hr_action *action = reading->action;
    if (name.size == 0 || has_input(action, name)) {
        return;
    }
    reading->too_many |= action->input_count == HR_ACTION_INPUTS_MAX;
    if (!reading->too_many) {
        reading->inputs[action->input_count++] = name;
    }
}

/* The names in braces. */
static void note_path_inputs(struct reading *reading)
{
    struct hr_text rest = reading->action->path;
    while (rest.size > 0) {
        (void)hr_text_cut(&rest, '{');
        note_input(reading, rest.size > 0 ? hr_text_cut(&rest, '}') : HR_TEXT_NONE);
    }
}

/* input.NAME in an expression of what leaves. */
static void note_read_inputs(struct reading *reading, const struct hr_expr *expr)
{
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(expr, &count);
    for (size_t i = 0; i < count; i++) {
        if (reads[i].name == HR_CALL_SCOPE_input) {
            note_input(reading, hr_draft_copy(reading->draft, reads[i].text));
        }
    }
}

/* ---- what travels ------------------------------------------------------------------------------------ */

/* Headers that say how the message itself is read, whose it is, or that Handrail sets: a file that could write them
 * could make two messages of one, or bring a secret to another host. */
static bool is_kept_header(struct hr_text name)
{
    static const char *const kept[] = {"host",
                                       "content-length",
                                       "transfer-encoding",
                                       "connection",
                                       "te",
                                       "trailer",
                                       "upgrade",
                                       "expect",
                                       "cookie",
                                       "user-agent",
                                       "proxy-connection",
                                       "keep-alive",
                                       "via",
                                       "proxy-authorization"};
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        if (hr_text_equal_caseless(name, hr_text_from(kept[i]))) {
            return true;
        }
    }
    return false;
}

bool hr_is_call_header(struct hr_text name, bool secret)
{
    for (size_t i = 0; i < name.size; i++) {
        char letter = name.data[i];
        bool good = ((letter | 0x20) >= 'a' && (letter | 0x20) <= 'z') ||
                    (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
        if (!good) {
            return false;
        }
    }
    bool signs_in = hr_text_equal_caseless(name, HR_TEXT("authorization"));
    return name.size > 0 && name.size <= 100 && !is_kept_header(name) && (secret || !signs_in);
}

/* The lines of a map, as name: expression over the inputs; a name is judged by `fits`. */
static struct hr_arguments read_lines(struct reading *reading, const struct hr_node *map,
                                      const char *key,
                                      bool (*fits)(struct reading *, const struct hr_node *))
{
    struct hr_draft *draft = reading->draft;
    struct hr_pairs pairs = hr_draft_pairs(draft, map, key, HR_LIMIT_mappings);
    struct hr_argument *items = hr_draft_keep(draft, struct hr_argument, pairs.count);
    struct hr_arguments lines = {items, 0};
    for (size_t i = 0; items != NULL && i < pairs.count; i++) {
        const struct hr_pair *pair = &pairs.items[i];
        bool good = fits(reading, pair->key);
        const struct hr_expr *value = hr_draft_expr(draft, pair->value, HR_USE_input, HR_TYPE_dyn);
        if (good && value != NULL) {
            note_read_inputs(reading, value);
            items[lines.count++] =
                (struct hr_argument){hr_draft_copy(draft, pair->key->scalar), value,
                                     hr_draft_place(draft, pair->key->place)};
        }
    }
    return lines;
}

static bool fits_header(struct reading *reading, const struct hr_node *key)
{
    struct hr_draft *draft = reading->draft;
    if (hr_is_call_header(key->scalar, false)) {
        return true;
    }
    struct hr_diagnostic *item = hr_draft_error(draft, header_form, key->place,
                                                "`%.*s` is no header that an action can have",
                                                HR_SHOW(hr_clipped(key->scalar)));
    if (hr_text_equal_caseless(key->scalar, HR_TEXT("authorization"))) {
        item->help = HR_TEXT("say how to sign in under the tool's `auth`");
    }
    return false;
}

static bool fits_member(struct reading *reading, const struct hr_node *key)
{
    return hr_draft_is_line(reading->draft, key, "member of the body");
}

/* `body: [email, course]`: each input under its own name. */
static struct hr_arguments read_names(struct reading *reading, const struct hr_node *map)
{
    struct hr_draft *draft = reading->draft;
    size_t count = 0;
    const struct hr_text *names = hr_draft_texts(draft, map, "body", HR_LIMIT_names, &count);
    struct hr_argument *items = hr_draft_keep(draft, struct hr_argument, count);
    for (size_t i = 0; items != NULL && i < count; i++) {
        note_input(reading, names[i]);
        items[i] = (struct hr_argument){.name = names[i]};
    }
    return (struct hr_arguments){items, items == NULL ? 0 : count};
}

static void read_body(struct reading *reading, const struct hr_node *map)
{
    struct hr_action *action = reading->action;
    const struct hr_node *body = hr_draft_get(map, "body");
    if (body == NULL) {
        return;
    }
    if (action->method == HR_METHOD_GET) {
        hr_draft_error(reading->draft, path_form, body->place, "a GET brings no body")->help =
            HR_TEXT("put the input into the path: `path: \"/members?email={email}\"`");
        return;
    }
    action->body = body->kind == HR_NODE_map ? read_lines(reading, body, "body", fits_member)
                                             : read_names(reading, map);
}

/* ---- where ------------------------------------------------------------------------------------------- */

static void read_where(struct reading *reading)
{
    struct hr_draft *draft = reading->draft;
    struct hr_action *action = reading->action;
    const struct hr_node *map = reading->pair->value;
    const struct hr_node *path = hr_draft_get(map, "path");
    const struct hr_node *method = hr_draft_get(map, "method");
    action->path = hr_draft_line(draft, map, "path");
    /* the words begin behind `unsaid` */
    action->method =
        (enum hr_method)(hr_draft_word_at(draft, map, "method", &hr_words_method, -1) + 1);
    if (path != NULL && action->path.size > 0 && action->path.data[0] != '/') {
        hr_draft_error(draft, path_form, path->place, "the path of an action begins with `/`")
            ->help = hr_draft_say(draft, "write `path: \"/%.*s\"`; the host stands under `allow`",
                                  HR_SHOW(hr_clipped(action->path)));
    }
    if (reading->tool->kind == HR_TOOL_http && (path == NULL || method == NULL) &&
        !hr_draft_misspelt(HR_GRAM_action, map, path == NULL ? "path" : "method")) {
        hr_draft_error(draft, action_incomplete, reading->pair->key->place,
                       "action `%.*s` has no `%s`", HR_SHOW(action->id),
                       path == NULL ? "path" : "method")
            ->help = path == NULL ? HR_TEXT("add `path: \"/members/{email}\"`")
                                  : HR_TEXT("add `method: GET`");
    }
}

/* Path, headers and body, and so the inputs: each is taken once, in this order. */
static void read_travel(struct reading *reading)
{
    struct hr_draft *draft = reading->draft;
    const struct hr_node *map = reading->pair->value;
    struct hr_action *action = reading->action;
    action->inputs = reading->inputs = hr_draft_keep(draft, struct hr_text, HR_ACTION_INPUTS_MAX);
    if (reading->inputs == NULL) {
        return;
    }
    note_path_inputs(reading);
    action->headers = read_lines(reading, hr_draft_get(map, "headers"), "headers", fits_header);
    read_body(reading, map);
    if (reading->too_many) {
        (void)hr_draft_within(draft, HR_LIMIT_inputs, HR_ACTION_INPUTS_MAX + 1,
                              reading->pair->key->place);
    }
}

/* ---- what the answer means ----------------------------------------------------------------------------- */

static void check_line(void *context, const struct hr_clause *line)
{
    struct reading *reading = context;
    struct hr_draft *draft = reading->draft;
    const struct hr_action *action = reading->action;
    struct hr_known_ids names = {
        .noun = "input", .items = action->inputs, .count = action->input_count};
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(line->expr, &count);
    for (size_t i = 0; i < count; i++) {
        if (reads[i].name != HR_CALL_SCOPE_input || has_input(action, reads[i].text)) {
            continue;
        }
        struct hr_diagnostic *item =
            hr_draft_error(draft, input_unknown, line->place, "`%.*s` takes no input `%.*s`",
                           HR_SHOW(action->full_id), HR_SHOW(hr_clipped(reads[i].text)));
        item->help = hr_draft_suggest(draft, reads[i].text, &names);
    }
}

/* Conditions about the answer; each input that they name must be one. */
static struct hr_clauses read_test(struct reading *reading, const char *key)
{
    struct hr_clauses test = hr_draft_clauses(
        reading->draft, hr_draft_get(reading->pair->value, key), key, HR_USE_answer);
    hr_clauses_each(&test, check_line, reading);
    return test;
}

/* ---- what it leaves ---------------------------------------------------------------------------------- */

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

static void read_action(struct reading *reading)
{
    struct hr_draft *draft = reading->draft;
    struct hr_action *action = reading->action;
    const struct hr_node *map = reading->pair->value;
    if (!hr_draft_map(draft, HR_GRAM_action, reading->pair->key, map)) {
        return;
    }
    action->kind = (enum hr_action_kind)hr_draft_word_at(draft, map, "kind", &hr_words_action_kind,
                                                         HR_ACTION_call);
    read_where(reading);
    read_travel(reading);
    action->by = hr_draft_field(draft, hr_draft_get(map, "by"), HR_RECORD_TYPE_contact);
    bool reads = action->kind == HR_ACTION_read || action->method == HR_METHOD_GET;
    action->safe_to_repeat = hr_draft_flag(draft, map, "safe_to_repeat", reads);
    action->success = read_test(reading, "success");
    read_sets(draft, action, map);
    action->emits = hr_draft_event(draft, hr_draft_get(map, "emits"));
}

/* ---- other actions of the tool ----------------------------------------------------------------------- */

/* The action that a key names, perhaps one further down; -1 for none. It is called with this one's inputs. */
static int32_t read_other(struct reading *reading, const char *key)
{
    struct hr_draft *draft = reading->draft;
    const struct hr_tool *tool = reading->tool;
    const struct hr_action *action = reading->action;
    const struct hr_node *node = hr_draft_get(reading->pair->value, key);
    struct hr_text *ids = hr_draft_scratch(draft, struct hr_text, tool->action_count);
    if (node == NULL || ids == NULL) {
        return HR_NONE_INDEX;
    }
    for (size_t i = 0; i < tool->action_count; i++) {
        ids[i] = tool->actions[i].id;
    }
    struct hr_known_ids names = {.noun = "action", .items = ids, .count = tool->action_count};
    int32_t index = hr_draft_ref(draft, node, &names, HR_CODE_action_unknown);
    const struct hr_action *other = index < 0 ? NULL : &tool->actions[index];
    for (size_t i = 0; other != NULL && i < other->input_count; i++) {
        if (!has_input(action, other->inputs[i])) {
            hr_draft_error(draft, input_missing, node->place,
                           "`%.*s` needs `%.*s`, which `%.*s` is not given", HR_SHOW(other->id),
                           HR_SHOW(other->inputs[i]), HR_SHOW(action->id))
                ->help = HR_TEXT("it is called with the same inputs: name only these in its path, "
                                 "headers and body");
        }
    }
    return index;
}

/* A check only reads, and somebody has said what its answer means. A tool that Handrail knows says so itself. */
static void read_check(struct reading *reading)
{
    struct hr_draft *draft = reading->draft;
    struct hr_action *action = reading->action;
    const struct hr_node *map = reading->pair->value;
    const struct hr_node *node = hr_draft_get(map, "check");
    const struct hr_node *done_when = hr_draft_get(map, "done_when");
    action->check = read_other(reading, "check");
    action->done_when = read_test(reading, "done_when");
    const struct hr_action *check =
        action->check < 0 ? NULL : &reading->tool->actions[action->check];
    bool unread = check != NULL && check->kind != HR_ACTION_read && check->method != HR_METHOD_GET;
    if (unread) {
        hr_draft_error(draft, check_wrong, node->place, "`%.*s` does more than read",
                       HR_SHOW(check->id))
            ->help = hr_draft_say(draft,
                                  "write `kind: read` and `method: GET` in `%.*s`, or name "
                                  "an action that only reads",
                                  HR_SHOW(check->id));
    } else if (check != NULL && check->path.size > 0 && done_when == NULL &&
               !hr_draft_misspelt(HR_GRAM_action, map, "done_when")) {
        hr_draft_error(draft, check_wrong, node->place,
                       "nothing says what the answer of `%.*s` means", HR_SHOW(check->id))
            ->help = hr_draft_say(draft,
                                  "add `done_when:` with a condition about `answer`, such as "
                                  "`\"answer.status == 200\"`, that holds once `%.*s` was done",
                                  HR_SHOW(action->id));
    } else if (done_when != NULL && node == NULL &&
               !hr_draft_misspelt(HR_GRAM_action, map, "check")) {
        hr_draft_error(draft, check_wrong, done_when->place,
                       "`done_when` is about the answer of a check, and there is none")
            ->help = HR_TEXT("add `check:` with the action that reads whether it was done");
    }
}

static void read_undo(struct reading *reading)
{
    struct hr_action *action = reading->action;
    action->undo = read_other(reading, "undo");
    if (action->undo >= 0 && &reading->tool->actions[action->undo] == action) {
        const struct hr_node *node = hr_draft_get(reading->pair->value, "undo");
        hr_draft_error(reading->draft, action_unknown, node->place,
                       "`%.*s` cannot take itself back", HR_SHOW(action->id));
    }
}

/* ---- all actions of a tool ------------------------------------------------------------------------------ */

void hr_draft_read_actions(struct hr_draft *draft, struct hr_tool *tool, const struct hr_node *map)
{
    struct hr_pairs pairs =
        hr_draft_pairs(draft, hr_draft_get(map, "actions"), "actions", HR_LIMIT_actions);
    struct hr_action *actions = hr_draft_keep(draft, struct hr_action, pairs.count);
    const struct hr_pair **kept = hr_draft_scratch(draft, const struct hr_pair *, pairs.count);
    if (actions == NULL || kept == NULL) {
        return;
    }
    tool->actions = actions;
    for (size_t i = 0; i < pairs.count; i++) {
        struct hr_action *action = &actions[tool->action_count];
        const struct hr_pair *pair = &pairs.items[i];
        if (!hr_draft_id(draft, pair->key, "action", false)) {
            continue;
        }
        action->id = hr_draft_copy(draft, pair->key->scalar);
        action->full_id =
            hr_text_format(draft->into, "%.*s.%.*s", HR_SHOW(tool->id), HR_SHOW(action->id));
        action->tool = (int32_t)(tool - draft->plan->tools);
        action->check = action->undo = action->emits = action->by.field = HR_NONE_INDEX;
        action->place = hr_draft_place(draft, pair->key->place);
        struct reading reading = {draft, tool, action, pair, NULL, false};
        read_action(&reading);
        kept[tool->action_count++] = pair;
    }
    for (size_t i = 0; i < tool->action_count; i++) {
        struct reading reading = {draft, tool, &actions[i], kept[i], NULL, false};
        read_check(&reading);
        read_undo(&reading);
    }
}
