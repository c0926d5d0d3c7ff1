/* expr: CEL conditions and mappings: compiled once, checked against the workspace, evaluated
 * within a budget, and said in words.
 *
 * Why      what people write must be typed, checked before it runs and readable aloud. Lexer and
 *          Pratt parser of our own: exact spans, depth limit, no exception in disguise
 *          (docs/dependencies.md).
 * Shape    scope (which names exist, of which type) -> program (immutable, in an arena) -> value.
 * Rules    an unset field is null and `known(x)` asks for it. Any other use of an unset field
 *          makes the condition *not met* (HR_EXPR_UNSET), never an error. && and || absorb as CEL
 *          says.
 * Owner    a program lives in the arena it was compiled into, its patterns until hr_expr_release;
 *          results in the arena given to evaluate.
 * Limits   source 4 KiB, depth 64, 10,000 steps, 64 KiB of text made, per evaluation.
 * Errors   E02xx with a column; run time: named outcomes below.
 * Pure     yes (regex.cc enters RE2).
 * Threads  programs are immutable.
 * Source   CEL specification (github.com/google/cel-spec, read 2026-11), without protobuf types, with
 *          cel-go's extensions: strings, math, lists, optionals, bindings, network, encoders, and
 *          the comprehensions with two variables.
 * Tests    tests/unit/expr_*_test.c, tests/conformance/cel_*_test.c; fuzz: expr */
#ifndef HR_EXPR_EXPR_H
#define HR_EXPR_EXPR_H

#include "data/time.h"
#include "data/value.h"

struct hr_expr;

/* Static types. dyn fits everything. */
enum hr_type {
    HR_TYPE_dyn,
    HR_TYPE_null,
    HR_TYPE_bool,
    HR_TYPE_int,
    HR_TYPE_uint,
    HR_TYPE_double,
    HR_TYPE_text,
    HR_TYPE_bytes,
    HR_TYPE_time,
    HR_TYPE_duration,
    HR_TYPE_list,
    HR_TYPE_map,
    HR_TYPE_type,
    HR_TYPE_object, /* a name with declared fields, e.g. contact */
    HR_TYPE_optional,
    HR_TYPE_ip,  /* net.IP */
    HR_TYPE_cidr /* net.CIDR */
};

/* A whole type: list(text), map(text, list(int)). A number of up to twelve words of five bits, the
 * outermost lowest, each an enum hr_type; what a type does not say (or has no room for) is 0, dyn. So
 * an enum hr_type alone is a shape too (docs/decisions/0015-shapes.md). */
typedef uint64_t hr_shape;

#define HR_SHAPE_WORD_BITS 5
#define HR_SHAPE_MASK      ((hr_shape)0x0fffffffffffffff)
#define HR_SHAPE_OF(outer, inner)                                                                  \
    (((hr_shape)(outer) | (hr_shape)(inner) << HR_SHAPE_WORD_BITS) & HR_SHAPE_MASK)
#define HR_SHAPE_LIST(item)      HR_SHAPE_OF(HR_TYPE_list, item)
#define HR_SHAPE_OPTIONAL(inner) HR_SHAPE_OF(HR_TYPE_optional, inner)
/* The key is a type without parts. */
#define HR_SHAPE_MAP(key, value) HR_SHAPE_OF(HR_TYPE_map, HR_SHAPE_OF(key, value))

/* The outermost word. */
static inline enum hr_type hr_shape_type(hr_shape shape)
{
    return (enum hr_type)(shape & 31);
}
/* For people: "list(int)", "map(string, dyn)", "timestamp". */
struct hr_text hr_shape_write(struct hr_arena *into, hr_shape shape);
/* The shape of a value, as far as all its parts agree; work bounded by the value's size. */
hr_shape hr_shape_of_value(const struct hr_value *value);

/* A field of an object name. values: for a choice, the only texts it may have (so that a typo in
 * contact.offer == 'grup_program' is an error with a did-you-mean). */
struct hr_expr_field {
    struct hr_text name;
    hr_shape type;
    const struct hr_text *values;
    size_t value_count;
};

/* A name that an expression may use. */
struct hr_expr_name {
    struct hr_text name;
    hr_shape type;
    const struct hr_expr_field *fields; /* of an object */
    size_t field_count;
    bool open;  /* an object that may have other fields too (dyn) */
    bool still; /* its fields stay as they are: changed() has nothing to ask there */
};

struct hr_expr_scope {
    const struct hr_expr_name *names;
    size_t name_count;
    /* CEL's container: `b` also means `container.b`. Empty: none. */
    struct hr_text container;
    /* Types are not checked before the run: what the checker would refuse fails where it is met, if it
     * is met. Only for hosts that ask CEL itself, never for a workspace. */
    bool unchecked;
};

/* Compiles and checks. Complaints are added with `place` as the whole scalar; offsets within the
 * source are turned into places through `place_of` when it is given. HR_E_INPUT when it cannot be
 * used. want: the type the result must have (dyn: any). The source is copied. */
typedef struct hr_place (*hr_expr_place_of)(void *context, size_t offset, size_t size);
hr_status hr_expr_compile(struct hr_arena *into, struct hr_text source,
                          const struct hr_expr_scope *scope, enum hr_type want,
                          hr_expr_place_of place_of, void *context, struct hr_diagnostics *reterr,
                          const struct hr_expr **ret_expr) HR_MUST_USE;

