/* The bytes of a mail: first its head, line by line. Pure. */
#include "base/bytes.h"
#include "data/time.h"
#include "net/mail_inside.h"

enum {
    WORD_BYTES = 39, /* in one encoded word: with "Subject: " and its frame below 76 */
    WIDTH = 76       /* of a line that can be folded */
};

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

/* Folds before a blank, which stays: unfolded it is the same again. No line is of blanks alone. */
static void add_folded(struct hr_buffer *out, struct hr_text text, size_t column)
{
    for (size_t at = 0; at < text.size;) {
        size_t next = at + 1;
        while (next < text.size && text.data[next] != ' ') {
            next++;
        }
        size_t size = next - at;
        if (at > 0 && size > 1 && column + size > WIDTH) {
            hr_buffer_add_text(out, HR_TEXT("\r\n"));
            column = 0;
        }
        hr_buffer_add_text(out, hr_text_slice(text, at, next));
        column += size;
        at = next;
    }
}

static void add_subject(struct hr_buffer *out, struct hr_text subject)
{
    static const struct hr_text name = HR_TEXT("Subject: ");
    bool plain =
        hr_mail_is_ascii(subject) && hr_text_search(subject, HR_TEXT("=?")) == subject.size;
    hr_buffer_add_text(out, name);
    if (plain) {
        add_folded(out, subject, name.size);
    } else {
        add_encoded(out, subject);
    }
    hr_buffer_add_text(out, HR_TEXT("\r\n"));
}

/* One line where it fits into the 78 columns that RFC 5322 asks for, else folded before the address. */
static void add_mailbox(struct hr_buffer *out, const char *header, struct hr_text name,
                        struct hr_text address)
{
    bool quoted = hr_mail_is_ascii(name) && name.size < 70;
    bool fits = quoted && name.size + address.size < 60;
    struct hr_text between = fits ? HR_TEXT(" ") : HR_TEXT("\r\n ");
    hr_buffer_add_format(out, "%s: ", header);
    if (name.size > 0 && quoted) {
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

/* How the reader's mail program leaves: a POST of the second line to the address in the first (RFC 8058). Both have to
 * be signed by whoever signs the mail, or no program shows a button for them. */
static void add_list(struct hr_buffer *out, const struct hr_mail *mail)
{
    if (mail->list_id.size > 0) {
        hr_buffer_add_format(out, "List-Id: <%.*s>\r\n", HR_SHOW(mail->list_id));
    }
    if (mail->unsubscribe_url.size > 0) {
        hr_buffer_add_format(out, "List-Unsubscribe: <%.*s>\r\n", HR_SHOW(mail->unsubscribe_url));
        hr_buffer_add_text(out, HR_TEXT("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
    }
}

hr_status hr_mail_write(struct hr_buffer *out, const struct hr_mail *mail,
                        struct hr_diagnostics *reterr)
{
    HR_TRY(hr_mail_check(mail, reterr));
    add_date(out, mail->date_us);
    add_mailbox(out, "From", mail->from_name, mail->from_address);
    add_mailbox(out, "To", mail->to_name, mail->to_address);
    if (mail->reply_to.size > 0) {
        add_mailbox(out, "Reply-To", HR_TEXT_NONE, mail->reply_to);
    }
    add_subject(out, mail->subject);
    hr_buffer_add_format(out, "Message-ID: <%.*s>\r\n", HR_SHOW(mail->message_id));
    add_list(out, mail);
    if (mail->repeat_header.size > 0) {
        hr_buffer_add_format(out, "%.*s: %.*s\r\n", HR_SHOW(mail->repeat_header),
                             HR_SHOW(mail->repeat_key));
    }
    if (!mail->by_hand) {
        hr_buffer_add_text(out, HR_TEXT("Auto-Submitted: auto-generated\r\n"));
    }
    hr_buffer_add_text(out, HR_TEXT("MIME-Version: 1.0\r\n"));
    hr_mail_add_body(out, mail);
    /* "no memory" is mended by waiting, a limit never is: the sender must not give up for the first */
    return out->failed && out->arena->failed ? hr_answer(HR_E_MEMORY) : hr_buffer_status(out);
}

/* Plain SMTP has no way to know a message again: servers pass a second one with the same Message-ID on. */
struct hr_text hr_mail_repeat_header(struct hr_text host)
{
    static const struct {
        struct hr_text host;
        struct hr_text header;
    } known[] = {{{"smtp.resend.com", 15}, {"Resend-Idempotency-Key", 22}}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (hr_text_equal_caseless(known[i].host, host)) {
            return known[i].header;
        }
    }
    return HR_TEXT_NONE;
}
