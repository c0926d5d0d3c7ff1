/* The whole language: what the two examples say stands in the plan as they say it, and every form that a value may have
 * is read, or refused with its code. */
#include "unit/workspace_folder.h"

static struct folder b2b;
static struct folder coaching;

static int open_examples(void **state)
{
    (void)state;
    folder_b2b(&b2b);
    folder_coaching(&coaching);
    return hr_ok(b2b.status) && hr_ok(coaching.status) ? 0 : 1;
}

static int close_examples(void **state)
{
    (void)state;
    folder_close(&b2b);
    folder_close(&coaching);
    return 0;
}

static void assert_text(struct hr_text text, const char *expected)
{
    if (!hr_text_equal(text, hr_text_from(expected))) {
        fail_msg("`%.*s`, not `%s`", HR_SHOW(text), expected);
    }
}

static const struct hr_automation *automation(const struct hr_plan *plan, const char *id)
{
    int32_t index = hr_plan_automation(plan, hr_text_from(id));
    assert_true(index >= 0);
    return &plan->automations[index];
}

static const struct hr_field *field(const struct hr_plan *plan, const char *id)
{
    int32_t index = hr_plan_field(plan, hr_text_from(id));
    assert_true(index >= 0);
    return &plan->fields[index];
}

/* Quiet hours that nobody keeps are worse than none that anybody believes in: whatever policy is written is told. */
static void policies_of_any_kind_are_told_not_to_be_in_force(void **state)
{
    static const char *const policies[] = {"quiet_hours: {from: \"20:00\", to: \"08:00\"}",
                                           "budgets: [{of: messages, most: 500 per day}]",
                                           "approval: {price: {by: [ana]}}",
                                           "purposes: {service: {needs_consent: no}}"};
    (void)state;
    for (size_t i = 0; i < sizeof policies / sizeof policies[0]; i++) {
        struct folder folder;
        folder_init(&folder);
        folder_add_split(
            &folder,
            hr_text_format(
                &folder.arena,
                "version: 1\nworkspace: shop\ntimezone: UTC\n"
                "people: {ana: {name: Ana Ruiz, email: ana@shop.example.com, role: admin}}\n"
                "contacts: {match_on: [email], owner: ana, fields: {email: {type: email}}}\n"
                "policies:\n  %s\n",
                policies[i]));
        folder_check(&folder);
        struct hr_text drawn = folder_draw(&folder);
        if (!hr_ok(folder.status) ||
            hr_text_search(drawn, HR_TEXT("not in force yet: policies\n")) == drawn.size) {
            fail_msg("%s: %.*s", policies[i], HR_SHOW(drawn));
        }
        folder_close(&folder);
    }
}

/* ---- the examples ------------------------------------------------------------------------------ */

static void warnings_are_only_for_what_is_not_available_yet(void **state)
{
    (void)state;
    assert_int_equal(b2b.found.error_count, 0);
    assert_int_equal(b2b.found.warning_count, 3);
    for (size_t i = 0; i < b2b.found.count; i++) {
        assert_int_equal(b2b.found.items[i].code, HR_CODE_not_available_yet);
    }
}

static void a_contract_says_what_its_lines_say(void **state)
{
    (void)state;
    const struct hr_plan *plan = b2b.plan;
    const struct hr_contract *owner = field(plan, "owner")->contract;
    assert_int_equal(owner->source.kind, HR_WRITER_automation);
    assert_int_equal(owner->source.index, hr_plan_automation(plan, HR_TEXT("route_lead")));
    assert_int_equal(field(plan, "owner")->source_of_truth, HR_NONE_INDEX);
    assert_int_equal(owner->writer_count, 3);
    assert_int_equal(owner->writers[2].kind, HR_WRITER_people);
    assert_int_equal(owner->on_conflict, HR_ON_CONFLICT_people_win);
    const struct hr_contract *domain = field(plan, "company_domain")->contract;
    assert_int_equal(domain->required, HR_REQUIRED_from_stage);
    assert_text(plan->stages[domain->required_stage].id, "new");
    assert_false(domain->unique);
    assert_true(field(plan, "email")->contract->unique);
    assert_int_equal(field(plan, "email")->contract->required, HR_REQUIRED_always);
    const struct hr_contract *employees = field(plan, "employees")->contract;
    assert_true(employees->has_stale_after);
    assert_int_equal(employees->stale_after.amount, 180 * HR_DAY_US);
    const struct hr_contract *request = field(plan, "request_type")->contract;
    assert_true(request->written_by_ai);
    assert_int_equal(request->confirm_by.items[0].kind, HR_PARTY_team);
    const struct hr_field *consent = field(plan, "consent_email");
    assert_int_equal(consent->contract->proof_count, 3);
    assert_text(plan->policies.purposes[consent->contract->purpose].id, "marketing");
    assert_int_equal(consent->value_count, 2);
    assert_int_equal(field(plan, "lead_stage")->value_count, 5);
    assert_text(field(plan, "lead_stage")->values[0], "new");
    assert_text(consent->contract->place.file, "contacts.yaml");
}

