/* Sends one mail and finds out how far it got. The question that matters: did the server see the message's end? Before
 * it nothing was taken; after it only the server's reply tells, and without a reply nobody knows. */
#include "net/mail_inside.h"
#include "net/outside.h"

#include <idn2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* text and HTML at their limits, each byte as three, and the ends of lines */
enum { MESSAGE_MAX = 4 << 20, PORT_SUBMISSION = 587, PORT_TLS = 465, HOST_MAX = 253 };

struct hr_mailer {
    CURL *curl;
    CURLU *url;
    char *user;
    char *password;
    char *ca_file;
    enum hr_mail_tls tls;
    uint32_t connect_ms_max;
    uint32_t time_ms_max;
};

/* How a sending goes on, as libcurl's calls show it. */
struct progress {
    struct hr_text message;
    size_t at;
    bool ended;        /* the message's end was handed out: the server may have seen it */
    bool envelope;     /* MAIL, RCPT or DATA was said: replies are about this mail from here on */
    bool needs_utf8;   /* the recipient's address has letters beyond ASCII */
    bool utf8_offered; /* the server says SMTPUTF8 */
    bool unfit;        /* it needs what was not offered, so its end was never handed out */
};

/* ---- life ---------------------------------------------------------------------------------- */

static hr_status set_url(struct hr_mailer *mailer, const struct hr_mailer_options *options)
{
    char port[8];
    char *host = options->host.size <= HOST_MAX ? hr_terminated(options->host) : NULL;
    char *greeting =
        hr_terminated(options->greeting.size > 0 ? options->greeting : HR_TEXT("localhost"));
    bool from_start = options->tls == HR_MAIL_TLS_from_start;
    unsigned number = options->port > 0 ? options->port : from_start ? PORT_TLS : PORT_SUBMISSION;
    (void)snprintf(port, sizeof port, "%u", number);
    bool good = host != NULL && host[0] != '\0' && greeting != NULL &&
                strpbrk(greeting, "\r\n /?#%") == NULL &&
                curl_url_set(mailer->url, CURLUPART_SCHEME, from_start ? "smtps" : "smtp", 0) ==
                    CURLUE_OK &&
                curl_url_set(mailer->url, CURLUPART_HOST, host, 0) == CURLUE_OK &&
                curl_url_set(mailer->url, CURLUPART_PORT, port, 0) == CURLUE_OK &&
                curl_url_set(mailer->url, CURLUPART_PATH, greeting, 0) == CURLUE_OK;
    free(host);
    free(greeting);
    return good ? hr_done() : hr_answer(HR_E_INPUT);
}

hr_status hr_mailer_create(const struct hr_mailer_options *options, struct hr_mailer **ret_mailer)
{
    struct hr_mailer *mailer = calloc(1, sizeof *mailer);
    if (mailer == NULL || !hr_curl_ready()) {
        free(mailer);
        return hr_answer(HR_E_MEMORY);
    }
    mailer->tls = options->tls;
    mailer->connect_ms_max = options->connect_ms_max > 0 ? options->connect_ms_max : 10 * 1000;
    mailer->time_ms_max = options->time_ms_max > 0 ? options->time_ms_max : 60 * 1000;
    mailer->curl = curl_easy_init();
    mailer->url = curl_url();
    mailer->user = hr_terminated(options->user);
    mailer->password = hr_terminated(options->password);
    mailer->ca_file = options->ca_file != NULL ? strdup(options->ca_file) : NULL;
    hr_status status = hr_answer(HR_E_MEMORY);
    if (mailer->curl != NULL && mailer->url != NULL &&
        (options->ca_file == NULL || mailer->ca_file != NULL)) {
        status = mailer->user != NULL && mailer->password != NULL ? set_url(mailer, options)
                                                                  : hr_answer(HR_E_INPUT);
    }
    if (!hr_ok(status)) {
        hr_mailer_free(mailer);
        return status;
    }
    *ret_mailer = mailer;
    return hr_done();
}

