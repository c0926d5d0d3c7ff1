/* What automations do together: who writes what, who starts whom, what is stated and what is touched. The texts stand
 * in golden files; here is what must be found, and what must not. */
#include "unit/workspace_folder.h"
#include "workspace/writers.h"

enum { TEXT_SIZE = 16 << 10, MANY_TEXT_SIZE = 4 << 20, MANY = 1000 };

#define HEAD                                                                                       \
    "version: 1\n"                                                                                 \
    "workspace: little_shop\n"                                                                     \
    "timezone: UTC\n"                                                                              \
    "people:\n"                                                                                    \
    "  ana: {name: Ana Ruiz, email: ana@shop.example.com, role: admin}\n"                          \
    "tools:\n"                                                                                     \
    "  shop:\n"                                                                                    \
    "    kind: webhook_in\n"                                                                       \
    "    owner: ana\n"                                                                             \
    "    verify: {scheme: stripe, secret: shop_secret}\n"                                          \
    "    map: {type: payload.type, id: payload.id, contact: {email: payload.email}, data: "        \
    "{order: "                                                                                     \
    "payload.order, tier: payload.tier}}\n"                                                        \
    "    events: [order.paid, order.refunded]\n"                                                   \
    "  portal:\n"                                                                                  \
    "    kind: http\n"                                                                             \
    "    owner: ana\n"                                                                             \
    "    verify: {scheme: standard_webhooks, secret: portal_secret}\n"                             \
    "    map: {type: payload.type, id: payload.id, contact: {email: payload.email}}\n"             \
    "    events: {seat.taken: {map: {fields: {seat: \"'taken'\"}}}}\n"                             \
    "    allow: [https://portal.example.com]\n"                                                    \
    "    auth: {bearer: portal_token}\n"                                                           \
    "    actions:\n"                                                                               \
    "      open: {method: PUT, path: \"/members/{email}\", safe_to_repeat: yes, emits: "           \
    "seat.taken}\n"                                                                                \
    "contacts:\n"                                                                                  \
    "  match_on: [email]\n"                                                                        \
    "  owner: ana\n"                                                                               \
    "  fields:\n"                                                                                  \
    "    email: {type: email, pii: personal}\n"                                                    \
    "    first_name: {type: text, pii: personal}\n"                                                \
    "    offer: {type: choice, values: [group, single, trial]}\n"                                  \
    "    origin: {type: choice, values: [web, shop], on_conflict: never_overwrite}\n"              \
    "    seat: {type: choice, values: [taken, free], source_of_truth: portal}\n"

#define TIER        "    tier: {type: choice, values: [small, big]}\n"
#define AUTOMATIONS "automations:\n"

/* An automation with everything left out but what `lines` say; `left` are the reasons for the rest. */
#define AUTOMATION(id, trigger, lines, left)                                                       \
    "  " id ":\n"                                                                                  \
    "    owner: ana\n"                                                                             \
    "    failure_owner: ana\n"                                                                     \
    "    trigger: " trigger "\n" lines                                                             \
    "    left_out: {goal: a, avoids: a, branch: a, task_owner: a, approval: a, metric: a, "        \
    "systems: a" left "}\n"
/* The same, with the tools that it asks. */
#define CALLING(id, trigger, tools, lines, left)                                                   \
    "  " id ":\n"                                                                                  \
    "    owner: ana\n"                                                                             \
    "    failure_owner: ana\n"                                                                     \
    "    trigger: " trigger "\n"                                                                   \
    "    systems: [" tools "]\n" lines                                                             \
    "    left_out: {goal: a, avoids: a, branch: a, task_owner: a, approval: a, metric: a" left     \
    "}\n"
#define NO_WHEN    ", when: a"
#define NO_STOP    ", stop: a"
#define NO_WAIT    ", wait: a"
#define NO_DATA    ", data: a"
#define DATA(list) "    data: [" list "]\n"
#define AGAIN      "    reenter: every event\n"
#define SET(value) "      - set: {tier: \"'" value "'\"}\n"
#define WAIT       "      - wait: 2 days\n"
#define STEPS      "    steps:\n"
#define WHEN(line) "    when: [\"" line "\"]\n"

