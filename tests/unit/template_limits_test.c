/* Every limit is met with a name, and quickly: sizes, depth, turns, output, work. */
#include "unit/template_world.h"

#include <time.h>

enum { LONG = HR_TEMPLATE_SOURCE_MAX };

/* `part` so many times, with something before and behind. */
static struct hr_text repeat(struct world *world, const char *before, const char *part,
                             size_t times, const char *behind)
{
    struct hr_buffer out;
    hr_buffer_init(&out, &world->arena, 16 << 20);
    hr_buffer_add_text(&out, hr_text_from(before));
    for (size_t i = 0; i < times; i++) {
        hr_buffer_add_text(&out, hr_text_from(part));
    }
    hr_buffer_add_text(&out, hr_text_from(behind));
    assert_false(out.failed);
    return hr_buffer_text(&out);
}

static void expect(struct world *world, struct hr_text source, const char *came)
{
    struct timespec from;
    struct timespec to;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    struct hr_text text = world_render(world, source, HR_LANDING_text);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    double seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    if (!hr_text_equal(text, hr_text_from(came))) {
        print_error("%.60s ... came to %.*s\n", source.data, HR_SHOW(hr_text_clip(text, 200)));
    }
    assert_true(hr_text_equal(text, hr_text_from(came)));
    assert_true(seconds < 5); /* a sanitizer is slow; without one it is far below a second */
}

static void sizes_and_depth_are_limited(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, "{\"a\": 1}");
    expect(&world, repeat(&world, "", "x", LONG + 1, ""), "E0455: the text is longer than 256 KiB");
    expect(&world, repeat(&world, "", "{% if a %}", 32, ""), "E0454: this if has no endif");
    expect(&world, repeat(&world, "", "{% if a %}", 33, ""),
           "E0455: this is nested deeper than 32 levels");
    expect(&world, repeat(&world, "{{ a", "[a", 500, "}}"),
           "E0455: this is nested deeper than 32 levels");
    expect(&world, repeat(&world, "{{ ", "(", 500, "}}"),
           "E0455: this is nested deeper than 32 levels");
    expect(&world, repeat(&world, "{% ", "liquid ", 500, "echo a %}"),
           "E0455: this is nested deeper than 32 levels");
    expect(&world, repeat(&world, "{{ ", "a", 101, " }}"),
           "E0450: a name has more than 100 letters");
    expect(&world, repeat(&world, "{{ ", "9", 40, " }}"), "E0450: this number has too many digits");
    expect(&world, HR_TEXT("\xff"), "E0450: the text is not UTF-8");
    world_close(&world);
}

static void partials_are_not_endless(void **state)
{
    (void)state;
    struct world world;
    char names[10][8];
    world_open(&world, "{}");
    world_partial(&world, "p0", "end", HR_LANDING_text);
    for (int i = 1; i < 9; i++) {
        char source[64];
        snprintf(names[i], sizeof(names[i]), "p%d", i);
        snprintf(source, sizeof(source), "{%% render 'p%d' %%}", i - 1);
        world_partial(&world, names[i], source, HR_LANDING_text);
    }
    expect(&world, HR_TEXT("{% render 'p7' %}"), "end");
    expect(&world, HR_TEXT("{% render 'p8' %}"), "E0455: partials show partials more than 8 deep");
    expect(&world, HR_TEXT("{% render 'p9' %}"), "E0458: there is no partial \"p9\" here");
    world_close(&world);
}

