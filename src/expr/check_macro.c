/* expr/check_macro: the checker's part on what is no call: has(), known(), changed(), the macros over
 * lists and maps, those on optionals, cel.bind(). Their variables are in force while their bodies are
 * checked. */
#include "expr/program.h"

/* Puts a variable in force; false (with a complaint) when there are too many. */
static bool push_local(struct hr_expr_compiler *c, const struct hr_expr_node *node,
                       struct hr_text name, hr_shape shape)
{
    if (c->local_count == HR_EXPR_LOCALS_MAX) {
        hr_expr_complain(c, HR_CODE_expression_limit, node->name_at, 1,
                         HR_TEXT("more than 32 variables are in force here"));
        return false;
    }
    c->locals[c->local_count] = name;
    c->local_shapes[c->local_count++] = shape;
    return true;
}

/* has(), known(), changed(): a yes or no about a field. */
static void check_asking(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    struct hr_expr_node *child = node->children[0];
    hr_expr_check_node(c, child);
    hr_expr_typed(node, HR_TYPE_bool);
    if (child->kind == HR_EXPR_NODE_broken) {
        node->kind = HR_EXPR_NODE_broken;
        return;
    }
    if (node->kind == HR_EXPR_NODE_changed) {
        bool field = child->kind == HR_EXPR_NODE_field || child->kind == HR_EXPR_NODE_name;
        bool still = field && c->scope->names[child->name].still;
        c->expr->uses |= HR_EXPR_USES_changed;
        if (!field || still) {
            struct hr_diagnostic *diagnostic = hr_expr_object(
                c, HR_CODE_expression_types, child->at, child->size,
                still ? HR_TEXT("changed() asks about a field of a record, and this never changes")
                      : HR_TEXT("changed() asks about a field, and this is none"));
            diagnostic->help = HR_TEXT("write it like changed(contact.lifecycle)");
            node->kind = HR_EXPR_NODE_broken;
        }
    }
}

/* What the variables of a loop stand for; false (with a complaint) when it cannot run over this. */
static bool loop_shapes(struct hr_expr_compiler *c, const struct hr_expr_node *node,
                        hr_shape *ret_first, hr_shape *ret_second)
{
    const struct hr_expr_node *range = node->children[0];
    enum hr_type type = hr_shape_type(hr_shape_settled(range->shape));
    bool only_lists = node->op == HR_LOOP_sort_by;
    *ret_first = HR_TYPE_dyn;
    *ret_second = HR_TYPE_dyn;
    if (type == HR_TYPE_list) {
        hr_shape item = hr_shape_item(range->shape);
        *ret_first = node->two ? (hr_shape)HR_TYPE_int : item;
        *ret_second = item;
        return true;
    }
    if (type == HR_TYPE_map && !only_lists) {
        *ret_first = hr_shape_key(range->shape);
        *ret_second = hr_shape_value(range->shape);
        return true;
    }
    if (type != HR_TYPE_dyn && range->kind != HR_EXPR_NODE_broken) {
        hr_expr_object(c, HR_CODE_expression_types, node->name_at, 1,
                       hr_text_format(c->arena, "this runs over a list%s, but here is %s",
                                      only_lists ? "" : " or a map",
                                      hr_expr_type_words(range->type)));
        return false;
    }
    return true;
}

static hr_shape loop_result(const struct hr_expr_node *node, hr_shape key)
{
    const struct hr_expr_node *range = node->children[0];
    hr_shape made = node->children[node->count - 1]->shape;
    switch (node->op) {
    case HR_LOOP_map:
    case HR_LOOP_transform_list:
        return HR_SHAPE_LIST(made);
    case HR_LOOP_filter:
        return HR_SHAPE_LIST(range->type == HR_TYPE_map ? key : hr_shape_item(range->shape));
    case HR_LOOP_sort_by:
        return range->type == HR_TYPE_list ? range->shape : (hr_shape)HR_TYPE_list;
    case HR_LOOP_transform_map:
        return HR_SHAPE_MAP(key & 31, made);
    case HR_LOOP_transform_entry:
        return hr_shape_type(made) == HR_TYPE_map ? made : (hr_shape)HR_TYPE_map;
    default:
        return HR_TYPE_bool;
    }
}

