/* What is outside of a test: what leaves is answered at once, in the order in which it left. */
#include "trial/inside.h"

hr_status hr_outside_note(struct hr_world *world, const struct hr_entry *entry)
{
    for (size_t i = 0; i < entry->fact_count; i++) {
        const struct hr_fact *fact = &entry->facts[i];
        if (fact->kind != HR_FACT_effect_moved || fact->state != HR_EFFECT_intended) {
            continue;
        }
        uint64_t *answers = hr_list_grow(&world->arena, world->answers, world->answer_count,
                                         &world->answer_capacity, sizeof *answers);
        if (answers == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        world->answers = answers;
        answers[world->answer_count++] = fact->record;
    }
    return hr_done();
}

bool hr_outside_answer(struct hr_world *world, struct hr_event *ret_event)
{
    if (world->answered == world->answer_count) {
        return false;
    }
    *ret_event = (struct hr_event){
        .kind = HR_EVENT_outcome,
        .record = world->answers[world->answered++],
        .outcome = HR_OUTCOME_confirmed,
        .retry_at = HR_INSTANT_NONE,
        .answer = HR_TEXT("in a test, it arrives"),
    };
    return true;
}
