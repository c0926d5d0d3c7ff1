/* store, inside: the connection with its kept statements, and the parts that a store and a reader share. */
#ifndef HR_STORE_INSIDE_H
#define HR_STORE_INSIDE_H

#include "store/keys.h"
#include "store/store.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

enum {
    STORE_VERSION = 3, /* 3: contacts' rows say who wrote what, and what was said beside it */
    STORE_PAGE_BYTES = 4096,
    STORE_FRAME_BYTES = STORE_PAGE_BYTES + 24, /* a page in the WAL */
    STORE_APPLICATION = 0x48524451,            /* "HRDQ", in the file's head */
    PART_BITS = 8,                             /* a body's id is position << 8 | part */
    SEEN_RUN_KEYS = 131072,
    SEAL_ENTRIES = 16384,
    BUSY_MS = 5000,         /* how long a statement waits for another connection */
    READERS_WAIT_MS = 10000 /* how long a full WAL waits for readers */
};

/* ---- connection (lite.c, schema.c) ----------------------------------------------------------- */

/* Every statement, by its row in statements.tbl. Those named fresh_ do on the tables of a rebuild what the one before
 * them does on the present ones. */
enum store_statement {
#define STATEMENT(symbol, sql) STATEMENT_##symbol,
#include "store/statements.tbl"
#undef STATEMENT
    STATEMENT_count
};

struct lite {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENT_count]; /* prepared when first used, then kept */
    atomic_bool *broken; /* set by the first failed fsync; shared by a store's connections */
};

/* Which tables hold the state that is meant. */
enum tables { TABLES_present = 0, TABLES_fresh = 1 };

/* Once for all, before anything of SQLite is used: later it would not listen any more. */
void lite_configure(void);
hr_status lite_open(struct lite *lite, const char *path, const char *vfs, int flags);
/* Registers the file system layer that gathers WAL frames (gather.c); answers its name, NULL: use the disk itself. */
const char *gather_register(void);
/* From now on, in this process: no reading ahead in databases that SQLite opens for writing (ahead.c). */
void ahead_turn_off(sqlite3_vfs *disk);
/* The file below the layer, or the file itself: for a sync beside the writer, who settles for himself. */
sqlite3_file *gather_inner(sqlite3_file *file);
void lite_close(struct lite *lite);
/* The answer for a result of SQLite; marks the connection broken where nothing may go on. */
hr_status lite_status(struct lite *lite, int result);
hr_status lite_execute(struct lite *lite, const char *sql);
/* A kept statement, reset. */
hr_status lite_statement(struct lite *lite, enum store_statement which,
                         sqlite3_stmt **ret_statement);
/* One step; after the last row the statement is reset. */
hr_status lite_step(struct lite *lite, sqlite3_stmt *statement, bool *ret_row);
/* Steps a statement that gives no rows. */
hr_status lite_run(struct lite *lite, sqlite3_stmt *statement);
/* Binds without copying: the bytes stay until the statement was stepped. */
void lite_bind_bytes(sqlite3_stmt *statement, int index, const void *bytes, size_t size);
void lite_bind_number(sqlite3_stmt *statement, int index, uint64_t number);
/* A column's bytes; valid until the next step. */
struct hr_text lite_bytes(sqlite3_stmt *statement, int column);
uint64_t lite_number(sqlite3_stmt *statement, int column);
/* Meta values. found false: there is none. */
hr_status lite_meta_get(struct lite *lite, const char *name, void *ret_value, size_t size,
                        bool *ret_found);
hr_status lite_meta_put(struct lite *lite, const char *name, const void *value, size_t size);
/* The tables of a new store, and those of a rebuild. */
extern const char *const store_schema;
extern const char *const store_schema_fresh;

/* ---- rows (fetch.c) ------------------------------------------------------------------------- */

/* Four bytes behind each record row that find a flipped bit before it is believed. */
enum { ROW_CHECK_BYTES = 4 };
uint32_t row_check(uint64_t id, struct hr_text bytes);
/* The row's own bytes, without the check; HR_E_CORRUPT when it does not hold. */
hr_status row_open(uint64_t id, struct hr_text row, struct hr_text *ret_bytes);
/* NULL in *ret_record when there is none. */
hr_status lite_read_record(struct lite *lite, enum tables tables, uint64_t id,
                           struct hr_arena *into, struct hr_record **ret_record);
hr_status lite_read_entry(struct lite *lite, enum tables tables, uint8_t space,
                          const struct hr_key *key, uint64_t *ret_value);
