/* When two nodes mean the same, and how a node is said. */
#include "plan/aloud.h"
#include "workspace/difference_inside.h"

enum { SAID_BYTES_MAX = 8 << 20 };

/* ---- the same ------------------------------------------------------------------------------------------ */

static bool truth_of(struct hr_text text)
{
    return hr_text_equal(text, HR_TEXT("yes")) || hr_text_equal(text, HR_TEXT("true"));
}

static bool same_scalar(enum hr_gram gram, struct hr_text a, struct hr_text b)
{
    struct hr_span first = {.amount = 0};
    struct hr_span second = {.amount = 0};
    a = hr_text_trim(a);
    b = hr_text_trim(b);
    if (hr_text_equal(a, b)) {
        return true;
    }
    if (gram == HR_GRAM_yes_no) {
        return truth_of(a) == truth_of(b);
    }
    return gram == HR_GRAM_span && hr_span_read(a, &first) && hr_span_read(b, &second) &&
           first.unit == second.unit && first.amount == second.amount;
}

/* A list of one is the one. */
static const struct hr_node *unwrapped(enum hr_many many, const struct hr_node *node)
{
    bool one =
        many == HR_MANY_some && node != NULL && node->kind == HR_NODE_list && node->count == 1;
    return one ? node->items[0] : node;
}

static const struct hr_key_rule *rule_of(enum hr_gram kind, struct hr_text key)
{
    const struct hr_key_rule *rule =
        kind >= HR_GRAM_COUNT || hr_gram_info(kind)->form != HR_FORM_kind ? NULL
                                                                          : hr_gram_rules(kind);
    for (; rule != NULL && rule->name != NULL; rule++) {
        if (hr_text_equal(hr_text_from(rule->name), key)) {
            return rule;
        }
    }
    return NULL;
}

enum hr_gram hr_compare_kind(enum hr_gram gram, const struct hr_node *node)
{
    if (gram < HR_GRAM_COUNT && hr_gram_info(gram)->form == HR_FORM_kind) {
        return gram;
    }
    for (const struct hr_gram_also *also = hr_gram_alsos; also->of != HR_GRAM_COUNT; also++) {
        if (also->of != gram || hr_gram_info(also->type)->form != HR_FORM_kind) {
            continue;
        }
        for (const struct hr_key_rule *rule = hr_gram_rules(also->type); rule->name != NULL;
             rule++) {
            bool first = rule == hr_gram_rules(also->type) || rule->need != HR_NEED_required;
            if (first && hr_draft_get(node, rule->name) != NULL) {
                return also->type;
            }
            if (gram == HR_GRAM_step) {
                break; /* only its verb tells */
            }
        }
    }
    return HR_GRAM_COUNT;
}

static struct hr_slot slot_in(enum hr_gram kind, const struct hr_slot *map, struct hr_text key)
{
    const struct hr_key_rule *rule = rule_of(kind, key);
    if (rule != NULL) {
        return (struct hr_slot){rule->many, rule->type};
    }
    return (struct hr_slot){HR_MANY_one, map->gram};
}

static bool same_maps(const struct hr_slot *slot, const struct hr_node *a, const struct hr_node *b)
{
    enum hr_gram kind = slot->many == HR_MANY_map ? HR_GRAM_COUNT : hr_compare_kind(slot->gram, a);
    if (a->count != b->count) {
        return false;
    }
    for (size_t i = 0; i < a->count; i++) {
        struct hr_slot inner = slot_in(kind, slot, a->pairs[i].key->scalar);
        const struct hr_node *other = hr_node_get(b, a->pairs[i].key->scalar);
        if (other == NULL || !hr_compare_same(&inner, a->pairs[i].value, other)) {
            return false;
        }
    }
    return true;
}

bool hr_compare_is_set(const struct hr_slot *slot, const struct hr_node *list)
{
    static const enum hr_gram ordered[] = {HR_GRAM_field_id, HR_GRAM_line, HR_GRAM_cell,
                                           HR_GRAM_expression, HR_GRAM_step};
    for (size_t i = 0; i < sizeof ordered / sizeof ordered[0]; i++) {
        if (slot->gram == ordered[i] && slot->many != HR_MANY_some) {
            return false;
        }
    }
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i]->kind != HR_NODE_scalar) {
            return false;
        }
    }
    return slot->many == HR_MANY_list || slot->many == HR_MANY_some;
}

