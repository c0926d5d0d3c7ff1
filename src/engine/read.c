/* A tool's message, read through its mapping: which event, when, whose, what is known now. */
#include "data/identity.h"
#include "engine/step_internal.h"

#include <string.h>

struct reading {
    const struct hr_engine *engine;
    const struct hr_tool *tool;
    const struct hr_value *payload;
    const struct hr_given *given;
    struct hr_arena *arena;
    struct hr_heard *heard;
    size_t identity_count; /* the first so many fields say who it is */
};

static bool payload_of(void *context, size_t name, struct hr_value *ret_value)
{
    const struct reading *reading = context;
    if (name != HR_SCOPE_payload) {
        return false;
    }
    *ret_value = *reading->payload;
    return true;
}

enum { COMPLAINTS_MAX = 8 };

static void complain(struct reading *reading, int32_t field, struct hr_text text)
{
    struct hr_heard *heard = reading->heard;
    if (heard->complaints == NULL) {
        heard->complaints =
            hr_arena_new_many(reading->arena, struct hr_heard_complaint, COMPLAINTS_MAX);
    }
    if (heard->complaints != NULL && heard->complaint_count < COMPLAINTS_MAX) {
        heard->complaints[heard->complaint_count++] = (struct hr_heard_complaint){field, text};
    }
}

struct hr_text hr_heard_complained(const struct hr_heard *heard, struct hr_arena *into)
{
    struct hr_buffer all;
    hr_buffer_init(&all, into, 16 << 10);
    for (size_t i = 0; i < heard->complaint_count; i++) {
        hr_buffer_add_text(&all, i == 0 ? HR_TEXT_NONE : HR_TEXT("; "));
        hr_buffer_add_text(&all, heard->complaints[i].text);
    }
    return hr_buffer_text(&all);
}

/* A mapping's value; false when there is none. A failure is remembered in words, without the value. */
static bool evaluate(struct reading *reading, const struct hr_expr *expr, int32_t field,
                     struct hr_text what, struct hr_value *ret_value)
{
    if (expr == NULL) {
        return false;
    }
    const struct hr_expr_view view = {
        .context = reading, .value_of = payload_of, .now = HR_INSTANT_NONE};
    struct hr_expr_error error = {HR_TEXT_NONE, 0};
    hr_status status = hr_expr_evaluate(expr, &view, reading->arena, ret_value, &error);
    if (hr_ok(status)) {
        return ret_value->kind != HR_KIND_null;
    }
    if (status.code != HR_EXPR_UNSET) {
        complain(reading, field,
                 hr_text_format(reading->arena, "the mapping of %.*s failed: %.*s", HR_SHOW(what),
                                HR_SHOW(error.message)));
    }
    return false;
}

/* The key of words with a colon between. Of fewer words than these it would be the key of another thing. */
static hr_status key_of(const struct hr_engine *engine, const struct hr_text *words, size_t count,
                        struct hr_arena *into, struct hr_key *ret_key)
{
    struct hr_buffer out;
    size_t size = count;
    for (size_t i = 0; i < count; i++) {
        size += words[i].size;
    }
    hr_buffer_init(&out, into, size);
    for (size_t i = 0; i < count; i++) {
        hr_buffer_add(&out, ":", i == 0 ? 0 : 1);
        hr_buffer_add_text(&out, words[i]);
    }
    HR_TRY(hr_buffer_status(&out));
    *ret_key = hr_key_of(engine->secret, hr_buffer_text(&out));
    return hr_done();
}

/* ---- which event -------------------------------------------------------------------------------- */

static struct hr_text envelope(const struct reading *reading, struct hr_text attribute)
{
    const struct hr_value *member = hr_value_member(reading->payload, attribute);
    return member == NULL ? HR_TEXT_NONE : hr_value_as_text(member);
}

