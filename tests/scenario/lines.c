/* The lines of a story: what happens, and what is expected. */
#include "story.h"

#include <string.h>

struct hr_text story_next_word(struct hr_text *rest)
{
    *rest = hr_text_trim(*rest);
    if (rest->size > 0 && rest->data[0] == '"') {
        struct hr_text quoted = hr_text_slice(*rest, 1, rest->size);
        struct hr_text word = hr_text_cut(&quoted, '"');
        *rest = hr_text_trim(quoted);
        return word;
    }
    struct hr_text word = hr_text_cut(rest, ' ');
    *rest = hr_text_trim(*rest);
    return word;
}

static bool is(struct hr_text text, const char *word)
{
    return hr_text_equal(text, hr_text_from(word));
}

bool story_time(const struct story *story, struct hr_text text, hr_instant *ret_at)
{
    int64_t parts[3] = {0, 0, 0};
    struct hr_text rest = text;
    size_t count = 0;
    for (; count < 3 && rest.size > 0; count++) {
        struct hr_text part = hr_text_cut(&rest, ':');
        if (part.size != 2 || !hr_text_to_integer(part, &parts[count])) {
            return false;
        }
    }
    *ret_at =
        story->day + parts[0] * HR_HOUR_US + parts[1] * HR_MINUTE_US + parts[2] * HR_SECOND_US;
    return count >= 2;
}

/* ---- what people do ------------------------------------------------------------------------- */

static void command(struct story *story, int32_t person, struct hr_text verb, struct hr_text rest)
{
    static const struct {
        const char *word;
        enum hr_verb verb;
    } verbs[] = {{"recovers", HR_VERB_recover}, {"acknowledges", HR_VERB_acknowledge},
                 {"notes", HR_VERB_note},       {"resolves", HR_VERB_resolve},
                 {"snoozes", HR_VERB_snooze},   {"assigns", HR_VERB_assign}};
    struct hr_command done = {.person = story->plan->people[person].name_number,
                              .until = HR_INSTANT_NONE};
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        done.verb = is(verb, verbs[i].word) ? verbs[i].verb : done.verb;
    }
    struct hr_record *issue = story_issue(story, story_next_word(&rest));
    if (done.verb == 0 || issue == NULL) {
        story_fail(story, "nobody can do this, or there is no such issue");
        return;
    }
    done.issue = issue->id;
    struct hr_text word = story_next_word(&rest);
    struct hr_text object = is(word, "until") || is(word, "to") ? story_next_word(&rest) : word;
    done.text = object;
    if (done.verb == HR_VERB_snooze && !story_time(story, object, &done.until)) {
        story_fail(story, "until when?");
    }
    if (done.verb == HR_VERB_assign) {
        int32_t other = hr_plan_person(story->plan, object);
        done.other = other < 0 ? 0 : story->plan->people[other].name_number;
    }
    struct hr_event event = {.kind = HR_EVENT_command, .command = &done};
    if (story_run(story, &event) == HR_BECAME_refused) {
        story_fail(story, "the command was refused");
    }
}

/* "ada@example.com offer = one_to_one until 12:00", "ada@example.com offer". */
static void edit(struct story *story, int32_t person, enum hr_verb verb, bool allowed,
                 struct hr_text rest)
{
    struct hr_command done = {.verb = verb,
                              .person = story->plan->people[person].name_number,
                              .contact = story_contact(story, story_next_word(&rest)),
                              .until = HR_INSTANT_NONE};
    int32_t field = hr_plan_field(story->plan, story_next_word(&rest));
    if (done.contact == 0 || field < 0) {
        story_fail(story, "there is no such contact or field");
        return;
    }
    done.field = story->plan->fields[field].name_number;
    if (verb == HR_VERB_edit) {
        (void)story_next_word(&rest); /* "=" */
        done.text = story_next_word(&rest);
        bool limited = is(story_next_word(&rest), "until");
        if (limited && !story_time(story, rest, &done.until)) {
            story_fail(story, "until when?");
        }
    }
    struct hr_event event = {.kind = HR_EVENT_command, .command = &done};
    if ((story_run(story, &event) != HR_BECAME_refused) != allowed) {
        story_fail(story, allowed ? "the command was refused" : "the command was not refused");
    }
}

/* Nothing runs while it is down; what fell due meanwhile is looked at when it is back. */
static void switch_off(struct story *story, bool down)
{
    story->down = down;
    story_move(story, story->now);
}

static void forget(struct story *story, struct hr_text email)
{
    struct hr_event event = {.kind = HR_EVENT_erased, .record = story_contact(story, email)};
    story_forget_what_hangs(story, event.record);
    if (event.record == 0 || story_run(story, &event) != HR_BECAME_journalled) {
        story_fail(story, "nobody was forgotten");
    }
}

