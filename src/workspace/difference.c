/* The difference of two workspaces: section by section, thing by thing, key by key. */
#include "workspace/difference_inside.h"

#include <stddef.h>

enum { ONE_LINE_BYTES = 160 };

/* ---- one difference ------------------------------------------------------------------------------------ */

struct hr_text hr_compare_below(struct hr_comparing *comparing, struct hr_text where,
                                struct hr_text word)
{
    bool way = hr_text_starts(where, HR_TEXT("step ")) &&
               (hr_text_equal(word, HR_TEXT("then")) || hr_text_equal(word, HR_TEXT("else")));
    return where.size == 0 ? word
                           : hr_text_format(comparing->into, "%.*s%s%.*s", HR_SHOW(where),
                                            way ? "." : " ", HR_SHOW(word));
}

void hr_compare_put(struct hr_comparing *comparing, const struct hr_difference *difference)
{
    struct hr_arena *into = comparing->into;
    if (comparing->count >= HR_DIFFERENCES_MAX) {
        comparing->more++;
        return;
    }
    struct hr_difference *grown =
        hr_list_grow(into, comparing->items, comparing->count, &comparing->capacity, sizeof *grown);
    if (grown == NULL) {
        return;
    }
    comparing->items = grown;
    struct hr_difference *kept = &grown[comparing->count++];
    *kept = *difference;
    kept->thing = comparing->thing;
    kept->where = hr_text_copy(into, difference->where);
    kept->before = hr_text_copy(into, difference->before);
    kept->after = hr_text_copy(into, difference->after);
    kept->place.file = hr_text_copy(into, difference->place.file);
}

/* Two forms that are read aloud alike are shown as they are written. */
static void say_both(struct hr_comparing *comparing, const struct hr_slot *slot,
                     const struct hr_node *before, const struct hr_node *after,
                     struct hr_text said[2])
{
    said[0] = hr_compare_say(comparing, 0, slot, before);
    said[1] = hr_compare_say(comparing, 1, slot, after);
    bool scalars = before != NULL && after != NULL && before->kind == HR_NODE_scalar &&
                   after->kind == HR_NODE_scalar;
    if (scalars && hr_text_equal(said[0], said[1])) {
        said[0] = before->scalar;
        said[1] = after->scalar;
    }
}

void hr_compare_add(struct hr_comparing *comparing, struct hr_text where,
                    const struct hr_slot *slot, const struct hr_node *before,
                    const struct hr_node *after)
{
    const struct hr_node *node = after != NULL ? after : before;
    struct hr_text said[2];
    say_both(comparing, slot, before, after, said);
    bool seen = hr_compare_is_seen(comparing, where, after != NULL ? 1 : 0);
    bool scalars = after != NULL && after->kind == HR_NODE_scalar &&
                   (before == NULL || before->kind == HR_NODE_scalar);
    if (scalars && where.size > 0 &&
        (hr_compare_has_lines(said[0]) || hr_compare_has_lines(said[1]))) {
        hr_compare_lines_of(comparing, where, seen, before, after);
        return;
    }
    if (before != NULL && after != NULL) {
        hr_compare_show_two(comparing->into, said);
    } else {
        said[after != NULL] = hr_compare_show_one(comparing->into, said[after != NULL]);
    }
    hr_compare_put(comparing,
                   &(const struct hr_difference){.sign = before == NULL  ? HR_DIFFERENCE_added
                                                         : after == NULL ? HR_DIFFERENCE_removed
                                                                         : HR_DIFFERENCE_changed,
                                                 .where = where,
                                                 .before = said[0],
                                                 .after = said[1],
                                                 .customer_sees = seen,
                                                 .place = node->place});
}

/* ---- maps ----------------------------------------------------------------------------------------------- */

static struct hr_slot slot_of(enum hr_gram kind, const struct hr_slot *map, struct hr_text key)
{
    for (const struct hr_key_rule *rule = kind < HR_GRAM_COUNT ? hr_gram_rules(kind) : NULL;
         rule != NULL && rule->name != NULL; rule++) {
        if (hr_text_equal(hr_text_from(rule->name), key)) {
            return (struct hr_slot){rule->many, rule->type};
        }
    }
    return (struct hr_slot){HR_MANY_one, map->gram};
}

