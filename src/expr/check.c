/* expr/check: names find their meaning, types are worked out, constants are computed once. It goes
 * on after a mistake with the type "anything", so that one mistake is told once. */
#include "expr/program.h"

#include <string.h>

struct type_name {
    const char *name;
    enum hr_type type;
};

/* The types that an expression may name: `type(x) == int`. */
static const struct type_name type_names[] = {
    {"bool", HR_TYPE_bool},
    {"bytes", HR_TYPE_bytes},
    {"double", HR_TYPE_double},
    {"duration", HR_TYPE_duration},
    {"google.protobuf.Duration", HR_TYPE_duration},
    {"google.protobuf.Timestamp", HR_TYPE_time},
    {"int", HR_TYPE_int},
    {"list", HR_TYPE_list},
    {"map", HR_TYPE_map},
    {"net.CIDR", HR_TYPE_cidr},
    {"net.IP", HR_TYPE_ip},
    {"null_type", HR_TYPE_null},
    {"optional_type", HR_TYPE_optional},
    {"string", HR_TYPE_text},
    {"timestamp", HR_TYPE_time},
    {"type", HR_TYPE_type},
    {"uint", HR_TYPE_uint},
};

static bool resolve_type(struct hr_expr_node *node, struct hr_text written)
{
    for (size_t i = 0; i < sizeof(type_names) / sizeof(type_names[0]); i++) {
        if (hr_text_equal(written, hr_text_from(type_names[i].name))) {
            node->kind = HR_EXPR_NODE_literal;
            hr_expr_typed(node, HR_SHAPE_OF(HR_TYPE_type, type_names[i].type));
            node->value = hr_expr_type_of(hr_expr_type_name(type_names[i].type));
            node->count = 0;
            return true;
        }
    }
    return false;
}

static bool resolve_local(const struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    for (uint8_t i = node->absolute ? 0 : c->local_count; i > 0; i--) {
        if (hr_text_equal(node->text, c->locals[i - 1])) {
            node->kind = HR_EXPR_NODE_local;
            node->slot = (uint8_t)(i - 1);
            hr_expr_typed(node, c->local_shapes[i - 1]);
            return true;
        }
    }
    return false;
}

static const struct hr_expr_name *find_exactly(const struct hr_expr_compiler *c,
                                               struct hr_text text, size_t *ret_index)
{
    for (size_t i = 0; i < c->scope->name_count; i++) {
        if (hr_text_equal(c->scope->names[i].name, text)) {
            *ret_index = i;
            return &c->scope->names[i];
        }
    }
    return NULL;
}

/* The scope's entry for a name, in the container first and then in those around it; or NULL. */
static const struct hr_expr_name *find_name(const struct hr_expr_compiler *c, bool absolute,
                                            struct hr_text text, size_t *ret_index)
{
    if (c->scope == NULL) {
        return NULL;
    }
    struct hr_text container = absolute ? HR_TEXT_NONE : c->scope->container;
    while (container.size > 0) {
        struct hr_text inside =
            hr_text_format(c->arena, "%.*s.%.*s", HR_SHOW(container), HR_SHOW(text));
        const struct hr_expr_name *name = find_exactly(c, inside, ret_index);
        if (name != NULL) {
            return name;
        }
        while (container.size > 0 && container.data[--container.size] != '.') {
        }
    }
    return find_exactly(c, text, ret_index);
}

enum { CANDIDATES_MAX = 256 };

static void complain_unknown_name(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    struct hr_text candidates[CANDIDATES_MAX];
    size_t count = 0;
    struct hr_buffer all;
    hr_buffer_init(&all, c->arena, 400);
    for (size_t i = 0; c->scope != NULL && i < c->scope->name_count && count < CANDIDATES_MAX;
         i++) {
        hr_buffer_add_format(&all, "%s%.*s", i > 0 ? ", " : "", HR_SHOW(c->scope->names[i].name));
        candidates[count++] = c->scope->names[i].name;
    }
    struct hr_text meant = hr_did_you_mean(node->text, candidates, count);
    struct hr_diagnostic *diagnostic =
        hr_expr_object(c, HR_CODE_expression_unknown_name, node->at, node->size,
                       hr_text_format(c->arena, "`%.*s` is not known here", HR_SHOW(node->text)));
    if (meant.size > 0) {
        diagnostic->help = hr_text_format(c->arena, "did you mean `%.*s`?", HR_SHOW(meant));
    } else if (count > 0) {
        diagnostic->help =
            hr_text_format(c->arena, "known here: %.*s", HR_SHOW(hr_buffer_text(&all)));
    }
    hr_diagnostic_fix_place(diagnostic, node->text, hr_surely_meant(node->text, candidates, count));
    node->kind = HR_EXPR_NODE_broken;
}

