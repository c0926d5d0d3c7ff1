/* Secrets in a sealed file: found by name, useless without the key, and never lost, whatever interrupts a change. */
#include "server/secrets.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { BYTES_MAX = 1 << 16, STEPS_MAX = 200, CRASHED = 66 };

static const hr_instant noon = INT64_C(1800000000000000);

/* ---- a crash between any two steps on the disk ---------------------------------------------------- */

static long steps_left = -1; /* negative: nothing happens */

static void step(void)
{
    if (steps_left >= 0 && steps_left-- == 0) {
        _exit(CRASHED);
    }
}

ssize_t write(int file, const void *bytes, size_t size)
{
    step();
    return syscall(SYS_write, file, bytes, size);
}

int fsync(int file)
{
    step();
    return (int)syscall(SYS_fsync, file);
}

int rename(const char *before, const char *after)
{
    step();
    return (int)syscall(SYS_renameat2, AT_FDCWD, before, AT_FDCWD, after, 0);
}

int unlink(const char *path)
{
    step();
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

/* ---- a place for each test ------------------------------------------------------------------------ */

struct place {
    struct hr_arena arena;
    struct hr_diagnostics found;
    char base[64];
    char data[96];
    char key[96];
};

static const char *at(const struct place *place, const char *name)
{
    static char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", place->base, name);
    return path;
}

static void enter(struct place *place)
{
    hr_arena_init(&place->arena, 64 << 20);
    hr_diagnostics_init(&place->found, &place->arena);
    (void)snprintf(place->base, sizeof place->base, "/tmp/handrail-secrets-XXXXXX");
    assert_non_null(mkdtemp(place->base));
    (void)snprintf(place->data, sizeof place->data, "%s/data", place->base);
    (void)snprintf(place->key, sizeof place->key, "%s/elsewhere/shop.key", place->base);
    assert_int_equal(mkdir(place->data, 0700), 0);
    assert_int_equal(setenv("HANDRAIL_KEY_FILE", place->key, 1), 0);
    assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
}

static void leave(struct place *place)
{
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf %s", place->base);
    assert_int_equal(system(command), 0);
    hr_arena_close(&place->arena);
}

static void put_file(const char *path, const char *bytes, size_t size, unsigned rights)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, (mode_t)rights);
    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, size), size);
    assert_int_equal(fchmod(file, (mode_t)rights), 0);
    assert_int_equal(close(file), 0);
}

static size_t get_file(const char *path, char bytes[BYTES_MAX])
{
    int file = open(path, O_RDONLY);
    assert_true(file >= 0);
    ssize_t size = read(file, bytes, BYTES_MAX);
    assert_true(size >= 0 && size < BYTES_MAX);
    assert_int_equal(close(file), 0);
    return (size_t)size;
}

static unsigned rights_of(const char *path)
{
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    return about.st_mode & 0777;
}

/* ---- what a test says ----------------------------------------------------------------------------- */

static hr_status open_for(struct place *place, const char *data, bool change, bool plain,
                          struct hr_vault **ret_vault)
{
    const struct hr_vault_options options = {
        .data_folder = data, .change = change, .takes_plain = plain, .called = HR_TEXT("shop")};
    hr_diagnostics_init(&place->found, &place->arena);
    return hr_vault_open(&options, &place->found, ret_vault);
}

static struct hr_vault *hold(struct place *place, const char *data)
{
    struct hr_vault *vault = NULL;
    assert_true(hr_ok(open_for(place, data, true, false, &vault)));
    return vault;
}

static void put(struct hr_vault *vault, const char *name, const char *first, const char *second)
{
    const struct hr_text values[2] = {hr_text_from(first), hr_text_from(second)};
    assert_true(
        hr_ok(hr_vault_put(vault, hr_text_from(name), values, second == NULL ? 1 : 2, noon)));
}

static void save(struct place *place, struct hr_vault *vault)
{
    hr_diagnostics_init(&place->found, &place->arena);
    assert_true(hr_ok(hr_vault_save(vault, &place->found)));
}

/* Seals one secret, with a second one while it changes. */
static void seal(struct place *place, const char *data, const char *name, const char *first,
                 const char *second)
{
    struct hr_vault *vault = hold(place, data);
    put(vault, name, first, second);
    save(place, vault);
    hr_vault_close(vault);
}

