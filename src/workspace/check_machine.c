/* What a machine wrote steers nothing that matters before a person confirmed it: no owner, stage, consent, price or
 * report. A condition beside one that asks who set the field (`set_by.request_type == 'people'`) is confirmed. */
#include "workspace/sense_inside.h"

/* A read of a field that a machine writes, and that no line beside it asks the setter of. */
struct machine_read {
    const struct hr_sense *sense;
    const struct hr_clauses *rules;
    const struct hr_clause *line; /* where; NULL: none */
    const struct hr_field *field;
};

/* ---- who wrote it ------------------------------------------------------------------------------- */

static const struct hr_field *machine_field(const struct hr_sense *sense,
                                            const struct hr_expr_read *read)
{
    enum hr_record_type record = hr_sense_record(read->name);
    if (record == HR_RECORD_TYPE_COUNT || read->field < 0) {
        return NULL;
    }
    const struct hr_field *field = &sense->plan->records[record].fields[read->field];
    return field->contract->written_by_ai ? field : NULL;
}

static const struct hr_field *machine_in(const struct hr_sense *sense, const struct hr_expr *expr)
{
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(expr, &count);
    for (size_t i = 0; i < count; i++) {
        const struct hr_field *field = machine_field(sense, &reads[i]);
        if (field != NULL) {
            return field;
        }
    }
    return NULL;
}

static bool asks_setter(const struct hr_clauses *rules, const struct hr_field *field)
{
    for (size_t i = 0; i < rules->count; i++) {
        const struct hr_clause *rule = &rules->items[i];
        if (rule->kind != HR_CLAUSE_line) {
            continue;
        }
        struct hr_text source = hr_expr_source(rule->expr);
        size_t at = hr_text_search(source, HR_TEXT("set_by."));
        struct hr_text rest = hr_text_slice(source, at + 7, source.size);
        if (at < source.size && hr_text_starts(rest, field->id)) {
            return true;
        }
    }
    return false;
}

static void seek_machine(void *context, const struct hr_clause *line)
{
    struct machine_read *read = context;
    const struct hr_field *field = machine_in(read->sense, line->expr);
    if (read->line == NULL && field != NULL && !asks_setter(read->rules, field)) {
        read->line = line;
        read->field = field;
    }
}

static struct machine_read find_read(const struct hr_sense *sense, const struct hr_clauses *rules)
{
    struct machine_read read = {.sense = sense, .rules = rules};
    hr_clauses_each(rules, seek_machine, &read);
    return read;
}

/* ---- what matters ------------------------------------------------------------------------------- */

/* What a value of the field decides; NULL: nothing of the five. */
static const char *steers(const struct hr_record_plan *record, int32_t index)
{
    enum hr_field_type type = index < 0 ? HR_FIELD_text : record->fields[index].type;
    return type == HR_FIELD_person    ? "the owner"
           : type == HR_FIELD_stage   ? "the stage"
           : type == HR_FIELD_consent ? "consent"
           : type == HR_FIELD_money   ? "a price"
                                      : NULL;
}

static void complain(const struct hr_sense *sense, const struct hr_field *field,
                     struct hr_place place, const char *what, struct hr_place second,
                     const char *label)
{
    struct hr_diagnostic *item =
        hr_draft_error(sense->draft, machine_steers, place,
                       "a machine writes `%.*s`, and here it steers %s", HR_SHOW(field->id), what);
    if (second.line > 0) {
        hr_sense_also(item, second, label);
    }
    item->example =
        HR_TEXT("one misread mail, and a customer gets the wrong owner or the wrong price; "
                "nobody decided it");
    item->help = hr_draft_say(sense->draft,
                              "let a person confirm it first: add \"set_by.%.*s == 'people'\" "
                              "beside it",
                              HR_SHOW(field->id));
}

/* ---- steps -------------------------------------------------------------------------------------- */

struct steering {
    const struct hr_sense *sense;
    const struct hr_automation *automation;
    struct machine_read
        under; /* the condition of a machine that one gets here by; line NULL: none */
};