static bool found(const struct folder *folder, enum hr_code code)
{
    for (size_t i = 0; i < folder->found.count; i++) {
        if (folder->found.items[i].code == code) {
            return true;
        }
    }
    return false;
}

/* Checks the text and wants exactly these codes, in any order, beside "not available yet"; 0 ends them. */
static void expect(const char *text, const enum hr_code *codes)
{
    struct folder folder;
    folder_init(&folder);
    folder_add_split(&folder, hr_text_from(text));
    folder_check(&folder);
    size_t count = 0;
    size_t wanted = 0;
    bool all = true;
    for (size_t i = 0; i < folder.found.count; i++) {
        count += folder.found.items[i].code != HR_CODE_not_available_yet;
    }
    for (; codes[wanted] != HR_CODE_none; wanted++) {
        all = all && found(&folder, codes[wanted]);
    }
    if (!all || count != wanted) {
        print_error("%.*s\n", HR_SHOW(folder_draw(&folder)));
    }
    assert_true(all);
    assert_int_equal(count, wanted);
    folder_close(&folder);
}

#define EXPECT(text, ...)                                                                          \
    expect((text), (const enum hr_code[]){__VA_ARGS__ __VA_OPT__(, ) HR_CODE_none})

/* ---- two writers ---------------------------------------------------------------------------------- */

#define TWO(field, when_one, when_other, steps_one)                                                \
    AUTOMATIONS AUTOMATION("one", "order.paid",                                                    \
                           AGAIN WHEN(when_one) DATA(field ", tier") STEPS steps_one SET("small"), \
                           NO_STOP)                                                                \
        AUTOMATION("other", "order.paid",                                                          \
                   AGAIN WHEN(when_other) DATA(field ", tier") STEPS SET("big"), NO_WAIT NO_STOP)

static void two_that_can_both_run_need_an_answer(void **state)
{
    (void)state;
    EXPECT(HEAD TIER AUTOMATIONS AUTOMATION(
               "one", "order.paid", AGAIN DATA("tier") STEPS SET("small"), NO_WHEN NO_WAIT NO_STOP)
               AUTOMATION("other", "order.refunded", AGAIN DATA("tier") STEPS SET("big"),
                          NO_WHEN NO_WAIT NO_STOP),
           HR_CODE_two_writers);
    EXPECT(HEAD TIER TWO("offer", "contact.offer in ['group', 'trial']",
                         "contact.offer == 'single' || contact.offer == 'trial'", WAIT),
           HR_CODE_two_writers);
}

static void the_contract_or_the_steps_answer(void **state)
{
    (void)state;
#define BOTH                                                                                       \
    AUTOMATIONS AUTOMATION("one", "order.paid", AGAIN DATA("tier") STEPS SET("small"),             \
                           NO_WHEN NO_WAIT NO_STOP)                                                \
        AUTOMATION("other", "order.paid", AGAIN DATA("tier") STEPS SET("big"),                     \
                   NO_WHEN NO_WAIT NO_STOP)
    EXPECT(HEAD "    tier: {type: choice, values: [small, big], on_conflict: newest}\n" BOTH);
    EXPECT(HEAD "    tier: {type: choice, values: [small, big], on_conflict: ask}\n" BOTH);
    EXPECT(HEAD "    tier: {type: choice, values: [small, big], on_conflict: people_win}\n" BOTH,
           HR_CODE_two_writers);
    EXPECT(HEAD "    tier: {type: choice, values: [small, big], source_of_truth: automation one, "
                "on_conflict: people_win}\n" BOTH);
    EXPECT(HEAD TIER AUTOMATIONS AUTOMATION(
        "one", "order.paid", AGAIN DATA("tier") STEPS SET("small") "        order_by: event.at\n",
        NO_WHEN NO_WAIT NO_STOP)
               AUTOMATION("other", "order.paid",
                          AGAIN DATA("tier") STEPS SET("big") "        order_by: event.at\n",
                          NO_WHEN NO_WAIT NO_STOP));
    EXPECT(HEAD TIER AUTOMATIONS AUTOMATION(
        "one", "order.paid", AGAIN DATA("tier") STEPS SET("big"), NO_WHEN NO_WAIT NO_STOP)
               AUTOMATION("other", "order.paid", AGAIN DATA("tier") STEPS SET("big"),
                          NO_WHEN NO_WAIT NO_STOP));
}

