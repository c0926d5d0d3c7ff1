/* What conditions and mappings answer: over values, over holes in the data, and at the limits. */
#include "unit/expr_world.h"

/* What an evaluation came to, as a text: the value, "unset", "failed: why" or "budget". */
static struct hr_text outcome_of(struct world *world, const char *source, enum hr_type want)
{
    struct hr_value value;
    struct hr_expr_error error = {HR_TEXT_NONE, 0};
    const struct hr_expr *expr = world_compile(world, source, want);
    hr_status status = hr_expr_evaluate(expr, &world->view, &world->arena, &value, &error);
    hr_expr_release(expr);
    if (status.code == HR_EXPR_UNSET) {
        return HR_TEXT("unset");
    }
    if (status.code == HR_EXPR_FAILED) {
        return hr_text_format(&world->arena, "failed at %u: %.*s", error.column,
                              HR_SHOW(error.message));
    }
    if (status.code == HR_EXPR_BUDGET) {
        return HR_TEXT("budget");
    }
    assert_int_equal(status.code, 0);
    struct hr_buffer out;
    hr_buffer_init(&out, &world->arena, 4096);
    hr_json_write(&out, &value);
    return hr_buffer_text(&out);
}

struct example {
    const char *source;
    const char *outcome;
};

static void run(struct world *world, const struct example *examples, size_t count)
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct hr_text outcome = outcome_of(world, examples[i].source, HR_TYPE_dyn);
        if (!hr_text_equal(outcome, hr_text_from(examples[i].outcome))) {
            print_error("%s\n  came to:  %.*s\n  expected: %s\n", examples[i].source,
                        HR_SHOW(outcome), examples[i].outcome);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}
#define RUN(world, examples) run(world, examples, sizeof(examples) / sizeof(examples[0]))

/* docs/decisions/0005-unset.md, rule by rule. Nothing is known about this contact. */
static void what_is_unset_is_not_met_unless_one_asks(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"contact.offer", "unset"},
        {"contact.offer == 'audit'", "unset"},
        {"contact.offer != 'audit'", "unset"},
        {"!(contact.offer == 'audit')", "unset"},
        {"contact.score > 3", "unset"},
        {"contact.email.endsWith('.org')", "unset"},
        {"contact.offer == contact.email", "unset"},
        {"known(contact.offer)", "false"},
        {"has(contact.offer)", "false"},
        {"!known(contact.offer)", "true"},
        {"contact.offer == null", "true"},
        {"null == contact.offer", "true"},
        {"contact.offer != null", "false"},
        {"contact.offer == 'audit' || true", "true"},
        {"contact.offer == 'audit' && false", "false"},
        {"contact.offer == 'audit' || false", "unset"},
        {"contact.offer == 'audit' && true", "unset"},
        {"!known(contact.lifecycle) || contact.lifecycle == 'lead'", "true"},
        {"contact.consent ? 1 : 2", "unset"},
        {"known(contact.offer) ? contact.offer : 'audit'", "\"audit\""},
        {"contact.offer == 'audit' || 1 / minutes == 1", "unset"},
        {"['a', contact.offer]", "unset"},
        {"contact.tags.exists(t, t == 'vip')", "unset"},
        {"minutes == null", "true"},
        {"known(event.anything.at.all)", "false"},
        {"event.anything == 'x'", "unset"},
    };
    struct world world;
    world_open(&world);
    RUN(&world, examples);
    world_close(&world);
}

static void a_null_from_the_view_is_unset_too(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"contact.offer != 'audit'", "unset"},
        {"known(contact.offer)", "false"},
        {"contact.offer == null", "true"},
    };
    struct world world;
    world_open(&world);
    world_set(&world, "contact.offer", hr_value_null());
    RUN(&world, examples);
    world_close(&world);
}

