/* The tests that a workspace brings: read and checked. */
#include "workspace/inside.h"

enum { TIMES_MAX = 100000 };

struct line_reading {
    struct hr_draft *draft;
    struct hr_test_item *item;
    const struct hr_node *map;
};

/* ---- what several lines have ---------------------------------------------------------------------------- */

static void read_times(struct line_reading *reading)
{
    struct hr_test_item *item = reading->item;
    item->has_times = hr_draft_get(reading->map, "times") != NULL;
    item->times = hr_draft_count(reading->draft, reading->map, "times", TIMES_MAX, 1);
    item->has_within = hr_draft_span_at(reading->draft, reading->map, "within", &item->within);
    item->has_after = hr_draft_span_at(reading->draft, reading->map, "after", &item->after);
}

/* name: value as it is; an empty value means that it does not come along. */
static void read_values(struct line_reading *reading, const char *key)
{
    struct hr_draft *draft = reading->draft;
    struct hr_pairs pairs =
        hr_draft_pairs(draft, hr_draft_get(reading->map, key), key, HR_LIMIT_mappings);
    struct hr_test_value *values = hr_draft_keep(draft, struct hr_test_value, pairs.count);
    reading->item->values = values;
    for (size_t i = 0; values != NULL && i < pairs.count; i++) {
        const struct hr_node *name = pairs.items[i].key;
        const struct hr_node *node = pairs.items[i].value;
        bool known = hr_known_find(&draft->field_names, name->scalar) >= 0 ||
                     hr_map_find(&draft->attribute_by_name, name->scalar) != NULL;
        if (!known) {
            hr_draft_error(draft, field_unknown, name->place,
                           "there is no contact field and no event attribute `%.*s`",
                           HR_SHOW(hr_clipped(name->scalar)))
                ->help = hr_draft_suggest(draft, name->scalar, &draft->field_names);
        } else if (node->kind == HR_NODE_scalar) {
            values[reading->item->value_count++] = (struct hr_test_value){
                hr_draft_copy(draft, name->scalar), hr_draft_copy(draft, node->scalar)};
            hr_draft_check_test_value(draft, &pairs.items[i]);
        } else {
            hr_draft_error(draft, kind_wrong, node->place, "`%.*s` must be one value",
                           HR_SHOW(hr_clipped(name->scalar)));
        }
    }
}

/* ---- given ---------------------------------------------------------------------------- */

static void read_event(struct line_reading *reading)
{
    const struct hr_node *at = hr_draft_get(reading->map, "at");
    reading->item->event = hr_draft_event(reading->draft, hr_draft_get(reading->map, "event"));
    reading->item->tool = hr_draft_ref_at(reading->draft, reading->map, "from",
                                          &reading->draft->tool_names, HR_CODE_tool_unknown);
    hr_draft_check_test_tool(reading->draft, reading->item->tool, reading->item->event,
                             hr_draft_get(reading->map, "from"));
    reading->item->has_minute =
        at != NULL && hr_draft_minute(reading->draft, at, &reading->item->at_minute);
    read_values(reading, "with");
}

static void read_set(struct line_reading *reading)
{
    reading->item->parties = hr_draft_parties_at(reading->draft, reading->map, "by", false);
    read_values(reading, "set");
}

static void read_away(struct line_reading *reading)
{
    reading->item->parties = hr_draft_parties_at(reading->draft, reading->map, "away", false);
}

static void read_import(struct line_reading *reading)
{
    reading->item->tool = hr_draft_ref_at(reading->draft, reading->map, "import",
                                          &reading->draft->tool_names, HR_CODE_tool_unknown);
    reading->item->event = hr_draft_event(reading->draft, hr_draft_get(reading->map, "event"));
    hr_draft_check_test_tool(reading->draft, reading->item->tool, reading->item->event,
                             hr_draft_get(reading->map, "import"));
    read_values(reading, "with");
}

/* ---- expect ---------------------------------------------------------------------------- */

static void read_holds(struct line_reading *reading)
{
    reading->item->rules =
        hr_draft_clauses(reading->draft, hr_draft_get(reading->map, "holds"), "holds", HR_USE_rule);
}

static void read_called(struct line_reading *reading)
{
    (void)hr_draft_action(reading->draft, hr_draft_get(reading->map, "called"),
                          &reading->item->tool, &reading->item->action);
}

/* A message, or all of a purpose. */
static void read_sent(struct line_reading *reading)
{
    struct hr_draft *draft = reading->draft;
    const struct hr_node *node = hr_draft_get(reading->map, "sent");
    if (!hr_draft_scalar(draft, node, "sent")) {
        return;
    }
    reading->item->message = hr_known_find(&draft->message_names, node->scalar);
    reading->item->purpose = hr_known_find(&draft->purpose_names, node->scalar);
    if (reading->item->message < 0 && reading->item->purpose < 0) {
        hr_draft_error(draft, message_unknown, node->place,
                       "there is no message and no purpose `%.*s`",
                       HR_SHOW(hr_clipped(node->scalar)))
            ->help = hr_draft_suggest(draft, node->scalar, &draft->message_names);
    }
}

static void read_task(struct line_reading *reading)
{
    reading->item->parties = hr_draft_parties_at(reading->draft, reading->map, "task", false);
}

/* For a person or a team, or about a tool. */
static void read_issue(struct line_reading *reading)
{
    struct hr_draft *draft = reading->draft;
    const struct hr_node *node = hr_draft_get(reading->map, "issue");
    reading->item->has_severity = hr_draft_get(reading->map, "severity") != NULL;
    reading->item->severity = (enum hr_severity_word)hr_draft_word_at(
        draft, reading->map, "severity", &hr_words_severity, HR_SEVERITY_WORD_normal);
    if (!hr_draft_scalar(draft, node, "issue")) {
        return;
    }
    reading->item->tool = hr_known_find(&draft->tool_names, node->scalar);
    if (reading->item->tool < 0) {
        reading->item->parties = hr_draft_parties_at(draft, reading->map, "issue", false);
    }
}

