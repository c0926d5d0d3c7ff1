/* message preview: a message as a customer would get it, from the files as they are now. Nothing is sent. */
#include "cli_inside.h"

#include "letter/letter.h"

/* Whose letter it would be is not known here, so these stand in for them. */
static const struct hr_text any_address = HR_TEXT("you@example.com");
static const struct hr_text any_link = HR_TEXT("https://handrail.example/u/TOKEN");

enum { PREVIEW_BYTES_MAX = 8 << 20, VALUES_MAX = 400, PATH_BYTES_MAX = 1024 };

/* One value that the preview shows: contact.first_name. */
struct given {
    struct hr_text path;
    struct hr_value value;
};

struct preview {
    struct hr_cli *cli;
    const char *folder; /* as it is reached from where we stand */
    struct hr_plan *plan;
    const struct hr_message *message;
    struct given *given;
    size_t given_count;
    struct hr_letter letter;
};

/* ---- values ------------------------------------------------------------------------------------------ */

/* What is given later stands for what was given before. */
static bool give(struct preview *preview, struct hr_text path, struct hr_value value)
{
    for (size_t i = 0; i < preview->given_count; i++) {
        if (hr_text_equal(preview->given[i].path, path)) {
            preview->given[i].value = value;
            return true;
        }
    }
    if (preview->given_count == VALUES_MAX) {
        (void)hr_cli_fail(preview->cli, HR_CODE_words_wrong, "more than %d values are given",
                          VALUES_MAX);
        return false;
    }
    preview->given[preview->given_count++] = (struct given){path, value};
    return true;
}

/* The kind of record that a path begins with; false for event and trigger. */
static bool find_record(struct hr_text root, enum hr_record_type *ret_record)
{
    for (size_t i = 0; i < HR_RECORD_TYPE_COUNT; i++) {
        if (hr_text_equal(root, hr_record_type_word((enum hr_record_type)i))) {
            *ret_record = (enum hr_record_type)i;
            return true;
        }
    }
    return false;
}

static const struct hr_field *find_field(const struct hr_plan *plan, enum hr_record_type record,
                                         struct hr_text id)
{
    const struct hr_record_plan *fields = &plan->records[record];
    for (size_t i = 0; i < fields->field_count; i++) {
        if (hr_text_equal(fields->fields[i].id, id)) {
            return &fields->fields[i];
        }
    }
    return NULL;
}

static bool read_number(struct hr_cli *cli, struct hr_text written, struct hr_value *ret_value)
{
    bool read = hr_ok(hr_json_read(&cli->arena, written, NULL, NULL, ret_value));
    return read && (ret_value->kind == HR_KIND_int || ret_value->kind == HR_KIND_uint ||
                    ret_value->kind == HR_KIND_double);
}

/* A written value in the type of its field; false when it is none. */
static bool read_value(struct hr_cli *cli, enum hr_field_type type, struct hr_text written,
                       struct hr_value *ret_value)
{
    hr_instant time = 0;
    bool yes = hr_text_equal(written, HR_TEXT("yes")) || hr_text_equal(written, HR_TEXT("true"));
    bool no = hr_text_equal(written, HR_TEXT("no")) || hr_text_equal(written, HR_TEXT("false"));
    bool good = true;
    *ret_value = hr_value_text(written);
    if (type == HR_FIELD_integer || type == HR_FIELD_money) {
        good = read_number(cli, written, ret_value) && ret_value->kind == HR_KIND_int;
    } else if (type == HR_FIELD_number) {
        good = read_number(cli, written, ret_value);
    } else if (type == HR_FIELD_boolean) {
        *ret_value = hr_value_bool(yes);
        good = yes || no;
    } else if (type == HR_FIELD_time) {
        good = hr_instant_read(written, &time);
        *ret_value = hr_value_time(time);
    }
    return good;
}

static bool fail_value(struct hr_cli *cli, struct hr_text written, const char *type,
                       struct hr_text path)
{
    (void)hr_cli_fail(cli, HR_CODE_words_wrong, "`%.*s` is no %s, which %.*s has to be",
                      HR_SHOW(written), type, HR_SHOW(path));
    return false;
}

