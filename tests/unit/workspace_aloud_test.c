/* The two examples read aloud: tests/golden/aloud holds every path, automation and tool of them in words.
 * HR_UPDATE_GOLDEN=1 writes the texts anew. */
#include "plan/aloud.h"
#include "unit/workspace_folder.h"

#include <stdlib.h>

enum { PAGE_BYTES_MAX = 1 << 20, PATH_SIZE = 1024 };

static struct hr_text read_aloud(struct folder *folder)
{
    const struct hr_plan *plan = folder->plan;
    struct hr_aloud_page page = {.plan = plan};
    hr_buffer_init(&page.text, &folder->arena, PAGE_BYTES_MAX);
    for (size_t i = 0; i < plan->path_count; i++) {
        hr_aloud_path(&page, &plan->paths[i]);
    }
    for (size_t i = 0; i < plan->automation_count; i++) {
        hr_buffer_add_byte(&page.text, '\n');
        hr_aloud_automation(&page, &plan->automations[i]);
    }
    for (size_t i = 0; i < plan->tool_count; i++) {
        hr_buffer_add_byte(&page.text, '\n');
        hr_aloud_tool(&page, &plan->tools[i]);
    }
    assert_false(page.text.failed);
    return hr_buffer_text(&page.text);
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

/* A page is of one workspace only: what its files say nowhere else. */
static struct hr_text automation_aloud(struct folder *folder, const char *more)
{
    struct hr_aloud_page page = {.plan = NULL};
    folder_init(folder);
    folder_add_split(
        folder,
        hr_text_format(
            &folder->arena,
            "version: 1\nworkspace: shop\ntimezone: UTC\n"
            "people: {ana: {name: Ana Ruiz, email: ana@shop.example.com, role: admin}}\n"
            "contacts:\n  match_on: [email]\n  owner: ana\n"
            "  fields: {email: {type: email}, vip: {type: boolean}}\n"
            "tools:\n  shop:\n    owner: ana\n    verify: {scheme: stripe, secret: shop_secret}\n"
            "    map: {type: payload.type, id: payload.id, contact: {email: payload.email}}\n"
            "    events: [order.paid]\n"
            "automations:\n  mark:\n    owner: ana\n    failure_owner: ana\n    goal: g\n"
            "    avoids: a\n    trigger: order.paid\n    data: [email, vip]\n"
            "    when: [contact.email != '']\n    stop: [contact.vip]\n    reenter: never\n"
            "    left_out:\n      wait: w\n      task_owner: t\n      systems: s\n      metric: "
            "m\n%s",
            more));
    folder_check(folder);
    if (!hr_ok(folder->status)) {
        fail_msg("%.*s", HR_SHOW(folder_draw(folder)));
    }
    page.plan = folder->plan;
    hr_buffer_init(&page.text, &folder->arena, PAGE_BYTES_MAX);
    hr_aloud_automation(&page, &folder->plan->automations[0]);
    assert_false(page.text.failed);
    return hr_buffer_text(&page.text);
}

/* Who approves has to hear what becomes of a question that nobody answers. */
static void an_unanswered_approval_is_said(void **state)
{
    (void)state;
    struct folder folder;
    struct hr_text page = automation_aloud(
        &folder,
        "      branch: b\n    steps: [set: {vip: 'true'}]\n"
        "    approval: {for: [any change], by: [ana], expires: 2 days, if_expired: stop}\n");
    assert_true(hr_text_search(page, HR_TEXT("\n  unanswered    after 2 days it stops\n")) <
                page.size);
    folder_close(&folder);
}

/* A condition as long as files may be is said to its end. */
static void a_long_condition_is_said_whole(void **state)
{
    (void)state;
    struct folder folder;
    struct hr_buffer more;
    struct hr_arena arena;
    hr_arena_init(&arena, 1 << 20);
    hr_buffer_init(&more, &arena, 1 << 20);
    hr_buffer_add_text(&more, HR_TEXT("      approval: a\n    steps: [{if: [any: ["));
    for (int i = 0; i < 15; i++) {
        hr_buffer_add_format(&more, "\"contact.email == 'somebody%02000d@shop.example.com'\", ", i);
    }
    hr_buffer_add_text(&more, HR_TEXT("\"contact.email == 'last@shop.example.com'\"]], "
                                      "then: [set: {vip: 'true'}]}]\n"));
    hr_buffer_add_format(&more, "%c", '\0');
    struct hr_text page = automation_aloud(&folder, more.data);
    assert_true(hr_text_search(page, HR_TEXT("last@shop.example.com)\n")) < page.size);
    folder_close(&folder);
    hr_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coaching_is_read_aloud),
        cmocka_unit_test(b2b_is_read_aloud),
        cmocka_unit_test(other_words_are_said),
        cmocka_unit_test(an_unanswered_approval_is_said),
        cmocka_unit_test(a_long_condition_is_said_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
