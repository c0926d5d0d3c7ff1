/* template/filters_pick: filters that ask each item of a list for a property: map, where, reject, find, find_index,
 * has. */
#include "template/filters_inside.h"

/* What asking an item came to: a value, a failure, or an item (nil, true, false) that nothing can be asked of, which
 * makes the whole answer nil. */
enum asked { ASKED_value, ASKED_nothing, ASKED_wrong };

/* A text has the property when it contains it; a number when the property is a number too: its bit, as in Ruby. */
static enum asked ask(const struct hr_value *item, const struct hr_value *property,
                      struct hr_value *ret_value)
{
    *ret_value = hr_value_null();
    if (item->kind == HR_KIND_map) {
        const struct hr_value *member = property->kind == HR_KIND_text
                                            ? hr_value_member(item, hr_value_as_text(property))
                                            : NULL;
        *ret_value = member != NULL ? *member : *ret_value;
        return ASKED_value;
    }
    if (item->kind == HR_KIND_text) {
        struct hr_text text = hr_value_as_text(item);
        struct hr_text part = hr_value_as_text(property);
        if (property->kind == HR_KIND_null) {
            return ASKED_nothing;
        }
        if (property->kind != HR_KIND_text) {
            return ASKED_wrong;
        }
        if (part.size == 0 || hr_text_search(text, part) < text.size) {
            *ret_value = *property;
        }
        return ASKED_value;
    }
    if (item->kind == HR_KIND_int && property->kind == HR_KIND_int) {
        bool in_range = property->integer >= 0 && property->integer < 63;
        *ret_value = hr_value_int(in_range ? (item->integer >> property->integer) & 1 : 0);
        return ASKED_value;
    }
    return item->kind == HR_KIND_null || item->kind == HR_KIND_bool ? ASKED_nothing : ASKED_wrong;
}

static int32_t wrong_item(struct hr_template_filtering *call)
{
    return hr_template_filter_fail(call, "an item of the list has no properties");
}

/* ---- map ----------------------------------------------------------------------------------- */

static int32_t apply_map(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    const struct hr_value *items = NULL;
    uint32_t count = 0;
    int32_t outcome = hr_template_filter_items(call, &items, &count);
    struct hr_value *values =
        outcome != 0 ? NULL : hr_template_make(call->run, count, sizeof(struct hr_value), &outcome);
    for (uint32_t i = 0; values != NULL && i < count; i++) {
        if (items[i].kind != HR_KIND_map) {
            return wrong_item(call);
        }
        if (!hr_template_spend(call->run, items[i].count / 8) ||
            ask(&items[i], &call->args[0].value, &values[i]) != ASKED_value) {
            return HR_TEMPLATE_LIMIT;
        }
    }
    ret->value = hr_template_list(values, values != NULL ? count : 0);
    return outcome;
}

/* ---- those that match ---------------------------------------------------------------------- */

/* Goes over the items: for each, whether it matches. */
struct matching {
    const struct hr_value *items;
    uint32_t count;
    uint32_t at;
    bool nothing; /* an item could not be asked: the whole answer is nil */
};

static int32_t begin(struct hr_template_filtering *call, struct matching *matching)
{
    *matching = (struct matching){0};
    return hr_template_filter_items(call, &matching->items, &matching->count);
}

static int32_t matches(struct hr_template_filtering *call, struct matching *matching,
                       const struct hr_value *item, bool *ret_matches)
{
    struct hr_value value;
    struct hr_template_run *run = call->run;
    *ret_matches = false;
    if (!hr_template_spend(run, item->kind == HR_KIND_map    ? item->count / 8
                                : item->kind == HR_KIND_text ? item->count / 64
                                                             : 0)) {
        return HR_TEMPLATE_LIMIT;
    }
    switch (ask(item, &call->args[0].value, &value)) {
    case ASKED_wrong:
        return wrong_item(call);
    case ASKED_nothing:
        matching->nothing = true;
        return 0;
    case ASKED_value:
        break;
    }
    bool any = call->count < 2 || call->args[1].value.kind == HR_KIND_null;
    *ret_matches =
        any ? hr_template_is_true(&value) : hr_template_equal(run, &value, &call->args[1].value);
    return 0;
}

/* The next item that matches (or not), from matching->at on; count when there is none. */
static int32_t next_match(struct hr_template_filtering *call, struct matching *matching, bool want)
{
    for (; matching->at < matching->count && !matching->nothing; matching->at++) {
        bool found = false;
        int32_t outcome = matches(call, matching, &matching->items[matching->at], &found);
        if (outcome != 0) {
            return outcome;
        }
        if (!matching->nothing && found == want) {
            return 0;
        }
    }
    matching->at = matching->count;
    return 0;
}

static int32_t picked(struct hr_template_filtering *call, bool want,
                      struct hr_template_result *ret_result)
{
    struct matching matching;
    uint32_t count = 0;
    int32_t outcome = begin(call, &matching);
    struct hr_value *items = outcome != 0 ? NULL
                                          : hr_template_make(call->run, matching.count,
                                                             sizeof(struct hr_value), &outcome);
    while (outcome == 0) {
        outcome = next_match(call, &matching, want);
        if (outcome != 0 || matching.at >= matching.count) {
            break;
        }
        items[count++] = matching.items[matching.at++];
    }
    if (!matching.nothing) {
        ret_result->value = hr_template_list(items, count);
    }
    return outcome;
}

static int32_t apply_where(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return picked(call, true, ret);
}

static int32_t apply_reject(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return picked(call, false, ret);
}

/* The first match; false in *ret_found when there is none, or when an item could not be asked. */
static int32_t first_match(struct hr_template_filtering *call, struct matching *matching,
                           bool *ret_found)
{
    int32_t outcome = begin(call, matching);
    if (outcome == 0) {
        outcome = next_match(call, matching, true);
    }
    *ret_found = outcome == 0 && matching->at < matching->count;
    return outcome;
}

static int32_t apply_find(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    struct matching matching;
    bool found = false;
    int32_t outcome = first_match(call, &matching, &found);
    if (found) {
        ret->value = matching.items[matching.at];
    }
    return outcome;
}

static int32_t apply_find_index(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    struct matching matching;
    bool found = false;
    int32_t outcome = first_match(call, &matching, &found);
    if (found) {
        ret->value = hr_value_int(matching.at);
    }
    return outcome;
}

static int32_t apply_has(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    struct matching matching;
    bool found = false;
    int32_t outcome = first_match(call, &matching, &found);
    if (outcome == 0 && !matching.nothing) {
        ret->value = hr_value_bool(found);
    }
    return outcome;
}

const struct hr_template_filter hr_template_filters_pick[] = {
    {"find", 1, 2, apply_find},
    {"find_index", 1, 2, apply_find_index},
    {"has", 1, 2, apply_has},
    {"map", 1, 1, apply_map},
    {"reject", 1, 2, apply_reject},
    {"where", 1, 2, apply_where},
    {NULL, 0, 0, NULL},
};
