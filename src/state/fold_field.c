/* What is known of a contact: for each field the value that holds, what its writers say beside it, and who chose it. */
#include "state/state_internal.h"

#include <string.h>

/* ---- looking up ------------------------------------------------------------------------------- */

const struct hr_said *hr_contact_field(const struct hr_contact *contact, uint32_t field)
{
    for (size_t i = 0; i < contact->field_count; i++) {
        if (contact->fields[i].field == field) {
            return &contact->fields[i];
        }
    }
    return NULL;
}

const struct hr_observed *hr_contact_observed(const struct hr_contact *contact, uint32_t field,
                                              uint32_t writer)
{
    for (size_t i = 0; i < contact->observed_count; i++) {
        const struct hr_said *said = &contact->observed[i].said;
        if (said->field == field && said->writer == writer) {
            return &contact->observed[i];
        }
    }
    return NULL;
}

const struct hr_pin *hr_contact_pin(const struct hr_contact *contact, uint32_t field,
                                    hr_instant now)
{
    for (size_t i = 0; i < contact->pin_count; i++) {
        const struct hr_pin *pin = &contact->pins[i];
        if (pin->field == field && (pin->until == HR_INSTANT_NONE || now < pin->until)) {
            return pin;
        }
    }
    return NULL;
}

hr_instant hr_contact_claim(const struct hr_contact *contact, uint32_t field)
{
    for (size_t i = 0; i < contact->claim_count; i++) {
        if (contact->claims[i].field == field) {
            return contact->claims[i].at;
        }
    }
    return HR_INSTANT_NONE;
}

/* ---- arrays ----------------------------------------------------------------------------------- */

/* Takes one item out of a contact's array. */
static void take_out(void *items, size_t *count, size_t at, size_t size)
{
    unsigned char *bytes = items;
    memmove(bytes + at * size, bytes + (at + 1) * size, (*count - at - 1) * size);
    --*count;
}

/* ---- words beside the value that holds ---------------------------------------------------------- */

static void forget_observed(struct hr_contact *contact, uint32_t field, uint32_t writer)
{
    const struct hr_observed *known = hr_contact_observed(contact, field, writer);
    if (known != NULL) {
        take_out(contact->observed, &contact->observed_count, (size_t)(known - contact->observed),
                 sizeof *known);
    }
}

/* The oldest that nobody is asked about makes room; where all are asked about, none can. */
static hr_status make_room(struct hr_contact *contact)
{
    for (size_t i = 0; i < contact->observed_count; i++) {
        if (contact->observed[i].issue == 0) {
            take_out(contact->observed, &contact->observed_count, i, sizeof *contact->observed);
            return hr_done();
        }
    }
    return hr_answer(HR_E_LIMIT);
}

