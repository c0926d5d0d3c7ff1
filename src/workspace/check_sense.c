/* What of a plan may be judged: nothing while something that others stand on is broken, and no automation that was
 * complained about itself. Then every judge is called. */
#include "workspace/sense_inside.h"

/* ---- steps, places ------------------------------------------------------------------------------ */

void hr_sense_steps(const struct hr_plan_steps *steps, hr_sense_visit visit, void *context)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct hr_plan_step *step = &steps->items[i];
        visit(context, step);
        if (step->kind == HR_STEP_branch) {
            hr_sense_steps(&step->branch->then, visit, context);
            hr_sense_steps(&step->branch->otherwise, visit, context);
        }
    }
}

void hr_sense_also(struct hr_diagnostic *item, struct hr_place place, const char *label)
{
    item->second = place;
    item->second_label = hr_text_from(label);
}

struct field_seeker {
    enum hr_record_type record;
    int32_t field;
    bool found;
};

static void seek_field(void *context, const struct hr_clause *line)
{
    struct field_seeker *seeker = context;
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(line->expr, &count);
    for (size_t i = 0; i < count; i++) {
        seeker->found = seeker->found || (hr_scope_record(reads[i].name) == seeker->record &&
                                          reads[i].field == seeker->field);
    }
}

bool hr_sense_reads(const struct hr_clauses *rules, enum hr_record_type record, int32_t field)
{
    struct field_seeker seeker = {record, field, false};
    hr_clauses_each(rules, seek_field, &seeker);
    return seeker.found;
}

/* ---- what is broken ----------------------------------------------------------------------------- */

/* Marks the automations that were complained about; false when something else was, which others may stand on. */
static bool mark_broken(struct hr_draft *draft, bool *broken)
{
    const struct hr_diagnostics *found = draft->reterr;
    for (size_t i = 0; i < found->count; i++) {
        const struct hr_diagnostic *item = &found->items[i];
        if (item->severity != HR_SEVERITY_error) {
            continue;
        }
        int32_t automation = hr_section_at(draft, &draft->automations, &item->place);
        if (automation >= 0 && (size_t)automation < draft->plan->automation_count) {
            broken[automation] = true;
        } else if (!hr_draft_in_tests(draft, &item->place)) {
            return false;
        }
    }
    return found->error_count <= HR_DIAGNOSTICS_MAX;
}

/* ---- all judges --------------------------------------------------------------------------------- */

static void check_automation(const struct hr_sense *sense, const struct hr_automation *automation)
{
    hr_sense_filters(sense, automation);
    hr_sense_order(sense, automation);
    hr_sense_waits(sense, automation);
    hr_sense_moves(sense, automation);
    hr_sense_consent(sense, automation);
    hr_sense_machine(sense, automation);
    hr_sense_duty(sense, automation);
}

void hr_draft_check_sense(struct hr_draft *draft)
{
    const struct hr_plan *plan = draft->plan;
    const struct hr_sense sense = {draft, plan, hr_draft_scratch(draft, bool, plan->tool_count),
                                   hr_draft_scratch(draft, bool, plan->handoff_count)};
    bool *broken = hr_draft_scratch(draft, bool, plan->automation_count);
    if (broken == NULL || sense.tool_told == NULL || sense.proved_by_message == NULL ||
        !mark_broken(draft, broken)) {
        return;
    }
    hr_sense_note_messages(&sense);
    hr_sense_stages(&sense);
    hr_sense_machine_elsewhere(&sense);
    bool all = true;
    for (size_t i = 0; i < plan->automation_count; i++) {
        all = all && !broken[i];
        if (!broken[i]) {
            check_automation(&sense, &plan->automations[i]);
        }
    }
    if (all) {
        hr_sense_circles_of_waits(&sense); /* a step that was not read may be the one that emits */
    }
}
