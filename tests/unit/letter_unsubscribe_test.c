/* The way out: tokens that nobody makes or changes, forms as mail programs post them, and pages that say no more than
 * they must. */
#include "letter/unsubscribe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { PATH_SIZE = 1024, SIGNS = 64 };

static const uint8_t secret[HR_KEY_SIZE] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
static const uint8_t other_secret[HR_KEY_SIZE] = {2};
static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static const struct hr_leaving ada = {
    .contact = 71234, .purpose = 12, .channel = HR_UNSUBSCRIBE_CHANNEL_email};

static struct hr_text token_of(const struct hr_leaving *what, char *room)
{
    hr_unsubscribe_token(secret, what, room);
    return (struct hr_text){room, HR_UNSUBSCRIBE_TOKEN_SIZE};
}

static bool is_zero(const struct hr_leaving *what)
{
    return what->contact == 0 && what->purpose == 0 && what->channel == 0;
}

/* ---- tokens ---- */

static void a_token_comes_back_as_what_it_meant(void **state)
{
    (void)state;
    static const struct hr_leaving cases[] = {
        {1, 1, HR_UNSUBSCRIBE_CHANNEL_email},
        {71234, 12, HR_UNSUBSCRIBE_CHANNEL_email},
        {UINT64_MAX, UINT32_MAX, 255},
        {0, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char room[HR_UNSUBSCRIBE_TOKEN_SIZE];
        struct hr_leaving what;
        struct hr_text token = token_of(&cases[i], room);
        for (size_t k = 0; k < token.size; k++) {
            assert_non_null(memchr(letters, token.data[k], SIGNS));
        }
        assert_true(hr_unsubscribe_token_read(secret, token, &what));
        assert_true(what.contact == cases[i].contact && what.purpose == cases[i].purpose &&
                    what.channel == cases[i].channel);
        assert_false(hr_unsubscribe_token_read(other_secret, token, &what));
        assert_true(is_zero(&what));
    }
}

/* It stands in mails for years: another program must make the same of the same. */
static void a_token_is_the_same_for_ever(void **state)
{
    (void)state;
    char room[HR_UNSUBSCRIBE_TOKEN_SIZE];
    struct hr_text token = token_of(&ada, room);
    assert_memory_equal(token.data, "armhxMbryO99fVGFxfQaKj_YsHpHeLWtnFhF6uSQ",
                        HR_UNSUBSCRIBE_TOKEN_SIZE);
}

static void every_sign_of_a_token_counts(void **state)
{
    (void)state;
    char room[HR_UNSUBSCRIBE_TOKEN_SIZE];
    size_t refused = 0;
    struct hr_leaving what;
    struct hr_text token = token_of(&ada, room);
    for (size_t at = 0; at < token.size; at++) {
        char was = room[at];
        for (int byte = 0; byte < 256; byte++) {
            room[at] = (char)byte;
            if (room[at] != was) {
                assert_false(hr_unsubscribe_token_read(secret, token, &what));
                assert_true(is_zero(&what));
                refused++;
            }
        }
        room[at] = was;
    }
    assert_int_equal(refused, HR_UNSUBSCRIBE_TOKEN_SIZE * 255);
    assert_true(hr_unsubscribe_token_read(secret, token, &what));
}

static void a_token_has_one_size(void **state)
{
    (void)state;
    char room[2 * HR_UNSUBSCRIBE_TOKEN_SIZE];
    struct hr_leaving what;
    (void)token_of(&ada, room);
    memcpy(room + HR_UNSUBSCRIBE_TOKEN_SIZE, room, HR_UNSUBSCRIBE_TOKEN_SIZE);
    for (size_t size = 0; size <= sizeof room; size++) {
        bool good = hr_unsubscribe_token_read(secret, (struct hr_text){room, size}, &what);
        assert_int_equal(good, size == HR_UNSUBSCRIBE_TOKEN_SIZE);
    }
    assert_false(hr_unsubscribe_token_read(secret, HR_TEXT_NONE, &what));
}

/* Neighbours share nothing: no count of customers, no other contact's token can be read off one's own. */
static void tokens_tell_nothing(void **state)
{
    (void)state;
    enum { MANY = 2000 };
    static char made[MANY][HR_UNSUBSCRIBE_TOKEN_SIZE];
    size_t same = 0;
    for (size_t i = 0; i < MANY; i++) {
        const struct hr_leaving what = {.contact = 1 + i / 2, .purpose = 1 + i % 2, .channel = 1};
        hr_unsubscribe_token(secret, &what, made[i]);
        for (size_t k = 0; i > 0 && k < HR_UNSUBSCRIBE_TOKEN_SIZE; k++) {
            same += made[i][k] == made[i - 1][k];
        }
    }
    /* of 80,000 pairs of signs one in 64 is the same by chance: 1,250, give or take 35 */
    assert_in_range(same, 1000, 1500);
}

static double seconds_for(struct hr_text token)
{
    struct timespec from;
    struct timespec to;
    struct hr_leaving what;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    for (size_t i = 0; i < 20000; i++) {
        (void)hr_unsubscribe_token_read(secret, token, &what);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

/* The same work whatever is wrong: the fastest of several rounds of each, since other programs only make it slower. */
static void what_is_wrong_does_not_show_in_time(void **state)
{
    (void)state;
    enum { KINDS = 5, ROUNDS = 7 };
    char rooms[KINDS][HR_UNSUBSCRIBE_TOKEN_SIZE];
    struct hr_text kinds[KINDS];
    double best[KINDS];
    for (size_t i = 0; i < KINDS; i++) {
        kinds[i] = token_of(&ada, rooms[i]);
        best[i] = 1e9;
    }
    rooms[1][0] = rooms[1][0] == 'A' ? 'B' : 'A';   /* the seal's first byte */
    rooms[2][20] = rooms[2][20] == 'A' ? 'B' : 'A'; /* its last */
    rooms[3][39] = '!';                             /* no sign of ours */
    kinds[4].size = 3;                              /* too short */
    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < KINDS; i++) {
            double seconds = seconds_for(kinds[i]);
            best[i] = seconds < best[i] ? seconds : best[i];
        }
    }
    for (size_t i = 1; i < KINDS; i++) {
        print_message("kind %zu: %.2f of a good one\n", i, best[i] / best[0]);
        assert_true(best[i] / best[0] > 0.5 && best[i] / best[0] < 2.0);
    }
}

static void a_link_is_secure_or_there_is_none(void **state)
{
    (void)state;
    struct hr_arena arena;
    char room[HR_UNSUBSCRIBE_TOKEN_SIZE];
    hr_arena_init(&arena, 1 << 20);
    struct hr_text token = token_of(&ada, room);
    struct hr_text wanted = hr_text_format(&arena, "https://h.example/u/%.*s", HR_SHOW(token));
    static const char *const good[] = {"https://h.example", "https://h.example/",
                                       "https://h.example//"};
    static const char *const bad[] = {"", "http://h.example", "h.example", "https://", "https:///"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(
            hr_text_equal(wanted, hr_unsubscribe_url(secret, &ada, hr_text_from(good[i]), &arena)));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(hr_unsubscribe_url(secret, &ada, hr_text_from(bad[i]), &arena).size, 0);
    }
    hr_arena_close(&arena);
}

/* ---- forms ---- */

#define MULTIPART "multipart/form-data; boundary=abc"
#define PART(name, value)                                                                          \
    "--abc\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"

static void a_form_says_so_or_it_does_not(void **state)
{
    (void)state;
    static const char plain[] = "application/x-www-form-urlencoded";
    static const struct {
        const char *type;
        const char *body;
        enum hr_unsubscribe_form form;
    } cases[] = {
        {plain, "List-Unsubscribe=One-Click", HR_UNSUBSCRIBE_FORM_yes},
        {"", "List-Unsubscribe=One-Click", HR_UNSUBSCRIBE_FORM_yes},
        {"Application/X-WWW-Form-URLencoded; charset=UTF-8", "List-Unsubscribe=One-Click\r\n",
         HR_UNSUBSCRIBE_FORM_yes},
        {plain, "List%2dUnsubscribe=%4fne-Click", HR_UNSUBSCRIBE_FORM_yes},
        {plain, "a=b&List-Unsubscribe=One-Click&c", HR_UNSUBSCRIBE_FORM_yes},
        {plain, "", HR_UNSUBSCRIBE_FORM_no},
        {plain, "List-Unsubscribe", HR_UNSUBSCRIBE_FORM_no},
        {plain, "List-Unsubscribe=", HR_UNSUBSCRIBE_FORM_no},
        {plain, "List-Unsubscribe=one-click", HR_UNSUBSCRIBE_FORM_no},
        {plain, "List-Unsubscribe=One-Clickx", HR_UNSUBSCRIBE_FORM_no},
        {plain, "xList-Unsubscribe=One-Click", HR_UNSUBSCRIBE_FORM_no},
        {plain, "List-Unsubscribe=One-Click&List-Unsubscribe=One-Click", HR_UNSUBSCRIBE_FORM_no},
        {plain, "List-Unsubscribe=One-Click&List-Unsubscribe=No", HR_UNSUBSCRIBE_FORM_no},
        {plain, "List-Unsubscribe=One%2", HR_UNSUBSCRIBE_FORM_no},
        {plain, "List-Unsubscribe=One%", HR_UNSUBSCRIBE_FORM_no},
        {plain, "List-Unsubscribe=%zzne-Click", HR_UNSUBSCRIBE_FORM_no},
        {plain, PART("List-Unsubscribe", "One-Click") "--abc--\r\n", HR_UNSUBSCRIBE_FORM_no},
        {MULTIPART, PART("List-Unsubscribe", "One-Click") "--abc--\r\n", HR_UNSUBSCRIBE_FORM_yes},
        {"multipart/form-data; charset=x; Boundary=\"abc\"",
         "preamble\r\n" PART("a", "b\r\nc") PART("List-Unsubscribe", "One-Click") "--abc--",
         HR_UNSUBSCRIBE_FORM_yes},
        {MULTIPART,
         "--abc\nContent-Type: text/plain\ncontent-disposition: form-data; "
         "name=List-Unsubscribe\n\nOne-Click\n--abc--\n",
         HR_UNSUBSCRIBE_FORM_yes},
        {MULTIPART, PART("List-Unsubscribe", "One-Click"), HR_UNSUBSCRIBE_FORM_no}, /* cut short */
        {MULTIPART, PART("List-Unsubscribe", "One-Click\r\nx") "--abc--", HR_UNSUBSCRIBE_FORM_no},
        {MULTIPART, PART("List-Unsubscribe", "x\r\nOne-Click") "--abc--", HR_UNSUBSCRIBE_FORM_no},
        {MULTIPART, PART("x", "List-Unsubscribe=One-Click") "--abc--", HR_UNSUBSCRIBE_FORM_no},
        {MULTIPART,
         PART("List-Unsubscribe", "One-Click") PART("List-Unsubscribe", "One-Click") "--abc--",
         HR_UNSUBSCRIBE_FORM_no},
        {MULTIPART, "List-Unsubscribe=One-Click", HR_UNSUBSCRIBE_FORM_no},
        {MULTIPART, "", HR_UNSUBSCRIBE_FORM_no},
        {"multipart/form-data", PART("List-Unsubscribe", "One-Click"), HR_UNSUBSCRIBE_FORM_unknown},
        {"multipart/form-data; boundary=", "", HR_UNSUBSCRIBE_FORM_unknown},
        {"application/json", "{\"List-Unsubscribe\":\"One-Click\"}", HR_UNSUBSCRIBE_FORM_unknown},
        {"text/plain", "List-Unsubscribe=One-Click", HR_UNSUBSCRIBE_FORM_unknown},
    };
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum hr_unsubscribe_form form =
            hr_unsubscribe_form_read(hr_text_from(cases[i].type), hr_text_from(cases[i].body));
        if (form != cases[i].form) {
            print_error("case %zu: %d, expected %d: %s\n", i, (int)form, (int)cases[i].form,
                        cases[i].body);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void a_form_has_a_size(void **state)
{
    (void)state;
    char body[HR_UNSUBSCRIBE_FORM_MAX + 1];
    memset(body, '&', sizeof body);
    memcpy(body, "List-Unsubscribe=One-Click", 26);
    assert_int_equal(
        hr_unsubscribe_form_read(HR_TEXT_NONE, (struct hr_text){body, sizeof body - 1}),
        HR_UNSUBSCRIBE_FORM_yes);
    assert_int_equal(hr_unsubscribe_form_read(HR_TEXT_NONE, (struct hr_text){body, sizeof body}),
                     HR_UNSUBSCRIBE_FORM_too_big);
}

/* ---- pages ---- */

static const struct {
    const char *name;
    enum hr_unsubscribe_page page;
    bool button;
} pages[] = {{"ask", HR_UNSUBSCRIBE_PAGE_ask, true},
             {"done", HR_UNSUBSCRIBE_PAGE_done, false},
             {"unknown", HR_UNSUBSCRIBE_PAGE_unknown, false},
             {"unread", HR_UNSUBSCRIBE_PAGE_unread, true},
             {"later", HR_UNSUBSCRIBE_PAGE_later, true}};
enum { PAGES = sizeof pages / sizeof pages[0] };

static bool has(struct hr_text text, const char *part)
{
    return hr_text_search(text, hr_text_from(part)) < text.size;
}

static void pages_read_as_their_golden_files_say(void **state)
{
    (void)state;
    struct hr_arena arena;
    hr_arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < PAGES; i++) {
        char path[PATH_SIZE];
        char expected[HR_UNSUBSCRIBE_PAGE_MAX];
        struct hr_text source = hr_text_from(__FILE__);
        struct hr_text root =
            hr_text_slice(source, 0, hr_text_search(source, HR_TEXT("tests/unit/")));
        (void)snprintf(path, sizeof path, "%.*stests/golden/letter/page_%s.html", HR_SHOW(root),
                       pages[i].name);
        struct hr_text page = hr_unsubscribe_page_write(pages[i].page, HR_TEXT("Bright Coaching"),
                                                        HR_TEXT("News and offers"), &arena);
        assert_int_equal(has(page, "<button"), pages[i].button);
        assert_false(has(page, "<script") || has(page, "http:") || has(page, "https:"));
        if (getenv("HR_UPDATE_GOLDEN") != NULL) {
            FILE *stream = fopen(path, "wb");
            assert_non_null(stream);
            assert_int_equal(fwrite(page.data, 1, page.size, stream), page.size);
            (void)fclose(stream);
        }
        FILE *stream = fopen(path, "rb");
        assert_non_null(stream);
        size_t size = fread(expected, 1, sizeof expected, stream);
        (void)fclose(stream);
        assert_int_equal(size, page.size);
        assert_memory_equal(expected, page.data, size);
    }
    hr_arena_close(&arena);
}

static void names_have_no_form_on_a_page(void **state)
{
    (void)state;
    struct hr_arena arena;
    char name[HR_UNSUBSCRIBE_PAGE_MAX];
    hr_arena_init(&arena, 1 << 20);
    memset(name, '<', sizeof name);
    for (size_t i = 0; i < PAGES; i++) {
        struct hr_text page = hr_unsubscribe_page_write(
            pages[i].page, HR_TEXT("<script>x</script>"), HR_TEXT("\"&'<b>"), &arena);
        assert_true(page.size > 0);
        assert_false(has(page, "<script") || has(page, "<b>"));
        page = hr_unsubscribe_page_write(pages[i].page, HR_TEXT_NONE, HR_TEXT_NONE, &arena);
        assert_true(page.size > 0);
        struct hr_text longest = {name, sizeof name};
        page = hr_unsubscribe_page_write(pages[i].page, longest, longest, &arena);
        assert_in_range(page.size, 1, HR_UNSUBSCRIBE_PAGE_MAX);
    }
    hr_arena_close(&arena);
    hr_arena_init(&arena, 64);
    assert_null(
        hr_unsubscribe_page_write(HR_UNSUBSCRIBE_PAGE_ask, HR_TEXT("a"), HR_TEXT("b"), &arena)
            .data);
    hr_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_comes_back_as_what_it_meant),
        cmocka_unit_test(a_token_is_the_same_for_ever),
        cmocka_unit_test(every_sign_of_a_token_counts),
        cmocka_unit_test(a_token_has_one_size),
        cmocka_unit_test(tokens_tell_nothing),
        cmocka_unit_test(what_is_wrong_does_not_show_in_time),
        cmocka_unit_test(a_link_is_secure_or_there_is_none),
        cmocka_unit_test(a_form_says_so_or_it_does_not),
        cmocka_unit_test(a_form_has_a_size),
        cmocka_unit_test(pages_read_as_their_golden_files_say),
        cmocka_unit_test(names_have_no_form_on_a_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