/* ---- what is expected ----------------------------------------------------------------------- */

static void expect_text(struct story *story, const char *what, struct hr_text found,
                        struct hr_text expected)
{
    if (!hr_text_equal(found, expected)) {
        story_fail(story, "%s is \"%.*s\", expected \"%.*s\"", what, HR_SHOW(found),
                   HR_SHOW(expected));
    }
}

static struct hr_text number_text(struct story *story, uint64_t number)
{
    return hr_text_format(&story->arena, "%llu", (unsigned long long)number);
}

static void expect_issue(struct story *story, struct hr_text name, struct hr_text rest)
{
    struct hr_record *record = story_issue(story, name);
    struct hr_text what = story_next_word(&rest);
    struct hr_text expected = rest;
    if (record == NULL) {
        if (!is(what, "absent")) {
            story_fail(story, "there is no issue %.*s", HR_SHOW(name));
        }
        return;
    }
    const struct hr_issue *issue = record->issue;
    if (is(what, "state")) {
        expect_text(story, "the state", hr_issue_state_word((enum hr_issue_state)issue->state),
                    expected);
    } else if (is(what, "cause")) {
        expect_text(story, "the cause", hr_cause_word((enum hr_cause)issue->cause), expected);
    } else if (is(what, "people")) {
        expect_text(story, "the number of people", number_text(story, issue->people), expected);
    } else if (is(what, "owner")) {
        expect_text(story, "the owner", story_word(story, issue->owner), expected);
    } else if (is(what, "returned")) {
        expect_text(story, "how often it returned", number_text(story, issue->returned), expected);
    } else if (is(what, "closed_by")) {
        expect_text(story, "who closed it",
                    issue->resolved_by == 0 ? HR_TEXT("proof")
                                            : story_word(story, issue->resolved_by),
                    expected);
    } else if (is(what, "severity")) {
        expect_text(story, "the severity",
                    issue->severity == HR_URGENCY_urgent ? HR_TEXT("urgent") : HR_TEXT("normal"),
                    expected);
    } else {
        story_fail(story, "an issue has no \"%.*s\"", HR_SHOW(what));
    }
}

static struct hr_text stand_of(struct story *story, const struct hr_contact *contact,
                               int32_t handoff, struct hr_text key)
{
    for (size_t i = 0; i < contact->instance_count; i++) {
        const struct hr_instance *instance = &contact->instances[i];
        bool named = instance->handoff == story->plan->handoffs[handoff].name_number;
        if (named && (key.size == 0 || hr_text_equal(instance->key_shown, key))) {
            return instance->incorrect ? hr_text_format(&story->arena, "incorrect")
                                       : hr_stand_word((enum hr_stand)instance->stand);
        }
    }
    return HR_TEXT("nothing");
}

/* "website_form is pinned discovery_call", "maya is nothing": what a writer says beside the value. */
static void expect_beside(struct story *story, const struct hr_contact *contact, uint32_t field,
                          struct hr_text rest)
{
    struct hr_text writer = story_next_word(&rest);
    struct hr_text found = HR_TEXT("nothing");
    (void)story_next_word(&rest); /* "is" */
    for (size_t i = 0; i < contact->observed_count; i++) {
        const struct hr_observed *observed = &contact->observed[i];
        const struct hr_said *holder = hr_contact_field(contact, field);
        bool theirs =
            observed->said.field == field &&
            hr_text_equal(story_word(story, hr_writer_name(observed->said.writer)), writer);
        bool agrees = holder != NULL && hr_value_equal(&holder->value, &observed->said.value);
        if (theirs && !agrees) {
            found = hr_text_format(&story->arena, "%.*s %.*s",
                                   HR_SHOW(hr_beside_word((enum hr_beside)observed->beside)),
                                   HR_SHOW(hr_value_show(&story->arena, &observed->said.value)));
        }
    }
    expect_text(story, "what they say", found, rest);
}

/* The steps at which the contact's enrollments in an automation stand. */
static void expect_waits(struct story *story, const struct hr_contact *contact, struct hr_text rest)
{
    int32_t index = hr_plan_automation(story->plan, story_next_word(&rest));
    struct hr_text found = HR_TEXT("nowhere");
    for (size_t i = 0; index >= 0 && i < contact->run_count; i++) {
        if (contact->runs[i].automation == story->plan->automations[index].name_number) {
            found = number_text(story, contact->runs[i].step);
        }
    }
    expect_text(story, "the step", found, rest);
}

/* "owner = desk": the team in whose queue a field of the contact waits. */
static void expect_queue(struct story *story, const struct hr_contact *contact, int32_t field,
                         struct hr_text expected)
{
    const struct hr_holding *holding =
        field < 0 ? NULL : hr_contact_holding(contact, story->plan->fields[field].name_number);
    bool queued = holding != NULL && holding->queued;
    expect_text(story, "the queue", queued ? story_word(story, holding->team) : HR_TEXT("nothing"),
                expected);
}

