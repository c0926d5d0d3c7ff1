/* Expressions inside workspace files: the names each may use, and help for lines that YAML has
 * misread before CEL could see them. */
#include "workspace/inside.h"

#include <string.h>

/* ---- scopes ------------------------------------------------------------------------------------ */

enum hr_type hr_field_expr_type(enum hr_field_type type)
{
    switch (type) {
    case HR_FIELD_integer:
    case HR_FIELD_money:
        return HR_TYPE_int;
    case HR_FIELD_number:
        return HR_TYPE_double;
    case HR_FIELD_boolean:
        return HR_TYPE_bool;
    case HR_FIELD_time:
        return HR_TYPE_time;
    case HR_FIELD_text:
    case HR_FIELD_long_text:
    case HR_FIELD_email:
    case HR_FIELD_phone:
    case HR_FIELD_domain:
    case HR_FIELD_country:
    case HR_FIELD_choice:
    case HR_FIELD_person:
    case HR_FIELD_stage:
    case HR_FIELD_consent:
    case HR_FIELD_TYPE_COUNT:
        break;
    }
    return HR_TYPE_text;
}

static const struct hr_text scope_names[HR_SCOPE_COUNT] = {
    [HR_SCOPE_payload] = HR_TEXT("payload"), [HR_SCOPE_contact] = HR_TEXT("contact"),
    [HR_SCOPE_event] = HR_TEXT("event"),     [HR_SCOPE_handoff] = HR_TEXT("handoff"),
    [HR_SCOPE_account] = HR_TEXT("account"), [HR_SCOPE_opportunity] = HR_TEXT("opportunity"),
    [HR_SCOPE_ticket] = HR_TEXT("ticket"),   [HR_SCOPE_task] = HR_TEXT("task"),
    [HR_SCOPE_trigger] = HR_TEXT("trigger"), [HR_SCOPE_set_by] = HR_TEXT("set_by"),
    [HR_SCOPE_person] = HR_TEXT("person"),   [HR_SCOPE_people] = HR_TEXT("people"),
};
/* Where the fields of each kind of record stand in the scope. */
static const enum hr_scope_name record_scopes[HR_RECORD_TYPE_COUNT] = {
    [HR_RECORD_TYPE_contact] = HR_SCOPE_contact,
    [HR_RECORD_TYPE_account] = HR_SCOPE_account,
    [HR_RECORD_TYPE_opportunity] = HR_SCOPE_opportunity,
    [HR_RECORD_TYPE_ticket] = HR_SCOPE_ticket,
    [HR_RECORD_TYPE_task] = HR_SCOPE_task,
};

enum hr_record_type hr_scope_record(size_t name)
{
    size_t record = 0;
    while (record < HR_RECORD_TYPE_COUNT && (size_t)record_scopes[record] != name) {
        record++;
    }
    return (enum hr_record_type)record;
}

/* Programs may look at their scope for as long as they live, so it belongs to the plan. */
static struct hr_expr_name *new_names(struct hr_draft *draft)
{
    struct hr_expr_name *names = hr_draft_keep(draft, struct hr_expr_name, HR_SCOPE_COUNT);
    for (size_t i = 0; names != NULL && i < HR_SCOPE_COUNT; i++) {
        names[i] = (struct hr_expr_name){.name = scope_names[i], .type = HR_TYPE_dyn};
    }
    return names;
}

void hr_draft_make_mapping_scope(struct hr_draft *draft)
{
    draft->mapping_scope.names = new_names(draft);
    draft->mapping_scope.name_count = draft->mapping_scope.names == NULL ? 0 : HR_SCOPE_COUNT;
}

static void make_object(struct hr_expr_name *name, const struct hr_expr_field *fields, size_t count)
{
    name->type = HR_TYPE_object;
    name->fields = fields;
    name->field_count = fields == NULL ? 0 : count;
}

