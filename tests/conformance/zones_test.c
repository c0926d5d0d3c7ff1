/* Every time zone of this machine against the C library: each change of the clock from 2024 to 2035, both sides
 * of it, the local times that it skips or repeats, and samples of the centuries around. */
/* links: data */
#include "data/inside.h"
#include "unit/data_corpus.h"

#include <ftw.h>
#include <time.h>

static const char root[] = "/usr/share/zoneinfo/";
static struct hr_arena arena;
static const struct hr_zone *zone;
static const char *zone_name;
static uint32_t zones, changes, compared;

static int32_t library_offset(int64_t second)
{
    time_t t = (time_t)second;
    struct tm tm;
    localtime_r(&t, &tm);
    return (int32_t)tm.tm_gmtoff;
}

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
    changes++;
}

/* Between two instants with different offsets lies one change. */
static int64_t find_change(int64_t low, int64_t high)
{
    int32_t offset = library_offset(low);
    while (high - low > 1) {
        int64_t middle = (low + high) / 2;
        if (library_offset(middle) == offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return high;
}

static void check_zone(void)
{
    const int64_t first = 1704067200;  /* 2024 */
    const int64_t behind = 2082758400; /* 2036 */
    for (int64_t second = first; second < behind; second += 43200) {
        check_offset(second);
        if (library_offset(second) != library_offset(second + 43200)) {
            check_change(find_change(second, second + 43200));
        }
    }
    for (int64_t second = -5000000000; second < 20000000000; second += 86400 * 211 + 4567) {
        check_offset(second);
    }
    zones++;
}

/* One file below the folder; what is no TZif is no zone, and the same zones once more (posix), or with leap seconds
 * (right), are left out. */
static int check_file(const char *path, const struct stat *about, int kind, struct FTW *ftw)
{
    (void)about;
    (void)ftw;
    const char *name = path + sizeof root - 1;
    bool other = strncmp(name, "posix/", 6) == 0 || strncmp(name, "right/", 6) == 0 ||
                 strcmp(name, "posixrules") == 0 || strcmp(name, "localtime") == 0;
    if ((kind != FTW_F && kind != FTW_SL) || other) {
        return 0;
    }
    struct hr_text bytes = corpus_read_path(path);
    if (hr_text_starts(bytes, HR_TEXT("TZif"))) {
        struct hr_arena_mark mark = hr_arena_mark(&arena);
        if (!hr_ok(hr_zone_read(&arena, hr_text_from(name), bytes, &zone))) {
            fail_msg("zone refused: %s", name);
        }
        char setting[300];
        snprintf(setting, sizeof setting, ":%s", name);
        setenv("TZ", setting, 1);
        tzset();
        zone_name = name;
        check_zone();
        hr_arena_rewind(&arena, mark);
    }
    corpus_free(bytes);
    return 0;
}

static void every_zone_agrees_with_the_c_library(void **state)
{
    (void)state;
    hr_arena_init(&arena, 16 << 20);
    assert_true(nftw(root, check_file, 16, FTW_PHYS) <= 0);
    unsetenv("TZ");
    tzset();
    hr_arena_close(&arena);
    if (zones == 0) {
        fprintf(stderr, "SKIP zones: no tzdata on this machine\n");
        skip();
    }
    print_message("  %u zones, %u changes of the clock 2024 to 2035, %u comparisons\n", zones,
                  changes, compared);
    assert_true(zones > 400);
    assert_true(changes > 3500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_zone_agrees_with_the_c_library),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
