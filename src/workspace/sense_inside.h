/* workspace/sense_inside: judging a plan that was read: does it do what whoever wrote it must have meant?
 *
 * Why      a plan can be well formed and still tell a customer that a course is open before it is.
 * Shape    check_sense.c finds out what may be judged: nothing while a parent is broken, no thing that was itself
 *          complained about. A file for each subject then complains. Conditions are judged by trying every world that
 *          they can tell apart (check_worlds.c).
 * Rule     a complaint must be certain: what cannot be known counts as fine.
 * Limits   HR_WORLDS_MAX worlds for one list of conditions; values beyond that count as unknown.
 * Owner    scratch for what is worked out, the diagnostics' arena for words.
 * Errors   E0464..                               Tests    golden/check, unit/workspace_sense_test.c */
#ifndef HR_WORKSPACE_SENSE_INSIDE_H
#define HR_WORKSPACE_SENSE_INSIDE_H

#include "workspace/inside.h"

/* ---- what may be judged (check_sense.c) --------------------------------------------------------- */

struct hr_sense {
    struct hr_draft *draft;
    const struct hr_plan *plan;
    bool *tool_told;         /* for each tool: what it lacks was said */
    bool *proved_by_message; /* for each handoff: its proof names a message */
};

/* Each judges one thing that was read without complaint. */
void hr_sense_filters(const struct hr_sense *sense, const struct hr_automation *automation);
void hr_sense_order(const struct hr_sense *sense, const struct hr_automation *automation);
void hr_sense_waits(const struct hr_sense *sense, const struct hr_automation *automation);
void hr_sense_moves(const struct hr_sense *sense, const struct hr_automation *automation);
void hr_sense_consent(const struct hr_sense *sense, const struct hr_automation *automation);
void hr_sense_machine(const struct hr_sense *sense, const struct hr_automation *automation);
void hr_sense_duty(const struct hr_sense *sense, const struct hr_automation *automation);
/* Finds out, once, which proofs name messages: `proved_by_message`. */
void hr_sense_note_messages(const struct hr_sense *sense);
/* These judge what is there once. */
void hr_sense_stages(const struct hr_sense *sense);
void hr_sense_machine_elsewhere(const struct hr_sense *sense);
void hr_sense_evidence(const struct hr_sense *sense, const struct hr_stage *stage);
/* Events that wait for each other: over all automations. */
void hr_sense_circles_of_waits(const struct hr_sense *sense);

/* Calls visit for every step, in reading order, whatever its depth (at most HR_STEP_DEPTH_MAX). */
typedef void (*hr_sense_visit)(void *context, const struct hr_plan_step *step);
void hr_sense_steps(const struct hr_plan_steps *steps, hr_sense_visit visit, void *context);
/* Sets the second place of a complaint. */
void hr_sense_also(struct hr_diagnostic *item, struct hr_place place, const char *label);
/* True when a line of the rules reads that field of that record. */
bool hr_sense_reads(const struct hr_clauses *rules, enum hr_record_type record, int32_t field);

/* ---- worlds (check_worlds.c) -------------------------------------------------------------------- */

enum { HR_AXES_MAX = 8, HR_AXIS_VALUES_MAX = 64, HR_WORLDS_MAX = 2048 };

/* One thing that is read, and all that it can be. */
struct hr_axis {
    size_t name; /* as in hr_expr_read */
    int32_t field;
    struct hr_value *values; /* null: it has no value */
    size_t count;
    bool partial;          /* it can be other things too, of which no line can be met */
    bool of_events;        /* values are names of events, or null for no event */
    const int32_t *events; /* their indexes in plan->event_names; NULL: all names, in order */
};

struct hr_worlds {
    struct hr_draft *draft;
    struct hr_axis axes[HR_AXES_MAX];
    size_t axis_count;
    size_t at[HR_AXES_MAX]; /* this world: an index into each axis' values */
};

/* What events an expression can see. Known and none: it runs by a schedule, and what it asks of an event is unset. */
struct hr_seen_events {
    const int32_t *event; /* indexes in plan->event_names */
    size_t event_count;
    const int32_t *trigger;
    size_t trigger_count;
    bool event_known; /* else it may be any event */
    bool trigger_known;
};

/* All worlds that the rules can tell apart; stands in the first. */
void hr_worlds_of(struct hr_worlds *worlds, struct hr_draft *draft, const struct hr_clauses *rules,
                  const struct hr_seen_events *seen);
void hr_worlds_rewind(struct hr_worlds *worlds);
/* False when this was the last. */
bool hr_worlds_next(struct hr_worlds *worlds);
/* Whether all the rules can hold in this world, and whether they do for certain. */
bool hr_world_can(struct hr_worlds *worlds, const struct hr_clauses *rules);
bool hr_world_must(struct hr_worlds *worlds, const struct hr_clauses *rules);
/* True when all that the rules read has a value in this world. */
bool hr_world_knows(const struct hr_worlds *worlds, const struct hr_clauses *rules);

enum hr_verdict { HR_VERDICT_open, HR_VERDICT_never, HR_VERDICT_always };
struct hr_judgement {
    enum hr_verdict verdict;
    const struct hr_clause
        *line; /* never: the line that makes it impossible; always: one that asks nothing */
    const struct hr_clause
        *other;      /* never: the line that it contradicts; NULL: itself, or several */
    bool known_only; /* always: once it is known */
};
/* Of rules that must all hold. */
struct hr_judgement hr_judge_rules(struct hr_draft *draft, const struct hr_clauses *rules,
                                   const struct hr_seen_events *seen);

#endif
