/* hr_workspace_check: the phases in their order, the limits, and the digest of what was read. */
#include "workspace/inside.h"

/* Scratch holds the node trees of all files; 512 files at their limit would not fit and are refused. */
enum { SCRATCH_BYTES_MAX = 256 << 20, DIGEST_HEAD_BYTES_MAX = 8 << 10 };

static const struct {
    const char *noun;
    size_t most;
} limits[HR_LIMIT_COUNT] = {
    [HR_LIMIT_files] = {"files", 512},
    [HR_LIMIT_people] = {"people", 500},
    [HR_LIMIT_fields] = {"fields of one kind of record", 200},
    [HR_LIMIT_values] = {"values of one field", 200},
    [HR_LIMIT_tools] = {"tools", 200},
    [HR_LIMIT_tool_events] = {"events of one tool", 100},
    [HR_LIMIT_mappings] = {"lines of one map", 200},
    [HR_LIMIT_paths] = {"paths", 100},
    [HR_LIMIT_handoffs] = {"handoffs on one path", 50},
    [HR_LIMIT_conditions] = {"conditions of one handoff", 20},
    [HR_LIMIT_carried] = {"carried fields", HR_CARRIED_MAX},
    [HR_LIMIT_rungs] = {"steps of one escalation", 10},
    [HR_LIMIT_days] = {"days", 400},
    [HR_LIMIT_event_types] = {"names of events", 1000},
    [HR_LIMIT_attributes] = {"names of event attributes", 500},
    [HR_LIMIT_teams] = {"teams", 200},
    [HR_LIMIT_members] = {"people in one team", 500},
    [HR_LIMIT_links] = {"links of one kind of record", 20},
    [HR_LIMIT_writers] = {"writers of one field", 50},
    [HR_LIMIT_parties] = {"people and teams in one place", 50},
    [HR_LIMIT_actions] = {"actions of one tool", 100},
    [HR_LIMIT_inputs] = {"inputs of one action", HR_ACTION_INPUTS_MAX},
    [HR_LIMIT_pipelines] = {"pipelines", 50},
    [HR_LIMIT_stages] = {"stages of one pipeline", 50},
    [HR_LIMIT_automations] = {"automations", 2000},
    [HR_LIMIT_steps] = {"steps in one place", HR_STEPS_MAX},
    [HR_LIMIT_rules] = {"conditions in one place", 20},
    [HR_LIMIT_names] = {"names in one place", 200},
    [HR_LIMIT_cases] = {"cases of one approval", 20},
    [HR_LIMIT_tables] = {"tables", 200},
    [HR_LIMIT_columns] = {"columns of one table", 20},
    [HR_LIMIT_rows] = {"rows of one table", 500},
    [HR_LIMIT_messages] = {"messages", 1000},
    [HR_LIMIT_policies] = {"policies of one kind", 100},
    [HR_LIMIT_tests] = {"tests in one file", 500},
    [HR_LIMIT_test_lines] = {"lines of one test", 50},
};

bool hr_draft_within(struct hr_draft *draft, enum hr_limit limit, size_t count,
                     struct hr_place place)
{
    if (count <= limits[limit].most) {
        return true;
    }
    hr_draft_error(draft, too_many, place, "there are %zu %s, and at most %zu are allowed", count,
                   limits[limit].noun, limits[limit].most);
    return false;
}

struct hr_text hr_draft_copy(struct hr_draft *draft, struct hr_text text)
{
    return text.size == 0 ? HR_TEXT_NONE : hr_text_copy(draft->into, text);
}

/* Path, size and bytes of each file, then the zone: sizes stand before what they measure, so no two
 * different workspaces give the same bytes. */
static void digest_files(struct hr_draft *draft, struct hr_text tzif)
{
    size_t count = draft->source_count;
    struct hr_text *parts = hr_draft_scratch(draft, struct hr_text, 2 * count + 1);
    if (parts == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct hr_buffer head;
        hr_buffer_init(&head, &draft->scratch, DIGEST_HEAD_BYTES_MAX);
        hr_put_text(&head, draft->sources[i].path);
        hr_put_uint(&head, draft->sources[i].bytes.size);
        draft->refused |= head.failed;
        parts[2 * i] = hr_buffer_text(&head);
        parts[2 * i + 1] = draft->sources[i].bytes;
    }
    parts[2 * count] = tzif;
    draft->plan->digest = hr_digest_of(parts, 2 * count + 1);
}

