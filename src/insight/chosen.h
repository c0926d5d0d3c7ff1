/* insight, inside: what the engine chose, in words: who gets a record and why not the others, and what became of the
 * times that were missed. */
#ifndef HR_INSIGHT_CHOSEN_H
#define HR_INSIGHT_CHOSEN_H

#include "engine/assign_kept.h"
#include "engine/schedule.h"
#include "insight/inside.h"

/* Of a kept assignment (engine/assign_kept.h), in one line: the row of the table, each candidate, and what was chosen.
 * Values of fields with a privacy class only where shows_values. What is not as it was kept is left out. */
struct hr_text hr_say_assignment(const struct hr_ask *ask, const struct hr_value *kept,
                                 bool shows_values);
/* "3 times were missed, from 20 Nov 07:30:00 to 22 Nov 07:30:00; not run". Empty: none was. */
struct hr_text hr_say_missed(const struct hr_ask *ask, const struct hr_ticks *ticks);
/* The same of what was kept: schedule_moved, where times were reached. */
struct hr_text hr_say_missed_of(const struct hr_ask *ask, const struct hr_fact *fact);
/* "next 24 Nov 07:30:00; last for 23 Nov 07:30:00, 12 let in; 3 times were missed, the last 22 Nov 07:30:00". Empty: it
 * does not start by a schedule. */
struct hr_text hr_say_scheduled(const struct hr_ask *ask, const struct hr_scheduled *scheduled);

#endif
