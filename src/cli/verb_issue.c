/* What people do with issues and with values: each is one call to the daemon. */
#include "cli_inside.h"

enum { BODY_BYTES_MAX = 16 << 10 };

/* A JSON object of text members; those that are empty are left out. */
struct member {
    const char *name;
    struct hr_text value;
};

static struct hr_text body_of(struct hr_cli *cli, const struct member *members, size_t count)
{
    struct hr_buffer out;
    hr_buffer_init(&out, &cli->arena, BODY_BYTES_MAX);
    hr_buffer_add_byte(&out, '{');
    for (size_t i = 0; i < count; i++) {
        if (members[i].value.size > 0) {
            hr_buffer_add_format(&out, "%s\"%s\":", out.size > 1 ? "," : "", members[i].name);
            hr_json_write_text(&out, members[i].value);
        }
    }
    hr_buffer_add_byte(&out, '}');
    return out.failed ? HR_TEXT_NONE : hr_buffer_text(&out);
}

/* A verb of the API for the one that the line names first: of "issues", or of "contacts". */
static int post_verb(struct hr_cli *cli, const char *of, const char *verb,
                     const struct member *members, size_t count)
{
    struct hr_text name = hr_cli_escape(cli, cli->objects[0]);
    struct hr_text body = body_of(cli, members, count);
    if (body.size == 0) {
        return hr_cli_fail(cli, HR_CODE_words_wrong, "the text or value is longer than 4 KiB");
    }
    return hr_cli_do(cli, "POST",
                     hr_text_format(&cli->arena, "/v1/%s/%.*s/%s", of, HR_SHOW(name), verb), body);
}

static int issue_verb(struct hr_cli *cli, const char *verb, const struct member *members,
                      size_t count)
{
    return post_verb(cli, "issues", verb, members, count);
}

int hr_verb_exceptions_assign(struct hr_cli *cli)
{
    const struct member members[] = {{"person", cli->objects[1]}};
    return issue_verb(cli, "assign", members, 1);
}

int hr_verb_exceptions_snooze(struct hr_cli *cli)
{
    struct hr_text until = hr_cli_flag(cli, "until");
    struct hr_text people = hr_cli_flag(cli, "people");
    int64_t count = 0;
    if (people.size > 0 && (!hr_text_to_integer(people, &count) || count <= 0)) {
        return hr_cli_fail(cli, HR_CODE_words_wrong, "--people takes a whole number");
    }
    if (until.size == 0 && count == 0) {
        return hr_cli_fail(cli, HR_CODE_words_wrong, "say --until WHEN or --people N");
    }
    if (count == 0) {
        const struct member members[] = {{"until", until}};
        return issue_verb(cli, "snooze", members, 1);
    }
    struct hr_buffer body;
    hr_buffer_init(&body, &cli->arena, BODY_BYTES_MAX);
    hr_buffer_add_format(&body, "{\"people\":%lld", (long long)count);
    if (until.size > 0) {
        hr_buffer_add_text(&body, HR_TEXT(",\"until\":"));
        hr_json_write_text(&body, until);
    }
    hr_buffer_add_byte(&body, '}');
    struct hr_text issue = hr_cli_escape(cli, cli->objects[0]);
    return hr_cli_do(cli, "POST",
                     hr_text_format(&cli->arena, "/v1/issues/%.*s/snooze", HR_SHOW(issue)),
                     hr_buffer_text(&body));
}

int hr_verb_exceptions_resolve(struct hr_cli *cli)
{
    const struct member members[] = {{"reason", hr_cli_flag(cli, "reason")},
                                     {"contact", hr_cli_flag(cli, "contact")}};
    if (members[0].value.size == 0) {
        return hr_cli_fail(cli, HR_CODE_words_wrong,
                           "an issue is closed without proof only with --reason TEXT");
    }
    return issue_verb(cli, "resolve", members, 2);
}

int hr_verb_exceptions_note(struct hr_cli *cli)
{
    const struct member members[] = {{"text", cli->objects[1]}};
    return issue_verb(cli, "note", members, 1);
}

int hr_verb_exceptions_ack(struct hr_cli *cli)
{
    return issue_verb(cli, "acknowledge", NULL, 0);
}

int hr_verb_recover(struct hr_cli *cli)
{
    const struct member members[] = {{"contact", hr_cli_flag(cli, "contact")},
                                     {"note", hr_cli_flag(cli, "note")}};
    return issue_verb(cli, "recover", members, 2);
}

/* ---- fields -------------------------------------------------------------------------------------- */

int hr_verb_contact_set(struct hr_cli *cli)
{
    struct hr_text value = cli->objects[1];
    struct hr_text field = hr_text_cut(&value, '=');
    if (field.size == 0 || hr_text_trim(value).size == 0) {
        return hr_cli_fail(cli, HR_CODE_words_wrong,
                           "say the field and its value in one word: offer=one_to_one");
    }
    const struct member members[] = {
        {"field", field}, {"value", value}, {"until", hr_cli_flag(cli, "until")}};
    return post_verb(cli, "contacts", "fields", members, 3);
}

int hr_verb_contact_release(struct hr_cli *cli)
{
    const struct member members[] = {{"field", cli->objects[1]}};
    return post_verb(cli, "contacts", "release", members, 1);
}

/* ---- the house ----------------------------------------------------------------------------------- */

int hr_verb_reload(struct hr_cli *cli)
{
    int code = hr_cli_do(cli, "POST", HR_TEXT("/v1/reload"), HR_TEXT_NONE);
    const struct hr_plan *plan = code == HR_EXIT_ok ? hr_cli_plan_of_files(cli) : NULL;
    if (plan != NULL) {
        hr_cli_warn_ungoverned(cli, cli->folder, plan);
    }
    return code;
}
