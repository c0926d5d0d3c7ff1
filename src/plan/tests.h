/* plan/tests: the tests that a workspace brings along: given, deliver, break, expect.
 *
 * Why      a rule nobody tried is a guess; tests stand beside the rules and are checked with them.
 * Shape    struct hr_test: lists of struct hr_test_item, whose kind says which members mean something.
 * Owner    the plan's arena.                     Errors   E0390..
 * Pure     yes. `handrail test` carries them out (trial/trial.h).   Threads  immutable.
 * Tests    unit/workspace_language_test.c, golden/check */
#ifndef HR_PLAN_TESTS_H
#define HR_PLAN_TESTS_H

#include "plan/automation.h"

enum hr_test_item_kind {
    /* given */
    HR_TEST_event,  /* event, tool, at or after, values */
    HR_TEST_set,    /* a person sets fields: parties, values */
    HR_TEST_away,   /* parties are away */
    HR_TEST_import, /* tool, event, values: a file of it comes */
    /* expect */
    HR_TEST_holds,  /* rules hold: within, or still after */
    HR_TEST_called, /* tool, action: times */
    HR_TEST_sent,   /* message or purpose: times */
    HR_TEST_task,   /* party: times */
    HR_TEST_issue,  /* party, severity, tool: within, times */
    HR_TEST_count   /* records of a type: times */
};

/* A field or an attribute and its value as it is; empty: it does not come along. */
struct hr_test_value {
    struct hr_text name;
    struct hr_text value;
};

struct hr_test_item {
    enum hr_test_item_kind kind;
    int32_t event; /* index in plan->event_names; -1 in all indexes: not said */
    int32_t tool;
    int32_t action;
    int32_t message;
    int32_t purpose;
    struct hr_parties parties;
    struct hr_clauses rules;
    const struct hr_test_value *values;
    size_t value_count;
    enum hr_record_type record;
    bool has_severity;
    enum hr_severity_word severity;
    bool has_times;
    uint32_t times;
    bool has_minute;
    uint16_t at_minute; /* of the test's day */
    bool has_within;
    struct hr_span within;
    bool has_after;
    struct hr_span after;
    struct hr_place place;
};
struct hr_test_items {
    const struct hr_test_item *items;
    size_t count;
};

struct hr_test {
    struct hr_text name;
    struct hr_test_items given;
    int32_t deliver_event;  /* this event ... */
    uint32_t deliver_times; /* ... comes so many times; 1 when not said */
    int32_t break_tool;     /* does not answer, or -1 */
    struct hr_span break_for;
    struct hr_test_items expect;
    struct hr_place place;
};

#endif
