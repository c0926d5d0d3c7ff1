/* Nobody reaches the inside through the client, however the address is written: canaries listen on every address of
 * this machine, more than 500 forms of URLs lead to them, and none ever hears a connection (promise P44). Names are
 * those of this file; connections are real where they stay on this machine, and refused where they would leave it. */
#include "net/client.h"
#include "unit/net_peer.h"

#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { URL_SIZE = 512, FORMS_MIN = 500 };

/* ---- in front of the C library's own ---- */

static _Atomic int asked;    /* how often a name of ours was looked up */
static _Atomic int left;     /* connections that would have left this machine */
static _Atomic int returned; /* connections tried to this machine */

/* Names that answer with what lies inside, each time another way: what a checker saw is not what is connected to. */
static const char *answer_of(const char *host)
{
    static const char *const turns[] = {"127.0.0.1", "9.9.9.9", "10.0.0.1", "169.254.169.254"};
    if (strncmp(host, "rebind", 6) == 0) {
        return turns[asked++ % 4];
    }
    if (strncmp(host, "outside", 7) == 0) {
        return "9.9.9.9";
    }
    return strncmp(host, "inside", 6) == 0 ? "127.0.0.1" : NULL;
}

int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                struct addrinfo **ret_found)
{
    static int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    if (real == NULL) {
        *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    }
    const char *answer = answer_of(host);
    struct addrinfo numeric =
        hints != NULL ? *hints : (struct addrinfo){.ai_socktype = SOCK_STREAM};
    if (answer == NULL && strchr(host, '.') == NULL && strcmp(host, "localhost") != 0 &&
        strchr(host, ':') == NULL) {
        return EAI_NONAME; /* no name server is asked */
    }
    bool known = answer != NULL || strncmp(host, "localhost", 9) == 0;
    numeric.ai_flags = known ? numeric.ai_flags : numeric.ai_flags | AI_NUMERICHOST;
    return real(answer != NULL ? answer : host, service, &numeric, ret_found);
}

static bool stays_here(const struct sockaddr *address)
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    const uint8_t *four =
        (const uint8_t *)&((const struct sockaddr_in *)(const void *)address)->sin_addr;
    if (address->sa_family == AF_INET6) {
        const uint8_t *six =
            (const uint8_t *)&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
        if (memcmp(six, mapped, sizeof mapped) != 0) {
            return hr_address_is_inside(six, 16);
        }
        four = six + 12;
    }
    return hr_address_is_inside(four, 4);
}

int connect(int fd, const struct sockaddr *address, socklen_t size)
{
    static int (*real)(int, const struct sockaddr *, socklen_t);
    if (real == NULL) {
        *(void **)&real = dlsym(RTLD_NEXT, "connect");
    }
    if (address->sa_family != AF_INET && address->sa_family != AF_INET6) {
        return real(fd, address, size);
    }
    if (stays_here(address)) {
        returned++;
        return real(fd, address, size);
    }
    left++;
    errno = ECONNREFUSED;
    return -1;
}

/* ---- canaries ---- */

static struct {
    int four;
    int six;
    uint16_t port;
} canaries;

