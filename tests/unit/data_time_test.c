/* What people rely on when Handrail counts time: instants read and written exactly, spans as people
 * write them, and business hours that survive weekends, holidays and changes of the clock. Each zone
 * is compared with the C library in conformance/zones_test.c. */
#include "data_corpus.h"

#include "data/time.h"

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

static void assert_text(struct hr_text text, const char *expected)
{
    struct hr_text copy = hr_text_copy(&arena, text);
    assert_string_equal(copy.data, expected);
}

static hr_instant at(const char *text)
{
    hr_instant instant = HR_INSTANT_NONE;
    if (!hr_instant_read(hr_text_from(text), &instant)) {
        fail_msg("no instant: %s", text);
    }
    return instant;
}

/* ---- instants ----------------------------------------------------------------------------- */

static void instants_are_read_and_written(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"2026-11-22T10:02:09.5Z", "2026-11-22T10:02:09.5Z"},
        {"2026-11-22T10:02:09+01:00", "2026-11-22T09:02:09Z"},
        {"2026-11-22t10:02:09.1234567-05:30", "2026-11-22T15:32:09.123456Z"},
        {"2026-11-22 10:02:09z", "2026-11-22T10:02:09Z"},
        {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
        {"2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z"},
        {"2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999999Z"},
        {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
        {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        assert_text(hr_instant_write(&arena, at(cases[index][0])), cases[index][1]);
    }
    assert_int_equal(at("1970-01-01T00:00:00Z"), 0);
    assert_text(hr_instant_write(&arena, HR_INSTANT_NONE), "never");
}

static void what_is_no_instant_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {"",
                                        "2026-11-22",
                                        "2026-11-22T10:02Z",
                                        "2026-11-22T10:02:09",
                                        "2026-13-01T00:00:00Z",
                                        "yesterday",
                                        "2026-02-29T00:00:00Z",
                                        "2026-11-22T24:00:00Z",
                                        "2026-11-22T10:02:09.Z",
                                        "2026-11-22T10:02:09+0100",
                                        "2026-11-31T00:00:00Z",
                                        "0000-01-01T00:00:00Z",
                                        "2026-11-22T10:02:09Z ",
                                        "2026-11-22T10:02:61Z",
                                        "+2026-11-22T10:02:09Z",
                                        "0001-01-01T00:00:00+10:00"};
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        hr_instant instant;
        if (hr_instant_read(hr_text_from(cases[index]), &instant)) {
            fail_msg("accepted: %s", cases[index]);
        }
    }
}

static void civil_time_agrees_with_the_c_library(void **state)
{
    (void)state;
    for (int64_t second = -62135596800; second < 253402300800; second += 86400 * 97 + 12345) {
        time_t t = (time_t)second;
        struct tm tm;
        gmtime_r(&t, &tm);
        struct hr_civil civil = hr_civil_at_offset(second * HR_SECOND_US, 0);
        assert_int_equal(civil.year, tm.tm_year + 1900);
        assert_int_equal(civil.month, tm.tm_mon + 1);
        assert_int_equal(civil.day, tm.tm_mday);
        assert_int_equal(civil.hour * 60 + civil.minute, tm.tm_hour * 60 + tm.tm_min);
        assert_int_equal(civil.weekday, (tm.tm_wday + 6) % 7);
        assert_int_equal(civil.year_day, tm.tm_yday);
        assert_int_equal(hr_civil_instant(&civil), second * HR_SECOND_US);
    }
}

/* ---- spans -------------------------------------------------------------------------------- */

