/* From files to sections: each file is read as YAML, its top keys are known by name, and what
 * several files may add to together (people, tools, paths, contacts.fields) is merged by id. */
#include "workspace/inside.h"

#include <string.h>

/* Where a top key's value goes. What is not listed here is not available yet. */
enum home { HOME_single, HOME_section, HOME_records, HOME_policies, HOME_tests };

struct top_key {
    const char *name;
    enum home home;
    int which;      /* the single, or the kind of record */
    size_t section; /* offset of the section in the draft */
};

#define SINGLE(name)                                                                               \
    {                                                                                              \
#name, HOME_single, HR_SINGLE_##name, 0                                                    \
    }
#define SECTION(name)                                                                              \
    {                                                                                              \
#name, HOME_section, 0, offsetof(struct hr_draft, name)                                    \
    }
#define RECORDS(name, type)                                                                        \
    {                                                                                              \
#name, HOME_records, HR_RECORD_TYPE_##type, 0                                              \
    }

static const struct top_key top_keys[] = {
    SINGLE(version),
    SINGLE(workspace),
    SINGLE(title),
    SINGLE(timezone),
    SINGLE(country),
    SINGLE(business_hours),
    SECTION(people),
    SECTION(teams),
    RECORDS(contacts, contact),
    RECORDS(accounts, account),
    RECORDS(opportunities, opportunity),
    RECORDS(tickets, ticket),
    RECORDS(tasks, task),
    SECTION(tools),
    SECTION(paths),
    SECTION(pipelines),
    SECTION(automations),
    SECTION(tables),
    SECTION(messages),
    {"policies", HOME_policies, 0, 0},
    {"tests", HOME_tests, 0, 0},
};
/* The keys of `policies`, in the same way. */
static const struct top_key policy_keys[] = {
    SECTION(purposes),
    SINGLE(caps),
    SINGLE(quiet_hours),
    SINGLE(budgets),
    {"approval", HOME_section, 0, offsetof(struct hr_draft, classes)},
    SINGLE(data_quality),
};

enum {
    TOP_KEY_COUNT = sizeof top_keys / sizeof top_keys[0],
    POLICY_KEY_COUNT = sizeof policy_keys / sizeof policy_keys[0]
};

/* ---- secrets pasted anywhere ------------------------------------------------------------------- */

/* Where a value stands, as far as a secret is concerned. */
struct spot {
    struct hr_text tool; /* the id of the tool it belongs to, or none */
    struct hr_text key;  /* the one it stands behind */
    bool auth;           /* somewhere below `auth` */
    unsigned depth;
};

static void scan_secrets(struct hr_draft *draft, const struct hr_node *node, struct spot spot)
{
    bool named = hr_text_equal(spot.key, HR_TEXT("secret"));
    if (spot.depth > HR_YAML_DEPTH_MAX) {
        return;
    }
    if (node->kind == HR_NODE_scalar && hr_looks_secret(node->scalar, named)) {
        hr_draft_complain_secret(draft, node, spot.tool, spot.key, spot.auth);
    }
    for (size_t i = 0; node->kind == HR_NODE_list && i < node->count; i++) {
        struct spot item = {spot.tool, HR_TEXT_NONE, spot.auth, spot.depth + 1};
        scan_secrets(draft, node->items[i], item);
    }
    for (size_t i = 0; node->kind == HR_NODE_map && i < node->count; i++) {
        struct hr_text key = node->pairs[i].key->scalar;
        bool tool = spot.depth == 1 && hr_text_equal(spot.key, HR_TEXT("tools"));
        bool auth = spot.auth || hr_text_equal(key, HR_TEXT("auth"));
        struct spot inner = {tool ? key : spot.tool, key, auth, spot.depth + 1};
        scan_secrets(draft, node->pairs[i].value, inner);
    }
}

/* ---- merging ---------------------------------------------------------------------------------- */

static void put_once(struct hr_draft *draft, struct hr_pair *slot, const struct hr_pair *pair)
{
    if (slot->value == NULL) {
        *slot = *pair;
        return;
    }
    struct hr_diagnostic *item =
        hr_draft_error(draft, set_twice, pair->key->place, "`%.*s` is set twice",
                       HR_SHOW(hr_clipped(pair->key->scalar)));
    item->label = HR_TEXT("set again here");
    item->second = slot->key->place;
    item->second_label = HR_TEXT("first set here");
}

