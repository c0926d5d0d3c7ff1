/* The parts of a contact's row that most contacts lack: words beside the values that hold, pins, claims, enrollments,
 * consents, what belongs to them. */
#include "state/state_internal.h"

enum {
    PARTS_OBSERVED = 1,
    PARTS_PINS = 2,
    PARTS_CLAIMS = 4,
    PARTS_RUNS = 8,
    PARTS_ENTERED = 16,
    PARTS_TROUBLES = 32,
    PARTS_HOLDINGS = 64,
    PARTS_CONSENTS = 128,
    PARTS_RELATED = 256,
    PARTS_WORK = 512, /* never of a contact */
    PARTS_LETTERS = 1024,
    PARTS_ALL = 2047
};

static void put_observed(struct hr_buffer *out, struct hr_moments *moments,
                         const struct hr_contact *contact)
{
    hr_put_uint(out, contact->observed_count);
    for (size_t i = 0; i < contact->observed_count; i++) {
        const struct hr_observed *observed = &contact->observed[i];
        hr_put_uint(out, observed->said.field);
        hr_put_moment(out, moments, observed->said.writer, observed->said.at,
                      observed->said.position);
        const struct hr_said *holder = hr_contact_field(contact, observed->said.field);
        bool same = holder != NULL && hr_value_equal(&holder->value, &observed->said.value);
        hr_put_uint(out, (unsigned)observed->beside << 1 | same);
        if (!same) {
            hr_put_value(out, &observed->said.value);
        }
        hr_put_uint(out, observed->issue);
    }
}

static hr_status get_observed(struct hr_reader *in, struct hr_moments *moments,
                              struct hr_arena *into, struct hr_contact *contact)
{
    contact->observed_count = (size_t)hr_get_uint_max(in, HR_OBSERVED_MAX);
    contact->observed = hr_arena_new_many(into, struct hr_observed, contact->observed_count);
    if (contact->observed == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < contact->observed_count && !in->failed; i++) {
        struct hr_observed *observed = &contact->observed[i];
        observed->said.field = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        struct hr_moment moment = hr_get_moment(in, moments);
        observed->said.writer = moment.tool;
        observed->said.at = moment.at;
        observed->said.position = moment.position;
        unsigned how = (unsigned)hr_get_uint_max(in, (HR_BESIDE_COUNT << 1) - 1);
        const struct hr_said *holder = hr_contact_field(contact, observed->said.field);
        observed->beside = (uint8_t)(how >> 1);
        if ((how & 1) == 0) {
            (void)hr_get_value(in, into, &observed->said.value);
        } else if (holder == NULL) {
            return hr_answer(HR_E_CORRUPT);
        } else {
            observed->said.value = holder->value;
        }
        observed->issue = hr_get_uint(in);
    }
    return hr_done();
}

static hr_status get_pins(struct hr_reader *in, struct hr_arena *into, struct hr_contact *contact)
{
    contact->pin_count = (size_t)hr_get_uint_max(in, HR_FIELDS_MAX);
    contact->pins = hr_arena_new_many(into, struct hr_pin, contact->pin_count);
    if (contact->pins == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < contact->pin_count && !in->failed; i++) {
        contact->pins[i].field = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        contact->pins[i].person = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        contact->pins[i].until = hr_get_instant(in, contact->created_at);
    }
    return hr_done();
}

static hr_status get_claims(struct hr_reader *in, struct hr_arena *into, struct hr_contact *contact)
{
    contact->claim_count = (size_t)hr_get_uint_max(in, HR_FIELDS_MAX);
    contact->claims = hr_arena_new_many(into, struct hr_claim, contact->claim_count);
    if (contact->claims == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < contact->claim_count && !in->failed; i++) {
        contact->claims[i].field = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        contact->claims[i].at = hr_get_instant(in, contact->created_at);
    }
    return hr_done();
}

