/* The few words every room speaks: texts, arenas, buffers, maps, bytes, digests. */
#include "base/bytes.h"
#include "base/diagnostic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void an_arena_refuses_beyond_its_budget_and_comes_back(void **state)
{
    (void)state;
    struct hr_arena arena;
    hr_arena_init(&arena, 1000);
    struct hr_arena_mark nothing = hr_arena_mark(&arena);
    assert_non_null(hr_arena_alloc(&arena, 900));
    assert_null(hr_arena_alloc(&arena, 200));
    assert_true(arena.failed);
    hr_arena_rewind(&arena, nothing);
    assert_false(arena.failed);
    assert_int_equal(arena.used_bytes, 0);
    unsigned char *again = hr_arena_alloc(&arena, 900);
    assert_non_null(again);
    for (size_t i = 0; i < 900; i++) {
        assert_int_equal(again[i], 0); /* always zeroed, also memory that was used before */
    }
    assert_null(hr_arena_alloc_many(&arena, SIZE_MAX / 2, 3)); /* the product overflows */
    hr_arena_close(&arena);
}

static void a_mark_gives_back_exactly_what_came_after(void **state)
{
    (void)state;
    struct hr_arena arena;
    hr_arena_init(&arena, 8 << 20);
    struct hr_text kept = hr_text_copy(&arena, HR_TEXT("kept"));
    struct hr_arena_mark mark = hr_arena_mark(&arena);
    for (int i = 0; i < 100; i++) {
        assert_non_null(hr_arena_alloc(&arena, 50000)); /* over many blocks */
    }
    hr_arena_rewind(&arena, mark);
    assert_true(hr_text_equal(kept, HR_TEXT("kept")));
    assert_int_equal(arena.used_bytes, mark.used_bytes);
    hr_arena_close(&arena);
}

static void texts_compare_cut_and_trim(void **state)
{
    (void)state;
    struct hr_text rest = HR_TEXT("a,b,,c");
    assert_true(hr_text_equal(hr_text_cut(&rest, ','), HR_TEXT("a")));
    assert_true(hr_text_equal(hr_text_cut(&rest, ','), HR_TEXT("b")));
    assert_true(hr_text_equal(hr_text_cut(&rest, ','), HR_TEXT_NONE));
    assert_true(hr_text_equal(hr_text_cut(&rest, ','), HR_TEXT("c")));
    assert_int_equal(rest.size, 0);
    assert_true(hr_text_equal(hr_text_trim(HR_TEXT(" \t x \r\n")), HR_TEXT("x")));
    assert_true(hr_text_compare(HR_TEXT("ab"), HR_TEXT("abc")) < 0);
    assert_true(hr_text_compare(HR_TEXT("b"), HR_TEXT("abc")) > 0);
    assert_int_equal(hr_text_search(HR_TEXT("handrail"), HR_TEXT("rail")), 4);
    assert_int_equal(hr_text_search(HR_TEXT("hand"), HR_TEXT("rail")), 4);
    assert_true(hr_text_starts(HR_TEXT("H-12"), HR_TEXT("H-")));
    assert_true(hr_text_ends(HR_TEXT("a.yaml"), HR_TEXT(".yaml")));
    assert_false(hr_text_ends(HR_TEXT("l"), HR_TEXT(".yaml")));
}

static void numbers_are_read_whole_or_not_at_all(void **state)
{
    (void)state;
    int64_t value = 0;
    assert_true(hr_text_to_integer(HR_TEXT("-9223372036854775808"), &value));
    assert_true(value == INT64_MIN);
    assert_true(hr_text_to_integer(HR_TEXT("9223372036854775807"), &value));
    assert_true(value == INT64_MAX);
    assert_false(hr_text_to_integer(HR_TEXT("9223372036854775808"), &value));
    assert_false(hr_text_to_integer(HR_TEXT("-"), &value));
    assert_false(hr_text_to_integer(HR_TEXT(""), &value));
    assert_false(hr_text_to_integer(HR_TEXT("1e3"), &value));
    assert_false(hr_text_to_integer(HR_TEXT("+1"), &value));
}

