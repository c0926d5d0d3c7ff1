/* engine/assign: who gets a record, by a step `assign`, and why it is not one of the others.
 *
 * Why      every choice is explained: each person who was looked at stands in the answer with a verdict, and a machine
 *          never gives a record to somebody who has left.
 * Shape    struct hr_assign_ask (the step, who there is, whose turn it was) -> struct hr_assignment (who, by what, the
 *          new turn, and the candidates in the order in which they were looked at). assign_kept.h makes what is kept
 *          of it, insight/chosen.h says that in words.
 * Rules    Looked at in this order:
 *          1. The step has given this record away `most_times`: it goes to `then`; without it, it stays where it is.
 *          2. `sticky`: who had it before has it again.
 *          3. What the step says: a person, a team's queue, the next in a team (or in the team of who has it now, but
 *             not to them), or what a table's first row that holds says: its person; or its team by its method
 *             (least_loaded: the fewest open records of this kind, then whose turn it is; named_account: who owns the
 *             account, else whose turn it is; none: the team's queue).
 *          4. `if_nobody`.
 *          Inactive people get nothing, ever. Whoever one of the lines of `skip` holds for is passed over, but in a
 *          queue, in `then` and in `if_nobody`. Who is away and not passed over is stood in for by their deputy, in a
 *          line while deputies are away or passed over themselves; a turn stays that of the person stood in for. A
 *          person with whom nobody stands in (named, or sticky) gets it all the same, if the step names nobody for that
 *          case. A named person who has left is stood in for as well.
 *          A queue is held by the first of the team who is there (or their deputy), so that no record is without an
 *          owner until somebody takes it.
 *          A turn is the person of the team behind the one chosen last; behind one who left the team, its first.
 * Units    people, teams and tables are indexes in the plan; -1 is none.
 * Owner    the answer lives in the arena, rules in the plan.
 * Limits   nobody is looked at twice for one line of the list above, so at most four times the people of the plan.
 * Errors   HR_E_MEMORY.                          Pure     yes, and no malloc.    Threads  safe.
 * Tests    tests/unit/engine_assign_test.c */
#ifndef HR_ENGINE_ASSIGN_H
#define HR_ENGINE_ASSIGN_H

#include "engine/decide.h"

struct hr_assign_ask {
    const struct hr_plan *plan;
    const struct hr_step_assign *assign;
    const struct hr_expr_view
        *view;             /* of the record, for tables and `skip`; `person` is answered here */
    const uint32_t *loads; /* by person: open records of this kind that they own; NULL: none */
    const int32_t *turns;  /* by team: the person chosen last in turn; NULL: nobody yet */
    int32_t owner;         /* who has it now */
    int32_t owner_team;    /* the team in which they were chosen; -1: the first that has them */
    int32_t before;        /* who had this contact before, for `sticky` */
    int32_t account_owner; /* who owns the account that the record is linked to */
    uint32_t times;        /* this step has given this record to somebody so often already */
    hr_instant now;
};

/* How somebody came to be looked at, or chosen. */
enum hr_choice {
    HR_CHOICE_named,   /* by the step, the table, `then` or `if_nobody` */
    HR_CHOICE_sticky,  /* had it before */
    HR_CHOICE_account, /* owns the account */
    HR_CHOICE_turn,
    HR_CHOICE_load,
    HR_CHOICE_deputy, /* of the candidate `instead_of` */
    HR_CHOICE_queue   /* holds the queue */
};
enum hr_choice_verdict {
    HR_VERDICT_chosen,
    HR_VERDICT_inactive,
    HR_VERDICT_skipped, /* by `rule` */
    HR_VERDICT_away,    /* until `back_at` */
    HR_VERDICT_has_it,  /* and it is to move on */
    HR_VERDICT_busier   /* than the one chosen */
};
struct hr_candidate {
    int32_t person;
    int32_t instead_of; /* of a deputy: the person stood in for */
    enum hr_choice choice;
    enum hr_choice_verdict verdict;
    const struct hr_clause *rule; /* of skipped: the first line that holds; else NULL */
    bool away;                    /* also of one who was chosen all the same */
    hr_instant back_at;           /* away: the first instant at which they are here again */
    uint32_t load;
};

enum hr_assigned {
    HR_ASSIGNED_nobody, /* there is none: somebody must be told */
    HR_ASSIGNED_person,
    HR_ASSIGNED_queue, /* of `team`, held by `person` */
    HR_ASSIGNED_kept   /* most_times is reached, and nobody is named for that: nothing changes */
};
/* Which line of the rules decided. */
enum hr_assigned_by {
    HR_ASSIGNED_BY_step,
    HR_ASSIGNED_BY_sticky,
    HR_ASSIGNED_BY_if_nobody,
    HR_ASSIGNED_BY_most_times
};
struct hr_assignment {
    enum hr_assigned kind;
    enum hr_assigned_by by;
    enum hr_choice choice; /* of the person */
    int32_t person;
    int32_t team;
    int32_t
        turn_team; /* to be stored: in this team it was the turn of turn_person; -1: as it was */
    int32_t turn_person;
    const struct hr_decision *decision; /* of a table; NULL: none was asked */
    const struct hr_candidate *candidates;
    size_t candidate_count;
};
/* Chooses. The same question always has the same answer. */
hr_status hr_assign(const struct hr_assign_ask *ask, struct hr_arena *into,
                    struct hr_assignment *ret_assignment) HR_MUST_USE;

#endif
