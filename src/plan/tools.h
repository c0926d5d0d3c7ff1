/* plan/tools: the tools outside: how their messages are signed and read, and what may be asked of them.
 *
 * Why      nothing enters unsigned or unnamed, nothing leaves but by an action that is declared, with its limits and
 *          with a way to find out what became of it.
 * Shape    struct hr_tool with its event types (in) and its actions (out).
 * Units    microseconds; hr_rate: so many in a span.
 * Owner    the plan's arena.                     Limits   check.c
 * Errors   E0150.., E0330..                      Pure     yes.   Threads  immutable after bind.
 * Tests    unit/workspace_coaching_test.c, unit/workspace_language_test.c */
#ifndef HR_PLAN_TOOLS_H
#define HR_PLAN_TOOLS_H

#include "plan/records.h"

/* ---- in ----------------------------------------------------------------------------------------- */

enum hr_scheme {
    HR_SCHEME_none, /* no endpoint; only `handrail send` and CSV by a signed-in person */
    HR_SCHEME_standard_webhooks,
    HR_SCHEME_stripe,
    HR_SCHEME_hmac_sha256
};
enum hr_encoding { HR_ENCODING_hex, HR_ENCODING_base64 };

/* What tells an event's type: map.type or `when` (webhook_in, http, crm, email), the CloudEvents envelope, or whoever
 * sends the file (file, import). */
enum hr_tool_kind {
    HR_TOOL_webhook_in,
    HR_TOOL_cloudevents,
    HR_TOOL_file,
    HR_TOOL_import, /* a file that is planned, shown and approved before it writes */
    HR_TOOL_http,
    HR_TOOL_crm,
    HR_TOOL_email
};

/* name: expression of a field or attribute. */
struct hr_mapping {
    int32_t field;       /* contact field index, or -1 for an attribute */
    int32_t attribute;   /* index in the plan's attributes, or -1 for a field */
    struct hr_text name; /* of the field or the attribute */
    const struct hr_expr *value;
};

/* What an event says of a record of another kind: which one it is, by its match fields, and what is known of it now. */
struct hr_record_mapping {
    enum hr_record_type record;
    const struct hr_mapping *lines; /* fields are indexes in plan->records[record].fields */
    size_t line_count;
};

/* How one event type of a tool is recognised and read. */
struct hr_event_type {
    struct hr_text name;        /* payment.succeeded */
    const struct hr_expr *when; /* over payload; NULL: the tool's map.type equals the name */
    const struct hr_expr *id;   /* NULL: the tool's; if that is NULL too: keyed hash of the body */
    const struct hr_expr *at;   /* NULL: the tool's; else the time of receipt */
    const struct hr_mapping *contact; /* match keys: field index and expression */
    size_t contact_count;
    const struct hr_mapping *fields;
    size_t field_count;
    const struct hr_mapping *data; /* attributes: event.<name> */
    size_t data_count;
    const struct hr_record_mapping *records; /* each kind at most once */
    size_t record_count;
    bool is_proof;        /* some handoff's done_when or wrong_when names this type */
    uint32_t name_number; /* bound */
};

/* ---- out ---------------------------------------------------------------------------------------- */

struct hr_rate {
    uint32_t count; /* 0: not said */
    struct hr_span every;
};

enum hr_auth_kind { HR_AUTH_none, HR_AUTH_bearer, HR_AUTH_oauth, HR_AUTH_header, HR_AUTH_basic };
enum hr_credentials {
    HR_CREDENTIALS_basic, /* client and secret as user and password (RFC 6749, 2.3.1) */
    HR_CREDENTIALS_body   /* among the form's fields */
};
struct hr_auth {
    enum hr_auth_kind kind;
    struct hr_text secret; /* by name */
    struct hr_text header; /* of kind header */
    struct hr_text user;   /* of kind basic */
    /* of kind oauth: client credentials (RFC 6749, 4.4) */
    struct hr_text token_url;
    struct hr_text client_id;
    struct hr_text scope; /* may be empty */
    enum hr_credentials credentials;
};