static void compare_maps(struct hr_comparing *comparing, struct hr_text where,
                         const struct hr_slot *slot, const struct hr_node *before,
                         const struct hr_node *after)
{
    enum hr_gram kind =
        slot->many == HR_MANY_map ? HR_GRAM_COUNT : hr_compare_kind(slot->gram, after);
    for (size_t i = 0; i < after->count; i++) {
        struct hr_text key = after->pairs[i].key->scalar;
        struct hr_slot inner = slot_of(kind, slot, key);
        hr_compare_nodes(comparing, hr_compare_below(comparing, where, key), &inner,
                         hr_node_get(before, key), after->pairs[i].value);
    }
    for (size_t i = 0; i < before->count; i++) {
        struct hr_text key = before->pairs[i].key->scalar;
        struct hr_slot inner = slot_of(kind, slot, key);
        if (hr_node_get(after, key) == NULL) {
            hr_compare_nodes(comparing, hr_compare_below(comparing, where, key), &inner,
                             before->pairs[i].value, NULL);
        }
    }
}

/* A list of one and the one are compared as lists. */
static const struct hr_node *as_list(struct hr_comparing *comparing, const struct hr_node *node)
{
    if (node->kind == HR_NODE_list) {
        return node;
    }
    struct hr_node *list = hr_arena_new(&comparing->scratch, struct hr_node);
    struct hr_node **items = hr_arena_new_many(&comparing->scratch, struct hr_node *, 1);
    struct hr_node *copy = hr_arena_new(&comparing->scratch, struct hr_node);
    if (list == NULL || items == NULL || copy == NULL) {
        return node;
    }
    *copy = *node;
    items[0] = copy;
    *list =
        (struct hr_node){.kind = HR_NODE_list, .place = node->place, .items = items, .count = 1};
    return list;
}

/* What is new is said in one line when it fits there, steps one by one, and else piece by piece. */
static bool fits(struct hr_comparing *comparing, const struct hr_slot *slot,
                 const struct hr_node *node)
{
    bool steps = node->kind == HR_NODE_list && slot->gram == HR_GRAM_step;
    struct hr_text said = steps ? HR_TEXT_NONE : hr_compare_say(comparing, 1, slot, node);
    return !steps && said.size <= ONE_LINE_BYTES && !hr_compare_has_lines(said);
}

static void add_new(struct hr_comparing *comparing, struct hr_text where,
                    const struct hr_slot *slot, const struct hr_node *node)
{
    static const struct hr_node no_list = {.kind = HR_NODE_list};
    static const struct hr_node no_map = {.kind = HR_NODE_map};
    bool step = node->kind == HR_NODE_map && slot->gram == HR_GRAM_step;
    if (step || node->kind == HR_NODE_scalar || fits(comparing, slot, node)) {
        hr_compare_add(comparing, where, slot, NULL, node);
    } else if (node->kind == HR_NODE_map) {
        compare_maps(comparing, where, slot, &no_map, node);
    } else {
        struct hr_slot item = {slot->many == HR_MANY_rows ? HR_MANY_list : HR_MANY_one, slot->gram};
        hr_compare_lists(comparing, where, &item, &no_list, node);
    }
    for (int i = 0; step && i < 2; i++) { /* what a branch says of itself is only its condition */
        struct hr_text way = i == 0 ? HR_TEXT("then") : HR_TEXT("else");
        const struct hr_node *steps = hr_node_get(node, way);
        if (steps != NULL) {
            static const struct hr_slot slots = {HR_MANY_list, HR_GRAM_step};
            add_new(comparing, hr_compare_below(comparing, where, way), &slots, steps);
        }
    }
}

