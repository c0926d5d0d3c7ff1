/* Values are escaped for where they land: nothing from outside breaks out of its place, nothing is escaped twice. */
#include "unit/template_world.h"

static const char data[] =
    "{\"x\": \"<b>\\\"O'Neil\\\" & co</b>\", \"line\": \"Re: hi\\r\\nBcc: eve@example.com\", "
    "\"bad\": \"javascript:alert(1)\", \"tab\": \" \\tJaVaScRiPt:alert(1)\", "
    "\"url\": \"https://example.com/a b?x=1&y='2'\", \"mail\": \"ada+x@example.com\", "
    "\"part\": \"../a b?c#d&e/f\", \"bell\": \"a\\u0007b\\u001b[1m\\nc\", \"n\": 12.50, "
    "\"list\": [1, \"a\\\"b\"], \"map\": {\"k\": null}, \"yes\": true, "
    "\"entity\": \"&lt;i&gt; &amp; <i>\", \"img\": \"img src=x onerror=alert(1)\"}";

static void between_tags_and_in_attributes(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"<p>{{ x }}</p>", "<p>&lt;b&gt;&quot;O&#39;Neil&quot; &amp; co&lt;/b&gt;</p>"},
        {"<p title=\"{{ x }}\">",
         "<p title=\"&lt;b&gt;&quot;O&#39;Neil&quot; &amp; co&lt;/b&gt;\">"},
        {"<p title = '{{ x }}'>",
         "<p title = '&lt;b&gt;&quot;O&#39;Neil&quot; &amp; co&lt;/b&gt;'>"},
        {"<title>{{ x | upcase }}</title>",
         "<title>&lt;B&gt;&quot;O&#39;NEIL&quot; &amp; CO&lt;/B&gt;</title>"},
        {"{{ '<i>' }}", "&lt;i&gt;"},
        {"{{ n }} {{ yes }} {{ list }} {{ map }}", "12.50 true 1a&quot;b {&quot;k&quot;:null}"},
        {"{% assign a = x %}{{ a }}", "&lt;b&gt;&quot;O&#39;Neil&quot; &amp; co&lt;/b&gt;"},
        {"{% cycle x %}", "&lt;b&gt;&quot;O&#39;Neil&quot; &amp; co&lt;/b&gt;"},
        {"{% raw %}<b>{{ x }}</b>{% endraw %}", "<b>{{ x }}</b>"},
    };
    struct world world;
    world_open(&world, data);
    RUN(&world, HR_LANDING_html, examples);
    world_close(&world);
}

/* What the template itself made as HTML is HTML; whatever is added to it from outside is not. */
static void nothing_is_escaped_twice(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"{{ '<i>' | escape }}", "&lt;i&gt;"},
        {"{{ '<i>' | escape | escape }}", "&lt;i&gt;"},
        {"{{ entity | escape_once }}", "&lt;i&gt; &amp; &lt;i&gt;"},
        {"{{ entity }}", "&amp;lt;i&amp;gt; &amp;amp; &lt;i&gt;"},
        {"{{ \"a<b\nc\" | newline_to_br }}", "a&lt;b<br />\nc"},
        {"{{ 'a<b' | newline_to_br | escape }}", "a&lt;b"},
        {"{% capture c %}<b>{{ list[1] }}</b>{% endcapture %}{{ c }}", "<b>a&quot;b</b>"},
        {"{% capture c %}<b>{{ list[1] }}</b>{% endcapture %}<p title=\"{{ c }}\">",
         "<p title=\"&lt;b&gt;a&quot;b&lt;/b&gt;\">"},
        {"{% capture c %}<b>{% endcapture %}{{ c | append: '<i>' }}", "&lt;b&gt;&lt;i&gt;"},
        {"{% capture c %}<b>{% endcapture %}{% assign d = c %}{{ d }}</b>", "<b></b>"},
        {"{% capture c %}<b>{% endcapture %}{{ c | default: 'x' }}</b>", "<b></b>"},
        {"{% assign c = '<b>' %}{{ c | default: 'x' }}", "&lt;b&gt;"},
        {"{{ nothing | default: '<b>' }}", "&lt;b&gt;"},
        {"{% capture c %}https://example.com/?a=1&b={{ list[1] }}{% endcapture %}<a href=\"{{ c "
         "}}\">",
         "<a href=\"https://example.com/?a=1&amp;b=a%22b\">"},
        {"{{ '<b>' | escape | json }}", "&quot;&amp;lt;b&amp;gt;&quot;"},
    };
    struct world world;
    world_open(&world, data);
    RUN(&world, HR_LANDING_html, examples);
    world_close(&world);
}

