/* Fuzz: JSON. Whatever comes in, reading answers or refuses, in the same way with every kind of
 * instructions; what was read is written, read again and the same, and so is its canonical form. */
#include "data/json_reader.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool truth)
{
    if (!truth) {
        abort();
    }
}

static struct hr_text written(struct hr_arena *arena, const struct hr_value *value, bool canonical)
{
    struct hr_buffer out;
    hr_buffer_init(&out, arena, 32 << 20);
    if (canonical) {
        hr_json_write_canonical(&out, value);
    } else {
        hr_json_write(&out, value);
    }
    must(hr_ok(hr_buffer_status(&out)));
    return hr_buffer_text(&out);
}

/* The other ways to find marks come to the same value, or to the same complaint. */
static void compare_paths(struct hr_arena *arena, struct hr_text text, const struct hr_value *value,
                          const struct hr_diagnostics *found)
{
    for (enum hr_json_path path = HR_JSON_portable; path < HR_JSON_PATHS; path++) {
        struct hr_diagnostics other;
        hr_diagnostics_init(&other, arena);
        struct hr_value again;
        if (!hr_json_path_works(path)) {
            continue;
        }
        bool read = hr_ok(hr_json_read_by(path, arena, text, NULL, &other, &again));
        must(read == (value != NULL));
        if (value != NULL) {
            must(hr_value_equal(value, &again));
        } else {
            must(other.items[0].code == found->items[0].code &&
                 other.items[0].place.line == found->items[0].place.line &&
                 other.items[0].place.column == found->items[0].place.column);
        }
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
        compare_paths(&arena, text, NULL, &found);
    } else {
        compare_paths(&arena, text, &value, &found);
        struct hr_text out = written(&arena, &value, false);
        must(hr_ok(hr_json_read(&arena, out, NULL, NULL, &again)));
        must(hr_value_equal(&value, &again));
        must(hr_text_is_utf8(hr_value_show(&arena, &value)));
        struct hr_text canonical = written(&arena, &value, true);
        must(hr_ok(hr_json_read(&arena, canonical, NULL, NULL, &again)));
        must(hr_text_equal(canonical, written(&arena, &again, true)));
    }
    hr_arena_close(&arena);
    return 0;
}
