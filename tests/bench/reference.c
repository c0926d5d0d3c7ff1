/* The reference: the plain program that somebody would write instead, behind the same HTTP server, verified by the
 * same code, read by the same JSON reader: one thread, one SQLite transaction for all messages that wait, eight
 * rows a message, answered after the commit; checkpoints beside it, the WAL bounded as in our store.
 *
 *   reference DIR PORT [--contacts N] [--cache MIB] [--ceiling]
 *
 * It decides nothing: no duplicates found, no journal chain, no proof, no explanation. Only the contact is a random
 * page; all other rows go where their tables end, or where the timers of the next days stand. --ceiling writes one row
 * a message, unread. */
/* links: tools net data store */
#include "bench/workload.h"
#include "net/server.h"
#include "tools/signature.h"

#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { BATCH_MAX = 256, CACHE_MIB = 144, WAL_FRAMES_MAX = (128 << 20) / 4120, PASS_FRAMES = 4096 };

enum statement { EVENT, CONTACT, CHANGE, HANDOFF, RUN, TIMER, EFFECT, STATEMENTS };
static const char *const sql[STATEMENTS] = {
    "INSERT INTO event(id, at, payload) VALUES(?1, ?2, ?3)",
    "INSERT INTO contact(key, email, first_name, status, last_visit, changed) VALUES(?1, ?2, ?3, "
    "?4, ?5, ?6) "
    "ON CONFLICT(key) DO UPDATE SET status = excluded.status, last_visit = excluded.last_visit, "
    "changed = excluded.changed",
    "INSERT INTO change(contact, event, field, value, at) VALUES(?1, ?2, ?3, ?4, ?5)",
    "INSERT INTO handoff(contact, key, state, at, due) VALUES(?1, ?2, ?3, ?4, ?5)",
    "INSERT INTO run(contact, event, path, state, at) VALUES(?1, ?2, 'visits', ?3, ?4)",
    "INSERT INTO timer(due, contact, what) VALUES(?1, ?2, 'booking_to_visit')",
    "INSERT INTO effect(contact, event, kind, state, at) VALUES(?1, ?2, 'note', 'planned', ?3)",
};
static const char schema[] =
    "CREATE TABLE IF NOT EXISTS event(id TEXT PRIMARY KEY, at INTEGER, payload TEXT);"
    "CREATE TABLE IF NOT EXISTS contact(key BLOB PRIMARY KEY, email TEXT, first_name TEXT, status "
    "TEXT, "
    "last_visit TEXT, changed INTEGER) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS change(id INTEGER PRIMARY KEY, contact BLOB, event TEXT, field "
    "TEXT, value TEXT, "
    "at INTEGER);"
    "CREATE TABLE IF NOT EXISTS handoff(id INTEGER PRIMARY KEY, contact BLOB, key TEXT, state "
    "TEXT, at INTEGER, "
    "due INTEGER);"
    "CREATE TABLE IF NOT EXISTS run(id INTEGER PRIMARY KEY, contact BLOB, event TEXT, path TEXT, "
    "state TEXT, "
    "at INTEGER);"
    "CREATE TABLE IF NOT EXISTS timer(id INTEGER PRIMARY KEY, due INTEGER, contact BLOB, what "
    "TEXT);"
    "CREATE INDEX IF NOT EXISTS timer_due ON timer(due);"
    "CREATE TABLE IF NOT EXISTS effect(id INTEGER PRIMARY KEY, contact BLOB, event TEXT, kind "
    "TEXT, state TEXT, "
    "at INTEGER);";

struct reference {
    bool ceiling;
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
    struct hr_signer *signer;
    struct hr_http_server *server;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct hr_http_request *first;
    struct hr_http_request *last;
    bool stop;
    sqlite3 *checkpoint_db;
    pthread_mutex_t write_lock; /* held by a transaction, and by the end of a checkpoint */
    pthread_cond_t frames_changed;
    int frames;
    int frames_done;
    int frames_highest;
    uint64_t events;
    uint64_t batches;
};

