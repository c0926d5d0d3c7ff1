/* Reading ahead of the writer. It needs the records of a batch one after another, and where the system's cache does
 * not hold them (after a start, on a small machine, beside programs that want memory) each costs a wait of its own,
 * while nobody else is answered. Scouts are threads that read the same rows at the same time, each through a
 * connection of its own, and throw away what they read: the page is in the system's cache, or on its way, when the
 * writer comes to it. A disk that is asked for four pages brings them in little more time than one.
 *
 * They are called only while reads do go to the disk: the system counts those of each thread. Whatever goes wrong with
 * a scout, the writer reads for itself. */
#include "store/inside.h"

#include <string.h>
#include <sys/resource.h>

enum {
    IDS_FEW = 4,    /* not worth waking anybody */
    CALLS_MORE = 64 /* fetches that are scouted after the last one for which the disk was asked */
};

/* Blocks that this thread waited for the disk to bring; 0 where the system does not tell. */
static uint64_t blocks_read(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_THREAD, &usage) == 0 ? (uint64_t)usage.ru_inblock : 0;
}

/* ---- a scout ---------------------------------------------------------------------------------------- */

static void look_at(struct lite *lite, uint64_t id)
{
    sqlite3_stmt *get = NULL;
    bool found = false;
    if (hr_ok(lite_statement(lite, STATEMENT_record_get, &get))) {
        lite_bind_number(get, 1, id);
        (void)hr_ok(lite_step(lite, get, &found)); /* who needs the row asks again, and is told */
        (void)sqlite3_reset(get);
    }
}

/* Mutex held on entry and on return. */
static void look_at_next(struct scouts *it, struct lite *lite)
{
    uint64_t id = it->ids[it->next++];
    (void)pthread_mutex_unlock(&it->mutex);
    uint64_t before = blocks_read();
    look_at(lite, id);
    bool from_disk = blocks_read() != before;
    (void)pthread_mutex_lock(&it->mutex);
    it->looked++;
    it->found_cold = it->found_cold || from_disk;
}

static void *run(void *context)
{
    struct scouts *it = context;
    struct lite lite = {.broken = &it->broken};
    bool sees = hr_ok(lite_open(&lite, it->path, NULL, SQLITE_OPEN_READONLY)) &&
                hr_ok(lite_execute(&lite, "PRAGMA cache_size = 64"));
    (void)pthread_mutex_lock(&it->mutex);
    while (sees && !it->stop) {
        if (it->next < it->count) {
            look_at_next(it, &lite);
        } else {
            (void)pthread_cond_wait(&it->called, &it->mutex);
        }
    }
    (void)pthread_mutex_unlock(&it->mutex);
    if (lite.db != NULL) {
        lite_close(&lite);
    }
    return NULL;
}

/* ---- the writer's side -------------------------------------------------------------------------------- */

static void start(struct scouts *it)
{
    while (it->thread_count < SCOUTS &&
           pthread_create(&it->threads[it->thread_count], NULL, run, it) == 0) {
        it->thread_count++;
    }
    it->started = true; /* fewer than wanted will do */
}

void scouts_call(struct scouts *it, const uint64_t *ids, size_t count)
{
    it->blocks_before = blocks_read();
    if (!it->allowed || count < IDS_FEW || (it->calls_left == 0 && !it->always)) {
        return;
    }
    if (!it->started) {
        start(it);
    }
    (void)pthread_mutex_lock(&it->mutex);
    it->count = count < SCOUT_IDS_MAX ? count : SCOUT_IDS_MAX;
    it->next = 0;
    memcpy(it->ids, ids, it->count * sizeof *ids);
    (void)pthread_cond_broadcast(&it->called);
    (void)pthread_mutex_unlock(&it->mutex);
}

void scouts_call_off(struct scouts *it)
{
    bool cold = blocks_read() != it->blocks_before;
    if (it->started) {
        (void)pthread_mutex_lock(&it->mutex);
        cold = cold || it->found_cold;
        it->found_cold = false;
        it->count = 0;
        it->next = 0;
        (void)pthread_mutex_unlock(&it->mutex);
    }
    it->calls_left = cold ? CALLS_MORE : it->calls_left > 0 ? it->calls_left - 1 : 0;
}

uint64_t scouts_looked(struct scouts *it)
{
    (void)pthread_mutex_lock(&it->mutex);
    uint64_t looked = it->looked;
    (void)pthread_mutex_unlock(&it->mutex);
    return looked;
}

void scouts_init(struct scouts *it)
{
    (void)pthread_mutex_init(&it->mutex, NULL);
    (void)pthread_cond_init(&it->called, NULL);
}

void scouts_close(struct scouts *it)
{
    (void)pthread_mutex_lock(&it->mutex);
    it->stop = true;
    (void)pthread_cond_broadcast(&it->called);
    (void)pthread_mutex_unlock(&it->mutex);
    for (size_t i = 0; i < it->thread_count; i++) {
        (void)pthread_join(it->threads[i], NULL);
    }
    (void)pthread_mutex_destroy(&it->mutex);
    (void)pthread_cond_destroy(&it->called);
}
