/* What stands behind a field or an attribute in `with` and `set` of a test: as it is, so it must be a value that the
 * field could have. A test with any other would prove nothing when it runs. */
#include "data/value.h"
#include "workspace/inside.h"

static bool is_number(struct hr_draft *draft, struct hr_text written)
{
    struct hr_value value = hr_value_null();
    struct hr_arena_mark mark = hr_arena_mark(&draft->scratch);
    bool read =
        hr_ok(hr_json_read(&draft->scratch, written, NULL, NULL, &value)) &&
        (value.kind == HR_KIND_int || value.kind == HR_KIND_uint || value.kind == HR_KIND_double);
    hr_arena_rewind(&draft->scratch, mark);
    return read;
}

static bool is_yes_or_no(struct hr_text written)
{
    static const struct hr_text words[] = {HR_TEXT("yes"), HR_TEXT("no"), HR_TEXT("true"),
                                           HR_TEXT("false")};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (hr_text_equal(written, words[i])) {
            return true;
        }
    }
    return false;
}

/* NULL when it fits, else what is to be written instead. */
static const char *wanted(struct hr_draft *draft, enum hr_type type, struct hr_text written)
{
    int64_t number = 0;
    hr_instant time = 0;
    if (type == HR_TYPE_int && !hr_text_to_integer(written, &number)) {
        return "write a whole number, for example 3";
    }
    if (type == HR_TYPE_double && !is_number(draft, written)) {
        return "write a number, for example 2.5";
    }
    if (type == HR_TYPE_bool && !is_yes_or_no(written)) {
        return "write yes or no";
    }
    if (type == HR_TYPE_time && !hr_instant_read(written, &time)) {
        return "write a time, for example \"2026-11-22T10:00:00Z\"";
    }
    return NULL;
}

static void complain_choice(struct hr_draft *draft, const struct hr_field *field,
                            const struct hr_node *node)
{
    struct hr_known_ids names = {
        .noun = "value", .items = field->values, .count = field->value_count};
    struct hr_diagnostic *item =
        hr_draft_error(draft, value_unknown, node->place, "`%.*s` has no value `%.*s`",
                       HR_SHOW(field->id), HR_SHOW(hr_clipped(node->scalar)));
    item->help = hr_draft_suggest(draft, node->scalar, &names);
    item->example = HR_TEXT("the test would tell of a value that no contact can have");
}

static void check_type(struct hr_draft *draft, const struct hr_node *name,
                       const struct hr_node *node, const char *help, const char *noun)
{
    if (help != NULL) {
        hr_draft_error(draft, value_form, node->place, "`%.*s` is no %s, which `%.*s` has to be",
                       HR_SHOW(hr_clipped(node->scalar)), noun, HR_SHOW(hr_clipped(name->scalar)))
            ->help = hr_text_from(help);
    }
}

static const char *type_noun(enum hr_type type)
{
    return type == HR_TYPE_int      ? "whole number"
           : type == HR_TYPE_double ? "number"
           : type == HR_TYPE_bool   ? "boolean"
                                    : "time";
}

static void check_field(struct hr_draft *draft, const struct hr_field *field,
                        const struct hr_pair *pair)
{
    struct hr_text written = pair->value->scalar;
    bool there = field->value_count == 0;
    for (size_t i = 0; i < field->value_count; i++) {
        there = there || hr_text_equal(field->values[i], written);
    }
    if (!there) {
        complain_choice(draft, field, pair->value);
        return;
    }
    enum hr_type type = hr_field_expr_type(field->type);
    const char *help = wanted(draft, type, written);
    if (help != NULL && field->type == HR_FIELD_money) {
        help = "write the amount in the smallest unit, for example 49900 for 499.00";
    }
    check_type(draft, pair->key, pair->value, help,
               field->type == HR_FIELD_money ? "amount of money" : type_noun(type));
}

/* A name that is both a field and an attribute may be either. */
void hr_draft_check_test_value(struct hr_draft *draft, const struct hr_pair *pair)
{
    int32_t field = hr_known_find(&draft->field_names, pair->key->scalar);
    const uint64_t *attribute = hr_map_find(&draft->attribute_by_name, pair->key->scalar);
    if (pair->value->scalar.size == 0) {
        return; /* it does not come along */
    }
    if (field >= 0 && attribute == NULL) {
        check_field(draft, &draft->plan->fields[field], pair);
    } else if (field < 0 && attribute != NULL) {
        enum hr_type type = draft->attribute_types[*attribute];
        const char *help = wanted(draft, type, pair->value->scalar);
        check_type(draft, pair->key, pair->value, help, type_noun(type));
    }
}

static bool sends(const struct hr_tool *tool, struct hr_text event)
{
    for (size_t i = 0; i < tool->event_count; i++) {
        if (hr_text_equal(tool->events[i].name, event)) {
            return true;
        }
    }
    return false;
}

static bool is_emitted(const struct hr_type_use *use)
{
    while (use != NULL && !use->emitted) {
        use = use->next;
    }
    return use != NULL;
}

void hr_draft_check_test_tool(struct hr_draft *draft, int32_t tool, int32_t type,
                              const struct hr_node *at)
{
    const struct hr_plan *plan = draft->plan;
    if (tool < 0 || type < 0 || is_emitted(&draft->types[type]) ||
        sends(&plan->tools[tool], draft->types[type].name)) {
        return;
    }
    struct hr_text name = draft->types[type].name;
    struct hr_diagnostic *item =
        hr_draft_error(draft, event_unknown, at->place, "`%.*s` does not send `%.*s`",
                       HR_SHOW(plan->tools[tool].id), HR_SHOW(name));
    item->example = HR_TEXT("the test would tell of something that never happens");
    for (size_t i = plan->tool_count; i > 0; i--) {
        if (sends(&plan->tools[i - 1], name)) {
            item->help = hr_draft_say(draft, "`%.*s` comes from %.*s", HR_SHOW(name),
                                      HR_SHOW(plan->tools[i - 1].id));
        }
    }
}