static void links_lead_where_the_text_says(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"<a href=\"{{ url }}\">", "<a href=\"https://example.com/a%20b?x=1&amp;y=%272%27\">"},
        {"<a href=\" {{ url }}\">", "<a href=\" https://example.com/a%20b?x=1&amp;y=%272%27\">"},
        {"<a href='{{ bad }}'>",
         "failed: the value that is the whole link here does not begin with "
         "https://, http://, mailto: or tel:"},
        {"<img src='{{ tab }}'>", "failed: the value that is the whole link here does not begin "
                                  "with https://, http://, mailto: or tel:"},
        {"<a href='{{ '//evil.example' }}'>",
         "failed: the value that is the whole link here does not begin with "
         "https://, http://, mailto: or tel:"},
        {"<a href=\"https://e.example/{{ part }}/x\">",
         "<a href=\"https://e.example/..%2Fa%20b%3Fc%23d%26e%2Ff/x\">"},
        {"<a href=\"https://e.example/?q={{ part }}&r={{ list[1] }}\">",
         "<a href=\"https://e.example/?q=..%2Fa%20b%3Fc%23d%26e%2Ff&r=a%22b\">"},
        {"<a href=\"https://e.example/?q={{ part | url_encode }}\">",
         "<a href=\"https://e.example/?q=..%2Fa+b%3Fc%23d%26e%2Ff\">"},
        {"<a href=\"mailto:{{ mail }}?subject={{ x }}\">",
         "<a "
         "href=\"mailto:ada+x@example.com?subject=%3Cb%3E%22O%27Neil%22%20%26%20co%3C%2Fb%3E\">"},
        {"<a href=\"{{ url }}{{ part }}\">",
         "<a href=\"https://example.com/a%20b?x=1&amp;y=%272%27..%2Fa%20b%3Fc%23d%26e%2Ff\">"},
        {"<a HREF=\"java{{ bad }}\">", "<a HREF=\"javajavascript%3Aalert%281%29\">"},
        {"<a href=\"javascript:f('{{ x }}')\">",
         "E0456: a value may not stand in a link that runs code"},
        {"<a title=\"{{ bad }}\">", "<a title=\"javascript:alert(1)\">"},
    };
    struct world world;
    world_open(&world, data);
    RUN(&world, HR_LANDING_html, examples);
    world_close(&world);
}

#define TAG_PART "E0456: a value may not be a part of a tag or of an attribute's name"
#define UNQUOTED "E0456: a value may not stand in an attribute without quotes"
#define SCRIPT   "E0456: a value may not stand in a script or style"
#define COMMENT  "E0456: a value may not stand in a comment"

