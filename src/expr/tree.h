/* expr/tree: what lexer, parser and checker of this room share: tokens, nodes, the compiler, shapes.
 *
 * Why      one tree serves the checker, the evaluator and the sentences, so that they cannot
 *          disagree.
 * Shape    source -> tokens -> struct hr_expr_node (parse.c, parse_macro.c) -> resolved and typed in place
 *          (check.c, check_call.c, check_macro.c).
 * Owner    everything lives in the program's arena but compiled patterns (hr_expr_release).
 * Limits   below; the depth limit holds for every walk, since the parser refuses deeper trees.
 * Pure     yes.
 * Threads  a checked tree is immutable.
 * Tests    tests/unit/expr_*_test.c */
#ifndef HR_EXPR_TREE_H
#define HR_EXPR_TREE_H

#include "expr/expr.h"

enum {
    HR_EXPR_SOURCE_MAX = 4096, /* bytes */
    HR_EXPR_DEPTH_MAX = 64,    /* levels of the tree, brackets included */
    HR_EXPR_LOCALS_MAX = 32,   /* variables of macros in force at one place */
    HR_EXPR_ARGS_MAX = 4,
    HR_EXPR_STEPS_MAX = 10000,
    HR_EXPR_BYTES_MAX = 64 * 1024, /* of text, lists and maps made by one evaluation */
    HR_EXPR_DECIMALS_MAX = 100,    /* that format() writes of a double */
    HR_EXPR_ERRORS_MAX = 5         /* complaints about one expression */
};

/* ---- tokens ------------------------------------------------------------------------------- */

enum hr_expr_token_kind {
    HR_TOKEN_end,
    HR_TOKEN_name,
    HR_TOKEN_quoted_name, /* `content-type`, only after a dot */
    HR_TOKEN_int,
    HR_TOKEN_uint,
    HR_TOKEN_double,
    HR_TOKEN_text,
    HR_TOKEN_bytes,
    HR_TOKEN_in,
    HR_TOKEN_or,
    HR_TOKEN_and,
    HR_TOKEN_equal,
    HR_TOKEN_not_equal,
    HR_TOKEN_less,
    HR_TOKEN_less_equal,
    HR_TOKEN_more,
    HR_TOKEN_more_equal,
    HR_TOKEN_plus,
    HR_TOKEN_minus,
    HR_TOKEN_times,
    HR_TOKEN_divide,
    HR_TOKEN_modulo,
    HR_TOKEN_not,
    HR_TOKEN_question,
    HR_TOKEN_colon,
    HR_TOKEN_comma,
    HR_TOKEN_dot,
    HR_TOKEN_open_round,
    HR_TOKEN_close_round,
    HR_TOKEN_open_square,
    HR_TOKEN_close_square,
    HR_TOKEN_open_curly,
    HR_TOKEN_close_curly,
    HR_TOKEN_bad
};

struct hr_expr_token {
    uint8_t kind; /* enum hr_expr_token_kind */
    uint32_t at;  /* offset in the source */
    uint32_t size;
    const char *problem; /* of a bad one: what is wrong, and how to mend it (or NULL) */
    const char *help;
};

/* The token that begins at or after `from`; white space and comments are passed over. */
void hr_expr_lex(struct hr_text source, size_t from, struct hr_expr_token *ret_token);
/* The value that a literal token stands for; on false *ret_problem says why not, and is NULL for want of
 * memory. A minus sign that stands directly before a number is passed as negative. */
bool hr_expr_literal(struct hr_arena *into, const struct hr_expr_token *token,
                     struct hr_text written, bool negative, struct hr_value *ret_value,
                     const char **ret_problem);

/* Digits of a base up to 16 and nothing else; false also when the number does not fit. */
bool hr_expr_read_natural(struct hr_text digits, unsigned base, uint64_t *ret_natural);
/* A decimal number (with fraction, exponent, sign) to the nearest double. HR_EXPR_FAILED for anything else,
 * white space around it included; HR_E_MEMORY. */
hr_status hr_expr_read_double(struct hr_arena *into, struct hr_text written,
                              double *ret_real) HR_MUST_USE;

/* ---- the tree ----------------------------------------------------------------------------- */

