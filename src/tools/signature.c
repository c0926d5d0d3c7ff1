/* Verifies and makes signatures. All schemes come down to HMAC-SHA256 over a few parts; the keyed contexts are made
 * once, because setting a key costs more than digesting a webhook. Nothing here leaves early on a wrong byte. */
#include "tools/signature.h"

#include "base/bytes.h"
#include "data/time.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>

enum {
    DIGEST_SIZE = 32,
    SIGNATURES_MAX = 8,
    HEADER_MAX = 4096,
    SECRET_MAX = 256,
    ID_MAX = 256,
    NAME_MAX_BYTES = 128,
    TIME_DIGITS_MAX = 12
};

struct hr_signer {
    enum hr_scheme scheme;
    enum hr_encoding encoding;
    int64_t tolerance_us;
    char header[NAME_MAX_BYTES];
    char prefix[NAME_MAX_BYTES];
    EVP_MAC_CTX *keyed[HR_SECRETS_MAX];
    size_t key_count;
};

/* The signatures of one message, decoded. */
struct claimed {
    uint8_t digest[SIGNATURES_MAX][DIGEST_SIZE];
    size_t count;
    bool other_kind; /* a signature of a kind that is not read stood there too */
};

/* What a scheme's headers said. */
struct message {
    struct hr_text parts[5]; /* what is signed, one after another */
    size_t part_count;
    struct hr_text id;
    struct hr_text time;
    struct claimed claimed;
};

enum hr_code hr_signature_code(enum hr_signature outcome)
{
    static const enum hr_code codes[] = {HR_CODE_none,
                                         HR_CODE_signature_missing,
                                         HR_CODE_signature_malformed,
                                         HR_CODE_signature_too_old,
                                         HR_CODE_signature_in_future,
                                         HR_CODE_signature_unsupported,
                                         HR_CODE_signature_mismatch};
    hr_assert((size_t)outcome < sizeof codes / sizeof *codes);
    return codes[outcome];
}

/* ---- life ---------------------------------------------------------------------------------- */

static hr_status add_key(struct hr_signer *signer, EVP_MAC *mac, struct hr_text key)
{
    char digest[] = "SHA256";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                 OSSL_PARAM_construct_end()};
    EVP_MAC_CTX *keyed = EVP_MAC_CTX_new(mac);
    if (keyed == NULL ||
        EVP_MAC_init(keyed, (const unsigned char *)key.data, key.size, params) != 1) {
        EVP_MAC_CTX_free(keyed);
        return hr_answer(HR_E_MEMORY);
    }
    signer->keyed[signer->key_count++] = keyed;
    return hr_done();
}

/* The key in a secret: Standard Webhooks writes it as base64, with or without whsec_ before it. */
static hr_status read_secret(enum hr_scheme scheme, struct hr_arena *scratch, struct hr_text secret,
                             struct hr_text *ret_key)
{
    *ret_key = secret;
    if (secret.size == 0 || secret.size > SECRET_MAX) {
        return hr_answer(HR_E_INPUT);
    }
    if (scheme != HR_SCHEME_standard_webhooks) {
        return hr_done();
    }
    if (hr_text_starts(secret, HR_TEXT("whpk_")) || hr_text_starts(secret, HR_TEXT("whsk_"))) {
        return hr_answer(HR_E_INPUT); /* ed25519 is not read */
    }
    bool marked = hr_text_starts(secret, HR_TEXT("whsec_"));
    struct hr_text encoded = hr_text_slice(secret, marked ? strlen("whsec_") : 0, secret.size);
    bool decoded = hr_base64_decode(scratch, encoded, ret_key) && ret_key->size > 0;
    if (!decoded && marked) {
        return hr_answer(HR_E_INPUT);
    }
    *ret_key = decoded ? *ret_key : secret;
    return hr_done();
}

static hr_status copy_name(char into[NAME_MAX_BYTES], struct hr_text name)
{
    if (name.size >= NAME_MAX_BYTES) {
        return hr_answer(HR_E_INPUT);
    }
    memcpy(into, name.size > 0 ? name.data : "", name.size);
    return hr_done();
}

