/* The fold of who is given records: in the contact's row, in the rows of people and teams. */
#include "state/state_internal.h"

#include <string.h>

/* ---- looking up ------------------------------------------------------------------------------- */

static struct hr_holding *find_holding(const struct hr_contact *contact, uint32_t field)
{
    for (size_t i = 0; i < contact->holding_count; i++) {
        if (contact->holdings[i].field == field) {
            return &contact->holdings[i];
        }
    }
    return NULL;
}

const struct hr_holding *hr_contact_holding(const struct hr_contact *contact, uint32_t field)
{
    return find_holding(contact, field);
}

static struct hr_giving *find_giving(const struct hr_contact *contact, uint32_t automation,
                                     uint32_t place)
{
    for (size_t i = 0; i < contact->giving_count; i++) {
        if (contact->givings[i].automation == automation && contact->givings[i].place == place) {
            return &contact->givings[i];
        }
    }
    return NULL;
}

uint32_t hr_contact_given(const struct hr_contact *contact, uint32_t automation, uint32_t place)
{
    const struct hr_giving *giving = find_giving(contact, automation, place);
    return giving == NULL ? 0 : giving->times;
}

static struct hr_load *find_load(const struct hr_person_record *person, uint8_t record_type,
                                 uint32_t field)
{
    for (size_t i = 0; i < person->load_count; i++) {
        if (person->loads[i].record_type == record_type && person->loads[i].field == field) {
            return &person->loads[i];
        }
    }
    return NULL;
}

uint64_t hr_person_load(const struct hr_person_record *person, uint8_t record_type, uint32_t field)
{
    const struct hr_load *load = find_load(person, record_type, field);
    return load == NULL ? 0 : load->open;
}

/* ---- the contact -------------------------------------------------------------------------------- */

static hr_status have_holding(const struct hr_folding *folding, struct hr_contact *contact,
                              uint32_t field, struct hr_holding **ret_holding)
{
    void *holdings = NULL;
    *ret_holding = find_holding(contact, field);
    if (*ret_holding != NULL) {
        return hr_done();
    }
    if (contact->holding_count >= HR_HOLDINGS_MAX) {
        return hr_answer(HR_E_LIMIT);
    }
    struct hr_holding *holding =
        hr_array_insert(folding->arena, contact->holdings, contact->holding_count,
                        contact->holding_count, sizeof *holding, &holdings);
    if (holding == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *holding = (struct hr_holding){.field = field};
    contact->holdings = holdings;
    contact->holding_count++;
    *ret_holding = holding;
    return hr_done();
}

/* What says nothing any more costs nothing. */
static void drop_empty(struct hr_contact *contact)
{
    for (size_t i = 0; i < contact->holding_count;) {
        const struct hr_holding *holding = &contact->holdings[i];
        if (holding->person != 0 || holding->team != 0) {
            i++;
            continue;
        }
        contact->holding_count--;
        memmove(contact->holdings + i, contact->holdings + i + 1,
                (contact->holding_count - i) * sizeof *holding);
    }
}

static hr_status count_giving(const struct hr_folding *folding, struct hr_contact *contact,
                              uint32_t automation, uint32_t place)
{
    struct hr_giving *giving = find_giving(contact, automation, place);
    void *givings = NULL;
    if (giving != NULL) {
        giving->times++;
        return hr_done();
    }
    if (contact->giving_count >= HR_GIVINGS_MAX) {
        contact->givings++;
        contact->giving_count--;
    }
    giving = hr_array_insert(folding->arena, contact->givings, contact->giving_count,
                             contact->giving_count, sizeof *giving, &givings);
    if (giving == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *giving = (struct hr_giving){.automation = automation, .place = place, .times = 1};
    contact->givings = givings;
    contact->giving_count++;
    return hr_done();
}

hr_status hr_fold_assigned(const struct hr_folding *folding, struct hr_contact *contact,
                           const struct hr_fact *fact)
{
    uint64_t assign = 0;
    uint64_t team = 0;
    struct hr_holding *holding = NULL;
    hr_key_unpair(&fact->key, &assign, &team);
    if (fact->state != HR_GIVEN_person && fact->state != HR_GIVEN_queue) {
        return hr_done(); /* nobody got it: told, and nothing follows */
    }
    HR_TRY(have_holding(folding, contact, fact->name, &holding));
    holding->team = (uint32_t)team;
    holding->queued = fact->state == HR_GIVEN_queue;
    drop_empty(contact);
    return fact->from == 0 ? hr_done()
                           : count_giving(folding, contact, (uint32_t)(assign >> 32),
                                          (uint32_t)(assign & UINT32_MAX));
}

void hr_fold_taken(struct hr_contact *contact, uint32_t field)
{
    struct hr_holding *holding = find_holding(contact, field);
    if (holding != NULL) {
        holding->team = 0;
        holding->queued = false;
        drop_empty(contact);
    }
}

/* ---- the person ---------------------------------------------------------------------------------- */

static hr_status count_load(const struct hr_folding *folding, struct hr_person_record *person,
                            const struct hr_fact *fact)
{
    struct hr_load *load = find_load(person, fact->from, fact->other);
    void *loads = NULL;
    person->person = fact->name;
    if (load == NULL && person->load_count >= HR_LOADS_MAX) {
        return hr_answer(HR_E_LIMIT); /* more fields than a contact may have */
    }
    if (load == NULL) {
        load = hr_array_insert(folding->arena, person->loads, person->load_count,
                               person->load_count, sizeof *load, &loads);
        if (load == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        *load = (struct hr_load){.field = fact->other, .record_type = fact->from};
        person->loads = loads;
        person->load_count++;
    }
    if (fact->state == 0 && load->open == 0) {
        return hr_answer(HR_E_CORRUPT);
    }
    load->open = fact->state == 0 ? load->open - 1 : load->open + 1;
    return hr_done();
}

hr_status hr_fold_load(const struct hr_folding *folding, struct hr_contact *contact,
                       const struct hr_fact *fact)
{
    struct hr_holding *holding = NULL;
    struct hr_record *person =
        folding->record(folding->context, HR_ID_PERSON + fact->name, HR_RECORD_person);
    if (person == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    HR_TRY(have_holding(folding, contact, fact->other, &holding));
    *holding = (struct hr_holding){.field = fact->other,
                                   .person = fact->state == 0 ? 0 : fact->name,
                                   .team = holding->team,
                                   .queued = holding->queued};
    drop_empty(contact);
    return count_load(folding, person->person, fact);
}
