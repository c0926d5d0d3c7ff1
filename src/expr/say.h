/* expr/say: what the files that say expressions share: a clause is a subject, a verb and what is said
 * of it. say.c joins clauses, say_clause.c makes them, say_loop.c those over lists, say_phrase.c names
 * what functions make, say_words.c names fields and constants. */
#ifndef HR_EXPR_SAY_H
#define HR_EXPR_SAY_H

#include "expr/program.h"

enum { HR_SAY_PHRASES_MAX = 2000 };

struct hr_expr_speaker {
    struct hr_text source;
    struct hr_arena *arena;
    const struct hr_expr_node *root; /* of what is said: tells which names would be ambiguous */
    uint32_t *phrases_left;          /* what is nested deeper than that is quoted */
};

struct hr_expr_clause {
    struct hr_text subject; /* "lifecycle" */
    struct hr_text verb;    /* "is" */
    struct hr_text object;  /* "empty"; may be empty: "lifecycle changed" */
    bool shared;            /* alternatives about one subject may share subject and verb */
    bool order;             /* "10 or more": two of these may stand with one subject */
};

/* The simple clause that a node (or its negation) says; false when it is none. */
bool hr_expr_clause_of(const struct hr_expr_speaker *speaker, const struct hr_expr_node *node,
                       bool negated, struct hr_expr_clause *ret_clause);
/* The same of a macro over a list or a map (say_loop.c). */
bool hr_expr_loop_clause_of(const struct hr_expr_speaker *speaker, const struct hr_expr_node *node,
                            bool negated, struct hr_expr_clause *ret_clause);
/* A node as the subject of a clause. */
struct hr_text hr_expr_subject_of(const struct hr_expr_speaker *speaker,
                                  const struct hr_expr_node *node);
/* What a function or an operator makes, in words; the empty text when it has none (say_phrase.c). */
struct hr_text hr_expr_phrase_of(const struct hr_expr_speaker *speaker,
                                 const struct hr_expr_node *node);
/* A node as what something is compared with. */
struct hr_text hr_expr_operand_of(const struct hr_expr_speaker *speaker,
                                  const struct hr_expr_node *node);
/* A node as it is written, between backquotes. */
struct hr_text hr_expr_quoted_of(const struct hr_expr_speaker *speaker,
                                 const struct hr_expr_node *node);
/* The items of a list, as "a, b or c"; last: the word before the last one. */
struct hr_text hr_expr_items_of(const struct hr_expr_speaker *speaker, const struct hr_value *list,
                                const char *last);
/* A name as people say it: "course access". */
struct hr_text hr_expr_spaced(const struct hr_expr_speaker *speaker, struct hr_text name);
/* A whole condition, into a buffer. */
void hr_expr_say_into(const struct hr_expr_speaker *speaker, struct hr_buffer *out,
                      const struct hr_expr_node *node, bool negated, bool inside);
/* The name of a weekday or month that a number stands for when it is compared with what this node
 * gives; the empty text when it stands for none. */
struct hr_text hr_expr_calendar_word(const struct hr_expr_node *node,
                                     const struct hr_value *number);

#endif
