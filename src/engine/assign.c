/* Who gets a record. People are looked at one after the other, and each stays in the answer with what was found; the
 * first who may have it gets it. */
#include "engine/assign.h"

#include "engine/clause.h"
#include "engine/step_internal.h"

/* What is known of a person in the line of the rules at hand. */
enum mark { LOOKED_AT = 1, LINE_FOLLOWED = 2 };

struct choosing {
    const struct hr_assign_ask *ask;
    const struct hr_plan *plan;
    struct hr_arena *into;
    uint8_t *marks; /* by person: enum mark */
    struct hr_candidate *candidates;
    size_t count;
    size_t capacity;
    bool skips; /* the step's `skip` is asked */
    hr_status status;
    struct hr_assignment found;
};

static void fail(struct choosing *choosing, hr_status status)
{
    choosing->status = hr_ok(choosing->status) ? status : choosing->status;
}

/* ---- what `skip` sees ------------------------------------------------------------------------ */

struct person_view {
    const struct hr_assign_ask *ask;
    const struct hr_candidate *candidate;
};

static bool person_field(const struct person_view *seen, int32_t field, struct hr_value *ret_value)
{
    const struct hr_person *person = &seen->ask->plan->people[seen->candidate->person];
    switch ((enum hr_scope_person_field)field) {
    case HR_PERSON_FIELD_id:
        *ret_value = hr_value_text(person->id);
        return true;
    case HR_PERSON_FIELD_role:
        *ret_value = hr_value_text(hr_role_word(person->role));
        return true;
    case HR_PERSON_FIELD_away:
        *ret_value = hr_value_bool(seen->candidate->away);
        return true;
    case HR_PERSON_FIELD_load:
        *ret_value = hr_value_int(seen->candidate->load);
        return true;
    case HR_PERSON_FIELD_COUNT:
        break;
    }
    return false;
}

static bool view_field(void *context, size_t name, int32_t field, struct hr_text text,
                       struct hr_value *ret_value)
{
    const struct person_view *seen = context;
    const struct hr_expr_view *record = seen->ask->view;
    if (name == HR_SCOPE_person) {
        return person_field(seen, field, ret_value);
    }
    return record->field_of != NULL &&
           record->field_of(record->context, name, field, text, ret_value);
}

static bool view_changed(void *context, size_t name, int32_t field, struct hr_text text)
{
    const struct hr_expr_view *record = ((const struct person_view *)context)->ask->view;
    return record->changed != NULL && record->changed(record->context, name, field, text);
}

static const struct hr_zone *view_zone(void *context, struct hr_text name)
{
    const struct hr_expr_view *record = ((const struct person_view *)context)->ask->view;
    return record->zone_of == NULL ? NULL : record->zone_of(record->context, name);
}

/* The first line of `skip` that holds for the candidate; NULL: none. */
static const struct hr_clause *skipped_by(struct choosing *choosing,
                                          const struct hr_candidate *candidate)
{
    const struct hr_clauses *skip = &choosing->ask->assign->skip;
    struct person_view seen = {choosing->ask, candidate};
    const struct hr_expr_view view = {.context = &seen,
                                      .field_of = view_field,
                                      .now = choosing->ask->now,
                                      .hours = choosing->ask->view->hours,
                                      .zone_of = view_zone,
                                      .changed = view_changed};
    for (size_t i = 0; choosing->skips && i < skip->count; i++) {
        bool holds = false;
        hr_status status = hr_clause_holds(&skip->items[i], &view, choosing->into, &holds);
        if (!hr_ok(status)) {
            fail(choosing, status);
            return &skip->items[i]; /* no verdict: not them */
        }
        if (holds) {
            return &skip->items[i];
        }
    }
    return NULL;
}

/* ---- one candidate --------------------------------------------------------------------------- */