/* What the plan knows of an event: its type, its id, when it came, the tool, and the attributes that tools map. */
static bool read_attribute(struct preview *preview, struct hr_text id, struct hr_text written,
                           struct hr_text path, struct hr_value *ret_value)
{
    static const struct hr_text always[] = {HR_TEXT("type"), HR_TEXT("id"), HR_TEXT("at"),
                                            HR_TEXT("tool")};
    enum { ALWAYS = sizeof always / sizeof always[0] };
    const struct hr_plan *plan = preview->plan;
    struct hr_text *names =
        hr_arena_new_many(&preview->cli->arena, struct hr_text, plan->attribute_count + ALWAYS);
    size_t count = names == NULL ? 0 : plan->attribute_count + ALWAYS;
    bool known = false;
    for (size_t i = 0; i < count; i++) {
        names[i] = i < ALWAYS ? always[i] : plan->attributes[i - ALWAYS];
        known = known || hr_text_equal(names[i], id);
    }
    if (!known) {
        const struct hr_cli_things there = {names, count, sizeof *names};
        (void)hr_cli_unknown(preview->cli, HR_CODE_field_unknown, "event attribute", path, there);
        return false;
    }
    hr_instant time = 0;
    if (hr_text_equal(id, HR_TEXT("at"))) {
        if (!hr_instant_read(written, &time)) {
            return fail_value(preview->cli, written, "time like 2026-11-22T10:00:00Z", path);
        }
        *ret_value = hr_value_time(time);
    }
    return true;
}

/* A choice, a stage, consent and a person have the values that the workspace gives them. */
static bool is_among(struct preview *preview, const struct hr_field *field, struct hr_text written)
{
    for (size_t i = 0; i < field->value_count; i++) {
        if (hr_text_equal(field->values[i], written)) {
            return true;
        }
    }
    if (field->value_count > 0) {
        const struct hr_cli_things there = {field->values, field->value_count,
                                            sizeof *field->values};
        struct hr_text noun = hr_text_copy(&preview->cli->arena, field->id);
        (void)hr_cli_unknown(preview->cli, HR_CODE_value_unknown,
                             noun.data == NULL ? "value" : noun.data, written, there);
    }
    return field->value_count == 0;
}

/* --set contact.first_name=Ada */
static bool take_set(struct preview *preview, struct hr_text written)
{
    struct hr_cli *cli = preview->cli;
    struct hr_text text = written;
    struct hr_text path = hr_text_cut(&text, '=');
    struct hr_text id = path;
    struct hr_text root = hr_text_cut(&id, '.');
    enum hr_record_type record = HR_RECORD_TYPE_contact;
    struct hr_value value = hr_value_text(text);
    bool event = hr_text_equal(root, HR_TEXT("event")) || hr_text_equal(root, HR_TEXT("trigger"));
    if (path.size == written.size || id.size == 0 || (!event && !find_record(root, &record))) {
        (void)hr_cli_fail(cli, HR_CODE_words_wrong,
                          "--set takes a field and its value, as in contact.first_name=Ada");
        return false;
    }
    if (event && !read_attribute(preview, id, text, path, &value)) {
        return false;
    }
    const struct hr_field *field = event ? NULL : find_field(preview->plan, record, id);
    if (!event && field == NULL) {
        const struct hr_record_plan *fields = &preview->plan->records[record];
        const struct hr_cli_things there = {fields->fields, fields->field_count,
                                            sizeof *fields->fields};
        (void)hr_cli_unknown(cli, HR_CODE_field_unknown, "field", path, there);
        return false;
    }
    if (field != NULL && !read_value(cli, field->type, text, &value)) {
        (void)hr_cli_fail(cli, HR_CODE_words_wrong, "`%.*s` is no %.*s, which %.*s has to be",
                          HR_SHOW(text), HR_SHOW(hr_field_type_word(field->type)), HR_SHOW(path));
        return false;
    }
    if (field != NULL && !is_among(preview, field, text)) {
        return false;
    }
    return give(preview, path, value);
}

