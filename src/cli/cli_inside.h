/* cli, inside: what the verbs share. */
#ifndef HR_CLI_CLI_INSIDE_H
#define HR_CLI_CLI_INSIDE_H

#include "insight/insight.h"
#include "server/files.h"
#include "server/host.h"

#include <stdio.h>

enum {
    HR_OBJECTS_MAX = 256,
    HR_FLAGS_MAX = 64,
    HR_SEND_BYTES_MAX = 900 << 10,
    HR_INPUT_BYTES_MAX = 256 << 20
};

enum hr_exit {
    HR_EXIT_ok,
    HR_EXIT_failed,
    HR_EXIT_wrong_use,
    HR_EXIT_found_errors,
    HR_EXIT_refused,
    HR_EXIT_partly
};

struct hr_cli;

/* A row of verbs.tbl. */
enum hr_verb_row_kind { HR_ROW_verb, HR_ROW_flag, HR_ROW_last };
struct hr_verb_row {
    enum hr_verb_row_kind kind;
    const char *name;
    const char *words; /* of a verb: what follows it; of a flag: its value, empty for a switch */
    size_t least;
    size_t most;
    int (*run)(struct hr_cli *cli);
    const char *summary;
    const char *help;
};
extern const struct hr_verb_row hr_verb_rows[];

/* One command line. */
struct hr_cli {
    struct hr_arena arena;
    struct hr_diagnostics found;
    const struct hr_verb_row *verb; /* its flags follow it */
    struct hr_text objects[HR_OBJECTS_MAX];
    size_t object_count;
    struct {
        struct hr_text name;
        struct hr_text value;
    } flags[HR_FLAGS_MAX];
    size_t flag_count;
    bool json;
    bool plain;
    const struct hr_file *sources; /* what diagnostics speak of, for drawing lines */
    size_t source_count;
    const char *folder; /* the workspace; NULL until hr_cli_folder */
    struct hr_store_reader *reader;
    struct hr_plan *plan;
    struct hr_lens lens;
};

/* ---- words: args.c, verbs.c ---- */

/* Reads the command line into the verb's row, words and flags; false: found says what is wrong. */
bool hr_cli_parse(struct hr_cli *cli, int argc, char **argv);
/* The verb of one or two words; NULL when there is none. */
const struct hr_verb_row *hr_verb_find(struct hr_text first, struct hr_text second);
/* True if the flag stands on the command line; its value or the empty text. */
bool hr_cli_has(const struct hr_cli *cli, const char *flag);
struct hr_text hr_cli_flag(const struct hr_cli *cli, const char *flag);
/* Writes the usage of one verb, or the list of all. */
void hr_cli_usage(FILE *out, const struct hr_verb_row *verb);
void hr_cli_usage_all(FILE *out);
/* Prints the same as JSON: of one verb, of a group, or (empty texts) of all. */
int hr_cli_usage_json(struct hr_cli *cli, struct hr_text first, struct hr_text second);

/* ---- saying: say.c ---- */

/* Adds an error with its message by printf; answers the exit code of its row. */
int hr_cli_fail(struct hr_cli *cli, enum hr_code code, const char *message, ...) HR_PRINTF(3, 4);
/* Adds what a status of the store or of a question says, unless found says it already. */
int hr_cli_failed(struct hr_cli *cli, hr_status status);
/* Draws what was found, on stderr (or as JSON on stdout); answers the exit code of the first error, or `otherwise`. */
int hr_cli_end(struct hr_cli *cli, int otherwise);
/* Forgets what is only not available yet: `check` says it at length, whoever serves in one line (note_later). */
void hr_cli_drop_later(struct hr_cli *cli);
void hr_cli_note_later(const struct hr_cli *cli, const struct hr_plan *plan);
/* Draws what was found as text. */
void hr_cli_draw(struct hr_cli *cli, FILE *out);
/* The bytes of a file that diagnostics speak of; the empty text when it is not known. */
struct hr_text hr_cli_source(const struct hr_cli *cli, struct hr_text file);

/* ---- for programs: findings.c, sarif.c ---- */

/* Writes what was found as the JSON members "errors" and "warnings", without the braces around them. */
void hr_cli_found_json(const struct hr_cli *cli, struct hr_buffer *out);
/* Line and column of a byte, both counting from 1, columns in code points. */
struct hr_cli_spot {
    uint32_t line;
    uint32_t column;
};
struct hr_cli_spot hr_cli_spot_of(struct hr_text bytes, size_t at);
/* What was found as SARIF 2.1.0. */
void hr_cli_found_sarif(const struct hr_cli *cli, struct hr_buffer *out);

/* ---- mending: check_fix.c ---- */

/* What a fix changed. */
struct hr_cli_mended {
    enum hr_code code;
    enum hr_severity severity;
    struct hr_place place; /* in the file before it */
    struct hr_text was;
    struct hr_text now;
};
/* Applies the certain fixes of a folder's files, each only if the files then read better, and writes what changed; the
 * list of what is written. Answers HR_EXIT_ok or an exit code. Nothing is written when a file has changed meanwhile or
 * may not be written; when the disk refuses one behind others, the list tells what those were. */
