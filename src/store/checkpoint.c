/* Checkpoints: pages from the WAL into the database, beside the writer and bounded.
 *
 * A thread copies whenever 8 MiB wait. A WAL that is written to without a pause never comes to its end,
 * so from half of its limit on the thread holds the writer for the last few pages; then the WAL
 * begins anew, over blocks the disk already has. A writer that meets the limit waits. Without the thread (the
 * simulator) the same passes run inside the commit. */
#include "store/inside.h"

#include <errno.h>
#include <string.h>
#include <time.h>

enum {
    PASS_FRAMES = 2048,       /* what is rewritten meanwhile is copied once */
    LAST_FRAMES = 256,        /* few enough to let the writer wait for */
    INLINE_FRAMES = 256,      /* without a thread */
    PAUSE_MS = 50,            /* after a pass that got nowhere */
    LAST_READERS_WAIT_MS = 20 /* while the writer is held */
};

/* ---- one pass ------------------------------------------------------------------------------------ */

static hr_status copy_pages(struct lite *lite, int mode, int *ret_log, int *ret_done)
{
    *ret_log = 0;
    *ret_done = 0;
    return lite_status(lite, sqlite3_wal_checkpoint_v2(lite->db, NULL, mode, ret_log, ret_done));
}

static void began_anew(struct checkpointer *it)
{
    it->frames = 0;
    it->done = 0;
    it->turn++;
}

/* SQLite syncs the database only when a pass reaches the WAL's end. Done after every pass, it leaves the last one,
 * for which the writer waits, next to nothing to sync. */
