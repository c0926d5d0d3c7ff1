/* letter/unsubscribe, the token: 16 bytes of a keyed hash over what it means, and 14 bytes of that, covered. The hash
 * is seal and nonce at once: two tokens that mean different things share nothing, and one changed bit breaks it. */
#include "letter/unsubscribe.h"

#include <string.h>

enum { MEANING_SIZE = 14, TOKEN_BYTES = HR_KEY_SIZE + MEANING_SIZE, FORM = 1 };

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* ---- what it means ---------------------------------------------------------------------------------- */

static void put_number(uint8_t *to, uint64_t number, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        to[i] = (uint8_t)(number >> (8 * (size - 1 - i)));
    }
}

static uint64_t get_number(const uint8_t *from, size_t size)
{
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++) {
        number = number << 8 | from[i];
    }
    return number;
}

static void put_meaning(const struct hr_leaving *what, uint8_t meaning[MEANING_SIZE])
{
    meaning[0] = FORM;
    meaning[1] = what->channel;
    put_number(meaning + 2, what->purpose, 4);
    put_number(meaning + 6, what->contact, 8);
}

static struct hr_leaving get_meaning(const uint8_t meaning[MEANING_SIZE])
{
    return (struct hr_leaving){.channel = meaning[1],
                               .purpose = (uint32_t)get_number(meaning + 2, 4),
                               .contact = get_number(meaning + 6, 8)};
}

/* ---- seal and cover ----------------------------------------------------------------------------------- */

/* A key for one use, from the store's secret; the NUL keeps it apart from names that are hashed under the same. */
static struct hr_key key_for(const uint8_t secret[HR_KEY_SIZE], struct hr_text use)
{
    return hr_key_of(secret, use);
}

static struct hr_key seal_of(const uint8_t secret[HR_KEY_SIZE], const uint8_t meaning[MEANING_SIZE])
{
    struct hr_key key = key_for(secret, HR_TEXT("\0unsubscribe seal"));
    return hr_key_of(key.bytes, (struct hr_text){(const char *)meaning, MEANING_SIZE});
}

/* Covers what is plain, and uncovers what is covered. */
static void cover(const uint8_t secret[HR_KEY_SIZE], const struct hr_key *seal,
                  uint8_t meaning[MEANING_SIZE])
{
    struct hr_key key = key_for(secret, HR_TEXT("\0unsubscribe cover"));
    struct hr_key mask =
        hr_key_of(key.bytes, (struct hr_text){(const char *)seal->bytes, sizeof seal->bytes});
    for (size_t i = 0; i < MEANING_SIZE; i++) {
        meaning[i] ^= mask.bytes[i];
    }
}

/* ---- as letters: 30 bytes are 40 of them, with nothing left over ---------------------------------------- */

static void put_letters(const uint8_t bytes[TOKEN_BYTES], char token[HR_UNSUBSCRIBE_TOKEN_SIZE])
{
    for (size_t i = 0; i < TOKEN_BYTES / 3; i++) {
        uint32_t group = (uint32_t)get_number(bytes + 3 * i, 3);
        for (size_t k = 0; k < 4; k++) {
            token[4 * i + k] = letters[group >> (18 - 6 * k) & 63];
        }
    }
}

/* Reads all of them, whatever they are; false when one is none. */
static bool get_letters(const char token[HR_UNSUBSCRIBE_TOKEN_SIZE], uint8_t bytes[TOKEN_BYTES])
{
    bool good = true;
    for (size_t i = 0; i < TOKEN_BYTES / 3; i++) {
        uint32_t group = 0;
        for (size_t k = 0; k < 4; k++) {
            const char *found = memchr(letters, token[4 * i + k], sizeof letters - 1);
            good = good && found != NULL;
            group = group << 6 | (found == NULL ? 0 : (uint32_t)(found - letters));
        }
        put_number(bytes + 3 * i, group, 3);
    }
    return good;
}

void hr_unsubscribe_token(const uint8_t secret[HR_KEY_SIZE], const struct hr_leaving *what,
                          char ret_token[HR_UNSUBSCRIBE_TOKEN_SIZE])
{
    uint8_t bytes[TOKEN_BYTES];
    uint8_t *meaning = bytes + HR_KEY_SIZE;
    put_meaning(what, meaning);
    struct hr_key seal = seal_of(secret, meaning);
    cover(secret, &seal, meaning);
    memcpy(bytes, seal.bytes, sizeof seal.bytes);
    put_letters(bytes, ret_token);
}

bool hr_unsubscribe_token_read(const uint8_t secret[HR_KEY_SIZE], struct hr_text token,
                               struct hr_leaving *ret_what)
{
    char text[HR_UNSUBSCRIBE_TOKEN_SIZE];
    uint8_t bytes[TOKEN_BYTES];
    uint8_t *meaning = bytes + HR_KEY_SIZE;
    struct hr_key given;
    bool whole = token.size == sizeof text;
    memset(text, 'A', sizeof text);
    if (whole) {
        memcpy(text, token.data, sizeof text);
    }
    /* from here on the same is done for every token: what is wrong with one must not show in how long it takes */
    bool spelt = get_letters(text, bytes);
    memcpy(given.bytes, bytes, sizeof given.bytes);
    cover(secret, &given, meaning);
    struct hr_key seal = seal_of(secret, meaning);
    bool sealed = hr_key_equal_constant(&seal, &given);
    bool good = (int)whole & (int)spelt & (int)sealed & (int)(meaning[0] == FORM);
    *ret_what = good ? get_meaning(meaning) : (struct hr_leaving){0};
    return good;
}

struct hr_text hr_unsubscribe_url(const uint8_t secret[HR_KEY_SIZE], const struct hr_leaving *what,
                                  struct hr_text base, struct hr_arena *into)
{
    static const struct hr_text scheme = HR_TEXT("https://");
    char token[HR_UNSUBSCRIBE_TOKEN_SIZE];
    while (base.size > 0 && base.data[base.size - 1] == '/') {
        base.size--;
    }
    if (!hr_text_starts(base, scheme) || base.size == scheme.size) {
        return HR_TEXT_NONE;
    }
    hr_unsubscribe_token(secret, what, token);
    return hr_text_format(into, "%.*s/u/%.*s", HR_SHOW(base), HR_UNSUBSCRIBE_TOKEN_SIZE, token);
}
