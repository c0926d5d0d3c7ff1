/* Secrets as the workspace names them: who needs each, where the key is, and new values in the form of their scheme. */
#include "cli_inside.h"

#include <sodium.h>
#include <stdlib.h>

enum { SECRET_BYTES = 32 };

/* ---- who needs them ------------------------------------------------------------------------------- */

struct visiting {
    struct hr_cli *cli;
    hr_secret_visit visit;
    void *context;
};

static void visit_one(const struct visiting *visiting, struct hr_text name,
                      enum hr_secret_use_kind kind, struct hr_text id)
{
    static const struct {
        const char *user;
        const char *lacks;
    } words[] = {[HR_USE_endpoint] = {"tool ", "has no endpoint"},
                 [HR_USE_calls] = {"calls to ", "cannot sign in"},
                 [HR_USE_alerts] = {"alerts of ", "cannot be signed"},
                 [HR_USE_mail] = {"mail", "cannot sign in"},
                 [HR_USE_letters] = {"letters of ", "cannot sign in"}};
    const struct hr_secret_use use = {
        .name = name,
        .kind = kind,
        .user = hr_text_format(&visiting->cli->arena, "%s%.*s", words[kind].user, HR_SHOW(id)),
        .lacks = hr_text_from(words[kind].lacks)};
    if (name.size > 0) {
        visiting->visit(visiting->context, &use);
    }
}

static void visit_mail(const struct visiting *visiting)
{
    struct hr_cli *cli = visiting->cli;
    struct hr_settings settings;
    struct hr_diagnostics quiet;
    hr_diagnostics_init(&quiet, &cli->arena);
    if (cli->folder != NULL &&
        hr_ok(hr_settings_read(hr_cli_data_path(cli, ""), &cli->arena, &quiet, &settings))) {
        visit_one(visiting, settings.mail.secret, HR_USE_mail, HR_TEXT(""));
        for (size_t i = 0; i < settings.tool_mail_count; i++) {
            const struct hr_mail_settings *mail = &settings.tool_mails[i];
            visit_one(visiting, mail->secret, HR_USE_letters, mail->tool);
        }
    }
}

void hr_cli_each_secret(struct hr_cli *cli, const struct hr_plan *plan, hr_secret_visit visit,
                        void *context)
{
    const struct visiting visiting = {cli, visit, context};
    for (size_t i = 0; plan != NULL && i < plan->tool_count; i++) {
        const struct hr_tool *tool = &plan->tools[i];
        visit_one(&visiting, tool->secret, HR_USE_endpoint, tool->id);
        visit_one(&visiting, tool->auth.secret, HR_USE_calls, tool->id);
    }
    for (size_t i = 0; plan != NULL && i < plan->person_count; i++) {
        const struct hr_person *person = &plan->people[i];
        visit_one(&visiting, person->webhook_secret, HR_USE_alerts, person->id);
    }
    visit_mail(&visiting);
}

/* ---- the vault ------------------------------------------------------------------------------------ */

int hr_cli_open_vault(struct hr_cli *cli, const struct hr_vault_options *options,
                      struct hr_vault **ret_vault)
{
    hr_status status = hr_vault_open(options, &cli->found, ret_vault);
    return hr_ok(status) ? HR_EXIT_ok : hr_cli_failed(cli, status);
}

int hr_cli_sealed_wrong(struct hr_cli *cli)
{
    const struct hr_vault_options options = {.data_folder = hr_cli_data_path(cli, "")};
    struct hr_vault *vault = NULL;
    int code = hr_cli_open_vault(cli, &options, &vault);
    hr_vault_close(vault);
    return code != HR_EXIT_ok ? code : hr_cli_failed(cli, hr_answer(HR_E_IO));
}

struct hr_text hr_cli_home_path(struct hr_cli *cli, const char *path)
{
    struct hr_text home = hr_text_from(getenv("HOME"));
    struct hr_text text = hr_text_from(path);
    if (home.size > 1 && hr_text_starts(text, home) && text.size > home.size &&
        text.data[home.size] == '/') {
        return hr_text_format(&cli->arena, "~%s", path + home.size);
    }
    return text;
}

/* ---- new ones ------------------------------------------------------------------------------------- */

/* Standard Webhooks has a form of its own, also for the alerts that we sign. */
static bool is_standard(const struct hr_plan *plan, struct hr_text name)
{
    for (size_t i = 0; plan != NULL && i < plan->tool_count; i++) {
        if (plan->tools[i].scheme == HR_SCHEME_standard_webhooks &&
            hr_text_equal(plan->tools[i].secret, name)) {
            return true;
        }
    }
    for (size_t i = 0; plan != NULL && i < plan->person_count; i++) {
        if (hr_text_equal(plan->people[i].webhook_secret, name)) {
            return true;
        }
    }
    return false;
}

struct hr_text hr_cli_make_secret(struct hr_cli *cli, const struct hr_plan *plan,
                                  struct hr_text name)
{
    uint8_t random[SECRET_BYTES];
    hr_random_bytes(NULL, random, sizeof random);
    struct hr_text made;
    if (is_standard(plan, name)) {
        struct hr_text bytes = {(const char *)random, sizeof random};
        struct hr_text coded = hr_base64(&cli->arena, bytes);
        made = hr_text_format(&cli->arena, "whsec_%.*s", HR_SHOW(coded));
        hr_secret_wipe(&coded, 1);
    } else {
        made = hr_hex(&cli->arena, random, sizeof random);
    }
    sodium_memzero(random, sizeof random);
    return made;
}
