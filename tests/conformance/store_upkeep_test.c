/* links: store */
/* Upkeep of a store: a record that can be proven, rebuilt, forgotten and sealed. */
#include "conformance/store_disk.h"
#include "conformance/store_world.h"
#include "store/inside.h"

#include <dirent.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <zstd.h>

static int make(void **state)
{
    static struct world world;
    world_make(&world);
    world_open(&world);
    batch_begin(&world);
    batch_add_names(&world);
    assert_int_equal(batch_commit(&world).code, 0);
    *state = &world;
    return 0;
}

static int drop(void **state)
{
    world_remove(*state);
    return 0;
}

static struct hr_verified verify(struct world *world)
{
    struct hr_store_reader *reader = NULL;
    struct hr_verified verified;
    assert_int_equal(hr_store_reader_open(&world->options, &reader).code, 0);
    assert_int_equal(hr_store_verify(reader, &world->arena, &verified).code, 0);
    hr_store_reader_close(reader);
    return verified;
}

static void assert_whole(struct world *world)
{
    struct hr_verified verified = verify(world);
    struct hr_digest chain = hr_store_chain(world->store);
    if (verified.what.size > 0) {
        fail_msg("at %llu: %.*s", (unsigned long long)verified.first_broken,
                 HR_SHOW(verified.what));
    }
    assert_int_equal(verified.entries, hr_store_position(world->store));
    assert_true(hr_digest_equal(&verified.chain, &chain));
}

static void assert_rebuilt_equal(struct world *world)
{
    uint64_t differences = 0;
    struct hr_text first;
    assert_int_equal(hr_store_rebuild(world->store, &differences, &first, &world->arena).code, 0);
    if (differences != 0) {
        fail_msg("%llu differences, first: %.*s", (unsigned long long)differences, HR_SHOW(first));
    }
}

/* What somebody with access to the file does behind our back. */
static void tamper(const struct world *world, const char *sql)
{
    char path[256];
    sqlite3 *db = NULL;
    char *message = NULL;
    (void)snprintf(path, sizeof path, "%s/handrail.db", world->folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s", message);
    }
    assert_int_equal(sqlite3_changes(db), 1);
    sqlite3_close(db);
}

/* ---- verify ---------------------------------------------------------------------------------------------- */

static void assert_found(struct world *world, const char *sql, uint64_t position, const char *words)
{
    tamper(world, sql);
    struct hr_verified verified = verify(world);
    assert_int_equal(verified.first_broken, position);
    if (hr_text_search(verified.what, hr_text_from(words)) == verified.what.size) {
        fail_msg("\"%.*s\" does not say \"%s\"", HR_SHOW(verified.what), words);
    }
}

static void test_what_was_written_verifies(void **state)
{
    struct world *world = *state;
    world_fill(world, 500);
    batch_begin(world);
    for (uint64_t i = 2; i < 102; i++) {
        (void)batch_add_said(world, hr_record_id(i, 0), "again",
                             key_numbered(batch_position(world)));
    }
    assert_int_equal(batch_commit(world).code, 0);
    assert_whole(world);
    struct hr_verified verified = verify(world);
    assert_int_equal(verified.parts, 600);
    assert_int_equal(verified.erased, 0);
}

static void test_a_flipped_byte_in_a_header_is_found(void **state)
{
    world_fill(*state, 100);
    assert_found(*state,
                 "UPDATE journal SET header = CAST(substr(header, 1, 30) || x'ff' || "
                 "substr(header, 32) AS BLOB) "
                 "WHERE position = 50",
                 50, "does not follow");
}

static void test_a_flipped_byte_in_a_body_is_found(void **state)
{
    world_fill(*state, 100);
    assert_found(
        *state,
        "UPDATE body SET bytes = CAST(substr(bytes, 1, 3) || x'ff' || substr(bytes, 5) AS BLOB) "
        "WHERE id = 60 << 8",
        60, "body part 0");
}

static void test_a_missing_row_is_found(void **state)
{
    world_fill(*state, 100);
    assert_found(*state, "DELETE FROM journal WHERE position = 70", 70, "the entry is missing");
}

