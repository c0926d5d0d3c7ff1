/* Who is right about a field. Six words of three tools, in each of the 720 orders in which they can arrive: each rule
 * says the same value every time, and the value that it promises. */
/* links: server */
#include "scenario/orders.h"

#define WHO "ada@example.com"
#define SAID(tool, minute, id, value, consent)                                                     \
    {                                                                                              \
        tool, "{\"type\":\"said\",\"id\":\"" id "\",\"at\":\"2026-11-23T10:" minute                \
              ":00Z\",\"email\":\"" WHO "\",\"v\":\"" value "\"" consent "}"                       \
    }
#define YES    ",\"consent\":\"given\",\"form_version\":\"7\""
#define NO     ",\"consent\":\"withdrawn\""
#define HEARD  ",\"consent\":\"given\"" /* without what proves it */
#define SILENT ""

struct holds {
    const char *field;
    const char *value; /* NULL: nothing */
};
struct case_of {
    struct orders_told told;
    struct holds holds[8];
};

static const struct case_of cases[] = {
    {{"the source speaks late, and of an early moment",
      {SAID("form", "00", "1", "form", SILENT), SAID("sheet", "10", "2", "sheet", SILENT),
       SAID("crm", "05", "3", "crm", SILENT), SAID("form", "20", "4", "form again", SILENT),
       SAID("sheet", "30", "5", "sheet again", SILENT),
       SAID("crm", "06", "6", "crm again", SILENT)}},
     {{"new", "sheet again"},
      {"first", "form"},
      {"never", "form"},
      {"source", "crm again"},
      {"people", "sheet again"},
      {"asked", "form again"},
      {"consent", NULL}}},
    {{"two speak first at one moment",
      {SAID("form", "00", "1", "a", YES), SAID("sheet", "00", "2", "b", NO),
       SAID("form", "01", "3", "c", HEARD), SAID("sheet", "01", "4", "c", SILENT),
       SAID("sheet", "02", "5", "d", SILENT), SAID("form", "02", "6", "d", SILENT)}},
     {{"new", "d"}, {"first", "a"}, {"never", "a"}, {"source", "d"}, {"consent", "withdrawn"}}},
    {{"a consent comes back only by a newer one with its proof",
      {SAID("form", "00", "1", "a", YES), SAID("crm", "10", "2", "a", NO),
       SAID("sheet", "20", "3", "a", HEARD), SAID("form", "05", "4", "a", YES),
       SAID("crm", "15", "5", "a", NO), SAID("form", "12", "6", "a", YES)}},
     {{"consent", "withdrawn"}, {"asked", "a"}}},
    {{"and then it counts",
      {SAID("form", "00", "1", "a", YES), SAID("crm", "10", "2", "a", NO),
       SAID("form", "30", "3", "a", YES), SAID("sheet", "40", "4", "b", HEARD),
       SAID("crm", "20", "5", "a", NO), SAID("sheet", "25", "6", "a", SILENT)}},
     {{"consent", "given"}, {"never", "a"}}},
};

static void open_contracts(struct folder *folder)
{
    folder_init(folder);
    folder_add_file(folder, "tests/scenario/contracts", "handrail.yaml");
    folder_check(folder);
    if (!hr_ok(folder->status)) {
        fail_msg("%.*s", HR_SHOW(folder_draw(folder)));
    }
}

static void assert_holds(const struct folder *folder, const struct hr_contact *contact,
                         const char *story, const struct holds *holds)
{
    int32_t field = hr_plan_field(folder->plan, hr_text_from(holds->field));
    assert_true(field >= 0);
    const struct hr_said *said = hr_contact_field(contact, folder->plan->fields[field].name_number);
    struct hr_text value = said == NULL ? HR_TEXT_NONE : hr_value_as_text(&said->value);
    if (!hr_text_equal(value, hr_text_from(holds->value == NULL ? "" : holds->value))) {
        fail_msg("%s: %s is \"%.*s\"", story, holds->field, HR_SHOW(value));
    }
}

