/* Customers who leave at any moment, by the link, by a complaint, or by telling somebody; and that from the commit on
 * no message of that purpose may leave, until they agree again themselves. */
#include "engine/consent.h"
#include "sim/sim.h"

#define NUMBER(value) ((unsigned long long)(value))

static int32_t marketing(const struct world *world)
{
    int32_t purpose = hr_plan_purpose(world->batch.engine.plan, HR_TEXT("marketing"));
    hr_assert(purpose >= 0);
    return purpose;
}

void customer_leaves(struct world *world)
{
    const struct hr_plan *plan = world->batch.engine.plan;
    if (world->known_count == 0) {
        return;
    }
    struct noted noted = {.kind = HR_EVENT_command};
    noted.command = (struct hr_command){
        .verb = HR_VERB_unsubscribe,
        .contact = world->known[rng_below(&world->rng, (uint32_t)world->known_count)],
        .other = plan->policies.purposes[marketing(world)].name_number,
        .channel = HR_CHANNEL_email,
        .until = HR_INSTANT_NONE,
    };
    uint32_t way = rng_below(&world->rng, 10);
    if (way < 2) {
        noted.command.person = plan->people[way].name_number;
        noted.command.text = HR_TEXT("said so by phone");
    } else {
        noted.command.by = way < 4 ? HR_BY_complaint : HR_BY_page;
    }
    (void)host_take(world, &noted);
}

/* ---- what must hold ----------------------------------------------------------------------------------- */

static void bring(struct world *world, const struct hr_needs *needs, struct hr_view *view)
{
    for (size_t i = 0; i < needs->entry_count; i++) {
        const struct hr_entry_name name = {needs->entries[i].space, needs->entries[i].key};
        must(world, hr_store_fetch_entries(world->store, &name, 1, view), "an address");
    }
    must(world, hr_store_fetch_records(world->store, needs->records, needs->record_count, view),
         "a contact");
}

static struct hr_consent_answer ask(struct world *world, uint64_t contact)
{
    struct hr_view view;
    struct hr_consent_answer answer = {.may = false};
    struct hr_needs *needs = hr_arena_new(&world->round, struct hr_needs);
    hr_assert(needs != NULL);
    hr_view_init(&view, &world->round);
    hr_status status = hr_answer(HR_E_NEEDS);
    for (int i = 0; i < 8 && status.code == HR_E_NEEDS; i++) {
        status = hr_engine_consent(&world->batch.engine, &view, contact, marketing(world), needs,
                                   &answer);
        if (status.code == HR_E_NEEDS) {
            bring(world, needs, &view);
        }
    }
    must(world, status, "whether a message may leave");
    return answer;
}

/* I4: from the commit on. */
void check_left(struct world *world, const struct noted *noted, bool again)
{
    if (noted->kind != HR_EVENT_command || noted->command.verb != HR_VERB_unsubscribe) {
        return;
    }
    hit(again                                  ? FAULT_left_again
        : noted->command.person != 0           ? FAULT_left_by_phone
        : noted->command.by == HR_BY_complaint ? FAULT_complained
                                               : FAULT_left);
    const struct hr_consent_answer answer = ask(world, noted->command.contact);
    if (answer.may) {
        fail(world, "contact %llx has left and may be written to: %.*s",
             NUMBER(noted->command.contact), HR_SHOW(answer.words));
    }
}

static bool links(const struct hr_entry *entry, uint64_t contact)
{
    for (size_t i = 0; i < entry->link_count; i++) {
        if (entry->links[i].record == contact) {
            return true;
        }
    }
    return false;
}

/* A message of theirs says that they agree, of that moment or later, and brings its proof. */
static bool agrees(struct world *world, const struct noted *noted, hr_instant since)
{
    const struct hr_plan *plan = world->batch.engine.plan;
    struct hr_heard heard;
    bool hears = noted->kind == HR_EVENT_heard ||
                 (noted->kind == HR_EVENT_command && noted->command.verb == HR_VERB_answer);
    if (!hears) {
        return false;
    }
    message_read(world, &world->batch.engine, noted->message, noted->received_at, &world->round,
                 &heard);
    struct hr_text raw = world->messages[noted->message].raw;
    bool proven = hr_text_search(raw, HR_TEXT("9f2c")) < raw.size;
    for (size_t i = 0; i < heard.field_count; i++) {
        const struct hr_heard_field *field = &heard.fields[i];
        if (plan->fields[field->field].type == HR_FIELD_consent && proven &&
            heard.occurred_at >= since &&
            hr_text_equal(hr_value_as_text(&field->value), HR_TEXT("given"))) {
            return true;
        }
    }
    return false;
}

