/* Messages of tools: one that was recorded, filled with the words of a test; without one, what the test gives. */
#include "trial/inside.h"

static const struct hr_text somebody = {"ada@example.com", 15};
static const uint8_t no_secret[HR_KEY_SIZE]; /* to find out what a recording is takes none */

/* ---- filling a recording ------------------------------------------------------------------------------- */

/* What is put into a recording. */
struct filling {
    struct hr_arena *arena;
    const struct hr_test_value *values;
    size_t value_count;
    struct hr_text id;
    hr_instant at;
};

static const struct hr_test_value *value_named(const struct hr_test_value *values, size_t count,
                                               struct hr_text name)
{
    for (size_t i = 0; i < count; i++) {
        if (hr_text_equal(values[i].name, name)) {
            return &values[i];
        }
    }
    return NULL;
}

/* A text as it stands between the quotes of a JSON text. */
static void add_escaped(struct hr_buffer *out, struct hr_arena *arena, struct hr_text text)
{
    struct hr_buffer quoted;
    hr_buffer_init(&quoted, arena, HR_RECORDING_BYTES_MAX);
    hr_json_write_text(&quoted, text);
    struct hr_text whole = hr_buffer_text(&quoted);
    hr_buffer_add_text(out,
                       whole.size < 2 ? HR_TEXT_NONE : hr_text_slice(whole, 1, whole.size - 1));
}

/* {{name}} or {{name|otherwise}}. */
static void add_place(struct hr_buffer *out, const struct filling *filling, struct hr_text place)
{
    struct hr_text otherwise = place;
    struct hr_text name = hr_text_trim(hr_text_cut(&otherwise, '|'));
    const struct hr_test_value *given = value_named(filling->values, filling->value_count, name);
    if (given != NULL) {
        add_escaped(out, filling->arena, given->value);
    } else if (hr_text_equal(name, HR_TEXT("id"))) {
        hr_buffer_add_text(out, filling->id);
    } else if (hr_text_equal(name, HR_TEXT("at"))) {
        hr_buffer_add_text(out, hr_instant_write(filling->arena, filling->at));
    } else if (hr_text_equal(name, HR_TEXT("at_seconds"))) {
        hr_buffer_add_format(out, "%lld", (long long)(filling->at / HR_SECOND_US));
    } else if (otherwise.size > 0) {
        hr_buffer_add_text(out, otherwise);
    } else {
        hr_buffer_add_format(out, "%.*s_1", HR_SHOW(name));
    }
}

static hr_status fill(const struct filling *filling, struct hr_text form, struct hr_text *ret_raw)
{
    struct hr_buffer out;
    hr_buffer_init(&out, filling->arena, (size_t)4 * HR_RECORDING_BYTES_MAX);
    while (form.size > 0) {
        size_t open = hr_text_search(form, HR_TEXT("{{"));
        struct hr_text rest = hr_text_slice(form, open, form.size);
        size_t close = hr_text_search(rest, HR_TEXT("}}"));
        hr_buffer_add_text(&out, hr_text_slice(form, 0, open));
        if (close == rest.size) {
            hr_buffer_add_text(&out, rest);
            break;
        }
        add_place(&out, filling, hr_text_slice(rest, 2, close));
        form = hr_text_slice(rest, close + 2, rest.size);
    }
    *ret_raw = hr_buffer_text(&out);
    return hr_buffer_status(&out);
}

/* ---- which recording is which event --------------------------------------------------------------------- */

struct opening {
    struct hr_trial *trial;
    struct hr_known_message *messages;
    size_t count;
    size_t capacity;
    struct hr_arena *into;
};

