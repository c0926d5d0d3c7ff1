/* tools/outbound: from what is asked of a tool to one HTTP call, and from the answer to what it means.
 *
 * Why      nothing leaves but what the tool's file says, to no other host, and "no answer" is never taken for a no.
 *          The ledger needs four answers and, for what went wrong, whose turn it is: wait, mend, sign in anew.
 * Shape    make and judge are two pure functions around hr_http_client_call; caller.h does all three.
 * Leaves   path variables percent-encoded, all but letters, digits and -._~, none empty, none with control bytes, none
 *          that would change which path it is; a JSON object of what `body` names, without members whose value is not
 *          known; headers without control bytes. The address begins with the tool's own, or with what this machine's
 *          settings.yaml puts in its place, and has the same origin, or nothing is called.
 * Means    2xx: confirmed. `success`, where it is said, is asked about every whole answer first: it holds: confirmed.
 *          It surely does not, for a 2xx: refused (the tool said no in its own words). It cannot be told, because what
 *          it reads is not there, is no JSON or was cut: unknown, never refused. Others: 408, 425, 429, and 503 with
 *          Retry-After: again; other 4xx and 3xx: refused; other 5xx, and a connection lost after the first byte:
 *          unknown, but again for an action that only reads.
 * Units    bytes; seconds where named so.
 * Owner    what is made lives in the arena given, and points into tool, action and settings.
 * Limits   HR_OUTBOUND_*; url as net/client.h; two minutes a call, whatever the tool's `timeout` says.
 * Errors   HR_E_INPUT with `why`: it cannot be called so, and will not be later; HR_E_MEMORY.
 * Privacy  `why` and `words` say nothing of inputs, answers or secrets, but names from the tool's file and numbers.
 * Pure     yes.                      Threads  safe.
 * Source   RFC 3986, 6750, 7617, 9110; draft-ietf-httpapi-idempotency-key-header.
 * Tests    tests/unit/tools_outbound_test.c, tests/e2e/tool.test.mjs */
#ifndef HR_TOOLS_OUTBOUND_H
#define HR_TOOLS_OUTBOUND_H

#include "net/client.h"
#include "plan/plan.h"

enum {
    HR_OUTBOUND_BODY_MAX = 256 << 10,
    HR_OUTBOUND_HEADERS_MAX = 48,
    HR_OUTBOUND_VALUE_MAX = 7000, /* of a header */
    HR_OUTBOUND_KEY_MAX = 255
};

/* What the settings of this machine say about a tool: never the workspace, so that who writes it cannot send secrets
 * elsewhere or reach what lies inside. */
struct hr_tool_here {
    struct hr_text tool; /* its id */
    struct hr_text
        base; /* called in place of the tool's first address, though inside; may be empty */
    struct hr_text token_url; /* in place of its own; may be empty */
};

struct hr_outbound_ask {
    const struct hr_tool *tool;
    const struct hr_action *action;
    const struct hr_value *inputs;   /* a map; what is null or not there is not known */
    struct hr_text key;              /* stored with the effect; empty: none is sent */
    const struct hr_tool_here *here; /* NULL: nothing is said about the tool */
};

/* ---- a call ------------------------------------------------------------------------------------- */

struct hr_outbound_call {
    struct hr_http_call http;
    int32_t secret_header; /* index in http.headers, or -1 */
    struct hr_text why;    /* it could not be made */
};

/* Makes the call. secret: the value of the secret that the tool's auth names; of oauth, the token. */
hr_status hr_outbound_make(const struct hr_outbound_ask *ask, struct hr_text secret,
                           struct hr_arena *into, struct hr_outbound_call *ret_call) HR_MUST_USE;
/* The call as text for people, without the secret: its header says where it comes from. */
void hr_outbound_show(const struct hr_outbound_ask *ask, const struct hr_outbound_call *call,
                      struct hr_buffer *out);
/* The address that is called in the end, and "host:port" of it when the settings named it (else empty). */
struct hr_text hr_outbound_base(const struct hr_outbound_ask *ask);
struct hr_text hr_outbound_allow(struct hr_arena *into, struct hr_text base);

/* ---- an answer ---------------------------------------------------------------------------------- */

/* What went wrong, by whose turn it is. */
enum hr_fault {
    HR_FAULT_none,
    HR_FAULT_transient,  /* nobody's: later it may work */
    HR_FAULT_permanent,  /* what was asked: the same again will not help */
    HR_FAULT_permission, /* how we sign in: 401, 403, an expired or withdrawn secret */
    HR_FAULT_rate        /* too much at once */
};
struct hr_outbound_verdict {
    enum hr_reached reached;
    enum hr_fault fault;
    uint32_t not_before_s; /* from now, as the tool asked; 0: it did not */
    struct hr_text words;  /* one line */
};
/* Judges the answer to a call of the action. */
hr_status hr_outbound_judge(const struct hr_outbound_ask *ask, const struct hr_http_result *result,
                            struct hr_arena *into,
                            struct hr_outbound_verdict *ret_verdict) HR_MUST_USE;

/* What a check found. */
enum hr_found { HR_FOUND_done, HR_FOUND_not_done, HR_FOUND_unclear };
/* Judges what the check of ask->action answered: `done_when` over a whole answer of 2xx, 404 or 410 says done or not
 * done; anything else, or a line that cannot be told, is unclear, and the verdict (of the check itself) says why.
 * The check is called with the inputs of the action. */
hr_status hr_outbound_judge_check(const struct hr_outbound_ask *ask,
                                  const struct hr_http_result *result, struct hr_arena *into,
                                  enum hr_found *ret_found,
                                  struct hr_outbound_verdict *ret_verdict) HR_MUST_USE;

/* confirmed, refused, again, unknown; none, transient, permanent, permission, rate; done, not done, unclear. */
struct hr_text hr_reached_word(enum hr_reached reached);
struct hr_text hr_fault_word(enum hr_fault fault);
struct hr_text hr_found_word(enum hr_found found);

#endif