/* True if reading by name gives exactly these; NULL: none. */
static bool says(struct place *place, const char *data, const char *name, const char *first,
                 const char *second)
{
    struct hr_text values[2];
    size_t count = 0;
    if (!hr_ok(hr_secret_read(data, hr_text_from(name), &place->arena, values, &count))) {
        return false;
    }
    size_t wanted = first == NULL ? 0 : second == NULL ? 1 : 2;
    return count == wanted && (wanted < 1 || hr_text_equal(values[0], hr_text_from(first))) &&
           (wanted < 2 || hr_text_equal(values[1], hr_text_from(second)));
}

/* Opening is refused, for this reason, and no value is in what it says. */
static void refused(struct place *place, enum hr_code code)
{
    struct hr_vault *vault = NULL;
    struct hr_text values[2];
    size_t count = 0;
    hr_status status = open_for(place, place->data, false, false, &vault);
    assert_int_equal(status.code, HR_E_INPUT);
    assert_null(vault);
    assert_int_equal(place->found.count, 1);
    assert_int_equal(place->found.items[0].code, code);
    assert_int_equal(hr_text_search(place->found.items[0].message, HR_TEXT("marked")),
                     place->found.items[0].message.size);
    if (code != HR_CODE_secrets_plain) {
        status = hr_secret_read(place->data, HR_TEXT("form"), &place->arena, values, &count);
        assert_int_equal(status.code, HR_E_IO);
    }
}

/* ---- finding -------------------------------------------------------------------------------------- */

static void a_secret_is_found_by_its_name_and_nothing_else(void **state)
{
    (void)state;
    struct place place;
    struct hr_text values[2];
    size_t count = 0;
    enter(&place);
    assert_true(says(&place, place.data, "form", NULL, NULL)); /* before anything is sealed */
    seal(&place, place.data, "form", "marked new", "marked old");
    seal(&place, place.data, "checkout", "marked whsec", NULL);
    assert_true(says(&place, place.data, "form", "marked new", "marked old"));
    assert_true(says(&place, place.data, "checkout", "marked whsec", NULL));
    assert_true(says(&place, place.data, "absent", NULL, NULL));
    static const char *const bad[] = {"../outside", "", "Form", "a/b", "a b"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        hr_status status =
            hr_secret_read(place.data, hr_text_from(bad[i]), &place.arena, values, &count);
        assert_int_equal(status.code, HR_E_INPUT);
    }
    leave(&place);
}

static void the_environment_wins(void **state)
{
    (void)state;
    struct place place;
    struct hr_secret secret;
    enter(&place);
    seal(&place, place.data, "form_2", "sealed", NULL);
    struct hr_vault *vault = hold(&place, place.data);
    assert_true(hr_ok(hr_vault_find(vault, HR_TEXT("form_2"), &secret)));
    assert_int_equal(secret.from, HR_SECRET_sealed);
    assert_int_equal(secret.set_at, noon);
    assert_int_equal(setenv("HANDRAIL_SECRET_FORM_2", " outside \nbefore\n", 1), 0);
    assert_true(says(&place, place.data, "form_2", "outside", "before"));
    assert_true(hr_ok(hr_vault_find(vault, HR_TEXT("form_2"), &secret)));
    assert_int_equal(secret.from, HR_SECRET_environment);
    assert_int_equal(setenv("HANDRAIL_SECRET_FORM_2", "", 1), 0); /* set to nothing is not set */
    assert_true(says(&place, place.data, "form_2", "sealed", NULL));
    assert_int_equal(setenv("HANDRAIL_SECRET_FORM_2", "a\tb", 1), 0); /* never a silent fallback */
    assert_false(says(&place, place.data, "form_2", "sealed", NULL));
    assert_int_equal(unsetenv("HANDRAIL_SECRET_FORM_2"), 0);
    assert_true(hr_ok(hr_vault_find(vault, HR_TEXT("absent"), &secret)));
    assert_int_equal(secret.from, HR_SECRET_missing);
    hr_vault_close(vault);
    leave(&place);
}

static void what_is_removed_is_gone(void **state)
{
    (void)state;
    struct place place;
    enter(&place);
    seal(&place, place.data, "form", "marked", NULL);
    seal(&place, place.data, "checkout", "kept", NULL);
    struct hr_vault *vault = hold(&place, place.data);
    assert_true(hr_vault_remove(vault, HR_TEXT("form")));
    assert_false(hr_vault_remove(vault, HR_TEXT("form")));
    save(&place, vault);
    hr_vault_close(vault);
    assert_true(says(&place, place.data, "form", NULL, NULL));
    assert_true(says(&place, place.data, "checkout", "kept", NULL));
    leave(&place);
}

