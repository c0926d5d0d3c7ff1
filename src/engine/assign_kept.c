/* An assignment as a value: with all that is needed to tell it when the plan is another. */
#include "engine/assign_kept.h"

#include "plan/aloud.h"

static struct hr_value number_of_person(const struct hr_plan *plan, int32_t person)
{
    return hr_value_int(person < 0 ? 0 : plan->people[person].name_number);
}

static struct hr_value list_of(const struct hr_value *items, size_t count)
{
    return (struct hr_value){.kind = HR_KIND_list, .count = (uint32_t)count, .items = items};
}

/* ---- candidates ---------------------------------------------------------------------------- */

/* Groups stand at most four deep (workspace/clauses.c), so the recursion ends. */
static unsigned fields_read(const struct hr_clause *rule)
{
    unsigned fields = 0;
    for (size_t i = 0; rule->kind != HR_CLAUSE_line && i < rule->count; i++) {
        fields |= fields_read(&rule->items[i]);
    }
    for (unsigned i = 0; rule->kind == HR_CLAUSE_line && i < HR_PERSON_FIELD_COUNT; i++) {
        bool reads = hr_plan_expr_reads(rule->expr, HR_SCOPE_person, (int32_t)i);
        fields |= reads ? 1U << i : 0U;
    }
    return fields;
}

static hr_status keep_candidate(const struct hr_plan *plan, const struct hr_candidate *candidate,
                                struct hr_arena *into, struct hr_value *ret_kept)
{
    struct hr_value *items = hr_arena_new_many(into, struct hr_value, HR_KEPT_CANDIDATE_COUNT);
    if (items == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    items[HR_KEPT_CANDIDATE_person] = number_of_person(plan, candidate->person);
    items[HR_KEPT_CANDIDATE_instead_of] = number_of_person(plan, candidate->instead_of);
    items[HR_KEPT_CANDIDATE_choice] = hr_value_int(candidate->choice);
    items[HR_KEPT_CANDIDATE_verdict] = hr_value_int(candidate->verdict);
    items[HR_KEPT_CANDIDATE_load] = hr_value_int(candidate->load);
    items[HR_KEPT_CANDIDATE_back_at] =
        candidate->away ? hr_value_time(candidate->back_at) : hr_value_null();
    items[HR_KEPT_CANDIDATE_rule] = hr_value_null();
    items[HR_KEPT_CANDIDATE_reads] = hr_value_int(0);
    if (candidate->rule != NULL) {
        const struct hr_clauses one = {candidate->rule, 1};
        struct hr_text words = hr_aloud_clauses(into, &one, " and ");
        items[HR_KEPT_CANDIDATE_rule] = hr_value_text(words);
        items[HR_KEPT_CANDIDATE_reads] = hr_value_int(fields_read(candidate->rule));
    }
    *ret_kept = list_of(items, HR_KEPT_CANDIDATE_COUNT);
    return hr_done();
}

/* The first of them; the chosen one takes the last place where it came later. */
static hr_status keep_candidates(const struct hr_plan *plan, const struct hr_assignment *assignment,
                                 struct hr_arena *into, struct hr_value *ret_kept)
{
    size_t count = assignment->candidate_count;
    size_t kept = count > HR_KEPT_CANDIDATES_MAX ? HR_KEPT_CANDIDATES_MAX : count;
    struct hr_value *items = hr_arena_new_many(into, struct hr_value, kept);
    if (items == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < count; i++) {
        const struct hr_candidate *candidate = &assignment->candidates[i];
        bool fits = i < kept || candidate->verdict == HR_VERDICT_chosen;
        if (fits) {
            HR_TRY(keep_candidate(plan, candidate, into, &items[i < kept ? i : kept - 1]));
        }
    }
    *ret_kept = list_of(items, kept);
    return hr_done();
}

/* ---- a row of a table ---------------------------------------------------------------------- */

static hr_status keep_decision(const struct hr_plan *plan, const struct hr_decision *decision,
                               struct hr_arena *into, struct hr_value *ret_kept)
{
    const struct hr_table *table = decision->table;
    const struct hr_place *place =
        decision->row < 0 ? &table->place : &table->rows[decision->row].place;
    struct hr_value *items = hr_arena_new_many(into, struct hr_value, HR_KEPT_DECISION_COUNT);
    struct hr_value *seen = hr_arena_new_many(into, struct hr_value, 2 * table->column_count);
    size_t count = 0;
    if (items == NULL || seen == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].kind == HR_COLUMN_field) {
            seen[count++] = hr_value_int(plan->fields[table->columns[i].field].name_number);
            seen[count++] = decision->seen[i];
        }
    }
    items[HR_KEPT_DECISION_table] = hr_value_text(table->id);
    items[HR_KEPT_DECISION_row] = hr_value_int(decision->row + 1);
    items[HR_KEPT_DECISION_file] = hr_value_text(place->file);
    items[HR_KEPT_DECISION_line] = hr_value_int(place->line);
    items[HR_KEPT_DECISION_seen] = list_of(seen, count);
    *ret_kept = list_of(items, HR_KEPT_DECISION_COUNT);
    return hr_done();
}

/* ---- all of it ----------------------------------------------------------------------------- */

hr_status hr_assignment_keep(const struct hr_plan *plan, enum hr_record_type record,
                             const struct hr_assignment *assignment, struct hr_arena *into,
                             struct hr_value *ret_kept)
{
    struct hr_value *items = hr_arena_new_many(into, struct hr_value, HR_KEPT_COUNT);
    if (items == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    size_t count = assignment->candidate_count;
    size_t left_out = count > HR_KEPT_CANDIDATES_MAX ? count - HR_KEPT_CANDIDATES_MAX : 0;
    items[HR_KEPT_kind] = hr_value_int(assignment->kind);
    items[HR_KEPT_by] = hr_value_int(assignment->by);
    items[HR_KEPT_record] = hr_value_int(record);
    items[HR_KEPT_person] = number_of_person(plan, assignment->person);
    items[HR_KEPT_team] =
        assignment->team < 0 ? hr_value_null() : hr_value_text(plan->teams[assignment->team].id);
    items[HR_KEPT_decision] = hr_value_null();
    if (assignment->decision != NULL) {
        HR_TRY(keep_decision(plan, assignment->decision, into, &items[HR_KEPT_decision]));
    }
    HR_TRY(keep_candidates(plan, assignment, into, &items[HR_KEPT_candidates]));
    items[HR_KEPT_left_out] = hr_value_int((int64_t)left_out);
    if (into->failed) {
        return hr_answer(HR_E_MEMORY);
    }
    *ret_kept = list_of(items, HR_KEPT_COUNT);
    return hr_done();
}
