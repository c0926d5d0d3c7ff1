/* engine/assign_kept: an assignment as a value, to be kept with its fact.
 *
 * Why      why somebody got a record is asked months later, when the people, the rules and the tables are others.
 * Shape    lists, their items in the order of the enums below. People and fields are name numbers (0: none), teams and
 *          tables ids, rules the words that they had.
 * Owner    the arena.                            Limits   HR_KEPT_CANDIDATES_MAX, the chosen one among them; the others
 *          are counted.
 * Errors   HR_E_MEMORY.                          Pure     yes, and no malloc.    Threads  safe.
 * Tests    tests/unit/engine_assign_test.c */
#ifndef HR_ENGINE_ASSIGN_KEPT_H
#define HR_ENGINE_ASSIGN_KEPT_H

#include "engine/assign.h"

enum { HR_KEPT_CANDIDATES_MAX = 20 };

enum hr_kept_assignment {
    HR_KEPT_kind,   /* enum hr_assigned */
    HR_KEPT_by,     /* enum hr_assigned_by */
    HR_KEPT_record, /* enum hr_record_type */
    HR_KEPT_person,
    HR_KEPT_team,       /* of a queue or a turn; null: none */
    HR_KEPT_decision,   /* list by hr_kept_decision; null: no table was asked */
    HR_KEPT_candidates, /* list of lists by hr_kept_candidate */
    HR_KEPT_left_out,   /* candidates beyond the limit */
    HR_KEPT_COUNT
};
enum hr_kept_decision {
    HR_KEPT_DECISION_table,
    HR_KEPT_DECISION_row, /* from 1; 0: none held */
    HR_KEPT_DECISION_file,
    HR_KEPT_DECISION_line,
    HR_KEPT_DECISION_seen, /* field, value, field, value ... */
    HR_KEPT_DECISION_COUNT
};
enum hr_kept_candidate {
    HR_KEPT_CANDIDATE_person,
    HR_KEPT_CANDIDATE_instead_of,
    HR_KEPT_CANDIDATE_choice,  /* enum hr_choice */
    HR_KEPT_CANDIDATE_verdict, /* enum hr_choice_verdict */
    HR_KEPT_CANDIDATE_load,
    HR_KEPT_CANDIDATE_back_at, /* a time while they are away; null: they are not */
    HR_KEPT_CANDIDATE_rule,    /* "person load is above 25"; null: not skipped */
    HR_KEPT_CANDIDATE_reads, /* of a rule: what it reads of the person, bits 1 << enum hr_scope_person_field */
    HR_KEPT_CANDIDATE_COUNT
};
/* Makes the value; the plan must be bound. */
hr_status hr_assignment_keep(const struct hr_plan *plan, enum hr_record_type record,
                             const struct hr_assignment *assignment, struct hr_arena *into,
                             struct hr_value *ret_kept) HR_MUST_USE;

#endif
