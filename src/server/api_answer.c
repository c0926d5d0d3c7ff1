/* How people's routes are answered: JSON or plain text, and problems in one shape. */
#include "server/api_inside.h"

#include <stdarg.h>
#include <stdio.h>

enum { DETAIL_SIZE = 512, REPORT_BYTES_MAX = 8 << 20 };

/* Answers may hold personal data: nobody in between keeps them. */
static const struct hr_http_header no_store[] = {{{"Cache-Control", 13}, {"no-store", 8}}};

bool hr_api_wants_text(const struct hr_api *api)
{
    struct hr_text accept = hr_http_header_of(api->request, HR_TEXT("accept"), NULL);
    return hr_text_search(accept, HR_TEXT("text/plain")) < accept.size;
}

void hr_api_say(struct hr_api *api, struct hr_text json, struct hr_text plain)
{
    bool text = plain.size > 0 && hr_api_wants_text(api);
    const struct hr_http_answer answer = {
        .status = 200,
        .content_type = text ? HR_TEXT("text/plain; charset=utf-8") : HR_TEXT("application/json"),
        .headers = no_store,
        .header_count = 1,
        .body = text ? plain : json,
    };
    if (answer.body.data == NULL) {
        hr_api_failed(api, hr_answer(HR_E_MEMORY));
        return;
    }
    hr_assert(!api->answered);
    hr_api_look_away(api);
    api->answered = true;
    hr_http_answer(api->request, &answer);
}

void hr_api_did(struct hr_api *api, struct hr_buffer *json, struct hr_text did, struct hr_text undo,
                uint64_t position)
{
    hr_buffer_add_text(json, HR_TEXT(",\"did\":"));
    hr_json_write_text(json, did);
    hr_buffer_add_text(json, HR_TEXT(",\"undo\":"));
    hr_json_write_text(json, undo);
    hr_buffer_add_format(json, ",\"position\":%llu}\n", (unsigned long long)position);
    hr_api_say(api, json->failed ? HR_TEXT_NONE : hr_buffer_text(json),
               hr_text_format(api->arena, "%.*s\nundo: %.*s\n", HR_SHOW(did), HR_SHOW(undo)));
}

void hr_api_report(struct hr_api *api, hr_status status, const struct hr_report *report)
{
    struct hr_buffer out;
    if (!hr_ok(status)) {
        hr_api_failed(api, status);
        return;
    }
    hr_buffer_init(&out, api->arena, REPORT_BYTES_MAX);
    if (!hr_api_wants_text(api)) {
        hr_json_write(&out, &report->json);
        hr_buffer_add_byte(&out, '\n');
    }
    if (out.failed) {
        hr_api_failed(api, hr_answer(HR_E_MEMORY));
        return;
    }
    hr_api_say(api, hr_buffer_text(&out), report->text);
}

static void answer_problem(struct hr_api *api, const struct hr_http_problem *problem)
{
    hr_assert(!api->answered);
    hr_api_look_away(api);
    api->answered = true;
    hr_http_problem(api->request, problem);
}

void hr_api_problem(struct hr_api *api, enum hr_code code, const char *detail, ...)
{
    char text[DETAIL_SIZE];
    va_list arguments;
    va_start(arguments, detail);
    int size = vsnprintf(text, sizeof text, detail, arguments);
    va_end(arguments);
    size_t kept = size < 0 ? 0 : (size_t)size < sizeof text ? (size_t)size : sizeof text - 1;
    const struct hr_http_problem problem = {
        .code = code, .detail = hr_text_copy(api->arena, (struct hr_text){text, kept})};
    answer_problem(api, &problem);
}

/* A person asked for something: a refusal and a wrong input are about that. */
static enum hr_code code_of(hr_status status)
{
    switch (status.code) {
    case HR_E_REFUSED:
        return HR_CODE_command_refused;
    case HR_E_INPUT:
        return HR_CODE_unprocessable;
    default:
        return hr_code_of(status);
    }
}

/* The first error that has a place in HTTP leads; warnings never do. */
static const struct hr_diagnostic *leading(const struct hr_diagnostics *found)
{
    for (size_t i = 0; i < found->count; i++) {
        const struct hr_code_info *info = hr_code_info(found->items[i].code);
        if (found->items[i].severity == HR_SEVERITY_error && info->http_status >= 400) {
            return &found->items[i];
        }
    }
    return NULL;
}

void hr_api_failed(struct hr_api *api, hr_status status)
{
    const struct hr_diagnostic *first = status.code == HR_E_INPUT ? leading(&api->found) : NULL;
    const struct hr_http_problem problem = {
        .code = first != NULL ? first->code : code_of(status),
        .detail = first != NULL ? first->message : HR_TEXT_NONE,
        .pointer = first != NULL ? first->pointer : HR_TEXT_NONE,
        /* one finding is the detail; with a place in a file it is in the list as well */
        .found =
            api->found.count > 1 || (api->found.count == 1 &&
                                     (first == NULL || api->found.items[0].place.file.size > 0))
                ? &api->found
                : NULL,
    };
    answer_problem(api, &problem);
}

struct hr_text hr_api_query(struct hr_api *api, const char *name)
{
    struct hr_text value = HR_TEXT_NONE;
    hr_assert(!api->answered);
    return hr_http_query_of(api->request, hr_text_from(name), &value) ? value : HR_TEXT_NONE;
}

struct hr_text hr_api_member(const struct hr_api *api, const char *name)
{
    hr_assert(!api->answered); /* the request goes with its answer, and the body with it */
    const struct hr_value *value = hr_value_member(&api->body, hr_text_from(name));
    return value == NULL ? HR_TEXT_NONE : hr_value_as_text(value);
}

hr_status hr_api_look(struct hr_api *api)
{
    if (!api->reading) {
        HR_TRY(hr_store_reader_begin(api->reader));
        api->reading = true;
    }
    return hr_lens_open(api->reader, api->plan, hr_clock_now(), api->arena, &api->lens);
}

void hr_api_look_away(struct hr_api *api)
{
    if (api->reading) {
        hr_store_reader_end(api->reader);
        api->reading = false;
    }
}

struct hr_text hr_api_word(const struct hr_api *api, uint32_t number)
{
    const struct hr_names *names = api->lens.names;
    return number > 0 && number <= names->count ? names->words[number - 1] : HR_TEXT("nobody");
}
