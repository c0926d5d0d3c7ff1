/* What stands behind a key, as numbers, shares, rates and lists, with a complaint where it does not fit. */
#include "workspace/inside.h"

enum { SHARE_WHOLE = 10000, EVERY_MAX = 1000 };

/* ---- one or several --------------------------------------------------------------------------- */

struct hr_nodes hr_draft_some(struct hr_draft *draft, const struct hr_node *node, const char *noun,
                              enum hr_limit limit)
{
    if (node == NULL) {
        return (struct hr_nodes){NULL, 0};
    }
    if (node->kind == HR_NODE_list) {
        if (node->count == 0) {
            hr_draft_error(draft, text_empty, node->place, "`%s` is empty", noun);
        }
        bool within = hr_draft_within(draft, limit, node->count, node->place);
        return (struct hr_nodes){(const struct hr_node *const *)node->items,
                                 within ? node->count : 0};
    }
    const struct hr_node **items = hr_draft_scratch(draft, const struct hr_node *, 1);
    if (items == NULL) {
        return (struct hr_nodes){NULL, 0};
    }
    items[0] = node;
    return (struct hr_nodes){items, 1};
}

struct hr_pairs hr_draft_pairs(struct hr_draft *draft, const struct hr_node *node, const char *noun,
                               enum hr_limit limit)
{
    if (node == NULL) {
        return (struct hr_pairs){NULL, 0};
    }
    if (node->kind != HR_NODE_map) {
        hr_draft_error(draft, kind_wrong, node->place,
                       "`%s` must be a map of `name: value` lines, and here is %s", noun,
                       node->kind == HR_NODE_list ? "a list"
                       : node->scalar.size == 0   ? "nothing"
                                                  : "one value");
        return (struct hr_pairs){NULL, 0};
    }
    bool within = hr_draft_within(draft, limit, node->count, node->place);
    return (struct hr_pairs){node->pairs, within ? node->count : 0};
}

const struct hr_text *hr_draft_texts(struct hr_draft *draft, const struct hr_node *map,
                                     const char *key, enum hr_limit limit, size_t *ret_count)
{
    struct hr_nodes nodes = hr_draft_some(draft, hr_draft_get(map, key), key, limit);
    struct hr_text *texts = hr_draft_keep(draft, struct hr_text, nodes.count);
    *ret_count = 0;
    for (size_t i = 0; texts != NULL && i < nodes.count; i++) {
        if (hr_draft_scalar(draft, nodes.items[i], key)) {
            texts[(*ret_count)++] = hr_draft_copy(draft, hr_text_trim(nodes.items[i]->scalar));
        }
    }
    return texts;
}

/* ---- words and numbers ------------------------------------------------------------------------ */

int hr_draft_word_at(struct hr_draft *draft, const struct hr_node *map, const char *key,
                     const struct hr_words *words, int otherwise)
{
    const struct hr_node *node = hr_draft_get(map, key);
    int word = node == NULL ? -1 : hr_draft_word(draft, node, words);
    return word < 0 ? otherwise : word;
}

bool hr_draft_flag(struct hr_draft *draft, const struct hr_node *map, const char *key,
                   bool otherwise)
{
    const struct hr_node *node = hr_draft_get(map, key);
    if (node == NULL || !hr_draft_scalar(draft, node, key)) {
        return otherwise;
    }
    struct hr_text text = node->scalar;
    if (hr_text_equal(text, HR_TEXT("yes")) || hr_text_equal(text, HR_TEXT("true"))) {
        return true;
    }
    if (hr_text_equal(text, HR_TEXT("no")) || hr_text_equal(text, HR_TEXT("false"))) {
        return false;
    }
    hr_draft_error(draft, flag_form, node->place, "`%.*s` is neither yes nor no",
                   HR_SHOW(hr_clipped(text)));
    return otherwise;
}

uint32_t hr_draft_count(struct hr_draft *draft, const struct hr_node *map, const char *key,
                        uint32_t most, uint32_t otherwise)
{
    const struct hr_node *node = hr_draft_get(map, key);
    int64_t number = 0;
    if (node == NULL || !hr_draft_scalar(draft, node, key)) {
        return otherwise;
    }
    if (!hr_text_to_integer(node->scalar, &number) || number < 0 || number > most) {
        hr_draft_error(draft, number_form, node->place, "`%.*s` is no count",
                       HR_SHOW(hr_clipped(node->scalar)))
            ->help = hr_draft_say(draft, "write a whole number from 0 to %u", most);
        return otherwise;
    }
    return (uint32_t)number;
}

