/* Files of a vault on the disk: read into locked memory, and replaced so that nothing is ever half there. */
#include "server/vault_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- reading -------------------------------------------------------------------------------------- */

static hr_status read_whole(int file, size_t most, uint8_t **ret_bytes, size_t *ret_size,
                            unsigned *ret_rights)
{
    struct stat about;
    if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size < 0 ||
        (size_t)about.st_size > most) {
        return hr_answer(HR_E_INPUT);
    }
    size_t size = (size_t)about.st_size;
    uint8_t *bytes =
        sodium_malloc(size + 1); /* of nothing it would answer a page that cannot be read */
    if (bytes == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t at = 0; at < size;) {
        ssize_t got = read(file, bytes + at, size - at);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            sodium_free(bytes);
            return hr_answer(HR_E_IO);
        }
        at += got > 0 ? (size_t)got : 0;
    }
    *ret_bytes = bytes;
    *ret_size = size;
    *ret_rights = about.st_mode & 0777;
    return hr_done();
}

hr_status vault_read(const char *path, size_t most, uint8_t **ret_bytes, size_t *ret_size,
                     unsigned *ret_rights)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return hr_answer(errno == ENOENT || errno == ENOTDIR ? HR_E_INPUT : HR_E_IO);
    }
    hr_status status = read_whole(file, most, ret_bytes, ret_size, ret_rights);
    (void)close(file);
    return status;
}

/* ---- writing -------------------------------------------------------------------------------------- */

void vault_parent(const char *path, char ret_parent[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    size_t size = slash == NULL ? 0 : (size_t)(slash - path);
    if (slash == NULL) {
        (void)snprintf(ret_parent, PATH_MAX, ".");
    } else {
        (void)snprintf(ret_parent, PATH_MAX, "%.*s", size == 0 ? 1 : (int)size, path);
    }
}

static hr_status refuse(struct hr_diagnostics *reterr, const char *path, int reason)
{
    enum hr_code code =
        reason == ENOSPC || reason == EDQUOT ? HR_CODE_disk_full : HR_CODE_cannot_write;
    return vault_complain(reterr, code, "%s cannot be written: %s", path, strerror(reason));
}

static bool write_all(int file, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(file, bytes, size);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        bytes += written > 0 ? written : 0;
        size -= written > 0 ? (size_t)written : 0;
    }
    return fsync(file) == 0;
}

static bool sync_folder(const char *path)
{
    char parent[PATH_MAX];
    vault_parent(path, parent);
    int folder = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = folder >= 0 && fsync(folder) == 0;
    int reason = errno;
    if (folder >= 0) {
        (void)close(folder);
    }
    errno = reason;
    return synced;
}

/* What root writes belongs to whom the file or its folder belongs: the daemon's user has to read it. */
static bool hand_over(int file, const char *path)
{
    char parent[PATH_MAX];
    struct stat about;
    vault_parent(path, parent);
    if (geteuid() != 0 || (stat(path, &about) != 0 && stat(parent, &about) != 0)) {
        return true;
    }
    return fchown(file, about.st_uid, about.st_gid) == 0;
}

hr_status vault_write(const char *path, const void *bytes, size_t size,
                      struct hr_diagnostics *reterr)
{
    char beside[PATH_MAX];
    if ((size_t)snprintf(beside, sizeof beside, "%s.new", path) >= sizeof beside) {
        return refuse(reterr, path, ENAMETOOLONG);
    }
    (void)unlink(beside); /* left by a crash: never put in force */
    int file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool written = file >= 0 && hand_over(file, path) && write_all(file, bytes, size);
    int reason = errno;
    if (file >= 0) {
        (void)close(file);
    }
    if (written && rename(beside, path) == 0) {
        return sync_folder(path) ? hr_done() : refuse(reterr, path, errno);
    }
    reason = written ? errno : reason;
    (void)unlink(beside);
    return refuse(reterr, path, reason);
}

hr_status vault_make_parents(const char *path, struct hr_diagnostics *reterr)
{
    char part[PATH_MAX];
    if ((size_t)snprintf(part, sizeof part, "%s", path) >= sizeof part) {
        return refuse(reterr, path, ENAMETOOLONG);
    }
    for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST) {
            return refuse(reterr, path, errno);
        }
        *slash = '/';
    }
    return hr_done();
}

/* ---- one change at a time ------------------------------------------------------------------------- */

int vault_lock_folder(const char *folder)
{
    int lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int answer = -1;
    while (lock >= 0 && (answer = flock(lock, LOCK_EX)) != 0 && errno == EINTR) {
    }
    if (lock >= 0 && answer != 0) {
        (void)close(lock);
        return -1;
    }
    return lock;
}

void vault_unlock(int lock)
{
    if (lock >= 0) {
        (void)close(lock);
    }
}