static hr_status add_message(struct opening *opening, const struct hr_recording *recording,
                             int32_t tool, const struct hr_event_type *type)
{
    struct hr_known_message *messages = hr_list_grow(
        opening->into, opening->messages, opening->count, &opening->capacity, sizeof *messages);
    if (messages == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    opening->messages = messages;
    messages[opening->count++] =
        (struct hr_known_message){.recording = recording, .tool = tool, .type = type};
    return hr_done();
}

/* Which events of which tools it can be; *ret_read false: it is no JSON. */
static hr_status look_at(struct opening *opening, const struct hr_recording *recording,
                         struct hr_arena *scratch, bool *ret_read)
{
    const struct hr_engine engine = {.plan = opening->trial->plan, .secret = no_secret};
    const struct filling filling = {.arena = scratch, .id = HR_TEXT("any")};
    struct hr_text raw = HR_TEXT_NONE;
    struct hr_value payload;
    HR_TRY(fill(&filling, recording->bytes, &raw));
    hr_status status = hr_json_read(scratch, raw, NULL, NULL, &payload);
    *ret_read = hr_ok(status);
    for (size_t i = 0; *ret_read && i < engine.plan->tool_count; i++) {
        struct hr_heard heard;
        HR_TRY(hr_engine_read(&engine, (int32_t)i, &payload, raw, (struct hr_given){0}, 0, scratch,
                              &heard));
        if (heard.type != NULL) {
            HR_TRY(add_message(opening, recording, (int32_t)i, heard.type));
        }
    }
    return status.code == HR_E_MEMORY ? status : hr_done();
}

hr_status hr_trial_open(const struct hr_plan *plan, const struct hr_recording *recordings,
                        size_t count, struct hr_arena *into, struct hr_trial **ret_trial,
                        size_t *ret_unread)
{
    struct opening opening = {.trial = hr_arena_new(into, struct hr_trial), .into = into};
    struct hr_arena scratch;
    hr_status status = opening.trial == NULL ? hr_answer(HR_E_MEMORY) : hr_done();
    hr_arena_init(&scratch, HR_WORLD_BYTES_MAX);
    *ret_unread = 0;
    if (hr_ok(status)) {
        *opening.trial = (struct hr_trial){.plan = plan};
    }
    for (size_t i = 0; hr_ok(status) && i < count && i < HR_RECORDINGS_MAX; i++) {
        static const struct hr_arena_mark nothing;
        bool read = false;
        status = look_at(&opening, &recordings[i], &scratch, &read);
        *ret_unread += !read;
        hr_arena_rewind(&scratch, nothing);
    }
    hr_arena_close(&scratch);
    if (hr_ok(status)) {
        opening.trial->messages = opening.messages;
        opening.trial->message_count = opening.count;
        *ret_trial = opening.trial;
    }
    return status;
}

/* ---- what a line means ------------------------------------------------------------------------------------ */

/* The event of a tool that a line speaks of, and what was recorded of it. */
struct meant {
    int32_t tool;
    const struct hr_event_type *type; /* NULL: no tool sends it */
    const struct hr_recording *recording;
};

static const struct hr_event_type *type_of(const struct hr_tool *tool, struct hr_text name)
{
    for (size_t i = 0; i < tool->event_count; i++) {
        if (hr_text_equal(tool->events[i].name, name)) {
            return &tool->events[i];
        }
    }
    return NULL;
}

/* Of the tool that the line names; else of one with a recording; else of the first that sends it. */
static struct meant meant_by(const struct hr_trial *trial, const struct hr_test_item *item)
{
    const struct hr_plan *plan = trial->plan;
    struct hr_text name = plan->event_names[item->event].name;
    for (size_t i = 0; i < trial->message_count; i++) {
        const struct hr_known_message *known = &trial->messages[i];
        if (hr_text_equal(known->type->name, name) &&
            (item->tool < 0 || item->tool == known->tool)) {
            return (struct meant){known->tool, known->type, known->recording};
        }
    }
    for (size_t i = 0; i < plan->tool_count; i++) {
        const struct hr_event_type *type = type_of(&plan->tools[i], name);
        if (type != NULL && (item->tool < 0 || item->tool == (int32_t)i)) {
            return (struct meant){(int32_t)i, type, NULL};
        }
    }
    return (struct meant){.tool = HR_NONE_INDEX};
}

static bool maps_field(const struct hr_mapping *mappings, size_t count, int32_t field)
{
    for (size_t i = 0; i < count; i++) {
        if (mappings[i].field == field) {
            return true;
        }
    }
    return false;
}

static bool maps_name(const struct hr_mapping *mappings, size_t count, struct hr_text name)
{
    for (size_t i = 0; i < count; i++) {
        if (hr_text_equal(mappings[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* The first value that the event cannot bring: no test may pass because of one. */
static const struct hr_test_value *unmapped(const struct hr_event_type *type,
                                            const struct hr_test_item *item)
{
    for (size_t i = 0; i < item->value_count; i++) {
        struct hr_text name = item->values[i].name;
        if (!maps_name(type->contact, type->contact_count, name) &&
            !maps_name(type->fields, type->field_count, name) &&
            !maps_name(type->data, type->data_count, name)) {
            return &item->values[i];
        }
    }
    return NULL;
}

/* ---- who it is about ---------------------------------------------------------------------------------------- */

/* What the first event of the test has in a field: whom the test is about. */
static struct hr_text address_of(const struct hr_world *world, struct hr_text field)
{
    const struct hr_test_items *given = &world->test->given;
    size_t first = 0;
    while (first < given->count && given->items[first].kind != HR_TEST_event) {
        first++;
    }
    const struct hr_test_value *value =
        first == given->count
            ? NULL
            : value_named(given->items[first].values, given->items[first].value_count, field);
    return value == NULL ? HR_TEXT_NONE : value->value;
}

static struct hr_text made_up(const struct hr_field *field)
{
    switch ((int)field->type) { /* all others are texts */
    case HR_FIELD_email:
        return somebody;
    case HR_FIELD_phone:
        return HR_TEXT("+442079460018");
    case HR_FIELD_domain:
        return HR_TEXT("example.com");
    default:
        return HR_TEXT("test-1");
    }
}

static bool is_email(const struct hr_plan *plan, int32_t field)
{
    return plan->fields[field].type == HR_FIELD_email;
}

/* The field by which the event says who it is about: an e-mail address where it has one. -1: none. */
static int32_t leading_field(const struct hr_plan *plan, const struct hr_event_type *type)
{
    int32_t found = HR_NONE_INDEX;
    for (size_t i = plan->match_count; i > 0; i--) {
        int32_t field = plan->match_on[i - 1];
        bool better = found < 0 || is_email(plan, field) || !is_email(plan, found);
        found = better && maps_field(type->contact, type->contact_count, field) ? field : found;
    }
    return found;
}

/* The line's values and, where they do not say it, who it is about. */
static hr_status values_of(struct hr_world *world, const struct hr_test_item *item,
                           const struct hr_event_type *type, struct hr_given *ret_given)
{
    const struct hr_plan *plan = &world->plan;
    struct hr_test_value *values =
        hr_arena_new_many(&world->arena, struct hr_test_value, item->value_count + 1);
    int32_t field = leading_field(plan, type);
    if (values == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < item->value_count; i++) {
        values[i] = item->values[i];
    }
    *ret_given = (struct hr_given){.as = type, .values = values, .value_count = item->value_count};
    if (field >= 0 && value_named(values, item->value_count, plan->fields[field].id) == NULL) {
        struct hr_text address = address_of(world, plan->fields[field].id);
        values[ret_given->value_count++] = (struct hr_test_value){
            plan->fields[field].id, address.size > 0 ? address : made_up(&plan->fields[field])};
    }
    return hr_done();
}

/* ---- making it ------------------------------------------------------------------------------------------------ */

/* No two lines are one message, also where what was recorded has no place for an id. */
static void make_distinct(const struct hr_world *world, struct hr_heard *heard, struct hr_text line)
{
    for (size_t i = 0; i < world->delivered_count; i++) {
        if (hr_key_equal(&world->delivered[i], &heard->delivery)) {
            heard->delivery = hr_key_of(world->engine.secret, line);
            return;
        }
    }
}

static hr_status read_message(struct hr_world *world, const struct meant *meant,
                              const struct hr_given *given, struct hr_text line, hr_instant at,
                              struct hr_incoming *ret_message)
{
    const struct filling filling = {.arena = &world->arena,
                                    .values = given->values,
                                    .value_count = given->value_count,
                                    .id = line,
                                    .at = at};
    struct hr_value payload;
    ret_message->heard = hr_arena_new(&world->arena, struct hr_heard);
    ret_message->raw = hr_text_format(&world->arena, "{\"test\":\"%.*s\"}", HR_SHOW(line));
    if (meant->recording != NULL) {
        HR_TRY(fill(&filling, meant->recording->bytes, &ret_message->raw));
    }
    if (ret_message->heard == NULL || ret_message->raw.data == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    HR_TRY(hr_json_read(&world->arena, ret_message->raw, NULL, NULL, &payload));
    HR_TRY(hr_engine_read(&world->engine, meant->tool, &payload, ret_message->raw, *given,
                          world->now, &world->arena, ret_message->heard));
    ret_message->heard->occurred_at = at < world->now ? at : world->now;
    make_distinct(world, ret_message->heard, line);
    return hr_done();
}

hr_status hr_message_make(struct hr_world *world, const struct hr_test_item *item, hr_instant at,
                          struct hr_incoming *ret_message, struct hr_text *ret_wrong)
{
    struct hr_arena *arena = &world->arena;
    struct meant meant = meant_by(world->trial, item);
    struct hr_text line = hr_text_format(arena, "line_%u", item->place.line);
    struct hr_given given;
    *ret_wrong = HR_TEXT_NONE;
    if (meant.type == NULL) {
        *ret_wrong = HR_TEXT("no tool sends it: automations say it themselves");
        return hr_done();
    }
    const struct hr_test_value *value = unmapped(meant.type, item);
    if (value != NULL) {
        *ret_wrong =
            hr_text_format(arena, "it cannot bring %.*s: the map of %.*s has no such line",
                           HR_SHOW(value->name), HR_SHOW(world->plan.tools[meant.tool].id));
        return hr_done();
    }
    HR_TRY(values_of(world, item, meant.type, &given));
    hr_status status = read_message(world, &meant, &given, line, at, ret_message);
    if (status.code == HR_E_INPUT && meant.recording != NULL) {
        *ret_wrong = hr_text_format(arena, "%.*s is no JSON once it is filled",
                                    HR_SHOW(meant.recording->name));
        return hr_done();
    }
    return status;
}