/* Adds somebody to those who were looked at; HR_NONE_INDEX: they were already, or there is no memory. */
static int32_t look_at(struct choosing *choosing, int32_t person, enum hr_choice choice,
                       int32_t instead_of)
{
    struct hr_candidate candidate = {.person = person, .instead_of = instead_of, .choice = choice};
    const struct hr_assign_ask *ask = choosing->ask;
    const struct hr_person *who = &choosing->plan->people[person];
    if ((choosing->marks[person] & LOOKED_AT) != 0) {
        return HR_NONE_INDEX;
    }
    choosing->marks[person] |= LOOKED_AT;
    candidate.load = ask->loads == NULL ? 0 : ask->loads[person];
    candidate.away = hr_person_away(who, ask->now, &candidate.back_at);
    candidate.rule = who->inactive ? NULL : skipped_by(choosing, &candidate);
    candidate.verdict = who->inactive            ? HR_VERDICT_inactive
                        : candidate.rule != NULL ? HR_VERDICT_skipped
                        : candidate.away         ? HR_VERDICT_away
                                                 : HR_VERDICT_chosen;
    if (choosing->count == choosing->capacity) {
        struct hr_candidate *grown =
            hr_list_grow(choosing->into, choosing->candidates, choosing->count, &choosing->capacity,
                         sizeof *grown);
        if (grown == NULL) {
            fail(choosing, hr_answer(HR_E_MEMORY));
            return HR_NONE_INDEX;
        }
        choosing->candidates = grown;
    }
    choosing->candidates[choosing->count] = candidate;
    return (int32_t)choosing->count++;
}

static bool choose(struct choosing *choosing, int32_t candidate)
{
    choosing->candidates[candidate].verdict = HR_VERDICT_chosen;
    choosing->found.kind = HR_ASSIGNED_person;
    choosing->found.choice = choosing->candidates[candidate].choice;
    choosing->found.person = choosing->candidates[candidate].person;
    return true;
}

/* The first deputy in line who may have it. A line that was followed before, or goes round, ends. */
static bool stand_in(struct choosing *choosing, int32_t person)
{
    int32_t absent = person;
    while ((choosing->marks[absent] & LINE_FOLLOWED) == 0) {
        int32_t deputy = choosing->plan->people[absent].deputy;
        choosing->marks[absent] |= LINE_FOLLOWED;
        if (deputy < 0) {
            break;
        }
        int32_t found = look_at(choosing, deputy, HR_CHOICE_deputy, person);
        if (found >= 0 && choosing->candidates[found].verdict == HR_VERDICT_chosen) {
            return choose(choosing, found);
        }
        absent = deputy;
    }
    return false;
}

/* Gives it to a person, or to who stands in for them. */
static bool take(struct choosing *choosing, int32_t person, enum hr_choice choice)
{
    int32_t found = look_at(choosing, person, choice, HR_NONE_INDEX);
    if (found < 0) {
        return false;
    }
    enum hr_choice_verdict verdict = choosing->candidates[found].verdict;
    if (verdict == HR_VERDICT_chosen) {
        return choose(choosing, found);
    }
    bool left = verdict == HR_VERDICT_inactive && choice == HR_CHOICE_named;
    return (verdict == HR_VERDICT_away || left) && stand_in(choosing, person);
}

/* The same for one person who is meant; `anyway`: better them though they are away than nobody. */
static bool take_one(struct choosing *choosing, int32_t person, enum hr_choice choice, bool anyway)
{
    size_t first = choosing->count;
    if (take(choosing, person, choice)) {
        return true;
    }
    bool waits =
        anyway && choosing->count > first && choosing->candidates[first].verdict == HR_VERDICT_away;
    return waits && choose(choosing, (int32_t)first);
}

/* ---- teams ----------------------------------------------------------------------------------- */

/* Where in the team the turn begins. */
static size_t turn_of(const struct choosing *choosing, int32_t team)
{
    const struct hr_team *of = &choosing->plan->teams[team];
    int32_t last = choosing->ask->turns == NULL ? HR_NONE_INDEX : choosing->ask->turns[team];
    for (size_t i = 0; i < of->person_count; i++) {
        if (of->people[i] == last) {
            return i + 1;
        }
    }
    return 0;
}

static int32_t member_in_turn(const struct choosing *choosing, int32_t team, size_t first, size_t i)
{
    const struct hr_team *of = &choosing->plan->teams[team];
    return of->people[(first + i) % of->person_count];
}

static bool give_turn(struct choosing *choosing, int32_t team, int32_t person)
{
    choosing->found.team = team;
    choosing->found.turn_team = team;
    choosing->found.turn_person = person;
    return true;
}

/* The next in turn; not the one it is to move on from. */
static bool take_next(struct choosing *choosing, int32_t team, int32_t from)
{
    size_t first = turn_of(choosing, team);
    int32_t has_it =
        from < 0 ? HR_NONE_INDEX : look_at(choosing, from, HR_CHOICE_turn, HR_NONE_INDEX);
    if (has_it >= 0) { /* looked at first, so that they do not come back as a deputy */
        choosing->candidates[has_it].verdict = HR_VERDICT_has_it;
        choosing->candidates[has_it].rule = NULL;
    }
    for (size_t i = 0; i < choosing->plan->teams[team].person_count; i++) {
        int32_t person = member_in_turn(choosing, team, first, i);
        if (take(choosing, person, HR_CHOICE_turn)) {
            return give_turn(choosing, team, person);
        }
    }
    return false;
}

