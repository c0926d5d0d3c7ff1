/* tool show reads a tool aloud; tool call tries what its file says: the request as it would leave, or sent once. */
#include "cli_inside.h"

#include "plan/aloud.h"
#include "tools/caller.h"

#include <unistd.h>

enum { KEY_BYTES = 16, OUT_BYTES_MAX = 1 << 20, ANSWER_SIZE = 16 };

struct trying {
    struct hr_cli *cli;
    const char *data_folder;
    struct hr_plan *plan;
    struct hr_settings settings;
    struct hr_value inputs;
    struct hr_outbound_ask ask;
    bool check;
};

/* ---- what is asked -------------------------------------------------------------------------------------- */

static int find_action(struct trying *trying)
{
    struct hr_cli *cli = trying->cli;
    const struct hr_plan *plan = trying->plan;
    struct hr_text written = cli->objects[0];
    struct hr_text rest = written;
    hr_assert(plan != NULL);
    int32_t tool = hr_plan_tool(plan, hr_text_cut(&rest, '.'));
    if (tool < 0) {
        const struct hr_cli_things there = {plan->tools, plan->tool_count, sizeof *plan->tools};
        return hr_cli_unknown(cli, HR_CODE_tool_unknown, "tool",
                              hr_text_slice(written, 0, hr_text_find(written, '.')), there);
    }
    trying->ask.tool = &plan->tools[tool];
    for (size_t i = 0; i < trying->ask.tool->action_count; i++) {
        if (hr_text_equal(trying->ask.tool->actions[i].id, rest)) {
            trying->ask.action = &trying->ask.tool->actions[i];
            return HR_EXIT_ok;
        }
    }
    const struct hr_cli_things there = {trying->ask.tool->actions, trying->ask.tool->action_count,
                                        sizeof *trying->ask.tool->actions};
    return hr_cli_unknown(cli, HR_CODE_action_unknown, "action", rest, there);
}

static bool takes(const struct hr_action *action, struct hr_text name)
{
    for (size_t i = 0; i < action->input_count; i++) {
        if (hr_text_equal(action->inputs[i], name)) {
            return true;
        }
    }
    return false;
}

/* email=ada@example.com, seats:=3 */
static int take_input(struct trying *trying, struct hr_text written, struct hr_member *member)
{
    struct hr_cli *cli = trying->cli;
    struct hr_text value = written;
    struct hr_text name = hr_text_cut(&value, '=');
    bool json = hr_text_ends(name, HR_TEXT(":"));
    name.size -= json;
    if (hr_text_find(written, '=') == written.size || name.size == 0) {
        return hr_cli_fail(cli, HR_CODE_words_wrong,
                           "--with takes NAME=VALUE, or NAME:=VALUE for a number, a list or a map");
    }
    if (!takes(trying->ask.action, name)) {
        int code = hr_cli_fail(cli, HR_CODE_input_unknown, "`%.*s` takes no input `%.*s`",
                               HR_SHOW(trying->ask.action->full_id), HR_SHOW(name));
        struct hr_text meant =
            hr_did_you_mean(name, trying->ask.action->inputs, trying->ask.action->input_count);
        if (meant.size > 0) {
            cli->found.items[cli->found.count - 1].help =
                hr_text_format(&cli->arena, "did you mean `%.*s`?", HR_SHOW(meant));
        }
        return code;
    }
    *member = (struct hr_member){hr_value_text(name), hr_value_text(value)};
    if (json && !hr_ok(hr_json_read(&cli->arena, value, NULL, NULL, &member->value))) {
        return hr_cli_fail(cli, HR_CODE_words_wrong,
                           "what stands behind `%.*s:=` is no JSON; for a text write `%.*s=`",
                           HR_SHOW(name), HR_SHOW(name));
    }
    return HR_EXIT_ok;
}

static int take_inputs(struct trying *trying)
{
    struct hr_cli *cli = trying->cli;
    struct hr_member *members = hr_arena_new_many(&cli->arena, struct hr_member, HR_FLAGS_MAX);
    if (members == NULL) {
        return hr_cli_failed(cli, hr_answer(HR_E_MEMORY));
    }
    trying->inputs = (struct hr_value){.kind = HR_KIND_map, .members = members};
    for (size_t i = 0; i < cli->flag_count; i++) {
        if (!hr_text_equal(cli->flags[i].name, HR_TEXT("with"))) {
            continue;
        }
        int code = take_input(trying, cli->flags[i].value, &members[trying->inputs.count]);
        if (code != HR_EXIT_ok) {
            return code;
        }
        trying->inputs.count++;
    }
    trying->ask.inputs = &trying->inputs;
    return HR_EXIT_ok;
}

