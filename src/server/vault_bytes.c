/* The sealed file's bytes.
 *
 *   "handrail sealed secrets 1\n" LABEL "\n"     in the clear, and covered by the seal
 *   nonce (24) sealed bytes tag (16)             XChaCha20-Poly1305
 *
 * What is sealed, numbers little-endian: how many (4); for each the size of its name (2), the name, when it was set
 * (8), how many values (1), for each its size (2) and bytes. Padded to whole KiB, so that the size does not tell how
 * long a value is. */
#include "server/vault_inside.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    NONCE_SIZE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_SIZE = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    PAD_TO = 1024
};

_Static_assert((int)VAULT_KEY_SIZE == (int)crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
               "the key is that of the cipher");

static const char opening[] = "handrail sealed secrets 1\n";

void vault_forget_items(struct hr_vault *vault)
{
    for (size_t i = 0; i < vault->count; i++) {
        sodium_free(vault->items[i].own);
    }
    sodium_free(vault->plain);
    memset(vault->items, 0, sizeof vault->items);
    vault->plain = NULL;
    vault->count = 0;
}

/* ---- the head ------------------------------------------------------------------------------------- */

/* A label becomes part of a path, so it has no other letters than these. */
static bool label_is_fine(struct hr_text label)
{
    for (size_t i = 0; i < label.size; i++) {
        char letter = label.data[i];
        if (!((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
              letter == '_' || letter == '-')) {
            return false;
        }
    }
    return label.size > 0 && label.size < VAULT_LABEL_MAX;
}

/* Where the nonce begins; 0 when it is no sealed file. */
static size_t head_size(struct hr_text file)
{
    if (!hr_text_starts(file, HR_TEXT(opening))) {
        return 0;
    }
    struct hr_text rest = hr_text_slice(file, sizeof opening - 1, file.size);
    size_t label = hr_text_find(rest, '\n');
    bool whole = label < rest.size && label_is_fine(hr_text_slice(rest, 0, label)) &&
                 rest.size - label - 1 >= NONCE_SIZE + TAG_SIZE;
    return whole ? sizeof opening - 1 + label + 1 : 0;
}

hr_status vault_bytes_label(struct hr_text file, char ret_label[VAULT_LABEL_MAX])
{
    size_t head = head_size(file);
    if (head == 0) {
        return hr_answer(HR_E_CORRUPT);
    }
    size_t size = head - sizeof opening;
    memcpy(ret_label, file.data + sizeof opening - 1, size);
    ret_label[size] = '\0';
    return hr_done();
}

/* ---- reading -------------------------------------------------------------------------------------- */

struct taking {
    const uint8_t *at;
    const uint8_t *end;
    bool failed;
};

static uint64_t take_number(struct taking *from, size_t size)
{
    uint64_t number = 0;
    if (from->failed || (size_t)(from->end - from->at) < size) {
        from->failed = true;
        return 0;
    }
    for (size_t i = 0; i < size; i++) {
        number |= (uint64_t)from->at[i] << (8 * i);
    }
    from->at += size;
    return number;
}

static struct hr_text take_text(struct taking *from)
{
    size_t size = (size_t)take_number(from, 2);
    if (from->failed || (size_t)(from->end - from->at) < size) {
        from->failed = true;
        return HR_TEXT_NONE;
    }
    struct hr_text text = {(const char *)from->at, size};
    from->at += size;
    return text;
}

static void take_secret(struct taking *from, struct hr_secret *ret_secret)
{
    *ret_secret = (struct hr_secret){.from = HR_SECRET_sealed};
    ret_secret->name = take_text(from);
    ret_secret->set_at = (hr_instant)take_number(from, 8);
    size_t count = (size_t)take_number(from, 1);
    from->failed = from->failed || !hr_secret_name_is_fine(ret_secret->name) || count == 0 ||
                   count > HR_SECRET_VALUES_MAX;
    for (size_t i = 0; i < count && !from->failed; i++) {
        ret_secret->values[ret_secret->value_count++] = take_text(from);
    }
}

static hr_status take_all(struct hr_vault *vault, size_t size)
{
    struct taking from = {vault->plain, vault->plain + size, false};
    size_t count = (size_t)take_number(&from, 4);
    from.failed = from.failed || count > HR_SECRET_COUNT_MAX;
    for (size_t i = 0; i < count && !from.failed; i++) {
        take_secret(&from, &vault->items[i].secret);
        from.failed = from.failed || (i > 0 && hr_text_compare(vault->items[i - 1].secret.name,
                                                               vault->items[i].secret.name) >= 0);
    }
    vault->count = from.failed ? 0 : count;
    return from.failed || from.at != from.end ? hr_answer(HR_E_CORRUPT) : hr_done();
}

hr_status vault_bytes_open(struct hr_vault *vault, struct hr_text file,
                           const uint8_t key[VAULT_KEY_SIZE])
{
    size_t head = head_size(file);
    if (head == 0) {
        return hr_answer(HR_E_CORRUPT);
    }
    const unsigned char *nonce = (const unsigned char *)file.data + head;
    size_t sealed = file.size - head - NONCE_SIZE;
    size_t size = sealed - TAG_SIZE;
    vault_forget_items(vault);
    vault->plain = sodium_malloc(size + 1);
    if (vault->plain == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(vault->plain, NULL, NULL, nonce + NONCE_SIZE,
                                                   sealed, (const unsigned char *)file.data, head,
                                                   nonce, key) != 0) {
        return hr_answer(HR_E_REFUSED);
    }
    if (size == 0 || sodium_unpad(&size, vault->plain, size, PAD_TO) != 0) {
        return hr_answer(HR_E_CORRUPT);
    }
    return take_all(vault, size);
}

/* ---- writing -------------------------------------------------------------------------------------- */

static uint8_t *put_number(uint8_t *at, uint64_t number, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        at[i] = (uint8_t)(number >> (8 * i));
    }
    return at + size;
}