void hr_draft_put(struct hr_draft *draft, struct hr_section *section, const struct hr_pair *pair)
{
    uint64_t *seen = hr_map_find(&section->by_id, pair->key->scalar);
    if (seen != NULL) {
        struct hr_diagnostic *item = hr_draft_error(draft, id_twice, pair->key->place,
                                                    "there are two things called `%.*s` here",
                                                    HR_SHOW(hr_clipped(pair->key->scalar)));
        item->label = HR_TEXT("again here");
        item->second = section->pairs[*seen].key->place;
        item->second_label = HR_TEXT("first here");
        return;
    }
    if (section->count == section->capacity) {
        struct hr_pair *grown = hr_list_grow(&draft->scratch, section->pairs, section->count,
                                             &section->capacity, sizeof *grown);
        if (grown == NULL) {
            return;
        }
        section->pairs = grown;
    }
    if (hr_ok(hr_map_put(&section->by_id, pair->key->scalar, section->count))) {
        section->pairs[section->count++] = *pair;
    }
}

static void put_section(struct hr_draft *draft, struct hr_section *section,
                        const struct hr_pair *pair)
{
    const struct hr_node *node = pair->value;
    if (node->kind != HR_NODE_map) {
        struct hr_diagnostic *item = hr_draft_error(draft, kind_wrong, node->place,
                                                    "`%.*s` must be a map from ids, and here is %s",
                                                    HR_SHOW(hr_clipped(pair->key->scalar)),
                                                    node->kind == HR_NODE_list ? "a list"
                                                    : node->scalar.size == 0   ? "nothing"
                                                                               : "one value");
        item->help = HR_TEXT("write one `id:` for each, and its keys below it, two spaces in");
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        hr_draft_put(draft, section, &node->pairs[i]);
    }
}

static void put_records(struct hr_draft *draft, struct hr_record_draft *record,
                        const struct hr_pair *said)
{
    if (!hr_draft_map(draft, HR_GRAM_records_kind, said->key, said->value)) {
        return;
    }
    record->said = record->said == NULL ? said->key : record->said;
    for (size_t i = 0; i < said->value->count; i++) {
        const struct hr_pair *pair = &said->value->pairs[i];
        struct hr_text key = pair->key->scalar;
        if (hr_text_equal(key, HR_TEXT("fields"))) {
            put_section(draft, &record->fields, pair);
        } else if (hr_text_equal(key, HR_TEXT("links"))) {
            put_section(draft, &record->links, pair);
        } else if (hr_text_equal(key, HR_TEXT("match_on"))) {
            put_once(draft, &record->match_on, pair);
        } else if (hr_text_equal(key, HR_TEXT("on_two_matches"))) {
            put_once(draft, &record->on_two_matches, pair);
        } else if (hr_text_equal(key, HR_TEXT("owner"))) {
            put_once(draft, &record->owner, pair);
        }
    }
}

static void put_tests(struct hr_draft *draft, const struct hr_pair *pair)
{
    size_t count = hr_draft_list(draft, pair->value, "tests", HR_LIMIT_tests);
    for (size_t i = 0; i < count; i++) {
        if (draft->test_count == draft->test_capacity) {
            const struct hr_node **grown =
                hr_list_grow(&draft->scratch, (void *)draft->tests, draft->test_count,
                             &draft->test_capacity, sizeof *grown);
            if (grown == NULL) {
                return;
            }
            draft->tests = grown;
        }
        draft->tests[draft->test_count++] = pair->value->items[i];
    }
}

static const struct top_key *find_key(const struct top_key *keys, size_t count, struct hr_text name)
{
    for (size_t i = 0; i < count; i++) {
        if (hr_text_equal(hr_text_from(keys[i].name), name)) {
            return &keys[i];
        }
    }
    return NULL;
}

static void put_home(struct hr_draft *draft, const struct top_key *top, const struct hr_pair *pair);

static void put_policies(struct hr_draft *draft, const struct hr_pair *policies)
{
    if (!hr_draft_map(draft, HR_GRAM_policies, policies->key, policies->value)) {
        return;
    }
    for (size_t i = 0; i < policies->value->count; i++) {
        const struct hr_pair *pair = &policies->value->pairs[i];
        const struct top_key *key = find_key(policy_keys, POLICY_KEY_COUNT, pair->key->scalar);
        if (key != NULL) {
            put_home(draft, key, pair);
        }
    }
}

