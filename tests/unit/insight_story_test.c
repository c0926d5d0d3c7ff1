/* Stories of the coaching example, and what people read about them: paid but no access, proof that comes, a wrong
 * value, a message that fits two people, a missing field, silence, somebody who was forgotten. */
/* links: insight workspace */
#include "unit/insight_coaching.h"

/* ---- paid but no access ---------------------------------------------------------------------- */

static void a_late_payment_is_explained_with_its_issue_and_the_safe_next_step(void **state)
{
    (void)state;
    struct world *world = paid_without_access();
    world_pass(world, "2026-11-23T10:24:11Z");
    struct hr_report report = why(world, "ada@example.com", "course_access");
    assert_says(report.text, "course_access is not known");
    assert_says(report.text, "course.access_granted (Course platform)");
    assert_says(report.text, "payment to access (pay_81) is late: no proof yet");
    assert_says(report.text, "issue H-1 opened: payments are not opening the course");
    assert_says(report.text, "Owner Dan Lewis, failure owner Priya Shah");
    assert_says(report.text, "mail: confirmed 10:07:09");
    assert_says(report.text, "Safe next step: handrail recover H-1");
    assert_says(report.text, "It cannot grant twice.");
    assert_silent(report.text, "form to crm"); /* not about this field */
    assert_golden(world, "why_late", report.text);
    struct hr_text json = world_json(world, &report.json);
    assert_says(json, "\"command\":\"handrail recover H-1\"");
    assert_silent(json, "ada@example.com"); /* the field asked about is another */
    world_close(world);
}

static void the_whole_story_ends_with_where_everything_stands(void **state)
{
    (void)state;
    struct world *world = paid_without_access();
    world_pass(world, "2026-11-23T11:30:00Z");
    struct hr_report report = why(world, "ADA@example.com ", "");
    assert_says(report.text, "Website form said form.submitted");
    assert_says(report.text, "payment to access (pay_81) failed: no proof came");
    assert_says(report.text,
                "told: Maya Okafor, escalation by mail: confirmed 10:37:09"); /* the ladder */
    assert_golden(world, "why_all", report.text);
    assert_golden(world, "contact_show", show(world, "ada@example.com").text);
    world_close(world);
}

static void a_handoff_can_be_asked_about_by_its_name(void **state)
{
    (void)state;
    struct world *world = paid_without_access();
    struct hr_report report = why(world, "ada@example.com", "payment_to_access");
    assert_says(report.text,
                "payment to access (pay_81) opened: late at 10:07:09, failed at 11:02:09");
    assert_says(report.text,
                "Nothing is late. Handrail waits for the proof of payment to access (pay_81).");
    assert_silent(report.text, "form.submitted");
    world_close(world);
}

static void why_not_says_each_condition_with_what_it_sees(void **state)
{
    (void)state;
    struct world *world = paid_without_access();
    world_pass(world, "2026-11-23T10:08:00Z");
    struct hr_report report = why_not(world, "form_to_member", "ada@example.com");
    assert_says(report.text, "form to crm: yes, proven 10:00:00, at once");
    assert_says(report.text, "course access is active: NO (course access is not known)");
    assert_says(report.text, "late at 10:07:09 (51 s ago)");
    assert_says(report.text, "failed at 11:02:09 (in 54 minutes)");
    assert_says(report.text, "access to follow up: NO, it never opened");
    assert_says(
        report.text,
        "It opens when course.access_granted comes. From them came: form.submitted (1 time");
    assert_golden(world, "why_not_path", report.text);
    world_close(world);
}

static void the_failure_record_says_what_an_owner_needs(void **state)
{
    (void)state;
    struct world *world = paid_without_access();
    world_pass(world, "2026-11-23T10:24:11Z");
    struct hr_report report = issue(world, "H-1");
    assert_says(report.text,
                "H-1 urgent new: payments are not opening the course: 1 person waiting");
    assert_says(report.text, "course access is active, within 5 minutes");
    assert_says(report.text, "is not known, should be \"active\"");
    assert_says(report.text, "The course stays locked although they paid.");
    assert_says(report.text,
                "payment to access, on From the form to the course\n"); /* and its kind */
    assert_says(report.text, "handrail recover H-1");
    assert_silent(report.text, "ada@");
    assert_golden(world, "issue_no_proof", report.text);
    struct hr_text json = world_json(world, &report.json);
    assert_says(json, "\"mismatch\":{\"condition\":\"course access is active\"");
    assert_says(json, "\"observed\":null,\"expected\":\"active\"");
    assert_silent(json, "ada@");
    world_close(world);
}

