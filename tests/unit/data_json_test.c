/* What people rely on when JSON comes in and goes out: every well-formed text is read, every broken
 * one is refused at the right letter, long ids survive, and numbers are written as published. */
#include "data_corpus.h"

#include "data/time.h"
#include "data/value.h"

#include <math.h>
#include <time.h>

static struct hr_arena arena;
static struct hr_diagnostics found;

static int begin(void **state)
{
    (void)state;
    hr_arena_init(&arena, 256 << 20);
    hr_diagnostics_init(&found, &arena);
    return 0;
}

static int end(void **state)
{
    (void)state;
    hr_arena_close(&arena);
    return 0;
}

static struct hr_value read_well(const char *json)
{
    struct hr_value value = {0};
    hr_status status = hr_json_read(&arena, hr_text_from(json), NULL, &found, &value);
    if (!hr_ok(status)) {
        fail_msg("refused: %s", json);
    }
    return value;
}

static struct hr_text written(const struct hr_value *value)
{
    struct hr_buffer out;
    hr_buffer_init(&out, &arena, 64 << 20);
    hr_json_write(&out, value);
    assert_true(hr_ok(hr_buffer_status(&out)));
    return hr_buffer_text(&out);
}

static void assert_text(struct hr_text text, const char *expected)
{
    struct hr_text copy = hr_text_copy(&arena, text);
    assert_string_equal(copy.data, expected);
}

/* ---- reading ------------------------------------------------------------------------------ */

static void a_webhook_body_becomes_a_tree(void **state)
{
    (void)state;
    struct hr_value body = read_well(
        "{\"type\": \"checkout.paid\", \"data\": {\"emails\": [\"ada@example.com\", "
        "\"b@example.com\"], \"amount\": 4900, \"rate\": 0.25, \"test\": false, \"note\": null}}");
    assert_text(hr_value_as_text(hr_value_path(&body, HR_TEXT("type"))), "checkout.paid");
    assert_text(hr_value_as_text(hr_value_path(&body, HR_TEXT("data.emails.1"))), "b@example.com");
    assert_int_equal(hr_value_path(&body, HR_TEXT("data.amount"))->integer, 4900);
    assert_true(fabs(hr_value_path(&body, HR_TEXT("data.rate"))->real - 0.25) < 1e-12);
    assert_int_equal(hr_value_path(&body, HR_TEXT("data.test"))->kind, HR_KIND_bool);
    assert_int_equal(hr_value_path(&body, HR_TEXT("data.note"))->kind, HR_KIND_null);
    assert_null(hr_value_path(&body, HR_TEXT("data.emails.2")));
    assert_null(hr_value_path(&body, HR_TEXT("data.amount.x")));
    assert_null(hr_value_path(&body, HR_TEXT("data.emails.-1")));
    assert_null(hr_value_member(&body, HR_TEXT("missing")));
}

static void a_long_id_keeps_every_digit(void **state)
{
    (void)state;
    struct hr_value ids = read_well(
        "[9007199254740993, 9223372036854775807, 9223372036854775808, "
        "18446744073709551615, 18446744073709551616, -9223372036854775808, -0, 1.10, 1E3]");
    assert_int_equal(ids.items[0].integer, INT64_C(9007199254740993));
    assert_int_equal(ids.items[1].integer, INT64_MAX);
    assert_int_equal(ids.items[2].kind, HR_KIND_uint);
    assert_true(ids.items[3].natural == UINT64_MAX);
    assert_int_equal(ids.items[4].kind, HR_KIND_double);
    assert_int_equal(ids.items[5].integer, INT64_MIN);
    assert_text(written(&ids),
                "[9007199254740993,9223372036854775807,9223372036854775808,18446744073709551615,"
                "18446744073709551616,-9223372036854775808,-0,1.10,1E3]");
}

static void escapes_become_letters(void **state)
{
    (void)state;
    struct hr_value text =
        read_well("\"\\u0041\\n\\t\\\"\\\\\\/ \\u00e9 \\ud83d\\ude00 \\u0000!\"");
    struct hr_text expected = HR_TEXT("A\n\t\"\\/ \xC3\xA9 \xF0\x9F\x98\x80 \0!");
    assert_true(hr_text_equal(hr_value_as_text(&text), expected));
}

struct refusal {
    const char *json;
    enum hr_code code;
    uint32_t line, column;
    const char *part; /* of the message */
};

