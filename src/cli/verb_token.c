/* Tokens: made by the daemon, or on the store itself while no daemon runs: whoever may write the data folder can let a
 * person in, as `init` does, so that nobody is ever locked out of a folder of their own. */
#include "cli_inside.h"

#include "server/api.h"

#include <stdlib.h>

enum { BATCH_BYTES_MAX = 64 << 20, BODY_BYTES_MAX = 16 << 10 };

/* ---- who may sign in ----------------------------------------------------------------------------- */

/* The person of the plan whose token this is, NULL when they left. The plan may be fresh from its files, without the
 * numbers of a journal, so people are found by their ids. */
static const struct hr_person *holder(const struct hr_plan *plan, const struct hr_names *names,
                                      const struct hr_token *token)
{
    if (token->person == 0 || token->person > names->count) {
        return NULL;
    }
    int32_t person = hr_plan_person(plan, names->words[token->person - 1]);
    return person < 0 ? NULL : &plan->people[person];
}

static hr_status read_tokens(struct hr_store_reader *reader, struct hr_arena *into,
                             const struct hr_workspace_record **ret_workspace,
                             const struct hr_names **ret_names)
{
    struct hr_record *workspace = NULL;
    struct hr_record *names = NULL;
    HR_TRY(hr_store_read_record(reader, HR_ID_WORKSPACE, into, &workspace));
    HR_TRY(hr_store_read_record(reader, HR_ID_NAMES, into, &names));
    if (workspace == NULL || names == NULL) {
        return hr_answer(HR_E_INPUT);
    }
    *ret_workspace = workspace->workspace;
    *ret_names = names->names;
    return hr_done();
}

bool hr_cli_somebody_governs(struct hr_cli *cli, const char *data_folder,
                             const struct hr_plan *plan)
{
    const struct hr_store_options options = {.folder = data_folder};
    const struct hr_workspace_record *workspace = NULL;
    const struct hr_names *names = NULL;
    struct hr_store_reader *reader = NULL;
    if (!hr_ok(hr_store_reader_open(&options, &reader))) {
        return true; /* no journal yet: `init` makes the first token */
    }
    hr_status status = hr_store_reader_begin(reader);
    if (hr_ok(status)) {
        status = read_tokens(reader, &cli->arena, &workspace, &names);
        hr_store_reader_end(reader);
    }
    hr_store_reader_close(reader);
    bool some = !hr_ok(status);
    for (size_t i = 0; !some && i < workspace->token_count; i++) {
        const struct hr_person *person = holder(plan, names, &workspace->tokens[i]);
        some = person != NULL && hr_role_may(person->role, HR_RIGHT_govern);
    }
    return some;
}

const struct hr_person *hr_cli_first_admin(const struct hr_plan *plan)
{
    for (size_t i = 0; i < plan->person_count; i++) {
        if (hr_role_may(plan->people[i].role, HR_RIGHT_govern)) {
            return &plan->people[i];
        }
    }
    return NULL;
}

struct hr_text hr_cli_let_in(struct hr_cli *cli, const struct hr_plan *plan)
{
    const struct hr_person *admin = hr_cli_first_admin(plan);
    return admin == NULL
               ? HR_TEXT("give one person `role: admin` in `people:`")
               : hr_text_format(&cli->arena,
                                "with the daemon stopped: handrail token add %.*s; or keep the id "
                                "that had the token",
                                HR_SHOW(admin->id));
}

void hr_cli_warn_ungoverned(struct hr_cli *cli, const char *folder, const struct hr_plan *plan)
{
    const struct hr_place nowhere = {.line = 0};
    struct hr_text data = hr_text_format(&cli->arena, "%s/.handrail", folder);
    if (data.data == NULL || hr_cli_somebody_governs(cli, data.data, plan)) {
        return;
    }
    struct hr_diagnostic *item =
        hr_diagnostics_add(&cli->found, HR_CODE_nobody_signs_in, HR_SEVERITY_warning, nowhere,
                           "nobody can sign in to change anything: no owner or admin has a token");
    item->help = hr_cli_let_in(cli, plan);
}

/* ---- straight on the store ----------------------------------------------------------------------- */

/* Letting one person in, with the daemon stopped. */
struct letting {
    struct hr_cli *cli;
    struct hr_text id; /* of the person */
    struct hr_store *store;
    struct hr_batch batch;
    struct hr_plan *plan; /* with the person in it, bound */
    const struct hr_person *person;
    bool published;
    struct hr_text token;
    struct hr_digest digest;
    bool old_works; /* the token of .handrail/token leads to somebody still */
};

