/* What the command line makes of its words: verbs of one and two words, flags before and behind, slips. */
#include "cli/cli_inside.h"
#include "net/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WORDS_MAX = 16 };

static struct hr_arena arena;
static struct hr_cli cli;
static char *words[WORDS_MAX];
static int word_count;

/* "a 'b c' d" as the words of a command line. */
static bool parse(const char *line)
{
    static char text[512];
    char *at = text;
    (void)snprintf(text, sizeof text, "handrail %s", line);
    word_count = 0;
    while (*at != '\0' && word_count < WORDS_MAX) {
        char end = *at == '\'' ? '\'' : ' ';
        at += end == '\'';
        words[word_count++] = at;
        at += strcspn(at, end == '\'' ? "'" : " ");
        while (*at == end || *at == ' ') {
            *at++ = '\0';
        }
    }
    hr_arena_close(&arena);
    hr_arena_close(&cli.arena);
    cli = (struct hr_cli){.json = false};
    hr_diagnostics_init(&cli.found, &arena);
    hr_arena_init(&cli.arena, 1 << 20);
    return hr_cli_parse(&cli, word_count, words);
}

static int begin(void **state)
{
    (void)state;
    hr_arena_init(&arena, 1 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    hr_arena_close(&cli.arena);
    hr_arena_close(&arena);
    return 0;
}

static void a_line_becomes_a_verb_its_words_and_its_flags(void **state)
{
    static const struct {
        const char *line;
        const char *verb;
        const char *objects; /* with '|' between */
        const char *flag;
        const char *value;
    } cases[] = {
        {"serve --port 0", "serve", "", "port", "0"},
        {"--dir shop serve", "serve", "", "dir", "shop"},
        {"exceptions", "exceptions ls", "", NULL, NULL},
        {"exceptions ls --state=all", "exceptions ls", "", "state", "all"},
        {"exceptions assign H-1 priya", "exceptions assign", "H-1|priya", NULL, NULL},
        {"exceptions note H-1 'called her' --dir=x", "exceptions note", "H-1|called her", "dir",
         "x"},
        {"why ada@example.com course_access", "why", "ada@example.com|course_access", NULL, NULL},
        {"why --not payment_to_access ada@example.com", "why", "ada@example.com", "not",
         "payment_to_access"},
        {"send form -", "send", "form|-", NULL, NULL},
        {"send form - --type=a=b", "send", "form|-", "type", "a=b"},
        {"explain -- --odd", "explain", "--odd", NULL, NULL},
        {"token add priya --json", "token add", "priya", NULL, NULL},
        {"contact show ls", "contact show", "ls", NULL, NULL},
        {"-h", "help", "", NULL, NULL},
        {"--version", "version", "", NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hr_text wanted = hr_text_from(cases[i].objects);
        assert_true(parse(cases[i].line));
        assert_string_equal(cli.verb->name, cases[i].verb);
        for (size_t k = 0; k < cli.object_count; k++) {
            assert_true(hr_text_equal(hr_text_cut(&wanted, '|'), cli.objects[k]));
        }
        assert_int_equal(wanted.size, 0);
        if (cases[i].flag != NULL) {
            assert_true(
                hr_text_equal(hr_cli_flag(&cli, cases[i].flag), hr_text_from(cases[i].value)));
        }
    }
}

static void a_slip_is_named_and_the_nearest_word_offered(void **state)
{
    static const struct {
        const char *line;
        enum hr_code code;
        const char *says;
    } cases[] = {
        {"sned", HR_CODE_verb_unknown, "there is no command `sned`; did you mean `send`?"},
        {"exceptions shwo", HR_CODE_verb_unknown,
         "`handrail exceptions` does not know the word `shwo`; did you mean `show`? it knows: ls, "
         "show, "
         "assign, snooze, resolve, note, ack"},
        {"contact", HR_CODE_verb_unknown,
         "`handrail contact` needs one more word: show, set, release"},
        {"path ls", HR_CODE_verb_unknown,
         "`handrail path` does not know the word `ls`; it knows: show"},
        {"why --not payment_to_access", HR_CODE_words_wrong,
         "usage: handrail why --not PATH|HANDOFF CONTACT"},
        {"token", HR_CODE_none, NULL}, /* `token ls` */
        {"send form x --tipe y", HR_CODE_flag_unknown,
         "`handrail send` has no flag --tipe; did you mean --type?"},
        {"send form --type", HR_CODE_flag_unknown, "--type takes a value"},
        {"verify --json=yes", HR_CODE_flag_unknown, "--json takes no value"},
        {"why", HR_CODE_words_wrong, "usage: handrail why CONTACT [FIELD|HANDOFF|AUTOMATION]"},
        {"exceptions assign H-1", HR_CODE_words_wrong,
         "usage: handrail exceptions assign ISSUE PERSON"},
        {"serve shop", HR_CODE_words_wrong, "usage: handrail serve "},
        {"forget ada@example.com --yess", HR_CODE_flag_unknown,
         "`handrail forget` has no flag --yess; did you mean --yes?"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool parsed = parse(cases[i].line);
        assert_int_equal(parsed, cases[i].says == NULL);
        if (cases[i].says != NULL) {
            assert_int_equal(cli.found.count, 1);
            assert_int_equal(cli.found.items[0].code, cases[i].code);
            assert_int_equal(hr_code_info(cases[i].code)->exit_code, HR_EXIT_wrong_use);
            struct hr_text message = cli.found.items[0].message;
            if (!hr_text_equal(message, hr_text_from(cases[i].says))) {
                fail_msg("%s: says %.*s", cases[i].line, HR_SHOW(message));
            }
        }
    }
}

static void help_of_a_verb_needs_no_words(void **state)
{
    (void)state;
    assert_true(parse("exceptions assign --help"));
    assert_true(hr_cli_has(&cli, "help"));
}

static void every_verb_has_a_summary_and_help(void **state)
{
    (void)state;
    for (const struct hr_verb_row *row = hr_verb_rows; row->kind != HR_ROW_last; row++) {
        assert_true(strlen(row->summary) > 4);
        if (row->kind == HR_ROW_verb) {
            assert_non_null(row->run);
            assert_true(strstr(row->help, "handrail ") != NULL);
            assert_true(row->least <= row->most && row->most <= HR_OBJECTS_MAX);
        }
    }
}

static void a_name_with_any_letters_is_one_segment_of_a_path(void **state)
{
    (void)state;
    assert_true(parse("version"));
    assert_true(hr_text_equal(hr_cli_escape(&cli, HR_TEXT("ada+x@example.com/../?a=\xC3\xA9")),
                              HR_TEXT("ada%2Bx%40example.com%2F..%2F%3Fa%3D%C3%A9")));
}

static void the_host_of_an_address_is_what_may_be_called(void **state)
{
    static const struct {
        const char *url;
        const char *wanted;
    } cases[] = {
        {"http://127.0.0.1:8080", "127.0.0.1:8080"},
        {"http://127.0.0.1:8080/v1/in/x?y", "127.0.0.1:8080"},
        {"https://hooks.example.com/a", "hooks.example.com:443"},
        {"http://localhost", "localhost:80"},
        {"http://[::1]:9", "[::1]:9"},
        {"ftp://x", ""},
        {"127.0.0.1:8080", ""},
        {"http://", ""},
        {"https://", ""},
        {"http:///v1/in/x", ""},
        {"https://?a", ""},
        {"http://:8080", ""},
    };
    (void)state;
    assert_true(parse("version"));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hr_text found = hr_cli_host_port(&cli, hr_text_from(cases[i].url));
        assert_true(hr_text_equal(found, hr_text_from(cases[i].wanted)));
    }
}

/* Tokens are pasted, and `$(cat token)` of other systems leaves a carriage return behind. */
static void a_token_may_end_in_a_line_feed_wherever_it_comes_from(void **state)
{
    (void)state;
    assert_int_equal(setenv("HANDRAIL_TOKEN", " hrt_of_priya\r\n", 1), 0);
    assert_true(parse("version"));
    assert_true(hr_text_equal(hr_cli_token(&cli), HR_TEXT("hrt_of_priya")));
    assert_true(parse("version --token 'hrt_of_maya\r\n'"));
    assert_true(hr_text_equal(hr_cli_token(&cli), HR_TEXT("hrt_of_maya")));
    assert_int_equal(unsetenv("HANDRAIL_TOKEN"), 0);
}

static void assert_cannot_be_sent(const struct hr_http_call *call, const char *why)
{
    struct hr_cli_answer answer;
    assert_int_equal(hr_cli_call_address(&cli, call, &answer), 2);
    assert_int_equal(cli.found.error_count, 1);
    assert_true(hr_text_search(cli.found.items[0].message, hr_text_from(why)) <
                cli.found.items[0].message.size);
}

static void what_cannot_be_sent_is_not_taken_for_a_daemon_that_is_away(void **state)
{
    const struct hr_http_header header = {HR_TEXT("Authorization"), HR_TEXT("Bearer hrt_\rpriya")};
    struct hr_http_call call = {
        .url = HR_TEXT("http://127.0.0.1:9/"), .headers = &header, .header_count = 1};
    struct hr_cli_answer answer;
    static char url[3000] = "http://127.0.0.1:9/";
    (void)state;
    assert_true(parse("version"));
    assert_cannot_be_sent(&call, "a header has bytes that cannot be sent");
    memset(url + strlen(url), 'a', sizeof url - strlen(url));
    call = (struct hr_http_call){.url = {url, sizeof url}};
    assert_true(parse("version"));
    assert_cannot_be_sent(&call, "at most 2,048 bytes");
    call.url.size = 100;
    assert_int_equal(hr_cli_call_address(&cli, &call, &answer), HR_CLI_NOBODY);
}

/* One complaint and then no more memory: what was found so far is no verdict. */
static void files_that_were_not_read_to_the_end_are_not_judged(void **state)
{
    (void)state;
    const struct hr_place nowhere = {.line = 0};
    assert_true(parse("check"));
    (void)hr_diagnostics_add(&cli.found, HR_CODE_key_unknown, HR_SEVERITY_error, nowhere, "x");
    assert_int_equal(hr_cli_unread(&cli, hr_answer(HR_E_INPUT)), HR_EXIT_found_errors);
    assert_int_equal(hr_cli_unread(&cli, hr_answer(HR_E_MEMORY)), HR_EXIT_failed);
    assert_int_equal(cli.found.count, 1);
    assert_int_equal(cli.found.items[0].code, HR_CODE_internal);
}

/* Half a document looks like a whole one. */
static void an_answer_that_was_cut_is_not_printed(void **state)
{
    (void)state;
    struct hr_buffer out;
    assert_true(parse("writers x"));
    hr_buffer_init(&out, &cli.arena, 8);
    hr_buffer_add_text(&out, HR_TEXT("{\"a\":"));
    hr_buffer_add_text(&out, HR_TEXT("\"long\"}"));
    assert_int_equal(hr_cli_print_whole(&cli, &out), HR_EXIT_failed);
    assert_int_equal(cli.found.error_count, 1);
    assert_true(parse("writers x"));
    hr_buffer_init(&out, &cli.arena, 8);
    assert_null(
        hr_arena_alloc(&cli.arena, 2 << 20)); /* a list that stayed empty for want of memory */
    assert_int_equal(hr_cli_print_whole(&cli, &out), HR_EXIT_failed);
    assert_int_equal(cli.found.items[0].code, HR_CODE_internal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_becomes_a_verb_its_words_and_its_flags),
        cmocka_unit_test(a_slip_is_named_and_the_nearest_word_offered),
        cmocka_unit_test(help_of_a_verb_needs_no_words),
        cmocka_unit_test(every_verb_has_a_summary_and_help),
        cmocka_unit_test(a_name_with_any_letters_is_one_segment_of_a_path),
        cmocka_unit_test(the_host_of_an_address_is_what_may_be_called),
        cmocka_unit_test(a_token_may_end_in_a_line_feed_wherever_it_comes_from),
        cmocka_unit_test(what_cannot_be_sent_is_not_taken_for_a_daemon_that_is_away),
        cmocka_unit_test(files_that_were_not_read_to_the_end_are_not_judged),
        cmocka_unit_test(an_answer_that_was_cut_is_not_printed),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