static void a_broken_text_is_refused_at_the_letter(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"", HR_CODE_json_syntax, 1, 1, "too early"},
        {"{\"a\": 1,}", HR_CODE_json_syntax, 1, 9, "key"},
        {"{\n  \"a\": 1\n  \"b\": 2}", HR_CODE_json_syntax, 3, 3, "','"},
        {"[1, 2", HR_CODE_json_syntax, 1, 6, "too early"},
        {"[1 2]", HR_CODE_json_syntax, 1, 4, "']'"},
        {"{'a': 1}", HR_CODE_json_syntax, 1, 2, "double quotes"},
        {"[01]", HR_CODE_json_syntax, 1, 2, "begin with 0"},
        {"[1.]", HR_CODE_json_syntax, 1, 4, "decimal point"},
        {"\"\xC3\xA9\xC3\xA9\\x\"", HR_CODE_json_syntax, 1, 4, "escape"},
        {"\"\\ud800\"", HR_CODE_json_syntax, 1, 2, "pair"},
        {"\"a\nb\"", HR_CODE_json_syntax, 1, 3, "control"},
        {"\"\xFF\"", HR_CODE_not_utf8, 1, 2, "UTF-8"},
        {"1 2", HR_CODE_json_syntax, 1, 3, "nothing more"},
        {"1e999", HR_CODE_json_number, 1, 1, "large"},
        {"{\"a\":1,\n \"b\":2, \"a\":3}", HR_CODE_json_duplicate_key, 2, 9, "\"a\""},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        const struct refusal *it = &cases[index];
        hr_diagnostics_init(&found, &arena);
        struct hr_value value;
        hr_status status = hr_json_read(&arena, hr_text_from(it->json), NULL, &found, &value);
        if (status.code != HR_E_INPUT || found.count != 1) {
            fail_msg("not refused: %s", it->json);
        }
        const struct hr_diagnostic *first = &found.items[0];
        if (first->code != it->code || first->place.line != it->line ||
            first->place.column != it->column ||
            hr_text_search(first->message, hr_text_from(it->part)) == first->message.size) {
            fail_msg("%s: %d at %u:%u %.*s", it->json, first->code, first->place.line,
                     first->place.column, HR_SHOW(first->message));
        }
    }
}

static void a_duplicate_key_shows_both_places(void **state)
{
    (void)state;
    struct hr_value value;
    hr_status status = hr_json_read(&arena, HR_TEXT("{\"a\":1,\n \"b\":2,\n \"\\u0061\":3}"), NULL,
                                    &found, &value);
    assert_int_equal(status.code, HR_E_INPUT);
    assert_int_equal(found.items[0].place.line, 3);
    assert_int_equal(found.items[0].second.line, 1);
    assert_int_equal(found.items[0].second.column, 2);

    struct hr_json_options keep = {.keep_last = true};
    status =
        hr_json_read(&arena, HR_TEXT("{\"a\":1,\"b\":2,\"a\":3,\"a\":4}"), &keep, &found, &value);
    assert_true(hr_ok(status));
    assert_text(written(&value), "{\"b\":2,\"a\":4}");
}

static void many_keys_are_checked_without_getting_slow(void **state)
{
    (void)state;
    struct hr_buffer json;
    hr_buffer_init(&json, &arena, 8 << 20);
    hr_buffer_add_byte(&json, '{');
    for (int index = 0; index < 60000; index++) {
        hr_buffer_add_format(&json, "\"k%d\":%d,", index, index);
    }
    hr_buffer_add_text(&json, HR_TEXT("\"k77\":1}"));
    struct hr_value value;
    assert_int_equal(hr_json_read(&arena, hr_buffer_text(&json), NULL, &found, &value).code,
                     HR_E_INPUT);
    assert_int_equal(found.items[0].code, HR_CODE_json_duplicate_key);
    struct hr_json_options keep = {.keep_last = true};
    assert_true(hr_ok(hr_json_read(&arena, hr_buffer_text(&json), &keep, &found, &value)));
    assert_int_equal(value.count, 60000);
    assert_int_equal(hr_value_member(&value, HR_TEXT("k77"))->integer, 1);
    assert_true(hr_value_equal(&value, &value));
}

