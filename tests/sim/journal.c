/* What must hold of everything that was ever written down: no timer early, nothing sent for what was over, each
 * message once. */
#include "sim/sim.h"

#include <stdlib.h>
#include <string.h>

#define NUMBER(value) ((unsigned long long)(value))

/* What the walk remembers of records it has passed. */
struct passed {
    uint64_t record;
    uint64_t issue;        /* of an effect */
    hr_instant not_before; /* of an effect */
    uint8_t state;         /* of an issue */
};
struct deadline {
    uint64_t contact;
    uint32_t handoff;
    struct hr_key key;
    hr_instant late_at;
    hr_instant fail_at;
};
/* What a person chose, and until when no machine replaces it. */
struct chosen {
    uint64_t contact;
    uint32_t field;
    bool holds;
    hr_instant until;
};
struct walk {
    struct world *world;
    struct chosen *chosen;
    size_t chosen_count;
    size_t chosen_capacity;
    struct hr_map records; /* id as text -> index + 1 in passed */
    struct passed *passed;
    size_t passed_count;
    size_t passed_capacity;
    struct deadline *deadlines;
    size_t deadline_count;
    size_t deadline_capacity;
};

static struct passed *passed(struct walk *walk, uint64_t record)
{
    struct hr_arena *arena = &walk->world->round;
    struct hr_text name =
        hr_text_copy(arena, (struct hr_text){(const char *)&record, sizeof record});
    const uint64_t *known = hr_map_find(&walk->records, name);
    if (known != NULL) {
        return &walk->passed[*known];
    }
    walk->passed = hr_list_grow(arena, walk->passed, walk->passed_count, &walk->passed_capacity,
                                sizeof *walk->passed);
    hr_assert(walk->passed != NULL);
    walk->passed[walk->passed_count] = (struct passed){.record = record};
    must(walk->world, hr_map_put(&walk->records, name, walk->passed_count), "hr_map_put");
    return &walk->passed[walk->passed_count++];
}

static struct deadline *deadline_of(struct walk *walk, const struct hr_fact *fact)
{
    for (size_t i = 0; i < walk->deadline_count; i++) {
        struct deadline *deadline = &walk->deadlines[i];
        if (deadline->contact == fact->record && deadline->handoff == fact->name &&
            hr_key_equal(&deadline->key, &fact->key)) {
            return deadline;
        }
    }
    return NULL;
}

static void opened(struct walk *walk, const struct hr_fact *fact)
{
    struct deadline *deadline = deadline_of(walk, fact);
    if (deadline == NULL) {
        walk->deadlines = hr_list_grow(&walk->world->round, walk->deadlines, walk->deadline_count,
                                       &walk->deadline_capacity, sizeof *walk->deadlines);
        hr_assert(walk->deadlines != NULL);
        deadline = &walk->deadlines[walk->deadline_count++];
    }
    *deadline = (struct deadline){fact->record, fact->name, fact->key, fact->until, fact->third};
}

static bool passed_by(hr_instant deadline, hr_instant now)
{
    return deadline != HR_INSTANT_NONE && now >= deadline;
}

/* I6: nobody is called late before the deadline, nor failed without proof against it. */
static void judged(struct walk *walk, const struct hr_entry *entry, const struct hr_fact *fact)
{
    const struct deadline *deadline = deadline_of(walk, fact);
    if (deadline == NULL) {
        return; /* its opening was forgotten */
    }
    bool incorrect = fact->text.size > 0;
    bool early = fact->state == HR_STAND_late && !passed_by(deadline->late_at, entry->recorded_at);
    early = early || (fact->state == HR_STAND_failed && !incorrect &&
                      !passed_by(deadline->fail_at, entry->recorded_at));
    if (early) {
        fail(walk->world, "entry %llu calls a handoff %.*s before its time",
             NUMBER(entry->position), HR_SHOW(hr_stand_word((enum hr_stand)fact->state)));
    }
}

/* I4 and I6: an alert leaves neither early nor for an issue that is over. */
static void effect_moved(struct walk *walk, const struct hr_entry *entry,
                         const struct hr_fact *fact)
{
    struct passed *effect = passed(walk, fact->record);
    if (fact->state == HR_EFFECT_intended) {
        if (entry->recorded_at < effect->not_before) {
            fail(walk->world, "entry %llu sends an alert before its time", NUMBER(entry->position));
        }
        uint64_t issue = effect->issue;
        if (issue != 0 && passed(walk, issue)->state == HR_ISSUE_resolved) {
            fail(walk->world, "entry %llu sends an alert about an issue that is over",
                 NUMBER(entry->position));
        }
    }
    passed(walk, fact->record)->not_before = fact->at;
}

static struct chosen *chosen_of(struct walk *walk, const struct hr_fact *fact)
{
    for (size_t i = 0; i < walk->chosen_count; i++) {
        if (walk->chosen[i].contact == fact->record && walk->chosen[i].field == fact->name) {
            return &walk->chosen[i];
        }
    }
    return NULL;
}

