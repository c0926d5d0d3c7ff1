/* Opening and closing: the lock that keeps a second daemon out, the settings every promise rests on, a new
 * store's first rows, and what memory holds beside the file. */
#include "store/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { CACHE_BYTES = 144 << 20, SCRATCH_BYTES = 512 << 20 };

/* ---- folder and lock ----------------------------------------------------------------------------- */

static hr_status make_folder(const char *path)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST) {
        return hr_done();
    }
    return hr_answer(errno == ENOSPC || errno == EDQUOT ? HR_E_FULL : HR_E_IO);
}

static hr_status take_lock(struct hr_store *store, const struct hr_store_options *options)
{
    char path[1100];
    if (options->create) {
        HR_TRY(make_folder(store->shelf.folder));
        (void)snprintf(path, sizeof path, "%s/archive", store->shelf.folder);
        HR_TRY(make_folder(path));
    }
    (void)snprintf(path, sizeof path, "%s/lock", store->shelf.folder);
    store->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (store->lock < 0) {
        return hr_answer(errno == ENOENT ? HR_E_INPUT : HR_E_IO);
    }
    if (flock(store->lock, LOCK_EX | LOCK_NB) != 0) {
        return hr_answer(errno == EWOULDBLOCK ? HR_E_REFUSED : HR_E_IO);
    }
    return hr_done();
}

/* ---- the database --------------------------------------------------------------------------------------- */

static hr_status has_tables(struct lite *lite, bool *ret_has)
{
    sqlite3_stmt *count = NULL;
    hr_status status = lite_status(
        lite, sqlite3_prepare_v2(lite->db, "SELECT count(*) FROM sqlite_schema", -1, &count, NULL));
    if (hr_ok(status)) {
        status = lite_status(lite, sqlite3_step(count));
        *ret_has = sqlite3_column_int64(count, 0) > 0;
    }
    (void)sqlite3_finalize(count);
    return status;
}