static hr_status fill_in(struct hr_signer *signer, const struct hr_signature_options *options,
                         EVP_MAC *mac)
{
    struct hr_arena scratch;
    hr_status status = hr_done();
    signer->scheme = options->scheme;
    signer->encoding = options->encoding;
    signer->tolerance_us = options->tolerance_us > 0 ? options->tolerance_us : 5 * HR_MINUTE_US;
    HR_TRY(copy_name(signer->header, options->header));
    HR_TRY(copy_name(signer->prefix, options->prefix));
    if (options->scheme == HR_SCHEME_none ||
        (options->scheme == HR_SCHEME_hmac_sha256 && options->header.size == 0)) {
        return hr_answer(HR_E_INPUT);
    }
    for (size_t i = 0; i < HR_SECRETS_MAX && hr_ok(status); i++) {
        struct hr_text key = HR_TEXT_NONE;
        if (i > 0 && options->secrets[i].size == 0) {
            break;
        }
        hr_arena_init(&scratch, 4096);
        status = read_secret(options->scheme, &scratch, options->secrets[i], &key);
        if (hr_ok(status)) {
            status = add_key(signer, mac, key);
        }
        if (key.data != options->secrets[i].data) {
            OPENSSL_cleanse((void *)(uintptr_t)key.data, key.size);
        }
        hr_arena_close(&scratch);
    }
    return status;
}

hr_status hr_signer_create(const struct hr_signature_options *options,
                           struct hr_signer **ret_signer)
{
    struct hr_signer *signer = calloc(1, sizeof *signer);
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    hr_status status = hr_answer(HR_E_MEMORY);
    if (signer != NULL && mac != NULL) {
        status = fill_in(signer, options, mac);
    }
    EVP_MAC_free(mac); /* the contexts hold it */
    if (!hr_ok(status)) {
        hr_signer_free(signer);
        return status;
    }
    *ret_signer = signer;
    return hr_done();
}

void hr_signer_free(struct hr_signer *signer)
{
    if (signer == NULL) {
        return;
    }
    for (size_t i = 0; i < signer->key_count; i++) {
        EVP_MAC_CTX_free(signer->keyed[i]); /* wipes its key */
    }
    free(signer);
}

/* ---- digests --------------------------------------------------------------------------------- */

static void digest_of(EVP_MAC_CTX *keyed, const struct hr_text *parts, size_t count,
                      uint8_t ret_digest[DIGEST_SIZE])
{
    size_t size = 0;
    bool good = EVP_MAC_init(keyed, NULL, 0, NULL) == 1; /* the same key again */
    for (size_t i = 0; i < count && good; i++) {
        const char *data = parts[i].data != NULL ? parts[i].data : "";
        good = EVP_MAC_update(keyed, (const unsigned char *)data, parts[i].size) == 1;
    }
    good = good && EVP_MAC_final(keyed, ret_digest, &size, DIGEST_SIZE) == 1 && size == DIGEST_SIZE;
    hr_assert(good); /* HMAC of bytes in memory does not fail; going on would compare rubbish */
}

