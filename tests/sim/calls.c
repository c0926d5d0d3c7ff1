/* Tools that are called and customers who get letters: what arrives on their side is the truth, whatever the caller
 * learns of it. And what people say of what waits for them. */
#include "sim/sim.h"

#define NUMBER(value) ((unsigned long long)(value))

/* How long the tool `keyed` knows a key again; its file says so, too. */
#define KEY_KNOWN_US HR_HOUR_US

static const struct hr_action *action_of(const struct world *world, uint32_t what)
{
    const struct hr_plan *plan = world->batch.engine.plan;
    for (size_t i = 0; i < plan->tool_count; i++) {
        const struct hr_action *action = hr_tool_action_numbered(&plan->tools[i], what);
        if (action != NULL) {
            return action;
        }
    }
    return NULL;
}

/* ---- what arrives --------------------------------------------------------------------------------------- */

/* It is done on the other side: a tool that knows the key, or sets what is set already, does nothing more. */
static void arrive(struct world *world, struct received *received)
{
    const struct hr_action *action = action_of(world, received->what);
    const struct hr_plan *plan = world->batch.engine.plan;
    bool keyed = action != NULL && plan->tools[action->tool].has_repeat_key &&
                 world->now < received->first_at + KEY_KNOWN_US;
    bool same = action != NULL && action->safe_to_repeat;
    if (received->arrived == 0) {
        received->first_at = world->now;
    }
    received->arrived += received->arrived == 0 || !(keyed || same);
}

enum way {
    WAY_well,
    WAY_lost,
    WAY_reset,
    WAY_429,
    WAY_500,
    WAY_slow,
    WAY_wrong,
    WAY_refused,
    WAY_locked,
    WAY_down,
    WAY_count
};

struct ending {
    enum fault fault;
    enum hr_outcome outcome;
    enum hr_blame blame;
    uint32_t done; /* how often it was done all the same, in a thousand */
};
static const struct ending endings[WAY_count] = {
    [WAY_well] = {FAULT_count, HR_OUTCOME_confirmed, HR_BLAME_none, 1000},
    [WAY_lost] = {FAULT_call_lost, HR_OUTCOME_unknown, HR_BLAME_transient, 1000},
    [WAY_reset] = {FAULT_call_reset, HR_OUTCOME_unknown, HR_BLAME_transient, 0},
    [WAY_429] = {FAULT_call_429, HR_OUTCOME_again, HR_BLAME_rate, 0},
    [WAY_500] = {FAULT_call_500, HR_OUTCOME_unknown, HR_BLAME_transient, 500},
    [WAY_slow] = {FAULT_call_slow, HR_OUTCOME_unknown, HR_BLAME_transient, 700},
    [WAY_wrong] = {FAULT_call_wrong, HR_OUTCOME_unknown, HR_BLAME_none, 800},
    [WAY_refused] = {FAULT_call_refused, HR_OUTCOME_refused, HR_BLAME_permanent, 0},
    [WAY_locked] = {FAULT_call_locked, HR_OUTCOME_refused, HR_BLAME_permission, 0},
    [WAY_down] = {FAULT_call_down, HR_OUTCOME_again, HR_BLAME_transient, 0},
};

static enum way way_of(struct world *world)
{
    bool well = world->calm || !rng_chance(&world->rng, 2 * world->swarm.alerts);
    return well ? WAY_well : (enum way)(1 + rng_below(&world->rng, WAY_count - 1));
}

/* Its check says whether it was done, or cannot say. */
static void look_up(struct world *world, const struct received *received, struct noted *noted)
{
    bool unclear = way_of(world) != WAY_well;
    if (unclear) {
        hit(FAULT_check_unclear);
    }
    noted->outcome = unclear                 ? HR_OUTCOME_unknown
                     : received->arrived > 0 ? HR_OUTCOME_confirmed
                                             : HR_OUTCOME_not_done;
    noted->fault = unclear ? HR_BLAME_transient : HR_BLAME_none;
}

static void carry(struct world *world, struct received *received, struct noted *noted)
{
    const struct ending *ending = &endings[way_of(world)];
    if (ending->fault != FAULT_count) {
        hit(ending->fault);
    }
    noted->outcome = ending->outcome;
    noted->fault = (uint8_t)ending->blame;
    if (ending->done > 0 && rng_chance(&world->rng, ending->done)) {
        arrive(world, received);
    }
    if (ending->blame == HR_BLAME_rate && rng_chance(&world->rng, 500)) {
        noted->retry_at = clock_now(world) + between(world, HR_SECOND_US, HR_HOUR_US);
    }
}

void call_leaves(struct world *world, struct received *received, const struct hr_effect *what)
{
    struct noted noted = {.kind = HR_EVENT_outcome,
                          .record = received->effect,
                          .retry_at = HR_INSTANT_NONE,
                          .answer = HR_TEXT("as it came")};
    if (what->state == HR_EFFECT_checking) {
        look_up(world, received, &noted);
    } else {
        carry(world, received, &noted);
    }
    trace(world, "effect %llx (%u, attempt %u%s) leaves: outcome %d, done %u times",
          NUMBER(received->effect), received->what, what->attempts,
          what->state == HR_EFFECT_checking ? ", a check" : "", (int)noted.outcome,
          received->arrived);
    schedule_action(world,
                    (struct action){.at = world->now + between(world, 50000, 20 * HR_SECOND_US),
                                    .act = ACT_outcome,
                                    .noted = noted});
}

/* ---- what people say ------------------------------------------------------------------------------------- */

