/* check: reads the workspace files and says what is wrong, for people and for programs; --fix mends what is certain.
 * And openapi, which only prints. */
#include "cli_inside.h"

#include "server/api.h"

enum { FOUND_BYTES_MAX = 64 << 20, SHOWN_BYTES_MAX = 60 };

/* What a check found beside its diagnostics. */
struct checking {
    struct hr_cli *cli;
    const char *folder;
    size_t file_count;
    hr_instant begun;
    struct hr_cli_mended *mended;
    size_t mended_count;
};

/* DIR, --dir, a folder with .handrail above, or where we stand: a workspace may be checked before it is made. */
static const char *folder_to_check(struct hr_cli *cli)
{
    return cli->object_count > 0 ? cli->objects[0].data : hr_cli_folder_here(cli);
}

/* ---- what was mended ------------------------------------------------------------------------------- */

static bool is_short(struct hr_text text)
{
    return text.size <= SHOWN_BYTES_MAX &&
           hr_text_find(hr_text_trim(text), '\n') >= hr_text_trim(text).size;
}

static void say_mended(const struct checking *checking)
{
    struct hr_cli *cli = checking->cli;
    for (size_t i = 0; i < checking->mended_count; i++) {
        const struct hr_cli_mended *mended = &checking->mended[i];
        struct hr_text was = hr_text_trim(mended->was);
        struct hr_text now = hr_text_trim(mended->now);
        struct hr_text what = hr_text_from(hr_code_info(mended->code)->text);
        if (is_short(was) && is_short(now)) {
            what = was.size == 0 ? hr_text_format(&cli->arena, "`%.*s` is added", HR_SHOW(now))
                                 : hr_text_format(&cli->arena, "`%.*s` is now `%.*s`", HR_SHOW(was),
                                                  HR_SHOW(now));
        } else {
            what = hr_text_format(&cli->arena, "no more: %.*s", HR_SHOW(what));
        }
        hr_cli_print(cli, hr_text_format(&cli->arena, "mended[%c%04d] %.*s:%u:%u: %.*s\n",
                                         mended->severity == HR_SEVERITY_error ? 'E' : 'W',
                                         (int)mended->code, HR_SHOW(mended->place.file),
                                         mended->place.line, mended->place.column, HR_SHOW(what)));
    }
    if (checking->mended_count > 0) {
        hr_cli_print(cli, HR_TEXT("\n"));
    }
}

/* "mended": code, file, line, column, was, now of each. */
static void add_mended(const struct checking *checking, struct hr_buffer *out)
{
    hr_buffer_add_text(out, HR_TEXT(",\"mended\":["));
    for (size_t i = 0; i < checking->mended_count; i++) {
        const struct hr_cli_mended *mended = &checking->mended[i];
        hr_buffer_add_format(out, "%s{\"code\":\"%c%04d\",\"file\":", i > 0 ? "," : "",
                             mended->severity == HR_SEVERITY_error ? 'E' : 'W', (int)mended->code);
        hr_json_write_text(out, mended->place.file);
        hr_buffer_add_format(out, ",\"line\":%u,\"column\":%u,\"was\":", mended->place.line,
                             mended->place.column);
        hr_json_write_text(out, mended->was);
        hr_buffer_add_text(out, HR_TEXT(",\"now\":"));
        hr_json_write_text(out, mended->now);
        hr_buffer_add_byte(out, '}');
    }
    hr_buffer_add_byte(out, ']');
}

/* ---- the check ------------------------------------------------------------------------------------- */

/* The file cannot be read at all, or not as YAML. The head of a message keeps nothing else from being read. */
static bool is_unread(const struct hr_diagnostic *item)
{
    bool bytes = item->code == HR_CODE_file_missing;
    bool form = item->code == HR_CODE_not_utf8 ||
                (item->code >= HR_CODE_yaml_syntax && item->code <= HR_CODE_control_character);
    return item->severity == HR_SEVERITY_error &&
           (bytes || (form && !hr_workspace_has_message(item->place.file)));
}

/* How many files could not be read: then what the others say was not judged. Quadratic in what is kept, at most 300. */
static size_t count_unread(const struct hr_diagnostics *found)
{
    size_t count = 0;
    for (size_t i = 0; i < found->count; i++) {
        bool seen = !is_unread(&found->items[i]);
        for (size_t k = 0; k < i && !seen; k++) {
            seen = is_unread(&found->items[k]) &&
                   hr_text_equal(found->items[k].place.file, found->items[i].place.file);
        }
        count += !seen;
    }
    return count;
}

