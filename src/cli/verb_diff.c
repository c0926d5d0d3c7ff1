/* diff: what two workspaces say differently, in words. */
#include "cli_inside.h"

#include "workspace/difference.h"

enum { DIFF_BYTES_MAX = 8 << 20 };

struct diffing {
    struct hr_cli *cli;
    const char *folders[2]; /* before, after; as they are reached from where we stand */
    struct hr_file_set sets[2];
    int broken; /* whose errors are found, when there are any */
    struct hr_differences found;
};

static hr_status read_side(struct hr_cli *cli, const char *folder, struct hr_file_set *ret_set)
{
    struct hr_file *files = NULL;
    HR_TRY(hr_files_read(folder, &cli->arena, &cli->found, &files, &ret_set->count));
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

static void say_json(const struct diffing *diffing, struct hr_buffer *out)
{
    const struct hr_differences *differences = &diffing->found;
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
        const char *folder = diffing->folders[item->sign == HR_DIFFERENCE_removed ? 0 : 1];
        add_member(out, "file", hr_cli_shown_path(diffing->cli, folder, item->place.file));
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

/* Whose errors they are is known: of one side all is told as it is reached from here. */
static int compare(struct diffing *diffing)
{
    struct hr_cli *cli = diffing->cli;
    hr_status status = hr_done();
    for (int i = 0; i < 2 && hr_ok(status); i++) {
        diffing->broken = i;
        status = read_side(cli, diffing->folders[i], &diffing->sets[i]);
    }
    if (hr_ok(status)) {
        status = hr_plan_difference(&cli->arena, diffing->sets[0], diffing->sets[1], hr_zone_bytes,
                                    &cli->arena, &cli->found, &diffing->broken, &diffing->found);
    }
    if (!hr_ok(status)) {
        const struct hr_file_set *set = &diffing->sets[diffing->broken];
        hr_cli_show_sources(cli, diffing->folders[diffing->broken], set->files, set->count);
        return hr_cli_unread(cli, status);
    }
    hr_diagnostics_init(&cli->found, &cli->arena); /* warnings are for `check` */
    return HR_EXIT_ok;
}

int hr_verb_diff(struct hr_cli *cli)
{
    struct diffing diffing = {.cli = cli};
    bool both = cli->object_count > 1; /* one alone is what the workspace is to become */
    diffing.folders[0] = both ? cli->objects[0].data : hr_cli_folder_here(cli);
    diffing.folders[1] = cli->objects[both ? 1 : 0].data;
    int code = compare(&diffing);
    if (code != HR_EXIT_ok) {
        return code;
    }
    struct hr_buffer out;
    hr_buffer_init(&out, &cli->arena, DIFF_BYTES_MAX);
    if (cli->json) {
        say_json(&diffing, &out);
    } else {
        say_text(cli, &out, &diffing.found);
    }
    code = hr_cli_print_whole(cli, &out);
    bool differ = diffing.found.count > 0 && hr_cli_has(cli, "exit-code");
    return code == HR_EXIT_ok && differ ? HR_EXIT_failed : code;
}
