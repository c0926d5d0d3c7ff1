/* net/client: calls an outside HTTP address once, and says truly how far the call got.
 *
 * Why      the effect ledger needs the third answer: "nobody knows". So a call is never repeated
 *          in here, a connection is never reused (a silent retry on a dead one would send twice),
 *          no redirect is followed.
 * Shape    a client (reused memory, name and TLS caches) and calls, one after another.
 * Guard    the *connected* address is checked: loopback, private, link-local, carrier, multicast,
 *          mapped and NAT64 forms of them and the machine's own addresses are refused, unless the
 *          allow-list names the URL's host and port.
 * Units    sizes in bytes, times in milliseconds.
 * Owner    the result's texts live in the arena given.
 * Limits   url 2,048; headers 64; answer_max_bytes (the rest is not read); time_ms_max over all.
 * Errors   HR_E_MEMORY. Everything the world does is in the result.
 * Threads  one owner per client; any number of clients.
 * Source   libcurl 7.88; RFC 6890, 4193, 6052.
 * Tests    tests/unit/net_client_test.c, net_hosts_test.c, net_address_test.c */
#ifndef HR_NET_CLIENT_H
#define HR_NET_CLIENT_H

#include "base/base.h"
#include "net/server.h"

struct hr_http_client;

struct hr_http_client_options {
    const struct hr_text *allow; /* "host:port" that may be called though inside; copied */
    size_t allow_count;
    const char *ca_file;     /* more trusted certificates (PEM); NULL: the system's */
    uint32_t connect_ms_max; /* 0: 10 s */
    uint32_t time_ms_max;    /* 0: 20 s */
    size_t answer_max_bytes; /* 0: 64 KiB */
};

/* How far an outside effect got; of calls and of mail. */
enum hr_reached {
    HR_REACHED_confirmed, /* the other side said yes */
    HR_REACHED_refused,   /* it said no; the same again will not help */
    HR_REACHED_again,     /* nothing was taken: try later */
    HR_REACHED_unknown    /* something was sent, and no usable answer came */
};

struct hr_http_call {
    struct hr_text method; /* empty: POST */
    struct hr_text url;    /* http or https; no user name in it */
    const struct hr_http_header *headers;
    size_t header_count;
    struct hr_text body;
    struct hr_text
        allow; /* one more "host:port" that this call may reach though inside; may be empty */
    uint32_t time_ms_max; /* over all; 0: the client's */
};
struct hr_http_result {
    enum hr_reached reached;
    int status;             /* 0: none came */
    uint32_t retry_after_s; /* as asked for, at most one day; 0: not */
    struct hr_text text; /* what happened, for people: nothing of anybody's address, body, header */
    struct hr_text content_type;
    struct hr_text body; /* cut at answer_max_bytes */
    bool cut;
};

/* Makes a client. HR_E_MEMORY; HR_E_INPUT for an allow entry without a port. */
hr_status hr_http_client_create(const struct hr_http_client_options *options,
                                struct hr_http_client **ret_client) HR_MUST_USE;
/* Frees it; NULL is allowed. */
void hr_http_client_free(struct hr_http_client *client);
/* Calls once and waits. 2xx confirmed; 408, 425, 429, and 503 with Retry-After, again; other 4xx refused; 3xx refused
 * ("moved"); other 5xx and everything lost after the first byte unknown. HR_E_MEMORY when the arena
 * has no room for the answer (the result is filled in all the same, without body). */
hr_status hr_http_client_call(struct hr_http_client *client, const struct hr_http_call *call,
                              struct hr_arena *into, struct hr_http_result *ret_result) HR_MUST_USE;

/* Scheme, host and port of a URL as a call would read it, in one form: "https://course.example.com:443"; the empty text
 * for one that cannot be called. */
struct hr_text hr_http_origin(struct hr_arena *into, struct hr_text url);

/* True if an address (bytes in network order: 4 or 16) lies where no outside call may go. Pure. */
bool hr_address_is_inside(const uint8_t *address, size_t size);
/* The IPv4 address that an IPv6 address (16 bytes) stands for: mapped, NAT64, 6to4; NULL when it stands for none. */
const uint8_t *hr_address_within(const uint8_t *address);

#endif
