/* From a request to its handler: the route, who calls, the right, the body's members; all by routes.tbl. */
#include "server/api_inside.h"

#include <string.h>

enum { PATH_BYTES_MAX = 3 << 10, METHODS_SIZE = 64 };

/* ---- the table ---------------------------------------------------------------------------------- */

enum { NEED_required = 1, NEED_optional = 0 };

const struct hr_route_row hr_route_rows[] = {
#define ROUTE(verb, path, role, function, form, says)                                              \
    {.kind = HR_ROW_route,                                                                         \
     .method = #verb,                                                                              \
     .name = (path),                                                                               \
     .handler_name = #function,                                                                    \
     .summary = (says),                                                                            \
     .right = HR_RIGHT_##role,                                                                     \
     .answer = HR_ANSWERS_##form,                                                                  \
     .handler = hr_api_on_##function},
#define QUERY(title, need, says)                                                                   \
    {.kind = HR_ROW_query,                                                                         \
     .name = (title),                                                                              \
     .summary = (says),                                                                            \
     .required = NEED_##need,                                                                      \
     .type = HR_TAKES_text},
#define MEMBER(title, form, need, says)                                                            \
    {.kind = HR_ROW_member,                                                                        \
     .name = (title),                                                                              \
     .summary = (says),                                                                            \
     .required = NEED_##need,                                                                      \
     .type = HR_TAKES_##form},
#define RAW(says) {.kind = HR_ROW_raw, .summary = (says)},
#include "server/routes.tbl"
#undef ROUTE
#undef QUERY
#undef MEMBER
#undef RAW
    {.kind = HR_ROW_end},
};

bool hr_route_at(size_t index, struct hr_route *ret_route)
{
    for (const struct hr_route_row *row = hr_route_rows; row->kind != HR_ROW_end; row++) {
        if (row->kind == HR_ROW_route && index-- == 0) {
            *ret_route = (struct hr_route){row->method, row->name, row->right};
            return true;
        }
    }
    return false;
}

bool hr_role_may(enum hr_role role, enum hr_right right)
{
    static const uint32_t everybody = (1U << (HR_ROLE_seller + 1)) - 1;
    static const uint32_t govern = 1U << HR_ROLE_owner | 1U << HR_ROLE_admin;
    uint32_t who = 0;
    switch (right) {
    case HR_RIGHT_open:
    case HR_RIGHT_signed:
    case HR_RIGHT_known:
        who = everybody;
        break;
    case HR_RIGHT_read:
        who = everybody & ~(1U << HR_ROLE_seller);
        break;
    case HR_RIGHT_operate:
        who = govern | 1U << HR_ROLE_builder | 1U << HR_ROLE_operator;
        break;
    case HR_RIGHT_govern:
        who = govern;
        break;
    }
    return (who >> role & 1U) != 0;
}

/* ---- the route ---------------------------------------------------------------------------------- */

/* True if the path has the pattern's form; what stands for {...} is kept, still encoded. */
static bool fits(struct hr_text pattern, struct hr_text path, struct hr_api *api)
{
    api->segment_count = 0;
    while (pattern.size > 0 || path.size > 0) {
        if (pattern.size == 0 || path.size == 0) {
            return false;
        }
        struct hr_text wanted = hr_text_cut(&pattern, '/');
        struct hr_text given = hr_text_cut(&path, '/');
        if (hr_text_starts(wanted, HR_TEXT("{"))) {
            hr_assert(api->segment_count < HR_API_SEGMENTS_MAX);
            api->segments[api->segment_count++] = given;
            if (given.size == 0) {
                return false;
            }
        } else if (!hr_text_equal(wanted, given)) {
            return false;
        }
    }
    return true;
}

static bool same_method(const char *method, struct hr_text asked)
{
    return hr_text_equal(hr_text_from(method), asked) ||
           (strcmp(method, "GET") == 0 && hr_text_equal(asked, HR_TEXT("HEAD")));
}

/* The route of the request; else answers 404 or 405 and NULL. */
static const struct hr_route_row *find_route(struct hr_api *api)
{
    struct hr_buffer methods;
    struct hr_text path = hr_text_slice(api->request->path, 1, api->request->path.size);
    hr_buffer_init(&methods, api->arena, METHODS_SIZE);
    if (api->request->path.size > PATH_BYTES_MAX) {
        hr_api_problem(api, HR_CODE_not_found, "the path is too long");
        return NULL;
    }
    for (const struct hr_route_row *row = hr_route_rows; row->kind != HR_ROW_end; row++) {
        if (row->kind != HR_ROW_route ||
            !fits(hr_text_slice(hr_text_from(row->name), 1, SIZE_MAX), path, api)) {
            continue;
        }
        if (same_method(row->method, api->request->method)) {
            return row;
        }
        hr_buffer_add_format(&methods, "%s%s", methods.size > 0 ? ", " : "", row->method);
    }
    if (methods.size == 0) {
        hr_api_problem(api, HR_CODE_not_found, "no route has this path");
        return NULL;
    }
    const struct hr_http_problem problem = {.code = HR_CODE_method_not_allowed,
                                            .allow = hr_buffer_text(&methods)};
    api->answered = true;
    hr_http_problem(api->request, &problem);
    return NULL;
}

static bool decode_segments(struct hr_api *api)
{
    for (size_t i = 0; i < api->segment_count; i++) {
        struct hr_text plain = HR_TEXT_NONE;
        if (!hr_http_unescape(api->arena, api->segments[i], &plain) || plain.size == 0 ||
            plain.size > HR_API_NAME_MAX) {
            hr_api_problem(api, HR_CODE_not_found, "a part of the path cannot be read as a name");
            return false;
        }
        api->segments[i] = plain;
    }
    return true;
}

/* ---- what it takes ------------------------------------------------------------------------------ */

static const struct hr_route_row *member_row(const struct hr_api *api, struct hr_text name)
{
    for (const struct hr_route_row *row = api->route + 1; row->kind > HR_ROW_route; row++) {
        if (row->kind == HR_ROW_end) {
            break;
        }
        if (row->kind == HR_ROW_member && hr_text_equal(hr_text_from(row->name), name)) {
            return row;
        }
    }
    return NULL;
}

static bool member_fits(struct hr_api *api, const struct hr_member *member)
{
    struct hr_text name = hr_value_as_text(&member->key);
    const struct hr_route_row *row = member_row(api, name);
    const char *wanted = row == NULL                  ? NULL
                         : row->type == HR_TAKES_text ? "a text"
                                                      : "a whole number";
    if (row == NULL) {
        hr_api_problem(api, HR_CODE_unprocessable, "the body has a member that is not known here");
        return false;
    }
    bool right = row->type == HR_TAKES_text
                     ? member->value.kind == HR_KIND_text
                     : member->value.kind == HR_KIND_int && member->value.integer >= 0;
    if (!right) {
        hr_api_problem(api, HR_CODE_unprocessable, "`%s` has to be %s", row->name, wanted);
        return false;
    }
    if (row->type == HR_TAKES_text && member->value.count > HR_API_NOTE_MAX) {
        hr_api_problem(api, HR_CODE_unprocessable, "`%s` is longer than 4 KiB", row->name);
        return false;
    }
    return true;
}

static bool read_body(struct hr_api *api)
{
    struct hr_text body = hr_text_trim(api->request->body);
    api->body = (struct hr_value){.kind = HR_KIND_map};
    if (body.size == 0) {
        return true;
    }
    hr_status status = hr_json_read(api->arena, body, NULL, &api->found, &api->body);
    if (!hr_ok(status)) {
        hr_api_failed(api, status);
        return false;
    }
    if (api->body.kind != HR_KIND_map) {
        hr_api_problem(api, HR_CODE_unprocessable, "the body has to be a JSON object");
        return false;
    }
    for (uint32_t i = 0; i < api->body.count; i++) {
        if (!member_fits(api, &api->body.members[i])) {
            return false;
        }
    }
    return true;
}

/* Checks query and body against the route's rows; false: answered. */
static bool read_input(struct hr_api *api)
{
    bool takes_members = false;
    for (const struct hr_route_row *row = api->route + 1;
         row->kind == HR_ROW_query || row->kind == HR_ROW_member; row++) {
        takes_members = takes_members || row->kind == HR_ROW_member;
    }
    if (takes_members && !read_body(api)) {
        return false;
    }
    for (const struct hr_route_row *row = api->route + 1;
         row->kind == HR_ROW_query || row->kind == HR_ROW_member; row++) {
        struct hr_text value = row->kind == HR_ROW_query ? hr_api_query(api, row->name)
                                                         : hr_api_member(api, row->name);
        if (row->required && hr_text_trim(value).size == 0) {
            hr_api_problem(api, HR_CODE_unprocessable, "`%s` is missing: %s", row->name,
                           row->summary);
            return false;
        }
    }
    return true;
}

/* ---- answering ---------------------------------------------------------------------------------- */

static bool allowed(struct hr_api *api)
{
    if (hr_role_may(api->role, api->route->right)) {
        return true;
    }
    if (api->role == HR_ROLE_seller && api->route->right == HR_RIGHT_read) {
        hr_api_problem(api, HR_CODE_not_allowed,
                       "a seller may read own contacts only, and contacts have no owner yet");
    } else {
        hr_api_problem(api, HR_CODE_not_allowed, "%.*s has the role %.*s",
                       HR_SHOW(hr_api_word(api, api->person)), HR_SHOW(hr_role_word(api->role)));
    }
    return false;
}

void hr_api_answer(struct hr_host *host, struct hr_store_reader *reader,
                   struct hr_http_request *request)
{
    struct hr_api api = {
        .host = host,
        .reader = reader,
        .request = request,
        .arena = &request->arena,
        .plan = hr_host_plan(host),
        .body = {.kind = HR_KIND_map},
    };
    hr_diagnostics_init(&api.found, api.arena);
    api.route = find_route(&api);
    if (api.route == NULL) {
        return;
    }
    hr_status status = hr_api_look(&api);
    if (!hr_ok(status)) {
        hr_api_failed(&api, status);
    } else if (hr_auth_sign_in(&api) && allowed(&api) && decode_segments(&api) &&
               read_input(&api)) {
        api.route->handler(&api);
    }
    hr_api_look_away(&api);
    hr_assert(api.answered);
}

void hr_api_on_none(struct hr_api *api)
{
    hr_api_problem(api, HR_CODE_not_found, "this route is answered elsewhere");
}
