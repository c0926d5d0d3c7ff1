/* What must hold of everything that automations ever did: nobody goes through one twice for one key, nothing wakes too
 * early, nothing is done behind the end, and the counters say what the journal says. Erased parts tell nothing. */
#include "sim/sim.h"

#include <string.h>

#define NUMBER(value) ((unsigned long long)(value))

enum { SEEN_MAX = 16384, PAUSED_MAX = 16 };

/* One enrollment as the journal tells it. */
struct seen {
    uint64_t contact;
    uint64_t id;
    uint32_t automation;
    struct hr_key key;
    hr_instant until; /* it waits for a time; HR_INSTANT_NONE: it does not */
    bool
        outside; /* it waits for something that left before: what came of that is told at any time */
    bool over;
};
struct watching {
    struct world *world;
    const struct hr_plan *plan; /* any: all variants have the same automations */
    struct seen *seen;
    size_t count;
    hr_instant now;
    uint32_t paused[PAUSED_MAX]; /* name numbers */
    size_t paused_count;
};

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
    watching->paused_count = kept;
    if (fact->state == HR_SWITCH_paused && kept < PAUSED_MAX) {
        watching->paused[watching->paused_count++] = fact->name;
    }
}

static struct seen *find(struct watching *watching, uint64_t contact, uint64_t id)
{
    for (size_t i = watching->count; i > 0; i--) {
        struct seen *seen = &watching->seen[i - 1];
        if (seen->contact == contact && seen->id == id) {
            return seen;
        }
    }
    return NULL;
}

/* I2: without an expiry. */
static void began(struct watching *watching, const struct hr_fact *fact)
{
    int32_t index = hr_plan_automation_numbered(watching->plan, fact->name);
    bool once =
        index >= 0 && watching->plan->automations[index].reenter.kind == HR_REENTER_once_per;
    if (is_paused(watching, fact->name)) {
        fail(watching->world, "automation %u let somebody in while it was paused", fact->name);
    }
    for (size_t i = 0; once && i < watching->count; i++) {
        const struct seen *seen = &watching->seen[i];
        if (seen->contact == fact->record && seen->automation == fact->name &&
            hr_key_equal(&seen->key, &fact->key)) {
            fail(watching->world, "contact %llx went through automation %u twice for one key",
                 NUMBER(fact->record), fact->name);
        }
    }
    if (watching->count < SEEN_MAX) {
        watching->seen[watching->count++] = (struct seen){.contact = fact->record,
                                                          .id = fact->number,
                                                          .automation = fact->name,
                                                          .key = fact->key,
                                                          .until = HR_INSTANT_NONE};
    }
}

/* I6: what waits for a time takes no step before it. I4: what is over takes none at all. */
static void took_step(struct watching *watching, const struct hr_fact *fact)
{
    struct seen *seen = find(watching, fact->record, fact->number);
    if (seen == NULL) {
        return;
    }
    bool early = seen->until != HR_INSTANT_NONE && watching->now < seen->until;
    if (seen->over || early) {
        fail(watching->world, "enrollment %llx %s", NUMBER(fact->number),
             seen->over ? "took a step after its end" : "woke before its time");
    }
    if (fact->kind == HR_FACT_step_taken && !seen->outside &&
        is_paused(watching, seen->automation)) {
        fail(watching->world, "enrollment %llx took a step while its automation was paused",
             NUMBER(fact->number));
    }
}

static void moved(struct watching *watching, const struct hr_fact *fact)
{
    struct seen *seen = find(watching, fact->record, fact->number);
    if (seen != NULL) {
        took_step(watching, fact);
        seen->until = fact->state == HR_RUN_waits_time ? fact->until : HR_INSTANT_NONE;
        seen->outside = fact->state == HR_RUN_waits_effect || fact->state == HR_RUN_waits_answer;
    }
}

static void look(struct watching *watching, const struct hr_fact *fact)
{
    struct seen *seen = NULL;
    switch ((int)fact->kind) {
    case HR_FACT_run_began:
        began(watching, fact);
        break;
    case HR_FACT_run_moved:
        if (fact->state != HR_RUN_held) {
            moved(watching, fact);
        }
        break;
    case HR_FACT_step_taken:
        seen = fact->state == HR_RESULT_skipped ? find(watching, fact->record, fact->number) : NULL;
        if (seen != NULL) { /* a person ends a wait before its time */
            seen->until = HR_INSTANT_NONE;
        }
        if (fact->state != HR_RESULT_waits) { /* that one is told after it began to wait */
            took_step(watching, fact);
        }
        break;
    case HR_FACT_assigned:
        the_tally.faults[FAULT_nobody_there] += fact->state == HR_GIVEN_nobody;
        the_tally.faults[FAULT_queued] += fact->state == HR_GIVEN_queue;
        break;
    case HR_FACT_run_ended:
        seen = find(watching, fact->record, fact->number);
        if (seen != NULL) {
            seen->over = true;
        }
        break;
    default:
        break;
    }
}

