/* Asking the daemon: its address from the file that `serve` writes, the person's token, one call, and what it said. */
#include "cli_inside.h"

#include "net/client.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum {
    ANSWER_BYTES_MAX = 16 << 20,
    CALL_MS_MAX = 300 * 1000,
    TOKEN_BYTES_MAX = 256,
    DAEMON_BYTES_MAX = 4096
};

struct hr_text hr_cli_member(const struct hr_value *map, const char *name)
{
    const struct hr_value *value = hr_value_member(map, hr_text_from(name));
    return value == NULL ? HR_TEXT_NONE : hr_value_as_text(value);
}

bool hr_cli_daemon(struct hr_cli *cli, struct hr_text *ret_url, int64_t *ret_pid)
{
    struct hr_text bytes = HR_TEXT_NONE;
    struct hr_value json;
    if (!hr_ok(hr_file_read(hr_cli_data_path(cli, "daemon.json"), DAEMON_BYTES_MAX, &cli->arena,
                            &bytes)) ||
        !hr_ok(hr_json_read(&cli->arena, bytes, NULL, NULL, &json))) {
        return false;
    }
    const struct hr_value *pid = hr_value_member(&json, HR_TEXT("pid"));
    *ret_url = hr_cli_member(&json, "url");
    *ret_pid = pid != NULL && pid->kind == HR_KIND_int ? pid->integer : 0;
    return ret_url->size > 0;
}

bool hr_cli_is_served(struct hr_cli *cli)
{
    int file = open(hr_cli_data_path(cli, "lock"), O_RDONLY | O_CLOEXEC);
    bool held = file >= 0 && flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (file >= 0) {
        (void)close(file); /* and with it a lock that was free */
    }
    return held;
}

struct hr_text hr_cli_token(struct hr_cli *cli)
{
    struct hr_text bytes = HR_TEXT_NONE;
    const char *given = getenv("HANDRAIL_TOKEN");
    if (hr_cli_has(cli, "token")) {
        bytes = hr_cli_flag(cli, "token");
    } else if (given != NULL && given[0] != '\0') {
        bytes = hr_text_from(given);
    } else {
        (void)hr_file_read(hr_cli_data_path(cli, "token"), TOKEN_BYTES_MAX, &cli->arena, &bytes)
            .code;
    }
    return hr_text_trim(bytes); /* what is copied or read from a file often ends in a line feed */
}

struct hr_text hr_cli_host_port(struct hr_cli *cli, struct hr_text url)
{
    bool tls = hr_text_starts(url, HR_TEXT("https://"));
    size_t from = tls ? 8 : 7;
    if (!tls && !hr_text_starts(url, HR_TEXT("http://"))) {
        return HR_TEXT_NONE;
    }
    size_t end = from;
    while (end < url.size && memchr("/?#", url.data[end], 3) == NULL) {
        end++;
    }
    struct hr_text host = hr_text_slice(url, from, end);
    if (host.size == 0 || host.data[0] == ':') {
        return HR_TEXT_NONE;
    }
    size_t port = host.size;
    while (port > 0 && isdigit((unsigned char)host.data[port - 1])) {
        port--;
    }
    bool has_port = port > 1 && port < host.size && host.data[port - 1] == ':';
    return has_port ? hr_text_copy(&cli->arena, host)
                    : hr_text_format(&cli->arena, "%.*s:%s", HR_SHOW(host), tls ? "443" : "80");
}

struct hr_text hr_cli_escape(struct hr_cli *cli, struct hr_text text)
{
    struct hr_buffer out;
    hr_buffer_init(&out, &cli->arena, text.size * 3 + 1);
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (isalnum(byte) || (byte != 0 && strchr("-._~", byte) != NULL)) {
            hr_buffer_add_byte(&out, (char)byte);
        } else {
            hr_buffer_add_format(&out, "%%%02X", byte);
        }
    }
    return hr_buffer_text(&out);
}

/* ---- one call ----------------------------------------------------------------------------------- */

static uint32_t whole(const struct hr_value *map, const char *name)
{
    const struct hr_value *value = hr_value_member(map, hr_text_from(name));
    bool fits = value != NULL && value->kind == HR_KIND_int && value->integer > 0 &&
                value->integer < INT32_MAX;
    return fits ? (uint32_t)value->integer : 0;
}