static void the_list_is_short_and_most_urgent_first(void **state)
{
    (void)state;
    struct world *world = world_open("2026-11-23T10:00:00Z");
    assert_says(issues(world, HR_ISSUES_open, "").text, "Nothing is waiting for you.");
    form(world, "f1", "grace@example.com", ",'first_name':'Grace'"); /* without an offer */
    payment(world, "pay_1", "grace@example.com", world->now);
    world_pass(world, "2026-11-23T10:08:00Z");
    struct hr_report report = issues(world, HR_ISSUES_open, "");
    assert_golden(world, "issues_list", report.text);
    struct hr_text first = hr_text_slice(report.text, 0, hr_text_find(report.text, '\n'));
    assert_says(
        first,
        "urgent new: Payments are not opening the course: 1 person waiting, oldest 8 minutes");
    assert_says(first, "owner Dan, told Priya");
    assert_silent(issues(world, HR_ISSUES_open, "priya").text, "comes without");
    assert_says(issues(world, HR_ISSUES_open, "dan").text, "comes without offer");
    assert_says(issues(world, HR_ISSUES_resolved, "").text, "Nothing is waiting");
    world_close(world);
}

static void a_path_marks_its_first_break(void **state)
{
    (void)state;
    struct world *world = world_open("2026-11-23T10:00:00Z");
    assert_says(path(world, "").text, "Nobody has come this way yet, so silence means nothing.");
    form(world, "f1", "ada@example.com", lead);
    payment(world, "pay_81", "ada@example.com", world->now);
    world_pass(world, "2026-12-03T10:00:00Z"); /* the booking is overdue too, but only counted */
    struct hr_report report = path(world, "form_to_member");
    assert_says(report.text, "First break: payment to access, 1 failed. Owner Dan "
                             "Lewis, failure owner Priya Shah.");
    assert_golden(world, "path_show", report.text);
    assert_says(world_json(world, &report.json),
                "\"first_break\":\"form_to_member.payment_to_access\"");
    world_close(world);
}

static void the_alert_says_enough_and_names_no_customer(void **state)
{
    (void)state;
    struct world *world = paid_without_access();
    world_pass(world, "2026-11-23T10:40:00Z");
    struct hr_alert written = alert(world, 0);
    assert_true(hr_text_equal(
        written.subject,
        HR_TEXT("[Handrail] urgent: payments are not opening the course (1 person)")));
    assert_says(written.body, "http://localhost:8080/v1/issues/H-1");
    assert_says(written.body, "handrail recover H-1");
    assert_golden(world, "alert_mail", written.body);
    struct hr_text json = world_json(world, &written.json);
    const char *said[] = {"\"type\":\"handrail.issue.alert\"",
                          "\"issue\":\"H-1\"",
                          "\"severity\":\"urgent\"",
                          "\"cause\":\"no proof\"",
                          "\"people\":1",
                          "\"id\":\"effect-"};
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        assert_says(json, said[i]);
    }
    const char *hidden[] = {"ada", "Ada", "pay_81", "C-"};
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
        assert_silent(json, hidden[i]);
        assert_silent(written.body, hidden[i]);
        assert_silent(written.subject, hidden[i]);
    }
    struct hr_alert second = alert(world, 1);
    assert_says(second.subject, "urgent: nobody has taken this up: payments");
    world_close(world);
}

static void an_alert_that_was_refused_is_an_issue_of_its_own(void **state)
{
    (void)state;
    struct world *world = world_open("2026-11-23T10:00:00Z");
    world->outcome = HR_OUTCOME_refused;
    world->answer = HR_TEXT("550 no such mailbox");
    payment(world, "pay_81", "ada@example.com", world->now);
    world_pass(world, "2026-11-23T10:20:00Z");
    struct hr_report all = issues(world, HR_ISSUES_open, "");
    assert_says(all.text, "Alerts do not reach Maya Okafor");
    struct hr_report about = issue(world, "2");
    assert_says(about.text, "alerts do not reach");
    assert_says(about.text, "550 no such mailbox");
    assert_golden(world, "issue_alert_failed", about.text);
    world_close(world);
}

/* ---- proof arrives --------------------------------------------------------------------------- */

