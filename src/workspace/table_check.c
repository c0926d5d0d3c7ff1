/* Whether a decision table decides every case, and whether every row can decide one.
 *
 * All cases that the cells can tell apart are tried: for each column the values it names, one that it does not, and
 * none. Beyond CASES_MAX of them only the last row, and rows that one earlier row covers, are looked at. */
#include "workspace/inside.h"

enum { CASES_MAX = 20000, SHOWN_BYTES_MAX = 300 };

/* One value of a column that its cells can tell from others. */
struct atom {
    bool empty;
    bool other;     /* a value that no cell names */
    int64_t number; /* of a field of type number in half millionths: an odd one lies between two */
    struct hr_text text;
};

struct axis {
    const struct hr_table_column *column;
    size_t place; /* of the column */
    bool fine;    /* of a field of type number */
    struct atom *atoms;
    size_t count;
    size_t capacity;
};

struct checking {
    struct hr_draft *draft;
    const struct hr_table *table;
    const struct hr_node *rows;
    struct axis *axes;
    size_t axis_count;
    size_t case_count; /* CASES_MAX + 1: too many */
    bool *used;        /* each row: it decides some case */
};

/* ---- cases ------------------------------------------------------------------------------------------------- */

static bool same_atom(const struct atom *a, const struct atom *b)
{
    return a->empty == b->empty && a->other == b->other && a->number == b->number &&
           hr_text_equal(a->text, b->text);
}

static void add_atom(struct checking *checking, struct axis *axis, struct atom atom)
{
    for (size_t i = 0; i < axis->count; i++) {
        if (same_atom(&axis->atoms[i], &atom)) {
            return;
        }
    }
    if (axis->count == axis->capacity) {
        struct atom *grown = hr_list_grow(&checking->draft->scratch, axis->atoms, axis->count,
                                          &axis->capacity, sizeof *grown);
        if (grown == NULL) {
            return;
        }
        axis->atoms = grown;
    }
    axis->atoms[axis->count++] = atom;
}

/* The least and the greatest that the range takes, as atoms count; bounds of numbers are at most 10^18. */
static int64_t least(const struct axis *axis, const struct hr_table_cell *cell)
{
    return cell->low == INT64_MIN || !axis->fine ? cell->low : 2 * cell->low;
}

static int64_t greatest(const struct axis *axis, const struct hr_table_cell *cell)
{
    return cell->high == INT64_MAX || !axis->fine ? cell->high : 2 * cell->high - cell->below;
}

/* Around both ends of a range, so that a gap of one (of a number: any gap) is seen. */
static void add_range(struct checking *checking, struct axis *axis,
                      const struct hr_table_cell *cell)
{
    int64_t low = least(axis, cell);
    int64_t high = greatest(axis, cell);
    if (low > INT64_MIN) {
        add_atom(checking, axis, (struct atom){.number = low});
        add_atom(checking, axis, (struct atom){.number = low - 1});
    }
    if (high < INT64_MAX) {
        add_atom(checking, axis, (struct atom){.number = high});
        add_atom(checking, axis, (struct atom){.number = high + 1});
    }
}

static void fill_axis(struct checking *checking, struct axis *axis)
{
    const struct hr_field *field = &checking->draft->plan->fields[axis->column->field];
    bool number = false;
    for (size_t i = 0; i < checking->table->row_count && axis->count <= CASES_MAX; i++) {
        const struct hr_table_cell *cell = &checking->table->rows[i].cells[axis->place];
        if (cell->kind == HR_CELL_range) {
            number = true;
            add_range(checking, axis, cell);
        }
        for (size_t k = 0; cell->kind == HR_CELL_values && k < cell->value_count; k++) {
            add_atom(checking, axis, (struct atom){.text = cell->values[k]});
        }
    }
    for (size_t i = 0; i < field->value_count; i++) {
        add_atom(checking, axis, (struct atom){.text = field->values[i]});
    }
    if (field->value_count == 0 && !number) {
        add_atom(checking, axis, (struct atom){.other = true});
    }
    add_atom(checking, axis, (struct atom){.empty = true});
}

