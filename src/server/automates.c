/* Whether automations are carried out. Not yet: half of what a business has written down, done, is worse than none.
 * Tests of what people see of them switch it on; the switch goes away when they are carried out
 * (docs/decisions/0037). */
#include "server/host.h"

#include <stdlib.h>
#include <string.h>

bool hr_automates(void)
{
    const char *given = getenv("HANDRAIL_TEST_AUTOMATES");
    return given != NULL && strcmp(given, "1") == 0;
}
