/* A contact as a row. It is what the hot path rewrites: small numbers, times as distances from the contact's first
 * moment, no words. */
#include "state/state_internal.h"

static void put_time(struct hr_buffer *out, hr_instant base, hr_instant time)
{
    /* 0 says "none"; a distance of d is written as zigzag(d) + 1 */
    if (time == HR_INSTANT_NONE) {
        hr_put_uint(out, 0);
        return;
    }
    int64_t apart = time - base;
    hr_put_uint(out, (((uint64_t)apart << 1) ^ (uint64_t)(apart >> 63)) + 1);
}

static hr_instant get_time(struct hr_reader *in, hr_instant base)
{
    uint64_t written = hr_get_uint(in);
    if (written == 0) {
        return HR_INSTANT_NONE;
    }
    uint64_t zigzag = written - 1;
    int64_t apart = (int64_t)(zigzag >> 1) ^ -(int64_t)(zigzag & 1);
    hr_instant time = 0;
    if (__builtin_add_overflow(base, apart, &time)) {
        in->failed = true;
        return HR_INSTANT_NONE;
    }
    return time;
}

static void put_said(struct hr_buffer *out, hr_instant base, const struct hr_said *said,
                     size_t count)
{
    hr_put_uint(out, count);
    for (size_t i = 0; i < count; i++) {
        hr_put_uint(out, said[i].field);
        hr_put_uint(out, said[i].tool);
        put_time(out, base, said[i].at);
        hr_put_uint(out, said[i].position);
        hr_put_value(out, &said[i].value);
    }
}

static hr_status get_said(struct hr_reader *in, hr_instant base, struct hr_arena *into,
                          struct hr_said **ret_said, size_t *ret_count)
{
    size_t count = (size_t)hr_get_uint_max(in, (uint64_t)HR_FIELDS_MAX * (HR_PAST_MAX + 1));
    struct hr_said *said = hr_arena_new_many(into, struct hr_said, count);
    if (said == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < count && !in->failed; i++) {
        said[i].field = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        said[i].tool = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        said[i].at = get_time(in, base);
        said[i].position = hr_get_uint(in);
        (void)hr_get_value(in, into, &said[i].value);
    }
    *ret_said = said;
    *ret_count = count;
    return in->failed ? hr_answer(HR_E_CORRUPT) : hr_done();
}

/* Which of the rarer parts of an instance follow. */
enum instance_bits {
    BIT_INCORRECT = 1,
    BIT_MARK = 2,
    BIT_MISSING = 4,
    BIT_ISSUES = 8,
    BIT_MISMATCH = 16,
    BIT_KEY = 32
};

static unsigned bits_of(const struct hr_instance *instance)
{
    unsigned bits = instance->incorrect ? BIT_INCORRECT : 0;
    bits |= instance->mark != 0 ? BIT_MARK : 0;
    bits |= instance->missing_count > 0 ? BIT_MISSING : 0;
    bits |= instance->issues[0] != 0 || instance->issues[1] != 0 ? BIT_ISSUES : 0;
    bits |= instance->mismatch.size > 0 ? BIT_MISMATCH : 0;
    bits |= !hr_key_is_zero(&instance->key) ? BIT_KEY : 0;
    return bits;
}

static void put_instance_rest(struct hr_buffer *out, hr_instant base,
                              const struct hr_instance *instance, unsigned bits)
{
    if (bits & BIT_KEY) {
        hr_put_bytes(out, instance->key.bytes, sizeof instance->key.bytes);
        hr_put_text(out, instance->key_shown);
    }
    if (bits & BIT_MARK) {
        hr_put_uint(out, instance->mark);
        hr_put_uint(out, instance->marked_by);
        put_time(out, base, instance->marked_at);
        put_time(out, base, instance->marked_until);
    }
    if (bits & BIT_MISSING) {
        hr_put_uint(out, instance->missing_count);
        for (size_t i = 0; i < instance->missing_count; i++) {
            hr_put_uint(out, instance->missing[i]);
        }
    }
    if (bits & BIT_ISSUES) {
        hr_put_uint(out, instance->issues[0]);
        hr_put_uint(out, instance->issues[1]);
    }
    if (bits & BIT_MISMATCH) {
        hr_put_text(out, instance->mismatch);
        hr_put_value(out, &instance->mismatch_values);
    }
}

static void put_instance(struct hr_buffer *out, hr_instant base, const struct hr_instance *instance)
{
    unsigned bits = bits_of(instance);
    hr_put_uint(out, instance->handoff);
    hr_put_uint(out, instance->stand);
    hr_put_uint(out, bits);
    put_time(out, base, instance->opened_at);
    hr_put_uint(out, instance->opened_by);
    put_time(out, base, instance->late_at);
    put_time(out, base, instance->fail_at);
    put_time(out, base, instance->judged_at);
    hr_put_uint(out, instance->judged_by);
    put_instance_rest(out, base, instance, bits);
}

static hr_status get_missing(struct hr_reader *in, struct hr_arena *into,
                             struct hr_instance *instance)
{
    instance->missing_count = (size_t)hr_get_uint_max(in, HR_MISSING_MAX);
    uint32_t *missing = hr_arena_new_many(into, uint32_t, instance->missing_count);
    if (missing == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < instance->missing_count; i++) {
        missing[i] = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    }
    instance->missing = missing;
    return hr_done();
}