static bool cell_holds(const struct axis *axis, const struct hr_table_cell *cell,
                       const struct atom *atom)
{
    switch (cell->kind) {
    case HR_CELL_any:
        return true;
    case HR_CELL_empty:
        return atom->empty;
    case HR_CELL_range:
        return !atom->empty && !atom->other && atom->number >= least(axis, cell) &&
               atom->number <= greatest(axis, cell);
    case HR_CELL_values:
        for (size_t i = 0; !atom->empty && !atom->other && i < cell->value_count; i++) {
            if (hr_text_equal(cell->values[i], atom->text)) {
                return true;
            }
        }
        return false;
    case HR_CELL_result:
        break;
    }
    return true;
}

/* The row that decides a case; row_count when none does. */
static size_t decide(const struct checking *checking, size_t number)
{
    for (size_t row = 0; row < checking->table->row_count; row++) {
        size_t rest = number;
        bool holds = true;
        for (size_t i = 0; i < checking->axis_count && holds; i++) {
            const struct axis *axis = &checking->axes[i];
            holds = cell_holds(axis, &checking->table->rows[row].cells[axis->place],
                               &axis->atoms[rest % axis->count]);
            rest /= axis->count;
        }
        if (holds) {
            return row;
        }
    }
    return checking->table->row_count;
}

/* ---- complaints ----------------------------------------------------------------------------------------------- */

/* "100", "99.5", "a little over 999" */
static void add_number(struct hr_buffer *out, const struct axis *axis, int64_t number)
{
    if (!axis->fine) {
        hr_buffer_add_format(out, "%lld", (long long)number);
        return;
    }
    int64_t lower = number - (number % 2 != 0); /* INT64_MIN is no bound */
    int64_t size = lower < 0 ? -(lower / 2) : lower / 2;
    int decimals = 6;
    int64_t parts = size % 1000000;
    for (; decimals > 0 && parts % 10 == 0; decimals--) {
        parts /= 10;
    }
    hr_buffer_add_format(out, "%s%s%lld", number == lower ? "" : "a little over ",
                         lower < 0 ? "-" : "", (long long)(size / 1000000));
    if (decimals > 0) {
        hr_buffer_add_format(out, ".%0*lld", decimals, (long long)parts);
    }
}

/* "country DE, segment empty" */
static struct hr_text say_case(const struct checking *checking, size_t number)
{
    struct hr_buffer out;
    hr_buffer_init(&out, checking->draft->reterr->arena, SHOWN_BYTES_MAX);
    for (size_t i = 0; i < checking->axis_count; i++) {
        const struct axis *axis = &checking->axes[i];
        const struct atom *atom = &axis->atoms[number % axis->count];
        number /= axis->count;
        hr_buffer_add_format(&out, "%s%.*s ", i == 0 ? "" : ", ", HR_SHOW(axis->column->name));
        if (atom->empty || atom->other) {
            hr_buffer_add_format(&out, "%s", atom->empty ? "empty" : "anything else");
        } else if (atom->text.size > 0) {
            hr_buffer_add_text(&out, hr_clipped(atom->text));
        } else {
            add_number(&out, axis, atom->number);
        }
    }
    return hr_buffer_text(&out);
}

static bool catches_all(const struct hr_table *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].kind == HR_COLUMN_field &&
            table->rows[table->row_count - 1].cells[i].kind != HR_CELL_any) {
            return false;
        }
    }
    return true;
}

static void complain_gap(const struct checking *checking, size_t gap)
{
    const struct hr_table *table = checking->table;
    struct hr_draft *draft = checking->draft;
    const struct hr_node *last = checking->rows->items[table->row_count - 1];
    struct hr_diagnostic *item = hr_draft_error(
        draft, table_open, last->place, "the last row of table `%.*s` does not catch everything",
        HR_SHOW(table->id));
    if (gap < CASES_MAX) {
        item->example =
            hr_draft_say(draft, "%.*s: no row decides", HR_SHOW(say_case(checking, gap)));
    }
}

