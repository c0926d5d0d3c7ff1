/* Decision tables: columns are contact fields or results; the first row whose conditions all hold wins, and the last
 * row must catch everything. */
#include "workspace/inside.h"

enum { DECIMALS_MAX = 6, MILLION = 1000000 };
static const int64_t WHOLE_MAX = 1000000000000;

/* ---- columns ---------------------------------------------------------------------------------------------- */

static bool read_column(struct hr_draft *draft, const struct hr_node *node,
                        struct hr_table_column *column)
{
    static const struct {
        struct hr_text word;
        enum hr_column_kind kind;
    } results[] = {{HR_TEXT("team"), HR_COLUMN_team},
                   {HR_TEXT("person"), HR_COLUMN_person},
                   {HR_TEXT("method"), HR_COLUMN_method},
                   {HR_TEXT("value"), HR_COLUMN_value}};
    if (!hr_draft_scalar(draft, node, "columns")) {
        return false;
    }
    *column = (struct hr_table_column){.name = hr_draft_copy(draft, node->scalar),
                                       .field = HR_NONE_INDEX,
                                       .place = hr_draft_place(draft, node->place)};
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
        if (hr_text_equal(node->scalar, results[i].word)) {
            column->kind = results[i].kind;
            return true;
        }
    }
    column->kind = HR_COLUMN_field;
    column->field = hr_draft_ref(draft, node, &draft->field_names, HR_CODE_field_unknown);
    return column->field >= 0;
}

/* False when the columns cannot be trusted, so that rows would only be misread. */
static bool read_columns(struct hr_draft *draft, struct hr_table *table, const struct hr_pair *pair)
{
    const struct hr_node *list = hr_draft_get(pair->value, "columns");
    size_t count = hr_draft_list(draft, list, "columns", HR_LIMIT_columns);
    struct hr_table_column *columns = hr_draft_keep(draft, struct hr_table_column, count);
    size_t results = 0;
    bool good = columns != NULL && count > 0;
    for (size_t i = 0; columns != NULL && i < count; i++) {
        good = read_column(draft, list->items[i], &columns[i]) && good;
        results += columns[i].kind != HR_COLUMN_field;
        for (size_t other = 0; good && other < i; other++) {
            if (hr_text_equal(columns[other].name, columns[i].name)) {
                hr_draft_error(draft, id_twice, list->items[i]->place,
                               "column `%.*s` is there twice", HR_SHOW(columns[i].name));
                good = false;
            }
        }
    }
    table->columns = columns;
    table->column_count = columns == NULL ? 0 : count;
    if (good && results == 0) {
        hr_draft_error(draft, table_columns, list->place, "table `%.*s` has no column for a result",
                       HR_SHOW(table->id));
        good = false;
    }
    return good;
}

/* ---- conditions --------------------------------------------------------------------------------------------- */

static bool is_number(const struct hr_field *field)
{
    return field->type == HR_FIELD_integer || field->type == HR_FIELD_number ||
           field->type == HR_FIELD_money;
}

/* "99.5" in millionths. */
static bool read_millionths(struct hr_text text, int64_t *ret_number)
{
    struct hr_text fraction = text;
    struct hr_text whole = hr_text_cut(&fraction, '.');
    bool negative = hr_text_starts(text, HR_TEXT("-"));
    bool pointed = whole.size < text.size;
    int64_t units = 0;
    int64_t parts = 0;
    if (!hr_text_to_integer(whole, &units) || units > WHOLE_MAX || units < -WHOLE_MAX ||
        (pointed && (fraction.size == 0 || fraction.size > DECIMALS_MAX))) {
        return false;
    }
    for (size_t i = 0; i < DECIMALS_MAX; i++) {
        char digit = i < fraction.size ? fraction.data[i] : '0';
        if (digit < '0' || digit > '9') {
            return false;
        }
        parts = parts * 10 + (digit - '0');
    }
    *ret_number = units * MILLION + (negative ? -parts : parts);
    return true;
}

static bool read_bound(const struct hr_field *field, struct hr_text text, int64_t *ret_number)
{
    text = hr_text_trim(text);
    return field->type == HR_FIELD_number ? read_millionths(text, ret_number)
                                          : hr_text_to_integer(text, ret_number);
}

