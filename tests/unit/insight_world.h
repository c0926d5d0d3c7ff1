/* What the tests of insight share: the coaching example run by the engine alone, with all records and entries kept in
 * memory. Entries are sealed and read back, so that what a test sees is what a journal would hold. */
#ifndef HR_TESTS_INSIGHT_WORLD_H
#define HR_TESTS_INSIGHT_WORLD_H

#include "insight/insight.h"
#include "unit/workspace_folder.h"

#include <stdlib.h>

enum { WORLD_ENTRIES_MAX = 1000, WORLD_ROUNDS_MAX = 400 };

struct world {
    struct folder folder;
    struct folder later;     /* files that were published after the first */
    struct hr_arena arena;   /* all that is kept */
    struct hr_arena answers; /* what a question answers */
    struct hr_view view;
    struct hr_engine engine;
    struct hr_entry entries[WORLD_ENTRIES_MAX]; /* by position - 1 */
    struct hr_digest chain;
    uint64_t position;
    hr_instant now;
    enum hr_outcome outcome; /* how alerts end */
    struct hr_text answer;
    struct hr_diagnostics found;
    struct hr_lens lens;
};

static inline hr_instant world_time(const char *written)
{
    hr_instant at = 0;
    assert_true(hr_instant_read(hr_text_from(written), &at));
    return at;
}

/* ---- the lens -------------------------------------------------------------------------------- */

static inline hr_status world_record(void *context, uint64_t id, struct hr_arena *into,
                                     struct hr_record **ret_record)
{
    const struct world *world = context;
    (void)into;
    struct hr_record *record = hr_view_record(&world->view, id);
    *ret_record = record != NULL && record->exists ? record : NULL;
    return hr_done();
}

static inline hr_status world_entry(void *context, enum hr_space space, const struct hr_key *key,
                                    uint64_t *ret_value)
{
    const struct world *world = context;
    const struct hr_index_entry *entry = hr_view_entry(&world->view, space, key);
    *ret_value = entry == NULL ? 0 : entry->value;
    return hr_done();
}

static inline hr_status world_scan(void *context, enum hr_space space, const struct hr_key *from,
                                   size_t most, struct hr_arena *into, struct hr_key **ret_keys,
                                   uint64_t **ret_values, size_t *ret_count)
{
    const struct world *world = context;
    struct hr_key after = *from;
    bool first = true;
    *ret_keys = hr_arena_new_many(into, struct hr_key, most);
    *ret_values = hr_arena_new_many(into, uint64_t, most);
    for (*ret_count = 0; *ret_count < most; first = false) {
        const struct hr_index_entry *best = NULL;
        for (size_t i = 0; i < world->view.entry_count; i++) {
            const struct hr_index_entry *entry = &world->view.entries[i];
            int order = memcmp(entry->key.bytes, after.bytes, sizeof after.bytes);
            bool fits =
                entry->space == space && entry->value != 0 && (order > 0 || (first && order == 0));
            if (fits && (best == NULL ||
                         memcmp(entry->key.bytes, best->key.bytes, sizeof best->key.bytes) < 0)) {
                best = entry;
            }
        }
        if (best == NULL) {
            break;
        }
        after = best->key;
        (*ret_keys)[*ret_count] = best->key;
        (*ret_values)[(*ret_count)++] = best->value;
    }
    return hr_done();
}

static inline hr_status world_at(void *context, uint64_t position, struct hr_arena *into,
                                 struct hr_entry *ret_entry)
{
    const struct world *world = context;
    (void)into;
    *ret_entry = (struct hr_entry){0};
    if (position > 0 && position <= world->position) {
        *ret_entry = world->entries[position - 1];
    }
    return hr_done();
}

static inline const struct hr_lens *world_lens(struct world *world)
{
    const struct hr_record *names = hr_view_record(&world->view, HR_ID_NAMES);
    world->lens = (struct hr_lens){.context = world,
                                   .record = world_record,
                                   .entry = world_entry,
                                   .scan = world_scan,
                                   .at = world_at,
                                   .engine = world->engine,
                                   .names = names->names,
                                   .now = world->now,
                                   .position = world->position};
    return &world->lens;
}

/* ---- stepping -------------------------------------------------------------------------------- */

