/* Archive files: sealed segments of the journal, written once and read by position.
 *
 *     head     "HRDARC1\n"
 *     frames   each up to 256 entries, zstd with its own checksum
 *     index    a row a frame: first position, offset, size, plain size (32 bytes)
 *     foot     offset of the index, number of frames, "HRDA" (16 bytes)
 *
 * The digest of the whole file stands in the database, so a file that was changed or swapped is found. */
#include "store/inside.h"

#include <sodium/crypto_generichash_blake2b.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

enum {
    HEAD_BYTES = 8,
    FOOT_BYTES = 16,
    INDEX_ROW_BYTES = 32,
    FRAME_ENTRIES = 256,
    FRAME_PLAIN_CUT = 1 << 20, /* a frame with large bodies ends earlier */
    FRAME_PLAIN_MAX = 64 << 20,
    FRAMES_MAX = 1 << 20,
    LEVEL = 6
};
static const char head[HEAD_BYTES + 1] = "HRDARC1\n";
static const uint32_t foot_mark = 0x41445248; /* "HRDA" */

struct archive_writer {
    struct shelf_file file;
    uint64_t first;
    uint64_t last;
    uint64_t generation;
    struct hr_arena arena;
    struct hr_buffer plain; /* of the frame that is open */
    size_t plain_entries;
    uint64_t plain_first;
    ZSTD_CCtx *context;
    char *packed;
    size_t packed_capacity;
    struct archive_frame *frames;
    size_t frame_count;
    size_t frame_capacity;
    struct hr_arena frames_arena;
    crypto_generichash_blake2b_state digest;
};

static uint64_t number_at(const char *bytes, size_t size)
{
    uint64_t number = 0;
    memcpy(&number, bytes, size); /* little-endian, as fetch.c asserts */
    return number;
}

/* ---- writing ------------------------------------------------------------------------------------- */

static hr_status append(struct archive_writer *writer, const void *bytes, size_t size)
{
    (void)crypto_generichash_blake2b_update(&writer->digest, bytes, size);
    return shelf_append(&writer->file, bytes, size);
}

