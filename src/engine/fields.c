/* What is known of a contact, ordered by when it was so, not by when it was heard. */
#include "engine/step_internal.h"

static const struct hr_said *current(const struct hr_contact *contact, uint32_t field)
{
    for (size_t i = 0; i < contact->field_count; i++) {
        if (contact->fields[i].field == field) {
            return &contact->fields[i];
        }
    }
    return NULL;
}

static bool already_said(const struct hr_contact *contact, const struct hr_fact *fact)
{
    const struct hr_said *now = current(contact, fact->name);
    if (now != NULL && now->at == fact->at && hr_value_equal(&now->value, &fact->value)) {
        return true;
    }
    for (size_t i = 0; i < contact->past_count; i++) {
        const struct hr_said *past = &contact->past[i];
        if (past->field == fact->name && past->at == fact->at &&
            hr_value_equal(&past->value, &fact->value)) {
            return true;
        }
    }
    return false;
}

/* True if the new word is the newest: by time, and at one time by its bytes. */
static bool wins(struct hr_step *step, const struct hr_said *now, const struct hr_fact *fact)
{
    if (now == NULL || fact->at > now->at) {
        return true;
    }
    return fact->at == now->at && hr_value_order(step->arena, &fact->value, &now->value) > 0;
}

hr_status hr_step_set_fields(struct hr_step *step, uint64_t contact)
{
    const struct hr_heard *heard = step->event->heard;
    for (size_t i = 0; i < heard->field_count; i++) {
        const struct hr_field *field = &step->plan->fields[heard->fields[i].field];
        const struct hr_record *record = hr_step_record(step, contact);
        HR_STEP_HAVE(record != NULL);
        struct hr_fact fact = {
            .kind = HR_FACT_field_set,
            .record = contact,
            .name = field->name_number,
            .other = step->plan->tools[heard->tool].name_number,
            .at = heard->occurred_at,
            .value = heard->fields[i].value,
        };
        const struct hr_said *now = current(record->contact, field->name_number);
        bool newest = wins(step, now, &fact);
        if (already_said(record->contact, &fact)) {
            continue;
        }
        if (!newest && !field->watched) {
            continue;
        }
        if (now == NULL && record->contact->field_count >= HR_FIELDS_MAX) {
            continue; /* full of fields that plans once had: the rest of the message counts all the same */
        }
#ifdef HR_PLANT_forgets_past
        if (!newest) {
            continue;
        }
#endif
        fact.state =
            (uint8_t)((newest ? HR_FIELD_WINS : 0) | (field->watched ? HR_FIELD_KEEP_PAST : 0));
        HR_TRY(hr_step_emit(step, &fact));
    }
    return hr_done();
}

const struct hr_said *hr_field_at(const struct hr_contact *contact, uint32_t field, hr_instant at)
{
    const struct hr_said *now = current(contact, field);
    if (now == NULL || now->at <= at) {
        return now;
    }
    const struct hr_said *found = NULL;
    for (size_t i = 0; i < contact->past_count; i++) {
        const struct hr_said *past = &contact->past[i];
        if (past->field == field && past->at <= at) {
            found = past; /* they stand by time, so the last one is the newest */
        }
    }
    return found;
}
