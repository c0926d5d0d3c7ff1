/* The parts of rows that say who is given records: of contacts, people and teams. */
#include "state/state_internal.h"

void hr_put_holdings(struct hr_buffer *out, const struct hr_contact *contact)
{
    hr_put_uint(out, contact->holding_count);
    for (size_t i = 0; i < contact->holding_count; i++) {
        hr_put_uint(out, contact->holdings[i].field);
        hr_put_uint(out, contact->holdings[i].person);
        hr_put_uint(out, (uint64_t)contact->holdings[i].team << 1 | contact->holdings[i].queued);
    }
    hr_put_uint(out, contact->giving_count);
    for (size_t i = 0; i < contact->giving_count; i++) {
        hr_put_uint(out, contact->givings[i].automation);
        hr_put_uint(out, contact->givings[i].place);
        hr_put_uint(out, contact->givings[i].times);
    }
}

hr_status hr_get_holdings(struct hr_reader *in, struct hr_arena *into, struct hr_contact *contact)
{
    contact->holding_count = (size_t)hr_get_uint_max(in, HR_HOLDINGS_MAX);
    contact->holdings = hr_arena_new_many(into, struct hr_holding, contact->holding_count);
    if (contact->holdings == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < contact->holding_count && !in->failed; i++) {
        contact->holdings[i].field = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        contact->holdings[i].person = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        uint64_t team = hr_get_uint_max(in, (uint64_t)UINT32_MAX << 1 | 1);
        contact->holdings[i].team = (uint32_t)(team >> 1);
        contact->holdings[i].queued = (team & 1) != 0;
    }
    contact->giving_count = (size_t)hr_get_uint_max(in, HR_GIVINGS_MAX);
    contact->givings = hr_arena_new_many(into, struct hr_giving, contact->giving_count);
    if (contact->givings == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < contact->giving_count && !in->failed; i++) {
        contact->givings[i].automation = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        contact->givings[i].place = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        contact->givings[i].times = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    }
    return hr_done();
}

void hr_put_person(struct hr_buffer *out, const struct hr_person_record *person)
{
    hr_put_uint(out, person->person);
    hr_put_uint(out, person->load_count);
    for (size_t i = 0; i < person->load_count; i++) {
        hr_put_uint(out, person->loads[i].field);
        hr_put_uint(out, person->loads[i].record_type);
        hr_put_uint(out, person->loads[i].open);
    }
}

hr_status hr_get_person(struct hr_reader *in, struct hr_arena *into,
                        struct hr_person_record *person)
{
    person->person = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    person->load_count = (size_t)hr_get_uint_max(in, HR_LOADS_MAX);
    person->loads = hr_arena_new_many(into, struct hr_load, person->load_count);
    if (person->loads == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < person->load_count && !in->failed; i++) {
        person->loads[i].field = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        person->loads[i].record_type = (uint8_t)hr_get_uint_max(in, UINT8_MAX);
        person->loads[i].open = hr_get_uint(in);
    }
    return hr_done();
}

void hr_put_team(struct hr_buffer *out, const struct hr_team_record *team)
{
    hr_put_uint(out, team->team);
    hr_put_uint(out, team->person);
    hr_put_int(out, team->at);
}

void hr_get_team(struct hr_reader *in, struct hr_team_record *team)
{
    team->team = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    team->person = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    team->at = hr_get_int(in);
}