/* Of those who may have it, the one with the fewest; of equals, whose turn it is. */
static bool take_least_loaded(struct choosing *choosing, int32_t team)
{
    size_t first = turn_of(choosing, team);
    size_t begin = choosing->count;
    int32_t least = HR_NONE_INDEX;
    for (size_t i = 0; i < choosing->plan->teams[team].person_count; i++) {
        int32_t person = member_in_turn(choosing, team, first, i);
        int32_t found = look_at(choosing, person, HR_CHOICE_load, HR_NONE_INDEX);
        if (found < 0 || choosing->candidates[found].verdict != HR_VERDICT_chosen) {
            continue;
        }
        choosing->candidates[found].verdict = HR_VERDICT_busier;
        bool fewer =
            least < 0 || choosing->candidates[found].load < choosing->candidates[least].load;
        least = fewer ? found : least;
    }
    if (least >= 0) {
        (void)choose(choosing, least);
        return give_turn(choosing, team, choosing->found.person);
    }
    size_t end = choosing->count;
    for (size_t i = begin; i < end; i++) {
        int32_t person = choosing->candidates[i].person;
        if (choosing->candidates[i].verdict == HR_VERDICT_away && stand_in(choosing, person)) {
            return give_turn(choosing, team, person);
        }
    }
    return false;
}

/* The queue, and who holds it until somebody takes it: the first who is here, a deputy, or the first at all. */
static bool take_queue(struct choosing *choosing, int32_t team)
{
    const struct hr_team *of = &choosing->plan->teams[team];
    size_t begin = choosing->count;
    bool skips = choosing->skips;
    bool held = false;
    choosing->skips = false;
    for (size_t i = 0; i < of->person_count && !held; i++) {
        int32_t found = look_at(choosing, of->people[i], HR_CHOICE_queue, HR_NONE_INDEX);
        held = found >= 0 && choosing->candidates[found].verdict == HR_VERDICT_chosen &&
               choose(choosing, found);
    }
    size_t end = choosing->count;
    for (int anyway = 0; anyway < 2 && !held; anyway++) {
        for (size_t i = begin; i < end && !held; i++) {
            held = choosing->candidates[i].verdict == HR_VERDICT_away &&
                   (anyway ? choose(choosing, (int32_t)i)
                           : stand_in(choosing, choosing->candidates[i].person));
        }
    }
    choosing->skips = skips;
    if (held) {
        choosing->found.kind = HR_ASSIGNED_queue;
        choosing->found.team = team;
    }
    return held;
}

/* The team in which the owner was chosen, if they are still in it, or the first that has them. */
static int32_t team_of_owner(const struct hr_assign_ask *ask)
{
    int32_t first = HR_NONE_INDEX;
    for (size_t team = 0; ask->owner >= 0 && team < ask->plan->team_count; team++) {
        const struct hr_team *of = &ask->plan->teams[team];
        for (size_t i = 0; i < of->person_count; i++) {
            bool has = of->people[i] == ask->owner;
            if (has && (int32_t)team == ask->owner_team) {
                return (int32_t)team;
            }
            first = has && first < 0 ? (int32_t)team : first;
        }
    }
    return first;
}

/* ---- what the step says ---------------------------------------------------------------------- */

static bool take_by_method(struct choosing *choosing, const struct hr_decision *decision)
{
    int32_t account_owner = choosing->ask->account_owner;
    switch (decision->method) {
    case HR_TABLE_named_account:
        return (account_owner >= 0 && take(choosing, account_owner, HR_CHOICE_account)) ||
               take_next(choosing, decision->team, HR_NONE_INDEX);
    case HR_TABLE_round_robin:
        return take_next(choosing, decision->team, HR_NONE_INDEX);
    case HR_TABLE_least_loaded:
        return take_least_loaded(choosing, decision->team);
    default:
        return take_queue(choosing, decision->team);
    }
}

