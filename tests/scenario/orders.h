/* tests/scenario: six messages about one contact, in every order in which they can arrive.
 *
 * Owner    the folder is the caller's: its plan is put in force anew for each order. */
#ifndef TESTS_SCENARIO_ORDERS_H
#define TESTS_SCENARIO_ORDERS_H

#include "support/machine.h"
#include "unit/workspace_folder.h"

enum { MESSAGES_MAX = 6 };

/* A message as its tool writes it, and the minute of the day it speaks of. */
struct orders_said {
    const char *tool;
    const char *raw;
};
struct orders_told {
    const char *story;
    struct orders_said said[MESSAGES_MAX];
};

/* Fails unless each of the 720 orders ends the same: values and their moments, whose a field is, handoffs. ends_with:
 * what must stand in it; NULL: anything. */
void orders_all_end_the_same(struct folder *folder, const struct orders_told *told,
                             const char *ends_with);
/* The contact after one order of them, in the arena. */
const struct hr_contact *orders_run(struct folder *folder, struct hr_arena *arena,
                                    const struct orders_told *told, const size_t *order);

#endif
