/* The server's life and its loop. libmicrohttpd does not poll by itself here: one thread waits for its sockets and
 * for answers of other threads. So all answers that are queued cost one wake-up and are resumed together without a
 * system call each; connections that are too slow can be cut from the same thread; and the library is never asked to
 * wait, which matters: when 0.9.75 gets exactly 128 (or 256 ...) events at once it waits again, without end, before it
 * serves them. */
#include "net/inside.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    SWEEP_US = 1000 * 1000,
    LEAVE_US = 5 * 1000 * 1000, /* what stop grants the last answers to leave */
    BACKLOG = 1024,
    FILES_RESERVED = 64, /* descriptors that connections may not take */
    CONNECTION_MEMORY = 24 << 10
};

static uint64_t clock_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* ---- answering ----------------------------------------------------------------------------- */

static void wake(struct hr_http_server *server)
{
    uint64_t one = 1;
    ssize_t written = write(server->wake, &one, sizeof one);
    (void)written; /* fails only when it is set already */
}

/* A name or value that can stand in an answer's header; of any other the connection would close without an answer. */
static bool can_stand(struct hr_text text, size_t most)
{
    return text.size <= most &&
           memchr(text.data != NULL ? text.data : "", '\r', text.size) == NULL &&
           memchr(text.data != NULL ? text.data : "", '\n', text.size) == NULL &&
           memchr(text.data != NULL ? text.data : "", '\0', text.size) == NULL;
}

void hr_http_answer_prepare(struct hr_http_request *seen, const struct hr_http_answer *answer)
{
    struct request *request = (struct request *)seen;
    hr_assert(request->state != REQUEST_ANSWERED);
    hr_assert(answer->status >= 200 && answer->status <= 599);
    hr_assert(can_stand(answer->content_type, HR_HTTP_VALUE_MAX));
    for (size_t i = 0; i < answer->header_count; i++) {
        hr_assert(can_stand(answer->headers[i].name, HR_HTTP_NAME_MAX));
        hr_assert(can_stand(answer->headers[i].value, HR_HTTP_VALUE_MAX));
    }
    request->answer = *answer;
    request->state = REQUEST_ANSWERED;
}

void hr_http_answer_many(struct hr_http_request *const *requests, size_t count)
{
    if (count == 0) {
        return;
    }
    struct hr_http_server *server = ((struct request *)requests[0])->server;
    struct request *first = NULL; /* becomes the top of the stack */
    struct request *last = NULL;
    bool own = pthread_equal(pthread_self(), server->loop) != 0;
    for (size_t i = 0; i < count; i++) {
        struct request *request = (struct request *)requests[i];
        hr_assert(request->server == server && request->state == REQUEST_ANSWERED);
        if (own && request == server->current) {
            server->current = NULL; /* hand_over sends it without a detour */
            continue;
        }
        request->next = first;
        first = request;
        last = last == NULL ? request : last;
    }
    if (first == NULL) {
        return;
    }
    /* once the requests are on the stack they may be answered and the server stopped: it stays for the wake */
    atomic_fetch_add_explicit(&server->answering, 1, memory_order_relaxed);
    struct request *top = atomic_load_explicit(&server->answered, memory_order_relaxed);
    do {
        last->next = top;
    } while (!atomic_compare_exchange_weak_explicit(&server->answered, &top, first,
                                                    memory_order_acq_rel, memory_order_relaxed));
    if (top == NULL) {
        wake(server); /* who found others waiting knows that the thread was woken for them */
    }
    atomic_fetch_sub_explicit(&server->answering, 1, memory_order_release);
}

void hr_http_answer(struct hr_http_request *seen, const struct hr_http_answer *answer)
{
    hr_http_answer_prepare(seen, answer);
    hr_http_answer_many(&seen, 1);
}

