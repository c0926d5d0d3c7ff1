/* A daily rule means what people think in every zone of this machine: around each change of the clock from 2024 to 2035
 * each local day has exactly one tick, at the minute that the rule says, at the first of two, or at the next valid one.
 * What the clock on the wall shows is asked of the C library. A sample of the minutes from 00:00 to 03:59 unless
 * HR_SWEEP_ALL is set. Cron and recurrence rules must say the same. */
/* links: engine */
#include "conformance/every_zone.h"
#include "engine/schedule.h"

enum { MINUTES = 240, SAMPLED = 4, DAYS_AROUND = 2 };

static uint32_t days;
static uint64_t seed = 88172645463325252;
static bool all_minutes;

/* The first instant that shows a local time, or the change that skips it. */
static int64_t library_instant(int64_t local, int64_t change, int32_t before, int32_t after)
{
    int64_t early = local - before;
    int64_t late = local - after;
    int64_t first = early < change ? early : INT64_MAX;
    first = late >= change && late < first ? late : first;
    return first == INT64_MAX ? change : first;
}

static struct hr_schedule cron_at(uint16_t minute)
{
    struct hr_schedule schedule = {.kind = HR_SCHEDULE_cron};
    char text[32];
    (void)snprintf(text, sizeof text, "%d %d * * *", minute % 60, minute / 60);
    assert_true(hr_ok(hr_cron_read(hr_text_from(text), HR_CRON_crontab, &schedule.cron, NULL)));
    return schedule;
}

static struct hr_schedule rule_at(uint16_t minute)
{
    struct hr_schedule schedule = {.kind = HR_SCHEDULE_recurrence};
    char text[64];
    (void)snprintf(text, sizeof text, "FREQ=DAILY;BYHOUR=%d;BYMINUTE=%d", minute / 60, minute % 60);
    assert_true(hr_ok(hr_rule_read(hr_text_from(text), &schedule.rule, NULL)));
    return schedule;
}

/* Walks over the days around a change by one schedule. */
static void check_schedule(const struct hr_schedule *schedule, uint16_t minute, int64_t change,
                           int32_t before, int32_t after)
{
    int64_t today = (change + before) / 86400;
    hr_instant tick =
        library_instant((today - DAYS_AROUND - 1) * 86400 + minute * 60, change, before, after) *
        HR_SECOND_US;
    const struct hr_timetable table = {schedule, zone, NULL, tick - 10 * HR_DAY_US};
    for (int64_t day = today - DAYS_AROUND; day <= today + DAYS_AROUND; day++) {
        int64_t expected = library_instant(day * 86400 + minute * 60, change, before, after);
        tick = hr_timetable_next(&table, tick);
        if (tick != expected * HR_SECOND_US) {
            fail_msg("%s: kind %d, minute %u, day %lld: %lld, not %lld", zone_name, schedule->kind,
                     minute, (long long)day, (long long)(tick / HR_SECOND_US), (long long)expected);
        }
        /* the wall shows that very day, so no day has two ticks and none has none */
        assert_int_equal((expected + library_offset(expected)) / 86400, day);
        days++;
    }
}

static void check_minute(uint16_t minute, int64_t change)
{
    int32_t before = library_offset(change - 1);
    int32_t after = library_offset(change);
    struct hr_schedule daily = {.kind = HR_SCHEDULE_days, .weekdays = 0x7F, .minute = minute};
    struct hr_schedule cron = cron_at(minute);
    struct hr_schedule rule = rule_at(minute);
    check_schedule(&daily, minute, change, before, after);
    check_schedule(&cron, minute, change, before, after);
    check_schedule(&rule, minute, change, before, after);
}

static uint16_t random_minute(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint16_t)(seed % MINUTES);
}

static void check_change(int64_t change)
{
    /* what is expected is reckoned with two offsets: no other change may be near */
    assert_int_equal(library_offset(change - 5 * 86400), library_offset(change - 1));
    assert_int_equal(library_offset(change + 5 * 86400), library_offset(change));
    for (uint16_t minute = 0; all_minutes && minute < MINUTES; minute++) {
        check_minute(minute, change);
    }
    for (int i = 0; !all_minutes && i < SAMPLED; i++) {
        check_minute(random_minute(), change);
    }
}

static void every_local_day_has_one_tick(void **state)
{
    (void)state;
    all_minutes = getenv("HR_SWEEP_ALL") != NULL;
    walk_zones(check_change, NULL);
    print_message("  %u zones, %u changes of the clock 2024 to 2035, %u local days with one tick\n",
                  zones, changes, days);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_local_day_has_one_tick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
