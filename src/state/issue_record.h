/* state/issue_record: failures with one cause, as one row, with who repairs it and how far telling people has come.
 *
 * Why      ten thousand failures of one kind are one thing to put right.
 * Units, owner, limits   as record.h, which brings this.
 * Tests    as record.h */
#ifndef HR_STATE_ISSUE_RECORD_H
#define HR_STATE_ISSUE_RECORD_H

#include "state/said.h"

enum hr_cause {
    HR_CAUSE_no_proof = 1,  /* missed or delayed */
    HR_CAUSE_incorrect,     /* proof with another value */
    HR_CAUSE_missing_field, /* what it should carry did not come */
    HR_CAUSE_ambiguous,     /* two contacts match */
    HR_CAUSE_silence,       /* a tool that should send does not */
    HR_CAUSE_alert_failed,  /* an alert was refused */
    HR_CAUSE_alert_unknown, /* an alert may or may not have arrived */
    HR_CAUSE_conflict,      /* writers of a field disagree, and a person is to say who is right */
    HR_CAUSE_forbidden,     /* somebody writes a field that they may not write */
    HR_CAUSE_automation,    /* an enrollment failed, is late, or asks for a person */
    HR_CAUSE_loose,         /* open work without an owner, a next action or a date */
    HR_CAUSE_overdue,       /* open work whose date has passed */
    HR_CAUSE_tool_down,     /* a tool fails again and again: what is for it waits */
    HR_CAUSE_no_access      /* a tool does not let us in: what is for it waits */
};
enum hr_issue_state {
    HR_ISSUE_new,
    HR_ISSUE_ongoing,
    HR_ISSUE_escalating,
    HR_ISSUE_regressed,
    HR_ISSUE_snoozed,
    HR_ISSUE_resolved
};
enum hr_urgency { HR_URGENCY_normal, HR_URGENCY_urgent };
enum hr_membership {
    HR_MEMBER_joined,
    HR_MEMBER_proven,
    HR_MEMBER_waived,
    HR_MEMBER_moved,
    HR_MEMBER_erased
};
enum hr_sweep { HR_SWEEP_none, HR_SWEEP_recover, HR_SWEEP_waive };
struct hr_issue {
    uint64_t number; /* H-118 */
    uint8_t cause;
    uint8_t state;
    uint8_t severity;
    uint8_t sweep;
    uint32_t about; /* name number: handoff, tool or person */
    uint32_t path;
    uint32_t detail; /* name number of a missing field */
    struct hr_key fingerprint;
    uint32_t owner;
    uint32_t resolved_by; /* 0: by proof */
    uint32_t acknowledged_by;
    uint32_t sweep_by;
    uint64_t sweep_at;    /* contact id */
    hr_instant opened_at; /* of this turn: again when it regresses */
    hr_instant first_at;
    hr_instant changed_at;
    hr_instant snoozed_until;
    uint64_t snoozed_people;
    uint64_t members;         /* instances in it now */
    uint64_t people;          /* contacts in it now: one may be in it with several instances */
    uint64_t members_all;     /* ever */
    uint32_t returned;        /* how often it came back */
    uint32_t rung;            /* alerts sent in this turn */
    hr_instant next_alert_at; /* HR_INSTANT_NONE */
};

/* The words of enums, as files, console and API write them. */
struct hr_text hr_issue_state_word(enum hr_issue_state state);
struct hr_text hr_cause_word(enum hr_cause cause);

#endif