hr_status hr_cli_add_token(struct hr_cli *cli, struct hr_batch *batch,
                           const struct hr_person *person, struct hr_text *ret_token,
                           struct hr_digest *ret_digest)
{
    uint8_t random[HR_TOKEN_RANDOM_SIZE];
    hr_random_bytes(NULL, random, sizeof random);
    *ret_token = hr_token_make(random, &cli->arena);
    *ret_digest = hr_token_digest(*ret_token);
    const struct hr_command command = {
        .verb = HR_VERB_token_add,
        .other = person->name_number,
        .role = (uint8_t)person->role,
        .until = HR_INSTANT_NONE,
        .text = {(const char *)ret_digest->bytes, sizeof ret_digest->bytes},
    };
    struct hr_waiting waiting = {
        .event = {.kind = HR_EVENT_command, .command = &command, .hint_due = HR_INSTANT_NONE}};
    struct hr_waiting *all[] = {&waiting};
    HR_TRY(hr_batch_run(batch, all, 1, hr_clock_now(), NULL, 0));
    return waiting.became == HR_BECAME_refused ? waiting.status : hr_done();
}

/* The files hold somebody whom the plan in force does not: they are put in force, as `serve` would. */
static int publish_files(struct letting *letting)
{
    struct hr_cli *cli = letting->cli;
    struct hr_file *files = NULL;
    size_t count = 0;
    hr_status status =
        hr_workspace_load(cli->folder, &cli->arena, &cli->found, &files, &count, &letting->plan);
    hr_cli_show_sources(cli, cli->folder, files, count);
    if (!hr_ok(status)) {
        return hr_cli_failed(cli, status);
    }
    hr_diagnostics_init(&cli->found, &cli->arena); /* warnings belong to `check` */
    int32_t person = hr_plan_person(letting->plan, letting->id);
    if (person < 0) {
        return hr_cli_fail(cli, HR_CODE_person_not_found, "there is no person `%.*s`",
                           HR_SHOW(letting->id));
    }
    struct hr_text bundle = hr_files_bundle(files, count, &cli->arena);
    status = bundle.data == NULL
                 ? hr_answer(HR_E_MEMORY)
                 : hr_batch_publish(&letting->batch, letting->plan, bundle, hr_clock_now());
    letting->published = hr_ok(status);
    return hr_ok(status) ? HR_EXIT_ok : hr_cli_failed(cli, status);
}

/* Time never runs backwards in the journal. */
static hr_status resume(struct letting *letting)
{
    const struct hr_store_options options = {.folder = hr_cli_data_path(letting->cli, "")};
    struct hr_store_reader *reader = NULL;
    hr_status status = hr_store_reader_open(&options, &reader);
    if (hr_ok(status)) {
        status = hr_batch_resume(&letting->batch, reader);
    }
    hr_store_reader_close(reader);
    return status;
}

/* Where the journal stands: its plan with the person, and whether the token that lies there still works. */
static int look(struct letting *letting)
{
    struct hr_cli *cli = letting->cli;
    int code = hr_cli_look(cli);
    if (code != HR_EXIT_ok) {
        return code;
    }
    struct hr_text kept = HR_TEXT_NONE;
    hr_status status = resume(letting);
    letting->plan = cli->plan;
    if (hr_plan_person(cli->plan, letting->id) < 0 && hr_ok(status)) {
        code = publish_files(letting);
    } else if (hr_ok(status)) {
        letting->batch.engine.plan = letting->plan;
    }
    if (code != HR_EXIT_ok || !hr_ok(status)) {
        return code != HR_EXIT_ok ? code : hr_cli_failed(cli, status);
    }
    letting->person = &letting->plan->people[hr_plan_person(letting->plan, letting->id)];
    if (hr_ok(hr_file_read(hr_cli_data_path(cli, "token"), 256, &cli->arena, &kept))) {
        uint32_t number = hr_cli_person_of_token(cli, hr_text_trim(kept));
        letting->old_works = number != 0 && hr_plan_person_numbered(letting->plan, number) >= 0;
    }
    return HR_EXIT_ok;
}

static void say_let_in(struct letting *letting)
{
    struct hr_cli *cli = letting->cli;
    struct hr_text id = hr_token_name(
        (struct hr_text){(const char *)letting->digest.bytes, sizeof letting->digest.bytes},
        &cli->arena);
    if (cli->json) {
        hr_cli_print(cli,
                     hr_text_format(&cli->arena,
                                    "{\"token\":\"%.*s\",\"id\":\"%.*s\",\"person\":\"%.*s\","
                                    "\"kept\":%s,\"plan\":%u}\n",
                                    HR_SHOW(letting->token), HR_SHOW(id), HR_SHOW(letting->id),
                                    letting->old_works ? "false" : "true", letting->plan->number));
        return;
    }
    hr_cli_print(cli, hr_text_format(&cli->arena, "%.*s\n", HR_SHOW(letting->token)));
    hr_cli_note(cli, "%.*s may sign in with this token; it is shown this once",
                HR_SHOW(letting->id));
    if (letting->published) {
        hr_cli_note(cli, "the files were put in force for that: plan %u", letting->plan->number);
    }
    if (!letting->old_works) {
        hr_cli_note(cli, "it is in %s, too: the token there led to nobody%s",
                    hr_cli_data_path(cli, "token"),
                    getenv("HANDRAIL_TOKEN") != NULL ? "; unset HANDRAIL_TOKEN to use it" : "");
    }
    hr_cli_note(cli, "undo: handrail token remove %.*s", HR_SHOW(id));
}

