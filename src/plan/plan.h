/* plan: how one business works, as its files say it: one immutable, checked table of everything.
 *
 * Why      nothing runs that was not checked; every event names the plan that judged it. Who acts by a plan or explains
 *          it need not know how files are read.
 * Shape    struct hr_plan: tables of people, tools, fields, paths, automations ... that point at each other by index.
 *          Expressions are compiled. Its parts stand in records.h (fields, contracts, pipelines), tools.h,
 *          automation.h, steps.h, table.h, message.h (policies too), tests.h. hr_workspace_check alone makes one;
 *          aloud.h reads it to people.
 * Names    the journal never stores a word twice: every name (person, field, attribute, tool, event type,
 *          path, handoff) has a number for ever. hr_plan_bind fills them in; before that they are 0.
 * Owner    all of a plan lives in the arena given to check, but patterns (hr_plan_release); immutable after bind.
 * Limits   the table in workspace/check.c: 512 files, 200 tools, 200 fields, 100 paths, 2000 automations ...
 * Errors   none: what is wrong never becomes a plan.
 * Pure     yes.                      Threads  a bound plan is read by all.
 * Tests    tests/unit/workspace_*_test.c */
#ifndef HR_PLAN_PLAN_H
#define HR_PLAN_PLAN_H

#include "base/bytes.h"
#include "plan/automation.h"
#include "plan/message.h"
#include "plan/records.h"
#include "plan/table.h"
#include "plan/tests.h"
#include "plan/tools.h"

enum { HR_CARRIED_MAX = 64 /* by one handoff */ };

/* ---- people ------------------------------------------------------------------------------------ */

enum hr_role {
    HR_ROLE_owner,
    HR_ROLE_admin,
    HR_ROLE_builder,
    HR_ROLE_operator,
    HR_ROLE_approver,
    HR_ROLE_auditor,
    HR_ROLE_viewer,
    HR_ROLE_seller
};

struct hr_away {
    hr_instant from; /* local midnight in the workspace's zone */
    hr_instant to;   /* end of that local day: first instant not away */
};

struct hr_person {
    struct hr_text id;   /* maya */
    struct hr_text name; /* Maya Okafor */
    struct hr_text email;
    struct hr_text webhook;        /* where signed alerts go too, may be empty */
    struct hr_text webhook_secret; /* by name; required with webhook */
    enum hr_role role;
    int32_t deputy; /* index in people, or -1 */
    bool inactive;  /* works here no more: owns nothing, is told nothing */
    const struct hr_away *away;
    size_t away_count;
    uint32_t name_number; /* bound */
};

struct hr_team {
    struct hr_text id;
    struct hr_text title;
    const int32_t *people; /* indexes */
    size_t person_count;
    struct hr_place place;
    uint32_t name_number; /* bound */
};

/* A kind of event, over all who send or emit it. */
struct hr_event_name {
    struct hr_text name;   /* payment.succeeded */
    bool sent;             /* by a tool */
    bool emitted;          /* by a step of an automation, or by an action */
    const int32_t *starts; /* automations that it triggers: indexes */
    size_t start_count;
    bool awaited;         /* some step waits for it: kept with the contact, for it may come first */
    uint32_t name_number; /* bound */
};

/* ---- paths and handoffs ------------------------------------------------------------------------ */

enum hr_late_is { HR_LATE_normal, HR_LATE_urgent, HR_LATE_count };
enum hr_handoff_kind {
    HR_HANDOFF_form_to_crm,
    HR_HANDOFF_crm_to_follow_up,
    HR_HANDOFF_payment_to_access,
    HR_HANDOFF_booking_to_pipeline,
    HR_HANDOFF_reporting_to_decision,
    HR_HANDOFF_other
};

struct hr_rung {
    struct hr_span after;
    int32_t to; /* person index */
};

/* One line of done_when or wrong_when. All lines of a list must hold; alternatives are one line with `||`. */
struct hr_condition {
    const struct hr_expr *expr;
    bool identifies; /* it says which event is meant (type or key); false: it says what must hold */
};

struct hr_carried {
    int32_t field;       /* contact field index, or -1 */
    int32_t attribute;   /* index of an attribute that the opening event must bring, or -1 */
    struct hr_text name; /* of the field or the attribute */
};

