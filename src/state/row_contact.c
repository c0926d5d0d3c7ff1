/* A contact as a row. It is what the hot path rewrites, so it is small: numbers instead of words, times as distances
 * (row_time.c), nothing said twice. */
#include "state/state_internal.h"

static void put_said(struct hr_buffer *out, struct hr_moments *moments, const struct hr_said *said,
                     size_t count)
{
    hr_put_uint(out, count);
    for (size_t i = 0; i < count; i++) {
        hr_put_uint(out, said[i].field);
        hr_put_moment(out, moments, said[i].writer, said[i].at, said[i].position);
        hr_put_value(out, &said[i].value);
    }
}

static hr_status get_said(struct hr_reader *in, struct hr_moments *moments, struct hr_arena *into,
                          struct hr_said **ret_said, size_t *ret_count)
{
    size_t count = (size_t)hr_get_uint_max(in, (uint64_t)HR_FIELDS_MAX * (HR_PAST_MAX + 1));
    struct hr_said *said = hr_arena_new_many(into, struct hr_said, count);
    if (said == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < count && !in->failed; i++) {
        said[i].field = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        struct hr_moment moment = hr_get_moment(in, moments);
        said[i].writer = moment.tool;
        said[i].at = moment.at;
        said[i].position = moment.position;
        (void)hr_get_value(in, into, &said[i].value);
    }
    *ret_said = said;
    *ret_count = count;
    return in->failed ? hr_answer(HR_E_CORRUPT) : hr_done();
}

/* ---- instances ----------------------------------------------------------------------------------- */

/* Which parts of an instance follow, the rarer ones last: with the stand before them most fill one byte. */
enum instance_bits {
    BIT_KEY = 1,
    BIT_LATE = 2,
    BIT_JUDGED = 4,
    BIT_FAIL = 8,
    BIT_INCORRECT = 16,
    BIT_MARK = 32,
    BIT_MISSING = 64,
    BIT_ISSUES = 128,
    BIT_MISMATCH = 256,
    BITS_ALL = 511,
    STAND_BITS = 3
};
_Static_assert(HR_STAND_count <= 1 << STAND_BITS, "a stand must fit before the bits");

static unsigned bits_of(const struct hr_instance *instance)
{
    bool judged = instance->judged_at != HR_INSTANT_NONE || instance->judged_by != 0;
    unsigned bits = !hr_key_is_zero(&instance->key) ? BIT_KEY : 0;
    bits |= instance->late_at != HR_INSTANT_NONE ? BIT_LATE : 0;
    bits |= judged ? BIT_JUDGED : 0;
    bits |= instance->fail_at != HR_INSTANT_NONE ? BIT_FAIL : 0;
    bits |= instance->incorrect ? BIT_INCORRECT : 0;
    bits |= instance->mark != 0 ? BIT_MARK : 0;
    bits |= instance->missing_count > 0 ? BIT_MISSING : 0;
    bits |= instance->issues[0] != 0 || instance->issues[1] != 0 ? BIT_ISSUES : 0;
    bits |= instance->mismatch.size > 0 ? BIT_MISMATCH : 0;
    return bits;
}

/* What an instance is known by is often a field's value too: then that field's place, else 0 and the word. */
static void put_shown(struct hr_buffer *out, const struct hr_contact *contact, struct hr_text shown)
{
    for (size_t i = 0; i < contact->field_count; i++) {
        const struct hr_value *value = &contact->fields[i].value;
        if (value->kind == HR_KIND_text && hr_text_equal(hr_value_as_text(value), shown)) {
            hr_put_uint(out, i + 1);
            return;
        }
    }
    hr_put_uint(out, 0);
    hr_put_text(out, shown);
}

static struct hr_text get_shown(struct hr_reader *in, const struct hr_contact *contact)
{
    uint64_t place = hr_get_uint_max(in, contact->field_count);
    if (place == 0) {
        return hr_get_text(in);
    }
    const struct hr_value *value = &contact->fields[place - 1].value;
    in->failed = in->failed || value->kind != HR_KIND_text;
    return in->failed ? HR_TEXT_NONE : hr_value_as_text(value);
}

