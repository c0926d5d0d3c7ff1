/* Tokens by client credentials: one asks, the others wait; nothing of it is ever told. */
#include "tools/oauth.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    ANSWER_ARENA_BYTES = 1 << 20,
    LIFE_S_UNSAID = 300, /* RFC 6749 leaves it to the manual: short is safe */
    LIFE_S_MAX = 24 * 3600,
    MARGIN_S_MAX = 60,
    FAILED_MS = 5000 /* a failure is answered again for so long */
};

/* What was last heard for one tool. */
struct token {
    struct hr_digest
        whose; /* tool, where it is asked for, for whom and for what, with which secret */
    char bytes[HR_OAUTH_TOKEN_MAX];
    size_t size; /* 0: none */
    int64_t until_ms;
    bool asking;
    int64_t failed_until_ms;           /* and until then nobody asks again */
    struct hr_outbound_verdict failed; /* its words are static */
};

struct hr_oauth {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int64_t (*now_ms)(void);
    struct token *items[HR_OAUTH_TOOLS_MAX];
    size_t count;
};

static int64_t machine_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- life ------------------------------------------------------------------------------------------- */

hr_status hr_oauth_create(int64_t (*now_ms)(void), struct hr_oauth **ret_tokens)
{
    struct hr_oauth *tokens = calloc(1, sizeof *tokens);
    if (tokens == NULL || pthread_mutex_init(&tokens->lock, NULL) != 0) {
        free(tokens);
        return hr_answer(HR_E_MEMORY);
    }
    if (pthread_cond_init(&tokens->changed, NULL) != 0) {
        (void)pthread_mutex_destroy(&tokens->lock);
        free(tokens);
        return hr_answer(HR_E_MEMORY);
    }
    tokens->now_ms = now_ms != NULL ? now_ms : machine_ms;
    *ret_tokens = tokens;
    return hr_done();
}

void hr_oauth_free(struct hr_oauth *tokens)
{
    if (tokens == NULL) {
        return;
    }
    for (size_t i = 0; i < tokens->count; i++) {
        explicit_bzero(tokens->items[i], sizeof *tokens->items[i]);
        free(tokens->items[i]);
    }
    (void)pthread_cond_destroy(&tokens->changed);
    (void)pthread_mutex_destroy(&tokens->lock);
    free(tokens);
}

/* ---- which -------------------------------------------------------------------------------------------- */

static struct hr_text token_url(const struct hr_outbound_ask *ask)
{
    return ask->here != NULL && ask->here->token_url.size > 0 ? ask->here->token_url
                                                              : ask->tool->auth.token_url;
}

/* A new plan, other settings or a new secret make it another token. */
static struct hr_digest whose(const struct hr_outbound_ask *ask, struct hr_text secret)
{
    const struct hr_auth *auth = &ask->tool->auth;
    const struct hr_text parts[] = {ask->tool->id, HR_TEXT("\n"),   token_url(ask),
                                    HR_TEXT("\n"), auth->client_id, HR_TEXT("\n"),
                                    auth->scope,   HR_TEXT("\n"),   secret};
    return hr_digest_of(parts, sizeof parts / sizeof parts[0]);
}

static bool is_of(const struct token *token, const struct hr_digest *digest)
{
    return memcmp(token->whose.bytes, digest->bytes, sizeof digest->bytes) == 0;
}

/* The place for it; when all are taken, that of one that ended and that nobody asks for. Under the lock. */
static struct token *place_of(struct hr_oauth *tokens, const struct hr_digest *digest)
{
    struct token *place = NULL;
    for (size_t i = 0; i < tokens->count; i++) {
        if (is_of(tokens->items[i], digest)) {
            return tokens->items[i];
        }
        if (!tokens->items[i]->asking &&
            (place == NULL || tokens->items[i]->until_ms < place->until_ms)) {
            place = tokens->items[i];
        }
    }
    if (tokens->count < HR_OAUTH_TOOLS_MAX) {
        place = calloc(1, sizeof *place);
        if (place != NULL) {
            tokens->items[tokens->count++] = place;
        }
    }
    if (place != NULL) {
        explicit_bzero(place, sizeof *place);
        place->whose = *digest;
    }
    return place;
}

/* ---- asking ------------------------------------------------------------------------------------------- */

/* As a form has it (RFC 6749, appendix B). */
static void add_form(struct hr_buffer *form, const char *name, struct hr_text value)
{
    static const char digits[] = "0123456789ABCDEF";
    hr_buffer_add_format(form, "%s%s=", form->size > 0 ? "&" : "", name);
    for (size_t i = 0; i < value.size; i++) {
        unsigned char byte = (unsigned char)value.data[i];
        if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
            (byte >= '0' && byte <= '9') || (byte != 0 && strchr("-._~", byte) != NULL)) {
            hr_buffer_add_byte(form, (char)byte);
        } else {
            const char escape[3] = {'%', digits[byte >> 4], digits[byte & 15]};
            hr_buffer_add(form, escape, sizeof escape);
        }
    }
}

