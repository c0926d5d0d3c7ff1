/* expr/program: what the files of this room share: tokens, tree, table of functions, evaluation.
 *
 * Why      one tree serves the checker, the evaluator and the sentences, so that they cannot
 *          disagree.
 * Shape    source -> tokens -> struct hr_expr_node (parse.c) -> resolved and typed in place
 *          (check.c) -> walked (eval.c, say.c, reads.c, mismatch.c). Functions and operators are
 *          rows of tables (functions_*.c).
 * Owner    everything lives in the program's arena but compiled patterns (hr_expr_release).
 * Limits   below; the depth limit holds for every walk, since the parser refuses deeper trees.
 * Pure     yes.
 * Threads  a checked tree is immutable.
 * Tests    tests/unit/expr_*_test.c */
#ifndef HR_EXPR_PROGRAM_H
#define HR_EXPR_PROGRAM_H

#include "expr/expr.h"

enum {
    HR_EXPR_SOURCE_MAX = 4096, /* bytes */
    HR_EXPR_DEPTH_MAX = 64,    /* levels of the tree, brackets included */
    HR_EXPR_LOCALS_MAX = 8,    /* macros inside macros */
    HR_EXPR_ARGS_MAX = 4,
    HR_EXPR_STEPS_MAX = 10000,
    HR_EXPR_BYTES_MAX = 64 * 1024, /* of text, lists and maps made by one evaluation */
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
/* The value that a literal token stands for; on false *ret_problem says why not. A minus sign that
 * stands directly before a number is passed as negative. */
bool hr_expr_literal(struct hr_arena *into, const struct hr_expr_token *token,
                     struct hr_text written, bool negative, struct hr_value *ret_value,
                     const char **ret_problem);

/* A decimal number (with fraction, exponent, sign) to the nearest double; false for anything else. */
bool hr_expr_read_double(struct hr_arena *into, struct hr_text written, double *ret_real);

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
    HR_EXPR_NODE_map, /* key, value, key, value */
    HR_EXPR_NODE_loop /* range, body; map with a filter: range, filter, body; op, slot, text */
};

enum hr_expr_loop { HR_LOOP_all, HR_LOOP_exists, HR_LOOP_exists_one, HR_LOOP_map, HR_LOOP_filter };

struct hr_expr_overload;
struct hr_regex;

