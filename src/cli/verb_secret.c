/* Changing secrets: set, from standard input or made anew and printed once; removed; sealed under a new key. */
#include "cli_inside.h"

#include <unistd.h>

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
    if (code == HR_EXIT_ok && !hr_secret_value_is_fine(*ret_value)) {
        return hr_cli_fail(cli, HR_CODE_secret_name,
                           "a secret is one line of 1 to 4096 plain characters");
    }
    return code;
}

/* The vault of the folder, held for a change. */
static int hold_vault(struct hr_cli *cli, bool takes_plain, struct hr_vault **ret_vault)
{
    const struct hr_plan *plan = hr_cli_plan_of_files(cli);
    const struct hr_vault_options options = {.data_folder = hr_cli_data_path(cli, ""),
                                             .change = true,
                                             .takes_plain = takes_plain,
                                             .called = plan != NULL ? plan->id : HR_TEXT_NONE};
    return hr_cli_open_vault(cli, &options, ret_vault);
}

static int saved(struct hr_cli *cli, hr_status status)
{
    return hr_ok(status) ? HR_EXIT_ok : hr_cli_failed(cli, status);
}

static int check_name(struct hr_cli *cli, struct hr_text name)
{
    if (!hr_secret_name_is_fine(name)) {
        return hr_cli_fail(cli, HR_CODE_secret_name, "`%.*s` cannot name a secret", HR_SHOW(name));
    }
    return hr_cli_folder(cli) ? HR_EXIT_ok : hr_cli_failed(cli, hr_answer(HR_E_INPUT));
}

/* The environment of a command need not be the daemon's, but it is a good hint. */
static void note_environment(struct hr_cli *cli, const struct hr_vault *vault, struct hr_text name)
{
    struct hr_secret secret;
    hr_status status = hr_vault_find(vault, name, &secret);
    if (!hr_ok(status) || secret.from == HR_SECRET_environment) {
        hr_cli_note(cli, "The environment has a value of %.*s, too, and that wins.", HR_SHOW(name));
    }
}

/* ---- set ------------------------------------------------------------------------------------------ */

struct setting {
    struct hr_cli *cli;
    struct hr_text name;
    struct hr_text value;
    bool made;
    bool was_there;
    bool keeps; /* the value before is accepted, too */
};

static int put(struct setting *setting, struct hr_vault *vault)
{
    struct hr_cli *cli = setting->cli;
    const struct hr_secret *before = hr_vault_sealed(vault, setting->name);
    struct hr_text values[HR_SECRET_VALUES_MAX] = {setting->value, HR_TEXT_NONE};
    setting->was_there = before != NULL;
    setting->keeps = before != NULL && !hr_cli_has(cli, "replace") &&
                     !hr_text_equal(before->values[0], setting->value);
    if (setting->keeps) {
        values[1] = before->values[0];
    }
    hr_status status =
        hr_vault_put(vault, setting->name, values, setting->keeps ? 2 : 1, hr_clock_now());
    if (status.code == HR_E_LIMIT) {
        return hr_cli_fail(cli, HR_CODE_secret_name, "there are %d secrets already",
                           (int)HR_SECRET_COUNT_MAX);
    }
    return saved(cli, hr_ok(status) ? hr_vault_save(vault, &cli->found) : status);
}

static void say_set(const struct setting *setting)
{
    struct hr_cli *cli = setting->cli;
    if (cli->json) {
        hr_cli_print(
            cli, hr_text_format(&cli->arena, "{\"secret\":\"%.*s\"%s%.*s%s,\"kept_before\":%s}\n",
                                HR_SHOW(setting->name), setting->made ? ",\"value\":\"" : "",
                                HR_SHOW(setting->made ? setting->value : HR_TEXT("")),
                                setting->made ? "\"" : "", setting->keeps ? "true" : "false"));
    } else if (setting->made) {
        hr_cli_print(cli, hr_text_format(&cli->arena, "%.*s\n", HR_SHOW(setting->value)));
    }
    hr_cli_note(cli, "%.*s is set%s. A running daemon takes it with `handrail reload`.",
                HR_SHOW(setting->name),
                setting->keeps ? "; the value before it is accepted, too, until it is set again"
                               : "");
    hr_cli_note(cli,
                setting->was_there ? "undo: handrail secret set %.*s with the value before"
                                   : "undo: handrail secret rm %.*s",
                HR_SHOW(setting->name));
}

int hr_verb_secret_set(struct hr_cli *cli)
{
    struct setting setting = {.cli = cli, .name = cli->objects[0]};
    struct hr_vault *vault = NULL;
    int code = check_name(cli, setting.name);
    if (code == HR_EXIT_ok) {
        code = choose_value(cli, setting.name, &setting.value, &setting.made);
    }
    if (code == HR_EXIT_ok) {
        code = hold_vault(cli, false, &vault);
    }
    if (code == HR_EXIT_ok) {
        code = put(&setting, vault);
    }
    if (code == HR_EXIT_ok) {
        say_set(&setting);
        note_environment(cli, vault, setting.name);
    }
    hr_vault_close(vault);
    hr_secret_wipe(&setting.value, 1);
    return code;
}

/* ---- rm ------------------------------------------------------------------------------------------- */

struct losing {
    struct hr_cli *cli;
    struct hr_text name;
};

