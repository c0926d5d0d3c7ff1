/* How the events of a tool are read: the tool's `map` as the default, each event's own lines over
 * it. */
#include "workspace/inside.h"

/* One mapping and the key it was written under. */
struct line {
    struct hr_mapping mapping;
    const struct hr_node *key;
};

struct lines {
    struct line *items;
    size_t count;
};

/* What one `map` says. */
struct reading {
    const struct hr_expr *id;
    const struct hr_expr *at;
    struct lines contact;
    struct lines fields;
    struct lines data;
    struct lines records[HR_RECORD_TYPE_COUNT]; /* but of contacts and tasks */
};

/* ---- one line --------------------------------------------------------------------------------- */

static void complain_value(struct hr_draft *draft, const struct hr_field *field,
                           const struct hr_node *node, struct hr_text text)
{
    struct hr_known_ids names = {
        .noun = "value", .items = field->values, .count = field->value_count};
    struct hr_diagnostic *item =
        hr_draft_error(draft, value_unknown, node->place, "`%.*s` has no value `%.*s`",
                       HR_SHOW(field->id), HR_SHOW(hr_clipped(text)));
    item->help = hr_draft_suggest(draft, text, &names);
    struct hr_text meant = hr_surely_meant(text, field->values, field->value_count);
    if (meant.size > 0 && node->scalar.size == text.size + 2) {
        hr_draft_mend(draft, item, node,
                      hr_draft_say(draft, "%c%.*s%c", node->scalar.data[0], HR_SHOW(meant),
                                   node->scalar.data[0]));
    }
}

void hr_draft_check_value(struct hr_draft *draft, const struct hr_field *field,
                          const struct hr_node *node, const struct hr_expr *expr)
{
    struct hr_value value = hr_value_null();
    if (field->value_count == 0 || !hr_draft_constant(draft, expr, &value) ||
        value.kind != HR_KIND_text) {
        return;
    }
    struct hr_text text = hr_value_as_text(&value);
    for (size_t i = 0; i < field->value_count; i++) {
        if (hr_text_equal(field->values[i], text)) {
            return;
        }
    }
    complain_value(draft, field, node, text);
}

/* A field of numbers takes whole ones too. */
enum hr_type hr_field_wanted_type(enum hr_field_type type)
{
    return type == HR_FIELD_number ? HR_TYPE_dyn : hr_field_expr_type(type);
}

static bool read_field_line(struct hr_draft *draft, const struct hr_pair *pair, struct line *line)
{
    int32_t field = hr_draft_ref(draft, pair->key, &draft->field_names, HR_CODE_field_unknown);
    enum hr_type want =
        field < 0 ? HR_TYPE_dyn : hr_field_wanted_type(draft->plan->fields[field].type);
    const struct hr_expr *value = hr_draft_expr(draft, pair->value, HR_USE_mapping, want);
    if (field >= 0 && value == NULL && draft->field_uses != NULL) {
        /* complained about already: what waits for the field is not complained about as well */
        draft->field_uses[field].mapped = true;
        draft->field_uses[field].open = true;
    }
    if (field < 0 || value == NULL) {
        return false;
    }
    hr_draft_check_value(draft, &draft->plan->fields[field], pair->value, value);
    *line = (struct line){{field, HR_NONE_INDEX, draft->plan->fields[field].id, value}, pair->key};
    return true;
}

/* The attribute's number over all tools; its type is dyn as soon as two tools disagree. */
int32_t hr_draft_note_attribute(struct hr_draft *draft, struct hr_text name, enum hr_type type)
{
    uint64_t *known = hr_map_find(&draft->attribute_by_name, name);
    if (known != NULL) {
        if (draft->attribute_types[*known] != type) {
            draft->attribute_types[*known] = HR_TYPE_dyn;
        }
        return (int32_t)*known;
    }
    if (draft->attribute_count == draft->attribute_capacity) {
        /* both or none: the capacity may not outgrow either */
        size_t name_capacity = draft->attribute_capacity;
        size_t type_capacity = draft->attribute_capacity;
        struct hr_text *names = hr_list_grow(&draft->scratch, draft->attributes,
                                             draft->attribute_count, &name_capacity, sizeof *names);
        enum hr_type *types = hr_list_grow(&draft->scratch, draft->attribute_types,
                                           draft->attribute_count, &type_capacity, sizeof *types);
        if (names == NULL || types == NULL) {
            draft->refused = true;
            return HR_NONE_INDEX;
        }
        draft->attributes = names;
        draft->attribute_types = types;
        draft->attribute_capacity = name_capacity;
    }
    size_t index = draft->attribute_count;
    draft->attributes[index] = hr_draft_copy(draft, name);
    draft->attribute_types[index] = type;
    draft->refused |=
        !hr_ok(hr_map_put(&draft->attribute_by_name, draft->attributes[index], index));
    draft->attribute_count++;
    return (int32_t)index;
}