static void turns_and_output_are_limited(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, "{\"a\": 1}");
    world_partial(&world, "loop", "{% for i in (1..200) %}{% endfor %}x", HR_LANDING_text);
    expect(&world, HR_TEXT("{% for i in (1..10000) %}{% assign b = i %}{% endfor %}{{ b }}"),
           "10000");
    expect(&world, HR_TEXT("{% for i in (1..10001) %}{% endfor %}"),
           "limit: a range has more than 10,000 items");
    expect(&world, HR_TEXT("{% for i in (1..99999999999) %}{% endfor %}"),
           "limit: a range has more than 10,000 items");
    expect(&world,
           HR_TEXT("{% for i in (1..101) %}{% for j in (1..100) %}{% endfor %}{% endfor %}"),
           "limit: the loops turned more than 10,000 times in all");
    expect(&world, HR_TEXT("{% for i in (1..100) %}{% render 'loop' %}{% endfor %}"),
           "limit: the loops turned more than 10,000 times in all");
    expect(&world,
           HR_TEXT("{% tablerow i in (1..9999) %}{% for j in (1..2) %}{% endfor %}"
                   "{% endtablerow %}"),
           "limit: the loops turned more than 10,000 times in all");
    expect(&world, repeat(&world, "{% for i in (1..100) %}", "x", 20000, "{% endfor %}"),
           "limit: the text became too long");
    expect(&world,
           repeat(&world, "{% for i in (1..100) %}{% capture c %}{{ c }}", "x", 99000,
                  "{% endcapture %}{% endfor %}"),
           "missing: c");
    expect(&world,
           repeat(&world, "{% assign c = '' %}{% for i in (1..100) %}{% capture c %}{{ c }}", "x",
                  99000, "{% endcapture %}{% endfor %}"),
           "limit: the text became too long");
    world_close(&world);
}

#define TOO_MUCH "limit: this took too much work"
#define TOO_LONG "limit: the texts on the way became too long"

/* Small outputs over large inputs, again and again. */
static void work_is_limited(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, "{\"a\": 1}");
    static const char *const loops[][2] = {
        {"{{ s | size }}", TOO_MUCH},
        {"{{ s | upcase | size }}", TOO_LONG},
        {"{{ s | replace_last: 'x', 'y' | size }}", TOO_LONG},
        {"{{ s | split: '' | size }}", "limit: the lists on the way became too long"},
        {"{{ s | date: '%Y' | size }}", TOO_MUCH},
        {"{{ s | strip_html | size }}", TOO_LONG},
        {"{{ s | slice: -1 }}", TOO_MUCH},
        {"{% if s contains 'y' %}{% endif %}{{ i }}", TOO_MUCH},
        {"{% if s == t %}{% endif %}{{ i }}", TOO_MUCH},
        {"{% if s.size > 3 %}{% endif %}{{ i }}", TOO_MUCH},
        {"{{ s | truncate: 5 }}", TOO_MUCH},
        {"{{ s | append: 'x' | size }}", TOO_LONG},
        {"{{ s | url_encode | size }}", TOO_LONG},
        {"{{ s | json | size }}", TOO_LONG},
        {"{% cycle s: 1, 2 %}", TOO_MUCH},
        {"{% assign u = s | strip %}", TOO_MUCH},
        {"{% case s %}{% when t %}{% endcase %}{{ i }}", TOO_MUCH},
        {"{% if s < t %}{% endif %}{{ i }}", TOO_MUCH},
        {"{% if s >= t %}{% endif %}{{ i }}", TOO_MUCH},
    };
    for (size_t i = 0; i < sizeof(loops) / sizeof(loops[0]); i++) {
        struct hr_text xs = repeat(&world, "", "x", 120000, "");
        struct hr_text source = hr_text_format(
            &world.arena,
            "{%% assign s = '%.*s' %%}{%% assign t = '%.*s' %%}{%% for i in (1..10000) %%}%s"
            "{%% endfor %%}",
            HR_SHOW(xs), HR_SHOW(xs), loops[i][0]);
        expect(&world, source, loops[i][1]);
    }
    world_close(&world);
}

/* A view over one name, "list". */
static bool list_of(void *context, struct hr_text name, struct hr_value *ret_value)
{
    *ret_value = *(const struct hr_value *)context;
    return hr_text_equal(name, HR_TEXT("list"));
}

static void expect_of_list(const struct hr_value *list, const char *source, const char *came)
{
    struct world world;
    struct hr_value kept = *list;
    world_open(&world, "{}");
    world.view.value_of = list_of;
    world.view.context = &kept;
    expect(&world, hr_text_from(source), came);
    world_close(&world);
}