static void conditions_that_exclude_each_other_keep_them_apart(void **state)
{
    (void)state;
    EXPECT(HEAD TIER AUTOMATIONS AUTOMATION(
        "one", "order.paid",
        AGAIN WHEN("contact.offer == 'group'") DATA("offer, tier") STEPS SET("small"),
        NO_WAIT NO_STOP) AUTOMATION("other", "order.paid",
                                    AGAIN WHEN("contact.offer == 'single'") DATA("offer, tier")
                                        STEPS SET("big"),
                                    NO_WAIT NO_STOP));
    EXPECT(HEAD TIER AUTOMATIONS AUTOMATION(
        "one", "order.paid",
        AGAIN WHEN("!known(contact.offer)") DATA("offer, tier") STEPS SET("small"), NO_WAIT NO_STOP)
               AUTOMATION("other", "order.paid",
                          AGAIN WHEN("known(contact.offer)") DATA("offer, tier") STEPS SET("big"),
                          NO_WAIT NO_STOP));
}

#define ELSE(value)                                                                                \
    "      - if: contact.offer == 'group'\n        then:\n          - {create_task: Greet, "       \
    "assign: "                                                                                     \
    "ana, due: 1 day}\n        else:\n          - set: {tier: \"'" value "'\"}\n"
/* `branch` is no element of it that is left out. */
#define BRANCHING(id, lines, left)                                                                 \
    "  " id ":\n    owner: ana\n    failure_owner: ana\n    trigger: order.paid\n" lines           \
    "    left_out: {goal: a, avoids: a, task_owner: a, approval: a, metric: a, systems: a" left    \
    "}\n"

/* In an `else` stands what comes where the condition of the `if` fails. */
static void an_else_and_its_if_keep_them_apart(void **state)
{
    (void)state;
#define OTHERWISE(when)                                                                            \
    HEAD TIER AUTOMATIONS BRANCHING("one", AGAIN DATA("offer, tier") STEPS ELSE("small"),          \
                                    NO_WHEN NO_WAIT NO_STOP)                                       \
        AUTOMATION("other", "order.paid", AGAIN WHEN(when) DATA("offer, tier") STEPS SET("big"),   \
                   NO_WAIT NO_STOP)
    EXPECT(OTHERWISE("contact.offer == 'group'"));
    EXPECT(OTHERWISE("contact.offer == 'single'"), HR_CODE_two_writers);
    EXPECT(OTHERWISE("!known(contact.offer)"), HR_CODE_two_writers);
}

/* All that fight are told, not one after the other was mended. */
static void each_fight_is_told_and_what_is_not_compared(void **state)
{
    (void)state;
    struct folder folder;
    size_t fights = 0;
    size_t unseen = 0;
    folder_init(&folder);
    folder_add_split(
        &folder,
        hr_text_from(HEAD TIER "    grade: {type: choice, values: [low, high]}\n" BOTH AUTOMATION(
            "third", "order.paid", AGAIN DATA("tier") STEPS SET("small"),
            NO_WHEN NO_WAIT NO_STOP)));
    folder_check(&folder);
    for (size_t i = 0; i < folder.found.count; i++) {
        fights += folder.found.items[i].code == HR_CODE_two_writers;
    }
    assert_int_equal(fights, 2);
    folder_close(&folder);
    folder_init(&folder);
    struct hr_buffer text;
    hr_buffer_init(&text, &folder.arena, MANY_TEXT_SIZE);
    hr_buffer_add_format(&text, "%s", HEAD TIER AUTOMATIONS);
    for (size_t i = 0; i < 250; i++) {
        hr_buffer_add_format(
            &text,
            "  job_%zu:\n    owner: ana\n    failure_owner: ana\n    trigger: order.paid\n"
            "    reenter: every event\n    data: [tier]\n    steps:\n      - set: {tier: "
            "\"'%s'\"}\n"
            "    left_out: {goal: a, avoids: a, wait: a, branch: a, stop: a, when: a, task_owner: "
            "a, approval: a, metric: a, systems: a}\n",
            i, i < 200 ? "big" : "small");
    }
    folder_add(&folder, "workspace.yaml", hr_buffer_text(&text));
    folder_check(&folder);
    assert_int_equal(folder.found.error_count, 0);
    for (size_t i = 0; i < folder.found.count; i++) {
        unseen += folder.found.items[i].code == HR_CODE_two_writers;
    }
    assert_int_equal(unseen, 1);
    folder_close(&folder);
}