static void a_payload_has_holes_at_any_depth(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"payload.customer.email", "\"ada@example.com\""},
        {"payload.customer.phone", "unset"},
        {"payload.customer.name", "unset"},
        {"payload.customer.name != 'x'", "unset"},
        {"payload.nobody.email", "unset"},
        {"known(payload.nobody.email)", "false"},
        {"known(payload.customer.email)", "true"},
        {"has(payload.customer.name)", "false"},
        {"payload['nobody']", "failed at 8: there is no such key"},
        {"payload['customer'].email", "\"ada@example.com\""},
        {"payload.customer['phone'] == 'x' || true", "true"},
        {"payload.amount.cents", "failed at 16: this has no fields"},
        {"payload.amount == 4900", "true"},
        {"payload.amount > '3'", "failed at 16: these two have no order"},
        {"payload.items[0].sku", "\"a\""},
        {"payload.items[1].sku", "unset"},
        {"payload.items[2].sku", "failed at 14: the list has no item at this index"},
        {"payload.items.exists(i, i.sku == 'a')", "true"},
        {"payload.items.all(i, known(i.qty))", "true"},
        {"payload.items.filter(i, i.qty > 1).size()", "1"},
        {"payload.items.map(i, i.qty)", "[1,2]"},
        {"payload.items.map(i, i.qty > 1, i.qty * 10)", "[20]"},
        {"payload.items.exists_one(i, i.qty == 2)", "true"},
        {"payload.`x-id` + '!'", "\"9!\""},
        {"'a' in payload.items.map(i, known(i.sku) ? i.sku : '')", "true"},
        {"timestamp(payload.created)", "\"2026-11-22T10:02:09Z\""},
        {"string(payload.amount / 100)", "\"49\""},
        {"{'a': 1}.b", "failed at 10: there is no such key"},
        {"has({'a': null}.a)", "true"},
        {"known(payload)", "true"},
    };
    struct world world;
    world_open(&world);
    world_set_json(
        &world, "payload",
        "{\"customer\": {\"email\": \"ada@example.com\", \"name\": null}, \"amount\": 4900,"
        " \"items\": [{\"sku\": \"a\", \"qty\": 1}, {\"qty\": 2}], \"x-id\": \"9\","
        " \"created\": 1795341729}");
    RUN(&world, examples);
    world_close(&world);
}

static void values_must_be_of_their_declared_type(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"contact.amount > 99.5", "true"}, /* a whole number may stand for a number */
        {"contact.score > 3", "failed at 1: this is a text, but a whole number was expected"},
    };
    struct world world;
    world_open(&world);
    world_set(&world, "contact.amount", hr_value_int(100));
    world_set_text(&world, "contact.score", "7");
    RUN(&world, examples);
    world_set_text(&world, "payload", "text");
    assert_true(hr_text_equal(outcome_of(&world, "payload", HR_TYPE_time),
                              HR_TEXT("failed at 1: this is a text, but a time was expected")));
    world_close(&world);
}

static void texts_can_be_cleaned(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"contact.email.trim().lowerAscii()", "\"ada@example.com\""},
        {"contact.email.upperAscii().trim()", "\"ADA@EXAMPLE.COM\""},
        {"'a-b-c'.replace('-', '+')", "\"a+b+c\""},
        {"'a-b-c'.replace('-', '+', 1)", "\"a+b-c\""},
        {"'ab'.replace('', '_')", "\"_a_b_\""},
        {"'a,b,,c'.split(',')", "[\"a\",\"b\",\"\",\"c\"]"},
        {"'a,b,c'.split(',', 2)", "[\"a\",\"b,c\"]"},
        {"'h\xc3\xa9y'.split('')", "[\"h\",\"\xc3\xa9\",\"y\"]"},
        {"''.split(',')", "[\"\"]"},
        {"['a', 'b'].join('/') + ['x', 'y'].join()", "\"a/bxy\""},
        {"dyn([1]).join()", "failed at 10: join() takes a list of texts"},
        {"'h\xc3\xa9llo'.substring(1, 3)", "\"\xc3\xa9l\""},
        {"'hello'.substring(3)", "\"lo\""},
        {"'hello'.substring(6)", "failed at 9: the text has no such part"},
        {"'h\xc3\xa9llo'.indexOf('l')", "2"},
        {"'hello'.indexOf('l', 3)", "3"},
        {"'hello'.indexOf('x')", "-1"},
        {"'hello'.lastIndexOf('l')", "3"},
        {"'hello'.charAt(1)", "\"e\""},
        {"'ada@example.com'.matches('^[^@]+@example[.]com$')", "true"},
        {"contact.email.matches(contact.course_access)", "true"},
        {"size('h\xc3\xa9') + 'ab'.size()", "4"},
    };
    struct world world;
    world_open(&world);
    world_set_text(&world, "contact.email", "  Ada@Example.com ");
    world_set_text(&world, "contact.course_access", "A.a");
    RUN(&world, examples);
    world_close(&world);
}

