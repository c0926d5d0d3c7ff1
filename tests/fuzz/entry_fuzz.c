/* Stored bytes that somebody changed must be refused, never believed and never crash: headers, parts, records. */
#include "journal/journal.h"
#include "state/state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
        /* what could be read is written the same again, or refused by a limit */
        struct hr_buffer out;
        size_t folded = 0;
        hr_buffer_init(&out, &arena, 4 << 20);
        hr_record_write(&out, record, &folded);
        (void)hr_record_due(record);
    }
    hr_arena_close(&arena);
    return 0;
}
