/* Stories about what leaves: tools that answer as the story says, and people who say yes, no, hold, pause. */
#include "story.h"

#include <string.h>

static bool is(struct hr_text text, const char *word)
{
    return hr_text_equal(text, hr_text_from(word));
}

/* ---- what arrives -------------------------------------------------------------------------------------- */

static struct story_done *done_of(struct story *story, uint64_t id, const struct hr_effect *effect)
{
    for (size_t i = 0; i < story->done_count; i++) {
        if (story->done[i].effect == id) {
            return &story->done[i];
        }
    }
    hr_assert(story->done_count < STORY_DONE_MAX);
    struct story_done *done = &story->done[story->done_count++];
    *done = (struct story_done){.effect = id, .what = effect->what, .contact = effect->contact};
    return done;
}

uint32_t story_done_times(const struct story *story, uint32_t what)
{
    uint32_t times = 0;
    for (size_t i = 0; i < story->done_count; i++) {
        times += story->done[i].what == what ? story->done[i].times : 0;
    }
    return times;
}

static void answer_alert(struct story *story, const struct hr_effect *effect,
                         struct hr_event *outcome)
{
    int32_t person = hr_plan_person_numbered(story->plan, effect->person);
    story->told[person] += story->alerts == HR_OUTCOME_confirmed;
    outcome->outcome = story->alerts;
}

static void answer_tool(struct story *story, uint64_t id, const struct hr_effect *effect,
                        struct hr_event *outcome)
{
    const struct story_answer *answer =
        &story->answers[hr_plan_tool_numbered(story->plan, effect->tool)];
    struct story_done *done = done_of(story, id, effect);
    bool asks = effect->state == HR_EFFECT_checking;
    bool answers = answer->outcome == HR_OUTCOME_confirmed;
    outcome->outcome = answer->outcome;
    outcome->fault = (uint8_t)answer->fault;
    if (asks && answers) {
        outcome->outcome = done->times > 0 ? HR_OUTCOME_confirmed : HR_OUTCOME_not_done;
    } else if (!asks && answer->does) {
        done->times++;
    }
}

static void deliver_one(struct story *story, uint64_t id)
{
    const struct hr_effect *effect = story_record(story, id)->effect;
    struct hr_event outcome = {.kind = HR_EVENT_outcome,
                               .record = id,
                               .retry_at = HR_INSTANT_NONE,
                               .answer = HR_TEXT("as the story says")};
    struct hr_waiting waiting = {0};
    if (effect->kind < HR_EFFECT_letter || effect->kind == HR_EFFECT_note) {
        answer_alert(story, effect, &outcome);
    } else {
        answer_tool(story, id, effect, &outcome);
    }
    (void)story_run_one(story, &outcome, &waiting);
}

void story_deliver(struct story *story, const struct hr_entry *entry)
{
    uint64_t effects[64];
    size_t count = 0;
    for (size_t i = 0; i < entry->fact_count && count < 64; i++) {
        bool leaves = entry->facts[i].kind == HR_FACT_effect_moved &&
                      (entry->facts[i].state == HR_EFFECT_intended ||
                       entry->facts[i].state == HR_EFFECT_checking);
        if (leaves) {
            effects[count++] = entry->facts[i].record;
        }
    }
    for (size_t i = 0; i < count; i++) {
        deliver_one(story, effects[i]);
    }
}

/* ---- lines --------------------------------------------------------------------------------------------- */

bool story_effect_line(struct story *story, struct hr_text tool, struct hr_text rest)
{
    static const struct {
        const char *word;
        struct story_answer answer;
    } ways[] = {
        {"answers well", {HR_OUTCOME_confirmed, HR_BLAME_none, true}},
        {"answers refuses", {HR_OUTCOME_refused, HR_BLAME_permanent, false}},
        {"answers busy", {HR_OUTCOME_again, HR_BLAME_rate, false}},
        {"answers down", {HR_OUTCOME_again, HR_BLAME_transient, false}},
        {"answers lost", {HR_OUTCOME_unknown, HR_BLAME_transient, false}},
        {"answers late", {HR_OUTCOME_unknown, HR_BLAME_transient, true}},
        {"answers shut", {HR_OUTCOME_refused, HR_BLAME_permission, false}},
    };
    int32_t index = hr_plan_tool(story->plan, tool);
    for (size_t i = 0; index >= 0 && i < sizeof ways / sizeof ways[0]; i++) {
        if (is(rest, ways[i].word)) {
            story->answers[index] = ways[i].answer;
            return true;
        }
    }
    return false;
}

struct hr_record *story_effect(struct story *story, uint64_t contact, uint32_t what)
{
    struct hr_record *found = NULL;
    for (uint64_t position = hr_store_position(story->store); position > 0 && found == NULL;
         position--) {
        for (uint32_t n = 0; n < 16; n++) {
            struct hr_record *record = story_record(story, hr_record_id(position, n));
            bool is_it = record != NULL && record->kind == HR_RECORD_effect &&
                         record->effect->contact == contact && record->effect->what == what;
            found = is_it ? record : found;
        }
    }
    return found;
}

