/* The parts of a mail: a text that survives every server, and the same as HTML where there is one. Pure.
 *
 * All is 7bit or quoted-printable, so that no server's 8BITMIME is needed, and no line is longer than 76 bytes however
 * long it was written. */
#include "base/bytes.h"
#include "net/mail_inside.h"

enum {
    LINE_MAX_BYTES = 76, /* of quoted-printable, and of what may stay as it is */
    BOUNDARY_BYTES = 16  /* of the digest */
};

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

static void add_lines(struct hr_buffer *out, struct hr_text text, bool plain)
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

/* The lines of the head that say what it is, the empty line, and the bytes. */
static void add_part(struct hr_buffer *out, const char *type, struct hr_text text)
{
    bool plain = is_plain(text);
    hr_buffer_add_format(out,
                         "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: %s\r\n\r\n",
                         type, plain ? "7bit" : "quoted-printable");
    add_lines(out, text, plain);
}

/* No part can hold the digest of itself; and "=_" never stands in quoted-printable (RFC 2045 6.7). The same mail has
 * the same boundary, so its bytes are the same each time. */
static struct hr_text boundary_of(struct hr_buffer *out, const struct hr_mail *mail)
{
    const struct hr_text parts[] = {mail->message_id, mail->text, mail->html};
    struct hr_digest digest = hr_digest_of(parts, sizeof parts / sizeof parts[0]);
    struct hr_text hex = hr_hex(out->arena, digest.bytes, BOUNDARY_BYTES);
    out->failed = out->failed || hex.data == NULL;
    return hex;
}

void hr_mail_add_body(struct hr_buffer *out, const struct hr_mail *mail)
{
    if (mail->html.size == 0) {
        add_part(out, "text/plain", mail->text);
        return;
    }
    struct hr_text boundary = boundary_of(out, mail);
    hr_buffer_add_format(out,
                         "Content-Type: multipart/alternative;\r\n"
                         " boundary=\"=_%.*s\"\r\n\r\n",
                         HR_SHOW(boundary));
    hr_buffer_add_format(out, "--=_%.*s\r\n", HR_SHOW(boundary));
    add_part(out, "text/plain", mail->text);
    hr_buffer_add_format(out, "\r\n--=_%.*s\r\n", HR_SHOW(boundary));
    add_part(out, "text/html", mail->html); /* the last is the one to be preferred */
    hr_buffer_add_format(out, "\r\n--=_%.*s--\r\n", HR_SHOW(boundary));
}
