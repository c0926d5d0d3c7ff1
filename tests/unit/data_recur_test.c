/* What people rely on when something is to happen every so often: the clock on the wall decides, a change
 * of the clock neither loses nor doubles what has an hour of its own, and no schedule can keep anybody
 * busy. */
#include "data_corpus.h"

#include "data/recur.h"

#include <time.h>

static struct hr_arena arena;

static int begin(void **state)
{
    (void)state;
    hr_arena_init(&arena, 64 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    hr_arena_close(&arena);
    return 0;
}

static hr_instant at(const char *text)
{
    hr_instant instant = HR_INSTANT_NONE;
    if (!hr_instant_read(hr_text_from(text), &instant)) {
        fail_msg("no instant: %s", text);
    }
    return instant;
}

static const struct hr_zone *zone_of(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    struct hr_text bytes = corpus_read_path(path);
    if (bytes.data == NULL) {
        fprintf(stderr, "SKIP zones: no tzdata on this machine\n");
        skip();
    }
    struct hr_text kept = hr_text_copy(&arena, bytes);
    corpus_free(bytes);
    const struct hr_zone *zone = NULL;
    assert_true(hr_ok(hr_zone_read(&arena, hr_text_from(name), kept, &zone)));
    return zone;
}

static struct hr_cron cron_of(const char *text)
{
    struct hr_cron cron = {0};
    struct hr_flaw flaw;
    if (!hr_ok(hr_cron_read(hr_text_from(text), HR_CRON_any, &cron, &flaw))) {
        fail_msg("refused: %s: %s", text, flaw.message);
    }
    return cron;
}

static uint64_t seed = 42;

static uint32_t pick(uint32_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % below;
}

/* ---- cron --------------------------------------------------------------------------------- */

static const struct {
    const char *what, *zone, *cron, *after, *then[4];
} cron_stories[] = {
    {"nine is nine in winter and in summer",
     "Europe/Berlin",
     "0 9 * * 1-5",
     "2026-03-27T12:00:00Z",
     {"2026-03-30T09:00:00+02:00", "2026-03-31T09:00:00+02:00"}},
    {"an hour that is skipped happens where the gap ends",
     "Europe/Berlin",
     "30 2 * * *",
     "2026-03-28T12:00:00Z",
     {"2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"}},
    {"many times in one gap happen once",
     "Europe/Berlin",
     "*/10 2 * * *",
     "2026-03-28T12:00:00Z",
     {"2026-03-29T03:00:00+02:00", "2026-03-30T02:00:00+02:00"}},
    {"what the gap moves meets what stands there",
     "Europe/Berlin",
     "0,30 2,3 * * *",
     "2026-03-28T12:00:00Z",
     {"2026-03-29T03:00:00+02:00", "2026-03-29T03:30:00+02:00", "2026-03-30T02:00:00+02:00"}},
    {"an hour that comes twice happens at its first",
     "Europe/Berlin",
     "30 2 * * *",
     "2026-10-24T12:00:00Z",
     {"2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"}},
    {"every half hour goes by the running clock",
     "Europe/Berlin",
     "*/30 * * * *",
     "2026-10-25T02:10:00+02:00",
     {"2026-10-25T02:30:00+02:00", "2026-10-25T02:00:00+01:00", "2026-10-25T02:30:00+01:00",
      "2026-10-25T03:00:00+01:00"}},
    {"and leaves out what is skipped",
     "Europe/Berlin",
     "15 * * * *",
     "2026-03-29T01:00:00+01:00",
     {"2026-03-29T01:15:00+01:00", "2026-03-29T03:15:00+02:00"}},
    {"half an hour is a gap, too",
     "Australia/Lord_Howe",
     "10 2 * * *",
     "2026-10-03T00:00:00Z",
     {"2026-10-04T02:30:00+11:00", "2026-10-05T02:10:00+11:00"}},
    {"a day that a country skipped",
     "Pacific/Apia",
     "0 12 * * *",
     "2011-12-29T00:00:00-10:00",
     {"2011-12-29T12:00:00-10:00", "2011-12-31T00:00:00+14:00", "2011-12-31T12:00:00+14:00"}},
    {"the last friday of the month",
     "America/New_York",
     "0 17 * * 5L",
     "2026-10-01T00:00:00Z",
     {"2026-10-30T17:00:00-04:00", "2026-11-27T17:00:00-05:00"}},
    {"crontab: friday or the 13th",
     "Europe/London",
     "0 0 13 * 5",
     "2026-02-01T00:00:00Z",
     {"2026-02-06T00:00:00Z", "2026-02-13T00:00:00Z", "2026-02-20T00:00:00Z"}},
    {"with seconds: friday and the 13th",
     "Europe/London",
     "0 0 0 13 * FRI",
     "2026-02-01T00:00:00Z",
     {"2026-02-13T00:00:00Z", "2026-03-13T00:00:00Z", "2026-11-13T00:00:00Z"}},
    {"crontab: sunday is 7, too",
     "Europe/London",
     "0 0 * * 6-7",
     "2026-02-02T00:00:00Z",
     {"2026-02-07T00:00:00Z", "2026-02-08T00:00:00Z", "2026-02-14T00:00:00Z"}},
    {"29 February on a monday",
     "Europe/London",
     "0 0 0 29 2 MON",
     "2001-01-01T00:00:00Z",
     {"2016-02-29T00:00:00Z", "2044-02-29T00:00:00Z"}},
};

static void a_cron_expression_goes_by_the_clock_on_the_wall(void **state)
{
    (void)state;
    for (size_t index = 0; index < sizeof cron_stories / sizeof cron_stories[0]; index++) {
        const struct hr_zone *zone = zone_of(cron_stories[index].zone);
        struct hr_cron cron = cron_of(cron_stories[index].cron);
        hr_instant time = at(cron_stories[index].after);
        for (size_t step = 0; step < 4 && cron_stories[index].then[step] != NULL; step++) {
            hr_instant next = hr_cron_next(&cron, zone, time);
            hr_instant wanted = at(cron_stories[index].then[step]);
            if (next != wanted) {
                fail_msg("%s: %.*s", cron_stories[index].what,
                         HR_SHOW(hr_instant_write(&arena, next)));
            }
            if (step > 0) { /* and back again */
                assert_int_equal(hr_cron_previous(&cron, zone, next), time);
            }
            assert_int_equal(hr_cron_previous(&cron, zone, next + 1), next);
            assert_int_equal(hr_cron_next(&cron, zone, next - 1), next);
            time = next;
        }
    }
}

/* A set of small numbers as a cron field. */
static uint64_t random_set(uint32_t below, char *field, size_t size)
{
    uint64_t set = 0;
    for (uint32_t count = pick(3) + 1; count > 0; count--) {
        set |= UINT64_C(1) << pick(below);
    }
    if (pick(4) == 0) {
        set = (UINT64_C(1) << below) - 1;
        snprintf(field, size, "*");
        return set;
    }
    size_t at_byte = 0;
    for (uint32_t value = 0; value < below; value++) {
        if ((set >> value & 1) != 0) {
            at_byte += (size_t)snprintf(field + at_byte, size - at_byte, "%s%u",
                                        at_byte > 0 ? "," : "", value);
        }
    }
    return set;
}

/* All instants of a few days, found by asking for each minute. */
static size_t list_by_asking(const struct hr_zone *zone, const uint64_t sets[3], hr_instant from,
                             hr_instant *times, size_t most)
{
    bool running = sets[1] == (1 << 24) - 1;
    int64_t first = from / HR_DAY_US;
    size_t count = 0;
    for (int64_t minute = 0; minute < 6 * 1440 && count < most; minute++) {
        hr_instant time;
        struct hr_civil civil;
        if (running) {
            time = from + minute * HR_MINUTE_US;
            civil = hr_zone_civil(zone, time);
        } else {
            time = hr_zone_instant(zone, first + minute / 1440, (int32_t)(minute % 1440));
            civil = hr_civil_at_offset((first * 1440 + minute) * HR_MINUTE_US, 0);
        }
        bool matches = (sets[0] >> civil.minute & 1) != 0 && (sets[1] >> civil.hour & 1) != 0 &&
                       (sets[2] >> (civil.weekday + 1) % 7 & 1) != 0;
        if (matches && (count == 0 || time > times[count - 1])) {
            times[count++] = time;
        }
    }
    return count;
}

static void next_and_previous_agree_with_asking_each_minute(void **state)
{
    (void)state;
    static hr_instant times[6 * 1440];
    static const char *const zones[] = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
                                        "Africa/Casablanca", "Asia/Kathmandu"};
    static const char *const days[] = {"2026-03-27T00:00:00Z", "2026-10-23T00:00:00Z",
                                       "2026-03-06T00:00:00Z", "2026-10-30T00:00:00Z",
                                       "2026-02-13T00:00:00Z", "2026-10-02T00:00:00Z"};
    uint32_t compared = 0;
    for (int round = 0; round < 600; round++) {
        char fields[3][200], text[700];
        const uint64_t sets[3] = {random_set(60, fields[0], sizeof fields[0]),
                                  random_set(24, fields[1], sizeof fields[1]),
                                  random_set(7, fields[2], sizeof fields[2])};
        snprintf(text, sizeof text, "%s %s * * %s", fields[0], fields[1], fields[2]);
        struct hr_cron cron = cron_of(text);
        const struct hr_zone *zone = zone_of(zones[pick(5)]);
        size_t count = list_by_asking(zone, sets, at(days[pick(6)]), times, 6 * 1440);
        for (size_t index = 1; index < count; index++, compared++) {
            if (hr_cron_next(&cron, zone, times[index - 1]) != times[index] ||
                hr_cron_previous(&cron, zone, times[index]) != times[index - 1]) {
                fail_msg("%s in %.*s: after %.*s", text, HR_SHOW(hr_zone_name(zone)),
                         HR_SHOW(hr_instant_write(&arena, times[index - 1])));
            }
        }
    }
    assert_true(compared > 20000);
}

