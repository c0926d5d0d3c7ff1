/* The HTTP client: what each end of a call means, and that nobody reaches the inside through it. */
#include "net/client.h"
#include "unit/net_peer.h"

#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* A server of one connection that does as it is told and remembers what it was sent. */
struct scripted {
    int listener;
    uint16_t port;
    pthread_t thread;
    const char *read_until; /* NULL: reads nothing */
    const char *answer;     /* NULL: hangs up */
    int hold_ms;            /* before hanging up */
    struct heard heard;
};

static void *play(void *context)
{
    struct scripted *server = context;
    int fd = accept(server->listener, NULL, NULL);
    if (server->read_until != NULL) {
        peer_hear(fd, &server->heard, server->read_until, 3000);
    }
    if (server->answer != NULL) {
        (void)peer_say(fd, server->answer, strlen(server->answer));
    }
    peer_sleep(server->hold_ms);
    close(fd);
    return NULL;
}

static struct scripted *start(const char *read_until, const char *answer)
{
    struct scripted *server = calloc(1, sizeof *server);
    hr_assert(server != NULL);
    server->listener = peer_listen(&server->port);
    server->read_until = read_until;
    server->answer = answer;
    assert_true(server->listener >= 0);
    assert_int_equal(pthread_create(&server->thread, NULL, play, server), 0);
    return server;
}

static void end(struct scripted *server)
{
    pthread_join(server->thread, NULL);
    close(server->listener);
    free(server);
}

static struct hr_arena arena;

/* Calls a URL with a client that may call this machine at the port (0: nowhere inside). */
static struct hr_http_result call_with(struct hr_http_call call, uint16_t allowed,
                                       size_t answer_max)
{
    struct hr_http_client *client = NULL;
    struct hr_http_result result;
    struct hr_text allow = hr_text_format(&arena, "127.0.0.1:%u", allowed);
    const struct hr_http_client_options options = {.allow = &allow,
                                                   .allow_count = allowed > 0,
                                                   .connect_ms_max = 1000,
                                                   .time_ms_max = 1500,
                                                   .answer_max_bytes = answer_max};
    assert_true(hr_ok(hr_http_client_create(&options, &client)));
    assert_true(hr_ok(hr_http_client_call(client, &call, &arena, &result)));
    hr_http_client_free(client);
    return result;
}

static struct hr_http_result call_port(uint16_t port, size_t answer_max)
{
    static const struct hr_http_header headers[] = {
        {{"Content-Type", 12}, {"application/json", 16}}, {{"webhook-id", 10}, {"msg_1", 5}}};
    return call_with(
        (struct hr_http_call){.url = hr_text_format(&arena, "http://127.0.0.1:%u/hook?a=b", port),
                              .headers = headers,
                              .header_count = 2,
                              .body = HR_TEXT("{\"alert\":1}")},
        port, answer_max);
}

/* ---- how far it got ---- */

static void what_an_answer_means(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        enum hr_reached reached;
        int status;
        uint32_t retry_after_s;
    } cases[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", HR_REACHED_confirmed, 200, 0},
        {"HTTP/1.1 204 No Content\r\n\r\n", HR_REACHED_confirmed, 204, 0},
        {"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
         HR_REACHED_refused, 301, 0},
        {"HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n", HR_REACHED_refused, 400, 0},
        {"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", HR_REACHED_refused, 410, 0},
        {"HTTP/1.1 408 Slow\r\nContent-Length: 0\r\n\r\n", HR_REACHED_again, 408, 0},
        {"HTTP/1.1 425 Early\r\nContent-Length: 0\r\n\r\n", HR_REACHED_again, 425, 0},
        {"HTTP/1.1 429 Many\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n", HR_REACHED_again, 429,
         30},
        {"HTTP/1.1 429 Many\r\nRetry-After: 99999999\r\nContent-Length: 0\r\n\r\n",
         HR_REACHED_again, 429, 86400},
        {"HTTP/1.1 503 Busy\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n", HR_REACHED_again, 503,
         5},
        {"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", HR_REACHED_unknown, 503, 0},
        {"HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n", HR_REACHED_unknown, 500, 0},
        {"HTTP/1.1 502 Gateway\r\nContent-Length: 0\r\n\r\n", HR_REACHED_unknown, 502, 0},
        {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", HR_REACHED_confirmed, 200, 0},
        {"HTTP/1.1 100 Continue\r\n\r\n", HR_REACHED_unknown, 0, 0},
        {"SSH-2.0-server\r\n", HR_REACHED_unknown, 0, 0},
        {NULL, HR_REACHED_unknown, 0, 0}, /* read it all and hung up */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scripted *server = start("{\"alert\":1}", cases[i].answer);
        struct hr_http_result result = call_port(server->port, 0);
        if (result.reached != cases[i].reached || result.status != cases[i].status) {
            print_error("case %zu: %d, %d: %.*s\n", i, (int)result.reached, result.status,
                        HR_SHOW(result.text));
        }
        assert_int_equal(result.reached, cases[i].reached);
        assert_int_equal(result.status, cases[i].status);
        assert_int_equal(result.retry_after_s, cases[i].retry_after_s);
        assert_true(result.text.size > 0);
        end(server);
    }
}

