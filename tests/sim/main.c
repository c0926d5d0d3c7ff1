/* sim --seeds [FROM] COUNT [--jobs N] [--trace] [--quick] [--hash] [--table] | --seed N
 *
 * Seeds that once failed (seeds.txt) run first. Exit status 1 when a seed failed or a kind was hit too seldom. */
#include "sim/sim.h"

#include <malloc.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { JOBS_MAX = 64, FAILURES_SHOWN = 10, OLD_SEEDS_MAX = 4096 };

struct settings {
    const char *program;
    uint64_t from;
    uint64_t count;
    unsigned jobs;
    struct how how;
    bool hash;
    bool table;
};

/* ---- one seed -------------------------------------------------------------------------------- */

static bool run_seed(const struct settings *settings, uint64_t seed)
{
    static struct world world;
    uint64_t hash = 0;
    (void)sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, (int)(seed & 0x7FFFFFFF) | 1, NULL);
    bool fine = world_run(&world, seed, settings->how, &hash);
    if (!fine) {
        printf("sim: seed %llu failed: %s; replay: %s --seed %llu --trace\n",
               (unsigned long long)seed, world.complaint, settings->program,
               (unsigned long long)seed);
        (void)fflush(stdout);
    } else if (settings->hash) {
        printf("%llu %016llx\n", (unsigned long long)seed, (unsigned long long)hash);
    }
    return fine;
}

/* Every jobs-th seed, beginning with the share-th. Answers how many failed. */
static uint64_t run_share(const struct settings *settings, const uint64_t *old, size_t old_count,
                          unsigned share)
{
    uint64_t failures = 0;
    for (size_t i = share; i < old_count; i += settings->jobs) {
        failures += !run_seed(settings, old[i]);
    }
    for (uint64_t i = share; i < settings->count && failures < FAILURES_SHOWN;
         i += settings->jobs) {
        failures += !run_seed(settings, settings->from + i);
    }
    return failures;
}

/* ---- several processes ----------------------------------------------------------------------- */

struct report {
    uint64_t failures;
    struct tally tally;
};

static pid_t begin_job(const struct settings *settings, const uint64_t *old, size_t old_count,
                       unsigned share, int *ret_pipe)
{
    int ends[2];
    if (pipe(ends) != 0) {
        perror("sim: pipe");
        exit(1);
    }
    (void)fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct report report = {.failures = run_share(settings, old, old_count, share)};
        report.tally = the_tally;
        bool written = write(ends[1], &report, sizeof report) == (ssize_t)sizeof report;
        (void)fflush(stdout);
        _exit(written ? 0 : 1);
    }
    (void)close(ends[1]);
    *ret_pipe = ends[0];
    return child;
}

