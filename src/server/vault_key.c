/* The key's file: where it is, that nobody else reads it, and which of its keys are this workspace's.
 *
 * A line is "LABEL hrk_KEY"; one that begins with '#' is for people. Several workspaces may share a file. Two lines of one
 * label stand in it only while the key changes. */
#include "server/vault_inside.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_TEXT_SIZE = 4 + 43, OTHERS = 077, OTHERS_OF_CREDENTIAL = 07 };

static const char comment[] =
    "# Opens the sealed secrets of a Handrail workspace. Keep a copy, but never beside the data.\n";

/* ---- the place ------------------------------------------------------------------------------------ */

static const char *set(const char *variable)
{
    const char *value = getenv(variable);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static bool fits(int written)
{
    return written > 0 && written < PATH_MAX;
}

/* What systemd hands over, when it does. */
static bool is_handed_over(struct hr_vault *vault)
{
    const char *folder = set("CREDENTIALS_DIRECTORY");
    return folder != NULL && fits(snprintf(vault->key_path, PATH_MAX, "%s/handrail.key", folder)) &&
           access(vault->key_path, F_OK) == 0;
}

static bool is_below(const char *path, const char *folder)
{
    size_t size = folder == NULL ? 0 : strlen(folder);
    return size > 0 && strncmp(path, folder, size) == 0 && (path[size] == '/' || path[size] == 0);
}

static bool choose_place(struct hr_vault *vault)
{
    const char *named = set("HANDRAIL_KEY_FILE");
    const char *config = set("XDG_CONFIG_HOME");
    const char *home = set("HOME");
    if (named != NULL) {
        return fits(snprintf(vault->key_path, PATH_MAX, "%s", named));
    }
    if (is_handed_over(vault)) {
        return true;
    }
    if (config != NULL &&
        config[0] == '/') { /* a relative one is to be ignored, says the standard */
        return fits(
            snprintf(vault->key_path, PATH_MAX, "%s/handrail/keys/%s.key", config, vault->label));
    }
    return home != NULL && fits(snprintf(vault->key_path, PATH_MAX,
                                         "%s/.config/handrail/keys/%s.key", home, vault->label));
}

/* The file or, before it is made, the nearest folder above it, as it really is. */
static bool real_place(const char *path, char ret_real[PATH_MAX])
{
    char part[PATH_MAX];
    char above[PATH_MAX];
    (void)snprintf(part, sizeof part, "%s", path);
    while (realpath(part, ret_real) == NULL) {
        vault_parent(part, above);
        if (strcmp(above, part) == 0) {
            return false;
        }
        memcpy(part, above, sizeof part);
    }
    return true;
}

hr_status vault_key_place(struct hr_vault *vault, struct hr_diagnostics *reterr)
{
    char data[PATH_MAX];
    char key[PATH_MAX];
    if (!choose_place(vault)) {
        vault->key_path[0] = '\0';
        return vault_complain(reterr, HR_CODE_secret_key_missing,
                              "nobody says where the key of the secrets is: neither "
                              "HANDRAIL_KEY_FILE nor HOME is set");
    }
    vault->is_credential = is_below(vault->key_path, set("CREDENTIALS_DIRECTORY"));
    if (realpath(vault->folder, data) != NULL && real_place(vault->key_path, key) &&
        is_below(key, data)) {
        return vault_complain(reterr, HR_CODE_secret_key_inside,
                              "the key %s lies inside the data folder that it protects",
                              vault->key_path);
    }
    return hr_done();
}

/* ---- reading -------------------------------------------------------------------------------------- */

static hr_status read_file(struct hr_vault *vault, uint8_t **ret_bytes, size_t *ret_size,
                           struct hr_diagnostics *reterr)
{
    unsigned rights = 0;
    hr_status status =
        vault_read(vault->key_path, VAULT_KEYS_BYTES_MAX, ret_bytes, ret_size, &rights);
    if (status.code == HR_E_MEMORY) {
        return status;
    }
    if (!hr_ok(status)) {
        return vault_complain(
            reterr, HR_CODE_secret_key_missing, "the key of the secrets, %s, %s", vault->key_path,
            access(vault->key_path, F_OK) != 0 ? "is not there" : "cannot be read");
    }
    if ((rights & (vault->is_credential ? OTHERS_OF_CREDENTIAL : OTHERS)) != 0) {
        sodium_free(*ret_bytes);
        *ret_bytes = NULL;
        hr_status refused =
            vault_complain(reterr, HR_CODE_secret_key_exposed,
                           "others than its owner may reach the key %s (its rights are %03o)",
                           vault->key_path, rights);
        return refused;
    }
    return hr_done();
}

/* The key that stands behind a label in one line. */
static bool read_key(struct hr_text line, uint8_t ret_key[VAULT_KEY_SIZE])
{
    size_t size = 0;
    struct hr_text text = hr_text_trim(line);
    return text.size == KEY_TEXT_SIZE && hr_text_starts(text, HR_TEXT("hrk_")) &&
           sodium_base642bin(ret_key, VAULT_KEY_SIZE, text.data + 4, text.size - 4, NULL, &size,
                             NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           size == VAULT_KEY_SIZE;
}

static bool is_ours(const struct hr_vault *vault, struct hr_text line)
{
    return hr_text_equal(hr_text_cut(&line, ' '), hr_text_from(vault->label));
}

hr_status vault_key_each(struct hr_vault *vault, vault_try try, void *context,
                         struct hr_diagnostics *reterr)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    size_t count = 0;
    uint8_t key[VAULT_KEY_SIZE];
    hr_status status = hr_answer(HR_E_REFUSED);
    HR_TRY(vault_key_place(vault, reterr));
    HR_TRY(read_file(vault, &bytes, &size, reterr));
    struct hr_text rest = {(const char *)bytes, size};
    while (rest.size > 0 && status.code == HR_E_REFUSED) {
        struct hr_text line = hr_text_cut(&rest, '\n');
        if (is_ours(vault, line)) {
            (void)hr_text_cut(&line, ' ');
            status = read_key(line, key) ? try(vault, context, key) : status;
            count++;
        }
    }
    sodium_memzero(key, sizeof key);
    sodium_free(bytes);
    if (status.code == HR_E_REFUSED && count == 0) {
        return vault_complain(reterr, HR_CODE_secret_key_missing, "%s has no key of %s",
                              vault->key_path, vault->label);
    }
    if (status.code == HR_E_REFUSED) {
        return vault_complain(reterr, HR_CODE_secret_key_wrong,
                              "the key in %s does not open the sealed secrets", vault->key_path);
    }
    return status;
}

/* ---- changing ------------------------------------------------------------------------------------- */

/* The file as it is to be: a line for `key` first, where one is added, then the lines that stay. */
static size_t write_lines(const struct hr_vault *vault, struct hr_text before, const uint8_t *key,
                          bool adds, char *out, size_t room)
{
    char text[KEY_TEXT_SIZE + 1];
    uint8_t other[VAULT_KEY_SIZE];
    size_t size = 0;
    (void)sodium_bin2base64(text, sizeof text, key, VAULT_KEY_SIZE,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    if (adds) {
        size = (size_t)snprintf(out, room, "%s%s hrk_%s\n", before.size == 0 ? comment : "",
                                vault->label, text);
    }
    while (before.size > 0) {
        struct hr_text line = hr_text_cut(&before, '\n');
        struct hr_text rest = line;
        (void)hr_text_cut(&rest, ' ');
        bool goes = !adds && is_ours(vault, line) &&
                    !(read_key(rest, other) && sodium_memcmp(other, key, VAULT_KEY_SIZE) == 0);
        if (!goes) {
            memcpy(out + size, line.data, line.size);
            size += line.size;
            out[size++] = '\n';
        }
    }
    sodium_memzero(text, sizeof text);
    sodium_memzero(other, sizeof other);
    return size;
}

/* A link keeps leading where it leads. */
static const char *behind_links(const char *path, char real[PATH_MAX])
{
    return realpath(path, real) != NULL ? real : path;
}

static hr_status change_held(struct hr_vault *vault, const uint8_t key[VAULT_KEY_SIZE], bool adds,
                             struct hr_diagnostics *reterr)
{
    uint8_t *before = NULL;
    size_t size = 0;
    char real[PATH_MAX];
    if (access(vault->key_path, F_OK) == 0) {
        HR_TRY(read_file(vault, &before, &size, reterr));
    }
    size_t room = size + sizeof comment + VAULT_LABEL_MAX + KEY_TEXT_SIZE + 8;
    char *out = sodium_malloc(room);
    hr_status status = hr_answer(HR_E_MEMORY);
    if (out != NULL) {
        struct hr_text lines = {(const char *)before, size};
        size_t written = write_lines(vault, lines, key, adds, out, room);
        status = vault_write(behind_links(vault->key_path, real), out, written, reterr);
    }
    sodium_free(out);
    sodium_free(before);
    return status;
}

static hr_status change_file(struct hr_vault *vault, const uint8_t key[VAULT_KEY_SIZE], bool adds,
                             struct hr_diagnostics *reterr)
{
    char parent[PATH_MAX];
    HR_TRY(vault_key_place(vault, reterr));
    HR_TRY(vault_make_parents(vault->key_path, reterr));
    vault_parent(vault->key_path, parent);
    int lock = vault_lock_folder(parent); /* other workspaces may keep theirs in the same file */
    if (lock < 0) {
        return vault_complain(reterr, HR_CODE_cannot_write, "%s cannot be held: %s", parent,
                              strerror(errno));
    }
    hr_status status = change_held(vault, key, adds, reterr);
    vault_unlock(lock);
    return status;
}

hr_status vault_key_add(struct hr_vault *vault, const uint8_t key[VAULT_KEY_SIZE],
                        struct hr_diagnostics *reterr)
{
    return change_file(vault, key, true, reterr);
}

hr_status vault_key_keep_only(struct hr_vault *vault, const uint8_t key[VAULT_KEY_SIZE],
                              struct hr_diagnostics *reterr)
{
    return change_file(vault, key, false, reterr);
}