static void a_near_miss_is_found(void **state)
{
    (void)state;
    assert_int_equal(hr_text_distance(HR_TEXT("offer"), HR_TEXT("offer"), 2), 0);
    assert_int_equal(hr_text_distance(HR_TEXT("ofer"), HR_TEXT("offer"), 2), 1);
    assert_int_equal(hr_text_distance(HR_TEXT("offre"), HR_TEXT("offer"), 2),
                     1); /* neighbours swapped */
    assert_int_equal(hr_text_distance(HR_TEXT("phone"), HR_TEXT("offer"), 2), 3);
    assert_int_equal(hr_text_distance(HR_TEXT(""), HR_TEXT("ab"), 2), 2);
}

static void a_text_is_clipped_between_letters(void **state)
{
    (void)state;
    struct hr_text text = HR_TEXT("caf\xC3\xA9!");
    assert_int_equal(hr_text_clip(text, 6).size, 6);
    assert_int_equal(hr_text_clip(text, 5).size, 5);
    assert_int_equal(hr_text_clip(text, 4).size, 3);
    assert_int_equal(hr_text_clip(text, 0).size, 0);
}

static void what_acts_on_a_terminal_is_shown_instead(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *shown;
    } cases[] = {
        {"Zo\xC3\xAB \xE2\x82\xAC \xF0\x9F\x98\x80", "Zo\xC3\xAB \xE2\x82\xAC \xF0\x9F\x98\x80"},
        {"", ""},
        {"\x1b]0;owned\x07", "\\u001b]0;owned\\u0007"},
        {"Ada\r\n  forged", "Ada\\u000d\\u000a  forged"},
        {"\xC2\x9B"
         "31m",
         "\\u009b31m"},
        {"\x7f", "\\u007f"},
        {"moc.\xE2\x80\xAE"
         "elpmaxe",
         "moc.\\u202eelpmaxe"},
        {"a\xE2\x81\xA6"
         "b\xE2\x80\xA9",
         "a\\u2066b\\u2029"},
        {"\xD8\x9C", "\\u061c"},
        {"cut \xE2\x80", "cut \\u00e2\\u0080"},
    };
    struct hr_arena arena;
    hr_arena_init(&arena, 1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hr_text shown = hr_text_visible(&arena, hr_text_from(cases[i].text));
        assert_true(hr_text_equal(shown, hr_text_from(cases[i].shown)));
    }
    hr_arena_close(&arena);
}

static void broken_utf8_is_seen(void **state)
{
    (void)state;
    assert_true(hr_text_is_utf8(HR_TEXT("caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80")));
    assert_false(hr_text_is_utf8(HR_TEXT("\xC0\x80")));         /* overlong */
    assert_false(hr_text_is_utf8(HR_TEXT("\xED\xA0\x80")));     /* surrogate */
    assert_false(hr_text_is_utf8(HR_TEXT("\xF4\x90\x80\x80"))); /* beyond U+10FFFF */
    assert_false(hr_text_is_utf8(HR_TEXT("\xE2\x82")));         /* cut */
}

static void a_buffer_refuses_for_good(void **state)
{
    (void)state;
    struct hr_arena arena;
    struct hr_buffer buffer;
    hr_arena_init(&arena, 1 << 16);
    hr_buffer_init(&buffer, &arena, 10);
    hr_buffer_add_text(&buffer, HR_TEXT("12345678"));
    hr_buffer_add_text(&buffer, HR_TEXT("too much"));
    hr_buffer_add_text(&buffer, HR_TEXT("9"));
    assert_true(buffer.failed);
    assert_int_equal(hr_buffer_status(&buffer).code, HR_E_LIMIT);
    assert_true(hr_text_equal(hr_buffer_text(&buffer), HR_TEXT("12345678")));
    hr_arena_close(&arena);
}

static void a_buffer_says_whether_it_was_full_or_starved(void **state)
{
    (void)state;
    enum { BUDGET = 1 << 16 };
    static const char bytes[BUDGET];
    struct hr_arena arena;
    struct hr_buffer buffer;
    hr_arena_init(&arena, BUDGET);
    hr_buffer_init(&buffer, &arena, BUDGET * 4);
    hr_buffer_add(&buffer, bytes, sizeof bytes);
    hr_buffer_add(&buffer, bytes, sizeof bytes);
    assert_int_equal(hr_buffer_status(&buffer).code, HR_E_MEMORY);
    hr_arena_close(&arena);
}

