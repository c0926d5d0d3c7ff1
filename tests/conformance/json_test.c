/* The JSON reader against cases that others published, with every kind of instructions that this
 * processor has: JSONTestSuite, the pairs of RFC 8785, and texts made so that quotes and backslashes
 * fall on the borders of the blocks that are looked at together. */
/* links: data */
#include "data/json_reader.h"
#include "unit/data_corpus.h"

static struct hr_arena arena;
static enum hr_json_path path;

static int begin(void **state)
{
    (void)state;
    hr_arena_init(&arena, 256 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    hr_arena_close(&arena);
    return 0;
}

static const char *const path_names[] = {"portable", "SSE2", "AVX2", "AVX-512"};

/* The same on every path; says so where the processor lacks one. */
static void on_every_path(void (*check)(void))
{
    for (path = HR_JSON_portable; path < HR_JSON_PATHS; path++) {
        if (hr_json_path_works(path)) {
            check();
        } else {
            print_message("  this processor has no %s\n", path_names[path]);
        }
    }
}

static hr_status read_on_path(struct hr_text text, const struct hr_json_options *options,
                              struct hr_diagnostics *reterr, struct hr_value *ret_value)
{
    return hr_json_read_by(path, &arena, text, options, reterr, ret_value);
}

static struct hr_text written(const struct hr_value *value)
{
    struct hr_buffer out;
    hr_buffer_init(&out, &arena, 64 << 20);
    hr_json_write(&out, value);
    assert_true(hr_ok(hr_buffer_status(&out)));
    return hr_buffer_text(&out);
}

/* ---- JSONTestSuite ------------------------------------------------------------------------ */

static int accepted, refused, wrong, left_free;

static void check_suite(const char *folder, const char *name)
{
    struct hr_text text = corpus_read(folder, name);
    struct hr_arena_mark mark = hr_arena_mark(&arena);
    struct hr_json_options options = {.depth_max = 600, .keep_last = true};
    struct hr_value value;
    bool ok = hr_ok(read_on_path(text, &options, NULL, &value));
    if ((strncmp(name, "y_", 2) == 0 && !ok) || (strncmp(name, "n_", 2) == 0 && ok)) {
        print_error("%s: %s\n", name, ok ? "accepted" : "refused");
        wrong++;
    }
    if (ok) { /* what was read is written and read again, and is the same */
        struct hr_value again;
        assert_true(hr_ok(read_on_path(written(&value), &options, NULL, &again)));
        assert_true(hr_value_equal(&value, &again));
    }
    accepted += strncmp(name, "y_", 2) == 0 && ok;
    refused += strncmp(name, "n_", 2) == 0 && !ok;
    left_free += name[0] != 'y' && name[0] != 'n';
    hr_arena_rewind(&arena, mark);
    corpus_free(text);
}

static void suite_on_path(void)
{
    accepted = refused = wrong = left_free = 0;
    if (corpus_each("09-jsontestsuite", check_suite) > 0) {
        assert_int_equal(wrong, 0);
        assert_int_equal(accepted, 95);
        assert_int_equal(refused, 188);
        print_message("  %s: %d of 95 accepted, %d of 188 refused, %d left free by the suite\n",
                      path_names[path], accepted, refused, left_free);
    }
}

static void json_test_suite(void **state)
{
    (void)state;
    on_every_path(suite_on_path);
}

/* ---- RFC 8785 ----------------------------------------------------------------------------- */

static int canonical_right;

static void check_canonical(const char *folder, const char *name)
{
    struct hr_text input = corpus_read(folder, name);
    struct hr_text expected = corpus_read("12-jcs/output", name);
    assert_non_null(expected.data);
    struct hr_value value;
    path = hr_json_path_best();
    assert_true(hr_ok(read_on_path(input, NULL, NULL, &value)));
    struct hr_buffer out;
    hr_buffer_init(&out, &arena, 1 << 20);
    hr_json_write_canonical(&out, &value);
    assert_true(hr_ok(hr_buffer_status(&out)));
    struct hr_text got = hr_buffer_text(&out);
    if (hr_text_equal(got, hr_text_trim(expected))) {
        canonical_right++;
    } else {
        print_error("%s: %.*s\n", name, HR_SHOW(got));
    }
    corpus_free(input);
    corpus_free(expected);
}

static void the_pairs_of_rfc_8785(void **state)
{
    (void)state;
    int seen = corpus_each("12-jcs/input", check_canonical);
    print_message("  %d of %d canonical forms\n", canonical_right, seen);
    assert_int_equal(canonical_right, seen);
    assert_true(seen == 0 || seen == 6);
}

/* ---- all paths say the same --------------------------------------------------------------- */

static uint64_t seed = 42;

static uint32_t pick(uint32_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % below;
}

/* What a path makes of a text, as one text: the value, or the code and place of the complaint. */
static struct hr_text judged(struct hr_text text)
{
    struct hr_diagnostics found;
    hr_diagnostics_init(&found, &arena);
    struct hr_value value;
    if (hr_ok(read_on_path(text, NULL, &found, &value))) {
        return written(&value);
    }
    assert_int_equal(found.count, 1);
    const struct hr_diagnostic *first = &found.items[0];
    return hr_text_format(&arena, "E%d %u:%u %.*s", first->code, first->place.line,
                          first->place.column, HR_SHOW(first->message));
}

static void compare_paths(struct hr_text text)
{
    path = HR_JSON_portable;
    struct hr_text expected = judged(text);
    for (path = HR_JSON_sse2; path < HR_JSON_PATHS; path++) {
        if (!hr_json_path_works(path)) {
            continue;
        }
        struct hr_text got = judged(text);
        if (!hr_text_equal(got, expected)) {
            fail_msg("%s: %.*s, portable: %.*s, of %.*s", path_names[path], HR_SHOW(got),
                     HR_SHOW(expected), HR_SHOW(text));
        }
    }
}

/* Strings with runs of backslashes and quotes, white space and numbers of many lengths. */
static struct hr_text random_text(void)
{
    struct hr_buffer out;
    hr_buffer_init(&out, &arena, 1 << 16);
    hr_buffer_add_byte(&out, '[');
    for (uint32_t items = pick(120); items > 0; items--) {
        for (uint32_t spaces = pick(4) == 0 ? pick(70) : 0; spaces > 0; spaces--) {
            hr_buffer_add_byte(&out, " \n\r\t"[pick(4)]);
        }
        if (pick(3) == 0) {
            hr_buffer_add_format(&out, "%s%u", pick(2) == 0 ? "-" : "", pick(2000000000));
        } else {
            hr_buffer_add_byte(&out, '"');
            for (uint32_t letters = pick(80); letters > 0; letters--) {
                static const char *const some[] = {"a", "\\\\", "\\\"", "\xC3\xA9", "[",       "{",
                                                   ",", ":",    "}",    "]",        "\\u00e9", " "};
                hr_buffer_add_text(&out, hr_text_from(some[pick(12)]));
            }
            hr_buffer_add_byte(&out, '"');
        }
        if (items > 1) {
            hr_buffer_add_byte(&out, ',');
        }
    }
    hr_buffer_add_byte(&out, ']');
    assert_true(hr_ok(hr_buffer_status(&out)));
    return hr_buffer_text(&out);
}

static void every_path_says_the_same(void **state)
{
    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct hr_arena_mark mark = hr_arena_mark(&arena);
        struct hr_text text = random_text();
        path = hr_json_path_best();
        struct hr_value value;
        if (!hr_ok(read_on_path(text, NULL, NULL, &value))) {
            fail_msg("refused: %.*s", HR_SHOW(text));
        }
        compare_paths(text);
        char *broken = hr_arena_alloc(&arena, text.size);
        memcpy(broken, text.data, text.size);
        for (uint32_t change = pick(4) + 1; change > 0; change--) {
            broken[pick((uint32_t)text.size)] = "{}[]\",:\\u0e1\xC3\n\0\x1A "[pick(18)];
        }
        compare_paths((struct hr_text){broken, pick((uint32_t)text.size + 1)});
        hr_arena_rewind(&arena, mark);
    }
}