static void a_proof_after_a_marked_recovery_resolves_the_issue(void **state)
{
    (void)state;
    struct world *world = paid_without_access();
    world_pass(world, "2026-11-23T10:24:11Z");
    world_command(world, (struct hr_command){.verb = HR_VERB_recover,
                                             .person = world_person(world, "dan"),
                                             .issue = world_issue(world, "H-1"),
                                             .until = HR_INSTANT_NONE,
                                             .text = HR_TEXT("granted by hand")});
    assert_says(why(world, "ada@example.com", "course_access").text,
                "Recovery is under way: wait for proof until");
    world_pass(world, "2026-11-23T10:26:00Z");
    course(world, "access_granted", "g1", "ada@example.com");
    struct hr_report report = issue(world, "h-1");
    assert_says(report.text, "ended           10:26:00, resolved by proof");
    assert_says(report.text, "Dan Lewis: granted by hand");
    assert_golden(world, "issue_resolved", report.text);
    struct hr_report after = why(world, "ada@example.com", "course_access");
    assert_says(after.text, "course_access is \"active\" since 10:26:00");
    assert_says(after.text, "Course platform said so with course.access_granted (entry 9)");
    assert_says(after.text, ", signed. It is the source of truth for it.");
    assert_says(after.text, "payment to access (pay_81) is proven after its recovery");
    assert_golden(world, "why_recovered", after.text);
    assert_says(issues(world, HR_ISSUES_resolved, "").text, "resolved by proof");
    world_close(world);
}

static void an_issue_that_is_closed_without_proof_says_by_whom(void **state)
{
    (void)state;
    struct world *world = paid_without_access();
    world_pass(world, "2026-11-23T10:24:11Z");
    world_command(world, (struct hr_command){.verb = HR_VERB_resolve,
                                             .person = world_person(world, "maya"),
                                             .issue = world_issue(world, "H-1"),
                                             .until = HR_INSTANT_NONE,
                                             .text = HR_TEXT("refunded by phone")});
    struct hr_report report = issue(world, "H-1");
    assert_says(report.text, "closed without proof by Maya Okafor");
    assert_says(report.text, "Maya Okafor: refunded by phone");
    assert_says(issues(world, HR_ISSUES_all, "").text, "closed without proof by Maya");
    assert_says(why(world, "ada@example.com", "payment_to_access").text,
                "closed without proof by Maya Okafor");
    world_close(world);
}

static void an_issue_that_comes_back_says_so(void **state)
{
    (void)state;
    struct world *world = paid_without_access();
    world_pass(world, "2026-11-23T10:24:11Z");
    course(world, "access_granted", "g1", "ada@example.com");
    payment(world, "pay_90", "eve@example.com", world->now);
    world_pass(world, "2026-11-23T10:40:00Z");
    struct hr_report report = issue(world, "H-1");
    assert_says(report.text, "H-1 urgent regressed");
    assert_says(report.text, "came back       1 time after it was resolved");
    world_close(world);
}

static void late_news_is_marked_and_older_words_do_not_count(void **state)
{
    (void)state;
    struct world *world = paid_without_access();
    world_pass(world, "2026-11-23T10:30:00Z");
    course(world, "access_granted", "g1", "ada@example.com");
    uint64_t position = world->position;
    world_hear(world, "course_platform",
               "{'event':'course.access_revoked','id':'r0','occurred_at':'2026-11-23T10:05:00Z','"
               "member':{'email':"
               "'ada@example.com'},'course':{'id':'c1'}}");
    struct hr_report report = why(world, "ada@example.com", "course_access");
    assert_says(report.text, "course_access is \"active\" since 10:30:00");
    assert_says(report.text, "1 value came too late: older than what was known by then.");
    assert_says(report.text, "it happened 10:05:00 and was heard 25 minutes later");
    struct hr_report traced = trace(world, position + 1);
    assert_says(traced.text, "recorded 10:30:00 (late)");
    assert_says(world_json(world, &traced.json), "\"late\":true");
    world_close(world);
}

/* ---- a wrong value --------------------------------------------------------------------------- */