static void check_ident(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    size_t index = 0;
    if (resolve_local(c, node)) {
        return;
    }
    const struct hr_expr_name *name = find_name(c, node->absolute, node->text, &index);
    if (name == NULL) {
        if (!resolve_type(node, node->text)) {
            complain_unknown_name(c, node);
        }
        return;
    }
    node->kind = HR_EXPR_NODE_name;
    node->name = index;
    hr_expr_typed(node, name->type);
    if (name->type == HR_TYPE_object) {
        struct hr_diagnostic *diagnostic =
            hr_expr_object(c, HR_CODE_expression_types, node->at, node->size,
                           hr_text_format(c->arena, "`%.*s` is a record; name one of its fields",
                                          HR_SHOW(node->text)));
        if (name->field_count > 0) {
            diagnostic->help = hr_text_format(c->arena, "for example %.*s.%.*s",
                                              HR_SHOW(node->text), HR_SHOW(name->fields[0].name));
        }
        node->kind = HR_EXPR_NODE_broken;
    }
}

static void complain_unknown_field(struct hr_expr_compiler *c, struct hr_expr_node *node,
                                   const struct hr_expr_name *name)
{
    struct hr_text candidates[CANDIDATES_MAX];
    size_t count = name->field_count < CANDIDATES_MAX ? name->field_count : CANDIDATES_MAX;
    for (size_t i = 0; i < count; i++) {
        candidates[i] = name->fields[i].name;
    }
    struct hr_text meant = hr_did_you_mean(node->text, candidates, count);
    struct hr_diagnostic *diagnostic = hr_expr_object(
        c, HR_CODE_expression_unknown_field, node->name_at, (uint32_t)node->text.size,
        hr_text_format(c->arena, "`%.*s` has no field `%.*s`", HR_SHOW(name->name),
                       HR_SHOW(node->text)));
    if (meant.size > 0) {
        diagnostic->help = hr_text_format(c->arena, "did you mean `%.*s`?", HR_SHOW(meant));
    }
    node->kind = HR_EXPR_NODE_broken;
}

/* object.field */
static void check_field(struct hr_expr_compiler *c, struct hr_expr_node *node,
                        const struct hr_expr_name *name, size_t index)
{
    node->name = index;
    node->field = -1;
    for (size_t i = 0; i < name->field_count; i++) {
        if (hr_text_equal(name->fields[i].name, node->text)) {
            node->field = (int32_t)i;
            node->declared = &name->fields[i];
            hr_expr_typed(node, name->fields[i].type);
        }
    }
    if (node->field < 0 && !name->open) {
        complain_unknown_field(c, node, name);
        return;
    }
    node->kind = HR_EXPR_NODE_field;
    node->depth = 1;
}

/* The first name of a.b.c, if it is nothing but names. */
static const struct hr_expr_node *first_of(const struct hr_expr_node *node)
{
    while (node->kind == HR_EXPR_NODE_select && !node->maybe) {
        node = node->children[0];
    }
    return node->kind == HR_EXPR_NODE_ident ? node : NULL;
}

/* A name of the scope, or of a type, that has dots in it. The longest is met first. */
static bool resolve_dotted(const struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    const struct hr_expr_node *first = first_of(node);
    if (first == NULL) {
        return false;
    }
    struct hr_text written = hr_text_slice(c->source, first->at, node->name_at + node->text.size);
    size_t index = 0;
    const struct hr_expr_name *name = find_name(c, first->absolute, written, &index);
    if (name != NULL && name->type != HR_TYPE_object) {
        node->kind = HR_EXPR_NODE_name;
        node->name = index;
        hr_expr_typed(node, name->type);
        node->count = 0;
        return true;
    }
    return resolve_type(node, written);
}

