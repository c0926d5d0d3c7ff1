/* The part of a contact's row that says what it goes through, and went through before. */
#include "state/state_internal.h"

static void put_run(struct hr_buffer *out, struct hr_moments *moments, const struct hr_run *run)
{
    hr_put_uint(out, run->id);
    hr_put_uint(out, run->automation);
    hr_put_bytes(out, run->key.bytes, sizeof run->key.bytes);
    hr_put_text(out, run->key_shown);
    hr_put_uint(out, run->trigger.type);
    hr_put_moment(out, moments, run->trigger.tool, run->trigger.at, run->trigger.position);
    hr_put_value(out, &run->trigger.data);
    hr_put_uint(out, run->step);
    hr_put_uint(out, run->state);
    hr_put_instant(out, run->trigger.at, run->until);
    hr_put_uint(out, run->awaits);
    hr_put_uint(out, run->meaning);
}

static void get_run(struct hr_reader *in, struct hr_moments *moments, struct hr_arena *into,
                    struct hr_run *run)
{
    run->id = hr_get_uint(in);
    run->automation = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    hr_get_bytes(in, run->key.bytes, sizeof run->key.bytes);
    run->key_shown = hr_get_text(in);
    run->trigger.type = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    struct hr_moment moment = hr_get_moment(in, moments);
    run->trigger.tool = moment.tool;
    run->trigger.at = moment.at;
    run->trigger.position = moment.position;
    run->began_at = moment.at;
    (void)hr_get_value(in, into, &run->trigger.data);
    run->step = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    run->state = (uint8_t)hr_get_uint_max(in, HR_RUN_STATE_COUNT - 1);
    run->until = hr_get_instant(in, run->trigger.at);
    run->awaits = hr_get_uint(in);
    run->meaning = hr_get_uint(in);
}

void hr_put_runs(struct hr_buffer *out, struct hr_moments *moments,
                 const struct hr_contact *contact)
{
    hr_put_uint(out, contact->run_count);
    for (size_t i = 0; i < contact->run_count; i++) {
        put_run(out, moments, &contact->runs[i]);
    }
}

hr_status hr_get_runs(struct hr_reader *in, struct hr_moments *moments, struct hr_arena *into,
                      struct hr_contact *contact)
{
    contact->run_count = (size_t)hr_get_uint_max(in, HR_RUNS_MAX);
    contact->runs = hr_arena_new_many(into, struct hr_run, contact->run_count);
    if (contact->runs == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < contact->run_count && !in->failed; i++) {
        get_run(in, moments, into, &contact->runs[i]);
    }
    return hr_done();
}

void hr_put_entered(struct hr_buffer *out, const struct hr_contact *contact)
{
    hr_put_uint(out, contact->entered_count);
    for (size_t i = 0; i < contact->entered_count; i++) {
        hr_put_uint(out, contact->entered[i].automation);
        hr_put_uint(out, contact->entered[i].key);
        hr_put_instant(out, contact->created_at, contact->entered[i].last_at);
        hr_put_uint(out, contact->entered[i].times);
    }
}

hr_status hr_get_entered(struct hr_reader *in, struct hr_arena *into, struct hr_contact *contact)
{
    contact->entered_count = (size_t)hr_get_uint_max(in, HR_ENTERED_MAX);
    contact->entered = hr_arena_new_many(into, struct hr_entered, contact->entered_count);
    if (contact->entered == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < contact->entered_count && !in->failed; i++) {
        contact->entered[i].automation = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        contact->entered[i].key = hr_get_uint(in);
        contact->entered[i].last_at = hr_get_instant(in, contact->created_at);
        contact->entered[i].times = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    }
    return hr_done();
}

void hr_put_troubles(struct hr_buffer *out, const struct hr_contact *contact)
{
    hr_put_uint(out, contact->trouble_count);
    for (size_t i = 0; i < contact->trouble_count; i++) {
        hr_put_uint(out, contact->troubles[i].automation);
        hr_put_uint(out, contact->troubles[i].run);
        hr_put_uint(out, contact->troubles[i].issue);
    }
}

hr_status hr_get_troubles(struct hr_reader *in, struct hr_arena *into, struct hr_contact *contact)
{
    contact->trouble_count = (size_t)hr_get_uint_max(in, HR_TROUBLES_MAX);
    contact->troubles = hr_arena_new_many(into, struct hr_trouble, contact->trouble_count);
    if (contact->troubles == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < contact->trouble_count && !in->failed; i++) {
        contact->troubles[i].automation = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        contact->troubles[i].run = hr_get_uint(in);
        contact->troubles[i].issue = hr_get_uint(in);
    }
    return hr_done();
}
