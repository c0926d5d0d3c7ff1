/* A vault: the sealed secrets of one data folder, opened, changed in memory, and written back whole. */
#include "server/vault_inside.h"

#include <errno.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LABEL_RANDOM_SIZE = 8, READ_TRIES_MAX = 8, MESSAGE_BYTES_MAX = 1024 };

hr_status vault_complain(struct hr_diagnostics *reterr, enum hr_code code, const char *message, ...)
{
    char text[MESSAGE_BYTES_MAX];
    va_list arguments;
    va_start(arguments, message);
    (void)vsnprintf(text, sizeof text, message, arguments);
    va_end(arguments);
    (void)hr_diagnostics_add(reterr, code, HR_SEVERITY_error, (struct hr_place){.line = 0}, "%s",
                             text);
    return hr_answer(HR_E_INPUT);
}

/* ---- opening -------------------------------------------------------------------------------------- */

static bool path_of_file(const struct hr_vault *vault, char ret_path[PATH_MAX])
{
    return snprintf(ret_path, PATH_MAX, "%s/secrets.sealed", vault->folder) < PATH_MAX;
}

static hr_status open_with(struct hr_vault *vault, void *context, const uint8_t key[VAULT_KEY_SIZE])
{
    const struct hr_text *file = context;
    HR_TRY(vault_bytes_open(vault, *file, key));
    memcpy(vault->key, key, VAULT_KEY_SIZE);
    vault->has_key = true;
    return hr_done();
}

static hr_status unreadable(struct hr_diagnostics *reterr, const char *path)
{
    return vault_complain(reterr, HR_CODE_secrets_unreadable,
                          "%s is no file of sealed secrets that this Handrail can read", path);
}

/* One look: the file, then the key that it names. A change of the key between the two looks like a wrong key. */
static hr_status look(struct hr_vault *vault, const char *path, struct hr_diagnostics *reterr)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    unsigned rights = 0;
    hr_status status = vault_read(path, VAULT_FILE_BYTES_MAX, &bytes, &size, &rights);
    if (status.code == HR_E_INPUT && access(path, F_OK) != 0 && errno == ENOENT) {
        return hr_done(); /* nothing is sealed yet */
    }
    if (!hr_ok(status)) {
        return status.code == HR_E_MEMORY ? status : unreadable(reterr, path);
    }
    struct hr_text file = {(const char *)bytes, size};
    status = vault_bytes_label(file, vault->label);
    if (hr_ok(status)) {
        status = vault_key_each(vault, open_with, &file, reterr);
    }
    sodium_free(bytes);
    return status.code == HR_E_CORRUPT ? unreadable(reterr, path) : status;
}

static hr_status look_again(struct hr_vault *vault, struct hr_diagnostics *reterr)
{
    char path[PATH_MAX];
    hr_status status = hr_answer(HR_E_LIMIT);
    if (!path_of_file(vault, path)) {
        return status;
    }
    for (int i = 0; i < READ_TRIES_MAX; i++) {
        struct hr_diagnostics kept = *reterr;
        status = look(vault, path, reterr);
        const struct hr_diagnostic *first = hr_diagnostics_error(reterr);
        bool changing =
            status.code == HR_E_INPUT && first != NULL &&
            (first->code == HR_CODE_secret_key_wrong || first->code == HR_CODE_secret_key_missing);
        if (!changing || i + 1 == READ_TRIES_MAX) {
            break;
        }
        *reterr = kept;
    }
    return status;
}

/* What a workspace's key is called when it gets its first: its id, made unlike any other. */
static void make_label(struct hr_vault *vault, struct hr_text called)
{
    uint8_t random[LABEL_RANDOM_SIZE];
    char digits[2 * LABEL_RANDOM_SIZE + 1];
    struct hr_text id = hr_text_slice(called, 0, HR_SECRET_NAME_BYTES_MAX);
    randombytes_buf(random, sizeof random);
    (void)sodium_bin2hex(digits, sizeof digits, random, sizeof random);
    (void)snprintf(vault->label, sizeof vault->label, "%.*s-%s",
                   hr_secret_name_is_fine(id) ? (int)id.size : 9,
                   hr_secret_name_is_fine(id) ? id.data : "workspace", digits);
}

static hr_status prepare(struct hr_vault *vault, const struct hr_vault_options *options,
                         struct hr_diagnostics *reterr)
{
    if ((size_t)snprintf(vault->folder, sizeof vault->folder, "%s", options->data_folder) >=
        sizeof vault->folder) {
        return hr_answer(HR_E_LIMIT);
    }
    if (options->change) {
        vault->lock = vault_lock_folder(vault->folder);
        if (vault->lock < 0) {
            return vault_complain(reterr, HR_CODE_cannot_write, "%s cannot be held: %s",
                                  vault->folder, strerror(errno));
        }
    }
    if (!options->takes_plain && vault_has_plain(vault->folder)) {
        return vault_complain(reterr, HR_CODE_secrets_plain,
                              "%s/secrets has secrets that everybody who gets the folder can read",
                              vault->folder);
    }
    HR_TRY(look_again(vault, reterr));
    if (vault->label[0] == '\0' && options->change) {
        make_label(vault, options->called);
        return vault_key_place(vault, reterr);
    }
    return hr_done();
}