static void a_cron_expression_is_refused_with_its_flaw(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t at, size;
        const char *part;
    } cases[] = {
        {"", 0, 0, "fields"},
        {"* * * *", 0, 7, "fields"},
        {"* * * * * * * *", 0, 15, "fields"},
        {"60 * * * *", 0, 2, "value"},
        {"0 9 * * MON-FRY", 8, 7, "end in a value"},
        {"0 9 * * FRI-MON", 8, 7, "backwards"},
        {"0 */90 * * *", 2, 4, "longer"},
        {"*/90 * * * *", 0, 4, "longer"},
        {"0 9 1,,2 * *", 4, 4, "value"},
        {"0 9 31 2,4 *", 4, 2, "no month"},
        {"0 9 W * *", 4, 1, "value"},
        {"0 9 fooW * *", 4, 4, "before W"},
        {"0 9 * * 5#7", 8, 3, "one weekday"},
        {"*/0 * * * *", 0, 3, "from 1"},
        {"0\t9 x * *", 4, 1, "value"},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        struct hr_cron cron;
        struct hr_flaw flaw = {99, 99, ""};
        struct hr_text text = hr_text_from(cases[index].text);
        if (hr_cron_read(text, HR_CRON_crontab, &cron, &flaw).code != HR_E_INPUT) {
            fail_msg("accepted: %s", cases[index].text);
        }
        if (flaw.at != cases[index].at || flaw.size != cases[index].size ||
            strstr(flaw.message, cases[index].part) == NULL) {
            fail_msg("%s: %zu+%zu %s", cases[index].text, flaw.at, flaw.size, flaw.message);
        }
        assert_false(hr_ok(hr_cron_read(text, HR_CRON_crontab, &cron, NULL)));
    }
}

