/* What a contact's row is written as is what is read back, whatever is strange about it. */
#include "data/time.h"
#include "state/state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1795345933631321)

static struct hr_arena arena;

static int open_arena(void **state)
{
    (void)state;
    hr_arena_init(&arena, 16 << 20);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    hr_arena_close(&arena);
    return 0;
}

static struct hr_record *new_contact(hr_instant created_at)
{
    struct hr_record *record = hr_record_make(&arena, HR_RECORD_FIRST, HR_RECORD_contact);
    assert_non_null(record);
    record->last_position = 1000;
    record->contact->created_at = created_at;
    return record;
}

static size_t size_of(const struct hr_record *record)
{
    struct hr_buffer row;
    size_t folded = 0;
    hr_buffer_init(&row, &arena, 1 << 20);
    hr_record_write(&row, record, &folded);
    assert_true(hr_ok(hr_buffer_status(&row)));
    return row.size;
}

static struct hr_record *read_back(const struct hr_record *record)
{
    struct hr_record *back = NULL;
    struct hr_buffer row;
    size_t folded = 0;
    hr_buffer_init(&row, &arena, 1 << 20);
    hr_record_write(&row, record, &folded);
    assert_true(hr_ok(hr_record_read(record->id, hr_buffer_text(&row), &arena, &back)));
    return back;
}

static void assert_same_said(const struct hr_said *a, const struct hr_said *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(a[i].field, b[i].field);
        assert_int_equal(a[i].writer, b[i].writer);
        assert_int_equal(a[i].at, b[i].at);
        assert_int_equal(a[i].position, b[i].position);
        assert_int_equal(hr_value_order(&arena, &a[i].value, &b[i].value), 0);
    }
}

static void assert_same_instance(const struct hr_instance *a, const struct hr_instance *b)
{
    assert_int_equal(a->handoff, b->handoff);
    assert_true(hr_key_equal(&a->key, &b->key));
    assert_true(hr_text_equal(a->key_shown, b->key_shown));
    assert_int_equal(a->stand, b->stand);
    assert_int_equal(a->incorrect, b->incorrect);
    assert_int_equal(a->mark, b->mark);
    assert_int_equal(a->marked_by, b->marked_by);
    assert_int_equal(a->marked_at, b->marked_at);
    assert_int_equal(a->marked_until, b->marked_until);
    assert_int_equal(a->opened_at, b->opened_at);
    assert_int_equal(a->opened_by, b->opened_by);
    assert_int_equal(a->late_at, b->late_at);
    assert_int_equal(a->fail_at, b->fail_at);
    assert_int_equal(a->judged_at, b->judged_at);
    assert_int_equal(a->judged_by, b->judged_by);
    assert_int_equal(a->missing_count, b->missing_count);
    for (size_t i = 0; i < a->missing_count; i++) {
        assert_int_equal(a->missing[i], b->missing[i]);
    }
    assert_memory_equal(a->issues, b->issues, sizeof a->issues);
    assert_true(hr_text_equal(a->mismatch, b->mismatch));
    assert_int_equal(hr_value_order(&arena, &a->mismatch_values, &b->mismatch_values), 0);
}

static void assert_read_back(const struct hr_record *record)
{
    const struct hr_record *back = read_back(record);
    const struct hr_contact *a = record->contact;
    const struct hr_contact *b = back->contact;
    assert_int_equal(back->last_position, record->last_position);
    assert_int_equal(back->hinted_due, record->hinted_due);
    assert_int_equal(b->created_at, a->created_at);
    assert_int_equal(b->field_count, a->field_count);
    assert_same_said(a->fields, b->fields, a->field_count);
    assert_int_equal(b->past_count, a->past_count);
    assert_same_said(a->past, b->past, a->past_count);
    assert_int_equal(b->kept_count, a->kept_count);
    for (size_t i = 0; i < a->kept_count; i++) {
        assert_int_equal(a->kept[i].type, b->kept[i].type);
        assert_int_equal(a->kept[i].tool, b->kept[i].tool);
        assert_int_equal(a->kept[i].at, b->kept[i].at);
        assert_int_equal(a->kept[i].position, b->kept[i].position);
    }
    assert_int_equal(b->instance_count, a->instance_count);
    for (size_t i = 0; i < a->instance_count; i++) {
        assert_same_instance(&a->instances[i], &b->instances[i]);
    }
}

