/* What a message says of a company, a sale, a question: which one it is, what is known of it now, and whose it is. */
#include "engine/related.h"

/* The record that the first of its keys leads to; 0: there is none yet. Where two keys lead to two records, the first
 * in the order of `match_on` is meant: nothing is merged. */
hr_status hr_step_spoken_of(struct hr_step *step, const struct hr_heard_record *heard,
                            uint64_t *ret_id)
{
    *ret_id = 0;
    for (size_t i = heard->key_count; i > 0; i--) {
        uint64_t id = 0;
        HR_STEP_HAVE(hr_step_entry(step, HR_SPACE_match, &heard->keys[i - 1].key, &id));
        *ret_id = id == 0 ? *ret_id : id;
    }
    return hr_done();
}

hr_status hr_step_lead_to(struct hr_step *step, uint64_t id, enum hr_record_type type,
                          const struct hr_heard_key *key)
{
    uint64_t owner = 0;
    const struct hr_contact *record = hr_step_contact(step, id);
    HR_STEP_HAVE(hr_step_entry(step, HR_SPACE_match, &key->key, &owner) && record != NULL);
    if (owner != 0 || record->key_count >= HR_KEYS_MAX) {
        return hr_done();
    }
    const struct hr_fact fact = {
        .kind = HR_FACT_key_linked,
        .record = id,
        .name = step->plan->records[type].fields[key->field].name_number,
        .key = key->key,
    };
    return hr_step_emit(step, &fact);
}

static hr_status write_fields(struct hr_step *step, uint64_t id,
                              const struct hr_heard_record *heard)
{
    const struct hr_heard *message = step->event->heard;
    for (size_t i = 0; i < heard->key_count; i++) {
        HR_TRY(hr_step_lead_to(step, id, heard->record, &heard->keys[i]));
    }
    for (size_t i = 0; i < heard->field_count; i++) {
        const struct hr_word_said word = {
            .record = heard->record,
            .field = heard->fields[i].field,
            .writer = hr_writer(HR_BY_tool, step->plan->tools[message->tool].name_number),
            .at = message->occurred_at,
            .value = heard->fields[i].value,
        };
        HR_TRY(hr_step_write(step, id, &word));
    }
    return hr_done();
}

/* Whatever one message speaks of belongs together. */
static hr_status relate_all(struct hr_step *step, const uint64_t *ids, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t other = i + 1; other < count; other++) {
            HR_TRY(hr_step_relate(step, ids[i], ids[other], step->event->heard->occurred_at));
        }
    }
    return hr_done();
}

hr_status hr_step_hear_of_others(struct hr_step *step, uint64_t contact)
{
    const struct hr_heard *heard = step->event->heard;
    uint64_t ids[HR_RECORD_TYPE_COUNT] = {contact};
    size_t count = contact != 0;
    for (size_t i = 0; i < heard->record_count; i++) {
        HR_TRY(hr_step_spoken_of(step, &heard->records[i], &ids[count]));
        if (ids[count] == 0) {
            HR_TRY(hr_step_create(step, heard->records[i].record, &ids[count]));
        }
        HR_TRY(hr_step_link(step, ids[count]));
        HR_TRY(write_fields(step, ids[count], &heard->records[i]));
        count++;
    }
    return relate_all(step, ids, count);
}

hr_status hr_step_look_at_others(struct hr_step *step)
{
    const struct hr_heard *heard = step->event->heard;
    for (size_t i = 0; i < heard->record_count; i++) {
        uint64_t id = 0;
        HR_TRY(hr_step_spoken_of(step, &heard->records[i], &id));
        HR_TRY(id == 0 ? hr_done() : hr_step_own_work(step, id));
        HR_TRY(id == 0 ? hr_done() : hr_step_look_at_work(step, id));
    }
    return hr_done();
}
