/* Scrub: after an erasure no byte of it stays. secure_delete zeroes what leaves a row, and bodies are zeroed in place;
 * two places remain. The WAL still has older pages: it is emptied and cut. And when SQLite moves rows
 * between neighbouring pages it leaves old bytes in the space between a page's row pointers and its rows; that
 * space is zeroed here in the file itself, while nobody can write. It holds nothing that anyone reads, so even
 * a torn write of zeros there harms no page. */
#include "store/inside.h"

#include <stdlib.h>
#include <string.h>

enum {
    PAGE_INTERIOR = 5,
    PAGE_LEAF = 13,
    DEPTH_MAX = 24,
    EDGE_LEAVES = 16 /* of `body`: only sealing moves its rows, at the old end */
};

struct cleaning {
    sqlite3_file *file;
    uint32_t page_count;
    uint32_t *waiting; /* pages to visit, the next one last */
    size_t waiting_count;
    size_t waiting_capacity;
    uint64_t leaves;
    uint8_t page[STORE_PAGE_BYTES];
};

static uint32_t number_at(const uint8_t *bytes, size_t size)
{
    uint32_t number = 0;
    for (size_t i = 0; i < size; i++) {
        number = number << 8 | bytes[i];
    }
    return number;
}

static hr_status push(struct cleaning *cleaning, uint32_t page)
{
    if (page == 0 || page > cleaning->page_count ||
        cleaning->waiting_count > DEPTH_MAX * STORE_PAGE_BYTES) {
        return hr_answer(HR_E_CORRUPT);
    }
    if (cleaning->waiting_count == cleaning->waiting_capacity) {
        size_t capacity = cleaning->waiting_capacity * 2 + 1024;
        uint32_t *waiting = realloc(cleaning->waiting, capacity * sizeof *waiting);
        if (waiting == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        cleaning->waiting = waiting;
        cleaning->waiting_capacity = capacity;
    }
    cleaning->waiting[cleaning->waiting_count++] = page;
    return hr_done();
}

/* Children in reverse, so that the leftmost is visited first. */
static hr_status push_children(struct cleaning *cleaning, size_t cells)
{
    HR_TRY(push(cleaning, number_at(cleaning->page + 8, 4)));
    for (size_t i = cells; i-- > 0;) {
        size_t at = number_at(cleaning->page + 12 + 2 * i, 2);
        if (at > STORE_PAGE_BYTES - 4) {
            return hr_answer(HR_E_CORRUPT);
        }
        HR_TRY(push(cleaning, number_at(cleaning->page + at, 4)));
    }
    return hr_done();
}

static hr_status clean_gap(struct cleaning *cleaning, uint32_t number, size_t from, size_t until)
{
    static const uint8_t zeros[STORE_PAGE_BYTES];
    if (from > until || until > STORE_PAGE_BYTES) {
        return hr_answer(HR_E_CORRUPT);
    }
    if (memcmp(cleaning->page + from, zeros, until - from) == 0) {
        return hr_done();
    }
    sqlite3_int64 at = (sqlite3_int64)(number - 1) * STORE_PAGE_BYTES;
    memset(cleaning->page + from, 0, until - from);
    int result =
        cleaning->file->pMethods->xWrite(cleaning->file, cleaning->page, STORE_PAGE_BYTES, at);
    return hr_answer(result == SQLITE_OK ? 0 : HR_E_IO);
}

static hr_status visit(struct cleaning *cleaning, uint32_t number)
{
    sqlite3_int64 at = (sqlite3_int64)(number - 1) * STORE_PAGE_BYTES;
    if (cleaning->file->pMethods->xRead(cleaning->file, cleaning->page, STORE_PAGE_BYTES, at) !=
        SQLITE_OK) {
        return hr_answer(HR_E_IO);
    }
    uint8_t kind = cleaning->page[0];
    size_t cells = number_at(cleaning->page + 3, 2);
    size_t start = number_at(cleaning->page + 5, 2);
    size_t head = kind == PAGE_INTERIOR ? 12 : 8;
    if ((kind != PAGE_INTERIOR && kind != PAGE_LEAF) || head + 2 * cells > STORE_PAGE_BYTES) {
        return hr_answer(HR_E_CORRUPT);
    }
    if (kind == PAGE_INTERIOR) {
        HR_TRY(push_children(cleaning, cells));
    }
    cleaning->leaves += kind == PAGE_LEAF;
    return clean_gap(cleaning, number, head + 2 * cells, start);
}

static hr_status clean_table(struct lite *lite, struct cleaning *cleaning, const char *name,
                             uint64_t leaves_most)
{
    sqlite3_stmt *root = NULL;
    HR_TRY(lite_statement(lite, STATEMENT_root, &root));
    (void)sqlite3_bind_text(root, 1, name, -1, SQLITE_STATIC);
    bool found = false;
    HR_TRY(lite_step(lite, root, &found));
    uint32_t page = found ? (uint32_t)lite_number(root, 0) : 0;
    (void)sqlite3_reset(root);
    cleaning->leaves = 0;
    cleaning->waiting_count = 0;
    HR_TRY(push(cleaning, page));
    while (cleaning->waiting_count > 0 && cleaning->leaves < leaves_most) {
        HR_TRY(visit(cleaning, cleaning->waiting[--cleaning->waiting_count]));
    }
    return hr_done();
}

static hr_status sync_file(struct hr_store *store, sqlite3_file *file)
{
    if (file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) != SQLITE_OK) {
        atomic_store(&store->broken, true);
        return hr_answer(HR_E_IO);
    }
    return hr_done();
}

