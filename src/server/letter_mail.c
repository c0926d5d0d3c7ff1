/* server/letter_mail: a letter as the mailer takes it. */
#include "server/letter_mail.h"

_Static_assert((int)HR_LETTER_TEXT_MAX <= (int)HR_MAIL_TEXT_MAX,
               "the mailer takes every letter's text");
_Static_assert((int)HR_LETTER_HTML_MAX <= (int)HR_MAIL_HTML_PART_MAX, "and every letter's HTML");

hr_status hr_letter_mail(const struct hr_letter *letter, const struct hr_key *effect_key,
                         struct hr_text mail_host, hr_instant now, struct hr_arena *into,
                         struct hr_mail *ret_mail)
{
    struct hr_text domain = letter->from_address;
    struct hr_text header = hr_mail_repeat_header(mail_host);
    struct hr_text key = hr_hex(into, effect_key->bytes, sizeof effect_key->bytes);
    (void)hr_text_cut(&domain, '@');
    struct hr_text id = hr_text_format(into, "%.*s@%.*s", HR_SHOW(key), HR_SHOW(domain));
    if (key.size == 0 || id.size == 0) {
        return hr_answer(HR_E_MEMORY);
    }
    *ret_mail = (struct hr_mail){
        .from_address = letter->from_address,
        .from_name = letter->from_name,
        .to_address = letter->to_address,
        .to_name = letter->to_name,
        .subject = letter->subject,
        .text = letter->text,
        .html = letter->html,
        .message_id = id,
        .unsubscribe_url = letter->unsubscribe_url,
        .list_id = letter->list_id,
        .repeat_header = header,
        .repeat_key = header.size > 0 ? key : HR_TEXT_NONE,
        .date_us = now,
    };
    return hr_done();
}
