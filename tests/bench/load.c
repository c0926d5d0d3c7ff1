/* The load generator: signed webhooks over keep-alive connections, one thread, epoll.
 *
 *   load --port P --seconds S --connections C [--rate R] [--contacts N] [--first V] [--lag L]
 *        [--acks FILE]
 *   load --port P --connections 1 --once [--first V]     tries until one message is answered; says how long it took
 *
 * Without a rate each connection sends as soon as it was answered (closed loop: what can be done at most). With one
 * messages are due at fixed times, and a latency counts from when the message was due, not from when a connection
 * was free for it (open loop: nothing is hidden by waiting). Says what it measured as "name value" lines. */
/* links: tools net */
#include "bench/workload.h"
#include "tools/signature.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CONNECTIONS_MAX = 1024,
    EVENTS_MAX = 256,
    OUT_MAX = 2048,
    IN_MAX = 4096,
    HISTOGRAM_STEPS = 64, /* a bucket is at most 1/64 wide */
    HISTOGRAM_SIZE = 64 * HISTOGRAM_STEPS,
    GRACE_US = 5000000
};

struct connection {
    int socket;
    bool busy;
    hr_instant due; /* when the message under way was to be sent */
    uint64_t number;
    size_t out_size;
    size_t out_at;
    size_t in_size;
    char out[OUT_MAX];
    char in[IN_MAX + 1];
};

struct load {
    uint16_t port;
    uint64_t connection_count;
    uint64_t rate;
    uint64_t contacts;
    uint64_t visit; /* the next to be booked */
    uint64_t lag;
    bool done_next; /* the visit before was booked: now one of long ago is done */
    struct hr_signer *signer;
    struct hr_arena arena;
    int epoll;
    struct connection *connections;
    struct connection **idle;
    size_t idle_count;
    hr_instant begin;
    hr_instant until;
    uint64_t sent;
    uint64_t answered;
    uint64_t statuses[6];
    uint64_t broken;
    uint64_t histogram[HISTOGRAM_SIZE];
    uint64_t longest;
    uint64_t *acks;
    size_t ack_count;
    size_t ack_capacity;
    hr_instant last_answer;
};