hr_status lite_scan(struct lite *lite, enum hr_space space, const struct hr_key *from, size_t most,
                    struct hr_arena *into, struct hr_scanned **ret_items, size_t *ret_count);
/* Brings records and entries into a view; those it has stay. */
hr_status lite_fetch_records(struct lite *lite, enum tables tables, const uint64_t *ids,
                             size_t count, struct hr_view *view, struct hr_arena *scratch);
hr_status lite_fetch_entries(struct lite *lite, enum tables tables,
                             const struct hr_entry_name *names, size_t count, struct hr_view *view,
                             struct hr_arena *scratch);
/* Writes what a view changed, and the due hints that follow from it. Inside a transaction. */
hr_status lite_write_view(struct lite *lite, enum tables tables, struct hr_view *view,
                          struct hr_arena *scratch);
/* hints.c: brings hints in step in the view before it is written. */
hr_status hints_keep(struct lite *lite, enum tables tables, struct hr_view *view,
                     struct hr_arena *scratch);

/* ---- files beside the database (file.c) ------------------------------------------------------- */

/* Where archives lie; reached through the VFS, so that the simulator's disk holds them too. */
struct shelf {
    sqlite3_vfs *vfs;
    char folder[1024]; /* full path, of the data folder */
};
struct shelf_file {
    sqlite3_file *handle;
    const char *name; /* as SQLite wants it */
    int64_t size;     /* written so far, or found */
};
/* "<folder>/archive/<first>.<generation>.hrs" */
void shelf_path(const struct shelf *shelf, uint64_t first, uint64_t generation, char path[1100]);
hr_status shelf_open(const struct shelf *shelf, const char *path, bool create,
                     struct shelf_file *ret_file);
void shelf_close(struct shelf_file *file);
hr_status shelf_append(struct shelf_file *file, const void *bytes, size_t size);
hr_status shelf_read(struct shelf_file *file, int64_t at, void *ret_bytes, size_t size);
hr_status shelf_sync(struct shelf_file *file, atomic_bool *broken);
/* Absent is done. */
hr_status shelf_remove(const struct shelf *shelf, const char *path);

/* ---- stored entries and archives (walk.c, archive.c, seal.c) ----------------------------------- */

struct stored_part {
    uint8_t index;
    struct hr_sealed_part sealed;
};
/* An entry as it is kept; erased parts are not among the parts. */
struct stored {
    uint64_t position;
    struct hr_text header;
    struct stored_part *parts;
    size_t part_count;
};
/* Decodes it with all its parts. */
hr_status stored_open(const struct stored *stored, struct hr_arena *into,
                      struct hr_entry *ret_entry);

struct archive {
    uint64_t first;
    uint64_t last;
    uint64_t generation;
    struct hr_digest digest;
    uint64_t size;
};
struct archive_frame {
    uint64_t first;
    uint64_t offset;
    uint32_t size;
    uint32_t plain_size;
};
struct archive_reader {
    struct shelf_file file;
    struct archive_frame *frames;
    size_t frame_count;
};
/* The archive that holds a position; found false: it is not archived. */
hr_status archive_find(struct lite *lite, uint64_t position, struct archive *ret_archive,
                       bool *ret_found);
hr_status archive_open(const struct shelf *shelf, const struct archive *archive,
                       struct hr_arena *into, struct archive_reader *ret_reader);
/* The same for a moment of before: an erasure writes an archive anew and removes the old file, which that moment still
 * names. The newer one has the same entries without what was erased; whether they are right is told by the chain and
 * by the digests of the parts. */
hr_status archive_open_or_newer(const struct shelf *shelf, const struct archive *archive,
                                struct hr_arena *into, struct archive_reader *ret_reader);
void archive_close(struct archive_reader *reader);
/* Decodes the frame at an index. */
hr_status archive_frame_read(struct archive_reader *reader, size_t frame, struct hr_arena *into,
                             struct stored **ret_items, size_t *ret_count);
/* Index of the frame that may hold a position. */
size_t archive_frame_of(const struct archive_reader *reader, uint64_t position);
/* True when the file's bytes have the registered digest. */
hr_status archive_digest_holds(const struct shelf *shelf, const struct archive *archive,
                               bool *ret_holds);

struct archive_writer;
hr_status archive_writer_open(const struct shelf *shelf, uint64_t first, uint64_t generation,
                              struct archive_writer **ret_writer);
/* Adds an entry; frames are closed as they fill. */
hr_status archive_writer_add(struct archive_writer *writer, const struct stored *stored);
/* Adds a whole frame as it stands in another archive. */
hr_status archive_writer_copy(struct archive_writer *writer, struct archive_reader *from,
                              size_t frame);