/* Settings of this machine, if it has any; the key. */
static int take_rest(struct trying *trying)
{
    struct hr_cli *cli = trying->cli;
    uint8_t random[KEY_BYTES];
    hr_status status =
        hr_settings_read(trying->data_folder, &cli->arena, &cli->found, &trying->settings);
    if (!hr_ok(status)) {
        return hr_cli_failed(cli, status);
    }
    trying->ask.here =
        hr_tool_here_of(trying->settings.tools, trying->settings.tool_count, trying->ask.tool->id);
    trying->ask.key = hr_cli_flag(cli, "key");
    if (trying->ask.key.size == 0) {
        hr_random_bytes(NULL, random, sizeof random);
        trying->ask.key = hr_text_format(&cli->arena, "try-%.*s",
                                         HR_SHOW(hr_hex(&cli->arena, random, sizeof random)));
    }
    trying->check = hr_cli_has(cli, "check");
    if (trying->check && trying->ask.action->check < 0) {
        return hr_cli_fail(cli, HR_CODE_words_wrong, "`%.*s` has no `check` to ask",
                           HR_SHOW(trying->ask.action->full_id));
    }
    return HR_EXIT_ok;
}

/* The action that is called in the end. */
static const struct hr_action *called(const struct trying *trying)
{
    return trying->check ? &trying->ask.tool->actions[trying->ask.action->check]
                         : trying->ask.action;
}

/* ---- dry run -------------------------------------------------------------------------------------------- */

static void say_where(const struct trying *trying)
{
    const struct hr_tool *tool = trying->ask.tool;
    if (trying->ask.here != NULL && trying->ask.here->base.size > 0) {
        hr_cli_note(trying->cli,
                    "settings.yaml of this machine puts this address in place of %.*s.",
                    HR_SHOW(tool->allow_count > 0 ? tool->allow[0] : HR_TEXT("none")));
    }
}

static int show(struct trying *trying)
{
    struct hr_cli *cli = trying->cli;
    struct hr_outbound_ask ask = trying->ask;
    struct hr_outbound_call call;
    struct hr_buffer out;
    struct hr_buffer shown;
    ask.action = called(trying);
    hr_status status = hr_outbound_make(&ask, HR_TEXT("-"), &cli->arena, &call);
    if (status.code == HR_E_INPUT) {
        return hr_cli_fail(cli, HR_CODE_call_wrong, "%.*s", HR_SHOW(call.why));
    }
    if (!hr_ok(status)) {
        return hr_cli_failed(cli, status);
    }
    hr_buffer_init(&out, &cli->arena, OUT_BYTES_MAX);
    hr_buffer_init(&shown, &cli->arena, OUT_BYTES_MAX);
    hr_outbound_show(&ask, &call, &shown);
    if (cli->json) {
        hr_buffer_add_text(&out, HR_TEXT("{\"action\":"));
        hr_json_write_text(&out, ask.action->full_id);
        hr_buffer_add_text(&out, HR_TEXT(",\"request\":"));
        hr_json_write_text(&out, hr_buffer_text(&shown));
        hr_buffer_add_text(&out, HR_TEXT(",\"sent\":false}\n"));
    } else {
        hr_buffer_add_text(&out, hr_buffer_text(&shown));
    }
    out.failed |= shown.failed;
    say_where(trying);
    int code = hr_cli_print_whole(cli, &out);
    hr_cli_note(cli, "Nothing was sent.");
    return code;
}

/* ---- for real ------------------------------------------------------------------------------------------- */

/* Asks on a terminal; anywhere else --yes has to say it. What only reads is not asked about. */
static bool confirmed(const struct trying *trying)
{
    char line[ANSWER_SIZE];
    const struct hr_action *action = called(trying);
    bool reads = action->kind == HR_ACTION_read || action->method == HR_METHOD_GET;
    if (reads || hr_cli_has(trying->cli, "yes")) {
        return true;
    }
    if (isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1) {
        return false;
    }
    (void)fprintf(stderr, "This asks %.*s for %.*s, for real, at %.*s. Send it? Type yes: ",
                  HR_SHOW(trying->ask.tool->title), HR_SHOW(action->id),
                  HR_SHOW(hr_outbound_base(&trying->ask)));
    (void)fflush(stderr);
    return fgets(line, sizeof line, stdin) != NULL &&
           hr_text_equal(hr_text_trim(hr_text_from(line)), HR_TEXT("yes"));
}

