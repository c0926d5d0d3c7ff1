/* One message as it goes out: Markdown whose values have no form, HTML read as text, frames, and the parts together. */
#include "template/mail_parts.h"
#include "unit/template_world.h"

#include <time.h>

static const char data[] =
    "{\"name\": \"*Ada* [x](javascript:y) <b> `c` https://evil.example\", \"plain\": \"Ada\", "
    "\"lines\": \"one\\ntwo\\n\\n# three\", \"url\": \"https://e.example/a?b=1&c='\", \"id\": "
    "\"a/b c\", "
    "\"bad\": \"javascript:alert(1)\", \"mail\": \"ada+x@example.com\", \"title\": \"\"}";

/* A text template as Markdown: rendered, and given its form. */
static struct hr_text markdown(struct world *world, const char *source)
{
    struct hr_text text;
    struct hr_text html = HR_TEXT_NONE;
    const struct hr_template_span *spans = NULL;
    size_t count = 0;
    const struct hr_template *template =
        world_compile(world, hr_text_from(source), HR_LANDING_text);
    assert_non_null(template);
    hr_status status = hr_template_render_marked(template, &world->view, &world->arena, &text,
                                                 &spans, &count, NULL);
    assert_int_equal(status.code, 0);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) { /* in order, within the text */
        assert_true(spans[i].at >= at && spans[i].size > 0);
        at = (size_t)spans[i].at + spans[i].size;
        assert_true(at <= text.size);
    }
    status = hr_markdown_html(&world->arena, text, spans, count, &html);
    return hr_ok(status) ? html : HR_TEXT("failed");
}

static void run_markdown(struct world *world, const struct example *examples, size_t count)
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct hr_text html = markdown(world, examples[i].source);
        if (!hr_text_equal(html, hr_text_from(examples[i].came))) {
            print_error("%s\n  came to:  %.*s\n  expected: %s\n", examples[i].source, HR_SHOW(html),
                        examples[i].came);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}
#define MARKDOWN(world, examples)                                                                  \
    run_markdown(world, examples, sizeof(examples) / sizeof(examples[0]))

static void markdown_has_blocks(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"", ""},
        {"\n\n  \n", ""},
        {"Hello\nthere\n\nAda", "<p>Hello\nthere</p>\n<p>Ada</p>\n"},
        {"one  \ntwo\\\nthree\r\nfour", "<p>one<br>\ntwo<br>\nthree\nfour</p>\n"},
        {"# A\n## B ##\n#no\n####### no", "<h1>A</h1>\n<h2>B ##</h2>\n<p>#no\n####### no</p>\n"},
        {"- a\n- b\n  more\n\n- c\n\nafter",
         "<ul>\n<li>a</li>\n<li>b\nmore</li>\n<li>c</li>\n</ul>\n<p>after</p>\n"},
        {"1. a\n2. b\n\n* c", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n<ul>\n<li>c</li>\n</ul>\n"},
        {"- a\n  - b\n  - c\n    1. d\n- e",
         "<ul>\n<li>a\n<ul>\n<li>b</li>\n<li>c\n<ol>\n<li>d</li>\n</ol>\n</li>\n</ul>\n</li>\n"
         "<li>e</li>\n</ul>\n"},
        {"1. a\n\n   - b\n\n2. c\n\nafter",
         "<ol>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ol>\n<p>after</p>\n"},
        {"- a\n - b\n- c", "<ul>\n<li>a</li>\n<li>b</li>\n<li>c</li>\n</ul>\n"},
        {"3) a", "<ol start=\"3\">\n<li>a</li>\n</ol>\n"},
        {"> a\n> b\n>\n> c\n\nd", "<blockquote>\n<p>a\nb</p>\n<p>c</p>\n</blockquote>\n<p>d</p>\n"},
        {"a\n\n---\n\n* * *\n--", "<p>a</p>\n<hr>\n<hr>\n<p>--</p>\n"},
        {"-no\n1.no\n12345. no", "<p>-no\n1.no\n12345. no</p>\n"},
        {"a\n# b\n- c\n> d",
         "<p>a</p>\n<h1>b</h1>\n<ul>\n<li>c</li>\n</ul>\n<blockquote>\n<p>d</p>\n"
         "</blockquote>\n"},
    };
    struct world world;
    world_open(&world, data);
    MARKDOWN(&world, examples);
    world_close(&world);
}

