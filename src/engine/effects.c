/* The ledger's rows of automations: begun, placed, moved. Every change of place carries the counts of its queue. */
#include "engine/effects.h"

const struct hr_effect *hr_step_effect(struct hr_step *step, uint64_t id)
{
    const struct hr_record *record = hr_step_record(step, id);
    return record == NULL || !record->exists ? NULL : record->effect;
}

/* ---- planning -------------------------------------------------------------------------------------- */

static hr_status digest_of(struct hr_step *step, const struct hr_value *content,
                           struct hr_text *ret_digest)
{
    struct hr_buffer bytes;
    hr_buffer_init(&bytes, step->arena, HR_PART_BYTES_MAX);
    hr_put_value(&bytes, content);
    HR_TRY(hr_buffer_status(&bytes));
    struct hr_text text = hr_buffer_text(&bytes);
    struct hr_digest digest = hr_digest_of(&text, 1);
    *ret_digest =
        hr_text_copy(step->arena, (struct hr_text){(const char *)digest.bytes, HR_DIGEST_SIZE});
    return ret_digest->data == NULL ? hr_answer(HR_E_MEMORY) : hr_done();
}

/* What it brings stands in the contact's part of the entry, so that it is forgotten with them; its row has a digest. */
static hr_status keep_content(struct hr_walk *walk, uint64_t id, const struct hr_value *content)
{
    struct hr_step *step = walk->passing->step;
    struct hr_text digest;
    HR_TRY(digest_of(step, content, &digest));
    const struct hr_fact kept = {.kind = HR_FACT_effect_content,
                                 .record = walk->passing->contact,
                                 .number = id,
                                 .text = digest,
                                 .value = *content};
    const struct hr_fact seen = {
        .kind = HR_FACT_effect_seen, .record = id, .at = step->event->now, .text = digest};
    HR_TRY(hr_step_emit(step, &kept));
    return hr_step_emit(step, &seen);
}

hr_status hr_effect_plan(struct hr_walk *walk, const struct hr_effect_order *order,
                         uint64_t *ret_id)
{
    struct hr_step *step = walk->passing->step;
    HR_TRY(hr_step_new_id(step, ret_id));
    uint8_t named[8];
    for (int i = 0; i < 8; i++) {
        named[i] = (uint8_t)(*ret_id >> (8 * i));
    }
    const struct hr_fact planned = {
        .kind = HR_FACT_effect_planned,
        .record = *ret_id,
        .name = order->tool,
        .other = order->what,
        .number = walk->passing->contact,
        .at = step->event->now,
        .state = (uint8_t)order->kind,
        .from = HR_REASON_step,
        .key = hr_key_of(step->engine->secret, (struct hr_text){(const char *)named, sizeof named}),
    };
    const struct hr_fact of = {.kind = HR_FACT_effect_of,
                               .record = *ret_id,
                               .name = walk->automation->name_number,
                               .other = walk->at->number,
                               .number = walk->id,
                               .key = hr_key_pair(order->meaning, 0)};
    HR_TRY(hr_step_emit(step, &planned));
    HR_TRY(hr_step_emit(step, &of));
    return keep_content(walk, *ret_id, &order->content);
}

/* ---- moving ------------------------------------------------------------------------------------------ */

hr_status hr_effect_move(struct hr_step *step, uint64_t id, enum hr_effect_state to,
                         uint32_t attempts, hr_instant next_at, struct hr_text answer)
{
    const struct hr_effect *effect = hr_step_effect(step, id);
    HR_STEP_HAVE(effect != NULL);
    const struct hr_fact fact = {
        .kind = HR_FACT_effect_moved,
        .record = id,
        .number = attempts,
        .at = next_at,
        .state = (uint8_t)to,
        .from = effect->state,
        .text = answer,
    };
    return hr_step_emit(step, &fact);
}

static hr_status count_held(struct hr_step *step, uint32_t automation, bool joins)
{
    const struct hr_record *record = hr_step_record(step, HR_ID_AUTOMATION + automation);
    HR_STEP_HAVE(record != NULL);
    bool known = record->exists;
    const struct hr_fact fact = {
        .kind = HR_FACT_automation_let_go,
        .name = automation,
        .number = 1,
        .at = known ? record->automation->let_at : 0,
        .state = joins   ? HR_LET_GO_HELD
                 : known ? record->automation->let_go
                         : HR_LET_GO_none,
    };
    return hr_step_emit(step, &fact);
}

static unsigned part_of(const struct hr_effect *effect, unsigned place)
{
    return place == HR_PLACE_queue    ? hr_effect_lane((enum hr_effect_kind)effect->kind)
           : place == HR_PLACE_flying ? HR_PART_flying
                                      : HR_PART_none;
}

hr_status hr_effect_place(struct hr_step *step, uint64_t id, enum hr_effect_place place)
{
    const struct hr_effect *now = hr_step_effect(step, id);
    HR_STEP_HAVE(now != NULL);
    const struct hr_effect effect = *now;
    unsigned from = part_of(&effect, effect.place);
    unsigned to = part_of(&effect, place);
    if (effect.place == (uint8_t)place) {
        return hr_done();
    }
    const struct hr_fact fact = {
        .kind = HR_FACT_effect_placed, .record = id, .state = (uint8_t)place, .from = effect.place};
    HR_TRY(hr_step_emit(step, &fact));
    if (effect.place == HR_PLACE_held || place == HR_PLACE_held) {
        HR_TRY(count_held(step, effect.automation, place == HR_PLACE_held));
    }
    if (from != to) {
        HR_TRY(hr_queue_count(step, effect.tool, from, to));
    }
    return hr_queue_wake(step, effect.tool);
}

hr_status hr_effect_withdraw(struct hr_step *step, uint64_t id, struct hr_text why)
{
    const struct hr_effect *effect = hr_step_effect(step, id);
    HR_STEP_HAVE(effect != NULL);
    uint32_t attempts = effect->attempts;
    HR_TRY(hr_effect_place(step, id, HR_PLACE_none));
    return hr_effect_move(step, id, HR_EFFECT_withdrawn, attempts, HR_INSTANT_NONE, why);
}
