/* A missing value never becomes an empty greeting: rule by rule what is missing, who may ask, and what a default does.
 * docs/decisions/0019-message-texts.md */
#include "unit/template_world.h"

static const char data[] =
    "{\"contact\": {\"first_name\": \"Ada\", \"last_name\": null, \"title\": \"\", \"vip\": false, "
    "\"score\": 0, \"tags\": [], \"cities\": [\"Paris\", \"\", null], "
    "\"orders\": [{\"id\": 7, \"note\": \"\"}]}}";

static void what_is_missing_is_no_greeting(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"Hello {{ contact.first_name }}", "Hello Ada"},
        {"Hello {{ contact.last_name }}", "missing: contact.last_name"},
        {"Hello {{ contact.nick_name }}", "missing: contact.nick_name"},
        {"Hello {{ contact.title }}", "missing: contact.title"},
        {"Hello {{ company.name }}", "missing: company.name"},
        {"Hello {{ company }}", "missing: company"},
        {"{{ contact['last_name'] }}", "missing: contact.last_name"},
        {"{{ contact.tags[0] }}", "missing: contact.tags[0]"},
        {"{{ contact.orders[0].note }}", "missing: contact.orders[0].note"},
        {"{% echo contact.last_name %}", "missing: contact.last_name"},
        {"{% liquid\n echo contact.last_name\n%}", "missing: contact.last_name"},
        {"{{ contact.vip }} {{ contact.score }}", "false 0"},
        {"{{ nil }}{{ '' }}", ""},
    };
    struct world world;
    world_open(&world, data);
    RUN(&world, HR_LANDING_text, examples);
    world_close(&world);
}

static void nothing_but_a_default_mends_it(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"{{ contact.last_name | default: 'you' }}", "you"},
        {"{{ contact.title | default: 'you' }}", "you"},
        {"{{ contact.last_name | upcase | default: 'you' }}", "you"},
        {"{{ contact.last_name | default: contact.first_name }}", "Ada"},
        {"{{ contact.last_name | default: contact.title | default: 'you' }}", "you"},
        {"{{ contact.last_name | default: contact.title }}", "missing: contact.title"},
        {"{{ contact.last_name | default: '' }}", ""},
        {"{{ contact.last_name | default }}", ""},
        {"{{ contact.last_name | upcase }}", "missing: contact.last_name"},
        {"{{ contact.last_name | append: '!' }}", "missing: contact.last_name"},
        {"{{ contact.nothing | size }}", "missing: contact.nothing"},
        {"{{ contact.score | plus: contact.last_name }}", "missing: contact.last_name"},
        {"{{ 'Hi ' | append: contact.last_name }}", "missing: contact.last_name"},
        {"{{ 'Hi ' | append: contact.last_name | default: 'Hi' }}", "Hi"},
        {"{{ contact.vip | default: true }}", "true"},
        {"{{ contact.vip | default: true, allow_false: true }}", "false"},
    };
    struct world world;
    world_open(&world, data);
    RUN(&world, HR_LANDING_text, examples);
    world_close(&world);
}

static void a_condition_may_ask(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"{% if contact.last_name %}yes{% else %}no{% endif %}", "no"},
        {"{% unless contact.nothing.at.all %}no{% endunless %}", "no"},
        {"{% if contact.title == '' %}empty{% endif %}", "empty"},
        {"{% if contact.title == blank %}blank{% endif %}", "blank"},
        {"{% if contact.last_name == nil and contact.score < 1 %}yes{% endif %}", "yes"},
        {"{% if contact.last_name contains 'x' or contact.last_name > 3 %}y{% else %}n{% endif %}",
         "n"},
        {"{% case contact.last_name %}{% when 'L' %}l{% when nil %}none{% endcase %}", "none"},
        {"{% if contact.last_name %}{{ contact.last_name }}{% endif %}", ""},
    };
    struct world world;
    world_open(&world, data);
    RUN(&world, HR_LANDING_text, examples);
    world_close(&world);
}