static void limits_are_kept(void **state)
{
    (void)state;
    struct place place;
    static char large[HR_SECRET_VALUE_BYTES_MAX + 2];
    char name[80];
    enter(&place);
    memset(large, 'x', HR_SECRET_VALUE_BYTES_MAX);
    struct hr_vault *vault = hold(&place, place.data);
    for (int i = 0; i < HR_SECRET_COUNT_MAX; i++) {
        (void)snprintf(name, sizeof name, "s%d", i);
        put(vault, name, large, large);
    }
    save(&place, vault);
    const struct hr_text one = HR_TEXT("one");
    struct hr_text long_one = {large, HR_SECRET_VALUE_BYTES_MAX + 1};
    large[HR_SECRET_VALUE_BYTES_MAX] = 'x';
    assert_int_equal(hr_vault_put(vault, HR_TEXT("too_many"), &one, 1, noon).code, HR_E_LIMIT);
    assert_int_equal(hr_vault_put(vault, HR_TEXT("s1"), &long_one, 1, noon).code, HR_E_INPUT);
    memset(name, 'n', 65);
    assert_int_equal(hr_vault_put(vault, (struct hr_text){name, 65}, &one, 1, noon).code,
                     HR_E_INPUT);
    assert_int_equal(hr_vault_put(vault, HR_TEXT("s1"), &one, 0, noon).code, HR_E_INPUT);
    hr_vault_close(vault);
    large[HR_SECRET_VALUE_BYTES_MAX] = '\0';
    assert_true(says(&place, place.data, "s511", large, large));
    leave(&place);
}

/* ---- what a thief has ----------------------------------------------------------------------------- */

static void the_sealed_file_shows_nothing(void **state)
{
    (void)state;
    struct place place;
    static char bytes[BYTES_MAX];
    static char again[BYTES_MAX];
    enter(&place);
    seal(&place, place.data, "form_secret", "marked-value-of-a-form", NULL);
    char path[512];
    (void)snprintf(path, sizeof path, "%s/secrets.sealed", place.data);
    struct hr_text file = {bytes, get_file(path, bytes)};
    static const char *const parts[] = {"form_secret", "marked", "6d61726b6564", "bWFya2Vk"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        assert_int_equal(hr_text_search(file, hr_text_from(parts[i])), file.size);
    }
    assert_int_equal(rights_of(path), 0600);
    assert_int_equal(rights_of(place.key), 0600);
    /* the same again is sealed unlike the first time, and of the same size as another value */
    seal(&place, place.data, "form_secret", "marked-value-of-a-form", NULL);
    assert_int_equal(get_file(path, again), file.size);
    assert_memory_not_equal(bytes + file.size - 512, again + file.size - 512, 512);
    seal(&place, place.data, "form_secret", "short", NULL);
    assert_int_equal(get_file(path, again), file.size);
    leave(&place);
}

static void one_changed_byte_is_enough_to_refuse_all(void **state)
{
    (void)state;
    struct place place;
    static char bytes[BYTES_MAX];
    char path[512];
    enter(&place);
    seal(&place, place.data, "form", "marked", NULL);
    (void)snprintf(path, sizeof path, "%s/secrets.sealed", place.data);
    size_t size = get_file(path, bytes);
    for (size_t i = 0; i < size; i++) {
        bytes[i] ^= 1;
        put_file(path, bytes, size, 0600);
        assert_false(says(&place, place.data, "form", "marked", NULL));
        assert_false(says(&place, place.data, "form", NULL, NULL)); /* nor is it simply not there */
        bytes[i] ^= 1;
    }
    for (size_t cut = 0; cut < size; cut += 37) {
        put_file(path, bytes, cut, 0600);
        assert_false(says(&place, place.data, "form", NULL, NULL));
    }
    put_file(path, bytes, 64, 0600);
    refused(&place, HR_CODE_secrets_unreadable);
    put_file(path, bytes, size, 0600);
    assert_true(says(&place, place.data, "form", "marked", NULL));
    leave(&place);
}

/* ---- the key -------------------------------------------------------------------------------------- */