enum hr_expr_node_kind {
    HR_EXPR_NODE_broken,  /* already complained about; type dyn */
    HR_EXPR_NODE_literal, /* value */
    HR_EXPR_NODE_ident,   /* text; the checker makes it name, local or literal (a type) */
    HR_EXPR_NODE_name,    /* a plain name of the scope */
    HR_EXPR_NODE_field,   /* an object's field: name, field, text */
    HR_EXPR_NODE_local,   /* a macro's variable: slot, text */
    HR_EXPR_NODE_select,  /* child 0 . text */
    HR_EXPR_NODE_has,     /* child 0 is a select or a field */
    HR_EXPR_NODE_known,   /* child 0 */
    HR_EXPR_NODE_call, /* text is the function or operator; children are the arguments, receiver first */
    HR_EXPR_NODE_and, /* two or more children */
    HR_EXPR_NODE_or,
    HR_EXPR_NODE_choose, /* condition, then, else */
    HR_EXPR_NODE_list,
    HR_EXPR_NODE_map,    /* key, value, key, value */
    HR_EXPR_NODE_loop,   /* range, body; with a filter: range, filter, body; op, slot, text */
    HR_EXPR_NODE_bind,   /* values, body; slot is the first's; text (one) or @index0.. (several) */
    HR_EXPR_NODE_maybe,  /* optional, body: optMap (op 0) and optFlatMap (op 1); slot, text */
    HR_EXPR_NODE_changed /* child 0, a field or a name */
};

enum hr_expr_loop {
    HR_LOOP_all,
    HR_LOOP_exists,
    HR_LOOP_exists_one,
    HR_LOOP_map,
    HR_LOOP_filter,
    HR_LOOP_sort_by,
    HR_LOOP_transform_list,
    HR_LOOP_transform_map,
    HR_LOOP_transform_entry
};

struct hr_expr_overload;
struct hr_regex;

struct hr_expr_node {
    uint8_t kind;  /* enum hr_expr_node_kind */
    uint8_t type;  /* enum hr_type, after the check */
    uint8_t op;    /* enum hr_expr_loop of a loop; of a call: style of the function */
    uint8_t slot;  /* of a local or a loop */
    uint8_t depth; /* of the tree below, this node included */
    bool exact;    /* of a call: one overload fits whatever comes, no need to look at kinds */
    bool maybe;    /* written with "?": a select, an index, an item or a key of a literal */
    bool absolute; /* of an ident: written with a leading dot */
    bool two;      /* of a loop: two variables, text and second */
    uint32_t at;   /* span in the source, brackets included */
    uint32_t size;
    uint32_t name_at; /* where the field or function name stands */
    uint32_t count;   /* children */
    struct hr_expr_node **children;
    struct hr_text text;
    struct hr_text second;                   /* of a loop with two variables */
    hr_shape shape;                          /* the whole type, after the check */
    size_t name;                             /* index in the scope */
    int32_t field;                           /* declared field or -1 */
    uint32_t overload_count;                 /* rows that may fit */
    const struct hr_expr_overload *overload; /* the first, or the exact one */
    const struct hr_expr_field *declared;    /* while checking */
    struct hr_regex *regex;                  /* of matches() with a constant pattern */
    struct hr_value value;                   /* of a literal */
};

struct hr_expr {
    struct hr_text source;
    const struct hr_expr_node *root;
    enum hr_type want;
    struct hr_expr_read *reads;
    size_t read_count;
    struct hr_regex **patterns; /* compiled ones, to be released */
    size_t pattern_count;
    size_t pattern_capacity;
    uint32_t uses; /* enum hr_expr_use_of */
};

/* ---- compiling ---------------------------------------------------------------------------- */

struct hr_expr_compiler {
    struct hr_arena *arena;
    struct hr_text source;
    const struct hr_expr_scope *scope;
    struct hr_expr *expr;
    hr_expr_place_of place_of;
    void *context;
    struct hr_diagnostics *reterr;
    uint32_t error_count;
    uint32_t error_at;                         /* of the last complaint */
    bool no_memory;                            /* the arena refused; the tree is not to be used */
    struct hr_expr_node spare;                 /* answered when the arena refused */
    struct hr_diagnostic unkept;               /* likewise for complaints beyond the limit */
    struct hr_expr_token token;                /* parser: the one to look at */
    uint32_t end;                              /* parser: where the token before it ended */
    uint32_t depth;                            /* parser: brackets and calls open now */
    struct hr_text locals[HR_EXPR_LOCALS_MAX]; /* checker: macro variables in force */
    hr_shape local_shapes[HR_EXPR_LOCALS_MAX];
    uint8_t local_count;
    bool unchecked; /* checker: what it would complain of fails at run time instead */
};

/* A new node over a span; never NULL (the spare when the arena refuses). */
struct hr_expr_node *hr_expr_node_new(struct hr_expr_compiler *compiler, uint8_t kind, uint32_t at,
                                      uint32_t size);
