/* What a person writes into a contact, and takes back: checked with the engine's own rule, so that a refusal can say
 * why and what to do, then one command to the writer. */
#include "plan/words.h"
#include "server/api_inside.h"

/* A field of a contact as it stands, on which something is to be done. */
struct target {
    uint64_t contact;
    const struct hr_contact *known;
    const struct hr_field *field;
    int32_t index;
};

/* ---- what is meant -------------------------------------------------------------------------------- */

static bool field_of(struct hr_api *api, struct hr_text named, int32_t *ret_field)
{
    const struct hr_plan *plan = api->plan;
    *ret_field = hr_plan_field(plan, hr_text_trim(named));
    if (*ret_field >= 0) {
        return true;
    }
    struct hr_text *ids = hr_arena_new_many(api->arena, struct hr_text, plan->field_count);
    for (size_t i = 0; ids != NULL && i < plan->field_count; i++) {
        ids[i] = plan->fields[i].id;
    }
    struct hr_text near =
        ids == NULL ? HR_TEXT_NONE : hr_did_you_mean(named, ids, plan->field_count);
    if (near.size > 0) {
        hr_api_problem(api, HR_CODE_asked_field_unknown,
                       "a contact has no field `%.*s`; did you mean `%.*s`?", HR_SHOW(named),
                       HR_SHOW(near));
    } else {
        hr_api_problem(api, HR_CODE_asked_field_unknown, "a contact has no field `%.*s`",
                       HR_SHOW(named));
    }
    return false;
}

/* The contact of the path and the field of the body; false: answered already. */
static bool find_target(struct hr_api *api, struct target *ret_target)
{
    struct hr_record *record = NULL;
    if (!hr_api_contact(api, api->segments[0], &ret_target->contact) ||
        !field_of(api, hr_api_member(api, "field"), &ret_target->index)) {
        return false;
    }
    hr_status status = hr_store_read_record(api->reader, ret_target->contact, api->arena, &record);
    if (!hr_ok(status)) {
        hr_api_failed(api, status);
        return false;
    }
    if (record == NULL || record->kind != HR_RECORD_contact) {
        hr_api_problem(api, HR_CODE_contact_unknown, "%s", "");
        return false;
    }
    ret_target->known = record->contact;
    ret_target->field = &api->plan->fields[ret_target->index];
    return true;
}

/* ---- why not ---------------------------------------------------------------------------------------- */

static void refuse_value(struct hr_api *api, const struct hr_field *field, struct hr_text written)
{
    struct hr_buffer choices;
    hr_buffer_init(&choices, api->arena, 8 << 10);
    for (size_t i = 0; i < field->value_count; i++) {
        hr_buffer_add_format(&choices, "%s%.*s",
                             i == 0                       ? "; say "
                             : i + 1 < field->value_count ? ", "
                                                          : " or ",
                             HR_SHOW(field->values[i]));
    }
    hr_api_problem(api, HR_CODE_edit_not_typed,
                   "`%.*s` does not fit %.*s, a field of type %.*s%.*s", HR_SHOW(written),
                   HR_SHOW(field->id), HR_SHOW(hr_field_type_word(field->type)),
                   HR_SHOW(hr_buffer_text(&choices)));
}

static void refuse(struct hr_api *api, const struct target *target, enum hr_edit_answer answer,
                   uint64_t owner)
{
    const struct hr_field *field = target->field;
    switch (answer) {
    case HR_EDIT_stage:
        hr_api_problem(api, HR_CODE_edit_stage,
                       "%.*s is a stage: it moves by its transitions, with their evidence",
                       HR_SHOW(field->id));
        return;
    case HR_EDIT_not_people:
        hr_api_problem(api, HR_CODE_edit_not_people,
                       "people are not among the writers of %.*s; add `people` to its `writers`",
                       HR_SHOW(field->id));
        return;
    case HR_EDIT_not_typed:
        refuse_value(api, field, hr_api_member(api, "value"));
        return;
    case HR_EDIT_consent:
        hr_api_problem(api, HR_CODE_edit_consent,
                       "only the customer gives %.*s, with its proof; a person may set it to "
                       "withdrawn",
                       HR_SHOW(field->id));
        return;
    case HR_EDIT_over:
        hr_api_problem(api, HR_CODE_unprocessable, "`until` has passed already");
        return;
    case HR_EDIT_of_another:
        hr_api_problem(api, HR_CODE_edit_of_another,
                       "this %.*s leads to %.*s, who is somebody else", HR_SHOW(field->id),
                       HR_SHOW(hr_contact_name(api->arena, owner)));
        return;
    case HR_EDIT_too_many_keys:
        hr_api_problem(api, HR_CODE_unprocessable,
                       "%d addresses lead to this contact, and no more may", HR_KEYS_MAX);
        return;
    case HR_EDIT_fits:
        break;
    }
}

static bool may_edit(struct hr_api *api, const struct target *target, hr_instant until,
                     struct hr_edit *ret_edit)
{
    uint64_t owner = 0;
    enum hr_edit_answer answer =
        hr_engine_read_edit(&api->lens.engine, target->index, hr_api_member(api, "value"), until,
                            hr_clock_now(), api->arena, ret_edit);
    if (answer == HR_EDIT_fits && ret_edit->leads) {
        hr_status status =
            api->lens.entry(api->lens.context, HR_SPACE_match, &ret_edit->key.key, &owner);
        if (!hr_ok(status)) {
            hr_api_failed(api, status);
            return false;
        }
        answer = hr_edit_may_lead(target->known, target->contact, owner);
    }
    if (answer != HR_EDIT_fits) {
        refuse(api, target, answer, owner);
    }
    return answer == HR_EDIT_fits;
}

