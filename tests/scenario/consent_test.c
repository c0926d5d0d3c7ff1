/* Who may be written to, in the cases that no story needs: purposes that change or go, addresses that change, rows that
 * are full, and everybody who may not say yes for somebody else. */
/* links: server */
#include "story.h"

#include "data/time.h"
#include "engine/contract.h"
#include "support/machine.h"
#include "unit/workspace_folder.h"

#define ADA "ada@example.com"

static const uint8_t secret[HR_KEY_SIZE] = {"nobody's address"};

/* A piece of the workspace's text, and what stands there instead. */
struct swap {
    const char *from;
    const char *to;
};
#define ONLY_NEWS     "    marketing: {title: News, needs_consent: yes}\n"
#define PARTNERS      "    partners: {title: Offers of partners, needs_consent: yes}\n"
#define FOR_MARKETING "      purpose: marketing\n"
#define FOR_PARTNERS  "      purpose: partners\n"

enum { FOLDERS_MAX = 4, SWAPS_MAX = 2 };
static struct folder folders[FOLDERS_MAX];
static size_t folder_count;
static struct hr_arena arena;
static struct machine machine;
static hr_instant now;

/* Puts the contracts workspace in force, as the swaps say. */
static void publish(const struct swap swaps[SWAPS_MAX])
{
    struct hr_entry entry;
    assert_true(folder_count < FOLDERS_MAX);
    struct folder *folder = &folders[folder_count++];
    folder_init(folder);
    folder_add_file(folder, "tests/scenario/contracts", "handrail.yaml");
    for (size_t i = 0; i < SWAPS_MAX && swaps[i].from != NULL; i++) {
        struct hr_text text = folder->files[0].bytes;
        size_t at = hr_text_search(text, hr_text_from(swaps[i].from));
        assert_true(at < text.size);
        struct hr_text rest = hr_text_slice(text, at + strlen(swaps[i].from), text.size);
        folder->files[0].bytes = hr_text_format(&folder->arena, "%.*s%s%.*s", (int)at, text.data,
                                                swaps[i].to, HR_SHOW(rest));
    }
    folder_check(folder);
    if (!hr_ok(folder->status)) {
        fail_msg("%.*s", HR_SHOW(folder_draw(folder)));
    }
    assert_true(hr_ok(machine_publish(&machine, folder->plan, HR_TEXT("files"), now, &entry)));
}
static const struct swap as_it_is[SWAPS_MAX] = {{NULL, NULL}};

static int begin(void **state)
{
    (void)state;
    hr_arena_init(&arena, 64 << 20);
    machine_init(&machine, &arena, secret);
    assert_true(hr_instant_read(HR_TEXT("2026-11-23T12:00:00Z"), &now));
    publish(as_it_is);
    return 0;
}

static int end(void **state)
{
    (void)state;
    while (folder_count > 0) {
        folder_close(&folders[--folder_count]);
    }
    hr_arena_close(&arena);
    return 0;
}

/* ---- what happens ---------------------------------------------------------------------------------- */

static void hear(const char *email, const char *rest)
{
    char raw[256];
    static unsigned ids;
    now += INT64_C(60000000);
    struct hr_text at = hr_instant_write(&arena, now);
    (void)snprintf(
        raw, sizeof raw,
        "{\"type\":\"said\",\"id\":\"%u\",\"at\":\"%.*s\",\"email\":\"%s\",\"v\":\"a\"%s}", ids++,
        HR_SHOW(at), email, rest);
    assert_true(machine_hear(&machine, "form", raw, now));
}
#define YES ",\"consent\":\"given\",\"form_version\":\"7\""

/* The newest contact. */
static struct hr_record *contact(void)
{
    struct hr_record *found = NULL;
    for (size_t i = 0; i < machine.view.record_count; i++) {
        struct hr_record *record = machine.view.records[i];
        if (record->exists && record->kind == HR_RECORD_contact &&
            (found == NULL || record->id > found->id)) {
            found = record;
        }
    }
    assert_non_null(found);
    return found;
}

static uint32_t marketing(void)
{
    int32_t purpose = hr_plan_purpose(machine.engine.plan, HR_TEXT("marketing"));
    assert_true(purpose >= 0);
    return machine.engine.plan->policies.purposes[purpose].name_number;
}

static hr_status run(struct hr_command command, struct hr_entry *ret_entry)
{
    now += INT64_C(60000000);
    const struct hr_event event = {.kind = HR_EVENT_command, .now = now, .command = &command};
    return machine_step(&machine, event, ret_entry);
}

