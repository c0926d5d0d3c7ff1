/* From libmicrohttpd's callbacks to whole requests and back to answers. All of this runs on the
 * server's thread. */
#include "net/inside.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    UNUSED_MAX = 512,      /* requests kept for reuse, each with one block of its arena */
    BODY_FIRST = 16 << 10, /* a body's room grows from here: a promised length costs nothing yet */
    HEADERS_FIRST = 16
};

/* ---- connections --------------------------------------------------------------------------- */

/* The peer's address as people write it; an IPv4 address that came over IPv6 as IPv4. */
static void name_peer(struct connection *connection, const struct sockaddr *address)
{
    const void *bytes = NULL;
    int family = address->sa_family;
    if (family == AF_INET) {
        bytes = &((const struct sockaddr_in *)(const void *)address)->sin_addr;
    } else if (family == AF_INET6) {
        const struct in6_addr *six =
            &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
        bool mapped = IN6_IS_ADDR_V4MAPPED(six);
        family = mapped ? AF_INET : AF_INET6;
        bytes = mapped ? (const void *)&six->s6_addr[12] : (const void *)six;
    }
    if (bytes != NULL &&
        inet_ntop(family, bytes, connection->peer, sizeof connection->peer) != NULL) {
        connection->peer_size = (uint8_t)strlen(connection->peer);
    }
}

static void connection_opened(struct hr_http_server *server, struct MHD_Connection *mhd,
                              void **mine)
{
    struct connection *connection = calloc(1, sizeof *connection);
    const union MHD_ConnectionInfo *address =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const union MHD_ConnectionInfo *socket =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    *mine = NULL;
    if (connection == NULL || address == NULL || socket == NULL) {
        free(connection);
        return; /* hr_exchange_begin finds no connection and lets it be closed */
    }
    *mine = connection;
    connection->socket = socket->connect_fd;
    connection->stage = STAGE_headers;
    connection->since_us = server->now_us;
    name_peer(connection, address->client_addr);
    connection->older = server->newest;
    if (server->newest != NULL) {
        server->newest->newer = connection;
    } else {
        server->oldest = connection;
    }
    server->newest = connection;
    atomic_fetch_add_explicit(&server->connections, 1, memory_order_relaxed);
}

static void connection_closed(struct hr_http_server *server, struct connection *connection)
{
    if (connection == NULL) {
        return;
    }
    *(connection->older != NULL ? &connection->older->newer : &server->oldest) = connection->newer;
    *(connection->newer != NULL ? &connection->newer->older : &server->newest) = connection->older;
    atomic_fetch_sub_explicit(&server->connections, 1, memory_order_relaxed);
    free(connection);
}

void hr_exchange_connection(void *context, struct MHD_Connection *mhd, void **mine,
                            enum MHD_ConnectionNotificationCode what)
{
    struct hr_http_server *server = context;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        connection_opened(server, mhd, mine);
    } else {
        connection_closed(server, *mine);
        *mine = NULL;
    }
}

static void enter(struct hr_http_server *server, struct connection *connection, enum stage stage)
{
    connection->stage = stage;
    connection->since_us = server->now_us;
    connection->received_bytes = UINT64_MAX;
}

void hr_exchange_cut(struct hr_http_server *server, struct connection *connection,
                     enum hr_code code)
{
    char text[2048];
    char head[256];
    struct hr_arena arena;
    struct hr_buffer out;
    (void)server;
    connection->shut = true;
    if (code != HR_CODE_none) {
        const struct hr_http_problem problem = {.code = code};
        const struct hr_code_info *info = hr_code_info(code);
        hr_arena_init(&arena, 2 * sizeof text);
        hr_buffer_init(&out, &arena, sizeof text);
        hr_http_problem_write(&out, &problem,
                              connection->request != NULL ? connection->request->seen.id
                                                          : HR_TEXT_NONE);
        int size =
            snprintf(head, sizeof head,
                     "HTTP/1.1 %d %s\r\nContent-Type: application/problem+json\r\n%s"
                     "Content-Length: %zu\r\nConnection: close\r\n\r\n",
                     info->http_status, MHD_get_reason_phrase_for((unsigned)info->http_status),
                     info->http_status == 503 ? "Retry-After: 1\r\n" : "", out.size);
        if (size > 0 && (size_t)size < sizeof head && !out.failed &&
            send(connection->socket, head, (size_t)size, MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE) ==
                size) {
            (void)send(connection->socket, out.data, out.size, MSG_DONTWAIT | MSG_NOSIGNAL);
        }
        hr_arena_close(&arena);
    }
    (void)shutdown(connection->socket, SHUT_RDWR);
}