static void make_record(struct hr_draft *draft, struct hr_expr_name *name,
                        const struct hr_record_plan *record)
{
    struct hr_expr_field *fields = hr_draft_keep(draft, struct hr_expr_field, record->field_count);
    for (size_t i = 0; fields != NULL && i < record->field_count; i++) {
        fields[i] = (struct hr_expr_field){.name = record->fields[i].id,
                                           .type = hr_field_expr_type(record->fields[i].type),
                                           .values = record->fields[i].values,
                                           .value_count = record->fields[i].value_count};
    }
    make_object(name, fields, record->field_count);
}

/* Who set each field of the contact last: people, or the id of a tool or an automation. */
static void make_set_by(struct hr_draft *draft, struct hr_expr_name *name)
{
    const struct hr_plan *plan = draft->plan;
    size_t most = 1 + plan->tool_count + draft->automation_names.count;
    struct hr_expr_field *fields = hr_draft_keep(draft, struct hr_expr_field, plan->field_count);
    struct hr_text *writers = hr_draft_keep(draft, struct hr_text, most);
    if (fields == NULL || writers == NULL) {
        return;
    }
    size_t count = 0;
    writers[count++] = HR_TEXT("people");
    for (size_t i = 0; i < plan->tool_count; i++) {
        writers[count++] = plan->tools[i].id;
    }
    for (size_t i = 0; i < draft->automation_names.count; i++) {
        writers[count++] = draft->automation_names.items[i];
    }
    for (size_t i = 0; i < plan->field_count; i++) {
        fields[i] = (struct hr_expr_field){plan->fields[i].id, HR_TYPE_text, writers, count};
    }
    make_object(name, fields, plan->field_count);
}

static void make_person(struct hr_draft *draft, struct hr_expr_name *name)
{
    struct hr_expr_field *fields =
        hr_draft_keep(draft, struct hr_expr_field, HR_PERSON_FIELD_COUNT);
    if (fields == NULL) {
        return;
    }
    fields[HR_PERSON_FIELD_id] = (struct hr_expr_field){
        HR_TEXT("id"), HR_TYPE_text, draft->person_names.items, draft->person_names.count};
    fields[HR_PERSON_FIELD_role] = (struct hr_expr_field){HR_TEXT("role"), HR_TYPE_text,
                                                          hr_words_role.items, hr_words_role.count};
    fields[HR_PERSON_FIELD_away] = (struct hr_expr_field){HR_TEXT("away"), HR_TYPE_bool, NULL, 0};
    fields[HR_PERSON_FIELD_load] = (struct hr_expr_field){HR_TEXT("load"), HR_TYPE_int, NULL, 0};
    make_object(name, fields, HR_PERSON_FIELD_COUNT);
}

static void make_people(struct hr_draft *draft, struct hr_expr_name *name)
{
    size_t count = HR_PEOPLE_FIELD_teams + draft->plan->team_count;
    struct hr_expr_field *fields = hr_draft_keep(draft, struct hr_expr_field, count);
    if (fields == NULL) {
        return;
    }
    fields[HR_PEOPLE_FIELD_former] =
        (struct hr_expr_field){HR_TEXT("former"), HR_TYPE_list, NULL, 0};
    fields[HR_PEOPLE_FIELD_away] = (struct hr_expr_field){HR_TEXT("away"), HR_TYPE_list, NULL, 0};
    for (size_t i = 0; i < draft->plan->team_count; i++) {
        fields[HR_PEOPLE_FIELD_teams + i] =
            (struct hr_expr_field){draft->plan->teams[i].id, HR_TYPE_list, NULL, 0};
    }
    make_object(name, fields, count);
}

