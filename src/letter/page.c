/* letter/unsubscribe, the pages: plain HTML that reads well without its one style, for eyes and for screen readers. It
 * never says who the customer is: whoever has the link may be somebody to whom the letter was passed on. */
#include "letter/unsubscribe.h"
#include "template/template.h"

enum { TITLE_BYTES_MAX = 400 };

/* Named in the policy by its SHA-256; tests/e2e/letter.test.mjs compares them. */
#define STYLE                                                                                      \
    "body{margin:0;background:#f6f7f8;color:#1d2329;font:18px/1.6 system-ui,sans-serif}"           \
    "main{max-width:34rem;margin:0 auto;padding:3rem 1.5rem}"                                      \
    "h1{font-size:1.6rem;line-height:1.3}"                                                         \
    "button{font:inherit;padding:.6rem 1.4rem;border:2px solid #1d2329;border-radius:.4rem;"       \
    "background:#1d2329;color:#fff;cursor:pointer}"                                                \
    "button:focus-visible{outline:3px solid #b35c00;outline-offset:3px}"
#define STYLE_HASH "iinxH48qt6oozBGzqAkTjCIzjnviHjDr4woW+H18UKw="

struct hr_text hr_unsubscribe_page_policy(void)
{
    return HR_TEXT("default-src 'none'; style-src 'sha256-" STYLE_HASH
                   "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
}

/* One page being written. */
struct writing {
    struct hr_buffer out;
    struct hr_text business;
    struct hr_text purpose;
};

static void add(struct writing *writing, const char *html)
{
    hr_buffer_add_text(&writing->out, hr_text_from(html));
}

/* "News and offers" from Bright Coaching; or of what is known of it. */
static void add_what(struct writing *writing)
{
    if (writing->purpose.size > 0) {
        add(writing, "“");
        hr_escape_html(&writing->out, writing->purpose);
        add(writing, "”");
    } else {
        add(writing, "messages of this kind");
    }
    if (writing->business.size > 0) {
        add(writing, " from ");
        hr_escape_html(&writing->out, writing->business);
    }
}

static void add_button(struct writing *writing)
{
    add(writing, "<form method=\"post\">\n"
                 "<input type=\"hidden\" name=\"List-Unsubscribe\" value=\"One-Click\">\n"
                 "<button type=\"submit\">Unsubscribe</button>\n"
                 "</form>\n");
}

static const char *title_of(enum hr_unsubscribe_page page)
{
    switch (page) {
    case HR_UNSUBSCRIBE_PAGE_ask:
        return "Unsubscribe?";
    case HR_UNSUBSCRIBE_PAGE_done:
        return "You are unsubscribed";
    case HR_UNSUBSCRIBE_PAGE_unknown:
        return "This link does not work";
    case HR_UNSUBSCRIBE_PAGE_unread:
        return "Please press the button";
    case HR_UNSUBSCRIBE_PAGE_later:
        return "Please try again in a minute";
    }
    return "";
}

static void add_words(struct writing *writing, enum hr_unsubscribe_page page)
{
    switch (page) {
    case HR_UNSUBSCRIBE_PAGE_ask:
        add(writing, "<p>You will get no more ");
        add_what(writing);
        add(writing, " by e-mail.</p>\n");
        add_button(writing);
        break;
    case HR_UNSUBSCRIBE_PAGE_done:
        add(writing, "<p>You will get no more ");
        add_what(writing);
        add(writing, " by e-mail. There is nothing else to do.</p>\n");
        break;
    case HR_UNSUBSCRIBE_PAGE_unknown:
        add(writing, "<p>Perhaps a part of it was lost on the way. Open the link in the e-mail "
                     "again, or answer that e-mail and ask to be left out.</p>\n");
        break;
    case HR_UNSUBSCRIBE_PAGE_unread:
        add(writing, "<p>Nothing has changed yet: your browser or mail program sent something that "
                     "cannot be read here.</p>\n");
        add_button(writing);
        break;
    case HR_UNSUBSCRIBE_PAGE_later:
        add(writing, "<p>Nothing has changed yet: it could not be kept right now.</p>\n");
        add_button(writing);
        break;
    }
}

struct hr_text hr_unsubscribe_page_write(enum hr_unsubscribe_page page, struct hr_text business,
                                         struct hr_text purpose, struct hr_arena *into)
{
    struct writing writing = {.business = hr_text_clip(business, TITLE_BYTES_MAX),
                              .purpose = hr_text_clip(purpose, TITLE_BYTES_MAX)};
    hr_buffer_init(&writing.out, into, HR_UNSUBSCRIBE_PAGE_MAX);
    add(&writing, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"robots\" content=\"noindex\">\n<title>");
    add(&writing, title_of(page));
    add(&writing, "</title>\n<style>" STYLE "</style>\n</head>\n<body>\n<main>\n<h1>");
    add(&writing, title_of(page));
    add(&writing, "</h1>\n");
    add_words(&writing, page);
    add(&writing, "</main>\n</body>\n</html>\n");
    return writing.out.failed ? HR_TEXT_NONE : hr_buffer_text(&writing.out);
}