int hr_cli_mend(struct hr_cli *cli, const char *folder, struct hr_cli_mended **ret_mended,
                size_t *ret_count);
/* Writes text or a buffer to stdout. */
void hr_cli_print(const struct hr_cli *cli, struct hr_text text);
/* Writes a line to stderr, for people; nothing with --json. */
void hr_cli_note(const struct hr_cli *cli, const char *format, ...) HR_PRINTF(2, 3);
/* Writes a report as text or JSON, or says why there is none; answers the exit code. */
int hr_cli_report(struct hr_cli *cli, hr_status status, const struct hr_report *report);

/* ---- questions about the files: load.c ---- */

/* Checks the folder's files and answers their plan, without their warnings. Or an exit code; found says what is wrong,
 * with paths that can be opened from where we stand, and run.c tells it. */
int hr_cli_load(struct hr_cli *cli, const char *folder, struct hr_plan **ret_plan);
/* The exit code of files that could not be read: errors in them are a verdict only when all was read. */
int hr_cli_unread(struct hr_cli *cli, hr_status status);
/* Prints what was written, or says that it is not all of it and prints nothing. */
int hr_cli_print_whole(struct hr_cli *cli, const struct hr_buffer *out);
/* "there is no NOUN `written`", with the nearest of what there is, or all of it. Every thing begins with its id. */
struct hr_cli_things {
    const void *items;
    size_t count;
    size_t size; /* of one, in bytes */
};
int hr_cli_unknown(struct hr_cli *cli, enum hr_code code, const char *noun, struct hr_text written,
                   struct hr_cli_things there);

/* ---- folders and files: folder.c, write.c ---- */

/* True when the folder has one: then questions are about what happened, else about the files. Says nothing. */
bool hr_cli_has_journal(struct hr_cli *cli);
/* Reads paths aloud: from the files alone, or below a report from the plan in force. */
int hr_cli_path_of_files(struct hr_cli *cli);
int hr_cli_path_aloud(struct hr_cli *cli, struct hr_text path);
/* Automations as the journal knows them: all, printed; or one, for whoever prints it. */
int hr_cli_automations_at_work(struct hr_cli *cli);
int hr_cli_automation_at_work(struct hr_cli *cli, struct hr_text automation,
                              struct hr_report *ret_report);
/* Finds the workspace folder: --dir, $HANDRAIL_DIR, the nearest parent with .handrail. false: found says so. */
bool hr_cli_folder(struct hr_cli *cli);
/* The folder whose workspace files are meant, which may have no data folder yet: --dir, $HANDRAIL_DIR, the nearest
 * parent with .handrail, or where we stand; parents as "..", so that what is shown can be opened from here. */
const char *hr_cli_folder_here(struct hr_cli *cli);
/* A workspace file's path as it is reached from where we stand; and that of all that was found since the list had
 * `from` items. */
struct hr_text hr_cli_shown_path(struct hr_cli *cli, const char *folder, struct hr_text file);
void hr_cli_show_paths(struct hr_cli *cli, const char *folder, size_t from);
/* The same for all that was found, with the files beside, so that their lines are drawn; and for what somebody else has
 * checked, by the files as they stand in cli->folder now. */
void hr_cli_show_sources(struct hr_cli *cli, const char *folder, const struct hr_file *files,
                         size_t count);
void hr_cli_show_folder(struct hr_cli *cli);
/* "FOLDER/.handrail/NAME" (or the data folder itself with an empty name), terminated. */
const char *hr_cli_data_path(struct hr_cli *cli, const char *name);
/* Opens the store for reading, with plan and lens; found says what is wrong. Answers HR_EXIT_ok or an exit code. */
int hr_cli_look(struct hr_cli *cli);
void hr_cli_look_away(struct hr_cli *cli);
/* Only the reader, without a snapshot. */
int hr_cli_open_reader(struct hr_cli *cli);
/* A whole file or stdin ("-") in the arena. */
int hr_cli_read_input(struct hr_cli *cli, struct hr_text name, struct hr_text *ret_bytes);
/* The workspace as its files say now; NULL when they cannot be read, and nothing is said about that. */
struct hr_plan *hr_cli_plan_of_files(struct hr_cli *cli);
/* Writes a file beside and renames it; mode as of open. */
int hr_cli_write_file(struct hr_cli *cli, const char *path, struct hr_text bytes, unsigned mode);
/* Puts `now` into a file that still holds `was`: written beside, synced and renamed, with the same mode and, where the
 * system lets us, owner; a link keeps leading there. E0638 when somebody else changed the file meanwhile. */
int hr_cli_replace_file(struct hr_cli *cli, const char *path, struct hr_text was,
                        struct hr_text now);
/* The same questions, and nothing is written. */
int hr_cli_may_replace(struct hr_cli *cli, const char *path, struct hr_text was);
/* Makes a folder; one that is there is fine. */
int hr_cli_make_folder(struct hr_cli *cli, const char *path, unsigned mode);

/* ---- the daemon: remote.c ---- */

struct hr_cli_answer {
    int status;
    struct hr_text body;
    struct hr_value json; /* null when the body is none */
};
/* Calls an address that a person named; HR_CLI_NOBODY when nothing was reached there (not when the call itself cannot
 * be sent). */