/* When they last left before an entry (an index), by what was given to the journal; HR_INSTANT_NONE: never. */
static hr_instant left_at(const struct world *world, uint64_t contact, uint64_t until)
{
    hr_instant at = HR_INSTANT_NONE;
    for (uint64_t i = 0; i < until; i++) {
        const struct noted *noted = &world->entries[i];
        if (noted->kind == HR_EVENT_command && noted->command.verb == HR_VERB_unsubscribe &&
            noted->command.contact == contact) {
            at = noted->now;
        }
    }
    return at;
}

/* They had agreed before an entry, and since they left. */
static bool had_agreed(struct world *world, const struct state *state, uint64_t contact,
                       uint64_t until, hr_instant left)
{
    hr_instant since = left == HR_INSTANT_NONE ? INT64_MIN : left;
    bool agreed = false;
    for (uint64_t i = 0; i < until && !agreed; i++) {
        struct hr_arena_mark mark = hr_arena_mark(&world->round);
        agreed = links(&state->entries[i], contact) && agrees(world, &world->entries[i], since);
        hr_arena_rewind(&world->round, mark);
    }
    return agreed;
}

static void check_contact(struct world *world, const struct state *state, uint64_t contact)
{
    const struct hr_consent_answer answer = ask(world, contact);
    hr_instant left = left_at(world, contact, world->entry_count);
    if (answer.may && !had_agreed(world, state, contact, world->entry_count, left)) {
        fail(world, "contact %llx never agreed%s, and may be written to: %.*s", NUMBER(contact),
             left == HR_INSTANT_NONE ? "" : " since they left", HR_SHOW(answer.words));
    }
    the_tally.faults[FAULT_agreed] += answer.may;
    the_tally.faults[FAULT_agreed_again] += answer.may && left != HR_INSTANT_NONE;
}

/* I4: a letter that needs consent left in this entry. */
static void check_letter(struct world *world, const struct state *state, uint64_t index,
                         uint64_t contact)
{
    hr_instant left = left_at(world, contact, index);
    if (!had_agreed(world, state, contact, index, left)) {
        fail(world, "entry %llu lets a letter leave to contact %llx, who has not agreed%s",
             NUMBER(index + 1), NUMBER(contact), left == HR_INSTANT_NONE ? "" : " since they left");
    }
    hit(FAULT_letter_agreed);
}

static void check_letters(struct world *world, const struct state *state, uint64_t index)
{
    const struct hr_plan *plan = world->batch.engine.plan;
    const struct hr_entry *entry = &state->entries[index];
    uint32_t purpose = plan->policies.purposes[marketing(world)].name_number;
    for (size_t part = 0; part < entry->part_count; part++) {
        for (size_t i = 0; i < entry->parts[part].fact_count; i++) {
            const struct hr_fact *fact = &entry->parts[part].facts[i];
            if (fact->kind == HR_FACT_letter_left && fact->name == purpose) {
                check_letter(world, state, index, fact->record);
            }
        }
    }
    for (size_t i = 0; i < entry->fact_count; i++) {
        const struct hr_fact *fact = &entry->facts[i];
        the_tally.faults[FAULT_letter_stopped] +=
            fact->kind == HR_FACT_effect_moved && fact->state == HR_EFFECT_withdrawn &&
            hr_text_starts(fact->text, HR_TEXT("withdrew from"));
    }
}

void check_consents(struct world *world, const struct state *state)
{
    for (size_t i = 0; i < state->record_count; i++) {
        const struct hr_record *record = state->records[i];
        if (record->exists && record->kind == HR_RECORD_contact) {
            check_contact(world, state, record->id);
        }
    }
    for (uint64_t i = 0; i < state->entry_count; i++) {
        check_letters(world, state, i);
    }
}
