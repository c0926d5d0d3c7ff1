/* From what is asked of a tool to one HTTP call: nothing leaves but what its file says, and to no other host. */
#include "tools/outbound.h"

#include "plan/words.h"
#include "tools/outbound_inside.h"

#include <string.h>

enum { URL_BYTES_MAX = 2048 };

/* ---- what expressions see ------------------------------------------------------------------------------ */

bool hr_outbound_field(void *context, size_t name, int32_t field, struct hr_text text,
                       struct hr_value *ret_value)
{
    const struct hr_outbound_sight *sight = context;
    if (name == HR_CALL_SCOPE_answer) {
        *ret_value = field == HR_ANSWER_FIELD_status ? sight->status : sight->body;
    } else {
        const struct hr_value *value = hr_value_member(sight->inputs, text);
        *ret_value = value == NULL ? hr_value_null() : *value;
    }
    return ret_value->kind != HR_KIND_null;
}

/* ---- a call while it is made ---------------------------------------------------------------------------- */

struct making {
    const struct hr_outbound_ask *ask;
    struct hr_arena *into;
    struct hr_http_header *headers;
    size_t header_count;
    bool typed;    /* the file says a content type */
    bool accepted; /* and what it accepts */
    struct hr_outbound_call *call;
};

static hr_status refused(struct making *making, struct hr_text why)
{
    making->call->why = why;
    return hr_answer(why.data == NULL ? HR_E_MEMORY : HR_E_INPUT);
}

/* why: a format with one "%.*s" for the name of something in the tool's file. */
#define refuse(making, why, name)                                                                  \
    refused((making), hr_text_format((making)->into, why, HR_SHOW(name)))

static bool has_controls(struct hr_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        if ((unsigned char)text.data[i] < ' ' || text.data[i] == 0x7f) {
            return true;
        }
    }
    return false;
}

/* A single value as text; false for what is none, or not known. */
static bool as_text(struct making *making, const struct hr_value *value, struct hr_text *ret_text)
{
    bool single = value != NULL && value->kind != HR_KIND_list && value->kind != HR_KIND_map &&
                  value->kind != HR_KIND_optional && value->kind != HR_KIND_type &&
                  value->kind != HR_KIND_null;
    return single && hr_ok(hr_value_name(making->into, value, ret_text));
}

/* ---- where ------------------------------------------------------------------------------------------- */

struct hr_text hr_outbound_base(const struct hr_outbound_ask *ask)
{
    if (ask->here != NULL && ask->here->base.size > 0) {
        return ask->here->base;
    }
    return ask->tool->allow_count > 0 ? ask->tool->allow[0] : HR_TEXT_NONE;
}

struct hr_text hr_outbound_allow(struct hr_arena *into, struct hr_text base)
{
    struct hr_text origin = hr_http_origin(into, base);
    size_t at = hr_text_search(origin, HR_TEXT("://"));
    return hr_text_slice(origin, at + 3, origin.size);
}

static void add_encoded(struct hr_buffer *url, struct hr_text value)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < value.size; i++) {
        unsigned char byte = (unsigned char)value.data[i];
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= '0' && byte <= '9') || (byte != 0 && strchr("-._~", byte) != NULL);
        if (plain) {
            hr_buffer_add_byte(url, (char)byte);
        } else {
            const char escape[3] = {'%', digits[byte >> 4], digits[byte & 15]};
            hr_buffer_add(url, escape, sizeof escape);
        }
    }
}

static hr_status add_variable(struct making *making, struct hr_buffer *url, struct hr_text name)
{
    struct hr_text text = HR_TEXT_NONE;
    const struct hr_value *value = hr_value_member(making->ask->inputs, name);
    if (value == NULL || value->kind == HR_KIND_null) {
        return refuse(making, "the input `%.*s` is not known, and stands in the path", name);
    }
    if (!as_text(making, value, &text) || text.size == 0 || has_controls(text) ||
        !hr_text_is_utf8(text)) {
        return refuse(making, "the input `%.*s` has a value that cannot stand in a path", name);
    }
    add_encoded(url, text);
    return hr_done();
}

