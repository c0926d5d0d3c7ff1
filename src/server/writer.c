/* The one writer: takes all that waits, runs it as one batch, hands it on to be answered, and watches the clock. */
#include "server/host_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

enum {
    IDLE_US_MAX = 60 * 1000000,
    QUIET_US = 1000000,    /* nothing came for so long: old entries may be sealed */
    SEAL_PAUSE_US = 10000, /* between two bites of it */
    GATHER_JOBS = 24,      /* are worth a batch even while the disk syncs */
    TIMERS_ROOM = 32,      /* of a round: with a full queue for minutes, deadlines still come */
    JOBS_MAX = HR_BATCH_MAX - TIMERS_ROOM,
    SCRUB_WAIT_MS = 1000,     /* for readers, while a person waits for a forgetting */
    SCRUB_AGAIN_WAIT_MS = 20, /* later on: everybody waits meanwhile */
    SCRATCH_BUDGET_BYTES = 32 << 20
};

/* What one round works on. */
struct round {
    struct hr_host *host;
    struct hr_job *jobs[JOBS_MAX];
    size_t job_count;
    struct hr_waiting due[HR_BATCH_MAX]; /* timers of this round */
    size_t due_count;
    struct hr_arena scratch;
};

/* ---- the queue -------------------------------------------------------------------------------------- */

static void append(struct hr_host *host, struct hr_job *job)
{
    job->next = NULL;
    if (host->last == NULL) {
        host->first = job;
    } else {
        host->last->next = job;
    }
    host->last = job;
    host->queue.count++;
}

/* True when a round should begin. While the disk syncs nobody can be answered sooner by it, so a few wait for more:
 * each batch rewrites some pages whatever its size. */
static bool is_worth_it(const struct hr_host *host)
{
    return host->first != NULL && (!host->syncing || host->queue.count >= GATHER_JOBS);
}

bool hr_host_submit_many(struct hr_host *host, struct hr_job *jobs, size_t count)
{
    (void)pthread_mutex_lock(&host->queue.lock);
    bool taken = !host->queue.closed && host->queue.count + count <= HR_QUEUE_MAX;
    bool worth = is_worth_it(host);
    for (size_t i = 0; taken && i < count; i++) {
        append(host, &jobs[i]);
    }
    bool wakes = !worth && is_worth_it(host);
    (void)pthread_mutex_unlock(&host->queue.lock);
    if (wakes) { /* after the unlock: who wakes finds it free; the host outlives all who submit */
        (void)pthread_cond_signal(&host->queue.changed);
    }
    return taken;
}

bool hr_host_submit(struct hr_host *host, struct hr_job *job)
{
    return hr_host_submit_many(host, job, 1);
}

struct waiting_room {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool over;
};

static void wake(void *context, struct hr_job *job)
{
    struct waiting_room *room = context;
    (void)job;
    (void)pthread_mutex_lock(&room->lock);
    room->over = true;
    (void)pthread_cond_signal(&room->changed);
    (void)pthread_mutex_unlock(&room->lock);
}

hr_status hr_host_submit_and_wait(struct hr_host *host, struct hr_job *job)
{
    struct waiting_room room = {.lock = PTHREAD_MUTEX_INITIALIZER,
                                .changed = PTHREAD_COND_INITIALIZER};
    job->done = wake;
    job->context = &room; /* cppcheck-suppress autoVariables; the job is over before this returns */
    if (!hr_host_submit(host, job)) {
        return hr_answer(HR_E_LIMIT);
    }
    (void)pthread_mutex_lock(&room.lock);
    while (!room.over) {
        (void)pthread_cond_wait(&room.changed, &room.lock);
    }
    (void)pthread_mutex_unlock(&room.lock);
    (void)pthread_cond_destroy(&room.changed);
    (void)pthread_mutex_destroy(&room.lock);
    if (!hr_ok(job->status)) {
        return job->status;
    }
    if (job->waiting.became != HR_BECAME_refused) {
        return hr_done();
    }
    bool too_much = job->waiting.status.code == HR_E_LIMIT;
    return too_much ? hr_answer(HR_E_INPUT) : job->waiting.status;
}

/* What waited for room among the couriers is looked at again as soon as one came back. Under the queue's lock. */
static void note_room(struct hr_host *host)
{
    if (host->room_again && host->timers.held && hr_host_closed_for(host) == 0) {
        host->timers.held = false;
        host->next_due = INT64_MIN;
    }
    host->room_again = false;
}