/* ---- requests ------------------------------------------------------------------------------ */

static struct request *take_request(struct hr_http_server *server)
{
    struct request *request = server->unused;
    if (request != NULL) {
        server->unused = request->next;
        server->unused_count--;
        struct hr_arena arena = request->seen.arena;
        memset(request, 0, sizeof *request);
        request->seen.arena = arena;
    } else {
        request = calloc(1, sizeof *request);
        if (request == NULL) {
            return NULL;
        }
        hr_arena_init(&request->seen.arena, 0);
    }
    request->server = server;
    request->seen.arena.budget_bytes =
        3 * server->options.body_max_bytes + server->options.answer_max_bytes;
    return request;
}

static void give_back(struct hr_http_server *server, struct request *request)
{
    server->bodies_bytes -= request->body_reserved;
    if (server->unused_count >= UNUSED_MAX) {
        hr_arena_close(&request->seen.arena);
        free(request);
        return;
    }
    hr_arena_rewind(&request->seen.arena, (struct hr_arena_mark){0});
    request->next = server->unused;
    server->unused = request;
    server->unused_count++;
}

void hr_exchange_done(struct hr_http_server *server)
{
    while (server->unused != NULL) {
        struct request *request = server->unused;
        server->unused = request->next;
        hr_arena_close(&request->seen.arena);
        free(request);
    }
}

static void write_id(struct hr_http_server *server, struct request *request)
{
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    uint64_t low = server->id_low++;
    char *at = request->id_text;
    memcpy(at, "req_", 4);
    for (int i = 0; i < 6; i++) {
        at[4 + i] = digits[server->id_high >> (5 * i) & 31];
    }
    for (int i = 0; i < 10; i++) {
        at[10 + i] = digits[low >> (45 - 5 * i) & 31];
    }
    request->seen.id = (struct hr_text){at, 20};
}

void *hr_exchange_begin(void *context, const char *target, struct MHD_Connection *mhd)
{
    struct hr_http_server *server = context;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct connection *connection = info != NULL ? info->socket_context : NULL;
    struct request *request = connection != NULL && target != NULL ? take_request(server) : NULL;
    if (request == NULL) {
        return NULL;
    }
    request->mhd = mhd;
    request->connection = connection;
    request->line_target = target;
    request->target = hr_text_copy(&request->seen.arena, hr_text_from(target));
    request->seen.peer = (struct hr_text){connection->peer, connection->peer_size};
    write_id(server, request);
    connection->request = request;
    if (connection->stage == STAGE_waiting) {
        enter(server, connection, STAGE_headers);
    }
    return request;
}

void hr_exchange_end(void *context, struct MHD_Connection *mhd, void **mine,
                     enum MHD_RequestTerminationCode why)
{
    struct hr_http_server *server = context;
    struct request *request = *mine;
    (void)mhd;
    (void)why;
    if (request == NULL) {
        return;
    }
    hr_assert(request->state != REQUEST_HANDED);
    *mine = NULL;
    request->connection->request = NULL;
    enter(server, request->connection, STAGE_waiting);
    give_back(server, request);
}

/* ---- headers ------------------------------------------------------------------------------- */

static enum MHD_Result take_header(void *context, enum MHD_ValueKind kind, const char *name,
                                   size_t name_size, const char *value, size_t value_size)
{
    struct request *request = context;
    (void)kind;
    struct hr_http_header *grown =
        hr_list_grow(&request->seen.arena, request->headers, request->seen.header_count,
                     &request->header_capacity, sizeof *grown);
    if (grown == NULL || request->seen.header_count > request->server->options.headers_max) {
        return MHD_NO; /* one more than allowed is enough for the guard to say so */
    }
    request->headers = grown;
    request->headers[request->seen.header_count++] =
        (struct hr_http_header){{name, name_size}, {value, value_size}};
    request->seen.headers = request->headers;
    return MHD_YES;
}

/* libmicrohttpd parses in place: every text still stands where it came in, with NULs for what
 * divided it. So walking from text to text shows what it silently tolerates: folded lines, bare
 * line feeds, NULs inside, spaces too many. (Checked against 0.9.75; if another release moved texts
 * about, every request would be refused and the tests would say so.) */
