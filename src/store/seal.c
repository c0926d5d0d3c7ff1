/* Sealing: the oldest entries move into an archive file; and erasing in files that are sealed: each is written
 * anew without the parts. A file is complete and synced before the commit that registers it, and an old one
 * goes only after; so a crash leaves one or the other, and a stray file that the next start removes. */
#include "store/inside.h"

#include <stdlib.h>
#include <string.h>

enum {
    SEAL_BYTES = 24 << 20
}; /* of headers and bodies: what one commit moves stays well inside the WAL */

/* ---- registering ------------------------------------------------------------------------------------ */

static hr_status register_archive(struct lite *lite, const struct archive *archive)
{
    sqlite3_stmt *put = NULL;
    HR_TRY(lite_statement(lite, STATEMENT_archive_put, &put));
    lite_bind_number(put, 1, archive->first);
    lite_bind_number(put, 2, archive->last);
    lite_bind_number(put, 3, archive->generation);
    lite_bind_bytes(put, 4, archive->digest.bytes, HR_DIGEST_SIZE);
    lite_bind_number(put, 5, archive->size);
    return lite_run(lite, put);
}

static void remove_file(struct hr_store *store, uint64_t first, uint64_t generation)
{
    char path[1100];
    shelf_path(&store->shelf, first, generation, path);
    (void)shelf_remove(&store->shelf,
                       path); /* what stays is removed at the next start, or by scrub */
}

bool archives_in_doubt(hr_status status)
{
    return status.code == HR_E_IO;
}

hr_status archives_tidy(struct hr_store *store)
{
    sqlite3_stmt *from = NULL;
    uint64_t next = 1;
    bool found = true;
    while (true) {
        HR_TRY(lite_statement(&store->lite, STATEMENT_archive_from, &from));
        lite_bind_number(from, 1, next);
        HR_TRY(lite_step(&store->lite, from, &found));
        if (!found) {
            break;
        }
        uint64_t first = lite_number(from, 0);
        uint64_t generation = lite_number(from, 2);
        next = lite_number(from, 1) + 1;
        (void)sqlite3_reset(from);
        remove_file(store, first, generation + 1);
        if (generation > 0) {
            remove_file(store, first, generation - 1);
        }
    }
    remove_file(store, store->sealed + 1, 0);
    return hr_done();
}

/* ---- sealing ------------------------------------------------------------------------------------------ */

static size_t stored_bytes(const struct stored *stored)
{
    size_t bytes = stored->header.size + 64;
    for (size_t i = 0; i < stored->part_count; i++) {
        bytes += stored->parts[i].sealed.bytes.size + 64;
    }
    return bytes;
}

static hr_status write_entries(struct hr_store *store, uint64_t last, struct archive_writer *writer,
                               size_t *ret_bytes)
{
    struct walk walk;
    struct stored stored = {0};
    bool found = true;
    hr_status status = hr_done();
    walk_begin(&walk, &store->lite, &store->shelf, store->sealed + 1);
    while (hr_ok(status) && found && stored.position < last && *ret_bytes < SEAL_BYTES) {
        struct hr_arena_mark mark = hr_arena_mark(&store->scratch);
        status = walk_next(&walk, &store->scratch, &stored, &found);
        if (hr_ok(status) && found) {
            *ret_bytes += stored_bytes(&stored);
            status = archive_writer_add(writer, &stored);
        }
        hr_arena_rewind(&store->scratch, mark);
    }
    walk_end(&walk);
    return status;
}

static hr_status move_rows(struct hr_store *store, const struct archive *archive)
{
    sqlite3_stmt *move = NULL;
    HR_TRY(register_archive(&store->lite, archive));
    HR_TRY(lite_statement(&store->lite, STATEMENT_journal_move, &move));
    lite_bind_number(move, 1, archive->first);
    lite_bind_number(move, 2, archive->last);
    HR_TRY(lite_run(&store->lite, move));
    HR_TRY(lite_statement(&store->lite, STATEMENT_body_move, &move));
    lite_bind_number(move, 1, archive->first << PART_BITS);
    lite_bind_number(move, 2, archive->last << PART_BITS | HR_NO_PART);
    return lite_run(&store->lite, move);
}

static hr_status seal_to(struct hr_store *store, uint64_t last, struct archive_writer *writer,
                         uint64_t *ret_moved)
{
    struct archive archive;
    size_t bytes = 0;
    HR_TRY(write_entries(store, last, writer, &bytes));
    HR_TRY(archive_writer_finish(writer, &store->broken, &archive));
    if (archive.last <= store->sealed) {
        return hr_answer(HR_E_CORRUPT); /* the rows that should be there are not */
    }
    HR_TRY(store_begin(store, bytes / STORE_PAGE_BYTES * 2 + 64));
    HR_TRY(store_end(store, move_rows(store, &archive)));
    *ret_moved = archive.last - store->sealed;
    store->sealed = archive.last;
    return hr_done();
}

hr_status hr_store_seal(struct hr_store *store, uint64_t keep, uint64_t *ret_moved)
{
    *ret_moved = 0;
    keep = keep == 0 ? 1 : keep; /* the newest entry stays: the next one follows from it */
    if (atomic_load(&store->broken)) {
        return hr_answer(HR_E_IO);
    }
    if (store->position <= keep || store->position - keep <= store->sealed) {
        return hr_done();
    }
    uint64_t first = store->sealed + 1;
    uint64_t last = store->position - keep;
    last = last - store->sealed > SEAL_ENTRIES ? store->sealed + SEAL_ENTRIES : last;
    struct archive_writer *writer = NULL;
    hr_status status = archive_writer_open(&store->shelf, first, 0, &writer);
    if (hr_ok(status)) {
        status = seal_to(store, last, writer, ret_moved);
    }
    archive_writer_close(writer);
    if (hr_ok(status)) {
        store_count_archives(store);
    } else if (!archives_in_doubt(status)) {
        remove_file(store, first, 0);
    }
    return status;
}

