/* The table of routes: each has a right that each role has or has not; its description; tokens; and finding a person's
 * data in bytes that are not theirs. */
#include "data/value.h"
#include "server/api.h"
#include "server/api_inside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct hr_arena arena;
static struct hr_arena aside; /* what is kept never lies in it */

static int begin(void **state)
{
    (void)state;
    hr_arena_init(&arena, 16 << 20);
    hr_arena_init(&aside, 16 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    hr_arena_close(&arena);
    hr_arena_close(&aside);
    return 0;
}

static void each_role_has_exactly_its_rights(void **state)
{
    /*                                     known  read   operate govern */
    static const bool wanted[][4] = {
        [HR_ROLE_owner] = {true, true, true, true},
        [HR_ROLE_admin] = {true, true, true, true},
        [HR_ROLE_builder] = {true, true, true, false},
        [HR_ROLE_operator] = {true, true, true, false},
        [HR_ROLE_approver] = {true, true, false, false},
        [HR_ROLE_auditor] = {true, true, false, false},
        [HR_ROLE_viewer] = {true, true, false, false},
        [HR_ROLE_seller] = {true, false, false, false},
    };
    (void)state;
    for (size_t role = 0; role < sizeof wanted / sizeof wanted[0]; role++) {
        for (size_t right = 0; right < 4; right++) {
            bool may = hr_role_may((enum hr_role)role, (enum hr_right)(HR_RIGHT_known + right));
            assert_int_equal(may, wanted[role][right]);
        }
    }
}

static void
nothing_but_health_and_the_way_out_is_open_and_what_changes_something_needs_more(void **state)
{
    struct hr_route route;
    size_t count = 0;
    (void)state;
    for (; hr_route_at(count, &route); count++) {
        assert_true(route.right >= HR_RIGHT_open && route.right <= HR_RIGHT_govern);
        bool reads = strcmp(route.method, "GET") == 0;
        bool leaves = strcmp(route.path, "/u/{token}") == 0;
        assert_true(reads || leaves || route.right == HR_RIGHT_signed ||
                    route.right >= HR_RIGHT_operate);
        assert_true(route.right != HR_RIGHT_open || leaves ||
                    strcmp(route.path, "/v1/health") == 0);
        assert_true(route.right != HR_RIGHT_signed || strcmp(route.path, "/v1/in/{tool}") == 0);
    }
    assert_true(count > 20);
}

static const struct hr_value *operation_of(const struct hr_value *description,
                                           const struct hr_route *route)
{
    char method[8] = {0};
    for (size_t i = 0; route->method[i] != '\0'; i++) {
        method[i] = (char)(route->method[i] | 0x20);
    }
    const struct hr_value *paths = hr_value_member(description, HR_TEXT("paths"));
    return hr_value_member(hr_value_member(paths, hr_text_from(route->path)), hr_text_from(method));
}

static void the_description_has_every_route_once(void **state)
{
    struct hr_value description;
    struct hr_route route;
    struct hr_text text = hr_api_openapi(&arena);
    (void)state;
    assert_true(hr_ok(hr_json_read(&arena, text, NULL, NULL, &description)));
    assert_true(hr_text_equal(hr_value_as_text(hr_value_member(&description, HR_TEXT("openapi"))),
                              HR_TEXT("3.1.0")));
    for (size_t i = 0; hr_route_at(i, &route); i++) {
        const struct hr_value *operation = operation_of(&description, &route);
        assert_non_null(operation);
        assert_true(hr_value_as_text(hr_value_member(operation, HR_TEXT("summary"))).size > 0);
        assert_true(hr_value_as_text(hr_value_member(operation, HR_TEXT("x-right"))).size > 0);
        if (strchr(route.path, '{') != NULL) {
            const struct hr_value *parameters = hr_value_member(operation, HR_TEXT("parameters"));
            assert_non_null(parameters);
            assert_int_equal(parameters->kind, HR_KIND_list);
        }
    }
}

static void a_token_tells_32_bytes_and_its_digest_does_not_tell_the_token(void **state)
{
    uint8_t random[HR_TOKEN_RANDOM_SIZE];
    (void)state;
    memset(random, 0xFB, sizeof random);
    struct hr_text token = hr_token_make(random, &arena);
    assert_int_equal(token.size, 4 + 43);
    assert_true(hr_text_starts(token, HR_TEXT("hrt_-_v7-_v7")));
    struct hr_digest digest = hr_token_digest(token);
    struct hr_digest other = hr_token_digest(hr_text_slice(token, 0, token.size - 1));
    assert_false(hr_digest_equal(&digest, &other));
    struct hr_text name =
        hr_token_name((struct hr_text){(const char *)digest.bytes, sizeof digest.bytes}, &arena);
    assert_int_equal(name.size, HR_TOKEN_NAME_SIZE);
    assert_int_equal(hr_text_search(token, name), token.size);
}

/* ---- a person's data ---------------------------------------------------------------------------- */

static struct hr_needles *needles_of_ada(void)
{
    static const struct hr_plan plan = {.country = {"GB", 2}};
    struct hr_needles *needles = hr_needles_make(&arena, &plan);
    assert_true(hr_ok(hr_needles_add(needles, HR_TEXT("ada@example.com"))));
    assert_true(hr_ok(hr_needles_add(needles, HR_TEXT("+442079460018"))));
    assert_true(hr_ok(hr_needles_add(needles, HR_TEXT("Ada"))));
    assert_true(hr_ok(hr_needles_add(needles, HR_TEXT("say \"hi\""))));
    assert_true(hr_ok(hr_needles_add_written(
        needles,
        HR_TEXT("{\"form\":{\"who\":\" Ada@Example.COM \",\"call\":[\"020 7946 0018\"],\"n\":1}}"),
        &aside)));
    return needles;
}

static void data_is_found_however_it_is_written(void **state)
{
    static const struct {
        const char *bytes;
        bool found;
    } cases[] = {
        {"wrote to ADA@example.com today", true},
        {"ada%40example.com", true},
        {"ADA%40EXAMPLE.COM", true},
        {"called +442079460018", true},
        {"called 020 7946 0018", true},
        {"%2B442079460018", true},
        {"spoke with ada.", true},
        {"Ada", true},
        {"she said: say \\\"hi\\\"", true},
        {"YWRhQGV4YW1wbGUuY29t", true},     /* ada@example.com */
        {"eHlhZGFAZXhhbXBsZS5jb20=", true}, /* xyada@example.com */
        {"PGFkYUBleGFtcGxlLmNvbT4=", true}, /* <ada@example.com> */
        {"the Canada order", false},
        {"adapted", false},
        {"bob@example.com", false},
        {"+442079460019", false},
        {"", false},
    };
    (void)state;
    const struct hr_needles *needles = needles_of_ada();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (hr_needles_in(needles, hr_text_from(cases[i].bytes)) != cases[i].found) {
            fail_msg("%s: wanted %d", cases[i].bytes, cases[i].found);
        }
    }
}