/* Depth is that of YAML, so the recursion ends. */
void hr_compare_nodes(struct hr_comparing *comparing, struct hr_text where,
                      const struct hr_slot *slot, const struct hr_node *before,
                      const struct hr_node *after)
{
    if (hr_compare_same(slot, before, after)) {
        return;
    }
    if (before == NULL) {
        add_new(comparing, where, slot, after);
        return;
    }
    if (after == NULL) {
        hr_compare_add(comparing, where, slot, before, NULL);
        return;
    }
    bool lists = before->kind == HR_NODE_list || after->kind == HR_NODE_list;
    if (lists && slot->many == HR_MANY_some) {
        before = as_list(comparing, before);
        after = as_list(comparing, after);
    }
    if (before->kind == HR_NODE_list && after->kind == HR_NODE_list) {
        struct hr_slot item = {slot->many == HR_MANY_rows ? HR_MANY_list : HR_MANY_one, slot->gram};
        bool sets = hr_compare_is_set(slot, before) && hr_compare_is_set(slot, after);
        (sets ? hr_compare_sets : hr_compare_lists)(comparing, where, &item, before, after);
    } else if (before->kind == HR_NODE_map && after->kind == HR_NODE_map) {
        compare_maps(comparing, where, slot, before, after);
    } else {
        hr_compare_add(comparing, where, slot, before, after);
    }
}

/* ---- sections --------------------------------------------------------------------------------------------- */

static void name_thing(struct hr_comparing *comparing, const char *noun, struct hr_text id)
{
    comparing->thing = hr_text_format(comparing->into, "%s %.*s", noun, HR_SHOW(id));
}

/* A thing that is new or gone is said by its title, or by all of it where it has none. */
static void add_thing(struct hr_comparing *comparing, const struct hr_slot *slot,
                      const struct hr_pair *before, const struct hr_pair *after)
{
    static const struct hr_slot line = {HR_MANY_one, HR_GRAM_line};
    const struct hr_pair *pair = after != NULL ? after : before;
    const struct hr_node *title = hr_draft_get(pair->value, "title");
    title = title != NULL ? title : hr_draft_get(pair->value, "name");
    bool small = pair->value->kind != HR_NODE_map || fits(comparing, slot, pair->value);
    const struct hr_node *said = title != NULL ? title : small ? pair->value : pair->key;
    hr_compare_add(comparing, HR_TEXT_NONE, said == pair->value ? slot : &line,
                   after == NULL ? said : NULL, after == NULL ? NULL : said);
    bool told = after == NULL || said == pair->value || pair->value->kind != HR_NODE_map;
    for (size_t i = 0; !told && i < pair->value->count; i++) {
        const struct hr_pair *part = &pair->value->pairs[i];
        if (part->value != title) { /* all of what is new */
            struct hr_slot inner = slot_of(slot->gram, slot, part->key->scalar);
            hr_compare_nodes(comparing, part->key->scalar, &inner, NULL, part->value);
        }
    }
}

static const struct hr_pair *find_pair(const struct hr_section *section, struct hr_text id)
{
    const uint64_t *index = hr_map_find(&section->by_id, id);
    return index == NULL ? NULL : &section->pairs[*index];
}

static void compare_sections(struct hr_comparing *comparing, const char *noun, struct hr_slot slot,
                             const struct hr_section *before, const struct hr_section *after)
{
    for (size_t i = 0; i < after->count; i++) {
        const struct hr_pair *pair = &after->pairs[i];
        const struct hr_pair *old = find_pair(before, pair->key->scalar);
        name_thing(comparing, noun, pair->key->scalar);
        if (old == NULL) {
            add_thing(comparing, &slot, NULL, pair);
        } else {
            hr_compare_nodes(comparing, HR_TEXT_NONE, &slot, old->value, pair->value);
        }
    }
    hr_assert(before->count == 0 || before->pairs != NULL);
    for (size_t i = 0; i < before->count; i++) {
        const struct hr_pair *pair = &before->pairs[i];
        if (find_pair(after, pair->key->scalar) == NULL) {
            name_thing(comparing, noun, pair->key->scalar);
            add_thing(comparing, &slot, pair, NULL);
        }
    }
}

