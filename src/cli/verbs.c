/* The table of commands, and the help that is made from it. */
#include "cli_inside.h"

#include <string.h>

enum { HELP_BYTES_MAX = 256 << 10 };

const struct hr_verb_row hr_verb_rows[] = {
#define VERB(title, takes, few, many, function, says, page)                                        \
    {.kind = HR_ROW_verb,                                                                          \
     .name = (title),                                                                              \
     .words = (takes),                                                                             \
     .least = (few),                                                                               \
     .most = (many),                                                                               \
     .run = hr_verb_##function,                                                                    \
     .summary = (says),                                                                            \
     .help = (page)},
#define FLAG(title, takes, says)                                                                   \
    {.kind = HR_ROW_flag, .name = (title), .words = (takes), .summary = (says)},
#include "cli/verbs.tbl"
#undef VERB
#undef FLAG
    {.kind = HR_ROW_last},
};

static const struct hr_verb_row *find(struct hr_text name)
{
    for (const struct hr_verb_row *row = hr_verb_rows; row->kind != HR_ROW_last; row++) {
        if (row->kind == HR_ROW_verb && hr_text_equal(hr_text_from(row->name), name)) {
            return row;
        }
    }
    return NULL;
}

const struct hr_verb_row *hr_verb_find(struct hr_text first, struct hr_text second)
{
    char both[64];
    int size = snprintf(both, sizeof both, "%.*s %.*s", HR_SHOW(first), HR_SHOW(second));
    const struct hr_verb_row *row = NULL;
    if (second.size > 0 && size > 0 && (size_t)size < sizeof both) {
        row = find((struct hr_text){both, (size_t)size});
    }
    return row != NULL ? row : find(first);
}

void hr_cli_usage(FILE *out, const struct hr_verb_row *verb)
{
    const struct hr_verb_row *flag = verb + 1;
    (void)fprintf(out, "%s: %s\n\nusage: handrail %s", verb->name, verb->summary, verb->name);
    (void)fprintf(out, "%s%s%s\n\n%s\n", verb->words[0] != '\0' ? " " : "", verb->words,
                  flag->kind == HR_ROW_flag ? " [flags]" : "", verb->help);
    for (; flag->kind == HR_ROW_flag; flag++) {
        char shown[40];
        (void)snprintf(shown, sizeof shown, "--%s%s%s", flag->name,
                       flag->words[0] != '\0' ? " " : "", flag->words);
        (void)fprintf(out, "%s  %-22s %s\n", flag == verb + 1 ? "\n" : "", shown, flag->summary);
    }
    (void)fputs(
        "\n  --dir DIR              the workspace (default: $HANDRAIL_DIR, or the nearest with "
        ".handrail)\n"
        "  --token TOKEN          who you are (default: $HANDRAIL_TOKEN, or .handrail/token)\n"
        "  --json                 one JSON document on stdout\n"
        "  --plain                no colour (also with NO_COLOR)\n",
        out);
}

void hr_cli_usage_all(FILE *out)
{
    (void)fputs("Handrail: customer handoffs that a team can trust.\n\nusage: handrail VERB "
                "[words] [flags]\n\n",
                out);
    for (const struct hr_verb_row *row = hr_verb_rows; row->kind != HR_ROW_last; row++) {
        if (row->kind == HR_ROW_verb) {
            char shown[48];
            (void)snprintf(shown, sizeof shown, "%s %s", row->name, row->words);
            (void)fprintf(out, "  %-30s %s\n", shown, row->summary);
        }
    }
    (void)fputs("\nExit codes: 0 ok, 1 failed, 2 wrong use, 3 check found errors, 4 refused, 5 "
                "partly done.\n"
                "Begin with: handrail init --example coaching shop\n",
                out);
}

