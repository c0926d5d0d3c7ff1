/* Automations at work, as people read of them: where an enrollment stands, why nothing began, what a pause does, and
 * what becomes of those whose files changed under them. */
/* links: insight workspace */
#include "unit/insight_office.h"

/* ---- where one stands ------------------------------------------------------------------------ */

static void an_enrollment_is_told_step_by_step_in_words(void **state)
{
    (void)state;
    struct world *world = office_open("2026-11-23T10:00:00Z");
    uint64_t run = 0;
    lead(world, "ada@example.com", "big");
    struct hr_text name = enrollment(world, "ada@example.com", &run);
    struct hr_report report = show_enrollment(world, name);
    assert_says(report.text, "It waits until 25 Nov 10:00:00 (in 2 days): wait 2 days\n");
    assert_says(report.text, "then         if offer is big\n");
    assert_says(report.text, "stops when   paid is \"yes\"\n");
    assert_says(report.text, "automation follow_up: set heat to warm");
    assert_golden(world, "enrollment_waits", report.text);
    struct hr_report contact = show_contact(world, "ada@example.com");
    assert_says(contact.text, "\nAutomations\n  follow_up  E-");
    assert_says(
        contact.text,
        "automation follow_up moved stage to lead, since email is known and offer is known");
    assert_golden(world, "contact_in_automation", contact.text);
    struct hr_report why;
    ASK(world, why,
        hr_why(world_lens(world), HR_TEXT("ada@example.com"), HR_TEXT(""), &world->answers,
               &world->found, &why));
    assert_says(why.text, "\nAutomations\n  follow_up  E-");
    ASK(world, why,
        hr_why(world_lens(world), HR_TEXT("ada@example.com"), HR_TEXT("follow_up"), &world->answers,
               &world->found, &why));
    assert_says(why.text, "automation follow_up (Follow a lead up): yes, it is under way for them");
    world_pass(world, "2026-11-26T11:00:00Z");
    office_says(world, "form", "call.held", "ada@example.com", "");
    struct hr_report over = show_enrollment(world, name);
    assert_says(over.text, "It is over since 11:00:00.\n");
    assert_says(over.text, "automation follow_up needs nobody any more: it left issue H-1");
    assert_golden(world, "enrollment_over", over.text);
    world_close(world);
}

static void lists_say_who_is_in_and_who_was_kept_out(void **state)
{
    (void)state;
    struct world *world = office_open("2026-11-23T10:00:00Z");
    assert_says(list_automations(world).text, "follow_up       automatic  nobody yet\n");
    assert_says(list_runs(world, "follow_up", 0).text, "Nobody has been in it yet.\n");
    lead(world, "ada@example.com", "big");
    lead(world, "ada@example.com", "big");
    lead(world, "ben@example.com", "");
    paid(world, "cleo@example.com", "p1");
    lead(world, "cleo@example.com", "small");
    struct hr_report all = list_automations(world);
    assert_says(all.text, "1 under way; kept out: 1 condition, 1 running, 1 stop rule\n");
    assert_says(all.text, "0 under way; ended: 1 done\n");
    assert_says(world_json(world, &all.json), "\"stop_rule\":1");
    world_pass(world, "2026-11-26T10:00:00Z");
    assert_says(list_automations(world).text, "    needs somebody: H-");
    switches(world, HR_VERB_pause, "heat", "too hot");
    assert_golden(world, "automations_list", list_automations(world).text);
    assert_golden(world, "automation_runs", list_runs(world, "follow_up", 0).text);
    world_close(world);
}

static void older_runs_are_found_page_by_page(void **state)
{
    (void)state;
    struct world *world = office_open("2026-11-23T10:00:00Z");
    for (int i = 0; i < 60; i++) {
        struct hr_text email = hr_text_format(&world->arena, "c%d@example.com", i);
        lead(world, email.data, "small");
    }
    struct hr_report first = list_runs(world, "follow_up", 0);
    const struct hr_value *before = hr_value_member(&first.json, HR_TEXT("before"));
    assert_int_equal(before->kind, HR_KIND_int);
    assert_int_equal(hr_value_member(&first.json, HR_TEXT("enrollments"))->count, 50);
    struct hr_report second = list_runs(world, "follow_up", (uint64_t)before->integer);
    assert_int_equal(hr_value_member(&second.json, HR_TEXT("enrollments"))->count, 10);
    assert_int_equal(hr_value_member(&second.json, HR_TEXT("before"))->kind, HR_KIND_null);
    world_close(world);
}

