/* The difference of two workspaces in words: the coaching example and the same with one line changed. */
#include "unit/workspace_folder.h"
#include "workspace/difference.h"

static struct folder before;

static int open_before(void **state)
{
    (void)state;
    folder_coaching(&before);
    return hr_ok(before.status) ? 0 : 1;
}

static int close_before(void **state)
{
    (void)state;
    folder_close(&before);
    return 0;
}

struct pair {
    const char *file;
    const char *from;
    const char *to;
};

static void change(struct folder *after, const struct pair *pair)
{
    for (size_t i = 0; i < after->count; i++) {
        struct hr_text bytes = after->files[i].bytes;
        if (!hr_text_equal(after->files[i].path, hr_text_from(pair->file))) {
            continue;
        }
        size_t at = hr_text_search(bytes, hr_text_from(pair->from));
        if (at == bytes.size) {
            fail_msg("%s has no `%s`", pair->file, pair->from);
        }
        struct hr_text rest = hr_text_slice(bytes, at + strlen(pair->from), bytes.size);
        after->files[i].bytes =
            hr_text_format(&after->arena, "%.*s%s%.*s", HR_SHOW(hr_text_slice(bytes, 0, at)),
                           pair->to, HR_SHOW(rest));
        return;
    }
    fail_msg("there is no %s", pair->file);
}

static hr_status compare(struct folder *after, struct hr_differences *ret_differences)
{
    int broken = 0;
    struct hr_file_set sets[2] = {{before.files, before.count}, {after->files, after->count}};
    hr_diagnostics_init(&after->found, &after->arena);
    return hr_plan_difference(&after->arena, sets[0], sets[1], zone_of_machine, &after->arena,
                              &after->found, &broken, ret_differences);
}

/* One change, and the lines that say it; no line: it is no difference. more: others may follow. */
static void assert_said(const struct pair *pair, const char *const *lines, bool more)
{
    struct folder after;
    struct hr_differences differences = {.count = 0};
    folder_init(&after);
    for (size_t i = 0; i < before.count; i++) {
        after.files[after.count++] = before.files[i];
    }
    change(&after, pair);
    hr_status status = compare(&after, &differences);
    if (!hr_ok(status)) {
        fail_msg("%.*s", HR_SHOW(folder_draw(&after)));
    }
    size_t count = 0;
    for (; lines[count] != NULL; count++) {
        struct hr_text line = count < differences.count
                                  ? hr_difference_line(&after.arena, &differences.items[count])
                                  : HR_TEXT("nothing");
        if (!hr_text_equal(line, hr_text_from(lines[count]))) {
            fail_msg("`%.*s`, not `%s`", HR_SHOW(line), lines[count]);
        }
    }
    for (size_t i = count; i < differences.count && !more; i++) {
        print_error("%.*s\n", HR_SHOW(hr_difference_line(&after.arena, &differences.items[i])));
    }
    assert_true(differences.count == count || (more && differences.count > count));
    folder_close(&after);
}

static void assert_lines(const struct pair *pair, const char *const *lines)
{
    assert_said(pair, lines, false);
}

#define BEGINS(file, from, to, ...)                                                                \
    assert_said(&(const struct pair){file, from, to}, (const char *const[]){__VA_ARGS__, NULL},    \
                true)
#define SAYS(file, from, to, ...)                                                                  \
    assert_lines(&(const struct pair){file, from, to}, (const char *const[]){__VA_ARGS__, NULL})

