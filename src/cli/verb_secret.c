/* Setting a secret: from standard input, or made anew and printed once. The value before it goes on being accepted. */
#include "cli_inside.h"

#include <unistd.h>

enum { VALUE_BYTES_MAX = 256 };

static bool name_is_fine(struct hr_text name)
{
    for (size_t i = 0; i < name.size; i++) {
        char letter = name.data[i];
        if (!((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
              letter == '_')) {
            return false;
        }
    }
    return name.size > 0 && name.size <= 64;
}

static bool value_is_fine(struct hr_text value)
{
    for (size_t i = 0; i < value.size; i++) {
        if ((unsigned char)value.data[i] < ' ' || (unsigned char)value.data[i] > '~') {
            return false;
        }
    }
    return value.size > 0 && value.size <= VALUE_BYTES_MAX;
}

static int choose_value(struct hr_cli *cli, struct hr_text name, struct hr_text *ret_value,
                        bool *ret_made)
{
    *ret_made = hr_cli_has(cli, "generate") || isatty(STDIN_FILENO) == 1;
    if (*ret_made) {
        /* without a plan it has the plain form */
        *ret_value = hr_cli_make_secret(cli, hr_cli_plan_of_files(cli), name);
        return HR_EXIT_ok;
    }
    int code = hr_cli_read_input(cli, HR_TEXT("-"), ret_value);
    *ret_value = hr_text_trim(*ret_value);
    if (code == HR_EXIT_ok && !value_is_fine(*ret_value)) {
        return hr_cli_fail(cli, HR_CODE_secret_name,
                           "a secret is one line of 1 to 256 plain characters");
    }
    return code;
}

int hr_verb_secret_set(struct hr_cli *cli)
{
    struct hr_text name = cli->objects[0];
    struct hr_text before[2] = {HR_TEXT_NONE, HR_TEXT_NONE};
    struct hr_text value = HR_TEXT_NONE;
    size_t count = 0;
    bool made = false;
    if (!name_is_fine(name)) {
        return hr_cli_fail(cli, HR_CODE_secret_name, "`%.*s` cannot name a secret", HR_SHOW(name));
    }
    if (!hr_cli_folder(cli)) {
        return hr_cli_failed(cli, hr_answer(HR_E_INPUT));
    }
    int code = choose_value(cli, name, &value, &made);
    if (code != HR_EXIT_ok) {
        return code;
    }
    hr_status status = hr_secret_read(hr_cli_data_path(cli, ""), name, &cli->arena, before, &count);
    bool keep = hr_ok(status) && count > 0 && !hr_cli_has(cli, "replace") &&
                !hr_text_equal(before[0], value);
    const char *path =
        hr_cli_data_path(cli, hr_text_format(&cli->arena, "secrets/%.*s", HR_SHOW(name)).data);
    struct hr_text lines =
        keep ? hr_text_format(&cli->arena, "%.*s\n%.*s\n", HR_SHOW(value), HR_SHOW(before[0]))
             : hr_text_format(&cli->arena, "%.*s\n", HR_SHOW(value));
    code = hr_cli_make_folder(cli, hr_cli_data_path(cli, "secrets"), 0700);
    code = code == HR_EXIT_ok ? hr_cli_write_file(cli, path, lines, 0600) : code;
    if (code != HR_EXIT_ok) {
        return code;
    }
    if (cli->json) {
        hr_cli_print(cli, hr_text_format(&cli->arena,
                                         "{\"secret\":\"%.*s\"%s%.*s%s,\"kept_before\":%s}\n",
                                         HR_SHOW(name), made ? ",\"value\":\"" : "",
                                         HR_SHOW(made ? value : HR_TEXT("")), made ? "\"" : "",
                                         keep ? "true" : "false"));
    } else if (made) {
        hr_cli_print(cli, hr_text_format(&cli->arena, "%.*s\n", HR_SHOW(value)));
    }
    hr_cli_note(cli, "%.*s is set%s. A running daemon takes it with `handrail reload`.",
                HR_SHOW(name),
                keep ? "; the value before it is accepted, too, until it is set again" : "");
    hr_cli_note(cli,
                count > 0 ? "undo: handrail secret set %.*s with the value before"
                          : "undo: delete .handrail/secrets/%.*s",
                HR_SHOW(name));
    return HR_EXIT_ok;
}
