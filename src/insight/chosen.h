/* insight, inside: what the engine chose, in words: who gets a record and why not the others, and what became of the
 * times that were missed. */
#ifndef HR_INSIGHT_CHOSEN_H
#define HR_INSIGHT_CHOSEN_H

#include "engine/assign.h"
#include "engine/schedule.h"
#include "insight/inside.h"

/* "Maya Okafor: away until 3 January": one who was looked at. `record`: of what they have how many. */
struct hr_text hr_say_candidate(const struct hr_ask *ask, enum hr_record_type record,
                                const struct hr_candidate *candidate);
/* "row 2 of table territories (tables.yaml:7): country is \"US\", segment is not known": what decided. Values of fields
 * with a privacy class only where shows_values. */
struct hr_text hr_say_decision(const struct hr_ask *ask, const struct hr_decision *decision,
                               bool shows_values);
/* All of it in one line: the row, each candidate, and what was chosen. */
struct hr_text hr_say_assignment(const struct hr_ask *ask, enum hr_record_type record,
                                 const struct hr_assignment *assignment, bool shows_values);
/* "3 times were missed, from 20 Nov 07:30:00 to 22 Nov 07:30:00; run once for all of them". Empty: none was. */
struct hr_text hr_say_missed(const struct hr_ask *ask, const struct hr_ticks *ticks);

#endif
