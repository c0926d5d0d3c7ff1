/* Entries in the order of their positions, wherever they lie: first the archives, then the live tables, headers and
 * bodies side by side. */
#include "store/inside.h"

#include <string.h>

enum { FRAME_ARENA_BYTES = 256 << 20 };

/* ---- archives, as registered ------------------------------------------------------------------------ */

static hr_status archive_row(sqlite3_stmt *row, struct archive *ret_archive)
{
    struct hr_text digest = lite_bytes(row, 3);
    if (digest.size != HR_DIGEST_SIZE) {
        return hr_answer(HR_E_CORRUPT);
    }
    *ret_archive = (struct archive){.first = lite_number(row, 0),
                                    .last = lite_number(row, 1),
                                    .generation = lite_number(row, 2),
                                    .size = lite_number(row, 4)};
    memcpy(ret_archive->digest.bytes, digest.data, HR_DIGEST_SIZE);
    return hr_done();
}

hr_status archive_find(struct lite *lite, uint64_t position, struct archive *ret_archive,
                       bool *ret_found)
{
    sqlite3_stmt *find = NULL;
    HR_TRY(lite_statement(lite, STATEMENT_archive_at, &find));
    lite_bind_number(find, 1, position);
    HR_TRY(lite_step(lite, find, ret_found));
    if (!*ret_found) {
        return hr_done();
    }
    hr_status status = archive_row(find, ret_archive);
    (void)sqlite3_reset(find);
    *ret_found = hr_ok(status) && position <= ret_archive->last;
    return status;
}

/* ---- copies ------------------------------------------------------------------------------------------- */

static hr_status copy_text(struct hr_arena *into, struct hr_text from, struct hr_text *ret_text)
{
    *ret_text = hr_text_copy(into, from);
    return ret_text->data == NULL ? hr_answer(HR_E_MEMORY) : hr_done();
}

static hr_status copy_stored(const struct stored *from, struct hr_arena *into,
                             struct stored *ret_stored)
{
    *ret_stored = *from;
    HR_TRY(copy_text(into, from->header, &ret_stored->header));
    ret_stored->parts = hr_arena_new_many(into, struct stored_part, from->part_count);
    if (ret_stored->parts == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < from->part_count; i++) {
        ret_stored->parts[i] = from->parts[i];
        HR_TRY(copy_text(into, from->parts[i].sealed.bytes, &ret_stored->parts[i].sealed.bytes));
    }
    return hr_done();
}