/* ---- times and moments --------------------------------------------------------------------------- */

static void any_two_times_are_kept_to_the_microsecond(void **state)
{
    (void)state;
    static const hr_instant times[] = {HR_INSTANT_NONE,
                                       INT64_MIN + 1,
                                       INT64_MAX,
                                       -1,
                                       0,
                                       1,
                                       NOW,
                                       NOW - 1,
                                       NOW + HR_SECOND_US,
                                       NOW - 365 * HR_DAY_US,
                                       NOW + (INT64_C(1) << 58),
                                       NOW + (INT64_C(1) << 59),
                                       NOW - (INT64_C(1) << 60),
                                       NOW + 365 * HR_DAY_US};
    enum { TIMES = sizeof times / sizeof times[0] };
    for (size_t base = 1; base < TIMES; base++) {
        struct hr_record *record = new_contact(times[base]);
        struct hr_said said[TIMES];
        for (size_t i = 0; i < TIMES; i++) {
            said[i] = (struct hr_said){.field = (uint32_t)i + 1, .at = times[i], .position = i};
        }
        record->contact->fields = said;
        record->contact->field_count = TIMES;
        assert_read_back(record);
    }
}

static void what_many_entries_said_keeps_who_and_when(void **state)
{
    (void)state;
    enum { MANY = 60 };
    struct hr_said fields[MANY];
    struct hr_kept_event kept[MANY / 2];
    struct hr_record *record = new_contact(NOW);
    for (size_t i = 0; i < MANY; i++) { /* more moments than a row remembers, some of them again */
        fields[i] = (struct hr_said){.field = (uint32_t)i + 1,
                                     .writer = (uint32_t)(i % 3),
                                     .at = NOW + (hr_instant)(i % 20),
                                     .position = i % 7 == 0 ? 2000 : i % 20}; /* newest is 1000 */
    }
    for (size_t i = 0; i < MANY / 2; i++) {
        kept[i] = (struct hr_kept_event){.type = 1,
                                         .tool = (uint32_t)(i % 2),
                                         .at = NOW + (hr_instant)(i % 18),
                                         .position = i % 18,
                                         .data = {.kind = HR_KIND_map}};
    }
    record->contact->fields = fields;
    record->contact->field_count = MANY;
    record->contact->kept = kept;
    record->contact->kept_count = MANY / 2;
    assert_read_back(record);
}

static void what_they_agreed_to_comes_back(void **state)
{
    (void)state;
    struct hr_said fields[] = {{.field = 1, .writer = 3, .at = NOW, .position = 900}};
    struct hr_consent consents[] = {{.purpose = 7,
                                     .channel = HR_CHANNEL_email,
                                     .said = HR_CONSENT_yes,
                                     .writer = 3,
                                     .at = NOW,
                                     .position = 900},
                                    {.purpose = 900,
                                     .channel = 255,
                                     .said = HR_CONSENT_no,
                                     .writer = hr_writer(HR_BY_complaint, 0),
                                     .at = NOW - 1,
                                     .position = 1}};
    struct hr_record *record = new_contact(NOW);
    record->contact->fields = fields;
    record->contact->field_count = 1;
    size_t without = size_of(record);
    record->contact->consents = consents;
    record->contact->consent_count = 1;
    assert_true(size_of(record) <= without + 6); /* of a message that the row names already */
    record->contact->consent_count = 2;
    const struct hr_contact *back = read_back(record)->contact;
    assert_int_equal(back->consent_count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(back->consents[i].purpose, consents[i].purpose);
        assert_int_equal(back->consents[i].channel, consents[i].channel);
        assert_int_equal(back->consents[i].said, consents[i].said);
        assert_int_equal(back->consents[i].writer, consents[i].writer);
        assert_int_equal(back->consents[i].at, consents[i].at);
        assert_int_equal(back->consents[i].position, consents[i].position);
    }
}