/* Waits for work, for the clock or for the end. A change of plan runs alone: what follows is judged by it. */
static bool take_jobs(struct round *round)
{
    struct hr_host *host = round->host;
    (void)pthread_mutex_lock(&host->queue.lock);
    note_room(host);
    while (!is_worth_it(host) && !host->queue.closed) {
        int64_t wait_us = IDLE_US_MAX;
        if (host->next_due == INT64_MIN) {
            break; /* not looked at yet */
        }
        if (host->next_due != INT64_MAX) {
            wait_us = host->next_due - hr_clock_now();
        }
        if (hr_store_scrub_due(host->store)) {
            int64_t scrub_us = host->scrub_at - hr_clock_now();
            wait_us = wait_us > scrub_us ? scrub_us : wait_us;
        }
        if (wait_us <= 0) {
            break;
        }
        wait_us = wait_us > IDLE_US_MAX ? IDLE_US_MAX : wait_us;
        if (host->seal_soon) {
            int64_t quiet_us = host->busy_at + QUIET_US - hr_clock_now();
            quiet_us = quiet_us < SEAL_PAUSE_US ? SEAL_PAUSE_US : quiet_us;
            wait_us = wait_us > quiet_us ? quiet_us : wait_us;
        }
        struct timespec until;
        (void)clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += (long)(wait_us % 1000000) * 1000;
        until.tv_sec += (time_t)(wait_us / 1000000) + until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        if (pthread_cond_timedwait(&host->queue.changed, &host->queue.lock, &until) == ETIMEDOUT) {
            break;
        }
        note_room(host);
    }
    round->job_count = 0;
    while (host->first != NULL && round->job_count < JOBS_MAX) {
        bool alone =
            host->first->waiting.event.kind == HR_EVENT_published || host->first->erasure_count > 0;
        if (alone && round->job_count > 0) {
            break;
        }
        round->jobs[round->job_count++] = host->first;
        host->first = host->first->next;
        host->last = host->first == NULL ? NULL : host->last;
        host->queue.count--;
        if (alone) {
            break;
        }
    }
    bool go_on = round->job_count > 0 || !host->queue.closed;
    (void)pthread_mutex_unlock(&host->queue.lock);
    return go_on;
}

/* ---- the clock -------------------------------------------------------------------------------------- */

/* What the commit left to be looked at sooner than was known. */
static void note_due(struct hr_host *host)
{
    const struct hr_view *view = &host->batch.view;
    for (size_t i = 0; i < view->record_count; i++) {
        hr_instant due = view->records[i]->exists ? view->records[i]->hinted_due : HR_INSTANT_NONE;
        if (view->records[i]->dirty && due != HR_INSTANT_NONE && due < host->next_due) {
            host->next_due = due;
        }
    }
}

/* ---- the round -------------------------------------------------------------------------------------- */

/* It leaves now: for the first time or again; or the tool is asked whether it did. */
static bool begins_to_fly(const struct hr_fact *fact)
{
    return fact->kind == HR_FACT_effect_moved &&
           (fact->state == HR_EFFECT_intended || fact->state == HR_EFFECT_checking);
}

/* An intent is durable before the courier hears of it. *synced: so it is already, in this round. */
static hr_status dispatch(struct hr_host *host, const struct hr_waiting *waiting, bool *synced)
{
    if (waiting->became != HR_BECAME_journalled) {
        return hr_done();
    }
    for (size_t i = 0; i < waiting->entry->fact_count; i++) {
        const struct hr_fact *fact = &waiting->entry->facts[i];
        if (!begins_to_fly(fact)) {
            continue;
        }
        if (!*synced) {
            HR_TRY(hr_store_sync(host->store));
            *synced = true;
        }
        const struct hr_record *record = hr_view_record(&host->batch.view, fact->record);
        hr_assert(record != NULL && record->kind == HR_RECORD_effect); /* this round changed it */
        hr_courier_take(host, (struct hr_intent){.effect = fact->record,
                                                 .attempts = (uint32_t)fact->number,
                                                 .kind = record->effect->kind,
                                                 .state = fact->state,
                                                 .road = hr_courier_road(record->effect)});
    }
    return hr_done();
}

static void count_one(struct hr_host *host, const struct hr_waiting *waiting)
{
    switch (waiting->became) {
    case HR_BECAME_journalled:
        atomic_fetch_add(&host->journalled, 1);
        break;
    case HR_BECAME_duplicate:
        atomic_fetch_add(&host->duplicates, 1);
        break;
    case HR_BECAME_refused:
        atomic_fetch_add(&host->refused, 1);
        break;
    case HR_BECAME_pending:
    case HR_BECAME_nothing:
        break;
    }
}

/* What was read with an older plan is read again with the one in force. */
static bool read_again(struct round *round, struct hr_job *job)
{
    const struct hr_engine *engine = &round->host->batch.engine;
    struct hr_heard *heard = hr_arena_new(&round->scratch, struct hr_heard);
    struct hr_text name = job->plan->tools[job->waiting.event.heard->tool].id;
    int32_t tool = hr_plan_tool(engine->plan, name);
    if (heard == NULL || tool < 0 ||
        !hr_ok(hr_engine_read(engine, tool, &job->document, job->waiting.event.payload, job->given,
                              hr_clock_now(), &round->scratch, heard))) {
        return false;
    }
    job->waiting.event.heard = heard;
    job->plan = engine->plan;
    return true;
}