static void records_are_linked(void **state)
{
    (void)state;
    const struct hr_plan *plan = b2b.plan;
    const struct hr_record_plan *contact = &plan->records[HR_RECORD_TYPE_contact];
    const struct hr_record_plan *account = &plan->records[HR_RECORD_TYPE_account];
    assert_ptr_equal(contact->fields, plan->fields);
    assert_int_equal(contact->owner.kind, HR_PARTY_team);
    assert_int_equal(plan->contact_owner, hr_plan_person(plan, HR_TEXT("ana")));
    assert_int_equal(contact->link_count, 1);
    assert_int_equal(contact->links[0].to, HR_RECORD_TYPE_account);
    assert_text(contact->links[0].back, "contacts");
    assert_true(account->declared);
    assert_int_equal(account->field_count, 3);
    assert_int_equal(account->match_count, 1);
    assert_false(plan->records[HR_RECORD_TYPE_ticket].declared);
}

static void stages_stand_in_order_with_their_evidence(void **state)
{
    (void)state;
    const struct hr_plan *plan = b2b.plan;
    const struct hr_pipeline *leads = &plan->pipelines[hr_plan_pipeline(plan, HR_TEXT("leads"))];
    assert_int_equal(leads->count, 5);
    assert_int_equal(leads->field, hr_plan_field(plan, HR_TEXT("lead_stage")));
    assert_true(leads->moved_by_automation && leads->moved_by_people);
    assert_int_equal(leads->backwards, HR_MOVE_ask);
    const struct hr_stage *qualified = &plan->stages[leads->first + 3];
    assert_text(qualified->id, "qualified");
    assert_int_equal(qualified->evidence.count, 2);
    assert_int_equal(qualified->expect_next_within.unit, HR_SPAN_business_days);
    assert_true(qualified->place.line > 1);
}

static void an_automation_has_all_its_elements(void **state)
{
    (void)state;
    const struct hr_plan *plan = b2b.plan;
    const struct hr_automation *route = automation(plan, "route_lead");
    assert_int_equal(route->trigger.event_count, 1);
    assert_text(plan->event_names[route->trigger.events[0]].name, "lead.created");
    assert_int_equal(route->when.count, 1);
    assert_int_equal(route->when.items[0].kind, HR_CLAUSE_none);
    assert_int_equal(route->when.items[0].count, 2);
    assert_int_equal(route->reenter.kind, HR_REENTER_never);
    assert_int_equal(route->approval->case_count, 2);
    assert_int_equal(route->approval->cases[0].kind, HR_APPROVAL_table_changes);
    assert_int_equal(route->approval->cases[0].table, hr_plan_table(plan, HR_TEXT("territories")));
    assert_int_equal(route->approval->cases[1].kind, HR_APPROVAL_many_at_once);
    assert_int_equal(route->approval->cases[1].count, 50);
    assert_true(route->approval->not_by_author);
    assert_int_equal(route->metric->target, 9990);
    assert_int_equal(route->metric->watch_count, 2);
    assert_false(route->metric->watch[0].counted);
    assert_true(route->metric->watch[1].counted);
    assert_int_equal(route->rollout.mode, HR_MODE_guarded);
    assert_int_equal(route->rollout.share, 2500);
    assert_int_equal(route->rollout.control, 1000);
    assert_int_equal(route->rollout.roll_back_watch, 0);
    assert_int_equal(route->rollout.roll_back_above, 1000);
    assert_int_equal(route->rollout.roll_back_of, 50);
    assert_int_equal(route->system_count, 4);
    assert_int_equal(route->data.count, 9);
    assert_int_equal(route->data.items[8].record, HR_RECORD_TYPE_account);
    assert_text(route->left_out[HR_ELEMENT_stop].reason, "it is over within seconds");
    assert_int_equal(route->left_out[HR_ELEMENT_when].reason.size, 0);
    assert_int_equal(plan->paths[route->path].place.line, 2);
}

