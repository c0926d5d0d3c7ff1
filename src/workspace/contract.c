/* The contract of one field: when it must be known, who may write it, who is right, and what a machine may do. */
#include "workspace/inside.h"

/* ---- writers ------------------------------------------------------------------------------------- */

static const struct {
    struct hr_text word;
    enum hr_writer_kind kind;
} writer_words[] = {
    {HR_TEXT("people"), HR_WRITER_people},
    {HR_TEXT("unsubscribe_page"), HR_WRITER_unsubscribe_page},
    {HR_TEXT("ai"), HR_WRITER_ai},
};
enum { WRITER_WORDS = sizeof writer_words / sizeof writer_words[0] };

static void complain_writer(struct hr_draft *draft, const struct hr_node *node)
{
    size_t tools = draft->tool_names.count;
    struct hr_text *known = hr_draft_scratch(draft, struct hr_text, tools + WRITER_WORDS);
    if (known == NULL || draft->tool_names.broken) {
        return;
    }
    for (size_t i = 0; i < tools + WRITER_WORDS; i++) {
        known[i] = i < tools ? draft->tool_names.items[i] : writer_words[i - tools].word;
    }
    struct hr_known_ids names = {.noun = "tool", .items = known, .count = tools + WRITER_WORDS};
    struct hr_diagnostic *item =
        hr_draft_error(draft, tool_unknown, node->place, "there is no tool `%.*s`",
                       HR_SHOW(hr_clipped(node->scalar)));
    item->help = hr_known_find(&draft->automation_names, node->scalar) >= 0
                     ? hr_draft_say(draft, "write `automation %.*s`", HR_SHOW(node->scalar))
                     : hr_draft_suggest(draft, node->scalar, &names);
}

struct hr_writer hr_draft_writer(struct hr_draft *draft, const struct hr_node *node)
{
    struct hr_writer writer = {.kind = HR_WRITER_none, .index = HR_NONE_INDEX};
    struct hr_text automation = HR_TEXT("automation ");
    if (node == NULL || !hr_draft_scalar(draft, node, "writer")) {
        return writer;
    }
    writer.place = hr_draft_place(draft, node->place);
    for (size_t i = 0; i < WRITER_WORDS; i++) {
        if (hr_text_equal(node->scalar, writer_words[i].word)) {
            writer.kind = writer_words[i].kind;
            return writer;
        }
    }
    if (hr_text_starts(node->scalar, automation)) {
        struct hr_node id = *node;
        id.scalar = hr_text_trim(hr_text_slice(node->scalar, automation.size, node->scalar.size));
        writer.index =
            hr_draft_ref(draft, &id, &draft->automation_names, HR_CODE_automation_unknown);
        writer.kind = writer.index < 0 ? HR_WRITER_none : HR_WRITER_automation;
        return writer;
    }
    writer.index = hr_known_find(&draft->tool_names, node->scalar);
    writer.kind = writer.index < 0 ? HR_WRITER_none : HR_WRITER_tool;
    if (writer.index < 0) {
        complain_writer(draft, node);
    }
    return writer;
}

static void read_writers(struct hr_draft *draft, struct hr_contract *contract,
                         const struct hr_node *map)
{
    const struct hr_node *node = hr_draft_get(map, "writers");
    struct hr_nodes nodes = hr_draft_some(draft, node, "writers", HR_LIMIT_writers);
    struct hr_writer *writers = hr_draft_keep(draft, struct hr_writer, nodes.count);
    contract->writers_said = node != NULL;
    contract->writers = writers;
    for (size_t i = 0; writers != NULL && i < nodes.count; i++) {
        struct hr_writer writer = hr_draft_writer(draft, nodes.items[i]);
        if (writer.kind != HR_WRITER_none) {
            writers[contract->writer_count++] = writer;
        }
    }
}

/* ---- when it must be known ------------------------------------------------------------------------- */

static void read_required(struct hr_draft *draft, struct hr_contract *contract,
                          const struct hr_node *map)
{
    const struct hr_node *node = hr_draft_get(map, "required");
    struct hr_text from = HR_TEXT("from stage ");
    contract->required_pipeline = contract->required_stage = HR_NONE_INDEX;
    if (node == NULL || !hr_draft_scalar(draft, node, "required") ||
        hr_text_equal(node->scalar, HR_TEXT("no"))) {
        return;
    }
    if (hr_text_equal(node->scalar, HR_TEXT("always"))) {
        contract->required = HR_REQUIRED_always;
        return;
    }
    if (!hr_text_starts(node->scalar, from)) {
        hr_draft_error(draft, required_form, node->place, "`%.*s` does not say when it is required",
                       HR_SHOW(hr_clipped(node->scalar)));
        return;
    }
    struct hr_text id = hr_text_trim(hr_text_slice(node->scalar, from.size, node->scalar.size));
    contract->required_stage = hr_draft_stage(draft, node, id);
    if (contract->required_stage >= 0) {
        contract->required = HR_REQUIRED_from_stage;
        contract->required_pipeline = draft->plan->stages[contract->required_stage].pipeline;
    }
}

