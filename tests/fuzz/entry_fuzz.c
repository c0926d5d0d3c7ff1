/* Stored bytes that somebody changed must be refused, never believed and never crash: headers, parts, records. */
#include "journal/journal.h"
#include "state/state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What could be read is written, read back and written the same again, or refused by a limit. */
static void check_written(const struct hr_record *record, struct hr_arena *arena)
{
    struct hr_buffer first;
    struct hr_buffer second;
    struct hr_record *back = NULL;
    size_t folded = 0;
    hr_buffer_init(&first, arena, 4 << 20);
    hr_buffer_init(&second, arena, 4 << 20);
    hr_record_write(&first, record, &folded);
    if (!hr_ok(hr_buffer_status(&first))) {
        return;
    }
    hr_status status = hr_record_read(record->id, hr_buffer_text(&first), arena, &back);
    if (status.code == HR_E_MEMORY) {
        return;
    }
    hr_assert(hr_ok(status));
    hr_record_write(&second, back, &folded);
    if (second.starved) {
        return;
    }
    hr_assert(hr_text_equal(hr_buffer_text(&first), hr_buffer_text(&second)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hr_arena arena;
    struct hr_entry entry;
    struct hr_record *record = NULL;
    const struct hr_text bytes = {(const char *)data, size};
    hr_arena_init(&arena, 16 << 20);
    if (hr_ok(hr_entry_read(bytes, &arena, &entry))) {
        for (size_t i = 0; i < entry.link_count; i++) {
            hr_assert(entry.links[i].part == HR_NO_PART || entry.links[i].part < entry.part_count);
        }
    }
    if (hr_ok(hr_record_read(HR_RECORD_FIRST, bytes, &arena, &record))) {
        check_written(record, &arena);
        (void)hr_record_due(record);
    }
    hr_arena_close(&arena);
    return 0;
}
