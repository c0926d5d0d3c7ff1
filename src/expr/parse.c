/* expr/parse: a Pratt parser: one function for all binary operators, driven by their binding power.
 * It goes on after an error where the next part begins, so that one check shows several mistakes;
 * the tree it makes is never deeper than HR_EXPR_DEPTH_MAX, which is what lets all other files walk
 * it by plain recursion. */
#include "expr/program.h"

static struct hr_expr_node *parse_expression(struct hr_expr_compiler *p, int least);

static void advance(struct hr_expr_compiler *p)
{
    p->end = p->token.at + p->token.size;
    hr_expr_lex(p->source, p->end, &p->token);
}

static bool accept(struct hr_expr_compiler *p, uint8_t kind)
{
    if (p->token.kind != kind) {
        return false;
    }
    advance(p);
    return true;
}

static struct hr_text token_text(const struct hr_expr_compiler *p)
{
    return hr_text_slice(p->source, p->token.at, p->token.at + p->token.size);
}

/* Passes over what cannot be read, up to where something new may begin on the same level. */
static void recover(struct hr_expr_compiler *p)
{
    uint32_t open = 0;
    for (;; advance(p)) {
        uint8_t kind = p->token.kind;
        if (kind == HR_TOKEN_end) {
            return;
        }
        if (kind == HR_TOKEN_open_round || kind == HR_TOKEN_open_square ||
            kind == HR_TOKEN_open_curly) {
            open++;
        } else if (kind == HR_TOKEN_close_round || kind == HR_TOKEN_close_square ||
                   kind == HR_TOKEN_close_curly) {
            if (open == 0) {
                return;
            }
            open--;
        } else if (open == 0 && (kind == HR_TOKEN_comma || kind == HR_TOKEN_and ||
                                 kind == HR_TOKEN_or || kind == HR_TOKEN_colon)) {
            return;
        }
    }
}

struct hint {
    const char *word;
    const char *help;
};

/* Words of other languages, and what to write instead; the longer ones first. */
static const struct hint hints[] = {
    {"and", "write && for \"and\""},
    {"AND", "write && for \"and\""},
    {"or", "write || for \"or\""},
    {"OR", "write || for \"or\""},
    {"is not known", "write !known(name) for \"is not known\", as in !known(contact.offer)"},
    {"is known", "write known(name) for \"is known\", as in known(contact.offer)"},
    {"is not", "write != for \"is not\""},
    {"is", "write == for \"is\""},
    {"equals", "write == for \"equals\""},
    {"like", "write name.matches('pattern')"},
    {"contains", "write name.contains('part')"},
};

/* True where no letter or digit follows: "is notable" begins with "is", not with "is not". */
static bool ends_word(struct hr_text text, size_t at)
{
    struct hr_expr_token next;
    hr_expr_lex(text, at, &next);
    return next.at > at || (next.kind != HR_TOKEN_name && next.kind != HR_TOKEN_int);
}

/* True where the word before the present token is "not", which was taken for a name. */
static bool follows_not(const struct hr_expr_compiler *p)
{
    struct hr_text before = hr_text_trim(hr_text_slice(p->source, 0, p->token.at));
    return hr_text_ends(before, HR_TEXT("not")) || hr_text_ends(before, HR_TEXT("NOT"));
}

/* What to write for the words that begin at the present token; NULL: nothing is known of them. */
static const char *hint_for(const struct hr_expr_compiler *p)
{
    struct hr_text rest = hr_text_slice(p->source, p->token.at, p->source.size);
    for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
        struct hr_text words = hr_text_from(hints[i].word);
        if (hr_text_starts(rest, words) && ends_word(rest, words.size)) {
            return hints[i].help;
        }
    }
    return follows_not(p) ? "write ! for \"not\"" : NULL;
}

/* Complains that something else was wanted at the present token, and recovers. */
static struct hr_expr_node *broken(struct hr_expr_compiler *p, const char *wanted)
{
    uint32_t at = p->token.at;
    uint32_t size = p->token.size;
    struct hr_text found = token_text(p);
    struct hr_text message;
    const char *help = NULL;
    if (p->token.kind == HR_TOKEN_bad) {
        message = hr_text_from(p->token.problem);
        help = p->token.help;
    } else if (p->token.kind == HR_TOKEN_end) {
        message = hr_text_format(p->arena, "the expression ends where %s was expected", wanted);
    } else {
        message = hr_text_format(p->arena, "expected %s, found \"%.*s\"", wanted, HR_SHOW(found));
        help = hint_for(p);
    }
    struct hr_diagnostic *diagnostic =
        hr_expr_complain(p, HR_CODE_expression_syntax, at, size > 0 ? size : 1, message);
    if (help != NULL) {
        diagnostic->help = hr_text_from(help);
    }
    recover(p);
    return hr_expr_node_new(p, HR_EXPR_NODE_broken, at, size);
}

