/* The grammar's table: whole, without repeats, and told to editors and people as it is. HR_UPDATE_GOLDEN=1 writes the
 * reference page anew. */
#include "data/value.h"
#include "unit/workspace_folder.h"
#include "workspace/grammar.h"
#include "workspace/grammar_inside.h"

#include <stdlib.h>

enum { PATH_SIZE = 1024 };

static void every_key_stands_once_and_says_something(void **state)
{
    (void)state;
    size_t keys = 0;
    for (size_t i = 0; i < HR_GRAM_COUNT; i++) {
        enum hr_gram gram = (enum hr_gram)i;
        const struct hr_gram_info *info = hr_gram_info(gram);
        assert_true(strlen(info->says) > 3);
        if (info->form == HR_FORM_words) {
            assert_true(info->words->count > 0);
        }
        if (info->form != HR_FORM_kind) {
            continue;
        }
        for (const struct hr_key_rule *rule = hr_gram_rules(gram); rule->name != NULL; rule++) {
            keys++;
            assert_true(strlen(rule->says) > 1);
            assert_true(rule->says[strlen(rule->says) - 1] != '.');
            for (const struct hr_key_rule *other = hr_gram_rules(gram); other != rule; other++) {
                assert_string_not_equal(other->name, rule->name);
            }
        }
    }
    assert_true(keys > 300);
}

static void every_type_is_used(void **state)
{
    (void)state;
    bool used[HR_GRAM_COUNT] = {false};
    used[HR_GRAM_workspace] = used[HR_GRAM_message_head] = used[HR_GRAM_approval_class] = true;
    used[HR_GRAM_table_method] = true; /* what stands in a column `method` */
    for (size_t i = 0; i < HR_GRAM_COUNT; i++) {
        if (hr_gram_info((enum hr_gram)i)->form == HR_FORM_kind) {
            for (const struct hr_key_rule *rule = hr_gram_rules((enum hr_gram)i);
                 rule->name != NULL; rule++) {
                used[rule->type] = true;
            }
        }
    }
    for (const struct hr_gram_also *also = hr_gram_alsos; also->of != HR_GRAM_COUNT; also++) {
        assert_int_equal(hr_gram_info(also->of)->form, HR_FORM_oneof);
        used[also->type] = true;
    }
    for (size_t i = 0; i < HR_GRAM_COUNT; i++) {
        if (!used[i]) {
            fail_msg("nothing uses `%s`", hr_gram_info((enum hr_gram)i)->name);
        }
    }
}

static void the_schema_is_json_and_names_every_type(void **state)
{
    (void)state;
    struct hr_arena arena;
    struct hr_value schema = hr_value_null();
    hr_arena_init(&arena, 16 << 20);
    struct hr_text text = hr_grammar_schema(&arena);
    assert_true(text.size > 20000);
    assert_true(hr_ok(hr_json_read(&arena, text, NULL, NULL, &schema)));
    const struct hr_value *defs = hr_value_member(&schema, HR_TEXT("$defs"));
    assert_non_null(defs);
    assert_int_equal(defs->count, HR_GRAM_COUNT);
    const struct hr_value *stop =
        hr_value_path(&schema, HR_TEXT("$defs.automation.properties.stop.description"));
    assert_non_null(stop);
    hr_arena_close(&arena);
}

static void the_reference_page_is_as_the_table_says(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    struct hr_arena arena;
    hr_arena_init(&arena, 16 << 20);
    struct hr_text page = hr_grammar_reference(&arena);
    project_path(path, sizeof path, "docs/guide/reference.md");
    if (getenv("HR_UPDATE_GOLDEN") != NULL) {
        FILE *stream = fopen(path, "wb");
        assert_non_null(stream);
        assert_int_equal(fwrite(page.data, 1, page.size, stream), page.size);
        (void)fclose(stream);
    }
    struct hr_text written = read_whole(&arena, path);
    if (!hr_text_equal(written, page)) {
        fail_msg("docs/guide/reference.md is not what keys.tbl says: run with HR_UPDATE_GOLDEN=1");
    }
    hr_arena_close(&arena);
}

static void no_room_is_no_schema(void **state)
{
    (void)state;
    struct hr_arena arena;
    hr_arena_init(&arena, 4 << 10);
    assert_int_equal(hr_grammar_schema(&arena).size, 0);
    assert_int_equal(hr_grammar_reference(&arena).size, 0);
    hr_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_stands_once_and_says_something),
        cmocka_unit_test(every_type_is_used),
        cmocka_unit_test(the_schema_is_json_and_names_every_type),
        cmocka_unit_test(the_reference_page_is_as_the_table_says),
        cmocka_unit_test(no_room_is_no_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
