/* insight, inside: what `why` and `contact show` share about one contact. */
#ifndef HR_INSIGHT_CONTACT_H
#define HR_INSIGHT_CONTACT_H

#include "insight/inside.h"

/* "C-1x8f3 (ada@example.com)": only where the contact was asked about. */
struct hr_text hr_say_contact(const struct hr_ask *ask, const struct hr_record *record);
struct hr_value hr_said_tree(const struct hr_ask *ask, const struct hr_said *said);

#endif
