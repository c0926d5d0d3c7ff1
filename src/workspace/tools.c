/* The tools: who owns them, how their messages are signed, which events they send, when silence is
 * a signal. */
#include "workspace/inside.h"

enum { AT_LEAST_MAX = 1000000, TOLERANCE_MINUTES = 5 };

void hr_draft_name_tools(struct hr_draft *draft)
{
    struct hr_section *section = &draft->tools;
    struct hr_plan *plan = draft->plan;
    draft->tool_names = (struct hr_known_ids){.noun = "tool", .by_id = &section->by_id};
    hr_map_init(&draft->type_by_name, &draft->scratch);
    hr_map_init(&draft->attribute_by_name, &draft->scratch);
    if (section->count == 0) {
        return;
    }
    if (!hr_draft_within(draft, HR_LIMIT_tools, section->count, section->pairs[0].key->place)) {
        draft->tool_names.broken = true;
        return;
    }
    plan->tools = hr_draft_keep(draft, struct hr_tool, section->count);
    struct hr_text *ids = hr_draft_keep(draft, struct hr_text, section->count);
    if (plan->tools == NULL || ids == NULL) {
        return;
    }
    for (size_t i = 0; i < section->count; i++) {
        ids[i] = plan->tools[i].id = hr_draft_copy(draft, section->pairs[i].key->scalar);
    }
    plan->tool_count = section->count;
    draft->tool_names.items = ids;
    draft->tool_names.count = section->count;
}

/* ---- signatures ------------------------------------------------------------------------------- */

static bool is_header(struct hr_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        char letter = text.data[i];
        bool good = ((letter | 0x20) >= 'a' && (letter | 0x20) <= 'z') ||
                    (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
        if (!good) {
            return false;
        }
    }
    return text.size > 0 && text.size <= 100;
}

static void read_hmac(struct hr_draft *draft, struct hr_tool *tool, const struct hr_node *verify)
{
    const struct hr_node *header = hr_draft_get(verify, "header");
    const struct hr_node *encoding = hr_draft_get(verify, "encoding");
    tool->header = hr_draft_text(draft, verify, "header");
    tool->prefix = hr_draft_text(draft, verify, "prefix");
    if (header == NULL) {
        hr_draft_error(draft, verify_incomplete, verify->place,
                       "`verify` of `%.*s` does not name the header", HR_SHOW(tool->id))
            ->help =
            HR_TEXT("add `header: X-Signature`, the header in which the tool sends its signature");
    } else if (tool->header.size > 0 && !is_header(tool->header)) {
        hr_draft_error(draft, verify_incomplete, header->place, "`%.*s` is no name of a header",
                       HR_SHOW(hr_clipped(tool->header)))
            ->help = HR_TEXT("write letters, digits and `-` only, for example `X-Signature`");
    }
    int word =
        encoding == NULL ? HR_ENCODING_hex : hr_draft_word(draft, encoding, &hr_words_encoding);
    tool->encoding = word < 0 ? HR_ENCODING_hex : (enum hr_encoding)word;
}

/* Keys that only hmac_sha256 has. */
static void check_superfluous(struct hr_draft *draft, const struct hr_tool *tool,
                              const struct hr_node *verify)
{
    static const char *const keys[] = {"header", "prefix", "encoding"};
    struct hr_text scheme = hr_words_scheme.items[tool->scheme];
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const struct hr_node *node = hr_draft_get(verify, keys[i]);
        if (node != NULL) {
            hr_draft_error(draft, verify_superfluous, node->place,
                           "`%s` has no meaning for scheme %.*s", keys[i], HR_SHOW(scheme));
        }
    }
}

static void read_verify(struct hr_draft *draft, struct hr_tool *tool, const struct hr_pair *pair)
{
    const struct hr_node *verify = hr_draft_get(pair->value, "verify");
    if (verify == NULL) {
        if (tool->kind == HR_TOOL_webhook_in) {
            hr_draft_warning(draft, tool_without_endpoint, pair->key->place,
                             "`%.*s` has no `verify`, so it gets no endpoint", HR_SHOW(tool->id));
        }
        return;
    }
    if (!hr_draft_map(draft, HR_GRAM_verify, verify, verify)) {
        return;
    }
    const struct hr_node *scheme = hr_draft_get(verify, "scheme");
    int word = scheme == NULL ? -1 : hr_draft_word(draft, scheme, &hr_words_scheme);
    if (word > HR_SCHEME_hmac_sha256) { /* known by name, and not spoken yet */
        hr_draft_warning(draft, not_available_yet, scheme->place,
                         "scheme `%.*s` is not available yet, so `%.*s` gets no endpoint",
                         HR_SHOW(scheme->scalar), HR_SHOW(tool->id));
        tool->secret = hr_draft_secret(draft, verify);
        return;
    }
    tool->scheme = word < 0 ? HR_SCHEME_none : (enum hr_scheme)word;
    tool->secret = hr_draft_secret(draft, verify);
    if (word > HR_SCHEME_none && hr_draft_get(verify, "secret") == NULL) {
        hr_draft_error(draft, verify_incomplete, verify->place,
                       "`verify` of `%.*s` does not name its secret", HR_SHOW(tool->id))
            ->help = hr_draft_say(
            draft, "add `secret: %.*s_secret`, then run `handrail secret set %.*s_secret`",
            HR_SHOW(tool->id), HR_SHOW(tool->id));
    }
    struct hr_span tolerance = {HR_SPAN_elapsed, TOLERANCE_MINUTES * HR_MINUTE_US};
    const struct hr_node *node = hr_draft_get(verify, "tolerance");
    if (hr_draft_span(draft, node, &tolerance) && tolerance.unit != HR_SPAN_elapsed) {
        hr_draft_error(draft, span_form, node->place, "a tolerance cannot be in business time");
    }
    tool->tolerance_us = tolerance.amount;
    if (tool->scheme == HR_SCHEME_hmac_sha256) {
        read_hmac(draft, tool, verify);
    } else if (word >= 0) {
        check_superfluous(draft, tool, verify);
    }
}

