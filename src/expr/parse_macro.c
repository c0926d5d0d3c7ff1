/* expr/parse_macro: calls that are no calls: has(), known(), changed(), the macros that run over lists
 * and maps, those on optionals, cel.bind() and cel.block(). */
#include "expr/program.h"

struct macro {
    const char *name;
    uint8_t loop;
    uint8_t variables;
    uint8_t least; /* arguments, the receiver not counted */
    uint8_t most;
};

static const struct macro macros[] = {
    {"all", HR_LOOP_all, 1, 2, 2},
    {"all", HR_LOOP_all, 2, 3, 3},
    {"exists", HR_LOOP_exists, 1, 2, 2},
    {"exists", HR_LOOP_exists, 2, 3, 3},
    {"exists_one", HR_LOOP_exists_one, 1, 2, 2},
    {"exists_one", HR_LOOP_exists_one, 2, 3, 3},
    {"existsOne", HR_LOOP_exists_one, 1, 2, 2},
    {"existsOne", HR_LOOP_exists_one, 2, 3, 3},
    {"map", HR_LOOP_map, 1, 2, 3},
    {"filter", HR_LOOP_filter, 1, 2, 2},
    {"sortBy", HR_LOOP_sort_by, 1, 2, 2},
    {"transformList", HR_LOOP_transform_list, 2, 3, 4},
    {"transformMap", HR_LOOP_transform_map, 2, 3, 4},
    {"transformMapEntry", HR_LOOP_transform_entry, 2, 3, 4},
};

static void complain(struct hr_expr_compiler *p, struct hr_expr_node *node, struct hr_text message,
                     const char *help)
{
    struct hr_diagnostic *diagnostic = hr_expr_complain(p, HR_CODE_expression_syntax, node->name_at,
                                                        (uint32_t)node->text.size, message);
    diagnostic->help = hr_text_from(help);
    node->kind = HR_EXPR_NODE_broken;
}

static bool is_variable(const struct hr_expr_node *node)
{
    return node->kind == HR_EXPR_NODE_ident && !node->absolute;
}

/* True when the first arguments behind the receiver are names. */
static bool begins_with_names(const struct hr_expr_items *items, size_t count)
{
    for (size_t i = 1; i <= count; i++) {
        if (i >= items->count || !is_variable(items->nodes[i])) {
            return false;
        }
    }
    return true;
}

static void become_loop(struct hr_expr_compiler *p, struct hr_expr_node *node,
                        const struct macro *macro, struct hr_expr_items *items)
{
    node->kind = HR_EXPR_NODE_loop;
    node->op = macro->loop;
    node->two = macro->variables == 2;
    node->text = items->nodes[1]->text;
    if (node->two) {
        node->second = items->nodes[2]->text;
    }
    for (size_t i = 1; i + macro->variables < items->count; i++) {
        items->nodes[i] = items->nodes[i + macro->variables];
    }
    hr_expr_node_adopt(p, node, items->nodes, items->count - macro->variables);
    if (node->two && hr_text_equal(node->text, node->second)) {
        complain(p, node, HR_TEXT("the two variables need two names"), "rename one of them");
    }
}

/* A member call that is a macro over a list or a map: items[0] is what it runs over. */
static bool make_loop(struct hr_expr_compiler *p, struct hr_expr_node *node,
                      struct hr_expr_items *items)
{
    const struct macro *meant = NULL;
    size_t given = items->count - 1;
    for (size_t i = 0; i < sizeof(macros) / sizeof(macros[0]); i++) {
        const struct macro *macro = &macros[i];
        if (macro->name[0] != node->text.data[0] ||
            !hr_text_equal(node->text, hr_text_from(macro->name))) {
            continue;
        }
        meant = macro;
        if (given >= macro->least && given <= macro->most &&
            begins_with_names(items, macro->variables)) {
            become_loop(p, node, macro, items);
            return true;
        }
    }
    if (meant == NULL) {
        return false;
    }
    bool two = meant->variables == 2 && meant->loop > HR_LOOP_exists_one;
    bool makes = meant->loop >= HR_LOOP_map && meant->loop != HR_LOOP_filter;
    complain(p, node,
             hr_text_format(p->arena, "%.*s() takes %s and %s", HR_SHOW(node->text),
                            two ? "two variables' names" : "a variable's name",
                            makes ? "what to make of it" : "a condition"),
             two ? "write it like lines.transformMap(i, line, line.price)"
                 : "write it like contact.tags.exists(t, t == 'vip')");
    return true;
}

/* optional.optMap(x, body), optional.optFlatMap(x, body) */
static bool make_maybe(struct hr_expr_compiler *p, struct hr_expr_node *node,
                       struct hr_expr_items *items)
{
    bool flat = hr_text_equal(node->text, HR_TEXT("optFlatMap"));
    if (!flat && !hr_text_equal(node->text, HR_TEXT("optMap"))) {
        return false;
    }
    if (items->count != 3 || !is_variable(items->nodes[1])) {
        complain(p, node,
                 hr_text_format(p->arena, "%.*s() takes a variable's name and what to make of it",
                                HR_SHOW(node->text)),
                 "write it like payload.?amount.optMap(a, a * 100)");
        return true;
    }
    node->kind = HR_EXPR_NODE_maybe;
    node->op = flat ? 1 : 0;
    node->text = items->nodes[1]->text;
    hr_expr_node_adopt(p, node, (struct hr_expr_node *[]){items->nodes[0], items->nodes[2]}, 2);
    return true;
}

