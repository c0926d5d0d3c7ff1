/* The writer of a real host: no customer, alert or file keeps the others waiting. */
/* links: server */
#include "server/host_internal.h"

#include <errno.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* Whether the disk keeps what it is given: these stand before those of the C library. */
enum disk { DISK_KEEPS, DISK_FAILS, DISK_FAILS_DATABASE /* alone: commits still reach the WAL */ };
static atomic_int disk;

static bool is_database(int file)
{
    static const char name[] = "/handrail.db";
    char link[64];
    char path[256];
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t size = readlink(link, path, sizeof path);
    size_t end = sizeof name - 1;
    return size > (ssize_t)end && memcmp(path + (size_t)size - end, name, end) == 0;
}

static int sync_with(long call, int file)
{
    int how = atomic_load(&disk);
    bool fails = how == DISK_FAILS || (how == DISK_FAILS_DATABASE && is_database(file));
    errno = EIO;
    return fails ? -1 : (int)syscall(call, file);
}

int fsync(int file)
{
    return sync_with(SYS_fsync, file);
}

int fdatasync(int file)
{
    return sync_with(SYS_fdatasync, file);
}

/* The coaching business in a folder of its own. */
struct business {
    struct hr_arena arena;
    struct hr_diagnostics found;
    char folder[64];
    char data[80];
    struct hr_store_options options;
    struct hr_host *host;
};

static void HR_PRINTF(1, 2) shell(const char *format, ...)
{
    char command[512];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(command, sizeof command, format, list);
    va_end(list);
    assert_int_equal(system(command), 0);
}

static void settle(struct business *business)
{
    hr_arena_init(&business->arena, (size_t)512 << 20);
    hr_diagnostics_init(&business->found, &business->arena);
    (void)snprintf(business->folder, sizeof business->folder, "/tmp/handrail-writer-XXXXXX");
    assert_non_null(mkdtemp(business->folder));
    (void)snprintf(business->data, sizeof business->data, "%s/.handrail", business->folder);
    shell("cp -R examples/coaching/. %s && mkdir -p %s", business->folder, business->data);
    business->options = (struct hr_store_options){.folder = business->data, .create = true};
    struct hr_store *store = NULL;
    assert_true(hr_ok(hr_store_open(&business->options, &store)));
    hr_store_close(store);
    business->host = NULL;
}

static void start(struct business *business)
{
    const struct hr_host_options options = {.folder = business->folder, .address = "127.0.0.1"};
    assert_true(hr_ok(hr_host_start(&options, &business->found, &business->host)));
}

static void leave(struct business *business)
{
    hr_host_stop(business->host);
    shell("rm -rf %s", business->folder);
    hr_arena_close(&business->arena);
}

static void pause_ms(long ms)
{
    const struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    (void)nanosleep(&pause, NULL);
}

/* Whether a person is told of something with this cause. */
static bool is_issue(struct business *business, enum hr_cause cause)
{
    struct hr_store_reader *reader = NULL;
    struct hr_record **records = NULL;
    size_t count = 0;
    bool found = false;
    assert_true(hr_ok(hr_store_reader_open(&business->options, &reader)));
    assert_true(hr_ok(hr_store_reader_begin(reader)));
    hr_status status =
        hr_store_read_records(reader, HR_RECORD_FIRST, 1000, &business->arena, &records, &count);
    for (size_t i = 0; hr_ok(status) && i < count; i++) {
        found = found || (records[i]->kind == HR_RECORD_issue && records[i]->issue->cause == cause);
    }
    hr_store_reader_end(reader);
    hr_store_reader_close(reader);
    return found;
}

static bool comes_up(struct business *business, enum hr_cause cause)
{
    for (int i = 0; i < 100; i++) {
        if (is_issue(business, cause)) {
            return true;
        }
        pause_ms(50);
    }
    return false;
}

/* ---- messages ------------------------------------------------------------------------------------ */

#define PAID                                                                                       \
    "{\"id\":\"evt_%s\",\"type\":\"checkout.session.completed\",\"data\":{\"object\":{"            \
    "\"payment_intent\":\"pay_%s\",\"payment_status\":\"paid\",\"amount_total\":1,"                \
    "\"customer_details\":{\"email\":\"%s@example.com\"}}}}"

