/* Mail: the bytes of a message, and what each way of a server to behave means, played by a scripted server. */
#include "net/mail.h"
#include "unit/net_peer.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static struct hr_arena arena;

static const struct hr_mail alert = {
    .from_address = {"handrail@crm.example", 20},
    .from_name = {"Handrail", 8},
    .to_address = {"maya@crm.example", 16},
    .to_name = {"Maya Okafor", 11},
    .subject = {"Ada's course did not open", 25},
    .text = {"Ada paid.\nThe course did not open.\n", 35},
    .message_id = {"alert.1f2e@crm.example", 22},
    .date_us = INT64_C(1795312929000000), /* 2026-11-22T02:02:09Z */
};

static struct hr_text written(const struct hr_mail *mail)
{
    struct hr_buffer out;
    hr_buffer_init(&out, &arena, 1 << 20);
    assert_true(hr_ok(hr_mail_write(&out, mail, NULL)));
    hr_buffer_add_byte(&out, '\0');
    return (struct hr_text){out.data, out.size - 1};
}

/* ---- the bytes ---- */

static void a_plain_alert_reads_as_mail(void **state)
{
    (void)state;
    static const char expected[] = "Date: Sun, 22 Nov 2026 02:02:09 +0000\r\n"
                                   "From: \"Handrail\" <handrail@crm.example>\r\n"
                                   "To: \"Maya Okafor\" <maya@crm.example>\r\n"
                                   "Subject: Ada's course did not open\r\n"
                                   "Message-ID: <alert.1f2e@crm.example>\r\n"
                                   "Auto-Submitted: auto-generated\r\n"
                                   "MIME-Version: 1.0\r\n"
                                   "Content-Type: text/plain; charset=utf-8\r\n"
                                   "Content-Transfer-Encoding: 7bit\r\n"
                                   "\r\n"
                                   "Ada paid.\r\nThe course did not open.\r\n";
    assert_string_equal(written(&alert).data, expected);
}

static void letters_beyond_ascii_are_encoded(void **state)
{
    (void)state;
    struct hr_mail mail = alert;
    mail.subject = HR_TEXT("L\xc3\xb6we \xe2\x80\x94 der Kurs f\xc3\xbcr Frau "
                           "J\xc3\xb8rgensen-M\xc3\xbcller wurde nicht ge\xc3\xb6"
                           "ffnet");
    mail.to_name = HR_TEXT("Zo\xc3\xab");
    mail.text = HR_TEXT("Gr\xc3\xbc\xc3\x9f"
                        "e = gut \nx\t\n");
    const char *bytes = written(&mail).data;
    assert_non_null(strstr(bytes, "To: =?UTF-8?B?Wm/Dqw==?=\r\n <maya@crm.example>\r\n"));
    assert_non_null(strstr(bytes, "Subject: =?UTF-8?B?"));
    assert_non_null(strstr(bytes, "Content-Transfer-Encoding: quoted-printable\r\n"));
    assert_non_null(strstr(bytes, "\r\n\r\nGr=C3=BC=C3=9Fe =3D gut=20\r\nx=09\r\n"));
    for (const char *line = bytes; line != NULL;
         line = strstr(line, "\r\n") != NULL ? strstr(line, "\r\n") + 2 : NULL) {
        const char *end = strstr(line, "\r\n");
        assert_true(end == NULL || end - line <= 78);
    }
    for (const char *at = bytes; *at != '\0'; at++) {
        assert_true((unsigned char)*at < 0x80);
    }
}

static void long_lines_are_broken_softly(void **state)
{
    (void)state;
    char line[500];
    struct hr_mail mail = alert;
    memset(line, 'a', sizeof line);
    mail.text = (struct hr_text){line, sizeof line};
    const char *body = strstr(written(&mail).data, "\r\n\r\n") + 4;
    size_t letters = 0;
    size_t column = 0;
    for (; *body != '\0'; body++) {
        letters += *body == 'a';
        column = *body == '\n' ? 0 : column + 1;
        assert_true(column <= 77);
    }
    assert_int_equal(letters, sizeof line);
}