/* A reader's words live in an arena of its own until the list takes them; what was taken before stays where it is. */
static void a_full_list_copies_nothing_again(void **state)
{
    (void)state;
    struct hr_arena arena;
    struct hr_diagnostics found;
    static const struct hr_place nowhere;
    hr_arena_init(&arena, 1 << 20);
    hr_diagnostics_init(&found, &arena);
    char words[] = "a reader's own words";
    for (int i = 0; i < 100000; i++) {
        size_t told = found.told;
        struct hr_diagnostic *item =
            hr_diagnostics_add(&found, HR_CODE_key_unknown, HR_SEVERITY_warning, nowhere, "one");
        item->label = hr_text_from(words);
        hr_diagnostics_own(&found, told);
    }
    assert_false(arena.failed);
    /* an error takes the place of a warning: its words are taken over, though the list is full */
    size_t told = found.told;
    hr_diagnostics_add(&found, HR_CODE_key_unknown, HR_SEVERITY_error, nowhere, "two")->label =
        hr_text_from(words);
    hr_diagnostics_own(&found, told);
    memset(words, '?', sizeof words - 1);
    assert_int_equal(found.count, HR_DIAGNOSTICS_MAX);
    for (size_t i = 0; i < found.count; i++) {
        assert_true(hr_text_equal(found.items[i].label, HR_TEXT("a reader's own words")));
    }
    assert_true(hr_text_equal(found.items[found.count - 1].message, HR_TEXT("two")));
    hr_arena_close(&arena);
}

static void a_complaint_keeps_its_words_without_memory(void **state)
{
    (void)state;
    struct hr_arena arena;
    struct hr_diagnostics found;
    static const struct hr_place nowhere;
    hr_arena_init(&arena, 16 << 10);
    hr_diagnostics_init(&found, &arena);
    struct hr_diagnostic *item =
        hr_diagnostics_add(&found, HR_CODE_key_unknown, HR_SEVERITY_error, nowhere, "good words");
    char words[] = "words that do not stay";
    item->label = hr_text_from(words);
    while (hr_arena_room(&arena, 16) != NULL) {
    }
    hr_diagnostics_own(&found, 0);
    assert_true(hr_text_equal(item->message, HR_TEXT("good words")));
    assert_int_equal(item->label.size, 0);
    item->message = hr_text_from(words);
    item->help = hr_text_from(words);
    hr_diagnostics_own(&found, 0);
    const struct hr_code_info *info = hr_code_info(HR_CODE_key_unknown);
    assert_true(hr_text_equal(item->message, hr_text_from(info->text)));
    assert_true(hr_text_equal(item->help, hr_text_from(info->help)));
    hr_arena_close(&arena);
}

static void a_map_remembers_the_order_of_arrival(void **state)
{
    (void)state;
    struct hr_arena arena;
    struct hr_map map;
    hr_arena_init(&arena, 1 << 20);
    hr_map_init(&map, &arena);
    for (uint64_t i = 0; i < 1000; i++) {
        assert_true(
            hr_ok(hr_map_put(&map, hr_text_format(&arena, "key %d", (int)(i * 7919 % 1000)), i)));
    }
    assert_int_equal(map.count, 1000);
    for (uint64_t i = 0; i < 1000; i++) {
        assert_int_equal(map.entries[i].value, i);
        assert_int_equal(*hr_map_find(&map, map.entries[i].key), i);
    }
    assert_null(hr_map_find(&map, HR_TEXT("key 1000")));
    hr_arena_close(&arena);
}

static void numbers_survive_as_bytes(void **state)
{
    (void)state;
    static const int64_t numbers[] = {0,   1,   -1,  63,      64,        -64,
                                      -65, 127, 128, 1 << 20, INT64_MAX, INT64_MIN};
    struct hr_arena arena;
    struct hr_buffer buffer;
    hr_arena_init(&arena, 1 << 16);
    hr_buffer_init(&buffer, &arena, 1 << 12);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        hr_put_int(&buffer, numbers[i]);
        hr_put_uint(&buffer, (uint64_t)numbers[i]);
    }
    hr_put_text(&buffer, HR_TEXT("text"));
    struct hr_reader reader = hr_reader_over(hr_buffer_text(&buffer));
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        assert_true(hr_get_int(&reader) == numbers[i]);
        assert_true(hr_get_uint(&reader) == (uint64_t)numbers[i]);
    }
    assert_true(hr_text_equal(hr_get_text(&reader), HR_TEXT("text")));
    assert_true(hr_reader_finished(&reader));
    (void)hr_get_uint(&reader); /* nothing left */
    assert_true(reader.failed);
    assert_false(hr_reader_finished(&reader));
    hr_arena_close(&arena);
}

