/* What the guard lets in, and every way of saying two things at once that it refuses. */
#include "net/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { HEADERS_MAX = 80 };

struct story {
    const char *title;
    const char *line;    /* method target version */
    const char *headers; /* "name: value|name: value"; '@' stands for a NUL */
    enum hr_code expected;
};

static char room[HEADERS_MAX][256];

static size_t split(const char *written, struct hr_http_header *headers)
{
    size_t count = 0;
    struct hr_text rest = hr_text_from(written);
    while (rest.size > 0) {
        struct hr_text value = hr_text_cut(&rest, '|');
        memcpy(room[count], value.data, value.size);
        for (size_t i = 0; i < value.size; i++) {
            room[count][i] = room[count][i] == '@' ? '\0' : room[count][i];
        }
        value = (struct hr_text){room[count], value.size};
        struct hr_text name = hr_text_cut(&value, ':');
        headers[count++] = (struct hr_http_header){name, hr_text_trim(value)};
    }
    return count;
}

static struct hr_guard_verdict judge(const char *line, const char *written, bool lines_whole)
{
    struct hr_http_header headers[HEADERS_MAX];
    const struct hr_guard_limits limits = {16 << 10, 64};
    struct hr_text rest = hr_text_from(line);
    struct hr_guard_request request = {.headers = headers, .lines_whole = lines_whole};
    request.method = hr_text_cut(&rest, ' ');
    request.target = hr_text_cut(&rest, ' ');
    request.version = rest;
    request.header_count = split(written, headers);
    return hr_guard(&request, &limits);
}

static const struct story stories[] = {
    {"a plain request", "GET / HTTP/1.1", "Host: crm.example", HR_CODE_none},
    {"a webhook", "POST /v1/in/stripe HTTP/1.1",
     "Host: h|Content-Type: application/json|Content-Length: 600", HR_CODE_none},
    {"a chunked body", "POST /x HTTP/1.1", "Host: h|Transfer-Encoding: chunked", HR_CODE_none},
    {"list headers may repeat", "GET / HTTP/1.1", "Host: h|Accept: a/b|Accept: c/d|Via: 1|Via: 2",
     HR_CODE_none},
    {"HTTP/1.0 with Host", "GET / HTTP/1.0", "Host: h", HR_CODE_none},
    {"the absolute form of the same host", "GET http://H:80/a?b HTTP/1.1", "Host: h:80",
     HR_CODE_none},
    {"OPTIONS of the server", "OPTIONS * HTTP/1.1", "Host: h", HR_CODE_none},
    {"letters beyond ASCII in a value", "GET / HTTP/1.1", "Host: h|X-Name: \xc3\xa9", HR_CODE_none},
    {"an escaped path", "GET /contacts/ada%40example.com HTTP/1.1", "Host: h", HR_CODE_none},

    {"length and chunks", "POST / HTTP/1.1", "Host: h|Content-Length: 5|Transfer-Encoding: chunked",
     HR_CODE_http_ambiguous},
    {"two lengths that differ", "POST / HTTP/1.1", "Host: h|Content-Length: 5|Content-Length: 6",
     HR_CODE_http_ambiguous},
    {"two lengths that agree", "POST / HTTP/1.1", "Host: h|Content-Length: 5|content-length: 5",
     HR_CODE_http_ambiguous},
    {"a list of lengths", "POST / HTTP/1.1", "Host: h|Content-Length: 5, 5",
     HR_CODE_http_malformed},
    {"a length with a sign", "POST / HTTP/1.1", "Host: h|Content-Length: +5",
     HR_CODE_http_malformed},
    {"a negative length", "POST / HTTP/1.1", "Host: h|Content-Length: -5", HR_CODE_http_malformed},
    {"an empty length", "POST / HTTP/1.1", "Host: h|Content-Length:", HR_CODE_http_malformed},
    {"a length beyond all numbers", "POST / HTTP/1.1",
     "Host: h|Content-Length: 99999999999999999999", HR_CODE_http_malformed},
    {"xchunked", "POST / HTTP/1.1", "Host: h|Transfer-Encoding: xchunked", HR_CODE_http_ambiguous},
    {"gzip, chunked", "POST / HTTP/1.1", "Host: h|Transfer-Encoding: gzip, chunked",
     HR_CODE_http_ambiguous},
    {"chunked twice", "POST / HTTP/1.1",
     "Host: h|Transfer-Encoding: chunked|Transfer-Encoding: chunked", HR_CODE_http_ambiguous},
    {"chunks in HTTP/1.0", "POST / HTTP/1.0", "Host: h|Transfer-Encoding: chunked",
     HR_CODE_http_ambiguous},
    {"no Host", "GET / HTTP/1.1", "Accept: a/b", HR_CODE_http_malformed},
    {"an empty Host", "GET / HTTP/1.1", "Host:", HR_CODE_http_malformed},
    {"two Hosts", "GET / HTTP/1.1", "Host: a|Host: b", HR_CODE_http_ambiguous},
    {"a Host with a user in it", "GET / HTTP/1.1", "Host: a@b", HR_CODE_http_malformed},
    {"a NUL in a value", "GET / HTTP/1.1", "Host: h|X-A: a@b", HR_CODE_http_malformed},
    {"a CR in a value", "GET / HTTP/1.1", "Host: h|X-A: a\rb", HR_CODE_http_malformed},
    {"a line feed in a value", "GET / HTTP/1.1", "Host: h|X-A: a\nb", HR_CODE_http_malformed},
    {"an escape sign in a value", "GET / HTTP/1.1", "Host: h|X-A: a\x1b[0m",
     HR_CODE_http_malformed},
    {"a space before the colon", "POST / HTTP/1.1", "Host: h|Content-Length : 5",
     HR_CODE_http_malformed},
    {"a name of nothing", "GET / HTTP/1.1", "Host: h|: x", HR_CODE_http_malformed},
    {"two Stripe signatures", "POST / HTTP/1.1", "Host: h|Stripe-Signature: a|stripe-signature: b",
     HR_CODE_http_ambiguous},
    {"two webhook ids", "POST / HTTP/1.1", "Host: h|webhook-id: a|webhook-id: b",
     HR_CODE_http_ambiguous},
    {"two signatures of a plain scheme", "POST / HTTP/1.1",
     "Host: h|X-Shopify-Hmac-SHA256: a|X-Shopify-Hmac-SHA256: b", HR_CODE_http_ambiguous},
    {"two sign-ins", "POST / HTTP/1.1", "Host: h|Authorization: a|Authorization: b",
     HR_CODE_http_ambiguous},
    {"two ids of a CloudEvent", "POST / HTTP/1.1", "Host: h|ce-id: a|ce-id: b",
     HR_CODE_http_ambiguous},
    {"two content types", "POST / HTTP/1.1", "Host: h|Content-Type: a/b|Content-Type: c/d",
     HR_CODE_http_ambiguous},
    {"the absolute form of another host", "GET http://inside/ HTTP/1.1", "Host: h",
     HR_CODE_http_ambiguous},
    {"the absolute form of another scheme", "GET ftp://h/ HTTP/1.1", "Host: h",
     HR_CODE_http_malformed},
    {"a target without a slash", "GET x HTTP/1.1", "Host: h", HR_CODE_http_malformed},
    {"a fragment", "GET /a#b HTTP/1.1", "Host: h", HR_CODE_http_malformed},
    {"a backslash", "GET /a\\b HTTP/1.1", "Host: h", HR_CODE_http_malformed},
    {"an escaped NUL", "GET /a%00b HTTP/1.1", "Host: h", HR_CODE_http_malformed},
    {"half an escape", "GET /a%4 HTTP/1.1", "Host: h", HR_CODE_http_malformed},
    {"raw UTF-8 in the target", "GET /\xc3\xa9 HTTP/1.1", "Host: h", HR_CODE_http_malformed},
    {"another protocol", "GET / HTTP/2.0", "Host: h", HR_CODE_http_malformed},
    {"an unknown method", "TRACE / HTTP/1.1", "Host: h", HR_CODE_method_not_allowed},
    {"a tunnel", "CONNECT h:80 HTTP/1.1", "Host: h", HR_CODE_http_malformed},
};

