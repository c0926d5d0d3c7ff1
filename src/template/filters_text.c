/* template/filters_text: filters that change a text as a whole, and default. */
#include "template/filters_inside.h"

typedef void (*change)(struct hr_buffer *out, struct hr_text text);

/* Input through a function to a text. */
static int32_t changed(struct hr_template_filtering *call, change with,
                       struct hr_template_result *ret_result)
{
    struct hr_text text;
    struct hr_buffer out;
    int32_t outcome = hr_template_filter_input(call, &text);
    if (outcome != 0) {
        return outcome;
    }
    hr_template_text_begin(call->run, &out);
    with(&out, text);
    return hr_template_text_end(call->run, &out, &ret_result->value);
}

/* ---- joining ------------------------------------------------------------------------------- */

static int32_t join_two(struct hr_template_filtering *call, bool input_first,
                        struct hr_template_result *ret_result)
{
    struct hr_text input;
    struct hr_text other;
    struct hr_buffer out;
    int32_t outcome = hr_template_filter_input(call, &input);
    if (outcome == 0) {
        outcome = hr_template_filter_text(call, 0, &other);
    }
    if (outcome != 0) {
        return outcome;
    }
    hr_template_text_begin(call->run, &out);
    hr_buffer_add_text(&out, input_first ? input : other);
    hr_buffer_add_text(&out, input_first ? other : input);
    return hr_template_text_end(call->run, &out, &ret_result->value);
}

static int32_t apply_append(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return join_two(call, true, ret);
}

static int32_t apply_prepend(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return join_two(call, false, ret);
}

/* ---- capitals ------------------------------------------------------------------------------ */

static void capitalize(struct hr_buffer *out, struct hr_text text)
{
    size_t first = hr_template_letter_at(text, 1);
    hr_template_upper(out, hr_text_slice(text, 0, first));
    hr_template_lower(out, hr_text_slice(text, first, text.size));
}

static int32_t apply_capitalize(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return changed(call, capitalize, ret);
}

static int32_t apply_upcase(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return changed(call, hr_template_upper, ret);
}

static int32_t apply_downcase(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return changed(call, hr_template_lower, ret);
}

/* ---- white space --------------------------------------------------------------------------- */

static int32_t stripped(struct hr_template_filtering *call, bool left, bool right,
                        struct hr_template_result *ret_result)
{
    struct hr_text text;
    int32_t outcome = hr_template_filter_input(call, &text);
    while (left && text.size > 0 && hr_template_is_space(text.data[0])) {
        text = hr_text_slice(text, 1, text.size);
    }
    while (right && text.size > 0 && hr_template_is_space(text.data[text.size - 1])) {
        text = hr_text_slice(text, 0, text.size - 1);
    }
    ret_result->value = hr_value_text(text);
    return outcome;
}

static int32_t apply_strip(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return stripped(call, true, true, ret);
}

static int32_t apply_lstrip(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return stripped(call, true, false, ret);
}

static int32_t apply_rstrip(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return stripped(call, false, true, ret);
}

/* Puts something else for each line end, with its CR. */
static void replace_lines(struct hr_buffer *out, struct hr_text text, struct hr_text with)
{
    size_t plain = 0;
    for (size_t at = 0; at < text.size; at++) {
        if (text.data[at] != '\n') {
            continue;
        }
        size_t end = at > plain && text.data[at - 1] == '\r' ? at - 1 : at;
        hr_buffer_add_text(out, hr_text_slice(text, plain, end));
        hr_buffer_add_text(out, with);
        plain = at + 1;
    }
    hr_buffer_add_text(out, hr_text_slice(text, plain, text.size));
}

static void without_lines(struct hr_buffer *out, struct hr_text text)
{
    replace_lines(out, text, HR_TEXT_NONE);
}

static void lines_to_br(struct hr_buffer *out, struct hr_text text)
{
    replace_lines(out, text, HR_TEXT("<br />\n"));
}

static int32_t apply_strip_newlines(struct hr_template_filtering *call,
                                    struct hr_template_result *ret)
{
    return changed(call, without_lines, ret);
}

/* In HTML what comes from outside is escaped first, so that only the breaks are HTML. */
static int32_t apply_newline_to_br(struct hr_template_filtering *call,
                                   struct hr_template_result *ret)
{
    bool html = call->run->template->landing == HR_LANDING_html;
    if (html && call->input.mark != HR_MARK_html) {
        struct hr_template_result escaped = {.mark = HR_MARK_html};
        int32_t outcome = changed(call, hr_escape_html, &escaped);
        if (outcome != 0) {
            return outcome;
        }
        call->input = escaped;
    }
    ret->mark = html ? HR_MARK_html : HR_MARK_plain;
    return changed(call, lines_to_br, ret);
}

/* ---- replacing ----------------------------------------------------------------------------- */

enum which { EVERY, FIRST, LAST };

/* Where `part` stands last; text.size when nowhere. Both are turned round, so that the search stays linear. */
static int32_t search_last(struct hr_template_run *run, struct hr_text text, struct hr_text part,
                           size_t *ret_at)
{
    int32_t outcome = 0;
    char *turned = hr_template_make(run, text.size + part.size, 1, &outcome);
    if (turned == NULL) {
        return outcome;
    }
    for (size_t i = 0; i < text.size; i++) {
        turned[i] = text.data[text.size - 1 - i];
    }
    for (size_t i = 0; i < part.size; i++) {
        turned[text.size + i] = part.data[part.size - 1 - i];
    }
    size_t found = hr_text_search((struct hr_text){turned, text.size},
                                  (struct hr_text){turned + text.size, part.size});
    *ret_at = found < text.size ? text.size - found - part.size : text.size;
    return 0;
}