static void a_wait_lets_the_condition_change(void **state)
{
    (void)state;
    EXPECT(HEAD TIER TWO("offer", "contact.offer == 'group'", "contact.offer == 'single'", WAIT),
           HR_CODE_two_writers);
    EXPECT(HEAD TIER TWO("origin", "contact.origin == 'web'", "contact.origin == 'shop'", WAIT));
}

static void who_passes_on_writes_for_the_tool(void **state)
{
    (void)state;
#define PASSES                                                                                     \
    AUTOMATIONS AUTOMATION("one", "order.paid",                                                    \
                           AGAIN DATA("tier") STEPS "      - set: {tier: event.tier}\n",           \
                           NO_WHEN NO_WAIT NO_STOP)
    EXPECT(HEAD "    tier: {type: choice, values: [small, big], writers: [shop]}\n" PASSES);
    EXPECT(HEAD "    tier: {type: choice, values: [small, big], writers: [portal]}\n" PASSES,
           HR_CODE_writer_not_allowed);
}

/* ---- rings ------------------------------------------------------------------------------------------- */

#define EMIT(id, trigger, again, lines, event, left)                                               \
    AUTOMATION(id, trigger, again lines STEPS "      - emit: " event "\n",                         \
               NO_WHEN NO_WAIT NO_DATA left)

static void a_ring_is_found_and_what_bounds_it(void **state)
{
    (void)state;
#define RING(again)                                                                                \
    HEAD AUTOMATIONS EMIT("one", "[order.paid, b.done]", "    reenter: " again "\n", "", "a.done", \
                          NO_STOP) EMIT("other", "a.done", AGAIN, "", "b.done", NO_STOP)
    EXPECT(RING("every event"), HR_CODE_started_without_end);
    EXPECT(RING("never"));
    EXPECT(RING("after 1 day"));
    EXPECT(RING("once per event.id"), HR_CODE_started_without_end);
    EXPECT(RING("once per event.order"), HR_CODE_key_not_brought);
}

static void a_ring_that_waits_wants_an_end(void **state)
{
    (void)state;
#define SLOW(lines, left)                                                                          \
    HEAD AUTOMATIONS AUTOMATION("one", "[order.paid, a.done]",                                     \
                                AGAIN lines STEPS WAIT "      - emit: a.done\n",                   \
                                NO_WHEN NO_DATA left)
    EXPECT(SLOW("", NO_STOP), HR_CODE_started_slowly);
    EXPECT(SLOW("    stop: [\"event.type == 'order.refunded'\"]\n", ""));
}

static void an_action_that_emits_closes_a_ring_too(void **state)
{
    (void)state;
    EXPECT(HEAD AUTOMATIONS CALLING(
               "one", "[order.paid, seat.taken]", "portal",
               AGAIN DATA("email") STEPS
               "      - call: portal.open\n        with: {email: contact.email}\n",
               NO_WHEN NO_WAIT NO_STOP),
           HR_CODE_started_without_end);
}

