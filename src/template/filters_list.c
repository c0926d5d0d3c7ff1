/* template/filters_list: filters over lists: first, last, size, join, reverse, concat, compact, uniq, sort, sum. */
#include "template/filters_inside.h"

/* ---- ends and size ------------------------------------------------------------------------- */

static struct hr_value end_letter(struct hr_text text, bool last)
{
    size_t letters = hr_template_letters(text);
    size_t from = last && letters > 0 ? hr_template_letter_at(text, letters - 1) : 0;
    size_t to = last ? text.size : hr_template_letter_at(text, 1);
    return hr_value_text(hr_text_slice(text, from, to));
}

static int32_t apply_first(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    const struct hr_value *input = &call->input.value;
    if (input->kind == HR_KIND_list && input->count > 0) {
        ret->value = input->items[0];
    } else if (input->kind == HR_KIND_map && input->count > 0) {
        ret->value = hr_template_list(&input->members[0].key, 2);
    } else if (input->kind == HR_KIND_text) {
        ret->value = end_letter(hr_value_as_text(input), false);
    }
    return 0;
}

static int32_t apply_last(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    const struct hr_value *input = &call->input.value;
    if (input->kind == HR_KIND_list && input->count > 0) {
        ret->value = input->items[input->count - 1];
    } else if (input->kind == HR_KIND_text) {
        ret->value = end_letter(hr_value_as_text(input), true);
    }
    return 0;
}

static int32_t apply_size(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    const struct hr_value *input = &call->input.value;
    int64_t size = 0;
    if (input->kind == HR_KIND_text) {
        size = (int64_t)hr_template_letters(hr_value_as_text(input));
    } else if (input->kind == HR_KIND_list || input->kind == HR_KIND_map) {
        size = input->count;
    }
    ret->value = hr_value_int(size);
    return 0;
}

/* ---- putting together ---------------------------------------------------------------------- */

static int32_t apply_join(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    const struct hr_value *items = NULL;
    uint32_t count = 0;
    struct hr_text glue = HR_TEXT(" ");
    struct hr_buffer out;
    int32_t outcome = hr_template_filter_items(call, &items, &count);
    if (outcome == 0 && call->count > 0) {
        outcome = hr_template_filter_text(call, 0, &glue);
    }
    if (outcome != 0) {
        return outcome;
    }
    hr_template_text_begin(call->run, &out);
    for (uint32_t i = 0; i < count && !out.failed; i++) {
        hr_buffer_add_text(&out, i > 0 ? glue : HR_TEXT_NONE);
        hr_template_write(call->run, &out, &items[i]);
    }
    return hr_template_text_end(call->run, &out, &ret->value);
}

/* A list of so many items, to be filled; the result is set to it. */
static struct hr_value *list_make(struct hr_template_filtering *call, uint32_t count,
                                  struct hr_template_result *ret_result, int32_t *ret_outcome)
{
    struct hr_value *made =
        hr_template_make(call->run, count, sizeof(struct hr_value), ret_outcome);
    ret_result->value = hr_template_list(made, made != NULL ? count : 0);
    return made;
}

static int32_t apply_reverse(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    const struct hr_value *items = NULL;
    uint32_t count = 0;
    int32_t outcome = hr_template_filter_items(call, &items, &count);
    struct hr_value *made = outcome == 0 ? list_make(call, count, ret, &outcome) : NULL;
    for (uint32_t i = 0; made != NULL && i < count; i++) {
        made[i] = items[count - 1 - i];
    }
    return outcome;
}

static int32_t apply_concat(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    const struct hr_value *items = NULL;
    const struct hr_value *other = &call->args[0].value;
    uint32_t count = 0;
    if (other->kind != HR_KIND_list) {
        return hr_template_filter_fail(call, "concat needs a list behind the colon");
    }
    int32_t outcome = hr_template_filter_items(call, &items, &count);
    struct hr_value *made =
        outcome == 0 ? list_make(call, count + other->count, ret, &outcome) : NULL;
    for (uint32_t i = 0; made != NULL && i < count + other->count; i++) {
        made[i] = i < count ? items[i] : other->items[i - count];
    }
    return outcome;
}

/* ---- properties ---------------------------------------------------------------------------- */