static void a_key_that_is_not_there_is_said(void **state)
{
    (void)state;
    struct place place;
    static char bytes[BYTES_MAX];
    enter(&place);
    seal(&place, place.data, "form", "marked", NULL);
    size_t size = get_file(place.key, bytes);
    assert_int_equal(unlink(place.key), 0);
    refused(&place, HR_CODE_secret_key_missing);
    put_file(place.key, "another-0123 hrk_x\n", 19, 0600); /* of another workspace */
    refused(&place, HR_CODE_secret_key_missing);
    put_file(place.key, bytes, size, 0600);
    assert_true(says(&place, place.data, "form", "marked", NULL));
    assert_int_equal(unsetenv("HANDRAIL_KEY_FILE"), 0);
    char *home = strdup(getenv("HOME") != NULL ? getenv("HOME") : "/");
    assert_int_equal(unsetenv("HOME"), 0);
    assert_int_equal(unsetenv("XDG_CONFIG_HOME"), 0);
    refused(&place, HR_CODE_secret_key_missing);
    assert_int_equal(setenv("HOME", home, 1), 0);
    free(home);
    leave(&place);
}

static void a_wrong_key_is_said(void **state)
{
    (void)state;
    struct place place;
    static char bytes[BYTES_MAX];
    enter(&place);
    seal(&place, place.data, "form", "marked", NULL);
    struct hr_text file = {bytes, get_file(place.key, bytes)};
    size_t begin = hr_text_search(file, HR_TEXT("hrk_")) + 4;
    assert_true(begin < file.size);
    bytes[begin] = bytes[begin] == 'A' ? 'B' : 'A';
    put_file(place.key, bytes, file.size, 0600);
    refused(&place, HR_CODE_secret_key_wrong);
    put_file(place.key, bytes, begin + 5, 0600); /* and one that is cut short */
    refused(&place, HR_CODE_secret_key_wrong);
    leave(&place);
}

static void a_key_that_others_may_read_is_refused(void **state)
{
    (void)state;
    struct place place;
    enter(&place);
    seal(&place, place.data, "form", "marked", NULL);
    static const unsigned rights[] = {0640, 0604, 0644, 0666, 0620};
    for (size_t i = 0; i < sizeof rights / sizeof rights[0]; i++) {
        assert_int_equal(chmod(place.key, (mode_t)rights[i]), 0);
        refused(&place, HR_CODE_secret_key_exposed);
    }
    assert_int_equal(chmod(place.key, 0400), 0);
    assert_true(says(&place, place.data, "form", "marked", NULL));
    leave(&place);
}

static void a_key_beside_what_it_protects_is_refused(void **state)
{
    (void)state;
    struct place place;
    struct hr_vault *vault = NULL;
    char inside[160];
    enter(&place);
    (void)snprintf(inside, sizeof inside, "%s/deep/er/key", place.data);
    assert_int_equal(setenv("HANDRAIL_KEY_FILE", inside, 1), 0); /* nothing is made there */
    assert_int_equal(open_for(&place, place.data, true, false, &vault).code, HR_E_INPUT);
    assert_int_equal(place.found.items[0].code, HR_CODE_secret_key_inside);
    assert_int_not_equal(access(inside, F_OK), 0);
    assert_int_equal(setenv("HANDRAIL_KEY_FILE", place.key, 1), 0);
    seal(&place, place.data, "form", "marked", NULL);
    (void)snprintf(inside, sizeof inside, "%s/key", place.data);
    assert_int_equal(rename(place.key, inside), 0);
    assert_int_equal(symlink(inside, place.key), 0); /* nor by way of a link */
    refused(&place, HR_CODE_secret_key_inside);
    leave(&place);
}

static void systemd_may_hand_the_key_over(void **state)
{
    (void)state;
    struct place place;
    char path[512];
    enter(&place);
    seal(&place, place.data, "form", "marked", NULL);
    (void)snprintf(path, sizeof path, "%s", at(&place, "credentials"));
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(rename(place.key, at(&place, "credentials/handrail.key")), 0);
    assert_int_equal(unsetenv("HANDRAIL_KEY_FILE"), 0);
    assert_int_equal(setenv("CREDENTIALS_DIRECTORY", path, 1), 0);
    assert_int_equal(chmod(at(&place, "credentials/handrail.key"), 0440),
                     0); /* as an access list looks */
    assert_true(says(&place, place.data, "form", "marked", NULL));
    assert_int_equal(chmod(at(&place, "credentials/handrail.key"), 0444), 0);
    refused(&place, HR_CODE_secret_key_exposed);
    assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
    leave(&place);
}