struct hr_handoff {
    struct hr_text id;
    struct hr_text full_id; /* form_to_member.payment_to_access: its name in the journal */
    struct hr_text title;   /* default: id with spaces */
    int32_t path;           /* index in paths */
    int32_t place;          /* 0.. on its path */
    enum hr_handoff_kind kind;
    struct hr_text from; /* tool id or other word */
    struct hr_text to;
    struct hr_text opens_on;   /* event type; empty when it opens on a proof */
    int32_t opens_after;       /* handoff index whose proof opens it, or -1 */
    const struct hr_expr *key; /* over the opening event; NULL: the contact itself */
    const struct hr_carried *carries;
    size_t carried_count;
    const struct hr_condition *done_when;
    size_t done_count;
    const struct hr_condition *wrong_when;
    size_t wrong_count;
    bool proof_by_event;               /* some done_when line identifies an event */
    const struct hr_text *proof_types; /* event types that can be its proof */
    uint32_t *proof_type_numbers;      /* bound */
    size_t proof_type_count;
    struct hr_span within;
    bool has_fail_after;
    struct hr_span fail_after;
    enum hr_late_is late_is;
    int32_t owner; /* person indexes */
    int32_t failure_owner;
    const struct hr_rung *escalate;
    size_t escalate_count;
    struct hr_text recovery;
    struct hr_text customer_sees; /* what the customer notices, may be empty */
    struct hr_place file_place;   /* where it stands, for why */
    uint32_t name_number;         /* bound */
};

struct hr_path {
    struct hr_text id;
    struct hr_text title;
    struct hr_text goal;
    int32_t owner;
    int32_t first; /* its handoffs are plan->handoffs[first .. first + count) in order */
    int32_t count;
    uint32_t name_number; /* bound */
    int32_t starts_with;  /* indexes in event_names, or -1 */
    int32_t ends_with;
    bool has_review;
    struct hr_span review; /* somebody looks at it again, this often */
    struct hr_place place;
};

/* ---- the plan ---------------------------------------------------------------------------------- */

/* Names an expression may use, in this order (struct hr_expr_view's `name`). */
enum hr_scope_name {
    HR_SCOPE_payload, /* mapping only: what the tool said (dyn) */
    HR_SCOPE_contact, /* conditions: the contact's fields, by field index */
    HR_SCOPE_event,   /* conditions: type, at, tool; keys: type, id, at; both: attributes by name */
    HR_SCOPE_handoff, /* proofs: key (field 0) */
    HR_SCOPE_account, /* automations: the linked record's fields, by field index */
    HR_SCOPE_opportunity,
    HR_SCOPE_ticket,
    HR_SCOPE_task,
    HR_SCOPE_trigger, /* automations: the event that began it; fields as of event */
    HR_SCOPE_set_by, /* automations: who set a field of the record last: people, tools, automations */
    HR_SCOPE_person, /* `skip` of assign: enum hr_scope_person_field */
    HR_SCOPE_people, /* automations: enum hr_scope_people_field */
    HR_SCOPE_COUNT
};
enum hr_scope_person_field {
    HR_PERSON_FIELD_id,
    HR_PERSON_FIELD_role,
    HR_PERSON_FIELD_away, /* bool */
    HR_PERSON_FIELD_load, /* open records of this kind that they own */
    HR_PERSON_FIELD_COUNT
};
enum hr_scope_people_field {
    HR_PEOPLE_FIELD_former, /* lists of ids */
    HR_PEOPLE_FIELD_away,
    HR_PEOPLE_FIELD_teams /* the members of team i are field HR_PEOPLE_FIELD_teams + i */
};
enum hr_scope_event_field {
    HR_EVENT_FIELD_type,
    HR_EVENT_FIELD_id,
    HR_EVENT_FIELD_at,
    HR_EVENT_FIELD_tool,
    HR_EVENT_FIELD_attributes /* attribute i of the plan is field HR_EVENT_FIELD_attributes + i */
};

struct hr_plan {
    struct hr_digest digest; /* over all files and zone bytes, in path order */
    struct hr_text id;       /* workspace: bright_coaching */
    struct hr_text title;
    const struct hr_zone *zone;
    struct hr_hours hours;
    struct hr_text country; /* default for phone numbers, may be empty */

    struct hr_person *people;
    size_t person_count;
    struct hr_team *teams;
    size_t team_count;
    struct hr_record_plan records[HR_RECORD_TYPE_COUNT];
    struct hr_field *fields; /* of contacts: the same as records[HR_RECORD_TYPE_contact].fields */
    size_t field_count;
    const int32_t *match_on; /* field indexes, in order */
    size_t match_count;
    int32_t contact_owner; /* person index; of a team its first person */
    struct hr_tool *tools;
    size_t tool_count;
    struct hr_path *paths;
    size_t path_count;
    struct hr_handoff *handoffs; /* path after path, in order */
    size_t handoff_count;
    const struct hr_text *attributes; /* of events, over all tools: event.<name> */
    size_t attribute_count;
    struct hr_event_name *event_names;
    size_t event_name_count;

