/* What happens to customers who say, pay or own more than one record can hold: nothing that was heard is lost, and
 * nothing that was written becomes unreadable. */
/* links: server */
#include "story.h"

#include "support/machine.h"
#include "unit/workspace_folder.h"

static struct story story;

/* One line of a story, with a number in it. */
static void HR_PRINTF(1, 2) tell(const char *format, ...)
{
    char line[256];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(line, sizeof line, format, list);
    va_end(list);
    story.line++;
    story_line(&story, hr_text_from(line));
    assert_false(story.failed);
}

static const struct hr_contact *contact(const char *email)
{
    struct hr_record *record = story_record(&story, story_contact(&story, hr_text_from(email)));
    assert_non_null(record);
    return record->contact;
}

static int begin(void **state)
{
    (void)state;
    story_open(&story, "limits", "examples/coaching");
    return 0;
}

/* As every story: the chain verifies, and a rebuild gives the same state. */
static int end(void **state)
{
    (void)state;
    story_close(&story);
    return story.failed ? -1 : 0;
}

/* ---- keys ---------------------------------------------------------------------------------------- */

static void ada_who_calls_from_a_hundred_phones_is_still_ada(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++) {
        tell("09:00 calendar says booking.created email=ada@example.com phone=+4420794%05d", i);
    }
    tell("expect journal 100");
    tell("expect ada@example.com booking_status = booked");
    assert_int_equal(contact("ada@example.com")->key_count, HR_KEYS_MAX);
    tell("09:10 calendar says booking.canceled email=ada@example.com phone=+442079400099");
    tell("expect ada@example.com booking_status = canceled");
    tell("09:20 calendar says booking.created email=ben@example.com phone=+442079400099");
    tell("expect ben@example.com booking_status = booked"); /* it was nobody's yet */
    tell("09:30 calendar says booking.created email=ada@example.com phone=+442079400099");
    tell("expect H-1 cause ambiguous contact"); /* and now a person is asked */
}

/* ---- handoffs -------------------------------------------------------------------------------------- */

static void pay(int from, int until)
{
    for (int i = from; i < until; i++) {
        tell("10:00 checkout says checkout.session.completed email=ada@example.com "
             "payment_id=pay_%d",
             i);
    }
}

static uint64_t counted(const char *handoff, enum hr_stand stand)
{
    int32_t index = hr_plan_handoff(story.plan, hr_text_from(handoff));
    assert_true(index >= 0);
    struct hr_record *record =
        story_record(&story, HR_ID_HANDOFF + story.plan->handoffs[index].name_number);
    assert_non_null(record);
    return record->handoff->counts[stand];
}

static void ada_who_pays_every_day_for_years_is_served_like_all_others(void **state)
{
    (void)state;
    tell("09:00 website_form says form.submitted email=ada@example.com");
    tell("09:01 course_platform says course.access_granted email=ada@example.com");
    tell("09:02 email says message.sent email=ada@example.com template=member_welcome");
    tell("09:03 checkout says checkout.session.completed email=ada@example.com payment_id=pay_0");
    pay(1, 600);
    tell("expect journal 603");
    tell("expect ada@example.com payment_to_access is confirmed for pay_0"); /* the first proof */
    tell("expect ada@example.com payment_to_access is nothing for pay_1");   /* the oldest left */
    tell("expect ada@example.com payment_to_access is confirmed for pay_599");
    tell("expect ada@example.com form_to_crm is confirmed");
    tell("expect ada@example.com access_to_follow_up is confirmed");
    tell("expect ada@example.com crm_to_booking is open"); /* it still waits */
    tell("expect H-1 absent");
    assert_int_equal(contact("ada@example.com")->instance_count, HR_INSTANCES_MAX);
    assert_int_equal(counted("payment_to_access", HR_STAND_confirmed), 600);
    tell("10:01 course_platform says course.access_revoked email=ada@example.com");
    tell("10:02 checkout says checkout.session.completed email=ada@example.com payment_id=last");
    tell("10:10 nothing");
    tell("expect H-1 people 1");
    tell("10:11 course_platform says course.access_granted email=ada@example.com");
    tell("expect H-1 state resolved");
}

static void what_all_still_waits_is_not_thrown_away_for_what_is_new(void **state)
{
    (void)state;
    pay(0, 600);
    tell("expect journal 512"); /* the senders of the others hear that they were not taken */
    tell("expect ada@example.com payment_to_access is open for pay_0");
    tell("expect ada@example.com payment_to_access is nothing for pay_512");
    tell("10:06 nothing");
    tell("expect ada@example.com payment_to_access is late for pay_511");
    tell("10:07 course_platform says course.access_granted email=ada@example.com");
    tell("expect journal 513");
    tell("expect ada@example.com access_to_follow_up is open");
    tell("expect H-1 cause missing field"); /* nobody knows her offer */
    tell("expect H-2 state resolved");
    pay(512, 600);
    tell("expect journal 601");
    tell("expect H-1 state new");
    tell("expect ada@example.com payment_to_access is confirmed for pay_599");
}