/* ---- instances ----------------------------------------------------------------------------------- */

static struct hr_instance new_instance(hr_instant opened_at)
{
    return (struct hr_instance){.handoff = 7,
                                .opened_at = opened_at,
                                .opened_by = 12,
                                .late_at = HR_INSTANT_NONE,
                                .fail_at = HR_INSTANT_NONE,
                                .judged_at = HR_INSTANT_NONE,
                                .marked_at = HR_INSTANT_NONE,
                                .marked_until = HR_INSTANT_NONE};
}

static void every_part_of_a_handoff_comes_back(void **state)
{
    (void)state;
    static const uint32_t missing[] = {3, 900};
    struct hr_said fields[] = {
        {.field = 1, .at = NOW, .position = 12, .value = hr_value_text(HR_TEXT("pay_81"))},
        {.field = 2, .at = NOW, .position = 12, .value = hr_value_text(HR_TEXT(""))},
        {.field = 3, .at = NOW, .position = 12, .value = {.kind = HR_KIND_int, .integer = 5}}};
    struct hr_instance all[8];
    for (size_t i = 0; i < 8; i++) {
        all[i] = new_instance(i % 2 == 0 ? NOW : NOW + 1);
        all[i].stand = (uint8_t)(i % HR_STAND_count);
        all[i].key = hr_key_pair(1, i);
    }
    all[0].key = (struct hr_key){{0}}; /* of the contact itself */
    all[1].key_shown = HR_TEXT("pay_81");
    all[2].key_shown = HR_TEXT("pay_82");
    all[3].late_at = NOW + 2 * HR_DAY_US;
    all[3].fail_at = NOW + 2 * HR_DAY_US + 1;
    all[4].judged_at = NOW;
    all[4].judged_by = 12;
    all[4].incorrect = true;
    all[4].mismatch = HR_TEXT("the amount");
    all[4].mismatch_values = hr_value_text(HR_TEXT("90.00"));
    all[5].judged_by = 13;
    all[6].mark = HR_MARK_recovering;
    all[6].marked_by = 4;
    all[6].marked_at = NOW - 1;
    all[6].marked_until = NOW + HR_DAY_US;
    all[7].missing = missing;
    all[7].missing_count = 2;
    all[7].issues[HR_SLOT_missing] = 118;
    struct hr_record *record = new_contact(NOW - HR_DAY_US);
    record->contact->fields = fields;
    record->contact->field_count = 3;
    record->contact->instances = all;
    record->contact->instance_count = 8;
    assert_read_back(record);
}

static void a_hint_comes_back_whether_a_deadline_says_it_or_not(void **state)
{
    (void)state;
    struct hr_instance two[] = {new_instance(NOW), new_instance(NOW)};
    struct hr_record *record = new_contact(NOW);
    static const hr_instant hints[] = {HR_INSTANT_NONE, 0, NOW, NOW + 1, NOW + HR_DAY_US, -1};
    two[0].late_at = NOW + 1;
    two[1].late_at = NOW + HR_DAY_US;
    record->contact->instances = two;
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++) {
        record->hinted_due = hints[i];
        record->contact->instance_count = 2;
        assert_read_back(record);
        record->contact->instance_count = 0;
        assert_read_back(record);
    }
}

static void what_was_said_before_costs_a_byte(void **state)
{
    (void)state;
    struct hr_said fields[2] = {
        {.field = 1, .writer = 7, .at = NOW + 35908079758, .position = 900},
        {.field = 2, .writer = 7, .at = NOW + 35908079758, .position = 900}};
    struct hr_record *record = new_contact(NOW);
    record->contact->fields = fields;
    record->contact->field_count = 1;
    size_t one = size_of(record);
    record->contact->field_count = 2;
    assert_int_equal(size_of(record) - one, 3); /* field, moment, nothing as value */
}

