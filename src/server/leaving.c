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

bool hr_leaving_looks(const struct hr_http_request *request)
{
    return hr_leaving_is(request) && !hr_text_equal(request->method, HR_TEXT("POST"));
}

static struct hr_text purpose_title(void *context, uint32_t purpose)
{
    const struct hr_plan *plan = hr_host_plan(context);
    int32_t index = hr_plan_purpose_numbered(plan, purpose);
    return index < 0 ? HR_TEXT_NONE : plan->policies.purposes[index].title;
}

/* Of a contact who is not there any more nothing can be taken away, and they are told that it is done. */
static hr_status unsubscribe(void *context, const struct hr_leaving *what)
{
    struct hr_command command = {
        .verb = HR_VERB_unsubscribe,
        .contact = what->contact,
        .other = what->purpose,
        .channel = what->channel,
        .by = HR_BY_page,
        .until = HR_INSTANT_NONE,
    };
    struct hr_job job = {
        .waiting = {
            .event = {.kind = HR_EVENT_command, .command = &command, .hint_due = HR_INSTANT_NONE}}};
    hr_status status = hr_host_submit_and_wait(context, &job);
    return status.code == HR_E_REFUSED ? hr_done() : status;
}

void hr_leaving_answer(struct hr_host *host, struct hr_http_request *request)
{
    const struct hr_unsubscribe_desk desk = {
        .secret = host->secret,
        .business = hr_host_plan(host)->title,
        .context = host,
        .purpose_title = purpose_title,
        .unsubscribe = unsubscribe,
    };
    struct hr_text token = hr_text_slice(request->path, sizeof PATH - 1, request->path.size);
    hr_unsubscribe_answer(&desk, token, request);
}
