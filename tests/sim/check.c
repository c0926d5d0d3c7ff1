/* What must hold of the state: it is one piece, nothing that was answered is missing, every failure has an owner. */
#include "sim/sim.h"

#include <string.h>

#define NUMBER(value) ((unsigned long long)(value))

/* I1: what was answered is there, after any crash. */
void check_acknowledged(struct world *world)
{
    for (size_t i = 0; i < world->message_count; i++) {
        bool seen = true;
        if (world->messages[i].kept) {
            must(world, hr_store_seen(world->store, &world->messages[i].delivery, &seen),
                 "hr_store_seen");
        }
        if (!seen) {
            fail(world, "message %zu was answered and is lost", i);
        }
    }
}

static const struct hr_record *find(const struct state *state, uint64_t id)
{
    size_t from = 0;
    size_t until = state->record_count;
    while (from < until) {
        size_t middle = from + (until - from) / 2;
        if (state->records[middle]->id < id) {
            from = middle + 1;
        } else {
            until = middle;
        }
    }
    return from < state->record_count && state->records[from]->id == id ? state->records[from]
                                                                        : NULL;
}

/* ---- fields --------------------------------------------------------------------------------------------- */

static bool sets_field(const struct hr_entry *entry, uint64_t contact, const struct hr_said *said)
{
    for (size_t i = 0; i < entry->part_count; i++) {
        for (size_t k = 0; k < entry->parts[i].fact_count; k++) {
            const struct hr_fact *fact = &entry->parts[i].facts[k];
            if (fact->kind == HR_FACT_field_set && fact->record == contact &&
                fact->name == said->field && fact->other == said->writer && fact->at == said->at &&
                hr_value_equal(&fact->value, &said->value)) {
                return true;
            }
        }
    }
    return false;
}

/* I10: every value can say who said it, when, and which entry wrote it down. */
static void check_fields(struct world *world, const struct state *state,
                         const struct hr_record *record)
{
    for (size_t i = 0; i < record->contact->field_count; i++) {
        const struct hr_said *said = &record->contact->fields[i];
        enum hr_by by = hr_writer_by(said->writer);
        bool nameless = by == HR_BY_page || by == HR_BY_complaint; /* the customer says so */
        bool known = said->position > 0 && said->position <= state->entry_count &&
                     (hr_writer_name(said->writer) != 0) != nameless;
        if (!known || !sets_field(&state->entries[said->position - 1], record->id, said)) {
            fail(world, "contact %llx: field %u has no cause", NUMBER(record->id), said->field);
        }
    }
}

/* ---- handoffs and issues ----------------------------------------------------------------------------------- */

struct counting {
    uint64_t stands[HANDOFFS_SEEN_MAX][HR_STAND_count]; /* by handoff's name number */
};

static void check_issue_of(struct world *world, const struct state *state,
                           const struct hr_record *record, const struct hr_instance *instance,
                           enum hr_issue_slot slot)
{
    const struct hr_record *issue = find(state, instance->issues[slot]);
    if (instance->issues[slot] == 0) {
        return;
    }
    if (issue == NULL || issue->kind != HR_RECORD_issue ||
        issue->issue->state == HR_ISSUE_resolved) {
        fail(world, "contact %llx: handoff %u belongs to an issue that is not open",
             NUMBER(record->id), instance->handoff);
    }
}

/* In some plan of this seed: a lateness that was judged by it opens no issue, later plans or not. */
static bool only_counts(const struct world *world, const struct hr_handoff *handoff)
{
    bool only = handoff->late_is == HR_LATE_count;
    for (uint64_t i = 0; i < world->entry_count && !only; i++) {
        if (world->entries[i].kind == HR_EVENT_published) {
            const struct hr_plan *plan = the_variants[world->entries[i].variant].plan;
            int32_t place = hr_plan_handoff(plan, handoff->full_id);
            only = place >= 0 && plan->handoffs[place].late_is == HR_LATE_count;
        }
    }
    return only;
}

