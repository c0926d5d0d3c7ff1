/* Events from a file: large ones go to the daemon in pieces, cut between rows; what became of all of them is one
 * answer. With --sign the message is signed and sent as the tool itself would. */
#include "cli_inside.h"

#include "net/client.h"
#include "tools/signature.h"

#include <string.h>

enum {
    EVENTS_MAX = 1000,
    LISTED_MAX = 100,
    OUT_BYTES_MAX = 4 << 20,
    TOOLS_BYTES_MAX = 64 << 10,
    ID_BYTES = 16
};

/* All pieces together. */
struct sums {
    struct hr_cli *cli;
    struct hr_text path;  /* with its query */
    struct hr_text type;  /* of the body */
    uint64_t rows_before; /* in the pieces before this one */
    uint64_t read, journalled, duplicate, refused, nameless, unknown;
    struct hr_buffer listed; /* JSON of the rows named */
    struct hr_buffer shown;
    uint64_t listed_count;
    size_t pieces;
};

static uint64_t number(const struct hr_value *map, const char *name)
{
    const struct hr_value *value = hr_value_member(map, hr_text_from(name));
    return value != NULL && value->kind == HR_KIND_int && value->integer > 0
               ? (uint64_t)value->integer
               : 0;
}

static void take_row(struct sums *sums, const struct hr_value *row)
{
    unsigned long long at = number(row, "row") + sums->rows_before;
    struct hr_text became = hr_cli_member(row, "became");
    struct hr_text column = hr_cli_member(row, "column");
    struct hr_text why = hr_cli_member(row, "why");
    if (sums->listed_count++ >= LISTED_MAX) {
        return;
    }
    hr_buffer_add_format(&sums->listed, "%s{\"row\":%llu,\"became\":\"%.*s\",\"column\":",
                         sums->listed.size > 0 ? "," : "", at, HR_SHOW(became));
    hr_json_write_text(&sums->listed, column);
    hr_buffer_add_text(&sums->listed, HR_TEXT(",\"why\":"));
    hr_json_write_text(&sums->listed, why);
    hr_buffer_add_byte(&sums->listed, '}');
    hr_buffer_add_format(&sums->shown, "row %llu: %.*s%s%.*s: %.*s\n", at, HR_SHOW(became),
                         column.size > 0 ? ", column " : "", HR_SHOW(column), HR_SHOW(why));
}

/* Says which tools there are beside an error about one that is not. */
static void name_tools(struct hr_cli *cli, const struct hr_plan *plan)
{
    struct hr_buffer names;
    hr_buffer_init(&names, &cli->arena, TOOLS_BYTES_MAX);
    hr_buffer_add_text(&names, HR_TEXT("the tools of this workspace: "));
    for (size_t i = 0; i < plan->tool_count; i++) {
        hr_buffer_add_text(&names, i > 0 ? HR_TEXT(", ") : HR_TEXT_NONE);
        hr_buffer_add_text(&names, plan->tools[i].id);
    }
    if (!names.failed && plan->tool_count > 0 && cli->found.count > 0) {
        cli->found.items[cli->found.count - 1].help = hr_buffer_text(&names);
    }
}

/* The same for one that the daemon does not know. */
static void name_tools_of_files(struct hr_cli *cli)
{
    if (cli->found.count == 0 || cli->found.items[0].code != HR_CODE_not_found) {
        return;
    }
    const struct hr_plan *plan = hr_cli_plan_of_files(cli);
    if (plan != NULL) {
        name_tools(cli, plan);
    }
}

