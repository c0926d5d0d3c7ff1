/* template/inside: what all files of this room share: the tree and its limits.
 *
 * The way through: source -> pieces (scan.c) -> tree (parse*.c, with tokens from lexer.c) -> each output gets the
 * spot where it lands (spots.c) -> names read from outside (reads.c) -> walked (render*.c, evaluate.c, filters_*.c).
 * The parser refuses trees deeper than HR_TEMPLATE_DEPTH_MAX, which lets all walks recurse. What the parser's files
 * share stands in parse_inside.h, what those of a run share in run_inside.h and filters_inside.h. */
#ifndef HR_TEMPLATE_INSIDE_H
#define HR_TEMPLATE_INSIDE_H

#include "template/template.h"

enum {
    HR_TEMPLATE_ARGS_MAX = 4,
    HR_TEMPLATE_NAME_MAX = 100,
    HR_TEMPLATE_ERRORS_MAX = 10 /* errors in one template that are told, and as many warnings */
};

/* ---- the tree ------------------------------------------------------------------------------ */

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

/* ---- filters ------------------------------------------------------------------------------- */

struct hr_template_filtering;
struct hr_template_result;

/* Applies a filter; answers as all functions of a run do. */
typedef int32_t (*hr_template_apply)(struct hr_template_filtering *call,
                                     struct hr_template_result *ret_result);

struct hr_template_filter {
    const char *name;
    uint8_t least; /* arguments */
    uint8_t most;
    hr_template_apply apply;
};

/* True for `default`, the only one that may be given a missing value. */
bool hr_template_filter_is_default(const struct hr_template_filter *filter);

/* ---- words --------------------------------------------------------------------------------- */

/* The words `blank` and `empty`, as values. */
struct hr_value hr_template_special(const char *name);
bool hr_template_is_special(const struct hr_value *value, const char *name);
/* ASCII white space. */
bool hr_template_is_space(char byte);

#endif