static void a_change_is_said_where_it_is(void **state)
{
    (void)state;
    SAYS("automations/welcome_lead.yaml", "wait: 2 days", "wait: 1 day",
         "~ automation welcome_lead: step 3 wait: 2 days -> 1 day  (customers see this)");
    SAYS("automations/welcome_lead.yaml", "share: 20%", "share: 30%",
         "~ automation welcome_lead: rollout share: 20% -> 30%  (customers see this)");
    SAYS("handrail.yaml", "timezone: Europe/London", "timezone: Europe/Paris",
         "~ workspace: timezone: Europe/London -> Europe/Paris  (customers see this)");
    SAYS("paths/form_to_member.yaml", "within: 15 minutes", "within: 20 minutes",
         "~ path form_to_member: handoff access_to_follow_up within: 15 minutes -> 20 minutes");
    SAYS("contacts.yaml", "on_conflict: never_overwrite", "on_conflict: newest",
         "~ contact field source: on_conflict: never_overwrite -> newest");
    SAYS("pipeline.yaml", "expect_next_within: 14 days", "expect_next_within: 10 days",
         "~ pipeline coaching: stage booked expect_next_within: 14 days -> 10 days");
    SAYS("tools.yaml", "timeout: 20 seconds", "timeout: 30 seconds",
         "~ tool course_platform: timeout: 20 seconds -> 30 seconds");
    SAYS("policies.yaml", "most: 2 per 7 days", "most: 3 per 7 days",
         "~ policies: caps 1 most: 2 per 7 days -> 3 per 7 days  (customers see this)");
    SAYS("tests.yaml", "- {called: course_platform.grant_access, times: 1}",
         "- {called: course_platform.grant_access, times: 2}",
         "~ test: Paid twice by a repeated webhook opens the course once expect, line 1, times: 1 "
         "-> "
         "2");
    SAYS("tests.yaml", "times: 3", "times: 4",
         "~ test: Paid twice by a repeated webhook opens the course once deliver times: 3 -> 4");
}

static void conditions_and_steps_are_read_aloud(void **state)
{
    (void)state;
    SAYS("automations/refund_to_revoke.yaml", "[\"contact.course_access == 'active'\"]",
         "[\"contact.course_access == 'active'\", known(contact.email)]",
         "+ automation refund_to_revoke: when: email is known");
    SAYS("automations/payment_to_access.yaml", "['group_program', 'one_to_one']\"]",
         "['group_program']\"]",
         "- automation payment_to_access: when: offer is group_program or one_to_one  (customers "
         "see this)",
         "+ automation payment_to_access: when: offer is group_program  (customers see this)");
    SAYS("automations/welcome_lead.yaml", "      - wait: 3 days\n",
         "      - wait: 3 days\n      - send_email: start_lesson_one\n",
         "+ automation welcome_lead: step 6: send message start lesson one, for marketing and only "
         "with consent  (customers see this)");
    SAYS("automations/booking_moves_stage.yaml", "due: 1 business day", "due: 2 business days",
         "~ automation booking_moves_stage: step 2.then.1 due: 1 business day -> 2 business days");
    SAYS("messages/lead_nudge.md", "subject: Shall we talk?", "subject: Shall we meet?",
         "~ message lead_nudge: subject: Shall we talk? -> Shall we meet?  (customers see this)");
}

static void another_form_of_the_same_is_no_difference(void **state)
{
    (void)state;
    static const struct pair same[] = {
        {"automations/welcome_lead.yaml", "within: 7 days", "within: 1 week"},
        {"automations/payment_to_access.yaml", "stop: [event.type == 'payment.refunded']",
         "stop: event.type == 'payment.refunded'"},
        {"contacts.yaml", "unique: yes", "unique: true"},
        {"contacts.yaml", "[discovery_call, group_program, one_to_one]",
         "[group_program, discovery_call, one_to_one]"},
        {"contacts.yaml", "      type: email\n      required: always\n",
         "      required: always\n      type: email\n"},
        {"contacts.yaml", "writers: [calendar, people]", "writers: [people, calendar]"},
        {"tools.yaml", "# What the tools say", "# What they say"},
        {"handrail.yaml", "title: Bright Coaching", "title: \"Bright Coaching\""},
    };
    static const char *const none[] = {NULL};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        assert_lines(&same[i], none);
    }
}

static void the_order_of_match_keys_is_one(void **state)
{
    (void)state;
    SAYS("contacts.yaml", "match_on: [email, phone]", "match_on: [phone, email]",
         "- contacts: match_on: email", "+ contacts: match_on: email");
}

static void things_come_and_go(void **state)
{
    (void)state;
    SAYS("handrail.yaml", "country: GB", "# country: GB", "- workspace: country: GB");
    SAYS("contacts.yaml",
         "    first_name:", "    nickname: {type: text, pii: personal}\n    first_name:",
         "+ contact field nickname: type: text, pii: personal");
}