struct hr_expr_node {
    uint8_t kind;  /* enum hr_expr_node_kind */
    uint8_t type;  /* enum hr_type, after the check */
    uint8_t op;    /* enum hr_expr_loop of a loop; of a call: style of the function */
    uint8_t slot;  /* of a local or a loop */
    uint8_t depth; /* of the tree below, this node included */
    bool exact;    /* of a call: one overload fits whatever comes, no need to look at kinds */
    uint32_t at;   /* span in the source, brackets included */
    uint32_t size;
    uint32_t name_at; /* where the field or function name stands */
    uint32_t count;   /* children */
    struct hr_expr_node **children;
    struct hr_text text;
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
    uint8_t local_types[HR_EXPR_LOCALS_MAX];
    uint8_t local_count;
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
/* Parses the whole source. Never NULL; broken nodes where it complained. */
struct hr_expr_node *hr_expr_parse(struct hr_expr_compiler *compiler);
/* Resolves names, finds overloads and types, folds constants, in place. */
void hr_expr_check(struct hr_expr_compiler *compiler, struct hr_expr_node *root);
/* Checks a call whose children are checked: overloads, types, choices, patterns (check_call.c). */
void hr_expr_check_call(struct hr_expr_compiler *compiler, struct hr_expr_node *node);
/* Fills expr->reads; false when the arena refuses. */
bool hr_expr_collect_reads(struct hr_expr_compiler *compiler);
/* How a person calls a type: "a text", "a whole number". */
const char *hr_expr_type_words(uint8_t type);
/* The bytes of the source that a node covers. */
struct hr_text hr_expr_node_source(struct hr_text source, const struct hr_expr_node *node);
/* True for a call of this operator or function. */
bool hr_expr_calls(const struct hr_expr_node *node, const char *name);

/* ---- functions ---------------------------------------------------------------------------- */

struct hr_expr_run;

/* Applies a function; answers 0, an enum hr_expr_outcome or a fatal code. */
typedef int32_t (*hr_expr_apply)(struct hr_expr_run *run, const struct hr_expr_node *node,
                                 const struct hr_value *args, struct hr_value *ret_value);

enum hr_expr_style { HR_STYLE_operator, HR_STYLE_global, HR_STYLE_member };

enum hr_expr_flag {
    HR_OVERLOAD_varies = 1,   /* not a constant even of constants: now() */
    HR_OVERLOAD_must_work = 2 /* or the check complains, of constants: timestamp() */
};

/* One row: what a function takes and gives. Rows of one name and style stand together. */
struct hr_expr_overload {
    const char *name;
    uint8_t style; /* enum hr_expr_style */
    uint8_t arg_count;
    uint8_t args[HR_EXPR_ARGS_MAX]; /* enum hr_type; dyn takes any */
    uint8_t result;                 /* enum hr_type */
    uint8_t flags;                  /* enum hr_expr_flag */
    hr_expr_apply apply;
};

struct hr_expr_table {
    const struct hr_expr_overload *rows;
    size_t count;
};
extern const struct hr_expr_table hr_expr_operators;
extern const struct hr_expr_table hr_expr_comparisons;
extern const struct hr_expr_table hr_expr_conversions;
extern const struct hr_expr_table hr_expr_texts;
extern const struct hr_expr_table hr_expr_times;

/* The rows of a function, all styles' rows of one name being apart; NULL when there are none. */
const struct hr_expr_overload *hr_expr_find(struct hr_text name, uint8_t style, size_t *ret_count);
/* The function's name that was probably meant; the empty text if none is near. */
struct hr_text hr_expr_nearest_function(struct hr_text name, uint8_t style);
/* The value under a key, CEL's way (2, 2u and 2.0 are one key); NULL when there is none. */
const struct hr_value *hr_expr_lookup(struct hr_expr_run *run, const struct hr_value *map,
                                      const struct hr_value *key);

/* ---- evaluating --------------------------------------------------------------------------- */

/* Beside enum hr_expr_outcome: it depends on what may still be set. Of open runs only. */
enum { HR_EXPR_OPEN = HR_EXPR_BUDGET + 1 };

struct hr_expr_run {
    struct hr_text source;
    const struct hr_expr_view *view;
    bool open; /* what the view does not answer is open, not unset (hr_expr_can_hold) */
    struct hr_arena *arena;
    uint32_t steps_left;
    uint32_t bytes_left;
    struct hr_text message; /* why it failed */
    uint32_t at;            /* where */
    struct hr_value locals[HR_EXPR_LOCALS_MAX];
};

/* Begins an evaluation with a full budget. */
void hr_expr_run_init(struct hr_expr_run *run, struct hr_text source,
                      const struct hr_expr_view *view, struct hr_arena *arena);
/* Evaluates a node; 0, an enum hr_expr_outcome, or a fatal code. */
int32_t hr_expr_eval(struct hr_expr_run *run, const struct hr_expr_node *node,
                     struct hr_value *ret_value);
/* A node whose children are all constants becomes one, if it works out; answers as hr_expr_eval. */
int32_t hr_expr_fold(struct hr_expr_compiler *compiler, struct hr_expr_node *node,
                     struct hr_expr_run *run);
/* Evaluates a macro over a list or a map (eval_loop.c). */
int32_t hr_expr_eval_loop(struct hr_expr_run *run, const struct hr_expr_node *node,
                          struct hr_value *ret_value);
/* The worse of two reasons to have no answer: unset hides a failure, as CEL's unknown hides an
 * error, and what is open hides both. */
int32_t hr_expr_worse(int32_t a, int32_t b);
/* Notes why it failed and answers HR_EXPR_FAILED. */
int32_t hr_expr_fail(struct hr_expr_run *run, const struct hr_expr_node *node, const char *why);
/* Room for a result within the budget; NULL when there is none, *ret_outcome then says why. */
void *hr_expr_make(struct hr_expr_run *run, size_t count, size_t size, int32_t *ret_outcome);
/* Takes steps off the budget; false when they are used up. */
bool hr_expr_spend(struct hr_expr_run *run, size_t steps);
/* A list value over items made. */
struct hr_value hr_expr_list_of(const struct hr_value *items, size_t count);
/* A value of a kind with no maker in data/value.h. */
struct hr_value hr_expr_uint_of(uint64_t natural);
struct hr_value hr_expr_bytes_of(struct hr_text bytes);
struct hr_value hr_expr_type_of(const char *name);
/* The static type of a value's kind. */
uint8_t hr_expr_kind_type(uint8_t kind);
/* Code points in a text. */
size_t hr_expr_points(struct hr_text text);

/* ---- words -------------------------------------------------------------------------------- */

/* A node in words. */
struct hr_text hr_expr_say_node(struct hr_text source, const struct hr_expr_node *node,
                                struct hr_arena *into);
/* What a node names, as the subject of a sentence: "course", "booking status". */
struct hr_text hr_expr_say_subject(struct hr_text source, const struct hr_expr_node *node,
                                   struct hr_arena *into);

#endif
