/* The files that a daemon and its command line share: found in order, refused with a place, never followed outside. */
#include "server/files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A folder of its own for each test. */
struct place {
    struct hr_arena arena;
    struct hr_diagnostics found;
    char folder[64];
};

static void write_file(const struct place *place, const char *name, const char *text)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", place->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static void make_folder(const struct place *place, const char *name)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", place->folder, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void enter(struct place *place)
{
    hr_arena_init(&place->arena, 64 << 20);
    hr_diagnostics_init(&place->found, &place->arena);
    (void)snprintf(place->folder, sizeof place->folder, "/tmp/handrail-files-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
}

static void leave(struct place *place)
{
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf %s", place->folder);
    assert_int_equal(system(command), 0);
    hr_arena_close(&place->arena);
}

static void files_come_in_path_order_and_hidden_ones_stay_out(void **state)
{
    (void)state;
    struct place place;
    struct hr_file *files = NULL;
    size_t count = 0;
    enter(&place);
    make_folder(&place, "paths");
    make_folder(&place, ".handrail");
    write_file(&place, "tools.yaml", "a: b\n");
    write_file(&place, "contacts.yaml", "c: d\n");
    write_file(&place, "paths/one.yaml", "e: f\n");
    write_file(&place, "notes.txt", "not for us\n");
    write_file(&place, ".handrail/settings.yaml", "port: 1\n");
    assert_true(hr_ok(hr_files_read(place.folder, &place.arena, &place.found, &files, &count)));
    assert_int_equal(count, 3);
    assert_true(hr_text_equal(files[0].path, HR_TEXT("contacts.yaml")));
    assert_true(hr_text_equal(files[1].path, HR_TEXT("paths/one.yaml")));
    assert_true(hr_text_equal(files[2].path, HR_TEXT("tools.yaml")));
    assert_true(hr_text_equal(files[2].bytes, HR_TEXT("a: b\n")));
    leave(&place);
}

static void a_folder_that_is_not_there_is_said(void **state)
{
    (void)state;
    struct place place;
    struct hr_file *files = NULL;
    size_t count = 0;
    enter(&place);
    assert_false(
        hr_ok(hr_files_read("/nowhere/at/all", &place.arena, &place.found, &files, &count)));
    assert_int_equal(place.found.items[0].code, HR_CODE_file_missing);
    leave(&place);
}

/* The whole tree below is nothing that anybody named. */
static void a_folder_that_is_no_workspace_is_not_searched(void **state)
{
    (void)state;
    struct place place;
    struct hr_file *files = NULL;
    size_t count = 0;
    enter(&place);
    make_folder(&place, "a");
    make_folder(&place, "a/b");
    write_file(&place, "a/b/deep.yaml", "a: b\n");
    write_file(&place, "a/compose.yaml", "version: '3'\nnot_workspace: 1\n");
    assert_false(hr_files_is_workspace(place.folder, &place.arena));
    assert_int_equal(hr_files_read(place.folder, &place.arena, &place.found, &files, &count).code,
                     HR_E_INPUT);
    assert_int_equal(place.found.count, 1);
    assert_int_equal(place.found.items[0].code, HR_CODE_workspace_empty);
    write_file(&place, "a/shop.yaml", "version: 1\nworkspace: shop\n");
    assert_true(hr_files_is_workspace(place.folder, &place.arena));
    assert_true(hr_ok(hr_files_read(place.folder, &place.arena, &place.found, &files, &count)));
    assert_int_equal(count, 3);
    leave(&place);
}

static void what_cannot_be_read_says_what_to_do(void **state)
{
    (void)state;
    struct place place;
    struct hr_file *files = NULL;
    size_t count = 0;
    char link[128];
    enter(&place);
    (void)snprintf(link, sizeof link, "%s/round.yaml", place.folder);
    write_file(&place, "shop.yaml", "workspace: shop\n");
    assert_int_equal(symlink("round.yaml", link), 0);
    assert_false(hr_ok(hr_files_read(place.folder, &place.arena, &place.found, &files, &count)));
    assert_true(hr_text_equal(place.found.items[0].message,
                              HR_TEXT("round.yaml is a link that leads in a circle")));
    assert_true(hr_text_equal(place.found.items[0].help,
                              HR_TEXT("remove the link, or let it lead to a file")));
    write_file(&place, "shop.yaml", "version: 1\n");
    assert_false(hr_ok(hr_files_read(place.folder, &place.arena, &place.found, &files, &count)));
    assert_true(
        hr_text_starts(place.found.items[1].help, HR_TEXT("no file here says `workspace:`")));
    leave(&place);
}

static void what_looks_like_a_part_is_warned_of(void **state)
{
    (void)state;
    struct place place;
    struct hr_file *files = NULL;
    size_t count = 0;
    enter(&place);
    make_folder(&place, "messages");
    write_file(&place, "shop.yaml", "workspace: shop\n");
    write_file(&place, "tools.yml", "tools: {}\n");
    write_file(&place, "welcome.md", "---\nsubject: Hello\n---\nHello\n");
    write_file(&place, "messages/hello.md", "---\nsubject: Hello\n---\nHello\n");
    write_file(&place, "README.md", "# The shop\n\n---\nsubject: none\n");
    assert_true(hr_ok(hr_files_read(place.folder, &place.arena, &place.found, &files, &count)));
    assert_int_equal(count, 2);
    assert_int_equal(place.found.count, 2);
    assert_int_equal(place.found.error_count, 0);
    assert_int_equal(place.found.items[0].code, HR_CODE_file_passed_over);
    assert_true(hr_text_equal(place.found.items[0].place.file, HR_TEXT("tools.yml")));
    assert_true(hr_text_equal(place.found.items[1].place.file, HR_TEXT("welcome.md")));
    leave(&place);
}

static void a_file_set_survives_as_one_text(void **state)
{
    (void)state;
    struct place place;
    struct hr_file *back = NULL;
    size_t count = 0;
    const struct hr_file files[] = {{HR_TEXT("a.yaml"), HR_TEXT("one\n")},
                                    {HR_TEXT("b/c.yaml"), HR_TEXT("")}};
    enter(&place);
    struct hr_text bundle = hr_files_bundle(files, 2, &place.arena);
    assert_true(hr_files_unbundle(bundle, &place.arena, &back, &count));
    assert_int_equal(count, 2);
    assert_true(hr_text_equal(back[0].bytes, HR_TEXT("one\n")));
    assert_true(hr_text_equal(back[1].path, HR_TEXT("b/c.yaml")));
    for (size_t size = 0; size < bundle.size; size++) {
        assert_false(
            hr_files_unbundle(hr_text_slice(bundle, 0, size), &place.arena, &back, &count));
    }
    leave(&place);
}

static void add_large_files(const struct place *place, int count)
{
    enum { SIZE = 1 << 20 };
    char *text = malloc(SIZE);
    char name[32];
    assert_non_null(text);
    memset(text, '#', SIZE);
    for (int i = 0; i < count; i++) {
        text[SIZE - 1 - i] = '\0'; /* a little smaller each */
        (void)snprintf(name, sizeof name, "part_%d.yaml", i);
        write_file(place, name, text);
    }
    free(text);
}

/* Each file may be there, but not all of them: the journal keeps them as one piece. `check` says so, and not `serve`
 * later, when the store refuses them. */
static void a_workspace_that_the_journal_cannot_hold_is_refused_where_it_is_read(void **state)
{
    (void)state;
    struct place place;
    struct hr_file *files = NULL;
    size_t count = 0;
    enter(&place);
    add_large_files(&place, 3);
    assert_true(hr_ok(hr_files_read(place.folder, &place.arena, &place.found, &files, &count)));
    assert_true(hr_files_bundle(files, count, &place.arena).size > 0);
    add_large_files(&place, 4);
    assert_int_equal(hr_files_read(place.folder, &place.arena, &place.found, &files, &count).code,
                     HR_E_INPUT);
    assert_int_equal(place.found.items[0].code, HR_CODE_workspace_too_large);
    assert_true(hr_text_equal(place.found.items[0].place.file, HR_TEXT("part_3.yaml")));
    leave(&place);
}

static void a_bundle_that_finds_no_room_is_no_bundle(void **state)
{
    (void)state;
    struct hr_arena small;
    static char bytes[32 << 10];
    const struct hr_file file = {HR_TEXT("a.yaml"), {bytes, sizeof bytes}};
    hr_arena_init(&small, 16 << 10);
    assert_null(hr_files_bundle(&file, 1, &small).data);
    hr_arena_close(&small);
}

static void settings_have_defaults_and_every_key_is_read(void **state)
{
    (void)state;
    struct place place;
    struct hr_settings settings;
    enter(&place);
    assert_true(hr_ok(hr_settings_read(place.folder, &place.arena, &place.found, &settings)));
    assert_int_equal(settings.port, 8080);
    assert_true(hr_text_equal(settings.address, HR_TEXT("127.0.0.1")));
    write_file(&place, "settings.yaml",
               "listen: 0.0.0.0\nport: 9000\nurl: https://h.example.com\nkeep_live: 5000\nallow: "
               "[127.0.0.1:99]\n"
               "mail: {host: mail.example.com, port: 25, tls: none, user: me, password: "
               "mail_secret, from: h@example.com}\n");
    assert_true(hr_ok(hr_settings_read(place.folder, &place.arena, &place.found, &settings)));
    assert_int_equal(settings.port, 9000);
    assert_int_equal(settings.keep_live, 5000);
    assert_int_equal(settings.mail.tls, HR_MAIL_TLS_none);
    assert_int_equal(settings.allow_count, 1);
    assert_true(hr_text_equal(settings.mail.secret, HR_TEXT("mail_secret")));
    leave(&place);
}

static void a_tool_may_have_a_mail_server_of_its_own(void **state)
{
    (void)state;
    struct place place;
    struct hr_settings settings;
    enter(&place);
    write_file(&place, "settings.yaml",
               "mail: {host: mail.example.com, from: h@example.com}\n"
               "tools:\n"
               "  course_platform: {base: \"http://127.0.0.1:8801/\"}\n"
               "  letters: {mail: {host: smtp.example.com, port: 465, tls: from_start, user: me, "
               "password: letters_password}}\n");
    assert_true(hr_ok(hr_settings_read(place.folder, &place.arena, &place.found, &settings)));
    const struct hr_mail_settings *mail = hr_mail_settings_of(&settings, HR_TEXT("letters"));
    assert_true(hr_text_equal(mail->host, HR_TEXT("smtp.example.com")));
    assert_int_equal(mail->port, 465);
    assert_int_equal(mail->tls, HR_MAIL_TLS_from_start);
    assert_true(hr_text_equal(mail->secret, HR_TEXT("letters_password")));
    assert_ptr_equal(hr_mail_settings_of(&settings, HR_TEXT("course_platform")), &settings.mail);
    assert_ptr_equal(hr_mail_settings_of(&settings, HR_TEXT("nobody")), &settings.mail);
    assert_int_equal(settings.tool_count, 2);
    assert_true(hr_text_equal(settings.tools[0].base, HR_TEXT("http://127.0.0.1:8801")));
    leave(&place);
}

static void a_wrong_setting_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t line;
    } cases[] = {{"port: many\n", 1},
                 {"listen: 127.0.0.1\nprt: 1\n", 2},
                 {"port: 70000\n", 1},
                 {"mail: {tls: perhaps}\n", 1},
                 {"keep_live: 3\n", 1},
                 {"mail:\n  hots: x\n", 2},
                 {"mail: smtp.example.com\n", 1},
                 {"port: 1\nmail: [smtp.example.com]\n", 2},
                 {"tools:\n  letters:\n    mail: {port: 25}\n", 3}, /* through which server? */
                 {"tools:\n  letters:\n    mail: {host: x, from: me@x.example}\n", 3},
                 {"tools:\n  letters: smtp.example.com\n", 2},
                 {"- port: 8080\n", 1},
                 {"port\n", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct place place;
        struct hr_settings settings;
        enter(&place);
        write_file(&place, "settings.yaml", cases[i].text);
        struct hr_arena host; /* a daemon that does not start is gone before anybody reads why */
        hr_arena_init(&host, 1 << 20);
        assert_false(hr_ok(hr_settings_read(place.folder, &host, &place.found, &settings)));
        hr_arena_close(&host);
        assert_int_equal(place.found.items[0].code, HR_CODE_settings_wrong);
        assert_int_equal(place.found.items[0].place.line, cases[i].line);
        (void)hr_text_hash(place.found.items[0].message);
        (void)hr_text_hash(place.found.items[0].help);
        leave(&place);
    }
}

