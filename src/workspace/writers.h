/* workspace/writers: every place of a workspace that writes one field, for `handrail writers`.
 *
 * Why      before a field is changed, one wants to know who writes it, from where, and under which conditions.
 * Shape    a list of struct hr_writing, tools first, then automations in the order of the files.
 * Owner    the arena that is given; texts in the plan.             Limits   those of the plan
 * Pure     yes.               Threads   a plan is read by all.     Tests    unit/workspace_together_test.c */
#ifndef HR_WORKSPACE_WRITERS_H
#define HR_WORKSPACE_WRITERS_H

#include "workspace/workspace.h"

enum { HR_WRITING_RULES_MAX = HR_STEP_DEPTH_MAX + 2 };

struct hr_writing {
    struct hr_writer writer; /* tool or automation */
    struct hr_text by;       /* event type, action, or the step's path: "2", "3.then.1" */
    enum { HR_WRITING_event, HR_WRITING_action, HR_WRITING_step } kind;
    enum hr_step_kind step;  /* of a step: set, move_stage, assign, copy_to, ai_draft ... */
    struct hr_text constant; /* what an action or a move leaves there; else empty */
    const struct hr_clauses *when[HR_WRITING_RULES_MAX]; /* all of them hold then */
    size_t when_count;
    struct hr_place place;
};

/* All of them; their number. None also when memory is refused (the arena remembers it). */
size_t hr_plan_writings(const struct hr_plan *plan, enum hr_record_type record, int32_t field,
                        struct hr_arena *into, const struct hr_writing **ret_items);

#endif
