/* WAL frames gathered into few writes. SQLite writes each frame's head and its page by themselves, some hundred small
 * writes a commit; behind this file system layer they become one. What is gathered is written before the frame that
 * commits is published to other connections, and before the file is synced, read, measured or cut. What is written
 * over again (a page of the same transaction, the heads after it) is not gathered at all. */
#include "store/inside.h"

#include <stdlib.h>
#include <string.h>

/* SQLite hands its disk at most 131,071 bytes at once. */
enum { GATHER_BYTES = 31 * STORE_FRAME_BYTES, FRAME_HEAD_BYTES = 24 };
_Static_assert(GATHER_BYTES < 1 << 17, "a write must stay below what SQLite hands on at once");

struct gathering {
    sqlite3_file base;
    sqlite3_file *inner; /* stands behind this struct */
    char *bytes;         /* made at the first write: readers never write */
    sqlite3_int64 at;
    sqlite3_int64 end; /* behind the last frame since the WAL began anew */
    int size;
    bool commits; /* the head of the transaction's last frame was gathered: its page is the last */
};

static int settle(struct gathering *it)
{
    int size = it->size;
    it->size =
        0; /* a write that failed is not tried again: the commit fails and writes its frames anew */
    return size == 0 ? SQLITE_OK : it->inner->pMethods->xWrite(it->inner, it->bytes, size, it->at);
}

/* A frame's head says how many pages the database has after it; only the last of a transaction does. */
static bool is_last_head(const void *bytes, int size)
{
    static const char none[4];
    return size == FRAME_HEAD_BYTES && memcmp((const char *)bytes + 4, none, sizeof none) != 0;
}

static int gather_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at)
{
    struct gathering *it = (struct gathering *)file;
    if (it->bytes == NULL) {
        it->bytes = malloc(GATHER_BYTES);
    }
    it->end = at == 0 ? 0 : it->end;
    bool again = at < it->end;
    if (again || at != it->at + it->size || it->size + size > GATHER_BYTES) {
        int result = settle(it);
        if (result != SQLITE_OK) {
            return result;
        }
    }
    bool last = it->commits;
    it->commits = is_last_head(bytes, size);
    it->end = at + size > it->end ? at + size : it->end;
    if (again || it->bytes == NULL || size > GATHER_BYTES) {
        return it->inner->pMethods->xWrite(it->inner, bytes, size, at);
    }
    it->at = it->size == 0 ? at : it->at;
    memcpy(it->bytes + it->size, bytes, (size_t)size);
    it->size += size;
    return last ? settle(it) : SQLITE_OK;
}

static int gather_read(sqlite3_file *file, void *ret_bytes, int size, sqlite3_int64 at)
{
    struct gathering *it = (struct gathering *)file;
    int result = settle(it);
    return result != SQLITE_OK ? result
                               : it->inner->pMethods->xRead(it->inner, ret_bytes, size, at);
}

static int gather_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct gathering *it = (struct gathering *)file;
    int result = settle(it);
    return result != SQLITE_OK ? result : it->inner->pMethods->xTruncate(it->inner, size);
}

static int gather_sync(sqlite3_file *file, int flags)
{
    struct gathering *it = (struct gathering *)file;
    int result = settle(it);
    return result != SQLITE_OK ? result : it->inner->pMethods->xSync(it->inner, flags);
}

static int gather_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    struct gathering *it = (struct gathering *)file;
    int result = settle(it);
    return result != SQLITE_OK ? result : it->inner->pMethods->xFileSize(it->inner, ret_size);
}

static int gather_close(sqlite3_file *file)
{
    struct gathering *it = (struct gathering *)file;
    int settled = settle(it);
    int closed = it->inner->pMethods->xClose(it->inner);
    free(it->bytes);
    it->bytes = NULL;
    return settled != SQLITE_OK ? settled : closed;
}

/* ---- what only passes through ---------------------------------------------------------------------- */

static sqlite3_file *inner_of(sqlite3_file *file)
{
    return ((struct gathering *)file)->inner;
}

static int gather_lock(sqlite3_file *file, int level)
{
    return inner_of(file)->pMethods->xLock(inner_of(file), level);
}

static int gather_unlock(sqlite3_file *file, int level)
{
    return inner_of(file)->pMethods->xUnlock(inner_of(file), level);
}

static int gather_reserved(sqlite3_file *file, int *ret_reserved)
{
    return inner_of(file)->pMethods->xCheckReservedLock(inner_of(file), ret_reserved);
}

static int gather_control(sqlite3_file *file, int what, void *argument)
{
    return inner_of(file)->pMethods->xFileControl(inner_of(file), what, argument);
}

static int gather_sector(sqlite3_file *file)
{
    return inner_of(file)->pMethods->xSectorSize(inner_of(file));
}

static int gather_traits(sqlite3_file *file)
{
    return inner_of(file)->pMethods->xDeviceCharacteristics(inner_of(file));
}

static const sqlite3_io_methods gather_methods = {
    .iVersion = 1, /* shared memory and mapping are asked of the database file, never of its WAL */
    .xClose = gather_close,
    .xRead = gather_read,
    .xWrite = gather_write,
    .xTruncate = gather_truncate,
    .xSync = gather_sync,
    .xFileSize = gather_size,
    .xLock = gather_lock,
    .xUnlock = gather_unlock,
    .xCheckReservedLock = gather_reserved,
    .xFileControl = gather_control,
    .xSectorSize = gather_sector,
    .xDeviceCharacteristics = gather_traits,
};

/* ---- the layer ----------------------------------------------------------------------------------------- */

static sqlite3_vfs *disk; /* the one below; set once, before any file is opened */

static int gather_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                       int *ret_flags)
{
    (void)vfs;
    if ((flags & SQLITE_OPEN_WAL) == 0) {
        return disk->xOpen(disk, name, file, flags, ret_flags);
    }
    struct gathering *it = (struct gathering *)file;
    *it = (struct gathering){.inner = (sqlite3_file *)(it + 1)};
    int result = disk->xOpen(disk, name, it->inner, flags, ret_flags);
    it->base.pMethods = it->inner->pMethods == NULL ? NULL : &gather_methods;
    return result;
}

sqlite3_file *gather_inner(sqlite3_file *file)
{
    return file != NULL && file->pMethods == &gather_methods ? inner_of(file) : file;
}

const char *gather_register(void)
{
    static sqlite3_vfs vfs;
    disk = sqlite3_vfs_find(NULL);
    if (disk == NULL) {
        return NULL;
    }
    vfs = *disk;
    vfs.zName = "handrail";
    vfs.szOsFile = (int)sizeof(struct gathering) + disk->szOsFile;
    vfs.xOpen = gather_open;
    return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK ? vfs.zName : NULL;
}