static void make_event(struct hr_draft *draft, struct hr_expr_name *name)
{
    size_t count = HR_EVENT_FIELD_attributes + draft->attribute_count;
    struct hr_expr_field *fields = hr_draft_keep(draft, struct hr_expr_field, count);
    struct hr_text *types = hr_draft_keep(draft, struct hr_text, draft->type_count);
    if (fields == NULL || types == NULL) {
        return;
    }
    for (size_t i = 0; i < draft->type_count; i++) {
        types[i] = draft->types[i].name;
    }
    draft->type_names =
        (struct hr_known_ids){.noun = "event", .items = types, .count = draft->type_count};
    fields[HR_EVENT_FIELD_type] =
        (struct hr_expr_field){HR_TEXT("type"), HR_TYPE_text, types, draft->type_count};
    fields[HR_EVENT_FIELD_id] = (struct hr_expr_field){HR_TEXT("id"), HR_TYPE_text, NULL, 0};
    fields[HR_EVENT_FIELD_at] = (struct hr_expr_field){HR_TEXT("at"), HR_TYPE_time, NULL, 0};
    fields[HR_EVENT_FIELD_tool] = (struct hr_expr_field){
        HR_TEXT("tool"), HR_TYPE_text, draft->tool_names.items, draft->tool_names.count};
    for (size_t i = 0; i < draft->attribute_count; i++) {
        fields[HR_EVENT_FIELD_attributes + i] =
            (struct hr_expr_field){draft->attributes[i], draft->attribute_types[i], NULL, 0};
    }
    make_object(name, fields, count);
}

/* The names of events, for whoever asks the plan. */
static void keep_event_names(struct hr_draft *draft)
{
    struct hr_event_name *names = hr_draft_keep(draft, struct hr_event_name, draft->type_count);
    for (size_t i = 0; names != NULL && i < draft->type_count; i++) {
        names[i].name = draft->types[i].name;
        for (const struct hr_type_use *use = &draft->types[i]; use != NULL; use = use->next) {
            names[i].emitted |= use->emitted;
            names[i].sent |= !use->emitted;
        }
    }
    draft->plan->event_names = names;
    draft->plan->event_name_count = names == NULL ? 0 : draft->type_count;
}

static void keep_attributes(struct hr_draft *draft)
{
    struct hr_text *attributes = hr_draft_keep(draft, struct hr_text, draft->attribute_count);
    for (size_t i = 0; attributes != NULL && i < draft->attribute_count; i++) {
        attributes[i] = draft->attributes[i];
    }
    draft->plan->attributes = attributes;
    draft->plan->attribute_numbers = hr_draft_keep(draft, uint32_t, draft->attribute_count);
    draft->plan->attribute_count = attributes == NULL ? 0 : draft->attribute_count;
    draft->attribute_names = (struct hr_known_ids){
        .noun = "event attribute", .items = attributes, .count = draft->plan->attribute_count};
}

/* What an action's expressions see. Which inputs there are is found out from these very expressions, so any may be
 * named; an answer has what every answer has. */
static void make_call_scope(struct hr_draft *draft)
{
    struct hr_expr_name *names = hr_draft_keep(draft, struct hr_expr_name, HR_CALL_SCOPE_COUNT);
    struct hr_expr_field *answer =
        hr_draft_keep(draft, struct hr_expr_field, HR_ANSWER_FIELD_COUNT);
    if (names == NULL || answer == NULL) {
        return;
    }
    answer[HR_ANSWER_FIELD_status] =
        (struct hr_expr_field){HR_TEXT("status"), HR_TYPE_int, NULL, 0};
    answer[HR_ANSWER_FIELD_body] = (struct hr_expr_field){HR_TEXT("body"), HR_TYPE_dyn, NULL, 0};
    names[HR_CALL_SCOPE_input] =
        (struct hr_expr_name){.name = HR_TEXT("input"), .type = HR_TYPE_object, .open = true};
    names[HR_CALL_SCOPE_answer].name = HR_TEXT("answer");
    make_object(&names[HR_CALL_SCOPE_answer], answer, HR_ANSWER_FIELD_COUNT);
    draft->call_scope = (struct hr_expr_scope){.names = names, .name_count = HR_CALL_SCOPE_COUNT};
}