static void a_cron_expression_ends_with_its_years(void **state)
{
    (void)state;
    struct hr_cron once = cron_of("0 0 9 24 12 ? 2026");
    const struct hr_zone *utc = hr_zone_utc();
    assert_int_equal(hr_cron_next(&once, utc, at("2020-01-01T00:00:00Z")),
                     at("2026-12-24T09:00:00Z"));
    assert_int_equal(hr_cron_next(&once, utc, at("2026-12-24T09:00:00Z")), HR_INSTANT_NONE);
    assert_int_equal(hr_cron_previous(&once, utc, at("2026-12-24T09:00:00Z")), HR_INSTANT_NONE);
    struct hr_cron always = cron_of("* * * * *");
    assert_int_equal(hr_cron_next(&always, utc, at("2099-12-31T23:59:00Z")), HR_INSTANT_NONE);
    assert_int_equal(hr_cron_next(&always, utc, INT64_MAX), HR_INSTANT_NONE);
    assert_int_equal(hr_cron_next(&always, utc, HR_INSTANT_NONE), HR_INSTANT_NONE);
    assert_int_equal(hr_cron_next(&always, utc, INT64_MIN + 1), 0);
    assert_int_equal(hr_cron_previous(&always, utc, INT64_MAX), at("2099-12-31T23:59:00Z"));
    assert_int_equal(hr_cron_previous(&always, utc, 0), HR_INSTANT_NONE);
    assert_int_equal(hr_cron_previous(&always, utc, INT64_MIN + 1), HR_INSTANT_NONE);
}

