/* The HTTP server over real sockets: answers now and later, bodies, limits, the slow and the malformed. */
#include "net/server.h"
#include "unit/net_peer.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/syscall.h>

#include <cmocka.h>

enum { KEPT_MAX = 256 };

/* A small application: what it does depends on the path. */
struct application {
    struct hr_http_server *server;
    uint16_t port;
    pthread_mutex_t lock;
    struct hr_http_request *kept[KEPT_MAX];
    size_t kept_count;
    _Atomic size_t seen;
    struct heard heard;
};

static void answer_text(struct hr_http_request *request, uint16_t status, struct hr_text body)
{
    const struct hr_http_answer answer = {
        .status = status, .content_type = HR_TEXT("text/plain"), .body = body};
    hr_http_answer(request, &answer);
}

/* An answer with a header at its limits. */
static void answer_longest(struct hr_http_request *request)
{
    char *bytes = hr_arena_alloc(&request->arena, HR_HTTP_VALUE_MAX);
    struct hr_http_header *header = hr_arena_new(&request->arena, struct hr_http_header);
    hr_assert(bytes != NULL && header != NULL);
    memset(bytes, 'x', HR_HTTP_VALUE_MAX);
    *header = (struct hr_http_header){{bytes, HR_HTTP_NAME_MAX}, {bytes, HR_HTTP_VALUE_MAX}};
    const struct hr_http_answer answer = {.status = 200,
                                          .content_type = header->value,
                                          .headers = header,
                                          .header_count = 1,
                                          .body = HR_TEXT("whole")};
    hr_http_answer(request, &answer);
}

static void handle(void *context, struct hr_http_request *request)
{
    struct application *app = context;
    app->seen++;
    if (hr_text_equal(request->path, HR_TEXT("/keep"))) {
        pthread_mutex_lock(&app->lock);
        hr_assert(app->kept_count < KEPT_MAX);
        app->kept[app->kept_count++] = request;
        pthread_mutex_unlock(&app->lock);
    } else if (hr_text_equal(request->path, HR_TEXT("/echo"))) {
        answer_text(request, 200, request->body);
    } else if (hr_text_equal(request->path, HR_TEXT("/size"))) {
        answer_text(request, 200, hr_text_format(&request->arena, "%zu bytes", request->body.size));
    } else if (hr_text_equal(request->path, HR_TEXT("/query"))) {
        struct hr_text value = HR_TEXT_NONE;
        bool found = hr_http_query_of(request, HR_TEXT("who is"), &value);
        answer_text(request, found ? 200 : 404, value);
    } else if (hr_text_equal(request->path, HR_TEXT("/peer"))) {
        answer_text(request, 200, request->peer);
    } else if (hr_text_equal(request->path, HR_TEXT("/longest"))) {
        answer_longest(request);
    } else if (hr_text_equal(request->path, HR_TEXT("/only-get"))) {
        const struct hr_http_problem problem = {.code = HR_CODE_method_not_allowed,
                                                .allow = HR_TEXT("GET")};
        hr_http_problem(request, &problem);
    } else if (hr_text_equal(request->path, HR_TEXT("/busy"))) {
        const struct hr_http_problem problem = {.code = HR_CODE_busy, .retry_after_s = 7};
        hr_http_problem(request, &problem);
    } else {
        const struct hr_http_problem problem = {.code = HR_CODE_not_found,
                                                .detail = HR_TEXT("no \"such\" thing")};
        hr_http_problem(request, &problem);
    }
}

static size_t admit(void *context, struct hr_http_request *request)
{
    (void)context;
    if (hr_text_equal(request->path, HR_TEXT("/closed"))) {
        const struct hr_http_problem problem = {.code = HR_CODE_not_signed_in};
        hr_http_problem(request, &problem);
    }
    return hr_text_equal(request->path, HR_TEXT("/size")) ? 4 << 20 : 0;
}

static struct application *open_application(const struct hr_http_server_options *wanted)
{
    struct application *app = calloc(1, sizeof *app);
    struct hr_http_server_options options = *wanted;
    hr_assert(app != NULL);
    pthread_mutex_init(&app->lock, NULL);
    options.handle = handle;
    options.admit = admit;
    options.context = app;
    assert_true(hr_ok(hr_http_server_start(&options, NULL, &app->server)));
    app->port = hr_http_server_port(app->server);
    return app;
}