static hr_status clean_file(struct hr_store *store)
{
    struct cleaning cleaning = {0};
    sqlite3_int64 size = 0;
    (void)sqlite3_file_control(store->lite.db, "main", SQLITE_FCNTL_FILE_POINTER, &cleaning.file);
    hr_assert(cleaning.file != NULL && cleaning.file->pMethods != NULL);
    if (cleaning.file->pMethods->xFileSize(cleaning.file, &size) != SQLITE_OK) {
        return hr_answer(HR_E_IO);
    }
    cleaning.page_count = (uint32_t)(size / STORE_PAGE_BYTES);
    hr_status status = clean_table(&store->lite, &cleaning, "record", UINT64_MAX);
    if (hr_ok(status)) {
        status = clean_table(&store->lite, &cleaning, "body", EDGE_LEAVES);
    }
    free(cleaning.waiting);
    HR_TRY(status);
    HR_TRY(sync_file(store, cleaning.file));
    /* SQLite cuts the WAL without syncing it: after a power cut the old bytes could be back */
    sqlite3_file *wal = NULL;
    (void)sqlite3_file_control(store->lite.db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
    return wal == NULL || wal->pMethods == NULL ? hr_done() : sync_file(store, wal);
}

/* ---- what is due ------------------------------------------------------------------------------------ */

static const char due_name[] = "scrub";

hr_status scrub_due_get(struct hr_store *store)
{
    uint8_t due = 0;
    bool found = false;
    HR_TRY(lite_meta_get(&store->lite, due_name, &due, sizeof due, &found));
    store->scrub_due = due != 0;
    return hr_done();
}

hr_status scrub_due_put(struct hr_store *store, bool due)
{
    const uint8_t value = due;
    return lite_meta_put(&store->lite, due_name, &value, sizeof value);
}

bool hr_store_scrub_due(const struct hr_store *store)
{
    return store->scrub_due;
}

/* Without room for it the next start scrubs once more. */
static hr_status note_clean(struct hr_store *store)
{
    store->scrub_due = false;
    hr_status status = store_begin(store, 8);
    if (hr_ok(status)) {
        status = store_end(store, scrub_due_put(store, false));
    }
    return status.code == HR_E_FULL ? hr_done() : status;
}

/* ---- the whole -------------------------------------------------------------------------------------- */

static hr_status empty_wal(struct hr_store *store, uint32_t wait_ms)
{
    (void)sqlite3_busy_timeout(store->lite.db, (int)wait_ms);
    hr_status status = checkpointer_empty(store);
    (void)sqlite3_busy_timeout(store->lite.db, BUSY_MS);
    return status.code == HR_E_REFUSED ? hr_answer(HR_SCRUB_LATER) : status;
}

hr_status hr_store_scrub(struct hr_store *store, uint32_t wait_ms)
{
    if (atomic_load(&store->broken)) {
        return hr_answer(HR_E_IO);
    }
    HR_TRY(archives_tidy(store));
    hr_status status = empty_wal(store, wait_ms);
    if (hr_ok(status)) {
        /* pages in memory still have the old bytes and would bring them back when they are next written */
        status = lite_status(&store->lite, sqlite3_db_release_memory(store->lite.db));
    }
    if (hr_ok(status)) {
        status = clean_file(store);
    }
    checkpointer_release(store);
    return hr_ok(status) && store->scrub_due ? note_clean(store) : status;
}
