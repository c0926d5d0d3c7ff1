/* Conditions that can never hold, or that ask nothing: in filters, stop rules, branches, rows of `set`, waits, stages,
 * metrics; and what stands behind them and is never reached. */
#include "workspace/sense_inside.h"

enum { ROWS_MAX = 20 }; /* HR_LIMIT_rules */

/* What a list of conditions is for, and what comes of it when it fails to decide anything. */
struct use {
    const char *noun;          /* "this filter" */
    const char *never;         /* example of harm */
    const char *always;        /* the same */
    enum hr_severity if_never; /* how bad */
    enum hr_severity if_always;
    bool any; /* one of them is enough: each is judged alone */
};

static const struct use filter = {
    "this filter",
    "nobody would ever go through this automation",
    "everybody goes through, also those whom the line should keep out",
    HR_SEVERITY_error,
    HR_SEVERITY_warning,
    false};
static const struct use stop_rule = {"this stop rule",
                                     "nobody would ever be stopped by it, and messages go on",
                                     "everybody would leave before the first step",
                                     HR_SEVERITY_warning,
                                     HR_SEVERITY_error,
                                     true};
static const struct use branch_rule = {"this `if`",
                                       "the steps under `then` would never run",
                                       "the steps under `else` would never run",
                                       HR_SEVERITY_error,
                                       HR_SEVERITY_warning,
                                       false};
static const struct use row_rule = {"this row",
                                    "the value would never be set",
                                    "no row below it would ever be taken",
                                    HR_SEVERITY_error,
                                    HR_SEVERITY_warning,
                                    false};
static const struct use wait_rule = {"this wait",
                                     "everybody would wait until it is too late",
                                     "any such event ends the wait, also one of another order",
                                     HR_SEVERITY_error,
                                     HR_SEVERITY_warning,
                                     false};
static const struct use evidence = {"the evidence",
                                    "no record could ever stand in this stage",
                                    "a record would move although nothing was shown",
                                    HR_SEVERITY_error,
                                    HR_SEVERITY_warning,
                                    false};
static const struct use success = {
    "this success",    "success would be 0 for ever", "success would be 100% whatever happens",
    HR_SEVERITY_error, HR_SEVERITY_warning,           false};
static const struct use skip_rule = {"this `skip`",
                                     "nobody would ever be skipped by it",
                                     "everybody would be skipped",
                                     HR_SEVERITY_warning,
                                     HR_SEVERITY_error,
                                     true};

/* ---- one list ----------------------------------------------------------------------------------- */

static void complain_never(struct hr_draft *draft, const struct use *use,
                           const struct hr_judgement *judgement)
{
    const struct hr_clause *line = judgement->line;
    struct hr_diagnostic *item = hr_diagnostics_add(
        draft->reterr, HR_CODE_condition_never, use->if_never, line->place,
        judgement->other != NULL ? "%s can never hold: two of its lines contradict each other"
                                 : "%s can never hold",
        use->noun);
    item->example = hr_text_from(use->never);
    if (judgement->other != NULL) {
        item->label = HR_TEXT("this cannot hold ...");
        hr_sense_also(item, judgement->other->place, "... where this does");
        item->help = HR_TEXT("remove one of the two, or put both under `any:` if one is enough");
    } else if (line->kind == HR_CLAUSE_line) {
        item->help = hr_draft_say(draft, "it asks that %.*s; ask for what can be so, or remove it",
                                  HR_SHOW(hr_expr_say(line->expr, draft->reterr->arena)));
    }
}

