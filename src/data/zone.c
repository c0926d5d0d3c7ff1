/* data/zone: time zones from TZif bytes (RFC 8536, version 2 and later) with the POSIX rule of
 * their footer for the years beyond the table, and the instant of a local time where a change of
 * offset skips or repeats it. */
#include "data/inside.h"

#include <string.h>

enum { TZIF_SIZE_MAX = 65536, HEADER_SIZE = 44, DAY_S = 86400 };

/* When, within a year, a POSIX rule changes the offset. */
struct change {
    char form; /* 'M' month.week.day, 'J' day 1..365 without 29 February, '0' day 0..365 */
    uint32_t month, week, day;
    int32_t second; /* of the local day, may be negative or beyond 24 hours */
};

struct hr_zone {
    struct hr_text name;
    int64_t *times; /* seconds since 1970 at which an offset begins, ascending */
    int32_t *offsets;
    size_t count;
    int32_t first_offset; /* before the first change */
    bool has_rule;        /* the footer says what holds behind the last change */
    bool has_summer;
    int32_t standard_s, summer_s;
    struct change summer_begins, summer_ends;
};

/* ---- the footer --------------------------------------------------------------------------- */

/* A cursor over the rule's text; `broken` stays set. */
struct cursor {
    struct hr_text text;
    size_t at;
    bool broken;
};

static char peek(const struct cursor *cursor)
{
    return cursor->at < cursor->text.size ? cursor->text.data[cursor->at] : '\0';
}

static bool take(struct cursor *cursor, char byte)
{
    if (peek(cursor) != byte) {
        return false;
    }
    cursor->at++;
    return true;
}

static uint32_t take_number(struct cursor *cursor, uint32_t most)
{
    uint32_t number = 0;
    size_t first = cursor->at;
    while (peek(cursor) >= '0' && peek(cursor) <= '9' && cursor->at - first < 4) {
        number = number * 10 + (uint32_t)(peek(cursor) - '0');
        cursor->at++;
    }
    cursor->broken = cursor->broken || cursor->at == first || number > most;
    return number;
}

/* A zone's short name: letters, or anything in angle brackets. */
static void skip_name(struct cursor *cursor)
{
    size_t first = cursor->at;
    if (take(cursor, '<')) {
        while (peek(cursor) != '\0' && peek(cursor) != '>') {
            cursor->at++;
        }
        cursor->broken = cursor->broken || !take(cursor, '>');
        return;
    }
    while ((peek(cursor) | 0x20) >= 'a' && (peek(cursor) | 0x20) <= 'z') {
        cursor->at++;
    }
    cursor->broken = cursor->broken || cursor->at - first < 3;
}

/* [+-]h[h[h]][:mm[:ss]] in seconds. */
static int32_t take_time(struct cursor *cursor)
{
    bool negative = take(cursor, '-');
    if (!negative) {
        (void)take(cursor, '+');
    }
    int32_t seconds = (int32_t)take_number(cursor, 167) * 3600;
    if (take(cursor, ':')) {
        seconds += (int32_t)take_number(cursor, 59) * 60;
        if (take(cursor, ':')) {
            seconds += (int32_t)take_number(cursor, 59);
        }
    }
    return negative ? -seconds : seconds;
}

static struct change take_change(struct cursor *cursor)
{
    struct change change = {.second = 7200};
    cursor->broken = cursor->broken || !take(cursor, ',');
    if (take(cursor, 'M')) {
        change.form = 'M';
        change.month = take_number(cursor, 12);
        cursor->broken = cursor->broken || !take(cursor, '.');
        change.week = take_number(cursor, 5);
        cursor->broken =
            cursor->broken || !take(cursor, '.') || change.month == 0 || change.week == 0;
        change.day = take_number(cursor, 6);
    } else {
        change.form = take(cursor, 'J') ? 'J' : '0';
        change.day = take_number(cursor, 365);
        cursor->broken = cursor->broken || (change.form == 'J' && change.day == 0);
    }
    if (take(cursor, '/')) {
        change.second = take_time(cursor);
    }
    return change;
}

/* Whoever asks for the instant of a local time looks one day around it. */
static bool within_a_day(int32_t offset_s)
{
    return offset_s > -DAY_S && offset_s < DAY_S;
}

/* Reads "EST5EDT,M3.2.0,M11.1.0"; an empty footer means that nothing is known behind the table. */
static bool read_rule(struct hr_zone *zone, struct hr_text footer)
{
    if (footer.size == 0) {
        return true;
    }
    struct cursor cursor = {.text = footer};
    skip_name(&cursor);
    zone->standard_s = -take_time(&cursor); /* POSIX counts west of UTC */
    zone->summer_s = zone->standard_s + 3600;
    if (cursor.at < footer.size) {
        zone->has_summer = true;
        skip_name(&cursor);
        if (peek(&cursor) != ',') {
            zone->summer_s = -take_time(&cursor);
        }
        zone->summer_begins = take_change(&cursor);
        zone->summer_ends = take_change(&cursor);
    }
    zone->has_rule = true;
    return !cursor.broken && cursor.at == footer.size && within_a_day(zone->standard_s) &&
           (!zone->has_summer || within_a_day(zone->summer_s));
}

