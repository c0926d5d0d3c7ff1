/* plan/aloud: what a plan says, as people say it: handoffs, automations, steps, conditions, stages, tools.
 *
 * Why      who cannot read the file must be able to hear it, and hear exactly what it says: every sentence is made from
 *          the plan, none from a title.
 * Shape    one function a thing; pages are lines of "  label  words", indented by two.
 * Owner    the arena given. When it refuses, texts come out short and arena->failed says so.
 * Pure     yes.                      Threads  safe.
 * Tests    tests/unit/workspace_aloud_test.c, tests/golden/aloud */
#ifndef HR_PLAN_ALOUD_H
#define HR_PLAN_ALOUD_H

#include "plan/plan.h"

/* "offer is known, and any of: source is podcast; source is referral". joint: " and ", " or ". Without clauses: "". */
struct hr_text hr_aloud_clauses(struct hr_arena *into, const struct hr_clauses *clauses,
                                const char *joint);
/* "Dan Lewis", "team sales", "the record's owner"; empty for nobody. */
struct hr_text hr_aloud_party(struct hr_arena *into, const struct hr_plan *plan,
                              const struct hr_party *party);
struct hr_text hr_aloud_parties(struct hr_arena *into, const struct hr_plan *plan,
                                const struct hr_parties *parties, const char *joint);
/* "25%", "99.9%". */
struct hr_text hr_aloud_share(struct hr_arena *into, int32_t share);
/* "when form.submitted comes", "every day at 07:30". */
struct hr_text hr_aloud_trigger(struct hr_arena *into, const struct hr_plan *plan,
                                const struct hr_trigger *trigger);
/* "after 30 days", "once for each payment id". */
struct hr_text hr_aloud_reenter(struct hr_arena *into, const struct hr_reenter *reenter);
/* "wait 2 days of business hours", "send message lead_welcome, for marketing". An `if` says its condition only. */
struct hr_text hr_aloud_step(struct hr_arena *into, const struct hr_plan *plan,
                             const struct hr_automation *automation,
                             const struct hr_plan_step *step);

/* Pages: all that the plan says about one thing. Steps are called by their paths: 2, 2.then.1. */
typedef struct hr_text (*hr_aloud_path_of)(void *context, struct hr_text file);
struct hr_aloud_page {
    struct hr_buffer text; /* its limit is that of the caller */
    const struct hr_plan *plan;
    hr_aloud_path_of
        path_of; /* how a file is reached by who reads this; NULL: as the plan has it */
    void *context;
};
void hr_aloud_handoff(struct hr_aloud_page *page, const struct hr_handoff *handoff);
void hr_aloud_path(struct hr_aloud_page *page, const struct hr_path *path);
void hr_aloud_automation(struct hr_aloud_page *page, const struct hr_automation *automation);
void hr_aloud_tool(struct hr_aloud_page *page, const struct hr_tool *tool);

#endif
