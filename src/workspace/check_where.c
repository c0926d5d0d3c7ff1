/* Which thing a complaint stands in. A thing ends with its last line: what stands behind it is another's. */
#include "workspace/inside.h"

/* Lines that a scalar has below its first: as it is written, or (a message file's text) as it is. */
static uint32_t more_lines(struct hr_draft *draft, const struct hr_node *node)
{
    const struct hr_source *source = hr_draft_source(draft, node->place);
    struct hr_text written = node->end <= node->offset || source == NULL
                                 ? node->scalar
                                 : hr_text_slice(source->bytes, node->offset, node->end);
    /* a block's text may begin on the line below its sign */
    uint32_t lines = node->style == HR_SCALAR_literal || node->style == HR_SCALAR_folded;
    for (size_t i = 0; i < written.size; i++) {
        lines += written.data[i] == '\n';
    }
    return lines;
}

/* Depth is limited by that of YAML. */
static uint32_t last_line(struct hr_draft *draft, const struct hr_node *node)
{
    uint32_t last = node->place.line;
    if (node->kind == HR_NODE_scalar) {
        return last + more_lines(draft, node);
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct hr_node *inner =
            node->kind == HR_NODE_map ? node->pairs[i].value : node->items[i];
        uint32_t line = last_line(draft, inner);
        last = line > last ? line : last;
    }
    return last;
}

static bool begins_before(const struct hr_place *place, const struct hr_place *error)
{
    return place->line <= error->line && hr_text_equal(place->file, error->file);
}

int32_t hr_section_at(struct hr_draft *draft, const struct hr_section *section,
                      const struct hr_place *place)
{
    int32_t found = HR_NONE_INDEX;
    for (size_t i = 0; i < section->count; i++) {
        const struct hr_place *key = &section->pairs[i].key->place;
        if (begins_before(key, place) &&
            (found < 0 || section->pairs[found].key->place.line <= key->line)) {
            found = (int32_t)i;
        }
    }
    return found >= 0 && last_line(draft, section->pairs[found].value) >= place->line
               ? found
               : HR_NONE_INDEX;
}

bool hr_draft_in_tests(struct hr_draft *draft, const struct hr_place *place)
{
    for (size_t i = 0; i < draft->test_count; i++) {
        if (begins_before(&draft->tests[i]->place, place) &&
            last_line(draft, draft->tests[i]) >= place->line) {
            return true;
        }
    }
    return false;
}