/* ---- rules -------------------------------------------------------------------------------- */

static struct hr_rule rule_of(const char *text)
{
    struct hr_rule rule = {0};
    struct hr_flaw flaw;
    if (!hr_ok(hr_rule_read(hr_text_from(text), &rule, &flaw))) {
        fail_msg("refused: %s: %s", text, flaw.message);
    }
    return rule;
}

static void a_rule_goes_by_the_clock_on_the_wall(void **state)
{
    (void)state;
    static const struct {
        const char *what, *rule, *start, *then[5];
    } stories[] = {
        {"weekly at nine, over the change of the clock",
         "FREQ=WEEKLY;COUNT=3",
         "2026-03-23T09:00:00+01:00",
         {"2026-03-23T09:00:00+01:00", "2026-03-30T09:00:00+02:00", "2026-04-06T09:00:00+02:00"}},
        {"daily in a skipped hour",
         "RRULE:FREQ=DAILY;UNTIL=20260330",
         "2026-03-28T02:30:00+01:00",
         {"2026-03-28T02:30:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"}},
        {"several in one gap are one, also for the count",
         "FREQ=DAILY;BYHOUR=2;BYMINUTE=0,30;COUNT=3",
         "2026-03-29T01:00:00+01:00",
         {"2026-03-29T03:00:00+02:00", "2026-03-30T02:00:00+02:00", "2026-03-30T02:30:00+02:00"}},
        {"daily in an hour that comes twice",
         "freq=daily;count=2;",
         "2026-10-25T02:30:00+02:00",
         {"2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"}},
        {"a start in an hour that comes the second time",
         "FREQ=DAILY;COUNT=2",
         "2026-10-25T02:30:00+01:00",
         {"2026-10-25T02:30:00+01:00", "2026-10-26T02:30:00+01:00"}},
        {"and by minutes from there",
         "FREQ=MINUTELY;INTERVAL=20;COUNT=3",
         "2026-10-25T02:30:00+01:00",
         {"2026-10-25T02:30:00+01:00", "2026-10-25T03:10:00+01:00", "2026-10-25T03:30:00+01:00"}},
        {"until an instant in UTC",
         "FREQ=HOURLY;INTERVAL=6;UNTIL=20260401T100000Z",
         "2026-04-01T00:00:00+02:00",
         {"2026-04-01T00:00:00+02:00", "2026-04-01T06:00:00+02:00", "2026-04-01T12:00:00+02:00"}},
        {"until a time on the wall",
         "FREQ=HOURLY;INTERVAL=6;UNTIL=20260401T100000",
         "2026-04-01T00:00:00+02:00",
         {"2026-04-01T00:00:00+02:00", "2026-04-01T06:00:00+02:00"}},
        {"the start counts only if the rule names it",
         "FREQ=MONTHLY;BYDAY=-1FR;COUNT=2",
         "2026-11-22T09:00:00+01:00",
         {"2026-11-27T09:00:00+01:00", "2026-12-25T09:00:00+01:00"}},
        {"week 53 that reaches into the year of the start",
         "FREQ=YEARLY;BYWEEKNO=53;BYDAY=SA,SU;COUNT=3",
         "2027-01-01T09:00:00+01:00",
         {"2027-01-02T09:00:00+01:00", "2027-01-03T09:00:00+01:00", "2033-01-01T09:00:00+01:00"}},
        {"all parts about days at once",
         "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30;BYWEEKNO=1;COUNT=2",
         "2024-12-30T09:00:00+01:00",
         {"2024-12-30T09:00:00+01:00", "2025-12-30T09:00:00+01:00"}},
    };
    const struct hr_zone *berlin = zone_of("Europe/Berlin");
    for (size_t index = 0; index < sizeof stories / sizeof stories[0]; index++) {
        struct hr_rule rule = rule_of(stories[index].rule);
        struct hr_rule_start start = {.zone = berlin, .at = at(stories[index].start)};
        struct hr_rule_walk walk;
        assert_true(hr_ok(hr_rule_begin(&rule, &start, &walk)));
        hr_instant got = 0;
        size_t step = 0;
        for (; step < 5 && stories[index].then[step] != NULL; step++) {
            if (!hr_ok(hr_rule_next(&walk, &got)) || got != at(stories[index].then[step])) {
                fail_msg("%s: %.*s", stories[index].what, HR_SHOW(hr_instant_write(&arena, got)));
            }
        }
        assert_int_equal(hr_rule_next(&walk, &got).code, HR_RULE_END);
        assert_int_equal(hr_rule_next(&walk, &got).code, HR_RULE_END);
    }
}

