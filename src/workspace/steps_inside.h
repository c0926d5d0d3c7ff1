/* workspace/steps_inside: reading one automation's steps: what its files share.
 *
 * Shape    steps.c walks the lists and finds each step's verb; a reader for each verb fills the step in. */
#ifndef HR_WORKSPACE_STEPS_INSIDE_H
#define HR_WORKSPACE_STEPS_INSIDE_H

#include "workspace/inside.h"

struct hr_step_reading {
    struct hr_draft *draft;
    struct hr_automation *automation;
    struct hr_map by_id; /* steps with an id of their own: to nothing */
    unsigned depth;
    bool broken; /* some step is none, after a complaint: it may have been any */
};

typedef void (*hr_step_reader)(struct hr_step_reading *reading, struct hr_plan_step *step,
                               const struct hr_node *map);

/* Steps that write (steps_write.c), that reach outside (steps_outside.c), that wait or ask (steps.c). */
void hr_step_read_set(struct hr_step_reading *reading, struct hr_plan_step *step,
                      const struct hr_node *map);
void hr_step_read_copy(struct hr_step_reading *reading, struct hr_plan_step *step,
                       const struct hr_node *map);
void hr_step_read_move(struct hr_step_reading *reading, struct hr_plan_step *step,
                       const struct hr_node *map);
void hr_step_read_assign(struct hr_step_reading *reading, struct hr_plan_step *step,
                         const struct hr_node *map);
void hr_step_read_task(struct hr_step_reading *reading, struct hr_plan_step *step,
                       const struct hr_node *map);
void hr_step_read_email(struct hr_step_reading *reading, struct hr_plan_step *step,
                        const struct hr_node *map);
void hr_step_read_call(struct hr_step_reading *reading, struct hr_plan_step *step,
                       const struct hr_node *map);
void hr_step_read_notify(struct hr_step_reading *reading, struct hr_plan_step *step,
                         const struct hr_node *map);
void hr_step_read_emit(struct hr_step_reading *reading, struct hr_plan_step *step,
                       const struct hr_node *map);
void hr_step_read_issue(struct hr_step_reading *reading, struct hr_plan_step *step,
                        const struct hr_node *map);
void hr_step_read_ai(struct hr_step_reading *reading, struct hr_plan_step *step,
                     const struct hr_node *map);

#endif
