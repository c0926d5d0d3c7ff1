/* Checkpoints written at a pace the disk can follow. What a pass copies stays in the system's page cache until a sync,
 * and then all of it stands in the disk's queue at once, before the next sync of the WAL, for which people wait. So
 * every few pages are sent on their way as soon as those before them have arrived: the queue stays short, the disk
 * stays busy, and the sync that ends the pass finds little left to do. */
#include "store/inside.h"

#include <fcntl.h>
#include <unistd.h>

enum {
    /* Twice as many stand in the disk's queue at most: a millisecond of one that writes 27,000 pages a second. */
    PACE_PAGES = 16,
    PACE_DOUBLINGS = 8
};

/* Sends what was written since the last time on its way, and waits for what was sent then: the disk has always
 * something to do, and never much. */
static void send_on(struct pacer *it)
{
    /* hints, not promises: whatever goes wrong here, the sync at the end of the pass will tell */
    (void)sync_file_range(it->file, it->from, it->until - it->from, SYNC_FILE_RANGE_WRITE);
    if (it->sent_until > it->sent_from) {
        (void)sync_file_range(it->file, it->sent_from, it->sent_until - it->sent_from,
                              SYNC_FILE_RANGE_WAIT_BEFORE);
    }
    it->sent_from = it->from;
    it->sent_until = it->until;
    it->pages = 0;
}

void pacer_wait(struct pacer *it)
{
    if (it->pages > 0) {
        send_on(it);
    }
    it->sent_until = it->sent_from;
}

static int paced_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at)
{
    /* the methods are the first member of a pacer, which is this file's alone and no constant */
    struct pacer *it = (struct pacer *)(uintptr_t)file->pMethods;
    int result = it->inner->xWrite(file, bytes, size, at);
    it->from = it->pages == 0 || at < it->from ? at : it->from;
    it->until = it->pages == 0 || at + size > it->until ? at + size : it->until;
    it->pages++;
    if (it->pages >= it->pages_at_once) {
        send_on(it);
    }
    return result;
}

/* A disk that answers slowly needs a longer queue for as many pages a second. What has piled up tells: an eighth of the
 * WAL's limit is usual, and from there on each sixteenth doubles the queue, until the pace is as good as none. */
void pacer_hurry(struct pacer *it, uint64_t waiting, uint64_t most)
{
    uint64_t sixteenths = most == 0 ? 0 : 16 * waiting / most;
    uint64_t doublings = sixteenths < 2 ? 0 : sixteenths - 1;
    it->pages_at_once = PACE_PAGES << (doublings < PACE_DOUBLINGS ? doublings : PACE_DOUBLINGS);
}

void pacer_open(struct pacer *it, struct lite *lite)
{
    it->pages_at_once = PACE_PAGES;
    sqlite3_file *file = NULL;
    (void)sqlite3_file_control(lite->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    hr_assert(file != NULL && file->pMethods != NULL);
    it->file = open(sqlite3_db_filename(lite->db, "main"), O_RDWR | O_CLOEXEC);
    if (it->file < 0) {
        return; /* passes run unpaced */
    }
    it->inner = file->pMethods;
    it->methods = *it->inner;
    it->methods.xWrite = paced_write;
    file->pMethods = &it->methods;
}

void pacer_close(struct pacer *it)
{
    if (it->inner != NULL) {
        (void)close(it->file);
    }
}
