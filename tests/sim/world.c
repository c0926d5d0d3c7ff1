/* A seed's life: a month in which everything goes wrong, and then a quiet one after which all must be well. */
#include "sim/sim.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 256 << 20, ROUNDS_MAX = 20000, QUIET_DAYS = 40 };

/* 2 November 2026: Christmas, with its holidays and absences, is within reach of the longer seeds. */
static const hr_instant first_day = INT64_C(1793577600000000);

void fail(struct world *world, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(world->complaint, sizeof world->complaint, format, arguments);
    va_end(arguments);
    longjmp(world->failed, 1);
}

void must(struct world *world, hr_status status, const char *what)
{
    if (!hr_ok(status)) {
        fail(world, "%s answered %d", what, status.code);
    }
}

void trace(const struct world *world, const char *format, ...)
{
    if (!world->trace) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    hr_instant seconds = (world->now - world->start) / HR_SECOND_US;
    printf("%3" PRId64 "d %02" PRId64 ":%02" PRId64 ":%02" PRId64 "  ", seconds / 86400,
           seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    (void)vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
}

hr_instant clock_now(const struct world *world)
{
    return world->stands_till != HR_INSTANT_NONE ? world->stands_at : world->now + world->skew;
}

hr_instant between(struct world *world, hr_instant least, hr_instant most)
{
    return least + (hr_instant)(rng_next(&world->rng) % (uint64_t)(most - least + 1));
}

/* ---- what happens when ------------------------------------------------------------------------------- */

static bool before(const struct action *a, const struct action *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

void schedule_action(struct world *world, struct action action)
{
    hr_assert(world->action_count < ACTIONS_MAX);
    action.order = world->action_order++;
    size_t at = world->action_count++;
    while (at > 0 && before(&action, &world->actions[(at - 1) / 2])) {
        world->actions[at] = world->actions[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    world->actions[at] = action;
}

void schedule(struct world *world, hr_instant at, enum act act, uint32_t index)
{
    schedule_action(world, (struct action){.at = at, .act = act, .index = index});
}

static struct action take_action(struct world *world)
{
    struct action first = world->actions[0];
    struct action last = world->actions[--world->action_count];
    size_t at = 0;
    while (true) {
        size_t child = 2 * at + 1;
        if (child + 1 < world->action_count &&
            before(&world->actions[child + 1], &world->actions[child])) {
            child++;
        }
        if (child >= world->action_count || !before(&world->actions[child], &last)) {
            break;
        }
        world->actions[at] = world->actions[child];
        at = child;
    }
    world->actions[at] = last;
    return first;
}

/* ---- the clock, the disk and the owner of the files ---------------------------------------------------- */

static void clock_acts(struct world *world)
{
    switch (rng_below(&world->rng, 4)) {
    case 0:
        hit(FAULT_clock_back);
        world->skew -= between(world, HR_SECOND_US, 2 * HR_MINUTE_US);
        world->skew = world->skew < -3 * HR_MINUTE_US ? -3 * HR_MINUTE_US : world->skew;
        break;
    case 1:
        hit(FAULT_clock_forward);
        world->skew += between(world, HR_SECOND_US, 10 * HR_MINUTE_US);
        world->skew = world->skew > HR_HOUR_US ? 0 : world->skew;
        break;
    case 2:
        hit(FAULT_clock_stands);
        world->stands_at = clock_now(world);
        world->stands_till = world->now + between(world, HR_MINUTE_US, 20 * HR_MINUTE_US);
        break;
    default:
        /* the machine slept: everything that was to happen meanwhile happens at once */
        hit(FAULT_clock_forward);
        world->now += between(world, HR_HOUR_US, 2 * HR_DAY_US);
        break;
    }
    trace(world, "clock: skew %" PRId64 " s", world->skew / HR_SECOND_US);
}

static void disk_acts(struct world *world)
{
    switch (rng_below(&world->rng, 3)) {
    case 0:
        the_disk.room = (int64_t)rng_below(&world->rng, 30000);
        schedule(world, world->now + between(world, HR_MINUTE_US, 2 * HR_HOUR_US), ACT_disk, 1);
        hit(FAULT_disk_full);
        trace(world, "disk: %lld bytes left", (long long)the_disk.room);
        break;
    case 1:
        the_disk.write_fails_in = rng_below(&world->rng, 30);
        break;
    default:
        the_disk.sync_fails_in = rng_below(&world->rng, 4);
        break;
    }
}

static void seal(struct world *world)
{
    uint64_t moved = 0;
    if (rng_chance(&world->rng, 400)) {
        disk_threaten(40);
    }
    hr_status status = hr_store_seal(world->store, 10 + rng_below(&world->rng, 60), &moved);
    if (!the_disk.dead) {
        disk_spare();
    }
    trace(world, "seal: %d, %llu moved", status.code, (unsigned long long)moved);
    if (hr_ok(status)) {
        the_tally.faults[FAULT_sealed] += moved > 0;
    } else if (status.code != HR_E_FULL) {
        host_crash(world, the_disk.dead ? FAULT_crash_in_commit : FAULT_write_error);
    }
}

static void perform(struct world *world, const struct action *action)
{
    switch (action->act) {
    case ACT_deliver:
    case ACT_copy:
        message_deliver(world, action->index, action->act == ACT_copy);
        break;
    case ACT_person:
        person_acts(world);
        break;
    case ACT_outcome:
        if (!host_take(world, &action->noted)) {
            struct action later = *action;
            later.at = world->now + HR_SECOND_US;
            schedule_action(world, later);
        }
        break;
    case ACT_publish:
        hit(FAULT_plan_swap);
        host_publish(world, (int)action->index);
        break;
    case ACT_forget:
        customer_forget(world, action->index);
        break;
    case ACT_leave:
        customer_leaves(world);
        break;
    case ACT_seal:
        seal(world);
        break;
    case ACT_clock:
        clock_acts(world);
        break;
    case ACT_restart:
        host_restart(world);
        break;
    case ACT_disk:
        if (action->index == 1) {
            the_disk.room = DISK_ROOM_ENDLESS;
        } else if (!world->calm) {
            disk_acts(world);
        }
        break;
    }
}

/* ---- a life ------------------------------------------------------------------------------------------------ */

static void choose_swarm(struct world *world)
{
    struct swarm *swarm = &world->swarm;
    uint32_t *const each[] = {&swarm->crash,   &swarm->crash_in_commit, &swarm->disk,
                              &swarm->network, &swarm->alerts,          &swarm->shared_phones,
                              &swarm->wrong};
    static const uint32_t most[] = {24, 50, 12, 250, 500, 400, 250};
    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
        *each[i] = rng_chance(&world->rng, 650) ? 1 + rng_below(&world->rng, most[i]) : 0;
    }
}

static void scatter(struct world *world, enum act act, uint32_t most, uint32_t indexes)
{
    uint32_t count = rng_below(&world->rng, most + 1);
    for (uint32_t i = 0; i < count; i++) {
        schedule(world, world->start + between(world, HR_HOUR_US, 26 * HR_DAY_US), act,
                 indexes == 0 ? 0 : rng_below(&world->rng, indexes));
    }
}

static void make(struct world *world, uint64_t seed)
{
    world->seed = seed;
    world->rng = rng_of(seed, 'w');
    world->start = first_day + between(world, 0, 45 * HR_DAY_US);
    world->now = world->start;
    world->stands_till = HR_INSTANT_NONE;
    disk_reset(seed);
    choose_swarm(world);
    world->variant = (int)rng_below(&world->rng, VARIANTS);
    world->options =
        (struct hr_store_options){.folder = "/d",
                                  .vfs = DISK_NAME,
                                  .cache_bytes = 1 << 20,
                                  .wal_bytes_max = (size_t)1 << (19 + rng_below(&world->rng, 4)),
                                  .create = true,
                                  .seen_run_keys = 16 + rng_below(&world->rng, 100),
                                  .known_slots = 1 + rng_below(&world->rng, 40)};
    for (size_t i = 0; i < HR_KEY_SIZE; i++) {
        world->options.secret[i] = (uint8_t)rng_next(&world->rng);
    }
    stories_make(world);
    scatter(world, ACT_person, 100, 0);
    scatter(world, ACT_publish, 3, VARIANTS);
    scatter(world, ACT_seal, rng_chance(&world->rng, 300) ? 3 : 0, 0);
    scatter(world, ACT_leave, 12, 0);
    scatter(world, ACT_forget, 2, (uint32_t)world->customer_count);
    scatter(world, ACT_restart, 4, 0);
    scatter(world, ACT_clock, 4, 0);
    scatter(world, ACT_disk, world->swarm.disk, 0 + 1);
}

/* The next instant, in true time, at which anything happens; HR_INSTANT_NONE: never. */
static hr_instant next_instant(struct world *world)
{
    hr_instant next = world->action_count == 0 ? HR_INSTANT_NONE : world->actions[0].at;
    if (world->stands_till != HR_INSTANT_NONE) {
        return next == HR_INSTANT_NONE || world->stands_till < next ? world->stands_till : next;
    }
    hr_instant due = host_next_due(world);
    if (due != HR_INSTANT_NONE && (next == HR_INSTANT_NONE || due - world->skew < next)) {
        next = due - world->skew;
    }
    return next;
}

static void advance(struct world *world, hr_instant to)
{
    world->now = to > world->now ? to : world->now;
    if (world->stands_till != HR_INSTANT_NONE && world->now >= world->stands_till) {
        world->stands_till = HR_INSTANT_NONE;
    }
}

/* The power may have gone in work that the host does on the side. */
static void revive(struct world *world)
{
    if (the_disk.dead) {
        host_crash(world, FAULT_crash_in_commit);
    }
}

/* Lives until nothing more happens, or a day is reached. */
static void live(struct world *world, hr_instant until)
{
    for (size_t rounds = 0;; rounds++) {
        if (rounds > ROUNDS_MAX) {
            fail(world, "work does not end: %llu entries, next due %" PRId64 " s from now",
                 (unsigned long long)world->entry_count,
                 (host_next_due(world) - clock_now(world)) / HR_SECOND_US);
        }
        hr_instant next = next_instant(world);
        bool over = next == HR_INSTANT_NONE || (next > until && next > world->now);
        if (world->inbox_count == 0 && over) {
            return;
        }
        if (world->inbox_count == 0 || rng_chance(&world->rng, 300)) {
            advance(world, over ? world->now : next);
        }
        while (world->action_count > 0 && world->actions[0].at <= world->now) {
            struct action action = take_action(world);
            perform(world, &action);
            revive(world);
        }
        (void)host_round(world);
        revive(world);
        world->now += between(world, 0, 20000);
    }
}

/* Faults end: the clock is right, the disk is whole, people stop, what was lost is found. */
static void calm_down(struct world *world)
{
    world->calm = true;
    world->skew = 0;
    world->stands_till = HR_INSTANT_NONE;
    disk_calm();
    forget_resume(world);
    for (uint32_t i = 0; i < world->message_count; i++) {
        if (!world->messages[i].acked) {
            schedule(world, world->now + between(world, 0, HR_MINUTE_US), ACT_deliver, i);
        }
    }
    trace(world, "calm");
}

static void run(struct world *world, uint64_t *ret_hash)
{
    host_open(world);
    live(world, world->start + 30 * HR_DAY_US);
    calm_down(world);
    live(world, world->now + QUIET_DAYS * HR_DAY_US);
    hr_arena_rewind(&world->round, (struct hr_arena_mark){0});
    check_rest(world, ret_hash);
    host_close(world);
}

bool world_run(struct world *world, uint64_t seed, struct how how, uint64_t *ret_hash)
{
    static struct action actions[ACTIONS_MAX];
    static struct noted entries[ENTRIES_MAX];
    memset(world, 0, sizeof *world);
    world->trace = how.trace;
    world->quick = how.quick;
    world->actions = actions;
    world->entries = entries;
    hr_arena_init(&world->arena, ARENA_BYTES);
    hr_arena_init(&world->round, ARENA_BYTES);
    bool fine = setjmp(world->failed) == 0;
    if (fine) {
        make(world, seed);
        run(world, ret_hash);
    } else if (world->store != NULL) {
        the_disk.dead = true;
        host_close(world);
    }
    hr_arena_close(&world->arena);
    hr_arena_close(&world->round);
    for (size_t i = 0; i < HARM_count; i++) {
        the_tally.harm[i] += the_disk.harm[i];
    }
    the_tally.seeds++;
    return fine;
}