static void a_cut_or_overlong_number_is_refused(void **state)
{
    (void)state;
    static const char *const broken[] = {"\x80", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02",
                                         "\005abc"};
    for (size_t i = 0; i < 2; i++) {
        struct hr_reader reader = hr_reader_over(hr_text_from(broken[i]));
        (void)hr_get_uint(&reader);
        assert_true(reader.failed);
    }
    struct hr_reader text = hr_reader_over(hr_text_from(broken[2]));
    assert_int_equal(hr_get_text(&text).size, 0);
    assert_true(text.failed);
}

static void digests_are_those_of_the_standards(void **state)
{
    (void)state;
    struct hr_arena arena;
    hr_arena_init(&arena, 1 << 16);
    /* b2sum -l 256 of "abc" */
    const struct hr_text parts[] = {HR_TEXT("a"), HR_TEXT("bc")};
    struct hr_digest digest = hr_digest_of(parts, 2);
    assert_true(
        hr_text_equal(hr_hex(&arena, digest.bytes, sizeof digest.bytes),
                      HR_TEXT("bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319")));
    /* SipHash-2-4-128, key 00..0f, empty input (reference vectors) */
    uint8_t secret[HR_KEY_SIZE];
    for (uint8_t i = 0; i < HR_KEY_SIZE; i++) {
        secret[i] = i;
    }
    struct hr_key key = hr_key_of(secret, HR_TEXT_NONE);
    assert_true(hr_text_equal(hr_hex(&arena, key.bytes, sizeof key.bytes),
                              HR_TEXT("a3817f04ba25a8e66df67214c7550293")));
    hr_arena_close(&arena);
}

static void base64_there_and_back(void **state)
{
    (void)state;
    static const struct {
        const char *plain;
        const char *encoded;
    } cases[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}};
    struct hr_arena arena;
    hr_arena_init(&arena, 1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hr_text back = HR_TEXT_NONE;
        struct hr_text encoded = hr_base64(&arena, hr_text_from(cases[i].plain));
        assert_true(hr_text_equal(encoded, hr_text_from(cases[i].encoded)));
        assert_true(hr_base64_decode(&arena, encoded, &back));
        assert_true(hr_text_equal(back, hr_text_from(cases[i].plain)));
        struct hr_buffer out;
        hr_buffer_init(&out, &arena, 64);
        hr_base64_write(&out, back);
        assert_true(hr_text_equal(hr_buffer_text(&out), encoded));
    }
    struct hr_text none = HR_TEXT_NONE;
    assert_false(hr_base64_decode(&arena, HR_TEXT("Zg=a"), &none));
    assert_false(hr_base64_decode(&arena, HR_TEXT("Z"), &none));
    hr_arena_close(&arena);
}

static struct hr_diagnostic *find_fault(struct hr_diagnostics *found, enum hr_severity severity,
                                        int line)
{
    const struct hr_place place = {.line = (uint32_t)line};
    return hr_diagnostics_add(found, HR_CODE_key_unknown, severity, place, "line %d", line);
}

