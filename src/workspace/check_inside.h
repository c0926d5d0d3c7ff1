/* workspace/check_inside: what the automations of a plan do, taken together, and the checks that look at it.
 *
 * Why      most harm is done between two automations, each of which is fine alone.
 * Shape    facts.c walks all steps once: struct hr_facts lists what is written, by whom, and what is emitted. Each
 *          check_*.c asks one question of it. An automation with an error of its own is left out, and when
 *          people, tools, fields or pipelines have errors nothing is asked at all: parents before children.
 * Limits   no check is quadratic in what is sent: writers are compared field by field, HR_FIELD_WRITERS_MAX of each.
 * Owner    the draft's scratch.               Errors   E0430..E0448, errors_check.tbl */
#ifndef HR_WORKSPACE_CHECK_INSIDE_H
#define HR_WORKSPACE_CHECK_INSIDE_H

#include "workspace/inside.h"

enum {
    HR_FIELD_WRITERS_MAX = 200,
    HR_RECORD_FIELDS_MAX = 200,
    HR_UNDER_MAX = HR_STEP_DEPTH_MAX + 1
};

/* ---- walking -------------------------------------------------------------------------------------- */

/* What holds where a step stands: the rules of an `if`, or (in its `else`) that they do not all hold. */
struct hr_under {
    const struct hr_clauses *rules;
    bool negated;
};

/* A step and how one gets there. */
struct hr_step_at {
    const struct hr_automation *automation;
    int32_t index; /* of the automation */
    const struct hr_plan_step *step;
    struct hr_under under[HR_UNDER_MAX]; /* of each `if` around it */
    size_t under_count;
    bool may_have_waited; /* something before it may take time */
    bool has_waited;      /* something before it always does */
};
typedef void (*hr_step_visit)(void *context, const struct hr_step_at *at);
/* Calls visit for every step in reading order. */
void hr_each_step(const struct hr_plan *plan, int32_t automation, hr_step_visit visit,
                  void *context);

/* ---- facts ---------------------------------------------------------------------------------------- */

enum hr_write_how {
    HR_WRITE_mapped, /* a tool's `fields` map */
    HR_WRITE_matched, /* a tool's `contact` map: it finds the contact by one key, and fills the others */
    HR_WRITE_action, /* what an action of a tool leaves behind */
    HR_WRITE_set,
    HR_WRITE_moved,
    HR_WRITE_assigned,
    HR_WRITE_copied
};
/* One place that writes one field. */
struct hr_write {
    struct hr_field_ref
        field; /* its place: where it is written; line 0 for mapped ones (hr_write_place) */
    enum hr_write_how how;
    struct hr_writer
        writer; /* in whose name: a step that only passes on what the event brought writes for its tool */
    int32_t automation;                      /* whose step it is, or -1 */
    int32_t event;                           /* of a mapping: index in the tool's events */
    int32_t stage;                           /* of a move, or -1 */
    bool ordered;                            /* an older one never beats a newer one */
    bool waited;                             /* something before it may take time */
    struct hr_text constant;                 /* it only ever writes this; empty: not so */
    struct hr_under under[HR_UNDER_MAX + 2]; /* the filter, each `if`, the line's own */
    size_t under_count;
};
/* One step that emits an event, or calls an action that does. */
struct hr_emission {
    int32_t automation;
    int32_t event;
    bool may_have_waited;
    bool has_waited;
    bool echo; /* nothing says so, but a CRM tells of every change, ours too */
    struct hr_place place;
};
/* One event of one tool. */
struct hr_sender {
    int32_t tool;
    int32_t event; /* index in the tool's events */
};
struct hr_facts {
    struct hr_draft *draft;
    struct hr_sender *senders; /* event name after event name */
    size_t *sender_first;
    bool *broken; /* for each automation: it has errors of its own */
    struct hr_write *writes;
    size_t write_count, write_capacity;
    struct hr_emission *emissions; /* automation after automation */
    size_t emission_count, emission_capacity;
};
/* False when something above the automations is broken, or memory was refused. */
bool hr_facts_gather(struct hr_draft *draft, struct hr_facts *ret_facts);
/* The tools that send an event (check_senders.c). */
bool hr_senders_index(struct hr_facts *facts);
const struct hr_sender *hr_senders_of(const struct hr_facts *facts, int32_t event,
                                      size_t *ret_count);
