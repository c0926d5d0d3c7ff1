/* The way out of letters, joined to the host: who leaves, leaves in one commit, before anybody is answered. */
#include "server/host_internal.h"
#include "server/unsubscribe.h"

_Static_assert((int)HR_UNSUBSCRIBE_CHANNEL_email == (int)HR_CHANNEL_email,
               "a token's channel is the ledger's");

#define PATH "/u/"

bool hr_leaving_is(const struct hr_http_request *request)
{
    return hr_text_starts(request->path, HR_TEXT(PATH));
}

static struct hr_text purpose_title(void *context, uint32_t purpose)
{
    const struct hr_plan *plan = hr_host_plan(context);
    int32_t index = hr_plan_purpose_numbered(plan, purpose);
    return index < 0 ? HR_TEXT_NONE : plan->policies.purposes[index].title;
}

/* One who leaves, until it is committed. Lives in the request's arena. */
struct departure {
    struct hr_host *host;
    struct hr_http_request *request;
    struct hr_leaving what;
    struct hr_command command;
    struct hr_job job;
};

static void unsubscribe(void *context, const struct hr_leaving *what,
                        struct hr_http_request *request);

static struct hr_unsubscribe_desk desk_of(struct hr_host *host)
{
    return (struct hr_unsubscribe_desk){.secret = host->secret,
                                        .business = hr_host_plan(host)->title,
                                        .context = host,
                                        .purpose_title = purpose_title,
                                        .unsubscribe = unsubscribe};
}

/* Of a contact who is not there any more nothing can be taken away, and they are told that it is done. */
static void departed(void *context, struct hr_job *job)
{
    const struct departure *departure = context;
    const struct hr_unsubscribe_desk desk = desk_of(departure->host);
    hr_status status = job->status;
    if (hr_ok(status) && job->waiting.became == HR_BECAME_refused) {
        status = job->waiting.status.code == HR_E_REFUSED ? hr_done() : job->waiting.status;
    }
    hr_unsubscribe_left(&desk, &departure->what, departure->request, status);
}

/* Not at the desk: who leaves must not wait behind what people ask. */
static void unsubscribe(void *context, const struct hr_leaving *what,
                        struct hr_http_request *request)
{
    struct hr_host *host = context;
    const struct hr_unsubscribe_desk desk = desk_of(host);
    struct departure *departure = hr_arena_new(&request->arena, struct departure);
    if (departure == NULL) {
        hr_unsubscribe_left(&desk, what, request, hr_answer(HR_E_MEMORY));
        return;
    }
    *departure = (struct departure){
        .host = host,
        .request = request,
        .what = *what,
        .command = {.verb = HR_VERB_unsubscribe,
                    .contact = what->contact,
                    .other = what->purpose,
                    .channel = what->channel,
                    .by = HR_BY_page,
                    .until = HR_INSTANT_NONE},
        .job = {.waiting = {.event = {.kind = HR_EVENT_command, .hint_due = HR_INSTANT_NONE}},
                .done = departed,
                .context = departure},
    };
    departure->job.waiting.event.command = &departure->command;
    if (!hr_host_submit(host, &departure->job)) {
        hr_unsubscribe_left(&desk, what, request, hr_answer(HR_E_LIMIT));
    }
}

void hr_leaving_answer(struct hr_host *host, struct hr_http_request *request)
{
    const struct hr_unsubscribe_desk desk = desk_of(host);
    struct hr_text token = hr_text_slice(request->path, sizeof PATH - 1, request->path.size);
    hr_unsubscribe_answer(&desk, token, request);
}
