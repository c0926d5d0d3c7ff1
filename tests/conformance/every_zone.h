/* Every time zone of this machine, one after another, with the C library set to it; and in each every change of the
 * clock from 2024 to 2035. */
#ifndef TESTS_CONFORMANCE_EVERY_ZONE_H
#define TESTS_CONFORMANCE_EVERY_ZONE_H

#include "data/time.h"
#include "unit/data_corpus.h"

#include <ftw.h>
#include <time.h>

static const char zones_root[] = "/usr/share/zoneinfo/";
static struct hr_arena arena;
static const struct hr_zone *zone;
static const char *zone_name;
static uint32_t zones, changes;

/* What is checked of a change (its first second with the new offset), and of a zone beside its changes; or NULL. */
static void (*of_each_change)(int64_t change);
static void (*of_each_zone)(void);

static inline int32_t library_offset(int64_t second)
{
    time_t t = (time_t)second;
    struct tm tm;
    localtime_r(&t, &tm);
    return (int32_t)tm.tm_gmtoff;
}

/* Between two instants with different offsets lies one change. */
static inline int64_t find_change(int64_t low, int64_t high)
{
    int32_t offset = library_offset(low);
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (library_offset(middle) == offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return high;
}

enum { ZONE_STEP_S = 43200 };
static const int64_t zones_from = 1704067200;   /* 2024 */
static const int64_t zones_behind = 2082758400; /* 2036 */

static inline void walk_changes(void)
{
    for (int64_t second = zones_from; second < zones_behind; second += ZONE_STEP_S) {
        if (library_offset(second) != library_offset(second + ZONE_STEP_S)) {
            of_each_change(find_change(second, second + ZONE_STEP_S));
            changes++;
        }
    }
    if (of_each_zone != NULL) {
        of_each_zone();
    }
    zones++;
}

/* One file below the folder; what is no TZif is no zone, and the same zones once more (posix), or with leap seconds
 * (right), are left out. */
static inline int walk_file(const char *path, const struct stat *about, int kind, struct FTW *ftw)
{
    (void)about;
    (void)ftw;
    const char *name = path + sizeof zones_root - 1;
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
        (void)snprintf(setting, sizeof setting, ":%s", name);
        setenv("TZ", setting, 1);
        tzset();
        zone_name = name;
        walk_changes();
        hr_arena_rewind(&arena, mark);
    }
    corpus_free(bytes);
    return 0;
}

/* Walks over all of them; without any the test is skipped. */
static inline void walk_zones(void (*each_change)(int64_t change), void (*each_zone)(void))
{
    of_each_change = each_change;
    of_each_zone = each_zone;
    hr_arena_init(&arena, 16 << 20);
    assert_true(nftw(zones_root, walk_file, 16, FTW_PHYS) <= 0);
    unsetenv("TZ");
    tzset();
    hr_arena_close(&arena);
    if (zones == 0) {
        fprintf(stderr, "SKIP zones: no tzdata on this machine\n");
        skip();
    }
    assert_true(zones > 400);
    assert_true(changes > 3500);
}

#endif
