/* Questions: read from the store itself, so they are answered without the daemon and on a full disk. */
#include "cli_inside.h"

#include "server/api.h"

int hr_verb_why(struct hr_cli *cli)
{
    struct hr_report report = {.text = HR_TEXT_NONE};
    struct hr_text not = hr_cli_flag(cli, "not");
    struct hr_text field = cli->object_count > 1 ? cli->objects[1] : HR_TEXT_NONE;
    if (hr_cli_has(cli, "not") && cli->object_count > 1) {
        return hr_cli_fail(cli, HR_CODE_words_wrong,
                           "usage: handrail why --not PATH|HANDOFF|AUTOMATION CONTACT");
    }
    int code = hr_cli_look(cli);
    if (code != HR_EXIT_ok) {
        return code;
    }
    hr_status status =
        hr_cli_has(cli, "not")
            ? hr_why_not(&cli->lens, not, cli->objects[0], &cli->arena, &cli->found, &report)
            : hr_why(&cli->lens, cli->objects[0], field, &cli->arena, &cli->found, &report);
    return hr_cli_report(cli, status, &report);
}

int hr_verb_trace(struct hr_cli *cli)
{
    struct hr_report report = {.text = HR_TEXT_NONE};
    struct hr_text named = cli->objects[0];
    int64_t position = 0;
    uint64_t run = 0;
    if (hr_enrollment_named(named, &run)) {
        return hr_verb_enrollment_show(cli);
    }
    named = hr_text_starts(named, HR_TEXT("#")) ? hr_text_slice(named, 1, named.size) : named;
    if (!hr_text_to_integer(named, &position) || position <= 0) {
        return hr_cli_fail(cli, HR_CODE_words_wrong,
                           "EVENT is a position in the journal, like 123, or an enrollment, like "
                           "E-1x8f3");
    }
    int code = hr_cli_look(cli);
    return code != HR_EXIT_ok ? code
                              : hr_cli_report(cli,
                                              hr_trace(&cli->lens, (uint64_t)position, &cli->arena,
                                                       &cli->found, &report),
                                              &report);
}

int hr_verb_contact_show(struct hr_cli *cli)
{
    struct hr_report report = {.text = HR_TEXT_NONE};
    int code = hr_cli_look(cli);
    if (code != HR_EXIT_ok) {
        return code;
    }
    hr_status status =
        hr_contact_show(&cli->lens, cli->objects[0], &cli->arena, &cli->found, &report);
    return hr_cli_report(cli, status, &report);
}

int hr_verb_consent_show(struct hr_cli *cli)
{
    struct hr_report report = {.text = HR_TEXT_NONE};
    int code = hr_cli_look(cli);
    if (code != HR_EXIT_ok) {
        return code;
    }
    hr_status status =
        hr_consent_show(&cli->lens, cli->objects[0], &cli->arena, &cli->found, &report);
    return hr_cli_report(cli, status, &report);
}

int hr_verb_path_show(struct hr_cli *cli)
{
    struct hr_report report = {.text = HR_TEXT_NONE};
    struct hr_text path = cli->object_count > 0 ? cli->objects[0] : HR_TEXT_NONE;
    if (hr_cli_has(cli, "files") || !hr_cli_has_journal(cli)) {
        return hr_cli_path_of_files(cli);
    }
    int code = hr_cli_look(cli);
    if (code != HR_EXIT_ok) {
        return code;
    }
    hr_status status = hr_path_show(&cli->lens, path, &cli->arena, &cli->found, &report);
    code = hr_cli_report(cli, status, &report);
    if (hr_ok(status) && path.size > 0 && !cli->json) {
        code = hr_cli_path_aloud(cli, path);
    }
    return code;
}

/* ---- issues -------------------------------------------------------------------------------------- */

uint32_t hr_cli_person_of_token(struct hr_cli *cli, struct hr_text token)
{
    struct hr_digest digest = hr_token_digest(token);
    struct hr_text wanted = {(const char *)digest.bytes, sizeof digest.bytes};
    struct hr_record *record = NULL;
    if (!hr_ok(hr_store_read_record(cli->reader, HR_ID_WORKSPACE, &cli->arena, &record)) ||
        record == NULL) {
        return 0;
    }
    for (size_t i = 0; i < record->workspace->token_count; i++) {
        if (hr_text_equal(record->workspace->tokens[i].digest, wanted)) {
            return record->workspace->tokens[i].person;
        }
    }
    return 0;
}

static int choose_person(struct hr_cli *cli, uint32_t *ret_person)
{
    struct hr_text id = hr_cli_flag(cli, "for");
    *ret_person = 0;
    if (id.size > 0) {
        int32_t person = hr_plan_person(cli->plan, id);
        if (person < 0) {
            return hr_cli_fail(cli, HR_CODE_person_not_found, "there is no person `%.*s`",
                               HR_SHOW(id));
        }
        *ret_person = cli->plan->people[person].name_number;
    } else if (hr_cli_has(cli, "mine")) {
        *ret_person = hr_cli_person_of_token(cli, hr_cli_token(cli));
        if (*ret_person == 0) {
            return hr_cli_fail(cli, HR_CODE_token_missing, "no token says who you are");
        }
    }
    return HR_EXIT_ok;
}

static int choose_state(struct hr_cli *cli, enum hr_issue_filter *ret_filter)
{
    static const char *const words[] = {"open", "resolved", "snoozed", "all"};
    struct hr_text state = hr_cli_flag(cli, "state");
    *ret_filter = hr_cli_has(cli, "all") ? HR_ISSUES_all : HR_ISSUES_open;
    for (size_t i = 0; state.size > 0 && i < sizeof words / sizeof words[0]; i++) {
        if (hr_text_equal(state, hr_text_from(words[i]))) {
            *ret_filter = (enum hr_issue_filter)i;
            return HR_EXIT_ok;
        }
    }
    return state.size == 0
               ? HR_EXIT_ok
               : hr_cli_fail(cli, HR_CODE_words_wrong, "--state is open, resolved, snoozed or all");
}

int hr_verb_exceptions_ls(struct hr_cli *cli)
{
    struct hr_report report = {.text = HR_TEXT_NONE};
    enum hr_issue_filter filter;
    uint32_t person = 0;
    int code = choose_state(cli, &filter);
    if (code == HR_EXIT_ok) {
        code = hr_cli_look(cli);
    }
    if (code == HR_EXIT_ok) {
        code = choose_person(cli, &person);
    }
    if (code != HR_EXIT_ok) {
        return code;
    }
    hr_status status =
        hr_issues_list(&cli->lens, filter, person, &cli->arena, &cli->found, &report);
    return hr_cli_report(cli, status, &report);
}

int hr_verb_exceptions_show(struct hr_cli *cli)
{
    struct hr_report report = {.text = HR_TEXT_NONE};
    int code = hr_cli_look(cli);
    if (code != HR_EXIT_ok) {
        return code;
    }
    hr_status status =
        hr_issue_show(&cli->lens, cli->objects[0], &cli->arena, &cli->found, &report);
    return hr_cli_report(cli, status, &report);
}
