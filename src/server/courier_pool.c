/* The couriers' line: many threads take from it, and what goes to one tool never holds all of them. */
#include "server/host_internal.h"

#include <string.h>

/* ---- roads ------------------------------------------------------------------------------------------- */

uint64_t hr_courier_road(const struct hr_effect *effect)
{
    uint64_t kind = HR_ROAD_TOOL;
    uint32_t whose = effect->tool;
    if (effect->kind == HR_EFFECT_mail || effect->kind == HR_EFFECT_note) {
        kind = HR_ROAD_MAIL;
        whose = 0;
    } else if (effect->kind == HR_EFFECT_webhook) {
        kind = HR_ROAD_WEBHOOK;
        whose = effect->person;
    }
    return kind << 32 | whose;
}

static size_t under_way(const struct hr_pool *pool, uint64_t road)
{
    size_t count = 0;
    for (size_t i = 0; i < HR_COURIER_THREADS; i++) {
        count += pool->roads[i] == road;
    }
    return count;
}

static size_t waiting(const struct hr_pool *pool, uint64_t road)
{
    size_t count = 0;
    for (size_t i = 0; i < pool->line.count; i++) {
        count += pool->intents[i].road == road;
    }
    return count;
}

bool hr_courier_has_room(struct hr_host *host, uint64_t road, size_t of_road, size_t of_all)
{
    struct hr_pool *pool = &host->courier;
    (void)pthread_mutex_lock(&pool->line.lock);
    bool room = !pool->line.closed && pool->flying + of_all <= HR_COURIER_THREADS &&
                waiting(pool, road) + under_way(pool, road) + of_road <= HR_COURIER_ROAD_MAX;
    (void)pthread_mutex_unlock(&pool->line.lock);
    return room;
}

/* ---- the line ---------------------------------------------------------------------------------------- */

/* One more thread when more waits than are idle: a host that sends little has one, with one reader of the store. Who
 * takes one looks, too: the others may have come before there were threads. */
static void wake_one(struct hr_host *host)
{
    struct hr_pool *pool = &host->courier;
    bool more = pool->line.count > pool->idle && !pool->line.closed;
    if (pool->line.count == 0) {
        return;
    }
    if (more && pool->started > 0 && pool->started < HR_COURIER_THREADS) {
        pool->seats[pool->started] = (struct hr_seat){host, pool->started};
        if (pthread_create(&pool->threads[pool->started], NULL, pool->main,
                           &pool->seats[pool->started]) == 0) {
            pool->started++;
        }
    }
    (void)pthread_cond_signal(&pool->line.changed);
}

/* Beyond the line's end an effect stays intended, and the clock looks at it again as at any that did not come back. */
void hr_courier_take(struct hr_host *host, struct hr_intent intent)
{
    struct hr_pool *pool = &host->courier;
    (void)pthread_mutex_lock(&pool->line.lock);
    if (pool->line.count < HR_COURIER_LINE_MAX) {
        pool->intents[pool->line.count++] = intent;
        pool->flying++;
        wake_one(host);
    }
    (void)pthread_mutex_unlock(&pool->line.lock);
}

/* The first whose road has room among the threads; when the line is closed, the first. */
static size_t first_ready(const struct hr_pool *pool)
{
    size_t i = 0;
    while (i < pool->line.count && !pool->line.closed &&
           under_way(pool, pool->intents[i].road) >= HR_COURIER_ROAD_MAX) {
        i++;
    }
    return i;
}

bool hr_courier_next(struct hr_host *host, size_t thread, struct hr_intent *ret_intent,
                     bool *ret_closed)
{
    struct hr_pool *pool = &host->courier;
    (void)pthread_mutex_lock(&pool->line.lock);
    size_t at = first_ready(pool);
    while (at == pool->line.count && !pool->line.closed) {
        pool->idle++;
        (void)pthread_cond_wait(&pool->line.changed, &pool->line.lock);
        pool->idle--;
        at = first_ready(pool);
    }
    bool some = at < pool->line.count;
    if (some) {
        *ret_intent = pool->intents[at];
        pool->roads[thread] = ret_intent->road;
        pool->line.count--;
        memmove(&pool->intents[at], &pool->intents[at + 1],
                (pool->line.count - at) * sizeof pool->intents[0]);
        wake_one(host);
    }
    *ret_closed = pool->line.closed;
    (void)pthread_mutex_unlock(&pool->line.lock);
    return some;
}

void hr_courier_landed(struct hr_host *host, size_t thread)
{
    struct hr_pool *pool = &host->courier;
    (void)pthread_mutex_lock(&pool->line.lock);
    pool->roads[thread] = 0;
    pool->flying--;
    (void)pthread_cond_signal(&pool->line.changed); /* another of its road may go now */
    (void)pthread_mutex_unlock(&pool->line.lock);
    (void)pthread_mutex_lock(&host->queue.lock);
    host->room_again = true;
    (void)pthread_mutex_unlock(&host->queue.lock);
    (void)pthread_cond_signal(&host->queue.changed);
}

bool hr_courier_is_closed(struct hr_host *host)
{
    (void)pthread_mutex_lock(&host->courier.line.lock);
    bool closed = host->courier.line.closed;
    (void)pthread_mutex_unlock(&host->courier.line.lock);
    return closed;
}

/* ---- life -------------------------------------------------------------------------------------------- */

hr_status hr_courier_start(struct hr_host *host, void *(*courier)(void *))
{
    struct hr_pool *pool = &host->courier;
    HR_TRY(hr_oauth_create(NULL, &pool->tokens));
    (void)pthread_mutex_lock(&pool->line.lock); /* the writer is at work already */
    pool->main = courier;
    pool->seats[0] = (struct hr_seat){host, 0};
    bool begun = pthread_create(&pool->threads[0], NULL, courier, &pool->seats[0]) == 0;
    pool->started = begun;
    (void)pthread_mutex_unlock(&pool->line.lock);
    return begun ? hr_done() : hr_answer(HR_E_MEMORY);
}

void hr_courier_stop(struct hr_host *host)
{
    struct hr_pool *pool = &host->courier;
    hr_line_close(&pool->line); /* from here on no thread is started */
    for (size_t i = 0; i < pool->started; i++) {
        (void)pthread_join(pool->threads[i], NULL);
    }
    hr_oauth_free(pool->tokens);
    pool->tokens = NULL;
}
