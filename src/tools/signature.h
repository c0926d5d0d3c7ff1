/* tools/signature: was this message signed by the tool that it names, and lately? And the other
 * way: sign one.
 *
 * Why      unsigned, old, replayed or re-typed messages do nothing. The raw bytes are signed,
 *          never what they were read as; comparing takes the same time whether one byte or all
 *          differ.
 * Shape    a signer holds one scheme and one or two secrets (two while a secret is being rotated:
 *          the first is the new one and signs; both verify), with the keyed hash contexts ready.
 * Units    instants and tolerance in microseconds.
 * Owner    a signer copies its options; made texts live in the arena given.
 * Limits   8 signatures a header are looked at; a header at most 4 KiB; secrets at most 256
 *          bytes.
 * Errors   HR_E_INPUT for a secret that cannot be one; HR_E_MEMORY. What a message does is an
 *          outcome.
 * Threads  one owner per signer.
 * Source   standardwebhooks.com specification 1.0; Stripe "Verify signatures manually"; RFC 2104.
 * Tests    tests/unit/tools_signature_test.c; corpus 14 */
#ifndef HR_TOOLS_SIGNATURE_H
#define HR_TOOLS_SIGNATURE_H

#include "base/base.h"
#include "base/diagnostic.h"
#include "plan/plan.h"

struct hr_signer;

enum { HR_SECRETS_MAX = 2 };

struct hr_signature_options {
    enum hr_scheme scheme;     /* HR_SCHEME_none is HR_E_INPUT: no secret, no endpoint */
    struct hr_text header;     /* of hmac_sha256 */
    struct hr_text prefix;     /* of hmac_sha256, before the digest, e.g. "sha256="; may be empty */
    enum hr_encoding encoding; /* of hmac_sha256 */
    int64_t tolerance_us;      /* 0: 5 minutes */
    struct hr_text secrets[HR_SECRETS_MAX]; /* the second may be empty */
};

/* What verifying finds. */
enum hr_signature {
    HR_SIGNATURE_ok,
    HR_SIGNATURE_missing,     /* a header that the scheme needs is not there */
    HR_SIGNATURE_malformed,   /* it is there, or twice, and has not the form */
    HR_SIGNATURE_too_old,     /* signed longer ago than the tolerance */
    HR_SIGNATURE_in_future,   /* signed later than now by more than the tolerance */
    HR_SIGNATURE_unsupported, /* only signatures of a kind that is not read, e.g. v1a */
    HR_SIGNATURE_mismatch
};
/* The error code of an outcome; HR_CODE_none for ok. */
enum hr_code hr_signature_code(enum hr_signature outcome);

/* How the caller hands out headers: the value under a name (any case), data NULL when absent;
 * *ret_twice when the header came more than once. */
typedef struct hr_text (*hr_header_of)(void *context, struct hr_text name, bool *ret_twice);

/* Makes a signer. HR_E_INPUT when a secret is empty, too long, or of a kind that cannot be used
 * (whpk_). */
hr_status hr_signer_create(const struct hr_signature_options *options,
                           struct hr_signer **ret_signer) HR_MUST_USE;
/* Frees it and wipes its keys; NULL is allowed. */
void hr_signer_free(struct hr_signer *signer);

/* Verifies a message. ret_id (may be NULL) gets the delivery's id where the scheme signs one
 * (webhook-id), else the empty text; it points into the header. */
enum hr_signature hr_signer_verify(struct hr_signer *signer, hr_header_of header_of, void *context,
                                   struct hr_text body, hr_instant now,
                                   struct hr_text *ret_id) HR_MUST_USE;

/* The headers that sign a message with the first secret: at most HR_SIGNED_HEADERS_MAX. id is used
 * by Standard Webhooks alone. HR_E_MEMORY. */
enum { HR_SIGNED_HEADERS_MAX = 3 };
struct hr_signed_header {
    struct hr_text name;
    struct hr_text value;
};
hr_status hr_signer_sign(struct hr_signer *signer, struct hr_text id, hr_instant now,
                         struct hr_text body, struct hr_arena *into,
                         struct hr_signed_header ret_headers[HR_SIGNED_HEADERS_MAX],
                         size_t *ret_count) HR_MUST_USE;

#endif