/* The WAL as the connection has it open from here to its end. */
static hr_status find_wal(struct hr_store *store)
{
    bool has = false;
    sqlite3_file *wal = NULL;
    HR_TRY(has_tables(&store->lite, &has)); /* a read: it opens the WAL */
    int result = sqlite3_file_control(store->lite.db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
    store->wal = gather_inner(wal);
    return result == SQLITE_OK && store->wal != NULL && store->wal->pMethods != NULL
               ? hr_done()
               : hr_answer(HR_E_IO);
}

static hr_status connect(struct hr_store *store, const struct hr_store_options *options)
{
    int there = 0;
    (void)store->shelf.vfs->xAccess(store->shelf.vfs, store->path, SQLITE_ACCESS_EXISTS, &there);
    if (there == 0 && !options->create) {
        return hr_answer(HR_E_INPUT);
    }
    int flags = SQLITE_OPEN_READWRITE | (options->create ? SQLITE_OPEN_CREATE : 0);
    HR_TRY(lite_open(&store->lite, store->path, options->vfs, flags));
    char settings[512];
    size_t cache = options->cache_bytes == 0 ? CACHE_BYTES : options->cache_bytes;
    size_t wal = options->wal_bytes_max == 0 ? (size_t)128 << 20 : options->wal_bytes_max;
    /* synchronous: a commit does not sync the WAL, hr_store_sync does; checkpoints and a WAL's new head still do */
    /* secure_delete: what leaves a row leaves its page; the hot path frees no pages, so it costs nothing there */
    (void)snprintf(
        settings, sizeof settings,
        "PRAGMA page_size = %d; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; "
        "PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -%zu; "
        "PRAGMA journal_size_limit = %zu",
        STORE_PAGE_BYTES, cache / 1024, wal);
    HR_TRY(lite_execute(&store->lite, settings));
    return find_wal(store);
}

static hr_status write_first_rows(struct hr_store *store, const struct hr_store_options *options)
{
    const uint8_t format = STORE_VERSION;
    const uint32_t run_keys = options->seen_run_keys == 0 ? SEEN_RUN_KEYS : options->seen_run_keys;
    const struct hr_digest chain = {{0}};
    char mark[64];
    (void)snprintf(mark, sizeof mark, "PRAGMA application_id = %d", STORE_APPLICATION);
    HR_TRY(lite_execute(&store->lite, mark));
    HR_TRY(lite_execute(&store->lite, store_schema));
    HR_TRY(lite_meta_put(&store->lite, "format", &format, sizeof format));
    HR_TRY(lite_meta_put(&store->lite, "secret", options->secret, HR_KEY_SIZE));
    HR_TRY(lite_meta_put(&store->lite, "run_keys", &run_keys, sizeof run_keys));
    return lite_tip_put(&store->lite, 0, &chain);
}

static hr_status make_tables(struct hr_store *store, const struct hr_store_options *options)
{
    bool has = false;
    HR_TRY(has_tables(&store->lite, &has));
    if (has) {
        return hr_done();
    }
    if (!options->create) {
        return hr_answer(HR_E_INPUT);
    }
    HR_TRY(store_begin(store, 0));
    return store_end(store, write_first_rows(store, options));
}

/* ---- what memory holds ------------------------------------------------------------------------------------ */

/* Those of them that are archived already: seldom any, but where few messages come. */
static hr_status load_archived(struct hr_store *store)
{
    struct walk walk;
    struct stored stored;
    bool found = store->seen.flushed < store->sealed;
    hr_status status = hr_done();
    walk_begin(&walk, &store->lite, &store->shelf, store->seen.flushed + 1);
    while (found && hr_ok(status)) {
        hr_arena_rewind(&store->scratch, (struct hr_arena_mark){0});
        status = walk_next(&walk, &store->scratch, &stored, &found);
        found = found && stored.position <= store->sealed;
        if (hr_ok(status) && found) {
            struct hr_key key = hr_entry_key(stored.header);
            status = seen_add(&store->seen, &key);
        }
    }
    walk_end(&walk);
    return status;
}

/* Delivery keys newer than the newest run stand only in the headers. The bodies are not touched: a start has no time
 * for them. */
static hr_status load_recent(struct hr_store *store)
{
    sqlite3_stmt *journal = NULL;
    bool found = false;
    HR_TRY(load_archived(store));
    uint64_t from = store->seen.flushed > store->sealed ? store->seen.flushed : store->sealed;
    HR_TRY(lite_statement(&store->lite, STATEMENT_journal_from, &journal));
    lite_bind_number(journal, 1, from + 1);
    hr_status status = lite_step(&store->lite, journal, &found);
    while (hr_ok(status) && found) {
        struct hr_key key = hr_entry_key(lite_bytes(journal, 1));
        status = seen_add(&store->seen, &key);
        status = hr_ok(status) ? lite_step(&store->lite, journal, &found) : status;
    }
    (void)sqlite3_reset(journal);
    /* what was read once is not needed again: an idle daemon stays small */
    (void)sqlite3_db_release_memory(store->lite.db);
    (void)malloc_trim(0);
    return status;
}

static hr_status read_sealed(struct hr_store *store)
{
    bool found = false;
    sqlite3_stmt *newest = NULL;
    HR_TRY(lite_statement(&store->lite, STATEMENT_archive_newest, &newest));
    HR_TRY(lite_step(&store->lite, newest, &found));
    if (found) {
        store->sealed = lite_number(newest, 0);
        (void)sqlite3_reset(newest);
    }
    return hr_done();
}

static hr_status open_all(struct hr_store *store, const struct hr_store_options *options)
{
    uint32_t run_keys = 0;
    bool found = false;
    HR_TRY(shelf_init(&store->shelf, options, store->path));
    store->real_disk = options->vfs == NULL;
    if (store->real_disk) {
        HR_TRY(take_lock(store, options));
    }
    HR_TRY(connect(store, options));
    HR_TRY(make_tables(store, options));
    HR_TRY(lite_meta_open(&store->lite, store->secret));
    HR_TRY(lite_meta_get(&store->lite, "run_keys", &run_keys, sizeof run_keys, &found));
    if (!found || run_keys < 16 || run_keys > SEEN_RUN_KEYS) {
        return hr_answer(HR_E_CORRUPT);
    }
    HR_TRY(lite_tip_get(&store->lite, &store->position, &store->chain));
    HR_TRY(read_sealed(store));
    HR_TRY(scrub_due_get(store));
    HR_TRY(checkpointer_open(store, options));
    store->scouts.path = store->path;
    store->scouts.allowed = options->background && store->real_disk;
    store->scouts.always = options->scout_always;
    HR_TRY(archives_tidy(store));
    store_count_archives(store);
    HR_TRY(rebuild_clear(store));
    HR_TRY(known_open(&store->known, options->known_slots));
    HR_TRY(seen_open(&store->seen, &store->lite, run_keys));
    return load_recent(store);
}

/* ---- the face ------------------------------------------------------------------------------------------------ */

static void init_waiting(struct checkpointer *it)
{
    pthread_condattr_t attributes;
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&it->changed, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    (void)pthread_mutex_init(&it->mutex, NULL);
    it->frames_most = UINT32_MAX; /* until the options are read */
}

hr_status hr_store_open(const struct hr_store_options *options, struct hr_store **ret_store)
{
    struct hr_store *store = calloc(1, sizeof *store);
    *ret_store = NULL;
    if (store == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    store->lock = -1;
    store->lite.broken = &store->broken;
    hr_arena_init(&store->scratch, SCRATCH_BYTES);
    init_waiting(&store->checkpointer);
    scouts_init(&store->scouts);
    hr_status status = open_all(store, options);
    if (!hr_ok(status)) {
        hr_store_close(store);
        return status;
    }
    *ret_store = store;
    return hr_done();
}

void hr_store_close(struct hr_store *store)
{
    if (store == NULL) {
        return;
    }
    checkpointer_close(store);
    scouts_close(&store->scouts);
    if (store->lite.db != NULL) {
        /* after a failed fsync nothing more is written: the next start reads what the disk really has */
        (void)sqlite3_db_config(store->lite.db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
                                atomic_load(&store->broken) ? 1 : 0, NULL);
        lite_close(&store->lite);
    }
    pacer_close(&store->checkpointer.pacer);
    seen_close(&store->seen);
    known_close(&store->known);
    hr_arena_close(&store->scratch);
    (void)pthread_mutex_destroy(&store->checkpointer.mutex);
    (void)pthread_cond_destroy(&store->checkpointer.changed);
    if (store->lock >= 0) {
        (void)close(store->lock);
    }
    free(store);
}

hr_status store_begin(struct hr_store *store, uint64_t frames)
{
    if (atomic_load(&store->broken)) {
        return hr_answer(HR_E_IO);
    }
    HR_TRY(checkpointer_writer_begin(store, frames));
    sqlite3_stmt *begin = NULL;
    hr_status status = lite_statement(&store->lite, STATEMENT_begin_write, &begin);
    if (hr_ok(status)) {
        status = lite_run(&store->lite, begin);
    }
    if (!hr_ok(status)) {
        checkpointer_writer_end(store);
    }
    return status;
}

hr_status store_end_later(struct hr_store *store, hr_status so_far)
{
    sqlite3_stmt *end = NULL;
    if (hr_ok(so_far)) {
        so_far = lite_statement(&store->lite, STATEMENT_commit, &end);
        so_far = hr_ok(so_far) ? lite_run(&store->lite, end) : so_far;
    }
    if (sqlite3_get_autocommit(store->lite.db) == 0) {
        (void)sqlite3_exec(store->lite.db, "ROLLBACK", NULL, NULL, NULL);
    }
    checkpointer_writer_end(store);
    return so_far;
}

hr_status store_end(struct hr_store *store, hr_status so_far)
{
    so_far = store_end_later(store, so_far);
    return hr_ok(so_far) ? hr_store_sync(store) : so_far;
}

hr_status hr_store_sync(struct hr_store *store)
{
    if (atomic_load(&store->broken)) {
        return hr_answer(HR_E_IO);
    }
#ifdef HR_PLANT_skip_sync
    return hr_done();
#endif
    if (store->wal->pMethods->xSync(store->wal, SQLITE_SYNC_NORMAL) == SQLITE_OK) {
        return hr_done();
    }
    /* what the disk holds is unknown from here on, and asking again would not tell */
    atomic_store(&store->broken, true);
    return hr_answer(HR_E_IO);
}

uint64_t hr_store_position(const struct hr_store *store)
{
    return store->position;
}

struct hr_digest hr_store_chain(const struct hr_store *store)
{
    return store->chain;
}

const uint8_t *hr_store_secret(const struct hr_store *store)
{
    return store->secret;
}

void store_count_archives(struct hr_store *store)
{
    sqlite3_stmt *sum = NULL;
    bool found = false;
    if (hr_ok(lite_statement(&store->lite, STATEMENT_archive_bytes, &sum)) &&
        hr_ok(lite_step(&store->lite, sum, &found)) && found) {
        atomic_store(&store->archive_bytes, lite_number(sum, 0));
        (void)sqlite3_reset(sum);
    }
}

/* The database's size, without a word to the connection where the disk is a real one. */
static uint64_t database_bytes(struct hr_store *store)
{
    sqlite3_file *file = NULL;
    sqlite3_int64 size = 0;
    struct stat about;
    if (store->real_disk) {
        return stat(store->path, &about) == 0 ? (uint64_t)about.st_size : 0;
    }
    (void)sqlite3_file_control(store->lite.db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    bool known = file != NULL && file->pMethods != NULL &&
                 file->pMethods->xFileSize(file, &size) == SQLITE_OK;
    return known ? (uint64_t)size : 0;
}

void hr_store_figures(struct hr_store *store, struct hr_store_figures *ret_figures)
{
    struct checkpointer *it = &store->checkpointer;
    struct statvfs disk;
    *ret_figures = (struct hr_store_figures){
        .commits = atomic_load(&store->commits),
        .rows = atomic_load(&store->rows),
        .archive_bytes = atomic_load(&store->archive_bytes),
        .database_bytes = database_bytes(store),
        .scouted = scouts_looked(&store->scouts),
    };
    (void)pthread_mutex_lock(&it->mutex);
    ret_figures->wal_bytes = it->frames * STORE_FRAME_BYTES;
    ret_figures->wal_bytes_highest = it->frames_highest * STORE_FRAME_BYTES;
    ret_figures->checkpoints = it->passes;
    (void)pthread_mutex_unlock(&it->mutex);
    if (store->real_disk && statvfs(store->shelf.folder, &disk) == 0) {
        ret_figures->free_disk_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
    }
}