/* "." and ".." would be taken away with what stands before them, encoded or not. */
static bool climbs(struct hr_text path)
{
    struct hr_text rest = hr_text_slice(path, 0, hr_text_find(path, '?'));
    while (rest.size > 0) {
        struct hr_text part = hr_text_cut(&rest, '/');
        if (hr_text_equal(part, HR_TEXT(".")) || hr_text_equal(part, HR_TEXT(".."))) {
            return true;
        }
    }
    return false;
}

static hr_status make_url(struct making *making)
{
    const struct hr_action *action = making->ask->action;
    struct hr_text base = hr_outbound_base(making->ask);
    struct hr_text rest = action->path;
    struct hr_buffer url;
    if (action->path.size == 0 || action->method == HR_METHOD_unsaid) {
        return refuse(making, "`%.*s` has no method and path to call", action->full_id);
    }
    if (base.size == 0) {
        return refuse(making, "nothing says where `%.*s` is called: `allow` is empty",
                      making->ask->tool->id);
    }
    hr_buffer_init(&url, making->into, URL_BYTES_MAX);
    hr_buffer_add_text(&url, base);
    while (rest.size > 0) {
        bool variable = hr_text_find(rest, '{') < rest.size;
        hr_buffer_add_text(&url, hr_text_cut(&rest, '{'));
        if (variable) {
            HR_TRY(add_variable(making, &url, hr_text_cut(&rest, '}')));
        }
    }
    struct hr_text whole = hr_buffer_text(&url);
    if (url.failed) {
        return url.starved ? hr_answer(HR_E_MEMORY)
                           : refuse(making, "the address of `%.*s` becomes longer than 2,048 bytes",
                                    action->full_id);
    }
    struct hr_text path = hr_text_slice(whole, base.size, whole.size);
    struct hr_text origin = hr_http_origin(making->into, whole);
    if (climbs(path) || origin.size == 0 ||
        !hr_text_equal(origin, hr_http_origin(making->into, base))) {
        return refuse(making, "the path of `%.*s` would lead elsewhere", action->full_id);
    }
    making->call->http.url = whole;
    if (making->ask->here != NULL && making->ask->here->base.size > 0) {
        making->call->http.allow = hr_outbound_allow(making->into, base);
    }
    return hr_done();
}

/* ---- what ------------------------------------------------------------------------------------------- */

/* Null where what the expression reads is not known. */
static hr_status value_of(struct making *making, const struct hr_argument *line,
                          struct hr_value *ret_value)
{
    struct hr_outbound_sight sight = {.inputs = making->ask->inputs};
    const struct hr_expr_view view = {
        .context = &sight, .field_of = hr_outbound_field, .now = HR_INSTANT_NONE};
    *ret_value = hr_value_null();
    if (line->value == NULL) {
        const struct hr_value *value = hr_value_member(making->ask->inputs, line->name);
        *ret_value = value == NULL ? *ret_value : *value;
        return hr_done();
    }
    hr_status status = hr_expr_evaluate(line->value, &view, making->into, ret_value, NULL);
    if (status.code == HR_EXPR_FAILED || status.code == HR_EXPR_BUDGET) {
        return refuse(making, "`%.*s` cannot be worked out from the inputs", line->name);
    }
    return status.code == HR_EXPR_UNSET ? hr_done() : status;
}

static hr_status add_header(struct making *making, struct hr_text name, struct hr_text value)
{
    if (making->header_count == HR_OUTBOUND_HEADERS_MAX || value.size > HR_OUTBOUND_VALUE_MAX ||
        has_controls(value)) {
        return refuse(making, "the header `%.*s` has a value that cannot be sent", name);
    }
    making->typed |= hr_text_equal_caseless(name, HR_TEXT("content-type"));
    making->accepted |= hr_text_equal_caseless(name, HR_TEXT("accept"));
    making->headers[making->header_count++] = (struct hr_http_header){name, value};
    return hr_done();
}

