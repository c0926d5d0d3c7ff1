/* template/inside: what the files of this room share: pieces, tokens, the tree, the run, the tables.
 *
 * The way through: source -> pieces (scan.c) -> tree (parse*.c, with tokens from lexer.c) -> each output gets the
 * spot where it lands (spots.c) -> names read from outside (reads.c) -> walked (render*.c, evaluate.c, filters_*.c).
 * The parser refuses trees deeper than HR_TEMPLATE_DEPTH_MAX, which lets all walks recurse. */
#ifndef HR_TEMPLATE_INSIDE_H
#define HR_TEMPLATE_INSIDE_H

#include "template/template.h"

enum {
    HR_TEMPLATE_ARGS_MAX = 4,
    HR_TEMPLATE_NAME_MAX = 100,
    HR_TEMPLATE_ERRORS_MAX = 10, /* complaints about one template */
    HR_TEMPLATE_FRAMES_MAX = HR_TEMPLATE_DEPTH_MAX * (HR_TEMPLATE_PARTIALS_MAX + 1)
};

/* ---- pieces: the source cut at its marks ------------------------------------------------------ */

enum hr_template_piece_kind {
    HR_PIECE_end,
    HR_PIECE_text,
    HR_PIECE_output, /* {{ }} */
    HR_PIECE_tag,    /* {% %}, or a line of a liquid tag */
    HR_PIECE_open    /* a mark without an end */
};

struct hr_template_piece {
    uint8_t kind;
    uint32_t at; /* of what stands between the marks; of a text, white space control done */
    uint32_t size;
    uint32_t mark_at; /* with its marks */
    uint32_t mark_size;
};

struct hr_template_scanner {
    struct hr_text source;
    uint32_t at;
    uint32_t end;
    bool lines; /* inside of a liquid tag: each line is a tag */
    bool trim;  /* the mark before asked that white space goes */
};

/* The next piece. */
void hr_template_scan(struct hr_template_scanner *scanner, struct hr_template_piece *ret_piece);
/* Behind a raw or doc tag: what stands before its end tag, as text. False when there is no end tag. */
bool hr_template_scan_until(struct hr_template_scanner *scanner, struct hr_text end_tag,
                            struct hr_template_piece *ret_piece);
/* Behind a comment tag: passes over all up to its end, comments inside included. False when there is none. */
bool hr_template_scan_comment(struct hr_template_scanner *scanner);
/* The first word of a tag, and where what follows begins. */
struct hr_text hr_template_tag_word(struct hr_text source, const struct hr_template_piece *piece,
                                    uint32_t *ret_rest);

/* ---- tokens: what stands between marks ---------------------------------------------------------- */

enum hr_template_token_kind {
    HR_LIQUID_end,
    HR_LIQUID_name,
    HR_LIQUID_text,
    HR_LIQUID_number,
    HR_LIQUID_compare, /* == != <> < > <= >= */
    HR_LIQUID_assign,  /* = */
    HR_LIQUID_dot,
    HR_LIQUID_dots,
    HR_LIQUID_pipe,
    HR_LIQUID_colon,
    HR_LIQUID_comma,
    HR_LIQUID_open_round,
    HR_LIQUID_close_round,
    HR_LIQUID_open_square,
    HR_LIQUID_close_square,
    HR_LIQUID_bad
};

struct hr_template_token {
    uint8_t kind;
    uint32_t at;
    uint32_t size;
    const char *problem; /* of a bad one: what is wrong, and how to mend it (or NULL) */
    const char *help;
};

/* The token that begins at or after `from` and before `end`. */
void hr_template_lex(struct hr_text source, uint32_t from, uint32_t end,
                     struct hr_template_token *ret_token);

/* ---- the tree ------------------------------------------------------------------------------------ */

enum hr_template_expr_kind { HR_OPERAND_literal, HR_OPERAND_path, HR_OPERAND_range };

struct hr_template_expr;

/* .name or [index] */
struct hr_template_step {
    struct hr_text name;                  /* where index is NULL */
    const struct hr_template_expr *index; /* in brackets */
};

struct hr_template_expr {
    uint8_t kind;
    bool constant; /* a path all of whose steps are written out */
    uint32_t at;
    uint32_t size;
    struct hr_value value;               /* of a literal */
    struct hr_text name;                 /* root of a path */
    const struct hr_template_expr *root; /* of [name] */
    const struct hr_template_step *steps;
    uint32_t step_count;
    struct hr_text label;                /* the path in its plain form: contact.first_name */
    const struct hr_template_expr *from; /* of a range */
    const struct hr_template_expr *to;
};