/* Lets libmicrohttpd go on with every request that was answered, in the order of the answers. */
static void resume_answered(struct hr_http_server *server)
{
    struct request *newest =
        atomic_exchange_explicit(&server->answered, NULL, memory_order_acquire);
    struct request *oldest = NULL;
    uint64_t count = 0;
    while (newest != NULL) {
        struct request *next = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    for (; oldest != NULL; oldest = oldest->next) {
        MHD_resume_connection(oldest->mhd);
        count++;
    }
    atomic_fetch_sub_explicit(&server->kept, count, memory_order_relaxed);
}

/* ---- the loop ------------------------------------------------------------------------------- */

static int wait_ms(struct hr_http_server *server)
{
    MHD_UNSIGNED_LONG_LONG timeout = 0;
    if (MHD_get_timeout(server->daemon, &timeout) == MHD_YES && timeout == 0) {
        return 0;
    }
    uint64_t left_us =
        server->next_sweep_us > server->now_us ? server->next_sweep_us - server->now_us : 0;
    return (int)(left_us / 1000) + 1;
}

/* One turn: waits, resumes what was answered, lets libmicrohttpd work, looks after the slow. */
static void turn(struct hr_http_server *server, int sockets)
{
    struct pollfd polled[2] = {{.fd = sockets, .events = POLLIN},
                               {.fd = server->wake, .events = POLLIN}};
    int wait = wait_ms(server);
    if (wait > 0 && poll(polled, 2, wait) > 0 && polled[1].revents != 0) {
        uint64_t count = 0;
        ssize_t size = read(server->wake, &count, sizeof count);
        (void)size;
    }
    server->now_us = clock_us();
    if (atomic_load_explicit(&server->answered, memory_order_relaxed) != NULL) {
        resume_answered(server);
    }
    (void)MHD_run(server->daemon);
    if (server->now_us >= server->next_sweep_us) {
        hr_slow_sweep(server);
        server->next_sweep_us = server->now_us + server->sweep_us;
    }
}

static bool answers_leave(const struct hr_http_server *server)
{
    for (const struct connection *at = server->oldest; at != NULL; at = at->newer) {
        if (at->stage == STAGE_answering || at->stage == STAGE_kept) {
            return true;
        }
    }
    return false;
}

static void *run(void *context)
{
    struct hr_http_server *server = context;
    server->loop = pthread_self();
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    hr_assert(info != NULL);
    int sockets = info->epoll_fd;
    while (!atomic_load_explicit(&server->stopping, memory_order_acquire)) {
        turn(server, sockets);
    }
    (void)MHD_quiesce_daemon(server->daemon);
    close(server->listener);
    server->quiet = true;
    while (atomic_load(&server->kept) > 0) {
        turn(server, sockets);
    }
    while (atomic_load_explicit(&server->answering, memory_order_acquire) > 0) {
        (void)sched_yield(); /* all is answered; somebody has yet to leave hr_http_answer_many */
    }
    uint64_t until_us = clock_us() + LEAVE_US;
    while (answers_leave(server) && server->now_us < until_us) {
        turn(server, sockets);
    }
    MHD_stop_daemon(server->daemon);
    return NULL;
}

/* ---- start and stop -------------------------------------------------------------------------- */

static void fill_in(struct hr_http_server_options *options)
{
    struct rlimit files = {0};
#define DEFAULT(name, value) options->name = options->name == 0 ? (value) : options->name
    DEFAULT(body_max_bytes, (size_t)1 << 20);
    DEFAULT(bodies_max_bytes, (size_t)128 << 20);
    DEFAULT(answer_max_bytes, (size_t)16 << 20);
    DEFAULT(header_max_bytes, 16 << 10);
    DEFAULT(headers_max, 64);
    DEFAULT(connections_max, 4096);
    DEFAULT(per_ip_max, 1024);
    DEFAULT(header_ms_max, 10 * 1000);
    DEFAULT(idle_ms_max, 60 * 1000);
    DEFAULT(body_free_ms, 5 * 1000);
    DEFAULT(body_bytes_per_s, 1024);
#undef DEFAULT
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur > 2 * FILES_RESERVED &&
        options->connections_max > files.rlim_cur - FILES_RESERVED) {
        options->connections_max = (uint32_t)(files.rlim_cur - FILES_RESERVED);
    }
}

/* Once a second, or more often when a limit is so short that it would be overshot. */
static uint64_t sweep_us(const struct hr_http_server_options *options)
{
    uint32_t shortest = options->header_ms_max < options->idle_ms_max ? options->header_ms_max
                                                                      : options->idle_ms_max;
    shortest = options->body_free_ms < shortest ? options->body_free_ms : shortest;
    uint64_t half_us = (uint64_t)shortest * 500 + 1000;
    return half_us < SWEEP_US ? half_us : SWEEP_US;
}

