/* links: tools workspace */
/* A call is what the tool's file says and nothing else, and an answer is taken for what it says and no more. */
#include "tools/outbound.h"
#include "unit/workspace_folder.h"

enum { TEXT_BYTES = 16 << 10 };

/* A workspace with a tool `portal`: its further lines, and its actions. */
#define HEAD                                                                                       \
    "version: 1\n"                                                                                 \
    "workspace: little_shop\n"                                                                     \
    "timezone: UTC\n"                                                                              \
    "people:\n"                                                                                    \
    "  ana: {name: Ana Ruiz, email: ana@shop.example.com, role: admin}\n"                          \
    "contacts: {owner: ana, match_on: [email], fields: {email: {type: email}, plan: {type: "       \
    "text}}}\n"                                                                                    \
    "tools:\n"                                                                                     \
    "  shop: {owner: ana, verify: {scheme: stripe, secret: shop_secret}, map: {id: payload.id, "   \
    "type: payload.type, contact: {email: payload.email}}, events: [order.paid]}\n"                \
    "  portal:\n"                                                                                  \
    "    kind: http\n"                                                                             \
    "    owner: ana\n"                                                                             \
    "    allow: [https://portal.example.com/api/]\n"

#define PLAIN                                                                                      \
    "    actions:\n"                                                                               \
    "      grant: {method: PUT, path: \"/members/{email}\", body: [plan], check: look, "           \
    "done_when: "                                                                                  \
    "answer.status == 200 && input.plan in answer.body.plans}\n"                                   \
    "      look: {kind: read, method: GET, path: \"/members/{email}\"}\n"                          \
    "      pay:\n"                                                                                 \
    "        method: POST\n"                                                                       \
    "        path: /payments?to={email}\n"                                                         \
    "        headers: {X-Plan: input.plan, X-Note: input.note}\n"                                  \
    "        body: {to: input.email, cents: int(input.cents), tags: \"['a', input.plan]\"}\n"      \
    "        success:\n"                                                                           \
    "          - any: [answer.status == 208, answer.body.ok]\n"                                    \
    "          - none: [answer.body.late]\n"

static struct folder folder;
static struct hr_arena arena;

static const struct hr_tool *tool_of(const char *lines)
{
    static char text[TEXT_BYTES];
    folder_init(&folder);
    (void)snprintf(text, sizeof text, "%s%s", HEAD, lines);
    folder_add(&folder, "workspace.yaml", hr_text_from(text));
    folder_check(&folder);
    if (!hr_ok(folder.status)) {
        print_error("%.*s\n", HR_SHOW(folder_draw(&folder)));
    }
    assert_true(hr_ok(folder.status));
    return &folder.plan->tools[hr_plan_tool(folder.plan, HR_TEXT("portal"))];
}

static struct hr_outbound_ask ask_for(const struct hr_tool *tool, const char *action,
                                      const char *inputs)
{
    struct hr_value *value = hr_arena_new(&arena, struct hr_value);
    struct hr_outbound_ask ask = {.tool = tool, .inputs = value, .key = HR_TEXT("k-1")};
    assert_non_null(value);
    assert_true(hr_ok(hr_json_read(&arena, hr_text_from(inputs), NULL, NULL, value)));
    for (size_t i = 0; i < tool->action_count; i++) {
        if (hr_text_equal(tool->actions[i].id, hr_text_from(action))) {
            ask.action = &tool->actions[i];
        }
    }
    assert_non_null(ask.action);
    return ask;
}

static void assert_says(struct hr_text text, const char *expected)
{
    if (!hr_text_equal(text, hr_text_from(expected))) {
        print_error("said:     %.*s\nexpected: %s\n", HR_SHOW(text), expected);
    }
    assert_true(hr_text_equal(text, hr_text_from(expected)));
}

/* The call as it would leave, secret and all. */
static struct hr_text written(const struct hr_outbound_ask *ask, const char *secret)
{
    struct hr_outbound_call call;
    struct hr_buffer out;
    hr_buffer_init(&out, &arena, 1 << 20);
    hr_status status = hr_outbound_make(ask, hr_text_from(secret), &arena, &call);
    if (status.code == HR_E_INPUT) {
        return call.why;
    }
    assert_true(hr_ok(status));
    call.secret_header = -1;
    hr_outbound_show(ask, &call, &out);
    return hr_buffer_text(&out);
}