/* Nobody is told of carts that are never bought, so nobody could end what waits for them. */
static void a_shared_address_that_fills_carts_for_ever_is_heard_for_ever(void **state)
{
    static const uint8_t secret[HR_KEY_SIZE] = {"a cart, no more"};
    struct folder folder;
    struct hr_arena arena;
    struct machine machine;
    struct hr_entry entry;
    char raw[256];
    hr_instant now = 1795424400000000; /* 2026-11-23 09:00 */
    (void)state;
    folder_shop(&folder);
    hr_arena_init(&arena, 1 << 30);
    machine_init(&machine, &arena, secret);
    assert_true(hr_ok(machine_publish(&machine, folder.plan, HR_TEXT("files"), now, &entry)));
    for (int i = 0; i < 600; i++) {
        struct hr_text at = hr_instant_write(&arena, now);
        (void)snprintf(raw, sizeof raw,
                       "{\"type\":\"cart.filled\",\"timestamp\":\"%.*s\",\"data\":{\"email\":"
                       "\"desk@example.com\",\"cart\":\"c%d\"}}",
                       HR_SHOW(at), i);
        assert_true(machine_hear(&machine, "till", raw, now));
        now += 5 * HR_MINUTE_US;
    }
    const struct hr_contact *desk = machine_contact(&machine);
    assert_non_null(desk);
    assert_int_equal(desk->instance_count, HR_INSTANCES_MAX);
    assert_true(hr_text_equal(desk->instances[HR_INSTANCES_MAX - 1].key_shown, HR_TEXT("c599")));
    assert_true(hr_text_equal(desk->instances[0].key_shown, HR_TEXT("c88")));
    hr_arena_close(&arena);
    folder_close(&folder);
}

/* ---- fields ---------------------------------------------------------------------------------------- */

/* A workspace with 150 fields, all named with this letter, which one message fills. */
static void many_fields(struct folder *folder, char letter)
{
    struct hr_buffer out;
    folder_init(folder);
    hr_buffer_init(&out, &folder->arena, 64 << 10);
    hr_buffer_add_format(&out,
                         "version: 1\nworkspace: wide\ntitle: Wide\ntimezone: UTC\ncountry: GB\n"
                         "people:\n  ada: {name: Ada, email: ada@wide.example.com, role: admin}\n"
                         "contacts:\n  match_on: [email]\n  owner: ada\n  fields:\n"
                         "    email: {type: email, pii: personal}\n");
    for (int i = 0; i < 150; i++) {
        hr_buffer_add_format(&out, "    %c%d: {type: text}\n", letter, i);
    }
    hr_buffer_add_format(
        &out, "tools:\n  till:\n    title: Till\n    kind: webhook_in\n    owner: ada\n"
              "    verify: {scheme: standard_webhooks, secret: till_secret}\n"
              "    map:\n      type: payload.type\n      contact: {email: payload.email}\n"
              "    events:\n      form.filled:\n        map:\n          fields:\n");
    for (int i = 0; i < 150; i++) {
        hr_buffer_add_format(&out, "            %c%d: payload.word\n", letter, i);
    }
    folder_add(folder, "handrail.yaml", hr_buffer_text(&out));
    folder_check(folder);
    if (!hr_ok(folder->status)) {
        fail_msg("%.*s", HR_SHOW(folder_draw(folder)));
    }
}

static void a_customer_of_many_plans_is_still_heard(void **state)
{
    static const uint8_t secret[HR_KEY_SIZE] = {"plans come, go"};
    static const char raw[] =
        "{\"type\":\"form.filled\",\"email\":\"ada@example.com\",\"word\":\"x\"}";
    struct folder first;
    struct folder second;
    struct hr_arena arena;
    struct machine machine;
    struct hr_entry entry;
    hr_instant now = 1795424400000000;
    (void)state;
    many_fields(&first, 'f');
    many_fields(&second, 'g');
    hr_arena_init(&arena, 256 << 20);
    machine_init(&machine, &arena, secret);
    assert_true(hr_ok(machine_publish(&machine, first.plan, HR_TEXT("files"), now, &entry)));
    assert_true(machine_hear(&machine, "till", raw, now));
    assert_int_equal(machine_contact(&machine)->field_count, 151);
    assert_true(hr_ok(machine_publish(&machine, second.plan, HR_TEXT("files"), now + 1, &entry)));
    assert_true(machine_hear(&machine, "till", raw, now + 2));
    assert_int_equal(machine_contact(&machine)->field_count, HR_FIELDS_MAX);
    hr_arena_close(&arena);
    folder_close(&first);
    folder_close(&second);
}