/* Gives a node its children (copied) and its depth; complains when the tree grows too deep. */
void hr_expr_node_adopt(struct hr_expr_compiler *compiler, struct hr_expr_node *node,
                        struct hr_expr_node *const *children, size_t count);
/* Complains at a span; answers the diagnostic for help to be filled in. Never NULL. */
struct hr_diagnostic *hr_expr_complain(struct hr_expr_compiler *compiler, enum hr_code code,
                                       uint32_t at, uint32_t size, struct hr_text message);
/* Complains about types; of an unchecked program nothing is kept. */
struct hr_diagnostic *hr_expr_object(struct hr_expr_compiler *compiler, enum hr_code code,
                                     uint32_t at, uint32_t size, struct hr_text message);
/* Parses the whole source. Never NULL; broken nodes where it complained. */
struct hr_expr_node *hr_expr_parse(struct hr_expr_compiler *compiler);
/* What stands between the brackets of a call, or in a list. */
struct hr_expr_items {
    struct hr_expr_node **nodes;
    size_t count;
    size_t capacity;
};
void hr_expr_items_add(struct hr_expr_compiler *compiler, struct hr_expr_items *items,
                       struct hr_expr_node *node);
/* Makes a call what it is if it is a macro (parse_macro.c): items are the arguments, a receiver first.
 * True: node is finished. */
bool hr_expr_macro(struct hr_expr_compiler *compiler, struct hr_expr_node *node,
                   struct hr_expr_items *items);
/* Resolves names, finds overloads and types, folds constants, in place. */
void hr_expr_check(struct hr_expr_compiler *compiler, struct hr_expr_node *root);
/* Checks a call whose children are checked: overloads, types, choices, patterns (check_call.c). */
void hr_expr_check_call(struct hr_expr_compiler *compiler, struct hr_expr_node *node);
/* Checks has, known, changed, loops, binds and the like (check_macro.c). */
void hr_expr_check_macro(struct hr_expr_compiler *compiler, struct hr_expr_node *node);
/* Checks a node and all below it. */
void hr_expr_check_node(struct hr_expr_compiler *compiler, struct hr_expr_node *node);
/* Complains when a part that must be a yes or no is none. */
bool hr_expr_wants_bool(struct hr_expr_compiler *compiler, const struct hr_expr_node *node,
                        const char *where);
/* Gives a node its type; what may still become anything counts as anything. */
void hr_expr_typed(struct hr_expr_node *node, hr_shape shape);
/* Fills expr->reads; false when the arena refuses. */
bool hr_expr_collect_reads(struct hr_expr_compiler *compiler);
/* How a person calls a type: "a text", "a whole number". */
const char *hr_expr_type_words(uint8_t type);
/* The bytes of the source that a node covers. */
struct hr_text hr_expr_node_source(struct hr_text source, const struct hr_expr_node *node);
/* True for a call of this operator or function. */
bool hr_expr_calls(const struct hr_expr_node *node, const char *name);

/* ---- shapes (shape.c) ---------------------------------------------------------------------- */

/* Words of shapes that stand for others: of an empty list's items, whatever comes; of a function's
 * row, one type that its arguments share. */
enum { HR_SHAPE_FREE = 29, HR_SHAPE_T = 30, HR_SHAPE_U = 31 };

struct hr_expr_run;

/* What T and U of a row were found to be. */
struct hr_shape_bound {
    hr_shape shape[2];
    bool known[2];
};

/* The type of a list's items, of an optional's value, of a map's keys or values; dyn of anything else. */
hr_shape hr_shape_item(hr_shape shape);
hr_shape hr_shape_key(hr_shape map);
hr_shape hr_shape_value(hr_shape map);
/* The one type of two; false when there is none. */
bool hr_shape_join(hr_shape a, hr_shape b, hr_shape *ret_shape);
/* True if a value of the given type may stand where `want` is asked for; binds T and U. certain: it
 * fits whatever comes at run time. */
bool hr_shape_fits(hr_shape want, hr_shape given, struct hr_shape_bound *bound, bool *certain);
/* A row's result with T and U replaced. */
hr_shape hr_shape_result(hr_shape result, const struct hr_shape_bound *bound);
/* Could two values of these types be equal? Numbers of different kinds can. */
bool hr_shape_comparable(hr_shape a, hr_shape b);
/* True if a value and all its parts are of this shape; each part costs a step. */
bool hr_shape_holds(struct hr_expr_run *run, hr_shape shape, const struct hr_value *value);
/* The same with dyn for what stayed free. */
hr_shape hr_shape_settled(hr_shape shape);

#endif
