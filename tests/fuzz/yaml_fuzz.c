/* Fuzz: YAML. A file is read or refused with a place; in a tree every place is in the file, and
 * every byte of every scalar has a place. */
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
static void visit(const struct hr_node *node, struct hr_text source)
{
    must(node->place.line > 0 && node->place.column > 0 && node->place.size > 0);
    must(node->offset <= source.size + 1);
    if (node->kind == HR_NODE_scalar) {
        size_t step = node->scalar.size / 16 + 1;
        for (size_t at = 0; at <= node->scalar.size; at += step) {
            struct hr_place place = hr_node_place_within(node, source, at, step);
            must(place.line >= node->place.line && place.size > 0);
        }
    }
    for (size_t index = 0; index < node->count; index++) {
        if (node->kind == HR_NODE_map) {
            visit(node->pairs[index].key, source);
            visit(node->pairs[index].value, source);
        } else {
            visit(node->items[index], source);
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
    struct hr_node *root = NULL;
    if (hr_ok(hr_yaml_read(&arena, HR_TEXT("fuzz.yaml"), text, &found, &root))) {
        must(found.error_count == 0);
        visit(root, text);
    } else {
        must(found.error_count > 0 && found.items[0].place.line > 0 &&
             found.items[0].message.size > 0);
    }
    hr_arena_close(&arena);
    return 0;
}
