/* template/filters_part: filters that take a text apart: slice, split, truncate, strip_html; slice also of lists. */
#include "template/filters_inside.h"

/* ---- slice --------------------------------------------------------------------------------- */

/* From and to before the end of `size` things, as slice: from, length means it. False: nothing. */
static bool slice_bounds(int64_t size, int64_t from, int64_t length, int64_t *ret_from,
                         int64_t *ret_to)
{
    from += from < 0 ? size : 0;
    if (from < 0 || from > size || length < 0) {
        return false;
    }
    *ret_from = from;
    *ret_to = length > size - from ? size : from + length;
    return true;
}

static int32_t apply_slice(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    struct hr_value *input = &call->input.value;
    struct hr_text text = HR_TEXT_NONE;
    bool list = input->kind == HR_KIND_list;
    int64_t from = 0;
    int64_t to = 0;
    int64_t length = 1;
    int32_t outcome = hr_template_filter_whole(call, 0, 0, &from);
    if (outcome == 0 && call->count > 1 && call->args[1].value.kind != HR_KIND_null) {
        outcome = hr_template_filter_whole(call, 1, 1, &length);
    }
    if (outcome == 0 && !list) {
        outcome = hr_template_filter_input(call, &text);
    }
    if (outcome != 0) {
        return outcome;
    }
    int64_t size = list ? (int64_t)input->count : (int64_t)hr_template_letters(text);
    bool any = slice_bounds(size, from, length, &from, &to);
    if (list) {
        uint32_t count = any ? (uint32_t)(to - from) : 0;
        ret->value = hr_template_list(count > 0 ? input->items + from : NULL, count);
        return 0;
    }
    size_t begin = any ? hr_template_letter_at(text, (size_t)from) : 0;
    size_t end = any ? hr_template_letter_at(text, (size_t)to) : 0;
    ret->value = hr_value_text(hr_text_slice(text, begin, end));
    return 0;
}

/* ---- split --------------------------------------------------------------------------------- */

/* The next part of a text, from *at on; *at goes behind it and what parts it. False at the end. */
typedef bool (*next_part)(struct hr_text text, struct hr_text by, size_t *at, struct hr_text *ret);

static bool next_word(struct hr_text text, struct hr_text by, size_t *at, struct hr_text *ret)
{
    (void)by;
    while (*at < text.size && hr_template_is_space(text.data[*at])) {
        (*at)++;
    }
    size_t from = *at;
    while (*at < text.size && !hr_template_is_space(text.data[*at])) {
        (*at)++;
    }
    *ret = hr_text_slice(text, from, *at);
    return *at > from;
}

static bool next_letter(struct hr_text text, struct hr_text by, size_t *at, struct hr_text *ret)
{
    (void)by;
    if (*at >= text.size) {
        return false;
    }
    size_t from = *at;
    (void)hr_template_letter(text, at);
    *ret = hr_text_slice(text, from, *at);
    return true;
}

static bool next_between(struct hr_text text, struct hr_text by, size_t *at, struct hr_text *ret)
{
    if (*at > text.size || text.size == 0) {
        return false;
    }
    struct hr_text rest = hr_text_slice(text, *at, text.size);
    size_t found = hr_text_search(rest, by);
    *ret = hr_text_slice(rest, 0, found);
    *at = found < rest.size ? *at + found + by.size : text.size + 1;
    return true;
}

/* Empty parts at the end are dropped. */
static uint32_t count_parts(struct hr_text text, struct hr_text by, next_part next)
{
    uint32_t count = 0;
    uint32_t last = 0;
    struct hr_text part;
    for (size_t at = 0; next(text, by, &at, &part);) {
        count++;
        last = part.size > 0 ? count : last;
    }
    return last;
}

static int32_t apply_split(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    struct hr_text text;
    struct hr_text by;
    int32_t outcome = hr_template_filter_input(call, &text);
    if (outcome == 0) {
        outcome = hr_template_filter_text(call, 0, &by);
    }
    if (outcome != 0) {
        return outcome;
    }
    next_part next = by.size == 0                      ? next_letter
                     : hr_text_equal(by, HR_TEXT(" ")) ? next_word
                                                       : next_between;
    uint32_t count = count_parts(text, by, next);
    struct hr_value *items = hr_template_make(call->run, count, sizeof(struct hr_value), &outcome);
    size_t at = 0;
    for (uint32_t i = 0; items != NULL && i < count; i++) {
        struct hr_text part = HR_TEXT_NONE;
        (void)next(text, by, &at, &part);
        items[i] = hr_value_text(part);
    }
    ret->value = hr_template_list(items, items != NULL ? count : 0);
    return outcome;
}

/* ---- shorter ------------------------------------------------------------------------------- */

/* The end that says that something was left out: "..." or what stands behind the colon. */
static int32_t ending(struct hr_template_filtering *call, struct hr_text *ret_ending)
{
    *ret_ending = HR_TEXT("...");
    return call->count > 1 ? hr_template_filter_text(call, 1, ret_ending) : 0;
}

