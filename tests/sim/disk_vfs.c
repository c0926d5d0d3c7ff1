/* The simulated disk as SQLite sees it: files, locks, shared memory, and no clock. */
#include "sim/disk_inside.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

struct disk_handle {
    sqlite3_file base;
    struct disk_file *file;
    int lock;
    unsigned shm_shared; /* bits of the locks it holds */
    unsigned shm_exclusive;
    bool syncs_folder; /* with its next sync */
};

/* ---- files for SQLite ----------------------------------------------------------------------------------- */

static struct disk_handle *handle_of(sqlite3_file *file)
{
    return (struct disk_handle *)(void *)file;
}

static int on_close(sqlite3_file *base)
{
    struct disk_handle *handle = handle_of(base);
    for (size_t i = 0; i < HANDLES_MAX; i++) {
        if (handle->file->handles[i] == handle) {
            handle->file->handles[i] = NULL;
        }
    }
    return SQLITE_OK;
}

static int on_read(sqlite3_file *base, void *bytes, int size, sqlite3_int64 at)
{
    const struct bytes *now = &handle_of(base)->file->now;
    if (the_disk.dead) {
        return SQLITE_IOERR_READ;
    }
    size_t there = (size_t)at < now->size ? now->size - (size_t)at : 0;
    there = there < (size_t)size ? there : (size_t)size;
    if (there > 0) {
        memcpy(bytes, now->data + at, there);
    }
    memset((uint8_t *)bytes + there, 0, (size_t)size - there);
    return there == (size_t)size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

/* Takes the room that a file's growth needs. */
static bool take_room(size_t more)
{
    if (the_disk.room == DISK_ROOM_ENDLESS) {
        return true;
    }
    if ((int64_t)more > the_disk.room) {
        the_disk.room = 0;
        the_disk.harm[HARM_no_room]++;
        return false;
    }
    the_disk.room -= (int64_t)more;
    return true;
}

static int on_write(sqlite3_file *base, const void *bytes, int size, sqlite3_int64 at)
{
    struct disk_file *file = handle_of(base)->file;
    size_t end = (size_t)at + (size_t)size;
    if (disk_dies(HARM_power_in_write)) {
        return SQLITE_IOERR_WRITE;
    }
    if (the_disk.write_fails_in >= 0 && the_disk.write_fails_in-- == 0) {
        the_disk.harm[HARM_write_failed]++;
        return SQLITE_IOERR_WRITE;
    }
    if (end > file->now.size && !take_room(end - file->now.size)) {
        return SQLITE_FULL;
    }
    bytes_put(&file->now, (size_t)at, bytes, (size_t)size);
    disk_note(file, (struct change){.at = at, .size = (size_t)size}, bytes);
    return SQLITE_OK;
}

static int on_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct disk_file *file = handle_of(base)->file;
    if (disk_dies(HARM_power_in_write)) {
        return SQLITE_IOERR_TRUNCATE;
    }
    if ((size_t)size < file->now.size) {
        bytes_resize(&file->now, (size_t)size);
        disk_note(file, (struct change){.truncates = true, .at = size}, NULL);
        disk_named();
    }
    return SQLITE_OK;
}

static int on_sync(sqlite3_file *base, int flags)
{
    struct disk_file *file = handle_of(base)->file;
    (void)flags;
    if (disk_dies(HARM_power_in_sync)) {
        return SQLITE_IOERR_FSYNC;
    }
    if (the_disk.sync_fails_in >= 0 && the_disk.sync_fails_in-- == 0) {
        the_disk.harm[HARM_sync_failed]++;
        return SQLITE_IOERR_FSYNC;
    }
    disk_settle(file);
    if (handle_of(base)->syncs_folder) {
        /* as on Unix: the first sync of a new journal or WAL makes all names of its folder durable */
        handle_of(base)->syncs_folder = false;
        for (size_t i = 0; i < FILES_MAX; i++) {
            disk_files[i].exists_durably = disk_files[i].exists;
        }
    }
    return SQLITE_OK;
}

