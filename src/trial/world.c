/* The world of a test: the engine over a view that is the whole state, and a clock that the test moves. */
#include "trial/inside.h"

#include <string.h>

enum { ROUNDS_MAX = 1000, STEPS_MAX = 2 * HR_TRIAL_ENTRIES_MAX };

/* Nothing of a test leaves it, so this need not be secret. */
static const uint8_t secret[HR_KEY_SIZE] = "handrail test";

/* ---- what a step reads ----------------------------------------------------------------------------- */

static hr_status bring_records(struct hr_world *world)
{
    for (size_t i = 0; i < world->needs->record_count; i++) {
        uint64_t id = world->needs->records[i];
        if (hr_view_record(&world->view, id) != NULL) {
            continue;
        }
        struct hr_record *absent = hr_arena_new(&world->arena, struct hr_record);
        if (absent == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        *absent = (struct hr_record){.id = id, .hinted_due = HR_INSTANT_NONE};
        HR_TRY(hr_view_put_record(&world->view, absent));
    }
    return hr_done();
}

static hr_status bring_entries(struct hr_world *world)
{
    for (size_t i = 0; i < world->needs->entry_count; i++) {
        enum hr_space space = (enum hr_space)world->needs->entries[i].space;
        const struct hr_key *key = &world->needs->entries[i].key;
        if (hr_view_entry(&world->view, space, key) == NULL) {
            HR_TRY(hr_view_put_entry(&world->view, space, key, 0, false));
        }
    }
    return hr_done();
}

/* The first entry of a space from a key on; with `behind` behind it. NULL: none. */
static const struct hr_index_entry *first_from(const struct hr_world *world, enum hr_space space,
                                               const struct hr_key *from, bool behind)
{
    const struct hr_index_entry *best = NULL;
    for (size_t i = 0; i < world->view.entry_count; i++) {
        const struct hr_index_entry *entry = &world->view.entries[i];
        int order = memcmp(entry->key.bytes, from->bytes, sizeof from->bytes);
        bool fits = entry->space == space && entry->value != 0 && order >= behind;
        if (fits &&
            (best == NULL || memcmp(entry->key.bytes, best->key.bytes, sizeof from->bytes) < 0)) {
            best = entry;
        }
    }
    return best;
}

static void bring_members(const struct hr_world *world, struct hr_members *members)
{
    struct hr_key from = hr_key_pair(world->needs->members_of, world->needs->members_after + 1);
    *members = (struct hr_members){.in = world->needs->members_in,
                                   .of = world->needs->members_of,
                                   .after = world->needs->members_after};
    const struct hr_index_entry *entry =
        first_from(world, (enum hr_space)members->in, &from, false);
    while (entry != NULL && members->count < HR_SWEEP_MEMBERS) {
        uint64_t of = 0;
        uint64_t id = 0;
        hr_key_unpair(&entry->key, &of, &id);
        if (of != members->of) {
            break;
        }
        members->ids[members->count++] = id;
        entry = first_from(world, (enum hr_space)members->in, &entry->key, true);
    }
}

/* ---- stepping --------------------------------------------------------------------------------------- */

static hr_status keep(struct hr_world *world, const struct hr_event *event,
                      const struct hr_entry *entry)
{
    struct hr_entry *entries = hr_list_grow(&world->arena, world->entries, world->entry_count,
                                            &world->entry_capacity, sizeof *entries);
    if (entries == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    world->entries = entries;
    entries[world->entry_count++] = *entry;
    HR_TRY(hr_lack_note(world, event, entry));
    return hr_outside_note(world, entry);
}

static hr_status step(struct hr_world *world, struct hr_event event)
{
    struct hr_members members = {0};
    struct hr_entry entry;
    if (world->entry_count >= HR_TRIAL_ENTRIES_MAX || ++world->steps > STEPS_MAX) {
        return hr_answer(HR_E_LIMIT);
    }
    event.position = world->entry_count + 1;
    event.now = world->now;
    for (size_t round = 0; round < ROUNDS_MAX; round++) {
        hr_status status =
            hr_engine_step(&world->engine, &world->view, &event, &members, world->needs, &entry);
        if (hr_ok(status)) {
            return entry.position == 0 ? hr_done() : keep(world, &event, &entry);
        }
        if (status.code != HR_E_NEEDS) {
            return status;
        }
        HR_TRY(bring_records(world));
        HR_TRY(bring_entries(world));
        if (world->needs->members_in != 0) {
            bring_members(world, &members);
        }
        if (world->needs->walk_until != 0) {
            HR_TRY(hr_walk_view(&world->view, world->needs, &world->arena, &members.walked));
        }
    }
    return hr_answer(HR_E_LIMIT);
}

hr_status hr_world_step(struct hr_world *world, struct hr_event event)
{
    struct hr_event answer;
    HR_TRY(step(world, event));
    while (hr_outside_answer(world, &answer)) {
        hr_status status = step(world, answer);
        if (status.code != HR_E_REFUSED) { /* a yes of somebody who may not say it is none */
            HR_TRY(status);
        }
    }
    return hr_done();
}

/* ---- the clock ---------------------------------------------------------------------------------------- */

/* Silence says something about a tool only where a test breaks it: for all others there is only what the test gives. */
static bool is_waited_for(const struct hr_world *world, const struct hr_record *record)
{
    int32_t broken = world->test->break_tool;
    return record->exists &&
           (record->kind != HR_RECORD_tool ||
            (broken >= 0 && record->tool->tool == world->plan.tools[broken].name_number));
}

hr_instant hr_world_next(const struct hr_world *world, uint64_t *ret_record)
{
    hr_instant first = HR_INSTANT_NONE;
    for (size_t i = 0; i < world->view.record_count; i++) {
        const struct hr_record *record = world->view.records[i];
        hr_instant due = is_waited_for(world, record) ? hr_record_due(record) : HR_INSTANT_NONE;
        if (due != HR_INSTANT_NONE && (first == HR_INSTANT_NONE || due < first)) {
            first = due;
            *ret_record = record->id;
        }
    }
    return first;
}

hr_status hr_world_wake(struct hr_world *world, uint64_t record, hr_instant due)
{
    world->now = due > world->now ? due : world->now;
    const struct hr_event event = {.kind = HR_EVENT_due, .record = record, .hint_due = due};
    return hr_world_step(world, event);
}

hr_status hr_world_move(struct hr_world *world, hr_instant to)
{
    uint64_t record = 0;
    hr_instant due = hr_world_next(world, &record);
    while (due != HR_INSTANT_NONE && due <= to) {
        HR_TRY(hr_world_wake(world, record, due));
        due = hr_world_next(world, &record);
    }
    world->now = to > world->now ? to : world->now;
    return hr_done();
}

bool hr_world_rests(const struct hr_world *world)
{
    for (size_t i = 0; i < world->view.record_count; i++) {
        const struct hr_record *record = world->view.records[i];
        bool reminds = record->kind == HR_RECORD_tool || record->kind == HR_RECORD_issue ||
                       record->kind == HR_RECORD_automation;
        if (record->exists && !reminds && hr_record_due(record) != HR_INSTANT_NONE) {
            return false;
        }
    }
    return true;
}

/* ---- for questions -------------------------------------------------------------------------------------- */

const struct hr_record *hr_world_record(const struct hr_world *world, uint64_t id)
{
    const struct hr_record *record = hr_view_record(&world->view, id);
    return record != NULL && record->exists ? record : NULL;
}

static const struct hr_contact *linked(void *context, uint64_t id)
{
    const struct hr_record *record = hr_world_record(context, id);
    return record != NULL && hr_record_has_fields(record->kind) ? record->contact : NULL;
}

struct hr_sight hr_world_sight(struct hr_world *world, const struct hr_contact *contact,
                               const struct hr_kept_event *event)
{
    return (struct hr_sight){.plan = &world->plan,
                             .contact = contact,
                             .event = event,
                             .trigger = event,
                             .at = INT64_MAX - 1,
                             .now = world->now,
                             .linked = linked,
                             .linked_by = world};
}

static hr_status lens_record(void *context, uint64_t id, struct hr_arena *into,
                             struct hr_record **ret_record)
{
    const struct hr_world *world = context;
    struct hr_record *record = hr_view_record(&world->view, id);
    (void)into;
    *ret_record = record != NULL && record->exists ? record : NULL;
    return hr_done();
}

static hr_status lens_entry(void *context, enum hr_space space, const struct hr_key *key,
                            uint64_t *ret_value)
{
    const struct hr_world *world = context;
    const struct hr_index_entry *entry = hr_view_entry(&world->view, space, key);
    *ret_value = entry == NULL ? 0 : entry->value;
    return hr_done();
}

static hr_status lens_scan(void *context, enum hr_space space, const struct hr_key *from,
                           size_t most, struct hr_arena *into, struct hr_key **ret_keys,
                           uint64_t **ret_values, size_t *ret_count)
{
    const struct hr_world *world = context;
    const struct hr_index_entry *entry = first_from(world, space, from, false);
    *ret_keys = hr_arena_new_many(into, struct hr_key, most);
    *ret_values = hr_arena_new_many(into, uint64_t, most);
    *ret_count = 0;
    if (*ret_keys == NULL || *ret_values == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (; entry != NULL && *ret_count < most; ++*ret_count) {
        (*ret_keys)[*ret_count] = entry->key;
        (*ret_values)[*ret_count] = entry->value;
        entry = first_from(world, space, &entry->key, true);
    }
    return hr_done();
}

static hr_status lens_at(void *context, uint64_t position, struct hr_arena *into,
                         struct hr_entry *ret_entry)
{
    const struct hr_world *world = context;
    (void)into;
    *ret_entry = position > 0 && position <= world->entry_count ? world->entries[position - 1]
                                                                : (struct hr_entry){0};
    return hr_done();
}

struct hr_lens hr_world_lens(struct hr_world *world)
{
    static const struct hr_names no_names;
    const struct hr_record *names = hr_world_record(world, HR_ID_NAMES);
    return (struct hr_lens){
        .context = world,
        .record = lens_record,
        .entry = lens_entry,
        .scan = lens_scan,
        .at = lens_at,
        .engine = world->engine,
        .names = names == NULL ? &no_names : names->names,
        .now = world->now,
        .position = world->entry_count,
    };
}

hr_status hr_words_add(struct hr_world *world, struct hr_word_list *list, struct hr_text words)
{
    for (size_t i = 0; i < list->count; i++) {
        if (hr_text_equal(list->items[i], words)) {
            return hr_done();
        }
    }
    struct hr_text *items =
        hr_list_grow(&world->arena, list->items, list->count, &list->capacity, sizeof *items);
    if (items == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    list->items = items;
    items[list->count++] = words;
    return hr_done();
}

/* ---- begin and end ----------------------------------------------------------------------------------------- */

/* A copy of the plan in which every automation is rolled out to all. What else it points to is shared. */
static hr_status copy_plan(struct hr_world *world)
{
    const struct hr_plan *plan = world->trial->plan;
    size_t count = plan->automation_count;
    world->plan = *plan;
    world->plan.automations = hr_arena_new_many(&world->arena, struct hr_automation, count);
    world->plan.people = hr_arena_new_many(&world->arena, struct hr_person, plan->person_count);
    if (world->plan.automations == NULL || world->plan.people == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < count; i++) {
        world->plan.automations[i] = plan->automations[i];
        world->plan.automations[i].rollout.share = 10000;
        world->plan.automations[i].rollout.control = 0;
    }
    for (size_t i = 0; i < plan->person_count; i++) {
        world->plan.people[i] = plan->people[i];
    }
    return hr_given_away(world);
}

static hr_status publish(struct hr_world *world)
{
    world->needs = hr_arena_new(&world->arena, struct hr_needs);
    if (world->needs == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    HR_TRY(copy_plan(world));
    const struct hr_event event = {.kind = HR_EVENT_published, .published = &world->plan};
    HR_TRY(hr_world_step(world, event));
    world->engine.plan = &world->plan;
    return hr_done();
}

hr_status hr_world_open(struct hr_world *world, const struct hr_trial *trial,
                        const struct hr_test *test)
{
    *world = (struct hr_world){.trial = trial,
                               .test = test,
                               .engine = {.secret = secret,
                                          .automates = true,
                                          .url = HR_TEXT("https://handrail.example.com")}};
    hr_arena_init(&world->arena, HR_WORLD_BYTES_MAX);
    hr_view_init(&world->view, &world->arena);
    world->began_at = hr_given_begins(trial, test);
    world->now = world->began_at;
    return publish(world);
}

void hr_world_close(struct hr_world *world)
{
    hr_arena_close(&world->arena);
}