/* ---- who is given what ---------------------------------------------------------------------------- */

static void whom_a_contact_was_given_to_comes_back(void **state)
{
    (void)state;
    struct hr_holding holdings[] = {{.field = 7, .person = 3},
                                    {.field = 9, .person = 4, .team = UINT32_MAX, .queued = true}};
    struct hr_giving givings[] = {{.automation = 5, .place = 1, .times = 2}};
    struct hr_record *record = new_contact(NOW);
    record->contact->holdings = holdings;
    record->contact->holding_count = 2;
    record->contact->givings = givings;
    record->contact->giving_count = 1;
    const struct hr_contact *back = read_back(record)->contact;
    assert_int_equal(back->holding_count, 2);
    const struct hr_holding *first = hr_contact_holding(back, 7);
    const struct hr_holding *second = hr_contact_holding(back, 9);
    assert_true(first != NULL && first->person == 3 && first->team == 0 && !first->queued);
    assert_true(second != NULL && second->team == UINT32_MAX && second->queued);
    assert_int_equal(hr_contact_given(back, 5, 1), 2);
    assert_int_equal(hr_contact_given(back, 5, 2), 0);
}

static void how_much_somebody_has_and_whose_turn_it_was_come_back(void **state)
{
    (void)state;
    struct hr_load loads[] = {{.field = 7, .record_type = 0, .open = 25},
                              {.field = 7, .record_type = 2, .open = UINT64_MAX}};
    struct hr_record *person = hr_record_make(&arena, HR_ID_PERSON + 3, HR_RECORD_person);
    struct hr_record *team = hr_record_make(&arena, HR_ID_TEAM + 8, HR_RECORD_team);
    assert_true(person != NULL && team != NULL);
    *person->person = (struct hr_person_record){.person = 3, .loads = loads, .load_count = 2};
    *team->team = (struct hr_team_record){.team = 8, .person = 3, .at = NOW};
    const struct hr_person_record *back = read_back(person)->person;
    assert_true(hr_person_load(back, 0, 7) == 25 && hr_person_load(back, 2, 7) == UINT64_MAX);
    assert_true(hr_person_load(back, 1, 7) == 0);
    const struct hr_team_record *turn = read_back(team)->team;
    assert_true(turn->team == 8 && turn->person == 3 && turn->at == NOW);
}

static void how_far_a_schedule_has_come_comes_back(void **state)
{
    (void)state;
    struct hr_tick ticks[] = {{.at = NOW - HR_DAY_US, .position = 900},
                              {.at = NOW, .position = 950}};
    struct hr_record *record = hr_record_make(&arena, HR_ID_AUTOMATION + 5, HR_RECORD_automation);
    assert_non_null(record);
    assert_int_equal(hr_record_due(record), HR_INSTANT_NONE); /* it has no schedule */
    struct hr_scheduled *scheduled = &record->automation->scheduled;
    *scheduled = (struct hr_scheduled){.timetable = UINT64_MAX,
                                       .since = NOW - 9 * HR_DAY_US,
                                       .handled = HR_INSTANT_NONE,
                                       .next = NOW + HR_DAY_US,
                                       .ticks = ticks,
                                       .tick_count = 2,
                                       .swept_to = 77,
                                       .let_in = 3,
                                       .last_at = HR_INSTANT_NONE,
                                       .missed = 1,
                                       .missed_last = NOW - HR_DAY_US};
    const struct hr_scheduled *back = &read_back(record)->automation->scheduled;
    assert_true(back->timetable == UINT64_MAX && back->since == scheduled->since);
    assert_true(back->handled == HR_INSTANT_NONE && back->next == scheduled->next);
    assert_int_equal(back->tick_count, 2);
    assert_true(back->ticks[1].at == NOW && back->ticks[1].position == 950);
    assert_true(back->swept_to == 77 && back->let_in == 3 && back->last_at == HR_INSTANT_NONE);
    assert_true(back->missed == 1 && back->missed_last == NOW - HR_DAY_US);
    assert_int_equal(hr_record_due(record), NOW - HR_DAY_US); /* what was found due: at once */
    scheduled->tick_count = 0;
    assert_int_equal(hr_record_due(record), NOW + HR_DAY_US);
    record->automation->state = HR_SWITCH_paused;
    assert_int_equal(hr_record_due(record), HR_INSTANT_NONE);
}

