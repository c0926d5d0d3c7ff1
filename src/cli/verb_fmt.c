/* fmt: lays workspace files out. The layout itself is pure (data/yaml_format.c); here files are found, compared and
 * put in each other's place. */
#include "cli_inside.h"

#include "data/yaml.h"

#include <sys/stat.h>

enum { SCRATCH_BYTES_MAX = 512 << 20, NAMES_BYTES_MAX = 4 << 20 };

struct formatting {
    struct hr_cli *cli;
    bool check;             /* only say what would change */
    struct hr_buffer names; /* of the files that changed, one a line */
    struct hr_buffer json;  /* the same as JSON strings */
    size_t file_count;
    size_t changed_count;
    struct hr_file *broken; /* files with errors, for drawing their lines */
    size_t broken_count;
    size_t broken_capacity;
};

/* Keeps a file that errors speak of. */
static void keep_broken(struct formatting *formatting, struct hr_text path, struct hr_text bytes)
{
    struct hr_cli *cli = formatting->cli;
    struct hr_file *grown = hr_list_grow(&cli->arena, formatting->broken, formatting->broken_count,
                                         &formatting->broken_capacity, sizeof *grown);
    if (grown != NULL) {
        formatting->broken = grown;
        grown[formatting->broken_count++] = (struct hr_file){path, bytes};
        cli->sources = grown;
        cli->source_count = formatting->broken_count;
    }
}

/* The text laid out, in the command's arena; the same text when nothing changes. False: found says why not. */
static bool lay_out(struct formatting *formatting, struct hr_text path, struct hr_text bytes,
                    struct hr_text *ret_text)
{
    struct hr_cli *cli = formatting->cli;
    struct hr_arena scratch;
    struct hr_text text = HR_TEXT_NONE;
    hr_arena_init(&scratch, SCRATCH_BYTES_MAX);
    size_t before = cli->found.told;
    hr_status status = hr_yaml_format(&scratch, path, bytes, &cli->found, &text);
    hr_diagnostics_own(&cli->found, before);
    formatting->file_count++;
    *ret_text = bytes;
    if (hr_ok(status) && !hr_text_equal(text, bytes)) {
        *ret_text = hr_text_copy(&cli->arena, text);
        status = ret_text->data == NULL ? hr_answer(HR_E_MEMORY) : status;
    }
    hr_arena_close(&scratch);
    if (status.code == HR_YAML_KEPT) {
        hr_cli_note(cli,
                    "%.*s stays as it is: its layout cannot change without changing what it says",
                    HR_SHOW(path));
        return true;
    }
    if (status.code == HR_E_INPUT) {
        keep_broken(formatting, path, bytes);
    } else if (!hr_ok(status)) {
        (void)hr_cli_failed(cli, status);
    }
    return hr_ok(status);
}

static void format_file(struct formatting *formatting, struct hr_text path, struct hr_text bytes)
{
    struct hr_text text = HR_TEXT_NONE;
    if (!lay_out(formatting, path, bytes, &text) || hr_text_equal(text, bytes)) {
        return;
    }
    const char *name = hr_text_copy(&formatting->cli->arena, path).data;
    if (name == NULL) {
        (void)hr_cli_failed(formatting->cli, hr_answer(HR_E_MEMORY));
        return;
    }
    if (!formatting->check &&
        hr_cli_replace_file(formatting->cli, name, bytes, text) != HR_EXIT_ok) {
        return;
    }
    hr_buffer_add_text(&formatting->names, path);
    hr_buffer_add_byte(&formatting->names, '\n');
    hr_buffer_add_text(&formatting->json,
                       formatting->changed_count > 0 ? HR_TEXT(",") : HR_TEXT_NONE);
    hr_json_write_text(&formatting->json, path);
    formatting->changed_count++;
}

static void format_folder(struct formatting *formatting, const char *folder)
{
    struct hr_cli *cli = formatting->cli;
    struct hr_file *files = NULL;
    size_t count = 0;
    size_t before = cli->found.count;
    hr_status status = hr_files_read(folder, &cli->arena, &cli->found, &files, &count);
    hr_cli_show_paths(cli, folder, before);
    if (!hr_ok(status)) {
        (void)hr_cli_failed(cli, status);
        return;
    }
    if (count == 0) {
        (void)hr_cli_fail(cli, HR_CODE_workspace_empty, "there is no workspace file in %s", folder);
    }
    for (size_t i = 0; i < count; i++) {
        if (hr_workspace_has_message(files[i].path)) {
            continue; /* a mail's text is as its writer wants it */
        }
        format_file(formatting, hr_cli_shown_path(cli, folder, files[i].path), files[i].bytes);
    }
}

