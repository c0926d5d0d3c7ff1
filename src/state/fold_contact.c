/* The fold of one contact: keys, kept events, handoff instances. Its fields are fold_field.c's. */
#include "state/state_internal.h"

#include <string.h>

static hr_status link_key(const struct hr_folding *folding, struct hr_record *record,
                          const struct hr_fact *fact)
{
    struct hr_contact *contact = record->contact;
    void *keys = NULL;
    if (contact->key_count >= HR_KEYS_MAX) {
        return hr_answer(HR_E_LIMIT);
    }
    struct hr_linked_key *key = hr_array_insert(folding->arena, contact->keys, contact->key_count,
                                                contact->key_count, sizeof *key, &keys);
    if (key == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *key = (struct hr_linked_key){.field = fact->name, .key = fact->key};
    contact->keys = keys;
    contact->key_count++;
    return folding->put_entry(folding->context, HR_SPACE_match, &fact->key, record->id);
}

/* ---- events ------------------------------------------------------------------------------------ */

static hr_status keep_event(const struct hr_folding *folding, struct hr_contact *contact,
                            uint64_t position, const struct hr_fact *fact)
{
    size_t at = 0;
    while (at < contact->kept_count && contact->kept[at].at <= fact->at) {
        at++;
    }
    void *kept = NULL;
    struct hr_kept_event *event = hr_array_insert(folding->arena, contact->kept,
                                                  contact->kept_count, at, sizeof *event, &kept);
    if (event == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *event = (struct hr_kept_event){.type = fact->name,
                                    .tool = fact->other,
                                    .at = fact->at,
                                    .position = position,
                                    .data = fact->value};
    contact->kept = kept;
    contact->kept_count++;
    if (contact->kept_count > HR_KEPT_MAX) {
        contact->kept++;
        contact->kept_count--;
    }
    return hr_done();
}

/* ---- instances -------------------------------------------------------------------------------- */

static struct hr_instance *find_instance(const struct hr_contact *contact,
                                         const struct hr_fact *fact)
{
    for (size_t i = 0; i < contact->instance_count; i++) {
        if (contact->instances[i].handoff == fact->name &&
            hr_key_equal(&contact->instances[i].key, &fact->key)) {
            return &contact->instances[i];
        }
    }
    return NULL;
}

static void remove_instance(struct hr_contact *contact, struct hr_instance *instance)
{
    size_t behind = (size_t)(contact->instances + contact->instance_count - instance) - 1;
    memmove(instance, instance + 1, behind * sizeof *instance);
    contact->instance_count--;
}

/* True if the handoff was proven first by this one: what opens on its proof takes its time from it. */
static bool is_first_proof(const struct hr_contact *contact, const struct hr_instance *instance)
{
    for (size_t i = 0; i < contact->instance_count; i++) {
        const struct hr_instance *other = &contact->instances[i];
        if (other != instance && other->handoff == instance->handoff &&
            hr_stand_is_proven((enum hr_stand)other->stand) &&
            other->judged_at <= instance->judged_at) {
            return false;
        }
    }
    return true;
}

static bool is_in_issue(const struct hr_instance *instance)
{
    return instance->issues[HR_SLOT_proof] != 0 || instance->issues[HR_SLOT_missing] != 0;
}

static bool has_ended(const struct hr_instance *instance)
{
    return !is_in_issue(instance) && (instance->stand == HR_STAND_waived ||
                                      hr_stand_is_proven((enum hr_stand)instance->stand));
}

/* Who leaves a full contact: the oldest instance that ended and that nothing waits for, better not the first proof of
 * its handoff. If none ended, the oldest that waits for no deadline and is in no issue: nobody could end it. NULL:
 * nobody can leave. */
static struct hr_instance *leaver(const struct hr_contact *contact)
{
    struct hr_instance *otherwise = NULL;
    struct hr_instance *forgotten = NULL;
    for (size_t i = 0; i < contact->instance_count; i++) {
        struct hr_instance *instance = &contact->instances[i];
        if (!has_ended(instance)) {
            bool waits = is_in_issue(instance) || hr_instance_due(instance) != HR_INSTANT_NONE;
            forgotten = forgotten == NULL && !waits ? instance : forgotten;
            continue;
        }
        if (instance->stand == HR_STAND_waived || !is_first_proof(contact, instance)) {
            return instance;
        }
        otherwise = otherwise == NULL ? instance : otherwise;
    }
    return otherwise != NULL ? otherwise : forgotten;
}

bool hr_contact_has_room(const struct hr_contact *contact)
{
    return contact->instance_count < HR_INSTANCES_MAX || leaver(contact) != NULL;
}

/* A customer who pays for the 513th time is served like all others. What leaves stays counted with its handoff. */
static hr_status make_room(struct hr_contact *contact)
{
    struct hr_instance *leaving = leaver(contact);
    if (leaving == NULL) {
        return hr_answer(HR_E_LIMIT);
    }
    remove_instance(contact, leaving);
    return hr_done();
}

static hr_status open_instance(const struct hr_folding *folding, struct hr_contact *contact,
                               const struct hr_fact *fact)
{
    struct hr_instance *instance = find_instance(contact, fact);
    if (instance == NULL) {
        if (contact->instance_count >= HR_INSTANCES_MAX) {
            HR_TRY(make_room(contact));
        }
        void *instances = NULL;
        instance = hr_array_insert(folding->arena, contact->instances, contact->instance_count,
                                   contact->instance_count, sizeof *instance, &instances);
        if (instance == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        *instance = (struct hr_instance){
            .handoff = fact->name,
            .key = fact->key,
            .key_shown = fact->text,
            .stand = HR_STAND_open,
            .judged_at = HR_INSTANT_NONE,
            .marked_at = HR_INSTANT_NONE,
            .marked_until = HR_INSTANT_NONE,
        };
        contact->instances = instances;
        contact->instance_count++;
    }
    instance->opened_at = fact->at;
    instance->opened_by = fact->number;
    instance->late_at = fact->until;
    instance->fail_at = fact->third;
    return hr_done();
}

static hr_status set_missing(const struct hr_folding *folding, struct hr_instance *instance,
                             const struct hr_fact *fact)
{
    size_t count = fact->value.kind == HR_KIND_list ? fact->value.count : 0;
    if (count > HR_MISSING_MAX) {
        return hr_answer(HR_E_LIMIT);
    }
    uint32_t *missing = hr_arena_new_many(folding->arena, uint32_t, count);
    if (missing == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < count; i++) {
        missing[i] = (uint32_t)fact->value.items[i].integer;
    }
    instance->missing = missing;
    instance->missing_count = count;
    return hr_done();
}

static void judge(struct hr_instance *instance, const struct hr_fact *fact)
{
    instance->stand = fact->state;
    instance->judged_at = fact->at;
    instance->judged_by = fact->number;
    instance->incorrect = fact->text.size > 0;
    instance->mismatch = fact->text;
    instance->mismatch_values = fact->value;
}

static void mark(struct hr_instance *instance, const struct hr_fact *fact)
{
    bool unmark = fact->state == HR_MARK_unmarked;
    instance->mark = unmark ? 0 : fact->state;
    instance->marked_by = unmark ? 0 : fact->other;
    instance->marked_at = unmark ? HR_INSTANT_NONE : fact->at;
    instance->marked_until = unmark ? HR_INSTANT_NONE : fact->until;
}

static hr_status fold_instance(const struct hr_folding *folding, struct hr_contact *contact,
                               const struct hr_fact *fact)
{
    struct hr_instance *instance = find_instance(contact, fact);
    if (instance == NULL) {
        return hr_answer(HR_E_CORRUPT);
    }
    switch ((int)fact->kind) {
    case HR_FACT_handoff_judged:
        if (fact->state >= HR_STAND_count) {
            return hr_answer(HR_E_CORRUPT);
        }
        judge(instance, fact);
        return hr_done();
    case HR_FACT_handoff_missing:
        return set_missing(folding, instance, fact);
    case HR_FACT_handoff_marked:
        mark(instance, fact);
        return hr_done();
    case HR_FACT_handoff_issue:
        if (fact->state >= HR_SLOT_count) {
            return hr_answer(HR_E_CORRUPT);
        }
        instance->issues[fact->state] = fact->number;
        return hr_done();
    case HR_FACT_handoff_taken_back:
        remove_instance(contact, instance);
        return hr_done();
    default:
        return hr_answer(HR_E_VERSION);
    }
}

/* ---- the contact ------------------------------------------------------------------------------ */

static hr_status erase(const struct hr_folding *folding, struct hr_record *record)
{
    for (size_t i = 0; record->exists && i < record->contact->key_count; i++) {
        HR_TRY(
            folding->put_entry(folding->context, HR_SPACE_match, &record->contact->keys[i].key, 0));
    }
    if (record->exists) {
        HR_TRY(hr_fold_runs_gone(folding, record));
        HR_TRY(hr_fold_work_gone(folding, record));
    }
    record->exists = false;
    return hr_done();
}

hr_status hr_fold_contact(const struct hr_folding *folding, uint64_t position,
                          const struct hr_fact *fact)
{
    struct hr_record *record = folding->record(folding->context, fact->record, HR_RECORD_contact);
    if (record == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    switch ((int)fact->kind) {
    case HR_FACT_contact_created:
        record->contact->created_at = fact->at;
        return hr_done();
    case HR_FACT_key_linked:
        return link_key(folding, record, fact);
    case HR_FACT_field_set:
    case HR_FACT_field_observed:
    case HR_FACT_field_claimed:
    case HR_FACT_field_pinned:
        return hr_fold_field(folding, record->contact, position, fact);
    case HR_FACT_event_kept:
        return keep_event(folding, record->contact, position, fact);
    case HR_FACT_handoff_opened:
        return open_instance(folding, record->contact, fact);
    case HR_FACT_run_began:
    case HR_FACT_run_moved:
    case HR_FACT_run_ended:
    case HR_FACT_run_trouble:
        return hr_fold_run(folding, record, position, fact);
    case HR_FACT_consent_said:
        return hr_fold_consent(folding, record->contact, position, fact);
    case HR_FACT_letter_left:
        return hr_fold_letter(folding, record->contact, fact);
    case HR_FACT_run_kept_out:
    case HR_FACT_step_taken:
    case HR_FACT_stage_moved:
    case HR_FACT_event_emitted:
    case HR_FACT_effect_content:
        return hr_done(); /* history: what follows from them stands in other facts */
    case HR_FACT_assigned:
        return hr_fold_assigned(folding, record->contact, fact);
    case HR_FACT_load_moved:
        return hr_fold_load(folding, record->contact, fact);
    case HR_FACT_contact_erased:
        return erase(folding, record);
    default:
        return fold_instance(folding, record->contact, fact);
    }
}
