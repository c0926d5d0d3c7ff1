/* Fuzz: JSON. Whatever comes in, reading answers or refuses; what was read is written, read again
 * and the same. */
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
    struct hr_text text = {(const char *)data, size};
    struct hr_value value, again;
    if (!hr_ok(hr_json_read(&arena, text, NULL, &found, &value))) {
        must(found.error_count == 1 && found.items[0].place.line > 0);
    } else {
        struct hr_buffer out;
        hr_buffer_init(&out, &arena, 32 << 20);
        hr_json_write(&out, &value);
        must(hr_ok(hr_buffer_status(&out)));
        must(hr_ok(hr_json_read(&arena, hr_buffer_text(&out), NULL, NULL, &again)));
        must(hr_value_equal(&value, &again));
        must(hr_text_is_utf8(hr_value_show(&arena, &value)));
    }
    hr_arena_close(&arena);
    return 0;
}
