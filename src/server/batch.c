/* A round of the writer: duplicates out, prefetch in key order, step, seal, one commit. */
#include "server/batch.h"

#include <string.h>

enum { STEP_ROUNDS_MAX = 400 };

void hr_batch_init(struct hr_batch *batch, struct hr_store *store, size_t budget_bytes)
{
    *batch = (struct hr_batch){.store = store, .last_now = INT64_MIN};
    batch->engine.secret = hr_store_secret(store);
    hr_arena_init(&batch->arena, budget_bytes);
}

void hr_batch_done(struct hr_batch *batch)
{
    hr_arena_close(&batch->arena);
}

hr_status hr_batch_resume(struct hr_batch *batch, struct hr_store_reader *reader)
{
    struct hr_entry newest;
    if (hr_store_position(batch->store) == 0) {
        return hr_done();
    }
    HR_TRY(hr_store_reader_begin(reader));
    hr_status status = hr_store_read_entry_at(reader, hr_store_position(batch->store),
                                              &batch->arena, &newest, NULL);
    hr_store_reader_end(reader);
    if (hr_ok(status)) {
        batch->last_now = newest.recorded_at;
    }
    return status;
}

static hr_status begin(struct hr_batch *batch, struct hr_waiting **waiting, size_t count)
{
    static const struct hr_arena_mark nothing;
    hr_assert(count <= HR_BATCH_MAX);
    hr_arena_rewind(&batch->arena, nothing);
    hr_view_init(&batch->view, &batch->arena);
    batch->waiting = waiting;
    batch->count = count;
    batch->row_count = 0;
    memset(batch->slots, 0, sizeof batch->slots);
    batch->position = hr_store_position(batch->store);
    batch->chain = hr_store_chain(batch->store);
    batch->rows = hr_arena_new_many(&batch->arena, struct hr_row, count);
    return batch->rows == NULL ? hr_answer(HR_E_MEMORY) : hr_done();
}

/* ---- duplicates ---------------------------------------------------------------------------------- */

static const struct hr_key *delivery_of(const struct hr_waiting *waiting)
{
    return waiting->event.kind == HR_EVENT_heard ? &waiting->event.heard->delivery : NULL;
}

/* The slot of a delivery key: that of the row with this key, or an empty one. Twice as many slots as rows. */
static uint16_t *slot_of(struct hr_batch *batch, const struct hr_key *key)
{
    size_t slot = (size_t)(key->bytes[0] | key->bytes[1] << 8) % HR_BATCH_SLOTS;
    while (batch->slots[slot] != 0 &&
           !hr_key_equal(&batch->rows[batch->slots[slot] - 1].key, key)) {
        slot = (slot + 1) % HR_BATCH_SLOTS;
    }
    return &batch->slots[slot];
}

static hr_status is_duplicate(struct hr_batch *batch, const struct hr_waiting *waiting,
                              bool *ret_duplicate)
{
    const struct hr_key *key = delivery_of(waiting);
    *ret_duplicate = key != NULL && *slot_of(batch, key) != 0;
    if (key == NULL || *ret_duplicate) {
        return hr_done();
    }
    return hr_store_seen(batch->store, key, ret_duplicate);
}

/* ---- prefetch ------------------------------------------------------------------------------------ */

struct wanted {
    uint64_t *records;
    size_t record_count;
    struct hr_entry_name *entries;
    size_t entry_count;
};

static hr_status fetch(struct hr_batch *batch, const struct wanted *wanted)
{
    if (wanted->entry_count > 0) {
        HR_TRY(hr_store_fetch_entries(batch->store, wanted->entries, wanted->entry_count,
                                      &batch->view));
    }
    if (wanted->record_count > 0) {
        HR_TRY(hr_store_fetch_records(batch->store, wanted->records, wanted->record_count,
                                      &batch->view));
    }
    return hr_done();
}

static void want(struct wanted *wanted, const struct hr_needs *needs)
{
    for (size_t i = 0; i < needs->record_count; i++) {
        wanted->records[wanted->record_count++] = needs->records[i];
    }
    for (size_t i = 0; i < needs->entry_count; i++) {
        wanted->entries[wanted->entry_count].space = needs->entries[i].space;
        wanted->entries[wanted->entry_count++].key = needs->entries[i].key;
    }
}

/* Brings, for all events at once and in key order, what their steps will surely read, and then the contacts that
 * the match keys lead to. */
