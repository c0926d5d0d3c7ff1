/* sim/disk: a disk in memory, under SQLite's VFS, that loses, tears and reorders what was not synced.
 *
 * Why      what a power cut leaves behind is chosen here by seed, not by luck; and it is quick.
 * Shape    a file is what is read now, what would be there after a cut (durable), and the writes in between.
 *          When the power goes, nothing works until disk_power_back decides what has survived.
 * Owner    one disk a process; reset between seeds keeps its memory.
 * Threads  one. */
#ifndef HR_TESTS_SIM_DISK_H
#define HR_TESTS_SIM_DISK_H

#include "base/base.h"
#include "sim/random.h"

enum { DISK_ROOM_ENDLESS = -1 };

/* What the disk did to its files, for the table. */
enum disk_harm {
    HARM_lost_write,      /* unsynced and gone */
    HARM_torn_write,      /* some of its sectors survived */
    HARM_reordered_write, /* it survived, one before it did not */
    HARM_lost_create,
    HARM_undone_delete,
    HARM_undone_truncate,
    HARM_write_failed,
    HARM_sync_failed,
    HARM_no_room,
    HARM_power_in_write,
    HARM_power_in_sync,
    HARM_count
};

struct disk {
    struct rng rng;
    bool dead;          /* the power is off */
    int64_t dies_in;    /* writes and syncs until it goes off, -1: it does not */
    bool dies_at_names; /* ... with the next of them after a file is made, cut or removed */
    int64_t write_fails_in;
    int64_t sync_fails_in;
    int64_t room; /* bytes that files may still grow by */
    uint64_t harm[HARM_count];
};

/* The one disk, as SQLite knows it under DISK_NAME. */
#define DISK_NAME "sim-disk"
extern struct disk the_disk;
/* Makes SQLite know it; once a process. */
void disk_register(void);
/* An empty disk whose every choice follows from the seed. */
void disk_reset(uint64_t seed);
/* The power will go within so many writes and syncs, or when a file was made, cut or removed; or it will not. */
void disk_threaten(uint32_t most);
void disk_spare(void);
/* Ends all faults that are still to come. */
void disk_calm(void);
/* The power comes back: of what was not synced, some has survived. All files must be closed. */
void disk_power_back(void);
/* The file in which these bytes stand: as it is, as it is durably, or in a write not yet synced. NULL: in none. */
const char *disk_holds(struct hr_text bytes);

#endif
