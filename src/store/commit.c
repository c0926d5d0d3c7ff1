/* The commit: journal rows, bodies, what the view changed, delivery keys, erasures and the tip, in one
 * transaction. Rows are written in order of their keys. */
#include "store/inside.h"

#include <stdlib.h>
#include <string.h>

enum { ROW_BYTES_MAX = 8 << 20 };

/* ---- what the view changed ------------------------------------------------------------------------- */

static int compare_records(const void *a, const void *b)
{
    const struct hr_record *left = *(struct hr_record *const *)a;
    const struct hr_record *right = *(struct hr_record *const *)b;
    return (left->id > right->id) - (left->id < right->id);
}

static hr_status write_record(struct lite *lite, enum tables tables, const struct hr_record *record,
                              struct hr_buffer *row)
{
    sqlite3_stmt *put = NULL;
    if (!record->exists) {
        HR_TRY(lite_statement(lite, STATEMENT_record_remove + tables, &put));
        lite_bind_number(put, 1, record->id);
        return lite_run(lite, put);
    }
    size_t folded = 0;
    row->size = 0;
    hr_record_write(row, record, &folded);
    uint32_t check = row_check(record->id, hr_buffer_text(row));
    hr_buffer_add(row, &check, sizeof check);
    HR_TRY(hr_buffer_status(row));
    HR_TRY(lite_statement(lite, STATEMENT_record_put + tables, &put));
    lite_bind_number(put, 1, record->id);
    lite_bind_bytes(put, 2, row->data, row->size);
    return lite_run(lite, put);
}

