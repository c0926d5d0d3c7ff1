/* expr/functions: finds rows in the tables. Adding a function is adding a row to one of them. */
#include "expr/program.h"

static const struct hr_expr_table *const tables[] = {
    &hr_expr_comparisons, &hr_expr_operators, &hr_expr_texts, &hr_expr_conversions, &hr_expr_times,
};
enum { TABLE_COUNT = sizeof(tables) / sizeof(tables[0]) };

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
    for (size_t t = 0; t < TABLE_COUNT; t++) {
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
