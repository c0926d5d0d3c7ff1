/* What people do with issues: each is one command to the writer, answered with what was done and how to undo it. */
#include "server/api_inside.h"

/* ---- one command -------------------------------------------------------------------------------- */

bool hr_api_command(struct hr_api *api, struct hr_command *command, uint64_t *ret_position)
{
    struct hr_job job = {
        .waiting = {
            .event = {.kind = HR_EVENT_command, .command = command, .hint_due = HR_INSTANT_NONE}}};
    command->person = api->person;
    hr_api_look_away(api);
    hr_status status = hr_host_submit_and_wait(api->host, &job);
    *ret_position = job.waiting.event.position;
    if (!hr_ok(status)) {
        hr_api_failed(api, status);
        return false;
    }
    return true;
}

bool hr_api_contact(struct hr_api *api, struct hr_text named, uint64_t *ret_contact)
{
    hr_status status = hr_find_contact(&api->lens, named, api->arena, ret_contact);
    if (!hr_ok(status)) {
        hr_api_failed(api, status);
        return false;
    }
    if (*ret_contact == 0) {
        hr_api_problem(api, HR_CODE_contact_unknown, "%s", "");
        return false;
    }
    return true;
}

/* The issue that the path names, as it stands; NULL: answered, and the request with its body is gone. */
static const struct hr_record *issue_of(struct hr_api *api)
{
    uint64_t id = 0;
    struct hr_record *record = NULL;
    hr_status status = hr_find_issue(&api->lens, api->segments[0], &id);
    if (hr_ok(status) && id != 0) {
        status = hr_store_read_record(api->reader, id, api->arena, &record);
    }
    if (!hr_ok(status)) {
        hr_api_failed(api, status);
        return NULL;
    }
    if (record == NULL || record->kind != HR_RECORD_issue) {
        hr_api_problem(api, HR_CODE_issue_unknown, "there is no issue %.*s",
                       HR_SHOW(api->segments[0]));
        return NULL;
    }
    return record;
}

static bool person_of(struct hr_api *api, struct hr_text id, uint32_t *ret_person)
{
    int32_t person = hr_plan_person(api->plan, id);
    if (person >= 0) {
        *ret_person = api->plan->people[person].name_number;
        return true;
    }
    struct hr_text *ids = hr_arena_new_many(api->arena, struct hr_text, api->plan->person_count);
    for (size_t i = 0; ids != NULL && i < api->plan->person_count; i++) {
        ids[i] = api->plan->people[i].id;
    }
    struct hr_text near =
        ids == NULL ? HR_TEXT_NONE : hr_did_you_mean(id, ids, api->plan->person_count);
    if (near.size > 0) {
        hr_api_problem(api, HR_CODE_person_not_found,
                       "there is no person `%.*s`; did you mean `%.*s`?", HR_SHOW(id),
                       HR_SHOW(near));
    } else {
        hr_api_problem(api, HR_CODE_person_not_found, "there is no person `%.*s`", HR_SHOW(id));
    }
    return false;
}

/* Says what was done to an issue and how to undo it, in both forms. */
static void say_done(struct hr_api *api, const struct hr_record *issue, uint64_t position,
                     struct hr_text did, struct hr_text undo)
{
    struct hr_buffer json;
    hr_buffer_init(&json, api->arena, 16 << 10);
    hr_buffer_add_format(&json, "{\"issue\":\"H-%llu\"", (unsigned long long)issue->issue->number);
    hr_api_did(api, &json, did, undo, position);
}

/* ---- the verbs ---------------------------------------------------------------------------------- */

void hr_api_on_issue_assign(struct hr_api *api)
{
    struct hr_command command = {.verb = HR_VERB_assign, .until = HR_INSTANT_NONE};
    struct hr_text person = hr_api_member(api, "person");
    const struct hr_record *issue = issue_of(api);
    uint64_t position = 0;
    if (issue == NULL || !person_of(api, person, &command.other)) {
        return;
    }
    command.issue = issue->id;
    if (!hr_api_command(api, &command, &position)) {
        return;
    }
    unsigned long long number = issue->issue->number;
    struct hr_text before = hr_api_word(api, issue->issue->owner);
    say_done(api, issue, position,
             hr_text_format(api->arena, "H-%llu is owned by %.*s now", number, HR_SHOW(person)),
             hr_text_format(api->arena, "handrail exceptions assign H-%llu %.*s", number,
                            HR_SHOW(before)));
}

bool hr_api_until(struct hr_api *api, struct hr_text written, hr_instant *ret_until)
{
    struct hr_span span;
    if (hr_instant_read(written, ret_until)) {
        return true;
    }
    if (hr_span_read(written, &span)) {
        hr_instant now = hr_clock_now();
        *ret_until = hr_hours_after(&api->plan->hours, now - now % HR_SECOND_US, span);
        return *ret_until != HR_INSTANT_NONE;
    }
    return false;
}