/* ---- top keys --------------------------------------------------------------------------------- */

/* `policies` does not stand among its own keys, so this ends. */
static void put_home(struct hr_draft *draft, const struct top_key *top, const struct hr_pair *pair)
{
    switch (top->home) {
    case HOME_single:
        put_once(draft, &draft->single[top->which], pair);
        break;
    case HOME_section:
        put_section(draft, (struct hr_section *)(void *)((char *)draft + top->section), pair);
        break;
    case HOME_records:
        put_records(draft, &draft->records[top->which], pair);
        break;
    case HOME_policies:
        put_policies(draft, pair);
        break;
    case HOME_tests:
        put_tests(draft, pair);
        break;
    }
}

static void complain_top_key(struct hr_draft *draft, const struct hr_node *map,
                             const struct hr_node *key)
{
    struct hr_text known[TOP_KEY_COUNT];
    for (size_t i = 0; i < TOP_KEY_COUNT; i++) {
        known[i] = hr_text_from(top_keys[i].name);
    }
    struct hr_known_ids names = {.noun = "key", .items = known, .count = TOP_KEY_COUNT};
    struct hr_diagnostic *item =
        hr_draft_error(draft, key_unknown, key->place, "a workspace has no key `%.*s`",
                       HR_SHOW(hr_clipped(key->scalar)));
    item->help = hr_draft_suggest(draft, key->scalar, &names);
    struct hr_text meant = hr_surely_meant(key->scalar, known, TOP_KEY_COUNT);
    if (hr_node_get(map, meant) == NULL) {
        hr_draft_mend(draft, item, key, meant);
    }
}

static bool comes_later(struct hr_text name)
{
    for (const struct hr_key_rule *rule = hr_gram_rules(HR_GRAM_workspace); rule->name != NULL;
         rule++) {
        if (rule->need == HR_NEED_later && hr_text_equal(hr_text_from(rule->name), name)) {
            return true;
        }
    }
    return false;
}

static void put_top(struct hr_draft *draft, const struct hr_node *map, const struct hr_pair *pair)
{
    const struct top_key *top = find_key(top_keys, TOP_KEY_COUNT, pair->key->scalar);
    if (top != NULL) {
        put_home(draft, top, pair);
    } else if (comes_later(pair->key->scalar)) {
        hr_draft_warning(draft, not_available_yet, pair->key->place, "`%.*s` is not available yet",
                         HR_SHOW(pair->key->scalar));
    } else {
        complain_top_key(draft, map, pair->key);
    }
}

/* ---- files ------------------------------------------------------------------------------------ */

static const struct hr_node *read_file(struct hr_draft *draft, const struct hr_source *source)
{
    struct hr_node *root = NULL;
    hr_status status =
        hr_yaml_read(&draft->scratch, source->path, source->bytes, draft->reterr, &root);
    if (!hr_ok(status)) {
        draft->refused |= status.code != HR_E_INPUT && status.code != HR_E_LIMIT;
        return NULL;
    }
    if (root->kind != HR_NODE_map) {
        hr_draft_error(draft, kind_wrong, root->place,
                       "a workspace file must be a map of `key: value` lines, and here is %s",
                       root->kind == HR_NODE_list ? "a list" : "one value")
            ->help = HR_TEXT("begin with a key such as `people:` or `paths:`");
        return NULL;
    }
    return root;
}

/* In the order of paths, whatever the host's folder order was: merged in halves, each pass twice as long. */
static void merge(struct hr_source *to, const struct hr_source *from, size_t begin, size_t middle,
                  size_t end)
{
    size_t left = begin;
    size_t right = middle;
    for (size_t i = begin; i < end; i++) {
        bool take_left = left < middle &&
                         (right >= end || hr_text_compare(from[left].path, from[right].path) <= 0);
        to[i] = take_left ? from[left++] : from[right++];
    }
}

static void sort_sources(struct hr_draft *draft)
{
    size_t count = draft->source_count;
    struct hr_source *spare = hr_draft_scratch(draft, struct hr_source, count);
    for (size_t half = 1; spare != NULL && half < count; half *= 2) {
        for (size_t begin = 0; begin < count; begin += 2 * half) {
            size_t middle = begin + half < count ? begin + half : count;
            size_t end = begin + 2 * half < count ? begin + 2 * half : count;
            merge(spare, draft->sources, begin, middle, end);
        }
        struct hr_source *sorted = spare;
        spare = draft->sources;
        draft->sources = sorted;
    }
}