static const uint8_t key_secret[HR_KEY_SIZE] = "reference secret";

static void must(struct reference *it, int result, const char *what)
{
    if (result != SQLITE_OK && result != SQLITE_DONE && result != SQLITE_ROW) {
        (void)fprintf(stderr, "reference: %s: %s\n", what, sqlite3_errmsg(it->db));
        exit(1);
    }
}

static void execute(struct reference *it, sqlite3 *db, const char *text)
{
    must(it, sqlite3_exec(db, text, NULL, NULL, NULL), text);
}

/* ---- taking, on the server's thread ---------------------------------------------------------------- */

static struct hr_text header_of(void *context, struct hr_text name, bool *ret_twice)
{
    return hr_http_header_of(context, name, ret_twice);
}

static void refuse(struct hr_http_request *request, enum hr_code code)
{
    const struct hr_http_problem problem = {.code = code};
    hr_http_problem(request, &problem);
}

static void handle(void *context, struct hr_http_request *request)
{
    struct reference *it = context;
    struct hr_text id;
    hr_instant now = bench_now(CLOCK_REALTIME);
    enum hr_signature found =
        hr_signer_verify(it->signer, header_of, request, request->body, now, &id);
    if (found != HR_SIGNATURE_ok) {
        refuse(request, hr_signature_code(found));
        return;
    }
    struct hr_value *payload = hr_arena_new(&request->arena, struct hr_value);
    if (payload == NULL || (!it->ceiling && !hr_ok(hr_json_read(&request->arena, request->body,
                                                                NULL, NULL, payload)))) {
        refuse(request, HR_CODE_unprocessable);
        return;
    }
    request->mine = payload;
    request->next = NULL;
    (void)pthread_mutex_lock(&it->lock);
    bool was_empty = it->first == NULL;
    *(was_empty ? &it->first : &it->last->next) = request;
    it->last = request;
    if (was_empty) {
        (void)pthread_cond_signal(&it->changed);
    }
    (void)pthread_mutex_unlock(&it->lock);
}

/* ---- writing ----------------------------------------------------------------------------------------- */

static void bind_text(sqlite3_stmt *statement, int index, struct hr_text text)
{
    (void)sqlite3_bind_text(statement, index, text.data, (int)text.size, SQLITE_STATIC);
}

static void bind_key(sqlite3_stmt *statement, int index, const struct hr_key *key)
{
    (void)sqlite3_bind_blob(statement, index, key->bytes, sizeof key->bytes, SQLITE_STATIC);
}

static void run_statement(struct reference *it, enum statement which)
{
    must(it, sqlite3_step(it->statements[which]), sql[which]);
    (void)sqlite3_reset(it->statements[which]);
}

static struct hr_text member(const struct hr_value *payload, struct hr_text path)
{
    const struct hr_value *value = hr_value_path(payload, path);
    return value == NULL ? HR_TEXT_NONE : hr_value_as_text(value);
}

static void write_event(struct reference *it, struct hr_text id, hr_instant now,
                        struct hr_text body)
{
    sqlite3_stmt *event = it->statements[EVENT];
    bind_text(event, 1, id);
    (void)sqlite3_bind_int64(event, 2, now);
    bind_text(event, 3, body);
    run_statement(it, EVENT);
}

static void write_contact(struct reference *it, const struct hr_key *key, struct hr_text email,
                          struct hr_text name, struct hr_text status, struct hr_text visit,
                          hr_instant now)
{
    sqlite3_stmt *contact = it->statements[CONTACT];
    bind_key(contact, 1, key);
    bind_text(contact, 2, email);
    bind_text(contact, 3, name);
    bind_text(contact, 4, status);
    bind_text(contact, 5, visit);
    (void)sqlite3_bind_int64(contact, 6, now);
    run_statement(it, CONTACT);
}

