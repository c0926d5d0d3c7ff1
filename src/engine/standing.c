/* A person's yes: whose, to what, and when one covers all letters of a text: a frozen one, for whom its automation
 * means, until a day. */
#include "engine/effects.h"

enum { STANDING_DAYS_MAX = 366 };

uint64_t hr_message_meaning(const struct hr_message *message)
{
    const struct hr_text parts[] = {message->subject.text, HR_TEXT("\n"), message->text.text,
                                    HR_TEXT("\n"), message->html.text};
    struct hr_digest digest = hr_digest_of(parts, sizeof parts / sizeof parts[0]);
    uint64_t meaning = 0;
    for (int i = 0; i < 8; i++) {
        meaning = meaning << 8 | digest.bytes[i];
    }
    return meaning;
}

/* ---- whose ------------------------------------------------------------------------------------------- */

static bool is_among(const struct hr_plan *plan, const struct hr_parties *parties, int32_t person)
{
    for (size_t i = 0; i < parties->count; i++) {
        const struct hr_party *party = &parties->items[i];
        const struct hr_team *team =
            party->kind == HR_PARTY_team ? &plan->teams[party->index] : NULL;
        if (party->kind == HR_PARTY_person && party->index == person) {
            return true;
        }
        for (size_t k = 0; team != NULL && k < team->person_count; k++) {
            if (team->people[k] == person) {
                return true;
            }
        }
    }
    return parties->count == 0;
}

/* Who is named may answer; and who stands in for one of them who is away. */
bool hr_person_may_answer(const struct hr_step *step, const struct hr_parties *parties,
                          int32_t person)
{
    const struct hr_plan *plan = step->plan;
    if (person < 0 || is_among(plan, parties, person)) {
        return person >= 0;
    }
    for (size_t i = 0; i < parties->count; i++) {
        const struct hr_party *party = &parties->items[i];
        if (party->kind == HR_PARTY_person &&
            hr_person_present(plan, party->index, step->event->now) == person) {
            return true;
        }
    }
    return false;
}

/* ---- for all -------------------------------------------------------------------------------------------- */

static hr_status standing_of(struct hr_step *step, uint32_t automation, uint32_t message,
                             struct hr_standing *ret_standing)
{
    const struct hr_record *record = hr_step_record(step, HR_ID_AUTOMATION + automation);
    HR_STEP_HAVE(record != NULL);
    const struct hr_standing *standing =
        record->exists ? hr_automation_standing(record->automation, message) : NULL;
    const struct hr_standing none = {.until = HR_INSTANT_NONE};
    *ret_standing = standing == NULL ? none : *standing;
    return hr_done();
}

hr_status hr_standing_covers(struct hr_step *step, const struct hr_automation *automation,
                             uint32_t message, uint64_t meaning, bool *ret_covers)
{
    struct hr_standing standing;
    HR_TRY(standing_of(step, automation->name_number, message, &standing));
    *ret_covers = standing.meaning == meaning && standing.until != HR_INSTANT_NONE &&
                  standing.until > step->event->now;
    return hr_done();
}

hr_status hr_standing_count(struct hr_step *step, const struct hr_effect *effect)
{
    const struct hr_fact fact = {.kind = HR_FACT_standing_said,
                                 .name = effect->automation,
                                 .other = step->event->command->person,
                                 .number = effect->what,
                                 .at = step->event->now,
                                 .until = HR_INSTANT_NONE,
                                 .state = HR_STANDING_approved,
                                 .key = hr_key_pair(effect->meaning, 0)};
    return effect->kind == HR_EFFECT_letter ? hr_step_emit(step, &fact) : hr_done();
}

/* How many letters must have been approved one by one before; UINT64_MAX: each of them, always. */
static uint64_t needed_first(const struct hr_automation *automation)
{
    uint64_t needed = 0;
    if (automation->rollout.mode == HR_MODE_draft || automation->rollout.mode == HR_MODE_suggest) {
        return UINT64_MAX;
    }
    for (size_t i = 0; automation->approval != NULL && i < automation->approval->case_count; i++) {
        const struct hr_approval_case *one = &automation->approval->cases[i];
        if (one->kind == HR_APPROVAL_every_send) {
            return UINT64_MAX;
        }
        needed = one->kind == HR_APPROVAL_first_sends && one->count > needed ? one->count : needed;
    }
    return needed;
}

static const struct hr_message *message_of(const struct hr_plan *plan, uint32_t name_number)
{
    for (size_t i = 0; i < plan->message_count; i++) {
        if (plan->messages[i].name_number == name_number) {
            return &plan->messages[i];
        }
    }
    return NULL;
}

/* Whether it may be said; what takes it back always may. */
static hr_status may_say(struct hr_step *step, const struct hr_automation *automation,
                         const struct hr_message *message, bool *ret_may)
{
    static const struct hr_parties anybody;
    const struct hr_command *command = step->event->command;
    hr_instant last = step->event->now + STANDING_DAYS_MAX * HR_DAY_US;
    const struct hr_approval *approval = automation->approval;
    struct hr_standing standing;
    HR_TRY(standing_of(step, automation->name_number, message->name_number, &standing));
    bool ends = command->until == HR_INSTANT_NONE;
    bool named = hr_person_may_answer(step, approval == NULL ? &anybody : &approval->by,
                                      hr_plan_person_numbered(step->plan, command->person));
    uint64_t seen = standing.meaning == hr_message_meaning(message) ? standing.approved : 0;
    bool within = !ends && command->until > step->event->now && command->until <= last;
    *ret_may = named && (ends || (within && seen >= needed_first(automation)));
    return hr_done();
}

hr_status hr_step_standing(struct hr_step *step)
{
    const struct hr_command *command = step->event->command;
    int32_t index = hr_plan_automation_numbered(step->plan, command->other);
    const struct hr_message *message = message_of(step->plan, command->field);
    bool may = false;
    if (index < 0 || message == NULL) {
        return hr_answer(HR_E_REFUSED);
    }
    HR_TRY(may_say(step, &step->plan->automations[index], message, &may));
    const struct hr_fact fact = {.kind = HR_FACT_standing_said,
                                 .name = command->other,
                                 .other = command->person,
                                 .number = message->name_number,
                                 .at = step->event->now,
                                 .until = command->until,
                                 .state = HR_STANDING_given,
                                 .key = hr_key_pair(hr_message_meaning(message), 0)};
    return may ? hr_step_emit(step, &fact) : hr_answer(HR_E_REFUSED);
}

/* ---- is one needed ------------------------------------------------------------------------------------------ */

/* What reaches a customer takes a person's yes, whatever the files say; they can only ask for more. */
hr_status hr_step_needs_yes(struct hr_step *step, const struct hr_automation *automation,
                            const struct hr_plan_step *at, uint64_t meaning, bool *ret_needs)
{
    bool covered = false;
    bool letter = at->kind == HR_STEP_send_email;
    bool drafts =
        automation->rollout.mode == HR_MODE_draft || automation->rollout.mode == HR_MODE_suggest;
    if (letter && needed_first(automation) != UINT64_MAX) {
        HR_TRY(hr_standing_covers(step, automation,
                                  step->plan->messages[at->email->message].name_number, meaning,
                                  &covered));
    }
    *ret_needs = drafts || (letter && !covered);
    return hr_done();
}
