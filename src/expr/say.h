/* expr/say: what say.c, say_clause.c and mismatch.c share: a clause is a subject, a verb and what
 * is said of it. */
#ifndef HR_EXPR_SAY_H
#define HR_EXPR_SAY_H

#include "expr/program.h"

struct hr_expr_speaker {
    struct hr_text source;
    struct hr_arena *arena;
};

struct hr_expr_clause {
    struct hr_text subject; /* "lifecycle" */
    struct hr_text verb;    /* "is" */
    struct hr_text object;  /* "empty" */
};

/* The simple clause that a node (or its negation) says; false when it is none. */
bool hr_expr_clause_of(const struct hr_expr_speaker *speaker, const struct hr_expr_node *node,
                       bool negated, struct hr_expr_clause *ret_clause);
/* A node as the subject of a clause. */
struct hr_text hr_expr_subject_of(const struct hr_expr_speaker *speaker,
                                  const struct hr_expr_node *node);
/* A node as what something is compared with. */
struct hr_text hr_expr_operand_of(const struct hr_expr_speaker *speaker,
                                  const struct hr_expr_node *node);
/* The items of a list, as "a, b or c". */
struct hr_text hr_expr_items_of(const struct hr_expr_speaker *speaker, const struct hr_value *list);

#endif
