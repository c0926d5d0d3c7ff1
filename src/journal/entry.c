/* Entries as bytes: a header that never changes and body parts that can be erased, chained by digest. */
#include "journal/facts_internal.h"

#include <string.h>

enum { HEADER_BYTES_MAX = 1 << 20, PARTS_MAX = 250, LEAD_VERSION = HR_ENTRY_VERSION };

/* ---- parts ------------------------------------------------------------------------------------ */

static hr_status seal_part(struct hr_part *part, const uint8_t salt[HR_SALT_SIZE],
                           struct hr_arena *into, struct hr_sealed_part *ret_sealed)
{
    struct hr_buffer out;
    hr_buffer_init(&out, into, HR_PART_BYTES_MAX);
    hr_put_text(&out, part->payload);
    hr_put_uint(&out, part->fact_count);
    for (size_t i = 0; i < part->fact_count; i++) {
        hr_assert(hr_fact_home((enum hr_fact_kind)part->facts[i].kind) == HR_HOME_body);
        hr_put_fact(&out, &part->facts[i]);
    }
    HR_TRY(hr_buffer_status(&out));
    memcpy(ret_sealed->salt, salt, HR_SALT_SIZE);
    ret_sealed->bytes = hr_buffer_text(&out);
    const struct hr_text digested[] = {{(const char *)salt, HR_SALT_SIZE}, ret_sealed->bytes};
    part->digest = hr_digest_of(digested, 2);
    return hr_done();
}

hr_status hr_entry_open_part(struct hr_entry *entry, size_t index,
                             const struct hr_sealed_part *stored, struct hr_arena *into)
{
    hr_assert(index < entry->part_count);
    struct hr_part *part = &entry->parts[index];
    const struct hr_text digested[] = {{(const char *)stored->salt, HR_SALT_SIZE}, stored->bytes};
    struct hr_digest digest = hr_digest_of(digested, 2);
    if (!hr_digest_equal(&digest, &part->digest)) {
        return hr_answer(HR_E_CORRUPT);
    }
    struct hr_reader in = hr_reader_over(stored->bytes);
    part->payload = hr_get_text(&in);
    part->fact_count = (size_t)hr_get_uint_max(&in, HR_FACTS_MAX);
    part->facts = hr_arena_new_many(into, struct hr_fact, part->fact_count);
    if (part->facts == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < part->fact_count; i++) {
        HR_TRY(hr_get_fact(&in, into, &part->facts[i]));
    }
    part->erased = false;
    return hr_reader_finished(&in) ? hr_done() : hr_answer(HR_E_CORRUPT);
}

/* ---- header ----------------------------------------------------------------------------------- */

/* The key stands at a fixed place near the front so that it can be read without decoding the rest. */
static void put_lead(struct hr_buffer *out, const struct hr_entry *entry)
{
    hr_put_uint(out, LEAD_VERSION);
    hr_put_bytes(out, entry->key.bytes, sizeof entry->key.bytes);
    hr_put_uint(out, entry->position);
    hr_put_uint(out, (uint64_t)entry->kind);
    hr_put_uint(out, entry->plan);
    hr_put_int(out, entry->recorded_at);
    hr_put_int(out, entry->occurred_at - entry->recorded_at);
    hr_put_uint(out, entry->tool);
    hr_put_uint(out, entry->type);
    hr_put_uint(out, entry->person);
    hr_put_uint(out, entry->cause);
}

static void put_links(struct hr_buffer *out, const struct hr_entry *entry)
{
    hr_put_uint(out, entry->link_count);
    for (size_t i = 0; i < entry->link_count; i++) {
        const struct hr_link *link = &entry->links[i];
        hr_assert(link->part == HR_NO_PART || link->part < entry->part_count);
        hr_put_uint(out, link->record);
        hr_put_uint(out, link->previous);
        hr_put_uint(out, link->part);
    }
}

static struct hr_digest chain_after(const struct hr_digest *previous, struct hr_text before)
{
    const struct hr_text digested[] = {{(const char *)previous->bytes, sizeof previous->bytes},
                                       before};
    return hr_digest_of(digested, 2);
}

hr_status hr_entry_seal(struct hr_entry *entry, const struct hr_digest *previous,
                        const uint8_t (*salts)[HR_SALT_SIZE], struct hr_arena *into,
                        struct hr_text *ret_header, struct hr_sealed_part *ret_parts)
{
    if (entry->link_count > HR_LINKS_MAX || entry->fact_count > HR_FACTS_MAX ||
        entry->part_count > PARTS_MAX) {
        return hr_answer(HR_E_LIMIT);
    }
    for (size_t i = 0; i < entry->part_count; i++) {
        HR_TRY(seal_part(&entry->parts[i], salts[i], into, &ret_parts[i]));
    }
    struct hr_buffer out;
    hr_buffer_init(&out, into, HEADER_BYTES_MAX);
    put_lead(&out, entry);
    put_links(&out, entry);
    hr_put_uint(&out, entry->fact_count);
    for (size_t i = 0; i < entry->fact_count; i++) {
        hr_assert(hr_fact_home((enum hr_fact_kind)entry->facts[i].kind) == HR_HOME_header);
        hr_put_fact(&out, &entry->facts[i]);
    }
    hr_put_uint(&out, entry->part_count);
    for (size_t i = 0; i < entry->part_count; i++) {
        hr_put_bytes(&out, entry->parts[i].digest.bytes, HR_DIGEST_SIZE);
    }
    entry->chain = chain_after(previous, hr_buffer_text(&out));
    hr_put_bytes(&out, entry->chain.bytes, HR_DIGEST_SIZE);
    *ret_header = hr_buffer_text(&out);
    return hr_buffer_status(&out);
}

