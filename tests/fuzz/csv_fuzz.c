/* Fuzz: CSV. Every file ends in rows or in a refusal; rows come in order of their lines. */
#include "data/value.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool truth)
{
    if (!truth) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hr_arena arena;
    hr_arena_init(&arena, 256 << 20);
    struct hr_diagnostics found;
    hr_diagnostics_init(&found, &arena);
    struct hr_csv csv;
    hr_status status = hr_csv_open(&csv, (struct hr_text){(const char *)data, size}, &found);
    uint32_t line = 0;
    while (hr_ok(status)) {
        struct hr_text *cells;
        size_t count;
        status = hr_csv_next(&csv, &arena, &found, &cells, &count);
        if (hr_ok(status)) {
            must(count > 0 && csv.line > line);
            line = csv.line;
        }
    }
    must(status.code == HR_CSV_END || found.error_count == 1);
    hr_arena_close(&arena);
    return 0;
}
