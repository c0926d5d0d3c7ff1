/* What people do with issues: each is one call to the daemon. */
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

static int issue_verb(struct hr_cli *cli, const char *verb, const struct member *members,
                      size_t count)
{
    struct hr_text issue = hr_cli_escape(cli, cli->objects[0]);
    struct hr_text body = body_of(cli, members, count);
    if (body.size == 0) {
        return hr_cli_fail(cli, HR_CODE_words_wrong, "the text is longer than 4 KiB");
    }
    return hr_cli_do(cli, "POST",
                     hr_text_format(&cli->arena, "/v1/issues/%.*s/%s", HR_SHOW(issue), verb), body);
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

/* ---- the house ----------------------------------------------------------------------------------- */

int hr_verb_reload(struct hr_cli *cli)
{
    return hr_cli_do(cli, "POST", HR_TEXT("/v1/reload"), HR_TEXT_NONE);
}

int hr_verb_token_add(struct hr_cli *cli)
{
    const struct member members[] = {{"person", cli->objects[0]}};
    struct hr_cli_answer answer;
    int code = hr_cli_call(cli, "POST", HR_TEXT("/v1/tokens"), HR_TEXT("application/json"),
                           body_of(cli, members, 1), &answer);
    if (code != HR_EXIT_ok) {
        return code;
    }
    hr_cli_print(cli, cli->json ? answer.body
                                : hr_text_format(&cli->arena, "%.*s\n",
                                                 HR_SHOW(hr_cli_member(&answer.json, "token"))));
    hr_cli_note(cli, "%.*s\nundo: %.*s", HR_SHOW(hr_cli_member(&answer.json, "did")),
                HR_SHOW(hr_cli_member(&answer.json, "undo")));
    return HR_EXIT_ok;
}

int hr_verb_token_ls(struct hr_cli *cli)
{
    struct hr_cli_answer answer;
    int code = hr_cli_call(cli, "GET", HR_TEXT("/v1/tokens"), HR_TEXT_NONE, HR_TEXT_NONE, &answer);
    const struct hr_value *tokens = hr_value_member(&answer.json, HR_TEXT("tokens"));
    if (code != HR_EXIT_ok || cli->json || tokens == NULL || tokens->kind != HR_KIND_list) {
        hr_cli_print(cli, code == HR_EXIT_ok ? answer.body : HR_TEXT_NONE);
        return code;
    }
    for (uint32_t i = 0; i < tokens->count; i++) {
        const struct hr_value *token = &tokens->items[i];
        hr_cli_print(cli, hr_text_format(&cli->arena, "%.*s  %-16.*s %-10.*s %.*s\n",
                                         HR_SHOW(hr_cli_member(token, "id")),
                                         HR_SHOW(hr_cli_member(token, "person")),
                                         HR_SHOW(hr_cli_member(token, "role")),
                                         HR_SHOW(hr_cli_member(token, "made_at"))));
    }
    return HR_EXIT_ok;
}

int hr_verb_token_remove(struct hr_cli *cli)
{
    struct hr_text id = hr_cli_escape(cli, cli->objects[0]);
    return hr_cli_do(cli, "DELETE", hr_text_format(&cli->arena, "/v1/tokens/%.*s", HR_SHOW(id)),
                     HR_TEXT_NONE);
}
