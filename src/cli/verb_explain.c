/* explain: one page about an error code, from its row in the tables: why it is said, an example, and the way out. */
#include "cli_inside.h"

#include <string.h>

enum { PAGE_BYTES_MAX = 64 << 10 };

/* Where the page's example begins: the sentences before it say why. */
static size_t example_at(struct hr_text page)
{
    static const char *const marks[] = {"Example: ", "For example ", "for example ", "Example of "};
    size_t at = page.size;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t found = hr_text_search(page, hr_text_from(marks[i]));
        at = found < at ? found : at;
    }
    bool inside =
        at < page.size && page.data[at] == 'f'; /* of a sentence, which is the example as a whole */
    while (inside && at > 0 && !hr_text_ends(hr_text_slice(page, 0, at), HR_TEXT(". "))) {
        at--;
    }
    return at;
}

/* Writes a text in lines of at most this many bytes, each behind the indentation. */
static void add_wrapped(struct hr_buffer *out, struct hr_text text, const char *indent)
{
    enum { LINE_BYTES_MAX = 96 };
    size_t line = 0;
    while (text.size > 0) {
        struct hr_text word = hr_text_cut(&text, ' ');
        bool first = line == 0;
        if (!first && line + 1 + word.size > LINE_BYTES_MAX) {
            hr_buffer_add_byte(out, '\n');
            first = true;
            line = 0;
        }
        hr_buffer_add_format(out, "%s%.*s", first ? indent : " ", HR_SHOW(word));
        line += word.size + 1;
    }
    hr_buffer_add_byte(out, '\n');
}

/* Why, an example, and the way out. */
static void say_page(struct hr_cli *cli, const struct hr_code_info *info)
{
    struct hr_buffer out;
    struct hr_text page = hr_text_from(info->page);
    size_t at = example_at(page);
    hr_buffer_init(&out, &cli->arena, PAGE_BYTES_MAX);
    char letter = strchr("Ww", cli->objects[0].data[0]) != NULL ? 'W' : 'E'; /* as it was printed */
    hr_buffer_add_format(&out, "%c%04d (%s): %s\n\nWhy\n", letter, (int)info->code, info->symbol,
                         info->text);
    add_wrapped(&out, hr_text_trim(hr_text_slice(page, 0, at)), "  ");
    if (at < page.size) {
        struct hr_text example = hr_text_slice(page, at, page.size);
        example = hr_text_starts(example, HR_TEXT("Example: "))
                      ? hr_text_slice(example, 9, example.size)
                      : example;
        hr_buffer_add_text(&out, HR_TEXT("\nExample\n"));
        add_wrapped(&out, example, "  ");
    }
    hr_buffer_add_text(&out, HR_TEXT("\nFix\n"));
    add_wrapped(&out, hr_text_from(info->help), "  ");
    hr_cli_print(cli, hr_buffer_text(&out));
}

int hr_verb_explain(struct hr_cli *cli)
{
    const struct hr_code_info *info = hr_code_find(cli->objects[0]);
    if (info == NULL) {
        return hr_cli_fail(cli, HR_CODE_code_unknown, "no error has the code `%.*s`",
                           HR_SHOW(cli->objects[0]));
    }
    if (!cli->json) {
        say_page(cli, info);
        return HR_EXIT_ok;
    }
    struct hr_buffer out;
    hr_buffer_init(&out, &cli->arena, PAGE_BYTES_MAX);
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
