/* Records: the fields of all five kinds, what makes two of one kind the same, and their links. */
#include "workspace/inside.h"

static const struct hr_text consent_values[] = {HR_TEXT("given"), HR_TEXT("withdrawn")};

/* Of a field whose own could not be read. */
static const struct hr_contract unsaid = {.required_pipeline = HR_NONE_INDEX,
                                          .required_stage = HR_NONE_INDEX,
                                          .purpose = HR_NONE_INDEX,
                                          .pipeline = HR_NONE_INDEX};

/* ---- fields ------------------------------------------------------------------------------------ */

/* A choice lists its values. */
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
    if (list == NULL) {
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
    if (list->kind == HR_NODE_list && list->count == 0) {
        hr_draft_error(draft, values_wrong, list->place, "choice `%.*s` has no `values`",
                       HR_SHOW(field->id));
    }
}

/* The values of types that have them by nature. */
static void find_values(struct hr_draft *draft, struct hr_field *field, const struct hr_node *map)
{
    const struct hr_node *pipeline = hr_draft_get(map, "pipeline");
    if (field->type == HR_FIELD_consent) {
        field->values = consent_values;
        field->value_count = sizeof consent_values / sizeof consent_values[0];
    } else if (field->type == HR_FIELD_person) {
        field->values = draft->party_names.items;
        field->value_count = draft->party_names.count;
    } else if (field->type == HR_FIELD_stage && pipeline != NULL &&
               pipeline->kind == HR_NODE_scalar) {
        hr_draft_stage_ids(draft, hr_known_find(&draft->pipeline_names, pipeline->scalar), field);
    }
}

static void read_field(struct hr_draft *draft, enum hr_record_type record, struct hr_field *field,
                       const struct hr_pair *pair)
{
    field->source_of_truth = HR_NONE_INDEX;
    field->type = HR_FIELD_text;
    if (!hr_draft_id(draft, pair->key, "field", false) ||
        !hr_draft_map(draft, HR_GRAM_field, pair->key, pair->value)) {
        return;
    }
    field->title = hr_draft_title(draft, pair->value, field->id);
    const struct hr_node *type = hr_draft_get(pair->value, "type");
    int word = type == NULL ? -1 : hr_draft_word(draft, type, &hr_words_field_type);
    field->type = word < 0 ? HR_FIELD_text : (enum hr_field_type)word;
    if (word >= 0) {
        read_values(draft, field, pair);
        find_values(draft, field, pair->value);
    }
    field->privacy = (enum hr_privacy)hr_draft_word_at(draft, pair->value, "pii", &hr_words_privacy,
                                                       HR_PRIVACY_none);
    hr_draft_read_contract(draft, record, field, pair, word >= 0);
}

static const char *const field_nouns[HR_RECORD_TYPE_COUNT] = {
    "contact field", "account field", "opportunity field", "ticket field", "task field"};

static void name_fields(struct hr_draft *draft, enum hr_record_type type)
{
    struct hr_section *section = &draft->records[type].fields;
    struct hr_record_plan *record = &draft->plan->records[type];
    struct hr_known_ids *names = &draft->records[type].field_names;
    *names = (struct hr_known_ids){
        .noun = field_nouns[type], .broken = section->count == 0, .by_id = &section->by_id};
    if (section->count == 0 ||
        !hr_draft_within(draft, HR_LIMIT_fields, section->count, section->pairs[0].key->place)) {
        names->broken = true;
        return;
    }
    record->fields = hr_draft_keep(draft, struct hr_field, section->count);
    struct hr_text *ids = hr_draft_keep(draft, struct hr_text, section->count);
    if (record->fields == NULL || ids == NULL) {
        return;
    }
    for (size_t i = 0; i < section->count; i++) {
        ids[i] = record->fields[i].id = hr_draft_copy(draft, section->pairs[i].key->scalar);
        record->fields[i].contract = &unsaid;
    }
    record->field_count = section->count;
    names->items = ids;
    names->count = section->count;
}

static void read_fields(struct hr_draft *draft, enum hr_record_type type)
{
    struct hr_record_plan *record = &draft->plan->records[type];
    for (size_t i = 0; i < record->field_count; i++) {
        read_field(draft, type, &record->fields[i], &draft->records[type].fields.pairs[i]);
    }
    record->owner_field = hr_known_find(&draft->records[type].field_names, HR_TEXT("owner"));
    if (record->owner_field >= 0 && record->fields[record->owner_field].type != HR_FIELD_person) {
        record->owner_field = HR_NONE_INDEX;
    }
}

/* ---- what makes two the same -------------------------------------------------------------------- */

/* A match key is compared in normal form, so it must be a kind of text that has one. */
static bool can_match(enum hr_field_type type)
{
    return type == HR_FIELD_text || type == HR_FIELD_email || type == HR_FIELD_phone ||
           type == HR_FIELD_domain;
}

