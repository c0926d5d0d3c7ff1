/* Problem documents (RFC 9457): one shape for every refusal, made from the table of error codes. */
#include "data/value.h"
#include "net/inside.h"

#include <stdio.h>

enum { PROBLEM_SIZE_MAX = 4 << 20 };

static void write_member(struct hr_buffer *out, const char *name, struct hr_text value)
{
    if (value.size > 0) {
        hr_buffer_add_format(out, ",\"%s\":", name);
        hr_json_write_text(out, value);
    }
}

/* "file":..., and where it is known "line", "column" and "end_column", the column behind the last letter. */
static void write_place(struct hr_buffer *out, struct hr_place place)
{
    write_member(out, "file", place.file);
    if (place.line > 0) {
        hr_buffer_add_format(out, ",\"line\":%u", place.line);
    }
    if (place.line > 0 && place.column > 0) {
        hr_buffer_add_format(out, ",\"column\":%u,\"end_column\":%u", place.column,
                             place.column + (place.size > 0 ? place.size : 1));
    }
}

void hr_http_finding_members(struct hr_buffer *out, const struct hr_diagnostic *found)
{
    bool error = found->severity == HR_SEVERITY_error;
    hr_buffer_add_format(out, "\"code\":\"%c%04d\",\"severity\":\"%s\"", error ? 'E' : 'W',
                         (int)found->code, error ? "error" : "warning");
    write_member(out, "message", found->message);
    write_place(out, found->place);
    write_member(out, "label", found->label);
    write_member(out, "pointer", found->pointer);
    write_member(out, "example", found->example);
    write_member(out, "help", found->help);
    if (found->second.line > 0) {
        hr_buffer_add_format(out, ",\"second\":{\"label\":");
        hr_json_write_text(out, found->second_label);
        write_place(out, found->second);
        hr_buffer_add_byte(out, '}');
    }
}

void hr_http_finding_write(struct hr_buffer *out, const struct hr_diagnostic *found)
{
    hr_buffer_add_byte(out, '{');
    hr_http_finding_members(out, found);
    hr_buffer_add_byte(out, '}');
}

void hr_http_problem_write(struct hr_buffer *out, const struct hr_http_problem *problem,
                           struct hr_text request_id)
{
    const struct hr_code_info *info = hr_code_info(problem->code);
    hr_assert(info != NULL && info->http_status >= 400);
    hr_buffer_add_format(out, "{\"status\":%d,\"code\":\"E%04d\"", info->http_status,
                         (int)problem->code);
    write_member(out, "title", hr_text_from(info->text));
    write_member(out, "detail", problem->detail);
    write_member(out, "help", hr_text_from(info->help));
    write_member(out, "pointer", problem->pointer);
    if (problem->found != NULL && problem->found->count > 0) {
        hr_buffer_add_text(out, HR_TEXT(",\"errors\":["));
        for (size_t i = 0; i < problem->found->count; i++) {
            hr_buffer_add_text(out, i > 0 ? HR_TEXT(",") : HR_TEXT(""));
            hr_http_finding_write(out, &problem->found->items[i]);
        }
        hr_buffer_add_byte(out, ']');
    }
    hr_buffer_add_format(out, ",\"retryable\":%s", info->retryable ? "true" : "false");
    write_member(out, "request_id", request_id);
    hr_buffer_add_text(out, HR_TEXT("}\n"));
}

static void add_header(struct request *request, struct hr_http_answer *answer, struct hr_text name,
                       struct hr_text value)
{
    hr_assert(answer->header_count < ANSWER_HEADERS_MAX);
    request->problem_headers[answer->header_count++] = (struct hr_http_header){name, value};
}

void hr_http_problem_prepare(struct hr_http_request *seen, const struct hr_http_problem *problem)
{
    struct request *request = (struct request *)seen;
    const struct hr_code_info *info = hr_code_info(problem->code);
    struct hr_buffer out;
    hr_assert(info != NULL && info->http_status >= 400);
    hr_buffer_init(&out, &seen->arena, PROBLEM_SIZE_MAX);
    hr_http_problem_write(&out, problem, seen->id);
    struct hr_http_answer answer = {
        .status = (uint16_t)info->http_status,
        .content_type = HR_TEXT("application/problem+json"),
        .headers = request->problem_headers,
        .body = out.failed ? HR_TEXT("{}\n") : hr_buffer_text(&out),
        .close = problem->close,
    };
    uint32_t wait_s = problem->retry_after_s;
    if (wait_s == 0 && (info->http_status == 429 || info->http_status == 503)) {
        wait_s = 1;
    }
    if (wait_s > 0) {
        int size = snprintf(request->retry_text, sizeof request->retry_text, "%u", wait_s);
        add_header(request, &answer, HR_TEXT("Retry-After"),
                   (struct hr_text){request->retry_text, (size_t)size});
    }
    if (problem->allow.size > 0) {
        add_header(request, &answer, HR_TEXT("Allow"), problem->allow);
    }
    if (info->http_status == 401) {
        add_header(request, &answer, HR_TEXT("WWW-Authenticate"),
                   HR_TEXT("Bearer realm=\"handrail\""));
    }
    hr_http_answer_prepare(seen, &answer);
}

void hr_http_problem(struct hr_http_request *seen, const struct hr_http_problem *problem)
{
    hr_http_problem_prepare(seen, problem);
    hr_http_answer_many(&seen, 1);
}