static void test_a_body_that_nobody_forgot_is_missed(void **state)
{
    world_fill(*state, 100);
    assert_found(*state, "DELETE FROM body WHERE id = 80 << 8", 80, "nobody forgot it");
}

static void test_a_cut_tail_is_found(void **state)
{
    world_fill(*state, 100);
    assert_found(*state, "DELETE FROM journal WHERE position = 101", 101, "ends here");
}

static void test_a_cut_tail_with_a_mended_tip_is_found_by_who_knows_the_chain(void **state)
{
    struct world *world = *state;
    world_fill(world, 49);
    struct hr_verified before = verify(world);
    world_fill(world, 1);
    struct hr_digest known = hr_store_chain(world->store);
    world_close(world);
    tamper(world, "DELETE FROM journal WHERE position = 51");
    tamper(world, "DELETE FROM body WHERE id = 51 << 8");
    tamper(world, "UPDATE meta SET value = x'0000000000000032' || (SELECT substr(header, -32) FROM "
                  "journal WHERE "
                  "position = 50) WHERE name = 'tip'");
    tamper(world, "DELETE FROM record WHERE id >> 8 = 51 + 65536");
    world_open(world);
    struct hr_verified after = verify(world);
    assert_int_equal(after.first_broken, 0);
    assert_true(hr_digest_equal(&after.chain, &before.chain));
    assert_false(
        hr_digest_equal(&after.chain, &known)); /* this is what a checkpoint outside is for */
}

static void test_a_damaged_state_is_never_served(void **state)
{
    struct world *world = *state;
    world_fill(world, 100);
    assert_found(
        world,
        "UPDATE record SET bytes = CAST(substr(bytes, 1, 6) || x'ff' || substr(bytes, 8) AS BLOB) "
        "WHERE id >> 8 = 20 + 65536",
        101, "is damaged");
    uint64_t id = hr_record_id(20, 0);
    batch_begin(world);
    assert_int_equal(hr_store_fetch_records(world->store, &id, 1, &world->view).code, HR_E_CORRUPT);
    uint64_t differences = 0;
    struct hr_text first;
    assert_int_equal(hr_store_rebuild(world->store, &differences, &first, &world->arena).code, 0);
    assert_int_equal(differences, 1);
    assert_int_equal(hr_store_fetch_records(world->store, &id, 1, &world->view).code, 0);
    assert_whole(world);
}

/* ---- rebuild ------------------------------------------------------------------------------------------------ */

static void test_a_rebuild_gives_the_same_state(void **state)
{
    struct world *world = *state;
    world_fill(world, 2500);
    batch_begin(world);
    for (uint64_t i = 2; i < 102; i++) {
        (void)batch_add_said(world, hr_record_id(i, 0), "again",
                             key_numbered(batch_position(world)));
    }
    assert_int_equal(batch_commit(world).code, 0);
    assert_rebuilt_equal(world);
    world_fill(world, 50);
    world_reopen(world);
    assert_rebuilt_equal(world);
    assert_whole(world);
}

static void assert_difference(struct world *world, const char *words)
{
    uint64_t differences = 0;
    struct hr_text first = HR_TEXT_NONE;
    assert_int_equal(hr_store_rebuild(world->store, &differences, &first, &world->arena).code, 0);
    assert_int_equal(differences, 1);
    if (hr_text_search(first, hr_text_from(words)) == first.size) {
        fail_msg("\"%.*s\" does not say \"%s\"", HR_SHOW(first), words);
    }
    assert_rebuilt_equal(world); /* and is mended */
}

static void test_a_rebuild_says_what_was_different(void **state)
{
    struct world *world = *state;
    char words[64];
    world_fill(world, 100);
    uint64_t id = hr_record_id(20, 0);
    (void)snprintf(words, sizeof words, "contact C-%llu is missing", (unsigned long long)id);
    tamper(world, "DELETE FROM record WHERE id >> 8 = 20 + 65536");
    assert_difference(world, words);

    tamper(
        world,
        "DELETE FROM entry WHERE space = 1 AND key = (SELECT min(key) FROM entry WHERE space = 1)");
    assert_difference(world, "match key");

    tamper(
        world,
        "DELETE FROM entry WHERE space = 5 AND key = (SELECT min(key) FROM entry WHERE space = 5)");
    assert_difference(world, "would not be looked at when it is due");

    /* a state that was changed without an entry: as if the engine had forgotten to write a fact */
    batch_begin(world);
    assert_int_equal(hr_store_fetch_records(world->store, &id, 1, &world->view).code, 0);
    struct hr_record *record = hr_view_record(&world->view, id);
    record->contact->fields[0].value = hr_value_text(HR_TEXT("never said"));
    record->dirty = true;
    assert_int_equal(batch_commit(world).code, 0);
    (void)snprintf(words, sizeof words, "contact C-%llu field offer", (unsigned long long)id);
    assert_difference(world, words);
}