/* A string as long as the window, a little shorter and a little longer, with an escape at its end. */
static void borders_of_windows_are_no_borders(void **state)
{
    (void)state;
    for (uint32_t size = HR_JSON_WINDOW - 70; size < HR_JSON_WINDOW + 70; size++) {
        struct hr_arena_mark mark = hr_arena_mark(&arena);
        struct hr_buffer out;
        hr_buffer_init(&out, &arena, 1 << 16);
        hr_buffer_add_text(&out, HR_TEXT("{\"k\":\""));
        for (uint32_t index = 0; index < size; index++) {
            hr_buffer_add_byte(&out, 'x');
        }
        hr_buffer_add_text(&out, HR_TEXT("\\\\\\\"\",\"n\":12345678901,\"t\":true}"));
        for (path = HR_JSON_portable; path < HR_JSON_PATHS; path++) {
            struct hr_value value;
            if (!hr_json_path_works(path)) {
                continue;
            }
            assert_true(hr_ok(read_on_path(hr_buffer_text(&out), NULL, NULL, &value)));
            struct hr_text text = hr_value_as_text(hr_value_member(&value, HR_TEXT("k")));
            assert_int_equal(text.size, size + 2);
            assert_true(hr_text_ends(text, HR_TEXT("x\\\"")));
            assert_int_equal(hr_value_member(&value, HR_TEXT("n"))->integer, INT64_C(12345678901));
        }
        hr_arena_rewind(&arena, mark);
    }
}

#define story(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(json_test_suite),
        story(the_pairs_of_rfc_8785),
        story(every_path_says_the_same),
        story(borders_of_windows_are_no_borders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
