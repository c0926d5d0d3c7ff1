/* What an evaluation may not do: take a want of memory for an answer, or do more work than it pays for. And numbers are
 * read from texts as CEL has it, not as JSON's reader would pass over white space. */
#include "expr/wire.h"
#include "unit/expr_world.h"

enum { BUDGET_MOST = 16 << 10, BUDGET_STEP = 16 };

/* The outcome and the value as one text. */
static struct hr_text outcome_of(struct hr_arena *into, hr_status status,
                                 const struct hr_value *value)
{
    struct hr_buffer out;
    hr_buffer_init(&out, into, 1 << 20);
    hr_buffer_add_format(&out, "%d ", (int)status.code);
    if (hr_ok(status)) {
        hr_json_write(&out, value);
    }
    assert_false(out.failed);
    return hr_buffer_text(&out);
}

static void set_numbers(struct world *world)
{
    world_open(world);
    world_set_text(world, "contact.email", "1.5");
    world_set_text(world, "contact.offer", "audit");
    world_set_json(world, "contact.tags", "[\"one\", \"two\", \"three\"]");
    world_set_text(world, "payload", "::ffff:0");
    world_set(world, "contact.amount", hr_value_double(2.5));
}

/* With every budget an expression either comes to what it always comes to, or says that there was no memory: "this
 * text is no number" would be a verdict about a person. */
static void a_starved_arena_is_never_a_verdict(void **state)
{
    (void)state;
    static const char *const sources[] = {
        "double(contact.email)",
        "contact.email.replace('5', 'six')",
        "contact.tags.join(', ')",
        "contact.offer.split('')",
        "contact.offer.upperAscii()",
        "contact.offer.reverse()",
        "strings.quote(contact.offer)",
        "ip.isCanonical(payload)",
        "ip(payload).family()",
        "string(contact.amount)",
        "contact.offer + contact.email",
        "'%s is %.3f'.format([contact.offer, contact.amount])",
        "'%s'.format([{1: contact.email, 22: contact.offer, true: 'x'}])",
        "base64.decode(base64.encode(bytes(contact.offer)))",
        "contact.tags.sort().reverse()",
        "contact.tags.map(t, t.size()).distinct()",
    };
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
        struct world world;
        struct hr_value value;
        set_numbers(&world);
        const struct hr_expr *expr = world_compile(&world, sources[i], HR_TYPE_dyn);
        hr_status status = hr_expr_evaluate(expr, &world.view, &world.arena, &value, NULL);
        assert_int_equal(status.code, 0);
        struct hr_text always = outcome_of(&world.arena, status, &value);
        size_t starved = 0;
        for (size_t budget = 0; budget < BUDGET_MOST; budget += BUDGET_STEP) {
            struct hr_arena arena;
            hr_arena_init(&arena, budget);
            status = hr_expr_evaluate(expr, &world.view, &arena, &value, NULL);
            struct hr_text came = outcome_of(&world.arena, status, &value);
            if (status.code == HR_E_MEMORY) {
                starved++;
            } else if (!hr_text_equal(came, always)) {
                fail_msg("%s with %zu bytes came to %.*s", sources[i], budget, HR_SHOW(came));
            }
            hr_arena_close(&arena);
        }
        assert_true(starved > 0);
        world_close(&world);
    }
}

/* Longer than all that would be made behind it. */
#define LONG                                                                                       \
    "a text that is much longer than what the reader makes of all that may come behind it in "     \
    "this one condition, the complaint about it and the place of the complaint included, "

/* The same for what is read before anything runs: a sound condition is not called wrong. */
static void a_starved_compiler_does_not_complain(void **state)
{
    (void)state;
    static const char *const sources[] = {
        "contact.email == 'a\\tb'",
        "contact.amount > 1.25",
        "contact.email.matches('^a+$')",
        "contact.email == '" LONG LONG LONG LONG LONG LONG LONG LONG "\\n'",
        "contact.tags.exists(t, t in ['a', 'b\\n'])",
        "timestamp('2026-11-22T10:00:00Z') < now()"};
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
        size_t made = 0;
        size_t starved = 0;
        for (size_t budget = 0; budget < 4 * BUDGET_MOST; budget += BUDGET_STEP) {
            struct hr_arena arena;
            struct hr_diagnostics complaints;
            const struct hr_expr *expr = NULL;
            hr_arena_init(&arena, budget);
            hr_diagnostics_init(&complaints, &arena);
            hr_status status = hr_expr_compile(&arena, hr_text_from(sources[i]), &world_scope,
                                               HR_TYPE_bool, NULL, NULL, &complaints, &expr);
            if (!hr_ok(status) && status.code != HR_E_MEMORY) {
                fail_msg("%s with %zu bytes: %d", sources[i], budget, (int)status.code);
            }
            made += hr_ok(status);
            starved += status.code == HR_E_MEMORY;
            hr_expr_release(expr);
            hr_arena_close(&arena);
        }
        assert_true(made > 0 && starved > 0);
    }
}