static void read_match_on(struct hr_draft *draft, enum hr_record_type type,
                          const struct hr_node *list)
{
    size_t count = hr_draft_list(draft, list, "match_on", HR_LIMIT_mappings);
    int32_t *keys = hr_draft_keep(draft, int32_t, count);
    size_t kept = 0;
    struct hr_record_plan *record = &draft->plan->records[type];
    for (size_t i = 0; keys != NULL && i < count; i++) {
        const struct hr_node *node = list->items[i];
        int32_t field =
            hr_draft_ref(draft, node, &draft->records[type].field_names, HR_CODE_field_unknown);
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
        } else if (!can_match(record->fields[field].type)) {
            struct hr_text word = hr_words_field_type.items[record->fields[field].type];
            hr_draft_error(draft, match_field_type, node->place,
                           "%.*s cannot be matched on `%.*s`, which is of type %.*s",
                           HR_SHOW(hr_words_records.items[type]), HR_SHOW(node->scalar),
                           HR_SHOW(word));
        } else {
            keys[kept++] = field;
        }
    }
    record->match_on = keys;
    record->match_count = kept;
    if (list->kind == HR_NODE_list && list->count == 0) {
        hr_draft_error(draft, text_empty, list->place,
                       "`match_on` is empty, so no %.*s would be recognised",
                       HR_SHOW(hr_words_record_type.items[type]));
    }
}

/* ---- links -------------------------------------------------------------------------------------- */

static void read_links(struct hr_draft *draft, enum hr_record_type type)
{
    const struct hr_section *section = &draft->records[type].links;
    struct hr_record_plan *record = &draft->plan->records[type];
    if (section->count == 0 ||
        !hr_draft_within(draft, HR_LIMIT_links, section->count, section->pairs[0].key->place)) {
        return;
    }
    struct hr_record_link *links = hr_draft_keep(draft, struct hr_record_link, section->count);
    for (size_t i = 0; links != NULL && i < section->count; i++) {
        const struct hr_pair *pair = &section->pairs[i];
        if (!hr_draft_id(draft, pair->key, "link", false) ||
            !hr_draft_map(draft, HR_GRAM_link, pair->key, pair->value)) {
            continue;
        }
        const struct hr_node *back = hr_draft_get(pair->value, "back");
        int to = hr_draft_word_at(draft, pair->value, "to", &hr_words_records, -1);
        if (to < 0) {
            continue;
        }
        links[record->link_count++] =
            (struct hr_record_link){.id = hr_draft_copy(draft, pair->key->scalar),
                                    .to = (enum hr_record_type)to,
                                    .many = hr_draft_flag(draft, pair->value, "many", false),
                                    .back = back != NULL && hr_draft_id(draft, back, "link", false)
                                                ? hr_draft_copy(draft, back->scalar)
                                                : HR_TEXT_NONE,
                                    .place = hr_draft_place(draft, pair->key->place)};
    }
    record->links = links;
}

/* ---- one kind ----------------------------------------------------------------------------------- */

static void read_record(struct hr_draft *draft, enum hr_record_type type)
{
    const struct hr_record_draft *said = &draft->records[type];
    struct hr_record_plan *record = &draft->plan->records[type];
    record->declared = said->said != NULL;
    if (said->said != NULL) {
        record->place = hr_draft_place(draft, said->said->place);
    }
    if (said->on_two_matches.value != NULL) {
        (void)hr_draft_word(draft, said->on_two_matches.value, &hr_words_two_matches);
    }
    record->owner = hr_draft_party(draft, said->owner.value, false);
    if (said->match_on.value != NULL) {
        read_match_on(draft, type, said->match_on.value);
    }
    read_links(draft, type);
}

/* What the rest knows of contacts: without them there is nothing to hand over. */
static void check_contacts(struct hr_draft *draft)
{
    const struct hr_record_draft *said = &draft->records[HR_RECORD_TYPE_contact];
    struct hr_place place = hr_draft_head_place(draft);
    if (said->said == NULL) {
        hr_draft_error(draft, key_missing, place, "the workspace has no `contacts`")->help =
            HR_TEXT("add `contacts:` with `match_on: [email]`, `owner:` and `fields:`");
        return;
    }
    if (said->match_on.value == NULL) {
        hr_draft_error(draft, key_missing, place, "`contacts` has no `match_on`")->help =
            HR_TEXT("add `match_on: [email]` below `contacts`");
    }
    if (said->owner.value == NULL) {
        hr_draft_error(draft, key_missing, place, "`contacts` has no `owner`")->help =
            HR_TEXT("add `owner: maya` below `contacts`");
    }
}

/* The person who answers for contacts: of a team, its first. */
static int32_t contact_owner(const struct hr_plan *plan)
{
    const struct hr_party *owner = &plan->records[HR_RECORD_TYPE_contact].owner;
    if (owner->kind == HR_PARTY_team && plan->teams[owner->index].person_count > 0) {
        return plan->teams[owner->index].people[0];
    }
    return owner->kind == HR_PARTY_person ? owner->index : HR_NONE_INDEX;
}

void hr_draft_read_records(struct hr_draft *draft)
{
    struct hr_plan *plan = draft->plan;
    for (size_t i = 0; i < HR_RECORD_TYPE_COUNT; i++) {
        name_fields(draft, (enum hr_record_type)i);
    }
    for (size_t i = 0; i < HR_RECORD_TYPE_COUNT; i++) {
        read_fields(draft, (enum hr_record_type)i);
    }
    check_contacts(draft);
    for (size_t i = 0; i < HR_RECORD_TYPE_COUNT; i++) {
        read_record(draft, (enum hr_record_type)i);
    }
    const struct hr_record_plan *contact = &plan->records[HR_RECORD_TYPE_contact];
    plan->fields = contact->fields;
    plan->field_count = contact->field_count;
    plan->match_on = contact->match_on;
    plan->match_count = contact->match_count;
    plan->contact_owner = contact_owner(plan);
    draft->field_names = draft->records[HR_RECORD_TYPE_contact].field_names;
    draft->field_uses = hr_draft_scratch(draft, struct hr_field_use, plan->field_count);
    draft->refused |= draft->field_uses == NULL;
}
