/* links: store */
/* What a store owes those above it: what was committed is there, all of it or nothing, also when the disk is full or
 * broken; what was delivered once is known for ever; a deadline is never without its hint. */
#include "conformance/store_disk.h"
#include "conformance/store_world.h"

#include <sys/stat.h>

static int make(void **state)
{
    static struct world world;
    world_make(&world);
    *state = &world;
    return 0;
}

static int drop(void **state)
{
    world_remove(*state);
    return 0;
}

static struct hr_store_reader *open_reader(const struct world *world)
{
    struct hr_store_reader *reader = NULL;
    assert_int_equal(hr_store_reader_open(&world->options, &reader).code, 0);
    return reader;
}

/* ---- keeping ------------------------------------------------------------------------------------------ */

static void assert_offer(struct hr_store_reader *reader, uint64_t id, const char *offer)
{
    struct hr_arena arena;
    struct hr_record *record = NULL;
    hr_arena_init(&arena, 1 << 20);
    assert_int_equal(hr_store_read_record(reader, id, &arena, &record).code, 0);
    assert_non_null(record);
    assert_int_equal(record->contact->field_count, 1);
    struct hr_value value = record->contact->fields[0].value;
    assert_int_equal(value.count, strlen(offer));
    assert_memory_equal(value.text, offer, value.count);
    hr_arena_close(&arena);
}

static void test_committed_is_read_back_after_a_restart(void **state)
{
    struct world *world = *state;
    world_open(world);
    batch_begin(world);
    batch_add_names(world);
    uint64_t ada = batch_add_said(world, 0, "coaching", key_numbered(1));
    assert_int_equal(batch_commit(world).code, 0);
    batch_begin(world);
    (void)batch_add_said(world, ada, "retreat", key_numbered(2));
    assert_int_equal(batch_commit(world).code, 0);
    struct hr_digest chain = hr_store_chain(world->store);
    world_reopen(world);
    assert_int_equal(hr_store_position(world->store), 3);
    struct hr_digest chain_after = hr_store_chain(world->store);
    assert_true(hr_digest_equal(&chain, &chain_after));
    assert_memory_equal(hr_store_secret(world->store), world->options.secret, HR_KEY_SIZE);

    struct hr_store_reader *reader = open_reader(world);
    assert_int_equal(hr_store_reader_begin(reader).code, 0);
    assert_int_equal(hr_store_reader_position(reader), 3);
    assert_offer(reader, ada, "retreat");
    struct hr_key match = key_numbered(~ada);
    uint64_t found = 0;
    assert_int_equal(hr_store_read_entry(reader, HR_SPACE_match, &match, &found).code, 0);
    assert_int_equal(found, ada);
    struct hr_key nobody = key_numbered(99);
    assert_int_equal(hr_store_read_entry(reader, HR_SPACE_match, &nobody, &found).code, 0);
    assert_int_equal(found, 0);
    struct hr_arena arena;
    struct hr_entry entry;
    struct hr_text header;
    hr_arena_init(&arena, 1 << 20);
    assert_int_equal(hr_store_read_entry_at(reader, 2, &arena, &entry, &header).code, 0);
    assert_int_equal(entry.parts[0].fact_count, 4);
    assert_int_equal(entry.parts[0].facts[2].kind, HR_FACT_field_set);
    assert_true(hr_text_equal(entry.parts[0].payload, HR_TEXT("coaching")));
    assert_true(header.size > 0);
    assert_int_equal(hr_store_read_entry_at(reader, 4, &arena, &entry, NULL).code, HR_E_CORRUPT);
    struct hr_record **records = NULL;
    size_t count = 0;
    assert_int_equal(
        hr_store_read_records(reader, HR_RECORD_FIRST, 10, &arena, &records, &count).code, 0);
    assert_int_equal(count, 1);
    assert_int_equal(records[0]->id, ada);
    hr_arena_close(&arena);
    hr_store_reader_close(reader);
}

