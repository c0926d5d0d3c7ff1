/* Every condition can be read aloud: tests/golden/expr/say.txt holds conditions and the sentences that people see. */
#include "unit/expr_world.h"

#include <stdlib.h>

enum { TABLE_BYTES_MAX = 1 << 18, CONDITIONS = 200, PATH_SIZE = 1024 };

static const char mark[] = "  =>  ";

static void table_path(char *ret_path)
{
    struct hr_text source = hr_text_from(__FILE__);
    (void)snprintf(ret_path, PATH_SIZE, "%.*stests/golden/expr/say.txt",
                   (int)hr_text_search(source, HR_TEXT("tests/unit/")), source.data);
}

static struct hr_text read_table(struct hr_arena *into)
{
    char path[PATH_SIZE];
    table_path(path);
    FILE *file = fopen(path, "rb");
    char *data = hr_arena_alloc(into, TABLE_BYTES_MAX);
    assert_non_null(file);
    assert_non_null(data);
    size_t size = fread(data, 1, TABLE_BYTES_MAX, file);
    (void)fclose(file);
    return (struct hr_text){data, size};
}

static struct hr_text said_of(struct hr_arena *into, struct hr_text source)
{
    struct hr_diagnostics complaints;
    const struct hr_expr *expr = NULL;
    hr_diagnostics_init(&complaints, into);
    if (!hr_ok(hr_expr_compile(into, source, &world_scope, HR_TYPE_dyn, NULL, NULL, &complaints,
                               &expr))) {
        fail_msg("%.*s: %.*s", HR_SHOW(source), HR_SHOW(complaints.items[0].message));
    }
    struct hr_text said = hr_expr_say(expr, into);
    hr_expr_release(expr);
    return said;
}

/* HR_UPDATE_GOLDEN=1 writes the sentences anew; read them aloud then. */
static void every_condition_reads_as_the_table_says(void **state)
{
    (void)state;
    struct hr_arena arena;
    struct hr_buffer out;
    size_t wrong = 0;
    size_t count = 0;
    hr_arena_init(&arena, 64 << 20);
    hr_buffer_init(&out, &arena, TABLE_BYTES_MAX);
    struct hr_text rest = read_table(&arena);
    while (rest.size > 0) {
        struct hr_text line = hr_text_cut(&rest, '\n');
        size_t at = hr_text_search(line, hr_text_from(mark));
        struct hr_text source = hr_text_slice(line, 0, at);
        struct hr_text sentence = hr_text_slice(line, at + sizeof(mark) - 1, line.size);
        if (line.size == 0 || line.data[0] == '#') {
            hr_buffer_add_format(&out, "%.*s\n", HR_SHOW(line));
            continue;
        }
        struct hr_text said = said_of(&arena, source);
        hr_buffer_add_format(&out, "%.*s%s%.*s\n", HR_SHOW(source), mark, HR_SHOW(said));
        count++;
        if (!hr_text_equal(said, sentence) && getenv("HR_UPDATE_GOLDEN") == NULL) {
            print_error("%.*s\n  said:     %.*s\n  expected: %.*s\n", HR_SHOW(source),
                        HR_SHOW(said), HR_SHOW(sentence));
            wrong++;
        }
    }
    if (getenv("HR_UPDATE_GOLDEN") != NULL) {
        char path[PATH_SIZE];
        table_path(path);
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(out.data, 1, out.size, file), out.size);
        (void)fclose(file);
    }
    print_message("COUNT conditions said in words: %zu, %zu wrong\n", count, wrong);
    hr_arena_close(&arena);
    assert_true(count >= CONDITIONS);
    assert_int_equal(wrong, 0);
}

static void a_sentence_without_memory_is_the_condition_itself(void **state)
{
    (void)state;
    struct world world;
    struct hr_arena none;
    world_open(&world);
    hr_arena_init(&none, 0);
    const struct hr_expr *expr = world_compile(&world, "known(contact.offer)", HR_TYPE_bool);
    struct hr_text said = hr_expr_say(expr, &none);
    assert_true(hr_text_equal(said, HR_TEXT("known(contact.offer)")));
    world_close(&world);
}

/* Each level is tried in two ways, so the work would double with every one of them but for a limit. */
static void what_is_nested_deep_is_said_soon(void **state)
{
    (void)state;
    struct hr_arena arena;
    struct hr_buffer out;
    hr_arena_init(&arena, 64 << 20);
    hr_buffer_init(&out, &arena, 4096);
    for (int i = 0; i < 12; i++) {
        hr_buffer_add_format(&out, "payload.exists(a%d, payload.filter(b, b == a%d && ", i, i);
    }
    hr_buffer_add_text(&out, HR_TEXT("true"));
    for (int i = 0; i < 12; i++) {
        hr_buffer_add_text(&out, HR_TEXT(").size() > 0)"));
    }
    struct hr_text said = said_of(&arena, hr_buffer_text(&out));
    assert_true(said.size > 0 && said.size < 65536);
    hr_arena_close(&arena);
}

/* A text with a byte that nobody sees is no plain word, and is shown so that one sees it. */
static void what_is_not_seen_is_shown(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        const char *said;
    } examples[] = {
        {"contact.email == 'a\\u0000b'", "email is \"a\\u0000b\""},
        {"contact.email == '\\u0000'", "email is \"\\u0000\""},
        {"contact.email == 'a\\nb'", "email is \"a\\u000ab\""},
        {"contact.email == 'a\\u202eb'", "email is \"a\\u202eb\""},
        {"contact.email == 'ab'", "email is ab"},
    };
    struct hr_arena arena;
    hr_arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct hr_text said = said_of(&arena, hr_text_from(examples[i].source));
        if (!hr_text_equal(said, hr_text_from(examples[i].said))) {
            fail_msg("%s is said %.*s", examples[i].source, HR_SHOW(said));
        }
    }
    hr_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_condition_reads_as_the_table_says),
        cmocka_unit_test(a_sentence_without_memory_is_the_condition_itself),
        cmocka_unit_test(what_is_nested_deep_is_said_soon),
        cmocka_unit_test(what_is_not_seen_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
