/* Who gets a lead: stories of a sales desk, told by the words that explain each choice. The desk is a workspace that
 * `check` accepts; each story changes its step. */
/* links: engine insight workspace */
#include "engine/assign.h"
#include "insight/chosen.h"
#include "journal/journal.h"
#include "plan/aloud.h"
#include "unit/workspace_folder.h"

static const char desk_files[] =
    "version: 1\n"
    "workspace: desk\n"
    "timezone: Europe/Berlin\n"
    "people:\n"
    "  maya:\n"
    "    name: Maya Okafor\n"
    "    email: maya@desk.example.com\n"
    "    role: admin\n"
    "    away: [{from: 2026-12-21, to: 2027-01-01}, {from: 2027-01-02, to: 2027-01-03}]\n"
    "  dan: {name: Dan Lewis, email: dan@desk.example.com, role: seller, deputy: priya}\n"
    "  priya: {name: Priya Shah, email: priya@desk.example.com, role: seller, deputy: maya}\n"
    "  quin: {name: Quin Abe, email: quin@desk.example.com, role: seller, active: no}\n"
    "  rosa:\n"
    "    name: Rosa Diaz\n"
    "    email: rosa@desk.example.com\n"
    "    role: seller\n"
    "    deputy: dan\n"
    "    away: [{from: 2026-12-21, to: 2027-01-10}]\n"
    "  sam:\n"
    "    name: Sam Berg\n"
    "    email: sam@desk.example.com\n"
    "    role: seller\n"
    "    away: [{from: 2026-12-21, to: 2027-01-10}]\n"
    "teams:\n"
    "  sales: [maya, dan, quin, priya]\n"
    "  backup: [rosa, dan]\n"
    "  holiday: [sam, rosa]\n"
    "  beach: [sam]\n"
    "contacts:\n"
    "  match_on: [email]\n"
    "  owner: maya\n"
    "  links:\n"
    "    account: {to: accounts, back: contacts}\n"
    "  fields:\n"
    "    email: {type: email, pii: personal}\n"
    "    country: {type: country}\n"
    "    employees: {type: integer}\n"
    "    owner: {type: person}\n"
    "accounts:\n"
    "  match_on: [domain]\n"
    "  owner: maya\n"
    "  fields:\n"
    "    domain: {type: domain}\n"
    "tools:\n"
    "  form:\n"
    "    owner: maya\n"
    "    verify: {scheme: stripe, secret: form_secret}\n"
    "    map: {type: payload.type, id: payload.id, contact: {email: payload.email}}\n"
    "    events:\n"
    "      lead.created: {}\n"
    "tables:\n"
    "  places:\n"
    "    columns: [country, employees, team, method]\n"
    "    owner: maya\n"
    "    rows:\n"
    "      - [DE, 1000 or more, sales, named_account]\n"
    "      - [DE, any, sales, least_loaded]\n"
    "      - [US or CA, any, sales, round_robin]\n"
    "      - [any, any, backup, queue]\n"
    "  people:\n"
    "    columns: [country, person]\n"
    "    owner: maya\n"
    "    rows:\n"
    "      - [DE, rosa]\n"
    "      - [any, sam]\n"
    "automations:\n"
    "  route:\n"
    "    title: Give a lead an owner\n"
    "    goal: Every lead has an owner\n"
    "    avoids: Two sellers on one lead\n"
    "    owner: maya\n"
    "    failure_owner: dan\n"
    "    trigger: lead.created\n"
    "    reenter: never\n"
    "    left_out:\n"
    "      when: every lead is meant\n"
    "      wait: it is done at once\n"
    "      branch: all are alike\n"
    "      stop: nothing waits\n"
    "      task_owner: it makes no tasks\n"
    "      approval: nobody outside sees it\n"
    "      metric: it is not counted\n"
    "      systems: it touches no tool\n"
    "    steps:\n";

enum { MAYA, DAN, PRIYA, QUIN, ROSA, SAM, PEOPLE };
enum { SALES, BACKUP, HOLIDAY, BEACH, TEAMS };

enum { NAMES_MAX = 100 };