/* ---- what belongs to a record ----------------------------------------------------------------------------------- */

/* A small world to fold into. */
struct folded {
    struct hr_view view;
};

static struct hr_record *folded_record(void *context, uint64_t id, enum hr_record_kind kind)
{
    struct folded *folded = context;
    struct hr_record *record = hr_view_record(&folded->view, id);
    if (record == NULL) {
        record = hr_record_make(&arena, id, kind);
        assert_true(hr_ok(hr_view_put_record(&folded->view, record)));
    }
    return record;
}

static hr_status folded_put(void *context, enum hr_space space, const struct hr_key *key,
                            uint64_t value)
{
    struct folded *folded = context;
    return hr_view_put_entry(&folded->view, space, key, value, true);
}

static void fold(struct folded *folded, struct hr_fact fact)
{
    const struct hr_folding folding = {
        .context = folded, .record = folded_record, .put_entry = folded_put, .arena = &arena};
    assert_true(hr_ok(hr_fold_fact(&folding, 7, &fact)));
}

static uint64_t indexed(struct folded *folded, enum hr_space space, uint64_t one, uint64_t two)
{
    struct hr_key key = hr_key_pair(one, two);
    const struct hr_index_entry *entry = hr_view_entry(&folded->view, space, &key);
    return entry == NULL ? 0 : entry->value;
}

static void a_link_stands_at_both_ends_and_leaves_a_full_row_for_the_index(void **state)
{
    (void)state;
    enum { TASKS = HR_RELATED_MAX + 3 };
    const uint64_t contact = HR_RECORD_FIRST;
    const uint64_t account = HR_RECORD_FIRST + 1;
    struct folded folded;
    hr_view_init(&folded.view, &arena);
    fold(&folded, (struct hr_fact){.kind = HR_FACT_record_created,
                                   .record = account,
                                   .at = NOW,
                                   .state = HR_RECORD_account});
    fold(&folded, (struct hr_fact){.kind = HR_FACT_record_linked,
                                   .record = contact,
                                   .number = account,
                                   .at = NOW,
                                   .state = 1});
    for (uint64_t i = 0; i < TASKS; i++) {
        uint64_t task = HR_RECORD_FIRST + 100 + i;
        fold(&folded, (struct hr_fact){.kind = HR_FACT_record_created,
                                       .record = task,
                                       .at = NOW,
                                       .state = HR_RECORD_task});
        fold(&folded, (struct hr_fact){.kind = HR_FACT_record_linked,
                                       .record = contact,
                                       .number = task,
                                       .at = NOW + (hr_instant)i,
                                       .state = 1});
    }
    const struct hr_record *record = hr_view_record(&folded.view, contact);
    assert_int_equal(record->contact->related_count, HR_RELATED_MAX);
    assert_non_null(hr_contact_related(record->contact, account)); /* tasks leave before it */
    assert_int_equal(hr_contact_newest_related(record->contact, HR_RECORD_task),
                     HR_RECORD_FIRST + 100 + TASKS - 1);
    assert_int_equal(indexed(&folded, HR_SPACE_related, contact, HR_RECORD_FIRST + 100),
                     HR_RECORD_task);
    const struct hr_record *back = read_back(record);
    assert_int_equal(back->contact->related_count, HR_RELATED_MAX);
    assert_int_equal(back->contact->related[9].record, record->contact->related[9].record);
    assert_int_equal(back->contact->related[9].at, record->contact->related[9].at);
    fold(&folded, (struct hr_fact){.kind = HR_FACT_record_linked,
                                   .record = contact,
                                   .number = HR_RECORD_FIRST + 100,
                                   .at = NOW});
    assert_int_equal(indexed(&folded, HR_SPACE_related, contact, HR_RECORD_FIRST + 100), 0);
    assert_int_equal(hr_view_record(&folded.view, HR_RECORD_FIRST + 100)->contact->related_count,
                     0);
}

