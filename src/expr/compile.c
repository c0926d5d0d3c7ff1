/* expr/compile: from source to program: limits, parse, check, the wanted type; and the
 * house-keeping that both share: nodes, complaints, places. */
#include "expr/program.h"
#include "expr/regex.h"

#include <string.h>

struct hr_expr_node *hr_expr_node_new(struct hr_expr_compiler *compiler, uint8_t kind, uint32_t at,
                                      uint32_t size)
{
    struct hr_expr_node *node = hr_arena_new(compiler->arena, struct hr_expr_node);
    if (node == NULL) {
        compiler->no_memory = true;
        node = &compiler->spare;
    }
    node->kind = kind;
    node->at = at;
    node->size = size;
    node->depth = 1;
    node->field = -1;
    return node;
}

void hr_expr_node_adopt(struct hr_expr_compiler *compiler, struct hr_expr_node *node,
                        struct hr_expr_node *const *children, size_t count)
{
    if (compiler->no_memory || count == 0) {
        return;
    }
    struct hr_expr_node **copy = hr_arena_new_many(compiler->arena, struct hr_expr_node *, count);
    if (copy == NULL) {
        compiler->no_memory = true;
        return;
    }
    memcpy(copy, children, count * sizeof(struct hr_expr_node *));
    node->children = copy;
    node->count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        if (copy[i]->depth >= node->depth) {
            node->depth = (uint8_t)(copy[i]->depth + 1);
        }
    }
    if (node->depth > HR_EXPR_DEPTH_MAX) {
        hr_expr_complain(compiler, HR_CODE_expression_limit, node->at, node->size,
                         HR_TEXT("this is nested deeper than 64 levels"));
        node->kind = HR_EXPR_NODE_broken;
        node->count = 0;
        node->depth = 1;
    }
}

/* Line and column of an offset, when the caller has no better place. */
static struct hr_place place_of_offset(struct hr_text source, size_t at, size_t size)
{
    struct hr_place place = {.line = 1, .column = 1};
    for (size_t i = 0; i < at && i < source.size; i++) {
        unsigned char byte = (unsigned char)source.data[i];
        if (byte == '\n') {
            place.line++;
            place.column = 1;
        } else if ((byte & 0xc0) != 0x80) {
            place.column++;
        }
    }
    place.size = (uint32_t)hr_expr_points(hr_text_slice(source, at, at + size));
    place.size = place.size == 0 ? 1 : place.size;
    return place;
}

struct hr_diagnostic *hr_expr_complain(struct hr_expr_compiler *compiler, enum hr_code code,
                                       uint32_t at, uint32_t size, struct hr_text message)
{
    bool again = compiler->error_count > 0 && compiler->error_at == at;
    compiler->error_count += again ? 0 : 1;
    compiler->error_at = at;
    if (again || compiler->reterr == NULL || compiler->error_count > HR_EXPR_ERRORS_MAX) {
        return &compiler->unkept;
    }
    struct hr_place place = compiler->place_of != NULL
                                ? compiler->place_of(compiler->context, at, size)
                                : place_of_offset(compiler->source, at, size);
    return hr_diagnostics_add(compiler->reterr, code, HR_SEVERITY_error, place, "%.*s",
                              HR_SHOW(message));
}

struct hr_diagnostic *hr_expr_object(struct hr_expr_compiler *compiler, enum hr_code code,
                                     uint32_t at, uint32_t size, struct hr_text message)
{
    return compiler->unchecked ? &compiler->unkept
                               : hr_expr_complain(compiler, code, at, size, message);
}

struct hr_text hr_expr_node_source(struct hr_text source, const struct hr_expr_node *node)
{
    return hr_text_slice(source, node->at, (size_t)node->at + node->size);
}

bool hr_expr_calls(const struct hr_expr_node *node, const char *name)
{
    return node->kind == HR_EXPR_NODE_call && hr_text_equal(node->text, hr_text_from(name));
}

const char *hr_expr_type_words(uint8_t type)
{
    static const char *const words[] = {
        [HR_TYPE_dyn] = "anything",
        [HR_TYPE_null] = "nothing",
        [HR_TYPE_bool] = "a yes or no",
        [HR_TYPE_int] = "a whole number",
        [HR_TYPE_uint] = "an unsigned number",
        [HR_TYPE_double] = "a number",
        [HR_TYPE_text] = "a text",
        [HR_TYPE_bytes] = "bytes",
        [HR_TYPE_time] = "a time",
        [HR_TYPE_duration] = "a duration",
        [HR_TYPE_list] = "a list",
        [HR_TYPE_map] = "a map",
        [HR_TYPE_type] = "a type",
        [HR_TYPE_object] = "a record",
        [HR_TYPE_optional] = "an optional",
        [HR_TYPE_ip] = "an IP address",
        [HR_TYPE_cidr] = "a network",
    };
    hr_assert(type <= HR_TYPE_cidr);
    return words[type];
}

