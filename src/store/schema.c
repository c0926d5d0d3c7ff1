/* The tables. Those that grow at their end (journal, body, seen) coalesce into few pages a commit; `record` is the
 * only one that is written at random, one small row a touched record; `entry` is the one index. Every column
 * holds bytes or numbers that the rooms above made. */
#include "store/inside.h"

const char *const store_schema =
    /* format version, secret, tip (newest position and its chain), keys a run */
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;"
    /* the only truth: headers for ever, body parts until they are erased (then zeros) */
    "CREATE TABLE journal(position INTEGER PRIMARY KEY, header BLOB);"
    "CREATE TABLE body(id INTEGER PRIMARY KEY /* position << 8 | part */, salt BLOB, bytes BLOB);"
    /* what is true now: the fold */
    "CREATE TABLE record(id INTEGER PRIMARY KEY, bytes BLOB /* row and check */);"
    "CREATE TABLE entry(space INTEGER, key BLOB, value INTEGER, PRIMARY KEY(space, key)) WITHOUT "
    "ROWID;"
    /* delivery keys: sorted runs in chunks, and what is kept of each in memory */
    "CREATE TABLE seen_run(run INTEGER PRIMARY KEY, position INTEGER, firsts BLOB, filter BLOB, "
    "rest BLOB);"
    "CREATE TABLE seen(id INTEGER PRIMARY KEY /* run << 16 | chunk */, keys BLOB);"
    /* sealed segments of the journal: files beside this one */
    "CREATE TABLE archive(first INTEGER PRIMARY KEY, last INTEGER, generation INTEGER, digest "
    "BLOB, size INTEGER);";

const char *const store_schema_fresh =
    "CREATE TABLE record_fresh(id INTEGER PRIMARY KEY, bytes BLOB);"
    "CREATE TABLE entry_fresh(space INTEGER, key BLOB, value INTEGER, PRIMARY KEY(space, key)) "
    "WITHOUT ROWID;";