static void assert_settings_refused(struct place *place)
{
    struct hr_settings settings;
    hr_diagnostics_init(&place->found, &place->arena);
    assert_int_equal(hr_settings_read(place->folder, &place->arena, &place->found, &settings).code,
                     HR_E_INPUT);
    assert_int_equal(place->found.items[0].code, HR_CODE_settings_wrong);
}

/* A daemon that started without them would send no mail, and nobody would know why. */
static void settings_that_are_there_and_cannot_be_read_are_not_taken_as_absent(void **state)
{
    (void)state;
    struct place place;
    char path[128];
    static char large[65 << 10];
    enter(&place);
    memset(large, '#', sizeof large - 1);
    write_file(&place, "settings.yaml", large);
    assert_settings_refused(&place);
    (void)snprintf(path, sizeof path, "%s/settings.yaml", place.folder);
    if (geteuid() != 0) { /* who may do everything may read it */
        write_file(&place, "settings.yaml", "port: 1\n");
        assert_int_equal(chmod(path, 0), 0);
        assert_settings_refused(&place);
    }
    assert_int_equal(remove(path), 0);
    make_folder(&place, "settings.yaml");
    assert_settings_refused(&place);
    leave(&place);
}

static void settings_may_say_nothing(void **state)
{
    (void)state;
    static const char *const cases[] = {"", "# port: 8080\n",
                                        "port: 8080\nmail:\n  # host: later\n"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct place place;
        struct hr_settings settings;
        enter(&place);
        write_file(&place, "settings.yaml", cases[i]);
        assert_true(hr_ok(hr_settings_read(place.folder, &place.arena, &place.found, &settings)));
        assert_int_equal(settings.port, 8080);
        leave(&place);
    }
}