/* What comes after an instant is the same whether one walks there or jumps. */
static void jumping_and_walking_meet(void **state)
{
    (void)state;
    static const char *const rules[] = {
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH,SU;WKST=SU",
        "FREQ=MONTHLY;BYMONTHDAY=1,-1;INTERVAL=5",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1,300",
        "FREQ=YEARLY;BYDAY=20MO,-1FR;BYHOUR=2,3",
        "FREQ=YEARLY;BYWEEKNO=1,53,-1;BYDAY=MO,SU",
        "FREQ=YEARLY;INTERVAL=2;BYWEEKNO=1,52;BYDAY=WE",
        "FREQ=HOURLY;INTERVAL=7;BYMINUTE=0,59",
        "FREQ=MINUTELY;INTERVAL=61;BYHOUR=2,3,4",
        "FREQ=SECONDLY;INTERVAL=7919;BYDAY=SU",
        "FREQ=DAILY;BYHOUR=2;BYMINUTE=0,30;BYSECOND=0,1",
        "FREQ=YEARLY;BYYEARDAY=1,100,366,-366,-1;UNTIL=20301231",
        "FREQ=WEEKLY;COUNT=50",
    };
    const struct hr_zone *berlin = zone_of("Europe/Berlin");
    for (size_t index = 0; index < sizeof rules / sizeof rules[0]; index++) {
        struct hr_rule rule = rule_of(rules[index]);
        struct hr_rule_start start = {.zone = berlin, .at = at("2024-01-31T02:15:00+01:00")};
        struct hr_rule_walk walk;
        assert_true(hr_ok(hr_rule_begin(&rule, &start, &walk)));
        hr_instant before = start.at - 1, got;
        for (int step = 0; step < 1500; step++) {
            hr_status status = hr_rule_next(&walk, &got);
            hr_instant between = before, jumped = 0;
            if (hr_ok(status) && got - before > 2) {
                between = before +
                          (hr_instant)((uint64_t)pick(1u << 30) * 7919u % (uint64_t)(got - before));
            }
            hr_status same = hr_rule_after(&rule, &start, between, &jumped);
            if (same.code != status.code || (hr_ok(status) && jumped != got)) {
                fail_msg("%s after %.*s: %.*s, not %.*s", rules[index],
                         HR_SHOW(hr_instant_write(&arena, between)),
                         HR_SHOW(hr_instant_write(&arena, jumped)),
                         HR_SHOW(hr_instant_write(&arena, got)));
            }
            if (!hr_ok(status)) {
                break;
            }
            assert_true(got > before);
            before = got;
        }
    }
}

