/* The page behind a letter's link, over real sockets: a mail program's POST, a person's browser, scanners that open
 * everything, and people who try tokens. */
#include "server/unsubscribe.h"
#include "unit/net_peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static const uint8_t secret[HR_KEY_SIZE] = {7, 7, 7};
static const struct hr_leaving ada = {
    .contact = 71234, .purpose = 12, .channel = HR_UNSUBSCRIBE_CHANNEL_email};

/* The business: who left, and whether it can be kept right now. */
struct business {
    struct hr_http_server *server;
    struct hr_unsubscribe_desk desk;
    hr_status answer;
    _Atomic size_t left;
    struct hr_leaving last;
    struct heard heard;
    char path[64];
};

static struct hr_text purpose_title(void *context, uint32_t purpose)
{
    (void)context;
    return purpose == ada.purpose ? HR_TEXT("News and offers") : HR_TEXT_NONE;
}

static void unsubscribe(void *context, const struct hr_leaving *what,
                        struct hr_http_request *request)
{
    struct business *business = context;
    business->last = *what;
    business->left += hr_ok(business->answer);
    hr_unsubscribe_left(&business->desk, what, request, business->answer);
}

static void handle(void *context, struct hr_http_request *request)
{
    struct business *business = context;
    struct hr_text token = hr_text_slice(request->path, 3, request->path.size);
    hr_unsubscribe_answer(&business->desk, token, request);
}

static size_t admit(void *context, struct hr_http_request *request)
{
    (void)context;
    return hr_unsubscribe_body_max(request->path);
}

static struct business *open_business(void)
{
    struct business *business = calloc(1, sizeof *business);
    assert_non_null(business);
    business->desk = (struct hr_unsubscribe_desk){.secret = secret,
                                                  .business = HR_TEXT("Bright Coaching"),
                                                  .context = business,
                                                  .purpose_title = purpose_title,
                                                  .unsubscribe = unsubscribe};
    const struct hr_http_server_options options = {
        .handle = handle, .admit = admit, .context = business};
    assert_true(hr_ok(hr_http_server_start(&options, NULL, &business->server)));
    memcpy(business->path, "/u/", 3);
    hr_unsubscribe_token(secret, &ada, business->path + 3);
    return business;
}

static void close_business(struct business *business)
{
    hr_http_server_stop(business->server);
    free(business);
}

/* One request; type NULL: no body at all. */
static const char *ask(struct business *business, const char *method, const char *path,
                       const char *type, const char *body, size_t body_size)
{
    char head[1000];
    int size = snprintf(head, sizeof head, "%s %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n",
                        method, path);
    if (type != NULL) {
        size += snprintf(head + size, sizeof head - (size_t)size, "%s%s%sContent-Length: %zu\r\n",
                         type[0] == '\0' ? "" : "Content-Type: ", type,
                         type[0] == '\0' ? "" : "\r\n", body_size);
    }
    size += snprintf(head + size, sizeof head - (size_t)size, "\r\n");
    int fd = peer_connect(hr_http_server_port(business->server));
    assert_true(fd >= 0);
    memset(&business->heard, 0, sizeof business->heard);
    (void)peer_say(fd, head, (size_t)size);
    (void)peer_say(fd, body, body_size);
    peer_hear(fd, &business->heard, NULL, 5000);
    close(fd);
    return business->heard.bytes;
}

#define FORM "application/x-www-form-urlencoded"
#define YES  "List-Unsubscribe=One-Click"

static void assert_has(const char *heard, const char *part)
{
    if (strstr(heard, part) == NULL) {
        fail_msg("no %s in:\n%s", part, heard);
    }
}

static void assert_page_is_guarded(const char *heard)
{
    assert_has(heard, "Content-Type: text/html; charset=utf-8\r\n");
    assert_has(heard, "Content-Security-Policy: default-src 'none'; style-src 'sha256-");
    assert_has(heard, "Cache-Control: no-store\r\n");
    assert_has(heard, "Referrer-Policy: no-referrer\r\n");
    assert_has(heard, "X-Content-Type-Options: nosniff\r\n");
    assert_has(heard, "X-Robots-Tag: noindex\r\n");
    assert_null(strstr(heard, "Set-Cookie"));
    assert_null(strstr(heard, "<script"));
    assert_null(strstr(heard, "71234"));
}