static void write_change(struct reference *it, const struct hr_key *key, struct hr_text id,
                         struct hr_text field, struct hr_text value, hr_instant now)
{
    sqlite3_stmt *change = it->statements[CHANGE];
    bind_key(change, 1, key);
    bind_text(change, 2, id);
    bind_text(change, 3, field);
    bind_text(change, 4, value);
    (void)sqlite3_bind_int64(change, 5, now);
    run_statement(it, CHANGE);
}

static void write_rest(struct reference *it, const struct hr_key *key, struct hr_text id,
                       struct hr_text visit, struct hr_text state, hr_instant now, hr_instant due)
{
    sqlite3_stmt *handoff = it->statements[HANDOFF];
    sqlite3_stmt *run = it->statements[RUN];
    sqlite3_stmt *timer = it->statements[TIMER];
    sqlite3_stmt *effect = it->statements[EFFECT];
    bind_key(handoff, 1, key);
    bind_text(handoff, 2, visit);
    bind_text(handoff, 3, state);
    (void)sqlite3_bind_int64(handoff, 4, now);
    (void)sqlite3_bind_int64(handoff, 5, due);
    run_statement(it, HANDOFF);
    bind_key(run, 1, key);
    bind_text(run, 2, id);
    bind_text(run, 3, state);
    (void)sqlite3_bind_int64(run, 4, now);
    run_statement(it, RUN);
    (void)sqlite3_bind_int64(timer, 1, due);
    bind_key(timer, 2, key);
    run_statement(it, TIMER);
    bind_key(effect, 1, key);
    bind_text(effect, 2, id);
    (void)sqlite3_bind_int64(effect, 3, now);
    run_statement(it, EFFECT);
}

static void write_one(struct reference *it, struct hr_http_request *request, hr_instant now)
{
    const struct hr_value *payload = request->mine;
    struct hr_text id = hr_http_header_of(request, HR_TEXT("webhook-id"), NULL);
    write_event(it, id, now, request->body);
    if (it->ceiling) {
        return;
    }
    struct hr_text email = member(payload, HR_TEXT("data.email"));
    struct hr_text visit = member(payload, HR_TEXT("data.visit_id"));
    bool done = hr_text_equal(member(payload, HR_TEXT("type")), HR_TEXT("visit.done"));
    struct hr_text state = done ? HR_TEXT("done") : HR_TEXT("booked");
    struct hr_key key = hr_key_of(key_secret, email);
    write_contact(it, &key, email, member(payload, HR_TEXT("data.first_name")), state, visit, now);
    write_change(it, &key, id, HR_TEXT("visit_status"), state, now);
    write_change(it, &key, id, HR_TEXT("last_visit"), visit, now);
    write_rest(it, &key, id, visit, state, now, now + 2 * HR_DAY_US);
}

static size_t take(struct reference *it, struct hr_http_request **requests)
{
    size_t count = 0;
    (void)pthread_mutex_lock(&it->lock);
    while (it->first == NULL && !it->stop) {
        (void)pthread_cond_wait(&it->changed, &it->lock);
    }
    while (it->first != NULL && count < BATCH_MAX) {
        requests[count++] = it->first;
        it->first = it->first->next;
    }
    (void)pthread_mutex_unlock(&it->lock);
    return count;
}

static void *write_all(void *context)
{
    struct reference *it = context;
    struct hr_http_request *requests[BATCH_MAX];
    const struct hr_http_answer answer = {.status = 200,
                                          .content_type = HR_TEXT("application/json"),
                                          .body = HR_TEXT("{\"accepted\":1,\"duplicates\":0}\n")};
    for (size_t count = take(it, requests); count > 0; count = take(it, requests)) {
        hr_instant now = bench_now(CLOCK_REALTIME);
        (void)pthread_mutex_lock(&it->write_lock);
        execute(it, it->db, "BEGIN IMMEDIATE");
        for (size_t i = 0; i < count; i++) {
            write_one(it, requests[i], now);
        }
        execute(it, it->db, "COMMIT");
        (void)pthread_mutex_unlock(&it->write_lock);
        it->events += count;
        it->batches++;
        for (size_t i = 0; i < count; i++) {
            hr_http_answer_prepare(requests[i], &answer);
        }
        hr_http_answer_many(requests, count);
    }
    return NULL;
}