/* What a filter goes by: the item itself, or its property where one is named. An item that has none is a failure. */
static int32_t property_of(struct hr_template_filtering *call, const struct hr_value *item,
                           struct hr_value *ret_value)
{
    *ret_value = *item;
    if (call->count == 0 || call->args[0].value.kind == HR_KIND_null) {
        return 0;
    }
    if (item->kind != HR_KIND_map) {
        return hr_template_filter_fail(call, "an item of the list has no properties");
    }
    if (!hr_template_spend(call->run, item->count / 8)) {
        return HR_TEMPLATE_LIMIT;
    }
    const struct hr_value *member = hr_value_member(item, hr_value_as_text(&call->args[0].value));
    *ret_value = member != NULL ? *member : hr_value_null();
    return 0;
}

static int32_t apply_compact(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    const struct hr_value *items = NULL;
    uint32_t count = 0;
    uint32_t kept = 0;
    int32_t outcome = hr_template_filter_items(call, &items, &count);
    struct hr_value *made = outcome == 0 ? list_make(call, count, ret, &outcome) : NULL;
    for (uint32_t i = 0; outcome == 0 && i < count; i++) {
        struct hr_value value;
        outcome = property_of(call, &items[i], &value);
        if (outcome == 0 && value.kind != HR_KIND_null) {
            made[kept++] = items[i];
        }
    }
    ret->value.count = kept;
    return outcome;
}

static int32_t apply_sum(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    const struct hr_value *items = NULL;
    uint32_t count = 0;
    struct hr_decimal sum = hr_decimal_whole(0);
    int32_t outcome = hr_template_filter_items(call, &items, &count);
    for (uint32_t i = 0; outcome == 0 && i < count; i++) {
        struct hr_value value;
        struct hr_decimal number;
        outcome = property_of(call, &items[i], &value);
        if (outcome != 0) {
            return outcome;
        }
        if (!hr_decimal_of(&value, &number) || !hr_decimal_add(&sum, &number, &sum)) {
            return hr_template_filter_fail(call, "the number becomes too large");
        }
    }
    return outcome != 0 ? outcome : hr_decimal_value(call->run, &sum, &ret->value);
}

/* ---- sort ---------------------------------------------------------------------------------- */

struct sortable {
    struct hr_value item;
    struct hr_value key;
    uint32_t at; /* in the list: equals stay in order */
};

/* Makes the text by which an item is put in order out of its property. */
typedef int32_t (*make_key)(struct hr_template_filtering *call, struct hr_value *key);

struct sorting {
    struct hr_template_filtering *call;
    make_key key; /* NULL: the property itself */
    bool wrong;   /* two things had no order */
};

/* What has no key comes last. */
static bool before(struct sorting *sorting, const struct sortable *a, const struct sortable *b)
{
    int order = 0;
    bool a_null = a->key.kind == HR_KIND_null;
    bool b_null = b->key.kind == HR_KIND_null;
    if (a_null || b_null) {
        return a_null == b_null ? a->at < b->at : b_null;
    }
    if (!hr_template_order(sorting->call->run, &a->key, &b->key, &order)) {
        sorting->wrong = true;
    }
    return order != 0 ? order < 0 : a->at < b->at;
}

/* Sinks into a heap whose greatest stands on top: no memory, n log n whatever the input. */
static void sink(struct sorting *sorting, struct sortable *heap, size_t at, size_t count)
{
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= count) {
            return;
        }
        if (child + 1 < count && before(sorting, &heap[child], &heap[child + 1])) {
            child++;
        }
        if (!before(sorting, &heap[at], &heap[child])) {
            return;
        }
        struct sortable other = heap[at];
        heap[at] = heap[child];
        heap[child] = other;
        at = child;
    }
}

static void sort(struct sorting *sorting, struct sortable *all, size_t count)
{
    for (size_t at = count / 2; at > 0; at--) {
        sink(sorting, all, at - 1, count);
    }
    for (size_t left = count; left > 1; left--) {
        struct sortable last = all[left - 1];
        all[left - 1] = all[0];
        all[0] = last;
        sink(sorting, all, 0, left - 1);
    }
}

/* The key in small letters. */
static int32_t natural_key(struct hr_template_filtering *call, struct hr_value *key)
{
    struct hr_text text;
    struct hr_buffer out;
    if (key->kind == HR_KIND_null) {
        return 0;
    }
    int32_t outcome = hr_template_text(call->run, key, &text);
    if (outcome != 0) {
        return outcome;
    }
    hr_template_text_begin(call->run, &out);
    hr_template_lower(&out, text);
    return hr_template_text_end(call->run, &out, key);
}

