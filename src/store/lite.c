/* One connection to SQLite: kept statements, and its many results as the few answers of the house. */
#include "store/inside.h"

#include <errno.h>
#include <string.h>

static const char *const texts[] = {
#define STATEMENT(symbol, sql) [STATEMENT_##symbol] = (sql),
#include "store/statements.tbl"
#undef STATEMENT
};

static const char *real_disk; /* the file system that a store uses unless it is given another */

/* SQLite counts every allocation under one lock unless told before its first use; nobody reads the count. */
static void configure(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)sqlite3_initialize();
    ahead_turn_off(sqlite3_vfs_find(NULL));
    real_disk = gather_register();
}

void lite_configure(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, configure);
}

hr_status lite_open(struct lite *lite, const char *path, const char *vfs, int flags)
{
    lite_configure();
    int result =
        sqlite3_open_v2(path, &lite->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                        vfs != NULL ? vfs : real_disk);
    if (result != SQLITE_OK) {
        return lite_status(lite, result);
    }
    (void)sqlite3_busy_timeout(lite->db, BUSY_MS);
    return lite_execute(
        lite, "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0");
}

void lite_close(struct lite *lite)
{
    for (size_t i = 0; i < STATEMENT_count; i++) {
        (void)sqlite3_finalize(lite->statements[i]);
        lite->statements[i] = NULL;
    }
    int result = sqlite3_close(lite->db);
    hr_assert(result == SQLITE_OK);
    lite->db = NULL;
}

static hr_status io_status(struct lite *lite, int result)
{
    if (result == SQLITE_IOERR_NOMEM) {
        return hr_answer(HR_E_MEMORY);
    }
    if (result == SQLITE_IOERR_FSYNC || result == SQLITE_IOERR_DIR_FSYNC) {
        /* what the disk holds is unknown from here on, and asking again would not tell */
        atomic_store(lite->broken, true);
        return hr_answer(HR_E_IO);
    }
    int number = lite->db != NULL ? sqlite3_system_errno(lite->db) : 0;
    bool full = number == ENOSPC || number == EDQUOT || result == SQLITE_IOERR_SHMSIZE;
    return hr_answer(full ? HR_E_FULL : HR_E_IO);
}

hr_status lite_status(struct lite *lite, int result)
{
    switch (result & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return hr_done();
    case SQLITE_FULL:
        return hr_answer(HR_E_FULL);
    case SQLITE_NOMEM:
        return hr_answer(HR_E_MEMORY);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR: /* our statements are right, so the schema is not */
        return hr_answer(HR_E_CORRUPT);
    case SQLITE_IOERR:
        return io_status(lite, result);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return hr_answer(HR_E_REFUSED);
    case SQLITE_TOOBIG:
        return hr_answer(HR_E_LIMIT);
    default:
        return hr_answer(HR_E_IO);
    }
}

hr_status lite_execute(struct lite *lite, const char *sql)
{
    return lite_status(lite, sqlite3_exec(lite->db, sql, NULL, NULL, NULL));
}

hr_status lite_statement(struct lite *lite, enum store_statement which,
                         sqlite3_stmt **ret_statement)
{
    sqlite3_stmt **kept = &lite->statements[which];
    if (*kept == NULL) {
        HR_TRY(lite_status(lite, sqlite3_prepare_v3(lite->db, texts[which], -1,
                                                    SQLITE_PREPARE_PERSISTENT, kept, NULL)));
    } else if (sqlite3_stmt_busy(*kept) != 0) {
        (void)sqlite3_reset(*kept);
    }
    *ret_statement = *kept;
    return hr_done();
}

hr_status lite_step(struct lite *lite, sqlite3_stmt *statement, bool *ret_row)
{
    int result = sqlite3_step(statement);
    *ret_row = result == SQLITE_ROW;
    if (result == SQLITE_ROW) {
        return hr_done();
    }
    hr_status status =
        lite_status(lite, result); /* before reset: it reads the connection's last errno */
    (void)sqlite3_reset(statement);
    return status;
}

