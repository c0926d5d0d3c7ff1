/* server/unsubscribe: from a request for a letter's link to its page. */
#include "server/unsubscribe.h"

enum { HEADERS_MAX = 8, RETRY_S = 30 };

/* One request on its way. */
struct leaving {
    const struct hr_unsubscribe_desk *desk;
    struct hr_http_request *request;
    struct hr_leaving what;
};

size_t hr_unsubscribe_body_max(struct hr_text path)
{
    return hr_text_starts(path, HR_TEXT("/u/")) ? HR_UNSUBSCRIBE_FORM_MAX : 0;
}

/* The link is a secret of its reader: no cache keeps the page, no other site learns where he came from, and no search
 * engine lists it. */
static void answer_page(struct leaving *leaving, uint16_t status, enum hr_unsubscribe_page page)
{
    struct hr_http_request *request = leaving->request;
    const struct hr_unsubscribe_desk *desk = leaving->desk;
    struct hr_http_header *headers =
        hr_arena_new_many(&request->arena, struct hr_http_header, HEADERS_MAX);
    struct hr_text purpose = page == HR_UNSUBSCRIBE_PAGE_unknown
                                 ? HR_TEXT_NONE
                                 : desk->purpose_title(desk->context, leaving->what.purpose);
    struct hr_text body = hr_unsubscribe_page_write(page, desk->business, purpose, &request->arena);
    if (headers == NULL || body.data == NULL) {
        const struct hr_http_problem problem = {.code = HR_CODE_busy, .retry_after_s = RETRY_S};
        hr_http_problem(request, &problem);
        return;
    }
    size_t count = 0;
    headers[count++] =
        (struct hr_http_header){HR_TEXT("Content-Security-Policy"), hr_unsubscribe_page_policy()};
    headers[count++] = (struct hr_http_header){HR_TEXT("Cache-Control"), HR_TEXT("no-store")};
    headers[count++] = (struct hr_http_header){HR_TEXT("Referrer-Policy"), HR_TEXT("no-referrer")};
    headers[count++] =
        (struct hr_http_header){HR_TEXT("X-Content-Type-Options"), HR_TEXT("nosniff")};
    headers[count++] = (struct hr_http_header){HR_TEXT("X-Robots-Tag"), HR_TEXT("noindex")};
    if (status == 503) {
        headers[count++] = (struct hr_http_header){HR_TEXT("Retry-After"), HR_TEXT("30")};
    }
    const struct hr_http_answer answer = {
        .status = status,
        .content_type = HR_TEXT("text/html; charset=utf-8"),
        .headers = headers,
        .header_count = count,
        .body = body,
    };
    hr_http_answer(request, &answer);
}

static void answer_problem(struct leaving *leaving, enum hr_code code, struct hr_text allow)
{
    const struct hr_http_problem problem = {.code = code, .allow = allow};
    hr_http_problem(leaving->request, &problem);
}

/* Neither cookie nor sign-in is looked at: the token is all there is. */
static void take_form(struct leaving *leaving)
{
    const struct hr_unsubscribe_desk *desk = leaving->desk;
    bool twice = false;
    struct hr_text type = hr_http_header_of(leaving->request, HR_TEXT("content-type"), &twice);
    enum hr_unsubscribe_form form = twice ? HR_UNSUBSCRIBE_FORM_unknown
                                          : hr_unsubscribe_form_read(type, leaving->request->body);
    switch (form) {
    case HR_UNSUBSCRIBE_FORM_yes:
        desk->unsubscribe(desk->context, &leaving->what, leaving->request);
        break;
    case HR_UNSUBSCRIBE_FORM_no:
        answer_page(leaving, 400, HR_UNSUBSCRIBE_PAGE_unread);
        break;
    case HR_UNSUBSCRIBE_FORM_unknown:
        answer_page(leaving, 415, HR_UNSUBSCRIBE_PAGE_unread);
        break;
    case HR_UNSUBSCRIBE_FORM_too_big:
        answer_problem(leaving, HR_CODE_body_too_big, HR_TEXT_NONE);
        break;
    }
}

void hr_unsubscribe_left(const struct hr_unsubscribe_desk *desk, const struct hr_leaving *what,
                         struct hr_http_request *request, hr_status status)
{
    struct leaving leaving = {.desk = desk, .request = request, .what = *what};
    bool left = hr_ok(status);
    answer_page(&leaving, left ? 200 : 503,
                left ? HR_UNSUBSCRIBE_PAGE_done : HR_UNSUBSCRIBE_PAGE_later);
}

void hr_unsubscribe_answer(const struct hr_unsubscribe_desk *desk, struct hr_text token,
                           struct hr_http_request *request)
{
    struct leaving leaving = {.desk = desk, .request = request};
    bool looks = hr_text_equal(request->method, HR_TEXT("GET")) ||
                 hr_text_equal(request->method, HR_TEXT("HEAD"));
    bool ours = hr_unsubscribe_token_read(desk->secret, token, &leaving.what);
    if (!looks && !hr_text_equal(request->method, HR_TEXT("POST"))) {
        answer_problem(&leaving, HR_CODE_method_not_allowed, HR_TEXT("GET, HEAD, POST"));
    } else if (!ours || leaving.what.channel != HR_UNSUBSCRIBE_CHANNEL_email) {
        answer_page(&leaving, 404, HR_UNSUBSCRIBE_PAGE_unknown);
    } else if (looks) {
        answer_page(&leaving, 200, HR_UNSUBSCRIBE_PAGE_ask);
    } else {
        take_form(&leaving);
    }
}
