/* Which secrets there are: who needs each, and where its value comes from. Never the value. */
#include "cli_inside.h"

#include <unistd.h>

enum { LIST_BYTES_MAX = 1 << 20 };

/* A name with all that need it. */
struct row {
    struct hr_text name;
    struct hr_text users; /* "tool checkout, calls to checkout" */
    struct hr_text users_json;
};

struct rows {
    struct hr_cli *cli;
    struct hr_vault *vault;
    struct row *items;
    size_t count;
    size_t capacity;
    bool failed;
};

static struct row *row_of(struct rows *rows, struct hr_text name)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (hr_text_equal(rows->items[i].name, name)) {
            return &rows->items[i];
        }
    }
    struct row *items = hr_list_grow(&rows->cli->arena, rows->items, rows->count, &rows->capacity,
                                     sizeof *rows->items);
    if (items == NULL) {
        rows->failed = true;
        return NULL;
    }
    rows->items = items;
    items[rows->count] = (struct row){.name = name};
    return &items[rows->count++];
}

static void add_use(void *context, const struct hr_secret_use *use)
{
    struct rows *rows = context;
    struct row *row = row_of(rows, use->name);
    if (row != NULL) {
        const char *gap = row->users.size > 0 ? ", " : "";
        row->users = hr_text_format(&rows->cli->arena, "%.*s%s%.*s", HR_SHOW(row->users), gap,
                                    HR_SHOW(use->user));
        row->users_json =
            hr_text_format(&rows->cli->arena, "%.*s%s\"%.*s\"", HR_SHOW(row->users_json),
                           gap[0] != '\0' ? "," : "", HR_SHOW(use->user));
    }
}

/* What is sealed and nobody needs. */
static void add_sealed(struct rows *rows)
{
    const struct hr_secret *secret = NULL;
    for (size_t i = 0; (secret = hr_vault_at(rows->vault, i)) != NULL; i++) {
        (void)row_of(rows, secret->name);
    }
}

/* What the environment has and nobody needs: most often a name that is misspelt. */
static void add_outside(struct rows *rows)
{
    static const struct hr_text prefix = {"HANDRAIL_SECRET_", 16};
    for (char **variable = environ; *variable != NULL; variable++) {
        struct hr_text name = hr_text_from(*variable);
        if (!hr_text_starts(name, prefix)) {
            continue;
        }
        name = hr_text_slice(name, prefix.size, hr_text_find(name, '='));
        char *small = hr_arena_alloc(&rows->cli->arena, name.size);
        for (size_t i = 0; small != NULL && i < name.size; i++) {
            small[i] = hr_lower(name.data[i]);
        }
        rows->failed = rows->failed || small == NULL;
        if (small != NULL && hr_secret_name_is_fine((struct hr_text){small, name.size})) {
            (void)row_of(rows, (struct hr_text){small, name.size});
        }
    }
}

static struct hr_secret secret_of(const struct rows *rows, const struct row *row)
{
    struct hr_secret secret;
    hr_status status = hr_vault_find(rows->vault, row->name, &secret);
    if (!hr_ok(status)) { /* the environment has what cannot be a value */
        secret = (struct hr_secret){.name = row->name, .set_at = HR_INSTANT_NONE};
    }
    return secret;
}

static void add_json(struct hr_buffer *out, struct rows *rows, const struct row *row, bool first)
{
    static const char *const words[] = {[HR_SECRET_missing] = "missing",
                                        [HR_SECRET_environment] = "environment",
                                        [HR_SECRET_sealed] = "sealed"};
    struct hr_secret secret = secret_of(rows, row);
    hr_buffer_add_format(
        out, "%s{\"name\":\"%.*s\",\"from\":\"%s\",\"values\":%zu,\"set_at\":", first ? "" : ",",
        HR_SHOW(row->name), words[secret.from], secret.value_count);
    if (secret.set_at == HR_INSTANT_NONE) {
        hr_buffer_add_text(out, HR_TEXT("null"));
    } else {
        hr_json_write_text(out, hr_instant_write(&rows->cli->arena, secret.set_at));
    }
    hr_buffer_add_format(out, ",\"needed_by\":[%.*s]}", HR_SHOW(row->users_json));
}

static struct hr_text where(struct rows *rows, const struct hr_secret *secret)
{
    if (secret->from == HR_SECRET_missing) {
        return HR_TEXT("missing");
    }
    const char *two = secret->value_count > 1 ? ", two values" : "";
    if (secret->from == HR_SECRET_environment) {
        return hr_text_format(&rows->cli->arena, "environment%s", two);
    }
    struct hr_text age = hr_duration_say(&rows->cli->arena, hr_clock_now() - secret->set_at);
    return hr_text_format(&rows->cli->arena, "sealed %.*s ago%s", HR_SHOW(age), two);
}

static void add_line(struct hr_buffer *out, struct rows *rows, const struct row *row)
{
    struct hr_secret secret = secret_of(rows, row);
    struct hr_text from = where(rows, &secret);
    struct hr_text users = row->users.size > 0 ? row->users : HR_TEXT("nobody");
    hr_buffer_add_format(out, "%-24.*s %-28.*s %.*s\n", HR_SHOW(row->name), HR_SHOW(from),
                         HR_SHOW(users));
}

static int say_rows(struct rows *rows)
{
    struct hr_cli *cli = rows->cli;
    struct hr_buffer out;
    hr_buffer_init(&out, &cli->arena, LIST_BYTES_MAX);
    if (cli->json) {
        const char *path = hr_vault_key_path(rows->vault);
        hr_buffer_add_text(&out, HR_TEXT("{\"key\":"));
        if (path != NULL) {
            hr_json_write_text(&out, hr_text_from(path));
        } else {
            hr_buffer_add_text(&out, HR_TEXT("null"));
        }
        hr_buffer_add_text(&out, HR_TEXT(",\"secrets\":["));
    }
    for (size_t i = 0; i < rows->count; i++) {
        if (cli->json) {
            add_json(&out, rows, &rows->items[i], i == 0);
        } else {
            add_line(&out, rows, &rows->items[i]);
        }
    }
    hr_buffer_add_text(&out, cli->json ? HR_TEXT("]}\n") : HR_TEXT_NONE);
    return hr_cli_print_whole(cli, &out);
}

int hr_verb_secret_ls(struct hr_cli *cli)
{
    struct rows rows = {.cli = cli};
    if (!hr_cli_folder(cli)) {
        return hr_cli_failed(cli, hr_answer(HR_E_INPUT));
    }
    const struct hr_vault_options options = {.data_folder = hr_cli_data_path(cli, "")};
    int code = hr_cli_open_vault(cli, &options, &rows.vault);
    if (code == HR_EXIT_ok) {
        hr_cli_each_secret(cli, hr_cli_plan_of_files(cli), add_use, &rows);
        add_sealed(&rows);
        add_outside(&rows);
        code = rows.failed ? hr_cli_failed(cli, hr_answer(HR_E_MEMORY)) : say_rows(&rows);
    }
    if (code == HR_EXIT_ok && hr_vault_key_path(rows.vault) != NULL) {
        hr_cli_note(cli, "The key is %.*s.",
                    HR_SHOW(hr_cli_home_path(cli, hr_vault_key_path(rows.vault))));
    }
    hr_vault_close(rows.vault);
    return code;
}