static void spans_are_read_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum hr_span_unit unit;
        int64_t amount;
        const char *said;
    } cases[] = {
        {"5 minutes", HR_SPAN_elapsed, 5 * HR_MINUTE_US, "5 minutes"},
        {"1 minute", HR_SPAN_elapsed, HR_MINUTE_US, "1 minute"},
        {"7 days", HR_SPAN_elapsed, 7 * HR_DAY_US, "7 days"},
        {"2 weeks", HR_SPAN_elapsed, 14 * HR_DAY_US, "14 days"},
        {"90m", HR_SPAN_elapsed, 90 * HR_MINUTE_US, "90 minutes"},
        {" 24 h ", HR_SPAN_elapsed, HR_DAY_US, "1 day"},
        {"30 s", HR_SPAN_elapsed, 30 * HR_SECOND_US, "30 seconds"},
        {"1 business hour", HR_SPAN_business_time, HR_HOUR_US, "1 business hour"},
        {"90 business minutes", HR_SPAN_business_time, 90 * HR_MINUTE_US, "90 business minutes"},
        {"48 business hours", HR_SPAN_business_time, 48 * HR_HOUR_US, "48 business hours"},
        {"2 business days", HR_SPAN_business_days, 2, "2 business days"},
        {"3660 days", HR_SPAN_elapsed, 3660 * HR_DAY_US, "3660 days"},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        struct hr_span span;
        if (!hr_span_read(hr_text_from(cases[index].text), &span)) {
            fail_msg("refused: %s", cases[index].text);
        }
        assert_int_equal(span.unit, cases[index].unit);
        assert_int_equal(span.amount, cases[index].amount);
        assert_text(hr_span_write(&arena, span), cases[index].said);
        struct hr_span again;
        assert_true(hr_span_read(hr_span_write(&arena, span), &again));
        assert_int_equal(again.amount, span.amount);
    }
    static const char *const wrong[] = {"",
                                        "5",
                                        "minutes",
                                        "0 days",
                                        "-1 day",
                                        "1.5 hours",
                                        "5 months",
                                        "3661 days",
                                        "5 minutess",
                                        "1 business",
                                        "1 business week",
                                        "business 1 day",
                                        "99999999999999999999 s"};
    for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++) {
        struct hr_span span;
        if (hr_span_read(hr_text_from(wrong[index]), &span)) {
            fail_msg("accepted: %s", wrong[index]);
        }
    }
}

static void durations_are_said_roughly(void **state)
{
    (void)state;
    assert_text(hr_duration_say(&arena, 41 * HR_SECOND_US), "41 s");
    assert_text(hr_duration_say(&arena, -5), "0 s");
    assert_text(hr_duration_say(&arena, 22 * HR_MINUTE_US + 30 * HR_SECOND_US), "22 minutes");
    assert_text(hr_duration_say(&arena, HR_HOUR_US), "1 hour");
    assert_text(hr_duration_say(&arena, 2 * HR_HOUR_US + HR_MINUTE_US), "2 hours 1 minute");
    assert_text(hr_duration_say(&arena, 3 * HR_DAY_US + 4 * HR_HOUR_US), "3 days 4 hours");
}

/* ---- zones -------------------------------------------------------------------------------- */

static const struct hr_zone *zone_of(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    struct hr_text bytes = corpus_read_path(path);
    if (bytes.data == NULL) {
        return NULL;
    }
    struct hr_text kept = hr_text_copy(&arena, bytes);
    corpus_free(bytes);
    const struct hr_zone *zone = NULL;
    if (!hr_ok(hr_zone_read(&arena, hr_text_from(name), kept, &zone))) {
        fail_msg("zone refused: %s", name);
    }
    return zone;
}

static void a_day_that_a_country_skipped_begins_after_it(void **state)
{
    (void)state;
    const struct hr_zone *zone = zone_of("Pacific/Apia");
    if (zone == NULL) {
        return;
    }
    hr_instant got = hr_zone_instant(zone, hr_days_from_date(2011, 12, 30), 12 * 60);
    assert_int_equal(got, at("2011-12-30T10:00:00Z"));
}