struct hr_template_filter;

/* One filter where it is used. */
struct hr_template_use {
    const struct hr_template_filter *filter;
    const struct hr_template_expr *args[HR_TEMPLATE_ARGS_MAX];
    uint8_t arg_count;
    const struct hr_template_expr *allow_false; /* of default, or NULL */
    uint32_t at;
    uint32_t size;
};

/* A value with its filters. */
struct hr_template_pipe {
    const struct hr_template_expr *base; /* NULL: {{ }} */
    const struct hr_template_use *uses;
    uint32_t use_count;
};

enum hr_template_op {
    HR_OP_truth, /* the left side alone */
    HR_OP_equal,
    HR_OP_not_equal,
    HR_OP_less,
    HR_OP_less_equal,
    HR_OP_more,
    HR_OP_more_equal,
    HR_OP_contains
};

/* One comparison of a condition; and binds it to all that follows, or so does or. */
struct hr_template_test {
    uint8_t op;
    bool and; /* else or */
    const struct hr_template_expr *left;
    const struct hr_template_expr *right;
    uint32_t at;
    uint32_t size;
};
struct hr_template_condition {
    const struct hr_template_test *tests;
    uint32_t count;
};

enum hr_template_node_kind {
    HR_NODE_text,
    HR_NODE_output,
    HR_NODE_if, /* also unless */
    HR_NODE_case,
    HR_NODE_for,
    HR_NODE_tablerow,
    HR_NODE_assign,
    HR_NODE_capture,
    HR_NODE_cycle,
    HR_NODE_count, /* increment, decrement */
    HR_NODE_break,
    HR_NODE_continue,
    HR_NODE_render, /* also include */
    HR_NODE_ifchanged
};

/* Where an output lands. */
enum hr_template_spot {
    HR_SPOT_text,
    HR_SPOT_html,        /* between tags */
    HR_SPOT_attribute,   /* a quoted attribute */
    HR_SPOT_link,        /* the whole of a link in an attribute */
    HR_SPOT_link_part,   /* a part of one */
    HR_SPOT_link_opaque, /* behind mailto: or tel: */
    HR_SPOT_url,         /* the same three in a template that is a link */
    HR_SPOT_url_part,
    HR_SPOT_url_opaque,
    HR_SPOT_json_value,
    HR_SPOT_json_text
};

struct hr_template_node;

struct hr_template_body {
    struct hr_template_node *first;
    struct hr_template_node *last;
    bool loud; /* something in it may show more than white space */
};

/* A part of if, unless, case: `negated` for unless, no tests and no values for else. */
struct hr_template_branch {
    struct hr_template_branch *next;
    struct hr_template_condition condition;
    bool negated;
    bool otherwise;
    const struct hr_template_expr **values; /* of when */
    uint32_t value_count;
    struct hr_template_body body;
    uint32_t at;
    uint32_t size;
};

struct hr_template_loop {
    struct hr_text variable;
    struct hr_text label; /* variable-collection, the name of the loop */
    const struct hr_template_expr *over;
    const struct hr_template_expr *limit;
    const struct hr_template_expr *offset;
    const struct hr_template_expr *columns;
    bool continues;
    bool reversed;
    bool has_otherwise;
    struct hr_template_body body;
    struct hr_template_body otherwise;
};

struct hr_template_named {
    struct hr_text name;
    const struct hr_template_expr *value;
};

struct hr_template_call {
    struct hr_text name;
    const struct hr_template *partial;
    bool shares; /* include: sees and sets the caller's variables */
    bool each;   /* once for each item of what is bound */
    const struct hr_template_expr *bound;
    struct hr_text alias;
    const struct hr_template_named *args;
    uint32_t arg_count;
};

struct hr_template_cycle {
    const struct hr_template_expr *group; /* NULL: unnamed */
    struct hr_text key;                   /* of an unnamed one: its items as written */
    const struct hr_template_expr **items;
    uint32_t count;
};

struct hr_template_node {
    struct hr_template_node *next;
    uint8_t kind;
    uint8_t spot; /* of what is shown */
    int8_t step;  /* of a counter */
    uint32_t at;
    uint32_t size;
    struct hr_text text; /* of a text; the variable of assign, capture, count */
    struct hr_template_pipe pipe;
    struct hr_template_branch *branches; /* if, case, capture and ifchanged (one) */
    struct hr_template_loop *loop;
    struct hr_template_call *call;
    struct hr_template_cycle *cycle;
};

