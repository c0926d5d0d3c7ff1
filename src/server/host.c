/* Starting and stopping: the store, the plan, the threads, the server; and the door where requests part. */
#include "server/host_internal.h"
#include "server/unsubscribe.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_BUDGET_BYTES = 192 << 20, HOST_BUDGET_BYTES = 4 << 20 };

/* ---- the door -------------------------------------------------------------------------------------- */

static void healthy(struct hr_host *host, struct hr_http_request *request)
{
    bool starting = atomic_load(&host->starting);
    bool open = hr_host_closed_for(host) == 0;
    const struct hr_http_answer answer = {
        .status = open && !starting ? 200 : 503,
        .content_type = HR_TEXT("application/json"),
        .body = starting ? HR_TEXT("{\"status\":\"starting\"}\n")
                : open   ? HR_TEXT("{\"status\":\"ok\"}\n")
                         : HR_TEXT("{\"status\":\"intake closed\"}\n"),
    };
    hr_http_answer(request, &answer);
}

static void handle(void *context, struct hr_http_request *request)
{
    struct hr_host *host = context;
    if (hr_text_equal(request->path, HR_TEXT("/v1/health"))) {
        healthy(host, request);
    } else if (hr_text_starts(request->path, HR_TEXT("/v1/in/"))) {
        hr_inbound_handle(host, request);
    } else if (hr_leaving_is(request)) {
        hr_leaving_answer(host, request);
    } else {
        hr_desk_take(host, request);
    }
}

static size_t admit(void *context, struct hr_http_request *request)
{
    (void)context;
    return hr_unsubscribe_body_max(request->path);
}

/* ---- starting -------------------------------------------------------------------------------------- */

static hr_status complain(struct hr_diagnostics *reterr, enum hr_code code, hr_status status)
{
    (void)hr_diagnostics_add(reterr, code, HR_SEVERITY_error, (struct hr_place){.line = 0}, "%s",
                             hr_code_info(code)->text);
    return status;
}

static hr_status open_store(struct hr_host *host, const struct hr_host_options *options,
                            struct hr_diagnostics *reterr)
{
    host->store_options = (struct hr_store_options){
        .folder = host->data_folder, .cache_bytes = options->cache_bytes, .background = true};
    hr_status status = hr_store_open(&host->store_options, &host->store);
    switch (status.code) {
    case 0:
        break;
    case HR_E_INPUT:
        return complain(reterr, HR_CODE_store_missing, status);
    case HR_E_REFUSED:
        return complain(reterr, HR_CODE_store_busy, status);
    default:
        return complain(reterr, hr_code_of(status), status);
    }
    memcpy(host->secret, hr_store_secret(host->store), sizeof host->secret);
    hr_batch_init(&host->batch, host->store, BATCH_BUDGET_BYTES);
    host->batch.random = hr_random_bytes;
    host->batch.engine.automates = hr_automates();
    host->batch.engine.url = host->settings.url;
    return hr_done();
}

/* Time never runs backwards in the journal, also not over a restart. */
static hr_status read_last_time(struct hr_host *host)
{
    struct hr_store_reader *reader = NULL;
    hr_status status = hr_store_reader_open(&host->store_options, &reader);
    if (hr_ok(status)) {
        status = hr_batch_resume(&host->batch, reader);
    }
    hr_store_reader_close(reader);
    return status;
}

static hr_status put_in_force(struct hr_host *host, struct hr_diagnostics *reterr)
{
    struct hr_regime *regime = NULL;
    struct hr_text files = HR_TEXT_NONE;
    HR_TRY(hr_regime_load(host, reterr, &regime, &files));
    hr_status status = hr_batch_publish(&host->batch, regime->plan, files, hr_clock_now());
    if (!hr_ok(status)) {
        hr_regime_free(regime);
        return complain(reterr, status.code == HR_E_FULL ? HR_CODE_disk_full : HR_CODE_store_broken,
                        status);
    }
    atomic_store(&host->regime, regime);
    return hr_done();
}

