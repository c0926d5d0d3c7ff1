/* A letter becomes a mail: the same effect has the same id, and only who knows a repeat is told the key. */
#include "server/letter_mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_letter_becomes_a_mail(void **state)
{
    (void)state;
    struct hr_arena arena;
    struct hr_mail mail;
    hr_arena_init(&arena, 1 << 20);
    const struct hr_letter letter = {
        .from_address = HR_TEXT("hello@bright.example.com"),
        .from_name = HR_TEXT("Bright Coaching"),
        .to_address = HR_TEXT("ada@example.com"),
        .subject = HR_TEXT("Shall we talk?"),
        .text = HR_TEXT("Hello"),
        .html = HR_TEXT("<p>Hello</p>"),
        .unsubscribe_url = HR_TEXT("https://h.example/u/T"),
        .list_id = HR_TEXT("marketing.bright.example.com"),
    };
    const struct hr_key key = {{0xab, 0xcd}};
    assert_true(
        hr_ok(hr_letter_mail(&letter, &key, HR_TEXT("mail.example.com"), 5, &arena, &mail)));
    assert_true(hr_text_equal(mail.message_id,
                              HR_TEXT("abcd0000000000000000000000000000@bright.example.com")));
    assert_int_equal(mail.repeat_header.size + mail.repeat_key.size, 0);
    assert_true(hr_text_equal(mail.unsubscribe_url, letter.unsubscribe_url));
    assert_true(hr_text_equal(mail.list_id, letter.list_id));
    assert_true(hr_text_equal(mail.html, letter.html));
    assert_int_equal(mail.date_us, 5);
    struct hr_buffer out;
    hr_buffer_init(&out, &arena, 1 << 18);
    assert_true(hr_ok(hr_mail_write(&out, &mail, NULL)));

    assert_true(hr_ok(hr_letter_mail(&letter, &key, HR_TEXT("smtp.resend.com"), 5, &arena, &mail)));
    assert_true(hr_text_equal(mail.repeat_header, HR_TEXT("Resend-Idempotency-Key")));
    assert_true(hr_text_equal(mail.repeat_key, HR_TEXT("abcd0000000000000000000000000000")));
    hr_arena_close(&arena);
    hr_arena_init(&arena, 40);
    assert_int_equal(
        hr_letter_mail(&letter, &key, HR_TEXT("mail.example.com"), 5, &arena, &mail).code,
        HR_E_MEMORY);
    hr_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_letter_becomes_a_mail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