static bool take_sets(struct preview *preview)
{
    const struct hr_cli *cli = preview->cli;
    for (size_t i = 0; i < cli->flag_count; i++) {
        if (hr_text_equal(cli->flags[i].name, HR_TEXT("set")) &&
            !take_set(preview, cli->flags[i].value)) {
            return false;
        }
    }
    return true;
}

/* --contact: what the journal knows of them; what is set by hand stands before it. */
static int take_contact(struct preview *preview)
{
    struct hr_cli *cli = preview->cli;
    struct hr_report report = {.text = HR_TEXT_NONE};
    if (!hr_cli_has(cli, "contact")) {
        return HR_EXIT_ok;
    }
    int code = hr_cli_look(cli);
    if (code != HR_EXIT_ok) {
        return code;
    }
    hr_status status =
        hr_contact_show(&cli->lens, hr_cli_flag(cli, "contact"), &cli->arena, &cli->found, &report);
    if (!hr_ok(status)) {
        return hr_cli_failed(cli, status);
    }
    const struct hr_value *fields = hr_value_member(&report.json, HR_TEXT("fields"));
    for (uint32_t i = 0; fields != NULL && i < fields->count; i++) {
        const struct hr_value *value = hr_value_member(&fields->items[i], HR_TEXT("value"));
        struct hr_text path = hr_text_format(
            &cli->arena, "contact.%.*s",
            HR_SHOW(hr_value_as_text(hr_value_member(&fields->items[i], HR_TEXT("field")))));
        if (value != NULL && !give(preview, path, *value)) {
            return HR_EXIT_failed;
        }
    }
    return HR_EXIT_ok;
}

/* All that was given of one name, as a map. */
static bool value_of(void *context, struct hr_text name, struct hr_value *ret_value)
{
    const struct preview *preview = context;
    struct hr_member *members =
        hr_arena_new_many(&preview->cli->arena, struct hr_member, preview->given_count + 1);
    uint32_t count = 0;
    for (size_t i = 0; members != NULL && i < preview->given_count; i++) {
        struct hr_text id = preview->given[i].path;
        if (hr_text_equal(hr_text_cut(&id, '.'), name)) {
            members[count++] = (struct hr_member){hr_value_text(id), preview->given[i].value};
        }
    }
    *ret_value = (struct hr_value){.kind = HR_KIND_map, .count = count, .members = members};
    return count > 0;
}

/* ---- the message -------------------------------------------------------------------------------------- */

/* Why it cannot be shown, at its place in the message, and what to write on the command line. */
static int fail_building(struct preview *preview, const struct hr_template_error *error,
                         const char *part)
{
    struct hr_cli *cli = preview->cli;
    struct hr_place place = error->place.file.size > 0 ? error->place : preview->message->place;
    place.file = hr_cli_shown_path(cli, preview->folder, place.file);
    struct hr_diagnostic *item = hr_diagnostics_add(&cli->found, error->code, HR_SEVERITY_error,
                                                    place, "%.*s", HR_SHOW(error->message));
    if (error->code == HR_CODE_template_missing) {
        item->help = hr_text_format(
            &cli->arena,
            "give it one here, --set %.*s=..., or a default in the text: | default: \"...\"",
            HR_SHOW(error->name));
    }
    if (error->place.file.size == 0) {
        item->label = hr_text_format(&cli->arena, "in its %s", part);
    }
    return hr_code_info(error->code)->exit_code;
}

/* The value that was given for a field of the contact; the empty text when none was. */
static struct hr_text given_text(const struct preview *preview, int32_t field)
{
    const struct hr_plan *plan = preview->plan;
    struct hr_text id = field < 0 ? HR_TEXT_NONE : plan->fields[field].id;
    for (size_t i = 0; i < preview->given_count; i++) {
        struct hr_text name = preview->given[i].path;
        struct hr_text root = hr_text_cut(&name, '.');
        if (hr_text_equal(root, HR_TEXT("contact")) && hr_text_equal(name, id)) {
            return hr_value_as_text(&preview->given[i].value);
        }
    }
    return HR_TEXT_NONE;
}

