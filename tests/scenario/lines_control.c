/* The lines of a story about what people do with automations: "maya pauses follow_up "too many"", "maya resumes all",
 * "maya skips ben@example.com follow_up", "maya ends ...", "maya retries ... at 3"; "maya may not skip ...". */
#include "story.h"

static bool is(struct hr_text text, const char *word)
{
    return hr_text_equal(text, hr_text_from(word));
}

static uint32_t automation_of(struct story *story, struct hr_text id)
{
    int32_t index = hr_plan_automation(story->plan, id);
    if (index < 0) {
        story_fail(story, "there is no automation %.*s", HR_SHOW(id));
        return 0;
    }
    return story->plan->automations[index].name_number;
}

static void carry_out(struct story *story, struct hr_command *command, bool allowed)
{
    struct hr_event event = {.kind = HR_EVENT_command, .command = command};
    if ((story_run(story, &event) != HR_BECAME_refused) != allowed) {
        story_fail(story, allowed ? "the command was refused" : "the command was not refused");
    }
}

/* "follow_up too many", "all". */
static void switch_to(struct story *story, struct hr_command *command, bool allowed,
                      struct hr_text rest)
{
    struct hr_text id = story_next_word(&rest);
    command->other = is(id, "all") ? 0 : automation_of(story, id);
    command->text = rest;
    carry_out(story, command, allowed);
}

/* "ben@example.com follow_up at 3". */
static void steer(struct story *story, struct hr_command *command, bool allowed,
                  struct hr_text rest)
{
    int64_t number = 0;
    command->contact = story_contact(story, story_next_word(&rest));
    uint32_t automation = automation_of(story, story_next_word(&rest));
    const struct hr_record *record = story_record(story, command->contact);
    for (size_t i = 0; record != NULL && i < record->contact->run_count; i++) {
        if (record->contact->runs[i].automation == automation) {
            command->enrollment = record->contact->runs[i].id;
        }
    }
    if (is(story_next_word(&rest), "at") && hr_text_to_integer(rest, &number)) {
        command->other = (uint32_t)number;
    }
    carry_out(story, command, allowed);
}

bool story_timed_control(struct story *story, int32_t person, struct hr_text verb,
                         struct hr_text rest)
{
    static const struct {
        const char *does;
        const char *may_not;
        enum hr_verb verb;
    } verbs[] = {{"pauses", "pause", HR_VERB_pause},
                 {"resumes", "resume", HR_VERB_go_on},
                 {"ends", "end", HR_VERB_withdraw},
                 {"skips", "skip", HR_VERB_skip},
                 {"retries", "retry", HR_VERB_retry}};
    bool denied = is(verb, "may") && hr_text_starts(rest, HR_TEXT("not "));
    struct hr_command command = {.until = HR_INSTANT_NONE};
    if (person < 0) {
        return false;
    }
    if (denied) {
        (void)story_next_word(&rest);
        verb = story_next_word(&rest);
    }
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        bool meant = is(verb, denied ? verbs[i].may_not : verbs[i].does);
        command.verb = meant ? verbs[i].verb : command.verb;
    }
    if (command.verb == 0) {
        return false;
    }
    command.person = story->plan->people[person].name_number;
    if (command.verb == HR_VERB_pause || command.verb == HR_VERB_go_on) {
        switch_to(story, &command, !denied, rest);
    } else {
        steer(story, &command, !denied, rest);
    }
    return true;
}