static hr_status read_wire(struct hr_arena *into, struct world *world, const char *json,
                           struct hr_value *ret_value)
{
    struct hr_value read;
    const char *problem = NULL;
    assert_true(hr_ok(hr_json_read(&world->arena, hr_text_from(json), NULL, NULL, &read)));
    return hr_wire_read(into, &read, ret_value, &problem);
}

static void numbers_on_the_wire_are_digits_only(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        const char *came;
    } examples[] = {
        {"{\"type\": \"uint\", \"value\": \"42\"}", "0 42"},
        {"{\"type\": \"uint\", \"value\": \"18446744073709551615\"}", "0 18446744073709551615"},
        {"{\"type\": \"uint\", \"value\": \"18446744073709551616\"}", "-3 "},
        {"{\"type\": \"uint\", \"value\": \"42 \"}", "-3 "},
        {"{\"type\": \"uint\", \"value\": \"42\\n\"}", "-3 "},
        {"{\"type\": \"uint\", \"value\": \"\"}", "-3 "},
        {"{\"type\": \"uint\", \"value\": \"-1\"}", "-3 "},
        {"{\"type\": \"int\", \"value\": \"-42\"}", "0 -42"},
        {"{\"type\": \"int\", \"value\": \"42 \"}", "-3 "},
        {"{\"type\": \"double\", \"value\": \"1.5\"}", "0 1.5"},
        {"{\"type\": \"double\", \"value\": \"1.5 \"}", "-3 "},
        {"{\"type\": \"double\", \"value\": \" 1.5\"}", "-3 "},
        {"{\"type\": \"bytes\", \"value\": \"?\"}", "-3 "},
    };
    static const char *const hungry[] = {"{\"type\": \"double\", \"value\": \"1.5\"}",
                                         "{\"type\": \"bytes\", \"value\": \"YXVkaXQ=\"}"};
    struct world world;
    struct hr_value value;
    struct hr_arena none;
    world_open(&world);
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        hr_status status = read_wire(&world.arena, &world, examples[i].json, &value);
        struct hr_text came = outcome_of(&world.arena, status, &value);
        if (!hr_text_equal(came, hr_text_from(examples[i].came))) {
            fail_msg("%s came to %.*s", examples[i].json, HR_SHOW(came));
        }
    }
    for (size_t i = 0; i < sizeof(hungry) / sizeof(hungry[0]); i++) {
        hr_arena_init(&none, 0);
        assert_int_equal(read_wire(&none, &world, hungry[i], &value).code, HR_E_MEMORY);
    }
    world_close(&world);
}

static void a_text_is_a_number_or_not(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *came; /* "": it is none */
    } examples[] = {
        {"1.5", "1.5"},
        {"-1.5", "-1.5"},
        {"+1.5", "1.5"},
        {".5", "0.5"},
        {"-.5", "-0.5"},
        {"00.5", "0.5"},
        {"1e3", "1000"},
        {"1E+3", "1000"},
        {"2.5e-1", "0.25"},
        {" 1.5", ""},
        {"1.5 ", ""},
        {"1.5\n", ""},
        {" 1.5\n", ""},
        {"\t1", ""},
        {"- 1", ""},
        {"\xef\xbb\xbf"
         "1.5",
         ""},
        {"\xc2\xa0"
         "1",
         ""},
        {"1.", ""},
        {".", ""},
        {"-", ""},
        {"+", ""},
        {"", ""},
        {"--1", ""},
        {"+-1", ""},
        {"1e", ""},
        {"1 2", ""},
        {"null", ""},
        {"true", ""},
        {"[1]", ""},
        {"0x10", ""},
    };
    struct world world;
    world_open(&world);
    const struct hr_expr *expr = world_compile(&world, "double(contact.email)", HR_TYPE_double);
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct hr_value value;
        world.count = 0;
        world_set_text(&world, "contact.email", examples[i].text);
        hr_status status = hr_expr_evaluate(expr, &world.view, &world.arena, &value, NULL);
        bool none = examples[i].came[0] == '\0';
        if (status.code != (none ? HR_EXPR_FAILED : 0)) {
            fail_msg("\"%s\": %d", examples[i].text, (int)status.code);
        }
        if (!none) {
            struct hr_text shown = hr_value_show(&world.arena, &value);
            assert_true(hr_text_equal(shown, hr_text_from(examples[i].came)));
        }
    }
    world_close(&world);
}

