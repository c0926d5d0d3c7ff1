/* plan/records: what a workspace says about records: fields and their contracts, links, pipelines.
 *
 * Why      a value that nobody agreed on cannot be trusted: each field names its source of truth, who may write
 *          it and what happens when two disagree; a stage moves on evidence only.
 * Shape    struct hr_record_plan for each of the five kinds of record, with its fields and links. Those of the
 *          contact are hr_plan.fields as well. A contract hangs on its field. Rules are conditions in groups.
 * Units    spans as data/time.h; money in whole minor units (pence, cents) of the field's currency.
 * Owner    the plan's arena.                     Limits   check.c
 * Errors   E0140.., E0170.., E0320..             Pure     yes.   Threads  immutable.
 * Tests    unit/workspace_language_test.c, golden/check */
#ifndef HR_PLAN_RECORDS_H
#define HR_PLAN_RECORDS_H

#include "base/diagnostic.h"
#include "data/time.h"
#include "expr/expr.h"

enum { HR_NONE_INDEX = -1 };

/* ---- records ------------------------------------------------------------------------------------ */

enum hr_record_type {
    HR_RECORD_TYPE_contact,
    HR_RECORD_TYPE_account,
    HR_RECORD_TYPE_opportunity,
    HR_RECORD_TYPE_ticket,
    HR_RECORD_TYPE_task,
    HR_RECORD_TYPE_COUNT
};

/* Who is meant: one person, a team, or the owner of the record that it is about. */
enum hr_party_kind { HR_PARTY_none, HR_PARTY_person, HR_PARTY_team, HR_PARTY_owner };
struct hr_party {
    enum hr_party_kind kind;
    int32_t index; /* of the person or the team, or -1 */
    struct hr_place place;
};
struct hr_parties {
    const struct hr_party *items;
    size_t count;
};

/* A field of some record. */
struct hr_field_ref {
    enum hr_record_type record;
    int32_t field; /* index in plan->records[record].fields */
    struct hr_place place;
};
struct hr_field_refs {
    const struct hr_field_ref *items;
    size_t count;
};

/* A condition, or a group of them. */
enum hr_clause_kind { HR_CLAUSE_line, HR_CLAUSE_all, HR_CLAUSE_any, HR_CLAUSE_none };
struct hr_clause {
    enum hr_clause_kind kind;
    const struct hr_expr *expr;    /* of a line */
    const struct hr_clause *items; /* of a group */
    size_t count;
    struct hr_place place;
};
/* All of them must hold; without any they do. */
struct hr_clauses {
    const struct hr_clause *items;
    size_t count;
};

/* A name and what it gets: a call's input, a member of its body, an event's attribute. */
struct hr_argument {
    struct hr_text name;
    const struct hr_expr *value;
    struct hr_place place;
};
struct hr_arguments {
    const struct hr_argument *items;
    size_t count;
};

/* ---- fields ------------------------------------------------------------------------------------- */

enum hr_field_type {
    HR_FIELD_text,
    HR_FIELD_long_text,
    HR_FIELD_email,
    HR_FIELD_phone,
    HR_FIELD_domain,
    HR_FIELD_country,
    HR_FIELD_choice,
    HR_FIELD_integer,
    HR_FIELD_number,
    HR_FIELD_boolean,
    HR_FIELD_time,
    HR_FIELD_money,   /* whole minor units of contract->currency */
    HR_FIELD_person,  /* values: the ids of people */
    HR_FIELD_stage,   /* values: the ids of the pipeline's stages */
    HR_FIELD_consent, /* values: given, withdrawn */
    HR_FIELD_TYPE_COUNT
};

enum hr_privacy { HR_PRIVACY_none, HR_PRIVACY_personal, HR_PRIVACY_sensitive };

struct hr_contract;

struct hr_field {
    struct hr_text id;
    struct hr_text title; /* for people; default: id with spaces */
    enum hr_field_type type;
    const struct hr_text *values; /* of a choice, and see the types above */
    size_t value_count;
    enum hr_privacy privacy;
    int32_t source_of_truth; /* tool index, or -1; see contract->source for other sources */
    bool watched;         /* some handoff's proof reads it: older values are kept for late events */
    uint32_t name_number; /* bound */
    const struct hr_contract *contract; /* never NULL after check */
};