static void begin(void)
{
    hr_arena_init(&arena, 8 << 20);
}

static void end(void)
{
    hr_arena_close(&arena);
    folder_close(&folder);
}

/* ---- what leaves ---- */

static void a_call_is_what_the_file_says(void **state)
{
    (void)state;
    begin();
    const struct hr_tool *tool = tool_of("    auth: {basic: shop, secret: portal_token}\n"
                                         "    repeat_protection: key for 1 hour\n"
                                         "    key_header: X-Request-Key\n"
                                         "    timeout: 3 seconds\n" PLAIN);
    struct hr_outbound_ask ask =
        ask_for(tool, "pay", "{\"email\":\"a b@x.example\",\"cents\":4900,\"plan\":\"gold\"}");
    assert_says(written(&ask, "pass:word"),
                "POST https://portal.example.com/api/payments?to=a%20b%40x.example\n"
                "X-Plan: gold\n"
                "Content-Type: application/json\n"
                "X-Request-Key: k-1\n"
                "Accept: application/json\n"
                "Authorization: Basic c2hvcDpwYXNzOndvcmQ=\n"
                "\n"
                "{\"to\":\"a b@x.example\",\"cents\":4900,\"tags\":[\"a\",\"gold\"]}\n");
    ask = ask_for(tool, "grant", "{\"email\":\"a\"}");
    assert_says(written(&ask, "p"), "PUT https://portal.example.com/api/members/a\n"
                                    "Content-Type: application/json\n"
                                    "X-Request-Key: k-1\n"
                                    "Accept: application/json\n"
                                    "Authorization: Basic c2hvcDpw\n"
                                    "\n"
                                    "{}\n");
    ask = ask_for(tool, "look", "{\"email\":7}");
    assert_says(written(&ask, "p"), "GET https://portal.example.com/api/members/7\n"
                                    "Accept: application/json\n"
                                    "Authorization: Basic c2hvcDpw\n");
    struct hr_outbound_call call;
    assert_true(hr_ok(hr_outbound_make(&ask, HR_TEXT("p"), &arena, &call)));
    assert_int_equal(call.http.time_ms_max, 3000);
    assert_int_equal(call.http.allow.size, 0);
    end();
}

static void what_cannot_be_sent_is_refused_in_words_without_it(void **state)
{
    static const struct {
        const char *action;
        const char *inputs;
        const char *why;
    } cases[] = {
        {"grant", "{}", "the input `email` is not known, and stands in the path"},
        {"grant", "{\"email\":null}", "the input `email` is not known, and stands in the path"},
        {"grant", "{\"email\":\"\"}", "the input `email` has a value that cannot stand in a path"},
        {"grant", "{\"email\":[1]}", "the input `email` has a value that cannot stand in a path"},
        {"grant", "{\"email\":\"a\\u0000b\"}",
         "the input `email` has a value that cannot stand in a path"},
        {"grant", "{\"email\":\"a\\r\\nHost: b\"}",
         "the input `email` has a value that cannot stand in a path"},
        {"grant", "{\"email\":\"..\"}", "the path of `portal.grant` would lead elsewhere"},
        {"grant", "{\"email\":\".\"}", "the path of `portal.grant` would lead elsewhere"},
        {"pay", "{\"email\":\"a\",\"plan\":\"x\\r\\nX-Evil: 1\"}",
         "the header `X-Plan` has a value that cannot be sent"},
        {"pay", "{\"email\":\"a\",\"plan\":{}}",
         "the header `X-Plan` has a value that cannot be sent"},
        {"pay", "{\"email\":\"a\",\"cents\":\"many\"}",
         "`cents` cannot be worked out from the inputs"},
    };
    (void)state;
    begin();
    const struct hr_tool *tool = tool_of(PLAIN);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct hr_outbound_ask ask = ask_for(tool, cases[i].action, cases[i].inputs);
        assert_says(written(&ask, ""), cases[i].why);
    }
    end();
}