static uint64_t run_jobs(const struct settings *settings, const uint64_t *old, size_t old_count)
{
    int pipes[JOBS_MAX];
    pid_t children[JOBS_MAX];
    uint64_t failures = 0;
    for (unsigned i = 0; i < settings->jobs; i++) {
        children[i] = begin_job(settings, old, old_count, i, &pipes[i]);
    }
    for (unsigned i = 0; i < settings->jobs; i++) {
        struct report report;
        int status = 0;
        bool told = read(pipes[i], &report, sizeof report) == (ssize_t)sizeof report;
        (void)waitpid(children[i], &status, 0);
        if (!told) {
            printf("sim: a process ended by itself (status %d); its seeds are those that are %u "
                   "modulo %u\n",
                   status, i, settings->jobs);
            failures++;
            continue;
        }
        failures += report.failures;
        tally_add(&report.tally);
    }
    return failures;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static size_t read_old(const char *root, uint64_t *old)
{
    char path[1024];
    char text[128];
    size_t count = 0;
    (void)snprintf(path, sizeof path, "%s/tests/sim/seeds.txt", root);
    FILE *stream = fopen(path, "r");
    while (stream != NULL && count < OLD_SEEDS_MAX && fgets(text, sizeof text, stream) != NULL) {
        if (text[0] >= '0' && text[0] <= '9') {
            old[count++] = strtoull(text, NULL, 10);
        }
    }
    if (stream != NULL) {
        (void)fclose(stream);
    }
    return count;
}

static bool is_number(const char *text)
{
    return text != NULL && text[0] >= '0' && text[0] <= '9';
}

static int usage(void)
{
    (void)fprintf(stderr, "use: sim --seeds [FROM] COUNT [--jobs N] [--trace] [--quick] [--hash] "
                          "[--table] | sim --seed N\n");
    return 2;
}

static bool read_arguments(int count, char **arguments, struct settings *settings)
{
    for (int i = 1; i < count; i++) {
        bool has_number = i + 1 < count && is_number(arguments[i + 1]);
        uint64_t number = has_number ? strtoull(arguments[i + 1], NULL, 10) : 0;
        if (strcmp(arguments[i], "--seeds") == 0 && has_number) {
            settings->count = number;
            i++;
            if (i + 1 < count && is_number(arguments[i + 1])) {
                settings->from = number;
                settings->count = strtoull(arguments[++i], NULL, 10);
            }
        } else if (strcmp(arguments[i], "--seed") == 0 && has_number) {
            settings->from = number;
            settings->count = 1;
            i++;
        } else if (strcmp(arguments[i], "--jobs") == 0 && has_number && number > 0 &&
                   number <= JOBS_MAX) {
            settings->jobs = (unsigned)number;
            i++;
        } else if (strcmp(arguments[i], "--trace") == 0) {
            settings->how.trace = true;
        } else if (strcmp(arguments[i], "--quick") == 0) {
            settings->how.quick = true;
        } else if (strcmp(arguments[i], "--hash") == 0) {
            settings->hash = true;
        } else if (strcmp(arguments[i], "--table") == 0) {
            settings->table = true;
        } else {
            return false;
        }
    }
    return settings->count > 0;
}

/* Few seeds cannot hit everything; many must. */
static uint64_t least_hits(uint64_t count)
{
    if (count >= 20000) {
        return 1000;
    }
    if (count >= 2000) {
        return 100;
    }
    return count >= 200 ? 1 : 0;
}

int main(int count, char **arguments)
{
    static uint64_t old[OLD_SEEDS_MAX];
    struct settings settings = {.program = arguments[0], .from = 1, .jobs = 1};
    if (!read_arguments(count, arguments, &settings)) {
        return usage();
    }
    const char *root = getenv("HANDRAIL_ROOT") != NULL ? getenv("HANDRAIL_ROOT") : ".";
    /* memory goes round and round: giving it back to the system between seeds would take longer than the seeds */
    (void)mallopt(M_MMAP_THRESHOLD, 32 << 20);
    (void)mallopt(M_TRIM_THRESHOLD, 1 << 30);
    disk_register();
    variants_load(root);
    size_t old_count = settings.count > 1 ? read_old(root, old) : 0;
    struct timespec begin;
    struct timespec end;
    (void)clock_gettime(CLOCK_MONOTONIC, &begin);
    uint64_t failures = settings.jobs == 1 ? run_share(&settings, old, old_count, 0)
                                           : run_jobs(&settings, old, old_count);
    (void)clock_gettime(CLOCK_MONOTONIC, &end);
    uint64_t least = failures > 0 ? 0 : least_hits(settings.count);
    size_t few = settings.table || least > 0 ? tally_print(least) : 0;
    double seconds =
        (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
    printf("sim: %llu seeds, %llu failed; %llu entries, at least %llu a seed; %llu restarts; %llu "
           "other orders; %.1f s\n",
           (unsigned long long)the_tally.seeds, (unsigned long long)failures,
           (unsigned long long)the_tally.entries, (unsigned long long)the_tally.entries_least,
           (unsigned long long)the_tally.restarts, (unsigned long long)the_tally.permutations,
           seconds);
    if (few > 0) {
        printf("sim: %zu kinds were hit less than %llu times\n", few, (unsigned long long)least);
    }
    return failures > 0 || few > 0 ? 1 : 0;
}