static int32_t apply_truncate(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    struct hr_text text;
    struct hr_text end;
    struct hr_buffer out;
    int64_t most = 50;
    int32_t outcome = hr_template_filter_input(call, &text);
    if (outcome == 0 && !(call->input.value.kind == HR_KIND_null && call->count == 0)) {
        outcome = hr_template_filter_whole(call, 0, 50, &most);
    }
    if (outcome == 0) {
        outcome = ending(call, &end);
    }
    if (outcome != 0) {
        return outcome;
    }
    ret->value = hr_value_text(text);
    if ((int64_t)hr_template_letters(text) <= most) {
        return 0;
    }
    int64_t keep = most - (int64_t)hr_template_letters(end);
    size_t size = hr_template_letter_at(text, keep > 0 ? (size_t)keep : 0);
    hr_template_text_begin(call->run, &out);
    hr_buffer_add_text(&out, hr_text_slice(text, 0, size));
    hr_buffer_add_text(&out, end);
    return hr_template_text_end(call->run, &out, &ret->value);
}

static int32_t apply_truncatewords(struct hr_template_filtering *call,
                                   struct hr_template_result *ret)
{
    struct hr_text text;
    struct hr_text end;
    struct hr_text word;
    struct hr_buffer out;
    int64_t most = 15;
    size_t at = 0;
    int32_t outcome = hr_template_filter_input(call, &text);
    if (outcome == 0) {
        outcome = hr_template_filter_whole(call, 0, 15, &most);
    }
    if (outcome == 0) {
        outcome = ending(call, &end);
    }
    if (outcome != 0) {
        return outcome;
    }
    most = most < 1 ? 1 : most;
    hr_template_text_begin(call->run, &out);
    for (int64_t i = 0; i < most && next_word(text, HR_TEXT_NONE, &at, &word); i++) {
        hr_buffer_add_text(&out, i > 0 ? HR_TEXT(" ") : HR_TEXT_NONE);
        hr_buffer_add_text(&out, word);
    }
    if (!next_word(text, HR_TEXT_NONE, &at, &word)) {
        ret->value = hr_value_text(text); /* it has no more words than that */
        return 0;
    }
    hr_buffer_add_text(&out, end);
    return hr_template_text_end(call->run, &out, &ret->value);
}

/* ---- strip_html ---------------------------------------------------------------------------- */

struct block {
    struct hr_text open;
    struct hr_text close;
    bool unclosed; /* none ends from here on, so nobody looks again */
};

/* Where the block that begins at `at` ends; `at` when none does. */
static size_t pass_block(struct hr_text text, size_t at, struct block *block)
{
    struct hr_text rest = hr_text_slice(text, at, text.size);
    if (block->unclosed || !hr_text_starts(rest, block->open)) {
        return at;
    }
    size_t found = hr_text_search(rest, block->close);
    block->unclosed = found >= rest.size;
    return block->unclosed ? at : at + found + block->close.size;
}

/* Drops blocks from a text; each begins with <. */
static void drop_blocks(struct hr_buffer *out, struct hr_text text, struct block *blocks,
                        size_t count)
{
    size_t plain = 0;
    size_t at = 0;
    while (at < text.size) {
        size_t next = at;
        for (size_t i = 0; text.data[at] == '<' && i < count && next == at; i++) {
            next = pass_block(text, at, &blocks[i]);
        }
        if (next == at) {
            at++;
            continue;
        }
        hr_buffer_add_text(out, hr_text_slice(text, plain, at));
        at = next;
        plain = next;
    }
    hr_buffer_add_text(out, hr_text_slice(text, plain, text.size));
}

/* First what is no text at all, then the tags that are left. */
static int32_t apply_strip_html(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    struct block blocks[] = {
        {HR_TEXT("<script"), HR_TEXT("</script>"), false},
        {HR_TEXT("<!--"), HR_TEXT("-->"), false},
        {HR_TEXT("<style"), HR_TEXT("</style>"), false},
    };
    struct block tags[] = {{HR_TEXT("<"), HR_TEXT(">"), false}};
    struct hr_text text;
    struct hr_buffer first;
    struct hr_buffer second;
    int32_t outcome = hr_template_filter_input(call, &text);
    if (outcome == 0) {
        hr_template_text_begin(call->run, &first);
        drop_blocks(&first, text, blocks, sizeof(blocks) / sizeof(blocks[0]));
        outcome = hr_template_text_end(call->run, &first, &ret->value);
    }
    if (outcome == 0) {
        hr_template_text_begin(call->run, &second);
        drop_blocks(&second, hr_value_as_text(&ret->value), tags, 1);
        outcome = hr_template_text_end(call->run, &second, &ret->value);
    }
    return outcome;
}

const struct hr_template_filter hr_template_filters_part[] = {
    {"slice", 1, 2, apply_slice},
    {"split", 1, 1, apply_split},
    {"strip_html", 0, 0, apply_strip_html},
    {"truncate", 0, 2, apply_truncate},
    {"truncatewords", 0, 2, apply_truncatewords},
    {NULL, 0, 0, NULL},
};