/* A body row as a part; a salt of zeros says that it is erased. */
static hr_status add_part(sqlite3_stmt *body, struct hr_arena *into, size_t *capacity,
                          struct stored *stored)
{
    static const uint8_t zeros[HR_SALT_SIZE];
    struct hr_text salt = lite_bytes(body, 1);
    if (salt.size != HR_SALT_SIZE) {
        return hr_answer(HR_E_CORRUPT);
    }
    if (memcmp(salt.data, zeros, HR_SALT_SIZE) == 0) {
        return hr_done();
    }
    struct stored_part *parts =
        hr_list_grow(into, stored->parts, stored->part_count, capacity, sizeof *parts);
    if (parts == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    stored->parts = parts;
    struct stored_part *part = &parts[stored->part_count++];
    part->index = (uint8_t)lite_number(body, 0);
    memcpy(part->sealed.salt, salt.data, HR_SALT_SIZE);
    return copy_text(into, lite_bytes(body, 2), &part->sealed.bytes);
}

hr_status stored_open(const struct stored *stored, struct hr_arena *into,
                      struct hr_entry *ret_entry)
{
    HR_TRY(hr_entry_read(stored->header, into, ret_entry));
    for (size_t i = 0; i < stored->part_count; i++) {
        if (stored->parts[i].index >= ret_entry->part_count) {
            return hr_answer(HR_E_CORRUPT);
        }
        HR_TRY(
            hr_entry_open_part(ret_entry, stored->parts[i].index, &stored->parts[i].sealed, into));
    }
    return hr_done();
}

/* ---- one entry ---------------------------------------------------------------------------------------- */

static hr_status archived_at(const struct shelf *shelf, const struct archive *archive,
                             uint64_t position, struct hr_arena *into, struct stored *ret_stored,
                             bool *ret_found)
{
    struct archive_reader reader;
    struct stored *items = NULL;
    size_t count = 0;
    HR_TRY(archive_open_or_newer(shelf, archive, into, &reader));
    hr_status status =
        archive_frame_read(&reader, archive_frame_of(&reader, position), into, &items, &count);
    archive_close(&reader);
    for (size_t i = 0; hr_ok(status) && i < count && !*ret_found; i++) {
        if (items[i].position == position) {
            *ret_stored = items[i];
            *ret_found = true;
        }
    }
    return status;
}

static hr_status live_parts(struct lite *lite, struct hr_arena *into, struct stored *stored)
{
    sqlite3_stmt *body = NULL;
    size_t capacity = 0;
    bool more = false;
    HR_TRY(lite_statement(lite, STATEMENT_body_between, &body));
    lite_bind_number(body, 1, stored->position << PART_BITS);
    lite_bind_number(body, 2, stored->position << PART_BITS | HR_NO_PART);
    HR_TRY(lite_step(lite, body, &more));
    while (more) {
        hr_status status = add_part(body, into, &capacity, stored);
        if (!hr_ok(status)) {
            (void)sqlite3_reset(body);
            return status;
        }
        HR_TRY(lite_step(lite, body, &more));
    }
    return hr_done();
}

hr_status stored_at(struct lite *lite, const struct shelf *shelf, uint64_t position,
                    struct hr_arena *into, struct stored *ret_stored, bool *ret_found)
{
    sqlite3_stmt *get = NULL;
    *ret_stored = (struct stored){.position = position};
    HR_TRY(lite_statement(lite, STATEMENT_journal_get, &get));
    lite_bind_number(get, 1, position);
    HR_TRY(lite_step(lite, get, ret_found));
    if (*ret_found) {
        hr_status status = copy_text(into, lite_bytes(get, 0), &ret_stored->header);
        (void)sqlite3_reset(get);
        HR_TRY(status);
        return live_parts(lite, into, ret_stored);
    }
    struct archive archive;
    HR_TRY(archive_find(lite, position, &archive, ret_found));
    if (!*ret_found) {
        return hr_done();
    }
    *ret_found = false;
    return archived_at(shelf, &archive, position, into, ret_stored, ret_found);
}

/* ---- all of them ---------------------------------------------------------------------------------------- */

void walk_begin(struct walk *walk, struct lite *lite, const struct shelf *shelf, uint64_t from)
{
    *walk = (struct walk){.lite = lite, .shelf = shelf, .next = from};
    hr_arena_init(&walk->frame_arena, FRAME_ARENA_BYTES);
}

void walk_end(struct walk *walk)
{
    (void)sqlite3_reset(walk->journal);
    (void)sqlite3_reset(walk->body);
    archive_close(&walk->archive);
    hr_arena_close(&walk->frame_arena);
}

static hr_status live_begin(struct walk *walk)
{
    HR_TRY(lite_statement(walk->lite, STATEMENT_journal_from, &walk->journal));
    lite_bind_number(walk->journal, 1, walk->next);
    HR_TRY(lite_statement(walk->lite, STATEMENT_body_from, &walk->body));
    lite_bind_number(walk->body, 1, walk->next << PART_BITS);
    HR_TRY(lite_step(walk->lite, walk->body, &walk->body_has_row));
    walk->live = true;
    return hr_done();
}

static hr_status live_next(struct walk *walk, struct hr_arena *into, struct stored *ret_stored,
                           bool *ret_found)
{
    size_t capacity = 0;
    HR_TRY(lite_step(walk->lite, walk->journal, ret_found));
    if (!*ret_found) {
        return hr_done();
    }
    *ret_stored = (struct stored){.position = lite_number(walk->journal, 0)};
    HR_TRY(copy_text(into, lite_bytes(walk->journal, 1), &ret_stored->header));
    while (walk->body_has_row) {
        uint64_t position = lite_number(walk->body, 0) >> PART_BITS;
        if (position > ret_stored->position) {
            break;
        }
        if (position == ret_stored->position) {
            HR_TRY(add_part(walk->body, into, &capacity, ret_stored));
        }
        HR_TRY(lite_step(walk->lite, walk->body, &walk->body_has_row));
    }
    return hr_done();
}

/* Opens the frame that holds `next`; found false when it is not archived. */
static hr_status frame_next(struct walk *walk, bool *ret_found)
{
    hr_arena_rewind(&walk->frame_arena, (struct hr_arena_mark){0});
    archive_close(&walk->archive);
    struct archive archive;
    HR_TRY(archive_find(walk->lite, walk->next, &archive, ret_found));
    if (!*ret_found) {
        return hr_done();
    }
    HR_TRY(archive_open(walk->shelf, &archive, &walk->frame_arena, &walk->archive));
    size_t frame = archive_frame_of(&walk->archive, walk->next);
    HR_TRY(archive_frame_read(&walk->archive, frame, &walk->frame_arena, &walk->items,
                              &walk->item_count));
    walk->item_at = 0;
    while (walk->item_at < walk->item_count && walk->items[walk->item_at].position < walk->next) {
        walk->item_at++;
    }
    /* inside a registered archive every position is there */
    return walk->item_at < walk->item_count ? hr_done() : hr_answer(HR_E_CORRUPT);
}

hr_status walk_next(struct walk *walk, struct hr_arena *into, struct stored *ret_stored,
                    bool *ret_found)
{
    if (!walk->live && walk->item_at == walk->item_count) {
        bool archived = false;
        HR_TRY(frame_next(walk, &archived));
        if (!archived) {
            HR_TRY(live_begin(walk));
        }
    }
    if (walk->live) {
        HR_TRY(live_next(walk, into, ret_stored, ret_found));
    } else {
        HR_TRY(copy_stored(&walk->items[walk->item_at++], into, ret_stored));
        *ret_found = true;
    }
    if (*ret_found) {
        walk->next = ret_stored->position + 1;
    }
    return hr_done();
}