static void nobody_breaks_out_of_a_header(void **state)
{
    (void)state;
    struct hr_mail mails[14];
    for (size_t i = 0; i < 14; i++) {
        mails[i] = alert;
    }
    mails[0].subject = HR_TEXT("hello\r\nBcc: all@crm.example");
    mails[1].subject = HR_TEXT("hello\nBcc: all@crm.example");
    mails[2].to_name = HR_TEXT("Maya\r\nBcc: all@crm.example");
    mails[3].from_name = HR_TEXT("a\0b");
    mails[4].to_address = HR_TEXT("maya@crm.example>\r\nRCPT TO:<all@crm.example");
    mails[5].to_address = HR_TEXT("maya@crm.example, all@crm.example");
    mails[6].to_address = HR_TEXT("maya crm@crm.example");
    mails[7].to_address = HR_TEXT("maya");
    mails[8].to_address = HR_TEXT("");
    mails[9].from_address = HR_TEXT("a@b@c");
    mails[10].from_address = HR_TEXT("\"a b\"@crm.example");
    mails[11].message_id = HR_TEXT("a@b>\r\nX: y");
    mails[12].message_id = HR_TEXT("no-at-sign");
    mails[13].subject = HR_TEXT("\xff\xfe");
    for (size_t i = 0; i < 14; i++) {
        struct hr_buffer out;
        struct hr_diagnostics found;
        hr_buffer_init(&out, &arena, 1 << 20);
        hr_diagnostics_init(&found, &arena);
        assert_int_equal(hr_mail_write(&out, &mails[i], &found).code, HR_E_INPUT);
        assert_int_equal(found.items[0].code, HR_CODE_mail_header);
    }
    struct hr_mail quoted = alert;
    quoted.to_name = HR_TEXT("Maya \"M\" <evil@crm.example>, \\");
    assert_non_null(strstr(written(&quoted).data,
                           "To: \"Maya \\\"M\\\" <evil@crm.example>, \\\\\" <maya@crm.example>"));
    quoted.subject = HR_TEXT("=?UTF-8?Q?spoof?=");
    assert_null(strstr(written(&quoted).data, "=?UTF-8?Q?spoof?="));
}

/* ---- the server ---- */

enum script {
    SCRIPT_accepts,
    SCRIPT_refuses_recipient_for_now,
    SCRIPT_refuses_recipient,
    SCRIPT_refuses_sender,
    SCRIPT_refuses_message,
    SCRIPT_refuses_message_for_now,
    SCRIPT_refuses_data_for_now,
    SCRIPT_dies_after_greeting,
    SCRIPT_dies_before_data,
    SCRIPT_dies_in_data,
    SCRIPT_dies_after_dot,
    SCRIPT_silent_after_dot,
    SCRIPT_busy_greeting,
    SCRIPT_refuses_sign_in,
    SCRIPT_wants_sign_in,
    SCRIPT_starttls_fails,
    SCRIPT_offers_utf8
};

struct smtp {
    enum script script;
    int listener;
    uint16_t port;
    pthread_t thread;
    int fd;
    struct heard heard;
    char message[64 << 10];
    char recipients[1000];
    bool signed_in;
};

static void say(struct smtp *server, const char *line)
{
    (void)peer_say(server->fd, line, strlen(line));
}

/* The next line, without its end; false when the client is gone. */
static bool next_line(struct smtp *server, char *line, size_t room)
{
    peer_hear(server->fd, &server->heard, "\r\n", 3000);
    char *end = strstr(server->heard.bytes, "\r\n");
    if (end == NULL) {
        return false;
    }
    size_t size = (size_t)(end - server->heard.bytes);
    hr_assert(size < room);
    memcpy(line, server->heard.bytes, size);
    line[size] = '\0';
    memmove(server->heard.bytes, end + 2, server->heard.size - size - 1);
    server->heard.size -= size + 2;
    return true;
}

/* Takes the message up to its dot; false: die now. */
static bool take_message(struct smtp *server)
{
    if (server->script == SCRIPT_refuses_data_for_now) {
        say(server, "451 not now\r\n");
        return true;
    }
    if (server->script == SCRIPT_dies_before_data) {
        return false;
    }
    say(server, "354 go on\r\n");
    if (server->script == SCRIPT_dies_in_data) {
        peer_hear(server->fd, &server->heard, "Date: ", 3000);
        return false;
    }
    peer_hear(server->fd, &server->heard, "\r\n.\r\n", 3000);
    char *end = strstr(server->heard.bytes, "\r\n.\r\n");
    if (end == NULL) {
        return false; /* the client hung up before the end */
    }
    size_t size = (size_t)(end + 2 - server->heard.bytes);
    memcpy(server->message, server->heard.bytes, size);
    server->heard.size = 0;
    server->heard.bytes[0] = '\0';
    if (server->script == SCRIPT_dies_after_dot) {
        return false;
    }
    if (server->script == SCRIPT_silent_after_dot) {
        peer_sleep(2500);
        return false;
    }
    say(server, server->script == SCRIPT_refuses_message           ? "554 spam\r\n"
                : server->script == SCRIPT_refuses_message_for_now ? "452 full\r\n"
                                                                   : "250 taken\r\n");
    return true;
}

