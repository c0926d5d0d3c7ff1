/* engine/clause: whether a condition, or a group of conditions, holds.
 *
 * Why      `skip`, `when`, `stop` and evidence are written as groups of lines; all are judged in one way.
 * Rules    A line over an unset field, or one that fails, does not hold. `all`: each of them; `any`: one of them;
 *          `none`: not one of them.
 * Owner    nothing stays in the scratch arena.   Limits   the depth of groups is that of the files, 4.
 * Errors   HR_E_MEMORY: no verdict was reached.
 * Pure     yes.                                  Threads  safe.
 * Tests    tests/unit/engine_assign_test.c, tests/scenario */
#ifndef HR_ENGINE_CLAUSE_H
#define HR_ENGINE_CLAUSE_H

#include "plan/records.h"

enum hr_met { HR_MET_yes, HR_MET_no, HR_MET_unset };
/* Whether one line holds, and whether that is for want of a value. */
hr_status hr_line_met(const struct hr_expr *line, const struct hr_expr_view *view,
                      struct hr_arena *scratch, enum hr_met *ret_met) HR_MUST_USE;
/* Whether it holds for what the view sees. */
hr_status hr_clause_holds(const struct hr_clause *clause, const struct hr_expr_view *view,
                          struct hr_arena *scratch, bool *ret_holds) HR_MUST_USE;

#endif
