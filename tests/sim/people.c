/* What people do with issues and with values, and who receives alerts. */
#include "sim/sim.h"

/* ---- issues -------------------------------------------------------------------------------------------------- */

static uint32_t somebody(struct world *world)
{
    const struct hr_plan *plan = world->batch.engine.plan;
    return plan->people[rng_below(&world->rng, (uint32_t)plan->person_count)].name_number;
}

static uint64_t member_of(struct world *world, uint64_t issue)
{
    struct hr_scanned *items = NULL;
    size_t count = 0;
    struct hr_key from = hr_key_pair(issue, 0);
    must(world,
         hr_store_scan(world->store, HR_SPACE_member, &from, 4, &world->round, &items, &count),
         "scanning members");
    uint64_t found_issue = 0;
    uint64_t contact = 0;
    if (count > 0) {
        hr_key_unpair(&items[rng_below(&world->rng, (uint32_t)count)].key, &found_issue, &contact);
    }
    return found_issue == issue ? contact : 0;
}

static void answer(struct world *world, struct noted *noted)
{
    const struct question *question =
        &world->questions[rng_below(&world->rng, (uint32_t)world->question_count)];
    const struct message *message = &world->messages[question->message];
    if (message->cancelled) {
        return; /* its text is gone */
    }
    noted->message = question->message;
    noted->received_at = clock_now(world);
    noted->command.verb = HR_VERB_answer;
    noted->command.issue = question->issue;
    noted->command.contact = question->contacts[rng_below(&world->rng, 2)];
}

static void token(struct world *world, struct noted *noted, bool add)
{
    static const char *const digests[] = {"0123456789abcdef0123456789abcdef",
                                          "fedcba9876543210fedcba9876543210"};
    noted->command.verb = add ? HR_VERB_token_add : HR_VERB_token_remove;
    noted->command.other = noted->command.person;
    noted->command.role = HR_ROLE_operator;
    noted->command.issue = 0;
    noted->command.text = hr_text_from(digests[rng_below(&world->rng, 2)]);
}

/* ---- fields ------------------------------------------------------------------------------------------------- */

/* Something that a person might type for a field, and that stands nowhere else. */
static struct hr_text typed(struct world *world, const struct hr_field *field, uint64_t contact)
{
    unsigned long long whose = contact;
    switch ((int)field->type) {
    case HR_FIELD_choice:
        return field->values[rng_below(&world->rng, (uint32_t)field->value_count)];
    case HR_FIELD_person:
        return field->values[rng_below(&world->rng, (uint32_t)field->value_count)];
    case HR_FIELD_email:
        return hr_text_format(&world->arena, "Typed%llx@desk%u.example.com", whose,
                              rng_below(&world->rng, 3));
    case HR_FIELD_phone:
        return hr_text_format(&world->arena, "07700 9%05u", rng_below(&world->rng, 100000));
    case HR_FIELD_consent:
        return rng_chance(&world->rng, 800) ? HR_TEXT("withdrawn") : HR_TEXT("given");
    default:
        return hr_text_format(&world->arena, "Typed%llx", whose);
    }
}

/* Chooses a value, or takes a choice back; what may not be edited is refused. */
static void choose(struct world *world, struct noted *noted)
{
    const struct hr_plan *plan = world->batch.engine.plan;
    struct hr_command *command = &noted->command;
    const struct hr_field *field =
        &plan->fields[rng_below(&world->rng, (uint32_t)plan->field_count)];
    command->contact = world->known[rng_below(&world->rng, (uint32_t)world->known_count)];
    command->field = field->name_number;
    command->verb = HR_VERB_release;
    if (rng_chance(&world->rng, 800)) {
        command->verb = HR_VERB_edit;
        command->text = typed(world, field, command->contact);
        command->until = rng_chance(&world->rng, 400)
                             ? clock_now(world) + between(world, HR_HOUR_US, 6 * HR_DAY_US)
                             : HR_INSTANT_NONE;
    }
}

/* ---- automations ---------------------------------------------------------------------------------------------- */