static void complain_always(struct hr_draft *draft, const struct use *use,
                            const struct hr_judgement *judgement)
{
    const struct hr_clause *line = judgement->line;
    struct hr_diagnostic *item = hr_diagnostics_add(
        draft->reterr, HR_CODE_condition_always, use->if_always, line->place,
        judgement->known_only ? "%s asks nothing here: it holds for every value there is"
                              : "%s asks nothing here: it always holds",
        use->noun);
    item->example = hr_text_from(use->always);
    struct hr_text source =
        line->kind == HR_CLAUSE_line ? hr_expr_source(line->expr) : HR_TEXT_NONE;
    bool slip = hr_text_search(source, HR_TEXT("||")) < source.size &&
                hr_text_search(source, HR_TEXT("!=")) < source.size;
    if (slip) {
        item->help = HR_TEXT("with `!=` on both sides, `&&` was meant instead of `||`");
    }
}

static void judge_list(struct hr_draft *draft, const struct use *use,
                       const struct hr_clauses *rules, const struct hr_seen_events *seen)
{
    struct hr_judgement judgement = hr_judge_rules(draft, rules, seen);
    if (judgement.verdict == HR_VERDICT_never) {
        complain_never(draft, use, &judgement);
    } else if (judgement.verdict == HR_VERDICT_always) {
        complain_always(draft, use, &judgement);
    }
}

static void judge(struct hr_draft *draft, const struct use *use, const struct hr_clauses *rules,
                  const struct hr_seen_events *seen)
{
    if (!use->any) {
        judge_list(draft, use, rules, seen);
        return;
    }
    for (size_t i = 0; i < rules->count; i++) {
        const struct hr_clauses alone = {&rules->items[i], 1};
        judge_list(draft, use, &alone, seen);
    }
}

/* ---- rows of which the first that holds is taken ------------------------------------------------ */

/* True when in every world in which the row can hold, a row before it does; `ret_by`: one that does so alone, or -1. */
static bool is_covered(struct hr_worlds *worlds, const struct hr_set_value *rows, size_t row,
                       int32_t *ret_by)
{
    bool alone[ROWS_MAX];
    for (size_t i = 0; i < row; i++) {
        alone[i] = true;
    }
    hr_worlds_rewind(worlds);
    do {
        if (!hr_world_can(worlds, &rows[row].when)) {
            continue;
        }
        bool taken = false;
        for (size_t i = 0; i < row; i++) {
            bool must = hr_world_must(worlds, &rows[i].when);
            alone[i] = alone[i] && must;
            taken = taken || must;
        }
        if (!taken) {
            return false;
        }
    } while (hr_worlds_next(worlds));
    *ret_by = HR_NONE_INDEX;
    for (size_t i = row; i-- > 0;) {
        *ret_by = alone[i] ? (int32_t)i : *ret_by;
    }
    return true;
}

static void complain_row(struct hr_draft *draft, const struct hr_set_value *rows, size_t row,
                         int32_t by)
{
    bool rest = rows[row].when.count == 0;
    struct hr_diagnostic *item = hr_diagnostics_add(
        draft->reterr, HR_CODE_row_never_reached, rest ? HR_SEVERITY_warning : HR_SEVERITY_error,
        rows[row].place, "this row is never reached: the rows above it take all that it would");
    item->example =
        hr_draft_say(draft, "no record ever gets %.*s", HR_SHOW(hr_expr_source(rows[row].value)));
    if (by >= 0) {
        hr_sense_also(item, rows[by].place, "this one is taken first");
        item->help = HR_TEXT("put the narrower row first, or remove this one");
    }
}

static void judge_rows(struct hr_draft *draft, const struct hr_set_line *line,
                       const struct hr_seen_events *seen)
{
    struct hr_clause groups[ROWS_MAX];
    struct hr_worlds worlds;
    size_t count = line->value_count < ROWS_MAX ? line->value_count : ROWS_MAX;
    for (size_t i = 0; i < count; i++) {
        const struct hr_clauses *when = &line->values[i].when;
        groups[i] =
            (struct hr_clause){.kind = HR_CLAUSE_any, .items = when->items, .count = when->count};
        if (hr_judge_rules(draft, when, seen).verdict != HR_VERDICT_open) {
            judge(draft, &row_rule, when, seen);
            return; /* the others are judged once this one is right */
        }
    }
    const struct hr_clauses all = {groups, count};
    struct hr_arena_mark mark = hr_arena_mark(&draft->scratch);
    hr_worlds_of(&worlds, draft, &all, seen);
    for (size_t i = 1; i < count; i++) {
        int32_t by = HR_NONE_INDEX;
        if (is_covered(&worlds, line->values, i, &by)) {
            complain_row(draft, line->values, i, by);
        }
    }
    hr_arena_rewind(&draft->scratch, mark);
}