static int build(struct preview *preview)
{
    struct hr_cli *cli = preview->cli;
    const struct hr_template_view view = {.context = preview,
                                          .value_of = value_of,
                                          .now = hr_clock_now(),
                                          .zone = preview->plan->zone};
    struct hr_text address = given_text(preview, hr_letter_address_field(preview->plan));
    const struct hr_letter_order order = {.plan = preview->plan,
                                          .message = preview->message,
                                          .purpose = HR_NONE_INDEX,
                                          .to_address = address.size > 0 ? address : any_address,
                                          .unsubscribe_url = any_link,
                                          .view = &view,
                                          .to_look_at = true};
    struct hr_template_error error = {0};
    const char *part = "text";
    hr_status status = hr_letter_build(&order, &cli->arena, &preview->letter, &part, &error);
    if (status.code > 0) {
        return fail_building(preview, &error, part);
    }
    return hr_ok(status) ? HR_EXIT_ok : hr_cli_failed(cli, status);
}

/* ---- showing ---------------------------------------------------------------------------------------- */

/* The field that holds the consent which the message needs; the empty text when it needs none. */
static struct hr_text consent_of(const struct preview *preview)
{
    const struct hr_purpose *purpose = preview->letter.purpose;
    if (purpose == NULL || !purpose->needs_consent || purpose->consent_field < 0) {
        return HR_TEXT_NONE;
    }
    return preview->plan->fields[purpose->consent_field].id;
}

/* Who may get it, and what of it is another for each of them. */
static void say_terms(const struct preview *preview, struct hr_buffer *out)
{
    const struct hr_purpose *purpose = preview->letter.purpose;
    struct hr_text consent = consent_of(preview);
    hr_buffer_add_byte(out, '\n');
    if (purpose == NULL) {
        hr_buffer_add_text(out, HR_TEXT("Purpose: the step that sends it says so.\n"));
        return;
    }
    hr_buffer_add_format(out, "Purpose: %.*s, ", HR_SHOW(purpose->id));
    if (!purpose->needs_consent) {
        hr_buffer_add_text(out, HR_TEXT("which needs no consent.\n"));
        return;
    }
    hr_buffer_add_format(out, "which needs consent: only for contacts whose %.*s is given.\n",
                         HR_SHOW(consent.size > 0 ? consent : HR_TEXT("consent")));
    if (preview->letter.unsubscribe_url.size > 0) {
        hr_buffer_add_text(
            out, HR_TEXT("The link to unsubscribe is made for each person when it is sent.\n"));
    }
}

static int say_text(struct preview *preview)
{
    struct hr_cli *cli = preview->cli;
    const struct hr_letter *letter = &preview->letter;
    struct hr_text html = hr_cli_flag(cli, "html");
    struct hr_text text = hr_text_trim(letter->text);
    struct hr_buffer out;
    hr_buffer_init(&out, &cli->arena, PREVIEW_BYTES_MAX);
    if (letter->from_address.size > 0) {
        hr_buffer_add_format(&out, "From: %.*s <%.*s>\n", HR_SHOW(letter->from_name),
                             HR_SHOW(letter->from_address));
    }
    hr_buffer_add_format(&out, "Subject: %.*s\n\n", HR_SHOW(letter->subject));
    while (text.size > 0) { /* what acts on a terminal is shown, not done */
        struct hr_text line = hr_text_cut(&text, '\n');
        bool cr = line.size > 0 && line.data[line.size - 1] == '\r';
        line = hr_text_slice(line, 0, line.size - cr);
        hr_buffer_add_text(&out, hr_text_visible(&cli->arena, line));
        hr_buffer_add_byte(&out, '\n');
    }
    say_terms(preview, &out);
    if (html.size > 0) {
        hr_buffer_add_format(&out, "The HTML part is in %.*s (%zu bytes).\n", HR_SHOW(html),
                             letter->html.size);
    } else {
        hr_buffer_add_format(&out, "The HTML part has %zu bytes; --html FILE writes it.\n",
                             letter->html.size);
    }
    return hr_cli_print_whole(cli, &out);
}