struct hr_template {
    struct hr_text source;
    enum hr_landing landing;
    struct hr_template_body body;
    struct hr_template_read *reads;
    size_t read_count;
    uint32_t partial_depth; /* partials inside partials below this one */
};

/* ---- compiling ------------------------------------------------------------------------------------ */

struct hr_template_parser {
    struct hr_arena *arena;
    struct hr_template *template;
    struct hr_text source;
    const struct hr_template_options *options;
    struct hr_diagnostics *reterr;
    uint32_t error_count;
    bool no_memory;
    struct hr_diagnostic unkept; /* for complaints beyond the limit */
    struct hr_template_scanner scanner;
    struct hr_template_token token; /* the one to look at */
    uint32_t token_end;             /* where the token before it ended */
    uint32_t stop;                  /* where the tag or output ends */
    uint32_t depth;                 /* tags and brackets open now */
    uint32_t loops;                 /* for and tablerow open now */
    uint32_t seen_at;               /* places are counted on from here: they come in order */
    uint32_t seen_line;
    uint32_t seen_column;
};

/* Zeroed memory; NULL (and no_memory) when the arena refuses. */
void *hr_template_alloc(struct hr_template_parser *parser, size_t count, size_t size);
/* Adds an item to a growing array; false when the arena refuses. */
bool hr_template_append(struct hr_template_parser *parser, void *items, size_t *count,
                        size_t *capacity, const void *item, size_t size);
/* Where a span stands. */
struct hr_place hr_template_place(struct hr_template_parser *parser, uint32_t at, uint32_t size);
/* Complains; answers the diagnostic for help to be filled in. Never NULL. */
struct hr_diagnostic *hr_template_complain(struct hr_template_parser *parser, enum hr_code code,
                                           uint32_t at, uint32_t size, struct hr_text message);
struct hr_diagnostic *hr_template_warn(struct hr_template_parser *parser, uint32_t at,
                                       uint32_t size, struct hr_text message);
/* Parses the whole source into the template's body. */
void hr_template_parse(struct hr_template_parser *parser);

/* Begins to read tokens in a span; goes on to the next; takes one of a kind if it stands there. */
void hr_template_tokens(struct hr_template_parser *parser, uint32_t from, uint32_t end);
void hr_template_advance(struct hr_template_parser *parser);
bool hr_template_accept(struct hr_template_parser *parser, uint8_t kind);
/* The same for a name that stands there. */
bool hr_template_accept_word(struct hr_template_parser *parser, const char *word);
struct hr_text hr_template_token_text(const struct hr_template_parser *parser);
/* Complains that something else was wanted at the present token; nothing more is read of this tag. */
void hr_template_expected(struct hr_template_parser *parser, const char *wanted);
/* Complains unless all of the tag was read. */
void hr_template_finish(struct hr_template_parser *parser, const char *wanted);

/* Parts of tags. NULL where it complained. */
const struct hr_template_expr *hr_template_parse_expr(struct hr_template_parser *parser);
bool hr_template_parse_pipe(struct hr_template_parser *parser, struct hr_template_pipe *ret_pipe);
bool hr_template_parse_condition(struct hr_template_parser *parser,
                                 struct hr_template_condition *ret_condition);
/* The variable that a tag sets; false where it complained. */
bool hr_template_parse_target(struct hr_template_parser *parser, struct hr_text *ret_name);

/* A tag's row: it reads its words (the tokens are begun) and what stands in it. */
typedef void (*hr_template_parse_tag)(struct hr_template_parser *parser,
                                      const struct hr_template_piece *piece,
                                      struct hr_template_body *body);
struct hr_template_tag {
    const char *name;
    hr_template_parse_tag parse;
};
extern const struct hr_template_tag hr_template_tags[];

/* A new node at a piece, added to a body; NULL when the arena refuses. loud: it may show something. */
struct hr_template_node *hr_template_node_add(struct hr_template_parser *parser,
                                              struct hr_template_body *body, uint8_t kind,
                                              const struct hr_template_piece *piece, bool loud);
/* Parses up to one of the words (ends with NULL) that belong to the tag at `piece`. Answers the word's index, its
 * piece in *ret_stop with the tokens begun behind it; -1 when the source ended, and it complained. */
int hr_template_parse_body(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                           const char *const *words, struct hr_template_body *body,
                           struct hr_template_piece *ret_stop);
/* What is white space alone in a body where nothing is loud is dropped, as Liquid does it. */
void hr_template_body_hush(struct hr_template_body *body);
/* One level more, or a complaint. */
bool hr_template_enter(struct hr_template_parser *parser, uint32_t at, uint32_t size);

