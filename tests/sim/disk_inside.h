/* sim/disk, inside: its files. */
#ifndef HR_TESTS_SIM_DISK_INSIDE_H
#define HR_TESTS_SIM_DISK_INSIDE_H

#include "sim/disk.h"

enum {
    FILES_MAX = 32,
    HANDLES_MAX = 8,
    NAME_MAX_BYTES = 64,
    SECTOR_BYTES = 512,
    SHM_PAGES_MAX = 16
};

/* Bytes that grow and are kept for the next seed. */
struct bytes {
    uint8_t *data;
    size_t size;
    size_t capacity;
};

/* A change that no sync has followed. */
struct change {
    bool truncates;
    int64_t at; /* of a truncation: the new size */
    size_t size;
    size_t from; /* in the file's log */
};

struct disk_handle;
struct disk_file {
    char name[NAME_MAX_BYTES];
    bool exists;         /* now */
    bool exists_durably; /* after a power cut */
    struct bytes now;
    struct bytes durable;
    struct bytes log;
    struct change *changes;
    size_t change_count;
    size_t change_capacity;
    struct disk_handle *handles[HANDLES_MAX];
    void *shm[SHM_PAGES_MAX];
    int shm_page_bytes;
};

extern struct disk_file disk_files[FILES_MAX];
void bytes_resize(struct bytes *bytes, size_t size);
/* Writes at a place; the bytes grow as needed. */
void bytes_put(struct bytes *bytes, size_t at, const void *from, size_t size);
/* Remembers a change that no sync has followed; its bytes are copied. */
void disk_note(struct disk_file *file, struct change change, const void *bytes);
void disk_forget_changes(struct disk_file *file);
/* All that was written is durable from here on. */
void disk_settle(struct disk_file *file);
/* Counts one of the writes or syncs that the power may go in; true when it is off. */
bool disk_dies(enum disk_harm harm);
/* A file was made, cut or removed: the power may be to go with the write or sync after that. */
void disk_named(void);
void disk_drop_shm(struct disk_file *file);

#endif