/* Looking from the end for a long part that is nearly there, again and again. */
static void looking_from_the_end_pays_for_what_it_compares(void **state)
{
    (void)state;
    enum { TEXT = 120000, PART = 60000 };
    static char text[TEXT];
    static char part[PART];
    struct world world;
    struct hr_value value;
    memset(text, 'a', sizeof(text));
    memset(part, 'a', sizeof(part));
    part[PART - 1] = 'b';
    world_open(&world);
    world_set(&world, "contact.email", hr_value_text((struct hr_text){text, TEXT}));
    world_set(&world, "contact.course_access", hr_value_text((struct hr_text){part, PART}));
    const struct hr_expr *expr =
        world_compile(&world, "contact.email.lastIndexOf(contact.course_access)", HR_TYPE_int);
    assert_int_equal(hr_expr_evaluate(expr, &world.view, &world.arena, &value, NULL).code,
                     HR_EXPR_BUDGET);
    part[0] = 'b'; /* differs at once: as cheap as reading the text once */
    assert_int_equal(hr_expr_evaluate(expr, &world.view, &world.arena, &value, NULL).code, 0);
    assert_int_equal(value.integer, -1);
    text[7] = 'b';
    text[PART + 6] = 'b';
    assert_int_equal(hr_expr_evaluate(expr, &world.view, &world.arena, &value, NULL).code, 0);
    assert_int_equal(value.integer, 7);
    world_close(&world);
}

static bool map_of(void *context, size_t name, struct hr_value *ret_value)
{
    const struct hr_value *values = context;
    *ret_value = values[name];
    return true;
}

/* has() over a map by its type looks through the map as a field access does. */
static void has_pays_for_the_map(void **state)
{
    (void)state;
    enum { ITEMS = 300, MEMBERS = 4000 };
    static struct hr_value items[ITEMS];
    static struct hr_member members[MEMBERS];
    static const struct hr_expr_name names[] = {{{"list", 4}, HR_TYPE_list, NULL, 0, false, false},
                                                {{"map", 3}, HR_TYPE_map, NULL, 0, false, false}};
    static const struct hr_expr_scope scope = {.names = names, .name_count = 2};
    struct hr_value values[2] = {
        {.kind = HR_KIND_list, .count = ITEMS, .items = items},
        {.kind = HR_KIND_map, .count = MEMBERS, .members = members},
    };
    struct hr_expr_view view = {.context = values, .value_of = map_of};
    struct hr_arena arena;
    struct hr_value value;
    const struct hr_expr *expr = NULL;
    hr_arena_init(&arena, 8 << 20);
    for (size_t i = 0; i < MEMBERS; i++) {
        members[i].key = hr_value_text(hr_text_format(&arena, "k%zu", i));
    }
    assert_true(hr_ok(hr_expr_compile(&arena, HR_TEXT("list.all(i, !has(map.x))"), &scope,
                                      HR_TYPE_bool, NULL, NULL, NULL, &expr)));
    assert_int_equal(hr_expr_evaluate(expr, &view, &arena, &value, NULL).code, HR_EXPR_BUDGET);
    values[0].count = 3;
    assert_int_equal(hr_expr_evaluate(expr, &view, &arena, &value, NULL).code, 0);
    assert_true(value.truth);
    hr_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_starved_arena_is_never_a_verdict),
        cmocka_unit_test(a_starved_compiler_does_not_complain),
        cmocka_unit_test(numbers_on_the_wire_are_digits_only),
        cmocka_unit_test(a_text_is_a_number_or_not),
        cmocka_unit_test(looking_from_the_end_pays_for_what_it_compares),
        cmocka_unit_test(has_pays_for_the_map),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