static void read_payment(struct business *business, const struct hr_engine *engine, const char *who,
                         hr_instant at, struct hr_job *ret_job)
{
    struct hr_heard *heard = hr_arena_new(&business->arena, struct hr_heard);
    struct hr_text raw = hr_text_format(&business->arena, PAID, who, who, who);
    *ret_job = (struct hr_job){.plan = engine->plan};
    assert_non_null(heard);
    assert_true(hr_ok(hr_json_read(&business->arena, raw, NULL, NULL, &ret_job->document)));
    assert_true(hr_ok(hr_engine_read(engine, hr_plan_tool(engine->plan, HR_TEXT("checkout")),
                                     &ret_job->document, raw, ret_job->given, at, &business->arena,
                                     heard)));
    ret_job->waiting.event =
        (struct hr_event){.kind = HR_EVENT_heard, .heard = heard, .payload = raw};
}

static void read_now(struct business *business, const char *who, struct hr_job *ret_job)
{
    const struct hr_engine engine = {.plan = hr_host_plan(business->host),
                                     .secret = business->host->secret};
    read_payment(business, &engine, who, hr_clock_now(), ret_job);
}

/* ---- a record that cannot be read ---------------------------------------------------------------- */

/* Opens the store and puts the workspace in force. */
static struct hr_plan *open_batch(struct business *business, hr_instant now,
                                  struct hr_store **ret_store, struct hr_batch *ret_batch)
{
    struct hr_plan *plan = NULL;
    struct hr_file *files = NULL;
    size_t file_count = 0;
    assert_true(hr_ok(hr_store_open(&business->options, ret_store)));
    hr_batch_init(ret_batch, *ret_store, (size_t)64 << 20);
    ret_batch->random = hr_random_bytes;
    assert_true(hr_ok(hr_workspace_load(business->folder, &business->arena, &business->found,
                                        &files, &file_count, &plan)));
    struct hr_text bundle = hr_files_bundle(files, file_count, &business->arena);
    assert_true(hr_ok(hr_batch_publish(ret_batch, plan, bundle, now)));
    return plan;
}

/* An hour ago, before the daemon stopped, each of them paid. */
static void pay_before(struct business *business, const char *const *who, size_t count)
{
    struct hr_store *store = NULL;
    struct hr_batch batch;
    hr_instant then = hr_clock_now() - HR_HOUR_US;
    struct hr_plan *plan = open_batch(business, then, &store, &batch);
    for (size_t i = 0; i < count; i++) {
        struct hr_job job;
        struct hr_waiting *all[] = {&job.waiting};
        read_payment(business, &batch.engine, who[i], then, &job);
        assert_true(hr_ok(hr_batch_run(&batch, all, 1, then, NULL, 0)));
    }
    hr_batch_done(&batch);
    hr_store_close(store);
    hr_plan_release(plan);
}

/* A bad block of the disk: the first contact's row no longer has the bytes that were written. */
static void damage_first_contact(const struct business *business)
{
    char path[128];
    sqlite3 *db = NULL;
    (void)snprintf(path, sizeof path, "%s/handrail.db", business->data);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db,
                     "UPDATE record SET bytes = x'0102030405060708' WHERE id = "
                     "(SELECT value FROM entry WHERE space = 1 ORDER BY value LIMIT 1)",
                     NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_changes(db), 1);
    sqlite3_close(db);
}

static struct hr_record *contact_of(struct business *business, const char *email)
{
    const struct hr_engine engine = {.plan = hr_host_plan(business->host),
                                     .secret = business->host->secret};
    int32_t field = hr_plan_field(engine.plan, HR_TEXT("email"));
    struct hr_store_reader *reader = NULL;
    struct hr_record *contact = NULL;
    struct hr_heard_key key;
    uint64_t id = 0;
    assert_true(hr_engine_match_key(&engine, field, hr_text_from(email), &business->arena, &key));
    assert_true(hr_ok(hr_store_reader_open(&business->options, &reader)));
    assert_true(hr_ok(hr_store_reader_begin(reader)));
    assert_true(hr_ok(hr_store_read_entry(reader, HR_SPACE_match, &key.key, &id)));
    assert_true(hr_ok(hr_store_read_record(reader, id, &business->arena, &contact)));
    hr_store_reader_end(reader);
    hr_store_reader_close(reader);
    assert_non_null(contact);
    return contact;
}

/* Where the customer's first handoff stands now. */
static enum hr_stand stand_of(struct business *business, const char *email)
{
    return (enum hr_stand)contact_of(business, email)->contact->instances[0].stand;
}