/* Pauses an automation or all, or lets them go on; what is so already is refused. */
static void control(struct world *world, struct noted *noted)
{
    const struct hr_plan *plan = world->batch.engine.plan;
    struct hr_command *command = &noted->command;
    command->verb = rng_chance(&world->rng, 400) ? HR_VERB_pause : HR_VERB_go_on;
    if (!rng_chance(&world->rng, 250)) {
        command->other =
            plan->automations[rng_below(&world->rng, (uint32_t)plan->automation_count)].name_number;
    }
    if (rng_chance(&world->rng, 500)) {
        command->text = HR_TEXT("the numbers look wrong");
    }
}

/* Ends an enrollment of somebody, or lets it go on where it may not by itself; what its state does not allow is
 * refused. */
static void steer(struct world *world, struct noted *noted)
{
    static const enum hr_verb verbs[] = {HR_VERB_withdraw, HR_VERB_skip, HR_VERB_skip,
                                         HR_VERB_retry};
    struct hr_command *command = &noted->command;
    struct hr_view view;
    command->contact = world->known[rng_below(&world->rng, (uint32_t)world->known_count)];
    hr_view_init(&view, &world->round);
    must(world, hr_store_fetch_records(world->store, &command->contact, 1, &view),
         "fetching a contact");
    const struct hr_record *record = hr_view_record(&view, command->contact);
    if (record == NULL || !record->exists || record->contact->run_count == 0) {
        return;
    }
    const struct hr_run *run =
        &record->contact->runs[rng_below(&world->rng, (uint32_t)record->contact->run_count)];
    command->verb = run->state == HR_RUN_held ? HR_VERB_retry : verbs[rng_below(&world->rng, 4)];
    command->enrollment = run->id;
    command->other = command->verb == HR_VERB_retry ? 1 + rng_below(&world->rng, run->step + 1) : 0;
}

/* ---- work ------------------------------------------------------------------------------------------------------- */

/* Does something with a task or an opportunity; one that is over, or gone, is refused. */
static void work(struct world *world, struct noted *noted)
{
    static const enum hr_verb verbs[] = {HR_VERB_work_done, HR_VERB_work_drop, HR_VERB_work_assign,
                                         HR_VERB_work_plan, HR_VERB_work_plan};
    struct hr_command *command = &noted->command;
    size_t known = world->work_count < WORKS_MAX ? world->work_count : WORKS_MAX;
    command->contact = world->works[rng_below(&world->rng, (uint32_t)known)];
    command->verb = verbs[rng_below(&world->rng, 5)];
    command->other = somebody(world);
    command->text = HR_TEXT("as agreed");
    if (command->verb == HR_VERB_work_plan) {
        command->until = clock_now(world) + between(world, HR_HOUR_US, 6 * HR_DAY_US);
    }
    hit(FAULT_work);
}