void hr_draft_make_scope(struct hr_draft *draft)
{
    struct hr_expr_name *names = new_names(draft);
    struct hr_expr_field *handoff = hr_draft_keep(draft, struct hr_expr_field, 1);
    if (names == NULL || handoff == NULL) {
        return;
    }
    make_call_scope(draft);
    keep_attributes(draft);
    keep_event_names(draft);
    for (size_t i = 0; i < HR_RECORD_TYPE_COUNT; i++) {
        make_record(draft, &names[record_scopes[i]], &draft->plan->records[i]);
    }
    make_event(draft, &names[HR_SCOPE_event]);
    names[HR_SCOPE_trigger] = names[HR_SCOPE_event];
    names[HR_SCOPE_trigger].name = scope_names[HR_SCOPE_trigger];
    make_set_by(draft, &names[HR_SCOPE_set_by]);
    make_person(draft, &names[HR_SCOPE_person]);
    make_people(draft, &names[HR_SCOPE_people]);
    *handoff = (struct hr_expr_field){HR_TEXT("key"), HR_TYPE_dyn, NULL, 0};
    make_object(&names[HR_SCOPE_handoff], handoff, 1);
    for (size_t i = 0; i < HR_SCOPE_COUNT; i++) {
        names[i].still = hr_scope_record(i) == HR_RECORD_TYPE_COUNT;
    }
    draft->scope = (struct hr_expr_scope){.names = names, .name_count = HR_SCOPE_COUNT};
}

/* ---- what YAML has misread --------------------------------------------------------------------- */

/* Where the brackets that open in `text` are all closed again, or its first line ends. */
static size_t balanced_end(struct hr_text text)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.size; i++) {
        char letter = text.data[i];
        if (letter == '\n') {
            return i;
        }
        if (letter == '\'') {
            quoted = !quoted;
        }
        if (quoted) {
            continue;
        }
        depth += letter == '(' || letter == '[' || letter == '{';
        depth -= letter == ')' || letter == ']' || letter == '}';
        if (depth < 0 || (depth == 0 && letter == ',')) {
            return i;
        }
    }
    return text.size;
}

/* An open bracket or quote at the end of a plain scalar means that YAML ended it too early: at a
 * comma of a [list], or at " #". */
static bool cut_by_yaml(const struct hr_node *node)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < node->scalar.size; i++) {
        char letter = node->scalar.data[i];
        quoted = letter == '\'' ? !quoted : quoted;
        if (!quoted) {
            depth += letter == '(' || letter == '[' || letter == '{';
            depth -= letter == ')' || letter == ']' || letter == '}';
        }
    }
    return node->style == HR_SCALAR_plain && (quoted || depth > 0) &&
           memchr(node->scalar.data, '"', node->scalar.size) == NULL;
}

