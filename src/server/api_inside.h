/* server/api, inside: what the handlers of people's routes share. */
#ifndef HR_SERVER_API_INSIDE_H
#define HR_SERVER_API_INSIDE_H

#include "server/api.h"
#include "server/host.h"
#include "server/host_internal.h"

enum {
    HR_API_SEGMENTS_MAX = 2,
    HR_API_NAME_MAX = 1 << 10, /* bytes of a contact, person, path as named */
    HR_API_NOTE_MAX = 4 << 10
};

/* One row of routes.tbl. */
struct hr_api;
enum hr_row_kind { HR_ROW_route, HR_ROW_query, HR_ROW_member, HR_ROW_raw, HR_ROW_end };
enum hr_row_type { HR_TAKES_nothing, HR_TAKES_text, HR_TAKES_integer };
struct hr_route_row {
    enum hr_row_kind kind;
    const char *method;
    const char *name; /* of a route: its path */
    const char *handler_name;
    const char *summary;
    enum hr_right right;
    enum hr_row_type type;
    bool required;
    bool report;
    void (*handler)(struct hr_api *api); /* NULL: not the desk's */
};
extern const struct hr_route_row hr_route_rows[];

/* One request on its way through the desk. */
struct hr_api {
    struct hr_host *host;
    struct hr_store_reader *reader;
    struct hr_http_request *request;
    struct hr_arena *arena; /* the request's */
    const struct hr_plan *plan;
    const struct hr_route_row *route;             /* its parameters follow it */
    struct hr_text segments[HR_API_SEGMENTS_MAX]; /* what stands for {...} in the path */
    size_t segment_count;
    struct hr_value body; /* checked against the route's members; a map */
    struct hr_lens lens;
    struct hr_diagnostics found;
    uint32_t person; /* name number of the caller */
    enum hr_role role;
    bool reading; /* the reader's snapshot is open */
    bool answered;
};

/* api_answer.c */
/* Answers with JSON, or with the plain text when that was asked for and there is one. */
void hr_api_say(struct hr_api *api, struct hr_text json, struct hr_text plain);
/* Answers a verb: json is an object begun with what it was done to; did, undo and position end it. */
void hr_api_did(struct hr_api *api, struct hr_buffer *json, struct hr_text did, struct hr_text undo,
                uint64_t position);
/* Answers with a report, or says why there is none. */
void hr_api_report(struct hr_api *api, hr_status status, const struct hr_report *report);
/* Answers with a problem; the detail by printf. */
void hr_api_problem(struct hr_api *api, enum hr_code code, const char *detail, ...) HR_PRINTF(3, 4);
/* Answers with what was found, or with what a status says. */
void hr_api_failed(struct hr_api *api, hr_status status);
/* True if the caller wants plain text. */
bool hr_api_wants_text(const struct hr_api *api);
/* A query parameter or a text member of the body; the empty text when absent. */
struct hr_text hr_api_query(struct hr_api *api, const char *name);
struct hr_text hr_api_member(const struct hr_api *api, const char *name);
/* Opens the snapshot and the lens (again), and closes it: nothing may wait for the writer with it open, for a scrub
 * needs the readers gone. */
hr_status hr_api_look(struct hr_api *api) HR_MUST_USE;
void hr_api_look_away(struct hr_api *api);
/* The word of a name number; "nobody" for 0. */
struct hr_text hr_api_word(const struct hr_api *api, uint32_t number);

/* auth.c: who calls; false: answered already. */
bool hr_auth_sign_in(struct hr_api *api);

/* api_issue.c */
/* Submits a command of the caller and waits; false: answered already. ret_position: where it stands. */
bool hr_api_command(struct hr_api *api, struct hr_command *command, uint64_t *ret_position);
/* A contact that the caller names; false: answered already. */
bool hr_api_contact(struct hr_api *api, struct hr_text named, uint64_t *ret_contact);
/* "2026-12-01T09:00:00Z", or how long from now: "2 days", in business time where it says so; false: neither. */
bool hr_api_until(struct hr_api *api, struct hr_text written, hr_instant *ret_until);
/* api_ambiguous.c: hands the messages that wait with an ambiguous issue to a contact; false: answered already. */
struct hr_answered {
    size_t given;
    size_t left_out; /* of tools that are no longer in the workspace */
};
bool hr_api_answer_ambiguous(struct hr_api *api, uint64_t issue, uint64_t contact,
                             struct hr_answered *ret_answered);

/* api_needles.c: finds what is personal in bytes. Different values of one person that can be looked for; a field that
 * changes every day for a hundred years has fewer. */
enum { HR_NEEDLE_VALUES_MAX = 50000 };
struct hr_needles;
/* Collects what is personal of a contact: current and older values, and how they were written in messages. HR_E_LIMIT
 * beyond HR_NEEDLE_VALUES_MAX. */
struct hr_needles *hr_needles_make(struct hr_arena *arena, const struct hr_plan *plan);
hr_status hr_needles_add(struct hr_needles *needles, struct hr_text value) HR_MUST_USE;
/* Adds the leaves of a payload that are, in normal form, one of the values already added. scratch is another
 * arena, as before when it answers. */
hr_status hr_needles_add_written(struct hr_needles *needles, struct hr_text payload,
                                 struct hr_arena *scratch) HR_MUST_USE;
/* True if the bytes hold one of them: plain in any case, as JSON, percent-encoded or base64. */
bool hr_needles_in(const struct hr_needles *needles, struct hr_text bytes);

/* The handlers, by their names in routes.tbl. */
#define ROUTE(method, path, right, handler, answer, summary)                                       \
    void hr_api_on_##handler(struct hr_api *api);
#define QUERY(name, need, summary)
#define MEMBER(name, type, need, summary)
#define RAW(summary)
#include "server/routes.tbl"
#undef ROUTE
#undef QUERY
#undef MEMBER
#undef RAW

#endif