static int say_json(struct preview *preview)
{
    struct hr_cli *cli = preview->cli;
    const struct hr_letter *letter = &preview->letter;
    const struct {
        const char *name;
        struct hr_text text;
    } members[] = {
        {"message", preview->message->id},
        {"purpose", letter->purpose == NULL ? HR_TEXT_NONE : letter->purpose->id},
        {"consent_field", consent_of(preview)},
        {"from", letter->from_address},
        {"from_name", letter->from_name},
        {"postal_address", letter->sender == NULL ? HR_TEXT_NONE : letter->sender->postal_address},
        {"subject", letter->subject},
        {"text", letter->text},
        {"html", letter->html},
    };
    struct hr_buffer out;
    hr_buffer_init(&out, &cli->arena, PREVIEW_BYTES_MAX);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        hr_buffer_add_format(&out, "%c\"%s\":", i == 0 ? '{' : ',', members[i].name);
        if (members[i].text.size > 0) {
            hr_json_write_text(&out, members[i].text);
        } else {
            hr_buffer_add_text(&out, HR_TEXT("null"));
        }
    }
    hr_buffer_add_text(&out, HR_TEXT("}\n"));
    return hr_cli_print_whole(cli, &out);
}

/* To a file; or, as -, to standard output and nothing else. */
static int write_html(struct preview *preview, struct hr_text file, bool *ret_all)
{
    struct hr_cli *cli = preview->cli;
    *ret_all = hr_text_equal(file, HR_TEXT("-"));
    if (!*ret_all) {
        return hr_cli_write_file(cli, hr_text_copy(&cli->arena, file).data, preview->letter.html,
                                 0644);
    }
    hr_cli_print(cli, preview->letter.html);
    return HR_EXIT_ok;
}

static int show(struct preview *preview)
{
    struct hr_cli *cli = preview->cli;
    struct hr_text file = hr_cli_flag(cli, "html");
    bool all = false;
    if (cli->json && hr_text_equal(file, HR_TEXT("-"))) {
        return hr_cli_fail(cli, HR_CODE_words_wrong,
                           "--html - and --json would both write to standard output; --json has "
                           "the HTML part too");
    }
    int code = build(preview);
    if (code == HR_EXIT_ok && file.size > 0) {
        code = write_html(preview, file, &all);
    }
    if (code != HR_EXIT_ok || all) {
        return code;
    }
    return cli->json ? say_json(preview) : say_text(preview);
}

static int preview_message(struct preview *preview)
{
    struct hr_cli *cli = preview->cli;
    const struct hr_plan *plan = preview->plan;
    int32_t message = hr_plan_message(plan, cli->objects[0]);
    if (message < 0) {
        const struct hr_cli_things there = {plan->messages, plan->message_count,
                                            sizeof *plan->messages};
        return hr_cli_unknown(cli, HR_CODE_message_unknown, "message", cli->objects[0], there);
    }
    preview->message = &plan->messages[message];
    preview->given = hr_arena_new_many(&cli->arena, struct given, VALUES_MAX);
    if (preview->given == NULL) {
        return hr_cli_failed(cli, hr_answer(HR_E_MEMORY));
    }
    int code = take_contact(preview);
    if (code == HR_EXIT_ok && !take_sets(preview)) {
        code = HR_EXIT_wrong_use;
    }
    return code == HR_EXIT_ok ? show(preview) : code;
}

int hr_verb_message_preview(struct hr_cli *cli)
{
    struct preview preview = {.cli = cli, .folder = hr_cli_folder_here(cli)};
    int code = hr_cli_load(cli, preview.folder, &preview.plan);
    if (code == HR_EXIT_ok) {
        code = preview_message(&preview);
    }
    hr_cli_look_away(cli);
    hr_plan_release(preview.plan);
    return code;
}