/* Gives back what an arena cannot hold: the compiled patterns of matches(). Call it before the
 * arena goes; a program without matches() has nothing to give back, NULL is allowed. */
void hr_expr_release(const struct hr_expr *expr);

/* The text it was compiled from, and the static type of its result. */
struct hr_text hr_expr_source(const struct hr_expr *expr);
enum hr_type hr_expr_result(const struct hr_expr *expr);
hr_shape hr_expr_result_shape(const struct hr_expr *expr);

/* What an evaluation sees. `value_of` brings a plain name's value (name: index in the scope);
 * `field_of` an object's field (field: index in its declaration, or -1 and `text` for an open
 * object's other fields). They answer false for "unset"; NULL: all such names are. now: what now()
 * answers (HR_INSTANT_NONE: unknown); hours: for business_time and business spans. Zones by name: that
 * of hours, and those that `zone_of` knows (NULL answer: unknown). changed: whether what is judged
 * gave the field another value than before; field as for field_of. All but context may be absent. */
struct hr_expr_view {
    void *context;
    bool (*value_of)(void *context, size_t name, struct hr_value *ret_value);
    bool (*field_of)(void *context, size_t name, int32_t field, struct hr_text text,
                     struct hr_value *ret_value);
    hr_instant now;
    const struct hr_hours *hours;
    const struct hr_zone *(*zone_of)(void *context, struct hr_text name);
    bool (*changed)(void *context, size_t name, int32_t field, struct hr_text text);
};

/* Named outcomes of an evaluation. */
enum hr_expr_outcome {
    HR_EXPR_UNSET = 1, /* an unset field decided it: not met */
    HR_EXPR_FAILED,    /* a run-time error of CEL: no such key, overflow, divide by zero */
    HR_EXPR_BUDGET     /* more steps or bytes than allowed */
};
/* Why an evaluation failed, for people. column counts from 1 in the source. */
struct hr_expr_error {
    struct hr_text message;
    uint32_t column;
};
/* Evaluates. HR_EXPR_* outcomes leave *ret_value null; reterr may be NULL. */
hr_status hr_expr_evaluate(const struct hr_expr *expr, const struct hr_expr_view *view,
                           struct hr_arena *into, struct hr_value *ret_value,
                           struct hr_expr_error *reterr) HR_MUST_USE;

/* Whether a condition can ever be met. What the view does not answer may still be set to anything, or not, so
 * known() has no answer either; only a null that the view brings stays unset for good. Never false for a
 * condition that could be met; true also for some that cannot. */
bool hr_expr_can_hold(const struct hr_expr *expr, const struct hr_expr_view *view,
                      struct hr_arena *scratch);

/* One thing an expression reads. */
struct hr_expr_read {
    size_t name;         /* index in the scope */
    int32_t field;       /* declared field, or -1 */
    struct hr_text text; /* of an undeclared field */
};
/* What it reads, without repeats, in order of first use. Lives as long as the program. */
const struct hr_expr_read *hr_expr_reads(const struct hr_expr *expr, size_t *ret_count);
/* What it needs beside names and fields: a sum of these. */
enum hr_expr_use_of {
    HR_EXPR_USES_now = 1, /* now(), within(): the answer may change while nothing happens */
    HR_EXPR_USES_hours =
        2, /* business_time(), a business span: the business's hours and holidays */
    HR_EXPR_USES_changed = 4, /* changed(): what is judged must tell what it changed */
    HR_EXPR_USES_zone = 8     /* a time zone by name */
};
uint32_t hr_expr_uses(const struct hr_expr *expr);
/* What its comparisons with constants say of one thing it reads: the texts it is compared with by == or
 * `in`, anywhere in the expression; how many. At most `room` are given. For "which event types". */
size_t hr_expr_compared_with(const struct hr_expr *expr, const struct hr_expr_read *read,
                             struct hr_text *ret_texts, size_t room);

/* If the expression is `name.field == literal` or `literal == name.field` (also `in [literals]`),
 * tells which and the literals. For finding out which event types a proof waits for. */
bool hr_expr_equals_literal(const struct hr_expr *expr, struct hr_expr_read *ret_read,
                            const struct hr_value **ret_literals, size_t *ret_count);

/* One row of the table of functions, for the manual: how it is written, what it gives, what it costs
 * and what it does. Operators stand first. */
struct hr_expr_function {
    struct hr_text written; /* "text.startsWith(text) -> bool" */
    const char *name;
    const char *cost; /* in steps of the budget */
    const char *words;
};
/* The rows in order, index from 0; false behind the last. Rows of one name share its words. */
bool hr_expr_function_at(struct hr_arena *into, size_t index,
                         struct hr_expr_function *ret_function);

/* The expression as a sentence: "offer is known", "lifecycle is empty or lead". Never fails: what
 * has no words is quoted as CEL. */
struct hr_text hr_expr_say(const struct hr_expr *expr, struct hr_arena *into);

/* A condition that is not met, taken apart: the innermost comparison that decided it. */
struct hr_expr_mismatch {
    struct hr_text sentence; /* of that part, in words */
    struct hr_text left;     /* what was compared, in words: "course" */
    struct hr_value observed;
    struct hr_value expected; /* null where the part is no comparison with one value */
    bool unset;               /* the field has no value */
};
/* Finds it by evaluating again; false when the condition is met. */
bool hr_expr_mismatch_of(const struct hr_expr *expr, const struct hr_expr_view *view,
                         struct hr_arena *into, struct hr_expr_mismatch *ret_mismatch);

#endif