static const struct {
    const char *noun;
    struct hr_slot slot;
    size_t section;
} sections[] = {
#define SECTION(noun, member, many, gram)                                                          \
    {                                                                                              \
        noun, {HR_MANY_##many, HR_GRAM_##gram}, offsetof(struct hr_draft, member)                  \
    }
    SECTION("person", people, one, person),
    SECTION("team", teams, list, person_id),
    SECTION("tool", tools, one, tool),
    SECTION("path", paths, one, path),
    SECTION("pipeline", pipelines, one, pipeline),
    SECTION("automation", automations, one, automation),
    SECTION("table", tables, one, table),
    SECTION("message", messages, one, message),
    SECTION("purpose", purposes, one, purpose),
    SECTION("approval of", classes, one, class_rule),
#undef SECTION
};

static const struct hr_section *section_of(const struct hr_draft *draft, size_t offset)
{
    return (const struct hr_section *)(const void *)((const char *)draft + offset);
}

/* ---- what is set once --------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    struct hr_slot slot;
} singles[HR_SINGLE_COUNT] = {
    [HR_SINGLE_version] = {"version", {HR_MANY_one, HR_GRAM_version}},
    [HR_SINGLE_workspace] = {"id", {HR_MANY_one, HR_GRAM_id}},
    [HR_SINGLE_title] = {"title", {HR_MANY_one, HR_GRAM_line}},
    [HR_SINGLE_timezone] = {"timezone", {HR_MANY_one, HR_GRAM_zone}},
    [HR_SINGLE_country] = {"country", {HR_MANY_one, HR_GRAM_country}},
    [HR_SINGLE_business_hours] = {"business_hours", {HR_MANY_one, HR_GRAM_business_hours}},
    [HR_SINGLE_caps] = {"caps", {HR_MANY_list, HR_GRAM_cap}},
    [HR_SINGLE_quiet_hours] = {"quiet_hours", {HR_MANY_one, HR_GRAM_quiet_hours}},
    [HR_SINGLE_budgets] = {"budgets", {HR_MANY_list, HR_GRAM_budget}},
    [HR_SINGLE_data_quality] = {"data_quality", {HR_MANY_list, HR_GRAM_quality}},
};

static void compare_record(struct hr_comparing *comparing, enum hr_record_type type)
{
    static const char *const fields[HR_RECORD_TYPE_COUNT] = {
        "contact field", "account field", "opportunity field", "ticket field", "task field"};
    static const char *const links[HR_RECORD_TYPE_COUNT] = {
        "contact link", "account link", "opportunity link", "ticket link", "task link"};
    static const struct hr_slot keys = {HR_MANY_list, HR_GRAM_field_id};
    static const struct hr_slot word = {HR_MANY_one, HR_GRAM_two_matches};
    static const struct hr_slot party = {HR_MANY_one, HR_GRAM_party};
    const struct hr_record_draft *before = &comparing->drafts[0]->records[type];
    const struct hr_record_draft *after = &comparing->drafts[1]->records[type];
    comparing->thing = hr_words_records.items[type];
    hr_compare_nodes(comparing, HR_TEXT("match_on"), &keys, before->match_on.value,
                     after->match_on.value);
    hr_compare_nodes(comparing, HR_TEXT("on_two_matches"), &word, before->on_two_matches.value,
                     after->on_two_matches.value);
    hr_compare_nodes(comparing, HR_TEXT("owner"), &party, before->owner.value, after->owner.value);
    compare_sections(comparing, fields[type], (struct hr_slot){HR_MANY_one, HR_GRAM_field},
                     &before->fields, &after->fields);
    compare_sections(comparing, links[type], (struct hr_slot){HR_MANY_one, HR_GRAM_link},
                     &before->links, &after->links);
}

/* The tests of all files as one list. */
static struct hr_node *tests_of(struct hr_comparing *comparing, const struct hr_draft *draft)
{
    struct hr_node *list = hr_arena_new(&comparing->scratch, struct hr_node);
    struct hr_node **items =
        hr_arena_new_many(&comparing->scratch, struct hr_node *, draft->test_count);
    struct hr_node *copies =
        hr_arena_new_many(&comparing->scratch, struct hr_node, draft->test_count);
    for (size_t i = 0; list != NULL && items != NULL && copies != NULL && i < draft->test_count;
         i++) {
        copies[i] = *draft->tests[i];
        items[i] = &copies[i];
        list->count++;
    }
    if (list != NULL) {
        list->kind = HR_NODE_list;
        list->items = items;
    }
    return list;
}

static void compare_all(struct hr_comparing *comparing)
{
    static const struct hr_slot tests = {HR_MANY_list, HR_GRAM_test};
    for (size_t i = 0; i < HR_SINGLE_COUNT; i++) {
        bool policy = i == HR_SINGLE_caps || i == HR_SINGLE_quiet_hours || i == HR_SINGLE_budgets ||
                      i == HR_SINGLE_data_quality;
        comparing->thing = policy ? HR_TEXT("policies") : HR_TEXT("workspace");
        hr_compare_nodes(comparing, hr_text_from(singles[i].name), &singles[i].slot,
                         comparing->drafts[0]->single[i].value,
                         comparing->drafts[1]->single[i].value);
    }
    for (size_t i = 0; i < HR_RECORD_TYPE_COUNT; i++) {
        compare_record(comparing, (enum hr_record_type)i);
    }
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        compare_sections(comparing, sections[i].noun, sections[i].slot,
                         section_of(comparing->drafts[0], sections[i].section),
                         section_of(comparing->drafts[1], sections[i].section));
    }
    struct hr_node *before = tests_of(comparing, comparing->drafts[0]);
    struct hr_node *after = tests_of(comparing, comparing->drafts[1]);
    comparing->thing = HR_TEXT("test");
    if (before != NULL && after != NULL) {
        hr_compare_lists(comparing, HR_TEXT_NONE, &tests, before, after);
    }
}

