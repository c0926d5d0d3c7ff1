/* links: base */
/* Every error code keeps its promises: a page with all its parts, and a test that provokes it. For codes of workspace
 * files that is a golden file of tests/golden/check; for all others tests/golden/codes.txt names the test, a line
 * "NNNN symbol path" each, and the test has the code or its symbol in it. */
#include "base/diagnostic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FILE_BYTES_MAX = 1 << 20, LINE_BYTES_MAX = 512 };

/* A file of the project, in the arena; data NULL when it is not there. */
static struct hr_text read_file(struct hr_arena *into, const char *relative)
{
    struct hr_text source = hr_text_from(__FILE__);
    char path[1024];
    (void)snprintf(path, sizeof path, "%.*s%s", (int)hr_text_search(source, HR_TEXT("tests/unit/")),
                   source.data, relative);
    FILE *stream = fopen(path, "rb");
    char *bytes = stream == NULL ? NULL : hr_arena_alloc(into, FILE_BYTES_MAX);
    size_t size = bytes == NULL ? 0 : fread(bytes, 1, FILE_BYTES_MAX, stream);
    if (stream != NULL) {
        (void)fclose(stream);
    }
    return (struct hr_text){bytes, size};
}

static bool has(struct hr_text text, const char *part)
{
    return text.size > 0 && hr_text_search(text, hr_text_from(part)) < text.size;
}

/* Why, an example, and the fix: each long enough to say something. */
static bool has_all_parts(const struct hr_code_info *info)
{
    static const char *const marks[] = {"Example: ", "For example ", "for example ", "Example of "};
    struct hr_text page = hr_text_from(info->page);
    size_t at = page.size;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t found = hr_text_search(page, hr_text_from(marks[i]));
        at = found < at ? found : at;
    }
    bool good = at >= 40 && page.size - at >= 30 && strlen(info->help) > 10 &&
                info->text[0] != '\0' && info->text[strlen(info->text) - 1] != '.';
    if (!good) {
        print_error("E%04d %s: its page has no example, or says too little\n", (int)info->code,
                    info->symbol);
    }
    return good;
}

static void every_code_has_a_page_with_all_parts(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; hr_code_at(i) != NULL; i++) {
        wrong += !has_all_parts(hr_code_at(i));
    }
    assert_int_equal(wrong, 0);
}

/* The line of the register for a code, or the empty text. */
static struct hr_text line_of(struct hr_text codes, const struct hr_code_info *info)
{
    char head[LINE_BYTES_MAX];
    (void)snprintf(head, sizeof head, "%04d %s ", (int)info->code, info->symbol);
    while (codes.size > 0) {
        struct hr_text line = hr_text_cut(&codes, '\n');
        if (hr_text_starts(line, hr_text_from(head))) {
            return hr_text_slice(line, strlen(head), line.size);
        }
    }
    return HR_TEXT_NONE;
}

static bool is_provoked(struct hr_arena *arena, struct hr_text codes,
                        const struct hr_code_info *info)
{
    char path[LINE_BYTES_MAX];
    char error[16];
    char warning[16];
    (void)snprintf(path, sizeof path, "tests/golden/check/%04d_%s.txt", (int)info->code,
                   info->symbol);
    (void)snprintf(error, sizeof error, "E%04d", (int)info->code);
    (void)snprintf(warning, sizeof warning, "W%04d", (int)info->code);
    struct hr_text golden = read_file(arena, path);
    struct hr_text named = line_of(codes, info);
    if (has(golden, error) || has(golden, warning)) {
        return named.size == 0;
    }
    (void)snprintf(path, sizeof path, "%.*s", HR_SHOW(named));
    struct hr_text test = named.size == 0 ? HR_TEXT_NONE : read_file(arena, path);
    char symbol[LINE_BYTES_MAX];
    (void)snprintf(symbol, sizeof symbol, "HR_CODE_%s", info->symbol);
    return has(test, error) || has(test, warning) || has(test, symbol);
}

static void every_code_is_provoked_by_a_test(void **state)
{
    (void)state;
    struct hr_arena arena;
    hr_arena_init(&arena, 64 << 20);
    struct hr_text codes = read_file(&arena, "tests/golden/codes.txt");
    size_t wrong = 0;
    size_t count = 0;
    assert_true(codes.size > 0);
    for (size_t i = 0; hr_code_at(i) != NULL; i++) {
        struct hr_arena_mark mark = hr_arena_mark(&arena);
        const struct hr_code_info *info = hr_code_at(i);
        if (!is_provoked(&arena, codes, info)) {
            print_error("E%04d %s: no golden file and no line in tests/golden/codes.txt (or both), "
                        "or the test "
                        "there does not name it\n",
                        (int)info->code, info->symbol);
            wrong++;
        }
        count++;
        hr_arena_rewind(&arena, mark);
    }
    print_message("%zu codes\n", count);
    hr_arena_close(&arena);
    assert_int_equal(wrong, 0);
}

static void the_register_names_only_codes_that_are(void **state)
{
    (void)state;
    struct hr_arena arena;
    hr_arena_init(&arena, 64 << 20);
    struct hr_text codes = read_file(&arena, "tests/golden/codes.txt");
    while (codes.size > 0) {
        struct hr_text line = hr_text_cut(&codes, '\n');
        if (line.size == 0 || line.data[0] == '#') {
            continue;
        }
        const struct hr_code_info *info = hr_code_find(hr_text_slice(line, 0, 4));
        assert_non_null(info);
        assert_true(hr_text_starts(hr_text_slice(line, 5, line.size), hr_text_from(info->symbol)));
    }
    hr_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_a_page_with_all_parts),
        cmocka_unit_test(every_code_is_provoked_by_a_test),
        cmocka_unit_test(the_register_names_only_codes_that_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
