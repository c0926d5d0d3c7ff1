/* tools/oauth: tokens by client credentials, asked for once and shared by all threads.
 *
 * Why      ten threads that each ask for a token, or ask again after every refusal, get a tool's access taken away.
 * Shape    hr_oauth keeps one token a tool and grant, in memory only, until shortly before it ends. One thread asks,
 *          the others wait for what it gets. A failure is answered again for a few seconds without asking.
 * Units    milliseconds of a clock that never goes back.
 * Owner    tokens are copied into the arena given, and wiped when they are replaced.
 * Limits   HR_OAUTH_TOOLS_MAX tools; a token at most HR_OAUTH_TOKEN_MAX; it is used for at most a day.
 * Errors   HR_E_MEMORY, HR_E_LIMIT. What the world does is in the verdict: class permission or transient, or rate.
 * Privacy  neither token nor secret nor what the token's server says is in any text.
 * Threads  any.
 * Source   RFC 6749 sections 2.3.1, 4.4, 5.1, 5.2; RFC 6750.
 * Tests    tests/unit/tools_oauth_test.c, tests/e2e/tool.test.mjs */
#ifndef HR_TOOLS_OAUTH_H
#define HR_TOOLS_OAUTH_H

#include "tools/outbound.h"

struct hr_oauth;

enum { HR_OAUTH_TOOLS_MAX = 256, HR_OAUTH_TOKEN_MAX = 4000 };

/* Makes an empty store. now_ms: the clock; NULL: the machine's. */
hr_status hr_oauth_create(int64_t (*now_ms)(void), struct hr_oauth **ret_tokens) HR_MUST_USE;
/* Wipes and frees it; nobody may be waiting. NULL is allowed. */
void hr_oauth_free(struct hr_oauth *tokens);

/* The token to sign in to the tool with: kept, or asked for with this client. Empty: there is none, and the verdict
 * says why (reached `again` or `refused`: nothing was asked of the tool itself). */
hr_status hr_oauth_get(struct hr_oauth *tokens, struct hr_http_client *client,
                       const struct hr_outbound_ask *ask, struct hr_text secret,
                       struct hr_arena *into, struct hr_text *ret_token,
                       struct hr_outbound_verdict *ret_verdict) HR_MUST_USE;
/* The tool refused this token (401): it is asked for anew, unless somebody did meanwhile. */
void hr_oauth_spoil(struct hr_oauth *tokens, struct hr_text token);
/* Fills the call that asks for a token, for whoever wants to see it. */
hr_status hr_oauth_request(const struct hr_outbound_ask *ask, struct hr_text secret,
                           struct hr_arena *into, struct hr_http_call *ret_call) HR_MUST_USE;

#endif
