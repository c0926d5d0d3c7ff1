/* The workspace's files read for a question about them: the plan, or why there is none. */
#include "cli_inside.h"

enum { LISTED_IDS_MAX = 40, LISTED_BYTES_MAX = 8 << 10 };

int hr_cli_unread(struct hr_cli *cli, hr_status status)
{
    bool judged = status.code == HR_E_INPUT && cli->found.error_count > 0;
    return judged ? HR_EXIT_found_errors : hr_cli_failed(cli, status);
}

int hr_cli_load(struct hr_cli *cli, const char *folder, struct hr_plan **ret_plan)
{
    struct hr_file *files = NULL;
    size_t count = 0;
    hr_status status =
        hr_workspace_load(folder, &cli->arena, &cli->found, &files, &count, ret_plan);
    hr_cli_show_sources(cli, folder, files, count);
    if (!hr_ok(status)) {
        return hr_cli_unread(cli, status);
    }
    hr_diagnostics_init(&cli->found, &cli->arena); /* warnings are for `check` */
    return HR_EXIT_ok;
}

int hr_cli_print_whole(struct hr_cli *cli, const struct hr_buffer *out)
{
    if (out->failed || cli->arena.failed) {
        return hr_cli_failed(cli, out->failed ? hr_buffer_status(out) : hr_answer(HR_E_MEMORY));
    }
    hr_cli_print(cli, hr_buffer_text(out));
    return HR_EXIT_ok;
}

/* ---- what is not there -------------------------------------------------------------------------- */

/* The ids as one line for people; a long list is cut, and says so. */
static struct hr_text list_ids(struct hr_cli *cli, const struct hr_text *ids, size_t count)
{
    struct hr_buffer all;
    hr_buffer_init(&all, &cli->arena, LISTED_BYTES_MAX);
    for (size_t i = 0; i < count && i < LISTED_IDS_MAX; i++) {
        hr_buffer_add_format(&all, "%s%.*s", i > 0 ? ", " : "", HR_SHOW(ids[i]));
    }
    if (count > LISTED_IDS_MAX) {
        hr_buffer_add_format(&all, " and %zu more", count - LISTED_IDS_MAX);
    }
    return hr_buffer_text(&all);
}

/* "welcome" for welcome_lead: the one id that begins so; the empty text if none. */
static struct hr_text begun_id(struct hr_text written, const struct hr_text *ids, size_t count)
{
    struct hr_text found = HR_TEXT_NONE;
    for (size_t i = 0; written.size > 0 && i < count; i++) {
        if (hr_text_starts(ids[i], written)) {
            if (found.size > 0) {
                return HR_TEXT_NONE;
            }
            found = ids[i];
        }
    }
    return found;
}

int hr_cli_unknown(struct hr_cli *cli, enum hr_code code, const char *noun, struct hr_text written,
                   struct hr_cli_things there)
{
    struct hr_text rest = written;
    struct hr_text first = hr_text_cut(&rest, '.');
    struct hr_text *ids = hr_arena_new_many(&cli->arena, struct hr_text, there.count);
    size_t count = ids == NULL ? 0 : there.count;
    for (size_t i = 0; i < count; i++) {
        const char *thing = (const char *)there.items + i * there.size;
        ids[i] = *(const struct hr_text *)(const void *)thing;
    }
    struct hr_text meant = hr_did_you_mean(rest.size > 0 ? rest : first, ids, count);
    int exit_code = hr_cli_fail(cli, code, "there is no %s `%.*s`", noun, HR_SHOW(written));
    if (meant.size == 0) {
        meant = begun_id(written, ids, count);
    }
    if (cli->found.count > 0) { /* the harm of the code is that of a file */
        cli->found.items[cli->found.count - 1].example = HR_TEXT_NONE;
    }
    if (cli->found.count > 0 && count > 0) {
        cli->found.items[cli->found.count - 1].help =
            meant.size > 0 ? hr_text_format(&cli->arena, "did you mean `%.*s`?", HR_SHOW(meant))
                           : hr_text_format(&cli->arena, "there are: %.*s",
                                            HR_SHOW(list_ids(cli, ids, count)));
    }
    return exit_code;
}