static void test_a_reader_sees_one_moment(void **state)
{
    struct world *world = *state;
    world_open(world);
    world_fill(world, 10);
    struct hr_store_reader *reader = open_reader(world);
    assert_int_equal(hr_store_reader_begin(reader).code, 0);
    world_fill(world, 10);
    struct hr_arena arena;
    struct hr_entry entry;
    hr_arena_init(&arena, 1 << 20);
    assert_int_equal(hr_store_reader_position(reader), 10);
    assert_int_equal(hr_store_read_entry_at(reader, 15, &arena, &entry, NULL).code, HR_E_CORRUPT);
    hr_store_reader_end(reader);
    assert_int_equal(hr_store_reader_begin(reader).code, 0);
    assert_int_equal(hr_store_reader_position(reader), 20);
    assert_int_equal(hr_store_read_entry_at(reader, 15, &arena, &entry, NULL).code, 0);
    hr_arena_close(&arena);
    hr_store_reader_close(reader);
}

static void test_absent_records_are_fetched_as_not_existing(void **state)
{
    struct world *world = *state;
    world_open(world);
    world_fill(world, 3);
    const uint64_t ids[] = {hr_record_id(2, 0), 77, hr_record_id(1, 0), hr_record_id(2, 0)};
    batch_begin(world);
    assert_int_equal(hr_store_fetch_records(world->store, ids, 4, &world->view).code, 0);
    assert_int_equal(world->view.record_count, 3);
    assert_true(hr_view_record(&world->view, ids[0])->exists);
    assert_false(hr_view_record(&world->view, 77)->exists);
    hr_view_record(&world->view, ids[0])->last_position = 1000;
    assert_int_equal(hr_store_fetch_records(world->store, ids, 4, &world->view).code, 0);
    assert_int_equal(hr_view_record(&world->view, ids[0])->last_position,
                     1000); /* what the view has stays */
}

/* Others read ahead of the writer, between its commits and while it is closed. */
static void test_what_is_scouted_is_read_all_the_same(void **state)
{
    enum { PEOPLE = 100 };
    struct world *world = *state;
    uint64_t ids[PEOPLE];
    struct hr_store_figures figures = {0};
    world->options.background = true;
    world->options.scout_always = true;
    world_open(world);
    for (size_t i = 0; i < PEOPLE; i++) {
        ids[i] = hr_record_id(i + 1, 0);
    }
    world_fill(world, PEOPLE);
    for (size_t turn = 0; figures.scouted < 10 * PEOPLE; turn++) {
        assert_true(turn < 100000);
        world_fill(world, 1);
        batch_begin(world);
        assert_int_equal(hr_store_fetch_records(world->store, ids, PEOPLE, &world->view).code, 0);
        assert_int_equal(world->view.record_count, PEOPLE);
        for (size_t i = 0; i < PEOPLE; i++) {
            assert_true(hr_view_record(&world->view, ids[i])->exists);
        }
        hr_store_figures(world->store, &figures);
    }
}

/* Makes the data look like another version's. */
static void write_format(const struct world *world, const char *format)
{
    char path[256];
    char sql[128];
    sqlite3 *db = NULL;
    (void)snprintf(path, sizeof path, "%s/handrail.db", world->folder);
    (void)snprintf(sql, sizeof sql, "UPDATE meta SET value = %s WHERE name = 'format'", format);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_changes(db), 1);
    sqlite3_close(db);
}

static void test_who_may_open(void **state)
{
    struct world *world = *state;
    struct hr_store *second = NULL;
    struct hr_store_options options = world->options;
    options.create = false;
    assert_int_equal(hr_store_open(&options, &second).code, HR_E_INPUT);
    assert_null(second);
    world_open(world);
    assert_int_equal(hr_store_open(&world->options, &second).code, HR_E_REFUSED);
    world_close(world);
    assert_int_equal(hr_store_open(&options, &second).code, 0);
    hr_store_close(second);
    second = NULL;
    write_format(world, "x'63'"); /* a version to come */
    assert_int_equal(hr_store_open(&options, &second).code, HR_E_VERSION);
    write_format(world, "x'01'"); /* one that is gone */
    assert_int_equal(hr_store_open(&options, &second).code, HR_E_VERSION);
    assert_null(second);
}

/* ---- deliveries ----------------------------------------------------------------------------------------- */

