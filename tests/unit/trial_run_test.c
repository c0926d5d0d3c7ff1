/* links: trial workspace */
/* Tests that a workspace brings, carried out: what passes, what fails and what is seen, what cannot be tried yet. */
#include "trial/trial.h"
#include "unit/workspace_folder.h"

#include <stdlib.h>

/* An automation that begins itself again every minute, and one whose mode is not there yet. */
static const char more_automations[] =
    "automations:\n"
    "  again:\n"
    "    title: Again and again\n"
    "    goal: Everybody is looked at each minute\n"
    "    avoids: Nobody being looked at\n"
    "    owner: dan\n"
    "    failure_owner: maya\n"
    "    trigger: [round.begun, lead.odd]\n"
    "    reenter: every event\n"
    "    stop: [\"contact.paid == 'yes'\"]\n"
    "    steps:\n"
    "      - wait: 1 minute\n"
    "      - emit: round.begun\n"
    "    metric: {success: known(contact.offer), within: 1 day}\n"
    "    data: [paid]\n"
    "    rollout: {mode: automatic}\n"
    "    left_out: {when: all, branch: one way, systems: none, task_owner: none, "
    "approval: none}\n"
    "  tell:\n"
    "    title: Tell somebody\n"
    "    goal: A good lead is known\n"
    "    avoids: A good lead that nobody knows\n"
    "    owner: dan\n"
    "    failure_owner: maya\n"
    "    trigger: lead.good\n"
    "    when: [\"contact.offer == 'big'\"]\n"
    "    reenter: every event\n"
    "    steps:\n"
    "      - emit: lead.told\n"
    "    metric: {success: known(contact.offer), within: 1 day}\n"
    "    data: [offer]\n"
    "    rollout: {mode: suggest}\n"
    "    left_out: {wait: none, branch: one way, stop: over at once, systems: none, "
    "task_owner: none, approval: none}\n";

static const char more_tools[] =
    "tools:\n"
    "  odd:\n"
    "    title: Odd\n"
    "    kind: webhook_in\n"
    "    owner: dan\n"
    "    verify: {scheme: standard_webhooks, secret: odd_secret, tolerance: 5 minutes}\n"
    "    expect: {at_least: 1, every: 2 days}\n"
    "    map: {type: payload.type, id: payload.id, contact: {email: payload.email}}\n"
    "    events:\n"
    "      lead.odd: {map: {data: {points: int(payload.points)}}}\n"
    "      lead.good:\n"
    "  fair:\n"
    "    title: Lists of fairs\n"
    "    kind: import\n"
    "    owner: dan\n"
    "    approval: always\n"
    "    map: {contact: {email: payload.email}}\n"
    "    events: {lead.listed: {}}\n";

struct tried {
    struct folder folder;
    struct hr_arena arena;
    struct hr_trial *trial;
    struct hr_trial_result result;
    size_t unread;
};

static void close_tried(struct tried *tried)
{
    hr_arena_close(&tried->arena);
    folder_close(&tried->folder);
}