/* ---- sealing ------------------------------------------------------------------------------------------------- */

static uint64_t seal(struct world *world, uint64_t keep)
{
    uint64_t moved = 0;
    assert_int_equal(hr_store_seal(world->store, keep, &moved).code, 0);
    return moved;
}

static void assert_said(struct world *world, uint64_t position, const char *offer)
{
    struct hr_store_reader *reader = NULL;
    struct hr_entry entry;
    assert_int_equal(hr_store_reader_open(&world->options, &reader).code, 0);
    assert_int_equal(hr_store_read_entry_at(reader, position, &world->arena, &entry, NULL).code, 0);
    assert_int_equal(entry.position, position);
    if (offer == NULL) {
        assert_true(entry.parts[0].erased);
    } else {
        assert_true(hr_text_equal(entry.parts[0].payload, hr_text_from(offer)));
    }
    hr_store_reader_close(reader);
}

static void test_sealed_entries_are_read_verified_and_rebuilt(void **state)
{
    struct world *world = *state;
    world_fill(world, 1500);
    assert_int_equal(seal(world, 2000), 0);
    assert_int_equal(seal(world, 1000), 501);
    assert_int_equal(seal(world, 1000), 0);
    assert_int_equal(seal(world, 400), 600);
    assert_said(world, 2, "offer 2");
    assert_said(world, 257, "offer 257");
    assert_said(world, 501, "offer 501");
    assert_said(world, 502, "offer 502");
    assert_said(world, 1101, "offer 1101");
    assert_said(world, 1102, "offer 1102");
    world_fill(world, 10);
    assert_whole(world);
    assert_rebuilt_equal(world);
    world_reopen(world);
    struct hr_key key = key_numbered(3);
    bool seen = false;
    assert_int_equal(hr_store_seen(world->store, &key, &seen).code, 0);
    assert_true(seen);
    assert_int_equal(seal(world, 0), 409); /* the newest always stays */
    assert_whole(world);
    struct hr_store_figures figures;
    hr_store_figures(world->store, &figures);
    assert_true(figures.archive_bytes > 10000);
}

/* Calls `each` with every file's path below the folder. */
static void each_file(const char *folder, void (*each)(const char *path, void *context),
                      void *context)
{
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        char path[1024];
        struct stat info;
        int size = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        assert_true(size > 0 && (size_t)size < sizeof path);
        if (entry->d_name[0] == '.' || stat(path, &info) != 0) {
            continue;
        }
        if (S_ISDIR(info.st_mode)) {
            each_file(path, each, context);
        } else {
            each(path, context);
        }
    }
    closedir(dir);
}

static char *read_whole(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    (void)fseek(file, 0, SEEK_END);
    *ret_size = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*ret_size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *ret_size, file), *ret_size);
    (void)fclose(file);
    return bytes;
}

static void flip_middle(const char *path, void *context)
{
    (void)context;
    if (strstr(path, ".hrs") == NULL) {
        return;
    }
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    (void)fseek(file, 5000, SEEK_SET);
    int byte = fgetc(file);
    (void)fseek(file, 5000, SEEK_SET);
    (void)fputc(byte ^ 4, file);
    (void)fclose(file);
}

static void test_a_flipped_byte_in_an_archive_is_found(void **state)
{
    struct world *world = *state;
    world_fill(world, 600);
    assert_int_equal(seal(world, 1), 600);
    each_file(world->folder, flip_middle, NULL);
    struct hr_verified verified = verify(world);
    assert_int_equal(verified.first_broken, 1);
    assert_true(hr_text_starts(verified.what, HR_TEXT("archive 1 to 600")));
}

