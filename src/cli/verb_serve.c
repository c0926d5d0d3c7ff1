/* The daemon in the foreground: starts the host, says where it is, and waits for signals. */
#include "cli_inside.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Signals are waited for, not handled: blocked before any thread starts, so that all inherit it. */
static void block_signals(sigset_t *ret_set)
{
    (void)sigemptyset(ret_set);
    (void)sigaddset(ret_set, SIGTERM);
    (void)sigaddset(ret_set, SIGINT);
    (void)sigaddset(ret_set, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, ret_set, NULL);
}

/* An address as one would connect to it from this machine. */
static const char *local_address(const char *listening)
{
    if (strcmp(listening, "0.0.0.0") == 0) {
        return "127.0.0.1";
    }
    return strcmp(listening, "::") == 0 ? "[::1]" : listening;
}

static int write_daemon_file(struct hr_cli *cli, struct hr_text url, uint16_t port)
{
    struct hr_text json =
        hr_text_format(&cli->arena, "{\"pid\":%ld,\"port\":%u,\"url\":\"%.*s\"}\n", (long)getpid(),
                       port, HR_SHOW(url));
    return hr_cli_write_file(cli, hr_cli_data_path(cli, "daemon.json"), json, 0600);
}

static void reload(struct hr_cli *cli, struct hr_host *host)
{
    uint32_t before = hr_host_plan(host)->number;
    struct hr_arena_mark mark = hr_arena_mark(&cli->arena);
    hr_diagnostics_init(&cli->found, &cli->arena);
    hr_status status = hr_host_reload(host, &cli->found);
    if (hr_ok(status)) {
        hr_cli_warn_ungoverned(cli, cli->folder, hr_host_plan(host));
    }
    hr_cli_drop_later(cli);
    if (cli->found.count > 0) {
        hr_cli_show_folder(cli);
        hr_cli_draw(cli, stderr);
        cli->sources = NULL; /* they go with the mark */
        cli->source_count = 0;
    }
    uint32_t now = hr_host_plan(host)->number;
    if (!hr_ok(status)) {
        hr_cli_note(cli, "the files were not taken; plan %u stays in force", now);
    } else {
        hr_cli_note(
            cli, now == before ? "nothing changed; plan %u stays in force" : "plan %u is in force",
            now);
    }
    hr_diagnostics_init(&cli->found, &cli->arena);
    hr_arena_rewind(&cli->arena, mark);
}

static void wait_for_end(struct hr_cli *cli, struct hr_host *host, const sigset_t *signals)
{
    int caught = 0;
    do {
        if (sigwait(signals, &caught) == 0 && caught == SIGHUP) {
            reload(cli, host);
        }
    } while (caught == SIGHUP || caught == 0);
}

static bool read_port(struct hr_cli *cli, int32_t *ret_port)
{
    int64_t port = -1;
    struct hr_text written = hr_cli_flag(cli, "port");
    if (written.size > 0 &&
        (!hr_text_to_integer(written, &port) || port < 0 || port > UINT16_MAX)) {
        (void)hr_cli_fail(cli, HR_CODE_words_wrong, "--port takes a number from 0 to 65535");
        return false;
    }
    *ret_port = (int32_t)port;
    return true;
}

/* Where people reach it from this machine. */
static struct hr_text url_of(struct hr_cli *cli, const struct hr_host *host, const char *listen)
{
    const char *address =
        listen != NULL ? listen : hr_text_copy(&cli->arena, hr_host_settings(host)->address).data;
    const char *local = local_address(address != NULL ? address : "127.0.0.1");
    bool bare_six = strchr(local, ':') != NULL && local[0] != '[';
    return hr_text_format(&cli->arena, "http://%s%s%s:%u", bare_six ? "[" : "", local,
                          bare_six ? "]" : "", hr_host_port(host));
}

