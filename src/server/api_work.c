/* What people do with tasks, and with the tickets and opportunities that are open: each is one command to the writer,
 * answered with how to undo it. */
#include "server/api_inside.h"

enum { SAID_BYTES_MAX = 64 << 10 };

void hr_api_on_task_list(struct hr_api *api)
{
    struct hr_report report;
    struct hr_text named = hr_api_query(api, "person");
    int32_t person = named.size == 0 ? HR_NONE_INDEX : hr_plan_person(api->plan, named);
    if (named.size > 0 && person < 0) {
        hr_api_problem(api, HR_CODE_unprocessable, "nobody here is called `%.*s`", HR_SHOW(named));
        return;
    }
    uint32_t number = person < 0 ? 0 : api->plan->people[person].name_number;
    if (hr_text_equal(hr_api_query(api, "mine"), HR_TEXT("1"))) {
        number = api->person;
    }
    hr_api_report(api, hr_work_list(&api->lens, number, api->arena, &api->found, &report), &report);
}

/* ---- deeds ---------------------------------------------------------------------------------------------- */

static void say_done(struct hr_api *api, struct hr_text did, struct hr_text undo, uint64_t position)
{
    struct hr_buffer json;
    hr_buffer_init(&json, api->arena, SAID_BYTES_MAX);
    hr_buffer_add_text(&json, HR_TEXT("{\"task\":"));
    hr_json_write_text(&json, api->segments[0]);
    hr_buffer_add_text(&json, HR_TEXT(",\"did\":"));
    hr_json_write_text(&json, did);
    hr_buffer_add_text(&json, HR_TEXT(",\"undo\":"));
    hr_json_write_text(&json, undo);
    hr_buffer_add_format(&json, ",\"position\":%llu}\n", (unsigned long long)position);
    hr_api_say(api, json.failed ? HR_TEXT_NONE : hr_buffer_text(&json),
               hr_text_format(api->arena, "%.*s\nundo: %.*s\n", HR_SHOW(did), HR_SHOW(undo)));
}

/* The open work that the path names; NULL: answered already. */
static const struct hr_work *work_of(struct hr_api *api, struct hr_command *command)
{
    const struct hr_record *record = NULL;
    hr_status status = hr_find_work(&api->lens, api->segments[0], api->arena, &record);
    if (!hr_ok(status)) {
        hr_api_failed(api, status);
        return NULL;
    }
    if (record == NULL) {
        hr_api_problem(api, HR_CODE_not_found, "there is no task, ticket or opportunity `%.*s`",
                       HR_SHOW(api->segments[0]));
        return NULL;
    }
    const struct hr_work *work = record->contact->work;
    if (work->state != HR_WORK_open) {
        hr_api_problem(api, HR_CODE_unprocessable, "%.*s is %.*s already",
                       HR_SHOW(api->segments[0]),
                       HR_SHOW(hr_work_state_word((enum hr_work_state)work->state)));
        return NULL;
    }
    command->contact = record->id;
    return work;
}

static void close_work(struct hr_api *api, enum hr_verb verb)
{
    struct hr_command command = {
        .verb = verb, .until = HR_INSTANT_NONE, .text = hr_api_member(api, "reason")};
    uint64_t position = 0;
    if (work_of(api, &command) == NULL || !hr_api_command(api, &command, &position)) {
        return;
    }
    struct hr_text did = hr_text_format(api->arena, "%.*s is %s", HR_SHOW(api->segments[0]),
                                        verb == HR_VERB_work_done ? "done" : "dropped");
    say_done(api, did, HR_TEXT("this cannot be taken back"), position);
}

void hr_api_on_task_done(struct hr_api *api)
{
    close_work(api, HR_VERB_work_done);
}

void hr_api_on_task_drop(struct hr_api *api)
{
    close_work(api, HR_VERB_work_drop);
}

void hr_api_on_task_assign(struct hr_api *api)
{
    struct hr_command command = {.verb = HR_VERB_work_assign, .until = HR_INSTANT_NONE};
    struct hr_text named = hr_api_member(api, "person");
    int32_t person = hr_plan_person(api->plan, named);
    uint64_t position = 0;
    if (person < 0 || api->plan->people[person].inactive) {
        hr_api_problem(api, HR_CODE_unprocessable,
                       person < 0 ? "nobody here is called `%.*s`" : "`%.*s` works here no more",
                       HR_SHOW(named));
        return;
    }
    command.other = api->plan->people[person].name_number;
    const struct hr_work *work = work_of(api, &command);
    struct hr_text before = work == NULL ? HR_TEXT_NONE : hr_api_word(api, work->owner);
    bool owned = work != NULL && work->owner != 0;
    if (work == NULL || !hr_api_command(api, &command, &position)) {
        return;
    }
    struct hr_text undo = owned ? hr_text_format(api->arena, "handrail task assign %.*s %.*s",
                                                 HR_SHOW(api->segments[0]), HR_SHOW(before))
                                : HR_TEXT("nobody owned it before");
    say_done(api,
             hr_text_format(api->arena, "%.*s is owned by %.*s now", HR_SHOW(api->segments[0]),
                            HR_SHOW(named)),
             undo, position);
}

void hr_api_on_task_plan(struct hr_api *api)
{
    struct hr_command command = {
        .verb = HR_VERB_work_plan, .until = HR_INSTANT_NONE, .text = hr_api_member(api, "text")};
    struct hr_text until = hr_api_member(api, "until");
    uint64_t position = 0;
    if (until.size > 0 &&
        (!hr_api_until(api, until, &command.until) || command.until <= hr_clock_now())) {
        hr_api_problem(api, HR_CODE_unprocessable,
                       "`until` is a time to come like 2026-12-01T09:00:00Z, or how long: 2 days");
        return;
    }
    if (until.size == 0 && command.text.size == 0) {
        hr_api_problem(api, HR_CODE_unprocessable, "say what is to be done, or by when");
        return;
    }
    const struct hr_work *work = work_of(api, &command);
    if (work != NULL && work->next.size == 0 && command.text.size == 0) {
        hr_api_problem(api, HR_CODE_unprocessable, "say what is to be done by then");
        return;
    }
    if (work == NULL || !hr_api_command(api, &command, &position)) {
        return;
    }
    say_done(api, hr_text_format(api->arena, "%.*s is planned", HR_SHOW(api->segments[0])),
             HR_TEXT("plan it as it was before"), position);
}
