/* expr/program: what the files that evaluate and say share: the table of functions, runs, words.
 *
 * Why      functions and operators are rows of tables (functions_*.c), found once by the checker.
 * Shape    a checked tree (expr/tree.h) is walked: eval.c, eval_loop.c, say.c, reads.c, mismatch.c.
 * Owner    results live in the run's arena.
 * Limits   steps and bytes of a run; depth by the parser.
 * Pure     yes.
 * Threads  a run belongs to one.
 * Tests    tests/unit/expr_*_test.c */
#ifndef HR_EXPR_PROGRAM_H
#define HR_EXPR_PROGRAM_H

#include "expr/tree.h"

/* ---- functions ---------------------------------------------------------------------------- */

/* Applies a function; answers 0, an enum hr_expr_outcome or a fatal code. */
typedef int32_t (*hr_expr_apply)(struct hr_expr_run *run, const struct hr_expr_node *node,
                                 const struct hr_value *args, struct hr_value *ret_value);

enum hr_expr_style { HR_STYLE_operator, HR_STYLE_global, HR_STYLE_member };

enum hr_expr_flag {
    HR_OVERLOAD_varies = 1,    /* not a constant even of constants: now() */
    HR_OVERLOAD_must_work = 2, /* or the check complains, of constants: timestamp() */
    HR_OVERLOAD_lazy = 4       /* an optional that holds something decides: or(), orValue() */
};

/* One row: what a function takes and gives. Rows of one name and style stand together. */
struct hr_expr_overload {
    const char *name;
    uint8_t style; /* enum hr_expr_style */
    uint8_t arg_count;
    hr_shape args[HR_EXPR_ARGS_MAX]; /* dyn takes any */
    hr_shape result;
    uint8_t flags; /* enum hr_expr_flag */
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
extern const struct hr_expr_table hr_expr_formats;
extern const struct hr_expr_table hr_expr_lists;
extern const struct hr_expr_table hr_expr_maths;
extern const struct hr_expr_table hr_expr_optionals;
extern const struct hr_expr_table hr_expr_networks;
extern const struct hr_expr_table hr_expr_own;

/* The rows of a function, all styles' rows of one name being apart; NULL when there are none. */
const struct hr_expr_overload *hr_expr_find(struct hr_text name, uint8_t style, size_t *ret_count);
/* All rows of all tables in order; NULL behind the last. */
const struct hr_expr_overload *hr_expr_row_at(size_t index);
/* True if this is the beginning of functions' names: "math" of math.sqrt(). */
bool hr_expr_is_family(struct hr_text name);
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
    int32_t local_outcomes[HR_EXPR_LOCALS_MAX]; /* why a bound one has no value */
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
/* Rows of one name stand together, so this one is called from another table. */
int32_t hr_expr_apply_reverse_list(struct hr_expr_run *run, const struct hr_expr_node *node,
                                   const struct hr_value *args, struct hr_value *ret_value);
/* The list in the order of its keys, one for each item (functions_list.c). */
int32_t hr_expr_sort(struct hr_expr_run *run, const struct hr_expr_node *node,
                     const struct hr_value *list, const struct hr_value *keys,
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
/* Takes steps off for looking through so many bytes; short texts cost nothing. */
bool hr_expr_scan(struct hr_expr_run *run, size_t bytes);
/* A list value over items made. */
struct hr_value hr_expr_list_of(const struct hr_value *items, size_t count);
/* A value of a kind with no maker in data/value.h. */
struct hr_value hr_expr_uint_of(uint64_t natural);
struct hr_value hr_expr_bytes_of(struct hr_text bytes);
struct hr_value hr_expr_type_of(const char *name);
struct hr_value hr_expr_optional_of(const struct hr_value *items, size_t count);
struct hr_value hr_expr_map_of(const struct hr_member *members, size_t count);
/* An optional over one value, made within the budget. */
int32_t hr_expr_some(struct hr_expr_run *run, const struct hr_value *value,
                     struct hr_value *ret_value);
/* A text made, taken off the budget. */
int32_t hr_expr_made_text(struct hr_expr_run *run, struct hr_text text, struct hr_value *ret_value);
/* Whether a buffer holds all that was added: 0, HR_E_MEMORY or HR_EXPR_BUDGET. */
int32_t hr_expr_buffer_outcome(const struct hr_buffer *buffer);
/* What a filled buffer holds, taken off the budget. */
int32_t hr_expr_made_buffer(struct hr_expr_run *run, const struct hr_buffer *buffer,
                            struct hr_value *ret_value);
/* A buffer that ends at what is left of the budget. */
void hr_expr_buffer_init(struct hr_expr_run *run, struct hr_buffer *buffer);
/* The type of a value. */
enum hr_type hr_expr_value_type(const struct hr_value *value);
/* CEL's name of it: "int", "google.protobuf.Timestamp", "net.IP". */
const char *hr_expr_type_name(enum hr_type type);
/* Equality as CEL has it: 1, 0, or -1 when the budget was met. */
int hr_expr_equal(struct hr_expr_run *run, const struct hr_value *a, const struct hr_value *b);
/* The order of two values: -1, 0, 1; 2 for NaN; 3 when they have none. */
int hr_expr_order(const struct hr_value *a, const struct hr_value *b);
/* Fails when a key that a map already has comes again, or is of a kind that is none. */
int32_t hr_expr_check_key(struct hr_expr_run *run, const struct hr_expr_node *node,
                          const struct hr_member *members, size_t count,
                          const struct hr_value *key);
/* Times and durations have nanoseconds here: 0 to 999 beside the microseconds. */
struct hr_value hr_expr_time_of(hr_instant time, uint32_t ns);
struct hr_value hr_expr_duration_of(int64_t us, uint32_t ns);
/* The text of a double (functions_convert.c); those of times, durations and addresses: hr_value_write_word. */
void hr_expr_write_double(struct hr_buffer *out, double real);
/* A finite double with so many decimals: "1.234", or as "1.234e+00"; exact, half to even (decimal.c). */
void hr_expr_write_fixed(struct hr_buffer *out, double real, uint32_t decimals);
void hr_expr_write_scientific(struct hr_buffer *out, double real, uint32_t decimals);
/* Reads them: "1h30m", RFC 3339 with up to 9 decimals. */
bool hr_expr_read_time(struct hr_text text, struct hr_value *ret_time);
bool hr_expr_read_duration(struct hr_text text, struct hr_value *ret_duration);
bool hr_expr_read_ip(struct hr_text text, struct hr_arena *into, struct hr_value *ret_ip,
                     const char **ret_problem);
bool hr_expr_read_cidr(struct hr_text text, struct hr_arena *into, struct hr_value *ret_cidr,
                       const char **ret_problem);
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