/* ---- everything of one automation --------------------------------------------------------------- */

struct walk {
    const struct hr_sense *sense;
    struct hr_seen_events seen; /* by any step: what began it, or what it waits for somewhere */
    int32_t *events;            /* room for all of them */
};

static void note_awaited(void *context, const struct hr_plan_step *step)
{
    struct walk *walk = context;
    if (step->kind == HR_STEP_wait_for && step->wait_for->event >= 0) {
        walk->events[walk->seen.event_count++] = step->wait_for->event;
    } else if (step->kind == HR_STEP_wait_for) {
        walk->seen.event_known = false; /* whatever proves the handoff */
    }
}

static void judge_step(void *context, const struct hr_plan_step *step)
{
    const struct walk *walk = context;
    struct hr_draft *draft = walk->sense->draft;
    struct hr_seen_events seen = walk->seen;
    if (step->kind == HR_STEP_branch) {
        judge(draft, &branch_rule, &step->branch->when, &seen);
    } else if (step->kind == HR_STEP_wait_for) {
        seen.event = &step->wait_for->event;
        seen.event_known = step->wait_for->event >= 0;
        seen.event_count = seen.event_known;
        judge(draft, &wait_rule, &step->wait_for->when, &seen);
    } else if (step->kind == HR_STEP_assign) {
        judge(draft, &skip_rule, &step->assign->skip, &seen);
    }
    size_t lines = step->kind == HR_STEP_set    ? step->set->line_count
                   : step->kind == HR_STEP_copy ? step->copy->line_count
                                                : 0;
    for (size_t i = 0; i < lines; i++) {
        judge_rows(draft, step->kind == HR_STEP_set ? &step->set->lines[i] : &step->copy->lines[i],
                   &seen);
    }
}

static void judge_steps(const struct hr_sense *sense, const struct hr_automation *automation,
                        const struct hr_seen_events *begun)
{
    struct walk walk = {sense, *begun, NULL};
    struct hr_arena_mark mark = hr_arena_mark(&sense->draft->scratch);
    walk.events =
        hr_draft_scratch(sense->draft, int32_t, begun->event_count + automation->step_count);
    if (walk.events == NULL) {
        return;
    }
    for (size_t i = 0; i < begun->event_count; i++) {
        walk.events[i] = begun->event[i];
    }
    walk.seen.event = walk.events;
    hr_sense_steps(&automation->steps, note_awaited, &walk);
    hr_sense_steps(&automation->steps, judge_step, &walk);
    hr_arena_rewind(&sense->draft->scratch, mark);
}

void hr_sense_filters(const struct hr_sense *sense, const struct hr_automation *automation)
{
    const struct hr_trigger *trigger = &automation->trigger;
    bool known = trigger->event_count > 0 || trigger->scheduled;
    const struct hr_seen_events begun = {
        trigger->events, trigger->event_count, trigger->events, trigger->event_count, known, known};
    struct hr_seen_events later = begun;
    later.event_known = false;
    judge(sense->draft, &filter, &automation->when, &begun);
    judge(sense->draft, &stop_rule, &automation->stop, &later);
    judge_steps(sense, automation, &begun);
    if (automation->metric != NULL) {
        judge(sense->draft, &success, &automation->metric->success, &later);
    }
}

void hr_sense_evidence(const struct hr_sense *sense, const struct hr_stage *stage)
{
    const struct hr_seen_events nothing = {.event_known = false};
    judge(sense->draft, &evidence, &stage->evidence, &nothing);
}