static int send_piece(struct sums *sums, struct hr_text body, uint64_t rows)
{
    struct hr_cli_answer answer;
    int code = hr_cli_call(sums->cli, "POST", sums->path, sums->type, body, &answer);
    if (code != HR_EXIT_ok) {
        name_tools_of_files(sums->cli);
        return code;
    }
    const struct hr_value *listed = hr_value_member(&answer.json, HR_TEXT("rows"));
    for (uint32_t i = 0; listed != NULL && listed->kind == HR_KIND_list && i < listed->count; i++) {
        take_row(sums, &listed->items[i]);
    }
    sums->listed_count += number(&answer.json, "rows_not_listed");
    sums->read += number(&answer.json, "read");
    sums->journalled += number(&answer.json, "journalled");
    sums->duplicate += number(&answer.json, "duplicate");
    sums->refused += number(&answer.json, "refused");
    sums->nameless += number(&answer.json, "nameless");
    sums->unknown += number(&answer.json, "unknown_type");
    sums->rows_before += rows;
    sums->pieces++;
    return HR_EXIT_ok;
}

/* ---- pieces -------------------------------------------------------------------------------------- */

/* A body of column names alone: said as what it most likely is, a CSV file without rows or no CSV at all. */
static int refuse_rowless(struct sums *sums, bool surely_csv)
{
    if (surely_csv) {
        (void)hr_cli_fail(sums->cli, HR_CODE_body_empty, "no rows: there are column names alone");
    } else {
        (void)hr_cli_fail(sums->cli, HR_CODE_event_not_object,
                          "this is neither JSON (an object, or a list of them) nor CSV (a row of "
                          "column names, and a row for each event)");
    }
    sums->cli->found.items[0].help = HR_TEXT("`handrail help send` has an example of both");
    return HR_EXIT_failed;
}

static int send_csv(struct sums *sums, struct hr_text bytes, bool surely_csv)
{
    struct hr_cli *cli = sums->cli;
    struct hr_csv csv;
    struct hr_text *cells = NULL;
    size_t count = 0;
    struct hr_arena_mark mark;
    hr_status status = hr_csv_open(&csv, bytes, &cli->found);
    if (hr_ok(status)) {
        status = hr_csv_next(&csv, &cli->arena, &cli->found, &cells, &count);
    }
    if (status.code == HR_CSV_END) {
        return hr_cli_fail(cli, HR_CODE_body_empty, "a CSV file begins with a row of column names");
    }
    struct hr_text header = hr_text_slice(bytes, 0, csv.at);
    size_t from = csv.at;
    size_t to = csv.at;
    uint64_t rows = 0;
    while (hr_ok(status)) {
        mark = hr_arena_mark(&cli->arena);
        status = hr_csv_next(&csv, &cli->arena, &cli->found, &cells, &count);
        if (hr_ok(status)) {
            hr_arena_rewind(&cli->arena, mark);
        }
        bool full = header.size + csv.at - from > HR_SEND_BYTES_MAX;
        if (rows > 0 && (!hr_ok(status) || full)) {
            struct hr_text body = hr_text_format(&cli->arena, "%.*s%.*s", HR_SHOW(header),
                                                 HR_SHOW(hr_text_slice(bytes, from, to)));
            int code = send_piece(sums, body, rows);
            if (code != HR_EXIT_ok) {
                return code;
            }
            from = to;
            rows = 0;
        }
        to = csv.at;
        rows++;
    }
    if (status.code == HR_CSV_END && sums->pieces == 0) {
        return refuse_rowless(sums, surely_csv);
    }
    return status.code == HR_CSV_END ? HR_EXIT_ok : hr_cli_failed(cli, status);
}

static int send_list(struct sums *sums, const struct hr_value *list)
{
    struct hr_cli *cli = sums->cli;
    uint32_t at = 0;
    while (at < list->count) {
        struct hr_buffer body;
        uint64_t rows = 0;
        hr_buffer_init(&body, &cli->arena, (size_t)HR_SEND_BYTES_MAX + (1 << 20));
        hr_buffer_add_byte(&body, '[');
        while (at < list->count && rows < EVENTS_MAX &&
               (rows == 0 || body.size < HR_SEND_BYTES_MAX / 2)) {
            hr_buffer_add_text(&body, rows > 0 ? HR_TEXT(",") : HR_TEXT(""));
            hr_json_write(&body, &list->items[at++]);
            rows++;
        }
        hr_buffer_add_byte(&body, ']');
        if (body.failed) {
            return hr_cli_fail(cli, HR_CODE_body_too_big,
                               "one event of the list is larger than 1 MiB");
        }
        int code = send_piece(sums, hr_buffer_text(&body), rows);
        if (code != HR_EXIT_ok) {
            return code;
        }
    }
    return HR_EXIT_ok;
}

