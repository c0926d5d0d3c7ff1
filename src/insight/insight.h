/* insight: everything people ask is a query on journal and state: why, why not, what now, who is affected.
 *
 * Why      an automation that cannot explain itself is not trusted; the same answers go to the command line, the
 *          API and the console, so they are made once, here.
 * Shape    a lens (how to read, without knowing from where) -> a report: JSON for machines, text for people.
 * Owner    reports live in the arena given.
 * Limits   each report walks at most HR_WALK_MAX entries of one record and says when it stopped.
 * Errors   HR_E_INPUT with a diagnostic (E07xx) when the contact, field, issue or path is not known.
 * Pure     yes.                                  Threads   one owner a lens.
 * Tests    tests/unit/insight_*_test.c, tests/golden/insight, tests/scenario */
#ifndef HR_INSIGHT_INSIGHT_H
#define HR_INSIGHT_INSIGHT_H

#include "engine/engine.h"

enum { HR_WALK_MAX = 500 };

/* How to read. Absent records and entries are answered with NULL and 0. */
struct hr_lens {
    void *context;
    hr_status (*record)(void *context, uint64_t id, struct hr_arena *into,
                        struct hr_record **ret_record);
    hr_status (*entry)(void *context, enum hr_space space, const struct hr_key *key,
                       uint64_t *ret_value);
    /* index entries of a space from a key on, at most `most` */
    hr_status (*scan)(void *context, enum hr_space space, const struct hr_key *from, size_t most,
                      struct hr_arena *into, struct hr_key **ret_keys, uint64_t **ret_values,
                      size_t *ret_count);
    /* the journalled entry at a position, its parts opened or marked erased */
    hr_status (*at)(void *context, uint64_t position, struct hr_arena *into,
                    struct hr_entry *ret_entry);
    struct hr_engine engine;      /* plan in force and secret */
    const struct hr_names *names; /* words of all numbers, also those no longer in the plan */
    hr_instant now;
    uint64_t position; /* newest */
};

/* An answer, twice. */
struct hr_report {
    struct hr_value json;
    struct hr_text text; /* plain, ends with a line feed, <= 100 columns where it can be */
};

/* A contact as people name one: e-mail, phone (any match key) or C-<id>. 0 in *ret_contact: nobody. */
hr_status hr_find_contact(const struct hr_lens *lens, struct hr_text named, struct hr_arena *into,
                          uint64_t *ret_contact) HR_MUST_USE;
/* "C-1x8f3": how a contact is named without personal data, and back; false if it is no such name. */
struct hr_text hr_contact_name(struct hr_arena *into, uint64_t contact);
bool hr_contact_named(struct hr_text name, uint64_t *ret_contact);
/* The same of all kinds that have fields: A- an account, O- an opportunity, Q- a ticket (a question), T- a task. */
struct hr_text hr_record_name(struct hr_arena *into, unsigned kind, uint64_t record);
bool hr_record_named(struct hr_text name, unsigned kind, uint64_t *ret_record);
/* A word of a command line that people may copy into a shell, quoted where it must be; "..." where it has bytes that no
 * terminal should be given. */
struct hr_text hr_shell_word(struct hr_arena *into, struct hr_text text);

/* Why is this contact (or this field, handoff, automation of theirs) as it is? field may be empty: the whole story. */
hr_status hr_why(const struct hr_lens *lens, struct hr_text contact, struct hr_text field,
                 struct hr_arena *into, struct hr_diagnostics *reterr,
                 struct hr_report *ret_report) HR_MUST_USE;
/* Why did this path, handoff or automation not (yet) happen for them: each condition in words with its value. A name
 * that a handoff and an automation share is answered for both. */
hr_status hr_why_not(const struct hr_lens *lens, struct hr_text named, struct hr_text contact,
                     struct hr_arena *into, struct hr_diagnostics *reterr,
                     struct hr_report *ret_report) HR_MUST_USE;
/* What one journalled event led to. */
hr_status hr_trace(const struct hr_lens *lens, uint64_t position, struct hr_arena *into,
                   struct hr_diagnostics *reterr, struct hr_report *ret_report) HR_MUST_USE;
/* A contact now: fields with source and age, handoffs with their stands, timeline. */
hr_status hr_contact_show(const struct hr_lens *lens, struct hr_text contact, struct hr_arena *into,
                          struct hr_diagnostics *reterr, struct hr_report *ret_report) HR_MUST_USE;
