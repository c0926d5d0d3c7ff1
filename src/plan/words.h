/* plan/words: the words that files, console and API use for the plan's enums.
 *
 * Why      what is read, what is said and what the grammar lists must be the same words.
 * Shape    hr_words_<enum>: its words in the enum's order.
 * Owner    static.
 * Pure     yes.                      Threads  safe.
 * Tests    tests/unit/workspace_grammar_test.c */
#ifndef HR_PLAN_WORDS_H
#define HR_PLAN_WORDS_H

#include "base/base.h"

/* Words that a file may write for an enum, in the enum's order. */
struct hr_words {
    const char *noun; /* what complaints call one */
    const struct hr_text *items;
    size_t count;
};

extern const struct hr_words hr_words_role, hr_words_field_type, hr_words_privacy, hr_words_scheme,
    hr_words_encoding, hr_words_tool_kind, hr_words_late_is, hr_words_handoff_kind, hr_words_day,
    hr_words_two_matches, hr_words_on_conflict, hr_words_ai_writer, hr_words_records,
    hr_words_record_type, hr_words_mover, hr_words_move_answer, hr_words_action_kind,
    hr_words_method, hr_words_credentials, hr_words_unsubscribe, hr_words_import_approval,
    hr_words_if_missed, hr_words_mode, hr_words_control, hr_words_only_in, hr_words_if_unknown,
    hr_words_if_fails, hr_words_if_late, hr_words_if_expired, hr_words_if_none, hr_words_severity,
    hr_words_budget_kind, hr_words_approval_class, hr_words_table_method, hr_words_counter;

#endif
