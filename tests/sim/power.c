/* Starting, stopping and what lies between when the power goes: the host begins again from what the disk has kept. */
#include "sim/sim.h"

#include <string.h>

enum { BATCH_BYTES = 64 << 20, STARTS_MAX = 20 };

void salts_of(const struct world *world, void *ret_bytes, size_t size)
{
    uint8_t *bytes = ret_bytes;
    for (size_t i = 0; i < size; i++) {
        bytes[i] = world->options.secret[i % HR_KEY_SIZE] ^ 0x5A;
    }
}

static void draw_salts(void *context, void *ret_bytes, size_t size)
{
    salts_of(context, ret_bytes, size);
}

void host_close(struct world *world)
{
    hr_batch_done(&world->batch);
    hr_store_close(world->store);
    world->store = NULL;
}

static void note_publication(struct world *world, uint64_t position)
{
    world->entries[position - 1] = (struct noted){
        .kind = HR_EVENT_published, .now = world->batch.last_now, .variant = world->variant};
    world->entry_count = position;
}

/* What the disk has kept: all that was synced; of what was committed since, a part. A try to start that was cut
 * short may have left its publication. */
static void take_stock(struct world *world)
{
    uint64_t position = hr_store_position(world->store);
    if (position < world->durable) {
        fail(world, "position %llu after a start, but %llu was synced",
             (unsigned long long)position, (unsigned long long)world->durable);
    }
    if (position == world->entry_count + 1) {
        note_publication(world, position);
    }
    if (position > world->entry_count) {
        fail(world, "the journal has %llu entries, %llu were written", (unsigned long long)position,
             (unsigned long long)world->entry_count);
    }
    world->entry_count = position;
}

/* One try to start; false when the power went again, or the disk did not let it. */
static bool start(struct world *world)
{
    hr_status status = hr_store_open(&world->options, &world->store);
    if (!hr_ok(status)) {
        world->store = NULL;
        if (!the_disk.dead) {
            fail(world, "the store does not open: %d", status.code);
        }
        return false;
    }
    hr_batch_init(&world->batch, world->store, BATCH_BYTES);
    world->batch.engine.automates = true;
    world->batch.engine.url = HR_TEXT("https://handrail.example.com");
    world->batch.random = draw_salts;
    world->batch.random_context = world;
    struct hr_store_reader *reader = NULL;
    status = hr_store_reader_open(&world->options, &reader);
    if (hr_ok(status)) {
        status = hr_batch_resume(&world->batch, reader);
        hr_store_reader_close(reader);
    }
    if (hr_ok(status)) {
        take_stock(world);
        const struct variant *variant = &the_variants[world->variant];
        status = hr_batch_publish(&world->batch, variant->plan, variant->files, clock_now(world));
    }
    if (!hr_ok(status) && !the_disk.dead) {
        fail(world, "the host does not start: %d", status.code);
    }
    if (hr_ok(status) && hr_store_position(world->store) > world->entry_count) {
        note_publication(world, hr_store_position(world->store));
    }
    world->batch.sync_later = true; /* as in the daemon: publications at a start sync in place */
    return hr_ok(status);
}

void host_open(struct world *world)
{
    for (int tries = 0;; tries++) {
        if (!world->calm && tries > 0 && tries < STARTS_MAX && rng_chance(&world->rng, 300)) {
            disk_threaten(25);
        }
        bool started = start(world);
        if (started) {
            break;
        }
        hit(FAULT_crash_in_start);
        the_disk.dead = true;
        if (world->store != NULL) {
            host_close(world);
        }
        disk_power_back();
    }
    disk_calm();
    world->committed = world->entry_count;
    world->durable = world->entry_count;
    world->unsynced_commits = 0;
    world->unanswered_count = 0;
}

void host_crash(struct world *world, enum fault fault)
{
    hit(fault);
    the_tally.restarts++;
    trace(world, "crash %d at %llu", (int)fault, (unsigned long long)world->entry_count);
    world->sync_failures = the_disk.harm[HARM_sync_failed];
    the_disk.dead = true;
    host_close(world);
    disk_power_back();
    world->inbox_count = 0;
    world->now += between(world, HR_SECOND_US, 5 * HR_MINUTE_US);
    if (!world->calm && rng_chance(&world->rng, 400)) {
        disk_threaten(30);
    }
    host_open(world);
    check_acknowledged(world);
    forget_resume(world);
}

void host_restart(struct world *world)
{
    hit(FAULT_restart);
    if (!host_sync(world)) {
        return;
    }
    if (rng_chance(&world->rng, 400)) {
        disk_threaten(30);
    }
    host_close(world);
    world->inbox_count = 0;
    if (the_disk.dead || rng_chance(&world->rng, 300)) {
        the_disk.dead = true;
        disk_power_back();
    }
    disk_spare();
    if (rng_chance(&world->rng, 400)) {
        disk_threaten(30);
    }
    host_open(world);
    check_acknowledged(world);
    forget_resume(world);
    if (rng_chance(&world->rng, 200)) {
        host_crash(
            world,
            FAULT_crash_before_commit); /* before anything is written: the WAL is only a name yet */
    }
}