/* ---- erasing in sealed files ----------------------------------------------------------------------------- */

static int compare_erasures(const void *a, const void *b)
{
    const struct hr_erasure *left = a;
    const struct hr_erasure *right = b;
    if (left->position != right->position) {
        return left->position < right->position ? -1 : 1;
    }
    return (int)left->part - (int)right->part;
}

static bool is_erased(const struct hr_erasure *erasures, size_t count, uint64_t position,
                      uint8_t part)
{
    const struct hr_erasure wanted = {.position = position, .part = part};
    return bsearch(&wanted, erasures, count, sizeof *erasures, compare_erasures) != NULL;
}

static bool touches(const struct hr_erasure *erasures, size_t count, uint64_t first, uint64_t last)
{
    for (size_t i = 0; i < count; i++) {
        if (erasures[i].position >= first && erasures[i].position <= last) {
            return true;
        }
    }
    return false;
}

static hr_status rewrite_frame(struct archive_reader *reader, size_t frame,
                               const struct hr_erasure *erasures, size_t count,
                               struct hr_arena *scratch, struct archive_writer *writer)
{
    struct stored *items = NULL;
    size_t item_count = 0;
    HR_TRY(archive_frame_read(reader, frame, scratch, &items, &item_count));
    for (size_t i = 0; i < item_count; i++) {
        size_t kept = 0;
        for (size_t j = 0; j < items[i].part_count; j++) {
            if (!is_erased(erasures, count, items[i].position, items[i].parts[j].index)) {
                items[i].parts[kept++] = items[i].parts[j];
            }
        }
        items[i].part_count = kept;
        HR_TRY(archive_writer_add(writer, &items[i]));
    }
    return archive_writer_cut(writer);
}

static hr_status rewrite_frames(struct archive_reader *reader, uint64_t last,
                                const struct hr_erasure *erasures, size_t count,
                                struct hr_arena *scratch, struct archive_writer *writer)
{
    for (size_t i = 0; i < reader->frame_count; i++) {
        uint64_t frame_last = i + 1 < reader->frame_count ? reader->frames[i + 1].first - 1 : last;
        if (!touches(erasures, count, reader->frames[i].first, frame_last)) {
            HR_TRY(archive_writer_copy(writer, reader, i));
            continue;
        }
        struct hr_arena_mark mark = hr_arena_mark(scratch);
        hr_status status = rewrite_frame(reader, i, erasures, count, scratch, writer);
        hr_arena_rewind(scratch, mark);
        HR_TRY(status);
    }
    return hr_done();
}

static hr_status rewrite_archive(struct hr_store *store, const struct archive *old,
                                 const struct hr_erasure *erasures, size_t count,
                                 struct archive *ret_new)
{
    struct archive_reader reader;
    struct archive_writer *writer = NULL;
    struct hr_arena scratch;
    hr_arena_init(&scratch, 512 << 20);
    hr_status status = archive_open(&store->shelf, old, &scratch, &reader);
    if (hr_ok(status)) {
        status = archive_writer_open(&store->shelf, old->first, old->generation + 1, &writer);
        if (hr_ok(status)) {
            status = rewrite_frames(&reader, old->last, erasures, count, &scratch, writer);
        }
        if (hr_ok(status)) {
            status = archive_writer_finish(writer, &store->broken, ret_new);
        }
        ret_new->last = old->last;
        archive_writer_close(writer);
        archive_close(&reader);
    }
    hr_arena_close(&scratch);
    HR_TRY(status);
    return register_archive(&store->lite, ret_new);
}

hr_status archives_erase(struct hr_store *store, const struct hr_erasure *erasures, size_t count,
                         struct hr_arena *into, struct rewrites *ret_rewrites)
{
    struct hr_erasure *sorted = hr_arena_new_many(into, struct hr_erasure, count);
    ret_rewrites->old = hr_arena_new_many(into, struct archive, count);
    ret_rewrites->new = hr_arena_new_many(into, struct archive, count);
    if (sorted == NULL || ret_rewrites->old == NULL || ret_rewrites->new == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    size_t sealed = 0;
    for (size_t i = 0; i < count; i++) {
        if (erasures[i].position <= store->sealed) {
            sorted[sealed++] = erasures[i];
        }
    }
    qsort(sorted, sealed, sizeof *sorted, compare_erasures);
    for (size_t i = 0; i < sealed;) {
        bool found = false;
        struct archive *old = &ret_rewrites->old[ret_rewrites->count];
        struct archive *new = &ret_rewrites->new[ret_rewrites->count];
        HR_TRY(archive_find(&store->lite, sorted[i].position, old, &found));
        if (!found) {
            return hr_answer(HR_E_CORRUPT);
        }
        *new = (struct archive){.first = old->first, .generation = old->generation + 1};
        ret_rewrites->count++; /* counted first, so that a half-written file is removed */
        HR_TRY(rewrite_archive(store, old, sorted, sealed, new));
        while (i < sealed && sorted[i].position <= old->last) {
            i++;
        }
    }
    return hr_done();
}

void archives_settle(struct hr_store *store, const struct rewrites *rewrites, bool kept)
{
    for (size_t i = 0; i < rewrites->count; i++) {
        const struct archive *needless = kept ? &rewrites->old[i] : &rewrites->new[i];
        remove_file(store, needless->first, needless->generation);
    }
}
