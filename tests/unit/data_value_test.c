/* What people rely on when a value is compared, named and written: nothing that it holds is left out, and what finds
 * no memory is never written as nothing. */
#include "data_corpus.h"

#include "data/time.h"
#include "data/value.h"

static struct hr_arena arena;

static int begin(void **state)
{
    (void)state;
    hr_arena_init(&arena, 64 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    hr_arena_close(&arena);
    return 0;
}

static void assert_text(struct hr_text text, const char *expected)
{
    struct hr_text copy = hr_text_copy(&arena, text);
    assert_string_equal(copy.data, expected);
}

static struct hr_value json(const char *text)
{
    struct hr_value value = hr_value_null();
    if (!hr_ok(hr_json_read(&arena, hr_text_from(text), NULL, NULL, &value))) {
        fail_msg("refused: %s", text);
    }
    return value;
}

static struct hr_value bytes_of(struct hr_text bytes)
{
    struct hr_value value = hr_value_text(bytes);
    value.kind = HR_KIND_bytes;
    return value;
}

static struct hr_value address_of(const char bytes[HR_ADDRESS_SIZE], enum hr_bytes_form form)
{
    struct hr_value value = bytes_of((struct hr_text){bytes, HR_ADDRESS_SIZE});
    value.form = (uint8_t)form;
    return value;
}

static struct hr_value time_of(const char *text, uint32_t nanoseconds)
{
    hr_instant at = HR_INSTANT_NONE;
    assert_true(hr_instant_read(hr_text_from(text), &at));
    struct hr_value value = hr_value_time(at);
    value.nanoseconds = nanoseconds;
    return value;
}

static struct hr_value duration_of(int64_t us, uint32_t nanoseconds)
{
    struct hr_value value = hr_value_duration(us);
    value.nanoseconds = nanoseconds;
    return value;
}

static const char v4[HR_ADDRESS_SIZE] = "\x04\xFF\x0A\x00\x00\x01";
static const char v4_network[HR_ADDRESS_SIZE] = "\x04\x08\x0A";
static const char v6[HR_ADDRESS_SIZE] = "\x06\xFF\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\x01";

/* ---- the whole of it ---------------------------------------------------------------------- */

static struct hr_text name_of(struct hr_value value)
{
    struct hr_text name = HR_TEXT_NONE;
    assert_true(hr_ok(hr_value_name(&arena, &value, &name)));
    return name;
}

static void a_value_is_known_by_the_whole_of_it(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"\"order-17\"", "order-17"},
        {"17", "17"},
        {"-0", "-0"},
        {"9223372036854775808", "9223372036854775808"},
        {"1.10", "1.10"},
        {"true", "true"},
        {"false", "false"},
        {"[1,\"a\"]", "[1,\"a\"]"},
        {"{\"b\":1,\"a\":[true,null]}", "{\"a\":[true,null],\"b\":1}"},
        {"null", ""},
        {"[]", ""},
        {"{}", ""},
        {"\"\"", ""},
    };
    for (size_t index = 0; index < sizeof pairs / sizeof pairs[0]; index++) {
        assert_text(name_of(json(pairs[index][0])), pairs[index][1]);
    }
    struct hr_value text = hr_value_text(HR_TEXT("x"));
    struct hr_value some = {.kind = HR_KIND_optional, .count = 1, .items = &text};
    struct hr_value none = {.kind = HR_KIND_optional};
    assert_text(name_of(some), "x");
    assert_text(name_of(none), "");
    assert_text(name_of(bytes_of(HR_TEXT("sixteen bytes, a"))), "c2l4dGVlbiBieXRlcywgYQ==");
    assert_text(name_of(bytes_of(HR_TEXT("sixteen bytes, b"))), "c2l4dGVlbiBieXRlcywgYg==");
    assert_text(name_of(address_of(v4, HR_BYTES_address)), "10.0.0.1");
    assert_text(name_of(time_of("2026-11-22T10:02:09Z", 1)), "2026-11-22T10:02:09.000000001Z");
    assert_text(name_of(duration_of(1500000, 0)), "1.5s");
}

