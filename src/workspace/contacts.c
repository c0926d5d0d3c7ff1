/* Contact fields and the keys by which a contact is recognised. */
#include "workspace/inside.h"

static const struct hr_key_rule field_rules[] = {
    {"type", HR_NEED_required, "type: text"},
    {"title", HR_NEED_optional, NULL},
    {"values", HR_NEED_optional, NULL},
    {"pii", HR_NEED_optional, NULL},
    {"source_of_truth", HR_NEED_optional, NULL},
    {"required", HR_NEED_later, NULL},
    {"unique", HR_NEED_later, NULL},
    {"writers", HR_NEED_later, NULL},
    {"on_conflict", HR_NEED_later, NULL},
    {"stale_after", HR_NEED_later, NULL},
    {"written_by", HR_NEED_later, NULL},
    {"confirm_by", HR_NEED_later, NULL},
    {"purpose", HR_NEED_later, NULL},
    {"proof", HR_NEED_later, NULL},
    {"pipeline", HR_NEED_later, NULL},
};
static const struct hr_shape field_shape = HR_SHAPE("field", field_rules);

static void read_values(struct hr_draft *draft, struct hr_field *field, const struct hr_pair *pair)
{
    const struct hr_node *list = hr_draft_get(pair->value, "values");
    bool choice = field->type == HR_FIELD_choice;
    if (choice != (list != NULL)) {
        struct hr_diagnostic *item =
            choice ? hr_draft_error(draft, values_wrong, pair->key->place,
                                    "choice `%.*s` has no `values`", HR_SHOW(field->id))
                   : hr_draft_error(draft, values_wrong, list->place, "only a choice has `values`");
        item->help = choice ? HR_TEXT("add `values: [first, second]`")
                            : HR_TEXT("write `type: choice`, or leave `values` out");
        return;
    }
    size_t count = hr_draft_list(draft, list, "values", HR_LIMIT_values);
    struct hr_text *values = hr_draft_keep(draft, struct hr_text, count);
    for (size_t i = 0; values != NULL && i < count; i++) {
        if (!hr_draft_scalar(draft, list->items[i], "values")) {
            continue;
        }
        values[field->value_count] = hr_draft_copy(draft, list->items[i]->scalar);
        for (size_t other = 0; other < field->value_count; other++) {
            if (hr_text_equal(values[other], values[field->value_count])) {
                hr_draft_error(draft, id_twice, list->items[i]->place,
                               "value `%.*s` is listed twice", HR_SHOW(hr_clipped(values[other])));
            }
        }
        field->value_count++;
    }
    field->values = values;
    if (list != NULL && list->kind == HR_NODE_list && list->count == 0) {
        hr_draft_error(draft, values_wrong, list->place, "choice `%.*s` has no `values`",
                       HR_SHOW(field->id));
    }
}

static void read_field(struct hr_draft *draft, struct hr_field *field, const struct hr_pair *pair)
{
    field->source_of_truth = HR_NONE_INDEX;
    field->type = HR_FIELD_text;
    if (!hr_draft_id(draft, pair->key, "field", false) ||
        !hr_draft_map(draft, &field_shape, pair->key, pair->value)) {
        return;
    }
    field->title = hr_draft_title(draft, pair->value, field->id);
    const struct hr_node *type = hr_draft_get(pair->value, "type");
    int word = type == NULL ? -1 : hr_draft_word(draft, type, &hr_words_field_type);
    field->type = word < 0 ? HR_FIELD_text : (enum hr_field_type)word;
    if (word >= 0) {
        read_values(draft, field, pair);
    }
    const struct hr_node *privacy = hr_draft_get(pair->value, "pii");
    int class = privacy == NULL ? -1 : hr_draft_word(draft, privacy, &hr_words_privacy);
    field->privacy = class < 0 ? HR_PRIVACY_none : (enum hr_privacy) class;
    field->source_of_truth = hr_draft_ref(draft, hr_draft_get(pair->value, "source_of_truth"),
                                          &draft->tool_names, HR_CODE_tool_unknown);
}

