/* data/psl: asks libpsl's built-in list; no file is read. The list has rules of registries (co.uk) and
 * of companies that give out names below their own (github.io): both count, since whoever has a name
 * there is not the company. */
#include "data/psl.h"

#include <libpsl.h>

bool hr_psl_registrable(const char *domain, size_t *ret_from)
{
    const char *registrable = psl_registrable_domain(psl_builtin(), domain);
    if (registrable == NULL) {
        return false;
    }
    *ret_from = (size_t)(registrable - domain);
    return true;
}