/* Every byte of such a name is percent-encoded: the longest form a value has. */
static void a_name_in_any_script_is_found(void **state)
{
    static const struct {
        const char *name;
        const char *plain;
        const char *percent;
        const char *json;
        const char *ascii_json;
    } cases[] = {
        {"Иван", "Иван called", "name=%D0%98%D0%B2%D0%B0%D0%BD", "{\"who\":\"Иван\"}",
         "{\"who\":\"\\u0418\\u0432\\u0430\\u043d\"}"},
        {"李明", "李明 called", "name=%E6%9D%8E%E6%98%8E&x=1", "[\"李明\"]", "\"\\u674E\\u660E\""},
        {"𠮷田", "mail to 𠮷田", "%F0%A0%AE%B7%E7%94%B0", "\"𠮷田\"", "\"\\ud842\\udfb7\\u7530\""},
        {"Zoë", "spoke with Zoë.", "who=Zo%C3%AB", "{\"Zoë\":1}", "{\"Zo\\u00eb\":1}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static const struct hr_plan plan;
        struct hr_needles *needles = hr_needles_make(&arena, &plan);
        assert_true(hr_ok(hr_needles_add(needles, hr_text_from(cases[i].name))));
        assert_true(hr_needles_in(needles, hr_text_from(cases[i].plain)));
        assert_true(hr_needles_in(needles, hr_text_from(cases[i].percent)));
        assert_true(hr_needles_in(needles, hr_text_from(cases[i].json)));
        assert_true(hr_needles_in(needles, hr_text_from(cases[i].ascii_json)));
        assert_false(hr_needles_in(needles, HR_TEXT("Анна called")));
    }
}

/* A customer of many years has had thousands of values; what their messages are read into is given back each time. */
static void a_customer_of_many_years_is_found(void **state)
{
    enum { BIKES = 3000, BIKES_AND_COLOURS = 10000 };
    static const struct hr_plan plan;
    struct hr_arena kept;
    struct hr_arena scratch;
    char text[128];
    (void)state;
    hr_arena_init(&kept, 256 << 20);
    hr_arena_init(&scratch, 64 << 10);
    struct hr_needles *needles = hr_needles_make(&kept, &plan);
    for (unsigned i = 0; i < BIKES_AND_COLOURS; i++) {
        (void)snprintf(text, sizeof text, "bicycle %u", i);
        assert_true(hr_ok(hr_needles_add(needles, hr_text_from(text))));
    }
    for (unsigned i = 0; i < BIKES; i++) {
        (void)snprintf(text, sizeof text, "{\"wants\": [\"the BICYCLE  %u!\", \"bicycle  %u\"]}", i,
                       i);
        assert_true(hr_ok(hr_needles_add_written(needles, hr_text_from(text), &scratch)));
    }
    assert_int_equal(scratch.used_bytes, 0);
    assert_true(hr_needles_in(needles, HR_TEXT("asked for Bicycle 9999 again")));
    assert_true(hr_needles_in(needles, HR_TEXT("asked for bicycle  2999 again")));
    assert_false(hr_needles_in(needles, HR_TEXT("asked for a bicycle")));
    hr_arena_close(&kept);
    hr_arena_close(&scratch);
}

static void what_can_be_looked_for_has_an_end_that_is_said(void **state)
{
    static const struct hr_plan plan;
    struct hr_arena kept;
    char text[64];
    (void)state;
    hr_arena_init(&kept, 256 << 20);
    struct hr_needles *needles = hr_needles_make(&kept, &plan);
    for (unsigned i = 0; i < HR_NEEDLE_VALUES_MAX; i++) {
        (void)snprintf(text, sizeof text, "ada+%u@example.com", i);
        assert_true(hr_ok(hr_needles_add(needles, hr_text_from(text))));
    }
    assert_true(hr_ok(hr_needles_add(needles, hr_text_from(text)))); /* known already */
    assert_int_equal(hr_needles_add(needles, HR_TEXT("one more")).code, HR_E_LIMIT);
    hr_arena_close(&kept);
}

static void one_letter_and_empty_values_are_not_looked_for(void **state)
{
    static const struct hr_plan plan;
    struct hr_needles *needles = hr_needles_make(&arena, &plan);
    (void)state;
    assert_true(hr_ok(hr_needles_add(needles, HR_TEXT("A"))));
    assert_true(hr_ok(hr_needles_add(needles, HR_TEXT("  "))));
    assert_true(hr_ok(hr_needles_add_written(needles, HR_TEXT("no JSON at all"), &aside)));
    assert_false(hr_needles_in(needles, HR_TEXT("A plain note, A A")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_role_has_exactly_its_rights),
        cmocka_unit_test(
            nothing_but_health_and_the_way_out_is_open_and_what_changes_something_needs_more),
        cmocka_unit_test(the_description_has_every_route_once),
        cmocka_unit_test(a_token_tells_32_bytes_and_its_digest_does_not_tell_the_token),
        cmocka_unit_test(data_is_found_however_it_is_written),
        cmocka_unit_test(a_name_in_any_script_is_found),
        cmocka_unit_test(a_customer_of_many_years_is_found),
        cmocka_unit_test(what_can_be_looked_for_has_an_end_that_is_said),
        cmocka_unit_test(one_letter_and_empty_values_are_not_looked_for),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