static void the_key_is_made_in_the_folder_of_settings(void **state)
{
    (void)state;
    struct place place;
    char config[512];
    enter(&place);
    (void)snprintf(config, sizeof config, "%s", at(&place, "config"));
    assert_int_equal(unsetenv("HANDRAIL_KEY_FILE"), 0);
    assert_int_equal(setenv("XDG_CONFIG_HOME", config, 1), 0);
    seal(&place, place.data, "form", "marked", NULL);
    assert_true(says(&place, place.data, "form", "marked", NULL));
    struct hr_vault *vault = hold(&place, place.data);
    const char *path = hr_vault_key_path(vault);
    assert_memory_equal(path, config, strlen(config));
    assert_memory_equal(path + strlen(config), "/handrail/keys/shop-", 20);
    assert_int_equal(rights_of(path), 0600);
    assert_int_equal(rights_of(at(&place, "config/handrail/keys")), 0700);
    hr_vault_close(vault);
    assert_int_equal(unsetenv("XDG_CONFIG_HOME"), 0);
    leave(&place);
}

static void what_root_writes_belongs_to_the_folders_owner(void **state)
{
    (void)state;
    struct place place;
    struct stat about;
    char path[512];
    if (geteuid() != 0) {
        print_message("SKIP what root writes: only root can give files to others\n");
        skip();
    }
    enter(&place);
    (void)snprintf(path, sizeof path, "%s/secrets.sealed", place.data);
    assert_int_equal(chown(place.data, 12345, 12346), 0);
    for (int i = 0; i < 2; i++) { /* new, and replaced */
        seal(&place, place.data, "form", "marked", NULL);
        assert_int_equal(stat(path, &about), 0);
        assert_int_equal(about.st_uid, 12345);
        assert_int_equal(about.st_gid, 12346);
        assert_int_equal(about.st_mode & 0777, 0600);
    }
    leave(&place);
}

/* ---- a new key, and crashes ----------------------------------------------------------------------- */

static void a_new_key_opens_and_the_old_one_does_not(void **state)
{
    (void)state;
    struct place place;
    static char before[BYTES_MAX];
    enter(&place);
    char other[512];
    (void)snprintf(other, sizeof other, "%s", at(&place, "other"));
    assert_int_equal(mkdir(other, 0700), 0);
    seal(&place, place.data, "form", "marked", "older");
    seal(&place, other, "form", "of the other",
         NULL); /* a second workspace, in the same key file */
    size_t size = get_file(place.key, before);
    struct hr_vault *vault = hold(&place, place.data);
    assert_true(hr_ok(hr_vault_rotate(vault, &place.found)));
    hr_vault_close(vault);
    assert_true(says(&place, place.data, "form", "marked", "older"));
    assert_true(says(&place, other, "form", "of the other", NULL));
    assert_int_equal(rights_of(place.key), 0600);
    put_file(place.key, before, size, 0600);
    refused(&place, HR_CODE_secret_key_wrong);
    assert_true(says(&place, other, "form", "of the other", NULL));
    leave(&place);
}

/* Does it in a child that dies before the n-th step on the disk; true when it came to its end. */
static bool does_until(void (*act)(struct place *place), struct place *place, long n)
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        steps_left = n;
        act(place);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == CRASHED);
    return WEXITSTATUS(status) == 0;
}

static void rotate(struct place *place)
{
    struct hr_vault *vault = NULL;
    if (!hr_ok(open_for(place, place->data, true, false, &vault)) ||
        !hr_ok(hr_vault_rotate(vault, &place->found))) {
        _exit(1);
    }
    hr_vault_close(vault);
}

static void a_crash_while_the_key_changes_loses_nothing(void **state)
{
    (void)state;
    struct place place;
    enter(&place);
    seal(&place, place.data, "form", "marked", "older");
    long n = 0;
    while (!does_until(rotate, &place, n)) {
        assert_true(says(&place, place.data, "form", "marked", "older"));
        assert_int_equal(rights_of(place.key), 0600);
        assert_true(++n < STEPS_MAX);
    }
    assert_true(n >= 9); /* three files, each written, synced, renamed, and its folder synced */
    assert_true(says(&place, place.data, "form", "marked", "older"));
    /* the keys of those who died are gone with the last change */
    static char bytes[BYTES_MAX];
    struct hr_text file = {bytes, get_file(place.key, bytes)};
    size_t first = hr_text_search(file, HR_TEXT("hrk_"));
    struct hr_text rest = hr_text_slice(file, first + 4, file.size);
    assert_int_equal(hr_text_search(rest, HR_TEXT("hrk_")), rest.size);
    leave(&place);
}

