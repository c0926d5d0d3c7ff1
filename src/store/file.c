/* Files beside the database, through SQLite's VFS: the same calls reach the real disk and the simulated one. */
#include "store/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

hr_status shelf_init(struct shelf *shelf, const struct hr_store_options *options, char path[1100])
{
    lite_configure();
    shelf->vfs = sqlite3_vfs_find(options->vfs);
    if (shelf->vfs == NULL || shelf->vfs->mxPathname > (int)sizeof shelf->folder) {
        return hr_answer(HR_E_INPUT);
    }
    if (strlen(options->folder) + 64 > sizeof shelf->folder) {
        return hr_answer(HR_E_INPUT);
    }
    int result = shelf->vfs->xFullPathname(shelf->vfs, options->folder, (int)sizeof shelf->folder,
                                           shelf->folder);
    if ((result & 0xFF) != SQLITE_OK || strlen(shelf->folder) + 64 > sizeof shelf->folder) {
        return hr_answer(HR_E_INPUT);
    }
    (void)snprintf(path, 1100, "%s/handrail.db", shelf->folder);
    return hr_done();
}

void shelf_path(const struct shelf *shelf, uint64_t first, uint64_t generation, char path[1100])
{
    (void)snprintf(path, 1100, "%s/archive/%012llu.%llu.hrs", shelf->folder,
                   (unsigned long long)first, (unsigned long long)generation);
}

static hr_status file_status(int result)
{
    switch (result & 0xFF) {
    case SQLITE_OK:
        return hr_done();
    case SQLITE_FULL:
        return hr_answer(HR_E_FULL);
    case SQLITE_NOMEM:
        return hr_answer(HR_E_MEMORY);
    default:
        return hr_answer(result == SQLITE_IOERR_SHORT_READ ? HR_E_CORRUPT : HR_E_IO);
    }
}

hr_status shelf_open(const struct shelf *shelf, const char *path, bool create,
                     struct shelf_file *ret_file)
{
    *ret_file = (struct shelf_file){.name = sqlite3_create_filename(path, "", "", 0, NULL)};
    ret_file->handle = calloc(1, (size_t)shelf->vfs->szOsFile);
    if (ret_file->name == NULL || ret_file->handle == NULL) {
        shelf_close(ret_file);
        return hr_answer(HR_E_MEMORY);
    }
    /* of the kinds SQLite knows, a super-journal is the one whose folder is synced with its first sync */
    int flags = SQLITE_OPEN_SUPER_JOURNAL;
    flags |= create ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    int out = 0;
    int result = shelf->vfs->xOpen(shelf->vfs, ret_file->name, ret_file->handle, flags, &out);
    sqlite3_int64 size = 0;
    if (result == SQLITE_OK) {
        result = create ? ret_file->handle->pMethods->xTruncate(ret_file->handle, 0)
                        : ret_file->handle->pMethods->xFileSize(ret_file->handle, &size);
    }
    ret_file->size = size;
    if (result != SQLITE_OK) {
        shelf_close(ret_file);
        return (result & 0xFF) == SQLITE_CANTOPEN && !create ? hr_answer(HR_E_CORRUPT)
                                                             : file_status(result);
    }
    return hr_done();
}

void shelf_close(struct shelf_file *file)
{
    if (file->handle != NULL && file->handle->pMethods != NULL) {
        (void)file->handle->pMethods->xClose(file->handle);
    }
    free(file->handle);
    sqlite3_free_filename(file->name);
    *file = (struct shelf_file){0};
}

hr_status shelf_append(struct shelf_file *file, const void *bytes, size_t size)
{
    hr_assert(size <= INT32_MAX);
    int result = file->handle->pMethods->xWrite(file->handle, bytes, (int)size, file->size);
    if (result == SQLITE_OK) {
        file->size += (int64_t)size;
    }
    return file_status(result);
}

hr_status shelf_read(struct shelf_file *file, int64_t at, void *ret_bytes, size_t size)
{
    hr_assert(size <= INT32_MAX);
    return file_status(file->handle->pMethods->xRead(file->handle, ret_bytes, (int)size, at));
}

hr_status shelf_sync(struct shelf_file *file, atomic_bool *broken)
{
    int result = file->handle->pMethods->xSync(file->handle, SQLITE_SYNC_NORMAL);
    if (result != SQLITE_OK) {
        atomic_store(broken, true);
    }
    return file_status(result);
}

hr_status shelf_remove(const struct shelf *shelf, const char *path)
{
    int result = shelf->vfs->xDelete(shelf->vfs, path, 1);
    return result == SQLITE_IOERR_DELETE_NOENT ? hr_done() : file_status(result);
}