size_t hr_expr_points(struct hr_text text)
{
    size_t points = 0;
    for (size_t i = 0; i < text.size; i++) {
        points += ((unsigned char)text.data[i] & 0xc0) != 0x80;
    }
    return points;
}

/* The limits that hold before anything is read. */
static bool source_is_sound(struct hr_expr_compiler *compiler)
{
    if (compiler->source.size > HR_EXPR_SOURCE_MAX) {
        hr_expr_complain(compiler, HR_CODE_expression_limit, 0, 1,
                         HR_TEXT("the expression is longer than 4,096 bytes"));
        return false;
    }
    if (!hr_text_is_utf8(compiler->source)) {
        hr_expr_complain(compiler, HR_CODE_expression_syntax, 0, 1,
                         HR_TEXT("the expression is not UTF-8"));
        return false;
    }
    return true;
}

/* A number is wanted and a whole number comes: that fits too. */
static bool type_fits(enum hr_type want, uint8_t given)
{
    return want == HR_TYPE_dyn || given == HR_TYPE_dyn || want == given ||
           (want == HR_TYPE_double && given == HR_TYPE_int);
}

static void check_result(struct hr_expr_compiler *compiler, const struct hr_expr_node *root)
{
    enum hr_type want = compiler->expr->want;
    if (root->kind == HR_EXPR_NODE_broken || type_fits(want, root->type)) {
        return;
    }
    struct hr_diagnostic *diagnostic = hr_expr_complain(
        compiler, HR_CODE_expression_result, root->at, root->size,
        hr_text_format(compiler->arena, "this gives %s, but %s is needed",
                       hr_expr_type_words(root->type), hr_expr_type_words((uint8_t)want)));
    if (want == HR_TYPE_bool && root->kind == HR_EXPR_NODE_field) {
        struct hr_text written = hr_expr_node_source(compiler->source, root);
        diagnostic->help = hr_text_format(
            compiler->arena, "write known(%.*s) to ask whether it has a value", HR_SHOW(written));
    }
}

static hr_status compile(struct hr_expr_compiler *compiler)
{
    if (!source_is_sound(compiler)) {
        return hr_answer(HR_E_INPUT);
    }
    struct hr_expr_node *root = hr_expr_parse(compiler);
    if (!compiler->no_memory && compiler->error_count == 0) {
        hr_expr_check(compiler, root);
    }
    if (compiler->no_memory) {
        return hr_answer(HR_E_MEMORY);
    }
    if (compiler->error_count == 0 && !compiler->unchecked) {
        check_result(compiler, root);
    }
    if (compiler->error_count > 0) {
        return hr_answer(HR_E_INPUT);
    }
    compiler->expr->root = root;
    return hr_expr_collect_reads(compiler) ? hr_done() : hr_answer(HR_E_MEMORY);
}

hr_status hr_expr_compile(struct hr_arena *into, struct hr_text source,
                          const struct hr_expr_scope *scope, enum hr_type want,
                          hr_expr_place_of place_of, void *context, struct hr_diagnostics *reterr,
                          const struct hr_expr **ret_expr)
{
    struct hr_expr *expr = hr_arena_new(into, struct hr_expr);
    if (expr == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    expr->want = want;
    expr->source = source.size <= HR_EXPR_SOURCE_MAX ? hr_text_copy(into, source) : source;
    if (expr->source.data == NULL && source.size > 0) {
        return hr_answer(HR_E_MEMORY);
    }
    struct hr_expr_compiler compiler = {
        .arena = into,
        .source = expr->source,
        .scope = scope,
        .expr = expr,
        .place_of = place_of,
        .context = context,
        .reterr = reterr,
        .unchecked = scope != NULL && scope->unchecked,
    };
    size_t told = reterr == NULL ? 0 : reterr->told;
    hr_status status = compile(&compiler);
    if (!hr_ok(status)) {
        if (reterr != NULL) {
            hr_diagnostics_own(reterr, told);
        }
        hr_expr_release(expr);
        return status;
    }
    *ret_expr = expr;
    return hr_done();
}

void hr_expr_release(const struct hr_expr *expr)
{
    if (expr == NULL) {
        return;
    }
    for (size_t i = 0; i < expr->pattern_count; i++) {
        hr_regex_close(expr->patterns[i]);
        expr->patterns[i] = NULL;
    }
}

struct hr_text hr_expr_source(const struct hr_expr *expr)
{
    return expr->source;
}

enum hr_type hr_expr_result(const struct hr_expr *expr)
{
    return (enum hr_type)expr->root->type;
}

hr_shape hr_expr_result_shape(const struct hr_expr *expr)
{
    return expr->root->shape;
}