static void put_rare_parts(struct hr_buffer *out, const struct hr_instance *instance, unsigned bits)
{
    if (bits & BIT_MARK) {
        hr_put_uint(out, instance->mark);
        hr_put_uint(out, instance->marked_by);
        hr_put_instant(out, instance->opened_at, instance->marked_at);
        hr_put_instant(out, instance->opened_at, instance->marked_until);
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

static void put_instance(struct hr_buffer *out, struct hr_moments *moments,
                         const struct hr_contact *contact, const struct hr_instance *instance)
{
    unsigned bits = bits_of(instance);
    hr_assert(instance->stand < HR_STAND_count);
    hr_put_uint(out, instance->handoff);
    hr_put_uint(out, bits << STAND_BITS | instance->stand);
    hr_put_when(out, moments, instance->opened_at, instance->opened_by);
    if (bits & BIT_KEY) {
        hr_put_bytes(out, instance->key.bytes, sizeof instance->key.bytes);
        put_shown(out, contact, instance->key_shown);
    }
    if (bits & BIT_LATE) {
        hr_put_instant(out, instance->opened_at, instance->late_at);
    }
    if (bits & BIT_JUDGED) {
        hr_put_when(out, moments, instance->judged_at, instance->judged_by);
    }
    if (bits & BIT_FAIL) {
        hr_put_instant(out, instance->opened_at, instance->fail_at);
    }
    put_rare_parts(out, instance, bits);
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

static hr_status get_rare_parts(struct hr_reader *in, struct hr_arena *into,
                                struct hr_instance *instance, unsigned bits)
{
    instance->incorrect = (bits & BIT_INCORRECT) != 0;
    instance->marked_at = HR_INSTANT_NONE;
    instance->marked_until = HR_INSTANT_NONE;
    if (bits & BIT_MARK) {
        instance->mark = (uint8_t)hr_get_uint_max(in, UINT8_MAX);
        instance->marked_by = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        instance->marked_at = hr_get_instant(in, instance->opened_at);
        instance->marked_until = hr_get_instant(in, instance->opened_at);
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

static hr_status get_instance(struct hr_reader *in, struct hr_moments *moments,
                              struct hr_arena *into, const struct hr_contact *contact,
                              struct hr_instance *instance)
{
    struct hr_moment judged = {.at = HR_INSTANT_NONE};
    instance->handoff = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    unsigned written = (unsigned)hr_get_uint_max(in, BITS_ALL << STAND_BITS | (HR_STAND_count - 1));
    unsigned bits = written >> STAND_BITS;
    instance->stand = (uint8_t)(written & ((1U << STAND_BITS) - 1));
    struct hr_moment opened = hr_get_moment(in, moments);
    instance->opened_at = opened.at;
    instance->opened_by = opened.position;
    if (bits & BIT_KEY) {
        hr_get_bytes(in, instance->key.bytes, sizeof instance->key.bytes);
        instance->key_shown = get_shown(in, contact);
    }
    instance->late_at = bits & BIT_LATE ? hr_get_instant(in, opened.at) : HR_INSTANT_NONE;
    if (bits & BIT_JUDGED) {
        judged = hr_get_moment(in, moments);
    }
    instance->judged_at = judged.at;
    instance->judged_by = judged.position;
    instance->fail_at = bits & BIT_FAIL ? hr_get_instant(in, opened.at) : HR_INSTANT_NONE;
    return get_rare_parts(in, into, instance, bits);
}

/* ---- the contact --------------------------------------------------------------------------------- */

void hr_put_contact(struct hr_buffer *out, uint64_t newest, const struct hr_contact *contact)
{
    struct hr_moments moments = {.base = contact->created_at, .newest = newest};
    hr_put_int(out, contact->created_at);
    hr_put_uint(out, contact->key_count);
    for (size_t i = 0; i < contact->key_count; i++) {
        hr_put_uint(out, contact->keys[i].field);
        hr_put_bytes(out, contact->keys[i].key.bytes, sizeof contact->keys[i].key.bytes);
    }
    put_said(out, &moments, contact->fields, contact->field_count);
    put_said(out, &moments, contact->past, contact->past_count);
    hr_put_uint(out, contact->kept_count);
    for (size_t i = 0; i < contact->kept_count; i++) {
        hr_put_uint(out, contact->kept[i].type);
        hr_put_moment(out, &moments, contact->kept[i].tool, contact->kept[i].at,
                      contact->kept[i].position);
        hr_put_value(out, &contact->kept[i].data);
    }
    hr_put_uint(out, contact->instance_count);
    for (size_t i = 0; i < contact->instance_count; i++) {
        put_instance(out, &moments, contact, &contact->instances[i]);
    }
    hr_put_rare_parts(out, &moments, contact);
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

static hr_status get_kept(struct hr_reader *in, struct hr_moments *moments, struct hr_arena *into,
                          struct hr_contact *contact)
{
    contact->kept_count = (size_t)hr_get_uint_max(in, HR_KEPT_MAX);
    contact->kept = hr_arena_new_many(into, struct hr_kept_event, contact->kept_count);
    if (contact->kept == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < contact->kept_count && !in->failed; i++) {
        contact->kept[i].type = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        struct hr_moment moment = hr_get_moment(in, moments);
        contact->kept[i].tool = moment.tool;
        contact->kept[i].at = moment.at;
        contact->kept[i].position = moment.position;
        (void)hr_get_value(in, into, &contact->kept[i].data);
    }
    return hr_done();
}

hr_status hr_get_contact(struct hr_reader *in, uint64_t newest, struct hr_arena *into,
                         struct hr_contact *contact)
{
    struct hr_moments moments = {.newest = newest};
    contact->created_at = hr_get_int(in);
    moments.base = contact->created_at;
    HR_TRY(get_keys(in, into, contact));
    HR_TRY(get_said(in, &moments, into, &contact->fields, &contact->field_count));
    HR_TRY(get_said(in, &moments, into, &contact->past, &contact->past_count));
    HR_TRY(get_kept(in, &moments, into, contact));
    contact->instance_count = (size_t)hr_get_uint_max(in, HR_INSTANCES_MAX);
    contact->instances = hr_arena_new_many(into, struct hr_instance, contact->instance_count);
    if (contact->instances == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < contact->instance_count && !in->failed; i++) {
        HR_TRY(get_instance(in, &moments, into, contact, &contact->instances[i]));
    }
    HR_TRY(hr_get_rare_parts(in, &moments, into, contact));
    return in->failed ? hr_answer(HR_E_CORRUPT) : hr_done();
}