/* An empty part stands before, between and behind all letters. */
static void replace_between(struct hr_buffer *out, struct hr_text text, struct hr_text with)
{
    for (size_t at = 0; at < text.size && !out->failed;) {
        size_t from = at;
        (void)hr_template_letter(text, &at);
        hr_buffer_add_text(out, with);
        hr_buffer_add_text(out, hr_text_slice(text, from, at));
    }
    hr_buffer_add_text(out, with);
}

static void replace_every(struct hr_buffer *out, struct hr_text text, struct hr_text part,
                          struct hr_text with)
{
    size_t at = 0;
    while (at < text.size && !out->failed) {
        struct hr_text rest = hr_text_slice(text, at, text.size);
        size_t found = hr_text_search(rest, part);
        hr_buffer_add_text(out, hr_text_slice(rest, 0, found));
        if (found < rest.size) {
            hr_buffer_add_text(out, with);
            found += part.size;
        }
        at += found;
    }
}

/* at: where the part stands. */
static void replace_one(struct hr_buffer *out, struct hr_text text, size_t at, size_t size,
                        struct hr_text with)
{
    if (at >= text.size && size > 0) {
        hr_buffer_add_text(out, text);
        return;
    }
    hr_buffer_add_text(out, hr_text_slice(text, 0, at));
    hr_buffer_add_text(out, with);
    hr_buffer_add_text(out, hr_text_slice(text, at + size, text.size));
}

static int32_t replaced(struct hr_template_filtering *call, enum which which, bool has_with,
                        struct hr_template_result *ret_result)
{
    struct hr_text text;
    struct hr_text part;
    struct hr_text with = HR_TEXT_NONE;
    struct hr_buffer out;
    int32_t outcome = hr_template_filter_input(call, &text);
    if (outcome == 0) {
        outcome = hr_template_filter_text(call, 0, &part);
    }
    if (outcome == 0 && has_with) {
        outcome = hr_template_filter_text(call, 1, &with);
    }
    size_t at = 0;
    if (outcome == 0 && which == FIRST) {
        at = hr_text_search(text, part);
    } else if (outcome == 0 && which == LAST) {
        at = text.size;
        outcome = part.size > 0 ? search_last(call->run, text, part, &at) : 0;
    }
    if (outcome != 0) {
        return outcome;
    }
    hr_template_text_begin(call->run, &out);
    if (which != EVERY) {
        replace_one(&out, text, at, part.size, with);
    } else if (part.size == 0) {
        replace_between(&out, text, with);
    } else {
        replace_every(&out, text, part, with);
    }
    return hr_template_text_end(call->run, &out, &ret_result->value);
}

static int32_t apply_replace(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return replaced(call, EVERY, true, ret);
}

static int32_t apply_replace_first(struct hr_template_filtering *call,
                                   struct hr_template_result *ret)
{
    return replaced(call, FIRST, true, ret);
}

static int32_t apply_replace_last(struct hr_template_filtering *call,
                                  struct hr_template_result *ret)
{
    return replaced(call, LAST, true, ret);
}

static int32_t apply_remove(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return replaced(call, EVERY, false, ret);
}

static int32_t apply_remove_first(struct hr_template_filtering *call,
                                  struct hr_template_result *ret)
{
    return replaced(call, FIRST, false, ret);
}

static int32_t apply_remove_last(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return replaced(call, LAST, false, ret);
}

/* ---- default ------------------------------------------------------------------------------- */

static int32_t apply_default(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    const struct hr_value *value = &call->input.value;
    bool is_false = value->kind == HR_KIND_bool && !value->truth && !call->allow_false;
    bool special = value->kind == HR_KIND_type;
    *ret = call->input;
    if (!is_false && !special && !hr_template_is_empty(value)) {
        return 0;
    }
    *ret = (struct hr_template_result){.value = hr_value_text(HR_TEXT_NONE)};
    if (call->count > 0) {
        *ret = call->args[0];
    }
    return 0;
}

bool hr_template_filter_is_default(const struct hr_template_filter *filter)
{
    return filter->apply == apply_default;
}

const struct hr_template_filter hr_template_filters_text[] = {
    {"append", 1, 1, apply_append},
    {"capitalize", 0, 0, apply_capitalize},
    {"default", 0, 1, apply_default},
    {"downcase", 0, 0, apply_downcase},
    {"lstrip", 0, 0, apply_lstrip},
    {"newline_to_br", 0, 0, apply_newline_to_br},
    {"prepend", 1, 1, apply_prepend},
    {"remove", 1, 1, apply_remove},
    {"remove_first", 1, 1, apply_remove_first},
    {"remove_last", 1, 1, apply_remove_last},
    {"replace", 1, 2, apply_replace},
    {"replace_first", 1, 2, apply_replace_first},
    {"replace_last", 2, 2, apply_replace_last},
    {"rstrip", 0, 0, apply_rstrip},
    {"strip", 0, 0, apply_strip},
    {"strip_newlines", 0, 0, apply_strip_newlines},
    {"upcase", 0, 0, apply_upcase},
    {NULL, 0, 0, NULL},
};
