/* workspace: the folder of YAML files that says how one business works, read and judged.
 *
 * Why      nothing runs that was not checked; all that is wrong is told in one run, at its letter, with a way out.
 * Shape    files -> hr_workspace_check -> struct hr_plan (plan/plan.h). The keys of the files are listed once, in
 *          keys.tbl (grammar.h makes the reference page and the JSON Schema from it). difference.h compares two
 *          folders; writers.h says who writes a field.
 * Owner    the plan lives in the arena given.
 * Limits   the table in check.c: 512 files, 1 MiB each, 200 tools, 200 fields, 100 paths, 2000 automations ...
 * Errors   E0101.., E0300..: all of one run, parents before children.
 * Pure     yes: files come as bytes, zone rules too.             Threads  safe.
 * Tests    tests/unit/workspace_*_test.c, tests/golden/check, tests/golden/mistakes */
#ifndef HR_WORKSPACE_WORKSPACE_H
#define HR_WORKSPACE_WORKSPACE_H

#include "plan/plan.h"

/* A file as the host read it. Paths are relative to the workspace, with '/'. */
struct hr_file {
    struct hr_text path;
    struct hr_text bytes;
};

/* Reads and checks all files; fills diagnostics; HR_E_INPUT when there are errors (warnings pass). zone_of
 * brings a zone's TZif bytes, empty when there is no such zone; it is not asked for UTC. */
typedef struct hr_text (*hr_zone_of)(void *context, struct hr_text name);
hr_status hr_workspace_check(struct hr_arena *into, const struct hr_file *files, size_t file_count,
                             hr_zone_of zone_of, void *context, struct hr_diagnostics *reterr,
                             struct hr_plan **ret_plan) HR_MUST_USE;
/* True for the path of a message's file: *.md or *.txt in a folder called messages. */
bool hr_workspace_has_message(struct hr_text path);
/* The id of the message in such a file: "messages/welcome.md" is welcome. */
struct hr_text hr_workspace_message_id(struct hr_text path);

#endif
