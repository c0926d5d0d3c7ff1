/* Decision tables: what the columns see is asked once, then row after row is tried. */
#include "engine/decide.h"

#include "engine/step_internal.h"

static const double MILLION = 1e6;

/* ---- one cell -------------------------------------------------------------------------------- */

/* A value as the file writes it, in the field's type and normal form, as the field's own values are. */
static bool is_value(const struct hr_plan *plan, const struct hr_field *field,
                     struct hr_text written, const struct hr_value *seen, struct hr_arena *scratch)
{
    struct hr_arena_mark mark = hr_arena_mark(scratch);
    struct hr_value value = hr_value_text(written);
    bool same = hr_typed(scratch, plan, field, &value) && hr_value_equal(&value, seen);
    hr_arena_rewind(scratch, mark);
    return same;
}

static bool is_one_of(const struct hr_plan *plan, const struct hr_field *field,
                      const struct hr_table_cell *cell, const struct hr_value *seen,
                      struct hr_arena *scratch)
{
    for (size_t i = 0; i < cell->value_count; i++) {
        if (is_value(plan, field, cell->values[i], seen, scratch)) {
            return true;
        }
    }
    return false;
}

/* Bounds become the doubles that are nearest to them, as the number itself did when it was read. */
static bool is_near(const struct hr_table_cell *cell, double number)
{
    double low = (double)cell->low / MILLION;
    double high = (double)cell->high / MILLION;
    bool above = cell->low == INT64_MIN || number >= low;
    return above && (cell->high == INT64_MAX || (cell->below ? number < high : number <= high));
}

static bool is_within(const struct hr_field *field, const struct hr_table_cell *cell,
                      const struct hr_value *seen)
{
    bool fine = field->type == HR_FIELD_number;
    switch (seen->kind) {
    case HR_KIND_int:
        return fine ? is_near(cell, (double)seen->integer)
                    : seen->integer >= cell->low && seen->integer <= cell->high;
    case HR_KIND_uint:
        return fine && is_near(cell, (double)seen->natural);
    case HR_KIND_double:
        return fine && is_near(cell, seen->real);
    default:
        return false;
    }
}

static bool cell_holds(const struct hr_plan *plan, const struct hr_table_column *column,
                       const struct hr_table_cell *cell, const struct hr_value *seen,
                       struct hr_arena *scratch)
{
    switch (cell->kind) {
    case HR_CELL_any:
    case HR_CELL_result:
        return true;
    case HR_CELL_empty:
        return seen->kind == HR_KIND_null;
    case HR_CELL_values:
        return seen->kind != HR_KIND_null &&
               is_one_of(plan, &plan->fields[column->field], cell, seen, scratch);
    case HR_CELL_range:
        return is_within(&plan->fields[column->field], cell, seen);
    }
    return false;
}

/* ---- the table ------------------------------------------------------------------------------- */

static hr_status see(const struct hr_table *table, const struct hr_expr_view *view,
                     struct hr_arena *into, const struct hr_value **ret_seen)
{
    struct hr_value *seen = hr_arena_new_many(into, struct hr_value, table->column_count);
    *ret_seen = seen;
    if (seen == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < table->column_count; i++) {
        const struct hr_table_column *column = &table->columns[i];
        struct hr_value value = hr_value_null();
        seen[i] = hr_value_null();
        if (column->kind == HR_COLUMN_field && view->field_of != NULL &&
            view->field_of(view->context, HR_SCOPE_contact, column->field, HR_TEXT_NONE, &value)) {
            HR_TRY(hr_value_copy(into, &value, &seen[i]));
        }
    }
    return hr_done();
}

static bool row_holds(const struct hr_plan *plan, const struct hr_decision *decision, size_t row,
                      struct hr_arena *scratch)
{
    const struct hr_table *table = decision->table;
    for (size_t i = 0; i < table->column_count; i++) {
        if (!cell_holds(plan, &table->columns[i], &table->rows[row].cells[i], &decision->seen[i],
                        scratch)) {
            return false;
        }
    }
    return true;
}

static void give_results(struct hr_decision *decision)
{
    const struct hr_table *table = decision->table;
    for (size_t i = 0; i < table->column_count; i++) {
        const struct hr_table_cell *cell = &table->rows[decision->row].cells[i];
        switch (table->columns[i].kind) {
        case HR_COLUMN_team:
            decision->team = cell->index;
            break;
        case HR_COLUMN_person:
            decision->person = cell->index;
            break;
        case HR_COLUMN_method:
            decision->method = cell->index;
            break;
        case HR_COLUMN_value:
            decision->value = cell->values;
            break;
        case HR_COLUMN_field:
            break;
        }
    }
}

hr_status hr_table_decide(const struct hr_plan *plan, const struct hr_table *table,
                          const struct hr_expr_view *view, struct hr_arena *into,
                          struct hr_decision *ret_decision)
{
    struct hr_decision decision = {.table = table,
                                   .row = HR_NONE_INDEX,
                                   .team = HR_NONE_INDEX,
                                   .person = HR_NONE_INDEX,
                                   .method = HR_NONE_INDEX};
    HR_TRY(see(table, view, into, &decision.seen));
    for (size_t row = 0; row < table->row_count && decision.row < 0; row++) {
        decision.row = row_holds(plan, &decision, row, into) ? (int32_t)row : HR_NONE_INDEX;
    }
    if (into->failed) {
        return hr_answer(HR_E_MEMORY);
    }
    if (decision.row >= 0) {
        give_results(&decision);
    }
    *ret_decision = decision;
    return hr_done();
}
