/* Whether two writes can happen to one record, as far as the conditions around them tell. */
#include "workspace/check_inside.h"

static const uint64_t UNSET = 1ULL << HR_DEMAND_VALUES_MAX;

/* ---- one guess: this field of the record is that, all else is open ------------------------------------ */

struct guess {
    enum hr_record_type record;
    int32_t field;
    struct hr_value value;
};

static bool guessed(void *context, size_t name, int32_t field, struct hr_text text,
                    struct hr_value *ret_value)
{
    const struct guess *guess = context;
    (void)text;
    bool same = hr_scope_record(name) == guess->record && field == guess->field;
    if (same) {
        *ret_value = guess->value;
    }
    return same;
}

/* Reads nothing but the guessed field, and holds for it. */
static bool line_must_hold(const struct hr_expr *expr, const struct hr_expr_view *view,
                           struct hr_arena *scratch)
{
    size_t count = 0;
    struct hr_value value = hr_value_null();
    const struct hr_expr_read *reads = hr_expr_reads(expr, &count);
    for (size_t i = 0; i < count; i++) {
        if (!guessed(view->context, reads[i].name, reads[i].field, reads[i].text, &value)) {
            return false;
        }
    }
    return hr_expr_uses(expr) == 0 && hr_ok(hr_expr_evaluate(expr, view, scratch, &value, NULL)) &&
           value.kind == HR_KIND_bool && value.truth;
}

/* Depth is that of the groups in hr_draft_clauses. What `none` demands is not asked: it may fail. */
static bool rule_must_hold(const struct hr_clause *rule, const struct hr_expr_view *view,
                           struct hr_arena *scratch)
{
    if (rule->kind == HR_CLAUSE_line) {
        return line_must_hold(rule->expr, view, scratch);
    }
    bool all = rule->kind == HR_CLAUSE_all;
    for (size_t i = 0; i < rule->count && rule->kind != HR_CLAUSE_none; i++) {
        if (rule_must_hold(&rule->items[i], view, scratch) != all) {
            return !all;
        }
    }
    return all;
}

/* Depth is that of the groups in hr_draft_clauses. */
static bool rule_can_hold(const struct hr_clause *rule, const struct hr_expr_view *view,
                          struct hr_arena *scratch)
{
    if (rule->kind == HR_CLAUSE_line) {
        return hr_expr_can_hold(rule->expr, view, scratch);
    }
    for (size_t i = 0; rule->kind == HR_CLAUSE_none && i < rule->count; i++) {
        if (rule_must_hold(&rule->items[i], view, scratch)) {
            return false;
        }
    }
    bool all = rule->kind != HR_CLAUSE_any;
    for (size_t i = 0; rule->kind != HR_CLAUSE_none && i < rule->count; i++) {
        if (rule_can_hold(&rule->items[i], view, scratch) != all) {
            return !all;
        }
    }
    return all;
}

static bool under_can_hold(const struct hr_under *under, const struct hr_expr_view *view,
                           struct hr_arena *scratch)
{
    bool all = true;
    for (size_t i = 0; i < under->rules->count && all; i++) {
        const struct hr_clause *rule = &under->rules->items[i];
        all = under->negated ? rule_must_hold(rule, view, scratch)
                             : rule_can_hold(rule, view, scratch);
    }
    return all != under->negated;
}

static bool all_can_hold(const struct hr_facts *facts, const struct hr_write *write,
                         struct guess *guess)
{
    struct hr_draft *draft = facts->draft;
    const struct hr_expr_view view = {.context = guess,
                                      .field_of = guessed,
                                      .now = HR_INSTANT_NONE,
                                      .hours = &draft->plan->hours};
    bool holds = true;
    struct hr_arena_mark mark = hr_arena_mark(&draft->scratch);
    for (size_t i = 0; i < write->under_count && holds; i++) {
        holds = under_can_hold(&write->under[i], &view, &draft->scratch);
    }
    hr_arena_rewind(&draft->scratch, mark);
    return holds;
}

/* ---- what a write demands ---------------------------------------------------------------------------------- */

