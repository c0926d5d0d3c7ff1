/* template/mail_parts: one message as it goes out: a subject of one line, a text part and an HTML part.
 *
 * Why      people write a message once, mostly as plain text or Markdown, and every mail program shall show it well.
 * Shape    compiled texts -> parts. Of text alone the HTML part is made as Markdown, of HTML alone the text part by
 *          leaving the tags out; HTML without a frame of its own gets a plain one. Below both stands a foot.
 * Rules    Markdown is what the template says, never what a value says: a customer named *Ada* stays *Ada*, and
 *          raw HTML in Markdown is shown as it is written. Headings, paragraphs, lists, quotes, rules, emphasis,
 *          code, links; no tables, no pictures, no lists in lists.
 * Owner    parts live in the arena given.
 * Limits   those of templates; an HTML part at most HR_MAIL_HTML_MAX.
 * Errors   the outcomes of a rendering (template.h); HR_E_MEMORY.
 * Pure     yes.                                  Threads   safe.
 * Source   CommonMark 0.31 for what is there; RFC 5322 2.2 (one line), RFC 2046 5.1.4 (alternatives).
 * Tests    tests/unit/template_mail_test.c; fuzz: liquid */
#ifndef HR_TEMPLATE_MAIL_PARTS_H
#define HR_TEMPLATE_MAIL_PARTS_H

#include "template/template.h"

enum { HR_MAIL_HTML_MAX = 4 * HR_TEMPLATE_OUTPUT_MAX };

/* The texts of a message, compiled for a header, for text and for HTML. text or html may be NULL. */
struct hr_mail_texts {
    const struct hr_template *subject;
    const struct hr_template *text;
    const struct hr_template *html;
};

struct hr_mail_parts {
    struct hr_text subject;
    struct hr_text text;
    struct hr_text html; /* a whole document */
};

/* Renders all parts, or none: a missing value in any of them is the outcome. ret_part (may be NULL) tells which one it
 * was: "subject", "text" or "html". */
hr_status hr_mail_parts_render(const struct hr_mail_texts *texts,
                               const struct hr_template_view *view, struct hr_arena *into,
                               struct hr_mail_parts *ret_parts, const char **ret_part,
                               struct hr_template_error *reterr) HR_MUST_USE;

/* What the sender owes below a mail: who it comes from, and how one leaves. Either may be empty. */
struct hr_mail_foot {
    struct hr_text postal_address;  /* one line */
    struct hr_text unsubscribe_url; /* a whole link */
};
/* Writes it below both parts; in HTML at the end of the body. Nothing to write: the parts stay as they are. HR_E_LIMIT,
 * HR_E_MEMORY, and the parts are as before. */
hr_status hr_mail_parts_sign(struct hr_mail_parts *parts, const struct hr_mail_foot *foot,
                             struct hr_arena *into) HR_MUST_USE;

/* Rendered Markdown as HTML without a frame. The spans say which bytes are values. A value that is the whole of a link
 * and leads nowhere safe is HR_TEMPLATE_FAILED; HR_E_LIMIT, HR_E_MEMORY. */
hr_status hr_markdown_html(struct hr_arena *into, struct hr_text text,
                           const struct hr_template_span *spans, size_t span_count,
                           struct hr_text *ret_html) HR_MUST_USE;
/* HTML as text: tags left out, paragraphs and lists as lines, links behind their words in brackets. */
hr_status hr_html_text(struct hr_arena *into, struct hr_text html,
                       struct hr_text *ret_text) HR_MUST_USE;

#endif
