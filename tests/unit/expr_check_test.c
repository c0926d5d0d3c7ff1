/* What a person mistypes is found before anything runs: the code, the column, and a way to mend it. */
#include "unit/expr_world.h"

struct mistake {
    const char *source;
    enum hr_type want;
    enum hr_code code;
    uint32_t column;
    uint32_t size;
    const char *message; /* a part of it */
    const char *help;    /* a part of it */
};

static const struct mistake mistakes[] = {
    {"contcat.offer == 'audit'", HR_TYPE_bool, HR_CODE_expression_unknown_name, 1, 7, "`contcat`",
     "did you mean `contact`?"},
    {"customer.offer == 'audit'", HR_TYPE_bool, HR_CODE_expression_unknown_name, 1, 8, "`customer`",
     "known here: contact, event"},
    {"contact.ofer == 'audit'", HR_TYPE_bool, HR_CODE_expression_unknown_field, 9, 4,
     "`contact` has no field `ofer`", "did you mean `offer`?"},
    {"contact.offer == 'grup_program'", HR_TYPE_bool, HR_CODE_expression_unknown_value, 18, 14,
     "`offer` is never \"grup_program\"", "did you mean 'group_program'?"},
    {"'x' != contact.offer", HR_TYPE_bool, HR_CODE_expression_unknown_value, 1, 3, "is never",
     "its values are: audit, group_program"},
    {"contact.offer in ['audit', 'audti']", HR_TYPE_bool, HR_CODE_expression_unknown_value, 28, 7,
     "is never \"audti\"", "did you mean 'audit'?"},
    {"contact.offer in 'audit,audti'.split(',')", HR_TYPE_bool, HR_CODE_expression_unknown_value,
     18, 24, "is never \"audti\"", "did you mean 'audit'?"},
    {"contact.score == 'high'", HR_TYPE_bool, HR_CODE_expression_types, 18, 6,
     "`contact.score` is a whole number and `'high'` is a text", ""},
    {"contact.last_seen > '2026-11-22'", HR_TYPE_bool, HR_CODE_expression_types, 21, 12, "a time",
     "timestamp('2026-11-22')"},
    {"contact.score in ['a']", HR_TYPE_bool, HR_CODE_expression_types, 19, 3, "a whole number", ""},
    {"contact.offer in 'audit'", HR_TYPE_bool, HR_CODE_expression_types, 18, 7, "looks into a list",
     "['audit'"},
    {"contact.amount * 2", HR_TYPE_double, HR_CODE_expression_types, 1, 18, "`*` does not take",
     "2.0"},
    {"contact.offer && contact.consent", HR_TYPE_bool, HR_CODE_expression_types, 1, 13,
     "needs a yes or no", "known(contact.offer)"},
    {"contact == null", HR_TYPE_bool, HR_CODE_expression_types, 1, 7, "is a record",
     "contact.offer"},
    {"contact.offer", HR_TYPE_bool, HR_CODE_expression_result, 1, 13, "this gives a text",
     "known(contact.offer)"},
    {"contact.email.length() > 3", HR_TYPE_bool, HR_CODE_expression_unknown_function, 15, 6,
     "no function length()", ""},
    {"contact.email.endWith('x')", HR_TYPE_bool, HR_CODE_expression_unknown_function, 15, 7,
     "no function endWith()", "did you mean endsWith()?"},
    {"endsWith(contact.email, 'x')", HR_TYPE_bool, HR_CODE_expression_unknown_function, 1, 8,
     "no function endsWith()", "behind the value"},
    {"contact.score.size() > 1", HR_TYPE_bool, HR_CODE_expression_types, 15, 4,
     "`size` does not take a whole number", ""},
    {"contact.email.matches('(')", HR_TYPE_bool, HR_CODE_expression_pattern, 23, 3,
     "pattern cannot be read", "RE2"},
    {"contact.last_seen > timestamp('yesterday')", HR_TYPE_bool, HR_CODE_expression_constant, 31,
     11, "no time like", ""},
    {"now() > timestamp(99999999999999)", HR_TYPE_bool, HR_CODE_expression_constant, 19, 14,
     "out of range", ""},
    {"contact.offer = 'audit'", HR_TYPE_bool, HR_CODE_expression_syntax, 15, 1, "one \"=\"",
     "write =="},
    {"contact.consent and contact.score > 3", HR_TYPE_bool, HR_CODE_expression_syntax, 17, 3,
     "found \"and\"", "write &&"},
    {"not contact.consent", HR_TYPE_bool, HR_CODE_expression_syntax, 5, 7, "found \"contact\"",
     "write ! for"},
    {"contact.offer is known", HR_TYPE_bool, HR_CODE_expression_syntax, 15, 2, "found \"is\"",
     "known(contact.offer)"},
    {"contact.offer is not known", HR_TYPE_bool, HR_CODE_expression_syntax, 15, 2, "found \"is\"",
     "!known(contact.offer)"},
    {"contact.offer is notable", HR_TYPE_bool, HR_CODE_expression_syntax, 15, 2, "found \"is\"",
     "write == for"},
    {"contact.offer is not 'audit'", HR_TYPE_bool, HR_CODE_expression_syntax, 15, 2, "found \"is\"",
     "write != for"},
    {"contact.offer == \xe2\x80\x98"
     "audit\xe2\x80\x99",
     HR_TYPE_bool, HR_CODE_expression_syntax, 18, 1, "typographic", "straight quotes"},
    {"contact.offer == 'audit", HR_TYPE_bool, HR_CODE_expression_syntax, 18, 6, "has no end", ""},
    {"(contact.consent", HR_TYPE_bool, HR_CODE_expression_syntax, 17, 1, "\")\"", ""},
    {"contact.email == '\xc3\xa9\\d'", HR_TYPE_bool, HR_CODE_expression_literal, 18, 5, "backslash",
     ""},
    {"contact.score == 99999999999999999999", HR_TYPE_bool, HR_CODE_expression_literal, 18, 20,
     "64 bits", ""},
    {"contact.tags.exists('t', true)", HR_TYPE_bool, HR_CODE_expression_syntax, 14, 6, "exists()",
     "exists(t,"},
    {"", HR_TYPE_bool, HR_CODE_expression_syntax, 1, 1, "empty", ""},
    {"contact.consent ? 'a' : 1", HR_TYPE_dyn, HR_CODE_expression_types, 25, 1, "the other answer",
     ""},
    {"changed(event.type)", HR_TYPE_bool, HR_CODE_expression_types, 9, 10, "and this never changes",
     "changed(contact.lifecycle)"},
    {"contact.tags < contact.tags", HR_TYPE_bool, HR_CODE_expression_types, 1, 12,
     "a list has no order", ""},
    {"contact.offer.name == 'x'", HR_TYPE_bool, HR_CODE_expression_types, 15, 4,
     "a text has no field `name`", ""},
};

