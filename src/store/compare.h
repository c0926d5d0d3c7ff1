/* The present state beside the one a rebuild made of the journal. */
#ifndef HR_STORE_COMPARE_H
#define HR_STORE_COMPARE_H

#include "store/inside.h"

/* Counts rows that are not equal in what the fold says, and present records without a due hint in time; says the
 * first one in words. */
hr_status compare_states(struct lite *lite, struct hr_arena *into, uint64_t *ret_differences,
                         struct hr_text *reterr_first);

#endif