static bool is_seen(struct world *world, uint64_t number)
{
    struct hr_key key = key_numbered(number);
    bool seen = false;
    assert_int_equal(hr_store_seen(world->store, &key, &seen).code, 0);
    return seen;
}

/* With 64 keys a run, 1,000 deliveries make some sixteen runs. */
static void test_a_delivery_is_known_for_ever(void **state)
{
    struct world *world = *state;
    world_open(world);
    for (int round = 0; round < 3; round++) {
        uint64_t last = world_fill(world, 333) + 332;
        for (uint64_t i = 1; i <= last; i++) {
            assert_true(is_seen(world, i));
        }
        for (uint64_t i = last + 1; i < last + 2000; i++) {
            assert_false(is_seen(world, i));
        }
        world_reopen(world);
        for (uint64_t i = 1; i <= last; i++) {
            assert_true(is_seen(world, i));
        }
        assert_false(is_seen(world, last + 1));
    }
    struct hr_key none = {{0}};
    bool seen = true;
    assert_int_equal(hr_store_seen(world->store, &none, &seen).code, 0);
    assert_false(seen); /* an entry without a delivery key is nobody's duplicate */
}

static void test_a_batch_larger_than_a_run_is_kept(void **state)
{
    struct world *world = *state;
    world_open(world);
    for (int round = 0; round < 2; round++) {
        batch_begin(world);
        for (int i = 0; i < 300; i++) {
            (void)batch_add_said(world, 0, "x", key_numbered(batch_position(world)));
        }
        assert_int_equal(batch_commit(world).code, 0);
    }
    world_reopen(world);
    for (uint64_t i = 1; i <= 600; i++) {
        assert_true(is_seen(world, i));
    }
}

/* ---- due hints --------------------------------------------------------------------------------------------- */

static size_t scan_due(struct world *world, struct hr_scanned **ret_items)
{
    struct hr_key from = {{0}};
    size_t count = 0;
    assert_int_equal(
        hr_store_scan(world->store, HR_SPACE_due, &from, 100, &world->arena, ret_items, &count)
            .code,
        0);
    return count;
}

static void test_a_deadline_has_its_hint_and_a_dropped_hint_comes_back(void **state)
{
    struct world *world = *state;
    world_open(world);
    world_fill(world, 3);
    struct hr_scanned *hints = NULL;
    batch_begin(world);
    assert_int_equal(scan_due(world, &hints), 3);
    uint64_t due = 0;
    uint64_t id = 0;
    hr_key_unpair(&hints[0].key, &due, &id);
    assert_int_equal(id, hr_record_id(1, 0)); /* the earliest first */
    assert_int_equal((hr_instant)due, 20000 * WORLD_DAY + 1000000 + WORLD_DAY);
    assert_int_equal(hints[0].value, id);

    /* somebody drops the hint although the deadline still stands: the store puts it back */
    assert_int_equal(hr_view_put_entry(&world->view, HR_SPACE_due, &hints[0].key, 0, true).code, 0);
    assert_int_equal(batch_commit(world).code, 0);
    batch_begin(world);
    assert_int_equal(scan_due(world, &hints), 3);

    /* the contact is gone: now the hint may go, and does */
    batch_add_forgotten(world, id, (uint64_t[]){1}, 1);
    assert_int_equal(batch_commit(world).code, 0);
    batch_begin(world);
    assert_int_equal(scan_due(world, &hints), 3); /* stale, until it comes due */
    assert_int_equal(hr_view_put_entry(&world->view, HR_SPACE_due, &hints[0].key, 0, true).code, 0);
    assert_int_equal(batch_commit(world).code, 0);
    batch_begin(world);
    assert_int_equal(scan_due(world, &hints), 2);
}

/* ---- a bad disk ----------------------------------------------------------------------------------------------- */

static void use_test_disk(struct world *world)
{
    char archive[160];
    disk_make();
    (void)snprintf(archive, sizeof archive, "%s/archive", world->folder);
    assert_int_equal(mkdir(archive, 0700), 0);
    world->options.vfs = DISK_NAME;
}