/* Ends the frame that is open, so that the next entry begins another. */
hr_status archive_writer_cut(struct archive_writer *writer);
/* Writes the index, syncs, answers what is to be registered. */
hr_status archive_writer_finish(struct archive_writer *writer, atomic_bool *broken,
                                struct archive *ret_archive);
void archive_writer_close(struct archive_writer *writer);

/* Entries one after another, from archives and then from the live tables. */
struct walk {
    struct lite *lite;
    const struct shelf *shelf;
    uint64_t next;
    struct hr_arena frame_arena;
    struct stored *items; /* of the archive frame at hand */
    size_t item_count;
    size_t item_at;
    struct archive_reader archive;
    bool live;
    bool body_has_row;
    sqlite3_stmt *journal;
    sqlite3_stmt *body;
};
/* From a position on. The read transaction is the caller's. */
void walk_begin(struct walk *walk, struct lite *lite, const struct shelf *shelf, uint64_t from);
/* The next entry, copied into the arena; found false at the end. */
hr_status walk_next(struct walk *walk, struct hr_arena *into, struct stored *ret_stored,
                    bool *ret_found);
void walk_end(struct walk *walk);
/* One entry by its position; found false: it is not there. */
hr_status stored_at(struct lite *lite, const struct shelf *shelf, uint64_t position,
                    struct hr_arena *into, struct stored *ret_stored, bool *ret_found);

/* ---- the pace of checkpoints (pace.c) ------------------------------------------------------------ */

struct pacer {
    sqlite3_io_methods methods; /* of the connection's database file: its own, but for xWrite */
    const sqlite3_io_methods *inner;
    int file;
    sqlite3_int64 from; /* what was written since the last wait */
    sqlite3_int64 until;
    sqlite3_int64 sent_from; /* what was sent to the disk then */
    sqlite3_int64 sent_until;
    int pages;
    int pages_at_once;
};
/* Paces all that this connection writes into the database. A disk that is none of the system's goes unpaced. */
void pacer_open(struct pacer *it, struct lite *lite);
/* How much waits to be copied, in frames, and how much may: sets the length of the disk's queue for the next pass. */
void pacer_hurry(struct pacer *it, uint64_t waiting, uint64_t most);
/* Waits until what was written so far is on its way. */
void pacer_wait(struct pacer *it);
/* After the process's last connection to the database is closed: closing any descriptor of a file gives up all locks
 * that the process has on it. */
void pacer_close(struct pacer *it);

/* ---- checkpoints (checkpoint.c) ---------------------------------------------------------------- */

struct checkpointer {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool background;
    bool started;
    bool stop;
    bool held;        /* the thread keeps the writer out of commits */
    bool writing;     /* the writer is in one */
    bool passing;     /* the thread is in a pass */
    bool paused;      /* the writer keeps the thread out of passes */
    bool room_wanted; /* the writer waits for the WAL to begin anew */
    hr_status last;   /* of the newest pass */
    uint64_t hooked;  /* frames in the WAL as the newest commit told; the writer's own */
    uint64_t turn;    /* how often the WAL began anew */
    uint64_t frames;  /* in the WAL */
    uint64_t done;    /* of them already in the database */
    uint64_t frames_most;
    uint64_t frames_highest;
    uint64_t passes;
    struct lite lite; /* connection of the thread's own */
    struct pacer pacer;
};
hr_status checkpointer_open(struct hr_store *store, const struct hr_store_options *options);
void checkpointer_close(struct hr_store *store);
/* Waits until about `frames` more fit into the WAL, and keeps the thread out until writer_end. HR_E_FULL when
 * readers hold the WAL for too long. */
hr_status checkpointer_writer_begin(struct hr_store *store, uint64_t frames);
void checkpointer_writer_end(struct hr_store *store);
/* Everything into the database and the WAL cut to nothing; keeps the thread out until release. HR_E_REFUSED
 * when readers hold it longer than the writer's connection waits. */
hr_status checkpointer_empty(struct hr_store *store);
void checkpointer_release(struct hr_store *store);

/* ---- reading ahead of the writer (scout.c) ------------------------------------------------------- */

enum { SCOUTS = 4, SCOUT_IDS_MAX = 1024 };