struct desk {
    struct folder folder;
    struct hr_text names[NAMES_MAX]; /* by number - 1 */
    uint32_t name_count;
    struct hr_expr_view view;
    uint32_t loads[PEOPLE];
    int32_t turns[TEAMS];
    struct hr_value country, employees;
    struct hr_assign_ask ask;
    struct hr_assignment got;
};

static bool desk_field(void *context, size_t name, int32_t field, struct hr_text text,
                       struct hr_value *ret_value)
{
    const struct desk *desk = context;
    const struct hr_plan *plan = desk->folder.plan;
    (void)text;
    if (name != HR_SCOPE_contact) {
        return false;
    }
    *ret_value = field == hr_plan_field(plan, HR_TEXT("country"))     ? desk->country
                 : field == hr_plan_field(plan, HR_TEXT("employees")) ? desk->employees
                                                                      : hr_value_null();
    return ret_value->kind != HR_KIND_null;
}

static hr_instant at(const char *written)
{
    hr_instant instant = HR_INSTANT_NONE;
    assert_true(hr_instant_read(hr_text_from(written), &instant));
    return instant;
}

/* Every name is a number by the order in which it came. */
static uint32_t number_of(void *context, struct hr_text name)
{
    struct desk *desk = context;
    for (uint32_t i = 0; i < desk->name_count; i++) {
        if (hr_text_equal(desk->names[i], name)) {
            return i + 1;
        }
    }
    assert_true(desk->name_count < NAMES_MAX);
    desk->names[desk->name_count++] = name;
    return desk->name_count;
}

/* A desk on a quiet day in November with this step. */
static void open_desk(struct desk *desk, const char *step)
{
    *desk = (struct desk){.country = hr_value_null(), .employees = hr_value_null()};
    folder_init(&desk->folder);
    struct hr_text text = hr_text_from(step);
    bool places = hr_text_search(text, HR_TEXT("from table places")) < text.size;
    bool people = hr_text_search(text, HR_TEXT("from table people")) < text.size;
    folder_add_split(&desk->folder,
                     hr_text_format(&desk->folder.arena, "%s      - %s\n    data: [owner%s%s]\n",
                                    desk_files, step, places || people ? ", country" : "",
                                    places ? ", employees" : ""));
    folder_check(&desk->folder);
    if (!hr_ok(desk->folder.status)) {
        fail_msg("%.*s", HR_SHOW(folder_draw(&desk->folder)));
    }
    hr_plan_bind(desk->folder.plan, 1, number_of, desk);
    desk->view = (struct hr_expr_view){.context = desk, .field_of = desk_field};
    for (size_t i = 0; i < TEAMS; i++) {
        desk->turns[i] = HR_NONE_INDEX;
    }
    desk->ask = (struct hr_assign_ask){
        .plan = desk->folder.plan,
        .assign = desk->folder.plan->automations[0].steps.items[0].assign,
        .view = &desk->view,
        .loads = desk->loads,
        .turns = desk->turns,
        .owner = HR_NONE_INDEX,
        .owner_team = HR_NONE_INDEX,
        .before = HR_NONE_INDEX,
        .account_owner = HR_NONE_INDEX,
        .now = at("2026-11-23T10:00:00Z"),
    };
}

/* The words, from what would be kept in the journal. */
static struct hr_text words_of(struct desk *desk)
{
    const struct hr_names names = {.words = desk->names, .count = desk->name_count};
    const struct hr_lens lens = {.now = desk->ask.now, .names = &names};
    const struct hr_ask ask = {.lens = &lens, .plan = desk->ask.plan, .into = &desk->folder.arena};
    struct hr_value kept = hr_value_null();
    assert_true(hr_ok(hr_assignment_keep(desk->ask.plan, HR_RECORD_TYPE_contact, &desk->got,
                                         &desk->folder.arena, &kept)));
    struct hr_buffer bytes;
    hr_buffer_init(&bytes, &desk->folder.arena, 1 << 20);
    hr_put_value(&bytes, &kept);
    struct hr_value again = hr_value_null();
    struct hr_reader reader = hr_reader_over(hr_buffer_text(&bytes));
    assert_true(hr_get_value(&reader, &desk->folder.arena, &again));
    assert_true(hr_value_equal(&kept, &again));
    return hr_say_assignment(&ask, &again, false);
}

