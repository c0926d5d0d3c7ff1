/* engine/related: records that belong to others, and work for people: how they come into being, and what is wrong with
 * them.
 *
 * Why      what an automation asks of a person must have an owner, a next action and a date, or nobody does it.
 * Shape    related.c makes and links records; spoken.c hears of them; work.c says who owns work, and looks whether it
 *          lies with nobody; task.c is the step `create_task`, words.c the texts that steps write.
 * Limits   HR_LINKS_MAX records an entry: steps that make some stop early.
 * Pure     yes, and no malloc.
 * Tests    tests/scenario/stories, tests/sim */
#ifndef HR_ENGINE_RELATED_H
#define HR_ENGINE_RELATED_H

#include "engine/runs.h"

enum { HR_TASK_TITLE_MAX = 400 /* bytes */ };

/* ---- related.c ---------------------------------------------------------------------------------- */

/* A new record. */
hr_status hr_step_create(struct hr_step *step, enum hr_record_type type, uint64_t *ret_id);
/* Both ends know of each other from here on; at: when that was said of. */
hr_status hr_step_relate(struct hr_step *step, uint64_t record, uint64_t other, hr_instant at);
hr_status hr_step_part(struct hr_step *step, uint64_t record, uint64_t other);
/* Before a record is erased: no other knows of it any more, and it is in no issue about its work. HR_E_REFUSED while
 * something hangs on it alone: that goes first. */
hr_status hr_step_let_go(struct hr_step *step, uint64_t record);
/* True when the entry has room for one record more, with what belongs to it. */
bool hr_step_has_room(const struct hr_step *step);

/* ---- spoken.c ------------------------------------------------------------------------------------- */

/* What the message says of records of other kinds: they begin, and belong to the contact (0: to nobody) and to each
 * other. */
hr_status hr_step_hear_of_others(struct hr_step *step, uint64_t contact);
/* The record that is meant; 0: there is none yet. */
hr_status hr_step_spoken_of(struct hr_step *step, const struct hr_heard_record *heard,
                            uint64_t *ret_id);
/* When all that follows from the message is done: whether their work lies with nobody. */
hr_status hr_step_look_at_others(struct hr_step *step);
/* From here on the key leads to the record, if it led nowhere. */
hr_status hr_step_lead_to(struct hr_step *step, uint64_t record, enum hr_record_type type,
                          const struct hr_heard_key *key);

/* ---- work.c --------------------------------------------------------------------------------------- */

/* Who is meant, at an instant: somebody who works here and is not away, if there is one; the index of a person, or -1.
 * record: whose owner is asked for, where the party says so; it may be NULL. */
int32_t hr_party_person(const struct hr_plan *plan, const struct hr_party *party,
                        enum hr_record_type type, const struct hr_contact *record, hr_instant now);
hr_status hr_step_assign_work(struct hr_step *step, uint64_t record, int32_t owner,
                              uint32_t said_by);
/* Open work without owner, next action or date belongs to an issue, and overdue work does; what is put right, or over,
 * leaves it. */
hr_status hr_step_look_at_work(struct hr_step *step, uint64_t record);
/* The same of the sales and questions that a task belongs to. */
hr_status hr_step_look_around_task(struct hr_step *step, uint64_t task);
/* Work that is nobody's, or of somebody who left, gets whoever owns such records: by its field `owner`, or by their
 * kind. */
hr_status hr_step_own_work(struct hr_step *step, uint64_t record);
/* Who is told about an issue of such work: a person's index. */
int32_t hr_work_told(const struct hr_plan *plan, const struct hr_issue *issue);
/* What people do with it. */
hr_status hr_step_work_command(struct hr_step *step);

/* ---- words.c -------------------------------------------------------------------------------------- */

/* A text that a step writes, with what the enrollment knows. What it wants to show and does not know is left out, and
 * *ret_lacks names the first of it: contact.first_name. */
hr_status hr_walk_words(struct hr_walk *walk, const struct hr_words_template *words,
                        struct hr_text *ret_text, struct hr_text *ret_lacks);

/* ---- task.c --------------------------------------------------------------------------------------- */

/* Taker of the step. */
hr_status hr_take_create_task(struct hr_walk *walk, enum hr_result *ret_result,
                              struct hr_text *ret_words);

/* ---- copy.c --------------------------------------------------------------------------------------- */

/* Taker of the step. */
hr_status hr_take_copy(struct hr_walk *walk, enum hr_result *ret_result, struct hr_text *ret_words);

#endif
