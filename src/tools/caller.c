/* Asks something of a tool, once: secret or token, call, answer, verdict. */
#include "tools/caller.h"

#include <stdlib.h>
#include <string.h>

enum { ANSWER_BYTES_MAX = 256 << 10 };

struct hr_caller {
    struct hr_caller_options options;
    struct hr_http_client *client;
};

hr_status hr_caller_create(const struct hr_caller_options *options, struct hr_caller **ret_caller)
{
    struct hr_caller *caller = calloc(1, sizeof *caller);
    if (caller == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    caller->options = *options;
    const struct hr_http_client_options of_client = {.ca_file = options->ca_file,
                                                     .answer_max_bytes = ANSWER_BYTES_MAX};
    hr_status status = hr_http_client_create(&of_client, &caller->client);
    if (!hr_ok(status)) {
        free(caller);
        return status;
    }
    *ret_caller = caller;
    return hr_done();
}

void hr_caller_free(struct hr_caller *caller)
{
    if (caller != NULL) {
        hr_http_client_free(caller->client);
        free(caller);
    }
}

const struct hr_tool_here *hr_tool_here_of(const struct hr_tool_here *here, size_t count,
                                           struct hr_text tool)
{
    for (size_t i = 0; i < count; i++) {
        if (hr_text_equal(here[i].tool, tool)) {
            return &here[i];
        }
    }
    return NULL;
}

/* ---- one asking --------------------------------------------------------------------------------------- */

struct asking {
    struct hr_caller *caller;
    struct hr_outbound_ask ask;
    struct hr_arena *into;
    struct hr_text secret; /* that the file names */
    struct hr_text shown;  /* what signs in: the secret itself, or a token */
    struct hr_http_result *result;
    struct hr_outbound_verdict *verdict; /* set when nothing could be asked */
};

/* What signs in; false: there is none, and the verdict says why. */
static hr_status sign_in(struct asking *asking, bool *ret_ready)
{
    const struct hr_auth *auth = &asking->ask.tool->auth;
    const struct hr_caller_options *options = &asking->caller->options;
    *ret_ready = true;
    if (auth->kind == HR_AUTH_none) {
        return hr_done();
    }
    if (asking->secret.data == NULL) {
        HR_TRY(options->secret_of(options->context, auth->secret, asking->into, &asking->secret));
    }
    if (asking->secret.size == 0) {
        *ret_ready = false;
        *asking->verdict = (struct hr_outbound_verdict){
            HR_REACHED_refused, HR_FAULT_permission, 0,
            hr_text_format(asking->into, "the secret `%.*s` is not set", HR_SHOW(auth->secret))};
        return hr_done();
    }
    asking->shown = asking->secret;
    if (auth->kind == HR_AUTH_oauth) {
        HR_TRY(hr_oauth_get(options->tokens, asking->caller->client, &asking->ask, asking->secret,
                            asking->into, &asking->shown, asking->verdict));
        *ret_ready = asking->shown.size > 0;
    }
    return hr_done();
}

/* What was made in our arena for this call alone. */
static void wipe(struct hr_text *text)
{
    if (text->size > 0) {
        explicit_bzero((void *)(uintptr_t)text->data, text->size);
    }
    *text = HR_TEXT_NONE;
}

/* Sends it, if it can be made; else the verdict says why not. */
static hr_status send_once(struct asking *asking, bool *ret_sent)
{
    struct hr_outbound_call call;
    *ret_sent = false;
    HR_TRY(sign_in(asking, ret_sent));
    if (!*ret_sent) {
        return hr_done();
    }
    hr_status status = hr_outbound_make(&asking->ask, asking->shown, asking->into, &call);
    if (status.code == HR_E_INPUT) {
        *ret_sent = false;
        *asking->verdict =
            (struct hr_outbound_verdict){HR_REACHED_refused, HR_FAULT_permanent, 0, call.why};
        return hr_done();
    }
    HR_TRY(status);
    /* until the answer was judged: memory may be refused once the call is out */
    *asking->verdict = (struct hr_outbound_verdict){HR_REACHED_unknown, HR_FAULT_transient, 0,
                                                    HR_TEXT("there was no memory for the answer")};
    status = hr_http_client_call(asking->caller->client, &call.http, asking->into, asking->result);
    bool made = call.secret_header >= 0 && asking->ask.tool->auth.kind != HR_AUTH_header;
    if (made) { /* else it is the secret itself */
        struct hr_text value = call.http.headers[call.secret_header].value;
        wipe(&value);
    }
    return status;
}

static hr_status ask_tool(struct asking *asking, bool *ret_sent)
{
    bool oauth = asking->ask.tool->auth.kind == HR_AUTH_oauth;
    hr_status status = send_once(asking, ret_sent);
    if (hr_ok(status) && *ret_sent && asking->result->status == 401 && oauth) {
        hr_oauth_spoil(asking->caller->options.tokens, asking->shown);
        wipe(&asking->shown);
        status = send_once(asking, ret_sent);
    }
    if (oauth) {
        wipe(&asking->shown);
    }
    wipe(&asking->secret);
    return status;
}

static struct asking begin(struct hr_caller *caller, const struct hr_outbound_ask *ask,
                           struct hr_arena *into, struct hr_http_result *result,
                           struct hr_outbound_verdict *verdict)
{
    struct asking asking = {
        .caller = caller, .ask = *ask, .into = into, .result = result, .verdict = verdict};
    asking.ask.here =
        hr_tool_here_of(caller->options.here, caller->options.here_count, ask->tool->id);
    *result = (struct hr_http_result){.reached = HR_REACHED_again};
    *verdict = (struct hr_outbound_verdict){HR_REACHED_again, HR_FAULT_transient, 0,
                                            HR_TEXT("there was no memory to make the call")};
    return asking;
}

hr_status hr_caller_ask(struct hr_caller *caller, const struct hr_outbound_ask *ask,
                        struct hr_arena *into, struct hr_outbound_verdict *ret_verdict,
                        struct hr_http_result *ret_answer)
{
    struct hr_http_result result;
    struct asking asking =
        begin(caller, ask, into, ret_answer != NULL ? ret_answer : &result, ret_verdict);
    bool sent = false;
    HR_TRY(ask_tool(&asking, &sent));
    return sent ? hr_outbound_judge(&asking.ask, asking.result, into, ret_verdict) : hr_done();
}

hr_status hr_caller_check(struct hr_caller *caller, const struct hr_outbound_ask *ask,
                          struct hr_arena *into, enum hr_found *ret_found,
                          struct hr_outbound_verdict *ret_verdict,
                          struct hr_http_result *ret_answer)
{
    struct hr_http_result result;
    hr_assert(ask->action->check >= 0);
    struct asking asking =
        begin(caller, ask, into, ret_answer != NULL ? ret_answer : &result, ret_verdict);
    bool sent = false;
    *ret_found = HR_FOUND_unclear;
    asking.ask.action = &ask->tool->actions[ask->action->check];
    asking.ask.key = HR_TEXT_NONE;
    HR_TRY(ask_tool(&asking, &sent));
    asking.ask.action = ask->action;
    return sent ? hr_outbound_judge_check(&asking.ask, asking.result, into, ret_found, ret_verdict)
                : hr_done();
}
