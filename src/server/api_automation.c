/* Automations and enrollments: what people ask about them, and what they do: pause one or all, let them go on, end an
 * enrollment, try a held one again, skip a step. Each deed is one command to the writer, answered with how to undo
 * it. */
#include "engine/automation.h"
#include "plan/aloud.h"
#include "server/api_inside.h"

enum { SAID_BYTES_MAX = 64 << 10, NAMED_MAX = 20 };

/* ---- questions ------------------------------------------------------------------------------------------ */

void hr_api_on_automation_list(struct hr_api *api)
{
    struct hr_report report;
    hr_api_report(api, hr_automations_list(&api->lens, api->arena, &api->found, &report), &report);
}

void hr_api_on_automation_show(struct hr_api *api)
{
    struct hr_report report;
    hr_api_report(
        api, hr_automation_show(&api->lens, api->segments[0], api->arena, &api->found, &report),
        &report);
}

void hr_api_on_automation_runs(struct hr_api *api)
{
    struct hr_report report;
    struct hr_text written = hr_api_query(api, "before");
    int64_t before = 0;
    if (written.size > 0 && (!hr_text_to_integer(written, &before) || before <= 0)) {
        hr_api_problem(api, HR_CODE_unprocessable,
                       "`before` is a position in the journal, like 123");
        return;
    }
    hr_api_report(api,
                  hr_enrollments_list(&api->lens, api->segments[0], (uint64_t)before, api->arena,
                                      &api->found, &report),
                  &report);
}

void hr_api_on_enrollment_show(struct hr_api *api)
{
    struct hr_report report;
    hr_api_report(
        api, hr_enrollment_show(&api->lens, api->segments[0], api->arena, &api->found, &report),
        &report);
}

/* ---- saying what was done --------------------------------------------------------------------------------- */

static void say_done(struct hr_api *api, const char *what, struct hr_text name, struct hr_text did,
                     struct hr_text undo, uint64_t position)
{
    struct hr_buffer json;
    hr_buffer_init(&json, api->arena, SAID_BYTES_MAX);
    hr_buffer_add_format(&json, "{\"%s\":", what);
    if (name.size == 0) {
        hr_buffer_add_text(&json, HR_TEXT("null"));
    } else {
        hr_json_write_text(&json, name);
    }
    hr_buffer_add_text(&json, HR_TEXT(",\"did\":"));
    hr_json_write_text(&json, did);
    hr_buffer_add_text(&json, HR_TEXT(",\"undo\":"));
    hr_json_write_text(&json, undo);
    hr_buffer_add_format(&json, ",\"position\":%llu}\n", (unsigned long long)position);
    hr_api_say(api, json.failed ? HR_TEXT_NONE : hr_buffer_text(&json),
               hr_text_format(api->arena, "%.*s\nundo: %.*s\n", HR_SHOW(did), HR_SHOW(undo)));
}

/* ---- one automation ---------------------------------------------------------------------------------------- */

/* The number of the automation that the path names, also of one that left the files; false: answered already. */
static bool automation_of(struct hr_api *api, uint32_t *ret_number,
                          struct hr_automation_record *ret_record)
{
    int32_t index = hr_plan_automation(api->plan, api->segments[0]);
    const struct hr_names *names = api->lens.names;
    struct hr_record *record = NULL;
    *ret_number = index < 0 ? 0 : api->plan->automations[index].name_number;
    for (size_t i = 0; *ret_number == 0 && i < names->count; i++) {
        *ret_number = hr_text_equal(names->words[i], api->segments[0]) ? (uint32_t)(i + 1) : 0;
    }
    hr_status status = *ret_number == 0
                           ? hr_done()
                           : hr_store_read_record(api->reader, HR_ID_AUTOMATION + *ret_number,
                                                  api->arena, &record);
    if (!hr_ok(status)) {
        hr_api_failed(api, status);
        return false;
    }
    if (index < 0 && record == NULL) {
        hr_api_problem(api, HR_CODE_asked_automation_unknown, "there is no automation `%.*s`",
                       HR_SHOW(api->segments[0]));
        return false;
    }
    *ret_record = (struct hr_automation_record){.automation = *ret_number};
    if (record != NULL) {
        *ret_record = *record->automation;
    }
    return true;
}