static void fail(const char *what)
{
    (void)fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* ---- latencies ------------------------------------------------------------------------------------ */

static size_t bucket_of(uint64_t us)
{
    if (us < HISTOGRAM_STEPS) {
        return (size_t)us;
    }
    unsigned power = 63 - (unsigned)__builtin_clzll(us);
    unsigned shift = power - 6;
    size_t bucket =
        (size_t)(power - 5) * HISTOGRAM_STEPS + (size_t)((us >> shift) - HISTOGRAM_STEPS);
    return bucket < HISTOGRAM_SIZE ? bucket : HISTOGRAM_SIZE - 1;
}

static uint64_t bucket_us(size_t bucket)
{
    if (bucket < HISTOGRAM_STEPS) {
        return bucket;
    }
    unsigned shift = (unsigned)(bucket / HISTOGRAM_STEPS) - 1;
    return (HISTOGRAM_STEPS + bucket % HISTOGRAM_STEPS) << shift;
}

static uint64_t percentile(const struct load *load, uint64_t thousandths)
{
    uint64_t wanted = (load->answered * thousandths + 999) / 1000;
    uint64_t seen = 0;
    for (size_t i = 0; i < HISTOGRAM_SIZE; i++) {
        seen += load->histogram[i];
        if (seen >= wanted && seen > 0) {
            return bucket_us(i);
        }
    }
    return 0;
}

/* ---- messages ------------------------------------------------------------------------------------- */

/* The next message of the line. Its number says everything: visit * 2, and 1 more when the visit is done. */
static uint64_t next_number(struct load *load)
{
    if (load->done_next) {
        load->done_next = false;
        return (load->visit - 1 - load->lag) * 2 + 1;
    }
    load->done_next = load->visit >= load->lag;
    return load->visit++ * 2;
}

static void write_message(struct load *load, struct connection *connection)
{
    char body[BODY_MAX];
    char id[32];
    uint64_t visit = connection->number / 2;
    hr_instant now = bench_now(CLOCK_REALTIME);
    enum message_kind kind = connection->number % 2 == 0 ? MESSAGE_booked : MESSAGE_done;
    size_t size =
        bench_body(body, kind, bench_permuted(visit % load->contacts, load->contacts), visit, now);
    struct hr_signed_header headers[HR_SIGNED_HEADERS_MAX];
    size_t count = 0;
    int id_size = snprintf(id, sizeof id, BENCH_MESSAGE_ID, (unsigned long long)connection->number);
    hr_arena_rewind(&load->arena, (struct hr_arena_mark){0});
    hr_status status = hr_signer_sign(load->signer, (struct hr_text){id, (size_t)id_size}, now,
                                      (struct hr_text){body, size}, &load->arena, headers, &count);
    hr_assert(hr_ok(status));
    int written =
        snprintf(connection->out, OUT_MAX,
                 "POST /v1/in/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                 "Content-Length: %zu\r\n",
                 size);
    for (size_t i = 0; i < count; i++) {
        written += snprintf(connection->out + written, OUT_MAX - (size_t)written, "%.*s: %.*s\r\n",
                            HR_SHOW(headers[i].name), HR_SHOW(headers[i].value));
    }
    hr_assert(written > 0 && (size_t)written + size + 2 <= OUT_MAX);
    memcpy(connection->out + written, "\r\n", 2);
    memcpy(connection->out + written + 2, body, size);
    connection->out_size = (size_t)written + 2 + size;
    connection->out_at = 0;
}

/* ---- connections ------------------------------------------------------------------------------------ */

static void connect_one(struct load *load, struct connection *connection)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(load->port)};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    int one = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connection->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection->socket < 0 ||
        connect(connection->socket, (struct sockaddr *)&address, sizeof address) != 0) {
        fail("connect");
    }
    (void)setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    (void)fcntl(connection->socket, F_SETFL, O_NONBLOCK);
    if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, connection->socket, &event) != 0) {
        fail("epoll_ctl");
    }
    connection->busy = false;
    connection->in_size = 0;
}

/* The server went away (it may have been killed on purpose): what was under way is not acknowledged. */
static void lose(struct load *load, struct connection *connection)
{
    load->broken++;
    (void)close(connection->socket);
    connection->socket = -1;
}

static void write_out(struct load *load, struct connection *connection)
{
    while (connection->out_at < connection->out_size) {
        ssize_t sent = send(connection->socket, connection->out + connection->out_at,
                            connection->out_size - connection->out_at, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) {
            struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = connection};
            (void)epoll_ctl(load->epoll, EPOLL_CTL_MOD, connection->socket, &event);
            return;
        }
        if (sent < 0) {
            lose(load, connection);
            return;
        }
        connection->out_at += (size_t)sent;
    }
}

static void send_one(struct load *load, struct connection *connection, hr_instant due)
{
    connection->busy = true;
    connection->due = due;
    connection->number = next_number(load);
    connection->in_size = 0;
    write_message(load, connection);
    load->sent++;
    write_out(load, connection);
}

static void acknowledge(struct load *load, uint64_t number)
{
    if (load->ack_count == load->ack_capacity) {
        load->ack_capacity = load->ack_capacity == 0 ? 1 << 16 : load->ack_capacity * 2;
        load->acks = realloc(load->acks, load->ack_capacity * sizeof *load->acks);
        if (load->acks == NULL) {
            fail("memory");
        }
    }
    load->acks[load->ack_count++] = number;
}