static void markdown_has_words_with_weight(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"*a* **b** ***c*** _d_ __e__",
         "<p><em>a</em> <strong>b</strong> <em><strong>c</strong></em> <em>d</em> "
         "<strong>e</strong></p>\n"},
        {"snake_case_word 2*3*4 * a * **", "<p>snake_case_word 2<em>3</em>4 * a * **</p>\n"},
        {"*a **b* c**", "<p><em>a <em><em>b</em> c</em></em></p>\n"},
        {"**a *b* c**", "<p><strong>a <em>b</em> c</strong></p>\n"},
        {"*a", "<p>*a</p>\n"},
        {"**a*", "<p>*<em>a</em></p>\n"},
        {"*a**", "<p><em>a</em>*</p>\n"},
        {"`a * b` \\*c\\* `d", "<p><code>a * b</code> *c* `d</p>\n"},
        {"<b>a</b> & \"c\"", "<p>&lt;b&gt;a&lt;/b&gt; &amp; &quot;c&quot;</p>\n"},
        {"*a\nb*", "<p><em>a\nb</em></p>\n"},
        {"\\", "<p>\\</p>\n"},
    };
    struct world world;
    world_open(&world, data);
    MARKDOWN(&world, examples);
    world_close(&world);
}

static void markdown_has_links(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"[Book *now*](https://e.example/?a=1&b=2)",
         "<p><a href=\"https://e.example/?a=1&amp;b=2\">Book <em>now</em></a></p>\n"},
        {"[x](javascript:y) [x](data:y) [x]( ) [x]() [x] (y) [x](//e)",
         "<p>[x](javascript:y) [x](data:y) [x]( ) [x]() [x] (y) <a href=\"//e\">x</a></p>\n"},
        {"See https://e.example/a_b_c, or (http://f.example/).",
         "<p>See <a href=\"https://e.example/a_b_c\">https://e.example/a_b_c</a>, or "
         "(<a href=\"http://f.example/\">http://f.example/</a>).</p>\n"},
        {"xhttps://e.example https://",
         "<p>xhttps://e.example <a href=\"https://\">https://</a></p>\n"},
        {"[a](mailto:x@e.example) [b](tel:+44 20)",
         "<p><a href=\"mailto:x@e.example\">a</a> [b](tel:+44 20)</p>\n"},
        {"*a [b* c](https://e.example)", "<p>*a <a href=\"https://e.example\">b* c</a></p>\n"},
        {"[a [b](https://e.example) c]", "<p><a href=\"https://e.example\">a [b</a> c]</p>\n"},
        {"[[[[[[", "<p>[[[[[[</p>\n"},
    };
    struct world world;
    world_open(&world, data);
    MARKDOWN(&world, examples);
    world_close(&world);
}

/* What a customer typed into a form is shown as it was typed. */
static void values_have_no_form(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"Hello **{{ name }}**", "<p>Hello <strong>*Ada* [x](javascript:y) &lt;b&gt; `c` "
                                 "https://evil.example</strong></p>\n"},
        {"{{ lines }}", "<p>one<br>\ntwo<br>\n<br>\n# three</p>\n"},
        {"- {{ lines }}\n- {{ plain }}",
         "<ul>\n<li>one<br>\ntwo<br>\n<br>\n# three</li>\n<li>Ada</li>\n</ul>\n"},
        {"{{ '# no' }}\n{{ '- no' }}\n{{ '> no' }}", "<p># no\n- no\n&gt; no</p>\n"},
        {"{% for i in (1..2) %}- {{ i }}\n{% endfor %}", "<ul>\n<li>1</li>\n<li>2</li>\n</ul>\n"},
        {"*{{ plain }}* _{{ plain }}_ {{ plain }}_x_", "<p><em>Ada</em> <em>Ada</em> Ada_x_</p>\n"},
        {"{{ '*' }}a{{ '*' }} `{{ name }}`",
         "<p>*a* <code>*Ada* [x](javascript:y) &lt;b&gt; `c` https://evil.example</code></p>\n"},
        {"[Go]({{ url }})", "<p><a href=\"https://e.example/a?b=1&amp;c=&#39;\">Go</a></p>\n"},
        {"[Go]({{ bad }})", "failed"},
        {"[{{ name }}](https://e.example/{{ id }}?m={{ mail }})",
         "<p><a href=\"https://e.example/a%2Fb%20c?m=ada%2Bx%40example.com\">*Ada* "
         "[x](javascript:y) &lt;b&gt; `c` https://evil.example</a></p>\n"},
        {"[Write](mailto:{{ mail }})", "<p><a href=\"mailto:ada+x@example.com\">Write</a></p>\n"},
        {"https://e.example/{{ id }}/x", "<p><a href=\"https://e.example/a%2Fb%20c/x\">"
                                         "https://e.example/a/b c/x</a></p>\n"},
        {"[a{{ ']' }}b](https://e.example)", "<p><a href=\"https://e.example\">a]b</a></p>\n"},
        {"{% capture c %}**a**{% endcapture %}{{ c }} {% ifchanged %}*b*{% endifchanged %}",
         "<p>**a** *b*</p>\n"},
    };
    struct world world;
    world_open(&world, data);
    MARKDOWN(&world, examples);
    world_close(&world);
}

