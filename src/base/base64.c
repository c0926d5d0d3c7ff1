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

struct hr_text hr_base64(struct hr_arena *into, struct hr_text bytes)
{
    const uint8_t *from = (const uint8_t *)bytes.data;
    char *text = hr_arena_alloc_many(into, bytes.size / 3 + 1, 4);
    if (text == NULL) {
        return HR_TEXT_NONE;
    }
    size_t size = 0;
    for (size_t i = 0; i < bytes.size; i += 3) {
        size_t left = bytes.size - i;
        uint32_t group = (uint32_t)from[i] << 16 | (left > 1 ? (uint32_t)from[i + 1] << 8 : 0) |
                         (left > 2 ? from[i + 2] : 0);
        text[size++] = alphabet[group >> 18];
        text[size++] = alphabet[group >> 12 & 63];
        text[size++] = left > 1 ? alphabet[group >> 6 & 63] : '=';
        text[size++] = left > 2 ? alphabet[group & 63] : '=';
    }
    return (struct hr_text){text, size};
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