static const char *reply_to(struct smtp *server, const char *line)
{
    if (strncmp(line, "EHLO ", 5) == 0) {
        return server->script == SCRIPT_starttls_fails
                   ? "250-hi\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n"
               : server->script == SCRIPT_offers_utf8
                   ? "250-hi\r\n250-SMTPUTF8\r\n250 8BITMIME\r\n"
                   : "250-hi\r\n250-SIZE 1000000\r\n250 AUTH PLAIN LOGIN\r\n";
    }
    if (strncmp(line, "AUTH PLAIN AGhhbmRyYWlsAHNlY3JldA==", 35) == 0 ||
        strncmp(line, "AGhhbmRyYWlsAHNlY3JldA==", 24) == 0) {
        server->signed_in = server->script != SCRIPT_refuses_sign_in;
        return server->signed_in ? "235 in\r\n" : "535 wrong\r\n";
    }
    if (strncmp(line, "AUTH PLAIN", 10) == 0) {
        return "334 \r\n";
    }
    if (strncmp(line, "MAIL ", 5) == 0) {
        return server->script == SCRIPT_refuses_sender  ? "550 no such sender\r\n"
               : server->script == SCRIPT_wants_sign_in ? "530 sign in\r\n"
                                                        : "250 ok\r\n";
    }
    if (strncmp(line, "RCPT ", 5) == 0) {
        strcat(server->recipients, line);
        return server->script == SCRIPT_refuses_recipient_for_now ? "450 greylisted\r\n"
               : server->script == SCRIPT_refuses_recipient       ? "550 unknown\r\n"
                                                                  : "250 ok\r\n";
    }
    return strncmp(line, "QUIT", 4) == 0 ? "221 bye\r\n" : "220 whatever\r\n";
}

static void *play(void *context)
{
    struct smtp *server = context;
    char line[1000];
    bool on = true;
    server->fd = accept(server->listener, NULL, NULL);
    say(server, server->script == SCRIPT_busy_greeting ? "421 busy\r\n" : "220 mail\r\n");
    if (server->script == SCRIPT_dies_after_greeting) {
        on = false;
    }
    while (on && next_line(server, line, sizeof line)) {
        if (strcmp(line, "DATA") == 0) {
            on = take_message(server);
        } else {
            say(server, reply_to(server, line));
            on = strcmp(line, "STARTTLS") != 0;
        }
    }
    close(server->fd);
    return NULL;
}

static struct smtp *start(enum script script)
{
    struct smtp *server = calloc(1, sizeof *server);
    hr_assert(server != NULL);
    server->script = script;
    server->listener = peer_listen(&server->port);
    assert_true(server->listener >= 0);
    assert_int_equal(pthread_create(&server->thread, NULL, play, server), 0);
    return server;
}

static void end(struct smtp *server)
{
    pthread_join(server->thread, NULL);
    close(server->listener);
    free(server);
}

static struct hr_mail_result send_to(const struct smtp *server, enum hr_mail_tls tls, bool sign_in,
                                     const struct hr_mail *mail)
{
    struct hr_mailer *mailer = NULL;
    struct hr_mail_result result;
    const struct hr_mailer_options options = {.host = HR_TEXT("127.0.0.1"),
                                              .port = server->port,
                                              .tls = tls,
                                              .user = sign_in ? HR_TEXT("handrail") : HR_TEXT_NONE,
                                              .password =
                                                  sign_in ? HR_TEXT("secret") : HR_TEXT_NONE,
                                              .greeting = HR_TEXT("crm.example"),
                                              .connect_ms_max = 1000,
                                              .time_ms_max = 1500};
    assert_true(hr_ok(hr_mailer_create(&options, &mailer)));
    assert_true(hr_ok(hr_mailer_send(mailer, mail, &arena, NULL, &result)));
    hr_mailer_free(mailer);
    assert_true(result.text.size > 0);
    assert_int_equal(hr_text_search(result.text, HR_TEXT("maya")), result.text.size);
    return result;
}