/* Of as many on either side: each has its like on the other. */
static bool same_sets(const struct hr_slot *inner, const struct hr_node *a, const struct hr_node *b)
{
    for (size_t i = 0; i < a->count; i++) {
        bool found = false;
        for (size_t k = 0; k < b->count && !found; k++) {
            found = hr_compare_same(inner, a->items[i], b->items[k]);
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

/* Depth is that of YAML, so the recursion ends. */
bool hr_compare_same(const struct hr_slot *slot, const struct hr_node *a, const struct hr_node *b)
{
    a = unwrapped(slot->many, a);
    b = unwrapped(slot->many, b);
    if (a == NULL || b == NULL || a->kind != b->kind) {
        return a == b;
    }
    if (a->kind == HR_NODE_scalar) {
        return same_scalar(slot->gram, a->scalar, b->scalar);
    }
    if (a->kind == HR_NODE_map) {
        return same_maps(slot, a, b);
    }
    struct hr_slot inner = {slot->many == HR_MANY_rows ? HR_MANY_list : HR_MANY_one, slot->gram};
    if (a->count == b->count && hr_compare_is_set(slot, a) && hr_compare_is_set(slot, b)) {
        return same_sets(&inner, a, b) && same_sets(&inner, b, a);
    }
    for (size_t i = 0; a->count == b->count && i < a->count; i++) {
        if (!hr_compare_same(&inner, a->items[i], b->items[i])) {
            return false;
        }
    }
    return a->count == b->count;
}

/* ---- in words ------------------------------------------------------------------------------------------- */

/* The step of the plan that stands at this place; depth is that of the plan's steps. */
static const struct hr_plan_step *step_at(const struct hr_plan_steps *steps,
                                          const struct hr_place *place)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct hr_plan_step *step = &steps->items[i];
        const struct hr_plan_step *found = NULL;
        if (step->place.line == place->line && step->place.column == place->column &&
            hr_text_equal(step->place.file, place->file)) {
            return step;
        }
        if (step->kind == HR_STEP_branch) {
            found = step_at(&step->branch->then, place);
            found = found != NULL ? found : step_at(&step->branch->otherwise, place);
        }
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

static struct hr_text say_step(struct hr_comparing *comparing, int side, const struct hr_node *node)
{
    struct hr_draft *draft = comparing->drafts[side];
    struct hr_text id = comparing->thing;
    (void)hr_text_cut(&id, ' ');
    int32_t index = hr_known_find(&draft->automation_names, id);
    for (size_t i = 0; index >= 0 && i < node->count; i++) {
        struct hr_place place = hr_draft_place(draft, node->pairs[i].key->place);
        const struct hr_automation *automation = &draft->plan->automations[index];
        const struct hr_plan_step *step = step_at(&automation->steps, &place);
        if (step != NULL) {
            return hr_aloud_step(comparing->into, draft->plan, automation, step);
        }
    }
    return HR_TEXT_NONE;
}

static void add_node(struct hr_comparing *comparing, struct hr_buffer *out, int side,
                     const struct hr_node *node, bool nested)
{
    const struct hr_expr *expr = hr_draft_kept_expr(comparing->drafts[side], node);
    bool list = node->kind == HR_NODE_list;
    if (expr != NULL) {
        hr_buffer_add_text(out, hr_expr_say(expr, comparing->into));
        return;
    }
    if (node->kind == HR_NODE_scalar) {
        hr_buffer_add_text(out, hr_text_trim(node->scalar));
        return;
    }
    /* depth is that of YAML */
    hr_buffer_add_text(out, !nested ? HR_TEXT_NONE : list ? HR_TEXT("[") : HR_TEXT("{"));
    for (size_t i = 0; i < node->count; i++) {
        hr_buffer_add_text(out, i == 0 ? HR_TEXT_NONE : HR_TEXT(", "));
        if (!list) {
            hr_buffer_add_format(out, "%.*s: ", HR_SHOW(node->pairs[i].key->scalar));
        }
        add_node(comparing, out, side, list ? node->items[i] : node->pairs[i].value, true);
    }
    hr_buffer_add_text(out, !nested ? HR_TEXT_NONE : list ? HR_TEXT("]") : HR_TEXT("}"));
}

struct hr_text hr_compare_say(struct hr_comparing *comparing, int side, const struct hr_slot *slot,
                              const struct hr_node *node)
{
    struct hr_buffer out;
    if (node == NULL) {
        return HR_TEXT_NONE;
    }
    if (slot->gram == HR_GRAM_step && node->kind == HR_NODE_map) {
        struct hr_text step = say_step(comparing, side, node);
        if (step.size > 0) {
            return step;
        }
    }
    hr_buffer_init(&out, comparing->into, SAID_BYTES_MAX);
    add_node(comparing, &out, side, node, false);
    return hr_text_trim(hr_buffer_text(&out));
}