/* True when one level more may be opened. */
static bool enter(struct hr_expr_compiler *p)
{
    if (p->depth >= HR_EXPR_DEPTH_MAX) {
        struct hr_diagnostic *diagnostic =
            hr_expr_complain(p, HR_CODE_expression_limit, p->token.at, 1,
                             HR_TEXT("this is nested deeper than 64 levels"));
        diagnostic->help = HR_TEXT("split it into several conditions");
        p->token.at = (uint32_t)p->source.size;
        p->token.size = 0;
        p->token.kind = HR_TOKEN_end;
        return false;
    }
    p->depth++;
    return true;
}

static struct hr_expr_node *parse_literal(struct hr_expr_compiler *p, bool negative, uint32_t at)
{
    struct hr_expr_token token = p->token;
    struct hr_text written = token_text(p);
    struct hr_expr_node *node =
        hr_expr_node_new(p, HR_EXPR_NODE_literal, at, token.at + token.size - at);
    const char *problem = NULL;
    if (!hr_expr_literal(p->arena, &token, written, negative, &node->value, &problem)) {
        if (problem == NULL) {
            p->no_memory = true;
        } else {
            hr_expr_complain(p, HR_CODE_expression_literal, token.at, token.size,
                             hr_text_from(problem));
        }
        node->kind = HR_EXPR_NODE_broken;
    }
    advance(p);
    return node;
}

void hr_expr_items_add(struct hr_expr_compiler *p, struct hr_expr_items *items,
                       struct hr_expr_node *node)
{
    if (items->count == items->capacity) {
        void *grown = hr_list_grow(p->arena, items->nodes, items->count, &items->capacity,
                                   sizeof(struct hr_expr_node *));
        if (grown == NULL) {
            p->no_memory = true;
            return;
        }
        items->nodes = grown;
    }
    items->nodes[items->count++] = node;
}

/* An item of a literal, or a key: with "?" before it, it stands only if its optional has a value. */
static struct hr_expr_node *parse_item(struct hr_expr_compiler *p, bool may_lack)
{
    bool maybe = may_lack && accept(p, HR_TOKEN_question);
    struct hr_expr_node *node = parse_expression(p, 0);
    node->maybe = node->maybe || maybe;
    return node;
}

/* Things between commas up to the closing mark; pairs: each with a colon and a second thing. */
static void parse_items(struct hr_expr_compiler *p, uint8_t close, bool pairs,
                        struct hr_expr_items *items)
{
    while (p->token.kind != close && p->token.kind != HR_TOKEN_end) {
        hr_expr_items_add(p, items, parse_item(p, close != HR_TOKEN_close_round));
        if (pairs) {
            bool colon = accept(p, HR_TOKEN_colon);
            hr_expr_items_add(p, items,
                              colon ? parse_expression(p, 0) : broken(p, "\":\" and a value"));
        }
        if (!accept(p, HR_TOKEN_comma)) {
            break;
        }
    }
    if (!accept(p, close)) {
        broken(p, close == HR_TOKEN_close_round    ? "\")\""
                  : close == HR_TOKEN_close_square ? "\"]\""
                                                   : "\"}\"");
        accept(p, close);
    }
}

static struct hr_expr_node *parse_collection(struct hr_expr_compiler *p, uint8_t kind,
                                             uint8_t close)
{
    uint32_t at = p->token.at;
    struct hr_expr_items items = {0};
    if (!enter(p)) {
        return hr_expr_node_new(p, HR_EXPR_NODE_broken, at, 1);
    }
    advance(p);
    parse_items(p, close, kind == HR_EXPR_NODE_map, &items);
    p->depth--;
    struct hr_expr_node *node = hr_expr_node_new(p, kind, at, p->end - at);
    hr_expr_node_adopt(p, node, items.nodes, items.count);
    return node;
}

