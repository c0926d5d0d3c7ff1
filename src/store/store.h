/* store: where journal and state are kept: one SQLite file, one writer, one transaction for all events that waited.
 *
 * Why      journal rows and the state they fold into commit together, durably, before anyone is answered.
 * Shape    a store (the writer's side) and any number of readers (own connections, snapshots). Rows are bytes
 *          that the rooms journal and state made; the store understands ids, keys and sizes only, except in
 *          rebuild and verify, which fold.
 * Units    sizes in bytes, positions from 1.
 * Owner    what is read lives in the arena or view given.
 * Limits   WAL bounded (options.wal_bytes_max); a reader's scan by its `most`.
 * Errors   HR_E_FULL (disk full: nothing was kept, try later), HR_E_IO (first failed fsync: what the disk holds is
 *          unknown, stop), HR_E_CORRUPT.
 * Threads  the store: one owner (the writer); its figures: anyone. A reader: one owner each. The checkpointer is
 *          the store's own.
 * Source   docs/decisions/0008-store-layout.md; SQLite 3.40 WAL, synchronous=NORMAL with syncs of our own (0013).
 * Tests    tests/conformance/store_test.c; sim runs it on a simulated disk */
#ifndef HR_STORE_STORE_H
#define HR_STORE_STORE_H

#include "journal/journal.h"
#include "state/state.h"

struct hr_store;
struct hr_store_reader;

struct hr_store_options {
    const char *folder;   /* data folder; made when absent; holds handrail.db, archive/ */
    const char *vfs;      /* SQLite VFS name for the simulator; NULL: the real disk */
    size_t cache_bytes;   /* page cache of the writer; 0: 144 MiB */
    size_t wal_bytes_max; /* 0: 128 MiB */
    bool
        background; /* checkpoints on a thread of the store's own; false: inside commit (simulator) */
    bool
        scout_always; /* other threads read ahead of every fetch, not only while the disk is asked (tests) */
    bool create; /* make a new one; false: HR_E_INPUT when there is none */
    uint32_t
        seen_run_keys; /* when created: delivery keys a run, 16 to 131,072; 0: 131,072 (tests take few) */
    uint32_t known_slots; /* match keys remembered in memory; 0: 2,097,152 (tests take few) */
    uint8_t secret[HR_KEY_SIZE]; /* when created: the key under which names are hashed */
};
/* Opens. A lock keeps a second daemon out: HR_E_REFUSED. HR_E_VERSION when written by another version. */
hr_status hr_store_open(const struct hr_store_options *options,
                        struct hr_store **ret_store) HR_MUST_USE;
/* Closes; waits for the checkpointer. NULL is allowed. */
void hr_store_close(struct hr_store *store);

/* The newest position and its chain digest; 0 and zeros in an empty store. */
uint64_t hr_store_position(const struct hr_store *store);
struct hr_digest hr_store_chain(const struct hr_store *store);
/* The secret under which match keys and bodies are hashed. */
const uint8_t *hr_store_secret(const struct hr_store *store);

/* ---- what a batch needs ---------------------------------------------------------------------- */

/* Reads records into the view, in order of their ids; absent ones are put as not existing. Those that the view
 * already has are left alone. */
hr_status hr_store_fetch_records(struct hr_store *store, const uint64_t *ids, size_t count,
                                 struct hr_view *view) HR_MUST_USE;
/* The same for index entries. */
struct hr_entry_name {
    uint8_t space;
    struct hr_key key;
};
hr_status hr_store_fetch_entries(struct hr_store *store, const struct hr_entry_name *names,
                                 size_t count, struct hr_view *view) HR_MUST_USE;
/* True if an entry with this delivery key was ever committed; without expiry. */
hr_status hr_store_seen(struct hr_store *store, const struct hr_key *key,
                        bool *ret_seen) HR_MUST_USE;
/* Entries of a space from `from` (inclusive) in order, at most `most`, into arrays in the arena. Committed state
 * only (not the open batch). */
struct hr_scanned {
    struct hr_key key;
    uint64_t value;
};
hr_status hr_store_scan(struct hr_store *store, enum hr_space space, const struct hr_key *from,
                        size_t most, struct hr_arena *into, struct hr_scanned **ret_items,
                        size_t *ret_count) HR_MUST_USE;

/* Records behind `after` and before `until` in order of their ids, the first `most` that there are (those that the view
 * knows to be gone are none); contacts among them come into the view. ret_contacts: their ids, room for `most`.
 * Committed state, but for what the view says. */
struct hr_stretch {
    uint64_t after;
    uint64_t until;
    size_t most;
};
struct hr_stretch_found {
    size_t contact_count;
    uint64_t end; /* the last record; `after` where there was none */
    bool over;    /* there are no more */
};
hr_status hr_store_walk_contacts(struct hr_store *store, const struct hr_stretch *stretch,
                                 struct hr_view *view, uint64_t *ret_contacts,
                                 struct hr_stretch_found *ret_found) HR_MUST_USE;