static void read_fields(struct hr_draft *draft)
{
    struct hr_section *section = &draft->fields;
    struct hr_plan *plan = draft->plan;
    draft->field_names =
        (struct hr_known_ids){.noun = "contact field", .broken = section->count == 0};
    if (section->count == 0 ||
        !hr_draft_within(draft, HR_LIMIT_fields, section->count, section->pairs[0].key->place)) {
        draft->field_names.broken = true;
        return;
    }
    plan->fields = hr_draft_keep(draft, struct hr_field, section->count);
    draft->field_uses = hr_draft_scratch(draft, struct hr_field_use, section->count);
    struct hr_text *ids = hr_draft_keep(draft, struct hr_text, section->count);
    if (plan->fields == NULL || draft->field_uses == NULL || ids == NULL) {
        return;
    }
    for (size_t i = 0; i < section->count; i++) {
        ids[i] = plan->fields[i].id = hr_draft_copy(draft, section->pairs[i].key->scalar);
    }
    plan->field_count = section->count;
    draft->field_names.items = ids;
    draft->field_names.count = section->count;
    for (size_t i = 0; i < section->count; i++) {
        read_field(draft, &plan->fields[i], &section->pairs[i]);
    }
}

/* A match key is compared in normal form, so it must be a kind of text that has one. */
static bool can_match(enum hr_field_type type)
{
    return type == HR_FIELD_text || type == HR_FIELD_email || type == HR_FIELD_phone ||
           type == HR_FIELD_domain;
}

static void read_match_on(struct hr_draft *draft, const struct hr_node *list)
{
    size_t count = hr_draft_list(draft, list, "match_on", HR_LIMIT_mappings);
    int32_t *keys = hr_draft_keep(draft, int32_t, count);
    size_t kept = 0;
    for (size_t i = 0; keys != NULL && i < count; i++) {
        const struct hr_node *node = list->items[i];
        int32_t field = hr_draft_ref(draft, node, &draft->field_names, HR_CODE_field_unknown);
        bool twice = false;
        for (size_t other = 0; other < kept; other++) {
            twice = twice || keys[other] == field;
        }
        if (field < 0) {
            continue;
        }
        if (twice) {
            hr_draft_error(draft, id_twice, node->place, "`%.*s` is listed twice",
                           HR_SHOW(node->scalar));
        } else if (!can_match(draft->plan->fields[field].type)) {
            struct hr_text type = hr_words_field_type.items[draft->plan->fields[field].type];
            hr_draft_error(draft, match_field_type, node->place,
                           "contacts cannot be matched on `%.*s`, which is of type %.*s",
                           HR_SHOW(node->scalar), HR_SHOW(type));
        } else {
            keys[kept++] = field;
        }
    }
    draft->plan->match_on = keys;
    draft->plan->match_count = kept;
    if (list->kind == HR_NODE_list && list->count == 0) {
        hr_draft_error(draft, text_empty, list->place,
                       "`match_on` is empty, so no contact would be recognised");
    }
}

void hr_draft_read_contacts(struct hr_draft *draft)
{
    static const struct hr_text ask[] = {HR_TEXT("ask")};
    static const struct hr_words answers = {"answer to two matches", ask, 1};
    const struct hr_pair *single = draft->single;
    struct hr_place place = {.file = draft->sources[0].path, .line = 1, .column = 1, .size = 1};
    draft->plan->contact_owner = HR_NONE_INDEX;
    read_fields(draft);
    if (!draft->has_contacts) {
        hr_draft_error(draft, key_missing, place, "the workspace has no `contacts`")->help =
            HR_TEXT("add `contacts:` with `match_on: [email]`, `owner:` and `fields:`");
        return;
    }
    static const char *const required[][2] = {{"match_on", "match_on: [email]"},
                                              {"owner", "owner: maya"}};
    static const enum hr_single where[] = {HR_SINGLE_match_on, HR_SINGLE_contact_owner};
    for (size_t i = 0; i < 2; i++) {
        if (single[where[i]].value == NULL) {
            hr_draft_error(draft, key_missing, place, "`contacts` has no `%s`", required[i][0])
                ->help = hr_draft_say(draft, "add `%s` below `contacts`", required[i][1]);
        }
    }
    if (single[HR_SINGLE_on_two_matches].value != NULL) {
        (void)hr_draft_word(draft, single[HR_SINGLE_on_two_matches].value, &answers);
    }
    draft->plan->contact_owner = hr_draft_ref(draft, single[HR_SINGLE_contact_owner].value,
                                              &draft->person_names, HR_CODE_person_undeclared);
    if (single[HR_SINGLE_match_on].value != NULL) {
        read_match_on(draft, single[HR_SINGLE_match_on].value);
    }
}