/* A full disk closes intake for a moment; a failed one for good. */
static void close_intake(struct hr_host *host, hr_status status, hr_instant now)
{
    if (status.code == HR_E_FULL) {
        atomic_store(&host->closed_until, now + HR_CLOSED_US);
        host->next_due = now + HR_CLOSED_US;
    } else if (status.code == HR_E_IO) {
        atomic_store(&host->closed_until, INT64_MAX);
        host->next_due = INT64_MAX;
    }
}

/* What was erased stays erased whatever becomes of this, so nobody hears that it failed. Readers end sooner or later, a
 * full disk gets room, and after a failed one the next start scrubs. */
static void scrub(struct hr_host *host, uint32_t wait_ms)
{
    hr_status status = hr_store_scrub(host->store, wait_ms);
    hr_instant now = hr_clock_now();
    bool readers = status.code == HR_SCRUB_LATER;
    host->scrub_at = now + (readers ? 1 : 60) * HR_SECOND_US;
    if (status.code == HR_E_IO) {
        close_intake(host, status, now);
    }
}

/* A forgetting is durable with its commit, which syncs in place. Its last traces go after it. */
static void note_erased(struct hr_host *host, struct hr_job *job)
{
    job->durable = job->waiting.became == HR_BECAME_journalled;
    if (hr_store_scrub_due(host->store)) {
        scrub(host, SCRUB_WAIT_MS);
        job->traces_left = hr_store_scrub_due(host->store);
    }
}

static hr_status run(struct round *round, struct hr_job **jobs, size_t job_count, size_t due_count,
                     hr_instant now)
{
    struct hr_host *host = round->host;
    struct hr_waiting *waiting[HR_BATCH_MAX];
    size_t count_all = 0;
    for (size_t i = 0; i < job_count; i++) {
        waiting[count_all++] = &jobs[i]->waiting;
    }
    for (size_t i = 0; i < due_count; i++) {
        waiting[count_all++] = &round->due[i];
    }
    if (job_count == 1 && jobs[0]->waiting.event.kind == HR_EVENT_published) {
        struct hr_event *event = &jobs[0]->waiting.event;
        jobs[0]->waiting.became = HR_BECAME_journalled;
        HR_TRY(hr_batch_publish(&host->batch, event->published, event->payload, now));
        note_due(host); /* a tool from which something is expected now */
        return hr_done();
    }
    const struct hr_erasure *erasures = job_count == 1 ? jobs[0]->erasures : NULL;
    size_t erasure_count = job_count == 1 ? jobs[0]->erasure_count : 0;
    HR_TRY(hr_batch_run(&host->batch, waiting, count_all, now, erasures, erasure_count));
    bool synced = false;
    for (size_t i = 0; i < count_all; i++) {
        count_one(host, waiting[i]);
        HR_TRY(dispatch(host, waiting[i], &synced));
    }
    note_due(host);
    if (erasure_count > 0) {
        note_erased(host, jobs[0]);
    }
    return hr_done();
}

/* What only this event is to blame for, alone in its round: its sender hears that it is refused, not that it may come
 * again. */
static hr_status blame(struct hr_host *host, struct hr_job *job, hr_status status)
{
    if (status.code != HR_E_LIMIT) {
        return status;
    }
    job->waiting.became = HR_BECAME_refused;
    job->waiting.status = status;
    count_one(host, &job->waiting);
    return hr_done();
}

/* Jobs that were read with an older plan are read again; one whose tool is gone leaves the round, and its sender
 * hears that it was not taken. */
static void renew_jobs(struct round *round)
{
    size_t kept = 0;
    for (size_t i = 0; i < round->job_count; i++) {
        struct hr_job *job = round->jobs[i];
        bool old = job->plan != NULL && job->plan != round->host->batch.engine.plan;
        if (old && !read_again(round, job)) {
            hr_answerer_take(round->host, &job, 1, hr_answer(HR_E_REFUSED));
            continue;
        }
        round->jobs[kept++] = job;
    }
    round->job_count = kept;
}

/* Timers whose time has come join the round. That they cannot be looked at concerns no job. */
static void take_due(struct round *round, hr_instant now)
{
    hr_status status = hr_done();
    round->due_count = hr_timers_take(round->host, &round->scratch, now, round->due,
                                      HR_BATCH_MAX - round->job_count, &status);
    close_intake(round->host, status, now);
}

