/* What a company registers, against the tests of the public suffix list itself (39-psl, two files). */
/* links: data */
#include "data/identity.h"
#include "unit/data_corpus.h"

static struct hr_arena arena;
static uint32_t seen, right;

static int begin(void **state)
{
    (void)state;
    hr_arena_init(&arena, 16 << 20);
    seen = right = 0;
    return 0;
}

static int end(void **state)
{
    (void)state;
    hr_arena_close(&arena);
    return 0;
}

/* expected: the registrable domain, or "null". */
static void check(struct hr_text domain, struct hr_text expected)
{
    struct hr_text got = HR_TEXT("null");
    bool is_null = hr_text_equal(domain, HR_TEXT("null"));
    (void)hr_domain_registrable(&arena, is_null ? HR_TEXT_NONE : domain, &got);
    seen++;
    if (hr_text_equal(got, expected)) {
        right++;
    } else {
        print_error("%.*s: %.*s, not %.*s\n", HR_SHOW(domain), HR_SHOW(got), HR_SHOW(expected));
    }
}

static void judge(const char *file)
{
    print_message("  %s: %u of %u\n", file, right, seen);
    assert_int_equal(seen, 78);
    assert_true(right * 100 >= seen * 99);
}

/* "www.example.com example.com" */
static void tests_of_the_list(void **state)
{
    (void)state;
    struct hr_text text = corpus_read("39-psl", "tests.txt");
    if (text.data == NULL) {
        fprintf(stderr, "SKIP corpus 39-psl: not found\n");
        skip();
    }
    struct hr_text rest = text;
    while (rest.size > 0) {
        struct hr_text line = hr_text_trim(hr_text_cut(&rest, '\n'));
        if (line.size > 0 && !hr_text_starts(line, HR_TEXT("//"))) {
            struct hr_text domain = hr_text_cut(&line, ' ');
            check(domain, line);
        }
    }
    judge("tests.txt");
    corpus_free(text);
}

/* 'www.example.com', or null without quotes. */
static struct hr_text unquoted(struct hr_text text)
{
    text = hr_text_trim(text);
    return hr_text_starts(text, HR_TEXT("'")) ? hr_text_slice(text, 1, text.size - 1) : text;
}

/* "checkPublicSuffix('www.example.com', 'example.com');" */
static void older_tests_of_the_list(void **state)
{
    (void)state;
    struct hr_text text = corpus_read("39-psl", "test_psl.txt");
    if (text.data == NULL) {
        fprintf(stderr, "SKIP corpus 39-psl: not found\n");
        skip();
    }
    struct hr_text rest = text;
    while (rest.size > 0) {
        struct hr_text line = hr_text_trim(hr_text_cut(&rest, '\n'));
        if (hr_text_starts(line, HR_TEXT("checkPublicSuffix("))) {
            line = hr_text_slice(line, 18, hr_text_find(line, ')'));
            struct hr_text domain = hr_text_cut(&line, ',');
            check(unquoted(domain), unquoted(line));
        }
    }
    judge("test_psl.txt");
    corpus_free(text);
}

#define story(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(tests_of_the_list),
        story(older_tests_of_the_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
