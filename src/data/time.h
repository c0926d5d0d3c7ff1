/* data/time: instants, durations, time zones and business hours, without ever asking a clock.
 *
 * Why      the engine is pure: time comes inside the event, zone rules come as bytes that the
 *          host passes in (their digest is part of the plan), so the same journal always gives
 *          the same deadlines.
 * Units    instants and durations in microseconds; offsets in seconds east of UTC; minutes of a
 *          local day 0..1440.
 * Rules    a local time that a change skips means the first minute after the gap; one that
 *          happens twice means the first of the two.
 * Limits   years 0001..9999; a zone file at most 64 KiB; business deadlines at most 3,660 days
 *          ahead.
 * Pure     yes.
 * Threads  zones are immutable once read.
 * Source   RFC 3339; RFC 8536 (TZif v2+, POSIX footer); tzdata of the host.
 * Tests    tests/unit/data_time_test.c, tests/conformance/zones_test.c (all zones against the C library) */
#ifndef HR_DATA_TIME_H
#define HR_DATA_TIME_H

#include "data/value.h"

#define HR_SECOND_US INT64_C(1000000)
#define HR_MINUTE_US (60 * HR_SECOND_US)
#define HR_HOUR_US   (60 * HR_MINUTE_US)
#define HR_DAY_US    (24 * HR_HOUR_US)

/* ---- instants ----------------------------------------------------------------------------- */

/* "2026-11-22T10:02:09.5Z" or with an offset; false for anything else. Leap second :60 reads as
 * :59.999999. */
bool hr_instant_read(struct hr_text text, hr_instant *ret_instant);
/* RFC 3339 in UTC, with as many of 6 decimals as needed. "never" for HR_INSTANT_NONE. */
struct hr_text hr_instant_write(struct hr_arena *into, hr_instant instant);

struct hr_civil {
    int32_t year;
    uint8_t month, day, hour, minute, second; /* month and day from 1 */
    uint8_t weekday;                          /* 0 monday .. 6 sunday */
    uint16_t year_day;                        /* 0 = 1 January */
    int32_t microsecond;
    int32_t offset_s; /* east of UTC */
};
/* The civil time of an instant at a fixed offset. */
struct hr_civil hr_civil_at_offset(hr_instant instant, int32_t offset_s);
/* The instant of a civil time at a fixed offset (civil->offset_s). */
hr_instant hr_civil_instant(const struct hr_civil *civil);
/* Days since 1970-01-01 of a civil date (proleptic Gregorian). */
int64_t hr_days_from_date(int32_t year, uint32_t month, uint32_t day);

/* ---- durations ---------------------------------------------------------------------------- */

enum hr_span_unit { HR_SPAN_elapsed, HR_SPAN_business_time, HR_SPAN_business_days };

/* "5 minutes", "7 days", "1 business hour", "2 business days": how a person writes how long. */
struct hr_span {
    enum hr_span_unit unit;
    int64_t amount; /* microseconds for elapsed and business_time, days for business_days */
};
/* Reads it: a whole number, then optional "business", then second(s)..week(s) (also s, m, h, d, w
 * glued or not). false for anything else, zero or more than 3,660 days. */
bool hr_span_read(struct hr_text text, struct hr_span *ret_span);
/* As a person says it: "5 minutes", "2 business days". */
struct hr_text hr_span_write(struct hr_arena *into, struct hr_span span);
/* How long, roughly, for people: "22 minutes", "3 days 4 hours", "41 s". Never negative. */
struct hr_text hr_duration_say(struct hr_arena *into, int64_t duration_us);

/* ---- zones -------------------------------------------------------------------------------- */

struct hr_zone;

/* Reads TZif bytes (which must stay valid) into a zone in the arena. HR_E_INPUT if they are not
 * TZif v2+, or if an offset reaches a whole day. */
hr_status hr_zone_read(struct hr_arena *into, struct hr_text name, struct hr_text tzif,
                       const struct hr_zone **ret_zone) HR_MUST_USE;
/* UTC itself, without bytes. Never NULL. */
const struct hr_zone *hr_zone_utc(void);
struct hr_text hr_zone_name(const struct hr_zone *zone);
/* The offset in force at an instant, seconds east of UTC. */
int32_t hr_zone_offset(const struct hr_zone *zone, hr_instant instant);
/* The civil time of an instant in a zone. */
struct hr_civil hr_zone_civil(const struct hr_zone *zone, hr_instant instant);
/* The instant of a local date and minute of day, by the rules above. minute may be 0..1440. */
hr_instant hr_zone_instant(const struct hr_zone *zone, int64_t days_since_1970,
                           int32_t minute_of_day);

/* ---- business hours ------------------------------------------------------------------------ */

/* When a business works. closed: days since 1970 of holidays, ascending. */
struct hr_hours {
    const struct hr_zone *zone;
    uint8_t weekdays;     /* bit 0 monday .. bit 6 sunday */
    uint16_t from_minute; /* of the local day */
    uint16_t to_minute;   /* > from_minute, at most 1440 */
    const int32_t *closed;
    size_t closed_count;
};
/* The instant that lies `span` after `from`. Business time counts only open minutes; business days
 * end at the same local time of day on the n-th open day after (clipped into opening hours). NULL
 * hours mean always open in UTC. Never beyond 3,660 days: then HR_INSTANT_NONE. */
hr_instant hr_hours_after(const struct hr_hours *hours, hr_instant from, struct hr_span span);
/* Whether the business is open at an instant. Hours must be given. */
bool hr_hours_open(const struct hr_hours *hours, hr_instant at);
/* How much open time lies between two instants, nothing when `to` is not later; false when they are
 * more than 3,660 days apart. */
bool hr_hours_between(const struct hr_hours *hours, hr_instant from, hr_instant to,
                      int64_t *ret_open_us);

#endif