static void depth_and_size_have_limits(void **state)
{
    (void)state;
    char deep[100001];
    memset(deep, '[', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    struct hr_value value;
    assert_int_equal(hr_json_read(&arena, hr_text_from(deep), NULL, &found, &value).code,
                     HR_E_INPUT);
    assert_int_equal(found.items[0].code, HR_CODE_json_too_deep);
    assert_int_equal(found.items[0].place.column, HR_VALUE_DEPTH_MAX + 1);
    struct hr_json_options deeper = {.depth_max = 1000000};
    assert_int_equal(hr_json_read(&arena, hr_text_from(deep), &deeper, NULL, &value).code,
                     HR_E_INPUT);

    hr_diagnostics_init(&found, &arena);
    struct hr_json_options small = {.size_max = 8};
    assert_int_equal(hr_json_read(&arena, HR_TEXT("\"12345678\""), &small, &found, &value).code,
                     HR_E_INPUT);
    assert_int_equal(found.items[0].code, HR_CODE_json_too_big);

    memset(deep + HR_VALUE_DEPTH_MAX, ']', HR_VALUE_DEPTH_MAX);
    deep[2 * HR_VALUE_DEPTH_MAX] = '\0';
    read_well(deep);
}

static void an_arena_that_is_full_is_an_answer(void **state)
{
    (void)state;
    struct hr_arena small;
    hr_arena_init(&small, 64);
    struct hr_value value;
    hr_status status = hr_json_read(&small, HR_TEXT("[1,2,3,4,5,6,7,8,9,10]"), NULL, NULL, &value);
    assert_int_equal(status.code, HR_E_MEMORY);
    hr_arena_close(&small);
}

/* ---- values ------------------------------------------------------------------------------- */

static void equality_ignores_the_order_of_keys(void **state)
{
    (void)state;
    struct hr_value a = read_well("{\"x\":1,\"y\":[1,{\"z\":null}],\"t\":\"s\"}");
    struct hr_value b = read_well("{\"t\":\"s\",\"y\":[1,{\"z\":null}],\"x\":1}");
    struct hr_value c = read_well("{\"t\":\"s\",\"y\":[1,{\"z\":0}],\"x\":1}");
    struct hr_value d = read_well("{\"t\":\"s\",\"y\":[1,{\"z\":null}],\"x\":1.0}");
    assert_true(hr_value_equal(&a, &b));
    assert_false(hr_value_equal(&a, &c));
    assert_false(hr_value_equal(&a, &d));
}

static void a_copy_outlives_its_source(void **state)
{
    (void)state;
    char source[] = "{\"id\":12345678901234567890123,\"name\":\"Ada\",\"list\":[\"x\",{}]}";
    struct hr_arena own;
    hr_arena_init(&own, 1 << 20);
    struct hr_value value = read_well(source);
    struct hr_value copy;
    assert_true(hr_ok(hr_value_copy(&own, &value, &copy)));
    memset(source, '#', sizeof source - 1);
    assert_text(written(&copy),
                "{\"id\":12345678901234567890123,\"name\":\"Ada\",\"list\":[\"x\",{}]}");
    hr_arena_close(&own);
}

static void values_are_shown_short(void **state)
{
    (void)state;
    struct hr_value value = read_well("{\"stage\":\"won\",\"amounts\":[1,2.50],\"x\":null}");
    assert_text(hr_value_show(&arena, &value), "{stage: won, amounts: [1, 2.50], x: nothing}");
    struct hr_value time = hr_value_time(INT64_C(1795342929500000));
    assert_text(hr_value_show(&arena, &time), "2026-11-22T10:22:09.5Z");

    char many[700];
    for (int index = 0; index < 300; index++) {
        many[2 * index] = '\xC3';
        many[2 * index + 1] = '\xA9';
    }
    many[600] = '\0';
    char odd[701];
    snprintf(odd, sizeof odd, "x%s", many);
    struct hr_value text = hr_value_text(hr_text_from(odd));
    struct hr_text shown = hr_value_show(&arena, &text);
    assert_true(hr_text_is_utf8(shown));
    assert_true(shown.size <= 203);
    assert_true(hr_text_ends(shown, HR_TEXT("\xE2\x80\xA6")));
}

static void times_durations_and_bytes_are_written_as_texts(void **state)
{
    (void)state;
    struct hr_value bytes = hr_value_text(HR_TEXT("hi!"));
    bytes.kind = HR_KIND_bytes;
    struct hr_value items[] = {hr_value_time(0),
                               hr_value_duration(1500000),
                               hr_value_duration(-60000000),
                               bytes,
                               hr_value_double((double)INFINITY),
                               hr_value_text(HR_TEXT("\x01\"\xC3\xA9"))};
    struct hr_value list = {.kind = HR_KIND_list, .count = 6, .items = items};
    assert_text(
        written(&list),
        "[\"1970-01-01T00:00:00Z\",\"1.5s\",\"-60s\",\"aGkh\",null,\"\\u0001\\\"\xC3\xA9\"]");
}

/* ---- numbers ------------------------------------------------------------------------------ */

static void doubles_take_the_form_of_rfc_8785(void **state)
{
    (void)state;
    static const struct {
        uint64_t bits;
        const char *text;
    } cases[] = {/* RFC 8785, appendix B */
                 {0x0000000000000000, "0"},
                 {0x8000000000000000, "0"},
                 {0x0000000000000001, "5e-324"},
                 {0x8000000000000001, "-5e-324"},
                 {0x7fefffffffffffff, "1.7976931348623157e+308"},
                 {0x4340000000000000, "9007199254740992"},
                 {0xc340000000000000, "-9007199254740992"},
                 {0x4430000000000000, "295147905179352830000"},
                 {0x44b52d02c7e14af5, "9.999999999999997e+22"},
                 {0x44b52d02c7e14af6, "1e+23"},
                 {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
                 {0x444b1ae4d6e2ef4e, "999999999999999700000"},
                 {0x444b1ae4d6e2ef4f, "999999999999999900000"},
                 {0x444b1ae4d6e2ef50, "1e+21"},
                 {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
                 {0x3eb0c6f7a0b5ed8d, "0.000001"},
                 {0x41b3de4355555553, "333333333.3333332"},
                 {0x41b3de4355555557, "333333333.33333343"},
                 {0xbecbf647612f3696, "-0.0000033333333333333333"},
                 {0x43143ff3c1cb0959, "1424953923781206.2"}};
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        double real;
        memcpy(&real, &cases[index].bits, sizeof real);
        struct hr_buffer out;
        hr_buffer_init(&out, &arena, 100);
        struct hr_value value = hr_value_double(real);
        hr_json_write(&out, &value);
        assert_text(hr_buffer_text(&out), cases[index].text);
    }
}

static struct hr_text canonical(const struct hr_value *value)
{
    struct hr_buffer out;
    hr_buffer_init(&out, &arena, 1 << 20);
    hr_json_write_canonical(&out, value);
    assert_true(hr_ok(hr_buffer_status(&out)));
    return hr_buffer_text(&out);
}

static void equal_values_have_one_canonical_form(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"{\"b\":1,\"a\":{\"d\":[1,2],\"c\":null}}", "{\"a\":{\"c\":null,\"d\":[1,2]},\"b\":1}"},
        {"[1.0,1e0,100e-2,-0,-0.0,0.10]", "[1,1,1,0,0,0.1]"},
        {"[1E3,1000,1e21,1e-7]", "[1000,1000,1e+21,1e-7]"},
        {"{\"aa\":1,\"a\":2,\"\":3,\"A\":4}", "{\"\":3,\"A\":4,\"a\":2,\"aa\":1}"},
        {"\"\\u0041\\/\\u000a\\u001F\"", "\"A/\\n\\u001f\""},
        {"[9007199254740993,123456789012345678901234567890]",
         "[9007199254740993,123456789012345678901234567890]"},
        {"{\"\xEF\xAC\x81\":1,\"\xF0\x9F\x98\x80\":2,\"\xC3\xA9\":3}",
         "{\"\xC3\xA9\":3,\"\xF0\x9F\x98\x80\":2,\"\xEF\xAC\x81\":1}"},
    };
    for (size_t index = 0; index < sizeof pairs / sizeof pairs[0]; index++) {
        struct hr_value value = read_well(pairs[index][0]);
        assert_text(canonical(&value), pairs[index][1]);
        struct hr_value again = read_well(pairs[index][1]);
        assert_text(canonical(&again), pairs[index][1]);
    }
    struct hr_member members[] = {{hr_value_int(10), hr_value_bool(true)},
                                  {hr_value_int(2), hr_value_time(0)}};
    struct hr_value map = {.kind = HR_KIND_map, .count = 2, .members = members};
    assert_text(canonical(&map), "{\"10\":true,\"2\":\"1970-01-01T00:00:00Z\"}");
}