/* I9: what is late or failed belongs to an open issue, unless its file says that late only counts. */
static void check_owned(struct world *world, const struct hr_record *record,
                        const struct hr_instance *instance)
{
    const struct hr_plan *plan = world->batch.engine.plan;
    int32_t place = hr_plan_handoff_numbered(plan, instance->handoff);
    bool failing = instance->stand == HR_STAND_late || instance->stand == HR_STAND_failed;
    if (place < 0 || !failing || only_counts(world, &plan->handoffs[place])) {
        return;
    }
    if (instance->issues[HR_SLOT_proof] == 0) {
        fail(world, "contact %llx: handoff %u failed and nobody owns it", NUMBER(record->id),
             instance->handoff);
    }
}

/* I9: a word that a person is asked about differs from what holds, and belongs to the one open issue of its field and
 * writer. */
static void check_questions(struct world *world, const struct state *state,
                            const struct hr_record *record)
{
    const struct hr_contact *contact = record->contact;
    for (size_t i = 0; i < contact->observed_count; i++) {
        const struct hr_observed *observed = &contact->observed[i];
        const struct hr_said *holder = hr_contact_field(contact, observed->said.field);
        const struct hr_record *issue = observed->issue == 0 ? NULL : find(state, observed->issue);
        if (observed->issue == 0) {
            continue;
        }
        bool open = issue != NULL && issue->kind == HR_RECORD_issue &&
                    issue->issue->state != HR_ISSUE_resolved;
        enum hr_cause cause =
            observed->beside == HR_BESIDE_forbidden ? HR_CAUSE_forbidden : HR_CAUSE_conflict;
        if (!open || issue->issue->cause != cause || issue->issue->about != observed->said.field ||
            issue->issue->detail != observed->said.writer) {
            fail(world, "contact %llx: a question about field %u is in no open issue of its own",
                 NUMBER(record->id), observed->said.field);
        }
        if (holder != NULL && hr_value_equal(&holder->value, &observed->said.value)) {
            fail(world, "contact %llx: a person is asked about field %u, and all agree",
                 NUMBER(record->id), observed->said.field);
        }
    }
}

static void check_contact(struct world *world, const struct state *state,
                          const struct hr_record *record, struct counting *counting)
{
    check_fields(world, state, record);
    check_questions(world, state, record);
    for (size_t i = 0; i < record->contact->instance_count; i++) {
        const struct hr_instance *instance = &record->contact->instances[i];
        hr_assert(instance->handoff < HANDOFFS_SEEN_MAX);
        counting->stands[instance->handoff][instance->stand]++;
        check_owned(world, record, instance);
        for (int slot = 0; slot < HR_SLOT_count; slot++) {
            check_issue_of(world, state, record, instance, (enum hr_issue_slot)slot);
        }
    }
}

/* How many instances and questions of a contact name an issue. */
static uint64_t names_issue(const struct state *state, uint64_t contact, uint64_t issue)
{
    const struct hr_record *record = find(state, contact);
    uint64_t count = 0;
    if (record == NULL || record->kind != HR_RECORD_contact) {
        return 0;
    }
    for (size_t i = 0; i < record->contact->instance_count; i++) {
        for (int slot = 0; slot < HR_SLOT_count; slot++) {
            count += record->contact->instances[i].issues[slot] == issue;
        }
    }
    for (size_t i = 0; i < record->contact->observed_count; i++) {
        count += record->contact->observed[i].issue == issue;
    }
    return count;
}

