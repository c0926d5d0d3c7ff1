/* letter, inside: what its files share. Not for other rooms. */
#ifndef HR_LETTER_INSIDE_H
#define HR_LETTER_INSIDE_H

#include "letter/letter.h"

/* The digest of a letter that is for a purpose of this id (empty: for none). */
struct hr_digest hr_letter_digest(const struct hr_letter *letter, struct hr_text purpose);

#endif
