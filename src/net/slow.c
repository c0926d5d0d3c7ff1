/* Slow senders and readers: whoever takes too long at one thing makes room. A pass over all
 * connections each second; libmicrohttpd's own timeout starts again with every byte, so one byte in
 * ten seconds would hold it. */
#include "net/inside.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* How many bytes the kernel got on this connection ever; UINT64_MAX when it cannot say. */
static uint64_t received_bytes(int socket)
{
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
        size < offsetof(struct tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received) {
        return UINT64_MAX;
    }
    return info.tcpi_bytes_received;
}

static void cut(struct hr_http_server *server, struct connection *connection, enum hr_code code)
{
    atomic_fetch_add_explicit(&server->slow, 1, memory_order_relaxed);
    hr_exchange_cut(server, connection, code);
}

/* Between two requests: idle until the first byte of the next, which libmicrohttpd does not tell.
 */
static void look_at_waiting(struct hr_http_server *server, struct connection *connection,
                            uint64_t ms)
{
    if (ms > server->options.idle_ms_max || server->quiet) {
        hr_exchange_cut(server, connection, HR_CODE_none);
        return;
    }
    uint64_t received = received_bytes(connection->socket);
    if (connection->received_bytes == UINT64_MAX) {
        connection->received_bytes = received;
    } else if (received != connection->received_bytes) {
        connection->stage = STAGE_headers;
        connection->since_us = server->now_us;
    }
}

static void look_at(struct hr_http_server *server, struct connection *connection)
{
    const struct hr_http_server_options *options = &server->options;
    uint64_t ms = (server->now_us - connection->since_us) / 1000;
    const struct request *request = connection->request;
    switch (connection->stage) {
    case STAGE_waiting:
        look_at_waiting(server, connection, ms);
        return;
    case STAGE_headers:
        if (ms > options->header_ms_max || server->quiet) {
            bool silent = received_bytes(connection->socket) == 0;
            cut(server, connection, silent ? HR_CODE_none : HR_CODE_http_too_slow);
        }
        return;
    case STAGE_body:
        if (ms > options->body_free_ms + request->body_size * 1000 / options->body_bytes_per_s) {
            cut(server, connection, HR_CODE_http_too_slow);
        }
        return;
    case STAGE_answering:
        if (ms >
            options->idle_ms_max + request->answer.body.size * 1000 / options->body_bytes_per_s) {
            cut(server, connection, HR_CODE_none);
        }
        return;
    case STAGE_kept:
        return;
    }
}

void hr_slow_sweep(struct hr_http_server *server)
{
    for (struct connection *at = server->oldest; at != NULL; at = at->newer) {
        if (!at->shut) {
            look_at(server, at);
        }
    }
}
