/* plan/table: decision tables: the first row whose conditions all hold gives its results.
 *
 * Why      who gets which lead is read and reviewed as a table, not as twenty ifs.
 * Shape    columns, each a contact field (a condition) or one of the words team, person, method, value (a result); rows
 *          with one cell for each column.
 * Units    whole numbers as they are; of fields of type number in millionths, at most 10^12 of them whole.
 * Owner    the plan's arena.          Limits   20 columns, 500 rows, 50 values a cell.
 * Errors   E0370..                    Pure     yes.   Threads  immutable.
 * Tests    unit/workspace_language_test.c, golden/check */
#ifndef HR_PLAN_TABLE_H
#define HR_PLAN_TABLE_H

#include "plan/records.h"

enum hr_column_kind {
    HR_COLUMN_field, /* a condition on a contact field */
    HR_COLUMN_team,  /* results: a team, a person, how to choose in the team, a value */
    HR_COLUMN_person,
    HR_COLUMN_method,
    HR_COLUMN_value
};
enum hr_cell_kind {
    HR_CELL_any,
    HR_CELL_values, /* one of */
    HR_CELL_range,  /* low..high, both included but for `below` */
    HR_CELL_empty,  /* the field has no value */
    HR_CELL_result
};
enum hr_table_method {
    HR_TABLE_round_robin,
    HR_TABLE_named_account,
    HR_TABLE_least_loaded,
    HR_TABLE_queue
};
struct hr_table_cell {
    enum hr_cell_kind kind;
    const struct hr_text *values; /* of values; the one word of a result */
    size_t value_count;
    int64_t low; /* INT64_MIN, INT64_MAX: open; of a field of type number in millionths */
    int64_t high;
    bool below;    /* high itself is not in it: "under 100" of a number */
    int32_t index; /* of a result: team, person, or enum hr_table_method */
    struct hr_place place;
};
struct hr_table_column {
    enum hr_column_kind kind;
    struct hr_text name;
    int32_t field; /* of the contact, or -1 */
    struct hr_place place;
};
struct hr_table_row {
    const struct hr_table_cell *cells; /* one for each column */
    struct hr_place place;
};
/* The first row whose conditions all hold gives its results. */
struct hr_table {
    struct hr_text id;
    struct hr_text title;
    const struct hr_table_column *columns;
    size_t column_count;
    const struct hr_table_row *rows;
    size_t row_count;
    int32_t owner; /* person index */
    bool has_review;
    struct hr_span review_every;
    struct hr_place place;
};

#endif