/* Every value that the later cell takes is taken by the earlier one. */
static bool covers(const struct hr_table_cell *earlier, const struct hr_table_cell *later)
{
    if (earlier->kind == HR_CELL_any || earlier->kind == HR_CELL_result) {
        return true;
    }
    if (earlier->kind != later->kind) {
        return false;
    }
    if (earlier->kind == HR_CELL_range) {
        return earlier->low <= later->low &&
               (earlier->high > later->high ||
                (earlier->high == later->high && (!earlier->below || later->below)));
    }
    for (size_t i = 0; earlier->kind == HR_CELL_values && i < later->value_count; i++) {
        bool found = false;
        for (size_t k = 0; k < earlier->value_count && !found; k++) {
            found = hr_text_equal(earlier->values[k], later->values[i]);
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

static bool row_covers(const struct hr_table *table, size_t earlier, size_t later)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (!covers(&table->rows[earlier].cells[i], &table->rows[later].cells[i])) {
            return false;
        }
    }
    return true;
}

static void check_row(const struct checking *checking, size_t row)
{
    const struct hr_table *table = checking->table;
    for (size_t earlier = 0; earlier < row; earlier++) {
        if (row_covers(table, earlier, row)) {
            struct hr_diagnostic *item =
                hr_draft_warning(checking->draft, row_never, checking->rows->items[row]->place,
                                 "this row never decides anything");
            item->label = HR_TEXT("never reached");
            item->second = checking->rows->items[earlier]->place;
            item->second_label = HR_TEXT("this one takes all of it");
            return;
        }
    }
    if (checking->case_count <= CASES_MAX && !checking->used[row]) {
        hr_draft_warning(checking->draft, row_never, checking->rows->items[row]->place,
                         "this row never decides anything: those above take all of it");
    }
}

/* ---- all of it -------------------------------------------------------------------------------------------------- */

static void make_axes(struct checking *checking)
{
    const struct hr_table *table = checking->table;
    checking->axes = hr_draft_scratch(checking->draft, struct axis, table->column_count);
    checking->used = hr_draft_scratch(checking->draft, bool, table->row_count);
    checking->case_count = 1;
    for (size_t i = 0; checking->axes != NULL && i < table->column_count; i++) {
        if (table->columns[i].kind != HR_COLUMN_field) {
            continue;
        }
        struct axis *axis = &checking->axes[checking->axis_count++];
        *axis = (struct axis){.column = &table->columns[i], .place = i};
        axis->fine = checking->draft->plan->fields[axis->column->field].type == HR_FIELD_number;
        if (checking->case_count <= CASES_MAX) {
            fill_axis(checking, axis);
            checking->case_count *= axis->count;
        }
    }
    checking->case_count = checking->case_count > CASES_MAX ? CASES_MAX + 1 : checking->case_count;
}

void hr_draft_check_table(struct hr_draft *draft, const struct hr_table *table,
                          const struct hr_node *rows)
{
    struct checking checking = {.draft = draft, .table = table, .rows = rows};
    make_axes(&checking);
    if (checking.axes == NULL || checking.used == NULL || draft->scratch.failed) {
        return;
    }
    size_t gap = CASES_MAX;
    for (size_t i = 0; checking.case_count <= CASES_MAX && i < checking.case_count; i++) {
        size_t row = decide(&checking, i);
        if (row < table->row_count) {
            checking.used[row] = true;
        } else if (gap == CASES_MAX) {
            gap = i;
        }
    }
    if (!catches_all(table)) {
        complain_gap(&checking, gap);
    }
    for (size_t row = 1; row < table->row_count; row++) {
        check_row(&checking, row);
    }
}