bool hr_draft_attribute_free(struct hr_draft *draft, const struct hr_node *key)
{
    static const struct hr_text taken[] = {HR_TEXT("type"), HR_TEXT("id"), HR_TEXT("at"),
                                           HR_TEXT("tool")};
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        if (hr_text_equal(key->scalar, taken[i])) {
            hr_draft_error(draft, name_reserved, key->place, "every event already has `event.%.*s`",
                           HR_SHOW(taken[i]));
            return false;
        }
    }
    return true;
}

static bool read_data_line(struct hr_draft *draft, const struct hr_pair *pair, struct line *line)
{
    bool good = hr_draft_id(draft, pair->key, "event attribute", false) &&
                hr_draft_attribute_free(draft, pair->key);
    const struct hr_expr *value = hr_draft_expr(draft, pair->value, HR_USE_mapping, HR_TYPE_dyn);
    if (!good || value == NULL) {
        return false;
    }
    int32_t attribute = hr_draft_note_attribute(draft, pair->key->scalar, hr_expr_result(value));
    if (attribute < 0) {
        return false;
    }
    *line =
        (struct line){{HR_NONE_INDEX, attribute, draft->attributes[attribute], value}, pair->key};
    return true;
}

static bool is_match_key(const struct hr_draft *draft, int32_t field)
{
    for (size_t i = 0; i < draft->plan->match_count; i++) {
        if (draft->plan->match_on[i] == field) {
            return true;
        }
    }
    return false;
}

static bool read_contact_line(struct hr_draft *draft, const struct hr_pair *pair, struct line *line)
{
    if (!read_field_line(draft, pair, line)) {
        return false;
    }
    if (!is_match_key(draft, line->mapping.field) && draft->plan->match_count > 0) {
        hr_draft_error(draft, match_key_unknown, pair->key->place,
                       "contacts are not matched on `%.*s`", HR_SHOW(pair->key->scalar))
            ->help = hr_draft_say(draft, "move it to `fields`, or add it to `contacts.match_on`");
    }
    return true;
}

/* ---- one map ---------------------------------------------------------------------------------- */

/* What is said of a record of another kind. */
static bool read_line_of(struct hr_draft *draft, enum hr_record_type record,
                         const struct hr_pair *pair, struct line *line)
{
    int32_t field =
        hr_draft_ref(draft, pair->key, &draft->records[record].field_names, HR_CODE_field_unknown);
    const struct hr_field *known = field < 0 ? NULL : &draft->plan->records[record].fields[field];
    enum hr_type want = known == NULL ? HR_TYPE_dyn : hr_field_wanted_type(known->type);
    const struct hr_expr *value = hr_draft_expr(draft, pair->value, HR_USE_mapping, want);
    if (known == NULL || value == NULL) {
        return false;
    }
    hr_draft_check_value(draft, known, pair->value, value);
    *line = (struct line){{field, HR_NONE_INDEX, known->id, value}, pair->key};
    return true;
}

static bool read_account_line(struct hr_draft *draft, const struct hr_pair *pair, struct line *line)
{
    return read_line_of(draft, HR_RECORD_TYPE_account, pair, line);
}

static bool read_opportunity_line(struct hr_draft *draft, const struct hr_pair *pair,
                                  struct line *line)
{
    return read_line_of(draft, HR_RECORD_TYPE_opportunity, pair, line);
}

static bool read_ticket_line(struct hr_draft *draft, const struct hr_pair *pair, struct line *line)
{
    return read_line_of(draft, HR_RECORD_TYPE_ticket, pair, line);
}

typedef bool (*line_reader)(struct hr_draft *draft, const struct hr_pair *pair, struct line *line);