static int send_json(struct sums *sums, struct hr_text bytes)
{
    struct hr_cli *cli = sums->cli;
    struct hr_value value;
    const struct hr_json_options options = {.size_max = HR_INPUT_BYTES_MAX};
    hr_status status = hr_json_read(&cli->arena, bytes, &options, &cli->found, &value);
    if (!hr_ok(status)) {
        return hr_cli_failed(cli, status);
    }
    bool large =
        bytes.size > HR_SEND_BYTES_MAX || (value.kind == HR_KIND_list && value.count > EVENTS_MAX);
    return large && value.kind == HR_KIND_list ? send_list(sums, &value)
                                               : send_piece(sums, bytes, 1);
}

/* ---- signed -------------------------------------------------------------------------------------- */

static int find_signer(struct hr_cli *cli, struct hr_signer **ret_signer)
{
    struct hr_file *files = NULL;
    struct hr_plan *plan = NULL;
    size_t count = 0;
    size_t secrets = 0;
    if (!hr_cli_folder(cli)) {
        return hr_cli_failed(cli, hr_answer(HR_E_INPUT));
    }
    hr_status status =
        hr_workspace_load(cli->folder, &cli->arena, &cli->found, &files, &count, &plan);
    if (!hr_ok(status)) {
        return hr_cli_failed(cli, status);
    }
    hr_diagnostics_init(&cli->found, &cli->arena); /* warnings belong to `check` */
    int32_t index = hr_plan_tool(plan, cli->objects[0]);
    if (index < 0) {
        int code = hr_cli_fail(cli, HR_CODE_tool_unsigned, "there is no tool `%.*s`",
                               HR_SHOW(cli->objects[0]));
        name_tools(cli, plan);
        return code;
    }
    const struct hr_tool *tool = &plan->tools[index];
    struct hr_signature_options options = {.scheme = tool->scheme,
                                           .header = tool->header,
                                           .prefix = tool->prefix,
                                           .encoding = tool->encoding,
                                           .tolerance_us = tool->tolerance_us};
    if (tool->scheme != HR_SCHEME_none) {
        status = hr_secret_read(hr_cli_data_path(cli, ""), tool->secret, &cli->arena,
                                options.secrets, &secrets);
    }
    bool made = hr_ok(status) && secrets > 0 && hr_ok(hr_signer_create(&options, ret_signer));
    hr_secret_wipe(options.secrets, secrets);
    if (status.code == HR_E_IO) {
        return hr_cli_sealed_wrong(cli);
    }
    if (!made) {
        return tool->secret.size == 0
                   ? hr_cli_fail(cli, HR_CODE_tool_unsigned, "the tool `%.*s` has no `verify`",
                                 HR_SHOW(tool->id))
                   : hr_cli_fail(cli, HR_CODE_tool_unsigned,
                                 "the secret `%.*s` of the tool `%.*s` has no value that can sign",
                                 HR_SHOW(tool->secret), HR_SHOW(tool->id));
    }
    return HR_EXIT_ok;
}

/* The address as it was given, with the tool's endpoint where it names no path. */
static struct hr_text endpoint(struct hr_cli *cli)
{
    struct hr_text url = hr_cli_flag(cli, "sign");
    size_t scheme = hr_text_search(url, HR_TEXT("://"));
    struct hr_text rest = hr_text_slice(url, scheme + 3, url.size);
    size_t slash = hr_text_find(rest, '/');
    if (slash + 1 < rest.size) {
        return url;
    }
    struct hr_text base = hr_text_slice(url, 0, scheme + 3 + slash);
    return hr_text_format(&cli->arena, "%.*s/v1/in/%.*s", HR_SHOW(base), HR_SHOW(cli->objects[0]));
}