static void run_command(struct story *story, struct hr_command *command)
{
    struct hr_event event = {.kind = HR_EVENT_command, .command = command};
    if (story_run(story, &event) == HR_BECAME_refused) {
        story_fail(story, "the command was refused");
    }
}

/* "welcome for ada@example.com" */
static bool name_effect(struct story *story, struct hr_text *rest, struct hr_command *command)
{
    struct hr_text name = story_next_word(rest);
    (void)story_next_word(rest); /* "for" */
    uint64_t contact = story_contact(story, story_next_word(rest));
    int32_t message = hr_plan_message(story->plan, name);
    uint32_t what = message < 0 ? 0 : story->plan->messages[message].name_number;
    for (size_t i = 0; what == 0 && i < story->plan->tool_count; i++) {
        const struct hr_tool *tool = &story->plan->tools[i];
        for (size_t k = 0; k < tool->action_count; k++) {
            what =
                hr_text_equal(tool->actions[k].full_id, name) ? tool->actions[k].name_number : what;
        }
    }
    const struct hr_record *effect = story_effect(story, contact, what);
    if (effect == NULL) {
        story_fail(story, "there is no such effect");
        return false;
    }
    command->effect = effect->id;
    command->text = effect->effect->seen;
    return true;
}

static void answer_effect(struct story *story, struct hr_command *command, struct hr_text rest)
{
    if (name_effect(story, &rest, command)) {
        run_command(story, command);
    }
}

static void settle(struct story *story, struct hr_command *command, struct hr_text rest)
{
    if (!name_effect(story, &rest, command)) {
        return;
    }
    command->verb = HR_VERB_settle;
    command->role = is(rest, "arrived")   ? HR_SETTLED_arrived
                    : is(rest, "missing") ? HR_SETTLED_did_not
                                          : HR_SETTLED_again;
    run_command(story, command);
}

static void turn(struct story *story, struct hr_command *command, struct hr_text rest)
{
    struct hr_text name = story_next_word(&rest);
    int32_t automation = hr_plan_automation(story->plan, name);
    command->other = automation < 0 ? 0 : story->plan->automations[automation].name_number;
    command->role = is(rest, "review") ? HR_LET_GO_review
                    : is(rest, "drop") ? HR_LET_GO_drop
                                       : HR_LET_GO_none;
    run_command(story, command);
}

static void turn_lane(struct story *story, struct hr_command *command, bool holds,
                      struct hr_text rest)
{
    struct hr_text name = story_next_word(&rest);
    command->verb = HR_VERB_lane;
    command->other = is(name, "customers") ? HR_LANE_customer : HR_LANE_internal;
    command->role = holds                ? HR_LANE_hold
                    : is(rest, "review") ? HR_LANE_review
                    : is(rest, "drop")   ? HR_LANE_drop
                                         : HR_LANE_send;
    run_command(story, command);
}

/* "welcome in open_course for 30 days", "welcome in open_course no more" */
static void trust(struct story *story, struct hr_command *command, struct hr_text rest)
{
    int32_t message = hr_plan_message(story->plan, story_next_word(&rest));
    (void)story_next_word(&rest); /* "in" */
    int32_t automation = hr_plan_automation(story->plan, story_next_word(&rest));
    struct hr_span span;
    if (message < 0 || automation < 0) {
        story_fail(story, "there is no such message or automation");
        return;
    }
    command->verb = HR_VERB_standing;
    command->other = story->plan->automations[automation].name_number;
    command->field = story->plan->messages[message].name_number;
    if (is(story_next_word(&rest), "for") && hr_span_read(rest, &span)) {
        command->until = story->now + span.amount;
    }
    run_command(story, command);
}

bool story_effect_command(struct story *story, int32_t person, struct hr_text verb,
                          struct hr_text rest)
{
    struct hr_command command = {.person = story->plan->people[person].name_number,
                                 .until = HR_INSTANT_NONE};
    if (is(verb, "approves") || is(verb, "rejects")) {
        command.verb = is(verb, "approves") ? HR_VERB_approve : HR_VERB_reject;
        answer_effect(story, &command, rest);
    } else if (is(verb, "trusts")) {
        trust(story, &command, rest);
    } else if (is(verb, "settles")) {
        settle(story, &command, rest);
    } else if (is(verb, "pauses") || is(verb, "resumes")) {
        command.verb = is(verb, "pauses") ? HR_VERB_pause : HR_VERB_go_on;
        turn(story, &command, rest);
    } else if (is(verb, "holds") || is(verb, "unholds")) {
        turn_lane(story, &command, is(verb, "holds"), rest);
    } else {
        return false;
    }
    return true;
}
