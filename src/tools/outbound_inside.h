/* tools, inside: what making and judging a call share. Not for other rooms. */
#ifndef HR_TOOLS_OUTBOUND_INSIDE_H
#define HR_TOOLS_OUTBOUND_INSIDE_H

#include "tools/outbound.h"

/* What an action's expressions see; null for what is not known. */
struct hr_outbound_sight {
    const struct hr_value *inputs;
    struct hr_value status;
    struct hr_value body;
};
/* hr_expr_view's field_of; context: the sight. */
bool hr_outbound_field(void *context, size_t name, int32_t field, struct hr_text text,
                       struct hr_value *ret_value);

#endif
