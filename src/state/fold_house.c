/* The fold of what belongs to the business as a whole: names, plan, tokens, tools, counts. */
#include "state/state_internal.h"

#include <string.h>

static hr_status add_name(const struct hr_folding *folding, struct hr_record *record,
                          const struct hr_fact *fact)
{
    struct hr_names *names = record->names;
    if (fact->number != names->count + 1 || fact->number > HR_NAME_MAX) {
        return hr_answer(HR_E_CORRUPT);
    }
    struct hr_text *words =
        hr_list_grow(folding->arena, names->words, names->count, &names->capacity, sizeof *words);
    if (words == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    names->words = words;
    names->words[names->count] = fact->text;
    names->count++;
    return hr_done();
}

static hr_status add_token(const struct hr_folding *folding, struct hr_workspace_record *workspace,
                           const struct hr_fact *fact)
{
    void *tokens = NULL;
    if (workspace->token_count >= HR_TOKENS_MAX) {
        return hr_answer(HR_E_LIMIT);
    }
    struct hr_token *token =
        hr_array_insert(folding->arena, workspace->tokens, workspace->token_count,
                        workspace->token_count, sizeof *token, &tokens);
    if (token == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *token = (struct hr_token){
        .digest = fact->text, .person = fact->other, .role = fact->state, .at = fact->at};
    workspace->tokens = tokens;
    workspace->token_count++;
    return hr_done();
}

static void remove_token(struct hr_workspace_record *workspace, struct hr_text digest)
{
    size_t kept = 0;
    for (size_t i = 0; i < workspace->token_count; i++) {
        if (!hr_text_equal(workspace->tokens[i].digest, digest)) {
            workspace->tokens[kept++] = workspace->tokens[i];
        }
    }
    workspace->token_count = kept;
}

static hr_status move_count(struct hr_handoff_record *handoff, const struct hr_fact *fact)
{
    handoff->handoff = fact->name;
    if (fact->from != HR_STAND_none) {
        if (fact->from >= HR_STAND_count || handoff->counts[fact->from] < fact->number) {
            return hr_answer(HR_E_CORRUPT);
        }
        handoff->counts[fact->from] -= fact->number;
    }
    if (fact->state != HR_STAND_none) {
        if (fact->state >= HR_STAND_count) {
            return hr_answer(HR_E_CORRUPT);
        }
        handoff->counts[fact->state] += fact->number;
    }
    return hr_done();
}

static bool same_type(const struct hr_type_count *type, const struct hr_fact *fact)
{
    return type->type == fact->other && (fact->other != 0 || hr_text_equal(type->word, fact->text));
}

/* A tool whose events were renamed often: the one heard longest ago is counted no more. */
static void forget_oldest_type(struct hr_tool_record *tool)
{
    size_t oldest = 0;
    for (size_t i = 1; i < tool->type_count; i++) {
        oldest = tool->types[i].last_at < tool->types[oldest].last_at ? i : oldest;
    }
    tool->type_count--;
    memmove(tool->types + oldest, tool->types + oldest + 1,
            (tool->type_count - oldest) * sizeof *tool->types);
}

static hr_status hear(const struct hr_folding *folding, struct hr_tool_record *tool,
                      const struct hr_fact *fact)
{
    tool->tool = fact->name;
    tool->count++;
    if (tool->last_at < fact->at) {
        tool->last_at = fact->at;
    }
    struct hr_type_count *type = NULL;
    for (size_t i = 0; i < tool->type_count && type == NULL; i++) {
        type = same_type(&tool->types[i], fact) ? &tool->types[i] : NULL;
    }
    if (type == NULL) {
        void *types = NULL;
        if (tool->type_count >= HR_TYPES_MAX) {
            forget_oldest_type(tool);
        }
        type = hr_array_insert(folding->arena, tool->types, tool->type_count, tool->type_count,
                               sizeof *type, &types);
        if (type == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        *type = (struct hr_type_count){.type = fact->other, .word = fact->text};
        tool->types = types;
        tool->type_count++;
    }
    type->count++;
    type->last_at = fact->at;
    return hr_done();
}

/* The counter of one state; NULL: it is none, or unknown. */
static uint64_t *counter_of(struct hr_automation_record *automation, unsigned count)
{
    if (count == HR_COUNT_running) {
        return &automation->running;
    }
    if (count >= HR_COUNT_ended && count < HR_COUNT_ended + HR_RUN_END_COUNT) {
        return &automation->ended[count - HR_COUNT_ended];
    }
    if (count >= HR_COUNT_kept_out && count < HR_COUNT_kept_out + HR_OUT_COUNT) {
        return &automation->kept_out[count - HR_COUNT_kept_out];
    }
    return NULL;
}

static hr_status count_run(struct hr_automation_record *automation, const struct hr_fact *fact)
{
    uint64_t *from = counter_of(automation, fact->from);
    uint64_t *to = counter_of(automation, fact->state);
    bool known = (from != NULL || fact->from == HR_COUNT_none) &&
                 (to != NULL || fact->state == HR_COUNT_none) && (from == NULL || *from > 0);
    if (!known) {
        return hr_answer(HR_E_CORRUPT);
    }
    automation->automation = fact->name;
    if (from != NULL) {
        --*from;
    }
    if (to != NULL) {
        ++*to;
    }
    return hr_done();
}

static hr_status switch_automation(struct hr_automation_record *automation, uint64_t position,
                                   const struct hr_fact *fact)
{
    if (fact->state >= HR_SWITCH_COUNT) {
        return hr_answer(HR_E_CORRUPT);
    }
    automation->automation = fact->name;
    automation->state = fact->state;
    automation->switched_by = fact->other;
    automation->switched_at = fact->at;
    automation->switched_in = position;
    automation->wakes = fact->state == HR_SWITCH_on;
    automation->woken_to = 0;
    return hr_done();
}

static hr_status let_go(struct hr_automation_record *automation, const struct hr_fact *fact)
{
    automation->automation = fact->name;
    if (fact->state == HR_LET_GO_HELD) {
        automation->held += fact->number;
        return hr_done();
    }
    if (fact->state > HR_LET_GO_drop || automation->held < fact->number) {
        return hr_answer(HR_E_CORRUPT);
    }
    automation->held -= fact->number;
    automation->let_go = fact->state;
    automation->let_at = fact->at;
    return hr_done();
}

static enum hr_record_kind house_kind(const struct hr_fact *fact)
{
    switch ((int)fact->kind) {
    case HR_FACT_name_added:
        return HR_RECORD_names;
    case HR_FACT_count_moved:
        return HR_RECORD_handoff;
    case HR_FACT_tool_heard:
    case HR_FACT_tool_window:
        return HR_RECORD_tool;
    case HR_FACT_automation_counted:
    case HR_FACT_automation_switched:
    case HR_FACT_automation_woken:
    case HR_FACT_schedule_moved:
    case HR_FACT_schedule_swept:
    case HR_FACT_automation_let_go:
    case HR_FACT_standing_said:
        return HR_RECORD_automation;
    case HR_FACT_turn_given:
        return HR_RECORD_team;
    case HR_FACT_queue_moved:
    case HR_FACT_queue_timed:
    case HR_FACT_lane_switched:
        return HR_RECORD_queue;
    default:
        return HR_RECORD_workspace;
    }
}

hr_status hr_fold_house(const struct hr_folding *folding, uint64_t position,
                        const struct hr_fact *fact)
{
    uint64_t ids[2];
    (void)hr_fact_records(fact, ids);
    struct hr_record *record = folding->record(folding->context, ids[0], house_kind(fact));
    if (record == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    switch ((int)fact->kind) {
    case HR_FACT_name_added:
        return add_name(folding, record, fact);
    case HR_FACT_plan_published:
        record->workspace->plan_number = fact->number;
        record->workspace->plan_position = position;
        record->workspace->plan_digest = fact->text;
        return hr_done();
    case HR_FACT_token_added:
        return add_token(folding, record->workspace, fact);
    case HR_FACT_token_removed:
        remove_token(record->workspace, fact->text);
        return hr_done();
    case HR_FACT_count_moved:
        return move_count(record->handoff, fact);
    case HR_FACT_tool_heard:
        return hear(folding, record->tool, fact);
    case HR_FACT_tool_window:
        record->tool->tool = fact->name;
        record->tool->window_from = fact->at;
        record->tool->window_until = fact->until;
        record->tool->window_start_count = record->tool->count;
        return hr_done();
    case HR_FACT_automation_counted:
        return count_run(record->automation, fact);
    case HR_FACT_automation_switched:
        return switch_automation(record->automation, position, fact);
    case HR_FACT_automation_woken:
        record->automation->wakes = fact->state != 0;
        record->automation->woken_to = fact->number;
        return hr_done();
    case HR_FACT_switch_explained:
        return hr_done(); /* history */
    case HR_FACT_schedule_moved:
    case HR_FACT_schedule_swept:
        return hr_fold_schedule(folding, record->automation, position, fact);
    case HR_FACT_turn_given:
        *record->team =
            (struct hr_team_record){.team = fact->name, .person = fact->other, .at = fact->at};
        return hr_done();
    case HR_FACT_automation_let_go:
        return let_go(record->automation, fact);
    case HR_FACT_standing_said:
        return hr_fold_standing(folding, record->automation, fact);
    case HR_FACT_queue_moved:
    case HR_FACT_queue_timed:
    case HR_FACT_lane_switched:
        return hr_fold_queue(record->queue, fact);
    default:
        return hr_answer(HR_E_VERSION);
    }
}
