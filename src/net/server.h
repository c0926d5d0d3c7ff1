/* net/server: takes HTTP requests whole, refuses what is malformed, and lets any thread answer
 * them later.
 *
 * Why      the answer to a webhook goes out after the journal's commit, so requests wait while a
 *          batch is written and are then answered together: one wake-up for all.
 * Shape    one thread of the server's own reads, guards and calls `handle` with a complete
 *          request. The handler answers at once, or keeps the request and any thread answers it
 *          later. Protocol errors, too large bodies and slow senders are answered here; the
 *          handler never sees them.
 * Units    sizes in bytes, times in milliseconds.
 * Owner    a request and all its texts live until its answer has left; whoever keeps it owns it
 *          (and its arena) until he answers it. What an answer points at stays valid as long: put
 *          it in request->arena, or let it be static.
 * Limits   struct hr_http_server_options; beyond: 408, 413, 431, 503. Of answers: HR_HTTP_NAME_MAX,
 *          HR_HTTP_VALUE_MAX, asserted.
 * Errors   HR_E_IO (the address cannot be bound), HR_E_MEMORY. Problem documents: RFC 9457,
 *          E0500-E0549.
 * Privacy  nothing is logged here: no body, no query, no header, no address.
 * Threads  start, stop: one owner. hr_http_answer*, hr_http_problem: any thread, once for a
 *          request.
 * Source   RFC 9110, 9112, 9457; libmicrohttpd 0.9.75.
 * Tests    tests/unit/net_guard_test.c, net_server_test.c; fuzz: guard */
#ifndef HR_NET_SERVER_H
#define HR_NET_SERVER_H

#include "base/base.h"
#include "base/diagnostic.h"

struct hr_http_server;

struct hr_http_header {
    struct hr_text name; /* as it came; compare with hr_http_header_of */
    struct hr_text value;
};

/* One complete request. */
struct hr_http_request {
    struct hr_text method; /* GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS */
    struct hr_text path;   /* begins with '/', still percent-encoded, no control bytes */
    struct hr_text query;  /* behind '?', still encoded; may be empty */
    const struct hr_http_header *headers;
    size_t header_count;
    struct hr_text body;
    struct hr_text peer; /* address without port */
    struct hr_text id;   /* "req_..." for problem documents and logs */
    struct hr_arena arena;
    void *mine;                   /* for whoever keeps it */
    struct hr_http_request *next; /* for whoever keeps it: a place in his queue */
};

/* Called on the server's thread with a complete request. Must not block: answers, or keeps it. */
typedef void (*hr_http_handler)(void *context, struct hr_http_request *request);
/* Called on the server's thread when the headers are complete and the body is not read yet (body
 * empty). Answers how large the body may be (0: the server's body_max_bytes), or refuses at once
 * with hr_http_answer or hr_http_problem. */
typedef size_t (*hr_http_admitter)(void *context, struct hr_http_request *request);

struct hr_http_server_options {
    const char *address;       /* "127.0.0.1", "::", ...; NULL: 127.0.0.1 */
    uint16_t port;             /* 0: any free one, see hr_http_server_port */
    hr_http_handler handle;    /* required */
    hr_http_admitter admit;    /* may be NULL */
    void *context;             /* for both */
    size_t body_max_bytes;     /* 0: 1 MiB */
    size_t bodies_max_bytes;   /* of all requests together; beyond: 503. 0: 128 MiB */
    size_t answer_max_bytes;   /* room in request->arena beside the body; 0: 16 MiB */
    uint32_t header_max_bytes; /* all names and values; 0: 16 KiB */
    uint32_t headers_max;      /* 0: 64 */
    uint32_t connections_max;  /* 0: 4096, or less if the process may not open as many files */
    uint32_t per_ip_max;       /* connections of one address; 0: 1024 */
    uint32_t header_ms_max;    /* from the first byte to the end of the headers; 0: 10 s */
    uint32_t idle_ms_max;      /* between requests, and without progress; 0: 60 s */
    uint32_t body_free_ms;     /* from then on a body must have kept the average below; 0: 5 s */
    uint32_t body_bytes_per_s; /* 0: 1024 */
};

/* Starts listening and serving. HR_E_IO when the address cannot be had (reterr says why). */
hr_status hr_http_server_start(const struct hr_http_server_options *options,
                               struct hr_diagnostics *reterr,
                               struct hr_http_server **ret_server) HR_MUST_USE;
