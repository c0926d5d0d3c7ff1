/* What a test gives: events that come, fields that a person sets, people who are away. */
#include "trial/inside.h"

enum { BEGINS_AT_MINUTE = 10 * 60, DAYS_LOOKED_AT = 366 };

/* ---- when ------------------------------------------------------------------------------------------------ */

/* A day on which the business is open, far from changes of the clock and from the turn of a year. */
static int64_t day_of(const struct hr_plan *plan)
{
    const struct hr_hours *hours = &plan->hours;
    int64_t first = hr_days_from_date(2026, 6, 9);
    for (int64_t day = first; day < first + DAYS_LOOKED_AT; day++) {
        if (hr_hours_open(hours, hr_zone_instant(plan->zone, day, hours->from_minute))) {
            return day;
        }
    }
    return first;
}

static hr_instant minute_of(const struct hr_plan *plan, int32_t minute)
{
    return hr_zone_instant(plan->zone, day_of(plan), minute);
}

hr_instant hr_given_begins(const struct hr_trial *trial, const struct hr_test *test)
{
    int32_t minute = BEGINS_AT_MINUTE;
    for (size_t i = 0; i < test->given.count; i++) {
        const struct hr_test_item *item = &test->given.items[i];
        if (item->has_minute && item->at_minute < minute) {
            minute = item->at_minute;
        }
    }
    return minute_of(trial->plan, minute);
}

/* A line comes a second after the one before, or so long after it as it says, and not before it happened. */
static hr_instant comes_at(const struct hr_world *world, const struct hr_test_item *item,
                           bool first)
{
    hr_instant at = first ? world->now : world->now + HR_SECOND_US;
    if (item->has_after) {
        hr_instant after = hr_hours_after(&world->plan.hours, world->now, item->after);
        at = after == HR_INSTANT_NONE ? at : after;
    }
    hr_instant happened = item->has_minute ? minute_of(&world->plan, item->at_minute) : at;
    return happened > at ? happened : at;
}

/* ---- who is away --------------------------------------------------------------------------------------------- */

static hr_status send_away(struct hr_world *world, int32_t index)
{
    struct hr_person *person = &world->plan.people[index];
    struct hr_away *away = hr_arena_new_many(&world->arena, struct hr_away, person->away_count + 1);
    if (away == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < person->away_count; i++) {
        away[i] = person->away[i];
    }
    away[person->away_count++] = (struct hr_away){.from = world->began_at - HR_DAY_US,
                                                  .to = world->began_at + 3660 * HR_DAY_US};
    person->away = away;
    return hr_done();
}

static hr_status send_party_away(struct hr_world *world, const struct hr_party *party)
{
    if (party->kind == HR_PARTY_person) {
        return send_away(world, party->index);
    }
    for (size_t i = 0;
         party->kind == HR_PARTY_team && i < world->plan.teams[party->index].person_count; i++) {
        HR_TRY(send_away(world, world->plan.teams[party->index].people[i]));
    }
    return hr_done();
}

hr_status hr_given_away(struct hr_world *world)
{
    const struct hr_test_items *given = &world->test->given;
    for (size_t i = 0; i < given->count; i++) {
        const struct hr_parties *parties = &given->items[i].parties;
        for (size_t k = 0; given->items[i].kind == HR_TEST_away && k < parties->count; k++) {
            HR_TRY(send_party_away(world, &parties->items[k]));
        }
    }
    return hr_done();
}

/* ---- messages ------------------------------------------------------------------------------------------------- */