static void switch_one(struct hr_api *api, enum hr_verb verb)
{
    bool pauses = verb == HR_VERB_pause;
    struct hr_command command = {
        .verb = verb, .until = HR_INSTANT_NONE, .text = hr_api_member(api, "reason")};
    struct hr_automation_record record;
    struct hr_text name = api->segments[0];
    uint64_t position = 0;
    if (!automation_of(api, &command.other, &record)) {
        return;
    }
    bool paused = record.state == HR_SWITCH_paused;
    if (paused == pauses) {
        hr_api_problem(api, HR_CODE_switched_already, "automation %.*s is %s", HR_SHOW(name),
                       paused ? "paused already" : "not paused");
        return;
    }
    if (!hr_api_command(api, &command, &position)) {
        return;
    }
    struct hr_text did =
        pauses
            ? hr_text_format(api->arena,
                             "automation %.*s is paused: nobody begins, and nobody goes on; whose "
                             "time comes meanwhile goes on when the pause is over",
                             HR_SHOW(name))
            : hr_text_format(api->arena,
                             "automation %.*s goes on, also for those whose time came while it was "
                             "paused",
                             HR_SHOW(name));
    struct hr_text undo =
        hr_text_format(api->arena, "handrail automation %s %.*s", pauses ? "resume" : "pause",
                       HR_SHOW(hr_shell_word(api->arena, name)));
    say_done(api, "automation", name, did, undo, position);
}

void hr_api_on_automation_pause(struct hr_api *api)
{
    switch_one(api, HR_VERB_pause);
}

void hr_api_on_automation_resume(struct hr_api *api)
{
    switch_one(api, HR_VERB_go_on);
}

/* ---- all of them --------------------------------------------------------------------------------------------- */

/* Those that are not in the wanted state yet, by number. */
struct sweep {
    uint32_t *numbers;
    size_t count;
};

static hr_status choose(struct hr_api *api, bool pauses, struct sweep *ret_sweep)
{
    const struct hr_plan *plan = api->plan;
    *ret_sweep =
        (struct sweep){.numbers = hr_arena_new_many(api->arena, uint32_t, plan->automation_count)};
    if (ret_sweep->numbers == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < plan->automation_count; i++) {
        struct hr_record *record = NULL;
        uint32_t number = plan->automations[i].name_number;
        HR_TRY(hr_store_read_record(api->reader, HR_ID_AUTOMATION + number, api->arena, &record));
        bool paused = record != NULL && record->automation->state == HR_SWITCH_paused;
        if (paused != pauses) {
            ret_sweep->numbers[ret_sweep->count++] = number;
        }
    }
    return hr_done();
}

static struct hr_text undo_all(struct hr_api *api, const struct sweep *sweep, bool pauses)
{
    struct hr_buffer words;
    hr_buffer_init(&words, api->arena, SAID_BYTES_MAX);
    if (sweep->count > NAMED_MAX) {
        return hr_text_format(api->arena, "handrail automation %s --all",
                              pauses ? "resume" : "pause");
    }
    for (size_t i = 0; i < sweep->count; i++) {
        hr_buffer_add_format(
            &words, "%shandrail automation %s %.*s", i == 0 ? "" : " && ",
            pauses ? "resume" : "pause",
            HR_SHOW(hr_shell_word(api->arena, hr_api_word(api, sweep->numbers[i]))));
    }
    return hr_buffer_text(&words);
}

static void switch_all(struct hr_api *api, enum hr_verb verb)
{
    bool pauses = verb == HR_VERB_pause;
    struct sweep sweep;
    hr_status status = choose(api, pauses, &sweep);
    if (!hr_ok(status)) {
        hr_api_failed(api, status);
        return;
    }
    if (sweep.count == 0) {
        hr_api_problem(api, HR_CODE_switched_already,
                       pauses ? "all automations are paused already" : "no automation is paused");
        return;
    }
    struct hr_text undo = undo_all(api, &sweep, pauses);
    struct hr_command command = {
        .verb = verb, .until = HR_INSTANT_NONE, .text = hr_api_member(api, "reason")};
    uint64_t position = 0;
    if (!hr_api_command(api, &command, &position)) {
        return;
    }
    size_t before = api->plan->automation_count - sweep.count;
    struct hr_text count = hr_count_say(api->arena, sweep.count, "automation", "automations");
    struct hr_text did =
        hr_text_format(api->arena, "%.*s %s %s", HR_SHOW(count), sweep.count == 1 ? "is" : "are",
                       pauses ? "paused" : "on again");
    if (before > 0) {
        did = hr_text_format(api->arena, "%.*s; %zu %s so already", HR_SHOW(did), before,
                             before == 1 ? "was" : "were");
    }
    say_done(api, "automation", HR_TEXT_NONE, did, undo, position);
}

