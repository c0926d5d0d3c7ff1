/* Rebuild: folds the whole journal into fresh tables, compares them with the present ones, and takes their place.
 * The work goes in batches with a commit each; nobody sees the fresh tables until the one commit that renames
 * them. What a rebuild leaves behind is cleared in bites, so that neither WAL nor pause grows with the state. */
#include "store/compare.h"

#include <stdio.h>
#include <string.h>

enum { BATCH_ENTRIES = 1000, BATCH_BYTES = 8 << 20, BATCH_FRAMES = 16384, ARENA_BYTES = 1 << 30 };

/* ---- clearing ---------------------------------------------------------------------------------------- */

static hr_status table_exists(struct lite *lite, const char *name, bool *ret_exists)
{
    sqlite3_stmt *root = NULL;
    HR_TRY(lite_statement(lite, STATEMENT_root, &root));
    (void)sqlite3_bind_text(root, 1, name, -1, SQLITE_STATIC);
    HR_TRY(lite_step(lite, root, ret_exists));
    (void)sqlite3_reset(root);
    return hr_done();
}

static hr_status clear_table(struct hr_store *store, const char *name, const char *bite_sql)
{
    char sql[64];
    bool exists = false;
    HR_TRY(table_exists(&store->lite, name, &exists));
    for (bool empty = !exists; !empty;) {
        HR_TRY(store_begin(store, BATCH_FRAMES));
        HR_TRY(store_end(store, lite_execute(&store->lite, bite_sql)));
        empty = sqlite3_changes(store->lite.db) == 0;
    }
    if (!exists) {
        return hr_done();
    }
    (void)snprintf(sql, sizeof sql, "DROP TABLE %s", name);
    HR_TRY(store_begin(store, 64));
    return store_end(store, lite_execute(&store->lite, sql));
}

hr_status rebuild_clear(struct hr_store *store)
{
#define RECORDS(name)                                                                              \
#name, "DELETE FROM " #name " WHERE id IN (SELECT id FROM " #name " LIMIT 5000)"
#define ENTRIES(name)                                                                              \
#name, "DELETE FROM " #name " WHERE (space, key) IN (SELECT space, key FROM " #name            \
           " LIMIT 20000)"
    HR_TRY(clear_table(store, RECORDS(record_fresh)));
    HR_TRY(clear_table(store, ENTRIES(entry_fresh)));
    HR_TRY(clear_table(store, RECORDS(record_old)));
    return clear_table(store, ENTRIES(entry_old));
#undef RECORDS
#undef ENTRIES
}

/* ---- folding one batch ---------------------------------------------------------------------------------- */

struct batch {
    struct hr_store *store;
    struct hr_arena arena; /* entries, view and what the fold makes; given back after each batch */
    struct hr_view view;
    struct hr_entry *entries;
    size_t entry_count;
    hr_status failed; /* of a read inside the fold, whose face cannot tell why */
};

static struct hr_record *fold_record(void *context, uint64_t id, enum hr_record_kind kind)
{
    struct batch *batch = context;
    batch->failed =
        lite_fetch_records(&batch->store->lite, TABLES_fresh, &id, 1, &batch->view, &batch->arena);
    if (!hr_ok(batch->failed)) {
        return NULL;
    }
    struct hr_record *record = hr_view_record(&batch->view, id);
    hr_assert(record != NULL);
    if (!record->exists) {
        record = hr_record_make(&batch->arena, id, kind);
        batch->failed =
            record == NULL ? hr_answer(HR_E_MEMORY) : hr_view_put_record(&batch->view, record);
    }
    if (record == NULL || !hr_ok(batch->failed)) {
        return NULL;
    }
    record->dirty = true;
    return record;
}

static hr_status fold_put_entry(void *context, enum hr_space space, const struct hr_key *key,
                                uint64_t value)
{
    struct batch *batch = context;
    return hr_view_put_entry(&batch->view, space, key, value, true);
}

