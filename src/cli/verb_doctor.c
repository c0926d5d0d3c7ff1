/* Is everything as it should be? One line a check, worst first in the exit code; reads only. */
#include "cli_inside.h"

#include "net/client.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

enum { DOCTOR_BYTES_MAX = 1 << 20, ISSUES_PAGE = 256, FREE_BYTES_LOW = 512 << 20 };

/* How a check ended. */
enum verdict { VERDICT_ok, VERDICT_look, VERDICT_bad };

struct doctor {
    struct hr_cli *cli;
    struct hr_buffer json; /* of the checks, without brackets */
    struct hr_buffer text;
    enum verdict worst;
    struct hr_vault *vault;
};

static void say(struct doctor *doctor, const char *check, enum verdict verdict, struct hr_text what,
                const char *help)
{
    static const char *const words[] = {"ok", "look", "bad"};
    doctor->worst = verdict > doctor->worst ? verdict : doctor->worst;
    hr_buffer_add_format(&doctor->json, "%s{\"check\":\"%s\",\"verdict\":\"%s\",\"says\":",
                         doctor->json.size > 0 ? "," : "", check, words[verdict]);
    hr_json_write_text(&doctor->json, what);
    hr_buffer_add_format(&doctor->text, "%-5s %-10s %.*s\n", words[verdict], check, HR_SHOW(what));
    if (verdict != VERDICT_ok && help[0] != '\0') {
        hr_buffer_add_text(&doctor->json, HR_TEXT(",\"help\":"));
        hr_json_write_text(&doctor->json, hr_text_from(help));
        hr_buffer_add_format(&doctor->text, "                 help: %s\n", help);
    }
    hr_buffer_add_byte(&doctor->json, '}');
}

/* ---- the machine --------------------------------------------------------------------------------- */

static uint64_t file_size(struct doctor *doctor, const char *name)
{
    struct stat about;
    return stat(hr_cli_data_path(doctor->cli, name), &about) == 0 ? (uint64_t)about.st_size : 0;
}

static struct hr_text megabytes(struct doctor *doctor, uint64_t bytes)
{
    return hr_text_format(&doctor->cli->arena, "%llu.%llu MB",
                          (unsigned long long)(bytes / 1000000),
                          (unsigned long long)(bytes / 100000 % 10));
}

static void look_at_disk(struct doctor *doctor)
{
    struct statvfs disk;
    struct stat about;
    struct hr_arena *arena = &doctor->cli->arena;
    const char *folder = hr_cli_data_path(doctor->cli, "");
    bool mine_alone = stat(folder, &about) == 0 && (about.st_mode & 077) == 0;
    say(doctor, "folder", mine_alone ? VERDICT_ok : VERDICT_look,
        hr_text_format(arena, "%s%s", doctor->cli->folder,
                       mine_alone ? "" : " (others can look into .handrail)"),
        "chmod 700 .handrail");
    say(doctor, "sizes", VERDICT_ok,
        hr_text_format(arena, "database %.*s, write-ahead log %.*s",
                       HR_SHOW(megabytes(doctor, file_size(doctor, "handrail.db"))),
                       HR_SHOW(megabytes(doctor, file_size(doctor, "handrail.db-wal")))),
        "");
    if (statvfs(folder, &disk) == 0) {
        uint64_t room = (uint64_t)disk.f_bavail * disk.f_frsize;
        say(doctor, "disk", room < FREE_BYTES_LOW ? VERDICT_bad : VERDICT_ok,
            hr_text_format(arena, "%.*s free", HR_SHOW(megabytes(doctor, room))),
            "free some space: intake stops when the disk is full");
    }
}

/* True if it says so itself. */
static bool answers(struct hr_cli *cli, struct hr_text url)
{
    struct hr_diagnostics kept = cli->found;
    struct hr_cli_answer answer = {.status = 0};
    const struct hr_http_call what = {
        .method = HR_TEXT("GET"),
        .url = hr_text_format(&cli->arena, "%.*s/v1/health", HR_SHOW(url))};
    int code = hr_cli_call_address(cli, &what, &answer);
    cli->found = kept;
    return code != HR_CLI_NOBODY && answer.status > 0; /* 503: it runs, and its intake is closed */
}