static bool holds(struct hr_text whole, const char *part)
{
    return part[0] == '\0' || hr_text_search(whole, hr_text_from(part)) < whole.size;
}

static void every_mistake_is_told_at_its_place_with_a_way_to_mend_it(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
        const struct mistake *mistake = &mistakes[i];
        struct world world;
        const struct hr_expr *expr = NULL;
        world_open(&world);
        hr_status status =
            hr_expr_compile(&world.arena, hr_text_from(mistake->source), &world_scope,
                            mistake->want, NULL, NULL, &world.complaints, &expr);
        const struct hr_diagnostic *told = world.complaints.items;
        bool right = status.code == HR_E_INPUT && world.complaints.count == 1 &&
                     told->code == mistake->code && told->place.column == mistake->column &&
                     told->place.size == mistake->size && holds(told->message, mistake->message) &&
                     holds(told->help, mistake->help);
        if (!right) {
            wrong++;
            print_error("%s: status %d, %zu complaints\n", mistake->source, status.code,
                        world.complaints.count);
        }
        for (size_t k = 0; !right && k < world.complaints.count; k++) {
            print_error("  E%04d at %u+%u: %.*s | %.*s\n", told[k].code, told[k].place.column,
                        told[k].place.size, HR_SHOW(told[k].message), HR_SHOW(told[k].help));
        }
        world_close(&world);
    }
    assert_int_equal(wrong, 0);
}

static void several_mistakes_are_told_in_one_go(void **state)
{
    (void)state;
    struct world world;
    const struct hr_expr *expr = NULL;
    world_open(&world);
    hr_status status = hr_expr_compile(
        &world.arena, HR_TEXT("contact.ofer == 'a' && contact.score == 'x' || cntact.tags == 3"),
        &world_scope, HR_TYPE_bool, NULL, NULL, &world.complaints, &expr);
    assert_int_equal(status.code, HR_E_INPUT);
    assert_int_equal(world.complaints.count, 3);
    assert_int_equal(world.complaints.items[0].code, HR_CODE_expression_unknown_field);
    assert_int_equal(world.complaints.items[1].code, HR_CODE_expression_types);
    assert_int_equal(world.complaints.items[2].code, HR_CODE_expression_unknown_name);
    world_close(&world);
}

static void reading_goes_on_behind_a_broken_part(void **state)
{
    (void)state;
    struct world world;
    const struct hr_expr *expr = NULL;
    world_open(&world);
    hr_status status =
        hr_expr_compile(&world.arena, HR_TEXT("(1 + ) == 2 && [1, , 2] && 'a' = 'b'"), &world_scope,
                        HR_TYPE_bool, NULL, NULL, &world.complaints, &expr);
    assert_int_equal(status.code, HR_E_INPUT);
    assert_int_equal(world.complaints.count, 3);
    assert_int_equal(world.complaints.items[0].place.column, 6);
    assert_int_equal(world.complaints.items[1].place.column, 20);
    assert_int_equal(world.complaints.items[2].place.column, 32);
    world_close(&world);
}