static void html_is_read_as_text(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"", ""},
        {"<p>Hello <b>Ada</b>,</p>\n<p>how\n  are you?</p>", "Hello Ada,\n\nhow are you?\n"},
        {"a<br>b<br/>c<div>d</div>e", "a\nb\nc\nd\ne\n"},
        {"<ul><li>one<li>two</ul>three", "- one\n- two\n\nthree\n"},
        {"<a href=\"https://e.example/?a=1&amp;b=2\">Go</a> on",
         "Go (https://e.example/?a=1&b=2) on\n"},
        {"<a href='https://e.example'>https://e.example</a>", "https://e.example\n"},
        {"<a href=\"mailto:x@e.example\">x@e.example</a> <a href=#top>up</a> <a>none</a>",
         "x@e.example up none\n"},
        {"<head><title>t</title><style>p{}</style></head><script>a<b</script>shown", "shown\n"},
        {"a<!-- <p>no --> b &amp; &lt;c&gt; &#39;d&#x27; &nbsp; &euro; &bogus; & e",
         "a b & <c> 'd'   € &bogus; & e\n"},
        {"<img src=x alt=\"A &amp; B\"><img src=y>", "[A &amp; B]\n"},
        {"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc\n"},
        {"<pre>a\n  b</pre>c", "a\nb\n\nc\n"},
        {"1 < 2 <3 <", "1 < 2 <3 <\n"},
        {"a<p", "a\n"},
        {"<!DOCTYPE html><?xml?>a<hr>b", "a\n\n---\n\nb\n"},
        {"<p title=\"a > b\">c</p>", "c\n"},
    };
    struct world world;
    size_t wrong = 0;
    world_open(&world, data);
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct hr_text text;
        assert_int_equal(hr_html_text(&world.arena, hr_text_from(examples[i].source), &text).code,
                         0);
        if (!hr_text_equal(text, hr_text_from(examples[i].came))) {
            print_error("%s\n  came to:  %.*s\n  expected: %s\n", examples[i].source, HR_SHOW(text),
                        examples[i].came);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
    world_close(&world);
}

/* Renders a message of these texts (NULL: not written). */
static hr_status render(struct world *world, const char *subject, const char *text,
                        const char *html, struct hr_mail_parts *ret_parts, const char **ret_part,
                        struct hr_template_error *reterr)
{
    struct hr_mail_texts texts = {0};
    texts.subject = world_compile(world, hr_text_from(subject), HR_LANDING_header);
    texts.text = text == NULL ? NULL : world_compile(world, hr_text_from(text), HR_LANDING_text);
    texts.html = html == NULL ? NULL : world_compile(world, hr_text_from(html), HR_LANDING_html);
    assert_true(texts.subject != NULL && (texts.text != NULL) == (text != NULL) &&
                (texts.html != NULL) == (html != NULL));
    return hr_mail_parts_render(&texts, &world->view, &world->arena, ret_parts, ret_part, reterr);
}

static bool holds(struct hr_text text, const char *part)
{
    return hr_text_search(text, hr_text_from(part)) < text.size;
}