static void a_rule_is_refused_with_its_flaw(void **state)
{
    (void)state;
    static const struct {
        const char *text, *flawed, *part;
    } cases[] = {
        {"COUNT=3", "COUNT=3", "FREQ"},
        {"FREQ=SOMETIMES", "SOMETIMES", "YEARLY"},
        {"FREQ=DAILY;COUNT=0", "0", "COUNT"},
        {"FREQ=DAILY;COUNT=100001", "100001", "100,000"},
        {"FREQ=DAILY;INTERVAL=0", "0", "INTERVAL"},
        {"FREQ=DAILY;COUNT=3;UNTIL=20270101", "FREQ=DAILY;COUNT=3;UNTIL=20270101", "not by both"},
        {"FREQ=DAILY;UNTIL=20260229", "20260229", "UNTIL"},
        {"FREQ=DAILY;UNTIL=20260228T", "20260228T", "UNTIL"},
        {"FREQ=DAILY;UNTIL=20260228T240000", "20260228T240000", "UNTIL"},
        {"FREQ=DAILY;BYHOUR=24", "24", "number"},
        {"FREQ=DAILY;BYSECOND=60", "60", "number"},
        {"FREQ=MONTHLY;BYMONTHDAY=0", "0", "number"},
        {"FREQ=MONTHLY;BYMONTHDAY=1,,2", "BYMONTHDAY=1,,2", "number"},
        {"FREQ=MONTHLY;BYMONTHDAY=32", "32", "number"},
        {"FREQ=MONTHLY;BYMONTHDAY=--3", "--3", "number"},
        {"FREQ=MONTHLY;BYDAY=1XX", "1XX", "weekday"},
        {"FREQ=MONTHLY;BYDAY=54MO", "54MO", "weekday"},
        {"FREQ=WEEKLY;BYDAY=2MO", "FREQ=WEEKLY;BYDAY=2MO", "with a number"},
        {"FREQ=YEARLY;BYWEEKNO=2;BYDAY=2MO", "FREQ=YEARLY;BYWEEKNO=2;BYDAY=2MO", "with a number"},
        {"FREQ=WEEKLY;BYMONTHDAY=3", "FREQ=WEEKLY;BYMONTHDAY=3", "BYMONTHDAY"},
        {"FREQ=MONTHLY;BYWEEKNO=3", "FREQ=MONTHLY;BYWEEKNO=3", "BYWEEKNO"},
        {"FREQ=MONTHLY;BYYEARDAY=3", "FREQ=MONTHLY;BYYEARDAY=3", "BYYEARDAY"},
        {"FREQ=MONTHLY;BYSETPOS=3", "FREQ=MONTHLY;BYSETPOS=3", "BYSETPOS"},
        {"FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY", "twice"},
        {"FREQ=DAILY;RSCALE=HEBREW", "RSCALE=HEBREW", "not known"},
        {"FREQ=DAILY;COUNT", "COUNT", "says nothing"},
        {"FREQ=DAILY;;COUNT=1", "", "not known"},
        {"FREQ=DAILY;WKST=XX", "XX", "WKST"},
        {"", "", "1 to"},
        {";", "", "not known"},
        {"RRULE:", "", "not known"},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        struct hr_rule rule;
        struct hr_flaw flaw = {9999, 9999, ""};
        struct hr_text text = hr_text_from(cases[index].text);
        if (hr_rule_read(text, &rule, &flaw).code != HR_E_INPUT) {
            fail_msg("accepted: %s", cases[index].text);
        }
        assert_true(flaw.at + flaw.size <= text.size);
        struct hr_text part = hr_text_slice(text, flaw.at, flaw.at + flaw.size);
        struct hr_text flawed = hr_text_from(cases[index].flawed);
        if ((flawed.size > 0 && !hr_text_equal(part, flawed)) ||
            strstr(flaw.message, cases[index].part) == NULL) {
            fail_msg("%s: '%.*s' %s", cases[index].text, HR_SHOW(part), flaw.message);
        }
    }
}

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void no_rule_keeps_anybody_busy(void **state)
{
    (void)state;
    static const struct {
        const char *rule;
        int32_t code;
    } cases[] = {
        {"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", HR_RULE_LIMIT},
        {"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", HR_RULE_LIMIT},
        {"FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", HR_RULE_LIMIT},
        {"FREQ=MINUTELY;INTERVAL=60;BYMINUTE=17", HR_RULE_LIMIT},
        {"FREQ=SECONDLY;INTERVAL=2;BYSECOND=1", HR_RULE_LIMIT},
        {"FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=2", HR_RULE_LIMIT},
        {"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;UNTIL=20300101", HR_RULE_END},
        {"FREQ=YEARLY;INTERVAL=1000000", HR_RULE_END},
        /* a year of 31,622,400 instances */
        {"FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYDAY=MO,TU,WE,TH,FR,SA,SU;"
         "BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23;"
         "BYMINUTE=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,"
         "30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,"
         "59;"
         "BYSECOND=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,"
         "30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,"
         "59",
         0},
    };
    struct hr_rule_start start = {.zone = hr_zone_utc(), .at = at("2026-06-15T12:00:00Z")};
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        struct hr_rule rule = rule_of(cases[index].rule);
        hr_instant got;
        int64_t began = now_us();
        int32_t code = hr_rule_after(&rule, &start, at("2027-10-10T10:10:10Z"), &got).code;
        int64_t took = now_us() - began;
        if (code != cases[index].code || took > 200000) {
            fail_msg("%s: %d after %lld us", cases[index].rule, code, (long long)took);
        }
        if (code == 0) {
            assert_int_equal(got, at("2027-10-10T10:10:11Z"));
        }
    }
}

