/* Effects and the queues of tools as rows. What only automations need follows behind the kind that says so. */
#include "state/state_internal.h"

static bool is_of_step(const struct hr_effect *effect)
{
    return effect->kind >= HR_EFFECT_letter;
}

static void put_origin(struct hr_buffer *out, const struct hr_effect *effect)
{
    hr_put_uint(out, effect->contact);
    hr_put_uint(out, effect->run);
    hr_put_uint(out, effect->automation);
    hr_put_uint(out, effect->step);
    hr_put_uint(out, effect->tool);
    hr_put_uint(out, effect->what);
    hr_put_uint(out, effect->meaning);
    hr_put_uint(out, effect->content);
    hr_put_text(out, effect->seen);
    hr_put_uint(out, effect->place);
    hr_put_uint(out, effect->doubt);
    hr_put_uint(out, effect->approved);
    hr_put_uint(out, effect->answered_by);
    hr_put_int(out, effect->sent_at);
}

static void get_origin(struct hr_reader *in, struct hr_effect *effect)
{
    effect->contact = hr_get_uint(in);
    effect->run = hr_get_uint(in);
    effect->automation = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    effect->step = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    effect->tool = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    effect->what = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    effect->meaning = hr_get_uint(in);
    effect->content = hr_get_uint(in);
    effect->seen = hr_get_text(in);
    effect->place = (uint8_t)hr_get_uint_max(in, HR_PLACE_COUNT - 1);
    effect->doubt = hr_get_uint_max(in, 1) == 1;
    effect->approved = hr_get_uint_max(in, 1) == 1;
    effect->answered_by = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    effect->sent_at = hr_get_int(in);
}

void hr_put_effect(struct hr_buffer *out, const struct hr_effect *effect)
{
    hr_put_uint(out, effect->kind);
    hr_put_uint(out, effect->reason);
    hr_put_uint(out, effect->state);
    hr_put_uint(out, effect->person);
    hr_put_uint(out, effect->issue);
    hr_put_bytes(out, effect->key.bytes, sizeof effect->key.bytes);
    hr_put_uint(out, effect->attempts);
    hr_put_int(out, effect->planned_at);
    hr_put_int(out, effect->next_at);
    hr_put_text(out, effect->answer);
    if (is_of_step(effect)) {
        put_origin(out, effect);
    }
}

void hr_get_effect(struct hr_reader *in, struct hr_effect *effect)
{
    effect->kind = (uint8_t)hr_get_uint_max(in, HR_EFFECT_KIND_COUNT - 1);
    effect->reason = (uint8_t)hr_get_uint_max(in, UINT8_MAX);
    effect->state = (uint8_t)hr_get_uint_max(in, HR_EFFECT_STATE_COUNT - 1);
    effect->person = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    effect->issue = hr_get_uint(in);
    hr_get_bytes(in, effect->key.bytes, sizeof effect->key.bytes);
    effect->attempts = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    effect->planned_at = hr_get_int(in);
    effect->next_at = hr_get_int(in);
    effect->answer = hr_get_text(in);
    effect->sent_at = HR_INSTANT_NONE;
    if (is_of_step(effect)) {
        get_origin(in, effect);
    }
}

void hr_put_queue(struct hr_buffer *out, const struct hr_queue *queue)
{
    hr_put_uint(out, queue->tool);
    hr_put_uint(out, queue->flying);
    hr_put_uint(out, queue->reach);
    hr_put_uint(out, queue->failures);
    hr_put_int(out, queue->next_at);
    hr_put_int(out, queue->free_at);
    hr_put_uint(out, queue->switched_by);
    for (size_t i = 0; i < HR_LANE_COUNT; i++) {
        hr_put_uint(out, queue->waiting[i]);
        hr_put_uint(out, queue->held[i]);
        hr_put_int(out, queue->drop_before[i]);
        hr_put_int(out, queue->ask_before[i]);
    }
}

void hr_get_queue(struct hr_reader *in, struct hr_queue *queue)
{
    queue->tool = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    queue->flying = hr_get_uint(in);
    queue->reach = (uint8_t)hr_get_uint_max(in, HR_REACH_forbidden);
    queue->failures = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    queue->next_at = hr_get_int(in);
    queue->free_at = hr_get_int(in);
    queue->switched_by = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    for (size_t i = 0; i < HR_LANE_COUNT; i++) {
        queue->waiting[i] = hr_get_uint(in);
        queue->held[i] = hr_get_uint_max(in, 1) == 1;
        queue->drop_before[i] = hr_get_int(in);
        queue->ask_before[i] = hr_get_int(in);
    }
}

void hr_put_letters(struct hr_buffer *out, const struct hr_contact *contact)
{
    hr_put_uint(out, contact->letter_count);
    for (size_t i = 0; i < contact->letter_count; i++) {
        hr_put_uint(out, contact->letters[i].purpose);
        hr_put_instant(out, contact->created_at, contact->letters[i].at);
    }
}

hr_status hr_get_letters(struct hr_reader *in, struct hr_arena *into, struct hr_contact *contact)
{
    contact->letter_count = (size_t)hr_get_uint_max(in, HR_LETTERS_MAX);
    contact->letters = hr_arena_new_many(into, struct hr_letter_left, contact->letter_count);
    if (contact->letters == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < contact->letter_count; i++) {
        contact->letters[i].purpose = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        contact->letters[i].at = hr_get_instant(in, contact->created_at);
    }
    return hr_done();
}