/* Asks, keeps the turn, and compares the words. */
static void expect(struct desk *desk, const char *words)
{
    assert_true(hr_ok(hr_assign(&desk->ask, &desk->folder.arena, &desk->got)));
    if (desk->got.turn_team >= 0) {
        desk->turns[desk->got.turn_team] = desk->got.turn_person;
    }
    struct hr_text said = words_of(desk);
    if (!hr_text_equal(said, hr_text_from(words))) {
        fail_msg("\n     %.*s\nnot  %s", HR_SHOW(said), words);
    }
    for (size_t i = 0; i < desk->got.candidate_count; i++) {
        const struct hr_candidate *candidate = &desk->got.candidates[i];
        assert_true(candidate->verdict != HR_VERDICT_chosen || candidate->person != QUIN);
    }
}

static void expect_person(const struct desk *desk, int32_t person)
{
    assert_int_equal(desk->got.kind, HR_ASSIGNED_person);
    assert_int_equal(desk->got.person, person);
}

/* ---- in turn --------------------------------------------------------------------------------- */

static void after_the_last_comes_the_first_again_and_nobody_who_left(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, "assign: next in sales");
    expect(&desk, "Maya Okafor: chosen, next in turn");
    expect(&desk, "Dan Lewis: chosen, next in turn");
    expect(&desk, "Quin Abe: works here no more; Priya Shah: chosen, next in turn");
    expect(&desk, "Maya Okafor: chosen, next in turn");
    expect_person(&desk, MAYA);
    desk.turns[SALES] = ROSA; /* was in the team when it was her turn */
    expect(&desk, "Maya Okafor: chosen, next in turn");
    folder_close(&desk.folder);
}

static void who_is_away_or_full_is_passed_over_and_it_is_said_why(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, "{assign: next in sales, skip: [person.away, person.load > 25]}");
    desk.ask.now = at("2026-12-23T10:00:00Z");
    desk.loads[DAN] = 26;
    expect(&desk, "Maya Okafor: away until 3 January 2027; Dan Lewis: 26 open contacts, and passed "
                  "over where person load is above 25; Quin Abe: works here no more; Priya Shah: "
                  "chosen, next in turn");
    assert_int_equal(desk.got.candidates[0].verdict, HR_VERDICT_skipped);
    assert_int_equal(desk.got.candidates[0].back_at, at("2027-01-03T23:00:00Z"));
    assert_int_equal(desk.got.candidates[1].load, 26);
    assert_int_equal(desk.got.candidates[1].rule->place.line,
                     desk.got.candidates[0].rule->place.line);
    desk.ask.now = at("2027-01-03T23:00:00Z"); /* the first instant of her first day */
    expect(&desk, "Maya Okafor: chosen, next in turn");
    folder_close(&desk.folder);
}

static void everybody_is_at_capacity_and_it_goes_where_the_file_says(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, "{assign: next in sales, skip: [person.load >= 2], if_nobody: backup}");
    for (size_t i = 0; i < PEOPLE; i++) {
        desk.loads[i] = 2;
    }
    expect(
        &desk,
        "Maya Okafor: 2 open contacts, and passed over where person load is 2 or more; Dan "
        "Lewis: 2 open contacts, and passed over where person load is 2 or more; Quin Abe: works "
        "here no more; Priya Shah: 2 open contacts, and passed over where person load is 2 or "
        "more; Rosa Diaz: chosen, holds the queue until somebody takes it; it waits in the queue "
        "of team backup (if_nobody)");
    assert_int_equal(desk.got.kind, HR_ASSIGNED_queue);
    assert_int_equal(desk.got.team, BACKUP);
    assert_int_equal(desk.got.person, ROSA); /* no record is without an owner */
    assert_int_equal(desk.got.turn_team, HR_NONE_INDEX);
    folder_close(&desk.folder);
}