static void utc_needs_no_bytes(void **state)
{
    (void)state;
    assert_text(hr_zone_name(hr_zone_utc()), "UTC");
    assert_int_equal(hr_zone_offset(hr_zone_utc(), at("2026-07-01T00:00:00Z")), 0);
    assert_int_equal(hr_zone_instant(hr_zone_utc(), 1, 1440), 2 * HR_DAY_US);
}

/* TZif bytes without a table, and with this footer. */
static hr_status read_footer(const char *footer, int32_t offset_s, const struct hr_zone **ret_zone)
{
    struct hr_buffer tzif;
    uint32_t bits = (uint32_t)offset_s;
    /* a header with one type and one byte of names, and these */
    const char body[44 + 7] = {[0] = 'T',
                               [1] = 'Z',
                               [2] = 'i',
                               [3] = 'f',
                               [4] = '2',
                               [39] = 1,
                               [43] = 1,
                               [44] = (char)(bits >> 24),
                               [45] = (char)(bits >> 16),
                               [46] = (char)(bits >> 8),
                               [47] = (char)bits};
    hr_buffer_init(&tzif, &arena, 1 << 16);
    hr_buffer_add(&tzif, body, sizeof body); /* with times of 32 bits, and of 64 */
    hr_buffer_add(&tzif, body, sizeof body);
    hr_buffer_add_format(&tzif, "\n%s\n", footer);
    return hr_zone_read(&arena, HR_TEXT("Made/Up"), hr_buffer_text(&tzif), ret_zone);
}

/* The instant of a local time is looked for one day around it. */
static void an_offset_of_a_day_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *footer;
        int32_t offset_s;
        bool good;
    } cases[] = {
        {"AAA0", 0, true},
        {"AAA23:59:59", 0, true},
        {"AAA-23:59:59", 0, true},
        {"AAA24", 0, false},
        {"AAA-24", 0, false},
        {"AAA100", 0, false},
        {"AAA-22:30BBB,M3.5.0,M10.5.0", 0, true},
        {"AAA-23:30BBB,M3.5.0,M10.5.0", 0, false},
        {"AAA0BBB-30,M3.5.0,M10.5.0", 0, false},
        {"AAA0BBB,M3.5.0/100,M10.5.0/-100", 0, true},
        {"", 86399, true},
        {"", -86399, true},
        {"", 86400, false},
        {"", -90000, false},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        const struct hr_zone *zone = NULL;
        hr_status status = read_footer(cases[index].footer, cases[index].offset_s, &zone);
        if (hr_ok(status) != cases[index].good) {
            fail_msg("'%s', %d: %d", cases[index].footer, cases[index].offset_s, status.code);
        }
        if (hr_ok(status)) {
            hr_instant noon = hr_zone_instant(zone, 20000, 720);
            assert_int_equal(noon + (int64_t)hr_zone_offset(zone, noon) * HR_SECOND_US,
                             20000 * HR_DAY_US + 720 * HR_MINUTE_US);
        }
    }
}

static void a_zone_has_its_name_or_is_none(void **state)
{
    (void)state;
    struct hr_text utc = corpus_read_path("/usr/share/zoneinfo/UTC");
    if (utc.data == NULL) {
        fprintf(stderr, "SKIP a zone's name: no tzdata on this machine\n");
        return;
    }
    char name[200];
    memset(name, 'n', sizeof name);
    for (size_t budget = 0; budget < 1024; budget += 16) {
        struct hr_arena small;
        const struct hr_zone *zone = NULL;
        hr_arena_init(&small, budget);
        hr_status status = hr_zone_read(&small, (struct hr_text){name, sizeof name}, utc, &zone);
        assert_int_equal(status.code, hr_ok(status) ? 0 : HR_E_MEMORY);
        if (hr_ok(status)) {
            assert_int_equal(hr_zone_name(zone).size, sizeof name);
        }
        hr_arena_close(&small);
    }
    corpus_free(utc);
}