static void a_schedule_is_read_from_words(void **state)
{
    (void)state;
    const struct hr_automation *check = automation(b2b.plan, "stale_owner_check");
    assert_true(check->trigger.scheduled);
    assert_int_equal(check->trigger.schedule.kind, HR_SCHEDULE_days);
    assert_int_equal(check->trigger.schedule.weekdays, 0x7F);
    assert_int_equal(check->trigger.schedule.minute, 7 * 60 + 30);
    assert_int_equal(check->trigger.if_missed, HR_IF_MISSED_run_once);
    assert_int_equal(check->reenter.kind, HR_REENTER_after);
    assert_int_equal(check->reenter.after.amount, HR_DAY_US);
}

static void steps_are_numbered_as_they_are_read(void **state)
{
    (void)state;
    const struct hr_automation *booking = automation(coaching.plan, "booking_moves_stage");
    assert_int_equal(booking->step_count, 5);
    assert_int_equal(booking->steps.count, 2);
    const struct hr_plan_step *first = &booking->steps.items[0];
    assert_int_equal(first->kind, HR_STEP_branch);
    assert_int_equal(first->branch->then.count, 2);
    assert_text(first->branch->then.items[1].path, "1.then.2");
    assert_int_equal(first->branch->then.items[1].number, 3);
    assert_int_equal(first->branch->then.items[1].kind, HR_STEP_ai_draft);
    assert_text(first->branch->then.items[1].place.file, "automations/booking_moves_stage.yaml");
    assert_int_equal(booking->steps.items[1].number, 4);
    const struct hr_automation *payment = automation(coaching.plan, "payment_to_access");
    assert_int_equal(payment->reenter.kind, HR_REENTER_once_per);
    assert_text(hr_expr_source(payment->reenter.key), "event.payment_id");
    assert_text(payment->steps.items[1].id, "grant");
}

static void a_call_names_the_action_and_its_inputs(void **state)
{
    (void)state;
    const struct hr_plan *plan = coaching.plan;
    const struct hr_step_call *grant = automation(plan, "payment_to_access")->steps.items[1].call;
    const struct hr_tool *tool = &plan->tools[grant->tool];
    const struct hr_action *action = &tool->actions[grant->action];
    assert_text(action->full_id, "course_platform.grant_access");
    assert_int_equal(action->method, HR_METHOD_PUT);
    assert_int_equal(action->input_count, 2);
    assert_text(action->inputs[1], "course");
    assert_true(action->safe_to_repeat);
    assert_text(tool->actions[action->check].id, "member_has_course");
    assert_int_equal(action->set_count, 1);
    assert_text(action->sets[0].value, "active");
    assert_text(plan->event_names[action->emits].name, "course.access_granted");
    assert_int_equal(grant->with.count, 2);
    assert_int_equal(grant->if_unknown, HR_IF_UNKNOWN_check);
    assert_int_equal(grant->if_fails, HR_IF_FAILS_open_issue);
    assert_int_equal(tool->limit.count, 5);
    assert_int_equal(tool->limit.every.amount, HR_SECOND_US);
    assert_int_equal(tool->auth.kind, HR_AUTH_bearer);
    assert_int_equal(tool->sends.count, 2);
}

static void values_by_rows_and_people_by_table(void **state)
{
    (void)state;
    const struct hr_plan *plan = b2b.plan;
    const struct hr_automation *route = automation(plan, "route_lead");
    const struct hr_step_set *set = route->steps.items[1].set;
    assert_int_equal(set->lines[0].value_count, 3);
    assert_int_equal(set->lines[0].values[0].when.count, 1);
    assert_int_equal(set->lines[0].values[2].when.count, 0);
    const struct hr_step_assign *assign = route->steps.items[3].assign;
    assert_int_equal(assign->kind, HR_ASSIGN_table);
    assert_int_equal(assign->field, hr_plan_field(plan, HR_TEXT("owner")));
    assert_int_equal(assign->skip.count, 2);
    assert_int_equal(assign->if_nobody.kind, HR_PARTY_team);
    const struct hr_step_assign *next =
        automation(plan, "first_reply_clock")->steps.items[3].assign;
    assert_int_equal(next->kind, HR_ASSIGN_next_same);
    assert_int_equal(next->most_times, 2);
    const struct hr_step_copy *copy = route->steps.items[5].copy;
    assert_int_equal(copy->to, HR_RECORD_TYPE_account);
    assert_int_equal(copy->line_count, 1);
}

