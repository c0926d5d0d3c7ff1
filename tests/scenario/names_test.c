/* Which messages are one delivery, and which instances of a handoff are one, is told by the whole of what names them,
 * of whatever type it is. */
/* links: server */
#include "base/bytes.h"
#include "support/machine.h"
#include "unit/workspace_folder.h"

static const uint8_t secret[HR_KEY_SIZE] = {"a name is whole"};

static const char files[] = "# file: handrail.yaml\n"
                            "version: 1\n"
                            "workspace: shop\n"
                            "title: Shop\n"
                            "timezone: UTC\n"
                            "country: GB\n"
                            "people:\n"
                            "  ada: {name: Ada Bell, email: ada@shop.example.com, role: admin}\n"
                            "contacts:\n"
                            "  match_on: [email]\n"
                            "  owner: ada\n"
                            "  fields:\n"
                            "    email: {type: email, pii: personal}\n"
                            "    seen_at: {type: time}\n"
                            "tools:\n"
                            "  till:\n"
                            "    title: Till\n"
                            "    kind: webhook_in\n"
                            "    owner: ada\n"
                            "    verify: {scheme: standard_webhooks, secret: till_secret, "
                            "tolerance: 5 minutes}\n"
                            "    map:\n"
                            "      type: payload.type\n"
                            "      id: payload.id\n"
                            "      contact: {email: payload.email}\n"
                            "    events:\n"
                            "      plain: {}\n"
                            "      coded: {map: {id: base64.decode(payload.id)}}\n"
                            "      maybe: {map: {id: payload.?id}}\n"
                            "      seen: {map: {fields: {seen_at: timestamp(payload.at)}}}\n"
                            "      cart.filled: {map: {data: {cart: payload.cart}}}\n"
                            "      cart.bought: {map: {data: {cart: payload.cart}}}\n"
                            "      padded: {when: \"has(payload.pad) && payload.pad.replace('x', "
                            "'xxxxxxxx').size() > 600\"}\n"
                            "paths:\n"
                            "  sale:\n"
                            "    title: Sale\n"
                            "    owner: ada\n"
                            "    handoffs:\n"
                            "      - id: cart_to_sale\n"
                            "        kind: other\n"
                            "        from: till\n"
                            "        to: till\n"
                            "        opens_on: cart.filled\n"
                            "        key: event.cart\n"
                            "        carries: [email]\n"
                            "        done_when: [\"event.type == 'cart.bought' && event.cart == "
                            "handoff.key\"]\n"
                            "        within: 1 minute\n"
                            "        late_is: count\n"
                            "        owner: ada\n"
                            "        failure_owner: ada\n"
                            "        recovery: Nothing to do.\n";

static struct folder folder;
static struct hr_arena arena;
static struct machine machine;

static int begin(void **state)
{
    struct hr_entry entry;
    (void)state;
    folder_init(&folder);
    folder_add_split(&folder, HR_TEXT(files));
    folder_check(&folder);
    if (!hr_ok(folder.status)) {
        struct hr_text drawn = folder_draw(&folder);
        print_message("%.*s\n", HR_SHOW(drawn));
        return -1;
    }
    hr_arena_init(&arena, 64 << 20);
    machine_init(&machine, &arena, secret);
    return hr_ok(machine_publish(&machine, folder.plan, HR_TEXT("files"), 0, &entry)) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    hr_arena_close(&arena);
    folder_close(&folder);
    return 0;
}

static hr_status read_into(struct hr_arena *into, const char *raw, struct hr_heard *ret_heard)
{
    struct hr_value *document = hr_arena_new(&arena, struct hr_value);
    struct hr_text text = hr_text_copy(&arena, hr_text_from(raw));
    assert_true(hr_ok(hr_json_read(&arena, text, NULL, NULL, document)));
    return hr_engine_read(&machine.engine, 0, document, text, (struct hr_given){0}, 0, into,
                          ret_heard);
}

static struct hr_heard read_message(const char *raw)
{
    struct hr_heard heard;
    assert_true(hr_ok(read_into(&arena, raw, &heard)));
    assert_int_equal(heard.complaint_count, 0);
    return heard;
}

static void assert_delivery(const char *raw, const char *words)
{
    struct hr_heard heard = read_message(raw);
    struct hr_key key = hr_key_of(secret, hr_text_from(words));
    if (!hr_key_equal(&heard.delivery, &key)) {
        fail_msg("%s is not %s: it has the id '%.*s'", raw, words, HR_SHOW(heard.id));
    }
}

/* Journals hold these keys: texts, whole numbers and yes or no are named as ever. */
static void deliveries_keep_the_names_that_they_had(void **state)
{
    (void)state;
    assert_delivery("{\"type\":\"plain\",\"id\":\"evt_1\"}", "id:till:evt_1");
    assert_delivery("{\"type\":\"plain\",\"id\":17}", "id:till:17");
    assert_delivery("{\"type\":\"plain\",\"id\":9007199254740993}", "id:till:9007199254740993");
    assert_delivery("{\"type\":\"plain\",\"id\":true}", "id:till:true");
    assert_delivery("{\"type\":\"plain\",\"id\":1.10}", "id:till:1.10");
    assert_delivery("{\"type\":\"maybe\",\"id\":\"evt_1\"}", "id:till:evt_1");
}

