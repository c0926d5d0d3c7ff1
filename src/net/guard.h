/* net/guard: refuses requests that two servers in a row could read differently. A pure function
 * over what was parsed: no memory, no clock, no socket. Source: RFC 9110, 9112 section 11.2. Tests:
 * net_guard_test.c, fuzz: guard. */
#ifndef HR_NET_GUARD_H
#define HR_NET_GUARD_H

#include "base/diagnostic.h"
#include "net/server.h"

struct hr_guard_request {
    struct hr_text method;
    struct hr_text target; /* as it stood in the request line */
    struct hr_text version;
    const struct hr_http_header *headers;
    size_t header_count;
    bool lines_whole; /* every header stood in one line that ended in CR LF, without NUL */
};
struct hr_guard_limits {
    size_t header_max_bytes;
    size_t headers_max;
};
struct hr_guard_verdict {
    enum hr_code code;     /* HR_CODE_none: let in */
    struct hr_text detail; /* static */
    struct hr_text path;
    struct hr_text query;
    bool chunked;
    uint64_t content_length; /* 0 without one */
};
/* Lets a request in or says why not. */
struct hr_guard_verdict hr_guard(const struct hr_guard_request *request,
                                 const struct hr_guard_limits *limits);

#endif