static void an_issue_says_which_enrollment_waits_for_what(void **state)
{
    (void)state;
    struct world *world = office_open("2026-11-23T10:00:00Z");
    lead(world, "ada@example.com", "small");
    world_pass(world, "2026-11-26T10:00:00Z");
    struct hr_report report = show_issue(world, "H-1");
    assert_says(report.text, "automation follow_up needs somebody (wait for call.held");
    assert_says(report.text, "waits without a limit: wait for call.held");
    assert_says(report.text, "handrail enrollment show E-");
    assert_golden(world, "issue_automation", report.text);
    assert_true(hr_ok(go_on(world, HR_VERB_skip, "ada@example.com", 0)));
    assert_says(show_contact(world, "ada@example.com").text,
                "Maya Okafor let automation follow_up go on without this step: wait for call.held");
    assert_says(
        show_contact(world, "ada@example.com").text,
        "automation follow_up could not move to stage called of Sales, if spoke is \"yes\": "
        "without its evidence: spoke is \"yes\"");
    assert_says(show_issue(world, "H-1").text, "H-1 resolved");
    world_close(world);
}

/* ---- why not --------------------------------------------------------------------------------- */

static void who_never_triggered_it_reads_what_would(void **state)
{
    (void)state;
    struct world *world = office_open("2026-11-23T10:00:00Z");
    paid(world, "ada@example.com", "p1");
    struct hr_report report = why_not_in(world, "follow_up", "ada@example.com");
    assert_says(report.text, "automation follow_up (Follow a lead up): NO, not now\n");
    assert_says(report.text, "It begins when lead.came comes. From them came: none of these\n");
    assert_says(report.text, "offer is known: NO (offer is not known)");
    assert_says(report.text, "paid is \"yes\": YES (paid is \"yes\" since 10:00:00");
    assert_golden(world, "why_not_never_triggered", report.text);
    struct hr_text json = world_json(world, &report.json);
    assert_says(json, "{\"event\":\"lead.came\",\"count\":0,\"last_at\":null}");
    assert_says(json, "\"verdict\":\"not met\",\"keeps_out\":true");
    assert_says(json, "\"would_begin\":false");
    world_close(world);
}

static void who_was_kept_out_reads_the_value_of_that_moment_and_of_now(void **state)
{
    (void)state;
    struct world *world = office_open("2026-11-23T10:00:00Z");
    lead(world, "ben@example.com", "");
    struct hr_report report = why_not_in(world, "follow_up", "ben@example.com");
    assert_says(report.text, "At 10:00:00 (entry 2) automation follow_up did not begin with "
                             "lead.came: it should be that offer is known");
    assert_golden(world, "why_not_condition", report.text);
    world_close(world);

    world = office_open("2026-11-23T10:00:00Z");
    lead(world, "ada@example.com", "small");
    world_pass(world, "2026-11-23T11:00:00Z");
    paid(world, "ada@example.com", "p1");
    lead(world, "ada@example.com", "small");
    report = why_not_in(world, "follow_up", "ada@example.com");
    assert_says(report.text, "its stop rule held already, paid is \"yes\"");
    assert_says(report.text, "automation follow_up stopped, since paid is \"yes\"");
    assert_says(
        report.text,
        "again: after 30 days at the earliest: NO (it began 10:00:00, so not before 23 Dec");
    assert_golden(world, "why_not_stopped", report.text);
    world_close(world);
}

