/* The guard: everything that libmicrohttpd lets through although two servers could disagree about
 * it. It never repairs; a request is let in whole or refused whole. */
#include "net/guard.h"

#include <string.h>

/* ---- small readers ------------------------------------------------------------------------ */

static bool starts_caseless(struct hr_text text, struct hr_text part)
{
    return text.size >= part.size &&
           hr_text_equal_caseless(hr_text_slice(text, 0, part.size), part);
}

static bool contains_caseless(struct hr_text text, struct hr_text part)
{
    for (size_t i = 0; i + part.size <= text.size; i++) {
        if (starts_caseless(hr_text_slice(text, i, text.size), part)) {
            return true;
        }
    }
    return false;
}

/* A token of RFC 9110: what names of headers and methods are made of. */
static bool is_token(struct hr_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        bool digit = byte >= '0' && byte <= '9';
        if (!letter && !digit && (byte == '\0' || strchr("!#$%&'*+-.^_`|~", byte) == NULL)) {
            return false;
        }
    }
    return text.size > 0;
}

static bool is_value(struct hr_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if ((byte < 0x20 && byte != '\t') || byte == 0x7f) {
            return false;
        }
    }
    return true;
}

/* Visible ASCII with whole percent escapes; no fragment, no escaped NUL. */
static bool is_target(struct hr_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte <= 0x20 || byte >= 0x7f || byte == '#' || byte == '\\') {
            return false;
        }
        if (byte != '%') {
            continue;
        }
        if (i + 2 >= text.size || hr_hex_digit(text.data[i + 1]) < 0 ||
            hr_hex_digit(text.data[i + 2]) < 0 ||
            (text.data[i + 1] == '0' && text.data[i + 2] == '0')) {
            return false;
        }
    }
    return text.size > 0;
}

static bool is_host(struct hr_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte <= 0x20 || byte >= 0x7f || strchr("/\\@?#,\"<>", byte) != NULL) {
            return false;
        }
    }
    return text.size > 0;
}

/* ---- the rules ---------------------------------------------------------------------------- */

static struct hr_guard_verdict refuse(enum hr_code code, struct hr_text detail)
{
    return (struct hr_guard_verdict){.code = code, .detail = detail};
}

/* Headers that decide what a message is or whom to trust: a second one is a second meaning. */
static bool must_be_single(struct hr_text name)
{
    static const char *const single[] = {"host",          "content-type",  "content-encoding",
                                         "content-range", "authorization", "idempotency-key",
                                         "expect",        "date",          "origin",
                                         "cookie"};
    for (size_t i = 0; i < sizeof single / sizeof *single; i++) {
        if (hr_text_equal_caseless(name, hr_text_from(single[i]))) {
            return true;
        }
    }
    return starts_caseless(name, HR_TEXT("ce-")) || starts_caseless(name, HR_TEXT("webhook-")) ||
           contains_caseless(name, HR_TEXT("signature")) ||
           contains_caseless(name, HR_TEXT("hmac")) ||
           contains_caseless(name, HR_TEXT("timestamp")) ||
           contains_caseless(name, HR_TEXT("token"));
}

static size_t count_of(const struct hr_guard_request *request, struct hr_text name,
                       struct hr_text *ret_value)
{
    size_t count = 0;
    for (size_t i = 0; i < request->header_count; i++) {
        if (hr_text_equal_caseless(request->headers[i].name, name)) {
            *ret_value = count == 0 ? request->headers[i].value : *ret_value;
            count++;
        }
    }
    return count;
}

static bool is_second(const struct hr_guard_request *request, struct hr_text name)
{
    struct hr_text first = HR_TEXT_NONE;
    return must_be_single(name) && count_of(request, name, &first) > 1;
}

/* False for most names that come once: a sieve of 256 bits, so that the careful look is seldom
 * needed. */
static bool came_before(uint64_t seen[4], struct hr_text name)
{
    unsigned first = (unsigned char)hr_lower(name.data[0]);
    unsigned last = (unsigned char)hr_lower(name.data[name.size - 1]);
    unsigned slot = (first * 31 + last * 7 + (unsigned)name.size) & 255;
    bool before = (seen[slot / 64] >> slot % 64 & 1) != 0;
    seen[slot / 64] |= UINT64_C(1) << slot % 64;
    return before;
}

/* Each header by itself: its form, the sum of sizes, and that it is not a forbidden second one. */
static struct hr_guard_verdict judge_headers(const struct hr_guard_request *request,
                                             const struct hr_guard_limits *limits)
{
    uint64_t seen[4] = {0};
    size_t size = request->target.size;
    if (request->header_count > limits->headers_max) {
        return refuse(HR_CODE_http_headers_too_big, HR_TEXT("too many headers"));
    }
    for (size_t i = 0; i < request->header_count; i++) {
        const struct hr_http_header *header = &request->headers[i];
        size += header->name.size + header->value.size;
        if (size > limits->header_max_bytes) {
            return refuse(HR_CODE_http_headers_too_big, HR_TEXT("the headers are too long"));
        }
        if (!is_token(header->name)) {
            return refuse(HR_CODE_http_malformed,
                          HR_TEXT("a header's name has a byte that no name may have"));
        }
        if (!is_value(header->value)) {
            return refuse(HR_CODE_http_malformed, HR_TEXT("a header's value has a control byte"));
        }
        if (came_before(seen, header->name) && is_second(request, header->name)) {
            return refuse(HR_CODE_http_ambiguous,
                          HR_TEXT("a header that may come once came twice"));
        }
    }
    if (!request->lines_whole) {
        return refuse(HR_CODE_http_malformed,
                      HR_TEXT("a header is folded, or its line does not end in CR LF"));
    }
    return (struct hr_guard_verdict){0};
}