hr_status lite_run(struct lite *lite, sqlite3_stmt *statement)
{
    bool row = false;
    HR_TRY(lite_step(lite, statement, &row));
    hr_assert(!row);
    return hr_done();
}

void lite_bind_bytes(sqlite3_stmt *statement, int index, const void *bytes, size_t size)
{
    int result = sqlite3_bind_blob64(statement, index, size == 0 ? "" : bytes, size, SQLITE_STATIC);
    hr_assert(result == SQLITE_OK);
}

void lite_bind_number(sqlite3_stmt *statement, int index, uint64_t number)
{
    int result = sqlite3_bind_int64(statement, index, (sqlite3_int64)number);
    hr_assert(result == SQLITE_OK);
}

struct hr_text lite_bytes(sqlite3_stmt *statement, int column)
{
    const void *bytes = sqlite3_column_blob(statement, column);
    int size = sqlite3_column_bytes(statement, column);
    return bytes == NULL ? HR_TEXT_NONE : (struct hr_text){bytes, (size_t)size};
}

uint64_t lite_number(sqlite3_stmt *statement, int column)
{
    return (uint64_t)sqlite3_column_int64(statement, column);
}

/* ---- meta --------------------------------------------------------------------------------------- */

hr_status lite_meta_get(struct lite *lite, const char *name, void *ret_value, size_t size,
                        bool *ret_found)
{
    sqlite3_stmt *get = NULL;
    HR_TRY(lite_statement(lite, STATEMENT_meta_get, &get));
    (void)sqlite3_bind_text(get, 1, name, -1, SQLITE_STATIC);
    HR_TRY(lite_step(lite, get, ret_found));
    if (!*ret_found) {
        return hr_done();
    }
    struct hr_text value = lite_bytes(get, 0);
    bool fits = value.size == size;
    if (fits) {
        memcpy(ret_value, value.data, size);
    }
    (void)sqlite3_reset(get);
    return fits ? hr_done() : hr_answer(HR_E_CORRUPT);
}

hr_status lite_meta_put(struct lite *lite, const char *name, const void *value, size_t size)
{
    sqlite3_stmt *put = NULL;
    HR_TRY(lite_statement(lite, STATEMENT_meta_put, &put));
    (void)sqlite3_bind_text(put, 1, name, -1, SQLITE_STATIC);
    lite_bind_bytes(put, 2, value, size);
    return lite_run(lite, put);
}

struct tip {
    uint8_t position[8];
    uint8_t chain[HR_DIGEST_SIZE];
};

hr_status lite_tip_get(struct lite *lite, uint64_t *ret_position, struct hr_digest *ret_chain)
{
    struct tip tip = {0};
    bool found = false;
    HR_TRY(lite_meta_get(lite, "tip", &tip, sizeof tip, &found));
    *ret_position = 0;
    for (size_t i = 0; i < sizeof tip.position; i++) {
        *ret_position = *ret_position << 8 | tip.position[i];
    }
    memcpy(ret_chain->bytes, tip.chain, sizeof tip.chain);
    return found ? hr_done() : hr_answer(HR_E_CORRUPT);
}

hr_status lite_tip_put(struct lite *lite, uint64_t position, const struct hr_digest *chain)
{
    struct tip tip;
    for (size_t i = 0; i < sizeof tip.position; i++) {
        tip.position[i] = (uint8_t)(position >> (56 - 8 * i));
    }
    memcpy(tip.chain, chain->bytes, sizeof tip.chain);
    return lite_meta_put(lite, "tip", &tip, sizeof tip);
}

hr_status lite_meta_open(struct lite *lite, uint8_t secret[HR_KEY_SIZE])
{
    uint8_t format = 0;
    bool found = false;
    HR_TRY(lite_meta_get(lite, "format", &format, sizeof format, &found));
    if (!found) {
        return hr_answer(HR_E_CORRUPT);
    }
    if (format != STORE_VERSION) {
        return hr_answer(HR_E_VERSION);
    }
    HR_TRY(lite_meta_get(lite, "secret", secret, HR_KEY_SIZE, &found));
    return found ? hr_done() : hr_answer(HR_E_CORRUPT);
}