/* Gmail, Yahoo and Apple post this, from their own machines, without a cookie. */
static void a_mail_program_leaves_with_one_post(void **state)
{
    (void)state;
    struct business *business = open_business();
    const char *heard = ask(business, "POST", business->path, FORM, YES, strlen(YES));
    assert_has(heard, "HTTP/1.1 200 ");
    assert_has(heard, "You are unsubscribed");
    assert_page_is_guarded(heard);
    assert_int_equal(business->left, 1);
    assert_true(business->last.contact == ada.contact && business->last.purpose == ada.purpose &&
                business->last.channel == ada.channel);
    static const char parts[] =
        "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n"
        "\r\nOne-Click\r\n--b--\r\n";
    heard = ask(business, "POST", business->path, "multipart/form-data; boundary=b", parts,
                sizeof parts - 1);
    assert_has(heard, "HTTP/1.1 200 ");
    heard = ask(business, "POST", business->path, "", YES, strlen(YES));
    assert_has(heard, "HTTP/1.1 200 ");
    assert_int_equal(business->left, 3);
    close_business(business);
}

/* Scanners and previews open every link of a mail, some twice. */
static void looking_never_unsubscribes(void **state)
{
    (void)state;
    struct business *business = open_business();
    char with_query[128];
    (void)snprintf(with_query, sizeof with_query, "%s?" YES, business->path);
    const char *heard = ask(business, "GET", business->path, NULL, "", 0);
    assert_has(heard, "HTTP/1.1 200 ");
    assert_has(heard, "“News and offers” from Bright Coaching");
    assert_has(heard, "<form method=\"post\">");
    assert_has(heard, "<button type=\"submit\">Unsubscribe</button>");
    assert_page_is_guarded(heard);
    heard = ask(business, "HEAD", business->path, NULL, "", 0);
    assert_has(heard, "HTTP/1.1 200 ");
    assert_null(strstr(heard, "<html"));
    heard = ask(business, "GET", with_query, NULL, "", 0);
    assert_has(heard, "HTTP/1.1 200 ");
    heard = ask(business, "GET", business->path, FORM, YES, strlen(YES));
    assert_has(heard, "HTTP/1.1 200 ");
    assert_int_equal(business->left, 0);
    close_business(business);
}