static void a_customer_who_cannot_be_read_keeps_nobody_else_waiting(void **state)
{
    (void)state;
    static const char *const who[] = {"ada", "ben"};
    struct business business;
    struct hr_host_figures before;
    struct hr_host_figures after;
    struct hr_job job;
    settle(&business);
    pay_before(&business, who, 2);
    damage_first_contact(&business);
    start(&business);
    read_now(&business, "cleo", &job);
    assert_true(hr_ok(hr_host_submit_and_wait(business.host, &job)));
    for (int i = 0; i < 200 && stand_of(&business, "ben@example.com") == HR_STAND_open; i++) {
        pause_ms(50);
    }
    assert_int_equal(stand_of(&business, "ben@example.com"), HR_STAND_failed);
    pause_ms(300); /* his alert goes, and is refused: there is no mail server */
    hr_host_figures(business.host, &before);
    pause_ms(300);
    hr_host_figures(business.host, &after);
    assert_in_range(after.batches - before.batches, 0, 10); /* she is not tried without a pause */
    leave(&business);
}

/* ---- an event that is too much ------------------------------------------------------------------- */

struct answers {
    pthread_mutex_t lock;
    int count;
};

static void note_answer(void *context, struct hr_job *job)
{
    struct answers *answers = context;
    (void)job;
    (void)pthread_mutex_lock(&answers->lock);
    answers->count++;
    (void)pthread_mutex_unlock(&answers->lock);
}

static void a_message_that_is_too_large_is_refused_alone(void **state)
{
    (void)state;
    enum { TOO_MUCH = 5 << 20 };
    struct business business;
    struct hr_job jobs[2];
    struct answers answers = {.lock = PTHREAD_MUTEX_INITIALIZER};
    settle(&business);
    start(&business);
    read_now(&business, "ada", &jobs[0]);
    read_now(&business, "ben", &jobs[1]);
    char *much = hr_arena_alloc(&business.arena, TOO_MUCH);
    assert_non_null(much);
    jobs[1].waiting.event.payload = (struct hr_text){much, TOO_MUCH};
    for (size_t i = 0; i < 2; i++) {
        jobs[i].done = note_answer;
        jobs[i].context = &answers;
    }
    assert_true(hr_host_submit_many(business.host, jobs, 2));
    for (int i = 0, count = 0; count < 2; i++) {
        assert_true(i < 200);
        pause_ms(50);
        (void)pthread_mutex_lock(&answers.lock);
        count = answers.count;
        (void)pthread_mutex_unlock(&answers.lock);
    }
    assert_true(hr_ok(jobs[0].status));
    assert_int_equal(jobs[0].waiting.became, HR_BECAME_journalled);
    assert_true(hr_ok(jobs[1].status));
    assert_int_equal(jobs[1].waiting.became, HR_BECAME_refused);
    leave(&business);
}

/* ---- files ------------------------------------------------------------------------------------------ */

static void a_tool_that_is_expected_from_now_on_is_looked_at_in_time(void **state)
{
    (void)state;
    struct business business;
    settle(&business);
    start(&business);
    pause_ms(200);
    shell("sed -i 's/every: 2 days/every: 1 second/' %s/tools.yaml", business.folder);
    assert_true(hr_ok(hr_host_reload(business.host, &business.found)));
    assert_true(comes_up(&business, HR_CAUSE_silence));
    leave(&business);
}

static size_t count_plans(const struct business *business)
{
    size_t count = 0;
    for (const struct hr_regime *it = atomic_load(&business->host->regime); it; it = it->older) {
        count++;
    }
    return count;
}

/* The writer committed the plan and judges by it, though nobody may be told so: it must not be taken from under it. */
static void a_plan_that_the_disk_did_not_keep_outlives_its_reload(void **state)
{
    (void)state;
    struct business business;
    struct hr_job job;
    settle(&business);
    start(&business);
    const struct hr_plan *before = hr_host_plan(business.host);
    shell("sed -i 's/within: 5 minutes/within: 6 minutes/' %s/paths/form_to_member.yaml",
          business.folder);
    read_now(&business, "ada", &job);
    atomic_store(&disk, DISK_FAILS);
    assert_int_equal(hr_host_reload(business.host, &business.found).code, HR_E_IO);
    assert_ptr_equal(hr_host_plan(business.host), before);
    assert_int_equal(count_plans(&business), 2);
    assert_false(hr_ok(hr_host_submit_and_wait(business.host, &job)));
    atomic_store(&disk, DISK_KEEPS);
    leave(&business);
}

