/* The rules run again: on the stored events they write the same journal, byte for byte; and one customer's messages
 * lead to the same end in every order of arrival. */
#include "sim/sim.h"
#include "support/machine.h"

#include <string.h>

#define NUMBER(value) ((unsigned long long)(value))

enum { ORDERS = 4, ORDERED_MAX = 40 };

/* ---- the same journal -------------------------------------------------------------------------------------- */

static void publish_again(struct world *world, struct machine *machine, int variant, hr_instant now,
                          struct hr_entry *ret_entry)
{
    must(world,
         machine_publish(machine, the_variants[variant].plan, the_variants[variant].files, now,
                         ret_entry),
         "publishing again");
}

static void step_again(struct world *world, struct machine *machine, const struct noted *noted,
                       struct hr_entry *ret_entry)
{
    if (noted->kind == HR_EVENT_published) {
        publish_again(world, machine, noted->variant, noted->now, ret_entry);
        return;
    }
    struct hr_heard heard;
    struct hr_event event = {.kind = noted->kind,
                             .now = noted->now,
                             .record = noted->record,
                             .also = noted->also,
                             .also_count = noted->also_count,
                             .hint_due = noted->hint_due,
                             .outcome = noted->outcome,
                             .fault = noted->fault,
                             .retry_at = noted->retry_at,
                             .answer = noted->answer};
    bool answers = noted->kind == HR_EVENT_command && noted->command.verb == HR_VERB_answer;
    if (noted->kind == HR_EVENT_heard || answers) {
        message_read(world, &machine->engine, noted->message, noted->received_at, machine->arena,
                     &heard);
        event.heard = &heard;
    }
    if (noted->kind == HR_EVENT_heard) {
        event.payload = world->messages[noted->message].raw;
    }
    event.command = noted->kind == HR_EVENT_command ? &noted->command : NULL;
    must(world, machine_step(machine, event, ret_entry), "a step run again");
}

void check_replay(struct world *world, const struct state *state)
{
    struct machine machine;
    struct hr_digest chain = {{0}};
    machine_init(&machine, &world->round, world->options.secret);
    machine.engine.automates = true;
    machine.engine.url = world->batch.engine.url;
    if (world->entry_count != state->entry_count) {
        fail(world, "%llu entries, %llu events", NUMBER(state->entry_count),
             NUMBER(world->entry_count));
    }
    for (uint64_t i = 0; i < state->entry_count; i++) {
        struct hr_entry entry;
        struct hr_text header = HR_TEXT_NONE;
        step_again(world, &machine, &world->entries[i], &entry);
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

static const struct hr_contact *hear_all(struct world *world, struct machine *machine, int variant,
                                         const uint32_t *order, size_t count)
{
    struct hr_entry entry;
    hr_instant now = world->now;
    bool heard_before[MESSAGES_MAX] = {false};
    publish_again(world, machine, variant, now, &entry);
    for (size_t i = 0; i < count; i++) {
        struct noted noted = {
            .kind = HR_EVENT_heard, .message = order[i], .received_at = now, .now = now};
        if (!heard_before[order[i]]) {
            heard_before[order[i]] = true;
            step_again(world, machine, &noted, &entry);
            trace(world, "in this order: %.*s", HR_SHOW(world->messages[order[i]].raw));
        }
    }
    const struct hr_contact *contact = machine_contact(machine);
    if (contact == NULL) {
        fail(world, "one person did not become one contact");
    }
    return contact;
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

/* What an automation wrote tells when it acted, and on what was known then: that order may decide. */
static bool by_automation(const struct hr_said *said)
{
    return hr_writer_by(said->writer) == HR_BY_automation;
}

static size_t heard_fields(const struct hr_contact *contact)
{
    size_t count = 0;
    for (size_t i = 0; i < contact->field_count; i++) {
        count += !by_automation(&contact->fields[i]);
    }
    return count;
}

static void compare_fields(struct world *world, uint32_t who, const struct hr_contact *a,
                           const struct hr_contact *b)
{
    for (size_t i = 0; i < a->field_count; i++) {
        bool same = by_automation(&a->fields[i]);
        for (size_t k = 0; k < b->field_count && !same; k++) {
            same = a->fields[i].field == b->fields[k].field && a->fields[i].at == b->fields[k].at &&
                   hr_value_equal(&a->fields[i].value, &b->fields[k].value);
        }
        if (!same || heard_fields(a) != heard_fields(b)) {
            fail(world, "customer %u: field %u depends on the order of arrival", who,
                 a->fields[i].field);
            return;
        }
    }
}

static void compare_consents(struct world *world, uint32_t who, const struct hr_contact *a,
                             const struct hr_contact *b)
{
    for (size_t i = 0; i < a->consent_count; i++) {
        const struct hr_consent *one = &a->consents[i];
        const struct hr_consent *other = hr_contact_consent(b, one->purpose, HR_CHANNEL_email);
        bool same = other != NULL && one->said == other->said && one->at == other->at &&
                    one->writer == other->writer;
        if (!same || a->consent_count != b->consent_count) {
            fail(world, "customer %u: what they agreed to depends on the order of arrival", who);
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
    int variant = (int)rng_below(&world->rng, VARIANTS);
    for (int i = 0; i < ORDERS && count > 0; i++) {
        struct machine machine;
        machine_init(&machine, &world->round, world->options.secret);
        size_t heard = count;
        shuffle(world, messages, order, &heard);
        const struct hr_contact *contact = hear_all(world, &machine, variant, order, heard);
        if (first == NULL) {
            first = contact;
            continue;
        }
        the_tally.permutations++;
        compare_instances(world, who, first, contact);
        compare_fields(world, who, first, contact);
        compare_consents(world, who, first, contact);
    }
}
