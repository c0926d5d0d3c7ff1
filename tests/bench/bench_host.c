/* The daemon's host without its command line: serves a prepared folder until SIGTERM; then, and on SIGUSR1, it says
 * what it did.
 *
 *   bench_host DIR [PORT] [--cache MIB] */
/* links: server */
#include "bench/workload.h"
#include "server/host.h"

#include <signal.h>
#include <sys/resource.h>

static void complain(const struct hr_diagnostics *found)
{
    for (size_t i = 0; i < found->count; i++) {
        (void)fprintf(stderr, "bench_host: %.*s\n", HR_SHOW(found->items[i].message));
    }
}

static void report(struct hr_host *host)
{
    struct rusage usage;
    struct hr_host_figures figures;
    hr_host_figures(host, &figures);
    (void)getrusage(RUSAGE_SELF, &usage);
    (void)printf("journalled %" PRIu64 "\nduplicates %" PRIu64 "\nbatches %" PRIu64
                 "\ncheckpoints %" PRIu64 "\n",
                 figures.journalled, figures.duplicates, figures.batches,
                 figures.store.checkpoints);
    (void)printf("wal_highest %" PRIu64 "\ndatabase %" PRIu64 "\ncpu_ms %ld\nrss_highest %ld\n",
                 figures.store.wal_bytes_highest, figures.store.database_bytes,
                 (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
                     (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000,
                 usage.ru_maxrss / 1024);
    (void)fflush(stdout);
}

int main(int count, char **arguments)
{
    struct hr_arena arena;
    struct hr_diagnostics found;
    struct hr_host *host = NULL;
    sigset_t ends;
    int signal = 0;
    if (count < 2) {
        (void)fprintf(stderr, "bench_host DIR [PORT]\n");
        return 2;
    }
    const struct hr_host_options options = {
        .folder = arguments[1],
        .address = "127.0.0.1",
        .port = count > 2 ? (int32_t)strtol(arguments[2], NULL, 10) : 0,
        .cache_bytes = bench_number(count, arguments, "--cache", 0) << 20,
    };
    (void)setenv("HANDRAIL_SECRET_BENCH_SECRET", BENCH_SECRET, 1);
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigaddset(&ends, SIGINT);
    (void)sigaddset(&ends, SIGUSR1);
    (void)pthread_sigmask(SIG_BLOCK, &ends, NULL);
    hr_arena_init(&arena, 16 << 20);
    hr_diagnostics_init(&found, &arena);
    hr_status status = hr_host_start(&options, &found, &host);
    if (!hr_ok(status)) {
        complain(&found);
        return 1;
    }
    (void)printf("ready %u\n", hr_host_port(host));
    (void)fflush(stdout);
    do {
        (void)sigwait(&ends, &signal);
        report(host);
    } while (signal == SIGUSR1);
    hr_host_stop(host);
    hr_arena_close(&arena);
    return 0;
}
