/* Schedules as people mean them: the right minute on the days that are not like others, and after the daemon was down
 * for a minute or for a year, exactly what `if_missed` says. What is missed is compared with a plain list of ticks. */
/* links: engine */
#include "engine/schedule.h"
#include "support/zone_bytes.h"

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
/* clang-format on */

static struct hr_arena arena;
static const struct hr_zone *berlin;

static int begin(void **state)
{
    (void)state;
    hr_arena_init(&arena, 64 << 20);
    berlin = zone_with_rule(&arena, "CET-1CEST,M3.5.0,M10.5.0/3");
    return 0;
}

static int end(void **state)
{
    (void)state;
    hr_arena_close(&arena);
    return 0;
}

static hr_instant at(const char *written)
{
    hr_instant instant = HR_INSTANT_NONE;
    assert_true(hr_instant_read(hr_text_from(written), &instant));
    return instant;
}

/* A day's schedule from a minute; all days of the week where no other is said. */
static struct hr_schedule days(uint8_t weekdays, uint8_t day_of_month, uint16_t minute)
{
    return (struct hr_schedule){.kind = HR_SCHEDULE_days,
                                .weekdays = weekdays,
                                .day_of_month = day_of_month,
                                .minute = minute};
}

static struct hr_schedule cron(const char *text)
{
    struct hr_schedule schedule = {.kind = HR_SCHEDULE_cron, .text = hr_text_from(text)};
    assert_true(hr_ok(hr_cron_read(schedule.text, HR_CRON_crontab, &schedule.cron, NULL)));
    return schedule;
}

static struct hr_schedule recurrence(const char *text)
{
    struct hr_schedule schedule = {.kind = HR_SCHEDULE_recurrence, .text = hr_text_from(text)};
    assert_true(hr_ok(hr_rule_read(schedule.text, &schedule.rule, NULL)));
    return schedule;
}

static struct hr_timetable since_2026(const struct hr_schedule *schedule)
{
    return (struct hr_timetable){schedule, berlin, NULL, at("2026-01-01T00:00:00Z")};
}

static void expect_ticks(const struct hr_timetable *table, hr_instant after,
                         const char *const *expected)
{
    for (size_t i = 0; expected[i] != NULL; i++) {
        hr_instant tick = hr_timetable_next(table, after);
        struct hr_text written = hr_instant_write(&arena, tick);
        if (!hr_text_equal(written, hr_text_from(expected[i]))) {
            fail_msg("tick %zu is %.*s, not %s", i, HR_SHOW(written), expected[i]);
        }
        after = tick;
    }
}

/* ---- the right minute ------------------------------------------------------------------------ */

static void every_day_at_half_past_two_runs_once_on_the_days_the_clock_changes(void **state)
{
    (void)state;
    struct hr_schedule schedule = days(0x7F, 0, 150);
    struct hr_timetable table = since_2026(&schedule);
    expect_ticks(&table, at("2026-03-27T12:00:00Z"),
                 (const char *[]){"2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", /* 03:00 CEST */
                                  "2026-03-30T00:30:00Z", NULL});
    expect_ticks(&table, at("2026-10-23T12:00:00Z"),
                 (const char *[]){"2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", /* the first */
                                  "2026-10-26T01:30:00Z", NULL});
}

static void the_31st_is_the_last_day_of_a_shorter_month(void **state)
{
    (void)state;
    struct hr_schedule schedule = days(0, 31, 600);
    struct hr_timetable table = since_2026(&schedule);
    expect_ticks(&table, at("2027-12-31T09:00:00Z"),
                 (const char *[]){"2028-01-31T09:00:00Z", "2028-02-29T09:00:00Z",
                                  "2028-03-31T08:00:00Z", "2028-04-30T08:00:00Z", NULL});
    schedule = days(0, 29, 600);
    expect_ticks(&table, at("2027-01-30T00:00:00Z"),
                 (const char *[]){"2027-02-28T09:00:00Z", "2027-03-29T08:00:00Z", NULL});
}

static void mondays_and_thursdays_are_those_of_the_wall(void **state)
{
    (void)state;
    struct hr_schedule schedule = days(0x09, 0, 15); /* 00:15: in UTC still the day before */
    struct hr_timetable table = since_2026(&schedule);
    expect_ticks(&table, at("2026-06-28T00:00:00Z"),
                 (const char *[]){"2026-06-28T22:15:00Z", "2026-07-01T22:15:00Z",
                                  "2026-07-05T22:15:00Z", NULL});
}

