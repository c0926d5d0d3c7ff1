/* POST /v1/in/{tool}: verified by its raw bytes, read by one reader, mapped, handed to the writer; answered after
 * the commit. */
#include "tools/inbound.h"

#include "server/host_internal.h"

/* One request and all the events in it. */
struct delivery {
    struct hr_host *host;
    struct hr_regime *regime;
    struct hr_http_request *request;
    struct hr_job *jobs;
    size_t count;
    size_t left;
    size_t duplicates;
    size_t refused;
    hr_status status; /* the first that was not done */
    size_t tool;
};

static void problem(struct hr_http_request *request, enum hr_code code, const char *detail)
{
    const struct hr_http_problem document = {.code = code, .detail = hr_text_from(detail)};
    hr_http_problem(request, &document);
}

static struct hr_text header_of(void *context, struct hr_text name, bool *ret_twice)
{
    return hr_http_header_of(context, name, ret_twice);
}

/* ---- answering, on the answerer's thread ---------------------------------------------------------------- */

/* A tool that sent well is never told of our failures but to come again, unless the store itself is at an end. */
static enum hr_code code_of(hr_status status)
{
    enum hr_code code = hr_code_of(status);
    return code == HR_CODE_internal ? HR_CODE_busy : code;
}

static void prepare_answer(struct delivery *delivery)
{
    struct hr_http_request *request = delivery->request;
    if (!hr_ok(delivery->status)) {
        const struct hr_http_problem document = {.code = code_of(delivery->status),
                                                 .retry_after_s = 3};
        hr_http_problem_prepare(request, &document);
        return;
    }
    if (delivery->refused > 0) {
        const struct hr_http_problem document = {
            .code = HR_CODE_unprocessable,
            .detail = HR_TEXT("an event is larger than what one contact can hold")};
        hr_http_problem_prepare(request, &document);
        return;
    }
    struct hr_http_answer answer = {.status = 200, .content_type = HR_TEXT("application/json")};
    answer.body =
        delivery->count == 1 && delivery->duplicates == 0
            ? HR_TEXT("{\"accepted\":1,\"duplicates\":0}\n")
            : hr_text_format(&request->arena, "{\"accepted\":%zu,\"duplicates\":%zu}\n",
                             delivery->count - delivery->duplicates, delivery->duplicates);
    hr_http_answer_prepare(request, &answer);
}

static void committed(void *context, struct hr_job *job)
{
    struct delivery *delivery = context;
    struct hr_host *host = delivery->host;
    if (!hr_ok(job->status) && hr_ok(delivery->status)) {
        delivery->status = job->status;
    }
    delivery->duplicates += job->waiting.became == HR_BECAME_duplicate;
    delivery->refused += job->waiting.became == HR_BECAME_refused;
    atomic_fetch_sub(&delivery->regime->waiting[delivery->tool], 1);
    if (--delivery->left > 0) {
        return;
    }
    prepare_answer(delivery);
    host->answers[host->answer_count++] = delivery->request;
}

/* ---- taking, on the HTTP thread ------------------------------------------------------------------------ */

static bool find_tool(struct hr_host *host, struct hr_http_request *request,
                      struct delivery *delivery)
{
    struct hr_text name = hr_text_slice(request->path, sizeof "/v1/in/" - 1, request->path.size);
    delivery->host = host;
    delivery->request = request;
    delivery->regime = atomic_load(&host->regime);
    int32_t tool = hr_plan_tool(delivery->regime->plan, name);
    /* a tool without a secret has no endpoint, and does not say that it exists */
    if (tool < 0 || delivery->regime->signers[tool] == NULL) {
        problem(request, HR_CODE_not_found, "no tool with a secret has this name");
        return false;
    }
    delivery->tool = (size_t)tool;
    if (!hr_text_equal(request->method, HR_TEXT("POST"))) {
        const struct hr_http_problem document = {.code = HR_CODE_method_not_allowed,
                                                 .allow = HR_TEXT("POST")};
        hr_http_problem(request, &document);
        return false;
    }
    return true;
}

/* False when there is no room for more; answered then. */
static bool admit(struct delivery *delivery)
{
    uint32_t closed = hr_host_closed_for(delivery->host);
    if (closed > 0) {
        bool for_good = atomic_load(&delivery->host->closed_until) == INT64_MAX;
        const struct hr_http_problem document = {
            .code = for_good ? HR_CODE_disk_failed : HR_CODE_disk_full, .retry_after_s = closed};
        hr_http_problem(delivery->request, &document);
        return false;
    }
    /* one tool's flood must leave room for the others */
    if (atomic_load(&delivery->regime->waiting[delivery->tool]) > HR_QUEUE_MAX / 2) {
        const struct hr_http_problem document = {.code = HR_CODE_too_many_requests,
                                                 .retry_after_s = 2};
        hr_http_problem(delivery->request, &document);
        return false;
    }
    return true;
}