static hr_status find_type(struct reading *reading)
{
    struct hr_value value = hr_value_null();
    if (reading->given->as != NULL) {
        reading->heard->type = reading->given->as;
        reading->heard->type_word = reading->given->as->name;
        return hr_done();
    }
    if (reading->given->type.size > 0) {
        reading->heard->type_word = reading->given->type;
    } else if (evaluate(reading, reading->tool->type, -1, HR_TEXT("type"), &value)) {
        HR_TRY(hr_value_name(reading->arena, &value, &reading->heard->type_word));
    } else if (reading->tool->kind == HR_TOOL_cloudevents) {
        reading->heard->type_word = envelope(reading, HR_TEXT("type"));
    }
    for (size_t i = 0; i < reading->tool->event_count; i++) {
        const struct hr_event_type *type = &reading->tool->events[i];
        bool is = type->when == NULL ? hr_text_equal(type->name, reading->heard->type_word)
                                     : evaluate(reading, type->when, -1, type->name, &value) &&
                                           value.kind == HR_KIND_bool && value.truth;
        if (is) {
            reading->heard->type = type;
            reading->heard->type_word = type->name;
            break;
        }
    }
    return hr_done();
}

/* source and id together are one event's name (CloudEvents 1.0, id). Half a name is none: all messages that lack the
 * same half would be one event, and only the first of them would be heard. */
static struct hr_text event_name(const struct reading *reading)
{
    struct hr_text source = envelope(reading, HR_TEXT("source"));
    struct hr_text id = envelope(reading, HR_TEXT("id"));
    struct hr_buffer name;
    hr_buffer_init(&name, reading->arena, source.size + id.size + 1);
    if (source.size > 0 && id.size > 0) {
        hr_buffer_add_text(&name, source);
        hr_buffer_add_byte(&name, ' ');
        hr_buffer_add_text(&name, id);
    }
    return hr_buffer_text(&name);
}

/* The same message again must have the same key: the tool's own id, else the body itself. */
static hr_status find_delivery(struct reading *reading, struct hr_text raw)
{
    struct hr_value value = hr_value_null();
    const struct hr_event_type *type = reading->heard->type;
    if (type != NULL && evaluate(reading, type->id, -1, HR_TEXT("id"), &value)) {
        HR_TRY(hr_value_name(reading->arena, &value, &reading->heard->id));
    }
    if (reading->heard->id.size == 0 && reading->tool->kind == HR_TOOL_cloudevents) {
        reading->heard->id = event_name(reading);
    }
    if (reading->heard->id.size == 0) {
        reading->heard->id = reading->given->id;
    }
    bool named = reading->heard->id.size > 0;
    struct hr_text what = named ? reading->heard->id : raw;
    const struct hr_text words[] = {named ? HR_TEXT("id") : HR_TEXT("body"), reading->tool->id,
                                    what};
    return key_of(reading->engine, words, 3, reading->arena, &reading->heard->delivery);
}

static void find_time(struct reading *reading, hr_instant received_at)
{
    struct hr_value value = hr_value_null();
    hr_instant at = HR_INSTANT_NONE;
    const struct hr_event_type *type = reading->heard->type;
    if (type != NULL && evaluate(reading, type->at, -1, HR_TEXT("at"), &value)) {
        if (value.kind == HR_KIND_time) {
            at = value.time;
        } else if (value.kind == HR_KIND_text && !hr_instant_read(hr_value_as_text(&value), &at)) {
            at = HR_INSTANT_NONE;
        }
    }
    if (at == HR_INSTANT_NONE && reading->tool->kind == HR_TOOL_cloudevents &&
        !hr_instant_read(envelope(reading, HR_TEXT("time")), &at)) {
        at = HR_INSTANT_NONE;
    }
    /* a clock that runs ahead must not make every later word look old */
    bool usable = at != HR_INSTANT_NONE && at <= received_at;
    reading->heard->occurred_at = usable ? at : received_at;
    reading->heard->occurred_is_receipt = !usable;
}

/* ---- what it says of them --------------------------------------------------------------------------- */