static void a_post_that_does_not_say_so_changes_nothing(void **state)
{
    (void)state;
    struct business *business = open_business();
    const struct {
        const char *type;
        const char *body;
        const char *status;
    } cases[] = {
        {FORM, "", "HTTP/1.1 400 "},
        {FORM, "List-Unsubscribe=No", "HTTP/1.1 400 "},
        {FORM, "unsubscribe=1", "HTTP/1.1 400 "},
        {"application/json", YES, "HTTP/1.1 415 "},
        {"text/plain", YES, "HTTP/1.1 415 "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *heard = ask(business, "POST", business->path, cases[i].type, cases[i].body,
                                strlen(cases[i].body));
        assert_has(heard, cases[i].status);
        assert_has(heard, "Please press the button");
        assert_has(heard, "<button");
        assert_page_is_guarded(heard);
    }
    const char *heard = ask(business, "DELETE", business->path, NULL, "", 0);
    assert_has(heard, "HTTP/1.1 405 ");
    assert_has(heard, "Allow: GET, HEAD, POST");
    heard = ask(business, "PUT", business->path, FORM, YES, strlen(YES));
    assert_has(heard, "HTTP/1.1 405 ");
    assert_int_equal(business->left, 0);
    close_business(business);
}

static void a_big_body_is_not_read(void **state)
{
    (void)state;
    struct business *business = open_business();
    static char body[HR_UNSUBSCRIBE_FORM_MAX + 1];
    memset(body, '&', sizeof body);
    memcpy(body, YES, strlen(YES));
    const char *heard = ask(business, "POST", business->path, FORM, body, sizeof body);
    assert_has(heard, "HTTP/1.1 413 ");
    assert_int_equal(business->left, 0);
    heard = ask(business, "POST", business->path, FORM, body, sizeof body - 1);
    assert_has(heard, "HTTP/1.1 200 ");
    assert_int_equal(hr_unsubscribe_body_max(HR_TEXT("/v1/in/checkout")), 0);
    close_business(business);
}

/* Whatever is wrong with a token, the answer is the same page, and nobody is unsubscribed. */
static void what_is_no_token_of_ours_is_not_found(void **state)
{
    (void)state;
    struct business *business = open_business();
    char paths[5][96];
    char first[2000] = "";
    static const uint8_t others[HR_KEY_SIZE] = {8};
    for (size_t i = 0; i < 5; i++) {
        memcpy(paths[i], business->path, sizeof business->path);
    }
    paths[0][3] = paths[0][3] == 'A' ? 'B' : 'A';
    paths[1][42] = paths[1][42] == 'A' ? 'B' : 'A';
    paths[2][20] = '.';
    paths[3][30] = '\0';
    hr_unsubscribe_token(others, &ada, paths[4] + 3);
    for (size_t i = 0; i < 5; i++) {
        const char *heard = ask(business, "GET", paths[i], NULL, "", 0);
        assert_has(heard, "HTTP/1.1 404 ");
        assert_page_is_guarded(heard);
        const char *page = strstr(heard, "<!DOCTYPE");
        assert_non_null(page);
        assert_null(strstr(page, "Bright"));
        if (i == 0) {
            (void)snprintf(first, sizeof first, "%s", page);
        }
        assert_string_equal(page, first);
        heard = ask(business, "POST", paths[i], FORM, YES, strlen(YES));
        assert_has(heard, "HTTP/1.1 404 ");
    }
    struct hr_leaving by_pigeon = ada;
    by_pigeon.channel = 9; /* of a Handrail to come */
    hr_unsubscribe_token(secret, &by_pigeon, paths[0] + 3);
    assert_has(ask(business, "POST", paths[0], FORM, YES, strlen(YES)), "HTTP/1.1 404 ");
    assert_int_equal(business->left, 0);
    close_business(business);
}

static void what_cannot_be_kept_is_said_and_can_be_tried_again(void **state)
{
    (void)state;
    struct business *business = open_business();
    static const int32_t codes[] = {HR_E_FULL, HR_E_LIMIT, HR_E_IO, HR_E_MEMORY, HR_E_REFUSED};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        business->answer = hr_answer(codes[i]);
        const char *heard = ask(business, "POST", business->path, FORM, YES, strlen(YES));
        assert_has(heard, "HTTP/1.1 503 ");
        assert_has(heard, "Retry-After: 30\r\n");
        assert_has(heard, "Nothing has changed yet");
        assert_has(heard, "<button");
    }
    business->answer = hr_done();
    assert_has(ask(business, "POST", business->path, FORM, YES, strlen(YES)), "HTTP/1.1 200 ");
    assert_int_equal(business->left, 1);
    close_business(business);
}

/* The link of a purpose that the business gave up since then works as well. */
static void a_purpose_that_is_gone_can_still_be_left(void **state)
{
    (void)state;
    struct business *business = open_business();
    struct hr_leaving old = ada;
    old.purpose = 99;
    hr_unsubscribe_token(secret, &old, business->path + 3);
    assert_has(ask(business, "GET", business->path, NULL, "", 0),
               "messages of this kind from Bright Coaching");
    assert_has(ask(business, "POST", business->path, FORM, YES, strlen(YES)), "HTTP/1.1 200 ");
    assert_int_equal(business->left, 1);
    close_business(business);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mail_program_leaves_with_one_post),
        cmocka_unit_test(looking_never_unsubscribes),
        cmocka_unit_test(a_post_that_does_not_say_so_changes_nothing),
        cmocka_unit_test(a_big_body_is_not_read),
        cmocka_unit_test(what_is_no_token_of_ours_is_not_found),
        cmocka_unit_test(what_cannot_be_kept_is_said_and_can_be_tried_again),
        cmocka_unit_test(a_purpose_that_is_gone_can_still_be_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