/* Where it is written; of a mapping its line in the tool's file. */
struct hr_place hr_write_place(const struct hr_facts *facts, const struct hr_write *write);
/* The place as a complaint keeps it: its file is named in the diagnostics' arena. */
struct hr_place hr_told_place(const struct hr_facts *facts, struct hr_place place);
/* "automation `welcome`", "tool `calendar`"; in the diagnostics' arena. */
struct hr_text hr_writer_said(const struct hr_facts *facts, const struct hr_writer *writer);
const struct hr_field *hr_fact_field(const struct hr_facts *facts, struct hr_field_ref ref);
/* Steps whose customer sees them, or that ask something of a tool. */
bool hr_step_reaches_out(const struct hr_plan *plan, const struct hr_plan_step *step);

/* ---- what one automation touches (check_touch.c) ------------------------------------------------------ */

enum hr_touch_bits {
    HR_TOUCH_read = 1,
    HR_TOUCH_written = 2,
    HR_TOUCH_about =
        4, /* it may be stated and need not: its measure, a consent, the evidence of a stage */
    HR_TOUCH_asked = 8, /* of a tool: a step asks something of it, or sends through it */
};
struct hr_touch {
    uint8_t fields[HR_RECORD_TYPE_COUNT][HR_RECORD_FIELDS_MAX];
    struct hr_place (*field_places)[HR_RECORD_FIELDS_MAX]; /* where it is first read or written */
    uint8_t *tools;                                        /* for each tool of the plan */
    struct hr_place *tool_places;
    bool *events;   /* for each event name: it starts or ends on it, or waits for it */
    size_t effects; /* steps that change something */
};
bool hr_touch_make(const struct hr_facts *facts, struct hr_touch *ret_touch);
/* Forgets what was before. */
void hr_touch_gather(const struct hr_facts *facts, struct hr_touch *touch, int32_t automation);
/* "offer", "account.segment": as the automation would write it; in the diagnostics' arena. */
struct hr_text hr_field_said(const struct hr_facts *facts, int32_t automation,
                             struct hr_field_ref ref);

/* ---- the checks, in order --------------------------------------------------------------------------- */

void hr_check_contracts(const struct hr_facts *facts);
/* check_proofs.c: consents that can never count. */
void hr_check_proofs(const struct hr_facts *facts);
void hr_check_writers(const struct hr_facts *facts);
void hr_check_loops(const struct hr_facts *facts);
void hr_check_again(const struct hr_facts *facts);
/* For each automation: what it states is what it touches, what it touches is ready for it, and it is not too much. */
void hr_check_stated(const struct hr_facts *facts, const struct hr_touch *touch,
                     int32_t automation);
void hr_check_ready(const struct hr_facts *facts, const struct hr_touch *touch, int32_t automation);
void hr_check_scope(const struct hr_facts *facts, const struct hr_touch *touch, int32_t automation);

/* ---- who meets whom (check_meet.c) --------------------------------------------------------------------- */

enum { HR_DEMANDS_MAX = 8, HR_DEMAND_VALUES_MAX = 63 };

/* What the conditions around a write demand of one choice field: bit i says that value i will do, the last bit that it
 * may be unset. */
struct hr_demand {
    int32_t field;
    uint64_t values;
};
struct hr_demands {
    struct hr_demand items[HR_DEMANDS_MAX];
    size_t count;
};
void hr_find_demands(const struct hr_facts *facts, const struct hr_write *write,
                     struct hr_demands *ret_demands);
/* Whether both writes can happen to one record. False only when it is sure that they cannot: they demand different
 * values of a field, and no wait lets it change in between. */
bool hr_can_meet(const struct hr_facts *facts, const struct hr_write *a,
                 const struct hr_demands *of_a, const struct hr_write *b,
                 const struct hr_demands *of_b);

#endif
