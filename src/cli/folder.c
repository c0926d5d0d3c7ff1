/* Which workspace is meant, and its store opened for reading: without the daemon, beside it, and on a full disk. */
#include "cli_inside.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PARENTS_MAX = 64 };

static bool is_folder(const char *path)
{
    struct stat about;
    return path != NULL && stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* The nearest parent of where we stand that has a data folder; NULL when there is none. */
static const char *nearest(struct hr_cli *cli)
{
    char here[PATH_MAX];
    if (getcwd(here, sizeof here) == NULL) {
        return NULL;
    }
    for (int i = 0; i < PARENTS_MAX; i++) {
        struct hr_text data = hr_text_format(&cli->arena, "%s/.handrail", here);
        if (is_folder(data.data)) {
            return hr_text_copy(&cli->arena, hr_text_from(here)).data;
        }
        char *slash = strrchr(here, '/');
        if (slash == NULL || slash == here) {
            return NULL;
        }
        *slash = '\0';
    }
    return NULL;
}

bool hr_cli_folder(struct hr_cli *cli)
{
    const char *named =
        hr_cli_has(cli, "dir") ? hr_cli_flag(cli, "dir").data : getenv("HANDRAIL_DIR");
    if (cli->folder != NULL) {
        return true;
    }
    if (named == NULL || named[0] == '\0') {
        cli->folder = nearest(cli);
        if (cli->folder == NULL) {
            (void)hr_cli_fail(cli, HR_CODE_store_missing,
                              "no folder from here upwards has a data folder .handrail");
            return false;
        }
        return true;
    }
    if (!is_folder(hr_text_format(&cli->arena, "%s/.handrail", named).data)) {
        (void)hr_cli_fail(cli, HR_CODE_store_missing, "%s has no data folder .handrail", named);
        return false;
    }
    cli->folder = named;
    return true;
}

const char *hr_cli_data_path(struct hr_cli *cli, const char *name)
{
    struct hr_text path = hr_text_format(&cli->arena, "%s/.handrail%s%s", cli->folder,
                                         name[0] != '\0' ? "/" : "", name);
    return path.data != NULL ? path.data : "";
}

struct hr_plan *hr_cli_plan_of_files(struct hr_cli *cli)
{
    struct hr_diagnostics quiet;
    struct hr_file *files = NULL;
    struct hr_plan *plan = NULL;
    size_t count = 0;
    hr_diagnostics_init(&quiet, &cli->arena);
    hr_status status = hr_workspace_load(cli->folder, &cli->arena, &quiet, &files, &count, &plan);
    return hr_ok(status) ? plan : NULL;
}

/* ---- the store ---------------------------------------------------------------------------------- */

int hr_cli_open_reader(struct hr_cli *cli)
{
    if (!hr_cli_folder(cli)) {
        return hr_cli_failed(cli, hr_answer(HR_E_INPUT));
    }
    const struct hr_store_options options = {.folder = hr_cli_data_path(cli, "")};
    hr_status status = hr_store_reader_open(&options, &cli->reader);
    return hr_ok(status) ? HR_EXIT_ok : hr_cli_failed(cli, status);
}

int hr_cli_look(struct hr_cli *cli)
{
    int code = hr_cli_open_reader(cli);
    if (code != HR_EXIT_ok) {
        return code;
    }
    hr_status status = hr_store_reader_begin(cli->reader);
    if (!hr_ok(status)) {
        return hr_cli_failed(cli, status);
    }
    status = hr_plan_from_journal(cli->reader, &cli->arena, &cli->found, &cli->plan);
    if (status.code == HR_E_INPUT) {
        return hr_cli_fail(cli, HR_CODE_plan_missing, "no plan is in force yet");
    }
    if (hr_ok(status)) {
        /* warnings of files that are in force already belong to `check` */
        hr_diagnostics_init(&cli->found, &cli->arena);
        status = hr_lens_open(cli->reader, cli->plan, hr_clock_now(), &cli->arena, &cli->lens);
    }
    return hr_ok(status) ? HR_EXIT_ok : hr_cli_failed(cli, status);
}

void hr_cli_look_away(struct hr_cli *cli)
{
    if (cli->reader != NULL) {
        hr_store_reader_end(cli->reader);
        hr_store_reader_close(cli->reader);
        cli->reader = NULL;
    }
}