static uint64_t fold_entry(void *context, enum hr_space space, const struct hr_key *key)
{
    struct batch *batch = context;
    const struct hr_entry_name name = {.space = (uint8_t)space, .key = *key};
    hr_status status = lite_fetch_entries(&batch->store->lite, TABLES_fresh, &name, 1, &batch->view,
                                          &batch->arena);
    if (!hr_ok(status)) {
        batch->failed = status;
        return 0;
    }
    return hr_view_entry(&batch->view, space, key)->value;
}

static hr_status fold_facts(struct batch *batch, uint64_t position, const struct hr_fact *facts,
                            size_t count)
{
    const struct hr_folding folding = {.context = batch,
                                       .record = fold_record,
                                       .put_entry = fold_put_entry,
                                       .entry = fold_entry,
                                       .arena = &batch->arena};
    for (size_t i = 0; i < count; i++) {
        hr_status status = hr_fold_fact(&folding, position, &facts[i]);
        HR_TRY(batch->failed);
        HR_TRY(status);
    }
    return hr_done();
}

static hr_status fold_links(struct batch *batch, const struct hr_entry *entry)
{
    for (size_t i = 0; i < entry->link_count; i++) {
        uint64_t id = entry->links[i].record;
        HR_TRY(lite_fetch_records(&batch->store->lite, TABLES_fresh, &id, 1, &batch->view,
                                  &batch->arena));
        struct hr_record *record = hr_view_record(&batch->view, id);
        if (record->exists) {
            record->last_position = entry->position;
            record->dirty = true;
        }
    }
    return hr_done();
}

static hr_status fold_entry_whole(struct batch *batch, const struct hr_entry *entry)
{
    HR_TRY(fold_facts(batch, entry->position, entry->facts, entry->fact_count));
    for (size_t i = 0; i < entry->part_count; i++) {
        if (!entry->parts[i].erased) {
            HR_TRY(fold_facts(batch, entry->position, entry->parts[i].facts,
                              entry->parts[i].fact_count));
        }
    }
    return fold_links(batch, entry);
}

/* ---- what a batch will need, in order of its keys ----------------------------------------------------------- */

struct wanted {
    uint64_t *ids;
    size_t id_count;
    size_t id_capacity;
    struct hr_entry_name *names;
    size_t name_count;
    size_t name_capacity;
};

