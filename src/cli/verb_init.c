/* Making a workspace: its files, the data folder with settings and sealed secrets, the journal with the first plan,
 * and the first admin's token. */
#include "cli_inside.h"

#include "server/api.h"

#include <string.h>
#include <unistd.h>

enum { BATCH_BYTES_MAX = 64 << 20, PATH_FOLDERS_MAX = 8, LIST_BYTES_MAX = 64 << 10 };

/* The workspace of --watch: as small as one that does something can be. */
static const char watch_yaml[] =
    "# A workspace to begin with: one person, one tool, one path of one handoff. Change it to "
    "yours, "
    "then\n"
    "# `handrail check`. The whole language is in the manual; `handrail init --example coaching "
    "DIR` makes a full one.\n"
    "version: 1\n"
    "workspace: my_business\n"
    "title: My business\n"
    "timezone: Europe/London\n"
    "\n"
    "# Who works here. A role says what one may do: owner, admin, builder, operator, approver, "
    "auditor, viewer.\n"
    "# Your token belongs to the id `me`: keep the id, or let the new one in with `handrail token "
    "add ID`.\n"
    "people:\n"
    "  me:\n"
    "    name: My Name\n"
    "    email: me@example.com # alerts go here, once settings.yaml knows a mail server\n"
    "    role: admin\n"
    "\n"
    "# What is known about a customer. pii: what `handrail forget` erases.\n"
    "contacts:\n"
    "  match_on: [email]\n"
    "  owner: me\n"
    "  fields:\n"
    "    email: {type: email, pii: personal}\n"
    "    first_name: {type: text, pii: personal}\n"
    "    answered: {type: choice, values: [\"yes\", \"no\"]}\n"
    "\n"
    "# What the tools say, and where in their messages it stands.\n"
    "tools:\n"
    "  website_form:\n"
    "    title: Website form\n"
    "    kind: webhook_in\n"
    "    owner: me\n"
    "    verify: {scheme: standard_webhooks, secret: form_secret}\n"
    "    map:\n"
    "      type: payload.type\n"
    "      contact: {email: payload.email}\n"
    "    events:\n"
    "      form.submitted:\n"
    "        map: {fields: {first_name: payload.first_name}}\n"
    "      form.answered:\n"
    "        map: {fields: {answered: \"'yes'\"}}\n"
    "\n"
    "# What must happen for each customer, by when, and who cares.\n"
    "paths:\n"
    "  form_to_answer:\n"
    "    title: From the form to an answer\n"
    "    owner: me\n"
    "    handoffs:\n"
    "      - id: form_to_answer\n"
    "        from: website_form\n"
    "        to: me\n"
    "        opens_on: form.submitted\n"
    "        carries: [email, first_name]\n"
    "        done_when: [\"contact.answered == 'yes'\"]\n"
    "        within: 1 day\n"
    "        owner: me\n"
    "        failure_owner: me\n"
    "        recovery: Answer them, then send form.answered for their address.\n"
    "        customer_sees: They asked and nobody answered.\n";

static const char settings_yaml[] =
    "# What belongs to this machine. The workspace's own files are one folder up.\n"
    "listen: 127.0.0.1\n"
    "port: 8080\n"
    "# url: https://handrail.example.com # as people reach it, for links in alerts\n"
    "# mail: # without it no alert is mailed, and that is an issue of its own\n"
    "#   host: mail.example.com\n"
    "#   port: 587\n"
    "#   tls: required\n"
    "#   user: handrail\n"
    "#   password: mail_password # the name of a secret: handrail secret set mail_password\n"
    "#   from: handrail@example.com\n"
    "# tools: # of one tool: another address to try things at, another mail server for its "
    "letters\n"
    "#   email: {mail: {host: smtp.example.com, user: letters, password: letters_password}}\n"
    "# allow: [] # host:port inside your network that signed alerts may be sent to\n";

static const char ignore_all[] = "# secrets and the journal are no part of the workspace\n*\n";

/* A first event for the workspaces that init itself writes. */
static const struct sample {
    const char *example;
    const char *tool;
    const char *event;
} samples[] = {
    {"", "website_form",
     "{\"type\": \"form.submitted\", \"email\": \"ada@example.com\", \"first_name\": \"Ada\"}"},
    {"coaching", "website_form",
     "{\"type\": \"form.submitted\", \"data\": {\"submission_id\": \"s-1\", \"email\": "
     "\"ada@example.com\", \"first_name\": \"Ada\", \"offer\": \"group_program\"}}"},
    {"b2b", "website",
     "{\"type\": \"lead.created\", \"data\": {\"request_id\": \"r-1\", \"email\": "
     "\"ada@example.com\", "
     "\"name\": \"Ada\", \"company_domain\": \"example.com\", \"country\": \"US\"}}"},
};

