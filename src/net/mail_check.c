/* What may stand in a mail. Nobody breaks out of a header here: what could is refused, and never mended in silence. */
#include "net/mail_inside.h"

#include <string.h>

enum {
    SUBJECT_MAX = 400,
    NAME_MAX_BYTES = 200,
    ADDRESS_MAX = 254,
    LOCAL_MAX = 64,
    LABEL_MAX = 63,
    ID_MAX = 200,
    LIST_ID_MAX = 200,
    URL_MAX = 900, /* with its header on one line of at most 998 (RFC 5322 2.1.1) */
    REPEAT_HEADER_MAX = 64,
    REPEAT_KEY_MAX = 256 /* what Resend takes */
};

static hr_status refuse(struct hr_diagnostics *reterr, const char *what)
{
    if (reterr != NULL) {
        (void)hr_diagnostics_add(reterr, HR_CODE_mail_header, HR_SEVERITY_error,
                                 (struct hr_place){0}, "%s", what);
    }
    return hr_answer(HR_E_INPUT);
}

static bool is_letter_or_digit(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9');
}

/* True if all bytes are ASCII letters, digits, or among `more`. */
static bool is_made_of(struct hr_text text, const char *more)
{
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        if (byte == '\0' || (!is_letter_or_digit(byte) && strchr(more, byte) == NULL)) {
            return false;
        }
    }
    return true;
}

bool hr_mail_is_ascii(struct hr_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        if ((unsigned char)text.data[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

/* UTF-8 without control signs. */
static bool is_line(struct hr_text text, size_t most)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte < 0x20 || byte == 0x7f) {
            return false;
        }
    }
    return text.size <= most && hr_text_is_utf8(text);
}

/* A dot-atom; letters beyond ASCII too, where they are allowed (RFC 6531). */
static bool is_local_part(struct hr_text local, bool beyond_ascii)
{
    if (local.size == 0 || local.size > LOCAL_MAX || local.data[0] == '.' ||
        local.data[local.size - 1] == '.') {
        return false;
    }
    for (size_t i = 0; i < local.size; i++) {
        char byte = local.data[i];
        bool doubled = byte == '.' && local.data[i + 1] == '.';
        bool beyond = (unsigned char)byte >= 0x80;
        bool plain = is_made_of((struct hr_text){&byte, 1}, "!#$%&'*+-/=?^_`{|}~.");
        if (doubled || (beyond ? !beyond_ascii : !plain)) {
            return false;
        }
    }
    return hr_text_is_utf8(local);
}

/* Labels of letters, digits and hyphens. */
static bool is_domain(struct hr_text domain)
{
    if (domain.size == 0 || domain.data[domain.size - 1] == '.') {
        return false;
    }
    while (domain.size > 0) {
        struct hr_text label = hr_text_cut(&domain, '.');
        if (label.size == 0 || label.size > LABEL_MAX || label.data[0] == '-' ||
            !is_made_of(label, "-")) {
            return false;
        }
    }
    return true;
}

/* The form that every server takes; a recipient's local part may have letters beyond ASCII. */
static bool is_address(struct hr_text text, bool beyond_ascii)
{
    struct hr_text domain = text;
    struct hr_text local = hr_text_cut(&domain, '@');
    return text.size <= ADDRESS_MAX && is_local_part(local, beyond_ascii) && is_domain(domain);
}

static bool is_message_id(struct hr_text text)
{
    struct hr_text right = text;
    struct hr_text left = hr_text_cut(&right, '@');
    return text.size <= ID_MAX && left.size > 0 && right.size > 0 && is_made_of(left, "-_.+=$") &&
           is_made_of(right, "-_.+=$");
}

/* A whole https link without anything that ends it early; RFC 8058 allows no other. */
static bool is_secure_link(struct hr_text url)
{
    static const struct hr_text scheme = HR_TEXT("https://");
    return url.size <= URL_MAX && url.size > scheme.size && hr_text_starts(url, scheme) &&
           is_made_of(url, "-._~:/?#[]@!$&'()*+;=%");
}

static bool is_repeat_header(struct hr_text name)
{
    return name.size <= REPEAT_HEADER_MAX && name.size > 0 && is_letter_or_digit(name.data[0]) &&
           is_made_of(name, "-");
}

static hr_status check_addresses(const struct hr_mail *mail, struct hr_diagnostics *reterr)
{
    if (!is_address(mail->from_address, false)) {
        return refuse(reterr, "the sender's address cannot stand in a mail");
    }
    if (!is_address(mail->to_address, true)) {
        return refuse(reterr, "the recipient's address cannot stand in a mail");
    }
    if (mail->reply_to.size > 0 && !is_address(mail->reply_to, false)) {
        return refuse(reterr, "the address for answers cannot stand in a mail");
    }
    return hr_done();
}

static hr_status check_lines(const struct hr_mail *mail, struct hr_diagnostics *reterr)
{
    if (!is_line(mail->from_name, NAME_MAX_BYTES) || !is_line(mail->to_name, NAME_MAX_BYTES)) {
        return refuse(reterr,
                      "a name has control signs, is not UTF-8, or is longer than 200 bytes");
    }
    if (!is_line(mail->subject, SUBJECT_MAX)) {
        return refuse(reterr,
                      "the subject has control signs, is not UTF-8, or is longer than 400 bytes");
    }
    if (!is_message_id(mail->message_id)) {
        return refuse(reterr, "the message id does not have the form left@right");
    }
    return hr_done();
}

static hr_status check_list(const struct hr_mail *mail, struct hr_diagnostics *reterr)
{
    if (mail->unsubscribe_url.size > 0 && !is_secure_link(mail->unsubscribe_url)) {
        return refuse(reterr, "the link to unsubscribe has to begin with https://, in ASCII, and "
                              "to be at most 900 bytes long");
    }
    if (mail->list_id.size > 0 &&
        (mail->list_id.size > LIST_ID_MAX || !is_made_of(mail->list_id, "-_."))) {
        return refuse(reterr, "the list's id has other signs than letters, digits, - _ and .");
    }
    if (mail->repeat_header.size > 0 &&
        (!is_repeat_header(mail->repeat_header) || mail->repeat_key.size == 0 ||
         mail->repeat_key.size > REPEAT_KEY_MAX || !is_made_of(mail->repeat_key, "-_.@/+="))) {
        return refuse(reterr, "the key for repeats cannot stand in a mail header");
    }
    return hr_done();
}

hr_status hr_mail_check(const struct hr_mail *mail, struct hr_diagnostics *reterr)
{
    HR_TRY(check_addresses(mail, reterr));
    HR_TRY(check_lines(mail, reterr));
    HR_TRY(check_list(mail, reterr));
    if (mail->text.size > HR_MAIL_TEXT_MAX) {
        return refuse(reterr, "the text is longer than 256 KiB");
    }
    if (mail->html.size > HR_MAIL_HTML_PART_MAX) {
        return refuse(reterr, "the HTML part is longer than 512 KiB");
    }
    return hr_done();
}