/* "100 or more", "under 100", "100 to 999", "100". */
static bool read_range(const struct hr_field *field, struct hr_text text,
                       struct hr_table_cell *cell)
{
    struct hr_text more = HR_TEXT(" or more");
    struct hr_text under = HR_TEXT("under ");
    size_t to = hr_text_search(text, HR_TEXT(" to "));
    cell->kind = HR_CELL_range;
    cell->low = INT64_MIN;
    cell->high = INT64_MAX;
    if (hr_text_ends(text, more)) {
        return read_bound(field, hr_text_slice(text, 0, text.size - more.size), &cell->low);
    }
    if (hr_text_starts(text, under)) {
        int64_t limit = 0;
        bool read = read_bound(field, hr_text_slice(text, under.size, text.size), &limit);
        cell->below = field->type == HR_FIELD_number; /* whole numbers under 100 end at 99 */
        cell->high = limit - (!cell->below && limit > INT64_MIN);
        return read;
    }
    if (to < text.size) {
        return read_bound(field, hr_text_slice(text, 0, to), &cell->low) &&
               read_bound(field, hr_text_slice(text, to + 4, text.size), &cell->high) &&
               cell->low <= cell->high;
    }
    bool one = read_bound(field, text, &cell->low);
    cell->high = cell->low;
    return one;
}

static bool has_value(const struct hr_field *field, struct hr_text text)
{
    for (size_t i = 0; i < field->value_count; i++) {
        if (hr_text_equal(field->values[i], text)) {
            return true;
        }
    }
    return field->value_count == 0;
}

/* "US or CA" */
static bool read_values(struct hr_draft *draft, const struct hr_field *field,
                        const struct hr_node *node, struct hr_table_cell *cell)
{
    struct hr_text separator = HR_TEXT(" or ");
    struct hr_text rest = hr_text_trim(node->scalar);
    size_t most = 1;
    for (size_t at = 0; at < rest.size; at++) {
        most += hr_text_starts(hr_text_slice(rest, at, rest.size), separator);
    }
    struct hr_text *values = hr_draft_keep(draft, struct hr_text, most);
    cell->kind = HR_CELL_values;
    cell->values = values;
    while (values != NULL && rest.size > 0) {
        size_t at = hr_text_search(rest, separator);
        struct hr_text value = hr_text_trim(hr_text_slice(rest, 0, at));
        if (!has_value(field, value)) {
            struct hr_known_ids names = {
                .noun = "value", .items = field->values, .count = field->value_count};
            hr_draft_error(draft, value_unknown, node->place, "`%.*s` has no value `%.*s`",
                           HR_SHOW(field->id), HR_SHOW(hr_clipped(value)))
                ->help = hr_draft_suggest(draft, value, &names);
            return false;
        }
        values[cell->value_count++] = hr_draft_copy(draft, value);
        rest = hr_text_slice(rest, at + separator.size, rest.size);
    }
    return cell->value_count > 0;
}

static bool read_condition(struct hr_draft *draft, const struct hr_field *field,
                           const struct hr_node *node, struct hr_table_cell *cell)
{
    struct hr_text text = hr_text_trim(node->scalar);
    if (hr_text_equal(text, HR_TEXT("any"))) {
        cell->kind = HR_CELL_any;
        return true;
    }
    if (hr_text_equal(text, HR_TEXT("empty"))) {
        cell->kind = HR_CELL_empty;
        return true;
    }
    if (!is_number(field)) {
        return read_values(draft, field, node, cell);
    }
    if (!read_range(field, text, cell)) {
        hr_draft_error(draft, cell_form, node->place, "`%.*s` says nothing about a number",
                       HR_SHOW(hr_clipped(text)));
        return false;
    }
    return true;
}

/* ---- results -------------------------------------------------------------------------------------------------- */