void hr_api_on_automation_pause_all(struct hr_api *api)
{
    switch_all(api, HR_VERB_pause);
}

void hr_api_on_automation_resume_all(struct hr_api *api)
{
    switch_all(api, HR_VERB_go_on);
}

/* ---- enrollments ------------------------------------------------------------------------------------------------ */

/* An enrollment that is under way. */
struct target {
    struct hr_enrollment found;
    struct hr_run run;
    bool paused; /* its automation */
    struct hr_text name;
};

static bool is_paused(struct hr_api *api, uint32_t automation, bool *ret_paused)
{
    struct hr_record *record = NULL;
    hr_status status =
        hr_store_read_record(api->reader, HR_ID_AUTOMATION + automation, api->arena, &record);
    *ret_paused = record != NULL && record->automation->state == HR_SWITCH_paused;
    if (!hr_ok(status)) {
        hr_api_failed(api, status);
    }
    return hr_ok(status);
}

/* The enrollment that the path names; false: answered already. */
static bool find_target(struct hr_api *api, struct target *ret_target)
{
    struct hr_record *contact = NULL;
    hr_status status =
        hr_find_enrollment(&api->lens, api->segments[0], api->arena, &ret_target->found);
    if (hr_ok(status) && ret_target->found.contact != 0) {
        status = hr_store_read_record(api->reader, ret_target->found.contact, api->arena, &contact);
    }
    if (!hr_ok(status)) {
        hr_api_failed(api, status);
        return false;
    }
    ret_target->name = hr_enrollment_name(api->arena, ret_target->found.run);
    if (contact == NULL || contact->kind != HR_RECORD_contact) {
        hr_api_problem(api, HR_CODE_asked_enrollment_unknown, "%s", "");
        return false;
    }
    const struct hr_run *run = hr_contact_run(contact->contact, ret_target->found.run);
    if (run == NULL) {
        hr_api_problem(api, HR_CODE_go_on_refused, "%.*s is over", HR_SHOW(ret_target->name));
        return false;
    }
    ret_target->run = *run;
    return is_paused(api, run->automation, &ret_target->paused);
}

static void command_run(struct hr_api *api, const struct target *target, enum hr_verb verb,
                        uint32_t step, struct hr_text did, struct hr_text undo)
{
    struct hr_command command = {.verb = verb,
                                 .contact = target->found.contact,
                                 .enrollment = target->found.run,
                                 .other = step,
                                 .until = HR_INSTANT_NONE};
    uint64_t position = 0;
    if (hr_api_command(api, &command, &position)) {
        say_done(api, "enrollment", target->name, did, undo, position);
    }
}

void hr_api_on_enrollment_withdraw(struct hr_api *api)
{
    struct target target;
    if (!find_target(api, &target)) {
        return;
    }
    struct hr_text did =
        hr_text_format(api->arena, "%.*s is withdrawn: what it did stays, and nothing more follows",
                       HR_SHOW(target.name));
    command_run(api, &target, HR_VERB_withdraw, 0, did,
                HR_TEXT("this cannot be taken back; the automation begins again by its trigger, as "
                        "often as its file allows"));
}