static void nobody_is_available_and_nobody_is_named_for_it(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, "{assign: next in sales, skip: [{any: [person.load > 1, person.role == "
                     "'seller']}, person.away]}");
    desk.ask.now = at("2026-12-23T10:00:00Z");
    assert_true(hr_ok(hr_assign(&desk.ask, &desk.folder.arena, &desk.got)));
    assert_int_equal(desk.got.kind, HR_ASSIGNED_nobody);
    assert_int_equal(desk.got.person, HR_NONE_INDEX);
    assert_int_equal(desk.got.candidate_count, 4);
    assert_true(hr_text_ends(words_of(&desk), HR_TEXT("; nobody is left")));
    folder_close(&desk.folder);
}

/* ---- absence --------------------------------------------------------------------------------- */

static void a_deputy_stands_in_and_the_turn_stays_that_of_who_is_away(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, "assign: next in backup");
    desk.ask.now = at("2026-12-23T10:00:00Z");
    expect(&desk, "Rosa Diaz: away until 10 January 2027; Dan Lewis: chosen, stands in for Rosa "
                  "Diaz");
    assert_int_equal(desk.got.turn_person, ROSA);
    expect(&desk, "Dan Lewis: chosen, next in turn");
    folder_close(&desk.folder);
}

static void a_person_is_named_who_is_away_and_nobody_stands_in(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, "assign: sam");
    expect(&desk, "Sam Berg: chosen, named");
    desk.ask.now = at("2026-12-23T10:00:00Z");
    expect(&desk, "Sam Berg: away until 10 January 2027 and nobody stands in; chosen all the same, "
                  "named");
    expect_person(&desk, SAM);
    folder_close(&desk.folder);
    open_desk(&desk, "{assign: sam, if_nobody: dan}");
    desk.ask.now = at("2026-12-23T10:00:00Z");
    expect(&desk, "Sam Berg: away until 10 January 2027; Dan Lewis: chosen, named (if_nobody)");
    expect_person(&desk, DAN);
    folder_close(&desk.folder);
    open_desk(&desk, "{assign: sam, skip: [person.away]}");
    desk.ask.now = at("2026-12-23T10:00:00Z");
    expect(&desk, "Sam Berg: away until 10 January 2027; nobody is left");
    folder_close(&desk.folder);
}

/* Priya's deputy is Maya, who is away as well and has none. */
static void a_line_of_deputies_ends(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, "{assign: rosa, skip: [person.load > 5], if_nobody: beach}");
    desk.ask.now = at("2026-12-23T10:00:00Z");
    desk.loads[DAN] = desk.loads[PRIYA] = 6;
    expect(
        &desk,
        "Rosa Diaz: away until 10 January 2027; Dan Lewis: 6 open contacts, and passed over "
        "where person load is above 5; Priya Shah: 6 open contacts, and passed over where person "
        "load is above 5; Maya Okafor: away until 3 January 2027; Sam Berg: away until 10 "
        "January 2027 and nobody stands in; chosen all the same, holds the queue until somebody "
        "takes it; it waits in the queue of team beach (if_nobody)");
    folder_close(&desk.folder);
}

static void a_whole_team_is_away_and_its_deputies_hold_the_queue(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, "assign: holiday");
    desk.ask.now = at("2026-12-23T10:00:00Z");
    expect(&desk, "Sam Berg: away until 10 January 2027; Rosa Diaz: away until 10 January 2027; "
                  "Dan Lewis: chosen, stands in for Rosa Diaz; it waits in the queue of team "
                  "holiday");
    assert_int_equal(desk.got.kind, HR_ASSIGNED_queue);
    assert_int_equal(desk.got.person, DAN);
    folder_close(&desk.folder);
}

/* ---- who had it before ----------------------------------------------------------------------- */