hr_status hr_vault_open(const struct hr_vault_options *options, struct hr_diagnostics *reterr,
                        struct hr_vault **ret_vault)
{
    struct hr_vault *vault = sodium_init() < 0 ? NULL : sodium_malloc(sizeof *vault);
    if (vault == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    memset(vault, 0, sizeof *vault);
    vault->lock = -1;
    hr_status status = prepare(vault, options, reterr);
    if (!hr_ok(status)) {
        hr_vault_close(vault);
        return status;
    }
    *ret_vault = vault;
    return hr_done();
}

void hr_vault_close(struct hr_vault *vault)
{
    if (vault == NULL) {
        return;
    }
    vault_forget_items(vault);
    vault_unlock(vault->lock);
    sodium_free(vault); /* wipes it */
}

const char *hr_vault_key_path(const struct hr_vault *vault)
{
    return vault->key_path[0] != '\0' ? vault->key_path : NULL;
}

/* ---- what is in it -------------------------------------------------------------------------------- */

/* The index of a name, or where it would stand. */
static size_t index_of(const struct hr_vault *vault, struct hr_text name, bool *ret_there)
{
    size_t low = 0;
    size_t high = vault->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (hr_text_compare(vault->items[middle].secret.name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *ret_there = low < vault->count && hr_text_equal(vault->items[low].secret.name, name);
    return low;
}

const struct hr_secret *hr_vault_sealed(const struct hr_vault *vault, struct hr_text name)
{
    bool there = false;
    size_t index = index_of(vault, name, &there);
    return there ? &vault->items[index].secret : NULL;
}

const struct hr_secret *hr_vault_at(const struct hr_vault *vault, size_t index)
{
    return index < vault->count ? &vault->items[index].secret : NULL;
}

/* ---- changing it ---------------------------------------------------------------------------------- */

/* A secret with its texts in locked memory of its own. */
static hr_status make_item(struct hr_text name, const struct hr_text *values, size_t count,
                           hr_instant now, struct vault_item *ret_item)
{
    size_t size = name.size;
    for (size_t i = 0; i < count; i++) {
        size += values[i].size;
    }
    char *at = sodium_malloc(size + 1);
    if (at == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *ret_item = (struct vault_item){.own = at};
    struct hr_secret *secret = &ret_item->secret;
    secret->from = HR_SECRET_sealed;
    secret->set_at = now;
    secret->name = (struct hr_text){at, name.size};
    memcpy(at, name.data, name.size);
    at += name.size;
    for (size_t i = 0; i < count; i++) {
        memcpy(at, values[i].data, values[i].size);
        secret->values[secret->value_count++] = (struct hr_text){at, values[i].size};
        at += values[i].size;
    }
    return hr_done();
}

hr_status hr_vault_put(struct hr_vault *vault, struct hr_text name, const struct hr_text *values,
                       size_t count, hr_instant now)
{
    struct vault_item item;
    bool there = false;
    bool fine = hr_secret_name_is_fine(name) && count > 0 && count <= HR_SECRET_VALUES_MAX;
    for (size_t i = 0; i < count && fine; i++) {
        fine = hr_secret_value_is_fine(values[i]);
    }
    if (!fine) {
        return hr_answer(HR_E_INPUT);
    }
    size_t index = index_of(vault, name, &there);
    if (!there && vault->count == HR_SECRET_COUNT_MAX) {
        return hr_answer(HR_E_LIMIT);
    }
    HR_TRY(make_item(name, values, count, now, &item));
    if (there) {
        sodium_free(vault->items[index].own);
    } else {
        memmove(&vault->items[index + 1], &vault->items[index],
                (vault->count - index) * sizeof vault->items[0]);
        vault->count++;
    }
    vault->items[index] = item;
    return hr_done();
}

bool hr_vault_remove(struct hr_vault *vault, struct hr_text name)
{
    bool there = false;
    size_t index = index_of(vault, name, &there);
    if (there) {
        sodium_free(vault->items[index].own);
        vault->count--;
        memmove(&vault->items[index], &vault->items[index + 1],
                (vault->count - index) * sizeof vault->items[0]);
    }
    return there;
}

/* ---- writing it ----------------------------------------------------------------------------------- */

static hr_status write_file(const struct hr_vault *vault, struct hr_diagnostics *reterr)
{
    char path[PATH_MAX];
    uint8_t *file = NULL;
    size_t size = 0;
    if (!path_of_file(vault, path)) {
        return hr_answer(HR_E_LIMIT);
    }
    HR_TRY(vault_bytes_seal(vault, &file, &size));
    hr_status status = vault_write(path, file, size, reterr);
    free(file);
    return status;
}

hr_status hr_vault_save(struct hr_vault *vault, struct hr_diagnostics *reterr)
{
    hr_assert(vault->lock >= 0 && vault->label[0] != '\0');
    if (!vault->has_key) { /* the key is durable before anything needs it */
        randombytes_buf(vault->key, sizeof vault->key);
        HR_TRY(vault_key_add(vault, vault->key, reterr));
        vault->has_key = true;
    }
    return write_file(vault, reterr);
}

/* The key's file has both keys from before the first byte is sealed anew until after the last one is durable. */
hr_status hr_vault_rotate(struct hr_vault *vault, struct hr_diagnostics *reterr)
{
    uint8_t before[VAULT_KEY_SIZE];
    if (!vault->has_key) {
        return hr_vault_save(vault, reterr);
    }
    memcpy(before, vault->key, sizeof before);
    randombytes_buf(vault->key, sizeof vault->key);
    hr_status status = vault_key_add(vault, vault->key, reterr);
    if (hr_ok(status)) {
        status = write_file(vault, reterr);
    }
    if (hr_ok(status)) {
        status = vault_key_keep_only(vault, vault->key, reterr);
    } else {
        memcpy(vault->key, before, sizeof before);
    }
    sodium_memzero(before, sizeof before);
    return status;
}
