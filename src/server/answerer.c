/* Answers after the sync. The writer commits without one and judges the next batch while the disk works; here one
 * sync makes durable all that was committed meanwhile, and only then is anyone told. */
#include "server/host_internal.h"

static void note_syncing(struct hr_host *host, bool syncing)
{
    (void)pthread_mutex_lock(&host->queue.lock);
    host->syncing = syncing;
    if (!syncing) {
        (void)pthread_cond_signal(&host->queue.changed);
    }
    (void)pthread_mutex_unlock(&host->queue.lock);
}

void hr_answerer_take(struct hr_host *host, struct hr_job **jobs, size_t count, hr_status status)
{
    if (count == 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        jobs[i]->status = status;
        jobs[i]->next = i + 1 < count ? jobs[i + 1] : NULL;
    }
    note_syncing(host, true);
    (void)pthread_mutex_lock(&host->answer_line.lock);
    bool was_empty = host->answer_first == NULL;
    *(was_empty ? &host->answer_first : &host->answer_last->next) = jobs[0];
    host->answer_last = jobs[count - 1];
    if (was_empty) {
        (void)pthread_cond_signal(&host->answer_line.changed);
    }
    (void)pthread_mutex_unlock(&host->answer_line.lock);
}

/* All that waits; NULL at the end. */
static struct hr_job *take_all(struct hr_host *host)
{
    struct hr_line *line = &host->answer_line;
    (void)pthread_mutex_lock(&line->lock);
    while (host->answer_first == NULL && !line->closed) {
        (void)pthread_cond_wait(&line->changed, &line->lock);
    }
    struct hr_job *jobs = host->answer_first;
    host->answer_first = NULL;
    (void)pthread_mutex_unlock(&line->lock);
    return jobs;
}

static bool is_drained(struct hr_host *host)
{
    (void)pthread_mutex_lock(&host->answer_line.lock);
    bool drained = host->answer_first == NULL;
    (void)pthread_mutex_unlock(&host->answer_line.lock);
    return drained;
}

/* True when somebody waits for the disk. */
static bool any_committed(const struct hr_job *jobs)
{
    for (const struct hr_job *job = jobs; job != NULL; job = job->next) {
        if (hr_ok(job->status) && !job->durable) {
            return true;
        }
    }
    return false;
}

static void send_answers(struct hr_host *host)
{
    if (host->answer_count > 0) {
        hr_http_answer_many(host->answers, host->answer_count);
        host->answer_count = 0;
    }
}

static void answer(struct hr_host *host, struct hr_job *jobs, hr_status synced)
{
    while (jobs != NULL) {
        struct hr_job *job = jobs;
        jobs = job->next; /* whoever is told may give the job back */
        job->status = hr_ok(job->status) && !job->durable ? synced : job->status;
        if (job->done != NULL) {
            job->done(job->context, job);
        }
        if (host->answer_count == HR_BATCH_MAX) {
            send_answers(host);
        }
    }
    send_answers(host);
}

void *hr_answerer_main(void *context)
{
    struct hr_host *host = context;
    for (struct hr_job *jobs = take_all(host); jobs != NULL; jobs = take_all(host)) {
        hr_status synced = any_committed(jobs) ? hr_store_sync(host->store) : hr_done();
        if (!hr_ok(synced)) {
            atomic_store(&host->closed_until, INT64_MAX); /* nothing goes on after a failed sync */
        }
        if (is_drained(host)) {
            note_syncing(host, false);
        }
        answer(host, jobs, synced);
    }
    return NULL;
}
