/* What is in a data folder, asked as the daemon's readers would.
 *
 *   inspect DIR deadlines             every contact waits with a deadline that the index knows
 *   inspect DIR acknowledged FILE     what the load generator was told is kept, once
 *   inspect DIR why N                 how long `why` takes for N random contacts, cold and then warm */
/* links: server */
#include "bench/workload.h"
#include "server/host.h"

enum { PAGE = 4096 };

struct inspection {
    struct hr_store_reader *reader;
    struct hr_arena arena; /* for the whole inspection */
    struct hr_arena page;  /* of one step of it */
    struct hr_plan *plan;
};

static void must(hr_status status, const char *what)
{
    if (!hr_ok(status)) {
        (void)fprintf(stderr, "inspect: %s: status %d\n", what, status.code);
        exit(1);
    }
}

/* ---- deadlines ----------------------------------------------------------------------------------- */

/* True if the contact waits and the index would bring it up no later than it must be looked at. */
static bool is_hinted(struct inspection *it, const struct hr_record *record)
{
    hr_instant due = hr_record_due(record);
    if (due == HR_INSTANT_NONE || record->hinted_due == HR_INSTANT_NONE ||
        record->hinted_due > due) {
        return false;
    }
    uint64_t value = 0;
    struct hr_key key = hr_key_pair((uint64_t)record->hinted_due, record->id);
    must(hr_store_read_entry(it->reader, HR_SPACE_due, &key, &value), "entry");
    return value == record->id;
}

static int deadlines(struct inspection *it)
{
    uint64_t contacts = 0;
    uint64_t waiting = 0;
    size_t count = PAGE;
    for (uint64_t from = HR_RECORD_FIRST; count == PAGE;) {
        struct hr_record **records = NULL;
        hr_arena_rewind(&it->page, (struct hr_arena_mark){0});
        must(hr_store_read_records(it->reader, from, PAGE, &it->page, &records, &count), "records");
        for (size_t i = 0; i < count; i++) {
            if (records[i]->kind == HR_RECORD_contact) {
                contacts++;
                waiting += is_hinted(it, records[i]);
            }
            from = records[i]->id + 1;
        }
    }
    (void)printf("contacts %" PRIu64 "\nwaiting %" PRIu64 "\n", contacts, waiting);
    return contacts == waiting ? 0 : 1;
}

/* ---- acknowledged -------------------------------------------------------------------------------- */

static int compare_keys(const void *a, const void *b)
{
    return memcmp(a, b, HR_KEY_SIZE);
}

/* The delivery keys of all that was heard, sorted. */
static struct hr_key *keys_of(struct inspection *it, size_t *ret_count)
{
    uint64_t last = hr_store_reader_position(it->reader);
    struct hr_key *keys = calloc(last + 1, sizeof *keys);
    hr_assert(keys != NULL);
    *ret_count = 0;
    for (uint64_t position = 1; position <= last; position++) {
        struct hr_entry entry;
        hr_arena_rewind(&it->page, (struct hr_arena_mark){0});
        must(hr_store_read_entry_at(it->reader, position, &it->page, &entry, NULL), "entry");
        if (entry.kind == HR_EVENT_heard) {
            keys[(*ret_count)++] = entry.key;
        }
    }
    qsort(keys, *ret_count, sizeof *keys, compare_keys);
    return keys;
}

static struct hr_key key_of(struct inspection *it, uint64_t number)
{
    const struct hr_engine engine = {.plan = it->plan,
                                     .secret = hr_store_reader_secret(it->reader)};
    const struct hr_value nothing = {.kind = HR_KIND_map};
    struct hr_heard heard;
    hr_arena_rewind(&it->page, (struct hr_arena_mark){0});
    const struct hr_given given = {
        .id = hr_text_format(&it->page, BENCH_MESSAGE_ID, (unsigned long long)number)};
    must(hr_engine_read(&engine, 0, &nothing, HR_TEXT("{}"), given, 0, &it->page, &heard), "key");
    return heard.delivery;
}