static void set_anew(struct place *place)
{
    struct hr_vault *vault = NULL;
    const struct hr_text values[2] = {HR_TEXT("newest"), HR_TEXT("marked")};
    if (!hr_ok(open_for(place, place->data, true, false, &vault)) ||
        !hr_ok(hr_vault_put(vault, HR_TEXT("form"), values, 2, noon)) ||
        !hr_ok(hr_vault_save(vault, &place->found))) {
        _exit(1);
    }
    hr_vault_close(vault);
}

static void a_crash_while_one_is_set_leaves_the_old_or_the_new(void **state)
{
    (void)state;
    struct place place;
    enter(&place);
    bool done = false;
    for (long n = 0; !done; n++) { /* from nothing: the first key is made, too */
        done = does_until(set_anew, &place, n);
        bool none = says(&place, place.data, "form", NULL, NULL);
        assert_true(none ? !done : says(&place, place.data, "form", "newest", "marked"));
        assert_true(n < STEPS_MAX);
    }
    seal(&place, place.data, "form", "marked", NULL);
    for (long n = 0; !does_until(set_anew, &place, n); n++) {
        assert_true(says(&place, place.data, "form", "marked", NULL) ||
                    says(&place, place.data, "form", "newest", "marked"));
        assert_true(n < STEPS_MAX);
    }
    assert_true(says(&place, place.data, "form", "newest", "marked"));
    leave(&place);
}

static void rotate_often(struct place *place)
{
    for (int i = 0; i < 30; i++) {
        rotate(place);
    }
}

static void who_reads_while_the_key_changes_gets_the_value(void **state)
{
    (void)state;
    struct place place;
    int status = 0;
    enter(&place);
    seal(&place, place.data, "form", "marked", NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        rotate_often(&place);
        _exit(0);
    }
    size_t reads = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        struct hr_arena_mark mark = hr_arena_mark(&place.arena);
        assert_true(says(&place, place.data, "form", "marked", NULL));
        hr_arena_rewind(&place.arena, mark);
        reads++;
    }
    assert_int_equal(status, 0);
    assert_true(reads > 0);
    leave(&place);
}

/* ---- plain files of older releases ---------------------------------------------------------------- */

static void plain(const struct place *place, const char *name, const char *text)
{
    char path[200];
    (void)snprintf(path, sizeof path, "%s/secrets", place->data);
    (void)mkdir(path, 0700);
    (void)snprintf(path, sizeof path, "%s/secrets/%s", place->data, name);
    put_file(path, text, strlen(text), 0600);
}

static hr_status take(struct place *place, size_t *ret_count)
{
    struct hr_vault *vault = NULL;
    hr_status status = open_for(place, place->data, true, true, &vault);
    if (hr_ok(status)) {
        status = hr_vault_take_plain(vault, noon, &place->found, ret_count);
    }
    hr_vault_close(vault);
    return status;
}

static void plain_files_are_refused_until_they_are_taken_over(void **state)
{
    (void)state;
    struct place place;
    struct stat about;
    size_t count = 0;
    char path[512];
    enter(&place);
    plain(&place, "form", "marked new\n\n marked old \n");
    plain(&place, "checkout", "marked whsec");
    plain(&place, "empty", "\n");
    refused(&place, HR_CODE_secrets_plain);
    assert_true(hr_ok(take(&place, &count)));
    assert_int_equal(count, 3);
    assert_true(says(&place, place.data, "form", "marked new", "marked old"));
    assert_true(says(&place, place.data, "checkout", "marked whsec", NULL));
    assert_true(says(&place, place.data, "empty", NULL, NULL));
    (void)snprintf(path, sizeof path, "%s/secrets", place.data);
    assert_int_not_equal(stat(path, &about), 0);
    assert_true(hr_ok(take(&place, &count))); /* once more does nothing */
    assert_int_equal(count, 0);
    leave(&place);
}