static void say_lost(void *context, const struct hr_secret_use *use)
{
    struct losing *losing = context;
    if (hr_text_equal(use->name, losing->name)) {
        hr_cli_note(losing->cli, "Without it %.*s %.*s.", HR_SHOW(use->user), HR_SHOW(use->lacks));
    }
}

static int refuse_absent(struct hr_cli *cli, const struct hr_vault *vault)
{
    struct hr_text *names = hr_arena_new_many(&cli->arena, struct hr_text, HR_SECRET_COUNT_MAX);
    size_t count = 0;
    for (const struct hr_secret *one = NULL;
         names != NULL && (one = hr_vault_at(vault, count)) != NULL;) {
        names[count++] = one->name;
    }
    const struct hr_cli_things there = {names, count, sizeof *names};
    return hr_cli_unknown(cli, HR_CODE_secret_absent, "sealed secret", cli->objects[0], there);
}

static int take_out(struct hr_cli *cli, struct hr_vault *vault)
{
    struct losing losing = {cli, cli->objects[0]};
    if (!hr_vault_remove(vault, losing.name)) {
        return refuse_absent(cli, vault);
    }
    int code = saved(cli, hr_vault_save(vault, &cli->found));
    if (code != HR_EXIT_ok) {
        return code;
    }
    if (cli->json) {
        hr_cli_print(cli,
                     hr_text_format(&cli->arena, "{\"removed\":\"%.*s\"}\n", HR_SHOW(losing.name)));
    }
    hr_cli_note(cli,
                "%.*s is out of the sealed file. A running daemon forgets it with `handrail "
                "reload`.",
                HR_SHOW(losing.name));
    hr_cli_each_secret(cli, hr_cli_plan_of_files(cli), say_lost, &losing);
    hr_cli_note(cli, "undo: handrail secret set %.*s with its value", HR_SHOW(losing.name));
    note_environment(cli, vault, losing.name);
    return HR_EXIT_ok;
}

int hr_verb_secret_rm(struct hr_cli *cli)
{
    struct hr_vault *vault = NULL;
    int code = check_name(cli, cli->objects[0]);
    if (code == HR_EXIT_ok) {
        code = hold_vault(cli, false, &vault);
    }
    if (code == HR_EXIT_ok) {
        code = take_out(cli, vault);
    }
    hr_vault_close(vault);
    return code;
}

/* ---- the key, and plain files --------------------------------------------------------------------- */

static void say_key(struct hr_cli *cli, const struct hr_vault *vault, const char *what,
                    size_t count)
{
    const char *path = hr_vault_key_path(vault);
    if (cli->json) {
        struct hr_buffer out;
        hr_buffer_init(&out, &cli->arena, 16 << 10);
        hr_buffer_add_format(&out, "{\"%s\":%zu,\"key\":", what, count);
        hr_json_write_text(&out, hr_text_from(path));
        hr_buffer_add_text(&out, HR_TEXT("}\n"));
        hr_cli_print(cli, hr_buffer_text(&out));
    }
}

int hr_verb_secret_rotate_key(struct hr_cli *cli)
{
    struct hr_vault *vault = NULL;
    size_t count = 0;
    if (!hr_cli_folder(cli)) {
        return hr_cli_failed(cli, hr_answer(HR_E_INPUT));
    }
    int code = hold_vault(cli, false, &vault);
    if (code == HR_EXIT_ok) {
        code = saved(cli, hr_vault_rotate(vault, &cli->found));
    }
    if (code == HR_EXIT_ok) {
        while (hr_vault_at(vault, count) != NULL) {
            count++;
        }
        say_key(cli, vault, "sealed", count);
        hr_cli_note(cli,
                    "%.*s sealed under a new key, in %.*s.\nThe old key opens nothing but older "
                    "copies of the sealed file. Keep a copy of the new one, away from the data.",
                    HR_SHOW(hr_count_say(&cli->arena, count, "secret is", "secrets are")),
                    HR_SHOW(hr_cli_home_path(cli, hr_vault_key_path(vault))));
    }
    hr_vault_close(vault);
    return code;
}

int hr_verb_secret_seal(struct hr_cli *cli)
{
    struct hr_vault *vault = NULL;
    size_t count = 0;
    if (!hr_cli_folder(cli)) {
        return hr_cli_failed(cli, hr_answer(HR_E_INPUT));
    }
    int code = hold_vault(cli, true, &vault);
    if (code == HR_EXIT_ok) {
        code = saved(cli, hr_vault_take_plain(vault, hr_clock_now(), &cli->found, &count));
    }
    if (code == HR_EXIT_ok) {
        say_key(cli, vault, "taken", count);
        hr_cli_note(cli,
                    "%.*s sealed in %s, and the plain file%s deleted.\nThe key is %.*s. Keep a "
                    "copy of it, away from the data: without it they are lost.\nWhoever could read "
                    "the disk or a backup until now may know them: where that matters, set new "
                    "ones.",
                    HR_SHOW(hr_count_say(&cli->arena, count, "secret is", "secrets are")),
                    hr_cli_data_path(cli, "secrets.sealed"), count == 1 ? " is" : "s are",
                    HR_SHOW(hr_cli_home_path(cli, hr_vault_key_path(vault))));
    }
    hr_vault_close(vault);
    return code;
}