/* Delivered before, by its key: nothing runs, as everywhere. */
static hr_status is_new(struct hr_world *world, const struct hr_key *key, bool *ret_new)
{
    *ret_new = false;
    for (size_t i = 0; i < world->delivered_count; i++) {
        if (hr_key_equal(&world->delivered[i], key)) {
            return hr_done();
        }
    }
    struct hr_key *delivered = hr_list_grow(&world->arena, world->delivered, world->delivered_count,
                                            &world->delivered_capacity, sizeof *delivered);
    if (delivered == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    world->delivered = delivered;
    delivered[world->delivered_count++] = *key;
    *ret_new = true;
    return hr_done();
}

static void note_contact(struct hr_world *world, const struct hr_heard *heard)
{
    for (size_t i = 0; world->contact == 0 && i < heard->key_count; i++) {
        const struct hr_index_entry *entry =
            hr_view_entry(&world->view, HR_SPACE_match, &heard->keys[i].key);
        world->contact = entry == NULL ? 0 : entry->value;
    }
}

static hr_status deliver(struct hr_world *world, const struct hr_incoming *message)
{
    bool first = false;
    HR_TRY(is_new(world, &message->heard->delivery, &first));
    if (!first) {
        return hr_done();
    }
    const struct hr_event event = {
        .kind = HR_EVENT_heard, .heard = message->heard, .payload = message->raw};
    HR_TRY(hr_world_step(world, event));
    note_contact(world, message->heard);
    return hr_world_move(world, world->now);
}

static hr_status give_event(struct hr_world *world, const struct hr_test_item *item,
                            struct hr_incoming *ret_message, struct hr_line_list *wrong)
{
    struct hr_text words = HR_TEXT_NONE;
    hr_instant at = item->has_minute ? minute_of(&world->plan, item->at_minute) : world->now;
    HR_TRY(hr_message_make(world, item, at, ret_message, &words));
    if (words.size > 0) {
        return hr_lines_add(world, wrong, item, hr_tell_given(world, item), words);
    }
    return deliver(world, ret_message);
}

/* ---- people ------------------------------------------------------------------------------------------------------ */

static struct hr_text refusal(enum hr_edit_answer answer)
{
    switch (answer) {
    case HR_EDIT_stage:
        return HR_TEXT("a stage moves by its transitions, not by hand");
    case HR_EDIT_not_people:
        return HR_TEXT("people are not among its writers");
    case HR_EDIT_not_typed:
        return HR_TEXT("the value does not fit the field");
    case HR_EDIT_consent:
        return HR_TEXT("consent is given with a proof, not by hand");
    case HR_EDIT_of_another:
        return HR_TEXT("the address leads to somebody else");
    case HR_EDIT_over:
    case HR_EDIT_too_many_keys:
    case HR_EDIT_fits:
        break;
    }
    return HR_TEXT("it was refused");
}

static hr_status give_value(struct hr_world *world, const struct hr_test_item *item,
                            const struct hr_test_value *value, struct hr_line_list *wrong)
{
    int32_t field = hr_plan_field(&world->plan, value->name);
    struct hr_text told = hr_tell_given(world, item);
    if (field < 0 || item->parties.count == 0 || world->contact == 0) {
        return hr_lines_add(world, wrong, item, told,
                            world->contact == 0 ? HR_TEXT("nobody is known yet whose field it is")
                                                : HR_TEXT("it is no field of a contact"));
    }
    const struct hr_command command = {
        .verb = HR_VERB_edit,
        .person = world->plan.people[item->parties.items[0].index].name_number,
        .contact = world->contact,
        .field = world->plan.fields[field].name_number,
        .until = HR_INSTANT_NONE,
        .text = value->value,
    };
    const struct hr_event event = {.kind = HR_EVENT_command, .command = &command};
    hr_status status = hr_world_step(world, event);
    if (status.code != HR_E_REFUSED) {
        return status;
    }
    struct hr_edit edit;
    enum hr_edit_answer answer = hr_engine_read_edit(
        &world->engine, field, value->value, HR_INSTANT_NONE, world->now, &world->arena, &edit);
    return hr_lines_add(world, wrong, item, told, refusal(answer));
}

static hr_status give_values(struct hr_world *world, const struct hr_test_item *item,
                             struct hr_line_list *wrong)
{
    for (size_t i = 0; i < item->value_count; i++) {
        if (item->values[i].value.size > 0) {
            HR_TRY(give_value(world, item, &item->values[i], wrong));
        }
    }
    return hr_world_move(world, world->now);
}

/* ---- line by line ------------------------------------------------------------------------------------ */

/* The message that `deliver` speaks of, as it came; heard NULL: not among those given. */
struct again {
    struct hr_incoming message;
};

static hr_status give(struct hr_world *world, const struct hr_test_item *item, struct again *again,
                      struct hr_line_list *wrong)
{
    struct hr_incoming message = {.heard = NULL};
    switch (item->kind) {
    case HR_TEST_event:
        HR_TRY(give_event(world, item, &message, wrong));
        if (item->event == world->test->deliver_event) {
            again->message = message;
        }
        return hr_done();
    case HR_TEST_set:
        return give_values(world, item, wrong);
    case HR_TEST_import:
        return hr_words_add(world, &world->lacking, HR_TEXT("import"));
    case HR_TEST_away: /* from the beginning on */
    case HR_TEST_holds:
    case HR_TEST_called:
    case HR_TEST_sent:
    case HR_TEST_task:
    case HR_TEST_issue:
    case HR_TEST_count:
        break;
    }
    return hr_done();
}

/* It comes so many times in all. One that was not given comes now for the first time. */
static hr_status deliver_again(struct hr_world *world, struct again *again,
                               struct hr_line_list *wrong)
{
    const struct hr_test *test = world->test;
    uint32_t left = test->deliver_times;
    if (test->deliver_event < 0 || left == 0) {
        return hr_done();
    }
    HR_TRY(hr_world_move(world, world->now + HR_SECOND_US));
    if (again->message.heard == NULL) {
        const struct hr_test_item item = {.kind = HR_TEST_event,
                                          .event = test->deliver_event,
                                          .tool = HR_NONE_INDEX,
                                          .place = test->place};
        HR_TRY(give_event(world, &item, &again->message, wrong));
    }
    for (left--; again->message.heard != NULL && left > 0; left--) {
        HR_TRY(deliver(world, &again->message));
    }
    return hr_done();
}

hr_status hr_given_all(struct hr_world *world, struct hr_line_list *wrong)
{
    const struct hr_test_items *given = &world->test->given;
    struct again again = {.message = {.heard = NULL}};
    bool first = true;
    for (size_t i = 0; i < given->count; i++) {
        const struct hr_test_item *item = &given->items[i];
        if (item->kind != HR_TEST_away) {
            HR_TRY(hr_world_move(world, comes_at(world, item, first)));
            first = false;
        }
        HR_TRY(give(world, item, &again, wrong));
    }
    return deliver_again(world, &again, wrong);
}
