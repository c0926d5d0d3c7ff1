/* An automation as a row: its switch, its counts, its schedule, and the texts that a person said yes to for all. */
#include "state/state_internal.h"

static void put_standings(struct hr_buffer *out, const struct hr_automation_record *automation)
{
    hr_put_uint(out, automation->standing_count);
    for (size_t i = 0; i < automation->standing_count; i++) {
        const struct hr_standing *standing = &automation->standings[i];
        hr_put_uint(out, standing->message);
        hr_put_uint(out, standing->meaning);
        hr_put_uint(out, standing->approved);
        hr_put_int(out, standing->until);
        hr_put_uint(out, standing->by);
    }
}

static hr_status get_standings(struct hr_reader *in, struct hr_arena *into,
                               struct hr_automation_record *automation)
{
    automation->standing_count = (size_t)hr_get_uint_max(in, HR_STANDINGS_MAX);
    automation->standings = hr_arena_new_many(into, struct hr_standing, automation->standing_count);
    if (automation->standings == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < automation->standing_count; i++) {
        struct hr_standing *standing = &automation->standings[i];
        standing->message = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        standing->meaning = hr_get_uint(in);
        standing->approved = hr_get_uint(in);
        standing->until = hr_get_int(in);
        standing->by = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    }
    return hr_done();
}

void hr_put_automation(struct hr_buffer *out, const struct hr_automation_record *automation)
{
    hr_put_uint(out, automation->automation);
    hr_put_uint(out, automation->state);
    hr_put_uint(out, automation->switched_by);
    hr_put_int(out, automation->switched_at);
    hr_put_uint(out, automation->switched_in);
    hr_put_uint(out, automation->wakes);
    hr_put_uint(out, automation->woken_to);
    hr_put_uint(out, automation->running);
    for (size_t i = 0; i < HR_RUN_END_COUNT; i++) {
        hr_put_uint(out, automation->ended[i]);
    }
    for (size_t i = 0; i < HR_OUT_COUNT; i++) {
        hr_put_uint(out, automation->kept_out[i]);
    }
    hr_put_scheduled(out, &automation->scheduled);
    hr_put_uint(out, automation->held);
    hr_put_uint(out, automation->let_go);
    hr_put_int(out, automation->let_at);
    put_standings(out, automation);
}

hr_status hr_get_automation(struct hr_reader *in, struct hr_arena *into,
                            struct hr_automation_record *automation)
{
    automation->automation = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    automation->state = (uint8_t)hr_get_uint_max(in, HR_SWITCH_COUNT - 1);
    automation->switched_by = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    automation->switched_at = hr_get_int(in);
    automation->switched_in = hr_get_uint(in);
    automation->wakes = hr_get_uint_max(in, 1) != 0;
    automation->woken_to = hr_get_uint(in);
    automation->running = hr_get_uint(in);
    for (size_t i = 0; i < HR_RUN_END_COUNT; i++) {
        automation->ended[i] = hr_get_uint(in);
    }
    for (size_t i = 0; i < HR_OUT_COUNT; i++) {
        automation->kept_out[i] = hr_get_uint(in);
    }
    HR_TRY(hr_get_scheduled(in, into, &automation->scheduled));
    automation->held = hr_get_uint(in);
    automation->let_go = (uint8_t)hr_get_uint_max(in, HR_LET_GO_drop);
    automation->let_at = hr_get_int(in);
    return get_standings(in, into, automation);
}