/* Seconds since 1970, in local time, at which the change happens in a year. */
static int64_t change_in_year(const struct change *change, int32_t year)
{
    int64_t first = hr_days_from_date(year, 1, 1);
    int64_t day = first + (int64_t)change->day;
    if (change->form == 'J') {
        bool leap = hr_days_from_date(year + 1, 1, 1) - first == 366;
        day = first + (int64_t)change->day - (leap && change->day >= 60 ? 0 : 1);
    } else if (change->form == 'M') {
        int64_t begin = hr_days_from_date(year, change->month, 1);
        int64_t end = change->month == 12 ? hr_days_from_date(year + 1, 1, 1)
                                          : hr_days_from_date(year, change->month + 1, 1);
        int64_t weekday = ((begin + 4) % 7 + 7) % 7; /* 0 sunday, as POSIX counts */
        day = begin + ((int64_t)change->day - weekday + 7) % 7 + 7 * ((int64_t)change->week - 1);
        day -= day >= end ? 7 : 0;
    }
    return day * 86400 + change->second;
}

static int32_t offset_by_rule(const struct hr_zone *zone, int64_t second)
{
    if (!zone->has_summer) {
        return zone->standard_s;
    }
    struct hr_civil civil = hr_civil_at_offset(second * HR_SECOND_US, zone->standard_s);
    int64_t begins = change_in_year(&zone->summer_begins, civil.year) - zone->standard_s;
    int64_t ends = change_in_year(&zone->summer_ends, civil.year) - zone->summer_s;
    bool summer =
        begins < ends ? second >= begins && second < ends : second >= begins || second < ends;
    return summer ? zone->summer_s : zone->standard_s;
}

/* ---- TZif --------------------------------------------------------------------------------- */

