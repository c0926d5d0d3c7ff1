/* Reading the files aloud: paths and automations with their conditions in words, without a daemon. */
#include "cli_inside.h"

#include "engine/automation.h"
#include "plan/aloud.h"
#include "plan/words.h"
#include "workspace/grammar.h"

#include <unistd.h>

enum { ALOUD_BYTES_MAX = 4 << 20 };

struct reading {
    struct hr_cli *cli;
    const char *folder; /* as it is reached from where we stand */
    struct hr_plan *plan;
    struct hr_buffer out;
};

static struct hr_text shown_path(void *context, struct hr_text file)
{
    const struct reading *reading = context;
    return hr_cli_shown_path(reading->cli, reading->folder, file);
}

/* A page of this reading; what is said on it becomes part of the output with add_page. */
static struct hr_aloud_page begin_page(struct reading *reading)
{
    struct hr_aloud_page page = {.plan = reading->plan, .path_of = shown_path, .context = reading};
    hr_buffer_init(&page.text, &reading->cli->arena, ALOUD_BYTES_MAX);
    return page;
}

static void add_page(struct reading *reading, const struct hr_aloud_page *page)
{
    hr_buffer_add_text(&reading->out, hr_buffer_text(&page->text));
    reading->out.failed |= page->text.failed;
}

/* ---- the files --------------------------------------------------------------------------------------- */

static int begin(struct reading *reading)
{
    struct hr_cli *cli = reading->cli;
    reading->folder = hr_cli_folder_here(cli);
    hr_buffer_init(&reading->out, &cli->arena, ALOUD_BYTES_MAX);
    return hr_cli_load(cli, reading->folder, &reading->plan);
}

static int end(struct reading *reading, int code)
{
    if (code == HR_EXIT_ok) {
        code = hr_cli_print_whole(reading->cli, &reading->out);
    }
    hr_plan_release(reading->plan);
    return code;
}

/* ---- JSON, piece by piece ------------------------------------------------------------------------------ */

static void put_name(struct reading *reading, const char *name)
{
    char last = reading->out.size > 0 ? reading->out.data[reading->out.size - 1] : '{';
    hr_buffer_add_format(&reading->out, "%s\"%s\":", last == '{' || last == '[' ? "" : ",", name);
}

static void put_text(struct reading *reading, const char *name, struct hr_text text)
{
    if (text.size > 0) {
        put_name(reading, name);
        hr_json_write_text(&reading->out, text);
    }
}

/* The next item of a list. */
static void put_item(struct reading *reading)
{
    if (reading->out.size > 0 && reading->out.data[reading->out.size - 1] != '[') {
        hr_buffer_add_byte(&reading->out, ',');
    }
}

static void put_clauses(struct reading *reading, const char *name, const struct hr_clauses *clauses)
{
    put_name(reading, name);
    hr_buffer_add_byte(&reading->out, '[');
    for (size_t i = 0; i < clauses->count; i++) {
        const struct hr_clauses one = {&clauses->items[i], 1};
        put_item(reading);
        hr_json_write_text(&reading->out, hr_aloud_clauses(&reading->cli->arena, &one, ""));
    }
    hr_buffer_add_byte(&reading->out, ']');
}

static void put_conditions(struct reading *reading, const char *name,
                           const struct hr_condition *conditions, size_t count)
{
    put_name(reading, name);
    hr_buffer_add_byte(&reading->out, '[');
    for (size_t i = 0; i < count; i++) {
        put_item(reading);
        hr_json_write_text(&reading->out, hr_expr_say(conditions[i].expr, &reading->cli->arena));
    }
    hr_buffer_add_byte(&reading->out, ']');
}

static void put_place(struct reading *reading, const struct hr_place *place)
{
    put_text(reading, "file", hr_cli_shown_path(reading->cli, reading->folder, place->file));
    hr_buffer_add_format(&reading->out, ",\"line\":%u", place->line);
}

static void put_person(struct reading *reading, const char *name, int32_t person)
{
    put_text(reading, name, person < 0 ? HR_TEXT_NONE : reading->plan->people[person].id);
}

/* ---- paths ------------------------------------------------------------------------------------------------ */

static void put_carried(struct reading *reading, const struct hr_handoff *handoff)
{
    put_name(reading, "carries");
    hr_buffer_add_byte(&reading->out, '[');
    for (size_t i = 0; i < handoff->carried_count; i++) {
        put_item(reading);
        hr_json_write_text(&reading->out, handoff->carries[i].name);
    }
    hr_buffer_add_byte(&reading->out, ']');
}