static hr_status want_id(struct batch *batch, struct wanted *wanted, uint64_t id)
{
    wanted->ids = hr_list_grow(&batch->arena, wanted->ids, wanted->id_count, &wanted->id_capacity,
                               sizeof *wanted->ids);
    if (wanted->ids == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    wanted->ids[wanted->id_count++] = id;
    return hr_done();
}

static hr_status want_facts(struct batch *batch, struct wanted *wanted, const struct hr_fact *facts,
                            size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t ids[2];
        enum hr_space space = HR_SPACE_match;
        struct hr_key key;
        size_t id_count = hr_fact_records(&facts[i], ids);
        for (size_t j = 0; j < id_count; j++) {
            HR_TRY(want_id(batch, wanted, ids[j]));
        }
        if (!hr_fact_entry(&facts[i], &space, &key)) {
            continue;
        }
        wanted->names = hr_list_grow(&batch->arena, wanted->names, wanted->name_count,
                                     &wanted->name_capacity, sizeof *wanted->names);
        if (wanted->names == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        wanted->names[wanted->name_count++] =
            (struct hr_entry_name){.space = (uint8_t)space, .key = key};
    }
    return hr_done();
}

static hr_status prefetch(struct batch *batch)
{
    struct wanted wanted = {0};
    for (size_t i = 0; i < batch->entry_count; i++) {
        const struct hr_entry *entry = &batch->entries[i];
        HR_TRY(want_facts(batch, &wanted, entry->facts, entry->fact_count));
        for (size_t j = 0; j < entry->part_count; j++) {
            HR_TRY(want_facts(batch, &wanted, entry->parts[j].facts, entry->parts[j].fact_count));
        }
        for (size_t j = 0; j < entry->link_count; j++) {
            HR_TRY(want_id(batch, &wanted, entry->links[j].record));
        }
    }
    struct lite *lite = &batch->store->lite;
    HR_TRY(lite_fetch_records(lite, TABLES_fresh, wanted.ids, wanted.id_count, &batch->view,
                              &batch->arena));
    return lite_fetch_entries(lite, TABLES_fresh, wanted.names, wanted.name_count, &batch->view,
                              &batch->arena);
}

/* ---- all batches ------------------------------------------------------------------------------------------------ */

/* Reads the next entries whole, so that no read stands open while the fold commits. */
static hr_status read_batch(struct batch *batch, uint64_t from)
{
    struct walk walk;
    bool found = true;
    hr_status status = hr_done();
    hr_arena_rewind(&batch->arena, (struct hr_arena_mark){0});
    hr_view_init(&batch->view, &batch->arena);
    batch->entry_count = 0;
    batch->entries = hr_arena_new_many(&batch->arena, struct hr_entry, BATCH_ENTRIES);
    if (batch->entries == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    walk_begin(&walk, &batch->store->lite, &batch->store->shelf, from);
    while (batch->entry_count < BATCH_ENTRIES && batch->arena.used_bytes < BATCH_BYTES) {
        struct stored stored;
        status = walk_next(&walk, &batch->arena, &stored, &found);
        if (!hr_ok(status) || !found) {
            break;
        }
        if (stored.position != from + batch->entry_count) {
            status = hr_answer(HR_E_CORRUPT);
            break;
        }
        status = stored_open(&stored, &batch->arena, &batch->entries[batch->entry_count]);
        if (!hr_ok(status)) {
            break;
        }
        batch->entry_count++;
    }
    walk_end(&walk);
    return status;
}

static hr_status fold_batch(struct batch *batch)
{
    HR_TRY(prefetch(batch));
    for (size_t i = 0; i < batch->entry_count; i++) {
        HR_TRY(fold_entry_whole(batch, &batch->entries[i]));
    }
    return lite_write_view(&batch->store->lite, TABLES_fresh, &batch->view, &batch->arena);
}

static hr_status fold_all(struct hr_store *store)
{
    struct batch batch = {.store = store};
    uint64_t next = 1;
    hr_status status = hr_done();
    hr_arena_init(&batch.arena, ARENA_BYTES);
    while (hr_ok(status) && next <= store->position) {
        status = read_batch(&batch, next);
        if (hr_ok(status) && batch.entry_count == 0) {
            status = hr_answer(HR_E_CORRUPT); /* the tip says that more was written */
        }
        if (hr_ok(status)) {
            status = store_begin(store, BATCH_FRAMES);
        }
        if (hr_ok(status)) {
            status = store_end(store, fold_batch(&batch));
        }
        next += batch.entry_count;
    }
    hr_arena_close(&batch.arena);
    return status;
}

static hr_status swap(struct lite *lite)
{
    return lite_execute(
        lite, "ALTER TABLE record RENAME TO record_old; ALTER TABLE entry RENAME TO entry_old;"
              "ALTER TABLE record_fresh RENAME TO record; ALTER TABLE entry_fresh RENAME TO entry");
}

hr_status hr_store_rebuild(struct hr_store *store, uint64_t *ret_differences,
                           struct hr_text *reterr_first, struct hr_arena *into)
{
    *ret_differences = 0;
    *reterr_first = HR_TEXT_NONE;
    HR_TRY(rebuild_clear(store));
    HR_TRY(store_begin(store, 64));
    HR_TRY(store_end(store, lite_execute(&store->lite, store_schema_fresh)));
    HR_TRY(fold_all(store));
    HR_TRY(compare_states(&store->lite, into, ret_differences, reterr_first));
    HR_TRY(store_begin(store, 64));
    HR_TRY(store_end(store, swap(&store->lite)));
    known_forget_all(&store->known);
    return rebuild_clear(store);
}