static void where_nothing_helps_no_value_may_stand(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"<script>var a = '{{ x }}';</script>", SCRIPT},
        {"<style>p { color: {{ x }} }</style>", SCRIPT},
        {"<SCRIPT src='a.js'></SCRIPT>{{ n }}", "<SCRIPT src='a.js'></SCRIPT>12.50"},
        {"<script>'</script'</script >{{ n }}", "<script>'</script'</script >12.50"},
        {"<script>\"</scriptx>\"; var a = \"{{ n }}\"</script>", SCRIPT},
        {"<style></styles>{{ n }}</style>", SCRIPT},
        {"<script></script\v>{{ n }}</script>", SCRIPT},
        {"<script></script{{ n }}></script>", SCRIPT},
        {"<script></script/>{{ n }}", "<script></script/>12.50"},
        {"<script></script\n>{{ n }}", "<script></script\n>12.50"},
        {"<script><</</script>{{ n }}", "<script><</</script>12.50"},
        {"<script></script{% assign a = 1 %}>{{ n }}", "<script></script>12.50"},
        {"<script></scr{% assign a = 1 %}ipt>{{ n }}", "<script></script>12.50"},
        {"<style></sty{% assign a = 1 %}le><a onclick='</style>{{ n }}'></a>",
         "E0456: a value may not stand in this attribute"},
        {"<p {{ x }}>", TAG_PART},
        {"<{{ img }}>", TAG_PART},
        {"</{{ img }}>", TAG_PART},
        {"<p{{ x }}>", TAG_PART},
        {"<p data-{{ n }}='1'>", TAG_PART},
        {"<p title={{ x }}>", UNQUOTED},
        {"<p title=a{{ x }}>", UNQUOTED},
        {"<p onclick=\"f('{{ x }}')\">", "E0456: a value may not stand in this attribute"},
        {"<p style='color: {{ x }}'>", "E0456: a value may not stand in this attribute"},
        {"<img srcset='{{ url }} 2x'>", "E0456: a value may not stand in this attribute"},
        {"<!-- {{ x }} -->", COMMENT},
        {"<!DOCTYPE {{ x }}>", COMMENT},
        {"<!-- > -->{{ n }}", "<!-- > -->12.50"},
        {"<!--[if mso]><p>{{ n }}</p><![endif]-->", "<!--[if mso]><p>12.50</p><![endif]-->"},
        {"<!--[if !mso]><!--><p>{{ n }}</p><!--<![endif]-->",
         "<!--[if !mso]><!--><p>12.50</p><!--<![endif]-->"},
        {"a < b {{ n }} > c", "a < b 12.50 > c"},
        {"<{% if yes %}b{% endif %}>",
         "E0457: the HTML differs when no branch of this tag is taken, or several"},
        {"<script></scr{% if yes %}ipt{% endif %}></script>",
         "E0457: the HTML differs when no branch of this tag is taken, or several"},
        {"<br/>{{ n }}<br />{{ n }}", "<br/>12.50<br />12.50"},
        {"<a href='x'title='{{ n }}'>", "<a href='x'title='12.50'>"},
        {"<a href = x>{{ n }}", "<a href = x>12.50"},
    };
    struct world world;
    world_open(&world, data);
    RUN(&world, HR_LANDING_html, examples);
    world_close(&world);
}

static void all_ways_through_must_agree(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"<a href=\"{% if yes %}https://a.example/{% else %}https://b.example/{% endif %}{{ n "
         "}}\">",
         "<a href=\"https://a.example/12.50\">"},
        {"<a href=\"{% if yes %}https://a.example/{% endif %}{{ part }}\">",
         "E0457: the HTML differs when no branch of this tag is taken, or several"},
        {"<a href=\"https://a.example/{% if yes %}?x={% endif %}{{ n }}\">",
         "<a href=\"https://a.example/?x=12.50\">"},
        {"{% if yes %}<a href=\"x\">{% else %}<b>{% endif %}{{ n }}", "<a href=\"x\">12.50"},
        {"{% if yes %}<a href=\"{% else %}<b>{% endif %}{{ n }}",
         "E0457: the branches of this tag leave the HTML differently"},
        {"{% for i in list %}<p title=\"{% endfor %}",
         "E0457: this loop leaves the HTML differently than it found it"},
        {"{% for i in list %}<p title=\"{% break %}\">{% endfor %}",
         "E0457: the loop is left while the HTML stands otherwise than at its beginning"},
        {"{% case n %}{% when 1 %}<p{% endcase %}>",
         "E0457: the HTML differs when no branch of this tag is taken, or several"},
        {"{% capture c %}<p title=\"{% endcapture %}",
         "E0457: what is captured ends inside of a tag"},
        {"<p title=\"x", "E0457: the text ends inside of a tag, comment or script"},
        {"<p title=\"{% capture c %}<b>{{ n }}</b>{% endcapture %}\">", "<p title=\"\">"},
        {"<p title=\"{% render 'p' %}\">",
         "E0456: a partial may not be shown inside of a tag, text or link"},
        {"<p>{% render 'p' %}</p>", "<p><b>12.50</b></p>"},
        {"{% render 'plain' %}", "E0456: this partial is written for another place"},
        {"<p title=\"{% tablerow i in list %}{% endtablerow %}\">",
         "E0456: a table may not stand inside of a tag or text"},
    };
    struct world world;
    world_open(&world, data);
    world_partial(&world, "p", "<b>{{ n }}</b>", HR_LANDING_html);
    world_partial(&world, "plain", "{{ n }}", HR_LANDING_text);
    RUN(&world, HR_LANDING_html, examples);
    world_close(&world);
}

