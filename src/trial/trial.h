/* trial: a workspace's own tests, carried out: the rules with a clock of their own, and nothing outside.
 *
 * Why      what a rule does is tried before it meets a customer, as fast as files are checked.
 * Shape    hr_trial_open (a checked plan, messages that tools once sent) -> hr_trial_run, a test each -> a result:
 *          passed, failed (which lines, what was seen, what had happened), or not available yet.
 *            world.c     the engine over a state that is only in memory; the clock
 *            outside.c   what is outside answers: tools do what is declared, but one that a test breaks
 *            messages.c  recorded messages, and the words that a test puts into them
 *            given.c     what is given, line by line   ·   expect.c  what is expected is judged
 *            count.c     calls, messages, tasks, issues and records are counted
 *            lack.c      what is not available yet     ·   tell.c    all of it in words
 * Rules    A test begins at 10:00 of a business day. Each line comes a second after the one before, or so long after it
 *          as it says, or when it says. What has no message recorded brings what the test gives and what the tool's map
 *          has as constants. All lines are about one person, but where they give another address; `holds` is about
 *          whom the first event was about. Every automation is rolled out to all. A tool does what its file declares,
 *          at once; a broken one gives no answer, from the beginning on. Silence is only looked for in a broken tool.
 *          `within` ends, and `after` is looked at, so long after the last given line. A line without either is judged
 *          when all that began is over, at the latest after HR_TRIAL_DAYS.
 * Owner    a trial lives in the arena of open and points into plan and recordings; results live in the arena of run.
 * Limits   HR_RECORDINGS_MAX messages of HR_RECORDING_BYTES_MAX; HR_TRIAL_ENTRIES_MAX entries a test.
 * Errors   HR_E_MEMORY, HR_E_LIMIT. What a test meets is its result, never an error.
 * Pure     yes.                                  Threads   one owner a plan: a run gives its names numbers.
 * Tests    tests/unit/trial_*_test.c, tests/e2e/test.test.mjs */
#ifndef HR_TRIAL_TRIAL_H
#define HR_TRIAL_TRIAL_H

#include "plan/plan.h"

enum {
    HR_RECORDINGS_MAX = 256,
    HR_RECORDING_BYTES_MAX = 64 << 10,
    HR_TRIAL_DAYS = 30,
    HR_TRIAL_ENTRIES_MAX = 20000
};

/* A message as a tool sent it once. Places like {{email}} and {{offer|group_program}} are filled: with what the test
 * gives under the name, else with what stands behind the bar, else with something made up. {{id}}, {{at}} and
 * {{at_seconds}} are of the message itself. */
struct hr_recording {
    struct hr_text name; /* of the file, for words */
    struct hr_text bytes;
};

struct hr_trial;
/* Finds out which event of which tool each recording is. unread: how many are none that can be read. */
hr_status hr_trial_open(const struct hr_plan *plan, const struct hr_recording *recordings,
                        size_t count, struct hr_arena *into, struct hr_trial **ret_trial,
                        size_t *ret_unread) HR_MUST_USE;

enum hr_verdict { HR_VERDICT_passed, HR_VERDICT_failed, HR_VERDICT_not_yet };

/* A line that is not as the test says. */
struct hr_trial_line {
    struct hr_place place;
    struct hr_text expected;
    struct hr_text seen;
    hr_instant at; /* when it was judged */
};
/* Something that had happened, as the contact's timeline tells it. */
struct hr_trial_moment {
    hr_instant at;
    struct hr_text text;
};
struct hr_trial_result {
    enum hr_verdict verdict;
    const struct hr_trial_line *lines; /* those that failed, in their order */
    size_t line_count;
    const struct hr_text *lacking; /* not available yet: "call, send_email (payment_to_access)" */
    size_t lacking_count;
    const struct hr_text
        *skipped; /* passed over: "ai_draft (booking_moves_stage, step 1.then.2)" */
    size_t skipped_count;
    const struct hr_trial_moment
        *moments; /* of whom it is about, up to the first line that failed */
    size_t moment_count;
    uint64_t entries; /* how much happened */
};
/* Carries out one of the plan's tests. */
hr_status hr_trial_run(const struct hr_trial *trial, const struct hr_test *test,
                       struct hr_arena *into, struct hr_trial_result *ret_result) HR_MUST_USE;

/* "passed", "failed", "not available yet". */
struct hr_text hr_verdict_word(enum hr_verdict verdict);

#endif
