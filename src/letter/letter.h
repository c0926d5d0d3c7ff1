/* letter: a message as one customer gets it: built whole, or not at all.
 *
 * Why      what a person approves, what `message preview` shows and what leaves must be the same bytes, with the
 *          sender's address and the way out below them wherever the law wants them; and never "Hello ,".
 * Kept     what was planned and seen is kept whole, and what leaves is read from there: never built a second time.
 * Shape    plan, message, recipient and a view of their fields -> letter: sender, recipient, subject, text, HTML, and
 *          the digest of all that. The purpose decides: where it needs consent, the postal address and the link to
 *          unsubscribe (letter/unsubscribe.h) stand below both parts and in the mail's head.
 * Digest   BLAKE2b-256 over every part with its size before it. The same letter has the same digest each time it is
 *          built, so an approval is bound to what was seen; one value changed, and it is another. A text that shows
 *          the time of its making ("now") is another each time.
 * Owner    a letter's texts live in the arena given, the plan, or the order.
 * Limits   the enum below, and those of templates.
 * Errors   named outcomes, with a code, a sentence and (of a missing value) the field's name; HR_E_MEMORY.
 * Pure     yes.                                  Threads   safe.
 * Source   RFC 8058 (one click), RFC 2919 (List-Id), CAN-SPAM 15 USC 7704 (postal address).
 * Tests    tests/unit/letter_build_test.c, tests/golden/letter */
#ifndef HR_LETTER_LETTER_H
#define HR_LETTER_LETTER_H

#include "base/bytes.h"
#include "plan/plan.h"
#include "template/template.h"

enum {
    HR_LETTER_TEXT_MAX = 256 << 10, /* bytes of the text part, foot and all: what net/mail takes */
    HR_LETTER_HTML_MAX =
        512 << 10, /* the same, of the HTML part; many readers show 100 KiB of it */
    HR_LETTER_NAME_MAX = 200
};

/* What one is built of. */
struct hr_letter_order {
    const struct hr_plan *plan;
    const struct hr_message *message;
    int32_t
        purpose; /* as the step says it (index in policies.purposes), for a message that does not; else -1 */
    struct hr_text to_address; /* in normal form (hr_email_normal) */
    struct hr_text to_name;    /* may be empty */
    struct hr_text
        unsubscribe_url; /* hr_unsubscribe_url(); needed where the purpose needs consent */
    const struct hr_template_view *view;
    bool
        to_look_at; /* by its writer: what keeps it from going out (HR_LETTER_UNSENDABLE) is passed over */
};

struct hr_letter {
    const struct hr_tool *sender;     /* of kind email; NULL only to look at */
    const struct hr_purpose *purpose; /* NULL: nobody said, so it may be shown and not be sent */
    struct hr_text from_address;
    struct hr_text from_name; /* of the business; at most HR_LETTER_NAME_MAX, as to_name */
    struct hr_text to_address;
    struct hr_text to_name;
    struct hr_text subject;
    struct hr_text text;
    struct hr_text html;
    struct hr_text
        unsubscribe_url;     /* empty: the purpose needs no consent, so there is nothing to leave */
    struct hr_text list_id;  /* with it: marketing.bright.example.com */
    struct hr_digest digest; /* over all of the above */
};

/* HR_TEMPLATE_MISSING, _FAILED and _LIMIT are outcomes of building, too: a value is missing (the recipient's address
 * among them, by its field: contact.email), a text failed, or a part is longer than a letter's may be. */
enum hr_letter_outcome {
    HR_LETTER_UNSENDABLE =
        8 /* no tool sends it (E0479), or it may not go out so: without postal address (E0480),
                              * one-click (E0481), or a secure address at which people can leave (E0542) */
};

/* Builds it. ret_part (may be NULL) tells what an outcome is about: "subject", "text", "html", "recipient" or
 * "sender". */
hr_status hr_letter_build(const struct hr_letter_order *order, struct hr_arena *into,
                          struct hr_letter *ret_letter, const char **ret_part,
                          struct hr_template_error *reterr) HR_MUST_USE;

/* The letter as the journal keeps it from its planning until it leaves: a map of its texts by name (to, to_name, from,
 * from_name, subject, text, html, unsubscribe_url, list_id; empty ones are left out), purpose (its id) and digest
 * (hex). HR_E_MEMORY. */
hr_status hr_letter_keep(const struct hr_letter *letter, struct hr_arena *into,
                         struct hr_value *ret_content) HR_MUST_USE;
/* And back; sender is who sends it now. HR_E_CORRUPT when the digest is not that of the rest. The letter's texts are
 * the map's; its purpose is NULL, for a plan may have it no more. */
hr_status hr_letter_kept(const struct hr_value *content, const struct hr_tool *sender,
                         struct hr_letter *ret_letter) HR_MUST_USE;

/* The tool that sends a message: its own, or the first of kind email; NULL when there is none. */
const struct hr_tool *hr_letter_sender(const struct hr_plan *plan,
                                       const struct hr_message *message);
/* The contact's field (index) that holds the address letters go to: the first of type email; -1 when there is none. */
int32_t hr_letter_address_field(const struct hr_plan *plan);
/* What a message is for; NULL when neither it nor the step (an index, or -1) says so. */
const struct hr_purpose *hr_letter_purpose(const struct hr_plan *plan,
                                           const struct hr_message *message, int32_t said_by_step);

#endif
