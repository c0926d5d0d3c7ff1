/* What the threads of the host share: the clock, random bytes, lines to wait in, and what the host says of
 * itself. */
#include "server/host_internal.h"

#include <errno.h>
#include <sys/random.h>
#include <time.h>

hr_instant hr_clock_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (hr_instant)now.tv_sec * HR_SECOND_US + now.tv_nsec / 1000;
}

void hr_random_bytes(void *context, void *ret_bytes, size_t size)
{
    (void)context;
    unsigned char *bytes = ret_bytes;
    while (size > 0) {
        ssize_t got = getrandom(bytes, size < 256 ? size : 256, 0);
        hr_assert(got > 0 || errno == EINTR);
        size_t now = got > 0 ? (size_t)got : 0;
        bytes += now;
        size -= now;
    }
}

void hr_line_init(struct hr_line *line)
{
    pthread_condattr_t attributes;
    *line = (struct hr_line){.count = 0};
    (void)pthread_mutex_init(&line->lock, NULL);
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&line->changed, &attributes);
    (void)pthread_condattr_destroy(&attributes);
}

void hr_line_close(struct hr_line *line)
{
    (void)pthread_mutex_lock(&line->lock);
    line->closed = true;
    (void)pthread_cond_broadcast(&line->changed);
    (void)pthread_mutex_unlock(&line->lock);
}

void hr_line_done(struct hr_line *line)
{
    (void)pthread_cond_destroy(&line->changed);
    (void)pthread_mutex_destroy(&line->lock);
}

/* ---- asking ---------------------------------------------------------------------------------------- */

uint16_t hr_host_port(const struct hr_host *host)
{
    return hr_http_server_port(host->server);
}

const struct hr_plan *hr_host_plan(const struct hr_host *host)
{
    return atomic_load(&host->regime)->plan;
}

const struct hr_settings *hr_host_settings(const struct hr_host *host)
{
    return &host->settings;
}

uint32_t hr_host_closed_for(const struct hr_host *host)
{
    int64_t until = atomic_load(&host->closed_until);
    if (until == 0) {
        return 0;
    }
    if (until == INT64_MAX) {
        return 60;
    }
    int64_t left = until - hr_clock_now();
    return left <= 0 ? 0 : (uint32_t)(left / HR_SECOND_US + 1);
}

void hr_host_figures(struct hr_host *host, struct hr_host_figures *ret_figures)
{
    *ret_figures = (struct hr_host_figures){
        .journalled = atomic_load(&host->journalled),
        .duplicates = atomic_load(&host->duplicates),
        .refused = atomic_load(&host->refused),
        .batches = atomic_load(&host->batches),
        .alerts_confirmed = atomic_load(&host->alerts_confirmed),
        .alerts_failed = atomic_load(&host->alerts_failed),
    };
    (void)pthread_mutex_lock(&host->queue.lock);
    ret_figures->waiting = host->queue.count;
    (void)pthread_mutex_unlock(&host->queue.lock);
    hr_store_figures(host->store, &ret_figures->store);
}