static void a_mail_arrives_as_written(void **state)
{
    (void)state;
    struct smtp *server = start(SCRIPT_accepts);
    struct hr_mail mail = alert;
    mail.text = HR_TEXT("one\n.\n..two\n.three\nend");
    struct hr_mail_result result = send_to(server, HR_MAIL_TLS_none, true, &mail);
    pthread_join(server->thread, NULL);
    assert_int_equal(result.reached, HR_REACHED_confirmed);
    assert_int_equal(result.reply, 250);
    assert_string_equal(server->recipients, "RCPT TO:<maya@crm.example>");
    assert_true(server->signed_in);
    assert_memory_equal(server->message, "Date: Sun, 22 Nov 2026 02:02:09 +0000\r\n", 39);
    assert_non_null(strstr(server->message, "\r\n\r\none\r\n..\r\n...two\r\n..three\r\nend\r\n"));
    close(server->listener);
    free(server);
}

static void what_each_end_means(void **state)
{
    (void)state;
    static const struct {
        enum script script;
        enum hr_mail_tls tls;
        bool sign_in;
        enum hr_reached reached;
        int reply;
    } cases[] = {
        {SCRIPT_accepts, HR_MAIL_TLS_optional, false, HR_REACHED_confirmed, 250},
        {SCRIPT_refuses_recipient_for_now, HR_MAIL_TLS_none, false, HR_REACHED_again, 450},
        {SCRIPT_refuses_recipient, HR_MAIL_TLS_none, false, HR_REACHED_refused, 550},
        {SCRIPT_refuses_sender, HR_MAIL_TLS_none, false, HR_REACHED_refused, 550},
        {SCRIPT_refuses_message, HR_MAIL_TLS_none, false, HR_REACHED_refused, 554},
        {SCRIPT_refuses_message_for_now, HR_MAIL_TLS_none, false, HR_REACHED_again, 452},
        {SCRIPT_refuses_data_for_now, HR_MAIL_TLS_none, false, HR_REACHED_again, 451},
        {SCRIPT_dies_after_greeting, HR_MAIL_TLS_none, false, HR_REACHED_again, -1},
        {SCRIPT_dies_before_data, HR_MAIL_TLS_none, false, HR_REACHED_again, -1},
        {SCRIPT_dies_in_data, HR_MAIL_TLS_none, false, HR_REACHED_unknown,
         -1}, /* the end was on its way */
        {SCRIPT_dies_after_dot, HR_MAIL_TLS_none, false, HR_REACHED_unknown, -1},
        {SCRIPT_silent_after_dot, HR_MAIL_TLS_none, false, HR_REACHED_unknown, -1},
        {SCRIPT_busy_greeting, HR_MAIL_TLS_none, false, HR_REACHED_again, 421},
        {SCRIPT_refuses_sign_in, HR_MAIL_TLS_none, true, HR_REACHED_again, 535},
        {SCRIPT_wants_sign_in, HR_MAIL_TLS_none, false, HR_REACHED_again, 530},
        {SCRIPT_accepts, HR_MAIL_TLS_required, false, HR_REACHED_again,
         -1}, /* it offers no STARTTLS */
        {SCRIPT_starttls_fails, HR_MAIL_TLS_required, false, HR_REACHED_again,
         -1}, /* and this one breaks it */
        {SCRIPT_accepts, HR_MAIL_TLS_from_start, false, HR_REACHED_again, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct smtp *server = start(cases[i].script);
        struct hr_mail_result result = send_to(server, cases[i].tls, cases[i].sign_in, &alert);
        bool good = result.reached == cases[i].reached &&
                    (cases[i].reply < 0 || result.reply == cases[i].reply);
        if (!good) {
            print_error("case %zu: %d, %d: %.*s\n", i, (int)result.reached, result.reply,
                        HR_SHOW(result.text));
        }
        assert_true(good);
        end(server);
        if (cases[i].tls == HR_MAIL_TLS_required) {
            assert_int_equal(hr_text_search(result.text, HR_TEXT("before the mail was offered")) <
                                 result.text.size,
                             1);
        }
    }
}

/* Letters beyond ASCII before the @ need a server that says it takes them; behind it they have a form in ASCII. */
static void addresses_beyond_ascii(void **state)
{
    (void)state;
    struct hr_mail mail = alert;
    mail.to_address = HR_TEXT("zo\xc3\xab@crm.example");
    struct smtp *server = start(SCRIPT_offers_utf8);
    struct hr_mail_result result = send_to(server, HR_MAIL_TLS_none, false, &mail);
    pthread_join(server->thread, NULL);
    assert_int_equal(result.reached, HR_REACHED_confirmed);
    assert_string_equal(server->recipients, "RCPT TO:<zo\xc3\xab@crm.example>");
    assert_non_null(
        strstr(server->message, "\r\nTo: \"Maya Okafor\" <zo\xc3\xab@crm.example>\r\n"));
    close(server->listener);
    free(server);

    server =
        start(SCRIPT_accepts); /* it says nothing of them, and takes the command all the same */
    result = send_to(server, HR_MAIL_TLS_none, false, &mail);
    pthread_join(server->thread, NULL);
    assert_int_equal(result.reached, HR_REACHED_refused);
    assert_true(hr_text_search(result.text, HR_TEXT("beyond ASCII")) < result.text.size);
    assert_int_equal(server->message[0], '\0');
    close(server->listener);
    free(server);

    mail.to_address = HR_TEXT("maya@b\xc3\xbc"
                              "cher.example");
    server = start(SCRIPT_accepts);
    result = send_to(server, HR_MAIL_TLS_none, false, &mail);
    pthread_join(server->thread, NULL);
    assert_int_equal(result.reached, HR_REACHED_confirmed);
    assert_string_equal(server->recipients, "RCPT TO:<maya@xn--bcher-kva.example>");
    assert_non_null(strstr(server->message, "<maya@xn--bcher-kva.example>\r\n"));
    close(server->listener);
    free(server);
}

static void without_a_server_it_is_tried_again(void **state)
{
    (void)state;
    struct smtp nobody = {0};
    close(peer_listen(&nobody.port));
    assert_int_equal(send_to(&nobody, HR_MAIL_TLS_none, false, &alert).reached, HR_REACHED_again);
}

/* A mail that is not written for lack of memory must not look like one that can never be sent. */
static void without_memory_a_mail_is_not_taken_for_a_wrong_one(void **state)
{
    (void)state;
    struct hr_mailer *mailer = NULL;
    struct hr_mail_result result;
    const struct hr_mailer_options options = {
        .host = HR_TEXT("127.0.0.1"), .port = 9, .tls = HR_MAIL_TLS_none};
    struct hr_mail mail = alert;
    mail.subject = HR_TEXT("L\xc3\xb6we: der Kurs wurde nicht ge\xc3\xb6"
                           "ffnet");
    assert_true(hr_ok(hr_mailer_create(&options, &mailer)));
    size_t refused = 0;
    for (size_t budget = 0;; budget += 16) {
        struct hr_arena narrow;
        hr_arena_init(&narrow, budget);
        hr_status status = hr_mailer_send(mailer, &mail, &narrow, NULL, &result);
        hr_arena_close(&narrow);
        if (hr_ok(status)) {
            break;
        }
        assert_int_equal(status.code, HR_E_MEMORY);
        refused++;
    }
    assert_true(refused > 10);
    hr_mailer_free(mailer);
}

static void settings_that_cannot_be_are_refused(void **state)
{
    (void)state;
    struct hr_mailer *mailer = NULL;
    static const struct hr_mailer_options bad[] = {
        {.host = {"", 0}},
        {.host = {"mail example", 12}},
        {.host = {"a\0b", 3}},
        {.host = {"mail.example/evil", 17}},
        {.host = {"mail.example", 12}, .greeting = {"a\r\nMAIL", 7}},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(hr_mailer_create(&bad[i], &mailer).code, HR_E_INPUT);
    }
}

static int open_arena(void **state)
{
    (void)state;
    hr_arena_init(&arena, 16 << 20);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    hr_arena_close(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_alert_reads_as_mail),
        cmocka_unit_test(letters_beyond_ascii_are_encoded),
        cmocka_unit_test(long_lines_are_broken_softly),
        cmocka_unit_test(nobody_breaks_out_of_a_header),
        cmocka_unit_test(a_mail_arrives_as_written),
        cmocka_unit_test(what_each_end_means),
        cmocka_unit_test(addresses_beyond_ascii),
        cmocka_unit_test(without_a_server_it_is_tried_again),
        cmocka_unit_test(without_memory_a_mail_is_not_taken_for_a_wrong_one),
        cmocka_unit_test(settings_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