static void work_is_read_back_and_listed_with_its_owner_while_it_is_open(void **state)
{
    (void)state;
    const uint64_t task = HR_RECORD_FIRST + 5;
    struct folded folded;
    hr_view_init(&folded.view, &arena);
    fold(&folded,
         (struct hr_fact){
             .kind = HR_FACT_record_created, .record = task, .at = NOW, .state = HR_RECORD_task});
    fold(&folded, (struct hr_fact){.kind = HR_FACT_work_planned,
                                   .record = task,
                                   .name = 3,
                                   .number = 900,
                                   .at = NOW,
                                   .until = NOW + HR_DAY_US,
                                   .text = HR_TEXT("Call Ada")});
    fold(&folded,
         (struct hr_fact){.kind = HR_FACT_work_assigned, .record = task, .other = 7, .at = NOW});
    assert_int_equal(indexed(&folded, HR_SPACE_owned, 7, task), NOW + HR_DAY_US);
    const struct hr_work *work = read_back(hr_view_record(&folded.view, task))->contact->work;
    assert_int_equal(work->owner, 7);
    assert_int_equal(work->due, NOW + HR_DAY_US);
    assert_int_equal(work->automation, 3);
    assert_int_equal(work->run, 900);
    assert_true(hr_text_equal(work->next, HR_TEXT("Call Ada")));
    assert_int_equal(hr_record_due(hr_view_record(&folded.view, task)), NOW + HR_DAY_US);
    fold(&folded,
         (struct hr_fact){.kind = HR_FACT_work_assigned, .record = task, .other = 8, .at = NOW});
    assert_int_equal(indexed(&folded, HR_SPACE_owned, 7, task), 0);
    assert_int_equal(indexed(&folded, HR_SPACE_owned, 8, task), NOW + HR_DAY_US);
    fold(&folded, (struct hr_fact){.kind = HR_FACT_work_closed,
                                   .record = task,
                                   .other = 8,
                                   .at = NOW,
                                   .state = HR_WORK_done});
    assert_int_equal(indexed(&folded, HR_SPACE_owned, 8, task), 0);
    assert_int_equal(hr_record_due(hr_view_record(&folded.view, task)), HR_INSTANT_NONE);
}

static void a_contact_without_links_pays_nothing_for_them(void **state)
{
    (void)state;
    struct hr_record *record = new_contact(NOW);
    size_t bare = size_of(record);
    static struct hr_related related = {
        .record = HR_RECORD_FIRST + 1, .at = NOW, .kind = HR_RECORD_task};
    record->contact->related = &related;
    record->contact->related_count = 1;
    assert_true(size_of(record) > bare);
    record->contact->related_count = 0;
    assert_int_equal(size_of(record), bare);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_link_stands_at_both_ends_and_leaves_a_full_row_for_the_index),
        cmocka_unit_test(work_is_read_back_and_listed_with_its_owner_while_it_is_open),
        cmocka_unit_test(a_contact_without_links_pays_nothing_for_them),
        cmocka_unit_test(any_two_times_are_kept_to_the_microsecond),
        cmocka_unit_test(what_many_entries_said_keeps_who_and_when),
        cmocka_unit_test(what_they_agreed_to_comes_back),
        cmocka_unit_test(every_part_of_a_handoff_comes_back),
        cmocka_unit_test(a_hint_comes_back_whether_a_deadline_says_it_or_not),
        cmocka_unit_test(what_was_said_before_costs_a_byte),
        cmocka_unit_test(whom_a_contact_was_given_to_comes_back),
        cmocka_unit_test(how_much_somebody_has_and_whose_turn_it_was_come_back),
        cmocka_unit_test(how_far_a_schedule_has_come_comes_back),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
