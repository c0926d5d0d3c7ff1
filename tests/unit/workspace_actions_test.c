/* What a tool's actions may say of a call, and what `check` has to say about it. The texts of the codes stand in golden
 * files; here is which of them each mistake gets, and that what is right gets none. */
#include "unit/workspace_folder.h"

enum { TEXT_BYTES = 16 << 10 };

#define HEAD                                                                                       \
    "version: 1\n"                                                                                 \
    "workspace: little_shop\n"                                                                     \
    "timezone: UTC\n"                                                                              \
    "people:\n"                                                                                    \
    "  ana: {name: Ana Ruiz, email: ana@shop.example.com, role: admin}\n"                          \
    "contacts: {owner: ana, match_on: [email], fields: {email: {type: email}}}\n"                  \
    "tools:\n"                                                                                     \
    "  shop: {owner: ana, verify: {scheme: stripe, secret: shop_secret}, map: {id: payload.id, "   \
    "type: payload.type, contact: {email: payload.email}}, events: [order.paid]}\n"                \
    "  portal:\n"                                                                                  \
    "    kind: http\n"                                                                             \
    "    owner: ana\n"

#define ALLOW "    allow: [https://portal.example.com]\n"
#define LOOK  "      look: {kind: read, method: GET, path: \"/m/{email}\"}\n"

/* The codes that a tool with these lines gets, as "E0187 W0110": of errors, or where there are none of warnings. */
static struct hr_text codes_of(struct folder *folder, const char *lines)
{
    static char text[TEXT_BYTES];
    struct hr_buffer out;
    folder_init(folder);
    (void)snprintf(text, sizeof text, "%s%s", HEAD, lines);
    folder_add(folder, "workspace.yaml", hr_text_from(text));
    folder_check(folder);
    hr_buffer_init(&out, &folder->arena, 1 << 10);
    for (size_t i = 0; i < folder->found.count; i++) {
        if (folder->found.items[i].severity == HR_SEVERITY_error) {
            hr_buffer_add_format(&out, "%s%04d", out.size > 0 ? " " : "",
                                 (int)folder->found.items[i].code);
        }
    }
    return hr_buffer_text(&out);
}