static bool copy_sources(struct hr_draft *draft, const struct hr_file *files, size_t count)
{
    draft->sources = hr_draft_scratch(draft, struct hr_source, count);
    hr_map_init(&draft->source_by_path, &draft->scratch);
    if (draft->sources == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        draft->sources[i] = (struct hr_source){
            .path = hr_text_copy(draft->reterr->arena, files[i].path),
            .plan_path = hr_draft_copy(draft, files[i].path),
            .bytes = files[i].bytes,
        };
    }
    draft->source_count = count;
    sort_sources(draft);
    for (size_t i = 0; i < count; i++) {
        draft->refused |= !hr_ok(hr_map_put(&draft->source_by_path, draft->sources[i].path, i));
    }
    return true;
}

static void init_sections(struct hr_draft *draft)
{
    struct hr_section *sections[] = {
        &draft->people,      &draft->teams,  &draft->tools,    &draft->paths,    &draft->pipelines,
        &draft->automations, &draft->tables, &draft->messages, &draft->purposes, &draft->classes};
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        hr_map_init(&sections[i]->by_id, &draft->scratch);
    }
    for (size_t i = 0; i < HR_RECORD_TYPE_COUNT; i++) {
        hr_map_init(&draft->records[i].fields.by_id, &draft->scratch);
        hr_map_init(&draft->records[i].links.by_id, &draft->scratch);
    }
}

/* What one file says, put where it belongs. */
static void put_file(struct hr_draft *draft, const struct hr_node *root)
{
    scan_secrets(draft, root, (struct spot){.depth = 0});
    for (size_t pair = 0; pair < root->count; pair++) {
        put_top(draft, root, &root->pairs[pair]);
    }
}

/* Messages last: a workspace that cannot be read as a whole says nothing about them. */
static void put_message_files(struct hr_draft *draft)
{
    for (size_t i = 0; i < draft->source_count; i++) {
        struct hr_pair pair = {NULL, NULL};
        if (!hr_workspace_has_message(draft->sources[i].path)) {
            continue;
        }
        if (hr_draft_read_message_file(draft, &draft->sources[i], &pair)) {
            hr_draft_put(draft, &draft->messages, &pair);
        } else {
            draft->message_file_broken = true;
        }
    }
}

bool hr_draft_read_files(struct hr_draft *draft, const struct hr_file *files, size_t count)
{
    struct hr_place nowhere = {0};
    if (count == 0) {
        hr_draft_error(draft, workspace_empty, nowhere, "there is no workspace file here");
        return false;
    }
    if (!hr_draft_within(draft, HR_LIMIT_files, count, nowhere) ||
        !copy_sources(draft, files, count)) {
        return false;
    }
    init_sections(draft);
    const struct hr_node **roots = hr_draft_scratch(draft, const struct hr_node *, count);
    bool all = roots != NULL;
    draft->first_path = draft->sources[0].path;
    for (size_t i = count; i > 0; i--) {
        if (!hr_workspace_has_message(draft->sources[i - 1].path)) {
            draft->first_path = draft->sources[i - 1].path;
        }
    }
    for (size_t i = 0; roots != NULL && i < count; i++) {
        if (!hr_workspace_has_message(draft->sources[i].path)) {
            roots[i] = read_file(draft, &draft->sources[i]);
            all = all && roots[i] != NULL;
        }
    }
    for (size_t i = 0; all && i < count; i++) {
        if (roots[i] != NULL) {
            put_file(draft, roots[i]);
        }
    }
    if (all) {
        put_message_files(draft);
    }
    return all;
}

/* One file is spoken of for a while, so the last answer is tried first. */
const struct hr_source *hr_draft_source(struct hr_draft *draft, struct hr_place place)
{
    if (draft->last_source != NULL && place.file.data == draft->last_source->path.data) {
        return draft->last_source;
    }
    const uint64_t *index = hr_map_find(&draft->source_by_path, place.file);
    draft->last_source = index == NULL ? NULL : &draft->sources[*index];
    return draft->last_source;
}

struct hr_place hr_draft_place(struct hr_draft *draft, struct hr_place place)
{
    const struct hr_source *source = hr_draft_source(draft, place);
    place.file = source == NULL ? HR_TEXT_NONE : source->plan_path;
    return place;
}