static void a_table_has_conditions_and_results(void **state)
{
    (void)state;
    const struct hr_plan *plan = b2b.plan;
    const struct hr_table *table = &plan->tables[hr_plan_table(plan, HR_TEXT("territories"))];
    assert_int_equal(table->column_count, 4);
    assert_int_equal(table->columns[0].kind, HR_COLUMN_field);
    assert_int_equal(table->columns[2].kind, HR_COLUMN_team);
    assert_int_equal(table->row_count, 4);
    assert_int_equal(table->rows[2].cells[0].value_count, 4);
    assert_text(table->rows[2].cells[0].values[3], "NL");
    assert_int_equal(table->rows[3].cells[0].kind, HR_CELL_any);
    assert_int_equal(table->rows[3].cells[2].index, hr_plan_team(plan, HR_TEXT("revops")));
    assert_int_equal(table->rows[0].cells[3].index, HR_TABLE_named_account);
    assert_int_equal(table->review_every.amount, 90 * HR_DAY_US);
}

static void messages_come_from_files_and_from_yaml(void **state)
{
    (void)state;
    const struct hr_plan *plan = coaching.plan;
    int32_t index = hr_plan_message(plan, HR_TEXT("member_welcome"));
    assert_true(index >= 0);
    const struct hr_message *message = &plan->messages[index];
    assert_text(message->subject.text, "Your course is open");
    assert_true(hr_text_starts(message->text.text, HR_TEXT("Hello {{ contact.first_name")));
    assert_text(message->text.place.file, "messages/member_welcome.md");
    assert_int_equal(message->text.place.line, 5);
    assert_text(plan->policies.purposes[message->purpose].id, "service");
    assert_int_equal(message->html.text.size, 0);
    const struct hr_step_email *send = automation(plan, "payment_to_access")->steps.items[4].email;
    assert_int_equal(send->message, index);
    assert_int_equal(send->purpose, message->purpose);
}

static void policies_hold_over_everything(void **state)
{
    (void)state;
    const struct hr_plan *plan = coaching.plan;
    const struct hr_policies *policies = &plan->policies;
    assert_int_equal(policies->purpose_count, 2);
    assert_true(policies->purposes[0].needs_consent);
    assert_int_equal(policies->purposes[0].consent_field,
                     hr_plan_field(plan, HR_TEXT("consent_email")));
    assert_int_equal(policies->caps[0].most.count, 2);
    assert_int_equal(policies->caps[0].most.every.amount, 7 * HR_DAY_US);
    assert_int_equal(policies->quiet_hours.from_minute, 20 * 60);
    assert_int_equal(policies->quiet_hours.except_count, 1);
    assert_int_equal(policies->budget_count, 2);
    assert_true(policies->classes[HR_CLASS_consent].said);
    assert_false(policies->classes[HR_CLASS_contract].said);
    assert_int_equal(policies->quality[0].known, 9900);
}

static void tests_are_read_line_by_line(void **state)
{
    (void)state;
    const struct hr_plan *plan = coaching.plan;
    assert_int_equal(plan->test_count, 4);
    assert_int_equal(plan->tests[0].deliver_times, 3);
    assert_int_equal(plan->tests[0].expect.items[0].kind, HR_TEST_called);
    assert_int_equal(plan->tests[0].expect.items[0].times, 1);
    assert_int_equal(plan->tests[1].given.items[1].at_minute, 10 * 60);
    assert_int_equal(plan->tests[2].break_for.amount, HR_HOUR_US);
    assert_int_equal(plan->tests[2].expect.items[0].severity, HR_SEVERITY_WORD_urgent);
    assert_int_equal(plan->tests[3].given.items[0].value_count, 1);
    assert_int_equal(plan->tests[3].given.items[0].values[0].value.size, 0);
    assert_int_equal(plan->tests[3].expect.items[0].times, 0);
    assert_int_equal(b2b.plan->tests[3].expect.items[2].tool,
                     hr_plan_tool(b2b.plan, HR_TEXT("enrichment")));
}