/* ---- tokens ---------------------------------------------------------------------------------------- */

static enum hr_became let_in(int number)
{
    char digest[33];
    (void)snprintf(digest, sizeof digest, "%032d", number);
    const struct hr_command command = {.verb = HR_VERB_token_add,
                                       .other = story.plan->people[0].name_number,
                                       .until = HR_INSTANT_NONE,
                                       .text = {digest, 32}};
    struct hr_event event = {.kind = HR_EVENT_command, .command = &command};
    return story_run(&story, &event);
}

static void the_token_after_the_thousandth_is_refused_and_the_others_open(void **state)
{
    (void)state;
    for (int i = 0; i < HR_TOKENS_MAX; i++) {
        assert_int_equal(let_in(i), HR_BECAME_journalled);
    }
    assert_int_equal(let_in(HR_TOKENS_MAX), HR_BECAME_refused);
    struct hr_record *workspace = story_record(&story, HR_ID_WORKSPACE);
    assert_int_equal(workspace->workspace->token_count, HR_TOKENS_MAX);
}

/* ---- the fold --------------------------------------------------------------------------------------- */

static struct hr_record *only_record(void *context, uint64_t id, enum hr_record_kind kind)
{
    struct hr_record **record = context;
    if (*record == NULL) {
        *record = hr_record_make(&story.arena, id, kind);
    }
    return *record;
}

static hr_status no_entry(void *context, enum hr_space space, const struct hr_key *key,
                          uint64_t value)
{
    (void)context;
    (void)space;
    (void)key;
    (void)value;
    return hr_done();
}

/* Folds one kind of fact, each with another name, until the record takes no more; answers how many it took. What it
 * holds then can be written and read back. */
static int most(struct hr_fact fact)
{
    struct hr_record *record = NULL;
    struct hr_record *back = NULL;
    struct hr_buffer out;
    size_t folded = 0;
    int taken = 0;
    const struct hr_folding folding = {
        .context = &record, .record = only_record, .put_entry = no_entry, .arena = &story.arena};
    for (hr_status status = hr_done(); hr_ok(status) && taken < 2000; taken += hr_ok(status)) {
        fact.name = fact.kind == HR_FACT_tool_heard ? 1 : (uint32_t)taken + 1;
        fact.other = (uint32_t)taken + 1;
        fact.at = taken;
        fact.key = hr_key_pair(1, (uint64_t)taken);
        status = hr_fold_fact(&folding, 1, &fact);
        assert_true(hr_ok(status) || status.code == HR_E_LIMIT);
    }
    hr_buffer_init(&out, &story.arena, 1 << 20);
    hr_record_write(&out, record, &folded);
    assert_true(hr_ok(hr_record_read(record->id, hr_buffer_text(&out), &story.arena, &back)));
    return taken;
}

static void whatever_is_written_can_be_read(void **state)
{
    (void)state;
    const uint64_t id = HR_RECORD_FIRST;
    assert_int_equal(most((struct hr_fact){.kind = HR_FACT_key_linked, .record = id}), HR_KEYS_MAX);
    assert_int_equal(
        most((struct hr_fact){.kind = HR_FACT_field_set, .record = id, .state = HR_FIELD_WINS}),
        HR_FIELDS_MAX);
    assert_int_equal(most((struct hr_fact){.kind = HR_FACT_handoff_opened, .record = id}),
                     HR_INSTANCES_MAX);
    assert_int_equal(most((struct hr_fact){.kind = HR_FACT_token_added}), HR_TOKENS_MAX);
    assert_int_equal(most((struct hr_fact){.kind = HR_FACT_tool_heard}), 2000);
    assert_int_equal(most((struct hr_fact){.kind = HR_FACT_event_kept, .record = id}), 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ada_who_calls_from_a_hundred_phones_is_still_ada, begin,
                                        end),
        cmocka_unit_test_setup_teardown(ada_who_pays_every_day_for_years_is_served_like_all_others,
                                        begin, end),
        cmocka_unit_test(a_shared_address_that_fills_carts_for_ever_is_heard_for_ever),
        cmocka_unit_test(a_customer_of_many_plans_is_still_heard),
        cmocka_unit_test_setup_teardown(what_all_still_waits_is_not_thrown_away_for_what_is_new,
                                        begin, end),
        cmocka_unit_test_setup_teardown(
            the_token_after_the_thousandth_is_refused_and_the_others_open, begin, end),
        cmocka_unit_test_setup_teardown(whatever_is_written_can_be_read, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
