/* data/identity_inside: what the files about addresses, domains and names share. */
#ifndef HR_DATA_IDENTITY_INSIDE_H
#define HR_DATA_IDENTITY_INSIDE_H

#include "data/identity.h"
#include "data/inside.h"

static inline bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static inline bool is_letter(char byte)
{
    return hr_lower(byte) >= 'a' && hr_lower(byte) <= 'z';
}

/* True if every code point beyond ASCII is one that shows: no C1 controls, spaces, separators,
 * joiners, direction marks, private or unassigned ends. */
bool hr_text_shows(struct hr_text text);

/* A copy with ASCII letters in lower case; data NULL without memory. */
struct hr_text hr_text_lower(struct hr_arena *into, struct hr_text text);

/* A host name of at least two labels, the last not only digits (so that no IP address passes). */
bool hr_domain_valid(struct hr_text domain);

#endif