static void what_names_nothing_is_named_by_its_body(void **state)
{
    (void)state;
    static const char *const raws[] = {
        "{\"type\":\"plain\",\"id\":\"\"}", "{\"type\":\"plain\",\"id\":null}",
        "{\"type\":\"plain\",\"id\":[]}",   "{\"type\":\"plain\",\"id\":{}}",
        "{\"type\":\"coded\",\"id\":\"\"}", "{\"type\":\"maybe\"}"};
    for (size_t index = 0; index < sizeof raws / sizeof raws[0]; index++) {
        char words[128];
        (void)snprintf(words, sizeof words, "body:till:%s", raws[index]);
        assert_delivery(raws[index], words);
    }
}

static void two_ids_of_sixteen_bytes_are_two_deliveries(void **state)
{
    (void)state;
    struct hr_heard first =
        read_message("{\"type\":\"coded\",\"id\":\"c2l4dGVlbiBieXRlcywgYQ==\"}");
    struct hr_heard second =
        read_message("{\"type\":\"coded\",\"id\":\"c2l4dGVlbiBieXRlcywgYg==\"}");
    struct hr_heard again =
        read_message("{\"id\":\"c2l4dGVlbiBieXRlcywgYg==\",\"type\":\"coded\"}");
    assert_false(hr_key_equal(&first.delivery, &second.delivery));
    assert_true(hr_key_equal(&second.delivery, &again.delivery));
}

/* A list of two texts, the first of 600 letters. */
static struct hr_text list_with(const char *last)
{
    char letters[601];
    memset(letters, 'x', sizeof letters - 1);
    letters[600] = '\0';
    return hr_text_format(&arena, "[\"%s\",\"%s\"]", letters, last);
}

static struct hr_heard read_plain(const char *last)
{
    return read_message(
        hr_text_format(&arena, "{\"type\":\"plain\",\"id\":%.*s}", HR_SHOW(list_with(last))).data);
}

static bool fill_cart(const char *last)
{
    struct hr_text raw = hr_text_format(
        &arena,
        "{\"type\":\"cart.filled\",\"id\":\"%s\",\"email\":\"ada@example.com\",\"cart\":%.*s}",
        last, HR_SHOW(list_with(last)));
    return machine_hear(&machine, "till", raw.data, 0);
}

static void two_lists_that_differ_at_their_end_are_two(void **state)
{
    (void)state;
    struct hr_heard first = read_plain("a");
    struct hr_heard second = read_plain("b");
    struct hr_heard again = read_plain("b");
    assert_false(hr_key_equal(&first.delivery, &second.delivery));
    assert_true(hr_key_equal(&second.delivery, &again.delivery));
    assert_true(fill_cart("a"));
    assert_true(fill_cart("b"));
    assert_int_equal(machine_contact(&machine)->instance_count, 2);
}

/* What is kept has microseconds: the same time heard again is the same. */
static void a_time_is_kept_in_microseconds(void **state)
{
    (void)state;
    struct hr_heard heard =
        read_message("{\"type\":\"seen\",\"id\":\"e\",\"email\":\"ada@example.com\","
                     "\"at\":\"2026-11-23T09:00:00.123456789Z\"}");
    assert_int_equal(heard.field_count, 2);
    assert_int_equal(heard.fields[1].value.kind, HR_KIND_time);
    assert_int_equal(heard.fields[1].value.nanoseconds, 0);
}

/* With however little memory: the message is read whole, or it is said that there was none. */
static void a_message_is_never_read_in_half(void **state)
{
    (void)state;
    static const char *const raws[] = {
        "{\"type\":\"coded\",\"id\":\"c2l4dGVlbiBieXRlcywgYQ==\",\"email\":\"ada@example.com\"}",
        "{\"type\":\"unknown\",\"id\":[1,2,3]}",
        /* what its type is told by needs more than all that comes behind */
        "{\"pad\":"
        "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\","
        "\"email\":\"ada@example.com\"}",
        "{\"type\":\"cart.filled\",\"id\":[1,2,3],\"email\":\"ada@example.com\",\"cart\":[1,2]}"};
    for (size_t index = 0; index < sizeof raws / sizeof raws[0]; index++) {
        struct hr_heard whole = read_message(raws[index]);
        for (size_t budget = 0; budget < 16384; budget += 16) {
            struct hr_arena small;
            struct hr_heard heard;
            hr_arena_init(&small, budget);
            hr_status status = read_into(&small, raws[index], &heard);
            if (hr_ok(status)) {
                assert_true(hr_key_equal(&heard.delivery, &whole.delivery));
                assert_true(hr_text_equal(heard.type_word, whole.type_word));
                assert_int_equal(heard.field_count, whole.field_count);
                assert_int_equal(heard.key_count, whole.key_count);
                assert_int_equal(heard.data.count, whole.data.count);
            } else {
                assert_int_equal(status.code, HR_E_MEMORY);
            }
            hr_arena_close(&small);
        }
    }
}

#define story(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(deliveries_keep_the_names_that_they_had),
        story(what_names_nothing_is_named_by_its_body),
        story(two_ids_of_sixteen_bytes_are_two_deliveries),
        story(two_lists_that_differ_at_their_end_are_two),
        story(a_time_is_kept_in_microseconds),
        story(a_message_is_never_read_in_half),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