    struct hr_pipeline *pipelines;
    size_t pipeline_count;
    struct hr_stage *stages; /* pipeline after pipeline, in order */
    size_t stage_count;
    struct hr_automation *automations;
    size_t automation_count;
    struct hr_table *tables;
    size_t table_count;
    struct hr_message *messages;
    size_t message_count;
    struct hr_policies policies;
    struct hr_test *tests;
    size_t test_count;

    uint32_t *attribute_numbers;     /* bound */
    uint32_t number;                 /* bound: 1, 2, 3 ... as published */
    struct hr_plan_indexes *indexes; /* bound: from numbers to tables */
    const struct hr_expr **programs; /* all of them, for hr_plan_release */
    size_t program_count;
    size_t program_capacity;
};

/* What an automation does, as a number that is the same in two plans where its steps and stop rules are the same. */
uint64_t hr_automation_meaning(struct hr_arena *scratch, const struct hr_plan *plan,
                               const struct hr_automation *automation);
/* Makes the plan's look-ups, in the arena it lives in; once, when its tables are full. HR_E_MEMORY. */
hr_status hr_plan_index(struct hr_plan *plan, struct hr_arena *into) HR_MUST_USE;
/* Gives back what the arena cannot hold: the patterns of matches(). Before the arena goes; NULL is allowed. */
void hr_plan_release(struct hr_plan *plan);

/* Calls number_of for every name of the plan, always in the same order, and stores the number that it answers (0: none
 * yet). Handoffs are visited by full_id, an event type once for each tool that sends it. Binding again starts anew. */
typedef uint32_t (*hr_name_number_of)(void *context, struct hr_text name);
void hr_plan_bind(struct hr_plan *plan, uint32_t number, hr_name_number_of number_of,
                  void *context);

/* Look-ups by id; -1 when there is none. A handoff is "path.handoff", or "handoff" where only one path has it. */
int32_t hr_plan_person(const struct hr_plan *plan, struct hr_text id);
int32_t hr_plan_tool(const struct hr_plan *plan, struct hr_text id);
int32_t hr_plan_field(const struct hr_plan *plan, struct hr_text id);
int32_t hr_plan_path(const struct hr_plan *plan, struct hr_text id);
int32_t hr_plan_handoff(const struct hr_plan *plan, struct hr_text id);
int32_t hr_plan_team(const struct hr_plan *plan, struct hr_text id);
int32_t hr_plan_pipeline(const struct hr_plan *plan, struct hr_text id);
int32_t hr_plan_automation(const struct hr_plan *plan, struct hr_text id);
int32_t hr_plan_table(const struct hr_plan *plan, struct hr_text id);
int32_t hr_plan_message(const struct hr_plan *plan, struct hr_text id);
int32_t hr_plan_event(const struct hr_plan *plan, struct hr_text name);
/* Look-ups by bound number; -1 when the plan has no such name any more. Constant time. */
int32_t hr_plan_purpose(const struct hr_plan *plan, struct hr_text id);
int32_t hr_plan_handoff_numbered(const struct hr_plan *plan, uint32_t name_number);
int32_t hr_plan_field_numbered(const struct hr_plan *plan, uint32_t name_number);
int32_t hr_plan_tool_numbered(const struct hr_plan *plan, uint32_t name_number);
int32_t hr_plan_person_numbered(const struct hr_plan *plan, uint32_t name_number);
int32_t hr_plan_automation_numbered(const struct hr_plan *plan, uint32_t name_number);
/* The action of a tool by the bound number of its full id; NULL: there is none any more. */
const struct hr_action *hr_tool_action_numbered(const struct hr_tool *tool, uint32_t name_number);
int32_t hr_plan_event_numbered(const struct hr_plan *plan, uint32_t name_number);
int32_t hr_plan_purpose_numbered(const struct hr_plan *plan, uint32_t name_number);

/* True when the expression reads the name at all, or that field of it. field -1: any. */
bool hr_plan_expr_reads(const struct hr_expr *expr, enum hr_scope_name name, int32_t field);
/* True when a line of the handoff's proof, or of its wrong proof, reads the contact field (index). */
bool hr_proof_reads(const struct hr_handoff *handoff, int32_t field);
/* The words of enums, as files, console and API write them. */
struct hr_text hr_role_word(enum hr_role role);
struct hr_text hr_handoff_kind_word(enum hr_handoff_kind kind); /* "payment to access" */

#endif
