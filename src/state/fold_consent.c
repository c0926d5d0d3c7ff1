/* What contacts said about messages, and the addresses that left. The journal keeps every word with its proof; the row
 * keeps the newest of each purpose, the index the addresses, also of contacts who were forgotten. */
#include "state/state_internal.h"

const struct hr_consent *hr_contact_consent(const struct hr_contact *contact, uint32_t purpose,
                                            enum hr_channel channel)
{
    for (size_t i = 0; i < contact->consent_count; i++) {
        const struct hr_consent *consent = &contact->consents[i];
        if (consent->purpose == purpose && consent->channel == channel) {
            return consent;
        }
    }
    return NULL;
}

hr_status hr_fold_consent(const struct hr_folding *folding, struct hr_contact *contact,
                          uint64_t position, const struct hr_fact *fact)
{
    unsigned said = fact->state & ~(unsigned)HR_CONSENT_STANDS;
    const struct hr_consent now = {
        .purpose = fact->name,
        .channel = fact->from,
        .said = (uint8_t)said,
        .writer = fact->other,
        .at = fact->at,
        .position = position,
    };
    if (said != HR_CONSENT_yes && said != HR_CONSENT_no) {
        return hr_answer(HR_E_CORRUPT);
    }
    if ((fact->state & HR_CONSENT_STANDS) == 0) {
        return hr_done(); /* history: a newer word stands */
    }
    const struct hr_consent *before =
        hr_contact_consent(contact, fact->name, (enum hr_channel)fact->from);
    if (before != NULL) {
        contact->consents[before - contact->consents] = now;
        return hr_done();
    }
    if (contact->consent_count >= HR_CONSENTS_MAX) {
        return hr_answer(HR_E_LIMIT);
    }
    void *consents = NULL;
    struct hr_consent *place =
        hr_array_insert(folding->arena, contact->consents, contact->consent_count,
                        contact->consent_count, sizeof *place, &consents);
    if (place == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *place = now;
    contact->consents = consents;
    contact->consent_count++;
    return hr_done();
}

/* ---- addresses ------------------------------------------------------------------------------------ */

enum { BY_BITS = 3 };

uint64_t hr_suppression(hr_instant at, enum hr_by by)
{
    return (uint64_t)at << BY_BITS | ((unsigned)by & ((1U << BY_BITS) - 1));
}

hr_instant hr_suppression_at(uint64_t value)
{
    return (hr_instant)value / (1 << BY_BITS);
}

enum hr_by hr_suppression_by(uint64_t value)
{
    return (enum hr_by)(value & ((1U << BY_BITS) - 1));
}

hr_status hr_fold_suppression(const struct hr_folding *folding, const struct hr_fact *fact)
{
    return folding->put_entry(folding->context, HR_SPACE_suppressed, &fact->key,
                              hr_suppression(fact->at, hr_writer_by(fact->other)));
}