static void take_answer(struct load *load, struct connection *connection, unsigned status)
{
    hr_instant now = bench_now(CLOCK_MONOTONIC);
    uint64_t us = (uint64_t)(now - connection->due);
    load->statuses[status / 100 < 6 ? status / 100 : 0]++;
    load->histogram[bucket_of(us)]++;
    load->longest = us > load->longest ? us : load->longest;
    load->answered++;
    load->last_answer = now;
    if (status / 100 == 2) {
        acknowledge(load, connection->number);
    }
    connection->busy = false;
    if (load->rate == 0 && now < load->until) {
        send_one(load, connection, bench_now(CLOCK_MONOTONIC));
    } else {
        load->idle[load->idle_count++] = connection;
    }
}

/* True when the whole answer stands in `in`. */
static bool is_whole(const struct connection *connection)
{
    const char *end = strstr(connection->in, "\r\n\r\n");
    const char *length = strcasestr(connection->in, "\r\nContent-Length:");
    if (end == NULL) {
        return false;
    }
    size_t body = length != NULL && length < end ? strtoull(length + 17, NULL, 10) : 0;
    return connection->in_size >= (size_t)(end - connection->in) + 4 + body;
}

static void read_in(struct load *load, struct connection *connection)
{
    ssize_t got = recv(connection->socket, connection->in + connection->in_size,
                       IN_MAX - connection->in_size, 0);
    if (got < 0 && errno == EAGAIN) {
        return;
    }
    if (got <= 0) {
        lose(load, connection);
        return;
    }
    connection->in_size += (size_t)got;
    connection->in[connection->in_size] = '\0';
    if (connection->busy && is_whole(connection)) {
        take_answer(load, connection, (unsigned)strtoul(connection->in + 9, NULL, 10));
    }
}

/* ---- the loop --------------------------------------------------------------------------------------- */

static hr_instant due_at(const struct load *load, uint64_t index)
{
    return load->begin + (hr_instant)(index * 1000000 / load->rate);
}

/* Sends what is due; answers how long until the next is. */
static hr_instant send_due(struct load *load, hr_instant now)
{
    if (load->rate == 0) {
        return load->until - now;
    }
    while (due_at(load, load->sent) <= now && due_at(load, load->sent) < load->until) {
        if (load->idle_count == 0) {
            return GRACE_US; /* it waits for a connection, and that counts */
        }
        send_one(load, load->idle[--load->idle_count], due_at(load, load->sent));
    }
    hr_instant next = due_at(load, load->sent);
    return (next < load->until ? next : load->until) - now;
}

static bool all_answered(const struct load *load)
{
    return load->answered + load->broken >= load->sent;
}

static void run(struct load *load)
{
    struct epoll_event events[EVENTS_MAX];
    for (size_t i = 0; i < load->connection_count && load->rate == 0; i++) {
        send_one(load, load->idle[--load->idle_count], bench_now(CLOCK_MONOTONIC));
    }
    for (;;) {
        hr_instant now = bench_now(CLOCK_MONOTONIC);
        hr_instant wait = now < load->until ? send_due(load, now) : load->until + GRACE_US - now;
        if (wait <= 0 || load->broken >= load->connection_count ||
            (now >= load->until && all_answered(load))) {
            if (now >= load->until || load->broken >= load->connection_count) {
                return;
            }
            wait = 0;
        }
        struct timespec timeout = {wait / HR_SECOND_US, wait % HR_SECOND_US * 1000};
        int count = epoll_pwait2(load->epoll, events, EVENTS_MAX, &timeout, NULL);
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            if (events[i].events & EPOLLOUT) {
                struct epoll_event only_in = {.events = EPOLLIN, .data.ptr = connection};
                (void)epoll_ctl(load->epoll, EPOLL_CTL_MOD, connection->socket, &only_in);
                write_out(load, connection);
            }
            if (connection->socket >= 0 && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
                read_in(load, connection);
            }
        }
    }
}

/* ---- what came of it --------------------------------------------------------------------------------- */

static void write_acks(const struct load *load, const char *path)
{
    FILE *file = fopen(path, "ab");
    if (file == NULL ||
        fwrite(load->acks, sizeof *load->acks, load->ack_count, file) != load->ack_count ||
        fclose(file) != 0) {
        fail(path);
    }
}