static void time_is_what_the_view_says(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"now()", "\"2026-11-22T10:00:00Z\""},
        {"now() - contact.last_seen < duration('30 days')", "true"},
        {"now() - contact.last_seen < duration('1h')", "false"},
        {"now() + duration('1h30m')", "\"2026-11-22T11:30:00Z\""},
        {"now().getDayOfWeek()", "0"},
        {"now().getHours('+05:30')", "15"},
        {"now().getMinutes('+05:30')", "30"},
        {"now().getHours('Europe/London')",
         "failed at 7: the time zone \"Europe/London\" is not known here; write an offset "
         "like '+02:00' or the business's own zone"},
        {"now().getHours('UTC')", "10"},
        {"timestamp(1795341729)", "\"2026-11-22T10:02:09Z\""},
        {"int(now() - contact.last_seen)", "86400"},
        {"string(duration('-90.5s'))", "\"-90.5s\""},
        {"duration('1.5h') == duration('5400s')", "true"},
    };
    struct world world;
    hr_instant seen = 0;
    world_open(&world);
    assert_true(hr_instant_read(HR_TEXT("2026-11-21T10:00:00Z"), &seen));
    world_set(&world, "contact.last_seen", hr_value_time(seen));
    RUN(&world, examples);
    struct hr_hours hours = {.zone = hr_zone_utc()};
    world.view.hours = &hours;
    char source[64];
    struct hr_text zone = hr_zone_name(hours.zone);
    snprintf(source, sizeof(source), "now().getHours('%.*s')", HR_SHOW(zone));
    assert_true(hr_text_equal(outcome_of(&world, source, HR_TYPE_int), HR_TEXT("10")));
    world.view.now = HR_INSTANT_NONE;
    assert_true(hr_text_equal(outcome_of(&world, "now()", HR_TYPE_time),
                              HR_TEXT("failed at 1: the present time is not known here")));
    world_close(&world);
}

static void what_cannot_be_computed_fails_with_its_reason(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"1 / minutes", "failed at 3: division by zero"},
        {"9223372036854775807 + minutes + 1", "failed at 31: the result does not fit"},
        {"int(payload)", "failed at 1: this text is no whole number"},
        {"payload + 1", "failed at 9: this function or operator does not take these types"},
        {"payload ? 1 : 2", "failed at 1: this is not a yes or no"},
        {"payload && true", "failed at 1: this is not a yes or no"},
        {"payload || true", "true"},
        {"1 / minutes == 1 || true", "true"},
        {"payload.matches('x')", "false"},
        {"payload.map(x, x)", "failed at 1: this is not a list or a map"},
    };
    struct world world;
    world_open(&world);
    world_set(&world, "minutes", hr_value_int(0));
    world_set_text(&world, "payload", "seven");
    RUN(&world, examples);
    world_close(&world);
}

static void no_expression_takes_more_than_its_budget(void **state)
{
    (void)state;
    static struct hr_value many[300];
    static const struct example examples[] = {
        {"contact.tags.all(a, contact.tags.all(b, a == b))", "budget"},
        {"contact.tags.all(a, a == 1) || contact.tags.all(a, contact.tags.all(b, true))", "true"},
        {"contact.tags.map(a, contact.email + contact.email)", "budget"},
        {"contact.email.replace('', contact.email)", "budget"},
    };
    static char text[4000];
    struct world world;
    world_open(&world);
    for (size_t i = 0; i < 300; i++) {
        many[i] = hr_value_int(1);
    }
    memset(text, 'x', sizeof(text));
    world_set(&world, "contact.tags",
              (struct hr_value){.kind = HR_KIND_list, .count = 300, .items = many});
    world_set(&world, "contact.email", hr_value_text((struct hr_text){text, sizeof(text)}));
    RUN(&world, examples);
    world_close(&world);
}

static void a_refusing_arena_is_an_answer(void **state)
{
    (void)state;
    struct world world;
    struct hr_arena none;
    struct hr_value value;
    world_open(&world);
    hr_arena_init(&none, 0);
    world_set_text(&world, "contact.email", "a");
    const struct hr_expr *simple = world_compile(&world, "contact.email == 'a'", HR_TYPE_bool);
    const struct hr_expr *making = world_compile(&world, "contact.email + 'a'", HR_TYPE_text);
    assert_int_equal(hr_expr_evaluate(simple, &world.view, &none, &value, NULL).code, 0);
    assert_int_equal(hr_expr_evaluate(making, &world.view, &none, &value, NULL).code, HR_E_MEMORY);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_unset_is_not_met_unless_one_asks),
        cmocka_unit_test(a_null_from_the_view_is_unset_too),
        cmocka_unit_test(a_payload_has_holes_at_any_depth),
        cmocka_unit_test(values_must_be_of_their_declared_type),
        cmocka_unit_test(texts_can_be_cleaned),
        cmocka_unit_test(time_is_what_the_view_says),
        cmocka_unit_test(what_cannot_be_computed_fails_with_its_reason),
        cmocka_unit_test(no_expression_takes_more_than_its_budget),
        cmocka_unit_test(a_refusing_arena_is_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
