/* server/unsubscribe: what answers at the link below a letter: GET shows a page with a button, POST leaves.
 *
 * Why      this is what a mail program's button and a customer's browser reach: without sign-in, cookie or script. A
 *          GET never unsubscribes, since scanners and previews open every link of a mail.
 * Shape    token and request -> page, through a desk: what is known of the business, and the one call that takes the
 *          consent away. leaving.c joins it to the host.
 * Answers  200 the page, or done; 400 a form that says nothing; 404 no token of ours, always the same page; 405; 413
 *          and 415 for bodies that are no such form; 503 with Retry-After when it could not be kept.
 * Owner    pages live in the request's arena.
 * Limits   a body of HR_UNSUBSCRIBE_FORM_MAX; rates and connections are the HTTP server's.
 * Threads  any.
 * Source   RFC 8058, RFC 9110.
 * Tests    tests/unit/server_unsubscribe_test.c (over real sockets), tests/e2e/leave.test.mjs */
#ifndef HR_SERVER_UNSUBSCRIBE_H
#define HR_SERVER_UNSUBSCRIBE_H

#include "letter/unsubscribe.h"
#include "net/server.h"

struct hr_unsubscribe_desk {
    const uint8_t *secret;   /* hr_store_secret */
    struct hr_text business; /* the plan's title */
    void *context;           /* of both calls */
    /* A purpose's title by the number of its name; the empty text when the plan has it no more. */
    struct hr_text (*purpose_title)(void *context, uint32_t purpose);
    /* Takes the request over, takes the consent away, and calls hr_unsubscribe_left when that is committed (or cannot
     * be): at once, or later on any thread. */
    void (*unsubscribe)(void *context, const struct hr_leaving *what,
                        struct hr_http_request *request);
};

/* How large the body of a request may be, for the server's `admit`: small below /u/, else 0 (as everywhere). */
size_t hr_unsubscribe_body_max(struct hr_text path);
/* Answers who left. Done also for a contact who is not there (any more) and for one who has left before: whoever asks
 * must not learn which. Anything else: it was not kept. The request must not be touched afterwards. */
void hr_unsubscribe_left(const struct hr_unsubscribe_desk *desk, const struct hr_leaving *what,
                         struct hr_http_request *request, hr_status status);
/* Answers GET, HEAD or POST for a token (what stands behind /u/ in the path). The request must not be touched
 * afterwards. */
void hr_unsubscribe_answer(const struct hr_unsubscribe_desk *desk, struct hr_text token,
                           struct hr_http_request *request);

#endif
