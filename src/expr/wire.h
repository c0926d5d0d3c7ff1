/* expr/wire: values of expressions as JSON and back, without losing their types.
 *
 * Why      JSON has no unsigned numbers, times, durations, bytes or NaN; tests, other programs and
 *          `handrail expr` need them.
 * Shape    what JSON has stands as it is: null, true, 42, 1.5 (a double always with "." or "e"), "text",
 *          [..], {"key": ..}. The rest is {"type": T, "value": V}: uint "42"; timestamp
 *          "2026-01-01T00:00:00Z"; duration "1.5s"; bytes in base64; double "NaN", "Infinity",
 *          "-Infinity"; type "int"; optional [] or [V]; net.IP, net.CIDR; and a map whose keys are not all
 *          texts, or that looks like this form itself: [[key, V], ..]. Parts are written the same way.
 * Owner    what is read lives in the arena and the JSON it was read from.
 * Limits   as deep as values may be.
 * Pure     yes.                 Threads   safe.
 * Tests    tests/e2e/expr.test.mjs (tests/golden/expr/lines.txt); fuzz: expr */
#ifndef HR_EXPR_WIRE_H
#define HR_EXPR_WIRE_H

#include "expr/expr.h"

/* What a value's type is called here: "int", "timestamp", "net.IP". */
const char *hr_wire_type(const struct hr_value *value);
/* Adds a value as a line's "value" member has it, its type being told beside it. */
void hr_wire_write_bare(struct hr_buffer *out, const struct hr_value *value);
/* Adds a value that tells its type itself where JSON does not. */
void hr_wire_write(struct hr_buffer *out, const struct hr_value *value);
/* Reads what hr_wire_write writes, from JSON that was read already. HR_E_INPUT: *ret_problem says
 * why; HR_E_MEMORY, HR_E_LIMIT. */
hr_status hr_wire_read(struct hr_arena *into, const struct hr_value *json,
                       struct hr_value *ret_value, const char **ret_problem) HR_MUST_USE;

#endif