static void events_are_known_whoever_sends_or_emits_them(void **state)
{
    (void)state;
    const struct hr_plan *plan = b2b.plan;
    size_t seen = 0;
    for (size_t i = 0; i < plan->event_name_count; i++) {
        if (hr_text_equal(plan->event_names[i].name, HR_TEXT("lead.routed"))) {
            assert_true(plan->event_names[i].emitted && !plan->event_names[i].sent);
            seen++;
        }
        if (hr_text_equal(plan->event_names[i].name, HR_TEXT("lead.created"))) {
            assert_true(plan->event_names[i].sent && !plan->event_names[i].emitted);
            seen++;
        }
    }
    assert_int_equal(seen, 2);
    assert_int_equal(plan->paths[0].starts_with >= 0, 1);
    assert_int_equal(plan->paths[0].review.amount, 30 * HR_DAY_US);
}

/* ---- forms ------------------------------------------------------------------------------------- */

/* The shop with one line of stale_owner_check changed: the codes that are found. */
static size_t count_code(const char *file, const char *from, const char *to, enum hr_code code)
{
    struct folder folder;
    size_t count = 0;
    folder_b2b(&folder);
    for (size_t i = 0; i < folder.count; i++) {
        if (!hr_text_equal(folder.files[i].path, hr_text_from(file))) {
            continue;
        }
        struct hr_text bytes = folder.files[i].bytes;
        size_t at = hr_text_search(bytes, hr_text_from(from));
        if (at == bytes.size) {
            fail_msg("%s has no `%s`", file, from);
        }
        struct hr_text rest = hr_text_slice(bytes, at + strlen(from), bytes.size);
        folder.files[i].bytes = hr_text_format(
            &folder.arena, "%.*s%s%.*s", HR_SHOW(hr_text_slice(bytes, 0, at)), to, HR_SHOW(rest));
    }
    folder_check(&folder);
    for (size_t i = 0; i < folder.found.count; i++) {
        count += folder.found.items[i].code == code;
    }
    if (code == HR_CODE_none && !hr_ok(folder.status)) {
        print_error("%.*s\n", HR_SHOW(folder_draw(&folder)));
        count = folder.found.error_count;
    }
    folder_close(&folder);
    return count;
}

static void triggers_have_many_forms(void **state)
{
    (void)state;
    static const char *const good[] = {
        "every day at 7:30",           "every weekday at 23:59",
        "every business day at 09:00", "every monday and thursday at 18:00",
        "every mon at 06:00",          "every month on day 31 at 00:00",
        "{cron: \"30 7 * * 1-5\"}",    "{recurrence: \"FREQ=MONTHLY;BYDAY=1MO\"}"};
    static const char *const bad[] = {"every day",
                                      "every day at noon",
                                      "every day at 24:30",
                                      "every month on day 32 at 00:00",
                                      "every monday and at 09:00",
                                      "every holiday at 09:00",
                                      "[every day at 07:30, every day at 08:30]",
                                      "[every day at 07:30, lead.created]",
                                      "{}",
                                      "{cron: \"0 7 * * *\", recurrence: \"FREQ=DAILY\"}"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(count_code("automations/stale_owner_check.yaml", "every day at 07:30",
                                    good[i], HR_CODE_none),
                         0);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(count_code("automations/stale_owner_check.yaml", "every day at 07:30",
                                    bad[i], HR_CODE_trigger_form),
                         1);
    }
    assert_int_equal(count_code("automations/stale_owner_check.yaml", "every day at 07:30",
                                "{cron: \"30 7 * *\"}", HR_CODE_schedule_form),
                     1);
}

static void shares_and_rates_have_one_form(void **state)
{
    (void)state;
    static const char *const shares[] = {"100.01%", "-1%", "%", "1.234%", "25", "1,5%", "999%"};
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        assert_int_equal(count_code("policies.yaml", "known: 99%", "known: 99%", HR_CODE_none), 0);
        char line[64];
        (void)snprintf(line, sizeof line, "known: \"%s\"", shares[i]);
        assert_int_equal(count_code("policies.yaml", "known: 99%", line, HR_CODE_share_form), 1);
    }
    static const char *const rates[] = {"5000",  "0 per day",       "-3 per day",
                                        "3 per", "3 per fortnight", "many per day"};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        assert_int_equal(count_code("policies.yaml", "5000 per day", rates[i], HR_CODE_rate_form),
                         1);
    }
    assert_int_equal(count_code("policies.yaml", "5000 per day", "3 per 2 weeks", HR_CODE_none), 0);
}