static int say_signed(struct hr_cli *cli, const struct hr_cli_answer *answer)
{
    if (cli->json) {
        hr_cli_print(cli, answer->body);
        return HR_EXIT_ok;
    }
    unsigned long long accepted = number(&answer->json, "accepted");
    unsigned long long before = number(&answer->json, "duplicates");
    struct hr_text said =
        before == 0
            ? hr_text_format(&cli->arena, "%llu accepted\n", accepted)
            : hr_text_format(&cli->arena, "%llu accepted, %llu duplicate: nothing happens twice\n",
                             accepted, before);
    hr_cli_print(cli, said);
    return HR_EXIT_ok;
}

static int send_signed(struct hr_cli *cli, struct hr_text bytes)
{
    struct hr_signer *signer = NULL;
    struct hr_signed_header signatures[HR_SIGNED_HEADERS_MAX];
    struct hr_http_header headers[HR_SIGNED_HEADERS_MAX + 1] = {
        {HR_TEXT("Content-Type"), HR_TEXT("application/json")}};
    size_t count = 0;
    struct hr_text id = hr_cli_flag(cli, "id");
    int code = find_signer(cli, &signer);
    if (code != HR_EXIT_ok) {
        return code;
    }
    if (id.size == 0) { /* of the bytes, so that the same file twice is one delivery */
        struct hr_digest digest = hr_digest_of(&bytes, 1);
        id = hr_text_format(&cli->arena, "msg_%.*s",
                            HR_SHOW(hr_hex(&cli->arena, digest.bytes, ID_BYTES)));
    }
    hr_status status =
        hr_signer_sign(signer, id, hr_clock_now(), bytes, &cli->arena, signatures, &count);
    hr_signer_free(signer);
    if (!hr_ok(status)) {
        return hr_cli_failed(cli, status);
    }
    for (size_t i = 0; i < count; i++) {
        headers[i + 1] = (struct hr_http_header){signatures[i].name, signatures[i].value};
    }
    struct hr_cli_answer answer;
    const struct hr_http_call what = {
        .url = endpoint(cli), .headers = headers, .header_count = count + 1, .body = bytes};
    code = hr_cli_call_address(cli, &what, &answer);
    if (code == HR_CLI_NOBODY) {
        return hr_cli_fail(cli, HR_CODE_daemon_not_running, "nothing answers at %.*s",
                           HR_SHOW(what.url));
    }
    return code == HR_EXIT_ok ? say_signed(cli, &answer) : code;
}

/* ---- the verb ------------------------------------------------------------------------------------ */

static bool is_csv(const struct hr_cli *cli, struct hr_text name, struct hr_text bytes)
{
    struct hr_text body = hr_text_trim(bytes);
    bool json = hr_text_starts(body, HR_TEXT("{")) || hr_text_starts(body, HR_TEXT("["));
    return hr_cli_has(cli, "csv") || hr_text_ends(name, HR_TEXT(".csv")) ||
           (!json && !hr_text_ends(name, HR_TEXT(".json")));
}

static struct hr_text path_of(struct hr_cli *cli)
{
    struct hr_text tool = hr_cli_escape(cli, cli->objects[0]);
    struct hr_text type = hr_cli_escape(cli, hr_cli_flag(cli, "type"));
    bool dry = hr_cli_has(cli, "dry-run");
    return hr_text_format(&cli->arena, "/v1/send/%.*s%s%.*s%s", HR_SHOW(tool),
                          type.size > 0 ? "?type=" : "", HR_SHOW(type),
                          !dry            ? ""
                          : type.size > 0 ? "&dry_run=1"
                                          : "?dry_run=1");
}

