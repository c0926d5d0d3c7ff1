/* journal: what happened and what was decided because of it: the only truth.
 *
 * Why      facts are replayed, not code. A row is a header without personal data, chained by digest, and body
 *          parts, one per record, that can be erased: the chain covers a salted digest of each.
 * Shape    hr_entry (in memory) <-> header bytes + parts (stored). facts.tbl is the single source of fact kinds.
 *
 *            header:  position, kind, plan, times, tool, type, key, cause, links, header facts, part digests, chain
 *            part i:  raw payload (of its record's part) and body facts        salt i: 16 bytes
 *
 * Units    instants in us UTC; positions count from 1 without gaps.
 * Owner    decoded texts and values point into the bytes given; arrays live in the arena.
 * Limits   HR_LINKS_MAX records, HR_FACTS_MAX facts, 1 MiB of header, an entry; HR_PART_BYTES_MAX a part.
 * Errors   HR_E_CORRUPT, HR_E_VERSION.
 * Pure     yes, and no malloc.                   Threads   safe.
 * Source   docs/decisions/0001, 0004.
 * Tests    tests/unit/journal_test.c; fuzz: entry */
#ifndef HR_JOURNAL_JOURNAL_H
#define HR_JOURNAL_JOURNAL_H

#include "base/bytes.h"
#include "data/value.h"

enum { HR_LINKS_MAX = 96, HR_FACTS_MAX = 16384, HR_PART_BYTES_MAX = 4 << 20, HR_ENTRY_VERSION = 1 };

/* ---- facts ---------------------------------------------------------------------------------- */

enum hr_fact_kind {
    HR_FACT_none = 0,
#define F(number, symbol, version, home, slots, meaning) HR_FACT_##symbol = (number),
#include "journal/facts.tbl"
#undef F
    HR_FACT_end
};

enum hr_fact_home { HR_HOME_header, HR_HOME_body };

/* One fact. Which members count is said by its row in facts.tbl; the others are zero. */
struct hr_fact {
    uint8_t kind; /* enum hr_fact_kind */
    uint8_t state;
    uint8_t from;
    uint32_t name;
    uint32_t other;
    uint64_t record;
    uint64_t number;
    hr_instant at;
    hr_instant until;
    hr_instant third;
    struct hr_key key;
    struct hr_text text;
    struct hr_value value;
};

/* "handoff_judged", and whether it is a header or a body fact. */
struct hr_text hr_fact_symbol(enum hr_fact_kind kind);
enum hr_fact_home hr_fact_home(enum hr_fact_kind kind);

/* ---- entries -------------------------------------------------------------------------------- */

/* What kind of event an entry records. */
enum hr_event_kind {
    HR_EVENT_heard = 1, /* a tool said something */
    HR_EVENT_due,       /* the clock reached a record's time */
    HR_EVENT_command,   /* a person did something */
    HR_EVENT_outcome,   /* an effect's dispatch came back */
    HR_EVENT_published, /* the workspace files became a plan */
    HR_EVENT_erased     /* a contact was forgotten */
};

/* A record that an entry touches. */
struct hr_link {
    uint64_t record;
    uint64_t previous; /* position of the entry before that touched it, 0: none */
    uint8_t part;      /* index of its body part, or HR_NO_PART */
};
enum { HR_NO_PART = 255 };

/* One body part. `payload` only where the raw message belongs to this record. */
struct hr_part {
    struct hr_digest digest; /* over salt and bytes; set by seal, read from the header */
    struct hr_text payload;
    struct hr_fact *facts; /* body facts, all of records that link to this part */
    size_t fact_count;
    bool erased; /* when read: bytes and salt are gone */
};

struct hr_entry {
    uint64_t position;
    enum hr_event_kind kind;
    uint32_t plan; /* number of the plan that judged it */
    hr_instant recorded_at;
    hr_instant occurred_at;
    uint32_t tool;     /* name number, 0: none */
    uint32_t type;     /* name number, 0: unknown */
    uint32_t person;   /* name number of who did it, or handed the message in by hand; 0: nobody */
    uint64_t cause;    /* position of the entry that led to it, 0: none */
    struct hr_key key; /* delivery key; zero: none */
    struct hr_link *links;
    size_t link_count;
    struct hr_part *parts;
    size_t part_count;
    struct hr_fact *facts; /* header facts */
    size_t fact_count;
    struct hr_digest chain; /* of the header bytes before it and the chain of the position before */
};

/* The stored form of one part. */
struct hr_sealed_part {
    uint8_t salt[HR_SALT_SIZE];
    struct hr_text bytes;
};

/* Encodes an entry: parts first (with the salts given, one per part), then the header with their digests and
 * the chain after `previous`. Sets entry->chain and the parts' digests. Limits beyond: HR_E_LIMIT. */
hr_status hr_entry_seal(struct hr_entry *entry, const struct hr_digest *previous,
                        const uint8_t (*salts)[HR_SALT_SIZE], struct hr_arena *into,
                        struct hr_text *ret_header, struct hr_sealed_part *ret_parts) HR_MUST_USE;

/* Decodes a header. Parts are counted, with their digests, and marked erased until opened. */
hr_status hr_entry_read(struct hr_text header, struct hr_arena *into,
                        struct hr_entry *ret_entry) HR_MUST_USE;
/* Decodes part `index` of a read entry from its stored bytes. HR_E_CORRUPT when they do not match the digest. */
hr_status hr_entry_open_part(struct hr_entry *entry, size_t index,
                             const struct hr_sealed_part *stored,
                             struct hr_arena *into) HR_MUST_USE;
/* True if the header's chain digest follows from `previous` and the header's bytes. */
bool hr_entry_chain_holds(struct hr_text header, const struct hr_digest *previous);
/* The chain digest of a header without decoding the rest. */
struct hr_digest hr_entry_chain(struct hr_text header);
/* The delivery key of a header without decoding the rest. */
struct hr_key hr_entry_key(struct hr_text header);

/* The id of the n-th record made by the entry at a position (n < 256). Ids below HR_RECORD_FIRST are reserved. */
#define HR_RECORD_FIRST (UINT64_C(1) << 24)
uint64_t hr_record_id(uint64_t position, uint32_t n);
/* The position that made a record, 0 for reserved ids. */
uint64_t hr_record_origin(uint64_t record);

/* Values as bytes, for facts and records: the same compact form. Depth HR_VALUE_DEPTH_MAX. */
void hr_put_value(struct hr_buffer *buffer, const struct hr_value *value);
bool hr_get_value(struct hr_reader *reader, struct hr_arena *into, struct hr_value *ret_value);

#endif