static void a_plain_file_that_says_something_else_is_never_deleted(void **state)
{
    (void)state;
    struct place place;
    size_t count = 0;
    char path[512];
    enter(&place);
    seal(&place, place.data, "form", "marked sealed", NULL);
    plain(&place, "form", "marked plain\n");
    plain(&place, "checkout", "marked whsec\n");
    assert_int_equal(take(&place, &count).code, HR_E_INPUT);
    assert_int_equal(place.found.items[0].code, HR_CODE_secrets_plain);
    (void)snprintf(path, sizeof path, "%s/secrets/form", place.data);
    assert_int_equal(access(path, F_OK), 0);
    (void)snprintf(path, sizeof path, "%s/secrets/checkout", place.data);
    assert_int_equal(access(path, F_OK), 0);
    plain(&place, "form", "marked sealed\n"); /* the same is no conflict: a crash leaves it so */
    assert_true(hr_ok(take(&place, &count)));
    plain(&place, "Not-A-Name", "marked\n");
    assert_int_equal(take(&place, &count).code, HR_E_INPUT);
    leave(&place);
}

static void take_over(struct place *place)
{
    size_t count = 0;
    if (!hr_ok(take(place, &count))) {
        _exit(1);
    }
}

static bool still_plain(const struct place *place, const char *name, const char *text)
{
    char path[200];
    static char bytes[BYTES_MAX];
    (void)snprintf(path, sizeof path, "%s/secrets/%s", place->data, name);
    return access(path, F_OK) == 0 && get_file(path, bytes) == strlen(text) &&
           memcmp(bytes, text, strlen(text)) == 0;
}

/* The value is in its plain file, or in the sealed one that opens. */
static bool is_somewhere(struct place *place, const char *name, const char *value)
{
    struct hr_vault *vault = NULL;
    if (still_plain(place, name, value)) {
        return true;
    }
    if (!hr_ok(open_for(place, place->data, false, true, &vault))) {
        return false;
    }
    const struct hr_secret *secret = hr_vault_sealed(vault, hr_text_from(name));
    bool there = secret != NULL && hr_text_equal(secret->values[0], hr_text_from(value));
    hr_vault_close(vault);
    return there;
}

static void a_crash_while_plain_files_are_taken_over_loses_nothing(void **state)
{
    (void)state;
    struct place place;
    enter(&place);
    plain(&place, "form", "marked");
    plain(&place, "checkout", "whsec");
    plain(&place, "portal", "key");
    for (long n = 0; !does_until(take_over, &place, n); n++) {
        assert_true(is_somewhere(&place, "form", "marked"));
        assert_true(is_somewhere(&place, "checkout", "whsec"));
        assert_true(is_somewhere(&place, "portal", "key"));
        assert_true(n < STEPS_MAX);
    }
    assert_true(says(&place, place.data, "form", "marked", NULL));
    assert_true(says(&place, place.data, "checkout", "whsec", NULL));
    assert_true(says(&place, place.data, "portal", "key", NULL));
    leave(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_is_found_by_its_name_and_nothing_else),
        cmocka_unit_test(the_environment_wins),
        cmocka_unit_test(what_is_removed_is_gone),
        cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(the_sealed_file_shows_nothing),
        cmocka_unit_test(one_changed_byte_is_enough_to_refuse_all),
        cmocka_unit_test(a_key_that_is_not_there_is_said),
        cmocka_unit_test(a_wrong_key_is_said),
        cmocka_unit_test(a_key_that_others_may_read_is_refused),
        cmocka_unit_test(a_key_beside_what_it_protects_is_refused),
        cmocka_unit_test(systemd_may_hand_the_key_over),
        cmocka_unit_test(the_key_is_made_in_the_folder_of_settings),
        cmocka_unit_test(what_root_writes_belongs_to_the_folders_owner),
        cmocka_unit_test(a_new_key_opens_and_the_old_one_does_not),
        cmocka_unit_test(a_crash_while_the_key_changes_loses_nothing),
        cmocka_unit_test(a_crash_while_one_is_set_leaves_the_old_or_the_new),
        cmocka_unit_test(who_reads_while_the_key_changes_gets_the_value),
        cmocka_unit_test(plain_files_are_refused_until_they_are_taken_over),
        cmocka_unit_test(a_plain_file_that_says_something_else_is_never_deleted),
        cmocka_unit_test(a_crash_while_plain_files_are_taken_over_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
