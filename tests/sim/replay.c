/* The rules run again: on the stored events they write the same journal, byte for byte; and one customer's messages
 * lead to the same end in every order of arrival. */
#include "sim/sim.h"

#include <stdlib.h>
#include <string.h>

#define NUMBER(value) ((unsigned long long)(value))

enum { STEPS_MAX = 1000, ORDERS = 4, ORDERED_MAX = 40 };

/* An engine over a state that is only in memory. */
struct machine {
    struct world *world;
    struct hr_arena *arena;
    struct hr_view view;
    struct hr_engine engine;
    uint64_t position;
};

static void machine_init(struct machine *machine, struct world *world, struct hr_arena *arena)
{
    *machine = (struct machine){
        .world = world, .arena = arena, .engine = {.secret = world->options.secret}};
    hr_view_init(&machine->view, arena);
}

/* What the view lacks is not there. */
static void bring(struct machine *machine, const struct hr_needs *needs)
{
    for (size_t i = 0; i < needs->record_count; i++) {
        if (hr_view_record(&machine->view, needs->records[i]) == NULL) {
            struct hr_record *absent = hr_arena_new(machine->arena, struct hr_record);
            hr_assert(absent != NULL);
            *absent = (struct hr_record){.id = needs->records[i], .hinted_due = HR_INSTANT_NONE};
            must(machine->world, hr_view_put_record(&machine->view, absent), "hr_view_put_record");
        }
    }
    for (size_t i = 0; i < needs->entry_count; i++) {
        enum hr_space space = (enum hr_space)needs->entries[i].space;
        if (hr_view_entry(&machine->view, space, &needs->entries[i].key) == NULL) {
            must(machine->world,
                 hr_view_put_entry(&machine->view, space, &needs->entries[i].key, 0, false),
                 "hr_view_put_entry");
        }
    }
}

/* The members of an issue after a contact, in order. */
static void bring_members(struct machine *machine, const struct hr_needs *needs,
                          struct hr_members *members)
{
    *members = (struct hr_members){.issue = needs->members_of, .after = needs->members_after};
    uint64_t after = needs->members_after;
    while (members->count < HR_SWEEP_MEMBERS) {
        uint64_t next = UINT64_MAX;
        for (size_t i = 0; i < machine->view.entry_count; i++) {
            const struct hr_index_entry *entry = &machine->view.entries[i];
            uint64_t issue = 0;
            uint64_t contact = 0;
            hr_key_unpair(&entry->key, &issue, &contact);
            if (entry->space == HR_SPACE_member && entry->value > 0 && issue == members->issue &&
                contact > after && contact < next) {
                next = contact;
            }
        }
        if (next == UINT64_MAX) {
            return;
        }
        members->contacts[members->count++] = next;
        after = next;
    }
}

static void machine_step(struct machine *machine, const struct hr_event *event,
                         struct hr_entry *ret_entry)
{
    static struct hr_needs needs;
    struct hr_members members = {0};
    for (int i = 0; i < STEPS_MAX; i++) {
        hr_status status =
            hr_engine_step(&machine->engine, &machine->view, event, &members, &needs, ret_entry);
        if (status.code != HR_E_NEEDS) {
            must(machine->world, status, "a step run again");
            machine->position += ret_entry->position != 0;
            return;
        }
        bring(machine, &needs);
        if (needs.members_of != 0) {
            bring_members(machine, &needs, &members);
        }
    }
    fail(machine->world, "a step run again needs without end");
}

static void machine_publish(struct machine *machine, int variant, hr_instant now,
                            struct hr_entry *ret_entry)
{
    const struct hr_event event = {.kind = HR_EVENT_published,
                                   .position = machine->position + 1,
                                   .now = now,
                                   .payload = the_variants[variant].files,
                                   .published = the_variants[variant].plan};
    machine_step(machine, &event, ret_entry);
    machine->engine.plan = the_variants[variant].plan;
}

/* ---- the same journal -------------------------------------------------------------------------------------- */