static hr_status prefetch(struct hr_batch *batch)
{
    enum { EACH_MAX = 16 };
    struct wanted wanted = {
        .records = hr_arena_new_many(&batch->arena, uint64_t, batch->count * EACH_MAX),
        .entries = hr_arena_new_many(&batch->arena, struct hr_entry_name, batch->count * EACH_MAX),
    };
    struct hr_needs *needs = &batch->needs;
    needs->members_in = 0;
    if (wanted.records == NULL || wanted.entries == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < batch->count; i++) {
        needs->record_count = 0;
        needs->entry_count = 0;
        hr_engine_keys(&batch->engine, &batch->waiting[i]->event, needs);
        bool fits = needs->record_count <= EACH_MAX && needs->entry_count <= EACH_MAX;
        if (batch->waiting[i]->became == HR_BECAME_pending && fits) {
            want(&wanted, needs);
        }
    }
    HR_TRY(fetch(batch, &wanted));
    wanted.record_count = 0;
    for (size_t i = 0; i < wanted.entry_count; i++) {
        const struct hr_index_entry *entry = hr_view_entry(
            &batch->view, (enum hr_space)wanted.entries[i].space, &wanted.entries[i].key);
        if (entry != NULL && entry->value != 0 && entry->space == HR_SPACE_match) {
            wanted.records[wanted.record_count++] = entry->value;
        }
    }
    wanted.entry_count = 0;
    return fetch(batch, &wanted);
}

/* ---- stepping ------------------------------------------------------------------------------------ */

/* The record of a member's key; 0: of another issue or queue, or one that was passed already. */
static uint64_t member_after(const struct hr_needs *needs, const struct hr_key *key)
{
    uint64_t of = 0;
    uint64_t id = 0;
    hr_key_unpair(key, &of, &id);
    return of == needs->members_of && id > needs->members_after ? id : 0;
}

/* Keeps the members in order and the first ones only. */
static void add_member(struct hr_members *members, uint64_t id)
{
    size_t at = members->count;
    while (at > 0 && members->ids[at - 1] > id) {
        at--;
    }
    if (at == HR_SWEEP_MEMBERS || (at > 0 && members->ids[at - 1] == id)) {
        return;
    }
    members->count += members->count < HR_SWEEP_MEMBERS;
    memmove(members->ids + at + 1, members->ids + at,
            (members->count - at - 1) * sizeof members->ids[0]);
    members->ids[at] = id;
}

/* The store tells of what is committed; events before this one in the batch may have changed that. */
static hr_status scan_members(struct hr_batch *batch, const struct hr_needs *needs,
                              struct hr_members *members)
{
    const struct hr_view *view = &batch->view;
    struct hr_key from = hr_key_pair(needs->members_of, needs->members_after + 1);
    struct hr_scanned *items = NULL;
    size_t count = 0;
    size_t changed = 0;
    enum hr_space space = (enum hr_space)needs->members_in;
    *members = (struct hr_members){
        .in = needs->members_in, .of = needs->members_of, .after = needs->members_after};
    for (size_t i = 0; i < view->entry_count; i++) {
        const struct hr_index_entry *entry = &view->entries[i];
        uint64_t id = entry->space == (uint8_t)space ? member_after(needs, &entry->key) : 0;
        changed += id != 0;
        if (id != 0 && entry->value != 0) {
            add_member(members, id);
        }
    }
    HR_TRY(hr_store_scan(batch->store, space, &from, HR_SWEEP_MEMBERS + changed, &batch->arena,
                         &items, &count));
    for (size_t i = 0; i < count; i++) {
        uint64_t id = member_after(needs, &items[i].key);
        if (id != 0 && hr_view_entry(view, space, &items[i].key) == NULL) {
            add_member(members, id);
        }
    }
    return hr_done();
}

