/* Why a condition is not met, and what an expression reads: what `why --not` and the prefetch stand on. */
#include "unit/expr_world.h"

struct not_met {
    const char *source;
    const char *sentence;
    const char *left;
    const char *observed; /* as people see it */
    const char *expected;
    bool unset;
};

static const struct not_met examples[] = {
    {"event.course == contact.offer", "course is the contact's offer", "course", "group_program",
     "audit", false},
    {"contact.offer == 'group_program'", "offer is group_program", "offer", "audit",
     "group_program", false},
    {"'group_program' == contact.offer", "offer is group_program", "offer", "audit",
     "group_program", false},
    {"contact.consent && contact.score >= 10", "score is 10 or more", "score", "7", "10", false},
    {"contact.score < 10 && contact.offer == 'group_program' && contact.score == 1",
     "offer is group_program", "offer", "audit", "group_program", false},
    {"!known(contact.offer) || contact.offer == 'group_program'", "offer is empty or group_program",
     "offer", "audit", "group_program", false},
    {"contact.offer in ['group_program']", "offer is group_program", "offer", "audit",
     "group_program", false},
    {"contact.score in [1, 2]", "score is 1 or 2", "score", "7", "nothing", false},
    {"known(contact.lifecycle)", "lifecycle is known", "lifecycle", "nothing", "nothing", true},
    {"contact.lifecycle == 'lead'", "lifecycle is lead", "lifecycle", "nothing", "lead", true},
    {"contact.consent && contact.lifecycle == 'lead'", "lifecycle is lead", "lifecycle", "nothing",
     "lead", true},
    {"!contact.consent", "consent is no", "consent", "true", "false", false},
    {"contact.email.endsWith('.org')", "email ends with .org", "email", "ada@example.com",
     "nothing", false},
    {"contact.score > 5 ? contact.offer == 'group_program' : true", "offer is group_program",
     "offer", "audit", "group_program", false},
    {"contact.lifecycle == 'lead' && contact.score > 100", "score is above 100", "score", "7",
     "100", false},
    {"payload.status == 'paid'", "payload status is paid", "payload status", "nothing", "paid",
     true},
};

static void set_ada(struct world *world)
{
    world_open(world);
    world_set_text(world, "contact.offer", "audit");
    world_set_text(world, "contact.email", "ada@example.com");
    world_set_text(world, "event.course", "group_program");
    world_set(world, "contact.score", hr_value_int(7));
    world_set(world, "contact.consent", hr_value_bool(true));
}

static void the_comparison_that_decided_is_found(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct world world;
        struct hr_expr_mismatch found = {0};
        set_ada(&world);
        const struct hr_expr *expr = world_compile(&world, examples[i].source, HR_TYPE_bool);
        assert_true(hr_expr_mismatch_of(expr, &world.view, &world.arena, &found));
        struct hr_text observed = hr_value_show(&world.arena, &found.observed);
        struct hr_text expected = hr_value_show(&world.arena, &found.expected);
        bool right = hr_text_equal(found.sentence, hr_text_from(examples[i].sentence)) &&
                     hr_text_equal(found.left, hr_text_from(examples[i].left)) &&
                     hr_text_equal(observed, hr_text_from(examples[i].observed)) &&
                     hr_text_equal(expected, hr_text_from(examples[i].expected)) &&
                     found.unset == examples[i].unset;
        if (!right) {
            wrong++;
            print_error("%s\n  %.*s | %.*s | observed %.*s, expected %.*s, unset %d\n",
                        examples[i].source, HR_SHOW(found.sentence), HR_SHOW(found.left),
                        HR_SHOW(observed), HR_SHOW(expected), found.unset);
        }
        world_close(&world);
    }
    assert_int_equal(wrong, 0);
}

static void a_condition_that_is_met_has_no_mismatch(void **state)
{
    (void)state;
    struct world world;
    struct hr_expr_mismatch found;
    set_ada(&world);
    const struct hr_expr *expr = world_compile(&world, "contact.offer == 'audit'", HR_TYPE_bool);
    assert_false(hr_expr_mismatch_of(expr, &world.view, &world.arena, &found));
    world_close(&world);
}

#define COSTLY  "contact.tags.all(t, t == 1 && t == 1 && t == 1 && t == 1)"
#define CHEAPER "contact.tags.all(t, t == 1 && t == 1)"