static inline void world_fetch(struct world *world, const struct hr_needs *needs,
                               struct hr_members *members)
{
    for (size_t i = 0; i < needs->record_count; i++) {
        if (hr_view_record(&world->view, needs->records[i]) == NULL) {
            struct hr_record *absent = hr_arena_new(&world->arena, struct hr_record);
            *absent = (struct hr_record){.id = needs->records[i], .hinted_due = HR_INSTANT_NONE};
            assert_true(hr_ok(hr_view_put_record(&world->view, absent)));
        }
    }
    for (size_t i = 0; i < needs->entry_count; i++) {
        enum hr_space space = (enum hr_space)needs->entries[i].space;
        if (hr_view_entry(&world->view, space, &needs->entries[i].key) == NULL) {
            assert_true(
                hr_ok(hr_view_put_entry(&world->view, space, &needs->entries[i].key, 0, false)));
        }
    }
    if (needs->members_in != 0) {
        struct hr_key from = hr_key_pair(needs->members_of, needs->members_after + 1);
        struct hr_key *keys = NULL;
        uint64_t *values = NULL;
        size_t count = 0;
        *members = (struct hr_members){
            .in = needs->members_in, .of = needs->members_of, .after = needs->members_after};
        assert_true(hr_ok(world_scan(world, (enum hr_space)needs->members_in, &from,
                                     HR_SWEEP_MEMBERS, &world->arena, &keys, &values, &count)));
        for (size_t i = 0; i < count; i++) {
            uint64_t issue = 0;
            uint64_t contact = 0;
            hr_key_unpair(&keys[i], &issue, &contact);
            if (issue == needs->members_of) {
                members->ids[members->count++] = contact;
            }
        }
    }
}

/* Seals the entry and keeps it as it reads back. */
static inline void world_keep(struct world *world, struct hr_entry *entry)
{
    static const uint8_t salts[256][HR_SALT_SIZE];
    struct hr_sealed_part *sealed =
        hr_arena_new_many(&world->arena, struct hr_sealed_part, entry->part_count + 1);
    struct hr_text header = HR_TEXT_NONE;
    assert_true(hr_ok(hr_entry_seal(entry, &world->chain, salts, &world->arena, &header, sealed)));
    assert_true(world->position < WORLD_ENTRIES_MAX);
    struct hr_entry *kept = &world->entries[world->position++];
    assert_true(hr_ok(hr_entry_read(header, &world->arena, kept)));
    for (size_t i = 0; i < kept->part_count; i++) {
        assert_true(hr_ok(hr_entry_open_part(kept, i, &sealed[i], &world->arena)));
    }
    world->chain = kept->chain;
}

static inline hr_status world_try(struct world *world, struct hr_event event)
{
    struct hr_members members = {0};
    struct hr_needs *needs = hr_arena_new(&world->arena, struct hr_needs);
    struct hr_entry entry = {0};
    event.position = world->position + 1;
    event.now = world->now;
    for (size_t round = 0; round < WORLD_ROUNDS_MAX; round++) {
        hr_status status =
            hr_engine_step(&world->engine, &world->view, &event, &members, needs, &entry);
        if (status.code != HR_E_NEEDS) {
            if (hr_ok(status) && entry.position != 0) {
                world_keep(world, &entry);
            }
            return status;
        }
        world_fetch(world, needs, &members);
    }
    return hr_answer(HR_E_LIMIT);
}

static inline void world_step(struct world *world, struct hr_event event)
{
    hr_status status = world_try(world, event);
    assert_int_equal(status.code, 0);
}

/* ---- what happens in it ---------------------------------------------------------------------- */

/* Alerts that were intended come back at once, as world->outcome says. */
static inline void world_dispatch(struct world *world)
{
    for (size_t i = 0; i < world->view.record_count; i++) {
        const struct hr_record *record = world->view.records[i];
        if (record->exists && record->kind == HR_RECORD_effect &&
            record->effect->state == HR_EFFECT_intended) {
            world_step(world, (struct hr_event){.kind = HR_EVENT_outcome,
                                                .record = record->id,
                                                .outcome = world->outcome,
                                                .retry_at = HR_INSTANT_NONE,
                                                .answer = world->answer});
        }
    }
}

/* Time passes: everything that comes due happens, in order. */
static inline void world_pass(struct world *world, const char *until)
{
    hr_instant end = world_time(until);
    for (;;) {
        const struct hr_record *next = NULL;
        hr_instant first = end;
        for (size_t i = 0; i < world->view.record_count; i++) {
            const struct hr_record *record = world->view.records[i];
            hr_instant due = record->exists ? hr_record_due(record) : HR_INSTANT_NONE;
            if (due != HR_INSTANT_NONE && (next == NULL ? due <= end : due < first)) {
                next = record;
                first = due;
            }
        }
        if (next == NULL) {
            break;
        }
        world->now = first > world->now ? first : world->now;
        world_step(world,
                   (struct hr_event){.kind = HR_EVENT_due, .record = next->id, .hint_due = first});
        world_dispatch(world);
    }
    world->now = end;
}