/* ---- what only some types have --------------------------------------------------------------------- */

static const struct {
    const char *key;
    enum hr_field_type type;
    const char *example; /* NULL: it may be left out */
} own_keys[] = {
    {"purpose", HR_FIELD_consent, "purpose: marketing"},
    {"proof", HR_FIELD_consent, NULL},
    {"pipeline", HR_FIELD_stage, "pipeline: sales"},
    {"currency", HR_FIELD_money, "currency: GBP"},
};

static void check_own_keys(struct hr_draft *draft, const struct hr_field *field,
                           const struct hr_pair *pair)
{
    for (size_t i = 0; i < sizeof own_keys / sizeof own_keys[0]; i++) {
        struct hr_text type = hr_words_field_type.items[own_keys[i].type];
        const struct hr_node *node = hr_draft_get(pair->value, own_keys[i].key);
        if (node != NULL && field->type != own_keys[i].type) {
            hr_draft_error(draft, contract_superfluous, node->place,
                           "`%s` has no meaning for type %.*s", own_keys[i].key,
                           HR_SHOW(hr_words_field_type.items[field->type]))
                ->help =
                hr_draft_say(draft, "write `type: %.*s`, or remove the line", HR_SHOW(type));
        }
        if (node == NULL && field->type == own_keys[i].type && own_keys[i].example != NULL &&
            !hr_draft_misspelt(HR_GRAM_field, pair->value, own_keys[i].key)) {
            hr_draft_error(draft, contract_incomplete, pair->key->place,
                           "field `%.*s` of type %.*s has no `%s`", HR_SHOW(field->id),
                           HR_SHOW(type), own_keys[i].key)
                ->help = hr_draft_say(draft, "add `%s`", own_keys[i].example);
        }
    }
}

static void read_currency(struct hr_draft *draft, struct hr_contract *contract,
                          const struct hr_node *map)
{
    const struct hr_node *node = hr_draft_get(map, "currency");
    if (node == NULL || !hr_draft_scalar(draft, node, "currency")) {
        return;
    }
    bool good = node->scalar.size == 3;
    for (size_t i = 0; i < node->scalar.size; i++) {
        good = good && node->scalar.data[i] >= 'A' && node->scalar.data[i] <= 'Z';
    }
    if (!good) {
        hr_draft_error(draft, currency_form, node->place, "`%.*s` is no currency",
                       HR_SHOW(hr_clipped(node->scalar)));
        return;
    }
    contract->currency = hr_draft_copy(draft, node->scalar);
}

static void read_own(struct hr_draft *draft, struct hr_contract *contract,
                     const struct hr_node *map)
{
    contract->purpose =
        hr_draft_ref_at(draft, map, "purpose", &draft->purpose_names, HR_CODE_purpose_unknown);
    contract->proof = hr_draft_texts(draft, map, "proof", HR_LIMIT_names, &contract->proof_count);
    contract->pipeline =
        hr_draft_ref_at(draft, map, "pipeline", &draft->pipeline_names, HR_CODE_pipeline_unknown);
    read_currency(draft, contract, map);
}

/* ---- all of it ------------------------------------------------------------------------------------- */

void hr_draft_read_contract(struct hr_draft *draft, enum hr_record_type record,
                            struct hr_field *field, const struct hr_pair *pair, bool typed)
{
    const struct hr_node *map = pair->value;
    struct hr_contract *contract = hr_draft_keep(draft, struct hr_contract, 1);
    if (contract == NULL) {
        return;
    }
    field->contract = contract;
    contract->place = hr_draft_place(draft, pair->key->place);
    contract->source = hr_draft_writer(draft, hr_draft_get(map, "source_of_truth"));
    bool tool = contract->source.kind == HR_WRITER_tool && record == HR_RECORD_TYPE_contact;
    field->source_of_truth = tool ? contract->source.index : HR_NONE_INDEX;
    read_required(draft, contract, map);
    contract->unique = hr_draft_flag(draft, map, "unique", false);
    read_writers(draft, contract, map);
    const struct hr_node *conflict = hr_draft_get(map, "on_conflict");
    if (conflict != NULL) {
        /* the words begin behind `unsaid` */
        contract->on_conflict =
            (enum hr_on_conflict)(hr_draft_word(draft, conflict, &hr_words_on_conflict) + 1);
        contract->on_conflict_place = hr_draft_place(draft, conflict->place);
    }
    contract->has_stale_after = hr_draft_span_at(draft, map, "stale_after", &contract->stale_after);
    contract->written_by_ai =
        hr_draft_word_at(draft, map, "written_by", &hr_words_ai_writer, -1) == 0;
    contract->confirm_by = hr_draft_parties_at(draft, map, "confirm_by", false);
    if (typed) {
        check_own_keys(draft, field, pair);
    }
    read_own(draft, contract, map);
}
