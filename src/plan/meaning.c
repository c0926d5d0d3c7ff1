/* What an automation means, as a number: the same for two plans in which it does the same. */
#include "plan/aloud.h"

/* FNV-1a over the words that people would hear: an order of keys or a remark changes nothing. */
static uint64_t add(uint64_t meaning, struct hr_text words)
{
    for (size_t i = 0; i < words.size; i++) {
        meaning = (meaning ^ (unsigned char)words.data[i]) * UINT64_C(0x100000001b3);
    }
    return (meaning ^ '\n') * UINT64_C(0x100000001b3);
}

static uint64_t add_steps(uint64_t meaning, struct hr_arena *scratch, const struct hr_plan *plan,
                          const struct hr_automation *automation, const struct hr_plan_steps *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct hr_plan_step *step = &steps->items[i];
        meaning = add(meaning, step->path);
        meaning = add(meaning, hr_aloud_step(scratch, plan, automation, step));
        if (step->kind == HR_STEP_branch) {
            meaning = add_steps(meaning, scratch, plan, automation, &step->branch->then);
            meaning = add_steps(meaning, scratch, plan, automation, &step->branch->otherwise);
        }
    }
    return meaning;
}

uint64_t hr_automation_meaning(struct hr_arena *scratch, const struct hr_plan *plan,
                               const struct hr_automation *automation)
{
    struct hr_arena_mark mark = hr_arena_mark(scratch);
    uint64_t meaning = UINT64_C(0xcbf29ce484222325);
    meaning = add(meaning, hr_aloud_clauses(scratch, &automation->stop, " or "));
    meaning = add_steps(meaning, scratch, plan, automation, &automation->steps);
    hr_arena_rewind(scratch, mark);
    return meaning;
}