static struct hr_command leaving(uint32_t purpose)
{
    return (struct hr_command){.verb = HR_VERB_unsubscribe,
                               .contact = contact()->id,
                               .other = purpose,
                               .channel = HR_CHANNEL_email,
                               .by = HR_BY_page,
                               .until = HR_INSTANT_NONE};
}

static void leave(uint32_t purpose)
{
    struct hr_entry entry;
    assert_true(hr_ok(run(leaving(purpose), &entry)));
    assert_true(entry.position != 0);
}

static void forget(void)
{
    struct hr_entry entry;
    const struct hr_event event = {.kind = HR_EVENT_erased, .now = now, .record = contact()->id};
    assert_true(hr_ok(machine_step(&machine, event, &entry)));
}

static void assert_why(const char *purpose, enum hr_consent_why why)
{
    int32_t index = hr_plan_purpose(machine.engine.plan, hr_text_from(purpose));
    struct hr_consent_answer answer = machine_consent(&machine, contact()->id, index);
    if (answer.why != why) {
        fail_msg("%s: %.*s", purpose, HR_SHOW(answer.words));
    }
    assert_true(answer.may == (why == HR_CONSENT_WHY_given || why == HR_CONSENT_WHY_not_needed));
    assert_true(answer.words.size > 0);
}

/* ---- purposes -------------------------------------------------------------------------------------- */

/* Who agreed to news did not agree to what the same field asks for today. */
static void a_consent_is_to_its_purpose_and_not_to_its_field(void **state)
{
    (void)state;
    static const struct swap another[SWAPS_MAX] = {{ONLY_NEWS, ONLY_NEWS PARTNERS},
                                                   {FOR_MARKETING, FOR_PARTNERS}};
    hear(ADA, YES);
    assert_why("marketing", HR_CONSENT_WHY_given);
    publish(another);
    assert_why("partners", HR_CONSENT_WHY_unproven); /* the field says given, to something else */
    assert_why("marketing", HR_CONSENT_WHY_given);
    hear(ADA, YES);
    assert_why("partners", HR_CONSENT_WHY_given);
}

/* The link in an old letter works for ever, also when its purpose is gone, and counts when it is back. */
static void a_link_works_when_its_purpose_is_gone(void **state)
{
    (void)state;
    static const struct swap gone[SWAPS_MAX] = {{ONLY_NEWS, PARTNERS},
                                                {FOR_MARKETING, FOR_PARTNERS}};
    hear(ADA, YES);
    uint32_t number = marketing();
    publish(gone);
    leave(number);
    assert_why("partners", HR_CONSENT_WHY_unproven);
    publish(as_it_is);
    assert_why("marketing", HR_CONSENT_WHY_withdrawn);
}

/* ---- leaving --------------------------------------------------------------------------------------- */

static void who_left_and_clicks_again_changes_nothing(void **state)
{
    struct hr_entry entry;
    (void)state;
    hear(ADA, YES);
    leave(marketing());
    assert_true(hr_ok(run(leaving(marketing()), &entry)));
    assert_int_equal(entry.position, 0);
    hear(ADA, ",\"consent\":\"withdrawn\""); /* a tool says so too, later */
    leave(marketing());                      /* the address is suppressed since then */
    assert_true(hr_ok(run(leaving(marketing()), &entry)));
    assert_int_equal(entry.position, 0);
}

static void nobody_else_may_take_the_way_out(void **state)
{
    struct hr_entry entry;
    (void)state;
    hear(ADA, YES);
    struct hr_command command = leaving(marketing());
    command.contact += 1000;
    assert_int_equal(run(command, &entry).code, HR_E_REFUSED); /* there is no such contact */
    command = leaving(marketing());
    command.by = HR_BY_tool;
    assert_int_equal(run(command, &entry).code, HR_E_REFUSED);
    command.by = HR_BY_page;
    command.channel = 2;
    assert_int_equal(run(command, &entry).code, HR_E_REFUSED); /* there is no such channel */
    command.channel = HR_CHANNEL_email;
    command.other = 0;
    assert_int_equal(run(command, &entry).code, HR_E_REFUSED);
    command = leaving(marketing());
    command.person = machine.engine.plan->people[0].name_number;
    assert_int_equal(run(command, &entry).code, HR_E_REFUSED); /* a person says why */
    command.text = HR_TEXT("she wrote so");
    assert_true(hr_ok(run(command, &entry)));
    assert_why("marketing", HR_CONSENT_WHY_withdrawn);
}

static void move_to(const char *email)
{
    struct hr_entry entry;
    const struct hr_plan *plan = machine.engine.plan;
    int32_t field = hr_plan_field(plan, HR_TEXT("email"));
    const struct hr_command command = {.verb = HR_VERB_edit,
                                       .person = plan->people[0].name_number,
                                       .contact = contact()->id,
                                       .field = plan->fields[field].name_number,
                                       .text = hr_text_from(email),
                                       .until = HR_INSTANT_NONE};
    assert_true(hr_ok(run(command, &entry)));
}