static hr_status get_instance_rest(struct hr_reader *in, hr_instant base, struct hr_arena *into,
                                   struct hr_instance *instance, unsigned bits)
{
    if (bits & BIT_KEY) {
        hr_get_bytes(in, instance->key.bytes, sizeof instance->key.bytes);
        instance->key_shown = hr_get_text(in);
    }
    if (bits & BIT_MARK) {
        instance->mark = (uint8_t)hr_get_uint_max(in, UINT8_MAX);
        instance->marked_by = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        instance->marked_at = get_time(in, base);
        instance->marked_until = get_time(in, base);
    }
    if (bits & BIT_MISSING) {
        HR_TRY(get_missing(in, into, instance));
    }
    if (bits & BIT_ISSUES) {
        instance->issues[0] = hr_get_uint(in);
        instance->issues[1] = hr_get_uint(in);
    }
    if (bits & BIT_MISMATCH) {
        instance->mismatch = hr_get_text(in);
        (void)hr_get_value(in, into, &instance->mismatch_values);
    }
    return hr_done();
}

static hr_status get_instance(struct hr_reader *in, hr_instant base, struct hr_arena *into,
                              struct hr_instance *instance)
{
    instance->handoff = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    instance->stand = (uint8_t)hr_get_uint_max(in, HR_STAND_count - 1);
    unsigned bits = (unsigned)hr_get_uint_max(in, 63);
    instance->incorrect = (bits & BIT_INCORRECT) != 0;
    instance->opened_at = get_time(in, base);
    instance->opened_by = hr_get_uint(in);
    instance->late_at = get_time(in, base);
    instance->fail_at = get_time(in, base);
    instance->judged_at = get_time(in, base);
    instance->judged_by = hr_get_uint(in);
    instance->marked_at = HR_INSTANT_NONE;
    instance->marked_until = HR_INSTANT_NONE;
    return get_instance_rest(in, base, into, instance, bits);
}

void hr_put_contact(struct hr_buffer *out, const struct hr_contact *contact)
{
    hr_instant base = contact->created_at;
    hr_put_int(out, base);
    hr_put_uint(out, contact->key_count);
    for (size_t i = 0; i < contact->key_count; i++) {
        hr_put_uint(out, contact->keys[i].field);
        hr_put_bytes(out, contact->keys[i].key.bytes, sizeof contact->keys[i].key.bytes);
    }
    put_said(out, base, contact->fields, contact->field_count);
    put_said(out, base, contact->past, contact->past_count);
    hr_put_uint(out, contact->kept_count);
    for (size_t i = 0; i < contact->kept_count; i++) {
        hr_put_uint(out, contact->kept[i].type);
        hr_put_uint(out, contact->kept[i].tool);
        put_time(out, base, contact->kept[i].at);
        hr_put_uint(out, contact->kept[i].position);
        hr_put_value(out, &contact->kept[i].data);
    }
    hr_put_uint(out, contact->instance_count);
    for (size_t i = 0; i < contact->instance_count; i++) {
        put_instance(out, base, &contact->instances[i]);
    }
}

static hr_status get_keys(struct hr_reader *in, struct hr_arena *into, struct hr_contact *contact)
{
    contact->key_count = (size_t)hr_get_uint_max(in, HR_KEYS_MAX);
    contact->keys = hr_arena_new_many(into, struct hr_linked_key, contact->key_count);
    if (contact->keys == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < contact->key_count; i++) {
        contact->keys[i].field = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        hr_get_bytes(in, contact->keys[i].key.bytes, sizeof contact->keys[i].key.bytes);
    }
    return hr_done();
}

static hr_status get_kept(struct hr_reader *in, struct hr_arena *into, struct hr_contact *contact)
{
    contact->kept_count = (size_t)hr_get_uint_max(in, HR_KEPT_MAX);
    contact->kept = hr_arena_new_many(into, struct hr_kept_event, contact->kept_count);
    if (contact->kept == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < contact->kept_count && !in->failed; i++) {
        contact->kept[i].type = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        contact->kept[i].tool = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        contact->kept[i].at = get_time(in, contact->created_at);
        contact->kept[i].position = hr_get_uint(in);
        (void)hr_get_value(in, into, &contact->kept[i].data);
    }
    return hr_done();
}

hr_status hr_get_contact(struct hr_reader *in, struct hr_arena *into, struct hr_contact *contact)
{
    contact->created_at = hr_get_int(in);
    HR_TRY(get_keys(in, into, contact));
    HR_TRY(get_said(in, contact->created_at, into, &contact->fields, &contact->field_count));
    HR_TRY(get_said(in, contact->created_at, into, &contact->past, &contact->past_count));
    HR_TRY(get_kept(in, into, contact));
    contact->instance_count = (size_t)hr_get_uint_max(in, HR_INSTANCES_MAX);
    contact->instances = hr_arena_new_many(into, struct hr_instance, contact->instance_count);
    if (contact->instances == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < contact->instance_count && !in->failed; i++) {
        HR_TRY(get_instance(in, contact->created_at, into, &contact->instances[i]));
    }
    return in->failed ? hr_answer(HR_E_CORRUPT) : hr_done();
}