static void step_again(struct machine *machine, const struct noted *noted,
                       struct hr_entry *ret_entry)
{
    if (noted->kind == HR_EVENT_published) {
        machine_publish(machine, noted->variant, noted->now, ret_entry);
        return;
    }
    struct hr_heard heard;
    struct hr_event event = {.kind = noted->kind,
                             .position = machine->position + 1,
                             .now = noted->now,
                             .record = noted->record,
                             .also = noted->also,
                             .also_count = noted->also_count,
                             .hint_due = noted->hint_due,
                             .outcome = noted->outcome,
                             .retry_at = noted->retry_at,
                             .answer = noted->answer};
    bool answers = noted->kind == HR_EVENT_command && noted->command.verb == HR_VERB_answer;
    if (noted->kind == HR_EVENT_heard || answers) {
        message_read(machine->world, &machine->engine, noted->message, noted->received_at,
                     machine->arena, &heard);
        event.heard = &heard;
    }
    if (noted->kind == HR_EVENT_heard) {
        event.payload = machine->world->messages[noted->message].raw;
    }
    event.command = noted->kind == HR_EVENT_command ? &noted->command : NULL;
    machine_step(machine, &event, ret_entry);
}

void check_replay(struct world *world, const struct state *state)
{
    struct machine machine;
    struct hr_digest chain = {{0}};
    machine_init(&machine, world, &world->round);
    if (world->entry_count != state->entry_count) {
        fail(world, "%llu entries, %llu events", NUMBER(state->entry_count),
             NUMBER(world->entry_count));
    }
    for (uint64_t i = 0; i < state->entry_count; i++) {
        struct hr_entry entry;
        struct hr_text header = HR_TEXT_NONE;
        step_again(&machine, &world->entries[i], &entry);
        if (entry.position != i + 1) {
            fail(world, "entry %llu is nothing when its event is run again", NUMBER(i + 1));
        }
        uint8_t(*salts)[HR_SALT_SIZE] =
            hr_arena_alloc_many(&world->round, entry.part_count, HR_SALT_SIZE);
        struct hr_sealed_part *parts =
            hr_arena_new_many(&world->round, struct hr_sealed_part, entry.part_count);
        hr_assert(salts != NULL && parts != NULL);
        salts_of(world, salts, entry.part_count * HR_SALT_SIZE);
        must(world,
             hr_entry_seal(&entry, &chain, (const uint8_t(*)[HR_SALT_SIZE])salts, &world->round,
                           &header, parts),
             "sealing again");
        chain = entry.chain;
        if (!hr_text_equal(header, state->headers[i])) {
            fail(world,
                 "entry %llu of kind %d is another when its event is run again: %zu and %zu header "
                 "facts, %zu and %zu parts",
                 NUMBER(i + 1), (int)entry.kind, state->entries[i].fact_count, entry.fact_count,
                 state->entries[i].part_count, entry.part_count);
        }
    }
}

/* ---- any order ------------------------------------------------------------------------------------------------ */

static const struct hr_contact *the_contact(struct machine *machine)
{
    const struct hr_contact *found = NULL;
    for (size_t i = 0; i < machine->view.record_count; i++) {
        const struct hr_record *record = machine->view.records[i];
        if (record->exists && record->kind == HR_RECORD_contact) {
            if (found != NULL) {
                fail(machine->world, "one person became two contacts");
            }
            found = record->contact;
        }
    }
    return found;
}

static const struct hr_contact *hear_all(struct machine *machine, const uint32_t *order,
                                         size_t count, hr_instant now)
{
    struct hr_entry entry;
    bool heard_before[MESSAGES_MAX] = {false};
    machine_publish(machine, 0, now, &entry);
    for (size_t i = 0; i < count; i++) {
        struct noted noted = {
            .kind = HR_EVENT_heard, .message = order[i], .received_at = now, .now = now};
        if (!heard_before[order[i]]) {
            heard_before[order[i]] = true;
            step_again(machine, &noted, &entry);
            trace(machine->world, "in this order: %.*s",
                  HR_SHOW(machine->world->messages[order[i]].raw));
        }
    }
    return the_contact(machine);
}