static void a_wrong_proof_shows_both_values(void **state)
{
    (void)state;
    struct world *world = paid_without_access();
    world_pass(world, "2026-11-23T10:03:00Z");
    course(world, "access_revoked", "r1", "ada@example.com");
    world_pass(world, "2026-11-23T10:30:00Z");
    struct hr_report report = issue(world, "H-1");
    assert_says(report.text, "payment to access ends with the wrong value");
    assert_says(report.text, "course access is active: is \"revoked\", should be \"active\"");
    assert_golden(world, "issue_incorrect", report.text);
    assert_says(world_json(world, &report.json),
                "\"observed\":\"revoked\",\"expected\":\"active\"");
    struct hr_report asked = why_not(world, "payment_to_access", "ada@example.com");
    assert_says(asked.text, "it should be that course access is active, and it is \"revoked\"");
    assert_says(asked.text, "course access is active: NO (course access is \"revoked\" since "
                            "10:03:00 (Course platform, entry");
    world_close(world);
}

/* ---- a proof by an event --------------------------------------------------------------------- */

static void an_event_that_does_not_prove_is_shown_as_what_came(void **state)
{
    (void)state;
    struct world *world = paid_without_access();
    course(world, "access_granted", "g1", "ada@example.com");
    struct hr_report before = why_not(world, "access_to_follow_up", "ada@example.com");
    assert_says(before.text, "NO (no message.sent has come)");
    mail_sent(world, "m1", "ada@example.com", "newsletter");
    struct hr_report after =
        why_not(world, "form_to_member.access_to_follow_up", "ada@example.com");
    assert_says(after.text, "NO (message.sent came 10:02:09, template \"newsletter\" (entry");
    mail_sent(world, "m2", "ada@example.com", "member_welcome");
    assert_says(why_not(world, "access_to_follow_up", "ada@example.com").text,
                "access to follow up: yes, proven");
    world_close(world);
}

/* ---- two people, a missing field, silence ---------------------------------------------------- */

static void two_matching_contacts_are_a_question_with_its_two_answers(void **state)
{
    (void)state;
    struct world *world = world_open("2026-11-23T10:00:00Z");
    booking(world, "a", "", "020 7946 0018");
    booking(world, "b", "ada@example.com", "");
    booking(world, "c", "ada@example.com", "020 7946 0018");
    struct hr_report report = issue(world, "H-1");
    struct hr_text one = hr_contact_name(&world->answers, world_contact(world, "020 7946 0018"));
    struct hr_text two = hr_contact_name(&world->answers, world_contact(world, "ada@example.com"));
    assert_says(report.text, "a message from Booking calendar fits two contacts");
    assert_says(report.text,
                hr_text_format(&world->answers, "handrail exceptions resolve H-1 --contact %.*s",
                               HR_SHOW(one))
                    .data);
    assert_says(report.text,
                hr_text_format(&world->answers, "handrail exceptions resolve H-1 --contact %.*s",
                               HR_SHOW(two))
                    .data);
    assert_silent(report.text, "ada@");
    assert_golden(world, "issue_ambiguous", report.text);
    world_close(world);
}

static void what_was_sent_and_not_taken_is_said_without_the_value(void **state)
{
    (void)state;
    struct world *world = world_open("2026-11-23T10:00:00Z");
    form(world, "f1", "ada@example.com", ",'offer':'grup_program','source':'podcast'");
    struct hr_report report = why(world, "ada@example.com", "offer");
    assert_says(report.text, "offer is not known: what was said for it does not fit.");
    assert_says(report.text, "Website form sent something that was not taken (entry 2): what was "
                             "sent for offer is not one of its values: discovery_call, ");
    assert_silent(report.text, "grup_program");
    report = trace(world, 2);
    assert_says(report.text, "  not taken: what was sent for offer is not one of its values");
    assert_says(world_json(world, &report.json), "\"not_taken\":[\"what was sent for offer");
    report = why(world, "ada@example.com", "booking_status");
    assert_says(report.text, "booking_status is not known: no tool has said it.");
    world_close(world);
}

static void a_missing_field_names_it_and_closes_when_it_comes(void **state)
{
    (void)state;
    struct world *world = world_open("2026-11-23T10:00:00Z");
    form(world, "f1", "grace@example.com", ",'first_name':'Grace'");
    struct hr_report report = issue(world, "H-1");
    assert_says(report.text, "form to crm comes without offer");
    assert_says(report.text, "form to crm carries offer");
    assert_says(report.text,
                "failure owner   Dan Lewis"); /* the tool's owner mends what the tool sends */
    assert_golden(world, "issue_missing_field", report.text);
    assert_says(why(world, "grace@example.com", "offer").text, "form to crm came without offer");
    form(world, "f2", "grace@example.com", lead);
    assert_says(issue(world, "H-1").text, "by proof");
    world_close(world);
}