static void put_escalation(struct reading *reading, const struct hr_handoff *handoff)
{
    put_name(reading, "escalate");
    hr_buffer_add_byte(&reading->out, '[');
    for (size_t i = 0; i < handoff->escalate_count; i++) {
        const struct hr_rung *rung = &handoff->escalate[i];
        put_item(reading);
        hr_buffer_add_byte(&reading->out, '{');
        put_text(reading, "after", hr_span_write(&reading->cli->arena, rung->after));
        put_person(reading, "to", rung->to);
        hr_buffer_add_byte(&reading->out, '}');
    }
    hr_buffer_add_byte(&reading->out, ']');
}

static void put_handoff(struct reading *reading, const struct hr_handoff *handoff)
{
    put_item(reading);
    hr_buffer_add_byte(&reading->out, '{');
    put_text(reading, "handoff", handoff->full_id);
    put_text(reading, "title", handoff->title);
    put_text(reading, "from", handoff->from);
    put_text(reading, "to", handoff->to);
    put_text(reading, "opens_on", handoff->opens_on);
    if (handoff->opens_after >= 0) {
        put_text(reading, "opens_after", reading->plan->handoffs[handoff->opens_after].full_id);
    }
    if (handoff->key != NULL) {
        put_text(reading, "one_for_each", hr_expr_say(handoff->key, &reading->cli->arena));
    }
    put_carried(reading, handoff);
    put_conditions(reading, "proven_when", handoff->done_when, handoff->done_count);
    put_conditions(reading, "wrong_when", handoff->wrong_when, handoff->wrong_count);
    put_text(reading, "within", hr_span_write(&reading->cli->arena, handoff->within));
    put_text(reading, "late_is", hr_words_late_is.items[handoff->late_is]);
    if (handoff->has_fail_after) {
        put_text(reading, "fail_after", hr_span_write(&reading->cli->arena, handoff->fail_after));
    }
    put_person(reading, "owner", handoff->owner);
    put_person(reading, "failure_owner", handoff->failure_owner);
    put_escalation(reading, handoff);
    put_text(reading, "recovery", handoff->recovery);
    put_text(reading, "customer_sees", handoff->customer_sees);
    put_place(reading, &handoff->file_place);
    hr_buffer_add_byte(&reading->out, '}');
}

static void put_event(struct reading *reading, const char *name, int32_t event)
{
    put_text(reading, name, event < 0 ? HR_TEXT_NONE : reading->plan->event_names[event].name);
}

static void put_path(struct reading *reading, const struct hr_path *path)
{
    put_item(reading);
    hr_buffer_add_byte(&reading->out, '{');
    put_text(reading, "path", path->id);
    put_text(reading, "title", path->title);
    put_text(reading, "goal", path->goal);
    put_person(reading, "owner", path->owner);
    put_event(reading, "begins_with", path->starts_with);
    put_event(reading, "ends_with", path->ends_with);
    if (path->has_review) {
        put_text(reading, "review", hr_span_write(&reading->cli->arena, path->review));
    }
    put_place(reading, &path->place);
    put_name(reading, "handoffs");
    hr_buffer_add_byte(&reading->out, '[');
    for (int32_t i = path->first; i < path->first + path->count; i++) {
        put_handoff(reading, &reading->plan->handoffs[i]);
    }
    hr_buffer_add_text(&reading->out, HR_TEXT("]}"));
}

static int read_paths(struct reading *reading, struct hr_text only)
{
    const struct hr_plan *plan = reading->plan;
    size_t read = 0;
    const struct hr_cli_things paths = {plan->paths, plan->path_count, sizeof *plan->paths};
    hr_buffer_add_text(&reading->out, reading->cli->json ? HR_TEXT("{\"paths\":[") : HR_TEXT_NONE);
    for (size_t i = 0; i < plan->path_count; i++) {
        const struct hr_path *path = &plan->paths[i];
        if (only.size > 0 && !hr_text_equal(only, path->id)) {
            continue;
        }
        if (reading->cli->json) {
            put_path(reading, path);
        } else {
            hr_buffer_add_text(&reading->out, read == 0 ? HR_TEXT_NONE : HR_TEXT("\n"));
            struct hr_aloud_page page = begin_page(reading);
            hr_aloud_path(&page, path);
            add_page(reading, &page);
        }
        read++;
    }
    hr_buffer_add_text(&reading->out, reading->cli->json ? HR_TEXT("]}\n") : HR_TEXT_NONE);
    return read > 0 || only.size == 0
               ? HR_EXIT_ok
               : hr_cli_unknown(reading->cli, HR_CODE_path_unknown, "path", only, paths);
}