static void check_members(struct world *world, const struct state *state,
                          const struct hr_record *record)
{
    enum { MOST = 1024 };
    struct hr_scanned *items = NULL;
    size_t count = 0;
    struct hr_key from = hr_key_pair(record->id, 0);
    const struct hr_issue *issue = record->issue;
    bool named =
        issue->path != 0 || issue->cause == HR_CAUSE_conflict || issue->cause == HR_CAUSE_forbidden;
    uint64_t members = 0;
    uint64_t people = 0;
    must(world,
         hr_store_scan(world->store, HR_SPACE_member, &from, MOST, &world->round, &items, &count),
         "scanning members");
    for (size_t i = 0; i < count; i++) {
        uint64_t of = 0;
        uint64_t contact = 0;
        hr_key_unpair(&items[i].key, &of, &contact);
        if (of != record->id) {
            break;
        }
        members += items[i].value;
        people++;
        if (named && names_issue(state, contact, record->id) != items[i].value) {
            fail(world, "issue H-%llu counts %llu of contact %llx, who has %llu",
                 NUMBER(issue->number), NUMBER(items[i].value), NUMBER(contact),
                 NUMBER(names_issue(state, contact, record->id)));
        }
    }
    if (people != issue->people) {
        fail(world, "issue H-%llu has %llu people, the index %llu", NUMBER(issue->number),
             NUMBER(issue->people), NUMBER(people));
    }
    if (members != issue->members) {
        fail(world, "issue H-%llu has %llu members, the index %llu", NUMBER(issue->number),
             NUMBER(issue->members), NUMBER(members));
    }
}

static void check_issue(struct world *world, const struct state *state,
                        const struct hr_record *record)
{
    const struct hr_issue *issue = record->issue;
    check_members(world, state, record);
    if (issue->state == HR_ISSUE_resolved &&
        (issue->members > 0 || issue->sweep != HR_SWEEP_none)) {
        fail(world, "issue H-%llu is resolved with %llu members", NUMBER(issue->number),
             NUMBER(issue->members));
    }
    if (issue->state != HR_ISSUE_resolved &&
        (issue->owner == 0 || hr_issue_told(world->batch.engine.plan, issue) < 0)) {
        fail(world, "issue H-%llu is open and nobody's", NUMBER(issue->number));
    }
}

static void check_in_index(struct world *world, uint64_t issue, uint64_t contact)
{
    struct hr_key key = hr_key_pair(issue, contact);
    struct hr_scanned *items = NULL;
    size_t count = 0;
    if (issue == 0) {
        return;
    }
    must(world,
         hr_store_scan(world->store, HR_SPACE_member, &key, 1, &world->round, &items, &count),
         "scanning members");
    if (count == 0 || !hr_key_equal(&items[0].key, &key)) {
        fail(world, "contact %llx names issue %llx, which does not know them", NUMBER(contact),
             NUMBER(issue));
    }
}

/* Everything that names an issue stands in its index; so both together count the same. */
static void check_named(struct world *world, const struct hr_record *record)
{
    for (size_t i = 0; i < record->contact->instance_count; i++) {
        for (int slot = 0; slot < HR_SLOT_count; slot++) {
            check_in_index(world, record->contact->instances[i].issues[slot], record->id);
        }
    }
    for (size_t i = 0; i < record->contact->observed_count; i++) {
        check_in_index(world, record->contact->observed[i].issue, record->id);
    }
}

static void check_counts(struct world *world, const struct state *state,
                         const struct counting *counting)
{
    for (size_t i = 0; i < state->record_count; i++) {
        const struct hr_record *record = state->records[i];
        if (record->kind != HR_RECORD_handoff) {
            continue;
        }
        for (int stand = 0; stand < HR_STAND_count; stand++) {
            uint64_t counted = counting->stands[record->handoff->handoff][stand];
            if (record->handoff->counts[stand] != counted) {
                fail(world, "handoff %u: %llu are %.*s, the path counts %llu",
                     record->handoff->handoff, NUMBER(counted),
                     HR_SHOW(hr_stand_word((enum hr_stand)stand)),
                     NUMBER(record->handoff->counts[stand]));
            }
        }
    }
}

/* ---- timers --------------------------------------------------------------------------------------------------- */