static void the_same_contact_returns_to_who_had_it(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, "{assign: next in sales, sticky: yes, skip: [person.load > 25]}");
    desk.ask.before = PRIYA;
    expect(&desk, "Priya Shah: chosen, had it before");
    assert_int_equal(desk.got.by, HR_ASSIGNED_BY_sticky);
    assert_int_equal(desk.got.turn_team, HR_NONE_INDEX); /* takes nobody's turn */
    desk.loads[PRIYA] = 26;
    expect(&desk, "Priya Shah: 26 open contacts, and passed over where person load is above 25; "
                  "Maya Okafor: chosen, next in turn");
    desk.ask.before = QUIN; /* a seller who left */
    expect(&desk, "Quin Abe: works here no more; Dan Lewis: chosen, next in turn");
    desk.ask.before = HR_NONE_INDEX;
    expect(&desk, "Quin Abe: works here no more; Priya Shah: 26 open contacts, and passed over "
                  "where person load is above 25; Maya Okafor: chosen, next in turn");
    folder_close(&desk.folder);
    open_desk(&desk, "assign: next in sales"); /* a step that does not ask for it */
    desk.ask.before = PRIYA;
    expect(&desk, "Maya Okafor: chosen, next in turn");
    folder_close(&desk.folder);
}

/* Who is away keeps their contact unless somebody stands in, or the file passes them over. */
static void who_had_it_before_is_away(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, "{assign: next in sales, sticky: yes}");
    desk.ask.now = at("2026-12-23T10:00:00Z");
    desk.ask.before = ROSA;
    expect(&desk, "Rosa Diaz: away until 10 January 2027; Dan Lewis: chosen, stands in for Rosa "
                  "Diaz");
    desk.ask.before = SAM;
    expect(&desk, "Sam Berg: away until 10 January 2027 and nobody stands in; chosen all the same, "
                  "had it before");
    struct hr_text aloud =
        hr_aloud_step(&desk.folder.arena, desk.ask.plan, &desk.ask.plan->automations[0],
                      &desk.ask.plan->automations[0].steps.items[0]);
    assert_true(hr_text_equal(
        aloud, HR_TEXT("give it to who had it before, else to the next person in team sales")));
    folder_close(&desk.folder);
}

/* ---- the next in the same team --------------------------------------------------------------- */

static void nobody_answered_so_the_next_of_the_same_team_gets_it_at_most_twice(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, "{assign: next in the same team, most_times: 2, then: backup}");
    desk.ask.owner = DAN;
    desk.turns[SALES] = DAN;
    expect(&desk,
           "Dan Lewis: has it now; Quin Abe: works here no more; Priya Shah: chosen, next in "
           "turn");
    desk.ask.times = 1;
    desk.ask.owner = PRIYA;
    expect(&desk, "Priya Shah: has it now; Maya Okafor: chosen, next in turn");
    desk.ask.times = 2;
    desk.ask.owner = MAYA;
    expect(&desk, "Rosa Diaz: chosen, holds the queue until somebody takes it; it waits in the "
                  "queue of team backup (most_times is reached)");
    desk.ask.times = 0;
    desk.ask.owner = DAN; /* is in two teams, and got it in the second */
    desk.ask.owner_team = BACKUP;
    expect(&desk, "Dan Lewis: has it now; Rosa Diaz: chosen, next in turn");
    desk.ask.now = at("2026-12-23T10:00:00Z"); /* her deputy is who has it: nobody new */
    expect(&desk, "Dan Lewis: has it now; Rosa Diaz: away until 10 January 2027; Priya Shah: "
                  "chosen, stands in for Rosa Diaz");
    desk.ask.owner = HR_NONE_INDEX;
    expect(&desk, "nobody is left");
    folder_close(&desk.folder);
    open_desk(&desk, "{assign: next in the same team, most_times: 1}");
    desk.ask.owner = DAN;
    desk.ask.times = 1;
    expect(&desk, "it stays where it is (most_times is reached)");
    assert_int_equal(desk.got.kind, HR_ASSIGNED_kept);
    folder_close(&desk.folder);
}

/* ---- by table -------------------------------------------------------------------------------- */

