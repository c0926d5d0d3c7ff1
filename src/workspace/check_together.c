/* The checks of what all automations do together, once everything is read. */
#include "workspace/check_inside.h"

void hr_draft_check_together(struct hr_draft *draft)
{
    struct hr_facts facts;
    struct hr_touch touch;
    /* both look at what the readers complained about, before either complains */
    bool gathered = hr_facts_gather(draft, &facts) && hr_touch_make(&facts, &touch);
    hr_draft_check_sense(draft);
    if (!gathered) {
        return;
    }
    hr_check_contracts(&facts);
    hr_check_proofs(&facts);
    hr_check_writers(&facts);
    hr_check_loops(&facts);
    hr_check_again(&facts);
    for (size_t i = 0; i < draft->plan->automation_count; i++) {
        if (!facts.broken[i]) {
            hr_touch_gather(&facts, &touch, (int32_t)i);
            hr_check_stated(&facts, &touch, (int32_t)i);
            hr_check_ready(&facts, &touch, (int32_t)i);
            hr_check_scope(&facts, &touch, (int32_t)i);
        }
    }
}
