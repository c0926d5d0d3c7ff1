/* template/mail_parts: the parts of one mail from the texts of one message; what is not written is made of what is. */
#include "template/mail_parts.h"

#include "template/filters_inside.h"

/* The frame of an HTML part that has none of its own. */
static const char frame_begin[] =
    "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
static const char frame_body[] =
    "</title>\n</head>\n<body style=\"margin: 0; padding: 24px; font: 16px/1.5 sans-serif; "
    "color: #222; background: #fff\">\n<div style=\"max-width: 600px; margin: 0 auto\">\n";
static const char frame_end[] = "</div>\n</body>\n</html>\n";

struct making {
    const struct hr_mail_texts *texts;
    const struct hr_template_view *view;
    struct hr_arena *into;
    struct hr_mail_parts *parts;
    const char *part;
    struct hr_template_error *error;
};

static hr_status render(struct making *making, const char *part, const struct hr_template *template,
                        struct hr_text *ret_text)
{
    making->part = part;
    return hr_template_render(template, making->view, making->into, ret_text, making->error);
}

/* A whole document begins with its own tag, perhaps behind a doctype and comments. */
static bool has_frame(struct hr_text html)
{
    static const struct hr_text tag = HR_TEXT("<html");
    for (size_t at = 0; at + tag.size < html.size; at++) {
        at += hr_text_find(hr_text_slice(html, at, html.size), '<');
        if (hr_text_equal_caseless(hr_text_slice(html, at, at + tag.size), tag)) {
            return true;
        }
    }
    return false;
}

static hr_status put_frame(struct making *making)
{
    struct hr_buffer out;
    struct hr_mail_parts *parts = making->parts;
    if (has_frame(parts->html)) {
        return hr_done();
    }
    hr_buffer_init(&out, making->into, HR_MAIL_HTML_MAX);
    hr_buffer_add_text(&out, hr_text_from(frame_begin));
    hr_escape_html(&out, parts->subject);
    hr_buffer_add_text(&out, hr_text_from(frame_body));
    hr_buffer_add_text(&out, parts->html);
    hr_buffer_add_text(&out, hr_text_from(frame_end));
    parts->html = hr_buffer_text(&out);
    return hr_buffer_status(&out);
}

/* The text part, and the HTML part made of it where none is written. */
static hr_status make_text(struct making *making)
{
    const struct hr_template_span *spans = NULL;
    size_t count = 0;
    struct hr_mail_parts *parts = making->parts;
    making->part = "text";
    HR_TRY(hr_template_render_marked(making->texts->text, making->view, making->into, &parts->text,
                                     &spans, &count, making->error));
    if (making->texts->html != NULL) {
        return hr_done();
    }
    hr_status status = hr_markdown_html(making->into, parts->text, spans, count, &parts->html);
    if (status.code == HR_TEMPLATE_FAILED) {
        *making->error = (struct hr_template_error){
            .code = HR_CODE_template_link,
            .message = HR_TEXT("a value that is the whole of a link does not begin with https://, "
                               "http://, mailto: or tel:")};
    }
    return status;
}

static hr_status make_html(struct making *making)
{
    struct hr_mail_parts *parts = making->parts;
    HR_TRY(render(making, "html", making->texts->html, &parts->html));
    return making->texts->text == NULL ? hr_html_text(making->into, parts->html, &parts->text)
                                       : hr_done();
}

static hr_status make_parts(struct making *making)
{
    HR_TRY(render(making, "subject", making->texts->subject, &making->parts->subject));
    if (making->texts->text != NULL) {
        HR_TRY(make_text(making));
    }
    if (making->texts->html != NULL) {
        HR_TRY(make_html(making));
    }
    return put_frame(making);
}

hr_status hr_mail_parts_render(const struct hr_mail_texts *texts,
                               const struct hr_template_view *view, struct hr_arena *into,
                               struct hr_mail_parts *ret_parts, const char **ret_part,
                               struct hr_template_error *reterr)
{
    struct hr_template_error error = {0};
    *ret_parts = (struct hr_mail_parts){0};
    struct making making = {
        .texts = texts, .view = view, .into = into, .parts = ret_parts, .error = &error};
    hr_status status = make_parts(&making);
    if (status.code == HR_E_LIMIT) { /* the parts made of the others have a limit too */
        error.code = HR_CODE_template_too_much;
        error.message = HR_TEXT("the text became too long");
        status = hr_answer(HR_TEMPLATE_LIMIT);
    }
    if (!hr_ok(status)) {
        *ret_parts = (struct hr_mail_parts){0};
    }
    if (status.code > 0 && reterr != NULL) {
        *reterr = error;
    }
    if (ret_part != NULL) {
        *ret_part = making.part;
    }
    return status;
}