static void once_for_each_key_is_asked_with_the_key_of_the_last_event(void **state)
{
    (void)state;
    struct world *world = office_open("2026-11-23T10:00:00Z");
    paid(world, "ada@example.com", "p7");
    struct hr_report report = why_not_in(world, "count_payments", "ada@example.com");
    assert_says(report.text, "again: once for each payment id: NO (it began for p7 10:00:00)");
    struct hr_report never = why_not_in(world, "heat", "ada@example.com");
    assert_says(never.text, "again: for every event; a repeat of the same event never counts: yes");
    assert_says(never.text, "Nothing keeps them out now: it begins when lead.hot comes\n");
    lead(world, "ben@example.com", "small");
    report = why_not_in(world, "count_payments", "ben@example.com");
    assert_says(report.text, "once for each payment id: not known (no such event has come)");
    world_close(world);
}

static void a_share_a_control_group_and_a_build_that_cannot_are_said(void **state)
{
    (void)state;
    static const char hot[] = "data: [heat]\n    rollout: {mode: automatic}";
    struct world *world = office_open("2026-11-23T10:00:00Z");
    lead(world, "ada@example.com", "small");
    office_changes(world, hot, "data: [heat]\n    rollout: {mode: suggest}");
    struct hr_report report = why_not_in(world, "heat", "ada@example.com");
    assert_says(report.text, "It is not carried out: not available yet: mode: suggest");
    assert_says(list_automations(world).text,
                "    not carried out: not available yet: mode: suggest");
    world->engine.automates = false;
    assert_says(why_not_in(world, "heat", "ada@example.com").text,
                "It is not carried out: this release carries out no automations yet");
    assert_says(list_automations(world).text, "This release carries out no automations yet.\n");
    world_close(world);

    world = office_open("2026-11-23T10:00:00Z");
    office_changes(world, hot,
                   "data: [heat]\n    rollout: {mode: automatic, share: 0.01%, control: 99%}");
    lead(world, "ada@example.com", "small");
    report = why_not_in(world, "heat", "ada@example.com");
    assert_says(report.text, "not in the control group (99% are left alone): NO");
    assert_says(report.text, "in the share it is rolled out to (0.01%): NO");
    world_close(world);
}

static void an_automation_and_a_handoff_of_one_name_are_both_answered(void **state)
{
    (void)state;
    struct world *world = world_open("2026-11-23T10:00:00Z");
    world_hear(
        world, "website_form",
        "{'type':'form.submitted','timestamp':'2026-11-23T10:00:00Z','data':{'submission_id':"
        "'f1','email':'ada@example.com','offer':'group_program'}}");
    struct hr_report report = why_not_in(world, "payment_to_access", "ada@example.com");
    assert_silent(report.text, "automation payment_to_access ("); /* while none is carried out */
    world->engine.automates = true;
    report = why_not_in(world, "payment_to_access", "ada@example.com");
    assert_says(report.text, "payment to access: NO, it never opened");
    assert_says(report.text, "automation payment_to_access (");
    struct hr_report unknown;
    hr_status status =
        hr_why_not(world_lens(world), HR_TEXT("welcome_led"), HR_TEXT("ada@example.com"),
                   &world->answers, &world->found, &unknown);
    assert_int_equal(status.code, HR_E_INPUT);
    assert_says(world->found.items[0].help, "welcome_lead");
    world_close(world);
}

/* ---- a pause --------------------------------------------------------------------------------- */

static void while_it_is_paused_nobody_begins_and_nobody_goes_on(void **state)
{
    (void)state;
    struct world *world = office_open("2026-11-23T10:00:00Z");
    lead(world, "ada@example.com", "big");
    lead(world, "ben@example.com", "big");
    world_pass(world, "2026-11-24T10:00:00Z");
    switches(world, HR_VERB_pause, "follow_up", "the numbers are wrong");
    lead(world, "cleo@example.com", "small");
    assert_says(why_not_in(world, "follow_up", "cleo@example.com").text,
                "It is paused by Maya Okafor since 10:00:00: the numbers are wrong\n");
    assert_says(why_not_in(world, "follow_up", "cleo@example.com").text,
                "did not begin with lead.came: it was paused");
    world_pass(world, "2026-11-26T10:00:00Z");
    struct hr_report report = show_contact(world, "ada@example.com");
    assert_says(report.text, "is paused: it goes on when the pause is over: wait 2 days");
    assert_silent(report.text, "lead.hot happened");
    paid(world, "ben@example.com", "p1"); /* stop rules hold all the while */
    assert_says(show_contact(world, "ben@example.com").text,
                "automation follow_up stopped, since paid is \"yes\"");
    assert_int_equal(go_on(world, HR_VERB_skip, "ada@example.com", 0).code, HR_E_REFUSED);
    switches(world, HR_VERB_go_on, "", "");
    report = show_contact(world, "ada@example.com");
    assert_says(report.text, "automation follow_up says that lead.hot happened");
    assert_says(report.text, "at the latest until 27 Nov 10:00:00");
    assert_golden(world, "contact_after_a_pause", report.text);
    world_close(world);
}