static void look_at_daemon(struct doctor *doctor)
{
    struct hr_text url = HR_TEXT_NONE;
    int64_t pid = 0;
    bool there = hr_cli_daemon(doctor->cli, &url, &pid);
    /* a process number may be a dead one's, or another program's by now; the lock is the daemon's alone */
    bool alive = there && hr_cli_is_served(doctor->cli);
    if (alive && answers(doctor->cli, url)) {
        say(doctor, "daemon", VERDICT_ok,
            hr_text_format(&doctor->cli->arena, "runs as process %lld at %.*s", (long long)pid,
                           HR_SHOW(url)),
            "");
    } else if (alive) {
        say(doctor, "daemon", VERDICT_bad,
            hr_text_format(&doctor->cli->arena, "holds the folder, but does not answer at %.*s",
                           HR_SHOW(url)),
            "look at what it said; then stop it and start handrail serve");
    } else {
        say(doctor, "daemon", VERDICT_look,
            there ? HR_TEXT("is not running, and did not stop in order")
                  : HR_TEXT("is not running"),
            "handrail serve");
    }
}

/* ---- the workspace ------------------------------------------------------------------------------- */

static void look_at_plan(struct doctor *doctor)
{
    struct hr_cli *cli = doctor->cli;
    struct hr_diagnostics found;
    struct hr_file *files = NULL;
    struct hr_plan *plan = NULL;
    size_t count = 0;
    say(doctor, "journal", VERDICT_ok,
        hr_count_say(&cli->arena, cli->lens.position, "entry", "entries"), "");
    hr_diagnostics_init(&found, &cli->arena);
    hr_status status = hr_workspace_load(cli->folder, &cli->arena, &found, &files, &count, &plan);
    if (!hr_ok(status)) {
        say(doctor, "plan", VERDICT_bad,
            hr_text_format(
                &cli->arena, "plan %u is in force; the files have %.*s", cli->plan->number,
                HR_SHOW(hr_count_say(&cli->arena, found.error_count, "error", "errors"))),
            "handrail check");
    } else if (!hr_digest_equal(&plan->digest, &cli->plan->digest)) {
        say(doctor, "plan", VERDICT_look,
            hr_text_format(&cli->arena, "plan %u is in force; the files are newer",
                           cli->plan->number),
            "handrail reload");
    } else {
        say(doctor, "plan", VERDICT_ok,
            hr_text_format(&cli->arena, "plan %u is in force, as the files say", cli->plan->number),
            "");
    }
}

static void look_at_people(struct doctor *doctor)
{
    struct hr_cli *cli = doctor->cli;
    bool some = hr_cli_somebody_governs(cli, hr_cli_data_path(cli, ""), cli->plan);
    say(doctor, "people", some ? VERDICT_ok : VERDICT_bad,
        some ? HR_TEXT("an owner or admin can sign in")
             : HR_TEXT("nobody can sign in to change anything: no owner or admin has a token"),
        hr_cli_let_in(cli, cli->plan).data);
}

/* Without a way to sign in only what Handrail itself wants to do there is refused. */
static void check_secret(void *context, const struct hr_secret_use *use)
{
    struct doctor *doctor = context;
    struct hr_arena *arena = &doctor->cli->arena;
    struct hr_secret secret;
    hr_status status = hr_vault_find(doctor->vault, use->name, &secret);
    if (!hr_ok(status) || secret.from == HR_SECRET_missing) {
        say(doctor, "secret", use->kind == HR_USE_calls ? VERDICT_look : VERDICT_bad,
            hr_text_format(arena, "%.*s has no value%s: %.*s %.*s", HR_SHOW(use->name),
                           hr_ok(status) ? "" : " that can be one", HR_SHOW(use->user),
                           HR_SHOW(use->lacks)),
            hr_text_format(arena, "handrail secret set %.*s", HR_SHOW(use->name)).data);
    }
}

