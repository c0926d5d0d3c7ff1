/* The step `assign`: what the rules of assign.h ask is looked up, the choice is written under the field's contract, and
 * kept with all who were looked at. Nobody available: an issue, and the enrollment waits until somebody is. */
#include "engine/assign_kept.h"
#include "engine/runs.h"

_Static_assert((int)HR_GIVEN_nobody == HR_ASSIGNED_nobody &&
                   (int)HR_GIVEN_person == HR_ASSIGNED_person &&
                   (int)HR_GIVEN_queue == HR_ASSIGNED_queue &&
                   (int)HR_GIVEN_kept == HR_ASSIGNED_kept,
               "the journal keeps the engine's own word for it");

enum { LOOK_AGAIN_HOURS = 1 };

/* One assign on its way. */
struct assigning {
    struct hr_walk *walk;
    struct hr_step *step;
    const struct hr_step_assign *assign;
    const struct hr_field *field;
    uint32_t place; /* the n-th assign of its automation */
    uint32_t *loads;
    int32_t *turns;
    struct hr_assignment made;
};

/* ---- what is known ------------------------------------------------------------------------------- */

/* Groups stand at most four deep (workspace/clauses.c), so the recursion ends. */
static bool reads_load(const struct hr_clause *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool reads = items[i].kind == HR_CLAUSE_line
                         ? hr_plan_expr_reads(items[i].expr, HR_SCOPE_person, HR_PERSON_FIELD_load)
                         : reads_load(items[i].items, items[i].count);
        if (reads) {
            return true;
        }
    }
    return false;
}

/* A row of the table may say so; index: of the result, -1: any. */
static bool table_may_say(const struct hr_table *table, enum hr_column_kind kind, int32_t index)
{
    for (size_t column = 0; column < table->column_count; column++) {
        for (size_t row = 0; table->columns[column].kind == kind && row < table->row_count; row++) {
            if (table->rows[row].cells[column].index == index) {
                return true;
            }
        }
    }
    return false;
}

static const struct hr_table *table_of(const struct assigning *it)
{
    return it->assign->kind == HR_ASSIGN_table ? &it->step->plan->tables[it->assign->index] : NULL;
}

/* The loads of all, where a rule asks for one; NULL in *ret_loads: none does. */
static hr_status look_up_loads(struct assigning *it)
{
    const struct hr_plan *plan = it->step->plan;
    const struct hr_table *table = table_of(it);
    bool asked = reads_load(it->assign->skip.items, it->assign->skip.count) ||
                 (table != NULL && table_may_say(table, HR_COLUMN_method, HR_TABLE_least_loaded));
    it->loads = asked ? hr_arena_new_many(it->step->arena, uint32_t, plan->person_count) : NULL;
    if (asked && it->loads == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; asked && i < plan->person_count; i++) {
        const struct hr_record *record =
            hr_step_record(it->step, HR_ID_PERSON + plan->people[i].name_number);
        bool has = record != NULL && record->exists;
        uint64_t open =
            has ? hr_person_load(record->person, HR_RECORD_TYPE_contact, it->field->name_number)
                : 0;
        it->loads[i] = open > UINT32_MAX ? UINT32_MAX : (uint32_t)open;
    }
    HR_STEP_HAVE(!it->step->missing); /* all at once, not one after another */
    return hr_done();
}

static bool has_member(const struct hr_team *team, int32_t person)
{
    for (size_t i = 0; i < team->person_count; i++) {
        if (team->people[i] == person) {
            return true;
        }
    }
    return false;
}

/* Whether it may come to the turn of a team. */
static bool takes_turns(const struct assigning *it, size_t team, int32_t owner)
{
    const struct hr_table *table = table_of(it);
    switch (it->assign->kind) {
    case HR_ASSIGN_next:
        return it->assign->index == (int32_t)team;
    case HR_ASSIGN_next_same:
        return owner >= 0 && has_member(&it->step->plan->teams[team], owner);
    case HR_ASSIGN_table:
        return table_may_say(table, HR_COLUMN_team, (int32_t)team);
    case HR_ASSIGN_person:
    case HR_ASSIGN_team:
        break;
    }
    return false;
}

