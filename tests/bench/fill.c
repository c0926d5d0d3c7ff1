/* Fills a data folder in bulk, through the same mapping, steps and commits that the daemon runs: `contacts` accounts
 * with one waiting deadline each, then visits of all of them, round after round, until `events` are journalled.
 *
 *   fill DIR --contacts N [--events M]      DIR holds the workspace; DIR/.handrail is made
 *   fill DIR --verify                       walks the whole chain */
/* links: server */
#include "bench/workload.h"
#include "server/batch.h"
#include "server/files.h"
#include "server/host.h"

#include <sys/random.h>

enum { BUDGET = 192 << 20 };

struct filling {
    struct hr_store *store;
    struct hr_batch batch;
    struct hr_arena plan_arena;
    struct hr_arena arena; /* of one batch's messages */
    struct hr_plan *plan;
    uint64_t contacts;
    uint64_t events;
};

static void must(hr_status status, const char *what)
{
    if (!hr_ok(status)) {
        (void)fprintf(stderr, "fill: %s: status %d\n", what, status.code);
        exit(1);
    }
}

static void random_bytes(void *context, void *ret_bytes, size_t size)
{
    (void)context;
    hr_assert(getrandom(ret_bytes, size, 0) == (ssize_t)size);
}

static void open_plan(struct filling *it, const char *folder)
{
    struct hr_diagnostics found;
    struct hr_file *files = NULL;
    size_t count = 0;
    hr_diagnostics_init(&found, &it->plan_arena);
    hr_status status =
        hr_workspace_load(folder, &it->plan_arena, &found, &files, &count, &it->plan);
    for (size_t i = 0; i < found.count && !hr_ok(status); i++) {
        (void)fprintf(stderr, "fill: %.*s:%u: %.*s\n", HR_SHOW(found.items[i].place.file),
                      found.items[i].place.line, HR_SHOW(found.items[i].message));
    }
    must(status, "workspace");
    must(hr_batch_publish(&it->batch, it->plan, hr_files_bundle(files, count, &it->plan_arena),
                          bench_now(CLOCK_REALTIME)),
         "publish");
}

/* Event n: the first `contacts` are accounts; then every account books and is done in turns, round after round. The
 * visits have numbers of their own, above those of the load generator. */
static void message_of(struct filling *it, uint64_t n, hr_instant now,
                       struct hr_waiting *ret_waiting)
{
    struct hr_arena *arena = &it->arena;
    uint64_t round = n / it->contacts;
    uint64_t contact = n % it->contacts;
    enum message_kind kind = round == 0       ? MESSAGE_created
                             : round % 2 == 1 ? MESSAGE_booked
                                              : MESSAGE_done;
    uint64_t visit = (round + 1) / 2 * UINT64_C(100000000) + contact;
    char *body = hr_arena_alloc(arena, BODY_MAX);
    struct hr_value *payload = hr_arena_new(arena, struct hr_value);
    struct hr_heard *heard = hr_arena_new(arena, struct hr_heard);
    hr_assert(body != NULL && payload != NULL && heard != NULL);
    struct hr_text raw = {body, bench_body(body, kind, contact, visit, now)};
    const struct hr_given given = {
        .id = hr_text_format(arena, "fill_%012llu", (unsigned long long)n)};
    must(hr_json_read(arena, raw, NULL, NULL, payload), "read");
    must(hr_engine_read(&it->batch.engine, 0, payload, raw, given, now, arena, heard), "map");
    *ret_waiting = (struct hr_waiting){
        .event = {
            .kind = HR_EVENT_heard, .heard = heard, .payload = raw, .hint_due = HR_INSTANT_NONE}};
}

static void fill_all(struct filling *it)
{
    static struct hr_waiting waiting[HR_BATCH_MAX];
    struct hr_waiting *all[HR_BATCH_MAX];
    hr_instant begin = bench_now(CLOCK_MONOTONIC);
    for (uint64_t n = hr_store_position(it->store) - 1; n < it->events;) {
        size_t count = 0;
        hr_instant now = bench_now(CLOCK_REALTIME);
        hr_arena_rewind(&it->arena, (struct hr_arena_mark){0});
        for (; count < HR_BATCH_MAX && n < it->events; count++, n++) {
            message_of(it, n, now, &waiting[count]);
            all[count] = &waiting[count];
        }
        must(hr_batch_run(&it->batch, all, count, now, NULL, 0), "batch");
        for (size_t i = 0; i < count; i++) {
            hr_assert(waiting[i].became == HR_BECAME_journalled);
        }
        if (n / 250000 != (n - count) / 250000) {
            (void)fprintf(stderr, "fill: %" PRIu64 " of %" PRIu64 " events, %" PRIu64 "/s\n", n,
                          it->events,
                          n * 1000000 / (uint64_t)(bench_now(CLOCK_MONOTONIC) - begin + 1));
        }
    }
}

static int verify(const char *data_folder)
{
    const struct hr_store_options options = {.folder = data_folder};
    struct hr_store_reader *reader = NULL;
    struct hr_arena arena;
    struct hr_verified verified;
    hr_arena_init(&arena, (size_t)1 << 30);
    must(hr_store_reader_open(&options, &reader), "open");
    must(hr_store_verify(reader, &arena, &verified), "verify");
    (void)printf("verified %" PRIu64 "\nfirst_broken %" PRIu64 "\n", verified.entries,
                 verified.first_broken);
    hr_store_reader_close(reader);
    hr_arena_close(&arena);
    return verified.first_broken == 0 ? 0 : 1;
}

int main(int count, char **arguments)
{
    static struct filling it;
    char data_folder[1024];
    if (count < 3) {
        (void)fprintf(stderr, "fill DIR --contacts N [--events M] | fill DIR --verify\n");
        return 2;
    }
    (void)snprintf(data_folder, sizeof data_folder, "%s/.handrail", arguments[1]);
    if (strcmp(arguments[2], "--verify") == 0) {
        return verify(data_folder);
    }
    const struct hr_store_options options = {
        .folder = data_folder, .background = true, .create = true, .secret = "bench key secret"};
    it.contacts = bench_number(count, arguments, "--contacts", 1000000);
    it.events = bench_number(count, arguments, "--events", it.contacts);
    must(hr_store_open(&options, &it.store), "store");
    hr_arena_init(&it.plan_arena, 96 << 20);
    hr_arena_init(&it.arena, BUDGET);
    hr_batch_init(&it.batch, it.store, BUDGET);
    it.batch.random = random_bytes;
    open_plan(&it, arguments[1]);
    fill_all(&it);
    (void)printf("events %" PRIu64 "\n", hr_store_position(it.store));
    hr_batch_done(&it.batch);
    hr_store_close(it.store);
    return 0;
}
