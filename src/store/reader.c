/* Readers: own read-only connections beside the writer. In WAL mode they wait for nobody and need no byte of free
 * disk. */
#include "store/inside.h"

#include <stdlib.h>

static hr_status open_all(struct hr_store_reader *reader, const struct hr_store_options *options)
{
    char path[1100];
    HR_TRY(shelf_init(&reader->shelf, options, path));
    int there = 0;
    (void)reader->shelf.vfs->xAccess(reader->shelf.vfs, path, SQLITE_ACCESS_EXISTS, &there);
    if (there == 0) {
        return hr_answer(HR_E_INPUT);
    }
    HR_TRY(lite_open(&reader->lite, path, options->vfs, SQLITE_OPEN_READONLY));
    HR_TRY(lite_execute(&reader->lite, "PRAGMA cache_size = -3072"));
    return lite_meta_open(&reader->lite, reader->secret);
}

hr_status hr_store_reader_open(const struct hr_store_options *options,
                               struct hr_store_reader **ret_reader)
{
    struct hr_store_reader *reader = calloc(1, sizeof *reader);
    *ret_reader = NULL;
    if (reader == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    reader->lite.broken = &reader->broken;
    hr_status status = open_all(reader, options);
    if (!hr_ok(status)) {
        hr_store_reader_close(reader);
        return status;
    }
    *ret_reader = reader;
    return hr_done();
}

void hr_store_reader_close(struct hr_store_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    if (reader->lite.db != NULL) {
        hr_store_reader_end(reader);
        lite_close(&reader->lite);
    }
    free(reader);
}

hr_status hr_store_reader_begin(struct hr_store_reader *reader)
{
    sqlite3_stmt *begin = NULL;
    hr_assert(!reader->reading);
    HR_TRY(lite_statement(&reader->lite, STATEMENT_begin_read, &begin));
    HR_TRY(lite_run(&reader->lite, begin));
    reader->reading = true;
    hr_status status = lite_tip_get(&reader->lite, &reader->position, &reader->chain);
    if (!hr_ok(status)) {
        hr_store_reader_end(reader);
    }
    return status;
}

void hr_store_reader_end(struct hr_store_reader *reader)
{
    if (reader->reading) {
        (void)sqlite3_exec(reader->lite.db, "ROLLBACK", NULL, NULL, NULL);
        reader->reading = false;
    }
}

uint64_t hr_store_reader_position(const struct hr_store_reader *reader)
{
    return reader->position;
}

const uint8_t *hr_store_reader_secret(const struct hr_store_reader *reader)
{
    return reader->secret;
}

hr_status hr_store_read_record(struct hr_store_reader *reader, uint64_t id, struct hr_arena *into,
                               struct hr_record **ret_record)
{
    return lite_read_record(&reader->lite, TABLES_present, id, into, ret_record);
}

hr_status hr_store_read_entry(struct hr_store_reader *reader, enum hr_space space,
                              const struct hr_key *key, uint64_t *ret_value)
{
    return lite_read_entry(&reader->lite, TABLES_present, (uint8_t)space, key, ret_value);
}

hr_status hr_store_read_scan(struct hr_store_reader *reader, enum hr_space space,
                             const struct hr_key *from, size_t most, struct hr_arena *into,
                             struct hr_scanned **ret_items, size_t *ret_count)
{
    return lite_scan(&reader->lite, space, from, most, into, ret_items, ret_count);
}

static hr_status read_row(sqlite3_stmt *row, struct hr_arena *into, struct hr_record **ret_record)
{
    struct hr_text bytes = HR_TEXT_NONE;
    uint64_t id = lite_number(row, 0);
    HR_TRY(row_open(id, lite_bytes(row, 1), &bytes));
    bytes = hr_text_copy(into, bytes);
    if (bytes.data == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    return hr_record_read(id, bytes, into, ret_record);
}

hr_status hr_store_read_records(struct hr_store_reader *reader, uint64_t from, size_t most,
                                struct hr_arena *into, struct hr_record ***ret_records,
                                size_t *ret_count)
{
    sqlite3_stmt *rows = NULL;
    size_t capacity = 0;
    bool more = false;
    hr_status status = hr_done();
    *ret_records = NULL;
    *ret_count = 0;
    HR_TRY(lite_statement(&reader->lite, STATEMENT_records_from, &rows));
    lite_bind_number(rows, 1, from);
    while (hr_ok(status) && *ret_count < most) {
        status = lite_step(&reader->lite, rows, &more);
        if (!hr_ok(status) || !more) {
            break;
        }
        struct hr_record **records =
            hr_list_grow(into, *ret_records, *ret_count, &capacity, sizeof(struct hr_record *));
        if (records == NULL) {
            status = hr_answer(HR_E_MEMORY);
            break;
        }
        *ret_records = records;
        status = read_row(rows, into, &records[*ret_count]);
        *ret_count += hr_ok(status);
    }
    (void)sqlite3_reset(rows);
    return status;
}

/* The chain digest of the entry before; the header at hand must follow from it, so that a flipped bit is never
 * served as what happened. */
static hr_status chain_before(struct hr_store_reader *reader, uint64_t position,
                              struct hr_arena *into, struct hr_digest *ret_chain)
{
    struct stored before;
    bool found = false;
    *ret_chain = (struct hr_digest){{0}};
    if (position <= 1) {
        return hr_done();
    }
    HR_TRY(stored_at(&reader->lite, &reader->shelf, position - 1, into, &before, &found));
    *ret_chain = found ? hr_entry_chain(before.header) : *ret_chain;
    return found ? hr_done() : hr_answer(HR_E_CORRUPT);
}

hr_status hr_store_read_entry_at(struct hr_store_reader *reader, uint64_t position,
                                 struct hr_arena *into, struct hr_entry *ret_entry,
                                 struct hr_text *ret_header)
{
    struct stored stored;
    struct hr_digest chain;
    bool found = false;
    HR_TRY(chain_before(reader, position, into, &chain));
    HR_TRY(stored_at(&reader->lite, &reader->shelf, position, into, &stored, &found));
    if (!found || !hr_entry_chain_holds(stored.header, &chain)) {
        return hr_answer(HR_E_CORRUPT);
    }
    HR_TRY(stored_open(&stored, into, ret_entry));
    if (ret_header != NULL) {
        *ret_header = stored.header;
    }
    return hr_done();
}