/* ---- two drafts --------------------------------------------------------------------------------------------- */

static hr_status compare_drafts(struct hr_arena *into, struct hr_draft *drafts,
                                struct hr_differences *ret_differences)
{
    struct hr_comparing comparing = {.into = into, .drafts = {&drafts[0], &drafts[1]}};
    hr_arena_init(&comparing.scratch, 64 << 20);
    compare_all(&comparing);
    bool failed = comparing.scratch.failed || into->failed;
    hr_arena_close(&comparing.scratch);
    *ret_differences = (struct hr_differences){comparing.items, comparing.count, comparing.more};
    return failed ? hr_answer(HR_E_MEMORY) : hr_done();
}

hr_status hr_plan_difference(struct hr_arena *into, struct hr_file_set before,
                             struct hr_file_set after, hr_zone_of zone_of, void *context,
                             struct hr_diagnostics *reterr, int *ret_broken,
                             struct hr_differences *ret_differences)
{
    const struct hr_file_set sets[2] = {before, after};
    struct hr_draft drafts[2] = {{.into = into, .reterr = reterr, .keeps_nodes = true},
                                 {.into = into, .reterr = reterr, .keeps_nodes = true}};
    hr_status status = hr_done();
    int begun = 0;
    for (; begun < 2 && hr_ok(status); begun++) {
        *ret_broken = begun;
        hr_diagnostics_init(reterr, reterr->arena); /* warnings about the one before are no news */
        status =
            hr_draft_run(&drafts[begun], sets[begun].files, sets[begun].count, zone_of, context);
    }
    if (hr_ok(status)) {
        status = compare_drafts(into, drafts, ret_differences);
    }
    for (int i = 0; i < begun; i++) {
        hr_arena_close(&drafts[i].scratch);
        hr_plan_release(drafts[i].plan);
    }
    return status;
}

struct hr_text hr_difference_line(struct hr_arena *into, const struct hr_difference *difference)
{
    static const char signs[] = {
        [HR_DIFFERENCE_added] = '+', [HR_DIFFERENCE_removed] = '-', [HR_DIFFERENCE_changed] = '~'};
    struct hr_buffer line;
    hr_buffer_init(&line, into, 16 << 10);
    hr_buffer_add_format(&line, "%c %.*s", signs[difference->sign], HR_SHOW(difference->thing));
    if (difference->where.size > 0) {
        hr_buffer_add_format(&line, ": %.*s", HR_SHOW(difference->where));
    }
    if (difference->sign == HR_DIFFERENCE_changed) {
        hr_buffer_add_format(&line, ": %.*s -> %.*s", HR_SHOW(difference->before),
                             HR_SHOW(difference->after));
    } else {
        struct hr_text said =
            difference->sign == HR_DIFFERENCE_added ? difference->after : difference->before;
        hr_buffer_add_format(&line, ": %.*s", HR_SHOW(said));
    }
    if (difference->customer_sees) {
        hr_buffer_add_text(&line, HR_TEXT("  (customers see this)"));
    }
    return hr_buffer_text(&line);
}
