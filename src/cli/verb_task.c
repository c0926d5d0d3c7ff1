/* Work of people: the list is read from the store itself, each deed is one call to the daemon. */
#include "cli_inside.h"

enum { BODY_BYTES_MAX = 16 << 10 };

int hr_verb_task_ls(struct hr_cli *cli)
{
    struct hr_report report = {.text = HR_TEXT_NONE};
    struct hr_text named = hr_cli_flag(cli, "for");
    int code = hr_cli_look(cli);
    if (code != HR_EXIT_ok) {
        return code;
    }
    const struct hr_plan *plan = cli->lens.engine.plan;
    int32_t person = named.size == 0 ? HR_NONE_INDEX : hr_plan_person(plan, named);
    if (named.size > 0 && person < 0) {
        return hr_cli_fail(cli, HR_CODE_words_wrong, "nobody here is called `%.*s`",
                           HR_SHOW(named));
    }
    uint32_t number = person < 0 ? 0 : plan->people[person].name_number;
    return hr_cli_report(cli, hr_work_list(&cli->lens, number, &cli->arena, &cli->found, &report),
                         &report);
}

/* ---- deeds ------------------------------------------------------------------------------------------ */

/* A text member; an empty one is left out. */
static void add_member(struct hr_buffer *body, const char *name, struct hr_text value)
{
    if (value.size > 0) {
        hr_buffer_add_format(body, "%s\"%s\":", body->size > 1 ? "," : "", name);
        hr_json_write_text(body, value);
    }
}

static int task_verb(struct hr_cli *cli, const char *verb, struct hr_buffer *body)
{
    hr_buffer_add_byte(body, '}');
    if (body->failed) {
        return hr_cli_fail(cli, HR_CODE_words_wrong, "the text is longer than 4 KiB");
    }
    return hr_cli_do(cli, "POST",
                     hr_text_format(&cli->arena, "/v1/tasks/%.*s/%s",
                                    HR_SHOW(hr_cli_escape(cli, cli->objects[0])), verb),
                     hr_buffer_text(body));
}

static struct hr_buffer body_in(struct hr_cli *cli)
{
    struct hr_buffer body;
    hr_buffer_init(&body, &cli->arena, BODY_BYTES_MAX);
    hr_buffer_add_byte(&body, '{');
    return body;
}

int hr_verb_task_done(struct hr_cli *cli)
{
    struct hr_buffer body = body_in(cli);
    add_member(&body, "reason", hr_cli_flag(cli, "reason"));
    return task_verb(cli, "done", &body);
}

int hr_verb_task_drop(struct hr_cli *cli)
{
    struct hr_buffer body = body_in(cli);
    if (hr_cli_flag(cli, "reason").size == 0) {
        return hr_cli_fail(cli, HR_CODE_words_wrong, "work is dropped only with --reason TEXT");
    }
    add_member(&body, "reason", hr_cli_flag(cli, "reason"));
    return task_verb(cli, "drop", &body);
}

int hr_verb_task_assign(struct hr_cli *cli)
{
    struct hr_buffer body = body_in(cli);
    add_member(&body, "person", cli->objects[1]);
    return task_verb(cli, "assign", &body);
}

int hr_verb_task_plan(struct hr_cli *cli)
{
    struct hr_buffer body = body_in(cli);
    add_member(&body, "text", cli->object_count > 1 ? cli->objects[1] : HR_TEXT_NONE);
    add_member(&body, "until", hr_cli_flag(cli, "until"));
    return task_verb(cli, "plan", &body);
}
