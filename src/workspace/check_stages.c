/* Stages that prove nothing, and moves that go against what the pipeline allows. */
#include "workspace/sense_inside.h"

/* ---- evidence ----------------------------------------------------------------------------------- */

struct seen {
    bool record;
    const struct hr_clause *line; /* the first that reads the event; NULL: none */
};

static void note_reads(void *context, const struct hr_clause *line)
{
    struct seen *seen = context;
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(line->expr, &count);
    for (size_t i = 0; i < count; i++) {
        bool event = reads[i].name == HR_SCOPE_event;
        seen->record = seen->record || !event;
        seen->line = event && seen->line == NULL ? line : seen->line;
    }
}

/* More than activity: the event proves or opens a handoff. That it sets fields says nothing: a tool's `map` gives the
 * same ones to all its events, and which of them is meant, the evidence can ask for. */
static bool says_more(const struct hr_sense *sense, struct hr_text name)
{
    const struct hr_plan *plan = sense->plan;
    for (size_t i = 0; i < plan->handoff_count; i++) {
        const struct hr_handoff *handoff = &plan->handoffs[i];
        bool said = hr_text_equal(handoff->opens_on, name);
        for (size_t type = 0; type < handoff->proof_type_count; type++) {
            said = said || hr_text_equal(handoff->proof_types[type], name);
        }
        if (said) {
            return true;
        }
    }
    return false;
}

/* All events that the line names say more than that they came. */
static bool names_facts(const struct hr_sense *sense, const struct hr_clause *line)
{
    struct hr_expr_read read = {0};
    const struct hr_value *literals = NULL;
    size_t count = 0;
    if (!hr_expr_equals_literal(line->expr, &read, &literals, &count) ||
        read.field != HR_EVENT_FIELD_type) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!says_more(sense, hr_value_as_text(&literals[i]))) {
            return false;
        }
    }
    return count > 0;
}

/* One line of those that must hold is enough; of alternatives each must say more. Depth is that of groups. */
static bool shows_facts(const struct hr_sense *sense, const struct hr_clause *rule)
{
    if (rule->kind == HR_CLAUSE_line) {
        return names_facts(sense, rule);
    }
    if (rule->kind == HR_CLAUSE_none) {
        return false;
    }
    bool all = rule->kind == HR_CLAUSE_all;
    for (size_t i = 0; i < rule->count; i++) {
        if (shows_facts(sense, &rule->items[i]) == all) {
            return all;
        }
    }
    return !all;
}

static void judge_stage(const struct hr_sense *sense, const struct hr_stage *stage)
{
    struct seen seen = {.record = false};
    const struct hr_clause all = {
        .kind = HR_CLAUSE_all, .items = stage->evidence.items, .count = stage->evidence.count};
    hr_clauses_each(&stage->evidence, note_reads, &seen);
    if (seen.line == NULL || seen.record || shows_facts(sense, &all)) {
        hr_sense_evidence(sense, stage);
        return;
    }
    struct hr_diagnostic *item =
        hr_draft_error(sense->draft, stage_on_activity, seen.line->place,
                       "`%.*s` is reached because something happened, not because something is so",
                       HR_SHOW(stage->id));
    item->example = HR_TEXT("a mail scanner opens the e-mail, and a lead counts as interested");
    item->help = HR_TEXT("let the event set a field, and ask for the field: "
                         "\"contact.payment_status == 'paid'\"");
}

void hr_sense_stages(const struct hr_sense *sense)
{
    for (size_t i = 0; i < sense->plan->stage_count; i++) {
        judge_stage(sense, &sense->plan->stages[i]);
    }
}

/* ---- where a record can stand ------------------------------------------------------------------- */

enum { STAGES_MAX = 50, UNSET_BIT = 63 };
#define ANYWHERE (~UINT64_C(0))

/* The stages that the pipeline's records can be in: bit i its i-th, UNSET_BIT none. */
struct standing {
    const struct hr_sense *sense;
    const struct hr_automation *automation;
    const struct hr_pipeline *pipeline;
    uint64_t in;
    struct hr_place known_by; /* what says so */
};

static uint64_t bit_of(const struct standing *standing, const struct hr_value *value)
{
    const struct hr_plan *plan = standing->sense->plan;
    if (value->kind == HR_KIND_null) {
        return UINT64_C(1) << UNSET_BIT;
    }
    for (int32_t i = 0; i < standing->pipeline->count; i++) {
        if (hr_text_equal(plan->stages[standing->pipeline->first + i].id,
                          hr_value_as_text(value))) {
            return UINT64_C(1) << i;
        }
    }
    return ANYWHERE;
}

/* The stages in which the rules can hold. */
static uint64_t stages_of(const struct standing *standing, const struct hr_clauses *rules)
{
    const struct hr_seen_events nothing = {.event_known = false};
    const struct hr_pipeline *pipeline = standing->pipeline;
    struct hr_worlds worlds;
    uint64_t in = 0;
    if (!hr_sense_reads(rules, pipeline->record, pipeline->field)) {
        return ANYWHERE;
    }
    struct hr_arena *scratch = &standing->sense->draft->scratch;
    struct hr_arena_mark mark = hr_arena_mark(scratch);
    hr_worlds_of(&worlds, standing->sense->draft, rules, &nothing);
    const struct hr_axis *axis = NULL;
    for (size_t i = 0; i < worlds.axis_count; i++) {
        bool stage = hr_scope_record(worlds.axes[i].name) == pipeline->record &&
                     worlds.axes[i].field == pipeline->field;
        axis = stage ? &worlds.axes[i] : axis;
    }
    do {
        if (axis != NULL && hr_world_can(&worlds, rules)) {
            in |= bit_of(standing, &axis->values[worlds.at[axis - worlds.axes]]);
        }
    } while (axis != NULL && hr_worlds_next(&worlds));
    hr_arena_rewind(scratch, mark);
    return axis == NULL ? ANYWHERE : in;
}

