/* data/psl: the one door to libpsl, the public suffix list. */
#ifndef HR_DATA_PSL_H
#define HR_DATA_PSL_H

#include <stdbool.h>
#include <stddef.h>

/* Where, in a domain in lower case that ends with NUL, the part begins that somebody registers: the
 * public suffix and one label before it. False for a public suffix itself. The list is the one that was
 * built into the library. */
bool hr_psl_registrable(const char *domain, size_t *ret_from);

#endif