/* What a field of the type would have to be. */
static const char *wanted(const struct hr_field *field)
{
    static const char *const words[] = {
        [HR_FIELD_text] = "a text",
        [HR_FIELD_long_text] = "a text",
        [HR_FIELD_email] = "an e-mail address",
        [HR_FIELD_phone] = "a phone number",
        [HR_FIELD_domain] = "a domain name",
        [HR_FIELD_country] = "a text",
        [HR_FIELD_choice] = "one of its values",
        [HR_FIELD_person] = "the id of a person",
        [HR_FIELD_stage] = "one of its stages",
        [HR_FIELD_consent] = "given or withdrawn",
        [HR_FIELD_money] = "a whole number",
        [HR_FIELD_integer] = "a whole number",
        [HR_FIELD_number] = "a number",
        [HR_FIELD_boolean] = "true or false",
        [HR_FIELD_time] = "a time as in 2026-11-22T10:02:09Z",
    };
    return words[field->type];
}

/* index: of a contact's field, or -1. */
static void complain_type(struct reading *reading, const struct hr_field *field, int32_t index)
{
    struct hr_buffer text;
    hr_buffer_init(&text, reading->arena, 16 << 10);
    hr_buffer_add_format(&text, "what was sent for %.*s is not %s", HR_SHOW(field->id),
                         wanted(field));
    for (size_t i = 0; i < field->value_count; i++) {
        hr_buffer_add_text(&text, i == 0 ? HR_TEXT(": ") : HR_TEXT(", "));
        hr_buffer_add_text(&text, field->values[i]);
    }
    complain(reading, index, hr_buffer_text(&text));
}

/* What a test says that the message brings under a name; NULL: nothing. */
static const struct hr_test_value *given_value(const struct reading *reading, struct hr_text name)
{
    for (size_t i = 0; i < reading->given->value_count; i++) {
        if (hr_text_equal(reading->given->values[i].name, name)) {
            return &reading->given->values[i];
        }
    }
    return NULL;
}

/* A field's word, as a test gives it or the payload says it; false: it does not come along. */
static bool field_value(struct reading *reading, const struct hr_mapping *mapping,
                        struct hr_text id, struct hr_value *ret_value)
{
    const struct hr_test_value *given = given_value(reading, id);
    if (given == NULL) {
        return evaluate(reading, mapping->value, mapping->field, id, ret_value);
    }
    *ret_value = hr_value_text(given->value);
    return given->value.size > 0;
}

static hr_status read_fields(struct reading *reading)
{
    const struct hr_event_type *type = reading->heard->type;
    const struct hr_plan *plan = reading->engine->plan;
    size_t most = type->field_count + type->contact_count;
    reading->heard->fields = hr_arena_new_many(reading->arena, struct hr_heard_field, most);
    if (reading->heard->fields == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < most; i++) {
        const struct hr_mapping *mapping =
            i < type->contact_count ? &type->contact[i] : &type->fields[i - type->contact_count];
        const struct hr_field *field = &plan->fields[mapping->field];
        struct hr_value value = hr_value_null();
        if (!field_value(reading, mapping, field->id, &value)) {
            continue;
        }
        if (!hr_typed(reading->arena, plan, field, &value)) {
            complain_type(reading, field, mapping->field);
            continue;
        }
        reading->heard->fields[reading->heard->field_count++] =
            (struct hr_heard_field){.field = mapping->field, .value = value};
        reading->identity_count += i < type->contact_count ? 1 : 0;
    }
    return hr_done();
}

static const struct hr_value *identity_of(const struct reading *reading, int32_t field)
{
    for (size_t i = 0; i < reading->identity_count; i++) {
        if (reading->heard->fields[i].field == field) {
            return &reading->heard->fields[i].value;
        }
    }
    return NULL;
}

static hr_status match_key(const struct hr_engine *engine, int32_t field, struct hr_text normal,
                           struct hr_arena *into, struct hr_heard_key *ret_key)
{
    const struct hr_text words[] = {engine->plan->fields[field].id, normal};
    *ret_key = (struct hr_heard_key){.field = field, .value = normal};
    return key_of(engine, words, 2, into, &ret_key->key);
}