static int say_json(const struct checking *checking)
{
    struct hr_cli *cli = checking->cli;
    const struct hr_diagnostics *found = &cli->found;
    struct hr_buffer out;
    hr_buffer_init(&out, &cli->arena, FOUND_BYTES_MAX);
    if (hr_cli_has(cli, "sarif")) {
        hr_cli_found_sarif(cli, &out);
    } else {
        hr_buffer_add_format(&out,
                             "{\"ok\":%s,\"files\":%zu,\"unread\":%zu,\"error_count\":%zu,"
                             "\"warning_count\":%zu,",
                             found->error_count == 0 ? "true" : "false", checking->file_count,
                             count_unread(found), found->error_count, found->warning_count);
        hr_cli_found_json(cli, &out);
        if (hr_cli_has(cli, "fix")) {
            add_mended(checking, &out);
        }
        hr_buffer_add_text(&out, HR_TEXT("}\n"));
    }
    return hr_cli_print_whole(cli, &out);
}

static void say_text(const struct checking *checking)
{
    struct hr_cli *cli = checking->cli;
    size_t errors = cli->found.error_count;
    size_t warnings = cli->found.warning_count;
    say_mended(checking);
    hr_cli_draw(cli, stdout);
    size_t unread = checking->file_count > 0 ? count_unread(&cli->found) : 0;
    hr_cli_print(cli,
                 hr_text_format(&cli->arena, "%zu error%s, %zu warning%s in %zu file%s (%lld ms)\n",
                                errors, errors == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s",
                                checking->file_count, checking->file_count == 1 ? "" : "s",
                                (long long)((hr_clock_now() - checking->begun) / 1000)));
    if (unread > 0) {
        hr_cli_print(cli, hr_text_format(&cli->arena,
                                         "%zu file%s cannot be read, so what the others say was "
                                         "not checked yet\n",
                                         unread, unread == 1 ? "" : "s"));
    }
}

static hr_status check(struct checking *checking)
{
    struct hr_cli *cli = checking->cli;
    struct hr_file *files = NULL;
    struct hr_plan *plan = NULL;
    hr_status status = hr_workspace_load(checking->folder, &cli->arena, &cli->found, &files,
                                         &checking->file_count, &plan);
    if (hr_ok(status)) {
        hr_cli_warn_ungoverned(cli, checking->folder, plan);
    }
    hr_plan_release(plan);
    hr_cli_show_sources(cli, checking->folder, files, checking->file_count);
    return status;
}

/* The files could not all be written: those that were are told beside why the others were not. */
static int end_mending(const struct checking *checking, int code)
{
    struct hr_cli *cli = checking->cli;
    if (checking->mended_count > 0 && !cli->json) {
        say_mended(checking);
    } else if (checking->mended_count > 0 && say_json(checking) == HR_EXIT_ok) {
        hr_diagnostics_init(&cli->found, &cli->arena); /* said already */
    }
    return code;
}

int hr_verb_check(struct hr_cli *cli)
{
    struct checking checking = {.cli = cli, .begun = hr_clock_now()};
    checking.folder = folder_to_check(cli);
    if (hr_cli_has(cli, "fix")) {
        int code = hr_cli_mend(cli, checking.folder, &checking.mended, &checking.mended_count);
        if (code != HR_EXIT_ok) {
            return end_mending(&checking, code);
        }
    }
    hr_status status = check(&checking);
    if (!hr_ok(status) && (status.code != HR_E_INPUT || cli->found.error_count == 0)) {
        return hr_cli_unread(cli, status); /* what was found until then is no verdict */
    }
    int code = HR_EXIT_ok;
    if (cli->json || hr_cli_has(cli, "sarif")) {
        code = say_json(&checking);
    } else {
        say_text(&checking);
    }
    if (code != HR_EXIT_ok) {
        return code;
    }
    size_t errors = cli->found.error_count;
    hr_diagnostics_init(&cli->found, &cli->arena); /* said already */
    return errors > 0 ? HR_EXIT_found_errors : HR_EXIT_ok;
}

int hr_verb_openapi(struct hr_cli *cli)
{
    hr_cli_print(cli, hr_api_openapi(&cli->arena));
    return HR_EXIT_ok;
}