static void what_is_waited_for_and_comes_in_a_pause_counts_when_it_is_over(void **state)
{
    (void)state;
    struct world *world = office_open("2026-11-23T10:00:00Z");
    lead(world, "ada@example.com", "small");
    lead(world, "ben@example.com", "small");
    world_pass(world, "2026-11-25T11:00:00Z");
    switches(world, HR_VERB_pause, "", "the phones are down");
    office_says(world, "form", "call.held", "ada@example.com", "");
    assert_says(show_contact(world, "ada@example.com").text, "is paused");
    world_pass(world, "2026-11-27T10:00:00Z");
    assert_says(show_contact(world, "ben@example.com").text, "is paused");
    switches(world, HR_VERB_go_on, "follow_up", "");
    assert_says(show_contact(world, "ada@example.com").text, "automation follow_up is done");
    assert_says(show_contact(world, "ben@example.com").text,
                "automation follow_up needs somebody: issue H-1");
    world_close(world);
}

/* ---- the files change ------------------------------------------------------------------------ */

static void who_is_held_goes_on_where_a_person_says(void **state)
{
    (void)state;
    struct world *world = office_open("2026-11-23T10:00:00Z");
    uint64_t run = 0;
    lead(world, "ada@example.com", "small");
    office_changes(world, "- wait: 2 days", "- wait: 3 days");
    world_pass(world, "2026-11-25T10:00:00Z");
    struct hr_text name = enrollment(world, "ada@example.com", &run);
    struct hr_report report = show_enrollment(world, name);
    assert_says(report.text, "It is held: the files say something else now");
    assert_says(report.text, "handrail enrollment retry E-");
    assert_silent(report.text, "wait 2 days"); /* nobody knows these words any more */
    assert_golden(world, "enrollment_held", report.text);
    assert_int_equal(go_on(world, HR_VERB_skip, "ada@example.com", 0).code, HR_E_REFUSED);
    assert_int_equal(go_on(world, HR_VERB_retry, "ada@example.com", 40).code, HR_E_REFUSED);
    assert_true(hr_ok(go_on(world, HR_VERB_retry, "ada@example.com", 3)));
    report = show_enrollment(world, name);
    assert_says(report.text, "Maya Okafor let automation follow_up go on: wait 3 days");
    assert_says(report.text, "It waits until 28 Nov 10:00:00 (in 3 days): wait 3 days\n");
    assert_int_equal(go_on(world, HR_VERB_retry, "ada@example.com", 3).code, HR_E_REFUSED);
    assert_says(show_issue(world, "H-1").text, "H-1 resolved");
    world_close(world);
}

/* What stands between two texts of the file goes. */
static void leave_out(struct folder *folder, const char *from, const char *to)
{
    struct hr_text bytes = folder->files[0].bytes;
    size_t begin = hr_text_search(bytes, hr_text_from(from));
    size_t end = hr_text_search(bytes, hr_text_from(to));
    assert_true(begin < end && end < bytes.size);
    folder->files[0].bytes = hr_text_format(&folder->arena, "%.*s%.*s", (int)begin, bytes.data,
                                            HR_SHOW(hr_text_slice(bytes, end, bytes.size)));
}