int hr_cli_path_of_files(struct hr_cli *cli)
{
    struct reading reading = {.cli = cli};
    int code = begin(&reading);
    if (code != HR_EXIT_ok) {
        return code;
    }
    struct hr_text only = cli->object_count > 0 ? cli->objects[0] : HR_TEXT_NONE;
    return end(&reading, read_paths(&reading, only));
}

int hr_cli_path_aloud(struct hr_cli *cli, struct hr_text path)
{
    struct reading reading = {.cli = cli, .folder = hr_cli_folder_here(cli), .plan = cli->plan};
    struct hr_aloud_page page = begin_page(&reading);
    int32_t index = hr_plan_path(cli->plan, path);
    for (int32_t i = 0; index >= 0 && i < cli->plan->paths[index].count; i++) {
        hr_buffer_add_byte(&page.text, '\n');
        hr_aloud_handoff(&page, &cli->plan->handoffs[cli->plan->paths[index].first + i]);
    }
    return hr_cli_print_whole(cli, &page.text);
}

bool hr_cli_has_journal(struct hr_cli *cli)
{
    struct hr_diagnostics kept = cli->found;
    bool found = hr_cli_folder(cli) && access(hr_cli_data_path(cli, "handrail.db"), F_OK) == 0;
    cli->found = kept;
    return found;
}

int hr_verb_schema(struct hr_cli *cli)
{
    struct hr_text schema = hr_grammar_schema(&cli->arena);
    if (schema.size == 0) {
        return hr_cli_failed(cli, hr_answer(HR_E_MEMORY));
    }
    hr_cli_print(cli, schema);
    return HR_EXIT_ok;
}

/* ---- automations -------------------------------------------------------------------------------------------- */

/* Depth is that of the plan's steps. */
static void put_steps(struct reading *reading, const struct hr_automation *automation,
                      const struct hr_plan_steps *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct hr_plan_step *step = &steps->items[i];
        put_item(reading);
        hr_buffer_add_byte(&reading->out, '{');
        put_text(reading, "step", step->path);
        put_text(reading, "id", step->id);
        put_text(reading, "verb", hr_step_kind_word(step->kind));
        put_text(reading, "text",
                 hr_aloud_step(&reading->cli->arena, reading->plan, automation, step));
        put_place(reading, &step->place);
        hr_buffer_add_byte(&reading->out, '}');
        if (step->kind == HR_STEP_branch) {
            put_steps(reading, automation, &step->branch->then);
            put_steps(reading, automation, &step->branch->otherwise);
        }
    }
}

static void put_left_out(struct reading *reading, const struct hr_automation *automation)
{
    put_name(reading, "left_out");
    hr_buffer_add_byte(&reading->out, '{');
    for (size_t i = 0; i < HR_ELEMENT_COUNT; i++) {
        put_text(reading, hr_element_word((enum hr_element)i).data, automation->left_out[i].reason);
    }
    hr_buffer_add_byte(&reading->out, '}');
}

static void put_automation(struct reading *reading, const struct hr_automation *automation)
{
    struct hr_arena *arena = &reading->cli->arena;
    hr_buffer_add_byte(&reading->out, '{');
    put_text(reading, "automation", automation->id);
    put_text(reading, "title", automation->title);
    put_text(reading, "goal", automation->goal);
    put_text(reading, "avoids", automation->avoids);
    put_text(reading, "record", hr_record_type_word(automation->record));
    put_text(reading, "path",
             automation->path < 0 ? HR_TEXT_NONE : reading->plan->paths[automation->path].id);
    put_text(reading, "starts", hr_aloud_trigger(arena, reading->plan, &automation->trigger));
    put_clauses(reading, "only_when", &automation->when);
    put_text(reading, "again", hr_aloud_reenter(arena, &automation->reenter));
    put_name(reading, "steps");
    hr_buffer_add_byte(&reading->out, '[');
    put_steps(reading, automation, &automation->steps);
    hr_buffer_add_byte(&reading->out, ']');
    put_clauses(reading, "stops_when", &automation->stop);
    if (automation->metric != NULL) {
        put_clauses(reading, "success", &automation->metric->success);
    }
    put_text(reading, "mode", hr_mode_word(automation->rollout.mode));
    put_person(reading, "owner", automation->owner);
    put_person(reading, "failure_owner", automation->failure_owner);
    put_left_out(reading, automation);
    put_name(reading, "runs");
    hr_buffer_add_text(&reading->out, hr_automates() && hr_automation_runs(automation)
                                          ? HR_TEXT("true")
                                          : HR_TEXT("false"));
    put_place(reading, &automation->place);
}