/* A bound, listening socket and its port; -1 with errno set otherwise. */
static int listen_on(const char *address, uint16_t port, uint16_t *ret_port)
{
    char service[8];
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    (void)snprintf(service, sizeof service, "%u", port);
    if (getaddrinfo(address != NULL ? address : "127.0.0.1", service, &hints, &found) != 0) {
        errno = EADDRNOTAVAIL;
        return -1;
    }
    int listener =
        socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, found->ai_protocol);
    int yes = 1;
    int no = 0;
    bool good =
        listener >= 0 && setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0;
    if (good && found->ai_family == AF_INET6) {
        good = setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no) == 0;
    }
    good = good && bind(listener, found->ai_addr, found->ai_addrlen) == 0 &&
           listen(listener, BACKLOG) == 0;
    freeaddrinfo(found);
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    memset(&bound, 0, sizeof bound);
    good = good && getsockname(listener, (struct sockaddr *)&bound, &size) == 0;
    if (!good) {
        int why = errno;
        if (listener >= 0) {
            close(listener);
        }
        errno = why;
        return -1;
    }
    *ret_port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                                  : ((struct sockaddr_in *)&bound)->sin_port);
    return listener;
}

/* Paths stay as they came; who reads a segment decodes it. */
static size_t leave_escapes(void *context, struct MHD_Connection *mhd, char *text)
{
    (void)context;
    (void)mhd;
    return strlen(text);
}

static struct MHD_Daemon *start_daemon(struct hr_http_server *server)
{
    /* Without its inter-thread channel: only the thread that runs libmicrohttpd ever resumes. */
    unsigned flags = MHD_USE_EPOLL | MHD_USE_TURBO |
                     ((unsigned)MHD_ALLOW_SUSPEND_RESUME & ~(unsigned)MHD_USE_ITC);
    return MHD_start_daemon(
        flags, 0, NULL, NULL, hr_exchange_go, server, MHD_OPTION_LISTEN_SOCKET, server->listener,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, hr_exchange_begin, server,
        MHD_OPTION_NOTIFY_COMPLETED, hr_exchange_end, server, MHD_OPTION_NOTIFY_CONNECTION,
        hr_exchange_connection, server, MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes, NULL,
        MHD_OPTION_CONNECTION_LIMIT, server->options.connections_max,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, server->options.per_ip_max,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_END);
}

static hr_status cannot_listen(struct hr_diagnostics *reterr,
                               const struct hr_http_server_options *options)
{
    if (reterr != NULL) {
        (void)hr_diagnostics_add(reterr, HR_CODE_cannot_listen, HR_SEVERITY_error,
                                 (struct hr_place){0}, "cannot listen on %s port %u: %s",
                                 options->address != NULL ? options->address : "127.0.0.1",
                                 (unsigned)options->port, strerror(errno));
    }
    return hr_answer(HR_E_IO);
}

hr_status hr_http_server_start(const struct hr_http_server_options *options,
                               struct hr_diagnostics *reterr, struct hr_http_server **ret_server)
{
    hr_assert(options->handle != NULL);
    uint16_t port = 0;
    int listener = listen_on(options->address, options->port, &port);
    if (listener < 0) {
        return cannot_listen(reterr, options);
    }
    struct hr_http_server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        close(listener);
        return hr_answer(HR_E_MEMORY);
    }
    server->options = *options;
    fill_in(&server->options);
    server->sweep_us = sweep_us(&server->options);
    server->listener = listener;
    server->port = port;
    server->now_us = clock_us();
    server->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    bool random =
        getrandom(&server->id_high, sizeof server->id_high, 0) == (ssize_t)sizeof server->id_high;
    server->daemon = server->wake >= 0 && random ? start_daemon(server) : NULL;
    if (server->daemon != NULL && pthread_create(&server->thread, NULL, run, server) == 0) {
        *ret_server = server;
        return hr_done();
    }
    hr_status status = cannot_listen(reterr, options);
    if (server->daemon != NULL) {
        MHD_stop_daemon(server->daemon);
    }
    if (server->wake >= 0) {
        close(server->wake);
    }
    free(server);
    return status;
}

uint16_t hr_http_server_port(const struct hr_http_server *server)
{
    return server->port;
}

void hr_http_server_stop(struct hr_http_server *server)
{
    if (server == NULL) {
        return;
    }
    atomic_store_explicit(&server->stopping, true, memory_order_release);
    wake(server);
    (void)pthread_join(server->thread, NULL);
    hr_exchange_done(server);
    close(server->wake);
    free(server);
}

const struct hr_http_server *hr_http_server_of(const struct hr_http_request *request)
{
    return ((const struct request *)request)->server;
}

void hr_http_server_figures(const struct hr_http_server *server,
                            struct hr_http_server_figures *ret_figures)
{
    *ret_figures = (struct hr_http_server_figures){
        .requests = atomic_load(&server->requests),
        .refused = atomic_load(&server->refused),
        .slow = atomic_load(&server->slow),
        .connections = atomic_load(&server->connections),
        .kept = atomic_load(&server->kept),
    };
}