/* left.field, or left.?field, of what is no record: a map, an optional over one, or anything. */
static void type_select(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    const struct hr_expr_node *left = node->children[0];
    bool chained = left->type == HR_TYPE_optional;
    hr_shape from = chained ? hr_shape_item(left->shape) : left->shape;
    enum hr_type type = hr_shape_type(hr_shape_settled(from));
    if (type != HR_TYPE_dyn && type != HR_TYPE_map) {
        hr_expr_object(c, HR_CODE_expression_types, node->name_at, (uint32_t)node->text.size,
                       hr_text_format(c->arena, "%s has no field `%.*s`",
                                      hr_expr_type_words(left->type), HR_SHOW(node->text)));
        node->kind = HR_EXPR_NODE_broken;
        return;
    }
    hr_shape value = type == HR_TYPE_map ? hr_shape_value(from) : (hr_shape)HR_TYPE_dyn;
    hr_expr_typed(node, node->maybe || chained ? HR_SHAPE_OPTIONAL(value) : value);
}

static void check_select(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    struct hr_expr_node *left = node->children[0];
    size_t index = 0;
    const struct hr_expr_node *first = first_of(node);
    struct hr_expr_node probe = {0};
    if (first != NULL) {
        probe = *first;
    }
    bool local = first != NULL && resolve_local(c, &probe);
    if (left->kind == HR_EXPR_NODE_ident && !local) {
        const struct hr_expr_name *name = find_name(c, left->absolute, left->text, &index);
        if (name != NULL && name->type == HR_TYPE_object) {
            check_field(c, node, name, index);
            return;
        }
    }
    if (!local && resolve_dotted(c, node)) {
        return;
    }
    hr_expr_check_node(c, left);
    if (left->kind == HR_EXPR_NODE_broken) {
        node->kind = HR_EXPR_NODE_broken;
        return;
    }
    type_select(c, node);
}

bool hr_expr_wants_bool(struct hr_expr_compiler *c, const struct hr_expr_node *node,
                        const char *where)
{
    if (node->type == HR_TYPE_bool || node->type == HR_TYPE_dyn ||
        node->kind == HR_EXPR_NODE_broken) {
        return true;
    }
    struct hr_diagnostic *diagnostic =
        hr_expr_object(c, HR_CODE_expression_types, node->at, node->size,
                       hr_text_format(c->arena, "%s needs a yes or no, but this is %s", where,
                                      hr_expr_type_words(node->type)));
    if (node->kind == HR_EXPR_NODE_field) {
        struct hr_text written = hr_expr_node_source(c->source, node);
        diagnostic->help = hr_text_format(
            c->arena, "write known(%.*s) to ask whether it has a value", HR_SHOW(written));
    }
    return false;
}

static void check_logic(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    for (uint32_t i = 0; i < node->count; i++) {
        hr_expr_check_node(c, node->children[i]);
        hr_expr_wants_bool(c, node->children[i], node->kind == HR_EXPR_NODE_and ? "&&" : "||");
    }
    hr_expr_typed(node, HR_TYPE_bool);
}

static void check_choose(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    for (uint32_t i = 0; i < 3; i++) {
        hr_expr_check_node(c, node->children[i]);
    }
    hr_expr_wants_bool(c, node->children[0], "the part before \"?\"");
    const struct hr_expr_node *yes = node->children[1];
    const struct hr_expr_node *no = node->children[2];
    hr_shape both = HR_TYPE_dyn;
    bool null = yes->type == HR_TYPE_null || no->type == HR_TYPE_null;
    bool broken = yes->kind == HR_EXPR_NODE_broken || no->kind == HR_EXPR_NODE_broken;
    if (!hr_shape_join(yes->shape, no->shape, &both) && !null && !broken) {
        hr_expr_object(c, HR_CODE_expression_types, no->at, no->size,
                       hr_text_format(c->arena, "this is %s, but the other answer is %s",
                                      hr_expr_type_words(no->type), hr_expr_type_words(yes->type)));
    }
    hr_expr_typed(node, both);
}

