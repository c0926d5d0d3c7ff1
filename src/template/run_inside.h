/* template/run_inside: what the files share that render: the run with its budgets and variables, values, numbers. */
#ifndef HR_TEMPLATE_RUN_INSIDE_H
#define HR_TEMPLATE_RUN_INSIDE_H

#include "template/decimal_inside.h"
#include "template/inside.h"

/* ---- a run --------------------------------------------------------------------------------- */

/* What a text is already: a text so marked is not escaped once more where it fits. */
enum hr_template_mark { HR_MARK_plain, HR_MARK_html, HR_MARK_url, HR_MARK_json };

struct hr_template_result {
    struct hr_value value;
    uint8_t mark;
};

/* What holds inside of a loop or an include: a few names. */
struct hr_template_frame {
    const struct hr_template_frame *outer;
    const struct hr_text *names;
    const struct hr_template_result *results;
    uint32_t count;
    const struct hr_value *forloop; /* NULL where it is none */
    const char *forloop_name;
    bool apart; /* a partial's: loops inside do not know it as their parent */
};

struct hr_template_variable {
    struct hr_text name;
    struct hr_template_result result;
};

/* What one template, or one partial by render, has set. */
struct hr_template_scope {
    const struct hr_template_frame *frames;
    struct hr_map names; /* index into variables */
    struct hr_template_variable *variables;
    size_t count;
    size_t capacity;
    struct hr_map counters; /* int64 */
    struct hr_map cycles;   /* the next item, by name; and those without a name by their items */
    struct hr_map unnamed_cycles;
    struct hr_map offsets; /* where a loop of this name ended */
    struct hr_text changed;
};

enum hr_template_jump { HR_JUMP_none, HR_JUMP_break, HR_JUMP_continue };

struct hr_template_run {
    const struct hr_template *template; /* whose nodes are walked now */
    struct hr_text partial;             /* its name; empty: the outermost */
    const struct hr_template_view *view;
    struct hr_arena *arena;
    struct hr_buffer *out;
    struct hr_template_scope *scope;
    struct hr_template_error *error;
    uint32_t steps_left;
    uint32_t loops_left;
    size_t bytes_left;
    const struct hr_template_node *node; /* the one begun last */
    const struct hr_buffer *marked;      /* in which values are marked, or NULL */
    struct hr_template_span *spans;
    size_t span_count;
    size_t span_capacity;
    uint8_t jump;
};

/* A fatal code, or an outcome; 0 is done. Every function of a run answers so. */
int32_t hr_template_walk(struct hr_template_run *run, const struct hr_template_body *body);
int32_t hr_template_eval(struct hr_template_run *run, const struct hr_template_expr *expr,
                         struct hr_template_result *ret_result);
int32_t hr_template_eval_pipe(struct hr_template_run *run, const struct hr_template_pipe *pipe,
                              struct hr_template_result *ret_result);
int32_t hr_template_eval_condition(struct hr_template_run *run,
                                   const struct hr_template_condition *condition, bool *ret_holds);
/* A value that a tag cannot do without: missing is an outcome (unless lenient). */
int32_t hr_template_eval_needed(struct hr_template_run *run, const struct hr_template_expr *expr,
                                struct hr_template_result *ret_result);
/* The whole number that a value stands for; HR_TEMPLATE_FAILED when it stands for none. */
int32_t hr_template_whole(struct hr_template_run *run, const struct hr_value *value, uint32_t at,
                          uint32_t size, int64_t *ret_whole);
int32_t hr_template_run_for(struct hr_template_run *run, const struct hr_template_node *node);
int32_t hr_template_run_tablerow(struct hr_template_run *run, const struct hr_template_node *node);
int32_t hr_template_run_call(struct hr_template_run *run, const struct hr_template_node *node);
int32_t hr_template_run_cycle(struct hr_template_run *run, const struct hr_template_node *node);

/* Says why, and answers HR_TEMPLATE_FAILED or the outcome of its name. */
int32_t hr_template_fail(struct hr_template_run *run, enum hr_code code, uint32_t at, uint32_t size,
                         const char *why);
int32_t hr_template_missing(struct hr_template_run *run, struct hr_text name, uint32_t at,
                            uint32_t size);
int32_t hr_template_beyond(struct hr_template_run *run, const char *why);
/* Counts work; false beyond the limit, and hr_template_beyond was called. */
bool hr_template_spend(struct hr_template_run *run, size_t steps);
/* Zeroed memory within the budget; NULL and the outcome otherwise. */
void *hr_template_make(struct hr_template_run *run, size_t count, size_t size,
                       int32_t *ret_outcome);
/* A text that is made: begin, add to the buffer, end. */
void hr_template_text_begin(struct hr_template_run *run, struct hr_buffer *buffer);
int32_t hr_template_text_end(struct hr_template_run *run, const struct hr_buffer *buffer,
                             struct hr_value *ret_value);

/* Sets a variable, and finds one (frames, variables, counters; NULL when it is not the template's own). */
int32_t hr_template_set(struct hr_template_run *run, struct hr_text name,
                        const struct hr_template_result *result);
bool hr_template_find(struct hr_template_run *run, struct hr_text name,
                      struct hr_template_result *ret_result);
void hr_template_scope_init(struct hr_template_scope *scope, struct hr_arena *arena);

/* The items that a loop or a filter goes over. texts: a text is one item (an empty one none). */
int32_t hr_template_items(struct hr_template_run *run, const struct hr_value *value,
                          const struct hr_value **ret_items, uint32_t *ret_count);

/* ---- values -------------------------------------------------------------------------------- */

/* A null that remembers which name had no value; a null without a name was written as nil. */
struct hr_value hr_template_nothing(struct hr_text name);
bool hr_template_is_missing(const struct hr_value *value);
struct hr_text hr_template_missing_name(const struct hr_value *value);
struct hr_value hr_template_list(const struct hr_value *items, uint32_t count);
bool hr_template_is_true(const struct hr_value *value);
/* What `default` replaces (but for false), and what equals `blank`. */
bool hr_template_is_empty(const struct hr_value *value);
bool hr_template_is_blank(const struct hr_value *value);
bool hr_template_is_number(const struct hr_value *value);
/* As Liquid's == has it: 1 equals 1.0, "1" does not equal 1, lists by their items. The work counts: beyond the limit
 * nothing is equal, and nothing more will be done. */
bool hr_template_equal(struct hr_template_run *run, const struct hr_value *a,
                       const struct hr_value *b);
/* Numbers with numbers, texts with texts, times with times; false when they have no order. The work counts here too:
 * beyond the limit all is alike. */
bool hr_template_order(struct hr_template_run *run, const struct hr_value *a,
                       const struct hr_value *b, int *ret_order);
/* Adds the text of a value, as an output without filters shows it. */
void hr_template_write(struct hr_template_run *run, struct hr_buffer *out,
                       const struct hr_value *value);
/* The same as a text; a text is not copied. */
int32_t hr_template_text(struct hr_template_run *run, const struct hr_value *value,
                         struct hr_text *ret_text);

/* As a value: an int where it is whole and fits, else a number that keeps its text. */
int32_t hr_decimal_value(struct hr_template_run *run, const struct hr_decimal *decimal,
                         struct hr_value *ret_value);

/* ---- landing --------------------------------------------------------------------------------- */

/* Adds a result where it lands. */
int32_t hr_template_land(struct hr_template_run *run, const struct hr_template_node *node,
                         const struct hr_template_result *result);
/* One line: runs of white space and control signs become one space, none at the ends. */
struct hr_text hr_template_one_line(struct hr_arena *into, struct hr_text text);

#endif