static bool read_events(struct delivery *delivery, struct hr_inbound_event **ret_events)
{
    struct hr_http_request *request = delivery->request;
    struct hr_inbound_header *headers =
        hr_arena_new_many(&request->arena, struct hr_inbound_header, request->header_count);
    if (headers == NULL) {
        problem(request, HR_CODE_busy, "");
        return false;
    }
    for (size_t i = 0; i < request->header_count; i++) {
        headers[i] =
            (struct hr_inbound_header){request->headers[i].name, request->headers[i].value};
    }
    const struct hr_inbound_body body = {
        .content_type = hr_http_header_of(request, HR_TEXT("content-type"), NULL),
        .headers = headers,
        .header_count = request->header_count,
        .bytes = request->body,
        .headers_trusted = false, /* every scheme signs the body alone */
    };
    struct hr_diagnostics found;
    hr_diagnostics_init(&found, &request->arena);
    hr_status status =
        hr_inbound_read(&request->arena, &body, &found, ret_events, &delivery->count);
    if (hr_ok(status)) {
        return true;
    }
    bool named = found.count > 0;
    const struct hr_http_problem document = {
        .code = named ? found.items[0].code : HR_CODE_busy,
        .detail = named ? found.items[0].message : HR_TEXT_NONE,
        .pointer = named ? found.items[0].pointer : HR_TEXT_NONE,
        .found = found.count > 1 ? &found : NULL};
    hr_http_problem(request, &document);
    return false;
}

static hr_status map_events(struct delivery *delivery, const struct hr_inbound_event *events,
                            struct hr_text given_id)
{
    struct hr_arena *arena = &delivery->request->arena;
    const struct hr_engine engine = {.plan = delivery->regime->plan,
                                     .secret = delivery->host->secret};
    hr_instant now = hr_clock_now();
    delivery->jobs = hr_arena_new_many(arena, struct hr_job, delivery->count);
    struct hr_heard *heard = hr_arena_new_many(arena, struct hr_heard, delivery->count);
    if (delivery->jobs == NULL || heard == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < delivery->count; i++) {
        struct hr_job *job = &delivery->jobs[i];
        job->given.id =
            delivery->count == 1 ? given_id : HR_TEXT_NONE; /* one id cannot name many events */
        HR_TRY(hr_engine_read(&engine, (int32_t)delivery->tool, &events[i].payload, events[i].raw,
                              job->given, now, arena, &heard[i]));
        job->waiting.event = (struct hr_event){.kind = HR_EVENT_heard,
                                               .heard = &heard[i],
                                               .payload = events[i].raw,
                                               .hint_due = HR_INSTANT_NONE};
        job->plan = delivery->regime->plan;
        job->document = events[i].payload;
        job->done = committed;
        job->context = delivery;
    }
    return hr_done();
}

/* The queue takes all jobs of the delivery or none: those taken belong to writer and answerer from then on; when none
 * are, the sender hears 503 and sends all again. */
static void hand_on(struct delivery *delivery)
{
    size_t count = delivery->count;
    struct hr_job *jobs = delivery->jobs;
    struct hr_host *host = delivery->host;
    if (count > HR_QUEUE_MAX / 8) {
        problem(delivery->request, HR_CODE_events_too_many, "");
        return;
    }
    delivery->left = count;
    atomic_fetch_add(&delivery->regime->waiting[delivery->tool], (uint_fast32_t)count);
    if (!hr_host_submit_many(host, jobs, count)) {
        atomic_fetch_sub(&delivery->regime->waiting[delivery->tool], (uint_fast32_t)count);
        const struct hr_http_problem document = {.code = HR_CODE_busy, .retry_after_s = 1};
        hr_http_problem(delivery->request, &document);
    }
}

void hr_inbound_handle(struct hr_host *host, struct hr_http_request *request)
{
    struct delivery *delivery = hr_arena_new(&request->arena, struct delivery);
    struct hr_inbound_event *events = NULL;
    struct hr_text given_id = HR_TEXT_NONE;
    if (delivery == NULL) {
        problem(request, HR_CODE_busy, "");
        return;
    }
    if (!find_tool(host, request, delivery) || !admit(delivery)) {
        return;
    }
    enum hr_signature signature =
        hr_signer_verify(delivery->regime->signers[delivery->tool], header_of, request,
                         request->body, hr_clock_now(), &given_id);
    if (signature != HR_SIGNATURE_ok) {
        problem(request, hr_signature_code(signature), "");
        return;
    }
    if (!read_events(delivery, &events)) {
        return;
    }
    if (!hr_ok(map_events(delivery, events, given_id))) {
        problem(request, HR_CODE_busy, "");
        return;
    }
    hand_on(delivery);
}