/* Each instance is found within the limit, but there are too many before the one that is asked for. */
static void counting_there_has_an_end_too(void **state)
{
    (void)state;
    static const struct {
        const char *start, *rule, *after;
        int32_t code;
    } cases[] = {
        {"0001-01-01T03:03:03Z",
         "FREQ=SECONDLY;INTERVAL=1009;BYHOUR=3;BYMINUTE=3;BYSECOND=3;COUNT=100000",
         "9990-01-01T00:00:00Z", HR_RULE_LIMIT},
        {"0001-01-01T03:03:03Z", "FREQ=YEARLY;COUNT=100000", "9990-01-01T00:00:00Z", HR_RULE_LIMIT},
        {"2026-01-01T03:03:03Z", "FREQ=DAILY;COUNT=100000", "2290-01-01T00:00:00Z", 0},
        {"2026-01-01T03:03:03Z", "FREQ=MINUTELY;COUNT=100000", "2026-03-11T00:00:00Z", 0},
        {"2026-01-01T03:03:03Z", "FREQ=WEEKLY;BYDAY=MO,FR;COUNT=100000", "2900-01-01T00:00:00Z", 0},
        {"2026-01-01T03:03:03Z", "FREQ=YEARLY;COUNT=1000", "3025-01-01T00:00:00Z", 0},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        struct hr_rule_start start = {.zone = hr_zone_utc(), .at = at(cases[index].start)};
        struct hr_rule rule = rule_of(cases[index].rule);
        hr_instant got;
        int64_t began = now_us();
        int32_t code = hr_rule_after(&rule, &start, at(cases[index].after), &got).code;
        int64_t took = now_us() - began;
        if (code != cases[index].code || took > 2000000) {
            fail_msg("%s: %d after %lld us", cases[index].rule, code, (long long)took);
        }
    }
}

