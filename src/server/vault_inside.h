/* server, inside: what the files of a vault share: the sealed bytes, the key's file, and writing so that nothing is
 * ever half there. */
#ifndef HR_SERVER_VAULT_INSIDE_H
#define HR_SERVER_VAULT_INSIDE_H

#include "server/secrets.h"

#include <limits.h>

enum {
    VAULT_KEY_SIZE = 32,
    VAULT_LABEL_MAX = 96, /* the workspace's id, '-', 16 digits, NUL */
    VAULT_KEYS_BYTES_MAX = 64 << 10,
    VAULT_FILE_BYTES_MAX = 5 << 20
};

/* One in memory. */
struct vault_item {
    struct hr_secret secret;
    void *own; /* locked memory with its name and values; NULL: they stand in the vault's plain */
};

struct hr_vault {
    char folder[PATH_MAX]; /* the data folder */
    char key_path[PATH_MAX];
    char label[VAULT_LABEL_MAX]; /* empty: there is no workspace to name it by yet */
    bool
        is_credential; /* the key's file is systemd's, which shows its access list as rights of the group */
    bool has_key;
    uint8_t key[VAULT_KEY_SIZE];                  /* the vault itself is locked memory */
    int lock;                                     /* the folder, held for a change; -1 */
    uint8_t *plain;                               /* locked memory: what the file held */
    struct vault_item items[HR_SECRET_COUNT_MAX]; /* in the order of names */
    size_t count;
};

/* Adds an error; answers HR_E_INPUT, which it stands for. */
hr_status vault_complain(struct hr_diagnostics *reterr, enum hr_code code, const char *message, ...)
    HR_PRINTF(3, 4) HR_MUST_USE;

/* ---- vault_disk.c ---- */

/* Replaces a file so that after any crash the old or the new one is there: written beside with rights 0600, synced,
 * renamed, the folder synced. */
hr_status vault_write(const char *path, const void *bytes, size_t size,
                      struct hr_diagnostics *reterr) HR_MUST_USE;
/* Makes the folders above a file, with rights 0700. */
hr_status vault_make_parents(const char *path, struct hr_diagnostics *reterr) HR_MUST_USE;
/* A whole file in locked memory, to be given to sodium_free; HR_E_INPUT when it is not there, is none or has more than
 * `most` bytes; rights are those of the file. */
hr_status vault_read(const char *path, size_t most, uint8_t **ret_bytes, size_t *ret_size,
                     unsigned *ret_rights) HR_MUST_USE;
/* The folder that a file stands in, held for one change; -1 when it cannot be. vault_unlock gives it back. */
int vault_lock_folder(const char *folder);
void vault_unlock(int lock);
/* The path without its last part ("." when there is none). */
void vault_parent(const char *path, char ret_parent[PATH_MAX]);

/* ---- vault_bytes.c ---- */

/* The workspace's label of a sealed file; HR_E_CORRUPT when it is no sealed file. */
hr_status vault_bytes_label(struct hr_text file, char ret_label[VAULT_LABEL_MAX]) HR_MUST_USE;
/* Opens a sealed file with one key: the items are those in it, in vault->plain. HR_E_REFUSED when the key does not fit,
 * HR_E_CORRUPT when what was in it cannot be read. */
hr_status vault_bytes_open(struct hr_vault *vault, struct hr_text file,
                           const uint8_t key[VAULT_KEY_SIZE]) HR_MUST_USE;
/* The vault's items sealed under its key, to be freed. */
hr_status vault_bytes_seal(const struct hr_vault *vault, uint8_t **ret_file,
                           size_t *ret_size) HR_MUST_USE;
/* Frees what the items and the vault hold. */
void vault_forget_items(struct hr_vault *vault);

/* ---- vault_key.c ---- */

/* Where the key of vault->label is, or will be made. */
hr_status vault_key_place(struct hr_vault *vault, struct hr_diagnostics *reterr) HR_MUST_USE;
/* Calls try with each key that the file has under the label, until it answers something else than HR_E_REFUSED.
 * Answers that, or HR_E_INPUT with what is wrong. */
typedef hr_status (*vault_try)(struct hr_vault *vault, void *context,
                               const uint8_t key[VAULT_KEY_SIZE]);
hr_status vault_key_each(struct hr_vault *vault, vault_try try, void *context,
                         struct hr_diagnostics *reterr) HR_MUST_USE;
/* Puts a key before those that the file has; makes the file. */
hr_status vault_key_add(struct hr_vault *vault, const uint8_t key[VAULT_KEY_SIZE],
                        struct hr_diagnostics *reterr) HR_MUST_USE;
/* Takes every other key of this label out of the file. */
hr_status vault_key_keep_only(struct hr_vault *vault, const uint8_t key[VAULT_KEY_SIZE],
                              struct hr_diagnostics *reterr) HR_MUST_USE;

/* ---- vault_plain.c ---- */

/* True when the data folder has plain files of secrets. */
bool vault_has_plain(const char *data_folder);

#endif
