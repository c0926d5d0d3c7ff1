/* tools/caller: asks something of a tool, once: the call is made, signed in, sent and judged.
 *
 * Why      the ledger decides whether and when; nobody else should have to know tokens, secrets and addresses.
 * Shape    a caller a thread (it keeps an HTTP client); tokens and settings are shared.
 * Rules    sent once. Only a 401 to a token of OAuth is answered by a second try with a new token, because a call
 *          that was refused at the door did nothing; never more than one.
 * Owner    options are kept by reference and live as long; answers live in the arena given.
 * Limits   an answer of 256 KiB is read; the arena needs room for some megabytes.
 * Errors   HR_E_MEMORY, and those of secret_of; the verdict is true even then: `unknown` once something may have been
 *          sent. What the world does is in the verdict; what cannot be called at all is refused, permanent.
 * Threads  one owner a caller.
 * Tests    tests/unit/tools_oauth_test.c, tests/e2e/tool.test.mjs */
#ifndef HR_TOOLS_CALLER_H
#define HR_TOOLS_CALLER_H

#include "tools/oauth.h"

struct hr_caller;

struct hr_caller_options {
    /* The newest value of a secret by its name, in the arena, where it is wiped after the call; empty when it is not
     * set. */
    hr_status (*secret_of)(void *context, struct hr_text name, struct hr_arena *into,
                           struct hr_text *ret_value);
    void *context;
    struct hr_oauth *tokens;         /* shared */
    const struct hr_tool_here *here; /* what this machine's settings say of tools */
    size_t here_count;
    const char *ca_file; /* more trusted certificates; NULL: the system's */
};

/* Makes a caller. HR_E_MEMORY. */
hr_status hr_caller_create(const struct hr_caller_options *options,
                           struct hr_caller **ret_caller) HR_MUST_USE;
/* Frees it; NULL is allowed. */
void hr_caller_free(struct hr_caller *caller);

/* Asks and judges. here is filled in by the caller. ret_answer may be NULL; its status is 0 when none came. */
hr_status hr_caller_ask(struct hr_caller *caller, const struct hr_outbound_ask *ask,
                        struct hr_arena *into, struct hr_outbound_verdict *ret_verdict,
                        struct hr_http_result *ret_answer) HR_MUST_USE;
/* Asks the check of ask->action whether it was done. */
hr_status hr_caller_check(struct hr_caller *caller, const struct hr_outbound_ask *ask,
                          struct hr_arena *into, enum hr_found *ret_found,
                          struct hr_outbound_verdict *ret_verdict,
                          struct hr_http_result *ret_answer) HR_MUST_USE;

/* What the settings say of a tool, or NULL. */
const struct hr_tool_here *hr_tool_here_of(const struct hr_tool_here *here, size_t count,
                                           struct hr_text tool);

#endif
