/* A template says what it reads, where, and what would stop it. */
#include "unit/template_world.h"

/* "path line:column bare" of each read, by semicolons. */
static struct hr_text reads_of(struct world *world, const char *source)
{
    struct hr_buffer out;
    size_t count = 0;
    hr_buffer_init(&out, &world->arena, 4096);
    const struct hr_template *template =
        world_compile(world, hr_text_from(source), HR_LANDING_text);
    assert_non_null(template);
    const struct hr_template_read *reads = hr_template_reads(template, &count);
    for (size_t i = 0; i < count; i++) {
        const struct hr_template_read *read = &reads[i];
        assert_true(hr_text_starts(read->path, read->root));
        assert_true(read->field.size == 0 || read->path.size > read->root.size);
        hr_buffer_add_format(&out, "%s%.*s %u:%u%s", i > 0 ? "; " : "", HR_SHOW(read->path),
                             read->place.line, read->place.column, read->bare ? " bare" : "");
    }
    return hr_buffer_text(&out);
}

static const struct example examples[] = {
    {"Hi {{ contact.first_name }}", "contact.first_name 1:7 bare"},
    {"Hi {{ contact.first_name | default: 'you' }}", "contact.first_name 1:7"},
    {"{{ contact.a | upcase | default: contact.b }}", "contact.a 1:4; contact.b 1:34 bare"},
    {"{{ contact.a | append: contact.c | default: 'x' }}", "contact.a 1:4; contact.c 1:24"},
    {"{% if contact.a %}\n{{ contact.a }}{% endif %}", "contact.a 1:7"},
    {"{% if contact.a %}{% endif %}{{ contact.a }}", "contact.a 1:33 bare"},
    {"{% unless contact.a == blank %}{{ contact.a }}{{ contact.b }}{% endunless %}",
     "contact.a 1:11; contact.b 1:50 bare"},
    {"{% assign x = contact.a %}{{ x }}{{ y }}", "contact.a 1:15 bare; y 1:37 bare"},
    {"{{ x }}{% assign x = 1 %}{{ x }}", "x 1:4 bare"},
    {"{% if a %}{% assign x = 1 %}{% endif %}{{ x }}", "a 1:7"},
    {"{% for i in contact.l %}{{ i.a }}{{ forloop.index }}{% endfor %}{{ i }}",
     "contact.l 1:13 bare; i 1:68 bare"},
    {"{% for i in contact.l %}{% assign z = i %}{% else %}{% endfor %}{{ z }}", "contact.l 1:13"},
    {"{{ contact['a b'].c[0].d }}", "contact.a b.c 1:4 bare"},
    {"{{ contact[key].d }}", "key 1:12 bare; contact 1:4 bare"},
    {"{{ [name] }}", "name 1:5 bare"},
    {"{% for i in (one..two.x) limit: three %}{% endfor %}",
     "one 1:14 bare; two.x 1:19 bare; three 1:33 bare"},
    {"{% cycle g: a, 'b' %}{% increment n %}{{ n }}", "g 1:10; a 1:13 bare"},
    {"{% capture c %}{{ a }}{% endcapture %}{{ c }}", "a 1:19 bare"},
    {"{% case a %}{% when b, 'c' %}{{ a }}{{ b }}{% endcase %}", "a 1:9; b 1:21"},
    {"{% comment %}{{ a }}{% endcomment %}{% raw %}{{ b }}{% endraw %}{{ 'c' }}{{ true }}", ""},
    {"{% render 'p', name: contact.a %}", "contact.a 1:22; contact.sex 1:4"},
    {"{% render 'p' %}", "contact.sex 1:4; name 1:31 bare"},
    {"{% assign name = 'x' %}{% render 'p' %}", "contact.sex 1:4; name 1:31 bare"},
    {"{% assign name = 'x' %}{% include 'p' %}", "contact.sex 1:4"},
    {"{% render 'p' for contact.l as name %}", "contact.l 1:19 bare; contact.sex 1:4"},
};

static void every_read_has_its_place(void **state)
{
    (void)state;
    size_t wrong = 0;
    struct world world;
    world_open(&world, "{}");
    world_partial(&world, "p", "{{ contact.sex | default }}{{ name }}", HR_LANDING_text);
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct hr_text reads = reads_of(&world, examples[i].source);
        if (!hr_text_equal(reads, hr_text_from(examples[i].came))) {
            print_error("%s\n  reads:    %.*s\n  expected: %s\n", examples[i].source,
                        HR_SHOW(reads), examples[i].came);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
    world_close(&world);
}

static bool answers_nothing(void *context, struct hr_text name, struct hr_value *ret_value)
{
    (void)name;
    (void)ret_value;
    (*(size_t *)context)++;
    return false;
}

/* What is not among the reads is never asked for. */
static void nothing_else_is_asked_for(void **state)
{
    (void)state;
    struct world world;
    size_t asked = 0;
    world_open(&world, "{}");
    world_partial(&world, "p", "{{ contact.sex | default }}{{ name | default }}", HR_LANDING_text);
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct hr_text text;
        size_t count = 0;
        const struct hr_template *template =
            world_compile(&world, hr_text_from(examples[i].source), HR_LANDING_text);
        struct hr_template_view view = {.context = &asked,
                                        .value_of = answers_nothing,
                                        .now = HR_INSTANT_NONE,
                                        .lenient = true};
        assert_non_null(template);
        (void)hr_template_reads(template, &count);
        asked = 0;
        assert_int_equal(hr_template_render(template, &view, &world.arena, &text, NULL).code, 0);
        assert_true(asked == 0 || count > 0);
    }
    world_close(&world);
}

static void it_knows_what_it_was_made_from(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, "{}");
    char source[] = "{{ 'a' }}";
    const struct hr_template *template =
        world_compile(&world, hr_text_from(source), HR_LANDING_html);
    source[4] = 'b';
    assert_true(hr_text_equal(hr_template_source(template), HR_TEXT("{{ 'a' }}")));
    assert_int_equal(hr_template_landing(template), HR_LANDING_html);
    size_t filters = 0;
    size_t tags = 0;
    while (hr_template_filter_name(filters) != NULL) {
        filters++;
    }
    while (hr_template_tag_name(tags) != NULL) {
        tags++;
    }
    assert_true(filters > 55 && tags > 19);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_read_has_its_place),
        cmocka_unit_test(nothing_else_is_asked_for),
        cmocka_unit_test(it_knows_what_it_was_made_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
