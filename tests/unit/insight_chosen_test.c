/* What the engine chose, in words: times that were missed, and rows of tables that see personal values. Assignments are
 * told in engine_assign_test.c. */
/* links: insight workspace */
#include "insight/chosen.h"

#include "unit/workspace_folder.h"

static const char files[] =
    "version: 1\n"
    "workspace: desk\n"
    "timezone: Europe/Berlin\n"
    "people: {ana: {name: Ana Ruiz, email: ana@desk.example.com, role: admin}}\n"
    "contacts:\n"
    "  match_on: [email]\n"
    "  owner: ana\n"
    "  fields:\n"
    "    email: {type: email, pii: personal}\n"
    "    country: {type: country}\n"
    "tables:\n"
    "  special:\n"
    "    owner: ana\n"
    "    columns: [email, country, person]\n"
    "    rows:\n"
    "      - [kim@example.com, any, ana]\n"
    "      - [any, any, ana]\n";

static struct folder folder;
static struct hr_lens lens;
static struct hr_ask ask;

static hr_instant at(const char *written)
{
    hr_instant instant = HR_INSTANT_NONE;
    assert_true(hr_instant_read(hr_text_from(written), &instant));
    return instant;
}

static int begin(void **state)
{
    (void)state;
    folder_init(&folder);
    folder_add_split(&folder, hr_text_from(files));
    folder_check(&folder);
    if (!hr_ok(folder.status)) {
        print_error("%.*s", HR_SHOW(folder_draw(&folder)));
        return 1;
    }
    lens = (struct hr_lens){.now = at("2026-11-23T10:00:00Z")};
    ask = (struct hr_ask){.lens = &lens, .plan = folder.plan, .into = &folder.arena};
    return 0;
}

static int end(void **state)
{
    (void)state;
    folder_close(&folder);
    return 0;
}

static void expect_text(struct hr_text said, const char *words)
{
    if (!hr_text_equal(said, hr_text_from(words))) {
        fail_msg("\n     %.*s\nnot  %s", HR_SHOW(said), words);
    }
}

/* Every day at 07:30 in Berlin, handled last on some day, looked at now. */
static void expect_missed(enum hr_if_missed if_missed, const char *handled, const char *now,
                          const char *words)
{
    const struct hr_schedule schedule = {
        .kind = HR_SCHEDULE_days, .weekdays = 0x7F, .minute = 450};
    const struct hr_timetable table = {&schedule, folder.plan->zone, &folder.plan->hours,
                                       at("2020-01-01T00:00:00Z")};
    struct hr_ticks ticks;
    lens.now = at(now);
    hr_timetable_look(&table, if_missed, at(handled), at(now), &ticks);
    expect_text(hr_say_missed(&ask, &ticks), words);
}

static void missed_times_are_told_with_what_became_of_them(void **state)
{
    (void)state;
    expect_missed(HR_IF_MISSED_run_once, "2026-11-22T06:30:00Z", "2026-11-23T06:30:10Z", "");
    expect_missed(HR_IF_MISSED_run_once, "2026-11-22T06:30:00Z", "2026-11-23T10:00:00Z",
                  "1 time was missed, 07:30:00; run once, for the last of them");
    expect_missed(HR_IF_MISSED_run_once, "2026-11-20T06:30:00Z", "2026-11-23T10:00:00Z",
                  "3 times were missed, from 21 Nov 07:30:00 to 07:30:00; run once, for the last of "
                  "them");
    expect_missed(HR_IF_MISSED_run_once, "2026-11-20T06:30:00Z", "2026-11-23T06:30:10Z",
                  "2 times were missed, from 21 Nov 07:30:00 to 22 Nov 07:30:00; the one on time "
                  "stands for them");
    expect_missed(HR_IF_MISSED_skip, "2026-11-20T06:30:00Z", "2026-11-23T10:00:00Z",
                  "3 times were missed, from 21 Nov 07:30:00 to 07:30:00; not run");
    expect_missed(HR_IF_MISSED_run_all, "2026-11-20T06:30:00Z", "2026-11-23T10:00:00Z",
                  "3 times were missed, from 21 Nov 07:30:00 to 07:30:00; each is run");
    expect_missed(HR_IF_MISSED_run_all, "2025-10-19T05:30:00Z", "2026-11-23T10:00:00Z",
                  "400 times were missed, from 20 Oct 2025 07:30:00 to 07:30:00; only the newest 366 "
                  "of them are run");
    expect_missed(HR_IF_MISSED_skip, "2022-10-19T05:30:00Z", "2026-11-23T10:00:00Z",
                  "more than 1000 times were missed, from 20 Oct 2022 07:30:00 to 07:30:00; not "
                  "run");
}

static void a_personal_value_is_told_only_where_the_contact_was_asked_about(void **state)
{
    (void)state;
    const struct hr_value seen[] = {hr_value_text(HR_TEXT("kim@example.com")), hr_value_null(),
                                    hr_value_null()};
    struct hr_decision decision = {
        .table = &folder.plan->tables[0], .row = 0, .seen = seen, .person = 0};
    expect_text(hr_say_decision(&ask, &decision, false),
                "row 1 of table special (workspace.yaml:16): email is known (personal, not shown "
                "here), country is not known");
    decision.row = 1;
    expect_text(hr_say_decision(&ask, &decision, true),
                "row 2 of table special (workspace.yaml:17): email is \"kim@example.com\", country "
                "is not known");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missed_times_are_told_with_what_became_of_them),
        cmocka_unit_test(a_personal_value_is_told_only_where_the_contact_was_asked_about),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
