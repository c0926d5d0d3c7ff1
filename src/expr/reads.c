/* expr/reads: what an expression reads, and whether it is a plain comparison of one field with
 * constants. The engine's prefetch and the index of proofs by event type stand on these. */
#include "expr/program.h"

/* Room for what is read; the same field is noted once. */
struct reads {
    struct hr_expr_compiler *compiler;
    struct hr_expr *expr;
    size_t capacity;
};

static struct hr_expr_read read_of(const struct hr_expr_node *node)
{
    bool open = node->kind == HR_EXPR_NODE_field && node->field < 0;
    return (struct hr_expr_read){
        .name = node->name, .field = node->field, .text = open ? node->text : HR_TEXT_NONE};
}

static bool noted(const struct hr_expr *expr, const struct hr_expr_read *read)
{
    for (size_t i = 0; i < expr->read_count; i++) {
        const struct hr_expr_read *other = &expr->reads[i];
        if (other->name == read->name && other->field == read->field &&
            hr_text_equal(other->text, read->text)) {
            return true;
        }
    }
    return false;
}

static bool note(struct reads *reads, struct hr_expr_read read)
{
    struct hr_expr *expr = reads->expr;
    if (noted(expr, &read)) {
        return true;
    }
    if (expr->read_count == reads->capacity) {
        void *grown = hr_list_grow(reads->compiler->arena, expr->reads, expr->read_count,
                                   &reads->capacity, sizeof(struct hr_expr_read));
        if (grown == NULL) {
            return false;
        }
        expr->reads = grown;
    }
    expr->reads[expr->read_count++] = read;
    return true;
}

/* The tree is no deeper than HR_EXPR_DEPTH_MAX. */
static bool collect(struct reads *reads, const struct hr_expr_node *node)
{
    if (node->kind == HR_EXPR_NODE_field || node->kind == HR_EXPR_NODE_name) {
        return note(reads, read_of(node));
    }
    bool done = true;
    for (uint32_t i = 0; done && node->kind != HR_EXPR_NODE_literal && i < node->count; i++) {
        done = collect(reads, node->children[i]);
    }
    return done;
}

bool hr_expr_collect_reads(struct hr_expr_compiler *compiler)
{
    struct reads reads = {.compiler = compiler, .expr = compiler->expr};
    return collect(&reads, compiler->expr->root);
}

const struct hr_expr_read *hr_expr_reads(const struct hr_expr *expr, size_t *ret_count)
{
    *ret_count = expr->read_count;
    return expr->reads;
}

uint32_t hr_expr_uses(const struct hr_expr *expr)
{
    return expr->uses;
}

/* Texts found so far. */
struct found {
    struct hr_text *texts;
    size_t room;
    size_t count;
};

static void find_text(struct found *found, const struct hr_value *value)
{
    struct hr_text text = hr_value_as_text(value);
    if (value->kind != HR_KIND_text) {
        return;
    }
    for (size_t i = 0; i < found->count && i < found->room; i++) {
        if (hr_text_equal(found->texts[i], text)) {
            return;
        }
    }
    if (found->count < found->room) {
        found->texts[found->count] = text;
    }
    found->count++;
}

static bool reads_it(const struct hr_expr_node *node, const struct hr_expr_read *read)
{
    return (node->kind == HR_EXPR_NODE_field || node->kind == HR_EXPR_NODE_name) &&
           node->name == read->name && node->field == read->field &&
           (node->field >= 0 || node->kind == HR_EXPR_NODE_name ||
            hr_text_equal(node->text, read->text));
}

/* The tree is no deeper than HR_EXPR_DEPTH_MAX. */
static void find_texts(struct found *found, const struct hr_expr_node *node,
                       const struct hr_expr_read *read)
{
    bool compares =
        node->op == HR_STYLE_operator && (hr_expr_calls(node, "==") || hr_expr_calls(node, "in"));
    for (uint32_t i = 0; compares && i < 2; i++) {
        const struct hr_expr_node *other = node->children[1 - i];
        if (!reads_it(node->children[i], read) || other->kind != HR_EXPR_NODE_literal) {
            continue;
        }
        find_text(found, &other->value);
        for (uint32_t k = 0; other->value.kind == HR_KIND_list && k < other->value.count; k++) {
            find_text(found, &other->value.items[k]);
        }
    }
    for (uint32_t i = 0; node->kind != HR_EXPR_NODE_literal && i < node->count; i++) {
        find_texts(found, node->children[i], read);
    }
}

size_t hr_expr_compared_with(const struct hr_expr *expr, const struct hr_expr_read *read,
                             struct hr_text *ret_texts, size_t room)
{
    struct found found = {.texts = ret_texts, .room = room};
    find_texts(&found, expr->root, read);
    return found.count;
}

bool hr_expr_equals_literal(const struct hr_expr *expr, struct hr_expr_read *ret_read,
                            const struct hr_value **ret_literals, size_t *ret_count)
{
    const struct hr_expr_node *root = expr->root;
    bool equal = hr_expr_calls(root, "==");
    if (!equal && !hr_expr_calls(root, "in")) {
        return false;
    }
    const struct hr_expr_node *field = root->children[0];
    const struct hr_expr_node *literal = root->children[1];
    if (equal && field->kind == HR_EXPR_NODE_literal) {
        field = root->children[1];
        literal = root->children[0];
    }
    if (field->kind != HR_EXPR_NODE_field || literal->kind != HR_EXPR_NODE_literal ||
        (!equal && literal->value.kind != HR_KIND_list)) {
        return false;
    }
    *ret_read = read_of(field);
    *ret_literals = equal ? &literal->value : literal->value.items;
    *ret_count = equal ? 1 : literal->value.count;
    return true;
}