enum { RELOADS = 20 };

static void *reload_often(void *context)
{
    struct business *business = context;
    for (int i = 0; i < RELOADS; i++) {
        struct hr_arena arena;
        struct hr_diagnostics found;
        hr_arena_init(&arena, 16 << 20);
        hr_diagnostics_init(&found, &arena);
        hr_assert(hr_ok(hr_host_reload(business->host, &found)));
        hr_arena_close(&arena);
    }
    return NULL;
}

static void two_people_may_reload_at_the_same_time(void **state)
{
    (void)state;
    struct business business;
    pthread_t other;
    settle(&business);
    start(&business);
    assert_int_equal(pthread_create(&other, NULL, reload_often, &business), 0);
    (void)reload_often(&business);
    assert_int_equal(pthread_join(other, NULL), 0);
    assert_int_equal(count_plans(&business), 1 + 2 * RELOADS); /* somebody may still read them */
    assert_ptr_equal(business.host->batch.engine.plan, hr_host_plan(business.host));
    leave(&business);
}

/* ---- alerts that wait ------------------------------------------------------------------------------- */

/* A host that has only its clock: a store with `alerts` that wait for the courier, and one tool that is due. */
static void make_waiting(struct business *business, struct hr_host *host, size_t alerts)
{
    struct hr_view view;
    *host = (struct hr_host){.next_due = INT64_MIN, .courier.flying = HR_COURIER_THREADS};
    hr_line_init(&host->courier.line);
    assert_true(hr_ok(hr_store_open(&business->options, &host->store)));
    hr_view_init(&view, &business->arena);
    for (size_t i = 0; i <= alerts; i++) {
        bool tool = i == alerts;
        uint64_t id = tool ? HR_ID_TOOL + 1 : hr_record_id(1 + i, 0);
        struct hr_record *record =
            hr_record_make(&business->arena, id, tool ? HR_RECORD_tool : HR_RECORD_effect);
        assert_non_null(record);
        record->dirty = true;
        if (tool) {
            record->tool->window_until = 5000;
        } else {
            record->effect->state = HR_EFFECT_planned;
            record->effect->next_at = 1000;
        }
        assert_true(hr_ok(hr_view_put_record(&view, record)));
    }
    const struct hr_commit commit = {.view = &view};
    assert_true(hr_ok(hr_store_commit(host->store, &commit)));
}

static void a_silent_tool_is_noticed_behind_thousands_of_waiting_alerts(void **state)
{
    (void)state;
    struct business business;
    static struct hr_host host;
    static struct hr_waiting due[HR_BATCH_MAX];
    const hr_instant now = 10000;
    hr_status status = hr_done();
    settle(&business);
    make_waiting(&business, &host, 3000);
    size_t count = 0;
    int looks = 0;
    for (; count == 0 && looks < 10; looks++) {
        count = hr_timers_take(&host, &business.arena, now, due, HR_BATCH_MAX, &status);
        assert_true(hr_ok(status));
    }
    assert_int_equal(count, 1);
    assert_int_equal(due[0].event.record, HR_ID_TOOL + 1);
    /* the alerts are looked at again, but not at once */
    assert_true(host.next_due > now && host.next_due <= now + HR_SECOND_US);
    host.courier.flying = 0;
    count = hr_timers_take(&host, &business.arena, host.next_due, due, HR_BATCH_MAX, &status);
    assert_int_equal(count, HR_COURIER_ROAD_MAX); /* all of them go through one mail server */
    hr_store_close(host.store);
    hr_line_done(&host.courier.line);
    leave(&business);
}

/* ---- one round after the other -------------------------------------------------------------------- */

/* A host without threads, an hour after Ben paid: the test hands it all its jobs and runs writer and answerer to their
 * ends. */
struct still {
    struct business business;
    struct hr_host host;
    struct hr_regime regime;
};

static void open_still(struct still *still)
{
    static const char *const who[] = {"ben"};
    struct hr_host *host = &still->host;
    settle(&still->business);
    pay_before(&still->business, who, 1);
    *host = (struct hr_host){.next_due = INT64_MIN, .seal_from = UINT64_MAX};
    hr_line_init(&host->queue);
    hr_line_init(&host->answer_line);
    hr_line_init(&host->courier.line);
    still->regime = (struct hr_regime){
        .plan = open_batch(&still->business, hr_clock_now(), &host->store, &host->batch)};
    atomic_store(&host->regime, &still->regime);
    memcpy(host->secret, hr_store_secret(host->store), sizeof host->secret);
    still->business.host = host;
}

