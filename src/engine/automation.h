/* engine/automation: what readers ask of automations: whether one is carried out and for whom, which step is which, and
 * what a person may do with an enrollment.
 *
 * Why      whoever explains a refusal asks the same rules that refused.
 * Pure     yes, and no malloc.                   Threads   safe.
 * Tests    tests/unit/insight_automation_test.c, tests/scenario/stories */
#ifndef HR_ENGINE_AUTOMATION_H
#define HR_ENGINE_AUTOMATION_H

#include "engine/engine.h"

/* Whether an automation is carried out: false where it has steps, a trigger or a mode that are not available yet. */
bool hr_automation_runs(const struct hr_automation *automation);
/* What of it is not available yet, in the words of its files, each once: "send_email", "mode: draft". How many; at most
 * room of them are given. */
size_t hr_automation_lacks(const struct hr_automation *automation, struct hr_text *ret_words,
                           size_t room);
/* Whether steps of a kind are carried out. */
bool hr_step_is_available(enum hr_step_kind kind);
/* Whether the contact is left alone, to compare with; and whether it is in the share that the automation is rolled out
 * to. Both for ever, as long as the numbers in the file stay. */
bool hr_automation_leaves_alone(const struct hr_engine *engine, uint64_t contact,
                                const struct hr_automation *automation);
bool hr_automation_reaches(const struct hr_engine *engine, uint64_t contact,
                           const struct hr_automation *automation);
/* The step behind a number in reading order; NULL: the automation has none. */
const struct hr_plan_step *hr_step_numbered(const struct hr_automation *automation,
                                            uint32_t number);
/* The step after one, when that is done: behind the `if` it stands in, if it is its last; NULL: the end. */
const struct hr_plan_step *hr_step_after(const struct hr_automation *automation,
                                         const struct hr_plan_step *step);

/* Whether a person may let an enrollment go on by HR_VERB_retry or HR_VERB_skip; the step refuses what this refuses. */
enum hr_go_on_answer {
    HR_GO_ON_may,
    HR_GO_ON_gone,            /* its automation is no longer in the files */
    HR_GO_ON_not_carried_out, /* it has something that is not available yet */
    HR_GO_ON_paused,
    HR_GO_ON_not_held,  /* retry: it goes on by itself */
    HR_GO_ON_under_way, /* skip: it waits for an effect or an answer */
    HR_GO_ON_changed    /* skip: the files have changed since it came to its step */
};
enum hr_go_on_answer hr_run_may_go_on(const struct hr_engine *engine, const struct hr_run *run,
                                      bool paused, enum hr_verb verb);

#endif
