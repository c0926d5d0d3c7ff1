/* The bytes of a mail: headers that nobody can break out of, and a text that survives every server. Pure. */
#include "base/bytes.h"
#include "data/time.h"
#include "net/mail.h"

#include <string.h>

enum {
    SUBJECT_MAX = 400,
    NAME_MAX_BYTES = 200,
    ADDRESS_MAX = 254,
    LOCAL_MAX = 64,
    ID_MAX = 200,
    TEXT_MAX = 256 << 10,
    LINE_MAX_BYTES = 76, /* of quoted-printable, and of what may stay as it is */
    WORD_BYTES = 39      /* in one encoded word: with "Subject: " and its frame below 76 */
};

/* ---- what may stand in a header ------------------------------------------------------------- */

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

/* dot-atom "@" labels of letters, digits and hyphens: the form that every server takes. */
static bool is_address(struct hr_text text)
{
    struct hr_text domain = text;
    struct hr_text local = hr_text_cut(&domain, '@');
    if (text.size > ADDRESS_MAX || local.size == 0 || local.size > LOCAL_MAX || domain.size == 0 ||
        local.data[0] == '.' || local.data[local.size - 1] == '.') {
        return false;
    }
    for (size_t i = 0; i < local.size; i++) {
        char byte = local.data[i];
        bool doubled = byte == '.' && local.data[i + 1] == '.';
        if (byte == '\0' || doubled ||
            (!is_letter_or_digit(byte) && strchr("!#$%&'*+-/=?^_`{|}~.", byte) == NULL)) {
            return false;
        }
    }
    while (domain.size > 0) {
        struct hr_text label = hr_text_cut(&domain, '.');
        if (label.size == 0 || label.size > 63 || label.data[0] == '-') {
            return false;
        }
        for (size_t i = 0; i < label.size; i++) {
            if (!is_letter_or_digit(label.data[i]) && label.data[i] != '-') {
                return false;
            }
        }
    }
    return text.data[text.size - 1] != '.';
}

static bool is_message_id(struct hr_text text)
{
    size_t ats = 0;
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        ats += byte == '@';
        if (byte != '@' &&
            (byte == '\0' || (!is_letter_or_digit(byte) && strchr("-_.+=$", byte) == NULL))) {
            return false;
        }
    }
    return ats == 1 && text.size <= ID_MAX && text.data[0] != '@' &&
           text.data[text.size - 1] != '@';
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