static void judge_lines(struct steering *steering, enum hr_record_type record,
                        const struct hr_set_line *lines, size_t count)
{
    const struct hr_sense *sense = steering->sense;
    for (size_t i = 0; i < count; i++) {
        const char *what = steers(&sense->plan->records[record], lines[i].field);
        for (size_t row = 0; what != NULL && row < lines[i].value_count; row++) {
            const struct hr_set_value *value = &lines[i].values[row];
            struct machine_read read = find_read(sense, &value->when);
            const struct hr_field *said = machine_in(sense, value->value);
            struct hr_place none = {.line = 0};
            if (said != NULL) {
                complain(sense, said, value->place, what, none, NULL);
            } else if (read.line != NULL) {
                complain(sense, read.field, read.line->place, what, none, NULL);
            }
        }
    }
}

static const char *step_steers(const struct hr_plan *plan, const struct steering *steering,
                               const struct hr_plan_step *step)
{
    const struct hr_record_plan *record = &plan->records[steering->automation->record];
    size_t count = step->kind == HR_STEP_set ? step->set->line_count : 0;
    for (size_t i = 0; i < count; i++) {
        const char *what = steers(record, step->set->lines[i].field);
        if (what != NULL) {
            return what;
        }
    }
    return step->kind == HR_STEP_assign       ? "the owner"
           : step->kind == HR_STEP_move_stage ? "the stage"
                                              : NULL;
}

static void judge_assign(struct steering *steering, const struct hr_plan_step *step)
{
    const struct hr_sense *sense = steering->sense;
    const struct hr_step_assign *assign = step->assign;
    struct machine_read read = find_read(sense, &assign->skip);
    if (read.line != NULL) {
        complain(sense, read.field, read.line->place, "the owner", step->place, "of this");
    }
    const struct hr_table *table = assign->kind == HR_ASSIGN_table && assign->index >= 0
                                       ? &sense->plan->tables[assign->index]
                                       : NULL;
    for (size_t i = 0; table != NULL && i < table->column_count; i++) {
        const struct hr_table_column *column = &table->columns[i];
        const struct hr_field *field =
            column->field < 0 ? NULL : &sense->plan->fields[column->field];
        if (field != NULL && field->contract->written_by_ai) {
            complain(sense, field, step->place, "the owner", column->place,
                     "the table decides by it");
        }
    }
}

static void judge_use(struct steering *steering, const struct hr_plan_step *step)
{
    static const char *const kept[] = {"owner", "stage", "consent", "price", "report"};
    const struct hr_sense *sense = steering->sense;
    const struct hr_record_plan *record = &sense->plan->records[steering->automation->record];
    for (size_t i = 0; i < step->ai->use_count; i++) {
        struct hr_text use = step->ai->use_before_confirmed_for[i];
        bool refused = false;
        for (size_t word = 0; word < sizeof kept / sizeof kept[0]; word++) {
            struct hr_text meant = hr_text_from(kept[word]);
            refused = refused || hr_text_equal(use, meant) ||
                      (hr_text_starts(use, meant) && use.size == meant.size + 1 &&
                       use.data[meant.size] == 's');
        }
        for (size_t field = 0; field < record->field_count; field++) {
            refused = refused || (hr_text_equal(record->fields[field].id, use) &&
                                  steers(record, (int32_t)field) != NULL);
        }
        if (refused) {
            struct hr_diagnostic *item = hr_draft_error(
                sense->draft, machine_use_forbidden, step->place,
                "what a machine suggests is never used for `%.*s` before a person confirmed it",
                HR_SHOW(use));
            item->example =
                HR_TEXT("a wrong guess decides who gets the customer, and is then counted");
            item->help = hr_draft_say(sense->draft, "take `%.*s` out of `use_before_confirmed_for`",
                                      HR_SHOW(use));
        }
    }
    const char *what = steers(record, step->ai->field);
    if (what != NULL) {
        hr_draft_error(sense->draft, machine_writes, step->place,
                       "a machine would write `%.*s`, and so decide %s",
                       HR_SHOW(record->fields[step->ai->field].id), what);
    }
}

