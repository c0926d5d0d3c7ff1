/* Kills the daemon N times under load and says what became of every message. Usage:
 *
 *   kill PROGRAM FOLDER PORT N SEED
 *
 * FOLDER is a workspace with a data folder, made by tests/kill/kill_test. Exit 0 only if nothing was lost, doubled or
 * different from the sender's books. */
#include "kill.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    KILL_AFTER_US_MAX = 400000,
    KILL_AT_START_EVERY = 5, /* of so many kills one meets the daemon while it starts */
    KILL_AT_START_US_MAX = 150000,
    DEADLINES_US =
        6000000 /* after it every deadline of the workspace's payment handoff has passed */
};

/* One kill: while it starts, or some time after the first acknowledgement. */
static bool kill_once(struct kill_daemon *daemon, struct kill_senders *senders, uint64_t random,
                      unsigned number)
{
    kill_daemon_start(daemon);
    if (number % KILL_AT_START_EVERY == 0) {
        kill_sleep_us(random % KILL_AT_START_US_MAX);
        kill_daemon_kill(daemon);
        return true;
    }
    if (!kill_daemon_wait_ready(daemon)) {
        return false;
    }
    kill_senders_go(senders);
    if (!kill_senders_wait_ack(senders)) {
        printf("FAIL nothing was acknowledged within 30 s\n");
        return false;
    }
    kill_sleep_us(1000 + random % KILL_AFTER_US_MAX);
    kill_daemon_kill(daemon);
    kill_senders_wait_idle(senders);
    return true;
}

/* Everything is told to its end, deadlines pass, and it is asked to stop. */
static bool end_in_order(struct kill_daemon *daemon, struct kill_senders *senders)
{
    kill_daemon_start(daemon);
    if (!kill_daemon_wait_ready(daemon)) {
        return false;
    }
    if (!kill_senders_finish(senders)) {
        printf("FAIL not everything was acknowledged in the end\n");
        return false;
    }
    kill_sleep_us(DEADLINES_US);
    if (!kill_daemon_stop(daemon)) {
        printf("FAIL the daemon did not stop in order\n");
        return false;
    }
    return true;
}

static void report(const struct kill_world *world, const struct kill_findings *found,
                   const struct kill_daemon *daemon, unsigned kills)
{
    uint64_t attempted = 0;
    uint64_t acknowledged = 0;
    for (uint64_t i = 0; i < atomic_load(&world->started) * KILL_SLOTS; i++) {
        uint8_t state = atomic_load(&world->states[i]);
        attempted += state != KILL_UNSENT;
        acknowledged += state == KILL_ACKNOWLEDGED;
    }
    printf("kills %u, requests %" PRIuFAST64 ", of them unanswered %" PRIuFAST64
           ", answered as duplicate %" PRIuFAST64 ", busy %" PRIuFAST64
           "; ready again after %.2f s at most\n",
           kills, atomic_load(&kill_counts.attempts), atomic_load(&kill_counts.unanswered),
           atomic_load(&kill_counts.duplicates), atomic_load(&kill_counts.busy),
           daemon->ready_s_max);
    printf("customers %" PRIu64 ", handoffs %" PRIu64 ", of them waiting for proof %" PRIu64
           ", journal entries %" PRIu64 "\n",
           found->contacts, found->instances, found->deadlines, found->entries);
    printf("attempted %" PRIu64 ", acknowledged %" PRIu64 ", lost %" PRIu64 ", duplicated %" PRIu64
           ", recovered %" PRIu64 ", unexpected %" PRIu64 ", rebuilt differently %" PRIu64 "\n",
           attempted, acknowledged, found->lost, found->duplicated, found->recovered,
           found->unexpected, found->rebuilt_differently);
}

static bool run(struct kill_world *world, struct kill_daemon *daemon, unsigned kills)
{
    char data_folder[4096];
    struct kill_findings found;
    struct kill_senders *senders = kill_senders_start(world, daemon->port);
    for (unsigned i = 1; i <= kills; i++) {
        if (!kill_once(daemon, senders, kill_mix(world->seed ^ 0xD1E, i), i)) {
            return false;
        }
    }
    if (!end_in_order(daemon, senders)) {
        return false;
    }
    kill_senders_free(senders);
    (void)snprintf(data_folder, sizeof data_folder, "%s/.handrail", daemon->folder);
    bool good = kill_check(world, data_folder, &found);
    report(world, &found, daemon, kills);
    if (atomic_load(&kill_counts.refused) > 0 || atomic_load(&kill_counts.taken_twice) > 0) {
        printf("FAIL refused %" PRIuFAST64 ", acknowledged twice as new %" PRIuFAST64 "\n",
               atomic_load(&kill_counts.refused), atomic_load(&kill_counts.taken_twice));
        return false;
    }
    return good;
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        (void)fprintf(stderr, "usage: kill PROGRAM FOLDER PORT N SEED\n");
        return 2;
    }
    struct kill_daemon daemon = {
        .program = argv[1], .folder = argv[2], .port = (uint16_t)strtoul(argv[3], NULL, 10)};
    struct kill_world world = {.seed = strtoull(argv[5], NULL, 10)};
    world.created_s = calloc(KILL_CUSTOMERS_MAX, sizeof *world.created_s);
    world.states = calloc((size_t)KILL_CUSTOMERS_MAX * KILL_SLOTS, sizeof *world.states);
    hr_assert(world.created_s != NULL && world.states != NULL);
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    bool good = run(&world, &daemon, (unsigned)strtoul(argv[4], NULL, 10));
    free(world.created_s);
    free((void *)(uintptr_t)world.states);
    printf("%s %s kills, seed %s\n", good ? "ok  " : "FAIL", argv[4], argv[5]);
    return good ? 0 : 1;
}