static void remove_archives(const char *path, void *context)
{
    (void)context;
    if (strstr(path, ".hrs") != NULL) {
        assert_int_equal(remove(path), 0);
    }
}

static void test_a_lost_archive_is_found(void **state)
{
    struct world *world = *state;
    world_fill(world, 100);
    assert_int_equal(seal(world, 1), 100);
    each_file(world->folder, remove_archives, NULL);
    assert_int_equal(verify(world).first_broken, 1);
}

/* ---- forgetting ------------------------------------------------------------------------------------------------ */

struct search {
    const char *mark;
    size_t found;
};

static size_t count_mark(const char *bytes, size_t size, const char *mark)
{
    size_t found = 0;
    for (const char *at = bytes;
         (at = memmem(at, size - (size_t)(at - bytes), mark, strlen(mark))) != NULL; at++) {
        found++;
    }
    return found;
}

/* zstd frames stand one after another from byte 8 on. */
static size_t count_in_archive(const char *bytes, size_t size, const char *mark)
{
    size_t found = 0;
    for (size_t at = 8; at + 4 < size;) {
        size_t packed = ZSTD_findFrameCompressedSize(bytes + at, size - at);
        if (ZSTD_isError(packed)) {
            break;
        }
        size_t plain_size = (size_t)ZSTD_getFrameContentSize(bytes + at, packed);
        char *plain = malloc(plain_size + 1);
        assert_non_null(plain);
        assert_int_equal(ZSTD_decompress(plain, plain_size, bytes + at, packed), plain_size);
        found += count_mark(plain, plain_size, mark);
        free(plain);
        at += packed;
    }
    return found;
}

static void search_file(const char *path, void *context)
{
    struct search *search = context;
    size_t size = 0;
    char *bytes = read_whole(path, &size);
    search->found += count_mark(bytes, size, search->mark);
    if (strstr(path, ".hrs") != NULL) {
        search->found += count_in_archive(bytes, size, search->mark);
    }
    free(bytes);
}

static size_t count_everywhere(const struct world *world, const char *mark)
{
    struct search search = {.mark = mark};
    each_file(world->folder, search_file, &search);
    return search.found;
}

/* Ada says things among others who come and grow, so that pages split around her rows; some of it is sealed. */
static void test_no_byte_of_a_forgotten_person_stays(void **state)
{
    struct world *world = *state;
    static const char mark[] = "Ada-Lovelace-7f3a";
    char offer[900];
    uint64_t positions[64];
    size_t count = 0;
    uint64_t ada = 0;
    world_fill(world, 100);
    uint64_t first = hr_store_position(world->store) + 1;
    for (int round = 0; round < 40; round++) {
        batch_begin(world);
        (void)snprintf(offer, sizeof offer, "%s %0*d", mark, round * 15 + 1, round);
        positions[count++] = batch_position(world);
        ada = batch_add_said(world, ada, offer, key_numbered(positions[count - 1]));
        for (int i = 0; i < 20; i++) { /* neighbours that grow and shrink */
            uint64_t id = round == 0 ? 0 : hr_record_id(first + 1 + (uint64_t)i, 0);
            (void)snprintf(offer, sizeof offer, "other %0*d", (round * 37 + i * 11) % 700 + 1, i);
            (void)batch_add_said(world, id, offer, key_numbered(batch_position(world)));
        }
        assert_int_equal(batch_commit(world).code, 0);
        if (round == 20) {
            assert_true(seal(world, 50) > 0);
        }
    }
    /* one thing she said is longer than a page */
    char *tale = malloc(20000);
    assert_non_null(tale);
    memset(tale, ' ', 20000);
    for (size_t i = 0; i + 100 < 20000; i += 100) {
        memcpy(tale + i, mark, sizeof mark - 1);
    }
    tale[19999] = '\0';
    batch_begin(world);
    positions[count++] = batch_position(world);
    (void)batch_add_said(world, ada, tale, key_numbered(positions[count - 1]));
    assert_int_equal(batch_commit(world).code, 0);
    free(tale);
    assert_true(count_everywhere(world, mark) > 100);

    batch_begin(world);
    batch_add_forgotten(world, ada, positions, count);
    assert_int_equal(batch_commit(world).code, 0);
    assert_int_equal(hr_store_scrub(world->store, 1000).code, 0);
    assert_int_equal(count_everywhere(world, mark), 0);

    /* the record still verifies and the state can still be made of it; others lost nothing */
    struct hr_verified verified = verify(world);
    assert_int_equal(verified.first_broken, 0);
    assert_int_equal(verified.erased, count);
    assert_rebuilt_equal(world);
    assert_said(world, 50, "offer 50");
    assert_said(world, positions[0], NULL);
    assert_said(world, positions[count - 1], NULL);
    world_fill(world, 200);
    assert_int_equal(hr_store_scrub(world->store, 1000).code, 0);
    assert_int_equal(count_everywhere(world, mark), 0);
    world_reopen(world);
    assert_whole(world);
    assert_int_equal(count_everywhere(world, mark), 0);
}