static void zones_are_names_and_never_paths(void **state)
{
    (void)state;
    struct place place;
    enter(&place);
    assert_true(hr_zone_bytes(&place.arena, HR_TEXT("Europe/London")).size > 0);
    assert_int_equal(hr_zone_bytes(&place.arena, HR_TEXT("Europe/Nowhere")).size, 0);
    assert_int_equal(hr_zone_bytes(&place.arena, HR_TEXT("../../../etc/passwd")).size, 0);
    assert_int_equal(hr_zone_bytes(&place.arena, HR_TEXT("/etc/passwd")).size, 0);
    assert_int_equal(hr_zone_bytes(&place.arena, HR_TEXT("")).size, 0);
    leave(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_come_in_path_order_and_hidden_ones_stay_out),
        cmocka_unit_test(a_folder_that_is_not_there_is_said),
        cmocka_unit_test(a_folder_that_is_no_workspace_is_not_searched),
        cmocka_unit_test(what_cannot_be_read_says_what_to_do),
        cmocka_unit_test(what_looks_like_a_part_is_warned_of),
        cmocka_unit_test(a_file_set_survives_as_one_text),
        cmocka_unit_test(a_workspace_that_the_journal_cannot_hold_is_refused_where_it_is_read),
        cmocka_unit_test(a_bundle_that_finds_no_room_is_no_bundle),
        cmocka_unit_test(settings_have_defaults_and_every_key_is_read),
        cmocka_unit_test(a_tool_may_have_a_mail_server_of_its_own),
        cmocka_unit_test(a_wrong_setting_is_refused_with_its_place),
        cmocka_unit_test(settings_that_are_there_and_cannot_be_read_are_not_taken_as_absent),
        cmocka_unit_test(settings_may_say_nothing),
        cmocka_unit_test(zones_are_names_and_never_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