/* ---- checkpoints --------------------------------------------------------------------------------------- */

static int on_commit(void *context, sqlite3 *db, const char *name, int frames)
{
    struct reference *it = context;
    (void)db;
    (void)name;
    it->frames_done = frames < it->frames ? 0 : it->frames_done;
    it->frames = frames;
    it->frames_highest = frames > it->frames_highest ? frames : it->frames_highest;
    if (frames - it->frames_done >= PASS_FRAMES) {
        (void)pthread_cond_signal(&it->frames_changed);
    }
    return SQLITE_OK;
}

/* Copies as pages come; from half of the limit on, the last few with the writer held, so that the WAL begins anew. */
static void *checkpoint_all(void *context)
{
    struct reference *it = context;
    (void)pthread_mutex_lock(&it->write_lock);
    while (!it->stop) {
        int left = it->frames - it->frames_done;
        bool whole = it->frames >= WAL_FRAMES_MAX / 4 * 3 ||
                     (it->frames >= WAL_FRAMES_MAX / 2 && left <= 1024);
        int log = 0;
        int done = 0;
        if (whole) {
            must(it,
                 sqlite3_wal_checkpoint_v2(it->checkpoint_db, NULL, SQLITE_CHECKPOINT_RESTART, &log,
                                           &done),
                 "checkpoint");
            it->frames = 0;
            it->frames_done = 0;
        } else if (left >= PASS_FRAMES || it->frames >= WAL_FRAMES_MAX / 2) {
            (void)pthread_mutex_unlock(&it->write_lock);
            must(it,
                 sqlite3_wal_checkpoint_v2(it->checkpoint_db, NULL, SQLITE_CHECKPOINT_PASSIVE, &log,
                                           &done),
                 "checkpoint");
            (void)pthread_mutex_lock(&it->write_lock);
            it->frames_done = done;
        } else {
            (void)pthread_cond_wait(&it->frames_changed, &it->write_lock);
        }
    }
    (void)pthread_mutex_unlock(&it->write_lock);
    return NULL;
}

/* ---- opening -------------------------------------------------------------------------------------------- */

/* A message of before: the account that ours was filled with, and its eight rows. */
static void write_account(struct reference *it, uint64_t contact, hr_instant now)
{
    char body[BODY_MAX];
    char email[EMAIL_MAX];
    char name[32];
    const struct hr_text from = {email, bench_email(email, contact)};
    const struct hr_text payload = {body, bench_body(body, MESSAGE_created, contact, contact, now)};
    const struct hr_text id = {name,
                               (size_t)snprintf(name, sizeof name, "acc_%012" PRIu64, contact)};
    const struct hr_text state = HR_TEXT("created");
    const struct hr_text visit = HR_TEXT("visit_000000000");
    struct hr_key key = hr_key_of(key_secret, from);
    write_event(it, id, now, payload);
    write_contact(it, &key, from, HR_TEXT("Grace"), state, visit, now);
    write_change(it, &key, id, HR_TEXT("first_name"), HR_TEXT("Grace"), now);
    write_change(it, &key, id, HR_TEXT("email"), from, now);
    write_rest(it, &key, id, visit, state, now, now + 365 * HR_DAY_US + (hr_instant)contact);
}