static void broken_zone_bytes_are_refused(void **state)
{
    (void)state;
    struct hr_text bytes = corpus_read_path("/usr/share/zoneinfo/Europe/Berlin");
    if (bytes.data == NULL) {
        return;
    }
    const struct hr_zone *zone;
    for (size_t size = 0; size < bytes.size; size++) {
        struct hr_text cut = {bytes.data, size};
        struct hr_arena_mark mark = hr_arena_mark(&arena);
        bool read = hr_ok(hr_zone_read(&arena, HR_TEXT("x"), cut, &zone));
        if (read) { /* cut inside the footer at a line end is the only way */
            fail_msg("accepted %zu of %zu bytes", size, bytes.size);
        }
        hr_arena_rewind(&arena, mark);
    }
    for (uint32_t round = 0; round < 20000; round++) {
        struct hr_arena_mark mark = hr_arena_mark(&arena);
        struct hr_text copy = hr_text_copy(&arena, bytes);
        char *data = hr_arena_alloc(&arena, copy.size);
        memcpy(data, copy.data, copy.size);
        data[round * 2654435761u % bytes.size] = (char)(round * 40503u >> 7);
        if (hr_ok(hr_zone_read(&arena, HR_TEXT("x"), (struct hr_text){data, copy.size}, &zone))) {
            (void)hr_zone_offset(zone, at("2031-05-01T00:00:00Z"));
            (void)hr_zone_instant(zone, 20000, 600);
        }
        hr_arena_rewind(&arena, mark);
    }
    corpus_free(bytes);
}

/* ---- business hours ------------------------------------------------------------------------ */

static hr_instant after(const struct hr_hours *hours, const char *from, const char *text)
{
    struct hr_span span;
    assert_true(hr_span_read(hr_text_from(text), &span));
    return hr_hours_after(hours, at(from), span);
}

static void business_hours_in_stories(void **state)
{
    (void)state;
    const struct hr_zone *berlin = zone_of("Europe/Berlin");
    if (berlin == NULL) {
        fprintf(stderr, "SKIP business hours: no tzdata on this machine\n");
        return;
    }
    const int32_t closed[] = {(int32_t)hr_days_from_date(2026, 12, 25),
                              (int32_t)hr_days_from_date(2027, 1, 1)};
    const struct hr_hours office = {.zone = berlin,
                                    .weekdays = 0x1F,
                                    .from_minute = 540,
                                    .to_minute = 1050,
                                    .closed = closed,
                                    .closed_count = 2};
    const struct hr_hours night = {
        .zone = berlin, .weekdays = 0x7F, .from_minute = 0, .to_minute = 1440};
    static const struct {
        const char *what, *from, *span, *until;
        bool around_the_clock;
    } stories[] = {
        {"friday 17:20 and one hour is monday 09:50", "2026-11-20T17:20:00+01:00",
         "1 business hour", "2026-11-23T09:50:00+01:00", false},
        {"inside the day nothing happens", "2026-11-18T10:00:00+01:00", "90 business minutes",
         "2026-11-18T11:30:00+01:00", false},
        {"what ends exactly at closing ends at closing", "2026-11-20T16:30:00+01:00",
         "1 business hour", "2026-11-20T17:30:00+01:00", false},
        {"before opening counts from opening", "2026-11-18T06:00:00+01:00", "1 business hour",
         "2026-11-18T10:00:00+01:00", false},
        {"saturday counts from monday", "2026-11-21T12:00:00+01:00", "30 business minutes",
         "2026-11-23T09:30:00+01:00", false},
        {"a holiday is no working day", "2026-12-24T17:00:00+01:00", "1 business hour",
         "2026-12-28T09:30:00+01:00", false},
        {"one day is 8.5 hours", "2026-11-18T09:00:00+01:00", "17 business hours",
         "2026-11-19T17:30:00+01:00", false},
        {"two business days from friday", "2026-11-20T11:15:20+01:00", "2 business days",
         "2026-11-24T11:15:20+01:00", false},
        {"one business day from sunday", "2026-11-22T11:15:00+01:00", "1 business day",
         "2026-11-23T11:15:00+01:00", false},
        {"late evening is clipped to closing", "2026-11-18T22:00:00+01:00", "1 business day",
         "2026-11-19T17:30:00+01:00", false},
        {"early morning is clipped to opening", "2026-11-18T05:00:00+01:00", "1 business day",
         "2026-11-19T09:00:00+01:00", false},
        {"business days step over a holiday", "2026-12-24T10:00:00+01:00", "1 business day",
         "2026-12-28T10:00:00+01:00", false},
        {"over the change to summer, office time stays", "2026-03-27T17:00:00+01:00",
         "1 business hour", "2026-03-30T09:30:00+02:00", false},
        {"over the change to winter, office time stays", "2026-10-23T17:00:00+02:00",
         "1 business hour", "2026-10-26T09:30:00+01:00", false},
        {"the day of the change to summer has 23 hours", "2026-03-29T00:00:00+01:00",
         "24 business hours", "2026-03-30T01:00:00+02:00", true},
        {"the day of the change to winter has 25 hours", "2026-10-25T00:00:00+02:00",
         "24 business hours", "2026-10-25T23:00:00+01:00", true},
        {"a skipped time of day moves behind the gap", "2026-03-28T02:30:00+01:00",
         "1 business day", "2026-03-29T03:00:00+02:00", true},
        {"elapsed time ignores the clock on the wall", "2026-03-28T12:00:00+01:00", "24 hours",
         "2026-03-29T13:00:00+02:00", false},
    };
    for (size_t index = 0; index < sizeof stories / sizeof stories[0]; index++) {
        const struct hr_hours *hours = stories[index].around_the_clock ? &night : &office;
        hr_instant got = after(hours, stories[index].from, stories[index].span);
        if (got != at(stories[index].until)) {
            fail_msg("%s: %.*s", stories[index].what, HR_SHOW(hr_instant_write(&arena, got)));
        }
    }
}