static void a_header_is_one_line(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"Hello {{ line }}", "Hello Re: hi Bcc: eve@example.com"},
        {" Hello\n {{ x }} \r\n", "Hello <b>\"O'Neil\" & co</b>"},
        {"{{ bell }}", "a\xEF\xBF\xBD"
                       "b\xEF\xBF\xBD[1m c"},
        {"{% assign crlf = '%0D%0AX: y' | url_decode %}a{{ crlf }}", "a X: y"},
        {"{{ 'DQpYOiB5' | base64_decode }}", "X: y"},
        {"{% capture c %}a\nb{% endcapture %}{{ c }}", "a b"},
        {"{% for i in (1..100) %}12345{% endfor %}", "limit: the line is longer than 400 bytes"},
    };
    struct world world;
    world_open(&world, data);
    RUN(&world, HR_LANDING_header, examples);
    world_close(&world);
}

static void plain_text_links_and_json(void **state)
{
    (void)state;
    static const struct example text[] = {
        {"{{ x }} {{ line }}", "<b>\"O'Neil\" & co</b> Re: hi\r\nBcc: eve@example.com"},
        {"{{ bell }}", "a\xEF\xBF\xBD"
                       "b\xEF\xBF\xBD[1m\nc"},
        {"{{ '<b>' | escape }}", "&lt;b&gt;"},
        {"{{ map }} {{ list | json }} {{ 'a\"b' | json }}",
         "{\"k\":null} [1,\"a\\\"b\"] \"a\\\"b\""},
    };
    static const struct example url[] = {
        {"{{ url }}", "https://example.com/a%20b?x=1&y=%272%27"},
        {"{{ bad }}", "failed: the value that is the whole link here does not begin with https://, "
                      "http://, mailto: or tel:"},
        {"https://e.example/{{ part }}", "https://e.example/..%2Fa%20b%3Fc%23d%26e%2Ff"},
        {"tel:{{ '+44 20' }}", "tel:+44%2020"},
        {"https://e.example/?e={{ mail | url_encode }}",
         "https://e.example/?e=ada%2Bx%40example.com"},
        {"javascript:{{ n }}", "E0456: a value may not stand in a link that runs code"},
    };
    static const struct example json[] = {
        {"{\"a\": \"{{ x }}\"}", "{\"a\": \"<b>\\\"O'Neil\\\" & co</b>\"}"},
        {"{\"a\": {{ x }}, \"b\": {{ n }}, \"c\": {{ list }}, \"d\": {{ map }}, \"e\": {{ yes }}}",
         "{\"a\": \"<b>\\\"O'Neil\\\" & co</b>\", \"b\": 12.50, \"c\": [1,\"a\\\"b\"], "
         "\"d\": {\"k\":null}, \"e\": true}"},
        {"{{ list | json }}", "[1,\"a\\\"b\"]"},
        {"\"{{ line }}\"", "\"Re: hi\\r\\nBcc: eve@example.com\""},
        {"\"a\\\"{{ n }}\"", "\"a\\\"12.50\""},
        {"\"\\{{ n }}\"", "E0456: a value may not stand behind a backslash"},
        {"\"{{ n }}", "E0457: the text ends inside of quotes"},
        {"{\"a\": {% if yes %}\"{% endif %}}",
         "E0457: the HTML differs when no branch of this tag is taken, or several"},
        {"{% capture c %}a\"b{% endcapture %}{\"a\": {{ c }}, \"b\": \"{{ c }}\"}",
         "{\"a\": \"a\\\"b\", \"b\": \"a\\\"b\"}"},
    };
    struct world world;
    world_open(&world, data);
    RUN(&world, HR_LANDING_text, text);
    RUN(&world, HR_LANDING_url, url);
    RUN(&world, HR_LANDING_json, json);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(between_tags_and_in_attributes),
        cmocka_unit_test(nothing_is_escaped_twice),
        cmocka_unit_test(links_lead_where_the_text_says),
        cmocka_unit_test(where_nothing_helps_no_value_may_stand),
        cmocka_unit_test(all_ways_through_must_agree),
        cmocka_unit_test(a_header_is_one_line),
        cmocka_unit_test(plain_text_links_and_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