/* Nobody named a file, so only a workspace's own are touched. */
static void format_workspace(struct formatting *formatting)
{
    struct hr_cli *cli = formatting->cli;
    const char *folder = hr_cli_folder_here(cli);
    if (hr_files_is_workspace(folder, &cli->arena)) {
        format_folder(formatting, folder);
        return;
    }
    (void)hr_cli_fail(cli, HR_CODE_workspace_empty, "there is no workspace here");
    cli->found.items[cli->found.count - 1].help =
        HR_TEXT("go into the workspace, or name what to lay out, as in handrail fmt FILE");
}

static void format_path(struct formatting *formatting, struct hr_text path)
{
    struct stat about;
    if (stat(path.data, &about) == 0 && S_ISDIR(about.st_mode)) {
        format_folder(formatting, path.data);
        return;
    }
    struct hr_text bytes = HR_TEXT_NONE;
    if (hr_ok(hr_file_read(path.data, HR_YAML_SIZE_MAX, &formatting->cli->arena, &bytes))) {
        format_file(formatting, path, bytes);
        return;
    }
    (void)hr_cli_fail(formatting->cli, HR_CODE_file_unreadable,
                      "%.*s cannot be read, or is larger than 1 MiB", HR_SHOW(path));
}

/* Standard input to standard output. What cannot be read is not passed on: an editor would take it for the result. */
static int format_input(struct formatting *formatting)
{
    struct hr_cli *cli = formatting->cli;
    struct hr_text bytes = HR_TEXT_NONE;
    struct hr_text text = HR_TEXT_NONE;
    int code = hr_cli_read_input(cli, HR_TEXT("-"), &bytes);
    if (code != HR_EXIT_ok || !lay_out(formatting, HR_TEXT("stdin"), bytes, &text)) {
        return HR_EXIT_ok; /* found says what is wrong */
    }
    if (!formatting->check) {
        hr_cli_print(cli, text);
        return HR_EXIT_ok;
    }
    return hr_text_equal(text, bytes) ? HR_EXIT_ok : HR_EXIT_found_errors;
}

static int say_changed(struct formatting *formatting)
{
    struct hr_cli *cli = formatting->cli;
    int code =
        formatting->check && formatting->changed_count > 0 ? HR_EXIT_found_errors : HR_EXIT_ok;
    if (!cli->json) {
        hr_cli_print(cli, hr_buffer_text(&formatting->names));
        if (formatting->file_count == 0) {
            return code; /* found says why */
        }
        hr_cli_note(cli, "%zu of %zu file%s %s", formatting->changed_count, formatting->file_count,
                    formatting->file_count == 1 ? "" : "s",
                    formatting->check ? "would change" : "changed");
        return code;
    }
    struct hr_buffer out;
    hr_buffer_init(&out, &cli->arena, NAMES_BYTES_MAX);
    hr_buffer_add_format(&out, "{\"files\":%zu,\"changed\":[", formatting->file_count);
    hr_buffer_add_text(&out, hr_buffer_text(&formatting->json));
    hr_buffer_add_text(&out, HR_TEXT("],"));
    hr_cli_found_json(cli, &out);
    hr_buffer_add_text(&out, HR_TEXT("}\n"));
    hr_cli_print(cli, hr_buffer_text(&out));
    const struct hr_diagnostic *error = hr_diagnostics_error(&cli->found);
    code = error != NULL ? hr_code_info(error->code)->exit_code : code;
    hr_diagnostics_init(&cli->found, &cli->arena); /* said already */
    return code;
}

int hr_verb_fmt(struct hr_cli *cli)
{
    struct formatting formatting = {.cli = cli, .check = hr_cli_has(cli, "check")};
    hr_buffer_init(&formatting.names, &cli->arena, NAMES_BYTES_MAX);
    hr_buffer_init(&formatting.json, &cli->arena, NAMES_BYTES_MAX);
    if (cli->object_count == 1 && hr_text_equal(cli->objects[0], HR_TEXT("-"))) {
        return format_input(&formatting);
    }
    for (size_t i = 0; i < cli->object_count; i++) {
        format_path(&formatting, cli->objects[i]);
    }
    if (cli->object_count == 0) {
        format_workspace(&formatting);
    }
    return say_changed(&formatting);
}
