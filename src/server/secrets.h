/* server/secrets: the values behind the names of secrets: from the environment, or from a sealed file whose key lies
 * elsewhere.
 *
 * Why      workspace files name secrets. Their values must not stand where workspace and journal are copied to: who
 *          steals the data folder, or a backup of it, has nothing (decision 0026).
 * Shape    HANDRAIL_SECRET_<NAME in capitals> wins; else DIR/.handrail/secrets.sealed has it. A secret has one value,
 *          or two while the other side changes to the new one, newest first; in the environment one a line.
 *          The key is a line "WORKSPACE KEY" of a file that only its owner can read: the one that HANDRAIL_KEY_FILE
 *          names; $CREDENTIALS_DIRECTORY/handrail.key when there is one (systemd); else
 *          $XDG_CONFIG_HOME/handrail/keys/WORKSPACE.key ($HOME/.config). WORKSPACE is the id with eight random bytes,
 *          and stands in the clear in the sealed file.
 * Owner    a vault holds what it opened in locked memory and wipes it when it is closed. What hr_secret_read copies
 *          into an arena is wiped by hr_secret_wipe.
 * Limits   512 secrets, names of 64 bytes, values of 4096; a key file of 64 KiB.
 * Errors   E0660 to E0666. Nothing that is said or returned has a value in it.
 * Threads  safe: a change holds a lock on the folder, and files are replaced whole.
 * Source   libsodium: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) with a random nonce; sodium_malloc.
 * Tests    tests/unit/server_secrets_test.c, tests/e2e/secrets.test.mjs */
#ifndef HR_SERVER_SECRETS_H
#define HR_SERVER_SECRETS_H

#include "base/diagnostic.h"
#include "data/time.h"

enum {
    HR_SECRET_NAME_BYTES_MAX = 64,
    HR_SECRET_VALUE_BYTES_MAX = 4096,
    HR_SECRET_VALUES_MAX = 2,
    HR_SECRET_COUNT_MAX = 512
};

enum hr_secret_from { HR_SECRET_missing, HR_SECRET_environment, HR_SECRET_sealed };

struct hr_secret {
    struct hr_text name;
    enum hr_secret_from from;
    hr_instant set_at; /* of a sealed one; else HR_INSTANT_NONE */
    struct hr_text values[HR_SECRET_VALUES_MAX];
    size_t value_count;
};

/* True for small letters, digits and _; true for one line of plain characters. */
bool hr_secret_name_is_fine(struct hr_text name);
bool hr_secret_value_is_fine(struct hr_text value);

/* ---- one value, and no more ----------------------------------------------------------------------------- */

/* A secret's values, newest first; ret_count 0 when it has none. HR_E_INPUT for a name or a value that cannot be one,
 * HR_E_IO when there is a sealed file and it cannot be opened. */
hr_status hr_secret_read(const char *data_folder, struct hr_text name, struct hr_arena *into,
                         struct hr_text ret_values[HR_SECRET_VALUES_MAX],
                         size_t *ret_count) HR_MUST_USE;
/* Overwrites what hr_secret_read copied; the texts are empty then. */
void hr_secret_wipe(struct hr_text *values, size_t count);

/* ---- all of them ---------------------------------------------------------------------------------------- */

struct hr_vault;

struct hr_vault_options {
    const char *data_folder;
    bool change;      /* takes the lock that keeps other changes out until the vault is closed */
    bool takes_plain; /* plain files of older releases are no error: hr_vault_take_plain follows */
    struct hr_text called; /* the workspace's id: names the key when there is none yet */
};

/* Opens the sealed file; one that is not there is empty. HR_E_INPUT with E0660 to E0664 or E0666. */
hr_status hr_vault_open(const struct hr_vault_options *options, struct hr_diagnostics *reterr,
                        struct hr_vault **ret_vault) HR_MUST_USE;
/* Wipes and frees it; NULL is allowed. */
void hr_vault_close(struct hr_vault *vault);

/* A secret by its name, from wherever it comes; from is HR_SECRET_missing when it has no value. What it answers lives
 * until the vault is changed or closed. HR_E_INPUT when the environment has something that cannot be a value. */
hr_status hr_vault_find(const struct hr_vault *vault, struct hr_text name,
                        struct hr_secret *ret_secret) HR_MUST_USE;
/* What the sealed file has under the name, or at the index in the order of names; NULL when there is none. */
const struct hr_secret *hr_vault_sealed(const struct hr_vault *vault, struct hr_text name);
const struct hr_secret *hr_vault_at(const struct hr_vault *vault, size_t index);

/* Sets or removes one in memory; hr_vault_save writes. HR_E_LIMIT beyond HR_SECRET_COUNT_MAX; remove answers false when
 * there is none. */
hr_status hr_vault_put(struct hr_vault *vault, struct hr_text name, const struct hr_text *values,
                       size_t count, hr_instant now) HR_MUST_USE;
bool hr_vault_remove(struct hr_vault *vault, struct hr_text name);
/* Seals and replaces the file; makes the key when there is none. HR_E_INPUT with what is wrong; then the file is as it
 * was. */
hr_status hr_vault_save(struct hr_vault *vault, struct hr_diagnostics *reterr) HR_MUST_USE;

/* Seals all under a new key, and then forgets the old one. Whatever interrupts it, the file opens with a key that is
 * there. */
hr_status hr_vault_rotate(struct hr_vault *vault, struct hr_diagnostics *reterr) HR_MUST_USE;

/* Seals the plain files of older releases and only then deletes them. HR_E_INPUT with E0664 when one of them says
 * something else than the sealed file; then nothing is deleted. */
hr_status hr_vault_take_plain(struct hr_vault *vault, hr_instant now, struct hr_diagnostics *reterr,
                              size_t *ret_count) HR_MUST_USE;

/* The file with the key, or where it will be made; NULL before there is a workspace to name it. */
const char *hr_vault_key_path(const struct hr_vault *vault);

#endif