/* What stands in a literal: an item, or (with "?") what its optional holds. */
static hr_shape part_shape(struct hr_expr_compiler *c, const struct hr_expr_node *part, bool maybe)
{
    if (!maybe || part->type == HR_TYPE_dyn) {
        return maybe ? (hr_shape)HR_TYPE_dyn : part->shape;
    }
    if (part->type != HR_TYPE_optional && part->kind != HR_EXPR_NODE_broken) {
        struct hr_diagnostic *diagnostic = hr_expr_object(
            c, HR_CODE_expression_types, part->at, part->size,
            hr_text_format(c->arena, "behind \"?\" stands an optional, but this is %s",
                           hr_expr_type_words(part->type)));
        diagnostic->help = HR_TEXT("leave the \"?\" out, or write optional.of(...)");
    }
    return hr_shape_item(part->shape);
}

static hr_shape join_or_dyn(hr_shape a, hr_shape b)
{
    hr_shape one = HR_TYPE_dyn;
    return hr_shape_join(a, b, &one) ? one : (hr_shape)HR_TYPE_dyn;
}

static void check_list(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    hr_shape item = HR_SHAPE_FREE;
    for (uint32_t i = 0; i < node->count; i++) {
        struct hr_expr_node *child = node->children[i];
        hr_expr_check_node(c, child);
        item = join_or_dyn(item, part_shape(c, child, child->maybe));
    }
    hr_expr_typed(node, HR_SHAPE_LIST(item));
}

static void check_map(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    hr_shape key = HR_SHAPE_FREE;
    hr_shape value = HR_SHAPE_FREE;
    for (uint32_t i = 0; i + 1 < node->count; i += 2) {
        hr_expr_check_node(c, node->children[i]);
        hr_expr_check_node(c, node->children[i + 1]);
        key = join_or_dyn(key, node->children[i]->shape);
        value = join_or_dyn(value, part_shape(c, node->children[i + 1], node->children[i]->maybe));
    }
    hr_expr_typed(node, HR_SHAPE_MAP(key & 31, value));
}

int32_t hr_expr_fold(struct hr_expr_compiler *c, struct hr_expr_node *node, struct hr_expr_run *run)
{
    struct hr_value value;
    for (uint32_t i = 0; i < node->count; i++) {
        if (node->children[i]->kind != HR_EXPR_NODE_literal) {
            return 0;
        }
    }
    hr_expr_run_init(run, c->source, NULL, c->arena);
    int32_t outcome = hr_expr_eval(run, node, &value);
    if (outcome == 0) {
        /* the parts of a written list are its items (check_in); those of anything else are used up */
        node->count = node->kind == HR_EXPR_NODE_list ? node->count : 0;
        node->kind = HR_EXPR_NODE_literal;
        node->value = value;
        node->depth = 1;
    }
    return outcome;
}

/* A list or map of constants becomes one constant. */
static void fold(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    struct hr_expr_run run;
    (void)hr_expr_fold(c, node, &run);
}

void hr_expr_check_node(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    switch (node->kind) {
    case HR_EXPR_NODE_literal:
        hr_expr_typed(node, hr_expr_value_type(&node->value));
        break;
    case HR_EXPR_NODE_ident:
        check_ident(c, node);
        break;
    case HR_EXPR_NODE_select:
        check_select(c, node);
        break;
    case HR_EXPR_NODE_and:
    case HR_EXPR_NODE_or:
        check_logic(c, node);
        break;
    case HR_EXPR_NODE_choose:
        check_choose(c, node);
        break;
    case HR_EXPR_NODE_list:
        check_list(c, node);
        fold(c, node);
        break;
    case HR_EXPR_NODE_map:
        check_map(c, node);
        fold(c, node);
        break;
    case HR_EXPR_NODE_call:
        for (uint32_t i = 0; i < node->count; i++) {
            hr_expr_check_node(c, node->children[i]);
        }
        hr_expr_check_call(c, node);
        break;
    case HR_EXPR_NODE_broken:
        break;
    default:
        hr_expr_check_macro(c, node);
        break;
    }
    if (node->kind == HR_EXPR_NODE_broken) {
        hr_expr_typed(node, HR_TYPE_dyn);
    }
}

void hr_expr_check(struct hr_expr_compiler *compiler, struct hr_expr_node *root)
{
    hr_expr_check_node(compiler, root);
    hr_expr_typed(root, hr_shape_settled(root->shape));
}
