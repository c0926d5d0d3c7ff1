/* base: the few words every room speaks: status, text, arena, buffer, list.
 *
 * Why      C strings and errno lose lengths and reasons; these do not. Memory has a lifetime with a
 *          name (batch, request, plan): an arena. See docs/decisions/0002-memory.md.
 * Units    sizes in bytes; counts in items; struct hr_text is pointer and length, never NUL-terminated.
 * Owner    an arena owns all that is allocated from it until it is rewound or closed.
 * Limits   an arena refuses to grow beyond its budget; a buffer beyond its limit.
 * Errors   HR_E_MEMORY, HR_E_LIMIT.
 * Pure     yes (malloc only inside arena.c).        Threads   one owner.
 * Tests    tests/unit/base_test.c */
#ifndef HR_BASE_BASE_H
#define HR_BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- status ------------------------------------------------------------------------------- */

/* What a function answers. code 0: done. code < 0: fatal to this operation, forwarded unchanged and
 * never matched. code > 0: a named outcome documented at the function, handled by its caller and never
 * forwarded. A struct, so that it is never mistaken for a count. */
typedef struct {
    int32_t code;
} hr_status;

#define HR_MUST_USE            __attribute__((warn_unused_result))
#define HR_PRINTF(text, first) __attribute__((format(printf, text, first)))

enum hr_fatal {
    HR_E_MEMORY = -1,  /* the machine or an arena's budget has no more */
    HR_E_LIMIT = -2,   /* a limit was met; the header it stands in names it */
    HR_E_INPUT = -3,   /* what came from outside does not have the form; see the diagnostic */
    HR_E_IO = -4,      /* the disk or the network failed */
    HR_E_FULL = -5,    /* the disk is full: try again later, nothing was kept */
    HR_E_CORRUPT = -6, /* stored bytes do not verify or cannot be read */
    HR_E_REFUSED = -7, /* right, state or rule does not allow it */
    HR_E_VERSION = -8, /* written by another version of Handrail; refused, never skipped */
    HR_E_NEEDS = -9    /* a step needs more than its view holds; the host fetches and steps again */
};

/* The answer "done". */
static inline hr_status hr_done(void)
{
    return (hr_status){0};
}

/* A fatal answer or a named outcome, by its code. */
static inline hr_status hr_answer(int32_t code)
{
    return (hr_status){code};
}

/* True when the answer is "done". */
static inline bool hr_ok(hr_status status)
{
    return status.code == 0;
}

/* Forward anything that is not "done" to the caller. The only control-flow macro of the house. */
#define HR_TRY(call)                                                                               \
    do {                                                                                           \
        hr_status hr_try_status = (call);                                                          \
        if (hr_try_status.code != 0) {                                                             \
            return hr_try_status;                                                                  \
        }                                                                                          \
    } while (0)

/* A bug in Handrail, not a condition of the world. Stays on in release. */
#define hr_assert(truth) ((truth) ? (void)0 : hr_assert_failed(#truth, __FILE__, __LINE__))

/* Ends the process after naming the broken assumption. Never returns. */
_Noreturn void hr_assert_failed(const char *truth, const char *file, int line);

/* ---- text --------------------------------------------------------------------------------- */

/* Pointer and length. data may be NULL only when size is 0. Bytes are UTF-8 unless said. */
struct hr_text {
    const char *data;
    size_t size;
};

#define HR_TEXT(literal) ((struct hr_text){(literal), sizeof(literal) - 1})
#define HR_TEXT_NONE     ((struct hr_text){NULL, 0})
/* For printf: "%.*s", HR_SHOW(text). */
#define HR_SHOW(text) (int)(text).size, (text).data

