/* What is to be done for everybody when a time of a schedule comes is done for everybody, once, however many they are;
 * and those whom it does not mean cost next to nothing. */
/* links: server */
#include "story.h"

#include "unit/workspace_folder.h"

enum { MANY = 1100 };

static struct story story;

static void HR_PRINTF(1, 2) tell(const char *format, ...)
{
    char line[256];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(line, sizeof line, format, list);
    va_end(list);
    story.line++;
    story_line(&story, hr_text_from(line));
    assert_false(story.failed);
}

static int begin(void **state)
{
    (void)state;
    story_open(&story, "sweeps", "tests/scenario/clock");
    return 0;
}

static int end(void **state)
{
    (void)state;
    story_close(&story);
    return story.failed ? -1 : 0;
}

static const struct hr_automation_record *automation(const char *name)
{
    int32_t index = hr_plan_automation(story.plan, hr_text_from(name));
    assert_true(index >= 0);
    return story_record(&story, HR_ID_AUTOMATION + story.plan->automations[index].name_number)
        ->automation;
}

/* They come on the first day; every n-th is hot. */
static void come(int every)
{
    for (int i = 0; i < MANY; i++) {
        tell("09:00 form says lead.came email=c%d@example.com heat=%s", i,
             i % every == 0 ? "hot" : "cold");
    }
    tell("day 2026-11-24");
}

static void a_thousand_customers_are_looked_at_once_each(void **state)
{
    (void)state;
    come(1);
    uint64_t before = hr_store_position(story.store);
    tell("01:30 nothing");
    const struct hr_automation_record *night = automation("by_night");
    assert_int_equal(night->ended[HR_RUN_done], MANY);
    assert_int_equal(night->scheduled.last_let_in, MANY);
    assert_int_equal(night->scheduled.tick_count, 0);
    for (int i = 0; i < MANY; i += 97) {
        tell("expect c%d@example.com nights = 1", i);
    }
    tell("expect c%d@example.com nights = 1", MANY - 1);
    assert_true(hr_store_position(story.store) - before <= MANY / 16 + 4);
    tell("05:59 nothing");
    assert_int_equal(automation("by_night")->ended[HR_RUN_done], MANY);
}

static void whom_it_does_not_mean_costs_no_entry(void **state)
{
    (void)state;
    come(400);
    uint64_t before = hr_store_position(story.store);
    tell("01:30 nothing");
    assert_int_equal(automation("by_night")->ended[HR_RUN_done], 3);
    /* the time itself, and one entry for each stretch of records */
    assert_int_equal(hr_store_position(story.store) - before, 1 + MANY / HR_WALK_RECORDS + 1);
}

static void who_is_forgotten_is_looked_at_no_more(void **state)
{
    (void)state;
    come(1);
    for (int i = 0; i < MANY; i += 2) {
        tell("00:10 c%d@example.com is forgotten", i);
    }
    tell("01:30 nothing");
    assert_int_equal(automation("by_night")->ended[HR_RUN_done], MANY / 2);
    assert_int_equal(automation("by_night")->running, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_thousand_customers_are_looked_at_once_each, begin, end),
        cmocka_unit_test_setup_teardown(whom_it_does_not_mean_costs_no_entry, begin, end),
        cmocka_unit_test_setup_teardown(who_is_forgotten_is_looked_at_no_more, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
