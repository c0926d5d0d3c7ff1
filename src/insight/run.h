/* insight, inside: what is said about automations and enrollments.
 *
 * A journal tells of steps by their numbers. A number is put in words only where the files in force mean what those of
 * that time meant (the automation's `meaning`, or the same plan); elsewhere the sentence does without. */
#ifndef HR_INSIGHT_RUN_H
#define HR_INSIGHT_RUN_H

#include "engine/automation.h"
#include "insight/contact.h"

/* ---- run.c: words ------------------------------------------------------------------------------ */

/* The automation of the files in force, or NULL. */
const struct hr_automation *hr_ask_automation_numbered(const struct hr_ask *ask, uint32_t number);
/* "automation follow_up". */
struct hr_text hr_word_automation(const struct hr_ask *ask, uint32_t number);
/* The step that a number stood for when it was written down, NULL where that is not known any more. */
const struct hr_plan_step *hr_step_then(const struct hr_ask *ask, uint32_t automation,
                                        uint64_t meaning, uint32_t plan, uint32_t number);
/* "wait 2 days". */
struct hr_text hr_say_step(const struct hr_ask *ask, uint32_t automation,
                           const struct hr_plan_step *step);
/* A condition as it was written, in words where the files in force still have it; else as written. */
struct hr_text hr_say_written(const struct hr_ask *ask, uint32_t automation, struct hr_text source);
/* Where an enrollment stands: "waits until 25 Nov 10:00:00 (in 2 days): wait 2 days". */
struct hr_text hr_say_run(const struct hr_ask *ask, const struct hr_run *run);
/* The issue that an enrollment belongs to, 0: none. */
uint64_t hr_run_issue(const struct hr_contact *contact, uint64_t run);
/* Lines of a contact's enrollments under way, with a heading; nothing where there are none. And for machines. */
void hr_runs_write(const struct hr_ask *ask, struct hr_buffer *page,
                   const struct hr_contact *contact);
struct hr_value hr_runs_tree(const struct hr_ask *ask, const struct hr_record *contact);
struct hr_value hr_run_tree(const struct hr_ask *ask, const struct hr_record *contact,
                            const struct hr_run *run);
/* The same where no handoff and no question needs anybody, and an enrollment does. */
void hr_next_run(const struct hr_ask *ask, const struct hr_contact *contact, struct hr_next *next);
/* A place of the files: "automations/follow_up.yaml:12". */
struct hr_text hr_say_place(const struct hr_ask *ask, const struct hr_place *place);

/* ---- say_run.c: sentences of facts about enrollments --------------------------------------------- */

/* What may stand in braces in say.tbl, of those facts. */
enum hr_run_word {
    HR_RUN_WORD_automation,
    HR_RUN_WORD_step,       /* "wait 2 days"; "its step" where nobody knows it any more */
    HR_RUN_WORD_at_step,    /* " (wait 2 days)", or nothing */
    HR_RUN_WORD_condition,  /* that kept somebody out, or ended it */
    HR_RUN_WORD_saw,        /* ", and it was "small"" */
    HR_RUN_WORD_event,      /* that met it */
    HR_RUN_WORD_stage_move, /* "from lead to called, on its evidence: spoke is yes" */
    HR_RUN_WORD_issue,
    HR_RUN_WORD_by /* who did it, by the entry: "Maya Okafor" */
};
struct hr_text hr_say_run_word(struct hr_speaker *speaker, const struct hr_fact *fact,
                               enum hr_run_word word);

/* ---- automation.c: one automation now -------------------------------------------------------------- */

/* The automation that a person means; HR_E_INPUT with a diagnostic when there is none. *ret_automation NULL: it is no
 * longer in the files, and something is known of it. */
hr_status hr_ask_automation(const struct hr_ask *ask, struct hr_text named, uint32_t *ret_number,
                            const struct hr_automation **ret_automation) HR_MUST_USE;
/* What is known of it; one of which nothing happened yet has all zeros. */
hr_status hr_ask_automation_record(const struct hr_ask *ask, uint32_t number,
                                   struct hr_automation_record *ret_record) HR_MUST_USE;
/* What of it this release does not have yet, so that nobody is let in: empty where nothing lacks. */
struct hr_text hr_say_idle(const struct hr_ask *ask, const struct hr_automation *automation);
/* "paused by Maya Okafor since 10:14:00: too many complaints"; empty where it is not paused. */
hr_status hr_say_paused(const struct hr_ask *ask, uint32_t number,
                        const struct hr_automation_record *record,
                        struct hr_text *ret_words) HR_MUST_USE;

/* ---- why_not_run.c --------------------------------------------------------------------------------- */

/* Why is the contact not in this automation now? Adds to page and tree. */
hr_status hr_why_not_automation(const struct hr_ask *ask, const struct hr_record *contact,
                                const struct hr_automation *automation, struct hr_buffer *page,
                                struct hr_value *ret_tree) HR_MUST_USE;

#endif