static void run_still(struct still *still, struct hr_job *jobs, size_t count)
{
    struct hr_host *host = &still->host;
    assert_true(hr_host_submit_many(host, jobs, count));
    hr_line_close(&host->queue);
    hr_line_close(&host->answer_line);
    (void)hr_writer_main(host);
    (void)hr_answerer_main(host);
}

static void close_still(struct still *still)
{
    struct hr_host *host = &still->host;
    hr_batch_done(&host->batch);
    hr_store_close(host->store);
    hr_plan_release(still->regime.plan);
    hr_line_done(&host->queue);
    hr_line_done(&host->answer_line);
    hr_line_done(&host->courier.line);
    still->business.host = NULL;
}

/* The same message, so many times. */
static void repeat(struct still *still, struct hr_job *jobs, size_t count)
{
    read_now(&still->business, "ada", &jobs[0]);
    for (size_t i = 1; i < count; i++) {
        jobs[i] = jobs[0];
    }
}

static void a_full_queue_leaves_room_for_timers(void **state)
{
    (void)state;
    static struct still still;
    static struct hr_job jobs[HR_BATCH_MAX];
    open_still(&still);
    repeat(&still, jobs, HR_BATCH_MAX);
    assert_int_equal(stand_of(&still.business, "ben@example.com"), HR_STAND_open);
    run_still(&still, jobs, HR_BATCH_MAX);
    assert_int_equal(stand_of(&still.business, "ben@example.com"), HR_STAND_failed);
    close_still(&still);
    leave(&still.business);
}

/* Somebody else writes to the file for longer than a statement waits. */
static void a_timer_is_looked_for_again_when_its_round_came_to_nothing(void **state)
{
    (void)state;
    static struct still still;
    static struct hr_waiting due[HR_BATCH_MAX];
    struct hr_job job;
    char path[128];
    sqlite3 *db = NULL;
    hr_status status = hr_done();
    open_still(&still);
    read_now(&still.business, "ada", &job);
    (void)snprintf(path, sizeof path, "%s/handrail.db", still.business.data);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    run_still(&still, &job, 1);
    sqlite3_close(db);
    assert_int_equal(job.status.code, HR_E_REFUSED);
    assert_true(still.host.next_due <= hr_clock_now() + HR_CLOSED_US);
    assert_true(hr_timers_take(&still.host, &still.business.arena, still.host.next_due, due,
                               HR_BATCH_MAX, &status) > 0);
    close_still(&still);
    leave(&still.business);
}

static void a_forgetting_is_done_though_the_disk_fails_while_its_traces_go(void **state)
{
    (void)state;
    static struct still still;
    open_still(&still);
    const struct hr_record *ben = contact_of(&still.business, "ben@example.com");
    struct hr_erasure erasure = {.position = ben->contact->instances[0].opened_by};
    struct hr_job job = {.waiting.event = {.kind = HR_EVENT_erased,
                                           .record = ben->id,
                                           .cause = ben->last_position,
                                           .hint_due = HR_INSTANT_NONE},
                         .erasures = &erasure,
                         .erasure_count = 1};
    atomic_store(&disk, DISK_FAILS_DATABASE);
    run_still(&still, &job, 1);
    assert_int_equal(job.waiting.became, HR_BECAME_journalled);
    assert_int_equal(job.status.code, 0);
    assert_true(job.traces_left);
    assert_true(atomic_load(&still.host.closed_until) == INT64_MAX); /* but nothing goes on */
    close_still(&still);
    atomic_store(&disk, DISK_KEEPS);
    leave(&still.business);
}

/* ---- letters that were intended ---------------------------------------------------------------------- */

static enum hr_effect_state state_of(struct business *business, uint64_t effect)
{
    struct hr_store_reader *reader = NULL;
    struct hr_record *record = NULL;
    assert_true(hr_ok(hr_store_reader_open(&business->options, &reader)));
    assert_true(hr_ok(hr_store_reader_begin(reader)));
    assert_true(hr_ok(hr_store_read_record(reader, effect, &business->arena, &record)));
    hr_store_reader_end(reader);
    hr_store_reader_close(reader);
    assert_non_null(record);
    return (enum hr_effect_state)record->effect->state;
}