/* Adds a piece of text, and the output that the present tokens say. */
void hr_template_text_add(struct hr_template_parser *parser, struct hr_template_body *body,
                          const struct hr_template_piece *piece);
void hr_template_parse_output(struct hr_template_parser *, const struct hr_template_piece *,
                              struct hr_template_body *);

/* Tags in files of their own. */
void hr_template_parse_liquid(struct hr_template_parser *, const struct hr_template_piece *,
                              struct hr_template_body *);
void hr_template_parse_if(struct hr_template_parser *, const struct hr_template_piece *,
                          struct hr_template_body *);
void hr_template_parse_unless(struct hr_template_parser *, const struct hr_template_piece *,
                              struct hr_template_body *);
void hr_template_parse_case(struct hr_template_parser *, const struct hr_template_piece *,
                            struct hr_template_body *);
void hr_template_parse_for(struct hr_template_parser *, const struct hr_template_piece *,
                           struct hr_template_body *);
void hr_template_parse_tablerow(struct hr_template_parser *, const struct hr_template_piece *,
                                struct hr_template_body *);
void hr_template_parse_render(struct hr_template_parser *, const struct hr_template_piece *,
                              struct hr_template_body *);
void hr_template_parse_include(struct hr_template_parser *, const struct hr_template_piece *,
                               struct hr_template_body *);
void hr_template_parse_cycle(struct hr_template_parser *, const struct hr_template_piece *,
                             struct hr_template_body *);

/* Gives every output its spot, and complains where no value may stand. */
void hr_template_find_spots(struct hr_template_parser *parser);
/* Notes what is read from outside. */
void hr_template_find_reads(struct hr_template_parser *parser);

/* ---- a run ------------------------------------------------------------------------------------------ */

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
    struct hr_map cycles; /* the next item, by name; and those without a name by their items */
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
int32_t hr_template_fail(struct hr_template_run *run, enum hr_code code, uint32_t at,
                         uint32_t size, const char *why);
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

/* ---- values ------------------------------------------------------------------------------------------ */

/* A null that remembers which name had no value; a null without a name was written as nil. */
struct hr_value hr_template_nothing(struct hr_text name);
bool hr_template_is_missing(const struct hr_value *value);
struct hr_text hr_template_missing_name(const struct hr_value *value);
/* The words `blank` and `empty`. */
struct hr_value hr_template_special(const char *name);
bool hr_template_is_special(const struct hr_value *value, const char *name);
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
/* Numbers with numbers, texts with texts, times with times; false when they have no order. */
bool hr_template_order(const struct hr_value *a, const struct hr_value *b, int *ret_order);
/* Adds the text of a value, as an output without filters shows it. */
void hr_template_write(struct hr_template_run *run, struct hr_buffer *out,
                       const struct hr_value *value);
/* The same as a text; a text is not copied. */
int32_t hr_template_text(struct hr_template_run *run, const struct hr_value *value,
                         struct hr_text *ret_text);

/* ---- decimal numbers ---------------------------------------------------------------------------------- */

/* digits / 10^scale; |digits| < 10^36. real: shown with a point even when whole. */
struct hr_decimal {
    __int128 digits;
    uint32_t scale;
    bool real;
};
/* Reads "-12.50" or "1e3"; false for anything else or beyond the range. */
bool hr_decimal_read(struct hr_text text, struct hr_decimal *ret_decimal);
/* What Liquid takes a value for: "12 eggs" is 12, what is no number 0. False beyond the range. */
bool hr_decimal_of(const struct hr_value *value, struct hr_decimal *ret_decimal);
struct hr_decimal hr_decimal_whole(int64_t whole);
/* False beyond the range; the last three also for a divisor of zero. */
bool hr_decimal_add(const struct hr_decimal *a, const struct hr_decimal *b, struct hr_decimal *ret);
bool hr_decimal_multiply(const struct hr_decimal *a, const struct hr_decimal *b,
                         struct hr_decimal *ret);
bool hr_decimal_divide(const struct hr_decimal *a, const struct hr_decimal *b,
                       struct hr_decimal *ret);
bool hr_decimal_modulo(const struct hr_decimal *a, const struct hr_decimal *b,
                       struct hr_decimal *ret);