void hr_mailer_free(struct hr_mailer *mailer)
{
    if (mailer == NULL) {
        return;
    }
    if (mailer->password != NULL) {
        explicit_bzero(mailer->password, strlen(mailer->password));
    }
    curl_easy_cleanup(mailer->curl);
    curl_url_cleanup(mailer->url);
    free(mailer->user);
    free(mailer->password);
    free(mailer->ca_file);
    free(mailer);
}

/* ---- sending --------------------------------------------------------------------------------- */

static size_t give_message(char *into, size_t one, size_t room, void *context)
{
    struct progress *progress = context;
    progress->unfit = progress->needs_utf8 && !progress->utf8_offered;
    if (progress->unfit) {
        return CURL_READFUNC_ABORT; /* a server that took such an address by mistake */
    }
    size_t size = progress->message.size - progress->at;
    size = size > one * room ? one * room : size;
    memcpy(into, progress->message.data + progress->at, size);
    progress->at += size;
    progress->ended |= size == 0; /* libcurl ends the message when it gets nothing more */
    return size;
}

/* "250-SMTPUTF8" or "250 SMTPUTF8" */
static bool offers_utf8(struct hr_text line)
{
    static const struct hr_text word = HR_TEXT("SMTPUTF8");
    struct hr_text said = hr_text_trim(hr_text_slice(line, 4, line.size));
    return hr_text_starts(line, HR_TEXT("250")) && hr_text_equal_caseless(said, word);
}

/* Watches the commands. They hold secrets and addresses, so nothing of them is kept. What was offered before TLS does
 * not count behind it: there the greeting is said again. */
static int watch(CURL *curl, curl_infotype kind, char *bytes, size_t size, void *context)
{
    struct progress *progress = context;
    struct hr_text line = {bytes, size};
    (void)curl;
    if (kind == CURLINFO_HEADER_OUT) {
        progress->envelope = progress->envelope || hr_text_starts(line, HR_TEXT("MAIL "));
        progress->utf8_offered = progress->utf8_offered && !hr_text_starts(line, HR_TEXT("EHLO "));
    } else if (kind == CURLINFO_HEADER_IN) {
        progress->utf8_offered = progress->utf8_offered || offers_utf8(line);
    }
    return 0;
}

static void set_up(struct hr_mailer *mailer, struct progress *progress, const char *from,
                   struct curl_slist *to)
{
    CURL *curl = mailer->curl;
    static const long tls[] = {CURLUSESSL_ALL, CURLUSESSL_TRY, CURLUSESSL_NONE, CURLUSESSL_ALL};
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_CURLU, mailer->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)mailer->connect_ms_max);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)mailer->time_ms_max);
    curl_easy_setopt(curl, CURLOPT_USE_SSL, tls[mailer->tls]);
    if (mailer->tls == HR_MAIL_TLS_optional) {
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    if (mailer->ca_file != NULL) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, mailer->ca_file);
    }
    if (mailer->user[0] != '\0') {
        curl_easy_setopt(curl, CURLOPT_USERNAME, mailer->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, mailer->password);
        curl_easy_setopt(curl, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
    }
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_message);
    curl_easy_setopt(curl, CURLOPT_READDATA, progress);
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L); /* for the watching alone */
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, watch);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, progress);
}

/* The sign-in is wanted, failed or too weak: our settings, not this mail. */
static bool is_about_sign_in(int reply)
{
    return reply == 530 || reply == 534 || reply == 535 || reply == 538;
}

static enum hr_reached judge(CURLcode code, const struct progress *progress, int reply)
{
    if (progress->unfit) {
        return HR_REACHED_refused;
    }
    bool about_mail = progress->envelope && code != CURLE_LOGIN_DENIED && !is_about_sign_in(reply);
    if (code == CURLE_OK && progress->ended) {
        return HR_REACHED_confirmed;
    }
    if (about_mail && reply >= 500 && reply <= 599) {
        return HR_REACHED_refused;
    }
    if (progress->ended && (reply < 400 || reply > 599)) {
        return HR_REACHED_unknown; /* 354 was the last word */
    }
    return HR_REACHED_again;
}

