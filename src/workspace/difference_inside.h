/* workspace/difference_inside: comparing two trees of nodes with the grammar's table: what its files share. */
#ifndef HR_WORKSPACE_DIFFERENCE_INSIDE_H
#define HR_WORKSPACE_DIFFERENCE_INSIDE_H

#include "workspace/difference.h"
#include "workspace/inside.h"

/* What stands behind a key: how many of which type. */
struct hr_slot {
    enum hr_many many;
    enum hr_gram gram;
};

struct hr_comparing {
    struct hr_arena *into;
    struct hr_arena scratch;
    struct hr_draft *drafts[2]; /* before, after */
    struct hr_text thing;
    struct hr_difference *items;
    size_t count;
    size_t capacity;
    size_t more;
};

/* ---- difference_text.c ------------------------------------------------------------------------- */

/* True for a list whose order says nothing: conditions that must all hold, names. */
bool hr_compare_is_set(const struct hr_slot *slot, const struct hr_node *list);
/* True when both mean the same, whatever their form. NULL is nothing. */
bool hr_compare_same(const struct hr_slot *slot, const struct hr_node *a, const struct hr_node *b);
/* A node of one side in words, whole: conditions and steps read aloud. side: 0 before, 1 after. */
struct hr_text hr_compare_say(struct hr_comparing *comparing, int side, const struct hr_slot *slot,
                              const struct hr_node *node);
/* The kind of map that a node is: the slot's own, or the one of its choices whose first key it has. HR_GRAM_COUNT:
 * none. */
enum hr_gram hr_compare_kind(enum hr_gram gram, const struct hr_node *node);

/* ---- difference_words.c ------------------------------------------------------------------------ */

/* One text in one line, a very long one cut; and two of them, cut so that the place where they differ is shown. */
struct hr_text hr_compare_show_one(struct hr_arena *into, struct hr_text text);
void hr_compare_show_two(struct hr_arena *into, struct hr_text texts[2]);
bool hr_compare_has_lines(struct hr_text text);
/* Two scalars of several lines, line by line; before may be NULL. seen: customers see it. */
void hr_compare_lines_of(struct hr_comparing *comparing, struct hr_text where, bool seen,
                         const struct hr_node *before, const struct hr_node *after);

/* ---- difference_seen.c ------------------------------------------------------------------------- */

/* True when a customer notices what differs at this place of the thing: what they are sent, whether, or when. */
bool hr_compare_is_seen(const struct hr_comparing *comparing, struct hr_text where, int side);

/* ---- difference_list.c ------------------------------------------------------------------------- */

/* Two lists: what is new, gone, or changed in its place. */
void hr_compare_lists(struct hr_comparing *comparing, struct hr_text where,
                      const struct hr_slot *item, const struct hr_node *before,
                      const struct hr_node *after);

/* Two lists whose order says nothing. */
void hr_compare_sets(struct hr_comparing *comparing, struct hr_text where,
                     const struct hr_slot *item, const struct hr_node *before,
                     const struct hr_node *after);

/* ---- difference.c ------------------------------------------------------------------------------ */

/* Two nodes of one place; either may be NULL. */
void hr_compare_nodes(struct hr_comparing *comparing, struct hr_text where,
                      const struct hr_slot *slot, const struct hr_node *before,
                      const struct hr_node *after);
/* Adds a difference; before or after NULL: there was none, or is none any more. */
void hr_compare_add(struct hr_comparing *comparing, struct hr_text where,
                    const struct hr_slot *slot, const struct hr_node *before,
                    const struct hr_node *after);
/* Keeps a difference of the thing at hand, its texts copied; or counts it. */
void hr_compare_put(struct hr_comparing *comparing, const struct hr_difference *difference);
/* "step 3 wait": the place inside the thing, one word longer. */
struct hr_text hr_compare_below(struct hr_comparing *comparing, struct hr_text where,
                                struct hr_text word);

#endif