static void refuse(struct hr_api *api, const struct target *target, enum hr_go_on_answer answer)
{
    struct hr_text automation = hr_api_word(api, target->run.automation);
    switch (answer) {
    case HR_GO_ON_gone:
        hr_api_problem(api, HR_CODE_go_on_refused,
                       "automation %.*s is no longer in the files; withdraw %.*s, or bring the "
                       "automation back",
                       HR_SHOW(automation), HR_SHOW(target->name));
        return;
    case HR_GO_ON_not_carried_out:
        hr_api_problem(api, HR_CODE_go_on_refused,
                       "automation %.*s is not carried out by this release", HR_SHOW(automation));
        return;
    case HR_GO_ON_paused:
        hr_api_problem(api, HR_CODE_go_on_refused,
                       "automation %.*s is paused; first: handrail automation resume %.*s",
                       HR_SHOW(automation), HR_SHOW(automation));
        return;
    case HR_GO_ON_not_held:
        hr_api_problem(api, HR_CODE_go_on_refused,
                       "%.*s is not held: it goes on by itself. To end a wait: handrail enrollment "
                       "skip %.*s",
                       HR_SHOW(target->name), HR_SHOW(target->name));
        return;
    case HR_GO_ON_under_way:
        hr_api_problem(api, HR_CODE_go_on_refused,
                       "%.*s waits for something that is under way outside; it cannot be skipped "
                       "before that is settled",
                       HR_SHOW(target->name));
        return;
    case HR_GO_ON_changed:
        hr_api_problem(api, HR_CODE_go_on_refused,
                       "the files have changed since %.*s came to its step; name the step of now: "
                       "handrail enrollment retry %.*s --step PATH",
                       HR_SHOW(target->name), HR_SHOW(target->name));
        return;
    case HR_GO_ON_may:
        break;
    }
}

/* Whether it may go on so; false: answered already. ret_automation: as the files have it. */
static bool may_go_on(struct hr_api *api, const struct target *target, enum hr_verb verb,
                      const struct hr_automation **ret_automation)
{
    enum hr_go_on_answer answer =
        hr_run_may_go_on(&api->lens.engine, &target->run, target->paused, verb);
    if (answer != HR_GO_ON_may) {
        refuse(api, target, answer);
        return false;
    }
    int32_t index = hr_plan_automation_numbered(api->plan, target->run.automation);
    *ret_automation = &api->plan->automations[index];
    return true;
}

/* The step that a person names by its path, "3" or "3.then.1"; absent: the one with the number that it stands at. */
static const struct hr_plan_step *step_named(const struct hr_automation *automation,
                                             struct hr_text path, const struct hr_run *run)
{
    if (path.size == 0) {
        return hr_step_numbered(automation, run->step);
    }
    for (uint32_t number = 1; number <= automation->step_count; number++) {
        const struct hr_plan_step *step = hr_step_numbered(automation, number);
        if (step != NULL && hr_text_equal(step->path, path)) {
            return step;
        }
    }
    return NULL;
}

void hr_api_on_enrollment_retry(struct hr_api *api)
{
    struct target target;
    const struct hr_automation *automation = NULL;
    if (!find_target(api, &target) || !may_go_on(api, &target, HR_VERB_retry, &automation)) {
        return;
    }
    struct hr_text path = hr_text_trim(hr_api_member(api, "step"));
    const struct hr_plan_step *step = step_named(automation, path, &target.run);
    if (step == NULL) {
        hr_api_problem(api, HR_CODE_unprocessable,
                       "automation %.*s has no step `%.*s`; `handrail automation show %.*s` lists "
                       "them",
                       HR_SHOW(automation->id), HR_SHOW(path), HR_SHOW(automation->id));
        return;
    }
    struct hr_text did = hr_text_format(
        api->arena, "%.*s goes on at step %.*s: %.*s", HR_SHOW(target.name), HR_SHOW(step->path),
        HR_SHOW(hr_aloud_step(api->arena, api->plan, automation, step)));
    command_run(
        api, &target, HR_VERB_retry, step->number, did,
        hr_text_format(api->arena,
                       "what it does now stays; to end it: handrail enrollment withdraw %.*s",
                       HR_SHOW(target.name)));
}

void hr_api_on_enrollment_skip(struct hr_api *api)
{
    struct target target;
    const struct hr_automation *automation = NULL;
    if (!find_target(api, &target) || !may_go_on(api, &target, HR_VERB_skip, &automation)) {
        return;
    }
    const struct hr_plan_step *step = hr_step_numbered(automation, target.run.step);
    if (step == NULL) {
        refuse(api, &target, HR_GO_ON_changed);
        return;
    }
    struct hr_text did =
        hr_text_format(api->arena, "%.*s goes on without this step: %.*s", HR_SHOW(target.name),
                       HR_SHOW(hr_aloud_step(api->arena, api->plan, automation, step)));
    command_run(
        api, &target, HR_VERB_skip, 0, did,
        hr_text_format(api->arena,
                       "what it does now stays; to end it: handrail enrollment withdraw %.*s",
                       HR_SHOW(target.name)));
}
