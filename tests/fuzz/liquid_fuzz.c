/* fuzz/liquid: the first byte says where the text lands, the rest is a template, a line of "---" before it begins a
 * partial. Compiling and rendering never crash, never exceed a limit, give the same twice, and keep their promises: a
 * refusal has a reason, a header is one line, no value breaks out of its place in HTML or has a form in Markdown. */
#include "template/mail_parts.h"

#include <stdlib.h>
#include <string.h>

static const char data[] =
    "{\"contact\": {\"first_name\": \"<Qz>\\\"'&\", \"last_name\": null, \"title\": \"\", \"vip\": "
    "true, "
    "\"score\": 12.50, \"id\": 12345678901234567890, \"tags\": [\"a\", \"<Qz \", null, [1, 2]], "
    "\"line\": \"a\\r\\nBcc: b\\u0007\", \"link\": \"https://e.example/<Qz>\", \"bad\": "
    "\"javascript:<Qz>\"}, "
    "\"a\": [1, 2, 3], \"b\": \"x\", \"c\": {\"d\": {\"e\": \"\\u00e9<Qz\"}}, \"x\": -7, \"s\": "
    "\"2026-03-29\"}";

struct scene {
    struct hr_arena arena;
    struct hr_value data;
    struct hr_template_partial partial;
    size_t partial_count;
};

static bool value_of(void *context, struct hr_text name, struct hr_value *ret_value)
{
    const struct hr_value *found = hr_value_member(context, name);
    if (found != NULL) {
        *ret_value = *found;
    }
    return found != NULL;
}

static void must(bool truth)
{
    if (!truth) {
        abort();
    }
}

static const struct hr_template *compile(struct scene *scene, struct hr_text source,
                                         enum hr_landing landing)
{
    struct hr_diagnostics complaints;
    const struct hr_template *template = NULL;
    struct hr_template_options options = {
        .landing = landing, .partials = &scene->partial, .partial_count = scene->partial_count};
    hr_diagnostics_init(&complaints, &scene->arena);
    hr_status status = hr_template_compile(&scene->arena, source, &options, &complaints, &template);
    must(hr_ok(status) == (complaints.error_count == 0) || status.code == HR_E_MEMORY);
    for (size_t i = 0; i < complaints.count; i++) {
        must(complaints.items[i].message.size > 0 && complaints.items[i].place.line > 0);
    }
    (void)hr_diagnostics_draw(&complaints, &scene->arena, NULL, NULL);
    return hr_ok(status) ? template : NULL;
}

static bool has(struct hr_text text, const char *part)
{
    return text.size > 0 && hr_text_search(text, hr_text_from(part)) < text.size;
}

static void judge(const struct hr_template *template, struct hr_text source, struct hr_text text)
{
    enum hr_landing landing = hr_template_landing(template);
    must(text.size <= HR_TEMPLATE_OUTPUT_MAX);
    must(hr_text_is_utf8(text));
    must(landing != HR_LANDING_html || has(source, "Qz") || !has(text, "<Qz"));
    for (size_t i = 0; landing == HR_LANDING_header && i < text.size; i++) {
        must((unsigned char)text.data[i] >= ' ');
    }
}

/* The text as Markdown and as HTML: both may be made of anything. No value has a form. */
static void make_parts(struct scene *scene, const struct hr_template *template,
                       struct hr_template_view *view, struct hr_text source)
{
    struct hr_text text;
    struct hr_text made;
    const struct hr_template_span *spans = NULL;
    size_t count = 0;
    if (hr_template_landing(template) != HR_LANDING_text ||
        !hr_ok(hr_template_render_marked(template, view, &scene->arena, &text, &spans, &count,
                                         NULL))) {
        return;
    }
    hr_status status = hr_markdown_html(&scene->arena, text, spans, count, &made);
    must(hr_ok(status) || status.code < 0 || status.code == HR_TEMPLATE_FAILED);
    must(!hr_ok(status) || (hr_text_is_utf8(made) && (has(source, "Qz") || !has(made, "<Qz"))));
    status = hr_html_text(&scene->arena, text, &made);
    must(!hr_ok(status) || hr_text_is_utf8(made));
}

static void render(struct scene *scene, const struct hr_template *template, struct hr_text source)
{
    struct hr_template_view view = {.context = &scene->data, .value_of = value_of, .now = 0};
    struct hr_template_error error = {0};
    struct hr_text first;
    struct hr_text second;
    hr_status status = hr_template_render(template, &view, &scene->arena, &first, &error);
    hr_status again = hr_template_render(template, &view, &scene->arena, &second, NULL);
    must(scene->arena.failed || (again.code == status.code && hr_text_equal(first, second)));
    must(hr_ok(status) || first.size == 0);
    must(status.code <= 0 || (error.code != HR_CODE_none && error.message.size > 0));
    view.lenient = true;
    hr_status lenient = hr_template_render(template, &view, &scene->arena, &second, NULL);
    if (hr_ok(lenient)) {
        judge(template, source, second);
        make_parts(scene, template, &view, source);
    }
    if (hr_ok(status)) {
        judge(template, source, first);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct scene scene = {0};
    if (size == 0) {
        return 0;
    }
    enum hr_landing landing = (enum hr_landing)(bytes[0] % 5);
    struct hr_text source = {(const char *)bytes + 1, size - 1};
    struct hr_text partial = HR_TEXT_NONE;
    size_t cut = source.size == 0 ? 0 : hr_text_search(source, HR_TEXT("\n---\n"));
    hr_arena_init(&scene.arena, 256 << 20);
    must(hr_ok(hr_json_read(&scene.arena, hr_text_from(data), NULL, NULL, &scene.data)));
    if (cut < source.size) {
        partial = hr_text_slice(source, 0, cut);
        scene.partial =
            (struct hr_template_partial){HR_TEXT("p"), compile(&scene, partial, landing)};
        scene.partial_count = scene.partial.template != NULL;
    }
    const struct hr_template *template = compile(
        &scene, hr_text_slice(source, cut < source.size ? cut + 5 : 0, source.size), landing);
    if (template != NULL) {
        render(&scene, template, source);
    }
    hr_arena_close(&scene.arena);
    return 0;
}