static void each_part_is_written_or_made(void **state)
{
    (void)state;
    struct world world;
    struct hr_mail_parts parts;
    const char *part = NULL;
    struct hr_template_error error = {0};
    world_open(&world, data);
    assert_int_equal(
        render(&world, "Hi {{ plain }}\n<3", "**Hello** {{ name }}\n", NULL, &parts, &part, &error)
            .code,
        0);
    assert_true(hr_text_equal(parts.subject, HR_TEXT("Hi Ada <3")));
    assert_true(hr_text_starts(parts.text, HR_TEXT("**Hello** *Ada* [x]")));
    assert_true(hr_text_starts(parts.html, HR_TEXT("<!DOCTYPE html>\n")));
    assert_true(holds(parts.html, "<title>Hi Ada &lt;3</title>"));
    assert_true(holds(parts.html, "<p><strong>Hello</strong> *Ada* [x](javascript:y) &lt;b&gt;"));
    assert_int_equal(
        render(&world, "Hi", NULL, "<p>Hello <b>{{ name }}</b></p>", &parts, &part, &error).code,
        0);
    assert_true(hr_text_starts(parts.text, HR_TEXT("Hello *Ada* [x](javascript:y) <b> `c`")));
    assert_true(holds(parts.html, "<p>Hello <b>*Ada* [x](javascript:y) &lt;b&gt;"));
    assert_int_equal(render(&world, "Hi", "text", "<!-- x --><HTML><body>{{ plain }}</body></html>",
                            &parts, &part, &error)
                         .code,
                     0);
    assert_true(hr_text_equal(parts.text, HR_TEXT("text")));
    assert_true(hr_text_equal(parts.html, HR_TEXT("<!-- x --><HTML><body>Ada</body></html>")));
    world_close(&world);
}

static void all_parts_or_none(void **state)
{
    (void)state;
    static const struct {
        const char *subject, *text, *html, *part;
        int32_t outcome;
        enum hr_code code;
    } cases[] = {
        {"{{ title }}", "a", NULL, "subject", HR_TEMPLATE_MISSING, HR_CODE_template_missing},
        {"a", "{{ title }}", NULL, "text", HR_TEMPLATE_MISSING, HR_CODE_template_missing},
        {"a", "b", "{{ title }}", "html", HR_TEMPLATE_MISSING, HR_CODE_template_missing},
        {"a", NULL, "{{ title }}", "html", HR_TEMPLATE_MISSING, HR_CODE_template_missing},
        {"a", "[x]({{ bad }})", NULL, "text", HR_TEMPLATE_FAILED, HR_CODE_template_link},
        {"a", "b", "<a href='{{ bad }}'>", "html", HR_TEMPLATE_FAILED, HR_CODE_template_link},
        {"{% for i in (1..401) %}x{% endfor %}", "b", NULL, "subject", HR_TEMPLATE_LIMIT,
         HR_CODE_template_too_much},
    };
    struct world world;
    world_open(&world, data);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct hr_mail_parts parts;
        const char *part = NULL;
        struct hr_template_error error = {0};
        hr_status status =
            render(&world, cases[i].subject, cases[i].text, cases[i].html, &parts, &part, &error);
        assert_int_equal(status.code, cases[i].outcome);
        assert_int_equal(error.code, cases[i].code);
        assert_string_equal(part, cases[i].part);
        assert_true(error.message.size > 0);
        assert_int_equal(parts.subject.size + parts.text.size + parts.html.size, 0);
        assert_int_equal(
            render(&world, cases[i].subject, cases[i].text, cases[i].html, &parts, NULL, NULL).code,
            cases[i].outcome);
    }
    world_close(&world);
}

/* What the sender owes stands below both parts, as what it is and never as markup. */
static void a_foot_stands_below_both_parts(void **state)
{
    (void)state;
    static const struct {
        const char *html, *begins, *ends;
    } cases[] = {
        {"<html><body><p>a</p></body></html>",
         "<html><body><p>a</p><div style=", "</div>\n</body></html>"},
        {"<HTML><BODY>a</BODY >\n</HTML>", "<HTML><BODY>a<div style=", "</div>\n</BODY >\n</HTML>"},
        {"<html>&lt;/body&gt; </body></html>", "<html>&lt;/body&gt; <div",
         "</div>\n</body></html>"},
        {"<html>a</html>", "<html>a<div style=", "</div>\n</html>"},
        {"a", "a<div style=", "</div>\n"},
        {"", "<div style=", "</div>\n"},
    };
    const struct hr_mail_foot foot = {.postal_address = HR_TEXT("1 <High> Street & Co"),
                                      .unsubscribe_url = HR_TEXT("https://h.example/u/T?a=1&b=2")};
    struct world world;
    world_open(&world, data);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct hr_mail_parts parts = {.text = HR_TEXT("Hello"),
                                      .html = hr_text_from(cases[i].html)};
        assert_int_equal(hr_mail_parts_sign(&parts, &foot, &world.arena).code, 0);
        assert_true(
            hr_text_equal(parts.text, HR_TEXT("Hello\n\n----\n1 <High> Street & Co\nUnsubscribe: "
                                              "https://h.example/u/T?a=1&b=2\n")));
        assert_true(hr_text_starts(parts.html, hr_text_from(cases[i].begins)));
        assert_true(hr_text_ends(parts.html, hr_text_from(cases[i].ends)));
        assert_true(holds(parts.html, ">1 &lt;High&gt; Street &amp; Co</p>"));
        assert_true(holds(parts.html, "<a href=\"https://h.example/u/T?a=1&amp;b=2\""));
    }
    struct hr_mail_parts parts = {.text = HR_TEXT("a\n"), .html = HR_TEXT("b")};
    struct hr_mail_foot none = {0};
    assert_int_equal(hr_mail_parts_sign(&parts, &none, &world.arena).code, 0);
    assert_true(hr_text_equal(parts.text, HR_TEXT("a\n")) &&
                hr_text_equal(parts.html, HR_TEXT("b")));
    none.postal_address = HR_TEXT("x");
    assert_int_equal(hr_mail_parts_sign(&parts, &none, &world.arena).code, 0);
    assert_true(hr_text_equal(parts.text, HR_TEXT("a\n\n----\nx\n")));
    assert_false(holds(parts.html, "<a "));
    world_close(&world);
}