static hr_status write_records(struct lite *lite, enum tables tables, struct hr_view *view,
                               struct hr_arena *scratch)
{
    struct hr_record **dirty = hr_arena_new_many(scratch, struct hr_record *, view->record_count);
    if (dirty == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    size_t count = 0;
    for (size_t i = 0; i < view->record_count; i++) {
        if (view->records[i]->dirty) {
            dirty[count++] = view->records[i];
        }
    }
    qsort(dirty, count, sizeof(struct hr_record *), compare_records);
    struct hr_buffer row;
    hr_buffer_init(&row, scratch, ROW_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        HR_TRY(write_record(lite, tables, dirty[i], &row));
    }
    return hr_done();
}

static int compare_entries(const void *a, const void *b)
{
    const struct hr_index_entry *left = *(struct hr_index_entry *const *)a;
    const struct hr_index_entry *right = *(struct hr_index_entry *const *)b;
    int spaces = (left->space > right->space) - (left->space < right->space);
    return spaces != 0 ? spaces : memcmp(left->key.bytes, right->key.bytes, HR_KEY_SIZE);
}

static hr_status write_entries(struct lite *lite, enum tables tables, struct hr_view *view,
                               struct hr_arena *scratch)
{
    struct hr_index_entry **dirty =
        hr_arena_new_many(scratch, struct hr_index_entry *, view->entry_count);
    if (dirty == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    size_t count = 0;
    for (size_t i = 0; i < view->entry_count; i++) {
        if (view->entries[i].dirty) {
            dirty[count++] = &view->entries[i];
        }
    }
    qsort(dirty, count, sizeof(struct hr_index_entry *), compare_entries);
    for (size_t i = 0; i < count; i++) {
        bool gone = dirty[i]->value == 0;
        sqlite3_stmt *put = NULL;
        HR_TRY(lite_statement(lite, (gone ? STATEMENT_entry_remove : STATEMENT_entry_put) + tables,
                              &put));
        lite_bind_number(put, 1, dirty[i]->space);
        lite_bind_bytes(put, 2, dirty[i]->key.bytes, HR_KEY_SIZE);
        if (!gone) {
            lite_bind_number(put, 3, dirty[i]->value);
        }
        HR_TRY(lite_run(lite, put));
    }
    return hr_done();
}

hr_status lite_write_view(struct lite *lite, enum tables tables, struct hr_view *view,
                          struct hr_arena *scratch)
{
    HR_TRY(hints_keep(lite, tables, view, scratch));
    HR_TRY(write_records(lite, tables, view, scratch));
    return write_entries(lite, tables, view, scratch);
}

/* ---- journal rows ----------------------------------------------------------------------------------- */

/* Rows for the end of a table are put there eight at a time: a statement that goes on where it stands need not begin
 * anew and look for the end again. */
enum { TOGETHER = 8 };

/* A place that is bound to nothing would be a row of nothing. */
static void check_places(sqlite3_stmt *put, size_t rows, size_t columns)
{
    hr_assert((size_t)sqlite3_bind_parameter_count(put) == rows * columns);
}

static void bind_row(sqlite3_stmt *put, size_t at, const struct hr_row *row)
{
    const int first = 1 + 2 * (int)at;
    lite_bind_number(put, first, row->position);
    lite_bind_bytes(put, first + 1, row->header.data, row->header.size);
}

static hr_status write_rows(struct lite *lite, const struct hr_row *rows, size_t count)
{
    for (size_t done = 0; done < count;) {
        const size_t size = count - done < TOGETHER ? 1 : TOGETHER;
        sqlite3_stmt *put = NULL;
        HR_TRY(lite_statement(lite, size == 1 ? STATEMENT_journal_put : STATEMENT_journal_put_eight,
                              &put));
        check_places(put, size, 2);
        for (size_t at = 0; at < size; at++) {
            bind_row(put, at, &rows[done + at]);
        }
        HR_TRY(lite_run(lite, put));
        done += size;
    }
    return hr_done();
}

struct body {
    uint64_t id;
    const struct hr_sealed_part *part;
};

static void bind_body(sqlite3_stmt *put, size_t at, const struct body *body)
{
    const int first = 1 + 3 * (int)at;
    lite_bind_number(put, first, body->id);
    lite_bind_bytes(put, first + 1, body->part->salt, HR_SALT_SIZE);
    lite_bind_bytes(put, first + 2, body->part->bytes.data, body->part->bytes.size);
}

static hr_status write_bodies(struct lite *lite, const struct body *bodies, size_t count)
{
    for (size_t done = 0; done < count;) {
        const size_t size = count - done < TOGETHER ? 1 : TOGETHER;
        sqlite3_stmt *put = NULL;
        HR_TRY(
            lite_statement(lite, size == 1 ? STATEMENT_body_put : STATEMENT_body_put_eight, &put));
        check_places(put, size, 3);
        for (size_t at = 0; at < size; at++) {
            bind_body(put, at, &bodies[done + at]);
        }
        HR_TRY(lite_run(lite, put));
        done += size;
    }
    return hr_done();
}

static size_t count_parts(const struct hr_commit *commit)
{
    size_t count = 0;
    for (size_t i = 0; i < commit->row_count; i++) {
        count += commit->rows[i].part_count;
    }
    return count;
}

static hr_status write_parts(struct hr_store *store, const struct hr_commit *commit)
{
    struct body *bodies = hr_arena_new_many(&store->scratch, struct body, count_parts(commit));
    size_t count = 0;
    if (bodies == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < commit->row_count; i++) {
        const struct hr_row *row = &commit->rows[i];
        hr_assert(row->part_count < HR_NO_PART);
        for (size_t j = 0; j < row->part_count; j++) {
            bodies[count++] = (struct body){row->position << PART_BITS | j, &row->parts[j]};
        }
    }
    return write_bodies(&store->lite, bodies, count);
}

static hr_status write_journal(struct hr_store *store, const struct hr_commit *commit)
{
    for (size_t i = 0; i < commit->row_count; i++) {
        hr_assert(commit->rows[i].position == store->position + 1 + i);
    }
    HR_TRY(write_rows(&store->lite, commit->rows, commit->row_count));
    HR_TRY(write_parts(store, commit));
    if (commit->row_count == 0) {
        return hr_done();
    }
    return lite_tip_put(&store->lite, store->position + commit->row_count, &commit->chain);
}

/* ---- erasures --------------------------------------------------------------------------------------- */

hr_status lite_erase_body(struct lite *lite, uint64_t position, uint8_t part)
{
    sqlite3_stmt *erase = NULL;
    HR_TRY(lite_statement(lite, STATEMENT_body_erase, &erase));
    lite_bind_number(erase, 1, position << PART_BITS | part);
    return lite_run(lite, erase);
}

static hr_status erase_live(struct hr_store *store, const struct hr_commit *commit)
{
    if (commit->erasure_count > 0) {
        HR_TRY(scrub_due_put(store, true));
    }
    for (size_t i = 0; i < commit->erasure_count; i++) {
        if (commit->erasures[i].position > store->sealed) {
            HR_TRY(lite_erase_body(&store->lite, commit->erasures[i].position,
                                   commit->erasures[i].part));
        }
    }
    return hr_done();
}

/* ---- the whole --------------------------------------------------------------------------------------- */

/* Pages that the commit may write at most, near enough: one for each thing that may lie alone, and the bytes. */
static uint64_t frames_of(const struct hr_commit *commit)
{
    uint64_t frames = 64 + 3 * commit->erasure_count;
    uint64_t bytes = 0;
    for (size_t i = 0; i < commit->row_count; i++) {
        bytes += commit->rows[i].header.size + 64;
        for (size_t j = 0; j < commit->rows[i].part_count; j++) {
            bytes += commit->rows[i].parts[j].bytes.size + 64;
        }
    }
    if (commit->view != NULL) {
        frames += 2 * commit->view->record_count + commit->view->entry_count;
    }
    return frames + 2 * bytes / STORE_PAGE_BYTES;
}

static hr_status write_all(struct hr_store *store, const struct hr_commit *commit,
                           struct seen_flush *flush, struct rewrites *rewrites)
{
    HR_TRY(write_journal(store, commit));
    HR_TRY(erase_live(store, commit));
    HR_TRY(
        archives_erase(store, commit->erasures, commit->erasure_count, &store->scratch, rewrites));
    if (commit->view != NULL) {
        HR_TRY(lite_write_view(&store->lite, TABLES_present, commit->view, &store->scratch));
    }
    HR_TRY(seen_flush_begin(&store->seen, &store->lite, commit->row_count, store->position, flush));
    return seen_reserve(&store->seen, commit->row_count + flush->rest_count);
}

static void accept(struct hr_store *store, const struct hr_commit *commit)
{
    for (size_t i = 0; i < commit->row_count; i++) {
        hr_status added = seen_add(&store->seen, &commit->rows[i].key);
        hr_assert(hr_ok(added)); /* reserved before */
    }
    if (commit->view != NULL) {
        known_take(&store->known, commit->view);
    }
    atomic_fetch_add(&store->commits, 1);
    atomic_fetch_add(&store->rows, commit->row_count);
    if (commit->erasure_count > 0) {
        store->scrub_due = true;
        store_count_archives(store);
    }
    if (commit->row_count > 0) {
        store->position += commit->row_count;
        store->chain = commit->chain;
    }
}

hr_status hr_store_commit(struct hr_store *store, const struct hr_commit *commit)
{
    struct seen_flush flush = {0};
    struct rewrites rewrites = {0};
    struct hr_arena_mark mark = hr_arena_mark(&store->scratch);
    uint64_t frames = frames_of(commit);
    if (store->seen.recent_count + commit->row_count > store->seen.run_keys) {
        frames += store->seen.run_keys / 200 + 100;
    }
    HR_TRY(store_begin(store, frames));
    hr_status status = write_all(store, commit, &flush, &rewrites);
    bool later = commit->sync_later && commit->erasure_count == 0;
    status = later ? store_end_later(store, status) : store_end(store, status);
    seen_flush_done(&store->seen, &flush, hr_ok(status));
    if (!archives_in_doubt(status)) {
        archives_settle(store, &rewrites, hr_ok(status));
    }
    if (hr_ok(status)) {
        accept(store, commit);
    }
    hr_arena_rewind(&store->scratch, mark);
    return status;
}
