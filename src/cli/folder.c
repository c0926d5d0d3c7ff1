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

/* A folder that we stand in or below as "." or "../..", so that paths in it can be opened as they are shown; any other
 * folder as it is. */
static const char *as_seen_from_here(struct hr_cli *cli, const char *folder)
{
    char here[PATH_MAX];
    size_t size = strlen(folder);
    bool inside = getcwd(here, sizeof here) != NULL && folder[0] == '/' &&
                  strncmp(here, folder, size) == 0 && (here[size] == '\0' || here[size] == '/');
    if (!inside) {
        return folder;
    }
    struct hr_buffer up;
    hr_buffer_init(&up, &cli->arena, PATH_MAX);
    for (const char *at = here + size; *at != '\0'; at++) {
        hr_buffer_add_text(&up, *at != '/'     ? HR_TEXT_NONE
                                : up.size == 0 ? HR_TEXT("..")
                                               : HR_TEXT("/.."));
    }
    struct hr_text path =
        hr_text_copy(&cli->arena, up.size == 0 ? HR_TEXT(".") : hr_buffer_text(&up));
    return path.data != NULL ? path.data : folder;
}

const char *hr_cli_folder_here(struct hr_cli *cli)
{
    struct hr_diagnostics kept = cli->found;
    if (hr_cli_has(cli, "dir")) {
        return hr_cli_flag(cli, "dir").data;
    }
    bool found = hr_cli_folder(cli);
    cli->found = kept;
    return found ? as_seen_from_here(cli, cli->folder) : ".";
}

struct hr_text hr_cli_shown_path(struct hr_cli *cli, const char *folder, struct hr_text file)
{
    struct hr_text base = hr_text_from(folder);
    while (base.size > 1 && base.data[base.size - 1] == '/') {
        base.size--;
    }
    if (file.size == 0 || hr_text_equal(base, HR_TEXT(".")) ||
        hr_text_equal(file, hr_text_from(folder))) {
        return file; /* the folder itself may be complained about, too */
    }
    bool root = hr_text_equal(base, HR_TEXT("/"));
    if (hr_text_starts(file, base) && file.size > base.size && file.data[base.size] == '/') {
        return file; /* shown so already */
    }
    struct hr_text path =
        hr_text_format(&cli->arena, "%.*s%s%.*s", HR_SHOW(base), root ? "" : "/", HR_SHOW(file));
    return path.data != NULL ? path : file;
}

void hr_cli_show_paths(struct hr_cli *cli, const char *folder, size_t from)
{
    for (size_t i = from; i < cli->found.count; i++) {
        struct hr_diagnostic *item = &cli->found.items[i];
        item->place.file = hr_cli_shown_path(cli, folder, item->place.file);
        item->second.file = hr_cli_shown_path(cli, folder, item->second.file);
    }
}

void hr_cli_show_sources(struct hr_cli *cli, const char *folder, const struct hr_file *files,
                         size_t count)
{
    struct hr_file *shown = hr_arena_new_many(&cli->arena, struct hr_file, count);
    hr_cli_show_paths(cli, folder, 0);
    for (size_t i = 0; shown != NULL && i < count; i++) {
        shown[i] = (struct hr_file){hr_cli_shown_path(cli, folder, files[i].path), files[i].bytes};
    }
    cli->sources = shown;
    cli->source_count = shown == NULL ? 0 : count;
}

void hr_cli_show_folder(struct hr_cli *cli)
{
    struct hr_diagnostics quiet;
    struct hr_file *files = NULL;
    size_t count = 0;
    hr_diagnostics_init(&quiet, &cli->arena);
    if (cli->folder != NULL &&
        hr_ok(hr_files_read(cli->folder, &cli->arena, &quiet, &files, &count))) {
        hr_cli_show_sources(cli, as_seen_from_here(cli, cli->folder), files, count);
    }
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