#define TABLE_HEAD(column, cell)                                                                   \
    "columns: [country, " column ", team, method]\n    rows:\n      - [US or CA, " cell            \
    ", us_sales, named_account]"

static void cells_of_numbers_are_ranges(void **state)
{
    (void)state;
    static const char *const good[] = {
        TABLE_HEAD("employees", "100"), TABLE_HEAD("employees", "100 or more"),
        TABLE_HEAD("employees", "under 100"), TABLE_HEAD("employees", "1 to 99"),
        TABLE_HEAD("employees", "empty")};
    static const char *const bad[] = {
        TABLE_HEAD("employees", "99 to 1"), TABLE_HEAD("employees", "more than 5"),
        TABLE_HEAD("employees", "big"), TABLE_HEAD("employees", "1 or 2"),
        TABLE_HEAD("employees", "under")};
    static const char head[] = TABLE_HEAD("segment", "enterprise");
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(count_code("tables.yaml", head, good[i], HR_CODE_none), 0);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(count_code("tables.yaml", head, bad[i], HR_CODE_cell_form), 1);
    }
}

static void a_consent_field_has_its_two_words(void **state)
{
    (void)state;
    assert_int_equal(count_code("automations/stale_owner_check.yaml", "known(contact.owner) &&",
                                "contact.consent_email == 'withdrawn' &&", HR_CODE_none),
                     0);
    assert_int_equal(count_code("automations/stale_owner_check.yaml", "known(contact.owner) &&",
                                "contact.consent_email == 'yes' &&",
                                HR_CODE_expression_unknown_value),
                     1);
}

static void names_are_seen_where_they_make_sense(void **state)
{
    (void)state;
    assert_int_equal(count_code("automations/route_lead.yaml", "skip: [person.away",
                                "skip: [event.message == 'x'", HR_CODE_name_out_of_place),
                     1);
    assert_int_equal(count_code("automations/route_lead.yaml", "set_by.owner == 'people'",
                                "person.away", HR_CODE_name_out_of_place),
                     1);
    assert_int_equal(count_code("automations/route_lead.yaml", "set_by.owner == 'people'",
                                "account.segment == 'small'", HR_CODE_none),
                     0);
    assert_int_equal(count_code("automations/route_lead.yaml", "set_by.owner == 'people'",
                                "set_by.owner == 'peeple'", HR_CODE_expression_unknown_value),
                     1);
    assert_int_equal(count_code("automations/route_lead.yaml", "set_by.owner == 'people'",
                                "changed(contact.owner)", HR_CODE_none),
                     0);
    assert_int_equal(count_code("automations/route_lead.yaml", "set_by.owner == 'people'",
                                "changed(set_by.owner)", HR_CODE_expression_types),
                     1);
    assert_int_equal(count_code("automations/route_lead.yaml", "set_by.owner == 'people'",
                                "changed(event.message)", HR_CODE_expression_types),
                     1);
    assert_int_equal(count_code("pipeline.yaml", "event.type == 'meeting.held'",
                                "trigger.type == 'meeting.held'", HR_CODE_name_out_of_place),
                     1);
}

