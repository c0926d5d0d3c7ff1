/* When is a message the one that was heard before, and when another? By its tool's name for it, else by its bytes. */
/* links: server */
#include "support/machine.h"
#include "unit/workspace_folder.h"

static const uint8_t secret[HR_KEY_SIZE] = {"names are mine"};

static const char workspace[] =
    "version: 1\nworkspace: academy\ntimezone: UTC\n"
    "people: {ana: {name: Ana, email: ana@academy.example.com, role: admin}}\n"
    "contacts: {match_on: [email], owner: ana, fields: {email: {type: email}}}\n"
    "tools:\n"
    "  shop:\n"
    "    kind: cloudevents\n"
    "    owner: ana\n"
    "    verify: {scheme: standard_webhooks, secret: shop_secret}\n"
    "    map: {contact: {email: payload.data.email}}\n"
    "    events: [order.paid]\n";

static int open_academy(void **state)
{
    static struct folder folder;
    folder_init(&folder);
    folder_add_split(&folder, hr_text_from(workspace));
    folder_check(&folder);
    *state = &folder;
    if (!hr_ok(folder.status)) {
        print_error("%.*s\n", HR_SHOW(folder_draw(&folder)));
    }
    return hr_ok(folder.status) ? 0 : -1;
}

static int close_academy(void **state)
{
    folder_close(*state);
    return 0;
}

/* The key under which the shop's message counts as heard; webhook: the id its signature names, or "". */
static struct hr_key heard(struct folder *folder, const char *raw, const char *webhook)
{
    const struct hr_engine engine = {.plan = folder->plan, .secret = secret};
    struct hr_value payload;
    struct hr_heard message;
    struct hr_text bytes = hr_text_from(raw);
    const struct hr_given given = {.id = hr_text_from(webhook)};
    assert_true(hr_ok(hr_json_read(&folder->arena, bytes, NULL, NULL, &payload)));
    assert_true(hr_ok(hr_engine_read(&engine, hr_plan_tool(folder->plan, HR_TEXT("shop")), &payload,
                                     bytes, given, 0, &folder->arena, &message)));
    return message.delivery;
}

static bool same(struct hr_key a, struct hr_key b)
{
    return hr_key_equal(&a, &b);
}

#define SAYS(name, email)                                                                          \
    "{\"type\":\"order.paid\"," name "\"data\":{\"email\":\"" email "@example.com\"}}"

static void the_shop_names_its_events(void **state)
{
    const char *ada = SAYS("\"source\":\"/shop\",\"id\":\"1\",", "ada");
    const char *ben = SAYS("\"source\":\"/shop\",\"id\":\"2\",", "ben");
    assert_true(same(heard(*state, ada, ""), heard(*state, ada, "msg_1")));
    assert_false(same(heard(*state, ada, ""), heard(*state, ben, "")));
    assert_false(same(heard(*state, ada, ""),
                      heard(*state, SAYS("\"source\":\"/till\",\"id\":\"1\",", "ada"), "")));
}

static void two_customers_whose_events_have_no_name_are_both_heard(void **state)
{
    static const char *const names[][2] = {
        {SAYS("", "ada"), SAYS("", "ben")},
        {SAYS("\"source\":\"/shop\",", "ada"), SAYS("\"source\":\"/shop\",", "ben")},
        {SAYS("\"id\":\"\",", "ada"), SAYS("\"id\":\"\",", "ben")},
        {SAYS("\"source\":\"/shop\",\"id\":1,", "ada"),
         SAYS("\"source\":\"/shop\",\"id\":2,", "ben")},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_false(same(heard(*state, names[i][0], ""), heard(*state, names[i][1], "")));
        assert_true(same(heard(*state, names[i][0], ""), heard(*state, names[i][0], "")));
    }
}

static void an_event_without_a_name_goes_by_the_one_its_signature_gives(void **state)
{
    const char *ada = SAYS("", "ada");
    assert_false(same(heard(*state, ada, "msg_1"), heard(*state, ada, "msg_2")));
    assert_true(same(heard(*state, ada, "msg_1"), heard(*state, ada, "msg_1")));
}

/* The name of an event without one is made of its whole body. Where there is no room for that, half a body would name
 * everybody's event, and all but the first would be thrown away as heard before. */
static void
a_message_that_there_is_no_room_to_name_is_refused_and_not_taken_for_another(void **state)
{
    struct folder *folder = *state;
    const struct hr_engine engine = {.plan = folder->plan, .secret = secret};
    struct hr_arena narrow;
    struct hr_value payload;
    struct hr_heard message;
    char big[20000] = SAYS("", "ada");
    memset(big + strlen(big), ' ', sizeof big - strlen(big));
    const struct hr_text bytes = {big, sizeof big};
    hr_arena_init(&narrow, sizeof big / 2);
    assert_true(hr_ok(hr_json_read(&folder->arena, bytes, NULL, NULL, &payload)));
    hr_status status = hr_engine_read(&engine, hr_plan_tool(folder->plan, HR_TEXT("shop")),
                                      &payload, bytes, (struct hr_given){0}, 0, &narrow, &message);
    assert_int_equal(status.code, HR_E_MEMORY);
    hr_arena_close(&narrow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shop_names_its_events),
        cmocka_unit_test(two_customers_whose_events_have_no_name_are_both_heard),
        cmocka_unit_test(an_event_without_a_name_goes_by_the_one_its_signature_gives),
        cmocka_unit_test(
            a_message_that_there_is_no_room_to_name_is_refused_and_not_taken_for_another),
    };
    return cmocka_run_group_tests(tests, open_academy, close_academy);
}
