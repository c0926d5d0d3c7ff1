/* Buffers: bytes that grow in an arena up to a limit, and refuse for good once they had to refuse. */
#include "base/base.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void hr_buffer_init(struct hr_buffer *buffer, struct hr_arena *arena, size_t limit)
{
    *buffer = (struct hr_buffer){.arena = arena, .limit = limit};
}

static bool make_room(struct hr_buffer *buffer, size_t size)
{
    if (buffer->failed || size > buffer->limit - buffer->size) {
        buffer->failed = true;
        return false;
    }
    if (size <= buffer->capacity - buffer->size) {
        return true;
    }
    size_t wanted = buffer->capacity < 64 ? 128 : buffer->capacity * 2;
    if (wanted < buffer->size + size) {
        wanted = buffer->size + size;
    }
    char *grown = hr_arena_alloc(buffer->arena, wanted);
    if (grown == NULL) {
        buffer->failed = true;
        buffer->starved = true;
        return false;
    }
    if (buffer->size > 0) {
        memcpy(grown, buffer->data, buffer->size);
    }
    buffer->data = grown;
    buffer->capacity = wanted;
    return true;
}

void hr_buffer_add(struct hr_buffer *buffer, const void *bytes, size_t size)
{
    if (size > 0 && make_room(buffer, size)) {
        memcpy(buffer->data + buffer->size, bytes, size);
        buffer->size += size;
    }
}

void hr_buffer_add_text(struct hr_buffer *buffer, struct hr_text text)
{
    hr_buffer_add(buffer, text.data, text.size);
}

void hr_buffer_add_byte(struct hr_buffer *buffer, char byte)
{
    if (make_room(buffer, 1)) {
        buffer->data[buffer->size++] = byte;
    }
}

void hr_buffer_add_format(struct hr_buffer *buffer, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int size = vsnprintf(NULL, 0, format, list);
    va_end(list);
    if (size < 0 || !make_room(buffer, (size_t)size + 1)) {
        buffer->failed = true;
        return;
    }
    va_start(list, format);
    (void)vsnprintf(buffer->data + buffer->size, (size_t)size + 1, format, list);
    va_end(list);
    buffer->size += (size_t)size;
}

struct hr_text hr_buffer_text(const struct hr_buffer *buffer)
{
    return (struct hr_text){buffer->data, buffer->size};
}

hr_status hr_buffer_status(const struct hr_buffer *buffer)
{
    if (!buffer->failed) {
        return hr_done();
    }
    return hr_answer(buffer->starved ? HR_E_MEMORY : HR_E_LIMIT);
}