static hr_status secret_of(void *context, struct hr_text name, struct hr_arena *into,
                           struct hr_text *ret_value)
{
    const struct trying *trying = context;
    struct hr_text values[2] = {HR_TEXT_NONE, HR_TEXT_NONE};
    size_t count = 0;
    HR_TRY(hr_secret_read(trying->data_folder, name, into, values, &count));
    *ret_value = values[0];
    return hr_done();
}

/* What came of it. */
struct outcome {
    struct hr_outbound_verdict verdict;
    struct hr_http_result answer;
    enum hr_found found;
};

static hr_status send_it(struct trying *trying, struct outcome *outcome)
{
    struct hr_arena *into = &trying->cli->arena;
    struct hr_oauth *tokens = NULL;
    struct hr_caller *caller = NULL;
    hr_status status = hr_oauth_create(NULL, &tokens);
    const struct hr_caller_options options = {.secret_of = secret_of,
                                              .context = trying,
                                              .tokens = tokens,
                                              .here = trying->settings.tools,
                                              .here_count = trying->settings.tool_count};
    status = hr_ok(status) ? hr_caller_create(&options, &caller) : status;
    if (hr_ok(status)) {
        status = trying->check ? hr_caller_check(caller, &trying->ask, into, &outcome->found,
                                                 &outcome->verdict, &outcome->answer)
                               : hr_caller_ask(caller, &trying->ask, into, &outcome->verdict,
                                               &outcome->answer);
    }
    hr_caller_free(caller);
    hr_oauth_free(tokens);
    return status;
}

static int exit_of(const struct trying *trying, const struct outcome *outcome)
{
    static const int of_found[] = {[HR_FOUND_done] = HR_EXIT_ok,
                                   [HR_FOUND_not_done] = HR_EXIT_refused,
                                   [HR_FOUND_unclear] = HR_EXIT_partly};
    static const int of_reached[] = {[HR_REACHED_confirmed] = HR_EXIT_ok,
                                     [HR_REACHED_refused] = HR_EXIT_refused,
                                     [HR_REACHED_again] = HR_EXIT_failed,
                                     [HR_REACHED_unknown] = HR_EXIT_partly};
    return trying->check ? of_found[outcome->found] : of_reached[outcome->verdict.reached];
}

static void say_text(const struct trying *trying, const struct outcome *outcome,
                     struct hr_buffer *out)
{
    const struct hr_outbound_verdict *verdict = &outcome->verdict;
    struct hr_text word =
        trying->check ? hr_found_word(outcome->found) : hr_reached_word(verdict->reached);
    hr_buffer_add_format(out, "%.*s: %.*s\n", HR_SHOW(word), HR_SHOW(verdict->words));
    if (verdict->fault != HR_FAULT_none) {
        hr_buffer_add_format(out, "class: %.*s\n", HR_SHOW(hr_fault_word(verdict->fault)));
    }
    if (verdict->not_before_s > 0) {
        hr_buffer_add_format(out, "not before: %u seconds from now\n", verdict->not_before_s);
    }
    if (outcome->answer.body.size > 0) {
        struct hr_text body = hr_text_visible(out->arena, outcome->answer.body);
        hr_buffer_add_format(out, "\n%.*s\n", HR_SHOW(body));
    }
}

static void say_json(const struct trying *trying, const struct outcome *outcome,
                     struct hr_buffer *out)
{
    const struct hr_outbound_verdict *verdict = &outcome->verdict;
    hr_buffer_add_text(out, HR_TEXT("{\"action\":"));
    hr_json_write_text(out, called(trying)->full_id);
    if (trying->check) {
        hr_buffer_add_text(out, HR_TEXT(",\"found\":"));
        hr_json_write_text(out, hr_found_word(outcome->found));
    }
    hr_buffer_add_format(out, ",\"reached\":\"%.*s\",\"class\":\"%.*s\",\"status\":%d,",
                         HR_SHOW(hr_reached_word(verdict->reached)),
                         HR_SHOW(hr_fault_word(verdict->fault)), outcome->answer.status);
    hr_buffer_add_format(out, "\"not_before_s\":%u,\"words\":", verdict->not_before_s);
    hr_json_write_text(out, verdict->words);
    hr_buffer_add_text(out, HR_TEXT(",\"key\":"));
    hr_json_write_text(out, trying->ask.key);
    hr_buffer_add_text(out, HR_TEXT(",\"answer\":"));
    bool text = hr_text_is_utf8(outcome->answer.body);
    hr_json_write_text(out, text ? outcome->answer.body : HR_TEXT_NONE);
    hr_buffer_add_text(out, HR_TEXT(",\"sent\":true}\n"));
}

