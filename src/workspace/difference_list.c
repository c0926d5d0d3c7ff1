/* Lists: what both have in the same order stays; of the rest, what stands in one gap and is of one kind has changed. */
#include "workspace/difference_inside.h"

enum { ALIGNED_MAX = 1 << 20 };

struct aligning {
    struct hr_comparing *comparing;
    struct hr_text where;
    struct hr_slot item;
    const struct hr_node *before;
    const struct hr_node *after;
    uint16_t *lengths; /* of the longest common rest: [before][after], one row and column more */
};

static uint16_t *length_at(const struct aligning *aligning, size_t before, size_t after)
{
    return &aligning->lengths[before * (aligning->after->count + 1) + after];
}

/* Things with an id are the same thing when their ids are. */
static struct hr_text id_of(const struct hr_node *node)
{
    const struct hr_node *id = hr_draft_get(node, "id");
    const struct hr_node *name = hr_draft_get(node, "name");
    const struct hr_node *named = id != NULL ? id : name;
    return named != NULL && named->kind == HR_NODE_scalar ? named->scalar : HR_TEXT_NONE;
}

static bool is_same(const struct aligning *aligning, size_t before, size_t after)
{
    const struct hr_node *a = aligning->before->items[before];
    const struct hr_node *b = aligning->after->items[after];
    struct hr_text id = id_of(a);
    return id.size > 0 ? hr_text_equal(id, id_of(b)) : hr_compare_same(&aligning->item, a, b);
}

static void measure(const struct aligning *aligning)
{
    for (size_t i = aligning->before->count; i > 0; i--) {
        for (size_t k = aligning->after->count; k > 0; k--) {
            uint16_t skip_before = *length_at(aligning, i, k - 1);
            uint16_t skip_after = *length_at(aligning, i - 1, k);
            uint16_t best = skip_before > skip_after ? skip_before : skip_after;
            *length_at(aligning, i - 1, k - 1) =
                is_same(aligning, i - 1, k - 1) ? (uint16_t)(*length_at(aligning, i, k) + 1) : best;
        }
    }
}

/* "step 3"; things with an id by it; conditions and names by nothing, because they say themselves. */
static struct hr_text name_of(const struct aligning *aligning, const struct hr_node *node,
                              size_t index)
{
    struct hr_comparing *comparing = aligning->comparing;
    struct hr_text id = id_of(node);
    if (aligning->item.gram == HR_GRAM_step) {
        return hr_text_ends(aligning->where, HR_TEXT("steps"))
                   ? hr_text_format(comparing->into, "step %zu", index + 1)
                   : hr_text_format(comparing->into, "%.*s.%zu", HR_SHOW(aligning->where),
                                    index + 1);
    }
    if (id.size > 0) { /* "handoffs" has one "handoff" */
        struct hr_text one = aligning->where;
        one.size -= hr_text_ends(one, HR_TEXT("s"));
        return hr_compare_below(comparing, one, id);
    }
    if (node->kind == HR_NODE_map && (hr_text_ends(aligning->where, HR_TEXT("given")) ||
                                      hr_text_ends(aligning->where, HR_TEXT("expect")))) {
        return hr_text_format(comparing->into, "%.*s, line %zu,", HR_SHOW(aligning->where),
                              index + 1);
    }
    return node->kind == HR_NODE_map || aligning->item.many == HR_MANY_list
               ? hr_text_format(comparing->into, "%.*s %zu", HR_SHOW(aligning->where), index + 1)
               : aligning->where;
}

static void add_one(const struct aligning *aligning, const struct hr_node *before,
                    const struct hr_node *after, size_t index)
{
    struct hr_text where = name_of(aligning, after != NULL ? after : before, index);
    hr_compare_nodes(aligning->comparing, where, &aligning->item, before, after);
}

/* Both are of one kind, so the change is inside them. */
static bool is_change(const struct aligning *aligning, const struct hr_node *before,
                      const struct hr_node *after)
{
    enum hr_gram kind = hr_compare_kind(aligning->item.gram, before);
    return before->kind == HR_NODE_map && after->kind == HR_NODE_map && kind < HR_GRAM_COUNT &&
           kind == hr_compare_kind(aligning->item.gram, after) &&
           hr_text_equal(id_of(before), id_of(after));
}

/* One gap: items from..to of each side that nothing on the other side equals. */
static void say_gap(const struct aligning *aligning, size_t before, size_t before_end, size_t after,
                    size_t after_end)
{
    while (before < before_end || after < after_end) {
        const struct hr_node *old = before < before_end ? aligning->before->items[before] : NULL;
        const struct hr_node *new = after < after_end ? aligning->after->items[after] : NULL;
        if (old != NULL && new != NULL && is_change(aligning, old, new)) {
            hr_compare_nodes(aligning->comparing, name_of(aligning, new, after), &aligning->item,
                             old, new);
            before++;
            after++;
        } else if (new != NULL && (old == NULL || after_end - after > before_end - before)) {
            add_one(aligning, NULL, new, after++);
        } else {
            hr_assert(old != NULL);
            add_one(aligning, old, NULL, before++);
        }
    }
}

static void walk(const struct aligning *aligning)
{
    size_t before = 0;
    size_t after = 0;
    while (before < aligning->before->count || after < aligning->after->count) {
        size_t old = before;
        size_t new = after;
        while (old < aligning->before->count && new < aligning->after->count &&
               !is_same(aligning, old, new)) {
            if (*length_at(aligning, old + 1, new) >= *length_at(aligning, old, new + 1)) {
                old++;
            } else {
                new ++;
            }
        }
        bool met = old < aligning->before->count && new < aligning->after->count;
        old = met ? old : aligning->before->count;
        new = met ? new : aligning->after->count;
        say_gap(aligning, before, old, after, new);
        if (met) { /* the same by its id may differ inside */
            hr_compare_nodes(aligning->comparing,
                             name_of(aligning, aligning->after->items[new], new), &aligning->item,
                             aligning->before->items[old], aligning->after->items[new]);
        }
        before = old + met;
        after = new + met;
    }
}

static bool has(const struct hr_slot *item, const struct hr_node *list, const struct hr_node *node)
{
    for (size_t i = 0; i < list->count; i++) {
        if (hr_compare_same(item, list->items[i], node)) {
            return true;
        }
    }
    return false;
}

void hr_compare_sets(struct hr_comparing *comparing, struct hr_text where,
                     const struct hr_slot *item, const struct hr_node *before,
                     const struct hr_node *after)
{
    for (size_t i = 0; i < before->count; i++) {
        if (!has(item, after, before->items[i])) {
            hr_compare_add(comparing, where, item, before->items[i], NULL);
        }
    }
    for (size_t i = 0; i < after->count; i++) {
        if (!has(item, before, after->items[i])) {
            hr_compare_add(comparing, where, item, NULL, after->items[i]);
        }
    }
}

void hr_compare_lists(struct hr_comparing *comparing, struct hr_text where,
                      const struct hr_slot *item, const struct hr_node *before,
                      const struct hr_node *after)
{
    struct aligning aligning = {comparing, where, *item, before, after, NULL};
    size_t cells = (before->count + 1) * (after->count + 1);
    aligning.lengths =
        cells > ALIGNED_MAX ? NULL : hr_arena_new_many(&comparing->scratch, uint16_t, cells);
    if (aligning.lengths == NULL) { /* too long to align: said as a whole */
        struct hr_slot all = {HR_MANY_list, item->gram};
        hr_compare_add(comparing, where, &all, before, after);
        return;
    }
    measure(&aligning);
    walk(&aligning);
}