/* The place that a finding, or its second side, names. */
static struct hr_place place_of(const struct hr_value *item)
{
    uint32_t column = whole(item, "column");
    uint32_t end = whole(item, "end_column");
    return (struct hr_place){.file = hr_cli_member(item, "file"),
                             .line = whole(item, "line"),
                             .column = column,
                             .size = end > column ? end - column : 1};
}

/* One of a problem's "errors", with its place when it speaks of a file. */
static void take_finding(struct hr_cli *cli, const struct hr_value *item)
{
    struct hr_text code = hr_cli_member(item, "code");
    const struct hr_code_info *info = hr_code_find(code);
    if (info == NULL) {
        return;
    }
    enum hr_severity severity =
        hr_text_starts(code, HR_TEXT("W")) ? HR_SEVERITY_warning : HR_SEVERITY_error;
    struct hr_diagnostic *made =
        hr_diagnostics_add(&cli->found, info->code, severity, place_of(item), "%.*s",
                           HR_SHOW(hr_cli_member(item, "message")));
    struct hr_text help = hr_cli_member(item, "help");
    made->help = help.size > 0 ? help : made->help;
    made->example = hr_cli_member(item, "example");
    made->label = hr_cli_member(item, "label");
    const struct hr_value *second = hr_value_member(item, HR_TEXT("second"));
    if (second != NULL && second->kind == HR_KIND_map) {
        made->second = place_of(second);
        made->second_label = hr_cli_member(second, "label");
    }
}

/* All that a problem lists, with the workspace's files beside, to draw the lines; false: it lists nothing. */
static bool take_findings(struct hr_cli *cli, const struct hr_value *errors)
{
    if (errors == NULL || errors->kind != HR_KIND_list || errors->count == 0) {
        return false;
    }
    for (uint32_t i = 0; i < errors->count; i++) {
        take_finding(cli, &errors->items[i]);
    }
    hr_cli_show_folder(cli);
    return cli->found.error_count > 0;
}

/* A problem document becomes diagnostics like any other. */
static int take_problem(struct hr_cli *cli, const struct hr_cli_answer *answer)
{
    struct hr_text detail = hr_cli_member(&answer->json, "detail");
    const struct hr_code_info *info = hr_code_find(hr_cli_member(&answer->json, "code"));
    if (info == NULL) {
        return hr_cli_fail(cli, HR_CODE_answer_unreadable, "the daemon answered with status %d",
                           answer->status);
    }
    if (!take_findings(cli, hr_value_member(&answer->json, HR_TEXT("errors")))) {
        struct hr_text title = hr_text_from(info->text);
        (void)hr_cli_fail(cli, info->code, "%.*s", HR_SHOW(detail.size > 0 ? detail : title));
    }
    if (info->code == HR_CODE_not_signed_in) {
        cli->found.items[cli->found.count - 1].help =
            HR_TEXT("use a token that works (--token, HANDRAIL_TOKEN); without one, stop the "
                    "daemon, and `handrail token add PERSON` makes one for a person of `people:`");
    }
    /* rights and states that do not allow it are refusals, whatever the row says */
    return info->http_status == 401 || info->http_status == 403 || info->http_status == 409
               ? HR_EXIT_refused
           : info->exit_code != 0 ? info->exit_code
                                  : HR_EXIT_failed;
}

static int not_running(struct hr_cli *cli)
{
    int code = hr_cli_fail(cli, HR_CODE_daemon_not_running, "no Handrail serves %s right now",
                           cli->folder);
    struct hr_diagnostic *said = &cli->found.items[cli->found.count - 1];
    said->help = hr_text_format(&cli->arena, "start it: handrail serve --dir %s", cli->folder);
    return code;
}

