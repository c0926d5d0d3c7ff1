/* expr/check: names find their meaning, types are worked out, constants are computed once. It goes
 * on after a mistake with the type "anything", so that one mistake is told once. */
#include "expr/program.h"

#include <string.h>

static void check(struct hr_expr_compiler *c, struct hr_expr_node *node);

static const char *const type_names[] = {"bool",   "bytes",     "double", "duration",
                                         "int",    "list",      "map",    "null_type",
                                         "string", "timestamp", "type",   "uint"};

/* A type as a value: `type(x) == int`. */
static bool resolve_type(struct hr_expr_node *node, struct hr_text written)
{
    const char *found = NULL;
    for (size_t i = 0; i < sizeof(type_names) / sizeof(type_names[0]); i++) {
        if (hr_text_equal(written, hr_text_from(type_names[i]))) {
            found = type_names[i];
        }
    }
    if (found == NULL) {
        return false;
    }
    if (strcmp(found, "timestamp") == 0) {
        found = "google.protobuf.Timestamp";
    } else if (strcmp(found, "duration") == 0) {
        found = "google.protobuf.Duration";
    }
    node->kind = HR_EXPR_NODE_literal;
    node->type = HR_TYPE_type;
    node->value = hr_expr_type_of(found);
    node->count = 0;
    return true;
}

static bool resolve_local(const struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    for (uint8_t i = c->local_count; i > 0; i--) {
        if (hr_text_equal(node->text, c->locals[i - 1])) {
            node->kind = HR_EXPR_NODE_local;
            node->slot = (uint8_t)(i - 1);
            node->type = c->local_types[i - 1];
            return true;
        }
    }
    return false;
}