static int do_it(struct trying *trying)
{
    struct hr_cli *cli = trying->cli;
    struct outcome outcome = {.found = HR_FOUND_unclear};
    struct hr_buffer out;
    if (!confirmed(trying)) {
        return hr_cli_fail(cli, HR_CODE_not_confirmed, "nothing was sent: it was not confirmed");
    }
    hr_status status = send_it(trying, &outcome);
    if (!hr_ok(status)) {
        return hr_cli_failed(cli, status);
    }
    say_where(trying);
    hr_buffer_init(&out, &cli->arena, OUT_BYTES_MAX);
    if (cli->json) {
        say_json(trying, &outcome, &out);
    } else {
        say_text(trying, &outcome, &out);
    }
    int code = hr_cli_print_whole(cli, &out);
    bool doubt = !trying->check && outcome.verdict.reached == HR_REACHED_unknown;
    if (doubt) {
        hr_cli_note(cli, "Nobody knows whether it was done. Its key was %.*s.%s",
                    HR_SHOW(trying->ask.key),
                    trying->ask.action->check >= 0 ? " Ask with the same words and --check." : "");
    }
    return code == HR_EXIT_ok ? exit_of(trying, &outcome) : code;
}

int hr_verb_tool_call(struct hr_cli *cli)
{
    const char *folder = hr_cli_folder_here(cli);
    struct trying trying = {.cli = cli};
    trying.data_folder = hr_text_format(&cli->arena, "%s/.handrail", folder).data;
    int code = trying.data_folder == NULL ? hr_cli_failed(cli, hr_answer(HR_E_MEMORY))
                                          : hr_cli_load(cli, folder, &trying.plan);
    int (*const steps[])(struct trying *) = {find_action, take_inputs, take_rest};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && code == HR_EXIT_ok; i++) {
        code = steps[i](&trying);
    }
    if (code == HR_EXIT_ok) {
        code = hr_cli_has(cli, "dry-run") ? show(&trying) : do_it(&trying);
    }
    hr_plan_release(trying.plan);
    return code;
}

/* ---- tool show ------------------------------------------------------------------------------------------ */

static struct hr_text shown_path(void *context, struct hr_text file)
{
    struct hr_cli *cli = context;
    return hr_cli_shown_path(cli, hr_cli_folder_here(cli), file);
}

static int show_tool(struct hr_cli *cli, const struct hr_plan *plan)
{
    struct hr_aloud_page page = {.plan = plan, .path_of = shown_path, .context = cli};
    struct hr_buffer out;
    int32_t tool = hr_plan_tool(plan, cli->objects[0]);
    if (tool < 0) {
        const struct hr_cli_things there = {plan->tools, plan->tool_count, sizeof *plan->tools};
        return hr_cli_unknown(cli, HR_CODE_tool_unknown, "tool", cli->objects[0], there);
    }
    hr_buffer_init(&page.text, &cli->arena, OUT_BYTES_MAX);
    hr_aloud_tool(&page, &plan->tools[tool]);
    if (!cli->json) {
        return hr_cli_print_whole(cli, &page.text);
    }
    hr_buffer_init(&out, &cli->arena, OUT_BYTES_MAX);
    hr_buffer_add_text(&out, HR_TEXT("{\"tool\":"));
    hr_json_write_text(&out, plan->tools[tool].id);
    hr_buffer_add_text(&out, HR_TEXT(",\"text\":"));
    hr_json_write_text(&out, hr_buffer_text(&page.text));
    hr_buffer_add_text(&out, HR_TEXT("}\n"));
    out.failed |= page.text.failed;
    return hr_cli_print_whole(cli, &out);
}

int hr_verb_tool_show(struct hr_cli *cli)
{
    struct hr_plan *plan = NULL;
    int code = hr_cli_load(cli, hr_cli_folder_here(cli), &plan);
    if (code == HR_EXIT_ok) {
        code = show_tool(cli, plan);
    }
    hr_plan_release(plan);
    return code;
}
