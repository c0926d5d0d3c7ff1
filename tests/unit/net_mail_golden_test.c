/* Whole mails as they go out: tests/golden/mail holds each, with its ends of lines as LF (that they are CR LF is
 * checked here). HR_UPDATE_GOLDEN=1 writes them anew. And what may not stand in one. */
#include "net/mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PATH_SIZE = 1024, GOLDEN_BYTES_MAX = 1 << 16 };

static struct hr_arena arena;

#define TEXT(literal)                                                                              \
    {                                                                                              \
        (literal), sizeof(literal) - 1                                                             \
    }

/* A letter to a customer with everything that one may have. */
static const struct hr_mail letter = {
    .from_address = TEXT("hello@bright.example.com"),
    .from_name = TEXT("Bright Coaching"),
    .to_address = TEXT("ada@example.com"),
    .to_name = TEXT("Zo\xc3\xab Lov\xc3\xa9lace"),
    .reply_to = TEXT("maya@bright.example.com"),
    .subject = TEXT("Shall we talk?"),
    .text = TEXT("Hello Zo\xc3\xab,\n\nshall we talk? \nhttps://bright.example.com/call\n\n----\n"
                 "1 High Street, Leeds, UK\n"),
    .html = TEXT("<!DOCTYPE html>\n<html>\n<body>\n<p title=\"a=b\">Hello Zo\xc3\xab,</p>\n"
                 "<p>shall we talk?</p>\n</body>\n</html>\n"),
    .message_id = TEXT("00112233445566778899aabbccddeeff@bright.example.com"),
    .unsubscribe_url =
        TEXT("https://handrail.bright.example.com/u/q2F0Y2ggbWUgaWYgeW91IGNhbiwgSSBhbS1fLV9f"),
    .list_id = TEXT("marketing.bright.example.com"),
    .date_us = INT64_C(1795312929000000), /* 2026-11-22T02:02:09Z */
};

static struct hr_text written(const struct hr_mail *mail)
{
    struct hr_buffer out;
    hr_buffer_init(&out, &arena, 4 << 20);
    assert_true(hr_ok(hr_mail_write(&out, mail, NULL)));
    return hr_buffer_text(&out);
}

/* The same with LF alone; every end of a line was CR LF, no line is longer than a server takes, and all is ASCII unless
 * an address is not. */
static struct hr_text with_lf(struct hr_text mail, bool ascii)
{
    char *bytes = hr_arena_alloc(&arena, mail.size + 1);
    size_t size = 0;
    size_t column = 0;
    assert_non_null(bytes);
    for (size_t i = 0; i < mail.size; i++) {
        bool cr = mail.data[i] == '\r';
        assert_true(!cr || (i + 1 < mail.size && mail.data[i + 1] == '\n'));
        assert_true(mail.data[i] != '\n' || (i > 0 && mail.data[i - 1] == '\r'));
        assert_true(!ascii || (unsigned char)mail.data[i] < 0x80);
        column = mail.data[i] == '\n' ? 0 : column + 1;
        assert_true(column <= 999);
        if (!cr) {
            bytes[size++] = mail.data[i];
        }
    }
    return (struct hr_text){bytes, size};
}

static void assert_golden(const char *name, const struct hr_mail *mail)
{
    char path[PATH_SIZE];
    struct hr_text source = hr_text_from(__FILE__);
    struct hr_text root = hr_text_slice(source, 0, hr_text_search(source, HR_TEXT("tests/unit/")));
    (void)snprintf(path, sizeof path, "%.*stests/golden/mail/%s.eml", HR_SHOW(root), name);
    bool ascii = hr_text_equal(mail->to_address, letter.to_address);
    struct hr_text bytes = with_lf(written(mail), ascii);
    if (getenv("HR_UPDATE_GOLDEN") != NULL) {
        FILE *stream = fopen(path, "wb");
        assert_non_null(stream);
        assert_int_equal(fwrite(bytes.data, 1, bytes.size, stream), bytes.size);
        (void)fclose(stream);
    }
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    char *expected = hr_arena_alloc(&arena, GOLDEN_BYTES_MAX);
    assert_non_null(expected);
    size_t size = fread(expected, 1, GOLDEN_BYTES_MAX, stream);
    (void)fclose(stream);
    if (!hr_text_equal((struct hr_text){expected, size}, bytes)) {
        fail_msg("%s goes out otherwise now:\n%.*s", name, HR_SHOW(bytes));
    }
}

