/* Consents that can never count: their contract wants a proof that no event of their writers brings. */
#include "workspace/check_inside.h"

/* Of one field: whether some event brings all of its proof, and the first that does not. */
struct giving {
    bool proven;
    const struct hr_write *unproven;
};

static const struct hr_event_type *event_of(const struct hr_facts *facts,
                                            const struct hr_write *write)
{
    return &facts->draft->plan->tools[write->writer.index].events[write->event];
}

static bool brings(const struct hr_event_type *type, struct hr_text proof)
{
    for (size_t i = 0; i < type->data_count; i++) {
        if (hr_text_equal(type->data[i].name, proof)) {
            return true;
        }
    }
    return hr_text_equal(proof, HR_TEXT("time")); /* every message has one */
}

/* The first that the proof names and the event does not bring; empty: it brings all. */
static struct hr_text missing_of(const struct hr_facts *facts, const struct hr_write *write)
{
    const struct hr_contract *contract = hr_fact_field(facts, write->field)->contract;
    for (size_t i = 0; i < contract->proof_count; i++) {
        if (!brings(event_of(facts, write), contract->proof[i])) {
            return contract->proof[i];
        }
    }
    return HR_TEXT_NONE;
}

static void complain(const struct hr_facts *facts, const struct hr_write *write)
{
    const struct hr_field *field = hr_fact_field(facts, write->field);
    struct hr_text missing = missing_of(facts, write);
    struct hr_diagnostic *item =
        hr_draft_warning(facts->draft, consent_without_proof, hr_write_place(facts, write),
                         "`%.*s` never comes with `%.*s`, which its `proof` names",
                         HR_SHOW(field->id), HR_SHOW(missing));
    item->second = hr_told_place(facts, field->contract->place);
    item->second_label = HR_TEXT("what proves it");
    item->example = HR_TEXT("the customer ticks the box, and their yes never counts");
    item->help =
        hr_draft_say(facts->draft,
                     "let `%.*s` bring it: `data: {%.*s: payload.%.*s}`, or take it out "
                     "of `proof`",
                     HR_SHOW(event_of(facts, write)->name), HR_SHOW(missing), HR_SHOW(missing));
}

/* What a tool says may be a yes; a constant may be a no. */
static bool gives_consent(const struct hr_facts *facts, const struct hr_write *write)
{
    return write->how == HR_WRITE_mapped && write->automation < 0 &&
           write->writer.kind == HR_WRITER_tool &&
           hr_fact_field(facts, write->field)->type == HR_FIELD_consent &&
           !hr_text_equal(write->constant, HR_TEXT("withdrawn"));
}

void hr_check_proofs(const struct hr_facts *facts)
{
    size_t count = (size_t)HR_RECORD_TYPE_COUNT * HR_RECORD_FIELDS_MAX;
    struct giving *giving = hr_draft_scratch(facts->draft, struct giving, count);
    if (giving == NULL) {
        facts->draft->refused = true;
        return;
    }
    for (size_t i = 0; i < facts->write_count; i++) {
        const struct hr_write *write = &facts->writes[i];
        if (!gives_consent(facts, write)) {
            continue;
        }
        struct giving *of = &giving[(size_t)write->field.record * HR_RECORD_FIELDS_MAX +
                                    (size_t)write->field.field];
        bool proven = missing_of(facts, write).size == 0;
        of->proven = of->proven || proven;
        of->unproven = of->unproven == NULL && !proven ? write : of->unproven;
    }
    for (size_t i = 0; i < count; i++) {
        if (!giving[i].proven && giving[i].unproven != NULL) {
            complain(facts, giving[i].unproven);
        }
    }
}
