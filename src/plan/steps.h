/* plan/steps: what an automation does, step after step.
 *
 * Why      a step is a verb and what it needs, so that it can be read aloud, checked, compared and, later, run.
 * Shape    a tree of struct hr_plan_step: an `if` holds two lists of them. The kind says which pointer means something.
 * Units    spans as data/time.h; a step's number counts all steps of its automation from 1 in reading order, its path
 *          says where it stands: "3", "3.then.1". Indexes point into the plan; -1 is none.
 * Owner    the plan's arena.          Limits   HR_STEP_DEPTH_MAX levels of `if`, HR_STEPS_MAX steps.
 * Errors   E0340..                    Pure     yes.   Threads  immutable.
 * Tests    unit/workspace_language_test.c, golden/check */
#ifndef HR_PLAN_STEPS_H
#define HR_PLAN_STEPS_H

#include "plan/records.h"
#include "template/template.h"

enum { HR_STEP_DEPTH_MAX = 4, HR_STEPS_MAX = 200 };

/* A text in Liquid, checked: every name it reads is known (texts.c). */
struct hr_words_template {
    struct hr_text text;
    const struct hr_template *template; /* NULL where nothing is written */
    struct hr_place place;
};

/* ---- steps -------------------------------------------------------------------------------------- */

enum hr_step_kind {
    HR_STEP_set,
    HR_STEP_move_stage,
    HR_STEP_assign,
    HR_STEP_create_task,
    HR_STEP_send_email,
    HR_STEP_call,
    HR_STEP_wait,
    HR_STEP_wait_for,
    HR_STEP_branch, /* if, then, else */
    HR_STEP_ask,
    HR_STEP_notify,
    HR_STEP_emit,
    HR_STEP_open_issue,
    HR_STEP_copy, /* to a linked record */
    HR_STEP_ai_draft,
    HR_STEP_ai_suggest,
    HR_STEP_KIND_COUNT
};

struct hr_plan_step;
struct hr_plan_steps {
    const struct hr_plan_step *items;
    size_t count;
};

/* The first value whose rules hold is taken; rules without lines always hold. */
struct hr_set_value {
    struct hr_clauses when;
    const struct hr_expr *value;
    struct hr_place place;
};
struct hr_set_line {
    int32_t field; /* of the record that the step writes */
    const struct hr_set_value *values;
    size_t value_count;
    struct hr_place place;
};
struct hr_step_set {
    const struct hr_set_line *lines;
    size_t line_count;
    const struct hr_expr *order_by; /* an older one never beats a newer one; NULL: not said */
};

enum hr_if_none { HR_IF_NONE_skip, HR_IF_NONE_create, HR_IF_NONE_ask };
struct hr_step_copy {
    enum hr_record_type to;
    const struct hr_set_line *lines;
    size_t line_count;
    enum hr_if_none if_none; /* no such record is linked */
};

struct hr_step_move {
    int32_t pipeline;
    int32_t stage; /* index in plan->stages */
};

enum hr_assign_kind {
    HR_ASSIGN_person,
    HR_ASSIGN_team,      /* its queue: whoever takes it */
    HR_ASSIGN_next,      /* the next person in a team, in turn */
    HR_ASSIGN_next_same, /* the next person in the team of the one who has it now */
    HR_ASSIGN_table
};
struct hr_step_assign {
    enum hr_assign_kind kind;
    int32_t index;          /* of the person, team or table; -1 for next_same */
    int32_t field;          /* of the record: which field gets the person */
    struct hr_clauses skip; /* any of these about `person`: not them */
    bool sticky;            /* who had the contact before has them again */
    struct hr_party if_nobody;
    uint32_t most_times; /* 0: no limit */
    struct hr_party then;
};

struct hr_step_task {
    struct hr_words_template title;
    struct hr_party assign; /* kind none: the automation's task_owner */
    bool has_due;
    struct hr_span due;
};

struct hr_step_email {
    int32_t message;
    int32_t
        purpose; /* index in plan->policies.purposes; -1: not said, and the message does not say either */
};

enum hr_if_unknown { HR_IF_UNKNOWN_unsaid, HR_IF_UNKNOWN_check, HR_IF_UNKNOWN_ask };
enum hr_if_fails {
    HR_IF_FAILS_unsaid,
    HR_IF_FAILS_stop,
    HR_IF_FAILS_continue,
    HR_IF_FAILS_open_issue
};
struct hr_step_call {
    int32_t tool;
    int32_t action; /* index in the tool's actions */
    struct hr_arguments with;
    enum hr_if_unknown if_unknown; /* no answer */
    bool has_up_to;
    struct hr_span up_to;
    enum hr_if_fails if_fails;
};

struct hr_step_wait {
    struct hr_span span;
    bool only_in_business_hours;
};

enum hr_severity_word { HR_SEVERITY_WORD_normal, HR_SEVERITY_WORD_high, HR_SEVERITY_WORD_urgent };
enum hr_if_late { HR_IF_LATE_unsaid, HR_IF_LATE_open_issue, HR_IF_LATE_continue, HR_IF_LATE_stop };
struct hr_step_wait_for {
    int32_t event;          /* index in plan->event_names, or -1 */
    int32_t handoff;        /* `proven HANDOFF`: index in plan->handoffs, or -1 */
    struct hr_clauses when; /* over the awaited event and `trigger` */
    bool has_up_to;
    struct hr_span up_to;
    enum hr_if_late if_late;
    enum hr_severity_word severity;
};

struct hr_step_branch {
    struct hr_clauses when;
    struct hr_plan_steps then;
    struct hr_plan_steps otherwise;
};

enum hr_if_expired { HR_IF_EXPIRED_do_nothing, HR_IF_EXPIRED_continue, HR_IF_EXPIRED_stop };
struct hr_step_ask {
    struct hr_words_template text;
    struct hr_parties by;
    const struct hr_expr **show;
    size_t show_count;
    bool has_expires;
    struct hr_span expires;
    enum hr_if_expired if_expired;
};

struct hr_step_notify {
    struct hr_parties whom;
    struct hr_words_template text;
};

struct hr_step_emit {
    int32_t event; /* index in plan->event_names */
    struct hr_arguments data;
};

struct hr_step_issue {
    struct hr_words_template title;
    enum hr_severity_word severity;
    struct hr_party assign;
};

struct hr_step_ai {
    int32_t field;
    const struct hr_expr **from;
    size_t from_count;
    struct hr_parties confirm_by;
    const struct hr_text *use_before_confirmed_for;
    size_t use_count;
};

struct hr_plan_step {
    enum hr_step_kind kind;
    uint32_t number;
    struct hr_text path;   /* "3", "3.then.1" */
    struct hr_text id;     /* may be empty */
    struct hr_place place; /* the verb */
    union {
        const struct hr_step_set *set;
        const struct hr_step_move *move;
        const struct hr_step_assign *assign;
        const struct hr_step_task *task;
        const struct hr_step_email *email;
        const struct hr_step_call *call;
        const struct hr_step_wait *wait;
        const struct hr_step_wait_for *wait_for;
        const struct hr_step_branch *branch;
        const struct hr_step_ask *ask;
        const struct hr_step_notify *notify;
        const struct hr_step_emit *emit;
        const struct hr_step_issue *issue;
        const struct hr_step_copy *copy;
        const struct hr_step_ai *ai;
    };
};

/* The word of an enum, as files write it: move_stage; `if` for a branch. */
struct hr_text hr_step_kind_word(enum hr_step_kind kind);

#endif
