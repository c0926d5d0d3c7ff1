/* How insight reads a store: a lens over a reader's snapshot. */
#include "server/host.h"

static hr_status lens_record(void *context, uint64_t id, struct hr_arena *into,
                             struct hr_record **ret_record)
{
    return hr_store_read_record(context, id, into, ret_record);
}

static hr_status lens_entry(void *context, enum hr_space space, const struct hr_key *key,
                            uint64_t *ret_value)
{
    return hr_store_read_entry(context, space, key, ret_value);
}

static hr_status lens_scan(void *context, enum hr_space space, const struct hr_key *from,
                           size_t most, struct hr_arena *into, struct hr_key **ret_keys,
                           uint64_t **ret_values, size_t *ret_count)
{
    struct hr_scanned *items = NULL;
    HR_TRY(hr_store_read_scan(context, space, from, most, into, &items, ret_count));
    *ret_keys = hr_arena_new_many(into, struct hr_key, *ret_count);
    *ret_values = hr_arena_new_many(into, uint64_t, *ret_count);
    if (*ret_keys == NULL || *ret_values == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < *ret_count; i++) {
        (*ret_keys)[i] = items[i].key;
        (*ret_values)[i] = items[i].value;
    }
    return hr_done();
}

static hr_status lens_at(void *context, uint64_t position, struct hr_arena *into,
                         struct hr_entry *ret_entry)
{
    return hr_store_read_entry_at(context, position, into, ret_entry, NULL);
}

hr_status hr_lens_open(struct hr_store_reader *reader, const struct hr_plan *plan, hr_instant now,
                       struct hr_arena *into, struct hr_lens *ret_lens)
{
    static const struct hr_names no_names;
    struct hr_record *names = NULL;
    HR_TRY(hr_store_read_record(reader, HR_ID_NAMES, into, &names));
    *ret_lens = (struct hr_lens){
        .context = reader,
        .record = lens_record,
        .entry = lens_entry,
        .scan = lens_scan,
        .at = lens_at,
        .engine = {.plan = plan,
                   .secret = hr_store_reader_secret(reader),
                   .automates = hr_automates()},
        .names = names == NULL ? &no_names : names->names,
        .now = now,
        .position = hr_store_reader_position(reader),
    };
    return hr_done();
}
