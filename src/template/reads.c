/* template/reads: which names a template reads from outside, where, and whether a missing one would stop it. A name is
 * the template's own once a tag before it could have set it; what a condition asks for counts as asked in all that
 * stands in its branches. */
#include "template/parse_inside.h"

/* What is known of the names here. A variable that was set stays to the end of the text (SET); a loop's own names and
 * what a condition asks for hold as often as they are counted. */
struct walk {
    struct hr_template_parser *parser;
    struct hr_map own;
    struct hr_map asked;
    struct hr_text *asking; /* the paths asked for by the tags around, to be taken back */
    size_t asking_count;
    size_t asking_capacity;
    struct hr_map reads; /* path to index */
    size_t read_capacity;
};

#define SET (UINT64_C(1) << 63)

enum use { USE_bare, USE_asked };

static bool holds(const struct hr_map *names, struct hr_text name)
{
    const uint64_t *found = hr_map_find(names, name);
    return found != NULL && *found != 0;
}

/* Adds to what is known of a name; SET is added but once. */
static void know(struct walk *walk, struct hr_map *names, struct hr_text name, uint64_t more)
{
    const uint64_t *found = hr_map_find(names, name);
    uint64_t value = found != NULL ? *found : 0;
    value = more == SET ? value | SET : value + more;
    if (!hr_ok(hr_map_put(names, name, value))) {
        walk->parser->no_memory = true;
    }
}

/* ---- noting -------------------------------------------------------------------------------- */

static struct hr_template_read *find_read(struct walk *walk, struct hr_text path)
{
    const uint64_t *found = hr_map_find(&walk->reads, path);
    return found != NULL ? &walk->parser->template->reads[*found] : NULL;
}

static void note(struct walk *walk, const struct hr_template_read *read)
{
    struct hr_template *template = walk->parser->template;
    struct hr_template_read *known = find_read(walk, read->path);
    if (known == NULL && template->read_count >= HR_TEMPLATE_READS_MAX) {
        if (walk->parser->error_count == 0) {
            hr_template_complain(walk->parser, HR_CODE_template_limit, 0, 1,
                                 HR_TEXT("the text reads more than 200 different fields"));
        }
    } else if (known == NULL) {
        if (!hr_ok(hr_map_put(&walk->reads, read->path, template->read_count))) {
            walk->parser->no_memory = true;
            return;
        }
        (void)hr_template_append(walk->parser, &template->reads, &template->read_count,
                                 &walk->read_capacity, read, sizeof(*read));
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
    if (walk->parser->error_count == 0 && (known == NULL || (read.bare && !known->bare))) {
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
    uint32_t guarded = 0; /* filters up to the last default */
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

/* ---- tags ---------------------------------------------------------------------------------- */

static void walk_body(struct walk *walk, const struct hr_template_body *body);

static void ask(struct walk *walk, const struct hr_template_expr *expr)
{
    read_expr(walk, expr, USE_asked);
    if (expr != NULL && expr->kind == HR_OPERAND_path &&
        hr_template_append(walk->parser, &walk->asking, &walk->asking_count, &walk->asking_capacity,
                           &expr->label, sizeof(expr->label))) {
        know(walk, &walk->asked, expr->label, 1);
    }
}

static void walk_branches(struct walk *walk, const struct hr_template_node *node)
{
    size_t asking = walk->asking_count;
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
    while (walk->asking_count > asking) {
        know(walk, &walk->asked, walk->asking[--walk->asking_count], UINT64_MAX);
    }
}

static void walk_loop(struct walk *walk, const struct hr_template_node *node)
{
    const struct hr_template_loop *loop = node->loop;
    read_expr(walk, loop->over, loop->has_otherwise ? USE_asked : USE_bare);
    read_expr(walk, loop->limit, USE_bare);
    read_expr(walk, loop->offset, USE_bare);
    read_expr(walk, loop->columns, USE_bare);
    struct hr_text told = node->kind == HR_NODE_for ? HR_TEXT("forloop") : HR_TEXT("tablerowloop");
    know(walk, &walk->own, loop->variable, 1);
    know(walk, &walk->own, told, 1);
    walk_body(walk, &loop->body);
    know(walk, &walk->own, loop->variable, UINT64_MAX); /* one less */
    know(walk, &walk->own, told, UINT64_MAX);
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
        know(walk, &walk->own, node->text, SET);
        break;
    case HR_NODE_count:
        know(walk, &walk->own, node->text, SET);
        break;
    case HR_NODE_if:
    case HR_NODE_case:
    case HR_NODE_ifchanged:
        walk_branches(walk, node);
        break;
    case HR_NODE_capture:
        walk_branches(walk, node);
        know(walk, &walk->own, node->text, SET);
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
    hr_map_init(&walk.own, parser->arena);
    hr_map_init(&walk.asked, parser->arena);
    hr_map_init(&walk.reads, parser->arena);
    walk_body(&walk, &parser->template->body);
}
