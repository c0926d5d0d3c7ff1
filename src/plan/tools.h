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
    bool is_proof;        /* some handoff's done_when or wrong_when names this type */
    uint32_t name_number; /* bound */
};

/* ---- out ---------------------------------------------------------------------------------------- */

struct hr_rate {
    uint32_t count; /* 0: not said */
    struct hr_span every;
};

enum hr_auth_kind { HR_AUTH_none, HR_AUTH_bearer, HR_AUTH_oauth, HR_AUTH_header, HR_AUTH_basic };
struct hr_auth {
    enum hr_auth_kind kind;
    struct hr_text secret; /* by name */
    struct hr_text header; /* of kind header */
    struct hr_text user;   /* of kind basic */
};

enum hr_action_kind { HR_ACTION_call, HR_ACTION_read, HR_ACTION_upsert };
enum hr_method {
    HR_METHOD_unsaid, /* an action of a tool that Handrail knows, such as a CRM */
    HR_METHOD_GET,
    HR_METHOD_POST,
    HR_METHOD_PUT,
    HR_METHOD_PATCH,
    HR_METHOD_DELETE
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
    struct hr_text path;          /* /members/{email} */
    const struct hr_text *inputs; /* the names in braces, and those of `body` */
    size_t input_count;
    struct hr_field_ref
        by; /* of an upsert or a read: the field it finds the record by; field -1: not said */
    bool safe_to_repeat;
    int32_t check; /* action index in the same tool that tells whether it was done, or -1 */
    const struct hr_action_set *sets;
    size_t set_count;
    int32_t emits; /* index in plan->event_names, or -1 */
    struct hr_place place;
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

    const struct hr_text *allow; /* https://host: the only addresses it may be called at */
    size_t allow_count;
    struct hr_auth auth;
    struct hr_rate limit;
    bool has_timeout;
    struct hr_span timeout;
    bool has_reconcile;
    struct hr_span reconcile;   /* list and compare, this often */
    struct hr_field_refs sends; /* the only fields that may leave */
    bool sends_said;
    const struct hr_action *actions;
    size_t action_count;
    /* of kind email */
    struct hr_text from;
    struct hr_text postal_address;
    enum hr_unsubscribe unsubscribe;
    bool has_repeat_key;
    struct hr_span repeat_key_for; /* the provider knows a key again for this long */
    enum hr_import_approval import_approval;
};

#endif