static int let_in(struct letting *letting)
{
    struct hr_cli *cli = letting->cli;
    int code = look(letting);
    if (code != HR_EXIT_ok) {
        return code;
    }
    hr_status status =
        hr_cli_add_token(cli, &letting->batch, letting->person, &letting->token, &letting->digest);
    if (!hr_ok(status)) {
        return hr_cli_failed(cli, status);
    }
    if (!letting->old_works) {
        code =
            hr_cli_write_file(cli, hr_cli_data_path(cli, "token"),
                              hr_text_format(&cli->arena, "%.*s\n", HR_SHOW(letting->token)), 0600);
    }
    say_let_in(letting);
    return code;
}

static int add_on_the_store(struct hr_cli *cli)
{
    struct letting letting = {.cli = cli, .id = cli->objects[0]};
    const struct hr_store_options options = {.folder = hr_cli_data_path(cli, "")};
    hr_status status = hr_store_open(&options, &letting.store);
    if (!hr_ok(status)) {
        return hr_cli_failed(cli, status);
    }
    hr_batch_init(&letting.batch, letting.store, BATCH_BYTES_MAX);
    letting.batch.random = hr_random_bytes;
    int code = let_in(&letting);
    hr_batch_done(&letting.batch);
    hr_cli_look_away(cli);
    hr_store_close(letting.store);
    return code;
}

/* ---- the verbs ----------------------------------------------------------------------------------- */

int hr_verb_token_add(struct hr_cli *cli)
{
    struct hr_cli_answer answer;
    struct hr_buffer body;
    if (!hr_cli_folder(cli)) {
        return hr_cli_failed(cli, hr_answer(HR_E_INPUT));
    }
    if (!hr_cli_is_served(cli)) {
        return add_on_the_store(cli);
    }
    hr_buffer_init(&body, &cli->arena, BODY_BYTES_MAX);
    hr_buffer_add_text(&body, HR_TEXT("{\"person\":"));
    hr_json_write_text(&body, cli->objects[0]);
    hr_buffer_add_byte(&body, '}');
    int code = hr_cli_call(cli, "POST", HR_TEXT("/v1/tokens"), HR_TEXT("application/json"),
                           hr_buffer_text(&body), &answer);
    if (code != HR_EXIT_ok) {
        return code;
    }
    hr_cli_print(cli, cli->json ? answer.body
                                : hr_text_format(&cli->arena, "%.*s\n",
                                                 HR_SHOW(hr_cli_member(&answer.json, "token"))));
    hr_cli_note(cli, "%.*s\nundo: %.*s", HR_SHOW(hr_cli_member(&answer.json, "did")),
                HR_SHOW(hr_cli_member(&answer.json, "undo")));
    return HR_EXIT_ok;
}

int hr_verb_token_ls(struct hr_cli *cli)
{
    struct hr_cli_answer answer;
    int code = hr_cli_call(cli, "GET", HR_TEXT("/v1/tokens"), HR_TEXT_NONE, HR_TEXT_NONE, &answer);
    const struct hr_value *tokens = hr_value_member(&answer.json, HR_TEXT("tokens"));
    if (code != HR_EXIT_ok || cli->json || tokens == NULL || tokens->kind != HR_KIND_list) {
        hr_cli_print(cli, code == HR_EXIT_ok ? answer.body : HR_TEXT_NONE);
        return code;
    }
    for (uint32_t i = 0; i < tokens->count; i++) {
        const struct hr_value *token = &tokens->items[i];
        hr_cli_print(cli, hr_text_format(&cli->arena, "%.*s  %-16.*s %-10.*s %.*s\n",
                                         HR_SHOW(hr_cli_member(token, "id")),
                                         HR_SHOW(hr_cli_member(token, "person")),
                                         HR_SHOW(hr_cli_member(token, "role")),
                                         HR_SHOW(hr_cli_member(token, "made_at"))));
    }
    return HR_EXIT_ok;
}

int hr_verb_token_remove(struct hr_cli *cli)
{
    struct hr_text id = hr_cli_escape(cli, cli->objects[0]);
    return hr_cli_do(cli, "DELETE", hr_text_format(&cli->arena, "/v1/tokens/%.*s", HR_SHOW(id)),
                     HR_TEXT_NONE);
}