/* The port it listens on. */
uint16_t hr_http_server_port(const struct hr_http_server *server);
/* Takes no new connection or request any more (503), waits until every kept request was answered
 * and has left, and frees all. Who keeps requests must go on answering until this returns. NULL is
 * allowed. */
void hr_http_server_stop(struct hr_http_server *server);

/* Which server a request came to, until it is answered. */
const struct hr_http_server *hr_http_server_of(const struct hr_http_request *request);
/* What the server did since its start; any thread may ask. */
struct hr_http_server_figures {
    uint64_t requests;    /* handed to the handler */
    uint64_t refused;     /* by the guard or a limit */
    uint64_t slow;        /* closed with 408 or silently */
    uint64_t connections; /* open now */
    uint64_t kept;        /* handed out and not answered yet */
};
void hr_http_server_figures(const struct hr_http_server *server,
                            struct hr_http_server_figures *ret_figures);

/* ---- reading a request -------------------------------------------------------------------- */

/* The header's value; the empty text with data NULL when it is absent, or when it came twice
 * (*ret_twice, which may be NULL, is set then). Names compare without case. */
struct hr_text hr_http_header_of(const struct hr_http_request *request, struct hr_text name,
                                 bool *ret_twice);
/* The decoded value of a query parameter (the first of that name); false when it is absent or its
 * encoding is broken. */
bool hr_http_query_of(struct hr_http_request *request, struct hr_text name,
                      struct hr_text *ret_value);
/* Percent-decodes one path segment into the arena ('+' stays); false for a broken escape, NUL or
 * bytes that are not UTF-8. */
bool hr_http_unescape(struct hr_arena *into, struct hr_text segment, struct hr_text *ret_plain);

/* ---- answering ---------------------------------------------------------------------------- */

/* In bytes, of an answer's header; a content type is a value. What comes from outside must be cut before. */
enum { HR_HTTP_NAME_MAX = 127, HR_HTTP_VALUE_MAX = 1023 };

/* An answer. Everything it points at must live as long as the request (its arena, or static). */
struct hr_http_answer {
    uint16_t status;
    struct hr_text content_type;          /* may be empty without a body */
    const struct hr_http_header *headers; /* within the limits, without CR, LF, NUL: asserted */
    size_t header_count;
    struct hr_text body;
    bool close; /* the connection, afterwards */
};
/* Answers a request: now, if called by the handler; else it is queued and the server's thread wakes
 * up once for all that are queued. The request must not be touched afterwards. */
void hr_http_answer(struct hr_http_request *request, const struct hr_http_answer *answer);
/* The same in two beats, for batches: decide each answer, then send all with one wake-up. All of
 * one server. */
void hr_http_answer_prepare(struct hr_http_request *request, const struct hr_http_answer *answer);
void hr_http_answer_many(struct hr_http_request *const *requests, size_t count);

/* A problem document (RFC 9457): code, title, detail, status, help, request_id, retryable. The
 * status comes from the code's row. */
struct hr_http_problem {
    enum hr_code code;
    struct hr_text detail;  /* this case in one sentence, free of personal data; may be empty */
    struct hr_text pointer; /* JSON pointer of the field; may be empty */
    const struct hr_diagnostics
        *found;             /* more than one thing wrong: becomes "errors"; may be NULL */
    uint32_t retry_after_s; /* 0: none, but 1 where the status is 429 or 503 */
    struct hr_text allow;   /* of a 405: "GET, HEAD" */
    bool close;
};
/* Answers with a problem; prepare for hr_http_answer_many. */
void hr_http_problem(struct hr_http_request *request, const struct hr_http_problem *problem);
void hr_http_problem_prepare(struct hr_http_request *request,
                             const struct hr_http_problem *problem);
/* Writes one thing that is wrong as a JSON object, as it stands in "errors": code, severity, message, file, line,
 * column, end_column, label, pointer, example, help, second {label, file, line, column, end_column}; what has no value
 * is left out. And the same without the braces around it. */
void hr_http_finding_write(struct hr_buffer *out, const struct hr_diagnostic *found);
void hr_http_finding_members(struct hr_buffer *out, const struct hr_diagnostic *found);
/* Writes the document alone. */
void hr_http_problem_write(struct hr_buffer *out, const struct hr_http_problem *problem,
                           struct hr_text request_id);

#endif