static hr_status add_own_headers(struct making *making)
{
    const struct hr_arguments *lines = &making->ask->action->headers;
    for (size_t i = 0; i < lines->count; i++) {
        struct hr_value value = hr_value_null();
        struct hr_text text = HR_TEXT_NONE;
        HR_TRY(value_of(making, &lines->items[i], &value));
        if (value.kind == HR_KIND_null) {
            continue; /* what it says is not known */
        }
        if (!as_text(making, &value, &text)) {
            return refuse(making, "the header `%.*s` has a value that cannot be sent",
                          lines->items[i].name);
        }
        HR_TRY(add_header(making, lines->items[i].name, text));
    }
    return hr_done();
}

static hr_status make_body(struct making *making)
{
    const struct hr_arguments *lines = &making->ask->action->body;
    struct hr_member *members = hr_arena_new_many(making->into, struct hr_member, lines->count);
    struct hr_value object = {.kind = HR_KIND_map, .members = members};
    struct hr_buffer out;
    if (lines->count == 0) {
        return hr_done();
    }
    if (members == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < lines->count; i++) {
        struct hr_value value = hr_value_null();
        HR_TRY(value_of(making, &lines->items[i], &value));
        if (value.kind != HR_KIND_null) {
            members[object.count++] =
                (struct hr_member){hr_value_text(lines->items[i].name), value};
        }
    }
    hr_buffer_init(&out, making->into, HR_OUTBOUND_BODY_MAX);
    hr_json_write(&out, &object);
    if (out.failed) {
        return out.starved ? hr_answer(HR_E_MEMORY)
                           : refuse(making, "the body of `%.*s` becomes larger than 256 KiB",
                                    making->ask->action->full_id);
    }
    making->call->http.body = hr_buffer_text(&out);
    return making->typed ? hr_done()
                         : add_header(making, HR_TEXT("Content-Type"), HR_TEXT("application/json"));
}

/* ---- who -------------------------------------------------------------------------------------------- */

/* A user name cannot have a colon (RFC 7617). */
static struct hr_text basic_of(struct making *making, struct hr_text secret)
{
    struct hr_text both = hr_text_format(making->into, "%.*s:%.*s",
                                         HR_SHOW(making->ask->tool->auth.user), HR_SHOW(secret));
    return hr_text_format(making->into, "Basic %.*s", HR_SHOW(hr_base64(making->into, both)));
}

static hr_status add_secret(struct making *making, struct hr_text secret)
{
    const struct hr_auth *auth = &making->ask->tool->auth;
    struct hr_text name = HR_TEXT("Authorization");
    struct hr_text value = secret;
    switch (auth->kind) {
    case HR_AUTH_none:
        return hr_done();
    case HR_AUTH_bearer:
    case HR_AUTH_oauth:
        value = hr_text_format(making->into, "Bearer %.*s", HR_SHOW(secret));
        break;
    case HR_AUTH_basic:
        value = basic_of(making, secret);
        break;
    case HR_AUTH_header:
        name = auth->header;
        break;
    }
    if (secret.size == 0) {
        return refuse(making, "the secret `%.*s` is not set", auth->secret);
    }
    making->call->secret_header = (int32_t)making->header_count;
    return add_header(making, name, value);
}

/* The key that makes a second sending harmless, where the tool knows it again. */
static hr_status add_key(struct making *making)
{
    const struct hr_outbound_ask *ask = making->ask;
    bool reads = ask->action->kind == HR_ACTION_read || ask->action->method == HR_METHOD_GET;
    if (!ask->tool->has_repeat_key || reads || ask->key.size == 0) {
        return hr_done();
    }
    if (ask->key.size > HR_OUTBOUND_KEY_MAX) {
        return refuse(making, "the key for `%.*s` is too long", ask->tool->key_header);
    }
    return add_header(making, ask->tool->key_header, ask->key);
}