static void whatever_is_given_the_host_stays_and_one_segment_is_one(void **state)
{
    (void)state;
    begin();
    const struct hr_tool *tool = tool_of("    auth: {bearer: portal_token}\n" PLAIN);
    struct hr_text base = hr_http_origin(&arena, HR_TEXT("https://portal.example.com"));
    for (unsigned first = 1; first < 128; first++) {
        for (unsigned second = 1; second < 128; second++) {
            const char value[] = {(char)first, '/', (char)second, '.'};
            struct hr_arena_mark mark = hr_arena_mark(&arena);
            struct hr_member member = {
                hr_value_text(HR_TEXT("email")),
                hr_value_text((struct hr_text){value, first % 3 == 0 ? 4 : 3})};
            struct hr_value inputs = {.kind = HR_KIND_map, .count = 1, .members = &member};
            struct hr_outbound_ask ask = ask_for(tool, "look", "{}");
            struct hr_outbound_call call;
            ask.inputs = &inputs;
            hr_status status = hr_outbound_make(&ask, HR_TEXT("secret"), &arena, &call);
            if (hr_ok(status)) {
                struct hr_text url = call.http.url;
                size_t slashes = 0;
                for (size_t i = 0; i < url.size; i++) {
                    slashes += url.data[i] == '/';
                    assert_true(url.data[i] > ' ' && url.data[i] != '?' && url.data[i] != '#');
                }
                assert_int_equal(slashes, 5);
                assert_true(hr_text_equal(hr_http_origin(&arena, url), base));
            } else {
                assert_int_equal(status.code, HR_E_INPUT);
                assert_true(first < ' ' || second < ' ' || first == 127 || second == 127);
            }
            hr_arena_rewind(&arena, mark);
        }
    }
    end();
}

static void settings_put_another_address_in_place_and_it_alone_may_lie_inside(void **state)
{
    (void)state;
    begin();
    const struct hr_tool *tool = tool_of(PLAIN);
    struct hr_outbound_ask ask = ask_for(tool, "look", "{\"email\":\"a\"}");
    const struct hr_tool_here here = {.tool = HR_TEXT("portal"),
                                      .base = HR_TEXT("http://127.0.0.1:8801/stub")};
    struct hr_outbound_call call;
    ask.here = &here;
    assert_true(hr_ok(hr_outbound_make(&ask, HR_TEXT_NONE, &arena, &call)));
    assert_says(call.http.url, "http://127.0.0.1:8801/stub/members/a");
    assert_says(call.http.allow, "127.0.0.1:8801");
    end();
}

/* ---- what it means ---- */

