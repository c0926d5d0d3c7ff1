/* For the fuzzers of schedules: a zone with a gap and an hour that comes twice each year, without a file. */
#ifndef HR_TESTS_SUPPORT_ZONE_BYTES_H
#define HR_TESTS_SUPPORT_ZONE_BYTES_H

#include "data/time.h"

#include <stdlib.h>
#include <string.h>

/* A TZif file of one type and no table: all that it knows stands in its footer. */
static inline const struct hr_zone *zone_with_rule(struct hr_arena *arena, const char *footer)
{
    static const char one_body[] = "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" /* then six counts */
                                   "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4"
                                   "\0\0\0\0\0\0UTC\0";
    struct hr_buffer out;
    hr_buffer_init(&out, arena, 1000);
    hr_buffer_add(&out, one_body, sizeof one_body - 1);
    hr_buffer_add(&out, one_body, sizeof one_body - 1);
    hr_buffer_add_format(&out, "\n%s\n", footer);
    const struct hr_zone *zone = NULL;
    if (!hr_ok(hr_zone_read(arena, HR_TEXT("fuzz"), hr_buffer_text(&out), &zone))) {
        abort();
    }
    return zone;
}

/* UTC, Central Europe, Lord Howe's half hour, and a clock that is put back at midnight. */
static inline const struct hr_zone *zone_of_byte(struct hr_arena *arena, uint8_t byte)
{
    static const char *const footers[] = {"UTC0", "CET-1CEST,M3.5.0,M10.5.0/3",
                                          "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
                                          "<-04>4<-03>,M9.1.6/24,M4.1.6/24"};
    return zone_with_rule(arena, footers[byte % 4]);
}

/* An instant between 1960 and 2110 from four bytes. */
static inline hr_instant instant_of_bytes(const uint8_t bytes[4])
{
    uint32_t number;
    memcpy(&number, bytes, sizeof number);
    return ((int64_t)number - 315619200) * HR_SECOND_US + (number & 1 ? 1 : 0);
}

#endif
