/* Automations and enrollments: what is asked is read from the store itself; what is done is one call to the daemon. */
#include "cli_inside.h"

enum { BODY_BYTES_MAX = 16 << 10 };

/* ---- questions ------------------------------------------------------------------------------------ */

int hr_cli_automations_at_work(struct hr_cli *cli)
{
    struct hr_report report = {.text = HR_TEXT_NONE};
    int code = hr_cli_look(cli);
    if (code != HR_EXIT_ok) {
        return code;
    }
    return hr_cli_report(cli, hr_automations_list(&cli->lens, &cli->arena, &cli->found, &report),
                         &report);
}

int hr_cli_automation_at_work(struct hr_cli *cli, struct hr_text automation,
                              struct hr_report *ret_report)
{
    int code = hr_cli_look(cli);
    if (code != HR_EXIT_ok) {
        return code;
    }
    hr_status status =
        hr_automation_show(&cli->lens, automation, &cli->arena, &cli->found, ret_report);
    return hr_ok(status) ? HR_EXIT_ok : hr_cli_failed(cli, status);
}

int hr_verb_automation_runs(struct hr_cli *cli)
{
    struct hr_report report = {.text = HR_TEXT_NONE};
    struct hr_text written = hr_cli_flag(cli, "before");
    int64_t before = 0;
    if (written.size > 0 && (!hr_text_to_integer(written, &before) || before <= 0)) {
        return hr_cli_fail(cli, HR_CODE_words_wrong,
                           "--before takes a position in the journal, like 123");
    }
    int code = hr_cli_look(cli);
    if (code != HR_EXIT_ok) {
        return code;
    }
    hr_status status = hr_enrollments_list(&cli->lens, cli->objects[0], (uint64_t)before,
                                           &cli->arena, &cli->found, &report);
    return hr_cli_report(cli, status, &report);
}

int hr_verb_enrollment_show(struct hr_cli *cli)
{
    struct hr_report report = {.text = HR_TEXT_NONE};
    int code = hr_cli_look(cli);
    if (code != HR_EXIT_ok) {
        return code;
    }
    hr_status status =
        hr_enrollment_show(&cli->lens, cli->objects[0], &cli->arena, &cli->found, &report);
    return hr_cli_report(cli, status, &report);
}

/* ---- deeds ------------------------------------------------------------------------------------------ */

/* {"NAME": "value"}, or {} where there is none. */
static struct hr_text body_of(struct hr_cli *cli, const char *name, struct hr_text value)
{
    struct hr_buffer out;
    hr_buffer_init(&out, &cli->arena, BODY_BYTES_MAX);
    hr_buffer_add_byte(&out, '{');
    if (value.size > 0) {
        hr_buffer_add_format(&out, "\"%s\":", name);
        hr_json_write_text(&out, value);
    }
    hr_buffer_add_byte(&out, '}');
    return out.failed ? HR_TEXT_NONE : hr_buffer_text(&out);
}

static int switch_automation(struct hr_cli *cli, const char *verb, struct hr_text body)
{
    bool all = hr_cli_has(cli, "all");
    if (all == (cli->object_count > 0)) {
        return hr_cli_fail(cli, HR_CODE_words_wrong, "say which AUTOMATION, or --all");
    }
    struct hr_text path = all ? hr_text_format(&cli->arena, "/v1/automations/%s", verb)
                              : hr_text_format(&cli->arena, "/v1/automations/%.*s/%s",
                                               HR_SHOW(hr_cli_escape(cli, cli->objects[0])), verb);
    return hr_cli_do(cli, "POST", path, body);
}

int hr_verb_automation_pause(struct hr_cli *cli)
{
    struct hr_text reason = hr_cli_flag(cli, "reason");
    if (hr_text_trim(reason).size == 0) {
        return hr_cli_fail(cli, HR_CODE_words_wrong,
                           "say why with --reason TEXT: whoever finds it paused reads it");
    }
    struct hr_text body = body_of(cli, "reason", reason);
    if (body.size == 0) {
        return hr_cli_fail(cli, HR_CODE_words_wrong, "the reason is longer than 4 KiB");
    }
    return switch_automation(cli, "pause", body);
}

int hr_verb_automation_resume(struct hr_cli *cli)
{
    return switch_automation(cli, "resume", HR_TEXT_NONE);
}

static int enrollment_verb(struct hr_cli *cli, const char *verb, struct hr_text body)
{
    return hr_cli_do(cli, "POST",
                     hr_text_format(&cli->arena, "/v1/enrollments/%.*s/%s",
                                    HR_SHOW(hr_cli_escape(cli, cli->objects[0])), verb),
                     body);
}

int hr_verb_enrollment_withdraw(struct hr_cli *cli)
{
    return enrollment_verb(cli, "withdraw", HR_TEXT_NONE);
}

int hr_verb_enrollment_retry(struct hr_cli *cli)
{
    return enrollment_verb(cli, "retry", body_of(cli, "step", hr_cli_flag(cli, "step")));
}

int hr_verb_enrollment_skip(struct hr_cli *cli)
{
    return enrollment_verb(cli, "skip", HR_TEXT_NONE);
}
