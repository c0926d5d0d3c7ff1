/* Numbers and texts as bytes: LEB128 varints, zigzag for signed, size before text. */
#include "base/bytes.h"

#include <string.h>

enum { UINT_BYTES_MAX = 10 };

static char *put_septets(char *to, uint64_t value)
{
    for (; value >= 0x80; value >>= 7) {
        *to++ = (char)(value | 0x80);
    }
    *to++ = (char)value;
    return to;
}

void hr_put_uint(struct hr_buffer *buffer, uint64_t value)
{
    char septets[UINT_BYTES_MAX];
    if (hr_buffer_has_room(buffer, UINT_BYTES_MAX)) { /* as nearly always: no copy */
        buffer->size = (size_t)(put_septets(buffer->data + buffer->size, value) - buffer->data);
        return;
    }
    hr_buffer_add(buffer, septets, (size_t)(put_septets(septets, value) - septets));
}

void hr_put_int(struct hr_buffer *buffer, int64_t value)
{
    hr_put_uint(buffer, ((uint64_t)value << 1) ^ (uint64_t)(value >> 63));
}

void hr_put_text(struct hr_buffer *buffer, struct hr_text text)
{
    hr_put_uint(buffer, text.size);
    hr_buffer_add_text(buffer, text);
}

void hr_put_bytes(struct hr_buffer *buffer, const void *bytes, size_t size)
{
    hr_buffer_add(buffer, bytes, size);
}

struct hr_reader hr_reader_over(struct hr_text bytes)
{
    return (struct hr_reader){.data = (const uint8_t *)bytes.data, .size = bytes.size};
}

uint64_t hr_get_uint(struct hr_reader *reader)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !reader->failed; shift += 7) {
        if (reader->at == reader->size) {
            break;
        }
        uint8_t byte = reader->data[reader->at++];
        if (shift == 63 && byte > 1) {
            break;
        }
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            return value;
        }
    }
    reader->failed = true;
    return 0;
}

int64_t hr_get_int(struct hr_reader *reader)
{
    uint64_t value = hr_get_uint(reader);
    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

struct hr_text hr_get_text(struct hr_reader *reader)
{
    uint64_t size = hr_get_uint(reader);
    if (reader->failed || size > reader->size - reader->at) {
        reader->failed = true;
        return HR_TEXT_NONE;
    }
    struct hr_text text = {(const char *)reader->data + reader->at, (size_t)size};
    reader->at += (size_t)size;
    return text;
}

void hr_get_bytes(struct hr_reader *reader, void *ret_bytes, size_t size)
{
    if (reader->failed || size > reader->size - reader->at) {
        reader->failed = true;
        memset(ret_bytes, 0, size);
        return;
    }
    memcpy(ret_bytes, reader->data + reader->at, size);
    reader->at += size;
}

uint64_t hr_get_uint_max(struct hr_reader *reader, uint64_t most)
{
    uint64_t value = hr_get_uint(reader);
    if (value > most) {
        reader->failed = true;
        return 0;
    }
    return value;
}

bool hr_reader_finished(const struct hr_reader *reader)
{
    return !reader->failed && reader->at == reader->size;
}

bool hr_digest_equal(const struct hr_digest *a, const struct hr_digest *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool hr_key_equal(const struct hr_key *a, const struct hr_key *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool hr_key_is_zero(const struct hr_key *key)
{
    static const struct hr_key zero;
    return hr_key_equal(key, &zero);
}