/* How many open contacts somebody owns. */
static void expect_open(struct story *story, struct hr_text rest)
{
    int32_t person = hr_plan_person(story->plan, story_next_word(&rest));
    int32_t owner = story->plan->records[HR_RECORD_TYPE_contact].owner_field;
    if (person < 0 || owner < 0) {
        story_fail(story, "there is no such person, or no field says who has a contact");
        return;
    }
    const struct hr_record *record =
        story_record(story, HR_ID_PERSON + story->plan->people[person].name_number);
    uint64_t open = record == NULL ? 0
                                   : hr_person_load(record->person, HR_RECORD_TYPE_contact,
                                                    story->plan->fields[owner].name_number);
    expect_text(story, "the number of open contacts", number_text(story, open), rest);
}

static uint32_t what_named(struct story *story, struct hr_text name)
{
    const struct hr_plan *plan = story->plan;
    int32_t message = hr_plan_message(plan, name);
    for (size_t i = 0; message < 0 && i < plan->tool_count; i++) {
        for (size_t k = 0; k < plan->tools[i].action_count; k++) {
            if (hr_text_equal(plan->tools[i].actions[k].full_id, name)) {
                return plan->tools[i].actions[k].name_number;
            }
        }
    }
    return message < 0 ? 0 : plan->messages[message].name_number;
}

static void expect_effect(struct story *story, uint64_t contact, struct hr_text name,
                          struct hr_text expected)
{
    const struct hr_record *record = story_effect(story, contact, what_named(story, name));
    expect_text(story, "the effect",
                record == NULL ? HR_TEXT("nothing")
                               : hr_effect_state_word((enum hr_effect_state)record->effect->state),
                expected);
}

static void expect_contact(struct story *story, struct hr_text email, struct hr_text rest)
{
    uint64_t id = story_contact(story, email);
    struct hr_text what = story_next_word(&rest);
    struct hr_text verb = story_next_word(&rest);
    struct hr_record *record = id == 0 ? NULL : story_record(story, id);
    if (is(what, "is") && is(verb, "nobody")) {
        expect_text(story, "the contact", record == NULL ? HR_TEXT("nobody") : HR_TEXT("somebody"),
                    verb);
        return;
    }
    if (record == NULL) {
        story_fail(story, "nobody is known as %.*s", HR_SHOW(email));
        return;
    }
    if (story_expect_work(story, record->contact, what, verb, rest)) {
        return;
    }
    if (is(what, "effect")) {
        expect_effect(story, id, verb, rest);
        return;
    }
    if (is(what, "waits")) {
        rest = hr_text_format(&story->arena, "%.*s %.*s", HR_SHOW(verb), HR_SHOW(rest));
        expect_waits(story, record->contact, rest);
        return;
    }
    if (is(what, "queue")) {
        (void)story_next_word(&rest); /* "=" */
        expect_queue(story, record->contact, hr_plan_field(story->plan, verb), rest);
        return;
    }
    int32_t field = hr_plan_field(story->plan, what);
    int32_t handoff = hr_plan_handoff(story->plan, what);
    if (is(verb, "=") && field >= 0) {
        struct hr_text found = HR_TEXT("nothing");
        for (size_t i = 0; i < record->contact->field_count; i++) {
            if (record->contact->fields[i].field == story->plan->fields[field].name_number) {
                found = hr_value_show(&story->arena, &record->contact->fields[i].value);
            }
        }
        expect_text(story, "the field", found, rest);
    } else if (is(verb, "beside") && field >= 0) {
        expect_beside(story, record->contact, story->plan->fields[field].name_number, rest);
    } else if (is(verb, "is") && handoff >= 0) {
        struct hr_text stand = story_next_word(&rest);
        (void)story_next_word(&rest); /* "for" */
        expect_text(story, "the handoff", stand_of(story, record->contact, handoff, rest), stand);
    } else {
        story_fail(story, "there is no field or handoff \"%.*s\"", HR_SHOW(what));
    }
}

static uint64_t count_named(const struct hr_automation_record *automation, struct hr_text name)
{
    uint64_t kept_out = 0;
    for (size_t i = 0; i < HR_OUT_COUNT; i++) {
        kept_out += automation->kept_out[i];
    }
    for (size_t i = 0; i < HR_RUN_END_COUNT; i++) {
        if (hr_text_equal(name, hr_run_end_word((enum hr_run_end)i))) {
            return automation->ended[i];
        }
    }
    return is(name, "running") ? automation->running : is(name, "kept_out") ? kept_out : UINT64_MAX;
}

