/* Checkpoints written at a pace the disk can follow. What a pass copies stays in the system's page cache until a sync,
 * and then all of it stands in the disk's queue at once, before the next sync of the WAL, for which people wait. So
 * after every few pages the pass waits until these are on their way: the queue stays short, and the sync that ends
 * the pass finds little left to do. */
#include "store/inside.h"

#include <fcntl.h>
#include <unistd.h>

enum { PACE_PAGES = 16 }; /* well under a millisecond of a disk that writes 27,000 single pages a second */

void pacer_wait(struct pacer *it)
{
    if (it->pages > 0) {
        /* a hint, not a promise: whatever goes wrong here, the sync at the end of the pass will tell */
        (void)sync_file_range(it->file, it->from, it->until - it->from,
                              SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
                                  SYNC_FILE_RANGE_WAIT_AFTER);
        it->pages = 0;
    }
}

static int paced_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at)
{
    /* the methods are the pacer's first member, and this file's alone */
    struct pacer *it = (struct pacer *)file->pMethods;
    int result = it->inner->xWrite(file, bytes, size, at);
    it->from = it->pages == 0 || at < it->from ? at : it->from;
    it->until = it->pages == 0 || at + size > it->until ? at + size : it->until;
    it->pages++;
    if (it->pages >= PACE_PAGES) {
        pacer_wait(it);
    }
    return result;
}

void pacer_open(struct pacer *it, struct lite *lite)
{
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