/* Own lines first, then those of the tool that they do not replace. */
static struct lines read_lines(struct hr_draft *draft, const struct hr_node *map, const char *key,
                               line_reader reader, const struct lines *base)
{
    const struct hr_node *node = hr_draft_get(map, key);
    size_t own = 0;
    if (node != NULL && node->kind != HR_NODE_map) {
        hr_draft_error(draft, kind_wrong, node->place,
                       "`%s` must be a map of `name: expression` lines", key)
            ->help = hr_draft_say(draft, "write `%s: {name: payload.name}`", key);
    } else if (node != NULL &&
               hr_draft_within(draft, HR_LIMIT_mappings, node->count, node->place)) {
        own = node->count;
    }
    struct lines lines = {.items = hr_draft_scratch(draft, struct line, own + base->count)};
    if (lines.items == NULL) {
        return lines;
    }
    for (size_t i = 0; i < own; i++) {
        lines.count += reader(draft, &node->pairs[i], &lines.items[lines.count]);
    }
    size_t mine = lines.count;
    for (size_t i = 0; i < base->count; i++) {
        bool replaced = false;
        for (size_t other = 0; other < mine; other++) {
            replaced = replaced ||
                       hr_text_equal(lines.items[other].mapping.name, base->items[i].mapping.name);
        }
        if (!replaced) {
            lines.items[lines.count++] = base->items[i];
        }
    }
    return lines;
}

static const struct hr_expr *read_part(struct hr_draft *draft, const struct hr_node *map,
                                       const char *key, enum hr_type want,
                                       const struct hr_expr *base)
{
    const struct hr_node *node = hr_draft_get(map, key);
    return node == NULL ? base : hr_draft_expr(draft, node, HR_USE_mapping, want);
}

static struct reading read_map(struct hr_draft *draft, const struct hr_node *map,
                               const struct reading *base)
{
    return (struct reading){
        .id = read_part(draft, map, "id", HR_TYPE_dyn, base->id),
        .at = read_part(draft, map, "at", HR_TYPE_time, base->at),
        .contact = read_lines(draft, map, "contact", read_contact_line, &base->contact),
        .fields = read_lines(draft, map, "fields", read_field_line, &base->fields),
        .data = read_lines(draft, map, "data", read_data_line, &base->data),
        .records = {[HR_RECORD_TYPE_account] = read_lines(draft, map, "account", read_account_line,
                                                          &base->records[HR_RECORD_TYPE_account]),
                    [HR_RECORD_TYPE_opportunity] =
                        read_lines(draft, map, "opportunity", read_opportunity_line,
                                   &base->records[HR_RECORD_TYPE_opportunity]),
                    [HR_RECORD_TYPE_ticket] = read_lines(draft, map, "ticket", read_ticket_line,
                                                         &base->records[HR_RECORD_TYPE_ticket])},
    };
}

/* ---- one event -------------------------------------------------------------------------------- */

/* Remembers what the mapping can bring into its field, for "nothing can prove this". */
static void note_use(struct hr_draft *draft, const struct hr_mapping *mapping)
{
    struct hr_field_use *use = &draft->field_uses[mapping->field];
    struct hr_value value = hr_value_null();
    use->mapped = true;
    if (!hr_draft_constant(draft, mapping->value, &value) || value.kind != HR_KIND_text) {
        use->open = true;
        return;
    }
    struct hr_text *text = hr_draft_scratch(draft, struct hr_text, 1);
    if (use->constant_count == use->constant_capacity) {
        const struct hr_text **grown =
            hr_list_grow(&draft->scratch, (void *)use->constants, use->constant_count,
                         &use->constant_capacity, sizeof *grown);
        use->constants = grown == NULL ? use->constants : grown;
    }
    if (text != NULL && use->constant_count < use->constant_capacity) {
        *text = hr_value_as_text(&value);
        use->constants[use->constant_count++] = text;
    }
}

static const struct hr_mapping *keep_lines(struct hr_draft *draft, const struct lines *lines,
                                           size_t *ret_count)
{
    struct hr_mapping *mappings = hr_draft_keep(draft, struct hr_mapping, lines->count);
    *ret_count = mappings == NULL ? 0 : lines->count;
    for (size_t i = 0; mappings != NULL && i < lines->count; i++) {
        mappings[i] = lines->items[i].mapping;
        if (mappings[i].field >= 0) {
            note_use(draft, &mappings[i]);
        }
    }
    return mappings;
}

/* The same field as match key and as plain field: the contact would be found by one value and get
 * another. */