static bool is_ascii(struct hr_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        if ((unsigned char)text.data[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

static hr_status check(const struct hr_mail *mail, struct hr_diagnostics *reterr)
{
    if (!is_address(mail->from_address)) {
        return refuse(reterr, "the sender's address cannot stand in a mail");
    }
    if (!is_address(mail->to_address)) {
        return refuse(reterr, "the recipient's address cannot stand in a mail");
    }
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
    if (mail->text.size > TEXT_MAX) {
        return refuse(reterr, "the text is longer than 256 KiB");
    }
    return hr_done();
}

/* ---- headers -------------------------------------------------------------------------------- */

/* Encoded words of RFC 2047, cut between characters, one a line. */
static void add_encoded(struct hr_buffer *out, struct hr_text text)
{
    while (text.size > 0) {
        size_t size = text.size < WORD_BYTES ? text.size : WORD_BYTES;
        while (size < text.size && ((unsigned char)text.data[size] & 0xc0) == 0x80) {
            size--;
        }
        hr_buffer_add_text(out, HR_TEXT("=?UTF-8?B?"));
        struct hr_text word = hr_base64(out->arena, hr_text_slice(text, 0, size));
        out->failed = out->failed || word.size == 0; /* no memory: half a subject never goes out */
        hr_buffer_add_text(out, word);
        text = hr_text_slice(text, size, text.size);
        hr_buffer_add_text(out, text.size > 0 ? HR_TEXT("?=\r\n ") : HR_TEXT("?="));
    }
}

static void add_subject(struct hr_buffer *out, struct hr_text subject)
{
    bool plain = is_ascii(subject) && hr_text_search(subject, HR_TEXT("=?")) == subject.size;
    if (plain) {
        hr_buffer_add_text(out, subject);
    } else {
        add_encoded(out, subject);
    }
}

/* One line where it fits into the 78 columns that RFC 5322 asks for, else folded before the address. */
static void add_mailbox(struct hr_buffer *out, const char *header, struct hr_text name,
                        struct hr_text address)
{
    bool fits = is_ascii(name) && name.size + address.size < 60;
    struct hr_text between = fits ? HR_TEXT(" ") : HR_TEXT("\r\n ");
    hr_buffer_add_format(out, "%s: ", header);
    if (name.size > 0 && is_ascii(name)) {
        hr_buffer_add_byte(out, '"');
        for (size_t i = 0; i < name.size; i++) {
            if (name.data[i] == '"' || name.data[i] == '\\') {
                hr_buffer_add_byte(out, '\\');
            }
            hr_buffer_add_byte(out, name.data[i]);
        }
        hr_buffer_add_byte(out, '"');
        hr_buffer_add_text(out, between);
    } else if (name.size > 0) {
        add_encoded(out, name);
        hr_buffer_add_text(out, between);
    }
    hr_buffer_add_format(out, "<%.*s>\r\n", HR_SHOW(address));
}

static void add_date(struct hr_buffer *out, hr_instant date)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct hr_civil at = hr_civil_at_offset(date, 0);
    hr_buffer_add_format(out, "Date: %s, %u %s %04d %02u:%02u:%02u +0000\r\n", days[at.weekday % 7],
                         at.day, months[(at.month + 11) % 12], at.year, at.hour, at.minute,
                         at.second);
}

/* ---- text ----------------------------------------------------------------------------------- */

/* True if the text can go as it is: short ASCII lines without control signs. */
static bool is_plain(struct hr_text text)
{
    size_t length = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        bool line_end =
            byte == '\n' || (byte == '\r' && i + 1 < text.size && text.data[i + 1] == '\n');
        length = line_end ? 0 : length + 1;
        if (length > LINE_MAX_BYTES || byte >= 0x7f || (byte < 0x20 && !line_end && byte != '\t')) {
            return false;
        }
    }
    return true;
}

/* One line in quoted-printable, with soft breaks. */
static void add_quoted_line(struct hr_buffer *out, struct hr_text line)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t length = 0;
    for (size_t i = 0; i < line.size; i++) {
        unsigned char byte = (unsigned char)line.data[i];
        bool blank_at_end = (byte == ' ' || byte == '\t') && i + 1 == line.size;
        bool quote = byte < 0x20 || byte >= 0x7f || byte == '=' || blank_at_end;
        quote = quote && !(byte == '\t' && !blank_at_end);
        size_t size = quote ? 3 : 1;
        if (length + size > LINE_MAX_BYTES - 1) {
            hr_buffer_add_text(out, HR_TEXT("=\r\n"));
            length = 0;
        }
        if (quote) {
            hr_buffer_add_byte(out, '=');
            hr_buffer_add_byte(out, digits[byte >> 4]);
            hr_buffer_add_byte(out, digits[byte & 15]);
        } else {
            hr_buffer_add_byte(out, (char)byte);
        }
        length += size;
    }
}

static void add_text(struct hr_buffer *out, struct hr_text text, bool plain)
{
    while (text.size > 0) {
        struct hr_text line = hr_text_cut(&text, '\n');
        if (line.size > 0 && line.data[line.size - 1] == '\r') {
            line.size--;
        }
        if (plain) {
            hr_buffer_add_text(out, line);
        } else {
            add_quoted_line(out, line);
        }
        hr_buffer_add_text(out, HR_TEXT("\r\n"));
    }
}

hr_status hr_mail_write(struct hr_buffer *out, const struct hr_mail *mail,
                        struct hr_diagnostics *reterr)
{
    HR_TRY(check(mail, reterr));
    bool plain = is_plain(mail->text);
    add_date(out, mail->date_us);
    add_mailbox(out, "From", mail->from_name, mail->from_address);
    add_mailbox(out, "To", mail->to_name, mail->to_address);
    hr_buffer_add_text(out, HR_TEXT("Subject: "));
    add_subject(out, mail->subject);
    hr_buffer_add_format(out, "\r\nMessage-ID: <%.*s>\r\n", HR_SHOW(mail->message_id));
    hr_buffer_add_text(
        out, HR_TEXT("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                     "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "));
    hr_buffer_add_text(out, plain ? HR_TEXT("7bit\r\n\r\n") : HR_TEXT("quoted-printable\r\n\r\n"));
    add_text(out, mail->text, plain);
    /* "no memory" is mended by waiting, a limit never is: the sender must not give up for the first */
    return out->failed && out->arena->failed ? hr_answer(HR_E_MEMORY) : hr_buffer_status(out);
}