static bool read_result(struct hr_draft *draft, enum hr_column_kind kind,
                        const struct hr_node *node, struct hr_table_cell *cell)
{
    struct hr_text *word = hr_draft_keep(draft, struct hr_text, 1);
    if (word == NULL) {
        return false;
    }
    *word = hr_draft_copy(draft, hr_text_trim(node->scalar));
    cell->kind = HR_CELL_result;
    cell->values = word;
    cell->value_count = 1;
    cell->index = 0;
    if (kind == HR_COLUMN_team) {
        cell->index = hr_draft_ref(draft, node, &draft->team_names, HR_CODE_team_unknown);
        hr_draft_check_active(draft, node, HR_NONE_INDEX, cell->index);
    } else if (kind == HR_COLUMN_person) {
        cell->index = hr_draft_ref(draft, node, &draft->person_names, HR_CODE_person_undeclared);
        hr_draft_check_active(draft, node, cell->index, HR_NONE_INDEX);
    } else if (kind == HR_COLUMN_method) {
        cell->index = hr_draft_word(draft, node, &hr_words_table_method);
    }
    return cell->index >= 0;
}

/* ---- rows ----------------------------------------------------------------------------------------------------- */

static bool read_cell(struct hr_draft *draft, const struct hr_table_column *column,
                      const struct hr_node *node, struct hr_table_cell *cell)
{
    cell->place = hr_draft_place(draft, node->place);
    if (!hr_draft_scalar(draft, node, "cell")) {
        return false;
    }
    return column->kind == HR_COLUMN_field
               ? read_condition(draft, &draft->plan->fields[column->field], node, cell)
               : read_result(draft, column->kind, node, cell);
}

static bool read_row(struct hr_draft *draft, const struct hr_table *table,
                     const struct hr_node *node, struct hr_table_row *row)
{
    size_t count = table->column_count;
    row->place = hr_draft_place(draft, node->place);
    if (node->kind != HR_NODE_list || node->count != count) {
        hr_draft_error(draft, table_row, node->place,
                       "this row has %zu cells, and there are %zu columns",
                       node->kind == HR_NODE_list ? node->count : 1, count);
        return false;
    }
    struct hr_table_cell *cells = hr_draft_keep(draft, struct hr_table_cell, count);
    bool good = cells != NULL;
    for (size_t i = 0; cells != NULL && i < count; i++) {
        good = read_cell(draft, &table->columns[i], node->items[i], &cells[i]) && good;
    }
    row->cells = cells;
    return good;
}

static void read_rows(struct hr_draft *draft, struct hr_table *table, const struct hr_node *map)
{
    const struct hr_node *list = hr_draft_get(map, "rows");
    size_t count = hr_draft_list(draft, list, "rows", HR_LIMIT_rows);
    struct hr_table_row *rows = hr_draft_keep(draft, struct hr_table_row, count);
    bool good = rows != NULL;
    for (size_t i = 0; rows != NULL && i < count; i++) {
        good = read_row(draft, table, list->items[i], &rows[i]) && good;
    }
    table->rows = rows;
    table->row_count = rows == NULL || !good ? 0 : count;
    if (list != NULL && list->kind == HR_NODE_list && list->count == 0) {
        hr_draft_error(draft, text_empty, list->place, "table `%.*s` has no rows",
                       HR_SHOW(table->id));
    }
    if (good && count > 0) {
        hr_draft_check_table(draft, table, list);
    }
}

static void read_table(struct hr_draft *draft, struct hr_table *table, const struct hr_pair *pair)
{
    table->owner = HR_NONE_INDEX;
    table->place = hr_draft_place(draft, pair->key->place);
    if (!hr_draft_id(draft, pair->key, "table", false) ||
        !hr_draft_map(draft, HR_GRAM_table, pair->key, pair->value)) {
        return;
    }
    table->title = hr_draft_title(draft, pair->value, table->id);
    table->owner = hr_draft_person(draft, pair->value, "owner");
    table->has_review =
        hr_draft_every(draft, hr_draft_get(pair->value, "review"), &table->review_every);
    if (read_columns(draft, table, pair)) {
        read_rows(draft, table, pair->value);
    }
}

void hr_draft_read_tables(struct hr_draft *draft)
{
    size_t count = draft->table_names.count;
    struct hr_table *tables = hr_draft_keep(draft, struct hr_table, count);
    draft->plan->tables = tables;
    for (size_t i = 0; tables != NULL && i < count; i++) {
        tables[i].id = draft->table_names.items[i];
        read_table(draft, &tables[i], &draft->tables.pairs[i]);
        draft->plan->table_count++;
    }
}