/* A single word that is no name of the language was meant as a text. */
static bool bare_word(struct hr_text text)
{
    static const struct hr_text words[] = {HR_TEXT("true"), HR_TEXT("false"), HR_TEXT("null")};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (hr_text_equal(text, words[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < HR_SCOPE_COUNT; i++) {
        if (hr_text_equal(text, scope_names[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < text.size; i++) {
        char letter = text.data[i];
        bool name = (letter | 0x20) >= 'a' && (letter | 0x20) <= 'z';
        if (!name && letter != '_' && letter != ' ' && !(i > 0 && letter >= '0' && letter <= '9')) {
            return false;
        }
    }
    return text.size > 0;
}

/* Says that the source line from the node on must stand in quotes. */
static void quote_line(struct hr_draft *draft, const struct hr_node *node, const char *why)
{
    const struct hr_source *source = hr_draft_source(draft, node->place);
    struct hr_text rest = source == NULL
                              ? node->scalar
                              : hr_text_slice(source->bytes, node->offset, source->bytes.size);
    struct hr_text line = hr_text_trim(hr_text_slice(rest, 0, balanced_end(rest)));
    (void)hr_draft_quote_it(draft, node->place, why, node->offset, line,
                            hr_draft_quoted(draft, line));
}

/* "not: [...]": groups that exclude are called none. */
static bool write_none(struct hr_draft *draft, const struct hr_node *node)
{
    bool one = node->kind == HR_NODE_map && node->count == 1;
    const struct hr_node *key = one ? node->pairs[0].key : NULL;
    if (key == NULL || !hr_text_equal(key->scalar, HR_TEXT("not"))) {
        return false;
    }
    struct hr_diagnostic *item =
        hr_draft_quote_it(draft, key->place, "there is no group of conditions `not`", key->offset,
                          key->scalar, HR_TEXT("none"));
    item->label = HR_TEXT("write `none`");
    item->help = HR_TEXT("write `none:`; it holds when not one of the conditions below it holds");
    return true;
}

/* A value of YAML's as expressions write it: whether it is a word of theirs, a number, or a text. */
static struct hr_text as_literal(struct hr_draft *draft, const struct hr_node *value)
{
    int64_t number = 0;
    struct hr_text text = value->scalar;
    bool yes = hr_text_equal(text, HR_TEXT("true")) || hr_text_equal(text, HR_TEXT("yes"));
    bool no = hr_text_equal(text, HR_TEXT("false")) || hr_text_equal(text, HR_TEXT("no"));
    if (value->style == HR_SCALAR_plain && (yes || no || hr_text_to_integer(text, &number))) {
        return yes ? HR_TEXT("true") : no ? HR_TEXT("false") : text;
    }
    return hr_draft_say(draft, "'%.*s'", HR_SHOW(text));
}

/* "contact.paid: true" was meant as a comparison. */
static bool write_comparison(struct hr_draft *draft, const struct hr_node *node)
{
    bool one = node->kind == HR_NODE_map && node->count == 1;
    struct hr_text name = one ? node->pairs[0].key->scalar : HR_TEXT_NONE;
    const struct hr_node *value = one ? node->pairs[0].value : NULL;
    const struct hr_source *source = hr_draft_source(draft, node->place);
    bool simple = value != NULL && value->kind == HR_NODE_scalar && value->scalar.size > 0 &&
                  hr_text_find(value->scalar, '\'') == value->scalar.size &&
                  hr_text_find(value->scalar, '\n') == value->scalar.size;
    if (!simple || source == NULL || hr_text_find(name, '.') == name.size ||
        hr_text_find(name, ' ') < name.size) {
        return false;
    }
    struct hr_text rest = hr_text_slice(source->bytes, node->offset, source->bytes.size);
    struct hr_text line = hr_text_trim(hr_text_slice(rest, 0, balanced_end(rest)));
    struct hr_text meant =
        hr_draft_say(draft, "%.*s == %.*s", HR_SHOW(name), HR_SHOW(as_literal(draft, value)));
    struct hr_diagnostic *item =
        hr_draft_quote_it(draft, node->place, "a condition compares with `==`, not with a colon",
                          node->offset, line, meant);
    item->label = hr_draft_say(draft, "write `%.*s`", HR_SHOW(meant));
    item->help = item->label;
    return true;
}

/* The key on the same line that the value at that byte stands behind, or none. */
static struct hr_text key_before(const struct hr_source *source, size_t from)
{
    size_t end = from;
    struct hr_text bytes = source == NULL ? HR_TEXT_NONE : source->bytes;
    while (end > 0 && end <= bytes.size && bytes.data[end - 1] == ' ') {
        end--;
    }
    if (end == 0 || end == from || end > bytes.size || bytes.data[end - 1] != ':') {
        return HR_TEXT_NONE;
    }
    size_t begin = --end;
    while (begin > 0 && strchr(" \n,{[\"'", bytes.data[begin - 1]) == NULL) {
        begin--;
    }
    return hr_clipped(hr_text_slice(bytes, begin, end));
}

/* A word alone is the name of something; a text needs quotes of its own inside those of YAML. */
static void quote_word(struct hr_draft *draft, const struct hr_node *node)
{
    bool quoted = node->style == HR_SCALAR_single || node->style == HR_SCALAR_double;
    size_t from = node->offset - (quoted ? 1 : 0);
    const struct hr_source *source = hr_draft_source(draft, node->place);
    struct hr_text written =
        source == NULL ? node->scalar : hr_text_slice(source->bytes, from, node->end);
    struct hr_text key = key_before(source, from);
    struct hr_text both = hr_draft_say(draft, "\"'%.*s'\"", HR_SHOW(hr_clipped(node->scalar)));
    struct hr_diagnostic *item = hr_draft_quote_it(
        draft, node->place, "a word alone is read as a name; a text needs quotes of its own", from,
        written, both);
    item->label = hr_draft_say(draft, "write %.*s", HR_SHOW(both));
    item->help = hr_draft_say(draft, "write `%.*s%s%.*s`, with both kinds of quotes", HR_SHOW(key),
                              key.size > 0 ? ": " : "", HR_SHOW(both));
}

/* True when nothing but a complaint can come of the node. */
static bool misread(struct hr_draft *draft, const struct hr_node *node, enum hr_expr_use use,
                    enum hr_type want)
{
    bool value = use == HR_USE_mapping || use == HR_USE_input ||
                 (use == HR_USE_rule && want != HR_TYPE_bool);
    if (node->kind != HR_NODE_scalar &&
        (write_none(draft, node) || write_comparison(draft, node))) {
        return true;
    }
    if (node->kind != HR_NODE_scalar) {
        quote_line(draft, node, "YAML reads this condition as a map or a list");
        return true;
    }
    if (!hr_draft_scalar(draft, node, "expression")) {
        return true;
    }
    if (cut_by_yaml(node)) {
        quote_line(draft, node, "YAML ends this line too early");
        return true;
    }
    if (value && bare_word(node->scalar)) {
        quote_word(draft, node);
        return true;
    }
    return false;
}

/* ---- compiling -------------------------------------------------------------------------------- */

struct spot {
    const struct hr_draft *draft;
    const struct hr_node *node;
    struct hr_text source;
    size_t begin; /* of the expression in the node's scalar */
};

static struct hr_place place_of(void *context, size_t offset, size_t size)
{
    const struct spot *spot = context;
    if (spot->draft->reterr->error_count >= HR_DIAGNOSTICS_MAX) {
        return spot->node->place; /* only counted: the file is not walked for nobody */
    }
    return hr_node_place_within(spot->node, spot->source, spot->begin + offset, size);
}

#define NAME(name) (1U << HR_SCOPE_##name)
#define RECORDS                                                                                    \
    (NAME(contact) | NAME(account) | NAME(opportunity) | NAME(ticket) | NAME(task) |               \
     NAME(set_by) | NAME(people))

/* The names that each place sees, and how to say so. */
static const struct {
    unsigned names;
    const char *says;
} uses[HR_USE_COUNT] = {
    [HR_USE_mapping] = {NAME(payload),
                        "a tool's `map` and `when` see only `payload`, what the tool has sent"},
    [HR_USE_condition] =
        {NAME(contact) | NAME(event) | NAME(handoff),
         "proofs see `contact`, `event` and `handoff`; map the payload to a field or to `data`"},
    [HR_USE_key] = {NAME(event),
                    "a key is made of the opening event only, for example `event.payment_id`"},
    [HR_USE_rule] = {RECORDS | NAME(event) | NAME(trigger),
                     "automations see `contact` and its links, `event`, `trigger`, `set_by` and "
                     "`people`; map the payload to a field or to `data`"},
    [HR_USE_skip] = {RECORDS | NAME(person),
                     "`skip` sees `person`, who would get it: person.away, person.load"},
    [HR_USE_evidence] = {RECORDS | NAME(event),
                         "the evidence of a stage is about the record and the event that moves it"},
    [HR_USE_input] = {1U << HR_CALL_SCOPE_input,
                      "what leaves is made of the inputs alone: `input.email`"},
    [HR_USE_answer] = {1U << HR_CALL_SCOPE_input | 1U << HR_CALL_SCOPE_answer,
                       "an answer is judged by `answer.status`, `answer.body` and the inputs"},
};

static bool is_of_call(enum hr_expr_use use)
{
    return use == HR_USE_input || use == HR_USE_answer;
}

static const struct hr_expr_scope *scope_of(const struct hr_draft *draft, enum hr_expr_use use)
{
    return is_of_call(use)         ? &draft->call_scope
           : use == HR_USE_mapping ? &draft->mapping_scope
                                   : &draft->scope;
}

/* Names that exist, but not here. */
static bool in_place(struct hr_draft *draft, const struct hr_expr *expr, enum hr_expr_use use,
                     const struct spot *spot)
{
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(expr, &count);
    for (size_t i = 0; i < count; i++) {
        if (reads[i].name < HR_SCOPE_COUNT && (uses[use].names >> reads[i].name & 1) != 0) {
            continue;
        }
        struct hr_text name = scope_of(draft, use)->names[reads[i].name].name;
        size_t at = hr_text_search(spot->node->scalar, name);
        struct hr_place place = hr_node_place_within(spot->node, spot->source, at, name.size);
        hr_draft_error(draft, name_out_of_place, place, "`%.*s` cannot be used here", HR_SHOW(name))
            ->help = hr_text_from(uses[use].says);
        return false;
    }
    return true;
}

/* A mapping reads what a tool has sent, a call is made of its inputs, and both give the same whenever they are
 * looked at: no clock, no hours of the business. A span that the tool sends may be one without them. */
static void timeless_needs(const struct hr_expr *expr, bool call, const char **ret_name,
                           const char **ret_how)
{
    uint32_t needs = hr_expr_uses(expr);
    struct hr_text source = hr_expr_source(expr);
    if ((needs & HR_EXPR_USES_hours) != 0 &&
        hr_text_search(source, HR_TEXT("business")) < source.size) {
        *ret_name = "business hours";
        *ret_how = call ? "ask for business hours in the condition of an automation"
                        : "map the time to a field or to `data`, and ask for business hours in the "
                          "condition of an automation";
    }
    if ((needs & HR_EXPR_USES_now) != 0) {
        bool within = hr_text_search(source, HR_TEXT("now")) == source.size;
        *ret_name = within ? "within()" : "now()";
        *ret_how = call ? "a call sees only its inputs: give it the time as one, as in "
                          "`with: {at: event.at}`"
                        : "a mapping sees only what the tool has sent: map a time of the payload; "
                          "every event has event.at, when it happened";
    }
}

/* What an event has, but not where this expression sees it: it would be unset for every customer. */
static bool is_seen(struct hr_draft *draft, const struct hr_expr *expr, enum hr_expr_use use,
                    const struct hr_node *node)
{
    const char *name = NULL;
    const char *how = NULL;
    if (use == HR_USE_condition && hr_plan_expr_reads(expr, HR_SCOPE_event, HR_EVENT_FIELD_id)) {
        name = "event.id";
        how = "ids are not kept; map it into `data`, as in `data: {message_id: payload.id}`, and "
              "write event.message_id";
    }
    if (use == HR_USE_key && hr_plan_expr_reads(expr, HR_SCOPE_event, HR_EVENT_FIELD_tool)) {
        name = "event.tool";
        how = "a key does not see the tool; write what names one instance, for example "
              "`event.payment_id`";
    }
    if (use != HR_USE_rule && (hr_expr_uses(expr) & HR_EXPR_USES_changed) != 0) {
        name = "changed()";
        how = "only the conditions of automations see what an event changed; here name the event "
              "that "
              "brings the change, as in event.type == 'booking.confirmed'";
    }
    if (use == HR_USE_mapping || is_of_call(use)) {
        timeless_needs(expr, is_of_call(use), &name, &how);
    }
    if (name != NULL) {
        hr_draft_error(draft, name_out_of_place, node->place, "`%s` is never known here", name)
            ->help = hr_text_from(how);
    }
    return name == NULL;
}

/* The plan remembers its programs, to give them back. */
static bool keep_program(struct hr_draft *draft, const struct hr_expr *expr)
{
    struct hr_plan *plan = draft->plan;
    const struct hr_expr **programs =
        hr_list_grow(draft->into, plan->programs, plan->program_count, &plan->program_capacity,
                     sizeof(const struct hr_expr *));
    if (programs == NULL) {
        hr_expr_release(expr);
        draft->refused = true;
        return false;
    }
    plan->programs = programs;
    plan->programs[plan->program_count++] = expr;
    return true;
}

const struct hr_expr *hr_draft_expr_part(struct hr_draft *draft, const struct hr_node *node,
                                         struct hr_text part, enum hr_expr_use use,
                                         enum hr_type want)
{
    const struct hr_expr *expr = NULL;
    const struct hr_source *source = hr_draft_source(draft, node->place);
    struct hr_text trimmed = hr_text_trim(part);
    struct spot spot = {draft, node, source == NULL ? HR_TEXT_NONE : source->bytes,
                        (size_t)(trimmed.data - node->scalar.data)};
    hr_status status = hr_expr_compile(draft->into, trimmed, scope_of(draft, use), want, place_of,
                                       &spot, draft->reterr, &expr);
    if (!hr_ok(status)) {
        draft->refused |= status.code == HR_E_MEMORY;
        return NULL;
    }
    bool kept = keep_program(draft, expr);
    return kept && in_place(draft, expr, use, &spot) && is_seen(draft, expr, use, node) ? expr
                                                                                        : NULL;
}

/* The address of a node as a key. */
static void keep_node(struct hr_draft *draft, const struct hr_node *node,
                      const struct hr_expr *expr)
{
    const struct hr_node **key = hr_draft_scratch(draft, const struct hr_node *, 1);
    if (key != NULL) {
        *key = node;
        draft->refused |= !hr_ok(
            hr_map_put(&draft->kept_exprs, (struct hr_text){(const char *)(void *)key, sizeof *key},
                       (uint64_t)(uintptr_t)expr));
    }
}

const struct hr_expr *hr_draft_kept_expr(const struct hr_draft *draft, const struct hr_node *node)
{
    struct hr_text key = {(const char *)(const void *)&node, sizeof(const struct hr_node *)};
    const uint64_t *expr = hr_map_find(&draft->kept_exprs, key);
    return expr == NULL ? NULL : (const struct hr_expr *)(uintptr_t)*expr;
}

const struct hr_expr *hr_draft_expr(struct hr_draft *draft, const struct hr_node *node,
                                    enum hr_expr_use use, enum hr_type want)
{
    if (misread(draft, node, use, want)) {
        return NULL;
    }
    const struct hr_expr *expr = hr_draft_expr_part(draft, node, node->scalar, use, want);
    if (draft->keeps_nodes && expr != NULL) {
        keep_node(draft, node, expr);
    }
    return expr;
}

bool hr_draft_holds_unset(struct hr_draft *draft, const struct hr_expr *expr)
{
    const struct hr_expr_view nothing = {.now = HR_INSTANT_NONE};
    struct hr_value value = hr_value_null();
    struct hr_arena_mark mark = hr_arena_mark(&draft->scratch);
    bool holds = hr_ok(hr_expr_evaluate(expr, &nothing, &draft->scratch, &value, NULL)) &&
                 value.kind == HR_KIND_bool && value.truth;
    hr_arena_rewind(&draft->scratch, mark);
    return holds;
}

/* An event of this type, of which nothing else is known yet. */
struct guess {
    const struct hr_draft *draft;
    size_t type;
    bool mapped;
};

static bool guessed(void *context, size_t name, int32_t field, struct hr_text text,
                    struct hr_value *ret_value)
{
    const struct guess *guess = context;
    int32_t attribute = field - HR_EVENT_FIELD_attributes;
    (void)text;
    if (name == HR_SCOPE_event && field == HR_EVENT_FIELD_type) {
        *ret_value = hr_value_text(guess->draft->types[guess->type].name);
        return true;
    }
    *ret_value = hr_value_null();
    return guess->mapped && name == HR_SCOPE_event && attribute >= 0 &&
           !hr_draft_sends(guess->draft, guess->type, attribute);
}

bool hr_draft_can_hold(struct hr_draft *draft, const struct hr_expr *expr, size_t type, bool mapped)
{
    struct guess guess = {draft, type, mapped};
    const struct hr_expr_view view = {.context = &guess,
                                      .field_of = guessed,
                                      .now = HR_INSTANT_NONE,
                                      .hours = &draft->plan->hours};
    struct hr_arena_mark mark = hr_arena_mark(&draft->scratch);
    bool holds = hr_expr_can_hold(expr, &view, &draft->scratch);
    hr_arena_rewind(&draft->scratch, mark);
    return holds;
}

bool hr_draft_constant(struct hr_draft *draft, const struct hr_expr *expr,
                       struct hr_value *ret_value)
{
    const struct hr_expr_view nothing = {.now = HR_INSTANT_NONE};
    size_t count = 0;
    (void)hr_expr_reads(expr, &count);
    return count == 0 && hr_ok(hr_expr_evaluate(expr, &nothing, &draft->scratch, ret_value, NULL));
}