static void a_canonical_form_without_memory_says_so(void **state)
{
    (void)state;
    struct hr_value value = read_well("{\"b\":1,\"a\":2}");
    struct hr_arena small;
    hr_arena_init(&small, 16);
    struct hr_buffer out;
    hr_buffer_init(&out, &small, 100);
    hr_json_write_canonical(&out, &value);
    assert_int_equal(hr_buffer_status(&out).code, HR_E_MEMORY);
    hr_arena_close(&small);
}

static void long_ids_stay_different(void **state)
{
    (void)state;
    struct hr_value ids = read_well("[9007199254740993,9007199254740992]");
    struct hr_buffer out;
    hr_buffer_init(&out, &arena, 100);
    hr_json_write(&out, &ids);
    assert_text(hr_buffer_text(&out), "[9007199254740993,9007199254740992]");
}

static void two_keys_that_look_alike_are_two(void **state)
{
    (void)state;
    /* the same length, first, middle and last letter: the quick look cannot tell them apart */
    struct hr_value value = read_well("{\"axbyc\":1,\"aybxc\":2,\"\":3,\"axbzc\":4}");
    assert_int_equal(value.count, 4);
    struct hr_buffer json;
    hr_buffer_init(&json, &arena, 1 << 20);
    for (int count = 2; count < 80; count++) {
        json.size = 0;
        hr_buffer_add_byte(&json, '{');
        for (int index = 0; index < count; index++) {
            hr_buffer_add_format(&json, "\"a%dx%dz\":%d,", index % 10, index / 10, index);
        }
        hr_buffer_add_format(&json, "\"a%dx%dz\":0}", count / 2 % 10, count / 2 / 10);
        struct hr_json_options keep = {.keep_last = true};
        hr_diagnostics_init(&found, &arena);
        assert_int_equal(hr_json_read(&arena, hr_buffer_text(&json), NULL, &found, &value).code,
                         HR_E_INPUT);
        assert_int_equal(found.items[0].code, HR_CODE_json_duplicate_key);
        assert_true(hr_ok(hr_json_read(&arena, hr_buffer_text(&json), &keep, NULL, &value)));
        assert_int_equal(value.count, count);
        assert_int_equal(value.members[count - 1].value.integer, 0);
    }
}