static bool take_by_table(struct choosing *choosing, const struct hr_table *table, bool anyway)
{
    const struct hr_assign_ask *ask = choosing->ask;
    struct hr_decision *decision = hr_arena_new(choosing->into, struct hr_decision);
    if (decision == NULL) {
        fail(choosing, hr_answer(HR_E_MEMORY));
        return false;
    }
    hr_status status = hr_table_decide(ask->plan, table, ask->view, choosing->into, decision);
    if (!hr_ok(status)) {
        fail(choosing, status);
        return false;
    }
    choosing->found.decision = decision;
    if (decision->person >= 0) {
        return take_one(choosing, decision->person, HR_CHOICE_named, anyway);
    }
    return decision->team >= 0 && take_by_method(choosing, decision);
}

static bool take_by_step(struct choosing *choosing)
{
    const struct hr_assign_ask *ask = choosing->ask;
    const struct hr_step_assign *assign = ask->assign;
    bool anyway = assign->if_nobody.kind == HR_PARTY_none;
    int32_t team = HR_NONE_INDEX;
    switch (assign->kind) {
    case HR_ASSIGN_person:
        return take_one(choosing, assign->index, HR_CHOICE_named, anyway);
    case HR_ASSIGN_team:
        return take_queue(choosing, assign->index);
    case HR_ASSIGN_next:
        return take_next(choosing, assign->index, HR_NONE_INDEX);
    case HR_ASSIGN_next_same:
        team = team_of_owner(ask);
        return team >= 0 && take_next(choosing, team, ask->owner);
    case HR_ASSIGN_table:
        return take_by_table(choosing, &ask->plan->tables[assign->index], anyway);
    }
    return false;
}

/* `then` and `if_nobody`: whoever is named there, without `skip`. */
static bool take_party(struct choosing *choosing, const struct hr_party *party)
{
    choosing->skips = false;
    switch (party->kind) {
    case HR_PARTY_person:
        return take_one(choosing, party->index, HR_CHOICE_named, true);
    case HR_PARTY_team:
        return take_queue(choosing, party->index);
    case HR_PARTY_owner:
        return choosing->ask->owner >= 0 &&
               take_one(choosing, choosing->ask->owner, HR_CHOICE_named, true);
    case HR_PARTY_none:
        break;
    }
    return false;
}

/* ---- the rules in their order ---------------------------------------------------------------- */

/* Begins a line of the rules: everybody may be looked at anew. */
static void begin_line(struct choosing *choosing, enum hr_assigned_by by)
{
    for (size_t i = 0; i < choosing->plan->person_count; i++) {
        choosing->marks[i] = 0;
    }
    choosing->found.by = by;
}

static void go_through(struct choosing *choosing)
{
    const struct hr_assign_ask *ask = choosing->ask;
    const struct hr_step_assign *assign = ask->assign;
    if (assign->most_times > 0 && ask->times >= assign->most_times) {
        begin_line(choosing, HR_ASSIGNED_BY_most_times);
        bool named = assign->then.kind != HR_PARTY_none;
        choosing->found.kind = named ? HR_ASSIGNED_nobody : HR_ASSIGNED_kept;
        (void)(named && take_party(choosing, &assign->then));
        return;
    }
    if (assign->sticky && ask->before >= 0) {
        begin_line(choosing, HR_ASSIGNED_BY_sticky);
        if (take_one(choosing, ask->before, HR_CHOICE_sticky, true)) {
            return;
        }
    }
    begin_line(choosing, HR_ASSIGNED_BY_step);
    if (!take_by_step(choosing) && assign->if_nobody.kind != HR_PARTY_none) {
        begin_line(choosing, HR_ASSIGNED_BY_if_nobody);
        (void)take_party(choosing, &assign->if_nobody);
    }
}

hr_status hr_assign(const struct hr_assign_ask *ask, struct hr_arena *into,
                    struct hr_assignment *ret_assignment)
{
    struct choosing choosing = {
        .ask = ask,
        .plan = ask->plan,
        .into = into,
        .marks = hr_arena_new_many(into, uint8_t, ask->plan->person_count),
        .skips = true,
        .found = {.person = HR_NONE_INDEX,
                  .team = HR_NONE_INDEX,
                  .turn_team = HR_NONE_INDEX,
                  .turn_person = HR_NONE_INDEX},
    };
    if (choosing.marks == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    go_through(&choosing);
    HR_TRY(choosing.status);
    *ret_assignment = choosing.found;
    ret_assignment->candidates = choosing.candidates;
    ret_assignment->candidate_count = choosing.count;
    return hr_done();
}