static void business_days_leave_out_weekends_and_holidays(void **state)
{
    (void)state;
    const int32_t closed[] = {(int32_t)hr_days_from_date(2026, 12, 25),
                              (int32_t)hr_days_from_date(2026, 12, 28)};
    const struct hr_hours hours = {berlin, 0x1F, 540, 1050, closed, 2};
    struct hr_schedule schedule = days(0x7F, 0, 450);
    schedule.business_days = true;
    struct hr_timetable table = {&schedule, berlin, &hours, at("2026-01-01T00:00:00Z")};
    expect_ticks(&table, at("2026-12-23T12:00:00Z"),
                 (const char *[]){"2026-12-24T06:30:00Z", "2026-12-29T06:30:00Z",
                                  "2026-12-30T06:30:00Z", "2026-12-31T06:30:00Z",
                                  "2027-01-01T06:30:00Z", "2027-01-04T06:30:00Z", NULL});
    const struct hr_hours never = {berlin, 0, 540, 1050, NULL, 0};
    table.hours = &never;
    assert_int_equal(hr_timetable_next(&table, at("2026-12-23T12:00:00Z")), HR_INSTANT_NONE);
}

static void a_rule_that_says_no_time_of_day_runs_at_midnight_whenever_it_was_published(void **state)
{
    (void)state;
    struct hr_schedule schedule = recurrence("FREQ=MONTHLY;BYDAY=1MO");
    struct hr_timetable table = {&schedule, berlin, NULL, at("2026-07-06T10:17:43.25Z")};
    expect_ticks(&table, table.since,
                 (const char *[]){"2026-08-02T22:00:00Z", "2026-09-06T22:00:00Z",
                                  "2026-10-04T22:00:00Z", "2026-11-01T23:00:00Z", NULL});
    schedule = recurrence("FREQ=HOURLY;INTERVAL=6");
    expect_ticks(&table, HR_INSTANT_NONE,
                 (const char *[]){"2026-07-06T16:00:00Z", "2026-07-06T22:00:00Z", NULL});
    schedule = recurrence("FREQ=DAILY;BYHOUR=7;BYMINUTE=30;COUNT=3");
    expect_ticks(&table, HR_INSTANT_NONE,
                 (const char *[]){"2026-07-07T05:30:00Z", "2026-07-08T05:30:00Z",
                                  "2026-07-09T05:30:00Z", "never", NULL});
}

static void nothing_ticks_before_it_came_into_force(void **state)
{
    (void)state;
    struct hr_schedule schedule = days(0x7F, 0, 450);
    struct hr_timetable table = {&schedule, berlin, NULL, at("2026-07-06T05:30:00Z")};
    struct hr_ticks ticks;
    expect_ticks(&table, at("2026-01-01T00:00:00Z"),
                 (const char *[]){"2026-07-07T05:30:00Z", NULL});
    hr_timetable_look(&table, HR_IF_MISSED_run_all, HR_INSTANT_NONE, at("2026-07-06T12:00:00Z"),
                      &ticks);
    assert_int_equal(ticks.run_count, 0);
    assert_int_equal(ticks.missed, 0);
    assert_int_equal(ticks.handled, HR_INSTANT_NONE);
    assert_int_equal(ticks.next, at("2026-07-07T05:30:00Z"));
}

/* ---- after downtime -------------------------------------------------------------------------- */