/* ---- what was done ---------------------------------------------------------------------------------- */

/* The command that chooses a value. */
static struct hr_text set_command(struct hr_api *api, const struct target *target,
                                  const struct hr_value *value)
{
    struct hr_text word = hr_text_format(api->arena, "%.*s=%.*s", HR_SHOW(target->field->id),
                                         HR_SHOW(hr_value_show(api->arena, value)));
    return hr_text_format(api->arena, "handrail contact set %.*s %.*s",
                          HR_SHOW(hr_contact_name(api->arena, target->contact)),
                          HR_SHOW(hr_shell_word(api->arena, word)));
}

static void say_done(struct hr_api *api, const struct target *target, uint64_t position,
                     struct hr_text did, struct hr_text undo)
{
    struct hr_buffer json;
    hr_buffer_init(&json, api->arena, 32 << 10);
    hr_buffer_add_text(&json, HR_TEXT("{\"contact\":"));
    hr_json_write_text(&json, hr_contact_name(api->arena, target->contact));
    hr_buffer_add_text(&json, HR_TEXT(",\"field\":"));
    hr_json_write_text(&json, target->field->id);
    hr_api_did(api, &json, did, undo, position);
}

/* Questions that the choice answers: all that are open about this field. */
static size_t questions(const struct target *target)
{
    size_t count = 0;
    for (size_t i = 0; i < target->known->observed_count; i++) {
        const struct hr_observed *observed = &target->known->observed[i];
        count += observed->issue != 0 && observed->said.field == target->field->name_number;
    }
    return count;
}

static struct hr_text did_set(struct hr_api *api, const struct target *target,
                              const struct hr_edit *edit, hr_instant until)
{
    size_t answered = questions(target);
    struct hr_text limit = until == HR_INSTANT_NONE ? HR_TEXT("you take that back")
                                                    : hr_instant_write(api->arena, until);
    struct hr_text also =
        answered == 0 ? HR_TEXT_NONE
                      : hr_text_format(api->arena, "; %s",
                                       answered == 1 ? "the question about it is answered"
                                                     : "the questions about it are answered");
    return hr_text_format(
        api->arena, "%.*s of %.*s is %.*s now, and no machine changes it until %.*s%.*s",
        HR_SHOW(target->field->id), HR_SHOW(hr_contact_name(api->arena, target->contact)),
        HR_SHOW(hr_value_show(api->arena, &edit->value)), HR_SHOW(limit), HR_SHOW(also));
}

/* The value before, and whether somebody had chosen it. */
static struct hr_text undo_set(struct hr_api *api, const struct target *target)
{
    uint32_t field = target->field->name_number;
    const struct hr_said *before = hr_contact_field(target->known, field);
    bool chosen = hr_contact_pin(target->known, field, hr_clock_now()) != NULL;
    struct hr_text release = hr_text_format(api->arena, "handrail contact release %.*s %.*s",
                                            HR_SHOW(hr_contact_name(api->arena, target->contact)),
                                            HR_SHOW(target->field->id));
    if (before == NULL) {
        return release;
    }
    struct hr_text set = set_command(api, target, &before->value);
    return chosen ? set
                  : hr_text_format(api->arena, "%.*s && %.*s", HR_SHOW(set), HR_SHOW(release));
}

/* ---- the routes -------------------------------------------------------------------------------------- */

void hr_api_on_contact_set(struct hr_api *api)
{
    struct target target;
    struct hr_edit edit;
    hr_instant until = HR_INSTANT_NONE;
    struct hr_text written = hr_api_member(api, "until");
    uint64_t position = 0;
    if (!find_target(api, &target)) {
        return;
    }
    if (written.size > 0 && !hr_api_until(api, written, &until)) {
        hr_api_problem(api, HR_CODE_unprocessable,
                       "`until` is a time like 2026-12-01T09:00:00Z, or how long: 2 days");
        return;
    }
    if (!may_edit(api, &target, until, &edit)) {
        return;
    }
    struct hr_command command = {.verb = HR_VERB_edit,
                                 .contact = target.contact,
                                 .field = target.field->name_number,
                                 .text = hr_api_member(api, "value"),
                                 .until = until};
    struct hr_text did = did_set(api, &target, &edit, until);
    struct hr_text undo = undo_set(api, &target);
    if (hr_api_command(api, &command, &position)) {
        say_done(api, &target, position, did, undo);
    }
}

void hr_api_on_contact_release(struct hr_api *api)
{
    struct target target;
    uint64_t position = 0;
    if (!find_target(api, &target)) {
        return;
    }
    uint32_t number = target.field->name_number;
    const struct hr_said *value = hr_contact_field(target.known, number);
    if (hr_contact_pin(target.known, number, hr_clock_now()) == NULL || value == NULL) {
        hr_api_problem(api, HR_CODE_edit_not_pinned, "no person's choice holds %.*s of %.*s",
                       HR_SHOW(target.field->id),
                       HR_SHOW(hr_contact_name(api->arena, target.contact)));
        return;
    }
    struct hr_command command = {.verb = HR_VERB_release,
                                 .contact = target.contact,
                                 .field = number,
                                 .until = HR_INSTANT_NONE};
    struct hr_text did = hr_text_format(
        api->arena,
        "%.*s of %.*s is open to its writers again; it stays %.*s until its contract "
        "lets one of them change it",
        HR_SHOW(target.field->id), HR_SHOW(hr_contact_name(api->arena, target.contact)),
        HR_SHOW(hr_value_show(api->arena, &value->value)));
    struct hr_text undo = set_command(api, &target, &value->value);
    if (hr_api_command(api, &command, &position)) {
        say_done(api, &target, position, did, undo);
    }
}
