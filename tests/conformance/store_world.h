/* A small business to keep in a store: contacts that say things, one deadline each. It folds as the engine does, so
 * that a rebuild must give the same. */
#ifndef HR_TESTS_STORE_WORLD_H
#define HR_TESTS_STORE_WORLD_H

#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { WORLD_ROWS_MAX = 512, NAME_email = 1, NAME_offer = 2, NAME_form = 3, NAME_delivered = 4 };
#define WORLD_DAY ((hr_instant)86400 * 1000000)

struct world {
    char folder[128];
    struct hr_store_options options;
    struct hr_store *store;
    struct hr_arena arena; /* of the open batch */
    struct hr_view view;
    struct hr_row rows[WORLD_ROWS_MAX];
    struct hr_erasure erasures[WORLD_ROWS_MAX];
    size_t row_count;
    size_t erasure_count;
    struct hr_digest chain;
    hr_status failed;
};

/* ---- opening --------------------------------------------------------------------------------------- */

static inline void world_open(struct world *world)
{
    hr_status status = hr_store_open(&world->options, &world->store);
    assert_int_equal(status.code, 0);
    hr_arena_init(&world->arena, 512 << 20);
}

static inline void world_close(struct world *world)
{
    hr_arena_close(&world->arena);
    hr_store_close(world->store);
    world->store = NULL;
}

static inline void world_reopen(struct world *world)
{
    world_close(world);
    world_open(world);
}

static inline void world_make(struct world *world)
{
    *world = (struct world){0};
    const char *base = getenv("TMPDIR");
    (void)snprintf(world->folder, sizeof world->folder, "%s/handrail-store-XXXXXX",
                   base != NULL ? base : "/tmp");
    assert_non_null(mkdtemp(world->folder));
    world->options = (struct hr_store_options){.folder = world->folder,
                                               .cache_bytes = 8 << 20,
                                               .background = true,
                                               .create = true,
                                               .seen_run_keys = 64,
                                               .secret = "sixteen bytes..."};
}

static inline void world_remove(struct world *world)
{
    char command[256];
    if (world->store != NULL) {
        world_close(world);
    }
    (void)snprintf(command, sizeof command, "rm -rf '%s'", world->folder);
    assert_int_equal(system(command), 0);
}

/* ---- folding into the batch's view ------------------------------------------------------------------- */

static inline struct hr_record *world_record(void *context, uint64_t id, enum hr_record_kind kind)
{
    struct world *world = context;
    world->failed = hr_store_fetch_records(world->store, &id, 1, &world->view);
    assert_int_equal(world->failed.code, 0);
    struct hr_record *record = hr_view_record(&world->view, id);
    if (!record->exists) {
        record = hr_record_make(world->view.arena, id, kind);
        assert_int_equal(hr_view_put_record(&world->view, record).code, 0);
    }
    record->dirty = true;
    return record;
}

static inline hr_status world_put_entry(void *context, enum hr_space space,
                                        const struct hr_key *key, uint64_t value)
{
    struct world *world = context;
    return hr_view_put_entry(&world->view, space, key, value, true);
}

static inline uint64_t world_entry(void *context, enum hr_space space, const struct hr_key *key)
{
    struct world *world = context;
    const struct hr_entry_name name = {.space = (uint8_t)space, .key = *key};
    assert_int_equal(hr_store_fetch_entries(world->store, &name, 1, &world->view).code, 0);
    return hr_view_entry(&world->view, space, key)->value;
}

static inline void world_fold(struct world *world, uint64_t position, const struct hr_fact *facts,
                              size_t count)
{
    const struct hr_folding folding = {.context = world,
                                       .record = world_record,
                                       .put_entry = world_put_entry,
                                       .entry = world_entry,
                                       .arena = &world->arena};
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(hr_fold_fact(&folding, position, &facts[i]).code, 0);
    }
}

/* ---- a batch ------------------------------------------------------------------------------------------- */

static inline void batch_begin(struct world *world)
{
    hr_arena_rewind(&world->arena, (struct hr_arena_mark){0});
    hr_view_init(&world->view, &world->arena);
    world->row_count = 0;
    world->erasure_count = 0;
    world->chain = hr_store_chain(world->store);
}

static inline struct hr_key key_numbered(uint64_t number)
{
    static const uint8_t secret[HR_KEY_SIZE] = "delivery keys...";
    return hr_key_of(secret, (struct hr_text){(const char *)&number, sizeof number});
}

static inline void batch_seal(struct world *world, struct hr_entry *entry)
{
    assert_true(world->row_count < WORLD_ROWS_MAX);
    struct hr_sealed_part *parts =
        hr_arena_new_many(&world->arena, struct hr_sealed_part, entry->part_count);
    uint8_t salts[4][HR_SALT_SIZE] = {{1, 2, 3}, {4, 5, 6}};
    memcpy(salts[0] + 8, &entry->position, 8);
    struct hr_text header;
    hr_status status = hr_entry_seal(entry, &world->chain, (const uint8_t(*)[HR_SALT_SIZE])salts,
                                     &world->arena, &header, parts);
    assert_int_equal(status.code, 0);
    for (size_t i = 0; i < entry->link_count; i++) {
        uint64_t id = entry->links[i].record;
        struct hr_record *record = hr_view_record(&world->view, id);
        if (record->exists) {
            record->last_position = entry->position;
            record->dirty = true;
        }
    }
    world->chain = entry->chain;
    world->rows[world->row_count++] = (struct hr_row){.position = entry->position,
                                                      .key = entry->key,
                                                      .header = header,
                                                      .parts = parts,
                                                      .part_count = entry->part_count};
}

