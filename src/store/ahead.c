/* The system's reading ahead, turned off for files that are written. SQLite asks for single pages all over a large
 * file. Now and then the system takes that for the beginning of a sequence and reads on, and what it read so lies in
 * the page cache in large pieces; from then on each write of one page works through the whole piece it lies in, when it
 * is copied there and when it goes to the disk. Files that are only read keep it: `verify` goes through all of one. */
#include "store/inside.h"

#include <fcntl.h>

static int open_scattered(const char *path, int flags, int mode)
{
    int file = open(path, flags, (mode_t)mode);
    if (file >= 0 && (flags & O_ACCMODE) == O_RDWR) {
        (void)posix_fadvise(file, 0, 0,
                            POSIX_FADV_RANDOM); /* a hint: nothing is wrong without it */
    }
    return file;
}

void ahead_turn_off(sqlite3_vfs *disk)
{
    if (disk != NULL && disk->iVersion >= 3) {
        (void)disk->xSetSystemCall(disk, "open", (sqlite3_syscall_ptr)open_scattered);
    }
}