static void read_count(struct line_reading *reading)
{
    int record = hr_draft_word_at(reading->draft, reading->map, "count", &hr_words_records, 0);
    reading->item->record = (enum hr_record_type)record;
}

/* ---- lines ---------------------------------------------------------------------------- */

/* weak: the word is a key of other lines too. */
static const struct line_verb {
    const char *word;
    bool given;
    enum hr_test_item_kind kind;
    enum hr_gram gram;
    void (*read)(struct line_reading *reading);
} verbs[] = {
    {"import", true, HR_TEST_import, HR_GRAM_given_import, read_import},
    {"event", true, HR_TEST_event, HR_GRAM_given_event, read_event},
    {"set", true, HR_TEST_set, HR_GRAM_given_set, read_set},
    {"away", true, HR_TEST_away, HR_GRAM_given_away, read_away},
    {"holds", false, HR_TEST_holds, HR_GRAM_expect_holds, read_holds},
    {"called", false, HR_TEST_called, HR_GRAM_expect_called, read_called},
    {"sent", false, HR_TEST_sent, HR_GRAM_expect_sent, read_sent},
    {"task", false, HR_TEST_task, HR_GRAM_expect_task, read_task},
    {"issue", false, HR_TEST_issue, HR_GRAM_expect_issue, read_issue},
    {"count", false, HR_TEST_count, HR_GRAM_expect_count, read_count},
};
enum { VERB_COUNT = sizeof verbs / sizeof verbs[0] };

static const struct line_verb *find_verb(struct hr_draft *draft, const struct hr_node *node,
                                         bool given)
{
    struct hr_text words[VERB_COUNT];
    size_t count = 0;
    for (size_t i = 0; i < VERB_COUNT; i++) {
        if (verbs[i].given == given) {
            words[count++] = hr_text_from(verbs[i].word);
        }
        if (verbs[i].given == given && hr_draft_get(node, verbs[i].word) != NULL) {
            return &verbs[i];
        }
    }
    struct hr_known_ids names = {.noun = "word", .items = words, .count = count};
    bool keyed = node->kind == HR_NODE_map && node->count > 0;
    const struct hr_node *at = keyed ? node->pairs[0].key : node;
    hr_draft_error(draft, test_line, at->place, "a line of `%s` begins with one of its words",
                   given ? "given" : "expect")
        ->help = hr_draft_suggest(draft, keyed ? at->scalar : HR_TEXT_NONE, &names);
    return NULL;
}

static struct hr_test_items read_lines(struct hr_draft *draft, const struct hr_node *map,
                                       bool given)
{
    const char *key = given ? "given" : "expect";
    const struct hr_node *list = hr_draft_get(map, key);
    size_t count = hr_draft_list(draft, list, key, HR_LIMIT_test_lines);
    struct hr_test_item *items = hr_draft_keep(draft, struct hr_test_item, count);
    struct hr_test_items lines = {items, 0};
    for (size_t i = 0; items != NULL && i < count; i++) {
        const struct hr_node *node = list->items[i];
        const struct line_verb *verb = find_verb(draft, node, given);
        struct hr_test_item *item = &items[lines.count];
        if (verb == NULL || !hr_draft_map(draft, verb->gram, node, node)) {
            continue;
        }
        *item = (struct hr_test_item){.kind = verb->kind,
                                      .event = HR_NONE_INDEX,
                                      .tool = HR_NONE_INDEX,
                                      .action = HR_NONE_INDEX,
                                      .message = HR_NONE_INDEX,
                                      .purpose = HR_NONE_INDEX,
                                      .place = hr_draft_place(draft, node->place)};
        struct line_reading reading = {draft, item, node};
        verb->read(&reading);
        read_times(&reading);
        lines.count++;
    }
    return lines;
}

/* ---- tests ---------------------------------------------------------------------------- */

static void read_test(struct hr_draft *draft, struct hr_test *test, const struct hr_node *map)
{
    const struct hr_node *deliver = hr_draft_get(map, "deliver");
    const struct hr_node *broken = hr_draft_get(map, "break");
    test->deliver_event = test->break_tool = HR_NONE_INDEX;
    test->deliver_times = 1;
    test->place = hr_draft_place(draft, map->place);
    if (!hr_draft_map(draft, HR_GRAM_test, map, map)) {
        return;
    }
    test->name = hr_draft_line(draft, map, "name");
    test->given = read_lines(draft, map, true);
    if (deliver != NULL && hr_draft_map(draft, HR_GRAM_deliver, deliver, deliver)) {
        test->deliver_event = hr_draft_event(draft, hr_draft_get(deliver, "event"));
        test->deliver_times = hr_draft_count(draft, deliver, "times", TIMES_MAX, 1);
    }
    if (broken != NULL && hr_draft_map(draft, HR_GRAM_breakage, broken, broken)) {
        test->break_tool =
            hr_draft_ref_at(draft, broken, "tool", &draft->tool_names, HR_CODE_tool_unknown);
        (void)hr_draft_span_at(draft, broken, "for", &test->break_for);
    }
    test->expect = read_lines(draft, map, false);
}

void hr_draft_read_tests(struct hr_draft *draft)
{
    struct hr_test *tests = hr_draft_keep(draft, struct hr_test, draft->test_count);
    draft->plan->tests = tests;
    for (size_t i = 0; tests != NULL && i < draft->test_count; i++) {
        read_test(draft, &tests[i], draft->tests[i]);
        draft->plan->test_count++;
    }
}