hr_status archive_writer_open(const struct shelf *shelf, uint64_t first, uint64_t generation,
                              struct archive_writer **ret_writer)
{
    struct archive_writer *writer = calloc(1, sizeof *writer);
    *ret_writer = writer;
    if (writer == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    writer->first = first;
    writer->generation = generation;
    hr_arena_init(&writer->arena, 4 * (size_t)FRAME_PLAIN_MAX);
    hr_arena_init(&writer->frames_arena, 256 << 20);
    (void)crypto_generichash_blake2b_init(&writer->digest, NULL, 0, HR_DIGEST_SIZE);
    writer->context = ZSTD_createCCtx();
    if (writer->context == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    (void)ZSTD_CCtx_setParameter(writer->context, ZSTD_c_compressionLevel, LEVEL);
    (void)ZSTD_CCtx_setParameter(writer->context, ZSTD_c_checksumFlag, 1);
    char path[1100];
    shelf_path(shelf, first, generation, path);
    HR_TRY(shelf_open(shelf, path, true, &writer->file));
    return append(writer, head, HEAD_BYTES);
}

void archive_writer_close(struct archive_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    shelf_close(&writer->file);
    (void)ZSTD_freeCCtx(writer->context);
    free(writer->packed);
    hr_arena_close(&writer->arena);
    hr_arena_close(&writer->frames_arena);
    free(writer);
}

static hr_status add_frame(struct archive_writer *writer, uint64_t first, uint32_t plain_size,
                           const void *packed, size_t size)
{
    struct archive_frame *frames =
        hr_list_grow(&writer->frames_arena, writer->frames, writer->frame_count,
                     &writer->frame_capacity, sizeof *frames);
    if (frames == NULL || writer->frame_count >= FRAMES_MAX) {
        return hr_answer(frames == NULL ? HR_E_MEMORY : HR_E_LIMIT);
    }
    writer->frames = frames;
    frames[writer->frame_count++] = (struct archive_frame){.first = first,
                                                           .offset = (uint64_t)writer->file.size,
                                                           .size = (uint32_t)size,
                                                           .plain_size = plain_size};
    return append(writer, packed, size);
}

hr_status archive_writer_cut(struct archive_writer *writer)
{
    if (writer->plain_entries == 0) {
        return hr_done();
    }
    HR_TRY(hr_buffer_status(&writer->plain));
    size_t bound = ZSTD_compressBound(writer->plain.size);
    if (writer->packed_capacity < bound) {
        char *packed = realloc(writer->packed, bound);
        if (packed == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        writer->packed = packed;
        writer->packed_capacity = bound;
    }
    size_t size = ZSTD_compress2(writer->context, writer->packed, writer->packed_capacity,
                                 writer->plain.data, writer->plain.size);
    if (ZSTD_isError(size)) {
        return hr_answer(HR_E_MEMORY); /* the only failure left with room enough */
    }
    HR_TRY(
        add_frame(writer, writer->plain_first, (uint32_t)writer->plain.size, writer->packed, size));
    writer->plain_entries = 0;
    writer->plain.size = 0;
    return hr_done();
}

hr_status archive_writer_add(struct archive_writer *writer, const struct stored *stored)
{
    if (writer->plain_entries == 0 && writer->plain.arena == NULL) {
        hr_buffer_init(&writer->plain, &writer->arena, FRAME_PLAIN_MAX);
    }
    if (writer->plain_entries == 0) {
        writer->plain_first = stored->position;
    }
    struct hr_buffer *plain = &writer->plain;
    hr_put_uint(plain, stored->position);
    hr_put_text(plain, stored->header);
    hr_put_uint(plain, stored->part_count);
    for (size_t i = 0; i < stored->part_count; i++) {
        hr_put_uint(plain, stored->parts[i].index);
        hr_put_bytes(plain, stored->parts[i].sealed.salt, HR_SALT_SIZE);
        hr_put_text(plain, stored->parts[i].sealed.bytes);
    }
    writer->plain_entries++;
    writer->last = stored->position;
    if (writer->plain_entries >= FRAME_ENTRIES || plain->size >= FRAME_PLAIN_CUT) {
        return archive_writer_cut(writer);
    }
    return hr_buffer_status(plain);
}

hr_status archive_writer_copy(struct archive_writer *writer, struct archive_reader *from,
                              size_t frame)
{
    HR_TRY(archive_writer_cut(writer));
    const struct archive_frame *source = &from->frames[frame];
    char *packed = malloc(source->size);
    if (packed == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    hr_status status = shelf_read(&from->file, (int64_t)source->offset, packed, source->size);
    if (hr_ok(status)) {
        status = add_frame(writer, source->first, source->plain_size, packed, source->size);
    }
    free(packed);
    return status;
}

static hr_status write_index(struct archive_writer *writer)
{
    uint64_t offset = (uint64_t)writer->file.size;
    for (size_t i = 0; i < writer->frame_count; i++) {
        char row[INDEX_ROW_BYTES] = {0};
        memcpy(row, &writer->frames[i].first, 8);
        memcpy(row + 8, &writer->frames[i].offset, 8);
        memcpy(row + 16, &writer->frames[i].size, 4);
        memcpy(row + 20, &writer->frames[i].plain_size, 4);
        HR_TRY(append(writer, row, sizeof row));
    }
    char foot[FOOT_BYTES];
    uint32_t count = (uint32_t)writer->frame_count;
    memcpy(foot, &offset, 8);
    memcpy(foot + 8, &count, 4);
    memcpy(foot + 12, &foot_mark, 4);
    return append(writer, foot, sizeof foot);
}

hr_status archive_writer_finish(struct archive_writer *writer, atomic_bool *broken,
                                struct archive *ret_archive)
{
    HR_TRY(archive_writer_cut(writer));
    HR_TRY(write_index(writer));
    HR_TRY(shelf_sync(&writer->file, broken));
    *ret_archive = (struct archive){
        .first = writer->first, .last = writer->last, .generation = writer->generation};
    ret_archive->size = (uint64_t)writer->file.size;
    (void)crypto_generichash_blake2b_final(&writer->digest, ret_archive->digest.bytes,
                                           HR_DIGEST_SIZE);
    return hr_done();
}

/* ---- reading ---------------------------------------------------------------------------------------- */

static hr_status read_index(struct archive_reader *reader, struct hr_arena *into)
{
    char foot[FOOT_BYTES];
    HR_TRY(shelf_read(&reader->file, reader->file.size - FOOT_BYTES, foot, sizeof foot));
    uint64_t offset = number_at(foot, 8);
    uint64_t count = number_at(foot + 8, 4);
    uint64_t end = (uint64_t)reader->file.size - FOOT_BYTES;
    if (number_at(foot + 12, 4) != foot_mark || count == 0 || count > FRAMES_MAX || offset > end ||
        end - offset != count * INDEX_ROW_BYTES) {
        return hr_answer(HR_E_CORRUPT);
    }
    char *rows = hr_arena_alloc(into, count * INDEX_ROW_BYTES);
    reader->frames = hr_arena_new_many(into, struct archive_frame, count);
    if (rows == NULL || reader->frames == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    HR_TRY(shelf_read(&reader->file, (int64_t)offset, rows, count * INDEX_ROW_BYTES));
    for (size_t i = 0; i < count; i++) {
        const char *row = rows + i * INDEX_ROW_BYTES;
        struct archive_frame *frame = &reader->frames[i];
        *frame = (struct archive_frame){number_at(row, 8), number_at(row + 8, 8),
                                        (uint32_t)number_at(row + 16, 4),
                                        (uint32_t)number_at(row + 20, 4)};
        if (frame->offset > offset || frame->size > offset - frame->offset ||
            frame->plain_size > FRAME_PLAIN_MAX) {
            return hr_answer(HR_E_CORRUPT);
        }
    }
    reader->frame_count = count;
    return hr_done();
}

/* size 0: whatever it has. */
static hr_status open_generation(const struct shelf *shelf, const struct archive *archive,
                                 uint64_t generation, uint64_t size, struct hr_arena *into,
                                 struct archive_reader *ret_reader)
{
    char path[1100];
    *ret_reader = (struct archive_reader){0};
    shelf_path(shelf, archive->first, generation, path);
    HR_TRY(shelf_open(shelf, path, false, &ret_reader->file));
    hr_status status = hr_answer(HR_E_CORRUPT);
    uint64_t found = (uint64_t)ret_reader->file.size;
    if ((size == 0 || found == size) && found >= HEAD_BYTES + FOOT_BYTES) {
        status = read_index(ret_reader, into);
    }
    if (!hr_ok(status)) {
        archive_close(ret_reader);
    }
    return status;
}

hr_status archive_open(const struct shelf *shelf, const struct archive *archive,
                       struct hr_arena *into, struct archive_reader *ret_reader)
{
    return archive->size == 0 ? hr_answer(HR_E_CORRUPT)
                              : open_generation(shelf, archive, archive->generation, archive->size,
                                                into, ret_reader);
}

hr_status archive_open_or_newer(const struct shelf *shelf, const struct archive *archive,
                                struct hr_arena *into, struct archive_reader *ret_reader)
{
    enum { ERASURES_MAX = 16 }; /* that may have come while somebody reads */
    hr_status status = archive_open(shelf, archive, into, ret_reader);
    for (uint64_t i = 1; status.code == HR_E_CORRUPT && i <= ERASURES_MAX; i++) {
        status = open_generation(shelf, archive, archive->generation + i, 0, into, ret_reader);
    }
    return status;
}

void archive_close(struct archive_reader *reader)
{
    if (reader->file.handle != NULL) {
        shelf_close(&reader->file);
    }
}

size_t archive_frame_of(const struct archive_reader *reader, uint64_t position)
{
    size_t frame = 0;
    while (frame + 1 < reader->frame_count && reader->frames[frame + 1].first <= position) {
        frame++;
    }
    return frame;
}

static hr_status unpack(struct archive_reader *reader, const struct archive_frame *frame,
                        struct hr_arena *into, struct hr_text *ret_plain)
{
    char *packed = malloc((size_t)frame->size + 1);
    char *plain = hr_arena_alloc(into, frame->plain_size);
    if (packed == NULL || plain == NULL) {
        free(packed);
        return hr_answer(HR_E_MEMORY);
    }
    hr_status status = shelf_read(&reader->file, (int64_t)frame->offset, packed, frame->size);
    if (hr_ok(status)) {
        size_t size = ZSTD_decompress(plain, frame->plain_size, packed, frame->size);
        status = hr_answer(size == frame->plain_size ? 0 : HR_E_CORRUPT);
    }
    free(packed);
    *ret_plain = (struct hr_text){plain, frame->plain_size};
    return status;
}

static hr_status get_stored(struct hr_reader *in, struct hr_arena *into, struct stored *stored)
{
    stored->position = hr_get_uint(in);
    stored->header = hr_get_text(in);
    stored->part_count = (size_t)hr_get_uint_max(in, HR_NO_PART);
    stored->parts = hr_arena_new_many(into, struct stored_part, stored->part_count);
    if (stored->parts == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < stored->part_count; i++) {
        stored->parts[i].index = (uint8_t)hr_get_uint_max(in, HR_NO_PART);
        hr_get_bytes(in, stored->parts[i].sealed.salt, HR_SALT_SIZE);
        stored->parts[i].sealed.bytes = hr_get_text(in);
    }
    return in->failed ? hr_answer(HR_E_CORRUPT) : hr_done();
}

hr_status archive_frame_read(struct archive_reader *reader, size_t frame, struct hr_arena *into,
                             struct stored **ret_items, size_t *ret_count)
{
    struct hr_text plain = HR_TEXT_NONE;
    hr_assert(frame < reader->frame_count);
    HR_TRY(unpack(reader, &reader->frames[frame], into, &plain));
    struct hr_reader in = hr_reader_over(plain);
    *ret_items = hr_arena_new_many(into, struct stored, FRAME_ENTRIES);
    *ret_count = 0;
    if (*ret_items == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    while (!hr_reader_finished(&in)) {
        if (in.failed || *ret_count == FRAME_ENTRIES) {
            return hr_answer(HR_E_CORRUPT);
        }
        HR_TRY(get_stored(&in, into, &(*ret_items)[(*ret_count)++]));
    }
    return hr_done();
}

hr_status archive_digest_holds(const struct shelf *shelf, const struct archive *archive,
                               bool *ret_holds)
{
    enum { STEP = 1 << 16 };
    char path[1100];
    struct shelf_file file;
    *ret_holds = false;
    shelf_path(shelf, archive->first, archive->generation, path);
    HR_TRY(shelf_open(shelf, path, false, &file));
    char *bytes = malloc(STEP);
    hr_status status = bytes == NULL ? hr_answer(HR_E_MEMORY) : hr_done();
    crypto_generichash_blake2b_state state;
    (void)crypto_generichash_blake2b_init(&state, NULL, 0, HR_DIGEST_SIZE);
    for (int64_t at = 0; hr_ok(status) && at < file.size; at += STEP) {
        size_t size = file.size - at < STEP ? (size_t)(file.size - at) : STEP;
        status = shelf_read(&file, at, bytes, size);
        (void)crypto_generichash_blake2b_update(&state, (const unsigned char *)bytes, size);
    }
    struct hr_digest digest;
    (void)crypto_generichash_blake2b_final(&state, digest.bytes, HR_DIGEST_SIZE);
    *ret_holds = hr_ok(status) && hr_digest_equal(&digest, &archive->digest);
    free(bytes);
    shelf_close(&file);
    return status;
}
