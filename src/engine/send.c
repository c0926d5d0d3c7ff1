/* The steps whose work leaves: what they bring is written down whole now, and leaves when its turn comes and all still
 * holds. The enrollment waits for it. */
#include "engine/effects.h"

static hr_status fail(struct hr_walk *walk, struct hr_text why, enum hr_result *ret_result)
{
    *ret_result = HR_RESULT_ended;
    return hr_run_finish(walk, HR_RUN_failed, why, NULL);
}

/* ---- a yes first, or the queue ---------------------------------------------------------------------- */

/* Until when a person may answer; without a word in the file a week. */
static hr_instant expires_at(const struct hr_step *step, bool said, struct hr_span span)
{
    const struct hr_span week = {HR_SPAN_elapsed, 7 * HR_DAY_US};
    return hr_hours_after(&step->plan->hours, step->event->now, said ? span : week);
}

static hr_status set_out(struct hr_walk *walk, uint64_t id, uint64_t meaning)
{
    struct hr_step *step = walk->passing->step;
    const struct hr_approval *approval = walk->automation->approval;
    bool asks = false;
    HR_TRY(hr_step_needs_yes(step, walk->automation, walk->at, meaning, &asks));
    if (!asks) {
        return hr_effect_place(step, id, HR_PLACE_queue);
    }
    bool said = approval != NULL && approval->has_expires;
    hr_instant until =
        expires_at(step, said, said ? approval->expires : (struct hr_span){HR_SPAN_elapsed, 0});
    return hr_effect_move(step, id, HR_EFFECT_asks, 0, until, HR_TEXT_NONE);
}

/* until: it goes on without, HR_INSTANT_NONE: it waits as long as it takes. */
static hr_status plan_and_wait(struct hr_walk *walk, const struct hr_effect_order *order,
                               hr_instant until, enum hr_result *ret_result)
{
    uint64_t id = 0;
    HR_TRY(hr_effect_plan(walk, order, &id));
    *ret_result = HR_RESULT_waits;
    HR_TRY(hr_run_wait(walk, HR_RUN_waits_effect, until, id));
    return set_out(walk, id, order->meaning);
}

/* ---- send_email --------------------------------------------------------------------------------------- */

static struct hr_text address_of(const struct hr_plan *plan, const struct hr_contact *contact)
{
    int32_t field = hr_letter_address_field(plan);
    const struct hr_said *said =
        field < 0 ? NULL : hr_contact_field(contact, plan->fields[field].name_number);
    return said == NULL ? HR_TEXT_NONE : hr_value_as_text(&said->value);
}

static hr_status write_letter(struct hr_walk *walk, struct hr_letter *ret_letter,
                              struct hr_text *ret_why)
{
    struct hr_step *step = walk->passing->step;
    const struct hr_plan *plan = step->plan;
    struct hr_sight sight = hr_walk_sight(walk);
    struct hr_words_sight words = {&sight, step->arena};
    const struct hr_template_view view = hr_words_view(&words);
    struct hr_letter_order order = {.plan = plan,
                                    .message = &plan->messages[walk->at->email->message],
                                    .purpose = walk->at->email->purpose,
                                    .to_address = address_of(plan, sight.contact),
                                    .view = &view};
    const struct hr_purpose *purpose = hr_letter_purpose(plan, order.message, order.purpose);
    if (purpose != NULL) {
        const struct hr_leaving leaving = {.contact = walk->passing->contact,
                                           .purpose = purpose->name_number,
                                           .channel = HR_UNSUBSCRIBE_CHANNEL_email};
        order.unsubscribe_url =
            hr_unsubscribe_url(step->engine->secret, &leaving, step->engine->url, step->arena);
    }
    struct hr_template_error error = {0};
    hr_status status = hr_letter_build(&order, step->arena, ret_letter, NULL, &error);
    *ret_why = status.code > 0 ? error.message : HR_TEXT_NONE;
    return status.code > 0 ? hr_done() : status;
}

hr_status hr_take_send(struct hr_walk *walk, enum hr_result *ret_result, struct hr_text *ret_words)
{
    struct hr_step *step = walk->passing->step;
    struct hr_letter letter;
    struct hr_text why;
    HR_STEP_HAVE(hr_step_contact(step, walk->passing->contact) != NULL);
    HR_TRY(write_letter(walk, &letter, &why));
    *ret_words = HR_TEXT_NONE;
    if (why.size > 0) {
        return fail(walk, why, ret_result);
    }
    const struct hr_message *message = &step->plan->messages[walk->at->email->message];
    struct hr_effect_order order = {.kind = HR_EFFECT_letter,
                                    .tool = letter.sender->name_number,
                                    .what = message->name_number,
                                    .meaning = hr_message_meaning(message)};
    HR_TRY(hr_letter_keep(&letter, step->arena, &order.content));
    return plan_and_wait(walk, &order, HR_INSTANT_NONE, ret_result);
}

/* ---- call ------------------------------------------------------------------------------------------------ */

