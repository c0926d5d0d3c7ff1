/* The desk: questions and commands of people, one after another, beside the writer. */
#include "server/host_internal.h"

void hr_desk_take(struct hr_host *host, struct hr_http_request *request)
{
    struct hr_line *line = &host->desk_line;
    (void)pthread_mutex_lock(&line->lock);
    bool taken = !line->closed && line->count < HR_DESK_QUEUE_MAX;
    if (taken) {
        request->next = NULL;
        if (host->desk_last == NULL) {
            host->desk_first = request;
        } else {
            host->desk_last->next = request;
        }
        host->desk_last = request;
        line->count++;
        (void)pthread_cond_signal(&line->changed);
    }
    (void)pthread_mutex_unlock(&line->lock);
    if (!taken) {
        const struct hr_http_problem document = {.code = HR_CODE_busy, .retry_after_s = 1};
        hr_http_problem(request, &document);
    }
}

static struct hr_http_request *next_request(struct hr_host *host)
{
    struct hr_line *line = &host->desk_line;
    (void)pthread_mutex_lock(&line->lock);
    while (host->desk_first == NULL && !line->closed) {
        (void)pthread_cond_wait(&line->changed, &line->lock);
    }
    struct hr_http_request *request = host->desk_first;
    if (request != NULL) {
        host->desk_first = request->next;
        host->desk_last = host->desk_first == NULL ? NULL : host->desk_last;
        line->count--;
    }
    (void)pthread_mutex_unlock(&line->lock);
    return request;
}

void *hr_desk_main(void *context)
{
    struct hr_host *host = context;
    struct hr_store_reader *reader = NULL;
    struct hr_http_request *request = NULL;
    while ((request = next_request(host)) != NULL) {
        if (reader == NULL && !hr_ok(hr_store_reader_open(&host->store_options, &reader))) {
            const struct hr_http_problem document = {.code = HR_CODE_store_broken};
            hr_http_problem(request, &document);
            continue;
        }
        hr_api_answer(host, reader, request);
    }
    hr_store_reader_close(reader);
    return NULL;
}