/* A mapping is read without a clock: what needs one would fail on every message. */
static void a_mapping_knows_no_clock(void **state)
{
    static const struct {
        const char *written;
        size_t complaints;
    } examples[] = {
        {"message: string(now())", 1},
        {"message: \"business_time(now()) ? 'a' : 'b'\"", 1},
        {"message: \"business_time(timestamp(payload.at)) ? 'a' : 'b'\"", 1},
        {"message: \"within(timestamp(payload.at), '5 minutes') ? 'a' : 'b'\"", 1},
        {"message: \"within(timestamp(payload.a), timestamp(payload.b), '5m') ? 'a' : 'b'\"", 0},
        {"message: payload.data.message", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        size_t complaints = count_code("tools.yaml", "message: payload.data.message",
                                       examples[i].written, HR_CODE_name_out_of_place);
        if (complaints != examples[i].complaints) {
            fail_msg("%s: %zu complaints", examples[i].written, complaints);
        }
    }
}

/* Every line of the other example left out. */
static void any_line_may_be_missing(void **state)
{
    (void)state;
    for (size_t file = 0; file < b2b.count; file++) {
        struct hr_text text = b2b.files[file].bytes;
        for (size_t at = 0; at < text.size;) {
            size_t line = hr_text_find(hr_text_slice(text, at, text.size), '\n') + 1;
            struct folder folder;
            folder_init(&folder);
            for (size_t i = 0; i < b2b.count; i++) {
                folder.files[folder.count++] = b2b.files[i];
            }
            folder.files[file].bytes =
                hr_text_format(&folder.arena, "%.*s%.*s", HR_SHOW(hr_text_slice(text, 0, at)),
                               HR_SHOW(hr_text_slice(text, at + line, text.size)));
            folder_check(&folder);
            assert_true(hr_ok(folder.status) == (folder.found.error_count == 0));
            assert_true(hr_ok(folder.status) || folder_draw(&folder).size > 0);
            folder_close(&folder);
            at += line;
        }
    }
}

static struct hr_text no_zone(void *context, struct hr_text name)
{
    (void)context;
    (void)name;
    return HR_TEXT_NONE;
}

static void every_refusal_of_memory_is_an_answer(void **state)
{
    (void)state;
    struct folder folder = b2b;
    folder.files[0].bytes =
        HR_TEXT("version: 1\nworkspace: northwind_sales\ntimezone: UTC\n"
                "people: {ana: {name: A, email: a@example.com, role: admin}, "
                "ben: {name: B, email: b@example.com, role: builder}, "
                "cho: {name: C, role: seller}, dev: {name: D, role: seller}, "
                "eva: {name: E, role: seller}}\n"
                "teams: {revops: [ana, ben], us_sales: [cho, dev], "
                "eu_sales: [eva], sales: [cho]}\n"
                "business_hours: {days: [mon], from: \"08:00\", to: \"09:00\"}\n");
    bool passed = false;
    for (size_t budget = 4096; !passed; budget += 4096) {
        struct hr_arena into;
        struct hr_arena speech;
        struct hr_diagnostics found;
        struct hr_plan *plan = NULL;
        hr_arena_init(&into, budget);
        hr_arena_init(&speech, 1 << 20);
        hr_diagnostics_init(&found, &speech);
        hr_status status =
            hr_workspace_check(&into, folder.files, folder.count, no_zone, NULL, &found, &plan);
        passed = hr_ok(status);
        assert_true(passed || status.code == HR_E_MEMORY);
        hr_plan_release(plan);
        hr_arena_close(&into);
        hr_arena_close(&speech);
        assert_true(budget < (8 << 20));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(warnings_are_only_for_what_is_not_available_yet),
        cmocka_unit_test(a_contract_says_what_its_lines_say),
        cmocka_unit_test(records_are_linked),
        cmocka_unit_test(stages_stand_in_order_with_their_evidence),
        cmocka_unit_test(an_automation_has_all_its_elements),
        cmocka_unit_test(a_schedule_is_read_from_words),
        cmocka_unit_test(steps_are_numbered_as_they_are_read),
        cmocka_unit_test(a_call_names_the_action_and_its_inputs),
        cmocka_unit_test(values_by_rows_and_people_by_table),
        cmocka_unit_test(a_table_has_conditions_and_results),
        cmocka_unit_test(messages_come_from_files_and_from_yaml),
        cmocka_unit_test(policies_hold_over_everything),
        cmocka_unit_test(policies_of_any_kind_are_told_not_to_be_in_force),
        cmocka_unit_test(tests_are_read_line_by_line),
        cmocka_unit_test(events_are_known_whoever_sends_or_emits_them),
        cmocka_unit_test(triggers_have_many_forms),
        cmocka_unit_test(shares_and_rates_have_one_form),
        cmocka_unit_test(cells_of_numbers_are_ranges),
        cmocka_unit_test(a_consent_field_has_its_two_words),
        cmocka_unit_test(names_are_seen_where_they_make_sense),
        cmocka_unit_test(a_mapping_knows_no_clock),
        cmocka_unit_test(any_line_may_be_missing),
        cmocka_unit_test(every_refusal_of_memory_is_an_answer),
    };
    return cmocka_run_group_tests(tests, open_examples, close_examples);
}