static void look_at_secrets(struct doctor *doctor)
{
    struct hr_cli *cli = doctor->cli;
    struct hr_diagnostics found;
    const struct hr_vault_options options = {.data_folder = hr_cli_data_path(cli, "")};
    hr_diagnostics_init(&found, &cli->arena);
    if (!hr_ok(hr_vault_open(&options, &found, &doctor->vault))) {
        const struct hr_diagnostic *first = hr_diagnostics_error(&found);
        struct hr_text help = first == NULL ? HR_TEXT_NONE : hr_text_copy(&cli->arena, first->help);
        say(doctor, "secrets", VERDICT_bad,
            first == NULL ? HR_TEXT("the sealed secrets cannot be opened") : first->message,
            help.data == NULL ? "" : help.data);
        return;
    }
    const char *path = hr_vault_key_path(doctor->vault);
    say(doctor, "secrets", VERDICT_ok,
        path == NULL ? HR_TEXT("nothing is sealed")
                     : hr_text_format(&cli->arena, "sealed; the key is %.*s",
                                      HR_SHOW(hr_cli_home_path(cli, path))),
        "");
    hr_cli_each_secret(cli, cli->plan, check_secret, doctor);
    hr_vault_close(doctor->vault);
}

static void add_unknown(struct doctor *doctor, struct hr_buffer *line,
                        const struct hr_tool_record *tool)
{
    bool first = true;
    for (size_t i = 0; i < tool->type_count; i++) {
        if (tool->types[i].type == 0) {
            struct hr_text word =
                tool->types[i].word.size > 0 ? tool->types[i].word : HR_TEXT("(no type)");
            hr_buffer_add_format(line, "%s%.*s %llu", first ? "; not in the workspace: " : ", ",
                                 HR_SHOW(hr_text_visible(&doctor->cli->arena, word)),
                                 (unsigned long long)tool->types[i].count);
            first = false;
        }
    }
}

static void look_at_tool(struct doctor *doctor, const struct hr_tool *tool)
{
    struct hr_cli *cli = doctor->cli;
    struct hr_record *record = NULL;
    struct hr_buffer line;
    hr_status status =
        hr_store_read_record(cli->reader, HR_ID_TOOL + tool->name_number, &cli->arena, &record);
    hr_buffer_init(&line, &cli->arena, 8 << 10);
    bool heard = hr_ok(status) && record != NULL && record->tool->count > 0;
    hr_buffer_add_text(&line, tool->id);
    if (heard) {
        hr_buffer_add_format(
            &line, ": %.*s, the last %.*s ago",
            HR_SHOW(hr_count_say(&cli->arena, record->tool->count, "event", "events")),
            HR_SHOW(hr_duration_say(&cli->arena, cli->lens.now - record->tool->last_at)));
        add_unknown(doctor, &line, record->tool);
    } else {
        hr_buffer_add_text(&line, HR_TEXT(": never heard from"));
    }
    if (tool->scheme != HR_SCHEME_none) {
        hr_buffer_add_format(&line, "; POST /v1/in/%.*s", HR_SHOW(tool->id));
    }
    say(doctor, "tool", heard ? VERDICT_ok : VERDICT_look, hr_buffer_text(&line),
        "set the tool's webhook to this address, with the same secret");
}

/* ---- issues about Handrail itself ---------------------------------------------------------------- */

struct issue_counts {
    uint64_t open, refused, unknown, silent;
};

