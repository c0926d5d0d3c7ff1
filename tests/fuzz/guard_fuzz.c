/* Fuzzes the HTTP guard: a request head, line by line. Whatever comes, the guard answers without touching a byte
 * outside, and what it lets in keeps its promises. */
#include "net/guard.h"

#include <stdlib.h>
#include <string.h>

enum { HEADERS_MAX = 100 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was let in has one length, one Host, a path, and no control byte. */
static void check(const struct hr_guard_request *request, const struct hr_guard_verdict *verdict)
{
    hr_assert(verdict->path.size > 0);
    hr_assert(verdict->path.data[0] == '/' || verdict->path.data[0] == '*');
    hr_assert(!(verdict->chunked && verdict->content_length > 0));
    for (size_t i = 0; i < request->header_count; i++) {
        struct hr_text value = request->headers[i].value;
        hr_assert(memchr(value.size > 0 ? value.data : "", '\0', value.size) == NULL);
        hr_assert(memchr(value.size > 0 ? value.data : "", '\r', value.size) == NULL);
        hr_assert(memchr(value.size > 0 ? value.data : "", '\n', value.size) == NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hr_http_header headers[HEADERS_MAX];
    const struct hr_guard_limits limits = {16 << 10, 64};
    struct hr_guard_request request = {.headers = headers, .lines_whole = true};
    char *copy = malloc(size + 1); /* of exactly its size, so that reading beyond is seen */
    if (copy == NULL) {
        return 0;
    }
    memcpy(copy, size > 0 ? (const char *)data : "", size);
    struct hr_text rest = {copy, size};
    struct hr_text line = hr_text_cut(&rest, '\n');
    request.method = hr_text_cut(&line, ' ');
    request.target = hr_text_cut(&line, ' ');
    request.version = line;
    while (rest.size > 0 && request.header_count < HEADERS_MAX) {
        struct hr_text value = hr_text_cut(&rest, '\n');
        struct hr_text name = hr_text_cut(&value, ':');
        headers[request.header_count++] = (struct hr_http_header){name, hr_text_trim(value)};
    }
    struct hr_guard_verdict verdict = hr_guard(&request, &limits);
    if (verdict.code == HR_CODE_none) {
        check(&request, &verdict);
    } else {
        hr_assert(verdict.detail.size > 0 && hr_code_info(verdict.code)->http_status >= 400);
    }
    free(copy);
    return 0;
}
