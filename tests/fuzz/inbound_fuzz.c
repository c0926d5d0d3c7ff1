/* Fuzzes the readers of delivered bodies: the first line is the content type, then ce- headers until an
 * empty line, then the body. What is read has bytes that read as the same payload. */
#include "tools/inbound.h"

#include <stdlib.h>
#include <string.h>

enum { HEADERS_MAX = 32, BUDGET = 16 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct hr_arena *arena, const struct hr_inbound_event *event)
{
    struct hr_value again;
    const struct hr_json_options options = {.size_max = event->raw.size + 1};
    hr_assert(event->payload.kind == HR_KIND_map);
    hr_status status = hr_json_read(arena, event->raw, &options, NULL, &again);
    hr_assert(hr_ok(status) || arena->failed);
    hr_assert(!hr_ok(status) || hr_value_equal(&again, &event->payload));
    hr_assert(!event->cloudevent ||
              (event->id.size > 0 && event->source.size > 0 && event->type.size > 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hr_inbound_header headers[HEADERS_MAX];
    struct hr_inbound_body body = {.headers = headers, .headers_trusted = true};
    struct hr_inbound_event *events = NULL;
    struct hr_diagnostics found;
    struct hr_arena arena;
    size_t count = 0;
    char *copy = malloc(size + 1);
    if (copy == NULL) {
        return 0;
    }
    memcpy(copy, size > 0 ? (const char *)data : "", size);
    struct hr_text rest = {copy, size};
    body.content_type = hr_text_cut(&rest, '\n');
    for (struct hr_text line = hr_text_cut(&rest, '\n');
         line.size > 0 && body.header_count < HEADERS_MAX; line = hr_text_cut(&rest, '\n')) {
        struct hr_text name = hr_text_cut(&line, ':');
        headers[body.header_count++] = (struct hr_inbound_header){name, hr_text_trim(line)};
    }
    body.bytes = rest;
    hr_arena_init(&arena, BUDGET);
    hr_diagnostics_init(&found, &arena);
    hr_status status = hr_inbound_read(&arena, &body, &found, &events, &count);
    if (hr_ok(status)) {
        hr_assert(count > 0 && count <= HR_INBOUND_EVENTS_MAX);
        for (size_t i = 0; i < count; i++) {
            check(&arena, &events[i]);
        }
    } else {
        hr_assert(arena.failed || found.error_count > 0 || status.code != HR_E_INPUT);
    }
    hr_arena_close(&arena);
    free(copy);
    return 0;
}