/* ---- silence ---------------------------------------------------------------------------------- */

static void read_expect(struct hr_draft *draft, struct hr_tool *tool, const struct hr_node *map)
{
    const struct hr_node *node = hr_draft_get(map, "expect");
    int64_t number = 0;
    if (node == NULL || !hr_draft_map(draft, HR_GRAM_expectation, node, node)) {
        return;
    }
    bool timed = hr_draft_span(draft, hr_draft_get(node, "every"), &tool->expect_every);
    const struct hr_node *count = hr_draft_get(node, "at_least");
    if (count == NULL || !hr_draft_scalar(draft, count, "at_least")) {
        return;
    }
    if (!hr_text_to_integer(count->scalar, &number) || number < 1 || number > AT_LEAST_MAX) {
        hr_draft_error(draft, number_form, count->place, "`%.*s` is no count",
                       HR_SHOW(hr_clipped(count->scalar)))
            ->example = HR_TEXT("silence of the tool would never be noticed, or always");
        return;
    }
    tool->expect_at_least = timed ? (uint32_t)number : 0;
    if (tool->event_count == 0 && hr_draft_get(map, "events") == NULL) {
        hr_draft_error(draft, expect_without_events, node->place,
                       "`%.*s` should send something, but has no events", HR_SHOW(tool->id));
    }
}

/* ---- one tool --------------------------------------------------------------------------------- */

static void read_tool(struct hr_draft *draft, struct hr_tool *tool, const struct hr_pair *pair)
{
    tool->owner = HR_NONE_INDEX;
    if (!hr_draft_id(draft, pair->key, "tool", false) ||
        !hr_draft_map(draft, HR_GRAM_tool, pair->key, pair->value)) {
        return;
    }
    tool->place = hr_draft_place(draft, pair->key->place);
    tool->title = hr_draft_title(draft, pair->value, tool->id);
    const struct hr_node *kind = hr_draft_get(pair->value, "kind");
    int word = kind == NULL ? HR_TOOL_webhook_in : hr_draft_word(draft, kind, &hr_words_tool_kind);
    tool->kind = word < 0 ? HR_TOOL_webhook_in : (enum hr_tool_kind)word;
    tool->owner = hr_draft_person(draft, pair->value, "owner");
    if (hr_draft_get(pair->value, "owner") == NULL) {
        struct hr_diagnostic *item = hr_draft_error(draft, tool_without_owner, pair->key->place,
                                                    "nobody owns tool `%.*s`", HR_SHOW(tool->id));
        item->example = HR_TEXT("when it goes silent or sends half a contact, nobody is told");
        if (draft->person_names.count > 0) {
            item->help = hr_draft_say(
                draft, "add `owner:` with the person who looks after the tool, one of: %.*s",
                HR_SHOW(hr_draft_list_names(draft, &draft->person_names)));
        }
    }
    read_verify(draft, tool, pair);
    hr_draft_read_events(draft, tool, pair->value);
    read_expect(draft, tool, pair->value);
}

bool hr_draft_tool_is_not(const struct hr_draft *draft, int32_t tool, enum hr_tool_kind kind)
{
    const struct hr_node *node = hr_draft_get(draft->tools.pairs[tool].value, "kind");
    enum hr_tool_kind is = draft->plan->tools[tool].kind;
    bool understood = node == NULL || (node->kind == HR_NODE_scalar &&
                                       hr_text_equal(node->scalar, hr_words_tool_kind.items[is]));
    return understood && is != kind;
}

/* A match key that no tool brings never matches anybody. */
static void check_match_keys(struct hr_draft *draft)
{
    const struct hr_node *list = draft->records[HR_RECORD_TYPE_contact].match_on.value;
    for (size_t i = 0; draft->type_count > 0 && list->kind == HR_NODE_list && i < list->count;
         i++) {
        int32_t field = hr_plan_field(draft->plan, list->items[i]->scalar);
        if (field >= 0 && !draft->field_uses[field].mapped) {
            hr_draft_warning(draft, match_field_unmapped, list->items[i]->place,
                             "no tool maps `%.*s`, so it never matches anybody",
                             HR_SHOW(draft->plan->fields[field].id))
                ->help = hr_draft_say(
                draft, "add `%.*s` to the `contact` map of a tool, or leave it out here",
                HR_SHOW(draft->plan->fields[field].id));
        }
    }
}

void hr_draft_read_tools(struct hr_draft *draft)
{
    for (size_t i = 0; i < draft->plan->tool_count; i++) {
        read_tool(draft, &draft->plan->tools[i], &draft->tools.pairs[i]);
    }
    if (draft->records[HR_RECORD_TYPE_contact].match_on.value != NULL) {
        check_match_keys(draft);
    }
}