static void a_message_that_names_nobody_is_shown_by_its_entry(void **state)
{
    (void)state;
    struct world *world = world_open("2026-11-23T10:00:00Z");
    world_hear(world, "website_form",
               "{'type':'form.submitted','timestamp':'2026-11-23T10:00:00Z','data':{'submission_id'"
               ":'f1','first_name':'X'}}");
    struct hr_report report = issue(world, "H-1");
    assert_says(report.text, "Website form comes without email: 1 message waiting");
    assert_says(report.text, "the message of entry 2");
    assert_says(alert(world, 0).subject, "(1 message)");
    world_close(world);
}

static void a_silent_tool_says_when_it_was_heard_last(void **state)
{
    (void)state;
    struct world *world = world_open("2026-11-23T10:00:00Z");
    world_pass(world, "2026-11-23T11:00:00Z");
    form(world, "f1", "ada@example.com", lead);
    world_pass(world, "2026-11-27T12:00:00Z");
    struct hr_report report = issue(world, "H-1");
    assert_says(report.text, "Website form is silent");
    assert_says(report.text, "at least 1 message every 2 days");
    assert_says(report.text, "last heard 23 Nov 11:00:00 (4 days 1 hour ago), 1 message in all");
    assert_golden(world, "issue_silence", report.text);
    form(world, "f2", "ada@example.com", lead);
    assert_says(issue(world, "H-1").text, "by proof");
    world_close(world);
}

/* ---- traces, and what cannot be asked -------------------------------------------------------- */

static void a_long_story_says_what_it_leaves_out(void **state)
{
    (void)state;
    struct world *world = paid_without_access();
    hr_instant from = world->now;
    for (int i = 0; i < 520; i++) {
        world->now = from + i * HR_SECOND_US;
        struct hr_text id = hr_text_format(&world->arena, "m%d", i);
        mail_sent(world, id.data, "ada@example.com", "newsletter");
    }
    struct hr_report report = why(world, "ada@example.com", "");
    assert_says(report.text, "(older entries are left out)");
    assert_says(world_json(world, &report.json), "\"timeline_cut\":true");
    assert_says(report.text, "issue H-1 opened");
    assert_silent(report.text, "form.submitted");
    world_close(world);
}

static void every_fact_of_every_entry_has_a_sentence_and_shows_nothing_personal(void **state)
{
    (void)state;
    struct world *world = paid_without_access();
    world_pass(world, "2026-11-23T10:24:11Z");
    for (uint64_t position = 1; position <= world->position; position++) {
        struct hr_report report = trace(world, position);
        assert_silent(report.text, "  \n");
        assert_silent(report.text, "ada@example.com");
        assert_silent(report.text, "Ada");
        assert_says(world_json(world, &report.json), "\"facts\":[");
    }
    assert_golden(world, "trace_payment", trace(world, 3).text);
    assert_golden(world, "trace_late", trace(world, 4).text);
    world_close(world);
}

/* One entry with a fact of every kind there is, as if it had happened. */
static void no_kind_of_fact_is_left_without_words(void **state)
{
    (void)state;
    struct world *world = paid_without_access();
    world_pass(world, "2026-11-23T10:24:11Z");
    uint64_t contact = world_contact(world, "ada@example.com");
    uint64_t opened = world_issue(world, "H-1");
    struct hr_fact facts[HR_FACT_end] = {0};
    size_t count = 0;
    static const uint8_t kinds[] = {
#define F(number, symbol, version, home, slots, meaning) number,
#include "journal/facts.tbl"
#undef F
    };
    for (size_t i = 0; i < sizeof kinds; i++) {
        uint8_t kind = kinds[i];
        bool of_contact = kind >= HR_FACT_contact_created && kind <= HR_FACT_contact_erased;
        facts[count++] = (struct hr_fact){.kind = kind,
                                          .record = of_contact ? contact : opened,
                                          .name = 1,
                                          .other = 1,
                                          .number = opened,
                                          .at = world->now,
                                          .until = world->now,
                                          .third = world->now,
                                          .text = HR_TEXT("words")};
    }
    assert_int_equal(count, sizeof kinds);
    world->entries[world->position++] = (struct hr_entry){.position = world->position,
                                                          .kind = HR_EVENT_command,
                                                          .recorded_at = world->now,
                                                          .occurred_at = world->now,
                                                          .facts = facts,
                                                          .fact_count = count};
    struct hr_report report = trace(world, world->position);
    assert_silent(report.text, "  \n");
    assert_silent(report.text, "{");
    assert_silent(world_json(world, &report.json), "\"text\":null");
    world_close(world);
}

