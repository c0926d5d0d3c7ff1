/* What `init` leaves behind: a workspace that checks, a data folder for its owner's eyes alone, a journal with the plan
 * and the first admin's token. */
#include "cli/cli.h"
#include "cli/cli_inside.h"
#include "server/api.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char base[64];
static char said[8192]; /* on stdout by the newest run */

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    return remove(path);
}

static int begin(void **state)
{
    (void)state;
    (void)snprintf(base, sizeof base, "/tmp/handrail-init-XXXXXX");
    static char key[96];
    bool made = mkdtemp(base) != NULL;
    (void)snprintf(key, sizeof key, "%s/elsewhere/keys", base);
    return !made || setenv("HANDRAIL_KEY_FILE", key, 1) != 0;
}

static int end(void **state)
{
    (void)state;
    return nftw(base, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static const char *inside(const char *name)
{
    static char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", base, name);
    return path;
}

/* Runs a command line with stdout and stderr kept; answers the exit code. */
static int run(int count, ...)
{
    char *words[16] = {NULL};
    char *kept[16] = {NULL}; /* the command line takes its words out of the list */
    va_list arguments;
    words[0] = kept[0] = strdup("handrail");
    va_start(arguments, count);
    for (int i = 1; i <= count; i++) {
        words[i] = kept[i] = strdup(va_arg(arguments, const char *));
    }
    va_end(arguments);
    (void)fflush(stdout);
    (void)fflush(stderr);
    int kept_out = dup(1);
    int kept_err = dup(2);
    int file = open(inside("said"), O_RDWR | O_CREAT | O_TRUNC, 0600);
    int nowhere = open("/dev/null", O_WRONLY);
    (void)dup2(file, 1);
    (void)dup2(nowhere, 2);
    int code = hr_cli_run(count + 1, words);
    (void)fflush(stdout);
    (void)dup2(kept_out, 1);
    (void)dup2(kept_err, 2);
    ssize_t got = pread(file, said, sizeof said - 1, 0);
    said[got > 0 ? got : 0] = '\0';
    (void)close(file);
    (void)close(nowhere);
    (void)close(kept_out);
    (void)close(kept_err);
    for (int i = 0; i <= count; i++) {
        free(kept[i]);
    }
    return code;
}

static unsigned mode_of(const char *name)
{
    struct stat about;
    return stat(inside(name), &about) == 0 ? about.st_mode & 0777 : 0;
}

static void the_example_becomes_a_workspace_with_a_journal(void **state)
{
    (void)state;
    assert_int_equal(run(4, "init", "--example", "coaching", inside("shop")), HR_EXIT_ok);
    assert_memory_equal(said, "hrt_", 4);
    assert_int_equal(strlen(said), 4 + 43 + 1);
    assert_int_equal(mode_of("shop/.handrail"), 0700);
    assert_int_equal(mode_of("shop/.handrail/token"), 0600);
    assert_int_equal(mode_of("shop/.handrail/secrets.sealed"), 0600);
    assert_int_equal(mode_of("elsewhere/keys"), 0600);
    assert_int_equal(mode_of("elsewhere"), 0700);
    assert_int_equal(mode_of("shop/.handrail/settings.yaml"), 0600);
    assert_int_equal(run(2, "check", inside("shop")), HR_EXIT_ok);
    assert_int_equal(run(3, "verify", "--dir", inside("shop")), HR_EXIT_ok);
    assert_int_equal(run(3, "rebuild", "--dir", inside("shop")), HR_EXIT_ok);
}

static void the_journal_knows_the_token_by_its_digest_alone(void **state)
{
    struct hr_arena arena;
    struct hr_store_reader *reader = NULL;
    struct hr_record *record = NULL;
    struct hr_text token = HR_TEXT_NONE;
    (void)state;
    assert_int_equal(run(4, "init", "--example", "coaching", inside("known")), HR_EXIT_ok);
    hr_arena_init(&arena, 16 << 20);
    assert_true(hr_ok(hr_file_read(inside("known/.handrail/token"), 256, &arena, &token)));
    assert_true(hr_text_equal(token, hr_text_from(said)));
    struct hr_digest digest = hr_token_digest(hr_text_trim(token));
    const struct hr_store_options options = {.folder = inside("known/.handrail")};
    assert_true(hr_ok(hr_store_reader_open(&options, &reader)));
    assert_true(hr_ok(hr_store_reader_begin(reader)));
    assert_true(hr_ok(hr_store_read_record(reader, HR_ID_WORKSPACE, &arena, &record)));
    assert_int_equal(record->workspace->token_count, 1);
    assert_int_equal(record->workspace->plan_number, 1);
    assert_memory_equal(record->workspace->tokens[0].digest.data, digest.bytes,
                        sizeof digest.bytes);
    assert_int_equal(record->workspace->tokens[0].role, HR_ROLE_admin);
    hr_store_reader_end(reader);
    hr_store_reader_close(reader);
    hr_arena_close(&arena);
}

static void the_small_workspace_checks_without_a_warning(void **state)
{
    (void)state;
    assert_int_equal(run(2, "init", inside("small")), HR_EXIT_ok);
    assert_int_equal(run(2, "check", inside("small")), HR_EXIT_ok);
    assert_memory_equal(said, "0 errors, 0 warnings in 1 file", 30);
}

static void nothing_that_is_there_is_overwritten(void **state)
{
    (void)state;
    assert_int_equal(run(4, "init", "--example", "coaching", inside("twice")), HR_EXIT_ok);
    assert_int_equal(run(2, "init", inside("twice")), HR_EXIT_refused);
    assert_int_equal(run(4, "init", "--example", "coaching", inside("twice")), HR_EXIT_refused);
    assert_int_equal(run(4, "init", "--example", "cooking", inside("other")), HR_EXIT_wrong_use);
    assert_int_equal(run(4, "init", "--example", "b2b", inside("sales")), HR_EXIT_ok);
    assert_int_equal(run(2, "check", inside("sales")), HR_EXIT_ok);
    assert_int_equal(access(inside("other"), F_OK), -1);
}

static void a_workspace_without_data_folder_keeps_its_files(void **state)
{
    (void)state;
    assert_int_equal(run(2, "init", inside("clone")), HR_EXIT_ok);
    char from[256];
    (void)snprintf(from, sizeof from, "%s", inside("clone/.handrail"));
    assert_int_equal(nftw(from, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
    int file = open(inside("clone/handrail.yaml"), O_WRONLY | O_APPEND);
    assert_int_equal(write(file, "# mine\n", 7), 7);
    (void)close(file);
    assert_int_equal(run(4, "init", "--example", "coaching", inside("clone")), HR_EXIT_refused);
    assert_int_equal(run(2, "init", inside("clone")), HR_EXIT_ok);
    struct hr_arena arena;
    struct hr_text bytes = HR_TEXT_NONE;
    hr_arena_init(&arena, 1 << 20);
    assert_true(hr_ok(hr_file_read(inside("clone/handrail.yaml"), 1 << 16, &arena, &bytes)));
    assert_true(hr_text_ends(bytes, HR_TEXT("# mine\n")));
    hr_arena_close(&arena);
}

static void a_folder_without_handrail_is_said_so(void **state)
{
    (void)state;
    assert_int_equal(run(3, "verify", "--dir", inside("nowhere")), HR_EXIT_wrong_use);
    assert_int_equal(run(4, "why", "x", "--dir", inside("nowhere")), HR_EXIT_wrong_use);
    assert_int_equal(run(2, "check", inside("nowhere")), HR_EXIT_found_errors);
    assert_int_equal(run(4, "verify", "--json", "--dir", inside("nowhere")), HR_EXIT_wrong_use);
    assert_memory_equal(said, "{\"errors\":[{\"code\":\"E0605\"", 25);
}

/* As when the machine stopped between making the journal and publishing the files. */
static void a_journal_without_a_plan_is_said_so(void **state)
{
    (void)state;
    struct hr_store *store = NULL;
    assert_int_equal(mkdir(inside("planless"), 0700), 0);
    const struct hr_store_options options = {.folder = inside("planless/.handrail"),
                                             .create = true};
    assert_true(hr_ok(hr_store_open(&options, &store)));
    hr_store_close(store);
    assert_int_equal(run(5, "path", "show", "--json", "--dir", inside("planless")), HR_EXIT_failed);
    assert_non_null(strstr(said, "\"E0633\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_becomes_a_workspace_with_a_journal),
        cmocka_unit_test(the_journal_knows_the_token_by_its_digest_alone),
        cmocka_unit_test(the_small_workspace_checks_without_a_warning),
        cmocka_unit_test(nothing_that_is_there_is_overwritten),
        cmocka_unit_test(a_workspace_without_data_folder_keeps_its_files),
        cmocka_unit_test(a_folder_without_handrail_is_said_so),
        cmocka_unit_test(a_journal_without_a_plan_is_said_so),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