static void pinned(struct walk *walk, const struct hr_fact *fact)
{
    struct chosen *chosen = chosen_of(walk, fact);
    if (chosen == NULL) {
        walk->chosen = hr_list_grow(&walk->world->round, walk->chosen, walk->chosen_count,
                                    &walk->chosen_capacity, sizeof *walk->chosen);
        hr_assert(walk->chosen != NULL);
        chosen = &walk->chosen[walk->chosen_count++];
    }
    hit(fact->state == 1 ? FAULT_edit : FAULT_release);
    *chosen = (struct chosen){fact->record, fact->name, fact->state == 1, fact->until};
}

/* What a person chose no machine replaces. */
static void set(struct walk *walk, const struct hr_entry *entry, const struct hr_fact *fact)
{
    const struct chosen *chosen = chosen_of(walk, fact);
    enum hr_by by = hr_writer_by(fact->other);
    bool theirs = (by == HR_BY_page || by == HR_BY_complaint) && /* the customer's own no */
                  hr_text_equal(hr_value_as_text(&fact->value), HR_TEXT("withdrawn"));
    bool wins = (fact->state & HR_FIELD_WINS) != 0 && by != HR_BY_person && !theirs;
    if (wins && chosen != NULL && chosen->holds &&
        (chosen->until == HR_INSTANT_NONE || entry->recorded_at < chosen->until)) {
        fail(walk->world, "entry %llu replaces what a person chose (field %u)",
             NUMBER(entry->position), fact->name);
    }
}

static void observed(const struct hr_fact *fact)
{
    switch (fact->state) {
    case HR_BESIDE_pinned:
        hit(FAULT_pinned_word);
        break;
    case HR_BESIDE_conflict:
        hit(FAULT_conflict);
        break;
    case HR_BESIDE_forbidden:
        hit(FAULT_forbidden);
        break;
    case HR_BESIDE_unproven:
        hit(FAULT_unproven);
        break;
    case HR_BESIDE_answered:
        hit(FAULT_answered);
        break;
    default:
        break;
    }
}

static void pass(struct walk *walk, const struct hr_entry *entry, const struct hr_fact *fact)
{
    the_tally.facts[fact->kind]++;
    switch ((int)fact->kind) {
    case HR_FACT_field_pinned:
        pinned(walk, fact);
        break;
    case HR_FACT_field_set:
        set(walk, entry, fact);
        break;
    case HR_FACT_field_observed:
        observed(fact);
        break;
    case HR_FACT_handoff_opened:
        opened(walk, fact);
        break;
    case HR_FACT_handoff_judged:
        judged(walk, entry, fact);
        break;
    case HR_FACT_issue_opened:
        passed(walk, fact->record)->state = HR_ISSUE_new;
        break;
    case HR_FACT_issue_moved:
        passed(walk, fact->record)->state = fact->state;
        break;
    case HR_FACT_effect_planned:
        passed(walk, fact->record)->issue = fact->state < HR_EFFECT_letter ? fact->number : 0;
        passed(walk, fact->record)->not_before = fact->at;
        break;
    case HR_FACT_effect_moved:
        effect_moved(walk, entry, fact);
        break;
    default:
        break;
    }
}

static int compare_keys(const void *a, const void *b)
{
    return memcmp(a, b, HR_KEY_SIZE);
}

/* I1: each message once, and every one that was answered. */
static void check_once(struct world *world, const struct state *state)
{
    struct hr_key *keys = hr_arena_new_many(&world->round, struct hr_key, state->entry_count);
    size_t count = 0;
    hr_assert(keys != NULL);
    for (uint64_t i = 0; i < state->entry_count; i++) {
        if (!hr_key_is_zero(&state->entries[i].key)) {
            keys[count++] = state->entries[i].key;
        }
    }
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 1; i < count; i++) {
        if (hr_key_equal(&keys[i - 1], &keys[i])) {
            fail(world, "a message stands in the journal twice");
        }
    }
    for (size_t i = 0; i < world->message_count; i++) {
        const struct message *message = &world->messages[i];
        bool there = bsearch(&message->delivery, keys, count, sizeof *keys, compare_keys) != NULL;
        if (message->kept && !there) {
            fail(world, "message %zu was answered and is not in the journal", i);
        }
        if (!message->acked && !message->cancelled) {
            fail(world, "message %zu never reaches the host", i);
        }
    }
}

void check_journal(struct world *world, const struct state *state)
{
    struct walk walk = {.world = world};
    hr_map_init(&walk.records, &world->round);
    check_once(world, state);
    for (uint64_t i = 0; i < state->entry_count; i++) {
        const struct hr_entry *entry = &state->entries[i];
        if (i > 0 && entry->recorded_at < state->entries[i - 1].recorded_at) {
            fail(world, "time runs backwards at entry %llu", NUMBER(entry->position));
        }
        for (size_t part = 0; part < entry->part_count; part++) {
            for (size_t k = 0; k < entry->parts[part].fact_count; k++) {
                pass(&walk, entry, &entry->parts[part].facts[k]);
            }
        }
        for (size_t k = 0; k < entry->fact_count; k++) {
            pass(&walk, entry, &entry->facts[k]);
        }
    }
}