static hr_status look_up_turns(struct assigning *it, int32_t owner)
{
    const struct hr_plan *plan = it->step->plan;
    it->turns = hr_arena_new_many(it->step->arena, int32_t, plan->team_count);
    if (it->turns == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < plan->team_count; i++) {
        it->turns[i] = HR_NONE_INDEX;
        if (!takes_turns(it, i, owner)) {
            continue;
        }
        const struct hr_record *record =
            hr_step_record(it->step, HR_ID_TEAM + plan->teams[i].name_number);
        if (record != NULL && record->exists) {
            it->turns[i] = hr_plan_person_numbered(plan, record->team->person);
        }
    }
    HR_STEP_HAVE(!it->step->missing);
    return hr_done();
}

static int32_t team_numbered(const struct hr_plan *plan, uint32_t number)
{
    for (size_t i = 0; number != 0 && i < plan->team_count; i++) {
        if (plan->teams[i].name_number == number) {
            return (int32_t)i;
        }
    }
    return HR_NONE_INDEX;
}

/* Steps that stand between others may come and go: the n-th assign stays the n-th. */
static uint32_t place_of(const struct hr_automation *automation, uint32_t number)
{
    uint32_t place = 0;
    for (uint32_t i = 1; i <= number; i++) {
        const struct hr_plan_step *step = hr_step_numbered(automation, i);
        place += step != NULL && step->kind == HR_STEP_assign;
    }
    return place;
}

/* ---- choosing -------------------------------------------------------------------------------------- */

/* Nobody owns an account yet: contacts are linked to none. */
static struct hr_assign_ask ask_of(struct assigning *it, const struct hr_contact *contact)
{
    const struct hr_plan *plan = it->step->plan;
    const struct hr_said *said = hr_contact_field(contact, it->field->name_number);
    const struct hr_holding *holding = hr_contact_holding(contact, it->field->name_number);
    bool queued = holding != NULL && holding->queued;
    int32_t owner =
        said == NULL ? HR_NONE_INDEX : hr_plan_person(plan, hr_value_as_text(&said->value));
    return (struct hr_assign_ask){
        .plan = plan,
        .assign = it->assign,
        .owner = owner,
        .owner_team = holding == NULL ? HR_NONE_INDEX : team_numbered(plan, holding->team),
        .before = queued ? HR_NONE_INDEX : owner, /* a queue is held by somebody, and is nobody's */
        .account_owner = HR_NONE_INDEX,
        .times = hr_contact_given(contact, it->walk->automation->name_number, it->place),
        .now = it->step->event->now,
    };
}

static hr_status choose(struct assigning *it)
{
    struct hr_step *step = it->step;
    const struct hr_contact *contact = hr_step_contact(step, it->walk->passing->contact);
    HR_STEP_HAVE(contact != NULL);
    struct hr_assign_ask ask = ask_of(it, contact);
    HR_TRY(look_up_loads(it));
    HR_TRY(look_up_turns(it, ask.owner));
    struct hr_sight sight = hr_walk_sight(it->walk);
    sight.arena = step->arena;
    const struct hr_expr_view view = hr_sight_view(&sight);
    ask.view = &view;
    ask.loads = it->loads;
    ask.turns = it->turns;
    return hr_assign(&ask, step->arena, &it->made);
}

/* ---- what follows ------------------------------------------------------------------------------------ */

/* The choice, with all who were looked at. */
static hr_status tell(struct assigning *it)
{
    struct hr_step *step = it->step;
    const struct hr_plan *plan = step->plan;
    struct hr_value kept;
    HR_TRY(hr_assignment_keep(plan, HR_RECORD_TYPE_contact, &it->made, step->arena, &kept));
    uint64_t assign = (uint64_t)it->walk->automation->name_number << 32 | it->place;
    uint64_t team = it->made.team < 0 ? 0 : plan->teams[it->made.team].name_number;
    const struct hr_fact fact = {
        .kind = HR_FACT_assigned,
        .record = it->walk->passing->contact,
        .name = it->field->name_number,
        .other = it->walk->at->number,
        .number = it->walk->id,
        .at = step->event->now,
        .state = (uint8_t)it->made.kind,
        .from = it->assign->most_times > 0,
        .key = hr_key_pair(assign, team),
        .value = kept,
    };
    return hr_step_emit(step, &fact);
}

static hr_status give_turn(struct assigning *it)
{
    const struct hr_plan *plan = it->step->plan;
    if (it->made.turn_team < 0) {
        return hr_done();
    }
    const struct hr_fact fact = {.kind = HR_FACT_turn_given,
                                 .name = plan->teams[it->made.turn_team].name_number,
                                 .other = plan->people[it->made.turn_person].name_number,
                                 .at = it->step->event->now};
    return hr_step_emit(it->step, &fact);
}