static void what_differs_far_behind_has_another_name(void **state)
{
    (void)state;
    char text[2][1100];
    for (size_t index = 0; index < 2; index++) {
        memset(text[index], '1', sizeof text[index]);
        memcpy(text[index], "[\"", 2);
        memcpy(text[index] + 1000, index == 0 ? "a\"]" : "b\"]", 4);
    }
    struct hr_text first = name_of(json(text[0]));
    struct hr_text second = name_of(json(text[1]));
    assert_int_equal(first.size, 1003);
    assert_false(hr_text_equal(first, second));
    for (size_t index = 0; index < 2; index++) { /* a number of 1,000 decimals */
        memset(text[index], '0', sizeof text[index]);
        memcpy(text[index], "0.", 2);
        memcpy(text[index] + 1000, index == 0 ? "1" : "2", 2);
    }
    assert_false(hr_text_equal(name_of(json(text[0])), name_of(json(text[1]))));
}

/* ---- comparing ---------------------------------------------------------------------------- */

static bool equal(struct hr_value a, struct hr_value b)
{
    return hr_value_equal(&a, &b);
}

static void a_nanosecond_apart_is_not_equal(void **state)
{
    (void)state;
    assert_true(equal(time_of("2026-11-22T10:02:09Z", 5), time_of("2026-11-22T10:02:09Z", 5)));
    assert_false(equal(time_of("2026-11-22T10:02:09Z", 5), time_of("2026-11-22T10:02:09Z", 6)));
    assert_false(equal(duration_of(1, 0), duration_of(1, 1)));
    assert_true(equal(address_of(v4, HR_BYTES_address), address_of(v4, HR_BYTES_address)));
    assert_false(equal(address_of(v4, HR_BYTES_address), address_of(v4, HR_BYTES_network)));
    assert_false(
        equal(address_of(v4, HR_BYTES_address), bytes_of((struct hr_text){v4, HR_ADDRESS_SIZE})));
}

/* What a reader or a template notes beside a value is not its content. */
static void a_note_beside_a_value_does_not_count(void **state)
{
    (void)state;
    struct hr_value missing = hr_value_null();
    missing.count = 4;
    missing.text = "name";
    assert_true(equal(missing, hr_value_null()));
    assert_true(equal(json("\"a\""), hr_value_text(HR_TEXT("a"))));
    assert_true(equal(json("1.50"), json("1.5")));
}

static void maps_are_equal_in_any_order(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    struct hr_member *up = hr_arena_new_many(&arena, struct hr_member, MANY);
    struct hr_member *down = hr_arena_new_many(&arena, struct hr_member, MANY);
    for (int64_t index = 0; index < MANY; index++) {
        up[index] = (struct hr_member){hr_value_int(index), hr_value_int(index * 2)};
        down[MANY - 1 - index] = up[index];
    }
    for (uint32_t count = 1; count <= MANY; count *= 5) {
        struct hr_value a = {.kind = HR_KIND_map, .count = count, .members = up};
        struct hr_value b = {.kind = HR_KIND_map, .count = count, .members = down + MANY - count};
        assert_true(hr_value_equal(&a, &b));
        down[MANY - 1].value.integer = 1;
        assert_false(hr_value_equal(&a, &b));
        down[MANY - 1].value.integer = 0;
    }
}

/* ---- writing ------------------------------------------------------------------------------ */

static struct hr_text shown(struct hr_value value)
{
    return hr_value_show(&arena, &value);
}