/* Putting in order, and telling apart, pay for what they compare. */
static void comparing_is_limited(void **state)
{
    (void)state;
    enum { LETTERS = 100000, ITEMS = 700, NUMBERS = 60000, MEMBERS = 30000, MAPS = 3000 };
    static char letters[LETTERS];
    static struct hr_value items[ITEMS];
    static struct hr_value numbers[NUMBERS];
    static struct hr_member members[MEMBERS];
    static struct hr_value maps[MAPS];
    struct hr_value list = {.kind = HR_KIND_list, .count = ITEMS, .items = items};
    memset(letters, 'x', sizeof(letters));
    for (size_t i = 0; i < ITEMS; i++) {
        items[i] = hr_value_text((struct hr_text){letters, LETTERS});
    }
    expect_of_list(&list, "{{ list | sort | size }}", TOO_MUCH);
    /* also where nothing comes behind that could notice */
    expect_of_list(&list, "{% if list == list %}same{% endif %}", TOO_MUCH);
    list.count = 4;
    expect_of_list(&list, "{{ list | sort | size }}", "4");
    for (size_t i = 0; i < ITEMS; i++) { /* these differ in their first letter */
        items[i].text = letters + i;
        items[i].count = LETTERS - ITEMS;
        letters[i] = (char)('0' + i % 64);
    }
    list.count = 200;
    expect_of_list(&list, "{{ list | sort | size }}", "200");
    for (size_t i = 0; i < NUMBERS; i++) {
        numbers[i] = hr_value_double((double)((i * 7919) % NUMBERS) + 0.123456789);
    }
    list = (struct hr_value){.kind = HR_KIND_list, .count = NUMBERS, .items = numbers};
    expect_of_list(&list, "{{ list | sort | size }}", TOO_MUCH);
    list.count = 1000;
    expect_of_list(&list, "{{ list | sort | first }}", "0.123456789");
    for (size_t i = 0; i < MEMBERS; i++) {
        members[i] = (struct hr_member){hr_value_text(HR_TEXT("key")), hr_value_int(1)};
    }
    for (size_t i = 0; i < MAPS; i++) {
        maps[i] = (struct hr_value){.kind = HR_KIND_map, .count = MEMBERS, .members = members};
    }
    list = (struct hr_value){.kind = HR_KIND_list, .count = MAPS, .items = maps};
    expect_of_list(&list, "{{ list | compact: 'kex' | size }}", TOO_MUCH);
    expect_of_list(&list, "{{ list | sum: 'kex' }}", TOO_MUCH);
    expect_of_list(&list, "{{ list | sort: 'kex' | size }}", TOO_MUCH);
    expect_of_list(&list, "{{ list | uniq: 'kex' | size }}", TOO_MUCH);
}

/* Texts whose hashes are near each other, which fill one corner of a table; each comes twice. */
static void telling_apart_is_not_quadratic(void **state)
{
    (void)state;
    enum { TEXTS = 30000, SIZE = 12, CORNER_BITS = 6 };
    static char bytes[TEXTS][SIZE];
    static struct hr_value items[2 * TEXTS];
    size_t mask = 65536 - 1;
    size_t made = 0;
    for (unsigned i = 0; made < TEXTS; i++) {
        int size = snprintf(bytes[made], SIZE, "\"%u\"", i); /* as it is told apart */
        struct hr_text key = {bytes[made], (size_t)size};
        if ((hr_text_hash(key) & mask) < (mask + 1) >> CORNER_BITS) {
            items[made] = hr_value_text(hr_text_slice(key, 1, key.size - 1));
            items[TEXTS + made] = items[made];
            made++;
        }
    }
    struct hr_value list = {.kind = HR_KIND_list, .count = 2 * TEXTS, .items = items};
    expect_of_list(&list, "{{ list | uniq | size }}", "30000");
    list.count = 3;
    expect_of_list(&list, "{% assign l = list | reverse | concat: list | uniq %}{{ l.size }}", "3");
    struct world world;
    world_open(&world, "{\"l\": [3, \"b\", 1, \"a\", 3, {\"k\": 1}, \"b\", {\"k\": 1}, 1.0]}");
    expect(&world, HR_TEXT("{{ l | uniq | json }}"), "[3,\"b\",1,\"a\",{\"k\":1},1.0]");
    world_close(&world);
}

/* Of many warnings the first few are told, and the others cost nothing. */
static void warnings_are_few(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, "{\"a\": 1}");
    expect(&world, repeat(&world, "{% if a %}", "{%else%}", 30000, "{% endif %}"), "");
    assert_int_equal(world.complaints.warning_count, 10);
    expect(&world, repeat(&world, "{% for b in (1..2) %}", "{%else%}", 30000, "{% endfor %}"), "");
    assert_int_equal(world.complaints.warning_count, 10);
    expect(&world, repeat(&world, "", "{%if a%}{%else if b%}{%endif%}", 8000, ""), "");
    assert_int_equal(world.complaints.warning_count, 10);
    world_close(&world);
}

