/* The fold of what people said yes to for all: one row of the automation's a message. */
#include "state/state_internal.h"

const struct hr_standing *hr_automation_standing(const struct hr_automation_record *automation,
                                                 uint32_t message)
{
    for (size_t i = 0; i < automation->standing_count; i++) {
        if (automation->standings[i].message == message) {
            return &automation->standings[i];
        }
    }
    return NULL;
}

/* The row of a message; one is made, and the oldest makes room for it. NULL without memory. */
static struct hr_standing *standing_of(const struct hr_folding *folding,
                                       struct hr_automation_record *automation, uint32_t message)
{
    void *standings = NULL;
    for (size_t i = 0; i < automation->standing_count; i++) {
        if (automation->standings[i].message == message) {
            return &automation->standings[i];
        }
    }
    if (automation->standing_count >= HR_STANDINGS_MAX) {
        automation->standings++;
        automation->standing_count--;
    }
    struct hr_standing *made =
        hr_array_insert(folding->arena, automation->standings, automation->standing_count,
                        automation->standing_count, sizeof *made, &standings);
    if (made != NULL) {
        *made = (struct hr_standing){.message = message, .until = HR_INSTANT_NONE};
        automation->standings = standings;
        automation->standing_count++;
    }
    return made;
}

hr_status hr_fold_standing(const struct hr_folding *folding,
                           struct hr_automation_record *automation, const struct hr_fact *fact)
{
    automation->automation = fact->name;
    uint32_t message = (uint32_t)fact->number;
    struct hr_standing *standing = standing_of(folding, automation, message);
    uint64_t meaning = 0;
    uint64_t rest = 0;
    if (standing == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    hr_key_unpair(&fact->key, &meaning, &rest);
    if (standing->meaning != meaning) {
        *standing =
            (struct hr_standing){.message = message, .meaning = meaning, .until = HR_INSTANT_NONE};
    }
    if (fact->state == HR_STANDING_approved) {
        standing->approved++;
        return hr_done();
    }
    standing->until = fact->until;
    standing->by = fact->other;
    return hr_done();
}
