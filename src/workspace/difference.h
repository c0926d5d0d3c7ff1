/* workspace/difference: what two workspaces say differently, in words.
 *
 * Why      who approves a change must see all of it, and nothing that is no change: another order of keys, `1 day` for
 *          `24 hours`, a list of one for one.
 * Shape    two sets of files, both checked -> a list of differences, thing by thing in the files' order. What is read
 *          with the grammar's table is compared with it, so no key can be forgotten. What is new is told whole: its
 *          title, then each key, each step, each line of a text. Of a long line that changed, the part that did.
 * Owner    the arena given.
 * Limits   HR_DIFFERENCES_MAX are kept; the rest are counted.
 * Errors   HR_E_INPUT when one of the two has errors: its complaints are in reterr.
 * Pure     yes.                      Threads  safe.
 * Tests    tests/unit/workspace_difference_test.c */
#ifndef HR_WORKSPACE_DIFFERENCE_H
#define HR_WORKSPACE_DIFFERENCE_H

#include "workspace/workspace.h"

enum { HR_DIFFERENCES_MAX = 1000 };

enum hr_difference_sign { HR_DIFFERENCE_added, HR_DIFFERENCE_removed, HR_DIFFERENCE_changed };

struct hr_difference {
    enum hr_difference_sign sign;
    struct hr_text thing;  /* "automation welcome_lead"; "workspace" for its head */
    struct hr_text where;  /* "step 3 wait"; empty: the thing itself */
    struct hr_text before; /* in words; empty when added */
    struct hr_text after;  /* empty when removed */
    bool customer_sees;    /* see below */
    struct hr_place place; /* of what is new; of what was, when removed */
};

/* customer_sees: what customers are sent is another, or whether or when they are sent it. True of messages; of steps
 * that send one, and of steps that let pass (wait, wait_for, if, ask, the answers of call) with such a step behind
 * them; of what starts, selects, stops, repeats, rolls out or approves an automation that sends; of purposes, caps,
 * quiet hours, budgets, business hours and the time zone while anything is sent; of the sender of a tool of kind
 * email. */
struct hr_differences {
    const struct hr_difference *items;
    size_t count;
    size_t more; /* not kept */
};

struct hr_file_set {
    const struct hr_file *files;
    size_t count;
};

/* Compares. `broken` tells whose errors reterr holds when the answer is HR_E_INPUT: 0 before, 1 after. */
hr_status hr_plan_difference(struct hr_arena *into, struct hr_file_set before,
                             struct hr_file_set after, hr_zone_of zone_of, void *context,
                             struct hr_diagnostics *reterr, int *ret_broken,
                             struct hr_differences *ret_differences) HR_MUST_USE;
/* One line, without its end: "~ automation welcome_lead: step 3 wait: 2 days -> 1 day". */
struct hr_text hr_difference_line(struct hr_arena *into, const struct hr_difference *difference);

#endif