struct scouts {
    /* the writer's own */
    bool allowed; /* there are threads, and the disk is a real one */
    bool always;  /* not only while the disk is asked; for tests */
    bool started;
    unsigned calls_left;    /* fetches to come that are scouted */
    uint64_t blocks_before; /* that the writer had waited for when the fetch began */
    pthread_t threads[SCOUTS];
    size_t thread_count;
    /* from here on under the mutex */
    pthread_mutex_t mutex;
    pthread_cond_t called;
    uint64_t ids[SCOUT_IDS_MAX];
    size_t count;
    size_t next;     /* the first that nobody looks at yet */
    uint64_t looked; /* ever */
    bool found_cold; /* since the fetch began a scout had to wait for the disk */
    bool stop;
    /* set once, before the first thread */
    const char *path; /* of the database; the store's */
    atomic_bool broken;
};
void scouts_init(struct scouts *it);
/* Before the store's connection is closed. */
void scouts_close(struct scouts *it);
/* Around the writer's own reading of these records. */
void scouts_call(struct scouts *it, const uint64_t *ids, size_t count);
void scouts_call_off(struct scouts *it);
/* How many records were looked at so far. */
uint64_t scouts_looked(struct scouts *it);

/* ---- the store ------------------------------------------------------------------------------- */

struct hr_store {
    struct lite lite;
    struct shelf shelf;
    char path[1100];
    char vfs[64];
    bool real_disk;
    int lock;
    sqlite3_file *wal; /* of the writer's connection, for syncing it */
    uint8_t secret[HR_KEY_SIZE];
    uint64_t position;
    struct hr_digest chain;
    uint64_t sealed; /* the newest archived position */
    bool scrub_due;  /* something was erased and not scrubbed yet */
    struct seen seen;
    struct known known;
    struct hr_arena scratch;
    struct checkpointer checkpointer;
    struct scouts scouts;
    atomic_bool broken;
    /* figures: any thread may ask for them, and none but the owner may touch the connection */
    atomic_uint_fast64_t commits;
    atomic_uint_fast64_t rows;
    atomic_uint_fast64_t archive_bytes;
};

struct hr_store_reader {
    struct lite lite;
    struct shelf shelf;
    atomic_bool broken;
    bool reading;
    uint8_t secret[HR_KEY_SIZE];
    uint64_t position;
    struct hr_digest chain;
};

/* What stands in meta `tip`: the newest position and its chain. */
hr_status lite_tip_get(struct lite *lite, uint64_t *ret_position, struct hr_digest *ret_chain);
hr_status lite_tip_put(struct lite *lite, uint64_t position, const struct hr_digest *chain);
/* Checks version and kind of the file and reads the secret. */
hr_status lite_meta_open(struct lite *lite, uint8_t secret[HR_KEY_SIZE]);
/* Fills in paths and the VFS. HR_E_INPUT when the folder's name is too long or the VFS unknown. */
hr_status shelf_init(struct shelf *shelf, const struct hr_store_options *options, char path[1100]);
/* A transaction of the writer: begin waits for the checkpointer; end commits, or takes everything back. */
hr_status store_begin(struct hr_store *store, uint64_t frames);
hr_status store_end(struct hr_store *store, hr_status so_far);
/* The same, but durable only after hr_store_sync. */
hr_status store_end_later(struct hr_store *store, hr_status so_far);
/* Counts anew what archives hold, for the figures; after a change of them. */
void store_count_archives(struct hr_store *store);
/* Removes what earlier rebuilds left behind, in small bites. */
hr_status rebuild_clear(struct hr_store *store);

/* Erases parts that lie in archives: writes the archives anew and registers them (inside the commit). */
struct rewrites {
    struct archive *old;
    struct archive *new;
    size_t count;
};
hr_status archives_erase(struct hr_store *store, const struct hr_erasure *erasures, size_t count,
                         struct hr_arena *into, struct rewrites *ret_rewrites);
/* True when nobody knows whether a commit is on the disk: its sync failed, but a power cut may yet leave all of it,
 * and it names its files. So none is removed; the next start knows which were kept. */
bool archives_in_doubt(hr_status status);
/* Removes the files that the commit made needless: the old ones, or (not kept) the new ones. */
void archives_settle(struct hr_store *store, const struct rewrites *rewrites, bool kept);
/* Removes files that a crash left beside the registered ones. */
hr_status archives_tidy(struct hr_store *store);
/* scrub.c: what stands in meta `scrub`: whether something was erased and not scrubbed yet. */
hr_status scrub_due_get(struct hr_store *store);
hr_status scrub_due_put(struct hr_store *store, bool due);
/* Body parts as zeros, in place: no page moves, so nothing of them stays anywhere else. */
hr_status lite_erase_body(struct lite *lite, uint64_t position, uint8_t part);

#endif