static const struct {
    const char *name;
    enum hr_schedule_kind kind;
    const char *text;
    uint8_t weekdays, day_of_month;
    uint16_t minute;
} rules[] = {
    {"every day at 07:30", HR_SCHEDULE_days, NULL, 0x7F, 0, 450},
    {"every day at 02:30, which the clock skips or repeats", HR_SCHEDULE_days, NULL, 0x7F, 0, 150},
    {"every weekday at 00:00", HR_SCHEDULE_days, NULL, 0x1F, 0, 0},
    {"every monday at 23:59", HR_SCHEDULE_days, NULL, 0x01, 0, 1439},
    {"every month on day 31 at 10:00", HR_SCHEDULE_days, NULL, 0, 31, 600},
    {"every minute", HR_SCHEDULE_cron, "* * * * *", 0, 0, 0},
    {"every 15 minutes", HR_SCHEDULE_cron, "*/15 * * * *", 0, 0, 0},
    {"weekdays at nine and five", HR_SCHEDULE_cron, "0 9,17 * * 1-5", 0, 0, 0},
    {"29 February", HR_SCHEDULE_cron, "0 12 29 2 *", 0, 0, 0},
    {"first monday", HR_SCHEDULE_recurrence, "FREQ=MONTHLY;BYDAY=1MO;BYHOUR=7;BYMINUTE=30", 0, 0,
     0},
    {"every three hours", HR_SCHEDULE_recurrence, "FREQ=HOURLY;INTERVAL=3", 0, 0, 0},
    {"twenty times", HR_SCHEDULE_recurrence, "FREQ=WEEKLY;BYDAY=TU,FR;COUNT=20", 0, 0, 0},
    {"2,000 times", HR_SCHEDULE_recurrence, "FREQ=HOURLY;COUNT=2000", 0, 0, 0},
    {"until the summer", HR_SCHEDULE_recurrence, "FREQ=DAILY;UNTIL=20260701T000000Z", 0, 0, 0},
    {"twice a minute", HR_SCHEDULE_recurrence, "FREQ=MINUTELY;INTERVAL=7;BYSECOND=0,30", 0, 0, 0},
};
enum { RULES = sizeof rules / sizeof rules[0] };

static struct hr_schedule schedule_of(size_t rule)
{
    return rules[rule].kind == HR_SCHEDULE_days
               ? days(rules[rule].weekdays, rules[rule].day_of_month, rules[rule].minute)
           : rules[rule].kind == HR_SCHEDULE_cron ? cron(rules[rule].text)
                                                  : recurrence(rules[rule].text);
}

/* All ticks of a rule in seventeen months, found by nothing but asking for the next. */
enum { LISTED_MAX = 800000 };
static hr_instant *listed;
static size_t listed_count;

static void list_ticks(const struct hr_timetable *table, hr_instant until)
{
    listed_count = 0;
    struct hr_schedule schedule = *table->schedule;
    const struct hr_rule_start start = {.zone = table->zone, .at = table->since + HR_MINUTE_US};
    struct hr_rule_walk walk;
    bool counted = schedule.kind == HR_SCHEDULE_recurrence && schedule.rule.count > 0;
    if (counted) { /* with its times of day filled in, as the rules of schedule.h say */
        schedule.rule.hours += schedule.rule.every >= HR_RULE_day && schedule.rule.hours == 0;
        schedule.rule.minutes += schedule.rule.minutes == 0;
        schedule.rule.seconds += schedule.rule.seconds == 0;
        assert_true(hr_ok(hr_rule_begin(&schedule.rule, &start, &walk)));
    }
    for (hr_instant tick = table->since;;) {
        if (counted) {
            tick = hr_ok(hr_rule_next(&walk, &tick)) ? tick : HR_INSTANT_NONE;
        } else {
            tick = hr_timetable_next(table, tick);
        }
        if (tick == HR_INSTANT_NONE || tick > until) {
            return;
        }
        assert_true(listed_count < LISTED_MAX);
        assert_true(listed_count == 0 || tick > listed[listed_count - 1]);
        listed[listed_count++] = tick;
    }
}

/* How many ticks are at or before an instant. */
static size_t listed_to(hr_instant instant)
{
    size_t low = 0;
    size_t high = listed_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (listed[middle] <= instant) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static uint64_t seed;

static uint64_t random_below(uint64_t limit)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % limit;
}

/* From a minute to 400 days, as often short as long. */
static int64_t random_downtime(void)
{
    const int64_t most[] = {90, 3600, 86400, 7 * 86400, 60 * 86400, 400 * 86400};
    return (int64_t)(60 + random_below((uint64_t)most[random_below(6)])) * HR_SECOND_US;
}

/* What the rules of schedule.h say of the listed ticks in from < tick <= now. */
struct expected {
    size_t first, end;   /* of the list: all that is due */
    size_t missed_end;   /* of those the missed ones */
    size_t run, run_end; /* what runs */
};

static struct expected expect(enum hr_if_missed if_missed, hr_instant from, hr_instant now)
{
    struct expected due = {.first = listed_to(from), .end = listed_to(now)};
    due.missed_end = listed_to(now - HR_MINUTE_US - 1);
    due.missed_end = due.missed_end < due.first ? due.first : due.missed_end;
    due.run = due.missed_end;
    due.run_end = due.end;
    if (if_missed == HR_IF_MISSED_run_once && due.run == due.end && due.end > due.first) {
        due.run = due.end - 1;
    } else if (if_missed == HR_IF_MISSED_run_all) {
        due.run = due.end - due.first > 366 ? due.end - 366 : due.first;
    }
    return due;
}

