/* plan/message: what customers are told, what they agreed to, and how much is too much.
 *
 * Why      no message without a purpose, no marketing without consent, and limits that hold over all automations.
 * Shape    struct hr_message; struct hr_policies with purposes, caps, quiet hours, budgets, approval classes and what
 *          must be known before an automation may leave draft.
 * Units    shares in hundredths of a percent; minutes of the local day.
 * Owner    the plan's arena.                     Limits   check.c
 * Errors   E0380..                               Pure     yes.   Threads  immutable.
 * Tests    unit/workspace_language_test.c, golden/check */
#ifndef HR_PLAN_MESSAGE_H
#define HR_PLAN_MESSAGE_H

#include "plan/automation.h"
#include "plan/tools.h"

struct hr_message {
    struct hr_text id;
    struct hr_text title;
    struct hr_words_template subject;
    struct hr_words_template
        text; /* plain text or Markdown; text.text is empty when only html is there */
    struct hr_words_template html;
    int32_t purpose; /* index in policies.purposes, or -1: the step says it */
    int32_t tool;    /* that sends it, or -1: the one of kind email */
    struct hr_place place;
    uint32_t name_number; /* bound */
};

/* ---- policies ------------------------------------------------------------------------------------ */

struct hr_purpose {
    struct hr_text id; /* marketing, service */
    struct hr_text title;
    bool needs_consent;
    int32_t consent_field; /* of the contact: the field of type consent with this purpose, or -1 */
    uint32_t
        name_number; /* bound: links in letters and what people said name it by this for ever */
    struct hr_place place;
};

/* At most so many messages of a purpose to one contact. */
struct hr_cap {
    int32_t purpose; /* -1: of all purposes */
    struct hr_rate most;
    struct hr_place place;
};

struct hr_quiet_hours {
    bool said;
    uint16_t from_minute; /* of the local day; may be later than to_minute: over midnight */
    uint16_t to_minute;
    bool business_days_only; /* quiet all day when the business is closed */
    const int32_t *except;   /* purposes that need not wait */
    size_t except_count;
    struct hr_place place;
};

enum hr_budget_kind {
    HR_BUDGET_messages,
    HR_BUDGET_calls,
    HR_BUDGET_tasks,
    HR_BUDGET_alerts,
    HR_BUDGET_stage_moves,
    HR_BUDGET_ai
};
/* At most so many over all automations. */
struct hr_budget {
    enum hr_budget_kind kind;
    int32_t tool; /* of calls: only those to this tool, or -1 */
    struct hr_rate most;
    struct hr_place place;
};

/* What always takes a person's yes, whatever an automation says. */
enum hr_approval_class {
    HR_CLASS_customer_message,
    HR_CLASS_price,
    HR_CLASS_contract,
    HR_CLASS_consent,
    HR_CLASS_access,
    HR_CLASS_COUNT
};
struct hr_class_rule {
    bool said;
    struct hr_parties by;
    bool not_by_author;
    struct hr_place place;
};

/* A field that must be known for this share of records before an automation that uses it may leave draft. */
struct hr_quality {
    struct hr_field_ref field;
    int32_t known; /* share */
    struct hr_place place;
};

struct hr_policies {
    struct hr_purpose *purposes;
    size_t purpose_count;
    const struct hr_cap *caps;
    size_t cap_count;
    struct hr_quiet_hours quiet_hours;
    const struct hr_budget *budgets;
    size_t budget_count;
    struct hr_class_rule classes[HR_CLASS_COUNT];
    const struct hr_quality *quality;
    size_t quality_count;
};

#endif