/* One journal row to commit. */
struct hr_row {
    uint64_t position;
    struct hr_key key; /* delivery key, zero: none */
    struct hr_text header;
    const struct hr_sealed_part *parts;
    size_t part_count;
};
/* A body part to erase. */
struct hr_erasure {
    uint64_t position;
    uint8_t part;
};
struct hr_commit {
    const struct hr_row *rows; /* positions follow the newest without a gap */
    size_t row_count;
    struct hr_view *view; /* its dirty records and entries are written, due hints kept in step */
    const struct hr_erasure *erasures;
    size_t erasure_count;
    struct hr_digest chain; /* of the last row */
    bool sync_later; /* durable only after hr_store_sync; not counted where there are erasures */
};
/* All or nothing, durable when it answers done (but see sync_later). After HR_E_IO nobody knows whether it was kept:
 * the next opening tells. After any other answer nothing of it was. The view was changed all the same (hints) and must
 * be thrown away. */
hr_status hr_store_commit(struct hr_store *store, const struct hr_commit *commit) HR_MUST_USE;
/* Makes durable all that was committed before it was called. Any thread may, beside the writer. HR_E_IO: what the
 * disk holds is unknown, and nothing goes on. */
hr_status hr_store_sync(struct hr_store *store) HR_MUST_USE;
/* After erasures: makes sure that no byte of them stays in free pages, WAL or archives. Readers that look at an older
 * moment keep the WAL: it waits for them for so long and then answers HR_SCRUB_LATER, with all that was erased still
 * erased: call again. Any other answer than done (HR_E_FULL, HR_E_IO, HR_E_CORRUPT, HR_E_MEMORY) takes back no erasure
 * either. */
enum { HR_SCRUB_LATER = 1 };
hr_status hr_store_scrub(struct hr_store *store, uint32_t wait_ms) HR_MUST_USE;
/* True from an erasure until a scrub of it was done, over crashes too. */
bool hr_store_scrub_due(const struct hr_store *store);

/* ---- reading beside the writer --------------------------------------------------------------- */

/* Opens a connection for reading; HR_E_INPUT when there is no store. */
hr_status hr_store_reader_open(const struct hr_store_options *options,
                               struct hr_store_reader **ret_reader) HR_MUST_USE;
/* Closes it; NULL is allowed. */
void hr_store_reader_close(struct hr_store_reader *reader);
/* Between begin and end all reads see one moment. Works on a full disk. */
hr_status hr_store_reader_begin(struct hr_store_reader *reader) HR_MUST_USE;
void hr_store_reader_end(struct hr_store_reader *reader);
uint64_t hr_store_reader_position(const struct hr_store_reader *reader);
const uint8_t *hr_store_reader_secret(const struct hr_store_reader *reader);
/* NULL in *ret_record when there is none. */
hr_status hr_store_read_record(struct hr_store_reader *reader, uint64_t id, struct hr_arena *into,
                               struct hr_record **ret_record) HR_MUST_USE;
/* 0 when there is none. */
hr_status hr_store_read_entry(struct hr_store_reader *reader, enum hr_space space,
                              const struct hr_key *key, uint64_t *ret_value) HR_MUST_USE;
hr_status hr_store_read_scan(struct hr_store_reader *reader, enum hr_space space,
                             const struct hr_key *from, size_t most, struct hr_arena *into,
                             struct hr_scanned **ret_items, size_t *ret_count) HR_MUST_USE;
/* Records with ids from `from` upwards, at most `most`: for lists and checks. */
hr_status hr_store_read_records(struct hr_store_reader *reader, uint64_t from, size_t most,
                                struct hr_arena *into, struct hr_record ***ret_records,
                                size_t *ret_count) HR_MUST_USE;
/* The entry at a position with its parts opened (erased ones marked), from the live journal or an archive.
 * header, if wanted, gets the stored header bytes. HR_E_CORRUPT also when it is not there. */
hr_status hr_store_read_entry_at(struct hr_store_reader *reader, uint64_t position,
                                 struct hr_arena *into, struct hr_entry *ret_entry,
                                 struct hr_text *ret_header) HR_MUST_USE;

/* ---- upkeep ----------------------------------------------------------------------------------- */

/* Folds the journal from nothing and replaces the state with it; ret_differences: rows that were not equal. */
hr_status hr_store_rebuild(struct hr_store *store, uint64_t *ret_differences,
                           struct hr_text *reterr_first, struct hr_arena *into) HR_MUST_USE;
/* Walks the whole chain, live and archived: answers where it first does not hold. */
struct hr_verified {
    uint64_t entries;
    uint64_t parts;
    uint64_t erased;
    uint64_t first_broken; /* position, 0: none */
    struct hr_text what;   /* in words */
    struct hr_digest chain;
};
hr_status hr_store_verify(struct hr_store_reader *reader, struct hr_arena *into,
                          struct hr_verified *ret_verified) HR_MUST_USE;
/* Moves entries older than the newest `keep` into a sealed, compressed archive file; ret_moved: how many. At
 * most 16,384 entries or 24 MiB a call, so that one call stays short: call again until it moves nothing. */
hr_status hr_store_seal(struct hr_store *store, uint64_t keep, uint64_t *ret_moved) HR_MUST_USE;

struct hr_store_figures {
    uint64_t database_bytes, wal_bytes, wal_bytes_highest, archive_bytes, free_disk_bytes;
    uint64_t commits, rows, checkpoints;
    uint64_t scouted; /* records that other threads read ahead of the writer */
};
/* Sizes and counters, for doctor and metrics. */
void hr_store_figures(struct hr_store *store, struct hr_store_figures *ret_figures);

#endif
