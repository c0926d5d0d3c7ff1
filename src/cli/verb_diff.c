/* diff: what two workspaces say differently, in words. */
#include "cli_inside.h"

#include "workspace/difference.h"

enum { DIFF_BYTES_MAX = 8 << 20 };

static hr_status read_side(struct hr_cli *cli, struct hr_text folder, struct hr_file_set *ret_set)
{
    struct hr_file *files = NULL;
    const char *path = hr_text_copy(&cli->arena, folder).data;
    if (path == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    HR_TRY(hr_files_read(path, &cli->arena, &cli->found, &files, &ret_set->count));
    ret_set->files = files;
    return hr_done();
}

static void add_member(struct hr_buffer *out, const char *name, struct hr_text text)
{
    if (text.size > 0) {
        hr_buffer_add_format(out, ",\"%s\":", name);
        hr_json_write_text(out, text);
    }
}

static void say_json(struct hr_buffer *out, const struct hr_differences *differences)
{
    static const char *const signs[] = {[HR_DIFFERENCE_added] = "added",
                                        [HR_DIFFERENCE_removed] = "removed",
                                        [HR_DIFFERENCE_changed] = "changed"};
    hr_buffer_add_format(out, "{\"count\":%zu,\"differences\":[",
                         differences->count + differences->more);
    for (size_t i = 0; i < differences->count; i++) {
        const struct hr_difference *item = &differences->items[i];
        hr_buffer_add_format(out, "%s{\"change\":\"%s\"", i == 0 ? "" : ",", signs[item->sign]);
        add_member(out, "thing", item->thing);
        add_member(out, "where", item->where);
        add_member(out, "before", item->before);
        add_member(out, "after", item->after);
        hr_buffer_add_format(out, ",\"customer_sees\":%s", item->customer_sees ? "true" : "false");
        add_member(out, "file", item->place.file);
        hr_buffer_add_format(out, ",\"line\":%u}", item->place.line);
    }
    hr_buffer_add_text(out, HR_TEXT("]}\n"));
}

static void say_text(struct hr_cli *cli, struct hr_buffer *out,
                     const struct hr_differences *differences)
{
    for (size_t i = 0; i < differences->count; i++) {
        hr_buffer_add_text(out, hr_difference_line(&cli->arena, &differences->items[i]));
        hr_buffer_add_byte(out, '\n');
    }
    if (differences->more > 0) {
        hr_buffer_add_format(out, "and %zu more\n", differences->more);
    }
    if (differences->count == 0) {
        hr_buffer_add_text(out, HR_TEXT("They say the same.\n"));
    }
}

int hr_verb_diff(struct hr_cli *cli)
{
    struct hr_file_set sets[2] = {{NULL, 0}, {NULL, 0}};
    struct hr_differences differences = {.count = 0};
    struct hr_text here = hr_text_from(hr_cli_folder_here(cli));
    struct hr_text folders[2] = {cli->objects[0], cli->object_count > 1 ? cli->objects[1] : here};
    int broken = 0;
    hr_status status = hr_done();
    for (int i = 0; i < 2 && hr_ok(status); i++) {
        status = read_side(cli, folders[i], &sets[i]);
    }
    if (hr_ok(status)) {
        status = hr_plan_difference(&cli->arena, sets[0], sets[1], hr_zone_bytes, &cli->arena,
                                    &cli->found, &broken, &differences);
    }
    if (!hr_ok(status)) {
        cli->sources = sets[broken].files;
        cli->source_count = sets[broken].count;
        return cli->found.error_count > 0 ? hr_cli_end(cli, HR_EXIT_found_errors)
                                          : hr_cli_failed(cli, status);
    }
    hr_diagnostics_init(&cli->found, &cli->arena); /* warnings are for `check` */
    struct hr_buffer out;
    hr_buffer_init(&out, &cli->arena, DIFF_BYTES_MAX);
    if (cli->json) {
        say_json(&out, &differences);
    } else {
        say_text(cli, &out, &differences);
    }
    hr_cli_print(cli, hr_buffer_text(&out));
    return differences.count > 0 && hr_cli_has(cli, "exit-code") ? HR_EXIT_failed : HR_EXIT_ok;
}