static unsigned parts_of(const struct hr_contact *contact)
{
    return (contact->observed_count > 0 ? PARTS_OBSERVED : 0U) |
           (contact->pin_count > 0 ? PARTS_PINS : 0U) |
           (contact->claim_count > 0 ? PARTS_CLAIMS : 0U) |
           (contact->run_count > 0 ? PARTS_RUNS : 0U) |
           (contact->entered_count > 0 ? PARTS_ENTERED : 0U) |
           (contact->trouble_count > 0 ? PARTS_TROUBLES : 0U) |
           (contact->holding_count + contact->giving_count > 0 ? PARTS_HOLDINGS : 0U) |
           (contact->consent_count > 0 ? PARTS_CONSENTS : 0U) |
           (contact->related_count > 0 ? PARTS_RELATED : 0U) |
           (contact->letter_count > 0 ? PARTS_LETTERS : 0U) |
           (contact->work != NULL ? PARTS_WORK : 0U);
}

static void put_parts_of_enrollments(struct hr_buffer *out, struct hr_moments *moments,
                                     const struct hr_contact *contact)
{
    if (contact->run_count > 0) {
        hr_put_runs(out, moments, contact);
    }
    if (contact->entered_count > 0) {
        hr_put_entered(out, contact);
    }
    if (contact->trouble_count > 0) {
        hr_put_troubles(out, contact);
    }
}

/* Most contacts have none of these: one byte says so, two where one of the last three is among them. */
void hr_put_rare_parts(struct hr_buffer *out, struct hr_moments *moments,
                       const struct hr_contact *contact)
{
    hr_put_uint(out, parts_of(contact));
    if (contact->observed_count > 0) {
        put_observed(out, moments, contact);
    }
    if (contact->pin_count > 0) {
        hr_put_uint(out, contact->pin_count);
    }
    for (size_t i = 0; i < contact->pin_count; i++) {
        hr_put_uint(out, contact->pins[i].field);
        hr_put_uint(out, contact->pins[i].person);
        hr_put_instant(out, contact->created_at, contact->pins[i].until);
    }
    if (contact->claim_count > 0) {
        hr_put_uint(out, contact->claim_count);
    }
    for (size_t i = 0; i < contact->claim_count; i++) {
        hr_put_uint(out, contact->claims[i].field);
        hr_put_instant(out, contact->created_at, contact->claims[i].at);
    }
    put_parts_of_enrollments(out, moments, contact);
    if (contact->holding_count + contact->giving_count > 0) {
        hr_put_holdings(out, contact);
    }
    if (contact->consent_count > 0) {
        hr_put_consents(out, moments, contact);
    }
    if (contact->related_count > 0) {
        hr_put_related(out, contact);
    }
    if (contact->work != NULL) {
        hr_put_work(out, contact->work);
    }
    if (contact->letter_count > 0) {
        hr_put_letters(out, contact);
    }
}

hr_status hr_get_rare_parts(struct hr_reader *in, struct hr_moments *moments, struct hr_arena *into,
                            struct hr_contact *contact)
{
    uint64_t parts = hr_get_uint_max(in, PARTS_ALL);
    if (parts & PARTS_OBSERVED) {
        HR_TRY(get_observed(in, moments, into, contact));
    }
    if (parts & PARTS_PINS) {
        HR_TRY(get_pins(in, into, contact));
    }
    if (parts & PARTS_CLAIMS) {
        HR_TRY(get_claims(in, into, contact));
    }
    if (parts & PARTS_RUNS) {
        HR_TRY(hr_get_runs(in, moments, into, contact));
    }
    if (parts & PARTS_ENTERED) {
        HR_TRY(hr_get_entered(in, into, contact));
    }
    if (parts & PARTS_TROUBLES) {
        HR_TRY(hr_get_troubles(in, into, contact));
    }
    if (parts & PARTS_HOLDINGS) {
        HR_TRY(hr_get_holdings(in, into, contact));
    }
    if (parts & PARTS_CONSENTS) {
        HR_TRY(hr_get_consents(in, moments, into, contact));
    }
    if (parts & PARTS_RELATED) {
        HR_TRY(hr_get_related(in, into, contact));
    }
    if (parts & PARTS_WORK) {
        HR_TRY(hr_get_work(in, into, contact));
    }
    return parts & PARTS_LETTERS ? hr_get_letters(in, into, contact) : hr_done();
}