/* "99.9%": at most two decimals, at most 100. */
bool hr_share_read(struct hr_text text, int32_t *ret_share)
{
    struct hr_text rest = hr_text_trim(text);
    if (!hr_text_ends(rest, HR_TEXT("%"))) {
        return false;
    }
    rest = hr_text_trim(hr_text_slice(rest, 0, rest.size - 1));
    bool dotted = hr_text_find(rest, '.') < rest.size;
    struct hr_text whole = hr_text_cut(&rest, '.');
    int64_t units = 0;
    int64_t parts = 0;
    if (whole.size == 0 || whole.size > 3 || whole.data[0] == '-' ||
        !hr_text_to_integer(whole, &units)) {
        return false;
    }
    if (dotted && (rest.size == 0 || rest.size > 2 || rest.data[0] == '-' ||
                   !hr_text_to_integer(rest, &parts))) {
        return false;
    }
    int64_t share = units * 100 + (rest.size == 1 ? parts * 10 : parts);
    *ret_share = (int32_t)share;
    return share <= SHARE_WHOLE;
}

bool hr_draft_share(struct hr_draft *draft, const struct hr_node *node, int32_t *ret_share)
{
    if (node == NULL || !hr_draft_scalar(draft, node, "share")) {
        return false;
    }
    if (hr_share_read(node->scalar, ret_share)) {
        return true;
    }
    hr_draft_error(draft, share_form, node->place, "`%.*s` is no share",
                   HR_SHOW(hr_clipped(node->scalar)));
    return false;
}

/* ---- how long, how often ------------------------------------------------------------------------ */

bool hr_draft_span_at(struct hr_draft *draft, const struct hr_node *map, const char *key,
                      struct hr_span *ret_span)
{
    return hr_draft_span(draft, hr_draft_get(map, key), ret_span);
}

/* "second" means "1 second". */
static bool read_unit_or_span(struct hr_text text, struct hr_span *ret_span)
{
    char one[32];
    struct hr_text trimmed = hr_text_trim(text);
    if (trimmed.size == 0 || trimmed.size > sizeof one - 3) {
        return false;
    }
    if (trimmed.data[0] >= '0' && trimmed.data[0] <= '9') {
        return hr_span_read(trimmed, ret_span);
    }
    one[0] = '1';
    one[1] = ' ';
    for (size_t i = 0; i < trimmed.size; i++) {
        one[i + 2] = trimmed.data[i];
    }
    return hr_span_read((struct hr_text){one, trimmed.size + 2}, ret_span);
}

static bool read_rate(struct hr_text text, struct hr_rate *ret_rate)
{
    size_t at = hr_text_search(text, HR_TEXT(" per "));
    int64_t count = 0;
    if (at == text.size || !hr_text_to_integer(hr_text_trim(hr_text_slice(text, 0, at)), &count) ||
        count < 1 || count > 1000000000 ||
        !read_unit_or_span(hr_text_slice(text, at + 5, text.size), &ret_rate->every)) {
        return false;
    }
    ret_rate->count = (uint32_t)count;
    return true;
}

struct hr_rate hr_draft_rate(struct hr_draft *draft, const struct hr_node *node)
{
    struct hr_rate rate = {0};
    if (node == NULL || !hr_draft_scalar(draft, node, "rate")) {
        return rate;
    }
    if (!read_rate(hr_text_trim(node->scalar), &rate)) {
        hr_draft_error(draft, rate_form, node->place, "`%.*s` does not say how many in how long",
                       HR_SHOW(hr_clipped(node->scalar)));
        rate = (struct hr_rate){0};
    }
    return rate;
}

/* Months, quarters and years, which no span has: a review may be a day early. */
static bool read_long_unit(struct hr_text text, struct hr_span *ret_span)
{
    static const struct {
        struct hr_text name;
        int64_t days;
    } units[] = {{HR_TEXT("month"), 30}, {HR_TEXT("quarter"), 91}, {HR_TEXT("year"), 365}};
    struct hr_text rest = hr_text_trim(text);
    int64_t count = 1;
    if (rest.size > 0 && rest.data[0] >= '0' && rest.data[0] <= '9' &&
        !hr_text_to_integer(hr_text_cut(&rest, ' '), &count)) {
        return false;
    }
    rest = hr_text_trim(rest);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        bool one = hr_text_equal(rest, units[i].name);
        bool many = rest.size == units[i].name.size + 1 && hr_text_starts(rest, units[i].name) &&
                    rest.data[rest.size - 1] == 's';
        if ((one || many) && count > 0 && count <= EVERY_MAX) {
            *ret_span = (struct hr_span){HR_SPAN_elapsed, count * units[i].days * HR_DAY_US};
            return true;
        }
    }
    return false;
}

bool hr_draft_every(struct hr_draft *draft, const struct hr_node *node, struct hr_span *ret_span)
{
    if (node == NULL || !hr_draft_scalar(draft, node, "rhythm")) {
        return false;
    }
    struct hr_text text = hr_text_trim(node->scalar);
    if (hr_text_starts(text, HR_TEXT("every "))) {
        struct hr_text rest = hr_text_slice(text, 6, text.size);
        if (read_unit_or_span(rest, ret_span) || read_long_unit(rest, ret_span)) {
            return true;
        }
    }
    hr_draft_error(draft, every_form, node->place, "`%.*s` does not say how often",
                   HR_SHOW(hr_clipped(text)));
    return false;
}