static int on_size(sqlite3_file *base, sqlite3_int64 *ret_size)
{
    *ret_size = (sqlite3_int64)handle_of(base)->file->now.size;
    return the_disk.dead ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

/* Another handle of the file with a lock of at least this level. */
static bool others_hold(const struct disk_handle *handle, int level)
{
    for (size_t i = 0; i < HANDLES_MAX; i++) {
        const struct disk_handle *other = handle->file->handles[i];
        if (other != NULL && other != handle && other->lock >= level) {
            return true;
        }
    }
    return false;
}

static int on_lock(sqlite3_file *base, int level)
{
    struct disk_handle *handle = handle_of(base);
    int forbidden = level == SQLITE_LOCK_SHARED     ? SQLITE_LOCK_PENDING
                    : level == SQLITE_LOCK_RESERVED ? SQLITE_LOCK_RESERVED
                                                    : SQLITE_LOCK_SHARED;
    if (level <= handle->lock) {
        return SQLITE_OK;
    }
    if (others_hold(handle, forbidden)) {
        return SQLITE_BUSY;
    }
    handle->lock = level;
    return SQLITE_OK;
}

static int on_unlock(sqlite3_file *base, int level)
{
    struct disk_handle *handle = handle_of(base);
    handle->lock = level < handle->lock ? level : handle->lock;
    return SQLITE_OK;
}

static int on_check_lock(sqlite3_file *base, int *ret_is)
{
    struct disk_handle *handle = handle_of(base);
    *ret_is = handle->lock >= SQLITE_LOCK_RESERVED || others_hold(handle, SQLITE_LOCK_RESERVED);
    return SQLITE_OK;
}

static int on_control(sqlite3_file *base, int op, void *argument)
{
    (void)base;
    (void)op;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int on_sector(sqlite3_file *base)
{
    (void)base;
    return 4096;
}

static int on_device(sqlite3_file *base)
{
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* ---- shared memory: in memory, so it is gone with the power ------------------------------------------------ */

static int on_shm_map(sqlite3_file *base, int page, int size, int extend, void volatile **ret_page)
{
    struct disk_file *file = handle_of(base)->file;
    *ret_page = NULL;
    if (page >= SHM_PAGES_MAX) {
        return SQLITE_IOERR_SHMSIZE;
    }
    if (file->shm[page] == NULL && extend != 0) {
        file->shm[page] = calloc(1, (size_t)size);
        hr_assert(file->shm[page] != NULL);
    }
    *ret_page = file->shm[page];
    return SQLITE_OK;
}

static int on_shm_lock(sqlite3_file *base, int offset, int count, int flags)
{
    struct disk_handle *handle = handle_of(base);
    unsigned wanted = ((1U << count) - 1) << offset;
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        handle->shm_shared &= ~wanted;
        handle->shm_exclusive &= ~wanted;
        return SQLITE_OK;
    }
    bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    for (size_t i = 0; i < HANDLES_MAX; i++) {
        const struct disk_handle *other = handle->file->handles[i];
        unsigned held = other == NULL || other == handle
                            ? 0
                            : other->shm_exclusive | (exclusive ? other->shm_shared : 0);
        if ((held & wanted) != 0) {
            return SQLITE_BUSY;
        }
    }
    *(exclusive ? &handle->shm_exclusive : &handle->shm_shared) |= wanted;
    return SQLITE_OK;
}

static void on_shm_barrier(sqlite3_file *base)
{
    (void)base;
}

static int on_shm_unmap(sqlite3_file *base, int delete)
{
    struct disk_handle *handle = handle_of(base);
    handle->shm_shared = 0;
    handle->shm_exclusive = 0;
    if (delete != 0) {
        disk_drop_shm(handle->file);
    }
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {.iVersion = 2,
                                           .xClose = on_close,
                                           .xRead = on_read,
                                           .xWrite = on_write,
                                           .xTruncate = on_truncate,
                                           .xSync = on_sync,
                                           .xFileSize = on_size,
                                           .xLock = on_lock,
                                           .xUnlock = on_unlock,
                                           .xCheckReservedLock = on_check_lock,
                                           .xFileControl = on_control,
                                           .xSectorSize = on_sector,
                                           .xDeviceCharacteristics = on_device,
                                           .xShmMap = on_shm_map,
                                           .xShmLock = on_shm_lock,
                                           .xShmBarrier = on_shm_barrier,
                                           .xShmUnmap = on_shm_unmap};

/* ---- the disk for SQLite ------------------------------------------------------------------------------------ */

static struct disk_file *file_named(const char *name, bool make)
{
    struct disk_file *free_one = NULL;
    for (size_t i = 0; i < FILES_MAX; i++) {
        if (strcmp(disk_files[i].name, name) == 0) {
            return &disk_files[i];
        }
        bool unused = disk_files[i].name[0] == '\0' ||
                      (!disk_files[i].exists && !disk_files[i].exists_durably);
        free_one = free_one == NULL && unused ? &disk_files[i] : free_one;
    }
    if (!make) {
        return NULL;
    }
    hr_assert(free_one != NULL && strlen(name) < NAME_MAX_BYTES);
    (void)strcpy(free_one->name, name);
    return free_one;
}

/* A name that nothing stands under now. What stood there may come back with the old name after a cut. */
static void make_file(struct disk_file *file)
{
    bytes_resize(&file->now, 0);
    if (file->exists_durably) {
        disk_note(file, (struct change){.truncates = true, .at = 0}, NULL);
    } else {
        bytes_resize(&file->durable, 0);
        disk_forget_changes(file);
    }
    file->exists = true;
}

static int on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags,
                   int *ret_flags)
{
    (void)vfs;
    struct disk_handle *handle = handle_of(base);
    memset(handle, 0, sizeof *handle);
    if (the_disk.dead || name == NULL) {
        return SQLITE_CANTOPEN;
    }
    bool make = (flags & SQLITE_OPEN_CREATE) != 0;
    struct disk_file *file = file_named(name, make);
    if (file == NULL || (!file->exists && !make)) {
        return SQLITE_CANTOPEN;
    }
    size_t place = 0;
    while (place < HANDLES_MAX && file->handles[place] != NULL) {
        place++;
    }
    hr_assert(place < HANDLES_MAX);
    file->handles[place] = handle;
    if (!file->exists) {
        make_file(file);
        disk_named();
        handle->syncs_folder =
            (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL)) != 0;
    }
    handle->file = file;
    handle->base.pMethods = &methods;
    if (ret_flags != NULL) {
        *ret_flags = flags;
    }
    return SQLITE_OK;
}

static int on_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    struct disk_file *file = file_named(name, false);
    if (disk_dies(HARM_power_in_write)) {
        return SQLITE_IOERR_DELETE;
    }
    if (file == NULL || !file->exists) {
        return SQLITE_IOERR_DELETE_NOENT;
    }
    file->exists = false;
    disk_named();
    if (sync_folder != 0) {
        file->exists_durably = false;
    }
    return SQLITE_OK;
}