static hr_status observe(const struct hr_folding *folding, struct hr_contact *contact,
                         struct hr_observed observed)
{
    forget_observed(contact, observed.said.field, observed.said.writer);
    if (contact->observed_count >= HR_OBSERVED_MAX) {
        HR_TRY(make_room(contact));
    }
    void *items = NULL;
    struct hr_observed *place =
        hr_array_insert(folding->arena, contact->observed, contact->observed_count,
                        contact->observed_count, sizeof *place, &items);
    if (place == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *place = observed;
    contact->observed = items;
    contact->observed_count++;
    return hr_done();
}

/* ---- the value that holds ----------------------------------------------------------------------- */

static struct hr_said said_from(uint64_t position, const struct hr_fact *fact)
{
    return (struct hr_said){.field = fact->name,
                            .writer = fact->other,
                            .at = fact->at,
                            .position = position,
                            .value = fact->value};
}

/* A word that held once, and holds again. */
static void leave_past(struct hr_contact *contact, const struct hr_said *said)
{
    for (size_t i = 0; i < contact->past_count; i++) {
        const struct hr_said *past = &contact->past[i];
        if (past->field == said->field && past->at == said->at && past->writer == said->writer &&
            hr_value_equal(&past->value, &said->value)) {
            take_out(contact->past, &contact->past_count, i, sizeof *contact->past);
            return;
        }
    }
}

/* What held before is the newest word of its writer, and is kept as such where it says something else. */
static hr_status replace(const struct hr_folding *folding, struct hr_contact *contact,
                         struct hr_said *now, struct hr_said said, unsigned bits)
{
    bool keeps_word = (bits & HR_FIELD_KEEP_WORD) != 0 || !hr_value_equal(&now->value, &said.value);
    struct hr_said before = *now;
    *now = said;
    forget_observed(contact, said.field, said.writer);
    leave_past(contact, &said);
    /* who held may have said something newer that did not */
    const struct hr_observed *newer = hr_contact_observed(contact, before.field, before.writer);
    bool newest = newer == NULL || (newer->issue == 0 && newer->said.at < before.at);
    if (before.writer != said.writer && keeps_word && newest) {
        HR_TRY(observe(folding, contact,
                       (struct hr_observed){.said = before, .beside = HR_BESIDE_by_rule}));
    }
    return bits & HR_FIELD_KEEP_PAST ? hr_keep_past(folding, contact, before) : hr_done();
}

static hr_status set_field(const struct hr_folding *folding, struct hr_contact *contact,
                           uint64_t position, const struct hr_fact *fact)
{
    struct hr_said said = said_from(position, fact);
    bool wins = (fact->state & HR_FIELD_WINS) != 0;
    bool keeps = (fact->state & HR_FIELD_KEEP_PAST) != 0;
    if (!wins) {
        return keeps ? hr_keep_past(folding, contact, said) : hr_done();
    }
    const struct hr_said *now = hr_contact_field(contact, fact->name);
    bool again = now != NULL && hr_value_equal(&now->value, &said.value);
    if (!again || hr_writer_by(said.writer) == HR_BY_person) {
        hr_fold_taken(contact, fact->name);
    }
    if (now != NULL) {
        return replace(folding, contact, &contact->fields[now - contact->fields], said,
                       fact->state);
    }
    if (contact->field_count >= HR_FIELDS_MAX) {
        return hr_answer(HR_E_LIMIT);
    }
    void *fields = NULL;
    struct hr_said *place = hr_array_insert(folding->arena, contact->fields, contact->field_count,
                                            contact->field_count, sizeof *place, &fields);
    if (place == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *place = said;
    contact->fields = fields;
    contact->field_count++;
    forget_observed(contact, said.field, said.writer);
    return hr_done();
}

static hr_status hear_beside(const struct hr_folding *folding, struct hr_contact *contact,
                             uint64_t position, const struct hr_fact *fact)
{
    unsigned beside = fact->state & ~(unsigned)HR_BESIDE_NO_NEWS;
    if (beside >= HR_BESIDE_COUNT) {
        return hr_answer(HR_E_CORRUPT);
    }
    if (beside == HR_BESIDE_settled) {
        forget_observed(contact, fact->name, fact->other);
        return hr_done();
    }
    return observe(folding, contact,
                   (struct hr_observed){.said = said_from(position, fact),
                                        .beside = (uint8_t)beside,
                                        .issue = fact->number});
}

/* ---- claims and pins ------------------------------------------------------------------------------ */

static hr_status claim(const struct hr_folding *folding, struct hr_contact *contact,
                       const struct hr_fact *fact)
{
    for (size_t i = 0; i < contact->claim_count; i++) {
        if (contact->claims[i].field == fact->name) {
            contact->claims[i].at = fact->at;
            return hr_done();
        }
    }
    void *claims = NULL;
    if (contact->claim_count >= HR_FIELDS_MAX) {
        return hr_answer(HR_E_LIMIT);
    }
    struct hr_claim *place = hr_array_insert(folding->arena, contact->claims, contact->claim_count,
                                             contact->claim_count, sizeof *place, &claims);
    if (place == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *place = (struct hr_claim){.field = fact->name, .at = fact->at};
    contact->claims = claims;
    contact->claim_count++;
    return hr_done();
}

static hr_status pin(const struct hr_folding *folding, struct hr_contact *contact,
                     const struct hr_fact *fact)
{
    for (size_t i = 0; i < contact->pin_count; i++) {
        if (contact->pins[i].field == fact->name) {
            take_out(contact->pins, &contact->pin_count, i, sizeof *contact->pins);
            break;
        }
    }
    if (fact->state == 0) {
        return hr_done();
    }
    if (contact->pin_count >= HR_FIELDS_MAX) {
        return hr_answer(HR_E_LIMIT);
    }
    void *pins = NULL;
    struct hr_pin *place = hr_array_insert(folding->arena, contact->pins, contact->pin_count,
                                           contact->pin_count, sizeof *place, &pins);
    if (place == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *place = (struct hr_pin){.field = fact->name, .person = fact->other, .until = fact->until};
    contact->pins = pins;
    contact->pin_count++;
    return hr_done();
}

hr_status hr_fold_field(const struct hr_folding *folding, struct hr_contact *contact,
                        uint64_t position, const struct hr_fact *fact)
{
    switch ((int)fact->kind) {
    case HR_FACT_field_set:
        return set_field(folding, contact, position, fact);
    case HR_FACT_field_observed:
        return hear_beside(folding, contact, position, fact);
    case HR_FACT_field_claimed:
        return claim(folding, contact, fact);
    case HR_FACT_field_pinned:
        return pin(folding, contact, fact);
    default:
        return hr_answer(HR_E_VERSION);
    }
}