#define CRM(data, when)                                                                            \
    HEAD                                                                                           \
        "# file: crm.yaml\n"                                                                       \
        "tools:\n"                                                                                 \
        "  crm:\n"                                                                                 \
        "    kind: crm\n"                                                                          \
        "    owner: ana\n"                                                                         \
        "    verify: {scheme: standard_webhooks, secret: crm_secret}\n"                            \
        "    map: {type: payload.type, id: payload.id, contact: {email: payload.email}}\n"         \
        "    events: [contact.changed]\n"                                                          \
        "    allow: [https://crm.example.com]\n"                                                   \
        "    auth: {oauth: crm_app}\n"                                                             \
        "    actions: {update: {kind: upsert, by: email, safe_to_repeat: yes}}\n" AUTOMATIONS      \
            CALLING("one", "contact.changed", "crm",                                               \
                    AGAIN DATA(data) when STEPS "      - call: crm.update\n        with: {email: " \
                                                "contact.email}\n",                                \
                    NO_WAIT NO_STOP)

static void a_crm_that_tells_of_our_own_change_is_an_echo(void **state)
{
    (void)state;
    EXPECT(CRM("email, offer", WHEN("known(contact.offer)")), HR_CODE_started_by_echo);
    EXPECT(CRM("email, offer", WHEN("set_by.offer == 'people'")));
}

static void what_finds_a_contact_by_one_key_writes_the_others(void **state)
{
    (void)state;
#define SURVEY(writers, more)                                                                      \
    "version: 1\n"                                                                                 \
    "workspace: little_shop\n"                                                                     \
    "timezone: UTC\n"                                                                              \
    "people: {ana: {name: Ana Ruiz, email: ana@shop.example.com, role: admin}}\n"                  \
    "contacts: {match_on: [email, phone], owner: ana, fields: {phone: {type: phone, pii: "         \
    "personal}, email: {type: email, pii: personal, writers: [" writers "]}}}\n"                   \
    "tools: {crm_list: {kind: file, owner: ana, events: [contact.listed], map: {contact: {phone: " \
    "payload.phone}}}, survey: {kind: file, owner: ana, events: [survey.answered], map: "          \
    "{contact: "                                                                                   \
    "{email: payload.email" more "}}}}\n"
    EXPECT(SURVEY("survey, people", ", phone: payload.phone"));
    EXPECT(SURVEY("people", ", phone: payload.phone"), HR_CODE_writer_not_allowed);
    EXPECT(SURVEY("people", ""));
}

/* ---- what is stated ------------------------------------------------------------------------------------ */

static void what_texts_and_conditions_read_is_data(void **state)
{
    (void)state;
#define READS(data)                                                                                \
    HEAD AUTOMATIONS AUTOMATION(                                                                   \
        "one", "order.paid",                                                                       \
        AGAIN WHEN("known(contact.offer)") "    data: " data "\n" STEPS                            \
                                           "      - notify: ana\n        text: \"{{ "              \
                                           "contact.first_name }} "                                \
                                           "{{ 'contact.email' }}\"\n",                            \
        NO_WAIT NO_STOP)
    EXPECT(READS("[offer, first_name]"));
    EXPECT(READS("[offer]"), HR_CODE_data_unstated);
    EXPECT(READS("[first_name]"), HR_CODE_data_unstated);
    EXPECT(READS("[offer, first_name, email]"), HR_CODE_data_untouched);
}

static void what_is_left_out_is_not_touched(void **state)
{
    (void)state;
#define LEFT(lines, left)                                                                          \
    HEAD TIER AUTOMATIONS AUTOMATION("one", "order.paid", AGAIN STEPS lines, left)
    EXPECT(LEFT("      - {create_task: Greet, assign: ana, due: 1 day}\n",
                NO_WHEN NO_WAIT NO_STOP NO_DATA));
    EXPECT(LEFT("      - {create_task: \"{{ contact.first_name }}\", assign: ana, due: 1 day}\n",
                NO_WHEN NO_WAIT NO_STOP NO_DATA),
           HR_CODE_data_unstated);
    EXPECT(LEFT(SET("small"), NO_WHEN NO_WAIT NO_STOP NO_DATA), HR_CODE_data_unstated);
    EXPECT(LEFT("      - call: portal.open\n        with: {email: contact.email}\n",
                NO_WHEN NO_WAIT NO_STOP NO_DATA),
           HR_CODE_system_unstated, HR_CODE_data_unstated);
}