/* Parts that are costly but within the budget do not use up what the part that decided needs to be found. */
static void a_costly_part_takes_no_budget_from_the_next(void **state)
{
    (void)state;
    static struct hr_value ones[300];
    struct world world;
    struct hr_value value;
    struct hr_expr_mismatch found = {0};
    set_ada(&world);
    for (size_t i = 0; i < sizeof(ones) / sizeof(ones[0]); i++) {
        ones[i] = hr_value_int(1);
    }
    world_set(&world, "contact.tags",
              (struct hr_value){.kind = HR_KIND_list, .count = 300, .items = ones});
    const struct hr_expr *expr =
        world_compile(&world, COSTLY " && (" CHEAPER " && contact.score > 100)", HR_TYPE_bool);
    assert_true(hr_ok(hr_expr_evaluate(expr, &world.view, &world.arena, &value, NULL)));
    assert_false(value.truth);
    assert_true(hr_expr_mismatch_of(expr, &world.view, &world.arena, &found));
    assert_true(hr_text_equal(found.sentence, HR_TEXT("score is above 100")));
    assert_true(hr_text_equal(found.left, HR_TEXT("score")));
    assert_int_equal(found.observed.integer, 7);
    assert_int_equal(found.expected.integer, 100);
    assert_false(found.unset);
    world_close(&world);
}

/* What took too much in all has no part that is wrong: nothing is said to have been seen. */
static void a_condition_that_took_too_much_saw_nothing(void **state)
{
    (void)state;
    static struct hr_value ones[300];
    struct world world;
    struct hr_value value;
    struct hr_expr_mismatch found = {0};
    set_ada(&world);
    for (size_t i = 0; i < sizeof(ones) / sizeof(ones[0]); i++) {
        ones[i] = hr_value_int(1);
    }
    world_set(&world, "contact.tags",
              (struct hr_value){.kind = HR_KIND_list, .count = 300, .items = ones});
    const struct hr_expr *expr = world_compile(
        &world, COSTLY " && " COSTLY " && " COSTLY " && contact.consent", HR_TYPE_bool);
    assert_int_equal(hr_expr_evaluate(expr, &world.view, &world.arena, &value, NULL).code,
                     HR_EXPR_BUDGET);
    assert_true(hr_expr_mismatch_of(expr, &world.view, &world.arena, &found));
    assert_true(found.sentence.size > 0);
    assert_int_equal(found.observed.kind, HR_KIND_null);
    assert_int_equal(found.expected.kind, HR_KIND_null);
    assert_false(found.unset);
    world_close(&world);
}

static void an_expression_tells_what_it_reads_once_and_in_order(void **state)
{
    (void)state;
    struct world world;
    size_t count = 0;
    world_open(&world);
    const struct hr_expr *expr = world_compile(
        &world,
        "event.course == contact.offer && known(contact.offer) && event.extra.id == 'x' && "
        "payload.items.exists(i, i.sku == contact.email) && event.extra.id != 'y' && minutes > 1",
        HR_TYPE_bool);
    const struct hr_expr_read *reads = hr_expr_reads(expr, &count);
    assert_int_equal(count, 6);
    assert_int_equal(reads[0].name, 1); /* event.course */
    assert_int_equal(reads[0].field, 1);
    assert_int_equal(reads[1].name, 0); /* contact.offer */
    assert_int_equal(reads[1].field, 0);
    assert_int_equal(reads[2].field, -1); /* event.extra */
    assert_true(hr_text_equal(reads[2].text, HR_TEXT("extra")));
    assert_int_equal(reads[3].name, 3);  /* payload */
    assert_int_equal(reads[4].field, 3); /* contact.email */
    assert_int_equal(reads[5].name, 4);  /* minutes */
    world_close(&world);
}

static void a_proof_names_the_events_it_waits_for(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        size_t count; /* 0: no plain comparison */
        const char *last;
    } cases[] = {
        {"event.type == 'payment.succeeded'", 1, "payment.succeeded"},
        {"'payment.succeeded' == event.type", 1, "payment.succeeded"},
        {"event.type in ['a.b', 'c.d']", 2, "c.d"},
        {"(event.type == 'a.b')", 1, "a.b"},
        {"event.type != 'a.b'", 0, ""},
        {"event.type == event.course", 0, ""},
        {"event.type in contact.tags", 0, ""},
        {"event.type == 'a.b' && contact.consent", 0, ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct world world;
        struct hr_expr_read read;
        const struct hr_value *literals = NULL;
        size_t count = 0;
        world_open(&world);
        const struct hr_expr *expr = world_compile(&world, cases[i].source, HR_TYPE_bool);
        assert_int_equal(hr_expr_equals_literal(expr, &read, &literals, &count),
                         cases[i].count > 0);
        assert_int_equal(count, cases[i].count);
        if (count > 0) {
            assert_int_equal(read.name, 1);
            assert_int_equal(read.field, 0);
            assert_true(
                hr_text_equal(hr_value_as_text(&literals[count - 1]), hr_text_from(cases[i].last)));
        }
        world_close(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_comparison_that_decided_is_found),
        cmocka_unit_test(a_condition_that_is_met_has_no_mismatch),
        cmocka_unit_test(a_costly_part_takes_no_budget_from_the_next),
        cmocka_unit_test(a_condition_that_took_too_much_saw_nothing),
        cmocka_unit_test(an_expression_tells_what_it_reads_once_and_in_order),
        cmocka_unit_test(a_proof_names_the_events_it_waits_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
