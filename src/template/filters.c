/* template/filters: the tables of filters together, and what all filters ask of their call. */
#include "template/filters_inside.h"
#include "template/parse_inside.h"

static const struct hr_template_filter *const tables[] = {
    hr_template_filters_text,   hr_template_filters_part, hr_template_filters_code,
    hr_template_filters_number, hr_template_filters_list, hr_template_filters_pick,
    hr_template_filters_time,
};
enum { TABLE_COUNT = sizeof(tables) / sizeof(tables[0]) };

/* The row by its number over all tables; NULL behind the last. */
static const struct hr_template_filter *filter_at(size_t index)
{
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        for (const struct hr_template_filter *row = tables[i]; row->name != NULL; row++) {
            if (index-- == 0) {
                return row;
            }
        }
    }
    return NULL;
}

const char *hr_template_filter_name(size_t index)
{
    const struct hr_template_filter *row = filter_at(index);
    return row != NULL ? row->name : NULL;
}

const struct hr_template_filter *hr_template_filter_find(struct hr_text name)
{
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        for (const struct hr_template_filter *row = tables[i]; row->name != NULL; row++) {
            if (hr_text_equal(name, hr_text_from(row->name))) {
                return row;
            }
        }
    }
    return NULL;
}

struct habit {
    const char *written;
    const char *meant;
};

/* Names from other languages and shops that are too far away to be taken for a slip. */
static const struct habit habits[] = {
    {"upper", "upcase"},
    {"uppercase", "upcase"},
    {"to_upper", "upcase"},
    {"lower", "downcase"},
    {"lowercase", "downcase"},
    {"to_lower", "downcase"},
    {"title", "capitalize"},
    {"trim", "strip"},
    {"length", "size"},
    {"count", "size"},
    {"escape_html", "escape"},
    {"h", "escape"},
    {"urlencode", "url_encode"},
    {"nl2br", "newline_to_br"},
    {"date_format", "date"},
    {"strftime", "date"},
    {"otherwise", "default"},
    {"fallback", "default"},
    {"add", "plus"},
    {"subtract", "minus"},
    {"multiply", "times"},
    {"divide", "divided_by"},
    {"mod", "modulo"},
    {"filter", "where"},
    {"unique", "uniq"},
    {"to_json", "json"},
    {"substring", "slice"},
    {"currency", "money"},
    {"number_format", "money"},
    {"money_with_currency", "money"},
    {"money_without_currency", "money"},
};

struct hr_text hr_template_filter_meant(struct hr_text name)
{
    for (size_t i = 0; i < sizeof(habits) / sizeof(habits[0]); i++) {
        if (hr_text_equal_caseless(name, hr_text_from(habits[i].written))) {
            return hr_text_from(habits[i].meant);
        }
    }
    return HR_TEXT_NONE;
}

size_t hr_template_filter_names(struct hr_text names[HR_TEMPLATE_FILTERS_MOST])
{
    size_t count = 0;
    for (const char *name = hr_template_filter_name(0); name != NULL;
         name = hr_template_filter_name(count)) {
        hr_assert(count < HR_TEMPLATE_FILTERS_MOST);
        names[count++] = hr_text_from(name);
    }
    return count;
}

/* ---- what filters ask ---------------------------------------------------------------------- */

int32_t hr_template_filter_fail(struct hr_template_filtering *call, const char *why)
{
    return hr_template_fail(call->run, HR_CODE_template_failed, call->use->at, call->use->size,
                            why);
}

int32_t hr_template_filter_input(struct hr_template_filtering *call, struct hr_text *ret_text)
{
    return hr_template_text(call->run, &call->input.value, ret_text);
}

int32_t hr_template_filter_text(struct hr_template_filtering *call, uint32_t arg,
                                struct hr_text *ret_text)
{
    *ret_text = HR_TEXT_NONE;
    return arg < call->count ? hr_template_text(call->run, &call->args[arg].value, ret_text) : 0;
}

int32_t hr_template_filter_whole(struct hr_template_filtering *call, uint32_t arg,
                                 int64_t otherwise, int64_t *ret_whole)
{
    *ret_whole = otherwise;
    if (arg >= call->count) {
        return 0;
    }
    return hr_template_whole(call->run, &call->args[arg].value, call->use->at, call->use->size,
                             ret_whole);
}

/* How many items a list has when the lists in it are opened. */
static uint64_t count_flat(const struct hr_value *value, uint32_t depth)
{
    if (value->kind != HR_KIND_list || depth == 0) {
        return 1;
    }
    uint64_t count = 0;
    for (uint32_t i = 0; i < value->count; i++) {
        count += count_flat(&value->items[i], depth - 1);
    }
    return count;
}

static void fill_flat(const struct hr_value *value, uint32_t depth, struct hr_value *items,
                      uint32_t *count)
{
    if (value->kind != HR_KIND_list || depth == 0) {
        items[(*count)++] = *value;
        return;
    }
    for (uint32_t i = 0; i < value->count; i++) {
        fill_flat(&value->items[i], depth - 1, items, count);
    }
}

static bool has_lists(const struct hr_value *list)
{
    bool lists = false;
    for (uint32_t i = 0; !lists && i < list->count; i++) {
        lists = list->items[i].kind == HR_KIND_list;
    }
    return lists;
}

int32_t hr_template_filter_items(struct hr_template_filtering *call,
                                 const struct hr_value **ret_items, uint32_t *ret_count)
{
    const struct hr_value *input = &call->input.value;
    bool list = input->kind == HR_KIND_list;
    *ret_items = input;
    *ret_count = input->kind == HR_KIND_null || input->kind == HR_KIND_type ? 0 : 1;
    if (list && !has_lists(input)) {
        *ret_items = input->items;
        *ret_count = input->count;
    } else if (list) {
        int32_t outcome = 0;
        uint64_t size = count_flat(input, HR_VALUE_DEPTH_MAX);
        struct hr_value *items =
            hr_template_make(call->run, size, sizeof(struct hr_value), &outcome);
        *ret_count = 0;
        if (outcome != 0) {
            return outcome;
        }
        fill_flat(input, HR_VALUE_DEPTH_MAX, items, ret_count);
        *ret_items = items;
    }
    return hr_template_spend(call->run, *ret_count) ? 0 : HR_TEMPLATE_LIMIT;
}
