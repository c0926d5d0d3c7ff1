/* The description of the API (OpenAPI 3.1), made from routes.tbl. */
#include "server/api_inside.h"

#include <ctype.h>
#include <string.h>

enum { DESCRIPTION_BYTES_MAX = 256 << 10 };

static void add_quoted(struct hr_buffer *out, const char *name, const char *text)
{
    hr_buffer_add_format(out, "\"%s\":", name);
    hr_json_write_text(out, hr_text_from(text));
}

static bool has_parameters(const struct hr_route_row *route)
{
    return strchr(route->name, '{') != NULL || route[1].kind == HR_ROW_query;
}

static void add_path_parameters(struct hr_buffer *out, const char *path)
{
    struct hr_text rest = hr_text_from(path);
    while (rest.size > 0) {
        struct hr_text segment = hr_text_cut(&rest, '/');
        if (hr_text_starts(segment, HR_TEXT("{"))) {
            hr_buffer_add_format(out,
                                 "{\"name\":\"%.*s\",\"in\":\"path\",\"required\":true,"
                                 "\"schema\":{\"type\":\"string\"}},",
                                 (int)segment.size - 2, segment.data + 1);
        }
    }
}

static void add_parameters(struct hr_buffer *out, const struct hr_route_row *route)
{
    if (!has_parameters(route)) {
        return;
    }
    hr_buffer_add_text(out, HR_TEXT("\"parameters\":["));
    add_path_parameters(out, route->name);
    for (const struct hr_route_row *row = route + 1; row->kind == HR_ROW_query; row++) {
        hr_buffer_add_format(out, "{\"name\":\"%s\",\"in\":\"query\",\"required\":%s,", row->name,
                             row->required ? "true" : "false");
        add_quoted(out, "description", row->summary);
        hr_buffer_add_text(out, HR_TEXT(",\"schema\":{\"type\":\"string\"}},"));
    }
    out->size--; /* the last comma */
    hr_buffer_add_text(out, HR_TEXT("],"));
}

static void add_members(struct hr_buffer *out, const struct hr_route_row *first)
{
    bool required = false;
    hr_buffer_add_text(
        out, HR_TEXT("\"requestBody\":{\"content\":{\"application/json\":{\"schema\":{"
                     "\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"));
    for (const struct hr_route_row *row = first; row->kind == HR_ROW_member; row++) {
        hr_buffer_add_format(out, "%s\"%s\":{\"type\":\"%s\",", row == first ? "" : ",", row->name,
                             row->type == HR_TAKES_text ? "string" : "integer");
        add_quoted(out, "description", row->summary);
        hr_buffer_add_byte(out, '}');
    }
    hr_buffer_add_byte(out, '}');
    for (const struct hr_route_row *row = first; row->kind == HR_ROW_member; row++) {
        if (row->required) {
            hr_buffer_add_format(out, "%s\"%s\"", required ? "," : ",\"required\":[", row->name);
            required = true;
        }
    }
    hr_buffer_add_format(out, "%s}}},\"required\":%s},", required ? "]" : "",
                         required ? "true" : "false");
}

static void add_body(struct hr_buffer *out, const struct hr_route_row *route)
{
    const struct hr_route_row *row = route + 1;
    while (row->kind == HR_ROW_query) {
        row++;
    }
    if (row->kind == HR_ROW_member) {
        add_members(out, row);
    } else if (row->kind == HR_ROW_raw) {
        hr_buffer_add_text(out, HR_TEXT("\"requestBody\":{\"required\":true,"));
        add_quoted(out, "description", row->summary);
        hr_buffer_add_format(out, ",\"content\":{\"%s\":{},\"%s\":{}}},",
                             route->answer == HR_ANSWERS_page ? "application/x-www-form-urlencoded"
                                                              : "application/json",
                             route->answer == HR_ANSWERS_page ? "multipart/form-data" : "*/*");
    }
}