void person_acts(struct world *world)
{
    struct noted noted = {.kind = HR_EVENT_command};
    struct hr_command *command = &noted.command;
    command->person = somebody(world);
    command->until = HR_INSTANT_NONE;
    if (world->known_count > 0 && rng_chance(&world->rng, 500)) {
        choose(world, &noted);
        (void)host_take(world, &noted);
        return;
    }
    if (world->work_count > 0 && rng_chance(&world->rng, 200)) {
        work(world, &noted);
        (void)host_take(world, &noted);
        return;
    }
    if (rng_chance(&world->rng, 300) && person_answers(world, &noted)) {
        (void)host_take(world, &noted);
        return;
    }
    if (rng_chance(&world->rng, 120)) {
        control(world, &noted);
        (void)host_take(world, &noted);
        return;
    }
    if (world->known_count > 0 && rng_chance(&world->rng, 120)) {
        steer(world, &noted);
        if (command->verb != 0) {
            (void)host_take(world, &noted);
        }
        return;
    }
    uint32_t way = rng_below(&world->rng, 100);
    if (way >= 93 || world->issue_count == 0) {
        token(world, &noted, way % 2 == 0);
        (void)host_take(world, &noted);
        return;
    }
    command->issue = world->issues[rng_below(&world->rng, (uint32_t)world->issue_count)];
    if (way < 25 && world->question_count > 0) {
        answer(world, &noted);
    } else if (way < 45) {
        command->verb = HR_VERB_recover;
        command->contact = rng_chance(&world->rng, 500) ? member_of(world, command->issue) : 0;
        command->text = HR_TEXT("done by hand");
    } else if (way < 55) {
        command->verb = HR_VERB_resolve;
        command->text = HR_TEXT("talked to them");
    } else if (way < 65) {
        command->verb = HR_VERB_snooze;
        command->people = rng_below(&world->rng, 6);
        command->until = rng_chance(&world->rng, 700)
                             ? clock_now(world) + between(world, HR_HOUR_US, 3 * HR_DAY_US)
                             : HR_INSTANT_NONE;
    } else if (way < 73) {
        command->verb = HR_VERB_assign;
        command->other = somebody(world);
    } else if (way < 83) {
        command->verb = HR_VERB_acknowledge;
    } else {
        command->verb = HR_VERB_note;
        command->text = HR_TEXT("looked at it");
    }
    if (command->verb != 0) {
        (void)host_take(world, &noted);
    }
}

/* ---- alerts ---------------------------------------------------------------------------------------------------- */

struct received *effect_received(struct world *world, uint64_t effect)
{
    for (size_t i = 0; i < world->effect_count; i++) {
        if (world->effects[i].effect == effect) {
            return &world->effects[i];
        }
    }
    return NULL;
}

/* A receiver of webhooks knows a repeat by its key; one of mail does not. */
static void arrive(struct received *received)
{
    bool repeat = received->kind == HR_EFFECT_webhook && received->arrived > 0;
    received->arrived += !repeat;
}

void effect_leaves(struct world *world, uint64_t effect, const struct hr_effect *what)
{
    struct received *received = effect_received(world, effect);
    if (received == NULL) {
        if (world->effect_count == EFFECTS_MAX) {
            fail(world, "too many alerts for one seed");
        }
        received = &world->effects[world->effect_count++];
        *received = (struct received){
            .effect = effect, .key = what->key, .kind = what->kind, .what = what->what};
    }
    if (!hr_key_equal(&received->key, &what->key)) {
        fail(world, "an effect left under two keys");
    }
    if (what->kind >= HR_EFFECT_letter && what->kind != HR_EFFECT_note) {
        call_leaves(world, received, what);
        return;
    }
    struct noted noted = {.kind = HR_EVENT_outcome,
                          .record = effect,
                          .outcome = HR_OUTCOME_confirmed,
                          .retry_at = HR_INSTANT_NONE,
                          .answer = HR_TEXT("250 ok")};
    uint32_t way = world->calm ? 1000 : rng_below(&world->rng, 1000);
    uint32_t share = world->swarm.alerts / 4;
    if (way >= 4 * share) {
        arrive(received);
    } else if (way < share) {
        hit(FAULT_alert_refused);
        noted.outcome = HR_OUTCOME_refused;
        noted.answer = HR_TEXT("550 no such mailbox");
    } else if (way < 2 * share) {
        hit(FAULT_alert_again);
        noted.outcome = HR_OUTCOME_again;
        noted.retry_at =
            rng_chance(&world->rng, 300) ? clock_now(world) + HR_HOUR_US : HR_INSTANT_NONE;
        noted.answer = HR_TEXT("421 busy");
    } else {
        bool arrived = way < 3 * share;
        hit(arrived ? FAULT_alert_answer_lost : FAULT_alert_unknown);
        noted.outcome = HR_OUTCOME_unknown;
        noted.answer = HR_TEXT("no answer");
        if (arrived) {
            arrive(received);
        }
    }
    schedule_action(world,
                    (struct action){.at = world->now + between(world, 50000, 20 * HR_SECOND_US),
                                    .act = ACT_outcome,
                                    .noted = noted});
}