static void without_hours_it_is_always_open(void **state)
{
    (void)state;
    assert_int_equal(after(NULL, "2026-11-21T12:00:00Z", "1 business hour"),
                     at("2026-11-21T13:00:00Z"));
    assert_int_equal(after(NULL, "2026-11-21T12:00:00Z", "2 business days"),
                     at("2026-11-23T12:00:00Z"));
}

static void a_business_that_never_opens_has_no_deadline(void **state)
{
    (void)state;
    const struct hr_hours never = {
        .zone = hr_zone_utc(), .weekdays = 0, .from_minute = 540, .to_minute = 1050};
    assert_int_equal(after(&never, "2026-11-21T12:00:00Z", "1 business hour"), HR_INSTANT_NONE);
    assert_int_equal(after(&never, "2026-11-21T12:00:00Z", "1 business day"), HR_INSTANT_NONE);
    struct hr_span minute = {HR_SPAN_elapsed, HR_MINUTE_US};
    assert_int_equal(hr_hours_after(NULL, HR_INSTANT_NONE, minute), HR_INSTANT_NONE);
    assert_int_equal(hr_hours_after(NULL, INT64_MAX, minute), HR_INSTANT_NONE);
}

#define story(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(instants_are_read_and_written),
        story(what_is_no_instant_is_refused),
        story(civil_time_agrees_with_the_c_library),
        story(spans_are_read_as_people_write_them),
        story(durations_are_said_roughly),
        story(a_day_that_a_country_skipped_begins_after_it),
        story(utc_needs_no_bytes),
        story(an_offset_of_a_day_is_refused),
        story(a_zone_has_its_name_or_is_none),
        story(broken_zone_bytes_are_refused),
        story(business_hours_in_stories),
        story(without_hours_it_is_always_open),
        story(a_business_that_never_opens_has_no_deadline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
