/* What people are told about their issues: the newest of very many, and whether anybody heard of them. */
/* links: insight workspace */
#include "insight/issues.h"
#include "unit/insight_world.h"

enum { RESOLVED_LONG_AGO = HR_ISSUES_LOOKED_AT_MAX + 3, MADE_UP_ID = 1 << 30 };

/* One real issue of a world, told as the newest after many resolved ones. */
static struct {
    const struct hr_lens *real;
    struct hr_record workspace;
    struct hr_workspace_record counts;
    struct hr_record old;
    struct hr_issue resolved;
    uint64_t newest_id;
    struct hr_record newest;
    struct hr_issue open;
    uint64_t first_looked_at;
} busy;

static hr_status busy_record(void *context, uint64_t id, struct hr_arena *into,
                             struct hr_record **ret_record)
{
    if (id == HR_ID_WORKSPACE) {
        *ret_record = &busy.workspace;
        return hr_done();
    }
    if (id == busy.newest_id) {
        *ret_record = &busy.newest;
        return hr_done();
    }
    if (id > MADE_UP_ID && id <= MADE_UP_ID + RESOLVED_LONG_AGO) {
        busy.resolved.number = id - MADE_UP_ID;
        *ret_record = &busy.old;
        return hr_done();
    }
    return busy.real->record(context, id, into, ret_record);
}

static hr_status busy_scan(void *context, enum hr_space space, const struct hr_key *from,
                           size_t most, struct hr_arena *into, struct hr_key **ret_keys,
                           uint64_t **ret_values, size_t *ret_count)
{
    uint64_t zero = 0;
    uint64_t number = 0;
    if (space != HR_SPACE_number) {
        return busy.real->scan(context, space, from, most, into, ret_keys, ret_values, ret_count);
    }
    *ret_keys = hr_arena_new_many(into, struct hr_key, most);
    *ret_values = hr_arena_new_many(into, uint64_t, most);
    hr_key_unpair(from, &zero, &number);
    busy.first_looked_at = busy.first_looked_at == 0 ? number : busy.first_looked_at;
    for (*ret_count = 0; *ret_count < most && number <= RESOLVED_LONG_AGO + 1; number++) {
        (*ret_keys)[*ret_count] = hr_key_pair(0, number);
        (*ret_values)[(*ret_count)++] =
            number <= RESOLVED_LONG_AGO ? MADE_UP_ID + number : busy.newest_id;
    }
    return hr_done();
}

static struct hr_lens busy_lens(struct world *world)
{
    struct hr_lens lens = *world_lens(world);
    busy.real = &world->lens;
    busy.newest_id = world_issue(world, "H-2");
    const struct hr_record *workspace = hr_view_record(&world->view, HR_ID_WORKSPACE);
    const struct hr_record *issue = hr_view_record(&world->view, busy.newest_id);
    busy.workspace = *workspace;
    busy.counts = *workspace->workspace;
    busy.counts.issue_count = RESOLVED_LONG_AGO + 1;
    busy.workspace.workspace = &busy.counts;
    busy.old = *issue;
    busy.resolved = *issue->issue;
    busy.resolved.state = HR_ISSUE_resolved;
    busy.old.issue = &busy.resolved;
    busy.newest = *issue;
    busy.open = *issue->issue;
    busy.open.number = RESOLVED_LONG_AGO + 1;
    busy.newest.issue = &busy.open;
    busy.first_looked_at = 0;
    lens.record = busy_record;
    lens.scan = busy_scan;
    return lens;
}

/* A payment of this morning opens no course. */
static struct world *open_locked_out(enum hr_outcome alerts_end)
{
    struct world *world = world_open("2026-11-23T10:00:00Z");
    world->outcome = alerts_end;
    (void)world_hear(
        world, "checkout",
        "{'id':'evt_1','created':1795428000,'type':'checkout.session.completed','data':{'object':{"
        "'payment_status':'paid','payment_intent':'pay_1','amount_total':49000,"
        "'customer_details':{'email':'ada@example.com'}}}}");
    world_pass(world, "2026-11-23T10:08:00Z");
    return world;
}

