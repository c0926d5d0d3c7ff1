/* What must hold in the moment in which something leaves, as the journal tells it: not while its automation is paused
 * or its lane is held, not to a customer without a yes to these very bytes, and never more than may fly at once. */
#include "sim/sim.h"

#include <string.h>

#define NUMBER(value) ((unsigned long long)(value))

enum { LEAVING_MAX = 4096, PAUSED_AT_ONCE_MAX = 64, FLYING_MAX = 4, YES_MAX = 64 };

/* One effect as the journal tells it up to here. */
struct leaving {
    uint64_t id;
    uint8_t kind;
    uint32_t tool;
    uint32_t automation;
    struct hr_text seen;     /* digest of what it brings */
    struct hr_text approved; /* digest that a person said yes to */
    uint32_t message;
    uint64_t meaning; /* of its text */
};
/* A yes to a text for all. */
struct yes {
    uint32_t automation;
    uint32_t message;
    uint64_t meaning;
    hr_instant until;
};
struct watching {
    struct world *world;
    struct leaving *leaving;
    size_t count;
    uint32_t paused[PAUSED_AT_ONCE_MAX];
    size_t paused_count;
    bool held[HR_LANE_COUNT];
    struct yes yes[YES_MAX];
    size_t yes_count;
    hr_instant now;
};

static struct leaving *find(struct watching *watching, uint64_t id)
{
    for (size_t i = watching->count; i > 0; i--) {
        if (watching->leaving[i - 1].id == id) {
            return &watching->leaving[i - 1];
        }
    }
    return NULL;
}

static void planned(struct watching *watching, const struct hr_fact *fact)
{
    if (fact->state >= HR_EFFECT_letter && watching->count < LEAVING_MAX) {
        watching->leaving[watching->count++] = (struct leaving){
            .id = fact->record, .kind = fact->state, .tool = fact->name, .message = fact->other};
    }
}

static bool is_paused(const struct watching *watching, uint32_t automation)
{
    for (size_t i = 0; i < watching->paused_count; i++) {
        if (watching->paused[i] == automation) {
            return true;
        }
    }
    return false;
}

static void switched(struct watching *watching, const struct hr_fact *fact)
{
    size_t kept = 0;
    for (size_t i = 0; i < watching->paused_count; i++) {
        if (watching->paused[i] != fact->name) {
            watching->paused[kept++] = watching->paused[i];
        }
    }
    if (fact->state == HR_SWITCH_paused) {
        hr_assert(kept < PAUSED_AT_ONCE_MAX);
        watching->paused[kept++] = fact->name;
    }
    watching->paused_count = kept;
}

static struct yes *yes_of(struct watching *watching, uint32_t automation, uint32_t message)
{
    for (size_t i = 0; i < watching->yes_count; i++) {
        struct yes *yes = &watching->yes[i];
        if (yes->automation == automation && yes->message == message) {
            return yes;
        }
    }
    return NULL;
}

static void said_yes(struct watching *watching, const struct hr_fact *fact)
{
    uint64_t rest = 0;
    struct yes *yes = yes_of(watching, fact->name, (uint32_t)fact->number);
    if (fact->state != HR_STANDING_given) {
        return;
    }
    if (yes == NULL) {
        hr_assert(watching->yes_count < YES_MAX);
        yes = &watching->yes[watching->yes_count++];
    }
    *yes = (struct yes){
        .automation = fact->name, .message = (uint32_t)fact->number, .until = fact->until};
    hr_key_unpair(&fact->key, &yes->meaning, &rest);
}

static bool is_covered(struct watching *watching, const struct leaving *leaving)
{
    const struct yes *yes = yes_of(watching, leaving->automation, leaving->message);
    return yes != NULL && yes->meaning == leaving->meaning && yes->until != HR_INSTANT_NONE &&
           yes->until > watching->now;
}

/* I4. */
static void intended(struct watching *watching, const struct leaving *leaving)
{
    enum hr_lane lane = hr_effect_lane((enum hr_effect_kind)leaving->kind);
    if (is_paused(watching, leaving->automation)) {
        fail(watching->world, "effect %llx left while its automation was paused",
             NUMBER(leaving->id));
    }
    if (leaving->kind != HR_EFFECT_note && watching->held[lane]) {
        fail(watching->world, "effect %llx left while its lane was held", NUMBER(leaving->id));
    }
    if (leaving->kind == HR_EFFECT_letter && !is_covered(watching, leaving) &&
        (leaving->approved.size == 0 || !hr_text_equal(leaving->approved, leaving->seen))) {
        fail(watching->world, "letter %llx left without a yes to what it says",
             NUMBER(leaving->id));
    }
}

static void look(struct watching *watching, const struct hr_fact *fact)
{
    struct leaving *leaving = find(watching, fact->record);
    switch ((int)fact->kind) {
    case HR_FACT_effect_planned:
        planned(watching, fact);
        return;
    case HR_FACT_automation_switched:
        switched(watching, fact);
        return;
    case HR_FACT_standing_said:
        said_yes(watching, fact);
        return;
    case HR_FACT_lane_switched:
        watching->held[fact->from] = fact->state == HR_LANE_hold;
        return;
    default:
        break;
    }
    if (leaving == NULL) {
        return;
    }
    if (fact->kind == HR_FACT_effect_of) {
        uint64_t rest = 0;
        leaving->automation = fact->name;
        hr_key_unpair(&fact->key, &leaving->meaning, &rest);
    } else if (fact->kind == HR_FACT_effect_seen) {
        leaving->seen = fact->text;
    } else if (fact->kind == HR_FACT_effect_answered && fact->state == 1) {
        leaving->approved = fact->text;
    } else if (fact->kind == HR_FACT_effect_moved && fact->state == HR_EFFECT_intended) {
        intended(watching, leaving);
    }
}

/* The queues count what stands in them, and let no more fly than may. */
static void check_queue(struct world *world, const struct state *state,
                        const struct hr_record *record)
{
    uint64_t flying = 0;
    uint64_t waiting = 0;
    const struct hr_queue *queue = record->queue;
    for (size_t i = 0; i < state->record_count; i++) {
        const struct hr_record *other = state->records[i];
        bool theirs = other->exists && other->kind == HR_RECORD_effect &&
                      other->effect->kind >= HR_EFFECT_letter &&
                      other->effect->tool == queue->tool && queue->tool != 0;
        flying += theirs && other->effect->place == HR_PLACE_flying;
        waiting += theirs && other->effect->place == HR_PLACE_queue;
    }
    if (flying != queue->flying || flying > FLYING_MAX ||
        waiting != queue->waiting[HR_LANE_customer] + queue->waiting[HR_LANE_internal]) {
        fail(world, "the queue of tool %u counts %llu flying and %llu waiting are", queue->tool,
             NUMBER(queue->flying), NUMBER(waiting));
    }
}

void check_intents(struct world *world, const struct state *state)
{
    struct watching watching = {.world = world};
    watching.leaving = hr_arena_new_many(&world->round, struct leaving, LEAVING_MAX);
    hr_assert(watching.leaving != NULL);
    for (uint64_t i = 0; i < state->entry_count; i++) {
        watching.now = state->entries[i].recorded_at;
        for (size_t k = 0; k < state->entries[i].fact_count; k++) {
            look(&watching, &state->entries[i].facts[k]);
        }
    }
    for (size_t i = 0; i < state->record_count; i++) {
        if (state->records[i]->exists && state->records[i]->kind == HR_RECORD_queue) {
            check_queue(world, state, state->records[i]);
        }
    }
}