/* Many brackets that one distant link may close, or none: each of them is looked at once. */
static void brackets_before_a_long_link_take_no_time(void **state)
{
    (void)state;
    static const struct {
        const char *part;
        size_t times;
        const char *middle;
        const char *letter;
        const char *behind;
    } cases[] = {
        {"[", 200000, "](", "a", ")"},   {"[", 200000, "](/", "a", " )"},
        {"[](/", 50000, "", "a", " )"},  {"[](a", 50000, "", "a", ")"},
        {"[](", 60000, "/ x", "a", ")"},
    };
    struct world world;
    world_open(&world, data);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct hr_buffer out;
        struct hr_arena arena;
        struct hr_text made;
        struct timespec from;
        struct timespec to;
        hr_arena_init(&arena, 256 << 20);
        hr_buffer_init(&out, &world.arena, 1 << 20);
        for (size_t k = 0; k < cases[i].times; k++) {
            hr_buffer_add_text(&out, hr_text_from(cases[i].part));
        }
        hr_buffer_add_text(&out, hr_text_from(cases[i].middle));
        for (size_t k = 0; k < 50000; k++) {
            hr_buffer_add_text(&out, hr_text_from(cases[i].letter));
        }
        hr_buffer_add_text(&out, hr_text_from(cases[i].behind));
        assert_false(out.failed);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
        assert_int_equal(hr_markdown_html(&arena, hr_buffer_text(&out), NULL, 0, &made).code, 0);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
        double seconds =
            (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
        assert_true(seconds < 2); /* without a sanitizer a few milliseconds */
        hr_arena_close(&arena);
    }
    world_close(&world);
}

/* Texts that make careless readers slow, and a budget that ends anywhere. */
static void hostile_texts_take_no_time(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "[",        "*", "**a*", "`",        "_a_",     "> ", "- ", "[a](",
        "https://", "<", "&",    "<a href=", "<p x=\"", "&#", "\\", "]("};
    struct world world;
    world_open(&world, data);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        struct hr_buffer out;
        struct hr_arena arena;
        struct hr_text made;
        hr_arena_init(&arena, 256 << 20);
        hr_buffer_init(&out, &world.arena, 1 << 20);
        while (out.size + 16 < 500000) {
            hr_buffer_add_text(&out, hr_text_from(parts[i]));
        }
        struct hr_text text = hr_buffer_text(&out);
        assert_int_equal(hr_markdown_html(&arena, text, NULL, 0, &made).code, 0);
        assert_true(made.size > 0);
        assert_int_equal(hr_html_text(&arena, text, &made).code, 0);
        hr_arena_close(&arena);
        for (size_t budget = 100; budget < 200000; budget += 9973) {
            hr_arena_init(&arena, budget);
            hr_status status =
                hr_markdown_html(&arena, hr_text_slice(text, 0, 2000), NULL, 0, &made);
            assert_true(hr_ok(status) || status.code == HR_E_MEMORY);
            hr_arena_close(&arena);
        }
    }
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markdown_has_blocks),
        cmocka_unit_test(markdown_has_words_with_weight),
        cmocka_unit_test(markdown_has_links),
        cmocka_unit_test(values_have_no_form),
        cmocka_unit_test(html_is_read_as_text),
        cmocka_unit_test(each_part_is_written_or_made),
        cmocka_unit_test(all_parts_or_none),
        cmocka_unit_test(a_foot_stands_below_both_parts),
        cmocka_unit_test(hostile_texts_take_no_time),
        cmocka_unit_test(brackets_before_a_long_link_take_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