/* Twice, with a token asked for before each, it takes less than until the ledger counts it as lost. */
static uint32_t time_of(const struct hr_tool *tool)
{
    enum { MS_MAX = 2 * 60 * 1000 };
    int64_t ms = tool->has_timeout && tool->timeout.unit == HR_SPAN_elapsed
                     ? tool->timeout.amount / 1000
                     : 0;
    return (uint32_t)(ms > MS_MAX ? MS_MAX : ms);
}

static hr_status make(struct making *making, struct hr_text secret)
{
    const struct hr_action *action = making->ask->action;
    struct hr_http_call *http = &making->call->http;
    HR_TRY(make_url(making));
    HR_TRY(add_own_headers(making));
    HR_TRY(make_body(making));
    HR_TRY(add_key(making));
    if (!making->accepted) {
        HR_TRY(add_header(making, HR_TEXT("Accept"), HR_TEXT("application/json")));
    }
    HR_TRY(add_secret(making, secret));
    /* the words begin behind `unsaid` */
    http->method = hr_words_method.items[action->method - 1];
    http->headers = making->headers;
    http->header_count = making->header_count;
    http->time_ms_max = time_of(making->ask->tool);
    return making->into->failed ? hr_answer(HR_E_MEMORY) : hr_done();
}

hr_status hr_outbound_make(const struct hr_outbound_ask *ask, struct hr_text secret,
                           struct hr_arena *into, struct hr_outbound_call *ret_call)
{
    struct making making = {.ask = ask, .into = into, .call = ret_call};
    *ret_call = (struct hr_outbound_call){.secret_header = -1};
    making.headers = hr_arena_new_many(into, struct hr_http_header, HR_OUTBOUND_HEADERS_MAX);
    return making.headers == NULL ? hr_answer(HR_E_MEMORY) : make(&making, secret);
}

/* ---- for people ---------------------------------------------------------------------------------------- */

static struct hr_text masked(const struct hr_outbound_ask *ask, struct hr_arena *into)
{
    const struct hr_auth *auth = &ask->tool->auth;
    struct hr_text secret = hr_text_format(into, "(the secret %.*s)", HR_SHOW(auth->secret));
    switch (auth->kind) {
    case HR_AUTH_bearer:
        return hr_text_format(into, "Bearer %.*s", HR_SHOW(secret));
    case HR_AUTH_oauth:
        return hr_text_format(into, "Bearer (a token, asked for with the secret %.*s)",
                              HR_SHOW(auth->secret));
    case HR_AUTH_basic:
        return hr_text_format(into, "Basic (%.*s and the secret %.*s)", HR_SHOW(auth->user),
                              HR_SHOW(auth->secret));
    case HR_AUTH_header:
    case HR_AUTH_none:
        break;
    }
    return secret;
}

void hr_outbound_show(const struct hr_outbound_ask *ask, const struct hr_outbound_call *call,
                      struct hr_buffer *out)
{
    const struct hr_http_call *http = &call->http;
    hr_buffer_add_format(out, "%.*s %.*s\n", HR_SHOW(http->method), HR_SHOW(http->url));
    for (size_t i = 0; i < http->header_count; i++) {
        struct hr_text value =
            (int32_t)i == call->secret_header ? masked(ask, out->arena) : http->headers[i].value;
        struct hr_text shown = hr_text_visible(out->arena, value);
        hr_buffer_add_format(out, "%.*s: %.*s\n", HR_SHOW(http->headers[i].name), HR_SHOW(shown));
    }
    if (http->body.size > 0) {
        struct hr_text shown = hr_text_visible(out->arena, http->body);
        hr_buffer_add_format(out, "\n%.*s\n", HR_SHOW(shown));
    }
}
