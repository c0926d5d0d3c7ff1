/* data/inside: what the files of this room share and nobody else sees: how deep a walk may go, how
 * members are put in order without quadratic worst cases, how doubles become text, how a byte
 * offset becomes a line and a column, and what schedules ask of a time zone. */
#ifndef HR_DATA_INSIDE_H
#define HR_DATA_INSIDE_H

#include "data/time.h"

/* A reader's depth_max may be raised up to this; every walk over a tree stops here. */
enum { HR_WALK_DEPTH_MAX = 1024 };

/* Negative, zero, positive: how item a stands to item b. */
typedef int (*hr_order_compare)(const void *context, uint32_t a, uint32_t b);

/* Sorts the item numbers in `order` (heap sort: no memory, n log n whatever the input). Equal items
 * come in ascending number. */
void hr_order_sort(uint32_t *order, size_t count, hr_order_compare compare, const void *context);

/* The numbers 0..count-1 sorted by compare, in the arena; NULL when it refuses. */
uint32_t *hr_order_make(struct hr_arena *arena, size_t count, hr_order_compare compare,
                        const void *context) HR_MUST_USE;

/* Adds a finite double in its shortest form that reads back the same (ECMAScript 7.1.12.1, as RFC
 * 8785). */
void hr_double_write(struct hr_buffer *out, double real);

/* A decimal number's text (JSON grammar, at most 1,024 bytes) as the nearest double; infinity if
 * too large. */
double hr_double_read(struct hr_text text);

/* Line and column (code points, from 1) of a byte in a text; size 1. */
struct hr_place hr_place_at(struct hr_text file, struct hr_text text, size_t offset);

/* The bytes of one well-formed UTF-8 sequence at text[at], 0 if it is broken. */
size_t hr_utf8_size(struct hr_text text, size_t at);

/* Reads one code point of text known to be well formed and moves *at behind it. */
uint32_t hr_utf8_next(struct hr_text text, size_t *at);

/* Writes a code point; answers its bytes, 1 to 4. */
size_t hr_utf8_put(char *bytes, uint32_t code_point);

/* The first byte that is not part of well-formed UTF-8, or text.size. */
size_t hr_utf8_break(struct hr_text text);

/* ---- zones, in seconds since 1970 --------------------------------------------------------- */

/* When a clock on the wall shows a local time (seconds since 1970-01-01T00:00 as it is shown there),
 * by the rules of data/time.h: the first of two times, or the end of the gap. It never goes back: a
 * later local time is never an earlier instant. */
int64_t hr_zone_second(const struct hr_zone *zone, int64_t local);

/* A time during which the offset stays the same: from <= t < to. INT64_MIN and INT64_MAX: no end. */
struct hr_stretch {
    int64_t from, to;
    int32_t offset_s;
};
struct hr_stretch hr_zone_stretch(const struct hr_zone *zone, int64_t second);

#endif