static void say(struct hr_mail_result *result, CURLcode code, const struct progress *progress,
                struct hr_arena *into)
{
    static const char *const where[] = {"before the mail was offered",
                                        "before the mail was handed over",
                                        "after the mail was handed over"};
    const char *when = where[progress->ended ? 2 : progress->envelope ? 1 : 0];
    struct hr_text why = hr_curl_says(code);
    if (result->reached == HR_REACHED_confirmed) {
        result->text = HR_TEXT("the mail server took it");
    } else if (progress->unfit) {
        result->text = HR_TEXT("the mail server takes no address with letters beyond ASCII");
    } else if (result->reply >= 400) {
        result->text = hr_text_format(into, "the mail server answered %d %s", result->reply, when);
    } else {
        result->text = hr_text_format(into, "%.*s, %s", HR_SHOW(why), when);
    }
}

static hr_status send_message(struct hr_mailer *mailer, const struct hr_mail *mail,
                              struct hr_text message, struct hr_arena *into,
                              struct hr_mail_result *result)
{
    struct progress progress = {.message = message,
                                .needs_utf8 = !hr_mail_is_ascii(mail->to_address)};
    struct hr_text from = hr_text_format(into, "<%.*s>", HR_SHOW(mail->from_address));
    struct hr_text to = hr_text_format(into, "<%.*s>", HR_SHOW(mail->to_address));
    if (from.data == NULL || to.data == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    struct curl_slist *recipients = curl_slist_append(NULL, to.data);
    if (recipients == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    long reply = 0;
    set_up(mailer, &progress, from.data, recipients);
    CURLcode code = curl_easy_perform(mailer->curl);
    (void)curl_easy_getinfo(mailer->curl, CURLINFO_RESPONSE_CODE, &reply);
    curl_easy_reset(mailer->curl);
    curl_slist_free_all(recipients);
    result->reply = (int)reply;
    result->reached = judge(code, &progress, result->reply);
    say(result, code, &progress, into);
    return hr_done();
}

/* The domain in the form that every server takes (IDNA 2008). libcurl would do it too, but asks the locale what the
 * bytes mean, and ours is C. An address that cannot be put so stays as it is, and is refused when it is written. */
static hr_status domain_in_ascii(struct hr_arena *into, struct hr_text *address)
{
    struct hr_text domain = *address;
    struct hr_text local = hr_text_cut(&domain, '@');
    uint8_t *ascii = NULL;
    if (hr_mail_is_ascii(domain)) {
        return hr_done();
    }
    struct hr_text copy = hr_text_copy(into, domain);
    if (copy.data == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    int code =
        idn2_lookup_u8((const uint8_t *)copy.data, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (code == IDN2_OK) {
        *address = hr_text_format(into, "%.*s@%s", HR_SHOW(local), (const char *)ascii);
        idn2_free(ascii);
    }
    return code == IDN2_MALLOC || address->data == NULL ? hr_answer(HR_E_MEMORY) : hr_done();
}

hr_status hr_mailer_send(struct hr_mailer *mailer, const struct hr_mail *mail,
                         struct hr_arena *into, struct hr_diagnostics *reterr,
                         struct hr_mail_result *ret_result)
{
    struct hr_buffer message;
    struct hr_mail sent = *mail;
    hr_buffer_init(&message, into, MESSAGE_MAX);
    HR_TRY(domain_in_ascii(into, &sent.to_address));
    HR_TRY(hr_mail_write(&message, &sent, reterr));
    return send_message(mailer, &sent, hr_buffer_text(&message), into, ret_result);
}
