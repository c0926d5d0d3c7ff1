/* Verbs about words rather than customers: check, explain, openapi. */
#include "cli_inside.h"

#include "server/api.h"

enum { FOUND_BYTES_MAX = 1 << 20 };

/* DIR, --dir, a folder with .handrail above, or where we stand: a workspace may be checked before it is made. */
static const char *folder_to_check(struct hr_cli *cli)
{
    struct hr_diagnostics kept = cli->found;
    if (cli->object_count > 0) {
        return cli->objects[0].data;
    }
    if (hr_cli_has(cli, "dir")) {
        return hr_cli_flag(cli, "dir").data;
    }
    bool found = hr_cli_folder(cli);
    cli->found = kept;
    return found ? cli->folder : ".";
}

static void say_json(struct hr_cli *cli, size_t files)
{
    struct hr_buffer out;
    hr_buffer_init(&out, &cli->arena, FOUND_BYTES_MAX);
    hr_buffer_add_format(&out,
                         "{\"ok\":%s,\"files\":%zu,\"error_count\":%zu,\"warning_count\":%zu,",
                         cli->found.error_count == 0 ? "true" : "false", files,
                         cli->found.error_count, cli->found.warning_count);
    hr_cli_found_json(cli, &out);
    hr_buffer_add_text(&out, HR_TEXT("}\n"));
    hr_cli_print(cli, hr_buffer_text(&out));
}

int hr_verb_check(struct hr_cli *cli)
{
    struct hr_file *files = NULL;
    struct hr_plan *plan = NULL;
    size_t count = 0;
    hr_instant begun = hr_clock_now();
    const char *folder = folder_to_check(cli);
    hr_status status = hr_workspace_load(folder, &cli->arena, &cli->found, &files, &count, &plan);
    cli->sources = files;
    cli->source_count = count;
    if (!hr_ok(status) && cli->found.error_count == 0) {
        return hr_cli_failed(cli, status);
    }
    if (hr_ok(status)) {
        hr_cli_warn_ungoverned(cli, folder, plan);
    }
    size_t errors = cli->found.error_count;
    size_t warnings = cli->found.warning_count;
    if (cli->json) {
        say_json(cli, count);
    } else {
        hr_cli_draw(cli, stdout);
        hr_cli_print(cli, hr_text_format(&cli->arena,
                                         "%zu error%s, %zu warning%s in %zu file%s (%lld ms)\n",
                                         errors, errors == 1 ? "" : "s", warnings,
                                         warnings == 1 ? "" : "s", count, count == 1 ? "" : "s",
                                         (long long)((hr_clock_now() - begun) / 1000)));
    }
    hr_diagnostics_init(&cli->found, &cli->arena); /* said already */
    return errors > 0 ? HR_EXIT_found_errors : HR_EXIT_ok;
}

int hr_verb_explain(struct hr_cli *cli)
{
    const struct hr_code_info *info = hr_code_find(cli->objects[0]);
    if (info == NULL) {
        return hr_cli_fail(cli, HR_CODE_code_unknown, "no error has the code `%.*s`",
                           HR_SHOW(cli->objects[0]));
    }
    if (!cli->json) {
        hr_cli_print(cli, hr_text_format(&cli->arena, "E%04d (%s): %s\n\n%s\n\nhelp: %s\n",
                                         (int)info->code, info->symbol, info->text, info->page,
                                         info->help));
        return HR_EXIT_ok;
    }
    struct hr_buffer out;
    hr_buffer_init(&out, &cli->arena, FOUND_BYTES_MAX);
    hr_buffer_add_format(
        &out,
        "{\"code\":\"E%04d\",\"symbol\":\"%s\",\"exit\":%d,\"http_status\":%d,\"retryable\":%s",
        (int)info->code, info->symbol, info->exit_code, info->http_status,
        info->retryable ? "true" : "false");
    const char *const members[][2] = {
        {"text", info->text}, {"help", info->help}, {"page", info->page}};
    for (size_t i = 0; i < 3; i++) {
        hr_buffer_add_format(&out, ",\"%s\":", members[i][0]);
        hr_json_write_text(&out, hr_text_from(members[i][1]));
    }
    hr_buffer_add_text(&out, HR_TEXT("}\n"));
    hr_cli_print(cli, hr_buffer_text(&out));
    return HR_EXIT_ok;
}

int hr_verb_openapi(struct hr_cli *cli)
{
    hr_cli_print(cli, hr_api_openapi(&cli->arena));
    return HR_EXIT_ok;
}