/* The office, and what a test says of it. */
static struct tried try_in_office(const char *test)
{
    static const char *const names[] = {"lead.came.json", "call.held.json", "money.paid.json"};
    struct tried tried = {.unread = 0};
    struct hr_recording recordings[4];
    char whole[8192];
    folder_init(&tried.folder);
    folder_add_file(&tried.folder, "tests/scenario/office", "handrail.yaml");
    folder_add(&tried.folder, "more.yaml", hr_text_from(more_automations));
    folder_add(&tried.folder, "odd.yaml", hr_text_from(more_tools));
    (void)snprintf(whole, sizeof whole, "tests:\n  - name: It is so\n%s", test);
    folder_add(&tried.folder, "tests.yaml", hr_text_copy(&tried.folder.arena, hr_text_from(whole)));
    folder_check(&tried.folder);
    if (!hr_ok(tried.folder.status)) {
        fail_msg("%.*s", HR_SHOW(folder_draw(&tried.folder)));
    }
    for (size_t i = 0; i < 3; i++) {
        char relative[128];
        char path[1024];
        (void)snprintf(relative, sizeof relative, "tests/scenario/office/recorded/%s", names[i]);
        project_path(path, sizeof path, relative);
        recordings[i] =
            (struct hr_recording){hr_text_from(names[i]), read_whole(&tried.folder.arena, path)};
    }
    recordings[3] = (struct hr_recording){HR_TEXT("broken.json"), HR_TEXT("{\"type\": ")};
    hr_arena_init(&tried.arena, 64 << 20);
    assert_true(hr_ok(hr_trial_open(tried.folder.plan, recordings, 4, &tried.arena, &tried.trial,
                                    &tried.unread)));
    assert_int_equal(tried.unread, 1);
    assert_true(hr_ok(
        hr_trial_run(tried.trial, &tried.folder.plan->tests[0], &tried.arena, &tried.result)));
    return tried;
}

static bool says(struct hr_text text, const char *part)
{
    return hr_text_search(text, hr_text_from(part)) < text.size;
}

static void draw(const struct hr_trial_result *result)
{
    for (size_t i = 0; i < result->line_count; i++) {
        print_error("expected: %.*s, seen: %.*s\n", HR_SHOW(result->lines[i].expected),
                    HR_SHOW(result->lines[i].seen));
    }
    for (size_t i = 0; i < result->lacking_count; i++) {
        print_error("not available yet: %.*s\n", HR_SHOW(result->lacking[i]));
    }
    for (size_t i = 0; i < result->moment_count; i++) {
        print_error("  %.*s\n", HR_SHOW(result->moments[i].text));
    }
}

static void passes(const char *test)
{
    struct tried tried = try_in_office(test);
    if (tried.result.verdict != HR_VERDICT_passed) {
        draw(&tried.result);
        fail_msg("it does not pass:\n%s", test);
    }
    assert_int_equal(tried.result.line_count, 0);
    close_tried(&tried);
}

/* It fails, and one of its lines says so. */
static void fails(const char *test, const char *expected, const char *seen)
{
    struct tried tried = try_in_office(test);
    bool found = false;
    for (size_t i = 0; i < tried.result.line_count; i++) {
        const struct hr_trial_line *line = &tried.result.lines[i];
        found = found || (says(line->expected, expected) && says(line->seen, seen));
        assert_true(hr_text_equal(line->place.file, HR_TEXT("tests.yaml")));
        assert_true(line->place.line > 1);
    }
    if (tried.result.verdict != HR_VERDICT_failed || !found) {
        draw(&tried.result);
        fail_msg("it does not fail as it should: %s; %s", expected, seen);
    }
    close_tried(&tried);
}

static void lacks(const char *test, const char *what)
{
    struct tried tried = try_in_office(test);
    bool found = false;
    for (size_t i = 0; i < tried.result.lacking_count; i++) {
        found = found || says(tried.result.lacking[i], what);
    }
    if (tried.result.verdict != HR_VERDICT_not_yet || !found) {
        draw(&tried.result);
        fail_msg("it should lack %s", what);
    }
    close_tried(&tried);
}