static uint32_t big_endian_32(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static int64_t big_endian_64(const unsigned char *bytes)
{
    return (int64_t)((uint64_t)big_endian_32(bytes) << 32 | big_endian_32(bytes + 4));
}

/* The six counts of a header, in the order in which they stand. */
struct counts {
    size_t utc_flags, standard_flags, leaps, changes, types, name_bytes;
};

static bool read_header(struct hr_text bytes, size_t at, struct counts *ret_counts)
{
    if (bytes.size < at + HEADER_SIZE || memcmp(bytes.data + at, "TZif", 4) != 0 ||
        bytes.data[at + 4] < '2') {
        return false;
    }
    const unsigned char *counts = (const unsigned char *)bytes.data + at + 20;
    *ret_counts = (struct counts){big_endian_32(counts),      big_endian_32(counts + 4),
                                  big_endian_32(counts + 8),  big_endian_32(counts + 12),
                                  big_endian_32(counts + 16), big_endian_32(counts + 20)};
    const struct counts *all = ret_counts;
    return all->utc_flags <= 256 && all->standard_flags <= 256 && all->leaps <= 1000 &&
           all->changes <= 8000 && all->types >= 1 && all->types <= 256 && all->name_bytes <= 4096;
}

static size_t body_size(const struct counts *counts, size_t time_size)
{
    return counts->changes * (time_size + 1) + counts->types * 6 + counts->name_bytes +
           counts->leaps * (time_size + 4) + counts->standard_flags + counts->utc_flags;
}

/* Fills the table from the 64-bit body. */
static hr_status read_table(struct hr_arena *into, struct hr_zone *zone, const unsigned char *body,
                            const struct counts *counts)
{
    zone->times = hr_arena_new_many(into, int64_t, counts->changes);
    zone->offsets = hr_arena_new_many(into, int32_t, counts->changes);
    if (zone->times == NULL || zone->offsets == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    const unsigned char *indexes = body + counts->changes * 8;
    const unsigned char *types = indexes + counts->changes;
    zone->count = counts->changes;
    zone->first_offset = (int32_t)big_endian_32(types);
    for (size_t index = 0; index < counts->changes; index++) {
        zone->times[index] = big_endian_64(body + index * 8);
        bool ascending = index == 0 || zone->times[index] > zone->times[index - 1];
        if (indexes[index] >= counts->types || !ascending) {
            return hr_answer(HR_E_INPUT);
        }
        zone->offsets[index] = (int32_t)big_endian_32(types + (size_t)indexes[index] * 6);
    }
    for (size_t index = 0; index < counts->types; index++) {
        if (!within_a_day((int32_t)big_endian_32(types + index * 6))) {
            return hr_answer(HR_E_INPUT);
        }
    }
    return hr_done();
}

hr_status hr_zone_read(struct hr_arena *into, struct hr_text name, struct hr_text tzif,
                       const struct hr_zone **ret_zone)
{
    struct counts counts;
    if (tzif.size > TZIF_SIZE_MAX || !read_header(tzif, 0, &counts)) {
        return hr_answer(HR_E_INPUT);
    }
    size_t second = HEADER_SIZE + body_size(&counts, 4); /* the first body has 32-bit times */
    if (!read_header(tzif, second, &counts)) {
        return hr_answer(HR_E_INPUT);
    }
    size_t body = second + HEADER_SIZE;
    size_t footer = body + body_size(&counts, 8);
    if (tzif.size < footer + 2 || tzif.data[footer] != '\n' || tzif.data[tzif.size - 1] != '\n') {
        return hr_answer(HR_E_INPUT);
    }
    struct hr_zone *zone = hr_arena_new(into, struct hr_zone);
    if (zone == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    zone->name = hr_text_copy(into, name);
    if (zone->name.data == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    HR_TRY(read_table(into, zone, (const unsigned char *)tzif.data + body, &counts));
    if (!read_rule(zone, hr_text_slice(tzif, footer + 1, tzif.size - 1))) {
        return hr_answer(HR_E_INPUT);
    }
    *ret_zone = zone;
    return hr_done();
}

/* ---- asking ------------------------------------------------------------------------------- */

const struct hr_zone *hr_zone_utc(void)
{
    static const struct hr_zone utc = {.name = {"UTC", 3}};
    return &utc;
}

struct hr_text hr_zone_name(const struct hr_zone *zone)
{
    return zone->name;
}

static int32_t offset_at(const struct hr_zone *zone, int64_t second)
{
    if (zone->count == 0 || second < zone->times[0]) {
        return zone->count == 0 && zone->has_rule ? offset_by_rule(zone, second)
                                                  : zone->first_offset;
    }
    if (zone->has_rule && second >= zone->times[zone->count - 1]) {
        return offset_by_rule(zone, second);
    }
    size_t low = 0; /* times[low] <= second < times[high] */
    size_t high = zone->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone->times[middle] <= second) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return zone->offsets[low];
}

int32_t hr_zone_offset(const struct hr_zone *zone, hr_instant instant)
{
    int64_t second = instant / HR_SECOND_US - (instant % HR_SECOND_US < 0 ? 1 : 0);
    return offset_at(zone, second);
}

struct hr_civil hr_zone_civil(const struct hr_zone *zone, hr_instant instant)
{
    return hr_civil_at_offset(instant, hr_zone_offset(zone, instant));
}

/* The first second behind `before` that no longer has its offset; `after` does not have it. */
static int64_t change_between(const struct hr_zone *zone, int64_t before, int64_t after)
{
    int32_t offset = offset_at(zone, before);
    while (after - before > 1) {
        int64_t middle = before + (after - before) / 2;
        if (offset_at(zone, middle) == offset) {
            before = middle;
        } else {
            after = middle;
        }
    }
    return after;
}

int64_t hr_zone_second(const struct hr_zone *zone, int64_t local)
{
    /* offsets lie within a day of UTC (no other is read), so these are the ones in force before and after */
    int32_t before = offset_at(zone, local - DAY_S);
    int32_t after = offset_at(zone, local + DAY_S);
    int64_t first = local - (before > after ? before : after);
    int64_t second = local - (before > after ? after : before);
    if (first + offset_at(zone, first) == local) {
        return first;
    }
    if (second + offset_at(zone, second) == local) {
        return second;
    }
    return change_between(zone, first, second);
}

hr_instant hr_zone_instant(const struct hr_zone *zone, int64_t days_since_1970,
                           int32_t minute_of_day)
{
    int64_t local = days_since_1970 * 86400 + (int64_t)minute_of_day * 60;
    return hr_zone_second(zone, local) * HR_SECOND_US;
}

/* ---- stretches ---------------------------------------------------------------------------- */

/* Narrows a stretch, by what a rule changes in the years around `second`. */
static void narrow_by_rule(const struct hr_zone *zone, int64_t second, struct hr_stretch *stretch)
{
    int32_t year = hr_civil_at_offset(second * HR_SECOND_US, zone->standard_s).year;
    for (int32_t near = year - 1; near <= year + 1; near++) {
        const int64_t changes[] = {
            change_in_year(&zone->summer_begins, near) - zone->standard_s,
            change_in_year(&zone->summer_ends, near) - zone->summer_s,
        };
        for (size_t index = 0; index < 2; index++) {
            int64_t change = changes[index];
            if (change <= second && change > stretch->from) {
                stretch->from = change;
            } else if (change > second && change < stretch->to) {
                stretch->to = change;
            }
        }
    }
}

struct hr_stretch hr_zone_stretch(const struct hr_zone *zone, int64_t second)
{
    struct hr_stretch stretch = {INT64_MIN, INT64_MAX, offset_at(zone, second)};
    size_t low = 0; /* the first change behind `second` */
    size_t high = zone->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->times[middle] <= second) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low > 0) {
        stretch.from = zone->times[low - 1];
    }
    if (low < zone->count) {
        stretch.to = zone->times[low];
    } else if (zone->has_rule && zone->has_summer) {
        narrow_by_rule(zone, second, &stretch);
    }
    return stretch;
}
