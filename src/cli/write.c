/* Files of the command line's own: read whole, and written beside and renamed so that nothing is ever half there. */
#include "cli_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_STEP = 64 << 10 };

static int read_stdin(struct hr_cli *cli, struct hr_text *ret_bytes)
{
    struct hr_buffer in;
    char step[READ_STEP];
    ssize_t got = 0;
    hr_buffer_init(&in, &cli->arena, HR_INPUT_BYTES_MAX);
    while ((got = read(STDIN_FILENO, step, sizeof step)) > 0 || (got < 0 && errno == EINTR)) {
        hr_buffer_add(&in, step, got > 0 ? (size_t)got : 0);
    }
    if (got < 0 || in.failed) {
        return hr_cli_fail(cli, HR_CODE_file_unreadable,
                           "standard input cannot be read, or is larger than 256 MiB");
    }
    *ret_bytes = hr_buffer_text(&in);
    return HR_EXIT_ok;
}

int hr_cli_read_input(struct hr_cli *cli, struct hr_text name, struct hr_text *ret_bytes)
{
    if (hr_text_equal(name, HR_TEXT("-"))) {
        return read_stdin(cli, ret_bytes);
    }
    hr_status status = hr_file_read(name.data, HR_INPUT_BYTES_MAX, &cli->arena, ret_bytes);
    return hr_ok(status)
               ? HR_EXIT_ok
               : hr_cli_fail(cli, HR_CODE_file_unreadable, "%.*s cannot be read", HR_SHOW(name));
}

static bool write_all(int file, struct hr_text bytes)
{
    while (bytes.size > 0) {
        ssize_t written = write(file, bytes.data, bytes.size);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        size_t now = written > 0 ? (size_t)written : 0;
        bytes = hr_text_slice(bytes, now, bytes.size);
    }
    return fsync(file) == 0;
}

int hr_cli_write_file(struct hr_cli *cli, const char *path, struct hr_text bytes, unsigned mode)
{
    struct hr_text beside = hr_text_format(&cli->arena, "%s.new", path);
    if (beside.data == NULL) {
        return hr_cli_failed(cli, hr_answer(HR_E_MEMORY));
    }
    (void)unlink(beside.data);
    int file = open(beside.data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
    bool written = file >= 0 && write_all(file, bytes);
    int reason = errno;
    if (file >= 0) {
        (void)close(file);
    }
    if (written && rename(beside.data, path) == 0) {
        return HR_EXIT_ok;
    }
    reason = written ? errno : reason;
    (void)unlink(beside.data);
    return hr_cli_fail(
        cli, reason == ENOSPC || reason == EDQUOT ? HR_CODE_disk_full : HR_CODE_cannot_write,
        "%s cannot be written: %s", path, strerror(reason));
}

/* ---- a file in another's place --------------------------------------------------------------- */

static int refuse_replacing(struct hr_cli *cli, const char *path, int reason)
{
    return hr_cli_fail(
        cli, reason == ENOSPC || reason == EDQUOT ? HR_CODE_disk_full : HR_CODE_cannot_write,
        "%s cannot be written: %s", path, strerror(reason));
}

/* The folder keeps the new name only when it is synced itself. */
static void sync_folder(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash != NULL) {
        slash[slash == path ? 1 : 0] = '\0';
        int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (folder >= 0) {
            (void)fsync(folder);
            (void)close(folder);
        }
    }
}

/* True when the new file has bytes, owner and mode, and stands on the disk. */
static bool fill_beside(int file, struct hr_text bytes, const struct stat *about)
{
    /* only root may give files away; who may not keeps the owner, and then no more rights than the old one had */
    mode_t mode = about->st_mode & 0777;
    bool owned = fchown(file, about->st_uid, about->st_gid) == 0;
    return fchmod(file, owned ? mode : mode & ~(mode_t)0070) == 0 && write_all(file, bytes);
}

/* The file behind links, if it may be written and still holds `was`; else an exit code. */
static int look_at_old(struct hr_cli *cli, const char *path, struct hr_text was,
                       char ret_real[PATH_MAX], struct stat *ret_about)
{
    struct hr_text bytes = HR_TEXT_NONE;
    if (realpath(path, ret_real) == NULL || stat(ret_real, ret_about) != 0 ||
        access(ret_real, W_OK) != 0) {
        return refuse_replacing(cli, path, errno);
    }
    if (!hr_ok(hr_file_read(ret_real, was.size, &cli->arena, &bytes)) ||
        !hr_text_equal(bytes, was)) {
        return hr_cli_fail(cli, HR_CODE_file_changed, "%s has changed while it was read", path);
    }
    return HR_EXIT_ok;
}

int hr_cli_may_replace(struct hr_cli *cli, const char *path, struct hr_text was)
{
    char real[PATH_MAX];
    struct stat about;
    return look_at_old(cli, path, was, real, &about);
}

int hr_cli_replace_file(struct hr_cli *cli, const char *path, struct hr_text was,
                        struct hr_text now)
{
    char real[PATH_MAX]; /* behind links, which stay */
    char beside[PATH_MAX + 32];
    struct stat about = {0};
    int code = look_at_old(cli, path, was, real, &about);
    if (code != HR_EXIT_ok) {
        return code;
    }
    char *slash = strrchr(real, '/');
    (void)snprintf(beside, sizeof beside, "%.*s/.handrail-XXXXXX",
                   slash == NULL ? 0 : (int)(slash - real), real);
    int file = mkostemp(beside, O_CLOEXEC);
    if (file < 0) {
        return refuse_replacing(cli, path, errno);
    }
    bool filled = fill_beside(file, now, &about);
    int reason = errno;
    (void)close(file);
    if (!filled || rename(beside, real) != 0) {
        reason = filled ? errno : reason;
        (void)unlink(beside);
        return refuse_replacing(cli, path, reason);
    }
    sync_folder(real);
    return HR_EXIT_ok;
}

int hr_cli_make_folder(struct hr_cli *cli, const char *path, unsigned mode)
{
    if (mkdir(path, (mode_t)mode) == 0 || errno == EEXIST) {
        return HR_EXIT_ok;
    }
    return hr_cli_fail(
        cli, errno == ENOSPC || errno == EDQUOT ? HR_CODE_disk_full : HR_CODE_cannot_write,
        "%s cannot be made: %s", path, strerror(errno));
}