/* Who it is about: only what the mapping names under `contact` identifies a person. */
static hr_status read_keys(struct reading *reading)
{
    const struct hr_plan *plan = reading->engine->plan;
    reading->heard->keys =
        hr_arena_new_many(reading->arena, struct hr_heard_key, plan->match_count);
    if (reading->heard->keys == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < plan->match_count; i++) {
        const struct hr_value *value = identity_of(reading, plan->match_on[i]);
        if (value != NULL && value->kind == HR_KIND_text) {
            HR_TRY(match_key(reading->engine, plan->match_on[i], hr_value_as_text(value),
                             reading->arena, &reading->heard->keys[reading->heard->key_count++]));
        }
    }
    return hr_done();
}

/* Text as a value of the kind that the payload has there, or the mapping makes. */
static struct hr_value as_kind(struct reading *reading, struct hr_text text, enum hr_kind kind)
{
    struct hr_value value = hr_value_text(text);
    hr_instant at = 0;
    if (kind == HR_KIND_time && hr_instant_read(text, &at)) {
        return hr_value_time(at);
    }
    bool bare = kind == HR_KIND_int || kind == HR_KIND_uint || kind == HR_KIND_double ||
                kind == HR_KIND_bool;
    struct hr_value read;
    bool fits = bare && hr_ok(hr_json_read(reading->arena, text, NULL, NULL, &read));
    return fits ? read : value;
}

static enum hr_kind kind_made(const struct hr_expr *expr)
{
    static const enum hr_kind kinds[HR_TYPE_cidr + 1] = {[HR_TYPE_int] = HR_KIND_int,
                                                         [HR_TYPE_double] = HR_KIND_double,
                                                         [HR_TYPE_bool] = HR_KIND_bool,
                                                         [HR_TYPE_time] = HR_KIND_time};
    return kinds[hr_expr_result(expr)];
}

/* An attribute, as field_value. */
static bool attribute_value(struct reading *reading, const struct hr_mapping *mapping,
                            struct hr_value *ret_value)
{
    bool there = evaluate(reading, mapping->value, -1, mapping->name, ret_value);
    const struct hr_test_value *given = given_value(reading, mapping->name);
    if (given == NULL) {
        return there;
    }
    *ret_value = as_kind(reading, given->value,
                         there ? (enum hr_kind)ret_value->kind : kind_made(mapping->value));
    return given->value.size > 0;
}

/* ---- what it says of others -------------------------------------------------------------------------- */

hr_status hr_engine_record_key(const struct hr_engine *engine, enum hr_record_type record,
                               int32_t field, struct hr_text normal, struct hr_arena *into,
                               struct hr_heard_key *ret_key)
{
    /* no id is a slash: this is the key of no contact, and of no other kind */
    const struct hr_text words[] = {HR_TEXT("/"), hr_record_type_word(record),
                                    engine->plan->records[record].fields[field].id, normal};
    *ret_key = (struct hr_heard_key){.field = field, .value = normal};
    return key_of(engine, words, 4, into, &ret_key->key);
}

static hr_status read_record_keys(struct reading *reading, struct hr_heard_record *heard)
{
    const struct hr_record_plan *plan = &reading->engine->plan->records[heard->record];
    heard->keys = hr_arena_new_many(reading->arena, struct hr_heard_key, plan->match_count);
    if (heard->keys == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t key = 0; key < plan->match_count; key++) {
        for (size_t i = 0; i < heard->field_count; i++) {
            const struct hr_value *value = &heard->fields[i].value;
            if (heard->fields[i].field == plan->match_on[key] && value->kind == HR_KIND_text) {
                HR_TRY(hr_engine_record_key(reading->engine, heard->record, plan->match_on[key],
                                            hr_value_as_text(value), reading->arena,
                                            &heard->keys[heard->key_count++]));
                break;
            }
        }
    }
    return hr_done();
}