static void test_a_full_disk_refuses_and_resumes(void **state)
{
    struct world *world = *state;
    use_test_disk(world);
    world_open(world);
    world_fill(world, 60);
    struct hr_store_reader *reader = open_reader(world);
    /* the disk fills at ever later writes of the commit, until there is enough room for one */
    size_t refused = 0;
    for (int64_t room = 0;; room += 3000) {
        atomic_store(&disk_room, room);
        batch_begin(world);
        for (int i = 0; i < 60; i++) {
            (void)batch_add_said(world, 0, "more", key_numbered(batch_position(world)));
        }
        hr_status status = batch_commit(world);
        if (hr_ok(status)) {
            break;
        }
        assert_int_equal(status.code, HR_E_FULL);
        refused++;
        assert_int_equal(hr_store_position(world->store), 60);
        assert_false(is_seen(world, 61));
        assert_int_equal(hr_store_reader_begin(reader).code, 0);
        assert_int_equal(hr_store_reader_position(reader), 60);
        assert_offer(reader, hr_record_id(60, 0), "offer 60");
        hr_store_reader_end(reader);
    }
    assert_true(refused > 5);
    assert_int_equal(hr_store_position(world->store), 120);
    atomic_store(&disk_room, -1);
    world_fill(world, 60);
    hr_store_reader_close(reader);
    world_reopen(world);
    assert_int_equal(hr_store_position(world->store), 180);
    assert_true(is_seen(world, 180));
    uint64_t differences = 1;
    struct hr_text first;
    assert_int_equal(hr_store_rebuild(world->store, &differences, &first, &world->arena).code, 0);
    assert_int_equal(differences, 0);
}

static void test_a_failed_sync_stops_the_store(void **state)
{
    struct world *world = *state;
    use_test_disk(world);
    world_open(world);
    world_fill(world, 5);
    atomic_store(&disk_cannot_sync, true);
    batch_begin(world);
    (void)batch_add_said(world, 0, "more", key_numbered(6));
    assert_int_equal(batch_commit(world).code, HR_E_IO);
    atomic_store(&disk_cannot_sync, false); /* it seems well again; nobody knows what it lost */
    batch_begin(world);
    (void)batch_add_said(world, 0, "more", key_numbered(6));
    assert_int_equal(batch_commit(world).code, HR_E_IO);
    assert_int_equal(hr_store_position(world->store), 5);
    uint64_t moved = 0;
    assert_int_equal(hr_store_seal(world->store, 1, &moved).code, HR_E_IO);
    assert_int_equal(hr_store_scrub(world->store, 1000).code, HR_E_IO);
    world_reopen(world); /* a person started it again */
    world_fill(world, 5);
}

/* The host commits and syncs apart: a commit needs no sync, and what follows a failed one is refused. */
static void test_a_commit_may_be_synced_later(void **state)
{
    struct world *world = *state;
    use_test_disk(world);
    world_open(world);
    world_fill(world, 5);
    atomic_store(&disk_cannot_sync, true);
    batch_begin(world);
    (void)batch_add_said(world, 0, "more", key_numbered(6));
    const struct hr_commit later = {.rows = world->rows,
                                    .row_count = world->row_count,
                                    .view = &world->view,
                                    .chain = world->chain,
                                    .sync_later = true};
    assert_int_equal(hr_store_commit(world->store, &later).code, 0);
    assert_int_equal(hr_store_position(world->store), 6);
    atomic_store(&disk_cannot_sync, false);
    assert_int_equal(hr_store_sync(world->store).code, 0);
    atomic_store(&disk_cannot_sync, true);
    assert_int_equal(hr_store_sync(world->store).code, HR_E_IO);
    atomic_store(&disk_cannot_sync, false);
    assert_int_equal(hr_store_sync(world->store).code, HR_E_IO); /* nobody knows what it lost */
    world_reopen(world);
    assert_int_equal(hr_store_position(world->store), 6);
}

/* ---- match keys ------------------------------------------------------------------------------------------------ */

static const struct hr_key ann = {"ann@example.com"};
static const struct hr_key ben = {"ben@example.com"};

static hr_status lead(struct world *world, uint64_t to_ann, uint64_t to_ben)
{
    batch_begin(world);
    (void)batch_add_said(world, 0, "more", key_numbered(batch_position(world)));
    assert_int_equal(world_put_entry(world, HR_SPACE_match, &ann, to_ann).code, 0);
    assert_int_equal(world_put_entry(world, HR_SPACE_match, &ben, to_ben).code, 0);
    return batch_commit(world);
}