static void variables_remember_whose_value_is_missing(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"{% assign name = contact.last_name %}fine", "fine"},
        {"{% assign name = contact.last_name %}{{ name }}", "missing: contact.last_name"},
        {"{% assign name = contact.title %}{{ name }}", "missing: contact.title"},
        {"{% assign name = contact.last_name | default: 'you' %}{{ name }}", "you"},
        {"{% assign name = contact.last_name %}{{ name | default: 'you' }}", "you"},
        {"{% assign name = '' %}[{{ name }}]", "[]"},
        {"{% capture name %}{{ contact.last_name }}{% endcapture %}", "missing: contact.last_name"},
        {"{% if false %}{% assign greeting = 'Hi' %}{% endif %}{{ greeting }}",
         "missing: greeting"},
        {"{% cycle contact.last_name, 'x' %}", "missing: contact.last_name"},
    };
    struct world world;
    world_open(&world, data);
    RUN(&world, HR_LANDING_text, examples);
    world_close(&world);
}

static void loops_need_their_list_or_an_else(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"{% for t in contact.tags %}x{% endfor %}.", "."},
        {"{% for t in contact.tags %}x{% else %}none{% endfor %}", "none"},
        {"{% for t in contact.nothing %}x{% endfor %}.", "missing: contact.nothing"},
        {"{% for t in contact.nothing %}x{% else %}none{% endfor %}", "none"},
        {"{% for c in contact.cities %}[{{ c }}]{% endfor %}", "[Paris][][]"},
        {"{% for i in (1..contact.last_name) %}x{% endfor %}", "missing: contact.last_name"},
        {"{% for i in (1..3) limit: contact.last_name %}x{% endfor %}",
         "missing: contact.last_name"},
        {"{% for o in contact.orders %}{{ o.id }}{{ o.note }}{% endfor %}", "missing: o.note"},
        {"{% tablerow t in contact.nothing %}x{% endtablerow %}", "missing: contact.nothing"},
    };
    struct world world;
    world_open(&world, data);
    RUN(&world, HR_LANDING_text, examples);
    world_close(&world);
}

static void partials_pass_it_on(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"{% render 'greet', name: contact.first_name %}", "Hi Ada"},
        {"{% render 'greet', name: contact.last_name %}", "missing: contact.last_name"},
        {"{% render 'greet' %}", "missing: name"},
        {"{% render 'greet' for contact.nothing as name %}", "missing: contact.nothing"},
        {"{% render 'kind', name: contact.last_name %}", "Hi you"},
        {"{% include 'greet' with contact.last_name as name %}", "missing: contact.last_name"},
    };
    struct world world;
    world_open(&world, data);
    world_partial(&world, "greet", "Hi {{ name }}", HR_LANDING_text);
    world_partial(&world, "kind", "Hi {{ name | default: 'you' }}", HR_LANDING_text);
    RUN(&world, HR_LANDING_text, examples);
    world_close(&world);
}

/* Nobody gets half a text, and the error says where. */
static void the_error_names_field_and_place(void **state)
{
    (void)state;
    struct world world;
    struct hr_text text;
    struct hr_template_error error = {0};
    world_open(&world, data);
    const struct hr_template *template =
        world_compile(&world, HR_TEXT("Hello,\n\n  {{ contact.last_name }}"), HR_LANDING_text);
    assert_non_null(template);
    hr_status status = hr_template_render(template, &world.view, &world.arena, &text, &error);
    assert_int_equal(status.code, HR_TEMPLATE_MISSING);
    assert_int_equal(text.size, 0);
    assert_int_equal(error.code, HR_CODE_template_missing);
    assert_true(hr_text_equal(error.message, HR_TEXT("contact.last_name has no value")));
    assert_true(hr_text_equal(error.place.file, HR_TEXT("text")));
    assert_int_equal(error.place.line, 3);
    assert_int_equal(error.place.column, 6);
    assert_int_equal(error.place.size, 17);
    assert_int_equal(hr_template_render(template, &world.view, &world.arena, &text, NULL).code,
                     HR_TEMPLATE_MISSING);
    world.view.lenient = true;
    status = hr_template_render(template, &world.view, &world.arena, &text, &error);
    assert_int_equal(status.code, 0);
    assert_true(hr_text_equal(text, HR_TEXT("Hello,\n\n  ")));
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_missing_is_no_greeting),
        cmocka_unit_test(nothing_but_a_default_mends_it),
        cmocka_unit_test(a_condition_may_ask),
        cmocka_unit_test(variables_remember_whose_value_is_missing),
        cmocka_unit_test(loops_need_their_list_or_an_else),
        cmocka_unit_test(partials_pass_it_on),
        cmocka_unit_test(the_error_names_field_and_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