void hr_api_on_issue_snooze(struct hr_api *api)
{
    struct hr_command command = {.verb = HR_VERB_snooze, .until = HR_INSTANT_NONE};
    struct hr_text until = hr_api_member(api, "until");
    const struct hr_value *people = hr_value_member(&api->body, HR_TEXT("people"));
    const struct hr_record *issue = issue_of(api);
    uint64_t position = 0;
    if (issue == NULL) {
        return;
    }
    if (until.size > 0 && !hr_api_until(api, until, &command.until)) {
        hr_api_problem(api, HR_CODE_unprocessable,
                       "`until` is a time like 2026-12-01T09:00:00Z, or how long: 2 days");
        return;
    }
    command.people = people == NULL ? 0 : (uint64_t)people->integer;
    if (command.until == HR_INSTANT_NONE && command.people == 0) {
        hr_api_problem(api, HR_CODE_unprocessable, "say `until` when, or until how many `people`");
        return;
    }
    command.issue = issue->id;
    if (!hr_api_command(api, &command, &position)) {
        return;
    }
    unsigned long long number = issue->issue->number;
    struct hr_text did =
        command.until != HR_INSTANT_NONE
            ? hr_text_format(api->arena, "H-%llu is quiet until %.*s", number,
                             HR_SHOW(hr_instant_write(api->arena, command.until)))
            : hr_text_format(api->arena, "H-%llu is quiet until %llu people are affected", number,
                             (unsigned long long)command.people);
    say_done(api, issue, position, did,
             hr_text_format(api->arena, "handrail exceptions snooze H-%llu --until \"1 minute\"",
                            number));
}

static struct hr_text given_text(struct hr_api *api, unsigned long long number,
                                 const struct hr_answered *answered)
{
    struct hr_text left_out = HR_TEXT_NONE;
    if (answered->left_out > 0) {
        bool one = answered->left_out == 1;
        left_out = hr_text_format(
            api->arena,
            "; %zu %s left out: %s tool is no longer in the workspace, so nobody can read %s",
            answered->left_out, one ? "was" : "were", one ? "its" : "their", one ? "it" : "them");
    }
    return hr_text_format(
        api->arena, "H-%llu is closed; %zu %s given to the contact named%.*s", number,
        answered->given, answered->given == 1 ? "message was" : "messages were", HR_SHOW(left_out));
}

void hr_api_on_issue_resolve(struct hr_api *api)
{
    struct hr_command command = {.verb = HR_VERB_resolve, .until = HR_INSTANT_NONE};
    struct hr_text contact = hr_api_member(api, "contact");
    const struct hr_record *issue = issue_of(api);
    struct hr_answered answered = {.given = 0};
    uint64_t position = 0;
    if (issue == NULL) {
        return;
    }
    command.issue = issue->id;
    command.text = hr_api_member(api, "reason");
    if (contact.size > 0) {
        if (issue->issue->cause != HR_CAUSE_ambiguous) {
            hr_api_problem(
                api, HR_CODE_command_refused,
                "`contact` answers an ambiguous message; this issue is about something else");
            return;
        }
        uint64_t whose = 0;
        if (!hr_api_contact(api, contact, &whose) ||
            !hr_api_answer_ambiguous(api, issue->id, whose, &answered)) {
            return;
        }
    }
    if (!hr_api_command(api, &command, &position)) {
        return;
    }
    unsigned long long number = issue->issue->number;
    struct hr_text did = contact.size > 0
                             ? given_text(api, number, &answered)
                             : hr_text_format(api->arena, "H-%llu is closed without proof, by %.*s",
                                              number, HR_SHOW(hr_api_word(api, api->person)));
    say_done(
        api, issue, position, did,
        HR_TEXT(
            "this cannot be taken back; the issue opens again by itself when its failure returns"));
}

void hr_api_on_issue_note(struct hr_api *api)
{
    struct hr_command command = {.verb = HR_VERB_note, .until = HR_INSTANT_NONE};
    const struct hr_record *issue = issue_of(api);
    uint64_t position = 0;
    if (issue == NULL) {
        return;
    }
    command.issue = issue->id;
    command.text = hr_api_member(api, "text");
    if (!hr_api_command(api, &command, &position)) {
        return;
    }
    say_done(api, issue, position,
             hr_text_format(api->arena, "the note stands at H-%llu",
                            (unsigned long long)issue->issue->number),
             HR_TEXT("a note cannot be taken back; write another one"));
}

void hr_api_on_issue_acknowledge(struct hr_api *api)
{
    struct hr_command command = {.verb = HR_VERB_acknowledge, .until = HR_INSTANT_NONE};
    const struct hr_record *issue = issue_of(api);
    uint64_t position = 0;
    if (issue == NULL) {
        return;
    }
    command.issue = issue->id;
    if (!hr_api_command(api, &command, &position)) {
        return;
    }
    say_done(api, issue, position,
             hr_text_format(api->arena, "H-%llu was seen by %.*s",
                            (unsigned long long)issue->issue->number,
                            HR_SHOW(hr_api_word(api, api->person))),
             HR_TEXT("this cannot be taken back; assign it to somebody else if it is not yours"));
}

void hr_api_on_issue_recover(struct hr_api *api)
{
    struct hr_command command = {.verb = HR_VERB_recover, .until = HR_INSTANT_NONE};
    struct hr_text contact = hr_api_member(api, "contact");
    const struct hr_record *issue = issue_of(api);
    uint64_t position = 0;
    if (issue == NULL || (contact.size > 0 && !hr_api_contact(api, contact, &command.contact))) {
        return;
    }
    command.issue = issue->id;
    command.text = hr_api_member(api, "note");
    if (!hr_api_command(api, &command, &position)) {
        return;
    }
    struct hr_text whom =
        contact.size > 0 ? HR_TEXT("for this contact") : HR_TEXT("for everybody affected");
    say_done(api, issue, position,
             hr_text_format(api->arena,
                            "H-%llu is marked as being put right %.*s; waiting for the proof",
                            (unsigned long long)issue->issue->number, HR_SHOW(whom)),
             HR_TEXT("nothing to undo: without proof in time it counts as not done"));
}
