/* server/letter_mail: a letter as the mailer takes it.
 *
 * Why      the room of letters knows no network, and the mailer no customers; here the two meet.
 * Shape    letter, the effect's key, the mail server's host -> struct hr_mail. The Message-ID is made of the key, so
 *          the same effect has the same; where the host's provider knows a repeat by a header of its own, the key
 *          stands there too.
 * Owner    texts live in the letter, or in the arena given.
 * Errors   HR_E_MEMORY.
 * Threads  safe.
 * Tests    tests/e2e/letter.test.mjs, tests/unit/server_letter_mail_test.c */
#ifndef HR_SERVER_LETTER_MAIL_H
#define HR_SERVER_LETTER_MAIL_H

#include "letter/letter.h"
#include "net/mail.h"

/* Fills in a mail. A letter whose mail.repeat_header is empty afterwards must never be sent again on a doubt. */
hr_status hr_letter_mail(const struct hr_letter *letter, const struct hr_key *effect_key,
                         struct hr_text mail_host, hr_instant now, struct hr_arena *into,
                         struct hr_mail *ret_mail) HR_MUST_USE;

#endif