/* math.sqrt(...): a function whose name has a dot. Answers that name, or the empty text. */
static struct hr_text joined_name(struct hr_expr_compiler *p, const struct hr_expr_node *receiver,
                                  struct hr_text name)
{
    size_t count = 0;
    if (receiver == NULL || receiver->kind != HR_EXPR_NODE_ident || receiver->absolute ||
        !hr_expr_is_family(receiver->text)) {
        return HR_TEXT_NONE;
    }
    struct hr_text joined =
        hr_text_format(p->arena, "%.*s.%.*s", HR_SHOW(receiver->text), HR_SHOW(name));
    bool macro = hr_text_equal(receiver->text, HR_TEXT("cel"));
    return macro || hr_expr_find(joined, HR_STYLE_global, &count) != NULL ? joined : HR_TEXT_NONE;
}

/* The arguments of a call, from its opening bracket; receiver may be NULL. */
static struct hr_expr_node *parse_call(struct hr_expr_compiler *p, struct hr_expr_node *receiver,
                                       struct hr_text name, uint32_t name_at, uint32_t at)
{
    struct hr_expr_items items = {0};
    struct hr_text joined = joined_name(p, receiver, name);
    if (joined.size > 0) {
        name = joined;
        name_at = at;
        receiver = NULL;
    }
    if (receiver != NULL) {
        hr_expr_items_add(p, &items, receiver);
    }
    if (!enter(p)) {
        return hr_expr_node_new(p, HR_EXPR_NODE_broken, at, 1);
    }
    advance(p);
    parse_items(p, HR_TOKEN_close_round, false, &items);
    p->depth--;
    struct hr_expr_node *node = hr_expr_node_new(p, HR_EXPR_NODE_call, at, p->end - at);
    node->text = name;
    node->name_at = name_at;
    node->op = receiver != NULL ? HR_STYLE_member : HR_STYLE_global;
    if (p->no_memory || hr_expr_macro(p, node, &items)) {
        return node;
    }
    if (items.count > HR_EXPR_ARGS_MAX) {
        hr_expr_object(p, HR_CODE_expression_syntax, node->at, node->size,
                       hr_text_format(p->arena, "%.*s() does not take %zu arguments", HR_SHOW(name),
                                      items.count));
        node->kind = HR_EXPR_NODE_broken;
        return node;
    }
    hr_expr_node_adopt(p, node, items.nodes, items.count);
    return node;
}

static struct hr_expr_node *parse_name(struct hr_expr_compiler *p)
{
    uint32_t at = p->token.at;
    struct hr_text name = token_text(p);
    advance(p);
    if (p->token.kind == HR_TOKEN_open_round) {
        return parse_call(p, NULL, name, at, at);
    }
    struct hr_expr_node *node = hr_expr_node_new(p, HR_EXPR_NODE_ident, at, (uint32_t)name.size);
    node->text = name;
    node->name_at = at;
    bool truth = hr_text_equal(name, HR_TEXT("true"));
    if (truth || hr_text_equal(name, HR_TEXT("false"))) {
        node->kind = HR_EXPR_NODE_literal;
        node->value = hr_value_bool(truth);
    } else if (hr_text_equal(name, HR_TEXT("null"))) {
        node->kind = HR_EXPR_NODE_literal;
        node->value = hr_value_null();
    }
    return node;
}

static struct hr_expr_node *parse_round(struct hr_expr_compiler *p)
{
    uint32_t at = p->token.at;
    if (!enter(p)) {
        return hr_expr_node_new(p, HR_EXPR_NODE_broken, at, 1);
    }
    advance(p);
    struct hr_expr_node *node = parse_expression(p, 0);
    if (!accept(p, HR_TOKEN_close_round)) {
        broken(p, "\")\"");
        accept(p, HR_TOKEN_close_round);
    }
    p->depth--;
    node->at = at;
    node->size = p->end - at;
    return node;
}

static struct hr_expr_node *parse_primary(struct hr_expr_compiler *p)
{
    switch (p->token.kind) {
    case HR_TOKEN_int:
    case HR_TOKEN_uint:
    case HR_TOKEN_double:
    case HR_TOKEN_text:
    case HR_TOKEN_bytes:
        return parse_literal(p, false, p->token.at);
    case HR_TOKEN_name:
        return parse_name(p);
    case HR_TOKEN_dot: { /* an absolute name */
        advance(p);
        if (p->token.kind != HR_TOKEN_name) {
            return broken(p, "a name");
        }
        struct hr_expr_node *name = parse_name(p);
        name->absolute = true;
        return name;
    }
    case HR_TOKEN_open_round:
        return parse_round(p);
    case HR_TOKEN_open_square:
        return parse_collection(p, HR_EXPR_NODE_list, HR_TOKEN_close_square);
    case HR_TOKEN_open_curly:
        return parse_collection(p, HR_EXPR_NODE_map, HR_TOKEN_close_curly);
    default:
        return broken(p, "a value or a name");
    }
}