struct making {
    struct hr_cli *cli;
    const char *folder;
    struct hr_plan *plan;
    struct hr_file *files;
    size_t file_count;
    int code; /* the first that was not ok */
    struct hr_vault *vault;
    size_t secret_count;
    const char *key_file; /* where the key is; and as people write it */
    struct hr_text key_path;
    struct hr_buffer made;    /* a line each: what was made, for whom */
    struct hr_buffer missing; /* a line each: what only a person can set */
    struct hr_buffer unset;   /* the same for machines */
    struct hr_text token;
    const struct hr_person *admin;
    const struct sample *sample; /* an event to try it with; NULL: the files are somebody's own */
};

static const char *path_in(struct making *making, const char *name)
{
    struct hr_text path = hr_text_format(&making->cli->arena, "%s/%s", making->folder, name);
    return path.data != NULL ? path.data : "";
}

/* ---- the workspace files ------------------------------------------------------------------------- */

/* The folders above a file of an example. */
static int make_parents(struct making *making, const char *name)
{
    int code = HR_EXIT_ok;
    for (const char *slash = strchr(name, '/'); slash != NULL && code == HR_EXIT_ok;
         slash = strchr(slash + 1, '/')) {
        struct hr_text parent =
            hr_text_copy(&making->cli->arena, (struct hr_text){name, (size_t)(slash - name)});
        code = hr_cli_make_folder(making->cli, path_in(making, parent.data), 0755);
    }
    return code;
}

static int write_example(struct making *making, struct hr_text example)
{
    struct hr_text prefix = hr_text_format(&making->cli->arena, "%.*s/", HR_SHOW(example));
    int code = HR_EXIT_ok;
    for (size_t i = 0; i < hr_example_file_count && code == HR_EXIT_ok; i++) {
        const struct hr_example_file *file = &hr_example_files[i];
        if (hr_text_starts(hr_text_from(file->path), prefix)) {
            const char *name = file->path + prefix.size;
            code = make_parents(making, name);
            if (code == HR_EXIT_ok) {
                code = hr_cli_write_file(making->cli, path_in(making, name),
                                         (struct hr_text){(const char *)file->bytes, file->size},
                                         0644);
            }
        }
    }
    return code;
}

static bool example_is_there(struct hr_cli *cli, struct hr_text example)
{
    struct hr_text prefix = hr_text_format(&cli->arena, "%.*s/", HR_SHOW(example));
    for (size_t i = 0; i < hr_example_file_count; i++) {
        if (hr_text_starts(hr_text_from(hr_example_files[i].path), prefix)) {
            return true;
        }
    }
    return false;
}

static int write_files(struct making *making)
{
    struct hr_cli *cli = making->cli;
    struct hr_diagnostics quiet;
    struct hr_file *files = NULL;
    size_t count = 0;
    struct hr_text example = hr_cli_flag(cli, "example");
    if (example.size > 0 && !example_is_there(cli, example)) {
        return hr_cli_fail(cli, HR_CODE_words_wrong,
                           "there is no example `%.*s`; there are: b2b, coaching",
                           HR_SHOW(example));
    }
    int code = hr_cli_make_folder(cli, making->folder, 0755);
    if (code != HR_EXIT_ok) {
        return code;
    }
    hr_diagnostics_init(&quiet, &cli->arena);
    bool has_files =
        hr_ok(hr_files_read(making->folder, &cli->arena, &quiet, &files, &count)) && count > 0;
    if (access(path_in(making, ".handrail/handrail.db"), F_OK) == 0) {
        code = hr_cli_fail(cli, HR_CODE_folder_taken, "%s has a journal already", making->folder);
        cli->found.items[cli->found.count - 1].help =
            hr_text_format(&cli->arena, "it is ready: handrail serve --dir %s", making->folder);
        return code;
    }
    if (has_files && example.size > 0) {
        return hr_cli_fail(cli, HR_CODE_folder_taken, "%s has workspace files already",
                           making->folder);
    }
    if (has_files) {
        return HR_EXIT_ok;
    }
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        if (hr_text_equal(hr_text_from(samples[i].example), example)) {
            making->sample = &samples[i];
        }
    }
    return example.size > 0 ? write_example(making, example)
                            : hr_cli_write_file(cli, path_in(making, "handrail.yaml"),
                                                hr_text_from(watch_yaml), 0644);
}

/* ---- the data folder ----------------------------------------------------------------------------- */