/* Who may write. */
enum hr_writer_kind {
    HR_WRITER_none,
    HR_WRITER_tool,             /* index: of the tool */
    HR_WRITER_people,           /* any person who works here */
    HR_WRITER_automation,       /* index: of the automation */
    HR_WRITER_unsubscribe_page, /* the page behind the link in a mail */
    HR_WRITER_ai
};
struct hr_writer {
    enum hr_writer_kind kind;
    int32_t index;
    struct hr_place place;
};

enum hr_on_conflict {
    HR_ON_CONFLICT_unsaid,
    HR_ON_CONFLICT_ask,
    HR_ON_CONFLICT_keep_first,
    HR_ON_CONFLICT_newest,
    HR_ON_CONFLICT_source_wins,
    HR_ON_CONFLICT_people_win,
    HR_ON_CONFLICT_never_overwrite
};

enum hr_required { HR_REQUIRED_no, HR_REQUIRED_always, HR_REQUIRED_from_stage };

/* What everybody who writes the field has agreed on. */
struct hr_contract {
    enum hr_required required;
    int32_t required_pipeline; /* from_stage: indexes in plan->pipelines and plan->stages */
    int32_t required_stage;
    bool unique;
    struct hr_writer source; /* of truth; kind none: not said */
    const struct hr_writer *writers;
    size_t writer_count;
    bool writers_said; /* false: nothing says who may write */
    enum hr_on_conflict on_conflict;
    struct hr_place on_conflict_place; /* line 0 where nothing is said */
    bool has_stale_after;
    struct hr_span stale_after;
    bool written_by_ai;
    struct hr_parties confirm_by; /* who accepts what a machine wrote */
    int32_t purpose;              /* of a consent: index in plan->policies.purposes, or -1 */
    const struct hr_text *proof;  /* of a consent: what is kept to prove it */
    size_t proof_count;
    int32_t pipeline;        /* of a stage: index in plan->pipelines, or -1 */
    struct hr_text currency; /* of money: GBP */
    struct hr_place place;   /* the field's id */
};

/* From one kind of record to another. In conditions, a link to one account is `account`. */
struct hr_record_link {
    struct hr_text id; /* account */
    enum hr_record_type to;
    bool many;           /* to several of them */
    struct hr_text back; /* what the other side calls it: contacts; may be empty */
    struct hr_place place;
};

/* One of the five kinds of record. */
struct hr_record_plan {
    bool declared; /* the workspace speaks of it */
    struct hr_field *fields;
    size_t field_count;
    const int32_t *match_on; /* field indexes, in order: what makes two of them the same */
    size_t match_count;
    struct hr_party owner;
    const struct hr_record_link *links;
    size_t link_count;
    int32_t owner_field; /* the field `owner` of type person, or -1 */
    struct hr_place place;
};

/* ---- pipelines ---------------------------------------------------------------------------------- */

struct hr_stage {
    struct hr_text id;
    struct hr_text title;
    struct hr_text means; /* one sentence */
    int32_t pipeline;
    struct hr_clauses evidence; /* what must hold before a record may stand here */
    bool has_expect_next;
    struct hr_span expect_next_within;
    struct hr_place place;
};

/* What happens to a move that skips a stage, or goes back. */
enum hr_move_answer { HR_MOVE_ask, HR_MOVE_allow, HR_MOVE_refuse };

struct hr_pipeline {
    struct hr_text id;
    struct hr_text title;
    enum hr_record_type record;
    int32_t owner; /* person index */
    int32_t first; /* its stages are plan->stages[first .. first + count), in order */
    int32_t count;
    bool moved_by_automation;
    bool moved_by_people;
    bool moves_said;
    enum hr_move_answer skip_stages;
    enum hr_move_answer backwards;
    struct hr_place moves_place;
    int32_t field; /* of the record: the field of type stage that shows it, or -1 */
    struct hr_place place;
};

/* The words of enums, as files, console and API write them: contact, choice, keep_first. */
struct hr_text hr_record_type_word(enum hr_record_type type);
struct hr_text hr_field_type_word(enum hr_field_type type);
struct hr_text hr_on_conflict_word(enum hr_on_conflict answer);

#endif
