/* One step's working set: looking up, folding into copies, keeping facts, making records. */
#include "engine/step_internal.h"

/* ---- looking up --------------------------------------------------------------------------------- */

static void need_record(struct hr_step *step, uint64_t id)
{
    struct hr_needs *needs = step->needs;
    step->missing = true;
    if (needs->record_count < HR_NEEDS_MAX) {
        needs->records[needs->record_count++] = id;
    }
}

const struct hr_record *hr_step_record(struct hr_step *step, uint64_t id)
{
    const struct hr_record *record = hr_view_record(&step->changed, id);
    if (record == NULL) {
        record = hr_view_record(step->view, id);
    }
    if (record == NULL) {
        need_record(step, id);
    }
    return record;
}

bool hr_step_entry(struct hr_step *step, enum hr_space space, const struct hr_key *key,
                   uint64_t *ret_value)
{
    const struct hr_index_entry *entry = hr_view_entry(&step->changed, space, key);
    if (entry == NULL) {
        entry = hr_view_entry(step->view, space, key);
    }
    if (entry != NULL) {
        *ret_value = entry->value;
        return true;
    }
    struct hr_needs *needs = step->needs;
    step->missing = true;
    if (needs->entry_count < HR_NEEDS_MAX) {
        needs->entries[needs->entry_count].space = (uint8_t)space;
        needs->entries[needs->entry_count++].key = *key;
    }
    *ret_value = 0;
    return false;
}

/* ---- the fold's face ---------------------------------------------------------------------------- */

/* The step's own copy of a record, made on its first change. */
static struct hr_record *own_record(void *context, uint64_t id, enum hr_record_kind kind)
{
    struct hr_step *step = context;
    struct hr_record *own = hr_view_record(&step->changed, id);
    if (own != NULL) {
        return own;
    }
    const struct hr_record *record = hr_view_record(step->view, id);
    if (record == NULL) {
        need_record(step, id);
        return NULL;
    }
    own = record->exists ? hr_record_clone(step->arena, record)
                         : hr_record_make(step->arena, id, kind);
    if (own == NULL || !hr_ok(hr_view_put_record(&step->changed, own))) {
        return NULL;
    }
    /* facts of all kinds that have fields fold alike, whatever the kind */
    hr_assert(own->kind == kind || (hr_record_has_fields(own->kind) && kind == HR_RECORD_contact));
    own->dirty = true;
    return own;
}

static hr_status own_entry(void *context, enum hr_space space, const struct hr_key *key,
                           uint64_t value)
{
    struct hr_step *step = context;
    return hr_view_put_entry(&step->changed, space, key, value, true);
}

static uint64_t read_entry(void *context, enum hr_space space, const struct hr_key *key)
{
    uint64_t value = 0;
    (void)hr_step_entry(context, space, key, &value);
    return value;
}

/* ---- emitting ----------------------------------------------------------------------------------- */

hr_status hr_step_link(struct hr_step *step, uint64_t record)
{
    for (size_t i = 0; i < step->link_count; i++) {
        if (step->links[i].record == record) {
            return hr_done();
        }
    }
    HR_STEP_HAVE(hr_step_record(step, record) != NULL);
    if (step->link_count == HR_LINKS_MAX) {
        return hr_answer(HR_E_LIMIT);
    }
    struct hr_link *links = hr_list_grow(step->arena, step->links, step->link_count,
                                         &step->link_capacity, sizeof *links);
    if (links == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    step->links = links;
    step->links[step->link_count++] = (struct hr_link){.record = record, .part = HR_NO_PART};
    return hr_done();
}

static hr_status keep_fact(struct hr_step *step, const struct hr_fact *fact)
{
    bool body = hr_fact_home((enum hr_fact_kind)fact->kind) == HR_HOME_body;
    struct hr_fact **facts = body ? &step->body_facts : &step->header_facts;
    size_t *count = body ? &step->body_count : &step->header_count;
    size_t *capacity = body ? &step->body_capacity : &step->header_capacity;
    if (*count == HR_FACTS_MAX) {
        return hr_answer(HR_E_LIMIT);
    }
    struct hr_fact *grown = hr_list_grow(step->arena, *facts, *count, capacity, sizeof *grown);
    if (grown == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *facts = grown;
    grown[(*count)++] = *fact;
    return hr_done();
}

hr_status hr_step_emit(struct hr_step *step, const struct hr_fact *fact)
{
    uint64_t ids[2] = {0, 0};
    size_t count = hr_fact_records(fact, ids);
    for (size_t i = 0; i < count; i++) {
        HR_STEP_HAVE(hr_step_record(step, ids[i]) != NULL);
    }
    for (size_t i = 0; i < count; i++) {
        if (ids[i] >= HR_RECORD_FIRST) {
            HR_TRY(hr_step_link(step, ids[i]));
        }
    }
    HR_TRY(hr_fold_fact(&step->folding, step->event->position, fact));
    HR_STEP_HAVE(!step->missing);
    return keep_fact(step, fact);
}

hr_status hr_step_new_id(struct hr_step *step, uint64_t *ret_id)
{
    hr_assert(step->made < 255);
    *ret_id = hr_record_id(step->event->position, step->made++);
    if (hr_view_record(step->view, *ret_id) != NULL) {
        return hr_done();
    }
    struct hr_record *absent = hr_arena_new(step->arena, struct hr_record);
    if (absent == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    /* a record that cannot exist yet: known absent, without asking the store */
    *absent = (struct hr_record){.id = *ret_id, .hinted_due = HR_INSTANT_NONE};
    return hr_view_put_record(step->view, absent);
}

/* ---- beginning ---------------------------------------------------------------------------------------- */

void hr_step_begin(struct hr_step *step)
{
    hr_view_init(&step->changed, step->arena);
    step->folding = (struct hr_folding){.context = step,
                                        .record = own_record,
                                        .put_entry = own_entry,
                                        .entry = read_entry,
                                        .arena = step->arena};
    /* only what says how much counts: the arrays are large, and this is done for every event */
    step->needs->record_count = 0;
    step->needs->entry_count = 0;
    step->needs->members_in = 0;
    step->needs->walk_until = 0;
    step->needs->walk_after = 0;
}

hr_status hr_step_scan(struct hr_step *step, enum hr_space in, uint64_t of, uint64_t after,
                       const struct hr_members **ret_members)
{
    const struct hr_members *members = step->members;
    *ret_members = members;
    if (members != NULL && members->in == (uint8_t)in && members->of == of &&
        members->after == after) {
        return hr_done();
    }
    step->needs->members_in = (uint8_t)in;
    step->needs->members_of = of;
    step->needs->members_after = after;
    step->missing = true;
    return hr_answer(HR_E_NEEDS);
}

struct hr_record *hr_step_own(struct hr_step *step, const struct hr_record *record)
{
    return own_record(step, record->id, (enum hr_record_kind)record->kind);
}
