/* journal, inside: facts as bytes. */
#ifndef HR_JOURNAL_FACTS_INTERNAL_H
#define HR_JOURNAL_FACTS_INTERNAL_H

#include "journal/journal.h"

/* Writes a fact: kind, version, then the slots of its row. */
void hr_put_fact(struct hr_buffer *buffer, const struct hr_fact *fact);
/* Reads one. HR_E_VERSION for a kind or version that this Handrail does not know; HR_E_CORRUPT. */
hr_status hr_get_fact(struct hr_reader *reader, struct hr_arena *into,
                      struct hr_fact *ret_fact) HR_MUST_USE;

#endif
