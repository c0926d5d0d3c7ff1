/* Verify: walks every entry that was ever written and says where the record first does not hold. It reads in
 * bites, each its own moment, so that a long walk does not keep the WAL from beginning anew. */
#include "store/inside.h"

#include <stdlib.h>

enum { BITE_ENTRIES = 10000, ENTRY_ARENA_BYTES = 64 << 20 };

/* The newest position of each record so far: open addressing, id 0 is an empty place. */
struct positions {
    uint64_t *ids;
    uint64_t *last;
    size_t place_count;
    size_t count;
};

/* Records of which parts are missing, where those are, and records that a forgetting names: one of those that share
 * a missing part must be among them. */
struct ids {
    uint64_t *items;
    size_t count;
    size_t capacity;
};

struct verifying {
    struct hr_store_reader *reader;
    struct hr_arena *into;
    struct hr_verified *verified;
    struct hr_arena entry_arena;
    struct positions positions;
    struct ids missing;
    struct ids missing_at;
    struct ids forgotten;
};

static hr_status broken(struct verifying *it, uint64_t position, struct hr_text what)
{
    it->verified->first_broken = position;
    it->verified->what = what;
    return what.data == NULL ? hr_answer(HR_E_MEMORY) : hr_done();
}

static bool is_broken(const struct verifying *it)
{
    return it->verified->what.size > 0;
}

/* ---- positions of records ------------------------------------------------------------------------------ */

static uint64_t *place_of(struct positions *positions, uint64_t id)
{
    size_t mask = positions->place_count - 1;
    size_t place = (size_t)(id * UINT64_C(0x9E3779B97F4A7C15) >> 20) & mask;
    while (positions->ids[place] != 0 && positions->ids[place] != id) {
        place = (place + 1) & mask;
    }
    if (positions->ids[place] == 0) {
        positions->ids[place] = id;
        positions->count++;
    }
    return &positions->last[place];
}

static hr_status positions_reserve(struct positions *positions)
{
    if (positions->count * 2 < positions->place_count) {
        return hr_done();
    }
    struct positions grown = {.place_count =
                                  positions->place_count == 0 ? 1024 : positions->place_count * 2};
    grown.ids = calloc(grown.place_count, sizeof *grown.ids);
    grown.last = calloc(grown.place_count, sizeof *grown.last);
    if (grown.ids == NULL || grown.last == NULL) {
        free(grown.ids);
        free(grown.last);
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < positions->place_count; i++) {
        if (positions->ids[i] != 0) {
            *place_of(&grown, positions->ids[i]) = positions->last[i];
        }
    }
    free(positions->ids);
    free(positions->last);
    *positions = grown;
    return hr_done();
}