static void expect_automation(struct story *story, struct hr_text rest)
{
    static const struct hr_automation_record none = {.state = HR_SWITCH_on};
    int32_t index = hr_plan_automation(story->plan, story_next_word(&rest));
    if (index < 0) {
        story_fail(story, "there is no such automation");
        return;
    }
    const struct hr_record *record =
        story_record(story, HR_ID_AUTOMATION + story->plan->automations[index].name_number);
    while (rest.size > 0) {
        struct hr_text name = story_next_word(&rest);
        uint64_t count = count_named(record == NULL ? &none : record->automation, name);
        expect_text(story, hr_text_format(&story->arena, "%.*s", HR_SHOW(name)).data,
                    number_text(story, count), story_next_word(&rest));
    }
}

static void expect(struct story *story, struct hr_text rest)
{
    struct hr_text subject = story_next_word(&rest);
    if (is(subject, "told")) {
        int32_t person = hr_plan_person(story->plan, story_next_word(&rest));
        expect_text(story, "how often they were told", number_text(story, story->told[person]),
                    rest);
    } else if (is(subject, "done")) {
        uint32_t what = what_named(story, story_next_word(&rest));
        expect_text(story, "how often it was done",
                    number_text(story, story_done_times(story, what)), rest);
    } else if (is(subject, "automation")) {
        expect_automation(story, rest);
    } else if (is(subject, "open")) {
        expect_open(story, rest);
    } else if (hr_text_starts(rest, HR_TEXT("may "))) {
        story_expect_consent(story, subject, rest);
    } else if (is(subject, "journal")) {
        expect_text(story, "the number of entries", number_text(story, story->journalled), rest);
    } else if (hr_text_starts(subject, HR_TEXT("H-"))) {
        expect_issue(story, subject, rest);
    } else {
        expect_contact(story, subject, rest);
    }
}

/* ---- lines ---------------------------------------------------------------------------------- */

static void alerts(struct story *story, struct hr_text rest)
{
    (void)story_next_word(&rest); /* "are" */
    story->alerts = is(rest, "refused") ? HR_OUTCOME_refused
                    : is(rest, "lost")  ? HR_OUTCOME_unknown
                                        : HR_OUTCOME_confirmed;
}

static void timed(struct story *story, struct hr_text rest)
{
    struct hr_text subject = story_next_word(&rest);
    struct hr_text verb = story_next_word(&rest);
    int32_t person = hr_plan_person(story->plan, subject);
    if (is(subject, "nothing")) {
        return;
    }
    if (is(subject, "handrail")) {
        switch_off(story, is(rest, "down"));
    } else if (is(subject, "the") && is(verb, "files")) {
        (void)story_next_word(&rest); /* "are" */
        story_publish(story, hr_text_copy(&story->arena, rest).data);
        story_move(story, story->now);
    } else if (is(verb, "says")) {
        struct hr_text event = story_next_word(&rest);
        story_say(story, subject, event, rest);
    } else if (story_timed_consent(story, subject, verb, rest) ||
               story_timed_control(story, person, verb, rest)) {
        return;
    } else if (is(verb, "is")) {
        forget(story, subject);
    } else if (person >= 0 && (is(verb, "sets") || is(verb, "releases"))) {
        edit(story, person, is(verb, "sets") ? HR_VERB_edit : HR_VERB_release, true, rest);
    } else if (person >= 0 && is(verb, "may")) {
        bool known = is(story_next_word(&rest), "not") && is(story_next_word(&rest), "set");
        if (!known) {
            story_fail(story, "what may they not?");
        }
        edit(story, person, HR_VERB_edit, false, rest);
    } else if (person >= 0 && story_work(story, person, verb, rest)) {
        return;
    } else if (person >= 0 && story_effect_command(story, person, verb, rest)) {
        return;
    } else if (person >= 0) {
        command(story, person, verb, rest);
    } else {
        story_fail(story, "who is %.*s?", HR_SHOW(subject));
    }
}

void story_line(struct story *story, struct hr_text line)
{
    struct hr_text rest = hr_text_trim(line);
    hr_instant at = 0;
    if (rest.size == 0 || rest.data[0] == '#') {
        return;
    }
    struct hr_text first = story_next_word(&rest);
    if (is(first, "day")) {
        struct hr_text midnight = hr_text_format(&story->arena, "%.*sT00:00:00Z", HR_SHOW(rest));
        if (!hr_instant_read(midnight, &story->day)) {
            story_fail(story, "no such day");
        }
    } else if (is(first, "expect")) {
        expect(story, rest);
    } else if (is(first, "alerts")) {
        alerts(story, rest);
    } else if (story_effect_line(story, first, rest)) {
        return;
    } else if (story_time(story, first, &at)) {
        story_move(story, at);
        timed(story, rest);
    } else {
        story_fail(story, "a line begins with a time, day, alerts or expect");
    }
}
