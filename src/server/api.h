/* server/api: what people ask and do over HTTP, from one table of routes.
 *
 * Why      a route, its right, what it takes and its description are one row (routes.tbl), so none can be without
 *          a right and the description is never out of date.
 * Shape    request -> route -> token -> person -> role in the plan in force -> right -> handler -> answer.
 * Owner    texts live in the arena given.
 * Limits   a path of 3 KiB, names of 1 KiB, notes of 4 KiB.
 * Errors   problem documents (RFC 9457) with the codes of errors_*.tbl.
 * Threads  hr_api_answer (host.h) runs on the desk's thread; the rest is safe anywhere.
 * Source   RFC 6750 (bearer tokens), OpenAPI 3.1.
 * Tests    tests/unit/cli_api_test.c, tests/e2e/cli.test.mjs */
#ifndef HR_SERVER_API_H
#define HR_SERVER_API_H

#include "plan/plan.h"

/* What a route asks of its caller. */
enum hr_right {
    HR_RIGHT_open = 1, /* nobody signs in */
    HR_RIGHT_signed,   /* the tool's own signature */
    HR_RIGHT_known,    /* anyone with a token */
    HR_RIGHT_read,
    HR_RIGHT_operate,
    HR_RIGHT_govern
};
/* True if a signed-in person of this role has the right. */
bool hr_role_may(enum hr_role role, enum hr_right right);

/* A route as the table has it. */
struct hr_route {
    const char *method;
    const char *path;
    enum hr_right right;
};
/* All routes in order; false behind the last. */
bool hr_route_at(size_t index, struct hr_route *ret_route);

/* The description of all routes (OpenAPI 3.1, JSON); the empty text without memory. */
struct hr_text hr_api_openapi(struct hr_arena *into);

enum { HR_TOKEN_RANDOM_SIZE = 32, HR_TOKEN_NAME_SIZE = 12 };
/* A token from random bytes: "hrt_" and base64url; the empty text without memory. */
struct hr_text hr_token_make(const uint8_t random[HR_TOKEN_RANDOM_SIZE], struct hr_arena *into);
/* What the journal keeps of it. */
struct hr_digest hr_token_digest(struct hr_text token);
/* How a token is named without telling it: the first 12 hexadecimal digits of its digest. */
struct hr_text hr_token_name(struct hr_text digest, struct hr_arena *into);

#endif