hr_status hr_take_call(struct hr_walk *walk, enum hr_result *ret_result, struct hr_text *ret_words)
{
    struct hr_step *step = walk->passing->step;
    const struct hr_step_call *call = walk->at->call;
    const struct hr_tool *tool = &step->plan->tools[call->tool];
    struct hr_member *member = hr_arena_new(step->arena, struct hr_member);
    struct hr_effect_order order = {.kind = HR_EFFECT_call,
                                    .tool = tool->name_number,
                                    .what = tool->actions[call->action].name_number};
    *ret_words = HR_TEXT_NONE;
    if (member == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    member->key = hr_value_text(HR_TEXT("inputs"));
    HR_TRY(hr_walk_values(walk, &call->with, &member->value));
    order.content = (struct hr_value){.kind = HR_KIND_map, .count = 1, .members = member};
    hr_instant until = call->has_up_to
                           ? hr_hours_after(&step->plan->hours, step->event->now, call->up_to)
                           : HR_INSTANT_NONE;
    return plan_and_wait(walk, &order, until, ret_result);
}

/* ---- notify ------------------------------------------------------------------------------------------------ */

static int32_t owner_of(const struct hr_plan *plan, const struct hr_contact *contact)
{
    const struct hr_record_plan *record = &plan->records[HR_RECORD_TYPE_contact];
    const struct hr_said *said =
        record->owner_field < 0 || contact == NULL
            ? NULL
            : hr_contact_field(contact, plan->fields[record->owner_field].name_number);
    int32_t person =
        said == NULL ? HR_NONE_INDEX : hr_plan_person(plan, hr_value_as_text(&said->value));
    return person < 0 ? plan->contact_owner : person;
}

/* Who is meant now: a person, or the first of a team who is here. Nobody: HR_NONE_INDEX. */
static int32_t person_of(struct hr_walk *walk, const struct hr_party *party)
{
    struct hr_step *step = walk->passing->step;
    const struct hr_plan *plan = step->plan;
    const struct hr_team *team = party->kind == HR_PARTY_team ? &plan->teams[party->index] : NULL;
    hr_instant back_at = HR_INSTANT_NONE;
    if (party->kind == HR_PARTY_person) {
        return hr_person_present(plan, party->index, step->event->now);
    }
    for (size_t i = 0; team != NULL && i < team->person_count; i++) {
        if (!hr_person_away(&plan->people[team->people[i]], step->event->now, &back_at)) {
            return team->people[i];
        }
    }
    if (party->kind == HR_PARTY_owner) {
        return owner_of(plan, hr_step_contact(step, walk->passing->contact));
    }
    return team == NULL || team->person_count == 0 ? HR_NONE_INDEX : team->people[0];
}

static hr_status content_of_text(struct hr_step *step, struct hr_text text,
                                 struct hr_value *ret_content)
{
    struct hr_member *member = hr_arena_new(step->arena, struct hr_member);
    if (member == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *member = (struct hr_member){hr_value_text(HR_TEXT("text")), hr_value_text(text)};
    *ret_content = (struct hr_value){.kind = HR_KIND_map, .count = 1, .members = member};
    return hr_done();
}

static hr_status note_to(struct hr_walk *walk, int32_t person, const struct hr_value *content)
{
    struct hr_step *step = walk->passing->step;
    uint64_t id = 0;
    const struct hr_effect_order order = {.kind = HR_EFFECT_note,
                                          .what = step->plan->people[person].name_number,
                                          .content = *content};
    HR_TRY(hr_effect_plan(walk, &order, &id));
    return hr_effect_move(step, id, HR_EFFECT_planned, 0, step->event->now, HR_TEXT_NONE);
}

hr_status hr_take_notify(struct hr_walk *walk, enum hr_result *ret_result,
                         struct hr_text *ret_words)
{
    const struct hr_step_notify *notify = walk->at->notify;
    struct hr_text text;
    struct hr_text why;
    struct hr_value content;
    size_t told = 0;
    *ret_words = HR_TEXT_NONE;
    HR_TRY(hr_walk_text(walk, &notify->text, &text, &why));
    if (why.size > 0) {
        return fail(walk, why, ret_result);
    }
    HR_TRY(content_of_text(walk->passing->step, text, &content));
    for (size_t i = 0; i < notify->whom.count; i++) {
        int32_t person = person_of(walk, &notify->whom.items[i]);
        if (person >= 0) {
            HR_TRY(note_to(walk, person, &content));
            told++;
        }
    }
    *ret_result = told > 0 ? HR_RESULT_did : HR_RESULT_refused;
    *ret_words = told > 0 ? HR_TEXT_NONE : HR_TEXT("there is nobody to tell");
    return hr_done();
}

/* ---- ask ---------------------------------------------------------------------------------------------------- */

hr_status hr_take_ask(struct hr_walk *walk, enum hr_result *ret_result, struct hr_text *ret_words)
{
    struct hr_step *step = walk->passing->step;
    const struct hr_step_ask *ask = walk->at->ask;
    int32_t person = ask->by.count > 0 ? person_of(walk, &ask->by.items[0]) : HR_NONE_INDEX;
    struct hr_text text;
    struct hr_text why;
    uint64_t id = 0;
    struct hr_effect_order order = {.kind = HR_EFFECT_question};
    *ret_words = HR_TEXT_NONE;
    HR_TRY(hr_walk_text(walk, &ask->text, &text, &why));
    if (why.size > 0) {
        return fail(walk, why, ret_result);
    }
    order.what = step->plan->people[person < 0 ? walk->automation->owner : person].name_number;
    HR_TRY(content_of_text(step, text, &order.content));
    HR_TRY(hr_effect_plan(walk, &order, &id));
    HR_TRY(hr_run_wait(walk, HR_RUN_waits_answer, HR_INSTANT_NONE, id));
    *ret_result = HR_RESULT_waits;
    return hr_effect_move(step, id, HR_EFFECT_asks, 0,
                          expires_at(step, ask->has_expires, ask->expires), HR_TEXT_NONE);
}