static int on_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret_is)
{
    (void)vfs;
    (void)flags;
    const struct disk_file *file = file_named(name, false);
    *ret_is = file != NULL && file->exists;
    return the_disk.dead ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

static int on_full_name(sqlite3_vfs *vfs, const char *name, int size, char *ret_name)
{
    (void)vfs;
    (void)sqlite3_snprintf(size, ret_name, "%s", name);
    return SQLITE_OK;
}

static int on_random(sqlite3_vfs *vfs, int size, char *ret_bytes)
{
    (void)vfs;
    for (int i = 0; i < size; i++) {
        ret_bytes[i] = (char)rng_next(&the_disk.rng);
    }
    return size;
}

static int on_sleep(sqlite3_vfs *vfs, int us)
{
    (void)vfs;
    return us; /* nobody else runs: waiting longer would not help */
}

static int on_time(sqlite3_vfs *vfs, sqlite3_int64 *ret_ms)
{
    (void)vfs;
    *ret_ms = INT64_C(212000000000000);
    return SQLITE_OK;
}

static int on_last_error(sqlite3_vfs *vfs, int size, char *ret_text)
{
    (void)vfs;
    if (size > 0) {
        ret_text[0] = '\0';
    }
    return 0;
}

void disk_register(void)
{
    static sqlite3_vfs vfs = {.iVersion = 2,
                              .szOsFile = sizeof(struct disk_handle),
                              .mxPathname = NAME_MAX_BYTES,
                              .zName = DISK_NAME,
                              .xOpen = on_open,
                              .xDelete = on_delete,
                              .xAccess = on_access,
                              .xFullPathname = on_full_name,
                              .xRandomness = on_random,
                              .xSleep = on_sleep,
                              .xGetLastError = on_last_error,
                              .xCurrentTimeInt64 = on_time};
    /* the default one too: SQLite's own random numbers then follow from the seed */
    (void)sqlite3_vfs_register(&vfs, 1);
}