static hr_status count_issues(struct hr_cli *cli, struct issue_counts *counts)
{
    struct hr_key from = hr_key_pair(0, 0);
    size_t count = ISSUES_PAGE;
    while (count == ISSUES_PAGE) {
        struct hr_arena_mark mark = hr_arena_mark(&cli->arena);
        struct hr_scanned *items = NULL;
        HR_TRY(hr_store_read_scan(cli->reader, HR_SPACE_number, &from, ISSUES_PAGE, &cli->arena,
                                  &items, &count));
        for (size_t i = 0; i < count; i++) {
            struct hr_record *record = NULL;
            HR_TRY(hr_store_read_record(cli->reader, items[i].value, &cli->arena, &record));
            bool open = record != NULL && record->kind == HR_RECORD_issue &&
                        record->issue->state != HR_ISSUE_resolved;
            counts->open += open;
            counts->refused += open && record->issue->cause == HR_CAUSE_alert_failed;
            counts->unknown += open && record->issue->cause == HR_CAUSE_alert_unknown;
            counts->silent += open && record->issue->cause == HR_CAUSE_silence;
        }
        if (count > 0) {
            uint64_t first = 0;
            uint64_t second = 0;
            hr_key_unpair(&items[count - 1].key, &first, &second);
            from = hr_key_pair(first, second + 1);
        }
        hr_arena_rewind(&cli->arena, mark);
    }
    return hr_done();
}

static void look_at_issues(struct doctor *doctor)
{
    struct issue_counts counts = {0};
    struct hr_arena *arena = &doctor->cli->arena;
    if (!hr_ok(count_issues(doctor->cli, &counts))) {
        say(doctor, "issues", VERDICT_bad, HR_TEXT("cannot be read"), "handrail verify");
        return;
    }
    say(doctor, "issues", VERDICT_ok,
        hr_text_format(arena, "%llu open", (unsigned long long)counts.open), "");
    say(doctor, "silence", counts.silent > 0 ? VERDICT_look : VERDICT_ok,
        hr_text_format(arena, "%.*s less than expected",
                       HR_SHOW(hr_count_say(arena, counts.silent, "tool sends", "tools send"))),
        "handrail exceptions");
    say(doctor, "alerts", counts.refused + counts.unknown > 0 ? VERDICT_bad : VERDICT_ok,
        hr_text_format(arena, "%llu could not be delivered, %llu may or may not have arrived",
                       (unsigned long long)counts.refused, (unsigned long long)counts.unknown),
        "look at mail in .handrail/settings.yaml, then handrail exceptions");
}

/* A mail server of a tool that sends no mail, or is not there, is a typing error that would be noticed late. */
static void look_at_tool_mail(struct doctor *doctor, const struct hr_mail_settings *mail)
{
    const struct hr_plan *plan = doctor->cli->plan;
    int32_t tool = plan == NULL ? HR_NONE_INDEX : hr_plan_tool(plan, mail->tool);
    bool wrong = plan != NULL && (tool < 0 || plan->tools[tool].kind != HR_TOOL_email);
    say(doctor, "mail", wrong ? VERDICT_look : VERDICT_ok,
        hr_text_format(
            &doctor->cli->arena,
            wrong ? "no tool of kind email is called %.*s, so nothing goes out through %.*s"
                  : "letters of %.*s go out through %.*s",
            HR_SHOW(mail->tool), HR_SHOW(mail->host)),
        "name one below `tools:` in .handrail/settings.yaml");
}

