/* What a person writes into a contact. Their choice is pinned: no machine replaces it until it is taken back or its
 * time is over, and whoever says otherwise meanwhile is a question, not a winner. */
#include "engine/runs.h"

/* ---- may they -------------------------------------------------------------------------------------- */

static bool is_match_field(const struct hr_plan *plan, int32_t field)
{
    for (size_t i = 0; i < plan->match_count; i++) {
        if (plan->match_on[i] == field) {
            return true;
        }
    }
    return false;
}

enum hr_edit_answer hr_engine_read_edit(const struct hr_engine *engine, int32_t index,
                                        struct hr_text written, hr_instant until, hr_instant now,
                                        struct hr_arena *into, struct hr_edit *ret_edit)
{
    const struct hr_plan *plan = engine->plan;
    const struct hr_field *field = &plan->fields[index];
    *ret_edit = (struct hr_edit){.field = index, .value = hr_value_text(written)};
    if (field->type == HR_FIELD_stage) {
        return HR_EDIT_stage;
    }
    if (!hr_contract_allows(plan, field->contract, hr_writer(HR_BY_person, 0))) {
        return HR_EDIT_not_people;
    }
    if (!hr_typed(into, plan, field, &ret_edit->value)) {
        return HR_EDIT_not_typed;
    }
    struct hr_text text = hr_value_as_text(&ret_edit->value);
    if (field->type == HR_FIELD_consent && hr_text_equal(text, HR_TEXT("given"))) {
        return HR_EDIT_consent;
    }
    if (until != HR_INSTANT_NONE && until <= now) {
        return HR_EDIT_over;
    }
    ret_edit->leads = is_match_field(plan, index) && ret_edit->value.kind == HR_KIND_text &&
                      hr_engine_match_key(engine, index, text, into, &ret_edit->key);
    return HR_EDIT_fits;
}

enum hr_edit_answer hr_edit_may_lead(const struct hr_contact *contact, uint64_t id, uint64_t owner)
{
    if (owner == id) {
        return HR_EDIT_fits;
    }
    if (owner != 0) {
        return HR_EDIT_of_another;
    }
    return contact->key_count >= HR_KEYS_MAX ? HR_EDIT_too_many_keys : HR_EDIT_fits;
}

/* ---- the step --------------------------------------------------------------------------------------- */

/* The contact and the field that the command names, as they stand. */
struct editing {
    const struct hr_command *command;
    const struct hr_contact *contact;
    int32_t field; /* index in the plan */
};

static hr_status find_edit(struct hr_step *step, struct editing *ret_editing)
{
    const struct hr_command *command = step->event->command;
    const struct hr_record *record = hr_step_record(step, command->contact);
    HR_STEP_HAVE(record != NULL);
    int32_t field = hr_plan_field_numbered(step->plan, command->field);
    if (!record->exists || record->kind != HR_RECORD_contact || field < 0) {
        return hr_answer(HR_E_REFUSED);
    }
    *ret_editing = (struct editing){.command = command, .contact = record->contact, .field = field};
    return hr_done();
}

/* A new address leads to them as the old one does. */
static hr_status link_key(struct hr_step *step, const struct editing *editing,
                          const struct hr_edit *edit)
{
    uint64_t id = editing->command->contact;
    uint64_t owner = 0;
    if (!edit->leads) {
        return hr_done();
    }
    HR_STEP_HAVE(hr_step_entry(step, HR_SPACE_match, &edit->key.key, &owner));
    if (hr_edit_may_lead(editing->contact, id, owner) != HR_EDIT_fits) {
        return hr_answer(HR_E_REFUSED);
    }
    const struct hr_fact fact = {
        .kind = HR_FACT_key_linked,
        .record = id,
        .name = step->plan->fields[edit->field].name_number,
        .key = edit->key.key,
    };
    return owner == id ? hr_done() : hr_step_emit(step, &fact);
}

static hr_status pin(struct hr_step *step, const struct editing *editing, bool on)
{
    const struct hr_fact fact = {
        .kind = HR_FACT_field_pinned,
        .record = editing->command->contact,
        .name = editing->command->field,
        .other = editing->command->person,
        .at = step->event->now,
        .until = on ? editing->command->until : HR_INSTANT_NONE,
        .state = on,
    };
    return hr_step_emit(step, &fact);
}

/* A person decides now: what was said of this very moment came before. */
static hr_instant said_at(struct hr_step *step, const struct editing *editing)
{
    const struct hr_said *holder = hr_contact_field(editing->contact, editing->command->field);
    return holder != NULL && holder->at >= step->event->now ? holder->at + 1 : step->event->now;
}

hr_status hr_step_edit(struct hr_step *step)
{
    struct editing editing;
    struct hr_edit edit;
    HR_TRY(find_edit(step, &editing));
    const struct hr_command *command = editing.command;
    const struct hr_contact *contact = editing.contact;
    if (hr_contact_field(contact, command->field) == NULL &&
        contact->field_count >= HR_FIELDS_MAX) {
        return hr_answer(HR_E_LIMIT);
    }
    if (hr_engine_read_edit(step->engine, editing.field, command->text, command->until,
                            step->event->now, step->arena, &edit) != HR_EDIT_fits) {
        return hr_answer(HR_E_REFUSED);
    }
    const struct hr_word_said word = {
        .field = editing.field,
        .writer = hr_writer(HR_BY_person, command->person),
        .at = said_at(step, &editing),
        .value = edit.value,
    };
    HR_TRY(link_key(step, &editing, &edit));
    HR_TRY(hr_step_write(step, command->contact, &word));
    HR_TRY(pin(step, &editing, true));
    HR_TRY(hr_step_judge_all(step, command->contact));
    return hr_step_automate_on(step, command->contact);
}

hr_status hr_step_release(struct hr_step *step)
{
    struct editing editing;
    HR_TRY(find_edit(step, &editing));
    if (hr_contact_pin(editing.contact, editing.command->field, step->event->now) == NULL) {
        return hr_answer(HR_E_REFUSED);
    }
    return pin(step, &editing, false);
}