static void say_started(struct hr_cli *cli, const struct hr_host *host, struct hr_text url)
{
    const struct hr_plan *plan = hr_host_plan(host);
    if (cli->json) {
        hr_cli_print(cli, hr_text_format(&cli->arena,
                                         "{\"url\":\"%.*s\",\"port\":%u,\"pid\":%ld,\"plan\":%u}\n",
                                         HR_SHOW(url), hr_host_port(host), (long)getpid(),
                                         plan->number));
    } else {
        hr_cli_print(cli, hr_text_format(&cli->arena, "%.*s\n", HR_SHOW(url)));
    }
    (void)fflush(stdout);
    hr_cli_note(
        cli,
        "Handrail " HR_VERSION " serves %.*s (plan %u, %zu tool%s, %zu path%s). Stop with Ctrl-C; "
        "SIGHUP reads the files again.",
        HR_SHOW(plan->title.size > 0 ? plan->title : plan->id), plan->number, plan->tool_count,
        plan->tool_count == 1 ? "" : "s", plan->path_count, plan->path_count == 1 ? "" : "s");
}

/* A tool without a secret has no endpoint: better said now than found out by its sender. */
struct telling {
    struct hr_cli *cli;
    struct hr_vault *vault;
};

static void say_secretless(void *context, const struct hr_secret_use *use)
{
    struct telling *telling = context;
    struct hr_secret secret;
    hr_status status = hr_vault_find(telling->vault, use->name, &secret);
    if (!hr_ok(status) || secret.from == HR_SECRET_missing) {
        hr_cli_note(telling->cli, "%.*s %.*s: handrail secret set %.*s", HR_SHOW(use->user),
                    HR_SHOW(use->lacks), HR_SHOW(use->name));
    }
}

static void say_all_secretless(struct hr_cli *cli, const struct hr_plan *plan)
{
    const struct hr_vault_options options = {.data_folder = hr_cli_data_path(cli, "")};
    struct telling telling = {.cli = cli};
    struct hr_diagnostics quiet; /* the host has opened it a moment ago */
    hr_diagnostics_init(&quiet, &cli->arena);
    if (hr_ok(hr_vault_open(&options, &quiet, &telling.vault))) {
        hr_cli_each_secret(cli, plan, say_secretless, &telling);
    }
    hr_vault_close(telling.vault);
}

/* Secrets live in this process: no core file, no other process of the same user looking in. */
static void keep_to_ourselves(const struct hr_cli *cli)
{
    const struct rlimit none = {0, 0};
    if (!hr_cli_has(cli, "core-dumps")) {
        (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
        (void)setrlimit(RLIMIT_CORE, &none);
    }
}

int hr_verb_serve(struct hr_cli *cli)
{
    sigset_t signals;
    struct hr_host *host = NULL;
    struct hr_host_options options = {.port = -1, .announces = true};
    if (!hr_cli_folder(cli) || !read_port(cli, &options.port)) {
        return hr_cli_failed(cli, hr_answer(HR_E_INPUT));
    }
    options.folder = cli->folder;
    options.address = hr_cli_has(cli, "listen") ? hr_cli_flag(cli, "listen").data : NULL;
    keep_to_ourselves(cli);
    block_signals(&signals);
    hr_status status = hr_host_start(&options, &cli->found, &host);
    if (!hr_ok(status)) {
        hr_cli_show_folder(cli);
        return hr_cli_failed(cli, status);
    }
    hr_cli_warn_ungoverned(cli, cli->folder, hr_host_plan(host));
    hr_cli_drop_later(cli);
    if (cli->found.count > 0) { /* warnings */
        hr_cli_draw(cli, stderr);
        hr_diagnostics_init(&cli->found, &cli->arena);
    }
    struct hr_text url = url_of(cli, host, options.address);
    int code = write_daemon_file(cli, url, hr_host_port(host));
    if (code == HR_EXIT_ok) {
        hr_host_announced(host);
        say_started(cli, host, url);
        hr_cli_note_later(cli, hr_host_plan(host));
        say_all_secretless(cli, hr_host_plan(host));
        wait_for_end(cli, host, &signals);
        hr_cli_note(cli, "Stopping: what was acknowledged is being finished.");
    }
    hr_host_stop(host);
    (void)unlink(hr_cli_data_path(cli, "daemon.json"));
    hr_cli_note(cli, "Stopped.");
    return code;
}
