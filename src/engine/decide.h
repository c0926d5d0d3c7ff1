/* engine/decide: which row of a decision table decides, and what it saw.
 *
 * Why      who reads why a lead went to somebody must be led to the row that sent it there.
 * Shape    plan, table, a view of the record -> struct hr_decision: the row, its results, and what each column saw.
 * Rules    The first row whose conditions all hold. A cell with values holds when the field has one of them in the
 *          field's normal form; `empty` when the field has none; a range includes both its ends, but for `under`.
 * Units    numbers as they are; fields of type number are compared with millionths without loss up to 9 * 10^9.
 * Owner    results point into the plan; what was seen is copied into the arena.
 * Limits   those of plan/table.h.                Errors   HR_E_MEMORY.
 * Pure     yes, and no malloc.                   Threads  safe.
 * Tests    tests/unit/engine_decide_test.c */
#ifndef HR_ENGINE_DECIDE_H
#define HR_ENGINE_DECIDE_H

#include "plan/plan.h"

struct hr_decision {
    const struct hr_table *table;
    int32_t row;                 /* -1: none of them */
    const struct hr_value *seen; /* by column; null: the field has no value, or it is a result */
    int32_t team;                /* results; -1: the row names none */
    int32_t person;
    int32_t method;              /* enum hr_table_method */
    const struct hr_text *value; /* NULL: none */
};
/* Fields are asked of the view as those of HR_SCOPE_contact. */
hr_status hr_table_decide(const struct hr_plan *plan, const struct hr_table *table,
                          const struct hr_expr_view *view, struct hr_arena *into,
                          struct hr_decision *ret_decision) HR_MUST_USE;

#endif