/* It stands at this step already, and waits for somebody. */
static bool waits_here(const struct assigning *it)
{
    const struct hr_run *run = hr_walk_run(it->walk);
    return run != NULL && run->state == HR_RUN_waits_time && run->step == it->walk->at->number;
}

static hr_status end_waiting(struct assigning *it)
{
    struct hr_walk *walk = it->walk;
    return waits_here(it)
               ? hr_run_end_troubles(it->step, walk->passing->contact,
                                     walk->automation->name_number, walk->id, HR_MEMBER_proven)
               : hr_done();
}

/* The contract has the last word; a turn counts only where it let the person in. */
static hr_status give(struct assigning *it, enum hr_result *ret_result, struct hr_text *ret_words)
{
    const struct hr_person *person = &it->step->plan->people[it->made.person];
    HR_TRY(hr_run_write(it->walk, it->assign->field, hr_value_text(person->id),
                        it->step->event->now, ret_result));
    if (*ret_result == HR_RESULT_refused) {
        *ret_words = HR_TEXT("the contract of the field refused it");
        return end_waiting(it);
    }
    *ret_words = person->id;
    HR_TRY(give_turn(it));
    HR_TRY(tell(it));
    return end_waiting(it);
}

/* When somebody may be available: the first of those away is back, or somebody has fewer open records. */
static hr_instant look_again_at(const struct assigning *it)
{
    hr_instant soon = it->step->event->now + LOOK_AGAIN_HOURS * HR_HOUR_US;
    hr_instant at = HR_INSTANT_NONE;
    for (size_t i = 0; i < it->made.candidate_count; i++) {
        const struct hr_candidate *candidate = &it->made.candidates[i];
        bool loaded = candidate->rule != NULL && reads_load(candidate->rule, 1);
        hr_instant then = candidate->away                            ? candidate->back_at
                          : candidate->verdict == HR_VERDICT_skipped ? soon
                                                                     : HR_INSTANT_NONE;
        then = loaded ? soon : then;
        at = then != HR_INSTANT_NONE && (at == HR_INSTANT_NONE || then < at) ? then : at;
    }
    return at;
}

static hr_status wait_for_somebody(struct assigning *it)
{
    if (!waits_here(it)) { /* told once: who closes the issue has seen it */
        HR_TRY(tell(it));
        HR_TRY(hr_run_trouble(it->walk, HR_URGENCY_normal));
    }
    return hr_run_wait(it->walk, HR_RUN_waits_time, look_again_at(it), 0);
}

static bool is_chosen_by_person(const struct assigning *it, const struct hr_contact *contact)
{
    return hr_contact_pin(contact, it->field->name_number, it->step->event->now) != NULL;
}

static struct assigning assigning_of(struct hr_walk *walk)
{
    struct hr_step *step = walk->passing->step;
    const struct hr_step_assign *assign = walk->at->assign;
    return (struct assigning){
        .walk = walk,
        .step = step,
        .assign = assign,
        .field = &step->plan->fields[assign->field],
        .place = place_of(walk->automation, walk->at->number),
    };
}

bool hr_assign_is_answered(struct hr_walk *walk)
{
    const struct assigning it = assigning_of(walk);
    const struct hr_contact *contact = hr_step_contact(it.step, walk->passing->contact);
    return contact != NULL && waits_here(&it) && is_chosen_by_person(&it, contact);
}

hr_status hr_take_assign(struct hr_walk *walk, enum hr_result *ret_result,
                         struct hr_text *ret_words)
{
    struct assigning it = assigning_of(walk);
    const struct hr_contact *contact = hr_step_contact(it.step, walk->passing->contact);
    HR_STEP_HAVE(contact != NULL);
    if (is_chosen_by_person(&it, contact)) {
        *ret_result = HR_RESULT_refused;
        *ret_words = HR_TEXT("a person chose who has it");
        return hr_done();
    }
    HR_TRY(choose(&it));
    switch (it.made.kind) {
    case HR_ASSIGNED_person:
    case HR_ASSIGNED_queue:
        return give(&it, ret_result, ret_words);
    case HR_ASSIGNED_kept:
        *ret_result = HR_RESULT_nothing;
        *ret_words = HR_TEXT("it was given away as often as it may");
        return tell(&it);
    case HR_ASSIGNED_nobody:
        break;
    }
    *ret_result = HR_RESULT_waits;
    *ret_words = HR_TEXT("nobody is left to get it");
    return wait_for_somebody(&it);
}
