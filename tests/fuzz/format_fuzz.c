/* Fuzz: laying a workspace file out. Whatever is read says the same afterwards, and is laid out
 * already. */
#include "data/yaml.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool truth)
{
    if (!truth) {
        abort();
    }
}

/* Depth is at most HR_YAML_DEPTH_MAX. */
static bool same(const struct hr_node *a, const struct hr_node *b)
{
    bool equal = a->kind == b->kind && a->style == b->style && a->count == b->count &&
                 hr_text_equal(a->scalar, b->scalar);
    for (size_t i = 0; equal && i < a->count; i++) {
        equal = a->kind == HR_NODE_list ? same(a->items[i], b->items[i])
                                        : same(a->pairs[i].key, b->pairs[i].key) &&
                                              same(a->pairs[i].value, b->pairs[i].value);
    }
    return equal;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hr_arena arena;
    struct hr_text name = HR_TEXT("fuzz.yaml");
    struct hr_text text = {(const char *)data, size};
    struct hr_text once = HR_TEXT_NONE;
    struct hr_text twice = HR_TEXT_NONE;
    struct hr_node *before = NULL;
    struct hr_node *after = NULL;
    hr_arena_init(&arena, 512 << 20);
    if (hr_ok(hr_yaml_read(&arena, name, text, NULL, &before)) &&
        hr_ok(hr_yaml_format(&arena, name, text, NULL, &once))) {
        must(hr_ok(hr_yaml_read(&arena, name, once, NULL, &after)));
        must(same(before, after));
        must(hr_ok(hr_yaml_format(&arena, name, once, NULL, &twice)));
        must(hr_text_equal(once, twice));
    }
    hr_arena_close(&arena);
    return 0;
}
