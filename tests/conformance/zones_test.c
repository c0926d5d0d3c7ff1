/* Every time zone of this machine against the C library: each change of the clock from 2024 to 2035, both sides
 * of it, the local times that it skips or repeats, and samples of the centuries around. */
/* links: data */
#include "conformance/every_zone.h"
#include "data/inside.h"

static uint32_t compared;

static void check_offset(int64_t second)
{
    int32_t ours = hr_zone_offset(zone, second * HR_SECOND_US);
    int32_t theirs = library_offset(second);
    if (ours != theirs) {
        fail_msg("%s at %lld: %d, the library says %d", zone_name, (long long)second, ours, theirs);
    }
    compared++;
}

/* By the rule of data/time.h, near a change and found with the library alone: the first instant that shows this
 * local time; in a gap, the instant of the change. */
static int64_t library_instant(int64_t local, int64_t change)
{
    int64_t best = INT64_MAX;
    const int32_t offsets[] = {library_offset(change - 1), library_offset(change)};
    for (size_t index = 0; index < 2; index++) {
        int64_t second = local - offsets[index];
        if (library_offset(second) == offsets[index] && second < best) {
            best = second;
        }
    }
    return best == INT64_MAX ? change : best;
}

static void check_local(int64_t local, int64_t change)
{
    int64_t theirs = library_instant(local, change);
    int64_t ours = hr_zone_second(zone, local);
    if (local % 60 == 0) {
        int64_t day = local / 86400;
        hr_instant minute = hr_zone_instant(zone, day, (int32_t)(local % 86400 / 60));
        assert_int_equal(minute, ours * HR_SECOND_US);
    }
    if (ours != theirs) {
        fail_msg("%s: local %lld is %lld, the library says %lld", zone_name, (long long)local,
                 (long long)ours, (long long)theirs);
    }
    compared++;
}

static void check_change(int64_t change)
{
    for (int64_t near = -2; near <= 2; near++) {
        check_offset(change + near);
    }
    int32_t before = library_offset(change - 1);
    int32_t after = library_offset(change);
    for (int64_t minutes = -200; minutes <= 200; minutes += 5) {
        check_local((change + before + minutes * 60) / 60 * 60, change);
    }
    for (int64_t near = -1; near <= 1;
         near++) { /* the edges of the gap, or of the hour that comes twice */
        check_local(change + before + near, change);
        check_local(change + after + near, change);
    }
    struct hr_stretch stretch = hr_zone_stretch(zone, change - 1);
    assert_int_equal(stretch.to, change);
    assert_int_equal(stretch.offset_s, before);
    stretch = hr_zone_stretch(zone, change);
    assert_int_equal(stretch.from, change);
    assert_int_equal(stretch.offset_s, after);
}

static void check_zone(void)
{
    for (int64_t second = zones_from; second < zones_behind; second += ZONE_STEP_S) {
        check_offset(second);
    }
    for (int64_t second = -5000000000; second < 20000000000; second += 86400 * 211 + 4567) {
        check_offset(second);
    }
}

static void every_zone_agrees_with_the_c_library(void **state)
{
    (void)state;
    walk_zones(check_change, check_zone);
    print_message("  %u zones, %u changes of the clock 2024 to 2035, %u comparisons\n", zones,
                  changes, compared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_zone_agrees_with_the_c_library),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
