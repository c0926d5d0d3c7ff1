/* The HTTP client and hosts of several addresses: none of the inside is ever connected to, and a call is refused for
 * good only when none of the others could ever help. Names, interfaces and connections are those of this file. */
#include "net/client.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

enum { ADDRESSES_MAX = 4 };

/* The world as the client meets it. */
static struct {
    const char *addresses[ADDRESSES_MAX]; /* of every host */
    bool interfaces_unreadable;
    _Atomic int connections; /* tried */
} world;

/* ---- in front of the C library's own ---- */

static struct addrinfo *address_info(const char *written)
{
    struct addrinfo *info = calloc(1, sizeof *info);
    struct sockaddr_in *address = calloc(1, sizeof *address);
    hr_assert(info != NULL && address != NULL);
    address->sin_family = AF_INET;
    hr_assert(inet_pton(AF_INET, written, &address->sin_addr) == 1);
    info->ai_family = AF_INET;
    info->ai_socktype = SOCK_STREAM;
    info->ai_addrlen = sizeof *address;
    info->ai_addr = (struct sockaddr *)address;
    return info;
}

int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                struct addrinfo **ret_found)
{
    struct addrinfo **at = ret_found;
    (void)host;
    (void)service;
    (void)hints;
    *at = NULL;
    for (size_t i = 0; i < ADDRESSES_MAX && world.addresses[i] != NULL; i++) {
        *at = address_info(world.addresses[i]);
        at = &(*at)->ai_next;
    }
    return *ret_found != NULL ? 0 : EAI_NONAME;
}

void freeaddrinfo(struct addrinfo *info)
{
    while (info != NULL) {
        struct addrinfo *next = info->ai_next;
        free(info->ai_addr);
        free(info);
        info = next;
    }
}

int getifaddrs(struct ifaddrs **ret_all)
{
    static int (*real)(struct ifaddrs **);
    if (world.interfaces_unreadable) {
        errno = EMFILE;
        return -1;
    }
    if (real == NULL) {
        *(void **)&real = dlsym(RTLD_NEXT, "getifaddrs");
    }
    return real(ret_all);
}

/* Nothing leaves this machine: every host is down. */
int connect(int fd, const struct sockaddr *address, socklen_t size)
{
    (void)fd;
    (void)address;
    (void)size;
    world.connections++;
    errno = ECONNREFUSED;
    return -1;
}

/* ---- stories ---- */

static enum hr_reached tell(const char *first, const char *second)
{
    struct hr_arena arena;
    struct hr_http_client *client = NULL;
    struct hr_http_result result;
    const struct hr_http_client_options options = {.connect_ms_max = 1000, .time_ms_max = 1500};
    const struct hr_http_call call = {.url = HR_TEXT("http://alerts.example/hook"),
                                      .body = HR_TEXT("{\"alert\":1}")};
    hr_arena_init(&arena, 1 << 20);
    world.addresses[0] = first;
    world.addresses[1] = second;
    world.connections = 0;
    assert_true(hr_ok(hr_http_client_create(&options, &client)));
    assert_true(hr_ok(hr_http_client_call(client, &call, &arena, &result)));
    hr_http_client_free(client);
    hr_arena_close(&arena);
    return result.reached;
}

static void a_host_that_is_inside_alone_is_refused_for_good(void **state)
{
    (void)state;
    assert_int_equal(tell("10.20.30.40", "192.168.0.9"), HR_REACHED_refused);
    assert_int_equal(world.connections, 0);
}

static void a_host_that_is_outside_too_and_down_for_now_is_tried_again(void **state)
{
    (void)state;
    assert_int_equal(tell("10.20.30.40", "9.9.9.9"), HR_REACHED_again);
    assert_int_equal(world.connections, 1); /* never the address inside */
    assert_int_equal(tell("9.9.9.9", "10.20.30.40"), HR_REACHED_again);
    assert_int_equal(world.connections, 1);
}

static void
while_the_own_addresses_cannot_be_read_nobody_is_called_and_nobody_given_up(void **state)
{
    (void)state;
    world.interfaces_unreadable = true;
    assert_int_equal(tell("9.9.9.9", NULL), HR_REACHED_again);
    assert_int_equal(world.connections, 0);
    assert_int_equal(tell("10.20.30.40", NULL), HR_REACHED_refused);
    world.interfaces_unreadable = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_that_is_inside_alone_is_refused_for_good),
        cmocka_unit_test(a_host_that_is_outside_too_and_down_for_now_is_tried_again),
        cmocka_unit_test(
            while_the_own_addresses_cannot_be_read_nobody_is_called_and_nobody_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