static void letters_go_out_as_their_golden_files_say(void **state)
{
    (void)state;
    struct hr_mail plain = letter;
    struct hr_mail service = letter;
    struct hr_mail beyond = letter;
    struct hr_mail repeatable = letter;
    struct hr_mail by_hand = letter;
    char long_line[300];
    memset(long_line, 'x', sizeof long_line);
    plain.html = HR_TEXT_NONE;
    service.unsubscribe_url = HR_TEXT_NONE;
    service.list_id = HR_TEXT_NONE;
    service.reply_to = HR_TEXT_NONE;
    service.html = (struct hr_text){long_line, sizeof long_line};
    beyond.to_address = HR_TEXT("zo\xc3\xab@example.com");
    beyond.subject =
        HR_TEXT("\xd0\x9a\xd1\x83\xd1\x80\xd1\x81 \xe2\x80\x94 \xe5\xbe\x85\xe3\x81\xa1, "
                "and one more line of it, so that it has to be folded \xf0\x9f\x8e\x93");
    repeatable.repeat_header = hr_mail_repeat_header(HR_TEXT("smtp.Resend.com"));
    repeatable.repeat_key = HR_TEXT("00112233445566778899aabbccddeeff");
    by_hand.by_hand = true;
    by_hand.subject = HR_TEXT("A subject in plain ASCII that is longer than one line of a mail's "
                              "head has room for, and goes on");
    assert_golden("letter", &letter);
    assert_golden("plain", &plain);
    assert_golden("service", &service);
    assert_golden("beyond_ascii", &beyond);
    assert_golden("repeatable", &repeatable);
    assert_golden("by_hand", &by_hand);
}

/* The first line of the mail's head with this name, or the empty text. */
static size_t count_of(struct hr_text mail, const char *part)
{
    size_t count = 0;
    for (size_t at = 0; at < mail.size; count++) {
        struct hr_text rest = hr_text_slice(mail, at, mail.size);
        size_t found = hr_text_search(rest, hr_text_from(part));
        if (found == rest.size) {
            break;
        }
        at += found + 1;
    }
    return count;
}

static void one_click_takes_both_headers_or_none(void **state)
{
    (void)state;
    struct hr_mail mail = letter;
    struct hr_text bytes = written(&mail);
    assert_int_equal(count_of(bytes, "\r\nList-Unsubscribe: <https://"), 1);
    assert_int_equal(count_of(bytes, "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"),
                     1);
    mail.unsubscribe_url = HR_TEXT_NONE;
    assert_int_equal(count_of(written(&mail), "List-Unsubscribe"), 0);
}

/* Two parts of one mail never share a boundary with what they say, and the same mail has the same bytes. */
static void a_boundary_stands_in_no_part(void **state)
{
    (void)state;
    struct hr_mail mail = letter;
    struct hr_text first = written(&mail);
    assert_true(hr_text_equal(first, written(&mail)));
    size_t at = hr_text_search(first, HR_TEXT("boundary=\"")) + 10;
    struct hr_text boundary = hr_text_slice(first, at, at + 34);
    assert_true(hr_text_starts(boundary, HR_TEXT("=_")));
    mail.text = hr_text_format(&arena, "--%.*s\n--%.*s--\n", HR_SHOW(boundary), HR_SHOW(boundary));
    struct hr_text second = written(&mail);
    assert_int_equal(hr_text_search(second, HR_TEXT("boundary=\"")) < second.size, 1);
    at = hr_text_search(second, HR_TEXT("boundary=\"")) + 10;
    assert_false(hr_text_equal(boundary, hr_text_slice(second, at, at + 34)));
}

static void assert_refused(const struct hr_mail *mail)
{
    struct hr_buffer out;
    struct hr_diagnostics found;
    hr_buffer_init(&out, &arena, 4 << 20);
    hr_diagnostics_init(&found, &arena);
    assert_int_equal(hr_mail_write(&out, mail, &found).code, HR_E_INPUT);
    assert_int_equal(found.items[0].code, HR_CODE_mail_header);
    assert_int_equal(out.size, 0);
}

static void nobody_breaks_out_of_the_new_headers_either(void **state)
{
    (void)state;
    static const char *const links[] = {"http://handrail.example/u/T",
                                        "https://",
                                        "https://h.example/u/T>\r\nBcc: a@b.c",
                                        "https://h.example/u/T> <https://evil.example",
                                        "https://h.example/u/T\nX: y",
                                        "https://h.example/u /T",
                                        "javascript:alert(1)",
                                        "https://h\xc3\xb6.example/u/T"};
    static const char *const list_ids[] = {"a b", "a>\r\nX: y", "m<x", "m\xc3\xbc.example"};
    static const char *const answers[] = {"maya", "maya@x.example\r\nBcc: a@b.c", "a@b, c@d",
                                          "zo\xc3\xab@example.com"};
    static const char *const headers[] = {"X y", "X:", "Bcc: a@b.c\r\nX", "-x", "X\xc3\xab"};
    static const char *const keys[] = {"", "a b", "a\r\nX: y", "a,b", "\xc3\xab"};
    struct hr_mail mail;
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        mail = letter;
        mail.unsubscribe_url = hr_text_from(links[i]);
        assert_refused(&mail);
    }
    for (size_t i = 0; i < sizeof list_ids / sizeof list_ids[0]; i++) {
        mail = letter;
        mail.list_id = hr_text_from(list_ids[i]);
        assert_refused(&mail);
    }
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        mail = letter;
        mail.reply_to = hr_text_from(answers[i]);
        assert_refused(&mail);
    }
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        mail = letter;
        mail.repeat_header = hr_text_from(headers[i]);
        mail.repeat_key = HR_TEXT("abc");
        assert_refused(&mail);
        mail.repeat_header = HR_TEXT("X-Key");
        mail.repeat_key = hr_text_from(keys[i]);
        assert_refused(&mail);
    }
    mail = letter;
    mail.to_address = HR_TEXT("zo\xc3@example.com"); /* no UTF-8 */
    assert_refused(&mail);
    mail.to_address = HR_TEXT("ada@b\xc3\xbc"
                              "cher.example"); /* the mailer puts this one in ASCII first */
    assert_refused(&mail);
    mail = letter;
    mail.from_address = HR_TEXT("zo\xc3\xab@example.com");
    assert_refused(&mail);
}