static void look_at_mail(struct doctor *doctor)
{
    struct hr_settings settings;
    struct hr_diagnostics found;
    hr_diagnostics_init(&found, &doctor->cli->arena);
    hr_status status =
        hr_settings_read(hr_cli_data_path(doctor->cli, ""), &doctor->cli->arena, &found, &settings);
    if (!hr_ok(status)) {
        say(doctor, "settings", VERDICT_bad,
            HR_TEXT("settings.yaml has something that cannot be used"), "handrail serve says what");
        return;
    }
    bool mails = settings.mail.host.size > 0;
    say(doctor, "mail", mails ? VERDICT_ok : VERDICT_look,
        mails ? hr_text_format(&doctor->cli->arena, "alerts go out through %.*s",
                               HR_SHOW(settings.mail.host))
              : HR_TEXT("no mail server is set, so nobody is told by mail"),
        "set mail in .handrail/settings.yaml");
    for (size_t i = 0; i < settings.tool_mail_count; i++) {
        look_at_tool_mail(doctor, &settings.tool_mails[i]);
    }
    for (size_t i = 0; i < settings.tool_count; i++) {
        const struct hr_tool_here *here = &settings.tools[i];
        struct hr_text address = here->base.size > 0 ? here->base : here->token_url;
        if (address.size > 0) {
            say(doctor, "tools", VERDICT_look,
                hr_text_format(&doctor->cli->arena,
                               "%.*s is called at %.*s, not at its own address",
                               HR_SHOW(here->tool), HR_SHOW(address)),
                "take it out of .handrail/settings.yaml when the trial is over");
        }
    }
}

/* ---- promises ------------------------------------------------------------------------------------ */

static const struct {
    int number;
    const char *words;
    const char *test;
} promises[] = {
#define PROMISE(id, says, proof) {(id), (says), (proof)},
#include "cli/promises.tbl"
#undef PROMISE
};

static int say_promises(struct hr_cli *cli)
{
    struct hr_buffer out;
    hr_buffer_init(&out, &cli->arena, DOCTOR_BYTES_MAX);
    hr_buffer_add_text(&out, cli->json ? HR_TEXT("{\"promises\":[") : HR_TEXT(""));
    for (size_t i = 0; i < sizeof promises / sizeof promises[0]; i++) {
        bool proven = promises[i].test[0] != '\0';
        if (cli->json) {
            hr_buffer_add_format(&out, "%s{\"number\":%d,\"words\":", i > 0 ? "," : "",
                                 promises[i].number);
            hr_json_write_text(&out, hr_text_from(promises[i].words));
            hr_buffer_add_format(&out, ",\"proven\":%s,\"test\":\"%s\"}", proven ? "true" : "false",
                                 promises[i].test);
        } else {
            hr_buffer_add_format(&out, "P%-3d %s\n     %s%s\n", promises[i].number,
                                 promises[i].words, proven ? "proven by " : "not proven yet",
                                 promises[i].test);
        }
    }
    hr_buffer_add_text(&out, cli->json ? HR_TEXT("]}\n") : HR_TEXT(""));
    hr_cli_print(cli, hr_buffer_text(&out));
    return HR_EXIT_ok;
}

/* ---- the verb ------------------------------------------------------------------------------------ */

int hr_verb_doctor(struct hr_cli *cli)
{
    struct doctor doctor = {.cli = cli};
    if (hr_cli_has(cli, "promises")) {
        return say_promises(cli);
    }
    int code = hr_cli_look(cli);
    if (code != HR_EXIT_ok) {
        return code;
    }
    hr_buffer_init(&doctor.json, &cli->arena, DOCTOR_BYTES_MAX);
    hr_buffer_init(&doctor.text, &cli->arena, DOCTOR_BYTES_MAX);
    say(&doctor, "version", VERDICT_ok, HR_TEXT("handrail " HR_VERSION), "");
    look_at_disk(&doctor);
    look_at_daemon(&doctor);
    look_at_plan(&doctor);
    look_at_people(&doctor);
    look_at_mail(&doctor);
    for (size_t i = 0; i < cli->plan->tool_count; i++) {
        look_at_tool(&doctor, &cli->plan->tools[i]);
    }
    look_at_secrets(&doctor);
    look_at_issues(&doctor);
    bool bad = doctor.worst == VERDICT_bad;
    hr_cli_print(cli, cli->json ? hr_text_format(&cli->arena, "{\"ok\":%s,\"checks\":[%.*s]}\n",
                                                 bad ? "false" : "true",
                                                 HR_SHOW(hr_buffer_text(&doctor.json)))
                                : hr_buffer_text(&doctor.text));
    return bad ? HR_EXIT_failed : HR_EXIT_ok;
}
