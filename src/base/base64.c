/* Hexadecimal and base64 of bytes. */
#include "base/bytes.h"

struct hr_text hr_hex(struct hr_arena *into, const void *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *from = bytes;
    char *text = hr_arena_alloc_many(into, size, 2);
    if (text == NULL) {
        return HR_TEXT_NONE;
    }
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = digits[from[i] >> 4];
        text[2 * i + 1] = digits[from[i] & 15];
    }
    return (struct hr_text){text, 2 * size};
}

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Up to three bytes as four letters. */
static void put_group(const uint8_t *from, size_t left, char letters[4])
{
    uint32_t group = (uint32_t)from[0] << 16 | (left > 1 ? (uint32_t)from[1] << 8 : 0) |
                     (left > 2 ? from[2] : 0);
    letters[0] = alphabet[group >> 18];
    letters[1] = alphabet[group >> 12 & 63];
    letters[2] = left > 1 ? alphabet[group >> 6 & 63] : '=';
    letters[3] = left > 2 ? alphabet[group & 63] : '=';
}

struct hr_text hr_base64(struct hr_arena *into, struct hr_text bytes)
{
    const uint8_t *from = (const uint8_t *)bytes.data;
    char *text = hr_arena_alloc_many(into, bytes.size / 3 + 1, 4);
    if (text == NULL) {
        return HR_TEXT_NONE;
    }
    size_t size = 0;
    for (size_t i = 0; i < bytes.size; i += 3) {
        put_group(from + i, bytes.size - i, text + size);
        size += 4;
    }
    return (struct hr_text){text, size};
}

void hr_base64_write(struct hr_buffer *out, struct hr_text bytes)
{
    const uint8_t *from = (const uint8_t *)bytes.data;
    for (size_t i = 0; i < bytes.size && !out->failed; i += 3) {
        char letters[4];
        put_group(from + i, bytes.size - i, letters);
        hr_buffer_add(out, letters, sizeof letters);
    }
}

static int sextet(char byte)
{
    if (byte >= 'A' && byte <= 'Z') {
        return byte - 'A';
    }
    if (byte >= 'a' && byte <= 'z') {
        return byte - 'a' + 26;
    }
    if (byte >= '0' && byte <= '9') {
        return byte - '0' + 52;
    }
    return byte == '+' ? 62 : byte == '/' ? 63 : -1;
}

bool hr_base64_decode(struct hr_arena *into, struct hr_text encoded, struct hr_text *ret_bytes)
{
    for (int padding = 0; padding < 2 && encoded.size > 0 && encoded.data[encoded.size - 1] == '=';
         padding++) {
        encoded.size--;
    }
    uint8_t *bytes = hr_arena_alloc(into, encoded.size / 4 * 3 + 3);
    if (bytes == NULL || encoded.size % 4 == 1) {
        return false;
    }
    size_t size = 0;
    uint32_t group = 0;
    for (size_t i = 0; i < encoded.size; i++) {
        int value = sextet(encoded.data[i]);
        if (value < 0) {
            return false;
        }
        group = group << 6 | (uint32_t)value;
        if (i % 4 != 0) {
            bytes[size++] = (uint8_t)(group >> (6 - 2 * (i % 4)));
        }
    }
    *ret_bytes = (struct hr_text){(const char *)bytes, size};
    return true;
}
