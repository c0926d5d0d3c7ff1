/* The shim to libsodium: BLAKE2b-256 for the chain, SipHash-2-4-128 for keyed names. Neither allocates nor
 * needs sodium_init, so both stay pure. */
#include "base/bytes.h"

#include <sodium/crypto_generichash_blake2b.h>
#include <sodium/crypto_shorthash_siphash24.h>
#include <sodium/utils.h>

struct hr_digest hr_digest_of(const struct hr_text *parts, size_t count)
{
    crypto_generichash_blake2b_state state;
    struct hr_digest digest;
    (void)crypto_generichash_blake2b_init(&state, NULL, 0, sizeof digest.bytes);
    for (size_t i = 0; i < count; i++) {
        (void)crypto_generichash_blake2b_update(&state, (const unsigned char *)parts[i].data,
                                                parts[i].size);
    }
    (void)crypto_generichash_blake2b_final(&state, digest.bytes, sizeof digest.bytes);
    return digest;
}

struct hr_key hr_key_of(const uint8_t secret[HR_KEY_SIZE], struct hr_text bytes)
{
    struct hr_key key;
    static const unsigned char nothing[1];
    const unsigned char *data = bytes.size == 0 ? nothing : (const unsigned char *)bytes.data;
    (void)crypto_shorthash_siphashx24(key.bytes, data, bytes.size, secret);
    return key;
}

bool hr_key_equal_constant(const struct hr_key *a, const struct hr_key *b)
{
    return sodium_memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}