static void check_mapped_twice(struct hr_draft *draft, const struct reading *reading)
{
    for (size_t i = 0; i < reading->contact.count; i++) {
        for (size_t other = 0; other < reading->fields.count; other++) {
            const struct line *key = &reading->contact.items[i];
            const struct line *field = &reading->fields.items[other];
            if (key->mapping.field != field->mapping.field) {
                continue;
            }
            struct hr_diagnostic *item =
                hr_draft_error(draft, mapped_twice, field->key->place, "`%.*s` is mapped twice",
                               HR_SHOW(field->mapping.name));
            item->label = HR_TEXT("as a field");
            item->second = key->key->place;
            item->second_label = HR_TEXT("and as a match key");
        }
    }
}

void hr_draft_note_type(struct hr_draft *draft, struct hr_event_type *event, bool emitted)
{
    struct hr_type_use use = {event->name, event, NULL, emitted};
    uint64_t *known = hr_map_find(&draft->type_by_name, event->name);
    if (known != NULL) {
        struct hr_type_use *next = hr_draft_scratch(draft, struct hr_type_use, 1);
        if (next != NULL) {
            use.next = draft->types[*known].next;
            *next = use;
            draft->types[*known].next = next;
        }
        return;
    }
    if (draft->type_count == draft->type_capacity) {
        struct hr_type_use *grown = hr_list_grow(&draft->scratch, draft->types, draft->type_count,
                                                 &draft->type_capacity, sizeof *grown);
        if (grown == NULL) {
            return;
        }
        draft->types = grown;
    }
    draft->refused |= !hr_ok(hr_map_put(&draft->type_by_name, event->name, draft->type_count));
    draft->types[draft->type_count++] = use;
}

static void check_event(struct hr_draft *draft, const struct hr_tool *tool,
                        const struct hr_event_type *event, const struct hr_node *at, bool has_when)
{
    bool told = tool->kind == HR_TOOL_cloudevents || tool->kind == HR_TOOL_file ||
                tool->kind == HR_TOOL_import;
    if (!told && tool->type == NULL && !has_when) {
        hr_draft_error(draft, event_unrecognised, at->place,
                       "nothing says how `%.*s` is recognised", HR_SHOW(event->name))
            ->help =
            hr_draft_say(draft,
                         "add `type: payload.type` to the tool's `map`, or `when: payload.type == "
                         "'%.*s'` to the event",
                         HR_SHOW(event->name));
    }
    if (event->contact_count == 0 && draft->plan->match_count > 0) {
        struct hr_text key = draft->plan->fields[draft->plan->match_on[0]].id;
        hr_draft_warning(draft, contact_unmapped, at->place, "nothing says whose event `%.*s` is",
                         HR_SHOW(event->name))
            ->help = hr_draft_say(draft, "add `contact: {%.*s: payload.%.*s}` to its `map`",
                                  HR_SHOW(key), HR_SHOW(key));
    }
}

/* Something among the lines must tell which record it is. */
static void check_identified(struct hr_draft *draft, enum hr_record_type record,
                             const struct lines *lines)
{
    const struct hr_record_plan *plan = &draft->plan->records[record];
    struct hr_text noun = hr_words_record_type.items[record];
    struct hr_text many = hr_words_records.items[record];
    for (size_t i = 0; i < lines->count; i++) {
        for (size_t key = 0; key < plan->match_count; key++) {
            if (plan->match_on[key] == lines->items[i].mapping.field) {
                return;
            }
        }
    }
    struct hr_diagnostic *item =
        hr_draft_error(draft, record_unidentified, lines->items[0].key->place,
                       "nothing says which %.*s it is", HR_SHOW(noun));
    item->help =
        plan->match_count == 0
            ? hr_draft_say(draft, "add `match_on` with such a field to `%.*s`", HR_SHOW(many))
            : hr_draft_say(draft, "map `%.*s` too: %.*s are matched on it",
                           HR_SHOW(plan->fields[plan->match_on[0]].id), HR_SHOW(many));
}

static void keep_records(struct hr_draft *draft, const struct reading *reading,
                         struct hr_event_type *event)
{
    struct hr_record_mapping *records =
        hr_draft_keep(draft, struct hr_record_mapping, HR_RECORD_TYPE_COUNT);
    event->records = records;
    for (size_t i = 0; records != NULL && i < HR_RECORD_TYPE_COUNT; i++) {
        const struct lines *lines = &reading->records[i];
        struct hr_mapping *kept =
            lines->count == 0 ? NULL : hr_draft_keep(draft, struct hr_mapping, lines->count);
        if (kept == NULL) {
            continue;
        }
        check_identified(draft, (enum hr_record_type)i, lines);
        for (size_t line = 0; line < lines->count; line++) {
            kept[line] = lines->items[line].mapping;
        }
        records[event->record_count++] = (struct hr_record_mapping){
            .record = (enum hr_record_type)i, .lines = kept, .line_count = lines->count};
    }
}