static bool alive(const struct hr_draft *draft)
{
    return !draft->refused && !draft->into->failed && !draft->scratch.failed &&
           !draft->reterr->arena->failed;
}

static void make_indexes(struct hr_draft *draft)
{
    struct hr_plan *plan = draft->plan;
    draft->refused |= !hr_ok(hr_plan_index(plan, draft->into));
    for (size_t i = 0; draft->reterr->error_count == 0 && i < plan->automation_count; i++) {
        plan->automations[i].meaning =
            hr_automation_meaning(&draft->scratch, plan, &plan->automations[i]);
    }
}

static void check_all(struct hr_draft *draft, hr_zone_of zone_of, void *context)
{
    struct hr_text tzif = HR_TEXT_NONE;
    hr_draft_read_head(draft, zone_of, context, &tzif);
    digest_files(draft, tzif);
    /* A phase relies on the memory of those before it, and on what they read: names before whatever refers to them
     * (people and teams, then all other ids), fields before the tools that map into them, what tools and steps bring
     * (foresee) before the scope of conditions, and so before all that has conditions; what is named in automations
     * before these. Then all is there, and what it does together is judged. */
    void (*const phases[])(struct hr_draft *) = {
        hr_draft_read_people,    hr_draft_read_teams,        hr_draft_name_tools,
        hr_draft_name_all,       hr_draft_read_records,      hr_draft_make_mapping_scope,
        hr_draft_read_tools,     hr_draft_foresee,           hr_draft_make_scope,
        hr_draft_read_outside,   hr_draft_read_policies,     hr_draft_read_paths,
        hr_draft_check_circles,  hr_draft_read_pipelines,    hr_draft_read_messages,
        hr_draft_read_tables,    hr_draft_read_automations,  hr_draft_read_tests,
        hr_draft_check_together, hr_draft_warn_not_in_force, make_indexes,
    };
    for (size_t i = 0; i < sizeof phases / sizeof phases[0] && alive(draft); i++) {
        phases[i](draft);
    }
}

/* Complaints outlive a plan that is refused: their places name files in the memory of the complaints. */
static void settle_places(struct hr_draft *draft)
{
    for (size_t i = 0; i < draft->reterr->count; i++) {
        struct hr_diagnostic *item = &draft->reterr->items[i];
        const struct hr_source *first = hr_draft_source(draft, item->place);
        const struct hr_source *second = hr_draft_source(draft, item->second);
        item->place.file = first != NULL ? first->path : item->place.file;
        item->second.file = second != NULL ? second->path : item->second.file;
    }
}

hr_status hr_draft_run(struct hr_draft *draft, const struct hr_file *files, size_t file_count,
                       hr_zone_of zone_of, void *context)
{
    size_t errors_before = draft->reterr->error_count;
    hr_arena_init(&draft->scratch, SCRATCH_BYTES_MAX);
    hr_map_init(&draft->kept_exprs, &draft->scratch);
    draft->plan = hr_arena_new(draft->into, struct hr_plan);
    bool read = draft->plan != NULL && hr_draft_read_files(draft, files, file_count);
    if (read) {
        check_all(draft, zone_of, context);
    }
    if (draft->reterr->error_count > 0) {
        hr_diagnostics_drop_later(draft->reterr); /* what is wrong comes first */
    }
    settle_places(draft);
    bool whole = alive(draft) && draft->plan != NULL;
    if (whole && read && draft->reterr->error_count == errors_before) {
        return hr_done();
    }
    return hr_answer(whole ? HR_E_INPUT : HR_E_MEMORY);
}

hr_status hr_workspace_check(struct hr_arena *into, const struct hr_file *files, size_t file_count,
                             hr_zone_of zone_of, void *context, struct hr_diagnostics *reterr,
                             struct hr_plan **ret_plan)
{
    hr_assert(into != NULL && reterr != NULL && zone_of != NULL);
    struct hr_draft draft = {.into = into, .reterr = reterr};
    hr_status status = hr_draft_run(&draft, files, file_count, zone_of, context);
    hr_arena_close(&draft.scratch);
    if (!hr_ok(status)) {
        hr_plan_release(draft.plan);
        return status;
    }
    *ret_plan = draft.plan;
    return hr_done();
}