/* How long the body is: exactly one way to know. */
static struct hr_guard_verdict judge_length(const struct hr_guard_request *request)
{
    struct hr_guard_verdict verdict = {0};
    struct hr_text length = HR_TEXT_NONE;
    struct hr_text encoding = HR_TEXT_NONE;
    size_t lengths = count_of(request, HR_TEXT("content-length"), &length);
    size_t encodings = count_of(request, HR_TEXT("transfer-encoding"), &encoding);
    if (lengths > 1 || encodings > 1) {
        return refuse(HR_CODE_http_ambiguous, HR_TEXT("the body's length is told twice"));
    }
    if (lengths == 1 && encodings == 1) {
        return refuse(HR_CODE_http_ambiguous, HR_TEXT("both Content-Length and Transfer-Encoding"));
    }
    if (encodings == 1) {
        if (!hr_text_equal_caseless(encoding, HR_TEXT("chunked"))) {
            return refuse(HR_CODE_http_ambiguous,
                          HR_TEXT("the only transfer encoding that is read is chunked"));
        }
        if (!hr_text_equal(request->version, HR_TEXT("HTTP/1.1"))) {
            return refuse(HR_CODE_http_ambiguous, HR_TEXT("HTTP/1.0 has no chunked bodies"));
        }
        verdict.chunked = true;
    }
    if (lengths == 1) {
        int64_t value = 0;
        bool digits = length.size > 0 && length.data[0] >= '0' && length.data[0] <= '9';
        if (!digits || length.size > 18 || !hr_text_to_integer(length, &value)) {
            return refuse(HR_CODE_http_malformed, HR_TEXT("Content-Length is not a number"));
        }
        verdict.content_length = (uint64_t)value;
    }
    return verdict;
}

/* The target's path and query; an absolute form only if it names the same host as Host does. */
static struct hr_guard_verdict judge_target(const struct hr_guard_request *request,
                                            struct hr_text host)
{
    struct hr_guard_verdict verdict = {0};
    struct hr_text target = request->target;
    if (!is_target(target)) {
        return refuse(HR_CODE_http_malformed,
                      HR_TEXT("the address has a byte or an escape that it may not have"));
    }
    if (starts_caseless(target, HR_TEXT("http://")) ||
        starts_caseless(target, HR_TEXT("https://"))) {
        target = hr_text_slice(target, hr_text_search(target, HR_TEXT("//")) + 2, target.size);
        size_t slash = hr_text_find(target, '/');
        if (!hr_text_equal_caseless(hr_text_slice(target, 0, slash), host)) {
            return refuse(HR_CODE_http_ambiguous,
                          HR_TEXT("the address and Host name different hosts"));
        }
        target = slash < target.size ? hr_text_slice(target, slash, target.size) : HR_TEXT("/");
    }
    bool asterisk =
        hr_text_equal(target, HR_TEXT("*")) && hr_text_equal(request->method, HR_TEXT("OPTIONS"));
    if (target.data[0] != '/' && !asterisk) {
        return refuse(HR_CODE_http_malformed, HR_TEXT("the address does not begin with /"));
    }
    size_t question = hr_text_find(target, '?');
    verdict.path = hr_text_slice(target, 0, question);
    verdict.query = hr_text_slice(target, question + 1, target.size);
    return verdict;
}

static bool method_known(struct hr_text method)
{
    static const char *const known[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (hr_text_equal(method, hr_text_from(known[i]))) {
            return true;
        }
    }
    return false;
}

struct hr_guard_verdict hr_guard(const struct hr_guard_request *request,
                                 const struct hr_guard_limits *limits)
{
    if (!hr_text_equal(request->version, HR_TEXT("HTTP/1.1")) &&
        !hr_text_equal(request->version, HR_TEXT("HTTP/1.0"))) {
        return refuse(HR_CODE_http_malformed,
                      HR_TEXT("only HTTP/1.0 and HTTP/1.1 are spoken here"));
    }
    struct hr_guard_verdict headers = judge_headers(request, limits);
    if (headers.code != HR_CODE_none) {
        return headers;
    }
    struct hr_text host = HR_TEXT_NONE;
    if (count_of(request, HR_TEXT("host"), &host) != 1 || !is_host(host)) {
        return refuse(HR_CODE_http_malformed,
                      HR_TEXT("the Host header is missing or is not a host"));
    }
    struct hr_guard_verdict length = judge_length(request);
    if (length.code != HR_CODE_none) {
        return length;
    }
    struct hr_guard_verdict verdict = judge_target(request, host);
    if (verdict.code != HR_CODE_none) {
        return verdict;
    }
    if (!method_known(request->method)) {
        return refuse(HR_CODE_method_not_allowed, HR_TEXT("this method is not known here"));
    }
    verdict.chunked = length.chunked;
    verdict.content_length = length.content_length;
    return verdict;
}