/* Whoever approves an automation has to see what it does, and that it writes to customers. */
static void what_is_new_is_told_whole(void **state)
{
    (void)state;
    BEGINS(
        "automations/first_week.yaml", "  first_week:\n    title: Help new members start\n",
        "  first_days:\n    title: Help them start\n",
        "+ automation first_days: Help them start  (customers see this)",
        "+ automation first_days: goal: Every new member finishes lesson one in the first ten days",
        "+ automation first_days: avoids: Reminding somebody who has long begun, or who has left",
        "+ automation first_days: owner: dan", "+ automation first_days: failure_owner: priya",
        "+ automation first_days: path: form_to_member",
        "+ automation first_days: trigger: course.access_granted  (customers see this)",
        "+ automation first_days: reenter: never  (customers see this)",
        "+ automation first_days: stop: event is lesson.completed, course access is revoked, "
        "consent email is withdrawn  (customers see this)",
        "+ automation first_days: step 1: wait 3 days  (customers see this)",
        "+ automation first_days: step 2: send message start lesson one, for marketing and only "
        "with consent  (customers see this)",
        "+ automation first_days: step 3: wait 4 days");
    SAYS("automations/booking_moves_stage.yaml", "    metric:\n",
         "      - if: contact.first_name == 'Ada'\n        then:\n          - open_issue: Ada\n"
         "        else:\n          - if: contact.first_name == 'Bob'\n            then:\n"
         "              - open_issue: Bob\n    metric:\n",
         "+ automation booking_moves_stage: step 3: if first name is Ada",
         "+ automation booking_moves_stage: step 3.then.1: open an issue: Ada",
         "+ automation booking_moves_stage: step 3.else.1: if first name is Bob",
         "+ automation booking_moves_stage: step 3.else.1.then.1: open an issue: Bob");
}

/* A text is told line by line, and of a long line the part that is another. */
static void the_words_that_changed_are_shown(void **state)
{
    (void)state;
    SAYS("messages/lead_nudge.md", "\nMaya\n", "\nDan\n",
         "~ message lead_nudge: text line 6: Maya -> Dan  (customers see this)");
    SAYS("messages/lead_nudge.md", "\nMaya\n", "\nMaya\n\nPS: Call me\n",
         "+ message lead_nudge: text line 7: \"\"  (customers see this)",
         "+ message lead_nudge: text line 8: PS: Call me  (customers see this)");
    SAYS("messages/lead_nudge.md", "two days ago", "  two days ago",
         "~ message lead_nudge: text line 3: \"two days ago you asked about our programmes. There "
         "is "
         "still time for a call this week, twenty minutes, free of\" -> \"  two days ago you asked "
         "about our programmes. There is still time for a call this week, twenty minutes, free "
         "of\"  (customers see this)");
}

/* Lines in between that stayed as they were are not told, also when their numbers moved. */
static void lines_that_stayed_are_not_told(void **state)
{
    (void)state;
    static const char text[] =
        "Hello {{ contact.first_name | default: \"there\" }},\n\ntwo days ago you asked about our "
        "programmes. There is still time for a call this week, twenty minutes, free of\n"
        "charge: https://bright.example.com/call\n\nMaya\n";
    SAYS("messages/lead_nudge.md", text,
         "Dear friend,\n\ntwo days ago you asked about our "
         "programmes. There is still time for a call this week, twenty minutes, free of\n"
         "charge: https://bright.example.com/call\n\nDan\n",
         "~ message lead_nudge: text line 1: Hello {{ contact.first_name | default: \"there\" }}, "
         "-> "
         "Dear friend,  (customers see this)",
         "~ message lead_nudge: text line 6: Maya -> Dan  (customers see this)");
    SAYS("messages/lead_nudge.md", text,
         "two days ago you asked about our "
         "programmes. There is still time for a call this week, twenty minutes, free of\n"
         "charge: https://bright.example.com/call\n\nWarmly\nDan\n",
         "- message lead_nudge: text line 1: Hello {{ contact.first_name | default: \"there\" }},  "
         "(customers see this)",
         "- message lead_nudge: text line 2: \"\"  (customers see this)",
         "~ message lead_nudge: text line 4: Maya -> Warmly  (customers see this)",
         "+ message lead_nudge: text line 5: Dan  (customers see this)");
}