struct seeking {
    const struct hr_facts *facts;
    enum hr_record_type record;
    struct hr_demands *demands;
};

/* Fields with few values: choices, stages, consents, yes and no. */
static size_t count_values(const struct hr_field *field)
{
    return field->type == HR_FIELD_boolean ? 2 : field->value_count;
}

static void seek_fields(void *context, const struct hr_clause *line)
{
    struct seeking *seeking = context;
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(line->expr, &count);
    for (size_t i = 0; i < count; i++) {
        enum hr_record_type record = hr_scope_record(reads[i].name);
        bool ours = reads[i].field >= 0 && record == seeking->record;
        for (size_t other = 0; ours && other < seeking->demands->count; other++) {
            ours = seeking->demands->items[other].field != reads[i].field;
        }
        if (!ours || seeking->demands->count == HR_DEMANDS_MAX) {
            continue;
        }
        struct hr_field_ref ref = {record, reads[i].field, {.line = 0}};
        size_t values = count_values(hr_fact_field(seeking->facts, ref));
        if (values > 0 && values <= HR_DEMAND_VALUES_MAX) {
            seeking->demands->items[seeking->demands->count++] =
                (struct hr_demand){reads[i].field, 0};
        }
    }
}

static uint64_t find_values(const struct hr_facts *facts, const struct hr_write *write,
                            enum hr_record_type record, int32_t index)
{
    const struct hr_field *field =
        hr_fact_field(facts, (struct hr_field_ref){record, index, {.line = 0}});
    struct guess guess = {record, index, hr_value_null()};
    uint64_t values = all_can_hold(facts, write, &guess) ? UNSET : 0;
    for (size_t i = 0; i < count_values(field); i++) {
        guess.value = field->type == HR_FIELD_boolean ? hr_value_bool(i == 1)
                                                      : hr_value_text(field->values[i]);
        values |= all_can_hold(facts, write, &guess) ? 1ULL << i : 0;
    }
    return values;
}

void hr_find_demands(const struct hr_facts *facts, const struct hr_write *write,
                     struct hr_demands *ret_demands)
{
    ret_demands->count = 0;
    if (write->automation < 0) {
        return;
    }
    enum hr_record_type record = facts->draft->plan->automations[write->automation].record;
    struct seeking seeking = {facts, record, ret_demands};
    for (size_t i = 0; i < write->under_count; i++) {
        hr_clauses_each(write->under[i].rules, seek_fields, &seeking);
    }
    for (size_t i = 0; i < ret_demands->count; i++) {
        ret_demands->items[i].values =
            find_values(facts, write, record, ret_demands->items[i].field);
    }
}

/* ---- two of them ---------------------------------------------------------------------------------------------- */

/* Once it is set it stays, so that a wait changes nothing. */
static bool stays(const struct hr_facts *facts, enum hr_record_type record, int32_t field)
{
    enum hr_on_conflict answer =
        hr_fact_field(facts, (struct hr_field_ref){record, field, {.line = 0}})
            ->contract->on_conflict;
    return answer == HR_ON_CONFLICT_never_overwrite || answer == HR_ON_CONFLICT_keep_first;
}

bool hr_can_meet(const struct hr_facts *facts, const struct hr_write *a,
                 const struct hr_demands *of_a, const struct hr_write *b,
                 const struct hr_demands *of_b)
{
    const struct hr_plan *plan = facts->draft->plan;
    if (a->automation < 0 || b->automation < 0 ||
        plan->automations[a->automation].record != plan->automations[b->automation].record) {
        return true;
    }
    enum hr_record_type record = plan->automations[a->automation].record;
    for (size_t i = 0; i < of_a->count; i++) {
        for (size_t other = 0; other < of_b->count; other++) {
            bool apart = of_a->items[i].field == of_b->items[other].field &&
                         (of_a->items[i].values & of_b->items[other].values) == 0;
            if (apart &&
                ((!a->waited && !b->waited) || stays(facts, record, of_a->items[i].field))) {
                return false;
            }
        }
    }
    return true;
}
