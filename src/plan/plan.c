/* What is asked of a plan beside its names, and its end. */
#include "plan/plan.h"

bool hr_plan_expr_reads(const struct hr_expr *expr, enum hr_scope_name name, int32_t field)
{
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(expr, &count);
    for (size_t i = 0; i < count; i++) {
        if (reads[i].name == (size_t)name && (field < 0 || reads[i].field == field)) {
            return true;
        }
    }
    return false;
}

static bool lines_read(const struct hr_condition *lines, size_t count, int32_t field)
{
    for (size_t i = 0; i < count; i++) {
        if (hr_plan_expr_reads(lines[i].expr, HR_SCOPE_contact, field)) {
            return true;
        }
    }
    return false;
}

bool hr_proof_reads(const struct hr_handoff *handoff, int32_t field)
{
    return lines_read(handoff->done_when, handoff->done_count, field) ||
           lines_read(handoff->wrong_when, handoff->wrong_count, field);
}

void hr_plan_release(struct hr_plan *plan)
{
    for (size_t i = 0; plan != NULL && i < plan->program_count; i++) {
        hr_expr_release(plan->programs[i]);
    }
}
