/* letter/unsubscribe: the way out of a letter: the token in its link, what a mail program posts there, and the pages.
 *
 * Why      leaving must be one click, for ever, without a sign-in; and nobody may make another person leave, or read
 *          from a link who a customer is.
 * Shape    contact, purpose and channel -> token of 40 signs (letters, digits, - and _) -> https://HOST/u/TOKEN, and
 *          back. A POST with List-Unsubscribe=One-Click there unsubscribes; nothing else does.
 * Token    30 bytes in base64url: a keyed hash (SipHash-2-4, 128 bits) of what it means, and behind it that, covered
 *          by a keyed hash of the first. Both keys are made from the store's secret. So a token tells nothing, cannot
 *          be guessed or changed, never expires, and is the same each time for the same three. Who has the store's
 *          secret can make any.
 * Owner    texts live in the arena given.
 * Limits   the enum below.
 * Errors   false: it is none of ours, and no more is said. Pages: data NULL without memory.
 * Timing   reading takes the same work for every token, whatever is wrong with it.
 * Pure     yes.                                  Threads   safe.
 * Source   RFC 8058 (3.2: form-urlencoded or multipart/form-data, no cookie), RFC 7578, RFC 2104's two keys.
 * Tests    tests/unit/letter_unsubscribe_test.c, tests/golden/letter; fuzz: unsubscribe */
#ifndef HR_LETTER_UNSUBSCRIBE_H
#define HR_LETTER_UNSUBSCRIBE_H

#include "base/bytes.h"

enum {
    HR_UNSUBSCRIBE_TOKEN_SIZE = 40,
    HR_UNSUBSCRIBE_FORM_MAX = 4 << 10, /* bytes of a form; a mail program's has 26 to about 200 */
    HR_UNSUBSCRIBE_PAGE_MAX = 16 << 10
};

/* How people are reached. Stored in tokens for ever: new ones get new numbers. */
enum hr_unsubscribe_channel { HR_UNSUBSCRIBE_CHANNEL_email = 1 };

/* Who leaves what. */
struct hr_leaving {
    uint64_t contact; /* the record's id; a merged one leads on */
    uint32_t purpose; /* the number of a name, which never changes; never its place in a plan */
    uint8_t channel;  /* enum hr_unsubscribe_channel */
};

/* Writes the token (no NUL behind it). */
void hr_unsubscribe_token(const uint8_t secret[HR_KEY_SIZE], const struct hr_leaving *what,
                          char ret_token[HR_UNSUBSCRIBE_TOKEN_SIZE]);
/* Reads one; false when it was not made under this secret, and *ret_what is all zero then. */
bool hr_unsubscribe_token_read(const uint8_t secret[HR_KEY_SIZE], struct hr_text token,
                               struct hr_leaving *ret_what);
/* The link of a letter: base (https://..., as people reach this server) and /u/TOKEN; the empty text when base is no
 * https link, or without memory. */
struct hr_text hr_unsubscribe_url(const uint8_t secret[HR_KEY_SIZE], const struct hr_leaving *what,
                                  struct hr_text base, struct hr_arena *into);

/* ---- what is posted ------------------------------------------------------------------------------- */

enum hr_unsubscribe_form {
    HR_UNSUBSCRIBE_FORM_yes,     /* List-Unsubscribe=One-Click, once */
    HR_UNSUBSCRIBE_FORM_no,      /* a form that does not say so */
    HR_UNSUBSCRIBE_FORM_unknown, /* no form that is read: the content type decides, never the bytes */
    HR_UNSUBSCRIBE_FORM_too_big
};
/* Reads a form's body by its Content-Type; a body without one is taken for application/x-www-form-urlencoded. */
enum hr_unsubscribe_form hr_unsubscribe_form_read(struct hr_text content_type, struct hr_text body);

/* ---- pages ---------------------------------------------------------------------------------------- */

enum hr_unsubscribe_page {
    HR_UNSUBSCRIBE_PAGE_ask,     /* with a button; nothing has happened */
    HR_UNSUBSCRIBE_PAGE_done,    /* it is done */
    HR_UNSUBSCRIBE_PAGE_unknown, /* this link is none of ours */
    HR_UNSUBSCRIBE_PAGE_unread,  /* what was posted says nothing; with a button */
    HR_UNSUBSCRIBE_PAGE_later    /* it could not be kept right now; with a button */
};
/* Writes a whole HTML page without script and without anything of the customer. business and purpose (its title) may be
 * empty; on the page `unknown` neither is shown. */
struct hr_text hr_unsubscribe_page_write(enum hr_unsubscribe_page page, struct hr_text business,
                                         struct hr_text purpose, struct hr_arena *into);
/* What goes with every page as Content-Security-Policy: nothing is loaded, nothing runs, nobody frames it, its one
 * style is named by its hash. */
struct hr_text hr_unsubscribe_page_policy(void);

#endif