static void a_sleeping_issue_is_listed_apart_until_it_wakes(void **state)
{
    (void)state;
    struct world *world = paid_without_access();
    world_pass(world, "2026-11-23T10:24:11Z");
    world_command(world, (struct hr_command){.verb = HR_VERB_snooze,
                                             .person = world_person(world, "dan"),
                                             .issue = world_issue(world, "H-1"),
                                             .until = world_time("2026-11-23T12:00:00Z")});
    assert_says(issue(world, "H-1").text, "asleep until    12:00:00");
    assert_says(issue(world, "H-1").text, "Dan Lewis put H-1 to sleep until 12:00:00");
    assert_says(issues(world, HR_ISSUES_open, "").text, "Nothing is waiting");
    assert_says(issues(world, HR_ISSUES_snoozed, "").text, "H-1 urgent snoozed");
    world_pass(world, "2026-11-23T12:01:00Z");
    assert_says(issues(world, HR_ISSUES_open, "").text, "H-1 urgent ongoing");
    world_close(world);
}

static void more_people_than_fit_are_counted(void **state)
{
    (void)state;
    struct world *world = world_open("2026-11-23T10:00:00Z");
    for (int i = 0; i < 25; i++) {
        struct hr_text email = hr_text_format(&world->arena, "p%d@example.com", i);
        struct hr_text id = hr_text_format(&world->arena, "pay_%d", i);
        form(world, id.data, email.data, lead);
        payment(world, id.data, email.data, world->now);
    }
    world_pass(world, "2026-11-23T10:10:00Z");
    struct hr_report report = issue(world, "H-1");
    assert_says(report.text,
                "H-1 urgent escalating: payments are not opening the course: 25 people waiting");
    assert_says(report.text, "  and 5 more\n");
    assert_says(world_json(world, &report.json), "\"waiting\":25");
    struct hr_alert last = alert(world, 1);
    assert_says(last.subject,
                "urgent: it gets worse: payments are not opening the course (25 people)");
    assert_says(path(world, "").text, ", 25 late.");
    world_close(world);
}

static void a_forgotten_contact_is_gone_and_said_to_be(void **state)
{
    (void)state;
    struct world *world = paid_without_access();
    world_pass(world, "2026-11-23T10:24:11Z");
    uint64_t contact = world_contact(world, "ada@example.com");
    struct hr_text name = hr_contact_name(&world->answers, contact);
    world_forget(world, contact);
    struct hr_report report;
    assert_int_equal(hr_why(world_lens(world), HR_TEXT("ada@example.com"), HR_TEXT_NONE,
                            &world->answers, &world->found, &report)
                         .code,
                     HR_E_INPUT);
    assert_int_equal(world->found.items[0].code, HR_CODE_contact_unknown);
    assert_silent(world->found.items[0].message, "ada@");
    assert_int_equal(
        hr_why(world_lens(world), name, HR_TEXT_NONE, &world->answers, &world->found, &report).code,
        HR_E_INPUT);
    assert_int_equal(world->found.items[1].code, HR_CODE_contact_forgotten);
    assert_says(trace(world, 3).text, "1 part of it is erased");
    assert_says(issue(world, "H-1").text, "was forgotten and leaves H-1");
    assert_says(issue(world, "H-1").text, "nobody is left in it");
    assert_silent(issue(world, "H-1").text, "by proof");
    assert_says(issues(world, HR_ISSUES_resolved, "").text, "nobody is left in it");
    world_close(world);
}