/* What both sides may agree on is made, so that everything can be tried at once. What lets us in somewhere else is
 * given by that other side. */
static void make_secret(void *context, const struct hr_secret_use *use)
{
    struct making *making = context;
    struct hr_secret secret;
    hr_status status = hr_vault_find(making->vault, use->name, &secret);
    bool ours = use->kind == HR_USE_endpoint || use->kind == HR_USE_alerts;
    if (making->code != HR_EXIT_ok || (hr_ok(status) && secret.from != HR_SECRET_missing)) {
        return;
    }
    if (!ours) {
        hr_buffer_add_format(&making->missing, "  %-18.*s %.*s\n", HR_SHOW(use->name),
                             HR_SHOW(use->user));
        hr_buffer_add_format(&making->unset, "%s\"%.*s\"", making->unset.size > 0 ? "," : "",
                             HR_SHOW(use->name));
        return;
    }
    struct hr_text value = hr_cli_make_secret(making->cli, making->plan, use->name);
    status = hr_vault_put(making->vault, use->name, &value, 1, hr_clock_now());
    hr_secret_wipe(&value, 1);
    making->code = hr_ok(status) ? HR_EXIT_ok : hr_cli_failed(making->cli, status);
    making->secret_count++;
    hr_buffer_add_format(&making->made, "  %-18.*s %.*s\n", HR_SHOW(use->name), HR_SHOW(use->user));
}

static int seal_secrets(struct making *making)
{
    struct hr_cli *cli = making->cli;
    const struct hr_vault_options options = {
        .data_folder = path_in(making, ".handrail"), .change = true, .called = making->plan->id};
    hr_buffer_init(&making->made, &cli->arena, LIST_BYTES_MAX);
    hr_buffer_init(&making->missing, &cli->arena, LIST_BYTES_MAX);
    hr_buffer_init(&making->unset, &cli->arena, LIST_BYTES_MAX);
    int code = hr_cli_open_vault(cli, &options, &making->vault);
    if (code != HR_EXIT_ok) {
        return code;
    }
    hr_cli_each_secret(cli, making->plan, make_secret, making);
    code = making->code;
    if (code == HR_EXIT_ok) {
        hr_status status = hr_vault_save(making->vault, &cli->found);
        code = hr_ok(status) ? HR_EXIT_ok : hr_cli_failed(cli, status);
    }
    making->key_file =
        hr_text_copy(&cli->arena, hr_text_from(hr_vault_key_path(making->vault))).data;
    making->key_path = hr_cli_home_path(cli, making->key_file);
    hr_vault_close(making->vault);
    return code;
}

static int write_data_folder(struct making *making)
{
    struct hr_cli *cli = making->cli;
    int code = hr_cli_make_folder(cli, path_in(making, ".handrail"), 0700);
    if (code == HR_EXIT_ok) {
        code = hr_cli_write_file(cli, path_in(making, ".handrail/.gitignore"),
                                 hr_text_from(ignore_all), 0600);
    }
    if (code == HR_EXIT_ok && access(path_in(making, ".handrail/settings.yaml"), F_OK) != 0) {
        code = hr_cli_write_file(cli, path_in(making, ".handrail/settings.yaml"),
                                 hr_text_from(settings_yaml), 0600);
    }
    return code == HR_EXIT_ok ? seal_secrets(making) : code;
}

/* ---- the journal --------------------------------------------------------------------------------- */

