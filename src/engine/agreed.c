/* The ledger of what people said about messages: every word joins it, with its proof, and the newest stands. */
#include "engine/agreed.h"

/* Negative: it was said before the one that stands; zero: they are one. Of two for one moment no holds, so that the
 * order of arrival does not count. */
static int against(const struct hr_consent_word *word, const struct hr_consent *stands)
{
    if (word->at != stands->at) {
        return word->at < stands->at ? -1 : 1;
    }
    int said = ((int)word->said > (int)stands->said) - ((int)word->said < (int)stands->said);
    return said != 0 ? said : (word->writer > stands->writer) - (word->writer < stands->writer);
}

hr_status hr_step_say_consent(struct hr_step *step, uint64_t id, const struct hr_consent_word *word)
{
    const struct hr_contact *contact = hr_step_contact(step, id);
    HR_STEP_HAVE(contact != NULL);
    const struct hr_consent *stands = hr_contact_consent(contact, word->purpose, word->channel);
    int order = stands == NULL ? 1 : against(word, stands);
#ifdef HR_PLANT_yes_by_arrival
    order = 1;
#endif
    bool room = stands != NULL || contact->consent_count < HR_CONSENTS_MAX;
    if (order == 0) {
        return hr_done();
    }
    const struct hr_fact fact = {
        .kind = HR_FACT_consent_said,
        .record = id,
        .name = word->purpose,
        .other = word->writer,
        .at = word->at,
        .state = (uint8_t)((unsigned)word->said |
                           (order > 0 && room ? (unsigned)HR_CONSENT_STANDS : 0U)),
        .from = (uint8_t)word->channel,
        .text = word->why,
        .value = word->proof,
    };
    return hr_step_emit(step, &fact);
}

/* ---- by a field ---------------------------------------------------------------------------------------- */

uint32_t hr_consent_purpose(const struct hr_plan *plan, const struct hr_field *field)
{
    bool has = field->type == HR_FIELD_consent && field->contract->purpose >= 0;
    return has ? plan->policies.purposes[field->contract->purpose].name_number : 0;
}

hr_status hr_step_keep_consent(struct hr_step *step, uint64_t contact,
                               const struct hr_word_said *word)
{
    const struct hr_field *field = hr_word_field(step->plan, word);
    struct hr_text said = hr_value_as_text(&word->value);
    bool yes = hr_text_equal(said, HR_TEXT("given"));
    uint32_t purpose = hr_consent_purpose(step->plan, field);
    const struct hr_consent_word joining = {
        .purpose = purpose,
        .channel = HR_CHANNEL_email,
        .said = yes ? HR_CONSENT_yes : HR_CONSENT_no,
        .writer = word->writer,
        .at = word->at,
        .proof = word->proof,
    };
    bool speaks = hr_contract_allows(step->plan, field->contract, word->writer);
    bool of_contact =
        word->record == HR_RECORD_TYPE_contact; /* nobody writes to a company or a sale */
    if (!of_contact || purpose == 0 || word->leaves || !speaks || (yes && !word->proven)) {
        return hr_done(); /* one without its proof stands beside the field, and a person is asked */
    }
    return hr_step_say_consent(step, contact, &joining);
}

bool hr_consent_proof(struct hr_arena *into, const struct hr_field *field,
                      const struct hr_heard *heard, struct hr_value *ret_proof)
{
    const struct hr_contract *contract = field->contract;
    struct hr_member *members = hr_arena_new_many(into, struct hr_member, contract->proof_count);
    uint32_t count = 0;
    *ret_proof = hr_value_null();
    for (size_t i = 0; members != NULL && i < contract->proof_count; i++) {
        struct hr_text wanted = contract->proof[i];
        const struct hr_value *brought = hr_value_member(&heard->data, wanted);
        bool empty = brought == NULL || brought->kind == HR_KIND_null ||
                     (brought->kind == HR_KIND_text && hr_value_as_text(brought).size == 0);
        if (empty && !hr_text_equal(wanted, HR_TEXT("time"))) {
            return false; /* the time and the signed message are always there */
        }
        if (!empty) {
            members[count++] = (struct hr_member){hr_value_text(wanted), *brought};
        }
    }
    if (count > 0) {
        *ret_proof = (struct hr_value){.kind = HR_KIND_map, .count = count, .members = members};
    }
    return members != NULL;
}