static void an_automation_that_left_the_files_is_told_all_the_same(void **state)
{
    (void)state;
    struct world *world = office_open("2026-11-23T10:00:00Z");
    uint64_t run = 0;
    lead(world, "ada@example.com", "small");
    folder_init(&world->later);
    folder_add_file(&world->later, "tests/scenario/leads", "handrail.yaml");
    folder_swap(
        &world->later,
        "source_of_truth: automation heat, writers: [automation heat, automation follow_up, "
        "people]",
        "source_of_truth: form, writers: [form, people]");
    leave_out(&world->later, "  follow_up:", "  count_payments:");
    folder_check(&world->later);
    if (world->later.plan == NULL) {
        fail_msg("%.*s", HR_SHOW(folder_draw(&world->later)));
    }
    world_publish(world, world->later.plan);
    world_pass(world, "2026-11-25T10:00:00Z");
    struct hr_text name = enrollment(world, "ada@example.com", &run);
    struct hr_report report = show_enrollment(world, name);
    assert_says(report.text, "automation follow_up (no longer in the files), for C-");
    assert_says(report.text, "It is held");
    assert_golden(world, "enrollment_of_one_that_is_gone", report.text);
    assert_says(list_automations(world).text, "follow_up       gone       1 under way\n");
    assert_says(list_runs(world, "follow_up", 0).text, "is held");
    assert_int_equal(go_on(world, HR_VERB_retry, "ada@example.com", 3).code, HR_E_REFUSED);
    assert_true(hr_ok(go_on(world, HR_VERB_withdraw, "ada@example.com", 0)));
    assert_says(show_enrollment(world, name).text,
                "Maya Okafor withdrew it: automation follow_up ended before it was done");
    world_close(world);
}

static void names_of_enrollments_can_be_told_from_all_others(void **state)
{
    (void)state;
    struct world *world = office_open("2026-11-23T10:00:00Z");
    uint64_t run = 0;
    lead(world, "ada@example.com", "small");
    struct hr_text name = enrollment(world, "ada@example.com", &run);
    static const char *const wrong[] = {"E-",  "E-zzzzzzzzzzzzzz", "C-10", "E-10", "e-", "E-1u", "",
                                        "H-1", "E-zzzzzzzzzz"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct hr_enrollment found;
        assert_true(hr_ok(hr_find_enrollment(world_lens(world), hr_text_from(wrong[i]),
                                             &world->answers, &found)));
        assert_int_equal(found.contact, 0);
        struct hr_report report;
        hr_status status = hr_enrollment_show(world_lens(world), hr_text_from(wrong[i]),
                                              &world->answers, &world->found, &report);
        assert_int_equal(status.code, HR_E_INPUT);
    }
    uint64_t back = 0;
    assert_true(hr_enrollment_named(name, &back));
    assert_int_equal(back, run);
    world_forget(world, world_contact(world, "ada@example.com"));
    struct hr_enrollment found;
    assert_true(hr_ok(hr_find_enrollment(world_lens(world), name, &world->answers, &found)));
    assert_int_equal(found.contact, 0); /* forgotten with its contact */
    assert_says(list_runs(world, "follow_up", 0).text, "Nobody has been in it yet.");
    world_close(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_enrollment_is_told_step_by_step_in_words),
        cmocka_unit_test(lists_say_who_is_in_and_who_was_kept_out),
        cmocka_unit_test(older_runs_are_found_page_by_page),
        cmocka_unit_test(an_issue_says_which_enrollment_waits_for_what),
        cmocka_unit_test(who_never_triggered_it_reads_what_would),
        cmocka_unit_test(who_was_kept_out_reads_the_value_of_that_moment_and_of_now),
        cmocka_unit_test(once_for_each_key_is_asked_with_the_key_of_the_last_event),
        cmocka_unit_test(a_share_a_control_group_and_a_build_that_cannot_are_said),
        cmocka_unit_test(an_automation_and_a_handoff_of_one_name_are_both_answered),
        cmocka_unit_test(while_it_is_paused_nobody_begins_and_nobody_goes_on),
        cmocka_unit_test(what_is_waited_for_and_comes_in_a_pause_counts_when_it_is_over),
        cmocka_unit_test(who_is_held_goes_on_where_a_person_says),
        cmocka_unit_test(an_automation_that_left_the_files_is_told_all_the_same),
        cmocka_unit_test(names_of_enrollments_can_be_told_from_all_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