static void a_mail_has_a_size(void **state)
{
    (void)state;
    char *bytes = hr_arena_alloc(&arena, HR_MAIL_HTML_PART_MAX + 1);
    assert_non_null(bytes);
    memset(bytes, 0xc3, HR_MAIL_HTML_PART_MAX + 1); /* each byte goes out as three */
    struct hr_mail mail = letter;
    mail.text = (struct hr_text){bytes, HR_MAIL_TEXT_MAX};
    mail.html = (struct hr_text){bytes, HR_MAIL_HTML_PART_MAX};
    assert_true(written(&mail).size > (size_t)3 * (HR_MAIL_TEXT_MAX + HR_MAIL_HTML_PART_MAX));
    mail.text.size++;
    assert_refused(&mail);
    mail.text.size--;
    mail.html.size++;
    assert_refused(&mail);
}

/* A subject in plain ASCII is folded at its blanks, and unfolded it is the same again. */
static void a_long_subject_keeps_every_blank(void **state)
{
    (void)state;
    char subject[401];
    struct hr_mail mail = letter;
    for (size_t blanks = 1; blanks < 12; blanks++) {
        memset(subject, 'x', 400);
        for (size_t i = 3; i + blanks < 400; i += 17 + blanks) {
            memset(subject + i, ' ', blanks);
        }
        subject[400] = '\0';
        mail.subject = (struct hr_text){subject, 400};
        struct hr_text bytes = written(&mail);
        size_t at = hr_text_search(bytes, HR_TEXT("Subject: ")) + 9;
        size_t read = 0;
        size_t column = 9;
        for (; bytes.data[at] != '\r' || bytes.data[at + 2] == ' '; at++) {
            if (bytes.data[at] == '\r') {
                at++;
                column = 0;
                continue;
            }
            assert_int_equal(bytes.data[at], subject[read++]);
            assert_true(++column <= 78 + blanks); /* no line begins with blanks alone */
        }
        assert_int_equal(read, 400);
    }
}

/* Wanting memory is no fault of the mail: it is never taken for one that can never be sent. */
static void without_memory_there_is_no_mail(void **state)
{
    (void)state;
    struct hr_mail mail = letter;
    size_t refused = 0;
    mail.subject = HR_TEXT("L\xc3\xb6we");
    for (size_t budget = 0;; budget += 24) {
        struct hr_arena narrow;
        struct hr_buffer out;
        hr_arena_init(&narrow, budget);
        hr_buffer_init(&out, &narrow, 4 << 20);
        hr_status status = hr_mail_write(&out, &mail, NULL);
        hr_arena_close(&narrow);
        if (hr_ok(status)) {
            break;
        }
        assert_int_equal(status.code, HR_E_MEMORY);
        refused++;
    }
    assert_true(refused > 10);
}

static void only_known_providers_know_a_repeat(void **state)
{
    (void)state;
    assert_true(hr_text_equal(hr_mail_repeat_header(HR_TEXT("smtp.resend.com")),
                              HR_TEXT("Resend-Idempotency-Key")));
    assert_int_equal(hr_mail_repeat_header(HR_TEXT("smtp.resend.com.evil.example")).size, 0);
    assert_int_equal(hr_mail_repeat_header(HR_TEXT("mail.example.com")).size, 0);
    assert_int_equal(hr_mail_repeat_header(HR_TEXT_NONE).size, 0);
}

static int open_arena(void **state)
{
    (void)state;
    hr_arena_init(&arena, 64 << 20);
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
        cmocka_unit_test(letters_go_out_as_their_golden_files_say),
        cmocka_unit_test(one_click_takes_both_headers_or_none),
        cmocka_unit_test(a_boundary_stands_in_no_part),
        cmocka_unit_test(nobody_breaks_out_of_the_new_headers_either),
        cmocka_unit_test(a_mail_has_a_size),
        cmocka_unit_test(a_long_subject_keeps_every_blank),
        cmocka_unit_test(without_memory_there_is_no_mail),
        cmocka_unit_test(only_known_providers_know_a_repeat),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