static const struct hr_instance *same_instance(const struct hr_contact *contact,
                                               const struct hr_instance *wanted)
{
    for (size_t i = 0; i < contact->instance_count; i++) {
        if (contact->instances[i].handoff == wanted->handoff &&
            hr_key_equal(&contact->instances[i].key, &wanted->key)) {
            return &contact->instances[i];
        }
    }
    return NULL;
}

static void compare_instances(struct world *world, uint32_t who, const struct hr_contact *a,
                              const struct hr_contact *b)
{
    if (a->instance_count != b->instance_count) {
        fail(world, "customer %u: %zu handoffs in one order, %zu in another", who,
             a->instance_count, b->instance_count);
    }
    for (size_t i = 0; i < a->instance_count; i++) {
        const struct hr_instance *one = &a->instances[i];
        const struct hr_instance *other = same_instance(b, one);
        if (other == NULL) {
            fail(world, "customer %u: handoff %u opens only in some orders", who, one->handoff);
        }
        if (one->opened_at != other->opened_at || one->stand != other->stand ||
            one->judged_at != other->judged_at || one->incorrect != other->incorrect) {
            fail(world,
                 "customer %u: handoff %u is %.*s (opened %lld, judged %lld) in one order, %.*s "
                 "(opened %lld, judged %lld) in another",
                 who, one->handoff, HR_SHOW(hr_stand_word((enum hr_stand)one->stand)),
                 (long long)one->opened_at, (long long)one->judged_at,
                 HR_SHOW(hr_stand_word((enum hr_stand)other->stand)), (long long)other->opened_at,
                 (long long)other->judged_at);
        }
    }
}

static void compare_fields(struct world *world, uint32_t who, const struct hr_contact *a,
                           const struct hr_contact *b)
{
    for (size_t i = 0; i < a->field_count; i++) {
        bool same = false;
        for (size_t k = 0; k < b->field_count; k++) {
            same = same || (a->fields[i].field == b->fields[k].field &&
                            a->fields[i].at == b->fields[k].at &&
                            hr_value_equal(&a->fields[i].value, &b->fields[k].value));
        }
        if (!same || a->field_count != b->field_count) {
            fail(world, "customer %u: field %u depends on the order of arrival", who,
                 a->fields[i].field);
        }
    }
}

/* Another order of the same messages, some of them more than once. */
static void shuffle(struct world *world, const uint32_t *messages, uint32_t *order, size_t *count)
{
    size_t copies = rng_below(&world->rng, 4);
    memcpy(order, messages, *count * sizeof *order);
    for (size_t i = 0; i<copies && * count> 0 && *count < ORDERED_MAX; i++) {
        order[*count] = order[rng_below(&world->rng, (uint32_t)*count)];
        (*count)++;
    }
    for (size_t i = *count; i > 1; i--) {
        size_t other = rng_below(&world->rng, (uint32_t)i);
        uint32_t swapped = order[i - 1];
        order[i - 1] = order[other];
        order[other] = swapped;
    }
}

/* I7: of one customer, all messages that name them by one address. */
void check_orders(struct world *world)
{
    uint32_t who = rng_below(&world->rng, (uint32_t)world->customer_count);
    uint32_t messages[ORDERED_MAX];
    uint32_t order[ORDERED_MAX];
    size_t count = 0;
    for (uint32_t i = 0; i < world->message_count && count < ORDERED_MAX - 4; i++) {
        if (world->messages[i].customer == who && world->messages[i].plain) {
            messages[count++] = i;
        }
    }
    const struct hr_contact *first = NULL;
    for (int i = 0; i < ORDERS && count > 0; i++) {
        struct machine machine;
        machine_init(&machine, world, &world->round);
        size_t heard = count;
        shuffle(world, messages, order, &heard);
        const struct hr_contact *contact = hear_all(&machine, order, heard, world->now);
        if (first == NULL) {
            first = contact;
            continue;
        }
        the_tally.permutations++;
        compare_instances(world, who, first, contact);
        compare_fields(world, who, first, contact);
    }
}
