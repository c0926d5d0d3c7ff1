/* base/bytes: how numbers and texts become bytes that outlive a version, and how bytes are digested.
 *
 * Why      journal and state are stored in this form; it is compact, has no padding and no byte order.
 * Shape    unsigned numbers as LEB128 varints; signed ones zigzagged first; texts as size and bytes.
 * Errors   a reader that meets a broken or short input sets `failed` and answers zeros from then on, so a
 *          run of reads needs one check at its end.
 * Pure     yes (digest.c enters libsodium).      Threads   safe.
 * Source   BLAKE2b RFC 7693; SipHash-2-4-128 (Aumasson, Bernstein); LEB128 as in DWARF 5, 7.6.
 * Tests    tests/unit/base_test.c */
#ifndef HR_BASE_BYTES_H
#define HR_BASE_BYTES_H

#include "base/base.h"

/* ---- writing: into a buffer -------------------------------------------------------------- */

/* An unsigned number, a signed number, a text with its size before it, plain bytes of a known size. */
void hr_put_uint(struct hr_buffer *buffer, uint64_t value);
void hr_put_int(struct hr_buffer *buffer, int64_t value);
void hr_put_text(struct hr_buffer *buffer, struct hr_text text);
void hr_put_bytes(struct hr_buffer *buffer, const void *bytes, size_t size);

/* ---- reading ------------------------------------------------------------------------------ */

struct hr_reader {
    const uint8_t *data;
    size_t size;
    size_t at;
    bool failed;
};

/* A reader over bytes that stay valid while it is used. */
struct hr_reader hr_reader_over(struct hr_text bytes);
/* The counterparts of hr_put_*. A text points into the bytes read. */
uint64_t hr_get_uint(struct hr_reader *reader);
int64_t hr_get_int(struct hr_reader *reader);
struct hr_text hr_get_text(struct hr_reader *reader);
/* Copies size bytes out; zeros on failure. */
void hr_get_bytes(struct hr_reader *reader, void *ret_bytes, size_t size);
/* A varint that must be <= most; anything else fails the reader. For counts and enum values. */
uint64_t hr_get_uint_max(struct hr_reader *reader, uint64_t most);
/* True when all was read and nothing failed. */
bool hr_reader_finished(const struct hr_reader *reader);

/* ---- digests ------------------------------------------------------------------------------ */

enum { HR_DIGEST_SIZE = 32, HR_KEY_SIZE = 16, HR_SALT_SIZE = 16 };

/* BLAKE2b-256. */
struct hr_digest {
    uint8_t bytes[HR_DIGEST_SIZE];
};
/* A keyed 128-bit hash: names a match key or a delivery without telling it. */
struct hr_key {
    uint8_t bytes[HR_KEY_SIZE];
};

/* The digest of the parts one after another (each part's bytes only, no separators). */
struct hr_digest hr_digest_of(const struct hr_text *parts, size_t count);
/* The keyed hash (SipHash-2-4, 128 bits) of bytes under a secret of 16 bytes. */
struct hr_key hr_key_of(const uint8_t secret[HR_KEY_SIZE], struct hr_text bytes);
bool hr_digest_equal(const struct hr_digest *a, const struct hr_digest *b);
bool hr_key_equal(const struct hr_key *a, const struct hr_key *b);
/* The same as equal, in a time that does not tell where they differ: for what somebody tries to guess. */
bool hr_key_equal_constant(const struct hr_key *a, const struct hr_key *b);
bool hr_key_is_zero(const struct hr_key *key);
/* Lower-case hexadecimal of bytes, in the arena. */
struct hr_text hr_hex(struct hr_arena *into, const void *bytes, size_t size);
/* Base64 (RFC 4648, padded) both ways; decoding accepts missing padding; false if the form is broken. Without memory
 * the texts have data NULL; into a buffer, that has failed then. */
struct hr_text hr_base64(struct hr_arena *into, struct hr_text bytes);
void hr_base64_write(struct hr_buffer *out, struct hr_text bytes);
bool hr_base64_decode(struct hr_arena *into, struct hr_text encoded, struct hr_text *ret_bytes);

#endif