static void report(const struct load *load)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    hr_instant took = load->last_answer - load->begin;
    hr_instant cpu = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * HR_SECOND_US +
                     usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
    (void)printf("answered %" PRIu64 "\naccepted %" PRIu64 "\n", load->answered, load->statuses[2]);
    (void)printf("refused %" PRIu64 "\nbusy %" PRIu64 "\nbroken %" PRIu64 "\n", load->statuses[4],
                 load->statuses[5], load->broken);
    (void)printf("per_second %" PRIu64 "\n",
                 took > 0 ? load->statuses[2] * 1000000 / (uint64_t)took : 0);
    (void)printf("p50_us %" PRIu64 "\np90_us %" PRIu64 "\np99_us %" PRIu64 "\nmax_us %" PRIu64 "\n",
                 percentile(load, 500), percentile(load, 900), percentile(load, 990),
                 load->longest);
    (void)printf("cpu_ms %" PRId64 "\nnext %" PRIu64 "\n", cpu / 1000, load->visit);
}

/* From now until a server that is only starting has kept one message. */
static int run_once(struct load *load)
{
    struct connection *connection = &load->connections[0];
    load->begin = bench_now(CLOCK_MONOTONIC);
    load->until = load->begin; /* nothing follows the one message */
    while (bench_now(CLOCK_MONOTONIC) < load->begin + 60 * HR_SECOND_US && load->statuses[2] == 0) {
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(load->port)};
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connection->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(connection->socket, (struct sockaddr *)&address, sizeof address) != 0) {
            (void)close(connection->socket);
            (void)usleep(2000);
            continue;
        }
        send_one(load, connection, load->begin);
        while (connection->socket >= 0 && connection->busy) {
            read_in(load, connection);
        }
    }
    report(load);
    return load->statuses[2] == 1 ? 0 : 1;
}

static void prepare(struct load *load, int count, char **arguments)
{
    const struct hr_signature_options options = {.scheme = HR_SCHEME_standard_webhooks,
                                                 .secrets = {HR_TEXT(BENCH_SECRET)}};
    load->port = (uint16_t)bench_number(count, arguments, "--port", 8080);
    load->connection_count = bench_number(count, arguments, "--connections", 64);
    load->rate = bench_number(count, arguments, "--rate", 0);
    load->contacts = bench_number(count, arguments, "--contacts", 1000000);
    load->visit = bench_number(count, arguments, "--first", 0);
    load->lag = bench_number(count, arguments, "--lag", 500000);
    hr_status status = hr_signer_create(&options, &load->signer);
    if (!hr_ok(status) || load->connection_count == 0 || load->connection_count > CONNECTIONS_MAX) {
        fail("options");
    }
    hr_arena_init(&load->arena, 1 << 20);
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    load->connections = calloc(load->connection_count, sizeof *load->connections);
    load->idle = calloc(load->connection_count, sizeof(struct connection *));
    if (load->connections == NULL || load->idle == NULL) {
        fail("memory");
    }
}

static void connect_all(struct load *load)
{
    for (size_t i = 0; i < load->connection_count; i++) {
        connect_one(load, &load->connections[i]);
        load->idle[load->idle_count++] = &load->connections[i];
    }
    (void)prctl(PR_SET_TIMERSLACK, 1000);
}

int main(int count, char **arguments)
{
    struct load *load = calloc(1, sizeof *load);
    const char *acks = bench_option(count, arguments, "--acks", NULL);
    if (load == NULL) {
        return 1;
    }
    prepare(load, count, arguments);
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--once") == 0) {
            return run_once(load);
        }
    }
    connect_all(load);
    load->begin = bench_now(CLOCK_MONOTONIC);
    load->until =
        load->begin + (hr_instant)(bench_number(count, arguments, "--seconds", 10) * 1000000);
    run(load);
    report(load);
    if (acks != NULL) {
        write_acks(load, acks);
    }
    return load->answered > 0 ? 0 : 1;
}