static void check_entry(struct hr_expr_compiler *c, const struct hr_expr_node *made)
{
    if (made->type == HR_TYPE_map || made->type == HR_TYPE_dyn ||
        made->kind == HR_EXPR_NODE_broken) {
        return;
    }
    struct hr_diagnostic *diagnostic =
        hr_expr_object(c, HR_CODE_expression_types, made->at, made->size,
                       hr_text_format(c->arena, "an entry is a map with one key, but this is %s",
                                      hr_expr_type_words(made->type)));
    diagnostic->help = HR_TEXT("write it like {key: value}");
}

static void check_loop(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    hr_shape first = HR_TYPE_dyn;
    hr_shape second = HR_TYPE_dyn;
    hr_expr_check_node(c, node->children[0]);
    bool runs = loop_shapes(c, node, &first, &second);
    uint8_t before = c->local_count;
    node->slot = before;
    if (!push_local(c, node, node->text, first) ||
        (node->two && !push_local(c, node, node->second, second))) {
        c->local_count = before;
        node->kind = HR_EXPR_NODE_broken;
        return;
    }
    for (uint32_t i = 1; i < node->count; i++) {
        hr_expr_check_node(c, node->children[i]);
        bool makes = node->op >= HR_LOOP_map && node->op != HR_LOOP_filter;
        if (!makes || i + 1 < node->count) {
            hr_expr_wants_bool(c, node->children[i], "this condition");
        }
    }
    c->local_count = before;
    if (node->op == HR_LOOP_transform_entry) {
        check_entry(c, node->children[node->count - 1]);
    }
    hr_expr_typed(node, loop_result(node, first));
    node->kind = runs ? node->kind : (uint8_t)HR_EXPR_NODE_broken;
}

static void check_bind(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    uint8_t before = c->local_count;
    node->slot = before;
    bool room = true;
    for (uint32_t i = 0; room && i + 1 < node->count; i++) {
        struct hr_expr_node *value = node->children[i];
        hr_expr_check_node(c, value);
        struct hr_text name =
            node->text.size > 0 ? node->text : hr_text_format(c->arena, "@index%u", i);
        room = push_local(c, node, name, value->shape);
    }
    if (room) {
        hr_expr_check_node(c, node->children[node->count - 1]);
    }
    c->local_count = before;
    hr_expr_typed(node, node->children[node->count - 1]->shape);
    node->kind = room ? node->kind : (uint8_t)HR_EXPR_NODE_broken;
}

static void check_maybe(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    struct hr_expr_node *given = node->children[0];
    struct hr_expr_node *body = node->children[1];
    uint8_t before = c->local_count;
    hr_expr_check_node(c, given);
    enum hr_type type = hr_shape_type(hr_shape_settled(given->shape));
    if (type != HR_TYPE_optional && type != HR_TYPE_dyn && given->kind != HR_EXPR_NODE_broken) {
        hr_expr_object(c, HR_CODE_expression_types, node->name_at, (uint32_t)node->text.size,
                       hr_text_format(c->arena, "this runs on an optional, but here is %s",
                                      hr_expr_type_words(given->type)));
        node->kind = HR_EXPR_NODE_broken;
    }
    node->slot = before;
    hr_shape held = type == HR_TYPE_optional ? hr_shape_item(given->shape) : (hr_shape)HR_TYPE_dyn;
    if (!push_local(c, node, node->text, held)) {
        node->kind = HR_EXPR_NODE_broken;
        return;
    }
    hr_expr_check_node(c, body);
    c->local_count = before;
    type = hr_shape_type(hr_shape_settled(body->shape));
    if (node->op == 1 && type != HR_TYPE_optional && type != HR_TYPE_dyn &&
        body->kind != HR_EXPR_NODE_broken) {
        hr_expr_object(c, HR_CODE_expression_types, body->at, body->size,
                       hr_text_format(c->arena, "optFlatMap() makes an optional, but this is %s",
                                      hr_expr_type_words(body->type)));
        node->kind = HR_EXPR_NODE_broken;
    }
    hr_expr_typed(node, node->op == 1 ? body->shape : HR_SHAPE_OPTIONAL(body->shape));
}

void hr_expr_check_macro(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    switch (node->kind) {
    case HR_EXPR_NODE_has:
    case HR_EXPR_NODE_known:
    case HR_EXPR_NODE_changed:
        check_asking(c, node);
        break;
    case HR_EXPR_NODE_loop:
        check_loop(c, node);
        break;
    case HR_EXPR_NODE_bind:
        check_bind(c, node);
        break;
    case HR_EXPR_NODE_maybe:
        check_maybe(c, node);
        break;
    default:
        hr_assert_failed("the checker knows every node", __FILE__, __LINE__);
    }
}