/* True for what one event of a round may be to blame for. */
static bool is_of_one(hr_status status)
{
    return status.code == HR_E_MEMORY || status.code == HR_E_CORRUPT || status.code == HR_E_LIMIT;
}

/* The look that found these timers went on behind them. When their round came to nothing, and none of them is to blame,
 * they are looked for again, but not at once. After a failed disk nothing runs any more. */
static void look_later(struct round *round, hr_status status, hr_instant now)
{
    struct hr_host *host = round->host;
    bool failed = !hr_ok(status) && !is_of_one(status) && status.code != HR_E_IO;
    bool missed = failed && round->due_count > 0;
    if (missed && now + HR_CLOSED_US < host->next_due) {
        host->next_due = now + HR_CLOSED_US;
    }
}

/* Timers that could not be run are put off: their hints stand, and would bring them back at once. */
static void put_off(struct round *round, hr_status status, hr_instant now)
{
    for (size_t i = 0; i < round->due_count; i++) {
        const struct hr_waiting *timer = &round->due[i];
        if (is_of_one(status) || timer->became == HR_BECAME_refused) {
            hr_timers_put_off(round->host, timer->event.record, now);
        }
    }
    look_later(round, status, now);
}

/* One event must not take the others down with it: each is tried alone, and only the bad one is refused. */
static void run_apart(struct round *round, hr_instant now)
{
    struct hr_host *host = round->host;
    size_t timers = round->due_count;
    for (size_t i = 0; i < round->job_count; i++) {
        hr_status status = run(round, &round->jobs[i], 1, 0, now);
        close_intake(host, status, now);
        status = blame(host, round->jobs[i], status);
        hr_answerer_take(host, &round->jobs[i], 1, status);
    }
    round->due_count = 1;
    for (size_t i = 0; i < timers; i++) {
        round->due[0] = round->due[i];
        hr_status status = run(round, NULL, 0, 1, now);
        close_intake(host, status, now);
        put_off(round, status, now);
    }
}

static void one_round(struct round *round)
{
    struct hr_host *host = round->host;
    hr_instant now = hr_clock_now();
    static const struct hr_arena_mark nothing;
    hr_arena_rewind(&round->scratch, nothing);
    round->due_count = 0;
    bool alone =
        round->job_count == 1 && (round->jobs[0]->waiting.event.kind == HR_EVENT_published ||
                                  round->jobs[0]->erasure_count > 0);
    if (!alone) {
        take_due(round, now);
    }
    renew_jobs(round);
    if (round->job_count + round->due_count == 0) {
        return;
    }
    host->busy_at = now;
    host->seal_soon = host->seal_soon || hr_store_position(host->store) >= host->seal_from;
    hr_status status = run(round, round->jobs, round->job_count, round->due_count, now);
    atomic_fetch_add(&host->batches, 1);
    if (is_of_one(status) && round->job_count + round->due_count > 1) {
        run_apart(round, now);
        return;
    }
    close_intake(host, status, now);
    put_off(round, status, now);
    if (hr_ok(status) && atomic_load(&host->closed_until) != INT64_MAX) {
        atomic_store(&host->closed_until, 0);
    }
    if (round->job_count == 1) {
        status = blame(host, round->jobs[0], status);
    }
    hr_answerer_take(host, round->jobs, round->job_count, status);
}

static void scrub_again(struct hr_host *host)
{
    if (hr_store_scrub_due(host->store) && hr_clock_now() >= host->scrub_at) {
        scrub(host, SCRUB_AGAIN_WAIT_MS);
    }
}

/* Old entries move into the archive while nobody waits: one bite at a time, and only after a quiet second. */
static void seal_when_quiet(struct round *round)
{
    enum { BITE_MAX = 50000 };
    struct hr_host *host = round->host;
    uint64_t position = hr_store_position(host->store);
    uint64_t moved = 0;
    bool quiet = hr_clock_now() - host->busy_at >= QUIET_US;
    if (!quiet || position < host->seal_from) {
        return;
    }
    hr_status status = hr_store_seal(host->store, host->settings.keep_live, &moved);
    bool more = hr_ok(status) && moved > 0;
    uint64_t bite = host->settings.keep_live / 20;
    host->seal_from = more ? position : position + (bite < BITE_MAX ? bite : BITE_MAX);
    host->seal_soon = more;
}

void *hr_writer_main(void *context)
{
    /* not from the host's arena: whoever starts the host still uses it */
    struct round *round = calloc(1, sizeof *round);
    hr_assert(round != NULL);
    round->host = context;
    round->host->batch.sync_later = true; /* the answerer does */
    hr_arena_init(&round->scratch, SCRATCH_BUDGET_BYTES);
    while (take_jobs(round)) {
        one_round(round);
        scrub_again(round->host);
        seal_when_quiet(round);
    }
    hr_arena_close(&round->scratch);
    free(round);
    return NULL;
}