static struct hr_expr_node *parse_index(struct hr_expr_compiler *p, struct hr_expr_node *left)
{
    if (!enter(p)) {
        return left;
    }
    uint32_t mark = p->token.at;
    advance(p);
    bool maybe = accept(p, HR_TOKEN_question);
    struct hr_expr_node *index = parse_expression(p, 0);
    if (!accept(p, HR_TOKEN_close_square)) {
        broken(p, "\"]\"");
        accept(p, HR_TOKEN_close_square);
    }
    p->depth--;
    struct hr_expr_node *node = hr_expr_node_new(p, HR_EXPR_NODE_call, left->at, p->end - left->at);
    node->text = maybe ? HR_TEXT("[?]") : HR_TEXT("[]");
    node->maybe = maybe;
    node->name_at = mark;
    node->op = HR_STYLE_operator;
    hr_expr_node_adopt(p, node, (struct hr_expr_node *[]){left, index}, 2);
    return node;
}

static struct hr_expr_node *parse_dot(struct hr_expr_compiler *p, struct hr_expr_node *left)
{
    advance(p);
    bool maybe = accept(p, HR_TOKEN_question);
    uint32_t name_at = p->token.at;
    struct hr_text name = token_text(p);
    if (p->token.kind == HR_TOKEN_quoted_name) {
        name = hr_text_slice(name, 1, name.size - 1);
    } else if (p->token.kind != HR_TOKEN_name && p->token.kind != HR_TOKEN_in) {
        return broken(p, "a field's name after the dot");
    }
    advance(p);
    if (p->token.kind == HR_TOKEN_open_round && !maybe) {
        return parse_call(p, left, name, name_at, left->at);
    }
    struct hr_expr_node *node =
        hr_expr_node_new(p, HR_EXPR_NODE_select, left->at, p->end - left->at);
    node->text = name;
    node->maybe = maybe;
    node->name_at = name_at;
    hr_expr_node_adopt(p, node, &left, 1);
    return node;
}

static struct hr_expr_node *parse_postfix(struct hr_expr_compiler *p)
{
    struct hr_expr_node *node = parse_primary(p);
    for (;;) {
        if (p->token.kind == HR_TOKEN_dot) {
            node = parse_dot(p, node);
        } else if (p->token.kind == HR_TOKEN_open_square) {
            node = parse_index(p, node);
        } else if (p->token.kind == HR_TOKEN_open_curly &&
                   (node->kind == HR_EXPR_NODE_ident || node->kind == HR_EXPR_NODE_select)) {
            return broken(p, "an operator (messages cannot be built here)");
        } else {
            return node;
        }
        if (p->no_memory) {
            return node;
        }
    }
}

static struct hr_expr_node *parse_unary(struct hr_expr_compiler *p)
{
    uint8_t mark = p->token.kind;
    if (mark != HR_TOKEN_not && mark != HR_TOKEN_minus) {
        return parse_postfix(p);
    }
    uint32_t at = p->token.at;
    if (!enter(p)) {
        return hr_expr_node_new(p, HR_EXPR_NODE_broken, at, 1);
    }
    advance(p);
    if (mark == HR_TOKEN_minus &&
        (p->token.kind == HR_TOKEN_int || p->token.kind == HR_TOKEN_double)) {
        p->depth--;
        return parse_literal(p, true, at);
    }
    struct hr_expr_node *child = parse_unary(p);
    p->depth--;
    struct hr_expr_node *node = hr_expr_node_new(p, HR_EXPR_NODE_call, at, p->end - at);
    node->text = mark == HR_TOKEN_not ? HR_TEXT("!") : HR_TEXT("-_");
    node->name_at = at;
    node->op = HR_STYLE_operator;
    hr_expr_node_adopt(p, node, &child, 1);
    return node;
}

