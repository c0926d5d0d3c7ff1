/* A secret by its name: from the environment, or from the sealed file. */
#include "server/secrets.h"

#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FOUND_BYTES_MAX = 64 << 10 };

static const char prefix[] = "HANDRAIL_SECRET_";

bool hr_secret_name_is_fine(struct hr_text name)
{
    for (size_t i = 0; i < name.size; i++) {
        char letter = name.data[i];
        if (!((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
              letter == '_')) {
            return false;
        }
    }
    return name.size > 0 && name.size <= HR_SECRET_NAME_BYTES_MAX;
}

bool hr_secret_value_is_fine(struct hr_text value)
{
    for (size_t i = 0; i < value.size; i++) {
        if ((unsigned char)value.data[i] < ' ' || (unsigned char)value.data[i] > '~') {
            return false;
        }
    }
    return value.size > 0 && value.size <= HR_SECRET_VALUE_BYTES_MAX;
}

/* ---- the environment ------------------------------------------------------------------------------ */

/* What the environment says of a name; it stays where it is. */
static hr_status find_outside(struct hr_text name, struct hr_secret *ret_secret)
{
    char variable[sizeof prefix + HR_SECRET_NAME_BYTES_MAX];
    *ret_secret = (struct hr_secret){.name = name, .set_at = HR_INSTANT_NONE};
    if (!hr_secret_name_is_fine(name)) {
        return hr_answer(HR_E_INPUT);
    }
    memcpy(variable, prefix, sizeof prefix - 1);
    for (size_t i = 0; i < name.size; i++) {
        char letter = name.data[i];
        variable[sizeof prefix - 1 + i] =
            letter >= 'a' && letter <= 'z' ? (char)(letter - 'a' + 'A') : letter;
    }
    variable[sizeof prefix - 1 + name.size] = '\0';
    struct hr_text rest = hr_text_from(getenv(variable));
    while (rest.size > 0 && ret_secret->value_count < HR_SECRET_VALUES_MAX) {
        struct hr_text value = hr_text_trim(hr_text_cut(&rest, '\n'));
        if (value.size > 0 && !hr_secret_value_is_fine(value)) {
            return hr_answer(HR_E_INPUT);
        }
        if (value.size > 0) {
            ret_secret->values[ret_secret->value_count++] = value;
        }
    }
    ret_secret->from = ret_secret->value_count > 0 ? HR_SECRET_environment : HR_SECRET_missing;
    return hr_done();
}

/* ---- either --------------------------------------------------------------------------------------- */

hr_status hr_vault_find(const struct hr_vault *vault, struct hr_text name,
                        struct hr_secret *ret_secret)
{
    HR_TRY(find_outside(name, ret_secret));
    const struct hr_secret *sealed = hr_vault_sealed(vault, name);
    if (ret_secret->from == HR_SECRET_missing && sealed != NULL) {
        *ret_secret = *sealed;
    }
    return hr_done();
}

static hr_status copy(const struct hr_secret *secret, struct hr_arena *into,
                      struct hr_text ret_values[HR_SECRET_VALUES_MAX], size_t *ret_count)
{
    for (size_t i = 0; i < secret->value_count; i++) {
        ret_values[i] = hr_text_copy(into, secret->values[i]);
        if (ret_values[i].data == NULL) {
            hr_secret_wipe(ret_values, i);
            return hr_answer(HR_E_MEMORY);
        }
    }
    *ret_count = secret->value_count;
    return hr_done();
}

static hr_status read_sealed(const char *data_folder, struct hr_text name, struct hr_arena *into,
                             struct hr_text ret_values[HR_SECRET_VALUES_MAX], size_t *ret_count)
{
    struct hr_arena scratch;
    struct hr_diagnostics found;
    struct hr_vault *vault = NULL;
    const struct hr_vault_options options = {.data_folder = data_folder};
    hr_arena_init(&scratch, FOUND_BYTES_MAX);
    hr_diagnostics_init(&found, &scratch);
    hr_status status = hr_vault_open(&options, &found, &vault);
    hr_arena_close(&scratch);
    if (!hr_ok(status)) {
        return status.code == HR_E_MEMORY ? status : hr_answer(HR_E_IO);
    }
    const struct hr_secret *sealed = hr_vault_sealed(vault, name);
    status = sealed == NULL ? hr_done() : copy(sealed, into, ret_values, ret_count);
    hr_vault_close(vault);
    return status;
}

hr_status hr_secret_read(const char *data_folder, struct hr_text name, struct hr_arena *into,
                         struct hr_text ret_values[HR_SECRET_VALUES_MAX], size_t *ret_count)
{
    struct hr_secret outside;
    *ret_count = 0;
    HR_TRY(find_outside(name, &outside));
    return outside.from == HR_SECRET_environment
               ? copy(&outside, into, ret_values, ret_count)
               : read_sealed(data_folder, name, into, ret_values, ret_count);
}

void hr_secret_wipe(struct hr_text *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sodium_memzero((void *)(uintptr_t)values[i].data, values[i].size);
        values[i] = HR_TEXT_NONE;
    }
}