static int listen_on(int family, uint16_t port)
{
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 six = {
        .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = in6addr_any};
    int yes = 1;
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const struct sockaddr *address =
        family == AF_INET ? (const struct sockaddr *)&four : (const struct sockaddr *)&six;
    socklen_t size = family == AF_INET ? sizeof four : sizeof six;
    if (fd >= 0 && family == AF_INET6) {
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    }
    if (fd >= 0 && (bind(fd, address, size) != 0 || listen(fd, 64) != 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

static int open_canaries(void **state)
{
    struct sockaddr_in bound;
    socklen_t size = sizeof bound;
    (void)state;
    canaries.four = listen_on(AF_INET, 0);
    if (canaries.four < 0 || getsockname(canaries.four, (struct sockaddr *)&bound, &size) != 0) {
        return -1;
    }
    canaries.port = ntohs(bound.sin_port);
    canaries.six = listen_on(AF_INET6, canaries.port); /* -1 where the machine has no IPv6 */
    return 0;
}

static int close_canaries(void **state)
{
    (void)state;
    close(canaries.four);
    if (canaries.six >= 0) {
        close(canaries.six);
    }
    return 0;
}

/* Connections that a canary has heard. */
static int heard(void)
{
    int count = 0;
    const int listeners[] = {canaries.four, canaries.six};
    for (size_t i = 0; i < 2; i++) {
        for (int fd = 0; listeners[i] >= 0 && (fd = accept(listeners[i], NULL, NULL)) >= 0;
             count++) {
            close(fd);
        }
    }
    return count;
}

static enum hr_reached call_url(const char *url)
{
    struct hr_arena arena;
    struct hr_http_client *client = NULL;
    struct hr_http_result result;
    static const struct hr_http_header secret[] = {{{"Authorization", 13}, {"Bearer marked", 13}}};
    const struct hr_http_client_options options = {.connect_ms_max = 400, .time_ms_max = 500};
    const struct hr_http_call call = {
        .url = hr_text_from(url), .headers = secret, .header_count = 1, .body = HR_TEXT("{}")};
    hr_arena_init(&arena, 1 << 20);
    assert_true(hr_ok(hr_http_client_create(&options, &client)));
    assert_true(hr_ok(hr_http_client_call(client, &call, &arena, &result)));
    hr_http_client_free(client);
    hr_arena_close(&arena);
    return result.reached;
}

/* ---- what leads inside ---- */

/* Ways to write hosts that are, or become, addresses of this machine or of its network. */
static const char *const hosts[] = {
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.255.255.254",
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0X7F000001",
    "0x7f.0x0.0x0.0x1",
    "0177.0.0.1",
    "0177.0.0.01",
    "0x7f.1",
    "0177.1",
    "127.0.0.0x1",
    "127.0.0.001",
    "0",
    "0.0.0.0",
    "00.00.00.00",
    "0x0",
    "localhost",
    "LOCALHOST",
    "LocalHost",
    "localhost.",
    "localhost.localdomain",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::FFFF:7f00:1]",
    "[::ffff:0.0.0.0]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[::127.0.0.1]",
    "[::7f00:1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2002:7f00:1::1]",
    "[::1%25lo]",
    "[::1%lo]",
    "[fe80::1%25lo]",
    "[fe80::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "10.0.0.1",
    "10.1",
    "167772161",
    "172.16.0.1",
    "192.168.0.1",
    "192.168.1",
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "[::ffff:169.254.169.254]",
    "[64:ff9b::a9fe:a9fe]",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "inside.example",
    "INSIDE.example",
    "rebind.example",
    "rebind.example.",
    /* digits in rings, letters in full width, dots that are none: what IDN makes plain ones of */
    "\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.\xe2\x93\xaa.\xe2\x93\xaa.\xe2\x91\xa0",
    ("127\xe3\x80\x82" /* in pieces: a digit after \x82 would be read as part of it */
     "0\xe3\x80\x82"
     "0\xe3\x80\x82"
     "1"),
    "\xef\xbd\x8c\xef\xbd\x8f\xef\xbd\x83\xef\xbd\x81\xef\xbd\x8chost",
    "\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1",
    ("loc\xc2\xad"
     "alhost"),
    /* escapes within the host */
    "%6c%6f%63%61%6c%68%6f%73%74",
    "127%2e0%2e0%2e1",
    "%31%32%37.0.0.1",
    "127.0.0.1%00.example.com",
};

/* Where such a host stands in a URL, and who else might read another one out of it. %s: host, %u: port. */
static const char *const forms[] = {
    "http://%s:%u/",
    "https://%s:%u/",
    "HTTP://%s:%u/hook?a=b#c",
    "http:\\\\%s:%u/",
    "http:/%s:%u/",
    "http:///%s:%u/",
    "http:////%s:%u/",
    "http:%s:%u",
    "http://user@%s:%u/",
    "http://user:word@%s:%u/",
    "http://outside.example@%s:%u/",
    "http://outside.example:80@%s:%u/",
    "http://outside.example#@%s:%u/",
    "http://outside.example\\@%s:%u/",
    "http://outside.example%%23@%s:%u/",
    "http://outside.example%%2f@%s:%u/",
    "http://@%s:%u/",
    "http://%s:%u\\@outside.example/",
    "http://%s:%u#@outside.example/",
    "http://%s:%u?@outside.example/",
    " http://%s:%u/",
    "http://%s:%u/\t",
    "http:// %s:%u/",
    "//%s:%u/",
    "%s:%u",
    "ftp://%s:%u/",
    "gopher://%s:%u/_x",
    "dict://%s:%u/x",
    "telnet://%s:%u/",
    "file://%s:%u/etc/passwd",
    "ws://%s:%u/",
    "http+unix://%s:%u/",
};

/* The text of a format of this file with host and port. */
static void write_form(char *ret_url, const char *form, const char *host, unsigned port)
{
    size_t size = 0;
    for (const char *at = form; *at != '\0' && size + 128 < URL_SIZE; at++) {
        const char *part = at[0] != '%' ? NULL : at[1] == 's' ? host : at[1] == '%' ? "%" : NULL;
        if (part != NULL) {
            size += (size_t)snprintf(ret_url + size, URL_SIZE - size, "%s", part);
            at++;
        } else if (at[0] == '%' && at[1] == 'u') {
            size += (size_t)snprintf(ret_url + size, URL_SIZE - size, "%u", port);
            at++;
        } else {
            ret_url[size++] = *at;
        }
    }
    ret_url[size] = '\0';
}

static void no_way_to_write_an_address_reaches_a_canary(void **state)
{
    char url[URL_SIZE];
    size_t count = 0;
    int confirmed = 0;
    (void)state;
    for (size_t host = 0; host < sizeof hosts / sizeof *hosts; host++) {
        for (size_t form = 0; form < sizeof forms / sizeof *forms; form++) {
            write_form(url, forms[form], hosts[host], canaries.port);
            confirmed += call_url(url) == HR_REACHED_confirmed;
            count++;
            int connections = heard();
            if (connections > 0) {
                print_error("%s reached a canary\n", url);
            }
            assert_int_equal(connections, 0);
        }
    }
    print_message("%zu forms, %d connections tried to this machine, %d to others\n", count,
                  returned, left);
    assert_true(count >= FORMS_MIN);
    assert_int_equal(confirmed, 0);
    assert_int_equal(returned, 0);
    assert_true(asked > 10); /* names were looked up anew each time, and judged when connected to */
    assert_true(left > 10);  /* what lies outside was let through as far as this test lets it */
}

/* Else a machine where nothing can connect to the canaries would pass. */
static void canaries_hear_who_does_reach_them(void **state)
{
    (void)state;
    int fd = peer_connect(canaries.port);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(heard(), 1);
    returned = 0;
}

/* ---- redirects ---- */

static void *redirect(void *context)
{
    const int *listener = context;
    static struct heard request;
    char answer[256];
    int fd = accept(*listener, NULL, NULL);
    request.size = 0;
    peer_hear(fd, &request, "{}", 3000);
    int size = snprintf(answer, sizeof answer,
                        "HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.1:%u/\r\n"
                        "Refresh: 0; url=http://127.0.0.1:%u/\r\nContent-Length: 0\r\n\r\n",
                        canaries.port, canaries.port);
    (void)peer_say(fd, answer, (size_t)size);
    close(fd);
    return NULL;
}

static void a_redirect_leads_nowhere_and_takes_no_secret_along(void **state)
{
    struct hr_arena arena;
    struct hr_http_client *client = NULL;
    struct hr_http_result result;
    pthread_t thread;
    uint16_t port = 0;
    (void)state;
    int listener = peer_listen(&port);
    hr_arena_init(&arena, 1 << 20);
    const struct hr_http_client_options options = {.connect_ms_max = 1000, .time_ms_max = 3000};
    const struct hr_http_call call = {.url =
                                          hr_text_format(&arena, "http://127.0.0.1:%u/hook", port),
                                      .body = HR_TEXT("{}"),
                                      .allow = hr_text_format(&arena, "127.0.0.1:%u", port)};
    assert_int_equal(pthread_create(&thread, NULL, redirect, &listener), 0);
    assert_true(hr_ok(hr_http_client_create(&options, &client)));
    assert_true(hr_ok(hr_http_client_call(client, &call, &arena, &result)));
    pthread_join(thread, NULL);
    assert_int_equal(result.reached, HR_REACHED_refused);
    assert_int_equal(result.status, 307);
    assert_int_equal(heard(), 0);

    /* what one call was allowed is not allowed to the next */
    const struct hr_http_call next = {.url = call.url, .body = HR_TEXT("{}")};
    assert_true(hr_ok(hr_http_client_call(client, &next, &arena, &result)));
    assert_int_equal(result.reached, HR_REACHED_refused);
    assert_int_equal(result.status, 0);
    hr_http_client_free(client);
    hr_arena_close(&arena);
    close(listener);
}

static void an_origin_has_one_form(void **state)
{
    static const struct {
        const char *url;
        const char *origin;
    } cases[] = {
        {"https://Course.Example.com/a?b", "https://course.example.com:443"},
        {"http://course.example.com:8080", "http://course.example.com:8080"},
        {"http://0x7f.1/", "http://127.0.0.1:80"},
        {"https://a@b.example/", ""},
        {"ftp://a.example/", ""},
        {"nonsense", ""},
    };
    struct hr_arena arena;
    (void)state;
    hr_arena_init(&arena, 1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct hr_text origin = hr_http_origin(&arena, hr_text_from(cases[i].url));
        if (!hr_text_equal(origin, hr_text_from(cases[i].origin))) {
            print_error("%s: %.*s\n", cases[i].url, HR_SHOW(origin));
        }
        assert_true(hr_text_equal(origin, hr_text_from(cases[i].origin)));
    }
    hr_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canaries_hear_who_does_reach_them),
        cmocka_unit_test(no_way_to_write_an_address_reaches_a_canary),
        cmocka_unit_test(a_redirect_leads_nowhere_and_takes_no_secret_along),
        cmocka_unit_test(an_origin_has_one_form),
    };
    return cmocka_run_group_tests(tests, open_canaries, close_canaries);
}
