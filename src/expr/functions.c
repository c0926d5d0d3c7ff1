/* expr/functions: finds rows in the tables. Adding a function is adding a row to one of them. */
#include "expr/program.h"

static const struct hr_expr_table *const tables[] = {
    &hr_expr_comparisons, &hr_expr_operators, &hr_expr_texts,    &hr_expr_conversions,
    &hr_expr_times,       &hr_expr_own,       &hr_expr_lists,    &hr_expr_maths,
    &hr_expr_formats,     &hr_expr_optionals, &hr_expr_networks,
};
enum { TABLE_COUNT = sizeof(tables) / sizeof(tables[0]), OPERATOR_TABLES = 2 };

static bool named(const struct hr_expr_overload *row, struct hr_text name, uint8_t style)
{
    return row->style == style && row->name[0] == name.data[0] &&
           hr_text_equal(hr_text_from(row->name), name);
}

const struct hr_expr_overload *hr_expr_find(struct hr_text name, uint8_t style, size_t *ret_count)
{
    if (name.size == 0) {
        return NULL;
    }
    bool operator_mark = style == HR_STYLE_operator;
    size_t end_table = operator_mark ? OPERATOR_TABLES : TABLE_COUNT;
    for (size_t t = operator_mark ? 0 : OPERATOR_TABLES; t < end_table; t++) {
        const struct hr_expr_overload *rows = tables[t]->rows;
        for (size_t i = 0; i < tables[t]->count; i++) {
            if (!named(&rows[i], name, style)) {
                continue;
            }
            size_t end = i + 1;
            while (end < tables[t]->count && named(&rows[end], name, style)) {
                end++;
            }
            *ret_count = end - i;
            return &rows[i];
        }
    }
    return NULL;
}

bool hr_expr_is_family(struct hr_text name)
{
    static const char *const families[] = {"base64", "cel",      "ip",     "lists",
                                           "math",   "optional", "strings"};
    for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
        if (hr_text_equal(name, hr_text_from(families[i]))) {
            return true;
        }
    }
    return false;
}

struct hr_text hr_expr_nearest_function(struct hr_text name, uint8_t style)
{
    struct hr_text best = HR_TEXT_NONE;
    size_t best_distance = 3;
    for (size_t t = 0; t < TABLE_COUNT; t++) {
        for (size_t i = 0; i < tables[t]->count; i++) {
            const struct hr_expr_overload *row = &tables[t]->rows[i];
            struct hr_text candidate = hr_text_from(row->name);
            size_t distance =
                row->style == style ? hr_text_distance(name, candidate, 2) : best_distance;
            if (distance < best_distance) {
                best = candidate;
                best_distance = distance;
            }
        }
    }
    return best;
}

const struct hr_expr_overload *hr_expr_row_at(size_t index)
{
    for (size_t t = 0; t < TABLE_COUNT; t++) {
        if (index < tables[t]->count) {
            return &tables[t]->rows[index];
        }
        index -= tables[t]->count;
    }
    return NULL;
}