int hr_cli_call_address(struct hr_cli *cli, const struct hr_http_call *what,
                        struct hr_cli_answer *ret_answer)
{
    /* a person named this address, or the daemon wrote it: it may well be inside */
    struct hr_text allowed = hr_cli_host_port(cli, what->url);
    const struct hr_http_client_options options = {.allow = &allowed,
                                                   .allow_count = allowed.size > 0,
                                                   .time_ms_max = CALL_MS_MAX,
                                                   .answer_max_bytes = ANSWER_BYTES_MAX};
    struct hr_http_client *client = NULL;
    struct hr_http_result result = {.status = 0};
    hr_status status = hr_http_client_create(&options, &client);
    if (hr_ok(status)) {
        status = hr_http_client_call(client, what, &cli->arena, &result);
    }
    hr_http_client_free(client);
    if (!hr_ok(status)) {
        return hr_cli_failed(cli, status);
    }
    if (result.status == 0 && result.reached == HR_REACHED_again) {
        return HR_CLI_NOBODY;
    }
    if (result.status == 0 && result.reached == HR_REACHED_refused) { /* by our own client */
        return hr_cli_fail(cli, HR_CODE_words_wrong, "this cannot be sent: %.*s",
                           HR_SHOW(result.text));
    }
    if (result.status == 0) {
        return hr_cli_fail(cli, HR_CODE_answer_unreadable, "no answer came: %.*s",
                           HR_SHOW(result.text));
    }
    *ret_answer = (struct hr_cli_answer){.status = result.status, .body = result.body};
    const struct hr_json_options json = {.size_max = ANSWER_BYTES_MAX};
    if (!hr_ok(hr_json_read(&cli->arena, result.body, &json, NULL, &ret_answer->json))) {
        ret_answer->json = hr_value_null();
    }
    return result.status < 400 ? HR_EXIT_ok : take_problem(cli, ret_answer);
}

int hr_cli_call(struct hr_cli *cli, const char *method, struct hr_text path,
                struct hr_text content_type, struct hr_text body, struct hr_cli_answer *ret_answer)
{
    struct hr_text base = HR_TEXT_NONE;
    int64_t pid = 0;
    *ret_answer = (struct hr_cli_answer){.status = 0};
    if (!hr_cli_folder(cli)) {
        return hr_cli_failed(cli, hr_answer(HR_E_INPUT));
    }
    if (!hr_cli_daemon(cli, &base, &pid)) {
        return not_running(cli);
    }
    struct hr_text token = hr_cli_token(cli);
    if (token.size == 0) {
        return hr_cli_fail(cli, HR_CODE_token_missing, "no token says who you are");
    }
    const struct hr_http_header headers[] = {
        {HR_TEXT("Authorization"), hr_text_format(&cli->arena, "Bearer %.*s", HR_SHOW(token))},
        {HR_TEXT("Accept"), HR_TEXT("application/json")},
        {HR_TEXT("Content-Type"), content_type},
    };
    const struct hr_http_call what = {
        .method = hr_text_from(method),
        .url = hr_text_format(&cli->arena, "%.*s%.*s", HR_SHOW(base), HR_SHOW(path)),
        .headers = headers,
        .header_count = content_type.size > 0 ? 3 : 2,
        .body = body,
    };
    int code = hr_cli_call_address(cli, &what, ret_answer);
    return code == HR_CLI_NOBODY ? not_running(cli) : code;
}

int hr_cli_do(struct hr_cli *cli, const char *method, struct hr_text path, struct hr_text body)
{
    struct hr_cli_answer answer;
    struct hr_text type = body.size > 0 ? HR_TEXT("application/json") : HR_TEXT_NONE;
    int code = hr_cli_call(cli, method, path, type, body, &answer);
    if (code != HR_EXIT_ok) {
        return code;
    }
    if (cli->json) {
        hr_cli_print(cli, answer.body);
        return HR_EXIT_ok;
    }
    struct hr_text did = hr_cli_member(&answer.json, "did");
    struct hr_text undo = hr_cli_member(&answer.json, "undo");
    if (did.size == 0) {
        return hr_cli_fail(cli, HR_CODE_answer_unreadable,
                           "the daemon's answer does not say what was done");
    }
    hr_cli_print(cli, hr_text_format(&cli->arena, "%.*s\n", HR_SHOW(did)));
    if (undo.size > 0) {
        hr_cli_note(cli, "undo: %.*s", HR_SHOW(undo));
    }
    return HR_EXIT_ok;
}