static hr_status sync_database(struct lite *lite)
{
    sqlite3_file *file = NULL;
    (void)sqlite3_file_control(lite->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    hr_assert(file != NULL && file->pMethods != NULL);
    return lite_status(lite, file->pMethods->xSync(file, SQLITE_SYNC_NORMAL));
}

/* Mutex held on entry and on return. `whole`: to the end, so that the next commit begins the WAL anew. */
static void pass(struct checkpointer *it, struct lite *lite, bool whole)
{
    int log = 0;
    int done = 0;
    uint64_t turn = it->turn;
    pacer_hurry(&it->pacer, it->frames - it->done, it->frames_most);
    (void)pthread_mutex_unlock(&it->mutex);
    hr_status status = copy_pages(
        lite, whole ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE, &log, &done);
    pacer_wait(&it->pacer);
    if (hr_ok(status) && !whole && it->background) {
        status = sync_database(lite);
    }
    (void)pthread_mutex_lock(&it->mutex);
    it->last = status;
    it->passes++;
    if (whole && hr_ok(status)) {
        began_anew(it);
    } else if (turn == it->turn && done > 0) {
        it->done = (uint64_t)done < it->frames ? (uint64_t)done : it->frames;
    }
}

/* ---- the thread ------------------------------------------------------------------------------------- */

static struct timespec after_ms(int64_t ms)
{
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += ms / 1000;
    at.tv_nsec += ms % 1000 * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

static bool is_due(const struct checkpointer *it)
{
    return !it->paused && (it->room_wanted || it->frames - it->done >= PASS_FRAMES ||
                           it->frames >= it->frames_most / 2);
}

static bool wants_whole(const struct checkpointer *it)
{
    bool few_left = it->frames - it->done <= LAST_FRAMES;
    return it->room_wanted || it->frames >= it->frames_most / 4 * 3 ||
           (it->frames >= it->frames_most / 2 && few_left);
}

static void thread_pass(struct checkpointer *it)
{
    bool whole = wants_whole(it);
    it->held = whole;
    while (it->held && it->writing) {
        (void)pthread_cond_wait(&it->changed, &it->mutex);
    }
    it->passing = true;
    pass(it, &it->lite, whole);
    it->passing = false;
    it->held = false;
    it->room_wanted = it->room_wanted && !hr_ok(it->last);
    (void)pthread_cond_broadcast(&it->changed);
    if (!hr_ok(it->last) && !it->stop) {
        struct timespec until = after_ms(PAUSE_MS);
        (void)pthread_cond_timedwait(&it->changed, &it->mutex, &until);
    }
}

static void *run(void *context)
{
    struct checkpointer *it = context;
    (void)pthread_mutex_lock(&it->mutex);
    while (!it->stop) {
        if (is_due(it) && !atomic_load(it->lite.broken)) {
            thread_pass(it);
        } else {
            (void)pthread_cond_wait(&it->changed, &it->mutex);
        }
    }
    (void)pthread_mutex_unlock(&it->mutex);
    return NULL;
}

/* ---- the writer's side -------------------------------------------------------------------------------- */

static bool has_room(const struct checkpointer *it, uint64_t frames)
{
    return it->frames == 0 || it->frames + frames <= it->frames_most;
}

/* Mutex held. */
static hr_status wait_for_room(struct checkpointer *it, uint64_t frames)
{
    struct timespec until = after_ms(READERS_WAIT_MS);
    it->last = hr_done();
    while (it->held || !has_room(it, frames)) {
        it->room_wanted = !has_room(it, frames);
        if (it->last.code == HR_E_FULL || it->last.code == HR_E_IO) {
            return it->last;
        }
        (void)pthread_cond_broadcast(&it->changed);
        if (pthread_cond_timedwait(&it->changed, &it->mutex, &until) == ETIMEDOUT) {
            return hr_answer(HR_E_FULL);
        }
    }
    return hr_done();
}

hr_status checkpointer_writer_begin(struct hr_store *store, uint64_t frames)
{
    struct checkpointer *it = &store->checkpointer;
    hr_status status = hr_done();
    (void)pthread_mutex_lock(&it->mutex);
    if (it->background) {
        status = wait_for_room(it, frames);
    } else if (!has_room(it, frames)) {
        pass(it, &store->lite, true);
        status = it->last.code == HR_E_REFUSED ? hr_answer(HR_E_FULL) : it->last;
    }
    it->writing = hr_ok(status);
    (void)pthread_mutex_unlock(&it->mutex);
    return status;
}

void checkpointer_writer_end(struct hr_store *store)
{
    struct checkpointer *it = &store->checkpointer;
    (void)pthread_mutex_lock(&it->mutex);
    if (it->hooked < it->frames) {
        began_anew(it);
    }
    it->frames = it->hooked;
    it->frames_highest = it->frames > it->frames_highest ? it->frames : it->frames_highest;
    it->writing = false;
    if (it->held || is_due(it)) {
        (void)pthread_cond_broadcast(&it->changed);
    }
    if (!it->background && it->frames - it->done >= INLINE_FRAMES && !atomic_load(&store->broken)) {
        pass(it, &store->lite, false);
    }
    (void)pthread_mutex_unlock(&it->mutex);
}

/* No commit need follow for long: until one does, the thread would pass again and again over frames that are gone. */
static void note_empty(struct checkpointer *it)
{
    (void)pthread_mutex_lock(&it->mutex);
    it->hooked = 0;
    began_anew(it);
    (void)pthread_mutex_unlock(&it->mutex);
}

hr_status checkpointer_empty(struct hr_store *store)
{
    struct checkpointer *it = &store->checkpointer;
    int log = 0;
    int done = 0;
    (void)pthread_mutex_lock(&it->mutex);
    it->paused = true;
    while (it->passing || it->held) {
        (void)pthread_cond_wait(&it->changed, &it->mutex);
    }
    (void)pthread_mutex_unlock(&it->mutex);
    hr_status status = copy_pages(&store->lite, SQLITE_CHECKPOINT_TRUNCATE, &log, &done);
    if (hr_ok(status)) {
        note_empty(it);
    }
    return status;
}

void checkpointer_release(struct hr_store *store)
{
    struct checkpointer *it = &store->checkpointer;
    (void)pthread_mutex_lock(&it->mutex);
    it->paused = false;
    (void)pthread_cond_broadcast(&it->changed);
    (void)pthread_mutex_unlock(&it->mutex);
}

/* ---- opening --------------------------------------------------------------------------------------------- */

static int on_commit(void *context, sqlite3 *db, const char *name, int frames)
{
    struct checkpointer *it = context;
    (void)db;
    (void)name;
    it->hooked = (uint64_t)frames;
    return SQLITE_OK;
}

hr_status checkpointer_open(struct hr_store *store, const struct hr_store_options *options)
{
    struct checkpointer *it = &store->checkpointer;
    size_t wal_bytes = options->wal_bytes_max == 0 ? (size_t)128 << 20 : options->wal_bytes_max;
    it->frames_most = wal_bytes / STORE_FRAME_BYTES;
    it->lite.broken = &store->broken;
    (void)sqlite3_wal_hook(store->lite.db, on_commit, it);
    it->background = options->background;
    if (!it->background) {
        return hr_done();
    }
    HR_TRY(lite_open(&it->lite, store->path, options->vfs, SQLITE_OPEN_READWRITE));
    (void)sqlite3_busy_timeout(it->lite.db, LAST_READERS_WAIT_MS);
    HR_TRY(lite_execute(&it->lite, "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; "
                                   "PRAGMA cache_size = 16"));
    pacer_open(&it->pacer, &it->lite);
    it->started = pthread_create(&it->thread, NULL, run, it) == 0;
    return it->started ? hr_done() : hr_answer(HR_E_MEMORY);
}

void checkpointer_close(struct hr_store *store)
{
    struct checkpointer *it = &store->checkpointer;
    if (it->started) {
        (void)pthread_mutex_lock(&it->mutex);
        it->stop = true;
        (void)pthread_cond_broadcast(&it->changed);
        (void)pthread_mutex_unlock(&it->mutex);
        (void)pthread_join(it->thread, NULL);
    }
    if (it->lite.db != NULL) {
        lite_close(&it->lite);
    }
}