/* Turns has(x.y), known(x) and changed(x) into their nodes. */
static bool make_asking(struct hr_expr_compiler *p, struct hr_expr_node *node,
                        struct hr_expr_items *items)
{
    bool has = hr_text_equal(node->text, HR_TEXT("has"));
    bool changed = hr_text_equal(node->text, HR_TEXT("changed"));
    if (!has && !changed && !hr_text_equal(node->text, HR_TEXT("known"))) {
        return false;
    }
    uint8_t kind = items->count == 1 ? items->nodes[0]->kind : (uint8_t)HR_EXPR_NODE_literal;
    bool path = kind == HR_EXPR_NODE_select || kind == HR_EXPR_NODE_broken;
    if (items->count != 1 || (has && !path) || (changed && !path && kind != HR_EXPR_NODE_ident)) {
        struct hr_diagnostic *diagnostic = hr_expr_complain(
            p, HR_CODE_expression_syntax, node->at, node->size,
            hr_text_format(p->arena, "%.*s() takes one field", HR_SHOW(node->text)));
        diagnostic->help = changed ? HR_TEXT("write it like changed(contact.lifecycle)")
                                   : HR_TEXT("write it like known(contact.offer)");
        node->kind = HR_EXPR_NODE_broken;
        return true;
    }
    node->kind = has ? HR_EXPR_NODE_has : changed ? HR_EXPR_NODE_changed : HR_EXPR_NODE_known;
    hr_expr_node_adopt(p, node, items->nodes, 1);
    return true;
}

/* cel.bind(x, value, body) */
static void make_bind(struct hr_expr_compiler *p, struct hr_expr_node *node,
                      struct hr_expr_items *items)
{
    if (items->count != 3 || !is_variable(items->nodes[0])) {
        complain(p, node, HR_TEXT("cel.bind() takes a name, its value and where it is used"),
                 "write it like cel.bind(total, event.amount * 2, total > 100)");
        return;
    }
    node->kind = HR_EXPR_NODE_bind;
    node->text = items->nodes[0]->text;
    hr_expr_node_adopt(p, node, items->nodes + 1, 2);
}

/* cel.block([values], body): what planners of other CEL tools write for values used twice. */
static void make_block(struct hr_expr_compiler *p, struct hr_expr_node *node,
                       struct hr_expr_items *items)
{
    if (items->count != 2 || items->nodes[0]->kind != HR_EXPR_NODE_list ||
        items->nodes[0]->count > HR_EXPR_LOCALS_MAX) {
        complain(p, node, HR_TEXT("cel.block() takes a list of values and where they are used"),
                 "write cel.bind(name, value, body) instead");
        return;
    }
    struct hr_expr_items all = {0};
    for (uint32_t i = 0; i < items->nodes[0]->count; i++) {
        hr_expr_items_add(p, &all, items->nodes[0]->children[i]);
    }
    hr_expr_items_add(p, &all, items->nodes[1]);
    node->kind = HR_EXPR_NODE_bind;
    node->text = HR_TEXT_NONE;
    if (!p->no_memory) {
        hr_expr_node_adopt(p, node, all.nodes, all.count);
    }
}

/* cel.index(0), cel.iterVar(0, 0): the names that go with cel.block(). */
static bool make_index(struct hr_expr_compiler *p, struct hr_expr_node *node,
                       const struct hr_expr_items *items)
{
    long long numbers[2] = {0, 0};
    for (size_t i = 0; i < items->count && i < 2; i++) {
        if (items->nodes[i]->kind != HR_EXPR_NODE_literal ||
            items->nodes[i]->value.kind != HR_KIND_int) {
            return false;
        }
        numbers[i] = items->nodes[i]->value.integer;
    }
    if (hr_text_equal(node->text, HR_TEXT("cel.index")) && items->count == 1) {
        node->text = hr_text_format(p->arena, "@index%lld", numbers[0]);
    } else if (items->count == 2 && (hr_text_equal(node->text, HR_TEXT("cel.iterVar")) ||
                                     hr_text_equal(node->text, HR_TEXT("cel.accuVar")))) {
        node->text =
            hr_text_format(p->arena, "@%c:%lld:%lld", node->text.data[4], numbers[0], numbers[1]);
    } else {
        return false;
    }
    node->kind = HR_EXPR_NODE_ident;
    return true;
}

static bool make_cel(struct hr_expr_compiler *p, struct hr_expr_node *node,
                     struct hr_expr_items *items)
{
    if (!hr_text_starts(node->text, HR_TEXT("cel."))) {
        return false;
    }
    if (hr_text_equal(node->text, HR_TEXT("cel.bind"))) {
        make_bind(p, node, items);
        return true;
    }
    if (hr_text_equal(node->text, HR_TEXT("cel.block"))) {
        make_block(p, node, items);
        return true;
    }
    return make_index(p, node, items);
}

/* math.greatest(a, b, c) is math.greatest([a, b, c]). */
static void gather_arguments(struct hr_expr_compiler *p, struct hr_expr_node *node,
                             struct hr_expr_items *items)
{
    if (items->count < 2 || (!hr_text_equal(node->text, HR_TEXT("math.greatest")) &&
                             !hr_text_equal(node->text, HR_TEXT("math.least")))) {
        return;
    }
    struct hr_expr_node *list = hr_expr_node_new(p, HR_EXPR_NODE_list, node->at, node->size);
    hr_expr_node_adopt(p, list, items->nodes, items->count);
    items->nodes[0] = list;
    items->count = 1;
}

bool hr_expr_macro(struct hr_expr_compiler *p, struct hr_expr_node *node,
                   struct hr_expr_items *items)
{
    if (node->op == HR_STYLE_member) {
        return make_loop(p, node, items) || make_maybe(p, node, items);
    }
    gather_arguments(p, node, items);
    return make_asking(p, node, items) || make_cel(p, node, items);
}