static void close_application(struct application *app)
{
    hr_http_server_stop(app->server);
    pthread_mutex_destroy(&app->lock);
    free(app);
}

/* One connection: says, hears until closed or `until`, hangs up. */
static const char *talk(struct application *app, const char *bytes, size_t size, const char *until)
{
    int fd = peer_connect(app->port);
    assert_true(fd >= 0);
    memset(&app->heard, 0, sizeof app->heard);
    (void)peer_say(fd, bytes, size);
    peer_hear(fd, &app->heard, until, 5000);
    close(fd);
    return app->heard.bytes;
}

#define TALK(app, bytes, until) talk((app), (bytes), sizeof(bytes) - 1, (until))
#define HAS(text, part)         assert_non_null(strstr((text), (part)))

static size_t kept_count(struct application *app)
{
    pthread_mutex_lock(&app->lock);
    size_t count = app->kept_count;
    pthread_mutex_unlock(&app->lock);
    return count;
}

static void wait_for_kept(struct application *app, size_t count)
{
    for (int i = 0; i < 500 && kept_count(app) < count; i++) {
        peer_sleep(10);
    }
    assert_int_equal(kept_count(app), count);
}

/* ---- answering ---- */

static void a_request_is_answered_at_once(void **state)
{
    (void)state;
    struct application *app = open_application(&(struct hr_http_server_options){0});
    const char *heard =
        TALK(app, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello", "hello");
    HAS(heard, "HTTP/1.1 200 OK\r\n");
    HAS(heard, "Content-Type: text/plain\r\n");
    HAS(heard, "Request-Id: req_");
    HAS(heard, "\r\n\r\nhello");
    heard = TALK(app, "GET /peer HTTP/1.1\r\nHost: h\r\n\r\n", "127.0.0.1");
    HAS(heard, "127.0.0.1");
    heard =
        TALK(app, "GET /query?a=b&who+is=Ada%20L%C3%B6w HTTP/1.1\r\nHost: h\r\n\r\n", "L\xc3\xb6w");
    HAS(heard, "\r\n\r\nAda L\xc3\xb6w");
    close_application(app);
}

static void many_kept_requests_are_answered_together_by_another_thread(void **state)
{
    (void)state;
    enum { MANY = 64 };
    struct application *app = open_application(&(struct hr_http_server_options){0});
    int connections[MANY];
    for (int i = 0; i < MANY; i++) {
        connections[i] = peer_connect(app->port);
        const char keep[] = "POST /keep HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}";
        assert_true(peer_say(connections[i], keep, sizeof keep - 1));
    }
    wait_for_kept(app, MANY);
    struct hr_http_server_figures figures;
    hr_http_server_figures(app->server, &figures);
    assert_int_equal(figures.kept, MANY);
    for (size_t i = 0; i < MANY; i++) {
        const struct hr_http_answer answer = {
            .status = 202,
            .body =
                hr_text_format(&app->kept[i]->arena, "answer for %.*s", HR_SHOW(app->kept[i]->id))};
        hr_http_answer_prepare(app->kept[i], &answer);
    }
    hr_http_answer_many(app->kept, MANY);
    for (int i = 0; i < MANY; i++) {
        memset(&app->heard, 0, sizeof app->heard);
        peer_hear(connections[i], &app->heard, "answer for req_", 5000);
        HAS(app->heard.bytes, "HTTP/1.1 202 Accepted");
        const char again[] = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok";
        assert_true(
            peer_say(connections[i], again, sizeof again - 1)); /* the connection lives on */
        memset(&app->heard, 0, sizeof app->heard);
        peer_hear(connections[i], &app->heard, "\r\n\r\nok", 5000);
        HAS(app->heard.bytes, "\r\n\r\nok");
        close(connections[i]);
    }
    app->kept_count = 0;
    close_application(app);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    (void)state;
    struct application *app = open_application(&(struct hr_http_server_options){0});
    const char *heard = TALK(app,
                             "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\none"
                             "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\ntwo"
                             "GET /peer HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
                             NULL);
    const char *one = strstr(heard, "\r\n\r\none");
    const char *two = strstr(heard, "\r\n\r\ntwo");
    assert_true(one != NULL && two != NULL && one < two && strstr(two, "127.0.0.1") != NULL);
    close_application(app);
}

static void a_client_that_waits_for_100_gets_it(void **state)
{
    (void)state;
    struct application *app =
        open_application(&(struct hr_http_server_options){.body_max_bytes = 100});
    int fd = peer_connect(app->port);
    const char head[] =
        "POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
    assert_true(peer_say(fd, head, sizeof head - 1));
    peer_hear(fd, &app->heard, "\r\n\r\n", 5000);
    HAS(app->heard.bytes, "HTTP/1.1 100 Continue");
    assert_true(peer_say(fd, "body", 4));
    peer_hear(fd, &app->heard, "\r\n\r\nbody", 5000);
    HAS(app->heard.bytes, "\r\n\r\nbody");
    close(fd);
    const char *heard = TALK(
        app,
        "POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 101\r\n\r\n",
        NULL);
    HAS(heard, "HTTP/1.1 413 ");
    assert_null(strstr(heard, "100 Continue"));
    close_application(app);
}

static void refusals_are_problem_documents(void **state)
{
    (void)state;
    struct application *app = open_application(&(struct hr_http_server_options){0});
    const char *heard =
        TALK(app, "GET /nowhere HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", NULL);
    HAS(heard, "HTTP/1.1 404 Not Found\r\n");
    HAS(heard, "Content-Type: application/problem+json\r\n");
    HAS(heard, "{\"status\":404,\"code\":\"E0515\",\"title\":\"there is nothing here\"");
    HAS(heard, "\"detail\":\"no \\\"such\\\" thing\"");
    HAS(heard, "\"retryable\":false,\"request_id\":\"req_");
    heard = TALK(
        app, "POST /only-get HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        NULL);
    HAS(heard, "HTTP/1.1 405 ");
    HAS(heard, "Allow: GET\r\n");
    heard = TALK(app, "GET /busy HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", NULL);
    HAS(heard, "HTTP/1.1 503 ");
    HAS(heard, "Retry-After: 7\r\n");
    HAS(heard, "\"retryable\":true");
    heard = TALK(app, "POST /closed HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n", NULL);
    HAS(heard, "HTTP/1.1 401 "); /* before the body came */
    HAS(heard, "WWW-Authenticate: ");
    assert_true(app->heard.closed);
    close_application(app);
}

static void the_longest_header_of_an_answer_leaves_whole(void **state)
{
    (void)state;
    struct application *app = open_application(&(struct hr_http_server_options){0});
    char header[HR_HTTP_NAME_MAX + HR_HTTP_VALUE_MAX + 3];
    memset(header, 'x', sizeof header);
    memcpy(header + HR_HTTP_NAME_MAX, ": ", 2);
    header[sizeof header - 1] = '\0';
    const char *heard =
        TALK(app, "GET /longest HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", NULL);
    HAS(heard, header);
    HAS(heard, "\r\n\r\nwhole");
    close_application(app);
}

/* ---- bodies ---- */

static void chunks_become_one_body(void **state)
{
    (void)state;
    struct application *app = open_application(&(struct hr_http_server_options){0});
    const char *heard = TALK(app,
                             "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                             "4\r\nhand\r\n4;a=b\r\nrail\r\n0\r\n\r\n",
                             "handrail");
    HAS(heard, "\r\n\r\nhandrail");
    close_application(app);
}

static void a_large_body_within_the_limit_arrives_whole(void **state)
{
    (void)state;
    enum { SIZE = 3 << 20 };
    struct application *app = open_application(&(struct hr_http_server_options){0});
    char *body = malloc(SIZE);
    hr_assert(body != NULL);
    memset(body, 'x', SIZE);
    int fd = peer_connect(app->port);
    const char head[] = "POST /size HTTP/1.1\r\nHost: h\r\nContent-Length: 3145728\r\n\r\n";
    assert_true(peer_say(fd, head, sizeof head - 1) && peer_say(fd, body, SIZE));
    peer_hear(fd, &app->heard, "3145728 bytes", 5000);
    HAS(app->heard.bytes, "3145728 bytes");
    close(fd);
    free(body);
    close_application(app);
}

static void a_body_beyond_the_limit_is_refused_once_and_the_connection_closed(void **state)
{
    (void)state;
    struct application *app =
        open_application(&(struct hr_http_server_options){.body_max_bytes = 1000});
    const char *heard =
        TALK(app, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 104857600\r\n\r\nabc", NULL);
    HAS(heard, "HTTP/1.1 413 ");
    assert_int_equal(peer_answers(&app->heard), 1);
    assert_true(app->heard.closed);

    int fd = peer_connect(app->port); /* chunked: only its bytes tell */
    const char head[] = "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    char chunk[] =
        "190\r\n................................................................................"
        "................................................................................"
        "................................................................................"
        "................................................................................"
        "................................................................................\r\n";
    assert_true(peer_say(fd, head, sizeof head - 1));
    for (int i = 0; i < 3; i++) {
        (void)peer_say(fd, chunk, sizeof chunk - 1);
    }
    memset(&app->heard, 0, sizeof app->heard);
    peer_hear(fd, &app->heard, NULL, 5000);
    HAS(app->heard.bytes, "HTTP/1.1 413 ");
    HAS(app->heard.bytes, "\"code\":\"E0519\"");
    assert_int_equal(peer_answers(&app->heard), 1);
    assert_true(app->heard.closed);
    close(fd);
    assert_int_equal(app->seen, 0);
    close_application(app);
}

static void all_bodies_together_have_a_limit_too(void **state)
{
    (void)state;
    struct application *app = open_application(
        &(struct hr_http_server_options){.body_max_bytes = 900, .bodies_max_bytes = 1000});
    int fd = peer_connect(app->port);
    char request[1000];
    int head = snprintf(request, sizeof request,
                        "POST /keep HTTP/1.1\r\nHost: h\r\nContent-Length: 800\r\n\r\n");
    memset(request + head, 'x', 800);
    assert_true(peer_say(fd, request, (size_t)head + 800));
    wait_for_kept(app, 1);
    const char *heard =
        TALK(app, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 800\r\n\r\n", NULL);
    HAS(heard, "HTTP/1.1 503 ");
    HAS(heard, "Retry-After: 1\r\n");
    answer_text(app->kept[0], 200, HR_TEXT("taken"));
    memset(&app->heard, 0, sizeof app->heard);
    peer_hear(fd, &app->heard, "taken", 5000);
    HAS(app->heard.bytes, "taken");
    close(fd);
    heard =
        TALK(app, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok", "\r\n\r\nok");
    HAS(heard, "\r\n\r\nok"); /* room again */
    close_application(app);
}

/* ---- the malformed ---- */

static void nothing_that_can_be_read_in_two_ways_gets_in(void **state)
{
    (void)state;
    static const struct {
        const char *title;
        const char *bytes;
        size_t size;
    } smuggled[] = {
#define CASE(title, bytes) {title, bytes, sizeof(bytes) - 1}
        CASE("length and chunks", "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: "
                                  "6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG"),
        CASE("two lengths", "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: "
                            "0\r\nContent-Length: 5\r\n\r\nhello"),
        CASE("xchunked",
             "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        CASE("gzip, chunked",
             "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        CASE("space before the colon",
             "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length : 5\r\n\r\nhello"),
        CASE("bare line feeds", "POST /echo HTTP/1.1\nHost: h\nContent-Length: 5\n\nhello"),
        CASE("one bare line feed",
             "POST /echo HTTP/1.1\r\nHost: h\nContent-Length: 5\r\n\r\nhello"),
        CASE("the last line ends in a bare line feed", "GET /echo HTTP/1.1\r\nHost: h\n\r\n"),
        CASE("the empty line is a bare line feed", "GET /echo HTTP/1.1\r\nHost: h\r\n\n"),
        CASE("a bare CR",
             "GET /echo HTTP/1.1\r\nHost: h\r\nX: a\rTransfer-Encoding: chunked\r\n\r\n"),
        CASE("a folded line",
             "POST /echo HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\nContent-Length: 5\r\n\r\nhello"),
        CASE("a folded last line", "GET /echo HTTP/1.1\r\nHost: h\r\nX: a\r\n\tb\r\n\r\n"),
        CASE("a NUL in a value", "GET /echo HTTP/1.1\r\nHost: h\r\nX: a\0b\r\nY: c\r\n\r\n"),
        CASE("a NUL at the end of a value",
             "GET /echo HTTP/1.1\r\nHost: h\r\nX: a\0\r\nY: c\r\n\r\n"),
        CASE("a NUL at the very end", "GET /echo HTTP/1.1\r\nHost: h\r\nX: a\0\r\n\r\n"),
        CASE("a NUL in the target", "GET /echo\0x HTTP/1.1\r\nHost: h\r\n\r\n"),
        CASE("a NUL in the version", "GET /echo HTTP/1.1\0\r\nHost: h\r\n\r\n"),
        CASE("two spaces in the request line", "GET  /echo HTTP/1.1\r\nHost: h\r\n\r\n"),
        CASE("a space at the end of the request line", "GET /echo HTTP/1.1 \r\nHost: h\r\n\r\n"),
        CASE("no Host", "GET /echo HTTP/1.1\r\nX: a\r\n\r\n"),
        CASE("no headers at all", "GET /echo HTTP/1.1\r\n\r\n"),
        CASE("only a method", "GET\r\n\r\n"),
        CASE("no version", "GET /echo\r\n\r\n"),
        CASE("an absolute form of another host",
             "GET http://other/echo HTTP/1.1\r\nHost: h\r\n\r\n"),
        CASE("a line of rubbish", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n"),
#undef CASE
    };
    struct application *app = open_application(&(struct hr_http_server_options){0});
    for (size_t i = 0; i < sizeof smuggled / sizeof *smuggled; i++) {
        const char *heard = talk(app, smuggled[i].bytes, smuggled[i].size, NULL);
        bool refused = heard[0] == '\0' || strncmp(heard, "HTTP/1.1 400 ", 13) == 0;
        if (!refused || !app->heard.closed || app->seen > 0) {
            print_error("%s: %s (%s)\n", smuggled[i].title, heard,
                        app->heard.closed ? "closed" : "left open");
        }
        assert_true(refused && app->heard.closed);
        assert_int_equal(app->seen, 0);
    }
    const char *heard =
        TALK(app,
             "POST /echo?x=1&y=a%20b&&=z HTTP/1.1\r\nHost: h\r\nCookie: a=b; c=d\r\nX-Empty:\r\n"
             "X-Blank:   \r\nX-Wide:\t v \t\r\nContent-Length: 2\r\n\r\nok",
             "\r\n\r\nok");
    HAS(heard, "HTTP/1.1 200 "); /* odd but honest */
    close_application(app);
}

static void headers_beyond_the_limits_are_refused(void **state)
{
    (void)state;
    struct application *app = open_application(&(struct hr_http_server_options){0});
    char request[80 << 10];
    int size = snprintf(request, sizeof request, "GET /echo HTTP/1.1\r\nHost: h\r\n");
    for (int i = 0; i < 70; i++) {
        size += snprintf(request + size, sizeof request - (size_t)size, "X-%d: v\r\n", i);
    }
    size += snprintf(request + size, sizeof request - (size_t)size, "\r\n");
    HAS(talk(app, request, (size_t)size, NULL), "HTTP/1.1 431 ");
    HAS(app->heard.bytes, "\"code\":\"E0512\"");
    size = snprintf(request, sizeof request, "GET /echo HTTP/1.1\r\nHost: h\r\nX: ");
    memset(request + size, 'v', 20000);
    memcpy(request + size + 20000, "\r\n\r\n", 4);
    HAS(talk(app, request, (size_t)size + 20004, NULL), "HTTP/1.1 431 ");
    memset(request + size, 'v', 64 << 10); /* beyond what is kept of a head at all */
    HAS(talk(app, request, (size_t)size + (64 << 10), NULL), "HTTP/1.1 431 ");
    assert_int_equal(app->seen, 0);
    close_application(app);
}

/* ---- the slow ---- */

static void slow_senders_are_told_so_and_closed_while_honest_ones_are_served(void **state)
{
    (void)state;
    struct application *app = open_application(&(struct hr_http_server_options){
        .header_ms_max = 300, .idle_ms_max = 900, .body_free_ms = 300, .body_bytes_per_s = 1000});
    int headers = peer_connect(app->port);
    int body = peer_connect(app->port);
    int next = peer_connect(app->port);
    int silent = peer_connect(app->port);
    int idle = peer_connect(app->port);
    int honest = peer_connect(app->port);
    const char whole[] = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok";
    const char half[] = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 500\r\n\r\n";
    assert_true(peer_say(body, half, sizeof half - 1));
    assert_true(peer_say(next, whole, sizeof whole - 1));
    assert_true(peer_say(idle, whole, sizeof whole - 1));
    int64_t begin = peer_ms();
    for (int i = 0; i < 15; i++) { /* 1.5 s: a byte at a time keeps none of them open */
        (void)peer_say(headers, "G", 1);
        (void)peer_say(body, "b", 1);
        if (i >= 3) {
            (void)peer_say(next, "P", 1);
        }
        assert_true(peer_say(honest, whole, sizeof whole - 1));
        memset(&app->heard, 0, sizeof app->heard);
        peer_hear(honest, &app->heard, "\r\n\r\nok", 5000);
        HAS(app->heard.bytes, "HTTP/1.1 200 ");
        peer_sleep(100);
    }
    assert_true(peer_ms() - begin < 10000);
    const struct {
        int fd;
        const char *first;
        bool slow;
    } ends[] = {{headers, "HTTP/1.1 408 ", true},
                {body, "HTTP/1.1 408 ", true},
                {next, "HTTP/1.1 200 ", true},
                {silent, "", false},
                {idle, "HTTP/1.1 200 ", false}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        memset(&app->heard, 0, sizeof app->heard);
        peer_hear(ends[i].fd, &app->heard, NULL, 3000);
        assert_true(app->heard.closed);
        assert_memory_equal(app->heard.bytes, ends[i].first, strlen(ends[i].first));
        assert_int_equal(strstr(app->heard.bytes, "HTTP/1.1 408 ") != NULL, ends[i].slow);
        assert_int_equal(strstr(app->heard.bytes, "\"E0517\"") != NULL, ends[i].slow);
        close(ends[i].fd);
    }
    close(honest);
    struct hr_http_server_figures figures;
    hr_http_server_figures(app->server, &figures);
    assert_true(figures.slow >= 4);
    close_application(app);
}

static void one_address_cannot_take_all_connections(void **state)
{
    (void)state;
    struct application *app = open_application(&(struct hr_http_server_options){.per_ip_max = 3});
    int connections[4];
    for (int i = 0; i < 4; i++) {
        connections[i] = peer_connect(app->port);
        peer_sleep(50);
    }
    memset(&app->heard, 0, sizeof app->heard);
    peer_hear(connections[3], &app->heard, NULL, 3000);
    assert_true(app->heard.closed);
    const char whole[] = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok";
    assert_true(peer_say(connections[0], whole, sizeof whole - 1));
    memset(&app->heard, 0, sizeof app->heard);
    peer_hear(connections[0], &app->heard, "\r\n\r\nok", 3000);
    HAS(app->heard.bytes, "HTTP/1.1 200 ");
    for (int i = 0; i < 4; i++) {
        close(connections[i]);
    }
    close_application(app);
}

/* ---- start and stop ---- */

static int late; /* a connection whose request is whole only when the server stops */

static void *answer_soon(void *context)
{
    struct application *app = context;
    peer_sleep(100);
    (void)peer_say(late, "}", 1);
    peer_sleep(200);
    answer_text(app->kept[0], 200, HR_TEXT("last words"));
    return NULL;
}

static void stopping_waits_for_what_was_kept(void **state)
{
    (void)state;
    struct application *app = open_application(&(struct hr_http_server_options){0});
    struct heard *heard = calloc(1, sizeof *heard);
    pthread_t thread;
    hr_assert(heard != NULL);
    int fd = peer_connect(app->port);
    const char keep[] = "POST /keep HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}";
    assert_true(peer_say(fd, keep, sizeof keep - 1));
    wait_for_kept(app, 1);
    late = peer_connect(app->port);
    assert_true(peer_say(late, keep, sizeof keep - 2));
    peer_sleep(50);
    assert_int_equal(pthread_create(&thread, NULL, answer_soon, app), 0);
    hr_http_server_stop(app->server);
    pthread_join(thread, NULL);
    peer_hear(late, heard, NULL, 3000);
    HAS(heard->bytes, "HTTP/1.1 503 ");
    HAS(heard->bytes, "\"E0524\"");
    close(late);
    memset(heard, 0, sizeof *heard);
    peer_hear(fd, heard, NULL, 3000);
    HAS(heard->bytes, "last words");
    HAS(heard->bytes, "Connection: close\r\n");
    assert_true(heard->closed);
    close(fd);
    assert_int_equal(peer_connect(app->port), -1);
    free(heard);
    free(app);
}

/* Stands before the C library's: a thread that asks for it is held up before it writes, as a busy machine may do. */
static _Thread_local int write_held_ms;
static _Thread_local ssize_t write_answered;

ssize_t write(int fd, const void *bytes, size_t size)
{
    peer_sleep(write_held_ms);
    write_answered = syscall(SYS_write, fd, bytes, size);
    return write_answered;
}

static void *stop_server(void *context)
{
    struct application *app = context;
    hr_http_server_stop(app->server);
    return NULL;
}

/* The last answer leaves by a turn of the server's own, before the thread that gave it gets to waking the server. */
static void a_stopping_server_outlives_the_thread_that_answers_last(void **state)
{
    (void)state;
    struct application *app =
        open_application(&(struct hr_http_server_options){.body_free_ms = 20}); /* turns often */
    pthread_t thread;
    int fd = peer_connect(app->port);
    const char keep[] = "POST /keep HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}";
    assert_true(peer_say(fd, keep, sizeof keep - 1));
    wait_for_kept(app, 1);
    assert_int_equal(pthread_create(&thread, NULL, stop_server, app), 0);
    peer_sleep(100); /* it is stopping now */
    write_held_ms = 300;
    answer_text(app->kept[0], 200, HR_TEXT("last words"));
    write_held_ms = 0;
    assert_int_equal(write_answered, 8); /* what it wakes the server by was not closed yet */
    pthread_join(thread, NULL);
    peer_hear(fd, &app->heard, NULL, 3000);
    HAS(app->heard.bytes, "last words");
    close(fd);
    free(app);
}

static void a_taken_port_is_a_clear_error(void **state)
{
    (void)state;
    struct application *app = open_application(&(struct hr_http_server_options){0});
    struct hr_arena arena;
    struct hr_diagnostics found;
    struct hr_http_server *second = NULL;
    const struct hr_http_server_options options = {.port = app->port, .handle = handle};
    hr_arena_init(&arena, 1 << 20);
    hr_diagnostics_init(&found, &arena);
    assert_int_equal(hr_http_server_start(&options, &found, &second).code, HR_E_IO);
    assert_int_equal(found.error_count, 1);
    assert_int_equal(found.items[0].code, HR_CODE_cannot_listen);
    hr_arena_close(&arena);
    close_application(app);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_answered_at_once),
        cmocka_unit_test(many_kept_requests_are_answered_together_by_another_thread),
        cmocka_unit_test(pipelined_requests_are_answered_in_order),
        cmocka_unit_test(a_client_that_waits_for_100_gets_it),
        cmocka_unit_test(refusals_are_problem_documents),
        cmocka_unit_test(the_longest_header_of_an_answer_leaves_whole),
        cmocka_unit_test(chunks_become_one_body),
        cmocka_unit_test(a_large_body_within_the_limit_arrives_whole),
        cmocka_unit_test(a_body_beyond_the_limit_is_refused_once_and_the_connection_closed),
        cmocka_unit_test(all_bodies_together_have_a_limit_too),
        cmocka_unit_test(nothing_that_can_be_read_in_two_ways_gets_in),
        cmocka_unit_test(headers_beyond_the_limits_are_refused),
        cmocka_unit_test(slow_senders_are_told_so_and_closed_while_honest_ones_are_served),
        cmocka_unit_test(one_address_cannot_take_all_connections),
        cmocka_unit_test(stopping_waits_for_what_was_kept),
        cmocka_unit_test(a_stopping_server_outlives_the_thread_that_answers_last),
        cmocka_unit_test(a_taken_port_is_a_clear_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