static void the_request_arrives_as_given_and_only_once(void **state)
{
    (void)state;
    struct scripted *server =
        start("{\"alert\":1}",
              "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok");
    struct hr_http_result result = call_port(server->port, 0);
    pthread_join(server->thread, NULL);
    const char *heard = server->heard.bytes;
    assert_memory_equal(heard, "POST /hook?a=b HTTP/1.1\r\n", 25);
    assert_non_null(strstr(heard, "webhook-id: msg_1\r\n"));
    assert_non_null(strstr(heard, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(heard, "Content-Length: 11\r\n"));
    assert_non_null(strstr(heard, "User-Agent: Handrail/"));
    assert_null(strstr(heard, "Expect"));
    assert_true(hr_text_equal(result.body, HR_TEXT("ok")));
    assert_true(hr_text_equal(result.content_type, HR_TEXT("text/plain")));
    close(server->listener);
    free(server);
}

static void a_dead_connection_is_not_silently_tried_again(void **state)
{
    (void)state;
    struct scripted *server =
        start("{\"alert\":1}", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    struct hr_http_client *client = NULL;
    struct hr_http_result result;
    struct hr_text allow = hr_text_format(&arena, "127.0.0.1:%u", server->port);
    const struct hr_http_client_options options = {
        .allow = &allow, .allow_count = 1, .time_ms_max = 1000};
    const struct hr_http_call call = {
        .url = hr_text_format(&arena, "http://127.0.0.1:%u/", server->port),
        .body = HR_TEXT("{\"alert\":1}")};
    assert_true(hr_ok(hr_http_client_create(&options, &client)));
    assert_true(hr_ok(hr_http_client_call(client, &call, &arena, &result)));
    assert_int_equal(result.reached, HR_REACHED_confirmed);
    pthread_join(server->thread, NULL);
    close(server->listener);
    assert_true(hr_ok(hr_http_client_call(client, &call, &arena, &result)));
    assert_int_equal(result.reached,
                     HR_REACHED_again); /* a new connection was tried, the old one not used */
    hr_http_client_free(client);
    free(server);
}

static void without_a_connection_nothing_was_taken(void **state)
{
    (void)state;
    uint16_t port = 0;
    int listener = peer_listen(&port);
    close(listener);
    assert_int_equal(call_port(port, 0).reached, HR_REACHED_again);
    const struct hr_http_call nowhere = {.url = HR_TEXT("http://no-such-host.invalid/")};
    assert_int_equal(call_with(nowhere, 0, 0).reached, HR_REACHED_again);
    struct scripted *server = start("\x16", "this is not TLS");
    const struct hr_http_call secure = {
        .url = hr_text_format(&arena, "https://127.0.0.1:%u/", server->port)};
    assert_int_equal(call_with(secure, server->port, 0).reached, HR_REACHED_again);
    end(server);
}

static void a_server_that_never_answers_is_unknown(void **state)
{
    (void)state;
    struct scripted *server = start("{\"alert\":1}", NULL);
    server->hold_ms = 2500;
    struct hr_http_result result = call_port(server->port, 0);
    assert_int_equal(result.reached, HR_REACHED_unknown);
    assert_true(hr_text_equal(result.text, HR_TEXT("no answer in time")));
    end(server);
}

static void a_long_answer_is_cut(void **state)
{
    (void)state;
    static char answer[20000];
    int head = snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Length: 19000\r\n\r\n");
    memset(answer + head, 'x', 19000);
    struct scripted *server = start("{\"alert\":1}", answer);
    struct hr_http_result result = call_port(server->port, 100);
    assert_int_equal(result.reached, HR_REACHED_confirmed);
    assert_int_equal(result.body.size, 100);
    assert_true(result.cut);
    end(server);
}

/* ---- the inside ---- */

/* Ways to write this machine, with the port to come. */
static const char *const written[] = {
    "http://127.0.0.1:%u/",
    "http://localhost:%u/",
    "http://LOCALHOST:%u/",
    "http://localhost.:%u/",
    "http://127.1:%u/",
    "http://127.0.1:%u/",
    "http://2130706433:%u/",
    "http://0x7f000001:%u/",
    "http://0x7f.0.0.1:%u/",
    "http://017700000001:%u/",
    "http://0177.0.0.1:%u/",
    "http://127.0.0.1.:%u/",
    "http://0:%u/",
    "http://0.0.0.0:%u/",
    "http://[::1]:%u/",
    "http://[::]:%u/",
    "http://[0:0:0:0:0:0:0:1]:%u/",
    "http://[::ffff:127.0.0.1]:%u/",
    "http://[::ffff:7f00:1]:%u/",
    "http://[64:ff9b::7f00:1]:%u/",
    "http://[::127.0.0.1]:%u/",
    "http://127.255.255.254:%u/",
    "http://%%31%%32%%37.0.0.1:%u/",
    "http://user@127.0.0.1:%u/",
    "http://a.example@127.0.0.1:%u/",
    "http://127.0.0.1:%u#@a.example/",
    "http://127.0.0.1:%u\\@a.example/",
    "http:///127.0.0.1:%u/",
    "http:127.0.0.1:%u/",
    "//127.0.0.1:%u/",
    "127.0.0.1:%u",
    "http://\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1:%u/",
    "http://\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.0.0.1:%u/",
    "http://127\343\200\2020.0.1:%u/",
    "http://127.0.0.1:%u/\r\nX: y",
    " http://127.0.0.1:%u/",
    "HTTP://127.0.0.1:%u/",
    "http://[::1%%25lo]:%u/",
    "http://[::1%%lo]:%u/",
    "https://127.0.0.1:%u/",
    "ftp://127.0.0.1:%u/",
    "gopher://127.0.0.1:%u/",
    "dict://127.0.0.1:%u/",
    "file:///etc/hostname?%u",
    "unix://127.0.0.1:%u/",
    "telnet://127.0.0.1:%u/",
};

static void no_way_of_writing_an_address_reaches_the_inside(void **state)
{
    (void)state;
    uint16_t port = 0;
    int canary = peer_listen(&port);
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        char url[256];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        (void)snprintf(url, sizeof url, written[i], port);
#pragma GCC diagnostic pop
        struct hr_http_result result =
            call_with((struct hr_http_call){.url = hr_text_from(url), .body = HR_TEXT("{}")},
                      (uint16_t)(port + 1), 0);
        if (result.reached != HR_REACHED_refused && result.reached != HR_REACHED_again) {
            print_error("%s: %.*s\n", url, HR_SHOW(result.text));
        }
        assert_true(result.reached == HR_REACHED_refused || result.reached == HR_REACHED_again);
        struct pollfd polled = {.fd = canary, .events = POLLIN};
        assert_int_equal(poll(&polled, 1, 0), 0);
    }
    const struct hr_http_call plain = {.url = hr_text_format(&arena, "http://127.0.0.1:%u/", port)};
    struct hr_http_result result = call_with(plain, 0, 0);
    assert_int_equal(result.reached, HR_REACHED_refused);
    assert_int_equal(hr_text_search(result.text, HR_TEXT("127.")), result.text.size);
    close(canary);
}

static void a_redirect_is_not_followed(void **state)
{
    (void)state;
    uint16_t port = 0;
    int canary = peer_listen(&port);
    char answer[200];
    (void)snprintf(
        answer, sizeof answer,
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%u/\r\nContent-Length: 0\r\n\r\n", port);
    struct scripted *server = start("{\"alert\":1}", answer);
    assert_int_equal(call_port(server->port, 0).reached, HR_REACHED_refused);
    struct pollfd polled = {.fd = canary, .events = POLLIN};
    assert_int_equal(poll(&polled, 1, 0), 0);
    end(server);
    close(canary);
}

static void nothing_can_be_smuggled_into_the_request(void **state)
{
    (void)state;
    static const struct hr_http_header bad[] = {{{"X-A", 3}, {"v\r\nX-B: w", 9}},
                                                {{"X-A\r\nX-B", 8}, {"v", 1}},
                                                {{"X-A: v", 6}, {"", 0}},
                                                {{"", 0}, {"v", 1}},
                                                {{"X-A", 3}, {"v\0w", 3}}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct hr_http_call call = {
            .url = HR_TEXT("http://a.invalid/"), .headers = &bad[i], .header_count = 1};
        assert_int_equal(call_with(call, 0, 0).reached, HR_REACHED_refused);
    }
    const struct hr_http_call method = {.url = HR_TEXT("http://a.invalid/"),
                                        .method = HR_TEXT("GET / HTTP/1.1\r\nX:")};
    assert_int_equal(call_with(method, 0, 0).reached, HR_REACHED_refused);
}

static void an_allowed_place_needs_a_port(void **state)
{
    (void)state;
    static const struct hr_text bad[] = {
        {"localhost", 9}, {"localhost:", 10}, {":80", 3}, {"80", 2}, {"", 0}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct hr_http_client *client = NULL;
        const struct hr_http_client_options options = {.allow = &bad[i], .allow_count = 1};
        assert_int_equal(hr_http_client_create(&options, &client).code, HR_E_INPUT);
    }
}

static int open_arena(void **state)
{
    (void)state;
    hr_arena_init(&arena, 16 << 20);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    hr_arena_close(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_an_answer_means),
        cmocka_unit_test(the_request_arrives_as_given_and_only_once),
        cmocka_unit_test(a_dead_connection_is_not_silently_tried_again),
        cmocka_unit_test(without_a_connection_nothing_was_taken),
        cmocka_unit_test(a_server_that_never_answers_is_unknown),
        cmocka_unit_test(a_long_answer_is_cut),
        cmocka_unit_test(no_way_of_writing_an_address_reaches_the_inside),
        cmocka_unit_test(a_redirect_is_not_followed),
        cmocka_unit_test(nothing_can_be_smuggled_into_the_request),
        cmocka_unit_test(an_allowed_place_needs_a_port),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