static int acknowledged(struct inspection *it, const char *path)
{
    size_t count = 0;
    uint64_t told = 0;
    uint64_t lost = 0;
    uint64_t doubled = 0;
    uint64_t number = 0;
    struct hr_key *keys = keys_of(it, &count);
    FILE *file = fopen(path, "rb");
    hr_assert(file != NULL);
    while (fread(&number, sizeof number, 1, file) == 1) {
        struct hr_key key = key_of(it, number);
        told++;
        lost += bsearch(&key, keys, count, sizeof *keys, compare_keys) == NULL;
    }
    for (size_t i = 1; i < count; i++) {
        doubled += hr_key_equal(&keys[i - 1], &keys[i]);
    }
    (void)fclose(file);
    free(keys);
    (void)printf("acknowledged %" PRIu64 "\njournalled %zu\nlost %" PRIu64 "\ndoubled %" PRIu64
                 "\n",
                 told, count, lost, doubled);
    return lost == 0 && doubled == 0 ? 0 : 1;
}

/* ---- why ------------------------------------------------------------------------------------------ */

static int compare_times(const void *a, const void *b)
{
    hr_instant left = *(const hr_instant *)a;
    hr_instant right = *(const hr_instant *)b;
    return (left > right) - (left < right);
}

static void ask_all(struct inspection *it, const char *what, uint64_t people, uint64_t contacts)
{
    hr_instant *took = calloc(people, sizeof *took);
    hr_assert(took != NULL);
    for (uint64_t i = 0; i < people; i++) {
        char email[EMAIL_MAX];
        struct hr_lens lens;
        struct hr_report report;
        struct hr_diagnostics found;
        hr_arena_rewind(&it->page, (struct hr_arena_mark){0});
        hr_diagnostics_init(&found, &it->page);
        struct hr_text named = {email, bench_email(email, bench_permuted(i, contacts))};
        hr_instant begin = bench_now(CLOCK_MONOTONIC);
        must(hr_lens_open(it->reader, it->plan, bench_now(CLOCK_REALTIME), &it->page, &lens),
             "lens");
        must(hr_why(&lens, named, HR_TEXT_NONE, &it->page, &found, &report), "why");
        took[i] = bench_now(CLOCK_MONOTONIC) - begin;
        hr_assert(report.text.size > 0);
    }
    qsort(took, people, sizeof *took, compare_times);
    (void)printf("%s_p50_us %" PRId64 "\n%s_p95_us %" PRId64 "\n%s_max_us %" PRId64 "\n", what,
                 took[people / 2], what, took[people * 95 / 100], what, took[people - 1]);
    free(took);
}

static int why(struct inspection *it, uint64_t people, uint64_t contacts)
{
    (void)printf("events %" PRIu64 "\n", hr_store_reader_position(it->reader));
    ask_all(it, "cold", people, contacts);
    ask_all(it, "warm", people, contacts);
    return 0;
}

int main(int count, char **arguments)
{
    static struct inspection it;
    struct hr_diagnostics found;
    char folder[1024];
    if (count < 3) {
        (void)fprintf(stderr, "inspect DIR deadlines | acknowledged FILE | why N [--contacts N]\n");
        return 2;
    }
    (void)snprintf(folder, sizeof folder, "%s/.handrail", arguments[1]);
    const struct hr_store_options options = {.folder = folder};
    hr_arena_init(&it.arena, 96 << 20);
    hr_arena_init(&it.page, 96 << 20);
    hr_diagnostics_init(&found, &it.arena);
    must(hr_store_reader_open(&options, &it.reader), "open");
    must(hr_store_reader_begin(it.reader), "begin");
    must(hr_plan_from_journal(it.reader, &it.arena, &found, &it.plan), "plan");
    int answer = 2;
    if (strcmp(arguments[2], "deadlines") == 0) {
        answer = deadlines(&it);
    } else if (count > 3 && strcmp(arguments[2], "acknowledged") == 0) {
        answer = acknowledged(&it, arguments[3]);
    } else if (count > 3 && strcmp(arguments[2], "why") == 0) {
        answer = why(&it, strtoull(arguments[3], NULL, 10),
                     bench_number(count, arguments, "--contacts", 1000000));
    }
    hr_store_reader_end(it.reader);
    hr_store_reader_close(it.reader);
    return answer;
}
