/* The two examples read aloud: tests/golden/aloud holds every automation and every path of them in words.
 * HR_UPDATE_GOLDEN=1 writes the texts anew. */
#include "unit/workspace_folder.h"
#include "workspace/aloud.h"

#include <stdlib.h>

enum { PAGE_BYTES_MAX = 1 << 20, PATH_SIZE = 1024 };

static struct hr_text read_aloud(struct folder *folder)
{
    const struct hr_plan *plan = folder->plan;
    struct hr_buffer page;
    hr_buffer_init(&page, &folder->arena, PAGE_BYTES_MAX);
    for (size_t i = 0; i < plan->path_count; i++) {
        hr_aloud_path(&page, plan, &plan->paths[i]);
    }
    for (size_t i = 0; i < plan->automation_count; i++) {
        hr_buffer_add_byte(&page, '\n');
        hr_aloud_automation(&page, plan, &plan->automations[i]);
    }
    assert_false(page.failed);
    return hr_buffer_text(&page);
}

static void assert_golden(struct folder *folder, const char *name)
{
    char relative[PATH_SIZE / 2];
    char path[PATH_SIZE];
    (void)snprintf(relative, sizeof relative, "tests/golden/aloud/%s.txt", name);
    project_path(path, sizeof path, relative);
    assert_true(hr_ok(folder->status));
    struct hr_text page = read_aloud(folder);
    if (getenv("HR_UPDATE_GOLDEN") != NULL) {
        FILE *stream = fopen(path, "wb");
        assert_non_null(stream);
        assert_int_equal(fwrite(page.data, 1, page.size, stream), page.size);
        (void)fclose(stream);
    }
    struct hr_text expected = read_whole(&folder->arena, path);
    if (!hr_text_equal(expected, page)) {
        fail_msg("%s says something else now:\n%.*s", relative, HR_SHOW(page));
    }
}

static void coaching_is_read_aloud(void **state)
{
    (void)state;
    struct folder folder;
    folder_coaching(&folder);
    assert_golden(&folder, "coaching");
    folder_close(&folder);
}

static void b2b_is_read_aloud(void **state)
{
    (void)state;
    struct folder folder;
    folder_b2b(&folder);
    assert_golden(&folder, "b2b");
    folder_close(&folder);
}

/* What is not in the examples. */
static void other_words_are_said(void **state)
{
    (void)state;
    struct hr_arena arena;
    hr_arena_init(&arena, 1 << 20);
    assert_true(hr_text_equal(hr_aloud_share(&arena, 9990), HR_TEXT("99.9%")));
    assert_true(hr_text_equal(hr_aloud_share(&arena, 5), HR_TEXT("0.05%")));
    assert_true(hr_text_equal(hr_aloud_share(&arena, 10000), HR_TEXT("100%")));
    struct hr_trigger trigger = {.scheduled = true,
                                 .schedule = {.weekdays = 0x09, .minute = 18 * 60},
                                 .if_missed = HR_IF_MISSED_skip};
    assert_true(
        hr_text_equal(hr_aloud_trigger(&arena, NULL, &trigger),
                      HR_TEXT("every monday and thursday at 18:00; missed times are skipped")));
    trigger.schedule = (struct hr_schedule){.business_days = true, .weekdays = 0x7F, .minute = 5};
    assert_true(hr_text_equal(hr_aloud_trigger(&arena, NULL, &trigger),
                              HR_TEXT("every business day at 00:05; missed times are skipped")));
    const struct hr_party nobody = {.kind = HR_PARTY_none};
    assert_int_equal(hr_aloud_party(&arena, NULL, &nobody).size, 0);
    hr_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coaching_is_read_aloud),
        cmocka_unit_test(b2b_is_read_aloud),
        cmocka_unit_test(other_words_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
