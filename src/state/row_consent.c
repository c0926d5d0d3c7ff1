/* The part of a contact's row that says to which messages they said yes or no. Most of its words were said by a message
 * that the row names already, so one costs four bytes. */
#include "state/state_internal.h"

enum { CHANNEL_SHIFT = 2, SAID_MASK = 3 };

void hr_put_consents(struct hr_buffer *out, struct hr_moments *moments,
                     const struct hr_contact *contact)
{
    hr_put_uint(out, contact->consent_count);
    for (size_t i = 0; i < contact->consent_count; i++) {
        const struct hr_consent *consent = &contact->consents[i];
        hr_put_uint(out, consent->purpose);
        hr_put_uint(out, (unsigned)consent->channel << CHANNEL_SHIFT | consent->said);
        hr_put_moment(out, moments, consent->writer, consent->at, consent->position);
    }
}

hr_status hr_get_consents(struct hr_reader *in, struct hr_moments *moments, struct hr_arena *into,
                          struct hr_contact *contact)
{
    contact->consent_count = (size_t)hr_get_uint_max(in, HR_CONSENTS_MAX);
    contact->consents = hr_arena_new_many(into, struct hr_consent, contact->consent_count);
    if (contact->consents == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < contact->consent_count && !in->failed; i++) {
        struct hr_consent *consent = &contact->consents[i];
        consent->purpose = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        unsigned how = (unsigned)hr_get_uint_max(in, (UINT8_MAX << CHANNEL_SHIFT) + SAID_MASK);
        struct hr_moment moment = hr_get_moment(in, moments);
        consent->channel = (uint8_t)(how >> CHANNEL_SHIFT);
        consent->said = (uint8_t)(how & SAID_MASK);
        consent->writer = moment.tool;
        consent->at = moment.at;
        consent->position = moment.position;
    }
    return hr_done();
}
