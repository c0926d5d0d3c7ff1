/* What a person writes into a contact. Their choice is pinned: no machine replaces it until it is taken back or its time
 * is over, and whoever says otherwise meanwhile is a question, not a winner. */
#include "engine/contract.h"
#include "engine/step_internal.h"

/* The contact and the field that the command names, as they stand. */
struct edit {
    const struct hr_command *command;
    const struct hr_contact *contact;
    int32_t field; /* index in the plan */
};

static hr_status find_edit(struct hr_step *step, struct edit *ret_edit)
{
    const struct hr_command *command = step->event->command;
    const struct hr_record *record = hr_step_record(step, command->contact);
    HR_STEP_HAVE(record != NULL);
    int32_t field = hr_plan_field_numbered(step->plan, command->field);
    if (!record->exists || record->kind != HR_RECORD_contact || field < 0) {
        return hr_answer(HR_E_REFUSED);
    }
    *ret_edit = (struct edit){.command = command, .contact = record->contact, .field = field};
    return hr_done();
}

static bool is_match_field(const struct hr_plan *plan, int32_t field)
{
    for (size_t i = 0; i < plan->match_count; i++) {
        if (plan->match_on[i] == field) {
            return true;
        }
    }
    return false;
}

/* A new address leads to them as the old one does. One that leads to somebody else is refused: that would be a merge. */
static hr_status link_key(struct hr_step *step, const struct edit *edit,
                          const struct hr_value *value)
{
    struct hr_heard_key key;
    uint64_t owner = 0;
    bool has_key = is_match_field(step->plan, edit->field) && value->kind == HR_KIND_text &&
                   hr_engine_match_key(step->engine, edit->field, hr_value_as_text(value),
                                       step->arena, &key);
    if (!has_key) {
        return hr_done();
    }
    HR_STEP_HAVE(hr_step_entry(step, HR_SPACE_match, &key.key, &owner));
    if (owner == edit->command->contact) {
        return hr_done();
    }
    if (owner != 0 || edit->contact->key_count >= HR_KEYS_MAX) {
        return hr_answer(HR_E_REFUSED);
    }
    const struct hr_fact fact = {
        .kind = HR_FACT_key_linked,
        .record = edit->command->contact,
        .name = step->plan->fields[edit->field].name_number,
        .key = key.key,
    };
    return hr_step_emit(step, &fact);
}

static hr_status pin(struct hr_step *step, const struct edit *edit, bool on)
{
    const struct hr_fact fact = {
        .kind = HR_FACT_field_pinned,
        .record = edit->command->contact,
        .name = edit->command->field,
        .other = edit->command->person,
        .at = step->event->now,
        .until = on ? edit->command->until : HR_INSTANT_NONE,
        .state = on,
    };
    return hr_step_emit(step, &fact);
}

hr_status hr_step_edit(struct hr_step *step)
{
    struct edit edit;
    HR_TRY(find_edit(step, &edit));
    const struct hr_field *field = &step->plan->fields[edit.field];
    struct hr_value value = hr_value_text(edit.command->text);
    struct hr_word_said word = {
        .field = edit.field,
        .writer = hr_writer(HR_BY_person, edit.command->person),
        .at = step->event->now,
    };
    /* a stage moves by its transitions, a consent is given with its proof: neither is an edit */
    bool edited = field->type != HR_FIELD_stage &&
                  hr_typed(step->arena, step->plan, field, &value) &&
                  hr_contract_allows(step->plan, field->contract, word.writer);
    bool gives = field->type == HR_FIELD_consent &&
                 hr_text_equal(hr_value_as_text(&value), HR_TEXT("given"));
    if (!edited || gives) {
        return hr_answer(HR_E_REFUSED);
    }
    word.value = value;
    HR_TRY(link_key(step, &edit, &value));
    HR_TRY(hr_step_write(step, edit.command->contact, &word));
    HR_TRY(pin(step, &edit, true));
    return hr_step_judge_all(step, edit.command->contact);
}

hr_status hr_step_release(struct hr_step *step)
{
    struct edit edit;
    HR_TRY(find_edit(step, &edit));
    if (hr_contact_pin(edit.contact, edit.command->field, step->event->now) == NULL) {
        return hr_answer(HR_E_REFUSED);
    }
    return pin(step, &edit, false);
}