/* The next contacts of all, for what is to be done for everybody. */
static hr_status walk_contacts(struct hr_batch *batch, const struct hr_needs *needs,
                               struct hr_walked *ret_walked)
{
    const struct hr_stretch stretch = {needs->walk_after, needs->walk_until, HR_WALK_RECORDS};
    struct hr_stretch_found found;
    uint64_t *contacts = hr_arena_new_many(&batch->arena, uint64_t, HR_WALK_RECORDS);
    if (contacts == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    HR_TRY(hr_store_walk_contacts(batch->store, &stretch, &batch->view, contacts, &found));
    *ret_walked = (struct hr_walked){.until = needs->walk_until,
                                     .after = needs->walk_after,
                                     .end = found.end,
                                     .over = found.over,
                                     .contacts = contacts,
                                     .count = found.contact_count};
    return hr_done();
}

/* Steps one event until its view suffices. */
static hr_status step(struct hr_batch *batch, const struct hr_event *event, struct hr_entry *entry)
{
    struct hr_needs *needs = &batch->needs;
    struct hr_members members = {0};
    for (size_t round = 0; round < STEP_ROUNDS_MAX; round++) {
        hr_status status =
            hr_engine_step(&batch->engine, &batch->view, event, &members, needs, entry);
        if (status.code != HR_E_NEEDS) {
            return status;
        }
        const struct wanted wanted = {
            .records = needs->records,
            .record_count = needs->record_count,
            .entries = hr_arena_new_many(&batch->arena, struct hr_entry_name, needs->entry_count),
            .entry_count = needs->entry_count,
        };
        if (wanted.entries == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        for (size_t i = 0; i < needs->entry_count; i++) {
            wanted.entries[i] =
                (struct hr_entry_name){needs->entries[i].space, needs->entries[i].key};
        }
        HR_TRY(fetch(batch, &wanted));
        if (needs->members_in != 0) {
            HR_TRY(scan_members(batch, needs, &members));
        }
        if (needs->walk_until != 0) {
            HR_TRY(walk_contacts(batch, needs, &members.walked));
        }
    }
    return hr_answer(HR_E_LIMIT);
}

/* Salts for so many parts: the host's random bytes, each used once. */
static void draw_salts(struct hr_batch *batch, uint8_t (*ret_salts)[HR_SALT_SIZE], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (batch->salts_left == 0) {
            batch->random(batch->random_context, batch->salts, sizeof batch->salts);
            batch->salts_left = HR_BATCH_SALTS;
        }
        memcpy(ret_salts[i], batch->salts[--batch->salts_left], HR_SALT_SIZE);
    }
}

static hr_status seal(struct hr_batch *batch, struct hr_entry *entry)
{
    size_t parts = entry->part_count;
    uint8_t(*salts)[HR_SALT_SIZE] = hr_arena_alloc_many(&batch->arena, parts, HR_SALT_SIZE);
    struct hr_sealed_part *sealed = hr_arena_new_many(&batch->arena, struct hr_sealed_part, parts);
    if (salts == NULL || sealed == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    draw_salts(batch, salts, parts);
    struct hr_row *row = &batch->rows[batch->row_count];
    *row = (struct hr_row){
        .position = entry->position, .key = entry->key, .parts = sealed, .part_count = parts};
    HR_TRY(hr_entry_seal(entry, &batch->chain, (const uint8_t(*)[HR_SALT_SIZE])salts, &batch->arena,
                         &row->header, sealed));
    batch->row_count++;
    if (!hr_key_is_zero(&row->key)) {
        *slot_of(batch, &row->key) = (uint16_t)batch->row_count;
    }
    batch->position = entry->position;
    batch->chain = entry->chain;
    return hr_done();
}

/* Errors of one event only: it is refused and the others go on. */
static bool is_refusal(hr_status status)
{
    return status.code == HR_E_REFUSED || status.code == HR_E_LIMIT || status.code == HR_E_INPUT;
}

static hr_status run_one(struct hr_batch *batch, struct hr_waiting *waiting, hr_instant now)
{
    bool duplicate = false;
    HR_TRY(is_duplicate(batch, waiting, &duplicate));
    if (duplicate) {
        waiting->became = HR_BECAME_duplicate;
        return hr_done();
    }
    waiting->event.position = batch->position + 1;
    waiting->event.now = now;
    waiting->entry = hr_arena_new(&batch->arena, struct hr_entry);
    if (waiting->entry == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    hr_status status = step(batch, &waiting->event, waiting->entry);
    if (is_refusal(status)) {
        waiting->became = HR_BECAME_refused;
        waiting->status = status;
        return hr_done();
    }
    HR_TRY(status);
    if (waiting->entry->position == 0) {
        waiting->became = HR_BECAME_nothing;
        return hr_done();
    }
    HR_TRY(seal(batch, waiting->entry));
    waiting->became = HR_BECAME_journalled;
    return hr_done();
}

static bool view_changed(const struct hr_view *view)
{
    for (size_t i = 0; i < view->entry_count; i++) {
        if (view->entries[i].dirty) {
            return true;
        }
    }
    return false;
}

/* A timer that was looked at and found stale: its hint goes, so that it is not looked at again. */
static hr_status drop_hints(struct hr_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct hr_waiting *waiting = batch->waiting[i];
        if (waiting->event.kind == HR_EVENT_due) {
            struct hr_key hint =
                hr_key_pair((uint64_t)waiting->event.hint_due, waiting->event.record);
            HR_TRY(hr_view_put_entry(&batch->view, HR_SPACE_due, &hint, 0, true));
            struct hr_record *record = hr_view_record(&batch->view, waiting->event.record);
            if (record != NULL && record->exists && record->hinted_due == waiting->event.hint_due) {
                record->hinted_due = HR_INSTANT_NONE;
                record->dirty = true;
            }
        }
    }
    return hr_done();
}

hr_status hr_batch_run(struct hr_batch *batch, struct hr_waiting **waiting, size_t count,
                       hr_instant now, const struct hr_erasure *erasures, size_t erasure_count)
{
    HR_TRY(begin(batch, waiting, count));
    now = now < batch->last_now ? batch->last_now : now;
    for (size_t i = 0; i < count; i++) {
        waiting[i]->became = HR_BECAME_pending;
        waiting[i]->status = hr_done();
        waiting[i]->entry = NULL;
    }
    HR_TRY(prefetch(batch));
    for (size_t i = 0; i < count; i++) {
        HR_TRY(run_one(batch, waiting[i], now));
    }
    HR_TRY(drop_hints(batch));
    if (batch->row_count == 0 && !view_changed(&batch->view)) {
        return hr_done();
    }
    const struct hr_commit commit = {
        .rows = batch->rows,
        .row_count = batch->row_count,
        .view = &batch->view,
        .erasures = erasures,
        .erasure_count = erasure_count,
        .chain = batch->chain,
        .sync_later = batch->sync_later,
    };
#ifdef HR_PLANT_ack_before_commit
    (void)hr_ok(hr_store_commit(batch->store, &commit));
#else
    HR_TRY(hr_store_commit(batch->store, &commit));
#endif
    batch->last_now = now;
    return hr_done();
}

/* ---- publishing ---------------------------------------------------------------------------------- */

struct numbers {
    const struct hr_names *names;
    bool complete;
};

static uint32_t number_of(void *context, struct hr_text word)
{
    struct numbers *numbers = context;
    for (size_t i = 0; numbers->names != NULL && i < numbers->names->count; i++) {
        if (hr_text_equal(numbers->names->words[i], word)) {
            return (uint32_t)(i + 1);
        }
    }
    numbers->complete = false;
    return 0;
}

bool hr_batch_bind(struct hr_plan *plan, uint32_t number, const struct hr_names *names)
{
    struct numbers numbers = {.names = names, .complete = true};
    hr_plan_bind(plan, number, number_of, &numbers);
    return numbers.complete;
}

/* The plan in force already: only its numbers are filled in. */
static hr_status bind(struct hr_batch *batch, struct hr_plan *plan, bool *ret_in_force)
{
    const uint64_t ids[] = {HR_ID_NAMES, HR_ID_WORKSPACE};
    HR_TRY(begin(batch, NULL, 0));
    HR_TRY(hr_store_fetch_records(batch->store, ids, 2, &batch->view));
    const struct hr_record *names = hr_view_record(&batch->view, HR_ID_NAMES);
    const struct hr_record *workspace = hr_view_record(&batch->view, HR_ID_WORKSPACE);
    struct hr_text digest = {(const char *)plan->digest.bytes, sizeof plan->digest.bytes};
    *ret_in_force = workspace->exists && hr_text_equal(workspace->workspace->plan_digest, digest);
    if (!*ret_in_force) {
        return hr_done();
    }
    /* a release that numbers more words than the one before publishes the same files anew, with them */
    *ret_in_force = hr_batch_bind(plan, (uint32_t)workspace->workspace->plan_number,
                                  names->exists ? names->names : NULL);
    return hr_done();
}

hr_status hr_batch_publish(struct hr_batch *batch, struct hr_plan *plan, struct hr_text files,
                           hr_instant now)
{
    bool in_force = false;
    HR_TRY(bind(batch, plan, &in_force));
    if (!in_force) {
        struct hr_waiting waiting = {
            .event = {.kind = HR_EVENT_published, .payload = files, .published = plan}};
        struct hr_waiting *all[] = {&waiting};
        HR_TRY(hr_batch_run(batch, all, 1, now, NULL, 0));
        if (waiting.became == HR_BECAME_refused) {
            return waiting.status;
        }
    }
    batch->engine.plan = plan;
    return hr_done();
}
