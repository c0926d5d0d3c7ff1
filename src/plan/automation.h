/* plan/automation: automations, as the files say them.
 *
 * Why      who reads an automation must find all of it here: what starts it, for whom, what it does, when it stops,
 *          who answers for it, how its success is known; and what is left out, with the reason.
 * Shape    struct hr_automation; its steps are in plan_steps.h. What is named elsewhere is an index into the plan; -1
 *          is none.
 * Units    shares in hundredths of a percent (2500 is 25 %); spans as data/time.h.
 * Owner    the plan's arena.          Errors   E0340..
 * Pure     yes.                       Threads  immutable.
 * Tests    unit/workspace_language_test.c, golden/check */
#ifndef HR_PLAN_AUTOMATION_H
#define HR_PLAN_AUTOMATION_H

#include "data/recur.h"
#include "plan/steps.h"

/* ---- what starts it, and how often --------------------------------------------------------------- */

enum hr_schedule_kind { HR_SCHEDULE_days, HR_SCHEDULE_cron, HR_SCHEDULE_recurrence };
struct hr_schedule {
    enum hr_schedule_kind kind;
    uint8_t weekdays;     /* days: bit 0 monday .. bit 6 sunday */
    bool business_days;   /* days: only those on which the business is open */
    uint8_t day_of_month; /* days: 1..31, 0 for weekdays; a shorter month's last day stands in */
    uint16_t minute;      /* days: of the local day */
    struct hr_text text;  /* cron: five fields; recurrence: RFC 5545 RRULE */
    struct hr_cron cron;  /* as they were read */
    struct hr_rule rule;
};

enum hr_if_missed { HR_IF_MISSED_run_once, HR_IF_MISSED_skip, HR_IF_MISSED_run_all };
struct hr_trigger {
    const int32_t *events; /* indexes in plan->event_names; none: scheduled */
    size_t event_count;
    bool scheduled;
    struct hr_schedule schedule;
    enum hr_if_missed if_missed;
    struct hr_place place;
};

enum hr_reenter_kind {
    HR_REENTER_unsaid,
    HR_REENTER_never,
    HR_REENTER_after,      /* not before so long after it began last */
    HR_REENTER_once_per,   /* once for each value of the key */
    HR_REENTER_every_event /* a repeat of the same event never counts */
};
struct hr_reenter {
    enum hr_reenter_kind kind;
    struct hr_span after;
    const struct hr_expr *key; /* over `event`, the one that triggers */
    struct hr_place place;
};

/* ---- who answers for it, and how it is known to work ---------------------------------------------- */

enum hr_approval_kind {
    HR_APPROVAL_first_sends,   /* first 20 sends: count */
    HR_APPROVAL_every_send,    /* every send */
    HR_APPROVAL_text_changes,  /* any change to the text */
    HR_APPROVAL_any_change,    /* any change */
    HR_APPROVAL_table_changes, /* changes to table T: index */
    HR_APPROVAL_many_at_once   /* more than 50 contacts at once: count, record */
};
struct hr_approval_case {
    enum hr_approval_kind kind;
    uint32_t count;
    int32_t table;
    enum hr_record_type record;
    struct hr_place place;
};
struct hr_approval {
    const struct hr_approval_case *cases;
    size_t case_count;
    struct hr_parties by;
    bool not_by_author;
    bool has_expires;
    struct hr_span expires;
    enum hr_if_expired if_expired;
    struct hr_place place;
};

/* A number that is watched for harm: one that Handrail counts itself, or one with a rule of its own. */
struct hr_watch {
    struct hr_text id;
    bool counted; /* by Handrail: unsubscribes, complaints, ... */
    struct hr_clauses when;
    bool has_within;
    struct hr_span within;
    struct hr_place place;
};
struct hr_metric {
    struct hr_clauses success;
    bool has_within;
    struct hr_span within;
    int32_t target; /* share, or -1: not said */
    const struct hr_watch *watch;
    size_t watch_count;
    bool compare_with_control;
    struct hr_place place;
};

enum hr_mode { HR_MODE_suggest, HR_MODE_draft, HR_MODE_guarded, HR_MODE_automatic };
struct hr_rollout {
    enum hr_mode mode;
    int32_t share;           /* of those who qualify; 10000 when not said */
    int32_t control;         /* left alone, to compare with; 0 when not said */
    uint32_t most_per_hour;  /* 0: no limit */
    int32_t roll_back_watch; /* index in metric.watch, or -1: never by itself */
    int32_t roll_back_above; /* share */
    uint32_t roll_back_of;
    struct hr_text roll_back_unit;
    /* "sends", as written; may be empty */ /* not judged before so many */
    struct hr_place place;
};

/* What an automation must say, or leave out with a reason (`left_out: {stop: ...}`). */
enum hr_element {
    HR_ELEMENT_when,
    HR_ELEMENT_wait,
    HR_ELEMENT_branch,
    HR_ELEMENT_stop,
    HR_ELEMENT_reenter,
    HR_ELEMENT_task_owner,
    HR_ELEMENT_approval,
    HR_ELEMENT_goal,
    HR_ELEMENT_metric,
    HR_ELEMENT_systems,
    HR_ELEMENT_data,
    HR_ELEMENT_avoids,
    HR_ELEMENT_COUNT
};
struct hr_left_out {
    struct hr_text reason; /* empty: the element is there */
    struct hr_place place;
};

struct hr_tool_ref {
    int32_t tool;
    struct hr_place place;
};

struct hr_automation {
    struct hr_text id;
    struct hr_text title;
    struct hr_text goal;        /* what it is for, in one sentence */
    struct hr_text avoids;      /* the failure that it must not become */
    enum hr_record_type record; /* what goes through it */
    int32_t owner;              /* person indexes */
    int32_t failure_owner;
    struct hr_party task_owner; /* of the tasks that name nobody */
    int32_t path;               /* index in paths, or -1 */
    struct hr_trigger trigger;
    struct hr_clauses when;
    struct hr_clauses stop; /* any of them: leave at once */
    struct hr_reenter reenter;
    struct hr_plan_steps steps;
    uint32_t step_count;                /* all of them, whatever their depth */
    const struct hr_approval *approval; /* NULL: left out */
    const struct hr_metric *metric;     /* NULL: left out */
    struct hr_rollout rollout;
    const struct hr_tool_ref *systems; /* stated; what the steps touch is checked against it */
    size_t system_count;
    struct hr_field_refs data; /* stated, as above */
    struct hr_left_out left_out[HR_ELEMENT_COUNT];
    struct hr_place place;      /* its id */
    struct hr_place when_place; /* of the keys; line 0 where they are not there */
    struct hr_place stop_place;
    struct hr_place steps_place;
    struct hr_place systems_place;
    struct hr_place data_place;
    uint32_t name_number; /* bound */
    uint64_t meaning;     /* see hr_automation_meaning */
};

/* The words of enums, as files write them: guarded, task_owner. */
struct hr_text hr_mode_word(enum hr_mode mode);
struct hr_text hr_element_word(enum hr_element element);

#endif