/* What a step uses has to be stated, so a list in brackets is mended at its end. */
static void what_is_not_stated_is_put_into_the_list(void **state)
{
    (void)state;
    struct folder folder;
    size_t from = 0;
    size_t size = 1;
    folder_init(&folder);
    folder_add_split(&folder, hr_text_from(READS("[ offer ]")));
    folder_check(&folder);
    const struct hr_diagnostic *item = hr_diagnostics_error(&folder.found);
    assert_non_null(item);
    assert_int_equal(item->code, HR_CODE_data_unstated);
    struct hr_text bytes = folder.files[0].bytes;
    assert_true(hr_fix_locate(item, bytes, &from, &size));
    assert_int_equal(size, 0);
    assert_true(hr_text_starts(hr_text_slice(bytes, from, bytes.size), HR_TEXT(" ]")));
    assert_true(hr_text_equal(item->fix.replacement, HR_TEXT(", first_name")));
    folder_close(&folder);
    folder_init(&folder);
    folder_add_split(&folder, hr_text_from(READS("\n      - offer")));
    folder_check(&folder);
    item = hr_diagnostics_error(&folder.found);
    assert_non_null(item);
    assert_int_equal(item->code, HR_CODE_data_unstated);
    assert_false(hr_fix_locate(item, folder.files[0].bytes, &from, &size));
    folder_close(&folder);
}

static void a_broken_automation_is_left_out_alone(void **state)
{
    (void)state;
    EXPECT(HEAD TIER AUTOMATIONS AUTOMATION(
               "one", "order.payd", AGAIN DATA("tier") STEPS SET("small"), NO_WHEN NO_WAIT NO_STOP)
               AUTOMATION("other", "order.paid", AGAIN DATA("tier") STEPS SET("big"),
                          NO_WHEN NO_WAIT NO_STOP)
                   AUTOMATION("third", "order.paid", AGAIN DATA("tier") STEPS SET("small"),
                              NO_WHEN NO_WAIT NO_STOP),
           HR_CODE_event_unknown, HR_CODE_two_writers);
    EXPECT(HEAD "    tier: {type: choyce, values: [small, big]}\n" BOTH, HR_CODE_word_unknown);
}

/* An error behind the last automation is not its own. */
static void what_stands_behind_an_automation_does_not_break_it(void **state)
{
    (void)state;
    EXPECT(HEAD TIER AUTOMATIONS AUTOMATION(
               "one", "order.paid", AGAIN STEPS SET("small"),
               NO_WHEN NO_WAIT NO_STOP NO_DATA) "tests:\n  - name: A buyer gets in\n    given:\n   "
                                                "   - evnt: order.paid\n    expect:\n"
                                                "      - holds: contact.tier == 'small'\n",
           HR_CODE_test_line, HR_CODE_data_unstated);
}

/* ---- who writes a field, for people ----------------------------------------------------------------- */