static bool lines_are_whole(const struct request *request, const char *method, const char *version)
{
    const char *at = method + strlen(method) + 1;
    if (at != request->line_target || version != at + request->target.size + 1) {
        return false;
    }
    at = version + strlen(version) + 2;
    for (size_t i = 0; i < request->seen.header_count; i++) {
        const struct hr_http_header *header = &request->headers[i];
        if (header->name.data != at) {
            return false;
        }
        at += header->name.size + 1;
        while (at < header->value.data && (*at == ' ' || *at == '\t')) {
            at++;
        }
        if (at != header->value.data || at[header->value.size] != '\0' ||
            at[header->value.size + 1] != '\0') {
            return false;
        }
        at += header->value.size + 2;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info != NULL && at + 2 == method + info->header_size;
}

static struct hr_text trim_end(struct hr_text text)
{
    while (text.size > 0 && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t')) {
        text.size--;
    }
    return text;
}

static void refuse(struct request *request, enum hr_code code, struct hr_text detail)
{
    const struct hr_http_problem problem = {
        .code = code,
        .detail = detail,
        .allow = code == HR_CODE_method_not_allowed
                     ? HR_TEXT("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
                     : HR_TEXT_NONE,
        .close = true,
    };
    atomic_fetch_add_explicit(&request->server->refused, 1, memory_order_relaxed);
    hr_http_problem_prepare(&request->seen, &problem);
}

/* Sets the body's limit; refuses what says that it is larger. */
static void admit(struct request *request, const struct hr_guard_verdict *verdict)
{
    struct hr_http_server *server = request->server;
    size_t limit = 0;
    request->content_length = verdict->content_length;
    if (server->options.admit != NULL) {
        server->current = request;
        limit = server->options.admit(server->options.context, &request->seen);
        server->current = NULL;
    }
    if (request->state == REQUEST_ANSWERED) {
        request->answer.close |= verdict->chunked || verdict->content_length > 0;
        return;
    }
    request->body_limit = limit > 0 ? limit : server->options.body_max_bytes;
    request->seen.arena.budget_bytes = 3 * request->body_limit + server->options.answer_max_bytes;
    if (verdict->content_length > request->body_limit) {
        refuse(request, HR_CODE_body_too_big, HR_TEXT_NONE);
    } else if (server->bodies_bytes + verdict->content_length > server->options.bodies_max_bytes) {
        refuse(request, HR_CODE_busy, HR_TEXT_NONE);
    } else {
        request->state = REQUEST_BODY;
        enter(server, request->connection, STAGE_body);
    }
}

/* The first call: the headers are complete. Afterwards the request is let in or answered. */
static void judge(struct request *request, const char *method, const char *version)
{
    struct hr_http_server *server = request->server;
    const struct hr_guard_limits limits = {server->options.header_max_bytes,
                                           server->options.headers_max};
    (void)MHD_get_connection_values_n(request->mhd, MHD_HEADER_KIND, take_header, request);
    struct hr_guard_request guarded = {
        .method = hr_text_from(method),
        .target = request->target,
        .version = hr_text_from(version),
        .headers = request->headers,
        .header_count = request->seen.header_count,
        .lines_whole = lines_are_whole(request, method, version),
    };
    for (size_t i = 0; i < request->seen.header_count; i++) {
        request->headers[i].value = trim_end(request->headers[i].value);
    }
    struct hr_guard_verdict verdict = hr_guard(&guarded, &limits);
    request->seen.method = guarded.method;
    if (request->seen.arena.failed) {
        refuse(request, HR_CODE_busy, HR_TEXT_NONE);
    } else if (verdict.code != HR_CODE_none) {
        refuse(request, verdict.code, verdict.detail);
    } else if (server->quiet) {
        refuse(request, HR_CODE_stopping, HR_TEXT_NONE);
    } else {
        request->seen.path = verdict.path;
        request->seen.query = verdict.query;
        admit(request, &verdict);
    }
}

/* ---- body ---------------------------------------------------------------------------------- */

/* Room for `needed` bytes. What a sender promises is not reserved, what he sent is doubled. */
static bool grow_body(struct request *request, size_t needed)
{
    size_t capacity = request->body_capacity * 2;
    if (capacity < BODY_FIRST) {
        capacity = request->content_length > 0 && request->content_length < BODY_FIRST
                       ? (size_t)request->content_length
                       : BODY_FIRST;
    }
    capacity = capacity < needed ? needed : capacity;
    capacity = capacity > request->body_limit ? request->body_limit : capacity;
    /* what it grew out of stays in the arena, so that counts too */
    struct hr_http_server *server = request->server;
    if (server->bodies_bytes + capacity > server->options.bodies_max_bytes) {
        return false;
    }
    char *grown = hr_arena_alloc(&request->seen.arena, capacity);
    if (grown == NULL) {
        return false;
    }
    request->body_reserved += capacity;
    server->bodies_bytes += capacity;
    if (request->body_size > 0) {
        memcpy(grown, request->body, request->body_size);
    }
    request->body = grown;
    request->body_capacity = capacity;
    return true;
}

/* Takes a piece of the body; anything but none means that the connection must be cut. */
static enum hr_code take_body(struct request *request, const char *bytes, size_t size)
{
    if (size > request->body_limit - request->body_size) {
        return HR_CODE_body_too_big;
    }
    size_t total = request->body_size + size;
    if (total > request->body_capacity && !grow_body(request, total)) {
        return HR_CODE_busy;
    }
    memcpy(request->body + request->body_size, bytes, size);
    request->body_size = total;
    return HR_CODE_none;
}

/* ---- answers ------------------------------------------------------------------------------- */

static bool add_header(struct MHD_Response *response, struct hr_text name, struct hr_text value)
{
    char name_text[HR_HTTP_NAME_MAX + 1];
    char value_text[HR_HTTP_VALUE_MAX + 1];
    hr_assert(name.size < sizeof name_text && value.size < sizeof value_text);
    memcpy(name_text, name.data, name.size);
    name_text[name.size] = '\0';
    memcpy(value_text, value.data, value.size);
    value_text[value.size] = '\0';
    return MHD_add_response_header(response, name_text, value_text) == MHD_YES;
}

/* Hands the prepared answer to libmicrohttpd. MHD_NO closes the connection. */
static enum MHD_Result send_answer(struct request *request)
{
    const struct hr_http_answer *answer = &request->answer;
    /* libmicrohttpd's type has no const; it only reads a persistent body */
    void *body = (void *)(uintptr_t)answer->body.data;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(answer->body.size, body, MHD_RESPMEM_PERSISTENT);
    if (response == NULL) {
        return MHD_NO;
    }
    bool whole = add_header(response, HR_TEXT("Request-Id"), request->seen.id);
    if (answer->content_type.size > 0) {
        whole &= add_header(response, HR_TEXT("Content-Type"), answer->content_type);
    }
    for (size_t i = 0; i < answer->header_count; i++) {
        whole &= add_header(response, answer->headers[i].name, answer->headers[i].value);
    }
    if (answer->close || request->server->quiet) {
        whole &= add_header(response, HR_TEXT("Connection"), HR_TEXT("close"));
    }
    enter(request->server, request->connection, STAGE_answering);
    enum MHD_Result result =
        whole ? MHD_queue_response(request->mhd, answer->status, response) : MHD_NO;
    MHD_destroy_response(response);
    return result;
}

/* Calls the handler; what it does not answer is kept until somebody does. */
static enum MHD_Result hand_over(struct request *request)
{
    struct hr_http_server *server = request->server;
    if (server->quiet) { /* nothing new may be kept any more */
        refuse(request, HR_CODE_stopping, HR_TEXT_NONE);
        return send_answer(request);
    }
    request->seen.body = (struct hr_text){request->body, request->body_size};
    request->state = REQUEST_HANDED;
    atomic_fetch_add_explicit(&server->requests, 1, memory_order_relaxed);
    server->current = request;
    atomic_fetch_add_explicit(&server->kept, 1, memory_order_relaxed);
    server->options.handle(server->options.context, &request->seen);
    if (server->current == NULL) { /* answered while the handler ran */
        atomic_fetch_sub_explicit(&server->kept, 1, memory_order_relaxed);
        return send_answer(request);
    }
    server->current = NULL;
    enter(server, request->connection, STAGE_kept);
    MHD_suspend_connection(request->mhd);
    return MHD_YES;
}

enum MHD_Result hr_exchange_go(void *context, struct MHD_Connection *mhd, const char *url,
                               const char *method, const char *version, const char *upload,
                               size_t *upload_size, void **mine)
{
    struct request *request = *mine;
    (void)context;
    (void)mhd;
    (void)url;
    if (request == NULL || request->connection->shut) {
        return MHD_NO;
    }
    if (request->state == REQUEST_BEGUN) {
        judge(request, method, version);
        return request->state == REQUEST_ANSWERED ? send_answer(request) : MHD_YES;
    }
    if (request->state == REQUEST_ANSWERED) {
        return send_answer(request);
    }
    if (*upload_size > 0) {
        enum hr_code code = take_body(request, upload, *upload_size);
        *upload_size = 0;
        if (code != HR_CODE_none) {
            atomic_fetch_add_explicit(&request->server->refused, 1, memory_order_relaxed);
            hr_exchange_cut(request->server, request->connection, code);
            return MHD_NO;
        }
        return MHD_YES;
    }
    return hand_over(request);
}
