/* template/mail_foot: what stands below a mail, in both of its parts: the sender's postal address, and the way out. */
#include "template/mail_parts.h"

enum { FOOT_BYTES_MAX = 16 << 10 };

static const char box_begin[] =
    "<div style=\"max-width: 600px; margin: 32px auto 0; padding: 12px 0 0; border-top: 1px solid "
    "#ccc; font: 14px/1.5 sans-serif; color: #555; background: #fff\">\n";

/* The last end of the body (or of the document), and so where the foot stands; the whole size if there is none. */
static size_t end_of_body(struct hr_text html)
{
    static const struct hr_text tags[] = {HR_TEXT("</body"), HR_TEXT("</html")};
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        for (size_t at = html.size; at-- > 0;) {
            struct hr_text here = hr_text_slice(html, at, at + tags[i].size);
            if (here.data[0] == '<' && hr_text_equal_caseless(here, tags[i])) {
                return at;
            }
        }
    }
    return html.size;
}

static void add_html(struct hr_buffer *out, const struct hr_mail_foot *foot)
{
    hr_buffer_add_text(out, hr_text_from(box_begin));
    if (foot->postal_address.size > 0) {
        hr_buffer_add_text(out, HR_TEXT("<p style=\"margin: 0\">"));
        hr_escape_html(out, foot->postal_address);
        hr_buffer_add_text(out, HR_TEXT("</p>\n"));
    }
    if (foot->unsubscribe_url.size > 0) {
        hr_buffer_add_text(out, HR_TEXT("<p style=\"margin: 0\"><a href=\""));
        hr_escape_html(out, foot->unsubscribe_url);
        hr_buffer_add_text(out, HR_TEXT("\" style=\"color: #555\">Unsubscribe</a></p>\n"));
    }
    hr_buffer_add_text(out, HR_TEXT("</div>\n"));
}

static void add_text(struct hr_buffer *out, const struct hr_mail_foot *foot)
{
    hr_buffer_add_text(out, HR_TEXT("\n----\n"));
    if (foot->postal_address.size > 0) {
        hr_buffer_add_text(out, foot->postal_address);
        hr_buffer_add_byte(out, '\n');
    }
    if (foot->unsubscribe_url.size > 0) {
        hr_buffer_add_text(out, HR_TEXT("Unsubscribe: "));
        hr_buffer_add_text(out, foot->unsubscribe_url);
        hr_buffer_add_byte(out, '\n');
    }
}

hr_status hr_mail_parts_sign(struct hr_mail_parts *parts, const struct hr_mail_foot *foot,
                             struct hr_arena *into)
{
    struct hr_buffer text;
    struct hr_buffer html;
    if (foot->postal_address.size == 0 && foot->unsubscribe_url.size == 0) {
        return hr_done();
    }
    hr_buffer_init(&text, into, HR_TEMPLATE_OUTPUT_MAX + FOOT_BYTES_MAX);
    hr_buffer_add_text(&text, parts->text);
    if (parts->text.size > 0 && !hr_text_ends(parts->text, HR_TEXT("\n"))) {
        hr_buffer_add_byte(&text, '\n');
    }
    add_text(&text, foot);
    size_t at = end_of_body(parts->html);
    hr_buffer_init(&html, into, HR_MAIL_HTML_MAX + FOOT_BYTES_MAX);
    hr_buffer_add_text(&html, hr_text_slice(parts->html, 0, at));
    add_html(&html, foot);
    hr_buffer_add_text(&html, hr_text_slice(parts->html, at, parts->html.size));
    HR_TRY(hr_buffer_status(&text));
    HR_TRY(hr_buffer_status(&html));
    parts->text = hr_buffer_text(&text);
    parts->html = hr_buffer_text(&html);
    return hr_done();
}