/* Ten handoffs with two warnings each, and the one mistake that matters stands below them. */
static void an_error_behind_many_warnings_is_still_shown(void **state)
{
    (void)state;
    struct hr_arena arena;
    struct hr_diagnostics found;
    hr_arena_init(&arena, 1 << 20);
    hr_diagnostics_init(&found, &arena);
    for (int line = 1; line <= HR_DIAGNOSTICS_MAX + 1; line++) {
        (void)find_fault(&found, HR_SEVERITY_warning, line);
    }
    find_fault(&found, HR_SEVERITY_error, 330)->help = HR_TEXT("mend line 330");
    find_fault(&found, HR_SEVERITY_error, 331)->help = HR_TEXT("mend line 331");
    assert_int_equal(found.count, HR_DIAGNOSTICS_MAX);
    assert_int_equal(found.error_count, 2);
    assert_int_equal(found.warning_count, HR_DIAGNOSTICS_MAX + 1);
    for (uint32_t i = 0; i < HR_DIAGNOSTICS_MAX - 2; i++) {
        assert_int_equal(found.items[i].place.line, i + 1); /* the rest in the order of finding */
    }
    struct hr_text drawn = hr_diagnostics_draw(&found, &arena, NULL, NULL);
    size_t first = hr_text_search(drawn, HR_TEXT("mend line 330"));
    assert_true(first < hr_text_search(drawn, HR_TEXT("mend line 331")));
    assert_true(hr_text_search(drawn, HR_TEXT("mend line 331")) < drawn.size);
    assert_true(hr_text_search(drawn, HR_TEXT("]: line 18\n")) < drawn.size);
    assert_true(hr_text_search(drawn, HR_TEXT("]: line 19\n")) == drawn.size);
    assert_true(hr_text_search(drawn, HR_TEXT("and 283 more; --json tells 280 of them\n")) <
                drawn.size);
    hr_arena_close(&arena);
}

/* A terminal gets as many as somebody mends before they check again; programs get every one. */
static void all_are_kept_and_the_first_are_drawn(void **state)
{
    (void)state;
    struct hr_arena arena;
    struct hr_diagnostics found;
    hr_arena_init(&arena, 1 << 20);
    hr_diagnostics_init(&found, &arena);
    for (int line = 1; line <= 53; line++) {
        (void)find_fault(&found, HR_SEVERITY_error, line);
    }
    assert_int_equal(found.count, 53);
    assert_int_equal(found.items[0].place.line, 1);
    assert_int_equal(found.items[52].place.line, 53);
    struct hr_text drawn = hr_diagnostics_draw(&found, &arena, NULL, NULL);
    assert_true(hr_text_search(drawn, HR_TEXT("]: line 20\n")) < drawn.size);
    assert_true(hr_text_search(drawn, HR_TEXT("]: line 21\n")) == drawn.size);
    assert_true(hr_text_search(drawn, HR_TEXT("and 33 more; --json tells them all\n")) <
                drawn.size);
    hr_arena_close(&arena);
}

static void warnings_and_later_errors_never_push_an_error_out(void **state)
{
    (void)state;
    struct hr_arena arena;
    struct hr_diagnostics found;
    hr_arena_init(&arena, 1 << 20);
    hr_diagnostics_init(&found, &arena);
    for (int line = 1; line <= HR_DIAGNOSTICS_MAX; line++) {
        (void)find_fault(&found, HR_SEVERITY_error, line);
    }
    (void)find_fault(&found, HR_SEVERITY_warning, 1000);
    (void)find_fault(&found, HR_SEVERITY_error, 1001);
    for (uint32_t i = 0; i < HR_DIAGNOSTICS_MAX; i++) {
        assert_int_equal(found.items[i].place.line, i + 1);
    }
    hr_arena_close(&arena);
}

/* Whoever meets a fatal status, the command line, a webhook or the API, names it by the same code. */
static void every_fatal_status_has_a_code_that_any_of_our_answers_can_carry(void **state)
{
    (void)state;
    for (int32_t code = HR_E_NEEDS; code < 0; code++) {
        const struct hr_code_info *info = hr_code_info(hr_code_of(hr_answer(code)));
        assert_non_null(info);
        assert_true(info->http_status >= 500 && info->exit_code > 0);
    }
    assert_int_equal(hr_code_of(hr_answer(HR_E_VERSION)), HR_CODE_store_version);
    assert_int_equal(hr_code_of(hr_answer(HR_E_LIMIT)), HR_CODE_busy);
    assert_int_equal(hr_code_of(hr_answer(HR_E_FULL)), HR_CODE_disk_full);
    assert_int_equal(hr_code_of(hr_answer(HR_E_IO)), HR_CODE_disk_failed);
    assert_int_equal(hr_code_of(hr_answer(HR_E_CORRUPT)), HR_CODE_store_broken);
    assert_int_equal(hr_code_of(hr_answer(HR_E_MEMORY)), HR_CODE_internal);
}