static void what_is_not_known_is_refused_with_a_hint(void **state)
{
    (void)state;
    struct world *world = paid_without_access();
    const struct hr_lens *lens = world_lens(world);
    struct hr_report report;
    struct hr_text ada = HR_TEXT("ada@example.com");
    assert_int_equal(
        hr_why(lens, ada, HR_TEXT("course_acess"), &world->answers, &world->found, &report).code,
        HR_E_INPUT);
    assert_says(world->found.items[0].help, "did you mean `course_access`?");
    assert_int_equal(
        hr_why_not(lens, HR_TEXT("payment_to_acces"), ada, &world->answers, &world->found, &report)
            .code,
        HR_E_INPUT);
    assert_says(world->found.items[1].help, "payment_to_access");
    assert_int_equal(
        hr_path_show(lens, HR_TEXT("form_to_membr"), &world->answers, &world->found, &report).code,
        HR_E_INPUT);
    assert_says(world->found.items[2].help, "form_to_member");
    assert_int_equal(
        hr_issue_show(lens, HR_TEXT("H-9"), &world->answers, &world->found, &report).code,
        HR_E_INPUT);
    assert_int_equal(world->found.items[3].code, HR_CODE_issue_unknown);
    assert_int_equal(
        hr_trace(lens, world->position + 1, &world->answers, &world->found, &report).code,
        HR_E_INPUT);
    assert_int_equal(world->found.items[4].code, HR_CODE_entry_unknown);
    world_close(world);
}

static void contact_names_can_be_typed_back(void **state)
{
    (void)state;
    struct hr_arena arena;
    hr_arena_init(&arena, 1 << 16);
    const uint64_t ids[] = {1, 31, 32, HR_RECORD_FIRST, hr_record_id(88214, 0), UINT64_MAX};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        uint64_t back = 0;
        assert_true(hr_contact_named(hr_contact_name(&arena, ids[i]), &back));
        assert_int_equal(back, ids[i]);
    }
    const char *wrong[] = {"", "C-", "C-u", "H-1", "C-zzzzzzzzzzzzzz", "C-zzzzzzzzzzzzz", "C-1 2"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        uint64_t none = 0;
        assert_false(hr_contact_named(hr_text_from(wrong[i]), &none));
    }
    uint64_t a = 0;
    uint64_t b = 0;
    assert_true(hr_contact_named(HR_TEXT("C-10o"), &a) && hr_contact_named(HR_TEXT("c-LO0"), &b));
    assert_int_equal(a, b);
    hr_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_late_payment_is_explained_with_its_issue_and_the_safe_next_step),
        cmocka_unit_test(the_whole_story_ends_with_where_everything_stands),
        cmocka_unit_test(a_handoff_can_be_asked_about_by_its_name),
        cmocka_unit_test(why_not_says_each_condition_with_what_it_sees),
        cmocka_unit_test(the_failure_record_says_what_an_owner_needs),
        cmocka_unit_test(the_list_is_short_and_most_urgent_first),
        cmocka_unit_test(a_path_marks_its_first_break),
        cmocka_unit_test(the_alert_says_enough_and_names_no_customer),
        cmocka_unit_test(an_alert_that_was_refused_is_an_issue_of_its_own),
        cmocka_unit_test(a_proof_after_a_marked_recovery_resolves_the_issue),
        cmocka_unit_test(an_issue_that_is_closed_without_proof_says_by_whom),
        cmocka_unit_test(an_issue_that_comes_back_says_so),
        cmocka_unit_test(late_news_is_marked_and_older_words_do_not_count),
        cmocka_unit_test(a_wrong_proof_shows_both_values),
        cmocka_unit_test(an_event_that_does_not_prove_is_shown_as_what_came),
        cmocka_unit_test(two_matching_contacts_are_a_question_with_its_two_answers),
        cmocka_unit_test(what_was_sent_and_not_taken_is_said_without_the_value),
        cmocka_unit_test(a_missing_field_names_it_and_closes_when_it_comes),
        cmocka_unit_test(a_message_that_names_nobody_is_shown_by_its_entry),
        cmocka_unit_test(a_silent_tool_says_when_it_was_heard_last),
        cmocka_unit_test(a_long_story_says_what_it_leaves_out),
        cmocka_unit_test(every_fact_of_every_entry_has_a_sentence_and_shows_nothing_personal),
        cmocka_unit_test(no_kind_of_fact_is_left_without_words),
        cmocka_unit_test(a_sleeping_issue_is_listed_apart_until_it_wakes),
        cmocka_unit_test(more_people_than_fit_are_counted),
        cmocka_unit_test(a_forgotten_contact_is_gone_and_said_to_be),
        cmocka_unit_test(what_is_not_known_is_refused_with_a_hint),
        cmocka_unit_test(contact_names_can_be_typed_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
