/* insight, inside: what `why` and `contact show` share about one contact. */
#ifndef HR_INSIGHT_CONTACT_H
#define HR_INSIGHT_CONTACT_H

#include "insight/inside.h"

/* "C-1x8f3 (ada@example.com)": only where the contact was asked about. */
struct hr_text hr_say_contact(const struct hr_ask *ask, const struct hr_record *record);
/* A value of the contact with who said it, who chose it and what stands beside it; said may be NULL: nothing holds. */
struct hr_value hr_said_tree(const struct hr_ask *ask, const struct hr_contact *contact,
                             uint32_t field, const struct hr_said *said);

/* ---- beside.c: whose word holds -------------------------------------------------------------- */

/* Which rule decides, and where it is written: "Its contract (contacts.yaml:27): ..." as a line, and the same for
 * machines. field: index. */
void hr_write_contract(const struct hr_ask *ask, struct hr_buffer *page, int32_t field);
struct hr_value hr_contract_tree(const struct hr_ask *ask, int32_t field);
/* "chosen by Maya Okafor until 2 Dec 10:00"; empty where no person's choice holds it. field: name number. */
struct hr_text hr_say_chosen(const struct hr_ask *ask, const struct hr_contact *contact,
                             uint32_t field);
/* Whether a writer says something else than what holds. field: name number. */
bool hr_others_say(const struct hr_contact *contact, uint32_t field);
/* A line for each writer who says otherwise, and the same for machines. */
void hr_write_beside(const struct hr_ask *ask, struct hr_buffer *page,
                     const struct hr_contact *contact, uint32_t field, const char *indent);
struct hr_value hr_beside_tree(const struct hr_ask *ask, const struct hr_contact *contact,
                               uint32_t field);

#endif