static hr_status ids_add(struct ids *ids, uint64_t id)
{
    if (ids->count == ids->capacity) {
        size_t capacity = ids->capacity * 2 + 64;
        uint64_t *items = realloc(ids->items, capacity * sizeof *items);
        if (items == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        ids->items = items;
        ids->capacity = capacity;
    }
    ids->items[ids->count++] = id;
    return hr_done();
}

/* ---- one entry -------------------------------------------------------------------------------------------- */

static hr_status check_links(struct verifying *it, const struct hr_entry *entry)
{
    for (size_t i = 0; i < entry->link_count; i++) {
        const struct hr_link *link = &entry->links[i];
        HR_TRY(positions_reserve(&it->positions));
        uint64_t *last = place_of(&it->positions, link->record);
        if (*last == entry->position) {
            continue; /* the entry names it twice */
        }
        if (*last != link->previous) {
            return broken(
                it, entry->position,
                hr_text_format(
                    it->into,
                    "it says that record %llu was touched before at %llu, but it was at %llu",
                    (unsigned long long)link->record, (unsigned long long)link->previous,
                    (unsigned long long)*last));
        }
        *last = entry->position;
    }
    return hr_done();
}

static hr_status note_missing(struct verifying *it, const struct hr_entry *entry, size_t part)
{
    for (size_t i = 0; i < entry->link_count; i++) {
        if (entry->links[i].part == part) {
            HR_TRY(ids_add(&it->missing, entry->links[i].record));
            HR_TRY(ids_add(&it->missing_at, entry->position << PART_BITS | part));
        }
    }
    return hr_done();
}

static hr_status check_parts(struct verifying *it, struct hr_entry *entry,
                             const struct stored *stored)
{
    for (size_t i = 0; i < stored->part_count; i++) {
        size_t part = stored->parts[i].index;
        hr_status status = hr_answer(HR_E_CORRUPT);
        if (part < entry->part_count) {
            status = hr_entry_open_part(entry, part, &stored->parts[i].sealed, &it->entry_arena);
        }
        if (status.code == HR_E_CORRUPT) {
            return broken(
                it, entry->position,
                hr_text_format(it->into, "body part %zu is not the one that was written", part));
        }
        HR_TRY(status);
    }
    for (size_t i = 0; i < entry->part_count; i++) {
        it->verified->parts++;
        if (entry->parts[i].erased) {
            it->verified->erased++;
            HR_TRY(note_missing(it, entry, i));
        }
    }
    return hr_done();
}

static hr_status check_entry(struct verifying *it, const struct stored *stored, uint64_t expected)
{
    struct hr_entry entry;
    if (stored->position != expected) {
        return broken(it, expected,
                      hr_text_format(it->into, "the entry is missing; the next one is %llu",
                                     (unsigned long long)stored->position));
    }
    if (!hr_entry_chain_holds(stored->header, &it->verified->chain)) {
        return broken(it, expected, HR_TEXT("the header does not follow from the one before"));
    }
    hr_status status = hr_entry_read(stored->header, &it->entry_arena, &entry);
    if (status.code == HR_E_CORRUPT || (hr_ok(status) && entry.position != expected)) {
        return broken(it, expected, HR_TEXT("the header cannot be read"));
    }
    HR_TRY(status);
    HR_TRY(check_links(it, &entry));
    if (!is_broken(it)) {
        HR_TRY(check_parts(it, &entry, stored));
    }
    for (size_t i = 0; entry.kind == HR_EVENT_erased && i < entry.link_count; i++) {
        HR_TRY(ids_add(&it->forgotten, entry.links[i].record));
    }
    if (!is_broken(it)) {
        it->verified->entries++;
        it->verified->chain = hr_entry_chain(stored->header);
    }
    return hr_done();
}

/* ---- the walk ----------------------------------------------------------------------------------------------- */

static hr_status check_end(struct verifying *it)
{
    const struct hr_store_reader *reader = it->reader;
    if (it->verified->entries != reader->position) {
        return broken(it, it->verified->entries + 1,
                      hr_text_format(it->into,
                                     "the record ends here, but position %llu was written",
                                     (unsigned long long)reader->position));
    }
    if (!hr_digest_equal(&it->verified->chain, &reader->chain)) {
        return broken(it, it->verified->entries,
                      HR_TEXT("the last entry is not the one that was written last"));
    }
    return hr_done();
}

/* One moment's reading; done when the end was reached or something is broken. HR_E_CORRUPT: the entry after those that
 * are verified cannot be read. */
static hr_status bite(struct verifying *it, bool *ret_done)
{
    struct walk walk;
    struct stored stored;
    bool found = true;
    hr_status status = hr_done();
    walk_begin(&walk, &it->reader->lite, &it->reader->shelf, it->verified->entries + 1);
    for (size_t i = 0; i < BITE_ENTRIES && found && hr_ok(status) && !is_broken(it); i++) {
        hr_arena_rewind(&it->entry_arena, (struct hr_arena_mark){0});
        uint64_t expected = it->verified->entries + 1;
        status = walk_next(&walk, &it->entry_arena, &stored, &found);
        if (hr_ok(status) && found) {
            status = check_entry(it, &stored, expected);
        }
    }
    walk_end(&walk);
    *ret_done = !found || is_broken(it);
    if (hr_ok(status) && !found && !is_broken(it)) {
        status = check_end(it);
    }
    return status;
}

/* A forgetting writes an archive anew and removes the old file, which a moment of before still names. So what cannot
 * be read is broken only when it cannot be read in a new moment either. */
static hr_status walk_all(struct verifying *it)
{
    bool done = false;
    uint64_t unreadable = 0; /* in the moment before */
    while (!done) {
        HR_TRY(hr_store_reader_begin(it->reader));
        hr_status status = bite(it, &done);
        hr_store_reader_end(it->reader);
        uint64_t at = it->verified->entries + 1;
        if (status.code == HR_E_CORRUPT && unreadable == at) {
            return broken(it, at, HR_TEXT("it cannot be read"));
        }
        if (status.code == HR_E_CORRUPT) {
            unreadable = at;
            done = false;
            continue;
        }
        HR_TRY(status);
    }
    return hr_done();
}

/* ---- what stands beside the chain ------------------------------------------------------------------------------ */

static hr_status check_archives(struct verifying *it)
{
    uint64_t next = 1;
    bool found = true;
    while (!is_broken(it)) {
        struct archive archive;
        HR_TRY(archive_find(&it->reader->lite, next, &archive, &found));
        if (!found) {
            break;
        }
        bool holds = false;
        hr_status status = archive_digest_holds(&it->reader->shelf, &archive, &holds);
        if (hr_ok(status) ? !holds : status.code == HR_E_CORRUPT) {
            struct archive now;
            HR_TRY(archive_find(&it->reader->lite, next, &now, &found));
            if (!found || now.generation == archive.generation) {
                return broken(it, archive.first,
                              hr_text_format(it->into,
                                             "archive %llu to %llu is not the file that was sealed",
                                             (unsigned long long)archive.first,
                                             (unsigned long long)archive.last));
            }
            continue; /* written anew for an erasure while it was read */
        }
        HR_TRY(status);
        next = archive.last + 1;
    }
    return hr_done();
}

static int compare_ids(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

static bool is_forgotten(const struct verifying *it, uint64_t id)
{
    return it->forgotten.count > 0 &&
           bsearch(&id, it->forgotten.items, it->forgotten.count, sizeof id, compare_ids) != NULL;
}

/* A part that is gone must belong to somebody who was forgotten, or to what their forgetting names. */
static hr_status check_missing(struct verifying *it)
{
    if (it->forgotten.count > 0) {
        qsort(it->forgotten.items, it->forgotten.count, sizeof *it->forgotten.items, compare_ids);
    }
    for (size_t i = 0; i < it->missing.count && !is_broken(it);) {
        uint64_t part = it->missing_at.items[i];
        uint64_t id = it->missing.items[i];
        bool told = false;
        for (; i < it->missing.count && it->missing_at.items[i] == part; i++) {
            told = told || is_forgotten(it, it->missing.items[i]);
        }
        if (!told) {
            return broken(it, part >> PART_BITS,
                          hr_text_format(it->into,
                                         "a body part of record %llu is gone, but nobody forgot it",
                                         (unsigned long long)id));
        }
    }
    return hr_done();
}

static hr_status check_rows(struct verifying *it)
{
    sqlite3_stmt *rows = NULL;
    bool more = true;
    HR_TRY(lite_statement(&it->reader->lite, STATEMENT_records_from, &rows));
    lite_bind_number(rows, 1, 0);
    while (!is_broken(it)) {
        struct hr_text bytes;
        HR_TRY(lite_step(&it->reader->lite, rows, &more));
        if (!more) {
            break;
        }
        uint64_t id = lite_number(rows, 0);
        if (!hr_ok(row_open(id, lite_bytes(rows, 1), &bytes))) {
            struct hr_text what =
                hr_text_format(it->into, "the state of record %llu is damaged: rebuild it",
                               (unsigned long long)id);
            (void)sqlite3_reset(rows);
            return broken(it, it->verified->entries, what);
        }
    }
    (void)sqlite3_reset(rows);
    return hr_done();
}

static hr_status verify(struct verifying *it)
{
    HR_TRY(check_archives(it));
    if (!is_broken(it)) {
        HR_TRY(walk_all(it));
    }
    if (!is_broken(it)) {
        HR_TRY(check_missing(it));
    }
    return is_broken(it) ? hr_done() : check_rows(it);
}

hr_status hr_store_verify(struct hr_store_reader *reader, struct hr_arena *into,
                          struct hr_verified *ret_verified)
{
    struct verifying it = {.reader = reader, .into = into, .verified = ret_verified};
    *ret_verified = (struct hr_verified){0};
    hr_arena_init(&it.entry_arena, ENTRY_ARENA_BYTES);
    hr_status status = verify(&it);
    hr_arena_close(&it.entry_arena);
    free(it.positions.ids);
    free(it.positions.last);
    free(it.missing.items);
    free(it.missing_at.items);
    free(it.forgotten.items);
    return status;
}