static inline uint64_t batch_position(const struct world *world)
{
    return hr_store_position(world->store) + world->row_count + 1;
}

static inline uint64_t world_last(struct world *world, uint64_t id)
{
    assert_int_equal(hr_store_fetch_records(world->store, &id, 1, &world->view).code, 0);
    struct hr_record *record = hr_view_record(&world->view, id);
    return record->exists ? record->last_position : 0;
}

/* The first entry: the words that numbers stand for. */
static inline void batch_add_names(struct world *world)
{
    static const char *const words[] = {"email", "offer", "form", "delivered"};
    struct hr_fact facts[4] = {0};
    struct hr_entry entry = {.position = batch_position(world),
                             .kind = HR_EVENT_published,
                             .facts = facts,
                             .fact_count = 4};
    for (uint32_t i = 0; i < 4; i++) {
        facts[i] = (struct hr_fact){
            .kind = HR_FACT_name_added, .number = i + 1, .text = hr_text_from(words[i])};
    }
    world_fold(world, entry.position, facts, 4);
    batch_seal(world, &entry);
}

/* Contact `id` (0: a new one) says that its offer is `offer`, and a handoff opens with a deadline. Answers the id. */
static inline uint64_t batch_add_said(struct world *world, uint64_t id, const char *offer,
                                      struct hr_key key)
{
    uint64_t position = batch_position(world);
    hr_instant at = (hr_instant)position * 1000000 + 20000 * WORLD_DAY;
    offer = hr_text_copy(&world->arena, hr_text_from(offer)).data;
    struct hr_fact facts[4];
    size_t count = 0;
    bool is_new = id == 0;
    id = is_new ? hr_record_id(position, 0) : id;
    if (is_new) {
        facts[count++] = (struct hr_fact){.kind = HR_FACT_contact_created, .record = id, .at = at};
        facts[count++] = (struct hr_fact){
            .kind = HR_FACT_key_linked, .record = id, .name = NAME_email, .key = key_numbered(~id)};
    }
    facts[count++] = (struct hr_fact){.kind = HR_FACT_field_set,
                                      .record = id,
                                      .name = NAME_offer,
                                      .other = NAME_form,
                                      .state = HR_FIELD_WINS,
                                      .at = at,
                                      .value = hr_value_text(hr_text_from(offer))};
    if (is_new) {
        facts[count++] = (struct hr_fact){.kind = HR_FACT_handoff_opened,
                                          .record = id,
                                          .name = NAME_delivered,
                                          .at = at,
                                          .until = at + WORLD_DAY,
                                          .third = at + 2 * WORLD_DAY,
                                          .number = position};
    }
    struct hr_link link = {.record = id, .previous = is_new ? 0 : world_last(world, id), .part = 0};
    struct hr_part part = {.payload = hr_text_from(offer), .facts = facts, .fact_count = count};
    struct hr_entry entry = {.position = position,
                             .kind = HR_EVENT_heard,
                             .recorded_at = at,
                             .occurred_at = at,
                             .tool = NAME_form,
                             .type = NAME_form,
                             .key = key,
                             .links = &link,
                             .link_count = 1,
                             .parts = &part,
                             .part_count = 1};
    world_fold(world, position, facts, count);
    batch_seal(world, &entry);
    return id;
}

/* The contact is forgotten: an entry without personal data, and the parts of all its entries are erased. */
static inline void batch_add_forgotten(struct world *world, uint64_t id, const uint64_t *positions,
                                       size_t count)
{
    struct hr_fact fact = {.kind = HR_FACT_contact_erased, .record = id};
    struct hr_link link = {.record = id, .previous = world_last(world, id), .part = HR_NO_PART};
    struct hr_entry entry = {.position = batch_position(world),
                             .kind = HR_EVENT_erased,
                             .facts = &fact,
                             .fact_count = 1,
                             .links = &link,
                             .link_count = 1};
    world_fold(world, entry.position, &fact, 1);
    batch_seal(world, &entry);
    for (size_t i = 0; i < count; i++) {
        world->erasures[world->erasure_count++] =
            (struct hr_erasure){.position = positions[i], .part = 0};
    }
}

static inline hr_status batch_commit(struct world *world)
{
    const struct hr_commit commit = {.rows = world->rows,
                                     .row_count = world->row_count,
                                     .view = &world->view,
                                     .erasures = world->erasures,
                                     .erasure_count = world->erasure_count,
                                     .chain = world->chain};
    return hr_store_commit(world->store, &commit);
}

/* `count` new contacts, in batches. Their first position is answered; their offers are "offer N". */
static inline uint64_t world_fill(struct world *world, size_t count)
{
    uint64_t first = hr_store_position(world->store) + 1;
    for (size_t done = 0; done < count;) {
        batch_begin(world);
        for (size_t i = 0; i < 50 && done < count; i++, done++) {
            char offer[32];
            uint64_t position = batch_position(world);
            (void)snprintf(offer, sizeof offer, "offer %llu", (unsigned long long)position);
            (void)batch_add_said(world, 0, offer, key_numbered(position));
        }
        assert_int_equal(batch_commit(world).code, 0);
    }
    return first;
}

#endif