/* A text over a NUL-terminated C string; NULL gives the empty text. */
struct hr_text hr_text_from(const char *terminated);
/* Same bytes, same length. */
bool hr_text_equal(struct hr_text a, struct hr_text b);
/* The same but for the case of ASCII letters; and the lower case of one of them, any other byte as it is. */
bool hr_text_equal_caseless(struct hr_text a, struct hr_text b);
char hr_lower(char byte);
/* Byte order; a shorter prefix comes first. Negative, zero, positive. */
int hr_text_compare(struct hr_text a, struct hr_text b);
/* True if text begins, or ends, with the given part. */
bool hr_text_starts(struct hr_text text, struct hr_text part);
bool hr_text_ends(struct hr_text text, struct hr_text part);
/* Index of the first such byte, or text.size. */
size_t hr_text_find(struct hr_text text, char byte);
/* Index of the first occurrence of part, or text.size. */
size_t hr_text_search(struct hr_text text, struct hr_text part);
/* The bytes from `from` to before `to`, clipped to the text. */
struct hr_text hr_text_slice(struct hr_text text, size_t from, size_t to);
/* At most this many bytes, cut between letters. */
struct hr_text hr_text_clip(struct hr_text text, size_t most);
/* Without ASCII white space at both ends. */
struct hr_text hr_text_trim(struct hr_text text);
/* Cuts at the first `separator`: answers what stands before it and leaves the rest in *rest; without a
 * separator answers all and leaves the empty text. */
struct hr_text hr_text_cut(struct hr_text *rest, char separator);
/* Decimal digits with an optional '-' to a number; false for anything else or when it does not fit. */
bool hr_text_to_integer(struct hr_text text, int64_t *ret_value);
/* What a hexadecimal digit of either case stands for, 0 to 15; -1 for any other byte. */
int hr_hex_digit(char byte);
/* Distance of two short texts (insert, delete, replace, swap of neighbours), at most `most` + 1; that also when one of
 * them has more than 64 bytes. */
size_t hr_text_distance(struct hr_text a, struct hr_text b, size_t most);
/* True if the bytes are well-formed UTF-8 (no surrogates, no overlong forms). */
bool hr_text_is_utf8(struct hr_text text);
/* A 64-bit hash for tables in memory (FNV-1a, finished). Not for anything stored or adversarial. */
uint64_t hr_text_hash(struct hr_text text);

/* ---- arena -------------------------------------------------------------------------------- */

struct hr_arena_block;

/* Memory that is given back all at once. */
struct hr_arena {
    struct hr_arena_block *block; /* newest block */
    size_t used_bytes;            /* over all blocks */
    size_t budget_bytes;          /* refuses beyond this */
    bool failed;                  /* an allocation was refused since the last rewind to nothing */
};

/* A place to come back to. */
struct hr_arena_mark {
    struct hr_arena_block *block;
    size_t block_used;
    size_t used_bytes;
};

/* Begins an empty arena that will refuse to hold more than budget_bytes. Allocates nothing yet. */
void hr_arena_init(struct hr_arena *arena, size_t budget_bytes);
/* Gives everything back. The arena is then as after init. NULL is allowed. */
void hr_arena_close(struct hr_arena *arena);
/* Remembers where the arena stands. */
struct hr_arena_mark hr_arena_mark(const struct hr_arena *arena);
/* Gives back everything allocated since the mark; keeps one block for reuse. */
void hr_arena_rewind(struct hr_arena *arena, struct hr_arena_mark mark);
/* Zeroed bytes, aligned for any type; NULL (and arena->failed) when the budget or the machine has no more.
 * size 0 answers a valid pointer. */
void *hr_arena_alloc(struct hr_arena *arena, size_t size) HR_MUST_USE;
/* The same with anything in it, for a caller that fills all of it at once. */
void *hr_arena_room(struct hr_arena *arena, size_t size) HR_MUST_USE;
/* Room for count items of a type, zeroed; NULL like hr_arena_alloc, also when count * size overflows. */
void *hr_arena_alloc_many(struct hr_arena *arena, size_t count, size_t size) HR_MUST_USE;
#define hr_arena_new(arena, type) ((type *)hr_arena_alloc((arena), sizeof(type)))
#define hr_arena_new_many(arena, type, count)                                                      \
    ((type *)hr_arena_alloc_many((arena), (count), sizeof(type)))