/* ---- properties --------------------------------------------------------------------------- */

static uint64_t seed = 42;

static uint32_t pick(uint32_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % below;
}

static void every_double_reads_back_the_same(void **state)
{
    (void)state;
    for (int round = 0; round < 20000; round++) {
        uint64_t bits =
            (uint64_t)pick(UINT32_MAX) << 33 ^ (uint64_t)pick(UINT32_MAX) << 11 ^ pick(UINT32_MAX);
        double real;
        memcpy(&real, &bits, sizeof real);
        if (!isfinite(real)) {
            continue;
        }
        struct hr_arena_mark mark = hr_arena_mark(&arena);
        struct hr_value value = hr_value_double(real);
        struct hr_text text = written(&value);
        struct hr_value back;
        assert_true(hr_ok(hr_json_read(&arena, text, NULL, NULL, &back)));
        double got = back.kind == HR_KIND_double ? back.real
                     : back.kind == HR_KIND_uint ? (double)back.natural
                                                 : (double)back.integer;
        assert_true(got >= real && got <= real);
        hr_arena_rewind(&arena, mark);
    }
}

static void mangled_texts_never_crash(void **state)
{
    (void)state;
    static const char good[] = "{\"a\":[1,-2.5e3,\"\\u00e9\\n\",true,null,{\"b\":{}}],"
                               "\"caf\xC3\xA9\":[[]],\"z\":\"\\ud83d\\ude00\"}";
    char bad[sizeof good];
    for (int round = 0; round < 50000; round++) {
        struct hr_arena_mark mark = hr_arena_mark(&arena);
        memcpy(bad, good, sizeof good);
        for (uint32_t change = pick(3) + 1; change > 0; change--) {
            bad[pick(sizeof good - 1)] = "{}[]\",:\\u0e1\xC3\n"[pick(15)];
        }
        struct hr_text text = {bad, pick(sizeof good)};
        struct hr_value value;
        if (hr_ok(hr_json_read(&arena, text, NULL, NULL, &value))) {
            struct hr_text out = written(&value);
            struct hr_value again;
            assert_true(hr_ok(hr_json_read(&arena, out, NULL, NULL, &again)));
            assert_true(hr_value_equal(&value, &again));
        }
        hr_arena_rewind(&arena, mark);
    }
}

#define story(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(a_webhook_body_becomes_a_tree),
        story(a_long_id_keeps_every_digit),
        story(escapes_become_letters),
        story(a_broken_text_is_refused_at_the_letter),
        story(a_duplicate_key_shows_both_places),
        story(many_keys_are_checked_without_getting_slow),
        story(depth_and_size_have_limits),
        story(an_arena_that_is_full_is_an_answer),
        story(equality_ignores_the_order_of_keys),
        story(a_copy_outlives_its_source),
        story(values_are_shown_short),
        story(times_durations_and_bytes_are_written_as_texts),
        story(doubles_take_the_form_of_rfc_8785),
        story(equal_values_have_one_canonical_form),
        story(a_canonical_form_without_memory_says_so),
        story(long_ids_stay_different),
        story(two_keys_that_look_alike_are_two),
        story(every_double_reads_back_the_same),
        story(mangled_texts_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