/* How strongly a token binds what stands on both its sides; 0 when it is no binary operator. */
static int power_of(uint8_t kind)
{
    static const uint8_t powers[HR_TOKEN_bad + 1] = {
        [HR_TOKEN_question] = 1,   [HR_TOKEN_or] = 2,        [HR_TOKEN_and] = 3,
        [HR_TOKEN_equal] = 4,      [HR_TOKEN_not_equal] = 4, [HR_TOKEN_less] = 4,
        [HR_TOKEN_less_equal] = 4, [HR_TOKEN_more] = 4,      [HR_TOKEN_more_equal] = 4,
        [HR_TOKEN_in] = 4,         [HR_TOKEN_plus] = 5,      [HR_TOKEN_minus] = 5,
        [HR_TOKEN_times] = 6,      [HR_TOKEN_divide] = 6,    [HR_TOKEN_modulo] = 6,
    };
    return powers[kind];
}

/* a && b && c, or a || b || c, as one node. */
static struct hr_expr_node *parse_logic(struct hr_expr_compiler *p, struct hr_expr_node *left)
{
    uint8_t mark = p->token.kind;
    struct hr_expr_items items = {0};
    hr_expr_items_add(p, &items, left);
    while (accept(p, mark)) {
        hr_expr_items_add(p, &items, parse_expression(p, power_of(mark) + 1));
    }
    struct hr_expr_node *node = hr_expr_node_new(
        p, mark == HR_TOKEN_and ? HR_EXPR_NODE_and : HR_EXPR_NODE_or, left->at, p->end - left->at);
    hr_expr_node_adopt(p, node, items.nodes, items.count);
    return node;
}

static struct hr_expr_node *parse_choose(struct hr_expr_compiler *p, struct hr_expr_node *left)
{
    if (!enter(p)) {
        return left;
    }
    advance(p);
    struct hr_expr_node *yes = parse_expression(p, 2);
    struct hr_expr_node *no = accept(p, HR_TOKEN_colon) ? parse_expression(p, 1)
                                                        : broken(p, "\":\" and what else to take");
    p->depth--;
    struct hr_expr_node *node =
        hr_expr_node_new(p, HR_EXPR_NODE_choose, left->at, p->end - left->at);
    hr_expr_node_adopt(p, node, (struct hr_expr_node *[]){left, yes, no}, 3);
    return node;
}

static struct hr_expr_node *parse_binary(struct hr_expr_compiler *p, struct hr_expr_node *left)
{
    struct hr_text name = token_text(p);
    uint32_t name_at = p->token.at;
    int power = power_of(p->token.kind);
    advance(p);
    struct hr_expr_node *right = parse_expression(p, power + 1);
    struct hr_expr_node *node = hr_expr_node_new(p, HR_EXPR_NODE_call, left->at, p->end - left->at);
    node->text = name;
    node->name_at = name_at;
    node->op = HR_STYLE_operator;
    hr_expr_node_adopt(p, node, (struct hr_expr_node *[]){left, right}, 2);
    return node;
}

/* Everything that binds at least as strongly as `least`. */
static struct hr_expr_node *parse_expression(struct hr_expr_compiler *p, int least)
{
    struct hr_expr_node *node = parse_unary(p);
    while (!p->no_memory) {
        uint8_t kind = p->token.kind;
        int power = power_of(kind);
        if (power == 0 || power < least) {
            break;
        }
        if (kind == HR_TOKEN_question) {
            node = parse_choose(p, node);
        } else if (kind == HR_TOKEN_and || kind == HR_TOKEN_or) {
            node = parse_logic(p, node);
        } else {
            node = parse_binary(p, node);
        }
    }
    return node;
}

struct hr_expr_node *hr_expr_parse(struct hr_expr_compiler *p)
{
    hr_expr_lex(p->source, 0, &p->token);
    if (p->token.kind == HR_TOKEN_end) {
        hr_expr_complain(p, HR_CODE_expression_syntax, 0, 1, HR_TEXT("the expression is empty"));
        return hr_expr_node_new(p, HR_EXPR_NODE_broken, 0, 0);
    }
    struct hr_expr_node *root = parse_expression(p, 0);
    while (p->token.kind != HR_TOKEN_end && !p->no_memory && p->error_count < HR_EXPR_ERRORS_MAX) {
        broken(p, "an operator or the end");
        uint32_t stopped = p->token.at;
        if (p->token.kind != HR_TOKEN_end) {
            advance(p);
        }
        if (p->token.kind != HR_TOKEN_end && p->token.at > stopped) {
            (void)parse_expression(p, 0); /* only for its complaints */
        }
    }
    return root;
}
