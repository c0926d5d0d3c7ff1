/* Decision tables: the first row that holds, for fields of every type that a cell can speak of. */
/* links: engine workspace */
#include "engine/decide.h"
#include "unit/workspace_folder.h"

static const char table_files[] =
    "version: 1\n"
    "workspace: desk\n"
    "timezone: UTC\n"
    "people: {ana: {name: Ana Ruiz, email: ana@desk.example.com, role: admin}}\n"
    "teams: {sales: [ana]}\n"
    "contacts:\n"
    "  match_on: [email]\n"
    "  owner: ana\n"
    "  fields:\n"
    "    email: {type: email}\n"
    "    company: {type: domain}\n"
    "    plan: {type: choice, values: [small, big]}\n"
    "    trial: {type: boolean}\n"
    "    seats: {type: integer}\n"
    "    score: {type: number}\n"
    "    joined: {type: time}\n"
    "tables:\n"
    "  only:\n"
    "    owner: ana\n"
    "    columns: [%s, value]\n"
    "    rows:\n"
    "%s"
    "      - [any, rest]\n";

struct cell {
    const char *field;
    const char *written; /* in the table's first row */
    struct hr_value seen;
    bool holds;
};

static int32_t wanted;
static struct hr_value answer;

static bool one_field(void *context, size_t name, int32_t field, struct hr_text text,
                      struct hr_value *ret_value)
{
    (void)context;
    (void)text;
    *ret_value = answer;
    return name == HR_SCOPE_contact && field == wanted;
}

static void open_table(struct folder *folder, const char *field, const char *rows)
{
    folder_init(folder);
    folder_add_split(folder, hr_text_format(&folder->arena, table_files, field, rows));
    folder_check(folder);
    if (!hr_ok(folder->status)) {
        fail_msg("%.*s", HR_SHOW(folder_draw(folder)));
    }
    wanted = hr_plan_field(folder->plan, hr_text_from(field));
}

static int32_t decide(struct folder *folder, struct hr_value seen)
{
    const struct hr_expr_view view = {.field_of = one_field};
    struct hr_decision decision;
    answer = seen;
    assert_true(hr_ok(
        hr_table_decide(folder->plan, &folder->plan->tables[0], &view, &folder->arena, &decision)));
    assert_true(hr_value_equal(&decision.seen[0], &seen));
    assert_int_equal(decision.team, HR_NONE_INDEX);
    assert_int_equal(decision.person, HR_NONE_INDEX);
    if (decision.row >= 0) {
        struct hr_text value = *decision.value;
        bool last = decision.row + 1 == (int32_t)folder->plan->tables[0].row_count;
        assert_true(hr_text_equal(value, last ? HR_TEXT("rest") : HR_TEXT("hit")));
    }
    return decision.row;
}

static void check_cells(const struct cell *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct folder folder;
        char row[128];
        (void)snprintf(row, sizeof row, "      - [%s, hit]\n", cells[i].written);
        open_table(&folder, cells[i].field, row);
        if (decide(&folder, cells[i].seen) != (cells[i].holds ? 0 : 1)) {
            fail_msg("%s: %s should %shold for %.*s", cells[i].field, cells[i].written,
                     cells[i].holds ? "" : "not ",
                     HR_SHOW(hr_value_show(&folder.arena, &cells[i].seen)));
        }
        folder_close(&folder);
    }
}

static struct hr_value text(const char *written)
{
    return hr_value_text(hr_text_from(written));
}

static struct hr_value instant(const char *written)
{
    hr_instant at = HR_INSTANT_NONE;
    assert_true(hr_instant_read(hr_text_from(written), &at));
    return hr_value_time(at);
}

static void words_are_those_of_the_field(void **state)
{
    (void)state;
    const struct cell cells[] = {
        {"plan", "small or big", text("big"), true},
        {"plan", "small", text("big"), false},
        {"plan", "small", hr_value_null(), false},
        {"plan", "empty", hr_value_null(), true},
        {"plan", "empty", text("big"), false},
        {"plan", "any", hr_value_null(), true},
        {"company", "Acme.example.com", text("acme.example.com"), true},
        {"company", "acme.example.com", text("other.example.com"), false},
        {"trial", "\"yes\"", hr_value_bool(true), true},
        {"trial", "\"no\"", hr_value_bool(true), false},
        {"trial", "\"false\"", hr_value_bool(false), true},
        {"trial", "empty", hr_value_bool(false), false},
        {"joined", "\"2026-11-22T10:00:00Z\"", instant("2026-11-22T11:00:00+01:00"), true},
        {"joined", "\"2026-11-22T10:00:00Z\"", instant("2026-11-22T10:00:01Z"), false},
    };
    check_cells(cells, sizeof cells / sizeof cells[0]);
}

static void ranges_hold_at_their_ends_and_not_beyond(void **state)
{
    (void)state;
    const struct cell cells[] = {
        {"seats", "100 to 999", hr_value_int(100), true},
        {"seats", "100 to 999", hr_value_int(999), true},
        {"seats", "100 to 999", hr_value_int(99), false},
        {"seats", "100 to 999", hr_value_int(1000), false},
        {"seats", "under 100", hr_value_int(99), true},
        {"seats", "under 100", hr_value_int(100), false},
        {"seats", "100 or more", hr_value_int(INT64_MAX), true},
        {"seats", "100", hr_value_int(100), true},
        {"seats", "100", hr_value_int(101), false},
        {"seats", "100 or more", hr_value_null(), false},
        {"score", "99.9 or more", hr_value_double(99.9), true},
        {"score", "99.9 or more", hr_value_double(99.89999), false},
        {"score", "under 99.9", hr_value_double(99.9), false},
        {"score", "under 99.9", hr_value_double(99.899), true},
        {"score", "0.1 to 0.3", hr_value_double(0.1), true},
        {"score", "0.1 to 0.3", hr_value_double(0.3), true},
        {"score", "0.1 to 0.3", hr_value_double(0.30000001), false},
        {"score", "7", hr_value_int(7), true},
        {"score", "under 7", hr_value_int(6), true},
        {"score", "-0.5 or more", hr_value_double(-0.5), true},
        {"score", "-0.5 or more", hr_value_double(-0.6), false},
    };
    check_cells(cells, sizeof cells / sizeof cells[0]);
}

static void the_first_row_that_holds_decides(void **state)
{
    (void)state;
    struct folder folder;
    open_table(&folder, "seats", "      - [1 to 9, hit]\n      - [5 to 20, hit]\n");
    assert_int_equal(decide(&folder, hr_value_int(5)), 0);
    assert_int_equal(decide(&folder, hr_value_int(10)), 1);
    assert_int_equal(decide(&folder, hr_value_int(21)), 2);
    assert_int_equal(decide(&folder, hr_value_null()), 2);
    folder_close(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_those_of_the_field),
        cmocka_unit_test(ranges_hold_at_their_ends_and_not_beyond),
        cmocka_unit_test(the_first_row_that_holds_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