/* How it is at work, where there is a journal whose files have it too. */
static bool at_work(struct reading *reading, struct hr_text automation,
                    struct hr_report *ret_report)
{
    struct hr_cli *cli = reading->cli;
    struct hr_diagnostics kept = cli->found;
    bool known = hr_cli_has_journal(cli) &&
                 hr_cli_automation_at_work(cli, automation, ret_report) == HR_EXIT_ok;
    cli->found = kept; /* what the files say is told all the same */
    return known;
}

int hr_verb_automation_show(struct hr_cli *cli)
{
    struct reading reading = {.cli = cli};
    int code = begin(&reading);
    if (code != HR_EXIT_ok) {
        return code;
    }
    const struct hr_plan *plan = reading.plan;
    int32_t index = hr_plan_automation(plan, cli->objects[0]);
    if (index < 0) {
        const struct hr_cli_things there = {plan->automations, plan->automation_count,
                                            sizeof *plan->automations};
        return end(&reading, hr_cli_unknown(cli, HR_CODE_automation_unknown, "automation",
                                            cli->objects[0], there));
    }
    struct hr_report report;
    bool known = at_work(&reading, plan->automations[index].id, &report);
    if (cli->json) {
        put_automation(&reading, &plan->automations[index]);
        put_name(&reading, "at_work");
        if (known) {
            hr_json_write(&reading.out, &report.json);
        } else {
            hr_buffer_add_text(&reading.out, HR_TEXT("null"));
        }
        hr_buffer_add_text(&reading.out, HR_TEXT("}\n"));
        return end(&reading, HR_EXIT_ok);
    }
    struct hr_aloud_page page = begin_page(&reading);
    hr_aloud_automation(&page, &plan->automations[index]);
    add_page(&reading, &page);
    hr_buffer_add_byte(&reading.out, '\n');
    hr_buffer_add_text(
        &reading.out,
        known ? report.text
              : HR_TEXT("It is checked, and not run yet: this release only watches.\n"));
    return end(&reading, HR_EXIT_ok);
}

static void list_text(struct reading *reading)
{
    const struct hr_plan *plan = reading->plan;
    int widest = 0;
    for (size_t i = 0; i < plan->automation_count; i++) {
        int size = (int)plan->automations[i].id.size;
        widest = size > widest ? size : widest;
    }
    for (size_t i = 0; i < plan->automation_count; i++) {
        const struct hr_automation *automation = &plan->automations[i];
        struct hr_text starts = hr_aloud_trigger(&reading->cli->arena, plan, &automation->trigger);
        hr_buffer_add_format(&reading->out, "%.*s%*s  %-9.*s  %.*s: %.*s\n",
                             HR_SHOW(automation->id), widest - (int)automation->id.size, "",
                             HR_SHOW(hr_mode_word(automation->rollout.mode)), HR_SHOW(starts),
                             HR_SHOW(automation->title));
    }
    if (plan->automation_count == 0) {
        hr_buffer_add_text(&reading->out, HR_TEXT("There is no automation in these files.\n"));
    }
}

int hr_verb_automation_ls(struct hr_cli *cli)
{
    struct reading reading = {.cli = cli};
    if (!hr_cli_has(cli, "files") && hr_cli_has_journal(cli)) {
        return hr_cli_automations_at_work(cli);
    }
    int code = begin(&reading);
    if (code != HR_EXIT_ok) {
        return code;
    }
    if (!cli->json) {
        list_text(&reading);
        hr_cli_note_later(cli, reading.plan);
        return end(&reading, HR_EXIT_ok);
    }
    hr_buffer_add_text(&reading.out, HR_TEXT("{\"automations\":["));
    for (size_t i = 0; i < reading.plan->automation_count; i++) {
        put_item(&reading);
        put_automation(&reading, &reading.plan->automations[i]);
        hr_buffer_add_byte(&reading.out, '}');
    }
    hr_buffer_add_text(&reading.out, HR_TEXT("]}\n"));
    return end(&reading, HR_EXIT_ok);
}