static hr_status read_record(struct reading *reading, const struct hr_record_mapping *mapping,
                             struct hr_heard_record *heard)
{
    const struct hr_plan *plan = reading->engine->plan;
    *heard = (struct hr_heard_record){.record = mapping->record};
    heard->fields = hr_arena_new_many(reading->arena, struct hr_heard_field, mapping->line_count);
    if (heard->fields == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < mapping->line_count; i++) {
        const struct hr_mapping *line = &mapping->lines[i];
        const struct hr_field *field = &plan->records[mapping->record].fields[line->field];
        struct hr_value value = hr_value_null();
        if (!evaluate(reading, line->value, -1, field->id, &value)) {
            continue;
        }
        if (!hr_typed(reading->arena, plan, field, &value)) {
            complain_type(reading, field, -1);
            continue;
        }
        heard->fields[heard->field_count++] =
            (struct hr_heard_field){.field = line->field, .value = value};
    }
    return read_record_keys(reading, heard);
}

static hr_status read_records(struct reading *reading)
{
    const struct hr_event_type *type = reading->heard->type;
    struct hr_heard *heard = reading->heard;
    if (type->record_count == 0) {
        return hr_done();
    }
    heard->records = hr_arena_new_many(reading->arena, struct hr_heard_record, type->record_count);
    if (heard->records == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < type->record_count; i++) {
        HR_TRY(read_record(reading, &type->records[i], &heard->records[heard->record_count]));
        heard->record_count += heard->records[heard->record_count].key_count > 0;
    }
    return hr_done();
}

static hr_status read_data(struct reading *reading)
{
    const struct hr_event_type *type = reading->heard->type;
    struct hr_member *members =
        hr_arena_new_many(reading->arena, struct hr_member, type->data_count);
    if (members == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    uint32_t count = 0;
    for (size_t i = 0; i < type->data_count; i++) {
        struct hr_value value = hr_value_null();
        if (attribute_value(reading, &type->data[i], &value)) {
            members[count++] = (struct hr_member){hr_value_text(type->data[i].name), value};
        }
    }
    reading->heard->data =
        (struct hr_value){.kind = HR_KIND_map, .count = count, .members = members};
    return hr_done();
}

hr_status hr_engine_read(const struct hr_engine *engine, int32_t tool,
                         const struct hr_value *payload, struct hr_text raw, struct hr_given given,
                         hr_instant received_at, struct hr_arena *into, struct hr_heard *ret_heard)
{
    hr_assert(tool >= 0 && (size_t)tool < engine->plan->tool_count);
    *ret_heard = (struct hr_heard){.tool = tool, .data = {.kind = HR_KIND_map}};
    struct reading reading = {
        .engine = engine,
        .tool = &engine->plan->tools[tool],
        .payload = payload,
        .given = &given,
        .arena = into,
        .heard = ret_heard,
    };
    HR_TRY(find_type(&reading));
    HR_TRY(find_delivery(&reading, raw));
    find_time(&reading, received_at);
    if (ret_heard->type != NULL) {
        HR_TRY(read_fields(&reading));
        HR_TRY(read_keys(&reading));
        HR_TRY(read_records(&reading));
        HR_TRY(read_data(&reading));
    }
    /* a value, or a type, that found no memory is not one that was not sent */
    return into->failed ? hr_answer(HR_E_MEMORY) : hr_done();
}

bool hr_engine_match_key(const struct hr_engine *engine, int32_t field, struct hr_text written,
                         struct hr_arena *into, struct hr_heard_key *ret_key)
{
    struct hr_value value = hr_value_text(written);
    if (!hr_typed(into, engine->plan, &engine->plan->fields[field], &value) ||
        value.kind != HR_KIND_text) {
        return false;
    }
    return hr_ok(match_key(engine, field, hr_value_as_text(&value), into, ret_key));
}