static hr_status begin_journal(struct making *making)
{
    struct hr_store_options options = {.folder = path_in(making, ".handrail"), .create = true};
    struct hr_store *store = NULL;
    struct hr_batch batch;
    struct hr_digest digest;
    struct hr_text bundle = hr_files_bundle(making->files, making->file_count, &making->cli->arena);
    if (bundle.data == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    hr_random_bytes(NULL, options.secret, sizeof options.secret);
    HR_TRY(hr_store_open(&options, &store));
    hr_batch_init(&batch, store, BATCH_BYTES_MAX);
    batch.random = hr_random_bytes;
    hr_status status = hr_batch_publish(&batch, making->plan, bundle, hr_clock_now());
    if (hr_ok(status)) {
        status = hr_cli_add_token(making->cli, &batch, making->admin, &making->token, &digest);
    }
    hr_batch_done(&batch);
    hr_store_close(store);
    return status;
}

/* ---- all of it ----------------------------------------------------------------------------------- */

static void say_secrets(struct making *making)
{
    struct hr_cli *cli = making->cli;
    struct hr_text made = hr_buffer_text(&making->made);
    struct hr_text missing = hr_buffer_text(&making->missing);
    hr_cli_note(cli,
                "\nThe secrets are sealed. Their key is %.*s:\n"
                "keep a copy of it, away from the data, for without it they are lost.",
                HR_SHOW(making->key_path));
    if (made.size > 0) {
        hr_cli_note(cli,
                    "Made for now, to try it; when the real tool comes, `handrail secret set NAME` "
                    "takes its own or makes a new one:\n%.*s",
                    (int)(made.size - 1), made.data);
    }
    if (missing.size > 0) {
        hr_cli_note(cli, "Still to be set with `handrail secret set NAME`:\n%.*s",
                    (int)(missing.size - 1), missing.data);
    }
}

static void say_made(struct making *making)
{
    struct hr_cli *cli = making->cli;
    if (cli->json) {
        struct hr_buffer out;
        hr_buffer_init(&out, &cli->arena, 64 << 10);
        hr_buffer_add_text(&out, HR_TEXT("{\"folder\":"));
        hr_json_write_text(&out, hr_text_from(making->folder));
        hr_buffer_add_format(
            &out,
            ",\"workspace\":\"%.*s\",\"person\":\"%.*s\",\"token\":\"%.*s\",\"secrets\":%zu,"
            "\"unset\":[%.*s],\"key\":",
            HR_SHOW(making->plan->id), HR_SHOW(making->admin->id), HR_SHOW(making->token),
            making->secret_count, HR_SHOW(hr_buffer_text(&making->unset)));
        hr_json_write_text(&out, hr_text_from(making->key_file));
        hr_buffer_add_text(&out, HR_TEXT("}\n"));
        hr_cli_print(cli, hr_buffer_text(&out));
        return;
    }
    hr_cli_print(cli, hr_text_format(&cli->arena, "%.*s\n", HR_SHOW(making->token)));
    hr_cli_note(cli,
                "\nMade %s: %zu workspace file%s, %zu secret%s, and the journal.\n"
                "The line above is the token of %.*s. It is shown this once and kept in "
                "%s/.handrail/token.",
                making->folder, making->file_count, making->file_count == 1 ? "" : "s",
                making->secret_count, making->secret_count == 1 ? "" : "s",
                HR_SHOW(making->admin->name), making->folder);
    say_secrets(making);
    hr_cli_note(cli, "\nNext:\n  handrail serve --dir %s", making->folder);
    if (making->sample != NULL) {
        hr_cli_note(cli, "  echo '%s' |\n    handrail send %s - --dir %s", making->sample->event,
                    making->sample->tool, making->folder);
    }
    hr_cli_note(cli,
                "  handrail path show --dir %s\n"
                "  curl -H \"Authorization: Bearer $(cat %s/.handrail/token)\" "
                "http://127.0.0.1:8080/v1/paths\n\n"
                "undo: delete %s/.handrail, the key, and the files if you do not want them",
                making->folder, making->folder, making->folder);
}

static int make(struct making *making)
{
    struct hr_cli *cli = making->cli;
    int code = write_files(making);
    if (code != HR_EXIT_ok) {
        return code;
    }
    hr_status status = hr_workspace_load(making->folder, &cli->arena, &cli->found, &making->files,
                                         &making->file_count, &making->plan);
    hr_cli_show_sources(cli, making->folder, making->files, making->file_count);
    if (!hr_ok(status)) {
        return hr_cli_unread(cli, status);
    }
    hr_cli_drop_later(cli); /* `check` says it */
    making->admin = hr_cli_first_admin(making->plan);
    if (making->admin == NULL) {
        return hr_cli_fail(cli, HR_CODE_nobody_governs,
                           "nobody in the workspace is owner or admin");
    }
    code = write_data_folder(making);
    if (code != HR_EXIT_ok) {
        return code;
    }
    status = begin_journal(making);
    if (!hr_ok(status)) {
        return hr_cli_failed(cli, status);
    }
    code = hr_cli_write_file(cli, path_in(making, ".handrail/token"),
                             hr_text_format(&cli->arena, "%.*s\n", HR_SHOW(making->token)), 0600);
    if (code == HR_EXIT_ok) {
        say_made(making);
    }
    return code;
}

int hr_verb_init(struct hr_cli *cli)
{
    struct making making = {.cli = cli, .folder = "."};
    if (cli->object_count > 0) {
        making.folder = cli->objects[0].data;
    } else if (hr_cli_has(cli, "dir")) {
        making.folder = hr_cli_flag(cli, "dir").data;
    }
    if (hr_cli_has(cli, "watch") && hr_cli_has(cli, "example")) {
        return hr_cli_fail(cli, HR_CODE_words_wrong, "--watch or --example, not both");
    }
    return make(&making);
}