static void every_story_ends_as_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        struct hr_guard_verdict verdict = judge(stories[i].line, stories[i].headers, true);
        if (verdict.code != stories[i].expected) {
            print_error("%s: E%04d instead of E%04d (%.*s)\n", stories[i].title, (int)verdict.code,
                        (int)stories[i].expected, HR_SHOW(verdict.detail));
        }
        assert_int_equal(verdict.code, stories[i].expected);
        assert_true(verdict.code == HR_CODE_none || verdict.detail.size > 0);
    }
}

static void folded_lines_are_refused(void **state)
{
    (void)state;
    assert_int_equal(judge("GET / HTTP/1.1", "Host: h", false).code, HR_CODE_http_malformed);
}

static void path_query_and_length_are_told_apart(void **state)
{
    (void)state;
    struct hr_guard_verdict verdict =
        judge("POST http://h/a/b?c=d?e HTTP/1.1", "Host: h|Content-Length: 42", true);
    assert_int_equal(verdict.code, HR_CODE_none);
    assert_true(hr_text_equal(verdict.path, HR_TEXT("/a/b")));
    assert_true(hr_text_equal(verdict.query, HR_TEXT("c=d?e")));
    assert_int_equal(verdict.content_length, 42);
    assert_false(verdict.chunked);
    verdict = judge("GET https://h HTTP/1.1", "Host: h", true);
    assert_int_equal(verdict.code, HR_CODE_none);
    assert_true(hr_text_equal(verdict.path, HR_TEXT("/")));
}

static void too_many_or_too_long_headers_are_refused(void **state)
{
    (void)state;
    struct hr_http_header headers[HEADERS_MAX];
    char names[HEADERS_MAX][8];
    char value[400];
    const struct hr_guard_limits limits = {16 << 10, 64};
    memset(value, 'v', sizeof value);
    headers[0] = (struct hr_http_header){HR_TEXT("Host"), HR_TEXT("h")};
    for (size_t i = 1; i < HEADERS_MAX; i++) {
        (void)snprintf(names[i], sizeof names[i], "x-%zu", i);
        headers[i] = (struct hr_http_header){hr_text_from(names[i]), HR_TEXT("v")};
    }
    struct hr_guard_request request = {HR_TEXT("GET"), HR_TEXT("/"), HR_TEXT("HTTP/1.1"),
                                       headers,        64,           true};
    assert_int_equal(hr_guard(&request, &limits).code, HR_CODE_none);
    request.header_count = 65;
    assert_int_equal(hr_guard(&request, &limits).code, HR_CODE_http_headers_too_big);
    request.header_count = 64;
    for (size_t i = 1; i < HEADERS_MAX; i++) {
        headers[i].value = (struct hr_text){value, sizeof value};
    }
    assert_int_equal(hr_guard(&request, &limits).code, HR_CODE_http_headers_too_big);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_story_ends_as_told),
        cmocka_unit_test(folded_lines_are_refused),
        cmocka_unit_test(path_query_and_length_are_told_apart),
        cmocka_unit_test(too_many_or_too_long_headers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