/* A text that is the same for values that are the same. */
static int32_t json_key(struct hr_template_filtering *call, struct hr_value *key)
{
    struct hr_buffer out;
    hr_template_text_begin(call->run, &out);
    hr_json_write(&out, key);
    return hr_template_text_end(call->run, &out, key);
}

static int32_t sortables(struct sorting *sorting, const struct hr_value *items, uint32_t count,
                         struct sortable **ret_all)
{
    struct hr_template_filtering *call = sorting->call;
    int32_t outcome = 0;
    struct sortable *all = hr_template_make(call->run, count, sizeof(struct sortable), &outcome);
    for (uint32_t i = 0; outcome == 0 && i < count; i++) {
        all[i].item = items[i];
        all[i].at = i;
        outcome = property_of(call, &items[i], &all[i].key);
        if (outcome == 0 && sorting->key != NULL) {
            outcome = sorting->key(call, &all[i].key);
        }
    }
    *ret_all = all;
    return outcome;
}

/* The items of the input in the order of their keys. */
static int32_t sorted(struct hr_template_filtering *call, make_key key, struct sortable **ret_all,
                      uint32_t *ret_count)
{
    const struct hr_value *items = NULL;
    struct sorting sorting = {.call = call, .key = key};
    int32_t outcome = hr_template_filter_items(call, &items, ret_count);
    if (outcome == 0 && !hr_template_spend(call->run, (size_t)*ret_count * 8)) {
        outcome = HR_TEMPLATE_LIMIT;
    }
    if (outcome == 0) {
        outcome = sortables(&sorting, items, *ret_count, ret_all);
    }
    if (outcome != 0) {
        return outcome;
    }
    sort(&sorting, *ret_all, *ret_count);
    if (sorting.wrong) {
        return hr_template_filter_fail(call, "items of different kinds cannot be put in order");
    }
    return hr_template_spend(call->run, 1) ? 0 : HR_TEMPLATE_LIMIT; /* comparing spent the rest */
}

static int32_t sorted_list(struct hr_template_filtering *call, make_key key,
                           struct hr_template_result *ret_result)
{
    struct sortable *all = NULL;
    uint32_t count = 0;
    int32_t outcome = sorted(call, key, &all, &count);
    struct hr_value *made = outcome == 0 ? list_make(call, count, ret_result, &outcome) : NULL;
    for (uint32_t i = 0; made != NULL && i < count; i++) {
        made[i] = all[i].item;
    }
    return outcome;
}

static int32_t apply_sort(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return sorted_list(call, NULL, ret);
}

static int32_t apply_sort_natural(struct hr_template_filtering *call,
                                  struct hr_template_result *ret)
{
    return sorted_list(call, natural_key, ret);
}

/* Told apart by their order, not by a table of hashes, which whoever sends the items could fill at one place. Of equal
 * ones the first stays, where it stood. */
static int32_t apply_uniq(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    struct sortable *all = NULL;
    uint32_t count = 0;
    uint32_t kept = 0;
    int32_t outcome = sorted(call, json_key, &all, &count);
    struct hr_value *made = outcome == 0 ? list_make(call, count, ret, &outcome) : NULL;
    const struct sortable **places =
        made != NULL ? hr_template_make(call->run, count, sizeof(*places), &outcome) : NULL;
    for (uint32_t i = 0; places != NULL && i < count; i++) {
        bool again = i > 0 && hr_text_equal(hr_value_as_text(&all[i].key),
                                            hr_value_as_text(&all[i - 1].key));
        places[all[i].at] = again ? NULL : &all[i];
    }
    for (uint32_t i = 0; places != NULL && i < count; i++) {
        if (places[i] != NULL) {
            made[kept++] = places[i]->item;
        }
    }
    ret->value.count = kept;
    return outcome;
}

const struct hr_template_filter hr_template_filters_list[] = {
    {"compact", 0, 1, apply_compact},
    {"concat", 1, 1, apply_concat},
    {"first", 0, 0, apply_first},
    {"join", 0, 1, apply_join},
    {"last", 0, 0, apply_last},
    {"reverse", 0, 0, apply_reverse},
    {"size", 0, 0, apply_size},
    {"sort", 0, 1, apply_sort},
    {"sort_natural", 0, 1, apply_sort_natural},
    {"sum", 0, 1, apply_sum},
    {"uniq", 0, 1, apply_uniq},
    {NULL, 0, 0, NULL},
};