static void an_address_that_they_had_is_suppressed_too(void **state)
{
    (void)state;
    static const struct swap people[SWAPS_MAX] = {
        {"writers: [crm, form, sheet], on_conflict: newest, pii",
         "writers: [crm, form, sheet, people], on_conflict: newest, pii"}};
    static const char *const addresses[] = {ADA, "ada@new.example.com", "ada@third.example.com"};
    publish(people);
    for (size_t i = 0; i < 3; i++) {
        hear(ADA, YES);
        move_to(addresses[1]);
        move_to(addresses[2]); /* of the one between nothing is left but that it leads to her */
        leave(marketing());
        forget();
        hear(addresses[i], "");
        assert_why("marketing", HR_CONSENT_WHY_suppressed);
        forget();
    }
}

/* As many purposes as a row holds, and more: of those beyond, the address alone tells. */
static void a_row_that_is_full_still_lets_them_leave(void **state)
{
    enum { PURPOSES = HR_CONSENTS_MAX + 6, FIRST = 500 };
    struct hr_entry entry;
    (void)state;
    hear(ADA, "");
    for (uint32_t i = 0; i < PURPOSES; i++) {
        leave(FIRST + i);
    }
    assert_int_equal(contact()->contact->consent_count, HR_CONSENTS_MAX);
    folders[0].plan->policies.purposes[0].name_number = FIRST + PURPOSES - 1;
    assert_why("marketing", HR_CONSENT_WHY_suppressed);
    assert_true(hr_ok(run(leaving(FIRST + PURPOSES - 1), &entry)));
    assert_int_equal(entry.position, 0);
}

/* ---- nobody says yes for somebody else --------------------------------------------------------------- */

static void only_a_tools_own_message_says_yes(void **state)
{
    struct hr_contract contract;
    (void)state;
    hear(ADA, ",\"consent\":\"withdrawn\"");
    struct hr_plan *plan = folders[0].plan;
    int32_t field = hr_plan_field(plan, HR_TEXT("consent"));
    static const enum hr_by others[] = {HR_BY_person, HR_BY_automation, HR_BY_page, HR_BY_ai,
                                        HR_BY_complaint};
    contract = *plan->fields[field].contract;
    contract.writers_said = false; /* even if everybody might write it */
    plan->fields[field].contract = &contract;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        const struct hr_word_said word = {.field = field,
                                          .writer = hr_writer(others[i], 1),
                                          .at = now + 1000000,
                                          .value = hr_value_text(HR_TEXT("given"))};
        struct hr_ruling ruling = hr_contract_judge(plan, contact()->contact, &word, now, &arena);
        assert_int_equal(ruling.verdict, HR_VERDICT_beside);
        assert_int_equal(ruling.beside, HR_BESIDE_unproven);
    }
}

/* ---- an older journal -------------------------------------------------------------------------------- */

/* A release that gave purposes no numbers has published these files: they are published anew, and every purpose has
 * one. */
static void purposes_get_their_numbers_in_an_older_journal(void **state)
{
    static struct story story;
    (void)state;
    story_open(&story, "older journal", "tests/scenario/contracts");
    uint32_t number = story.plan->number;
    story.plan->policies.purposes[0].id = HR_TEXT("a_purpose_that_no_entry_has_named");
    assert_true(
        hr_ok(hr_batch_publish(&story.batch, story.plan, HR_TEXT("the same files"), story.now)));
    assert_int_equal(story.plan->number, number + 1);
    assert_true(story.plan->policies.purposes[0].name_number != 0);
    assert_true(
        hr_ok(hr_batch_publish(&story.batch, story.plan, HR_TEXT("the same files"), story.now)));
    assert_int_equal(story.plan->number, number + 1); /* and not again */
    story_close(&story);
    assert_false(story.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_consent_is_to_its_purpose_and_not_to_its_field, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_link_works_when_its_purpose_is_gone, begin, end),
        cmocka_unit_test_setup_teardown(who_left_and_clicks_again_changes_nothing, begin, end),
        cmocka_unit_test_setup_teardown(nobody_else_may_take_the_way_out, begin, end),
        cmocka_unit_test_setup_teardown(an_address_that_they_had_is_suppressed_too, begin, end),
        cmocka_unit_test_setup_teardown(a_row_that_is_full_still_lets_them_leave, begin, end),
        cmocka_unit_test_setup_teardown(only_a_tools_own_message_says_yes, begin, end),
        cmocka_unit_test(purposes_get_their_numbers_in_an_older_journal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