static const struct {
    const char *codes;
    const char *lines;
} cases[] = {
    /* right */
    {"", ALLOW "    actions:\n" LOOK},
    {"", ALLOW "    actions:\n"
               "      put: {method: PUT, path: \"/m/{email}\", check: look, "
               "done_when: answer.status == 200, undo: take}\n"
               "      take: {method: DELETE, path: \"/m/{email}\"}\n" LOOK},
    {"", ALLOW "    repeat_protection: key for 1 hour\n    key_header: X-Key\n"},
    {"", ALLOW "    auth: {oauth: s, token_url: \"https://l.example/t\", client_id: c, scope: "
               "\"a b\", credentials: body}\n"},
    {"", ALLOW "    actions:\n"
               "      post: {method: POST, path: /m, body: {a: input.x, \"b-c\": \"'y'\"}, "
               "headers: {X-A: string(input.n)}, success: [answer.status == 201, {any: "
               "[answer.body.a == input.x, answer.body.b]}]}\n"},
    /* addresses */
    {"0159", "    allow: [\"https://me@portal.example.com\"]\n"},
    {"0159", "    allow: [\"https://portal.example.com/?a\"]\n"},
    {"0159", "    allow: [\"https://portal.example.com#a\"]\n"},
    {"0159", "    allow: [\"https://portal.example.com\\\\@evil.example\"]\n"},
    {"0159", "    allow: [\"http://10.0.0.1\"]\n"},
    /* signing in */
    {"0160 0160", ALLOW "    auth: {oauth: s}\n"},
    {"0160", ALLOW "    auth: {oauth: s, token_url: \"https://l.example/t\"}\n"},
    {"0159", ALLOW "    auth: {oauth: s, token_url: \"http://l.example/t\", client_id: c}\n"},
    {"0160", ALLOW "    auth: {bearer: s, client_id: c}\n"},
    {"0106", ALLOW "    auth: {oauth: s, token_url: \"https://l.example/t\", client_id: c, "
                   "credentials: head}\n"},
    {"0186", ALLOW "    auth: {header: Host, secret: s}\n"},
    {"0186", ALLOW "    auth: {header: \"X: y\", secret: s}\n"},
    /* keys */
    {"0186", ALLOW "    repeat_protection: key for 1 hour\n    key_header: Content-Length\n"},
    {"0184", ALLOW "    key_header: X-Key\n"},
    {"0164", ALLOW "    repeat_protection: 1 hour\n"},
    /* what travels */
    {"0162", ALLOW "    actions:\n      a: {method: GET, path: /m, body: [email]}\n"},
    {"0186", ALLOW "    actions:\n      a: {method: PUT, path: /m, headers: {Cookie: \"'a'\"}}\n"},
    {"0117", ALLOW "    actions:\n      a: {method: PUT, path: /m, body: {plan: gold}}\n"},
    {"0312", ALLOW "    actions:\n      a: {method: PUT, path: /m, body: {plan: answer.body.a}}\n"},
    {"0201", ALLOW "    actions:\n      a: {method: PUT, path: /m, body: {plan: contact.email}}\n"},
    {"0312", ALLOW "    actions:\n      a: {method: PUT, path: /m, body: {at: string(now())}}\n"},
    /* what the answer means */
    {"0352", ALLOW "    actions:\n      a: {method: PUT, path: \"/m/{email}\", success: "
                   "answer.body.m == input.emial}\n"},
    {"0202", ALLOW "    actions:\n      a: {method: PUT, path: /m, success: answer.stauts == 1}\n"},
    {"0187",
     ALLOW "    actions:\n      a: {method: PUT, path: \"/m/{email}\", check: look}\n" LOOK},
    {"0187",
     ALLOW "    actions:\n      a: {method: PUT, path: /m, done_when: answer.status == 1}\n"},
    {"0187", ALLOW "    actions:\n      a: {method: PUT, path: /m, check: b, done_when: "
                   "answer.status == 1}\n      b: {method: POST, path: /m}\n"},
    /* other actions */
    {"0353", ALLOW "    actions:\n      a: {method: PUT, path: /m, check: look, done_when: "
                   "answer.status == 1}\n" LOOK},
    {"0353", ALLOW "    actions:\n      a: {method: PUT, path: /m, undo: b}\n"
                   "      b: {method: DELETE, path: \"/m/{email}\"}\n"},
    {"0163", ALLOW "    actions:\n      a: {method: PUT, path: /m, undo: a}\n"},
    {"0163", ALLOW "    actions:\n      a: {method: PUT, path: /m, undo: look_}\n" LOOK},
};

static void each_mistake_is_told_and_what_is_right_is_not(void **state)
{
    size_t wrong = 0;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct folder folder;
        struct hr_text codes = codes_of(&folder, cases[i].lines);
        if (!hr_text_equal(codes, hr_text_from(cases[i].codes))) {
            print_error("%s\nexpected %s, found %.*s\n", cases[i].lines, cases[i].codes,
                        HR_SHOW(codes));
            print_error("%.*s\n", HR_SHOW(folder_draw(&folder)));
            wrong++;
        }
        folder_close(&folder);
    }
    assert_int_equal(wrong, 0);
}

static void inputs_are_found_where_they_are_used(void **state)
{
    static const char lines[] =
        ALLOW "    actions:\n"
              "      a:\n"
              "        method: POST\n"
              "        path: \"/{one}/x?y={two}\"\n"
              "        headers: {X-A: input.three}\n"
              "        body: {b: \"{'c': input.four, 'd': input.one}\", e: \"[input.five]\"}\n"
              "      n: {method: PUT, path: \"/{one}\", body: [one, six]}\n";
    static const char *const first[] = {"one", "two", "three", "four", "five"};
    struct folder folder;
    (void)state;
    assert_int_equal(codes_of(&folder, lines).size, 0);
    const struct hr_tool *tool = &folder.plan->tools[hr_plan_tool(folder.plan, HR_TEXT("portal"))];
    assert_int_equal(tool->actions[0].input_count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_true(hr_text_equal(tool->actions[0].inputs[i], hr_text_from(first[i])));
    }
    assert_int_equal(tool->actions[1].input_count, 2);
    assert_int_equal(tool->actions[1].body.count, 2);
    folder_close(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mistake_is_told_and_what_is_right_is_not),
        cmocka_unit_test(inputs_are_found_where_they_are_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
