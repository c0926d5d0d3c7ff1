/* What a machine wrote steers nothing that matters before a person confirmed it: no owner, stage, consent, price or
 * report. A condition beside one that asks who set the field (`set_by.request_type == 'people'`) is confirmed. */
#include "workspace/sense_inside.h"

enum { SETTERS_MAX = 20 };

/* A read of a field that a machine writes, and that no line beside it asks the setter of. */
struct machine_read {
    const struct hr_clause *line; /* where; NULL: none */
    const struct hr_field *field;
    struct hr_expr_read what;
};

/* ---- who wrote it ------------------------------------------------------------------------------- */

/* The field that the read is of, when a machine writes it; NULL else. */
static const struct hr_field *machine_field(const struct hr_sense *sense,
                                            const struct hr_expr_read *read)
{
    enum hr_record_type record = hr_scope_record(read->name);
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

/* ---- who confirmed it --------------------------------------------------------------------------- */

/* The field's setter is that, or (null) nobody is known; all else is open. */
struct setter {
    int32_t field;
    struct hr_value value;
};

static bool setter_of(void *context, size_t name, int32_t field, struct hr_text text,
                      struct hr_value *ret_value)
{
    const struct setter *setter = context;
    (void)text;
    *ret_value = setter->value;
    return name == HR_SCOPE_set_by && field == setter->field;
}

static bool holds_when_set_by(const struct hr_sense *sense, const struct hr_expr *expr,
                              int32_t field, struct hr_value value)
{
    struct setter setter = {field, value};
    const struct hr_expr_view view = {
        .context = &setter, .field_of = setter_of, .now = HR_INSTANT_NONE};
    struct hr_arena_mark mark = hr_arena_mark(&sense->draft->scratch);
    bool holds = hr_expr_can_hold(expr, &view, &sense->draft->scratch);
    hr_arena_rewind(&sense->draft->scratch, mark);
    return holds;
}

/* The line can hold only where people have set the field: not for any other setter that it names, none that it does
 * not name, and none at all. */
static bool line_confirms(const struct hr_sense *sense, const struct hr_expr *expr, int32_t field)
{
    struct hr_expr_read read = {.name = HR_SCOPE_set_by, .field = field};
    struct hr_text named[SETTERS_MAX];
    if (!hr_plan_expr_reads(expr, HR_SCOPE_set_by, field) ||
        holds_when_set_by(sense, expr, field, hr_value_null()) ||
        holds_when_set_by(sense, expr, field, hr_value_text(HR_TEXT("-")))) {
        return false;
    }
    size_t count = hr_expr_compared_with(expr, &read, named, SETTERS_MAX);
    for (size_t i = 0; i < count && i < SETTERS_MAX; i++) {
        if (!hr_text_equal(named[i], HR_TEXT("people")) &&
            holds_when_set_by(sense, expr, field, hr_value_text(named[i]))) {
            return false;
        }
    }
    return count <= SETTERS_MAX;
}

/* Depth is that of groups, which the reader limits. */
static bool rule_confirms(const struct hr_sense *sense, const struct hr_clause *rule, int32_t field)
{
    if (rule->kind == HR_CLAUSE_line) {
        return line_confirms(sense, rule->expr, field);
    }
    if (rule->kind == HR_CLAUSE_none) {
        return false;
    }
    bool all = rule->kind == HR_CLAUSE_all;
    for (size_t i = 0; i < rule->count; i++) {
        if (rule_confirms(sense, &rule->items[i], field) == all) {
            return all;
        }
    }
    return !all && rule->count > 0;
}

/* Lists of which each must hold, from the innermost out. */
struct beside {
    const struct hr_clauses *rules;
    const struct beside *around;
};

/* Only of the contact's fields is it known who set them. */
static bool is_confirmed(const struct hr_sense *sense, const struct beside *beside,
                         const struct hr_expr_read *read)
{
    for (; read->name == HR_SCOPE_contact && beside != NULL; beside = beside->around) {
        for (size_t i = 0; i < beside->rules->count; i++) {
            if (rule_confirms(sense, &beside->rules->items[i], read->field)) {
                return true;
            }
        }
    }
    return false;
}

static void seek_in_line(const struct hr_sense *sense, const struct hr_clause *line,
                         const struct beside *beside, struct machine_read *read)
{
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(line->expr, &count);
    for (size_t i = 0; i < count && read->line == NULL; i++) {
        const struct hr_field *field = machine_field(sense, &reads[i]);
        if (field != NULL && !is_confirmed(sense, beside, &reads[i])) {
            *read = (struct machine_read){line, field, reads[i]};
        }
    }
}

/* all: each of the list must hold, so that one confirms the others. Depth is that of groups. */
static void seek(const struct hr_sense *sense, const struct hr_clauses *rules, bool all,
                 const struct beside *around, struct machine_read *read)
{
    for (size_t i = 0; i < rules->count && read->line == NULL; i++) {
        const struct hr_clause *rule = &rules->items[i];
        const struct hr_clauses alone = {rule, rule->kind != HR_CLAUSE_none};
        const struct hr_clauses inner = {rule->items, rule->count};
        const struct beside beside = {all ? rules : &alone, around};
        if (rule->kind == HR_CLAUSE_line) {
            seek_in_line(sense, rule, &beside, read);
        } else {
            seek(sense, &inner, rule->kind == HR_CLAUSE_all, &beside, read);
        }
    }
}

/* around: what holds there anyhow. */
static struct machine_read find_read(const struct hr_sense *sense, const struct hr_clauses *rules,
                                     const struct beside *around)
{
    struct machine_read read = {.line = NULL};
    seek(sense, rules, true, around, &read);
    return read;
}

static struct machine_read read_of(const struct hr_field *field)
{
    return (struct machine_read){NULL, field, {.name = HR_SCOPE_contact}};
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

static void complain(const struct hr_sense *sense, const struct machine_read *read,
                     struct hr_place place, const char *what, struct hr_place second,
                     const char *label)
{
    const struct hr_field *field = read->field;
    struct hr_diagnostic *item =
        hr_draft_error(sense->draft, machine_steers, place,
                       "a machine writes `%.*s`, and here it steers %s", HR_SHOW(field->id), what);
    if (second.line > 0) {
        hr_sense_also(item, second, label);
    }
    item->example =
        HR_TEXT("one misread mail, and a customer gets the wrong owner or the wrong price; "
                "nobody decided it");
    item->help = read->what.name == HR_SCOPE_contact
                     ? hr_draft_say(sense->draft,
                                    "let a person confirm it first: add \"set_by.%.*s == "
                                    "'people'\" beside it",
                                    HR_SHOW(field->id))
                     : HR_TEXT("decide by a field that people or a rule write: who set it last is "
                               "known of contacts only");
}

/* ---- steps -------------------------------------------------------------------------------------- */

struct steering {
    const struct hr_sense *sense;
    const struct hr_automation *automation;
    struct machine_read
        under; /* the condition of a machine that one gets here by; line NULL: none */
    const struct beside *around; /* what holds here: the filter, and each `if` */
};

static void judge_row(const struct steering *steering, const struct hr_set_value *value,
                      const char *what)
{
    const struct hr_sense *sense = steering->sense;
    struct machine_read read = find_read(sense, &value->when, steering->around);
    const struct hr_clause said = {
        .kind = HR_CLAUSE_line, .expr = value->value, .place = value->place};
    const struct beside beside = {&value->when, steering->around};
    struct hr_place none = {.line = 0};
    struct hr_place place = value->place;
    if (read.line != NULL) {
        place = read.line->place;
    }
    seek_in_line(sense, &said, &beside, &read);
    if (read.line != NULL) {
        complain(sense, &read, place, what, none, NULL);
    }
}

static void judge_lines(struct steering *steering, enum hr_record_type record,
                        const struct hr_set_line *lines, size_t count)
{
    const struct hr_sense *sense = steering->sense;
    for (size_t i = 0; i < count; i++) {
        const char *what = steers(&sense->plan->records[record], lines[i].field);
        for (size_t row = 0; what != NULL && row < lines[i].value_count; row++) {
            judge_row(steering, &lines[i].values[row], what);
        }
    }
}

static const char *lines_steer(const struct hr_record_plan *record, const struct hr_set_line *lines,
                               size_t count)
{
    const char *what = NULL;
    for (size_t i = 0; i < count && what == NULL; i++) {
        what = steers(record, lines[i].field);
    }
    return what;
}

/* What the action leaves behind once it is done. */
static const char *call_steers(const struct hr_plan *plan, const struct hr_step_call *call)
{
    const char *what = NULL;
    const struct hr_action *action =
        call->action < 0 ? NULL : &plan->tools[call->tool].actions[call->action];
    for (size_t i = 0; action != NULL && i < action->set_count && what == NULL; i++) {
        const struct hr_field_ref *field = &action->sets[i].field;
        what = steers(&plan->records[field->record], field->field);
    }
    return what;
}

static const char *step_steers(const struct hr_plan *plan, const struct steering *steering,
                               const struct hr_plan_step *step)
{
    const struct hr_record_plan *record = &plan->records[steering->automation->record];
    if (step->kind == HR_STEP_set) {
        return lines_steer(record, step->set->lines, step->set->line_count);
    }
    if (step->kind == HR_STEP_copy) {
        return lines_steer(&plan->records[step->copy->to], step->copy->lines,
                           step->copy->line_count);
    }
    if (step->kind == HR_STEP_call) {
        return call_steers(plan, step->call);
    }
    return step->kind == HR_STEP_assign       ? "the owner"
           : step->kind == HR_STEP_move_stage ? "the stage"
                                              : NULL;
}

static void judge_assign(struct steering *steering, const struct hr_plan_step *step)
{
    const struct hr_sense *sense = steering->sense;
    const struct hr_step_assign *assign = step->assign;
    struct machine_read read = find_read(sense, &assign->skip, steering->around);
    if (read.line != NULL) {
        complain(sense, &read, read.line->place, "the owner", step->place, "of this");
    }
    const struct hr_table *table = assign->kind == HR_ASSIGN_table && assign->index >= 0
                                       ? &sense->plan->tables[assign->index]
                                       : NULL;
    for (size_t i = 0; table != NULL && i < table->column_count; i++) {
        const struct hr_table_column *column = &table->columns[i];
        const struct hr_field *field =
            column->field < 0 ? NULL : &sense->plan->fields[column->field];
        if (field != NULL && field->contract->written_by_ai) {
            struct machine_read column_read = read_of(field);
            complain(sense, &column_read, step->place, "the owner", column->place,
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
static void walk(struct steering *steering, const struct hr_plan_steps *steps);

static void walk_branch(const struct steering *steering, const struct hr_step_branch *branch)
{
    const struct beside within = {&branch->when, steering->around};
    struct machine_read read = find_read(steering->sense, &branch->when, steering->around);
    struct steering inner = *steering;
    inner.around = &within;
    inner.under = read.line != NULL ? read : steering->under;
    if (inner.under.line != NULL && is_confirmed(steering->sense, &within, &inner.under.what)) {
        inner.under.line = NULL;
    }
    walk(&inner, &branch->then);
    inner.around = steering->around;
    inner.under = read.line != NULL ? read : steering->under;
    walk(&inner, &branch->otherwise);
}

static void walk(struct steering *steering, const struct hr_plan_steps *steps)
{
    const struct hr_sense *sense = steering->sense;
    for (size_t i = 0; i < steps->count; i++) {
        const struct hr_plan_step *step = &steps->items[i];
        const char *what = step_steers(sense->plan, steering, step);
        if (what != NULL && steering->under.line != NULL) {
            complain(sense, &steering->under, steering->under.line->place, what, step->place,
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
            walk_branch(steering, step->branch);
        }
    }
}

static void judge_report(const struct hr_sense *sense, const struct hr_clauses *rules)
{
    struct machine_read read = find_read(sense, rules, NULL);
    struct hr_place none = {.line = 0};
    if (read.line != NULL) {
        complain(sense, &read, read.line->place, "a report", none, NULL);
    }
}

void hr_sense_machine(const struct hr_sense *sense, const struct hr_automation *automation)
{
    const struct beside filter = {&automation->when, NULL};
    struct steering steering = {sense, automation, find_read(sense, &automation->when, NULL),
                                &filter};
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
        struct machine_read read = find_read(sense, &plan->stages[i].evidence, NULL);
        if (read.line != NULL) {
            complain(sense, &read, read.line->place, "the stage", none, NULL);
        }
    }
    for (size_t i = 0; i < plan->handoff_count; i++) {
        const struct hr_handoff *handoff = &plan->handoffs[i];
        for (size_t line = 0; line < handoff->done_count; line++) {
            const struct hr_field *field = machine_in(sense, handoff->done_when[line].expr);
            if (field != NULL) {
                struct machine_read read = read_of(field);
                complain(sense, &read, handoff->file_place, "the proof of a handoff", none, NULL);
            }
        }
    }
}