static void a_date_alone_is_a_whole_day(void **state)
{
    (void)state;
    struct hr_rule rule = rule_of("FREQ=DAILY;BYHOUR=9;COUNT=2");
    struct hr_rule_start start = {.zone = zone_of("Europe/Berlin"),
                                  .at = at("2026-10-24T15:30:00+02:00"),
                                  .whole_days = true};
    struct hr_rule_walk walk;
    assert_true(hr_ok(hr_rule_begin(&rule, &start, &walk)));
    hr_instant got;
    assert_true(hr_ok(hr_rule_next(&walk, &got)));
    assert_int_equal(got, at("2026-10-24T00:00:00+02:00"));
    assert_true(hr_ok(hr_rule_next(&walk, &got)));
    assert_int_equal(got, at("2026-10-25T00:00:00+02:00"));
    assert_int_equal(hr_rule_next(&walk, &got).code, HR_RULE_END);
    assert_true(hr_ok(hr_rule_after(&rule, &start, start.at, &got)));
    assert_int_equal(got, at("2026-10-25T00:00:00+02:00"));
}

static void a_rule_by_hours_needs_a_time_of_day(void **state)
{
    (void)state;
    struct hr_rule rule = rule_of("FREQ=HOURLY");
    struct hr_rule_start start = {.zone = hr_zone_utc(), .at = 0, .whole_days = true};
    struct hr_rule_walk walk;
    assert_int_equal(hr_rule_begin(&rule, &start, &walk).code, HR_E_INPUT);
    start.whole_days = false;
    assert_true(hr_ok(hr_rule_begin(&rule, &start, &walk)));
    start.at = HR_INSTANT_NONE;
    assert_int_equal(hr_rule_begin(&rule, &start, &walk).code, HR_E_INPUT);
    start.at = INT64_MAX;
    assert_int_equal(hr_rule_begin(&rule, &start, &walk).code, HR_E_INPUT);
    start.at = 0;
    hr_instant got;
    assert_int_equal(hr_rule_after(&rule, &start, INT64_MAX, &got).code, HR_RULE_END);
    assert_true(hr_ok(hr_rule_after(&rule, &start, HR_INSTANT_NONE, &got)));
    assert_int_equal(got, 0);
}

#define story(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(a_cron_expression_goes_by_the_clock_on_the_wall),
        story(next_and_previous_agree_with_asking_each_minute),
        story(a_cron_expression_is_refused_with_its_flaw),
        story(a_cron_expression_ends_with_its_years),
        story(a_rule_goes_by_the_clock_on_the_wall),
        story(jumping_and_walking_meet),
        story(a_rule_is_refused_with_its_flaw),
        story(no_rule_keeps_anybody_busy),
        story(counting_there_has_an_end_too),
        story(a_date_alone_is_a_whole_day),
        story(a_rule_by_hours_needs_a_time_of_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