/* Rows that grow and shrink make pages split and rows move; what they leave between the rows of a page is found only
 * by looking at the bytes. Every tenth of 200 people is forgotten. */
static void test_no_byte_stays_where_rows_moved(void **state)
{
    enum { PEOPLE = 200, ROUNDS = 60, A_ROUND = 50 };
    struct world *world = *state;
    static const char mark[] = "Emmy-Noether-c04e";
    static uint64_t positions[PEOPLE][ROUNDS * A_ROUND + 1];
    static size_t counts[PEOPLE];
    memset(counts, 0, sizeof counts);
    uint32_t random = 6; /* with this one, bytes do stay unless they are cleaned */
    uint64_t first = world_fill(world, PEOPLE);
    for (size_t i = 0; i < PEOPLE; i++) {
        positions[i][counts[i]++] = first + i;
    }
    for (int round = 0; round < ROUNDS; round++) {
        batch_begin(world);
        for (int i = 0; i < A_ROUND; i++) {
            char offer[800];
            random = random * 1664525 + 1013904223;
            size_t who = (random >> 8) % PEOPLE;
            random = random * 1664525 + 1013904223;
            (void)snprintf(offer, sizeof offer, "%s %0*u", who % 10 == 0 ? mark : "other",
                           (int)(random >> 8) % 700 + 1, (unsigned)i);
            positions[who][counts[who]++] = batch_position(world);
            (void)batch_add_said(world, hr_record_id(first + who, 0), offer,
                                 key_numbered(batch_position(world)));
        }
        assert_int_equal(batch_commit(world).code, 0);
    }
    assert_true(count_everywhere(world, mark) > 100);
    for (size_t who = 0; who < PEOPLE; who += 10) {
        batch_begin(world);
        batch_add_forgotten(world, hr_record_id(first + who, 0), positions[who], counts[who]);
        assert_int_equal(batch_commit(world).code, 0);
    }
    assert_int_equal(hr_store_scrub(world->store, 1000).code, 0);
    assert_int_equal(count_everywhere(world, mark), 0);
    assert_rebuilt_equal(world);
    assert_whole(world);
}

static void test_sealing_after_forgetting_keeps_nothing(void **state)
{
    struct world *world = *state;
    static const char mark[] = "Grace-Hopper-91bd";
    world_fill(world, 20);
    batch_begin(world);
    uint64_t position = batch_position(world);
    uint64_t grace = batch_add_said(world, 0, mark, key_numbered(position));
    assert_int_equal(batch_commit(world).code, 0);
    world_fill(world, 20);
    batch_begin(world);
    batch_add_forgotten(world, grace, &position, 1);
    assert_int_equal(batch_commit(world).code, 0);
    assert_true(seal(world, 1) > 0);
    assert_int_equal(hr_store_scrub(world->store, 1000).code, 0);
    assert_int_equal(count_everywhere(world, mark), 0);
    assert_whole(world);
    assert_rebuilt_equal(world);
}

static struct hr_store_reader *look(const struct world *world)
{
    struct hr_store_reader *reader = NULL;
    assert_int_equal(hr_store_reader_open(&world->options, &reader).code, 0);
    assert_int_equal(hr_store_reader_begin(reader).code, 0);
    return reader;
}

