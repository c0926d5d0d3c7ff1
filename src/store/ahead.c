/* The system's reading ahead, turned off for the database when it is opened for writing. SQLite asks for single pages
 * all over a large file. Now and then the system takes that for the beginning of a sequence and reads on, and what it
 * read so lies in the page cache in large pieces; from then on each write of one page works through the whole piece it
 * lies in, when it is copied there and when it goes to the disk.
 *
 * The WAL keeps it: after a power cut all of it is read from end to end before anybody is answered. So does a
 * connection that only reads: `verify` goes through the whole file, and what people look at makes few large pieces. */
#include "store/inside.h"

#include <fcntl.h>

static int open_scattered(const char *path, int flags, int mode)
{
    int file = open(path, flags, (mode_t)mode);
    bool writes = (flags & O_ACCMODE) == O_RDWR;
    if (file >= 0 && writes && hr_text_ends(hr_text_from(path), HR_TEXT(".db"))) {
        (void)posix_fadvise(file, 0, 0, POSIX_FADV_RANDOM); /* a hint, no promise */
    }
    return file;
}

void ahead_turn_off(sqlite3_vfs *disk)
{
    if (disk != NULL && disk->iVersion >= 3) {
        (void)disk->xSetSystemCall(disk, "open", (sqlite3_syscall_ptr)open_scattered);
    }
}
