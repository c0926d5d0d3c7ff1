/* How the tests of insight look at what people read. Part of insight_world.h, which includes it last. */
#ifndef HR_TESTS_INSIGHT_SAYS_H
#define HR_TESTS_INSIGHT_SAYS_H

#include "unit/insight_world.h"

static inline bool world_says(struct hr_text text, const char *part)
{
    return hr_text_search(text, hr_text_from(part)) < text.size;
}

static inline void assert_says(struct hr_text text, const char *part)
{
    if (!world_says(text, part)) {
        fail_msg("\"%s\" is not said in:\n%.*s", part, HR_SHOW(text));
    }
}

static inline void assert_silent(struct hr_text text, const char *part)
{
    if (world_says(text, part)) {
        fail_msg("\"%s\" must not be said in:\n%.*s", part, HR_SHOW(text));
    }
}

static inline struct hr_text world_json(struct world *world, const struct hr_value *value)
{
    struct hr_buffer out;
    hr_buffer_init(&out, &world->answers, 1 << 20);
    hr_json_write(&out, value);
    assert_true(hr_ok(hr_buffer_status(&out)));
    return hr_buffer_text(&out);
}

/* Compares a page with tests/golden/insight/NAME.txt; HR_UPDATE_GOLDEN=1 writes it anew. */
static inline void assert_golden(struct world *world, const char *name, struct hr_text text)
{
    char relative[256];
    char path[1024];
    (void)snprintf(relative, sizeof relative, "tests/golden/insight/%s.txt", name);
    project_path(path, sizeof path, relative);
    if (getenv("HR_UPDATE_GOLDEN") != NULL) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(text.data, 1, text.size, file), text.size);
        assert_int_equal(fclose(file), 0);
    }
    struct hr_text golden = read_whole(&world->answers, path);
    if (!hr_text_equal(golden, text)) {
        fail_msg("%s differs from what is said now:\n%.*s", relative, HR_SHOW(text));
    }
}

#endif