/* Mary is forgotten while a report is being read: she is erased at once, and her last traces go after the report. */
static void test_a_reader_delays_the_last_traces_and_no_erasure(void **state)
{
    struct world *world = *state;
    static const char mark[] = "Mary-Somerville-55d0";
    batch_begin(world);
    uint64_t position = batch_position(world);
    uint64_t mary = batch_add_said(world, 0, mark, key_numbered(position));
    assert_int_equal(batch_commit(world).code, 0);
    assert_false(hr_store_scrub_due(world->store));
    struct hr_store_reader *report = look(world);
    batch_begin(world);
    batch_add_forgotten(world, mary, &position, 1);
    assert_int_equal(batch_commit(world).code, 0);
    assert_int_equal(hr_store_scrub(world->store, 20).code, HR_SCRUB_LATER);
    assert_true(hr_store_scrub_due(world->store));
    assert_said(world, position, NULL);
    assert_true(count_everywhere(world, mark) > 0);
    world_fill(world, 20); /* others are heard meanwhile */
    assert_int_equal(hr_store_scrub(world->store, 20).code, HR_SCRUB_LATER);
    hr_store_reader_close(report);
    assert_int_equal(hr_store_scrub(world->store, 20).code, 0);
    assert_false(hr_store_scrub_due(world->store));
    assert_int_equal(count_everywhere(world, mark), 0);
    assert_whole(world);
}

static void test_traces_that_are_left_are_known_after_a_restart(void **state)
{
    struct world *world = *state;
    static const char mark[] = "Mary-Somerville-55d0";
    batch_begin(world);
    uint64_t position = batch_position(world);
    uint64_t mary = batch_add_said(world, 0, mark, key_numbered(position));
    assert_int_equal(batch_commit(world).code, 0);
    batch_begin(world);
    batch_add_forgotten(world, mary, &position, 1);
    assert_int_equal(batch_commit(world).code, 0);
    world_reopen(world);
    assert_true(hr_store_scrub_due(world->store));
    assert_int_equal(hr_store_scrub(world->store, 1000).code, 0);
    assert_int_equal(count_everywhere(world, mark), 0);
    world_reopen(world);
    assert_false(hr_store_scrub_due(world->store));
}

static uint64_t passes_so_far(struct world *world)
{
    struct hr_store_figures figures;
    hr_store_figures(world->store, &figures);
    return figures.checkpoints;
}

/* The WAL is emptied while much of it waits for a pass, no commit follows, and one is taken back. */
static void test_an_emptied_wal_leaves_nothing_to_copy(void **state)
{
    struct world *world = *state;
    struct checkpointer *it = &world->store->checkpointer;
    struct hr_store_figures figures = {0};
    (void)pthread_mutex_lock(&it->mutex);
    it->paused = true; /* until the scrub ends */
    (void)pthread_mutex_unlock(&it->mutex);
    while (figures.wal_bytes < 16 << 20) {
        world_fill(world, 500);
        hr_store_figures(world->store, &figures);
    }
    assert_int_equal(hr_store_scrub(world->store, 1000).code, 0);
    assert_int_equal(checkpointer_writer_begin(world->store, 0).code, 0);
    checkpointer_writer_end(world->store);
    uint64_t passes = passes_so_far(world);
    (void)usleep(300000);
    assert_int_equal(passes_so_far(world), passes);
}

/* ---- forgetting while somebody reads ------------------------------------------------------------------------- */

/* The contact of an entry is forgotten: the archive is written anew, and the old file removed. */
static void forget_who_came_at(struct world *world, uint64_t position)
{
    batch_begin(world);
    batch_add_forgotten(world, hr_record_id(position, 0), &position, 1);
    assert_int_equal(batch_commit(world).code, 0);
}

static void test_a_report_reads_on_while_somebody_is_forgotten(void **state)
{
    struct world *world = *state;
    struct hr_entry entry;
    struct hr_arena arena;
    hr_arena_init(&arena, 64 << 20);
    world_fill(world, 300);
    assert_int_equal(seal(world, 1), 300);
    struct hr_store_reader *report = look(world);
    forget_who_came_at(world, 11);
    forget_who_came_at(world, 21); /* the file is two generations on */
    assert_int_equal(hr_store_read_entry_at(report, 12, &arena, &entry, NULL).code, 0);
    assert_true(hr_text_equal(entry.parts[0].payload, HR_TEXT("offer 12")));
    assert_int_equal(hr_store_read_entry_at(report, 11, &arena, &entry, NULL).code, 0);
    assert_true(entry.parts[0].erased);
    hr_store_reader_close(report);
    hr_arena_close(&arena);
}

