/* expr/functions_manual: the one table of functions as the manual shows it: how each row is written,
 * its words and what it costs. */
#include "expr/program.h"

static const struct {
    const char *name;
    const char *cost;
    const char *words;
} words[] = {
#define WORDS(name, cost, words) {name, cost, words},
#include "expr/functions_words.tbl"
#undef WORDS
};

static void write_args(struct hr_arena *into, struct hr_buffer *out,
                       const struct hr_expr_overload *row, uint32_t from)
{
    for (uint32_t i = from; i < row->arg_count; i++) {
        hr_buffer_add_text(out, i > from ? HR_TEXT(", ") : HR_TEXT(""));
        hr_buffer_add_text(out, hr_shape_write(into, row->args[i]));
    }
}

/* "text.startsWith(text) -> bool" */
static struct hr_text write_row(struct hr_arena *into, const struct hr_expr_overload *row)
{
    struct hr_buffer out;
    struct hr_text name = hr_text_from(row->name);
    struct hr_text first = row->arg_count > 0 ? hr_shape_write(into, row->args[0]) : HR_TEXT_NONE;
    hr_buffer_init(&out, into, 512);
    if (row->style == HR_STYLE_global) {
        hr_buffer_add_format(&out, "%.*s(", HR_SHOW(name));
        write_args(into, &out, row, 0);
        hr_buffer_add_byte(&out, ')');
    } else if (row->style == HR_STYLE_member) {
        hr_buffer_add_format(&out, "%.*s.%.*s(", HR_SHOW(first), HR_SHOW(name));
        write_args(into, &out, row, 1);
        hr_buffer_add_byte(&out, ')');
    } else if (row->name[0] == '[') {
        hr_buffer_add_format(&out, "%.*s%s", HR_SHOW(first), row->name[1] == '?' ? "[?" : "[");
        write_args(into, &out, row, 1);
        hr_buffer_add_byte(&out, ']');
    } else if (row->arg_count == 1) {
        hr_buffer_add_format(&out, "%c%.*s", row->name[0], HR_SHOW(first));
    } else {
        hr_buffer_add_format(&out, "%.*s %.*s ", HR_SHOW(first), HR_SHOW(name));
        write_args(into, &out, row, 1);
    }
    hr_buffer_add_text(&out, HR_TEXT(" -> "));
    hr_buffer_add_text(&out, hr_shape_write(into, row->result));
    return hr_buffer_text(&out);
}

bool hr_expr_function_at(struct hr_arena *into, size_t index, struct hr_expr_function *ret_function)
{
    const struct hr_expr_overload *row = hr_expr_row_at(index);
    if (row == NULL) {
        return false;
    }
    *ret_function = (struct hr_expr_function){.written = write_row(into, row), .name = row->name};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (hr_text_equal(hr_text_from(words[i].name), hr_text_from(row->name))) {
            ret_function->cost = words[i].cost;
            ret_function->words = words[i].words;
        }
    }
    return true;
}