/* I6: none lost: whoever wants to be looked at has a hint that is not later. I13: at rest nothing is overdue. */
static void check_due(struct world *world, const struct hr_record *record)
{
    hr_instant due = hr_record_due(record);
    if (due == HR_INSTANT_NONE) {
        return;
    }
    struct hr_scanned *items = NULL;
    size_t count = 0;
    hr_instant hinted = record->hinted_due < 0 ? 0 : record->hinted_due;
    struct hr_key key = hr_key_pair((uint64_t)hinted, record->id);
    must(world, hr_store_scan(world->store, HR_SPACE_due, &key, 1, &world->round, &items, &count),
         "scanning timers");
    bool there = count > 0 && hr_key_equal(&items[0].key, &key);
    if (record->hinted_due == HR_INSTANT_NONE || hinted > (due < 0 ? 0 : due) || !there) {
        fail(world, "record %llx has lost its timer", NUMBER(record->id));
    }
    if (due <= clock_now(world)) {
        fail(world, "record %llx of kind %d is overdue at rest", NUMBER(record->id), record->kind);
    }
}

void check_state(struct world *world, const struct state *state)
{
    struct counting *counting = hr_arena_new(&world->round, struct counting);
    hr_assert(counting != NULL);
    for (size_t i = 0; i < state->record_count; i++) {
        const struct hr_record *record = state->records[i];
        check_due(world, record);
        if (record->kind == HR_RECORD_contact) {
            check_contact(world, state, record, counting);
            check_named(world, record);
        } else if (record->kind == HR_RECORD_issue) {
            check_issue(world, state, record);
        }
    }
    check_counts(world, state, counting);
}

/* ---- effects ----------------------------------------------------------------------------------------------------- */

/* What the host was told about an effect's dispatches, as the journal's events have it. */
bool effect_was_told(const struct world *world, uint64_t effect, enum hr_outcome outcome)
{
    for (uint64_t i = 0; i < world->entry_count; i++) {
        const struct noted *noted = &world->entries[i];
        if (noted->kind == HR_EVENT_outcome && noted->record == effect &&
            noted->outcome == outcome) {
            return true;
        }
    }
    return false;
}

static void check_effect(struct world *world, const struct hr_record *record)
{
    const struct hr_effect *effect = record->effect;
    const struct received *received = effect_received(world, record->id);
    uint32_t arrived = received == NULL ? 0 : received->arrived;
    bool told = effect_was_told(world, record->id, HR_OUTCOME_confirmed) ||
                effect_was_told(world, record->id, HR_OUTCOME_refused);
    if (arrived > 1) {
        fail(world, "alert %llx arrived %u times", NUMBER(record->id), arrived);
    }
    if (effect->state == HR_EFFECT_planned || effect->state == HR_EFFECT_intended) {
        fail(world, "alert %llx never ends", NUMBER(record->id));
    }
    if (effect->state == HR_EFFECT_confirmed && arrived == 0) {
        fail(world, "alert %llx is called confirmed and never arrived", NUMBER(record->id));
    }
    /* I3: unknown is said exactly where nobody can know */
    if ((effect->kind == HR_EFFECT_mail || effect->kind == HR_EFFECT_note) &&
        (effect->state == HR_EFFECT_unknown) == told && effect->state != HR_EFFECT_withdrawn &&
        effect->answered_by == 0 && !effect_was_told(world, record->id, HR_OUTCOME_again)) {
        fail(world, "alert %llx is %.*s, but the answer was %s", NUMBER(record->id),
             HR_SHOW(hr_effect_state_word((enum hr_effect_state)effect->state)),
             told ? "known" : "never heard");
    }
    if ((effect->kind == HR_EFFECT_mail || effect->kind == HR_EFFECT_note) &&
        effect->state == HR_EFFECT_withdrawn && arrived > 0) {
        fail(world, "alert %llx is called withdrawn and arrived", NUMBER(record->id));
    }
}

void check_effects(struct world *world, const struct state *state)
{
    for (size_t i = 0; i < state->record_count; i++) {
        const struct hr_record *record = state->records[i];
        if (record->kind != HR_RECORD_effect) {
            continue;
        }
        if (record->effect->kind >= HR_EFFECT_letter && record->effect->kind != HR_EFFECT_note) {
            check_call(world, record);
        } else {
            check_effect(world, record);
        }
    }
}