static struct world *whose_archive;
static uint64_t who_goes;
static int opens_before;

/* Somebody is forgotten between the moment that a reader looks at and the opening of the archive that it names. */
static void forget_before_an_archive_is_opened(const char *name)
{
    if (strstr(name, ".hrs") == NULL || opens_before-- > 0) {
        return;
    }
    disk_opens = NULL;
    forget_who_came_at(whose_archive, who_goes);
}

static void test_verify_finds_no_damage_where_somebody_is_forgotten_meanwhile(void **state)
{
    struct world *world = *state;
    struct hr_verified verified;
    struct hr_store_reader *reader = NULL;
    world_fill(world, 300);
    assert_int_equal(seal(world, 1), 300);
    disk_make();
    world->options.vfs = DISK_NAME; /* of readers from here on */
    /* first at the look at the archives' digests, then at that at their entries */
    for (int opens = 0; opens < 2; opens++) {
        whose_archive = world;
        opens_before = opens;
        who_goes = 11 + (uint64_t)opens;
        disk_opens = forget_before_an_archive_is_opened;
        assert_int_equal(hr_store_reader_open(&world->options, &reader).code, 0);
        struct hr_arena arena;
        hr_arena_init(&arena, 64 << 20);
        assert_int_equal(hr_store_verify(reader, &arena, &verified).code, 0);
        if (verified.what.size > 0) {
            fail_msg("at %llu: %.*s", (unsigned long long)verified.first_broken,
                     HR_SHOW(verified.what));
        }
        assert_null(disk_opens); /* it did happen */
        assert_int_equal(verified.entries, hr_store_position(world->store));
        assert_int_equal(verified.erased, opens + 1);
        hr_arena_close(&arena);
        hr_store_reader_close(reader);
    }
    world->options.vfs = NULL;
}

static void test_an_archive_that_is_lost_while_it_is_read_is_found(void **state)
{
    struct world *world = *state;
    struct hr_store_reader *report = NULL;
    struct hr_entry entry;
    world_fill(world, 100);
    assert_int_equal(seal(world, 1), 100);
    report = look(world);
    each_file(world->folder, remove_archives, NULL);
    assert_int_equal(hr_store_read_entry_at(report, 12, &world->arena, &entry, NULL).code,
                     HR_E_CORRUPT);
    hr_store_reader_close(report);
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(test_##name, make, drop)
    const struct CMUnitTest tests[] = {
        STORY(what_was_written_verifies),
        STORY(a_flipped_byte_in_a_header_is_found),
        STORY(a_flipped_byte_in_a_body_is_found),
        STORY(a_missing_row_is_found),
        STORY(a_body_that_nobody_forgot_is_missed),
        STORY(a_cut_tail_is_found),
        STORY(a_cut_tail_with_a_mended_tip_is_found_by_who_knows_the_chain),
        STORY(a_damaged_state_is_never_served),
        STORY(a_rebuild_gives_the_same_state),
        STORY(a_rebuild_says_what_was_different),
        STORY(sealed_entries_are_read_verified_and_rebuilt),
        STORY(a_flipped_byte_in_an_archive_is_found),
        STORY(a_lost_archive_is_found),
        STORY(no_byte_of_a_forgotten_person_stays),
        STORY(no_byte_stays_where_rows_moved),
        STORY(sealing_after_forgetting_keeps_nothing),
        STORY(a_reader_delays_the_last_traces_and_no_erasure),
        STORY(traces_that_are_left_are_known_after_a_restart),
        STORY(an_emptied_wal_leaves_nothing_to_copy),
        STORY(a_report_reads_on_while_somebody_is_forgotten),
        STORY(verify_finds_no_damage_where_somebody_is_forgotten_meanwhile),
        STORY(an_archive_that_is_lost_while_it_is_read_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