/* Depth is limited by HR_STEP_DEPTH_MAX, so the recursion is. */
static void walk(struct steering *steering, const struct hr_plan_steps *steps)
{
    const struct hr_sense *sense = steering->sense;
    for (size_t i = 0; i < steps->count; i++) {
        const struct hr_plan_step *step = &steps->items[i];
        const char *what = step_steers(sense->plan, steering, step);
        if (what != NULL && steering->under.line != NULL) {
            complain(sense, steering->under.field, steering->under.line->place, what, step->place,
                     "this step depends on it");
            steering->under.line = NULL; /* once is enough */
        }
        if (step->kind == HR_STEP_set) {
            judge_lines(steering, steering->automation->record, step->set->lines,
                        step->set->line_count);
        } else if (step->kind == HR_STEP_copy) {
            judge_lines(steering, step->copy->to, step->copy->lines, step->copy->line_count);
        } else if (step->kind == HR_STEP_assign) {
            judge_assign(steering, step);
        } else if (step->kind == HR_STEP_ai_draft || step->kind == HR_STEP_ai_suggest) {
            judge_use(steering, step);
        } else if (step->kind == HR_STEP_branch) {
            struct steering inner = *steering;
            struct machine_read read = find_read(sense, &step->branch->when);
            inner.under = read.line != NULL ? read : steering->under;
            walk(&inner, &step->branch->then);
            inner.under = read.line != NULL ? read : steering->under;
            walk(&inner, &step->branch->otherwise);
        }
    }
}

static void judge_report(const struct hr_sense *sense, const struct hr_clauses *rules)
{
    struct machine_read read = find_read(sense, rules);
    struct hr_place none = {.line = 0};
    if (read.line != NULL) {
        complain(sense, read.field, read.line->place, "a report", none, NULL);
    }
}

void hr_sense_machine(const struct hr_sense *sense, const struct hr_automation *automation)
{
    struct steering steering = {sense, automation, find_read(sense, &automation->when)};
    walk(&steering, &automation->steps);
    const struct hr_metric *metric = automation->metric;
    if (metric != NULL) {
        judge_report(sense, &metric->success);
        for (size_t i = 0; i < metric->watch_count; i++) {
            judge_report(sense, &metric->watch[i].when);
        }
    }
}

/* ---- once --------------------------------------------------------------------------------------- */

static void judge_record(const struct hr_sense *sense, const struct hr_record_plan *record)
{
    for (size_t i = 0; i < record->field_count; i++) {
        const struct hr_field *field = &record->fields[i];
        const char *what = steers(record, (int32_t)i);
        if (!field->contract->written_by_ai) {
            continue;
        }
        if (what != NULL) {
            struct hr_diagnostic *item = hr_draft_error(
                sense->draft, machine_writes, field->contract->place,
                "a machine would write `%.*s`, and so decide %s", HR_SHOW(field->id), what);
            item->example = HR_TEXT("one misread mail, and a customer belongs to somebody else");
        } else if (field->contract->confirm_by.count == 0) {
            struct hr_diagnostic *item = hr_draft_warning(
                sense->draft, machine_unconfirmed, field->contract->place,
                "a machine writes `%.*s`, and nobody is named who confirms it", HR_SHOW(field->id));
            item->example = HR_TEXT("it stays a guess for ever, and nobody may build on it");
        }
    }
}

void hr_sense_machine_elsewhere(const struct hr_sense *sense)
{
    const struct hr_plan *plan = sense->plan;
    struct hr_place none = {.line = 0};
    for (size_t i = 0; i < HR_RECORD_TYPE_COUNT; i++) {
        judge_record(sense, &plan->records[i]);
    }
    for (size_t i = 0; i < plan->stage_count; i++) {
        struct machine_read read = find_read(sense, &plan->stages[i].evidence);
        if (read.line != NULL) {
            complain(sense, read.field, read.line->place, "the stage", none, NULL);
        }
    }
    for (size_t i = 0; i < plan->handoff_count; i++) {
        const struct hr_handoff *handoff = &plan->handoffs[i];
        for (size_t line = 0; line < handoff->done_count; line++) {
            const struct hr_field *field = machine_in(sense, handoff->done_when[line].expr);
            if (field != NULL) {
                complain(sense, field, handoff->file_place, "the proof of a handoff", none, NULL);
            }
        }
    }
}
