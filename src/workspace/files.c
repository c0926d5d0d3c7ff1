/* From files to sections: each file is read as YAML, its top keys are known by name, and what
 * several files may add to together (people, tools, paths, contacts.fields) is merged by id. */
#include "workspace/inside.h"

#include <string.h>

/* Where a top key's value goes. */
enum home { HOME_single, HOME_section, HOME_contacts, HOME_later };

struct top_key {
    const char *name;
    enum home home;
    enum hr_single single;
    size_t section; /* offset of the section in the draft */
};

#define SINGLE(name)                                                                               \
    {                                                                                              \
#name, HOME_single, HR_SINGLE_##name, 0                                                    \
    }
#define SECTION(name)                                                                              \
    {                                                                                              \
#name, HOME_section, HR_SINGLE_COUNT, offsetof(struct hr_draft, name)                      \
    }
#define LATER(name)                                                                                \
    {                                                                                              \
#name, HOME_later, HR_SINGLE_COUNT, 0                                                      \
    }

static const struct top_key top_keys[] = {
    SINGLE(version),    SINGLE(workspace),
    SINGLE(title),      SINGLE(timezone),
    SINGLE(country),    SINGLE(business_hours),
    SECTION(people),    {"contacts", HOME_contacts, HR_SINGLE_COUNT, 0},
    SECTION(tools),     SECTION(paths),
    LATER(accounts),    LATER(automations),
    LATER(companies),   LATER(consent),
    LATER(experiments), LATER(messages),
    LATER(metrics),     LATER(opportunities),
    LATER(pipelines),   LATER(policies),
    LATER(recoveries),  LATER(reports),
    LATER(rollouts),    LATER(segments),
    LATER(tables),      LATER(tags),
    LATER(tasks),       LATER(teams),
    LATER(templates),   LATER(tests),
    LATER(tickets),
};

enum { TOP_KEY_COUNT = sizeof top_keys / sizeof top_keys[0] };

static const struct hr_key_rule contacts_rules[] = {
    {"match_on", HR_NEED_optional, NULL},
    {"on_two_matches", HR_NEED_optional, NULL},
    {"owner", HR_NEED_optional, NULL},
    {"fields", HR_NEED_optional, NULL},
};
static const struct hr_shape contacts_shape = HR_SHAPE(NULL, contacts_rules);

/* ---- secrets pasted anywhere ------------------------------------------------------------------- */

static void complain_secret(struct hr_draft *draft, const struct hr_node *node)
{
    /* Column 0: the line is not drawn, because drawing it would print the secret. */
    struct hr_place place = node->place;
    place.column = 0;
    struct hr_diagnostic *item = hr_draft_error(draft, secret_in_file, place,
                                                "a secret itself stands here instead of its name");
    item->example = HR_TEXT("everybody who can read this folder could sign events as that tool");
}

static void scan_secrets(struct hr_draft *draft, const struct hr_node *node, bool strict,
                         unsigned depth)
{
    if (depth > HR_YAML_DEPTH_MAX) {
        return;
    }
    if (node->kind == HR_NODE_scalar && hr_looks_secret(node->scalar, strict)) {
        complain_secret(draft, node);
    }
    for (size_t i = 0; node->kind == HR_NODE_list && i < node->count; i++) {
        scan_secrets(draft, node->items[i], false, depth + 1);
    }
    for (size_t i = 0; node->kind == HR_NODE_map && i < node->count; i++) {
        bool named = hr_text_equal(node->pairs[i].key->scalar, HR_TEXT("secret"));
        scan_secrets(draft, node->pairs[i].value, named, depth + 1);
    }
}

/* ---- merging ---------------------------------------------------------------------------------- */

static void put_single(struct hr_draft *draft, enum hr_single single, const struct hr_pair *pair)
{
    struct hr_pair *slot = &draft->single[single];
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

static void put_item(struct hr_draft *draft, struct hr_section *section, const struct hr_pair *pair)
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
        put_item(draft, section, &node->pairs[i]);
    }
}