int hr_decimal_compare(const struct hr_decimal *a, const struct hr_decimal *b);
/* To so many places (negative: tens, hundreds), halves away from zero; floor and ceiling. */
bool hr_decimal_round(const struct hr_decimal *a, int64_t places, struct hr_decimal *ret);
struct hr_decimal hr_decimal_floor(const struct hr_decimal *a);
struct hr_decimal hr_decimal_ceil(const struct hr_decimal *a);
/* As a value: an int where it is whole and fits, else a number that keeps its text. */
int32_t hr_decimal_value(struct hr_template_run *run, const struct hr_decimal *decimal,
                         struct hr_value *ret_value);

/* ---- filters -------------------------------------------------------------------------------------------- */

/* One call of a filter. */
struct hr_template_filtering {
    struct hr_template_run *run;
    const struct hr_template_use *use;
    struct hr_template_result input;
    struct hr_template_result args[HR_TEMPLATE_ARGS_MAX];
    uint32_t count;
    bool allow_false;
};

typedef int32_t (*hr_template_apply)(struct hr_template_filtering *call,
                                     struct hr_template_result *ret_result);

struct hr_template_filter {
    const char *name;
    uint8_t least; /* arguments */
    uint8_t most;
    hr_template_apply apply;
};

/* The row of a filter, or NULL; the nearest name for "did you mean", or the empty text. */
const struct hr_template_filter *hr_template_filter_find(struct hr_text name);
struct hr_text hr_template_filter_near(struct hr_text name);
/* True for `default`, the only one that may be given a missing value. */
bool hr_template_filter_is_default(const struct hr_template_filter *filter);

/* Fails at the filter's place. */
int32_t hr_template_filter_fail(struct hr_template_filtering *call, const char *why);
/* The input, or an argument, as a text, and as a whole number. An argument that is not there is empty, or `otherwise`. */
int32_t hr_template_filter_input(struct hr_template_filtering *call, struct hr_text *ret_text);
int32_t hr_template_filter_text(struct hr_template_filtering *call, uint32_t arg,
                                struct hr_text *ret_text);
int32_t hr_template_filter_whole(struct hr_template_filtering *call, uint32_t arg,
                                 int64_t otherwise, int64_t *ret_whole);
/* The input as items: lists flattened, a map one item, anything else one item, nil none. */
int32_t hr_template_filter_items(struct hr_template_filtering *call,
                                 const struct hr_value **ret_items, uint32_t *ret_count);

/* The tables, each ends with a name of NULL. */
extern const struct hr_template_filter hr_template_filters_text[];
extern const struct hr_template_filter hr_template_filters_part[];
extern const struct hr_template_filter hr_template_filters_code[];
extern const struct hr_template_filter hr_template_filters_number[];
extern const struct hr_template_filter hr_template_filters_list[];
extern const struct hr_template_filter hr_template_filters_pick[];
extern const struct hr_template_filter hr_template_filters_time[];

/* Adds an instant in a form of strftime. */
void hr_template_time_write(struct hr_buffer *out, struct hr_text form, hr_instant instant,
                            const struct hr_zone *zone);
/* Reads a date as people write it ("March 14, 2016", "2016-03-14 10:00 +01:00"); false for anything else. */
bool hr_template_time_read(struct hr_text text, const struct hr_zone *zone,
                           hr_instant *ret_instant);

/* ---- letters and escapes ---------------------------------------------------------------------------------- */

/* The code point at *at (moved behind it) of a text; a broken byte stands for itself. */
uint32_t hr_template_letter(struct hr_text text, size_t *at);
void hr_template_letter_add(struct hr_buffer *out, uint32_t letter);
size_t hr_template_letters(struct hr_text text);
/* The byte offset of a letter by its number, at most text.size. */
size_t hr_template_letter_at(struct hr_text text, size_t number);
/* Adds the text in capital or in small letters. */
void hr_template_upper(struct hr_buffer *out, struct hr_text text);
void hr_template_lower(struct hr_buffer *out, struct hr_text text);
bool hr_template_is_space(char byte);

void hr_escape_html(struct hr_buffer *out, struct hr_text text);
/* The same, but what is an entity already stays. */
void hr_escape_html_once(struct hr_buffer *out, struct hr_text text);
/* Percent-encodes all but unreserved letters and those in `spared`. */
void hr_escape_url(struct hr_buffer *out, struct hr_text text, const char *spared);
/* True when a text may be a whole link: http, https, mailto, tel or sms. */
bool hr_escape_is_link(struct hr_text text);
/* Adds a result where it lands. */
int32_t hr_template_land(struct hr_template_run *run, const struct hr_template_node *node,
                         const struct hr_template_result *result);
/* One line: runs of white space and control signs become one space, none at the ends. */
struct hr_text hr_template_one_line(struct hr_arena *into, struct hr_text text);

#endif