enum { HR_ACTION_INPUTS_MAX = 40 };
enum hr_action_kind { HR_ACTION_call, HR_ACTION_read, HR_ACTION_upsert };
enum hr_method {
    HR_METHOD_unsaid, /* an action of a tool that Handrail knows, such as a CRM */
    HR_METHOD_GET,
    HR_METHOD_POST,
    HR_METHOD_PUT,
    HR_METHOD_PATCH,
    HR_METHOD_DELETE
};

/* Names that the expressions of an action use, in this order: body and headers see the inputs, `success` and
 * `done_when` the answer, too. */
enum hr_call_scope_name { HR_CALL_SCOPE_input, HR_CALL_SCOPE_answer, HR_CALL_SCOPE_COUNT };
enum hr_answer_field {
    HR_ANSWER_FIELD_status, /* 200 */
    HR_ANSWER_FIELD_body,   /* what the JSON says; unset when it is none, or was not read whole */
    HR_ANSWER_FIELD_COUNT
};

/* A constant that an action leaves in a field, once it is done. */
struct hr_action_set {
    struct hr_field_ref field;
    struct hr_text value;
};

struct hr_action {
    struct hr_text id;      /* grant_access */
    struct hr_text full_id; /* course_platform.grant_access */
    int32_t tool;
    enum hr_action_kind kind;
    enum hr_method method;
    struct hr_text path; /* /members/{email} */
    const struct hr_text
        *inputs; /* the names in braces, those of `body`, and input.NAME in it and in `headers` */
    size_t input_count;
    struct hr_arguments headers; /* over the inputs; each a text */
    struct hr_arguments body; /* the members of a JSON object; value NULL: the input of that name */
    struct hr_clauses success; /* over answer and inputs; without: any status from 200 to 299 */
    struct hr_field_ref
        by; /* of an upsert or a read: the field it finds the record by; field -1: not said */
    bool safe_to_repeat;
    int32_t check; /* action index in the same tool that tells whether it was done, or -1 */
    struct hr_clauses done_when; /* over the check's answer and this action's inputs */
    int32_t undo;                /* action index in the same tool that takes it back, or -1 */
    const struct hr_action_set *sets;
    size_t set_count;
    int32_t emits; /* index in plan->event_names, or -1 */
    struct hr_place place;
    uint32_t name_number; /* bound: of full_id */
};

enum hr_unsubscribe { HR_UNSUBSCRIBE_unsaid, HR_UNSUBSCRIBE_one_click, HR_UNSUBSCRIBE_none };
enum hr_import_approval { HR_IMPORT_APPROVAL_unsaid, HR_IMPORT_APPROVAL_always };

struct hr_tool {
    struct hr_text id;
    struct hr_text title;
    enum hr_tool_kind kind;
    int32_t owner; /* person index; -1 never after check */
    enum hr_scheme scheme;
    struct hr_text header; /* of hmac_sha256 */
    struct hr_text prefix; /* before the hex, e.g. "sha256=" */
    enum hr_encoding encoding;
    struct hr_text secret; /* by name, never the value */
    int64_t tolerance_us;
    const struct hr_expr *type; /* map.type over payload; may be NULL: see `when` and kind */
    struct hr_event_type *events;
    size_t event_count;
    uint32_t expect_at_least; /* 0: nothing expected */
    struct hr_span expect_every;
    uint32_t name_number; /* bound */
    struct hr_place place;

    const struct hr_text
        *allow; /* https://host: the only addresses it may be called at; the first is called */
    size_t allow_count;
    struct hr_auth auth;
    struct hr_rate limit;
    bool has_timeout;
    struct hr_span timeout;
    bool has_reconcile;
    struct hr_span reconcile;   /* list and compare, this often */
    struct hr_field_refs sends; /* the only fields that may leave */
    bool sends_said;
    struct hr_action *actions;
    size_t action_count;
    bool has_repeat_key;
    struct hr_span repeat_key_for; /* it knows a key again for this long */
    struct hr_text key_header; /* of kind http: the header that brings the key; never empty then */
    /* of kind email */
    struct hr_text from;
    struct hr_text postal_address;
    enum hr_unsubscribe unsubscribe;
    enum hr_import_approval import_approval;
};

#endif