/* ---- moves -------------------------------------------------------------------------------------- */

static void complain_stays(const struct standing *standing, const struct hr_plan_step *step)
{
    struct hr_text id = standing->sense->plan->stages[step->move->stage].id;
    struct hr_diagnostic *item =
        hr_draft_warning(standing->sense->draft, move_stays, step->place,
                         "a record is in `%.*s` already when it comes here", HR_SHOW(id));
    hr_sense_also(item, standing->known_by, "because of this");
    item->example = HR_TEXT("whoever reads the steps looks for a move that never shows");
}

static void complain_refused(const struct standing *standing, const struct hr_plan_step *step,
                             bool back)
{
    struct hr_text id = standing->sense->plan->stages[step->move->stage].id;
    struct hr_diagnostic *item =
        hr_draft_error(standing->sense->draft, move_refused, step->place,
                       back ? "the move to `%.*s` goes back, which the pipeline refuses"
                            : "the move to `%.*s` skips a stage, which the pipeline refuses",
                       HR_SHOW(id));
    hr_sense_also(item, standing->pipeline->moves_place, "refused here");
    item->example = HR_TEXT("each run ends here as a failure, and the steps below never run");
    item->help = back ? HR_TEXT("remove the move, or write `backwards: ask`")
                      : HR_TEXT("move through the stage between them, or write `skip_stages: ask`");
}

static void judge_move(struct standing *standing, const struct hr_plan_step *step)
{
    const struct hr_pipeline *pipeline = standing->pipeline;
    uint64_t to = UINT64_C(1) << (step->move->stage - pipeline->first);
    uint64_t below = to - 1;
    uint64_t above = ~below & ~to & ~(UINT64_C(1) << UNSET_BIT);
    uint64_t in = standing->in;
    if (in == to) {
        complain_stays(standing, step);
    } else if (in != 0 && (in & ~above) == 0 && pipeline->moves_said &&
               pipeline->backwards == HR_MOVE_refuse) {
        complain_refused(standing, step, true);
    } else if (in != 0 && (in & ~(below >> 1)) == 0 && pipeline->moves_said &&
               pipeline->skip_stages == HR_MOVE_refuse) {
        complain_refused(standing, step, false);
    }
    standing->in = to;
    standing->known_by = step->place;
}

/* Depth is limited by HR_STEP_DEPTH_MAX, so the recursion is. */
static void walk(struct standing *standing, const struct hr_plan_steps *steps);

static void walk_branch(struct standing *standing, const struct hr_plan_step *step)
{
    struct standing then = *standing;
    uint64_t when = stages_of(standing, &step->branch->when);
    then.in &= when;
    then.known_by = when == ANYWHERE ? then.known_by : step->place;
    walk(&then, &step->branch->then);
    walk(standing, &step->branch->otherwise);
    standing->in |= then.in;
}

static void walk(struct standing *standing, const struct hr_plan_steps *steps)
{
    int32_t pipeline = (int32_t)(standing->pipeline - standing->sense->plan->pipelines);
    for (size_t i = 0; i < steps->count; i++) {
        const struct hr_plan_step *step = &steps->items[i];
        if (step->kind == HR_STEP_move_stage && step->move->pipeline == pipeline) {
            judge_move(standing, step);
        } else if (step->kind == HR_STEP_wait || step->kind == HR_STEP_wait_for ||
                   step->kind == HR_STEP_ask) {
            standing->in = ANYWHERE; /* meanwhile somebody else may have moved it */
        } else if (step->kind == HR_STEP_branch) {
            walk_branch(standing, step);
        }
    }
}

struct mover {
    const struct hr_sense *sense;
    const struct hr_automation *automation;
    int32_t judged; /* the pipeline that was looked at */
};

static void judge_pipeline(void *context, const struct hr_plan_step *step)
{
    struct mover *mover = context;
    const struct hr_plan *plan = mover->sense->plan;
    if (step->kind != HR_STEP_move_stage || step->move->stage < 0) {
        return;
    }
    const struct hr_pipeline *pipeline = &plan->pipelines[step->move->pipeline];
    if (mover->judged == step->move->pipeline || pipeline->field < 0 ||
        pipeline->count > STAGES_MAX || pipeline->record != mover->automation->record) {
        return;
    }
    mover->judged = step->move->pipeline;
    struct standing standing = {mover->sense, mover->automation, pipeline, ANYWHERE,
                                mover->automation->when_place};
    standing.in = stages_of(&standing, &mover->automation->when);
    walk(&standing, &mover->automation->steps);
}

void hr_sense_moves(const struct hr_sense *sense, const struct hr_automation *automation)
{
    struct mover mover = {sense, automation, HR_NONE_INDEX};
    hr_sense_steps(&automation->steps, judge_pipeline, &mover);
}
