/* expr: the table of functions, our own ones, optionals, and what a program tells of what it needs. */
#include "unit/expr_world.h"

static struct hr_text evaluate(struct world *world, const struct hr_expr_view *view,
                               const char *source)
{
    struct hr_value value;
    struct hr_expr_error error = {HR_TEXT_NONE, 0};
    const struct hr_expr *expr = world_compile(world, source, HR_TYPE_dyn);
    hr_status status = hr_expr_evaluate(expr, view, &world->arena, &value, &error);
    hr_expr_release(expr);
    return hr_ok(status)                   ? hr_value_show(&world->arena, &value)
           : status.code == HR_EXPR_UNSET  ? HR_TEXT("unset")
           : status.code == HR_EXPR_BUDGET ? HR_TEXT("budget")
                                           : error.message;
}

static void every_row_has_words_and_every_word_a_row(void **state)
{
    (void)state;
    struct hr_arena arena;
    struct hr_expr_function function;
    size_t count = 0;
    hr_arena_init(&arena, 8 << 20);
    for (; hr_expr_function_at(&arena, count, &function); count++) {
        if (function.words == NULL || function.cost == NULL || function.written.size == 0) {
            fail_msg("%s has no words in functions_words.tbl", function.name);
        }
    }
    assert_true(count > 200);
    static const char *const named[] = {
#define WORDS(name, cost, words) name,
#include "expr/functions_words.tbl"
#undef WORDS
    };
    for (size_t k = 0; k < sizeof(named) / sizeof(named[0]); k++) {
        bool found = false;
        for (size_t i = 0; i < count && !found; i++) {
            assert_true(hr_expr_function_at(&arena, i, &function));
            found = strcmp(function.name, named[k]) == 0;
        }
        if (!found) {
            fail_msg("%s has words but no row", named[k]);
        }
    }
    hr_arena_close(&arena);
}

static bool lifecycle_changed(void *context, size_t name, int32_t field, struct hr_text text)
{
    (void)context;
    (void)text;
    return name == 0 && field == 1;
}

static void changed_asks_the_view(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    assert_true(hr_text_equal(evaluate(&world, &world.view, "changed(contact.lifecycle)"),
                              HR_TEXT("what changed is not known here")));
    world.view.changed = lifecycle_changed;
    assert_true(hr_text_equal(evaluate(&world, &world.view, "changed(contact.lifecycle)"),
                              HR_TEXT("true")));
    assert_true(
        hr_text_equal(evaluate(&world, &world.view, "changed(contact.offer)"), HR_TEXT("false")));
    world_close(&world);
}

/* Monday to Friday, 9:00 to 17:00 in UTC; the world's clock stands on a Sunday at 10:00. */
static const struct hr_hours *office_hours(struct hr_hours *hours)
{
    *hours = (struct hr_hours){
        .zone = hr_zone_utc(), .weekdays = 0x1f, .from_minute = 540, .to_minute = 1020};
    return hours;
}

static void our_own_functions_ask_about_time(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        const char *answer;
    } examples[] = {
        {"within(contact.last_seen, '2 days')", "true"},
        {"within(contact.last_seen, '1 hour')", "false"},
        {"within(contact.last_seen, duration('24h'))", "true"},
        {"within(contact.last_seen, duration('23h59m'))", "false"},
        {"within(now() + duration('1s'), '2 days')", "false"},
        {"within(contact.last_seen, '1 business hour')", "true"},
        {"within(timestamp('2026-11-20T15:00:00Z'), '1 business hour')", "false"},
        {"within(timestamp('2026-11-20T15:00:00Z'), '2 business hours')", "false"},
        {"within(timestamp('2026-11-20T15:00:00Z'), '3 business hours')", "true"},
        {"within(contact.last_seen, timestamp('2026-11-21T09:00:00Z'), '1 hour')", "true"},
        {"within(contact.last_seen, timestamp('2026-11-21T09:00:00Z'), '59 minutes')", "false"},
        {"within(contact.last_seen, timestamp('2026-11-21T10:00:01Z'), '59 minutes')", "false"},
        {"business_time(now())", "false"},
        {"business_time(timestamp('2026-11-20T09:00:00Z'))", "true"},
        {"business_time(timestamp('2026-11-20T17:00:00Z'))", "false"},
        {"business_time(timestamp('2026-11-20T16:00:00Z'), timestamp('2026-11-23T10:30:00Z')) == "
         "duration('2h30m')",
         "true"},
        {"business_time(now(), timestamp('2026-11-20T16:00:00Z')) == duration('0s')", "true"},
        {"business_time(timestamp(0), now()) > duration('1h')", "budget"},
        {"business_time(timestamp('2012-01-01T00:00:00Z'), now()) > duration('1h')",
         "the times lie more than ten years apart"},
        {"within(contact.response_time == duration('1h') ? now() : now(), '1 day')", "unset"},
    };
    struct world world;
    struct hr_hours hours;
    world_open(&world);
    world.view.hours = office_hours(&hours);
    hr_instant seen = 0;
    assert_true(hr_instant_read(HR_TEXT("2026-11-21T10:00:00Z"), &seen));
    world_set(&world, "contact.last_seen", hr_value_time(seen));
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct hr_text answer = evaluate(&world, &world.view, examples[i].source);
        if (!hr_text_equal(answer, hr_text_from(examples[i].answer))) {
            fail_msg("%s: %.*s", examples[i].source, HR_SHOW(answer));
        }
    }
    world_close(&world);
}