/* To which messages a contact said yes or no, newest first with source, time and proof, and what may reach them now. */
hr_status hr_consent_show(const struct hr_lens *lens, struct hr_text contact, struct hr_arena *into,
                          struct hr_diagnostics *reterr, struct hr_report *ret_report) HR_MUST_USE;
/* A path (or all, when empty): counts per handoff, the first break marked. */
hr_status hr_path_show(const struct hr_lens *lens, struct hr_text path, struct hr_arena *into,
                       struct hr_diagnostics *reterr, struct hr_report *ret_report) HR_MUST_USE;

/* All automations of the files, and those of before that somebody is still in: how many are in each, how it ended, who
 * was kept out and why, who paused it, which issues it has. */
hr_status hr_automations_list(const struct hr_lens *lens, struct hr_arena *into,
                              struct hr_diagnostics *reterr,
                              struct hr_report *ret_report) HR_MUST_USE;
/* The same of one. */
hr_status hr_automation_show(const struct hr_lens *lens, struct hr_text automation,
                             struct hr_arena *into, struct hr_diagnostics *reterr,
                             struct hr_report *ret_report) HR_MUST_USE;
/* Enrollments of an automation that began or ended last, newest first: before the entry at a position (0: the newest).
 * The report says where older ones go on. */
hr_status hr_enrollments_list(const struct hr_lens *lens, struct hr_text automation,
                              uint64_t before, struct hr_arena *into, struct hr_diagnostics *reterr,
                              struct hr_report *ret_report) HR_MUST_USE;
/* One enrollment ("E-1x8f3"): where it stands, what it waits for, until when, and what happened step by step. */
hr_status hr_enrollment_show(const struct hr_lens *lens, struct hr_text enrollment,
                             struct hr_arena *into, struct hr_diagnostics *reterr,
                             struct hr_report *ret_report) HR_MUST_USE;
/* "E-1x8f3": how an enrollment is named, and back; false if it is no such name. */
struct hr_text hr_enrollment_name(struct hr_arena *into, uint64_t run);
bool hr_enrollment_named(struct hr_text name, uint64_t *ret_run);
/* Whose enrollment it is. contact 0: there is none of that name, or it was forgotten. */
struct hr_enrollment {
    uint64_t run;
    uint64_t contact;
    uint32_t automation; /* name number */
    hr_instant began_at;
    uint64_t began_in; /* position */
};
hr_status hr_find_enrollment(const struct hr_lens *lens, struct hr_text named,
                             struct hr_arena *into,
                             struct hr_enrollment *ret_enrollment) HR_MUST_USE;

/* What a person (0: everybody) has to do: open tasks, tickets and opportunities, soonest first. */
hr_status hr_work_list(const struct hr_lens *lens, uint32_t person, struct hr_arena *into,
                       struct hr_diagnostics *reterr, struct hr_report *ret_report) HR_MUST_USE;
/* "T-1x8", "Q-..", "O-.." to the record; NULL: there is none. */
hr_status hr_find_work(const struct hr_lens *lens, struct hr_text named, struct hr_arena *into,
                       const struct hr_record **ret_record) HR_MUST_USE;

enum hr_issue_filter { HR_ISSUES_open, HR_ISSUES_resolved, HR_ISSUES_snoozed, HR_ISSUES_all };
/* Issues, most urgent first. person: only those they own or are told of (0: all). */
hr_status hr_issues_list(const struct hr_lens *lens, enum hr_issue_filter filter, uint32_t person,
                         struct hr_arena *into, struct hr_diagnostics *reterr,
                         struct hr_report *ret_report) HR_MUST_USE;
/* One issue ("H-118" or "118"): the failure record. */
hr_status hr_issue_show(const struct hr_lens *lens, struct hr_text issue, struct hr_arena *into,
                        struct hr_diagnostics *reterr, struct hr_report *ret_report) HR_MUST_USE;
/* "H-118" or "118" to the issue's record id; 0: there is none. */
hr_status hr_find_issue(const struct hr_lens *lens, struct hr_text named,
                        uint64_t *ret_issue) HR_MUST_USE;

/* An alert about an issue, without personal data of customers. */
struct hr_alert {
    struct hr_text subject; /* one line */
    struct hr_text body;    /* text */
    struct hr_value json;   /* for the signed webhook */
};
hr_status hr_alert_write(const struct hr_lens *lens, const struct hr_effect *effect,
                         uint64_t effect_id, struct hr_text base_url, struct hr_arena *into,
                         struct hr_alert *ret_alert) HR_MUST_USE;

#endif
