/* Somebody leaves: by the link in a letter, by a complaint, or because a person was told. In one step the ledger, the
 * fields that show it and the suppressed addresses say so, and what waited for it goes on or ends. */
#include "engine/agreed.h"
#include "engine/runs.h"
#include "engine/suppressed.h"

struct leaving {
    struct hr_step *step;
    uint64_t contact;
    struct hr_consent_word said;
    struct hr_suppressing what;
    struct hr_addresses addresses;
};

/* Now; after whatever was said of this very moment. */
static hr_instant after(hr_instant now, hr_instant said)
{
    return said >= now ? said + 1 : now;
}

/* What the fields of the purpose show, and when it was said: none may say given afterwards. */
static bool still_shown(struct leaving *leaving, const struct hr_contact *contact)
{
    const struct hr_plan *plan = leaving->step->plan;
    bool given = false;
    for (size_t i = 0; i < plan->field_count; i++) {
        const struct hr_said *shown = hr_contact_field(contact, plan->fields[i].name_number);
        if (shown == NULL || hr_consent_purpose(plan, &plan->fields[i]) != leaving->what.purpose) {
            continue;
        }
        leaving->said.at = after(leaving->said.at, shown->at);
        given = given || !hr_text_equal(hr_value_as_text(&shown->value), HR_TEXT("withdrawn"));
    }
    return given;
}

/* Everything that leaving does is done already. */
static hr_status has_left(struct leaving *leaving, bool *ret_left)
{
    struct hr_step *step = leaving->step;
    const struct hr_contact *contact = hr_step_contact(step, leaving->contact);
    HR_STEP_HAVE(contact != NULL);
    uint64_t newest = 0;
    uint64_t oldest = 0;
    bool shown = still_shown(leaving, contact);
    HR_TRY(hr_addresses_of(step, contact, &leaving->what, &leaving->addresses));
    HR_TRY(hr_suppressed_since(step, &leaving->addresses, &newest, &oldest));
    const struct hr_consent *stands =
        hr_contact_consent(contact, leaving->what.purpose, leaving->what.channel);
    if (stands == NULL) {
        bool full = contact->consent_count >= HR_CONSENTS_MAX;
        *ret_left = full && !shown && oldest != 0;
        return hr_done();
    }
    bool covered =
        leaving->addresses.count == 0 || (oldest != 0 && hr_suppression_at(oldest) >= stands->at);
    *ret_left = stands->said == HR_CONSENT_no && !shown && covered;
    leaving->said.at = after(leaving->said.at, stands->at);
    return hr_done();
}

/* The fields of the purpose show it: no contract stands against what the customer wants. */
static hr_status show(struct leaving *leaving)
{
    const struct hr_plan *plan = leaving->step->plan;
    for (size_t i = 0; i < plan->field_count; i++) {
        if (hr_consent_purpose(plan, &plan->fields[i]) != leaving->what.purpose) {
            continue;
        }
        const struct hr_word_said word = {
            .field = (int32_t)i,
            .writer = leaving->said.writer,
            .at = leaving->said.at,
            .value = hr_value_text(HR_TEXT("withdrawn")),
            .leaves = true,
        };
        HR_TRY(hr_step_write(leaving->step, leaving->contact, &word));
    }
    return hr_done();
}

/* Who says it: the customer by a link or a complaint, or a person who works here and says why. False: nobody may so. */
static bool writer_of(const struct hr_command *command, uint32_t *ret_writer)
{
    *ret_writer = command->person != 0 ? hr_writer(HR_BY_person, command->person)
                                       : hr_writer((enum hr_by)command->by, 0);
    return command->person != 0 ? command->text.size > 0
                                : command->by == HR_BY_page || command->by == HR_BY_complaint;
}

hr_status hr_step_unsubscribe(struct hr_step *step)
{
    const struct hr_command *command = step->event->command;
    const struct hr_record *record = hr_step_record(step, command->contact);
    HR_STEP_HAVE(record != NULL);
    struct leaving leaving = {
        .step = step,
        .contact = command->contact,
        .said = {.purpose = command->other,
                 .channel = (enum hr_channel)command->channel,
                 .said = HR_CONSENT_no,
                 .at = step->event->now,
                 .why = command->text},
        .what = {.purpose = command->other, .channel = (enum hr_channel)command->channel},
    };
    bool known = record->exists && record->kind == HR_RECORD_contact && command->other != 0 &&
                 command->channel == HR_CHANNEL_email;
    if (!known || !writer_of(command, &leaving.said.writer)) {
        return hr_answer(HR_E_REFUSED);
    }
    bool left = false;
    HR_TRY(has_left(&leaving, &left));
    if (left) {
        return hr_done(); /* nothing changes, so nothing is journalled: a link can be clicked for ever */
    }
    HR_TRY(hr_step_link(step, command->contact));
    HR_TRY(hr_step_say_consent(step, command->contact, &leaving.said));
    HR_TRY(show(&leaving));
    HR_TRY(
        hr_suppress(step, &leaving.what, &leaving.addresses, leaving.said.writer, leaving.said.at));
    HR_TRY(hr_step_judge_all(step, command->contact));
    return hr_step_automate_on(step, command->contact);
}