static void a_table_decides_and_says_by_which_row(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, "assign: from table places");
    desk.country = hr_value_text(HR_TEXT("CA"));
    expect(&desk, "row 3 of table places (workspace.yaml:58): country is \"CA\", employees is not "
                  "known; Maya Okafor: chosen, next in turn");
    desk.country = hr_value_text(HR_TEXT("DE"));
    desk.loads[MAYA] = 3;
    desk.loads[DAN] = 1;
    desk.loads[PRIYA] = 1;
    desk.turns[SALES] = DAN; /* of equals, whose turn it is */
    expect(&desk,
           "row 2 of table places (workspace.yaml:57): country is \"DE\", employees is not known; "
           "Quin Abe: works here no more; Priya Shah: chosen, the fewest, 1 open contact; Maya "
           "Okafor: not the fewest, 3 open contacts; Dan Lewis: not the fewest, 1 open contact");
    assert_int_equal(desk.turns[SALES], PRIYA);
    desk.employees = hr_value_int(1000);
    desk.ask.account_owner = ROSA;
    expect(&desk,
           "row 1 of table places (workspace.yaml:56): country is \"DE\", employees is 1000; "
           "Rosa Diaz: chosen, owns the account");
    desk.ask.account_owner = QUIN;
    expect(&desk,
           "row 1 of table places (workspace.yaml:56): country is \"DE\", employees is 1000; "
           "Quin Abe: works here no more; Maya Okafor: chosen, next in turn");
    desk.country = hr_value_text(HR_TEXT("NL"));
    expect(&desk,
           "row 4 of table places (workspace.yaml:59): country is \"NL\", employees is 1000; "
           "Rosa Diaz: chosen, holds the queue until somebody takes it; it waits in the "
           "queue of team backup");
    folder_close(&desk.folder);
}

static void a_table_may_name_one_person(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, "{assign: from table people, skip: [person.load > 5], if_nobody: maya}");
    desk.country = hr_value_text(HR_TEXT("DE"));
    expect(&desk,
           "row 1 of table people (workspace.yaml:64): country is \"DE\"; Rosa Diaz: chosen, "
           "named");
    desk.loads[ROSA] = 9;
    expect(&desk, "row 1 of table people (workspace.yaml:64): country is \"DE\"; Rosa Diaz: 9 open "
                  "contacts, and passed over where person load is above 5; Maya Okafor: chosen, "
                  "named (if_nobody)");
    folder_close(&desk.folder);
}

/* ---- what always holds ----------------------------------------------------------------------- */

static uint64_t seed;

static uint64_t random_below(uint64_t limit)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % limit;
}

static void check_answer(const struct desk *desk, const struct hr_assignment *got)
{
    size_t chosen = 0;
    for (size_t i = 0; i < got->candidate_count; i++) {
        const struct hr_candidate *candidate = &got->candidates[i];
        chosen += candidate->verdict == HR_VERDICT_chosen;
        assert_true((candidate->verdict == HR_VERDICT_skipped) == (candidate->rule != NULL));
        assert_true((candidate->choice == HR_CHOICE_deputy) == (candidate->instead_of >= 0));
    }
    bool gets = got->kind == HR_ASSIGNED_person || got->kind == HR_ASSIGNED_queue;
    assert_int_equal(chosen, gets ? 1 : 0);
    assert_int_equal(got->person >= 0, gets);
    assert_true(!gets || !desk->ask.plan->people[got->person].inactive);
    assert_true(got->candidate_count <= (size_t)4 * PEOPLE);
}