static void every_place_that_writes_a_field_is_listed(void **state)
{
    (void)state;
    struct folder folder;
    const struct hr_writing *items = NULL;
    folder_init(&folder);
    folder_add_split(
        &folder, hr_text_from(HEAD TIER AUTOMATIONS AUTOMATION(
                     "one", "order.paid",
                     AGAIN WHEN("known(contact.offer)") DATA("offer, tier, first_name")
                         STEPS SET("small") "      - copy_to: contact\n        set: {first_name: "
                                            "\"'free'\"}\n",
                     NO_WAIT NO_STOP)));
    folder_check(&folder);
    assert_non_null(folder.plan);
    size_t count =
        hr_plan_writings(folder.plan, HR_RECORD_TYPE_contact,
                         hr_plan_field(folder.plan, HR_TEXT("tier")), &folder.arena, &items);
    assert_int_equal(count, 1);
    assert_int_equal(items[0].kind, HR_WRITING_step);
    assert_true(hr_text_equal(items[0].by, HR_TEXT("1")));
    assert_int_equal(items[0].when_count, 1);
    assert_int_equal(items[0].when[0]->count, 1);
    count = hr_plan_writings(folder.plan, HR_RECORD_TYPE_contact,
                             hr_plan_field(folder.plan, HR_TEXT("seat")), &folder.arena, &items);
    assert_int_equal(count, 1);
    assert_int_equal(items[0].kind, HR_WRITING_event);
    assert_true(hr_text_equal(items[0].by, HR_TEXT("seat.taken")));
    count =
        hr_plan_writings(folder.plan, HR_RECORD_TYPE_contact,
                         hr_plan_field(folder.plan, HR_TEXT("first_name")), &folder.arena, &items);
    assert_int_equal(count, 1);
    assert_int_equal(items[0].step, HR_STEP_copy);
    count = hr_plan_writings(folder.plan, HR_RECORD_TYPE_contact,
                             hr_plan_field(folder.plan, HR_TEXT("offer")), &folder.arena, &items);
    assert_int_equal(count, 0);
    folder_close(&folder);
}

/* ---- many ------------------------------------------------------------------------------------------------ */

/* A thousand automations on one field and in one ring: one complaint each, and no work that grows with the square. */
static void a_thousand_automations_are_compared_in_passing(void **state)
{
    (void)state;
    struct folder folder;
    folder_init(&folder);
    struct hr_buffer text;
    hr_buffer_init(&text, &folder.arena, MANY_TEXT_SIZE);
    hr_buffer_add_format(&text, "%s", HEAD TIER AUTOMATIONS);
    for (size_t i = 0; i < MANY; i++) {
        hr_buffer_add_format(
            &text,
            "  job_%zu:\n    owner: ana\n    failure_owner: ana\n    trigger: [order.paid, "
            "step_%zu.done]\n    reenter: every event\n    when: [\"contact.offer == 'group'\"]\n"
            "    steps:\n      - set: {tier: \"'big'\"}\n      - emit: step_%zu.done\n"
            "    left_out: {goal: a, avoids: a, wait: a, branch: a, stop: a, task_owner: a, "
            "approval: "
            "a, metric: a, systems: a}\n    data: [offer, tier]\n",
            i, i % 900, (i + 1) % 900);
    }
    folder_add(&folder, "workspace.yaml", hr_buffer_text(&text));
    folder_check(&folder);
    assert_int_equal(folder.found.error_count, 1);
    assert_true(found(&folder, HR_CODE_started_without_end));
    folder_close(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_that_can_both_run_need_an_answer),
        cmocka_unit_test(the_contract_or_the_steps_answer),
        cmocka_unit_test(conditions_that_exclude_each_other_keep_them_apart),
        cmocka_unit_test(an_else_and_its_if_keep_them_apart),
        cmocka_unit_test(each_fight_is_told_and_what_is_not_compared),
        cmocka_unit_test(a_wait_lets_the_condition_change),
        cmocka_unit_test(who_passes_on_writes_for_the_tool),
        cmocka_unit_test(a_ring_is_found_and_what_bounds_it),
        cmocka_unit_test(a_ring_that_waits_wants_an_end),
        cmocka_unit_test(an_action_that_emits_closes_a_ring_too),
        cmocka_unit_test(a_crm_that_tells_of_our_own_change_is_an_echo),
        cmocka_unit_test(what_finds_a_contact_by_one_key_writes_the_others),
        cmocka_unit_test(what_texts_and_conditions_read_is_data),
        cmocka_unit_test(what_is_left_out_is_not_touched),
        cmocka_unit_test(what_is_not_stated_is_put_into_the_list),
        cmocka_unit_test(a_broken_automation_is_left_out_alone),
        cmocka_unit_test(what_stands_behind_an_automation_does_not_break_it),
        cmocka_unit_test(every_place_that_writes_a_field_is_listed),
        cmocka_unit_test(a_thousand_automations_are_compared_in_passing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
