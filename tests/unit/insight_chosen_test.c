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
    const struct hr_schedule schedule = {.kind = HR_SCHEDULE_days, .weekdays = 0x7F, .minute = 450};
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
    expect_missed(
        HR_IF_MISSED_run_once, "2026-11-20T06:30:00Z", "2026-11-23T10:00:00Z",
        "3 times were missed, from 21 Nov 07:30:00 to 07:30:00; run once, for the last of "
        "them");
    expect_missed(HR_IF_MISSED_run_once, "2026-11-20T06:30:00Z", "2026-11-23T06:30:10Z",
                  "2 times were missed, from 21 Nov 07:30:00 to 22 Nov 07:30:00; the one on time "
                  "stands for them");
    expect_missed(HR_IF_MISSED_skip, "2026-11-20T06:30:00Z", "2026-11-23T10:00:00Z",
                  "3 times were missed, from 21 Nov 07:30:00 to 07:30:00; not run");
    expect_missed(HR_IF_MISSED_run_all, "2026-11-20T06:30:00Z", "2026-11-23T10:00:00Z",
                  "3 times were missed, from 21 Nov 07:30:00 to 07:30:00; each is run");
    expect_missed(
        HR_IF_MISSED_run_all, "2025-10-19T05:30:00Z", "2026-11-23T10:00:00Z",
        "400 times were missed, from 20 Oct 2025 07:30:00 to 07:30:00; only the newest 366 "
        "of them are run");
    expect_missed(HR_IF_MISSED_skip, "2022-10-19T05:30:00Z", "2026-11-23T10:00:00Z",
                  "more than 1000 times were missed, from 20 Oct 2022 07:30:00 to 07:30:00; not "
                  "run");
}

static uint32_t number_of(void *context, struct hr_text name)
{
    (void)context;
    return (uint32_t)(hr_text_hash(name) % 1000000) + 1;
}

static void a_personal_value_is_told_only_where_the_contact_was_asked_about(void **state)
{
    (void)state;
    const struct hr_value seen[] = {hr_value_text(HR_TEXT("kim@example.com")), hr_value_null(),
                                    hr_value_null()};
    struct hr_decision decision = {
        .table = &folder.plan->tables[0], .row = 0, .seen = seen, .person = 0};
    const struct hr_assignment assignment = {
        .kind = HR_ASSIGNED_nobody, .person = -1, .team = -1, .decision = &decision};
    struct hr_value kept;
    hr_plan_bind(folder.plan, 1, number_of, NULL);
    assert_true(hr_ok(hr_assignment_keep(folder.plan, HR_RECORD_TYPE_contact, &assignment,
                                         &folder.arena, &kept)));
    expect_text(hr_say_assignment(&ask, &kept, false),
                "row 1 of table special (workspace.yaml:16): email is known (personal, not shown "
                "here), country is not known; nobody is left");
    decision.row = -1;
    assert_true(hr_ok(hr_assignment_keep(folder.plan, HR_RECORD_TYPE_contact, &assignment,
                                         &folder.arena, &kept)));
    expect_text(
        hr_say_assignment(&ask, &kept, true),
        "no row of table special (workspace.yaml:12): email is \"kim@example.com\", country "
        "is not known; nobody is left");
}

/* Three hundred sellers who are full: what is kept stays small, and says who got it. */
static void of_a_large_team_the_first_are_told_and_the_others_counted(void **state)
{
    (void)state;
    enum { MANY = 300 };
    struct hr_candidate *candidates = hr_arena_new_many(&folder.arena, struct hr_candidate, MANY);
    for (size_t i = 0; i < MANY; i++) {
        candidates[i] =
            (struct hr_candidate){.instead_of = -1,
                                  .choice = HR_CHOICE_turn,
                                  .verdict = i == 250 ? HR_VERDICT_chosen : HR_VERDICT_inactive};
    }
    const struct hr_assignment assignment = {
        .kind = HR_ASSIGNED_person, .team = -1, .candidates = candidates, .candidate_count = MANY};
    struct hr_value kept;
    assert_true(hr_ok(hr_assignment_keep(folder.plan, HR_RECORD_TYPE_contact, &assignment,
                                         &folder.arena, &kept)));
    struct hr_text said = hr_say_assignment(&ask, &kept, false);
    assert_true(
        hr_text_ends(said, HR_TEXT("Ana Ruiz: works here no more; Ana Ruiz: chosen, next in "
                                   "turn; and 280 others who did not get it")));
    assert_true(said.size < 1000);
}

/* A value that was kept by nobody: no words for it, and no harm. */
static void what_was_not_kept_so_is_left_out(void **state)
{
    (void)state;
    const struct hr_value odd[] = {hr_value_int(-1), hr_value_text(HR_TEXT("x")), hr_value_int(99),
                                   hr_value_null(), hr_value_int(7)};
    struct hr_value values[] = {hr_value_null(),
                                hr_value_int(3),
                                hr_value_text(HR_TEXT("x")),
                                {.kind = HR_KIND_list, .count = 5, .items = odd}};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        assert_true(
            hr_text_ends(hr_say_assignment(&ask, &values[i], true), HR_TEXT("nobody is left")));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missed_times_are_told_with_what_became_of_them),
        cmocka_unit_test(a_personal_value_is_told_only_where_the_contact_was_asked_about),
        cmocka_unit_test(of_a_large_team_the_first_are_told_and_the_others_counted),
        cmocka_unit_test(what_was_not_kept_so_is_left_out),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