static void check_look(const char *name, const struct hr_timetable *table,
                       enum hr_if_missed if_missed, hr_instant from, hr_instant now)
{
    struct hr_ticks ticks;
    struct expected due = expect(if_missed, from, now);
    hr_timetable_look(table, if_missed, from, now, &ticks);
    size_t missed = due.missed_end - due.first;
    bool same = ticks.run_count == due.run_end - due.run &&
                ticks.missed == (missed > 1000 ? 1000 : missed) &&
                ticks.missed_more == (missed > 1000) &&
                ticks.missed_run == (due.missed_end > due.run ? due.missed_end - due.run : 0);
    for (size_t i = 0; same && i < ticks.run_count; i++) {
        same = ticks.run[i] == listed[due.run + i];
    }
    same = same && ticks.missed_first == (missed > 0 ? listed[due.first] : HR_INSTANT_NONE) &&
           ticks.missed_last == (missed > 0 ? listed[due.missed_end - 1] : HR_INSTANT_NONE) &&
           ticks.handled == (due.end > due.first ? listed[due.end - 1] : from) &&
           ticks.next == (due.end < listed_count ? listed[due.end] : ticks.next);
    if (!same) {
        fail_msg("%s, from %.*s to %.*s: %zu run of %zu, %u missed of %zu", name,
                 HR_SHOW(hr_instant_write(&arena, from)), HR_SHOW(hr_instant_write(&arena, now)),
                 ticks.run_count, due.run_end - due.run, ticks.missed, missed);
    }
}

static hr_instant random_from(void)
{
    return at("2026-01-02T00:00:00Z") + (int64_t)random_below(100 * 86400) * HR_SECOND_US;
}

static void downtime_of_any_length_does_what_if_missed_says(void **state)
{
    (void)state;
    const int rounds = getenv("HR_SWEEP_ALL") != NULL ? 2000 : 20;
    listed = calloc(LISTED_MAX, sizeof *listed);
    uint32_t looks = 0;
    for (size_t rule = 0; rule < RULES; rule++) {
        struct hr_schedule schedule = schedule_of(rule);
        struct hr_timetable table = since_2026(&schedule);
        list_ticks(&table, at("2027-06-01T00:00:00Z"));
        seed = 88172645463325252 + rule;
        for (int round = 0; round < rounds; round++) {
            hr_instant from = random_from();
            hr_instant now = from + random_downtime();
            for (int each = HR_IF_MISSED_run_once; each <= HR_IF_MISSED_run_all; each++) {
                check_look(rules[rule].name, &table, (enum hr_if_missed)each, from, now);
                looks++;
            }
        }
    }
    free(listed);
    print_message("  %u looks after downtime of 1 minute to 400 days, %zu rules\n", looks,
                  (size_t)RULES);
}

/* A minute late is on time; a second more is missed. */
static void the_tolerance_is_one_minute(void **state)
{
    (void)state;
    struct hr_schedule schedule = days(0x7F, 0, 450);
    struct hr_timetable table = since_2026(&schedule);
    hr_instant tick = at("2026-06-10T05:30:00Z");
    struct hr_ticks ticks;
    hr_timetable_look(&table, HR_IF_MISSED_skip, tick - HR_DAY_US, tick + HR_MINUTE_US, &ticks);
    assert_int_equal(ticks.run_count, 1);
    assert_int_equal(ticks.missed, 0);
    hr_timetable_look(&table, HR_IF_MISSED_skip, tick - HR_DAY_US, tick + HR_MINUTE_US + 1, &ticks);
    assert_int_equal(ticks.run_count, 0);
    assert_int_equal(ticks.missed, 1);
    assert_int_equal(ticks.handled, tick);
}