static struct hr_place far_away(void *context, size_t offset, size_t size)
{
    (void)context;
    return (struct hr_place){HR_TEXT("automations/welcome.yaml"), 14, (uint32_t)(9 + offset),
                             (uint32_t)size};
}

static void the_caller_says_where_an_offset_lies_in_its_file(void **state)
{
    (void)state;
    struct world world;
    const struct hr_expr *expr = NULL;
    world_open(&world);
    hr_status status = hr_expr_compile(&world.arena, HR_TEXT("known(contact.ofer)"), &world_scope,
                                       HR_TYPE_bool, far_away, NULL, &world.complaints, &expr);
    assert_int_equal(status.code, HR_E_INPUT);
    assert_int_equal(world.complaints.items[0].place.line, 14);
    assert_int_equal(world.complaints.items[0].place.column, 9 + 14);
    world_close(&world);
}

static void depth_and_length_have_a_limit(void **state)
{
    (void)state;
    static char deep[3000];
    static char longer[5000];
    struct world world;
    const struct hr_expr *expr = NULL;
    memset(deep, '(', sizeof(deep));
    memset(longer, ' ', sizeof(longer));
    for (int round = 0; round < 2; round++) {
        world_open(&world);
        struct hr_text source = round == 0 ? (struct hr_text){deep, sizeof(deep)}
                                           : (struct hr_text){longer, sizeof(longer)};
        hr_status status = hr_expr_compile(&world.arena, source, &world_scope, HR_TYPE_bool, NULL,
                                           NULL, &world.complaints, &expr);
        assert_int_equal(status.code, HR_E_INPUT);
        assert_int_equal(world.complaints.items[0].code, HR_CODE_expression_limit);
        world_close(&world);
    }
}

static void a_long_list_of_conditions_is_not_deep(void **state)
{
    (void)state;
    char source[4000] = "contact.consent";
    struct world world;
    world_open(&world);
    for (size_t i = 0; i < 190; i++) {
        strcat(source, " && contact.consent");
    }
    world_set(&world, "contact.consent", hr_value_bool(true));
    const struct hr_expr *expr = world_compile(&world, source, HR_TYPE_bool);
    struct hr_value value;
    assert_true(hr_ok(hr_expr_evaluate(expr, &world.view, &world.arena, &value, NULL)));
    assert_true(value.truth);
    world_close(&world);
}

/* A list need not be written out: calls of constants are looked at by what they make. */
static void a_value_may_be_looked_for_in_a_list_that_is_made(void **state)
{
    (void)state;
    static const char *const sources[] = {
        "contact.offer in ['audit'] + ['group_program']",
        "contact.offer in 'group_program,audit'.split(',')",
        "contact.score in [1] + [2, 3]",
        "contact.offer in []",
        "contact.offer in ['audit'] + []",
    };
    struct world world;
    world_open(&world);
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        const struct hr_expr *expr = NULL;
        struct hr_value value;
        assert_true(hr_ok(hr_expr_compile(&world.arena, hr_text_from(sources[i]), &world_scope,
                                          HR_TYPE_bool, NULL, NULL, &world.complaints, &expr)));
        world_set(&world, "contact.offer", hr_value_text(HR_TEXT("audit")));
        world_set(&world, "contact.score", hr_value_int(2));
        assert_true(hr_ok(hr_expr_evaluate(expr, &world.view, &world.arena, &value, NULL)));
        assert_int_equal(value.truth, i != 3);
    }
    world_close(&world);
}

/* Whatever the memory, compiling ends with an answer. */
static void running_out_of_memory_is_an_answer(void **state)
{
    (void)state;
    const struct hr_text source = HR_TEXT(
        "contact.offer in ['audit'] && contact.email.matches('^a+$') && "
        "contact.tags.filter(t, t != 'x').size() > timestamp('2026-01-01T00:00:00Z').getMonth()");
    bool compiled = false;
    for (size_t budget = 64; !compiled && budget < 1024 * 1024; budget += 256) {
        struct hr_arena arena;
        const struct hr_expr *expr = NULL;
        hr_arena_init(&arena, budget);
        hr_status status =
            hr_expr_compile(&arena, source, &world_scope, HR_TYPE_bool, NULL, NULL, NULL, &expr);
        compiled = hr_ok(status);
        assert_true(compiled || status.code == HR_E_MEMORY);
        hr_expr_release(expr);
        hr_arena_close(&arena);
    }
    assert_true(compiled);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mistake_is_told_at_its_place_with_a_way_to_mend_it),
        cmocka_unit_test(several_mistakes_are_told_in_one_go),
        cmocka_unit_test(reading_goes_on_behind_a_broken_part),
        cmocka_unit_test(the_caller_says_where_an_offset_lies_in_its_file),
        cmocka_unit_test(depth_and_length_have_a_limit),
        cmocka_unit_test(a_long_list_of_conditions_is_not_deep),
        cmocka_unit_test(a_value_may_be_looked_for_in_a_list_that_is_made),
        cmocka_unit_test(running_out_of_memory_is_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