static void addresses_and_nanoseconds_are_written(void **state)
{
    (void)state;
    struct hr_value items[] = {
        address_of(v4, HR_BYTES_address),
        address_of(v4_network, HR_BYTES_network),
        address_of(v6, HR_BYTES_address),
        time_of("2026-11-22T10:02:09.5Z", 7),
        time_of("2026-11-22T10:02:09Z", 0),
        duration_of(-1, 0),
        duration_of(-1, 999),
        duration_of(INT64_MIN, 1),
        duration_of(90000000, 0),
        bytes_of(HR_TEXT("Hi")),
    };
    static const char *const expected[] = {
        "10.0.0.1",
        "10.0.0.0/8",
        "2001:db8::1",
        "2026-11-22T10:02:09.500000007Z",
        "2026-11-22T10:02:09Z",
        "-0.000001s",
        "-0.000000001s",
        "-9223372036854.775807999s",
        "90s",
        "2 bytes",
    };
    for (size_t index = 0; index < sizeof items / sizeof items[0]; index++) {
        assert_text(shown(items[index]), expected[index]);
    }
    struct hr_value list = {.kind = HR_KIND_list, .count = 4, .items = items};
    struct hr_buffer out;
    hr_buffer_init(&out, &arena, 1 << 20);
    hr_json_write(&out, &list);
    assert_text(hr_buffer_text(&out), "[\"10.0.0.1\",\"10.0.0.0/8\",\"2001:db8::1\","
                                      "\"2026-11-22T10:02:09.500000007Z\"]");
}

typedef void (*write_json)(struct hr_buffer *out, const struct hr_value *value);

/* With however little memory: either it fails, or all of it stands there. */
static void check_starving(write_json write, const struct hr_value *value, size_t begun)
{
    static const char before[200];
    struct hr_text whole = HR_TEXT_NONE;
    size_t failed = 0;
    for (size_t budget = 1 << 16;; budget -= 16) {
        struct hr_arena small;
        struct hr_buffer out;
        hr_arena_init(&small, budget);
        hr_buffer_init(&out, &small, 1 << 20);
        hr_buffer_add(&out, before, begun);
        write(&out, value);
        struct hr_text written = hr_buffer_text(&out);
        if (whole.data == NULL) {
            assert_false(out.failed);
            whole = hr_text_copy(&arena, written);
        }
        if (!out.failed && !hr_text_equal(written, whole)) {
            fail_msg("with %zu bytes: %.*s", budget, HR_SHOW(written));
        }
        failed += out.failed ? 1 : 0;
        assert_true(!out.failed || out.starved);
        hr_arena_close(&small);
        if (budget == 0) {
            break;
        }
    }
    assert_true(failed > 0);
}

static void what_finds_no_memory_is_not_written_as_nothing(void **state)
{
    (void)state;
    struct hr_value numbers[20];
    struct hr_member members[20];
    for (int index = 0; index < 20; index++) {
        numbers[index] = hr_value_double(20.5 - index);
        members[index] = (struct hr_member){numbers[index], hr_value_bool(true)};
    }
    struct hr_value values[] = {
        bytes_of(HR_TEXT("some bytes, which are longer in base64 than as they are")),
        time_of("2026-11-22T10:02:09.5Z", 0),
        duration_of(90000000, 0),
        address_of(v6, HR_BYTES_address),
        {.kind = HR_KIND_map, .count = 20, .members = members},
    };
    for (size_t index = 0; index < sizeof values / sizeof values[0]; index++) {
        for (size_t begun = 1; begun <= 200; begun += 40) {
            check_starving(hr_json_write, &values[index], begun);
            check_starving(hr_json_write_canonical, &values[index], begun);
        }
    }
    struct hr_arena none;
    struct hr_text name = HR_TEXT_NONE;
    hr_arena_init(&none, 0);
    assert_null(hr_value_show(&none, &values[1]).data);
    for (size_t index = 0; index < sizeof values / sizeof values[0]; index++) {
        assert_int_equal(hr_value_name(&none, &values[index], &name).code, HR_E_MEMORY);
    }
    hr_arena_close(&none);
}

#define story(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(a_value_is_known_by_the_whole_of_it),
        story(what_differs_far_behind_has_another_name),
        story(a_nanosecond_apart_is_not_equal),
        story(a_note_beside_a_value_does_not_count),
        story(maps_are_equal_in_any_order),
        story(addresses_and_nanoseconds_are_written),
        story(what_finds_no_memory_is_not_written_as_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