static void what_is_surely_meant_is_one_candidate_only(void **state)
{
    (void)state;
    static const struct hr_text words[] = {HR_TEXT("operator"), HR_TEXT("owner"), HR_TEXT("mon"),
                                           HR_TEXT("won"), HR_TEXT("no")};
    static const struct {
        const char *written;
        const char *meant;
    } cases[] = {{"operater", "operator"},
                 {"oeprator", "operator"},
                 {"Owner", "owner"},
                 {"OPERATOR", "operator"},
                 {"opertr", ""},
                 {"xon", ""},
                 {"mo", "mon"},
                 {"n", ""},
                 {"", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hr_text meant =
            hr_surely_meant(hr_text_from(cases[i].written), words, sizeof words / sizeof words[0]);
        assert_true(hr_text_equal(meant, hr_text_from(cases[i].meant)));
    }
}

static void a_fix_is_found_in_the_bytes_that_a_file_has_now(void **state)
{
    (void)state;
    struct hr_arena arena;
    struct hr_diagnostics list;
    struct hr_text bytes = HR_TEXT("\xEF\xBB\xBF"
                                   "a: 1\n\xC3\xA9: operater\n");
    struct hr_place place = {.file = HR_TEXT("f.yaml"), .line = 2, .column = 4, .size = 8};
    size_t from = 0;
    size_t size = 0;
    hr_arena_init(&arena, 1 << 20);
    hr_diagnostics_init(&list, &arena);
    struct hr_diagnostic *item =
        hr_diagnostics_add(&list, HR_CODE_word_unknown, HR_SEVERITY_error, place, "no role");
    assert_false(hr_fix_locate(item, bytes, &from, &size));
    hr_diagnostic_fix_place(item, HR_TEXT("operater"), HR_TEXT_NONE);
    assert_false(hr_fix_locate(item, bytes, &from, &size));
    hr_diagnostic_fix_place(item, HR_TEXT("operater"), HR_TEXT("operator"));
    assert_true(hr_fix_locate(item, bytes, &from, &size));
    assert_int_equal(from, bytes.size - 9);
    assert_int_equal(size, 8);
    assert_false(hr_fix_locate(item, HR_TEXT("a: 1\nb: other\n"), &from, &size));
    assert_false(hr_fix_locate(item, HR_TEXT("a: 1\n"), &from, &size));
    hr_diagnostic_fix(item, 3, 2, HR_TEXT("b"));
    assert_true(hr_fix_locate(item, bytes, &from, &size));
    assert_int_equal(from, 3);
    assert_false(hr_fix_locate(item, HR_TEXT("a: "), &from, &size));
    hr_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_arena_refuses_beyond_its_budget_and_comes_back),
        cmocka_unit_test(a_mark_gives_back_exactly_what_came_after),
        cmocka_unit_test(texts_compare_cut_and_trim),
        cmocka_unit_test(numbers_are_read_whole_or_not_at_all),
        cmocka_unit_test(a_near_miss_is_found),
        cmocka_unit_test(a_text_is_clipped_between_letters),
        cmocka_unit_test(what_acts_on_a_terminal_is_shown_instead),
        cmocka_unit_test(broken_utf8_is_seen),
        cmocka_unit_test(a_buffer_refuses_for_good),
        cmocka_unit_test(a_buffer_says_whether_it_was_full_or_starved),
        cmocka_unit_test(a_full_list_copies_nothing_again),
        cmocka_unit_test(a_complaint_keeps_its_words_without_memory),
        cmocka_unit_test(a_map_remembers_the_order_of_arrival),
        cmocka_unit_test(numbers_survive_as_bytes),
        cmocka_unit_test(a_cut_or_overlong_number_is_refused),
        cmocka_unit_test(digests_are_those_of_the_standards),
        cmocka_unit_test(base64_there_and_back),
        cmocka_unit_test(an_error_behind_many_warnings_is_still_shown),
        cmocka_unit_test(all_are_kept_and_the_first_are_drawn),
        cmocka_unit_test(warnings_and_later_errors_never_push_an_error_out),
        cmocka_unit_test(every_fatal_status_has_a_code_that_any_of_our_answers_can_carry),
        cmocka_unit_test(what_is_surely_meant_is_one_candidate_only),
        cmocka_unit_test(a_fix_is_found_in_the_bytes_that_a_file_has_now),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