static void put_contacts(struct hr_draft *draft, const struct hr_pair *contacts)
{
    if (!hr_draft_map(draft, &contacts_shape, contacts->key, contacts->value)) {
        return;
    }
    draft->has_contacts = true;
    for (size_t i = 0; i < contacts->value->count; i++) {
        const struct hr_pair *pair = &contacts->value->pairs[i];
        if (hr_text_equal(pair->key->scalar, HR_TEXT("fields"))) {
            put_section(draft, &draft->fields, pair);
        } else if (hr_text_equal(pair->key->scalar, HR_TEXT("match_on"))) {
            put_single(draft, HR_SINGLE_match_on, pair);
        } else if (hr_text_equal(pair->key->scalar, HR_TEXT("on_two_matches"))) {
            put_single(draft, HR_SINGLE_on_two_matches, pair);
        } else if (hr_text_equal(pair->key->scalar, HR_TEXT("owner"))) {
            put_single(draft, HR_SINGLE_contact_owner, pair);
        }
    }
}

/* ---- top keys --------------------------------------------------------------------------------- */

static void complain_top_key(struct hr_draft *draft, const struct hr_node *key)
{
    struct hr_text known[TOP_KEY_COUNT];
    size_t count = 0;
    for (size_t i = 0; i < TOP_KEY_COUNT; i++) {
        if (top_keys[i].home != HOME_later) {
            known[count++] = hr_text_from(top_keys[i].name);
        }
    }
    struct hr_known_ids names = {"key", known, count, false};
    struct hr_diagnostic *item =
        hr_draft_error(draft, key_unknown, key->place, "a workspace has no key `%.*s`",
                       HR_SHOW(hr_clipped(key->scalar)));
    item->help = hr_draft_suggest(draft, key->scalar, &names);
}

static void put_top(struct hr_draft *draft, const struct hr_pair *pair)
{
    const struct top_key *top = NULL;
    for (size_t i = 0; i < TOP_KEY_COUNT; i++) {
        if (hr_text_equal(hr_text_from(top_keys[i].name), pair->key->scalar)) {
            top = &top_keys[i];
        }
    }
    if (top == NULL) {
        complain_top_key(draft, pair->key);
        return;
    }
    switch (top->home) {
    case HOME_single:
        put_single(draft, top->single, pair);
        break;
    case HOME_section:
        put_section(draft, (struct hr_section *)(void *)((char *)draft + top->section), pair);
        break;
    case HOME_contacts:
        put_contacts(draft, pair);
        break;
    case HOME_later:
        hr_draft_warning(draft, not_available_yet, pair->key->place, "`%s` is not available yet",
                         top->name);
        break;
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

/* In the order of paths, whatever the host's folder order was. */
static void sort_sources(struct hr_source *sources, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct hr_source moving = sources[i];
        size_t to = i;
        while (to > 0 && hr_text_compare(sources[to - 1].path, moving.path) > 0) {
            sources[to] = sources[to - 1];
            to--;
        }
        sources[to] = moving;
    }
}

static bool copy_sources(struct hr_draft *draft, const struct hr_file *files, size_t count)
{
    draft->sources = hr_draft_scratch(draft, struct hr_source, count);
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
    sort_sources(draft->sources, count);
    return true;
}

static void init_sections(struct hr_draft *draft)
{
    struct hr_section *sections[] = {&draft->people, &draft->fields, &draft->tools, &draft->paths};
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        hr_map_init(&sections[i]->by_id, &draft->scratch);
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
    for (size_t i = 0; roots != NULL && i < count; i++) {
        roots[i] = read_file(draft, &draft->sources[i]);
        all = all && roots[i] != NULL;
    }
    for (size_t i = 0; all && i < count; i++) {
        scan_secrets(draft, roots[i], false, 0);
        for (size_t pair = 0; pair < roots[i]->count; pair++) {
            put_top(draft, &roots[i]->pairs[pair]);
        }
    }
    return all;
}

const struct hr_source *hr_draft_source(const struct hr_draft *draft, struct hr_place place)
{
    for (size_t i = 0; i < draft->source_count; i++) {
        if (hr_text_equal(draft->sources[i].path, place.file)) {
            return &draft->sources[i];
        }
    }
    return NULL;
}