static uint64_t one_waiting(struct world *world, enum hr_inbox inbox)
{
    enum { LOOKED_AT = 8 };
    struct hr_scanned *items = NULL;
    size_t count = 0;
    uint64_t kind = 0;
    uint64_t id = 0;
    struct hr_key from = hr_key_pair((uint64_t)inbox, 0);
    must(world,
         hr_store_scan(world->store, HR_SPACE_inbox, &from, LOOKED_AT, &world->round, &items,
                       &count),
         "scanning the inbox");
    if (count > 0) {
        hr_key_unpair(&items[rng_below(&world->rng, (uint32_t)count)].key, &kind, &id);
    }
    return kind == (uint64_t)inbox ? id : 0;
}

static bool name_effect(struct world *world, enum hr_inbox inbox, struct hr_command *command)
{
    struct hr_view view;
    command->effect = one_waiting(world, inbox);
    hr_view_init(&view, &world->round);
    if (command->effect == 0) {
        return false;
    }
    must(world, hr_store_fetch_records(world->store, &command->effect, 1, &view), "an effect");
    const struct hr_record *record = hr_view_record(&view, command->effect);
    command->text = hr_text_copy(&world->arena, record->effect->seen);
    return true;
}

static bool answer(struct world *world, struct hr_command *command)
{
    bool yes = rng_chance(&world->rng, 850);
    command->verb = yes ? HR_VERB_approve : HR_VERB_reject;
    if (!name_effect(world, HR_INBOX_asks, command)) {
        return false;
    }
    if (rng_chance(&world->rng, 60)) {
        hit(FAULT_voided);
        command->text = HR_TEXT("0123456789abcdef0123456789abcdef");
    } else {
        hit(yes ? FAULT_approved : FAULT_rejected);
    }
    return true;
}

/* They looked into the tool, and say what they saw there. */
static bool settle(struct world *world, struct hr_command *command)
{
    command->verb = HR_VERB_settle;
    if (!name_effect(world, HR_INBOX_unknown, command)) {
        return false;
    }
    const struct received *received = effect_received(world, command->effect);
    bool arrived = received != NULL && received->arrived > 0;
    bool again = !arrived && rng_chance(&world->rng, 500);
    command->role = arrived ? HR_SETTLED_arrived : again ? HR_SETTLED_again : HR_SETTLED_did_not;
    hit(FAULT_settled);
    return true;
}

static void turn(struct world *world, struct hr_command *command)
{
    command->verb = HR_VERB_lane;
    command->other = rng_below(&world->rng, HR_LANE_COUNT);
    command->role =
        rng_chance(&world->rng, 300) ? HR_LANE_hold : (uint8_t)(1 + rng_below(&world->rng, 3));
    hit(FAULT_lane);
}

/* Says yes to the text of the letter for all whom it is meant for, or no more. */
static void trust(struct world *world, struct hr_command *command)
{
    const struct hr_plan *plan = world->batch.engine.plan;
    int32_t automation = hr_plan_automation(plan, HR_TEXT("sim_calls"));
    int32_t message = hr_plan_message(plan, HR_TEXT("sim_letter"));
    command->verb = HR_VERB_standing;
    command->other = plan->automations[automation].name_number;
    command->field = plan->messages[message].name_number;
    if (rng_chance(&world->rng, 700)) {
        command->until = clock_now(world) + between(world, HR_HOUR_US, 10 * HR_DAY_US);
    }
}

bool person_answers(struct world *world, struct noted *noted)
{
    uint32_t way = rng_below(&world->rng, 100);
    if (way < 12) {
        turn(world, &noted->command);
        return true;
    }
    if (way < 20) {
        trust(world, &noted->command);
        return true;
    }
    return way < 75 ? answer(world, &noted->command) : settle(world, &noted->command);
}

/* ---- what must hold ---------------------------------------------------------------------------------------- */

void check_call(struct world *world, const struct hr_record *record)
{
    const struct hr_effect *effect = record->effect;
    const struct received *received = effect_received(world, record->id);
    uint32_t arrived = received == NULL ? 0 : received->arrived;
    bool waits = effect->state == HR_EFFECT_asks || effect->place == HR_PLACE_held ||
                 (effect->state == HR_EFFECT_planned && effect->place == HR_PLACE_queue);
    bool ended = effect->state == HR_EFFECT_confirmed || effect->state == HR_EFFECT_refused ||
                 effect->state == HR_EFFECT_unknown || effect->state == HR_EFFECT_withdrawn;
    if (arrived > 1) {
        fail(world, "effect %llx was done %u times", NUMBER(record->id), arrived);
    }
    if (!ended && !waits) {
        fail(world, "effect %llx never ends: %.*s", NUMBER(record->id),
             HR_SHOW(hr_effect_state_word((enum hr_effect_state)effect->state)));
    }
    if (effect->kind != HR_EFFECT_question && effect->state == HR_EFFECT_confirmed &&
        arrived == 0) {
        fail(world, "effect %llx is called confirmed and was never done", NUMBER(record->id));
    }
    bool called_not_done =
        effect->state == HR_EFFECT_refused || effect->state == HR_EFFECT_withdrawn;
    if (called_not_done && arrived > 0) {
        fail(world, "effect %llx is called %.*s and was done", NUMBER(record->id),
             HR_SHOW(hr_effect_state_word((enum hr_effect_state)effect->state)));
    }
    if (effect->state == HR_EFFECT_unknown &&
        !effect_was_told(world, record->id, HR_OUTCOME_unknown) && received != NULL &&
        effect->attempts <= 1) {
        /* told nothing at all: it left, and the host stopped before it heard */
        trace(world, "effect %llx is unknown because nobody answered", NUMBER(record->id));
    }
}