/* The enrollments under way in all contacts are as many as the counters say. */
static void check_counters(struct watching *watching, const struct state *state)
{
    for (size_t i = 0; i < state->record_count; i++) {
        const struct hr_record *record = state->records[i];
        uint64_t running = 0;
        uint64_t resting = 0;
        if (!record->exists || record->kind != HR_RECORD_automation) {
            continue;
        }
        for (size_t k = 0; k < state->record_count; k++) {
            const struct hr_record *other = state->records[k];
            bool contact = other->exists && other->kind == HR_RECORD_contact;
            for (size_t r = 0; contact && r < other->contact->run_count; r++) {
                bool its = other->contact->runs[r].automation == record->automation->automation;
                running += its;
                resting += its && other->contact->runs[r].state == HR_RUN_rests;
            }
        }
        if (running != record->automation->running) {
            fail(watching->world, "automation %u counts %llu under way, and %llu are",
                 record->automation->automation, NUMBER(record->automation->running),
                 NUMBER(running));
        }
        if (resting > 0 && record->automation->state == HR_SWITCH_on &&
            !record->automation->wakes) {
            fail(watching->world, "automation %u goes on, and %llu rest as if it were paused",
                 record->automation->automation, NUMBER(resting));
        }
    }
}

/* ---- who has how much ------------------------------------------------------------------------------------- */

/* Whose open record a contact is, by what is known of it now. */
static uint32_t person_of(const struct hr_plan *plan, const struct hr_contact *contact,
                          uint32_t field)
{
    const struct hr_pipeline *pipeline = &plan->pipelines[0];
    const struct hr_stage *last = &plan->stages[pipeline->first + pipeline->count - 1];
    const struct hr_said *stage =
        hr_contact_field(contact, plan->fields[pipeline->field].name_number);
    const struct hr_said *said = hr_contact_field(contact, field);
    bool over = stage != NULL && hr_text_equal(hr_value_as_text(&stage->value), last->id);
    int32_t person =
        said == NULL || over ? HR_NONE_INDEX : hr_plan_person(plan, hr_value_as_text(&said->value));
    return person < 0 ? 0 : plan->people[person].name_number;
}

/* Contacts remember among whose open records they count, and each person's row counts as many. */
static void check_loads(struct watching *watching, const struct state *state)
{
    enum { NAMES_MAX = 1024 };
    const struct hr_plan *plan = watching->plan;
    uint32_t field = plan->fields[hr_plan_field(plan, HR_TEXT("sim_owner"))].name_number;
    uint64_t *counted = hr_arena_new_many(&watching->world->round, uint64_t, NAMES_MAX);
    hr_assert(counted != NULL);
    for (size_t i = 0; i < state->record_count; i++) {
        const struct hr_record *record = state->records[i];
        if (!record->exists || record->kind != HR_RECORD_contact) {
            continue;
        }
        const struct hr_holding *holding = hr_contact_holding(record->contact, field);
        uint32_t kept = holding == NULL ? 0 : holding->person;
        uint32_t person = person_of(plan, record->contact, field);
        if (kept != person) {
            fail(watching->world, "contact %llx counts among the records of %u, and is %u's",
                 NUMBER(record->id), kept, person);
        }
        hr_assert(person < NAMES_MAX);
        counted[person]++;
    }
    for (size_t i = 0; i < state->record_count; i++) {
        const struct hr_record *record = state->records[i];
        if (!record->exists || record->kind != HR_RECORD_person) {
            continue;
        }
        uint64_t load = hr_person_load(record->person, HR_RECORD_TYPE_contact, field);
        if (load != counted[record->person->person]) {
            fail(watching->world, "person %u counts %llu open contacts, and has %llu",
                 record->person->person, NUMBER(load), NUMBER(counted[record->person->person]));
        }
        counted[record->person->person] = 0;
    }
    for (uint32_t person = 1; person < NAMES_MAX; person++) {
        if (counted[person] != 0) {
            fail(watching->world, "person %u has open contacts, and no row counts them", person);
        }
    }
}

void check_runs(struct world *world, const struct state *state)
{
    struct watching watching = {.world = world, .plan = world->batch.engine.plan};
    watching.seen = hr_arena_new_many(&world->round, struct seen, SEEN_MAX);
    hr_assert(watching.seen != NULL);
    for (uint64_t i = 0; i < state->entry_count; i++) {
        const struct hr_entry *entry = &state->entries[i];
        watching.now = entry->recorded_at;
        for (size_t part = 0; part < entry->part_count; part++) {
            for (size_t k = 0; k < entry->parts[part].fact_count; k++) {
                look(&watching, &entry->parts[part].facts[k]);
            }
        }
        for (size_t k = 0; k < entry->fact_count; k++) {
            if (entry->facts[k].kind == HR_FACT_automation_switched) {
                switched(&watching, &entry->facts[k]);
            }
        }
    }
    check_counters(&watching, state);
    check_loads(&watching, state);
}