/* Nothing is under way any more; answers how many alerts failed so far. */
static uint64_t come_to_rest(struct business *business)
{
    struct hr_host_figures figures = {.batches = UINT64_MAX};
    for (int i = 0; i < 100; i++) {
        uint64_t batches = figures.batches;
        hr_host_figures(business->host, &figures);
        if (figures.batches == batches &&
            hr_courier_has_room(business->host, 1, 1, HR_COURIER_THREADS)) {
            return figures.alerts_failed;
        }
        pause_ms(200);
    }
    fail_msg("it does not come to rest");
    return 0;
}

/* Intended once, and then the daemon stopped. */
static struct hr_intent intend(struct still *still)
{
    enum { SOME_ROUNDS = 3 * HR_BATCH_MAX };
    static struct hr_job jobs[SOME_ROUNDS];
    repeat(still, jobs, SOME_ROUNDS);
    run_still(still, jobs, SOME_ROUNDS);
    assert_true(still->host.courier.line.count > 0);
    return still->host.courier.intents[0];
}

static void the_courier_leaves_alone_what_is_no_longer_as_it_was_intended(void **state)
{
    (void)state;
    static struct still still;
    open_still(&still);
    struct business *business = &still.business;
    struct hr_intent intent = intend(&still);
    close_still(&still);
    struct hr_intent of_another_attempt = intent;
    of_another_attempt.attempts++;
    start(business);
    (void)come_to_rest(business);
    hr_courier_take(business->host, of_another_attempt);
    (void)come_to_rest(business);
    assert_int_equal(state_of(business, intent.effect), HR_EFFECT_intended);
    hr_courier_take(business->host, intent);
    uint64_t failed = come_to_rest(business);
    assert_int_equal(state_of(business, intent.effect), HR_EFFECT_refused); /* no mail server */
    hr_courier_take(business->host, intent);
    assert_int_equal(come_to_rest(business), failed); /* it was not tried again */
    leave(business);
}

/* The host stopped while an effect stood in the couriers' line. */
static void what_had_not_begun_when_the_host_stopped_is_planned_again(void **state)
{
    (void)state;
    static struct still still;
    pthread_t writer;
    pthread_t answerer;
    open_still(&still);
    struct hr_host *host = &still.host;
    host->store_options = still.business.options;
    host->data_folder = still.business.data;
    struct hr_intent intent = intend(&still);
    assert_int_equal(state_of(&still.business, intent.effect), HR_EFFECT_intended);
    host->queue.closed = false;
    host->answer_line.closed = false;
    assert_int_equal(pthread_create(&writer, NULL, hr_writer_main, host), 0);
    assert_int_equal(pthread_create(&answerer, NULL, hr_answerer_main, host), 0);
    struct hr_seat seat = {.host = host};
    hr_line_close(&host->courier.line);
    (void)hr_courier_main(&seat);
    assert_int_equal(host->courier.flying, 0);
    hr_line_close(&host->queue);
    (void)pthread_join(writer, NULL);
    hr_line_close(&host->answer_line);
    (void)pthread_join(answerer, NULL);
    assert_int_equal(state_of(&still.business, intent.effect), HR_EFFECT_planned);
    close_still(&still);
    leave(&still.business);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_customer_who_cannot_be_read_keeps_nobody_else_waiting),
        cmocka_unit_test(a_message_that_is_too_large_is_refused_alone),
        cmocka_unit_test(a_tool_that_is_expected_from_now_on_is_looked_at_in_time),
        cmocka_unit_test(a_plan_that_the_disk_did_not_keep_outlives_its_reload),
        cmocka_unit_test(two_people_may_reload_at_the_same_time),
        cmocka_unit_test(a_silent_tool_is_noticed_behind_thousands_of_waiting_alerts),
        cmocka_unit_test(a_full_queue_leaves_room_for_timers),
        cmocka_unit_test(a_timer_is_looked_for_again_when_its_round_came_to_nothing),
        cmocka_unit_test(a_forgetting_is_done_though_the_disk_fails_while_its_traces_go),
        cmocka_unit_test(the_courier_leaves_alone_what_is_no_longer_as_it_was_intended),
        cmocka_unit_test(what_had_not_begun_when_the_host_stopped_is_planned_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
