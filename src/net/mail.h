/* net/mail: sends one mail by SMTP, and says truly how far it got.
 *
 * Why      alerts and letters to customers go by mail through the effect ledger: "accepted", "refused", "not taken
 *          yet" and "nobody knows" are four different answers, and a message that may have been taken is never sent
 *          again blindly.
 * Shape    a mailer (settings of one mail server) and messages, one connection each. A mail is one text, or text and
 *          HTML as alternatives. hr_mail_write makes the bytes of a message and can be tested alone.
 * Repeats  plain SMTP has none that are safe: a server passes a second message with the same Message-ID on. Only where
 *          hr_mail_repeat_header knows the provider's own header a mail whose fate is unknown may be sent again, with
 *          the same key and within the provider's time.
 * Forms    all goes out as 7bit or quoted-printable in lines of at most 76 bytes, so 8BITMIME is never needed. A
 *          recipient's domain beyond ASCII is sent in its ASCII form (IDNA); a local part beyond ASCII only through a
 *          server that says SMTPUTF8, else it is refused. Senders are ASCII.
 * Signing  nothing is signed here. Whoever signs (DKIM) has to sign List-Unsubscribe and List-Unsubscribe-Post too.
 * Units    times in milliseconds; the message's date is an instant in microseconds UTC.
 * Owner    the result's text lives in the arena given.
 * Limits   subject 400, names 200, addresses 254, link 900, ids 200 bytes, text 256 KiB, HTML 512 KiB.
 * Errors   HR_E_INPUT when an address, name or subject cannot stand in a header (see the
 *          diagnostic); HR_E_MEMORY.
 * Threads  one owner per mailer.
 * Source   RFC 5321, 5322, 2045-2047, 2919, 3207, 3834, 4954, 6531, 6532, 8058; libcurl 7.88.
 * Tests    tests/unit/net_mail_test.c (with a scripted server in it), tests/golden/mail, tests/e2e/letter.test.mjs */
#ifndef HR_NET_MAIL_H
#define HR_NET_MAIL_H

#include "base/base.h"
#include "base/diagnostic.h"
#include "net/client.h"

struct hr_mailer;

enum hr_mail_tls {
    HR_MAIL_TLS_required, /* STARTTLS, or nothing is sent */
    HR_MAIL_TLS_optional, /* STARTTLS where it is offered, and then without a check of certificates */
    HR_MAIL_TLS_none,
    HR_MAIL_TLS_from_start /* port 465 */
};

struct hr_mailer_options {
    struct hr_text host;
    uint16_t port; /* 0: 587, or 465 with from_start */
    enum hr_mail_tls tls;
    struct hr_text user; /* empty: no sign-in */
    struct hr_text password;
    struct hr_text greeting; /* our name in EHLO; empty: "localhost" */
    const char *ca_file;     /* more trusted certificates (PEM); NULL: the system's */
    uint32_t connect_ms_max; /* 0: 10 s */
    uint32_t time_ms_max;    /* 0: 60 s */
};

enum { HR_MAIL_TEXT_MAX = 256 << 10, HR_MAIL_HTML_PART_MAX = 512 << 10 };

struct hr_mail {
    struct hr_text from_address;
    struct hr_text from_name; /* may be empty */
    struct hr_text to_address;
    struct hr_text to_name;  /* may be empty */
    struct hr_text reply_to; /* an address; empty: answers go to the sender */
    struct hr_text subject;
    struct hr_text text;       /* UTF-8, lines end in LF or CR LF */
    struct hr_text html;       /* the same as a whole document; empty: there is the text alone */
    struct hr_text message_id; /* without <>; the same effect has the same id */
    /* of a letter that its reader may leave with one click; may be empty */
    struct hr_text unsubscribe_url; /* https: a POST there, and only that, unsubscribes */
    struct hr_text list_id;         /* what it belongs to: marketing.bright.example.com */
    /* where the provider knows a repeat (hr_mail_repeat_header); may be empty */
    struct hr_text repeat_header;
    struct hr_text repeat_key; /* ASCII letters, digits, - _ . @ / + = */
    bool by_hand;              /* a person wrote it: without Auto-Submitted */
    int64_t date_us;
};
struct hr_mail_result {
    enum hr_reached reached;
    int reply;           /* the server's last reply code, 0: none */
    struct hr_text text; /* what happened, for people; no address in it */
};

/* The bytes of the message: headers, MIME, CR LF. HR_E_INPUT for what cannot stand in a header; HR_E_MEMORY when the
 * buffer's arena has no more; HR_E_LIMIT beyond the buffer's limit. */
hr_status hr_mail_write(struct hr_buffer *out, const struct hr_mail *mail,
                        struct hr_diagnostics *reterr) HR_MUST_USE;

/* The header by which a mail server's provider knows a message again; the empty text for every other server, and then a
 * mail whose fate is unknown is never sent again. */
struct hr_text hr_mail_repeat_header(struct hr_text host);

/* Makes a mailer; everything of the options is copied. HR_E_INPUT for a host or user that cannot be
 * one. */
hr_status hr_mailer_create(const struct hr_mailer_options *options,
                           struct hr_mailer **ret_mailer) HR_MUST_USE;
/* Frees it; NULL is allowed. */
void hr_mailer_free(struct hr_mailer *mailer);
/* Sends and waits. 250 after the message's end: confirmed. A 4xx anywhere, no connection, no TLS,
 * no sign-in, or a connection lost before the end: again. A 5xx for sender, recipient or message, or an address that
 * this server cannot take: refused. Lost after the end was sent: unknown. HR_E_INPUT as hr_mail_write; HR_E_MEMORY, and
 * nothing was sent. */
hr_status hr_mailer_send(struct hr_mailer *mailer, const struct hr_mail *mail,
                         struct hr_arena *into, struct hr_diagnostics *reterr,
                         struct hr_mail_result *ret_result) HR_MUST_USE;

#endif
