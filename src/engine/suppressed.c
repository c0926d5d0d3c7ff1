/* Addresses that left: keyed hashes of purpose and address, in an index that outlives the contact. An address counts
 * that the contact has or had, and, where only its match key is known any more, that key. */
#include "engine/suppressed.h"

enum { KEY_WORDS_MAX = 64 };

/* ---- keys ------------------------------------------------------------------------------------------ */

static hr_status key_of(const struct hr_engine *engine, const struct hr_suppressing *what,
                        const char *kind, struct hr_text address, struct hr_arena *into,
                        struct hr_key *ret_key)
{
    struct hr_buffer out;
    hr_buffer_init(&out, into, KEY_WORDS_MAX + address.size);
    hr_buffer_add_format(&out, "%s:%u:%u:", kind, what->purpose, (unsigned)what->channel);
    hr_buffer_add_text(&out, address);
    HR_TRY(hr_buffer_status(&out));
    *ret_key = hr_key_of(engine->secret, hr_buffer_text(&out));
    return hr_done();
}

hr_status hr_suppressed_key(const struct hr_engine *engine, const struct hr_suppressing *what,
                            struct hr_text address, struct hr_arena *into, struct hr_key *ret_key)
{
    return key_of(engine, what, "left", address, into, ret_key);
}

/* ---- the addresses of a contact -------------------------------------------------------------------- */

static void add(struct hr_addresses *addresses, const struct hr_key *key)
{
    for (size_t i = 0; i < addresses->count; i++) {
        if (hr_key_equal(&addresses->keys[i], key)) {
            return;
        }
    }
    if (addresses->count < HR_ADDRESSES_MAX) {
        addresses->keys[addresses->count++] = *key;
    }
}

static hr_status add_said(struct hr_step *step, const struct hr_suppressing *what,
                          const struct hr_said *said, struct hr_addresses *addresses)
{
    int32_t field = hr_plan_field_numbered(step->plan, said->field);
    bool address = field >= 0 && step->plan->fields[field].type == HR_FIELD_email &&
                   said->value.kind == HR_KIND_text;
    if (!address) {
        return hr_done();
    }
    struct hr_key key;
    HR_TRY(
        hr_suppressed_key(step->engine, what, hr_value_as_text(&said->value), step->arena, &key));
    add(addresses, &key);
    return hr_done();
}

/* An address under which they were found once, of which nothing but its key is left. */
static hr_status add_linked(struct hr_step *step, const struct hr_suppressing *what,
                            const struct hr_linked_key *linked, struct hr_addresses *addresses)
{
    int32_t field = hr_plan_field_numbered(step->plan, linked->field);
    if (field >= 0 && step->plan->fields[field].type != HR_FIELD_email) {
        return hr_done();
    }
    struct hr_key key;
    struct hr_text bytes = hr_hex(step->arena, linked->key.bytes, sizeof linked->key.bytes);
    HR_TRY(key_of(step->engine, what, "left key", bytes, step->arena, &key));
    add(addresses, &key);
    return hr_done();
}

hr_status hr_addresses_of(struct hr_step *step, const struct hr_contact *contact,
                          const struct hr_suppressing *what, struct hr_addresses *ret_addresses)
{
    ret_addresses->count = 0;
    for (size_t i = 0; i < contact->field_count; i++) {
        HR_TRY(add_said(step, what, &contact->fields[i], ret_addresses));
    }
    for (size_t i = 0; i < contact->key_count; i++) {
        HR_TRY(add_linked(step, what, &contact->keys[i], ret_addresses));
    }
    for (size_t i = 0; i < contact->observed_count; i++) {
        HR_TRY(add_said(step, what, &contact->observed[i].said, ret_addresses));
    }
    for (size_t i = 0; i < contact->past_count; i++) {
        HR_TRY(add_said(step, what, &contact->past[i], ret_addresses));
    }
    return hr_done();
}

/* ---- asking, and leaving --------------------------------------------------------------------------- */

hr_status hr_suppressed_since(struct hr_step *step, const struct hr_addresses *addresses,
                              uint64_t *ret_newest, uint64_t *ret_oldest)
{
    bool whole = true;
    *ret_newest = 0;
    *ret_oldest = addresses->count == 0 ? 0 : UINT64_MAX;
    for (size_t i = 0; i < addresses->count; i++) {
        uint64_t value = 0; /* ask for all that is missing at once */
        whole = hr_step_entry(step, HR_SPACE_suppressed, &addresses->keys[i], &value) && whole;
        *ret_newest = value > *ret_newest ? value : *ret_newest;
        *ret_oldest = value < *ret_oldest ? value : *ret_oldest;
    }
    return whole ? hr_done() : hr_answer(HR_E_NEEDS);
}

hr_status hr_suppress(struct hr_step *step, const struct hr_suppressing *what,
                      const struct hr_addresses *addresses, uint32_t writer, hr_instant at)
{
    for (size_t i = 0; i < addresses->count; i++) {
        uint64_t since = 0;
        HR_STEP_HAVE(hr_step_entry(step, HR_SPACE_suppressed, &addresses->keys[i], &since));
        const struct hr_fact fact = {
            .kind = HR_FACT_address_suppressed,
            .name = what->purpose,
            .other = writer,
            .at = at,
            .from = (uint8_t)what->channel,
            .key = addresses->keys[i],
        };
        bool longer_ago = since == 0 || hr_suppression_at(since) < at;
        HR_TRY(longer_ago ? hr_step_emit(step, &fact) : hr_done());
    }
    return hr_done();
}