static void after_twenty_thousand_issues_the_newest_open_one_is_still_listed(void **state)
{
    (void)state;
    struct world *world = open_locked_out(HR_OUTCOME_confirmed);
    struct hr_lens lens = busy_lens(world);
    struct hr_report report;
    assert_true(
        hr_ok(hr_issues_list(&lens, HR_ISSUES_open, 0, &world->answers, &world->found, &report)));
    assert_int_equal(busy.first_looked_at, 5); /* all but the oldest four */
    assert_says(report.text, "H-20004 urgent new: Payments are not opening the course");
    assert_says(report.text, "Only the newest 20000 issues were looked at: none up to H-4.");
    assert_says(world_json(world, &report.json), "\"cut\":true");
    world_close(world);
}

static void a_path_names_the_newest_open_issue_of_its_break(void **state)
{
    (void)state;
    struct world *world = open_locked_out(HR_OUTCOME_confirmed);
    struct hr_lens lens = busy_lens(world);
    struct hr_report report;
    assert_true(hr_ok(hr_path_show(&lens, HR_TEXT_NONE, &world->answers, &world->found, &report)));
    assert_says(report.text, "Issue H-20004.");
    world_close(world);
}

static void a_list_that_is_whole_does_not_say_that_it_was_cut(void **state)
{
    (void)state;
    struct world *world = open_locked_out(HR_OUTCOME_confirmed);
    struct hr_report report;
    assert_true(hr_ok(hr_issues_list(world_lens(world), HR_ISSUES_open, 0, &world->answers,
                                     &world->found, &report)));
    assert_silent(report.text, "looked at");
    assert_says(world_json(world, &report.json), "\"cut\":false");
    world_close(world);
}

static struct hr_text contact_page(struct world *world)
{
    struct hr_report report;
    assert_true(hr_ok(hr_contact_show(world_lens(world), HR_TEXT("ada@example.com"),
                                      &world->answers, &world->found, &report)));
    return report.text;
}

static struct hr_text why_page(struct world *world)
{
    struct hr_report report;
    assert_true(hr_ok(hr_why(world_lens(world), HR_TEXT("ada@example.com"),
                             HR_TEXT("course_access"), &world->answers, &world->found, &report)));
    return report.text;
}

/* The course stays locked, and what became of the mail about it is what the story says. */
static void nobody_is_said_to_be_told_by_a_mail_that_did_not_arrive(void **state)
{
    static const struct {
        enum hr_outcome outcome;
        const char *says;
        const char *adds;
    } cases[] = {
        {HR_OUTCOME_confirmed, "Priya Shah is told about H-", ""},
        {HR_OUTCOME_refused, "Priya Shah was not told about H-", ": the alert was refused"},
        {HR_OUTCOME_unknown, "nobody knows whether Priya Shah was told about H-", ""},
        {HR_OUTCOME_again, "Priya Shah is to be told about H-", ": no alert has arrived yet"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct world *world = open_locked_out(cases[i].outcome);
        assert_says(contact_page(world), cases[i].says);
        assert_says(contact_page(world), cases[i].adds);
        assert_says(why_page(world), cases[i].says);
        if (cases[i].outcome != HR_OUTCOME_confirmed) {
            assert_silent(contact_page(world), "Priya Shah is told");
        }
        world_close(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_twenty_thousand_issues_the_newest_open_one_is_still_listed),
        cmocka_unit_test(a_path_names_the_newest_open_issue_of_its_break),
        cmocka_unit_test(nobody_is_said_to_be_told_by_a_mail_that_did_not_arrive),
        cmocka_unit_test(a_list_that_is_whole_does_not_say_that_it_was_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