static struct hr_text form_encoded(struct hr_arena *into, struct hr_text value)
{
    struct hr_buffer form;
    hr_buffer_init(&form, into, HR_OUTBOUND_VALUE_MAX * 3);
    add_form(&form, "", value);
    return hr_text_slice(hr_buffer_text(&form), 1, form.size); /* without the '=' */
}

hr_status hr_oauth_request(const struct hr_outbound_ask *ask, struct hr_text secret,
                           struct hr_arena *into, struct hr_http_call *ret_call)
{
    const struct hr_auth *auth = &ask->tool->auth;
    struct hr_http_header *headers = hr_arena_new_many(into, struct hr_http_header, 3);
    struct hr_buffer form;
    if (headers == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    hr_buffer_init(&form, into, HR_OUTBOUND_BODY_MAX);
    add_form(&form, "grant_type", HR_TEXT("client_credentials"));
    if (auth->scope.size > 0) {
        add_form(&form, "scope", auth->scope);
    }
    headers[0] = (struct hr_http_header){HR_TEXT("Content-Type"),
                                         HR_TEXT("application/x-www-form-urlencoded")};
    headers[1] = (struct hr_http_header){HR_TEXT("Accept"), HR_TEXT("application/json")};
    *ret_call = (struct hr_http_call){
        .method = HR_TEXT("POST"), .url = token_url(ask), .headers = headers, .header_count = 2};
    if (auth->credentials == HR_CREDENTIALS_body) {
        add_form(&form, "client_id", auth->client_id);
        add_form(&form, "client_secret", secret);
    } else {
        struct hr_text user = form_encoded(into, auth->client_id);
        struct hr_text password = form_encoded(into, secret);
        struct hr_text both = hr_text_format(into, "%.*s:%.*s", HR_SHOW(user), HR_SHOW(password));
        headers[2] = (struct hr_http_header){
            HR_TEXT("Authorization"),
            hr_text_format(into, "Basic %.*s", HR_SHOW(hr_base64(into, both)))};
        ret_call->header_count = 3;
    }
    ret_call->body = hr_buffer_text(&form);
    if (ask->here != NULL && ask->here->token_url.size > 0) {
        ret_call->allow = hr_outbound_allow(into, ask->here->token_url);
    }
    return form.failed || into->failed ? hr_answer(HR_E_MEMORY) : hr_done();
}

static struct hr_outbound_verdict none(enum hr_reached reached, enum hr_fault fault,
                                       uint32_t not_before_s, const char *words)
{
    return (struct hr_outbound_verdict){reached, fault, not_before_s, hr_text_from(words)};
}

/* Why there is none. The server's own words are not repeated: they can name the client. */
static struct hr_outbound_verdict why_none(const struct hr_http_result *result)
{
    uint32_t after = result->retry_after_s;
    if (result->status == 429) {
        return none(HR_REACHED_again, HR_FAULT_rate, after, "no token: asked too often for one");
    }
    if (result->status >= 400 && result->status < 500 && result->status != 408 &&
        result->status != 425) {
        return none(HR_REACHED_refused, HR_FAULT_permission, 0,
                    "no token: client or secret was refused");
    }
    if (result->status >= 300 && result->status < 400) {
        return none(HR_REACHED_refused, HR_FAULT_permission, 0,
                    "no token: the address has moved, which is not followed");
    }
    if (result->status == 0 && result->reached == HR_REACHED_refused) {
        return none(HR_REACHED_refused, HR_FAULT_permission, 0,
                    "no token: its address lies inside or cannot be called");
    }
    return none(HR_REACHED_again, HR_FAULT_transient, after,
                "no token: the server that gives them out did not answer as it should");
}

/* Takes what was answered; false: it is no token. Under the lock. */
static bool take(struct token *token, const struct hr_http_result *result, struct hr_arena *scratch,
                 int64_t now_ms)
{
    struct hr_value answer = hr_value_null();
    if (result->status < 200 || result->status > 299 || result->cut ||
        !hr_ok(hr_json_read(scratch, result->body, NULL, NULL, &answer))) {
        return false;
    }
    const struct hr_value *access = hr_value_member(&answer, HR_TEXT("access_token"));
    const struct hr_value *kind = hr_value_member(&answer, HR_TEXT("token_type"));
    const struct hr_value *life = hr_value_member(&answer, HR_TEXT("expires_in"));
    struct hr_text text = access == NULL ? HR_TEXT_NONE : hr_value_as_text(access);
    if (text.size == 0 || text.size > HR_OAUTH_TOKEN_MAX || kind == NULL ||
        !hr_text_equal_caseless(hr_value_as_text(kind), HR_TEXT("bearer"))) {
        return false;
    }
    int64_t life_s = life != NULL && life->kind == HR_KIND_int ? life->integer : LIFE_S_UNSAID;
    life_s = life_s < 0 ? 0 : life_s > LIFE_S_MAX ? LIFE_S_MAX : life_s;
    int64_t margin_ms = life_s * 100; /* a tenth, at most a minute */
    margin_ms = margin_ms > MARGIN_S_MAX * 1000 ? MARGIN_S_MAX * 1000 : margin_ms;
    explicit_bzero(token->bytes, sizeof token->bytes);
    memcpy(token->bytes, text.data, text.size);
    token->size = text.size;
    token->until_ms = now_ms + life_s * 1000 - margin_ms;
    return true;
}

/* Asks, without the lock; then notes what came. Answers the token that was got, if any. */
static hr_status ask_for(struct hr_oauth *tokens, struct token *token,
                         struct hr_http_client *client, const struct hr_outbound_ask *ask,
                         struct hr_text secret)
{
    struct hr_arena scratch;
    struct hr_http_call call;
    struct hr_http_result result = {.reached = HR_REACHED_again};
    hr_arena_init(&scratch, ANSWER_ARENA_BYTES);
    hr_status status = hr_oauth_request(ask, secret, &scratch, &call);
    if (hr_ok(status)) {
        status = hr_http_client_call(client, &call, &scratch, &result);
    }
    (void)pthread_mutex_lock(&tokens->lock);
    int64_t now_ms = tokens->now_ms();
    token->asking = false;
    token->size = 0;
    token->failed_until_ms = 0;
    if (hr_ok(status) && !take(token, &result, &scratch, now_ms)) {
        token->failed = why_none(&result);
        token->failed_until_ms = now_ms + FAILED_MS;
    }
    (void)pthread_cond_broadcast(&tokens->changed);
    (void)pthread_mutex_unlock(&tokens->lock);
    hr_arena_close(&scratch);
    return status;
}

/* What there is now. True: it is told; false: somebody has to ask, and that is the caller. Under the lock. */
static bool have(struct hr_oauth *tokens, struct token *token, struct hr_arena *into,
                 struct hr_text *ret_token, struct hr_outbound_verdict *ret_verdict)
{
    int64_t now_ms = tokens->now_ms();
    if (token->size > 0 && now_ms < token->until_ms) {
        *ret_token = hr_text_copy(into, (struct hr_text){token->bytes, token->size});
        *ret_verdict = none(HR_REACHED_confirmed, HR_FAULT_none, 0, "");
        return true;
    }
    if (now_ms < token->failed_until_ms) {
        *ret_verdict = token->failed;
        return true;
    }
    return false;
}

hr_status hr_oauth_get(struct hr_oauth *tokens, struct hr_http_client *client,
                       const struct hr_outbound_ask *ask, struct hr_text secret,
                       struct hr_arena *into, struct hr_text *ret_token,
                       struct hr_outbound_verdict *ret_verdict)
{
    struct hr_digest digest = whose(ask, secret);
    hr_status status = hr_done();
    *ret_token = HR_TEXT_NONE;
    if (token_url(ask).size == 0) {
        *ret_verdict = none(HR_REACHED_refused, HR_FAULT_permanent, 0,
                            "no token: nothing says where it is asked for");
        return status;
    }
    (void)pthread_mutex_lock(&tokens->lock);
    struct token *token = place_of(tokens, &digest);
    while (token != NULL && token->asking) {
        (void)pthread_cond_wait(&tokens->changed, &tokens->lock);
        token = place_of(tokens, &digest); /* its place may have been taken meanwhile */
    }
    if (token == NULL) {
        status = hr_answer(HR_E_MEMORY);
    } else if (!have(tokens, token, into, ret_token, ret_verdict)) {
        token->asking = true;
        (void)pthread_mutex_unlock(&tokens->lock);
        status = ask_for(tokens, token, client, ask, secret);
        (void)pthread_mutex_lock(&tokens->lock);
        /* a token that ends at once serves this one call */
        if (hr_ok(status) && is_of(token, &digest) && token->size > 0) {
            *ret_token = hr_text_copy(into, (struct hr_text){token->bytes, token->size});
            *ret_verdict = none(HR_REACHED_confirmed, HR_FAULT_none, 0, "");
        } else {
            *ret_verdict = token->failed_until_ms > 0
                               ? token->failed
                               : none(HR_REACHED_again, HR_FAULT_transient, 0,
                                      "no token: another one is being asked for");
        }
    }
    (void)pthread_mutex_unlock(&tokens->lock);
    return hr_ok(status) && into->failed ? hr_answer(HR_E_MEMORY) : status;
}

void hr_oauth_spoil(struct hr_oauth *tokens, struct hr_text token)
{
    (void)pthread_mutex_lock(&tokens->lock);
    for (size_t i = 0; i < tokens->count; i++) {
        struct token *item = tokens->items[i];
        if (item->size > 0 && hr_text_equal((struct hr_text){item->bytes, item->size}, token)) {
            explicit_bzero(item->bytes, sizeof item->bytes);
            item->size = 0;
        }
    }
    (void)pthread_mutex_unlock(&tokens->lock);
}