static void a_program_tells_what_it_needs(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        uint32_t uses;
    } examples[] = {
        {"contact.score > 3", 0},
        {"now() > contact.last_seen", HR_EXPR_USES_now},
        {"within(contact.last_seen, '30 days')", HR_EXPR_USES_now},
        {"within(contact.last_seen, '3 business days')", HR_EXPR_USES_now | HR_EXPR_USES_hours},
        {"within(contact.last_seen, contact.last_seen, '5 minutes')", 0},
        {"business_time(contact.last_seen)", HR_EXPR_USES_hours},
        {"changed(contact.offer)", HR_EXPR_USES_changed},
        {"contact.last_seen.getHours('Europe/Berlin') > 9", HR_EXPR_USES_zone},
    };
    struct world world;
    world_open(&world);
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        const struct hr_expr *expr = world_compile(&world, examples[i].source, HR_TYPE_bool);
        assert_int_equal(hr_expr_uses(expr), examples[i].uses);
    }
    const struct hr_expr *expr = world_compile(
        &world, "event.type == 'a' || (event.type in ['b', 'a'] && event.course == 'c')",
        HR_TYPE_bool);
    const struct hr_expr_read read = {.name = 1, .field = 0};
    struct hr_text texts[4];
    assert_int_equal(hr_expr_compared_with(expr, &read, texts, 4), 2);
    assert_true(hr_text_equal(texts[0], HR_TEXT("a")) && hr_text_equal(texts[1], HR_TEXT("b")));
    world_close(&world);
}

static void what_a_view_brings_is_of_the_declared_shape(void **state)
{
    (void)state;
    static const struct hr_expr_name names[] = {
        {.name = {"texts", 5}, .type = HR_SHAPE_LIST(HR_TYPE_text)},
        {.name = {"prices", 6}, .type = HR_SHAPE_MAP(HR_TYPE_text, HR_TYPE_int)},
    };
    const struct hr_expr_scope scope = {.names = names, .name_count = 2};
    struct hr_arena arena;
    struct hr_diagnostics complaints;
    const struct hr_expr *expr = NULL;
    hr_arena_init(&arena, 8 << 20);
    hr_diagnostics_init(&complaints, &arena);
    assert_false(hr_ok(hr_expr_compile(&arena, HR_TEXT("texts[0] + 1"), &scope, HR_TYPE_dyn, NULL,
                                       NULL, &complaints, &expr)));
    assert_false(hr_ok(hr_expr_compile(&arena, HR_TEXT("prices.a.startsWith('x')"), &scope,
                                       HR_TYPE_dyn, NULL, NULL, &complaints, &expr)));
    assert_true(hr_ok(hr_expr_compile(&arena, HR_TEXT("prices.a + 1"), &scope, HR_TYPE_int, NULL,
                                      NULL, &complaints, &expr)));
    assert_true(hr_expr_result_shape(expr) == HR_TYPE_int);
    assert_true(hr_ok(hr_expr_compile(&arena, HR_TEXT("texts.map(t, {t: [1.5]})"), &scope,
                                      HR_TYPE_list, NULL, NULL, &complaints, &expr)));
    assert_true(hr_text_equal(hr_shape_write(&arena, hr_expr_result_shape(expr)),
                              HR_TEXT("list(map(string, list(double)))")));
    hr_arena_close(&arena);
}

static bool bring_numbers(void *context, size_t name, struct hr_value *ret_value)
{
    (void)name;
    *ret_value = *(const struct hr_value *)context;
    return true;
}

static void a_list_of_the_wrong_items_fails_and_is_not_trusted(void **state)
{
    (void)state;
    static const struct hr_value numbers[] = {{.kind = HR_KIND_int, .integer = 7}};
    struct hr_value list = {.kind = HR_KIND_list, .count = 1, .items = numbers};
    static const struct hr_expr_name names[] = {
        {.name = {"texts", 5}, .type = HR_SHAPE_LIST(HR_TYPE_text)}};
    const struct hr_expr_scope scope = {.names = names, .name_count = 1};
    const struct hr_expr_view view = {.context = &list, .value_of = bring_numbers};
    struct hr_arena arena;
    struct hr_value value;
    const struct hr_expr *expr = NULL;
    hr_arena_init(&arena, 8 << 20);
    assert_true(hr_ok(hr_expr_compile(&arena, HR_TEXT("texts[0] + 'x'"), &scope, HR_TYPE_text, NULL,
                                      NULL, NULL, &expr)));
    assert_int_equal(hr_expr_evaluate(expr, &view, &arena, &value, NULL).code, HR_EXPR_FAILED);
    hr_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_words_and_every_word_a_row),
        cmocka_unit_test(changed_asks_the_view),
        cmocka_unit_test(our_own_functions_ask_about_time),
        cmocka_unit_test(a_program_tells_what_it_needs),
        cmocka_unit_test(what_a_view_brings_is_of_the_declared_shape),
        cmocka_unit_test(a_list_of_the_wrong_items_fails_and_is_not_trusted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