static void an_answer_is_taken_for_what_it_says(void **state)
{
    static const struct {
        const char *action;
        int status;
        enum hr_reached came; /* as the client judged it */
        const char *body;
        bool cut;
        enum hr_reached reached;
        enum hr_fault fault;
    } cases[] = {
        {"grant", 200, HR_REACHED_confirmed, "what", false, HR_REACHED_confirmed, HR_FAULT_none},
        {"grant", 204, HR_REACHED_confirmed, "", true, HR_REACHED_confirmed, HR_FAULT_none},
        {"grant", 401, HR_REACHED_refused, "", false, HR_REACHED_refused, HR_FAULT_permission},
        {"grant", 404, HR_REACHED_refused, "", false, HR_REACHED_refused, HR_FAULT_permanent},
        {"grant", 429, HR_REACHED_again, "", false, HR_REACHED_again, HR_FAULT_rate},
        {"grant", 500, HR_REACHED_unknown, "", false, HR_REACHED_unknown, HR_FAULT_transient},
        {"grant", 0, HR_REACHED_unknown, "", false, HR_REACHED_unknown, HR_FAULT_transient},
        {"grant", 0, HR_REACHED_again, "", false, HR_REACHED_again, HR_FAULT_transient},
        {"grant", 0, HR_REACHED_refused, "", false, HR_REACHED_refused, HR_FAULT_permanent},
        {"look", 500, HR_REACHED_unknown, "", false, HR_REACHED_again, HR_FAULT_transient},
        {"look", 0, HR_REACHED_unknown, "", false, HR_REACHED_again, HR_FAULT_transient},
        /* with a test of success that reads the body */
        {"pay", 200, HR_REACHED_confirmed, "{\"ok\":true,\"late\":false}", false,
         HR_REACHED_confirmed, HR_FAULT_none},
        {"pay", 200, HR_REACHED_confirmed, "{\"ok\":false,\"late\":false}", false,
         HR_REACHED_refused, HR_FAULT_permanent},
        {"pay", 200, HR_REACHED_confirmed, "{\"late\":true}", false, HR_REACHED_refused,
         HR_FAULT_permanent},
        {"pay", 200, HR_REACHED_confirmed, "{\"ok\":true}", false, HR_REACHED_unknown,
         HR_FAULT_transient},
        {"pay", 200, HR_REACHED_confirmed, "{\"ok\":true,\"late\":false}", true, HR_REACHED_unknown,
         HR_FAULT_transient},
        {"pay", 200, HR_REACHED_confirmed, "<html>", false, HR_REACHED_unknown, HR_FAULT_transient},
        {"pay", 200, HR_REACHED_confirmed, "{\"ok\":1,\"late\":0}", false, HR_REACHED_unknown,
         HR_FAULT_transient},
        {"pay", 208, HR_REACHED_confirmed, "{\"late\":false}", false, HR_REACHED_confirmed,
         HR_FAULT_none},
        {"pay", 409, HR_REACHED_refused, "{\"ok\":true,\"late\":false}", false,
         HR_REACHED_confirmed, HR_FAULT_none},
        {"pay", 500, HR_REACHED_unknown, "{\"ok\":false,\"late\":false}", false, HR_REACHED_unknown,
         HR_FAULT_transient},
    };
    (void)state;
    begin();
    const struct hr_tool *tool = tool_of(PLAIN);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct hr_outbound_ask ask = ask_for(tool, cases[i].action, "{\"email\":\"ada\"}");
        struct hr_outbound_verdict verdict;
        const struct hr_http_result result = {.reached = cases[i].came,
                                              .status = cases[i].status,
                                              .text = HR_TEXT("it answered"),
                                              .body = hr_text_from(cases[i].body),
                                              .cut = cases[i].cut};
        assert_true(hr_ok(hr_outbound_judge(&ask, &result, &arena, &verdict)));
        if (verdict.reached != cases[i].reached || verdict.fault != cases[i].fault) {
            print_error("case %zu: %.*s, %.*s: %.*s\n", i,
                        HR_SHOW(hr_reached_word(verdict.reached)),
                        HR_SHOW(hr_fault_word(verdict.fault)), HR_SHOW(verdict.words));
        }
        assert_int_equal(verdict.reached, cases[i].reached);
        assert_int_equal(verdict.fault, cases[i].fault);
        assert_true(verdict.words.size > 0);
        assert_int_equal(hr_text_search(verdict.words, HR_TEXT("ada")), verdict.words.size);
    }
    end();
}

static void a_check_says_done_not_done_or_nothing(void **state)
{
    static const struct {
        int status;
        const char *body;
        enum hr_found found;
    } cases[] = {
        {200, "{\"plans\":[\"gold\",\"free\"]}", HR_FOUND_done},
        {200, "{\"plans\":[\"free\"]}", HR_FOUND_not_done},
        {404, "{}", HR_FOUND_not_done},
        {200, "{}", HR_FOUND_unclear},
        {200, "gold", HR_FOUND_unclear},
        {401, "{\"plans\":[\"gold\"]}", HR_FOUND_unclear},
        {500, "{\"plans\":[\"gold\"]}", HR_FOUND_unclear},
        {0, "", HR_FOUND_unclear},
    };
    (void)state;
    begin();
    const struct hr_tool *tool = tool_of(PLAIN);
    struct hr_outbound_ask ask = ask_for(tool, "grant", "{\"email\":\"a\",\"plan\":\"gold\"}");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct hr_outbound_verdict verdict;
        enum hr_found found = HR_FOUND_unclear;
        const struct hr_http_result result = {
            .reached = cases[i].status == 200 ? HR_REACHED_confirmed : HR_REACHED_unknown,
            .status = cases[i].status,
            .text = HR_TEXT("it answered"),
            .body = hr_text_from(cases[i].body)};
        assert_true(hr_ok(hr_outbound_judge_check(&ask, &result, &arena, &found, &verdict)));
        if (found != cases[i].found) {
            print_error("case %zu: %.*s\n", i, HR_SHOW(hr_found_word(found)));
        }
        assert_int_equal(found, cases[i].found);
    }
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_what_the_file_says),
        cmocka_unit_test(what_cannot_be_sent_is_refused_in_words_without_it),
        cmocka_unit_test(whatever_is_given_the_host_stays_and_one_segment_is_one),
        cmocka_unit_test(settings_put_another_address_in_place_and_it_alone_may_lie_inside),
        cmocka_unit_test(an_answer_is_taken_for_what_it_says),
        cmocka_unit_test(a_check_says_done_not_done_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
