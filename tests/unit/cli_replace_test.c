/* How the command line puts a new text into a file that people have: whole or not at all, with its mode, through links,
 * and never over what somebody else wrote meanwhile. */
#include "cli/cli_inside.h"

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
static char file[128];
static struct hr_cli cli;

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    return remove(path);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_true(fputs(text, stream) >= 0);
    assert_int_equal(fclose(stream), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static int begin(void **state)
{
    (void)state;
    (void)snprintf(base, sizeof base, "/tmp/handrail-replace-XXXXXX");
    assert_non_null(mkdtemp(base));
    (void)snprintf(file, sizeof file, "%s/a.yaml", base);
    write_file(file, "a: 1\n", 0640);
    cli = (struct hr_cli){.json = false};
    hr_arena_init(&cli.arena, 16 << 20);
    hr_diagnostics_init(&cli.found, &cli.arena);
    return 0;
}

static int end(void **state)
{
    (void)state;
    hr_arena_close(&cli.arena);
    return nftw(base, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void assert_file(const char *path, const char *text)
{
    struct hr_text bytes = HR_TEXT_NONE;
    assert_true(hr_ok(hr_file_read(path, 1024, &cli.arena, &bytes)));
    assert_true(hr_text_equal(bytes, hr_text_from(text)));
}

static void the_text_is_new_and_the_mode_is_old(void **state)
{
    (void)state;
    struct stat about;
    char link[160];
    (void)snprintf(link, sizeof link, "%s/link.yaml", base);
    assert_int_equal(symlink("a.yaml", link), 0);
    assert_int_equal(hr_cli_replace_file(&cli, link, HR_TEXT("a: 1\n"), HR_TEXT("a: 2\n")), 0);
    assert_file(file, "a: 2\n");
    assert_int_equal(stat(file, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0640);
    assert_int_equal(lstat(link, &about), 0);
    assert_true(S_ISLNK(about.st_mode));
}

static void what_somebody_wrote_meanwhile_stays(void **state)
{
    (void)state;
    static const char *const others[] = {"a: 3\n", "a: 1\nb: 2\n", ""};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        hr_diagnostics_init(&cli.found, &cli.arena);
        write_file(file, others[i], 0640);
        assert_int_equal(hr_cli_replace_file(&cli, file, HR_TEXT("a: 1\n"), HR_TEXT("a: 2\n")),
                         HR_EXIT_refused);
        assert_int_equal(cli.found.items[0].code, HR_CODE_file_changed);
        assert_file(file, others[i]);
    }
}

static void what_cannot_be_written_stays(void **state)
{
    (void)state;
    char missing[160];
    (void)snprintf(missing, sizeof missing, "%s/nowhere/b.yaml", base);
    assert_int_equal(hr_cli_replace_file(&cli, missing, HR_TEXT("a"), HR_TEXT("b")),
                     HR_EXIT_failed);
    assert_int_equal(cli.found.items[0].code, HR_CODE_cannot_write);
    if (geteuid() == 0) {
        return; /* root may write anything */
    }
    assert_int_equal(chmod(file, 0440), 0);
    assert_int_equal(hr_cli_replace_file(&cli, file, HR_TEXT("a: 1\n"), HR_TEXT("a: 2\n")),
                     HR_EXIT_failed);
    assert_file(file, "a: 1\n");
}

static void who_only_asks_writes_nothing(void **state)
{
    (void)state;
    assert_int_equal(hr_cli_may_replace(&cli, file, HR_TEXT("a: 1\n")), HR_EXIT_ok);
    assert_int_equal(hr_cli_may_replace(&cli, file, HR_TEXT("a: 0\n")),
                     hr_code_info(HR_CODE_file_changed)->exit_code);
    assert_int_equal(hr_diagnostics_error(&cli.found)->code, HR_CODE_file_changed);
    assert_file(file, "a: 1\n");
}

#define story(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(the_text_is_new_and_the_mode_is_old),
        story(what_somebody_wrote_meanwhile_stays),
        story(what_cannot_be_written_stays),
        story(who_only_asks_writes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