static void say_sums(struct sums *sums)
{
    struct hr_cli *cli = sums->cli;
    bool dry = hr_cli_has(cli, "dry-run");
    uint64_t unlisted = sums->listed_count > LISTED_MAX ? sums->listed_count - LISTED_MAX : 0;
    if (cli->json) {
        hr_cli_print(
            cli,
            hr_text_format(&cli->arena,
                           "{\"dry_run\":%s,\"read\":%llu,\"journalled\":%llu,\"duplicate\":%llu,"
                           "\"refused\":%llu,"
                           "\"nameless\":%llu,\"unknown_type\":%llu,\"rows\":[%.*s],\"rows_not_"
                           "listed\":%llu}\n",
                           dry ? "true" : "false", (unsigned long long)sums->read,
                           (unsigned long long)sums->journalled,
                           (unsigned long long)sums->duplicate, (unsigned long long)sums->refused,
                           (unsigned long long)sums->nameless, (unsigned long long)sums->unknown,
                           HR_SHOW(hr_buffer_text(&sums->listed)), (unsigned long long)unlisted));
        return;
    }
    hr_cli_print(
        cli,
        dry ? hr_text_format(&cli->arena,
                             "%llu read, nothing journalled (dry run), %llu would be refused\n",
                             (unsigned long long)sums->read, (unsigned long long)sums->refused)
            : hr_text_format(&cli->arena, "%llu journalled, %llu duplicate, %llu refused\n",
                             (unsigned long long)sums->journalled,
                             (unsigned long long)sums->duplicate,
                             (unsigned long long)sums->refused));
    if (sums->shown.size > 0) {
        hr_cli_note(cli, "%.*s%s", HR_SHOW(hr_text_trim(hr_buffer_text(&sums->shown))),
                    unlisted > 0 ? "\n(more rows are not listed)" : "");
    }
    if (sums->duplicate > 0) {
        hr_cli_note(cli, "a duplicate has the id of a message that was heard before, and changes "
                         "nothing, whatever it says; a correction needs a new id");
    }
    if (!dry && sums->journalled > 0) {
        hr_cli_note(cli,
                    "undo: what was heard stays heard; `handrail forget CONTACT` erases a person");
    }
}

static int send_all(struct sums *sums, struct hr_text name, struct hr_text bytes)
{
    bool csv = is_csv(sums->cli, name, bytes);
    sums->type = csv ? HR_TEXT("text/csv") : HR_TEXT("application/json");
    bool surely_csv = hr_cli_has(sums->cli, "csv") || hr_text_ends(name, HR_TEXT(".csv"));
    int code = csv ? send_csv(sums, bytes, surely_csv) : send_json(sums, bytes);
    if (code != HR_EXIT_ok && sums->pieces == 0) {
        return code;
    }
    if (code != HR_EXIT_ok) {
        say_sums(sums);
        return hr_cli_fail(sums->cli, HR_CODE_send_incomplete, "%zu pieces were sent before that",
                           sums->pieces);
    }
    say_sums(sums);
    if (sums->refused == 0) {
        return HR_EXIT_ok;
    }
    return sums->refused < sums->read ? HR_EXIT_partly : HR_EXIT_refused;
}

int hr_verb_send(struct hr_cli *cli)
{
    struct sums sums = {.cli = cli, .path = path_of(cli)};
    struct hr_text name = cli->object_count > 1 ? cli->objects[1] : HR_TEXT("-");
    struct hr_text bytes = HR_TEXT_NONE;
    int code = hr_cli_read_input(cli, name, &bytes);
    if (code != HR_EXIT_ok) {
        return code;
    }
    if (hr_text_trim(bytes).size == 0) {
        return hr_cli_fail(cli, HR_CODE_body_empty, "there is nothing in it to send");
    }
    hr_buffer_init(&sums.listed, &cli->arena, OUT_BYTES_MAX);
    hr_buffer_init(&sums.shown, &cli->arena, OUT_BYTES_MAX);
    if (!hr_cli_has(cli, "sign")) {
        return send_all(&sums, name, bytes);
    }
    if (is_csv(cli, name, bytes) || hr_cli_host_port(cli, hr_cli_flag(cli, "sign")).size == 0) {
        return hr_cli_fail(cli, HR_CODE_tool_unsigned,
                           "--sign takes an http address and sends JSON");
    }
    return send_signed(cli, bytes);
}