/* The scope's entry for an identifier, or NULL. */
static const struct hr_expr_name *find_name(const struct hr_expr_compiler *c, struct hr_text text,
                                            size_t *ret_index)
{
    for (size_t i = 0; c->scope != NULL && i < c->scope->name_count; i++) {
        if (hr_text_equal(c->scope->names[i].name, text)) {
            *ret_index = i;
            return &c->scope->names[i];
        }
    }
    return NULL;
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
        hr_expr_complain(c, HR_CODE_expression_unknown_name, node->at, node->size,
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
    const struct hr_expr_name *name = find_name(c, node->text, &index);
    if (name == NULL) {
        if (!resolve_type(node, node->text)) {
            complain_unknown_name(c, node);
        }
        return;
    }
    node->kind = HR_EXPR_NODE_name;
    node->name = index;
    node->type = (uint8_t)name->type;
    if (name->type == HR_TYPE_object) {
        struct hr_diagnostic *diagnostic =
            hr_expr_complain(c, HR_CODE_expression_types, node->at, node->size,
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
    struct hr_diagnostic *diagnostic = hr_expr_complain(
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
            node->type = (uint8_t)name->fields[i].type;
        }
    }
    if (node->field < 0 && !name->open) {
        complain_unknown_field(c, node, name);
        return;
    }
    node->kind = HR_EXPR_NODE_field;
    node->depth = 1;
}

/* A name of the scope, or of a type, that has dots in it. The longest is met first. */
static bool resolve_dotted(const struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    struct hr_text written = hr_expr_node_source(c->source, node);
    size_t index = 0;
    const struct hr_expr_name *name = find_name(c, written, &index);
    if (name != NULL && name->type != HR_TYPE_object) {
        node->kind = HR_EXPR_NODE_name;
        node->name = index;
        node->type = (uint8_t)name->type;
        node->count = 0;
        return true;
    }
    if (hr_text_equal(written, HR_TEXT("google.protobuf.Timestamp"))) {
        return resolve_type(node, HR_TEXT("timestamp"));
    }
    return hr_text_equal(written, HR_TEXT("google.protobuf.Duration")) &&
           resolve_type(node, HR_TEXT("duration"));
}

static void check_select(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    struct hr_expr_node *left = node->children[0];
    size_t index = 0;
    if (left->kind == HR_EXPR_NODE_ident && !resolve_local(c, left)) {
        const struct hr_expr_name *name = find_name(c, left->text, &index);
        if (name != NULL && name->type == HR_TYPE_object) {
            check_field(c, node, name, index);
            return;
        }
    }
    if (resolve_dotted(c, node)) {
        return;
    }
    check(c, left);
    if (left->kind == HR_EXPR_NODE_broken) {
        node->kind = HR_EXPR_NODE_broken;
    } else if (left->type != HR_TYPE_dyn && left->type != HR_TYPE_map) {
        hr_expr_complain(c, HR_CODE_expression_types, node->name_at, (uint32_t)node->text.size,
                         hr_text_format(c->arena, "%s has no field `%.*s`",
                                        hr_expr_type_words(left->type), HR_SHOW(node->text)));
        node->kind = HR_EXPR_NODE_broken;
    }
}

static bool wants_bool(struct hr_expr_compiler *c, const struct hr_expr_node *node,
                       const char *where)
{
    if (node->type == HR_TYPE_bool || node->type == HR_TYPE_dyn ||
        node->kind == HR_EXPR_NODE_broken) {
        return true;
    }
    struct hr_diagnostic *diagnostic =
        hr_expr_complain(c, HR_CODE_expression_types, node->at, node->size,
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
        check(c, node->children[i]);
        wants_bool(c, node->children[i], node->kind == HR_EXPR_NODE_and ? "&&" : "||");
    }
    node->type = HR_TYPE_bool;
}

static void check_choose(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    for (uint32_t i = 0; i < 3; i++) {
        check(c, node->children[i]);
    }
    wants_bool(c, node->children[0], "the part before \"?\"");
    const struct hr_expr_node *yes = node->children[1];
    const struct hr_expr_node *no = node->children[2];
    node->type = yes->type == no->type ? yes->type : (uint8_t)HR_TYPE_dyn;
    bool loose = yes->type == HR_TYPE_dyn || no->type == HR_TYPE_dyn || yes->type == HR_TYPE_null ||
                 no->type == HR_TYPE_null;
    if (yes->type != no->type && !loose) {
        hr_expr_complain(c, HR_CODE_expression_types, no->at, no->size,
                         hr_text_format(c->arena, "this is %s, but the other answer is %s",
                                        hr_expr_type_words(no->type),
                                        hr_expr_type_words(yes->type)));
    }
}

static void check_loop(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    struct hr_expr_node *range = node->children[0];
    check(c, range);
    if (range->type != HR_TYPE_dyn && range->type != HR_TYPE_list && range->type != HR_TYPE_map) {
        hr_expr_complain(c, HR_CODE_expression_types, node->name_at, 1,
                         hr_text_format(c->arena, "this runs over a list or a map, but here is %s",
                                        hr_expr_type_words(range->type)));
    }
    if (c->local_count == HR_EXPR_LOCALS_MAX) {
        hr_expr_complain(c, HR_CODE_expression_limit, node->name_at, 1,
                         HR_TEXT("macros are nested deeper than 8"));
        return;
    }
    node->slot = c->local_count;
    c->locals[c->local_count] = node->text;
    c->local_types[c->local_count++] = HR_TYPE_dyn;
    for (uint32_t i = 1; i < node->count; i++) {
        check(c, node->children[i]);
        bool condition = node->op != HR_LOOP_map || (node->count == 3 && i == 1);
        if (condition) {
            wants_bool(c, node->children[i], "this condition");
        }
    }
    c->local_count--;
    bool makes_list = node->op == HR_LOOP_map || node->op == HR_LOOP_filter;
    node->type = makes_list ? HR_TYPE_list : HR_TYPE_bool;
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

static void check_children(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    for (uint32_t i = 0; i < node->count; i++) {
        check(c, node->children[i]);
    }
}

static void check_asking(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    check(c, node->children[0]);
    node->type = HR_TYPE_bool;
}

static void check(struct hr_expr_compiler *c, struct hr_expr_node *node)
{
    switch (node->kind) {
    case HR_EXPR_NODE_literal:
        node->type =
            node->value.kind == HR_KIND_null ? HR_TYPE_null : hr_expr_kind_type(node->value.kind);
        break;
    case HR_EXPR_NODE_ident:
        check_ident(c, node);
        break;
    case HR_EXPR_NODE_select:
        check_select(c, node);
        break;
    case HR_EXPR_NODE_has:
    case HR_EXPR_NODE_known:
        check_asking(c, node);
        break;
    case HR_EXPR_NODE_and:
    case HR_EXPR_NODE_or:
        check_logic(c, node);
        break;
    case HR_EXPR_NODE_choose:
        check_choose(c, node);
        break;
    case HR_EXPR_NODE_list:
    case HR_EXPR_NODE_map:
        check_children(c, node);
        node->type = node->kind == HR_EXPR_NODE_list ? HR_TYPE_list : HR_TYPE_map;
        fold(c, node);
        break;
    case HR_EXPR_NODE_loop:
        check_loop(c, node);
        break;
    case HR_EXPR_NODE_call:
        check_children(c, node);
        hr_expr_check_call(c, node);
        break;
    default:
        break;
    }
    if (node->kind == HR_EXPR_NODE_broken) {
        node->type = HR_TYPE_dyn;
    }
}

void hr_expr_check(struct hr_expr_compiler *compiler, struct hr_expr_node *root)
{
    check(compiler, root);
}
