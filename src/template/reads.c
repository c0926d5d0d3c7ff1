/* template/reads: which names a template reads from outside, where, and whether a missing one would stop it. A name is
 * the template's own once a tag before it could have set it; what a condition asks for counts as asked in all that
 * stands in its branches. */
#include "template/inside.h"

/* A name known here, or a path asked for here. Lists grow and shrink like stacks. */
struct names {
    struct hr_text *items;
    size_t count;
    size_t capacity;
};

struct walk {
    struct hr_template_parser *parser;
    struct names own;
    struct names asked;
    size_t capacity; /* of the reads */
};

enum use { USE_bare, USE_asked };

static void push(struct walk *walk, struct names *names, struct hr_text name)
{
    (void)hr_template_append(walk->parser, &names->items, &names->count, &names->capacity, &name,
                             sizeof(name));
}

static bool holds(const struct names *names, struct hr_text name)
{
    for (size_t i = names->count; i > 0; i--) {
        if (hr_text_equal(names->items[i - 1], name)) {
            return true;
        }
    }
    return false;
}

/* A variable lives to the end of the text; it is noted once. */
static void set(struct walk *walk, struct hr_text name)
{
    if (!holds(&walk->own, name)) {
        push(walk, &walk->own, name);
    }
}

/* ---- noting ------------------------------------------------------------------------------------------------ */

static struct hr_template_read *find_read(struct walk *walk, struct hr_text path)
{
    struct hr_template *template = walk->parser->template;
    for (size_t i = 0; i < template->read_count; i++) {
        if (hr_text_equal(template->reads[i].path, path)) {
            return &template->reads[i];
        }
    }
    return NULL;
}

static void note(struct walk *walk, const struct hr_template_read *read)
{
    struct hr_template *template = walk->parser->template;
    struct hr_template_read *known = find_read(walk, read->path);
    if (known == NULL) {
        (void)hr_template_append(walk->parser, &template->reads, &template->read_count,
                                 &walk->capacity, read, sizeof(*read));
    } else if (read->bare && !known->bare) {
        known->bare = true;
        known->place = read->place;
    }
}

static void read_expr(struct walk *walk, const struct hr_template_expr *expr, enum use use);

/* Reads count up to the first step that is not a plain name. */
static void read_path(struct walk *walk, const struct hr_template_expr *expr, enum use use)
{
    uint32_t plain = 0;
    for (uint32_t i = 0; i < expr->step_count; i++) {
        if (expr->steps[i].index != NULL) {
            read_expr(walk, expr->steps[i].index, use);
        }
    }
    if (expr->root != NULL) {
        read_expr(walk, expr->root, use);
        return;
    }
    if (holds(&walk->own, expr->name)) {
        return;
    }
    size_t size = expr->name.size;
    while (plain < expr->step_count && expr->steps[plain].index == NULL) {
        size += 1 + expr->steps[plain++].name.size;
    }
    struct hr_template_read read = {
        .path = hr_text_slice(expr->label, 0, size),
        .root = expr->name,
        .field = plain > 0 ? expr->steps[0].name : HR_TEXT_NONE,
        .bare = use == USE_bare && !holds(&walk->asked, expr->label),
    };
    const struct hr_template_read *known = find_read(walk, read.path);
    if (known == NULL || (read.bare && !known->bare)) {
        read.place = hr_template_place(walk->parser, expr->at, expr->size);
        note(walk, &read);
    }
}

static void read_expr(struct walk *walk, const struct hr_template_expr *expr, enum use use)
{
    if (expr == NULL) {
        return;
    }
    if (expr->kind == HR_OPERAND_path) {
        read_path(walk, expr, use);
    } else if (expr->kind == HR_OPERAND_range) {
        read_expr(walk, expr->from, use);
        read_expr(walk, expr->to, use);
    }
}

/* A default stands for all that comes before it; what stands behind its colon must be there itself. */
static void read_pipe(struct walk *walk, const struct hr_template_pipe *pipe, enum use last)
{
    uint32_t guarded = 0; /* filters before the last default */
    for (uint32_t i = 0; i < pipe->use_count; i++) {
        guarded = hr_template_filter_is_default(pipe->uses[i].filter) ? i + 1 : guarded;
    }
    read_expr(walk, pipe->base, guarded > 0 ? USE_asked : last);
    for (uint32_t i = 0; i < pipe->use_count; i++) {
        for (uint32_t k = 0; k < pipe->uses[i].arg_count; k++) {
            read_expr(walk, pipe->uses[i].args[k], i + 1 < guarded ? USE_asked : last);
        }
        read_expr(walk, pipe->uses[i].allow_false, USE_asked);
    }
}

