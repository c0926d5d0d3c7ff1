/* trial, inside: what the files of this room share: the world that a test runs in. */
#ifndef HR_TRIAL_INSIDE_H
#define HR_TRIAL_INSIDE_H

#include "insight/insight.h"
#include "trial/trial.h"

enum { HR_WORLD_BYTES_MAX = 256 << 20, HR_LACKS_MAX = 24, HR_WORDS_BYTES_MAX = 64 << 10 };

/* ---- messages.c ------------------------------------------------------------------------------------ */

/* Which event of which tool a recording is. */
struct hr_known_message {
    const struct hr_recording *recording;
    int32_t tool;
    const struct hr_event_type *type;
};
struct hr_trial {
    const struct hr_plan *plan;
    const struct hr_known_message *messages;
    size_t message_count;
};

/* ---- world.c --------------------------------------------------------------------------------------- */

/* Words, each once, in the order in which they came. */
struct hr_word_list {
    struct hr_text *items;
    size_t count;
    size_t capacity;
};
/* Which automation an enrollment is in: the row of a contact forgets it at its end. */
struct hr_enrolled {
    uint64_t run;
    uint32_t automation; /* name number */
};
struct hr_world {
    struct hr_arena arena; /* all of it */
    const struct hr_trial *trial;
    const struct hr_test *test;
    struct hr_plan plan; /* the trial's, but everybody is let in, and who is away is */
    struct hr_engine engine;
    struct hr_view view; /* the whole state: what it lacks does not exist */
    struct hr_needs *needs;
    struct hr_entry *entries; /* by position - 1 */
    size_t entry_count;
    size_t entry_capacity;
    size_t steps; /* taken, also those that led to nothing */
    hr_instant began_at;
    hr_instant now;
    uint64_t *answers; /* effects that left, in their order */
    size_t answer_count;
    size_t answered;           /* of those */
    struct hr_command command; /* what a person says just now */
    size_t answer_capacity;
    struct hr_key *delivered; /* the same message again does nothing */
    size_t delivered_count;
    size_t delivered_capacity;
    uint64_t contact; /* whom the test is about, 0: nobody yet */
    struct hr_enrolled *enrolled;
    size_t enrolled_count;
    size_t enrolled_capacity;
    struct hr_word_list lacking;
    struct hr_word_list skipped;
};

/* Puts the plan in force at the beginning of the test's day. */
hr_status hr_world_open(struct hr_world *world, const struct hr_trial *trial,
                        const struct hr_test *test) HR_MUST_USE;
void hr_world_close(struct hr_world *world);
/* One event now, and all that follows from it at once. HR_E_REFUSED: the state does not allow it. */
hr_status hr_world_step(struct hr_world *world, struct hr_event event) HR_MUST_USE;
/* What is due next, and when; HR_INSTANT_NONE: nothing. */
hr_instant hr_world_next(const struct hr_world *world, uint64_t *ret_record);
/* The clock reaches what is due next. */
hr_status hr_world_wake(struct hr_world *world, uint64_t record, hr_instant due) HR_MUST_USE;
/* The clock reaches an instant; all that falls due on the way happens in its order. */
hr_status hr_world_move(struct hr_world *world, hr_instant to) HR_MUST_USE;
/* Nothing of what began is under way any more. */
bool hr_world_rests(const struct hr_world *world);
/* The record as it is; NULL: there is none. */
const struct hr_record *hr_world_record(const struct hr_world *world, uint64_t id);
/* What conditions see of a contact now, and of what is linked to it; event: the one at hand, the one that began it, or
 * NULL. */
struct hr_sight hr_world_sight(struct hr_world *world, const struct hr_contact *contact,
                               const struct hr_kept_event *event);
/* For questions of insight about this world. */
struct hr_lens hr_world_lens(struct hr_world *world);
/* Adds words that are not in the list yet. */
hr_status hr_words_add(struct hr_world *world, struct hr_word_list *list,
                       struct hr_text words) HR_MUST_USE;

/* ---- outside.c ------------------------------------------------------------------------------------- */

/* What the entry asks of the world outside is answered later, in order; the next answer as an event. */
hr_status hr_outside_note(struct hr_world *world, const struct hr_entry *entry) HR_MUST_USE;
bool hr_outside_answer(struct hr_world *world, struct hr_event *ret_event);

/* ---- lack.c ------------------------------------------------------------------------------------------ */

/* Looks through what happened for automations that should have begun and are not available, and for steps that were
 * passed over. */
hr_status hr_lack_note(struct hr_world *world, const struct hr_event *event,
                       const struct hr_entry *entry) HR_MUST_USE;
/* The same of schedules, at the end. */
hr_status hr_lack_note_schedules(struct hr_world *world) HR_MUST_USE;

/* ---- messages.c, given.c ---------------------------------------------------------------------------- */

/* The message of a line; *ret_wrong says why it cannot come, else it is empty. */
struct hr_incoming {
    struct hr_heard *heard;
    struct hr_text raw;
};
hr_status hr_message_make(struct hr_world *world, const struct hr_test_item *item, hr_instant at,
                          struct hr_incoming *ret_message, struct hr_text *ret_wrong) HR_MUST_USE;

/* What came of the lines, in one list. */
struct hr_line_list {
    struct hr_trial_line *items;
    size_t count;
    size_t capacity;
};
hr_status hr_lines_add(struct hr_world *world, struct hr_line_list *list,
                       const struct hr_test_item *item, struct hr_text expected,
                       struct hr_text seen) HR_MUST_USE;
/* Whoever is away in this test is, in the world's own plan. */
hr_status hr_given_away(struct hr_world *world) HR_MUST_USE;
/* When the test begins: 10:00, or earlier where a line says so. */
hr_instant hr_given_begins(const struct hr_trial *trial, const struct hr_test *test);
/* All given lines, and what is delivered again. */
hr_status hr_given_all(struct hr_world *world, struct hr_line_list *wrong) HR_MUST_USE;

/* ---- expect.c, count.c, tell.c ---------------------------------------------------------------------- */

/* Waits and judges all lines; *ret_first: when the first one failed. */
hr_status hr_expect_all(struct hr_world *world, struct hr_line_list *wrong) HR_MUST_USE;

/* How many calls, messages, tasks, issues or records there are of what the line means; and each in words. available
 * false: such a thing is not known yet, and words name it. */
struct hr_counted {
    bool available;
    uint64_t count;
    struct hr_text
        words; /* "H-1 for Priya Shah, urgent; ..." of what there is of the kind, meant or not */
};
hr_status hr_count_of(struct hr_world *world, const struct hr_test_item *item,
                      struct hr_counted *ret_counted) HR_MUST_USE;

/* What a line gives or expects, and what a rule that does not hold sees. */
struct hr_text hr_tell_given(struct hr_world *world, const struct hr_test_item *item);
struct hr_text hr_tell_expected(struct hr_world *world, const struct hr_test_item *item);
struct hr_text hr_tell_unmet(struct hr_world *world, struct hr_sight *sight,
                             const struct hr_clause *clause);
/* The timeline of whom the test is about. */
hr_status hr_tell_moments(struct hr_world *world, struct hr_arena *into,
                          struct hr_trial_result *result) HR_MUST_USE;

#endif
