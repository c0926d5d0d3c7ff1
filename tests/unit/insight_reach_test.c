/* What reaches the screen or the mailbox of a person: nothing a customer or an old file says may forge or stop it. */
/* links: insight workspace */
#include "unit/insight_coaching.h"

/* What a visitor types must not act on the terminal of who reads about it. */
static void what_a_visitor_types_cannot_forge_a_report(void **state)
{
    (void)state;
    struct world *world = world_open("2026-11-23T10:00:00Z");
    form(world, "f1", "ada@example.com",
         ",'first_name':'\\u001b]0;owned\\u0007','offer':'group_program','source':'x\\n  email  "
         "forged'");
    payment(world, "pi_1\\u009b2J\\n  forged", "ada@example.com", world->now);
    world_pass(world, "2026-11-23T10:24:11Z");
    const struct hr_text pages[] = {
        show(world, "ada@example.com").text, why(world, "ada@example.com", "").text,
        issue(world, "H-1").text, trace(world, 3).text, trace(world, 2).text};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        assert_int_equal(hr_text_find(pages[i], '\x1b'), pages[i].size);
        assert_int_equal(hr_text_search(pages[i], HR_TEXT("\xC2\x9B")), pages[i].size);
        assert_int_equal(hr_text_search(pages[i], HR_TEXT("\n  forged")), pages[i].size);
        assert_int_equal(hr_text_search(pages[i], HR_TEXT("\n  email  forged")), pages[i].size);
    }
    assert_says(pages[0], "\"\\u001b]0;owned\\u0007\"");
    assert_says(pages[0], "(pi_1\\u009b2J\\u000a  forged)");
    world_close(world);
}

/* A mailer refuses a subject that is too long or no line, and nobody would be told. */
static void a_long_title_does_not_keep_an_alert_back(void **state)
{
    (void)state;
    char title[501] = {0};
    for (size_t i = 0; i < 500; i += 2) {
        memcpy(title + i, "\xC3\xA4", 2);
    }
    title[0] = title[1] = '\n';
    struct world *world = world_open("2026-11-23T10:00:00Z");
    world_pass(world, "2026-11-23T11:00:00Z");
    form(world, "f1", "ada@example.com", lead);
    world_pass(world, "2026-11-27T12:00:00Z");
    int32_t tool = hr_plan_tool(world->folder.plan, HR_TEXT("website_form"));
    world->folder.plan->tools[tool].title = hr_text_from(title);
    struct hr_text subject = alert(world, 0).subject;
    assert_says(subject, "[Handrail] \\u000a\\u000a\xC3\xA4");
    assert_true(subject.size <= 400 && subject.size >= 399 && hr_text_is_utf8(subject));
    world_close(world);
}

static void a_file_without_a_recovery_still_says_a_way_out(void **state)
{
    (void)state;
    struct world *world = paid_without_access();
    int32_t handoff = hr_plan_handoff(world->folder.plan, HR_TEXT("payment_to_access"));
    world->folder.plan->handoffs[handoff].recovery = HR_TEXT_NONE;
    world_pass(world, "2026-11-23T10:40:00Z");
    assert_says(alert(world, 0).body, "What to do\n  The files name no first step");
    world_close(world);
}

static void the_alert_of_an_end_says_that_it_is_over(void **state)
{
    (void)state;
    struct world *world = paid_without_access();
    world_pass(world, "2026-11-23T10:40:00Z");
    for (size_t i = 0; i < world->view.record_count; i++) {
        if (world->view.records[i]->kind == HR_RECORD_effect && world->view.records[i]->exists) {
            world->view.records[i]->effect->reason = HR_REASON_resolved;
        }
    }
    assert_says(alert(world, 0).body,
                "H-1 is resolved. This is over: payments are not opening the course.");
    world_close(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_visitor_types_cannot_forge_a_report),
        cmocka_unit_test(a_long_title_does_not_keep_an_alert_back),
        cmocka_unit_test(a_file_without_a_recovery_still_says_a_way_out),
        cmocka_unit_test(the_alert_of_an_end_says_that_it_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