/* A line of 12 KiB with one other word in its middle. */
static void a_change_far_into_a_long_line_is_shown(void **state)
{
    (void)state;
    static char lines[2][12 << 10];
    static const char begin[] = "text line 3: ... ";
    for (int side = 0; side < 2; side++) {
        memset(lines[side], 'x', sizeof lines[side] - 1);
        memcpy(lines[side] + 6000, side == 0 ? " free " : " dear ", 6);
    }
    struct folder old;
    struct folder after;
    struct hr_differences differences = {.count = 0};
    folder_init(&old);
    folder_init(&after);
    for (size_t i = 0; i < before.count; i++) {
        old.files[old.count++] = before.files[i];
        after.files[after.count++] = before.files[i];
    }
    change(&old, &(const struct pair){"messages/lead_nudge.md", "two days ago", lines[0]});
    change(&after, &(const struct pair){"messages/lead_nudge.md", "two days ago", lines[1]});
    struct folder kept = before;
    before = old; /* what compare() takes for the one before */
    hr_status status = compare(&after, &differences);
    before = kept;
    assert_true(hr_ok(status));
    assert_int_equal(differences.count, 1);
    struct hr_text line = hr_difference_line(&after.arena, &differences.items[0]);
    assert_true(hr_text_search(line, hr_text_from(begin)) < line.size);
    assert_true(hr_text_search(line, HR_TEXT("x free x")) < hr_text_search(line, HR_TEXT(" -> ")));
    assert_true(hr_text_search(line, HR_TEXT("x dear x")) < line.size);
    assert_true(line.size < 500);
    folder_close(&old);
    folder_close(&after);
}

/* Not what is done behind the last mail, nor what nobody outside notices. */
static void only_what_customers_notice_is_marked(void **state)
{
    (void)state;
    SAYS("automations/welcome_lead.yaml", "wait: 3 days", "wait: 4 days",
         "~ automation welcome_lead: step 5 wait: 3 days -> 4 days");
    SAYS("automations/welcome_lead.yaml", "due: 1 business day", "due: 2 business days",
         "~ automation welcome_lead: step 6 due: 1 business day -> 2 business days");
    SAYS("automations/booking_moves_stage.yaml", "reenter: every event", "reenter: never",
         "~ automation booking_moves_stage: reenter: every event -> never");
    SAYS(
        "automations/welcome_lead.yaml", "reenter: after 30 days", "reenter: after 60 days",
        "~ automation welcome_lead: reenter: after 30 days -> after 60 days  (customers see this)");
    SAYS("policies.yaml", "to: \"08:00\"", "to: \"07:00\"",
         "~ policies: quiet_hours to: 08:00 -> 07:00  (customers see this)");
}

/* A step has no name that would say that it is the same one. */
static void what_is_moved_is_gone_and_new(void **state)
{
    (void)state;
    SAYS("automations/first_week.yaml",
         "      - wait: 3 days\n      - send_email: start_lesson_one\n",
         "      - send_email: start_lesson_one\n      - wait: 3 days\n",
         "- automation first_week: step 1: wait 3 days  (customers see this)",
         "+ automation first_week: step 2: wait 3 days");
}

static void errors_of_either_side_are_told(void **state)
{
    (void)state;
    struct folder after;
    struct hr_differences differences = {.count = 0};
    folder_init(&after);
    for (size_t i = 0; i < before.count; i++) {
        after.files[after.count++] = before.files[i];
    }
    change(&after, &(const struct pair){"handrail.yaml", "role: builder", "role: bilder"});
    assert_int_equal(compare(&after, &differences).code, HR_E_INPUT);
    assert_int_equal(after.found.error_count, 1);
    folder_touch(&after);
    folder_close(&after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_said_where_it_is),
        cmocka_unit_test(conditions_and_steps_are_read_aloud),
        cmocka_unit_test(another_form_of_the_same_is_no_difference),
        cmocka_unit_test(the_order_of_match_keys_is_one),
        cmocka_unit_test(things_come_and_go),
        cmocka_unit_test(what_is_new_is_told_whole),
        cmocka_unit_test(the_words_that_changed_are_shown),
        cmocka_unit_test(lines_that_stayed_are_not_told),
        cmocka_unit_test(a_change_far_into_a_long_line_is_shown),
        cmocka_unit_test(only_what_customers_notice_is_marked),
        cmocka_unit_test(what_is_moved_is_gone_and_new),
        cmocka_unit_test(errors_of_either_side_are_told),
    };
    return cmocka_run_group_tests(tests, open_before, close_before);
}
