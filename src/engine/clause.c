/* Conditions in groups: a line is asked of the view, a group of its lines. */
#include "engine/clause.h"

hr_status hr_line_met(const struct hr_expr *line, const struct hr_expr_view *view,
                      struct hr_arena *scratch, enum hr_met *ret_met)
{
    struct hr_value value;
    struct hr_arena_mark mark = hr_arena_mark(scratch);
    hr_status status = hr_expr_evaluate(line, view, scratch, &value, NULL);
    hr_arena_rewind(scratch, mark);
    if (status.code < 0) {
        return status;
    }
    bool holds = hr_ok(status) && value.kind == HR_KIND_bool && value.truth;
    *ret_met = holds ? HR_MET_yes : status.code == HR_EXPR_UNSET ? HR_MET_unset : HR_MET_no;
    return hr_done();
}

static hr_status line_holds(const struct hr_clause *clause, const struct hr_expr_view *view,
                            struct hr_arena *scratch, bool *ret_holds)
{
    enum hr_met met = HR_MET_no;
    HR_TRY(hr_line_met(clause->expr, view, scratch, &met));
    *ret_holds = met == HR_MET_yes;
    return hr_done();
}

/* The files allow four levels of groups (workspace/clauses.c), so the recursion ends. */
hr_status hr_clause_holds(const struct hr_clause *clause, const struct hr_expr_view *view,
                          struct hr_arena *scratch, bool *ret_holds)
{
    if (clause->kind == HR_CLAUSE_line) {
        return line_holds(clause, view, scratch, ret_holds);
    }
    bool ends_at = clause->kind != HR_CLAUSE_all; /* one that holds decides `any` and `none` */
    bool decided = false;
    for (size_t i = 0; i < clause->count && !decided; i++) {
        bool holds = false;
        HR_TRY(hr_clause_holds(&clause->items[i], view, scratch, &holds));
        decided = holds == ends_at;
    }
    *ret_holds = clause->kind == HR_CLAUSE_any ? decided : !decided;
    return hr_done();
}
