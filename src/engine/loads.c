/* How many open records each person has: counted by whoever changes a record, so that nobody looks at all of them.
 * A contact is open until it stands in the last stage of its pipeline. */
#include "engine/step_internal.h"

bool hr_field_moves_load(const struct hr_field *field)
{
    return field->type == HR_FIELD_person || field->type == HR_FIELD_stage;
}

static bool is_open(const struct hr_plan *plan, const struct hr_contact *contact)
{
    for (size_t i = 0; i < plan->pipeline_count; i++) {
        const struct hr_pipeline *pipeline = &plan->pipelines[i];
        if (pipeline->record != HR_RECORD_TYPE_contact || pipeline->field < 0 ||
            pipeline->count == 0) {
            continue;
        }
        const struct hr_said *said =
            hr_contact_field(contact, plan->fields[pipeline->field].name_number);
        const struct hr_stage *last = &plan->stages[pipeline->first + pipeline->count - 1];
        if (said != NULL && hr_text_equal(hr_value_as_text(&said->value), last->id)) {
            return false;
        }
    }
    return true;
}

static hr_status move(struct hr_step *step, uint64_t contact, uint32_t person, uint32_t field,
                      bool joins)
{
    const struct hr_fact fact = {
        .kind = HR_FACT_load_moved,
        .record = contact,
        .name = person,
        .other = field,
        .state = joins,
        .from = HR_RECORD_TYPE_contact,
    };
    return person == 0 ? hr_done() : hr_step_emit(step, &fact);
}

/* Whose open record it is by this field: a name number; 0: nobody's. */
static uint32_t person_of(const struct hr_plan *plan, const struct hr_contact *contact,
                          uint32_t field)
{
    const struct hr_said *said = hr_contact_field(contact, field);
    int32_t person =
        said == NULL ? HR_NONE_INDEX : hr_plan_person(plan, hr_value_as_text(&said->value));
    return person < 0 || !is_open(plan, contact) ? 0 : plan->people[person].name_number;
}

static hr_status recount_field(struct hr_step *step, uint64_t id, uint32_t field)
{
    const struct hr_contact *contact = hr_step_contact(step, id);
    HR_STEP_HAVE(contact != NULL);
    const struct hr_holding *holding = hr_contact_holding(contact, field);
    uint32_t before = holding == NULL ? 0 : holding->person;
    uint32_t now = person_of(step->plan, contact, field);
    bool full = holding == NULL && contact->holding_count >= HR_HOLDINGS_MAX;
    if (before == now || full) {
        return hr_done();
    }
    HR_TRY(move(step, id, before, field, false));
    return move(step, id, now, field, true);
}

hr_status hr_step_recount(struct hr_step *step, uint64_t contact)
{
    for (size_t i = 0; i < step->plan->field_count; i++) {
        const struct hr_field *field = &step->plan->fields[i];
        if (field->type == HR_FIELD_person) {
            HR_TRY(recount_field(step, contact, field->name_number));
        }
    }
    return hr_done();
}

hr_status hr_step_uncount(struct hr_step *step, uint64_t id)
{
#ifdef HR_PLANT_load_stays
    return hr_done();
#endif
    const struct hr_contact *contact = hr_step_contact(step, id);
    HR_STEP_HAVE(contact != NULL);
    for (size_t i = 0; i < contact->holding_count;) {
        const struct hr_holding holding = contact->holdings[i];
        if (holding.person == 0) {
            i++;
            continue;
        }
        HR_TRY(move(step, id, holding.person, holding.field, false));
        contact = hr_step_contact(step, id);
        HR_STEP_HAVE(contact != NULL);
        i = 0; /* the array is another one now */
    }
    return hr_done();
}