/* Texts that make careless searching slow. */
static void nothing_is_quadratic(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, "{\"a\": 1}");
    struct hr_text open = repeat(&world, "{% comment %}", "{{ ", 80000, "{% endcomment %}");
    expect(&world, open, "");
    expect(&world, repeat(&world, "{% raw %}", "{% ", 80000, "{% endraw %}{% if a %}"),
           "E0454: this if has no endif");
    expect(&world,
           repeat(&world, "{% assign s = '", "<script ", 30000, "' | strip_html | size %}{{ s }}"),
           "240000");
    expect(&world,
           repeat(&world, "{% assign s = '", "a", 250000,
                  "' | replace_last: 'aaaaaaaaaaaaaaaaaaaaaab', '' | size %}{{ s }}"),
           "250000");
    expect(&world,
           repeat(&world, "{% assign s = '", "&amp", 60000, "' | escape_once | size %}{{ s }}"),
           "480000");
    expect(&world, repeat(&world, "", "{% if a %}{% else %}{% endif %}", 8000, ""), "");
    struct hr_buffer out;
    hr_buffer_init(&out, &world.arena, LONG);
    for (unsigned i = 0; out.size + 40 < LONG; i++) {
        hr_buffer_add_format(&out, "{%% assign v%u = w%u %%}", i, i);
    }
    expect(&world, hr_buffer_text(&out), "E0455: the text reads more than 200 different fields");
    hr_buffer_init(&out, &world.arena, LONG);
    for (unsigned i = 0; out.size + 60 < LONG; i++) {
        hr_buffer_add_format(&out, "{%% assign v%u = w.a %%}{%% if v%u %%}{%% endif %%}", i, i);
    }
    expect(&world, hr_buffer_text(&out), "");
    world_close(&world);
}

/* An arena that refuses at any moment is an answer, never a crash or half a text. */
static void no_memory_is_an_answer(void **state)
{
    (void)state;
    static const char source[] =
        "{% assign l = 'a,b,c' | split: ',' %}{% for i in l reversed %}{{ i | upcase | append: x }}"
        "{% if forloop.last %}{% capture c %}[{{ i }}]{% endcapture %}{{ c }}{% endif %}{% endfor "
        "%}"
        "{% render 'p' for l as q %}{% cycle 'a', 'b' %}{{ 10 | divided_by: 3.0 }}"
        "{{ 'now' | date: '%F' }}{{ l | sort | uniq | concat: l | join: '-' }}";
    struct world world;
    world_open(&world, "{\"x\": \"!\"}");
    world_partial(&world, "p", "<{{ q }}>", HR_LANDING_text);
    size_t made = 0;
    for (size_t budget = 1000; budget < 400000 && made < 3; budget += 499) {
        struct hr_arena arena;
        struct hr_text text;
        struct hr_diagnostics complaints;
        const struct hr_template *template = NULL;
        struct hr_template_options options = {.partials = world.partials, .partial_count = 1};
        hr_arena_init(&arena, budget);
        hr_diagnostics_init(&complaints, &arena);
        hr_status status =
            hr_template_compile(&arena, hr_text_from(source), &options, &complaints, &template);
        if (hr_ok(status)) {
            status = hr_template_render(template, &world.view, &arena, &text, NULL);
            assert_true(hr_ok(status) || text.size == 0);
        }
        assert_true(hr_ok(status) || status.code == HR_E_MEMORY);
        if (hr_ok(status)) {
            assert_true(hr_text_equal(
                text, HR_TEXT("C!B!A![a]<a><b><c>a3.3333333333333332026-11-22a-b-c-a-b-c")));
            made++;
        }
        hr_arena_close(&arena);
    }
    assert_int_equal(made, 3);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_and_depth_are_limited),
        cmocka_unit_test(partials_are_not_endless),
        cmocka_unit_test(turns_and_output_are_limited),
        cmocka_unit_test(work_is_limited),
        cmocka_unit_test(comparing_is_limited),
        cmocka_unit_test(telling_apart_is_not_quadratic),
        cmocka_unit_test(warnings_are_few),
        cmocka_unit_test(nothing_is_quadratic),
        cmocka_unit_test(no_memory_is_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