static bool decode_hex(struct hr_text text, uint8_t ret_digest[DIGEST_SIZE])
{
    if (text.size != (size_t)2 * DIGEST_SIZE) {
        return false;
    }
    for (size_t i = 0; i < DIGEST_SIZE; i++) {
        int high = hr_hex_digit(text.data[2 * i]);
        int low = hr_hex_digit(text.data[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        ret_digest[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

static bool decode_base64(struct hr_text text, uint8_t ret_digest[DIGEST_SIZE])
{
    unsigned char padded[44];
    unsigned char bytes[33];
    if (text.size != 43 && !(text.size == 44 && text.data[43] == '=')) {
        return false;
    }
    for (size_t i = 0; i < 43; i++) {
        if (text.data[i] == '=' || text.data[i] <= ' ') {
            return false; /* EVP_DecodeBlock would trim blanks */
        }
    }
    memcpy(padded, text.data, 43);
    padded[43] = '=';
    if (EVP_DecodeBlock(bytes, padded, sizeof padded) != (int)sizeof bytes) {
        return false;
    }
    memcpy(ret_digest, bytes, DIGEST_SIZE);
    return true;
}

/* Adds a signature; false when it cannot be one. Those beyond the limit are not looked at. */
static bool claim(struct claimed *claimed, struct hr_text text, enum hr_encoding encoding)
{
    if (claimed->count == SIGNATURES_MAX) {
        return true;
    }
    uint8_t *digest = claimed->digest[claimed->count];
    bool good =
        encoding == HR_ENCODING_hex ? decode_hex(text, digest) : decode_base64(text, digest);
    claimed->count += good;
    return good;
}

/* ---- what each scheme says -------------------------------------------------------------------- */

/* A header that must be there once. */
static enum hr_signature take(hr_header_of header_of, void *context, struct hr_text name,
                              struct hr_text *ret_value)
{
    bool twice = false;
    *ret_value = header_of(context, name, &twice);
    if (twice) {
        return HR_SIGNATURE_malformed;
    }
    if (ret_value->data == NULL) {
        return HR_SIGNATURE_missing;
    }
    return ret_value->size == 0 || ret_value->size > HEADER_MAX ? HR_SIGNATURE_malformed
                                                                : HR_SIGNATURE_ok;
}

static enum hr_signature read_standard(hr_header_of header_of, void *context, struct hr_text body,
                                       struct message *message)
{
    struct hr_text list = HR_TEXT_NONE;
    enum hr_signature found = take(header_of, context, HR_TEXT("webhook-id"), &message->id);
    if (found == HR_SIGNATURE_ok) {
        found = take(header_of, context, HR_TEXT("webhook-timestamp"), &message->time);
    }
    if (found == HR_SIGNATURE_ok) {
        found = take(header_of, context, HR_TEXT("webhook-signature"), &list);
    }
    if (found != HR_SIGNATURE_ok) {
        return found;
    }
    while (list.size > 0) {
        struct hr_text value = hr_text_cut(&list, ' ');
        struct hr_text version = hr_text_cut(&value, ',');
        if (hr_text_equal(version, HR_TEXT("v1"))) {
            (void)claim(&message->claimed, value, HR_ENCODING_base64);
        } else {
            message->claimed.other_kind |= value.size > 0;
        }
    }
    message->parts[0] = message->id;
    message->parts[1] = HR_TEXT(".");
    message->parts[2] = message->time;
    message->parts[3] = HR_TEXT(".");
    message->parts[4] = body;
    message->part_count = 5;
    return message->id.size > ID_MAX ? HR_SIGNATURE_malformed : HR_SIGNATURE_ok;
}

static enum hr_signature read_stripe(hr_header_of header_of, void *context, struct hr_text body,
                                     struct message *message)
{
    struct hr_text list = HR_TEXT_NONE;
    enum hr_signature found = take(header_of, context, HR_TEXT("stripe-signature"), &list);
    while (found == HR_SIGNATURE_ok && list.size > 0) {
        struct hr_text value = hr_text_trim(hr_text_cut(&list, ','));
        struct hr_text key = hr_text_cut(&value, '=');
        if (hr_text_equal(key, HR_TEXT("t"))) {
            if (message->time.data != NULL) {
                return HR_SIGNATURE_malformed; /* two times: which one is signed? */
            }
            message->time = value;
        } else if (hr_text_equal(key, HR_TEXT("v1"))) {
            (void)claim(&message->claimed, value, HR_ENCODING_hex);
        } else {
            message->claimed.other_kind |= value.size > 0;
        }
    }
    message->parts[0] = message->time;
    message->parts[1] = HR_TEXT(".");
    message->parts[2] = body;
    message->part_count = 3;
    return found;
}

static enum hr_signature read_plain(const struct hr_signer *signer, hr_header_of header_of,
                                    void *context, struct hr_text body, struct message *message)
{
    struct hr_text value = HR_TEXT_NONE;
    struct hr_text prefix = hr_text_from(signer->prefix);
    enum hr_signature found = take(header_of, context, hr_text_from(signer->header), &value);
    if (found != HR_SIGNATURE_ok) {
        return found;
    }
    if (!hr_text_starts(value, prefix)) {
        return HR_SIGNATURE_malformed;
    }
    (void)claim(&message->claimed, hr_text_slice(value, prefix.size, value.size), signer->encoding);
    message->parts[0] = body;
    message->part_count = 1;
    return HR_SIGNATURE_ok;
}

/* ---- verifying --------------------------------------------------------------------------------- */

static enum hr_signature judge_time(const struct hr_signer *signer, struct hr_text time,
                                    hr_instant now)
{
    int64_t seconds = 0;
    bool digits = time.size > 0 && time.data[0] != '-' && time.size <= TIME_DIGITS_MAX;
    if (!digits || !hr_text_to_integer(time, &seconds)) {
        return HR_SIGNATURE_malformed;
    }
    int64_t age_us = now - seconds * HR_SECOND_US;
    if (age_us > signer->tolerance_us) {
        return HR_SIGNATURE_too_old;
    }
    return age_us < -signer->tolerance_us ? HR_SIGNATURE_in_future : HR_SIGNATURE_ok;
}

/* Compares every claimed signature with every secret's, whatever is found on the way. */
static bool any_fits(struct hr_signer *signer, const struct message *message)
{
    unsigned fits = 0;
    for (size_t k = 0; k < signer->key_count; k++) {
        uint8_t digest[DIGEST_SIZE];
        digest_of(signer->keyed[k], message->parts, message->part_count, digest);
        for (size_t i = 0; i < message->claimed.count; i++) {
            fits |= CRYPTO_memcmp(digest, message->claimed.digest[i], DIGEST_SIZE) == 0;
        }
    }
    return fits != 0;
}

enum hr_signature hr_signer_verify(struct hr_signer *signer, hr_header_of header_of, void *context,
                                   struct hr_text body, hr_instant now, struct hr_text *ret_id)
{
    struct message message = {0};
    enum hr_signature found = HR_SIGNATURE_malformed;
    if (ret_id != NULL) {
        *ret_id = HR_TEXT_NONE;
    }
    if (signer->scheme == HR_SCHEME_standard_webhooks) {
        found = read_standard(header_of, context, body, &message);
    } else if (signer->scheme == HR_SCHEME_stripe) {
        found = read_stripe(header_of, context, body, &message);
    } else {
        found = read_plain(signer, header_of, context, body, &message);
    }
    if (found == HR_SIGNATURE_ok && signer->scheme != HR_SCHEME_hmac_sha256) {
        found = judge_time(signer, message.time, now);
    }
    if (found != HR_SIGNATURE_ok) {
        return found;
    }
    if (message.claimed.count == 0) {
        return message.claimed.other_kind ? HR_SIGNATURE_unsupported : HR_SIGNATURE_malformed;
    }
    if (!any_fits(signer, &message)) {
        return HR_SIGNATURE_mismatch;
    }
    if (ret_id != NULL) {
        *ret_id = message.id;
    }
    return HR_SIGNATURE_ok;
}

/* ---- signing ----------------------------------------------------------------------------------- */

static hr_status sign_standard(struct hr_signer *signer, struct hr_text id, struct hr_text time,
                               struct hr_text body, struct hr_arena *into,
                               struct hr_signed_header *headers)
{
    const struct hr_text parts[] = {id, HR_TEXT("."), time, HR_TEXT("."), body};
    uint8_t digest[DIGEST_SIZE];
    digest_of(signer->keyed[0], parts, sizeof parts / sizeof *parts, digest);
    struct hr_text encoded = hr_base64(into, (struct hr_text){(const char *)digest, sizeof digest});
    headers[0] = (struct hr_signed_header){HR_TEXT("webhook-id"), hr_text_copy(into, id)};
    headers[1] = (struct hr_signed_header){HR_TEXT("webhook-timestamp"), time};
    headers[2] = (struct hr_signed_header){HR_TEXT("webhook-signature"),
                                           hr_text_format(into, "v1,%.*s", HR_SHOW(encoded))};
    return into->failed ? hr_answer(HR_E_MEMORY) : hr_done();
}

static hr_status sign_stripe(struct hr_signer *signer, struct hr_text time, struct hr_text body,
                             struct hr_arena *into, struct hr_signed_header *headers)
{
    const struct hr_text parts[] = {time, HR_TEXT("."), body};
    uint8_t digest[DIGEST_SIZE];
    digest_of(signer->keyed[0], parts, sizeof parts / sizeof *parts, digest);
    struct hr_text hex = hr_hex(into, digest, sizeof digest);
    headers[0] = (struct hr_signed_header){
        HR_TEXT("Stripe-Signature"),
        hr_text_format(into, "t=%.*s,v1=%.*s", HR_SHOW(time), HR_SHOW(hex))};
    return into->failed ? hr_answer(HR_E_MEMORY) : hr_done();
}

static hr_status sign_plain(struct hr_signer *signer, struct hr_text body, struct hr_arena *into,
                            struct hr_signed_header *headers)
{
    uint8_t digest[DIGEST_SIZE];
    digest_of(signer->keyed[0], &body, 1, digest);
    struct hr_text encoded =
        signer->encoding == HR_ENCODING_hex
            ? hr_hex(into, digest, sizeof digest)
            : hr_base64(into, (struct hr_text){(const char *)digest, sizeof digest});
    headers[0] =
        (struct hr_signed_header){hr_text_copy(into, hr_text_from(signer->header)),
                                  hr_text_format(into, "%s%.*s", signer->prefix, HR_SHOW(encoded))};
    return into->failed ? hr_answer(HR_E_MEMORY) : hr_done();
}

hr_status hr_signer_sign(struct hr_signer *signer, struct hr_text id, hr_instant now,
                         struct hr_text body, struct hr_arena *into,
                         struct hr_signed_header ret_headers[HR_SIGNED_HEADERS_MAX],
                         size_t *ret_count)
{
    hr_assert(signer->key_count > 0);
    struct hr_text time = hr_text_format(into, "%lld", (long long)(now / HR_SECOND_US));
    *ret_count = signer->scheme == HR_SCHEME_standard_webhooks ? 3 : 1;
    if (signer->scheme == HR_SCHEME_standard_webhooks) {
        hr_assert(id.size > 0 && id.size <= ID_MAX);
        return sign_standard(signer, id, time, body, into, ret_headers);
    }
    if (signer->scheme == HR_SCHEME_stripe) {
        return sign_stripe(signer, time, body, into, ret_headers);
    }
    return sign_plain(signer, body, into, ret_headers);
}