/* The same history as ours: a million accounts, in the order of their messages. */
static void fill(struct reference *it, uint64_t contacts)
{
    enum { TOGETHER = 100000 };
    hr_instant now = bench_now(CLOCK_REALTIME);
    for (uint64_t i = 0; i < contacts; i++) {
        if (i % TOGETHER == 0) {
            execute(it, it->db, "BEGIN");
        }
        write_account(it, i, now);
        if (i + 1 == contacts || (i + 1) % TOGETHER == 0) {
            execute(it, it->db, "COMMIT");
            execute(it, it->db, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }
}

static void open_database(struct reference *it, const char *folder, uint64_t contacts,
                          uint64_t cache_mib)
{
    char path[1024];
    char cache[64];
    sqlite3_stmt *any = NULL;
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)mkdir(folder, 0700);
    (void)snprintf(path, sizeof path, "%s/%s.db", folder, it->ceiling ? "ceiling" : "reference");
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    must(it, sqlite3_open_v2(path, &it->db, flags, NULL), path);
    must(it, sqlite3_open_v2(path, &it->checkpoint_db, flags, NULL), path);
    execute(it, it->db,
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
            "PRAGMA journal_size_limit = 134217728");
    execute(it, it->checkpoint_db,
            "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = 16");
    (void)sqlite3_busy_timeout(it->checkpoint_db, 5000);
    (void)snprintf(cache, sizeof cache, "PRAGMA cache_size = -%" PRIu64, cache_mib << 10);
    execute(it, it->db, cache);
    execute(it, it->db, schema);
    for (int i = 0; i < STATEMENTS; i++) {
        must(it,
             sqlite3_prepare_v3(it->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &it->statements[i],
                                NULL),
             sql[i]);
    }
    must(it, sqlite3_prepare_v2(it->db, "SELECT 1 FROM contact LIMIT 1", -1, &any, NULL), "look");
    bool filled = sqlite3_step(any) == SQLITE_ROW;
    (void)sqlite3_finalize(any);
    if (!filled && !it->ceiling) {
        fill(it, contacts);
    }
    (void)sqlite3_wal_hook(it->db, on_commit, it);
}

static void report(const struct reference *it)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    (void)printf("journalled %" PRIu64 "\nbatches %" PRIu64 "\nwal_highest %" PRIu64
                 "\ncpu_ms %ld\nrss_highest %ld\n",
                 it->events, it->batches, (uint64_t)it->frames_highest * 4120,
                 (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
                     (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000,
                 usage.ru_maxrss / 1024);
}

int main(int count, char **arguments)
{
    static struct reference it = {.lock = PTHREAD_MUTEX_INITIALIZER,
                                  .changed = PTHREAD_COND_INITIALIZER,
                                  .write_lock = PTHREAD_MUTEX_INITIALIZER,
                                  .frames_changed = PTHREAD_COND_INITIALIZER};
    const struct hr_signature_options signing = {.scheme = HR_SCHEME_standard_webhooks,
                                                 .secrets = {HR_TEXT(BENCH_SECRET)}};
    pthread_t writer;
    pthread_t checkpointer;
    sigset_t ends;
    int signal = 0;
    if (count < 3) {
        (void)fprintf(stderr, "reference DIR PORT [--contacts N] [--ceiling]\n");
        return 2;
    }
    for (int i = 3; i < count; i++) {
        it.ceiling |= strcmp(arguments[i], "--ceiling") == 0;
    }
    const struct hr_http_server_options options = {
        .port = (uint16_t)strtoul(arguments[2], NULL, 10), .handle = handle, .context = &it};
    open_database(&it, arguments[1], bench_number(count, arguments, "--contacts", 1000000),
                  bench_number(count, arguments, "--cache", CACHE_MIB));
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigaddset(&ends, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &ends, NULL);
    if (!hr_ok(hr_signer_create(&signing, &it.signer)) ||
        pthread_create(&writer, NULL, write_all, &it) != 0 ||
        pthread_create(&checkpointer, NULL, checkpoint_all, &it) != 0 ||
        !hr_ok(hr_http_server_start(&options, NULL, &it.server))) {
        (void)fprintf(stderr, "reference: cannot start\n");
        return 1;
    }
    (void)printf("ready %u\n", hr_http_server_port(it.server));
    (void)fflush(stdout);
    (void)sigwait(&ends, &signal);
    hr_http_server_stop(it.server);
    (void)pthread_mutex_lock(&it.lock);
    it.stop = true;
    (void)pthread_cond_signal(&it.changed);
    (void)pthread_mutex_unlock(&it.lock);
    (void)pthread_join(writer, NULL);
    report(&it);
    return 0; /* the checkpointer goes with the process */
}