enum { HR_CLI_NOBODY = -1 };
struct hr_http_call;
int hr_cli_call_address(struct hr_cli *cli, const struct hr_http_call *what,
                        struct hr_cli_answer *ret_answer);
/* Calls the daemon with the token; a problem document becomes a diagnostic. Answers HR_EXIT_ok or an exit code. */
int hr_cli_call(struct hr_cli *cli, const char *method, struct hr_text path,
                struct hr_text content_type, struct hr_text body, struct hr_cli_answer *ret_answer);
/* The same with a JSON body (may be empty), and then says what was done and how to undo it. */
int hr_cli_do(struct hr_cli *cli, const char *method, struct hr_text path, struct hr_text body);
/* A text as one segment of a path. */
struct hr_text hr_cli_escape(struct hr_cli *cli, struct hr_text text);
/* The text under a key of an answer, or the empty text. */
struct hr_text hr_cli_member(const struct hr_value *map, const char *name);
/* The daemon's address from .handrail/daemon.json; false when there is none. */
bool hr_cli_daemon(struct hr_cli *cli, struct hr_text *ret_url, int64_t *ret_pid);
/* The token to use, or the empty text. */
struct hr_text hr_cli_token(struct hr_cli *cli);
/* True if a process holds the data folder: the daemon, or something short like `rebuild`. */
bool hr_cli_is_served(struct hr_cli *cli);
/* "host:port" of a URL; the empty text when it has no host. */
struct hr_text hr_cli_host_port(struct hr_cli *cli, struct hr_text url);

/* ---- tokens: verb_token.c ---- */

/* True if an owner or admin of the plan (bound or fresh from its files) has a token, or there is no journal to ask. */
bool hr_cli_somebody_governs(struct hr_cli *cli, const char *data_folder,
                             const struct hr_plan *plan);
/* Warns when nobody can sign in to change anything; and the way out, in words. */
void hr_cli_warn_ungoverned(struct hr_cli *cli, const char *folder, const struct hr_plan *plan);
struct hr_text hr_cli_let_in(struct hr_cli *cli, const struct hr_plan *plan);
/* The first person who is owner or admin; NULL when nobody is. */
const struct hr_person *hr_cli_first_admin(const struct hr_plan *plan);
/* Makes a token for a person of the plan that the batch's engine has, and commits it. */
struct hr_batch;
hr_status hr_cli_add_token(struct hr_cli *cli, struct hr_batch *batch,
                           const struct hr_person *person, struct hr_text *ret_token,
                           struct hr_digest *ret_digest) HR_MUST_USE;
/* The name number of the person whose token this is, 0 when it is nobody's; by the open reader. */
uint32_t hr_cli_person_of_token(struct hr_cli *cli, struct hr_text token);

/* ---- secrets: secrets.c ---- */

/* A new secret in the form that the workspace's use of the name asks for; plan may be NULL. */
struct hr_text hr_cli_make_secret(struct hr_cli *cli, const struct hr_plan *plan,
                                  struct hr_text name);
/* One use of a secret: what needs it, and what it lacks without one. */
enum hr_secret_use_kind {
    HR_USE_endpoint, /* a tool's messages are verified with it */
    HR_USE_calls,    /* a tool lets us in by it */
    HR_USE_alerts,   /* a person's alerts are signed with it */
    HR_USE_mail,     /* the mail server lets us in by it */
    HR_USE_letters   /* the same, of one tool's letters */
};
struct hr_secret_use {
    struct hr_text name;
    enum hr_secret_use_kind kind;
    struct hr_text user;  /* "tool checkout" */
    struct hr_text lacks; /* "has no endpoint" */
};
/* Calls visit for every use of a secret by the plan, and by the settings of cli->folder when there is one. */
typedef void (*hr_secret_visit)(void *context, const struct hr_secret_use *use);
void hr_cli_each_secret(struct hr_cli *cli, const struct hr_plan *plan, hr_secret_visit visit,
                        void *context);
/* Opens the vault of the folder; found says what is wrong. Answers HR_EXIT_ok or an exit code. */
int hr_cli_open_vault(struct hr_cli *cli, const struct hr_vault_options *options,
                      struct hr_vault **ret_vault);
/* Says why the sealed secrets cannot be opened; answers the exit code. */
int hr_cli_sealed_wrong(struct hr_cli *cli);
/* A path as people write it: with ~ for their home. */
struct hr_text hr_cli_home_path(struct hr_cli *cli, const char *path);

/* ---- examples, made at build time from examples/ ---- */

struct hr_example_file {
    const char *path; /* "coaching/tools.yaml" */
    const unsigned char *bytes;
    size_t size;
};
extern const struct hr_example_file hr_example_files[];
extern const size_t hr_example_file_count;

/* ---- the verbs, by their names in verbs.tbl ---- */

#define VERB(name, words, least, most, run, summary, help) int hr_verb_##run(struct hr_cli *cli);
#define FLAG(name, value, summary)
#include "cli/verbs.tbl"
#undef VERB
#undef FLAG

#endif