/* A recording is whatever somebody put there: it is read, or counted as unread, and nothing else. */
static void odd_recordings_are_read_or_left_out(void **state)
{
    static const struct {
        const char *bytes;
        bool reads;
    } odd[] = {
        {"", false},
        {"{{", false},
        {"}}{{", false},
        {"{{}}", false},
        {"{\"a\": \"{{\"}", true},
        {"{\"a\": \"{{}}\"}", true},
        {"{\"a\": \"{{|}}\", \"b\": \"{{x|y|z}}\"}", true},
        {"{\"a\": {{at_seconds}}, \"b\": \"{{ id }}\"}", true},
        {"[1, 2]", true},
        {"null", true},
    };
    (void)state;
    struct tried tried = try_in_office("    given: [{event: lead.came, with: {offer: big}}]\n"
                                       "    expect: [{holds: contact.offer == 'big'}]\n");
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        const struct hr_recording recording = {HR_TEXT("odd.json"), hr_text_from(odd[i].bytes)};
        struct hr_trial *trial = NULL;
        size_t unread = 0;
        assert_true(
            hr_ok(hr_trial_open(tried.folder.plan, &recording, 1, &tried.arena, &trial, &unread)));
        if (unread != !odd[i].reads) {
            fail_msg("%s", odd[i].bytes);
        }
    }
    close_tried(&tried);
}

/* An arena that is too small is an error, and no verdict. */
static void want_of_memory_is_no_verdict(void **state)
{
    struct hr_arena small;
    struct hr_trial_result result;
    (void)state;
    struct tried tried = try_in_office("    given: [{event: lead.came, with: {offer: big}}]\n"
                                       "    expect: [{holds: contact.offer == 'small'}]\n");
    hr_arena_init(&small, 256);
    hr_status status = hr_trial_run(tried.trial, &tried.folder.plan->tests[0], &small, &result);
    assert_int_equal(status.code, HR_E_MEMORY);
    hr_arena_close(&small);
    close_tried(&tried);
}

#define GIVEN_LEAD "    given: [{event: lead.came, with: {offer: big}}]\n"
#define GIVEN_PAID "    given: [{event: money.paid, with: {payment_id: p1}}]\n"

/* ---- rules and time ------------------------------------------------------------------------------------- */

static void a_rule_is_judged_at_its_moment(void **state)
{
    (void)state;
    passes(GIVEN_LEAD "    expect: [{holds: contact.stage == 'lead'}]\n");
    passes(GIVEN_LEAD "    expect: [{holds: contact.heat == 'hot', within: 3 days}]\n");
    passes(GIVEN_LEAD "    expect: [{holds: contact.heat == 'hot', within: 2 days}]\n");
    passes(GIVEN_LEAD "    expect: [{holds: contact.heat == 'warm', after: 1 day}]\n");
    passes(GIVEN_LEAD "    expect: [{holds: contact.heat == 'warm', within: 1 day}]\n");
    passes(GIVEN_LEAD "    expect: [{holds: contact.heat == 'hot'}]\n"); /* in the end */
    fails(GIVEN_LEAD "    expect: [{holds: contact.heat == 'hot', within: 1 day}]\n",
          "heat is hot, within 1 day", "heat is \"warm\"");
    fails(GIVEN_LEAD "    expect: [{holds: contact.heat == 'warm', after: 3 days}]\n",
          "heat is warm, still after 3 days", "heat is \"hot\"");
    fails(GIVEN_LEAD "    expect: [{holds: contact.paid == 'yes'}]\n", "paid is \"yes\"",
          "paid is not known");
}

static void a_failure_shows_what_had_happened_up_to_there(void **state)
{
    (void)state;
    struct tried tried =
        try_in_office(GIVEN_LEAD "    expect: [{holds: contact.heat == 'hot', within: 1 day}]\n");
    bool lead = false;
    assert_int_equal(tried.result.verdict, HR_VERDICT_failed);
    assert_int_equal(tried.result.line_count, 1);
    for (size_t i = 0; i < tried.result.moment_count; i++) {
        const struct hr_trial_moment *moment = &tried.result.moments[i];
        lead = lead || says(moment->text, "moved stage to lead");
        assert_true(moment->at <= tried.result.lines[0].at);
        assert_false(says(moment->text, "lead.hot")); /* that came a day later */
    }
    if (!lead) {
        draw(&tried.result);
    }
    assert_true(lead);
    close_tried(&tried);
}

/* ---- what comes --------------------------------------------------------------------------------------------- */

