/* fuzz/unsubscribe: the first line is a content type, the rest what was posted; all of it is a token, too. Reading
 * never crashes and never reads beyond; a form that says yes has both words in it; no token but one's own is read. */
#include "letter/unsubscribe.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t secret[HR_KEY_SIZE] = {3, 1, 4, 1, 5};

static void must(bool truth)
{
    if (!truth) {
        abort();
    }
}

static bool has(struct hr_text text, struct hr_text part)
{
    return hr_text_search(text, part) < text.size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hr_text body = {(const char *)data, size};
    struct hr_leaving what;
    must(!hr_unsubscribe_token_read(secret, body, &what) && what.contact == 0);
    struct hr_text type = hr_text_cut(&body, '\n');
    enum hr_unsubscribe_form form = hr_unsubscribe_form_read(type, body);
    must((form == HR_UNSUBSCRIBE_FORM_too_big) == (body.size > HR_UNSUBSCRIBE_FORM_MAX));
    bool escaped = has(body, HR_TEXT("%"));
    must(form != HR_UNSUBSCRIBE_FORM_yes || escaped ||
         (has(body, HR_TEXT("List-Unsubscribe")) && has(body, HR_TEXT("One-Click"))));
    must(form != HR_UNSUBSCRIBE_FORM_yes || type.size == 0 || has(type, HR_TEXT("/")));
    if (size >= 13) { /* what is made of these bytes comes back */
        struct hr_leaving made = {.channel = data[0]};
        char token[HR_UNSUBSCRIBE_TOKEN_SIZE];
        memcpy(&made.purpose, data + 1, sizeof made.purpose);
        memcpy(&made.contact, data + 5, sizeof made.contact);
        hr_unsubscribe_token(secret, &made, token);
        must(hr_unsubscribe_token_read(secret, (struct hr_text){token, sizeof token}, &what));
        must(what.contact == made.contact && what.purpose == made.purpose &&
             what.channel == made.channel);
    }
    return 0;
}
