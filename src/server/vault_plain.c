/* The plain files of older releases, DIR/.handrail/secrets/NAME: one value, or two, a line each. They are taken into
 * the sealed file by a command and never by themselves: where the key is made has to outlive this process, and only a
 * person knows whether it does (decision 0026). */
#include "server/vault_inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PLAIN_BYTES_MAX = 2 * HR_SECRET_VALUE_BYTES_MAX + 64, PLAIN_FILES_MAX = 4096 };

static bool path_of(const char *folder, const char *name, char ret_path[PATH_MAX])
{
    return snprintf(ret_path, PATH_MAX, "%s/secrets%s%s", folder, name[0] != '\0' ? "/" : "",
                    name) < PATH_MAX;
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

bool vault_has_plain(const char *data_folder)
{
    char path[PATH_MAX];
    bool some = false;
    DIR *folder = path_of(data_folder, "", path) ? opendir(path) : NULL;
    for (struct dirent *item = NULL; folder != NULL && !some && (item = readdir(folder)) != NULL;) {
        some = !is_dots(item->d_name);
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
    return some;
}

/* What takes them over: into the vault, as of now. */
struct taking {
    struct hr_vault *vault;
    hr_instant now;
    struct hr_diagnostics *reterr;
};

/* ---- one file ------------------------------------------------------------------------------------- */

static hr_status refuse(struct hr_diagnostics *reterr, const char *path, const char *why)
{
    hr_diagnostics_add(reterr, HR_CODE_secrets_plain, HR_SEVERITY_error,
                       (struct hr_place){.line = 0}, "%s %s", path, why)
        ->help =
        HR_TEXT("look at it, delete what is not meant, then say `handrail secret seal` again");
    return hr_answer(HR_E_INPUT);
}

static size_t values_in(struct hr_text bytes, struct hr_text values[HR_SECRET_VALUES_MAX])
{
    size_t count = 0;
    while (bytes.size > 0 && count < HR_SECRET_VALUES_MAX) {
        struct hr_text value = hr_text_trim(hr_text_cut(&bytes, '\n'));
        if (value.size > 0) {
            values[count++] = value;
        }
    }
    return count;
}

static bool same(const struct hr_secret *sealed, const struct hr_text *values, size_t count)
{
    bool equal = sealed->value_count == count;
    for (size_t i = 0; i < count && equal; i++) {
        equal = hr_text_equal(sealed->values[i], values[i]);
    }
    return equal;
}

static hr_status take_values(struct taking *taking, struct hr_text name, const char *path,
                             struct hr_text bytes)
{
    struct hr_text values[HR_SECRET_VALUES_MAX];
    size_t count = values_in(bytes, values);
    const struct hr_secret *sealed = hr_vault_sealed(taking->vault, name);
    if (count == 0 || (sealed != NULL && same(sealed, values, count))) {
        return hr_done(); /* nothing in it, or taken over before */
    }
    if (sealed != NULL) {
        return refuse(taking->reterr, path, "says something else than the sealed file");
    }
    hr_status status = hr_vault_put(taking->vault, name, values, count, taking->now);
    return status.code == HR_E_INPUT ? refuse(taking->reterr, path, "has no value that can be one")
                                     : status;
}

static hr_status take_file(struct taking *taking, const char *name)
{
    char path[PATH_MAX];
    uint8_t *bytes = NULL;
    size_t size = 0;
    unsigned rights = 0;
    if (!path_of(taking->vault->folder, name, path)) {
        return hr_answer(HR_E_LIMIT);
    }
    if (!hr_secret_name_is_fine(hr_text_from(name))) {
        return refuse(taking->reterr, path, "is not the name of a secret");
    }
    hr_status status = vault_read(path, PLAIN_BYTES_MAX, &bytes, &size, &rights);
    if (!hr_ok(status)) {
        return status.code == HR_E_MEMORY ? status : refuse(taking->reterr, path, "cannot be read");
    }
    struct hr_text text = {(const char *)bytes, size};
    status = take_values(taking, hr_text_from(name), path, text);
    sodium_free(bytes);
    return status;
}

/* ---- all of them ---------------------------------------------------------------------------------- */

static int no_dots(const struct dirent *item)
{
    return !is_dots(item->d_name);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* What is sealed now is read again from the disk before the first plain file goes. */
static hr_status is_sealed(const struct hr_vault *vault, struct hr_diagnostics *reterr)
{
    struct hr_vault *again = NULL;
    const struct hr_vault_options options = {.data_folder = vault->folder, .takes_plain = true};
    HR_TRY(hr_vault_open(&options, reterr, &again));
    bool equal = again->count == vault->count;
    for (size_t i = 0; i < vault->count && equal; i++) {
        const struct hr_secret *secret = &vault->items[i].secret;
        const struct hr_secret *read = hr_vault_sealed(again, secret->name);
        equal = read != NULL && same(read, secret->values, secret->value_count);
    }
    hr_vault_close(again);
    return equal ? hr_done() : hr_answer(HR_E_CORRUPT);
}

static hr_status delete_all(const struct hr_vault *vault, struct dirent **items, size_t count,
                            struct hr_diagnostics *reterr)
{
    char path[PATH_MAX];
    for (size_t i = 0; i < count; i++) {
        if (!path_of(vault->folder, items[i]->d_name, path) || unlink(path) != 0) {
            return vault_complain(reterr, HR_CODE_cannot_write, "%s cannot be deleted: %s", path,
                                  strerror(errno));
        }
    }
    if (path_of(vault->folder, "", path)) {
        (void)rmdir(path);
    }
    int folder = open(vault->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        (void)fsync(folder);
        (void)close(folder);
    }
    return hr_done();
}

static hr_status take_list(struct taking *taking, struct dirent **items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        HR_TRY(take_file(taking, items[i]->d_name));
    }
    HR_TRY(hr_vault_save(taking->vault, taking->reterr));
    HR_TRY(is_sealed(taking->vault, taking->reterr));
    return delete_all(taking->vault, items, count, taking->reterr);
}

hr_status hr_vault_take_plain(struct hr_vault *vault, hr_instant now, struct hr_diagnostics *reterr,
                              size_t *ret_count)
{
    char path[PATH_MAX];
    struct taking taking = {vault, now, reterr};
    struct dirent **items = NULL;
    *ret_count = 0;
    if (!path_of(vault->folder, "", path)) {
        return hr_answer(HR_E_LIMIT);
    }
    int count = scandir(path, &items, no_dots, by_name);
    if (count < 0 && errno == ENOENT) {
        return hr_done();
    }
    if (count < 0 || count > PLAIN_FILES_MAX) {
        free(items);
        return refuse(reterr, path, "cannot be read");
    }
    hr_status status = count == 0 ? hr_done() : take_list(&taking, items, (size_t)count);
    for (int i = 0; i < count; i++) {
        free(items[i]);
    }
    free(items);
    *ret_count = hr_ok(status) ? (size_t)count : 0;
    return status;
}