/* True if these bytes came from the arena and were not given back. */
bool hr_arena_holds(const struct hr_arena *arena, const void *bytes);

/* A copy of the text in the arena (with a NUL behind it that is not counted). On refusal the empty text
 * with data NULL; arena->failed tells. */
struct hr_text hr_text_copy(struct hr_arena *into, struct hr_text text);
/* printf into the arena; like hr_text_copy on refusal. Doubles are never formatted here. */
struct hr_text hr_text_format(struct hr_arena *into, const char *format, ...) HR_PRINTF(2, 3);
/* For reports: what would act on a terminal without being seen (controls, separators of lines, marks that turn the
 * direction of writing, broken UTF-8) as \u00XX, so that no value forges a line. The text itself if it has none. */
struct hr_text hr_text_visible(struct hr_arena *into, struct hr_text text);

/* A number and its noun: "1 person", "14 people". */
struct hr_text hr_count_say(struct hr_arena *into, uint64_t count, const char *one,
                            const char *many);

/* ---- buffer ------------------------------------------------------------------------------- */

/* Bytes that grow in an arena up to a limit. After a refusal `failed` stays set and adds do nothing, so a
 * run of adds needs one check at its end. */
struct hr_buffer {
    struct hr_arena *arena;
    char *data;
    size_t size;
    size_t capacity;
    size_t limit;
    bool failed;
    bool starved; /* it failed for want of memory, not at its limit */
};

/* An empty buffer in the arena that will not grow beyond limit bytes. */
void hr_buffer_init(struct hr_buffer *buffer, struct hr_arena *arena, size_t limit);
/* True when so many bytes may be written behind the last one without any growing. */
static inline bool hr_buffer_has_room(const struct hr_buffer *buffer, size_t size)
{
    size_t most = buffer->capacity < buffer->limit ? buffer->capacity : buffer->limit;
    return !buffer->failed && size <= most - buffer->size;
}
/* Adds bytes, a text, one byte, or printf output. The last writes a NUL behind what it adds, which is not counted but
 * needs room within the limit. */
void hr_buffer_add(struct hr_buffer *buffer, const void *bytes, size_t size);
void hr_buffer_add_text(struct hr_buffer *buffer, struct hr_text text);
void hr_buffer_add_byte(struct hr_buffer *buffer, char byte);
void hr_buffer_add_format(struct hr_buffer *buffer, const char *format, ...) HR_PRINTF(2, 3);
/* What stands in it now; valid until the next add. */
struct hr_text hr_buffer_text(const struct hr_buffer *buffer);
/* HR_E_LIMIT or HR_E_MEMORY if an add was refused, else done. */
hr_status hr_buffer_status(const struct hr_buffer *buffer) HR_MUST_USE;

/* ---- list --------------------------------------------------------------------------------- */

/* Makes room for one more item in an array that grows in an arena by doubling; answers the array, perhaps
 * moved, or NULL on refusal (the old array stays valid). *capacity is in items. */
void *hr_list_grow(struct hr_arena *arena, void *items, size_t count, size_t *capacity,
                   size_t size) HR_MUST_USE;

/* ---- map ---------------------------------------------------------------------------------- */

/* A hash map from text to a 64-bit value that iterates in insertion order whatever the seed. */
struct hr_map_entry {
    struct hr_text key;
    uint64_t value;
};
struct hr_map {
    struct hr_arena *arena;
    struct hr_map_entry *entries; /* in insertion order */
    size_t count;
    size_t capacity;
    uint32_t *slots; /* index + 1 into entries, 0 empty */
    size_t slot_count;
};

/* An empty map whose entries live in the arena. Keys are not copied. */
void hr_map_init(struct hr_map *map, struct hr_arena *arena);
/* The value's place under the key, or NULL. Valid until the next put. */
uint64_t *hr_map_find(const struct hr_map *map, struct hr_text key);
/* Puts or replaces; HR_E_MEMORY on refusal. */
hr_status hr_map_put(struct hr_map *map, struct hr_text key, uint64_t value) HR_MUST_USE;

#endif
