/* net, mail: what writing a mail's head and its parts share. Not for other rooms. */
#ifndef HR_NET_MAIL_INSIDE_H
#define HR_NET_MAIL_INSIDE_H

#include "net/mail.h"

/* mail_check.c: HR_E_INPUT with a diagnostic for anything that cannot stand in a mail. */
hr_status hr_mail_check(const struct hr_mail *mail, struct hr_diagnostics *reterr) HR_MUST_USE;
bool hr_mail_is_ascii(struct hr_text text);

/* mail_body.c: the text, or text and HTML as two forms of one thing, with the header lines that say which. */
void hr_mail_add_body(struct hr_buffer *out, const struct hr_mail *mail);

#endif