static void every_rule_says_the_same_in_every_order(void **state)
{
    static const size_t in_order[MESSAGES_MAX] = {0, 1, 2, 3, 4, 5};
    struct folder folder;
    struct hr_arena arena;
    (void)state;
    open_contracts(&folder);
    hr_arena_init(&arena, 4 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct hr_contact *contact = orders_run(&folder, &arena, &cases[i].told, in_order);
        for (size_t k = 0; k < 8 && cases[i].holds[k].field != NULL; k++) {
            assert_holds(&folder, contact, cases[i].told.story, &cases[i].holds[k]);
        }
        orders_all_end_the_same(&folder, &cases[i].told, NULL);
    }
    hr_arena_close(&arena);
    folder_close(&folder);
}

/* Words that nobody thought up: few tools, moments and values, so that they meet often. */
static void make_up(uint32_t seed, char raw[MESSAGES_MAX][256], struct orders_told *ret_told)
{
    static const char *const tools[] = {"crm", "form", "sheet"};
    static const char *const consents[] = {YES, NO, HEARD, SILENT};
    *ret_told = (struct orders_told){.story = "made up"};
    for (size_t i = 0; i < MESSAGES_MAX; i++) {
        uint32_t drawn = (seed * MESSAGES_MAX + (uint32_t)i) * UINT32_C(2654435761);
        drawn ^= drawn >> 15;
        (void)snprintf(raw[i], sizeof raw[i],
                       "{\"type\":\"said\",\"id\":\"%zu\",\"at\":\"2026-11-23T10:0%u:00Z\","
                       "\"email\":\"" WHO "\",\"v\":\"%c\"%s}",
                       i, drawn / 3 % 5, (char)('a' + drawn / 16 % 3), consents[drawn / 64 % 4]);
        ret_told->said[i] = (struct orders_said){tools[drawn % 3], raw[i]};
    }
}

static void so_it_is_with_words_that_nobody_thought_up(void **state)
{
    enum { SEEDS = 20 };
    struct folder folder;
    (void)state;
    open_contracts(&folder);
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        char raw[MESSAGES_MAX][256];
        struct orders_told told;
        make_up(seed, raw, &told);
        orders_all_end_the_same(&folder, &told, NULL);
    }
    folder_close(&folder);
}

/* How many words of a field stand beside its value for a reason, with somebody asked or not. */
static size_t beside(const struct folder *folder, const struct hr_contact *contact,
                     const char *field, enum hr_beside why, bool asked)
{
    size_t count = 0;
    int32_t index = hr_plan_field(folder->plan, hr_text_from(field));
    for (size_t i = 0; i < contact->observed_count; i++) {
        const struct hr_observed *observed = &contact->observed[i];
        count += observed->said.field == folder->plan->fields[index].name_number &&
                 observed->beside == (uint8_t)why && (observed->issue != 0) == asked;
    }
    return count;
}

static void what_does_not_hold_is_kept_beside_it(void **state)
{
    static const size_t in_order[MESSAGES_MAX] = {0, 1, 2, 3, 4, 5};
    struct folder folder;
    struct hr_arena arena;
    (void)state;
    open_contracts(&folder);
    hr_arena_init(&arena, 4 << 20);
    const struct hr_contact *contact = orders_run(&folder, &arena, &cases[0].told, in_order);
    /* a rule decides: noted, and nobody is bothered */
    assert_int_equal(beside(&folder, contact, "first", HR_BESIDE_by_rule, false), 3);
    assert_int_equal(beside(&folder, contact, "source", HR_BESIDE_by_rule, false), 2);
    /* the contract wants to know: each writer that disagrees is one question */
    assert_int_equal(beside(&folder, contact, "never", HR_BESIDE_conflict, true), 3);
    assert_int_equal(beside(&folder, contact, "asked", HR_BESIDE_conflict, true), 2);
    contact = orders_run(&folder, &arena, &cases[3].told, in_order);
    assert_int_equal(beside(&folder, contact, "consent", HR_BESIDE_unproven, true), 0);
    hr_arena_close(&arena);
    folder_close(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_says_the_same_in_every_order),
        cmocka_unit_test(so_it_is_with_words_that_nobody_thought_up),
        cmocka_unit_test(what_does_not_hold_is_kept_beside_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