static inline struct hr_heard *world_read(struct world *world, const char *tool, struct hr_text raw)
{
    static const struct hr_given nothing;
    struct hr_value payload;
    struct hr_heard *heard = hr_arena_new(&world->arena, struct hr_heard);
    int32_t index = hr_plan_tool(world->engine.plan, hr_text_from(tool));
    assert_true(index >= 0);
    assert_true(hr_ok(hr_json_read(&world->arena, raw, NULL, NULL, &payload)));
    assert_true(hr_ok(hr_engine_read(&world->engine, index, &payload, raw, nothing, world->now,
                                     &world->arena, heard)));
    return heard;
}

/* A tool says something now. JSON with ' for " reads better in a test. */
static inline struct hr_heard *world_hear(struct world *world, const char *tool, const char *json)
{
    struct hr_text text = hr_text_from(json);
    char *raw = hr_arena_alloc(&world->arena, text.size + 1);
    for (size_t i = 0; i < text.size; i++) {
        raw[i] = text.data[i] == '\'' ? '"' : text.data[i];
    }
    struct hr_text bytes = {raw, text.size};
    struct hr_heard *heard = world_read(world, tool, bytes);
    world_step(world, (struct hr_event){.kind = HR_EVENT_heard, .heard = heard, .payload = bytes});
    world_pass(world, hr_text_format(&world->arena, "%.*s",
                                     HR_SHOW(hr_instant_write(&world->arena, world->now)))
                          .data);
    return heard;
}

static inline uint32_t world_person(const struct world *world, const char *id)
{
    return world->engine.plan->people[hr_plan_person(world->engine.plan, hr_text_from(id))]
        .name_number;
}

static inline uint64_t world_issue(struct world *world, const char *number)
{
    uint64_t issue = 0;
    assert_true(hr_ok(hr_find_issue(world_lens(world), hr_text_from(number), &issue)));
    assert_true(issue != 0);
    return issue;
}

static inline uint64_t world_contact(struct world *world, const char *named)
{
    uint64_t contact = 0;
    assert_true(
        hr_ok(hr_find_contact(world_lens(world), hr_text_from(named), &world->answers, &contact)));
    assert_true(contact != 0);
    return contact;
}

static inline void world_command(struct world *world, struct hr_command command)
{
    world_step(world, (struct hr_event){.kind = HR_EVENT_command, .command = &command});
    world_pass(world, hr_instant_write(&world->arena, world->now).data);
}

/* Forgets a contact: the record goes, and its body parts in all entries. */
static inline void world_forget(struct world *world, uint64_t contact)
{
    world_step(world, (struct hr_event){.kind = HR_EVENT_erased, .record = contact});
    for (uint64_t i = 0; i < world->position; i++) {
        struct hr_entry *entry = &world->entries[i];
        for (size_t k = 0; k < entry->link_count; k++) {
            if (entry->links[k].record == contact && entry->links[k].part < entry->part_count) {
                entry->parts[entry->links[k].part] = (struct hr_part){
                    .digest = entry->parts[entry->links[k].part].digest, .erased = true};
            }
        }
    }
}

/* ---- begin and end --------------------------------------------------------------------------- */

static inline void world_publish(struct world *world, struct hr_plan *plan)
{
    world_step(world, (struct hr_event){.kind = HR_EVENT_published,
                                        .payload = HR_TEXT("files"),
                                        .published = plan});
    world->engine.plan = plan;
}

/* The world of a folder that was read. */
static inline struct world *world_of(struct world *world, const char *now)
{
    static const uint8_t secret[HR_KEY_SIZE] = "a test's secret";
    assert_non_null(world->folder.plan);
    hr_arena_init(&world->arena, 256 << 20);
    hr_arena_init(&world->answers, 64 << 20);
    hr_view_init(&world->view, &world->arena);
    hr_diagnostics_init(&world->found, &world->answers);
    world->now = world_time(now);
    world->outcome = HR_OUTCOME_confirmed;
    world->answer = HR_TEXT("250 accepted");
    world->engine.secret = secret;
    world_publish(world, world->folder.plan);
    return world;
}

static inline struct world *world_open(const char *now)
{
    struct world *world = test_calloc(1, sizeof *world);
    folder_coaching(&world->folder);
    return world_of(world, now);
}

static inline void world_close(struct world *world)
{
    hr_arena_close(&world->answers);
    hr_arena_close(&world->arena);
    folder_close(&world->folder);
    if (world->later.plan != NULL) {
        folder_close(&world->later);
    }
    test_free(world);
}

#include "unit/insight_says.h"

#endif