static void add_operation(struct hr_buffer *out, const struct hr_route_row *route)
{
    static const char *const rights[] = {"",     "open",    "signed", "known",
                                         "read", "operate", "govern"};
    for (const char *at = route->method; *at != '\0'; at++) {
        hr_buffer_add_byte(out, at == route->method ? '"' : (char)tolower((unsigned char)at[-1]));
    }
    hr_buffer_add_format(out, "%c\":{",
                         tolower((unsigned char)route->method[strlen(route->method) - 1]));
    if (strcmp(route->handler_name, "none") != 0) {
        hr_buffer_add_format(out, "\"operationId\":\"%s\",", route->handler_name);
    }
    add_quoted(out, "summary", route->summary);
    hr_buffer_add_format(out, ",\"x-right\":\"%s\",", rights[route->right]);
    if (route->right <= HR_RIGHT_signed) {
        hr_buffer_add_text(out, HR_TEXT("\"security\":[],"));
    }
    add_parameters(out, route);
    add_body(out, route);
    if (route->answer == HR_ANSWERS_page) {
        hr_buffer_add_text(
            out, HR_TEXT("\"responses\":{\"200\":{\"description\":\"the page\",\"content\":{"
                         "\"text/html\":{}}},\"default\":{\"description\":\"a page, or a problem\","
                         "\"content\":{\"text/html\":{},\"application/problem+json\":{}}}}}"));
        return;
    }
    hr_buffer_add_format(out,
                         "\"responses\":{\"200\":{\"description\":\"done\",\"content\":{"
                         "\"application/json\":{\"schema\":{\"type\":\"object\"}}%s}},"
                         "\"default\":{\"$ref\":\"#/components/responses/problem\"}}}",
                         route->right > HR_RIGHT_signed ? ",\"text/plain\":{}" : "");
}

static bool described_before(const struct hr_route_row *route)
{
    for (const struct hr_route_row *row = hr_route_rows; row != route; row++) {
        if (row->kind == HR_ROW_route && strcmp(row->name, route->name) == 0) {
            return true;
        }
    }
    return false;
}

static void add_path(struct hr_buffer *out, const struct hr_route_row *first)
{
    hr_buffer_add_format(out, "%s\"%s\":{", first == hr_route_rows ? "" : ",", first->name);
    for (const struct hr_route_row *row = first; row->kind != HR_ROW_end; row++) {
        if (row->kind == HR_ROW_route && strcmp(row->name, first->name) == 0) {
            hr_buffer_add_text(out, row == first ? HR_TEXT("") : HR_TEXT(","));
            add_operation(out, row);
        }
    }
    hr_buffer_add_byte(out, '}');
}

struct hr_text hr_api_openapi(struct hr_arena *into)
{
    struct hr_buffer out;
    hr_buffer_init(&out, into, DESCRIPTION_BYTES_MAX);
    hr_buffer_add_text(
        &out,
        HR_TEXT("{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Handrail\",\"version\":\"" HR_VERSION
                "\",\"summary\":\"Customer handoffs that a team can trust.\","
                "\"description\":\"Idempotency-Key, ETag and If-Match are not read yet: an event "
                "is recognised by "
                "its own id or content. A seller has no contact reads yet.\"},"
                "\"security\":[{\"token\":[]}],\"paths\":{"));
    for (const struct hr_route_row *row = hr_route_rows; row->kind != HR_ROW_end; row++) {
        if (row->kind == HR_ROW_route && !described_before(row)) {
            add_path(&out, row);
        }
    }
    hr_buffer_add_text(
        &out,
        HR_TEXT(
            "},\"components\":{\"securitySchemes\":{\"token\":{\"type\":\"http\",\"scheme\":"
            "\"bearer\"}},"
            "\"responses\":{\"problem\":{\"description\":\"what is wrong (RFC 9457)\",\"content\":{"
            "\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/"
            "problem\"}}}}},"
            "\"schemas\":{\"problem\":{\"type\":\"object\",\"required\":[\"status\",\"code\","
            "\"retryable\"],"
            "\"properties\":{\"status\":{\"type\":\"integer\"},\"code\":{\"type\":\"string\"},"
            "\"title\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"},\"help\":{\"type\":"
            "\"string\"},"
            "\"pointer\":{\"type\":\"string\"},\"errors\":{\"type\":\"array\"},"
            "\"retryable\":{\"type\":\"boolean\"},\"request_id\":{\"type\":\"string\"}}}}}}\n"));
    return out.failed ? HR_TEXT_NONE : hr_buffer_text(&out);
}