static void assert_leads(struct world *world, const struct hr_key *key, uint64_t contact)
{
    batch_begin(world);
    assert_int_equal(world_entry(world, HR_SPACE_match, key), contact);
}

/* Two people share the one place in memory: whoever is asked for, the answer is what was committed last. */
static void test_a_match_key_leads_where_the_index_says(void **state)
{
    struct world *world = *state;
    use_test_disk(world);
    world->options.known_slots = 1;
    world_open(world);
    assert_leads(world, &ann, 0);
    assert_int_equal(lead(world, 11, 12).code, 0);
    assert_leads(world, &ann, 11);
    assert_leads(world, &ben, 12);
    assert_leads(world, &ben, 12);
    assert_int_equal(lead(world, 21, 12).code, 0);
    assert_leads(world, &ben, 12);
    assert_leads(world, &ann, 21);
    atomic_store(&disk_room, 0); /* what is not kept is not remembered */
    assert_int_equal(lead(world, 31, 32).code, HR_E_FULL);
    atomic_store(&disk_room, -1);
    assert_leads(world, &ben, 12);
    assert_leads(world, &ann, 21);
    assert_int_equal(lead(world, 0, 12).code, 0);
    assert_leads(world, &ann, 0); /* forgotten */
    assert_leads(world, &ben, 12);
    assert_int_equal(lead(world, 0, 0).code, 0);
    assert_leads(world, &ben, 0);
    assert_int_equal(lead(world, 41, 41).code, 0);
    uint64_t differences = 0;
    struct hr_text first;
    assert_int_equal(hr_store_rebuild(world->store, &differences, &first, &world->arena).code, 0);
    assert_true(differences >
                0); /* no journal entry said so: a rebuild takes it back, in memory too */
    assert_leads(world, &ann, 0);
    assert_leads(world, &ben, 0);
}

/* ---- the WAL ---------------------------------------------------------------------------------------------------- */

static void fill_under_limit(struct world *world, bool background)
{
    world->options.background = background;
    world->options.wal_bytes_max = 4 << 20;
    world_open(world);
    batch_begin(world);
    batch_add_names(world);
    assert_int_equal(batch_commit(world).code, 0);
    world_fill(world, 20000);
    struct hr_store_figures figures;
    hr_store_figures(world->store, &figures);
    assert_true(figures.wal_bytes_highest <= world->options.wal_bytes_max);
    assert_true(figures.wal_bytes_highest > 0);
    assert_true(figures.checkpoints > 2);
    assert_true(figures.database_bytes > world->options.wal_bytes_max);
    assert_int_equal(figures.rows, 20001);
    char path[256];
    struct stat wal;
    (void)snprintf(path, sizeof path, "%s/handrail.db-wal", world->folder);
    assert_int_equal(stat(path, &wal), 0);
    assert_true((size_t)wal.st_size <= world->options.wal_bytes_max);
}

static void test_the_wal_stays_within_its_limit(void **state)
{
    fill_under_limit(*state, true);
}

static void test_the_wal_stays_within_its_limit_without_a_thread(void **state)
{
    fill_under_limit(*state, false);
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(test_##name, make, drop)
    const struct CMUnitTest tests[] = {
        STORY(committed_is_read_back_after_a_restart),
        STORY(a_reader_sees_one_moment),
        STORY(absent_records_are_fetched_as_not_existing),
        STORY(what_is_scouted_is_read_all_the_same),
        STORY(who_may_open),
        STORY(a_delivery_is_known_for_ever),
        STORY(a_batch_larger_than_a_run_is_kept),
        STORY(a_deadline_has_its_hint_and_a_dropped_hint_comes_back),
        STORY(a_full_disk_refuses_and_resumes),
        STORY(a_failed_sync_stops_the_store),
        STORY(a_commit_may_be_synced_later),
        STORY(a_match_key_leads_where_the_index_says),
        STORY(the_wal_stays_within_its_limit),
        STORY(the_wal_stays_within_its_limit_without_a_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