/* details: NULL when only the name is given. */
static void read_event(struct hr_draft *draft, struct hr_tool *tool, struct hr_event_type *event,
                       const struct hr_pair *pair, const struct reading *base)
{
    const struct hr_node *details = pair->value;
    bool empty = details != NULL && details->kind == HR_NODE_scalar && details->scalar.size == 0;
    details = empty || (details != NULL && !hr_draft_map(draft, HR_GRAM_event, pair->key, details))
                  ? NULL
                  : details;
    const struct hr_node *map = hr_draft_get(details, "map");
    if (map != NULL && !hr_draft_map(draft, HR_GRAM_event_map, map, map)) {
        map = NULL;
    }
    const struct hr_node *when = hr_draft_get(details, "when");
    event->when = when == NULL ? NULL : hr_draft_expr(draft, when, HR_USE_mapping, HR_TYPE_bool);
    struct reading reading = read_map(draft, map, base);
    event->id = reading.id;
    event->at = reading.at;
    event->contact = keep_lines(draft, &reading.contact, &event->contact_count);
    event->fields = keep_lines(draft, &reading.fields, &event->field_count);
    event->data = keep_lines(draft, &reading.data, &event->data_count);
    keep_records(draft, &reading, event);
    check_mapped_twice(draft, &reading);
    check_event(draft, tool, event, pair->key, when != NULL);
    hr_draft_note_type(draft, event, false);
}

/* A list of names and a map from names look the same from here on. */
static size_t event_pairs(struct hr_draft *draft, const struct hr_node *events,
                          struct hr_pair **ret_pairs)
{
    *ret_pairs = NULL;
    if (events == NULL || !(events->kind == HR_NODE_list || events->kind == HR_NODE_map)) {
        if (events != NULL) {
            hr_draft_error(draft, kind_wrong, events->place,
                           "`events` must be a list of names or a map from names")
                ->help = HR_TEXT("write `events: [payment.succeeded]`");
        }
        return 0;
    }
    if (!hr_draft_within(draft, HR_LIMIT_tool_events, events->count, events->place)) {
        return 0;
    }
    *ret_pairs = hr_draft_scratch(draft, struct hr_pair, events->count);
    for (size_t i = 0; *ret_pairs != NULL && i < events->count; i++) {
        (*ret_pairs)[i] = events->kind == HR_NODE_map ? events->pairs[i]
                                                      : (struct hr_pair){events->items[i], NULL};
    }
    return *ret_pairs == NULL ? 0 : events->count;
}

void hr_draft_read_events(struct hr_draft *draft, struct hr_tool *tool, const struct hr_node *node)
{
    const struct reading nothing = {0};
    const struct hr_node *map = hr_draft_get(node, "map");
    if (map != NULL && !hr_draft_map(draft, HR_GRAM_tool_map, map, map)) {
        map = NULL;
    }
    tool->type = read_part(draft, map, "type", HR_TYPE_text, NULL);
    struct reading base = read_map(draft, map, &nothing);
    struct hr_pair *pairs = NULL;
    size_t count = event_pairs(draft, hr_draft_get(node, "events"), &pairs);
    struct hr_event_type *events = hr_draft_keep(draft, struct hr_event_type, count);
    size_t kept = 0;
    for (size_t i = 0; events != NULL && i < count; i++) {
        if (!hr_draft_id(draft, pairs[i].key, "event", true)) {
            continue;
        }
        bool twice = false;
        for (size_t other = 0; other < kept; other++) {
            twice = twice || hr_text_equal(events[other].name, pairs[i].key->scalar);
        }
        if (twice) {
            hr_draft_error(draft, id_twice, pairs[i].key->place, "event `%.*s` is listed twice",
                           HR_SHOW(pairs[i].key->scalar));
            continue;
        }
        events[kept].name = hr_draft_copy(draft, pairs[i].key->scalar);
        read_event(draft, tool, &events[kept], &pairs[i], &base);
        kept++;
    }
    tool->events = events;
    tool->event_count = kept;
}

bool hr_draft_sends(const struct hr_draft *draft, size_t type, int32_t attribute)
{
    for (const struct hr_type_use *use = &draft->types[type]; use != NULL; use = use->next) {
        for (size_t i = 0; i < use->event->data_count; i++) {
            if (use->event->data[i].attribute == attribute) {
                return true;
            }
        }
    }
    return false;
}