/* Whatever is asked: one is chosen or nobody, never one who left, and twice the same. */
static void whatever_is_asked_nobody_who_left_gets_anything(void **state)
{
    (void)state;
    static const char *const steps[] = {
        "{assign: next in sales, sticky: yes, skip: [person.away, person.load > 4]}",
        "{assign: from table places, sticky: yes, most_times: 3, then: holiday}",
        "{assign: from table people, skip: [person.away], if_nobody: beach}",
        "{assign: next in the same team, skip: [{none: [person.load < 4]}], if_nobody: sam}",
        "{assign: rosa, skip: [person.load > 4]}",
        "{assign: holiday, sticky: yes}",
    };
    const char *const countries[] = {"DE", "US", "NL"};
    seed = 2463534242;
    for (size_t step = 0; step < sizeof steps / sizeof steps[0]; step++) {
        struct desk desk;
        open_desk(&desk, steps[step]);
        for (int round = 0; round < 2000; round++) {
            for (size_t i = 0; i < PEOPLE; i++) {
                desk.loads[i] = (uint32_t)random_below(8);
            }
            for (size_t i = 0; i < TEAMS; i++) {
                desk.turns[i] = (int32_t)random_below(PEOPLE + 1) - 1;
            }
            desk.ask.owner = (int32_t)random_below(PEOPLE + 1) - 1;
            desk.ask.owner_team = (int32_t)random_below(TEAMS + 1) - 1;
            desk.ask.before = (int32_t)random_below(PEOPLE + 1) - 1;
            desk.ask.account_owner = (int32_t)random_below(PEOPLE + 1) - 1;
            desk.ask.times = (uint32_t)random_below(5);
            desk.country = hr_value_text(hr_text_from(countries[random_below(3)]));
            desk.employees = hr_value_int((int64_t)random_below(2000));
            desk.ask.now = at("2026-12-15T12:00:00Z") + (int64_t)random_below(40) * HR_DAY_US;
            struct hr_arena_mark mark = hr_arena_mark(&desk.folder.arena);
            struct hr_assignment again;
            assert_true(hr_ok(hr_assign(&desk.ask, &desk.folder.arena, &desk.got)));
            assert_true(hr_ok(hr_assign(&desk.ask, &desk.folder.arena, &again)));
            check_answer(&desk, &desk.got);
            assert_int_equal(desk.got.candidate_count, again.candidate_count);
            assert_int_equal(desk.got.person, again.person);
            assert_int_equal(desk.got.turn_person, again.turn_person);
            assert_true(words_of(&desk).size > 0);
            hr_arena_rewind(&desk.folder.arena, mark);
        }
        folder_close(&desk.folder);
    }
}

/* Memory that is refused is said, whenever it is. */
static void memory_that_is_refused_is_said(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, "{assign: from table places, skip: [person.load > 4], if_nobody: backup}");
    desk.country = hr_value_text(HR_TEXT("DE"));
    bool done = false;
    uint32_t refused = 0;
    for (size_t budget = 0; !done; budget += 64) {
        struct hr_arena small;
        struct hr_assignment got;
        hr_arena_init(&small, budget);
        struct hr_value kept;
        hr_status status = hr_assign(&desk.ask, &small, &got);
        status = hr_ok(status) ? hr_assignment_keep(desk.ask.plan, HR_RECORD_TYPE_contact, &got,
                                                    &small, &kept)
                               : status;
        done = hr_ok(status);
        assert_true(done || status.code == HR_E_MEMORY);
        refused += !done;
        hr_arena_close(&small);
    }
    assert_true(refused > 0);
    folder_close(&desk.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_the_last_comes_the_first_again_and_nobody_who_left),
        cmocka_unit_test(who_is_away_or_full_is_passed_over_and_it_is_said_why),
        cmocka_unit_test(everybody_is_at_capacity_and_it_goes_where_the_file_says),
        cmocka_unit_test(nobody_is_available_and_nobody_is_named_for_it),
        cmocka_unit_test(a_deputy_stands_in_and_the_turn_stays_that_of_who_is_away),
        cmocka_unit_test(a_person_is_named_who_is_away_and_nobody_stands_in),
        cmocka_unit_test(a_line_of_deputies_ends),
        cmocka_unit_test(a_whole_team_is_away_and_its_deputies_hold_the_queue),
        cmocka_unit_test(the_same_contact_returns_to_who_had_it),
        cmocka_unit_test(who_had_it_before_is_away),
        cmocka_unit_test(nobody_answered_so_the_next_of_the_same_team_gets_it_at_most_twice),
        cmocka_unit_test(a_table_decides_and_says_by_which_row),
        cmocka_unit_test(a_table_may_name_one_person),
        cmocka_unit_test(whatever_is_asked_nobody_who_left_gets_anything),
        cmocka_unit_test(memory_that_is_refused_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