static hr_status serve(struct hr_host *host, const struct hr_host_options *options,
                       struct hr_diagnostics *reterr)
{
    struct hr_text address = hr_text_copy(&host->arena, host->settings.address);
    const struct hr_http_server_options server = {
        .address = options->address != NULL ? options->address : address.data,
        .port = options->port >= 0 ? (uint16_t)options->port : host->settings.port,
        .handle = handle,
        .admit = admit,
        .context = host,
    };
    return hr_http_server_start(&server, reterr, &host->server);
}

static hr_status start_threads(struct hr_host *host)
{
    if (pthread_create(&host->writer, NULL, hr_writer_main, host) != 0 ||
        pthread_create(&host->answerer, NULL, hr_answerer_main, host) != 0 ||
        pthread_create(&host->desk, NULL, hr_desk_main, host) != 0) {
        return hr_answer(HR_E_MEMORY);
    }
    return hr_courier_start(host, hr_courier_main);
}

static void free_host(struct hr_host *host)
{
    struct hr_regime *regime = atomic_load(&host->regime);
    while (regime != NULL) {
        struct hr_regime *older = regime->older;
        hr_regime_free(regime);
        regime = older;
    }
    hr_batch_done(&host->batch);
    hr_store_close(host->store);
    (void)pthread_mutex_destroy(&host->reloading);
    hr_line_done(&host->queue);
    hr_line_done(&host->answer_line);
    hr_line_done(&host->desk_line);
    hr_line_done(&host->courier.line);
    free(host->answers);
    hr_arena_close(&host->arena);
    free(host);
}

static hr_status prepare(struct hr_host *host, const struct hr_host_options *options,
                         struct hr_diagnostics *reterr)
{
    host->folder = hr_text_copy(&host->arena, hr_text_from(options->folder)).data;
    host->data_folder = hr_text_format(&host->arena, "%s/.handrail", options->folder).data;
    host->answers = calloc(HR_BATCH_MAX, sizeof *host->answers);
    if (host->folder == NULL || host->data_folder == NULL || host->answers == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    HR_TRY(hr_settings_read(host->data_folder, &host->arena, reterr, &host->settings));
    HR_TRY(open_store(host, options, reterr));
    HR_TRY(read_last_time(host));
    return put_in_force(host, reterr);
}

hr_status hr_host_start(const struct hr_host_options *options, struct hr_diagnostics *reterr,
                        struct hr_host **ret_host)
{
    struct hr_host *host = calloc(1, sizeof *host);
    if (host == NULL || sodium_init() < 0) { /* digests work without it, but half as fast */
        free(host);
        return hr_answer(HR_E_MEMORY);
    }
    hr_arena_init(&host->arena, HOST_BUDGET_BYTES);
    (void)pthread_mutex_init(&host->reloading, NULL);
    hr_line_init(&host->queue);
    hr_line_init(&host->answer_line);
    hr_line_init(&host->desk_line);
    hr_line_init(&host->courier.line);
    host->next_due = INT64_MIN; /* look at once */
    atomic_store(&host->starting, options->announces);
    hr_status status = prepare(host, options, reterr);
    if (!hr_ok(status)) {
        free_host(host);
        return status;
    }
    status = start_threads(host);
    hr_assert(hr_ok(status)); /* without threads there is nothing to stop in order */
    status = serve(host, options, reterr);
    *ret_host = host;
    if (!hr_ok(status)) {
        hr_host_stop(host);
        *ret_host = NULL;
    }
    return status;
}

void hr_host_announced(struct hr_host *host)
{
    atomic_store(&host->starting, false);
}

/* From the outside in: no new requests, then no new questions, then no new letters, then the writer ends,
 * and last whoever still waits is answered. */
void hr_host_stop(struct hr_host *host)
{
    if (host == NULL) {
        return;
    }
    hr_http_server_stop(host->server);
    hr_line_close(&host->desk_line);
    (void)pthread_join(host->desk, NULL);
    hr_courier_stop(host);
    hr_line_close(&host->queue);
    (void)pthread_join(host->writer, NULL);
    hr_line_close(&host->answer_line);
    (void)pthread_join(host->answerer, NULL);
    free_host(host);
}