static void a_repeated_message_counts_once(void **state)
{
    (void)state;
    passes(GIVEN_PAID "    deliver: {event: money.paid, times: 3}\n"
                      "    expect: [{holds: contact.payments == 1}]\n");
    passes("    given: [{event: lead.came, with: {offer: small}}]\n"
           "    deliver: {event: money.paid, times: 2}\n"
           "    expect: [{holds: contact.payments == 1}]\n");
    passes("    given:\n"
           "      - {event: money.paid, with: {payment_id: p1}}\n"
           "      - {event: money.paid, with: {payment_id: p2}}\n"
           "    expect: [{holds: contact.payments == 2}, {count: contacts, times: 1}]\n");
}

static void lines_come_in_their_order_and_happened_when_they_say(void **state)
{
    (void)state;
    passes("    given:\n"
           "      - {event: lead.came, at: \"10:05\", with: {offer: small}}\n"
           "      - {event: lead.came, at: \"10:00\", with: {offer: big}}\n"
           "    expect: [{holds: contact.offer == 'small'}]\n");
    passes("    given:\n"
           "      - {event: lead.came, with: {offer: small}}\n"
           "      - {event: lead.came, after: 1 day, with: {offer: big}}\n"
           "    expect: [{holds: contact.offer == 'big'}]\n");
}

static void everybody_is_one_person_but_who_has_another_address(void **state)
{
    (void)state;
    passes("    given:\n"
           "      - {event: lead.came, with: {offer: big}}\n"
           "      - {event: money.paid, with: {payment_id: p1}}\n"
           "    expect: [{count: contacts, times: 1}]\n");
    passes("    given:\n"
           "      - {event: lead.came, with: {offer: big, email: ben@example.com}}\n"
           "      - {event: money.paid, with: {payment_id: p1, email: cleo@example.com}}\n"
           "    expect:\n"
           "      - {count: contacts, times: 2}\n"
           "      - holds: contact.email == 'ben@example.com'\n");
    fails(GIVEN_LEAD "    expect: [{count: contacts, times: 2}]\n", "2 contacts", "C-");
}

static void what_was_never_recorded_brings_what_the_test_gives(void **state)
{
    (void)state;
    passes("    given:\n"
           "      - {event: lead.came, with: {offer: big}}\n"
           "      - {event: lead.good, with: {email: dora@example.com}}\n"
           "    expect: [{count: contacts, times: 2}]\n");
    fails("    given: [{event: lead.came, with: {payment_id: p1}}]\n"
          "    expect: [{holds: known(contact.email)}]\n",
          "lead.came comes with payment_id = p1", "the map of form has no such line");
    fails("    given: [{event: round.begun}]\n    expect: [{holds: known(contact.email)}]\n",
          "round.begun comes", "no tool sends it");
}

static void people_set_what_they_may(void **state)
{
    (void)state;
    passes("    given:\n"
           "      - {event: lead.came, with: {offer: big}}\n"
           "      - {set: {heat: warm}, by: dan}\n"
           "    expect: [{holds: contact.heat == 'warm', after: 5 days}]\n");
    fails("    given:\n"
          "      - {event: lead.came, with: {offer: big}}\n"
          "      - {set: {paid: \"yes\"}, by: dan}\n"
          "    expect: [{holds: known(contact.email)}]\n",
          "Dan Lewis sets paid = yes", "people are not among its writers");
    fails("    given: [{set: {heat: warm}, by: dan}]\n"
          "    expect: [{holds: known(contact.email)}]\n",
          "sets heat = warm", "nobody is known yet");
}

/* ---- issues ---------------------------------------------------------------------------------------------------- */