/* One command as JSON. */
static void add_verb(struct hr_buffer *out, const struct hr_verb_row *verb)
{
    const char *const members[][2] = {{"verb", verb->name},
                                      {"words", verb->words},
                                      {"summary", verb->summary},
                                      {"help", verb->help}};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        hr_buffer_add_format(out, "%s\"%s\":", i == 0 ? "{" : ",", members[i][0]);
        hr_json_write_text(out, hr_text_from(members[i][1]));
    }
    hr_buffer_add_text(out, HR_TEXT(",\"flags\":["));
    const struct hr_verb_row *flag = verb + 1;
    for (; flag->kind == HR_ROW_flag; flag++) {
        hr_buffer_add_format(out, "%s{\"flag\":\"--%s\",\"takes\":\"%s\",\"summary\":",
                             flag == verb + 1 ? "" : ",", flag->name, flag->words);
        hr_json_write_text(out, hr_text_from(flag->summary));
        hr_buffer_add_byte(out, '}');
    }
    hr_buffer_add_text(out, HR_TEXT("]}"));
}

int hr_cli_usage_json(struct hr_cli *cli, struct hr_text first, struct hr_text second)
{
    struct hr_buffer out;
    bool any = false;
    struct hr_text group = hr_text_format(&cli->arena, "%.*s ", HR_SHOW(first));
    const struct hr_verb_row *one = hr_verb_find(first, second);
    hr_buffer_init(&out, &cli->arena, HELP_BYTES_MAX);
    hr_buffer_add_text(&out, HR_TEXT("{\"verbs\":["));
    for (const struct hr_verb_row *row = hr_verb_rows; row->kind != HR_ROW_last; row++) {
        bool meant = first.size == 0 || row == one ||
                     (one == NULL && hr_text_starts(hr_text_from(row->name), group));
        if (row->kind == HR_ROW_verb && meant) {
            hr_buffer_add_text(&out, any ? HR_TEXT(",") : HR_TEXT_NONE);
            add_verb(&out, row);
            any = true;
        }
    }
    hr_buffer_add_text(&out, HR_TEXT("]}\n"));
    if (!any) {
        return hr_cli_fail(cli, HR_CODE_verb_unknown, "there is no command `%.*s`", HR_SHOW(first));
    }
    hr_cli_print(cli, hr_buffer_text(&out));
    return HR_EXIT_ok;
}

int hr_verb_help(struct hr_cli *cli)
{
    if (cli->json) {
        return hr_cli_usage_json(cli, cli->object_count > 0 ? cli->objects[0] : HR_TEXT_NONE,
                                 cli->object_count > 1 ? cli->objects[1] : HR_TEXT_NONE);
    }
    if (cli->object_count == 0) {
        hr_cli_usage_all(stdout);
        return HR_EXIT_ok;
    }
    struct hr_text second = cli->object_count > 1 ? cli->objects[1] : HR_TEXT_NONE;
    const struct hr_verb_row *verb = hr_verb_find(cli->objects[0], second);
    if (verb != NULL) {
        hr_cli_usage(stdout, verb);
        return HR_EXIT_ok;
    }
    struct hr_text group = hr_text_format(&cli->arena, "%.*s ", HR_SHOW(cli->objects[0]));
    bool any = false;
    for (const struct hr_verb_row *row = hr_verb_rows; row->kind != HR_ROW_last; row++) {
        if (row->kind == HR_ROW_verb && hr_text_starts(hr_text_from(row->name), group)) {
            (void)printf("  %-20s %-18s %s\n", row->name, row->words, row->summary);
            any = true;
        }
    }
    return any ? HR_EXIT_ok
               : hr_cli_fail(cli, HR_CODE_verb_unknown, "there is no command `%.*s`",
                             HR_SHOW(cli->objects[0]));
}

int hr_verb_version(struct hr_cli *cli)
{
    hr_cli_print(cli, cli->json ? HR_TEXT("{\"version\":\"" HR_VERSION "\"}\n")
                                : HR_TEXT("handrail " HR_VERSION "\n"));
    return HR_EXIT_ok;
}