/* ---- tags ----------------------------------------------------------------------------------------------------- */

static void walk_body(struct walk *walk, const struct hr_template_body *body);

static void ask(struct walk *walk, const struct hr_template_expr *expr)
{
    read_expr(walk, expr, USE_asked);
    if (expr != NULL && expr->kind == HR_OPERAND_path) {
        push(walk, &walk->asked, expr->label);
    }
}

static void walk_branches(struct walk *walk, const struct hr_template_node *node)
{
    size_t asked = walk->asked.count;
    ask(walk, node->pipe.base);
    for (const struct hr_template_branch *branch = node->branches; branch != NULL;
         branch = branch->next) {
        for (uint32_t i = 0; i < branch->condition.count; i++) {
            ask(walk, branch->condition.tests[i].left);
            ask(walk, branch->condition.tests[i].right);
        }
        for (uint32_t i = 0; i < branch->value_count; i++) {
            ask(walk, branch->values[i]);
        }
        walk_body(walk, &branch->body);
    }
    walk->asked.count = asked;
}

static void walk_loop(struct walk *walk, const struct hr_template_node *node)
{
    const struct hr_template_loop *loop = node->loop;
    read_expr(walk, loop->over, loop->has_otherwise ? USE_asked : USE_bare);
    read_expr(walk, loop->limit, USE_bare);
    read_expr(walk, loop->offset, USE_bare);
    read_expr(walk, loop->columns, USE_bare);
    size_t own = walk->own.count;
    push(walk, &walk->own, loop->variable);
    push(walk, &walk->own,
         node->kind == HR_NODE_for ? HR_TEXT("forloop") : HR_TEXT("tablerowloop"));
    walk_body(walk, &loop->body);
    if (walk->own.count >= own + 2) { /* the two go, what was set inside stays */
        for (size_t i = own + 2; i < walk->own.count; i++) {
            walk->own.items[i - 2] = walk->own.items[i];
        }
        walk->own.count -= 2;
    }
    walk_body(walk, &loop->otherwise);
}

/* True for a name that the call itself gives to the partial. */
static bool gives(const struct hr_template_call *call, struct hr_text name)
{
    bool given = call->bound != NULL && hr_text_equal(name, call->alias);
    given = given || (call->each && hr_text_equal(name, HR_TEXT("forloop")));
    for (uint32_t i = 0; !given && i < call->arg_count; i++) {
        given = hr_text_equal(name, call->args[i].name);
    }
    return given;
}

/* What a partial reads, the text reads, but for what the call gives and, when it shares, what the text has set. */
static void walk_call(struct walk *walk, const struct hr_template_call *call)
{
    read_expr(walk, call->bound, call->each ? USE_bare : USE_asked);
    for (uint32_t i = 0; i < call->arg_count; i++) {
        read_expr(walk, call->args[i].value, USE_asked);
    }
    for (size_t i = 0; i < call->partial->read_count; i++) {
        struct hr_template_read read = call->partial->reads[i];
        bool own = call->shares && holds(&walk->own, read.root);
        if (!gives(call, read.root) && !own) {
            note(walk, &read);
        }
    }
}

static void walk_node(struct walk *walk, const struct hr_template_node *node)
{
    switch (node->kind) {
    case HR_NODE_output:
        read_pipe(walk, &node->pipe, USE_bare);
        break;
    case HR_NODE_assign:
        read_pipe(walk, &node->pipe, USE_bare);
        set(walk, node->text);
        break;
    case HR_NODE_count:
        set(walk, node->text);
        break;
    case HR_NODE_if:
    case HR_NODE_case:
    case HR_NODE_ifchanged:
        walk_branches(walk, node);
        break;
    case HR_NODE_capture:
        walk_branches(walk, node);
        set(walk, node->text);
        break;
    case HR_NODE_for:
    case HR_NODE_tablerow:
        walk_loop(walk, node);
        break;
    case HR_NODE_render:
        walk_call(walk, node->call);
        break;
    case HR_NODE_cycle:
        read_expr(walk, node->cycle->group, USE_asked);
        for (uint32_t i = 0; i < node->cycle->count; i++) {
            read_expr(walk, node->cycle->items[i], USE_bare);
        }
        break;
    default:
        break;
    }
}

static void walk_body(struct walk *walk, const struct hr_template_body *body)
{
    for (const struct hr_template_node *node = body->first; node != NULL; node = node->next) {
        walk_node(walk, node);
    }
}

void hr_template_find_reads(struct hr_template_parser *parser)
{
    struct walk walk = {.parser = parser};
    walk_body(&walk, &parser->template->body);
}
