/* net, inside: what the server's files share. Not for other rooms. */
#ifndef HR_NET_INSIDE_H
#define HR_NET_INSIDE_H

#include "net/guard.h"
#include "net/server.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

struct connection;

/* What a request is waiting for. */
enum request_state {
    REQUEST_BEGUN,   /* its line is read */
    REQUEST_BODY,    /* let in; its body comes */
    REQUEST_HANDED,  /* with the handler, or kept by somebody */
    REQUEST_ANSWERED /* its answer is known */
};

enum { ANSWER_HEADERS_MAX = 4 };

struct request {
    struct hr_http_request seen; /* first: what the handler gets is the request itself */
    struct hr_http_server *server;
    struct connection *connection;
    struct MHD_Connection *mhd;
    enum request_state state;
    const char *line_target; /* where the target stood in the line */
    struct hr_text target;
    struct hr_http_header *headers;
    size_t header_capacity;
    char *body; /* grows */
    size_t body_size;
    size_t body_capacity;
    size_t body_limit;
    size_t body_reserved; /* of server->bodies_bytes */
    uint64_t content_length;
    struct hr_http_answer answer;
    struct hr_http_header problem_headers[ANSWER_HEADERS_MAX];
    char id_text[28];
    char retry_text[12];
    struct request *next; /* among the answered, or the free */
};

/* What a connection is doing, for those who are slow at it. */
enum stage { STAGE_waiting, STAGE_headers, STAGE_body, STAGE_kept, STAGE_answering };

struct connection {
    struct connection *older;
    struct connection *newer;
    struct request *request; /* while there is one */
    int socket;
    enum stage stage;
    uint64_t since_us;       /* when the stage began */
    uint64_t received_bytes; /* by the kernel's count while waiting; UINT64_MAX: not looked yet */
    bool shut;
    uint8_t peer_size;
    char peer[46];
};

struct hr_http_server {
    struct hr_http_server_options options;
    struct MHD_Daemon *daemon;
    pthread_t thread; /* for who stops it */
    pthread_t loop;   /* the same, as the thread itself knows it */
    int wake;         /* eventfd: answers wait, or stop */
    int listener;
    uint16_t port;
    _Atomic(struct request *) answered; /* a stack, newest first */
    atomic_uint answering; /* threads inside hr_http_answer_many, which still touch the server */
    atomic_bool stopping;
    bool quiet; /* no new connection is taken any more */
    uint64_t now_us;
    uint64_t next_sweep_us;
    uint64_t sweep_us;
    uint64_t id_high; /* random at start */
    uint64_t id_low;
    struct request *current; /* the one that the handler is called with */
    struct request *unused;  /* kept for reuse */
    size_t unused_count;
    struct connection *oldest;
    struct connection *newest;
    size_t bodies_bytes; /* held now */
    _Atomic uint64_t requests, refused, slow, connections, kept;
};

/* ---- exchange.c: from libmicrohttpd's callbacks to requests and back ---- */

/* libmicrohttpd's callbacks; context is the server. */
void *hr_exchange_begin(void *context, const char *target, struct MHD_Connection *mhd);
enum MHD_Result hr_exchange_go(void *context, struct MHD_Connection *mhd, const char *url,
                               const char *method, const char *version, const char *upload,
                               size_t *upload_size, void **mine);
void hr_exchange_end(void *context, struct MHD_Connection *mhd, void **mine,
                     enum MHD_RequestTerminationCode why);
void hr_exchange_connection(void *context, struct MHD_Connection *mhd, void **mine,
                            enum MHD_ConnectionNotificationCode what);
/* Frees requests that were kept for reuse. */
void hr_exchange_done(struct hr_http_server *server);
/* Writes a problem past libmicrohttpd, which takes no answer while it reads, and shuts the
 * connection. */
void hr_exchange_cut(struct hr_http_server *server, struct connection *connection,
                     enum hr_code code);

/* ---- slow.c ---- */

/* Looks at all connections: cuts those that are too slow at what they do. Once a second. */
void hr_slow_sweep(struct hr_http_server *server);

#endif