static uint8_t *put_text(uint8_t *at, struct hr_text text)
{
    at = put_number(at, text.size, 2);
    memcpy(at, text.data, text.size);
    return at + text.size;
}

static size_t size_of_all(const struct hr_vault *vault)
{
    size_t size = 4;
    for (size_t i = 0; i < vault->count; i++) {
        const struct hr_secret *secret = &vault->items[i].secret;
        size += 2 + secret->name.size + 8 + 1;
        for (size_t at = 0; at < secret->value_count; at++) {
            size += 2 + secret->values[at].size;
        }
    }
    return size;
}

static void put_all(const struct hr_vault *vault, uint8_t *into, size_t size)
{
    uint8_t *at = put_number(into, vault->count, 4);
    for (size_t i = 0; i < vault->count; i++) {
        const struct hr_secret *secret = &vault->items[i].secret;
        at = put_text(at, secret->name);
        at = put_number(at, (uint64_t)secret->set_at, 8);
        at = put_number(at, secret->value_count, 1);
        for (size_t value = 0; value < secret->value_count; value++) {
            at = put_text(at, secret->values[value]);
        }
    }
    hr_assert(at == into + size);
}

hr_status vault_bytes_seal(const struct hr_vault *vault, uint8_t **ret_file, size_t *ret_size)
{
    size_t size = size_of_all(vault);
    size_t padded = (size / PAD_TO + 1) * PAD_TO;
    size_t head = sizeof opening - 1 + strlen(vault->label) + 1;
    uint8_t *plain = sodium_malloc(padded);
    uint8_t *file = malloc(head + NONCE_SIZE + padded + TAG_SIZE);
    if (plain == NULL || file == NULL) {
        sodium_free(plain);
        free(file);
        return hr_answer(HR_E_MEMORY);
    }
    put_all(vault, plain, size);
    int fits = sodium_pad(NULL, plain, size, PAD_TO, padded);
    hr_assert(fits == 0);
    memcpy(file, opening, sizeof opening - 1);
    memcpy(file + sizeof opening - 1, vault->label, strlen(vault->label));
    file[head - 1] = '\n';
    randombytes_buf(file + head, NONCE_SIZE);
    int sealed = crypto_aead_xchacha20poly1305_ietf_encrypt(
        file + head + NONCE_SIZE, NULL, plain, padded, file, head, NULL, file + head, vault->key);
    hr_assert(sealed == 0);
    sodium_free(plain);
    *ret_file = file;
    *ret_size = head + NONCE_SIZE + padded + TAG_SIZE;
    return hr_done();
}
