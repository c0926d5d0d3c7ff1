/* server/files: the files that a daemon and its command line share: workspace, settings, zone rules.
 *
 * Why      pure rooms get bytes; somebody has to read them. Both `serve` and `check` read them here.
 * Shape    DIR/                   the workspace: *.yaml, and folders of them; in messages also *.md, *.txt
 *          DIR/.handrail/         the data folder: handrail.db, archive/, settings.yaml, secrets.sealed, token
 * Limits   512 files of 1 MiB, HR_FILES_BYTES_MAX together, 8 folders deep; a zone file 64 KiB.
 * Errors   HR_E_INPUT with E0100.. or E06xx diagnostics.
 * Threads  safe.
 * Tests    tests/unit/server_files_test.c */
#ifndef HR_SERVER_FILES_H
#define HR_SERVER_FILES_H

#include "journal/journal.h"
#include "net/mail.h"
#include "server/secrets.h"
#include "tools/outbound.h"
#include "workspace/workspace.h"

/* All files of a workspace with their paths: the journal keeps them as one part, which has to name each as well. */
enum { HR_FILES_BYTES_MAX = HR_PART_BYTES_MAX - (64 << 10) };

/* All *.yaml files of a folder, and *.md and *.txt in folders called messages, in path order; names beginning with '.'
 * are left out. A folder without any *.yaml in it that is no workspace is refused without looking at what is below.
 * Files that look as if they were meant (*.yml, a message elsewhere) are warned of. */
hr_status hr_files_read(const char *folder, struct hr_arena *into, struct hr_diagnostics *reterr,
                        struct hr_file **ret_files, size_t *ret_count) HR_MUST_USE;
/* Whether the folder is a workspace: it has a data folder, or a *.yaml file in it or one folder below has a line
 * `workspace:`. */
bool hr_files_is_workspace(const char *folder, struct hr_arena *scratch);
/* A whole file; HR_E_INPUT when it is not there or larger than most. */
hr_status hr_file_read(const char *path, size_t most, struct hr_arena *into,
                       struct hr_text *ret_bytes) HR_MUST_USE;
/* A zone's rules by name, for hr_workspace_check: context is the arena. The empty text when there is none. */
struct hr_text hr_zone_bytes(void *arena, struct hr_text name);
/* Reads and checks the workspace of a folder. */
hr_status hr_workspace_load(const char *folder, struct hr_arena *into,
                            struct hr_diagnostics *reterr, struct hr_file **ret_files,
                            size_t *ret_count, struct hr_plan **ret_plan) HR_MUST_USE;
/* The file set as one text, as it is journalled: for each file path, size, bytes; data NULL when the arena has no room.
 * And back. */
struct hr_text hr_files_bundle(const struct hr_file *files, size_t count, struct hr_arena *into);
bool hr_files_unbundle(struct hr_text bundle, struct hr_arena *into, struct hr_file **ret_files,
                       size_t *ret_count);

/* A mail server, as this machine reaches it. */
struct hr_mail_settings {
    struct hr_text tool; /* whose letters go through it; of the machine's own: empty */
    struct hr_text host; /* empty: none is set */
    uint16_t port;       /* 0: as the mailer knows */
    enum hr_mail_tls tls;
    struct hr_text user;
    struct hr_text secret; /* name of the secret with the password */
    struct hr_text ca_file;
    struct hr_text from; /* of alerts */
};

/* DIR/.handrail/settings.yaml: what belongs to this machine and not to the workspace. */
struct hr_settings {
    struct hr_text address; /* 127.0.0.1 */
    uint16_t port;          /* 8080 */
    struct hr_text url;     /* as people reach it, for links in alerts */
    struct hr_mail_settings
        mail; /* of alerts, and of tools without their own; none set: mail is refused visibly */
    const struct hr_mail_settings *tool_mails; /* of tools of kind email; names are not checked */
    size_t tool_mail_count;
    const struct hr_text *allow; /* host:port inside that webhooks may reach */
    size_t allow_count;
    const struct hr_tool_here
        *tools; /* where tools are called from this machine; names are not checked here */
    size_t tool_count;
    uint64_t
        keep_live; /* newest entries that stay in the database; older ones move into the archive */
};
/* Reads them; defaults where the file or a key is absent. HR_E_INPUT when it is there and cannot be read or used. */
hr_status hr_settings_read(const char *data_folder, struct hr_arena *into,
                           struct hr_diagnostics *reterr,
                           struct hr_settings *ret_settings) HR_MUST_USE;
/* The mail server for a tool's letters: its own, or the machine's; its host may be empty. */
const struct hr_mail_settings *hr_mail_settings_of(const struct hr_settings *settings,
                                                   struct hr_text tool);

#endif
