/* The simulated disk: files, and what becomes of unsynced writes when the power goes. */
#include "sim/disk_inside.h"

#include <stdlib.h>
#include <string.h>

struct disk the_disk;
struct disk_file disk_files[FILES_MAX];

/* ---- bytes ---------------------------------------------------------------------------------------- */

void bytes_resize(struct bytes *bytes, size_t size)
{
    if (size > bytes->capacity) {
        size_t capacity = bytes->capacity * 2 > size ? bytes->capacity * 2 : size + 65536;
        uint8_t *data = realloc(bytes->data, capacity);
        hr_assert(data != NULL);
        bytes->data = data;
        bytes->capacity = capacity;
    }
    if (size > bytes->size) {
        memset(bytes->data + bytes->size, 0, size - bytes->size);
    }
    bytes->size = size;
}

void bytes_put(struct bytes *bytes, size_t at, const void *from, size_t size)
{
    if (at + size > bytes->size) {
        bytes_resize(bytes, at + size);
    }
    memcpy(bytes->data + at, from, size);
}

static void apply(struct disk_file *file, const struct change *change)
{
    if (change->truncates) {
        bytes_resize(&file->durable, (size_t)change->at);
    } else {
        bytes_put(&file->durable, (size_t)change->at, file->log.data + change->from, change->size);
    }
}

void disk_note(struct disk_file *file, struct change change, const void *bytes)
{
    if (file->change_count == file->change_capacity) {
        file->change_capacity = file->change_capacity * 2 + 64;
        struct change *grown = realloc(file->changes, file->change_capacity * sizeof *grown);
        hr_assert(grown != NULL);
        file->changes = grown;
    }
    change.from = file->log.size;
    if (change.size > 0) {
        bytes_put(&file->log, file->log.size, bytes, change.size);
    }
    file->changes[file->change_count++] = change;
}

void disk_forget_changes(struct disk_file *file)
{
    file->change_count = 0;
    file->log.size = 0;
}

void disk_settle(struct disk_file *file)
{
    for (size_t i = 0; i < file->change_count; i++) {
        apply(file, &file->changes[i]);
    }
    disk_forget_changes(file);
    file->exists_durably = file->exists;
}

/* ---- the power ------------------------------------------------------------------------------------- */

/* One of the writes or syncs that the disk may die in. */
bool disk_dies(enum disk_harm harm)
{
    if (!the_disk.dead && the_disk.dies_in >= 0 && the_disk.dies_in-- == 0) {
        the_disk.dead = true;
        the_disk.harm[harm]++;
    }
    return the_disk.dead;
}

void disk_named(void)
{
    if (the_disk.dies_at_names) {
        the_disk.dies_at_names = false;
        the_disk.dies_in = 0;
    }
}

void disk_drop_shm(struct disk_file *file)
{
    for (size_t i = 0; i < SHM_PAGES_MAX; i++) {
        free(file->shm[i]);
        file->shm[i] = NULL;
    }
}

/* How much of a file's unsynced writes survives a cut. */
enum survival { SURVIVE_none, SURVIVE_all, SURVIVE_first, SURVIVE_some, SURVIVE_count };

static void survive_torn(struct disk_file *file, const struct change *change)
{
    size_t kept = 0;
    size_t sectors = 0;
    for (size_t at = 0; at < change->size; sectors++) {
        size_t begin = (size_t)change->at + at;
        size_t size = SECTOR_BYTES - begin % SECTOR_BYTES;
        size = size < change->size - at ? size : change->size - at;
        if (rng_chance(&the_disk.rng, 500)) {
            bytes_put(&file->durable, begin, file->log.data + change->from + at, size);
            kept++;
        }
        at += size;
    }
    the_disk.harm[kept == 0 ? HARM_lost_write : HARM_torn_write] += kept < sectors;
}

static void survive(struct disk_file *file)
{
    enum survival how = (enum survival)rng_below(&the_disk.rng, SURVIVE_count);
    size_t first =
        file->change_count == 0 ? 0 : rng_below(&the_disk.rng, (uint32_t)file->change_count + 1);
    bool gap = false;
    for (size_t i = 0; i < file->change_count; i++) {
        const struct change *change = &file->changes[i];
        bool some = how == SURVIVE_some && rng_chance(&the_disk.rng, 600);
        bool survives = how == SURVIVE_all || (how == SURVIVE_first && i < first) || some;
        if (!survives) {
            the_disk.harm[change->truncates ? HARM_undone_truncate : HARM_lost_write]++;
            gap = true;
            continue;
        }
        the_disk.harm[HARM_reordered_write] += gap;
        if (!change->truncates && some && rng_chance(&the_disk.rng, 300)) {
            survive_torn(file, change);
        } else {
            apply(file, change);
        }
    }
    disk_forget_changes(file);
}

/* Making and removing a file are changes too. */
static void survive_names(struct disk_file *file)
{
    if (file->exists == file->exists_durably) {
        return;
    }
    bool kept = rng_chance(&the_disk.rng, 500);
    if (!kept) {
        the_disk.harm[file->exists ? HARM_lost_create : HARM_undone_delete]++;
    }
    file->exists_durably = kept ? file->exists : file->exists_durably;
}

void disk_power_back(void)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        struct disk_file *file = &disk_files[i];
        if (file->name[0] == '\0') {
            continue;
        }
        for (size_t k = 0; k < HANDLES_MAX; k++) {
            hr_assert(file->handles[k] == NULL);
        }
        survive(file);
        survive_names(file);
        file->exists = file->exists_durably;
        if (!file->exists) {
            bytes_resize(&file->durable, 0);
        }
        bytes_resize(&file->now, 0);
        bytes_put(&file->now, 0, file->durable.data, file->durable.size);
        disk_drop_shm(file);
    }
    the_disk.dead = false;
    disk_calm();
}

void disk_threaten(uint32_t most)
{
    the_disk.dies_at_names = rng_chance(&the_disk.rng, 500);
    the_disk.dies_in = the_disk.dies_at_names ? -1 : (int64_t)rng_below(&the_disk.rng, most);
}

void disk_spare(void)
{
    the_disk.dies_at_names = false;
    the_disk.dies_in = -1;
}

void disk_calm(void)
{
    disk_spare();
    the_disk.write_fails_in = -1;
    the_disk.sync_fails_in = -1;
    the_disk.room = DISK_ROOM_ENDLESS;
}

void disk_reset(uint64_t seed)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        struct disk_file *file = &disk_files[i];
        file->name[0] = '\0';
        file->exists = false;
        file->exists_durably = false;
        bytes_resize(&file->now, 0);
        bytes_resize(&file->durable, 0);
        disk_forget_changes(file);
        disk_drop_shm(file);
    }
    the_disk = (struct disk){.rng = rng_of(seed, 'd')};
    disk_calm();
}

static bool holds(const struct bytes *in, struct hr_text bytes)
{
    return in->size >= bytes.size && memmem(in->data, in->size, bytes.data, bytes.size) != NULL;
}

const char *disk_holds(struct hr_text bytes)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        const struct disk_file *file = &disk_files[i];
        if (file->name[0] != '\0' && (file->exists || file->exists_durably) &&
            (holds(&file->now, bytes) || holds(&file->durable, bytes) ||
             holds(&file->log, bytes))) {
            return file->name;
        }
    }
    return NULL;
}