static void down_for_three_days_runs_once_and_not_for_each_day(void **state)
{
    (void)state;
    struct hr_schedule schedule = days(0x7F, 0, 450);
    struct hr_timetable table = since_2026(&schedule);
    struct hr_ticks ticks;
    hr_timetable_look(&table, HR_IF_MISSED_run_once, at("2026-06-10T05:30:00Z"),
                      at("2026-06-13T11:00:00Z"), &ticks);
    assert_int_equal(ticks.missed, 3);
    assert_int_equal(ticks.run_count, 1);
    assert_int_equal(ticks.run[0], at("2026-06-13T05:30:00Z"));
    assert_int_equal(ticks.next, at("2026-06-14T05:30:00Z"));
    /* back in the very minute of today's: that one stands for them */
    hr_timetable_look(&table, HR_IF_MISSED_run_once, at("2026-06-10T05:30:00Z"),
                      at("2026-06-13T05:30:20Z"), &ticks);
    assert_int_equal(ticks.missed, 2);
    assert_int_equal(ticks.missed_run, 0);
    assert_int_equal(ticks.run_count, 1);
    assert_int_equal(ticks.run[0], at("2026-06-13T05:30:00Z"));
}

/* Looked at in any rhythm, with a clock that jumps to and fro: no tick runs twice, and each runs that the answer to
 * missed ones lets run. */
static void a_clock_that_goes_back_runs_nothing_twice(void **state)
{
    (void)state;
    listed = calloc(LISTED_MAX, sizeof *listed);
    for (size_t rule = 0; rule < RULES; rule++) {
        struct hr_schedule schedule = schedule_of(rule);
        struct hr_timetable table = since_2026(&schedule);
        list_ticks(&table, at("2026-02-03T00:00:00Z"));
        seed = 362436069 + rule;
        size_t next = 0; /* of the list: what must run next */
        hr_instant handled = HR_INSTANT_NONE;
        hr_instant farthest = table.since;
        while (farthest < at("2026-02-02T00:00:00Z")) {
            bool back = random_below(3) == 0;
            int64_t jump = (int64_t)random_below(5 * 3600) * HR_SECOND_US;
            hr_instant now = back ? farthest - jump : farthest + jump;
            struct hr_ticks ticks;
            hr_timetable_look(&table, HR_IF_MISSED_run_all, handled, now, &ticks);
            for (size_t i = 0; i < ticks.run_count; i++) {
                assert_int_equal(ticks.run[i], listed[next++]);
            }
            assert_true(ticks.next == HR_INSTANT_NONE || ticks.next > handled);
            assert_true(!back || ticks.run_count == 0);
            handled = ticks.handled;
            farthest = now > farthest ? now : farthest;
        }
        assert_int_equal(next, listed_to(farthest));
    }
    free(listed);
}

/* Nothing from outside keeps the engine busy: the worst rules there are, after 400 days. */
static void the_densest_rules_are_looked_at_in_bounded_time(void **state)
{
    (void)state;
    static const char *const dense[] = {
        "FREQ=SECONDLY", "FREQ=SECONDLY;COUNT=100000",
        "FREQ=YEARLY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23;"
        "BYMINUTE=0,1,2,3,4,5,6,7,8,9,10,20,30,40,50;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;"
        "BYDAY=MO,TU,WE,TH,FR,SA,SU"};
    for (size_t i = 0; i < sizeof dense / sizeof dense[0]; i++) {
        struct hr_schedule schedule = recurrence(dense[i]);
        struct hr_timetable table = since_2026(&schedule);
        struct hr_ticks ticks;
        hr_timetable_look(&table, HR_IF_MISSED_run_all, table.since, at("2027-02-05T00:00:00Z"),
                          &ticks);
        assert_int_equal(ticks.run_count, HR_TICKS_MAX);
        assert_int_equal(ticks.missed, HR_TICKS_COUNTED_MAX);
        assert_true(ticks.missed_more);
        for (size_t k = 1; k < ticks.run_count; k++) {
            assert_true(ticks.run[k] > ticks.run[k - 1]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_at_half_past_two_runs_once_on_the_days_the_clock_changes),
        cmocka_unit_test(the_31st_is_the_last_day_of_a_shorter_month),
        cmocka_unit_test(mondays_and_thursdays_are_those_of_the_wall),
        cmocka_unit_test(business_days_leave_out_weekends_and_holidays),
        cmocka_unit_test(
            a_rule_that_says_no_time_of_day_runs_at_midnight_whenever_it_was_published),
        cmocka_unit_test(nothing_ticks_before_it_came_into_force),
        cmocka_unit_test(downtime_of_any_length_does_what_if_missed_says),
        cmocka_unit_test(the_tolerance_is_one_minute),
        cmocka_unit_test(down_for_three_days_runs_once_and_not_for_each_day),
        cmocka_unit_test(a_clock_that_goes_back_runs_nothing_twice),
        cmocka_unit_test(the_densest_rules_are_looked_at_in_bounded_time),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