static void issues_are_found_by_whom_they_are_for(void **state)
{
    (void)state;
    passes(GIVEN_LEAD "    expect: [{issue: maya, severity: urgent, within: 4 days}]\n");
    passes(GIVEN_LEAD "    expect: [{issue: dan, times: 1}]\n");
    passes(GIVEN_LEAD "    expect: [{issue: maya, within: 2 days, times: 0}]\n");
    fails(GIVEN_LEAD "    expect: [{issue: maya, severity: normal}]\n",
          "an issue for Maya Okafor, normal", "H-1 (automation, urgent, told maya, owner dan)");
    fails(GIVEN_LEAD "    expect: [{issue: maya, within: 2 days}]\n",
          "an issue for Maya Okafor, within 2 days", "no issue");
    fails(GIVEN_LEAD "    expect: [{issue: maya, times: 2}]\n", "2 issues", "H-1");
}

static void records_of_other_kinds_are_counted(void **state)
{
    (void)state;
    passes(GIVEN_LEAD "    expect: [{count: accounts, times: 0}]\n");
    fails(GIVEN_LEAD "    expect: [{count: accounts, times: 1}]\n", "1 account", "no account");
    passes(GIVEN_LEAD "    expect: [{task: dan, times: 0}]\n");
    fails(GIVEN_LEAD "    expect: [{task: dan}]\n", "a task for", "no task");
}

static void silence_is_looked_for_in_a_broken_tool_only(void **state)
{
    (void)state;
    passes(GIVEN_LEAD "    expect: [{issue: odd, times: 0}]\n");
    passes(GIVEN_LEAD "    break: {tool: odd, for: 3 days}\n"
                      "    expect: [{issue: odd, within: 3 days}]\n");
}

/* ---- what cannot be tried ------------------------------------------------------------------------------------ */

static void what_is_not_available_yet_is_never_passed(void **state)
{
    (void)state;
    lacks("    given: [{event: lead.came, with: {offer: big}}, {event: lead.good}]\n"
          "    expect: [{holds: contact.offer == 'big'}]\n",
          "mode: suggest (tell)");
    lacks("    given: [{event: lead.came, with: {offer: big}}, {event: lead.good}]\n"
          "    expect: [{holds: contact.offer == 'small'}]\n",
          "mode: suggest (tell)");
    passes("    given: [{event: lead.came, with: {offer: small}}, {event: lead.good}]\n"
           "    expect: [{holds: contact.offer == 'small'}]\n"); /* it would not have begun */
    lacks(
        "    given: [{event: lead.came, with: {offer: big}}, {import: fair, event: lead.listed}]\n"
        "    expect: [{count: contacts, times: 1}]\n",
        "import");
}

static void what_never_comes_to_rest_fails(void **state)
{
    (void)state;
    fails("    given: [{event: lead.odd, with: {points: 3}}]\n"
          "    expect: [{holds: known(contact.email)}]\n",
          "comes to rest", "more than 20000 entries");
    passes("    given: [{event: lead.odd, with: {points: 3}}]\n"
           "    expect: [{count: contacts, times: 1}, {issue: maya, within: 1 hour, times: 0}]\n"
           "    deliver: {event: money.paid, times: 1}\n"); /* which ends it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_is_judged_at_its_moment),
        cmocka_unit_test(a_failure_shows_what_had_happened_up_to_there),
        cmocka_unit_test(a_repeated_message_counts_once),
        cmocka_unit_test(lines_come_in_their_order_and_happened_when_they_say),
        cmocka_unit_test(everybody_is_one_person_but_who_has_another_address),
        cmocka_unit_test(what_was_never_recorded_brings_what_the_test_gives),
        cmocka_unit_test(people_set_what_they_may),
        cmocka_unit_test(issues_are_found_by_whom_they_are_for),
        cmocka_unit_test(records_of_other_kinds_are_counted),
        cmocka_unit_test(silence_is_looked_for_in_a_broken_tool_only),
        cmocka_unit_test(what_is_not_available_yet_is_never_passed),
        cmocka_unit_test(odd_recordings_are_read_or_left_out),
        cmocka_unit_test(want_of_memory_is_no_verdict),
        cmocka_unit_test(what_never_comes_to_rest_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