static hr_status get_lead(struct hr_reader *in, struct hr_entry *entry)
{
    uint64_t version = hr_get_uint(in);
    if (!in->failed && version != LEAD_VERSION) {
        return hr_answer(HR_E_VERSION);
    }
    hr_get_bytes(in, entry->key.bytes, sizeof entry->key.bytes);
    entry->position = hr_get_uint(in);
    entry->kind = (enum hr_event_kind)hr_get_uint_max(in, HR_EVENT_erased);
    entry->plan = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    entry->recorded_at = hr_get_int(in);
    hr_instant apart = hr_get_int(in);
    if (__builtin_add_overflow(entry->recorded_at, apart, &entry->occurred_at)) {
        in->failed = true;
    }
    entry->tool = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    entry->type = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    entry->person = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    entry->cause = hr_get_uint(in);
    return in->failed ? hr_answer(HR_E_CORRUPT) : hr_done();
}

static hr_status get_links(struct hr_reader *in, struct hr_arena *into, struct hr_entry *entry)
{
    entry->link_count = (size_t)hr_get_uint_max(in, HR_LINKS_MAX);
    entry->links = hr_arena_new_many(into, struct hr_link, entry->link_count);
    if (entry->links == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < entry->link_count; i++) {
        entry->links[i].record = hr_get_uint(in);
        entry->links[i].previous = hr_get_uint(in);
        entry->links[i].part = (uint8_t)hr_get_uint_max(in, HR_NO_PART);
    }
    return in->failed ? hr_answer(HR_E_CORRUPT) : hr_done();
}

static hr_status get_parts(struct hr_reader *in, struct hr_arena *into, struct hr_entry *entry)
{
    entry->part_count = (size_t)hr_get_uint_max(in, PARTS_MAX);
    entry->parts = hr_arena_new_many(into, struct hr_part, entry->part_count);
    if (entry->parts == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < entry->part_count; i++) {
        hr_get_bytes(in, entry->parts[i].digest.bytes, HR_DIGEST_SIZE);
        entry->parts[i].erased = true;
    }
    for (size_t i = 0; i < entry->link_count; i++) {
        uint8_t part = entry->links[i].part;
        if (part != HR_NO_PART && part >= entry->part_count) {
            return hr_answer(HR_E_CORRUPT);
        }
    }
    return hr_done();
}

hr_status hr_entry_read(struct hr_text header, struct hr_arena *into, struct hr_entry *ret_entry)
{
    struct hr_reader in = hr_reader_over(header);
    *ret_entry = (struct hr_entry){0};
    HR_TRY(get_lead(&in, ret_entry));
    HR_TRY(get_links(&in, into, ret_entry));
    ret_entry->fact_count = (size_t)hr_get_uint_max(&in, HR_FACTS_MAX);
    ret_entry->facts = hr_arena_new_many(into, struct hr_fact, ret_entry->fact_count);
    if (ret_entry->facts == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < ret_entry->fact_count; i++) {
        HR_TRY(hr_get_fact(&in, into, &ret_entry->facts[i]));
    }
    HR_TRY(get_parts(&in, into, ret_entry));
    hr_get_bytes(&in, ret_entry->chain.bytes, HR_DIGEST_SIZE);
    return hr_reader_finished(&in) ? hr_done() : hr_answer(HR_E_CORRUPT);
}

bool hr_entry_chain_holds(struct hr_text header, const struct hr_digest *previous)
{
    if (header.size < HR_DIGEST_SIZE) {
        return false;
    }
    struct hr_text before = hr_text_slice(header, 0, header.size - HR_DIGEST_SIZE);
    struct hr_digest wanted = chain_after(previous, before);
    struct hr_digest written = hr_entry_chain(header);
    return hr_digest_equal(&wanted, &written);
}

struct hr_digest hr_entry_chain(struct hr_text header)
{
    struct hr_digest digest = {{0}};
    if (header.size >= HR_DIGEST_SIZE) {
        memcpy(digest.bytes, header.data + header.size - HR_DIGEST_SIZE, HR_DIGEST_SIZE);
    }
    return digest;
}

struct hr_key hr_entry_key(struct hr_text header)
{
    struct hr_key key = {{0}};
    if (header.size > 1 + HR_KEY_SIZE) {
        memcpy(key.bytes, header.data + 1, HR_KEY_SIZE);
    }
    return key;
}

/* ---- record ids ------------------------------------------------------------------------------- */

enum { ID_SHIFT = 8, ID_ORIGIN = 1 << 16 };

uint64_t hr_record_id(uint64_t position, uint32_t n)
{
    hr_assert(position > 0 && position < (UINT64_C(1) << 44) && n < (1U << ID_SHIFT));
    return ((position + ID_ORIGIN) << ID_SHIFT) | n;
}

uint64_t hr_record_origin(uint64_t record)
{
    return record < HR_RECORD_FIRST ? 0 : (record >> ID_SHIFT) - ID_ORIGIN;
}
