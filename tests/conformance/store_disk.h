/* A disk that a test can fill up or break: a VFS over the real one that refuses to grow files beyond a budget,
 * or to sync. */
#ifndef HR_TESTS_STORE_DISK_H
#define HR_TESTS_STORE_DISK_H

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define DISK_NAME "test-disk"

static atomic_int_fast64_t disk_room; /* bytes that files may still grow by; negative: no limit */
static atomic_bool disk_cannot_sync;
static atomic_int_fast64_t disk_written;     /* bytes, since the test set it */
static void (*disk_opens)(const char *name); /* told before a file is opened; NULL: nobody */
static sqlite3_vfs disk_vfs;
static sqlite3_io_methods disk_methods;

struct disk_file {
    sqlite3_file base;
    sqlite3_int64 size;
    sqlite3_file real[];
};
static inline sqlite3_file *disk_real(sqlite3_file *file)
{
    return ((struct disk_file *)(void *)file)->real;
}

static int disk_close(sqlite3_file *file)
{
    return disk_real(file)->pMethods->xClose(disk_real(file));
}
static int disk_read(sqlite3_file *file, void *bytes, int size, sqlite3_int64 at)
{
    return disk_real(file)->pMethods->xRead(disk_real(file), bytes, size, at);
}
static int disk_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at)
{
    struct disk_file *it = (struct disk_file *)(void *)file;
    sqlite3_int64 more = at + size > it->size ? at + size - it->size : 0;
    int_fast64_t room = atomic_load(&disk_room);
    if (room >= 0 && more > room) {
        return SQLITE_FULL;
    }
    if (room >= 0) {
        atomic_fetch_sub(&disk_room, more);
    }
    atomic_fetch_add(&disk_written, size);
    it->size += more;
    return it->real->pMethods->xWrite(it->real, bytes, size, at);
}
static int disk_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct disk_file *it = (struct disk_file *)(void *)file;
    it->size = size < it->size ? size : it->size;
    return it->real->pMethods->xTruncate(it->real, size);
}
static int disk_sync(sqlite3_file *file, int flags)
{
    if (atomic_load(&disk_cannot_sync)) {
        return SQLITE_IOERR_FSYNC;
    }
    return disk_real(file)->pMethods->xSync(disk_real(file), flags);
}
static int disk_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    return disk_real(file)->pMethods->xFileSize(disk_real(file), ret_size);
}
static int disk_lock(sqlite3_file *file, int level)
{
    return disk_real(file)->pMethods->xLock(disk_real(file), level);
}
static int disk_unlock(sqlite3_file *file, int level)
{
    return disk_real(file)->pMethods->xUnlock(disk_real(file), level);
}
static int disk_check_lock(sqlite3_file *file, int *ret_is)
{
    return disk_real(file)->pMethods->xCheckReservedLock(disk_real(file), ret_is);
}
static int disk_control(sqlite3_file *file, int op, void *argument)
{
    return disk_real(file)->pMethods->xFileControl(disk_real(file), op, argument);
}
static int disk_sector(sqlite3_file *file)
{
    return disk_real(file)->pMethods->xSectorSize(disk_real(file));
}
static int disk_device(sqlite3_file *file)
{
    return disk_real(file)->pMethods->xDeviceCharacteristics(disk_real(file));
}
static int disk_shm_map(sqlite3_file *file, int page, int size, int extend,
                        void volatile **ret_page)
{
    return disk_real(file)->pMethods->xShmMap(disk_real(file), page, size, extend, ret_page);
}
static int disk_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return disk_real(file)->pMethods->xShmLock(disk_real(file), offset, count, flags);
}
static void disk_shm_barrier(sqlite3_file *file)
{
    disk_real(file)->pMethods->xShmBarrier(disk_real(file));
}
static int disk_shm_unmap(sqlite3_file *file, int remove)
{
    return disk_real(file)->pMethods->xShmUnmap(disk_real(file), remove);
}

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                     int *ret_flags)
{
    struct disk_file *it = (struct disk_file *)(void *)file;
    sqlite3_vfs *real = vfs->pAppData;
    if (disk_opens != NULL && name != NULL) {
        disk_opens(name);
    }
    int result = real->xOpen(real, name, it->real, flags, ret_flags);
    it->base.pMethods = it->real->pMethods != NULL ? &disk_methods : NULL;
    it->size = 0;
    if (result == SQLITE_OK) {
        (void)it->real->pMethods->xFileSize(it->real, &it->size);
    }
    return result;
}

/* Registers it, with room without limit. */
static inline void disk_make(void)
{
    sqlite3_vfs *real = sqlite3_vfs_find(NULL);
    atomic_store(&disk_room, -1);
    atomic_store(&disk_cannot_sync, false);
    disk_opens = NULL;
    if (disk_vfs.zName != NULL) {
        return;
    }
    disk_vfs = *real;
    disk_vfs.zName = DISK_NAME;
    disk_vfs.pNext = NULL;
    disk_vfs.pAppData = real;
    disk_vfs.szOsFile = (int)sizeof(struct disk_file) + real->szOsFile;
    disk_vfs.xOpen = disk_open;
    disk_methods = (sqlite3_io_methods){.iVersion = 2,
                                        .xClose = disk_close,
                                        .xRead = disk_read,
                                        .xWrite = disk_write,
                                        .xTruncate = disk_truncate,
                                        .xSync = disk_sync,
                                        .xFileSize = disk_size,
                                        .xLock = disk_lock,
                                        .xUnlock = disk_unlock,
                                        .xCheckReservedLock = disk_check_lock,
                                        .xFileControl = disk_control,
                                        .xSectorSize = disk_sector,
                                        .xDeviceCharacteristics = disk_device,
                                        .xShmMap = disk_shm_map,
                                        .xShmLock = disk_shm_lock,
                                        .xShmBarrier = disk_shm_barrier,
                                        .xShmUnmap = disk_shm_unmap};
    (void)sqlite3_vfs_register(&disk_vfs, 0);
}

#endif
